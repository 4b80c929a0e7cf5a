"""What a homework is called: as its lesson is headed, and before there is one, in the words of its id."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable


def title(homework_id: str) -> str:
    """hw09_two_layers as people read it: Two layers."""
    words = homework_id.partition("_")[2].replace("_", " ") or homework_id
    return words[:1].upper() + words[1:]


def heading(texts: Iterable[str]) -> str:
    """The first heading of the first level in some Markdown, as plain text; empty where there is none."""
    found = re.search(r"^# +(.+)$", "\n".join(texts), re.M)
    return found[1].replace("`", "").strip() if found else ""


def title_in(notebook: bytes) -> str:
    """The heading of the lesson in a released notebook, from the content of its file; empty where it has none."""
    try:
        cells = json.loads(notebook)["cells"]
        return heading("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    except (ValueError, LookupError, TypeError):
        return ""
