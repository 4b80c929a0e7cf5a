"""The switch of the start-up tricks: `grammars`, `nbgrader_imports`, `gradebook_version`, and `fronts.collector`."""

import os

SWITCH = "GRADBOOK_PLAIN_START"


def plain_start() -> bool:
    """Whether the start-up tricks are switched off, all of them."""
    return bool(os.environ.get(SWITCH))
