"""What stands beside a notebook, so that a release works by itself: the helper file, requirements, a README."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ..course.folder import HELPERS, Course
from ..intake.notebook import by_hand_points
from ..pages.findings import points
from .helpers import helper_file

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from ..homework.declare import Homework

# Of the same major version as where it is graded: some names are gone in NumPy 2.
NEEDED = ("numpy>=2,<3", "matplotlib>=3.8")


def write_handout(course: Course, homework: Homework, notebook: NotebookNode) -> None:
    """Write the files into the source folder of a homework; nbgrader copies them into the release."""
    folder = course.source(homework.id)
    helpers = helper_file(course.root / "source", homework.id, notebook)
    if helpers is not None:
        put(folder / HELPERS, helpers)
    put(folder / "requirements.txt", "\n".join([*NEEDED, *homework.distributions]) + "\n")
    put(folder / "README.md", readme(homework, notebook))


def put(path: Path, text: str) -> None:
    """Write a file whole or not at all, whenever this is killed."""
    # Not in the file's own folder: nbgrader would copy what a killed build leaves there.
    handle, building = tempfile.mkstemp(prefix=".gradbook-", dir=path.parent.parent)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(building, 0o644)
        os.replace(building, path)
    except BaseException:
        os.unlink(building)
        raise


def readme(homework: Homework, notebook: NotebookNode) -> str:
    """The README of a release: how to start, what it is worth, how to hand in."""
    template = (Path(__file__).parent / "templates" / "handout" / "README.md").read_text()
    by_hand = by_hand_points(notebook)
    lines = [*homework.points.items(), *((f"{name}, graded by a person", worth) for name, worth in by_hand.items())]
    tasks = "\n".join(f"| {task} | {points(worth)} |" for task, worth in lines)
    total = points(sum(worth for _, worth in lines))
    return template.format(title=_title(homework, notebook), notebook=f"{homework.id}.ipynb", tasks=tasks, total=total)


def _title(homework: Homework, notebook: NotebookNode) -> str:
    """The first heading of the lesson."""
    found = re.search(r"^# (.+)$", "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown"), re.M)
    return found[1].strip() if found else homework.id
