"""What the grader itself spends on a submission, and what it forgives, has bounds."""

import contextlib
import resource
import time
from dataclasses import replace

import nbformat
import numpy as np
import pytest
from conftest import ids, load, observations, verdict

from gradbook.grading import submission as grading
from gradbook.grading.outputs import MAX_TEXT, Room
from gradbook.homework.source import splice
from gradbook.intake.notebook import submission
from gradbook.judging.judge import judge
from gradbook.judging.local import Local, namespace
from gradbook.judging.observations import Observations
from gradbook.judging.probe import Code
from gradbook.judging.shelf import RAISED
from gradbook.sandbox import bounds
from gradbook.sandbox.guest import wire


def test_memory_is_bounded_and_given_back():
    with bounds.memory(100 << 20), pytest.raises(MemoryError):
        np.ones(1 << 28)
    assert np.ones(1 << 26).size


def spin(seconds):
    """Use so much processor time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_time_is_bounded_but_not_while_it_pauses():
    allowance = bounds.Allowance(0.1)
    with allowance.spend(), allowance.pause():
        spin(0.6)
        with allowance.pause():
            spin(0.1)
    assert allowance.cpu < 0.1
    with pytest.raises(bounds.OutOfTime), allowance.spend():
        spin(20)
    assert allowance.cpu < 5
    with bounds.Allowance(0.05).spend():
        pass
    spin(0.1)


def test_within_a_pause_it_may_go_on():
    """As where the sandbox waits for an answer that the grader works out."""
    allowance = bounds.Allowance(0.1)
    with pytest.raises(bounds.OutOfTime), allowance.spend(), allowance.pause(), allowance.go_on():
        spin(20)


def test_whose_clock_has_run_out():
    assert bounds.run_out(10, cpu=9.9, passed=19.9) == ""
    assert bounds.run_out(10, cpu=10, passed=10) == bounds.OWN
    assert bounds.run_out(10, cpu=1, passed=20) == bounds.OURS
    assert bounds.run_out(10, cpu=9, passed=199, waited=180) == ""
    assert bounds.run_out(10, cpu=9, passed=200, waited=191) == bounds.OURS


def test_a_check_that_finds_no_end_ends():
    """Such as one that goes through what came back, item by item."""

    class Timed(Local):
        def until_deadline(self):
            return bounds.Allowance(0.3).spend()

    homework, begin = load("hw01_shallow_narrow"), time.monotonic()
    endless = replace(homework.checks[0], observe=lambda code, rng: time.sleep(30))
    planted = Observations(replace(homework, checks=(endless, *homework.checks[1:])))
    found = judge(planted, Timed(namespace(homework.reference)))
    assert (found[0].outcome, found[0].points) == ("over a limit", 0)
    assert time.monotonic() - begin < 20


def test_a_submission_is_judged_with_bounded_memory(worker, solve, release, tmp_path, monkeypatch):
    seen, path = [], tmp_path / "x.ipynb"
    path.write_text(nbformat.writes(solve()))
    judge_it = grading.judge

    def look(*arguments, **more):
        seen.append(resource.getrlimit(resource.RLIMIT_AS)[0])
        return judge_it(*arguments, **more)

    monkeypatch.setattr(grading, "judge", look)
    homework = load("hw01_shallow_narrow")
    assert (
        grading.grade_submission(submission(path), observations(homework.id), release(homework.id), worker).score == 20
    )
    assert 0 < seen[0] < 64 << 30
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


@pytest.mark.parametrize("shape", [[0, 2**40], [2**40, 0], [2**20, 2**20, 0]])
def test_empty_arrays_are_not_long(shape):
    body = b'{"value": {"$": "array", "d": "<f8", "s": %s, "at": 0, "n": 0}}' % str(shape).encode()
    with pytest.raises(wire.WireError):
        wire.unpack(body, len(body))


@pytest.mark.parametrize("dtype", ["O", "V8", "M8[s]", "S8", "(1,)f8", "f8,f8"])
def test_arrays_hold_numbers(dtype):
    body = b'{"value": {"$": "array", "d": "%s", "s": [1], "at": 0, "n": 8}}' % dtype.encode()
    with pytest.raises(wire.WireError):
        wire.unpack(body + bytes(8), len(body))


def test_bytes_count_once():
    spec = b'{"$": "array", "d": "<f8", "s": [10], "at": 0, "n": 80}'
    body = b'{"value": [%s, %s]}' % (spec, spec)
    with pytest.raises(wire.WireError):
        wire.unpack(body + bytes(80), len(body))
    assert len(wire.unpack(body + bytes(160), len(body))["value"]) == 2


def test_outputs_are_measured_by_the_grader():
    room, stream = Room(), {"output_type": "stream", "name": "stdout", "text": "x" * 150_000}
    shown = [o for _ in range(50) for o in room.clean([stream] * 300)]
    assert sum(len(o["text"]) for o in shown) == MAX_TEXT


def test_right_functions_stand_in_only_when_their_own_checks_are_over():
    """Else a submission could learn from them what it is asked next."""
    for homework in map(load, ids()):
        for number, check in enumerate(homework.checks):
            later = {c.covers for c in homework.checks[number:]}
            assert not later & set(check.given), (homework.id, check.name)


def score(homework, **replaced):
    """The score of the reference with some functions replaced: Class__method or function -> source."""
    source = homework.reference
    for name, text in replaced.items():
        source = splice(source, name.replace("__", "."), text)
    return points(homework, source)


def points(homework, source, *changed):
    """The score of a whole source. changed: see `verdict`."""
    return sum(f.points for f in verdict(homework.id, source, *changed))


# A function is broken in order to have a larger one forgiven: homework, the small one broken, the large one as it is.
BARGAINS = {
    "hw02: a train that goes nowhere": (
        "hw02_learning_landscapes",
        {},
        {"DeepNarrowLNN__train": "def train(self, *a, **k):\n    return 0"},
        16,
    ),
    "hw03: loss for train": (
        "hw03_linear_chain",
        {"loss": "def loss(z, y):\n    z += 0\n    return ((z - y) ** 2).sum() + 1e-3"},
        {"train": "def train(*a, **k):\n    return 0"},
        None,
    ),
    "hw04: a constant forward for backward": (
        "hw04_sine_regression",
        {"SineRegressor__forward": "def forward(self, x):\n    return np.zeros((len(x), 1))"},
        {
            "SineRegressor__backward": "def backward(self, prediction, label):\n"
            "    return {k: np.zeros_like(v) for k, v in self.parameters.items()}"
        },
        None,
    ),
    "hw05: a constant forward for backward": (
        "hw05_two_layer_relu",
        {"TwoLayerNet__forward": "def forward(self, x):\n    return np.zeros((len(x), self.w2.shape[1]))"},
        {
            "TwoLayerNet__backward": "def backward(self, y_prediction, y):\n"
            "    require_equal_shapes(y_prediction, y)\n    return np.zeros_like(self.w1), np.zeros_like(self.w2)"
        },
        None,
    ),
    "hw05: update for train": (
        "hw05_two_layer_relu",
        {"TwoLayerNet__update": "def update(self, grad_w1, grad_w2, lr):\n    self.w1 = self.w1 - 1.1 * lr * grad_w1"},
        {"TwoLayerNet__train": "def train(self, x, y, lr, n_iter):\n    raise ValueError"},
        None,
    ),
    "hw06: a constant forward for backward": (
        "hw06_modules",
        {"ReLU__forward": "def forward(self, x):\n    return np.zeros_like(x)"},
        {"ReLU__backward": "def backward(self, grad):\n    return np.zeros_like(grad)"},
        None,
    ),
}


@pytest.mark.parametrize("name", BARGAINS)
def test_nobody_gains_by_breaking_a_function(name):
    homework, small, large, most = BARGAINS[name]
    homework = load(homework)
    with_trick, without = score(homework, **small, **large), score(homework, **large)
    assert with_trick <= without if small else with_trick <= most


def test_a_known_mistake_does_not_excuse_a_function_that_raises_by_itself(homework_id, depth):
    homework, met = load(homework_id), []
    for check in homework.checks:
        covers = check.covers
        small = [v for v in homework.chaffs if v.target in check.uses and v.target != covers][:: depth(4, 1)]
        raising = [v for v in small if observations(homework_id).alone(check, v) is RAISED]
        large = f"def {covers.split('.')[-1]}(*a, **k):\n    raise ValueError"
        for chaff in raising:
            trick, without = (splice(s, covers, large) for s in (homework.source_with(chaff), homework.reference))
            assert points(homework, trick, chaff.target, covers) <= points(homework, without, covers)
            met.append(chaff.name)
    if homework_id.startswith("hw03"):
        assert len(met) > 5


def test_a_deadline_that_is_swallowed_comes_again():
    begin, swallowed = time.monotonic(), 0
    with bounds.Allowance(0).spend():
        while swallowed < 2 and time.monotonic() < begin + 5:
            with contextlib.suppress(bounds.OutOfTime):
                swallowed += 1
                time.sleep(5)
    assert swallowed == 2
    assert time.monotonic() < begin + 4


def test_a_deadline_is_no_mistake_of_a_known_variant():
    """It ends the grader's work on a submission; it is not what the variant was seen to do."""

    def late():
        raise bounds.OutOfTime

    with pytest.raises(bounds.OutOfTime):
        Code(Local({"late": late})).late()
