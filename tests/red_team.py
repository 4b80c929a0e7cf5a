"""The red team's attacks, read from tests/redteam, and what is measured around them."""

import ctypes
import hashlib
import json
import os
import re
import sqlite3
import time
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "redteam"
CELLS = ("processes", "memory", "endless", "output", "files", "secrets", "protocol", "patches")
PR_SET_CHILD_SUBREAPER = 36


def attacks(*topics):
    """Name -> source of the attacks in these files of tests/redteam: what stands under each `# %% name`.

    An attack shows ALARM where it has reached what it must not.
    """
    found = {}
    for topic in topics:
        parts = re.split(r"^# %% (.*)\n", (FOLDER / f"{topic}.py").read_text(), flags=re.M)
        for name, source in zip(parts[1::2], parts[2::2], strict=True):
            found[f"{topic}: {name}"] = ('ALARM = "ALARM-%d" % 4711\n' if "ALARM" in source else "") + source.strip()
    return found


def body(source):
    """The lines of an attack as the body of a method."""
    return "\n".join("        " + line for line in source.split("\n"))


def fingerprint(course):
    """Hashes of all files that no grading may touch."""
    written = ("autograded", "gradebook.db", "gradebook.db-journal", ".gradbook", "feedback")
    paths = [p for p in sorted(course.root.rglob("*")) if p.relative_to(course.root).parts[0] not in written]
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths if p.is_file() and not p.is_symlink()}


def autograded(course, students=None):
    """The content of every autograded file, by its place."""
    folder = course.root / "autograded"
    files = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    return {str(p): p.read_bytes() for p in files if students is None or p.relative_to(folder).parts[0] in students}


def rows(course):
    """Every row of every table of the gradebook, whole, but for the time that a grading took."""
    found = set()
    with sqlite3.connect(course.root / "gradebook.db") as database:
        for (table,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in database.execute(f"select * from {table}"):
                found.add((table, *(re.sub(r'"seconds": [\d.e-]+', "", v) if type(v) is str else v for v in row)))
    database.close()
    return found


def documents(course, homework):
    """Student -> what was recorded of the grading."""
    from gradbook.course import records

    with course.gradebook() as gradebook:
        return {d["student"]: d for d in records.documents(gradebook, homework)}


def hidden_numbers(homework):
    """Every number that a check gives to a submission, and every one that it expects."""
    from gradbook.judging.judge import judge
    from gradbook.judging.local import Local, namespace
    from gradbook.judging.observations import Observations

    class Spy(Local):
        def request(self, seconds=None, **message):
            reply = super().request(seconds, **message)
            # The published examples are no secret.
            if message["op"] != "example":
                collect([message.get("args"), message.get("value"), reply])
            return reply

    found = set()

    def collect(value):
        if isinstance(value, (list, tuple)):
            for item in value:
                collect(item)
        elif isinstance(value, dict):
            collect(list(value.values()))
        elif isinstance(value, (float, np.floating, np.ndarray)):
            found.update(np.ravel(value).astype(float).tolist())

    judge(Observations(homework), Spy(namespace(homework.reference)))
    return {f"{abs(v):.6e}" for v in found if v != round(v, 3)}


def numbers_in(text):
    """The numbers with many digits in a text, as `hidden_numbers` writes them."""
    return {f"{float(n):.6e}" for n in re.findall(r"\d+\.\d{6,}(?:e-?\d+)?", text)}


class Children:
    """Finds processes that a command leaves behind, however deep it started them. Use as a context manager."""

    def __enter__(self):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.before = self._now()
        return self

    def __exit__(self, *_):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)

    def left(self, seconds=5.0):
        """Numbers of the processes that are still there after that time at most."""
        end = time.monotonic() + seconds
        while (left := self._now() - self.before) and time.monotonic() < end:
            for pid in left:
                os.waitpid(pid, os.WNOHANG)
            time.sleep(0.05)
        return left

    @staticmethod
    def _now():
        here = Path("/proc/self/task")
        return {int(pid) for task in here.iterdir() for pid in (task / "children").read_text().split()}


def written(notebook):
    """A notebook as a student's editor might write it, whatever is in it."""
    return json.dumps(notebook).encode()
