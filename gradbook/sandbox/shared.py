"""One sandbox of this machine, in which each worker has a warm parent of its own."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
from collections.abc import Iterable, Mapping

from .contents import Contents
from .guest import packets
from .ladder import Ladder
from .launch import Started
from .levels import BEST


class Sandbox:
    """A process that has the imports done, kept away from all else, and forks a warm parent for each worker.

    Use as a context manager, around that of the workers. It starts when the first one needs it.
    files: name -> bytes, the homework's helper files. distributions, modules: what else the homework imports.
    asked: which level it must have, see `levels`; "none" runs student code unprotected.
    """

    def __init__(
        self,
        files: Mapping[str, bytes],
        distributions: Iterable[str] = (),
        modules: Iterable[str] = (),
        asked: str = BEST,
    ) -> None:
        self._ladder = Ladder(Contents.of(files, distributions, modules), asked)
        self._started: Started | None = None
        self._settled = False
        self._lock = threading.Lock()

    @property
    def level(self) -> str | None:
        """The level that it has, once the first worker was connected."""
        return self._ladder.level

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The process that it is, while it runs."""
        return self._started.process if self._started else None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start it, where it is not running, and do not wait for it. Raises SandboxUnavailable."""
        with self._lock:
            self._running()

    def _running(self) -> Started:
        # One that ended before it said anything still has to say why.
        if self._started is None or (self._settled and self._started.process.poll() is not None):
            self._end()
            self._started = self._ladder.start()
        return self._started

    def _ready(self) -> Started:
        started = self._running()
        if not self._settled:
            self._started = None  # where none comes to run, this one is closed
            started = self._ladder.settle(started)
            self._started, self._settled = started, True
        return started

    def connect(self) -> socket.socket:
        """A socket that leads to a new warm parent, which says when it is ready; it closes where there can be none.

        Raises SandboxUnavailable where there can be none.
        """
        with self._lock:
            control = self._ready().control
            ours, theirs = packets.pair()
            # Where nobody is there any more, whoever reads from this one finds out.
            with theirs, contextlib.suppress(OSError):
                packets.send(control, {}, theirs)
            return ours

    def last_words(self) -> str:
        """End it; what it said last."""
        started = self._started
        words = started.last_words() if started else ""
        self.close()
        return words or "no reason given"

    def close(self) -> None:
        """End it; the workers have let go of their warm parents by then."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._started:
            self._started.close()
        self._started, self._settled = None, False
