"""Sample classes: of every kind, the same for a seed, and with mistakes spread as in a real class."""

import ast
import json
import random
from collections import Counter

import pytest
from conftest import HW01, handed_in, load, verdict

from gradbook.authoring.samples import sample_class
from gradbook.authoring.student_work import KINDS, ONE, RIGHT, SLIP, TWO, UNFINISHED, UNREADABLE, UNTOUCHED, Writer
from gradbook.course.assignment import Assignment
from gradbook.fronts import cli
from gradbook.grading.run import Options, grade_class


def texts(course, students):
    """What students handed in, as it is on disk."""
    return [(handed_in(course, student).folder / f"{HW01}.ipynb").read_text() for student in students]


def test_a_seed_makes_the_same_class_again(course):
    assignment = Assignment(course, HW01)
    first, again = (texts(course, sample_class(assignment, 20, seed=4)) for _ in range(2))
    assert first == again
    assert texts(course, sample_class(assignment, 20, seed=5)) != first


def test_a_class_holds_what_a_real_one_does(course):
    """Graded, so that the mistakes are those that are told."""
    assert cli.main(["sample-class", HW01, "--course", str(course.root), "--students", "24", "--seed", "1"]) == 0
    records = []
    summary = grade_class(Assignment(course, HW01), Options(workers=1), records.append)
    assert len(summary.scores) == 24
    assert summary.standings["unreadable"] == 1
    assert summary.standings["never started"] == 1
    assert 5 <= sum(score == 20 for score in summary.scores.values()) <= 12
    outcomes = {check["outcome"] for record in records for check in record["checks"]}
    assert {"right", "wrong", "raised", "untouched", "not graded"} <= outcomes
    unfinished = [r for r in records if {"untouched", "right"} <= {check["outcome"] for check in r["checks"]}]
    assert len(unfinished) >= 2


@pytest.mark.parametrize("students", [1, 2, 9, 12, 30, 60, 100])
def test_few_files_cannot_be_read_and_few_are_late(course, students):
    made = sample_class(Assignment(course, HW01), students)
    assert len(made) == students
    assert sum(not readable(text) for text in texts(course, made)) == (0 if students < 8 else 1 if students < 60 else 2)
    late = [student for student in made if handed_in(course, student).timestamp.month == 2]
    assert len(late) == min(2, max(students - 9, 0) // 12)


def readable(text):
    try:
        return bool(json.loads(text))
    except ValueError:
        return False


def test_every_kind_is_python_and_what_it_says(homework_id):
    writer, reference = Writer(load(homework_id), random.Random(7)), load(homework_id).reference
    for kind in KINDS:
        sources = [writer.source(kind) for _ in range(10)]
        assert all(ast.parse(source) for source in sources)
        as_it_is = kind in (RIGHT, UNTOUCHED, UNREADABLE)
        assert {source == reference for source in sources} == {as_it_is}
        if kind == UNFINISHED:
            assert all(
                source.count("NotImplementedError") > reference.count("NotImplementedError") for source in sources
            )


@pytest.mark.parametrize("homework", [HW01, "hw02_learning_landscapes", "hw04_sine_regression", "hw06_modules"])
def test_mistakes_have_a_long_tail(homework):
    """A few by many, most by few, where many are known."""
    writer = Writer(load(homework), random.Random(7))
    made = Counter(writer.source(ONE) for _ in range(400))
    counts = sorted(made.values(), reverse=True)
    assert counts[0] >= 20
    assert sum(counts[:5]) >= 100
    assert sum(count == 1 for count in counts) >= 10


def test_two_mistakes_are_seen():
    """In two functions both cost points; in one they are told as two."""
    pairs, functions = 0, 0
    for seed in range(8):
        lost = [
            f for f in verdict(HW01, Writer(load(HW01), random.Random(seed)).source(TWO)) if f.points < f.max_points
        ]
        assert lost
        pairs += any(finding.both for finding in lost)
        functions += len({finding.about for finding in lost}) > 1
    assert pairs and functions


def test_a_slip_raises():
    writer = Writer(load(HW01), random.Random(3))
    outcomes = {finding.outcome for _ in range(3) for finding in verdict(HW01, writer.source(SLIP))}
    assert "raised" in outcomes
