"""Hidden checks of hw01_shallow_narrow."""

import numpy as np

from gradbook.homework import check, families
from gradbook.homework.families import gap, numbers

NET = "ShallowNarrowExercise"
BUILT_ON = (f"{NET}.forward", "loss")
GRADIENTS = {f"{NET}.dloss_dw": BUILT_ON}


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
    _, seen = families.leaves(code, code.loss, {"the prediction": 2 * y, "the target": y})
    cases = {"a column against a row": (y.reshape(5, 1), y), "five against one": (y, y[:1]), "equal shapes": (y, y + 1)}
    return seen | families.refuses(code, code.loss, cases)


@check("forward", 2, f"{NET}.forward")
def forward_value(code, rng):
    """forward(x)

    x times w1 times w2, of the shape of x
    """
    x, _ = samples(rng)
    net = code.ShallowNarrowExercise(weights(rng))
    return {"nine samples": net.forward(x), "three samples": net.forward(x[:3] * 2)}


@check("forward", 1, f"{NET}.forward")
def forward_side_effects(code, rng):
    """forward(x), the weights and x afterwards

    the same weights and the same x as before; what was assigned to w1 and w2 is used
    """
    x, w = samples(rng)[0], weights(rng)
    net = code.ShallowNarrowExercise(w)
    _, seen = families.leaves(code, net.forward, {"x": x}, {"w1": net.w1.get, "w2": net.w2.get})
    net.w1.set(0.25)
    net.w2.set(w[1])
    fresh = code.ShallowNarrowExercise([0.25, w[1]])
    return seen | {"y after w1 was set": np.subtract(net.forward(x), fresh.forward(x))}


@check("gradient", 4, f"{NET}.dloss_dw", given=BUILT_ON, batch=9)
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


@families.side_effects(
    "gradient", 0.5, f"{NET}.dloss_dw", ("x", "y_true"), ("w1", "w2"), laws=("repeats", "keeps"), given=BUILT_ON
)
def gradient_side_effects(code, rng):
    x, y = samples(rng)
    return code.ShallowNarrowExercise(weights(rng)), [x, y], [x, -y]


@check("gradient", 0.5, f"{NET}.dloss_dw", given=BUILT_ON)
def gradient_edges(code, rng):
    """dloss_dw where a weight is 0, and of two shapes that differ

    two finite numbers; an exception, as the shapes must be equal
    """
    x, y = samples(rng)
    start = weights(rng)
    net = code.ShallowNarrowExercise(start)

    def finite(*at):
        return bool(np.all(np.isfinite(np.array(code.ShallowNarrowExercise(at).dloss_dw(x, y), dtype=float))))

    seen = {"numbers where w1 is 0": finite(0.0, start[1]), "numbers where w2 is 0": finite(start[0], 0.0)}
    return seen | families.refuses(code, net.dloss_dw, {"a row against a column": (x, y.reshape(-1, 1))})


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
    there = {name: code.keep(np.array(value)) for name, value in (("start", weights(rng)), ("x", x), ("y", y))}

    def train(start, x, y):
        net = code.ShallowNarrowExercise(start)
        return net, net.train(x, y, 0.04, 4)[1]

    (net, path), seen = families.leaves(code, train, there)
    after = [net.w1.get(), net.w2.get()]
    again, _ = net.train(there["x"], there["y"], 0.04, 2)
    fresh, _ = code.ShallowNarrowExercise(after).train(x, y, 0.04, 2)
    return seen | {"weights against the record": gap(path[-1], after), "losses of a second call": gap(again, fresh)}


def mean_squares(w, x, y):
    """The loss at two weights, computed here; nan where they are no two numbers."""
    w = numbers(w, (2,))
    return np.nan if w is None else np.mean((x * w[0] * w[1] - y) ** 2)


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
    begin, end = [[mean_squares(w, x, y) for w in some] for some in ((start, path[0]), path[-2:])]
    seen = families.converges(losses, begin, end, 1.05 * floor)
    return seen | {"both weights negative": bool(path[-1][0] < 0 and path[-1][1] < 0)}
