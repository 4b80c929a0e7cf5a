"""What stands beside a notebook, so that a release works by itself: the helper file, requirements, a README."""

import re
from pathlib import Path

from .course import HELPERS
from .render import points

# Of the same major version as where it is graded: some names are gone in NumPy 2.
NEEDED = ("numpy>=2,<3", "matplotlib>=3.8")


def write_handout(course, homework, notebook):
    """Write the files into the source folder of a homework; nbgrader copies them into the release."""
    folder = course.source(homework.id)
    (folder / HELPERS).unlink(missing_ok=True)
    # One file for all homeworks: nbgrader copies what a link leads to.
    (folder / HELPERS).symlink_to(Path("..") / HELPERS)
    (folder / "requirements.txt").write_text("\n".join([*NEEDED, *homework.distributions]) + "\n")
    (folder / "README.md").write_text(readme(homework, notebook))


def readme(homework, notebook):
    """The README of a release: how to start, what it is worth, how to hand in."""
    template = (Path(__file__).parent / "templates" / "handout" / "README.md").read_text()
    tasks = "\n".join(f"| {task} | {points(worth)} |" for task, worth in homework.points.items())
    total = points(sum(homework.points.values()))
    return template.format(title=_title(homework, notebook), notebook=f"{homework.id}.ipynb", tasks=tasks, total=total)


def _title(homework, notebook):
    """The first heading of the lesson."""
    found = re.search(r"^# (.+)$", "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown"), re.M)
    return found[1].strip() if found else homework.id
