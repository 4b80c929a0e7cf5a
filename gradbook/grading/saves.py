"""The saves of a file that somebody works on, also by editors that write another one and rename it."""

from __future__ import annotations

import json
import time
from pathlib import Path

from ..intake.notebook import submission

POLL = 0.5  # seconds between two looks
SETTLE = 0.1  # between two that have to be alike, as a file may be half written
PATIENCE = 2.0  # seconds in which the rest comes, where a file is no whole notebook

State = tuple[int, int, int] | None  # time, size, number of the file; None where there is none


class Saves:
    """Gives a file as it lies there, and then again after each save. path: may be a link, later to another file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.read: State = None

    def first(self) -> bytes | str:
        """As it is now, see `notebook.submission`."""
        self.read = self._state()
        return self._content()

    def next(self) -> bytes | str:
        """As it is after the next save. Returns once there is one, and it is whole or stays as it is."""
        while (now := self._state()) in (None, self.read):
            time.sleep(POLL)
        deadline = time.monotonic() + PATIENCE
        while True:
            time.sleep(SETTLE)
            now, before = self._state(), now
            if now is None or now != before:
                continue
            content = self._content()
            if self._state() == now and (_is_whole(content) or time.monotonic() > deadline):
                self.read = now
                return content

    def _state(self) -> State:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _content(self) -> bytes | str:
        # The links on the way are whose file it is: nothing of them is hidden from the reader.
        return submission(self.path.resolve())


def _is_whole(content: bytes | str) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True
