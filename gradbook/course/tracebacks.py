"""Tracebacks of the grader's own failures, kept in files that an instructor finds.

They show lines of hidden checks, so a log or a line on the terminal has the type and the place of a failure instead.
"""

from __future__ import annotations

import platform
import tempfile
import time
import traceback
from pathlib import Path

from .. import __version__
from ..sandbox.guest.text import plain
from .files import write_whole


def text_of(error: BaseException) -> str:
    """The traceback of an exception."""
    return "".join(traceback.format_exception(error))


def type_and_place(error: BaseException) -> str:
    """What an exception is and where it arose, such as `KeyError in run.py:10`."""
    return f"{type(error).__name__} in {place(error)}"


def place(error: BaseException) -> str:
    """Where an exception arose, such as run.py:10."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(where.filename).name}:{where.lineno}"


def path_of(root: Path, name: str) -> Path:
    """The file of this name in a course folder, which may not be there."""
    return root / ".gradbook" / "errors" / f"{name}.txt"


def keep(root: Path, name: str, text: str) -> Path:
    """Write a traceback into a course folder. Raises OSError or ValueError where it cannot be."""
    path = path_of(root, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, _headed(name, text))
    return path


def keep_of_command(root: Path | None, command: str, text: str) -> str:
    """Write the traceback of a command that failed. Returns where it stands, as a line says it.

    root: the course folder; where there is none, or it refuses, a temporary file takes it.
    """
    name = f"{command}-{time.strftime('%Y%m%d-%H%M%S')}"
    if root:
        try:
            return str(keep(root, name, text))
        except OSError:
            pass
    try:
        path = Path(tempfile.mkdtemp(prefix="gradbook-"), f"{name}.txt")
        write_whole(path, _headed(name, text))
        return str(path)
    except OSError as refused:
        return f"no file ({type(refused).__name__}); set TMPDIR to a folder that can be written, and run it again"


def _headed(name: str, text: str) -> str:
    return plain(f"gradbook {__version__}, Python {platform.python_version()}: {name}\n\n{text}")
