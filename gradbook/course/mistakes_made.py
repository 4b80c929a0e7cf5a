"""The mistakes of one student, one by one, from the record of the grading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from .findings import FINE, shows_the_mistake
from .records import Record
from .standing import was_not_handed_in

NO_MISTAKE = {*FINE, "untouched", "not graded"}  # outcomes that say nothing of the student's own code
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
        example = check["example"] if shows_the_mistake(check["example"]) else {}
        where = check["about"], check["call"], _line(check), example
        for told in check["both"] or [{**check, "hint": _hint(check)}]:
            yield Made(told["mistake"], told["concept"], told["hint"], *where)


def _hint(check: dict[str, Any]) -> str:
    """What is told of a finding, without what is this one student's: the cell, the line, what it says."""
    why = check["details"][-1:] if check["outcome"] in ("missing", "raised") else []
    return PLACE.sub("", why[0] if why else check["hint"])


def _line(check: dict[str, Any]) -> str:
    """The line of the student's code that a finding is about, or quotes; empty where it does neither for certain."""
    line = check["line"].get("text", "") if check["line"].get("sure") else ""
    quoted = next(filter(None, map(PLACE.search, check["details"])), None)
    return str(line) or (quoted[1] if quoted else "")
