"""A command that failed where nothing of ours expected it: its traceback is kept, and one line says where."""

from __future__ import annotations

import os
import platform
import tempfile
import time
import traceback
from pathlib import Path

from .. import __version__
from ..grading.mishaps import errors_folder, place
from ..sandbox.guest.text import plain


def line(error: Exception, command: str, folder: str | None) -> str:
    """What is said of a failure, once its traceback is kept. folder: the course's, as it was named, if it was."""
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    said = " ".join(plain(what).split())[:200]
    return f"{command} failed ({said}, in {place(error)}); the traceback stands in {_keep(error, command, folder)}"


def _keep(error: Exception, command: str, folder: str | None) -> Path | str:
    """Write the traceback into the course folder, or, where that is none or refuses, into a temporary file."""
    versions = f"gradbook {__version__}, Python {platform.python_version()}: gradbook {command}\n\n"
    text = plain(versions + "".join(traceback.format_exception(error)))
    root = Path(folder or ".").resolve()
    try:
        if folder is None or not (root / "nbgrader_config.py").is_file():
            return _temporary(command, text)
        path = errors_folder(root) / f"{command}-{time.strftime('%Y%m%d-%H%M%S')}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path
    except OSError:
        return _temporary(command, text)


def _temporary(command: str, text: str) -> Path | str:
    try:
        handle, path = tempfile.mkstemp(prefix=f"gradbook-{command}-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        return Path(path)
    except OSError as refused:
        return f"no file ({type(refused).__name__}); run it again with -v"
