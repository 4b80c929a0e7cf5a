"""What the checks in the notebooks say: each thing where the numbers show it, and nowhere else."""

import ast
import importlib.util
import linecache
import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT


@pytest.fixture(scope="module")
def helpers():
    """The course's helper file, as a notebook imports it."""
    spec = importlib.util.spec_from_file_location("course_helpers", ROOT / "source" / "course_helpers.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_helpers_import_no_more_than_a_browser_has():
    """Pyodide has both of these, and students install no more; of Python's own, what keeps Matplotlib quiet."""
    tree = ast.parse((ROOT / "source" / "course_helpers.py").read_text())
    froms = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    tops = {name.partition(".")[0] for name in froms | plain}
    assert tops - sys.stdlib_module_names == {"matplotlib", "numpy"}
    assert tops & sys.stdlib_module_names <= {"logging", "sys"}


@pytest.fixture
def says(helpers):
    """What a check says of a result; `given` stands in the `checking` around it."""

    def text(yours, right, rtol=1e-6, **given):
        try:
            with helpers.checking("f", **given):
                helpers.check_close("f(x)", yours, right, rtol=rtol)
        except helpers.NotRight as error:
            return str(error)
        return "right"

    return text


@pytest.fixture
def fact(says):
    """The sentence that stands above the numbers; empty where there is none."""

    def sentence(*arguments, **options):
        lines = says(*arguments, **options).split("\n")
        return next((line.strip() for line in lines if line.startswith("  Your")), "")

    return sentence


A = np.array([[1.0, -2.0, 3.25], [0.5, 5.0, 6.0]])
SQUARE = np.array([[1.0, 2.0], [4.0, 8.5]])
ROWS = np.array([0.25, 1.5, -2.0])

FACTS = {
    "sign": (-A, A, "has the right size, but the opposite sign in every entry; it should have the other."),
    "sign of a number": (-3.5, 3.5, "has the right size, but the opposite sign; it should have the other."),
    "sign in one entry": (A * [1, 1, -1], A, "has the right size, but the opposite sign in some entries"),
    "factor": (1.7 * A, A, "is 1.7 times too large in every entry; it should be that divided by 1.7."),
    "half": (A / 2, A, "is 2 times too small in every entry; it should be that times 2."),
    "twice a number": (7, 3.5, "is 2 times too large; it should be that divided by 2."),
    "factor and sign": (-3 * A, A, "has the opposite sign and is 3 times too large in every entry; it should be that "),
    "zero": (0 * A, A, "is zero in every entry; it should not be."),
    "transposed": (SQUARE.T, SQUARE, "is transposed; its rows should be its columns."),
    "transposed, of another shape": (
        A.T,
        A,
        "is an array of shape (3, 2); it should be an array of shape (2, 3). It is",
    ),
    "exchanged": ([38.0, 19.0], [19.0, 38.0], "has the right numbers in other places; each should stand as below."),
    "one entry": (A + [[0, 0, 0], [0, 0.3, 0]], A, "differs in entry [1, 1] only; it should be as below there."),
    "one row": (A + [[0], [0.3]], A, "differs in row 1 only, counted from 0; it should be as below there."),
    "one column": (A * [1, 1, 7], A, "differs in column 2 only, counted from 0; it should be as below there."),
    "shape": (ROWS[:, None], ROWS, "is an array of shape (3, 1); it should be an array of shape (3,). The numbers are"),
    "another shape": (ROWS[:2], ROWS, "is an array of shape (2,); it should be an array of shape (3,)."),
    "no mean": ([1.0, 2.0, 4.5], 2.5, "is an array of shape (3,); it should be one number. Its mean is right."),
    "a number": (1.5, ROWS, "is one number; it should be an array of shape (3,)."),
    "none": (None, ROWS, "is None; it should be an array of shape (3,). Is a return missing?"),
    "no number": (None, 1.5, "is None; it should be one number. Is a return missing?"),
    "objects": ([None, 1, 2], ROWS, "is not made of numbers (dtype object); it should be an array of shape (3,)."),
    "unequal lengths": ([[1], [2, 3]], ROWS, "is not made of numbers (dtype object)"),
    "text": ("1.5", 1.5, "is not made of numbers (dtype <U3)"),
    "complex": (ROWS + 1j, ROWS, "is not made of numbers (dtype complex128)"),
    "whole numbers": (
        np.trunc(A).astype("int64"),
        A,
        "holds whole numbers (dtype int64); it should keep what stands after",
    ),
    "booleans": ([True, False, True], ROWS, "holds True and False; it should hold numbers."),
    "nan": (A * [np.nan, 1, 1], A, "is nan or inf where it should be finite."),
    "infinite": (np.inf, 3.0, "is nan or inf where it should be finite."),
    "the same for every x": (0.7 + 0 * ROWS, ROWS, "is the same in every entry; it should differ."),
    "the same in each row": (A[:1] + 0.2 + 0 * A, A, "is the same in every row; it should differ."),
}


@pytest.mark.parametrize("name", FACTS)
def test_what_the_numbers_show_is_said(fact, name):
    yours, right, words = FACTS[name]
    assert fact(yours, right).startswith(f"Your result {words}")


def test_a_sum_and_a_mean_are_asked_about_where_a_length_of_an_argument_is_the_factor(fact):
    x, y = np.ones((7, 2)), [np.ones(5), np.ones((3, 4))]
    ask = "is a length of {}: is it a {}?"
    assert ask.format("x", "sum for a mean") in fact(7 * A, A, x=x, y=y)
    assert ask.format("x", "mean for a sum") in fact(2.5 / 14, 2.5, x=x, y=y)
    assert ask.format("y", "sum for a mean") in fact(7.5, 2.5, x=x, y=y)
    assert ask.format("x", "factor 2, or a sum for a mean") in fact(5.0, 2.5, x=x, y=y)
    assert "length" not in fact(-7 * A, A, x=x) + fact(6 * A, A, x=x) + fact(2 * A, A)
    assert fact(6 * 2.5, 2.5, x=x) == fact(7 * 2.5, 2.5) == ""


def test_a_step_in_the_wrong_direction_is_told_by_what_it_began_with(fact):
    w, step = np.array([[2.0, -1.0], [1.0, 1.5]]), np.array([[0.3, -0.6], [0.2, 0.7]])
    assert fact(w + step, w - step, w=[ROWS, w]).startswith(
        "Your change of w has the right size, but the opposite sign"
    )
    assert fact(w - 3 * step, w - step, w=w).startswith("Your change of w is 3 times too large in every entry")
    assert fact(w, w - step, w=w) == "Your change of w is zero in every entry; it should not be."
    assert fact(w + step, w - step) == ""


@pytest.mark.parametrize("shape", [(), (1,), (2,), (3,), (1, 3), (3, 1), (2, 2), (4, 6), (2, 3, 4)])
def test_nothing_is_said_of_random_numbers(says, fact, shape):
    rng = np.random.default_rng(7)
    given = {"x": rng.normal(size=(5, 3)), "w": [rng.normal(size=shape), rng.normal(size=(3, 4))]}
    for _ in range(300):
        right, yours = rng.normal(size=(2, *shape))
        assert fact(yours, right, **given) == "", (yours, right)
        assert says(right.copy(), right, **given) == "right"


@pytest.mark.parametrize(
    ("yours", "right"),
    [
        ([0.5, 0.5], [0.4, 0.4]),
        ([0.1, 0, 0], [0.0, 0, 0.2]),
        (2.0, 3.5),
        (3.0, 0.0),
        (True, False),
    ],
)
def test_nothing_is_said_where_anything_would_fit(fact, yours, right):
    assert fact(yours, right) == ""


def test_one_number_times_something_is_no_factor(fact):
    assert fact([1.37 * 3, 0, 0], [3.0, 0, 0]) == "Your result differs in entry [0] only; it should be as below there."


@pytest.mark.parametrize("right", [SQUARE + SQUARE.T, np.array([0.3, 0.7]), np.array(4.2), np.array([0.3, 0.7], "f4")])
def test_what_is_nearly_right_is_given_no_other_reason(fact, right):
    for off in 1e-7, -1e-6, 1e-8:
        assert fact(right * (1 + off), right, rtol=1e-9) == ""


def test_a_fact_is_true_of_all_entries(fact):
    """Of small ones beside large ones too."""
    right = np.array([1e6, 3.0, 1e-3])
    assert fact(right * [2, 2, 2], right).startswith("Your result is 2 times")
    assert fact(right * [2, 2, 7], right) == ""
    assert fact(right * [-1, -1, 7], right) == ""


@pytest.mark.filterwarnings("error")
def test_numbers_however_large_or_small_are_told_without_a_warning(fact):
    largest, least = np.finfo(float).max, np.finfo(float).tiny
    assert fact([largest, 0.0], [least, 0.0]) == "Your result differs in entry [0] only; it should be as below there."
    assert fact([largest, -largest], [-1.0, 1.0]).startswith("Your result has the opposite sign and is 1.798e+308 ")
    assert fact([np.inf, -1.0], [1.0, 2.0]).startswith("Your result is nan or inf") and fact(least, largest) == ""


def test_both_stand_side_by_side_and_what_differs_is_marked(says):
    assert says([[1.5, 20], [-3, 0]], [[1.5, 2], [-3, 7.25]]).split("\n", 2)[2] == (
        "       yours             expected\n"
        "  [0]   1.5       20 !=  |  1.5     2\n"
        "  [1]    -3        0 !=  |   -3  7.25"
    )
    assert says(1.2, 3.1) == "f(x)\n    yours   expected\n    1.2 !=  3.1"
    said = says([True, True, False, False], [True, False, True, False])
    assert said == (
        "f(x)\n"
        "       yours     expected\n"
        "  [0]   True      True\n"
        "  [1]   True !=  False\n"
        "  [2]  False !=   True\n"
        "  [3]  False     False"
    )
    assert says(0.1 + 1e-9, 0.1, rtol=1e-12).endswith("0.100000001 !=          0.1")
    assert "-0" not in says([-0.0, 3.0], [0.0, 4.0])


def test_of_large_arrays_the_part_about_the_first_difference_is_shown(says):
    right = np.arange(300.0).reshape(100, 3)
    lines = says(right + (right == 180) + 5 * (right == 271), right).split("\n")
    assert len(lines) < 12 and max(map(len, lines)) < 60
    assert "  [60]  181 !=  181     182     | 180  181  182" in lines
    assert lines[-1] == "  2 of 300 entries differ."
    wide = says(np.zeros((30, 40)) + (np.arange(40) > 36), np.zeros((30, 40))).split("\n")
    assert len(wide) < 12 and "  [0, 37]  1 !=   0" in wide and wide[-1] == "  90 of 1200 entries differ."
    assert len(says(np.zeros((50, 2)), np.zeros((2, 50))).split("\n")) < 20


# ---------------------------------------------------------------- arguments


def changing(helpers, change, **given):
    with pytest.raises(helpers.NotRight) as refused, helpers.checking("f", **given):
        change()
    return str(refused.value)


def test_a_changed_argument_is_named_and_gets_its_numbers_back(helpers):
    x, w = np.array([1.0, 2.0]), [np.ones(2), np.ones((1, 3))]

    def halve():
        x[1] /= 2

    said = changing(helpers, halve, y=np.ones(3), x=x, w=w)
    assert said.startswith("f\n  Your code changed x, which it was given; it should leave it as it was.\n")
    assert said.split("\n")[2:] == ["       after  before", "  [0]  1      1", "  [1]  1 !=   2"]
    assert x.tolist() == [1, 2]
    assert "changed w" in changing(helpers, lambda: w[1].fill(0), x=x, w=w)
    assert "changed w" in changing(helpers, lambda: w.__setitem__(0, np.zeros(2)), x=x, w=w)
    assert "changed x" in changing(helpers, lambda: x.resize((1, 2)), x=x, w=w)


def test_a_changed_argument_is_told_below_what_is_wrong(helpers):
    x = np.array([1.0, 2.0])

    def wrong():
        x[0] = np.nan
        helpers.check_close("f(x)", x, [1, 2])

    said = changing(helpers, wrong, x=x)
    assert said.startswith("f(x)\n  Your result is nan") and said.count("Your code changed x") == 1


def test_a_changed_argument_is_told_where_an_assert_fails_and_mended_whatever_happens(helpers):
    x = np.array([1.0, 2.0])

    def fail(error):
        x[0] = 5
        raise error

    said = changing(helpers, lambda: fail(AssertionError("The loss is too large.")), x=x)
    assert said.startswith("The loss is too large.\n  Your code changed x") and x.tolist() == [1, 2]
    with pytest.raises(ValueError, match="^no$"), helpers.checking("f", x=x):
        fail(ValueError("no"))
    assert x.tolist() == [1, 2]


def test_arguments_that_stay_are_not_spoken_of(helpers, capsys):
    x = np.array([np.nan, 1.0])
    with helpers.checking("f", x=x, numbers=[1, 2], none=None, empty=[], text="a"):
        helpers.check_close("f(x)", x[1:] * 2, [2])
    assert capsys.readouterr().out == "f(x) is right.\n"


def test_an_interrupted_check_is_left_alone(helpers):
    x = np.ones(2)

    def stop():
        x[1] = 3
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), helpers.checking("f", x=x):
        stop()


# ---------------------------------------------------------------- what comes first


@pytest.fixture
def cells(helpers):
    """Run cells as a notebook does, each with a file name of its own and all with one set of names."""
    names = {"__name__": "__main__", "helpers": helpers, "np": np}

    def run(*sources):
        for number, source in enumerate(sources):
            name = f"<cell {number} of {len(sources)}>"
            linecache.cache[name] = len(source), None, source.splitlines(True), name
            exec(compile(source, name, "exec"), names)

    return run


def check(line):
    return f"with helpers.checking('f'):\n    {line}"


STUB = """
def f(x):
    raise NotImplementedError("f")


class Net:
    def g(self):
        raise NotImplementedError("Net.g")
"""
GOES = "  Write it, run the cell that it stands in, then this one."
PLACE = f"{GOES} Your lines go in the place of that line."
FIRST = {
    "no function": (["1", check("f(1)")], "f is not defined.\n  Run the cell that defines it, then this one."),
    "no function for a helper": (
        ["1", check("helpers.check_gradient('f', 1.0, lambda x: f(x), 1.0)")],
        "f is not defined.\n  Run the cell that defines it, then this one.",
    ),
    "no function for one that raises": (["1", check("helpers.check_raises('f', lambda: f(1))")], "f is not defined.\n"),
    "no function for another": (
        ["def train():\n\n    return f(1)", check("train()")],
        "f is not defined in line 3 of the cell with train.\n  Run the cell that defines it, then this one.",
    ),
    "a stub": ([STUB, check("f(1)")], f"f still raises NotImplementedError.\n{PLACE}"),
    "a stub for a helper": (
        [STUB, check("helpers.check_raises('f', lambda: f(1))")],
        f"f still raises NotImplementedError.\n{PLACE}",
    ),
    "a method's stub": ([STUB, check("Net().g()")], f"Net.g still raises NotImplementedError.\n{PLACE}"),
    "a stub without words": (
        ["def f(): raise NotImplementedError", check("f()")],
        "f still raises NotImplementedError.",
    ),
    "no self": (
        [
            "class Net:\n    def __init__(self):\n        self.w = 1\n\n    def f(self):\n        return w",
            check("Net().f()"),
        ],
        "w is not defined in line 6 of the cell with f. Should it be self.w?\n",
    ),
    "no method": ([STUB, check("Net().forward(1)")], f"Net has no forward.\n{GOES}"),
    "nothing to index": (
        ["def f(): pass", check("z = f()[0]")],
        "Your result is None; it should have a value. Is a ret",
    ),
    "nothing to unpack": (["def f(): pass", check("a, b = f()")], "Your result is None; it should have a value."),
    "nothing to compare": (["def f(): pass", check("assert f() < 3")], "Your result is None; it should have a value."),
    "nothing to ask": (["def f(): pass", check("f().shape")], "Your result is None; it should have a value."),
}


@pytest.mark.parametrize("name", FIRST)
def test_what_is_not_there_yet_is_named(helpers, cells, name):
    sources, words = FIRST[name]
    with pytest.raises(helpers.NotRight) as refused:
        cells(*sources)
    assert str(refused.value).startswith(words)
    assert refused.value._render_traceback_() == [f"Not right yet: {refused.value}"]


@pytest.mark.parametrize(
    ("source", "line", "error"),
    [
        ("def f(x): return x.shapes", "f(np.ones(2))", AttributeError),
        ("def f(x):\n    y = y + x", "f(1)", UnboundLocalError),
        ("def f(x): return None + x", "f(1)", TypeError),
        ("def f(x): return x @ x.T[:1]", "f(np.ones(2))", ValueError),
        ("class Net: pass", "np.ones(2).forward()", AttributeError),
        ("class Net:\n    def f(self): return self.w", "Net().f()", AttributeError),
        ("def f(x):\n    assert x == 2, 'no'", "f(1)", AssertionError),
        ("1", "assert 1 == 2", AssertionError),
        ("import asyncio\ndef f(x): asyncio.AbstractServer().close()", "f(1)", NotImplementedError),
    ],
)
def test_other_errors_go_their_way(cells, helpers, source, line, error):
    with pytest.raises(error) as raised:
        cells(source, check(line))
    assert not isinstance(raised.value, helpers.NotRight)
    assert helpers.__file__ not in [str(entry.path) for entry in raised.traceback]


def test_what_a_check_asserts_is_told_without_a_traceback(cells, helpers):
    with pytest.raises(helpers.NotRight, match="^it should be 2$"):
        cells("1", check("assert 1 == 2, 'it should be 2'"))


def test_what_raises_is_right_and_what_returns_is_not(helpers, capsys):
    helpers.check_raises("f(1)", lambda: 1 / 0)
    assert capsys.readouterr().out == "f(1) raises, as it should.\n"
    with pytest.raises(
        helpers.NotRight, match=r"^f\(1\)\n  Your code returns; it should raise an exception\.\n  yours +3"
    ):
        helpers.check_raises("f(1)", lambda: 3)


def test_each_sentence_says_what_is_and_what_should_be(helpers, fact):
    for yours, right, _ in FACTS.values():
        said = fact(yours, right)
        assert said.startswith("Your ") and "should" in said and len(said) < 160


def test_a_question_is_asked_where_the_result_is_the_wrong_one_that_it_is_of(helpers):
    hints = {"Is the mask missing?": 3 * A, "Is it doubled?": [2.0]}
    for yours, said in ((3 * A, "f(x)\n  Is the mask missing?\n"), (2 * A, "f(x)\n  Your result is 2 times too large")):
        with pytest.raises(helpers.NotRight) as refused:
            helpers.check_close("f(x)", yours, A, hints=hints)
        assert str(refused.value).startswith(said)


UNWRITTEN = """
import sys
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance(colors="NoColor")
sys.path.insert(0, "source")
shell.run_cell("import course_helpers as helpers")
shell.run_cell("class Net:\\n    def forward(self, x):\\n        raise NotImplementedError")
for cell in ("y = Net().forward(3)\\nprint(y)", "import asyncio\\nasyncio.AbstractServer().close()", "1 / 0"):
    done = shell.run_cell(cell)
    assert not done.success
    print(type(done.error_in_exec).__name__, "is what it was")
"""


def test_any_cell_that_runs_into_a_stub_says_so_without_a_traceback():
    done = subprocess.run([sys.executable, "-c", UNWRITTEN], cwd=ROOT, capture_output=True, text=True, check=True)
    stub, library, other, _ = done.stdout.split("is what it was\n")
    assert stub == (
        "Not right yet: forward still raises NotImplementedError.\n  Write it, run the cell that it stands in, "
        "then this one. Your lines go in the place of that line.\nNotImplementedError "
    )
    assert "Traceback" in library and "AbstractServer" in library and library.endswith("NotImplementedError ")
    assert "Traceback" in other and other.endswith("ZeroDivisionError ")
