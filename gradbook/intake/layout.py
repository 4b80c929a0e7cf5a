"""Where the student's cells go in the released notebook.

The student's own code keeps its order. It goes to where it stood between the released cells, or behind the first given
cell that binds what it reads at once.
"""

from .cells import ELSEWHERE, NOT_HANDED_IN, Cell, key
from .pieces import Piece, Pieces


class Layout:
    """own: the student's cell for each solution cell, by name. extra: the additional ones, by the key of the cell that
    they follow, None for those before all.

    elsewhere: places of solution cells whose names are defined in cells of another place.
    """

    def __init__(self, pieces: Pieces, elsewhere: set[int]) -> None:
        self.own: dict[str, Cell] = {}
        self.extra: dict[tuple[str, str] | None, list[Cell]] = {}
        self._release, self._elsewhere = pieces.release, set(elsewhere)
        self._bound: set[str] = set()  # by the pieces that were laid out
        here = -1
        for piece in pieces.all:
            here = self._put(piece, here)
        self._fill()

    def _put(self, piece: Piece, here: int) -> int:
        """Put a piece at or behind a place. Returns the place where it is."""
        if piece.anchor:
            return here if piece.place is None else piece.place
        here = max(here if piece.place is None else piece.place, self._behind(piece, here))
        home = self._home(piece, here)
        if home is None:
            self.extra.setdefault(self._key(here), []).append(piece.as_cell())
        else:
            self.own[self._release.solutions[home]] = piece.as_cell()
        self._bound |= piece.source.bound
        return here if home is None else home

    def _behind(self, piece: Piece, here: int) -> int:
        """The place of the last given cell that must have run before a piece."""
        source, needed = piece.source, [-1]
        start = here if piece.place is None else piece.place
        # What a solution cell only tries out does not move it.
        read = source.read_at_once if piece.place is None else source.read_to_define
        for name in read - source.bound - self._bound:
            givers = self._release.givers(name)
            if givers and min(givers) > start:
                needed.append(min(givers))
        return max(needed)

    def _home(self, piece: Piece, here: int) -> int | None:
        """The solution cell that a piece goes into, None for an additional one."""
        if piece.place is None or here <= piece.place:
            return piece.place
        self._elsewhere.add(piece.place)
        defined = piece.source.defined
        later = (p for p in sorted(self._elsewhere) if p > here and self._release.names(p) & defined)
        return next(later, None)

    def _fill(self) -> None:
        """Say in each other solution cell why it is empty: a stub would undo what another cell defines."""
        for place, label in self._release.solutions.items():
            if label not in self.own and self._release.is_code(place):
                self.own[label] = Cell("code", ELSEWHERE if place in self._elsewhere else NOT_HANDED_IN)

    def _key(self, place: int) -> tuple[str, str] | None:
        return key(self._release.cells[place]) if place >= 0 else None
