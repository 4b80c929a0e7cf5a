"""The offline grading worksheet of a Moodle assignment, with our comments; Moodle's gradebook import reads it too."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from ..errors import GradbookError
from .grade_rows import Row
from .pairing import Kind
from .roster import Roster
from .spreadsheet import Line, Verbatim

COMMENTS = "Feedback comments"
COLUMNS = [
    "Identifier",
    "Full name",
    "ID number",
    "Email address",
    "Grade",
    "Maximum grade",
    "Last modified (submission)",
    "Last modified (grade)",
    COMMENTS,
]
NEEDED = ["Identifier", "Grade"]  # of a roster
# By what a student and a line belong together, surest first. The student id may be Moodle's own number, too:
# nbgrader's zip_collect takes it from the names of the files.
KINDS = [
    Kind("lms_id", "Identifier"),
    Kind("student", "ID number"),
    Kind("student", "Username"),
    Kind("student", "Email address"),
    Kind("student", "Identifier"),
    Kind("email", "Email address"),
    Kind("email", "Username"),
    Kind("email", "ID number"),
]


def lines(rows: Sequence[Row], roster: Roster | None = None) -> Iterator[Line]:
    """The worksheet of one assignment. Only Moodle knows its Identifier: fill in the worksheet that it gives out.

    roster: what Moodle gave under Download grading worksheet.
    """
    if len({row.homework for row in rows}) > 1:
        raise GradbookError("a Moodle worksheet holds one homework; name it")
    columns = roster.columns if roster else COLUMNS
    yield columns
    for line in _filled_in(rows, roster) if roster else map(_new_line, rows):
        yield [line.get(column, "") for column in columns]


def _filled_in(rows: Sequence[Row], roster: Roster) -> Iterator[Mapping[str, object]]:
    """The lines of a worksheet, by column. What a teacher wrote there goes back as it was."""
    for person, grades in roster.with_grades(rows, KINDS):
        theirs = person.get(COMMENTS, "")
        row = next((row for row in grades.values() if row.submitted), None)
        if row:
            yield {**person, "Grade": row.score, COMMENTS: with_comments(theirs, _comments(row))}
        else:
            yield {**person, COMMENTS: Verbatim(theirs)}


def _new_line(row: Row) -> Mapping[str, object]:
    """The line of a student in a worksheet of our own, by column."""
    identifier = f"Participant {row.lms_id}" if row.lms_id else ""
    grade, told = (row.score, _comments(row)) if row.submitted else ("", "")
    line = identifier, row.full_name, row.student, row.email, grade, row.max_score, row.timestamp, "", told
    return dict(zip(COLUMNS, line, strict=True))


# ---------------------------------------------------------------- comments


def _comments(row: Row) -> str:
    """What was wrong, a line for each check, as the HTML that Moodle takes comments for."""
    checks = row.record.get("checks", [])
    told = [c for c in checks if c["hint"] and not c.get("same_as")]
    return "<br>".join(escape(f"{c['call']}: {c['hint']}", quote=False) for c in told)


MARK = re.compile(r"<!-- gradbook (\d{1,9}) (\w+) -->")


def with_comments(theirs: str, ours: str) -> Verbatim:
    """A worksheet's comment with ours behind the teacher's, in the place of those that were put there earlier.

    Ours end in a mark: how long they are, and a sum over them. Where that does not fit any more, a teacher has written
    into them, and they are kept.
    """
    teachers = _without_ours(theirs, ours)
    if not ours:
        return Verbatim(teachers)
    added = f"<br>{ours}" if teachers else ours
    return Verbatim(f"{teachers}{added}<!-- gradbook {len(added)} {_sum(added)} -->")


def _without_ours(text: str, ours: str) -> str:
    for mark in reversed(list(MARK.finditer(text))):
        start = mark.start() - int(mark[1])
        if start >= 0 and _sum(text[start : mark.start()]) == mark[2]:
            text = text[:start] + text[mark.end() :]
        else:
            text = text[: mark.start()] + text[mark.end() :]
    # The worksheet that is made without a roster has no marks, and an editor may have taken them away.
    return "" if text == ours else text.removesuffix(f"<br>{ours}") if ours else text


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
