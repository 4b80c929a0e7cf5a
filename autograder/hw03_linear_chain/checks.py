"""Hidden checks of hw03_linear_chain."""

import numpy as np

from gradbook.homework import check, families
from gradbook.homework.families import gap, numbers, same
from solutions import hw03_linear_chain as right

GRADIENTS = {"backward": ("forward", "loss"), "update": ("forward", "loss")}

# No matrix of FIVE is square, so that a wrong product mostly does not fit. With those of SQUARE it fits,
# and its numbers tell which one it is.
FIVE = [(4, 2), (3, 4), (5, 3), (2, 5), (3, 2)]
SQUARE = [(3, 3)] * 4
FUNCTIONS = ("forward", "loss", "backward", "update")


def chain(rng, shapes, bias=False):
    """x, y, w, b, z, delta of an uneven chain: each layer's outputs have both signs, none is near 0."""
    x = rng.uniform(0.4, 2, shapes[0][1])
    w, b, signal = [], [], x
    for rows, columns in shapes:
        while True:
            matrix, shift = rng.normal(size=(rows, columns)), bias * rng.normal(size=rows)
            out = matrix @ signal + shift
            if np.abs(out).min() > 0.05 and out.min() < 0 < out.max():
                break
        w, b, signal = [*w, matrix], [*b, shift], out
    b = b if bias else None
    z = right.forward(x, w, b)
    error = rng.uniform(0.4, 0.9, len(signal))
    error[1] += 0.6  # the largest is neither the first nor the last
    y = z[-1] - error * rng.choice([-1, 1], len(signal))
    return x, y, w, b, z, right.backward(y, w, z)


def signed(rng, *shape):
    """Numbers of both signs, none near 0."""
    return rng.uniform(0.5, 1.5, shape) * rng.choice([-1, 1], shape)


def even_chain(rng, shapes, bias):
    """x, w, b on which gradient descent is calm: weights around .5, small biases."""
    w = [0.5 + rng.uniform(-0.2, 0.2, shape) for shape in shapes]
    b = [rng.uniform(-0.2, 0.2, rows) for rows, _ in shapes] if bias else None
    return np.array([1.0, 0.5]) + rng.uniform(-0.2, 0.2, 2), w, b


def largest(value):
    """The largest absolute entry of what came back, nan where it is no real number or array."""
    array = numbers(value)
    return np.nan if array is None else np.abs(array).max()


# ---------------------------------------------------------------- forward


@check("forward", 1, "forward")
def forward_value(code, rng):
    """forward(x, w), a chain of five layers and one of a single layer

    the outputs of all the layers, in order: each is its matrix times the output of the layer below
    """
    x, _, w, _, _, _ = chain(rng, FIVE)
    return {"forward(x, w)": code.forward(x, w), "forward(x, w) of one layer": code.forward(2 - x, w[:1])}


@check("forward", 1, "forward")
def forward_biases(code, rng):
    """forward(x, w, b), all the matrices square

    the outputs of all the layers, each with the bias of its layer added
    """
    x, _, w, b, _, _ = chain(rng, SQUARE, bias=True)
    return {"forward(x, w, b)": code.forward(x, w, b)}


@families.side_effects("forward", 1, "forward", ("x", "w", "b"), laws=("repeats", "depends"), atol=1e-9)
def forward_side_effects(code, rng):
    """forward(x, w, b), twice, and forward(x, w, None)

    the same result both times; x, w and b as they were; None for b is the same as no b
    """
    x, _, w, b, _, _ = chain(rng, FIVE, bias=True)
    none = same(code.forward(x, w), code.forward(x, w, None))
    return code, [x, w, b], [2 - x, w, b], {"None for b as if b were left out": none}


# ---------------------------------------------------------------- loss


@check("loss", 1, "loss")
def loss_value(code, rng):
    """loss(z, y)

    half the sum of the squared errors of the last layer, one float
    """
    _, y, _, _, z, _ = chain(rng, FIVE)
    return {
        "five layers": code.loss(z, y),
        "another target": code.loss(z, -y),
        "one output": code.loss([*z[:2], z[3][:1]], y[:1]),
    }


@families.side_effects("loss", 1, "loss", ("z", "y"), laws="repeats", compare=gap, atol=1e-9)
def loss_side_effects(code, rng):
    """loss(z, y), and z and y afterwards

    0 where the output is the target and more elsewhere; z and y as they were
    """
    _, y, _, _, z, _ = chain(rng, SQUARE, bias=True)
    zero = {"the loss where the output is the target": largest(code.loss([*z[:-1], y], y))}
    return code, [z, y], [z, -y], zero | {"more where it is not": largest(code.loss(z, y)) > 0.01}


# ---------------------------------------------------------------- backward


@check("backward", 2, "backward")
def backward_value(code, rng):
    """backward(y, w, z), a chain of five layers

    the gradient of the loss with respect to the output of every layer, in the layers' order
    """
    _, y, w, _, z, _ = chain(rng, FIVE)
    # Small errors, where what was rounded is told from what was differentiated numerically.
    near = z[-1] + rng.uniform(0.1, 0.3, 3)
    return {"backward(y, w, z)": code.backward(y, w, z), "backward(y, w, z) near the target": code.backward(near, w, z)}


@check("backward", 1, "backward")
def backward_square(code, rng):
    """backward(y, w, z), all the matrices square, and a chain of a single layer

    the gradient of the loss with respect to the output of every layer, in the layers' order
    """
    _, y, w, _, z, _ = chain(rng, SQUARE, bias=True)
    return {
        "backward(y, w, z)": code.backward(y, w, z),
        "backward(y, w, z) of one layer": code.backward(y, w[-1:], z[-1:]),
    }


@families.side_effects("backward", 1, "backward", ("y", "w", "z"), compare=gap, atol=1e-9)
def backward_side_effects(code, rng):
    _, y, w, _, z, _ = chain(rng, SQUARE, bias=True)
    return code, [y, w, z], [-2 * y, w, [-2 * signal for signal in z]]


# ---------------------------------------------------------------- update


@check("update", 2, "update", given=("forward",))
def update_weights(code, rng):
    """update(x, w, z, delta, eta), a chain of five layers

    (w, None): every matrix moved against its gradient, eta times as far
    """
    x, _, w, _, z, delta = chain(rng, FIVE)
    seen = {"update(…)": code.update(x, w, z, delta, rng.uniform(0.25, 0.35))}
    # Small weights and steps, where a rounded gradient shows.
    small = [0.05 * signed(rng, 4, 2), 0.05 * signed(rng, 3, 4)]
    errors = [0.02 * signed(rng, 4), 0.02 * signed(rng, 3)]
    return seen | {"update(…) of small weights": code.update(x, small, right.forward(x, small), errors, 0.4)}


@check("update", 1, "update", given=("forward",))
def update_biases(code, rng):
    """update(x, w, z, delta, eta, b), the second of the two results

    every bias moved against its gradient, eta times as far
    """
    x, _, w, b, z, delta = chain(rng, FIVE, bias=True)
    result = code.update(x, w, z, delta, rng.uniform(0.25, 0.35), b)
    # Only the biases, so that wrong matrices are not charged here too.
    return {"update(…)[1]": result[1] if isinstance(result, (list, tuple)) and len(result) == 2 else result}


@check("update", 1, "update", given=("forward",))
def update_square(code, rng):
    """update(x, w, z, delta, eta, b), all the matrices square

    (w, b), both moved against their gradients
    """
    x, _, w, b, z, delta = chain(rng, SQUARE, bias=True)
    return {"update(…)": code.update(x, w, z, delta, rng.uniform(0.5, 0.7), b)}


ALL = ("x", "w", "z", "delta", "eta", "b")


@families.side_effects("update", 1, "update", ALL, laws=("repeats", "depends"), given="forward", atol=1e-9)
def update_side_effects(code, rng):
    """update(x, w, z, delta, eta, b), twice, and with None for b

    the same result both times; all that was passed in as it was; None for b is the same as no b
    """
    x, _, w, b, z, delta = chain(rng, SQUARE, bias=True)
    eta = rng.uniform(0.25, 0.35)
    none = same(code.update(x, w, z, delta, eta), code.update(x, w, z, delta, eta, None))
    also = {"None for b as if b were left out": none}
    return code, [x, w, z, delta, eta, b], [x, w, z, [2 * d for d in delta], eta, b], also


# ---------------------------------------------------------------- the whole run


@check("convergence", 1, "train", uses=FUNCTIONS, rtol=1e-6)
def trajectory(code, rng):
    """train with your four functions, 20 steps, with and without biases

    in each step all the weights and biases move down the gradient that they had before it
    """
    runs = {}
    for name, bias in (("train(…) without biases", False), ("train(…) with biases", True)):
        x, w, b = even_chain(rng, [(3, 2), (4, 3), (2, 4)], bias)
        runs[name] = code.train(x, rng.uniform(0.5, 1.5, 2), w, 0.04, 20, b)
    return runs


@check("convergence", 1, "train", uses=FUNCTIONS)
def convergence(code, rng):
    """train with your four functions, 100 steps of .1

    weights and biases with a loss below 1e-6; the losses that they have, from one that is high
    """
    seen = {}
    for name, bias in (("without biases", False), ("with biases", True)):
        x, w, b = even_chain(rng, [(3, 2), (2, 3), (1, 2)], bias)
        start = right.forward(x, w, b)
        y = start[-1] + rng.uniform(0.4, 0.6)
        found_w, found_b, losses = code.train(x, y, w, 0.1, 100, b)
        end = loss_of(found_w, found_b, x, y)
        # The sign of a loss is charged in loss_value.
        found = families.converges(np.abs(losses), [right.loss(start, y)], [end], low=5e-7, rtol=0, atol=5e-7)
        seen |= {f"{what}, {name}": value for what, value in found.items()}
    return seen


def loss_of(w, b, x, y):
    """The loss of weights and biases that came back, computed here; nan where they do not fit."""
    try:
        w, b = [np.asarray(part, dtype=float) for part in w], b and [np.asarray(part, dtype=float) for part in b]
        with np.errstate(all="ignore"):
            z = right.forward(x, w, b)
            return right.loss(z, y) if z[-1].shape == y.shape else np.nan
    except (TypeError, ValueError, IndexError):
        return np.nan


# ---------------------------------------------------------------- questions
# An answer may be computed; the functions it is computed with have been judged above.


@families.answer("last_layer_sum", 1, given=FUNCTIONS, atol=5e-5)
def answer_last_layer_sum():
    """last_layer_sum()

    the sum of the last layer's two weights after 50 steps of .1 without biases, to four decimals
    """


@families.answer("largest_converging_rate", 1, given=FUNCTIONS)
def answer_largest_rate():
    """largest_converging_rate()

    the largest of the rates .05, .10, ..., 1 whose 50th loss is below 1e-6, without biases
    """


@families.answer("largest_converging_rate_with_bias", 1, given=FUNCTIONS)
def answer_largest_rate_with_bias():
    """largest_converging_rate_with_bias()

    the largest of the rates .05, .10, ..., 1 whose 50th loss is below 1e-6, with biases
    """


@families.answer("broken_gradients", 1)
def answer_broken_gradients():
    """broken_gradients()

    a dict from the letter of each wrong function to the one place in which its mistake stands
    """
