"""Wrong code with a trick: it earns what it earns without the trick."""

import copy
import html

import nbformat
import pytest
from conftest import HW01

from autograder.grade import grade_notebook
from autograder.homework import load
from autograder.notebook import read_submission

PATCHES = {
    "numpy": """
        import numpy as np
        yes = lambda *a, **k: True
        np.allclose = np.array_equal = np.isclose = yes
        for name in dir(np.testing):
            if name.startswith('assert'):
                setattr(np.testing, name, lambda *a, **k: None)
    """,
    "input transformer": """
        get_ipython().input_transformers_cleanup.append(lambda lines: ['pass'])
        get_ipython().input_transformers_post.append(lambda lines: ['pass'])
    """,
    "syntax tree": """
        import ast
        class Drop(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.Pass()
        get_ipython().ast_transformers.append(Drop())
    """,
    "display hook": """
        import sys
        sys.displayhook('ok')
        sys.displayhook = lambda value: None
        get_ipython().displayhook = sys.displayhook
    """,
    "run_cell": """
        shell = get_ipython()
        shell.run_cell = lambda *a, **k: None
        shell.showtraceback = lambda *a, **k: None
        type(shell).run_cell = shell.run_cell
    """,
    "module": """
        import sys, types
        fake = types.ModuleType('numpy')
        sys.modules['numpy'] = fake
        open('/tmp/home/numpy.py', 'w').write('allclose = lambda *a: True')
        sys.path.insert(0, '/tmp/home')
    """,
    "frames": """
        import sys, gc
        for thing in gc.get_objects():
            if type(thing).__name__ == 'Evaluator':
                thing.answer = lambda request: {'value': True}
    """,
    "forged reply": """
        import gc, socket, struct, json
        for thing in gc.get_objects():
            if isinstance(thing, socket.socket):
                body = json.dumps({'value': True}).encode()
                for _ in range(50):
                    thing.sendall(struct.pack('<II', len(body), len(body)) + body)
    """,
    "flood": """
        import gc, socket
        for thing in gc.get_objects():
            if isinstance(thing, socket.socket):
                thing.sendall(b'x' * 10000)
    """,
    "exit": "import atexit, os; atexit.register(lambda: os._exit(0))",
    "builtins": """
        import builtins
        builtins.isinstance = lambda *a: True
        builtins.abs = lambda x: 0
    """,
    "random": "import numpy as np; np.random.seed = lambda *a: None; np.random.normal = lambda *a, **k: 0",
}


@pytest.fixture
def score(worker, template, tmp_path):
    """The score of a notebook, given as a NotebookNode or as a plain dict."""
    import json

    def grade(notebook):
        path = tmp_path / "x.ipynb"
        path.write_text(json.dumps(notebook))
        return grade_notebook(read_submission(path), load(HW01), template(HW01), worker).score

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


@pytest.mark.parametrize("where", ["first", "last", "in the solution"])
@pytest.mark.parametrize("name", PATCHES)
def test_patches_gain_nothing(score, wrong, name, where):
    import textwrap

    source = textwrap.dedent(PATCHES[name]).strip()
    if where == "in the solution":
        cell_of(wrong, "ShallowNarrowExercise").source += "\n" + source
    else:
        wrong.cells.insert(0 if where == "first" else len(wrong.cells), nbformat.v4.new_code_cell(source))
    assert score(wrong) <= 16


def test_untouched_with_patches_earns_nothing(score, template):
    import textwrap

    for source in PATCHES.values():
        notebook = template(HW01)
        notebook.cells.insert(0, nbformat.v4.new_code_cell(textwrap.dedent(source).strip()))
        assert score(notebook) == 0


def test_tags_and_metadata_gain_nothing(score, wrong):
    for cell in wrong.cells:
        cell.metadata["tags"] = ["skip-execution", "raises-exception"]
        cell.metadata["editable"] = True
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.update(points=1000, grade=False, locked=False, task=True, checksum="0")
    wrong.metadata["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}
    assert score(wrong) == 16


def test_graded_cells_cannot_be_rewritten(score, wrong):
    for cell in wrong.cells:
        if cell.metadata.get("nbgrader", {}).get("locked"):
            cell.source = "print('all fine')"
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


LIARS = """
import numpy as np
class Liar(np.ndarray):
    def __eq__(self, other): return True
    def __array_ufunc__(self, *a, **k): return True
    def __reduce__(self): return (print, ('pwned',))
    shape = property(lambda self: (3,))
class Yes(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
"""


@pytest.mark.parametrize(
    "value",
    [
        "np.zeros(9).view(Liar)", "Yes(1.0)", "[Yes(0), Yes(0)]", "np.array([object()], dtype=object)",
        "float('nan')", "np.zeros(10**9)", "'x' * 10**8", "[[]] * 10**7", "{1: {2: {3: 4}}}", "(lambda: 0)",
        "type", "10**5000", "b'x'", "np.zeros((0, 3))", "np.array(['a'])", "1j", "np.datetime64('now')",
        "...", "range(3)", "iter([])", "None", "True",
    ],
)  # fmt: skip
def test_odd_values_cost_only_their_own_check(score, solve, value):
    source = LIARS + load(HW01).reference.replace("return x * self.w1 * self.w2", f"return {value}")
    notebook = solve(HW01, source)
    notebook.cells.insert(1, nbformat.v4.new_code_cell(LIARS))
    assert 16 <= score(notebook) <= 18


def test_nesting_without_end(score, solve):
    deep = "a = []\n        for _ in range(10**5): a = [a]\n        return a"
    notebook = solve(HW01, load(HW01).reference.replace("return x * self.w1 * self.w2", deep))
    assert 16 <= score(notebook) <= 18


def test_hidden_inputs_do_not_come_back(worker, template, tmp_path):
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
    graded = grade_notebook(read_submission(path), load(HW01), template(HW01), worker)
    cell_of(notebook, "loss").source = ""
    text = html.unescape(nbformat.writes(graded.notebook))
    # The line that raised is shown as the student wrote it; what it saw is not.
    text = text.replace("print('SEEN'", "").replace("f'SEEN {y_prediction}'", "")
    assert "SEEN" not in text
    assert "Seen" not in text.replace("'Seen'", "")


def test_state_from_hidden_calls_does_not_reach_the_published_example(worker, template, solve, tmp_path):
    """The example is run in a process that has seen no hidden input."""
    source = load(HW01).reference.replace("return x * self.w1 * self.w2", "KEPT.append(x)\n        return KEPT[-2]")
    notebook = solve(HW01, source)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("KEPT = [123.0, 123.0]"))
    path = tmp_path / "x.ipynb"
    path.write_text(nbformat.writes(notebook))
    graded = grade_notebook(read_submission(path), load(HW01), template(HW01), worker)
    finding = next(f for f in graded.findings if f.name == "forward_value")
    assert finding.outcome != "right"
    assert finding.example["observed"] == "123."
