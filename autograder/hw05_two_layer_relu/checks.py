"""Hidden checks of hw05_two_layer_relu."""

from dataclasses import dataclass, replace

import numpy as np

from gradbook.homework import check, families
from gradbook.homework.families import depends, gap, numbers
from solutions import hw05_two_layer_relu as right

NET = "TwoLayerNet"
FORWARD, LOSS, BACKWARD, UPDATE = (f"{NET}.{name}" for name in ("forward", "loss", "backward", "update"))

GRADIENTS = {BACKWARD: (FORWARD, f"{NET}.loss")}


@dataclass
class Case:
    """One problem: the rows x and y, and the weights of a net."""

    x: np.ndarray
    y: np.ndarray
    w1: np.ndarray
    w2: np.ndarray

    def net(self, code):
        return code.TwoLayerNet(self.w1, self.w2)

    def usable(self, prediction):
        """What forward returned, or the right prediction where that is none: backward is not charged for a forward."""
        expected = self.net(right).forward(self.x)
        return expected if numbers(prediction, expected.shape) is None else prediction

    def predict(self, net):
        return self.usable(net.forward(self.x))

    def put(self, net):
        """Give a net these weights (again): that backward moves them is told once, not in every later call."""
        net.w1.set(self.w1)
        net.w2.set(self.w2)

    def backward(self, net, meanwhile=lambda: None):
        """The gradients after a forward pass, and the net's weights as they were before."""
        prediction = self.predict(net)
        meanwhile()
        found = net.backward(prediction, self.y)
        self.put(net)
        return found

    def gradients(self, code):
        return named(self.backward(self.net(code)))

    def fitting(self, code):
        """Gradients that are right for a wrong forward.

        Either what the right backward makes of what this forward kept, or the derivative of what it does. What it kept
        cannot be seen, but there are likely cases: the right hidden values, with the mistake after them; the values
        that lead to its prediction (there are more outputs than hidden units, so that these are determined); or, where
        the ReLU stands at the very end, the values without it.
        """
        z = self.x @ self.w1
        prediction = np.asarray(self.predict(self.net(code)), dtype=float)
        grad_y, implied = 2 * (prediction - self.y), prediction @ np.linalg.pinv(self.w2)
        implied[np.abs(implied) < 1e-9] = 0
        kept = [(np.maximum(z, 0), z > 0), (implied, implied > 0), (implied, z > 0)]
        if np.allclose(prediction, np.maximum(z @ self.w2, 0)):
            kept.append((z, z > 0))
        for hidden, on in kept:
            yield named((self.x.T @ (grad_y @ self.w2.T * on), hidden.T @ grad_y)), 1e-7
        # A step in row i of w1 moves z by x[:, i] times as much, which must not cross the kink.
        small = 1e-6 / np.maximum(1, np.abs(self.x).max(0))[:, None]
        yield (
            named(families.slopes(lambda w1, w2: self.own_loss(code, w1, w2), [self.w1, self.w2], [small, 1e-6])),
            1e-5,
        )

    def own_loss(self, code, w1, w2):
        prediction = numbers(code.TwoLayerNet(w1, w2).forward(self.x), self.y.shape)
        return np.nan if prediction is None else np.sum((prediction - self.y) ** 2)


def named(gradients):
    """What backward returned, with names for the student."""
    pair = gradients if isinstance(gradients, (list, tuple)) and len(gradients) == 2 else (gradients, gradients)
    return {f"the gradient of w{i + 1}": part for i, part in enumerate(pair)}


def problem(rng, n=6, d_in=5, h=4, d_out=3):
    """A case, drawn until the ReLU matters and no number stands near a kink.

    Every hidden unit is on for some rows and off for others; the predictions have both signs.
    """
    while True:
        x, y, w1, w2 = (rng.normal(size=s) for s in ((n, d_in), (n, d_out), (d_in, h), (h, d_out)))
        z = x @ w1
        on, prediction = z > 0, np.maximum(z, 0) @ w2
        mixed = n < 3 or (on.sum(0).min() >= 2 and (~on).sum(0).min() >= 1 and (prediction < 0).any())
        if mixed and min(np.abs(z).min(), np.abs(prediction).min(), np.abs(prediction - y).min()) > 0.01:
            return Case(x, y, w1, w2)


def problem_of_whole_units(rng):
    """A case with a hidden unit that is off for all rows, one that is on for all, and one that is mixed.

    Inputs and errors are small, and so are the gradients: there what was rounded is told from a numerical derivative.
    """
    while True:
        case = problem(rng, 6, 3, 3, 5)
        case.x[:, 0], case.w1[0, :2] = rng.uniform(1, 1.2, 6), [-9, 9]
        z = case.x @ case.w1
        if (z > 0).sum(0).tolist() in ([0, 6, k] for k in (2, 3, 4)) and np.abs(z).min() > 0.01:
            error = 0.02 * np.sign(case.y) * rng.uniform(1, 2, case.y.shape)
            return replace(case, x=1e-3 * case.x, y=1e-3 * np.maximum(z, 0) @ case.w2 + error)


# ---------------------------------------------------------------- forward, loss


@check("forward", 2, FORWARD)
def forward_value(code, rng):
    """forward(x)

    ReLU(x w1) w2, of shape (n, d_out)
    """
    shapes = {"six rows": (6, 5, 4, 3), "a single output": (4, 3, 6, 1), "a single row": (1, 4, 7, 2)}
    seen = {}
    for name, shape in shapes.items():
        case = problem(rng, *shape)
        # The first hidden value of all is negative before the ReLU.
        seen[name] = case.net(code).forward(np.roll(case.x, -np.argmin(case.x @ case.w1[:, 0]), axis=0))
    return seen


@check("forward", 1, FORWARD, atol=1e-9)
def forward_side_effects(code, rng):
    """forward(x), twice, and with other weights

    the same result for the same x; the weights and x as they were; what w1 and w2 are now is used
    """
    case, other = problem(rng), problem(rng)
    net, x = case.net(code), code.keep(case.x)
    first, seen = families.leaves(code, net.forward, {"x": x}, {"w1": net.w1.get, "w2": net.w2.get})
    second = net.forward(other.x)
    seen["a result that depends on x"] = depends(first, second)
    seen["another x"] = gap(second, case.net(code).forward(other.x))
    seen |= families.repeats(first, net.forward, [x], [other.x])
    other.put(net)
    return seen | {"after w1 and w2 were set": gap(net.forward(case.x), other.net(code).forward(case.x))}


@check("loss", 1, LOSS, batch=5)
def loss_value(code, rng):
    """loss(y_prediction, y)

    the sum of the squared differences over all rows and columns, one float; both arrays as they were
    """
    prediction, y = 2 * rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    net = problem(rng).net(code)
    loss, seen = families.leaves(code, net.loss, {"the prediction": prediction, "the target": y})
    return {"the loss": loss, "the loss of a single column": net.loss(prediction[:, :1], y[:, :1])} | seen


@check("loss", 1, LOSS)
def loss_shapes(code, rng):
    """loss of two shapes that differ

    an exception, as the shapes must be equal
    """
    net, y = problem(rng).net(code), rng.normal(size=(6, 3))
    return families.refuses(code, net.loss, families.unequal(y)) | {"equal shapes": net.loss(y, y + 1) is None}


# ---------------------------------------------------------------- backward


@families.gradient("backward", 4, BACKWARD, forward=FORWARD, batch=6)
def backward_value(rng):
    """backward(forward(x), y)

    the derivatives of the sum of squares by w1 and by w2, in this order and each in the weight's shape
    """
    return {
        "": problem(rng, 6, 5, 3, 4),
        " (of another net)": problem(rng, 6, 2, 4, 5),
        " (of small errors)": problem_of_whole_units(rng),
    }


DIGITS = f"{BACKWARD} loses its digits where inputs differ in size: numerical derivative?"


@families.gradient("backward", 0, BACKWARD, forward=FORWARD, batch=6, elementwise=True, review=DIGITS)
def backward_scales(rng):
    """backward for inputs of very different sizes

    the exact gradient, by the chain rule: differences of losses lose their digits here
    """
    case, scale = problem(rng, 6, 4, 3, 5), np.array([1e-3, 1e6, 1.0, 1e3])
    # The weights match, so that the hidden values are of size 1.
    return {"": replace(case, x=case.x * scale, w1=case.w1 / scale[:, None])}


@check("backward", 1, BACKWARD)
def backward_shapes(code, rng):
    """backward where the shapes of prediction and target differ

    an exception, as the shapes must be equal
    """
    case = problem(rng)

    def call(prediction, target):
        # The net fits the prediction, so that only the target can be what is refused.
        net = code.TwoLayerNet(case.w1, case.w2[:, : prediction.shape[1]])
        net.forward(case.x)
        return net.backward(prediction, target)

    refused = families.refuses(code, call, families.unequal(case.y))
    return refused | {"equal shapes": case.backward(case.net(code)) is None}


@check("backward", 1, BACKWARD, atol=1e-9)
def backward_repeat(code, rng):
    """backward(y_prediction, y), twice after one forward

    the same gradients both times; the weights, x, the prediction, the target and an earlier result as they were
    """
    case = problem(rng)
    net, x = case.net(code), code.keep(case.x)
    prediction = case.usable(net.forward(x))
    given, state = (
        {"the prediction": prediction, "the target": case.y},
        {"w1": net.w1.get, "w2": net.w2.get, "x": x.value},
    )
    first, seen = families.leaves(code, net.backward, given, state)
    seen["a gradient"] = any(part.ndim == 2 and bool(part.any()) for part in families.arrays(first))
    one, other = (prediction, case.y), (prediction, case.y - 1)
    seen |= families.repeats(first, net.backward, one, other, lambda: case.put(net), gap)
    case.put(net)
    return seen | families.keeps(first, code, net.backward, one, other, gap)


@check("backward", 1, BACKWARD, uses=(FORWARD,), atol=1e-9)
def backward_latest(code, rng):
    """backward after a second forward, and after another net's forward

    the gradients for the last forward of this net
    """
    case, earlier, more, others = problem(rng), problem(rng), problem(rng, 9), problem(rng)
    fresh, net, other = case.backward(case.net(code)), case.net(code), others.net(code)
    case.put(net)
    seen = {"gradients that depend on x": depends(fresh, replace(case, x=earlier.x, y=earlier.y).backward(net))}
    seen["after a second x"] = gap(case.backward(net), fresh)
    seen["after another net"] = gap(case.backward(net, meanwhile=lambda: other.forward(earlier.x)), fresh)
    net.forward(more.x)
    return seen | {"after more rows": gap(case.backward(net), fresh)}


# ---------------------------------------------------------------- update


@check("update", 1, UPDATE)
def update_value(code, rng):
    """update(grad_w1, grad_w2, lr), twice

    each time, each weight moves against its gradient by the learning rate times it
    """
    case = problem(rng)
    net, rates = case.net(code), {"": 0.3, " after a second step": 0.07}
    each = {step: (*(3 * rng.normal(size=w.shape) for w in (case.w1, case.w2)), lr) for step, lr in rates.items()}
    return families.steps(net.update, each, {"w1": net.w1.get, "w2": net.w2.get})


@check("update", 1, UPDATE)
def update_side_effects(code, rng):
    """update, and what it was given

    the net's weights move; the gradients and the arrays that the net was made from stay as they were
    """
    case = problem(rng)
    grads = {f"the gradient of {name}": rng.normal(size=w.shape) for name, w in (("w1", case.w1), ("w2", case.w2))}

    def train(w1, w2, *gradients):
        net = code.TwoLayerNet(w1, w2)
        net.update(*gradients, 0.3)
        return net

    net, seen = families.leaves(code, train, {"the caller's w1": case.w1, "the caller's w2": case.w2, **grads})
    return seen | {"the net's weights": depends([case.w1, case.w2], [net.w1.get(), net.w2.get()])}


# ---------------------------------------------------------------- convergence

USES = (FORWARD, LOSS, BACKWARD, UPDATE)


def rising_problem(rng):
    """A problem whose loss first goes up, with the right code too, and then comes down: the steps are long."""
    while True:
        case = problem(rng, 32, 20, 16, 3)
        with np.errstate(all="ignore"):
            losses = case.net(right).train(case.x, case.y, 6e-4, 25)
        if losses[1] > 1.02 * losses[0] and losses[-1] < 0.5 * losses[0]:
            return case


@check("convergence", 1, f"{NET}.train", uses=USES, rtol=1e-6, elementwise=True)
def trajectory(code, rng):
    """train(x, y, lr, n_iter), loss by loss

    the losses of gradient descent, each taken before its step
    """
    case, rising = problem(rng, 32, 20, 16, 3), rising_problem(rng)
    return {
        "50 losses": case.net(code).train(case.x, case.y, 2e-4, 50),
        "25 losses that rise at first": rising.net(code).train(rising.x, rising.y, 6e-4, 25),
    }


@check("convergence", 1, f"{NET}.train", uses=USES)
def convergence(code, rng):
    """train for 300 iterations

    weights with less than a fiftieth of the loss at the start, and the losses that they have
    """
    case = problem(rng, 32, 20, 16, 3)
    net = case.net(code)

    def squares():
        """The loss of the net's weights, computed here; nan where they are none of these shapes."""
        w1, w2 = numbers(net.w1.get(), case.w1.shape), numbers(net.w2.get(), case.w2.shape)
        fits = w1 is not None and w2 is not None
        return np.sum((np.maximum(case.x @ w1, 0) @ w2 - case.y) ** 2) if fits else np.nan

    start, losses = squares(), net.train(case.x, case.y, 2e-4, 299)
    end, last = squares(), net.train(case.x, case.y, 2e-4, 1)
    seen = families.converges([losses, last], [start], [end], 0.02 * start)
    if not code.passed(FORWARD):
        # What a wrong forward is trained to is seen in its own losses.
        own = numbers(losses, (299,))
        seen["ends low"] = own is not None and bool(0 <= own[-1] < 0.02 * own[0])
    if not (code.passed(FORWARD) and code.passed(LOSS)):
        seen |= {"the first loss": True, "the last loss": True}
    return seen


# ---------------------------------------------------------------- questions


@families.answer("blocked_entries", 1)
def blocked_entries():
    """your answer to question 1

    how many of the 64 x 100 hidden values are 0 at the start of the large run
    """


@families.answer("seeds_that_rise", 1)
def seeds_that_rise():
    """your answer to question 2

    for how many of the ten seeds one of the first 20 losses is above the first
    """


@families.answer("final_loss_without_mask", 1, rtol=0.02)
def final_loss_without_mask():
    """your answer to question 3

    the last of the 500 losses without the mask, to two digits
    """


@families.answer("broken_nets", 1)
def broken_nets():
    """your answer to question 4

    a dict from the letter of each wrong net to the one place in which its mistake stands
    """
