"""What functions return, print, raise and name that nobody meant: each ends in a recorded outcome and readable files.

Values are drawn by seeds: every run of the tests sees the same ones.
"""

import ast
import csv
import json
import random
import re
from contextlib import suppress

import hostile_values
import nbformat
import pytest
from conftest import HW01, handed_in, load, observations, run
from test_fuzz import check

from gradbook.course.assignment import Assignment
from gradbook.course.records import document
from gradbook.errors import ChildLost, StudentError
from gradbook.grading.outputs import Room
from gradbook.grading.submission import grade_submission
from gradbook.judging.compare import difference, kind_of
from gradbook.judging.hints import show
from gradbook.pages.exports import FORMATS, export
from gradbook.pages.report import write_report
from gradbook.sandbox.guest import wire
from gradbook.sandbox.limits import Limits
from gradbook.sandbox.session import Session
from gradbook.sandbox.shared import Sandbox
from gradbook.sandbox.worker import Worker

RIGHT = "def loss(*args): return 1.0\nclass ShallowNarrowExercise:\n    def forward(self, *args): return 1.0\n"
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@pytest.fixture
def values(depth):
    """How many are tried."""
    return depth(280, 10_000)


@pytest.fixture(scope="module")
def impatient(released):
    """A warm sandbox that does not wait for what has no end."""
    with (
        Sandbox(Assignment(released, HW01).helper_files) as sandbox,
        Worker(sandbox, Limits(cell=2, call=2, notebook=20)) as warm,
    ):
        yield warm


@pytest.fixture(scope="module")
def hostile(template):
    """The submission of one seed."""
    released = template(HW01)
    return lambda seed: hostile_values.submission(released, random.Random(seed))


def test_hostile_values_are_python(hostile):
    for seed in range(200):
        for cell in hostile(seed).cells:
            if cell.cell_type == "code":
                ast.parse(cell.source)


def test_each_ends_in_a_recorded_outcome(hostile, impatient, release, values):
    homework, released = load(HW01), release(HW01)
    for seed in range(-(-values // hostile_values.VALUES)):
        graded = grade_submission(nbformat.writes(hostile(seed)).encode(), observations(HW01), released, impatient)
        check(graded, homework, released)
        assert not graded.problem, seed
        assert_readable(json.dumps(document("ann", HW01, graded), ensure_ascii=False), seed)
        assert_readable(graded.text.replace("\\u001b", ""), seed)
        nbformat.validate(nbformat.reads(graded.text, as_version=4))


def assert_readable(text, seed=None):
    found = UNREADABLE.search(text)
    assert not found, (seed, text[found.start() - 40 : found.end() + 40])


def test_many_in_the_hands_of_one_session(impatient, values):
    """Each is what a function does and what a cell does: what comes back can be read, and is no reason to fail."""
    chance = random.Random(1)
    for number in range(values // 2):
        if number % 50 == 0:
            session = Session(impatient).__enter__()
            session.run(0, hostile_values.PREAMBLE + RIGHT)
        source = f"def odd(self, *args):\n{hostile_values.indented(hostile_values.body(chance), 4)}"
        session.run(1, source)
        with suppress(StudentError, ChildLost):
            seen = session.request(op="call", target=None, path=["odd"], args=[1.0], kwargs={})
            assert_readable(show(seen) + kind_of(seen), source)
            difference([1.0, 2.0], seen, 1e-9)
            difference({"loss": 1.0, "weights": [1.0]}, seen, 1e-9)
        source = hostile_values.cell(chance)
        outputs, _ = session.run(2, source)
        shown = json.dumps(Room().clean(outputs), ensure_ascii=False)
        assert_readable(shown.replace("\\u001b", ""), source)
        if number % 50 == 49:
            session.drop()
    session.drop()


# ---------------------------------------------------------------- one by one


def test_every_value_by_itself(impatient):
    """Each value is returned, and looked at as the checks do: no value takes the child along."""
    with Session(impatient) as session:
        session.run(0, hostile_values.PREAMBLE)
        child = session.pid
        for value in hostile_values.ATOMS:
            session.run(1, f"def odd():\n    return {value}")
            try:
                seen = session.request(op="call", target=None, path=["odd"], args=[], kwargs={})
            except StudentError as error:
                assert_readable(error.type_name + error.message, value)
                continue
            assert_readable(show(seen) + kind_of(seen), value)
            difference([1.0, 2.0], seen, 1e-9)
            difference({"loss": 1.0, "weights": [1.0]}, seen, 1e-9)
            assert session.pid == child, value


def test_every_error_by_itself(impatient):
    """Each is raised in a cell and in a function, and neither takes the child along."""
    with Session(impatient) as session:
        session.run(0, hostile_values.PREAMBLE)
        child = session.pid
        for error in hostile_values.ERRORS:
            source = error.format(r"'\ud800\x00'")
            outputs, raised = session.run(1, f"raise {source}")
            assert isinstance(raised, StudentError), source
            assert outputs, source
            session.run(2, f"def odd():\n    raise {source}")
            with pytest.raises(StudentError):
                session.request(op="call", target=None, path=["odd"], args=[], kwargs={})
            assert session.pid == child, source


def test_a_cell_that_raised_something_false_has_raised(impatient):
    with Session(impatient) as session:
        _, raised = session.run(0, "class No(ValueError):\n    __bool__ = lambda self: False\nraise No()")
    assert isinstance(raised, StudentError)
    assert raised.type_name == "ValueError"


@pytest.mark.parametrize("lie", ["list", "dict", "tuple"])
def test_what_lies_about_its_length_is_cut_all_the_same(impatient, lie):
    endless = {"dict": "def items(self):\n        while True: yield 1, 2"}.get(
        lie, "def __iter__(self):\n        while True: yield 1"
    )
    source = f"class Lie({lie}):\n    def __len__(self): return 1\n    {endless}\ndef odd(): return Lie()"
    with Session(impatient) as session:
        session.run(0, source)
        seen = session.request(op="call", target=None, path=["odd"], args=[], kwargs={})
    assert type(seen) is wire.Opaque


# ---------------------------------------------------------------- both sides of the wire


def crossed(value):
    data = wire.pack({"value": value})
    return wire.unpack(data[8:], int.from_bytes(data[4:8], "little"))["value"]


def test_what_cannot_be_written_does_not_leave():
    assert crossed("a\ud800b") == "a\ufffdb"
    assert crossed({"\ud800": ["\udfff"]}) == {"\ufffd": ["\ufffd"]}
    assert crossed("a\x00b\U0001f600") == "a\x00b\U0001f600"


@pytest.mark.parametrize(
    "body",
    [
        {"value": "\ud800"},
        {"value": {"$": "dict", "v": [["\ud800", 1]]}},
        {"value": {"$": "object", "type": "\ud800", "ref": None}},
        {"value": {"$": "object", "type": 5, "ref": None}},
        {"\ud800": 1},
        {"value": {"$": "array", "d": "<f8,,<f8", "s": [0], "at": 0, "n": 0}},
        {"value": {"$": "array", "d": "(\ud800", "s": [0], "at": 0, "n": 0}},
        {"value": {"$": "array", "d": "<f8", "s": [0, 2**40], "at": 0, "n": 0}},
        {"value": {"$": "array", "d": "<f8", "s": [1] * 33, "at": 0, "n": 8}},
        {"value": {"$": "complex", "v": [1]}},
        {"value": {"$": ["tuple"], "v": []}},
    ],
)
def test_what_comes_all_the_same_is_not_believed(body):
    text = json.dumps(body).encode()
    with pytest.raises(wire.WireError):
        wire.unpack(text + bytes(8), len(text))
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
    with pytest.raises(wire.WireError):
        wire.unpack(text + bytes(8), len(text))


def test_a_process_that_sends_a_lone_surrogate_is_ended(impatient):
    source = "import guest.wire as w\nw.writable = lambda text: text\ndef odd(): return {'\\ud800': 1}"
    with Session(impatient) as session:
        session.run(0, source)
        with pytest.raises(ChildLost, match="no answer"):
            session.request(op="call", target=None, path=["odd"], args=[], kwargs={})


# ---------------------------------------------------------------- all the way

SEEDS = range(6)


@pytest.mark.parametrize("way", ["gradbook", "nbgrader"])
def test_a_hostile_class_has_grades_pages_a_report_and_exports(course, submit, solve, hostile, way):
    submit("honest", solve())
    for seed in SEEDS:
        submit(f"hostile{seed}", hostile(seed))
    submit("field", surrogate_keys(solve()))
    everybody = {"honest", "field", *(f"hostile{seed}" for seed in SEEDS)}
    grade, feedback = {"gradbook": ("grade", "feedback"), "nbgrader": ("autograde", "generate_feedback")}[way]
    for command in (grade, feedback):
        done = run(way, command, HW01, cwd=course.root)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stdout + done.stderr
    with course.gradebook() as gradebook:
        scores = {s.student.id: s.score for s in gradebook.assignment_submissions(HW01)}
    assert set(scores) == everybody
    assert scores["honest"] == 20
    assert scores["field"] == 17
    for student in everybody:
        nbformat.validate(nbformat.read(handed_in(course, student).autograded, as_version=4))
        page = (handed_in(course, student).feedback).read_text(encoding="utf-8")
        assert_readable(page.replace("\x1b", ""), student)
        assert "<script" not in page
    if way == "nbgrader":
        assert run("nbgrader", "export", cwd=course.root).returncode == 0
        assert {row["student_id"] for row in table(course.root / "grades.csv")} == everybody
    else:
        assert_report_and_exports(course, everybody)


def surrogate_keys(notebook):
    """The right notebook, but for a forward pass that returns a dict with a key that no encoding can write."""
    cell = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "ShallowNarrowExercise")
    assert "return x * self.w1 * self.w2" in cell.source
    cell.source = cell.source.replace("return x * self.w1 * self.w2", "return {'\\ud800': x}")
    return notebook


def assert_report_and_exports(course, everybody):
    report = write_report(Assignment(course, HW01)).read_text(encoding="utf-8")
    assert_readable(report)
    assert all(student in report for student in everybody)
    out = {form: export(course, [HW01], form, course.root / f"out-{form}") for form in FORMATS}
    for form, column in {"nbgrader": "student_id", "canvas": "SIS User ID", "moodle": "ID number"}.items():
        assert {row[column] for row in table(out[form])} - {""} == everybody
    rows = json.loads(out["json"].read_text(encoding="utf-8"))
    assert {row["student"] for row in rows} == everybody
    for student in everybody:
        json.loads((out["gradescope"] / HW01 / student / "results.json").read_text(encoding="utf-8"))


def table(path):
    text = path.read_text(encoding="utf-8")
    assert_readable(text)
    return list(csv.DictReader(text.splitlines(keepends=True)))
