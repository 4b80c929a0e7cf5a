"""The scores of a homework as they now stand in the gradebook, with what a person gave."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from . import records

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


def present_scores(gradebook: Gradebook, homework_id: str) -> dict[str, dict[str, Any]]:
    """Student -> raw, penalty, score and timestamp as they now stand in the gradebook, manual grades included."""
    from nbgrader import api
    from sqlalchemy import type_coerce
    from sqlalchemy.types import NullType

    there = api.SubmittedAssignment
    # A time as it stands there: one that is none would end the reading of all.
    written = type_coerce(there.timestamp, NullType())
    query = gradebook.db.query(
        there.student_id, written, there.score.label("score"), there.late_submission_penalty.label("penalty")
    )
    query = query.join(api.Assignment, there.assignment_id == api.Assignment.id).filter_by(name=homework_id)
    found = {}
    for student, timestamp, raw, penalty in query:
        try:
            found[student] = _present(timestamp, raw, penalty)
        except (ValueError, TypeError):
            records.say_damaged(f"the submission of {student}", homework_id, student)
    return found


def _present(timestamp: datetime | str | None, raw: float | None, penalty: float | None) -> dict[str, Any]:
    """A line of the gradebook. Raises ValueError or TypeError where something in it is damaged."""
    raw, penalty = float(raw or 0), float(penalty or 0)
    if isinstance(timestamp, str):
        timestamp = datetime.fromisoformat(timestamp)
    scores = {"raw": raw, "penalty": penalty, "score": max(0.0, raw - penalty)}
    return {**scores, "timestamp": timestamp or "", "submitted": True}
