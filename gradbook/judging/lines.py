"""Which line of a student's code a finding is about.

For an exception it is where it arose. For a known mistake it is the statement of the student's function that says what
makes the mistake, see `mistaken`, or nearly that; where no statement is like it, or none is known to make it, none is
named: a wrong line is worse than none.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any

from ..errors import StudentError
from ..homework.declare import Homework, Variant
from ..homework.syntax import last_definition
from .bindings import Sources
from .causes.raised import place
from .mistaken import Right, making, right_ways
from .statements import MISTAKE, Statement, statements

ALIKE, CLEARLY = 0.8, 0.05  # how alike a statement must be to the mistake's, and by how much more than any other
EXACT = 2.0  # of a statement that is the mistake's, letter by letter; 1 where other names stand in it
LONGEST = 200  # characters of a line that are kept
TOKEN = re.compile(r"\w+|\S")

Line = dict[str, Any]  # cell and line, counted from 0 and from 1; text; sure: whether the line is certainly the one
Own = tuple[int, tuple[Statement, ...]]  # the cell of the student's function, and its statements


def line_that_raised(error: StudentError, sources: Sources, cell: int | None = None) -> Line:
    """The line where an exception arose, empty where that is not in the student's cells. cell: see `place`."""
    at = place(error, sources, cell)
    return _line(sources, *at, sure=True) if at else {}


def line_of_a_mistake(variants: Iterable[Variant], homework: Homework, sources: Sources) -> Line:
    """The line that makes a known mistake, empty where none is like it. variants: which mistakes it may be."""
    best: list[tuple[float, int, int]] = []
    for variant in variants:
        cell, own = _own(variant.target, sources)
        made = making(variant, homework)
        if [one.text for one in own] == [one.text for one in made.statements]:
            if not made.places:
                return {}
            one, lines = own[made.places[0]], sources[cell].split("\n")
            there = enumerate(lines[one.line - 1 : one.span[1][0]], one.line)
            within = (number for number, text in there if text.strip() == made.line != "")
            return _line(sources, cell, next(within, one.line), made.certain)
        right = right_ways(homework, variant.target)
        wrong = [made.statements[number] for number in made.places]
        best += [(alike, cell, line) for alike, line in _candidates(own, wrong, made.certain, right)]
    # Where several say what the mistake says, the first of them begins it.
    alike, *_, cell, number = max(((alike, -number, cell, number) for alike, cell, number in best), default=(0.0, 0, 0))
    others = [one[0] for one in best if one[1:] != (cell, number)]
    if alike < ALIKE or (alike < EXACT and alike - max(others, default=0.0) < CLEARLY):
        return {}
    return _line(sources, cell, number, sure=alike == EXACT)


def _candidates(
    own: Iterable[Statement], wrong: list[Statement], certain: bool, right: Right
) -> Iterator[tuple[float, int]]:
    """(how alike, line) of each statement of a student that is more like the mistake than like anything right."""
    exact = {one.text for one in wrong if one.text not in right.texts} if certain else set()
    said = {_without_names(one) for one in wrong if one.kind == MISTAKE or len(wrong) == 1}
    for one in own:
        if all(map(right.says, one.parts)):
            continue
        if one.text in exact:
            yield EXACT, one.line
        else:
            text = _without_names(one)
            alike = max((_alike(text, other) for other in said), default=0.0)
            if alike >= ALIKE and alike > max((_alike(text, other) for other in right.parts), default=0.0):
                yield alike, one.line


def _without_names(one: Statement) -> str:
    return "; ".join(part.text for part in one.parts)


def _own(target: str, sources: Sources) -> Own:
    """The last definition of a dotted name in the student's cells."""
    for cell in sorted(sources, reverse=True):
        node = last_definition([sources[cell]], target)
        if node is not None:
            with contextlib.suppress(RecursionError):
                return cell, statements(node)
            break
    return 0, ()


def _alike(one: str, other: str) -> float:
    """1 where two statements say the same, less the less they share; 0 where they are not alike."""
    pair = SequenceMatcher(None, TOKEN.findall(one), TOKEN.findall(other), autojunk=False)
    return pair.ratio() if pair.real_quick_ratio() >= ALIKE and pair.quick_ratio() >= ALIKE else 0.0


def _line(sources: Sources, cell: int, number: int, sure: bool) -> Line:
    lines = sources[cell].split("\n")
    if not 0 < number <= len(lines):
        return {}
    return {"cell": cell, "line": number, "text": lines[number - 1].strip()[:LONGEST], "sure": sure}
