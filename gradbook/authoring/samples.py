"""A class of submissions made from the release: right, differently right, wrong in known ways, untouched, broken."""

from __future__ import annotations

import random
import shutil
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from ..course.assignment import Assignment
from ..course.submission import Submission
from ..homework.declare import Homework, Variant
from ..homework.source import BEGIN_SOLUTION, END_SOLUTION, definition, splice
from ..intake.cells import is_answer, marks
from ..intake.grammars import prepare_nbformat

if TYPE_CHECKING:
    from nbformat import NotebookNode

KINDS = ("right", "wheat", "chaff", "chaff", "chaff", "two", "untouched", "half", "broken")


def sample_class(assignment: Assignment, students: int = 30, seed: int = 0) -> list[str]:
    """Write submitted/<student>/<homework>/ for a class. Returns the students' ids.

    The kinds take turns, and the known mistakes come one after the other, so a larger class holds all of them.
    """
    prepare_nbformat()
    import nbformat

    homework = assignment.homework
    template = nbformat.read(assignment.release_notebook, as_version=4)
    maker = random.Random(seed)
    chaffs, wheats = _shuffled(homework.chaffs, maker), _shuffled(homework.wheats, maker)
    made = []
    for number in range(students):
        kind = KINDS[number % len(KINDS)]
        student = f"student{number + 1:04d}"
        folder = Submission(assignment, student).folder
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        for name, content in assignment.helper_files.items():
            (folder / name).write_bytes(content)
        text = nbformat.writes(solved(template, _source(kind, homework, chaffs, wheats, maker), _names(kind, homework)))
        if kind == "broken":
            text = text[: len(text) * 2 // 3]
        (folder / assignment.notebook).write_text(text)
        (folder / "timestamp.txt").write_text(f"2026-01-{number % 28 + 1:02d} 12:00:00 UTC")
        made.append(student)
    return made


def _shuffled(items: Iterable[Variant], maker: random.Random) -> Iterator[Variant]:
    """An endless turn through the items in a random order."""
    items = list(items)
    maker.shuffle(items)
    while items:
        yield from items


def _names(kind: str, homework: Homework) -> list[str] | None:
    """Which definitions are filled in: None for all."""
    if kind == "untouched":
        return []
    tasks = list(dict.fromkeys(check.covers.split(".")[0] for check in homework.checks))
    return tasks[: max(1, len(tasks) // 2)] if kind == "half" else None


def _source(
    kind: str, homework: Homework, chaffs: Iterator[Variant], wheats: Iterator[Variant], maker: random.Random
) -> str:
    """The solution module of one submission."""
    source = homework.reference
    if kind == "wheat":
        variant = next(wheats, None)
        return homework.source_with(variant) if variant else source
    first = next(chaffs, None) if kind in ("chaff", "two") else None
    if first is None:
        return source
    source = splice(source, first.target, first.source)
    if kind == "two":
        others = [v for v in homework.chaffs if v.target != first.target]
        second = maker.choice(others) if others else None
        source = splice(source, second.target, second.source) if second else source
    return source


def solved(template: NotebookNode, source: str, names: Collection[str] | None = None) -> NotebookNode:
    """The released notebook with its solution cells filled from a solution module.

    names: which definitions to fill (default: all).
    """
    import copy

    notebook = copy.deepcopy(template)
    for cell in notebook.cells:
        metadata = marks(cell)
        if metadata.get("solution") and not is_answer(metadata) and (names is None or metadata["grade_id"] in names):
            lines = definition(source, metadata["grade_id"]).split("\n")
            cell.source = "\n".join(line for line in lines if line.strip() not in (BEGIN_SOLUTION, END_SOLUTION))
    return notebook
