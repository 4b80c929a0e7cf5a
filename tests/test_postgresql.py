"""A gradebook on PostgreSQL: the same as on SQLite, for two graders at once, and where the server is lost."""

import pytest
from clusters import PostgreSQL, eventually
from conftest import HW01, handed_in, run
from handing_in import Exchange, Watching, attempts
from outcomes import grader, outcome

from gradbook.authoring.build import build
from gradbook.authoring.samples import sample_class
from gradbook.course.assignment import Assignment
from gradbook.fronts import cli
from gradbook.grading.run import Options, grade_class

pytestmark = pytest.mark.cluster
HW02 = "hw02_learning_landscapes"


@pytest.fixture(scope="module")
def server():
    with PostgreSQL() as started:
        yield started


@pytest.fixture
def lecture(course, server, request):
    """A course with forty submissions of hw01, and its gradebook on the server."""
    url = server.database(request.node.name.replace("[", "").replace("]", "")[:60])
    with open(course.root / "nbgrader_config.py", "a") as config:
        config.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    (course.root / "gradebook.db").unlink()
    build(Assignment(course, HW01))
    sample_class(Assignment(course, HW01), 40, 0)
    assert not (course.root / "gradebook.db").exists()
    return course


@pytest.fixture
def on_sqlite(lecture):
    """What a gradebook on SQLite holds for the same submissions: give it homeworks, get outcomes."""
    import shutil

    from gradbook.course.folder import Course

    def grade(*homeworks):
        root = lecture.root.parent / "sqlite"
        shutil.copytree(lecture.root, root, ignore=shutil.ignore_patterns("autograded"))
        config = root / "nbgrader_config.py"
        config.write_text("\n".join(x for x in config.read_text().split("\n") if "db_url" not in x))
        course, found = Course.at(root), []
        for homework in homeworks:
            build(Assignment(course, homework))
            grade_class(Assignment(course, homework), Options(workers=2))
            found.append(outcome(course, homework))
        return found

    return grade


def test_the_same_as_on_sqlite(lecture, on_sqlite):
    grade_class(Assignment(lecture, HW01), Options(workers=2))
    assert [outcome(lecture)] == on_sqlite(HW01)
    assert grade_class(Assignment(lecture, HW01)).unchanged == 40
    for command in (["feedback", HW01], ["report", HW01], ["report"], ["export", "--to", "canvas"]):
        assert cli.main([*command, "--course", str(lecture.root)]) == 0
    assert not (lecture.root / "gradebook.db").exists()


def test_by_way_of_nbgrader(lecture, on_sqlite):
    for command in ("autograde", "generate_feedback"):
        done = run("nbgrader", command, HW01, cwd=lecture.root)
        assert done.returncode == 0, done.stderr
    assert run("nbgrader", "export", cwd=lecture.root).returncode == 0
    assert [outcome(lecture)] == on_sqlite(HW01)


def test_two_graders_at_once(lecture, on_sqlite):
    """On different homeworks, of students whom the gradebook does not know yet."""
    build(Assignment(lecture, HW02))
    sample_class(Assignment(lecture, HW02), 40, 0)
    graders = [grader(lecture, "--workers", "1", homework=homework) for homework in (HW01, HW02)]
    for process in graders:
        words = process.communicate()[1]
        assert process.returncode == 0, words
    assert [outcome(lecture, HW01), outcome(lecture, HW02)] == on_sqlite(HW01, HW02)


def test_the_server_is_restarted_meanwhile(lecture, server, on_sqlite):
    process = grader(lecture, "--force")
    folder = lecture.root / "autograded"
    assert eventually(lambda: folder.is_dir() and len(list(folder.iterdir())) > 5)
    server.stop()
    words = process.communicate()[1]
    try:
        assert process.returncode == 1, words
        assert "the gradebook at postgresql+psycopg://gradbook@127.0.0.1" in words
        assert "run the command again" in words
        assert "Traceback" not in words
        done = run("gradbook", "grade", HW01, cwd=lecture.root)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    finally:
        server.start()
    assert grade_class(Assignment(lecture, HW01)).unchanged >= 5
    assert [outcome(lecture)] == on_sqlite(HW01)


def test_a_password_is_not_shown(lecture):
    config = lecture.root / "nbgrader_config.py"
    config.write_text(
        config.read_text() + "\nc.CourseDirectory.db_url = 'postgresql+psycopg://me:secret@127.0.0.1:1/x'\n"
    )
    done = run("gradbook", "grade", HW01, cwd=lecture.root)
    assert done.returncode == 1
    assert "does not answer" in done.stderr and "secret" not in done.stderr


def test_what_comes_in_is_watched(lecture, tmp_path, on_sqlite):
    """Attempts are kept beside the records there, too."""
    exchange = Exchange(lecture, tmp_path / "exchange")
    notebook = (handed_in(lecture, "student0001").folder / f"{HW01}.ipynb").read_bytes()
    with Watching(lecture) as watching:
        eventually(lambda: len(watching.graded()) == 40)
        page = exchange.hand_in("student0002", notebook)
        eventually(lambda: len(watching.graded()) == 41)
        assert page.exists()
        assert watching.stop() == 0, watching.words()
    assert [a.number for a in attempts(lecture) if a.student == "student0002"] == [1, 2]
    assert grade_class(Assignment(lecture, HW01)).unchanged == 40
    assert [outcome(lecture)] == on_sqlite(HW01)
