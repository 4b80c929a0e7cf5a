"""Numbers in the text of a lesson that a test works out again, so that no false one can stand.

Behind such a number the lesson has what it comes from, in a comment that `build` leaves out:
`it ends at .264<!--= losses[-1] -->`. That is an expression of what the notebook's cells have made, once all have
run with the reference, and of what the lesson's cells with the key `numbers` define, which `build` leaves out as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

KEY = "numbers"  # of a cell of the lesson
MARK = re.compile(r"<!--=\s*(.*?)\s*-->", re.DOTALL)
NUMBER = re.compile(r"(?<![\w.\\^_{])[-−]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:\s*\\cdot\s*10\^\{?(-?\d+)\}?|e(-?\d+))?")
CODE = re.compile(r"`[^`]*`")
FORMULA = re.compile(r"\$\$.*?\$\$", re.DOTALL)
LITERAL = re.compile(r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
FEW = 12  # whole numbers up to here are counted on the page, such as those of layers and of sections
EMPTY = "<!--=-->"  # in place of a mark that is there
YEARS = range(1900, 2100)


@dataclass(frozen=True)
class Marked:
    """A number with what it comes from. shown: as it stands there. value, half: it, and half of its last digit."""

    shown: str
    value: float
    half: float
    formula: str

    def is_near(self, found: float | bool) -> bool:
        """Whether what the formula gives is what is shown; a formula that gives a bool says it by itself."""
        if isinstance(found, bool):
            return found
        return abs(found - self.value) <= self.half * (1 + 1e-9)


def without_marks(text: str) -> str:
    """The text as students read it."""
    return MARK.sub("", text)


def marked(text: str) -> Iterator[Marked]:
    """The numbers that have a mark. Raises ValueError where a mark stands behind none."""
    begin = 0
    for mark in MARK.finditer(text):
        before = list(NUMBER.finditer(text, begin, mark.start()))
        if not before:
            raise ValueError(f"no number stands before the mark {mark[0]!r}")
        begin = mark.end()
        yield Marked(before[-1][0], *_read(before[-1]), mark[1])


def unmarked(texts: Sequence[str], codes: Sequence[str]) -> Iterator[str]:
    """The numbers that have none and need one, each with what stands around it.

    None is needed where a number stands in the lesson's code, as a learning rate does, in code within the text or in a
    displayed formula, and for small whole ones and years. texts, codes: of the cells.
    """
    known = {abs(float(found[0])) for code in codes for found in LITERAL.finditer(code)}
    for text in texts:
        plain = FORMULA.sub("", CODE.sub("", MARK.sub(EMPTY, text)))
        for found in NUMBER.finditer(plain):
            value, _ = _read(found)
            is_marked = re.match(r"[^\d\n]{0,12}" + EMPTY, plain[found.end() :])
            if is_marked or abs(value) in known or _needs_none(value):
                continue
            yield " ".join(plain[max(0, found.start() - 30) : found.end() + 10].split())


def _needs_none(value: float) -> bool:
    return value == int(value) and (abs(value) <= FEW or int(value) in YEARS)


def _read(found: re.Match[str]) -> tuple[float, float]:
    """A number's value, and half a unit of the last of its digits."""
    digits = re.split(r"\\cdot|e", found[0])[0].strip().replace(",", "").replace("−", "-")
    power = 10.0 ** int(found[1] or found[2] or 0)
    places = len(digits.partition(".")[2])
    return float(digits) * power, 0.5 * 10.0**-places * power


def questions(formulas: Sequence[str], definitions: str = "") -> str:
    """A last cell for the notebook, which prints what the formulas give, as JSON. definitions: what they need."""
    asked = ", ".join(f"({formula})" for formula in formulas)
    values = f"[bool(v) if type(v).__name__ in ('bool', 'bool_') else float(v) for v in [{asked}]]"
    return f"{definitions}\nimport json as _json\nprint(_json.dumps({values}))"
