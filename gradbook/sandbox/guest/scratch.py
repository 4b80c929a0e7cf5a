"""Files that are only in memory, for a submission that can open no others: what it writes, it can read again.

Not a wall: the filter of system calls is that. It is for the notebook that saves a picture or its weights.
"""

from __future__ import annotations

import errno
import gc
import io
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

HOME = "/tmp/home"
FILE, FOLDER = 0o100644, 0o040755
# The functions of `os` that go by a path, by the method below that takes their place.
REPLACED = {
    **{name: name for name in ("stat", "access", "listdir", "scandir", "getcwd", "chdir", "mkdir", "rmdir")},
    **{"lstat": "stat", "remove": "remove", "unlink": "remove", "rename": "rename", "replace": "rename"},
    **{"chmod": "set", "utime": "set"},
}


class Scratch:
    """The files there are at first. files: path -> content of those that can be read only.

    own: name -> content of those that the submission finds where it begins, and may change.
    """

    def __init__(self, files: Mapping[str, bytes], own: Mapping[str, bytes]) -> None:
        self.files = {**files, **{f"{HOME}/{name}": content for name, content in own.items()}}
        self.folders = {HOME, "/tmp", "/"}
        self.given = frozenset(files)
        self.here = HOME
        # Many have kept `open` under a name of their own, such as IPython, whose is the one that cells call.
        holders = [those for those in gc.get_referrers(io.open) if type(those) is dict]
        self.kept = [(those, name) for those in holders for name, value in those.items() if value is io.open]

    def install(self) -> None:
        """Have Python's own functions work on these files, and on no others."""
        for those, name in self.kept:
            those[name] = self.open
        for name, method in REPLACED.items():
            setattr(os, name, getattr(self, method))
        # By paths, as there are no descriptors of folders; and what to look for by opening a file is known.
        shutil._use_fd_functions, tempfile.tempdir = False, "/tmp"  # type: ignore[attr-defined]

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
        kept = _File(self, self._place(file), mode)
        if "b" in mode:
            return kept if kept.writable() else io.BufferedReader(kept)
        return io.TextIOWrapper(kept, encoding or "utf-8", errors, newline)

    def content(self, path: str, mode: str) -> bytes:
        """What a file that is opened in this mode holds at first."""
        if path in self.folders:
            raise _error(errno.EISDIR, path)
        if path == os.devnull or "w" in mode:
            return b""
        if "x" in mode and path in self.files:
            raise _error(errno.EEXIST, path)
        if path not in self.files and not set(mode) & set("ax"):
            raise _error(errno.ENOENT, path)
        return self.files.get(path, b"")

    def keep(self, path: str, content: bytes) -> None:
        """Have a file hold this from now on."""
        if path != os.devnull:
            self._require_place_for(path)
            self.files[path] = content

    def stat(self, path: Any, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> os.stat_result:
        """As the function of this name."""
        if isinstance(path, int):
            return os.fstat(path)
        place = self._there(path)
        mode = FOLDER if place in self.folders else FILE
        size, now = len(self.files.get(place, b"")), time.time()
        return os.stat_result((mode, 0, 0, 1, 1000, 1000, size, now, now, now))

    def access(self, path: Any, mode: int, **_: Any) -> bool:
        """As the function of this name."""
        place = self._place(path)
        return place in self.folders or place in self.files and not (mode & os.W_OK and place in self.given)

    def set(self, path: Any, *_: Any, **__: Any) -> None:
        """Modes and times are always the same."""
        self._there(path)

    def listdir(self, path: Any = ".") -> list[str]:
        """As the function of this name."""
        place = self._folder(path)
        inside = (name for name in {*self.files, *self.folders} if os.path.dirname(name) == place != name)
        return [os.path.basename(name) for name in inside]

    def scandir(self, path: Any = ".") -> _Entries:
        """As the function of this name."""
        return _Entries(_Entry(self, os.path.join(os.fsdecode(path), name)) for name in self.listdir(path))

    def getcwd(self) -> str:
        """As the function of this name."""
        return self.here

    def chdir(self, path: Any) -> None:
        """As the function of this name."""
        self.here = self._folder(path)

    def mkdir(self, path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        """As the function of this name."""
        place = self._place(path)
        if place in self.files or place in self.folders:
            raise _error(errno.EEXIST, place)
        self._require_place_for(place)
        self.folders.add(place)

    def rmdir(self, path: Any, *, dir_fd: int | None = None) -> None:
        """As the function of this name."""
        place = self._folder(path)
        if self.listdir(place):
            raise _error(errno.ENOTEMPTY, place)
        self.folders.remove(place)

    def remove(self, path: Any, *, dir_fd: int | None = None) -> None:
        """As the function of this name."""
        del self.files[self._own(path)]

    def rename(self, src: Any, dst: Any, **_: Any) -> None:
        """As the function of this name, for a file."""
        place = self._own(src)
        content = self.content(place, "r")
        self.keep(self._place(dst), content)
        if place != self._place(dst):
            del self.files[place]

    def _place(self, path: Any) -> str:
        return os.path.normpath(os.path.join(self.here, os.fsdecode(path)))

    def _there(self, path: Any) -> str:
        place = self._place(path)
        if place not in self.files and place not in self.folders:
            raise _error(errno.ENOENT, place)
        return place

    def _folder(self, path: Any) -> str:
        place = self._there(path)
        if place not in self.folders:
            raise _error(errno.ENOTDIR, place)
        return place

    def _own(self, path: Any) -> str:
        """A file of the submission's own, to be taken away."""
        place = self._there(path)
        if place in self.folders:
            raise _error(errno.EISDIR, place)
        if place in self.given:
            raise _error(errno.EACCES, place)
        return place

    def _require_place_for(self, place: str) -> None:
        if place in self.folders:
            raise _error(errno.EISDIR, place)
        if os.path.dirname(place) not in self.folders:
            raise _error(errno.ENOENT, place)
        if os.path.dirname(place) == "/":
            raise _error(errno.EROFS, place)
        if place in self.given:
            raise _error(errno.EACCES, place)


class _File(io.BytesIO):
    """One of them, opened. What was written is kept when it is flushed or closed."""

    def __init__(self, scratch: Scratch, path: str, mode: str) -> None:
        super().__init__(scratch.content(path, mode))
        self.scratch, self.name, self.how = scratch, path, mode
        self.flush()
        if "a" in mode:
            self.seek(0, io.SEEK_END)

    def writable(self) -> bool:
        return "r" not in self.how or "+" in self.how

    def readable(self) -> bool:
        return "r" in self.how or "+" in self.how

    def fileno(self) -> NoReturn:
        raise io.UnsupportedOperation("this file is in memory only: it has no descriptor")

    def flush(self) -> None:
        super().flush()
        if self.writable():
            self.scratch.keep(self.name, self.getvalue())

    def close(self) -> None:
        if not self.closed:
            self.flush()
        super().close()


class _Entry:
    """As os.DirEntry."""

    def __init__(self, scratch: Scratch, path: str) -> None:
        self.scratch, self.path, self.name = scratch, path, os.path.basename(path)

    def __fspath__(self) -> str:
        return self.path

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        return os.path.isdir(self.path)

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        return os.path.isfile(self.path)

    def is_symlink(self) -> bool:
        return False

    is_junction = is_symlink

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        return self.scratch.stat(self.path)


class _Entries:
    """As what os.scandir gives."""

    def __init__(self, entries: Iterator[_Entry]) -> None:
        self.entries = entries

    def __iter__(self) -> _Entries:
        return self

    def __next__(self) -> _Entry:
        return next(self.entries)

    def __enter__(self) -> _Entries:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    close = __exit__


def _error(number: int, path: str) -> OSError:
    return OSError(number, os.strerror(number), path)
