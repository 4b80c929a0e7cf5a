"""`gradbook doctor`: what is wrong with this machine or course, and how to mend it."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..course.agreement import require_points
from ..course.assignment import Assignment, printable
from ..course.folder import Course
from ..errors import ChildLost, GradbookError, StudentError
from ..sandbox import levels, place

if TYPE_CHECKING:
    from ..sandbox.session import Session

Line = tuple[bool | None, str]  # whether all is well with something, None for a note, and what is said of it

MARKS = {True: "ok  ", False: "BAD ", None: "note"}
WANTED = ("numpy", "matplotlib", "nbgrader", "jupytext", "jupyter")
LEVELS = {
    levels.NAMESPACES: "the sandbox starts, at its first level: namespaces with a filter of system calls",
    levels.TIGHT: "the sandbox starts, at its second level: without namespaces, and with a filter that leaves no file, "
    "process or socket to a submission, but lets it learn this machine's name and where Python stands",
}
# What is tried in it, how that must end, and what is said then, and otherwise.
WALLS = (
    ("open('/proc/self/status')", ("FileNotFoundError", "PermissionError"), "hides the machine", "leaks /proc"),
    (
        "import socket\nsocket.create_connection(('192.0.2.1', 9), timeout=1)",
        ("OSError", "PermissionError"),
        "has no network",
        "reaches the network",
    ),
)


def diagnose(folder: Path | str) -> int:
    """Print one line for each thing looked at. Returns 0 where all is well, else 1."""
    results = [*_versions(), *_sandbox(), *_course(folder)]
    for good, text in results:
        print(f"{MARKS[good]} {text}")
    return 1 if any(good is False for good, _ in results) else 0


def _versions() -> Iterator[Line]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield sys.version_info >= (3, 11), f"Python {version}" + ("" if sys.version_info >= (3, 11) else "; 3.11 is needed")
    for name in WANTED:
        try:
            yield True, f"{name} {importlib.metadata.version(name)}"
        except importlib.metadata.PackageNotFoundError:
            yield False, f"{name} is not installed; run: pip install {name}"


def _sandbox() -> Iterator[Line]:
    causes = place.causes()
    if any(cause.denies == place.BOTH for cause in causes):
        yield from _lacking(causes, False)
        return
    from ..sandbox.session import Session
    from ..sandbox.shared import Sandbox
    from ..sandbox.worker import Worker

    yield from ((bubblewrap.usable or None, str(bubblewrap)) for bubblewrap in place.bubblewraps())
    try:
        with Sandbox({}) as sandbox, Worker(sandbox) as worker:
            worker.warm()
            had = sandbox.level
            yield True, LEVELS[had or ""]
            with Session(worker) as session:
                yield from _walls(session)
            if had != levels.NAMESPACES:
                yield from _lacking(causes, None)
    except (GradbookError, StudentError, ChildLost) as error:
        yield from _lacking(causes, False)
        # What is not found out of the second level, it said itself.
        yield False, str(error).partition(" Nothing was graded")[0]


def _lacking(causes: list[place.Cause], mark: bool | None) -> Iterator[Line]:
    """A line for each cause of a level that is not had, and one with its cure; a cure that several share comes once."""
    for cure in dict.fromkeys(cause.cure for cause in causes):
        shared = [cause for cause in causes if cause.cure == cure]
        text = " ".join(cause.what for cause in shared)
        yield mark if any(cause.denies for cause in shared) else None, f"{text}\n     {cure}"


def _walls(session: Session) -> Iterator[Line]:
    """Whether it holds, tried from within."""
    for cell, (code, errors, held, leaks) in enumerate(WALLS):
        _, error = session.run(cell, code)
        good = isinstance(error, StudentError) and error.type_name in errors
        yield good, f"the sandbox {held if good else leaks}"


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
