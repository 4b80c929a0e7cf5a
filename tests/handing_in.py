"""An exchange, students who hand in there as nbgrader's `submit` does, and a running `gradbook watch`."""

import json
import secrets
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from conftest import HW01
from nbgrader.utils import notebook_hash

from gradbook.course.assignment import Assignment
from gradbook.watching.inbox import attempts_of


class Exchange:
    """The exchange of a course, made in a folder, with the course's settings changed to it."""

    def __init__(self, course, root):
        self.course, self.root = course, root
        self.inbound, self.feedback = root / "gradbook" / "inbound", root / "gradbook" / "feedback"
        self.inbound.mkdir(parents=True)
        root.chmod(0o777)
        configure(course, f"c.Exchange.root = {str(root)!r}", "c.ExchangeCollect.check_owner = False")

    def hand_in(self, student, notebook, when=None, homework=HW01):
        """Hand in a notebook, or bytes. Returns the path at which the student will look for the feedback."""
        when = f"{when or datetime.now(UTC).replace(tzinfo=None)} UTC"
        folder = self.inbound / f"{student}+{homework}+{when}+{secrets.token_urlsafe(9)}"
        folder.mkdir()
        data = notebook if isinstance(notebook, bytes) else nbformat.writes(notebook).encode()
        (folder / f"{homework}.ipynb").write_bytes(data)
        (folder / "timestamp.txt").write_text(when)
        secret = secrets.token_hex(64)
        (folder / "submission_secret.txt").write_text(secret)
        return self.feedback / f"{notebook_hash(secret=secret, notebook_id=homework)}.html"


class Watching:
    """A running `gradbook watch --json`, which is killed where a test ends before it."""

    def __init__(self, course, *more, homework=HW01):
        self.said = course.root.parent / f"said-{secrets.token_hex(4)}"
        command = [Path(sys.executable).parent / "gradbook", "watch", homework, "--json", *more]
        with open(self.said, "w") as out, open(f"{self.said}.err", "w") as err:
            self.process = subprocess.Popen(command, cwd=course.root, stdout=out, stderr=err, start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def lines(self):
        """What it said of submissions, as far as it has."""
        whole = self.said.read_text().rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    def words(self):
        """What else it said."""
        return Path(f"{self.said}.err").read_text()

    def graded(self):
        return [line for line in self.lines() if line["outcome"] == "is graded"]

    def stop(self, number=signal.SIGTERM):
        """Ask it to end; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)


def configure(course, *lines):
    config = course.root / "nbgrader_config.py"
    config.write_text("\n".join([config.read_text(), *lines, ""]))


def attempts(course):
    """Every attempt that the gradbook holds, by student and number."""
    with attempts_of(Assignment(course, HW01)) as there:
        return [attempt for found in there.every().values() for attempt in found]
