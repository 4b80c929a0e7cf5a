"""The attempts of a homework: one row for each submission of a student that was graded, or waits for it.

They stand in a table of their own beside the records, and are written in the same transaction as the grades.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC
from functools import cache
from typing import TYPE_CHECKING, Any

from . import records
from .mistakes_made import mistakes_made
from .policy import BEST
from .standing import BEGAN, standing

if TYPE_CHECKING:
    import sqlalchemy as sa

    from .records import Record
    from .submission import Submission

# WAITING: for its turn. HELD: there were too many within an hour. REPLACED: a later one came while it was held.
# FAILED: nothing could be recorded of it.
WAITING, HELD, REPLACED, GRADED, FAILED = "waiting", "held", "replaced", "graded", "failed"


@dataclass(frozen=True)
class Attempt:
    """One attempt of a student at a homework. Times are seconds since 1970.

    number: 1 for the first. at: when it was handed in. origin: its folder in the exchange, if it came from there.
    content: what tells what was handed in from anything else; digest: the same for one version of the homework, empty
    until it is graded. taken: whether `watch` took it, and so owes an answer. granted: when the hourly limit lets it be
    graded. answered: when its feedback was given. counts: whether it is the one that the gradebook holds.
    mistakes: what was wrong, as JSON; empty where it says nothing, as where the file cannot be read. note: what is odd
    about the way in which it came.
    """

    student: str
    number: int
    at: float
    origin: str = ""
    content: str = ""
    digest: str = ""
    state: str = WAITING
    taken: bool = False
    granted: float | None = None
    answered: float | None = None
    counts: bool = False
    score: float = 0.0
    max_score: float = 0.0
    penalty: float = 0.0
    mistakes: str = ""
    note: str = ""

    @property
    def value(self) -> float:
        """What it would give."""
        return max(self.score - self.penalty, 0.0)

    def graded(self, record: Record, digest: str, penalty: float = 0.0) -> Attempt:
        """This, with what came of it."""
        scores = {"score": record["score"], "max_score": record["max_score"], "penalty": penalty}
        return replace(self, state=GRADED, digest=digest, mistakes=told(record), **scores)


def told(record: Record) -> str:
    """What was wrong in an attempt, short, for `Attempt.mistakes`."""
    if standing(record) != BEGAN:
        return ""
    made = mistakes_made(record)
    return json.dumps([[one.function, one.mistake or one.hint, one.concept] for one in made])


def counted(attempts: Iterable[Attempt], counts: str) -> Attempt | None:
    """Which one does, of those that were graded; of equally good ones the later."""
    there = [attempt for attempt in attempts if attempt.state == GRADED]
    key = (lambda a: (round(a.value, 6), a.number)) if counts == BEST else (lambda a: (a.number,))
    return max(there, key=key, default=None)


def known(attempts: Sequence[Attempt], content: str, unique: bool) -> Attempt | None:
    """The attempt with this content. unique: whether no other submission has it, such as one with a secret.

    Else it is the last one or none: who hands in again what was there before makes an attempt.
    """
    return next((a for a in reversed(attempts if unique else attempts[-1:]) if a.content == content), None)


def new_attempt(one: Submission, content: str, before: Sequence[Attempt]) -> Attempt:
    """The attempt that comes after these, of the same student."""
    when = one.timestamp
    at = when.replace(tzinfo=UTC).timestamp() if when else time.time()
    return Attempt(one.student, before[-1].number + 1 if before else 1, at, content=content)


@cache
def table() -> sa.Table:
    """The table of the attempts of all homeworks."""
    import sqlalchemy as sa

    kinds: dict[Any, sa.types.TypeEngine[Any]] = {"str": sa.Text(), "int": sa.Integer(), "bool": sa.Boolean()}
    columns: list[sa.Column[Any]] = [
        sa.Column(field.name, kinds.get(field.type, sa.Float(53)), nullable="None" in str(field.type))
        for field in fields(Attempt)
        if field.name not in ("student", "number")
    ]
    return sa.Table(
        "gradbook_attempt",
        sa.MetaData(),
        sa.Column("homework", sa.String(128), primary_key=True),
        sa.Column("student", sa.String(128), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        *columns,
    )


def create_table(engine: sa.Engine) -> None:
    """Make the table of the attempts where there is none."""
    records.create(table(), engine)


class Attempts:
    """The attempts of one homework. db: what executes statements, such as a session; who gave it commits."""

    def __init__(self, db: Any, homework_id: str) -> None:
        self.db, self.homework, self.table = db, homework_id, table()

    def of(self, student: str) -> list[Attempt]:
        """Those of a student, the first one first."""
        return self._found(self.table.c.student == student)

    def every(self, students: Collection[str] | None = None) -> dict[str, list[Attempt]]:
        """Student -> attempts. students: None for all."""
        only = () if students is None else (self.table.c.student.in_(students),)
        return _by_student(self._found(*only))

    def in_state(self, states: Collection[str]) -> list[Attempt]:
        """Those in one of some states, by the time when they were handed in."""
        return sorted(self._found(self.table.c.state.in_(states)), key=turn)

    def unanswered(self) -> list[Attempt]:
        """Those that were taken and graded, or replaced, and not answered yet."""
        there = self.table.c
        owed = there.taken, there.answered.is_(None), there.state.in_((GRADED, REPLACED))
        return sorted(self._found(*owed), key=turn)

    def _found(self, *conditions: Any) -> list[Attempt]:
        import sqlalchemy as sa

        there = self.table.c
        query = sa.select(*(there[field.name] for field in fields(Attempt)))
        query = query.where(there.homework == self.homework, *conditions).order_by(there.student, there.number)
        return [Attempt(*row) for row in self.db.execute(query)]

    def put(self, attempt: Attempt) -> None:
        """Write one, in the place of what was there of it."""
        import sqlalchemy as sa

        key = {"homework": self.homework, "student": attempt.student, "number": attempt.number}
        there = self.table.c
        where = [there[name] == value for name, value in key.items()]
        self.db.execute(sa.delete(self.table).where(*where))
        self.db.execute(sa.insert(self.table).values(**{**asdict(attempt), **key}))

    def change(self, attempt: Attempt, **values: Any) -> None:
        """Change some columns of one, whatever the others hold by now."""
        import sqlalchemy as sa

        there = self.table.c
        where = there.homework == self.homework, there.student == attempt.student, there.number == attempt.number
        self.db.execute(sa.update(self.table).where(*where).values(**values))


def turn(attempt: Attempt) -> tuple[float, str, int]:
    """By what attempts are put in the order in which they are graded."""
    return attempt.at, attempt.student, attempt.number


def _by_student(attempts: Iterable[Attempt]) -> dict[str, list[Attempt]]:
    found: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        found.setdefault(attempt.student, []).append(attempt)
    return found
