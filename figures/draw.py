"""The drawings of the lessons and of the course: `python -m figures.draw` writes them where they are shown.

Numbers in them are computed here.
"""

from __future__ import annotations

from pathlib import Path

from . import hw01, hw02, hw03, hw04, hw05, hw06, hw07, hw08, hw09, hw10, hw11, hw12  # noqa: F401  # each says by `drawn` what it has
from .parts import DRAWINGS, ROOT, drawn
from .svg import Drawing


@drawn("docs/course.svg")
def course() -> Drawing:
    """What builds on what. An arrow leads to a homework from the one whose ideas it takes for granted."""
    drawing = Drawing("What builds on what: from two weights to PyTorch", 760, 230)
    places = {
        "1": (70, 70, "two weights"),
        "2": (220, 70, "landscapes"),
        "3": (220, 180, "matrices"),
        "4": (370, 180, "sine"),
        "5": (520, 180, "ReLU"),
        "6": (520, 70, "modules"),
        "7": (670, 70, "optimizers"),
        "8": (670, 180, "PyTorch"),
    }
    nodes = {number: drawing.box(x, y, words, 104, 38, maths=False) for number, (x, y, words) in places.items()}
    for number, (x, y, _) in places.items():
        drawing.say(x - 36, y - 29 if y < 100 else y + 30, f"hw0{number}", size=12)
    for start, end in ("12", "13", "34", "45", "56", "67", "58"):
        drawing.arrow(nodes[start], nodes[end], "line")
    return drawing


def write(root: Path = ROOT) -> None:
    """Write all drawings, in this repository or another folder."""
    for path, draw in DRAWINGS.items():
        (root / path).write_text(draw().svg(), "utf-8")


if __name__ == "__main__":
    write()
