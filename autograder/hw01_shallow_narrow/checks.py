"""Hidden checks of hw01_shallow_narrow."""

import numpy as np

from gradbook.homework import check

NET = "ShallowNarrowExercise"
GRADIENTS = {f"{NET}.dloss_dw": (f"{NET}.forward", "loss")}
EXAMPLES = {
    "loss": "loss(np.array([1., 2., 4.]), np.array([1., 1., 2.]))",
    "forward": "ShallowNarrowExercise([2., -1.5]).forward(np.array([0., 1., 3.]))",
    "gradient": "ShallowNarrowExercise([2., 1.]).dloss_dw(np.array([1., 3.]), np.array([1., 0.]))",
    "train": "ShallowNarrowExercise([1., .5]).train(np.array([1., 2.]), np.array([2., 4.]), .1, 3)",
}


def samples(rng, n=9):
    """x, y of a noisy line, none of them near 0."""
    x = rng.uniform(0.3, 1.7, n) * rng.choice([-1, 1], n)
    return x, 1.7 * x + 0.3 * rng.normal(size=n)


def weights(rng):
    """Two weights, different in size, away from 0 and from 1."""
    return [rng.uniform(1.2, 1.6), -rng.uniform(0.5, 0.8)]


@check("loss", 2, "loss", batch=6)
def loss_value(code, rng):
    """loss(y_prediction, y_true)

    the mean of the squared differences, one float
    """
    return code.loss(rng.normal(size=6), rng.normal(size=6))


@check("loss", 1, "loss")
def loss_shapes(code, rng):
    """loss of two shapes that differ, and of equal ones

    an exception, as the shapes must be equal; both arrays as they were
    """
    y = rng.normal(size=5)
    prediction_there, y_there = code.keep(2 * y), code.keep(y)
    code.loss(prediction_there, y_there)
    return {
        "the prediction afterwards": prediction_there.value(),
        "the target afterwards": y_there.value(),
        "a column against a row": code.raises(lambda: code.loss(y.reshape(5, 1), y)),
        "five against one": code.raises(lambda: code.loss(y, y[:1])),
        "equal shapes": code.raises(lambda: code.loss(y, y + 1)),
    }


@check("forward", 2, f"{NET}.forward")
def forward_value(code, rng):
    """forward(x)

    x times w1 times w2, of the shape of x
    """
    x, _ = samples(rng)
    net = code.ShallowNarrowExercise(weights(rng))
    return [net.forward(x), net.forward(x[:3] * 2)]


@check("forward", 1, f"{NET}.forward")
def forward_side_effects(code, rng):
    """forward(x), the weights and x afterwards

    the same weights and the same x as before; what was assigned to w1 and w2 is used
    """
    x, _ = samples(rng)
    net = code.ShallowNarrowExercise(weights(rng))
    x_there = code.keep(x)
    net.forward(x_there)
    seen = {"w1": net.w1.get(), "w2": net.w2.get(), "x": x_there.value()}
    net.w1.set(0.25)
    fresh = code.ShallowNarrowExercise([0.25, seen["w2"]])
    seen["y after w1 was set"] = np.subtract(net.forward(x), fresh.forward(x))
    return seen


@check("gradient", 4, f"{NET}.dloss_dw", given=(f"{NET}.forward", "loss"), batch=9)
def gradient_value(code, rng):
    """dloss_dw(x, y_true)

    the derivatives of the mean squared error by w1 and by w2, in this order
    """
    x, y = samples(rng)
    w = weights(rng)
    small = 1e-3 * x
    near = w[0] * w[1] * small + 0.02 * np.sign(x) * rng.uniform(0.5, 1.5, 9)
    return {
        "the gradient": code.ShallowNarrowExercise(w).dloss_dw(x, y),
        # A small one, where what was rounded is told from what was differentiated numerically.
        "a small gradient": code.ShallowNarrowExercise(w).dloss_dw(small, near),
        "weights exchanged": code.ShallowNarrowExercise(w[::-1]).dloss_dw(x, y),
    }


# The first result is looked at when there is a second.
TWO = """
def two(net, first, second):
    before = net.dloss_dw(*first)
    net.dloss_dw(*second)
    return before
"""


@check("gradient", 0.5, f"{NET}.dloss_dw", given=(f"{NET}.forward", "loss"))
def gradient_side_effects(code, rng):
    """dloss_dw(x, y_true), twice

    the same result both times, the weights, the samples and an earlier result as they were
    """
    x, y = samples(rng)
    net = code.ShallowNarrowExercise(weights(rng))
    x_there, y_there = code.keep(x), code.keep(y)
    first, second = net.dloss_dw(x_there, y_there), net.dloss_dw(x_there, y_there)
    return {
        "second call": np.subtract(first, second),
        "first result after a call for other samples": np.subtract(
            first, code.define(TWO, "two")(net, (x, y), (x, -y))
        ),
        "weights": [net.w1.get(), net.w2.get()],
        "samples": [x_there.value(), y_there.value()],
    }


@check("gradient", 0.5, f"{NET}.dloss_dw", given=(f"{NET}.forward", "loss"))
def gradient_edges(code, rng):
    """dloss_dw where a weight is 0, and of two shapes that differ

    two finite numbers; an exception, as the shapes must be equal
    """
    x, y = samples(rng)
    start = weights(rng)
    net = code.ShallowNarrowExercise(start)

    def numbers(*at):
        return bool(np.all(np.isfinite(np.array(code.ShallowNarrowExercise(at).dloss_dw(x, y), dtype=float))))

    return {
        "numbers where w1 is 0": numbers(0.0, start[1]),
        "numbers where w2 is 0": numbers(start[0], 0.0),
        "a row against a column": code.raises(lambda: net.dloss_dw(x, y.reshape(-1, 1))),
    }


GIVEN = (f"{NET}.forward", f"{NET}.dloss_dw", "loss")


@check("train", 4, f"{NET}.train", given=GIVEN, rtol=1e-6)
def train_trajectory(code, rng):
    """train(x, y_true, lr, n_ep)

    in each epoch both weights move against their gradients, both gradients being of the weights before the step
    """
    x, y = samples(rng)
    losses, path = code.ShallowNarrowExercise(weights(rng)).train(x, y, 0.06, 12)
    return {"weights": path, "losses": losses}


@check("train", 1, f"{NET}.train", given=GIVEN, atol=1e-12)
def train_side_effects(code, rng):
    """train, and the weights afterwards

    the net holds the last weights of the record, a second call goes on from there, the caller's arrays stay
    """
    x, y = samples(rng)
    start = code.keep(np.array(weights(rng)))
    x_there, y_there = code.keep(x), code.keep(y)
    net = code.ShallowNarrowExercise(start)
    _, path = net.train(x_there, y_there, 0.04, 4)
    after = [net.w1.get(), net.w2.get()]
    again, _ = net.train(x_there, y_there, 0.04, 2)
    fresh, _ = code.ShallowNarrowExercise(after).train(x, y, 0.04, 2)
    return {
        "weights against the record": np.subtract(after, path[-1]),
        "losses of a second call": np.subtract(again, fresh),
        "caller's arrays": [start.value(), x_there.value(), y_there.value()],
    }


def mean_squares(w, x, y):
    """The loss at two weights, computed here; nan where they are no two numbers."""
    w = np.asarray(w)
    return np.mean((x * w[0] * w[1] - y) ** 2) if w.shape == (2,) and w.dtype.kind in "iuf" else np.nan


def told(loss, *losses):
    """Whether a reported loss is one of these."""
    return bool(np.isclose(loss, losses, rtol=1e-6, atol=0).any())


@check("convergence", 4, f"{NET}.train", given=GIVEN, atol=0.0)
def convergence(code, rng):
    """train for 60 epochs with a learning rate of .07

    weights with a loss close to the smallest that any slope can reach, both negative at the end; and the losses that
    the weights have
    """
    # Not the slope and the start that the notebook shows, and not near them.
    a = rng.choice([1.4, 2.6]) + rng.uniform(-0.2, 0.2)
    x = rng.random(73)
    y = a * x + rng.normal(scale=0.2, size=73)
    start = [rng.uniform(1.0, 1.25), -rng.uniform(1.55, 1.8)]
    losses, path = code.ShallowNarrowExercise(start).train(x, y, 0.07, 60)
    slope = x @ y / (x @ x)
    floor = np.mean((slope * x - y) ** 2)
    # Recorded before or after the step: that is charged in train_trajectory.
    return {
        "close to the smallest loss": bool(mean_squares(path[-1], x, y) < 1.05 * floor),
        "the first loss": told(losses[0], mean_squares(start, x, y), mean_squares(path[0], x, y)),
        "the last loss": told(losses[-1], mean_squares(path[-2], x, y), mean_squares(path[-1], x, y)),
        "both weights negative": bool(path[-1][0] < 0 and path[-1][1] < 0),
    }
