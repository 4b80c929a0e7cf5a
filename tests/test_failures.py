"""A fault of the grader's own, outside of any submission: one line, and the traceback where that line says."""

import re
import tempfile
from pathlib import Path

import pytest
from conftest import HW01

from gradbook import __version__
from gradbook.authoring.build import build
from gradbook.course import tracebacks
from gradbook.course.assignment import Assignment
from gradbook.errors import GradbookError
from gradbook.fronts import nbgrader_classes
from gradbook.fronts.cli import main
from gradbook.grading.run import Options, grade_class
from gradbook.pages.feedback import write_feedback


def failing(*_, **__):
    raise KeyError("odd\x1b[31m")


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
    return whole(Path(found[1]))


def whole(path):
    """The path of a file that says what ran, and has the traceback."""
    text = path.read_text()
    assert text.startswith(f"gradbook {__version__}, Python 3.") and f": {path.stem}\n" in text
    assert "Traceback (most recent call last)" in text and "in failing" in text
    return path


def test_the_traceback_is_kept_in_the_course_folder(planted, course, capsys):
    assert main(["report", HW01, "--course", str(course.root)]) == 1
    path = kept(capsys.readouterr().err, "report")
    assert path.parent == course.root / ".gradbook" / "errors"
    assert re.fullmatch(r"report-\d{8}-\d{6}\.txt", path.name)
    assert list(planted.iterdir()) == []


def test_with_v_its_type_and_place_are_told_and_no_more(planted, course, capsys):
    assert main(["report", HW01, "-v", "--course", str(course.root)]) == 1
    said = capsys.readouterr().err
    assert re.search(r"fronts\.cli: report failed \(KeyError in test_failures\.py:\d+\)\n", said)
    assert "Traceback" not in said and "in failing" not in said
    kept(said.splitlines(keepends=True)[-1], "report")


def test_without_a_course_folder_it_is_kept_in_a_temporary_file(planted, tmp_path, capsys):
    assert main(["new-course", str(tmp_path / "new")]) == 1
    assert kept(capsys.readouterr().err, "new-course").parent.parent == planted


def test_where_the_course_folder_refuses_too(planted, course, capsys):
    (course.root / ".gradbook").mkdir(exist_ok=True)
    (course.root / ".gradbook" / "errors").write_text("in the way")
    assert main(["report", HW01, "--course", str(course.root)]) == 1
    assert kept(capsys.readouterr().err, "report").parent.parent == planted


def test_where_nothing_can_be_written(planted, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert main(["new-course", str(tmp_path / "new")]) == 1
    said = capsys.readouterr().err
    assert said.endswith(
        "the traceback stands in no file (FileNotFoundError); "
        "set TMPDIR to a folder that can be written, and run it again\n"
    )
    assert said.count("\n") == 1


def test_a_link_in_its_place_is_not_followed(course, tmp_path):
    (tmp_path / "other").write_text("of others")
    path = tracebacks.path_of(course.root, "x")
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "other")
    assert "Traceback" in tracebacks.keep(course.root, "x", "Traceback").read_text()
    assert (tmp_path / "other").read_text() == "of others"


# ---------------------------------------------------------------- behind nbgrader's steps


def stands_in(said):
    """The file that the end of a line names."""
    return Path(re.fullmatch(r".* stands in (.+)", said)[1])


def test_a_fault_while_a_release_is_made(course, monkeypatch):
    monkeypatch.setattr(nbgrader_classes, "require_nothing_hidden", failing)
    with pytest.raises(GradbookError) as told:
        build(Assignment(course, HW01))
    begin = (
        rf"{HW01} was not released: generate_assignment failed \(KeyError: 'odd\\x1b\[31m', in test_failures.py:\d+\)"
    )
    assert re.match(begin, str(told.value))
    assert whole(stands_in(str(told.value))).parent == course.root / ".gradbook" / "errors"


def test_what_an_author_has_to_mend_is_no_such_fault(course, monkeypatch):
    def unmarked(*_):
        raise RuntimeError("a solution region has no end")

    monkeypatch.setattr(nbgrader_classes.NamedStubs, "_replace_solution_region", unmarked)
    with pytest.raises(GradbookError, match=f"{HW01} was not released: a solution region has no end$"):
        build(Assignment(course, HW01))
    assert not tracebacks.path_of(course.root, "x").parent.exists()


def test_a_fault_while_nbgrader_has_it_grade(course, submit, template, monkeypatch):
    monkeypatch.setattr("gradbook.grading.run.grade_class", failing)
    submit("ann", template(HW01))
    result = course.api().autograde(HW01, "ann")
    assert not result["success"]
    whole(stands_in(result["error"].strip().split("\n")[-1]))


@pytest.fixture
def two_graded(course, submit, template):
    for student in ("ann", "bob"):
        submit(student, template(HW01))
    grade_class(Assignment(course, HW01), Options(workers=1))
    return course


def test_a_fault_while_pages_are_made(two_graded, monkeypatch):
    monkeypatch.setattr("gradbook.pages.feedback.render", failing)
    with pytest.raises(GradbookError, match=r"none for ann \(KeyError: 'odd.*; bob \(KeyError") as told:
        write_feedback(Assignment(two_graded, HW01))
    text = whole(stands_in(str(told.value))).read_text()
    anns, bobs = text.split("\nbob:\n")
    assert "\nann:\n" in anns and "in failing" in anns and "in failing" in bobs


def test_ctrl_c_ends_the_writing_of_pages(two_graded, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("gradbook.pages.feedback.render", stop)
    with pytest.raises(KeyboardInterrupt):
        write_feedback(Assignment(two_graded, HW01))
