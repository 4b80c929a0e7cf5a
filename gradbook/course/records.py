"""What is kept of a grading: scores and comments in nbgrader's gradebook, and the findings beside them.

The record of a submission stands in a table of its own in the same database, and is written in the same
transaction as its grades: it is there if and only if the grades are.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..intake.cells import task_of
from .findings import Finding, Graded

if TYPE_CHECKING:
    import sqlalchemy as sa
    from nbgrader.api import Gradebook, SubmittedNotebook

    from .penalties import Penalties

Record = dict[str, Any]  # a grading as plain data, see `document`
Also = Callable[[Any], None]  # writes more in the same transaction; called with the session

TEXTS = "name", "task", "outcome", "call", "promise", "about", "hint", "mistake", "concept"
UNANSWERED = "No response."  # as nbgrader says it


def _table() -> sa.Table:
    import sqlalchemy as sa

    return sa.Table(
        "gradbook_record",
        sa.MetaData(),
        sa.Column("homework", sa.String(128), primary_key=True),
        sa.Column("student", sa.String(128), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )


def create_table(engine: sa.Engine) -> None:
    """Make the table of the records where there is none."""
    create(_table(), engine)


def create(table: sa.Table, engine: sa.Engine) -> None:
    """Make a table where there is none."""
    import sqlalchemy as sa

    try:
        table.create(engine, checkfirst=True)
    except sa.exc.DBAPIError:
        # Another grader did so meanwhile.
        if not sa.inspect(engine).has_table(table.name):
            raise


def digests(url: str, homework_id: str) -> dict[str, str]:
    """Student -> digest of what was graded last. url: of the gradebook's database, which need not be there yet."""
    import sqlalchemy as sa

    table, engine = _table(), sa.create_engine(url)
    query = sa.select(table.c.student, table.c.digest).where(table.c.homework == homework_id)
    try:
        with engine.connect() as connection:
            if not sa.inspect(connection).has_table(table.name):
                return {}
            return {student: digest for student, digest in connection.execute(query)}
    finally:
        engine.dispose()


def documents(gradebook: Gradebook, homework_id: str, students: Collection[str] | None = None) -> list[Record]:
    """The records of a homework, sorted by student: dicts as `document` makes them. students: None for all.

    One that is damaged is left out, and told on standard error.
    """
    import sqlalchemy as sa

    table, found = _table(), []
    query = sa.select(table.c.student, table.c.document).where(table.c.homework == homework_id)
    if students is not None:
        query = query.where(table.c.student.in_(students))
    for student, text in gradebook.db.execute(query.order_by(table.c.student)):
        try:
            found.append(_sound(json.loads(text), student))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            say_damaged(f"the record of {student}", homework_id, student)
    return found


def say_damaged(what: str, homework_id: str, student: str) -> None:
    """Tell on standard error of something of one student that cannot be read in the gradebook."""
    print(
        f"gradbook: {what} is damaged and left out; run: gradbook grade {homework_id} --force --student {student}",
        file=sys.stderr,
    )


def _sound(record: Record, student: str) -> Record:
    """A record that was read, whole. Raises ValueError, TypeError or KeyError where something in it is damaged."""
    checks = [vars(Finding(**check)) for check in record["checks"]]
    texts = [check[name] for check in checks for name in TEXTS] + record["flags"]
    texts += [text for check in checks for text in (*check["details"], check["line"].get("text", ""))]
    texts += [one[name] for check in checks for one in check["both"] for name in ("mistake", "concept", "hint")]
    numbers = [record[name] for name in ("score", "max_score", "seconds")]
    numbers += [check[name] for check in checks for name in ("points", "max_points")]
    if record["student"] != student or any(type(text) is not str for text in texts):
        raise ValueError("a text is missing")
    if any(type(number) not in (int, float) or not math.isfinite(number) for number in numbers):
        raise ValueError("a number is missing")
    for check in checks:
        if check["example"]:
            check["example"] = {part: str(check["example"][part]) for part in ("source", "observed", "expected")}
    return {**record, "checks": checks}


def document(student: str, homework_id: str, graded: Graded) -> Record:
    """A grading as plain data, with the version that graded: what `gradbook grade --json` prints."""
    return {
        "student": student,
        "homework": homework_id,
        "score": graded.score,
        "max_score": graded.max_score,
        "checks": [f.as_dict() for f in graded.findings],
        "by_hand": graded.by_hand,
        "flags": graded.flags + ([graded.problem] if graded.problem else []),
        "seconds": round(graded.seconds, 4),
        "sandbox": graded.sandbox,
        "gradbook": __version__,
    }


def left_out(name: str, homework_id: str, reason: str) -> Record:
    """What `gradbook grade --json` prints for a folder that cannot be graded. name: also one that is not UTF-8."""
    return {
        "student": name.encode("utf-8", "backslashreplace").decode(),
        "homework": homework_id,
        "score": None,
        "max_score": None,
        "checks": [],
        "flags": [f"not graded: {reason}"],
        "seconds": 0.0,
    }


class Writer:
    """Writes the gradings of one homework, each in one transaction. penalties: for what is late, None for none."""

    def __init__(self, gradebook: Gradebook, homework_id: str, penalties: Penalties | None = None) -> None:
        self.gradebook, self.db, self.homework, self.penalties = gradebook, gradebook.db, homework_id, penalties
        self.table = _table()
        notebook = gradebook.find_notebook(homework_id, homework_id)
        self.assignment, self.notebook = notebook.assignment.id, notebook.id
        tasks = notebook.task_cells
        self.grade_cells = {cell.id: (cell.name, float(cell.max_score)) for cell in [*notebook.grade_cells, *tasks]}
        self.solution_cells = {cell.id: cell.name for cell in [*notebook.solution_cells, *tasks]}
        # What a person grades: tasks, and what is a grade cell and a solution cell at once.
        self.by_hand = {name for name, _ in self.grade_cells.values()} & set(self.solution_cells.values())

    def save(
        self, student: str, graded: Graded, timestamp: datetime | None, digest: str, also: Also | None = None
    ) -> None:
        """Write grades, comments and the record of one submission, all or nothing."""

        def write() -> None:
            notebook = self._submitted(student, timestamp)
            self._write_grades(notebook, graded)
            self._write_comments(notebook, graded)
            self._write_record(student, graded, digest)
            if self.penalties:
                self.penalties.put(self.db, notebook)

        self._commit(write, also)

    def note(self, student: str, digest: str, also: Also | None = None) -> None:
        """Write that something was graded that does not count: what is recorded stays, but for the digest."""
        import sqlalchemy as sa

        there = self.table.c
        of_this = there.homework == self.homework, there.student == student
        self._commit(lambda: self.db.execute(sa.update(self.table).where(*of_this).values(digest=digest)), also)

    def _commit(self, write: Callable[[], object], also: Also | None) -> None:
        from sqlalchemy.exc import IntegrityError

        try:
            self._transaction(write, also)
        except IntegrityError:
            # A grader of another homework has just entered the same student.
            self._transaction(write, also)

    def _transaction(self, write: Callable[[], object], also: Also | None) -> None:
        try:
            write()
            if also:
                also(self.db)
            self.db.commit()
        except BaseException:
            self.db.rollback()
            raise
        self.db.expunge_all()

    def _submitted(self, student: str, timestamp: datetime | None) -> SubmittedNotebook:
        """The submitted notebook of a student, with its submission, new where there was none."""
        from nbgrader.api import Student, SubmittedAssignment, SubmittedNotebook

        if self.db.get(Student, student) is None:
            self.db.add(Student(id=student))
            self.db.flush()
        key = {"assignment_id": self.assignment, "student_id": student}
        submission = self.db.query(SubmittedAssignment).filter_by(**key).one_or_none()
        if submission is None:
            submission = SubmittedAssignment(**key)
            self.db.add(submission)
        if timestamp:
            submission.timestamp = timestamp
        self.db.flush()
        key = {"assignment_id": submission.id, "notebook_id": self.notebook}
        notebook = self.db.query(SubmittedNotebook).filter_by(**key).one_or_none()
        if notebook is None:
            notebook = SubmittedNotebook(**key)
            self.db.add(notebook)
            self.db.flush()
        return notebook

    def _rows(self, kind: Any, notebook: SubmittedNotebook, cells: Iterable[str]) -> dict[str, Any]:
        """Cell -> the row of this kind for it, new where the release has a cell that it had not before."""
        rows = {row.cell_id: row for row in self.db.query(kind).filter_by(notebook_id=notebook.id)}
        for cell in cells:
            if cell not in rows:
                rows[cell] = kind(cell_id=cell, notebook_id=notebook.id)
                self.db.add(rows[cell])
        return {cell: rows[cell] for cell in cells}

    def _write_grades(self, notebook: SubmittedNotebook, graded: Graded) -> None:
        from nbgrader.api import Grade

        by_task = graded.by_task()
        for cell, grade in self._rows(Grade, notebook, self.grade_cells).items():
            name, most = self.grade_cells[cell]
            findings = by_task.get(task_of(name), [])
            grade.auto_score = min(float(sum(f.points for f in findings)), most)
            if name in self.by_hand:
                grade.auto_score = 0.0 if name in graded.unanswered else None
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None

    def _write_comments(self, notebook: SubmittedNotebook, graded: Graded) -> None:
        from nbgrader.api import Comment

        for cell, comment in self._rows(Comment, notebook, self.solution_cells).items():
            name = self.solution_cells[cell]
            comment.auto_comment = auto_comment(name, graded)
            if name in graded.unanswered:
                comment.auto_comment = _literal(graded.problem) or UNANSWERED

    def _write_record(self, student: str, graded: Graded, digest: str) -> None:
        import sqlalchemy as sa

        table, key = self.table, {"homework": self.homework, "student": student}
        text = json.dumps(document(student, self.homework, graded))
        self.db.execute(sa.delete(table).where(table.c.homework == self.homework, table.c.student == student))
        self.db.execute(sa.insert(table).values(**key, digest=digest, document=text))


def auto_comment(cell_name: str, graded: Graded) -> str | None:
    """The findings about what one solution cell defines, as a comment: escaped Markdown, or None."""
    told = [f for f in graded.findings if f.outcome != "right" and not f.same_as]
    wrong = [f for f in told if f.about.split(".")[0] == cell_name]
    if not wrong:
        return None
    return "\n\n".join(_literal(f"{f.call}: {f.hint}") for f in wrong)


def _literal(text: str) -> str:
    """Text that Markdown and HTML show as it is."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join("\\" + c if c in "\\`*_{}[]()#+-!|$" else c for c in escaped)
