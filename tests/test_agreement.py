"""Checks, release and gradebook are compared before grading; what was not built stops it, with a command."""

import csv
import shutil
from dataclasses import replace

import nbformat
import pytest
from conftest import HW01, load
from lessons import lesson
from outcomes import outcome
from projects import Project

from gradbook.authoring.build import build
from gradbook.course.agreement import require_points
from gradbook.course.assignment import Assignment
from gradbook.course.folder import Course
from gradbook.errors import GradbookError
from gradbook.fronts.gradescope import make_gradescope
from gradbook.grading.run import Options, grade_class
from gradbook.homework.loading import Library

pytestmark = pytest.mark.programs

CHECKS = f"autograder/{HW01}/checks.py"
CHANGES = ('@check("loss", 2,', '@check("loss", 4,'), ('@check("gradient", 4,', '@check("gradient", 2,')
STOPPED = f"the points of {HW01} were changed (loss 3 to 5, gradient 5 to 3): run gradbook build {HW01}"


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def hand_in(project, notebook, *students):
    for student in students:
        folder = project.root / "submitted" / student / HW01
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{HW01}.ipynb")


def test_points_that_were_changed_and_not_built_stop_every_door(project, solve):
    """The committed release is graded at once: the gradebook is made from it."""
    hand_in(project, solve(), "ann", "bob")
    assert "20 to 20 of 20" in project.gradbook("grade", HW01)
    with Course.at(project.root).gradebook() as gradebook:
        grade = gradebook.find_grade("check_gradient", HW01, HW01, "bob")
        grade.manual_score, grade.extra_credit = 2.0, 1.0
        gradebook.db.commit()
    before = outcome(Course.at(project.root))
    project.replace(CHECKS, *CHANGES)
    assert project.gradbook("grade", HW01, "--workers", "2", code=1).strip() == f"gradbook: {STOPPED}"
    assert STOPPED in project.nbgrader("autograde", HW01, code=1)
    assert outcome(Course.at(project.root)) == before
    project.gradbook("build", HW01)
    assert "20 to 20 of 20" in project.gradbook("grade", HW01)
    project.gradbook("export", "--to", "nbgrader")
    with open(project.root / "grades.csv") as file:
        rows = {row["student_id"]: (row["score"], row["max_score"]) for row in csv.DictReader(file)}
    assert rows == {"ann": ("20", "20"), "bob": ("20", "20")}  # 3 automatic points less, 2 + 1 by hand instead


def test_nbgrader_too_grades_a_fresh_clone_at_once(project, solve):
    hand_in(project, solve(), "ann")
    project.nbgrader("autograde", HW01)
    with Course.at(project.root).gradebook() as gradebook:
        assert gradebook.find_submission(HW01, "ann").score == 20
        assert gradebook.find_assignment(HW01).course_id == "gradbook"


def with_points(homework, name, worth):
    """The homework with other points for one check."""
    return replace(homework, checks=tuple(replace(c, points=worth) if c.name == name else c for c in homework.checks))


def test_tasks_that_only_one_of_the_two_has_are_named(course, submit, solve, monkeypatch, tmp_path):
    homework = load(HW01)
    more = replace(homework, checks=(*homework.checks, replace(homework.checks[0], name="new", task="another")))
    less = replace(homework, checks=tuple(c for c in homework.checks if c.task != "loss"))
    submit("ann", solve())
    for changed, name in (more, "another"), (less, "loss"):
        monkeypatch.setattr(Library, "load", lambda *_, changed=changed: changed)
        words = rf"do not have the same tasks \({name}\): run gradbook build {HW01}$"
        with pytest.raises(GradbookError, match=words):
            grade_class(Assignment(course, HW01), Options(workers=1))
        with pytest.raises(GradbookError, match=words):
            make_gradescope(Assignment(course, HW01), tmp_path / "x.zip")
    assert not (course.root / "autograded").exists()


def test_points_are_compared_as_numbers(template):
    homework = load(HW01)
    first = homework.checks[0]
    require_points(with_points(homework, first.name, first.points + 1e-12), template(HW01))
    with pytest.raises(GradbookError, match="were changed"):
        require_points(with_points(homework, first.name, first.points + 0.25), template(HW01))


def test_a_release_that_is_newer_than_the_gradebook(course, submit, solve, monkeypatch):
    """As where a colleague built it and only the release came along."""
    submit("ann", solve())
    grade_class(Assignment(course, HW01), Options(workers=1))
    old, before = course.root / "old.db", outcome(course)
    shutil.copy(course.root / "gradebook.db", old)
    homework = load(HW01)
    changed = with_points(homework, homework.checks[0].name, homework.checks[0].points + 1)
    monkeypatch.setattr(Library, "load", lambda *_: changed)
    build(Assignment(course, HW01))
    shutil.copy(old, course.root / "gradebook.db")
    with pytest.raises(GradbookError, match=rf"were changed \(\w+ \d to \d\): run gradbook build {HW01}$"):
        grade_class(Assignment(course, HW01), Options(workers=1))
    assert outcome(course) == before
    build(Assignment(course, HW01))
    assert grade_class(Assignment(course, HW01), Options(workers=1)).scores == {"ann": 21.0}


def test_cells_that_the_gradebook_lacks_are_made_and_cells_that_are_gone_stop_it(course, submit, solve):
    submit("ann", solve())
    grade_class(Assignment(course, HW01), Options(workers=1))
    old = course.root / "old.db"
    shutil.copy(course.root / "gradebook.db", old)
    lesson(course, lambda text: text + "\n```{code-cell} ipython3\n---\ngiven: more\n---\nmore = 1\n```\n")
    build(Assignment(course, HW01), regrade=True)
    new = course.root / "new.db"
    shutil.copy(course.root / "gradebook.db", new)
    shutil.copy(old, course.root / "gradebook.db")
    assert grade_class(Assignment(course, HW01), Options(workers=1)).scores == {"ann": 20.0}
    lesson(course, lambda text: text.partition("\n```{code-cell} ipython3\n---\ngiven: more")[0] + "\n")
    build(Assignment(course, HW01), regrade=True)
    shutil.copy(new, course.root / "gradebook.db")
    with pytest.raises(GradbookError, match=rf"\(given_more\): run gradbook build {HW01} --regrade$"):
        grade_class(Assignment(course, HW01), Options(workers=1, force=True))
