"""The grades to hand on, as they now stand in the gradebook: one row per student and homework."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..course import records
from ..course.scores import present_scores
from ..errors import GradbookError

if TYPE_CHECKING:
    from nbgrader.api import Assignment, Gradebook, Student


@dataclass(frozen=True)
class Row:
    """One student and one homework. raw: the gradebook's score, where a manual grade wins; score: less the penalty.

    submitted: False where nothing was handed in. record: as `records.document` makes it, {} where there is none.
    """

    homework: str
    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""
    score: float = 0.0
    max_score: float = 0.0
    raw: float = 0.0
    penalty: float = 0.0
    duedate: datetime | str = ""
    timestamp: datetime | str = ""
    submitted: bool = False
    record: dict[str, Any] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.student

    @property
    def sortable_name(self) -> str:
        return f"{self.last_name}, {self.first_name}" if self.last_name and self.first_name else self.full_name


def grade_rows(gradebook: Gradebook, homeworks: Collection[str] = (), students: Collection[str] = ()) -> list[Row]:
    """The rows of these homeworks and students, in the gradebook's order; all where none are named."""
    names = [assignment.name for assignment in gradebook.assignments]
    unknown = [name for name in homeworks if name not in names]
    if unknown:
        odd = ", ".join(unknown)
        raise GradbookError(f"nothing to export: the gradebook does not know {odd}; run gradbook grade HOMEWORK first")
    people = [s for s in gradebook.students if not students or s.id in students]
    chosen = [a for a in gradebook.assignments if not homeworks or a.name in homeworks]
    return [row for assignment in chosen for row in _rows(gradebook, assignment, people)]


def _rows(gradebook: Gradebook, assignment: Assignment, people: Iterable[Student]) -> Iterator[Row]:
    records.create_table(gradebook.engine)
    kept = {document["student"]: document for document in records.documents(gradebook, assignment.name)}
    handed_in = present_scores(gradebook, assignment.name)
    for person in people:
        yield Row(
            assignment.name,
            person.id,
            first_name=person.first_name or "",
            last_name=person.last_name or "",
            email=person.email or "",
            lms_id=person.lms_user_id or "",
            max_score=float(assignment.max_score),
            duedate=assignment.duedate or "",
            record=kept.get(person.id, {}),
            **handed_in.get(person.id, {}),
        )


def by_student(rows: Iterable[Row]) -> dict[str, dict[str, Row]]:
    """Student -> the rows of that student, homework -> row."""
    found: dict[str, dict[str, Row]] = {}
    for row in rows:
        found.setdefault(row.student, {})[row.homework] = row
    return found
