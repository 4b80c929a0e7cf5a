"""Of which homework of a course a notebook is that lies anywhere, under any name."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from ..errors import GradbookError
from ..intake.cells import Cell, marks
from ..intake.recognition import definitions, knows
from .assignment import Assignment, printable
from .folder import Course

FOLDERS = 2  # above the file, whose names may tell


def homework_of(course: Course, cells: Collection[Cell], path: Path) -> Assignment:
    """The homework whose release a notebook's cells are from, or else that the file or a folder of it is called after.

    cells: see `notebook.read_submission`; none where the file cannot be read. Raises GradbookError where it cannot be
    told.
    """
    every = Assignment.every(course)
    found = _by_cells(every, cells) or _by_name(every, path)
    if found is None:
        raise GradbookError(
            f"it cannot be told of which homework {printable(path.name)} is: name it with --homework ID; there are: "
            f"{', '.join(assignment.id for assignment in every)}"
        )
    return found


def _by_cells(every: Iterable[Assignment], cells: Collection[Cell]) -> Assignment | None:
    """The first that knows the cells, of those with a release: the more it has in common with them, the earlier."""
    released = {assignment: _release(assignment) for assignment in every}
    likely = {assignment: _alike(release, cells) for assignment, release in released.items() if release}
    if not any(map(any, likely.values())):
        # All marks are gone; what is left is what the cells define.
        defined = definitions(cells)
        likely = {assignment: (0, _share(assignment.released.wanted, defined)) for assignment in likely}
    ranked = sorted(likely, key=lambda assignment: likely[assignment], reverse=True)
    return next((each for each in ranked if any(likely[each]) and knows(cells, each.released)), None)


def _release(assignment: Assignment) -> Any:
    """The released notebook as JSON gives it; None where there is none. All are read to find one, so not more of it."""
    try:
        return json.loads((assignment.release / assignment.notebook).read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _alike(release: Any, cells: Iterable[Cell]) -> tuple[int, float]:
    """How many cells are the release's by their ids, which no other homework has; how much of it is there by name."""
    ids = {cell.get("id") for cell in release["cells"]}
    names = {marks(cell)["grade_id"] for cell in release["cells"] if marks(cell)}
    return sum(cell.id in ids for cell in cells if cell.id), _share(names, {cell.grade_id for cell in cells})


def _share(wanted: Collection[str], there: Collection[str | None]) -> float:
    return len({*wanted}.intersection(there)) / max(len(wanted), 1)


def _by_name(every: Collection[Assignment], path: Path) -> Assignment | None:
    """The one after which the file is called, or the nearest folder that is called after one."""
    for name in (path.name.partition(".")[0], *(folder.name for folder in [*path.parents][:FOLDERS])):
        letters = _letters(name)
        found = [a for a in every if _letters(a.id) in letters] or [a for a in every if name and a.id.startswith(name)]
        if len(found) == 1:
            return found[0]
    return None


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())
