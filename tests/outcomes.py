"""Graders as processes, and everything that they leave, to be compared."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from conftest import HW01
from red_team import autograded, documents


def grader(course, *more, homework=HW01):
    """A running `gradbook grade`, in a process group of its own."""
    program = Path(sys.executable).parent / "gradbook"
    return subprocess.Popen(
        [program, "grade", homework, *more],
        cwd=course.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def kill_all(process):
    """Kill a process and all that it has started, as where the power fails."""
    for number in (process.pid, *_below(process.pid)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)


def _below(number):
    """The processes that a process has started, and those that these have."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    found, new = set(), {number}
    while new:
        new = {child for child, parent in parents.items() if parent in new}
        found |= new
    return found


def soon(is_so, seconds=60):
    """Wait until a function gives something that holds, and give it; fails where it takes longer than that."""
    deadline = time.monotonic() + seconds
    while not (found := is_so()):
        assert time.monotonic() < deadline, "that took too long"
        time.sleep(0.02)
    return found


def outcome(course, homework=HW01):
    """Everything that a run leaves, without what differs from run to run: ids, times, the course's own place."""
    found = {}
    with course.gradebook() as gradebook:
        for s in gradebook.assignment_submissions(homework):
            marks = [g for n in s.notebooks for g in n.grades]
            grades = sorted((g.name, g.auto_score, g.manual_score, g.needs_manual_grade) for g in marks)
            comments = sorted((c.name, c.auto_comment or "") for n in s.notebooks for c in n.comments)
            found[s.student.id] = s.score, s.timestamp, grades, comments
    records = {student: {**d, "seconds": 0} for student, d in documents(course, homework).items()}
    files = {path.removeprefix(str(course.root)): data for path, data in autograded(course).items()}
    return found, records, {path: data for path, data in files.items() if f"/{homework}/" in path}
