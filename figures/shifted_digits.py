"""The picture of homework 11 for the README: `python -m figures.shifted_digits` runs the lesson's own cells."""

import os
import sys

import jupytext
import matplotlib.pyplot as plt
import numpy as np

from solutions import hw11_convolution

from .parts import ROOT

SOURCE = ROOT / "source"
CELLS = ("three_nets", "shifted")


def main() -> None:
    sys.path.insert(0, str(SOURCE))
    import course_helpers as helpers

    plt.switch_backend("agg")
    plt.show = lambda: None
    os.chdir(SOURCE)  # where the digits are
    names = {**vars(hw11_convolution), "helpers": helpers, "np": np, "plt": plt}
    for cell in jupytext.read("hw11_convolution/lesson.md").cells:
        if cell.metadata.get("demo") in CELLS:
            exec(cell.source, names)
    plt.savefig(ROOT / "docs/shifted_digits.png", dpi=150)


if __name__ == "__main__":
    main()
