"""The example of a finding as tables: yours and what is expected, number below number, with what differs marked.

It reads the text that `judging.hints.show` wrote. What is no number, list of numbers or matrix stays text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PART = re.compile(r"\s*([\[\](),]|[^\[\](),]+)")
NUMBER = re.compile(r"([+-]?\d*)\.?(\d*)")
PADDING = re.compile(r"(?<=\d)\.(?=[\s\]),])|(?<=[\[(])\s+|\s+(?=[\]),])")  # NumPy's, to align a column
Rows = list[list[str]]
ROOM, PHONE = 4, 16  # characters: around a number in a table, and for all of them on a phone


@dataclass(frozen=True)
class Value:
    """One result of an example. rows: yours and expected, as cells of a table; none where it is no table.

    wrong: row and column of what differs. note: what differs, in words.
    """

    name: str
    yours: str
    expected: str
    rows: tuple[Rows, Rows] | None = None
    wrong: frozenset[tuple[int, int]] = frozenset()
    note: str = ""

    @property
    def right(self) -> bool:
        return self.yours == self.expected

    @property
    def wide(self) -> bool:
        """Whether a phone may be too narrow for the table."""
        rows = [row for table in self.rows or () for row in table]
        return any(sum(len(cell) + ROOM for cell in row) > PHONE for row in rows)


def values(example: dict[str, str]) -> list[Value]:
    """The results of an example, one after the other, named as its last line names them."""
    texts = _texts(example)
    yours, expected = map(_read, texts)
    names = _names(example["source"])
    if isinstance(expected, tuple) and len(names) == len(expected):
        if isinstance(yours, tuple) and len(yours) == len(expected):
            return [_value(*part) for part in zip(names, yours, expected, strict=True)]
        return [Value(", ".join(names), *texts)]
    return [_value(", ".join(names), yours, expected, texts)]


def _value(name: str, yours: Any, expected: Any, texts: tuple[str, str] | None = None) -> Value:
    texts = texts or (_text(yours), _text(expected))
    mine, right = _table(yours), _table(expected)
    if mine is None or right is None:
        return Value(name, *texts)
    rows, shapes = _aligned(mine, right), (_shape(yours), _shape(expected))
    if shapes[0] != shapes[1]:
        return Value(name, *texts, rows, note=f"the shape is {shapes[0]}, expected {shapes[1]}.")
    cells = [(r, c) for r, row in enumerate(mine) for c in range(len(row))]
    wrong = frozenset((r, c) for r, c in cells if mine[r][c] != right[r][c])
    count = f"{len(wrong)} of {len(cells)} numbers differ" if len(wrong) > 1 else f"1 of {len(cells)} numbers differs"
    note = f"{count}; marked ≠." if len(cells) > 1 and wrong else ""
    return Value(name, *texts, rows, wrong, note)


def _texts(example: dict[str, str]) -> tuple[str, str]:
    """What came back and what is expected, as people write numbers."""
    yours, expected = (PADDING.sub("", example[name] + " ").rstrip() for name in ("observed", "expected"))
    return yours, expected


def _names(source: str) -> list[str]:
    """What the last line of an example gives, part by part."""
    try:
        last = ast.parse(source).body[-1]
    except (SyntaxError, IndexError):
        return ["the result"]
    if not isinstance(last, ast.Expr):
        return ["the result"]
    parts = last.value.elts if isinstance(last.value, ast.Tuple) else [last.value]
    return [ast.unparse(part) for part in parts]


def _read(text: str) -> Any:
    """A text as lists and tuples of numbers' texts; the text itself where it is none."""
    parts = [part.strip() for part in PART.findall(text)]
    try:
        value, end = _item(parts, 0)
    except (IndexError, RecursionError):
        return text
    return value if end == len(parts) else text


def _item(parts: Sequence[str], at: int) -> tuple[Any, int]:
    """What begins here, and where it ends. Raises IndexError where it does not end."""
    first = parts[at]
    if first not in "[(":
        return first, at + 1
    close, found = {"[": "]", "(": ")"}[first], list[Any]()
    at += 1
    while parts[at] != close:
        if parts[at] == ",":
            at += 1
            continue
        item, at = _item(parts, at)
        found.append(item)
    return (tuple(found) if first == "(" else found), at + 1


def _is_row(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, str) for item in value)


def _table(value: Any) -> Rows | None:
    """The rows of a number, a list or a matrix; None for anything else."""
    if isinstance(value, str):
        return [[value]] if value[:1] in "+-.0123456789" and len(value) < 30 or value in ("nan", "inf") else None
    if _is_row(value):
        return [list(value)]
    matrix = isinstance(value, list) and bool(value) and all(map(_is_row, value))
    return value if matrix and len({len(row) for row in value}) == 1 else None


def _shape(value: Any) -> str:
    """The shape as NumPy writes it."""
    if isinstance(value, str):
        return "()"
    if isinstance(value, tuple):
        return f"that of {len(value)} results"
    return f"({len(value)},)" if _is_row(value) else f"({len(value)}, {len(value[0])})"


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    inner = ", ".join(map(_text, value))
    return f"({inner})" if isinstance(value, tuple) else f"[{inner}]"


def _aligned(yours: Rows, expected: Rows) -> tuple[Rows, Rows]:
    """The same numbers with their points below each other; what is none, such as nan, ends where whole numbers do."""
    found = [NUMBER.fullmatch(cell) for row in [*yours, *expected] for cell in row]
    digits = max((len(number[2]) for number in found if number), default=0)

    def pad(cell: str) -> str:
        whole, _, rest = cell.partition(".") if NUMBER.fullmatch(cell) else (cell, "", "")
        point = "." if rest else ("" if not digits else " ")
        return f"{whole or '0'}{point}{rest.ljust(digits)}"

    return [[pad(cell) for cell in row] for row in yours], [[pad(cell) for cell in row] for row in expected]
