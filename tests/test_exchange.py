"""nbgrader's exchange, all of it: from a release to the feedback in a student's folder."""

import os
import stat
from pathlib import Path

import nbformat
import pytest
from conftest import HW01, handed_in, run

from gradbook.course.assignment import Assignment
from gradbook.grading.run import Options, grade_class
from gradbook.pages.feedback import write_feedback

SECRET = "submission_secret.txt"


@pytest.fixture
def exchange(course, tmp_path):
    """A course with an exchange, and a student's folder; gives a function that runs nbgrader in one of them."""
    shared, home = tmp_path / "exchange", tmp_path / "home"
    for folder in (shared, home):
        folder.mkdir()
    shared.chmod(0o777)
    setting = f"c.Exchange.root = {str(shared)!r}\n"
    config = course.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\n{setting}")
    (home / "nbgrader_config.py").write_text(f"c = get_config()\n{setting}c.CourseDirectory.course_id = 'gradbook'\n")
    places = {"course": course.root, "home": home}

    def nbgrader(place, *arguments):
        done = run("nbgrader", *arguments, cwd=places[place], env={**os.environ, "HOME": str(home)})
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    nbgrader.home = home
    return nbgrader


def fetched(exchange):
    return [path.read_text() for path in sorted((exchange.home / HW01 / "feedback").rglob("*.html"))]


def test_a_student_fetches_the_feedback_on_each_submission(course, exchange, solve):
    exchange("course", "release_assignment", HW01)
    exchange("home", "fetch_assignment", HW01)
    exchange("home", "submit", HW01)
    exchange("course", "collect", HW01)
    grade_class(Assignment(course, HW01), Options(workers=1))
    write_feedback(Assignment(course, HW01))
    exchange("course", "release_feedback", HW01)
    exchange("home", "fetch_feedback", HW01)
    assert ["<b>0</b> of 20 points" in page for page in fetched(exchange)] == [True]
    first = secrets(course)

    nbformat.write(solve(), exchange.home / HW01 / f"{HW01}.ipynb")
    exchange("home", "submit", HW01)
    exchange("course", "collect", HW01, "--update")
    exchange("course", "autograde", HW01)
    exchange("course", "generate_feedback", HW01)
    exchange("course", "release_feedback", HW01)
    exchange("home", "fetch_feedback", HW01)
    assert ["<b>20</b> of 20 points" in page for page in fetched(exchange)] == [False, True]
    assert len(first) == len(secrets(course)) == 1
    assert first != secrets(course)
    assert not [page for page in fetched(exchange) for secret in first + secrets(course) if secret in page]
    assert exchange("home", "list", "--cached").count("(feedback ") == 2


def secrets(course):
    return [path.read_text() for path in (course.root / "feedback").rglob(SECRET)]


@pytest.fixture
def anns(course, submit, template):
    submit("ann", template(HW01))
    folder = handed_in(course, "ann").folder
    (folder / SECRET).write_text("ab" * 64)
    return folder


def grade(course):
    summary = grade_class(Assignment(course, HW01), Options(workers=1))
    return len(summary.scores), handed_in(course, "ann").autograded.parent


def test_another_secret_or_time_is_taken_over(course, anns):
    assert grade(course)[0] == 1
    assert grade(course)[0] == 0
    (anns / SECRET).write_text("cd" * 64)
    done, folder = grade(course)
    assert (done, (folder / SECRET).read_text()) == (1, "cd" * 64)
    assert stat.S_IMODE((folder / SECRET).stat().st_mode) == 0o444
    (anns / SECRET).unlink()
    done, folder = grade(course)
    assert (done, (folder / SECRET).exists()) == (1, False)


def test_a_secret_that_is_a_link_or_not_text_does_no_harm(course, anns, tmp_path):
    (tmp_path / "grades").write_text("of others")
    (anns / SECRET).unlink()
    (anns / SECRET).symlink_to(tmp_path / "grades")
    assert not (grade(course)[1] / SECRET).exists()
    (anns / SECRET).unlink()
    (anns / SECRET).write_bytes(b"\xff" * 5000)
    folder = grade(course)[1]
    assert len((folder / SECRET).read_text(encoding="utf-8")) == 1000


def test_a_time_that_is_none_does_not_stop_the_exchange(course, anns):
    (anns / "timestamp.txt").write_text("yesterday")
    folder = grade(course)[1]
    assert (folder / "timestamp.txt").read_text() == ""
    write_feedback(Assignment(course, HW01))
    assert {SECRET, "timestamp.txt"} <= {path.name for path in handed_in(course, "ann").feedback.parent.iterdir()}


def test_a_shared_group_may_write_as_with_nbgrader(course, anns):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.CourseDirectory.groupshared = True\n")
    folder = grade(course)[1]
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o664
    for path in (folder, folder.parent, Path(folder.parent.parent)):
        assert path.stat().st_mode & 0o2770 == 0o2770
