"""One warm sandbox, and all that it takes to grade files of one homework in it."""

import atexit
import traceback
from contextlib import contextmanager, suppress
from dataclasses import replace

from ..course.agreement import require_points
from ..course.folder import read_notebook
from ..homework.loading import load
from ..intake.submissions import course_version
from ..judging.observations import Observations
from ..judging.shelf import Shelf
from ..sandbox.shared import Sandbox
from ..sandbox.worker import Worker
from .mishaps import reason, require_one_submissions


class Bench:
    """Grades notebooks of one homework, one after the other. Use as a context manager.

    Entering starts the sandbox and does not wait for it: what else a run imports is read meanwhile.
    sandboxed: False runs student code unprotected. figures: run the demonstration cells, and keep their figures.
    """

    def __init__(self, course, homework_id, sandboxed=True, figures=False):
        self.course, self.homework, self.figures = course, load(course.root, homework_id), figures
        self.shelf = Shelf(course.root / ".gradbook" / "known", course_version(course, homework_id))
        self.observations = Observations(self.homework, shelf=self.shelf)
        self.sandbox = Sandbox.of(course, homework_id, sandboxed)
        self.worker = Worker(self.sandbox, _limits(course, self.homework), figures)
        self._template = None

    def __enter__(self):
        return self.start()

    def start(self, given=None):
        """Start the sandbox. given: a socket that leads to a warm parent in one that is there already."""
        self.worker.start(given)
        return self

    def prepare(self):
        """Do now, before this process is forked, what grading the first submission would do."""
        # Threads that PyTorch starts would not survive the fork, and their locks would.
        if not self.homework.modules:
            # Where a check does not run on the reference, the first submission will say so.
            with suppress(Exception):
                self.observations.prepare()
            self.shelf.save()
        return self.template

    def __exit__(self, *_):
        self.worker.close()
        self.sandbox.close()

    @property
    def template(self):
        """The released notebook. Raises GradbookError where it was built for other checks."""
        if self._template is None:
            template = read_notebook(self.course.release_notebook(self.homework.id))
            require_points(self.homework, template)
            self._template = template
        return self._template

    def grade(self, handed_in):
        """Grade what `notebook.submission` gave: a Graded, whatever it is. Raises GradbookError where that fails."""
        from .submission import grade_submission

        try:
            graded = grade_submission(handed_in, self.observations, self.template, self.worker, self.figures)
            self.shelf.save()
            return graded
        except Exception as error:
            require_one_submissions(error)
            if isinstance(handed_in, str):
                raise
            # A fault of ours must not cost the others their grades; it is recorded and flagged.
            return self.failed(error)

    def failed(self, error):
        """What is recorded of a submission that the grader itself failed at: a Graded."""
        from .submission import grade_submission

        graded = grade_submission(reason(error), self.observations, self.template, self.worker)
        graded.traceback = "".join(traceback.format_exception(error))
        return graded


_kept: dict[tuple, Bench] = {}


@contextmanager
def kept_bench(course, homework_id, **how):
    """A Bench that stays warm for the next call, for a process that lives on, such as formgrader's server.

    One is kept at most: for the homework, its version and the options of the last call.
    """
    key = (course, course_version(course, homework_id), *sorted(how.items()))
    if key not in _kept:
        close_kept()
        _kept[key] = Bench(course, homework_id, **how).__enter__()
    yield _kept[key]


@atexit.register
def close_kept():
    """End the sandbox that was kept, if there is one."""
    while _kept:
        _kept.popitem()[1].__exit__()


def _limits(course, homework):
    """The course's limits, with as much memory as the homework needs."""
    limits = course.limits()
    return replace(limits, memory=max(limits.memory, homework.memory or 0))
