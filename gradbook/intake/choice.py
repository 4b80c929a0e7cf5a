"""Which file is a student's notebook: one answer, by whichever way the submission came.

Browsers, mail programs and learning platforms rename files, and students hand in copies. The file of the right name
counts, unless there is none, it cannot be read, or it has no work in it and another notebook has.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice
from pathlib import Path

from ..errors import UnreadableNotebook
from .notebook import read_submission, submission
from .recognition import has_work, knows
from .release import Release

NOTEBOOK = re.compile(r"(?!\.).+\.ipynb(\.txt|\.json)?", re.IGNORECASE | re.DOTALL)
# What a folder of a submission may hold before the rest of it is left alone.
MOST_ENTRIES, MOST_FOLDERS, MOST_READ = 5000, 20, 6
# A notebook has some thousand; a file of little else would take much of the grader's memory.
MOST_BRACKETS = 1_000_000


class Holds(Enum):
    """What a file holds."""

    WORK = auto()
    RELEASED = auto()  # the homework as it was handed out
    OTHER = auto()
    UNREADABLE = auto()


# Why another file is graded than the one of the right name, by what that one holds.
WHY = {
    None: "there is no {}",
    Holds.RELEASED: "{} is as it was handed out",
    Holds.OTHER: "{} is another notebook",
    Holds.UNREADABLE: "{} cannot be read",
}


@dataclass(frozen=True)
class Choice:
    """The file to grade. It may not be there; then `notebook.submission` says why. flags: what is odd about it."""

    path: Path
    flags: tuple[str, ...] = ()


def choose(folder: Path, homework: str, release: Callable[[], Release]) -> Choice:
    """The notebook to grade in a submission's folder.

    release: gives the release, and is asked only where files must be looked into to tell which one counts.
    """
    exact = folder / f"{homework}.ipynb"
    if folder.is_symlink() or folder.parent.is_symlink():
        return Choice(exact)
    others = _others(folder, exact)
    if not others:
        return Choice(exact)
    if not os.path.lexists(exact) and len(others) == 1:
        return Choice(others[0], tuple(_flags(folder, exact, others, {others[0]: Holds.RELEASED})))
    return _best(folder, exact, others, release)


def _best(folder: Path, exact: Path, others: Sequence[Path], release: Callable[[], Release]) -> Choice:
    there = [exact] if os.path.lexists(exact) else []
    found = {path: _state(path, release) for path in (*there, *others[:MOST_READ])}
    for state in (Holds.WORK, Holds.RELEASED):
        alike = [path for path in found if found[path] is state]
        if alike:
            return Choice(alike[0], tuple(_flags(folder, exact, alike, found)))
    # None is known to be of this homework: where the names do not tell either, the student is asked to.
    return Choice(exact)


def _flags(folder: Path, exact: Path, alike: Sequence[Path], found: Mapping[Path, Holds]) -> Iterator[str]:
    """What is to be told of a choice among several."""
    chosen, *rest = alike
    graded = f"graded {_name(chosen, folder)}"
    if chosen != exact:
        yield f"{graded}; {WHY[found.get(exact)].format(exact.name)}"
    if rest and found[chosen] is Holds.WORK:
        yield f"{graded}; there is work in {_name(rest[0], folder)}, too"


def _others(folder: Path, exact: Path) -> list[Path]:
    """Files that may be the notebook, at the top or one folder below, those of a like name first."""
    files, folders = _entries(folder)
    for below in sorted(folders)[:MOST_FOLDERS]:
        files += _entries(below)[0]
    names = [path for path in files if NOTEBOOK.fullmatch(path.name) and path != exact]
    return sorted(names, key=lambda path: _order(path, folder, exact))


def _entries(folder: Path) -> tuple[list[Path], list[Path]]:
    """The plain files and the folders in a folder, without hidden ones and links."""
    try:
        with os.scandir(folder) as entries:
            seen = [e for e in islice(entries, MOST_ENTRIES) if not e.name.startswith((".", "__"))]
            files = [folder / entry.name for entry in seen if entry.is_file(follow_symlinks=False)]
            return files, [folder / entry.name for entry in seen if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return [], []


def _order(path: Path, folder: Path, exact: Path) -> tuple[bool, bool, bool, list[int], str]:
    """The right name first, then like ones, then others; of several like ones, the one that was saved last: `(2)`."""
    like = _letters(exact.stem) in _letters(path.name)
    numbers = [-int(number) for number in re.findall(r"\d{1,9}", path.name)]
    return path.name != exact.name, not like, path.parent != folder, numbers, path.as_posix()


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


def _state(path: Path, release: Callable[[], Release]) -> Holds:
    try:
        data = submission(path)
        if isinstance(data, bytes) and data.count(b"[") + data.count(b"{") > MOST_BRACKETS:
            return Holds.UNREADABLE
        cells = read_submission(data)
    except UnreadableNotebook:
        return Holds.UNREADABLE
    if not knows(cells, release()):
        return Holds.OTHER
    return Holds.WORK if has_work(cells, release()) else Holds.RELEASED


def _name(path: Path, folder: Path) -> str:
    """A file's name as it can be shown anywhere: it is the student's, and may hold anything."""
    return re.sub(r"[^\w .,()+@/-]", "?", path.relative_to(folder).as_posix())[:150]
