"""Grading a class: submissions out to the workers, results back to the one writer of the gradebook.

What was graded is on disk, and its record in the gradebook, before the next result is taken; so a run that is
stopped at any moment, by anything, is finished by the next one.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..course import records
from ..course.agreement import prepare_gradebook
from ..course.assignment import Assignment
from ..course.attempts import GRADED, Attempt, Attempts, counted, create_table, known, new_attempt, table
from ..course.findings import Graded
from ..course.kept import KeptSubmission, keep
from ..course.ledger import Entry, Ledger
from ..course.locks import lock_file
from ..course.penalties import Penalties, lateness_counts
from ..course.policy import BEST, Policy
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
    from .warm import WarmBench, WarmTeam

logger = logging.getLogger(__name__)

TICK = 0.3  # seconds after which a stream asks again what else has come


class Key(NamedTuple):
    """What tells a submission that is graded from others. number: of the student's attempt."""

    student: str
    number: int

    def __str__(self) -> str:
        return self.student


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
        todo = _todo(assignment, students, options.force, assignment.course.attempts(assignment.id))
        wanted = {student for student, _ in todo}
        summary.unchanged = len(students) - len(wanted)
        if todo:
            for record in _graded(assignment, todo, options, spent):
                summary.count(record)
                if emit:
                    emit(record)
                progress(len(summary.scores) + len(summary.unrecorded), len(wanted))
        spent.turn_to("writing")
        summary.late = _penalize(assignment, students, options)
    spent.turn_to("")
    summary.seconds = spent.total()
    logger.info("%s: %s", assignment.id, spent)
    return summary


@contextmanager
def only_one(assignment: Assignment) -> Iterator[None]:
    """Let one grader at a time work on an assignment; another one says that it waits, and waits."""
    with lock_file(assignment, "lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"gradbook: {assignment.id} is being graded already; waiting for that to end", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@dataclass(frozen=True)
class Todo:
    """A submission that is to be graded. digest: its fingerprint. attempt: which one of the student's it is."""

    submission: Submission
    digest: str
    attempt: Attempt

    @property
    def key(self) -> Key:
        """What tells it from others."""
        return Key(self.submission.student, self.attempt.number)


def _todo(assignment: Assignment, students: Sequence[str], force: bool, policy: Policy) -> dict[Key, Todo]:
    """What is to be graded, student by student: what is new or changed, or all."""
    version = assignment.version()
    logger.info("%s: version %s", assignment.id, version)
    digests, attempts = _before(assignment)
    todo: dict[Key, Todo] = {}
    for student in students:
        one, before = Submission(assignment, student), attempts.get(student, [])
        digest = one.fingerprint(version)
        why = _why(one, digest, digests.get(student), force) or _why_another(one, before, policy)
        if why:
            newest = _newest(one, digest, before, policy)
            earlier = [attempt for attempt in before if attempt.number != newest.attempt.number]
            wanted = [*_again(assignment, earlier, version, policy, force), newest]
            todo.update((each.key, each) for each in wanted)
        found = "; ".join(one.choice.flags) or assignment.notebook
        logger.info("%s: %s, %s", student, found, why or "graded already")
    logger.info("%s: %d of %d to grade", assignment.id, len({student for student, _ in todo}), len(students))
    return todo


def _before(assignment: Assignment) -> tuple[dict[str, str], dict[str, list[Attempt]]]:
    """Student -> digest of what was graded last, and the attempts of each."""
    import sqlalchemy as sa

    with assignment.course.database() as url:
        engine = sa.create_engine(url)
        try:
            with engine.connect() as connection:
                # A gradebook that is not there yet is nbgrader's to make.
                there = sa.inspect(connection).has_table(table().name)
                attempts = Attempts(connection, assignment.id).every() if there else {}
            return records.digests(url, assignment.id), attempts
        finally:
            engine.dispose()


def _why(one: Submission, digest: str, known: str | None, force: bool) -> str:
    """Why a submission is to be graded; "" where it is not. known: the digest of what was graded last."""
    if force:
        return "as all are to be graded"
    if known is None:
        return "not graded yet"
    if known != digest:
        return "it or the homework has changed"
    return "" if one.autograded.is_file() else "its graded notebook is gone"


def _why_another(one: Submission, before: Sequence[Attempt], policy: Policy) -> str:
    """Why attempts are to be graded again although nothing has changed; "" where they are not."""
    best = counted(before, policy.counts)
    if best is None or best.counts:
        return ""
    there = _kept(one.assignment, best).folder.exists() or best.content == one.fingerprint()
    return "another attempt counts now" if there else ""


def _newest(one: Submission, digest: str, before: Sequence[Attempt], policy: Policy) -> Todo:
    """What now stands in submitted/."""
    content = one.fingerprint()
    attempt = known(before, content, bool(one.secret)) or new_attempt(one, content, before)
    if policy.counts == BEST:
        # Another one may come into its place before this one is graded again.
        kept = _kept(one.assignment, attempt)
        if not kept.folder.exists():
            keep(one.folder, kept)
    return Todo(one, digest, attempt)


def _again(
    assignment: Assignment, earlier: Sequence[Attempt], version: str, policy: Policy, force: bool
) -> Iterator[Todo]:
    """Those of a student's earlier attempts that are to be graded again, where the best of all counts."""
    best = counted(earlier, policy.counts)
    for attempt in earlier if policy.counts == BEST else []:
        one = _kept(assignment, attempt)
        if attempt.state != GRADED or not one.folder.exists():
            continue
        digest = one.fingerprint(version)
        # What may count must be at hand, and what counts must have its graded notebook.
        lacks = attempt is best and not (attempt.counts and one.autograded.is_file())
        if force or digest != attempt.digest or lacks:
            yield Todo(one, digest, attempt)


def _kept(assignment: Assignment, attempt: Attempt) -> KeptSubmission:
    return KeptSubmission(assignment, attempt.student, attempt.number)


def grade_stream(
    assignment: Assignment, more: Callable[[int], Iterable[Todo]], warm: WarmTeam, options: Options
) -> Iterator[tuple[Todo, Graded, Record]]:
    """Grade what `more` gives, until it gives none and all is graded; each with its record, once that is safe.

    Whoever calls holds `only_one`. more: see `Team.stream`; of one student it gives one at a time. options: what of it
    holds for each submission.
    """
    todo: dict[Key, Todo] = {}

    def paths(room: int) -> Iterator[tuple[Key, Path]]:
        for each in more(room):
            todo[each.key] = each
            yield each.key, each.submission.choice.path

    team = warm.team(assignment, options.execution)
    results = believed(team.stream(paths, TICK), lambda key: team.alone(todo[key].submission.choice.path))
    with _keeper(assignment, options) as keeper:
        for key, graded in results:
            each = todo.pop(key)
            yield each, graded, keeper.keep([(each, graded)])


def _graded(assignment: Assignment, todo: Mapping[Key, Todo], options: Options, spent: Spent) -> Iterator[Record]:
    """Grade, write the files and then the gradebook; yields the record of each student once it is safe."""
    spent.turn_to("starting")
    paths = {key: each.submission.choice.path for key, each in todo.items()}
    waiting = Counter(student for student, _ in todo)
    came: dict[str, list[tuple[Todo, Graded]]] = {}
    with _workers(assignment, paths, options) as results, _keeper(assignment, options) as keeper:
        spent.turn_to("grading")
        for (student, number), graded in results:
            spent.turn_to("writing")
            used = graded.seconds, graded.cpu, graded.memory / 2**20
            logger.debug("%s: graded in %.2f s, with %.2f s of a processor and %.0f MiB in the sandbox", student, *used)
            came.setdefault(student, []).append((todo[Key(student, number)], graded))
            # Which of them counts is known when all are graded.
            if len(came[student]) == waiting[student]:
                yield keeper.keep(came.pop(student))
            spent.turn_to("grading")
        spent.turn_to("ending")


@contextmanager
def _keeper(assignment: Assignment, options: Options) -> Iterator[_Keeper]:
    """What writes gradings, with the gradebook open."""
    with assignment.course.gradebook() as gradebook:
        records.create_table(gradebook.engine)
        create_table(gradebook.engine)
        prepare_gradebook(gradebook, assignment)
        writer = records.Writer(gradebook, assignment.id, Penalties(assignment, options.config))
        yield _Keeper(assignment, Ledger(writer, assignment.course.attempts(assignment.id).counts))


@dataclass
class _Keeper:
    """Writes what came of a student's attempts: the files of the one that counts, and then the gradebook."""

    assignment: Assignment
    ledger: Ledger

    def keep(self, came: Sequence[tuple[Todo, Graded]]) -> Record:
        """Write gradings, whatever they are. Returns the record of the one that counts, or else of the last.

        Raises GradbookError where the run must end.
        """
        for todo, graded in came:
            graded.flags += map(plain, todo.submission.choice.flags)
        try:
            return self._keep(came)
        except Exception as error:
            require_one_submissions(error)
            return self._keep_mishap(came, error)

    def _keep_mishap(self, came: Sequence[tuple[Todo, Graded]], error: Exception) -> Record:
        """Write that gradings could not be written; where not even that can be, a record that says so."""
        from .bench import Bench

        graded, why = Bench(self.assignment).failed(error), ""
        failed = [(todo, graded) for todo, _ in came]
        for with_files in (True, False):
            try:
                return self._keep(failed, with_files)
            except Exception as another:
                require_one_submissions(another)
                why = reason(another)
        record = records.document(came[-1][0].submission.student, self.assignment.id, graded)
        return {**record, "unrecorded": why}

    def _keep(self, came: Sequence[tuple[Todo, Graded]], with_files: bool = True) -> Record:
        for todo, graded in came:
            said = keep_traceback(todo.submission, graded.traceback)
            if said and said not in graded.flags:
                graded.flags.append(said)
        submissions = {todo.attempt.number: todo.submission for todo, _ in came}

        def place(entry: Entry) -> None:
            if with_files:
                submissions[entry.attempt.number].write_autograded(entry.graded.text)

        entries = [Entry(todo.attempt, graded, todo.digest, todo.submission.timestamp) for todo, graded in came]
        student = came[0][0].submission.student
        told = self.ledger.enter(student, entries, place) or entries[-1]
        return records.document(student, self.assignment.id, told.graded)


def _penalize(assignment: Assignment, students: list[str], options: Options) -> int:
    """Have the penalties as they now are, also where only a due date or the settings changed. Returns how many."""
    with assignment.course.database() as url:
        if not students or not lateness_counts(url, assignment.id):
            return 0
    with assignment.course.gradebook() as gradebook:
        return Penalties(assignment, options.config).renew(gradebook, students)


@contextmanager
def _workers(
    assignment: Assignment, paths: Mapping[Key, Path], options: Options
) -> Iterator[Iterator[tuple[Key, Graded]]]:
    """(key, Graded) for each, as they come. The workers begin at once, also before the first is asked for.

    paths: key -> file.
    """
    count = min(options.workers or len(os.sched_getaffinity(0)), len(paths))
    if count <= 1 and not options.scheduler:
        logger.info("this process grades them, one after the other")
        with _bench(assignment, options) as bench:
            results = ((key, bench.grade(submission(path))) for key, path in paths.items())
            yield believed(results, lambda key: bench.grade(submission(paths[key])))
    else:
        with _team(assignment, count, options.execution, options.scheduler) as team:
            yield believed(team.grade(paths), lambda key: team.alone(paths[key]))


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
