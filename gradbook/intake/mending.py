"""Which cell of a submission is which cell of the release, also where cells have lost their marks.

Marks are lost when a cell is deleted and typed anew, when cells are merged, and when a notebook goes through an export
or is pasted into a new one. What is left then is what the cells say: a copy of a released cell is known by its text,
the student's own code by the names that it defines. Nothing of it is run here.

The student's own code keeps its order. It goes to where it stood between the released cells, or behind the first given
cell that binds what it reads at once.
"""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from ..homework import syntax

PUBLIC_CHECK, DEMONSTRATION = "check_", "demo_"
BUDGET = 400_000  # characters of a submission that are looked at; a course's longest solution has a fortieth
LONGEST_NAME = 60  # of those that a student is told
NOT_HANDED_IN = "# This cell was not handed in."
ELSEWHERE = "# Handed in within another cell."


@dataclass
class Mended:
    """What was put right in a submission.

    flags: what a person should know of it. missing: names of the solution cells of which nothing was handed in.
    lost_names: a name that the student bound in a given cell, which is restored -> that cell's name.
    """

    flags: list = field(default_factory=list)
    missing: list = field(default_factory=list)
    lost_names: dict = field(default_factory=dict)


def grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def key(cell):
    """What a cell of the release is known by."""
    name = grade_id(cell)
    return ("name", name) if name else ("id", cell.id)


class Source:
    """The text of a code cell, and what can be read from it."""

    def __init__(self, text, legible=True):
        self.text, self._legible = text.replace("\r\n", "\n").replace("\r", "\n"), legible
        self.statements = tuple(syntax.statements(self.text)) if legible else ()
        self.said = tuple(statement[0] for statement in self.statements)
        self.defined = set(self._names(syntax.meant_names))
        self.bound = self._names(syntax.bound_names) | self.defined

    @cached_property
    def extended(self):
        return self._names(syntax.extended_names)

    @cached_property
    def read_at_once(self):
        return self._names(syntax.names_read_at_once)

    @cached_property
    def read_to_define(self):
        return self._names(syntax.names_read_to_define)

    @cached_property
    def made(self):
        return self._names(syntax.made_names)

    @cached_property
    def read(self):
        return self._names(syntax.read_names)

    def _names(self, function):
        return function(self.text) if self._legible else set()

    def says(self, other):
        """Whether both say the same, apart from layout and comments."""
        return self.text.strip() == other.text.strip() or (self.said == other.said and bool(self.said))

    def without(self, start, stop):
        """This without some of its statements; None where they share a line with others."""
        first, last = self.statements[start][1], self.statements[stop - 1][2]
        if any(a <= last and first <= b for _, a, b in (*self.statements[:start], *self.statements[stop:])):
            return None
        lines = self.text.split("\n")
        return Source("\n".join(lines[: first - 1] + lines[last:]))


# A release is the same for a whole class.
_released = lru_cache(maxsize=1000)(Source)


class Release:
    """The cells of the released notebook, by their places in it."""

    def __init__(self, template):
        self.cells = template.cells
        self.places = {("id", cell.id): place for place, cell in enumerate(self.cells)}
        self.places |= {key(cell): place for place, cell in enumerate(self.cells)}
        self.solutions = {p: grade_id(c) for p, c in enumerate(self.cells) if self._marked(c).get("solution")}
        self.locked = [p for p, c in enumerate(self.cells) if self.is_code(p) and self._marked(c).get("locked")]
        self.given = [p for p in self.locked if self._runs(p)]

    @staticmethod
    def _marked(cell):
        return cell.metadata.get("nbgrader", {})

    def _runs(self, place):
        return not grade_id(self.cells[place]).startswith((PUBLIC_CHECK, DEMONSTRATION))

    def is_code(self, place):
        return self.cells[place].cell_type == "code"

    def is_scratch(self, place):
        return self.is_code(place) and not self._marked(self.cells[place])

    def label(self, place):
        return grade_id(self.cells[place])

    def source(self, place):
        return _released(self.cells[place].source, self.is_code(place))

    def names(self, place):
        """The names that a solution cell is to define; none where it is answered in words."""
        if not self.is_code(place):
            return set()
        stub = self.source(place)
        return stub.defined or stub.bound

    def alike(self, source):
        """The places of the cells that say the same as a source."""
        text, code = source.text.strip(), {*self.locked, *self.solutions}
        return [
            place for place, cell in enumerate(self.cells)
            if text == cell.source.strip() or (place in code and source.says(self.source(place)))
        ]  # fmt: skip

    @cached_property
    def wanted(self):
        """All names that the solution cells are to define."""
        return set().union(*map(self.names, self.solutions))

    def givers(self, name):
        """The given cells that bind a name."""
        return [place for place in self.given if name in self.source(place).bound]


@dataclass(eq=False)
class Piece:
    """A cell of the submission. place: of the released cell that it is, or None for an additional one."""

    cell: dict
    source: Source
    place: int | None
    stub: bool = False  # the student left it as it was handed out
    anchor: bool = False  # it tells only where the others stand: the released cell takes its place, if it has one


def sort_out(cells, template, mended):
    """The student's text of each solution cell by name, and the additional cells by the key of the cell they follow.

    cells: from `notebook.read_submission`. What was put right goes into `mended`.
    """
    return _Sorting(cells, Release(template), mended).result()


def defines_enough(cells, template):
    """Whether a submission's definitions are those of this release: most that are wanted, or most that are there."""
    wanted, read = Release(template).wanted, _Reader()
    code = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    defined = set().union(*(each.defined | each.made for each in map(read, code)))
    common = len(wanted & defined)
    return bool(common) and (2 * common > len(wanted) or 2 * common >= len(defined))


def has_work(cells, template):
    """Whether any solution cell holds more than it was handed out with."""
    own, release = sort_out(cells, template, Mended())[0], Release(template)
    return any(
        _is_work(own[label]["source"], release.source(p)) for p, label in release.solutions.items() if label in own
    )


def _is_work(text, stub):
    return text.strip() not in ("", NOT_HANDED_IN) and not Source(text).says(stub)


class _Reader:
    """Reads sources, up to a number of characters in all: to read endless ones would cost the grader its time."""

    def __init__(self):
        self.left = BUDGET

    def __call__(self, text, is_code=True):
        self.left -= len(text) if is_code else 0
        return Source(text, legible=is_code and self.left >= 0)


class _Sorting:
    def __init__(self, cells, release, mended):
        self.release, self.mended, self.read = release, mended, _Reader()
        self.own, self.extra, self.elsewhere, self.unmarked = {}, {}, set(), []
        there = set()
        self.pieces = [piece for cell in cells for piece in [self._piece(cell, there)] if piece]

    def result(self):
        self._copies()
        self._given_cells()
        for place in self.release.solutions:
            self._decide(place)
        self._scratch()
        self._lost()
        self._lay_out()
        self._tell()
        return self.own, self.extra

    # -------------------------------------------------------- what each cell is

    def _piece(self, cell, there):
        name = cell["grade_id"]
        place = self.release.places.get(("name", name) if name else ("id", cell["id"]))
        # Of two with the same mark, the second is a copy, or a part that was split off.
        place = None if place in there else place
        if place is None and not cell["source"].strip():
            return None
        there.add(place)
        return Piece(cell, self._source(cell, place), place)

    def _source(self, cell, place):
        if place is not None and self.release.is_code(place):
            # Most cells are as they were handed out, and that is known already.
            same = cell["source"] == self.release.cells[place].source
            return self.release.source(place) if same else self.read(cell["source"])
        return self.read(cell["source"], cell["cell_type"] == "code")

    def _copies(self):
        """Find copies of released cells among those without marks, and cut them out of the student's own cells."""
        there = {piece.place for piece in self.pieces}
        for piece in self.pieces:
            if piece.place is None:
                self._find_copy(piece, there)
            piece.anchor |= piece.place is not None and piece.place not in self.release.solutions
            if not piece.anchor:
                self._cut(piece)
                piece.stub = piece.place is not None and piece.source.says(self.release.source(piece.place))

    def _find_copy(self, piece, there):
        places = self.release.alike(piece.source)
        if places:
            free = [place for place in places if place not in there]
            piece.place, piece.anchor = (free[0], False) if free else (None, True)
            there.add(piece.place)

    def _cut(self, piece):
        """Take whole released cells out of a student's own cell; leave out one that is a part of a released cell."""
        for place in self.release.locked:
            said, part = piece.source.said, self.release.source(place).said
            start = _find(part, said)
            if start is not None and len(part) < len(said):
                piece.source = piece.source.without(start, start + len(part)) or piece.source
            elif piece.place is None and _find(said, part) is not None:
                piece.anchor = True

    # -------------------------------------------------------- given cells that were changed

    def _given_cells(self):
        """Save a solution that was merged into a given cell, or written into a scratch cell."""
        held = {piece.place for piece in self.pieces if not piece.anchor and not piece.stub}
        lacking = set().union(*(self.release.names(p) for p in self.release.solutions if p not in held))
        for piece in list(self.pieces):
            place = piece.place
            if not piece.anchor or place is None or not piece.source.defined & lacking:
                continue
            rest = Piece({**piece.cell, "cell_type": "code"}, piece.source, None)
            self._cut(rest)
            self.pieces.insert(self.pieces.index(piece) + 1, rest)
            piece.source = self.release.source(place)

    def _scratch(self):
        """Run the student's text in a released scratch cell where the student's code elsewhere reads its names."""
        for piece in list(self.pieces):
            scratch = piece.anchor and piece.place is not None and self.release.is_scratch(piece.place)
            if scratch and piece.source.bound & self._wanting():
                self.pieces.insert(self.pieces.index(piece) + 1, Piece(piece.cell, piece.source, None))

    def _lost(self):
        """Note what the student wrote into given cells, which are restored."""
        for piece in self.pieces:
            if piece.anchor and piece.place in self.release.locked:
                given, name = self.release.source(piece.place), self.release.label(piece.place)
                lost = set() if piece.source is given else piece.source.bound - given.bound & self._wanting()
                lost = {each for each in lost if len(each) <= LONGEST_NAME}
                self.mended.lost_names.update(dict.fromkeys(sorted(lost), name))
                if lost or (piece.place in self.release.given and not piece.source.says(given)):
                    self._flag(f"the given cell {name} was changed; it is restored as it was handed out")

    def _wanting(self):
        """Names that the student's own cells read and do not bind."""
        return self._names_read() - self._names_bound()

    def _own_pieces(self):
        return [piece for piece in self.pieces if not piece.anchor]

    def _names_read(self):
        return set().union(*(piece.source.read for piece in self._own_pieces() if piece.source.defined))

    def _names_bound(self):
        return set().union(*(piece.source.bound for piece in self._own_pieces()))

    # -------------------------------------------------------- solution cells

    def _decide(self, place):
        """Decide which piece is the solution cell at this place."""
        names, label = self.release.names(place), self.release.solutions[place]
        stubs = [piece for piece in self.pieces if piece.place == place and piece.stub]
        holders = [piece for piece in self.pieces if piece.place == place and not piece.stub and not piece.anchor]
        writers = self._without_stub(self._writers(place, names), place, holders)
        for piece in holders[1:]:
            piece.place = None
        if holders or writers:
            self._drop(stubs)
        else:
            self._drop(stubs[1:])
        defining = [piece for piece in holders + writers if piece.source.defined & names]
        if holders:
            if len(defining) > 1:
                self._flag(f"{label} is defined in {len(defining)} cells; the last of them counts")
        elif writers:
            self._found(place, writers, stubs)
        elif not stubs:
            self.mended.missing.append(label)

    def _writers(self, place, names):
        """The student's cells, other than this one, that define what this one is to define."""
        others = [piece for piece in self._own_pieces() if piece.place != place]
        defining = [p for p in others if p.source.defined & names - p.source.extended]
        if defining or not names:
            return defining or self._answers(place)
        held = any(piece.place == place and not piece.anchor for piece in self.pieces)
        return [] if held else [p for p in others if p.source.made & names]

    def _without_stub(self, writers, place, holders):
        """The writers that wrote something. A stub that was merged into another cell is cut out, if there are any."""
        stub = self.release.source(place).said
        merged = [piece for piece in writers if _find(stub, piece.source.said) is not None]
        if not holders and len(merged) == len(writers):
            return writers
        for piece in merged:
            start = _find(stub, piece.source.said)
            piece.source = piece.source.without(start, start + len(stub)) or piece.source
        return [piece for piece in writers if piece not in merged]

    def _answers(self, place):
        """An answer without a name to know it by: it stands beside the released cell that was beside it."""
        if any(piece.place == place and not piece.anchor for piece in self.pieces):
            return []
        kind = self.release.cells[place].cell_type
        for piece in self.pieces:
            before, after = self._around(piece)
            beside = before == place - 1 or after == place + 1
            if piece.place is None and piece.cell["cell_type"] == kind and before < place < after and beside:
                return [piece]
        return []

    def _found(self, place, writers, stubs):
        """Note where a solution was found that is not in its own cell."""
        label = self.release.solutions[place]
        if stubs:
            self._flag(f"the cell of {label} is still the stub; another cell defines it, and that one counts")
        fitting = [p for p in writers if p.place is None and self._around(p)[0] < place < self._around(p)[1]]
        if fitting:
            fitting[0].place = place
            if not self.release.names(place):
                self._flag(f"the answer to {label} had lost its mark; found by where it stands")
            elif not stubs:
                self.unmarked.append(label)
            return
        self.elsewhere.add(place)
        homes = [self.release.solutions[p.place] for p in writers if p.place in self.release.solutions]
        where = f"the cell of {homes[0]}" if homes else "another cell"
        if not stubs:
            self._flag(f"the cell of {label} was not handed in; {where} defines it")

    def _around(self, piece):
        """The places of the released cells between which a piece stands."""
        here = self.pieces.index(piece)
        before = [p.place for p in self.pieces[:here] if p.place is not None]
        after = [p.place for p in self.pieces[here + 1 :] if p.place is not None]
        return before[-1] if before else -1, after[0] if after else len(self.release.cells)

    def _drop(self, pieces):
        self.pieces = [piece for piece in self.pieces if piece not in pieces]

    # -------------------------------------------------------- the order

    def _lay_out(self):
        here, bound = -1, set()
        for piece in self.pieces:
            if piece.anchor:
                here = piece.place if piece.place is not None else here
                continue
            here = max(here if piece.place is None else piece.place, self._behind(piece, here, bound))
            home = self._home(piece, here)
            if home is None:
                self.extra.setdefault(self._key(here), []).append({**piece.cell, "source": piece.source.text})
            else:
                here = home
                self.own[self.release.solutions[home]] = {**piece.cell, "source": piece.source.text}
            bound |= piece.source.bound
        self._fill()

    def _behind(self, piece, here, bound):
        """The place of the last given cell that must have run before a piece."""
        source, needed = piece.source, [-1]
        start = here if piece.place is None else piece.place
        # What a solution cell only tries out does not move it.
        read = source.read_at_once if piece.place is None else source.read_to_define
        for name in read - source.bound - bound:
            givers = self.release.givers(name)
            if givers and min(givers) > start:
                needed.append(min(givers))
        return max(needed)

    def _home(self, piece, here):
        """The solution cell that a piece goes into, None for an additional one."""
        if piece.place is None or here <= piece.place:
            return piece.place
        self.elsewhere.add(piece.place)
        later = [p for p in sorted(self.elsewhere) if p > here and self.release.names(p) & piece.source.defined]
        return later[0] if later else None

    def _fill(self):
        """Say in each other solution cell why it is empty: a stub would undo what another cell defines."""
        for place, label in self.release.solutions.items():
            if label not in self.own and self.release.cells[place].cell_type == "code":
                said = ELSEWHERE if place in self.elsewhere else NOT_HANDED_IN
                self.own[label] = {"cell_type": "code", "source": said}

    def _key(self, place):
        return key(self.release.cells[place]) if place >= 0 else None

    # -------------------------------------------------------- what to say

    def _flag(self, text):
        self.mended.flags.append(text)

    def _tell(self):
        if self.unmarked:
            mark = "mark; found by its name" if len(self.unmarked) == 1 else "marks; found by their names"
            self._flag(f"{_cells_of(self.unmarked)} had lost {'its' if len(self.unmarked) == 1 else 'their'} {mark}")
        if self.mended.missing:
            was = "was" if len(self.mended.missing) == 1 else "were"
            self._flag(f"{_cells_of(self.mended.missing)} {was} not handed in")


def _cells_of(names):
    return f"the cell{'s' if len(names) > 1 else ''} of {', '.join(names)}"


def _find(part, whole):
    """Where a sequence stands in another one as it is, or None."""
    if not part:
        return None
    starts = (start for start, each in enumerate(whole) if each == part[0])
    return next((start for start in starts if whole[start : start + len(part)] == part), None)
