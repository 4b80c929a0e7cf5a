"""Stopping where nothing is half done: by Ctrl-C, or by what a service manager sends."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

SIGNALS = signal.SIGINT, signal.SIGTERM


class Stopped(BaseException):
    """Somebody asked to stop."""


class Stop:
    """Knows whether that was asked. Use as a context manager, in the main thread."""

    def __init__(self) -> None:
        self.asked, self._waits = False, False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Stop:
        self._before = {number: signal.signal(number, self._ask) for number in SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        if self._waits:
            raise Stopped

    def look(self) -> None:
        """Raises Stopped where it was asked."""
        if self.asked:
            raise Stopped

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """A context that ends as soon as it is asked: for waiting."""
        self._waits = True
        try:
            self.look()
            yield
        finally:
            self._waits = False

    def sleep(self, seconds: float) -> None:
        """Wait for so long, or until it is asked. Raises Stopped then."""
        with self.at_once():
            time.sleep(seconds)
