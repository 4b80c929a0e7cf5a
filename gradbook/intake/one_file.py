"""A notebook that brings the files along that stand beside it otherwise: the cell that has them.

It is there for places where one file is opened and not a folder. Where it is graded these files are given, so nothing
of that cell is run, wherever it stands and whatever it says. What a student wrote into it besides is the student's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..homework.syntax import statements
from .cells import Cell

GRADE_ID = "given_course-files"  # no definition can be called so
FUNCTION = "_put_beside"  # what the cell defines, uses and deletes


def without_files(cells: Iterable[Cell]) -> Iterator[Cell]:
    """The cells of a submission as if the files had stood beside it."""
    for cell in cells:
        marked = cell.grade_id == GRADE_ID
        if not marked and (cell.cell_type != "code" or FUNCTION not in cell.source):
            yield cell
            continue
        source = _others(cell.source)
        if source:
            yield replace(
                cell, source=source, grade_id=None if marked else cell.grade_id, id=None if marked else cell.id
            )


def _others(source: str) -> str:
    """The lines of a cell without the statements about the files; nothing where no statement is left."""
    found = statements(source)
    ours = [f"'{FUNCTION}'" in said for said, _, _ in found]
    if all(ours):
        return ""
    lines = source.split("\n")
    for (_, first, last), is_ours in reversed([*zip(found, ours, strict=True)]):
        if is_ours:
            del lines[first - 1 : last]
    return "\n".join(lines)
