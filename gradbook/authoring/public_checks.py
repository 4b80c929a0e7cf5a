"""That the public checks of a lesson pass on the reference: the numbers in them are right."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import warnings
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..errors import GradbookError
from ..homework.declare import Homework
from ..homework.source import PUBLIC_CHECK
from ..homework.syntax import bound_names, read_names, without_magics
from ..judging.local import namespace
from .helpers import MODULE

if TYPE_CHECKING:
    from nbformat import NotebookNode


def require_public_checks(homework: Homework, notebook: NotebookNode, helpers: str) -> None:
    """Raises GradbookError where a check cell does not pass with the reference's functions.

    Run are the check cells and the given ones, and of the others those that make what a check reads; no solutions.
    helpers: the source of the helper module. It is meant for a process of its own: the cells may change anything.
    """
    names = namespace(homework.reference)
    sys.modules[MODULE] = _module(helpers)
    os.environ["MPLBACKEND"] = "Agg"
    for cell in needed(notebook):
        task = _grade_id(cell).removeprefix(PUBLIC_CHECK)
        try:
            _run(cell.source, names)
        except Exception as error:
            said = " ".join(f"{type(error).__name__}: {error}".split())
            what = f"check cell of {task}" if task != _grade_id(cell) else f"cell that begins {_begin(cell)!r}"
            raise GradbookError(
                f"{homework.id}: the {what} does not pass on the reference: {said}; mend the cell or "
                f"solutions/{homework.id}.py"
            ) from None


def needed(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells to run, in their order."""
    return list(_needed_backwards(notebook))[::-1]


def _needed_backwards(notebook: NotebookNode) -> Iterator[NotebookNode]:
    read: set[str] = set()
    for cell in reversed([cell for cell in notebook.cells if cell.cell_type == "code"]):
        grade_id, bound = _grade_id(cell), bound_names(cell.source)
        if _is_solution(cell):
            read -= bound
        elif grade_id.startswith((PUBLIC_CHECK, "given_")) or read & bound:
            read = (read - bound) | (read_names(cell.source) - bound)
            yield cell


def _grade_id(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _is_solution(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def _begin(cell: NotebookNode) -> str:
    return str(cell.source).strip().split("\n")[0][:60]


def _module(source: str) -> ModuleType:
    module = ModuleType(MODULE)
    exec(compile(source, f"{MODULE}.py", "exec", dont_inherit=True), vars(module))
    return module


def _run(source: str, names: dict[str, Any]) -> None:
    """Run one cell; what it prints and warns of is nobody's matter here."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(without_magics(source), "<cell>", "exec", dont_inherit=True), names)
