"""Hidden checks of hw05_two_layer_relu."""

import numpy as np

from gradbook.homework import check
from gradbook.judging.compare import difference
from solutions.hw05_two_layer_relu import TwoLayerNet

NET = "TwoLayerNet"
FORWARD, LOSS, BACKWARD, UPDATE = (f"{NET}.{name}" for name in ("forward", "loss", "backward", "update"))

_NET = "net = TwoLayerNet(np.array([[2., -1.], [1., 1.]]), np.array([[1.], [2.]]))\n"
_X = "x = np.array([[1., 2.], [-1., 1.], [2., -1.]])\n"
GRADIENTS = {BACKWARD: (FORWARD, f"{NET}.loss")}
EXAMPLES = {
    "forward": _NET + _X + "net.forward(x)",
    "loss": _NET + "net.loss(np.array([[6., 1.], [4., 0.], [3., .5]]), np.array([[5., 1.], [6., 2.], [2., 0.]]))",
    "backward": _NET + _X + "net.backward(net.forward(x), np.array([[5.], [6.], [2.]]))",
    "update": _NET + "net.update(np.array([[6., 12.], [2., 0.]]), np.array([[14.], [-6.]]), .5)\n" + "(net.w1, net.w2)",
}


def problem(rng, n, d_in, h, d_out):
    """x, y, w1, w2, drawn until the ReLU matters and no number stands near a kink.

    Every hidden unit is on for some rows and off for others; the predictions have both signs.
    """
    while True:
        x, y, w1, w2 = (rng.normal(size=s) for s in ((n, d_in), (n, d_out), (d_in, h), (h, d_out)))
        z = x @ w1
        on, prediction = z > 0, np.maximum(z, 0) @ w2
        mixed = n < 3 or (on.sum(0).min() >= 2 and (~on).sum(0).min() >= 1 and (prediction < 0).any())
        if mixed and min(np.abs(z).min(), np.abs(prediction).min(), np.abs(prediction - y).min()) > 0.01:
            return x, y, w1, w2


def off_first(x, w1):
    """The rows of x in an order in which the first hidden value of all is negative before the ReLU."""
    first = np.argmin(x @ w1[:, 0])
    return np.concatenate([x[first:], x[:first]])


def problem_of_whole_units(rng):
    """x, y, w1, w2 with a hidden unit that is off for all rows, one that is on for all, and one that is mixed.

    Inputs and errors are small, and so are the gradients: there what was rounded is told from a numerical derivative.
    """
    while True:
        x, y, w1, w2 = problem(rng, 6, 3, 3, 5)
        x[:, 0], w1[0, :2] = rng.uniform(1, 1.2, 6), [-9, 9]
        z = x @ w1
        if (z > 0).sum(0).tolist() in ([0, 6, k] for k in (2, 3, 4)) and np.abs(z).min() > 0.01:
            return 1e-3 * x, 1e-3 * np.maximum(z, 0) @ w2 + 0.02 * np.sign(y) * rng.uniform(1, 2, y.shape), w1, w2


def numeric(value, shape=None):
    """The value as an array where it is one of real numbers, and of this shape, else None."""
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    fits = array.dtype.kind in "iuf" and array.size and shape in (None, array.shape)
    return array if fits else None


def gap(one, other):
    """The largest difference of two results of the submission; the first result where they are not comparable.

    A number, not an array, so that a result of the wrong shape is not charged here again.
    """
    first = numeric(one)
    second = None if first is None else numeric(other, first.shape)
    if second is None:
        return one
    gaps = np.ravel(second - first)
    return gaps[np.argmax(np.abs(gaps))]


def unchanged(before, now):
    """Whether an array still holds what it held."""
    return difference(before, now, 1e-12) is None


def matrix(value):
    """Whether this is a matrix of numbers that are not all 0."""
    array = numeric(value)
    return array is not None and array.ndim == 2 and bool(array.any())


def named(gradients, suffix=""):
    """What backward returned, with names for the student."""
    pair = gradients if isinstance(gradients, (list, tuple)) and len(gradients) == 2 else (gradients, gradients)
    return {f"the gradient of w{i + 1}{suffix}": gradient for i, gradient in enumerate(pair)}


def gaps(one, other, suffix=""):
    """The differences of two results of backward."""
    return {name: gap(a, b) for (name, a), b in zip(named(one, suffix).items(), named(other).values(), strict=True)}


def usable(prediction, x, w1, w2):
    """What the submission's forward returned, or the right prediction where that is none at all.

    backward gets a usable prediction also from a forward that failed: it is not charged for that.
    """
    right = TwoLayerNet(w1, w2).forward(x)
    return right if numeric(prediction, right.shape) is None else prediction


def predict(net, x, w1, w2):
    """A usable prediction, from the submission's forward."""
    return usable(net.forward(x), x, w1, w2)


# ---------------------------------------------------------------- forward


@check("forward", 2, FORWARD)
def forward_value(code, rng):
    """forward(x)

    ReLU(x w1) w2, of shape (n, d_out)
    """
    shapes = {"six rows": (6, 5, 4, 3), "a single output": (4, 3, 6, 1), "a single row": (1, 4, 7, 2)}
    seen = {}
    for name, shape in shapes.items():
        x, _, w1, w2 = problem(rng, *shape)
        seen[name] = code.TwoLayerNet(w1, w2).forward(off_first(x, w1))
    return seen


@check("forward", 1, FORWARD, atol=1e-9)
def forward_side_effects(code, rng):
    """forward(x), twice, and with other weights

    the same result for the same x; the weights and x as they were; what w1 and w2 are now is used
    """
    x, _, w1, w2 = problem(rng, 6, 5, 4, 3)
    other_x, _, other_w1, other_w2 = problem(rng, 6, 5, 4, 3)
    net, x_there = code.TwoLayerNet(w1, w2), code.keep(x)
    first = net.forward(x_there)
    other = net.forward(other_x)
    seen = {
        "the same x again": gap(first, net.forward(x_there)),
        "a result that depends on x": not unchanged(first, other),
        "another x": gap(other, code.TwoLayerNet(w1, w2).forward(other_x)),
        "x afterwards": unchanged(x, x_there.value()),
        "w1 afterwards": unchanged(w1, net.w1.get()),
        "w2 afterwards": unchanged(w2, net.w2.get()),
    }
    net.w1.set(other_w1)
    net.w2.set(other_w2)
    seen["after w1 and w2 were set"] = gap(net.forward(x), code.TwoLayerNet(other_w1, other_w2).forward(x))
    return seen


# ---------------------------------------------------------------- loss


@check("loss", 1, LOSS, batch=5)
def loss_value(code, rng):
    """loss(y_prediction, y)

    the sum of the squared differences over all rows and columns, one float; both arrays as they were
    """
    prediction, y = 2 * rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    net = code.TwoLayerNet(rng.normal(size=(4, 6)), rng.normal(size=(6, 3)))
    prediction_there, y_there = code.keep(prediction), code.keep(y)
    return {
        "the loss": net.loss(prediction_there, y_there),
        "the loss of a single column": net.loss(prediction[:, :1], y[:, :1]),
        "the prediction afterwards": unchanged(prediction, prediction_there.value()),
        "the target afterwards": unchanged(y, y_there.value()),
    }


def refused(call, column, row, wide, long, scalar):
    """Which unequal shapes a method refuses. call: takes prediction and target."""
    return {
        "a column against a row": call(column, row),
        "one column against two": call(column, wide),
        "three columns against one": call(long, column),
        "six rows against one": call(long, long[:1]),
        "an array against a number": call(long, scalar),
        "the same numbers in another shape": call(long, long.reshape(long.shape[::-1])),
    }


@check("loss", 1, LOSS)
def loss_shapes(code, rng):
    """loss of two shapes that differ

    an exception, as the shapes must be equal
    """
    net = code.TwoLayerNet(rng.normal(size=(4, 5)), rng.normal(size=(5, 3)))
    y = rng.normal(size=(6, 3))
    column, wide = y[:, :1], y[:, :2]
    seen = refused(lambda p, t: code.raises(lambda: net.loss(p, t)), column, column[:, 0], wide, y, 0.5)
    seen["equal shapes"] = net.loss(y, y + 1) is None
    return seen


# ---------------------------------------------------------------- backward


def own_slopes(code, x, y, w1, w2):
    """Central differences of the sum of squares through the submission's own forward."""

    def loss(*weights):
        prediction = numeric(code.TwoLayerNet(*weights).forward(x), y.shape)
        return np.nan if prediction is None else np.sum((prediction - y) ** 2)

    slopes = [np.zeros_like(w1), np.zeros_like(w2)]
    # A step in row i of w1 moves z by x[:, i] times as much, which must not cross the kink.
    steps = [1e-6 / np.maximum(1, np.abs(x).max(0)), np.full(len(w2), 1e-6)]
    for which, slope in enumerate(slopes):
        for index in np.ndindex(slope.shape):
            up, down = [w1.copy(), w2.copy()], [w1.copy(), w2.copy()]
            up[which][index] += steps[which][index[0]]
            down[which][index] -= steps[which][index[0]]
            slope[index] = (loss(*up) - loss(*down)) / (up[which][index] - down[which][index])
    return slopes


def what_backward_may_return(code, x, y, w1, w2):
    """(gradients, rtol) that are right for a submission whose forward is not.

    Either the derivative of what its forward does, or what the right backward makes of what its forward
    kept. That cannot be seen, but there are likely cases: the right hidden values, with the mistake after
    them; the values that lead to its prediction (the probes have more outputs than hidden units, so that
    these are determined); or, where the ReLU stands at the very end, the values without it.
    """
    z = x @ w1
    prediction = np.asarray(predict(code.TwoLayerNet(w1, w2), x, w1, w2), dtype=float)
    grad_y = 2 * (prediction - y)
    implied = prediction @ np.linalg.pinv(w2)
    implied[np.abs(implied) < 1e-9] = 0
    cases = [(np.maximum(z, 0), z > 0), (implied, implied > 0), (implied, z > 0)]
    if np.allclose(prediction, np.maximum(z @ w2, 0)):
        cases.append((z, z > 0))
    for hidden, on in cases:
        yield (x.T @ (grad_y @ w2.T * on), hidden.T @ grad_y), 1e-7
    yield own_slopes(code, x, y, w1, w2), 1e-5


def gradients(code, x, y, w1, w2):
    net = code.TwoLayerNet(w1, w2)
    return net.backward(predict(net, x, w1, w2), y)


def put_back(net, w1, w2):
    """Give a net its weights again: that backward moves them is told once, not in every later call."""
    net.w1.set(w1)
    net.w2.set(w2)


def expect_of_own_forward(code, problems, reference):
    """What backward should observe: the reference's values, or those that fit a forward that is not right.

    Where the submission's values fit, they are expected as they are, round-off of the differences included.
    """
    if code.passed(FORWARD):
        return reference
    expected = {}
    for suffix, arrays in problems.items():
        seen = named(gradients(code, *arrays), suffix)
        with np.errstate(all="ignore"):
            for right, rtol in what_backward_may_return(code, *arrays):
                fitting = named(right, suffix)
                if difference(fitting, seen, rtol, 1e-7) is None:
                    fitting = seen
                    break
        expected.update(fitting)
    return expected


def problems_of_value(rng):
    return {
        "": problem(rng, 6, 5, 3, 4),
        " (of another net)": problem(rng, 6, 2, 4, 5),
        " (of small errors)": problem_of_whole_units(rng),
    }


@check("backward", 4, BACKWARD, batch=6)
def backward_value(code, rng):
    """backward(forward(x), y)

    the derivatives of the sum of squares by w1 and by w2, in this order and each in the weight's shape
    """
    seen = {}
    for suffix, arrays in problems_of_value(rng).items():
        seen.update(named(gradients(code, *arrays), suffix))
    return seen


@backward_value.expected
def _(code, rng, reference):
    return expect_of_own_forward(code, problems_of_value(rng), reference)


def problem_of_scales(rng):
    """Inputs of very different sizes, with weights to match, so that the hidden values are of size 1."""
    x, y, w1, w2 = problem(rng, 6, 4, 3, 5)
    scale = np.array([1e-3, 1e6, 1.0, 1e3])
    return {"": (x * scale, y, w1 / scale[:, None], w2)}


@check(
    "backward",
    0,
    BACKWARD,
    batch=6,
    elementwise=True,
    review=f"{BACKWARD} loses its digits where inputs differ in size: numerical derivative?",
)
def backward_scales(code, rng):
    """backward for inputs of very different sizes

    the exact gradient, by the chain rule: differences of losses lose their digits here
    """
    return named(gradients(code, *problem_of_scales(rng)[""]))


@backward_scales.expected
def _(code, rng, reference):
    return expect_of_own_forward(code, problem_of_scales(rng), reference)


@check("backward", 1, BACKWARD)
def backward_shapes(code, rng):
    """backward where the shapes of prediction and target differ

    an exception, as the shapes must be equal
    """
    x, y, w1, w2 = problem(rng, 6, 5, 4, 3)

    def call(prediction, target):
        # The net fits the prediction, so that only the target can be what is refused.
        outputs = prediction.shape[1]
        net = code.TwoLayerNet(w1, w2[:, :outputs])
        net.forward(x)
        return code.raises(lambda: net.backward(prediction, target))

    seen = refused(call, y[:, :1], y[:, 0], y[:, :2], y, 0.5)
    net = code.TwoLayerNet(w1, w2)
    seen["equal shapes"] = net.backward(predict(net, x, w1, w2), y) is None
    return seen


# The first result is looked at when there is a second.
TWO = """
def two(net, prediction, y, other_y):
    before = net.backward(prediction, y)
    net.backward(prediction, other_y)
    return before
"""


@check("backward", 1, BACKWARD, atol=1e-9)
def backward_repeat(code, rng):
    """backward(y_prediction, y), twice after one forward

    the same gradients both times; the weights, x, the prediction, the target and an earlier result as they were
    """
    x, y, w1, w2 = problem(rng, 6, 5, 4, 3)
    net, x_there = code.TwoLayerNet(w1, w2), code.keep(x)
    prediction = usable(net.forward(x_there), x, w1, w2)
    prediction_there, y_there, x_before = code.keep(prediction), code.keep(y), x_there.value()
    weights = [net.w1.get(), net.w2.get()]
    first = net.backward(prediction_there, y_there)
    seen = {
        "a gradient": any(matrix(g) for g in named(first).values()),
        "w1": unchanged(weights[0], net.w1.get()),
        "w2": unchanged(weights[1], net.w2.get()),
        "x": unchanged(x_before, x_there.value()),
        "the prediction": unchanged(prediction, prediction_there.value()),
        "the target": unchanged(y, y_there.value()),
    }
    put_back(net, *weights)
    seen.update(gaps(net.backward(prediction, y), first, " in the second call"))
    put_back(net, *weights)
    earlier = code.define(TWO, "two")(net, prediction, y, y - 1)
    return seen | gaps(earlier, first, " after a call for another target")


@check("backward", 1, BACKWARD, uses=(FORWARD,), atol=1e-9)
def backward_latest(code, rng):
    """backward after a second forward, and after another net's forward

    the gradients for the last forward of this net
    """
    x, y, w1, w2 = problem(rng, 6, 5, 4, 3)
    earlier_x, earlier_y, *other_weights = problem(rng, 6, 5, 4, 3)
    more_x = problem(rng, 9, 5, 4, 3)[0]
    expected = gradients(code, x, y, w1, w2)
    net, other = code.TwoLayerNet(w1, w2), code.TwoLayerNet(*other_weights)
    earlier = net.backward(predict(net, earlier_x, w1, w2), earlier_y)
    put_back(net, w1, w2)
    seen = {"gradients that depend on x": not unchanged(expected, earlier)}
    seen.update(gaps(net.backward(predict(net, x, w1, w2), y), expected, ", after a second x"))
    put_back(net, w1, w2)
    prediction = predict(net, x, w1, w2)
    other.forward(earlier_x)
    seen.update(gaps(net.backward(prediction, y), expected, ", after another net"))
    put_back(net, w1, w2)
    net.forward(more_x)
    seen.update(gaps(net.backward(predict(net, x, w1, w2), y), expected, ", after more rows"))
    return seen


# ---------------------------------------------------------------- update


@check("update", 1, UPDATE)
def update_value(code, rng):
    """update(grad_w1, grad_w2, lr), twice

    each time, each weight moves against its gradient by the learning rate times it
    """
    _, _, w1, w2 = problem(rng, 6, 5, 4, 3)
    net = code.TwoLayerNet(w1, w2)
    seen = {}
    for step, lr in (("", 0.3), (" after a second step", 0.07)):
        net.update(3 * rng.normal(size=w1.shape), 3 * rng.normal(size=w2.shape), lr)
        seen[f"w1{step}"], seen[f"w2{step}"] = net.w1.get(), net.w2.get()
    return seen


@check("update", 1, UPDATE)
def update_side_effects(code, rng):
    """update, and what it was given

    the net's weights move; the gradients and the arrays that the net was made from stay as they were
    """
    _, _, w1, w2 = problem(rng, 6, 5, 4, 3)
    w1_there, w2_there = code.keep(w1), code.keep(w2)
    grads = [rng.normal(size=w1.shape), rng.normal(size=w2.shape)]
    grads_there = [code.keep(grad) for grad in grads]
    net = code.TwoLayerNet(w1_there, w2_there)
    net.update(*grads_there, 0.3)
    return {
        "the net's weights": not (unchanged(w1, net.w1.get()) and unchanged(w2, net.w2.get())),
        "the arrays the net was made from": unchanged([w1, w2], [w1_there.value(), w2_there.value()]),
        "the gradients": unchanged(grads, [grad.value() for grad in grads_there]),
    }


# ---------------------------------------------------------------- convergence

USES = (FORWARD, LOSS, BACKWARD, UPDATE)


def rising_problem(rng):
    """A problem whose loss first goes up, with the right code too, and then comes down: the steps are long."""
    while True:
        x, y, w1, w2 = problem(rng, 32, 20, 16, 3)
        with np.errstate(all="ignore"):
            losses = TwoLayerNet(w1, w2).train(x, y, 6e-4, 25)
        if losses[1] > 1.02 * losses[0] and losses[-1] < 0.5 * losses[0]:
            return x, y, w1, w2


@check("convergence", 2, f"{NET}.train", uses=USES, rtol=1e-6, elementwise=True)
def trajectory(code, rng):
    """train(x, y, lr, n_iter), loss by loss

    the losses of gradient descent, each taken before its step
    """
    x, y, w1, w2 = problem(rng, 32, 20, 16, 3)
    rising = rising_problem(rng)
    return {
        "50 losses": code.TwoLayerNet(w1, w2).train(x, y, 2e-4, 50),
        "25 losses that rise at first": code.TwoLayerNet(*rising[2:]).train(*rising[:2], 6e-4, 25),
    }


def squares(net, x, y, w1, w2):
    """The loss of the net's weights, computed here; nan where they are none of these shapes."""
    weights = numeric(net.w1.get(), w1.shape), numeric(net.w2.get(), w2.shape)
    if any(w is None for w in weights):
        return np.nan
    with np.errstate(all="ignore"):
        return np.sum((np.maximum(x @ weights[0], 0) @ weights[1] - y) ** 2)


def told(code, losses, computed):
    """Whether the first of these losses is the one computed. A wrong forward or loss is not charged here again."""
    first = numeric(losses)
    alike = first is not None and first.ndim == 1 and np.isclose(first[0], computed, rtol=1e-6, atol=0)
    return bool(alike) or not (code.passed(FORWARD) and code.passed(LOSS))


@check("convergence", 1, f"{NET}.train", uses=USES)
def convergence(code, rng):
    """train for 300 iterations

    weights with less than a fiftieth of the loss at the start, and the losses that they have
    """
    x, y, w1, w2 = problem(rng, 32, 20, 16, 3)
    net = code.TwoLayerNet(w1, w2)
    start = squares(net, x, y, w1, w2)
    losses = net.train(x, y, 2e-4, 299)
    end = squares(net, x, y, w1, w2)
    last = net.train(x, y, 2e-4, 1)
    own = numeric(losses, (299,))
    # What a wrong forward is trained to is seen in its own losses.
    low = end < 0.02 * start if code.passed(FORWARD) else own is not None and 0 <= own[-1] < 0.02 * own[0]
    return {
        "starts high": start > 1000 and told(code, losses, start),
        "ends low": bool(low),
        "tells the last loss": told(code, last, end),
    }


# ---------------------------------------------------------------- questions


@check("blocked_entries", 1, "blocked_entries")
def blocked_entries(code, rng):
    """your answer to question 1

    how many of the 64 x 100 hidden values are 0 at the start of the large run
    """
    return code.blocked_entries()


@check("seeds_that_rise", 1, "seeds_that_rise")
def seeds_that_rise(code, rng):
    """your answer to question 2

    for how many of the ten seeds one of the first 20 losses is above the first
    """
    return code.seeds_that_rise()


@check("final_loss_without_mask", 1, "final_loss_without_mask", rtol=0.02)
def final_loss_without_mask(code, rng):
    """your answer to question 3

    the last of the 500 losses without the mask, to two digits
    """
    return code.final_loss_without_mask()
