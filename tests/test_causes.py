"""What a finding says of the cause: read from the student's own sources, and never more than they bear out."""

import re
from importlib import metadata

import numpy as np
import pytest
from conftest import HW01, ROOT, ids, load, observations
from voice import in_one_voice

from gradbook.authoring.handout import NEEDED
from gradbook.errors import ChildLost, StudentError
from gradbook.grading.submission import grade_notebook
from gradbook.homework.concepts import CONCEPTS
from gradbook.intake.notebook import read_submission
from gradbook.judging.bindings import Sources
from gradbook.judging.causes import numpy_names
from gradbook.judging.causes.missing import missing
from gradbook.judging.causes.no_python import fault
from gradbook.judging.causes.outside import outside
from gradbook.judging.causes.overwritten import KINDS
from gradbook.judging.causes.raised import raised
from gradbook.judging.local import Local

GIVEN = "import numpy as np\nimport course_helpers as helpers"


def notebook(*cells, given=GIVEN, unrun=(), failed=None):
    """Sources of a notebook: the given cell is number 0, the student's follow. failed: number -> exception."""
    sources = Sources({number: source for number, source in enumerate(cells, 1) if number not in unrun})
    sources.given = {0: given, **{number: cells[number - 1] for number in unrun}}
    sources.unrun, sources.failed = set(unrun), failed or {}
    return sources


def said(error, sources, covers=""):
    outcome, lines, concept = raised(error, sources, covers)
    assert outcome == "raised" and concept in CONCEPTS
    return in_one_voice(lines[-1]) if " So cell " not in lines[-1] else lines[-1]


def run(*cells, call, covers="", unrun=()):
    """What is said where a call raises, the cells having run as they do in the sandbox."""
    names, failed = {"__name__": "notebook", "np": np}, {}
    for number, cell in enumerate(cells, 1):
        try:
            if number not in unrun:
                exec(compile(cell, f"<cell {number}>", "exec"), names)
        except Exception as error:
            failed[number] = StudentError(type(error).__name__, str(error), number, None)
    sources = notebook(*cells, unrun=unrun, failed=failed)
    with pytest.raises(StudentError) as caught:
        Local(names).request(op="call", target=None, path=[call], args=[np.ones(3)], kwargs={})
    error = caught.value
    # The child says in which cell; a Local does not.
    error.cell = next((n for n in sources if error.line and f"def {call}" in sources[n]), None)
    return said(error, sources, covers or call)


# ---------------------------------------------------------------- what is no Python


@pytest.mark.parametrize(
    "source, line, words",
    [
        ("def f(x)\n    return x", 1, "':'"),
        ("def f(x):\nreturn x", 2, "indented block"),
        ("def f(x):\n    y = 1\n  return y", 3, "compare the number of spaces"),
        ("x = 1\n  y = 2", 2, "further than the one above"),
        ("def f():\n\tx = 1\n        return x", 3, "spaces only"),
        ("a = (1,\n     [2, 3\nb = 4", 2, "never closed"),
        ("a = (1]", 1, "does not match"),
        ("a = 'text", 1, "nterminated string"),
        ("%matplotlib inline\n\nx = = 2", 3, "not Python"),
        ("return 3", 1, "outside function"),
        ("if x = 3:\n    pass", 1, "'=='"),
        ("def f(x):\n\u00a0\u00a0\u00a0\u00a0return x", 2, "begins with a non-breaking space"),
        ("def f(x):\n    y = x\n   \u00a0return y", 3, "begins with a non-breaking space"),
        ("def f(x):\n  \u2003return x", 2, "begins with an em space"),
        ("x =\u00a01", 1, "non-breaking space behind ="),
        ("x = 1\u200b + 2", 1, "zero width space behind 1"),
        ("\ufeffx = 1", 1, "byte order mark"),
        ("x = \u201ca\u201d", 1, "curly quote; it should be Python's own sign: type \""),
        ("x = \u2018a\u2019", 1, "a curly quote; it should be Python's own sign: type '"),
        ("x = 3 \u2212 2", 1, "type - in"),
        ("x = 3 \u2013 2", 1, "type - in"),
        ("f\uff08x\uff09", 1, "type ( in"),
        ("x = 2 \u00d7 3", 1, "type * in"),
        ("x = 5\u20ac", 1, "no sign of Python"),
    ],
)
def test_a_syntax_error_is_named_from_the_source(source, line, words):
    assert fault(source)[0] == line
    assert words in in_one_voice(fault(source)[1])
    assert "\u00a0" not in fault(source)[1] and "\u200b" not in fault(source)[1]
    # Whatever the process says.
    lines = raised(StudentError("SyntaxError", "secret", None, 99), notebook(source), cell=1)[1]
    assert f"at line {line} of your cell" in lines[0] and lines[1] == fault(source)[1]


@pytest.mark.parametrize(
    "source", ["x = 1", "%timeit x\n!ls\nx?", "await x", "", "'\u00a0\u201c'  # \u2212", "(" * 300000]
)
def test_what_is_python_or_too_long_has_no_fault(source):
    assert fault(source) is None


def test_reading_a_source_never_raises():
    for source in ("(" * 5000, "-" * 100_000, "1+" * 50_000 + "1", "\x00", "a" * 200_000, "if x:\n" * 200, "[" * 150):
        fault(source)
        sources = notebook(source, f"def loss(y):\n    return {source}")
        outside("loss", sources)
        missing("loss", sources, {}, "")
        raised(StudentError("NameError", "name 'a' is not defined", 1, 1), sources, "loss")


# ---------------------------------------------------------------- NumPy


@pytest.mark.filterwarnings("ignore")
def test_the_table_of_names_is_true_of_the_numpy_that_grades():
    for old, new in numpy_names.GONE.items():
        assert not hasattr(np, old), old
        assert f"use {new}." in in_one_voice(numpy_names.instead(old))
        for name in re.findall(r"np\.(\w+)", new):
            assert hasattr(np, name), new
    for old in numpy_names.METHODS_GONE:
        assert not hasattr(np.ndarray, old)
        assert in_one_voice(numpy_names.method_instead(old))
    assert not set(numpy_names.SINCE) - set(numpy_names.GONE)
    assert numpy_names.instead("float64") is None and numpy_names.method_instead("sum") is None
    assert numpy_names.instead("sqaure") == (
        "Your code asks NumPy for sqaure, which it does not have; should it be np.square?"
    )


@pytest.mark.parametrize(
    "old, new", [("float_", "float64"), ("Inf", "inf"), ("product", "prod"), ("trapz", "trapezoid")]
)
def test_a_name_that_numpy_took_away(old, new):
    source = f"def loss(y):\n    z = y + 1\n    return np.sum(\n        z) + np.{old}"
    assert re.fullmatch(
        rf"Your code uses np\.{old}, which is gone in NumPy 2(\.4)?; it should use np\.{new}\.",
        run(source, call="loss"),
    )
    # Where a check catches what is raised, too.
    assert f"np.{old}, which is gone" in outside("loss", notebook(source))


def test_numpy_by_another_name():
    source = "import numpy\ndef loss(y):\n    return numpy.NaN + y"
    assert run(source, call="loss") == ("Your code uses numpy.NaN, which is gone in NumPy 2; it should use numpy.nan.")


def test_a_method_that_arrays_lost():
    assert run("def loss(y):\n    return y.ptp()", call="loss") == (
        "Your code uses .ptp, which arrays do not have in NumPy 2; it should use np.ptp."
    )


def test_a_name_imported_from_numpy():
    error = StudentError("ImportError", "cannot import name 'float_' from 'numpy' (/somewhere)", 1, 1)
    assert said(error, notebook("from numpy import float_")) == (
        "Your code uses np.float_, which is gone in NumPy 2; it should use np.float64."
    )


def test_handouts_and_the_grader_have_one_numpy():
    major = np.__version__.partition(".")[0]
    wanted = f"numpy>={major},<{int(major) + 1}"
    assert wanted in NEEDED
    assert f'"{wanted}",' in (ROOT / "pyproject.toml").read_text()
    for homework in ids():
        assert wanted in (ROOT / "release" / homework / "requirements.txt").read_text().split("\n")
    assert metadata.version("numpy") == np.__version__


# ---------------------------------------------------------------- packages


@pytest.mark.parametrize(
    "line", ["from tqdm import tqdm", "import tqdm", "import tqdm as t", "from tqdm.auto import tqdm"]
)
def test_a_package_that_is_not_there(line):
    missing = StudentError("ModuleNotFoundError", "No module named 'tqdm'", 1, 2)
    words = "tqdm is not installed where this is graded"
    assert words in said(missing, notebook(f"x = 1\n{line}"))
    name = line.rpartition(" ")[2]
    sources = notebook(
        f"x = 1\n{line}\nimport pandas as pd", f"def loss(y):\n    return {name}(y)", failed={1: missing}
    )
    follows = StudentError("NameError", f"name '{name}' is not defined", 2, 2)
    assert words in said(follows, sources) and f"{name} is not defined" in said(follows, sources)
    # What came after it in that cell is not there either, by the same cause.
    after = notebook(sources[1], "def loss(y):\n    return pd.mean(y)", failed={1: missing})
    assert words in said(StudentError("NameError", "name 'pd' is not defined", 2, 2), after)


def test_a_package_that_no_source_names_is_not_repeated():
    error = StudentError("ModuleNotFoundError", "No module named 'secret'", 1, 1)
    assert "secret" not in " ".join(raised(error, notebook("import tqdm"))[1])


# ---------------------------------------------------------------- names given to something else


@pytest.mark.parametrize(
    "line, value, kind",
    [
        ("loss = loss(1)", 3.0, "a number"),
        ("for loss in [1.0, 2.0]:\n    pass", 2.0, "a number"),
        ("with open('x') as loss:\n    pass", object(), "an object"),
        ("import math as loss", __import__("math"), "a module"),
        ("a, (loss, b) = 1, (np.ones(3), 2)", np.ones(3), "an array"),
        ("def f():\n    global loss\n    loss = []", [], "a list"),
        ("if (loss := 'x'):\n    pass", "x", "a text"),
        ("loss: dict = {}", {}, "a dict"),
        ("[loss] = [None]", None, "None"),
    ],
)
def test_a_function_whose_name_was_given_to_a_value(line, value, kind):
    sources = notebook("def loss(y):\n    return y", "x = 1", line)
    found = Local({"loss": value}).request(op="kind", path=["loss"])
    assert found == kind
    hint, error, _ = missing("loss", sources, {}, found)
    in_one_voice(hint)
    assert hint == (
        "Your cell 4 imports a module under the name loss; it should import that under another."
        if kind == "a module"
        else f"Your cell 4 gives the name loss to {kind}; it should give that another name."
    )
    assert error is None


def test_a_kind_in_other_words_is_not_repeated():
    sources = notebook("def loss(y):\n    return y", "loss = 3")
    assert "secret" not in missing("loss", sources, {}, "secret")[0]


def test_a_deleted_function():
    sources = notebook("def loss(y):\n    return y", "del loss")
    assert in_one_voice(missing("loss", sources, {}, "")[0]) == "Your cell 3 deletes loss; it should leave it."


@pytest.mark.parametrize("cell", ["max = 3", "for max in range(3):\n    pass", "max = np.float64(2.0)"])
def test_a_builtin_that_was_given_to_a_value(cell):
    assert run("x = 1", cell, "def loss(y):\n    return max(y)", call="loss") == (
        "Your cell 3 gives the name max to a number; it should give that another name."
    )


def test_numpy_that_was_given_to_a_value():
    assert run("np = 3", "def loss(y):\n    return np.sum(y)", call="loss") == (
        "Your cell 2 gives the name np to a number; it should give that another name."
    )


def test_a_name_that_the_function_itself_gives_to_a_value():
    source = "def loss(y):\n    abs = y.sum()\n    return abs(y)"
    assert run(source, call="loss") == ("Your loss gives the name abs to a number; it should give that another name.")


METHOD = """
class Net:
    def __init__(self, w):
        self.w = w

    def forward(self, x):
        self.forward = x * self.w
        return self.forward
"""


def test_a_method_that_an_attribute_covers():
    error = StudentError("TypeError", "'numpy.ndarray' object is not callable", None, None)
    assert said(error, notebook(METHOD), "Net.forward") == (
        "Your forward gives the method's name self.forward to an array; it should give that another name."
    )


def test_a_class_whose_name_was_given_to_its_object():
    error = StudentError("TypeError", "'Net' object is not callable", None, None)
    assert said(error, notebook(METHOD, "Net = Net(3)"), "Net.forward").startswith(
        "Your cell 3 gives the name Net to something else;"
    )


def test_a_method_outside_of_its_class():
    sources = notebook("class Net:\n    def __init__(self):\n        pass\n\ndef forward(self, x):\n    return x")
    assert in_one_voice(missing("Net.forward", sources, {}, "")[0]).startswith(
        "Your forward stands outside of the class Net;"
    )
    assert in_one_voice(missing("Net.train", sources, {}, "")[0]) == "Your Net has no train; it should have one."


def test_a_function_under_another_name():
    hint = in_one_voice(missing("loss", notebook("def los(y):\n    return y"), {}, "")[0])
    assert hint == "Your notebook does not define loss; should los be it?"


# ---------------------------------------------------------------- what a function takes from the notebook

TAKES = {
    "y for y_true": (
        "x, y = x_train, y_train",
        "def loss(p, y_true):\n    return p - y",
        "y; it should use its argument y_true",
    ),
    "behind a refusal": (
        "x, y = helpers.gen_samples()",
        "def loss(p, y_true):\n    if p.shape != y_true.shape:\n        raise ValueError\n    return p - y",
        "y; it should use its argument y_true",
    ),
    "x_train for x": (
        "x_train = np.ones(3)",
        "def f(x):\n    return x_train * 2",
        "x_train; it should use its argument x",
    ),
    "lr": ("lr = 0.1", "def f(x, learning_rate):\n    return x * lr", "lr; it should use its argument learning_rate"),
    "of no like name": ("data = np.ones(3)", "def f(x):\n    return data * 2", "data; it should use its argument x"),
    "in a comprehension": (
        "y = [1, 2]",
        "def f(y_true):\n    return [v for v in y]",
        "y; it should use its argument y_true",
    ),
    "in a method": (
        "y = [1]",
        "class N:\n    def f(self, x, y_true):\n        return x - y",
        "y; it should use its argument y_true",
    ),
    "net for self": (
        "net = N()",
        "class N:\n    def f(self, x):\n        return x * net.w1",
        "net; it should use self",
    ),
}


@pytest.mark.parametrize("case", TAKES)
def test_a_global_in_place_of_an_argument(case):
    before, source, words = TAKES[case]
    covers = "N.f" if "class N" in source else re.search(r"def (\w+)", source)[1]
    name = covers.rpartition(".")[2]
    given = f"{GIVEN}\nx_train, y_train = helpers.gen_samples()"
    sources = notebook(before, source, given=given)
    assert in_one_voice(outside(covers, sources)) == f"Your {name} uses the notebook's {words}."
    wrong = StudentError("ValueError", "operands could not be broadcast together", 2, source.count("\n") + 1)
    assert said(wrong, sources, covers) == f"Your {name} uses the notebook's {words}."
    # Set in a cell that only shows something, it is not there at all.
    shown = notebook(before, source, given=given, unrun=[1])
    used = re.match(r"\w+", words)[0]
    error = StudentError("NameError", f"name '{used}' is not defined", 2, source.count("\n") + 1)
    assert said(error, shown, covers) == f"Your {name} uses the notebook's {words}."


CERTAIN = {
    "a constant": ("EPS = 1e-8", "def f(x, unused):\n    return x + EPS"),
    "another constant": ("h = 1e-5", "def f(x, unused):\n    return x + h"),
    "a function": ("def y(x):\n    return x", "def f(y_true):\n    return y(1)"),
    "a lambda": ("y = lambda x: x", "def f(y_true):\n    return [1].index(y)"),
    "a module": ("import math as y", "def f(y_true):\n    return y.pi"),
    "a local": ("y = 3", "def f(y_true):\n    y = 2\n    return y"),
    "read after all": ("y = [3]", "def f(y_true):\n    return y_true - y"),
    "updated": ("y = [3]", "def f(y_true):\n    y_true += 1\n    return y"),
    "in an inner function": ("y = [3]", "def f(y_true):\n    def g():\n        return y_true\n    return g() + y"),
    "called": ("y = make()", "def f(y_true):\n    return y(3)"),
    "eval": ("y = [3]", "def f(y_true):\n    return eval('y_true') + y"),
    "another class's object": ("net = Other()", "class N:\n    def f(self, x):\n        return x * net.w1"),
    "a static method": ("y = [1]", "class N:\n    @staticmethod\n    def f(x, y_true):\n        return x + y_true + y"),
}


@pytest.mark.parametrize("case", CERTAIN)
def test_it_is_said_only_where_it_is_certain(case):
    before, source = CERTAIN[case]
    assert outside("N.f" if "class N" in source else "f", notebook(before, source)) is None


def test_nothing_of_the_kind_is_said_of_right_or_known_code(homework_id):
    homework = load(homework_id)
    for variant in homework.variants[::3]:
        sources = notebook(homework.source_with(variant))
        assert outside(variant.target, sources) is None, variant.name


# ---------------------------------------------------------------- names


def test_a_name_like_another_one():
    assert run("def f(prediction):\n    return predicton", call="f") == (
        "Your code uses the name predicton, which is not defined there; should it be prediction?"
    )
    assert run("def total(x):\n    return x", "def f(x):\n    return totl(x)", call="f").endswith("should it be total?")


def test_a_name_of_another_function_or_of_self():
    cells = "def g(x):\n    hidden = x\n    return hidden", "def f(x):\n    return hidden"
    assert run(*cells, call="f") == (
        "Your code uses the name hidden, which belongs to g alone; it should be an argument, or be made here."
    )
    error = StudentError("NameError", "name 'w' is not defined", 1, 7)
    assert said(error, notebook(METHOD.replace("x * self.w", "x * w"))).endswith("should it be self.w?")


def test_a_name_of_a_cell_that_failed():
    words = run("b = 1 / 0\nscale = 2", "def f(x):\n    return x * scale", call="f")
    assert (
        words == "Your code uses the name scale of cell 2, which did not run to the end; that cell should come first."
    )
    words = run("b = np.NaN\nscale = 2", "def f(x):\n    return x * scale", call="f")
    assert (
        words == "Your code uses the name scale of cell 2, which did not run to the end; that cell should come first."
    )
    lost = notebook("scale = wait()", "def f(x):\n    return x * scale", failed={1: ChildLost("ran over 5 s")})
    assert said(StudentError("NameError", "name 'scale' is not defined", 2, 2), lost) == (
        "Your code uses the name scale of cell 2, which ran over 5 s; that cell should come first."
    )


def test_cells_that_fail_by_each_other_end_somewhere():
    errors = {n: StudentError("NameError", f"name '{name}' is not defined", n, 1) for n, name in ((1, "b"), (2, "a"))}
    sources = notebook("a = b", "b = a", failed=errors)
    assert "cell" in said(errors[1], sources)
    assert sources.failed == errors


def test_a_name_that_comes_later():
    sources = notebook("y = scale * 2", "scale = 3")
    assert said(StudentError("NameError", "name 'scale' is not defined", 1, 1), sources) == (
        "Your code uses the name scale, defined further down, in cell 3; it should be defined above."
    )


def test_a_local_that_has_no_value_yet():
    source = "def f(x):\n    if x.sum() > 99:\n        total = 1\n    return total"
    assert run(source, call="f").startswith("Your code uses total before it has a value, set further down")
    slip = "class Net:\n    def __init__(self):\n        self.w = 1.0\n    def step(self):\n        w -= 1\n"
    error = StudentError("UnboundLocalError", "cannot access local variable 'w' where it is not associated", 1, 5)
    for cells in ((slip,), (slip, "w = 2")):
        said_of = said(error, notebook(*cells))
        assert said_of == "Your code uses w before it has a value; should it be self.w?"
    assert "another sum" in run("def f(x):\n    sum = sum(x)\n    return sum", call="f")


def test_attributes_that_nothing_has_set():
    read = (
        "class Net:\n    def forward(self, x):\n        return x\n    def backward(self, g):\n        return g * self.h"
    )
    error = StudentError("AttributeError", "'Net' object has no attribute 'h'", 1, 5)
    assert said(error, notebook(read)) == "Your code reads self.h, which nothing sets; it should be set first."
    stored = read.replace("        return x", "        self.h = x\n        return x")
    error.line = 6
    assert said(error, notebook(stored)) == "Your code reads self.h before forward has set it; it should be set first."
    like = read.replace("self.h", "self.hiden").replace("        return x", "        self.hidden = x\n        return x")
    error.message = "'Net' object has no attribute 'hiden'"
    assert said(error, notebook(like)).endswith("should it be self.hidden?")


def test_keys():
    assert run("def f(x):\n    return {'a': 1}['W4']", call="f") == (
        "Your code asks a dict for the key 'W4', which is not there; it should ask for one that is."
    )
    assert run("def f(x):\n    return {'a': 1}['W' + str(len(x))]", call="f") == (
        "Your code asks a dict for a key that is not there; it should ask for one that is."
    )


@pytest.mark.parametrize(
    "kind, message",
    [
        ("NameError", "name '{}' is not defined"),
        ("ModuleNotFoundError", "No module named '{}'"),
        ("ImportError", "cannot import name '{}' from 'numpy'"),
        ("AttributeError", "'{0}' object has no attribute '{0}'"),
        ("AttributeError", "module 'numpy' has no attribute '{}'"),
        ("TypeError", "'{}' object is not callable"),
        ("UnboundLocalError", "cannot access local variable '{}' where it is not associated with a value"),
        ("KeyError", "'{}'"),
        ("SyntaxError", "{}"),
        ("{}", "{}"),
    ],
)
def test_no_text_of_a_message_is_repeated_that_is_not_the_students_own(kind, message):
    sources = notebook("def loss(y):\n    return y.z + np.sum(y['a'])(y)", "loss = 3")
    for cell, line in ((1, 2), (None, None), (2, 1)):
        error = StudentError(kind.format("secret17"), message.format("secret17"), cell, line)
        assert "secret17" not in " ".join(raised(error, sources, "loss")[1])


# ---------------------------------------------------------------- through the sandbox


@pytest.fixture
def graded(worker, release, solve):
    """The findings that lost points of hw01 where a text of the solution is replaced and cells are added."""
    import nbformat

    def run(old="", new="", first="", last="", homework=HW01):
        notebook = solve(homework)
        for cell in notebook.cells:
            if old and old in cell.source and cell.metadata.get("nbgrader", {}).get("solution"):
                cell.source = cell.source.replace(old, new)
        notebook.cells[:0] = [nbformat.v4.new_code_cell(first)] if first else []
        notebook.cells += [nbformat.v4.new_code_cell(last)] if last else []
        cells = read_submission(nbformat.writes(notebook).encode())
        findings = grade_notebook(cells, observations(homework), release(homework), worker).findings
        lost = {f.name: f for f in findings if f.outcome not in ("right", "follows")}
        # A cause that several checks share is told once.
        return {name: lost.get(f.same_as, f) for name, f in lost.items()}

    return run


MEAN = "return float(np.mean((np.asarray(y_prediction) - np.asarray(y_true)) ** 2))"


def test_indentation_from_the_web(graded):
    found = graded(f"    {MEAN}", f"   \u00a0{MEAN}")
    assert set(found) == {"loss_value", "loss_shapes"}
    for finding in found.values():
        assert "begins with a non-breaking space" in finding.hint
        assert "at line 9 of your cell" in finding.details[0] and MEAN in finding.details[0]


def test_a_function_that_its_result_covers(graded, template):
    found = graded(last="loss = loss(np.ones(3), np.zeros(3))")
    last = len(template(HW01).cells) + 1
    assert {f.hint for f in found.values()} == {
        f"Your cell {last} gives the name loss to a number; it should give that another name."
    }


def test_a_progress_bar_that_is_not_there(graded):
    found = graded("in range(n_ep)", "in tqdm(range(n_ep))", first="%pip install tqdm\nfrom tqdm import tqdm")
    assert found and all("tqdm is not installed where this is graded" in f.hint for f in found.values())


def test_a_name_of_an_older_numpy(graded):
    found = graded("return float(np.mean(", "return np.float_(np.mean(")
    assert {f.hint for f in found.values()} == {
        "Your code uses np.float_, which is gone in NumPy 2; it should use np.float64."
    }


def test_the_notebooks_samples_for_the_arguments(graded):
    found = graded("error = self.forward(x) - y_true", "error = self.forward(x) - y_train")
    assert {f.hint for f in found.values()} == {
        "Your dloss_dw uses the notebook's y_train; it should use its argument y_true."
    }


def test_the_notebooks_net_for_self(graded):
    found = graded("return x * self.w1 * self.w2", "return x * net.w1 * self.w2")
    assert found["forward_value"].hint == "Your forward uses the notebook's net; it should use self."


def test_a_global_that_is_merely_wrong(graded):
    found = graded("return x * self.w1 * self.w2", "return scale * self.w2", first="scale = 3 * np.ones(1)")
    assert found["forward_value"].hint == "Your forward uses the notebook's scale; it should use its argument x."


def test_kinds_are_the_words_that_the_sandbox_has():
    from gradbook.sandbox.guest.evaluator import WORDS

    assert {word for _, word in WORDS} | {"an object"} == set(KINDS)
