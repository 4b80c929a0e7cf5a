"""Taking what has come, and whose turn it is.

What is taken is copied, put into submitted/ where it came from the exchange, and then entered as an attempt that waits:
so whatever ends this process, the next one finds it, and finds it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from ..course import records
from ..course.assignment import Assignment
from ..course.attempts import (
    FAILED,
    GRADED,
    HELD,
    REPLACED,
    WAITING,
    Attempt,
    Attempts,
    create_table,
    known,
    turn,
)
from ..course.kept import KeptSubmission, copy_folder, keep
from ..course.policy import Policy
from ..course.submission import Submission
from ..grading.mishaps import require_one_submissions
from ..grading.run import Key, Todo
from .looks import Arrival

HOUR = 3600.0


@contextmanager
def attempts_of(assignment: Assignment) -> Iterator[Attempts]:
    """The attempts as the gradebook holds them, which has their table. What is changed is written at the end, all or
    nothing.
    """
    import sqlalchemy as sa

    with assignment.course.database() as url:
        engine = sa.create_engine(url)
        try:
            with engine.begin() as connection:
                yield Attempts(connection, assignment.id)
        finally:
            engine.dispose()


class Inbox:
    """The attempts that wait. Whoever uses it holds `only_one`."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment, self.policy = assignment, assignment.course.attempts(assignment.id)
        self.version = assignment.version()
        with assignment.course.gradebook() as gradebook:
            records.create_table(gradebook.engine)
            create_table(gradebook.engine)
        with assignment.course.database() as url:
            self.before = records.digests(url, assignment.id)  # also of what was graded before attempts were counted
        self.out: set[Key] = set()  # what is being graded

    # ---------------------------------------------------------------- taking

    def take(self, arrivals: Iterable[Arrival], since: float) -> Iterator[tuple[Arrival, Attempt | OSError | None]]:
        """Take submissions: each with its attempt, with None where it was taken before, or why it cannot be now.

        since: from when on what is handed in is to be answered, also where another one has graded it.
        """
        with attempts_of(self.assignment) as attempts:
            for arrival in arrivals:
                try:
                    yield arrival, self._take(attempts, arrival, since)
                except OSError as error:
                    require_one_submissions(error)
                    yield arrival, error

    def _take(self, attempts: Attempts, arrival: Arrival, since: float) -> Attempt | None:
        before = attempts.of(arrival.student)
        if arrival.origin and any(attempt.origin == arrival.origin for attempt in before):
            return None
        if not arrival.origin and self._is_known(Submission(self.assignment, arrival.student), before):
            return None
        one = KeptSubmission(self.assignment, arrival.student, before[-1].number + 1 if before else 1)
        keep(arrival.folder, one)
        content = one.fingerprint()
        same = known(before, content, bool(one.secret))
        if same:
            if arrival.origin:
                # Somebody has collected it. Where its page was written, it is still to be released.
                taken = same.taken or arrival.at >= since
                attempts.change(same, origin=arrival.origin, taken=taken, answered=None)
            return None
        if arrival.origin:
            put = Submission(self.assignment, arrival.student).folder
            copy_folder(one.folder, put, self.assignment.course.autograded_modes[1])
        new = Attempt(arrival.student, one.number, arrival.at, arrival.origin, content, taken=True, note=arrival.note)
        attempts.put(new)
        return new

    def _is_known(self, one: Submission, before: Sequence[Attempt]) -> bool:
        if not before:
            return self.before.get(one.student) == one.fingerprint(self.version)
        return known(before, one.fingerprint(), bool(one.secret)) is not None

    def origins(self) -> set[str]:
        """The folders of the exchange that were taken."""
        with attempts_of(self.assignment) as attempts:
            return {attempt.origin for found in attempts.every().values() for attempt in found} - {""}

    # ---------------------------------------------------------------- whose turn it is

    def turns(self, now: float) -> list[Attempt]:
        """See whose turn has come. Returns those that are held, or replaced by a later one, from now on."""
        with attempts_of(self.assignment) as attempts:
            changed = []
            waiting = {attempt.student for attempt in attempts.in_state((WAITING, HELD))}
            for before in attempts.every(waiting).values():
                for old, new in zip(before, granted(before, self.policy, now), strict=True):
                    if new != old:
                        attempts.change(old, state=new.state, granted=new.granted)
                    if new.state != old.state and new.state in (HELD, REPLACED):
                        changed.append(new)
            return changed

    def next(self, room: int) -> Iterator[Todo]:
        """At most so many that are to be graded now, in the order in which they were handed in; one of a student."""
        with attempts_of(self.assignment) as attempts:
            waiting = attempts.in_state((WAITING,))
        for attempt in first_of_each(attempt for attempt in waiting if attempt.granted is not None):
            if room <= 0:
                return
            if attempt.student not in {key.student for key in self.out}:
                one = KeptSubmission(self.assignment, attempt.student, attempt.number)
                todo = Todo(one, one.fingerprint(self.version), attempt)
                self.out.add(todo.key)
                room -= 1
                yield todo

    def wake(self) -> float | None:
        """When there is something to grade; None where nothing waits."""
        with attempts_of(self.assignment) as attempts:
            waiting = attempts.in_state((WAITING, HELD))
        # One that waits has its turn now; one that is held, by the clock.
        return min((attempt.granted or 0.0 if attempt.state == HELD else 0.0 for attempt in waiting), default=None)

    def is_owed(self) -> bool:
        """Whether somebody waits for an answer that could be given."""
        with attempts_of(self.assignment) as attempts:
            return bool(attempts.unanswered())

    def owed(self) -> list[Attempt]:
        """Those that were graded or replaced, and have no answer. One whose grading is not at hand waits again."""
        with attempts_of(self.assignment) as attempts:
            owed = attempts.unanswered()
            for attempt in owed:
                if attempt.state == GRADED and not attempt.counts:
                    attempts.change(attempt, state=WAITING)
            return [attempt for attempt in owed if attempt.state == REPLACED or attempt.counts]

    def counting(self) -> list[Attempt]:
        """Those that count and were answered."""
        with attempts_of(self.assignment) as attempts:
            there = [attempt for found in attempts.every().values() for attempt in found]
        return [attempt for attempt in there if attempt.counts and attempt.answered is not None]

    def answered(self, attempt: Attempt, now: float) -> None:
        """An attempt's feedback is where the student finds it."""
        with attempts_of(self.assignment) as attempts:
            attempts.change(attempt, answered=now)

    def failed(self, attempt: Attempt, now: float) -> None:
        """Nothing could be recorded of an attempt: it is not tried again here."""
        with attempts_of(self.assignment) as attempts:
            attempts.change(attempt, state=FAILED, answered=now)

    def held(self) -> list[Attempt]:
        """Those that are held."""
        with attempts_of(self.assignment) as attempts:
            return attempts.in_state((HELD,))

    def row(self, key: Key) -> Attempt:
        """An attempt as it now stands in the gradebook."""
        with attempts_of(self.assignment) as attempts:
            return next(attempt for attempt in attempts.of(key.student) if attempt.number == key.number)


def first_of_each(attempts: Iterable[Attempt]) -> list[Attempt]:
    """The first attempt of each student, in the order in which they were handed in."""
    first: dict[str, Attempt] = {}
    for attempt in sorted(attempts, key=lambda attempt: attempt.number):
        first.setdefault(attempt.student, attempt)
    return sorted(first.values(), key=turn)


def granted(attempts: Sequence[Attempt], policy: Policy, now: float) -> list[Attempt]:
    """A student's attempts, with when those that wait may be graded; of several that are held only the last one is."""
    there = list(attempts)
    # By a clock that was wrong, one may have been granted in times to come.
    given = [a.granted for a in attempts if a.state != HELD and a.granted is not None and a.granted <= now + HOUR]
    held: list[int] = []
    for place, attempt in enumerate(attempts):
        if attempt.state == HELD or (attempt.state == WAITING and attempt.granted is None):
            when = _when(given, attempt.at, policy.per_hour)
            if when <= now:
                there[place] = replace(attempt, state=WAITING, granted=when)
                given.append(when)
            else:
                there[place] = replace(attempt, state=HELD, granted=when)
                held.append(place)
    for place in held[:-1]:
        there[place] = replace(there[place], state=REPLACED, granted=None)
    return there


def _when(given: Sequence[float], at: float, per_hour: int | None) -> float:
    """When an attempt may be graded. given: when those before it might. at: when it was handed in."""
    if per_hour is None or len(given) < per_hour:
        return at
    return max(at, sorted(given)[-per_hour] + HOUR)
