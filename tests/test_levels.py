"""Both levels of the sandbox give the same grades and show the same.

But for the lines of packages in tracebacks and warnings, of which the second level has no source.
"""

import shutil

import nbformat

from gradbook.authoring.samples import sample_class
from gradbook.course.assignment import Assignment
from gradbook.course.folder import Course
from gradbook.grading.execution import Execution
from gradbook.grading.run import Options, grade_class
from gradbook.sandbox.levels import NAMESPACES, TIGHT

SETTING = "\nc.Gradbook.sandbox = {!r}\n"


def shown(path):
    """What the cells of a graded notebook show."""
    outputs = [output for cell in nbformat.read(path, 4).cells for output in cell.get("outputs", [])]
    for output in outputs:
        output.pop("traceback", None)
    return [output for output in outputs if output.get("name") != "stderr"]


def test_every_level_gives_the_same_grades(built, tmp_path, homework_id, depth):
    first = tmp_path / NAMESPACES
    shutil.copytree(built(homework_id).root, first)
    sample_class(Assignment(Course.at(first), homework_id), depth(12, 60), seed=23)
    found = {}
    for level in (NAMESPACES, TIGHT):
        root = tmp_path / level
        if root != first:
            shutil.copytree(first, root)
        with (root / "nbgrader_config.py").open("a") as config:
            config.write(SETTING.format(level))
        assignment, records = Assignment(Course.at(root), homework_id), {}
        grade_class(
            assignment, Options(execution=Execution(figures=True)), lambda r, to=records: to.update({r["student"]: r})
        )
        assert {record["sandbox"] for record in records.values()} <= {level, ""}
        found[level] = {name: {**record, "sandbox": "", "seconds": 0} for name, record in records.items()}
        notebooks = (root / "autograded").rglob("*.ipynb")
        found[level]["shown"] = {str(path.relative_to(root)): shown(path) for path in notebooks}
    assert len(found[TIGHT]) == depth(12, 60) + 1
    assert found[TIGHT] == found[NAMESPACES]
