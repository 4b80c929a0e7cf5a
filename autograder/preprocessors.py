"""The classes that `settings` names: by them plain nbgrader releases, grades and shows as Gradbook does."""

import glob
import re
from pathlib import Path

from nbconvert.exporters import HTMLExporter, NotebookExporter
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import ClearSolutions

from .course import Course
from .errors import GradbookError


class NamedStubs(ClearSolutions):
    """Replaces each solution by a stub that raises NotImplementedError with the name of what is to be written."""

    def _replace_solution_region(self, cell, language):
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


def _enclosing(lines, indent):
    """The dotted name of the definitions around the line that follows `lines` and is indented by `indent`."""
    names = []
    for line in reversed(lines):
        found = re.match(r"( *)(?:def|class) (\w+)", line)
        if found and len(found[1]) < indent:
            names.insert(0, found[2])
            indent = len(found[1])
    return ".".join(names) or "your code"


class ReleaseExporter(NotebookExporter):
    """Writes the release with stubs that name what is to be written, instead of nbgrader's own."""

    def register_preprocessor(self, preprocessor, enabled=False):
        chosen = NamedStubs if preprocessor is ClearSolutions else preprocessor
        return super().register_preprocessor(chosen, enabled)


class FeedbackExporter(HTMLExporter):
    """The feedback page: nbgrader's own, with a summary on top."""

    def from_notebook_node(self, nb, resources=None, **kwargs):
        page, resources = super().from_notebook_node(nb, resources, **kwargs)
        # Bootstrap's icons are files that a page by itself does not have.
        return re.sub(r"@font-face\s*{[^}]*}", "", page), resources


class GradingExporter(NotebookExporter):
    """Makes the Autograde that holds it grade as Gradbook does.

    nbgrader lets a course choose the exporter of its Autograde step, but not the step itself, and the step copies
    links and runs students' code in the open before any preprocessor is asked. So the exporter, once it knows
    its step, gives it our way of converting notebooks.
    """

    def __init__(self, config=None, **kwargs):
        super().__init__(config=config, **kwargs)
        if isinstance(self.parent, Autograde):
            self.parent.__class__ = GradbookAutograde


class GradbookAutograde(Autograde):
    """nbgrader's Autograde, with sandbox, hidden checks and findings."""

    def convert_notebooks(self):
        from .runner import Options, grade_class

        course = Course(Path(self.coursedir.root).resolve())
        homework = self.coursedir.assignment_id
        students = self._wanted(course, homework)
        try:
            chosen = Options(students, self.force, keep_warm=True, config=self.config)
            summary = grade_class(course, homework, chosen)
        except GradbookError as error:
            self.log.error(str(error))
            raise NbGraderException(str(error)) from None
        told = [*summary.left_out_lines(), *summary.unrecorded_lines()]
        for line in str(summary).split("\n"):
            (self.log.error if line in told else self.log.info)(line)
        if told:
            raise NbGraderException("\n".join(told))

    def _wanted(self, course, homework):
        """The students that nbgrader's own options choose."""
        from fnmatch import fnmatchcase

        excluded = {s for s in (self.coursedir.student_id_exclude or "").split(",") if s}
        there, wanted = course.students(homework), self.coursedir.student_id
        # A name may hold what a pattern takes for its own.
        named = [s for s in there if s == wanted] or [s for s in there if fnmatchcase(s, wanted)]
        return [s for s in named if s not in excluded]


class OneFeedback(GenerateFeedback):
    """nbgrader's GenerateFeedback for one student, whatever the name: theirs takes it for a pattern."""

    student = ""

    def init_notebooks(self):
        folder = self._format_source(self.coursedir.assignment_id, self.student)
        self.assignments = {folder: glob.glob(f"{glob.escape(folder)}/*.ipynb")}
