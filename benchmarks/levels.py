"""What the sandbox's second level costs beside the first: python benchmarks/levels.py [HOMEWORK …] [--repeat N].

A class is graded at both, one after the other, several times; the medians of processor time and of time, in seconds.
The bar is 1.1 times the processor time; what misses it is said, with exit code 1.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from run import BIN, adopt, make_course, measure, median

from gradbook.sandbox.levels import NAMESPACES, TIGHT

BAR = 1.1
SETTING = "\nc.Gradbook.sandbox = {!r}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("homework", nargs="*", default=["hw01_shallow_narrow", "hw05_two_layer_relu"])
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    adopt()
    with tempfile.TemporaryDirectory() as folder:
        courses = {name: make_course(Path(folder) / name, name, options.students) for name in options.homework}
        ratios = [compare(course, homework, options.repeat) for homework, course in courses.items()]
    return 1 if max(ratios) > BAR else 0


def compare(course, homework, repeat):
    """How many times the processor time of the first level the second one takes."""
    config = course / "nbgrader_config.py"
    usual, runs = config.read_text(), {NAMESPACES: [], TIGHT: []}
    for _ in range(repeat):
        for level, found in runs.items():
            config.write_text(usual + SETTING.format(level))
            found.append(measure([BIN / "gradbook", "grade", homework, "--force"], course))
    first, second = median(runs[NAMESPACES]), median(runs[TIGHT])
    ratio = second["cpu"] / first["cpu"]
    print(
        f"{homework}: processor time {first['cpu']:.2f} and {second['cpu']:.2f} s, {ratio:.2f} times; "
        f"time {first['wall']:.2f} and {second['wall']:.2f} s" + ("" if ratio <= BAR else f": over {BAR}"),
        flush=True,
    )
    return ratio


if __name__ == "__main__":
    sys.exit(main())
