"""Several that grade at a time, each in a process of its own: on this machine, or (see dask) on others."""

from __future__ import annotations

import logging
import queue
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from ..course.assignment import Assignment
from ..course.findings import Graded
from ..errors import GradbookError
from ..intake.notebook import submission
from .execution import Execution, sandbox_for
from .process import AGAIN_AND_AGAIN, KILLED, ForkServer, RemoteBench
from .turns import Turns

logger = logging.getLogger(__name__)
Key = TypeVar("Key", bound=Hashable)
More = Callable[[int], Iterable[tuple[Key, Path]]]

AHEAD = 4  # submissions in hand for each that grades
LOSSES = 3  # submissions in a row that take their processes along, or times that one is lost, before the run gives up
PATIENCE = 5.0  # seconds without a result after which a team looks whether all is well


class Team:
    """Hands out submissions and collects gradings: what every team has in common. Use as a context manager."""

    def __enter__(self) -> Team:
        raise NotImplementedError

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        raise NotImplementedError

    def submit(self, handed_in: bytes | str) -> Future[Any]:
        """Have what `notebook.submission` gave graded: a future of its Graded."""
        raise NotImplementedError

    def result(self, future: Future[Any]) -> Graded | None:
        """The Graded of such a future; None where it was lost by no fault of its own."""
        return future.result()

    def size(self) -> int:
        """How many grade at a time."""
        raise NotImplementedError

    def look(self) -> None:
        """Called where no result came for a while. Raises GradbookError where none will come any more."""

    def grade(self, paths: Mapping[Key, Path]) -> Iterator[tuple[Key, Graded]]:
        """(key, Graded) for each of `paths`, see `stream`."""
        waiting = iter(paths.items())
        return self.stream(lambda room: islice(waiting, room))

    def stream(self, more: More[Key], tick: float = PATIENCE) -> Iterator[tuple[Key, Graded]]:
        """(key, Graded) for each that `more` gives, in this order as far as none is much slower than the next ones.

        more: gives at most so many (key, path); it is asked again and again, at least every `tick` seconds, until it
        gives none and all is graded. Raises GradbookError where the run must end.
        """
        lost, turns, quiet = Counter[Key](), Turns[Key, Graded](), time.monotonic()
        running: dict[Future[Any], tuple[Key, Path]] = {}
        held: list[tuple[Key, Graded]] = []
        while True:
            yield from turns.ready()
            # A few in hand for each, so that memory does not grow with the class.
            for key, path in more(max(AHEAD * self.size() - len(running), 0)):
                running[self.submit(submission(path))] = key, path
                turns.give(key)
            if not running:
                break
            done, _ = wait(running, turns.wait(tick), FIRST_COMPLETED)
            if done:
                quiet = time.monotonic()
            elif time.monotonic() - quiet >= PATIENCE:
                quiet = time.monotonic()
                self.look()
            for future in done:
                key, path = running.pop(future)
                graded = self.result(future)
                if graded is None:
                    lost[key] += 1
                    logger.info("%s: lost together with who graded it; handed out again", key)
                    running[self.submit(submission(path))] = key, path
                elif graded.problem == KILLED:
                    held.append((key, graded))
                    turns.drop(key)
                else:
                    # Others are graded: it was not the machine that killed those.
                    yield from held
                    held.clear()
                    turns.came(key, graded)
            if len(held) > LOSSES or max(lost.values(), default=0) > LOSSES:
                raise GradbookError(AGAIN_AND_AGAIN)
        yield from held

    def alone(self, path: Path) -> Graded:
        """Grade one submission while nothing else is graded."""
        for _ in range(LOSSES):
            graded = self.result(self.submit(submission(path)))
            if graded is not None:
                return graded
        raise GradbookError(AGAIN_AND_AGAIN)


class LocalTeam(Team):
    """Grades in `count` processes of this machine, with one sandbox."""

    def __init__(self, assignment: Assignment, count: int, execution: Execution) -> None:
        self.sandbox = sandbox_for(assignment, execution.sandboxed)
        self.server = ForkServer(assignment, execution)
        self.benches = [RemoteBench(self.server, self.sandbox) for _ in range(count)]
        self.pool, self.free = ThreadPoolExecutor(count), queue.SimpleQueue[RemoteBench]()

    def __enter__(self) -> LocalTeam:
        logger.info("%d processes of this machine grade them", len(self.benches))
        # It takes longest, and the others are as soon ready.
        self.sandbox.start()
        for bench in self.benches:
            bench.start()
            self.free.put(bench)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for bench in self.benches:
            # Where the run was stopped, what is being graded is graded again by the next one.
            bench.close() if kind is None else bench.kill()
        self.server.close() if kind is None else self.server.kill()
        self.pool.shutdown(cancel_futures=True)
        self.sandbox.close()

    def size(self) -> int:
        return len(self.benches)

    def submit(self, handed_in: bytes | str) -> Future[Any]:
        return self.pool.submit(self._grade, handed_in)

    def _grade(self, handed_in: bytes | str) -> Graded:
        bench = self.free.get()
        try:
            return bench.grade(handed_in)
        finally:
            self.free.put(bench)
