"""Entering what attempts gave: a row for each, and of the one that counts the grades and the record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from . import records
from .attempts import GRADED, Attempt, Attempts, counted
from .findings import Graded
from .policy import BEST


@dataclass(frozen=True)
class Entry:
    """The grading of an attempt. attempt: as it was before. digest: see there. timestamp: nbgrader's of it, if any."""

    attempt: Attempt
    graded: Graded
    digest: str
    timestamp: datetime | None


class Ledger:
    """Enters gradings of one homework, a student at a time. counts: which attempt does, see `policy`."""

    def __init__(self, writer: records.Writer, counts: str) -> None:
        self.writer, self.counts = writer, counts
        self.attempts = Attempts(writer.db, writer.homework)

    def enter(self, student: str, entries: Sequence[Entry], place: Callable[[Entry], None]) -> Entry | None:
        """Write what was graded, all or nothing. Returns the entry that counts, None where it is none of these.

        place: puts the files of that one in place, before the gradebook says that they are there.
        """
        before = {a.number: a for a in self.attempts.of(student)}
        new = {entry.attempt.number: self._row(student, entry, before) for entry in entries}
        chosen = self._chosen({**before, **new}, new)
        mine = next((entry for entry in entries if chosen and entry.attempt.number == chosen.number), None)
        rows = [replace(row, counts=bool(chosen and number == chosen.number)) for number, row in new.items()]
        newest = max((a for a in {**before, **new}.values() if a.state == GRADED), key=lambda a: a.number)

        def also(db: Any) -> None:
            there = Attempts(db, self.writer.homework)
            for row in rows:
                there.put(row)
            for number in before.keys() - new.keys():
                there.change(before[number], counts=bool(chosen and number == chosen.number))

        if mine is None:
            self.writer.note(student, newest.digest, also)
        else:
            place(mine)
            self.writer.save(student, mine.graded, mine.timestamp, newest.digest, also)
        return mine

    def _row(self, student: str, entry: Entry, before: dict[int, Attempt]) -> Attempt:
        """An attempt with its grading, and all else as it stands there by now."""
        record = records.document(student, self.writer.homework, entry.graded)
        penalties, taken = self.writer.penalties, 0.0
        if self.counts == BEST and penalties:
            taken = penalties.of(self.writer.db, student, entry.timestamp, record["score"])
        return before.get(entry.attempt.number, entry.attempt).graded(record, entry.digest, taken)

    def _chosen(self, now: dict[int, Attempt], new: dict[int, Attempt]) -> Attempt | None:
        """The one that counts of those whose grading is at hand, or stands in the gradebook."""
        best = counted(now.values(), self.counts)
        if best is None or best.number in new or best.counts:
            return best
        # Another one would count, by another policy than when it was graded: the next `grade` sees to that.
        return next((a for a in now.values() if a.counts), None) or counted(new.values(), self.counts)
