"""Grading a class: submissions out to the workers, results back to the one writer of the gradebook.

What was graded is on disk, and its record in the gradebook, before the next result is taken; so a run that is
stopped at any moment, by anything, is finished by the next one.
"""

import fcntl
import os
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field

from ..course import records
from ..course.agreement import prepare_gradebook
from ..course.findings import believed
from ..course.folder import Course
from ..course.penalties import Penalties, lateness_counts
from ..errors import GradbookError
from ..homework.loading import needs
from ..intake.notebook import submission
from ..intake.submissions import (
    autograded_file,
    chosen_file,
    course_version,
    fingerprint,
    printable,
    released,
    students_of,
    sweep,
    timestamp,
    write_autograded,
)
from ..sandbox.guest.text import plain
from .mishaps import keep_traceback, reason, require_one_submissions
from .progress import Progress


@dataclass(frozen=True)
class Options:
    """How to grade. students: ids, or None for all. workers: None for one a core.

    keep_warm: leave the sandbox to the next call of this process, where one worker does it all.
    scheduler: address of a Dask scheduler, whose workers are to grade. config: nbgrader's settings, where whoever
    calls has more of them than the course's file.
    """

    students: list | None = None
    force: bool = False
    figures: bool = False
    workers: int | None = None
    sandboxed: bool = True
    keep_warm: bool = False
    scheduler: str | None = None
    config: object = None

    def __post_init__(self):
        if self.scheduler and (self.workers or not self.sandboxed):
            raise GradbookError("a cluster grades with the workers that it has, and in the sandbox only")


@dataclass
class Summary:
    """What a run did, and its text for people. It keeps little of each submission: a class may be large."""

    homework: str
    scores: dict = field(default_factory=dict)  # of each student that was graded
    mistakes: Counter = field(default_factory=Counter)
    unrecorded: dict = field(default_factory=dict)  # student -> why nothing could be recorded
    flagged: int = 0
    left_out: dict = field(default_factory=dict)  # folder -> why it cannot be graded
    unchanged: int = 0
    late: int = 0  # that lose points for it, of those that were graded and of the unchanged
    seconds: float = 0.0
    max_score: float = 0.0
    by_hand: float = 0.0

    def count(self, record):
        """Take in the record of one submission."""
        if "unrecorded" in record:
            self.unrecorded[record["student"]] = record["unrecorded"]
            return
        self.scores[record["student"]], self.max_score = record["score"], record["max_score"]
        self.by_hand = record["by_hand"]
        self.mistakes.update(check["mistake"] for check in record["checks"] if check["mistake"])
        self.flagged += bool(record["flags"])

    def __str__(self):
        lines = self.left_out_lines()
        lines += [f"{self.homework}: {len(self.scores)} graded, {self.unchanged} unchanged, in {self.seconds:.1f} s"]
        if self.scores:
            scores = sorted(self.scores.values())
            middle = scores[len(scores) // 2]
            lines.append(f"scores {scores[0]:g} to {scores[-1]:g} of {self.max_score:g}, median {middle:g}")
            if self.by_hand:
                lines.append(f"up to {self.by_hand:g} points more are given by hand, in formgrader")
            lines += [f"  {count:4d}  {mistake}" for mistake, count in self.mistakes.most_common(5)]
            if self.flagged:
                lines.append(f"{self.flagged} to look at (flags)")
        if self.late:
            lines.append(f"{self.late} late, with a penalty that is not in these scores")
        lines += self.unrecorded_lines()
        return "\n".join(lines)

    def unrecorded_lines(self):
        """A line for each submission of which nothing could be recorded."""
        return [f"not recorded: {student}: {why}" for student, why in self.unrecorded.items()]

    def left_out_lines(self):
        """A line for each folder that cannot be graded."""
        return [f"NOT graded: {printable(name)}: {why}; rename it" for name, why in self.left_out.items()]


def grade_class(course, homework_id, options=None, emit=None, progress=None):
    """Grade the submissions of a homework. Returns a Summary.

    emit: called with the record of each graded submission. progress: called with (done, all).
    Raises GradbookError where nothing can be graded; no single submission stops the run.
    """
    options = options or Options()
    needs(course.root, homework_id).require_modules()
    course.release_notebook(homework_id)
    summary = Summary(homework_id)
    students, summary.left_out = students_of(course, homework_id, options.students)
    progress = progress or ((lambda *_: None) if emit else Progress(homework_id))
    start = time.monotonic()
    for name, why in summary.left_out.items():
        if emit:
            emit(records.left_out(name, homework_id, why))
    with only_one(course, homework_id):
        sweep(course, homework_id)
        release = released(course, homework_id)
        todo = _todo(course, homework_id, students, options.force, release)
        summary.unchanged = len(students) - len(todo)
        if todo:
            for record in _graded(course, homework_id, todo, options, release):
                summary.count(record)
                if emit:
                    emit(record)
                progress(len(summary.scores) + len(summary.unrecorded), len(todo))
        summary.late = _penalize(course, homework_id, students, options)
    summary.seconds = time.monotonic() - start
    return summary


@contextmanager
def only_one(course, homework_id):
    """Let one grader at a time work on a homework; another one says that it waits, and waits."""
    folder = course.root / ".gradbook"
    folder.mkdir(exist_ok=True)
    with open(folder / f"{homework_id}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"gradbook: {homework_id} is being graded already; waiting for that to end", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _todo(course, homework_id, students, force, release):
    """Student -> fingerprint of those that are new or changed, or of all."""
    version = course_version(course, homework_id)
    known, todo = {}, {}
    if not force:
        with course.database() as url:
            known = records.digests(url, homework_id)
    for student in students:
        digest = fingerprint(course, homework_id, student, version, release)
        if known.get(student) != digest or not autograded_file(course, homework_id, student).is_file():
            todo[student] = digest
    return todo


def _graded(course, homework_id, todo, options, release):
    """Grade, write the files and then the gradebook; yields the record of each submission once it is safe."""
    chosen = {student: chosen_file(course, homework_id, student, release) for student in todo}
    paths = {student: choice.path for student, choice in chosen.items()}
    with _workers(course, homework_id, paths, options) as results, course.gradebook() as gradebook:
        records.create_table(gradebook.engine)
        prepare_gradebook(gradebook, homework_id, course.release_notebook(homework_id))
        writer = records.Writer(gradebook, homework_id, Penalties(course, options.config))
        keeper = _Keeper(course, homework_id, writer, todo)
        for student, graded in results:
            graded.flags += map(plain, chosen[student].flags)
            yield keeper.keep(student, graded)


@dataclass
class _Keeper:
    """Writes what came of each submission: the files, and then the gradebook. digests: student -> fingerprint."""

    course: Course
    homework: str
    writer: records.Writer
    digests: dict

    def keep(self, student, graded):
        """Write one grading, whatever it is; its record. Raises GradbookError where the run must end."""
        try:
            return self._keep(student, graded)
        except Exception as error:
            require_one_submissions(error)
            return self._keep_mishap(student, error)

    def _keep_mishap(self, student, error):
        """Write that a grading could not be written; where not even that can be, a record that says so."""
        from .bench import Bench

        graded = Bench(self.course, self.homework).failed(error)
        for with_files in (True, False):
            try:
                return self._keep(student, graded, with_files)
            except Exception as another:
                require_one_submissions(another)
                why = reason(another)
        return {**records.document(student, self.homework, graded), "unrecorded": why}

    def _keep(self, student, graded, with_files=True):
        kept = keep_traceback(self.course, self.homework, student, graded.traceback)
        if kept and kept not in graded.flags:
            graded.flags.append(kept)
        if with_files:
            write_autograded(self.course, self.homework, student, graded.text)
        when = timestamp(self.course, self.homework, student)
        self.writer.save(student, graded, when, self.digests[student])
        return records.document(student, self.homework, graded)


def _penalize(course, homework_id, students, options):
    """Have the penalties as they now are, also where only a due date or the settings changed. Returns how many."""
    with course.database() as url:
        if not students or not lateness_counts(url, homework_id):
            return 0
    with course.gradebook() as gradebook:
        return Penalties(course, options.config).renew(gradebook, homework_id, students)


@contextmanager
def _workers(course, homework_id, paths, options):
    """(student, Graded) for each, as they come. The workers begin at once, also before the first is asked for.

    paths: student -> file.
    """
    count = min(options.workers or len(os.sched_getaffinity(0)), len(paths))
    how = {"sandboxed": options.sandboxed, "figures": options.figures}
    if count <= 1 and not options.scheduler:
        from .bench import Bench, kept_bench

        with (kept_bench if options.keep_warm else Bench)(course, homework_id, **how) as bench:
            results = ((student, bench.grade(submission(path))) for student, path in paths.items())
            yield believed(results, lambda student: bench.grade(submission(paths[student])))
    else:
        with _team(course, homework_id, count, how, options.scheduler) as team:
            yield believed(team.grade(paths), lambda student: team.alone(paths[student]))


def _team(course, homework_id, count, how, scheduler):
    if scheduler:
        from .dask import ClusterTeam

        return ClusterTeam(course, homework_id, scheduler, how["figures"])
    from .team import LocalTeam

    return LocalTeam(course, homework_id, count, **how)
