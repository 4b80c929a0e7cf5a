"""What goes wrong while one submission is in hand is recorded with it, and the others get their grades and pages."""

import errno
import json

import pytest
from conftest import HW01, handed_in, load, run

from gradbook.course import records
from gradbook.course.assignment import Assignment
from gradbook.course.findings import Finding, Graded
from gradbook.course.submission import Submission
from gradbook.errors import GradbookError
from gradbook.grading import submission as grading
from gradbook.grading.run import Options, grade_class
from gradbook.pages.exports import FORMATS, export
from gradbook.pages.feedback import write_feedback
from gradbook.pages.report import report_data, write_report

ALONE = Options(workers=1)


@pytest.fixture
def three(course, submit, solve):
    """Ann, Bob and Cat have handed in the same right notebook."""
    for student in ("ann", "bob", "cat"):
        submit(student, solve())
    return course


def found(course):
    with course.gradebook() as gradebook:
        return {document["student"]: document for document in records.documents(gradebook, HW01)}


def scores(course):
    with course.gradebook() as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions(HW01)}


def bobs(function, error):
    """The function, but where Bob is among its arguments it raises."""

    def wrapped(*args, **kwargs):
        if "bob" in (*args, getattr(args[0], "student", "")):
            raise error
        return function(*args, **kwargs)

    return wrapped


def assert_recorded(course, words):
    """Bob has 0 and the reason, with the traceback in a file that his flags name; the others have all."""
    records_now = found(course)
    assert {student: record["score"] for student, record in records_now.items()} == {"ann": 20, "bob": 0, "cat": 20}
    assert scores(course) == {"ann": 20, "bob": 0, "cat": 20}
    flags = records_now["bob"]["flags"]
    assert any("the grader itself failed" in flag and words in flag for flag in flags), flags
    named = next(flag for flag in flags if ".gradbook/errors" in flag)
    kept = course.root / named.removeprefix("what failed stands in ")
    assert kept.name == f"{HW01}-bob.txt"
    text = kept.read_text(encoding="utf-8")
    assert "Traceback" in text
    assert words in text
    assert not any(flag for student in ("ann", "cat") for flag in records_now[student]["flags"])


# ---------------------------------------------------------------- graded and rendered


@pytest.mark.parametrize(
    ("place", "error"),
    [("judge", KeyError("\ud800")), ("_annotate", OSError(errno.EBADF, "odd")), ("restore", MemoryError())],
)
def test_a_fault_while_one_is_graded(three, monkeypatch, place, error):
    original, count = getattr(grading, place), iter(range(100))

    def failing(*args, **kwargs):
        # The second one is Bob; what is made of the reason comes after that.
        if next(count) == 1:
            raise error
        return original(*args, **kwargs)

    monkeypatch.setattr(grading, place, failing)
    summary = grade_class(Assignment(three, HW01), ALONE)
    assert summary.scores == {"ann": 20, "bob": 0, "cat": 20}
    assert_recorded(three, type(error).__name__)
    monkeypatch.undo()
    grade_class(Assignment(three, HW01), Options(workers=1, force=True))
    assert scores(three) == {"ann": 20, "bob": 20, "cat": 20}
    assert not (three.root / ".gradbook" / "errors" / f"{HW01}-bob.txt").exists()


def test_a_finding_that_is_no_plain_data_is_a_fault(three, monkeypatch):
    original, count = grading.judge, iter(range(100))

    def odd(*args, **kwargs):
        verdict = original(*args, **kwargs)
        if next(count) == 1:
            verdict[0].details = [object()]
        return verdict

    monkeypatch.setattr(grading, "judge", odd)
    grade_class(Assignment(three, HW01), ALONE)
    assert_recorded(three, "TypeError")


def test_a_traceback_comes_from_other_processes():
    graded = Graded(None, [Finding("a", "b", 0, 1, "wrong")], traceback="Traceback")
    assert Graded.from_plain(json.loads(json.dumps(graded.plain()))).traceback == "Traceback"


def test_texts_of_findings_can_be_written_whatever_they_hold():
    odd = "\ud800\x00\x1b\ufffea"
    finding = Finding(
        "a", "b", 0, 1, "wrong", hint=odd, details=[odd], example={odd: odd}, pictures=[{"parts": [[odd]]}]
    )
    text = json.dumps(finding.writable().as_dict(), ensure_ascii=False)
    text.encode()
    assert "\\u0000" not in text
    assert text.count("\ufffda") == 5


# ---------------------------------------------------------------- written and recorded


@pytest.mark.parametrize(
    "error", [UnicodeEncodeError("utf-8", "\ud800", 0, 1, "x"), PermissionError(13, "x"), ValueError()]
)
def test_files_of_one_that_cannot_be_written(three, monkeypatch, error):
    monkeypatch.setattr(Submission, "write_autograded", bobs(Submission.write_autograded, error))
    summary = grade_class(Assignment(three, HW01), ALONE)
    assert summary.scores["bob"] == 0
    assert_recorded(three, type(error).__name__)


@pytest.mark.parametrize("way", ["gradbook", "nbgrader"])
def test_a_file_where_a_folder_should_be(three, way):
    (three.root / "autograded").mkdir()
    (three.root / "autograded" / "bob").write_text("in the way")
    done = run(way, {"gradbook": "grade", "nbgrader": "autograde"}[way], HW01, cwd=three.root)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert_recorded(three, "Error")


def test_a_record_that_is_refused_once(three, monkeypatch):
    original, asked = records.Writer.save, []

    def save(self, student, *rest):
        asked.append(student)
        if asked.count("bob") == 1 == (student == "bob"):
            raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "x")
        return original(self, student, *rest)

    monkeypatch.setattr(records.Writer, "save", save)
    grade_class(Assignment(three, HW01), ALONE)
    assert_recorded(three, "UnicodeEncodeError")


def refused(statement="insert"):
    from sqlalchemy.exc import DataError

    return DataError(statement, {}, Exception("value too long"))


def test_one_that_cannot_be_recorded_at_all_is_told(three, monkeypatch, capsys):
    monkeypatch.setattr(records.Writer, "save", bobs(records.Writer.save, refused()))
    from gradbook.fronts.cli import main

    assert main(["grade", HW01, "--workers", "1", "--course", str(three.root)]) == 1
    shown = capsys.readouterr()
    assert "not recorded: bob: the grader itself failed (DataError" in shown.out
    assert "Traceback" not in shown.out + shown.err
    assert scores(three) == {"ann": 20, "cat": 20}
    # The next run takes it up again.
    monkeypatch.undo()
    assert grade_class(Assignment(three, HW01), ALONE).scores == {"bob": 20}


def test_the_line_of_an_unrecorded_one_in_json(three, monkeypatch):
    monkeypatch.setattr(records.Writer, "save", bobs(records.Writer.save, refused()))
    lines = []
    grade_class(Assignment(three, HW01), ALONE, lines.append)
    assert [line["student"] for line in lines if "unrecorded" in line] == ["bob"]
    json.dumps(lines)


# ---------------------------------------------------------------- what concerns the whole run ends it


def test_a_full_disk_ends_the_run_and_costs_nobody(three, monkeypatch):
    full = OSError(errno.ENOSPC, "No space left on device")
    with monkeypatch.context() as patch:
        patch.setattr(Submission, "write_autograded", bobs(Submission.write_autograded, full))
        with pytest.raises(GradbookError, match="No space left on device.*run the command again"):
            grade_class(Assignment(three, HW01), ALONE)
    assert scores(three) == {"ann": 20}
    grade_class(Assignment(three, HW01), ALONE)
    assert scores(three) == {"ann": 20, "bob": 20, "cat": 20}


@pytest.mark.parametrize("kind", ["OperationalError", "DatabaseError"])
def test_a_lost_database_ends_the_run_and_costs_nobody(three, monkeypatch, kind):
    from sqlalchemy import exc

    lost = getattr(exc, kind)("insert", {}, Exception("disk image is malformed"))
    with monkeypatch.context() as patch:
        patch.setattr(records.Writer, "save", bobs(records.Writer.save, lost))
        with pytest.raises(GradbookError, match="does not answer"):
            grade_class(Assignment(three, HW01), ALONE)
    grade_class(Assignment(three, HW01), ALONE)
    assert scores(three) == {"ann": 20, "bob": 20, "cat": 20}


# ---------------------------------------------------------------- feedback, report, export


@pytest.fixture
def graded_three(three):
    grade_class(Assignment(three, HW01), ALONE)
    return three


def damage(course, student, content=b'{"cells": ['):
    path = handed_in(course, student).autograded
    path.chmod(0o644)
    path.write_bytes(content)


@pytest.mark.parametrize("content", [b"", b"\xff", b'{"nbformat": 4, "metadata": {}, "cells": [5]}'])
def test_one_page_that_cannot_be_made_keeps_nobody_from_theirs(finished, content):
    path = handed_in(finished, "ann").autograded
    whole = path.read_bytes()
    damage(finished, "ann", content)
    try:
        with pytest.raises(GradbookError, match=r"1 feedback pages .* and none for ann \(\w[\w.]*Error") as told:
            write_feedback(Assignment(finished, HW01), ["ann", "cat"])
    finally:
        damage(finished, "ann", whole)
    assert "\n" not in str(told.value)
    pages = {path.parent.parent.name for path in finished.root.glob(f"feedback/*/{HW01}/{HW01}.html")}
    assert pages == {"cat"}


@pytest.mark.parametrize("way", [("gradbook", "feedback"), ("nbgrader", "generate_feedback")])
def test_the_command_names_whose_page_is_missing(graded_three, way):
    damage(graded_three, "bob")
    done = run(*way, HW01, cwd=graded_three.root)
    assert done.returncode == 1
    assert "bob" in done.stderr
    assert (handed_in(graded_three, "cat").feedback).is_file()


def change_record(course, student, document):
    with course.gradebook() as gradebook:
        table = records._table()
        where = (table.c.homework == HW01) & (table.c.student == student)
        gradebook.db.execute(table.update().where(where).values(document=document))
        gradebook.db.commit()


def without(record, name):
    return {key: value for key, value in record.items() if key != name}


DAMAGES = {
    "empty": lambda record: "",
    "cut": lambda record: json.dumps(record)[:-100],
    "no dict": lambda record: "[1]",
    "null": lambda record: "null",
    "deep": lambda record: "[" * 100_000,
    "no checks": lambda record: json.dumps(without(record, "checks")),
    "checks are a text": lambda record: json.dumps(record | {"checks": "right"}),
    "a check lost a part": lambda record: json.dumps(record | {"checks": [without(record["checks"][0], "outcome")]}),
    "a check has a stranger": lambda record: json.dumps(record | {"checks": [record["checks"][0] | {"x": 1}]}),
    "an example lost a part": lambda record: json.dumps(
        record | {"checks": [record["checks"][0] | {"mistake": "x", "example": {"source": ""}}]}
    ),
    "details hold a number": lambda record: json.dumps(record | {"checks": [record["checks"][0] | {"details": [5]}]}),
    "a line is a text": lambda record: json.dumps(record | {"checks": [record["checks"][0] | {"line": "x = 1"}]}),
    "one of two lost a part": lambda record: json.dumps(record | {"checks": [record["checks"][0] | {"both": [{}]}]}),
    "points are a text": lambda record: json.dumps(record | {"checks": [record["checks"][0] | {"points": "2"}]}),
    "no number": lambda record: json.dumps(record | {"score": float("nan")}),
    "seconds are nothing": lambda record: json.dumps(record | {"seconds": None}),
    "flags are a number": lambda record: json.dumps(record | {"flags": 5}),
    "flags hold a list": lambda record: json.dumps(record | {"flags": [["x"]]}),
    "of somebody else": lambda record: json.dumps(record | {"student": "ann"}),
}


@pytest.fixture(scope="module")
def finished(released, tmp_path_factory):
    """A course in which Ann, Bob and Cat were graded; a test puts back what it damages."""
    import shutil

    import nbformat

    from gradbook.authoring.samples import solved
    from gradbook.course.folder import Course

    root = tmp_path_factory.mktemp("finished") / "course"
    shutil.copytree(released.root, root)
    course = Course.at(root)
    template = nbformat.read(Assignment(course, HW01).release_notebook, as_version=4)
    for student in ("ann", "bob", "cat"):
        folder = handed_in(course, student).folder
        folder.mkdir(parents=True)
        nbformat.write(solved(template, load(HW01).reference), folder / f"{HW01}.ipynb")
        (folder / "timestamp.txt").write_text("2026-02-03 04:05:06 UTC")
    grade_class(Assignment(course, HW01), ALONE)
    return course


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_record_is_told_and_left_out(finished, tmp_path, capsys, name):
    whole = found(finished)["bob"]
    change_record(finished, "bob", DAMAGES[name](whole))
    try:
        assert [student["student"] for student in report_data(Assignment(finished, HW01))["students"]] == ["ann", "cat"]
        told = capsys.readouterr().err
        assert "the record of bob is damaged" in told
        assert f"gradbook grade {HW01} --force --student bob" in told
        write_report(Assignment(finished, HW01))
        for form in FORMATS:
            assert export(finished, [HW01], form, tmp_path / form).exists()
        rows = {row["student"]: row for row in json.loads((tmp_path / "json").read_text())}
        # The gradebook has the score all the same.
        assert {student: row["score"] for student, row in rows.items()} == {"ann": 20, "bob": 20, "cat": 20}
        assert rows["bob"]["record"] == {}
        assert "the record of bob is damaged" in capsys.readouterr().err
    finally:
        change_record(finished, "bob", json.dumps(whole))
    assert set(found(finished)) == {"ann", "bob", "cat"}


def test_a_damaged_row_of_the_gradebook_is_told(graded_three, tmp_path, capsys):
    import sqlalchemy as sa

    with graded_three.gradebook() as gradebook:
        text = "update submitted_assignment set timestamp = 'never' where student_id = 'bob'"
        gradebook.db.execute(sa.text(text))
        gradebook.db.commit()
    export(graded_three, [HW01], "json", tmp_path / "out.json")
    rows = {row["student"]: row["score"] for row in json.loads((tmp_path / "out.json").read_text())}
    assert rows["ann"] == rows["cat"] == 20
    assert "the submission of bob is damaged" in capsys.readouterr().err
    write_report(Assignment(graded_three, HW01))
