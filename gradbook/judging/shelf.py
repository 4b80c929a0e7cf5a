"""What known mistakes are seen to do, kept in the course folder from run to run.

It is the same until the homework, the grader or what they run on changes. Nothing here decides what is right.
"""

import contextlib
import hashlib
import platform
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

from ..course.files import write_whole
from ..sandbox.guest import wire


class Mark(Enum):
    """What stands for an observation that is no value; written by its own."""

    NOTHING = "nothing"
    RAISED = "raised"


NOTHING, RAISED = Mark.NOTHING, Mark.RAISED


class Memory:
    """Observations of known mistakes, by check and key, kept for as long as this."""

    def __init__(self) -> None:
        self.pages: dict[str, dict[str, Any]] = {}
        self.changed: set[str] = set()

    def get(self, check: str, key: str, make: Callable[[], Any]) -> Any:
        """The observation of this key in this check; made where it is not there."""
        if check not in self.pages:
            self.pages[check] = self._read(check)
        page = self.pages[check]
        if key not in page:
            page[key] = make()
            self.changed.add(check)
        return page[key]

    def _read(self, check: str) -> dict[str, Any]:
        return {}


class Shelf(Memory):
    """A folder with a file of observations for each check. version: of the course, see `Assignment.version`.

    What cannot be read or written is worked out anew.
    """

    def __init__(self, folder: Path, version: str) -> None:
        super().__init__()
        self.folder = folder
        ground = version, np.__version__, platform.python_version(), platform.machine()
        self.version = hashlib.sha256("/".join(ground).encode()).hexdigest()[:32]

    def save(self) -> None:
        """Write what was made since the last time. Where two do so at once, one of them is read later."""
        while self.changed:
            check = self.changed.pop()
            with contextlib.suppress(OSError):
                self._write(check, b"".join(_entry(*item) for item in self.pages[check].items()))

    def _path(self, check: str) -> Path:
        return self.folder / f"{check}-{self.version}"

    def _read(self, check: str) -> dict[str, Any]:
        page: dict[str, Any] = {}
        faults = OSError, EOFError, wire.WireError, KeyError, ValueError
        with contextlib.suppress(*faults), open(self._path(check), "rb") as file:
            while True:
                entry = wire.receive(file)
                page[entry["key"]] = Mark(entry["mark"]) if "mark" in entry else entry["seen"]
        return page

    def _write(self, check: str, data: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._path(check), data, mode=0o600)
        for old in self.folder.glob(f"{check}-*"):
            if old != self._path(check):
                old.unlink(missing_ok=True)


def _entry(key: str, seen: Any) -> bytes:
    """The bytes of one observation; none where something in it cannot be written."""
    try:
        data = wire.pack({"key": key, "mark": seen.value} if isinstance(seen, Mark) else {"key": key, "seen": seen})
    except wire.WireError:
        return b""
    return b"" if b'"$": "object"' in data else data
