"""Exports, read back by small readers that are written against the other systems' documents."""

import csv
import errno
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import HW01, ids, load, run

from gradbook.course import records
from gradbook.course.assignment import Assignment
from gradbook.course.findings import Finding, Graded
from gradbook.errors import CheckFault, GradbookError
from gradbook.fronts import gradescope as autograder
from gradbook.fronts.gradescope import UNSAFE, make_gradescope
from gradbook.grading import submission as grading
from gradbook.pages import exports
from gradbook.pages.grade_rows import grade_rows
from gradbook.pages.spreadsheet import defused

HW02 = "hw02_learning_landscapes"


def graded(homework, wrong=()):
    """What the grader gives for a submission in which these checks are wrong."""
    findings = []
    for check in load(homework).checks:
        good = check.name not in wrong
        finding = Finding.of(check, "right" if good else "wrong", "" if good else "The mean <b> & it.")
        finding.points = finding.max_points if good else 0.0
        findings.append(finding)
    return Graded(None, findings, [], seconds=0.25)


@pytest.fixture
def graded_course(course):
    """A course in which hw01 is graded for ann and bob, with a manual grade and a late day, and not for cyd."""
    with course.gradebook() as gradebook:
        gradebook.add_student("ann", first_name="Ann", last_name="Ohm", email="ann@x.org", lms_user_id="17")
        gradebook.add_student("bob", first_name="Bob", last_name="=cmd|' /C calc'!A0", email="bob@x.org")
        gradebook.add_student("cyd")
        records.create_table(gradebook.engine)
        writer = records.Writer(gradebook, HW01)
        writer.save("ann", graded(HW01), None, "digest")
        writer.save("bob", graded(HW01, ["loss_value", "forward_value"]), None, "digest")
        gradebook.find_grade("check_loss", HW01, HW01, "bob").manual_score = 2.5
        gradebook.find_submission_notebook(HW01, HW01, "bob").late_submission_penalty = 1.0
        gradebook.db.commit()
    return course


@pytest.fixture
def two_homeworks(graded_course):
    """The same with a second homework, which only ann handed in."""
    with graded_course.gradebook() as gradebook:
        gradebook.add_assignment(HW02)
        gradebook.add_notebook(HW02, HW02)
        for task, most in load(HW02).points.items():
            gradebook.add_grade_cell(f"check_{task}", HW02, HW02, max_score=most, cell_type="code")
        records.Writer(gradebook, HW02).save("ann", graded(HW02), None, "digest")
    return graded_course


# ---------------------------------------------------------------- readers


def lines_of(path):
    """The lines of a CSV file, each a list of cells."""
    with open(path, newline="") as file:
        return list(csv.reader(file))


def read_canvas(path):
    """As Canvas's importer: students by name, homeworks by name or id, blank for no change."""
    header, *lines = lines_of(path)
    assert "Student" in header[0]
    assert "ID" in header[1]
    assert header[2:5] == ["SIS User ID", "SIS Login ID", "Section"]
    most, people = {}, {}
    for line in lines:
        assert len(line) == len(header)
        scores = dict(zip(header[5:], line[5:], strict=True))
        if "Points Possible" in line[0]:
            most = {name: float(value) for name, value in scores.items()}
        else:
            told = dict(zip(["name", "id", "user", "login", "section"], line[:5], strict=True))
            people[told["id"] or told["user"] or told["login"]] = (told, {k: float(v) for k, v in scores.items() if v})
    return most, people


def read_moodle(path):
    """As Moodle's offline worksheet importer: by the number in Identifier, with grade, time and comments."""
    header, *lines = lines_of(path)
    assert {"Identifier", "Grade", "Last modified (grade)"} <= set(header)
    people = [dict(zip(header, line, strict=True)) for line in lines]
    return {p["Identifier"].removeprefix("Participant ") or p["Email address"] or p["ID number"]: p for p in people}


def read_gradescope(path):
    """As Gradescope: documented fields and values only; the score of the whole is what counts."""
    data = json.loads(Path(path).read_text())
    formats, seen = {"text", "html", "simple_format", "md", "ansi"}, {"visible", "hidden", "after_due_date"}
    documented = "score execution_time output output_format visibility stdout_visibility tests"
    of_a_test = "name number score max_score status output output_format visibility tags"
    assert set(data) <= set(documented.split())
    assert isinstance(data["score"], float)
    assert data["output_format"] in formats
    assert data["visibility"] in seen and data["stdout_visibility"] in seen
    for test in data["tests"]:
        assert set(test) == set(of_a_test.split())
        assert test["status"] in ("passed", "failed")
        assert 0 <= test["score"] <= test["max_score"]
        assert test["output_format"] in formats and test["visibility"] in seen
        assert all(isinstance(text, str) for text in [test["name"], test["number"], test["output"], *test["tags"]])
    return data


# ---------------------------------------------------------------- rows and nbgrader


def test_one_row_for_each_student_and_homework(two_homeworks):
    with two_homeworks.gradebook() as gradebook:
        rows = {(r.homework, r.student): r for r in grade_rows(gradebook)}
        only = grade_rows(gradebook, [HW01], ["bob"])
    assert len(rows) == 6
    bob = rows[HW01, "bob"]
    assert (bob.raw, bob.penalty, bob.score, bob.max_score, bob.submitted) == (17.5, 1.0, 16.5, 20.0, True)
    assert [c["name"] for c in bob.record["checks"] if c["outcome"] == "wrong"] == ["loss_value", "forward_value"]
    assert not rows[HW02, "bob"].submitted
    assert [(r.homework, r.student) for r in only] == [(HW01, "bob")]


def test_nbgrader_columns_are_nbgraders_own(graded_course, tmp_path):
    from nbgrader.plugins import CsvExportPlugin

    with graded_course.gradebook() as gradebook:
        gradebook.find_student("bob").last_name = "Bel"
        gradebook.db.commit()
        CsvExportPlugin(to=str(tmp_path / "theirs.csv")).export(gradebook)
    ours = exports.export(graded_course, [], "nbgrader", tmp_path / "ours.csv")
    (head, *theirs), (our_head, *ours) = lines_of(tmp_path / "theirs.csv"), lines_of(ours)
    assert head == our_head
    read = [[line[:7] + [float(number) for number in line[7:]] for line in lines] for lines in (theirs, ours)]
    assert read[0] == read[1]
    assert sorted(line[head.index("score")] for line in read[1]) == [0.0, 16.5, 20.0]


def test_json_holds_the_checks(graded_course, tmp_path):
    rows = json.loads(exports.export(graded_course, [HW01], "json", tmp_path / "x.json").read_text())
    told = {r["student"]: (r["score"], len(r["record"].get("checks", []))) for r in rows}
    assert told == {"ann": (20.0, 10), "bob": (16.5, 10), "cyd": (0.0, 0)}


# ---------------------------------------------------------------- Canvas, Moodle, Gradescope


def test_canvas_reads_every_homework(two_homeworks, tmp_path):
    most, people = read_canvas(exports.export(two_homeworks, [], "canvas", tmp_path / "canvas.csv"))
    assert most == {HW01: 20.0, HW02: 20.0}
    found = {key: scores for key, (_, scores) in people.items()}
    assert found == {"17": {HW01: 20.0, HW02: 20.0}, "bob": {HW01: 16.5}, "cyd": {}}
    assert people["17"][0] == {"name": "Ohm, Ann", "id": "17", "user": "ann", "login": "ann", "section": ""}


def test_canvas_roster_keeps_its_students_and_ids(graded_course, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Quiz (3),hw01_shallow_narrow (901),Final Score\n"
        "    Points Possible,,,,,5,20,(read only)\n"
        '"Bel, Bob",44,B-1,bob@x.org,Mon,4,,70\n'
        '"Ohm, Ann",17,A-1,other,Mon,5,,80\n'
        '"Zed, Zoe",99,Z-1,zoe,Mon,5,,80\n'
    )
    most, people = read_canvas(exports.export(graded_course, [HW01], "canvas", tmp_path / "out.csv", roster))
    column = "hw01_shallow_narrow (901)"
    assert most == {column: 20.0}
    found = {key: scores for key, (_, scores) in people.items()}
    assert found == {"44": {column: 16.5}, "17": {column: 20.0}, "99": {}}


def test_moodle_reads_grade_and_comments(graded_course, tmp_path):
    people = read_moodle(exports.export(graded_course, [HW01], "moodle", tmp_path / "moodle.csv"))
    assert {key: p["Grade"] for key, p in people.items()} == {"17": "20", "bob@x.org": "16.5", "cyd": ""}
    assert people["17"]["Maximum grade"] == "20"
    assert people["17"]["Full name"] == "Ann Ohm"
    assert people["17"]["Feedback comments"] == ""
    comments = people["bob@x.org"]["Feedback comments"].split("<br>")
    assert comments[0] == "loss(y_prediction, y_true): The mean &lt;b&gt; &amp; it."
    assert len(comments) == 2


def test_moodle_worksheet_is_filled_in(graded_course, tmp_path, capsys):
    roster = tmp_path / "worksheet.csv"
    roster.write_text(
        "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (grade),Feedback comments\n"
        "Participant 801,Bob Bel,BOB@x.org,Submitted for grading,,20.00,-,\n"
        "Participant 802,Zoe Zed,zoe@x.org,No submission,7.00,20.00,-,kept\n"
    )
    people = read_moodle(exports.export(graded_course, [HW01], "moodle", tmp_path / "out.csv", roster))
    assert (people["801"]["Grade"], people["801"]["Status"]) == ("16.5", "Submitted for grading")
    assert (people["802"]["Grade"], people["802"]["Feedback comments"]) == ("7.00", "kept")
    assert people["801"]["Last modified (grade)"] == "-"
    assert f"not in {roster}, so left out: ann\n" in capsys.readouterr().err


def test_gradescope_gets_a_file_for_each_submission(graded_course, tmp_path):
    folder = exports.export(graded_course, [HW01], "gradescope", tmp_path / "gs")
    found = {path.parent.name: read_gradescope(path) for path in folder.rglob("results.json")}
    assert {name: data["score"] for name, data in found.items()} == {"ann": 20.0, "bob": 16.5}
    assert found["ann"]["output"] == ""
    assert "17" not in found["ann"]["output"] and "16.5" in found["bob"]["output"]
    assert [t["status"] for t in found["bob"]["tests"]].count("failed") == 2
    assert found["bob"]["tests"][0]["tags"] == ["loss"]


# ---------------------------------------------------------------- what may go wrong


@pytest.mark.parametrize("form", ["nbgrader", "canvas", "moodle"])
def test_no_cell_is_a_formula(graded_course, tmp_path, form):
    with graded_course.gradebook() as gradebook:
        gradebook.update_or_create_student("cyd", first_name="+1+1", last_name="@SUM(A1)", email="-2@x\t=1")
    path = exports.export(graded_course, [HW01], form, tmp_path / "x.csv")
    cells = [cell for line in lines_of(path) for cell in line]
    assert any("cmd|" in cell for cell in cells)
    assert any("SUM" in cell for cell in cells)
    assert not [cell for cell in cells if cell.lstrip()[:1] in ("=", "+", "-", "@")]


def test_numbers_and_plain_text_are_left_alone():
    for text in ("-", "-3.5", "+2", "Ann-Marie", "a=b", ""):
        assert defused(text) == text
    for text in ("=1", "+a", "-a", "@a", " =1", "\n=1", "-1+cmd"):
        assert defused(text) == "'" + text


@pytest.mark.parametrize("form", list(exports.FORMATS))
def test_nothing_graded_is_said_in_a_line(course, tmp_path, form):
    with pytest.raises(GradbookError, match="gradbook grade"):
        exports.export(course, [HW01], form, tmp_path / "x")
    with pytest.raises(GradbookError, match="does not know hw99"):
        exports.export(course, ["hw99"], form, tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_an_export_takes_the_place_of_the_file_that_was_there(graded_course, tmp_path):
    place, link = tmp_path / "private.json", tmp_path / "link.json"
    place.write_text("old")
    place.chmod(0o600)
    link.symlink_to(place)
    other_name = tmp_path / "other_name.json"
    other_name.hardlink_to(place)
    assert exports.export(graded_course, [HW01], "json", link) == link
    assert link.is_symlink() and len(json.loads(place.read_text())) == 3
    assert place.stat().st_mode & 0o777 == 0o600
    # It was written aside, and put in place whole.
    assert other_name.read_text() == "old"
    assert sorted(p.name for p in tmp_path.glob("*.json")) == ["link.json", "other_name.json", "private.json"]


def test_an_export_goes_into_a_pipe(graded_course, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["timeout", "20", "cat", pipe], stdout=subprocess.PIPE) as reader:
        exports.export(graded_course, [HW01], "json", pipe)
        assert len(json.loads(reader.communicate()[0])) == 3
    assert pipe.is_fifo()


def test_a_worksheet_holds_one_homework(two_homeworks, tmp_path):
    with pytest.raises(GradbookError, match="one homework"):
        exports.export(two_homeworks, [], "moodle", tmp_path / "x.csv")


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"Student,ID\n", "no column 'Section'"), (b"\xff\xfe", "cannot be read"), (b"", "no column")],
)
def test_a_bad_roster_is_said_in_a_line(graded_course, tmp_path, content, words):
    (tmp_path / "roster.csv").write_bytes(content)
    with pytest.raises(GradbookError, match=words):
        exports.export(graded_course, [HW01], "canvas", tmp_path / "x.csv", tmp_path / "roster.csv")


def test_nbgrader_export_with_our_exporters(two_homeworks, tmp_path):
    chosen = ["--exporter=gradbook.pages.exports.CanvasExporter", "--to", tmp_path / "canvas.csv"]
    done = run("nbgrader", "export", *chosen, "--assignment", f"['{HW01}']", cwd=two_homeworks.root)
    assert done.returncode == 0, done.stderr
    most, people = read_canvas(tmp_path / "canvas.csv")
    assert (list(most), people["bob"][1]) == ([HW01], {HW01: 16.5})
    chosen = ["--exporter=gradbook.pages.exports.MoodleExporter", "--to", tmp_path / "moodle.csv"]
    done = run("nbgrader", "export", *chosen, cwd=two_homeworks.root)
    assert done.returncode == 1
    assert "holds one homework" in done.stderr
    assert "Traceback" not in done.stderr


# ---------------------------------------------------------------- the Gradescope autograder


@pytest.fixture(scope="module")
def archive(released, tmp_path_factory):
    return make_gradescope(Assignment(released, HW01), tmp_path_factory.mktemp("zip") / "autograder.zip")


@pytest.fixture
def gradescope(archive, tmp_path):
    """Run the autograder as Gradescope does, on these files; returns results.json and what was printed."""
    root = tmp_path / "autograder"
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(root / "source")
    (root / "run_autograder").write_bytes((root / "source" / "run_autograder").read_bytes())
    (root / "run_autograder").chmod(0o755)
    (root / "submission_metadata.json").write_text('{"id": 1, "users": [{"email": "ann@x.org", "name": "Ann"}]}')
    for name in ("submission", "results"):
        (root / name).mkdir()

    def go(files, fault=False, **environment):
        for name, content in files.items():
            path = root / "submission" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(content)
        told = {"GRADESCOPE_ROOT": str(root), "GRADESCOPE_PYTHON": sys.executable, "PYTHONDONTWRITEBYTECODE": "1"}
        told = {**os.environ, **told, **environment}
        command = [root / "run_autograder"]
        done = subprocess.run(command, env=told, capture_output=True, text=True, check=True, timeout=300)
        assert "Traceback" not in done.stderr
        assert ("Traceback" in done.stdout) == fault
        return read_gradescope(root / "results" / "results.json"), done.stdout

    go.root = root
    return go


@pytest.fixture
def solved_text(solve):
    """A notebook with the reference's code, or another's, as text."""
    import nbformat

    return lambda source=None: nbformat.writes(solve(HW01, source))


def test_gradescope_grades_as_the_grader_does(gradescope, solved_text):
    wrong = load(HW01).source_with(load(HW01).chaffs[0])
    outcome, _ = gradescope({"mine.ipynb": solved_text(wrong)})
    failed = [test for test in outcome["tests"] if test["status"] == "failed"]
    assert outcome["score"] == sum(test["score"] for test in outcome["tests"]) < 20
    assert load(HW01).chaffs[0].hint in failed[0]["output"]
    (gradescope.root / "submission" / "mine.ipynb").unlink()
    outcome, _ = gradescope({f"{HW01}.ipynb": solved_text(), "notes.ipynb": "{}"})
    assert (outcome["score"], outcome["output"]) == (20.0, "")


def test_what_gradescope_works_out_beforehand_serves_each_submission(gradescope, solved_text):
    path = ["-P", "-c", "from gradbook.fronts.gradescope import prepare; prepare()"]
    told = {**os.environ, "GRADESCOPE_ROOT": str(gradescope.root), "PYTHONPATH": str(gradescope.root / "source")}
    subprocess.run([sys.executable, *path], env=told, check=True, timeout=300)
    known = gradescope.root / "source" / "course" / ".gradbook" / "known"
    before = {path.name: path.read_bytes() for path in known.iterdir()}
    outcome, _ = gradescope({"mine.ipynb": solved_text(load(HW01).source_with(load(HW01).chaffs[0]))})
    assert load(HW01).chaffs[0].hint in str(outcome["tests"])
    assert {path.name: path.read_bytes() for path in known.iterdir()} == before


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "There is no hw01_shallow_narrow.ipynb"),
        ({"a.ipynb": "{}", "b.ipynb": "{}"}, "rename it"),
        ({f"{HW01}.ipynb": '{"nbformat": 4, "cells": ['}, "cut off"),
        ({f"{HW01}.ipynb": ""}, "is empty"),
    ],
)
def test_gradescope_says_why_a_submission_has_no_points(gradescope, files, words):
    outcome, _ = gradescope(files)
    assert outcome["score"] == 0
    assert words in outcome["output"]


def test_gradescope_without_a_sandbox_grades_nothing_unless_told_to(gradescope, solved_text):
    source = gradescope.root / "source"
    with (source / "course" / "nbgrader_config.py").open("a") as config:
        config.write('\nc.Gradbook.sandbox = "namespaces"\n')
    with (source / "gradbook" / "sandbox" / "enclosed.py").open("a") as engine:
        engine.write("\n\ndef bubblewraps():\n    return []\n")
    outcome, printed = gradescope({f"{HW01}.ipynb": solved_text()})
    assert (outcome["score"], outcome["tests"]) == (0, [])
    assert "Nothing was graded, and your work is not the reason." in outcome["output"]
    assert "no sandbox" in outcome["output"]
    assert printed.startswith("No sandbox: ")
    settings = source / "gradbook.json"
    assert json.loads(settings.read_text())[UNSAFE] is False
    settings.write_text(json.dumps({"homework": HW01, UNSAFE: True}))
    outcome, printed = gradescope({})
    assert outcome["score"] == 20
    assert "UNPROTECTED" in printed


def test_gradescope_where_the_grader_cannot_start(gradescope):
    (gradescope.root / "source" / "gradbook.json").write_text("{")
    outcome, printed = gradescope({}, fault=True)
    assert "the grader itself failed (JSONDecodeError)" in outcome["output"]
    assert "in main" in printed and "JSONDecodeError" in printed
    outcome, _ = gradescope({}, GRADESCOPE_PYTHON="/bin/false")
    assert "the grader did not start" in outcome["output"]


def test_gradescope_shows_a_traceback_to_instructors_only(gradescope, solved_text, monkeypatch, capsys):
    judge, faults = grading.judge, []

    def failing(*args, **kwargs):
        if faults:
            raise faults.pop()
        return judge(*args, **kwargs)

    monkeypatch.setattr(grading, "judge", failing)
    monkeypatch.setenv("GRADESCOPE_ROOT", str(gradescope.root))
    (gradescope.root / "submission" / f"{HW01}.ipynb").write_text(solved_text())
    for fault, words in (
        (KeyError(), "he grader itself failed (KeyError in "),
        (CheckFault("A fault.\nTraceback"), "A fault."),
    ):
        faults.append(fault)
        autograder.main()
        outcome = read_gradescope(gradescope.root / "results" / "results.json")
        assert words in outcome["output"] and outcome["stdout_visibility"] == "hidden"
        assert "Traceback" not in json.dumps(outcome)
        assert "Traceback" in capsys.readouterr().out


def test_a_zip_that_cannot_be_made_leaves_the_old_one(archive, released, tmp_path, monkeypatch):
    path = tmp_path / "autograder.zip"
    path.write_bytes(archive.read_bytes())

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("gradbook.course.files.os.replace", full)
    with pytest.raises(GradbookError, match="cannot be written"):
        make_gradescope(Assignment(released, HW01), path)
    assert path.read_bytes() == archive.read_bytes()
    assert list(tmp_path.iterdir()) == [path]


def test_the_zip_holds_this_homework_only(archive, released):
    with zipfile.ZipFile(archive) as opened:
        names = set(opened.namelist())
        texts = {name: opened.read(name).decode() for name in names}
        modes = {entry.filename: entry.external_attr >> 16 for entry in opened.infolist()}
    assert {"setup.sh", "run_autograder", "requirements.txt", "README.txt", "gradbook.json"} <= names
    assert f"course/release/{HW01}/{HW01}.ipynb" in names
    hidden = (f"autograder/{HW01}/checks.py", f"autograder/{HW01}/mistakes.py", f"solutions/{HW01}.py")
    assert {f"course/{place}" for place in hidden} <= names
    assert not [name for name in names for other in set(ids()) - {HW01} if other in name]
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    here = [str(released.root), str(Path(exports.__file__).parent), str(Path.home())]
    assert not [name for name, text in texts.items() for path in here if path in text]
    assert UNSAFE in texts["README.txt"]
    for script in ("setup.sh", "run_autograder"):
        subprocess.run(["bash", "-n"], input=texts[script], text=True, check=True)


def test_the_same_course_gives_the_same_zip(released, tmp_path):
    one, two = (
        make_gradescope(Assignment(released, HW01), tmp_path / name).read_bytes() for name in ("1.zip", "2.zip")
    )
    assert one == two


def test_the_zip_needs_no_nbgrader(gradescope, solved_text):
    """What the zip's requirements do not name must not be imported."""
    (gradescope.root / "source" / "nbgrader.py").write_text("raise SystemExit('nbgrader was imported')")
    outcome, printed = gradescope({f"{HW01}.ipynb": solved_text()})
    assert (outcome["score"], printed) == (20.0, "")
