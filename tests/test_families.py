"""Families of checks: a fault of each kind, planted into a right homework, is seen by its family."""

import numpy as np
import pytest

from gradbook.course.findings import FINE
from gradbook.homework import check, families
from gradbook.homework.declare import Homework
from gradbook.judging.judge import judge
from gradbook.judging.local import local
from gradbook.judging.observations import Observations
from gradbook.judging.probe import Code

LINE = """
import numpy as np


class Line:
    def __init__(self, w):
        self.w = np.array(w, dtype=float)

    def forward(self, x):
        self.x = x
        return x @ self.w

    def loss(self, prediction, y):
        if np.shape(prediction) != np.shape(y):
            raise ValueError
        return float(np.sum((prediction - y) ** 2))

    def backward(self, prediction, y):
        return 2 * self.x.T @ (prediction - y)

    def update(self, gradient, lr):
        self.w -= lr * gradient

    def train(self, x, y, lr, n):
        losses = np.zeros(n)
        for i in range(n):
            prediction = self.forward(x)
            losses[i] = self.loss(prediction, y)
            self.update(self.backward(prediction, y), lr)
        return losses


def inputs():
    return 3
"""


class Case:
    """Rows, targets, and the weights of a line."""

    def __init__(self, rng, n=6):
        self.x, self.y, self.w = rng.normal(size=(n, 3)), rng.normal(size=(n, 3)), rng.normal(size=(3, 3))

    def net(self, code):
        return code.Line(self.w)

    def gradients(self, code):
        net = self.net(code)
        return {"w": net.backward(net.forward(self.x), self.y)}

    def fitting(self, code):
        yield {"w": 2 * self.x.T @ (self.net(code).forward(self.x) - self.y)}, 1e-9
        (slope,) = families.slopes(lambda w: np.sum((code.Line(w).forward(self.x) - self.y) ** 2), [self.w])
        yield {"w": slope}, 1e-5


def told(function):
    """A docstring, as checks must have one."""
    function.__doc__ = "a call\n\na promise"
    return function


@check("forward", 2, "Line.forward")
@told
def value(code, rng):
    case = Case(rng)
    return case.net(code).forward(case.x)


@check("forward", 1, "Line.forward")
@told
def effects(code, rng):
    case = Case(rng)
    net = case.net(code)
    return families.leaves(code, net.forward, {"x": case.x}, {"w": net.w.get})[1]


@check("forward", 1, "Line.forward")
@told
def repeat(code, rng):
    case = Case(rng)
    net = case.net(code)
    first, one, other = net.forward(case.x), [case.x], [2 * case.x]
    seen = families.repeats(first, net.forward, one, other) | families.keeps(first, code, net.forward, one, other)
    return seen | {"another x": families.depends(first, net.forward(2 * case.x))}


@check("loss", 2, "Line.loss")
@told
def shapes(code, rng):
    case = Case(rng)
    return families.refuses(code, case.net(code).loss, families.unequal(case.y) | {"equal": (case.y, case.y)})


@families.gradient("backward", 4, "Line.backward", forward="Line.forward")
@told
def gradient(rng):
    return {"": Case(rng), " of more rows": Case(rng, 9)}


@check("update", 2, "Line.update")
@told
def steps(code, rng):
    case = Case(rng)
    net = case.net(code)
    each = {when: (rng.normal(size=(3, 3)), lr) for when, lr in {" once": 0.3, " twice": 0.1}.items()}
    return families.steps(net.update, each, {"w": net.w.get})


@check("train", 4, "Line.train", rtol=1e-6)
@told
def trajectory(code, rng):
    case = Case(rng)
    return case.net(code).train(case.x, case.y, 0.02, 9)


@check("train", 3, "Line.train")
@told
def convergence(code, rng):
    case = Case(rng, 20)
    net, true = case.net(code), rng.normal(size=(3, 3))
    y = case.x @ true

    def loss():
        return np.sum((case.x @ net.w.get() - y) ** 2)

    start, losses = loss(), net.train(case.x, y, 0.01, 99)
    end, last = loss(), net.train(case.x, y, 0.01, 1)
    return families.converges([losses, last], [start], [end], 0.01 * start)


@families.answer("inputs", 1)
@told
def answer():
    pass


CHECKS = (value, effects, repeat, shapes, gradient, steps, trajectory, convergence, answer)
HOMEWORK = Homework("line", LINE, checks=CHECKS, variants=(), examples={})
OBSERVATIONS = Observations(HOMEWORK)


def lost(*changes):
    """Names of the checks that the line fails once these texts are replaced."""
    source = LINE
    for old, new in changes:
        assert source.count(old) == 1
        source = source.replace(old, new)
    return [f.name for f in judge(OBSERVATIONS, local(source)) if f.outcome not in FINE]


OUT = "        return x @ self.w\n"
RECORD = "            losses[i] = self.loss(prediction, y)\n"
STEP = "            self.update(self.backward(prediction, y), lr)\n"
FAULTS = {
    "a wrong value": (OUT, "        return x @ self.w + 1e-6\n", ["value"]),
    "an argument written into": (
        "        self.x = x\n" + OUT,
        "        self.x = x.copy()\n        y = x @ self.w\n        x[0] += 1\n        return y\n",
        ["effects"],
    ),
    "a state written into": (
        OUT,
        "        y = x @ self.w\n        self.w[0] *= 1.001\n        return y\n",
        ["effects", "repeat"],
    ),
    "a second call that differs": (
        OUT,
        "        self.n = getattr(self, 'n', 0) + 1\n        return x @ self.w + (self.n > 2)\n",
        ["repeat"],
    ),
    "one result for every x": (
        OUT,
        "        self.first = getattr(self, 'first', x @ self.w)\n        return self.first\n",
        ["repeat"],
    ),
    "an array used again": (
        OUT,
        "        self.out = getattr(self, 'out', np.zeros(x.shape))\n        self.out[:] = x @ self.w\n"
        "        return self.out\n",
        ["repeat"],
    ),
    "a shape let pass": ("np.shape(prediction) != np.shape(y)", "np.size(prediction) != np.size(y)", ["shapes"]),
    "a shape refused that is right": ("np.shape(prediction) != np.shape(y)", "np.size(y) == 18", ["shapes"]),
    "a gradient with a factor": ("2 * self.x.T", "self.x.T", ["gradient"]),
    "steps in the wrong order": (
        "        self.w -= lr * gradient\n",
        "        self.w -= lr * getattr(self, 'last', gradient)\n        self.last = gradient\n",
        ["steps"],
    ),
    "a trajectory off by one": (
        RECORD + STEP,
        STEP + RECORD.replace("prediction", "self.forward(x)"),
        ["trajectory", "convergence"],
    ),
    "an invented loss curve": (
        "        return losses\n",
        "        return np.geomspace(100, 1e-6, n)\n",
        ["trajectory", "convergence"],
    ),
    "a wrong answer": ("return 3", "return 4", ["answer"]),
}


def test_a_right_homework_loses_nothing():
    assert lost() == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(fault):
    old, new, seen = FAULTS[fault]
    assert lost((old, new)) == seen


TWICE = (OUT, "        return 2 * x @ self.w\n")


@pytest.mark.parametrize("factor", [2, 4])
def test_a_gradient_may_follow_from_a_wrong_forward(factor):
    """Of a forward that doubles: what the right backward makes of it, and the derivative of what it does."""
    assert lost(TWICE, ("2 * self.x.T", f"{factor} * self.x.T")) == ["value"]


def test_a_gradient_that_does_not_follow_is_wrong_after_a_wrong_forward_too():
    assert lost(TWICE, ("2 * self.x.T", "3 * self.x.T")) == ["value", "gradient"]


def test_what_changed_in_a_list_is_counted():
    code = Code(local("def two(arrays):\n    arrays[1] += 1\n    arrays[2] *= 2\ndef pop(arrays):\n    arrays.pop()"))
    given = {"arrays": [np.ones(2), np.ones(3), np.ones(2)]}
    assert families.leaves(code, code.two, given)[1] == {"arrays afterwards": 2}
    assert families.leaves(code, code.pop, given)[1] == {"arrays afterwards": -1}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1 + 1e-12, True),
        (1, 1.001, False),
        ([np.ones(2), None], [np.ones(2), None], True),
        ([np.ones(2), None], [np.ones(2), np.ones(2)], False),
        ({"a": 1.0, "b": np.ones(3)}, {"b": np.ones(3), "a": 1.0}, True),
        (np.ones((2, 1)), np.ones(2), False),
        ([np.nan, np.inf], [np.nan, np.inf], True),
        (None, None, False),
        ([], [], False),
        ("text", "text", False),
        ([[1, 2], [3]], [[1, 2], [3]], True),
    ],
)
def test_same(one, other, same):
    assert families.same(one, other) is same


def test_a_gap_is_one_number():
    assert families.gap(np.zeros(3), np.array([1.0, -4.0, 2.0])) == -4
    assert families.gap(np.zeros(3), np.zeros(4)) == 1
    assert families.gap(None, np.zeros(4)) is None


def test_slopes_are_those_of_the_function():
    a, b = np.array([[1.0, 2.0]]), np.array([3.0])
    by_a, by_b = families.slopes(lambda a, b: float(np.sum(a**2) * b[0]), [a, b], [np.array([1e-6, 1e-5]), 1e-6])
    assert by_a == pytest.approx(6 * a) and by_b == pytest.approx(np.array([5.0]))


@pytest.mark.parametrize(
    ("losses", "end", "missed"),
    [
        ([9.0, 5.0, 1.0], 1.0, []),
        ([[9.0, 5.0, 2.0], [1.5, 1.0]], 1.0, []),
        ([8.0, 5.0, 1.0], 1.0, ["the first loss"]),
        ([9.0, 5.0, 0.5], 1.0, ["the last loss"]),
        ([9.0, 5.0, 3.0], 3.0, ["ends low"]),
        ([9.0, np.nan], np.nan, ["the last loss", "ends low"]),
        ([], 1.0, ["the first loss", "the last loss"]),
        (None, 1.0, ["the first loss", "the last loss"]),
    ],
)
def test_what_a_run_misses_is_told_apart(losses, end, missed):
    seen = families.converges(losses, [9.0], [end], low=2.0)
    assert [name for name, holds in seen.items() if not holds] == missed


def test_a_second_call_is_compared_with_the_first():
    """Each by itself: `keeps` would see this fault as well."""
    results = iter([2.0, 1.0, 1.5])
    assert families.repeats(1.0, lambda: next(results), [], []) == {"a second call": True}
    assert families.repeats(1.0, lambda: 1.5, [], []) == {"a second call": False}


def test_the_pairs_that_are_to_be_refused_have_different_shapes():
    pairs = families.unequal(np.arange(12.0).reshape(4, 3))
    assert len(pairs) == 6
    assert not [name for name, (one, other) in pairs.items() if np.shape(one) == np.shape(other)]


def test_an_answer_that_is_a_dict_is_told_as_a_whole():
    """Else a finding would say which key is missing."""

    @families.answer("broken", 1)
    def broken():
        """broken()

        each broken one with its place
        """

    class Student:
        def broken(self):
            return {"b": "sign", "a": "mask"}

    assert broken.observe(Student(), None) == "a: mask, b: sign"


NET = """
import numpy as np


class Net:
    def __init__(self):
        self.w = {"a": np.ones(2)}

    def replace(self):
        self.w["a"] = np.zeros(2)
"""


def test_what_a_dict_held_is_told_apart_from_what_took_its_place():
    net = (code := Code(local(NET))).Net()
    held = families.holding(code, net.w)
    net.w.fill({"a": 3.0})
    assert families.same(held(), {"a": np.full(2, 3.0)})
    net.replace()
    assert families.same(held(), {"a": np.full(2, 3.0)})


TIMES = [([1.0, 2.0], 1.0), ([2.0, 4.0], 2.0), ([2.0, 5.0], None), ([[1.0, 2.0]], None)]


@pytest.mark.parametrize(("second", "by"), TIMES)
def test_by_what_a_result_is_multiplied(second, by):
    found = families.factor(np.array([1.0, 2.0]), np.array(second))
    assert np.isnan(found) if by is None else found == by
