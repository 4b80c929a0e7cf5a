"""Files that are only in memory, for a submission that can open no others: what it writes, it can read again.

Not a wall: the filter of system calls is that. It is for the notebook that saves a picture or its weights.
"""

from __future__ import annotations

import builtins
import io
import os
import time
from collections.abc import Mapping
from typing import Any

HOME = "/tmp/home"
FILE, FOLDER = 0o100644, 0o040755


class Scratch:
    """The files there are. files: path -> content of those that can be read from the beginning."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files: dict[str, bytes] = dict(files)
        self.folders = {HOME, "/tmp", "/"}
        self.given = frozenset(files)

    def install(self) -> None:
        """Have Python's own functions work on these files, and on no others."""
        builtins.open = io.open = self.open
        os.stat, os.listdir = self.stat, self.listdir  # type: ignore[assignment]
        os.mkdir, os.remove, os.unlink = self.mkdir, self.remove, self.remove

    def open(
        self,
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        """As the function of this name."""
        if isinstance(file, int) or opener is not None:
            return io.FileIO(file, mode.replace("b", "").replace("t", ""), closefd, opener)
        path = _place(file)
        kept = _File(self, path, mode)
        if "b" in mode:
            return kept if kept.writable() else io.BufferedReader(kept)
        return io.TextIOWrapper(kept, encoding or "utf-8", errors, newline)

    def content(self, path: str, mode: str) -> bytes:
        """What a file that is opened in this mode holds at first."""
        if path in self.folders:
            raise IsADirectoryError(21, "Is a directory", path)
        if path == os.devnull or "w" in mode:
            return b""
        if "x" in mode and path in self.files:
            raise FileExistsError(17, "File exists", path)
        if path not in self.files and not set(mode) & set("ax"):
            raise FileNotFoundError(2, "No such file or directory", path)
        return self.files.get(path, b"")

    def keep(self, path: str, content: bytes) -> None:
        """Have a file hold this from now on."""
        if path != os.devnull:
            self.files[path] = content

    def stat(self, path: Any, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> os.stat_result:
        """As the function of this name."""
        place = _place(path)
        if place not in self.files and place not in self.folders:
            raise FileNotFoundError(2, "No such file or directory", place)
        mode = FOLDER if place in self.folders else FILE
        size, now = len(self.files.get(place, b"")), time.time()
        return os.stat_result((mode, 0, 0, 1, 1000, 1000, size, now, now, now))

    def listdir(self, path: Any = ".") -> list[str]:
        """As the function of this name."""
        place = _place(path)
        if place not in self.folders:
            raise FileNotFoundError(2, "No such file or directory", place)
        inside = (name for name in {*self.files, *self.folders} if os.path.dirname(name) == place != name)
        return [os.path.basename(name) for name in inside]

    def mkdir(self, path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        """As the function of this name."""
        place = _place(path)
        if place in self.files or place in self.folders:
            raise FileExistsError(17, "File exists", place)
        if os.path.dirname(place) not in self.folders:
            raise FileNotFoundError(2, "No such file or directory", place)
        self.folders.add(place)

    def remove(self, path: Any, *, dir_fd: int | None = None) -> None:
        """As the function of this name."""
        place = _place(path)
        if place not in self.files:
            raise FileNotFoundError(2, "No such file or directory", place)
        if place in self.given:
            raise PermissionError(13, "Permission denied", place)
        del self.files[place]


class _File(io.BytesIO):
    """One of them, opened. What was written is kept when it is flushed or closed."""

    def __init__(self, scratch: Scratch, path: str, mode: str) -> None:
        super().__init__(scratch.content(path, mode))
        self.scratch, self.name, self.how = scratch, path, mode
        if "r" in mode and "+" in mode or "r" not in mode:
            if path in scratch.given or os.path.dirname(path) not in scratch.folders | {os.path.dirname(os.devnull)}:
                raise PermissionError(13, "Permission denied", path)
            self.flush()
        if "a" in mode:
            self.seek(0, io.SEEK_END)

    def writable(self) -> bool:
        return "r" not in self.how or "+" in self.how

    def readable(self) -> bool:
        return "r" in self.how or "+" in self.how

    def flush(self) -> None:
        super().flush()
        if self.writable():
            self.scratch.keep(self.name, self.getvalue())

    def close(self) -> None:
        if not self.closed:
            self.flush()
        super().close()


def _place(path: Any) -> str:
    return os.path.normpath(os.path.join(HOME, os.fsdecode(path)))
