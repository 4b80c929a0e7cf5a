"""Folders of any name: graded where nbgrader takes the name for a student id, told everywhere where it does not."""

import csv
import json
import unicodedata
from urllib.parse import unquote

import pytest
from conftest import HW01, handed_in, run

from gradbook.course.assignment import Assignment
from gradbook.fronts import cli
from gradbook.pages import exports
from gradbook.pages.feedback import write_feedback
from gradbook.pages.report import report_data, write_report

ODD = [
    "Ann Smith", "o'neil", 'the "boss"', "DOMAIN\\bob", "José Pérez", unicodedata.normalize("NFD", "José Pérez"),
    "Student One_12345_assignsubmission_file", "a,b", "a;b", "u(1)", "u[1]", "u[!a]*?", "x@y.org", "-dash", "--force",
    "~root", "$HOME", "%s%00", "_", "+tag", "=1+1", "' OR 1=1 --", "100%_%", "a{b}", "#1&x=y", "<b>bold<!--", "学生",
    " blanks ", "tab\there", "esc\x1b[31m", "x" * 255, "\u202e", "\u2028",
]  # fmt: skip
PAGES = ["o'neil", "DOMAIN\\bob", "a,b", "u[1]", "u[!a]*?", "%s%00", "#1&x=y", " blanks ", "esc\x1b[31m", "x" * 255]
UNFIT = {".hidden": "begins with a dot", "...": "begins with a dot", "a\nb": "line break", "a\udcffb": "not UTF-8"}


@pytest.fixture
def odd_class(course, submit, solve):
    notebook = solve()
    for name in [*ODD, *UNFIT]:
        submit(name, notebook)
    return course


def test_names_that_nbgrader_accepts_are_graded_and_the_others_told(odd_class, capsys):
    root = str(odd_class.root)
    assert cli.main(["grade", HW01, "--course", root]) == 1
    shown = capsys.readouterr()
    assert shown.out.count("NOT graded") == len(UNFIT)
    assert all(words in shown.out for words in UNFIT.values())
    assert f"{len(ODD)} graded" in shown.out
    assert "\x1b" not in shown.out + shown.err
    with odd_class.gradebook() as gradebook:
        assert {s.student.id: s.score for s in gradebook.assignment_submissions(HW01)} == dict.fromkeys(ODD, 20.0)
    assert cli.main(["grade", HW01, "--course", root]) == 1
    assert f"0 graded, {len(ODD)} unchanged" in capsys.readouterr().out

    pages = write_feedback(Assignment(odd_class, HW01), PAGES)
    assert {page.parent.parent.name for page in pages} == set(PAGES)
    report = write_report(Assignment(odd_class, HW01))
    assert "<b>bold" not in report.read_text()
    links = {
        told["student"]: report.parent / unquote(told["page"])
        for told in report_data(Assignment(odd_class, HW01))["students"]
    }
    assert {student for student, page in links.items() if page.is_file()} == set(PAGES)
    with open(exports.export(odd_class, [HW01], "nbgrader", odd_class.root / "x.csv"), newline="") as file:
        assert [row["score"] for row in csv.DictReader(file)] == ["20"] * len(ODD)
    cli.main(["doctor", "--course", root])
    assert capsys.readouterr().out.count("cannot be graded") == len(UNFIT)


def test_json_and_one_student(odd_class, capsys):
    chosen = ["u[1]", "-dash", "a\nb"]
    command = ["grade", HW01, "--course", str(odd_class.root), "--json", "--workers", "1"]
    assert cli.main([*command, *(f"--student={name}" for name in chosen[:1])]) == 0
    assert cli.main([*command, "--student", "a\nb", "Ann Smith"]) == 1
    shown = capsys.readouterr()
    told = [json.loads(line) for line in shown.out.splitlines()]
    assert [(t["student"], t["score"]) for t in told] == [("u[1]", 20), ("a\nb", None), ("Ann Smith", 20)]
    assert "line break" in told[1]["flags"][0]
    assert "NOT graded: a\\nb" in shown.err


def test_where_no_folder_can_be_graded_that_is_what_is_told(course, submit, solve, capsys):
    submit(".hidden", solve())
    assert cli.main(["grade", HW01, "--course", str(course.root)]) == 1
    assert "NOT graded: .hidden" in capsys.readouterr().out


def test_nbgraders_commands_do_the_same(odd_class):
    done = run("nbgrader", "autograde", HW01, cwd=odd_class.root)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert all(words in done.stderr for words in UNFIT.values())
    with odd_class.gradebook() as gradebook:
        assert {s.student.id: s.score for s in gradebook.assignment_submissions(HW01)} == dict.fromkeys(ODD, 20.0)
    assert run("nbgrader", "autograde", HW01, "--student=Ann Smith", cwd=odd_class.root).returncode == 0


def test_nobody_is_graded_where_all_are_excluded(course, submit, solve):
    submit("ann", solve())
    done = run("nbgrader", "autograde", HW01, "--CourseDirectory.student_id_exclude=ann", cwd=course.root)
    assert done.returncode != 0
    assert not (course.root / "autograded").exists()


def test_a_long_name_is_told_where_the_database_has_no_room(course, monkeypatch):
    name = "x" * 129
    handed_in(course, name).folder.mkdir(parents=True)
    assert Assignment(course, HW01).gradable() == ([name], {})
    monkeypatch.setattr(type(course), "db_url", lambda self: "postgresql+psycopg://host/db")
    there, left_out = Assignment(course, HW01).gradable()
    assert there == []
    assert "128 characters" in left_out[name]
