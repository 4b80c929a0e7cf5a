"""What students get: fresh, complete, and without a word of the solution."""

import filecmp
import re
import tomllib

import pytest
from conftest import HW01, ROOT, load, run

from gradbook.authoring.build import build
from gradbook.course.assignment import Assignment
from gradbook.errors import GradbookError
from gradbook.homework.source import definition


def drawn(homework_id):
    """The names of the pictures that a lesson shows; that of the site's start page is not handed out."""
    return {path.name for path in (ROOT / "source" / homework_id).glob("*.svg")} - {"picture.svg"}


def data(homework_id):
    """The names of the course's data that a lesson's helpers or cells read."""
    folder = ROOT / "release" / homework_id
    text = (folder / "course_helpers.py").read_text() + (folder / f"{homework_id}.ipynb").read_text()
    return {path.name for path in (ROOT / "source").glob("*.npz") if path.name in text}


def test_committed_files_are_fresh(built, homework_id):
    released = built(homework_id)
    for folder in ("source", "release"):
        given = sorted(drawn(homework_id) | data(homework_id))
        for file in (f"{homework_id}.ipynb", "course_helpers.py", "requirements.txt", "README.md", *given):
            name = f"{folder}/{homework_id}/{file}"
            assert filecmp.cmp(ROOT / name, released.root / name, shallow=False), f"{name} is old; run gradbook build"


def test_a_release_works_by_itself(built, homework_id):
    folder, homework = Assignment(built(homework_id), homework_id).release, load(homework_id)
    drawings = drawn(homework_id)
    assert {p.name for p in folder.iterdir()} == {
        f"{homework_id}.ipynb",
        "course_helpers.py",
        "requirements.txt",
        "README.md",
        *drawings,
        *data(homework_id),
    }
    shown = re.findall(r"!\[[^\]]+\]\(([\w.]+)\)", (folder / f"{homework_id}.ipynb").read_text())
    assert set(shown) == drawings
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    core, extra = (folder / "requirements.txt").read_text().split("\n")[:2], homework.distributions
    assert set(core) <= set(project)
    assert (folder / "requirements.txt").read_text() == "\n".join([*core, *extra]) + "\n"
    readme = (folder / "README.md").read_text()
    assert readme.split("\n")[0] in (ROOT / "source" / homework_id / "lesson.md").read_text().split("\n")
    assert "| all | 20 |" in readme
    for task, points in homework.points.items():
        assert f"| {task} | {points:g} |" in readme


def test_a_release_asks_no_more_than_any_front_end_has(template, homework_id):
    """Plain Python in plain cells, with ids and a kernel that every installation of Jupyter and VS Code has."""
    notebook = template(homework_id)
    assert (notebook.nbformat, notebook.nbformat_minor) >= (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.language_info.name == "python"
    assert {cell.cell_type for cell in notebook.cells} == {"markdown", "code"}
    for cell in notebook.cells:
        assert not cell.get("attachments")
        if cell.cell_type == "code":
            compile(cell.source, "cell", "exec")
            assert "ipywidgets" not in cell.source


def test_points(template, homework_id):
    points = {}
    for cell in template(homework_id).cells:
        metadata = cell.metadata.get("nbgrader", {})
        if metadata.get("grade"):
            points[metadata["grade_id"]] = metadata["points"]
    assert sum(points.values()) == 20
    assert 0 < points["check_convergence"] <= 4


def test_every_stub_raises_with_its_own_name(template, homework_id):
    reference = load(homework_id).reference
    marked = reference.count("### BEGIN SOLUTION")
    solution_cells = [c.source for c in template(homework_id).cells if c.metadata.get("nbgrader", {}).get("solution")]
    names = re.findall(r'raise NotImplementedError\("([\w.]+)"\)', "\n".join(solution_cells))
    assert len(names) == len(set(names)) == marked
    for name in names:
        definition(reference, name)


def test_no_solution_and_no_hidden_name_in_the_release(template, built, homework_id):
    homework, released = load(homework_id), built(homework_id)
    files = [path for path in Assignment(released, homework_id).release.rglob("*") if path.is_file()]
    text = "\n".join(path.read_text() for path in files if path.name not in data(homework_id))
    assert "SOLUTION" not in text
    assert "HIDDEN" not in text
    assert "graded by:" not in text
    assert str(ROOT) not in text
    given = "\n".join(c.source for c in template(homework_id).cells)
    for region in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", homework.reference, re.S):
        body = "\n".join(line.strip() for line in region.strip().split("\n"))
        if len(body) > 25:
            assert body not in "\n".join(line.strip() for line in given.split("\n"))


def test_each_cell_has_an_id_and_no_output(template, homework_id):
    cells = template(homework_id).cells
    assert len({cell.id for cell in cells}) == len(cells)
    assert not any(cell.get("outputs") for cell in cells)


def test_lesson_that_lacks_a_task_is_refused(course):
    lesson = Assignment(course, HW01).source / "lesson.md"
    lesson.write_text(lesson.read_text().replace("check: gradient", "check: gradent"))
    with pytest.raises(GradbookError, match="gradent, gradient"):
        build(Assignment(course, HW01))


def test_lesson_that_asks_for_an_unknown_definition_is_refused(course):
    lesson = Assignment(course, HW01).source / "lesson.md"
    lesson.write_text(lesson.read_text().replace("solution: loss", "solution: los"))
    with pytest.raises(GradbookError, match="los"):
        build(Assignment(course, HW01))


def validated(folder):
    """What nbgrader's Validate says about the notebook in a folder."""
    done = run("nbgrader", "validate", f"{HW01}.ipynb", cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_validate_says_which_function_is_not_written(handed_out, template):
    words = validated(handed_out(template(HW01)))
    assert "VALIDATION FAILED ON 5 CELL(S)" in words
    for name in ("loss", "ShallowNarrowExercise.forward", "ShallowNarrowExercise.dloss_dw"):
        assert f"Not right yet: {name} still raises NotImplementedError.\n" in words


def test_validate_says_what_is_wrong(handed_out, solve):
    homework = load(HW01)
    wrong = homework.source_with(next(v for v in homework.chaffs if v.name == "gradient_half"))
    words = validated(handed_out(solve(HW01, wrong)))
    assert "VALIDATION FAILED ON 3 CELL(S)" in words
    assert "Not right yet: dloss_dw([1, 3, -1], [1, 0, 0]) with w1 = 2, w2 = 1\n" in words
    assert "Your result is 2 times too small in every entry; it should be that times 2." in words
    assert re.search(r"\[1\] +14 != +28\n", words)
    assert "course_helpers.py" not in words


def test_validate_says_that_all_is_right(handed_out, solve):
    assert validated(handed_out(solve())) == "Success! Your notebook passes all the tests.\n"
