"""A fault in a check is the author's: it stops the grading with its traceback, and costs no student anything."""

import numpy as np
import pytest
from conftest import HW01, handed_in, load

from gradbook.errors import CheckFault
from gradbook.fronts import cli
from gradbook.homework.loading import Library
from gradbook.judging.judge import judge
from gradbook.judging.local import local
from gradbook.judging.observations import Observations


@pytest.fixture
def planted(monkeypatch):
    """Give a check of hw01, in every course, another experiment; gives a function (name, experiment, expected)."""
    homework = load(HW01)
    monkeypatch.setattr(Library, "load", lambda *_: homework)

    def plant(name, observe, expect=None):
        monkeypatch.setattr(homework.check(name), "observe", observe)
        monkeypatch.setattr(homework.check(name), "expect", expect)

    return plant


def judged(old="", new=""):
    homework = load(HW01)
    assert old in homework.reference
    return {f.name: f for f in judge(Observations(homework), local(homework.reference.replace(old, new)))}


def misspelt_function(code, rng):
    return code.los(rng.normal(size=3), rng.normal(size=3))


def misspelt_name(code, rng):
    return code.loss(x, rng.normal(size=3))  # noqa: F821 (that is the fault)


def wrong_arithmetic(code, rng):
    return code.loss(rng.normal(size=3) + rng.normal(size=4), rng.normal(size=3))


def only_for_some(code, rng):
    seen = code.loss(rng.normal(size=3), rng.normal(size=3))
    return seen if isinstance(seen, float) else undefined  # noqa: F821 (that is the fault)


@pytest.mark.parametrize("experiment", [misspelt_function, misspelt_name, wrong_arithmetic])
def test_an_experiment_that_does_not_run_stops_the_grading(planted, experiment):
    planted("loss_value", experiment)
    with pytest.raises(
        CheckFault, match="the check loss_value of hw01_shallow_narrow has a fault of its own"
    ) as caught:
        judged()
    assert experiment.__name__ in str(caught.value)


def test_so_does_what_it_expects(planted):
    planted("loss_value", load(HW01).check("loss_value").observe, lambda code, rng, reference: reference["the loss"])
    with pytest.raises(CheckFault, match="has a fault of its own"):
        judged()


def test_a_name_that_is_asked_for_with_wrong_code_only_is_a_fault(planted):
    planted("loss_value", only_for_some)
    assert judged()["loss_value"].outcome == "right"
    with pytest.raises(CheckFault, match="undefined"):
        judged("return float(np.mean(", "return str(np.mean(")


def test_what_stumbles_over_what_came_back_is_no_fault(planted):
    planted("loss_value", lambda code, rng: np.subtract(code.loss(rng.normal(size=3), rng.normal(size=3)), 1.0))
    finding = judged("return float(np.mean(", "return str(np.mean(")["loss_value"]
    assert (finding.outcome, finding.points) == ("type", 0)


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_the_run_ends_with_the_traceback_and_keeps_what_was_graded(planted, course, submit, solve, capsys, force):
    submit("ann", solve())
    assert cli.main(["grade", HW01, "--course", str(course.root), "--workers", "1"]) == 0
    submit("bob", solve())
    planted("loss_value", misspelt_name)
    assert cli.main(["grade", HW01, "--course", str(course.root), "--workers", "1", *force]) == 1
    said = capsys.readouterr().err
    assert "misspelt_name" in said
    assert "name 'x' is not defined" in said
    assert (handed_in(course, "ann").autograded).is_file()
    assert not handed_in(course, "bob").autograded.parent.exists()
