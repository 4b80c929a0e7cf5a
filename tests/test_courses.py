"""Courses that stand anywhere, also several in one process; the version of gradbook that they ask for."""

import ast
import shutil
import sys

import pytest
from conftest import HW01, ROOT, run

from gradbook import __version__
from gradbook.authoring.build import build
from gradbook.authoring.scaffold import new, new_course
from gradbook.course.assignment import Assignment
from gradbook.course.folder import Course
from gradbook.errors import GradbookError
from gradbook.fronts import cli
from gradbook.grading.run import Options, grade_class
from gradbook.homework.declare import Needs
from gradbook.judging.observations import Observations
from gradbook.site.hidden import STUDENTS

HW = "hw01_line"
NUMBER = '''

@check("fit", 1, "fit")
def number(code, rng):
    """fit

    a number
    """
    return right.NUMBER
'''
MORE = '''

@check("loss", 3, "loss")
def more(code, rng):
    """loss, twice

    a number
    """
    return 1
'''


@pytest.fixture
def make(tmp_path):
    """Make a course with one homework, whose checks ask their reference for a number."""

    def made(name, number):
        new_course(tmp_path / name)
        course = Course.at(tmp_path / name)
        new(course, HW)
        with open(course.root / "solutions" / f"{HW}.py", "a") as file:
            file.write(f"\n\nNUMBER = {number}\n")
        checks = course.root / "autograder" / HW / "checks.py"
        text = checks.read_text().replace("from gradbook", f"from solutions import {HW} as right\nfrom gradbook", 1)
        checks.write_text(text + NUMBER)
        return course

    return made


def _number(homework):
    return Observations(homework).reference(homework.check("number"))


def test_courses_with_the_same_ids_do_not_mix(make):
    one, two = make("one", 1), make("two", 2)
    path, modules = list(sys.path), {name for name in sys.modules if name.startswith("solutions")}
    first, second, again = one.homeworks.load(HW), two.homeworks.load(HW), one.homeworks.load(HW)
    assert first is again and first is not second
    assert [_number(homework) for homework in (first, second, first)] == [1, 2, 1]
    assert path == sys.path
    assert {name for name in sys.modules if name.startswith("solutions")} == modules


def test_a_homework_whose_files_changed_is_loaded_anew(make):
    course = make("one", 1)
    before, path = course.homeworks.load(HW), course.root / "autograder" / HW / "checks.py"
    path.write_text(path.read_text().replace("a number", "another number"))
    assert course.homeworks.load(HW) is not before
    assert course.homeworks.load(HW).check("number").promise == "another number"


def test_a_data_file_beside_the_checks_is_one_of_the_homeworks(make):
    """It makes another state of them, and goes wherever they go."""
    course = make("one", 1)
    before, path = course.homeworks.digest(HW), course.root / "autograder" / HW / "data" / "inputs.csv"
    path.parent.mkdir()
    path.write_text("1, 2")
    assert f"autograder/{HW}/data/inputs.csv" in course.homeworks.files(HW)
    first = course.homeworks.digest(HW)
    path.write_text("1, 3")
    assert len({before, first, course.homeworks.digest(HW)}) == 3


def test_courses_are_graded_in_turn_in_one_process(course, submit, solve, tmp_path):
    other = Course.at(shutil.copytree(course.root, tmp_path / "other", symlinks=True))
    with open(other.root / "autograder" / HW01 / "checks.py", "a") as file:
        file.write(MORE)
    submit("ann", solve())
    shutil.copytree(course.root / "submitted", other.root / "submitted")
    build(Assignment(other, HW01))
    options = Options(workers=1, force=True)
    scores = [grade_class(Assignment(c, HW01), options).scores["ann"] for c in (course, other, course, other)]
    assert scores == [20, 23, 20, 23]


def test_checks_see_their_own_reference_and_no_other(make):
    course = make("one", 1)
    shutil.copy(course.root / "solutions" / f"{HW}.py", course.root / "solutions" / "hw02_more.py")
    path = course.root / "autograder" / HW / "checks.py"
    path.write_text("from solutions import hw02_more\n" + path.read_text())
    with pytest.raises(ImportError, match="hw02_more"):
        course.homeworks.load(HW)


def test_what_a_homework_needs_is_read_without_running_anything(make):
    course = make("one", 1)
    (course.root / "autograder" / HW / "mistakes.py").write_text("raise SystemExit")
    (course.root / "autograder" / HW / "checks.py").write_text(
        'raise SystemExit\nMODULES = ("torch",)\nDISTRIBUTIONS = ("torch",)\nMEMORY = 1_000\n'
    )
    (course.root / "solutions" / f"{HW}.py").write_text("raise SystemExit")
    found = course.homeworks.needs(HW)
    assert (found.modules, found.distributions, found.memory) == (("torch",), ("torch",), 1000)
    assert course.homeworks.ids() == [HW]


@pytest.mark.parametrize(
    ("modules", "distributions", "missing"),
    [
        (("not_there.part",), ("not-there",), ["not-there"]),
        (("not_there.part", "nor_that"), (), ["nor_that", "not_there"]),
        (("numpy",), ("numpy", "not-there"), ["not-there"]),
    ],
)
def test_what_is_not_installed_is_named_with_how_to_get_it(modules, distributions, missing):
    Needs(HW, "", ("numpy.linalg",), ("numpy",)).require_modules()
    with pytest.raises(GradbookError) as told:
        Needs(HW, "", modules, distributions).require_modules()
    assert str(told.value) == f"{HW} needs {' and '.join(missing)}; run: pip install {' '.join(missing)}"


def test_a_homework_without_a_reference_is_told(make, capsys):
    course = make("one", 1)
    (course.root / "solutions" / f"{HW}.py").unlink()
    assert cli.main(["build", "hw01", "--course", str(course.root)]) == 1
    assert f"solutions/{HW}.py cannot be read (FileNotFoundError)" in capsys.readouterr().err


# ---------------------------------------------------------------- new-course


def test_an_empty_course_says_what_to_do(tmp_path, capsys):
    root = tmp_path / "a" / "my course"
    assert cli.main(["new-course", str(root)]) == 0
    assert "gradbook new hw01_line" in capsys.readouterr().out
    assert {p.name for p in root.iterdir() if p.is_dir()} == {"source", "release", "solutions", "autograder"}
    assert Course.at(root).config().CourseDirectory.course_id == "my_course"
    for command in (["build"], ["audit"], ["grade", "hw01"]):
        assert cli.main([*command, "--course", str(root)]) == 1
        assert capsys.readouterr().err == "gradbook: there are no homeworks yet; run: gradbook new HOMEWORK\n"


@pytest.mark.parametrize("name", ["nbgrader_config.py", "README.md", "source/course_helpers.py"])
def test_what_is_there_stays(tmp_path, name, capsys):
    there = tmp_path / name
    there.parent.mkdir(exist_ok=True)
    there.write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    assert cli.main(["new-course", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"gradbook: {name} is there already\n"
    assert there.read_text() == "mine" and sorted(tmp_path.rglob("*")) == before


def test_what_is_students_is_not_committed(tmp_path):
    new_course(tmp_path / "course")
    ignored = {line.strip("/") for line in (tmp_path / "course" / ".gitignore").read_text().split()}
    assert {*STUDENTS, "gradebook.db"} <= ignored


def test_a_course_that_cannot_be_made(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert cli.main(["new-course", str(tmp_path / "file" / "course")]) == 1
    assert "cannot be written (NotADirectoryError)" in capsys.readouterr().err


def test_its_helper_file_is_the_beginning_of_this_courses_own():
    """Two courses that begin alike: what is mended in one is to be mended in what others begin with."""

    def parts(path):
        tree = ast.parse(path.read_text())
        return {n.name: ast.unparse(n) for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}

    begins = parts(ROOT / "gradbook" / "authoring" / "templates" / "course" / "course_helpers.py")
    own = parts(ROOT / "source" / "course_helpers.py")
    assert {"check_close", "check_gradient", "check_raises"} <= set(begins)
    assert begins.items() <= own.items()


# ---------------------------------------------------------------- the version


def pin(course, wanted):
    with open(course.root / "nbgrader_config.py", "a") as file:
        file.write(f"\nc.Gradbook.version = {wanted!r}\n")


@pytest.mark.parametrize("wanted", ["0", __version__, __version__.rpartition(".")[0]])
def test_a_version_that_this_one_is(course, wanted):
    pin(course, wanted)
    course.config()


@pytest.mark.parametrize("wanted", ["", "1.2", "0.0", __version__ + "1", __version__[:-2] + "1"])
def test_a_version_that_this_one_is_not_stops_every_door(course, submit, solve, wanted, capsys):
    pin(course, wanted)
    submit("ann", solve())
    said = f"this course is for gradbook {wanted} (c.Gradbook.version in nbgrader_config.py)"
    with pytest.raises(GradbookError, match="install the other one, or change the setting"):
        course.config()
    assert cli.main(["grade", HW01, "--course", str(course.root)]) == 1
    assert said in capsys.readouterr().err
    if wanted == "1.2":
        for command in (["autograde", HW01], ["generate_assignment", HW01, "--force"]):
            done = run("nbgrader", *command, cwd=course.root)
            assert done.returncode == 1 and said in done.stderr and "Traceback" not in done.stderr
    assert not (course.root / "autograded").exists()


def test_each_record_says_which_version_graded(course, submit, solve):
    submit("ann", solve())
    records = []
    grade_class(Assignment(course, HW01), Options(workers=1), records.append)
    assert records[0]["gradbook"] == __version__
