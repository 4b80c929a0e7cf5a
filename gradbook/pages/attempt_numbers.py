"""What a class learns from one attempt to the next: which mistakes are mended, and which stay."""

from __future__ import annotations

import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from ..course.attempts import GRADED, HELD, WAITING, Attempt

Made = tuple[str, str]  # a function, and the mistake in it


def over_attempts(attempts: Mapping[str, Sequence[Attempt]], students: Collection[str]) -> dict[str, Any]:
    """The numbers of a class's attempts, as plain data. students: of whom anything is recorded.

    A mistake is mended where the next attempt of a student does not make it; where that attempt cannot be read, or has
    nothing in it, it says nothing.
    """
    graded = {s: [a for a in attempts[s] if a.state == GRADED] for s in sorted(students) if s in attempts}
    graded = {student: found for student, found in graded.items() if found}
    return {
        "count": sum(map(len, graded.values())),
        "students": len(graded),
        "several": sum(len(found) > 1 for found in graded.values()),
        "by_number": _by_number(graded),
        "mistakes": _mistakes(graded),
        "waiting": sum(a.state in (WAITING, HELD) for found in attempts.values() for a in found),
        "odd": [{"student": a.student, "attempt": a.number, "note": a.note} for a in _all(attempts) if a.note],
    }


def _all(attempts: Mapping[str, Sequence[Attempt]]) -> Iterator[Attempt]:
    for student in sorted(attempts):
        yield from attempts[student]


def _by_number(graded: Mapping[str, Sequence[Attempt]]) -> list[dict[str, Any]]:
    """Of the first attempts, the second ones and so on: how many there are, and the middle of their scores."""
    scores: dict[int, list[float]] = defaultdict(list)
    for found in graded.values():
        for number, attempt in enumerate(found, 1):
            scores[number].append(attempt.score)
    return [
        {"attempt": number, "students": len(found), "median": round(statistics.median(found), 2)}
        for number, found in sorted(scores.items())
    ]


def _mistakes(graded: Mapping[str, Sequence[Attempt]]) -> list[dict[str, Any]]:
    """Of each mistake that an attempt made which was not the last one, what came of it; what stays most often first."""
    mended, stays, stuck = Counter[Made](), Counter[Made](), defaultdict[Made, list[str]](list)
    for student, found in graded.items():
        told = [seen for attempt in found if (seen := _made(attempt)) is not None]
        for before, after in pairwise(told):
            mended.update(before - after)
            stays.update(before & after)
        for made in told[-1] & told[-2] if len(told) > 1 else ():
            stuck[made].append(student)
    lines = [
        {
            "function": made[0],
            "mistake": made[1],
            "seen": mended[made] + stays[made],
            "mended": mended[made],
            "stays": stays[made],
            "stuck": stuck[made],
        }
        for made in mended.keys() | stays.keys()
    ]
    return sorted(lines, key=lambda line: (-line["stays"], -line["seen"], line["function"], line["mistake"]))


def _made(attempt: Attempt) -> set[Made] | None:
    """The mistakes of an attempt; None where it says nothing."""
    if not attempt.mistakes:
        return None
    return {(function, mistake) for function, mistake, _ in json.loads(attempt.mistakes)}
