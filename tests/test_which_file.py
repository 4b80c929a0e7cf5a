"""Which file of a submission is graded: the same one by every way in."""

import json
import os
import shutil
import time
import zipfile
from pathlib import Path

import nbformat
import pytest
from conftest import HW01, handed_in, run

from gradbook.course import assignment as assignments
from gradbook.course.assignment import Assignment
from gradbook.fronts import gradescope
from gradbook.fronts.gradescope import make_gradescope
from gradbook.grading.run import Options, grade_class
from gradbook.intake import choice as choosing
from gradbook.intake.notebook import submission
from gradbook.intake.release import read_notebook

EXACT = f"{HW01}.ipynb"
COPY = f"{HW01} (1).ipynb"
NAMES = [
    COPY,
    f"Copy of {EXACT}",
    "hw01-shallow-narrow.ipynb",
    f"{EXACT}.ipynb",
    f"{HW01}.IPYNB",
    f"ann_42_{HW01}-1.ipynb",
    "Ann Müller - hw01 shallow narrow (final) (2).ipynb",
    f"sub folder/{EXACT}",
    f"{EXACT}.txt",
    "Untitled7.ipynb",
]


@pytest.fixture
def texts(solve, template):
    """Notebooks by what they hold."""
    return {
        "work": nbformat.writes(solve()),
        "released": nbformat.writes(template(HW01)),
        "other": nbformat.writes(solve("hw03_linear_chain")),
        "cut off": nbformat.writes(solve())[:500],
    }


@pytest.fixture
def hand_in(course, texts):
    """Put files into a student's folder: name -> what they hold."""

    def write(student="ann", **kwargs):
        folder = handed_in(course, student).folder
        for name, what in kwargs["files"].items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts.get(what, what))
        return folder

    return write


@pytest.fixture
def choice(course):
    return lambda student="ann": handed_in(course, student).choice


def told(choice):
    return " | ".join(choice.flags)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_another_name(hand_in, choice, name):
    """It is graded and told, whatever stands beside it that is no notebook of this homework."""
    folder = hand_in(files={name: "work"})
    found = choice()
    assert found.path == folder / name
    assert found.flags == (f"graded {name}; there is no {EXACT}",)
    rubbish = {
        f".ipynb_checkpoints/{HW01}-checkpoint.ipynb": "work",
        f"__MACOSX/._{EXACT}": "work",
        f"._{EXACT}": "work",
        "notes.ipynb": "other",
        "data.csv": "1,2",
    }
    hand_in(files=rubbish)
    assert choice() == found


@pytest.mark.parametrize("name", NAMES)
def test_the_right_name_counts_where_it_has_work(hand_in, choice, name):
    folder = hand_in(files={EXACT: "work", name: "work"})
    assert choice().path == folder / EXACT
    assert choice().flags == (f"graded {EXACT}; there is work in {name}, too",)
    for what in ("released", "other", "cut off", "{}", ""):
        hand_in(files={name: what})
        assert choice() == choosing.Choice(folder / EXACT)


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("released", "is as it was handed out"),
        ("cut off", "cannot be read"),
        ("", "cannot be read"),
        ("other", "is another notebook"),
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_a_copy_with_the_work_counts_more(hand_in, choice, name, what, why):
    folder = hand_in(files={EXACT: what, name: "work"})
    assert choice().path == folder / name
    assert told(choice()) == f"graded {name}; {EXACT} {why}"


def test_a_copy_that_can_be_read_counts_more(hand_in, choice):
    folder = hand_in(files={EXACT: "cut off", COPY: "released"})
    assert choice().path == folder / COPY


def test_nothing_to_choose_by(hand_in, choice):
    folder = hand_in(files={"a.ipynb": "{}", "b.ipynb": "other"})
    assert choice() == choosing.Choice(folder / EXACT)
    assert "rename it" in submission(choice().path)
    hand_in(files={COPY: "work", f"{HW01} (2).ipynb": "work"})
    assert choice().path == folder / f"{HW01} (2).ipynb"
    assert f"there is work in {COPY}, too" in told(choice())


def test_a_copy_without_marks_is_work(hand_in, choice, texts):
    notebook = json.loads(texts["work"])
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        del cell["id"]
    folder = hand_in(files={EXACT: "released", COPY: json.dumps(notebook)})
    assert choice().path == folder / COPY


def test_the_release_is_read_only_where_files_must_be_looked_into(hand_in):
    def release():
        raise AssertionError("it was read")

    for student, name in (("ann", EXACT), ("bob", COPY)):
        folder = hand_in(student, files={name: "work", "data.csv": "1,2"})
        assert choosing.choose(folder, HW01, release).path == folder / name
    hand_in("ann", files={COPY: "work"})
    with pytest.raises(AssertionError, match="it was read"):
        choosing.choose(folder.parents[1] / "ann" / HW01, HW01, release)


def test_the_release_is_read_once_for_all_choices_of_a_run(hand_in, course, monkeypatch):
    read = []
    monkeypatch.setattr(assignments, "read_notebook", lambda path: read.append(path) or read_notebook(path))
    for student in ("ann", "bob"):
        hand_in(student, files={EXACT: "released", COPY: "work"})
    assignment = Assignment(course, HW01)
    grade_class(assignment, Options(workers=1))
    assert read == [assignment.release_notebook]


# ---------------------------------------------------------------- hostile folders


def test_links_and_pipes_are_left_alone(hand_in, choice, tmp_path, texts):
    folder = hand_in(files={EXACT: "work"})
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.ipynb").write_text(texts["work"])
    (folder / EXACT).unlink()
    (folder / "a.ipynb").symlink_to(outside / "x.ipynb")
    (folder / "b").symlink_to(outside)
    os.mkfifo(folder / "c.ipynb")
    (folder / "d.ipynb").mkdir()
    assert choice() == choosing.Choice(folder / EXACT)
    hand_in(files={COPY: "work"})
    os.mkfifo(folder / EXACT)
    assert choice().path == folder / COPY
    (folder / EXACT).unlink()
    (folder / EXACT).symlink_to(outside / "x.ipynb")
    assert choice().path == folder / COPY
    shutil.move(folder, outside / "moved")
    folder.symlink_to(outside / "moved")
    assert "is a link" in submission(choice().path)


def test_a_folder_of_very_much(hand_in, choice):
    folder = hand_in(files={EXACT: "work"})
    deep = folder
    for _ in range(100):
        deep /= "x"
        deep.mkdir()
    for number in range(3000):
        (folder / f"{number}.ipynb").touch()
        (folder / f"f{number}").mkdir()
    for name in ("y.ipynb", "z.ipynb"):
        with open(folder / name, "wb") as file:
            file.truncate(1 << 40)
    (folder / "w.ipynb").write_bytes(b"[" * (20 << 20))
    (folder / f"{HW01} (1).ipynb").write_text('{"nbformat": 4, "cells": [' + "[]," * 6_000_000 + "[]]}")
    start = time.process_time()
    assert choice().path == folder / EXACT
    assert time.process_time() - start < 5


def test_odd_names_are_shown_as_plain_text(hand_in, choice):
    hand_in(files={"<script>\n\x1b[31m\udcff`.ipynb": "work"})
    assert told(choice()).startswith("graded ?script???")
    told(choice()).encode()


# ---------------------------------------------------------------- every way in


def test_another_choice_is_another_state(hand_in, course):
    seen = [handed_in(course, "ann").fingerprint("1") for folder in [hand_in(files={COPY: "work"})]]
    for files in ({EXACT: "released"}, {EXACT: "work"}, {"b.ipynb": "work"}):
        hand_in(files=files)
        seen.append(handed_in(course, "ann").fingerprint("1"))
    assert len(set(seen[:3])) == 3
    assert seen[3] == seen[2]
    (handed_in(course, "ann").folder / COPY).unlink()
    assert handed_in(course, "ann").fingerprint("1") != seen[3]


CASES = {
    "ann": {COPY: "work"},
    "bob": {EXACT: "released", COPY: "work"},
    "cid": {EXACT: "work", "old.ipynb": "work"},
    "dan": {"sub/mine.ipynb": "work", "notes.ipynb": "other"},
    "eve": {EXACT: "cut off", f"Copy of {EXACT}": "work"},
}


def test_every_way_in_grades_the_same(hand_in, course, tmp_path, monkeypatch):
    for student, files in CASES.items():
        hand_in(student, files=files)
    records = []
    grade_class(Assignment(course, HW01), Options(workers=2), records.append)
    here = {record["student"]: (record["score"], record["flags"]) for record in records}
    assert {score for score, _ in here.values()} == {20}
    assert all(flags and flags[0].startswith("graded ") for _, flags in here.values())
    for student in CASES:
        assert [path.name for path in handed_in(course, student).autograded.parent.glob("*.ipynb")] == [EXACT]

    done = run("nbgrader", "autograde", HW01, "--force", cwd=course.root)
    assert done.returncode == 0, done.stderr
    with course.gradebook() as gradebook:
        assert {s.student.id: s.score for s in gradebook.assignment_submissions(HW01)} == dict.fromkeys(CASES, 20)

    with zipfile.ZipFile(make_gradescope(Assignment(course, HW01), tmp_path / "a.zip")) as archive:
        archive.extractall(tmp_path / "root" / "source")
    for student, (score, flags) in here.items():
        target = tmp_path / "root" / "submission"
        shutil.copytree(handed_in(course, student).folder, target)
        outcome = gradescope.grade(tmp_path / "root")
        shutil.rmtree(target)
        assert outcome["score"] == score
        assert outcome["output"] == "\n".join(f"{flag[:1].upper()}{flag[1:]}." for flag in flags)


def test_the_zip_knows_which_file(released, tmp_path):
    with zipfile.ZipFile(make_gradescope(Assignment(released, HW01), tmp_path / "a.zip")) as archive:
        assert {"gradbook/intake/choice.py", "gradbook/intake/mending.py"} <= set(archive.namelist())
    assert "nbgrader." not in Path(choosing.__file__).read_text()
