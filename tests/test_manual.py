"""What a person grades: kept from the lesson to the export, with the student's own text and the teacher's word."""

import json
from functools import partial

import nbformat
import pytest
from conftest import HW01, handed_in, load
from lessons import lesson, released_files, with_manual
from servers import ask, jupyter

from gradbook.authoring.build import build
from gradbook.authoring.handout import readme
from gradbook.authoring.samples import sample_class
from gradbook.course.assignment import Assignment
from gradbook.errors import GradbookError
from gradbook.grading.run import Options, grade_class
from gradbook.intake.cells import by_hand_points
from gradbook.pages.exports import export
from gradbook.pages.feedback import write_feedback
from gradbook.pages.grade_rows import grade_rows
from gradbook.pages.gradescope_results import results
from gradbook.pages.report import report_data

ANSWER = (
    "Each slope has the other weight as a factor (a < b & c).\n\n<script>alert(1)</script> [l](javascript:alert(1)) $x$"
)
SHOWN = "(a &lt; b &amp; c).\n\n&lt;script&gt;alert(1)&lt;/script&gt; [l](javascript:alert(1)) $x$"
CODE = "print('my own drawing')"


@pytest.fixture
def with_questions(course):
    """hw01 with an answer, code and a task for a person to grade, and a function that gives its release, solved."""
    from gradbook.authoring.samples import solved

    lesson(course, with_manual)
    build(Assignment(course, HW01))
    course_notebook = nbformat.read(Assignment(course, HW01).release_notebook, as_version=4)
    return course, lambda: solved(course_notebook, load(HW01).reference)


def cell_of(notebook, name):
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


@pytest.fixture
def questions(with_questions, submit):
    """The same course, with one who answers, one who leaves all as it was, one without the cells, one broken file."""
    course, solved = with_questions
    submit("blank", solved())
    answered = solved()
    cell_of(answered, "why").source, cell_of(answered, "drawing").source = ANSWER, CODE
    submit("ann", answered)
    retyped = solved()
    retyped.cells = [
        c for c in retyped.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in ("why", "drawing")
    ]
    retyped.cells.append(nbformat.v4.new_markdown_cell("My answer, retyped."))
    submit("retyped", retyped)
    submit("broken", b'{"nbformat": 4, "cells": [')
    return course


def graded(course, student):
    """Name -> grade, for the cells that a person grades, and the text of the autograded notebook."""
    with course.gradebook() as gradebook:
        grades = gradebook.find_submission_notebook(HW01, HW01, student).grades
        marks = {g.name: (g.auto_score, g.score, g.needs_manual_grade) for g in grades if g.name[:6] != "check_"}
    return marks, nbformat.read(handed_in(course, student).autograded, as_version=4)


def test_the_release_has_the_cells_and_no_model_answer(with_questions):
    course, solved = with_questions
    notebook = nbformat.read(Assignment(course, HW01).release_notebook, as_version=4)
    assert by_hand_points(notebook) == {"why": 5, "drawing": 2.5, "explore": 4}
    why, drawing, task = (cell_of(notebook, name) for name in ("why", "drawing", "explore"))
    assert (why.cell_type, why.source) == ("markdown", "YOUR ANSWER HERE")
    assert drawing.cell_type == "code" and "plt.plot" not in drawing.source
    assert task.source == "Explore, in cells of your own below this one."
    told = [{k: c.metadata.nbgrader[k] for k in ("grade", "solution", "locked", "task")} for c in (why, drawing, task)]
    answer = {"grade": True, "solution": True, "locked": False, "task": False}
    assert told == [answer, answer, {"grade": False, "solution": False, "locked": True, "task": True}]
    assert b"model answer" not in b"".join(released_files(course).values())
    assert "| why, graded by a person | 5 |" in readme(load(HW01), notebook)
    assert "| all | 31.5 |" in readme(load(HW01), notebook)


def test_answers_are_kept_and_wait_for_a_person(questions, capsys):
    summary = grade_class(Assignment(questions, HW01), Options(workers=1))
    assert "of 20, median 20\nup to 11.5 points more are given by hand, in formgrader" in str(summary)
    assert summary.scores == {"ann": 20, "blank": 20, "retyped": 20, "broken": 0}
    marks, notebook = graded(questions, "ann")
    waits, nothing = (None, 0, True), (0, 0, False)
    assert marks == {"why": waits, "drawing": waits, "explore": waits}
    nbformat.validate(notebook)
    assert [line.strip() for line in cell_of(notebook, "why").source.split("\n")] == ANSWER.split("\n")
    assert cell_of(notebook, "drawing").source == CODE
    assert cell_of(notebook, "drawing").outputs[0].text == "my own drawing\n"
    marks, notebook = graded(questions, "blank")
    assert marks == {"why": nothing, "drawing": nothing, "explore": waits}
    # An answer whose cell is not there may stand elsewhere: that is for a person to see.
    marks, notebook = graded(questions, "retyped")
    assert marks == {"why": waits, "drawing": waits, "explore": waits}
    assert any("My answer, retyped." in cell.source for cell in notebook.cells)
    assert graded(questions, "broken")[0] == {"why": nothing, "drawing": nothing, "explore": nothing}
    with questions.gradebook() as gradebook:
        assert gradebook.find_comment("why", HW01, HW01, "blank").comment == "No response."
        assert gradebook.find_comment("why", HW01, HW01, "ann").comment is None


def test_scores_and_comments_by_hand_go_everywhere(questions, tmp_path):
    grade_class(Assignment(questions, HW01), Options(workers=2))
    write_feedback(Assignment(questions, HW01), ["ann"])
    page = handed_in(questions, "ann").feedback
    assert page.read_text().count("Not graded yet: a person does that.") == 3
    assert SHOWN in page.read_text()
    assert "<script" not in page.read_text() and 'href="javascript' not in page.read_text()
    with questions.gradebook() as gradebook:
        for name, points in ("why", 4.0), ("explore", 3.0):
            grade = gradebook.find_grade(name, HW01, HW01, "ann")
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, 0.5, False
            gradebook.find_comment(name, HW01, HW01, "ann").manual_comment = f"About {name}: well said."
        gradebook.db.commit()
    grade_class(Assignment(questions, HW01), Options(workers=1, force=True))
    write_feedback(Assignment(questions, HW01), ["ann"])
    assert page.read_text().count("Not graded yet: a person does that.") == 1
    assert "About why: well said." in page.read_text() and "About explore: well said." in page.read_text()
    assert "4.5 of 5" in page.read_text() and "3.5 of 4" in page.read_text()
    with questions.gradebook() as gradebook:
        row = next(row for row in grade_rows(gradebook) if row.student == "ann")
    assert (row.score, row.max_score) == (28, 31.5)
    data = report_data(Assignment(questions, HW01))
    assert data["max_score"] == 31.5
    assert {s["student"]: s["score"] for s in data["students"]}["ann"] == 28
    path = export(questions, [HW01], "gradescope", tmp_path / "out") / HW01 / "ann" / "results.json"
    assert json.loads(path.read_text())["score"] == 28
    assert "Up to 11.5 points more are given by hand." in results(row.record)["output"]


def test_formgrader_asks_for_them(questions):
    grade_class(Assignment(questions, HW01), Options(workers=1))
    with questions.gradebook() as gradebook:
        number = gradebook.find_submission_notebook(HW01, HW01, "ann").id
    with jupyter(questions.root, questions.root / ".jupyter") as address:
        get = partial(ask, address)
        shown = json.loads(get(f"/formgrader/api/submission/{HW01}/ann"))
        assert (shown["needs_manual_grade"], shown["score"], shown["max_score"]) == (True, 20, 31.5)
        page = get(f"/formgrader/submissions/{number}/")
    assert SHOWN in page
    assert "<script>alert" not in page


def raw(**more):
    told = {"grade": True, "grade_id": "explain", "locked": False, "points": 5, "schema_version": 3, "solution": True}
    return json.dumps({"nbgrader": {**told, "task": False, **more}})


def test_nbgraders_own_metadata_of_such_cells_are_kept(course):
    """As an author writes them who knows nbgrader and not this course."""
    cells = raw(), raw(grade_id="do", task=True, grade=False, solution=False, locked=True)
    lesson(course, lambda text: text + "".join(f"\n+++ {cell}\n\n*Your answer here*\n" for cell in cells))
    build(Assignment(course, HW01))
    notebook = nbformat.read(Assignment(course, HW01).release_notebook, as_version=4)
    assert by_hand_points(notebook) == {"explain": 5, "do": 5}
    assert cell_of(notebook, "explain").metadata.nbgrader.cell_type == "markdown"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('+++ {"manuel": "why", "points": 5}\n\nHere.', "'manuel' is not understood (in the cell that begins 'Here.'"),
        ('+++ {"tags": ["a"]}\n\nHere.', "the key 'tags' is not understood"),
        ('+++ {"manual": "why"}\n\nHere.', "manual: why needs points"),
        ('+++ {"manual": "why", "points": -1}\n\nHere.', "manual: why needs points"),
        ('+++ {"manual": "why", "points": "5"}\n\nHere.', "manual: why needs points"),
        ('+++ {"manual": "check_loss", "points": 5}\n\nHere.', "is no name"),
        ('+++ {"manual": "a b", "points": 5}\n\nHere.', "is no name"),
        ('+++ {"manual": "loss", "points": 5}\n\nHere.', "two cells are called manual: loss"),
        ('+++ {"check": "loss"}\n\nHere.', "a markdown cell cannot be 'check'"),
        ("```{code-cell} ipython3\n:task: explore\n:points: 5\n1\n```", "a code cell cannot be 'task'"),
        ("```{code-cell} ipython3\n:demo: a\n:given: b\n1\n```", "cannot be both given and demo"),
        ("```{code-cell} ipython3\n:demo: a\n:points: 3\n1\n```", "the key 'points' is not understood"),
        (f"+++ {raw(solution=False)}\n\nHere.", "the key 'nbgrader' is not understood"),
        (f"+++ {raw(points=None)}\n\nHere.", "manual: explain needs points"),
        ('+++ {"nbgrader": 3}\n\nHere.', "the key 'nbgrader' is not understood"),
    ],
)
def test_what_a_lesson_says_of_a_cell_and_is_not_understood_is_refused(course, cell, words):
    before = released_files(course)
    lesson(course, lambda text: f"{text}\n{cell}\n")
    with pytest.raises(GradbookError) as refused:
        build(Assignment(course, HW01))
    assert words in str(refused.value) and "\n" not in str(refused.value)
    assert released_files(course) == before


def test_a_sample_class_leaves_them_as_they_were(with_questions):
    course, _ = with_questions
    sample_class(Assignment(course, HW01), 2)
    notebook = nbformat.read(handed_in(course, "student0001").folder / f"{HW01}.ipynb", as_version=4)
    assert cell_of(notebook, "why").source == "YOUR ANSWER HERE"
