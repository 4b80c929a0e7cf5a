"""The lessons: each notebook, solved, runs quietly and soon, and every number that its text tells is what comes out."""

import json
import re
import shutil
from functools import cache
from itertools import pairwise
from tempfile import TemporaryDirectory
from typing import NamedTuple

import jupytext
import nbformat
import pytest
from conftest import ROOT, ids, load
from nbclient import NotebookClient

from figures import draw
from gradbook.authoring import numbers
from gradbook.authoring.build import source_notebook
from gradbook.authoring.effort import hours

pytestmark = pytest.mark.lessons

# Seconds of processor time for a notebook and for a cell: what passes is the machine's matter as well.
LONGEST, LONGEST_CELL = 20, 8
LARGEST = 1 << 20  # KiB
# What getrusage tells of memory would be the most that this process had when it was forked, too.
USED = """
import time as _time
with open("/proc/self/status") as _status:
    _memory = next(line.split()[1] for line in _status if line.startswith("VmHWM:"))
print(_time.process_time(), _memory)
"""


class Ran(NamedTuple):
    """A solved notebook with its outputs; after each of its cells the seconds and KiB used so far; what the formulas of
    its numbers give.
    """

    notebook: nbformat.NotebookNode
    used: list[tuple[float, int]]
    found: list


@cache
def lesson(homework_id):
    """The cells of a lesson as its author wrote them: texts, codes, and the definitions for its numbers."""
    cells = jupytext.read(ROOT / "source" / homework_id / "lesson.md").cells
    definitions = [cell.source for cell in cells if numbers.KEY in cell.metadata]
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    codes = [cell.source for cell in cells if cell.cell_type == "code" and numbers.KEY not in cell.metadata]
    return texts, codes, "\n".join(definitions)


@cache
def marked(homework_id):
    """The numbers of a lesson with what they come from."""
    return [each for text in lesson(homework_id)[0] for each in numbers.marked(text)]


@cache
def ran(homework_id):
    """The solved notebook, run in a copy of its release: Python keeps what it has compiled beside the helper file."""
    notebook = source_notebook(ROOT / "source" / homework_id / "lesson.md", load(homework_id))
    asked = numbers.questions([each.formula for each in marked(homework_id)], lesson(homework_id)[2])
    used = []
    with TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "release" / homework_id, folder, dirs_exist_ok=True)
        client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": folder}})
        with client.setup_kernel():

            def say(code):
                return printed(client.execute_cell(nbformat.v4.new_code_cell(code), 0))

            for place, cell in enumerate(notebook.cells):
                client.execute_cell(cell, place)
                if cell.cell_type == "code":
                    seconds, memory = say(USED).split()
                    used.append((float(seconds), int(memory)))
            found = json.loads(say(asked))
    return Ran(notebook, used, found)


def printed(cell):
    """What a cell has said, which comes in several parts where the machine is busy."""
    return "".join(output.text for output in cell.outputs if output.get("name") == "stdout")


def test_a_solved_notebook_says_nothing_on_stderr(homework_id):
    said = [
        output.text
        for cell in ran(homework_id).notebook.cells
        for output in cell.get("outputs", [])
        if output.get("name") == "stderr"
    ]
    assert said == []


def test_a_solved_notebook_runs_soon_and_in_little_memory(homework_id):
    seconds, memory = zip(*ran(homework_id).used, strict=True)
    longest = max(after - before for before, after in pairwise((0.0, *seconds)))
    assert seconds[-1] < LONGEST and longest < LONGEST_CELL and memory[-1] < LARGEST


def test_numbers_are_what_comes_out(homework_id):
    found = ran(homework_id).found
    wrong = [
        (each.shown, each.formula, value)
        for each, value in zip(marked(homework_id), found, strict=True)
        if not each.is_near(value)
    ]
    assert wrong == []


def test_every_number_says_where_it_comes_from(homework_id):
    texts, codes, _ = lesson(homework_id)
    assert list(numbers.unmarked(texts, [*codes, load(homework_id).reference])) == []


def test_drawings_are_what_their_script_draws():
    # But for those of the site's start page.
    there = [*ROOT.glob("source/*/[!p]*.svg"), *ROOT.glob("docs/*.svg")]
    assert sorted(draw.DRAWINGS) == sorted(str(path.relative_to(ROOT)) for path in there)
    for path, drawn in draw.DRAWINGS.items():
        assert (ROOT / path).read_text("utf-8") == drawn().svg(), f"{path} is old; run make drawings"


def test_the_front_page_says_how_long_each_takes():
    table = re.findall(r"^\| `(hw\w+)` \|.*\| (\S+ to \S+) \|$", (ROOT / "docs/course.md").read_text(), re.M)
    taken = {one: hours(source_notebook(ROOT / "source" / one / "lesson.md", load(one)).cells) for one in ids()}
    assert dict(table) == {one: f"{low:g} to {high:g}" for one, (low, high) in taken.items()}


@pytest.mark.parametrize(
    ("text", "formula", "value", "is_right"),
    [
        ("ends at .264<!--= a -->", "a", 0.26444, True),
        ("ends at .264<!--= a -->", "a", 0.2599, False),
        ("ends at $-2.24$<!--= a*b -->", "a*b", -2.2449, True),
        ("about $1.126 \\cdot 10^{15}$<!--= 2.0**50 -->", "2.0**50", 2.0**50, True),
        ("about 1.126e15<!--= 2.0**49 -->", "2.0**49", 2.0**49, False),
        ("26,365,524 of them<!--= n -->", "n", 26365524, True),
        ("at most 7 times<!--= f() <= 7 -->", "f() <= 7", False, False),
    ],
)
def test_a_marked_number_is_held_against_its_formula(text, formula, value, is_right):
    (found,) = numbers.marked(text)
    assert found.formula == formula
    assert found.is_near(value) is is_right
    assert "<!--" not in numbers.without_marks(text)


def test_a_number_without_a_mark_is_seen():
    found = list(numbers.unmarked(["It ends at .123, after 211 epochs of `lr=.5`: $0.7$<!--= x -->."], ["train(211)"]))
    assert found == ["It ends at .123, after 21"]


def test_a_mark_stands_behind_a_number():
    with pytest.raises(ValueError, match="no number"):
        list(numbers.marked("It ends there<!--= x -->."))
