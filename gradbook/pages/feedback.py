"""The feedback pages, made by nbgrader from the autograded notebooks."""

from __future__ import annotations

import glob
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..course.agreement import require_graded_since
from ..course.assignment import Assignment
from ..course.submission import Submission
from ..course.tracebacks import keep_of_command
from ..errors import GradbookError
from ..intake.startup import prepare_nbgrader
from ..sandbox.guest.text import plain

prepare_nbgrader()

# Below, as the import is to find what was prepared.
from nbgrader.converters import GenerateFeedback  # noqa: E402
from nbgrader.utils import capture_log, temp_attrs  # noqa: E402

if TYPE_CHECKING:
    from nbgrader.apps import NbGraderAPI


def write_feedback(assignment: Assignment, students: Collection[str] | None = None) -> list[Path]:
    """Write the feedback page of each graded student. Returns the paths, sorted.

    Raises GradbookError where nothing was graded yet, and, once the others are written, where a page cannot be.
    """
    course, homework_id = assignment.course, assignment.id
    graded = sorted(p.parent.name for p in (course.root / "autograded").glob(f"*/{homework_id}"))
    wanted = [s for s in graded if students is None or s in students]
    if not wanted:
        raise GradbookError(f"nothing to write: run gradbook grade {homework_id} first")
    require_graded_since(assignment, wanted)
    api, failed = course.api(), dict[str, str]()
    for student in wanted:
        result = _generate(api, homework_id, student)
        if not result["success"]:
            failed[student] = _trace(result)
    if failed:
        raise _none_for(failed, len(wanted), assignment)
    return sorted(Submission(assignment, s).feedback for s in wanted)


def _none_for(failed: Mapping[str, str], count: int, assignment: Assignment) -> GradbookError:
    """What is said where pages could not be made, once the tracebacks are kept. failed: student -> traceback."""
    names = "; ".join(f"{student} ({_reason(trace)})" for student, trace in list(failed.items())[:10])
    names += f" and {len(failed) - 10} more" if len(failed) > 10 else ""
    text = "\n".join(f"{student}:\n{trace}" for student, trace in failed.items())
    kept = keep_of_command(assignment.course.root, "feedback", text)
    return GradbookError(
        f"{count - len(failed)} feedback pages were written, and none for {names}: grade those again with "
        f"gradbook grade {assignment.id} --force --student ID; what failed stands in {kept}"
    )


def _generate(api: NbGraderAPI, homework_id: str, student: str) -> dict[str, Any]:
    """Write one student's page. Returns what nbgrader's own interface returns."""
    with temp_attrs(api.coursedir, assignment_id=homework_id):
        step = OneFeedback(coursedir=api.coursedir, parent=api, force=True)
        step.student = student
        result: dict[str, Any] = capture_log(step)
    if result.get("error", "").rstrip().endswith("\nKeyboardInterrupt"):
        # It catches Ctrl-C too.
        raise KeyboardInterrupt
    return result


def _trace(result: dict[str, Any]) -> str:
    """The traceback of what failed: nbgrader logs the one that tells, and raises another."""
    _, begin, rest = (result.get("log") or "").partition("Traceback (most recent call last):")
    return begin + rest or str(result["error"])


def _reason(trace: str) -> str:
    """Why nbgrader could not make a page, in one line: the error that began it."""
    lines = [line.strip() for line in trace.split("\n") if re.match(r" {0,4}[\w.]*(Error|Exception|Warning)\b", line)]
    return plain(lines[0] if lines else "no reason given")[:200]


class OneFeedback(GenerateFeedback):
    """nbgrader's GenerateFeedback for one student, whatever the name: theirs takes it for a pattern."""

    student = ""

    def init_notebooks(self) -> None:
        folder = self._format_source(self.coursedir.assignment_id, self.student)
        self.assignments = {folder: glob.glob(f"{glob.escape(folder)}/*.ipynb")}
