"""A start-up trick: nbformat is imported without grammars of web addresses and durations that it has no use for.

nbformat imports jsonschema, and that its checkers of formats, which build grammars anew in each process. No notebook's
schema asks for these formats. Measured with nbformat 5.11.1, jsonschema 4.26.0, rfc3987-syntax 1.1.0, nbgrader 0.9.6
and Python 3.11, the least of ten starts each: without the first, `import nbformat` takes 0.36 s in place of 1.54 s, and
what opens a gradebook starts 1.5 s sooner; the other two take 0.09 s more from it.

GRADBOOK_PLAIN_START=1 in the environment switches it off.
"""

import sys

from .quick_start import plain_start

GRAMMARS = "rfc3987_syntax", "rfc3986_validator", "isoduration"


def prepare_nbformat() -> None:
    """Call before importing nbformat."""
    if not plain_start():
        # So Python marks what cannot be imported; jsonschema then does without.
        for name in GRAMMARS:
            sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # typeshed knows no such mark
