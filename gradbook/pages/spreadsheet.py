"""Tables as CSV that a spreadsheet opens without taking anything in it for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

Line = Iterable[object]


class Verbatim(str):
    """The text of a cell that is written as it is."""


def as_csv(table: Iterable[Line]) -> str:
    """The lines of a table as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_cell(value) for value in line] for line in table)
    return text.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, Verbatim):
        return str(value)
    if isinstance(value, float):
        return f"{round(value, 4):.10g}"
    return defused("".join(c for c in str(value) if c >= " " or c == "\n"))


def defused(text: str) -> str:
    """Text that a spreadsheet does not take for a formula: a quote stands before = + - @."""
    if text.lstrip()[:1] not in ("=", "+", "-", "@") or text.strip() == "-" or _is_number(text):
        return text
    return "'" + text


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+([.,]\d+)?", text) is not None
