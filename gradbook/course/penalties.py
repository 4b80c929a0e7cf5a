"""Late penalties: what the course's plugin of nbgrader takes from a submission that came after its due date.

The due date is the gradebook's, with a student's extension; the plugin is the one that nbgrader's own step would ask.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cached_property
from math import isfinite
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ..errors import GradbookError
from .assignment import Assignment

if TYPE_CHECKING:
    from nbgrader.api import Gradebook, SubmittedNotebook
    from nbgrader.preprocessors import AssignLatePenalties
    from traitlets.config import Config


def lateness_counts(url: str, homework_id: str) -> bool:
    """Whether a homework has a due date, or penalties from when it had one. url: of the gradebook's database."""
    import sqlalchemy as sa

    query = sa.text(
        "SELECT 1 FROM assignment a WHERE a.name = :name AND (a.duedate IS NOT NULL OR EXISTS (SELECT 1"
        " FROM submitted_assignment s JOIN submitted_notebook n ON n.assignment_id = s.id"
        " WHERE s.assignment_id = a.id AND n.late_submission_penalty IS NOT NULL))"
    )
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return connection.execute(query, {"name": homework_id}).first() is not None
    finally:
        engine.dispose()


def _late(gradebook: Gradebook, homework_id: str) -> Iterator[tuple[str, str]]:
    """(id of the submitted notebook, student) of each that is late, or has a penalty from when it was."""
    from nbgrader.api import Assignment, Notebook, SubmittedAssignment, SubmittedNotebook

    there, notebook = SubmittedAssignment, SubmittedNotebook
    when = there.timestamp, there.extension, Assignment.duedate
    query = gradebook.db.query(notebook.id, notebook.late_submission_penalty, there.student_id, *when)
    query = query.join(there, notebook.assignment_id == there.id).join(Notebook, notebook.notebook_id == Notebook.id)
    query = query.join(Assignment, there.assignment_id == Assignment.id)
    query = query.filter(Assignment.name == homework_id, Notebook.name == homework_id)
    for key, penalty, student, timestamp, extension, duedate in query.all():
        late = timestamp and duedate and timestamp > duedate + (extension or timedelta())
        if late or penalty is not None:
            yield key, student


class Penalties:
    """Asks the plugin that the course's settings name, for one assignment.

    config: settings that go before those of the course's file.
    """

    def __init__(self, assignment: Assignment, config: Config | None = None) -> None:
        self.homework, self.root = assignment.id, str(assignment.course.root)
        self.config = config or assignment.course.config()
        # From a command line it comes as text.
        self.asked = str(self.config.AssignLatePenalties.get("enabled", True)) not in ("False", "false", "0")

    def put(self, db: Any, notebook: SubmittedNotebook) -> None:
        """Give a submitted notebook the penalty that it now has, or take away the one it had."""
        if self.asked:
            db.flush()
            seconds = notebook.assignment.total_seconds_late
            if seconds > 0:
                db.refresh(notebook, ["score"])
            notebook.late_submission_penalty = self._penalty(notebook, seconds) if seconds > 0 else None

    def of(self, db: Any, student: str, when: datetime | None, score: float) -> float:
        """What would be taken from a score of something that was handed in at a time, in UTC."""
        due = self._due(db, student)
        if not (self.asked and when and due and when > due):
            return 0.0
        asked = SimpleNamespace(score=score, assignment=SimpleNamespace(student_id=student))
        return self._penalty(asked, (when - due).total_seconds()) or 0.0

    def _due(self, db: Any, student: str) -> datetime | None:
        """The due date of a student, with the extension."""
        from nbgrader.api import Assignment, SubmittedAssignment

        assignment = db.query(Assignment).filter_by(name=self.homework).one_or_none()
        if assignment is None or assignment.duedate is None:
            return None
        key = {"assignment_id": assignment.id, "student_id": student}
        submission = db.query(SubmittedAssignment).filter_by(**key).one_or_none()
        extension = submission.extension if submission else None
        due: datetime = assignment.duedate + (extension or timedelta())
        return due

    def renew(self, gradebook: Gradebook, students: Iterable[str]) -> int:
        """Put the penalties of these students. Returns how many of them lose points."""
        wanted = set(students)
        late = [self._renewed(gradebook, key) for key, student in _late(gradebook, self.homework) if student in wanted]
        gradebook.db.commit()
        return sum(late)

    def _renewed(self, gradebook: Gradebook, key: str) -> bool:
        from nbgrader.api import SubmittedNotebook

        notebook = gradebook.db.get(SubmittedNotebook, key)
        self.put(gradebook.db, notebook)
        return bool(notebook.late_submission_penalty)

    def _penalty(self, notebook: Any, seconds: float) -> float | None:
        """What is taken, within 0 and the score; None where the plugin takes nothing. notebook: a submitted one."""
        student, step = notebook.assignment.student_id, self._step
        try:
            taken = step.plugin_inst.late_submission_penalty(student, notebook.score, seconds)
            if taken is None:
                return None
            if not isfinite(taken):
                raise ValueError(f"the penalty {taken}")
        except Exception as error:
            raise _failed(f"failed for {student}", error) from error
        return float(step._check_late_penalty(notebook, taken))

    @cached_property
    def _step(self) -> AssignLatePenalties:
        """nbgrader's own step, with the plugin that its settings name, which may stand in the course folder."""
        from nbgrader.preprocessors import AssignLatePenalties

        sys.path.insert(0, self.root)
        try:
            step = AssignLatePenalties(config=self.config)
            step.init_plugin()
        except Exception as error:
            raise _failed("cannot be loaded", error) from error
        finally:
            sys.path.remove(self.root)
        return step


def _failed(how: str, error: Exception) -> GradbookError:
    why = " ".join(str(error).split())
    return GradbookError(
        f"the late-penalty plugin {how} ({type(error).__name__}: {why}); mend it, or the setting "
        "AssignLatePenalties.plugin_class, and run the command again"
    )
