"""The helper file beside a notebook: cut from the course's, or the author's own."""

import ast

import nbformat
import pytest
from conftest import HW01, ROOT
from lessons import lesson

from gradbook.authoring.build import build
from gradbook.authoring.cutting import Module
from gradbook.authoring.helpers import FIRST_LINE, MARK, Uses, helper_file
from gradbook.course.assignment import Assignment
from gradbook.course.folder import HELPERS
from gradbook.errors import GradbookError

SHARED = '''"""Helpers.

For all.
"""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from math import (
    cos,
    pi,
)

plt.rcParams["font.size"] = 9

# ---------------------------------- numbers

# How large
# it may be.
LIMIT, _low = 5, 1
TABLE = {}


@np.vectorize
def limited(x):
    return min(x, LIMIT) * pi

    # A thought about it.


def plot(x):
    """Draw."""
    plt.plot(limited(x))  # with limits


# ---------------------------------- the rest

a = 1; b = 2
TABLE["size"] = (
    LIMIT
)


class Base:
    text = """
# no comment
"""


class Net(Base):
    def forward(self):
        return cos(self.x)
'''


def cut(*names, source=SHARED):
    return Module.of(source).cut(set(names))


def notebook(*cells):
    """A notebook of code cells, and texts where they begin with a blank."""
    new = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    return nbformat.v4.new_notebook(cells=[new[source.startswith(" ")](source) for source in cells])


def uses(*cells):
    return Uses(notebook(*cells))


# ---------------------------------------------------------------- a module, cut


def test_what_is_asked_for_and_what_that_reads():
    assert (
        cut("plot")
        == '''\
"""Helpers.

For all.
"""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from math import pi

plt.rcParams["font.size"] = 9

# How large
# it may be.
LIMIT, _low = 5, 1
TABLE = {}


@np.vectorize
def limited(x):
    return min(x, LIMIT) * pi

    # A thought about it.


def plot(x):
    """Draw."""
    plt.plot(limited(x))  # with limits


TABLE["size"] = (
    LIMIT
)
'''
    )


def test_nothing_is_asked_for():
    assert cut() == cut("LIMIT") == cut("no such name")
    assert "plt.rcParams" in cut() and "np" not in cut()


@pytest.mark.parametrize("name", ["a", "b"])
def test_a_line_with_two_statements_stays_one(name):
    assert "\na = 1; b = 2\n" in cut(name)


def test_all_names_give_all_but_the_comments_that_stand_apart():
    whole = Module.of(SHARED)
    lines = [line for line in SHARED.split("\n") if not line.startswith("# -----")]
    assert [line for line in whole.cut(whole.names).split("\n") if line] == [line for line in lines if line]
    assert ast.dump(ast.parse(whole.cut(whole.names))) == ast.dump(ast.parse(SHARED))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "import here\nimport there\n\n\ndef f(): return here\ndef g(): return there",
            "import here\n\n\ndef f(): return here\n",
        ),
        ("import style\n\n\ndef f(): pass", "import style\n\n\ndef f(): pass\n"),
        ("from a import *\n\n\ndef f(): pass\n", "from a import *\n\n\ndef f(): pass\n"),
        (
            "from ..a import b as c, d\n\n\ndef f(): d, c.x\ndef g(): pass\n",
            "from ..a import b as c, d\n\n\ndef f(): d, c.x\n",
        ),
        ("from importlib import b as c, d\ndef f(): c\ndef g(): d", "from importlib import b as c\ndef f(): c\n"),
        ("import a.b, c\ndef f(): a.b\ndef g(): c", "import a.b\ndef f(): a.b\n"),
        ("def h(): pass\ndef f(): return globals()['h']()", "def h(): pass\ndef f(): return globals()['h']()\n"),
        ("x = 1\nx += 1\ny = 2\ndef f(): pass", "x = 1\nx += 1\ndef f(): pass\n"),
        ("x = 1\nx = x + 1\ndef f(): x", "x = 1\nx = x + 1\ndef f(): x\n"),
        ("x: int = 1\ny: int = 2\ndef f(): x", "x: int = 1\ndef f(): x\n"),
        ("try:\n    import fast\nexcept ImportError:\n    fast = None\ndef f(): pass", None),
        ("if True:\n    def g(): pass\ndef f(): g()", None),
        ("def g(): pass\ndef f(x: g) -> int: pass", None),
        ("def g(): pass\nclass f(metaclass=g): pass", None),
        ("def f(): return f()", None),
    ],
)
def test_what_goes_along(source, expected):
    assert cut("f", source=source) == (f"{source}\n" if expected is None else expected)


# ---------------------------------------------------------------- what a notebook uses


@pytest.mark.parametrize(
    ("cells", "needed"),
    [
        (["import course_helpers", "course_helpers.a(course_helpers.b.c)"], {"a", "b"}),
        (
            ["import numpy as np, course_helpers as h", "def f():\n    return [f'{h.a}' for _ in h.b]", "np.c"],
            {"a", "b"},
        ),
        (["from course_helpers import a, b as c", "c.d"], {"a", "b"}),
        (["def f():\n    from course_helpers import a"], {"a"}),
        (["import course_helpers as h\n%matplotlib inline\nh.a()\n!ls"], {"a"}),
        (["import course_helpers as h", "h.__name__"], set()),
        (["import numpy as h", "h.a", "from numpy import b"], set()),
    ],
)
def test_names_that_code_reads(cells, needed):
    assert (uses(*cells).needed, uses(*cells).unclear) == (needed, False)


@pytest.mark.parametrize(
    "cell",
    [
        "from course_helpers import *",
        "import course_helpers as h\ngetattr(h, 'a')",
        "import course_helpers as h\nk = h\nk.a",
        "import importlib\nimportlib.import_module('course_helpers').a",
        "%%time\nthis is no Python: course_helpers",
    ],
)
def test_what_reading_does_not_tell_takes_all(cell):
    assert uses(cell).unclear


def test_names_in_texts_and_magics_go_along_where_there_are_such():
    code = "import course_helpers as h\n%timeit h.timed(3)", "%%timeit\nh.slow()", "def own(): pass"
    told = " Call `shown`, `called(1, [2])`, h.dotted or `h.quoted(x)`."
    words = uses(*code, told, " Bare, `own()`, `a.b` and `two words` are no helpers.").mentioned
    assert words >= {"timed", "slow", "shown", "called", "dotted", "quoted"}
    assert words.isdisjoint({"own", "bare", "a", "b", "two", "words"})


# ---------------------------------------------------------------- the file beside a notebook


@pytest.fixture
def place(tmp_path):
    """A source folder with helpers and one homework, and a function that gives the text for a cell."""

    def text(*cells):
        return helper_file(tmp_path / "source", "hw", notebook(*cells))

    text.shared, text.beside = tmp_path / "source" / HELPERS, tmp_path / "source" / "hw" / HELPERS
    text.beside.parent.mkdir(parents=True)
    text.shared.write_text(SHARED)
    return text


@pytest.mark.parametrize(
    "cell", ["from course_helpers import Nets, plots", "import course_helpers as h\nh.Nets, h.plots"]
)
def test_a_name_that_is_not_there_is_refused(place, cell):
    with pytest.raises(
        GradbookError, match="^hw: the lesson uses Nets, plots, which source/course_helpers.py does not"
    ):
        place(cell)
    place.beside.write_text("def plots(): pass")
    with pytest.raises(
        GradbookError, match="^hw: the lesson uses Nets, which source/hw/course_helpers.py does not define$"
    ):
        place(cell)


@pytest.mark.parametrize("source", ["def f(:\n", "a\0b", b"\xff\xfe"])
def test_helpers_that_are_no_python_are_refused(place, source):
    place.shared.write_bytes(source if isinstance(source, bytes) else source.encode())
    with pytest.raises(GradbookError, match="^source/course_helpers.py cannot be read as Python: [^\n]+$"):
        place("1")


def test_helpers_that_are_missing_are_asked_for(place):
    place.beside.symlink_to(place.shared)
    place.shared.unlink()
    with pytest.raises(GradbookError, match="^source/course_helpers.py is missing"):
        place("1")


@pytest.mark.parametrize("there", ["nothing", "link", "copy", "made before"])
def test_what_the_build_made_is_made_anew(place, there):
    if there == "link":
        place.beside.symlink_to(f"../{HELPERS}")
    elif there != "nothing":
        place.beside.write_text(SHARED if there == "copy" else f"{MARK} long ago.\na = 1\n")
    assert place("from course_helpers import plot") == FIRST_LINE + cut("plot")
    assert place("from course_helpers import *") == FIRST_LINE + cut(*Module.of(SHARED).names)
    assert place("1", " see `plot(x)`, `np` and `nothing`") == FIRST_LINE + cut("plot", "np")


def test_what_the_author_wrote_there_stays(course):
    beside = Assignment(course, HW01).source / HELPERS
    own = (course.root / "source" / HELPERS).read_text() + "\n\ndef more():\n    pass\n"
    beside.write_text(own)
    lesson(course, lambda text: text.replace("helpers.set_seed", "helpers.more()\nhelpers.set_seed", 1))
    build(Assignment(course, HW01))
    assert beside.read_text() == (Assignment(course, HW01).release / HELPERS).read_text() == own
    beside.unlink()
    with pytest.raises(GradbookError, match="uses more, which"):
        build(Assignment(course, HW01))
    assert (Assignment(course, HW01).release / HELPERS).read_text() == own


def test_a_course_with_links_is_converted(course):
    beside, shared = Assignment(course, HW01).source / HELPERS, course.root / "source" / HELPERS
    made, before = beside.read_text(), shared.read_text()
    beside.unlink()
    beside.symlink_to(f"../{HELPERS}")
    build(Assignment(course, HW01))
    assert (
        not beside.is_symlink()
        and beside.read_text() == (Assignment(course, HW01).release / HELPERS).read_text() == made
    )
    assert shared.read_text() == before


def test_each_homework_has_what_it_uses_and_no_more(built, homework_id):
    """And no fewer than the released notebook reads, as students have it."""
    text = (Assignment(built(homework_id), homework_id).release / HELPERS).read_text()
    released = nbformat.read(Assignment(built(homework_id), homework_id).release_notebook, as_version=4)
    module, wanted = Module.of(text), Uses(released)
    assert text.startswith(FIRST_LINE)
    assert wanted.needed and wanted.needed <= module.names and not wanted.unclear
    assert module.cut(wanted.needed | wanted.mentioned) == text
    assert len(text) < 0.4 * len((ROOT / "source" / HELPERS).read_text())
