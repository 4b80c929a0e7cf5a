"""The class report: what a class can do, where it is stuck, and what it believes, from the records of a grading.

`report_data` gives the numbers, `write_report` the page. Pages hold everything they need: no script, no network.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from ..course import attempts, records
from ..course.assignment import Assignment
from ..course.files import write_whole
from ..course.scores import present_scores
from ..errors import GradbookError
from ..sandbox.levels import WHERE
from . import figures
from .course_numbers import over_homeworks
from .findings import points
from .homework_numbers import STATES, Numbers, summarise
from .ideas import common, of_several
from .texts import called

if TYPE_CHECKING:
    from jinja2 import Environment
    from nbgrader.api import Gradebook

    from ..course.folder import Course


# ---------------------------------------------------------------- numbers


def report_data(assignment: Assignment) -> Numbers:
    """All numbers of the page, as plain data. Raises GradbookError where nothing was graded yet."""
    assignment.course.homeworks.require(assignment.id)
    with assignment.course.gradebook() as gradebook:
        data = _numbers(gradebook, assignment)
    if data is None:
        raise GradbookError(f"nothing to report: run gradbook grade {assignment.id} first")
    return data


def course_data(course: Course) -> Numbers:
    """The homeworks that were graded, and each student's path through them. Raises GradbookError where none was."""
    with course.gradebook() as gradebook:
        names = {assignment.name for assignment in gradebook.assignments}
        known = [Assignment(course, name) for name in course.homeworks.ids() if name in names]
        homeworks = [data for assignment in known if (data := _numbers(gradebook, assignment))]
    if not homeworks:
        raise GradbookError("nothing to report: run gradbook grade HOMEWORK first")
    return {"made": homeworks[0]["made"], "homeworks": homeworks, **over_homeworks(homeworks)}


def _numbers(gradebook: Gradebook, assignment: Assignment) -> Numbers | None:
    """The numbers of a homework, None where nothing was graded."""
    records.create_table(gradebook.engine)
    attempts.create_table(gradebook.engine)
    documents = records.documents(gradebook, assignment.id)
    if not documents:
        return None
    tried = attempts.Attempts(gradebook.db, assignment.id).every()
    return summarise(assignment, documents, present_scores(gradebook, assignment.id), tried)


# ---------------------------------------------------------------- pages


def write_report(assignment: Assignment, data: Numbers | None = None) -> Path:
    """Write reports/HOMEWORK.html and return its path. Raises GradbookError where nothing was graded yet."""
    data = data or report_data(assignment)
    return _write(assignment.course.root / "reports" / f"{assignment.id}.html", "homework.html.j2", data)


def write_course_report(course: Course) -> Path:
    """Write reports/index.html over all graded homeworks, and the page of each. Returns the path of the first."""
    data = course_data(course)
    for homework in data["homeworks"]:
        write_report(Assignment(course, homework["homework"]), homework)
    return _write(course.root / "reports" / "index.html", "course.html.j2", data)


def _write(path: Path, template: str, data: Numbers) -> Path:
    names = Names(data["students"])
    text = _templates().get_template(template).render(data, data=data, figures=figures.Figures(), names=names)
    try:
        path.parent.mkdir(exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        raise GradbookError(f"{path} cannot be written ({type(error).__name__})") from None
    return path


class Names:
    """The students of a page as links: to the feedback page of each, or where that is not written, to their row."""

    def __init__(self, students: Iterable[Numbers]) -> None:
        self.rows = {student["student"]: f"s-{number}" for number, student in enumerate(students, 1)}
        self._links = {student["student"]: self._link(student) for student in students}

    def _link(self, student: Numbers) -> Markup:
        name = student["student"]
        page = student["page"] if student.get("page_there") else f"#{self.rows[name]}"
        return Markup('<a href="{}">{}</a>').format(page, name)

    def __call__(self, *students: str) -> Markup:
        """These, one after the other."""
        return Markup(", ").join(self._links[student] for student in students)


def _templates() -> Environment:
    """The templates, with everything escaped that is not marked as ours."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates" / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = {"scores_in_words": figures.scores_in_words, "task_in_words": figures.task_in_words, "css": figures.css}
    environment.globals.update(words, MARKS=figures.MARKS, STATES=STATES, points=lambda value: points(round(value, 2)))
    environment.globals.update(common=common, of_several=of_several, WHERE=WHERE)
    environment.filters.update(
        called=called,
        seconds=lambda value: f"{value:.2f}" if value < 10 else f"{value:.0f}",
        slug=lambda text: text.replace(" ", "-"),
    )
    return environment
