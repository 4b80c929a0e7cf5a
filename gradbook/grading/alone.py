"""Checking one notebook as it lies there, for whoever learns from it: nothing of a gradebook is needed or written."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..course.assignment import Assignment, printable
from ..course.findings import Graded
from ..course.folder import Course
from ..course.records import Record, document
from ..course.tracebacks import keep_of_command
from ..course.which import homework_of
from ..errors import GradbookError, SandboxUnavailable, UnreadableNotebook
from ..intake.notebook import read_submission
from ..sandbox.here import may_be_had
from .again import believed
from .bench import Bench
from .execution import Execution

if TYPE_CHECKING:
    from ..pages.graded import Graded as Shown
    from ..pages.page import Contents

logger = logging.getLogger(__name__)

OWN = "no sandbox here: the code of {name} runs as your own, with your rights; check only what you wrote yourself"


@dataclass
class Checked:
    """What came of one check. path: the notebook's."""

    path: Path
    assignment: Assignment
    graded: Graded

    @property
    def all_points(self) -> bool:
        """Whether the checks gave all that they have to give."""
        return not self.graded.problem and self.graded.score >= self.graded.max_score - 1e-9

    def record(self) -> Record:
        """It as plain data: as `gradbook grade --json` prints it, with the file in place of the student."""
        found = document("", self.assignment.id, self.graded)
        del found["student"]
        return {"file": str(self.path), **found}

    def contents(self) -> Contents:
        """What its page says."""
        from ..pages.page import Contents

        return Contents.of(*self._shown)

    def page(self) -> str:
        """The page that `gradbook feedback` would write."""
        from ..pages.page import render

        return render(*self._shown)

    @cached_property
    def _shown(self) -> tuple[str, Shown, bytes]:
        from ..pages.graded import graded_alone

        name = printable(self.path.name)
        graded = graded_alone(name, self.assignment, self.graded)
        return self.assignment.title, graded, self.graded.text.encode()


class Checker:
    """Checks one file, as often as asked, in a sandbox that stays warm. Use as a context manager.

    figures: run the demonstration cells too. tell: called with a line where there is no sandbox.
    """

    def __init__(self, path: Path, assignment: Assignment, figures: bool, tell: Callable[[str], None]) -> None:
        assignment.needs.require_modules()
        assignment.require_released()
        self.path, self.assignment, self.figures, self.tell = path, assignment, figures, tell

    def __enter__(self) -> Checker:
        self.bench = self._bench()
        return self

    def __exit__(self, *_: object) -> None:
        self.bench.close()

    def check(self, content: bytes | str) -> Checked:
        """Check what `notebook.submission` gave."""
        ((_, graded),) = believed([(self.path, self.bench.grade(content))], lambda _: self.bench.grade(content))
        if graded.traceback:
            kept = keep_of_command(self.assignment.course.root, "check", graded.traceback)
            raise GradbookError(f"{graded.problem}; the traceback stands in {kept}")
        return Checked(self.path, self.assignment, graded)

    def get_ready(self) -> None:
        """Start what the next check will need, and do not wait for it."""
        self.bench.start()

    def _bench(self) -> Bench:
        """One in a sandbox, or where there is none, one that does without."""
        if may_be_had():
            bench = Bench(self.assignment, Execution(figures=self.figures))
            try:
                bench.start()
                _read_the_rest()
                bench.worker.warm()
                return bench
            except SandboxUnavailable as error:
                bench.close()
                logger.info("%s", error)
            except BaseException:
                bench.close()
                raise
        self.tell(OWN.format(name=printable(self.path.name)))
        bench = Bench(self.assignment, Execution(figures=self.figures, own=True)).start()
        _read_the_rest()
        return bench


def _read_the_rest() -> None:
    """Import what is needed later, while other processes get ready."""
    from ..pages import page  # noqa: F401
    from . import submission  # noqa: F401


def require_a_file(path: Path) -> None:
    """Raises GradbookError where there is no file of this name that could be a notebook."""
    name = printable(str(path))
    if path.is_dir():
        found = sorted(path.glob("*.ipynb"))
        hint = f", such as {printable(str(found[0]))}" if found else ""
        raise GradbookError(f"{name} is a folder: name the notebook in it{hint}")
    if not path.exists():
        raise GradbookError(f"there is no {name}")


def course_around(path: Path) -> Path:
    """The folder of the course that a file lies in or below; where it is in none, this one."""
    above = path.resolve().parents
    return next((folder for folder in above if (folder / "nbgrader_config.py").is_file()), Path())


def homework_in(course: Course, content: bytes | str, path: Path) -> Assignment:
    """The homework that a notebook is of, see `which.homework_of`. content: from `notebook.submission`."""
    try:
        cells, problem = read_submission(content), ""
    except UnreadableNotebook as error:
        cells, problem = [], str(error)
    try:
        return homework_of(course, cells, path.absolute())
    except GradbookError as error:
        raise GradbookError(f"{problem}, and {error}" if problem else str(error)) from None
