"""What every layer is asked: a right one keeps all laws, and a fault of each kind breaks the one that is about it."""

import numpy as np
import pytest

from gradbook.homework import layers
from gradbook.homework.draws import signed
from gradbook.homework.families import gap
from gradbook.judging.local import local
from gradbook.judging.probe import Code

DENSE = """
import numpy as np


class Dense:
    def __init__(self, rows, columns):
        self.parameters = {"W": np.ones((rows, columns)), "b": np.ones(columns)}
        self.gradients = {"W": np.zeros((rows, columns)), "b": np.zeros(columns)}

    def forward(self, x):
        self.x = x
        return x @ self.parameters["W"] + self.parameters["b"]

    def backward(self, grad):
        self.gradients["W"] += self.x.T @ grad
        self.gradients["b"] += grad.sum(axis=0)
        return grad @ self.parameters["W"].T


class Bend:
    def forward(self, x):
        self.x = x
        return x**2

    def backward(self, grad):
        return 2 * self.x * grad
"""
KEEP, GIVE = "        self.x = x\n", "        return x @ self.parameters"
ADD, BACK = '        self.gradients["W"] += self.x.T @ grad', '        return grad @ self.parameters["W"].T'


class Dense(layers.LayerCase):
    """Rows for a dense layer."""

    kind = "Dense"


class Bend(layers.LayerCase):
    """Numbers for a layer without parameters."""

    kind, adds = "Bend", False


def dense(rng):
    parameters = {"W": signed(rng, 3, 2), "b": signed(rng, 2)}
    return Dense({"x": signed(rng, 5, 3)}, signed(rng, 5, 2), parameters, (3, 2))


def bend(rng):
    return Bend({"x": signed(rng, 4, 3)}, signed(rng, 4, 3))


def broken_laws(source, case, compare=layers.same):
    """Names of the observations that are not what they are of a right layer."""
    code, rng = Code(local(source)), np.random.default_rng(0)
    one, other = case(rng), case(rng)
    seen = layers.forward_leaves(code, one, other, compare) | layers.latest(code, one, other, compare)
    seen = {f"forward: {name}" if name.endswith("afterwards") else name: fact for name, fact in seen.items()}
    seen |= {f"backward: {name}": fact for name, fact in layers.backward_leaves(code, one, compare).items()}
    if one.adds:
        seen |= layers.adds(code, one, compare)
    return {name for name, fact in seen.items() if not _holds(name, fact)}


def _holds(name, fact):
    """Whether a law holds: by a truth value, a factor, or a gap."""
    if isinstance(fact, bool):
        return fact
    return abs(fact - (name.startswith("the gradient of") and "second" in name)) < 1e-9


@pytest.mark.parametrize("case", [dense, bend])
@pytest.mark.parametrize("compare", [layers.same, gap])
def test_a_right_layer_keeps_all_laws(case, compare):
    assert broken_laws(DENSE, case, compare) == set()


# What is written for what, and a law that this breaks.
FAULTS = {
    "x changed": (KEEP, "        self.x = x.copy()\n        x *= 2\n", "forward: x afterwards"),
    "a parameter changed by forward": (KEEP, f"{KEEP}        self.parameters['b'] += 1\n", "a second call"),
    "told of the parameters": (
        KEEP,
        f"{KEEP}        self.parameters['b'] += 1\n",
        "forward: the parameters afterwards",
    ),
    "gradients forgotten": (
        KEEP,
        f"{KEEP}        self.gradients['W'][...] = 0\n",
        "forward: the gradients afterwards",
    ),
    "one array for all results": (
        GIVE,
        "        self.out = getattr(self, 'out', np.zeros((len(x), 2)))\n"
        "        self.out[...] = x @ self.parameters['W']\n"
        "        return self.out\n        return x @ self.parameters",
        "an earlier result",
    ),
    "the first result for ever": (
        GIVE,
        "        if hasattr(self, 'y'):\n            return self.y\n        self.y = x @ self.parameters['W']\n"
        "        return self.y\n        return x @ self.parameters",
        "they make a difference",
    ),
    "the first x": (KEEP, "        self.x = getattr(self, 'x', x)\n", "after another forward"),
    "a gradient that is kept": (
        BACK,
        "        self.kept = getattr(self, 'kept', grad @ self.parameters['W'].T + self.x.sum())\n"
        "        return self.kept",
        "after another forward and backward",
    ),
    "x of the class": (KEEP, "        Dense.x = x\n", "after another layer's forward"),
    "no gradient at all": (ADD, "        pass", "a gradient"),
    "assigned": (ADD, '        self.gradients["W"] = self.x.T @ grad', "the gradient of W, the array of before"),
    "put in the place": (ADD, '        self.gradients["W"][...] = self.x.T @ grad', "the gradient of W, a second call"),
    "only what is 0 is filled": (
        ADD,
        '        if not self.gradients["W"].max() > 99:\n            self.gradients["W"] += self.x.T @ grad',
        "the gradient of W, on top of what is there",
    ),
    "grad changed": (
        BACK,
        '        grad *= 2\n        return grad @ self.parameters["W"].T',
        "backward: grad afterwards",
    ),
    "x changed by backward": (ADD, f"{ADD}\n        self.x *= 2", "backward: x afterwards"),
    "a parameter changed by backward": (
        ADD,
        f"{ADD}\n        self.parameters['b'] -= 1",
        "backward: the parameters afterwards",
    ),
    "something else the second time": (
        BACK,
        '        self.n = getattr(self, "n", 0) + 1\n        return self.n * grad @ self.parameters["W"].T',
        "the input's gradient, again",
    ),
    "one array for all gradients": (
        BACK,
        "        self.g = getattr(self, 'g', np.zeros(self.x.shape))\n"
        "        self.g[...] = grad @ self.parameters['W'].T\n        return self.g",
        "backward: an earlier result",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_breaks_a_law(name):
    right, wrong, law = FAULTS[name]
    assert DENSE.count(right) >= 1
    assert law in broken_laws(DENSE.replace(right, wrong, 1), dense)


def test_of_a_layer_that_adds_nothing_backward_gives_the_same_again():
    grows = "        self.n = getattr(self, 'n', 0) + 1\n        return 2 * self.n * self.x * grad"
    found = broken_laws(DENSE.replace("        return 2 * self.x * grad", grows), bend)
    assert "backward: a second call" in found


def test_gradients_and_slopes_agree_in_all_parts():
    code, case = Code(local(DENSE)), dense(np.random.default_rng(1))
    found, slopes = case.gradients(code), case.slopes(code)
    assert list(found) == list(slopes) == ["the input's gradient", "the gradient of W", "the gradient of b"]
    for name, part in found.items():
        np.testing.assert_allclose(part, slopes[name], rtol=1e-6, atol=1e-7)


def test_what_forward_has_gone_by_may_be_set_before_backward():
    source = DENSE.replace("return grad @ self.parameters", "return self.scale * grad @ self.parameters")
    case = dense(np.random.default_rng(1))
    case.after = {"scale": 3.0}
    code = Code(local(source))
    assert np.allclose(case.gradients(code)[layers.BELOW], 3 * case.grad @ case.parameters["W"].T)
    assert layers.latest(code, case, case)["a gradient"]
