"""The released notebook as submissions are held against it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..homework.source import PUBLIC_CHECK
from .cells import DEMONSTRATION, grade_id, key, marks
from .grammars import prepare_nbformat
from .sources import Source

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode


def read_notebook(path: Path) -> NotebookNode:
    """A notebook of the course's own, as nbformat has it."""
    prepare_nbformat()
    import nbformat

    # As it was built: to look through it for faults takes a tenth of a second, each time.
    return nbformat.v4.reads(path.read_text("utf-8"))


class Release:
    """A released notebook and its cells by their places in it. Made once for a class: it keeps what was read of them.

    solutions: place -> name of the cells that students fill. locked: places of the code that is restored. given: of
    those among them that run before the student's code is judged.
    """

    def __init__(self, notebook: NotebookNode) -> None:
        self.notebook, self.cells = notebook, notebook.cells
        self.places = {("id", cell.id): place for place, cell in enumerate(self.cells)}
        self.places |= {key(cell): place for place, cell in enumerate(self.cells)}
        self.solutions = {p: self.label(p) for p, c in enumerate(self.cells) if marks(c).get("solution")}
        self.locked = [p for p, c in enumerate(self.cells) if self.is_code(p) and marks(c).get("locked")]
        self.given = [p for p in self.locked if not self.label(p).startswith((PUBLIC_CHECK, DEMONSTRATION))]
        self._sources: dict[int, Source] = {}

    def is_code(self, place: int) -> bool:
        return self.cells[place].cell_type == "code"

    def is_scratch(self, place: int) -> bool:
        return self.is_code(place) and not marks(self.cells[place])

    def label(self, place: int) -> str:
        """The name of a cell; empty where it has none."""
        return grade_id(self.cells[place]) or ""

    def source(self, place: int) -> Source:
        if place not in self._sources:
            self._sources[place] = Source(self.cells[place].source, self.is_code(place))
        return self._sources[place]

    def names(self, place: int) -> set[str]:
        """The names that a solution cell is to define; none where it is answered in words."""
        if not self.is_code(place):
            return set()
        stub = self.source(place)
        return stub.defined or stub.bound

    def alike(self, source: Source) -> list[int]:
        """The places of the cells that say the same as a source."""
        return [place for place in range(len(self.cells)) if self._is_alike(place, source)]

    def _is_alike(self, place: int, source: Source) -> bool:
        text = self.cells[place].source
        if source.text.strip() == text.strip():
            return True
        if not self.is_code(place):
            return "](" in text and _without_links(source.text) == _without_links(text)
        return place in self._code and source.says(self.source(place))

    @cached_property
    def _code(self) -> set[int]:
        return {*self.locked, *self.solutions}

    @cached_property
    def wanted(self) -> set[str]:
        """All names that the solution cells are to define."""
        return set().union(*map(self.names, self.solutions))

    def givers(self, name: str) -> list[int]:
        """The given cells that bind a name."""
        return [place for place in self.given if name in self.source(place).bound]


def _without_links(text: str) -> str:
    """Markdown without where its links lead and its pictures come from: one file has these in it."""
    head, *rest = text.strip().split("](")
    return "](".join([head, *(part.partition(")")[2] for part in rest)])
