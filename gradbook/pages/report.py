"""The class report: what a class can do, where it is stuck, and what it believes, from the records of a grading.

`report_data` gives the numbers, `write_report` the page. Pages hold everything they need: no script, no network.
"""

import statistics
from collections import Counter, defaultdict
from datetime import datetime
from math import sqrt
from pathlib import Path
from urllib.parse import quote

from ..course import records
from ..course.assignment import Assignment
from ..course.files import write_whole
from ..course.scores import present_scores
from ..course.submission import Submission
from ..errors import GradbookError
from ..homework.titles import title

STATES = ("right", "wrong", "raised", "over a limit", "untouched", "not graded")
PLAIN = {"right": "right", "follows": "follows", "raised": "raised", "over a limit": "over a limit",
         "untouched": "untouched", "missing": "untouched", "not graded": "not graded"}  # fmt: skip
BINS = 20


# ---------------------------------------------------------------- one homework


def report_data(assignment):
    """All numbers of the page, as plain data. Raises GradbookError where nothing was graded yet."""
    _ = assignment.needs
    with assignment.course.gradebook() as gradebook:
        documents, present = _read(gradebook, assignment.id)
    if not documents:
        raise GradbookError(f"nothing to report: run gradbook grade {assignment.id} first")
    return summarise(assignment, documents, present)


def _read(gradebook, homework_id):
    records.create_table(gradebook.engine)
    return records.documents(gradebook, homework_id), present_scores(gradebook, homework_id)


def summarise(assignment, documents, present):
    """The numbers of a class. documents: records; present: student -> what the gradebook now says."""
    most = max(document["max_score"] + document.get("by_hand", 0.0) for document in documents)
    students = [_student(assignment, document, present) for document in documents]
    readable = [d for d in documents if any(c["outcome"] != "not graded" for c in d["checks"])]
    checks = _checks(readable)
    return {
        "homework": assignment.id,
        "made": datetime.now().isoformat(timespec="minutes", sep=" "),
        "max_score": most,
        **_scores([s["score"] for s in students], most),
        "checks": checks,
        "tasks": _tasks(documents),
        "mistakes": _mistakes(documents),
        "others": _others(documents),
        "review": [
            {**s, "reasons": _unique(d["flags"])} for s, d in zip(students, documents, strict=True) if d["flags"]
        ],
        "runtime": _runtime(documents),
        "students": students,
        "pages_missing": sum(not s["page_there"] for s in students),
    }


def _student(assignment, document, present):
    student = document["student"]
    now = present.get(student, {})
    score = now.get("raw", document["score"])
    homework_id, page = assignment.id, Submission(assignment, student).feedback
    return {
        "student": student,
        "score": score,
        "automatic": document["score"],
        "changed": abs(score - document["score"]) > 1e-6,
        "penalty": now.get("penalty", 0.0),
        "seconds": document["seconds"],
        "checks": [{"name": c["name"], "task": c["task"], "state": state_of(c)} for c in document["checks"]],
        "page": f"../feedback/{quote(student)}/{quote(homework_id)}/{quote(homework_id)}.html",
        "page_there": page.is_file(),
    }


def state_of(check):
    """The outcome of a check in one of STATES, or "follows"."""
    return PLAIN.get(check["outcome"], "wrong")


def _scores(scores, most):
    """Size, middle and shape of the scores."""
    return {
        "count": len(scores),
        "mean": round(statistics.fmean(scores), 2),
        "median": round(statistics.median(scores), 2),
        "full": sum(score >= most - 1e-9 for score in scores),
        "zero": sum(score <= 1e-9 for score in scores),
        "histogram": histogram(scores, most),
    }


def histogram(scores, most, bins=BINS):
    """Equal bins from 0 up to, and without, full marks; full marks are a bin of their own."""
    most = most or 1.0
    width = most / bins
    counts = Counter(min(int(max(score, 0.0) / width + 1e-9), bins) for score in scores)
    return [
        {"from": round(number * width, 3), "to": round(min((number + 1) * width, most), 3), "count": counts[number]}
        for number in range(bins + 1)
    ]


def _unique(items):
    return list(dict.fromkeys(items))


# ---------------------------------------------------------------- checks


def _checks(documents):
    """Check by check: who passes it, and whether it is those who pass the others."""
    there = {}
    for document in documents:
        for check in document["checks"]:
            there.setdefault(check["name"], []).append((check, document["score"] - check["points"]))
    return [_check(number, name, seen) for number, (name, seen) in enumerate(there.items(), 1)]


def _check(number, name, seen):
    first = seen[0][0]
    asked = [(state_of(check) == "right", rest) for check, rest in seen if state_of(check) != "follows"]
    right = sum(passed for passed, _ in asked)
    return {
        "number": number,
        "name": name,
        "task": first["task"],
        "call": first["call"],
        "points": first["max_points"],
        "right": right,
        "of": len(asked),
        "rate": round(right / len(asked), 4) if asked else None,
        "discrimination": discrimination(asked),
    }


def discrimination(pairs):
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


# ---------------------------------------------------------------- tasks, mistakes, runtime


def _tasks(documents):
    """Task by task, in which state each student's part is, and who they are."""
    tasks = {}
    for document in documents:
        by_task = defaultdict(list)
        for check in document["checks"]:
            by_task[check["task"]].append(state_of(check))
        for task, states in by_task.items():
            tasks.setdefault(task, {state: [] for state in STATES})[_worst(states)].append(document["student"])
    return [{"task": task, "states": states} for task, states in tasks.items()]


def _worst(states):
    """The state that says most about where a student is stuck."""
    found = set(states) - {"follows"}
    return next((state for state in reversed(STATES) if state in found), "right")


def _mistakes(documents):
    """The known mistakes by the number of students that make them."""
    found = {}
    for document in documents:
        for check in document["checks"]:
            if check["mistake"]:
                kept = found.setdefault(check["mistake"], {"students": [], "calls": [], "hint": check["hint"]})
                kept["students"].append(document["student"])
                kept["calls"].append(check["call"])
                example = check["example"]
                if "example" not in kept and example and example["observed"] != example["expected"]:
                    kept["example"] = {"student": document["student"], **example}
    return _by_frequency({"mistake": mistake, **kept} for mistake, kept in found.items())


def _others(documents):
    """What was told where no known mistake behaves the same: the next known mistakes are found here."""
    found = {}
    for document in documents:
        for check in document["checks"]:
            if (
                check["hint"]
                and not check["mistake"]
                and not check.get("same_as")
                and state_of(check) in ("wrong", "raised", "over a limit")
            ):
                kept = found.setdefault((check["call"], check["hint"]), [])
                kept.append(document["student"])
    return _by_frequency({"calls": [call], "hint": hint, "students": who} for (call, hint), who in found.items())


def _by_frequency(items):
    items = [{**item, "students": _unique(item["students"]), "calls": _unique(item["calls"])} for item in items]
    return sorted(items, key=lambda item: (-len(item["students"]), item["hint"]))


def _runtime(documents):
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


# ---------------------------------------------------------------- all homeworks


def course_data(course):
    """The homeworks that were graded, and each student's path through them. Raises GradbookError where none was."""
    homeworks, paths = [], {}
    with course.gradebook() as gradebook:
        names = {assignment.name for assignment in gradebook.assignments}
        for homework_id in [name for name in course.homeworks.ids() if name in names]:
            documents, present = _read(gradebook, homework_id)
            if documents:
                homeworks.append(summarise(Assignment(course, homework_id), documents, present))
    if not homeworks:
        raise GradbookError("nothing to report: run gradbook grade HOMEWORK first")
    for homework in homeworks:
        for student in homework["students"]:
            share = student["score"] / homework["max_score"] if homework["max_score"] else 0.0
            paths.setdefault(student["student"], {})[homework["homework"]] = round(share, 4)
    return {"made": homeworks[0]["made"], "homeworks": homeworks, "students": _paths(homeworks, paths)}


def _paths(homeworks, paths):
    """A line per student: the share of points in each homework, None where nothing was handed in."""
    lines = []
    for student, shares in sorted(paths.items()):
        line = [shares.get(homework["homework"]) for homework in homeworks]
        lines.append({"student": student, "shares": line, "mean": _mean(line), "note": _note(line)})
    return lines


def _mean(line):
    """The mean share, with 0 for what was not handed in."""
    return round(sum(share or 0.0 for share in line) / len(line), 4)


def _note(line):
    """Why somebody may want to talk to this student, or nothing."""
    if line[-1] is None:
        return "did not hand in the last one"
    earlier = [share for share in line[:-1] if share is not None]
    if earlier and line[-1] < statistics.fmean(earlier) - 0.3:
        return "fell by more than 30 points in a hundred"
    if len(earlier) > 0 and earlier[-1] < 0.5 and line[-1] < 0.5:
        return "below half twice in a row"
    return ""


# ---------------------------------------------------------------- pages


def write_report(assignment, data=None):
    """Write reports/HOMEWORK.html and return its path. Raises GradbookError where nothing was graded yet."""
    data = data or report_data(assignment)
    return _write(assignment.course.root / "reports" / f"{assignment.id}.html", "homework.html.j2", data)


def write_course_report(course):
    """Write reports/index.html over all graded homeworks, and the page of each. Returns the path of the first."""
    data = course_data(course)
    for homework in data["homeworks"]:
        write_report(Assignment(course, homework["homework"]), homework)
    return _write(course.root / "reports" / "index.html", "course.html.j2", data)


def _write(path, template, data):
    text = _templates().get_template(template).render(data, data=data)
    try:
        path.parent.mkdir(exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        raise GradbookError(f"{path} cannot be written ({type(error).__name__})") from None
    return path


def _templates():
    """The templates, with everything escaped that is not marked as ours."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from . import figures
    from .findings import points

    folder = Path(__file__).parent / "templates" / "report"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(figures=figures, points=lambda value: points(round(value, 2)), STATES=STATES)
    environment.filters.update(title=title, seconds=lambda value: f"{value:.2f}" if value < 10 else f"{value:.0f}")
    return environment
