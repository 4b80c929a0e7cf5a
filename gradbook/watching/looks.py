"""What has come since the last look, once it is whole.

Folders are looked at again and again, as many an exchange stands on a file system that tells nobody of a change. A look
costs a call of the system for each file; the pause between two of them follows from what they cost.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..course.assignment import Assignment, printable, why_no_id
from ..course.submission import Submission
from ..errors import UnreadableNotebook
from ..intake.choice import choose
from ..intake.notebook import plain_bytes, read_submission, submission
from .exchange import Exchange, claimed_time, is_complete

QUIET = 1.0  # seconds without a change after which a notebook that can be read is whole
LONG = 10.0  # the same for all else: what cannot be read may be on its way
SHORTEST, LONGEST = 0.4, 10.0  # seconds between two looks
SHARE = 0.02  # of a processor's time that looks may take

Signature = tuple[tuple[str, int, int, int], ...]  # name, time of change, size and number of each file


@dataclass(frozen=True)
class Arrival:
    """A submission that is whole. origin: its folder's name in the exchange, nothing where it stands in submitted/."""

    folder: Path
    student: str
    origin: str
    at: float
    note: str = ""


@dataclass
class _Seen:
    """A folder as it was seen last. since: when first so. after: the look before it was seen for the first time."""

    signature: Signature
    since: float
    after: float
    done: bool = False


class Looks:
    """Looks at the exchange and at submitted/.

    last: when somebody looked before, in seconds since 1970; 0 for never. known: what was taken from the exchange.
    """

    def __init__(
        self, assignment: Assignment, exchange: Exchange | None, last: float = 0.0, known: Iterable[str] = ()
    ) -> None:
        self.assignment, self.exchange, self.last, self.known = assignment, exchange, last, set(known)
        self.seen: dict[Path, _Seen] = {}
        self.odd: dict[Path, str] = {}  # what cannot be taken, and why; who tells it takes it out
        self.told: set[Path] = set()
        self.pause = SHORTEST

    def look(self) -> list[Arrival]:
        """What has come and is not marked as done, by the time when it was handed in."""
        begin = time.monotonic()
        found = sorted(self._found(), key=lambda arrival: (arrival.at, arrival.folder.name))
        self.last = time.time()
        self.pause = min(max((time.monotonic() - begin) / SHARE, SHORTEST), LONGEST)
        return found

    def done(self, arrivals: Iterable[Arrival]) -> None:
        """These were taken, or need not be: they come again only where something in them changes."""
        for arrival in arrivals:
            self.seen[arrival.folder].done = True
            self.known |= {arrival.origin} - {""}

    def refused(self, arrival: Arrival, why: str) -> None:
        """This one could not be read; it is tried again for a while, and then when something in it changes."""
        if self._rests(arrival.folder, LONG):
            self.done([arrival])
            self._tell_odd(arrival.folder, why)

    def _found(self) -> Iterator[Arrival]:
        there = list(self._exchanged()) + list(self._submitted())
        for gone in self.seen.keys() - {folder for folder, _, _ in there}:
            del self.seen[gone]
        db_url = self.assignment.course.db_url()
        for folder, student, origin in there:
            why = why_no_id(student, db_url)
            if why:
                self._tell_odd(folder, why)
            elif self._is_new_and_whole(folder, origin):
                note = self.exchange.whose(folder, student) if self.exchange and origin else ""
                yield Arrival(folder, student, origin, self._time(folder), note)

    def _exchanged(self) -> Iterator[tuple[Path, str, str]]:
        for folder, student in self.exchange.folders(self.assignment.id) if self.exchange else ():
            # What was taken is ours, whatever becomes of the folder.
            if folder.name not in self.known:
                yield folder, student, folder.name

    def _submitted(self) -> Iterator[tuple[Path, str, str]]:
        for student in self.assignment.students():
            yield Submission(self.assignment, student).folder, student, ""

    def _tell_odd(self, folder: Path, why: str) -> None:
        if folder not in self.told:
            self.told.add(folder)
            self.odd[folder] = f"NOT graded: {printable(folder.name)}: {why}"

    def _is_new_and_whole(self, folder: Path, origin: str) -> bool:
        """Whether a folder is not done, and rests."""
        signature, known = _signature(folder), self.seen.get(folder)
        if known is None or known.signature != signature:
            known = _Seen(signature, time.monotonic(), known.after if known and not known.done else self.last)
            self.seen[folder] = known
            self.told.discard(folder)
        if known.done:
            return False
        if origin and is_complete(folder):
            return True
        return self._rests(folder, QUIET) and (self._rests(folder, LONG) or self._can_be_read(folder))

    def _rests(self, folder: Path, seconds: float) -> bool:
        return time.monotonic() - self.seen[folder].since >= seconds

    def _can_be_read(self, folder: Path) -> bool:
        """Whether the notebook is one; what is cut off is not."""
        try:
            choice = choose(folder, self.assignment.id, lambda: self.assignment.released)
            read_submission(submission(choice.path))
            return True
        except UnreadableNotebook:
            return False

    def _time(self, folder: Path) -> float:
        """When a submission was handed in: what it says, as far as that can be.

        It was not there at the look before the first one that saw it: nobody gets ahead of others by an earlier time.
        """
        try:
            text = plain_bytes(folder / "timestamp.txt", 100).decode()
        except (OSError, UnreadableNotebook, ValueError):
            text = ""
        said, now = claimed_time(folder, self.assignment.id, text), time.time()
        if said is None:
            said = max((changed / 1e9 for _, changed, _, _ in self.seen[folder].signature), default=now)
        return min(max(said, self.seen[folder].after), now)


def _signature(folder: Path) -> Signature:
    """What changes where anything in a folder does, at the top or one folder below."""
    found: list[tuple[str, int, int, int]] = []
    below = [folder]
    for place in below:
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    there = entry.stat(follow_symlinks=False)
                    found.append((entry.path, there.st_mtime_ns, there.st_size, there.st_ino))
                    if place == folder and entry.is_dir(follow_symlinks=False):
                        below.append(Path(entry.path))
        except OSError as error:
            found.append((str(place), 0, 0, error.errno or 0))
    return tuple(sorted(found))
