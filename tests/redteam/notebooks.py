"""Edits of a notebook: each function changes a NotebookNode of wrong code, and must not gain a point by it."""

import copy

import nbformat


def _nbgrader(notebook):
    return [c for c in notebook.cells if "nbgrader" in c.metadata]


def skip_tags(notebook):
    for cell in notebook.cells:
        cell.metadata["tags"] = ["skip-execution", "raises-exception", "remove-cell", "parameters"]


def other_points(notebook):
    for cell in _nbgrader(notebook):
        cell.metadata.nbgrader.update(points=1000, checksum="0")


def negative_points(notebook):
    for cell in _nbgrader(notebook):
        cell.metadata.nbgrader.update(points=-1e300)


def not_graded(notebook):
    for cell in _nbgrader(notebook):
        cell.metadata.nbgrader.update(grade=False, locked=False, solution=False, task=True)


def all_solutions(notebook):
    for cell in _nbgrader(notebook):
        cell.metadata.nbgrader.update(grade=True, locked=False, solution=True)


def other_names(notebook):
    for number, cell in enumerate(_nbgrader(notebook)):
        cell.metadata.nbgrader["grade_id"] = f"../../{number}"


def names_of_each_other(notebook):
    cells = _nbgrader(notebook)
    names = [c.metadata.nbgrader.grade_id for c in cells]
    for cell, name in zip(cells, reversed(names), strict=True):
        cell.metadata.nbgrader["grade_id"] = name


def names_of_no_kind(notebook):
    for cell, name in zip(_nbgrader(notebook), ([], {}, None, 5, True, "\ud800", "x" * 10**6), strict=False):
        cell.metadata.nbgrader["grade_id"] = name


def no_schema(notebook):
    for cell in _nbgrader(notebook):
        cell.metadata.nbgrader.pop("schema_version")


def schema_of_the_future(notebook):
    for cell in _nbgrader(notebook):
        cell.metadata.nbgrader["schema_version"] = 99


def another_kernel(notebook):
    notebook.metadata["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}
    notebook.metadata["language_info"] = {"name": "../../etc/passwd"}


def graded_cells_rewritten(notebook):
    for cell in _nbgrader(notebook):
        if cell.metadata.nbgrader.get("locked"):
            cell.source = "20.0"


def graded_cells_gone(notebook):
    notebook.cells = [c for c in notebook.cells if not c.metadata.get("nbgrader", {}).get("locked")]


def all_twice(notebook):
    notebook.cells += copy.deepcopy(notebook.cells)


def backwards(notebook):
    notebook.cells.reverse()


def retyped(notebook):
    for number, cell in enumerate(notebook.cells):
        cell.cell_type = ("raw", "markdown", "code", "heading", 5)[number % 5]
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def outputs_of_full_marks(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            data = {"text/plain": "4.0", "text/html": "<script>alert(1)</script>"}
            cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=1)] * 50


def grader_s_own_metadata(notebook):
    notebook.metadata["gradbook"] = {"problem": "", "hints": {}, "score": 20}
    for cell in notebook.cells:
        cell.metadata["gradbook"] = {"score": 20, "findings": []}


def scripts_in_names(notebook):
    for cell in notebook.cells:
        cell["id"] = "<script>alert(1)</script>"
        cell.metadata["name"] = "'); DROP TABLE grade; --"


def attachments(notebook):
    cell = nbformat.v4.new_markdown_cell("![x](attachment:x.svg)")
    cell["attachments"] = {"x.svg": {"image/svg+xml": "<svg onload=alert(1)></svg>"}}
    notebook.cells.insert(0, cell)


def widgets(notebook):
    state = {"model_module": "http://192.0.2.1/x.js", "model_name": "X", "state": {}}
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"x": state}}}


def thousand_cells(notebook):
    notebook.cells[:0] = [nbformat.v4.new_code_cell("1") for _ in range(900)]


def a_cell_of_a_megabyte(notebook):
    notebook.cells.insert(0, nbformat.v4.new_code_cell("x = 1\n" * 170_000))


def cells_that_are_no_cells(notebook):
    notebook.cells[3:3] = [None, 5, "x", [], {}, {"cell_type": []}, {"source": {"a": 1}}, {"metadata": 5}]


def hidden_tests_marked(notebook):
    marks = "### BEGIN HIDDEN TESTS\nraise SystemExit\n### END HIDDEN TESTS\n### BEGIN SOLUTION\n### END SOLUTION\n"
    for cell in notebook.cells:
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = marks + cell.source


LOOK = """
import glob, threading, time
print([open(path).read() for path in glob.glob("/tmp/home/seen*") + glob.glob("/dev/shm/*")])
SEEN = []
def tell():
    while True:
        time.sleep(0.01)
        print(SEEN[-3:])
threading.Thread(target=tell, daemon=True).start()
"""
SPY = """
_right = loss
def loss(y_prediction, y_true):
    import IPython.display, os, sys, warnings
    SEEN.append((y_prediction, y_true))
    for path in ("/tmp/home/seen", "/dev/shm/seen"):
        open(path, "a").write(repr(SEEN))
    print(SEEN), print(SEEN, file=sys.__stdout__), warnings.warn(repr(SEEN)), IPython.display.display(SEEN)
    loss.__doc__ = repr(SEEN)
    if len(SEEN) == 5:
        os._exit(0)
    return _right(y_prediction, y_true)
"""


def spies(notebook):
    """It shows, keeps and passes on what its functions are called with, and makes its cells run again."""
    notebook.cells.insert(0, nbformat.v4.new_code_cell(LOOK))
    cell = next(c for c in _nbgrader(notebook) if c.metadata.nbgrader.grade_id == "loss")
    cell.source += SPY


EDITS = {name: edit for name, edit in list(globals().items()) if callable(edit) and not name.startswith("_")}
