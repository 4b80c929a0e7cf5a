"""One warm sandbox, and all that it takes to grade files of one homework in it."""

from __future__ import annotations

import logging
from socket import socket

from ..course.agreement import require_points
from ..course.assignment import Assignment
from ..course.findings import Graded
from ..course.tracebacks import text_of, type_and_place
from ..intake.release import Release
from ..judging.observations import Observations
from ..judging.shelf import Shelf
from ..sandbox.children import Children
from ..sandbox.worker import Worker
from .execution import Execution, processes_for, sandbox_for
from .mishaps import reason, require_one_submissions

logger = logging.getLogger(__name__)


class Bench:
    """Grades notebooks of one assignment, one after the other. Use as a context manager.

    Entering starts the sandbox and does not wait for it: what else a run imports is read meanwhile.
    """

    def __init__(self, assignment: Assignment, execution: Execution = Execution()) -> None:  # noqa: B008, as it is frozen
        self.assignment, self.homework, self.execution = assignment, assignment.homework, execution
        self.shelf = Shelf.of(assignment)
        self.observations = Observations(self.homework, shelf=self.shelf)
        self.sandbox = None if execution.own else sandbox_for(assignment, execution.sandboxed)
        self.worker = self._worker()
        self._release: Release | None = None

    def _worker(self) -> Children:
        if self.sandbox is None:
            return processes_for(self.assignment, self.execution.figures)
        return Worker(self.sandbox, self.assignment.limits, self.execution.figures)

    def __enter__(self) -> Bench:
        return self.start()

    def start(self, given: socket | None = None) -> Bench:
        """Start the sandbox. given: a socket that leads to a warm parent in one that is there already."""
        self.worker.start(given)
        return self

    def prepare(self) -> None:
        """Do now, before this process is forked, what grading the first submission would do."""
        # Threads that PyTorch starts would not survive the fork, and their locks would.
        if not self.homework.modules:
            try:
                self.observations.prepare()
            except Exception as error:
                # Where a check does not run on the reference, the first submission will say so, with the traceback.
                logger.info("not all could be worked out before the first submission (%s)", type_and_place(error))
            self.shelf.save()
        self._read_release()

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox."""
        self.worker.close()
        if self.sandbox:
            self.sandbox.close()

    @property
    def release(self) -> Release:
        """What was released. Raises GradbookError where it was built for other checks."""
        return self._release or self._read_release()

    def _read_release(self) -> Release:
        require_points(self.homework, self.assignment.released.notebook)
        self._release = self.assignment.released
        return self._release

    def grade(self, handed_in: bytes | str) -> Graded:
        """Grade what `notebook.submission` gave, whatever it is. Raises GradbookError where that fails."""
        from .submission import grade_submission

        try:
            graded = grade_submission(handed_in, self.observations, self.release, self.worker, self.execution.figures)
            self.shelf.save()
            return graded
        except Exception as error:
            require_one_submissions(error)
            if isinstance(handed_in, str):
                raise
            # A fault of ours must not cost the others their grades; it is recorded and flagged.
            return self.failed(error)

    def failed(self, error: Exception) -> Graded:
        """What is recorded of a submission that the grader itself failed at."""
        from .submission import grade_submission

        graded = grade_submission(reason(error), self.observations, self.release, self.worker)
        graded.traceback = text_of(error)
        return graded
