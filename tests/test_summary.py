"""What `gradbook grade` prints: students, not checks, are counted; colour is for terminals."""

import io
import re

import pytest
from conftest import HW01, load

from gradbook.course import records
from gradbook.course.findings import NOT_HANDED_IN, Finding, Graded
from gradbook.course.standing import BEGAN, NEVER_STARTED, UNREADABLE, standing
from gradbook.fronts import cli, terminal
from gradbook.grading.summary import Summary
from gradbook.homework.concepts import CONCEPTS


def record(student, outcomes=(), rest="right", flags=(), **told):
    """The record of a grading. outcomes: check -> outcome; rest: of all others; told: what those of `outcomes` say."""
    findings = []
    for check in load(HW01).checks:
        finding = Finding.of(check, dict(outcomes).get(check.name, rest))
        finding.points = finding.max_points if finding.outcome == "right" else 0.0
        for name, value in told.items() if check.name in dict(outcomes) else ():
            setattr(finding, name, value)
        findings.append(finding)
    return records.document(student, HW01, Graded(None, findings, list(flags)))


TWICE = {"loss_value": "wrong", "loss_shapes": "wrong"}


@pytest.fixture
def six():
    """The summary of six: two right, two with one mistake in two checks, one untouched, one unreadable."""
    summary = Summary(HW01)
    summary.count(record("ann"))
    summary.count(record("bob", flags=["numerical derivative?", "ran twice"]))
    summary.count(record("cyd", TWICE, mistake="sum for mean", hint="The sum."))
    summary.count(record("dan", TWICE, mistake="sum for mean", hint="The sum."))
    summary.count(record("eve", rest="untouched"))
    summary.count(record("fay", rest="not graded", flags=["the file is cut off"]))
    return summary


@pytest.mark.parametrize(
    ("outcomes", "rest", "expected"),
    [
        ({}, "right", BEGAN),
        ({}, "untouched", NEVER_STARTED),
        ({"loss_value": "missing"}, "untouched", BEGAN),
        ({"loss_value": "raised"}, "untouched", BEGAN),
        ({}, "not graded", UNREADABLE),
        ({"loss_value": "over a limit"}, "not graded", BEGAN),
    ],
)
def test_who_began(outcomes, rest, expected):
    assert standing(record("ann", outcomes, rest)) == expected


def test_who_deleted_what_was_not_touched_did_not_begin():
    why = f"loss is not defined, as its cell {NOT_HANDED_IN}."
    assert standing(record("ann", {"loss_value": "missing"}, "untouched", hint=why)) == NEVER_STARTED


def test_students_are_counted(six):
    lines = str(six).split("\n")
    assert lines[0].startswith(f"{HW01}: 6 graded, 0 unchanged, in ")
    assert lines[1] == "scores of the 4 who began: 17 to 20 of 20, median 18.5"
    counts = dict(re.fullmatch(r" +(\d+)  (.+)", line).groups()[::-1] for line in lines[3:8])
    assert counts == {
        "graded": "6",
        "full marks": "2",
        "to look at by hand (the report says why)": "1",
        "never started": "1",
        "unreadable": "1",
    }
    assert lines[9].split(maxsplit=1) == ["2", "sum for mean"]


def test_mistakes_are_told_by_their_ideas():
    """Two mistakes about one idea are one student's once; where two meet, both ideas count."""
    summary = Summary(HW01)
    summary.count(record("ann", {"loss_value": "wrong"}, mistake="sum", hint="h", concept="mean"))
    both = [{"mistake": name, "concept": name, "hint": "h"} for name in ("mean", "sign")]
    summary.count(record("bob", TWICE, mistake="mean and sign", hint="h", concept="mean", both=both))
    assert summary.ideas == {CONCEPTS["mean"].title: 2, CONCEPTS["sign"].title: 1}


def test_equal_counts_stand_in_one_order():
    names = ["b", "a", "d", "c"]
    texts = set()
    for turn in (names, names[::-1]):
        summary = Summary(HW01)
        for name in turn:
            summary.count(record(name, TWICE, mistake=name, hint="h"))
        texts.add(str(summary))
    assert len(texts) == 1


def test_colour_changes_no_word(six):
    plain, painted = str(six), "\n".join(six.lines(terminal.painted))
    assert "\033[" not in plain
    assert "\033[31m" in painted
    assert re.sub(r"\033\[\d+m", "", painted) == plain


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("environment", "expected"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colour_is_for_a_terminal_that_wants_it(monkeypatch, environment, expected):
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert terminal.wants_colour(Terminal()) == expected
    assert not terminal.wants_colour(io.StringIO())


def test_what_to_do_next_is_a_command_that_works(course, submit, solve, capsys):
    submit("ann", solve())
    assert cli.main(["grade", HW01, "--course", str(course.root), "--workers", "1"]) == 0
    told = capsys.readouterr().out
    assert "\033" not in told
    commands = re.findall(r"^  gradbook (\w+) (\S+) ", told, re.M)
    assert [name for name, _ in commands] == ["feedback", "report"]
    for name, homework in commands:
        assert cli.main([name, homework, "--course", str(course.root)]) == 0
