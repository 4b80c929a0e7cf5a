"""What known mistakes are seen to do, kept in the course folder from run to run.

It is the same until the homework, the grader or what they run on changes. Nothing here decides what is right.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import platform
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from ..course.assignment import Assignment
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
        page = self._page(check)
        if key not in page:
            page[key] = make()
            self.changed.add(check)
        return page[key]

    def has(self, check: str, key: str) -> bool:
        """Whether there is an observation of this key in this check."""
        return key in self._page(check)

    def put(self, check: str, key: str, seen: Any) -> None:
        """Keep an observation, where there is none of this key."""
        self.get(check, key, lambda: seen)

    def packed(self) -> dict[str, bytes]:
        """Check -> all that is known in it, to be sent to another process."""
        return {check: _packed(page) for check, page in self.pages.items()}

    def add(self, packed: dict[str, bytes]) -> None:
        """Take in what another one has packed."""
        for check, data in packed.items():
            for key, seen in _entries(io.BytesIO(data)):
                self.put(check, key, seen)

    def _page(self, check: str) -> dict[str, Any]:
        if check not in self.pages:
            self.pages[check] = self._read(check)
        return self.pages[check]

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

    @classmethod
    def of(cls, assignment: Assignment) -> Shelf:
        """The one in an assignment's course folder."""
        return cls(assignment.course.root / ".gradbook" / "known", assignment.version())

    def save(self) -> None:
        """Write what was made since the last time. Where two do so at once, one of them is read later."""
        while self.changed:
            check = self.changed.pop()
            with contextlib.suppress(OSError):
                self._write(check, _packed(self.pages[check]))

    def _path(self, check: str) -> Path:
        return self.folder / f"{check}-{self.version}"

    def _read(self, check: str) -> dict[str, Any]:
        with contextlib.suppress(OSError), open(self._path(check), "rb") as file:
            return dict(_entries(file))
        return {}

    def _write(self, check: str, data: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._path(check), data, mode=0o600)
        for old in self.folder.glob(f"{check}-*"):
            if old != self._path(check):
                old.unlink(missing_ok=True)


def _packed(page: dict[str, Any]) -> bytes:
    return b"".join(_entry(*item) for item in page.items())


def _entries(file: BinaryIO) -> Iterator[tuple[str, Any]]:
    """Key and observation of each entry, up to the first that cannot be read."""
    with contextlib.suppress(EOFError, wire.WireError, KeyError, ValueError):
        while True:
            entry = wire.receive(file)
            yield entry["key"], Mark(entry["mark"]) if "mark" in entry else entry["seen"]


def _entry(key: str, seen: Any) -> bytes:
    """The bytes of one observation; none where something in it cannot be written."""
    try:
        data = wire.pack({"key": key, "mark": seen.value} if isinstance(seen, Mark) else {"key": key, "seen": seen})
    except wire.WireError:
        return b""
    return b"" if b'"$": "object"' in data else data
