"""Late penalties are nbgrader's: by the gradebook's due date and the course's plugin, whoever grades, and no longer."""

import csv

import pytest
from conftest import HW01, run

from gradbook.course.assignment import Assignment
from gradbook.errors import GradbookError
from gradbook.fronts import cli
from gradbook.grading.run import Options, grade_class
from gradbook.pages import exports
from gradbook.pages.report import report_data

ON_TIME, LATE, VERY_LATE = (f"2026-03-{day} 10:00:00 UTC" for day in ("01", "02", "09"))
DUE = "2026-03-01 23:59:00 UTC"
PLUGIN = """
from nbgrader.plugins import BasePlugin


class Daily(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        days = int(total_seconds_late // 86400)
        return None if student_id == "ill" else {0: -3, 7: 1000}.get(days, 2.5 * days)
"""


@pytest.fixture
def late_class(course, submit, solve):
    """On time, half a day late, a week late, with an extension; all right."""
    for student, when in {"ann": ON_TIME, "bob": LATE, "cat": VERY_LATE, "dan": LATE}.items():
        submit(student, solve(), timestamp=when)
    return course


def due(course, when, **extensions):
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(HW01, duedate=when)
        for student, hours in extensions.items():
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(HW01, student)
            gradebook.grant_extension(HW01, student, hours=hours)


def configure(course, *lines):
    config = course.root / "nbgrader_config.py"
    config.write_text("\n".join([config.read_text(), *lines, ""]))


def penalties(course):
    with course.gradebook() as gradebook:
        return {s.student.id: s.late_submission_penalty for s in gradebook.assignment_submissions(HW01)}


def grade(course, door="gradbook", *options):
    if door == "gradbook":
        assert cli.main(["grade", HW01, "--course", str(course.root), "--workers", "1", *options]) == 0
    else:
        done = run("nbgrader", "autograde", HW01, *options, cwd=course.root)
        assert done.returncode == 0, done.stderr
    return penalties(course)


def stock(course):
    """What nbgrader's own step takes, for the same submissions and scores that are in the gradebook.

    It has no need to run them: the cells that it would grade by have nothing in them.
    """
    done = run(
        "nbgrader",
        "autograde",
        HW01,
        "--force",
        "--Autograde.exporter_class=nbconvert.exporters.NotebookExporter",
        "--Execute.enabled=False",
        cwd=course.root,
        env=with_path(),
    )
    assert done.returncode == 0, done.stderr
    return penalties(course)


def with_path():
    import os
    import sys
    from pathlib import Path

    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def test_a_penalty_comes_changes_and_goes_without_another_grading(late_class):
    assert grade(late_class) == dict.fromkeys(["ann", "bob", "cat", "dan"], 0)
    configure(late_class, 'c.LateSubmissionPlugin.penalty_method = "zero"')
    assert set(grade(late_class).values()) == {0}
    due(late_class, DUE, dan=24)
    assert grade(late_class) == {"ann": 0, "bob": 20, "cat": 20, "dan": 0}
    due(late_class, LATE)
    assert grade(late_class) == {"ann": 0, "bob": 0, "cat": 20, "dan": 0}
    configure(late_class, 'c.LateSubmissionPlugin.penalty_method = "none"')
    assert set(grade(late_class).values()) == {0}
    configure(late_class, 'c.LateSubmissionPlugin.penalty_method = "zero"')
    assert grade(late_class)["cat"] == 20
    due(late_class, None)
    assert set(grade(late_class).values()) == {0}


def test_nbgraders_command_does_the_same(late_class):
    """Also where its own command line names the method."""
    due(late_class, DUE, dan=24)
    zero = "--LateSubmissionPlugin.penalty_method=zero"
    assert grade(late_class, "nbgrader", zero) == {"ann": 0, "bob": 20, "cat": 20, "dan": 0}
    assert set(grade(late_class, "nbgrader").values()) == {0}


def test_penalties_are_those_of_stock_nbgrader(late_class, submit, solve):
    """The least is 0 and the most the score; a plugin may spare a student."""
    submit("ill", solve(), timestamp=VERY_LATE)
    submit("two", solve(), timestamp="2026-03-04 10:00:00 UTC")
    (late_class.root / "late.py").write_text(PLUGIN)
    configure(late_class, 'c.AssignLatePenalties.plugin_class = "late.Daily"')
    due(late_class, DUE, dan=24)
    ours = grade(late_class)
    assert ours == {"ann": 0, "bob": 0, "cat": 20, "dan": 0, "ill": 0, "two": 5}
    with late_class.gradebook() as gradebook:
        left = {s.student.id: s.notebooks[0].late_submission_penalty for s in gradebook.assignment_submissions(HW01)}
    # As stock does: nothing taken is not the same as a penalty of 0.
    assert (left["ill"], left["bob"]) == (None, 0.0)
    assert stock(late_class) == ours
    assert grade(late_class, "nbgrader", "--force") == ours


def test_a_late_resubmission_and_a_manual_grade(late_class, submit, solve):
    configure(late_class, 'c.LateSubmissionPlugin.penalty_method = "zero"')
    due(late_class, DUE)
    grade(late_class)
    with late_class.gradebook() as gradebook:
        gradebook.find_grade("check_gradient", HW01, HW01, "bob").manual_score = 1.0
        gradebook.db.commit()
    submit("ann", solve(), timestamp=LATE)
    assert grade(late_class) == {"ann": 20, "bob": 16, "cat": 20, "dan": 20}


def test_summary_export_and_report_know(late_class, tmp_path, capsys):
    configure(late_class, 'c.LateSubmissionPlugin.penalty_method = "zero"')
    due(late_class, DUE)
    grade(late_class)
    assert "3 late, with a penalty that is not in these scores" in capsys.readouterr().out
    grade(late_class)
    assert "3 late" in capsys.readouterr().out
    with open(exports.export(late_class, [HW01], "nbgrader", tmp_path / "x.csv")) as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert (rows["bob"]["raw_score"], rows["bob"]["late_submission_penalty"], rows["bob"]["score"]) == ("20", "20", "0")
    told = {s["student"]: s["penalty"] for s in report_data(Assignment(late_class, HW01))["students"]}
    assert told == {"ann": 0, "bob": 20, "cat": 20, "dan": 20}


def test_one_student_only(late_class):
    configure(late_class, 'c.LateSubmissionPlugin.penalty_method = "zero"')
    grade(late_class)
    due(late_class, DUE)
    assert grade(late_class, "gradbook", "--student", "bob") == {"ann": 0, "bob": 20, "cat": 0, "dan": 0}


def test_a_plugin_that_fails_is_told_in_a_line(late_class):
    (late_class.root / "bad_late.py").write_text(
        PLUGIN.replace("Daily", "Odd").replace("return None if", "return float('nan') if True or")
        + PLUGIN.replace("Daily", "Raises").replace("days = ", "days = 1 / 0 +")
    )
    grade(late_class)
    due(late_class, DUE)
    failed = "failed for (bob|cat|dan)"
    wanted = {"nowhere.X": "cannot be loaded", "bad_late.X": "cannot be loaded"}
    for plugin, words in {**wanted, "bad_late.Raises": failed, "bad_late.Odd": failed}.items():
        configure(late_class, f'c.AssignLatePenalties.plugin_class = "{plugin}"')
        with pytest.raises(GradbookError, match=f"the late-penalty plugin {words}") as told:
            grade_class(Assignment(late_class, HW01), Options(workers=1))
        assert "\n" not in str(told.value)
        assert set(penalties(late_class).values()) == {0}


def test_a_step_that_is_switched_off_takes_nothing(late_class):
    configure(late_class, 'c.LateSubmissionPlugin.penalty_method = "zero"', "c.AssignLatePenalties.enabled = False")
    due(late_class, DUE)
    assert set(grade(late_class).values()) == {0}
