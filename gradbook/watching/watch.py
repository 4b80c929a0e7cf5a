"""`gradbook watch`: grades what comes in, as it comes in, and gives feedback back.

One process of all that watch a homework works; the others wait, and one of them takes over where it ends. All that it
knows stands in the gradebook and on disk, so that it can end at any moment.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from typing import Any

from ..course.assignment import Assignment, printable
from ..course.attempts import GRADED, HELD, Attempt
from ..course.kept import sweep_kept
from ..course.locks import lock_file
from ..course.times import in_words
from ..course.tracebacks import keep_of_command, text_of, type_and_place
from ..errors import GradbookError
from ..grading.mishaps import require_one_submissions
from ..grading.run import Options, Todo, grade_stream, only_one
from ..grading.warm import WarmTeam
from ..intake.startup import prepare_nbgrader
from .answers import Answers, NotReleased
from .exchange import Exchange, exchange_of
from .inbox import Inbox
from .looks import Arrival, Looks
from .stopping import Stop, Stopped

STREAM = 30.0  # seconds after which others who want to grade the homework get their turn
OWED = 5.0  # seconds between two looks into the gradebook, for what another one graded
RENEW = 60.0  # seconds between two looks for pages that may tell all by now
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0  # seconds after a failure


@dataclass(frozen=True)
class Line:
    """What is said of one submission. waited: seconds from when it was handed in. shown: whether its page tells all."""

    student: str
    attempt: int
    outcome: str
    score: float | None = None
    max_score: float | None = None
    waited: float | None = None
    until: str = ""
    note: str = ""

    def plain(self) -> dict[str, Any]:
        """This as plain data, for `--json`."""
        return asdict(self)

    def __str__(self) -> str:
        text = f"{printable(self.student)}: attempt {self.attempt} {self.outcome}"
        if self.score is not None and self.max_score is not None:
            text += f", {round(self.score, 2):g} of {self.max_score:g}"
        text += f", until {self.until}" if self.until else ""
        text += f", after {_duration(self.waited)}" if self.waited is not None else ""
        return text + (f" ({self.note})" if self.note else "")


@dataclass(frozen=True)
class Telling:
    """Who is told. line: of each submission. note: of anything else, in one line."""

    line: Callable[[Line], object]
    note: Callable[[str], object]


def watch(assignment: Assignment, options: Options, telling: Telling) -> None:
    """Grade what comes in until somebody stops it. options: what of it holds for each submission, and `workers`.

    Raises GradbookError where it cannot begin.
    """
    prepare_nbgrader()
    assignment.needs.require_modules()
    assignment.require_released()
    exchange = exchange_of(assignment.course)
    assignment.course.attempts(assignment.id)
    try:
        with Stop() as stop, _alone(assignment, stop, telling) as lock, WarmTeam(options.workers) as warm:
            _Watch(assignment, options, telling, exchange, warm, stop, lock).run()
    except Stopped:
        telling.note(f"{assignment.id}: stopped; what came in is kept, and what waits is graded when this runs again")


@contextmanager
def _alone(assignment: Assignment, stop: Stop, telling: Telling) -> Iterator[int]:
    """Let one process at a time watch a homework. Gives its lock, whose time says when somebody looked last."""
    with lock_file(assignment, "watch") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            telling.note(f"{assignment.id} is watched already; this one takes over when that ends")
            with stop.at_once():
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


class _Watch:
    """The one that works."""

    def __init__(
        self,
        assignment: Assignment,
        options: Options,
        telling: Telling,
        exchange: Exchange | None,
        warm: WarmTeam,
        stop: Stop,
        lock: int,
    ) -> None:
        self.course, self.id = assignment.course, assignment.id
        self.options, self.telling, self.exchange = options, telling, exchange
        self.warm, self.stop, self.lock = warm, stop, lock
        self.assignment, self.answers = assignment, Answers(assignment, exchange)
        there = os.fstat(lock)
        # A lock that was just made says nothing: its size does.
        last = there.st_mtime if there.st_size else 0.0
        self.since = last or time.time()
        self.inbox = Inbox(assignment)
        self.looks = Looks(assignment, exchange, last, self.inbox.origins())
        self.arrived: list[Arrival] = []
        self.next_owed = self.next_renewal = 0.0  # by the clock that never jumps
        self.wake: float | None = None
        self.early: set[str] | None = None
        self.exchange_was_there, self.not_released = True, ""

    def run(self) -> None:
        """Go on until Stopped is raised."""
        self.warm.team(self.assignment, self.options.execution)
        sweep_kept(self.assignment)
        self._say_what()
        pause, said = FIRST_PAUSE, ""
        while True:
            try:
                self._round()
                pause, said = FIRST_PAUSE, ""
            except Exception as error:
                why = self._why(error, said)
                if why != said:
                    said = why
                    self.telling.note(f"{why}; nothing is lost, it is tried again")
                self.warm.close()
                self.stop.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def _why(self, error: Exception, said: str) -> str:
        if isinstance(error, GradbookError):
            return str(error)
        what = type_and_place(error)
        if what in said:
            return said
        return f"watching failed ({what}); the traceback stands in " + keep_of_command(
            self.course.root, "watch", text_of(error)
        )

    def _say_what(self) -> None:
        where = f"{self.exchange.inbound} and " if self.exchange else ""
        self.telling.note(f"{self.id}: watching {where}{self.course.root / 'submitted'}; Ctrl-C stops it")

    # ---------------------------------------------------------------- a round

    def _round(self) -> None:
        """Look, and grade all that has come; or wait a little."""
        self._look()
        if not (self.arrived or self._is_due()):
            self.stop.sleep(self.looks.pause)
            return
        with self._turn():
            self.assignment = Assignment(self.course, self.id)
            self.inbox = Inbox(self.assignment)
            self.answers = Answers(self.assignment, self.exchange)
            self._answer_owed()
            self._grade()
            self.wake = self.inbox.wake()
            self._renew()
        self.stop.sleep(self.looks.pause)

    def _is_due(self) -> bool:
        """Whether there is something to do although nothing has come."""
        clock = time.monotonic()
        if clock >= self.next_renewal or (self.wake is not None and time.time() >= self.wake):
            return True
        if clock < self.next_owed:
            return False
        self.next_owed = clock + OWED
        return self.inbox.is_owed()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Be the only one that grades the homework; to wait for that can be stopped."""
        turn = only_one(self.assignment)
        with self.stop.at_once():
            turn.__enter__()
        try:
            yield
        finally:
            turn.__exit__(None, None, None)

    def _look(self) -> None:
        self.arrived = self.looks.look()
        os.ftruncate(self.lock, 1)
        os.utime(self.lock)
        there = self.exchange is None or self.exchange.is_there()
        if there != self.exchange_was_there and self.exchange:
            self.exchange_was_there = there
            said = "is there again" if there else "is not there; until it is, only submitted/ is watched"
            self.telling.note(f"{self.exchange.inbound} {said}")
        for folder in list(self.looks.odd):
            self.telling.note(self.looks.odd.pop(folder))

    def _take(self) -> None:
        """Take what has arrived."""
        # Only when all of it is written is anything of it done.
        for arrival, came in list(self.inbox.take(self.arrived, self.since)):
            if isinstance(came, OSError):
                self.looks.refused(arrival, f"it cannot be read ({type(came).__name__})")
            else:
                self.looks.done([arrival])
        self.arrived = []

    def _grade(self) -> None:
        """Grade what waits and what comes meanwhile, and answer each."""
        end, looked = time.monotonic() + STREAM, time.monotonic()

        def more(room: int) -> list[Todo]:
            nonlocal looked
            self.stop.look()
            if time.monotonic() >= end:
                return []
            if time.monotonic() - looked >= self.looks.pause:
                self._look()
                looked = time.monotonic()
            self._take()
            for attempt in self.inbox.turns(time.time()):
                self._hold(attempt)
            return list(islice(self.inbox.next(room), room))

        for todo, graded, record in grade_stream(self.assignment, more, self.warm, self.options):
            self.inbox.out.discard(todo.key)
            attempt = self.inbox.row(todo.key)
            if "unrecorded" in record:
                self.inbox.failed(attempt, time.time())
                self._said(attempt, "is NOT recorded", note=record["unrecorded"])
            elif attempt.state == GRADED:
                self._answer(attempt, partial(self.answers.graded, attempt, graded, record))

    # ---------------------------------------------------------------- answers

    def _hold(self, attempt: Attempt) -> None:
        """Tell a student that an attempt waits, or was replaced."""
        if attempt.state != HELD:
            self._answer(attempt, partial(self.answers.waiting, attempt))
            return
        with suppress(NotReleased):  # its answer comes when it is graded
            self.answers.waiting(attempt)
        self._said(attempt, "is kept", until=in_words(attempt.granted or attempt.at, self.course.zone))

    def _answer_owed(self) -> None:
        """Answer what was graded before somebody ended this, or by another one."""
        for attempt in self.inbox.owed():
            give = self.answers.graded if attempt.state == GRADED else self.answers.waiting
            if not self._answer(attempt, partial(give, attempt)):
                return

    def _answer(self, attempt: Attempt, give: Callable[[], None]) -> bool:
        """Answer an attempt, and say so. False where the exchange does not take it now; it is tried again later."""
        note = ""
        try:
            give()
            self.not_released = ""
        except NotReleased as error:
            # It is owed, and found again.
            if str(error) != self.not_released:
                self.not_released = str(error)
                self.telling.note(f"{error}; it is tried again, and what was graded is kept")
            return False
        except Exception as error:
            if not isinstance(error, GradbookError):
                require_one_submissions(error)
            note = f"no page: {type_and_place(error)}; the traceback stands in " + keep_of_command(
                self.course.root, "feedback", text_of(error)
            )
        now = time.time()
        self.inbox.answered(attempt, now)
        self._said(attempt, "is graded" if attempt.state == GRADED else "is replaced by a later one", now, note=note)
        return True

    def _said(self, attempt: Attempt, outcome: str, now: float | None = None, until: str = "", note: str = "") -> None:
        graded = attempt.state == GRADED
        score, most = (attempt.score, attempt.max_score) if graded else (None, None)
        waited = max(now - attempt.at, 0.0) if now else None
        notes = "; ".join(filter(None, (attempt.note, note)))
        self.telling.line(Line(attempt.student, attempt.number, outcome, score, most, waited, until, notes))

    # ---------------------------------------------------------------- when answers are early no more

    def _renew(self) -> None:
        """Have the pages tell all of those for whom they may by now."""
        if time.monotonic() < self.next_renewal:
            return
        self.next_renewal = time.monotonic() + RENEW
        shown = self.inbox.counting()
        early = self.answers.early()
        # At the beginning all are looked at: settings and due dates may have changed.
        before = self.early
        over = [a for a in shown if before is None or (a.student in before and a.student not in early)]
        with suppress(NotReleased):
            if over:
                self.answers.renew(over)
            for attempt in self.inbox.held() if before is None else ():
                self.answers.waiting(attempt)
        self.early = early


def _duration(seconds: float) -> str:
    """A time that passed, as people say it."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"
