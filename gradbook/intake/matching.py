"""Which of the student's own cells is which solution cell: the one with its mark, or else what defines its names."""

from collections.abc import Sequence

from .pieces import Mended, Piece, Pieces


class Matching:
    """Decides for each solution cell. elsewhere: places of those whose names are defined in a cell of another place.

    It gives a piece the place of the solution that it is, and leaves no stub beside one that was written.
    """

    def __init__(self, pieces: Pieces, mended: Mended) -> None:
        self.pieces, self.mended, self.release = pieces, mended, pieces.release
        self.elsewhere: set[int] = set()
        self.unmarked: list[str] = []
        for place in self.release.solutions:
            self._decide(place)

    def _decide(self, place: int) -> None:
        names, there = self.release.names(place), self.pieces.at(place)
        stubs = [piece for piece in there if piece.stub]
        holders = [piece for piece in there if not piece.stub]
        writers = self._without_stub(self._writers(place, names), place, holders)
        for piece in holders[1:]:
            piece.place = None
        self.pieces.drop(stubs if holders or writers else stubs[1:])
        label = self.release.solutions[place]
        if holders:
            defining = [piece for piece in holders + writers if piece.source.defined & names]
            if len(defining) > 1:
                self._flag(f"{label} is defined in {len(defining)} cells; the last of them counts")
        elif writers:
            self._found(place, writers, stubs)
        elif not stubs:
            self.mended.missing.append(label)

    def _writers(self, place: int, names: set[str]) -> list[Piece]:
        """The student's cells, other than this one, that define what this one is to define."""
        others = [piece for piece in self.pieces.own() if piece.place != place]
        defining = [p for p in others if p.source.defined & names - p.source.extended]
        if defining:
            return defining
        if self.pieces.at(place):
            return []
        return [p for p in others if p.source.made & names] if names else self._answers(place)

    def _without_stub(self, writers: list[Piece], place: int, holders: list[Piece]) -> list[Piece]:
        """The writers that wrote something. A stub that was merged into another cell is cut out, if there are any."""
        stub = self.release.source(place)
        merged = [piece for piece in writers if piece.source.holds(stub)]
        if not holders and len(merged) == len(writers):
            return writers
        for piece in merged:
            piece.source = piece.source.without(stub)
        return [piece for piece in writers if piece not in merged]

    def _answers(self, place: int) -> list[Piece]:
        """An answer without a name to know it by: it stands beside the released cell that was beside it."""
        kind = self.release.cells[place].cell_type
        for piece in self.pieces.all:
            before, after = self.pieces.around(piece)
            beside = before == place - 1 or after == place + 1
            if piece.place is None and piece.cell.cell_type == kind and before < place < after and beside:
                return [piece]
        return []

    def _found(self, place: int, writers: list[Piece], stubs: list[Piece]) -> None:
        """Note where a solution was found that is not in its own cell."""
        label = self.release.solutions[place]
        if stubs:
            self._flag(f"the cell of {label} is still the stub; another cell defines it, and that one counts")
        fitting = [piece for piece in writers if self._fits(piece, place)]
        if fitting:
            fitting[0].place = place
            if not self.release.names(place):
                self._flag(f"the answer to {label} had lost its mark; found by where it stands")
            elif not stubs:
                self.unmarked.append(label)
            return
        self.elsewhere.add(place)
        if not stubs:
            self._flag(f"the cell of {label} was not handed in; {self._where(writers)} defines it")

    def _fits(self, piece: Piece, place: int) -> bool:
        """Whether a piece without a place stands where the solution cell stood."""
        before, after = self.pieces.around(piece)
        return piece.place is None and before < place < after

    def _where(self, writers: list[Piece]) -> str:
        homes = [self.release.solutions[p.place] for p in writers if p.place in self.release.solutions]
        return f"the cell of {homes[0]}" if homes else "another cell"

    # -------------------------------------------------------- what to say

    def _flag(self, text: str) -> None:
        self.mended.flags.append(text)

    def tell(self) -> None:
        """Say in one sentence each what several cells have in common."""
        if self.unmarked:
            mark = "mark; found by its name" if len(self.unmarked) == 1 else "marks; found by their names"
            self._flag(f"{_cells_of(self.unmarked)} had lost {'its' if len(self.unmarked) == 1 else 'their'} {mark}")
        if self.mended.missing:
            was = "was" if len(self.mended.missing) == 1 else "were"
            self._flag(f"{_cells_of(self.mended.missing)} {was} not handed in")


def _cells_of(names: Sequence[str]) -> str:
    return f"the cell{'s' if len(names) > 1 else ''} of {', '.join(names)}"
