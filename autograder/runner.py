"""Grading a class: submissions out to the workers, results back to the one writer of the gradebook.

What was graded is on disk, and its record in the gradebook, before the next result is taken; so a run that is
stopped at any moment, by anything, is finished by the next one.
"""

import fcntl
import hashlib
import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from . import records
from .course import prepare_nbgrader
from .errors import GradbookError
from .homework import load
from .notebook import MAX_BYTES

NAME = re.compile(r"\w[\w.@+-]{0,99}")


@dataclass(frozen=True)
class Options:
    """How to grade. students: ids, or None for all. workers: None for one a core."""

    students: list | None = None
    force: bool = False
    figures: bool = False
    workers: int | None = None
    sandboxed: bool = True


@dataclass
class Summary:
    """What a run did, and its text for people."""

    homework: str
    graded: list = field(default_factory=list)
    unchanged: int = 0
    seconds: float = 0.0
    max_score: float = 0.0

    def __str__(self):
        lines = [f"{self.homework}: {len(self.graded)} graded, {self.unchanged} unchanged, in {self.seconds:.1f} s"]
        if self.graded:
            scores = sorted(record["score"] for record in self.graded)
            middle = scores[len(scores) // 2]
            lines.append(f"scores {scores[0]:g} to {scores[-1]:g} of {self.max_score:g}, median {middle:g}")
            hints = Counter(c["mistake"] for r in self.graded for c in r["checks"] if c["mistake"])
            lines += [f"  {count:4d}  {mistake}" for mistake, count in hints.most_common(5)]
            review = sum(bool(record["flags"]) for record in self.graded)
            if review:
                lines.append(f"{review} to look at (flags)")
        return "\n".join(lines)


def grade_class(course, homework_id, options=None, emit=None, progress=None):
    """Grade the submissions of a homework. Returns a Summary.

    emit: called with the record of each graded submission. progress: called with (done, all).
    Raises GradbookError where nothing can be graded; no single submission stops the run.
    """
    options = options or Options()
    homework = load(homework_id)
    homework.require_modules()
    course.release_notebook(homework_id)
    students = _students(course, homework_id, options.students)
    start = time.monotonic()
    summary = Summary(homework_id, max_score=sum(homework.points.values()))
    progress = progress or _progress(homework_id, emit is not None)
    with only_one(course, homework_id), course.gradebook() as gradebook:
        _sweep(course, homework_id)
        records.prepare(gradebook, homework_id)
        known = {} if options.force else records.digests(gradebook, homework_id)
        version = course_version(course, homework_id)
        todo = []
        for student in students:
            digest = records.digest_of(_content(course, homework_id, student), version)
            if known.get(student) == digest and _autograded_file(course, homework_id, student).is_file():
                summary.unchanged += 1
            else:
                todo.append((student, digest))
        digests, writer = dict(todo), records.Writer(gradebook, homework_id)
        for student, graded in _grade_all(course, homework, [s for s, _ in todo], options):
            _write(course, homework_id, student, graded)
            timestamp = _timestamp(course, homework_id, student)
            writer.save(student, graded, timestamp, digests[student])
            summary.graded.append(records.document(student, homework_id, graded))
            if emit:
                emit(summary.graded[-1])
            progress(len(summary.graded), len(todo))
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


def _sweep(course, homework_id):
    """Remove what a killed run left half written."""
    for left in (course.root / "autograded").glob(f"*/.*{homework_id}-*"):
        shutil.rmtree(left)


def _students(course, homework_id, wanted):
    """Who is to be graded. Raises GradbookError where that is nobody."""
    there = course.students(homework_id)
    if wanted:
        missing = [s for s in wanted if s not in there]
        if missing:
            raise GradbookError(f"no submission of {homework_id} by {', '.join(missing)}")
        there = [s for s in there if s in wanted]
    odd = [s for s in there if not NAME.fullmatch(s)]
    for name in odd:
        print(f"gradbook: skipped the folder {name[:60]!r}: not a student id", file=sys.stderr)
    there = [s for s in there if s not in odd]
    if not there:
        raise GradbookError(f"no submissions of {homework_id}: put them in submitted/STUDENT/{homework_id}/")
    return there


def submitted_file(course, homework_id, student):
    """Where the notebook of a submission is expected."""
    return course.submitted(homework_id, student) / f"{homework_id}.ipynb"


def _autograded_file(course, homework_id, student):
    return course.autograded(homework_id, student) / f"{homework_id}.ipynb"


def _content(course, homework_id, student):
    """The bytes that are graded, and the time of submission."""
    path = submitted_file(course, homework_id, student)
    try:
        data = b"none"
        if path.is_file() and not path.is_symlink():
            with open(path, "rb") as file:
                data = file.read(MAX_BYTES + 1)
    except OSError:
        data = b"unreadable"
    return data + str(_timestamp(course, homework_id, student)).encode()


def _timestamp(course, homework_id, student):
    """The time of submission as nbgrader's timestamp.txt gives it, or None."""
    prepare_nbgrader()
    from nbgrader.utils import parse_utc

    path = course.submitted(homework_id, student) / "timestamp.txt"
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > 100:
            return None
        return parse_utc(path.read_text().strip())
    except (OSError, ValueError, OverflowError):
        return None


@cache
def _package_digest(homework_id):
    """What tells one state of the grader, and of this homework's checks, from another."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        if path.parent.name not in ("checks", "chaffs") or path.stem == homework_id:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def course_version(course, homework_id):
    """What tells one state of checks, reference and release from another."""
    digest = hashlib.sha256(_package_digest(homework_id).encode())
    digest.update(load(homework_id).reference.encode())
    digest.update(course.release_notebook(homework_id).read_bytes())
    for name, content in course.helper_files(homework_id).items():
        digest.update(name.encode() + content)
    return digest.hexdigest()


# ---------------------------------------------------------------- workers


def _grade_all(course, homework, students, options):
    """(student, Graded) for each, as they come."""
    count = min(options.workers or len(os.sched_getaffinity(0)), len(students))
    if count <= 1:
        with bench(course, homework.id, options) as grade:
            for student in students:
                yield student, grade(submitted_file(course, homework.id, student))
        return
    from .workers import grade_in_parallel

    yield from grade_in_parallel(course, homework.id, students, options, count)


def _limits(course, homework):
    """The course's limits, with as much memory as the homework needs."""
    limits = course.limits()
    return replace(limits, memory=max(limits.memory, homework.memory or 0))


class bench:
    """One warm worker and what it needs to grade files of one homework; use as a context manager."""

    def __init__(self, course, homework_id, options):
        prepare_nbgrader()
        import nbformat

        from .sandbox.worker import Worker

        self.homework = load(homework_id)
        self.template = nbformat.read(course.release_notebook(homework_id), as_version=4)
        self.worker = Worker(
            course.helper_files(homework_id),
            limits=_limits(course, self.homework),
            sandboxed=options.sandboxed,
            figures=options.figures,
            distributions=self.homework.distributions,
            modules=self.homework.modules,
        )

    def __enter__(self):
        self.worker.warm()
        return self.grade

    def __exit__(self, *_):
        self.worker.close()

    def grade(self, path):
        from .grade import grade_file, grade_notebook

        try:
            return grade_file(path, self.homework, self.template, self.worker)
        except GradbookError:
            raise
        except Exception as error:
            # A fault of ours must not cost the others their grades; it is recorded and flagged.
            where = error.__traceback__
            while where.tb_next:
                where = where.tb_next
            place = f"{type(error).__name__} in {Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}"
            problem = f"the grader itself failed ({place}); please review this submission by hand"
            return grade_notebook([], self.homework, self.template, self.worker, problem)


# ---------------------------------------------------------------- files


def _write(course, homework_id, student, graded):
    """Put the autograded folder of one submission in place, whole or not at all."""
    target = course.autograded(homework_id, student)
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{homework_id}-", dir=target.parent))
    try:
        building.chmod(0o755)
        (building / f"{homework_id}.ipynb").write_text(graded.text)
        for name, content in course.helper_files(homework_id).items():
            (building / name).write_bytes(content)
        timestamp = course.submitted(homework_id, student) / "timestamp.txt"
        if _timestamp(course, homework_id, student):
            (building / "timestamp.txt").write_text(timestamp.read_text())
        for path in building.iterdir():
            path.chmod(0o444)
            _to_disk(path)
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=f".old-{homework_id}-", dir=target.parent))
            os.replace(target, old / "x")
            os.replace(building, target)
            shutil.rmtree(old)
        else:
            os.replace(building, target)
    finally:
        if building.exists():
            shutil.rmtree(building)


def _to_disk(path):
    """Have a file on disk before its record is in the gradebook, also where the power fails."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())


def _progress(homework_id, quiet):
    """A line of progress with rate and time left: in place on a terminal, now and then elsewhere."""
    start, last = time.monotonic(), [0.0]
    terminal = sys.stderr.isatty()

    def show(done, total):
        now = time.monotonic()
        if quiet or (now - start < 2 and done < total) or (now - last[0] < (0.1 if terminal else 5) and done < total):
            return
        if total < 2 or (now - start < 2 and not terminal):
            return
        last[0] = now
        rate = done / max(now - start, 1e-9)
        text = f"{homework_id}: {done} of {total}, {rate:.1f} a second, {(total - done) / rate:.0f} s left"
        end = "" if terminal and done < total else "\n"
        print(f"\r{text}   " if terminal else text, end=end, file=sys.stderr, flush=True)

    return show
