"""Checks, release and gradebook tell of the same cells and points; what to do where they do not.

The gradebook is made from the release, which is made from lesson and checks. It follows by itself where nobody can lose
anything by that; else grading stops, with the command to run.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..errors import GradbookError
from ..homework.declare import Homework
from ..intake.cells import marks, task_of
from .assignment import Assignment
from .submission import Submission

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from nbgrader import api
    from nbgrader.api import Gradebook

logger = logging.getLogger(__name__)

Json = Mapping[str, Any]  # a notebook as JSON gives it
Key = tuple[str, str]  # of a cell in the gradebook: its kind, and its name


def require_points(homework: Homework, template: NotebookNode) -> None:
    """Raises GradbookError where the released notebook was built for other tasks or points than the checks have."""
    named = map(marks, template.cells)
    released = {task_of(m["grade_id"]): m["points"] for m in named if m.get("grade") and m.get("locked")}
    if set(released) != set(homework.points):
        odd = _listed(sorted(set(released) ^ set(homework.points)))
        raise GradbookError(
            f"the checks of {homework.id} and its release do not have the same tasks ({odd}): run gradbook build "
            f"{homework.id}"
        )
    changed = [(task, worth, homework.points[task]) for task, worth in released.items()]
    _require_same(homework.id, [change for change in changed if not _same(*change[1:])])


def _require_same(homework_id: str, changed: list[tuple[str, float, float]]) -> None:
    """Raises GradbookError where there are changes of points: (name, old, new)."""
    if changed:
        told = _listed([f"{name} {old:g} to {new:g}" for name, old, new in changed])
        raise GradbookError(f"the points of {homework_id} were changed ({told}): run gradbook build {homework_id}")


def _same(one: float, other: float) -> bool:
    return abs(one - other) < 1e-9


def _listed(names: list[str], most: int = 5) -> str:
    return ", ".join(islice(names, most)) + (", ..." if len(names) > most else "")


# ---------------------------------------------------------------- release and gradebook


@dataclass
class Difference:
    """What a notebook has that the gradebook does not know, and the other way round: cells' names, and points.

    submissions: how many of this notebook the gradebook holds.
    """

    new: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    points: list[tuple[str, float, float]] = field(default_factory=list)
    submissions: int = 0


def prepare_gradebook(gradebook: Gradebook, assignment: Assignment) -> None:
    """Have the gradebook know what was released, where it lacks that: the homework, its notebook, their cells.

    Raises GradbookError where grades would be lost or cut by that.
    """
    homework_id, notebook = assignment.id, json.loads(assignment.release_notebook.read_text("utf-8"))
    found = difference(gradebook, homework_id, homework_id, notebook)
    if found.submissions and found.gone:
        raise GradbookError(
            f"the gradebook knows cells of {homework_id} that its release does not have ({_listed(found.gone)}): run "
            f"gradbook build {homework_id} --regrade"
        )
    if found.submissions:
        _require_same(homework_id, found.points)
    follow(gradebook, homework_id, {homework_id: notebook})


def require_cells(gradebook: Gradebook, homework_id: str, notebooks: Mapping[str, Json]) -> None:
    """Raises GradbookError where the gradebook holds submissions and other cells than these notebooks.

    notebooks: name -> notebook, as JSON gives it.
    """
    for name, notebook in notebooks.items():
        found = difference(gradebook, homework_id, name, notebook)
        if found.submissions and (found.new or found.gone):
            odd = [f"{cell} is new" for cell in found.new] + [f"{cell} is gone" for cell in found.gone]
            raise GradbookError(
                f"nbgrader does not add or remove cells of {name} ({_listed(odd)}) while there are submissions of it; "
                f"the release is as it was. To go on, run gradbook build {homework_id} --regrade, and then gradbook "
                f"grade {homework_id}: manual scores and comments of the cells that stay are kept"
            )


def difference(gradebook: Gradebook, homework_id: str, name: str, notebook: Json) -> Difference:
    """The Difference between the gradebook and a notebook of this name, as JSON gives it."""
    from nbgrader.api import SubmittedNotebook

    there = _notebook(gradebook.db, homework_id, name)
    wanted, rows = _cells(notebook), _rows(there) if there else {}
    known = {key: row.max_score for key, row in rows.items() if hasattr(row, "max_score")}
    return Difference(
        new=_names(wanted.keys() - rows.keys()),
        gone=_names(rows.keys() - wanted.keys()),
        points=[
            (task_of(key[1]), known[key], told["max_score"])
            for key, told in wanted.items()
            if key in known and not _same(known[key], told["max_score"])
        ],
        submissions=gradebook.db.query(SubmittedNotebook).filter_by(notebook_id=there.id).count() if there else 0,
    )


def follow(gradebook: Gradebook, homework_id: str, notebooks: Mapping[str, Json]) -> None:
    """Have the gradebook know these notebooks and their cells, and no others of them, all or nothing.

    notebooks: name -> notebook, as JSON gives it. Grades and comments of the cells that stay are kept, those of cells
    that are gone are dropped, and new cells are to be graded in what was submitted before.
    """
    from nbgrader import api

    db = gradebook.db
    try:
        if db.query(api.Assignment).filter_by(name=homework_id).count() == 0:
            db.add(api.Assignment(name=homework_id, course_id=gradebook.course_id))
            db.flush()
        for name, notebook in notebooks.items():
            _follow(db, homework_id, name, notebook)
        db.commit()
    except BaseException:
        db.rollback()
        raise


def _follow(db: Any, homework_id: str, name: str, notebook: Json) -> None:
    from nbgrader import api

    there = _notebook(db, homework_id, name)
    if there is None:
        assignment = db.query(api.Assignment).filter_by(name=homework_id).one()
        there = api.Notebook(name=name, assignment=assignment)
        db.add(there)
        db.flush()
    there.kernelspec = json.dumps(notebook["metadata"].get("kernelspec", {}))
    wanted, rows = _cells(notebook), _rows(there)
    new, gone = len(wanted.keys() - rows.keys()), len(rows.keys() - wanted.keys())
    logger.info("the gradebook follows the release of %s: %d cells, %d new, %d gone", name, len(wanted), new, gone)
    for key in rows.keys() - wanted.keys():
        _drop(db, rows[key])
    for (kind, cell), told in wanted.items():
        row = rows.get((kind, cell))
        if row is None:
            row = getattr(api, kind)(name=cell, notebook_id=there.id)
            db.add(row)
        for column, value in told.items():
            setattr(row, column, value)
    db.flush()
    db.expire(there)
    _enter(db, there)


def _drop(db: Any, row: Any) -> None:
    """Take a cell out of the gradebook, with all grades and comments that it has."""
    from nbgrader import api

    if not isinstance(row, api.SourceCell):
        for kind in (api.Grade, api.Comment):
            db.query(kind).filter_by(cell_id=row.id).delete()
    db.delete(row)
    db.flush()


def _enter(db: Any, notebook: api.Notebook) -> None:
    """Give each submission of a notebook a grade and a comment where a cell has none: pages ask for them."""
    from nbgrader import api

    tasks = notebook.task_cells
    for kind, cells in (api.Grade, notebook.grade_cells + tasks), (api.Comment, notebook.solution_cells + tasks):
        for cell in cells:
            has = {row.notebook_id for row in db.query(kind).filter_by(cell_id=cell.id)}
            db.add_all(kind(cell_id=cell.id, notebook_id=s.id) for s in notebook.submissions if s.id not in has)


def _notebook(db: Any, homework_id: str, name: str) -> api.Notebook | None:
    """The gradebook's row of a notebook, or None."""
    from nbgrader import api

    return db.query(api.Notebook).filter_by(name=name).join(api.Assignment).filter_by(name=homework_id).one_or_none()


def _rows(notebook: api.Notebook) -> dict[Key, Any]:
    """(kind, name) -> row of each cell that the gradebook knows."""
    cells = [*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells, *notebook.source_cells]
    return {(type(row).__name__, row.name): row for row in cells}


def _cells(notebook: Json) -> dict[Key, dict[str, Any]]:
    """(kind, name) -> what the gradebook keeps of a cell, for those that nbgrader has a kind for."""
    found = {}
    for cell in notebook["cells"]:
        told = marks(cell)
        grade, solution, task = (told.get(key, False) for key in ("grade", "solution", "task"))
        locked = not solution and (grade or told.get("locked", False))
        worth = {"max_score": float(told.get("points", 0)), "cell_type": cell["cell_type"]}
        if grade:
            found["GradeCell", told["grade_id"]] = worth
        if solution:
            found["SolutionCell", told["grade_id"]] = {}
        if task:
            found["TaskCell", told["grade_id"]] = worth
        if grade or solution or task or locked:
            kept = {"source": "".join(cell["source"]), "checksum": told.get("checksum"), "locked": locked}
            found["SourceCell", told["grade_id"]] = {**kept, "cell_type": cell["cell_type"]}
    return found


def _names(keys: Iterable[Key]) -> list[str]:
    """The names of cells, each once; of a graded one, its task."""
    return sorted({task_of(name) for _, name in keys})


def require_graded_since(assignment: Assignment, students: Iterable[str]) -> None:
    """Raises GradbookError where students' graded notebooks have cells that the release does not have any more."""
    known = _cells(json.loads(assignment.release_notebook.read_text("utf-8"))).keys()
    for student in students:
        graded: Collection[tuple[str, str]] = set()
        # Where there is none, or a damaged one, there is something else to say.
        with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):
            graded = _cells(json.loads(Submission(assignment, student).autograded.read_text("utf-8"))).keys()
        if set(graded) - known:
            raise GradbookError(
                f"{assignment.id} was built anew since {student} was graded: run gradbook grade {assignment.id} first"
            )
