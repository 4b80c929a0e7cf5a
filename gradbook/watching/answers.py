"""Answering an attempt: the pages about it, in the course folder and in the exchange."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from ..course.assignment import Assignment
from ..course.attempts import Attempt
from ..course.files import write_whole
from ..course.findings import Graded
from ..course.kept import KeptSubmission
from ..course.policy import ALL
from ..course.records import Record
from ..course.submission import Submission
from ..course.times import now
from ..errors import GradbookError
from ..pages.feedback import Maker
from ..pages.graded import dues
from ..pages.waiting import waiting_page
from .exchange import Exchange


class NotReleased(Exception):
    """The exchange did not take a page; it is to be tried again."""


class Answers:
    """Writes the pages of one homework. exchange: where students fetch them, if there is one."""

    def __init__(self, assignment: Assignment, exchange: Exchange | None) -> None:
        self.assignment, self.exchange = assignment, exchange

    def graded(self, attempt: Attempt, graded: Graded | None = None, record: Record | None = None) -> None:
        """Answer an attempt that was graded. graded, record: what came of it, where it does not count.

        Raises NotReleased where its page cannot be put into the exchange.
        """
        maker = Maker(self.assignment, [attempt.student])
        maker.write(attempt.student, False)
        if attempt.counts or graded is None or record is None:
            text = Submission(self.assignment, attempt.student).feedback.read_text("utf-8")
        else:
            text = maker.page_of(attempt, record, graded.text.encode())
        self._give(attempt, text)

    def waiting(self, attempt: Attempt) -> None:
        """Answer one that is held, or was replaced by a later one. Raises NotReleased, see there."""
        # Where nothing of this student is graded, there is no page that lists the attempts.
        with suppress(GradbookError, FileNotFoundError):
            Maker(self.assignment, [attempt.student]).write(attempt.student, False)
        course = self.assignment.course
        per_hour = course.attempts(self.assignment.id).per_hour
        self._give(attempt, waiting_page(self.assignment.title, attempt, per_hour, course.zone))

    def renew(self, attempts: Collection[Attempt]) -> None:
        """Have the pages of attempts that count as they are to be now. Raises NotReleased, see there."""
        maker = Maker(self.assignment, [attempt.student for attempt in attempts])
        for attempt in attempts:
            if maker.write(attempt.student, False):
                self._give(attempt, Submission(self.assignment, attempt.student).feedback.read_text("utf-8"))

    def early(self) -> set[str]:
        """The students whose pages do not tell all."""
        course, policy = self.assignment.course, self.assignment.course.attempts(self.assignment.id)
        if policy.show == ALL:
            return set()
        with course.gradebook() as gradebook:
            found = list(dues(gradebook, self.assignment.id, None))
        return {student for student, _, due in found if policy.shows(due, now()) != ALL}

    def _give(self, attempt: Attempt, text: str) -> None:
        one = KeptSubmission(self.assignment, attempt.student, attempt.number)
        one.make_feedback_folder()
        mode, group = self.assignment.course.feedback_modes
        one.page.parent.mkdir(exist_ok=True)
        if group:
            with suppress(PermissionError):
                one.page.parent.chmod(0o755 | group)
        write_whole(one.page, text, mode)
        if attempt.origin and one.secret and self.exchange:
            try:
                self.exchange.release(text, one)
            except OSError as error:
                raise NotReleased(f"the exchange takes no feedback ({type(error).__name__})") from None
