"""Each student's path through the homeworks of a course, and who may need a word."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from .homework_numbers import Numbers

Shares = Sequence[float | None]  # of the points, homework by homework; None where nothing was handed in


def paths(homeworks: Sequence[Numbers]) -> list[Numbers]:
    """A line per student, sorted. homeworks: the numbers of each, in the course's order."""
    found: dict[str, dict[str, float]] = {}
    for homework in homeworks:
        for student in homework["students"]:
            share = student["score"] / homework["max_score"] if homework["max_score"] else 0.0
            found.setdefault(student["student"], {})[homework["homework"]] = round(share, 4)
    return [_path(student, [there.get(h["homework"]) for h in homeworks]) for student, there in sorted(found.items())]


def _path(student: str, shares: Shares) -> Numbers:
    return {"student": student, "shares": shares, "mean": _mean(shares), "note": _note(shares)}


def _mean(shares: Shares) -> float:
    """The mean share, with 0 for what was not handed in."""
    return round(sum(share or 0.0 for share in shares) / len(shares), 4)


def _note(shares: Shares) -> str:
    """Why somebody may want to talk to this student, or nothing."""
    last, earlier = shares[-1], [share for share in shares[:-1] if share is not None]
    if last is None:
        return "did not hand in the last one"
    if earlier and last < statistics.fmean(earlier) - 0.3:
        return "fell by more than 30 points in a hundred"
    if earlier and earlier[-1] < 0.5 and last < 0.5:
        return "below half twice in a row"
    return ""
