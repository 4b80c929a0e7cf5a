"""The notebook below the cards: its cells as HTML in which nothing can run, and its steps, which the cards link to.

What all students have alike, the lesson and the given code, is made once for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from ..homework.source import PUBLIC_CHECK
from ..homework.syntax import meant_names
from ..intake.cells import DEMONSTRATION, marks
from . import code
from .mathml import safe_html
from .texts import without_tags

HEADING = re.compile(r'<h([1-6]) id="@">(.*?)</h[1-6]>', re.DOTALL)
COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
PICTURE = re.compile(r"[A-Za-z0-9+/=\n]+")
CUT = "… and {} more characters; they stand in your notebook."
# Characters: of a cell, of what a cell shows, and of a notebook: the student's code, all text cells, all that is shown.
CELL, SHOWN, OWN, TEXT, OUTPUTS = 10_000, 2_000, 24_000, 30_000, 10_000
FIRST_LEVEL = 3  # of the headings in the notebook: the page's own stand above


@dataclass(frozen=True)
class Step:
    """A heading of the lesson. number: by which the page knows it. cell: the number of the cell that it stands in."""

    number: int
    title: str
    cell: int


@dataclass
class Shown:
    """One cell as the page shows it. kind: text, code, given, check or demo."""

    number: int
    kind: str
    name: str
    body: Markup
    outputs: list[Markup] = field(default_factory=list)


class Notebook:
    """A graded notebook, as JSON gives it. Raises TypeError, KeyError or AttributeError where it is none."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.cells = [(cell["cell_type"], _text(cell["source"]), cell) for cell in content["cells"]]
        self.steps: list[Step] = []
        self.room = {"code": OWN, "text": TEXT, "output": OUTPUTS}
        self.shown = list(self._shown())

    def source(self, number: int) -> str:
        """The source of a code cell; nothing where there is no such cell."""
        kind, source, _ = self.cells[number] if 0 <= number < len(self.cells) else ("", "", {})
        return source if kind == "code" else ""

    def own_cell(self, name: str) -> int | None:
        """The number of the last of the student's cells that defines this, or would."""
        found = [n for n, (kind, source, cell) in enumerate(self.cells) if kind == "code" and _is_own(cell)]
        return next((n for n in reversed(found) if name in meant_names(self.cells[n][1])), None)

    def cell_named(self, name: str) -> int | None:
        """The number of the cell that the release calls so."""
        return next((n for n, (_, _, cell) in enumerate(self.cells) if marks(cell).get("grade_id") == name), None)

    def _shown(self) -> Iterator[Shown]:
        for number, (kind, source, cell) in enumerate(self.cells):
            name = marks(cell).get("grade_id", "")
            if kind == "code" and source.strip():
                outputs = [] if name.startswith(PUBLIC_CHECK) else list(self._outputs(cell))
                held = source if marks(cell).get("locked") else self._cut("code", source, CELL)
                yield Shown(number, _kind(cell), name, code.whole(held), outputs)
            elif kind == "markdown":
                yield Shown(number, "text", name, self._text_cell(number, self._cut("text", source, CELL), cell))
            elif source.strip():
                yield Shown(number, "text", name, Markup("<pre>{}</pre>").format(self._cut("text", source, CELL)))

    def _cut(self, kind: str, text: str, most: int) -> str:
        """A text, or as much of it as there is room for."""
        room = min(most, self.room[kind])
        # What is escaped takes up more.
        self.room[kind] = max(self.room[kind] - len(escape(text[:room])), 0)
        return text if len(text) <= room else f"{text[:room]}\n{CUT.format(len(text) - room)}"

    def _text_cell(self, number: int, source: str, cell: dict[str, Any]) -> Markup:
        held = cell.get("attachments")
        made = _attached(source, held) if held else _lesson(source)

        def numbered(found: re.Match[str]) -> str:
            step = Step(len(self.steps) + 1, without_tags(found[2]), number)
            self.steps.append(step)
            level = min(int(found[1]) + FIRST_LEVEL - 1, self.level + 1, 6)
            self.level = max(level, FIRST_LEVEL)
            return f'<h{self.level} id="step-{step.number}">{found[2]}</h{self.level}>'

        return Markup(HEADING.sub(numbered, made))

    level = FIRST_LEVEL - 1

    def _outputs(self, cell: dict[str, Any]) -> Iterator[Markup]:
        for output in cell.get("outputs", ()):
            picture = _text(output.get("data", {}).get("image/png", ""))
            if picture and PICTURE.fullmatch(picture):
                told = "A figure that this cell drew."
                yield Markup('<img src="data:image/png;base64,{}" alt="{}">').format(picture.replace("\n", ""), told)
            else:
                text = self._cut("output", COLOURS.sub("", _said(output)), SHOWN)
                if text.strip():
                    yield Markup("<pre>{}</pre>").format(text)


def _text(value: Any) -> str:
    """A source or an output's text, which notebooks also keep as a list of lines."""
    return value if isinstance(value, str) else "".join(value)


def _said(output: dict[str, Any]) -> str:
    """What an output says as text."""
    if output["output_type"] == "stream":
        return _text(output["text"])
    if output["output_type"] == "error":
        return "\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}"
    return _text(output.get("data", {}).get("text/plain", ""))


def _is_own(cell: dict[str, Any]) -> bool:
    return not marks(cell).get("locked")


def _kind(cell: dict[str, Any]) -> str:
    name = marks(cell).get("grade_id", "")
    if name.startswith(PUBLIC_CHECK):
        return "check"
    if name.startswith(DEMONSTRATION):
        return "demo"
    return "code" if _is_own(cell) else "given"


@lru_cache(maxsize=2000)
def _lesson(source: str) -> str:
    return safe_html(source)


def _attached(source: str, held: Any) -> str:
    attachments = {
        name: data for name, data in held.items() if all(type(part) is str for pair in data.items() for part in pair)
    }
    return safe_html(source, attachments)


def step_for(steps: list[Step], hint: str, about: str, task: str, cell: int | None) -> Step | None:
    """The step of the lesson that explains a function: the one that the hint names, or that is called like it, else
    the one in which it is written. cell: where that is.
    """
    named = [step for step in steps if f"See {step.title}".lower() in hint.lower().replace('"', "")]
    words = dict.fromkeys(name.lower() for name in (about.rpartition(".")[2], task, about.partition(".")[0]))
    called = [step for word in words for step in steps if word in re.findall(r"\w+", step.title.lower())]
    before = [step for step in steps if cell is not None and step.cell <= cell]
    return next(iter([*named, *called, *reversed(before)]), None)
