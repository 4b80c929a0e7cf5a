"""Whether a student began a homework at all, as the record of the grading tells it."""

from __future__ import annotations

from .records import Record

BEGAN, NEVER_STARTED, UNREADABLE = "began", "never started", "unreadable"
NOT_WRITTEN = ("untouched", "missing")


def standing(record: Record) -> str:
    """BEGAN; NEVER_STARTED where all is as it was handed out; UNREADABLE where no check could be made."""
    outcomes = {check["outcome"] for check in record["checks"]}
    if outcomes <= {"not graded"}:
        return UNREADABLE
    return NEVER_STARTED if outcomes <= set(NOT_WRITTEN) else BEGAN
