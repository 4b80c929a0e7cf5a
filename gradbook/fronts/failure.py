"""A command that failed where nothing of ours expected it: its traceback is kept, and one line says where."""

from __future__ import annotations

from pathlib import Path

from ..course.tracebacks import keep_of_command, place, text_of
from ..sandbox.guest.text import plain


def line(error: Exception, command: str, folder: Path | str | None) -> str:
    """What is said of a failure, once its traceback is kept. folder: the course's, as it was named, if it was."""
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    said = " ".join(plain(what).split())[:200]
    kept = keep_of_command(_course(folder), command, text_of(error))
    return f"{command} failed ({said}, in {place(error)}); the traceback stands in {kept}"


def _course(folder: Path | str | None) -> Path | None:
    """The course folder, where that is one."""
    root = Path(folder or ".").resolve()
    return root if folder is not None and (root / "nbgrader_config.py").is_file() else None
