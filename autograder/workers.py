"""Several workers at once: one process each, with a warm sandbox of its own."""

import multiprocessing
import os
import signal
from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from .bench import Bench
from .errors import GradbookError
from .sandbox.guest.namespaces import die_with_parent

AHEAD = 4  # submissions in hand for each process
LOSSES = 3  # processes that may be killed, with nothing graded meanwhile, before the run gives up
KILLED = "the process that graded this was killed twice; please look at it by hand"

_bench = None


class Team:
    """Grades files in `count` processes. Use as a context manager.

    how: what Bench takes besides the homework.
    """

    def __init__(self, course, homework_id, count, how):
        self.count, self.work = count, (course, homework_id, how)
        self.lost, self.graded, self.suspects, self.alone = 0, False, set(), Counter()
        self._open()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            # What is being graded is graded again by the next run; nobody waits for it now.
            for process in multiprocessing.active_children():
                process.terminate()
        self.pool.shutdown(cancel_futures=True)

    def grade(self, paths):
        """(key, Graded) for each key of `paths`, as they come; the first are handed out at once."""
        waiting, running = deque(paths.items()), {}
        self._hand_out(waiting, running)
        return self._collect(waiting, running)

    def _open(self):
        context = multiprocessing.get_context("spawn")
        self.pool = ProcessPoolExecutor(self.count, context, _start, self.work)

    def _hand_out(self, waiting, running):
        """Keep a few submissions in hand, so that memory does not grow with the class."""
        # Where a process was killed, one of a few submissions may have done it: those go one by one.
        while waiting and len(running) < (1 if self.suspects else AHEAD * self.count):
            key, path = waiting.popleft()
            running[self.pool.submit(_grade, path)] = key, path

    def _collect(self, waiting, running):
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            try:
                for future in done:
                    graded = future.result()
                    key, _ = running.pop(future)
                    self.suspects.discard(key)
                    self.lost, self.graded = 0, True
                    yield key, graded
                self._hand_out(waiting, running)
            except BrokenProcessPool:
                for key in self._replace(waiting, running):
                    yield key, Bench(*self.work[:2]).record(KILLED)

    def _replace(self, waiting, running):
        """Go on with new processes, where one was killed. Returns the submission that did it, if that is sure."""
        self.lost += 1
        if self.lost > LOSSES:
            raise GradbookError(f"grading processes were killed {self.lost} times; is there enough memory?") from None
        self.pool.shutdown(cancel_futures=True)
        left = dict(running.values())
        running.clear()
        if len(left) == 1:
            self.alone.update(left.keys())
        sure = [key for key in left if self.alone[key] > 1]
        if sure and self.graded:
            self.lost -= self.alone[sure[0]]
        self.suspects = (self.suspects | set(left)).difference(sure)
        waiting.extendleft((key, path) for key, path in left.items() if key not in sure)
        self._open()
        self._hand_out(waiting, running)
        return sure


def _start(course, homework_id, how):
    """In a new process: start its sandbox."""
    global _bench
    import atexit

    # A worker of a grader that was killed must not live on, also where that was before this line.
    die_with_parent()
    if os.getppid() != multiprocessing.parent_process().pid:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _bench = Bench(course, homework_id, **how).__enter__()
    except GradbookError as error:
        _bench = error
        return
    atexit.register(_bench.__exit__)
    signal.signal(signal.SIGTERM, _stop)


def _stop(*_):
    _bench.__exit__()
    os._exit(1)


def _grade(path):
    if isinstance(_bench, GradbookError):
        raise _bench
    return _bench.grade(path)
