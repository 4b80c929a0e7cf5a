"""The examples in findings: read from the public checks."""

import json
import shutil

import pytest
from conftest import HW01, ROOT, load, new_course, observations

from gradbook.authoring.examples import require_examples
from gradbook.errors import GradbookError
from gradbook.homework.examples import example, examples_of, tasks_with_examples
from gradbook.judging.examples import examples
from gradbook.judging.local import right

CHECKS = {
    "one line": ('helpers.check_close("f(1)", f(1), 2)\nhelpers.check_close("f(2)", 0, f(2), rtol=1)', "f(1), 0"),
    "what comes before": (
        "net = Net([1.0])\n@named\nclass A:\n    x = 1\n\n    y = 2\n\nnet.add(A)  # once\nh.check_close(0, net.w, 1)",
        "net = Net([1.0])\n@named\nclass A:\n    x = 1\n\n    y = 2\nnet.add(A)  # once\nnet.w",
    ),
    "without asserts": (
        "y = f()\nassert y\ncheck_close('y', y, 1)\nassert z\ncheck_close('z', z, 1)\nrest()",
        "y = f()\ny, z",
    ),
    "on several lines": ("h.check_close(\n    'f',\n    f(\n        1.0,\n        2,\n    ),\n    3,\n)", "f(1.0, 2)"),
    "a tuple": ("h.check_close('f', (a, b), 3)", "(a, b)"),
    "a magic": ("%time x = 1\nh.check_close('x', x, 1)", "%time x = 1\nx"),
    "only in a loop": ("for x in 1, 2:\n    h.check_close('x', x, 1)", ""),
    "inside of checking": (
        "x = [1]\nwith h.checking('f', x=x):\n    y = f(\n        x\n    )\n\n    h.check_close('f', y, 2)\n    rest()",
        "x = [1]\ny = f(\n    x\n)\ny",
    ),
    "several checkings": (
        "with checking('f'):\n    y = f()\nz = 1\nwith checking('f', z=z):\n    assert y\n    check_close('y', y, 1)",
        "y = f()\nz = 1\ny",
    ),
    "inside of another with": ("with np.errstate(all='raise'):\n    h.check_close('f', f(), 2)", ""),
    "none": ("assert f() > 1", ""),
    "no comparison": ("h.check_close('x')\nx = h.check_close('x', x, 1)", ""),
    "no Python": ("def f(:", ""),
}


@pytest.mark.parametrize("name", CHECKS)
def test_an_example_is_what_the_check_does_and_compares(name):
    check, expected = CHECKS[name]
    assert example(check) == expected


def test_each_function_that_students_write_has_one_in_the_first_task_about_it(homework_id):
    homework = load(homework_id)
    assert list(homework.examples) == list(tasks_with_examples(homework))
    asked = [check.covers for check in homework.checks if check.task in homework.examples]
    written = {check.covers for check in homework.checks if not homework.is_given(check.covers)}
    questions = {name for name in written if f"def {name}()" in homework.reference}
    assert set(asked) >= written - questions
    assert not questions & set(asked)


def test_an_example_is_the_same_on_the_reference_as_on_a_right_submission(homework_id):
    known = observations(homework_id)
    found = examples(known, right(known.homework))
    assert list(found) == list(known.homework.examples)
    for each in found.values():
        assert each["observed"] == each["expected"]
        assert "something else" not in each["expected"]
        assert len(each["source"].split("\n")) < 12


def test_the_released_check_counts_and_nothing_before_there_is_one(tmp_path):
    course = new_course(tmp_path)
    assert course.homeworks.load(HW01).examples == {}
    release = ROOT / "release" / HW01 / f"{HW01}.ipynb"
    shutil.copytree(release.parent, tmp_path / "release" / HW01)
    assert course.homeworks.load(HW01).examples == load(HW01).examples
    changed = release.read_text().replace("y_true = np.array([1.0, 2.0, 4.0])", "y_true = np.array([8.0, 2.0, 4.0])")
    (tmp_path / "release" / HW01 / release.name).write_text(changed)
    assert "8.0" in course.homeworks.load(HW01).examples["loss"]


@pytest.mark.parametrize("content", [b"", b"no notebook", b"[]", b'{"cells": [1]}', b'{"cells": [{"source": "x"}]}'])
def test_what_is_no_notebook_holds_none(content):
    assert examples_of(load(HW01), content) == {}


def test_a_release_that_lacks_a_check_lacks_its_example():
    notebook = json.loads((ROOT / "release" / HW01 / f"{HW01}.ipynb").read_bytes())
    kept = [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") != "check_loss"]
    found = examples_of(load(HW01), json.dumps({"cells": kept}).encode())
    assert found == {task: text for task, text in load(HW01).examples.items() if task != "loss"}


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("assert loss(1, 1) == 0", "check cell of loss shows no example"),
        ("y = helpers.data()\nhelpers.check_close('loss', loss(y, y), 0)", "NameError: name 'helpers' is not defined"),
        ("helpers.check_close('loss', loss(x_train, y_train), 0)", "NameError: name 'x_train' is not defined"),
    ],
)
def test_a_check_without_an_example_that_runs_by_itself_is_not_built(check, said):
    released = json.loads((ROOT / "release" / HW01 / f"{HW01}.ipynb").read_bytes())["cells"]
    sources = {c["metadata"].get("nbgrader", {}).get("grade_id", ""): "".join(c["source"]) for c in released}
    checks = {name.removeprefix("check_"): source for name, source in sources.items()}
    require_examples(load(HW01), checks)
    with pytest.raises(GradbookError, match=said):
        require_examples(load(HW01), checks | {"loss": check})
