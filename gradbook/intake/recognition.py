"""What can be said of a submission by holding it against a release: is it of this homework, is there work in it."""

from collections.abc import Collection

from .cells import NOT_HANDED_IN, Cell, grade_id, is_answer, marks
from .mending import sort_out
from .release import Release
from .sources import Reader, Source


def knows(cells: Collection[Cell], release: Release) -> bool:
    """Whether a submission looks like one of this release: at least half of its named cells are the release's, or
    its definitions are.
    """
    names = {cell.grade_id for cell in cells if cell.grade_id}
    known = names & set(map(grade_id, release.cells))
    return (bool(known) and 2 * len(known) >= len(names)) or _defines_enough(cells, release)


def _defines_enough(cells: Collection[Cell], release: Release) -> bool:
    """Whether a submission's definitions are those of this release: most that are wanted, or most that are there."""
    defined = definitions(cells)
    common = len(release.wanted & defined)
    return bool(common) and (2 * common > len(release.wanted) or 2 * common >= len(defined))


def definitions(cells: Collection[Cell]) -> set[str]:
    """The names of what a submission's cells define."""
    sources = map(Reader(), (cell.source for cell in cells if cell.cell_type == "code"))
    return set().union(*(each.defined | each.made for each in sources))


def has_work(cells: Collection[Cell], release: Release) -> bool:
    """Whether any solution cell holds more than it was handed out with."""
    own = sort_out(cells, release)[0].own
    written = {place: own[label].source for place, label in release.solutions.items() if label in own}
    return any(_is_work(text, release.source(place)) for place, text in written.items())


def _is_work(text: str, stub: Source) -> bool:
    return text.strip() not in ("", NOT_HANDED_IN) and not Source(text).says(stub)


def unanswered(cells: Collection[Cell], release: Release) -> list[str]:
    """Names of the answers for a person to grade that came back as they were handed out.

    One whose cell did not come back is not among them: the answer may stand elsewhere.
    """
    back = {(name, cell.source.strip()) for cell in cells for name in (cell.grade_id, cell.id)}
    answers = [cell for cell in release.cells if is_answer(marks(cell))]
    found = [cell for cell in answers if {(grade_id(cell), cell.source.strip()), (cell.id, cell.source.strip())} & back]
    return [marks(cell)["grade_id"] for cell in found]
