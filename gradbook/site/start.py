"""The start page: a card for each homework, and how to open, keep and hand in what one writes; and the front page."""

from __future__ import annotations

import html
import json
import re
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from ..authoring.effort import hours
from ..course.assignment import Assignment
from ..intake.release import read_notebook
from .front import FrontPage
from .pictures import drawn

if TYPE_CHECKING:
    from jinja2 import Environment

PICTURES = (".svg", ".webp", ".png", ".jpg", ".jpeg", ".gif")
NAMES = {"torch": "PyTorch", "tensorflow": "TensorFlow", "jax": "JAX"}
LONGEST = 220  # characters of a card's text
MARKDOWN = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*`$]|(?<!\w)_|_(?!\w)")


@dataclass(frozen=True)
class Card:
    """A homework on the start page. missing: the modules that no browser has, for which it is not opened there."""

    assignment: Assignment
    missing: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.assignment.title

    @property
    def address(self) -> str:
        """Where it opens, or where it is had for another computer."""
        homework = self.assignment.id
        if self.missing:
            return f"downloads/{quote(homework)}.zip"
        return f"notebooks/index.html?path={quote(f'{homework}/{self.assignment.notebook}', safe='')}"

    @property
    def one_file(self) -> str:
        """Where the notebook is had that brings its files along; nothing where there is none."""
        there = self.assignment.one_file.is_file()
        return f"downloads/{quote(self.assignment.notebook)}" if there else ""

    @property
    def needs(self) -> str:
        """What a computer must have on which it runs."""
        return " and ".join(NAMES.get(name, name) for name in self.missing)

    @cached_property
    def line(self) -> str:
        """The first sentences of the lesson below its heading."""
        cells = json.loads(self.assignment.release_notebook.read_bytes())["cells"]
        texts = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        paragraphs = (" ".join(part.split()) for text in texts for part in text.split("\n\n"))
        first = next((part for part in paragraphs if part and part[0] not in "#|<!-$`"), "")
        return _shortened(MARKDOWN.sub(lambda found: found[1] or "", first))

    @cached_property
    def hours(self) -> str:
        """How long it takes; nothing where its source is not there."""
        path = self.assignment.source / self.assignment.notebook
        if not path.is_file():
            return ""
        low, high = hours(read_notebook(path).cells)
        return f"{low:g} to {high:g} hours"

    @cached_property
    def picture(self) -> Path | None:
        """The author's picture of it."""
        found = (self.assignment.source / f"picture{suffix}" for suffix in PICTURES)
        return next((path for path in found if path.is_file()), None)

    @property
    def picture_file(self) -> str:
        suffix = self.picture.suffix if self.picture else ".svg"
        return f"pictures/{self.assignment.id}{suffix}"

    @property
    def picture_text(self) -> str:
        """What a picture shows, as an SVG says it of itself."""
        if self.picture is None:
            return f"The tasks of {self.title}, and their points"
        text = self.picture.read_text("utf-8") if self.picture.suffix == ".svg" else ""
        found = re.search(r"<title[^>]*>(.*?)</title>", text, re.DOTALL)
        return html.unescape(found[1].strip()) if found else ""


def _shortened(text: str) -> str:
    """As many sentences as there is room for; at least the first."""
    sentences = re.split(r"(?<=[.?!])\s+", text)
    shown = sentences[0]
    for sentence in sentences[1:]:
        if len(shown) + len(sentence) >= LONGEST:
            break
        shown += f" {sentence}"
    return shown


def write_pages(site: Path, course: str, cards: list[Card], front: FrontPage | None) -> None:
    """Write index.html, course.html where the course has a front page, and the pictures into a site."""
    (site / "pictures").mkdir()
    for card in cards:
        place = site / card.picture_file
        if card.picture:
            shutil.copyfile(card.picture, place)
        else:
            place.write_text(drawn(card.assignment.homework.points), "utf-8")
    for path in front.pictures if front else ():
        shutil.copyfile(path, site / "pictures" / path.name)
    for name in ("index", *(["course"] if front else [])):
        page = _templates().get_template(f"{name}.html.j2").render(course=course, cards=cards, front=front)
        (site / f"{name}.html").write_text(page, "utf-8")


def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader

    return Environment(
        loader=PackageLoader("gradbook.site", "templates/site"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
