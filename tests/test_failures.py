"""A fault of the grader's own, outside of any submission: one line, and the traceback where that line says."""

import re
import tempfile
from pathlib import Path

import pytest
from conftest import HW01

from gradbook import __version__
from gradbook.fronts.cli import main

ODD = KeyError("odd\x1b[31m")


def failing(*_, **__):
    raise ODD


@pytest.fixture
def planted(monkeypatch, tmp_path):
    """`report` and `new-course` have a fault; temporary files go into the folder that this gives."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr("gradbook.pages.report.write_report", failing)
    monkeypatch.setattr("gradbook.authoring.scaffold.new_course", failing)
    return folder


def kept(said, command):
    """The file that one line of standard error names, which has the traceback."""
    found = re.fullmatch(
        rf"gradbook: {command} failed \(KeyError: 'odd\\x1b\[31m', in test_failures\.py:\d+\); "
        r"the traceback stands in (.+)\n",
        said,
    )
    assert found, said
    text = Path(found[1]).read_text()
    assert text.startswith(f"gradbook {__version__}, Python 3.") and f"gradbook {command}\n" in text
    assert "Traceback (most recent call last)" in text and "in failing" in text
    return Path(found[1])


def test_the_traceback_is_kept_in_the_course_folder(planted, course, capsys):
    assert main(["report", HW01, "--course", str(course.root)]) == 1
    path = kept(capsys.readouterr().err, "report")
    assert path.parent == course.root / ".gradbook" / "errors"
    assert re.fullmatch(r"report-\d{8}-\d{6}\.txt", path.name)
    assert list(planted.iterdir()) == []


def test_with_v_it_is_shown_as_well(planted, course, capsys):
    assert main(["report", HW01, "-v", "--course", str(course.root)]) == 1
    said = capsys.readouterr().err
    assert "report failed\nTraceback (most recent call last)" in said and "in failing" in said
    kept(said.splitlines(keepends=True)[-1], "report")


def test_without_a_course_folder_it_is_kept_in_a_temporary_file(planted, tmp_path, capsys):
    assert main(["new-course", str(tmp_path / "new")]) == 1
    assert kept(capsys.readouterr().err, "new-course").parent == planted


def test_where_the_course_folder_refuses_too(planted, course, capsys):
    (course.root / ".gradbook").mkdir(exist_ok=True)
    (course.root / ".gradbook" / "errors").write_text("in the way")
    assert main(["report", HW01, "--course", str(course.root)]) == 1
    assert kept(capsys.readouterr().err, "report").parent == planted


def test_where_nothing_can_be_written(planted, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert main(["new-course", str(tmp_path / "new")]) == 1
    said = capsys.readouterr().err
    assert said.endswith("the traceback stands in no file (FileNotFoundError); run it again with -v\n")
    assert said.count("\n") == 1
