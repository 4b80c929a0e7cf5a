"""Whose line of a roster is whose, and what a teacher wrote into it."""

import csv
import unicodedata

import pytest
from conftest import HW01

from gradbook.pages import exports, moodle_worksheet
from gradbook.pages.grade_rows import Row
from gradbook.pages.pairing import paired

WRONG = [{"call": "loss(y, t)", "hint": "The mean <b> & it."}, {"call": "f(x)", "hint": "The mean."}]


def row(student, checks=(), **known):
    """The row of a student with full marks, or of one who handed in nothing."""
    known = {"score": 20.0, "max_score": 20.0, "submitted": True, **known}
    return Row(HW01, student, record={"checks": list(checks)}, **known)


def fill(rows, form, text, tmp_path):
    """Export into a roster of this text; gives the lines as dicts and the text that was written."""
    roster, out = tmp_path / "roster.csv", tmp_path / "out.csv"
    roster.write_bytes(text.encode())
    exports.FORMATS[form].write(rows, out, roster)
    with open(out, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file)), out.read_bytes().decode()


# ---------------------------------------------------------------- who is who

CANVAS = "Student,ID,SIS User ID,SIS Login ID,Root Account,Section,hw01_shallow_narrow (90210),Final Grade\n"
LINES = (
    ",,,,,,Manual Posting,(read only)\n"
    "    Points Possible,,,,,,20.0,(read only)\n"
    '"Doe, Jane",31001,00jd,JD123,x.edu,"CS1 Sec 1, and CS1 Lab ""A""",,\n'
    '"Bé, Ann",11111,s9,ab9,x.edu,CS1,5,\n'
    '"Cc, Email",31003,s3,A.B@x.edu,x.edu,CS1,,\n'
    '"Jörg, X",31004,Jörg,,x.edu,CS1,,\n'
    '"Student, Test",31005,,f1d2d3,,CS1,,\n'
)


@pytest.mark.parametrize(
    ("student", "name"),
    [
        *((known, "Doe, Jane") for known in ("31001", "00jd", "jd123", " JD123 ")),
        ("11111", "Bé, Ann"),
        ("a.b@X.edu", "Cc, Email"),
        (unicodedata.normalize("NFD", "JÖRG"), "Jörg, X"),
    ],
)
def test_canvas_finds_a_student_by_any_of_its_ids(tmp_path, capsys, student, name):
    lines, _ = fill([row(student)], "canvas", CANVAS + LINES, tmp_path)
    found = {line["Student"] for line in lines if line["hw01_shallow_narrow (90210)"] == "20"}
    assert found == {name, "    Points Possible"}
    assert capsys.readouterr().err == ""


MOODLE = "Identifier;Full name;ID number;Username;Email address;Grade;Feedback comments\n"


@pytest.mark.parametrize("student", ["Participant 777", "participant 777", "777", "JD123", "jdoe", "Jd@X.edu"])
def test_moodle_finds_a_student_by_any_of_its_ids(tmp_path, student):
    text = MOODLE + "Participant 777;Jane;JD123;jdoe;jd@x.edu;;\nParticipant 77;Zoe;ZZ;zoe;z@x.edu;;\n"
    lines, _ = fill([row(student)], "moodle", text, tmp_path)
    assert [line["Grade"] for line in lines] == ["20", ""]


def test_names_with_a_number_inside_are_told_and_not_guessed(tmp_path, capsys):
    students = ["Jane Doe_777_assignsubmission_file", "doejane_31001", "77"]
    text = MOODLE + "Participant 777;Jane Doe;JD123;jdoe;jd@x.edu;;\n"
    lines, _ = fill([row(student) for student in students], "moodle", text, tmp_path)
    assert [line["Grade"] for line in lines] == [""]
    error = capsys.readouterr().err
    assert all(student in error for student in students)


@pytest.mark.parametrize(
    ("students", "people", "wanted", "words"),
    [
        # A number of one person is the name of another: the name goes first.
        ({"777": {}}, ["777,,,", ",777,,"], {1: "777"}, "777 fits"),
        ({"777": {}, "ann": {}}, ["777,A,ann,", "5,777,,"], {0: "ann", 1: "777"}, "777 fits"),
        # What is written out as a participant's number is nothing else.
        ({"Participant 777": {}}, ["Participant 777,,,", "Participant 5,777,,"], {0: "Participant 777"}, None),
        # The gradebook's own note of the number is surest.
        ({"bob": {"lms_id": "17"}, "17": {}}, ["17,,,", "18,bob,,"], {0: "bob"}, "17"),
        # Two students have one line: nobody can say whose.
        ({"ann": {"email": "x@y.z"}, "bob": {"email": "X@y.z"}}, [",,,x@y.z"], {}, None),
        ({"bob": {"email": "x@y.z"}, "cat": {"email": "x@y.z"}}, [",,,x@y.z"], {}, "left out"),
        # One student has two lines.
        ({"bob": {}}, ["1,bob,,", "2,bob,,"], {}, "left out"),
        ({"bob": {}}, ["1,bob,,", "1,bob,,"], {0: "bob", 1: "bob"}, None),
        # Letters before the same letters in another case.
        ({"Bob": {}, "bob": {}}, ["1,,bob,", "2,,Bob,"], {0: "bob", 1: "Bob"}, "fits"),
        ({"ann@x.org": {}, "bob": {"email": "ann@x.org"}}, ["1,,,Ann@x.org"], {0: "ann@x.org"}, "taken for ann@x.org"),
        ({"": {}, "  ": {}}, [",,,"], {}, None),
    ],
)
def test_nobody_gets_anothers_grade(students, people, wanted, words):
    columns = ["Identifier", "ID number", "Username", "Email address"]
    people = [dict(zip(columns, person.split(","), strict=True)) for person in people]
    known = {s: row(s, **told) for s, told in students.items()}
    found, doubts = paired(known, people, moodle_worksheet.KINDS)
    if words == "left out" or words is None and not wanted:
        assert found == {}
    else:
        assert found == wanted
    if words:
        assert words in " ".join(doubts)
    # Neither the order of the students nor that of the lines matters.
    back, _ = paired(dict(reversed(known.items())), people[::-1], moodle_worksheet.KINDS)
    assert {len(people) - 1 - number: student for number, student in back.items()} == found


def test_what_is_not_clear_is_told(tmp_path, capsys):
    text = MOODLE + "Participant 777;Jane;;;jd@x.edu;;\nParticipant 5;Zoe;777;zoe;z@x.edu;;\n"
    lines, _ = fill([row("777")], "moodle", text, tmp_path)
    assert [line["Grade"] for line in lines] == ["", "20"]
    assert "777 fits Identifier Participant 5 and Identifier Participant 777: taken for" in capsys.readouterr().err


# ---------------------------------------------------------------- comments

WORKSHEET = (
    'Identifier;"Full name";"ID number";"Email address";Status;Grade;"Maximum Grade";"Last modified (grade)";'
    '"Feedback comments"\n"Participant 777";"Jane Doe";JD123;"jd@x.edu";Submitted;"5,00";"20,00";-;{}\n'
)


def commented(text):
    return WORKSHEET.format('"' + text.replace('"', '""') + '"')


def comment(checks, text, tmp_path):
    lines, written = fill([row("JD123", checks)], "moodle", text, tmp_path)
    return lines[0]["Feedback comments"], written


@pytest.mark.parametrize(
    "words",
    [
        "Come and see me about part 2",
        "- see me",
        "=part 2!",
        "<p>Nice.</p>\n<p>Mostly;</p>",
        "tab\there\r\nand there",
        "a\u2028b\x85c",
        'said "so"',
        " blanks ",
    ],
)
def test_a_teachers_comment_is_kept_to_the_letter(tmp_path, words):
    assert comment([], commented(words), tmp_path)[0] == words
    both, written = comment(WRONG, commented(words), tmp_path)
    assert both.startswith(words + "<br>loss(y, t): The mean &lt;b&gt; &amp; it.<br>f(x): The mean.")
    assert both.count("The mean") == 2
    # Once more over what we wrote, and again where it is right now.
    assert comment(WRONG, written, tmp_path)[1] == written
    assert comment(WRONG[:1], written, tmp_path)[0].count("The mean") == 1
    assert comment([], written, tmp_path)[0] == words


def test_our_comments_are_replaced_and_never_doubled(tmp_path):
    first, written = comment(WRONG, commented(""), tmp_path)
    assert first.count("The mean") == 2
    assert comment(WRONG, written, tmp_path)[1] == written
    # Where an editor took the mark away, and where they were made without a roster.
    bare = first.partition("<!--")[0]
    assert comment(WRONG, commented(bare), tmp_path)[0] == first
    assert comment(WRONG, commented(f"Well.<br>{bare}"), tmp_path)[0].count("The mean") == 2
    assert comment([], written, tmp_path)[0] == ""


@pytest.mark.parametrize("place", ["before", "within", "after"])
def test_what_a_teacher_writes_into_ours_is_kept(tmp_path, place):
    first, _ = comment(WRONG, commented(""), tmp_path)
    edited = {
        "before": "See me. " + first,
        "within": first.replace(" it.", " it. See me.", 1),
        "after": first + "See me.",
    }
    assert "See me." in comment([], commented(edited[place]), tmp_path)[0]


def test_nothing_is_written_for_who_handed_in_nothing(tmp_path):
    lines, _ = fill([row("JD123", submitted=False), row("other", WRONG)], "moodle", commented("-5 for that"), tmp_path)
    assert (lines[0]["Grade"], lines[0]["Feedback comments"]) == ("5,00", "-5 for that")
