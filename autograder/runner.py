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

from . import records
from .agreement import prepare_gradebook
from .errors import GradbookError
from .homework import needs
from .notebook import submission
from .progress import Progress
from .submissions import (
    autograded_file,
    course_version,
    fingerprint,
    students_of,
    submitted_file,
    sweep,
    timestamp,
    write_autograded,
)


@dataclass(frozen=True)
class Options:
    """How to grade. students: ids, or None for all. workers: None for one a core.

    keep_warm: leave the sandbox to the next call of this process, where one worker does it all.
    scheduler: address of a Dask scheduler, whose workers are to grade.
    """

    students: list | None = None
    force: bool = False
    figures: bool = False
    workers: int | None = None
    sandboxed: bool = True
    keep_warm: bool = False
    scheduler: str | None = None

    def __post_init__(self):
        if self.scheduler and (self.workers or not self.sandboxed):
            raise GradbookError("a cluster grades with the workers that it has, and in the sandbox only")


@dataclass
class Summary:
    """What a run did, and its text for people. It keeps little of each submission: a class may be large."""

    homework: str
    scores: dict = field(default_factory=dict)  # of each student that was graded
    mistakes: Counter = field(default_factory=Counter)
    flagged: int = 0
    unchanged: int = 0
    seconds: float = 0.0
    max_score: float = 0.0
    by_hand: float = 0.0

    def count(self, record):
        """Take in the record of one submission."""
        self.scores[record["student"]], self.max_score = record["score"], record["max_score"]
        self.by_hand = record["by_hand"]
        self.mistakes.update(check["mistake"] for check in record["checks"] if check["mistake"])
        self.flagged += bool(record["flags"])

    def __str__(self):
        lines = [f"{self.homework}: {len(self.scores)} graded, {self.unchanged} unchanged, in {self.seconds:.1f} s"]
        if self.scores:
            scores = sorted(self.scores.values())
            middle = scores[len(scores) // 2]
            lines.append(f"scores {scores[0]:g} to {scores[-1]:g} of {self.max_score:g}, median {middle:g}")
            if self.by_hand:
                lines.append(f"up to {self.by_hand:g} points more are given by hand, in formgrader")
            lines += [f"  {count:4d}  {mistake}" for mistake, count in self.mistakes.most_common(5)]
            if self.flagged:
                lines.append(f"{self.flagged} to look at (flags)")
        return "\n".join(lines)


def grade_class(course, homework_id, options=None, emit=None, progress=None):
    """Grade the submissions of a homework. Returns a Summary.

    emit: called with the record of each graded submission. progress: called with (done, all).
    Raises GradbookError where nothing can be graded; no single submission stops the run.
    """
    options = options or Options()
    needs(homework_id).require_modules()
    course.release_notebook(homework_id)
    students = students_of(course, homework_id, options.students)
    summary = Summary(homework_id)
    progress = progress or ((lambda *_: None) if emit else Progress(homework_id))
    start = time.monotonic()
    with only_one(course, homework_id):
        sweep(course, homework_id)
        todo = _todo(course, homework_id, students, options.force)
        summary.unchanged = len(students) - len(todo)
        if todo:
            for record in _graded(course, homework_id, todo, options):
                summary.count(record)
                if emit:
                    emit(record)
                progress(len(summary.scores), len(todo))
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


def _todo(course, homework_id, students, force):
    """Student -> fingerprint of those that are new or changed, or of all."""
    version = course_version(course, homework_id)
    known, todo = {}, {}
    if not force:
        with course.database() as url:
            known = records.digests(url, homework_id)
    for student in students:
        digest = fingerprint(course, homework_id, student, version)
        if known.get(student) != digest or not autograded_file(course, homework_id, student).is_file():
            todo[student] = digest
    return todo


def _graded(course, homework_id, todo, options):
    """Grade, write the files and then the gradebook; yields the record of each submission once it is safe."""
    with _workers(course, homework_id, list(todo), options) as results, course.gradebook() as gradebook:
        records.create_table(gradebook.engine)
        prepare_gradebook(gradebook, homework_id, course.release_notebook(homework_id))
        writer = records.Writer(gradebook, homework_id)
        for student, graded in results:
            write_autograded(course, homework_id, student, graded.text)
            writer.save(student, graded, timestamp(course, homework_id, student), todo[student])
            yield records.document(student, homework_id, graded)


@contextmanager
def _workers(course, homework_id, students, options):
    """(student, Graded) for each, as they come. The workers begin at once, also before the first is asked for."""
    count = min(options.workers or len(os.sched_getaffinity(0)), len(students))
    paths = {student: submitted_file(course, homework_id, student) for student in students}
    how = {"sandboxed": options.sandboxed, "figures": options.figures}
    if count <= 1 and not options.scheduler:
        from .bench import Bench, kept_bench

        with (kept_bench if options.keep_warm else Bench)(course, homework_id, **how) as bench:
            yield ((student, bench.grade(submission(path))) for student, path in paths.items())
    else:
        with _team(course, homework_id, count, how, options.scheduler) as team:
            yield team.grade(paths)


def _team(course, homework_id, count, how, scheduler):
    if scheduler:
        from .cluster import ClusterTeam

        return ClusterTeam(course, homework_id, scheduler, how["figures"])
    from .team import LocalTeam

    return LocalTeam(course, homework_id, count, **how)
