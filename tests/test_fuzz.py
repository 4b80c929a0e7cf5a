"""Notebooks that nobody meant, deep down ten thousand: each is graded, or recorded as ungradable with its reason.

The examples are derandomised: every run of the tests sees the same ones.
"""

import copy
import itertools
import json
import random

import nbformat
import pytest
from conftest import HW01, load, observations
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradbook.course.records import auto_comment, document
from gradbook.errors import ChildLost, StudentError
from gradbook.grading import submission as grading
from gradbook.grading.submission import grade_submission
from gradbook.intake.notebook import submission

FUZZ = settings(derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, -(2**63), 1e308, float("nan"), float("inf"), "", "code", "markdown", "raw", 3, 4, 5]),
    st.floats(),
    st.text(st.characters(codec=None), max_size=20),
    st.sampled_from(["\ud800", "\x00", "\u202e", "\x1b[31m", "</script>", "%%bash\nls", "!ls", "x" * 3000, "```"]),
)
TREE = st.recursive(
    ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = [
    "cells",
    "metadata",
    "nbformat",
    "nbformat_minor",
    "worksheets",
    "cell_type",
    "source",
    "id",
    "outputs",
    "nbgrader",
    "grade_id",
    "points",
    "grade",
    "solution",
    "locked",
    "task",
    "schema_version",
    "attachments",
    "input",
    "language",
]
HOW = ["replace", "replace", "remove", "double", "rename", "swap"]


class Sandbox:
    """Stands in for a Session: what a submission's process might answer, without a process."""

    def __init__(self, worker):
        self.chance = random.Random(worker)
        self.answer, self.usage = None, {"cpu": 0.0, "memory": 0}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def restart(self):
        pass

    cut = ""

    def until_deadline(self):
        import contextlib

        return contextlib.nullcontext()

    aside = until_deadline

    def sources(self):
        return []

    def run(self, cell, source):
        assert type(source) is str
        source.encode()
        shown = [{"output_type": "stream", "name": "stdout", "text": source[:500]}, source, {"output_type": source[:9]}]
        errors = [None, None, StudentError("ValueError", source[:100], cell, 1), ChildLost("was lost")]
        return shown[: self.chance.randrange(4)], self.chance.choice(errors)

    def request(self, **message):
        raise self.chance.choice([StudentError("NameError", "name 'x' is not defined", 3, 2), ChildLost("was lost")])


class Worker:
    """Stands in for a warm parent."""

    level = "namespaces"

    def warm(self):
        pass


@pytest.fixture(scope="module")
def base(template):
    """The released notebook, as plain data."""
    return json.loads(nbformat.writes(template(HW01)))


@pytest.fixture
def graded(release, tmp_path, monkeypatch):
    """Write bytes as a submission, grade them, and check all that is promised of what comes out."""
    monkeypatch.setattr(grading, "Session", lambda worker: Sandbox(1))
    homework, released, path = load(HW01), release(HW01), tmp_path / f"{HW01}.ipynb"
    count = itertools.count()

    def grade(data):
        path.write_bytes(data)
        graded = grade_submission(submission(path), observations(HW01), released, Worker())
        check(graded, homework, released)
        # Reading and validating costs more than all the rest, and what it sees is nearly always the same.
        if next(count) % 20 == 0:
            nbformat.validate(nbformat.reads(graded.text, as_version=4))
        return graded

    return grade


def check(graded, homework, released):
    """The promises: a score in its bounds, every graded cell there and locked, and nothing that cannot be stored."""
    assert len(graded.findings) == len(homework.checks)
    assert 0 <= graded.score <= graded.max_score == 20
    if graded.problem:
        assert graded.score == 0
        assert {f.outcome for f in graded.findings} == {"not graded"}
        assert len(graded.problem) < 200
    graded.text.encode()
    mine = [c for c in graded.notebook.cells if "nbgrader" in c.metadata]
    theirs = [c for c in released.cells if "nbgrader" in c.metadata]
    assert [c.metadata for c in mine] == [c.metadata for c in theirs]
    locked = [(c.source, d.source) for c, d in zip(mine, theirs, strict=True) if c.metadata.nbgrader.locked]
    assert all(c == d for c, d in locked)
    json.dumps(document("ann", homework.id, graded)).encode()
    for cell in mine:
        (auto_comment(cell.metadata.nbgrader.grade_id, graded) or "").encode()


def places(value, path=()):
    """The place of every value in a tree of lists and dicts."""
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*path, index))


def change(tree, path, value, how):
    """Change the place of a tree, in place: replace, remove, double, rename or swap."""
    for step in path[:-1]:
        tree = tree[step]
    last = path[-1]
    if how == "remove":
        del tree[last]
    elif how == "double" and isinstance(tree, list):
        tree.insert(last, copy.deepcopy(tree[last]))
    elif how == "swap" and isinstance(tree, list):
        tree[0], tree[last] = tree[last], tree[0]
    elif how == "rename" and isinstance(tree, dict):
        tree[value if isinstance(value, str) else "x"] = tree.pop(last)
    else:
        tree[last] = value


MUTATION = st.tuples(st.floats(0, 1), TREE, st.sampled_from(HOW))


def mutate(base, mutations):
    notebook = copy.deepcopy(base)
    for where, value, how in mutations:
        every = list(places(notebook))[1:]
        if every:
            change(notebook, every[min(int(where * len(every)), len(every) - 1)], value, how)
    return notebook


def encode(notebook):
    return json.dumps(notebook).encode("utf-8", "surrogatepass")


@pytest.fixture
def many(depth):
    """The settings of a test that goes through many examples."""
    return settings(FUZZ, max_examples=depth(300, 3000))


def test_changed_notebooks(base, graded, many):
    @many
    @given(st.lists(MUTATION, min_size=1, max_size=4))
    def fuzz(mutations):
        graded(encode(mutate(base, mutations)))

    fuzz()


def test_notebooks_of_odd_parts(graded, many):
    cell = st.dictionaries(st.sampled_from(FIELDS), TREE, max_size=6) | TREE
    parts = {"nbformat": st.sampled_from([3, 4, 4, 4]) | ODD, "cells": st.lists(cell, max_size=6) | TREE}

    @many
    @given(st.fixed_dictionaries(parts, optional={"worksheets": TREE, "metadata": TREE}))
    def fuzz(notebook):
        graded(encode(notebook))

    fuzz()


def test_broken_bytes(base, graded, many):
    whole = encode(base)

    @many
    @given(st.integers(0, len(whole)), st.integers(0, len(whole)), st.binary(max_size=12))
    def fuzz(start, end, put):
        graded(whole[:start] + put + whole[end:])

    fuzz()


WORDS = [b"0", b'""', b"NaN", b"1e999", b"null", b'"nbformat":4', b"4", b"\xff", b"{", b"[", b"]", b"}", b":", b","]
FRAMES = [b"[%s]", b'{"cells":%s}', b'{"nbformat":4,"cells":%s}', b'{"nbformat":4,"cells":[{"source":%s}]}', b"%s%s"]


def framed(parts):
    """A frame around bytes."""
    return parts[0].replace(b"%s", parts[1])


def test_any_bytes(graded, depth):
    text = st.text(st.characters(codec=None), max_size=80).map(lambda t: t.encode("utf-8", "surrogatepass"))
    nested = st.recursive(
        st.sampled_from(WORDS), lambda part: st.tuples(st.sampled_from(FRAMES), part).map(framed), max_leaves=12
    )

    @settings(FUZZ, max_examples=depth(300, 1000))
    @given(st.binary(max_size=200) | text | nested)
    def fuzz(data):
        graded(data)

    fuzz()


def test_through_the_real_sandbox(base, worker, release, tmp_path, depth):
    homework, released, path = load(HW01), release(HW01), tmp_path / "x.ipynb"

    @settings(FUZZ, max_examples=depth(50, 200))
    @given(st.lists(MUTATION, min_size=1, max_size=4))
    def fuzz(mutations):
        path.write_bytes(encode(mutate(base, mutations)))
        check(grade_submission(submission(path), observations(HW01), released, worker), homework, released)

    fuzz()
