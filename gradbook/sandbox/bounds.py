"""What the grader itself may spend on one submission: a value that is cheap to send can be dear to look at.

Two replies of a few megabytes, subtracted from each other, may make an array of a terabyte; a right function that
stands in for a failed one may be asked for a billion steps. And when the time of a submission has run out: its clock
is its own processor time. Time that only passes is the machine's, and counts far above that.
"""

import _thread
import contextlib
import mmap
import signal
import threading
import time
from collections.abc import Callable, Iterator

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

MEMORY = 4 << 30
AGAIN = 1.0  # seconds, in which whoever is stopped puts its things away
OWN, OURS = "own", "ours"  # whose clock has run out: the submission's processor time, or a clock that only ticks
PATIENCE, MOST = 2, 20  # times a limit, that may pass without what was waited for a processor, and with it
TICK = 0.2  # seconds between two looks at what was spent


class OutOfTime(BaseException):
    """The grader has computed on one submission for too long. Not an Exception: only the judge may catch it."""


def run_out(seconds: float, cpu: float, passed: float, waited: float = 0.0) -> str:
    """Whose clock has run out, OWN or OURS, or an empty text.

    seconds: the limit. cpu: processor time. passed: time since the beginning, of which the submission waited for a
    processor for `waited`.
    """
    if cpu >= seconds:
        return OWN
    return OURS if passed - waited >= PATIENCE * seconds or passed >= MOST * seconds else ""


@contextlib.contextmanager
def memory(more: int = MEMORY) -> Iterator[None]:
    """Let this process map at most so many bytes more than it has now: beyond that, MemoryError.

    Where the system does not tell how much that is, or has no such limit, nothing is bound: macOS and Windows.
    """
    mapped = _mapped()
    if resource is None or not mapped:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = mapped + more if soft == resource.RLIM_INFINITY else min(mapped + more, soft)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _mapped() -> int:
    """How many bytes this process has mapped; 0 where the system does not say."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * mmap.PAGESIZE
    except OSError:
        return 0


@contextlib.contextmanager
def ticking(ring: Callable[..., None]) -> Iterator[None]:
    """Call a function every TICK, between two steps of whatever runs in this thread, which is the process's first."""
    timer = hasattr(signal, "setitimer") and hasattr(signal, "SIGALRM")
    # Windows has no timer. There a thread has a signal arrive that Windows itself never sends.
    kind = signal.SIGALRM if timer else signal.SIGTERM
    before, over = signal.signal(kind, ring), threading.Event()
    thread = threading.Thread(target=_tick, args=(kind, over), daemon=True)
    if timer:
        signal.setitimer(signal.ITIMER_REAL, TICK, TICK)
    else:
        thread.start()
    try:
        yield
    finally:
        over.set()
        if timer:
            signal.setitimer(signal.ITIMER_REAL, 0)
        else:
            thread.join()
        signal.signal(kind, before)


def _tick(kind: signal.Signals, over: threading.Event) -> None:
    while not over.wait(TICK):
        _thread.interrupt_main(kind)


class Allowance:
    """How much this process may work out about one submission. seconds: of its processor time.

    While it pauses, nothing is counted, and nothing is stopped.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds, self.again = seconds, 0.0
        self.cpu, self.passed = 0.0, 0.0
        self.since: tuple[float, float] | None = None  # processor time and time, where it counts

    @contextlib.contextmanager
    def spend(self) -> Iterator[None]:
        """Raise OutOfTime in here once the allowance is spent, and then a little later, where a finalizer swallows it.

        Works in a process's first thread, which is where signals go; elsewhere it does nothing.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        with ticking(self._ring):
            self._begin()
            try:
                yield
            finally:
                self._stop()

    @contextlib.contextmanager
    def pause(self) -> Iterator[None]:
        """A context in which nothing is counted: others work, or what is worked out is no matter of the submission."""
        counting = self.since is not None
        self._stop()
        try:
            yield
        finally:
            if counting:
                self._begin()

    @contextlib.contextmanager
    def go_on(self) -> Iterator[None]:
        """A context, within a pause, in which it is counted all the same."""
        self._begin()
        try:
            yield
        finally:
            self._stop()

    def _begin(self) -> None:
        self.since = time.process_time(), time.monotonic()

    def _stop(self) -> None:
        if self.since is not None:
            (cpu, passed), self.since = self.since, None
            self.cpu += time.process_time() - cpu
            self.passed += time.monotonic() - passed

    def _ring(self, *_: object) -> None:
        if self.since is None or time.monotonic() < self.again:
            return
        self._stop()
        self._begin()
        if run_out(self.seconds, self.cpu, self.passed):
            self.again = time.monotonic() + AGAIN
            raise OutOfTime
