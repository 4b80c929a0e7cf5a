"""Whether this checkout grades as another one does, and as fast: one class, graded by both.

usage: python benchmarks/side_by_side.py CHECKOUT [HOMEWORK ...] [--students 40] [--only files|time] [--rounds 10]

CHECKOUT is a folder with another Gradbook repository and its .venv, such as a `git worktree` of an earlier commit. Only
its course and its command `gradbook` are used, so its engine may be laid out in another way. Each of the two grades in
a course folder of its own, with the same submissions, which the other checkout makes. Compared are the records (scores,
findings, flags), what the gradebook holds, and the written files. A difference is told once, as it is there -> as it is
here, with the students that it concerns. Then both are timed, in turn.

Ends with 0 where nothing differs, and no homework takes over 3 % longer in both the median and the minimum.
"""

import argparse
import itertools
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from run import ROOT, adopt, measure

GRADBOOK = Path(".venv", "bin", "gradbook")  # in a checkout
COURSE = ("source", "release", "solutions", "autograder")
WRITTEN = ("source", "release", "autograded", "feedback", "reports")
OF_THE_RUN = ("seconds", "gradbook")  # in a record: how long it took, and the engine's version
# In a class report: how long each submission took, and when the page was made.
TIMES = re.compile(r'(?<=<section id="runtime">).*?(?=</section>)|(?<=Made on )\S+ \S+', re.DOTALL)
STUDENT = re.compile(r"student\d+")
NOTHING = "(nothing)"  # where only one has a value or a file
SLOWER = 1.03
SUMMARIES: dict[str, Callable[[list[float]], float]] = {"median": statistics.median, "minimum": min}


@dataclass(frozen=True)
class Side:
    """One of the two: a checkout, and the course folder that it works in."""

    checkout: Path
    course: Path

    @property
    def gradbook(self) -> Path:
        return self.checkout / GRADBOOK

    def run(self, *words: str) -> str:
        """What the command prints. Ends everything where it fails."""
        done = subprocess.run([self.gradbook, *words], cwd=self.course, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"gradbook {' '.join(words)} in {self.checkout} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def neutral(self, text: str) -> str:
        """The text without the places and the times of this side."""
        text = TIMES.sub("", text)
        return text.replace(str(self.course), "COURSE").replace(str(self.checkout), "CHECKOUT")


def main() -> int:
    options = parse()
    adopt()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    good = [compare(homework, options) for homework in options.homework]
    return 0 if all(good) else 1


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkout", type=Path)
    parser.add_argument("homework", nargs="*", metavar="HOMEWORK", help="an id, or how it begins (default: all)")
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--only", choices=("files", "time"))
    parser.add_argument("--rounds", type=int, default=10, help="how many times each is timed")
    options = parser.parse_args()
    options.checkout = options.checkout.resolve()
    if not (options.checkout / GRADBOOK).is_file():
        parser.error(f"{options.checkout} has no {GRADBOOK}; run `make venv` there")
    known = sorted(lesson.parent.name for lesson in ROOT.glob("source/*/lesson.md"))
    options.homework = [name for name in known if name.startswith(tuple(options.homework or known))]
    if not options.homework:
        parser.error(f"no such homework; there are {', '.join(known)}")
    return options


def compare(homework: str, options: argparse.Namespace) -> bool:
    """Whether a homework is graded as before, and as fast."""
    good = True
    with tempfile.TemporaryDirectory(prefix="side-by-side-") as folder:
        sides = prepare(Path(folder).resolve(), options.checkout, homework, options.students)
        if options.only != "time":
            good &= same_results(homework, *sides)
        if options.only != "files":
            good &= as_fast(homework, *sides, options.rounds)
    return good


def prepare(folder: Path, checkout: Path, homework: str, students: int) -> tuple[Side, Side]:
    """Both course folders, with the homework built, and the same class handed in."""
    there, here = Side(checkout, folder / "there"), Side(ROOT, folder / "here")
    for side in (there, here):
        for name in COURSE:
            shutil.copytree(side.checkout / name, side.course / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(side.checkout / "nbgrader_config.py", side.course)
        side.run("build", homework)
    there.run("sample-class", homework, "--students", str(students), "--seed", "0")
    shutil.copytree(there.course / "submitted", here.course / "submitted")
    return there, here


# ---------------------------------------------------------------- results


def same_results(homework: str, there: Side, here: Side) -> bool:
    """Whether both give the same. Tells what differs."""
    before, now = results(there, homework), results(here, homework)
    found = differences(before, now)
    print(f"{homework}: {len(found)} differences in {len(before.keys() | now.keys())} values and files")
    for what, places in found.items():
        students = sorted({match[0] for place in places if (match := STUDENT.search(place))})
        print(f"  {what}", f"({', '.join(students)})" if students else "")
    sys.stdout.flush()
    return not found


def differences(before: dict[str, Any], now: dict[str, Any]) -> dict[str, list[str]]:
    """What differs, in a line -> the places of which this is to be told."""
    found: dict[str, list[str]] = {}
    for place in sorted(before.keys() | now.keys()):
        pair = before.get(place, NOTHING), now.get(place, NOTHING)
        if pair[0] != pair[1]:
            what = f"{STUDENT.sub('*', place)}: {change(*pair)}"
            found.setdefault(what, []).append(place)
    return found


def results(side: Side, homework: str) -> dict[str, Any]:
    """Grade the class. Place -> what is there, for each value of a record or the gradebook, and each written file."""
    records = side.run("grade", homework, "--force", "--json", "--workers", "2").splitlines()
    side.run("feedback", homework)
    side.run("report", homework)
    side.run("export", homework, "--to", "json", "-o", "grades.json")
    gradebook = json.loads((side.course / "grades.json").read_text())
    rows = {f"record of {row['student']}": row for row in map(json.loads, records)}
    rows |= {f"gradebook of {row['student']}": row for row in gradebook}
    return {**dict(leaves(rows)), **files(side, homework)}


def leaves(value: Any, *place: str) -> Iterator[tuple[str, Any]]:
    """(place, value) of each value in a JSON document."""
    if isinstance(value, list) and value:
        names = [item.get("name", "") if isinstance(item, dict) else "" for item in value]
        value = {f"{number} {name}".strip(): item for number, (name, item) in enumerate(zip(names, value, strict=True))}
    if isinstance(value, dict) and value:
        for key, part in value.items():
            if key not in OF_THE_RUN:
                yield from leaves(part, *place, key)
    else:
        yield ", ".join(place), value


def files(side: Side, homework: str) -> dict[str, str]:
    """Path -> text of the files of a homework that people get."""
    paths = [path for name in WRITTEN for path in (side.course / name).rglob("*") if path.is_file()]
    texts = {str(path.relative_to(side.course)): path for path in paths}
    return {
        name: side.neutral(path.read_text(errors="backslashreplace"))
        for name, path in texts.items()
        if homework in name
    }


def change(before: Any, now: Any) -> str:
    """What was, and what is; of texts, from a little before they part."""
    if not (isinstance(before, str) and isinstance(now, str)):
        return f"{before!r} -> {now!r}"
    part = len(os.path.commonprefix([before, now]))
    line, start = before.count("\n", 0, part) + 1, max(0, part - 30)
    return f"line {line}: {before[start : part + 60]!r} -> {now[start : part + 60]!r}"


# ---------------------------------------------------------------- time


def as_fast(homework: str, there: Side, here: Side, rounds: int) -> bool:
    """Whether this checkout is not slower. Tells the seconds of both, and the ratio of here to there."""
    runs = time_both(homework, there, here, rounds)
    ratios = {}
    for kind, name in itertools.product(("wall", "cpu"), SUMMARIES):
        before, now = (SUMMARIES[name]([run[kind] for run in runs[side]]) for side in (there, here))
        ratios[kind, name] = now / before
        print(f"{homework}: {kind:4s} {name:7s} {before:7.3f} s there, {now:7.3f} s here, {now / before:.3f} times")
    sys.stdout.flush()
    return min(ratios["wall", name] for name in SUMMARIES) <= SLOWER


def time_both(homework: str, there: Side, here: Side, rounds: int) -> dict[Side, list[dict[str, float]]]:
    """What each round of each takes. They take turns, also in who is first, after a run that warms up."""
    grade = ["grade", homework, "--force", "--workers", "2"]
    runs: dict[Side, list[dict[str, float]]] = {there: [], here: []}
    for side in runs:
        side.run(*grade)
    for number in range(rounds):
        for side in (there, here) if number % 2 else (here, there):
            runs[side].append(measure([side.gradbook, *grade], side.course))
    return runs


if __name__ == "__main__":
    sys.exit(main())
