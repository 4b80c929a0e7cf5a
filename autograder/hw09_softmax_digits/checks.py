"""Hidden checks of hw09_softmax_digits."""

from dataclasses import dataclass

import numpy as np

from gradbook.homework import check, draws, families
from gradbook.homework.families import depends, gap, numbers
from solutions import hw09_softmax_digits as right

POINTS = 20
NET = "DigitNet"
FORWARD, BACKWARD, UPDATE = (f"{NET}.{name}" for name in ("forward", "backward", "update"))
LOSS = ("cross_entropy", "d_cross_entropy", "accuracy")
GRADIENTS = {"d_cross_entropy": ("cross_entropy",), BACKWARD: (FORWARD,)}


def scores(rng, n=5, c=3):
    """Scores of different sizes, whose rows add up to different numbers."""
    return 1.5 * rng.normal(size=(n, c)) + 3 * rng.normal(size=(n, 1))


def labelled(rng, n=5, c=3):
    """Scores, and labels of all classes. The first row is read wrong: round-off is large in a loss that is small."""
    logits, labels = scores(rng, n, c), rng.permutation(np.arange(n) % c)
    logits[0, labels[0]] = logits[0].min() - rng.uniform(0.5, 1)
    return logits, labels


# In a square, a maximum or a sum of the wrong shape or axis runs, and is known by its numbers.
SQUARE = {"five rows of five": (5, 5)}
SIZES = {"four rows of three": (4, 3), "a single row": (1, 6), "two classes": (7, 2)}
# More than fit into one block of a mean that is taken by blocks, and than a small integer can count.
MANY = {"many rows": (260, 3)}


def far(rng):
    """Scores far from 0 and from each other, with labels of which the first is read wrong; by name."""
    size = 1000 * rng.uniform(0.8, 1.2, (3, 4))
    signs = np.array([[1, -1, 1, -1], [-1, 1, 1, -1], [-1, -1, -1, 1]])
    near = rng.normal(size=(3, 4))
    each = {
        "all large": size,
        "all far below 0": -size,
        "large and small in a row": signs * size,
        "rows that differ": near + np.array([[1000], [0], [-1000]]),
        "one far ahead": near + 1000 * np.eye(3, 4),
        "one far behind": near - 1000 * np.eye(3, 4),
    }
    return {name: (logits, np.array([logits[0].argmin(), 3, 1])) for name, logits in each.items()}


def quietly(code, call, each):
    """What a call gives for each of some arguments, and whether it gave no warning. each: name -> arguments."""
    seen = {}
    code.warned()
    for name, arguments in each.items():
        # Code in this very process would inherit it if warnings are switched off here.
        with np.errstate(divide="warn", over="warn", invalid="warn"):
            seen[name] = call(*arguments)
        seen[f"no warning, {name}"] = code.warned() == 0
    return seen


# ---------------------------------------------------------------- scores and their loss


@check("log_softmax", 0.5, "log_softmax")
def log_softmax_value(code, rng):
    """log_softmax(logits)

    in each row the score less the logarithm of the sum of all exponentials of the row
    """
    return {name: code.log_softmax(scores(rng, *shape)) for name, shape in SQUARE.items()}


@check("log_softmax", 0.5, "log_softmax")
def log_softmax_shapes(code, rng):
    """log_softmax(logits) of several shapes, and of equal scores

    the shape of logits, each row by itself
    """
    seen = {name: code.log_softmax(scores(rng, *shape)) for name, shape in SIZES.items()}
    equal = scores(rng, 4, 5)
    equal[:2] = equal[:2, :1]
    equal[2, [1, 3]] = equal[2].max() + 0.5
    return seen | {"equal scores": code.log_softmax(equal)}


@check("log_softmax", 1, "log_softmax", atol=1e-9)
def log_softmax_far(code, rng):
    """log_softmax(logits) of scores in the thousands, of both signs

    finite numbers, however small a probability is, and no warning
    """
    return quietly(code, code.log_softmax, {name: (logits,) for name, (logits, _) in far(rng).items()})


@families.side_effects("log_softmax", 0.5, "log_softmax", "logits")
def log_softmax_side_effects(code, rng):
    return code, [scores(rng)], [scores(rng)]


@check("loss_of_equal_scores", 0.5, "loss_of_equal_scores", atol=0.005)
def loss_of_equal_scores(code, rng):
    """loss_of_equal_scores()

    minus the logarithm of the probability that each of ten equal scores gets
    """
    return code.loss_of_equal_scores()


@check("cross_entropy", 1, "cross_entropy", given="log_softmax", batch=5)
def cross_entropy_value(code, rng):
    """cross_entropy(logits, labels)

    minus the logarithm of the right class's probability, the mean over the rows, one number
    """
    return {name: code.cross_entropy(*labelled(rng, *shape)) for name, shape in (SQUARE | SIZES | MANY).items()}


@check("cross_entropy", 0.5, "cross_entropy", given="log_softmax")
def cross_entropy_far(code, rng):
    """cross_entropy(logits, labels) of scores in the thousands, of both signs

    a finite number, however small the probability of the right class is, and no warning
    """
    return quietly(code, code.cross_entropy, far(rng))


@check("d_cross_entropy", 1.5, "d_cross_entropy", given="log_softmax", batch=5)
def d_cross_entropy_value(code, rng):
    """d_cross_entropy(logits, labels)

    the derivative of the mean cross-entropy by each score, of the shape of logits
    """
    return {name: code.d_cross_entropy(*labelled(rng, *shape)) for name, shape in (SQUARE | SIZES | MANY).items()}


@check("d_cross_entropy", 0.5, "d_cross_entropy", given="log_softmax", atol=1e-12)
def d_cross_entropy_far(code, rng):
    """d_cross_entropy(logits, labels) of scores in the thousands, of both signs

    the derivative, finite also where a probability is too small for the computer, and no warning
    """
    return quietly(code, code.d_cross_entropy, far(rng))


def read(rng, n, c):
    """Scores, and the class with the largest one in each row: by little, but for every third row."""
    logits, largest = scores(rng, n, c), np.arange(n) % c
    ahead = rng.uniform(0.1, 0.3, n) + 6 * (np.arange(n) % 3 == 0)
    logits[np.arange(n), largest] = logits.max(axis=1) + ahead
    # In the third row the score itself is the number of its class.
    logits[2:3] += 2 - logits[2:3].max(axis=1, keepdims=True)
    return logits, largest


@check("accuracy", 0.5, "accuracy")
def accuracy_value(code, rng):
    """accuracy(logits, labels)

    the share of the rows in which the right class has the largest score, from 0 to 1; logits and labels as they were
    """
    logits, largest = read(rng, 7, 7)
    some, few = ((largest + np.array(off)) % 7 for off in ((0, 3, 0, 0, 1, 0, 5), (2, 0, 1, 4, 0, 6, 3)))
    few[[0, 5]] = logits[[0, 5]].argmin(axis=1)
    share, seen = families.leaves(code, code.accuracy, {"logits": logits, "labels": some})
    return {"most right": share, "few right": code.accuracy(logits, few)} | seen


@check("accuracy", 0.5, "accuracy")
def accuracy_shapes(code, rng):
    """accuracy(logits, labels) of more rows than classes, and of a single row

    the share of the rows, also where it is 0 or 1, where all scores are below 0, and where they are in the thousands
    """
    logits, largest = read(rng, 9, 4)
    some = (largest + np.array([0, 0, 1, 0, 2, 1, 0, 0, 3])) % 4
    labels = {"some right": some, "all right": largest, "none right": (largest + 1) % 4}
    seen = {name: code.accuracy(logits, each) for name, each in labels.items()}
    one, choice = read(rng, 1, 3)
    many, most = read(rng, *MANY["many rows"])
    seen["many rows"] = code.accuracy(many, np.where(np.arange(len(most)) % 5, most, (most + 1) % 3))
    seen["all scores below 0"] = code.accuracy(logits - 50, some)
    seen["scores in the thousands"] = code.accuracy(5000 * logits, some)
    return seen | {"a single row": code.accuracy(one, choice)}


def refusing(function):
    """The check of what one of the three functions of scores and labels refuses."""

    @check(function, 0.5, function, given=() if function == "accuracy" else "log_softmax")
    def refuses(code, rng):
        """{function}(logits, labels) of labels that are no whole numbers from 0 to c - 1, one for each row

        an exception; and a number, or numbers, for those that are
        """
        logits, labels = labelled(rng, 6, 3)
        call = getattr(code, function)
        too_large, negative = labels.copy(), labels.copy()
        too_large[2], negative[2] = 3, -1
        wrong = {
            "one-hot labels": np.eye(3)[labels],
            "a column of labels": labels[:, None],
            "fewer labels than rows": labels[:-1],
            "a single label": labels[:1],
            "fractions": labels + 0.0,
            "a label of c": too_large,
            "a label of -1": negative,
        }
        refused = families.refuses(code, call, {name: (logits, each) for name, each in wrong.items()})
        return refused | {"right labels": numbers(call(logits, labels)) is not None}

    return families.named(refuses, f"{function}_refuses", function=function)


cross_entropy_refuses, d_cross_entropy_refuses, accuracy_refuses = map(refusing, LOSS)


@families.side_effects("cross_entropy", 0.5, "cross_entropy", ("logits", "labels"), laws="repeats", given="log_softmax")
def cross_entropy_side_effects(code, rng):
    return code, labelled(rng), labelled(rng)


@families.side_effects("d_cross_entropy", 0.5, "d_cross_entropy", ("logits", "labels"), given="log_softmax")
def d_cross_entropy_side_effects(code, rng):
    return code, labelled(rng), labelled(rng)


# ---------------------------------------------------------------- the network


MAKE = """
import numpy

def make(parameters):
    sizes = [len(parameters[name]) for name in ("W1", "b1", "b2")]
    net = DigitNet(*sizes, numpy.random.default_rng(0))
    for name, array in parameters.items():
        net.parameters[name][...] = array
    return net
"""


@dataclass
class Case:
    """Parameters with biases that are not 0, some rows, and slopes along the scores."""

    parameters: dict[str, np.ndarray]
    x: np.ndarray
    d_logits: np.ndarray

    def net(self, code):
        """A net of the code's with these parameters."""
        return code.define(MAKE, "make")(self.parameters)

    def backward(self, net):
        net.forward(self.x)
        return net.backward(self.d_logits)

    def gradients(self, code):
        found = self.backward(self.net(code))
        return {f"the gradient of {name}": held(found, name) for name in self.parameters}

    def z(self):
        return self.x @ self.parameters["W1"] + self.parameters["b1"]

    def logits(self):
        return np.maximum(self.z(), 0) @ self.parameters["W2"] + self.parameters["b2"]

    def fitting(self, code):
        """Gradients that are right for a wrong forward: what a right backward makes of what that has likely kept.

        Backward is given d_logits, so that what is wrong after the hidden values is no matter of its. The hidden values
        that lead to the scores are determined, since there are more classes than hidden units.
        """
        net, p, z = self.net(code), self.parameters, self.z()
        shape = (len(self.x), p["b2"].size)
        found = numbers(net.forward(self.x), shape)
        kept = [(np.maximum(z, 0), z > 0), (z, z > 0), (z, np.ones_like(z))]
        for b2 in (p["b2"], 0) if found is not None else ():
            implied = (found - b2) @ np.linalg.pinv(p["W2"])
            implied[np.abs(implied) < 1e-9] = 0
            kept += [(implied, implied > 0), (implied, z > 0)]
        for hidden, on in kept:
            d_hidden = self.d_logits @ p["W2"].T * on
            parts = (self.x.T @ d_hidden, d_hidden.sum(axis=0), hidden.T @ self.d_logits, self.d_logits.sum(axis=0))
            yield self.named(parts), 1e-6
        # A step in row i of W1 moves z by x[:, i] times as much, which must not cross the kink.
        small = [1e-6 / np.maximum(1, np.abs(self.x).max(axis=0))[:, None], 1e-6, 1e-6, 1e-6]
        slopes = families.slopes(lambda *arrays: self.projected(net, arrays), [*p.values()], small)
        yield self.named(slopes), 1e-5

    def named(self, parts):
        return {f"the gradient of {name}": part for name, part in zip(self.parameters, parts, strict=True)}

    def projected(self, net, arrays):
        """The number whose gradients backward gives: d_logits times the scores, by the net's own forward."""
        net.parameters.fill(dict(zip(self.parameters, arrays, strict=True)))
        found = numbers(net.forward(self.x), self.d_logits.shape)
        return np.nan if found is None else np.sum(self.d_logits * found)


def held(gradients, name):
    """What a dict holds under a name; of anything else, all of it."""
    return gradients.get(name) if isinstance(gradients, dict) else gradients


def case(rng, n=6, d_in=5, h=3, c=4):
    """A case, drawn until the ReLU matters and no number stands near its kink.

    Every hidden unit is on for some rows and off for others, and some scores are below 0.
    """
    while True:
        drawn = draw(rng, n, d_in, h, c)
        z = drawn.z()
        on, logits = (z > 0).sum(axis=0), drawn.logits()
        mixed = n < 4 or (on.min() >= 2 and on.max() < n and (logits < 0).any())
        if mixed and min(np.abs(z).min(), np.abs(logits).min()) > 0.01:
            return drawn


def case_of_whole_units(rng):
    """A case with a hidden unit that is off for all rows, one that is on for all, and others that are mixed."""
    while True:
        drawn = draw(rng, 6, 3, 4, 5)
        drawn.parameters["b1"][:2] += [-6, 6]
        z = drawn.z()
        on = (z > 0).sum(axis=0)
        if on[0] == 0 and on[1] == 6 and min(on[2:]) > 0 and max(on[2:]) < 6 and np.abs(z).min() > 0.01:
            return drawn


def draw(rng, n, d_in, h, c):
    shapes = {"W1": (d_in, h), "b1": (h,), "W2": (h, c), "b2": (c,)}
    parameters = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    return Case(parameters, rng.normal(size=(n, d_in)), rng.normal(size=(n, c)))


@check("forward", 1.5, FORWARD)
def forward_value(code, rng):
    """forward(x)

    ReLU(x W1 + b1) W2 + b2, of shape (n, c)
    """
    shapes = {
        "six rows": (6, 5, 3, 4),
        "two classes": (5, 3, 7, 2),
        "a square": (4, 4, 4, 4),
        "a single row": (1, 4, 6, 3),
    }
    seen = {}
    for name, shape in shapes.items():
        drawn = case(rng, *shape)
        seen[name] = drawn.net(code).forward(drawn.x)
    return seen


@check("forward", 0.5, FORWARD, atol=1e-9)
def forward_side_effects(code, rng):
    """forward(x), twice, and with other parameters

    the same scores for the same x; parameters, x and an earlier result as they were; the present parameters are used
    """
    drawn, other = case(rng), case(rng)
    net, x = drawn.net(code), code.keep(drawn.x)
    first, seen = families.leaves(code, net.forward, {"x": x}, {"parameters": net.parameters.get})
    second = net.forward(other.x)
    seen["scores that depend on x"] = depends(first, second)
    seen["another x"] = gap(second, drawn.net(code).forward(other.x))
    seen |= families.repeats(first, net.forward, [x], [other.x])
    seen |= families.keeps(first, code, net.forward, [drawn.x], [other.x])
    wanted = Case(other.parameters, 0, 0).net(code).forward(drawn.x)
    net.parameters.fill(other.parameters)
    seen["with other parameters"] = gap(net.forward(drawn.x), wanted)
    net.parameters.fill(drawn.parameters)
    net.parameters.set(other.parameters)
    return seen | {"with other arrays for parameters": gap(net.forward(drawn.x), wanted)}


@families.gradient("backward", 1, BACKWARD, forward=FORWARD, batch=6)
def backward_value(rng):
    """forward(x), then backward(d_logits)

    the gradients by W1, b1, W2 and b2 in a dict, each under its name and in its shape
    """
    return {"": case(rng), " (with units that are shut or open for all rows)": case_of_whole_units(rng)}


@families.gradient("backward", 0.5, BACKWARD, forward=FORWARD, batch=4)
def backward_square(rng):
    """forward(x), then backward(d_logits), where all sizes are the same

    the gradients by W1, b1, W2 and b2, with every matrix the right way round
    """
    return {"": case(rng, 4, 4, 4, 4)}


DIGITS = f"{BACKWARD} loses its digits where inputs differ in size: numerical derivative?"


@families.gradient("backward", 0, BACKWARD, forward=FORWARD, elementwise=True, review=DIGITS)
def backward_scales(rng):
    """backward for inputs of very different sizes

    the exact gradients, by the chain rule: differences of the loss lose their digits here
    """
    drawn, scale = case(rng), np.array([1e-3, 1e6, 1.0, 1e3, 1e-2])
    # The weights match, so that the hidden values are of size 1.
    drawn.x, drawn.parameters["W1"] = drawn.x * scale, drawn.parameters["W1"] / scale[:, None]
    return {"": drawn}


@check("backward", 1, BACKWARD, atol=1e-9)
def backward_repeat(code, rng):
    """backward(d_logits), twice after one forward

    the same gradients both times; the parameters, x, d_logits and an earlier result as they were
    """
    drawn = case(rng)
    net, x = drawn.net(code), code.keep(drawn.x)
    net.forward(x)
    state = {"parameters": net.parameters.get, "x": x.value}
    first, seen = families.leaves(code, net.backward, {"d_logits": drawn.d_logits}, state)
    seen["a gradient"] = any(bool(part.any()) for part in families.arrays(first))
    one, other = [drawn.d_logits], [drawn.d_logits - 1]

    def again():
        net.parameters.fill(drawn.parameters)

    seen |= families.repeats(first, net.backward, one, other, again, gap)
    again()
    return seen | families.keeps(first, code, net.backward, one, other, gap)


@check("backward", 0.5, BACKWARD, uses=(FORWARD,), atol=1e-9)
def backward_latest(code, rng):
    """backward after a second forward, and after another net's forward

    the gradients for the last forward of this net
    """
    drawn, earlier, more, others = case(rng), case(rng), case(rng, 9), case(rng)
    fresh, net, other = drawn.backward(drawn.net(code)), drawn.net(code), others.net(code)
    seen = {
        "gradients that depend on x": depends(fresh, Case(drawn.parameters, earlier.x, drawn.d_logits).backward(net))
    }
    net.parameters.fill(drawn.parameters)
    seen["after a second x"] = gap(drawn.backward(net), fresh)
    net.parameters.fill(drawn.parameters)
    net.forward(drawn.x)
    other.forward(earlier.x)
    seen["after another net"] = gap(net.backward(drawn.d_logits), fresh)
    net.parameters.fill(drawn.parameters)
    net.forward(more.x)
    return seen | {"after more rows": gap(drawn.backward(net), fresh)}


def steps(rng, *rates):
    """Parameters, and for each pair of rates the arguments of a step."""
    drawn = case(rng, 6, 3, 4, 2)
    each = []
    for lr, *decay in rates:
        gradients = {name: 2 * rng.normal(size=array.shape) for name, array in drawn.parameters.items()}
        each.append((gradients, lr, *decay))
    return drawn, each


@check("update", 1, UPDATE)
def update_value(code, rng):
    """update(gradients, lr), twice

    each parameter moves against its own gradient by lr times it; a second step starts from there
    """
    drawn, (one, two) = steps(rng, (0.3,), (0.07, 0.0))
    net = drawn.net(code)
    return families.steps(net.update, {"": one, " after a second step": two}, {"parameters": net.parameters.get})


@check("update", 1, UPDATE)
def update_decay(code, rng):
    """update(gradients, lr, decay), twice, then update(gradients, lr)

    the slope of decay / 2 times the squared weights is added to the gradients of W1 and W2, and nothing to the others
    """
    drawn, (one, two, without) = steps(rng, (0.3, 0.4), (0.2, 1.5), (0.1,))
    net = drawn.net(code)
    each = {"": one, " after a second step": two, " after one without decay": without}
    return families.steps(net.update, each, {"parameters": net.parameters.get})


@check("update", 0.5, UPDATE)
def update_side_effects(code, rng):
    """update, and what it was given

    the parameters move; the gradients stay as they were
    """
    drawn, ((gradients, *_), _) = steps(rng, (0.3,), (0.3,))
    net = drawn.net(code)
    _, seen = families.leaves(code, lambda given: net.update(given, 0.3, 0.2), {"gradients": gradients})
    return seen | {"the parameters move": depends(drawn.parameters, net.parameters.get())}


# ---------------------------------------------------------------- training

GIVEN = ("log_softmax", *LOSS)
USES = (FORWARD, BACKWARD, UPDATE)


def clouds(rng, n, middles):
    """n rows about the middles of three clouds, and the number of the cloud of each."""
    labels = rng.permutation(np.arange(n) % 3)
    return middles[labels] + rng.normal(size=(n, middles.shape[1])), labels


def started(rng):
    """A start with biases of 0, and two sets of rows of three clouds. No row has all its units shut: its scores would
    all be 0, and which of them is the largest is no matter of right and wrong.
    """
    while True:
        drawn, middles = case(rng, 6, 5, 8, 3), 3 * np.linalg.qr(rng.normal(size=(5, 5)))[0][:3]
        for name in ("b1", "b2"):
            drawn.parameters[name] *= 0
        training, test = clouds(rng, 28, middles), clouds(rng, 10, middles)
        if (np.vstack([training[0], test[0]]) @ drawn.parameters["W1"] > 0.01).any(axis=1).all():
            return drawn, training, test


@check("convergence", 0.5, "train", given=GIVEN, uses=USES, rtol=1e-6)
def trajectory(code, rng):
    """train for three epochs, eight rows at a time, with decay

    the losses and the accuracy after each epoch, and the parameters at the end
    """
    drawn, training, test = started(rng)
    net = drawn.net(code)
    records = code.train(net, training, test, 0.1, 3, draws.generators(code)(7), 0.05, 8)
    return {"records": records, "parameters": net.parameters.get()}


def loss_of(net, x, labels, shapes):
    """The loss with the net's parameters, computed here; nan where they do not fit."""
    found = net.parameters.get()
    p = {name: numbers(held(found, name), array.shape) for name, array in shapes.items()}
    if any(array is None for array in p.values()):
        return np.nan
    with np.errstate(all="ignore"):
        logits = np.maximum(x @ p["W1"] + p["b1"], 0) @ p["W2"] + p["b2"]
        return right.cross_entropy(logits, labels) if np.isfinite(logits).all() else np.nan


@check("convergence", 0.5, "train", given=GIVEN, uses=USES)
def convergence(code, rng):
    """train for 20 epochs, eight rows at a time

    parameters with less than a third of the loss of equal scores, and the last training loss that they have
    """
    drawn, training, test = started(rng)
    net = drawn.net(code)
    records = code.train(net, training, test, 0.2, 20, draws.generators(code)(8), 0.0, 8)
    losses = numbers(held(records, "train"))
    last, own = None if losses is None else losses.flat[-1], loss_of(net, *training, drawn.parameters)
    return {
        "the last loss": families.tells(last, own) or not code.passed(FORWARD),
        "ends low": bool(own < np.log(3) / 3),
    }


# ---------------------------------------------------------------- questions


@families.answer("worst_digit", 0.5)
def worst_digit():
    """worst_digit()

    the row of the table in which the entry on the diagonal is the smallest share of the sum
    """


@families.answer("best_decay", 0.5)
def best_decay():
    """best_decay()

    the one of the five values whose run has the lowest last test loss
    """


@families.answer("broken_losses", 0.5)
def broken_losses():
    """broken_losses()

    the name of each loss that is wrong, and no other, with its place in the words of PLACES
    """
