"""One sandbox of this machine, in which each worker has a warm parent of its own."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
from collections.abc import Iterable, Mapping

from . import launch
from .guest import packets


class Sandbox:
    """A bubblewrap with a process in it that has the imports done, and forks a warm parent for each worker.

    Use as a context manager, around that of the workers. It starts when the first one needs it.
    files: name -> bytes, the homework's helper files. distributions, modules: what else the homework imports.
    sandboxed: False runs student code unprotected.
    """

    def __init__(
        self,
        files: Mapping[str, bytes],
        distributions: Iterable[str] = (),
        modules: Iterable[str] = (),
        sandboxed: bool = True,
    ) -> None:
        self._launch = lambda: launch.start(files, distributions, modules, sandboxed)
        self._started: launch.Started | None = None
        self._lock = threading.Lock()

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

    def _running(self) -> launch.Started:
        if self._started is None or self._started.process.poll() is not None:
            self._end()
            self._started = self._launch()
        return self._started

    def connect(self, processor: int | None = None) -> socket.socket:
        """A socket that leads to a new warm parent, which says when it is ready; it closes where there can be none.

        processor: the number of the one that it is to keep to, with what it forks.
        Raises SandboxUnavailable where there is no bubblewrap.
        """
        with self._lock:
            control = self._running().control
            ours, theirs = packets.pair()
            # Where nobody is there any more, whoever reads from this one finds out.
            with theirs, contextlib.suppress(OSError):
                packets.send(control, {"processor": processor}, theirs)
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
        self._started = None
