"""The locks of a course folder, which the kernel lets go where their holder ends, by whatever."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ..errors import GradbookError
from .assignment import Assignment


@contextmanager
def lock_file(assignment: Assignment, kind: str) -> Iterator[int]:
    """The open file of one of a homework's locks, which instructors of a shared group can all open.

    Raises GradbookError where that is another user's.
    """
    folder, group = assignment.course.root / ".gradbook", assignment.course.autograded_modes[1]
    path = folder / f"{assignment.id}.{kind}"
    try:
        folder.mkdir(exist_ok=True)
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except PermissionError:
        raise GradbookError(
            f"{path} is another user's: who grades together needs c.CourseDirectory.groupshared = True, and a group"
        ) from None
    try:
        if group:
            with suppress(PermissionError):
                os.fchmod(number, 0o664)
                folder.chmod(stat.S_IMODE(folder.stat().st_mode) | group)
        yield number
    finally:
        os.close(number)
