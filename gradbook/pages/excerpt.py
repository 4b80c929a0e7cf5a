"""The lines of a student's code that a card is about: around the one that is marked, or a whole function."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ..homework.syntax import last_definition, parsed
from . import code
from .cards import Card
from .cells import Notebook

AROUND = 2  # lines above and below the one that is marked
SHORT = 14  # lines of a function that is shown at once; a longer one is folded
LINES = 60  # lines of a function that are shown at all
LONGEST = 20_000  # characters of a cell of which a function is shown
INDENT = re.compile(r"(^(?:<span class=\"\w\">)?)( *)")


@dataclass(frozen=True)
class Line:
    """A line of code as HTML. deep: the spaces that it begins with."""

    number: int
    text: Markup
    deep: int


@dataclass(frozen=True)
class Excerpt:
    """Lines of the student's code. marked: the number of the one that it is about, or 0."""

    lines: list[Line]
    marked: int = 0
    sure: bool = True

    @property
    def short(self) -> bool:
        """Whether it is shown at once."""
        return bool(self.marked) or len(self.lines) <= SHORT


def excerpt(card: Card, notebook: Notebook) -> Excerpt | None:
    """Around the line that a card is about, if one is known, else the function."""
    line = next((f.line for f in card.findings if f.line), {})
    source = notebook.source(line["cell"]) if line else ""
    if line and line["line"] <= len(code.lines(source)):
        return Excerpt(_lines(source, _around(source, line["line"])), line["line"], line["sure"])
    if card.told.outcome in ("untouched", "not graded", "missing"):
        return None
    cell = notebook.own_cell(card.told.about.partition(".")[0])
    source = notebook.source(cell) if cell is not None else ""
    node = last_definition([source], card.told.about)
    if not isinstance(node, ast.FunctionDef) or len(source) > LONGEST:
        return None
    return Excerpt(_lines(source, _numbers(node)[:LINES]))


def _around(source: str, marked: int) -> Sequence[int]:
    """The numbers of the marked line and of those about it, in its function."""
    node = _function_at(source, marked)
    inside = _numbers(node) if node else []
    numbers = inside if marked in inside else range(1, len(code.lines(source)) + 1)
    at = numbers.index(marked)
    return numbers[max(at - AROUND, 0) : at + AROUND + 1]


def _function_at(source: str, number: int) -> ast.FunctionDef | None:
    """The innermost function that a line is in."""
    tree = parsed(source) if len(source) <= LONGEST else None
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)] if tree else []
    around = [node for node in found if node.lineno <= number <= (node.end_lineno or 0)]
    return max(around, key=lambda node: node.lineno, default=None)


def _numbers(node: ast.FunctionDef) -> list[int]:
    """The numbers of a function's lines, without its docstring's."""
    told = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
    left_out = range(told.lineno, (told.end_lineno or 0) + 1) if told else range(0)
    return [n for n in range(node.lineno, (node.end_lineno or 0) + 1) if n not in left_out]


def _lines(source: str, numbers: Sequence[int]) -> list[Line]:
    """These lines, without empty ones at both ends and the spaces that all of them begin with."""
    made = code.lines(source)
    filled = [n for n in numbers if made[n - 1].strip()]
    shared = min((_deep(made[n - 1]) for n in filled), default=0)
    return [_line(n, made[n - 1], shared) for n in numbers if filled and filled[0] <= n <= filled[-1]]


def _line(number: int, made: Markup, shared: int) -> Line:
    text = Markup(INDENT.sub(lambda found: found[1] + found[2][shared:], made))
    return Line(number, text, _deep(text))


def _deep(made: Markup) -> int:
    found = INDENT.match(made)
    return len(found[2]) if found else 0
