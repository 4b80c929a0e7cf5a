"""Grading a class: submissions out to the workers, results back to the one writer of the gradebook.

What was graded is on disk, and its record in the gradebook, before the next result is taken; so a run that is
stopped at any moment, by anything, is finished by the next one.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..course import records
from ..course.agreement import prepare_gradebook
from ..course.assignment import Assignment
from ..course.findings import Graded
from ..course.penalties import Penalties, lateness_counts
from ..course.records import Record
from ..course.submission import Submission
from ..errors import GradbookError
from ..intake.notebook import submission
from ..sandbox.guest.text import plain
from .again import believed
from .execution import Execution
from .mishaps import keep_traceback, reason, require_one_submissions
from .progress import Progress
from .spent import Spent
from .summary import Summary

if TYPE_CHECKING:
    from traitlets.config import Config

    from .bench import Bench
    from .team import Team
    from .warm import WarmBench

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Options:
    """How to grade. students: ids, or None for all. workers: None for one a core.

    warm: what keeps the sandbox for the next run of this process, where one worker does it all.
    scheduler: address of a Dask scheduler, whose workers are to grade. config: nbgrader's settings, where whoever
    calls has more of them than the course's file.
    """

    students: list[str] | None = None
    force: bool = False
    execution: Execution = Execution()
    workers: int | None = None
    warm: WarmBench | None = None
    scheduler: str | None = None
    config: Config | None = None

    def __post_init__(self) -> None:
        if self.scheduler and (self.workers or not self.execution.sandboxed):
            raise GradbookError("a cluster grades with the workers that it has, and in the sandbox only")


def grade_class(
    assignment: Assignment,
    options: Options | None = None,
    emit: Callable[[Record], object] | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Summary:
    """Grade the submissions of an assignment.

    emit: called with the record of each graded submission. progress: called with (done, all).
    Raises GradbookError where nothing can be graded; no single submission stops the run.
    """
    options = options or Options()
    assignment.needs.require_modules()
    assignment.require_released()
    summary = Summary(assignment.id)
    students, summary.left_out = assignment.gradable(options.students)
    progress = progress or ((lambda *_: None) if emit else Progress(assignment.id))
    spent = Spent("waiting")
    for name, why in summary.left_out.items():
        if emit:
            emit(records.left_out(name, assignment.id, why))
    with only_one(assignment):
        spent.turn_to("reading")
        assignment.sweep()
        todo = _todo(assignment, students, options.force)
        summary.unchanged = len(students) - len(todo)
        if todo:
            for record in _graded(assignment, todo, options, spent):
                summary.count(record)
                if emit:
                    emit(record)
                progress(len(summary.scores) + len(summary.unrecorded), len(todo))
        spent.turn_to("writing")
        summary.late = _penalize(assignment, students, options)
    spent.turn_to("")
    summary.seconds = spent.total()
    logger.info("%s: %s", assignment.id, spent)
    return summary


@contextmanager
def only_one(assignment: Assignment) -> Iterator[None]:
    """Let one grader at a time work on an assignment; another one says that it waits, and waits."""
    folder = assignment.course.root / ".gradbook"
    folder.mkdir(exist_ok=True)
    with open(folder / f"{assignment.id}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"gradbook: {assignment.id} is being graded already; waiting for that to end", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@dataclass(frozen=True)
class _Todo:
    """A submission that is to be graded. digest: its fingerprint."""

    submission: Submission
    digest: str


def _todo(assignment: Assignment, students: Sequence[str], force: bool) -> dict[str, _Todo]:
    """Student -> what is to be graded: those that are new or changed, or all."""
    version = assignment.version()
    logger.info("%s: version %s", assignment.id, version)
    known: dict[str, str] = {}
    if not force:
        with assignment.course.database() as url:
            known = records.digests(url, assignment.id)
    todo = {}
    for student in students:
        one = Submission(assignment, student)
        digest = one.fingerprint(version)
        why = _why(one, digest, known.get(student), force)
        if why:
            todo[student] = _Todo(one, digest)
        found = "; ".join(one.choice.flags) or assignment.notebook
        logger.info("%s: %s, %s", student, found, why or "graded already")
    logger.info("%s: %d of %d to grade", assignment.id, len(todo), len(students))
    return todo


def _why(one: Submission, digest: str, known: str | None, force: bool) -> str:
    """Why a submission is to be graded; "" where it is not. known: the digest of what was graded last."""
    if force:
        return "as all are to be graded"
    if known is None:
        return "not graded yet"
    if known != digest:
        return "it or the homework has changed"
    return "" if one.autograded.is_file() else "its graded notebook is gone"


def _graded(assignment: Assignment, todo: Mapping[str, _Todo], options: Options, spent: Spent) -> Iterator[Record]:
    """Grade, write the files and then the gradebook; yields the record of each submission once it is safe."""
    spent.turn_to("starting")
    paths = {student: each.submission.choice.path for student, each in todo.items()}
    with _workers(assignment, paths, options) as results, assignment.course.gradebook() as gradebook:
        records.create_table(gradebook.engine)
        prepare_gradebook(gradebook, assignment)
        writer = records.Writer(gradebook, assignment.id, Penalties(assignment, options.config))
        keeper = _Keeper(assignment, writer)
        spent.turn_to("grading")
        for student, graded in results:
            spent.turn_to("writing")
            used = graded.seconds, graded.cpu, graded.memory / 2**20
            logger.debug("%s: graded in %.2f s, with %.2f s of a processor and %.0f MiB in the sandbox", student, *used)
            graded.flags += map(plain, todo[student].submission.choice.flags)
            yield keeper.keep(todo[student], graded)
            spent.turn_to("grading")
        spent.turn_to("ending")


@dataclass
class _Keeper:
    """Writes what came of each submission: the files, and then the gradebook."""

    assignment: Assignment
    writer: records.Writer

    def keep(self, todo: _Todo, graded: Graded) -> Record:
        """Write one grading, whatever it is; its record. Raises GradbookError where the run must end."""
        try:
            return self._keep(todo, graded)
        except Exception as error:
            require_one_submissions(error)
            return self._keep_mishap(todo, error)

    def _keep_mishap(self, todo: _Todo, error: Exception) -> Record:
        """Write that a grading could not be written; where not even that can be, a record that says so."""
        from .bench import Bench

        graded, why = Bench(self.assignment).failed(error), ""
        for with_files in (True, False):
            try:
                return self._keep(todo, graded, with_files)
            except Exception as another:
                require_one_submissions(another)
                why = reason(another)
        record = records.document(todo.submission.student, self.assignment.id, graded)
        return {**record, "unrecorded": why}

    def _keep(self, todo: _Todo, graded: Graded, with_files: bool = True) -> Record:
        one = todo.submission
        kept = keep_traceback(one, graded.traceback)
        if kept and kept not in graded.flags:
            graded.flags.append(kept)
        if with_files:
            one.write_autograded(graded.text)
        self.writer.save(one.student, graded, one.timestamp, todo.digest)
        return records.document(one.student, self.assignment.id, graded)


def _penalize(assignment: Assignment, students: list[str], options: Options) -> int:
    """Have the penalties as they now are, also where only a due date or the settings changed. Returns how many."""
    with assignment.course.database() as url:
        if not students or not lateness_counts(url, assignment.id):
            return 0
    with assignment.course.gradebook() as gradebook:
        return Penalties(assignment, options.config).renew(gradebook, students)


@contextmanager
def _workers(
    assignment: Assignment, paths: Mapping[str, Path], options: Options
) -> Iterator[Iterator[tuple[str, Graded]]]:
    """(student, Graded) for each, as they come. The workers begin at once, also before the first is asked for.

    paths: student -> file.
    """
    count = min(options.workers or len(os.sched_getaffinity(0)), len(paths))
    if count <= 1 and not options.scheduler:
        logger.info("this process grades them, one after the other")
        with _bench(assignment, options) as bench:
            results = ((student, bench.grade(submission(path))) for student, path in paths.items())
            yield believed(results, lambda student: bench.grade(submission(paths[student])))
    else:
        with _team(assignment, count, options.execution, options.scheduler) as team:
            yield believed(team.grade(paths), lambda student: team.alone(paths[student]))


def _bench(assignment: Assignment, options: Options) -> AbstractContextManager[Bench]:
    if options.warm:
        return options.warm.bench(assignment, options.execution)
    from .bench import Bench

    return Bench(assignment, options.execution)


def _team(assignment: Assignment, count: int, execution: Execution, scheduler: str | None) -> Team:
    if scheduler:
        from .dask import ClusterTeam

        return ClusterTeam(assignment, scheduler, execution)
    from .team import LocalTeam

    return LocalTeam(assignment, count, execution)
