"""The copy that is kept of each attempt: `attempts/STUDENT/HOMEWORK/NUMBER/`, beside submitted/.

What is copied is a student's folder, and hostile: no link is followed, and what is no plain file stays without content.
A copy is read as the folder itself would be, so that the fingerprint of one is that of the other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ..errors import UnreadableNotebook
from ..intake.choice import MOST_ENTRIES, MOST_FOLDERS
from ..intake.notebook import MAX_BYTES, plain_bytes
from .assignment import Assignment
from .files import folder_in_place, sweep
from .submission import Submission

MOST_BYTES = 200 << 20  # of a submission's files together
NOWHERE = "not-kept"  # where the links of a copy lead


@dataclass(frozen=True)
class KeptSubmission(Submission):
    """An attempt's copy, graded into the same places as the student's folder in submitted/."""

    number: int = 0

    @property
    def folder(self) -> Path:
        return self._folder("attempts") / str(self.number)

    @property
    def page(self) -> Path:
        """The page about this attempt, which may not be there."""
        return self.feedback.parent / "attempts" / f"{self.number}.html"


def keep(folder: Path, one: KeptSubmission) -> None:
    """Keep a copy of a submission's folder as an attempt. Raises OSError where that cannot be read or written."""
    copy_folder(folder, one.folder, one.assignment.course.autograded_modes[1])


def copy_folder(source: Path, target: Path, group: int = 0) -> None:
    """Put a copy of a submission's folder in place, whole or not at all. group: what a shared group adds to modes."""
    with folder_in_place(target) as building:
        if source.is_symlink() or source.parent.is_symlink():
            building.symlink_to(NOWHERE)
            return
        room = MOST_BYTES
        for below in (Path(), *_folders(source)):
            (building / below).mkdir(exist_ok=True)
            (building / below).chmod(0o755 | group)
            for name in _names(source / below):
                room -= _copy(source / below / name, building / below / name, room, 0o664 if group else 0o644)


def _folders(source: Path) -> list[Path]:
    """The folders in it that may hold the notebook."""
    there = [name for name in _names(source) if (source / name).is_dir() and not (source / name).is_symlink()]
    return [Path(name) for name in sorted(there)[:MOST_FOLDERS]]


def _names(folder: Path) -> Iterator[str]:
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        yield from [e.name for e in islice(entries, MOST_ENTRIES) if not e.name.startswith((".", "__"))]


def _copy(source: Path, target: Path, room: int, mode: int) -> int:
    """Copy a file, as far as anybody will read it; of what is no plain file, only that. Returns the size."""
    if source.is_dir() and not source.is_symlink():
        target.mkdir(exist_ok=True)
        return 0
    try:
        content = plain_bytes(source, MAX_BYTES + 1)
    except UnreadableNotebook:
        target.symlink_to(NOWHERE)
        return 0
    if len(content) > room:
        return 0
    target.write_bytes(content)
    target.chmod(mode)
    return len(content)


def sweep_kept(assignment: Assignment) -> None:
    """Remove what a killed run left half copied."""
    root = assignment.course.root
    for student in (root / "submitted").glob("*"):
        sweep(student / assignment.id)
    for folder in (root / "attempts").glob(f"*/{assignment.id}"):
        for number in {left.name[1:].partition("-")[0] for left in folder.glob(".*-*")}:
            sweep(folder / number)
