"""What whoever hands homeworks out runs, for students who install nothing."""

from __future__ import annotations

import argparse

from ..arguments import Commands, course_of


def add_to(commands: Commands) -> None:
    add = commands.command("site", _site, "make a folder of static files in which students work in their browser")
    add("--homeworks", nargs="+", metavar="HOMEWORK", help="only these (default: all)")
    text = "folder, archive or address of a Pyodide distribution (default: the release that fits, from its project)"
    add("--pyodide", metavar="PATH_OR_URL", help=text)
    add("-o", "--output", default="site", metavar="DIR", help="where to (default: site)")


def _site(options: argparse.Namespace) -> None:
    from pathlib import Path

    from ...course.assignment import Assignment
    from ...site.make import make_site

    course = course_of(options)
    chosen = [Assignment.find(course, text) for text in options.homeworks or ()] or Assignment.every(course)
    site = make_site(course, chosen, options.pyodide, Path(options.output))
    apart = [card for card in site.cards if card.missing]
    count = len(site.cards) - len(apart)
    print(f"{site.folder}: {count} homework{'s' * (count != 1)} to open in a browser, {site.size / 1e6:.0f} MB")
    for card in apart:
        print(f"{card.assignment.id}: to download only, for it needs {card.needs}")
    print(f"try it: python -m http.server --directory {site.folder}")
