"""What a process uses that is in no sandbox, measured from outside, as far as this system tells."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from .guest.packets import Used

logger = logging.getLogger(__name__)

SECONDS = 0.2  # between two looks at its memory


class Measured:
    """From now on, what a process uses is measured, and it is killed where it uses too much memory.

    Where its processor time cannot be told, all time that passes counts as that.
    memory: bytes that it may use beyond what it has now. kill: ends it.
    """

    def __init__(self, pid: int, memory: int, kill: Callable[[], None]) -> None:
        self.pid, self.process, self.begin = pid, _of(pid), time.monotonic()
        self.over: str | None = None
        self.most = 0
        self.before, self.held = self._processor_time(), self._memory()
        self.waited_before = _waited(pid)
        self.limit, self.kill = self.held + memory, kill
        self.done = threading.Event()
        if self.process is not None:
            threading.Thread(target=self._look_after, daemon=True).start()

    def used(self) -> Used:
        """What it has used since then, with all that it started and that still runs."""
        cpu = self._processor_time() - self.before if self.process else time.monotonic() - self.begin
        return Used(cpu=max(cpu, 0.0), waited=max(_waited(self.pid) - self.waited_before, 0.0))

    def end(self) -> tuple[str | None, int]:
        """Look no more; the limit that it was killed for, if it was, and the most memory that was seen."""
        self.done.set()
        return self.over, self.most

    def kill_what_it_started(self) -> None:
        """Kill the processes below it."""
        if self.process is not None:
            with contextlib.suppress(Exception):
                for each in self.process.children(recursive=True):
                    each.kill()

    def _look_after(self) -> None:
        while not self.done.wait(SECONDS):
            held = self._memory()
            self.most = max(self.most, held - self.held)
            if held > self.limit and not self.over:
                self.over = "memory"
                self.kill()

    def _memory(self) -> int:
        with contextlib.suppress(Exception):
            return int(self.process.memory_info().rss)
        return 0

    def _processor_time(self) -> float:
        """Seconds so far; those that were known last where it is gone."""
        with contextlib.suppress(Exception):
            below = self.process.children(recursive=True)
            self.last = sum(_seconds(each) for each in (self.process, *below))
        return self.last

    last = 0.0


def _of(pid: int) -> Any:
    """A process as psutil has it; None where this machine has no psutil that works."""
    try:
        import psutil

        return psutil.Process(pid)
    except Exception as error:
        logger.info("no processor time can be measured here (%s)", type(error).__name__)
        return None


def _seconds(process: Any) -> float:
    try:
        times = process.cpu_times()
    except Exception:
        # It has just ended.
        return 0.0
    return float(times.user + times.system)


def _waited(pid: int) -> float:
    """Seconds that its first thread was ready and had no processor, where the system tells, which is Linux."""
    with contextlib.suppress(OSError, ValueError, IndexError), open(f"/proc/{pid}/schedstat") as file:
        return int(file.read().split()[1]) / 1e9
    return 0.0
