"""What the gradebook holds of each student's grading of a homework: all that a page tells, but for the notebook."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..course import attempts, findings, records
from ..course.assignment import Assignment
from ..course.attempts import Attempt, Attempts
from ..course.findings import Finding
from ..course.policy import ALL
from ..course.times import in_words
from ..homework.source import PUBLIC_CHECK
from ..intake.cells import is_answer, marks, task_of
from .findings import points

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

UNANSWERED = records.UNANSWERED


@dataclass
class CellGrade:
    """What stands in the gradebook of one cell: score is None where a person has still to give it.

    checked: what the checks gave.
    """

    score: float | None
    max_score: float
    checked: float | None


@dataclass(frozen=True)
class Tried:
    """An attempt as a page lists it. when, until: as people read them; until: when it will be graded, if it waits."""

    number: int
    when: str
    state: str
    points: str
    counts: bool
    until: str

    @classmethod
    def of(cls, attempt: Attempt, zone: str) -> Tried:
        """An attempt as it stands in the gradebook."""
        graded, held = attempt.state == attempts.GRADED, attempt.state == attempts.HELD
        worth = f"{points(round(attempt.score, 2))} of {points(attempt.max_score)}" if graded else ""
        until = in_words(attempt.granted, zone) if held and attempt.granted else ""
        return cls(attempt.number, in_words(attempt.at, zone), attempt.state, worth, attempt.counts, until)


@dataclass
class Graded:
    """One student's grading. cells: name -> CellGrade, in the gradebook's order. penalty: points for being late.

    due: the student's due date, in UTC. tried: the attempts, the first one first; number: the one that this is about.
    show: how much of it is told, see `course.policy`; until: from when on all is, as people read it.
    """

    student: str
    name: str
    record: dict[str, Any]
    cells: dict[str, CellGrade] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    penalty: float = 0.0
    due: datetime | None = None
    tried: list[Tried] = field(default_factory=list)
    number: int = 0
    show: str = ALL
    until: str = ""

    @property
    def findings(self) -> list[Finding]:
        return [Finding(**check) for check in self.record["checks"]]

    @property
    def score(self) -> float:
        """The points as they now stand, what a person gave and what is taken for being late included."""
        return sum(cell.score or 0.0 for cell in self.cells.values()) - self.penalty

    @property
    def max_score(self) -> float:
        return sum(cell.max_score for cell in self.cells.values())

    def as_text(self) -> str:
        """All of it as a text that is the same if and only if all of it is."""
        cells = {name: vars(cell) for name, cell in sorted(self.cells.items())}
        record = {name: value for name, value in self.record.items() if name not in ("seconds", "cpu", "memory")}
        early = [self.show, self.until, self.number, [vars(tried) for tried in self.tried]]
        told = [self.student, self.name, record, cells, self.comments, self.penalty, early]
        return json.dumps(told, sort_keys=True)

    def of_attempt(self, record: dict[str, Any], attempt: Attempt) -> Graded:
        """The grading of another attempt of this student. record: what came of it."""
        given = dict.fromkeys((name for name in self.cells if name.startswith(PUBLIC_CHECK)), 0.0)
        for check in record["checks"]:
            given[PUBLIC_CHECK + check["task"]] += check["points"]
        cells = {
            name: CellGrade(given[name], cell.max_score, given[name]) if name in given else cell
            for name, cell in self.cells.items()
        }
        # What people wrote is about the one that counts.
        return replace(self, record=record, cells=cells, comments={}, penalty=attempt.penalty, number=attempt.number)


FEW = 100  # students who are asked for by name; of more, all are read


def graded_alone(name: str, assignment: Assignment, graded: findings.Graded) -> Graded:
    """The same of a grading that is in no gradebook. name: what the page is to say whose it is."""
    found = Graded(name, name, records.document(name, assignment.id, graded))
    found.comments = dict.fromkeys(graded.unanswered, UNANSWERED)
    by_task = graded.by_task()
    assert graded.notebook  # it was graded in this process
    worth = [marked for marked in map(marks, graded.notebook.cells) if marked.get("grade") or marked.get("task")]
    for marked in sorted(worth, key=lambda marked: bool(marked.get("task"))):
        cell, most = marked["grade_id"], float(marked["points"])
        checked: float | None = min(float(sum(f.points for f in by_task.get(task_of(cell), []))), most)
        if marked.get("task") or is_answer(marked):
            checked = 0.0 if cell in graded.unanswered else None
        found.cells[cell] = CellGrade(checked, most, checked)
    return found


def read_graded(assignment: Assignment, students: Collection[str]) -> dict[str, Graded]:
    """Student -> Graded, for those of `students` whose grading stands in the gradebook and is not damaged."""
    zone, only = assignment.course.zone, set(students) if len(students) <= FEW else None
    with assignment.course.gradebook() as gradebook:
        records.create_table(gradebook.engine)
        attempts.create_table(gradebook.engine)
        documents = {record["student"]: record for record in records.documents(gradebook, assignment.id, only)}
        names = _names(gradebook)
        found = {s: Graded(s, names.get(s) or s, documents[s]) for s in students if s in documents}
        for student, penalty, due in dues(gradebook, assignment.id, only):
            if student in found:
                found[student].penalty, found[student].due = penalty, due
        for student, name, cell in _grades(gradebook, assignment.id, only):
            if student in found:
                found[student].cells[name] = cell
        for student, name, comment in _comments(gradebook, assignment.id, only):
            if student in found:
                found[student].comments[name] = comment
        for student, tried in Attempts(gradebook.db, assignment.id).every(only).items():
            if student in found:
                found[student].number = next((attempt.number for attempt in tried if attempt.counts), 0)
                found[student].tried = _several(tried, zone)
    return found


def _several(tried: Sequence[Attempt], zone: str) -> list[Tried]:
    """The attempts as a page lists them, where there is more than one."""
    return [Tried.of(attempt, zone) for attempt in tried] if len(tried) > 1 else []


def _names(gradebook: Gradebook) -> dict[str, str]:
    """Student -> the name that the gradebook knows, if any."""
    from nbgrader.api import Student

    rows = gradebook.db.query(Student.id, Student.first_name, Student.last_name)
    return {student: " ".join(filter(None, (first, last))) for student, first, last in rows}


Only = Collection[str] | None  # students, or None for all


def _of(gradebook: Gradebook, homework_id: str, only: Only, *wanted: Any) -> Any:
    """A query for columns of the submitted notebooks of a homework, the student first."""
    from nbgrader import api

    there, notebook = api.SubmittedAssignment, api.SubmittedNotebook
    query = gradebook.db.query(there.student_id, *wanted).select_from(notebook)
    query = query.join(there, notebook.assignment_id == there.id)
    query = query.join(api.Assignment, there.assignment_id == api.Assignment.id)
    query = query.filter(api.Assignment.name == homework_id)
    return query if only is None else query.filter(there.student_id.in_(only))


def dues(gradebook: Gradebook, homework_id: str, only: Only) -> Iterator[tuple[str, float, datetime | None]]:
    """What is taken for being late, and the due date with the extension."""
    from nbgrader.api import Assignment, SubmittedAssignment, SubmittedNotebook

    columns = SubmittedNotebook.late_submission_penalty, Assignment.duedate, SubmittedAssignment.extension
    for student, penalty, due, extension in _of(gradebook, homework_id, only, *columns):
        yield student, float(penalty or 0), due and due + (extension or timedelta())


def _grades(gradebook: Gradebook, homework_id: str, only: Only) -> Iterator[tuple[str, str, CellGrade]]:
    from nbgrader.api import BaseCell, Grade, SubmittedNotebook

    columns = BaseCell.name, Grade.auto_score, Grade.manual_score, Grade.score, Grade.max_score
    query = _of(gradebook, homework_id, only, *columns).join(Grade, Grade.notebook_id == SubmittedNotebook.id)
    for student, name, auto, manual, score, most in query.join(BaseCell, Grade.cell_id == BaseCell.id):
        waits = auto is None and manual is None
        yield student, name, CellGrade(None if waits else float(score or 0), float(most or 0), auto)


def _comments(gradebook: Gradebook, homework_id: str, only: Only) -> Iterator[tuple[str, str, str]]:
    """What people wrote about cells, and that an answer is missing; what the grader wrote there the cards tell."""
    from nbgrader.api import BaseCell, Comment, SubmittedNotebook

    columns = BaseCell.name, Comment.manual_comment, Comment.auto_comment
    query = _of(gradebook, homework_id, only, *columns).join(Comment, Comment.notebook_id == SubmittedNotebook.id)
    for student, name, manual, auto in query.join(BaseCell, Comment.cell_id == BaseCell.id).order_by(BaseCell.name):
        text = manual or (auto if auto == UNANSWERED else "")
        if text:
            yield student, name, text
