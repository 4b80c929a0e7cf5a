"""Nothing in a site is hidden: no solution, check or known mistake, nothing of a student's and no gradebook.

What is compared is content, not names: the files, lines and functions of the course's hidden part with those of the
site, in notebooks and in archives too. What the lessons themselves show counts as shown.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Any

from ..authoring.hidden import require_no_hidden_import
from ..course.folder import HELPERS, Course
from ..errors import GradbookError
from ..homework.source import BEGIN_SOLUTION, END_SOLUTION
from ..homework.syntax import parsed
from ..intake.cells import marks
from . import opened
from .pieces import body, functions, lines, named, texts

REGION = re.compile(rf"{BEGIN_SOLUTION}(.*?)(?:{END_SOLUTION}|\Z)", re.DOTALL)
TESTS = re.compile(r"### BEGIN HIDDEN TESTS.*?(?:### END HIDDEN TESTS|\Z)", re.DOTALL)
MARKS = (BEGIN_SOLUTION, "### BEGIN HIDDEN TESTS")
# Python that others wrote, as a rule, held to the hashes of a lock: to parse it too would take a quarter of a minute.
PACKAGES = "static/pyodide/"
STUDENTS = ("submitted", "attempts", "autograded", "feedback", "reports", "gradescope", ".gradbook")
GRADES = ("*.csv", "*.json", "*.db*")  # what is exported stands in the course folder itself
COMPILED = (".pyc", ".pyo")
DATABASE = b"SQLite format 3\0"
# Characters that a line, two lines or a function must have, so that nobody writes the same by chance.
LINE, SOLVED_LINE, PAIR, SOLVED_PAIR, FUNCTION = 40, 16, 32, 24, 120


def require_nothing_hidden(hidden: Hidden, folder: Path) -> None:
    """Raises GradbookError where a file below a folder holds something of what is hidden."""
    for place, data in opened.files(folder):
        told = hidden.told(place, data)
        if told:
            raise GradbookError(f"{place} holds {told}, which students must not have: no site was made")


@dataclass
class Known:
    """Pieces of hidden text, each with the file that it is from."""

    lines: dict[str, str] = field(default_factory=dict)
    pairs: dict[tuple[str, str], str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)

    def add(self, text: str, origin: str, line: int, pair: int) -> None:
        """The lines of a text that are at least `line` long, and those that are `pair` long together."""
        found = lines(text)
        self.lines |= {one: origin for one in found if len(one) >= line}
        self.pairs |= {two: origin for two in _pairs(found) if len("".join(two)) >= pair}

    def take_out(self, text: str, but: str) -> None:
        """Forget what a text shows. but: where two lines and more are from that are hidden all the same."""
        found = lines(text)
        for one in found:
            self.lines.pop(one, None)
        for two in _pairs(found):
            if not self.pairs.get(two, "").startswith(but):
                self.pairs.pop(two, None)
        for function in functions(text):
            if not self.functions.get(function, "").startswith(but):
                self.functions.pop(function, None)

    def origin(self, text: str, deep: bool) -> str:
        """Where something in a text is from; empty where it is from nowhere hidden.

        deep: whether it is of this course, and not what others wrote: read as a program too, and to the short lines.
        """
        found = lines(text)
        # In all that others wrote there is any short line.
        line, pair = (0, 0) if deep else (LINE, PAIR)
        known = [self.lines.get(one) for one in found if len(one) >= line]
        known += [self.pairs.get(two) for two in _pairs(found) if len("".join(two)) >= pair]
        if deep:
            known += [self.functions.get(function) for function in functions(text)]
        return next(filter(None, known), "")


def _pairs(found: list[str]) -> Iterable[tuple[str, str]]:
    return zip(found, found[1:], strict=False)


class Hidden:
    """What a course hides."""

    def __init__(self, course: Course) -> None:
        self.root = course.root
        self.ids = course.homeworks.ids()

    def told(self, place: str, data: bytes) -> str:
        """What of it a file holds, in words; empty for nothing."""
        if data.startswith(DATABASE):
            return "a database"
        if place.endswith(COMPILED) or data.startswith(MAGIC_NUMBER):
            return "compiled Python, of which nobody sees what it is,"
        origin = self._files.get(_digest(data))
        if origin:
            return origin
        if place.endswith(".py"):
            require_no_hidden_import(place, data.decode("utf-8", "replace"))
        if place.endswith(".ipynb"):
            filled = next(self._filled(data), "")
            if filled:
                return filled
        deep = not place.startswith(PACKAGES)
        for text in texts(place, data):
            mark = next((mark for mark in MARKS if mark in text), "")
            origin = mark and f"the mark {mark}" or self.known.origin(text, deep)
            if origin:
                return origin if mark else f"text of {origin}"
        return ""

    # ------------------------------------------------------------ what is hidden

    @cached_property
    def _files(self) -> dict[str, str]:
        """Digest -> place of each file that is the author's or a student's, but for what students were given."""
        folders = ("autograder", "solutions", *STUDENTS)
        paths = [path for name in folders for path in _below(self.root / name)]
        paths += [path for pattern in GRADES for path in self.root.glob(pattern) if path.is_file()]
        found = {_digest(path.read_bytes()): self._place(path) for path in paths}
        for path in _below(self.root / "release"):
            found.pop(_digest(path.read_bytes()), None)
        found.pop(_digest(b""), None)
        return found

    @cached_property
    def known(self) -> Known:
        """The text of checks, mistakes and solutions that no lesson shows."""
        known = Known()
        for path in _below(self.root / "autograder"):
            text = path.read_text("utf-8", "replace")
            known.add(text, self._place(path), LINE, PAIR)
            known.functions |= {one: self._place(path) for one in functions(text) if len(one) >= FUNCTION}
        for path in _below(self.root / "solutions"):
            text = path.read_text("utf-8", "replace")
            for region in REGION.findall(text):
                known.add(region, self._place(path), SOLVED_LINE, SOLVED_PAIR)
            known.functions |= {one: self._place(path) for one in _solved(text)}
        for text, but in self._shown():
            known.take_out(text, but)
        return known

    def _shown(self) -> Iterator[tuple[str, str]]:
        """(text, what it may not show) of the lessons and their helpers, as they are before anything is solved.

        A lesson may show what was to be written in another one, and not what is in it.
        """
        sources = self.root / "source"
        if (sources / HELPERS).is_file():
            yield (sources / HELPERS).read_text("utf-8"), "solutions/"
        for homework in self.ids:
            folder, own = sources / homework, f"solutions/{homework}.py"
            if (folder / HELPERS).is_file():
                yield (folder / HELPERS).read_text("utf-8"), own
            for cell in _cells(folder / f"{homework}.ipynb"):
                yield REGION.sub("", TESTS.sub("", "".join(cell["source"]))), own

    # ------------------------------------------------------------ what students wrote

    def _filled(self, data: bytes) -> Iterator[str]:
        """What is told of cells that are not as they were handed out."""
        for cell in _read(data):
            name, text = marks(cell).get("grade_id"), "".join(cell["source"]).strip()
            if marks(cell).get("solution") and text not in self._stubs.get(str(name), {text}):
                yield f"an answer in the cell {name}"
            if "".join(lines(text)) in self._written:
                yield "what a student handed in"

    @cached_property
    def _stubs(self) -> dict[str, set[str]]:
        """Name -> the cells of this name as they were handed out."""
        stubs: dict[str, set[str]] = {}
        for homework in self.ids:
            for cell in _cells(self.root / "release" / homework / f"{homework}.ipynb"):
                stubs.setdefault(str(marks(cell).get("grade_id")), set()).add("".join(cell["source"]).strip())
        return stubs

    @cached_property
    def _written(self) -> set[str]:
        """Cells of students' notebooks that are not as they were handed out."""
        given = {
            "".join(lines("".join(cell["source"])))
            for path in _below(self.root / "release")
            if path.suffix == ".ipynb"
            for cell in _cells(path)
        }
        handed_in = (path for name in STUDENTS for path in _below(self.root / name) if path.suffix == ".ipynb")
        found = {"".join(lines("".join(cell["source"]))) for path in handed_in for cell in _cells(path)}
        return {text for text in found - given if len(text) >= SOLVED_PAIR}

    def _place(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


def _solved(source: str) -> Iterator[str]:
    """The functions of a reference that hold a solution: with their names, and without where they are long."""
    tree, marked = parsed(source), source.splitlines()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inside = marked[node.lineno - 1 : node.end_lineno]
            if any(line.strip() == BEGIN_SOLUTION for line in inside):
                yield named(node)
                if len(body(node)) >= FUNCTION:
                    yield body(node)


def _cells(path: Path) -> Iterator[dict[str, Any]]:
    return _read(path.read_bytes()) if path.is_file() else iter(())


def _read(notebook: bytes) -> Iterator[dict[str, Any]]:
    """The cells of a notebook; none of what is no notebook."""
    try:
        cells = json.loads(notebook)["cells"]
        yield from (cell for cell in cells if "source" in cell and isinstance(cell.get("metadata"), dict))
    except (ValueError, LookupError, TypeError):
        return


def _below(folder: Path) -> list[Path]:
    """The files below a folder, but for what Python keeps there."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
