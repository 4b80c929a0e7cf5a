"""What is kept warm between two runs of one process."""

from __future__ import annotations

import atexit
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..course.assignment import Assignment
from .execution import Execution

if TYPE_CHECKING:
    from .bench import Bench
    from .team import LocalTeam

logger = logging.getLogger(__name__)


class WarmBench:
    """A Bench that stays warm from one run to the next, for a process that lives on, such as formgrader's server.

    One is kept at most: for the assignment, its version and the way of the last run.
    """

    def __init__(self) -> None:
        self._kept: tuple[tuple[Assignment, str, Execution], Bench] | None = None

    @contextmanager
    def bench(self, assignment: Assignment, execution: Execution) -> Iterator[Bench]:
        """The Bench that was kept, or a new one in its place."""
        from .bench import Bench

        key = assignment, assignment.version(), execution
        if self._kept is None or self._kept[0] != key:
            self.close()
            self._kept = key, Bench(assignment, execution).start()
            atexit.register(self.close)
        else:
            logger.info("the sandbox of the last run is used again")
        yield self._kept[1]

    def close(self) -> None:
        """End the sandbox that was kept, if there is one."""
        kept, self._kept = self._kept, None
        if kept:
            atexit.unregister(self.close)
            kept[1].close()


class WarmTeam:
    """A team that stays warm from one stream to the next, for a process that lives on. Use as a context manager.

    One is kept at most: for the assignment, its version and the way of the last stream. workers: None for one a core.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.count = workers or len(os.sched_getaffinity(0))
        self._kept: tuple[tuple[Assignment, str, Execution], LocalTeam] | None = None

    def __enter__(self) -> WarmTeam:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close()

    def team(self, assignment: Assignment, execution: Execution) -> LocalTeam:
        """The team that was kept, or a new one in its place, whose sandbox starts meanwhile."""
        from .team import LocalTeam

        key = assignment, assignment.version(), execution
        if self._kept is None or self._kept[0] != key:
            self.close()
            self._kept = key, LocalTeam(assignment, self.count, execution)
            self._kept[1].__enter__()
        return self._kept[1]

    def close(self) -> None:
        """End the team that was kept, if there is one, with what it grades."""
        kept, self._kept = self._kept, None
        if kept:
            kept[1].__exit__(KeyboardInterrupt)
