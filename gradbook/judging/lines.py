"""Which line of a student's code a finding is about.

For an exception it is where it arose. For a known mistake it is the statement of the student's function that says what
the mistake changes in the reference, or nearly that; where no statement is like it, none is named.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from ..errors import StudentError
from ..homework.declare import Homework, Variant
from ..homework.syntax import last_definition
from .bindings import Sources
from .causes.raised import place

ALIKE, CLEARLY = 0.8, 0.05  # how alike a statement must be to the mistake's, and by how much more than any other
LONGEST = 200  # characters of a line that are kept
TOKEN = re.compile(r"\w+|\S")

Line = dict[str, Any]  # cell and line, counted from 0 and from 1; text; sure: whether the line is certainly the one


def line_that_raised(error: StudentError, sources: Sources, cell: int | None = None) -> Line:
    """The line where an exception arose, empty where that is not in the student's cells. cell: see `place`."""
    at = place(error, sources, cell)
    return _line(sources, *at, sure=True) if at else {}


def line_of_a_mistake(variants: Iterable[Variant], homework: Homework, sources: Sources) -> Line:
    """The line that makes a known mistake, empty where none is like it. variants: which mistakes it may be."""
    best: list[tuple[float, int, int]] = []
    for variant in variants:
        own = last_definition([homework.reference], variant.target)
        right = {text for text, _ in _statements(own)}
        changed = [text for text in _changed(variant.source, variant.target.rpartition(".")[2]) if text not in right]
        best += _candidates(variant.target, changed, right, sources)
    # Where several say what the mistake says, the first of them begins it.
    alike, *_, cell, number = max(((alike, -number, cell, number) for alike, cell, number in best), default=(0.0, 0, 0))
    others = [one[0] for one in best if one[1:] != (cell, number)]
    if alike < ALIKE or (alike < 1 and alike - max(others, default=0.0) < CLEARLY):
        return {}
    return _line(sources, cell, number, sure=alike == 1)


def _candidates(target: str, changed: list[str], right: set[str], sources: Sources) -> Iterator[tuple[float, int, int]]:
    """(how alike, cell, line) of each statement of the student's function that the reference does not have."""
    for cell, node in _definitions(target, sources):
        for text, number in _statements(node):
            if text not in right:
                yield max((_alike(text, one) for one in changed), default=0.0), cell, number


def _definitions(target: str, sources: Sources) -> Iterator[tuple[int, ast.stmt]]:
    """The cell and the syntax tree of the last definition of a dotted name in the student's cells, if there is one."""
    for cell in sorted(sources, reverse=True):
        node = last_definition([sources[cell]], target)
        if node is not None:
            yield cell, node
            return


@lru_cache(maxsize=4096)
def _changed(source: str, name: str) -> tuple[str, ...]:
    """The statements of a known mistake's function."""
    return tuple(text for text, _ in _statements(last_definition([source], name)))


def _statements(function: ast.stmt | None) -> list[tuple[str, int]]:
    """What each statement of a function says, without its layout, and its line; of a compound one, its head."""
    body = getattr(function, "body", [])
    found: list[tuple[str, int]] = []
    for node in (inner for statement in body for inner in ast.walk(statement) if isinstance(inner, ast.stmt)):
        with_head = getattr(node, "body", None)
        if with_head is None:
            found.append((ast.unparse(node), node.lineno))
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.append((ast.unparse(node).partition("\n")[0], node.lineno))
    return found


def _alike(one: str, other: str) -> float:
    """1 where two statements say the same, less the less they share."""
    return SequenceMatcher(None, TOKEN.findall(one), TOKEN.findall(other), autojunk=False).ratio()


def _line(sources: Sources, cell: int, number: int, sure: bool) -> Line:
    lines = sources[cell].split("\n")
    if not 0 < number <= len(lines):
        return {}
    return {"cell": cell, "line": number, "text": lines[number - 1].strip()[:LONGEST], "sure": sure}
