"""The mistakes of one student, one by one, from the record of the grading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from .records import Record
from .standing import was_not_handed_in

NO_MISTAKE = {"right", "follows", "untouched", "not graded"}  # outcomes that say nothing of the student's own code
PLACE = re.compile(r" at line \d+ of your cell:\n\s*(.*)")


class Made(NamedTuple):
    """A mistake that a student made. mistake: the known one's name; empty where none is known that does the same.

    concept: a key of CONCEPTS, or nothing. function: the dotted name. line: of the student's code, where that is known.
    """

    mistake: str
    concept: str
    hint: str
    function: str
    call: str
    line: str
    example: dict[str, str]


def mistakes_made(record: Record) -> Iterator[Made]:
    """What a student got wrong, each cause once; where two known mistakes meet in a function, each of them."""
    for check in record["checks"]:
        if check["outcome"] in NO_MISTAKE or check["same_as"] or not check["hint"] or was_not_handed_in(check):
            continue
        where = check["about"], check["call"], _line(check), _telling(check["example"])
        for told in check["both"] or [{**check, "hint": _hint(check)}]:
            yield Made(told["mistake"], told["concept"], told["hint"], *where)


def _hint(check: dict[str, Any]) -> str:
    """What is told of a finding, without what is this one student's: the cell, the line, what it says."""
    why = check["details"][-1:] if check["outcome"] in ("missing", "raised") else []
    return PLACE.sub("", why[0] if why else check["hint"])


def _line(check: dict[str, Any]) -> str:
    """The line of the student's code that a finding is about, or quotes; empty where it does neither."""
    quoted = next(filter(None, map(PLACE.search, check["details"])), None)
    return str(check["line"].get("text", "")) or (quoted[1] if quoted else "")


def _telling(example: dict[str, str]) -> dict[str, str]:
    """An example that shows the mistake; numbers small enough to read do not show every one."""
    return example if example and example["observed"] != example["expected"] else {}
