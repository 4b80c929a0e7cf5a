"""How long a lesson takes, from what there is to read, to write and to run.

A rough guide, said as a range: the lower end for who has met the subject, the upper one for who meets it here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..homework.source import BEGIN_SOLUTION

if TYPE_CHECKING:
    from nbformat import NotebookNode

FORMULA = re.compile(r"\$\$.*?\$\$", re.DOTALL)
WORDS = 200, 100  # read in a minute, quickly and with pencil and paper
PLACE, CELL = (4, 12), (0.5, 1)  # minutes for a place to fill in, and to run and look at a cell


def hours(cells: Iterable[NotebookNode]) -> tuple[float, float]:
    """From how many hours to how many a source notebook takes, in halves of an hour."""
    cells = list(cells)
    codes = [cell.source for cell in cells if cell.cell_type == "code"]
    words = sum(len(FORMULA.sub("", cell.source).split()) for cell in cells if cell.cell_type == "markdown")
    places = sum(source.count(BEGIN_SOLUTION) for source in codes)
    low, high = (words / WORDS[k] + PLACE[k] * places + CELL[k] * len(codes) for k in (0, 1))
    return max(round(low / 30), 1) / 2, max(round(high / 30), 2) / 2
