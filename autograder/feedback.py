"""The feedback pages, made by nbgrader from the autograded notebooks."""

from .errors import GradbookError


def write_feedback(course, homework_id, students=None):
    """Write the feedback page of each graded student. Returns the paths, sorted.

    Raises GradbookError where nothing was graded yet.
    """
    graded = sorted(p.parent.name for p in (course.root / "autograded").glob(f"*/{homework_id}"))
    wanted = [s for s in graded if students is None or s in students]
    if not wanted:
        raise GradbookError(f"nothing to write: run gradbook grade {homework_id} first")
    api = course.api()
    for student in wanted:
        result = _generate(api, homework_id, student)
        if not result["success"]:
            reason = (result.get("error") or result.get("log") or "").strip().split("\n")[-1]
            raise GradbookError(f"the feedback page of {student} could not be written: {reason}")
    return sorted(course.feedback(homework_id, s) / f"{homework_id}.html" for s in wanted)


def _generate(api, homework_id, student):
    """Write one student's page. Returns what nbgrader's own interface returns."""
    from nbgrader.utils import capture_log, temp_attrs

    from .preprocessors import OneFeedback

    with temp_attrs(api.coursedir, assignment_id=homework_id):
        step = OneFeedback(coursedir=api.coursedir, parent=api, force=True)
        step.student = student
        return capture_log(step)
