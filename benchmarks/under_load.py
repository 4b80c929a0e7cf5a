"""Whether grades depend on load or on what is cached: one class graded idle, beside busy processes, and warm.

usage: python benchmarks/under_load.py [HOMEWORK [STUDENTS]]

It works in a copy of the course in a temporary folder. Ends with 0 where all three runs gave the same grades, findings
and flags, and nothing of a submission that keeps its limits was over one.
"""

import contextlib
import multiprocessing
import shutil
import sys
import tempfile
import time
from pathlib import Path

from gradbook.authoring.build import build
from gradbook.authoring.samples import sample_class
from gradbook.course.assignment import Assignment
from gradbook.course.folder import Course
from gradbook.grading.run import Options, grade_class

BUSY = 4  # processes beside the grading


def spin():
    """Keep a processor busy, until this is ended."""
    while True:
        pass


@contextlib.contextmanager
def load(count):
    """So many busy processes."""
    busy = [multiprocessing.Process(target=spin, daemon=True) for _ in range(count)]
    for process in busy:
        process.start()
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.join()


def graded(course, homework, name, busy=0, cold=False):
    """Student -> the record of a grading, without its times."""
    if cold:
        shutil.rmtree(course.root / ".gradbook" / "known", ignore_errors=True)
    records, begin = {}, time.monotonic()
    with load(busy):
        options, assignment = Options(force=True), Assignment(course, homework)
        grade_class(assignment, options, lambda record: records.update({record["student"]: record}))
    over = sum(check["outcome"] == "over a limit" for record in records.values() for check in record["checks"])
    print(f"{name:28s} {time.monotonic() - begin:6.1f} s, {over} checks over a limit", flush=True)
    return {student: {**record, "seconds": 0} for student, record in records.items()}, over


def main(homework="hw06_modules", students="40"):
    """Grade the class three times, and compare."""
    here = Path(__file__).resolve().parents[1]
    with tempfile.TemporaryDirectory(prefix="under-load-") as folder:
        root = Path(folder) / "course"
        for name in (f"source/{homework}", f"autograder/{homework}", "solutions"):
            shutil.copytree(here / name, root / name)
        shutil.copy(here / "source" / "course_helpers.py", root / "source")
        shutil.copy(here / "nbgrader_config.py", root)
        course = Course.at(root)
        build(Assignment(course, homework))
        sample_class(Assignment(course, homework), int(students))
        runs = [
            graded(course, homework, "idle, cold", cold=True),
            graded(course, homework, f"beside {BUSY} busy, cold", busy=BUSY, cold=True),
            graded(course, homework, "idle, warm"),
        ]
    same = all(run == runs[0] for run in runs)
    print("the same grades, findings and flags" if same else "DIFFERENT grades, findings or flags")
    return 0 if same and not runs[0][1] else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
