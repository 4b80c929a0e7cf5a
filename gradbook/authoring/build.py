"""From a lesson and its reference solution to the source notebook, and by nbgrader to the release."""

from __future__ import annotations

import contextlib
import logging
import math
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..auditing.soundness import apart, require_sound
from ..course.assignment import Assignment
from ..course.files import write_whole
from ..course.folder import HELPERS
from ..errors import GradbookError
from ..homework.declare import Homework
from ..homework.source import definition
from ..intake.startup import prepare_nbgrader
from .examples import require_examples
from .handout import write_data, write_handout
from .helpers import helper_file
from .hidden import require_no_hidden_import
from .ids import cell_id
from .numbers import KEY, without_marks
from .one_file import write_one_file
from .public_checks import require_public_checks

if TYPE_CHECKING:
    from nbformat import NotebookNode

logger = logging.getLogger(__name__)

BY_HAND = ("manual", "task")  # what a person grades: an answer of the student's, or a task with cells of its own
KINDS = ("given", "solution", "check", "demo", *BY_HAND)
KEYS = f"a cell may have one of the keys {', '.join(KINDS)}, and points beside {' and '.join(BY_HAND)}"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
HIDDEN = "### BEGIN HIDDEN TESTS\n# graded by: {homework} {task}\n### END HIDDEN TESTS"


def build(assignment: Assignment, regrade: bool = False, one_file: bool = False) -> Path:
    """Write the source notebook of an assignment and have nbgrader make the release of it.

    regrade: have the gradebook follow where cells came or went, although there are submissions. one_file: make the one
    file of it too; where there is one already, that is made anew in any case.
    Raises GradbookError where the lesson, the solution and the checks do not fit together, or the gradebook is not to
    follow; the release is then as it was.
    """
    write_source(assignment)
    logger.info("%s: the source notebook is written, nbgrader makes the release of it", assignment.id)
    _release(assignment, regrade)
    if one_file or assignment.one_file.is_file():
        write_one_file(assignment)
    return assignment.release_notebook


def _release(assignment: Assignment, regrade: bool) -> None:
    """Have nbgrader make the release. Not by its api, which catches all that is raised, Ctrl-C too."""
    api = assignment.course.api()
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.utils import temp_attrs

    api.config.ReleaseExporter.regrade = regrade
    try:
        with temp_attrs(api.coursedir, assignment_id=assignment.id):
            GenerateAssignment(coursedir=api.coursedir, parent=api, force=True).start()
    except NbGraderException as error:
        raise GradbookError(str(error)) from None


def write_source(assignment: Assignment) -> None:
    """Write source/<homework>/<homework>.ipynb, and beside it what students get with it."""
    prepare_nbgrader()
    import nbformat

    folder = assignment.source
    notebook = source_notebook(folder / "lesson.md", assignment.homework)
    nbformat.validate(notebook)
    helpers = helper_file(folder.parent, assignment.id, notebook) or (folder / HELPERS).read_text("utf-8")
    write_data(assignment, notebook, helpers)
    if assignment.needs.is_ready():
        require_no_hidden_import(HELPERS, helpers)
        require_no_hidden_import(
            assignment.notebook, "\n".join(c.source for c in notebook.cells if c.cell_type == "code")
        )
        with contextlib.suppress(ImportError):
            import matplotlib.pyplot  # noqa: F401  # once for all homeworks, before the process below begins
        apart(lambda: _require_right(assignment, notebook, helpers))
    # Not in the file's own folder: nbgrader would copy what a killed build leaves there.
    write_whole(folder / assignment.notebook, nbformat.writes(notebook) + "\n", aside=folder.parent)
    write_handout(assignment, notebook)


def _require_right(assignment: Assignment, notebook: NotebookNode, helpers: str) -> None:
    """Raises GradbookError where the reference does not run under the hidden checks, or fails a public one."""
    require_sound(assignment.homework)
    os.chdir(assignment.source)  # this process's own: cells read the data beside them
    require_public_checks(assignment.homework, notebook, helpers)


def source_notebook(lesson: Path, homework: Homework) -> NotebookNode:
    """The notebook of a lesson, its solution cells filled from the reference, its graded cells with points."""
    import jupytext

    if not lesson.is_file():
        raise GradbookError(f"{homework.id} has no lesson: {lesson.name} is missing in its source folder")
    notebook = jupytext.read(lesson)
    notebook.metadata = {"kernelspec": dict(KERNEL), "language_info": {"name": "python"}}
    notebook.cells = [cell for cell in notebook.cells if KEY not in cell.metadata]
    seen: set[tuple[str, str]] = set()
    for number, cell in enumerate(notebook.cells):
        _fill(cell, number, homework, seen)
    tasks = {name for kind, name in seen if kind == "check"}
    if tasks != set(homework.points):
        odd = ", ".join(sorted(tasks ^ set(homework.points)))
        raise GradbookError(f"{homework.id}: lesson and checks do not name the same tasks: {odd}")
    _require_total(homework, notebook)
    marked = {cell.metadata.nbgrader.grade_id: cell.source for cell in _marked(notebook)}
    require_examples(homework, {task: marked[_grade_id("check", task)] for task in tasks})
    return notebook


def _require_total(homework: Homework, notebook: NotebookNode) -> None:
    """Raises GradbookError where the points of all graded cells are not what the checks say that they add up to."""
    points = {cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.get("points", 0) for cell in _marked(notebook)}
    total = sum(points.values())
    if homework.total is not None and not math.isclose(total, homework.total):
        parts = " + ".join(f"{value:g} for {name.removeprefix('check_')}" for name, value in points.items() if value)
        raise GradbookError(
            f"{homework.id}: the points add up to {total:g} ({parts}), and POINTS in checks.py is {homework.total:g}"
        )


def _marked(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if "nbgrader" in cell.metadata]


def _fill(cell: NotebookNode, number: int, homework: Homework, seen: set[tuple[str, str]]) -> None:
    """Give one cell its source and its nbgrader metadata."""
    keys = _keys(cell, homework.id)
    if cell.cell_type == "markdown":
        cell.source = without_marks(cell.source)
    kind = next((kind for kind in KINDS if kind in keys), None)
    if kind is None:
        cell.metadata = {}
        cell.id = cell_id(homework.id, f"{cell.cell_type}-{number}")
        return
    name = str(keys[kind])
    metadata = _metadata(kind, name, cell.cell_type, keys.get("points", homework.points.get(name, 0)))
    if metadata["grade_id"] in {_grade_id(*other) for other in seen}:
        raise GradbookError(f"{homework.id}: two cells are called {kind}: {name}")
    seen.add((kind, name))
    if kind in ("solution", "given") and not cell.source.strip():
        try:
            cell.source = definition(homework.reference, name).rstrip()
        except KeyError:
            raise GradbookError(f"{homework.id}: the lesson asks for {name}, which no solution defines") from None
    if kind == "check":
        cell.source += "\n" + HIDDEN.format(homework=homework.id, task=name)
    cell.metadata = {"nbgrader": metadata}
    cell.id = cell_id(homework.id, f"{kind}-{name}")


def _keys(cell: NotebookNode, homework_id: str) -> dict[str, Any]:
    """What a cell of the lesson says of itself, key by key. Raises GradbookError where that is not understood."""
    keys = dict(cell.metadata)
    if set(keys) == {"nbgrader"}:
        keys = _nbgraders_own(keys["nbgrader"])
    problem = _problem(keys, cell.cell_type)
    if problem:
        begin = cell.source.strip().split("\n")[0][:60]
        raise GradbookError(f"{homework_id}: {problem} (in the cell that begins {begin!r}); {KEYS}")
    return keys


def _nbgraders_own(metadata: Any) -> dict[str, Any]:
    """The keys that say what nbgrader's metadata of a cell says, where that is graded by hand; else as it was."""
    if isinstance(metadata, dict) and (metadata.get("task") or (metadata.get("grade") and metadata.get("solution"))):
        kind = "task" if metadata.get("task") else "manual"
        return {kind: metadata.get("grade_id"), "points": metadata.get("points")}
    return {"nbgrader": metadata}


def _problem(keys: dict[str, Any], cell_type: str) -> str | None:
    """What is wrong with the keys of a cell, or None."""
    kinds = [kind for kind in KINDS if kind in keys]
    by_hand = bool(kinds) and kinds[0] in BY_HAND
    odd = [key for key in keys if key not in kinds and not (by_hand and key == "points")]
    if odd:
        return f"the key {odd[0]!r} is not understood"
    if len(kinds) > 1:
        return f"a cell cannot be both {kinds[0]} and {kinds[1]}"
    if kinds and cell_type not in {"manual": ("code", "markdown"), "task": ("markdown",)}.get(kinds[0], ("code",)):
        return f"a {cell_type} cell cannot be {kinds[0]!r}"
    if by_hand and not _is_worth(keys.get("points")):
        return f"{kinds[0]}: {keys[kinds[0]]} needs points, a number above 0"
    if by_hand and not re.fullmatch(r"(?!(given|check|demo)_)[\w-]{1,100}", str(keys[kinds[0]])):
        return f"{kinds[0]}: {keys[kinds[0]]} is no name: use letters, digits, _ and -, and no check_ in front"
    return None


def _is_worth(points: Any) -> bool:
    return isinstance(points, int | float) and not isinstance(points, bool) and 0 < points < math.inf


def _metadata(kind: str, name: str, cell_type: str, points: float) -> dict[str, Any]:
    metadata = {
        "schema_version": 3,
        "cell_type": cell_type,
        "grade_id": _grade_id(kind, name),
        "grade": kind in ("check", "manual"),
        "solution": kind in ("solution", "manual"),
        "locked": kind not in ("solution", "manual"),
        "task": kind == "task",
    }
    if kind in ("check", *BY_HAND):
        metadata["points"] = points
    return metadata


def _grade_id(kind: str, name: str) -> str:
    return name if kind in ("solution", *BY_HAND) else f"{kind}_{name}"
