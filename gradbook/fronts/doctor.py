"""`gradbook doctor`: what is wrong with this machine or course, and how to mend it."""

from __future__ import annotations

import importlib.metadata
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..course.agreement import require_points
from ..course.assignment import Assignment, printable
from ..course.folder import Course
from ..errors import ChildLost, GradbookError, StudentError

if TYPE_CHECKING:
    from ..sandbox.session import Session

Line = tuple[bool, str]  # whether all is well with something, and what is said of it

WANTED = ("numpy", "matplotlib", "nbgrader", "jupytext", "jupyter")


def diagnose(folder: Path | str) -> int:
    """Print one line for each thing looked at. Returns 0 where all is well, else 1."""
    results = [*_versions(), *_sandbox(), *_course(folder)]
    for good, text in results:
        print(f"{'ok  ' if good else 'BAD '} {text}")
    return 0 if all(good for good, _ in results) else 1


def _versions() -> Iterator[Line]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield sys.version_info >= (3, 11), f"Python {version}" + ("" if sys.version_info >= (3, 11) else "; 3.11 is needed")
    for name in WANTED:
        try:
            yield True, f"{name} {importlib.metadata.version(name)}"
        except importlib.metadata.PackageNotFoundError:
            yield False, f"{name} is not installed; run: pip install {name}"


def _sandbox() -> Iterator[Line]:
    from ..sandbox.enclosed import bubblewraps
    from ..sandbox.ladder import require_filter
    from ..sandbox.session import Session
    from ..sandbox.shared import Sandbox
    from ..sandbox.worker import Worker

    try:
        require_filter()
        yield True, f"a filter of system calls for {os.uname().machine}"
    except GradbookError as refusal:
        yield False, str(refusal)
        return
    try:
        yield from ((True, f"bubblewrap at {binary}") for binary in bubblewraps())
        with Sandbox({}) as sandbox, Worker(sandbox) as worker, Session(worker) as session:
            outputs, error = session.run(0, "import os, numpy\nprint(len(os.listdir('/proc')))")
            seen = outputs[0]["text"].strip() if outputs and error is None else "nothing"
            yield seen == "0", "the sandbox starts, and hides the machine" if seen == "0" else "the sandbox leaks /proc"
            yield _refused(session), "the sandbox has no network"
    except (GradbookError, StudentError, ChildLost) as error:
        yield False, f"{error} On Ubuntu 24.04, unprivileged user namespaces must be allowed for bwrap (AppArmor)."


def _refused(session: Session) -> bool:
    code = "import socket\nsocket.create_connection(('192.0.2.1', 9), timeout=1)"
    _, error = session.run(1, code)
    return isinstance(error, StudentError) and error.type_name == "OSError"


def _course(folder: Path | str) -> Iterator[Line]:
    try:
        course = Course.at(folder)
    except GradbookError as error:
        yield False, str(error)
        return
    yield True, f"course folder {course.root}"
    yield from _extras(course)
    try:
        with course.gradebook() as gradebook:
            yield True, f"gradebook with {len(gradebook.students)} students"
    except Exception as error:
        yield False, f"the gradebook cannot be opened ({type(error).__name__}); see db_url in nbgrader_config.py"
    for assignment in [Assignment(course, homework) for homework in course.homeworks.ids()]:
        try:
            require_points(assignment.homework, assignment.released.notebook)
            yield True, f"{assignment.id}: released, {len(assignment.students())} submissions"
            yield from _left_out(assignment)
        except GradbookError as error:
            yield False, str(error)


def _extras(course: Course) -> Iterator[Line]:
    """A line for each package that one homework or another needs besides; what lacks is well where nobody grades it."""
    for homework in course.homeworks.ids():
        needs = course.homeworks.needs(homework)
        try:
            needs.require_modules()
            yield from ((True, f"{name} {importlib.metadata.version(name)}") for name in needs.distributions)
        except GradbookError as error:
            yield True, str(error)


def _left_out(assignment: Assignment) -> Iterator[Line]:
    """A line for each folder of submissions that cannot be graded."""
    if assignment.students():
        for name, why in assignment.gradable()[1].items():
            yield False, f"{assignment.id}: submitted/{printable(name)} cannot be graded: {why}; rename it"
