"""What Canvas reads under Grades > Import.

Canvas finds a student by ID, then SIS User ID, then SIS Login ID, and a homework by "name (id)", then by its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .grade_rows import Row, by_student
from .pairing import Kind
from .roster import Person, Roster
from .spreadsheet import Line

COLUMNS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
NEEDED = ["Student", "ID", "Section"]  # of a roster
# By what a student and a line belong together, surest first. The student id may be Canvas's own number, too:
# nbgrader's zip_collect takes it from the names of the files.
KINDS = [
    Kind("lms_id", "ID"),
    Kind("student", "SIS User ID"),
    Kind("student", "SIS Login ID"),
    Kind("student", "ID"),
    Kind("email", "SIS Login ID"),
    Kind("email", "SIS User ID"),
]


def lines(rows: Sequence[Row], roster: Roster | None = None) -> Iterator[Line]:
    """A line per student, a column per homework. Empty where nothing was handed in: Canvas leaves such a grade alone.

    roster: what Canvas gave under Grades > Export.
    """
    most = {row.homework: row.max_score for row in rows}
    told = roster.columns[: roster.columns.index("Section") + 1] if roster else COLUMNS
    theirs = roster.columns[len(told) :] if roster else []
    yield [*told, *(_column(homework, theirs) for homework in most)]
    yield ["    Points Possible", *[""] * (len(told) - 1), *most.values()]
    for person, grades in roster.with_grades(rows, KINDS) if roster else _people(rows):
        if "Points Possible" not in person["Student"]:
            scores = [grades[h].score if h in grades and grades[h].submitted else "" for h in most]
            yield [*(person.get(column, "") for column in told), *scores]


def _people(rows: Sequence[Row]) -> Iterator[tuple[Person, dict[str, Row]]]:
    """(person, homework -> row) for each student."""
    for grades in by_student(rows).values():
        row = next(iter(grades.values()))
        told = row.sortable_name, row.lms_id, row.student, row.student, ""
        yield dict(zip(COLUMNS, told, strict=True)), grades


def _column(homework: str, theirs: Sequence[str]) -> str:
    """The column of this homework in a file from Canvas, "name (id)", or the name alone."""
    return next((column for column in theirs if re.sub(r" \(\d+\)$", "", column) == homework), homework)
