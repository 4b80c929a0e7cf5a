"""The front page of a course, course.md in its folder docs, on its site: what one learns, and how long it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..course.folder import Course
from ..errors import GradbookError
from ..pages.mathml import MarkdownWithMath, SafeRenderer, plain

FOLDER, PAGE = "docs", "course.md"
PICTURE = re.compile(r"!\[[^\]]*\]\(([\w.-]+)\)")


@dataclass(frozen=True)
class FrontPage:
    """title: its first heading. begin: what stands above its first table. whole: all of it. Both are HTML.

    pictures: the files that it shows, by the names that it has for them.
    """

    title: str
    begin: str
    whole: str
    pictures: tuple[Path, ...]


def front_page(course: Course) -> FrontPage | None:
    """That of a course, if it has one. Raises GradbookError where a picture of it is missing."""
    path = course.root / FOLDER / PAGE
    if not path.is_file():
        return None
    text = path.read_text("utf-8")
    heading, _, text = text.lstrip().partition("\n") if text.lstrip().startswith("# ") else ("", "", text)
    begin = text[: found.start()] if (found := re.search(r"^\|", text, re.MULTILINE)) else text
    return FrontPage(heading[2:].strip(), _html(begin), _html(text), tuple(_pictures(path, text)))


def _pictures(page: Path, text: str) -> Iterator[Path]:
    for name in dict.fromkeys(PICTURE.findall(text)):
        if not (page.parent / name).is_file():
            raise GradbookError(f"{FOLDER}/{PAGE} shows {name}, which is not there")
        yield page.parent / name


class _Renderer(SafeRenderer):
    """Shows the pictures that stand beside the page."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if not PICTURE.fullmatch(f"![]({url})"):
            return super().image(text, url, title)
        return f'<img src="pictures/{url}" alt="{plain(text)}">'

    def heading(self, text: str, level: int, **attrs: object) -> str:
        return f"<h{level}>{text}</h{level}>\n"


def _html(text: str) -> str:
    return str(MarkdownWithMath(renderer=_Renderer()).render(text))
