"""A submission's own cells put back into the notebook that was handed out, also where cells have lost their marks.

Marks are lost when a cell is deleted and typed anew, when cells are merged, and when a notebook goes through an export
or is pasted into a new one. What is left then is what the cells say: a copy of a released cell is known by its text,
the student's own code by the names that it defines. Nothing of it is run here.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from .cells import Cell, grade_id, key, marks
from .given import keep_scratch, note_lost, save_solutions
from .layout import Layout
from .matching import Matching
from .pieces import Mended, Pieces

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbformat import NotebookNode

    from .release import Release

BLANK = {"nbformat": 4, "nbformat_minor": 5}


def restore(cells: Iterable[Cell], release: Release) -> tuple[NotebookNode, Mended]:
    """Put a submission's own cells into the notebook that was handed out, and tell what had to be put right.

    cells: from `notebook.read_submission`. Returns a new notebook in the release's order: its locked cells and prose
    as released, the student's source in solution cells, and the student's additional cells behind the cell they
    followed.
    """
    from nbformat import from_dict

    layout, mended = sort_out(cells, release)
    result = [_additional(cell, f"first-{number}") for number, cell in enumerate(layout.extra.get(None, []))]
    for cell in release.cells:
        copy = _clean(cell)
        own = layout.own.get(grade_id(cell) or "")
        if own and marks(cell).get("solution"):
            copy["source"] = _own_source(own.source, cell)
        result.append(copy)
        added = layout.extra.get(key(cell), [])
        result += [_additional(each, f"{cell.id}-{number}") for number, each in enumerate(added)]
    return from_dict({**BLANK, "metadata": _plain(release.notebook.metadata), "cells": result}), mended


def sort_out(cells: Iterable[Cell], release: Release) -> tuple[Layout, Mended]:
    """Where the student's cells go in the release, and what was put right."""
    pieces, mended = Pieces(cells, release), Mended()
    save_solutions(pieces)
    matching = Matching(pieces, mended)
    keep_scratch(pieces)
    note_lost(pieces, mended)
    layout = Layout(pieces, matching.elsewhere)
    matching.tell()
    return layout, mended


def _own_source(source: str, cell: NotebookNode) -> str:
    """What the student wrote into a solution cell of the release; text as text that pages show letter by letter."""
    return source if cell.cell_type == "code" or source == cell.source else _literal(source)


def _clean(cell: NotebookNode) -> dict[str, Any]:
    """A cell of the release without outputs."""
    return _new(cell.cell_type, cell.id, _plain(cell.metadata), cell.source)


def _additional(cell: Cell, text: str) -> dict[str, Any]:
    """A cell that the student added: its source, and nothing else of it. text: what its id is made from."""
    new_id = hashlib.sha256(f"added/{text}".encode()).hexdigest()[:12]
    if cell.cell_type == "code":
        return _new("code", new_id, {}, cell.source)
    return _new("markdown", new_id, {}, _literal(cell.source))


def _new(cell_type: str, cell_id: str, metadata: dict[str, Any], source: str) -> dict[str, Any]:
    cell = {"cell_type": cell_type, "id": cell_id, "metadata": metadata, "source": source}
    return {**cell, "outputs": [], "execution_count": None} if cell_type == "code" else cell


def _literal(text: str) -> str:
    """Text that Markdown shows letter by letter: nbgrader's pages pass HTML in Markdown through."""
    return "\n".join("    " + line for line in text.split("\n"))


def _plain(metadata: NotebookNode) -> dict[str, Any]:
    return json.loads(json.dumps(metadata))
