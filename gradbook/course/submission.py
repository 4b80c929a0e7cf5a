"""One student's submission of a homework on disk: what was handed in, and what was graded of it."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from ..errors import UnreadableNotebook
from ..intake.choice import Choice, choose
from ..intake.notebook import MAX_BYTES, plain_bytes
from ..intake.startup import prepare_nbgrader
from .assignment import Assignment
from .files import folder_in_place

SECRET = "submission_secret.txt"


@dataclass(frozen=True)
class Submission:
    """What a student handed in of an assignment. student: the folder's name, which is the student's id."""

    assignment: Assignment
    student: str

    def _folder(self, step: str) -> Path:
        return self.assignment.course.root / step / self.student / self.assignment.id

    @property
    def folder(self) -> Path:
        """The folder that was handed in."""
        return self._folder("submitted")

    @property
    def autograded(self) -> Path:
        """The graded notebook, which may not be there yet."""
        return self._folder("autograded") / self.assignment.notebook

    @property
    def feedback(self) -> Path:
        """The student's page, which may not be there yet."""
        return self._folder("feedback") / f"{self.assignment.id}.html"

    def beside_graded(self) -> dict[str, bytes]:
        """Name -> content of the files beside the graded notebook, which nbgrader puts beside the page as well."""
        there = (path for path in self.autograded.parent.iterdir() if path.suffix != ".ipynb" and path.is_file())
        return {path.name: path.read_bytes() for path in there}

    def make_feedback_folder(self) -> None:
        """Have a folder for the page, with the modes that the course asks for."""
        folder, (_, group) = self.feedback.parent, self.assignment.course.feedback_modes
        folder.mkdir(parents=True, exist_ok=True)
        if group:
            _share((folder, folder.parent, folder.parent.parent), group)

    @cached_property
    def choice(self) -> Choice:
        """Which file is graded."""
        return choose(self.folder, self.assignment.id, lambda: self.assignment.released)

    def fingerprint(self, version: str = "") -> str:
        """What tells one state of the submission from another. version: under this one of the assignment."""
        try:
            data = plain_bytes(self.choice.path, MAX_BYTES + 1)
        except UnreadableNotebook as error:
            data = str(error).encode()
        except (OSError, ValueError, MemoryError):
            data = b"unreadable"
        state = hashlib.sha256(version.encode() + b"\0" + data)
        state.update("".join(f"\0{flag}" for flag in self.choice.flags).encode("utf-8", "replace"))
        state.update(b"\0" + self._timestamp_text().encode())
        state.update(b"\0" + self.secret)
        return state.hexdigest()

    @property
    def timestamp(self) -> datetime | None:
        """The time of submission as nbgrader's timestamp.txt gives it, or None."""
        prepare_nbgrader()
        from nbgrader.utils import parse_utc

        try:
            text = self._timestamp_text()
            return parse_utc(text.strip()) if text else None
        except Exception:  # of many kinds: it is read as a person's words would be
            return None

    def _timestamp_text(self) -> str:
        try:
            return self._beside("timestamp.txt", 100).decode()
        except ValueError:
            return ""

    @property
    def secret(self) -> bytes:
        """By what nbgrader's exchange gives this student the feedback, and nobody else."""
        return self._beside(SECRET, 1000).decode("utf-8", "replace").encode()

    def _beside(self, name: str, size: int) -> bytes:
        """The first bytes of a file that nbgrader put beside a submitted notebook, none where it is no such file."""
        try:
            return plain_bytes(self.folder / name, size)
        except (OSError, UnreadableNotebook):
            return b""

    def _side_files(self) -> dict[str, bytes]:
        """Name -> content of what nbgrader's later commands look for beside a graded notebook."""
        stamp, secret = self._timestamp_text() if self.timestamp else "", self.secret
        # The exchange reads both where it finds a page; a time that is empty is no time to nbgrader.
        files = {"timestamp.txt": stamp.encode()} if stamp or secret else {}
        return {**files, SECRET: secret} if secret else files

    def write_autograded(self, text: str) -> None:
        """Put the folder of the graded notebook in place, whole or not at all. text: the graded notebook."""
        target = self.autograded.parent
        file_mode, group = self.assignment.course.autograded_modes
        with folder_in_place(target) as building:
            building.mkdir()
            building.chmod(0o755 | group)
            (building / self.assignment.notebook).write_text(text, encoding="utf-8")
            for name, content in {**self.assignment.helper_files, **self._side_files()}.items():
                (building / name).write_bytes(content)
            for path in building.iterdir():
                path.chmod(file_mode)
                _to_disk(path)
        if group:
            _share((target.parent, target.parent.parent), group)


def _share(folders: Iterable[Path], group: int) -> None:
    """Let the other instructors write into these folders too; who made them, and is another one, has done so."""
    for folder in folders:
        with suppress(PermissionError):
            folder.chmod(stat.S_IMODE(folder.stat().st_mode) | group)


def _to_disk(path: Path) -> None:
    """Have a file on disk before its record is in the gradebook, also where the power fails."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
