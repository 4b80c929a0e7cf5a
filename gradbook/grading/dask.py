"""Grading on the workers of a Dask cluster. What travels is plain data; each worker has the course folder itself.

What Dask runs on a worker only hands on to a RemoteBench: a grading process wants a first thread of its own.
"""

import contextlib
import os
import sys
import threading
import time
from concurrent.futures import CancelledError
from pathlib import Path

from ..errors import GradbookError
from ..intake.submissions import course_version
from .process import ForkServer, RemoteBench
from .team import Team

COURSE = "GRADBOOK_COURSE"  # the course folder on a worker; without it, the folder that the worker was started in
CONNECT = 10.0  # seconds to find the scheduler
NO_WORKERS = (
    "gradbook: the cluster at {address} has no workers; waiting for some. "
    "Workers whose environment lacks gradbook end by themselves, see docs/cluster.md"
)
SIZE_HOLDS = 1.0  # seconds for which the size of the cluster is taken as known


class ClusterTeam(Team):
    """Grades on the workers of the Dask cluster whose scheduler has this address. figures: see Bench."""

    def __init__(self, course, homework_id, address, figures=False):
        self.work = homework_id, course_version(course, homework_id), figures
        self.address, self.threads, self.looked, self.told = address, 0, 0.0, False

    def __enter__(self):
        import logging

        try:
            import distributed
        except ModuleNotFoundError:
            raise GradbookError("a cluster needs Dask: pip install 'gradbook[cluster]'") from None
        # What goes wrong is said here, in one line.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self.killed = distributed.scheduler.KilledWorker
        try:
            self.client = distributed.Client(self.address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise GradbookError(
                f"no Dask scheduler answers at {self.address} ({type(error).__name__}); see docs/cluster.md"
            ) from None
        self.executor = self.client.get_executor(pure=False)
        threading.Thread(target=self._prepare, daemon=True).start()
        return self

    def _prepare(self):
        """Have the workers that are there start their sandboxes, while this process reads what it needs."""
        with contextlib.suppress(Exception):  # a worker that cannot will say so of the first submission
            self.client.run(prepare_there, self.work, on_error="ignore")

    def __exit__(self, *_):
        with contextlib.suppress(OSError, TimeoutError):  # where the scheduler is lost, it is lost for closing too
            self.client.close(timeout=1)

    def size(self):
        if time.monotonic() - self.looked > SIZE_HOLDS:
            self.looked = time.monotonic()
            self.threads = self.client.scheduler_info().get("total_threads", 0)
        return max(self.threads, 1)

    def submit(self, handed_in):
        return self.executor.submit(grade_there, self.work, handed_in)

    def result(self, future):
        from ..course.findings import Graded

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
                "grader has, see docs/cluster.md"
            ) from None

    def look(self):
        if self.client.status != "running":
            raise self._lost()
        self.looked = 0.0
        self.size()
        if not self.threads and not self.told:
            self.told = True
            print(NO_WORKERS.format(address=self.address), file=sys.stderr)

    def _lost(self):
        return GradbookError(
            f"the Dask scheduler at {self.address} was lost; what was graded is kept, run the command again to go on"
        )


# ---------------------------------------------------------------- on a worker

_lock = threading.Lock()
_free: list[tuple] = []  # (work, RemoteBench), the one used last at the end
_servers: dict[tuple, ForkServer] = {}  # work -> what its grading processes are forked from


def prepare_there(work, dask_worker=None):
    """Start a grading process for each thread of this worker that has none for this work."""
    with contextlib.suppress(GradbookError):  # which the first submission will say
        for _ in range(dask_worker.state.nthreads - sum(free == work for free, _ in _free)):
            bench = _new(work)
            bench.start()
            _give_back(work, bench)


def grade_there(work, handed_in):
    """Grade what `notebook.submission` gave, on this worker: a Graded as plain data.

    work: homework, version, figures. Raises GradbookError, with the worker's name, where its course is another
    one or it has no sandbox.
    """
    from distributed import get_worker

    try:
        return _grade(work, handed_in)
    except GradbookError as error:
        raise GradbookError(f"worker {get_worker().address}: {error}") from None


def _grade(work, handed_in):
    bench = _take(work)
    try:
        graded = bench.grade(handed_in)
    except BaseException:
        # What made this one fail may be mended before the next run, which is to meet new ones.
        for one in (bench, *_take_all(work)):
            one.kill()
        with _lock:
            server = _servers.pop(work, None)
        if server:
            server.kill()
        raise
    _give_back(work, bench)
    return graded.plain()


def _take(work):
    """A grading process for this work: one that is free, or a new one."""
    with _lock:
        for place in reversed(range(len(_free))):
            if _free[place][0] == work:
                return _free.pop(place)[1]
    return _new(work)


def _take_all(work):
    with _lock:
        found = [bench for free, bench in _free if free == work]
        _free[:] = [(free, bench) for free, bench in _free if free != work]
    return found


def _new(work):
    folder, (homework_id, version, figures) = _course_folder(), work
    with _lock:
        if work not in _servers:
            _servers[work] = ForkServer(folder, homework_id, version, figures=figures)
        return RemoteBench(_servers[work])


def _course_folder():
    folder = Path(os.environ.get(COURSE, ".")).resolve()
    if not (folder / "nbgrader_config.py").is_file():
        raise GradbookError(f"{folder} is no course folder; start the worker in the course folder, or set {COURSE}")
    return folder


def _give_back(work, bench):
    """Keep a process for the next submission; of all that are free, as many as this machine has cores, twice."""
    with _lock:
        _free.append((work, bench))
        over = [_free.pop(0)[1] for _ in range(len(_free) - 2 * len(os.sched_getaffinity(0)))]
    for old in over:
        old.close()
