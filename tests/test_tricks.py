"""Wrong code with a trick: it earns what it earns without the trick."""

import copy
import html

import nbformat
import pytest
from conftest import HW01, load, observations

from gradbook.grading.submission import grade_notebook
from gradbook.intake.notebook import read_submission, submission


@pytest.fixture
def score(worker, release, tmp_path):
    """The score of a notebook, given as a NotebookNode or as a plain dict."""
    import json

    def grade(notebook):
        path = tmp_path / "x.ipynb"
        path.write_text(json.dumps(notebook))
        return grade_notebook(read_submission(submission(path)), observations(HW01), release(HW01), worker).score

    return grade


@pytest.fixture
def wrong(solve):
    """A submission with a wrong gradient, worth 16 points."""
    homework = load(HW01)
    return solve(HW01, homework.source_with(next(v for v in homework.chaffs if v.name == "gradient_half")))


def cell_of(notebook, name):
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def test_without_a_trick(score, wrong):
    assert score(wrong) == 16


def test_cells_may_be_missing_doubled_moved_or_retyped(score, solve):
    right = solve()
    for cells in (
        [c for c in right.cells if c.metadata.get("nbgrader", {}).get("solution")],
        list(reversed(right.cells)),
        [*right.cells, *copy.deepcopy(right.cells)],
    ):
        assert score(nbformat.v4.new_notebook(cells=cells)) == 20
    for cell in right.cells:
        cell["cell_type"] = "raw"
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
    assert score(right) == 20


def test_the_first_of_two_solution_cells_counts(score, solve, template):
    notebook = solve()
    double = copy.deepcopy(cell_of(template(HW01), "ShallowNarrowExercise"))
    cell_of(notebook, "ShallowNarrowExercise").source = double.source
    assert score(notebook) == 3


def test_hidden_inputs_do_not_come_back(worker, template, release, tmp_path):
    """Whatever the code does with its inputs, neither outputs nor findings repeat them."""
    spy = """
def loss(y_prediction, y_true):
    print('SEEN', y_prediction)
    import warnings; warnings.warn(f'SEEN {y_prediction}')
    name = 'Seen' + str(y_prediction[0]).replace('.', '_').replace('-', 'm')
    raise type(name, (ValueError,), {})(f'SEEN {y_prediction}')
"""
    notebook = template(HW01)
    cell_of(notebook, "loss").source = spy
    path = tmp_path / "x.ipynb"
    path.write_text(nbformat.writes(notebook))
    graded = grade_notebook(read_submission(submission(path)), observations(HW01), release(HW01), worker)
    cell_of(notebook, "loss").source = ""
    text = html.unescape(nbformat.writes(graded.notebook))
    # The line that raised is shown as the student wrote it; what it saw is not.
    text = text.replace("print('SEEN'", "").replace("f'SEEN {y_prediction}'", "")
    assert "SEEN" not in text
    assert "Seen" not in text.replace("'Seen'", "")


def test_state_from_hidden_calls_does_not_reach_the_published_example(worker, release, solve, tmp_path):
    """The example is run in a process that has seen no hidden input."""
    source = load(HW01).reference.replace("return x * self.w1 * self.w2", "KEPT.append(x)\n        return KEPT[-2]")
    notebook = solve(HW01, source)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("KEPT = [123.0, 123.0]"))
    path = tmp_path / "x.ipynb"
    path.write_text(nbformat.writes(notebook))
    graded = grade_notebook(read_submission(submission(path)), observations(HW01), release(HW01), worker)
    finding = next(f for f in graded.findings if f.name == "forward_value")
    assert finding.outcome != "right"
    assert finding.example["observed"] == "123."
