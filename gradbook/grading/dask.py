"""Grading on the workers of a Dask cluster. What travels is plain data; each worker has the course folder itself.

What Dask runs on a worker only hands on to a RemoteBench: a grading process wants a first thread of its own.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from typing import Any, NamedTuple

from ..course.assignment import Assignment
from ..course.findings import Graded
from ..course.folder import Course
from ..errors import GradbookError
from .execution import Execution
from .process import ForkServer, RemoteBench
from .team import Team

logger = logging.getLogger(__name__)

COURSE = "GRADBOOK_COURSE"  # the course folder on a worker; without it, the folder that the worker was started in
CONNECT = 10.0  # seconds to find the scheduler
NO_WORKERS = (
    "gradbook: the cluster at {address} has no workers; waiting for some. "
    "Workers whose environment lacks gradbook end by themselves: install it there, with its extra cluster"
)
SIZE_HOLDS = 1.0  # seconds for which the size of the cluster is taken as known


class Work(NamedTuple):
    """What a cluster is to grade: the homework, the version that it must have, and whether to keep figures."""

    homework: str
    version: str
    figures: bool


class ClusterTeam(Team):
    """Grades on the workers of the Dask cluster whose scheduler has this address."""

    def __init__(self, assignment: Assignment, address: str, execution: Execution) -> None:
        self.work = Work(assignment.id, assignment.version(), execution.figures)
        self.address, self.threads, self.looked, self.told = address, 0, 0.0, False
        self.silence = contextlib.ExitStack()

    def __enter__(self) -> ClusterTeam:
        try:
            import distributed
        except ModuleNotFoundError:
            raise GradbookError("a cluster needs Dask: pip install 'gradbook[cluster]'") from None
        self.killed = distributed.scheduler.KilledWorker
        self.silence.enter_context(_silent("distributed"))
        try:
            self.client = distributed.Client(self.address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            self.silence.close()
            raise GradbookError(
                f"no Dask scheduler answers at {self.address} ({type(error).__name__}): is that the address that "
                "`dask scheduler` told, and does it still run?"
            ) from None
        self.executor = self.client.get_executor(pure=False)
        threading.Thread(target=self._prepare, daemon=True).start()
        return self

    def _prepare(self) -> None:
        """Have the workers that are there start their sandboxes, while this process reads what it needs."""
        with contextlib.suppress(Exception):  # a worker that cannot will say so of the first submission
            self.client.run(prepare_there, self.work, on_error="ignore")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self.silence, contextlib.suppress(OSError, TimeoutError):  # a scheduler that is lost is so for closing too
            self.client.close(timeout=1)

    def size(self) -> int:
        if time.monotonic() - self.looked > SIZE_HOLDS:
            self.looked = time.monotonic()
            before, self.threads = self.threads, self.client.scheduler_info().get("total_threads", 0)
            if self.threads != before:
                logger.info("the cluster at %s grades %d at a time", self.address, self.threads)
        return max(self.threads, 1)

    def submit(self, handed_in: bytes | str) -> Future[Any]:
        return self.executor.submit(grade_there, self.work, handed_in)

    def result(self, future: Future[Any]) -> Graded | None:
        try:
            return Graded.from_plain(future.result())
        except self.killed:
            return None
        except CancelledError:
            raise self._lost() from None
        except GradbookError:
            raise
        except Exception as error:
            what = f"{type(error).__name__}: {error}".split("\n")[0]
            raise GradbookError(
                f"a worker of the cluster at {self.address} failed ({what}); give it the environment that this "
                "grader has, with the same versions of Python, Dask and gradbook"
            ) from None

    def look(self) -> None:
        if self.client.status != "running":
            raise self._lost()
        self.looked = 0.0
        self.size()
        if not self.threads and not self.told:
            self.told = True
            print(NO_WORKERS.format(address=self.address), file=sys.stderr)

    def _lost(self) -> GradbookError:
        return GradbookError(
            f"the Dask scheduler at {self.address} was lost; what was graded is kept, run the command again to go on"
        )


@contextlib.contextmanager
def _silent(name: str) -> Iterator[None]:
    """A context in which a package logs nothing: what goes wrong there is said by us, in one line."""
    theirs = logging.getLogger(name)
    before = theirs.level
    theirs.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        theirs.setLevel(before)


# ---------------------------------------------------------------- on a worker


class Benches:
    """The grading processes of one worker: those that are free, and what they are forked from."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.free: list[tuple[Work, RemoteBench]] = []  # the one used last at the end
        self.servers: dict[Work, ForkServer] = {}

    @classmethod
    def of(cls, worker: Any) -> Benches:
        """Those of this Dask worker, which keeps them as long as it lives."""
        benches: Benches = vars(worker).setdefault("gradbook_benches", cls())
        return benches

    def count(self, work: Work) -> int:
        """How many are free for this work."""
        with self.lock:
            return sum(free == work for free, _ in self.free)

    def take(self, work: Work) -> RemoteBench:
        """One that is free for this work, or a new one."""
        with self.lock:
            for place in reversed(range(len(self.free))):
                if self.free[place][0] == work:
                    return self.free.pop(place)[1]
        return self.new(work)

    def new(self, work: Work) -> RemoteBench:
        """A new one. Raises GradbookError where this worker has no course folder."""
        course = Course.at(os.environ.get(COURSE, "."), f"start the worker in the course folder, or set {COURSE}")
        with self.lock:
            if work not in self.servers:
                assignment = Assignment(course, work.homework)
                self.servers[work] = ForkServer(assignment, Execution(figures=work.figures), work.version)
            return RemoteBench(self.servers[work])

    def give_back(self, work: Work, bench: RemoteBench) -> None:
        """Keep it for the next submission; of all that are free, as many as this machine has cores, twice."""
        with self.lock:
            self.free.append((work, bench))
            most = 2 * len(os.sched_getaffinity(0))
            over = [self.free.pop(0)[1] for _ in range(len(self.free) - most)]
        for old in over:
            old.close()

    def drop(self, work: Work) -> None:
        """End all that are free for this work, with what they are forked from."""
        with self.lock:
            ended = [bench for free, bench in self.free if free == work]
            self.free = [(free, bench) for free, bench in self.free if free != work]
            server = self.servers.pop(work, None)
        for bench in ended:
            bench.kill()
        if server:
            server.kill()


def prepare_there(work: Work, dask_worker: Any = None) -> None:
    """Start a grading process for each thread of this worker that has none for this work."""
    benches = Benches.of(dask_worker)
    with contextlib.suppress(GradbookError):  # which the first submission will say
        for _ in range(dask_worker.state.nthreads - benches.count(work)):
            bench = benches.new(work)
            bench.start()
            benches.give_back(work, bench)


def grade_there(work: Work, handed_in: bytes | str) -> dict[str, Any]:
    """Grade what `notebook.submission` gave, on this worker: a Graded as plain data.

    Raises GradbookError, with the worker's name, where its course is another one or it has no sandbox.
    """
    from distributed import get_worker

    worker = get_worker()
    try:
        return _grade(Benches.of(worker), work, handed_in)
    except GradbookError as error:
        raise GradbookError(f"worker {worker.address}: {error}") from None


def _grade(benches: Benches, work: Work, handed_in: bytes | str) -> dict[str, Any]:
    bench = benches.take(work)
    try:
        graded = bench.grade(handed_in)
    except BaseException:
        # What made this one fail may be mended before the next run, which is to meet new ones.
        bench.kill()
        benches.drop(work)
        raise
    benches.give_back(work, bench)
    return graded.plain()
