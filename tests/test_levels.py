"""Both levels of the sandbox give the same grades and show the same.

But for the lines of packages in tracebacks and warnings, of which the second level has no source.
"""

import re
import shutil

import nbformat
import pytest

from gradbook.authoring.samples import sample_class
from gradbook.course.assignment import Assignment
from gradbook.course.folder import Course
from gradbook.grading.execution import Execution
from gradbook.grading.run import Options, grade_class
from gradbook.sandbox.levels import NAMESPACES, TIGHT

SETTING = "\nc.Gradbook.sandbox = {!r}\n"


def graded(root, homework_id, level):
    """Student -> what was recorded of a class at this level, and what the cells show."""
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(SETTING.format(level))
    assignment, records = Assignment(Course.at(root), homework_id), []
    grade_class(assignment, Options(force=True, execution=Execution(figures=True)), records.append)
    assert {record["sandbox"] for record in records} <= {level, ""}
    return {
        record["student"]: (
            {**record, "sandbox": "", "seconds": 0},
            shown(root / "autograded" / record["student"] / homework_id / f"{homework_id}.ipynb"),
        )
        for record in records
    }


def shown(path):
    """What the cells of a graded notebook show, but for addresses in memory."""
    outputs = [output for cell in nbformat.read(path, 4).cells for output in cell.get("outputs", [])]
    for output in outputs:
        output.pop("traceback", None)
        if "text" in output:
            output["text"] = re.sub(r"0x[0-9a-f]+", "0x…", output["text"])
    return [output for output in outputs if output.get("name") != "stderr"]


@pytest.mark.places
def test_both_levels_give_the_same_grades(built, tmp_path, homework_id, depth):
    first, second, students = tmp_path / "first", tmp_path / "second", depth(4, 60)
    shutil.copytree(built(homework_id).root, first)
    sample_class(Assignment(Course.at(first), homework_id), students, seed=23)
    expected = graded(first, homework_id, NAMESPACES)
    # With what is known by now.
    shutil.copytree(first, second)
    found = graded(second, homework_id, TIGHT)
    assert len(found) == students
    for student, outcome in found.items():
        assert outcome == expected[student], student
