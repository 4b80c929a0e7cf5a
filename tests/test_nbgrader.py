"""Plain nbgrader is the front door: its commands and its web page do what `gradbook` does."""

import csv
import json
from functools import partial

import nbformat
import pytest
from conftest import HW01, handed_in, load, run
from servers import ask, jupyter

from gradbook.course.assignment import Assignment
from gradbook.grading.run import Options, grade_class

pytestmark = pytest.mark.programs


@pytest.fixture
def small_class(course, submit, solve, template):
    """Four submissions: right, one known mistake, untouched, broken; and the course they belong to."""
    homework = load(HW01)
    wrong = next(v for v in homework.chaffs if v.name == "gradient_half")
    submit("ann", solve())
    submit("bob", solve(HW01, homework.source_with(wrong)))
    submit("cat", template(HW01))
    submit("dan", b'{"nbformat": 4, "cells": [')
    return course


WANTED = {"ann": 20.0, "bob": 16.0, "cat": 0.0, "dan": 0.0}


def scores(course):
    with course.gradebook() as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions(HW01)}


def test_autograde_feedback_and_export(small_class):
    root = small_class.root
    done = run("nbgrader", "autograde", HW01, cwd=root)
    assert done.returncode == 0, done.stderr
    assert scores(small_class) == WANTED
    done = run("nbgrader", "generate_feedback", HW01, cwd=root)
    assert done.returncode == 0, done.stderr
    page = (handed_in(small_class, "bob").feedback).read_text()
    assert "Your gradient is half as large as it should be; it should have the factor 2 that the square gives." in page
    assert "<script" not in page
    assert page.count("Content-Security-Policy") == 1
    assert page.count("<math") > 20
    assert "$" not in page.partition("The derivation")[2].partition("The class")[0]
    done = run("nbgrader", "export", cwd=root)
    assert done.returncode == 0, done.stderr
    with open(root / "grades.csv") as file:
        rows = [row for row in csv.DictReader(file) if row["assignment"] == HW01]
    assert {row["student_id"]: float(row["score"]) for row in rows} == WANTED


def test_autograde_one_student_and_again(small_class):
    assert run("nbgrader", "autograde", HW01, "--student=bob", cwd=small_class.root).returncode == 0
    assert scores(small_class) == {"bob": 16.0}
    done = run("nbgrader", "autograde", HW01, cwd=small_class.root)
    assert "3 graded, 1 unchanged" in done.stderr
    assert scores(small_class) == WANTED


def test_autograde_without_submissions_says_so(course):
    done = run("nbgrader", "autograde", HW01, cwd=course.root)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr


def test_generate_assignment_makes_the_committed_release(course):
    done = run("nbgrader", "generate_assignment", HW01, "--force", cwd=course.root)
    assert done.returncode == 0, done.stderr
    cells = nbformat.read(Assignment(course, HW01).release_notebook, as_version=4).cells
    assert any('raise NotImplementedError("ShallowNarrowExercise.forward")' in cell.source for cell in cells)
    assert not (Assignment(course, HW01).release / "lesson.md").exists()


def autograded(course):
    """The text of every autograded file, by its place."""
    folder = course.root / "autograded"
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_all_ways_give_the_same_scores_findings_and_files(small_class):
    grade_class(Assignment(small_class, HW01), Options(force=True, workers=2))
    ours, files = scores(small_class), autograded(small_class)
    grade_class(Assignment(small_class, HW01), Options(force=True, workers=1))
    assert (scores(small_class), autograded(small_class)) == (ours, files)
    assert run("nbgrader", "autograde", HW01, "--force", cwd=small_class.root).returncode == 0
    assert scores(small_class) == ours == WANTED
    assert autograded(small_class) == files


def test_autograded_notebook_can_be_shown(small_class):
    grade_class(Assignment(small_class, HW01), Options(workers=1))
    notebook = nbformat.read(handed_in(small_class, "bob").autograded, as_version=4)
    nbformat.validate(notebook)
    text = nbformat.writes(notebook)
    assert "SOLUTION" not in text
    assert "HIDDEN" not in text
    assert "graded by:" not in text
    cells = {c.metadata.nbgrader.grade_id: c for c in notebook.cells if "nbgrader" in c.metadata}
    shown = cells["check_gradient"].outputs[0].data["text/plain"]
    assert "Your gradient is half as large as it should be" in shown
    assert "yours:" in shown


def test_manual_grades_and_comments_survive(small_class):
    grade_class(Assignment(small_class, HW01), Options(workers=1))
    with small_class.gradebook() as gradebook:
        grade = gradebook.find_grade("check_gradient", HW01, HW01, "bob")
        grade.manual_score, grade.needs_manual_grade = 4.5, False
        comment = gradebook.find_comment("ShallowNarrowExercise", HW01, HW01, "bob")
        assert "Your gradient is half as large as it should be" in comment.auto_comment
        comment.manual_comment = "Come and see me."
        gradebook.db.commit()
    grade_class(Assignment(small_class, HW01), Options(workers=1, force=True))
    with small_class.gradebook() as gradebook:
        grade = gradebook.find_grade("check_gradient", HW01, HW01, "bob")
        assert (grade.manual_score, grade.auto_score, grade.needs_manual_grade) == (4.5, 1.0, True)
        assert gradebook.find_comment("ShallowNarrowExercise", HW01, HW01, "bob").comment == "Come and see me."


# ---------------------------------------------------------------- formgrader


@pytest.fixture
def server(small_class):
    """A Jupyter server in the course folder; gives a function that asks it."""
    with jupyter(small_class.root, small_class.root / ".jupyter") as address:
        yield partial(ask, address)


def test_formgrader_grades_at_a_click(small_class, server):
    assert "formgrader" in server("/formgrader")
    for student, score in WANTED.items():
        result = json.loads(server(f"/formgrader/api/submission/{HW01}/{student}/autograde", "POST"))
        assert result["success"], result
        shown = json.loads(server(f"/formgrader/api/submission/{HW01}/{student}"))
        assert (shown["autograded"], shown["score"]) == (True, score)
    with small_class.gradebook() as gradebook:
        number = gradebook.find_submission_notebook(HW01, HW01, "bob").id
    page = server(f"/formgrader/submissions/{number}/")
    assert "Your gradient is half as large as it should be" in page
