"""How long one exchange with a child may take."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from . import bounds
from .guest import packets

# Into an exchange by so much of its limit, the processor time that was used before is noted: short ones need not ask.
MARK = 0.1


class Spent(NamedTuple):
    """Seconds of a submission: of processor time, those that passed, and of them those without a processor."""

    cpu: float
    passed: float
    waited: float


class RanOut(Exception):
    """An exchange took too long. limit: in words. clock: whose it was, bounds.OWN or bounds.OURS."""

    def __init__(self, limit: str, clock: str) -> None:
        super().__init__(limit)
        self.limit, self.clock = limit, clock


class Clock:
    """How long one exchange with a child may take: its own processor time, and, far above that, time that passes.

    What it or the grader waits for a processor is not counted, nor what the grader works out meanwhile. So a busy
    machine costs nobody a mark, and a submission that makes it busy gains no time by that.
    seconds: the limit of the exchange. whole: that of the submission, which had spent `before` until this child came.
    used: tells what this child has used.
    """

    def __init__(self, seconds: float, whole: float, before: Spent, used: Callable[[], packets.Used]) -> None:
        self.seconds, self.whole, self.before, self.used = seconds, whole, before, used
        self.begin, self.answering = time.monotonic(), 0.0
        self.mark: Spent | None = None
        self.ours: float | None = None  # how long the grader itself had waited, at the mark
        self.next = self.begin + MARK * seconds

    def passed(self) -> float:
        """Seconds since the beginning, without those in which the grader worked out an answer."""
        return time.monotonic() - self.begin - self.answering

    @contextlib.contextmanager
    def pause(self) -> Iterator[None]:
        """While the grader works out an answer."""
        begin = time.monotonic()
        try:
            yield
        finally:
            self.answering += time.monotonic() - begin

    def look(self) -> None:
        """Raises RanOut where the time is over."""
        if time.monotonic() < self.next:
            return
        with self.pause():  # who is asked may have to wait for a processor, too
            used = self.used()
        ours = _waited()
        if self.ours is None:
            self.ours = ours
        now = Spent(used["cpu"], self.passed(), used["waited"] + ours - self.ours)
        if self.mark is None:
            self.mark = now
        exchange = Spent(*(after - at for after, at in zip(now, self.mark, strict=True)))
        total = Spent(*(so_far + more for so_far, more in zip(self.before, now, strict=True)))
        self._end(self.seconds, exchange, f"{self.seconds:g} s")
        self._end(self.whole, total, f"{self.whole:g} s in all")
        left = min(self.seconds, self.whole - total.cpu) - exchange.cpu
        self.next = time.monotonic() + max(left, 0.0) / 2 + 0.02

    def _end(self, seconds: float, spent: Spent, limit: str) -> None:
        clock = bounds.run_out(seconds, *spent)
        if clock:
            raise RanOut(limit, clock)


def _waited() -> float:
    """Seconds for which this process's first thread was ready to run and had no processor; 0 where that is not told."""
    try:
        with open("/proc/self/schedstat") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
