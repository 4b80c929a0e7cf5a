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
    drawing = Drawing("What builds on what: from two weights to attention", 760, 330)
    places = {
        1: (70, 45, "two weights"),
        2: (220, 45, "landscapes"),
        3: (220, 150, "matrices"),
        4: (370, 150, "sine"),
        5: (520, 150, "ReLU"),
        6: (520, 45, "modules"),
        7: (670, 45, "optimizers"),
        8: (670, 150, "PyTorch"),
        9: (520, 255, "softmax"),
        10: (370, 255, "autograd"),
        11: (670, 222, "convolution"),
        12: (670, 294, "attention"),
    }
    nodes = {number: drawing.box(x, y, words, 104, 38, maths=False) for number, (x, y, words) in places.items()}
    for number, (x, y, _) in places.items():
        drawing.say(x - 36, y + (30 if number == 3 else -28), f"hw{number:02d}", size=12)  # not on an arrow
    for start, end in ((1, 2), (1, 3), (3, 4), (4, 5), (5, 6), (6, 7), (5, 8), (5, 9), (5, 10), (9, 11), (9, 12)):
        drawing.arrow(nodes[start], nodes[end], "line")
    return drawing


def write(root: Path = ROOT) -> None:
    """Write all drawings, in this repository or another folder."""
    for path, draw in DRAWINGS.items():
        (root / path).write_text(draw().svg(), "utf-8")


if __name__ == "__main__":
    write()
