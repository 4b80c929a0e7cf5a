"""A mistake is named where it was seen, and only then."""

import numpy as np
import pytest
from conftest import load, verdict

from gradbook.homework.source import splice
from gradbook.judging.mistakes import tells_little

# A mistake that the bank does not know, which a later check of few answers could take for one that it does.
UNKNOWN = {
    "samples moved under their targets": (
        "hw01_shallow_narrow",
        "ShallowNarrowExercise.train",
        """
def train(self, x, y_true, lr, n_ep):
    losses, path = np.empty(n_ep), np.empty((n_ep, 2))
    for epoch in range(n_ep):
        losses[epoch] = loss(self.forward(x), y_true)
        x = np.roll(x, 1)
        dw1, dw2 = self.dloss_dw(x, y_true)
        self.w1, self.w2 = self.w1 - lr * dw1, self.w2 - lr * dw2
        path[epoch] = self.w1, self.w2
    return losses, path
""",
        {"convergence": ""},
    ),
    "one prediction for all epochs": (
        "hw02_learning_landscapes",
        "DeepNarrowLNN.train",
        """
def train(self, x, y_true, lr, n_ep):
    prediction, losses = self.forward(x), []
    for _ in range(n_ep):
        losses.append(self.loss(prediction, y_true))
        if not np.isfinite(losses[-1]):
            break
        self.w = self.w - lr * self.dloss_dw(x, y_true)
    return np.array(losses)
""",
        {"train_stops": ""},
    ),
    "a known mistake, in place": (
        "hw05_two_layer_relu",
        "TwoLayerNet.forward",
        """
def forward(self, x):
    x[x < 0] = 0
    self.x, self.hidden = x, x @ self.w1
    return self.hidden @ self.w2
""",
        {"forward_value": "ReLU on the input", "forward_side_effects": ""},
    ),
    "a deviation of 0": (
        "hw07_optimizers",
        "glorot_init",
        "def glorot_init(d_in, d_out, rng):\n    return np.sqrt(2 // (d_in + d_out)) * rng.normal(size=(d_in, d_out))",
        {"glorot_draws": ""},
    ),
    "two known mistakes": (
        "hw04_sine_regression",
        "SineRegressor.forward",
        """
def forward(self, x):
    p = self.parameters
    self.x, self.a1 = x, sigmoid(x @ p["W1"])
    self.a2 = sigmoid(self.a1 @ p["W2"])
    self.passes = getattr(self, "passes", []) + [self.a1, self.a2]
    return self.a2 @ p["W3"]
""",
        {"forward_value": "no biases", "forward_keeps_one_pass": "a list of all passes"},
    ),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_no_name_that_an_earlier_check_speaks_against(name):
    homework_id, target, source, names = UNKNOWN[name]
    homework = load(homework_id)
    source = splice(homework.reference, target, source.strip())
    found = {f.name: f for f in verdict(homework_id, source)}
    assert {check: found[check].mistake for check in names} == names
    assert all(found[check].points < found[check].max_points for check in names)


@pytest.mark.parametrize(
    ("observed", "little"),
    [
        ({"a": True, "b": [1, 0.0]}, True),
        ([np.zeros(3), None, "text"], True),
        ({"a": True, "b": [0.5]}, False),
        (np.array([1.0, np.nan, 2.25]), False),
        (np.array([np.inf, 1.0]), True),
    ],
)
def test_what_tells_little(observed, little):
    assert tells_little(observed) == little
