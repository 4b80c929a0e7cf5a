"""A folder of static files in which students open the homeworks in their browser, with nothing installed."""

from __future__ import annotations

import logging
import shutil
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ..course.assignment import Assignment
from ..course.files import folder_in_place, sweep
from ..course.folder import Course
from ..errors import GradbookError
from . import lite
from .front import front_page
from .hidden import Hidden, require_nothing_hidden
from .imports import Imports
from .pyodide import RELEASE, Pyodide, distribution
from .start import Card, write_pages

logger = logging.getLogger(__name__)

SITE = "jupyter-lite.json"  # by which the folder of a site is known
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__")


@dataclass(frozen=True)
class Site:
    """What was made. size: in bytes."""

    folder: Path
    cards: Sequence[Card]
    size: int


def make_site(course: Course, assignments: Sequence[Assignment], pyodide: str | None, output: Path) -> Site:
    """Write the site of some homeworks into the folder `output`, in the place of an earlier site.

    pyodide: a path or an address of a distribution; None for the one that the installed kernel is made for.
    Raises GradbookError where it cannot be made, or would hold what students must not have; what was there stays.
    """
    lite.require_installed()
    _require_room(output)
    for assignment in assignments:
        assignment.require_released()
    place = pyodide or RELEASE.format(version=lite.fitting_pyodide())
    with (
        TemporaryDirectory(prefix="gradbook-") as workshop,
        distribution(place, course.root / ".gradbook" / "pyodide") as found,
        folder_in_place(output.resolve()) as folder,
    ):
        lite.require_fitting(found.version)
        cards = _write(course, assignments, found, Path(workshop), folder)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    sweep(output.resolve())
    return Site(output, cards, size)


def _require_room(output: Path) -> None:
    """Raises GradbookError where something stands that is no site: it would be lost."""
    if output.is_dir() and not any(output.iterdir()):
        return
    if output.exists() and not (output / SITE).is_file():
        raise GradbookError(f"{output} is there, and is no site: name another folder with -o")


def _write(
    course: Course, assignments: Sequence[Assignment], pyodide: Pyodide, workshop: Path, site: Path
) -> list[Card]:
    """Write all files of a site. Returns the cards of its start page."""
    imports = {assignment.id: Imports.of(assignment, pyodide.modules) for assignment in assignments}
    cards = [Card(one, tuple(sorted(imports[one.id].all - pyodide.modules.keys()))) for one in assignments]
    opened = [imports[card.assignment.id] for card in cards if not card.missing]
    loaded = [name for name in lite.LOADED if name in pyodide.packages]
    # What only a helper file imports no cell names, and the kernel loads what cells name.
    beside = {pyodide.modules[module] for one in opened for module in one.beside}
    kept = pyodide.needed({*loaded, *(pyodide.modules[module] for one in opened for module in one.all)})
    logger.info("packages of Pyodide %s: %s", pyodide.version, ", ".join(sorted(kept)))
    begin = time.monotonic()
    _copy(cards, workshop)
    name = course.config().CourseDirectory.get("course_id") or course.root.name
    (workshop / "lite").mkdir()
    lite.build(workshop / "contents", site, name, workshop / "lite", {*loaded, *beside})
    logger.info("JupyterLite took %.1f s", time.monotonic() - begin)
    write_pages(site, name, cards, front_page(course))
    (site / ".nojekyll").touch()  # GitHub Pages would make pages of what is Markdown
    shutil.copytree(workshop / "downloads", site / "downloads")
    pyodide.write(site / "static" / "pyodide", kept)
    begin = time.monotonic()
    require_nothing_hidden(Hidden(course), site)
    logger.info("looking for what is hidden took %.1f s", time.monotonic() - begin)
    return cards


def _copy(cards: Sequence[Card], workshop: Path) -> None:
    """The released folders: those that open in a browser, and the others as archives; and those that are one file."""
    (workshop / "contents").mkdir()
    (workshop / "downloads").mkdir()
    for card in cards:
        release = card.assignment.release
        if card.one_file:
            shutil.copyfile(card.assignment.one_file, workshop / "downloads" / card.assignment.notebook)
        if not card.missing:
            shutil.copytree(release, workshop / "contents" / card.assignment.id, ignore=LEFT_OUT)
            continue
        path = workshop / "downloads" / f"{card.assignment.id}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(release.rglob("*")):
                if path.is_file() and not any(part.startswith(".") for part in path.relative_to(release).parts):
                    archive.write(path, f"{card.assignment.id}/{path.relative_to(release).as_posix()}")
