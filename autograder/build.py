"""From a lesson and its reference solution to the source notebook, and by nbgrader to the release."""

import hashlib

from .course import prepare_nbgrader
from .errors import GradbookError
from .handout import write_handout
from .homework import definition, load

KINDS = ("given", "solution", "check", "demo")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
HIDDEN = "### BEGIN HIDDEN TESTS\n# graded by: {homework} {task}\n### END HIDDEN TESTS"


def build(course, homework_id):
    """Write the source notebook of a homework and have nbgrader make the release of it.

    Raises GradbookError where the lesson, the solution and the checks do not fit together.
    """
    write_source(course, homework_id)
    result = course.api().generate_assignment(homework_id, force=True)
    if not result["success"]:
        reason = (result.get("error") or result.get("log") or "").strip().split("\n")[-1]
        raise GradbookError(f"nbgrader could not make the release of {homework_id}: {reason}")
    return course.release_notebook(homework_id)


def write_source(course, homework_id):
    """Write source/<homework>/<homework>.ipynb, and beside it what students get with it."""
    prepare_nbgrader()
    import nbformat

    folder, homework = course.source(homework_id), load(homework_id)
    notebook = source_notebook(folder / "lesson.md", homework)
    nbformat.validate(notebook)
    nbformat.write(notebook, folder / f"{homework_id}.ipynb")
    write_handout(course, homework, notebook)


def source_notebook(lesson, homework):
    """The notebook of a lesson, its solution cells filled from the reference, its graded cells with points."""
    import jupytext

    if not lesson.is_file():
        raise GradbookError(f"{homework.id} has no lesson: {lesson.name} is missing in its source folder")
    notebook = jupytext.read(lesson)
    notebook.metadata = {"kernelspec": dict(KERNEL), "language_info": {"name": "python"}}
    seen = set()
    for number, cell in enumerate(notebook.cells):
        _fill(cell, number, homework, seen)
    tasks = {name for kind, name in seen if kind == "check"}
    if tasks != set(homework.points):
        odd = ", ".join(sorted(tasks ^ set(homework.points)))
        raise GradbookError(f"{homework.id}: lesson and checks do not name the same tasks: {odd}")
    return notebook


def _fill(cell, number, homework, seen):
    """Give one cell its source and its nbgrader metadata."""
    kinds = [kind for kind in KINDS if kind in cell.metadata]
    if not kinds or cell.cell_type != "code":
        cell.metadata = {}
        cell.id = _cell_id(homework.id, f"{cell.cell_type}-{number}")
        return
    kind = kinds[0]
    name = str(cell.metadata[kind])
    if (kind, name) in seen:
        raise GradbookError(f"{homework.id}: two cells are called {kind}: {name}")
    seen.add((kind, name))
    if kind in ("solution", "given") and not cell.source.strip():
        try:
            cell.source = definition(homework.reference, name).rstrip()
        except KeyError:
            raise GradbookError(f"{homework.id}: the lesson asks for {name}, which no solution defines") from None
    if kind == "check":
        cell.source += "\n" + HIDDEN.format(homework=homework.id, task=name)
    cell.metadata = {"nbgrader": _metadata(kind, name, homework)}
    cell.id = _cell_id(homework.id, f"{kind}-{name}")


def _metadata(kind, name, homework):
    metadata = {
        "schema_version": 3,
        "cell_type": "code",
        "grade_id": name if kind == "solution" else f"{kind}_{name}",
        "grade": kind == "check",
        "solution": kind == "solution",
        "locked": kind != "solution",
        "task": False,
    }
    if kind == "check":
        metadata["points"] = homework.points.get(name, 0)
    return metadata


def _cell_id(homework_id, text):
    """The same id at every build, so that a rebuilt notebook is the same file."""
    return hashlib.sha256(f"{homework_id}/{text}".encode()).hexdigest()[:12]
