"""What the grader itself may spend on one submission: a value that is cheap to send can be dear to look at.

Two replies of a few megabytes, subtracted from each other, may make an array of a terabyte; a right function that
stands in for a failed one may be asked for a billion steps.
"""

import contextlib
import resource
import signal
import threading
import time

MEMORY = 4 << 30
AGAIN = 1.0  # seconds, in which whoever is stopped puts its things away


class OutOfTime(BaseException):
    """The grader has computed on one submission until its deadline. Not an Exception: only the judge may catch it."""


@contextlib.contextmanager
def memory(more=MEMORY):
    """Let this process map at most so many bytes more than it has now: beyond that, MemoryError."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm") as file:
        most = int(file.read().split()[0]) * resource.getpagesize() + more
    if soft != resource.RLIM_INFINITY:
        most = min(most, soft)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@contextlib.contextmanager
def until(deadline, busy):
    """Raise OutOfTime in here after `deadline()` (of time.monotonic), but not while `busy()`, and then a little later.

    Works in a process's first thread, which is where signals go; elsewhere it does nothing. Where a finalizer swallows
    it, it comes again.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    armed, again = False, 0.0

    def ring(*_):
        nonlocal again
        if armed and not busy() and time.monotonic() > max(deadline(), again):
            again = time.monotonic() + AGAIN
            raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(deadline() - time.monotonic(), 1e-3), 0.2)
    try:
        armed = True
        yield
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
