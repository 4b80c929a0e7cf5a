"""What the sandbox's second level costs beside the first: python benchmarks/levels.py [HOMEWORK …] [--repeat N].

A class is graded at both, one after the other, several times; the medians of processor time and of time, in seconds.
The bar is 1.1 times the processor time.
"""

import argparse
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
        for homework in options.homework:
            course = make_course(Path(folder) / homework, homework, options.students)
            compare(course, homework, options.repeat)


def compare(course, homework, repeat):
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
        f"time {first['wall']:.2f} and {second['wall']:.2f} s" + ("" if ratio <= BAR else f": over {BAR}")
    )


if __name__ == "__main__":
    main()
