"""Hidden checks, known mistakes and solutions reach neither what students get nor where their code runs."""

import shutil

import nbformat
import pytest
from conftest import HOMEWORKS, HW01, ROOT, handed_in, ids, load, new_course
from lessons import lesson

from gradbook.authoring.build import build
from gradbook.course.assignment import Assignment
from gradbook.errors import GradbookError
from gradbook.grading.run import Options, grade_class

LOOK = '''
import os


def look():
    """What can be found of the grader and the course, by name and by import."""
    found = []
    for name in ("gradbook", "autograder", "solutions", "solutions.HOMEWORK", "checks", "mistakes", "HOMEWORK"):
        try:
            found.append(__import__(name))
        except ImportError:
            pass
    for folder, folders, files in os.walk("/"):
        folders[:] = [f for f in folders if folder != "/" or f not in ("usr", "lib", "lib64", "bin", "proc", "sys")]
        names = {*files, *folders} & {"checks.py", "mistakes.py", "HOMEWORK.py", "gradebook.db", "autograder"}
        found += [os.path.join(folder, name) for name in names if "/site/" not in folder + "/"]
    return found


# A build runs this file, too, where all there is may be found, and is much.
FOUND = [] if "GRADBOOK_TEST_BUILDS" in os.environ else look()
'''.replace("HOMEWORK", HW01)


def hidden_lines(homework_id):
    """The lines of checks and mistakes that say something, and the names of both."""
    files = HOMEWORKS.files(homework_id)
    texts = [content.decode() for place, content in files.items() if place.startswith("autograder/")]
    lines = {line.strip() for text in texts for line in text.split("\n")}
    helpers = (ROOT / "source" / "course_helpers.py").read_text()
    homework = load(homework_id)
    published = "\n".join([helpers, homework.reference, *homework.examples.values()])
    lesson = (ROOT / "source" / homework_id / "lesson.md").read_text()
    return {line for line in lines if len(line) > 30 and line not in published and line not in lesson}


def test_no_line_of_checks_and_mistakes_is_released(built, homework_id):
    lines = hidden_lines(homework_id)
    assert len(lines) > 50
    for path in Assignment(built(homework_id), homework_id).release.rglob("*"):
        # Data is bytes, in which a line of code would be seen as well.
        text = path.read_text(errors="replace").replace('\\"', '"')
        assert [line for line in lines if line in text] == []
        assert "autograder" not in text and "mistakes.py" not in text


@pytest.mark.parametrize("place", ["checks.py", "mistakes.py", "solution"])
@pytest.mark.parametrize("how", ["copied", "linked", "in a folder"])
def test_a_hidden_file_in_a_source_folder_is_not_released(course, place, how):
    hidden = course.root / (f"solutions/{HW01}.py" if place == "solution" else f"autograder/{HW01}/{place}")
    before = {path.name: path.read_bytes() for path in Assignment(course, HW01).release.iterdir()}
    target = Assignment(course, HW01).source / ("notes/more.py" if how == "in a folder" else "data.txt")
    target.parent.mkdir(exist_ok=True)
    target.symlink_to(hidden) if how == "linked" else shutil.copy(hidden, target)
    with pytest.raises(GradbookError, match=r"(more\.py|data\.txt) is .*, which students must not have"):
        build(Assignment(course, HW01))
    assert {path.name: path.read_bytes() for path in Assignment(course, HW01).release.iterdir()} == before


@pytest.mark.parametrize("place", [f"autograder/{HW01}/a.npy", f"autograder/{HW01}/data/b.csv", "solutions/c.bin"])
def test_hidden_data_in_a_source_folder_are_not_released(course, place):
    hidden = course.root / place
    hidden.parent.mkdir(exist_ok=True)
    hidden.write_bytes(b"1.5\n")
    shutil.copy(hidden, Assignment(course, HW01).source / "data.txt")
    with pytest.raises(GradbookError, match=rf"data\.txt is {place}, which students must not have"):
        build(Assignment(course, HW01))
    assert not (Assignment(course, HW01).release / "data.txt").exists()


def test_empty_files_are_not_secret(course):
    for place in (course.root / "autograder" / HW01 / "__init__.py", Assignment(course, HW01).source / "empty.txt"):
        place.touch()
    build(Assignment(course, HW01))
    assert (Assignment(course, HW01).release / "empty.txt").is_file()


@pytest.mark.parametrize("line", ["from solutions import x", "import gradbook.homework", "from autograder.a import b"])
def test_a_helper_file_or_a_lesson_that_imports_what_is_hidden_is_refused(course, line):
    helpers, lesson = course.root / "source" / "course_helpers.py", Assignment(course, HW01).source / "lesson.md"
    before = helpers.read_text()
    head = "def check_close(call, returned, expected, rtol=1e-6, atol=1e-12, hints=()):\n"
    assert head in before
    helpers.write_text(before.replace(head, f"def f():\n    {line}\n\n\n{head}    f()\n"))
    with pytest.raises(GradbookError, match=r"course_helpers.py imports \w+, which students do not have"):
        build(Assignment(course, HW01))
    helpers.write_text(before)
    text = lesson.read_text()
    lesson.write_text(f"{text}\n```{{code-cell}} ipython3\n---\ndemo: leak\n---\n{line}\n```\n")
    with pytest.raises(GradbookError, match=rf"{HW01}.ipynb imports \w+, which students do not have"):
        build(Assignment(course, HW01), regrade=True)
    lesson.write_text(text)
    assert build(Assignment(course, HW01)).is_file()


@pytest.mark.parametrize("named", ["Check", "gradient_trajectory", "checks.gradient", "np"])
def test_a_lesson_gives_out_definitions_of_the_reference_only(course, named):
    lesson = Assignment(course, HW01).source / "lesson.md"
    lesson.write_text(f"{lesson.read_text()}\n```{{code-cell}} ipython3\n---\ngiven: {named}\n---\n```\n")
    with pytest.raises(GradbookError, match=named):
        build(Assignment(course, HW01))


def test_a_lesson_cannot_give_out_a_solution(course):
    lesson = Assignment(course, HW01).source / "lesson.md"
    lesson.write_text(lesson.read_text().replace("solution: loss", "given: loss"))
    before = Assignment(course, HW01).release_notebook.read_bytes()
    with pytest.raises(GradbookError):
        build(Assignment(course, HW01), regrade=True)
    assert Assignment(course, HW01).release_notebook.read_bytes() == before


def test_neither_a_helper_file_nor_a_submission_finds_them_in_the_sandbox(tmp_path, solve, template, monkeypatch):
    """The helper file is imported by the process that all submissions are forked from."""
    course = new_course(tmp_path)
    with open(course.root / "source" / "course_helpers.py", "a") as file:
        file.write(LOOK)
    lesson(course, lambda text: text + "\nWhat `look()` found stands in `FOUND`.\n")
    with monkeypatch.context() as building:
        building.setenv("GRADBOOK_TEST_BUILDS", "1")
        build(Assignment(course, HW01))
    notebook = solve()
    looks = "import course_helpers\nprint('found', [*course_helpers.FOUND, *course_helpers.look()])"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(looks))
    folder = handed_in(course, "ann").folder
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{HW01}.ipynb")
    records = []
    grade_class(Assignment(course, HW01), Options(workers=1), records.append)
    assert records[0]["score"] == 20
    graded = nbformat.read(handed_in(course, "ann").autograded, as_version=4)
    assert graded.cells[0].outputs[0]["text"] == "found []\n"


def test_only_files_for_students_are_given_to_the_sandbox(built, homework_id):
    data = {path.name for path in (ROOT / "source").glob("*.npz")}
    assert set(Assignment(built(homework_id), homework_id).helper_files) - data == {"course_helpers.py"}
    assert len(ids()) > 1
