"""Notebooks whose cells have lost their marks: what the student wrote counts, and what was put right is told."""

import copy
import json

import nbformat
import pytest
from conftest import HW01, observations

from gradbook.grading.submission import grade_notebook
from gradbook.intake.cells import ELSEWHERE, NOT_HANDED_IN, Cell
from gradbook.intake.mending import restore
from gradbook.intake.notebook import read_submission, submission
from gradbook.intake.recognition import knows
from gradbook.intake.release import Release

HW02, HW03, HW06 = "hw02_learning_landscapes", "hw03_linear_chain", "hw06_modules"
NET = "ShallowNarrowExercise"
LOSS = "def loss(y_prediction, y_true):\n    return 5.0"


@pytest.fixture
def grade(worker, release, tmp_path):
    """Grade a list of cells in the sandbox."""

    def run(cells, homework=HW01):
        path = tmp_path / "x.ipynb"
        path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
        return grade_notebook(read_submission(submission(path)), observations(homework), release(homework), worker)

    return run


@pytest.fixture
def right(solve):
    """The cells of a right submission."""
    return solve().cells


def mark(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def cell_of(cells, name):
    return next(cell for cell in cells if mark(cell) == name)


def plain(cell):
    """The cell as an export leaves it: no id, no metadata."""
    return {"cell_type": cell["cell_type"], "source": cell["source"], "metadata": {}}


def code(source):
    return {"cell_type": "code", "source": source, "metadata": {}}


def without(cells, *names):
    return [cell for cell in cells if mark(cell) not in names]


def instead(cells, name, *others):
    """The cells with others in the place of one."""
    at = cells.index(cell_of(cells, name))
    return [*cells[:at], *others, *cells[at + 1 :]]


def joined(*cells):
    """What Jupyter makes of cells that are merged: the first one's mark, all of their lines."""
    merged = copy.deepcopy(cells[0])
    merged["source"] = "\n\n".join(cell["source"] for cell in cells)
    return merged


def merge(cells, first, last):
    """The cells with all code from one to another merged."""
    start, stop = (cells.index(cell_of(cells, name)) for name in (first, last))
    part = [cell for cell in cells[start : stop + 1] if cell["cell_type"] == "code"]
    return [*cells[:start], joined(*part), *cells[stop + 1 :]]


def split(cells, name, marker):
    """The source of a solution cell, cut before a line."""
    source = cell_of(cells, name).source
    return source[: source.index(marker)], source[source.index(marker) :]


def flags(graded):
    return " | ".join(graded.flags)


# ---------------------------------------------------------------- typed anew


def test_a_cell_that_was_typed_anew(grade, right):
    graded = grade(instead(right, "loss", plain(cell_of(right, "loss"))))
    assert graded.score == 20
    assert graded.flags == ["the cell of loss had lost its mark; found by its name"]
    assert cell_of(graded.notebook.cells, "loss").source == cell_of(right, "loss").source


@pytest.mark.parametrize("place", [0, 3, -1])
@pytest.mark.parametrize("name", ["loss", NET])
def test_wherever_it_stands(grade, right, name, place):
    cells = without(right, name)
    cells.insert(place if place >= 0 else len(cells), plain(cell_of(right, name)))
    graded = grade(cells)
    assert graded.score == 20
    assert len(graded.flags) == 1 and name in graded.flags[0]


@pytest.mark.parametrize(
    "frame",
    [
        "%%time\n{}",
        "%%capture out\n{}",
        "%matplotlib inline\n{}\n!ls",
        "import math\n{}\nprint(loss([1], [2]))",
        "# %%\n{}\r\n",
    ],
)
def test_whatever_stands_around_it(grade, right, frame):
    assert grade(instead(right, "loss", code(frame.format(cell_of(right, "loss").source)))).score == 20


@pytest.mark.parametrize("head", ["if True:", "try:", "with open('/dev/null'):", "for _ in range(1):"])
def test_below_another_statement(grade, right, head):
    lines = [f"    {line}" for line in cell_of(right, "loss").source.split("\n")]
    tail = ["except ImportError:", "    pass"] if head == "try:" else []
    assert grade(instead(right, "loss", code("\n".join([head, *lines, *tail])))).score == 20


def test_a_name_that_is_given_to_a_function(grade, right):
    source = cell_of(right, "loss").source.replace("def loss", "def mean_of_squares") + "\nloss = mean_of_squares"
    graded = grade(instead(right, "loss", code(source)))
    assert graded.score == 20
    assert graded.flags == ["the cell of loss had lost its mark; found by its name"]


def test_a_value_of_that_name_is_no_solution(grade, right):
    graded = grade(instead(right, "loss", code("loss = loss(1, 2)")))
    assert "the cell of loss was not handed in" in graded.flags


def test_a_class_whose_methods_come_later(grade, right):
    source = cell_of(right, NET).source
    forward = source[source.index("    def forward") : source.index("    def dloss_dw")]
    method = "\n".join(line[4:] for line in forward.split("\n")) + f"\n{NET}.forward = forward"
    assert grade(instead(right, NET, code(source.replace(forward, "")), code(method))).score == 20


def test_a_class_that_is_built_upon_the_stub(grade, right, template):
    """The stub stays, for the next cell needs it."""
    source = cell_of(right, NET).source
    added = code(source.replace(f"class {NET}:", f"class {NET}({NET}):"))
    assert grade(instead(right, NET, cell_of(template(HW01).cells, NET), added)).score == 20


def test_one_that_cannot_be_read_says_so(grade, right):
    graded = grade(instead(right, "loss", code(cell_of(right, "loss").source + "\nx = = 1")))
    finding = next(f for f in graded.findings if f.name == "loss_value")
    assert graded.flags == ["the cell of loss had lost its mark; found by its name"]
    assert "SyntaxError" in " ".join(finding.details)


# ---------------------------------------------------------------- merged and split


def test_two_solutions_merged(grade, right):
    merged = joined(cell_of(right, "loss"), cell_of(right, NET))
    graded = grade(without(instead(right, "loss", merged), NET))
    assert graded.score == 20
    assert graded.flags == [f"the cell of {NET} was not handed in; the cell of loss defines it"]
    assert cell_of(graded.notebook.cells, NET).source == ELSEWHERE


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("loss", "check_loss"),
        ("check_loss", NET),
        ("loss", NET),
        ("given_data", "loss"),
        ("given_imports", NET),
        (NET, "check_convergence"),
        ("given_imports", "check_convergence"),
    ],
)
def test_merged_with_what_was_given(grade, right, first, last):
    graded = grade(merge(right, first, last))
    assert graded.score == 20, flags(graded)


def test_all_solutions_of_a_homework_in_one_cell(grade, solve):
    """Classes build on given ones, which are further down in the release."""
    cells = solve(HW06).cells
    solutions = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("solution")]
    others = [cell for cell in cells if cell not in solutions]
    for merged in (joined(*solutions), plain(joined(*solutions))):
        for place in (1, len(others)):
            assert grade([*others[:place], merged, *others[place:]], HW06).score == 20
    assert grade([joined(*map(plain, cells[:3])), *map(plain, solutions)], HW06).score == 20


def test_a_whole_homework_in_one_cell(grade, solve):
    merged = joined(*(plain(cell) for cell in solve(HW06).cells if cell["cell_type"] == "code"))
    graded = grade([merged], HW06)
    assert graded.score == 20
    assert "does not look like this homework" not in flags(graded)


def test_a_solution_that_is_split(grade, right):
    helper = "def squares(a, b):\n    return (np.asarray(a) - np.asarray(b)) ** 2"
    source = cell_of(right, "loss").source.replace(
        "(np.asarray(y_prediction) - np.asarray(y_true)) ** 2", "squares(y_prediction, y_true)"
    )
    assert "squares(" in source
    for cells in ([code(helper), code(source)], [code(source), code(helper)]):
        assert grade(instead(right, "loss", *cells)).score == 20
    marked = cell_of(right, "loss")
    marked.source = helper
    assert grade(instead(right, "loss", marked, code(source))).score == 20


def test_a_helper_in_a_scratch_cell(grade, solve):
    """It is run where a solution needs it."""
    cells = solve(HW02).cells
    cell = cell_of(cells, "fastest_depth")
    cell.source = cell.source[: cell.source.rindex("return")] + "return DEPTH\n"
    reference = solve(HW02).cells
    number = cell_of(reference, "fastest_depth").source.rpartition("return")[2].strip()
    scratch = next(c for c in cells if c["cell_type"] == "code" and not mark(c))
    scratch.source = f"DEPTH = {number}"
    assert grade(cells, HW02).score == 20


# ---------------------------------------------------------------- through an export


@pytest.mark.parametrize("homework", [HW01, HW02, HW03, HW06])
def test_a_notebook_without_marks(grade, solve, homework):
    cells = [plain(cell) for cell in solve(homework).cells]
    graded = grade(cells, homework)
    assert graded.score == 20
    assert len(graded.flags) == 1 and "had lost their marks" in graded.flags[0]
    # Nothing is there twice.
    assert len(graded.notebook.cells) == len(cells)


def test_only_the_functions(grade, solve):
    for homework in (HW01, HW06):
        cells = [c for c in solve(homework).cells if c.metadata.get("nbgrader", {}).get("solution")]
        for order in (cells, cells[::-1]):
            graded = grade([plain(cell) for cell in order], homework)
            assert graded.score == 20
            assert "does not look like this homework" not in flags(graded)


def test_cells_cut_at_blank_lines(grade, solve):
    """As an export to a script and back leaves them: prose as comments, long cells in parts."""
    cells = []
    for cell in solve(HW06).cells:
        if cell["cell_type"] == "markdown":
            cells.append(code("\n".join("# " + line for line in cell.source.split("\n"))))
            continue
        parts = cell.source.replace("\n\n\n", "\n\n").split("\n\n")
        whole = [parts[0]]
        for part in parts[1:]:
            if part.startswith((" ", ")", "]")):
                whole[-1] += "\n\n" + part
            else:
                whole.append(part)
        cells += map(code, whole)
    assert grade(cells, HW06).score == 20


def test_other_layout_of_given_cells(grade, right):
    """A free cell is the student's: in another layout it stands beside the one that was handed out."""
    cells = [plain(cell) for cell in right]
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["source"] = (
                "# In[ ]:\n\n\n" + cell["source"].replace('"', "'") if '"""' not in cell["source"] else cell["source"]
            )
    graded = grade(cells)
    assert graded.score == 20
    free = [cell for cell in right if cell["cell_type"] == "code" and not mark(cell)]
    assert len(graded.notebook.cells) == len(right) + len(free)


def test_a_given_cell_that_was_changed_and_has_no_mark(grade, right):
    """What the student added to it is the student's own."""
    cells = [plain(cell) for cell in right]
    cells[1]["source"] += "\nfrom numpy import mean"
    loss = next(cell for cell in cells if cell["source"].startswith("def loss"))
    loss["source"] = loss["source"].replace("np.mean", "mean")
    assert grade(cells).score == 20


# ---------------------------------------------------------------- stubs


def test_a_stub_is_called_one_only_where_it_was_handed_in(grade, right, template):
    graded = grade(without(right, "loss"))
    finding = next(f for f in graded.findings if f.name == "loss_value")
    assert graded.flags == ["the cell of loss was not handed in"]
    assert finding.outcome == "missing"
    assert finding.hint == "Your notebook does not define loss, as its cell was not handed in; it should."
    assert "stub" not in str([f.as_dict() for f in graded.findings])
    assert cell_of(graded.notebook.cells, "loss").source == NOT_HANDED_IN
    for stub in (cell_of(template(HW01).cells, "loss"), plain(cell_of(template(HW01).cells, "loss"))):
        graded = grade(instead(right, "loss", stub))
        finding = next(f for f in graded.findings if f.name == "loss_value")
        assert (finding.outcome, finding.hint) == ("untouched", "This is not written yet: the stub is still there.")


@pytest.mark.parametrize("order", ["before", "after", "copy before", "copy after"])
def test_a_definition_counts_more_than_a_stub(grade, right, template, order):
    stub, own = cell_of(template(HW01).cells, "loss"), plain(cell_of(right, "loss"))
    if order.startswith("copy"):
        # Both were marked: one was copied before it was filled in.
        own = cell_of(right, "loss")
    pair = [own, stub] if order.endswith("before") else [stub, own]
    assert grade(instead(right, "loss", *pair)).score == 20
    end = [stub, *without(right, "loss"), own] if order.endswith("after") else [own, *without(right, "loss"), stub]
    assert grade(end).score == 20


def test_the_last_of_two_definitions_counts(grade, right):
    marked, other = cell_of(right, "loss"), code(LOSS)
    before, after = (grade(instead(right, "loss", *pair)) for pair in ([other, marked], [marked, other]))
    assert before.score == 20
    assert after.score < 20
    for graded in (before, after):
        assert "loss is defined in 2 cells; the last of them counts" in graded.flags


def test_a_stub_that_was_merged_into_another_cell(grade, right, template):
    stub = cell_of(template(HW01).cells, NET)
    merged = joined(cell_of(right, "loss"), stub)
    graded = grade(without(instead(right, "loss", merged), NET))
    assert graded.score == 3
    assert "untouched" in {f.outcome for f in graded.findings}
    for own in (cell_of(right, NET), plain(cell_of(right, NET))):
        for pair in ([own, merged], [merged, own]):
            assert grade(instead(without(right, NET), "loss", *pair)).score == 20


def test_what_a_solution_cell_tries_out_does_not_move_it(release, solve):
    submitted = solve(HW02)
    cell = cell_of(submitted.cells, "loss_grid")
    cell.source += "\nprint(loss_grid(x, y, x, y))"
    notebook, _ = restore(cells_of(submitted, True), release(HW02))
    assert cell_of(notebook.cells, "loss_grid").source == cell.source


# ---------------------------------------------------------------- given cells


def test_a_name_from_a_given_cell_that_was_changed(grade, right):
    for given, line in (("given_imports", "from numpy import mean"), ("check_loss", "mean = np.mean")):
        cells = copy.deepcopy(right)
        cell_of(cells, given).source += f"\n{line}"
        cell_of(cells, "loss").source = cell_of(cells, "loss").source.replace("np.mean", "mean")
        graded = grade(cells)
        finding = next(f for f in graded.findings if f.name == "loss_value")
        assert finding.hint == (
            "Your name mean is made by a line in a given cell, and given cells are restored before grading; that line "
            "should stand in a cell of your own."
        )
        assert graded.flags == [f"the given cell {given} was changed; it is restored as it was handed out"]


def test_a_check_that_was_changed_is_nobodys_concern(grade, right):
    cell_of(right, "check_loss").source += "\nprint(loss(np.ones(3), np.ones(3)))\nepoch = 3"
    graded = grade(right)
    assert (graded.score, graded.flags) == (20, [])


# ---------------------------------------------------------------- answers in words


def with_answers(template):
    """A release with an answer in words and one in code without a name."""
    released = template(HW01)
    for name, cell in (
        ("why", nbformat.v4.new_markdown_cell("YOUR ANSWER HERE")),
        ("plot", nbformat.v4.new_code_cell("# YOUR CODE HERE")),
    ):
        settings = {"grade": True, "solution": True, "locked": False, "task": False, "points": 2, "schema_version": 3}
        cell.metadata["nbgrader"] = {**settings, "grade_id": name}
        released.cells += [nbformat.v4.new_markdown_cell(f"Now {name}:"), cell]
    return released


def test_answers_without_names_are_found_by_where_they_stand(template):
    released = with_answers(template)
    answers = {"YOUR ANSWER HERE": "Because.", "# YOUR CODE HERE": "print(3)"}
    cells = [Cell(cell.cell_type, answers.get(cell.source, cell.source)) for cell in released.cells]
    notebook, mended = restore(cells, Release(released))
    # Text is shown letter by letter.
    assert cell_of(notebook.cells, "why").source == "    Because."
    assert cell_of(notebook.cells, "plot").source == "print(3)"
    assert "the answer to why had lost its mark; found by where it stands" in mended.flags


# ---------------------------------------------------------------- another homework


def cells_of(notebook, marked):
    """Cells as `read_submission` gives them, with their marks or without."""
    named = [(mark(cell), cell.id) if marked else (None, None) for cell in notebook.cells]
    return [Cell(cell.cell_type, cell.source, *names) for cell, names in zip(notebook.cells, named, strict=True)]


@pytest.mark.parametrize("marked", [True, False])
def test_another_homework_is_told_apart(solve, release, marked):
    homeworks = [HW01, HW02, HW03, "hw04_sine_regression", "hw05_two_layer_relu", HW06, "hw07_optimizers"]
    for homework in homeworks:
        cells = cells_of(solve(homework), marked)
        assert [other for other in homeworks if knows(cells, release(other))] == [homework]


# ---------------------------------------------------------------- hostile


def test_endless_sources_cost_little(template):
    import time

    cell = Cell("code", "loss = 1\n" * 20_000)
    start = time.process_time()
    restore([cell] * 900, Release(template(HW01)))
    many = Cell("code", "def loss(): pass", "loss")
    restore([many] * 1000, Release(template(HW01)))
    assert time.process_time() - start < 15
