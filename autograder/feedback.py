"""The feedback pages, made by nbgrader from the autograded notebooks."""

from .agreement import require_graded_since
from .errors import GradbookError


def write_feedback(course, homework_id, students=None):
    """Write the feedback page of each graded student. Returns the paths, sorted.

    Raises GradbookError where nothing was graded yet.
    """
    graded = sorted(p.parent.name for p in (course.root / "autograded").glob(f"*/{homework_id}"))
    wanted = [s for s in graded if students is None or s in students]
    if not wanted:
        raise GradbookError(f"nothing to write: run gradbook grade {homework_id} first")
    require_graded_since(course, homework_id, wanted)
    api = course.api()
    for student in wanted:
        result = api.generate_feedback(homework_id, student, force=True)
        if not result["success"]:
            reason = (result.get("error") or result.get("log") or "").strip().split("\n")[-1]
            raise GradbookError(f"the feedback page of {student} could not be written: {reason}")
    return sorted(course.feedback(homework_id, s) / f"{homework_id}.html" for s in wanted)
