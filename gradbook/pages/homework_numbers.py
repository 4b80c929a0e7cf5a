"""The numbers of a class in one homework, from the records of its grading: scores, checks, tasks, run time.

They are plain data, in the form that the report's templates and `gradbook report --json` show.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import sqrt
from typing import Any
from urllib.parse import quote

from ..course.assignment import Assignment
from ..course.attempts import Attempt
from ..course.records import Record
from ..course.standing import BEGAN, NEVER_STARTED, UNREADABLE, standing
from ..course.submission import Submission
from .attempt_numbers import over_attempts
from .ideas import ideas, unique

Numbers = dict[str, Any]  # plain data

STATES = ("right", "wrong", "raised", "over a limit", "untouched", "not graded")
BINS = 20


def summarise(
    assignment: Assignment,
    documents: Sequence[Record],
    present: Mapping[str, Numbers],
    attempts: Mapping[str, Sequence[Attempt]],
) -> Numbers:
    """The numbers of a class. documents: records; present: student -> what the gradebook now says.

    What is counted of a class is counted of those who began; who never did, and what cannot be read, stands apart.
    """
    most = max(document["max_score"] + document.get("by_hand", 0.0) for document in documents)
    students = [_student(assignment, document, present.get(document["student"], {})) for document in documents]
    pairs = list(zip(students, documents, strict=True))
    began = [document for student, document in pairs if student["standing"] == BEGAN]
    lacking, unexplained = ideas(began)
    return {
        "homework": assignment.id,
        "title": assignment.title,
        "made": datetime.now().isoformat(timespec="minutes", sep=" "),
        "max_score": most,
        "count": len(documents),
        **_scores([s["score"] for s in students if s["standing"] == BEGAN], most),
        "never_started": [s["student"] for s in students if s["standing"] == NEVER_STARTED],
        "unreadable": [_with_reasons(*pair) for pair in pairs if pair[0]["standing"] == UNREADABLE],
        "ideas": lacking,
        "unexplained": unexplained,
        "checks": _checks(began),
        "tasks": _tasks(began),
        "review": [_with_reasons(*pair) for pair in pairs if pair[1]["flags"] and pair[0]["standing"] != UNREADABLE],
        "runtime": _runtime(documents),
        "attempts": over_attempts(attempts, {document["student"] for document in documents}),
        "sandboxes": dict(Counter(d["sandbox"] for d in documents if d.get("sandbox"))),
        "students": students,
        "pages_missing": sum(not s["page_there"] for s in students),
    }


def _with_reasons(student: Numbers, document: Record) -> Numbers:
    return {"student": student["student"], "score": student["score"], "reasons": unique(document["flags"])}


def _student(assignment: Assignment, document: Record, now: Numbers) -> Numbers:
    student, homework = document["student"], quote(assignment.id)
    score: float = now["raw"] if now else document["score"]
    return {
        "student": student,
        # What a person gave points to is work, too.
        "standing": BEGAN if score > 0 else standing(document),
        "score": score,
        "automatic": document["score"],
        "changed": abs(score - document["score"]) > 1e-6,
        "penalty": now.get("penalty", 0.0),
        "seconds": document["seconds"],
        "checks": [{"name": c["name"], "task": c["task"], "state": state_of(c)} for c in document["checks"]],
        "page": f"../feedback/{quote(student)}/{homework}/{homework}.html",
        "page_there": Submission(assignment, student).feedback.is_file(),
    }


def state_of(check: Record) -> str:
    """The outcome of a check in one of STATES, or "follows"."""
    outcome = "untouched" if check["outcome"] == "missing" else check["outcome"]
    return outcome if outcome in STATES or outcome == "follows" else "wrong"


def _scores(scores: Sequence[float], most: float) -> Numbers:
    """How many there are, their middle and their shape."""
    return {
        "began": len(scores),
        "mean": round(statistics.fmean(scores), 2) if scores else 0.0,
        "median": round(statistics.median(scores), 2) if scores else 0.0,
        "full": sum(score >= most - 1e-9 for score in scores),
        "histogram": histogram(scores, most),
    }


def histogram(scores: Iterable[float], most: float, bins: int = BINS) -> list[Numbers]:
    """Equal bins from 0 up to, and without, full marks; full marks are a bin of their own."""
    most = most or 1.0
    width = most / bins
    counts = Counter(min(int(max(score, 0.0) / width + 1e-9), bins) for score in scores)
    return [
        {"from": round(number * width, 3), "to": round(min((number + 1) * width, most), 3), "count": counts[number]}
        for number in range(bins + 1)
    ]


# ---------------------------------------------------------------- checks


def _checks(documents: Iterable[Record]) -> list[Numbers]:
    """Check by check: who passes it, and whether it is those who pass the others."""
    there: dict[str, list[tuple[Record, float]]] = {}
    for document in documents:
        for check in document["checks"]:
            there.setdefault(check["name"], []).append((check, document["score"] - check["points"]))
    return [_check(number, name, seen) for number, (name, seen) in enumerate(there.items(), 1)]


def _check(number: int, name: str, seen: Sequence[tuple[Record, float]]) -> Numbers:
    """The numbers of a check. seen: (check, score without it) for each student."""
    first = seen[0][0]
    asked = [(state_of(check) == "right", rest) for check, rest in seen if state_of(check) != "follows"]
    right = sum(passed for passed, _ in asked)
    return {
        "number": number,
        "name": name,
        "task": first["task"],
        "call": first["call"],
        "about": first["about"],
        "points": first["max_points"],
        "right": right,
        "of": len(asked),
        "rate": round(right / len(asked), 4) if asked else None,
        "discrimination": discrimination(asked),
    }


def discrimination(pairs: Sequence[tuple[bool, float]]) -> float | None:
    """Point-biserial correlation of passing with the rest score, None where all or none pass or all rests are equal.

    pairs: (passed, score without this check). r = (M1 - M0) / s * sqrt(n1 * n0) / n, with M1 and M0 the mean rest
    scores of those who pass and those who do not, n1 and n0 their numbers, n all, s the standard deviation (over n).
    """
    passed, failed = [rest for right, rest in pairs if right], [rest for right, rest in pairs if not right]
    if not passed or not failed:
        return None
    spread = statistics.pstdev(passed + failed)
    if spread < 1e-9:
        return None
    difference = statistics.fmean(passed) - statistics.fmean(failed)
    return round(difference / spread * sqrt(len(passed) * len(failed)) / len(pairs), 3)


# ---------------------------------------------------------------- tasks, run time


def _tasks(documents: Iterable[Record]) -> list[Numbers]:
    """Task by task, in which state each student's part is, and who they are."""
    tasks: dict[str, dict[str, list[str]]] = {}
    for document in documents:
        by_task = defaultdict(list)
        for check in document["checks"]:
            by_task[check["task"]].append(state_of(check))
        for task, states in by_task.items():
            tasks.setdefault(task, {state: [] for state in STATES})[_worst(states)].append(document["student"])
    return [{"task": task, "states": states} for task, states in tasks.items()]


def _worst(states: Iterable[str]) -> str:
    """The state that says most about where a student is stuck."""
    found = set(states) - {"follows"}
    return next((state for state in reversed(STATES) if state in found), "right")


def _runtime(documents: Iterable[Record]) -> Numbers:
    """The middle time, and who took far longer: over the upper quartile by three times the quartiles' distance."""
    seconds = [document["seconds"] for document in documents]
    low, middle, high = statistics.quantiles(seconds, n=4, method="inclusive") if len(seconds) > 1 else seconds * 3
    limit = max(high + 3 * (high - low), 2 * middle)
    slow = [{"student": d["student"], "seconds": round(d["seconds"], 2)} for d in documents if d["seconds"] > limit]
    return {
        "median": round(statistics.median(seconds), 3),
        "slowest": round(max(seconds), 2),
        "limit": round(limit, 2),
        "outliers": sorted(slow, key=lambda item: -item["seconds"]),
    }
