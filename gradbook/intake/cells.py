"""Cells: what is kept of a submitted one, and what nbgrader's marks say of a released one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..homework.source import PUBLIC_CHECK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

DEMONSTRATION = "demo_"  # how the names of these cells begin
NOT_HANDED_IN = "# This cell was not handed in."
ELSEWHERE = "# Handed in within another cell."


@dataclass(frozen=True)
class Cell:
    """All that is kept of a submitted cell. grade_id, id: what it says that it is, None where it does not say."""

    cell_type: str
    source: str
    grade_id: str | None = None
    id: str | None = None


def marks(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """nbgrader's metadata of a cell, also as JSON gives it; empty for a cell that it does not know."""
    return cell["metadata"].get("nbgrader", {})


def grade_id(cell: NotebookNode) -> str | None:
    return marks(cell).get("grade_id")


def task_of(grade_id: str) -> str:
    """The task that a graded cell of this name is for."""
    return grade_id.removeprefix(PUBLIC_CHECK)


def key(cell: NotebookNode) -> tuple[str, str]:
    """What a cell of the release is known by."""
    name = grade_id(cell)
    return ("name", name) if name else ("id", cell.id)


def is_answer(metadata: Mapping[str, Any]) -> bool:
    """Whether nbgrader's metadata are those of a cell that a student writes and a person grades."""
    return bool(metadata.get("grade") and metadata.get("solution"))


def by_hand_points(notebook: NotebookNode) -> dict[str, float]:
    """Name -> points of the cells of a source or released notebook that a person grades: answers and tasks."""
    named = map(marks, notebook.cells)
    return {m["grade_id"]: m["points"] for m in named if m.get("task") or is_answer(m)}
