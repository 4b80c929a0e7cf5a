"""A class of submissions made from the release, in which things go wrong as often as they do in a real one."""

from __future__ import annotations

import copy
import random
import shutil
from collections.abc import Collection
from typing import TYPE_CHECKING

from ..course.assignment import Assignment
from ..course.submission import Submission
from ..homework.source import BEGIN_SOLUTION, END_SOLUTION, definition
from ..intake.cells import is_answer, marks
from ..intake.grammars import prepare_nbformat
from .student_work import ONE, OTHERWISE, RIGHT, SLIP, TWO, UNFINISHED, UNREADABLE, UNTOUCHED, Writer

if TYPE_CHECKING:
    from nbformat import NotebookNode

# The first nine show every kind of submission; with the rest, a class has these shares, and ONE is all that remains.
FIRST = RIGHT, OTHERWISE, ONE, TWO, SLIP, UNFINISHED, UNTOUCHED, UNREADABLE, ONE
SHARES = {RIGHT: 0.2, OTHERWISE: 0.1, TWO: 0.15, SLIP: 0.06, UNFINISHED: 0.12, UNTOUCHED: 0.05}
LARGE = 60  # in a class of so many, two files cannot be read
PER_LATE = 12  # of so many, one hands in after the others; two at most


def sample_class(assignment: Assignment, students: int = 30, seed: int = 0) -> list[str]:
    """Write submitted/<student>/<homework>/ for a class; a seed makes the same one again. Returns the students' ids."""
    prepare_nbformat()
    import nbformat

    template = nbformat.read(assignment.release_notebook, as_version=4)
    maker = random.Random(seed)
    writer, made = Writer(assignment.homework, maker), []
    late = _late(students, maker)
    for number, kind in enumerate(_kinds(students, maker)):
        student = f"student{number + 1:04d}"
        text = nbformat.writes(solved(template, writer.source(kind), [] if kind == UNTOUCHED else None))
        text = text[: len(text) * 2 // 3] if kind == UNREADABLE else text
        _hand_in(Submission(assignment, student), text, _timestamp(number in late, maker))
        made.append(student)
    return made


def _kinds(students: int, maker: random.Random) -> list[str]:
    """What each student hands in."""
    counts = {kind: round(share * students) for kind, share in SHARES.items()}
    counts[UNREADABLE] = 2 if students >= LARGE else 1
    rest = [kind for kind, count in counts.items() for _ in range(count - FIRST.count(kind))]
    rest += [ONE] * (students - len(FIRST) - len(rest))
    maker.shuffle(rest)
    return [*FIRST, *rest][:students]


def _late(students: int, maker: random.Random) -> set[int]:
    """The places of those who hand in late, none of them among the first."""
    others = range(len(FIRST), students)
    return set(maker.sample(others, min(2, len(others) // PER_LATE)))


def _timestamp(late: bool, maker: random.Random) -> str:
    """A time in the last week of January 2026, the later the likelier; for who is late, in the days after."""
    day = f"02-{maker.randint(1, 3):02d}" if late else f"01-{max(maker.randint(25, 31), maker.randint(25, 31))}"
    return f"2026-{day} {maker.randint(8, 23):02d}:{maker.randint(0, 59):02d}:00 UTC"


def _hand_in(submission: Submission, text: str, timestamp: str) -> None:
    folder = submission.folder
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    for name, content in submission.assignment.helper_files.items():
        (folder / name).write_bytes(content)
    (folder / submission.assignment.notebook).write_text(text)
    (folder / "timestamp.txt").write_text(timestamp)


def solved(template: NotebookNode, source: str, names: Collection[str] | None = None) -> NotebookNode:
    """The released notebook with its solution cells filled from a solution module.

    names: which definitions to fill (default: all).
    """
    notebook = copy.deepcopy(template)
    for cell in notebook.cells:
        metadata = marks(cell)
        if metadata.get("solution") and not is_answer(metadata) and (names is None or metadata["grade_id"] in names):
            lines = definition(source, metadata["grade_id"]).split("\n")
            cell.source = "\n".join(line for line in lines if line.strip() not in (BEGIN_SOLUTION, END_SOLUTION))
    return notebook
