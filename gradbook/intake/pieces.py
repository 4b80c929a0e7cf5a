"""What each cell of a submission is: one of the release, a copy of one, or the student's own.

A mark says so. A copy of a released cell that lost its mark is known by its text, also within a cell of the student's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from .cells import Cell
from .release import Release
from .sources import Reader, Source


@dataclass
class Mended:
    """What was put right in a submission.

    flags: what a person should know of it. missing: names of the solution cells of which nothing was handed in.
    lost_names: a name that the student bound in a given cell, which is restored -> that cell's name.
    """

    flags: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    lost_names: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class Piece:
    """A cell of the submission. place: of the released cell that it is, or None for an additional one."""

    cell: Cell
    source: Source
    place: int | None = None
    stub: bool = False  # the student left it as it was handed out
    anchor: bool = False  # it tells only where the others stand: the released cell takes its place, if it has one

    def as_cell(self) -> Cell:
        return replace(self.cell, source=self.source.text)

    def cut(self, release: Release) -> None:
        """Take whole released cells out of it; it is an anchor where it is a part of a released cell itself."""
        for given in map(release.source, release.locked):
            if self.source.holds(given) and len(given.said) < len(self.source.said):
                self.source = self.source.without(given)
            elif self.place is None and given.holds(self.source):
                self.anchor = True


class Pieces:
    """The pieces of a submission, in its order."""

    def __init__(self, cells: Iterable[Cell], release: Release) -> None:
        self.release, self._read = release, Reader()
        self.all: list[Piece] = []
        self._there: set[int | None] = set()  # places of which there is a piece, or a copy
        for cell in cells:
            self._add(cell)
        for piece in self.all:
            self._recognize(piece)

    # -------------------------------------------------------- what each cell is

    def _add(self, cell: Cell) -> None:
        place = self.release.places.get(("name", cell.grade_id) if cell.grade_id else ("id", cell.id or ""))
        # Of two with the same mark, the second is a copy, or a part that was split off.
        place = None if place in self._there else place
        if place is not None or cell.source.strip():
            self._there.add(place)
            self.all.append(Piece(cell, self._source(cell, place), place))

    def _source(self, cell: Cell, place: int | None) -> Source:
        if place is not None and self.release.is_code(place):
            # Most cells are as they were handed out, and that is known already.
            same = cell.source == self.release.cells[place].source
            return self.release.source(place) if same else self._read(cell.source)
        return self._read(cell.source, cell.cell_type == "code")

    def _recognize(self, piece: Piece) -> None:
        """Find out whether a piece without a mark is a copy, and cut copies out of the student's own."""
        if piece.place is None:
            self._find_copy(piece)
        piece.anchor |= piece.place is not None and piece.place not in self.release.solutions
        if not piece.anchor:
            piece.cut(self.release)
            piece.stub = piece.place is not None and piece.source.says(self.release.source(piece.place))

    def _find_copy(self, piece: Piece) -> None:
        places = self.release.alike(piece.source)
        if places:
            free = [place for place in places if place not in self._there]
            piece.place, piece.anchor = (free[0], False) if free else (None, True)
            self._there.add(piece.place)

    # -------------------------------------------------------- the order of them

    def own(self) -> list[Piece]:
        """The student's own."""
        return [piece for piece in self.all if not piece.anchor]

    def at(self, place: int) -> list[Piece]:
        """The student's own that are the solution cell at a place."""
        return [piece for piece in self.own() if piece.place == place]

    def wanting(self) -> set[str]:
        """Names that the student's own cells read to define something, and do not bind."""
        read = (piece.source.read for piece in self.own() if piece.source.defined)
        return set().union(*read).difference(*(piece.source.bound for piece in self.own()))

    def around(self, piece: Piece) -> tuple[int, int]:
        """The places of the released cells between which a piece stands."""
        here = self.all.index(piece)
        before = [p.place for p in self.all[:here] if p.place is not None]
        after = [p.place for p in self.all[here + 1 :] if p.place is not None]
        return before[-1] if before else -1, after[0] if after else len(self.release.cells)

    def put_behind(self, piece: Piece, other: Piece) -> None:
        self.all.insert(self.all.index(piece) + 1, other)

    def drop(self, pieces: list[Piece]) -> None:
        self.all = [piece for piece in self.all if piece not in pieces]
