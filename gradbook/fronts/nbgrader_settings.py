"""What nbgrader_config.py asks for: the settings that make plain nbgrader release, grade and show as Gradbook does.

Classes are named, not imported: `gradbook grade` reads these settings too, and does not wait for all of nbgrader.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traitlets.config import Config

CLASSES = "gradbook.fronts.nbgrader_classes"


def configure(c: Config) -> None:
    """Fill in the settings that every course of Gradbook needs. c: the config object of nbgrader_config.py."""
    c.GenerateAssignment.exporter_class = f"{CLASSES}.ReleaseExporter"
    c.Autograde.exporter_class = f"{CLASSES}.GradingExporter"
    c.GenerateFeedback.exporter_class = f"{CLASSES}.FeedbackExporter"
    # Formgrader shows students' text: let nothing active through.
    c.HTMLExporter.sanitize_html = True
    # Formulas become MathML, so that no page needs a script from elsewhere; and none may load one.
    c.HTMLExporter.filters = {"markdown2html": "gradbook.pages.mathml.markdown2html"}
    theirs = _package("nbgrader") / "server_extensions" / "formgrader" / "templates" / "formgrade"
    c.HTMLExporter.template_paths = _search("formgrade", theirs)


def _package(name: str) -> Path:
    """The folder of a package that is installed, which is not imported for that."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{name} is not installed")
    return Path(spec.submodule_search_locations[0])


def _search(name: str, *theirs: Path) -> list[str]:
    """Where nbconvert finds the parts of a page: what we have of this template first, then nbgrader's, then its own."""
    from jupyter_core.paths import jupyter_path

    ours, shared = Path(__file__).parents[1] / "pages" / "templates", jupyter_path("nbconvert", "templates")
    usual = [f"{folder}/{base}" for base in ("classic", "base") for folder in shared]
    return [*map(str, (ours / name, *theirs)), *usual, *shared, *jupyter_path()]
