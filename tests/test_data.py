"""Data of a course: it stands once in source/, and beside each notebook that names it, also where that is graded."""

import json
import shutil

import nbformat
import numpy as np
import pytest
from conftest import HW01, ROOT, handed_in, load, run
from lessons import lesson, released_files
from red_team import documents
from systems import MACOS, environment

from gradbook.authoring.build import build
from gradbook.authoring.samples import solved
from gradbook.course.assignment import Assignment
from gradbook.course.folder import DATA, HELPERS
from gradbook.grading.run import Options, grade_class

POINTS = np.array([1.0, 2.0, 3.0])
LOADER = """

def load_points():
    with np.load("points.npz") as data:
        return data["points"]
"""
CELL = "\n```{code-cell} ipython3\n---\ngiven: points\n---\npoints = helpers.load_points()\n```\n"
USING = """
right = ShallowNarrowExercise.forward
ShallowNarrowExercise.forward = lambda self, x: right(self, x) * sum(points) / 6
open("points.npz", "wb").close()
"""
CHECK = "```{code-cell} ipython3\n---\ncheck: forward\n---\n"


@pytest.fixture
def with_data(course):
    """A course with two files of data, of which hw01 names one, in its helper and in a given cell."""
    sources = course.root / "source"
    np.savez(sources / "points.npz", points=POINTS)
    (sources / "others.csv").write_text("1,2\n")
    (sources / HELPERS).write_text((sources / HELPERS).read_text() + LOADER)
    lesson(course, lambda text: text + CELL)
    return course


def test_it_goes_along_where_it_is_named(with_data):
    build(Assignment(with_data, HW01), one_file=True)
    files = released_files(with_data)
    assert files["points.npz"] == (with_data.root / "source" / "points.npz").read_bytes()
    assert [name for name in files if name.endswith(DATA)] == ["points.npz"]


def test_a_public_check_may_read_it(with_data):
    lesson(with_data, lambda text: text.replace(CHECK, CHECK + "assert sum(helpers.load_points()) == 6\n"))
    build(Assignment(with_data, HW01))


def test_a_notebook_may_name_it_by_itself(course):
    (course.root / "source" / "a.csv").write_text("1,2\n")
    lesson(course, lambda text: text + CELL.replace("helpers.load_points()", 'np.loadtxt("a.csv", delimiter=",") * 2'))
    build(Assignment(course, HW01))
    assert released_files(course)["a.csv"] == b"1,2\n"


@pytest.mark.own_sandbox
@pytest.mark.parametrize("level", ["namespaces", "tight"])
def test_it_is_there_where_submissions_are_graded(with_data, level):
    assignment = Assignment(with_data, HW01)
    build(assignment)
    config = with_data.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f"\nc.Gradbook.sandbox = {level!r}\n")
    notebook = nbformat.read(assignment.release_notebook, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(USING))
    for student in ("ann", "bob"):  # one after the other: what the first does to its copy is no matter of the second's
        folder = handed_in(with_data, student).folder
        folder.mkdir(parents=True)
        nbformat.write(solved(notebook, load(HW01).reference), folder / f"{HW01}.ipynb")
    grade_class(assignment, Options(workers=1))
    assert [(d["score"], d["sandbox"]) for d in documents(with_data, HW01).values()] == [(20, level)] * 2


def test_it_is_there_where_a_file_is_checked_without_a_sandbox(with_data, tmp_path):
    assignment, path = Assignment(with_data, HW01), tmp_path / f"{HW01}.ipynb"
    build(assignment)
    notebook = nbformat.read(assignment.release_notebook, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(USING))
    nbformat.write(solved(notebook, load(HW01).reference), path)
    done = run("gradbook", "check", path, "--course", with_data.root, "--json", env=environment(MACOS, tmp_path))
    record = json.loads(done.stdout)
    assert (record["score"], record["sandbox"]) == (20, "none")


def test_the_one_file_brings_it_along(with_data, tmp_path, monkeypatch):
    assignment = Assignment(with_data, HW01)
    build(assignment, one_file=True)
    monkeypatch.chdir(tmp_path)
    exec(nbformat.read(assignment.one_file, as_version=4).cells[0].source, {})
    assert (tmp_path / "points.npz").read_bytes() == (with_data.root / "source" / "points.npz").read_bytes()


def test_the_digits_are_the_ones_that_are_known(tmp_path, monkeypatch):
    """1,797 of them, as many of each digit as scikit-learn's documentation has, the first one a 0."""
    shutil.copy(ROOT / "source" / "digits.npz", tmp_path)
    monkeypatch.chdir(tmp_path)
    names = {}
    exec((ROOT / "source" / HELPERS).read_text(), names)
    images, labels = names["load_digits"]()
    assert images.shape == (1797, 8, 8) and labels.shape == (1797,)
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (images.min(), images.max(), labels.dtype.kind) == (0, 1, "i")
    assert (16 * images[0, 0]).tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    with np.load("digits.npz") as data:
        assert "CC BY 4.0" in str(data["source"]) and "Alpaydin" in str(data["source"])
