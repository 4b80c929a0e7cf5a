"""The classes that `nbgrader_settings` names: by them plain nbgrader releases, grades and shows as Gradbook does."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import Exporter
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.nbgraderformat import SchemaTooNewError, SchemaTooOldError, ValidationError
from nbgrader.preprocessors import ClearSolutions, SaveCells
from traitlets import Bool, TraitError

from ..authoring.hidden import require_nothing_hidden
from ..course.agreement import follow, require_cells
from ..course.assignment import Assignment
from ..course.files import folder_in_place, sweep
from ..course.folder import Course
from ..errors import GradbookError
from ..grading.warm import WarmBench
from ..intake.gradebook_version import read_version_here
from ..pages.feedback import Maker
from . import failure

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from traitlets.config import Config


read_version_here()

# What nbgrader raises where an author has to mend something; and plain RuntimeErrors, which its preprocessors raise.
OF_AN_AUTHOR = NbGraderException, ValidationError, SchemaTooNewError, SchemaTooOldError, TraitError


class NamedStubs(ClearSolutions):
    """Replaces each solution by a stub that raises NotImplementedError with the name of what is to be written."""

    def _replace_solution_region(self, cell: NotebookNode, language: str) -> bool:
        if cell.cell_type != "code":
            return bool(super()._replace_solution_region(cell, language))
        lines, result, inside, replaced = cell.source.split("\n"), [], False, False
        for number, line in enumerate(lines):
            if self.begin_solution_delimeter in line:
                inside = replaced = True
                indent = line[: len(line) - len(line.lstrip())]
                name = _enclosing(lines[:number], len(indent))
                result += [f"{indent}# YOUR CODE HERE", f'{indent}raise NotImplementedError("{name}")']
            elif self.end_solution_delimeter in line:
                inside = False
            elif not inside:
                result.append(line)
        if inside:
            raise RuntimeError("a solution region has no end")
        cell.source = "\n".join(result)
        return replaced


def _enclosing(lines: Sequence[str], indent: int) -> str:
    """The dotted name of the definitions around the line that follows `lines` and is indented by `indent`."""
    names: list[str] = []
    for line in reversed(lines):
        found = re.match(r"( *)(?:def|class) (\w+)", line)
        if found and len(found[1]) < indent:
            names.insert(0, found[2])
            indent = len(found[1])
    return ".".join(names) or "your code"


class ReleaseExporter(NotebookExporter):
    """Writes the release with stubs that name what is to be written, instead of nbgrader's own.

    And it makes the GenerateAssignment that holds it keep the old release until the new one is whole.
    """

    regrade = Bool(False, help="Whether the gradebook follows where cells came or went, although there are submissions")
    regrade.tag(config=True)

    def __init__(self, config: Config | None = None, **kwargs: Any) -> None:
        super().__init__(config=config, **kwargs)
        if isinstance(self.parent, GenerateAssignment):
            self.parent.__class__ = GradbookGenerate

    def register_preprocessor(self, preprocessor: Any, enabled: bool = False) -> Any:
        if preprocessor is SaveCells:
            # The gradebook follows when all of the release is there.
            return None
        chosen = NamedStubs if preprocessor is ClearSolutions else preprocessor
        return super().register_preprocessor(chosen, enabled)


class GradbookGenerate(GenerateAssignment):
    """nbgrader's GenerateAssignment, but a release is at every moment the old one whole or the new one whole."""

    aside: Path | None = None

    def convert_notebooks(self) -> None:
        from ..grading.run import only_one

        course = Course(Path(self.coursedir.root).resolve())
        for folder, notebooks in sorted(self.assignments.items()):
            homework, self.notebooks = Path(folder).name, sorted(notebooks)
            try:
                with only_one(Assignment(course, homework)), course.database():
                    self._release(homework, Path(self._format_dest(homework, ".")).resolve())
            except Exception as error:
                # nbgrader's own steps say more to the log than what they raise.
                text = _not_released(error, homework, course)
                self.log.error(text)
                raise NbGraderException(text) from None
            finally:
                self.aside = None

    def _format_dest(self, assignment_id: str, student_id: str, escape: bool = False) -> str:
        return str(self.aside) if self.aside else super()._format_dest(assignment_id, student_id, escape)

    def _release(self, homework: str, target: Path) -> None:
        """Make the release aside, and put it in its place."""
        with folder_in_place(target) as aside:
            self.aside = aside
            if target.exists() and not (self.force and self.coursedir.notebook_id == "*"):
                shutil.copytree(target, aside)
            if not self.init_destination(homework, "."):
                # Nothing new is wanted, so what is there stays.
                shutil.rmtree(aside, ignore_errors=True)
                return
            self.run_pre_convert_hook()
            self.init_assignment(homework, ".")
            for notebook in self.notebooks:
                self.convert_single_notebook(notebook)
            self.set_permissions(homework, ".")
            require_nothing_hidden(Path(self.coursedir.root), aside)
            if not self.no_database:
                self._record(homework, aside)
        self.aside = None
        self.run_post_convert_hook()
        # Not before: where folders cannot be exchanged, a killed build may have left the only whole release there.
        sweep(target)

    def _record(self, homework: str, release: Path) -> None:
        """Have the gradebook follow what is released."""
        notebooks = {path.stem: json.loads(path.read_text("utf-8")) for path in release.glob("*.ipynb")}
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            if not self.exporter.regrade:
                require_cells(gradebook, homework, notebooks)
            follow(gradebook, homework, notebooks)


def _not_released(error: Exception, homework: str, course: Course) -> str:
    """What is said where a release was not made; of a failure of the grader's own, the traceback is kept."""
    if isinstance(error, GradbookError):
        return str(error)
    of_an_author = isinstance(error, OF_AN_AUTHOR) or type(error) is RuntimeError
    why = _why(error) if of_an_author else failure.line(error, "generate_assignment", course.root)
    return f"{homework} was not released: {why}"


def _why(error: Exception) -> str:
    """The reason of an exception in one line: nbgrader raises some again with fewer words."""
    first = error.__context__ if type(error.__context__) is type(error) else error
    return " ".join(str(first).split())[:300] or type(error).__name__


class FeedbackExporter(Exporter):
    """Makes the feedback page, as `gradbook feedback` does: from the graded notebook and what the gradebook holds.

    nbgrader's preprocessors, which put grades into the notebook for its own page, have nothing to do.
    """

    file_extension = ".html"
    output_mimetype = "text/html"
    maker: Maker | None = None

    def register_preprocessor(self, preprocessor: Any, enabled: bool = False) -> Any:
        return None

    def from_filename(  # type: ignore[override]  # a page is text, as in all of nbconvert's that use templates
        self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        resources = {**(resources or {}), "output_extension": self.file_extension}
        named = resources["nbgrader"]
        try:
            _, make = self._maker(named["assignment"]).page(named["student"], Path(filename).read_bytes())
            return make(), resources
        except Exception as error:
            self.log.error("no page for %s: %s: %s", named["student"], type(error).__name__, error)
            raise

    def _maker(self, homework: str) -> Maker:
        """The Maker of a homework, which reads the gradebook once for all students."""
        if self.maker is None or self.maker.assignment.id != homework:
            step: Any = self.parent
            course = Course(Path(step.coursedir.root).resolve())
            students = [path.name for path in (course.root / "autograded").iterdir()]
            self.maker = Maker(Assignment(course, homework), students)
        return self.maker


class GradingExporter(NotebookExporter):
    """Makes the Autograde that holds it grade as Gradbook does.

    nbgrader lets a course choose the exporter of its Autograde step, but not the step itself, and the step copies
    links and runs students' code in the open before any preprocessor is asked. So the exporter, once it knows
    its step, gives it our way of converting notebooks.
    """

    def __init__(self, config: Config | None = None, **kwargs: Any) -> None:
        super().__init__(config=config, **kwargs)
        if isinstance(self.parent, Autograde):
            self.parent.__class__ = GradbookAutograde


class GradbookAutograde(Autograde):
    """nbgrader's Autograde, with sandbox, hidden checks and findings.

    warm: what the Autogrades of one process share, as formgrader's server makes a new one for each submission.
    """

    warm = WarmBench()

    def convert_notebooks(self) -> None:
        from ..grading.run import Options, grade_class

        assignment = Assignment(Course(Path(self.coursedir.root).resolve()), self.coursedir.assignment_id)
        try:
            chosen = Options(self._wanted(assignment), self.force, warm=self.warm, config=self.config)
            summary = grade_class(assignment, chosen)
        except Exception as error:
            own = isinstance(error, GradbookError)
            text = str(error) if own else failure.line(error, "autograde", assignment.course.root)
            self.log.error(text)
            raise NbGraderException(text) from None
        told = [*summary.left_out_lines(), *summary.unrecorded_lines()]
        for line in str(summary).split("\n"):
            (self.log.error if line in told else self.log.info)(line)
        if told:
            raise NbGraderException("\n".join(told))

    def _wanted(self, assignment: Assignment) -> list[str]:
        """The students that nbgrader's own options choose."""
        from fnmatch import fnmatchcase

        excluded = {s for s in (self.coursedir.student_id_exclude or "").split(",") if s}
        there, wanted = assignment.students(), self.coursedir.student_id
        # A name may hold what a pattern takes for its own.
        named = [s for s in there if s == wanted] or [s for s in there if fnmatchcase(s, wanted)]
        return [s for s in named if s not in excluded]
