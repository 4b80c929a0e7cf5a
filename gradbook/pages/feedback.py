"""The feedback pages on disk: each written anew where something that it tells has changed, several at a time."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path

from ..course import times
from ..course.agreement import require_graded_since
from ..course.assignment import Assignment
from ..course.attempts import Attempt
from ..course.files import write_whole
from ..course.policy import ALL
from ..course.records import Record
from ..course.submission import Submission
from ..course.tracebacks import keep_of_command
from ..errors import GradbookError
from ..sandbox.guest.text import plain
from .graded import Graded, read_graded
from .page import render
from .shown import reduced, without_results

FEW = 12  # pages that one process writes sooner than several have begun
AT_ONCE = 4  # pages that a process is given at a time

Tell = Callable[[int, int], None]  # called with (done, all)


class Pages(list[Path]):
    """The pages of a class, sorted; `written` of them are new, or were written anew."""

    written = 0


class Maker:
    """Makes the pages of one homework, from what the gradebook held of these students when this was made."""

    def __init__(self, assignment: Assignment, students: Collection[str]) -> None:
        self.assignment, self.graded = assignment, read_graded(assignment, students)
        self.title, self.zone = assignment.title, assignment.course.zone
        self.policy, self.now = assignment.course.attempts(assignment.id), times.now()
        templates = sorted(Path(__file__).with_name("templates").glob("feedback/*"))
        texts = [assignment.course.engine_digest, self.title, *(path.read_text("utf-8") for path in templates)]
        self.version = "\0".join(texts).encode()

    def page(self, student: str, notebook: bytes) -> tuple[str, Callable[[], str]]:
        """The stamp of a student's page, by which it is known again, and what makes the page.

        notebook: the graded one. Raises GradbookError where the gradebook holds nothing of this student.
        """
        return self._page(self._of(student), notebook)

    def page_of(self, attempt: Attempt, record: Record, notebook: bytes) -> str:
        """The page of an attempt that does not count. record, notebook: what came of it."""
        return self._page(self._of(attempt.student).of_attempt(record, attempt), notebook)[1]()

    def is_early(self, student: str) -> bool:
        """Whether a student's page does not tell all."""
        return self._shows(self._of(student)) != ALL

    def _of(self, student: str) -> Graded:
        if student not in self.graded:
            raise GradbookError("the grading is not in the gradebook")
        return self.graded[student]

    def _shows(self, graded: Graded) -> str:
        return self.policy.shows(graded.due, self.now)

    def _page(self, graded: Graded, notebook: bytes) -> tuple[str, Callable[[], str]]:
        show = self._shows(graded)
        if show != ALL:
            end = self.policy.end(graded.due)
            graded, notebook = reduced(graded, show), without_results(notebook)
            graded.until = times.in_words(end, self.zone) if end else ""
        state = hashlib.sha256(self.version)
        for part in (graded.as_text().encode(), notebook):
            state.update(b"\0" + part)
        stamp = state.hexdigest()
        return stamp, lambda: render(self.title, graded, notebook, stamp)

    def write(self, student: str, force: bool) -> bool:
        """Put a student's page in place, with what stands beside the graded notebook; whether that was necessary."""
        submission = Submission(self.assignment, student)
        stamp, make = self.page(student, submission.autograded.read_bytes())
        page, beside = submission.feedback, submission.beside_graded()
        if not force and _ends_with(page, stamp) and all(_holds(page.with_name(n), beside[n]) for n in beside):
            return False
        text = make()
        submission.make_feedback_folder()
        mode = self.assignment.course.feedback_modes[0]
        for name, content in beside.items():
            write_whole(page.with_name(name), content, mode)
        # Last: with its stamp it says that all is there.
        write_whole(page, text, mode)
        return True


def write_feedback(
    assignment: Assignment,
    students: Collection[str] | None = None,
    force: bool = False,
    workers: int | None = None,
    tell: Tell | None = None,
) -> Pages:
    """Write the feedback page of each graded student, where it is not as it would be now. Returns the paths, sorted.

    force: all, also those that are. workers: how many at a time; None for one on each processor.
    Raises GradbookError where nothing was graded yet, and, once the others are written, where a page cannot be.
    """
    graded = sorted(p.parent.name for p in (assignment.course.root / "autograded").glob(f"*/{assignment.id}"))
    wanted = [s for s in graded if students is None or s in students]
    if not wanted:
        raise GradbookError(f"nothing to write: run gradbook grade {assignment.id} first")
    require_graded_since(assignment, wanted)
    maker, failed = Maker(assignment, wanted), dict[str, str]()
    pages = Pages(Submission(assignment, s).feedback for s in wanted)
    count = workers or len(os.sched_getaffinity(0))
    for done, (student, outcome) in enumerate(_each(maker, wanted, force, count), 1):
        if isinstance(outcome, str):
            failed[student] = outcome
        else:
            pages.written += outcome
        if tell:
            tell(done, len(wanted))
    if failed:
        raise _none_for(failed, len(wanted), assignment)
    return pages


# ---------------------------------------------------------------- several at a time


def _each(maker: Maker, students: list[str], force: bool, count: int) -> Iterator[tuple[str, bool | str]]:
    """(student, whether the page was written anew, or the traceback with which it could not be)."""
    few, many = (students, []) if count < 2 or len(students) <= FEW else (students[:1], students[1:])
    for student in few:
        yield student, _write(maker, student, force)
    if not many:
        return
    # A fork has what was made for the first page: the lesson, the templates. Before any thread is there.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(count, context, _begin, (maker, force)) as pool:
        try:
            yield from zip(many, pool.map(_one, many, chunksize=AT_ONCE), strict=True)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


_given: tuple[Maker, bool]  # of a process that writes pages


def _begin(maker: Maker, force: bool) -> None:
    global _given
    # Ctrl-C is for the process that started this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _given = maker, force


def _one(student: str) -> bool | str:
    maker, force = _given
    return _write(maker, student, force)


def _write(maker: Maker, student: str, force: bool) -> bool | str:
    """Whether a page was written anew, or the traceback with which it could not be; then none is there."""
    try:
        return maker.write(student, force)
    except Exception:
        with suppress(OSError):
            # It would tell what holds no more.
            Submission(maker.assignment, student).feedback.unlink(missing_ok=True)
        return traceback.format_exc()


def _none_for(failed: Mapping[str, str], count: int, assignment: Assignment) -> GradbookError:
    """What is said where pages could not be made, once the tracebacks are kept. failed: student -> traceback."""
    names = "; ".join(f"{student} ({_reason(trace)})" for student, trace in list(failed.items())[:10])
    names += f" and {len(failed) - 10} more" if len(failed) > 10 else ""
    text = "\n".join(f"{student}:\n{trace}" for student, trace in failed.items())
    kept = keep_of_command(assignment.course.root, "feedback", text)
    return GradbookError(
        f"{count - len(failed)} feedback pages were written, and none for {names}: grade those again with "
        f"gradbook grade {assignment.id} --force --student ID; what failed stands in {kept}"
    )


def _reason(trace: str) -> str:
    """Why a page could not be made, in one line."""
    return plain(trace.rstrip().split("\n")[-1].removeprefix("gradbook.errors."))[:200]


# ---------------------------------------------------------------- what is there


def _ends_with(page: Path, stamp: str) -> bool:
    """Whether a page is there whole, and has this stamp."""
    try:
        with open(page, "rb") as file:
            file.seek(-200, os.SEEK_END)
            return stamp.encode() in file.read()
    except OSError:
        return False


def _holds(path: Path, content: bytes) -> bool:
    """Whether a file is there with this content."""
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False
