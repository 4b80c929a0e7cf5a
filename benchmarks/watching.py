"""How long `gradbook watch` takes from a student's `submit` to the feedback in the exchange, and what it costs idle.

python benchmarks/watching.py COURSE HOMEWORK [SUBMISSIONS] [STUDENTS]

COURSE is a copy of a course in which the homework is built: its settings and its submissions are changed. Submissions
come one after the other, warm, and then all in one second. STUDENTS folders stand in submitted/ while it is idle.
Prints JSON: seconds, and for the idle time the share of a processor that it and all its processes used.
"""

import json
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

from gradbook.authoring.samples import sample_class
from gradbook.course.assignment import Assignment
from gradbook.course.folder import Course
from gradbook.course.submission import Submission
from gradbook.intake.startup import prepare_nbgrader

IDLE = 20.0
TICKS = os.sysconf("SC_CLK_TCK")


def main(root, homework, count=30, students=1000):
    prepare_nbgrader()
    assignment = Assignment.find(Course.at(root), homework)
    inbound, notebooks = prepare(assignment)
    with watching(assignment):
        answered(*hand_in(assignment, inbound, "first", next(notebooks)))
        one = [answered(*hand_in(assignment, inbound, f"one{n:03d}", next(notebooks))) for n in range(count)]
        pages = [hand_in(assignment, inbound, f"burst{n:03d}", next(notebooks)) for n in range(count)]
        burst = [answered(*page) for page in pages]
    fill(assignment, students)
    with watching(assignment) as process:
        settle(assignment, students)
        before = used(process.pid)
        time.sleep(IDLE)
        idle = (used(process.pid) - before) / IDLE
    found = {"one": told(one), "burst": told(burst), "idle": round(idle, 4), "submissions": count, "students": students}
    print(json.dumps(found))


def prepare(assignment):
    """An exchange beside the course; gives its inbound folder, and notebooks as a class hands them in."""
    course = assignment.course
    exchange = course.root.parent / f"exchange-{secrets.token_hex(3)}"
    inbound = exchange / "gradbook" / "inbound"
    inbound.mkdir(parents=True)
    exchange.chmod(0o777)
    with open(course.root / "nbgrader_config.py", "a") as config:
        config.write(f"\nc.Exchange.root = {str(exchange)!r}\nc.CourseDirectory.course_id = 'gradbook'\n")
        config.write("c.ExchangeCollect.check_owner = False\n")
    shutil.rmtree(course.root / "submitted", ignore_errors=True)
    sample_class(assignment, 24, 0)
    paths = [Submission(assignment, student).folder / assignment.notebook for student in assignment.students()]
    notebooks = [path.read_bytes() for path in paths]
    shutil.rmtree(course.root / "submitted")
    return inbound, cycle(notebooks)


class watching:
    """A running `gradbook watch`."""

    def __init__(self, assignment):
        self.assignment = assignment

    def __enter__(self):
        program = Path(sys.executable).parent / "gradbook"
        command = [program, "watch", self.assignment.id]
        self.process = subprocess.Popen(command, cwd=self.assignment.course.root, stdout=subprocess.DEVNULL)
        return self.process

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def hand_in(assignment, inbound, student, data):
    """Hand in as nbgrader's `submit` does. Returns where the feedback will be, and when it was handed in."""
    from nbgrader.utils import notebook_hash

    begin, secret = time.time(), secrets.token_hex(64)
    when = f"{datetime.now(UTC).replace(tzinfo=None)} UTC"
    folder = inbound / f"{student}+{assignment.id}+{when}+{secrets.token_urlsafe(9)}"
    folder.mkdir()
    (folder / assignment.notebook).write_bytes(data)
    (folder / "timestamp.txt").write_text(when)
    (folder / "submission_secret.txt").write_text(secret)
    page = inbound.parent / "feedback" / f"{notebook_hash(secret=secret, notebook_id=assignment.id)}.html"
    return page, begin


def answered(page, begin):
    """The seconds until a page is there."""
    while not page.exists():
        time.sleep(0.01)
    return max(page.stat().st_mtime, begin) - begin


def fill(assignment, students):
    """Put so many folders into submitted/, which are graded already as far as anybody sees."""
    from gradbook.grading.run import Options, grade_class

    submitted = assignment.course.root / "submitted"
    first = next(submitted.iterdir())
    grade_class(assignment, Options())
    for number in range(students):
        shutil.copytree(first, submitted / f"idle{number:05d}", dirs_exist_ok=True)
    grade_class(assignment, Options())


def settle(assignment, students):
    """Wait until it has seen all of them."""
    time.sleep(5 + students / 200)


def used(pid):
    """The processor time of a process and all that it started, in seconds."""
    parents, times = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = int(fields[1])
        times[int(path.parent.name)] = sum(map(int, fields[11:15])) / TICKS
    found, new = {pid}, {pid}
    while new:
        new = {child for child, parent in parents.items() if parent in new}
        found |= new
    return sum(times.get(number, 0.0) for number in found)


def told(seconds):
    return {"median": round(statistics.median(seconds), 2), "worst": round(max(seconds), 2)}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
