"""A course over its homeworks: which ideas stay a difficulty, each student's path, and what to do now."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from typing import Any

from ..course.standing import BEGAN, NEVER_STARTED, UNREADABLE
from .homework_numbers import Numbers

Shares = Sequence[float | None]  # of the points, homework by homework; None where nothing was handed in
LOW, FALL = 0.5, 0.3  # below half of the points, and a fall by so much of them, somebody may need a word
WHY_NOT = {NEVER_STARTED: "did not begin the last one", UNREADABLE: "the last one cannot be read"}


def over_homeworks(homeworks: Sequence[Numbers]) -> Numbers:
    """The ideas, the students and what to do now. homeworks: the numbers of each, in the course's order."""
    found, students = ideas_by_homework(homeworks), paths(homeworks)
    return {"ideas": found, "students": students, "now": _now(homeworks, found, students)}


# ---------------------------------------------------------------- ideas


def ideas_by_homework(homeworks: Sequence[Numbers]) -> list[Numbers]:
    """A line for each idea, with how many students have not got it in each homework; the most students first."""
    keys = dict.fromkeys(idea["concept"] for homework in homeworks for idea in homework["ideas"] if idea["concept"])
    lines = [_line([_of(homework, key) for homework in homeworks], homeworks) for key in keys]
    return sorted(lines, key=lambda line: (-line["count"], line["title"]))


def _of(homework: Numbers, concept: str) -> Numbers | None:
    return next((idea for idea in homework["ideas"] if idea["concept"] == concept), None)


def _line(seen: Sequence[Numbers | None], homeworks: Sequence[Numbers]) -> Numbers:
    there = [idea for idea in seen if idea]
    counts = [len(idea["students"]) if idea else 0 for idea in seen]
    return {
        **{name: there[0][name] for name in ("concept", "title", "teach")},
        "count": len(_anyone(there)),
        "counts": counts,
        "shares": [round(n / h["began"], 4) if h["began"] else 0.0 for n, h in zip(counts, homeworks, strict=True)],
        "again": sorted(set(seen[-1]["students"]) & _anyone(filter(None, seen[:-1]))) if seen[-1] else [],
    }


def _anyone(seen: Iterable[Numbers]) -> set[str]:
    return {student for idea in seen for student in idea["students"]}


# ---------------------------------------------------------------- students


def paths(homeworks: Sequence[Numbers]) -> list[Numbers]:
    """A line per student, sorted."""
    found: dict[str, dict[str, Numbers]] = {}
    for homework in homeworks:
        for student in homework["students"]:
            found.setdefault(student["student"], {})[homework["homework"]] = student
    ids = [(homework["homework"], homework["max_score"]) for homework in homeworks]
    return [_path(student, [(there.get(name), most) for name, most in ids]) for student, there in sorted(found.items())]


def _path(student: str, line: Sequence[tuple[Numbers | None, float]]) -> Numbers:
    shares = [_share(there, most) for there, most in line]
    last = line[-1][0]
    return {
        "student": student,
        "shares": shares,
        "pages": [there["page"] if there and there["page_there"] else "" for there, _ in line],
        "mean": round(sum(share or 0.0 for share in shares) / len(shares), 4),
        "note": _note(shares, last["standing"] if last else BEGAN),
    }


def _share(there: Numbers | None, most: float) -> float | None:
    if there is None:
        return None
    return round(there["score"] / most, 4) if most else 0.0


def _note(shares: Shares, standing: str) -> str:
    """Why somebody may want to talk to this student, or nothing. standing: in the last homework."""
    last, earlier = shares[-1], [share for share in shares[:-1] if share is not None]
    if last is None:
        return "did not hand in the last one"
    if standing in WHY_NOT:
        return WHY_NOT[standing]
    if earlier and last < statistics.fmean(earlier) - FALL:
        return f"fell by more than {100 * FALL:.0f} points in a hundred"
    if earlier and earlier[-1] < LOW and last < LOW:
        return "below half twice in a row"
    return ""


# ---------------------------------------------------------------- what to do now


def _now(homeworks: Sequence[Numbers], found: Sequence[Numbers], students: Sequence[Numbers]) -> dict[str, Any]:
    """What an instructor should do next. teach: the idea that most lack in the last homework, None for none."""
    lacking = [line for line in found if line["counts"][-1]]
    return {
        "teach": max(lacking, key=lambda line: line["counts"][-1], default=None),
        "talk": sum(bool(student["note"]) for student in students),
        "review": {h["homework"]: len(h["review"]) for h in homeworks if h["review"]},
        "pages_missing": [h["homework"] for h in homeworks if h["pages_missing"]],
    }
