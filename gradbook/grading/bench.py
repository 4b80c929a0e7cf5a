"""One warm sandbox, and all that it takes to grade files of one homework in it."""

from __future__ import annotations

import traceback
from contextlib import suppress
from socket import socket
from typing import TYPE_CHECKING

from ..course.agreement import require_points
from ..course.assignment import Assignment
from ..course.findings import Graded
from ..course.folder import read_notebook
from ..judging.cache import Shelf
from ..judging.experiments import SEED, keep_on, reference_observation
from ..sandbox.worker import Worker
from .execution import Execution, sandbox_for
from .mishaps import reason, require_one_submissions

if TYPE_CHECKING:
    from nbformat import NotebookNode


class Bench:
    """Grades notebooks of one assignment, one after the other. Use as a context manager.

    Entering starts the sandbox and does not wait for it: what else a run imports is read meanwhile.
    """

    def __init__(self, assignment: Assignment, execution: Execution = Execution()) -> None:  # noqa: B008, as it is frozen
        self.assignment, self.homework, self.execution = assignment, assignment.homework, execution
        self.sandbox = sandbox_for(assignment, execution.sandboxed)
        self.worker = Worker(self.sandbox, assignment.limits, execution.figures)
        self._template: NotebookNode | None = None

    def __enter__(self) -> Bench:
        return self.start()

    def start(self, given: socket | None = None) -> Bench:
        """Start the sandbox. given: a socket that leads to a warm parent in one that is there already."""
        self.worker.start(given)
        if given is None:
            self.execution.say_level()
        self.shelf = Shelf(self.assignment.course.root / ".gradbook" / "known", self.assignment.version())
        keep_on(self.shelf)
        return self

    def prepare(self) -> None:
        """Do now, before this process is forked, what grading the first submission would do."""
        # Threads that PyTorch starts would not survive the fork, and their locks would.
        checks = () if self.homework.modules else self.homework.checks
        # Where a check does not run on the reference, the first submission will say so.
        with suppress(Exception):
            for check in checks:
                reference_observation(self.homework, check.name, SEED)
        _ = self.template

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox."""
        self.worker.close()
        self.sandbox.close()

    @property
    def template(self) -> NotebookNode:
        """The released notebook. Raises GradbookError where it was built for other checks."""
        if self._template is None:
            template = read_notebook(self.assignment.release_notebook)
            require_points(self.homework, template)
            self._template = template
        return self._template

    def grade(self, handed_in: bytes | str) -> Graded:
        """Grade what `notebook.submission` gave, whatever it is. Raises GradbookError where that fails."""
        from .submission import grade_submission

        try:
            graded = grade_submission(handed_in, self.homework, self.template, self.worker, self.execution.figures)
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

        graded = grade_submission(reason(error), self.homework, self.template, self.worker)
        graded.traceback = "".join(traceback.format_exception(error))
        return graded
