"""What students get: fresh, complete, and without a word of the solution."""

import filecmp
import re

import pytest
from conftest import HW01, ROOT

from autograder.build import build
from autograder.errors import GradbookError
from autograder.homework import definition, load


def test_committed_files_are_fresh(built, homework_id):
    released = built(homework_id)
    for folder in ("source", "release"):
        for file in (f"{homework_id}.ipynb", "course_helpers.py"):
            name = f"{folder}/{homework_id}/{file}"
            assert filecmp.cmp(ROOT / name, released.root / name, shallow=False), f"{name} is old; run gradbook build"


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
    text = "\n".join(path.read_text() for path in released.release(homework_id).rglob("*") if path.is_file())
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
    lesson = course.source(HW01) / "lesson.md"
    lesson.write_text(lesson.read_text().replace("check: gradient", "check: gradent"))
    with pytest.raises(GradbookError, match="gradent, gradient"):
        build(course, HW01)


def test_lesson_that_asks_for_an_unknown_definition_is_refused(course):
    lesson = course.source(HW01) / "lesson.md"
    lesson.write_text(lesson.read_text().replace("solution: loss", "solution: los"))
    with pytest.raises(GradbookError, match="los"):
        build(course, HW01)
