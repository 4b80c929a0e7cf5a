"""The helper file beside a notebook: what this notebook uses of the course's helpers, and no more."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ..course.folder import DATA, HELPERS
from ..errors import GradbookError
from ..homework.syntax import bound_names, parsed
from .cutting import Module

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

MODULE = HELPERS.removesuffix(".py")
# How a file begins that the build made, and may replace.
MARK = "# Made by gradbook build"
FIRST_LINE = f"{MARK} from source/{HELPERS}: what this notebook uses.\n"


def helper_file(sources: Path, homework_id: str, notebook: NotebookNode) -> str | None:
    """The text of the helper file beside a source notebook; None where the author wrote that file by hand.

    sources: the folder of the course's helpers and of each homework's folder. Raises GradbookError where the notebook
    uses a name that its helpers do not define.
    """
    shared, beside = sources / HELPERS, sources / homework_id / HELPERS
    by_hand = _is_by_hand(beside, shared)
    path = beside if by_hand else shared
    place = path.relative_to(sources.parent)
    module, uses = _module(path, place), Uses(notebook)
    missing = sorted(uses.needed - module.names)
    if missing and "*" not in module.names:
        raise GradbookError(f"{homework_id}: the lesson uses {', '.join(missing)}, which {place} does not define")
    if by_hand:
        return None
    return FIRST_LINE + module.cut(module.names if uses.unclear else uses.needed | uses.mentioned)


def data_files(sources: Path, notebook: NotebookNode, helpers: str) -> list[Path]:
    """The course's data, of which each homework gets what its notebook or its helper file names as a text.

    sources: the folder where the data stands, once. helpers: the text of the helper file.
    """
    codes = [helpers, *(cell.source for cell in notebook.cells if cell.cell_type == "code")]
    nodes = (node for tree in map(parsed, codes) if tree for node in ast.walk(tree))
    named = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return [path for path in sorted(sources.glob("*")) if path.suffix in DATA and path.name in named]


def _is_by_hand(beside: Path, shared: Path) -> bool:
    """Whether the file beside a notebook is neither made by the build, nor a link to the course's or a copy of it."""
    if not beside.is_file():
        return False
    data = beside.read_bytes()
    return not data.startswith(MARK.encode()) and not (shared.is_file() and data == shared.read_bytes())


def _module(path: Path, place: Path) -> Module:
    if not path.is_file():
        raise GradbookError(f"{place} is missing: it holds what the notebooks share, and may be empty")
    try:
        return Module.of(path.read_text("utf-8"))
    except (SyntaxError, ValueError) as error:
        raise GradbookError(f"{place} cannot be read as Python: {error}") from None


@dataclass(frozen=True)
class Uses:
    """What a notebook uses of the module of helpers, found by reading it."""

    notebook: NotebookNode

    @cached_property
    def needed(self) -> set[str]:
        """Names that the code imports from the module, or reads of it; these must be there."""
        imported = {alias.name for node in self._imports_of_names for alias in node.names}
        return {
            name for name in imported | {node.attr for node in self._attributes} if not name.startswith(("__", "*"))
        }

    @cached_property
    def mentioned(self) -> set[str]:
        """Words that may name a helper: module.word anywhere, `word` and `word(...)` in texts.

        In the text, what the notebook defines by itself is the notebook's.
        """
        dotted = rf"\b(?:{'|'.join(sorted({MODULE} | self._aliases))})\.(\w+)"
        texts = [cell.source for cell in self.notebook.cells if cell.cell_type != "code"]
        own = {name for source in self._code for name in bound_names(source)}
        quoted = {word for text in texts for word in re.findall(r"`(\w+)(?:\([^`]*\))?`", text)}
        return {word for source in self._code + texts for word in re.findall(dotted, source)} | (quoted - own)

    @cached_property
    def unclear(self) -> bool:
        """Whether the code reaches the module in a way by which it may use any name: it may then use all."""
        starred = any(alias.name == "*" for node in self._imports_of_names for alias in node.names)
        named = any(isinstance(node, ast.Constant) and node.value == MODULE for node in self._nodes)
        bare = [node for node in self._nodes if isinstance(node, ast.Name) and node.id in self._aliases]
        unread = any(MODULE in source and not parsed(source) for source in self._code)
        return starred or named or unread or len(bare) > len(self._attributes)

    @cached_property
    def _code(self) -> list[str]:
        return [cell.source for cell in self.notebook.cells if cell.cell_type == "code"]

    @cached_property
    def _nodes(self) -> list[ast.AST]:
        return [node for tree in map(parsed, self._code) if tree for node in ast.walk(tree)]

    @cached_property
    def _imports_of_names(self) -> list[ast.ImportFrom]:
        return [node for node in self._nodes if isinstance(node, ast.ImportFrom) and node.module == MODULE]

    @cached_property
    def _aliases(self) -> set[str]:
        """What the notebook calls the module."""
        imports = [alias for node in self._nodes if isinstance(node, ast.Import) for alias in node.names]
        return {alias.asname or alias.name for alias in imports if alias.name == MODULE}

    @cached_property
    def _attributes(self) -> list[ast.Attribute]:
        """Where the code reads a name of the module."""
        found = [node for node in self._nodes if isinstance(node, ast.Attribute)]
        return [node for node in found if isinstance(node.value, ast.Name) and node.value.id in self._aliases]
