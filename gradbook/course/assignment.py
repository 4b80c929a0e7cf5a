"""One homework of a course: where its files stand, what it needs, and who handed it in."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import GradbookError
from ..homework.declare import Homework, Needs
from ..homework.titles import title, title_in
from ..intake.release import Release, read_notebook
from .files import sweep
from .folder import DATA, Course

if TYPE_CHECKING:
    from ..sandbox.limits import Limits

ID_LENGTH = 128  # of nbgrader's tables; SQLite does not look


@dataclass(frozen=True)
class Assignment:
    """A homework of a course. id: the homework's, whole.

    What asks for files that the course does not have raises GradbookError.
    """

    course: Course
    id: str

    @classmethod
    def find(cls, course: Course, text: str) -> Assignment:
        """The one whose id is this text, or the only one whose id begins with it."""
        return cls(course, course.homeworks.find(text))

    @classmethod
    def every(cls, course: Course) -> list[Assignment]:
        """All of a course, in teaching order. Raises GradbookError where there are none yet."""
        return [cls(course, homework_id) for homework_id in course.homeworks.every()]

    @property
    def homework(self) -> Homework:
        """All that is declared about it."""
        return self.course.homeworks.load(self.id)

    @property
    def needs(self) -> Needs:
        """What it takes to run it; nothing of it is imported for that."""
        return self.course.homeworks.needs(self.id)

    @property
    def limits(self) -> Limits:
        """What a submission may use: the course's limits, with as much memory as the homework needs."""
        return self.course.limits(self.needs.memory)

    @property
    def notebook(self) -> str:
        """The name of the notebook's file, wherever it stands."""
        return f"{self.id}.ipynb"

    @property
    def source(self) -> Path:
        """The folder of the lesson and of the notebook that is built from it."""
        return self.course.root / "source" / self.id

    @property
    def release(self) -> Path:
        """The folder that students get."""
        return self.course.root / "release" / self.id

    @property
    def one_file(self) -> Path:
        """The release as one notebook that brings its files along, which may not be there."""
        return self.course.root / "release-one-file" / self.notebook

    @property
    def title(self) -> str:
        """The heading of the lesson that students got; before there is a release, the words of the id."""
        try:
            return title_in((self.release / self.notebook).read_bytes()) or title(self.id)
        except OSError:
            return title(self.id)

    @property
    def release_notebook(self) -> Path:
        """The notebook that students got. Raises GradbookError where it was not built."""
        self.require_released()
        return self.release / self.notebook

    def require_released(self) -> None:
        """Raises GradbookError where there is no release."""
        path = self.release / self.notebook
        if not path.is_file():
            raise GradbookError(f"{path.relative_to(self.course.root)} is missing; run: gradbook build {self.id}")

    @cached_property
    def released(self) -> Release:
        """The notebook that students got, as submissions are held against it. Read once."""
        return Release(read_notebook(self.release_notebook))

    @property
    def helper_files(self) -> dict[str, bytes]:
        """Name -> content of the files that stand beside the notebook when it is run."""
        files = sorted(p for p in self.release.glob("*") if p.is_file() and p.suffix in (".py", *DATA))
        return {p.name: p.read_bytes() for p in files}

    def version(self) -> str:
        """What tells one state of the grader, checks, mistakes, reference, release and limits from another."""
        state = hashlib.sha256(f"{self.course.engine_digest}{self.course.homeworks.digest(self.id)}".encode())
        state.update(f"{self.course.limits()}{self.course.sandbox()}".encode())
        state.update(self.release_notebook.read_bytes())
        for name, content in self.helper_files.items():
            state.update(name.encode() + content)
        return state.hexdigest()

    # ------------------------------------------------------------ who handed it in

    def students(self) -> list[str]:
        """The names of the folders in submitted/ with a folder for this homework, sorted."""
        folder = self.course.root / "submitted"
        return sorted(name for name in _names(folder) if _is_there(folder / name / self.id))

    def gradable(self, wanted: Collection[str] | None = None) -> tuple[list[str], dict[str, str]]:
        """Who is to be graded, of `wanted` or of all for None, and why others are not: a list, and name -> reason.

        Raises GradbookError where both are empty, or one that is wanted handed in nothing.
        """
        there = self.students()
        if wanted is not None:
            missing = [s for s in wanted if s not in there]
            if missing:
                raise GradbookError(f"no submission of {self.id} by {', '.join(missing)}")
            there = [s for s in there if s in wanted]
        if not there:
            raise GradbookError(f"no submissions of {self.id}: put them in submitted/STUDENT/{self.id}/")
        db_url = self.course.db_url()
        reasons = {name: why_no_id(name, db_url) for name in there}
        return [s for s in there if not reasons[s]], {s: reason for s, reason in reasons.items() if reason}

    def sweep(self) -> None:
        """Remove what a killed run left half written among the graded notebooks."""
        for student in (self.course.root / "autograded").glob("*"):
            sweep(student / self.id)


def printable(name: str) -> str:
    """A folder's name for a line of text: what would not show, or break the line, is escaped."""
    return name if name.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise GradbookError(f"{folder} cannot be read ({type(error).__name__})") from None


def _is_there(path: Path) -> bool:
    """Whether something is there, or cannot be looked at: its grading then tells why."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        pass
    return True


def why_no_id(name: str, db_url: str) -> str:
    """Why nbgrader cannot take a folder's name for a student id, or nothing."""
    if not name:
        return "the folder's name has no student in it"
    if name.startswith("."):
        return "the folder's name begins with a dot"
    if "\n" in name:
        return "the folder's name has a line break in it"
    if len(name) > ID_LENGTH and not db_url.startswith("sqlite"):
        return f"the folder's name has more than {ID_LENGTH} characters"
    try:
        name.encode()
    except UnicodeEncodeError:
        return "the folder's name is not UTF-8 text"
    return ""
