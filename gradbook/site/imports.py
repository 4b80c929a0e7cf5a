"""What a homework imports, read from its released folder and never run."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..homework.syntax import parsed

if TYPE_CHECKING:
    from pathlib import Path

    from ..course.assignment import Assignment

# Without what is caught and goes no further, a homework works as well.
CAUGHT = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


@dataclass(frozen=True)
class Imports:
    """Names of the modules that a homework imports, without its own and the standard library's.

    cells: in its notebook. beside: in the modules beside it, and what it declares to need; no cell says so.
    """

    cells: frozenset[str]
    beside: frozenset[str]

    @classmethod
    def of(cls, assignment: Assignment, standard: Iterable[str] = ()) -> Imports:
        """Those of an assignment's release. standard: modules of the standard library that count all the same."""
        modules = sorted(assignment.release.rglob("*.py"))
        cells = _names(_code(path) for path in sorted(assignment.release.rglob("*.ipynb")))
        beside = _names(path.read_text("utf-8") for path in modules)
        beside |= {module.partition(".")[0] for module in assignment.needs.modules}
        there = {path.stem for path in modules} | (sys.stdlib_module_names - set(standard))
        return cls(frozenset(cells - there), frozenset(beside - there))

    @property
    def all(self) -> frozenset[str]:
        return self.cells | self.beside


def _code(notebook: Path) -> Iterator[str]:
    """The code cells of a notebook."""
    for cell in json.loads(notebook.read_bytes())["cells"]:
        if cell["cell_type"] == "code":
            yield "".join(cell["source"])


def _names(sources: Iterable[str | Iterator[str]]) -> set[str]:
    cells = (cell for source in sources for cell in ([source] if isinstance(source, str) else source))
    return {name for cell in cells for name in _imported(parsed(cell))}


def _imported(node: ast.AST | None) -> Iterator[str]:
    """The first part of each module that is imported in a piece of code, but for what it can do without."""
    if isinstance(node, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module.partition(".")[0]
    for child in ast.iter_child_nodes(node) if node else ():
        if not (isinstance(node, ast.Try) and child in node.body and any(map(_goes_on, node.handlers))):
            yield from _imported(child)


def _goes_on(handler: ast.ExceptHandler) -> bool:
    """Whether a missing module is caught there, and nothing raised instead."""
    caught = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)} if handler.type else CAUGHT
    return bool(caught & CAUGHT) and not any(isinstance(node, ast.Raise) for node in ast.walk(handler))
