"""What stands beside a notebook, so that a release works by itself: the helper file, requirements, a README."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..course.assignment import Assignment
from ..course.files import write_whole
from ..course.folder import HELPERS
from ..homework.declare import Homework
from ..homework.titles import heading
from ..intake.cells import by_hand_points
from ..pages.findings import points
from .effort import hours
from .helpers import data_files, helper_file

if TYPE_CHECKING:
    from nbformat import NotebookNode

# Of the same major version as where it is graded: some names are gone in NumPy 2.
NEEDED = ("numpy>=2,<3", "matplotlib>=3.8")


def write_handout(assignment: Assignment, notebook: NotebookNode) -> None:
    """Write the files into the source folder of a homework; nbgrader copies them into the release."""
    folder, homework = assignment.source, assignment.homework
    helpers = helper_file(folder.parent, homework.id, notebook)
    files = {
        "requirements.txt": "\n".join([*NEEDED, *homework.distributions]) + "\n",
        "README.md": readme(homework, notebook),
        **({} if helpers is None else {HELPERS: helpers}),
    }
    for name, text in files.items():
        # Not in the file's own folder: nbgrader would copy what a killed build leaves there.
        write_whole(folder / name, text, aside=folder.parent)


def write_data(assignment: Assignment, notebook: NotebookNode, helpers: str) -> None:
    """Put the course's data that a homework names into its source folder. helpers: the text of its helper file."""
    folder = assignment.source
    for path in data_files(folder.parent, notebook, helpers):
        write_whole(folder / path.name, path.read_bytes(), aside=folder.parent)


def readme(homework: Homework, notebook: NotebookNode) -> str:
    """The README of a release: how to start, what it is worth, how to hand in."""
    template = (Path(__file__).parent / "templates" / "handout" / "README.md").read_text()
    by_hand = by_hand_points(notebook)
    lines = [*homework.points.items(), *((f"{name}, graded by a person", worth) for name, worth in by_hand.items())]
    tasks = "\n".join(f"| {task} | {points(worth)} |" for task, worth in lines)
    total = points(sum(worth for _, worth in lines))
    low, high = hours(notebook.cells)
    named = {"title": _title(homework, notebook), "notebook": f"{homework.id}.ipynb", "low": low, "high": high}
    return template.format(**named, tasks=tasks, total=total)


def _title(homework: Homework, notebook: NotebookNode) -> str:
    """The first heading of the lesson."""
    return heading(cell.source for cell in notebook.cells if cell.cell_type == "markdown") or homework.id
