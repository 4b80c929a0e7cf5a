"""Whether a student began a homework at all, as the record of the grading tells it."""

from __future__ import annotations

from typing import Any

from .findings import NOT_HANDED_IN
from .records import Record

BEGAN, NEVER_STARTED, UNREADABLE = "began", "never started", "unreadable"


def standing(record: Record) -> str:
    """BEGAN; NEVER_STARTED where all is as it was handed out, or gone; UNREADABLE where no check could be made."""
    if all(check["outcome"] == "not graded" for check in record["checks"]):
        return UNREADABLE
    told = [check for check in record["checks"] if not check["same_as"]]
    never = all(check["outcome"] == "untouched" or was_not_handed_in(check) for check in told)
    return NEVER_STARTED if never else BEGAN


def was_not_handed_in(check: dict[str, Any]) -> bool:
    """Whether the cell of a check's function was deleted."""
    return check["outcome"] == "missing" and NOT_HANDED_IN in check["hint"]
