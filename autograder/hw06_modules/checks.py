"""Hidden checks of hw06_modules."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from gradbook.errors import StudentError
from gradbook.homework import check, families, layers
from gradbook.homework.draws import signed
from gradbook.homework.families import depends, factor, gap, same

START, FORWARD, BACKWARD = "Linear.__init__", "Linear.forward", "Linear.backward"
STACK, THROUGH, BACK = "Sequential.__init__", "Sequential.forward", "Sequential.backward"
LOSS, SLOPE = "MSELoss.forward", "MSELoss.backward"
GRADIENTS = {BACKWARD: (FORWARD,), "ReLU.backward": ("ReLU.forward",), SLOPE: (LOSS,)}

# ---------------------------------------------------------------- what the checks share


def anything(value):
    """Whether a result, or a part of it, is another number than 0."""
    return any(bool(array.any()) for array in families.arrays(value))


# Modules to build on and to be judged, on the code's side: layers whose output and gradients are told in words of x, W,
# b and grad, and several in a row. Names say nothing about what is wrong; a number counts the forward passes.
PARTS = """
from copy import deepcopy

class Layer(Model):
    def __init__(self, words, arrays):
        super().__init__()
        self.parameters.update({name: np.array(array) for name, array in arrays.items()})
        self.gradients.update({name: np.zeros(np.shape(array)) for name, array in arrays.items()})
        self.calls, self.slopes = 0, {name: MEANT[value] for name, value in words.items()}
        self.compute = self.slopes.pop("y", None)

    def forward(self, x):
        self.calls += 1
        self.x = np.array(x)
        return self.compute(self.x, **self.parameters)

    def backward(self, grad):
        found = {name: slope(self.x, grad, **self.parameters) for name, slope in self.slopes.items()}
        for name in self.parameters:
            if np.shape(found[name]) == self.gradients[name].shape:
                self.gradients[name] += found[name]
            else:
                self.gradients[name] = found[name]
        return found["x"]

class Together(Model):
    def __init__(self, parts):
        super().__init__()
        self.parts = parts
        for number, part in enumerate(parts):
            for name, array in part.parameters.items():
                self.parameters[f"{number}.{name}"] = array
                self.gradients[f"{number}.{name}"] = part.gradients[name]

    def forward(self, x):
        for part in self.parts:
            x = part.forward(x)
        return x

    def backward(self, grad):
        for part in reversed(self.parts):
            grad = part.backward(grad)
        return grad

def build(model):
    return Together([build(part) for part in model]) if isinstance(model, list) else Layer(*model)

def verdicts(groups):
    return [
        [GradientCheck(build(model), **deepcopy(options)).check() for model in models] for models, options in groups
    ]

def inside(container):
    p, g = container.parameters, container.gradients
    return list(p.values()), list(g.values()), [(array, g.get(name)) for name, array in p.items()]

def arrays(kind, *models):
    return [getattr(model, kind) for model in models]

def fill(value, arrays):
    for array in arrays.values():
        array[...] = value

def mark(*models):
    for i, model in enumerate(models):
        for k, name in enumerate(("W", "b")):
            model.parameters[name][...] = 10 * i + k + 5
            model.gradients[name][...] = -(10 * i + k + 5)

def use(name, *arguments):
    return globals()[name](*arguments)
"""


def parts(code, name, *models, more=""):
    """What is called `name` in PARTS, for these models; what their words mean is compiled here, once for a class."""
    words = dict.fromkeys(words_in(models))
    means = ", ".join(f"{each!r}: lambda x, grad=None, W=None, b=0.0: {each}" for each in words)
    return code.define(f"{PARTS}{more}\nMEANT = {{{means}}}\n", name)


def words_in(value):
    """The words of layers, wherever they are in there."""
    if isinstance(value, dict):
        return [word for part in value.values() for word in ([part] if isinstance(part, str) else words_in(part))]
    return [word for part in value for word in words_in(part)] if isinstance(value, (list, tuple)) else []


RIGHT = {"y": "x @ W + b", "W": "x.T @ grad", "b": "np.sum(grad, axis=0)", "x": "grad @ W.T"}
BIASES = {"y": "x + b", "b": RIGHT["b"], "x": "1 * grad"}


def layer(W, b=None, /, **wrong):
    """A layer y = x W + b, or x W, whose backward is right but for the gradients given by `wrong`."""
    return {**RIGHT, **wrong}, {"W": W} if b is None else {"W": W, "b": b}


def biases(b, /, **wrong):
    """A layer y = x + b: its slopes are the same wherever x and b have been left."""
    return {**BIASES, **wrong}, {"b": b}


def entrywise(y, slope):
    """A layer y = f(x), entry by entry."""
    return {"y": y, "x": slope}, {}


# ---------------------------------------------------------------- Linear

# Linear with arrays that are surely there: for the checks of forward and backward where __init__ lost its points.
LINEAR = """
class Layer(Linear):
    def __init__(self, d_in, d_out):
        try:
            super().__init__(d_in, d_out)
        except Exception:
            pass
        self.parameters = {"W": np.zeros((d_in, d_out)), "b": np.zeros(d_out)}
        self.gradients = {"W": np.zeros((d_in, d_out)), "b": np.zeros(d_out)}
"""


class LinearCase(layers.LayerCase):
    """Rows x, and a Linear with W and b."""

    kind = "Linear"

    def layer_class(self, code):
        return self.kind if code.passed(START) else code.define(LINEAR, "Layer")


def linear_case(rng, d_out=4, size=1.0):
    """size: of the gradient from above; where it is small, what was rounded is told from a numerical derivative."""
    x, W, b, grad = signed(rng, 5, 3), signed(rng, 3, d_out), signed(rng, d_out), size * signed(rng, 5, d_out)
    return LinearCase({"x": x}, grad, {"W": W, "b": b}, (3, d_out))


@check("linear_forward", 0.25, START)
def linear_start(code, rng):
    """Linear(in_features, out_features)

    W (in_features, out_features), normal with the deviation of Glorot, b all 0, and both gradients all 0
    """
    d_in, d_out = 30, 90
    code.seed(int(rng.integers(2**31)))
    layer = code.Linear(d_in, d_out)
    parameters, gradients = layer.parameters.get(), layer.gradients.get()
    W, other = parameters["W"], code.Linear(d_in, d_out).parameters.get()["W"]
    # A layer whose forward is not written is not begun; what forward gives is judged elsewhere.
    code.raises(lambda: layer.forward(signed(rng, 2, d_in)))
    size, right = np.std(W), np.sqrt(2 / (d_in + d_out))
    return {
        "shape of W": np.shape(W),
        # The deviation itself, where it is not the one that belongs: so a wrong formula can be recognised.
        "deviation of W": right if abs(size / right - 1) < 0.08 else size,
        "mean of W": bool(abs(np.mean(W)) < 0.02),
        "W is float64": getattr(W, "dtype", None) == np.float64,
        "two layers differ": bool(np.any(other != W)),
        "b": parameters["b"],
        "gradient of W": gradients["W"],
        "gradient of b": gradients["b"],
    }


@check("linear_forward", 0.5, FORWARD, batch=5)
def linear_forward_value(code, rng):
    """forward(x)

    x W + b, one row for each row of x
    """
    case, square = linear_case(rng), linear_case(rng, 3)
    x, layer = case.inputs["x"], case.made(code)
    return {
        "five rows": layer.forward(x),
        "seven rows": layer.forward(signed(rng, 7, 3)),
        "one row": layer.forward(x[:1]),
        "as many rows as outputs": layer.forward(x[:4]),
        "as many rows as inputs and outputs": square.made(code).forward(x[:3]),
    }


@check("linear_forward", 0.25, FORWARD)
def linear_forward_effects(code, rng):
    """forward(x), twice, and the layer afterwards

    the same result, x, parameters and gradients as they were; parameters that change are used
    """
    return layers.forward_leaves(code, linear_case(rng), linear_case(rng))


@families.gradient("linear_backward", 0.25, BACKWARD, forward=FORWARD, batch=5)
def linear_backward_square(rng):
    """backward(grad) of a layer with as many inputs as outputs

    dL/dx returned, dL/dW and dL/db in the gradients: where W is square, a transpose fits as well and is wrong
    """
    return {"": linear_case(rng, d_out=3)}


@families.gradient("linear_backward", 1.25, BACKWARD, forward=FORWARD, batch=5)
def linear_backward_value(rng):
    """backward(grad) after forward(x)

    dL/dx returned, dL/dW and dL/db in the gradients, for the loss whose derivative by the output is grad
    """
    return {"": linear_case(rng, size=0.01)}


@check("linear_backward", 0.75, BACKWARD)
def linear_backward_adds(code, rng):
    """backward(grad), and backward(grad) again

    each call adds the same amount, into the arrays that were there
    """
    return layers.adds(code, linear_case(rng))


@check("linear_backward", 0.5, BACKWARD)
def linear_backward_effects(code, rng):
    """backward(grad), and what was given to it afterwards

    x, grad, the parameters and an earlier result as they were
    """
    return layers.backward_leaves(code, linear_case(rng))


@check("linear_backward", 0.25, BACKWARD)
def linear_backward_last(code, rng):
    """forward, forward of other rows, then backward(grad); and two layers at once

    the gradients belong to the last forward of this layer
    """
    return layers.latest(code, linear_case(rng), linear_case(rng))


# ---------------------------------------------------------------- ReLU


class ReLUCase(layers.LayerCase):
    """x and a gradient from above for a ReLU."""

    kind, adds = "ReLU", False


def relu_case(rng, *shape):
    """A case with every combination of signs."""
    x, grad = signed(rng, *shape), signed(rng, *shape)
    x.flat[:4], grad.flat[:4] = np.abs(x.flat[:4]) * [1, 1, -1, -1], np.abs(grad.flat[:4]) * [1, -1, 1, -1]
    x.flat[4:6] = 0.01, -0.01
    return ReLUCase({"x": x}, grad)


@check("relu_forward", 0.5, "ReLU.forward")
def relu_forward_value(code, rng):
    """forward(x)

    the larger of x and 0, entry by entry
    """
    x = relu_case(rng, 5, 3).inputs["x"]
    # The first entry may decide of which type all the results are.
    return {"five rows": code.ReLU().forward(x), "a first entry below 0": code.ReLU().forward(-x)}


@check("relu_forward", 0.5, "ReLU.forward")
def relu_forward_effects(code, rng):
    """forward(x) of several shapes, and x afterwards

    a new array of the shape of x, each entry by itself, and x as it was
    """
    case, relu = relu_case(rng, 2, 3, 4), code.ReLU()
    x = case.inputs["x"]
    whole, row = relu.forward(x), relu.forward(x[0, 1])
    return layers.forward_leaves(code, case, relu_case(rng, 2, 3, 4)) | {
        "three axes": np.shape(whole),
        "one axis": np.shape(row),
        "entries by themselves": np.shape(whole) == x.shape and same(whole[0, 1], row),
    }


@families.gradient("relu_backward", 0.5, "ReLU.backward", forward="ReLU.forward")
def relu_backward_value(rng):
    """backward(grad) after forward(x)

    grad where x is positive, 0 where x is negative
    """
    # Of four columns, one is below 0 in all rows and one above.
    case = relu_case(rng, 5, 4)
    case.inputs["x"][:, 2:] = np.abs(case.inputs["x"][:, 2:]) * [-1, 1]
    case.grad[1] = np.abs(case.grad[1]) * [1, 1, -1, 1]
    return {"": case}


@check("relu_backward", 0.5, "ReLU.backward")
def relu_backward_effects(code, rng):
    """backward(grad) twice, and after another forward

    the same result both times, x, grad and an earlier result as they were; the last forward of this ReLU decides
    """
    case = relu_case(rng, 4, 3)
    seen = layers.backward_leaves(code, case)
    return seen | layers.latest(code, case, ReLUCase({"x": -case.inputs["x"]}, case.grad))


# ---------------------------------------------------------------- Sequential

# Sequential with a right __init__, and with a right forward too, for the checks that come after one that lost points.
CHAINS = """
class Chain(Sequential):
    def __init__(self, *models):
        try:
            super().__init__(*models)
        except Exception:
            pass
        self.models = models
        self.parameters = {f"{i}.{k}": v for i, m in enumerate(models) for k, v in m.parameters.items()}
        self.gradients = {f"{i}.{k}": v for i, m in enumerate(models) for k, v in m.gradients.items()}

class ForwardChain(Chain):
    def forward(self, x):
        try:
            super().forward(np.array(x))
        except Exception:
            pass
        for model in self.models:
            x = model.forward(x)
        return x
"""
BEND = entrywise("x + x**2", "(1 + 2 * x) * grad")


class Pieces:
    """Right layers on the code's side, so that a wrong Linear or ReLU is not charged here."""

    def __init__(self, code, rng):
        self.code, self.rng, self.use = code, rng, parts(code, "use", (RIGHT, {}), BEND)

    def mixes(self, count):
        return [self.use("build", layer(signed(self.rng, 3, 3), signed(self.rng, 3))) for _ in range(count)]

    def bend(self):
        return self.use("build", BEND)

    def chain(self, *models):
        """A Sequential of the submission, with a right __init__ where its own lost points."""
        return (self.code.Sequential if self.code.passed(STACK) else self.code.define(CHAINS, "Chain"))(*models)

    def forward_chain(self, *models):
        """The same, with a right forward too."""
        right = self.code.passed(THROUGH)
        return self.chain(*models) if right else self.code.define(CHAINS, "ForwardChain")(*models)

    def inside(self, *models):
        """What the dicts of a Sequential hold, whatever the names: parameters, gradients, and pairs of both."""
        return self.use("inside", self.code.Sequential(*models))


def first_entry(array):
    """The first number of an array, which tells those apart that `mark` has filled."""
    return float(np.ravel(array)[0])


def in_order(pairs):
    return sorted(pairs, key=lambda pair: first_entry(pair[0]))


@check("sequential_init", 0.5, STACK)
def sequential_init_dicts(code, rng):
    """Sequential(*models)

    flat dicts: every parameter of every model, and under the same name its gradient
    """
    pieces = Pieces(code, rng)
    first, second, third = pieces.mixes(3)
    pieces.use("mark", first, second, third)
    _, gradients, pairs = pieces.inside(first, pieces.bend(), second, third)
    gain = pieces.use("build", ({}, {"gain": np.ones(1)}))
    return {
        "all pairs": in_order(pairs),
        "as many gradients as parameters": len(gradients),
        "of a single model": in_order(pieces.inside(second)[2]),
        "another name": len(pieces.inside(first, gain)[0]),
        "without parameters": len(pieces.inside(pieces.bend())[0]),
    }


@check("sequential_init", 0.5, STACK)
def sequential_init_shares(code, rng):
    """Sequential(*models), and the models' arrays afterwards

    the dicts hold the models' own arrays, no copies, also in a Sequential of a Sequential
    """
    pieces = Pieces(code, rng)
    layers = pieces.mixes(3)
    inner = code.Sequential(layers[0], pieces.bend(), layers[1])
    outer = code.Sequential(inner, layers[2])
    seen = {"the models' parameters at first": pieces.use("arrays", "parameters", *layers)}
    pieces.use("mark", *layers)
    for name, container, count in (("inner", inner, 2), ("outer", outer, 3)):
        marks = {10 * i + k + 5 for i in range(count) for k in (0, 1)}
        parameters, gradients = (set(map(first_entry, arrays)) for arrays in pieces.use("inside", container)[:2])
        # Whether those that are there are the models' own: one that is missing is charged in sequential_init_dicts.
        seen[f"parameters there, {name}"] = len(parameters) > 0
        seen[f"parameters, {name}"] = parameters <= marks
        seen[f"gradients, {name}"] = gradients <= {-mark for mark in marks}
        seen[f"gradients that are no parameters, {name}"] = gradients.isdisjoint(marks)
    return seen


@check("sequential_forward", 0.6, THROUGH)
def sequential_forward_value(code, rng):
    """forward(x)

    each model takes what the one before it gives
    """
    pieces, x = Pieces(code, rng), signed(rng, 4, 3)
    first, second = pieces.mixes(2)
    return {
        "three models": pieces.chain(first, pieces.bend(), second).forward(x),
        "one model": pieces.chain(second).forward(x),
        "a Sequential inside": pieces.chain(second, pieces.chain(pieces.bend(), first)).forward(x),
    }


@check("sequential_forward", 0.4, THROUGH)
def sequential_forward_effects(code, rng):
    """forward(x) twice, and after a parameter changed

    the same result both times, x and the parameters as they were; a changed parameter is used
    """
    pieces, x = Pieces(code, rng), signed(rng, 4, 3)
    first, last = layers = pieces.mixes(2)
    model = pieces.chain(first, pieces.bend(), last)
    state = {f"the {kind}": partial(pieces.use, "arrays", kind, *layers) for kind in ("parameters", "gradients")}
    before, seen = families.leaves(code, model.forward, {"x": x}, state)
    seen["a second call"] = same(before, model.forward(x))
    first.parameters.fill({"b": 0.25})
    last.parameters.fill({"b": -0.5})
    return seen | {"it makes a difference": depends(before, model.forward(x))}


@check("sequential_backward", 0.5, BACK)
def sequential_backward_value(code, rng):
    """backward(grad) after forward(x)

    the models' backward in turn from the last to the first, each with what the one above it returned
    """
    pieces, x, grad = Pieces(code, rng), signed(rng, 4, 3), signed(rng, 4, 3)
    first, middle, last = pieces.mixes(3)
    model = pieces.forward_chain(first, pieces.bend(), middle, last)
    model.forward(x)
    seen = {"the input's gradient": model.backward(grad)}
    layers = {"first": first, "middle": middle, "last": last}
    return seen | {f"the {name} model's gradients": layer.gradients.get() for name, layer in layers.items()}


@check("sequential_backward", 0.5, BACK)
def sequential_backward_effects(code, rng):
    """backward(grad) twice, and what was given to it afterwards

    each call adds the same to each model's gradients; grad and the parameters stay as they were
    """
    pieces, x, grad = Pieces(code, rng), signed(rng, 4, 3), signed(rng, 4, 3)
    first, last = layers = pieces.mixes(2)
    model = pieces.forward_chain(first, pieces.bend(), last)
    model.forward(x)
    state = {"the parameters": partial(pieces.use, "arrays", "parameters", *layers)}
    below, seen = families.leaves(code, model.backward, {"grad": grad}, state)
    once, again, twice = (
        pieces.use("arrays", "gradients", *layers),
        model.backward(grad),
        pieces.use("arrays", "gradients", *layers),
    )
    doubled = [{name: 2 * array for name, array in arrays.items()} for arrays in once]
    return seen | {
        "the second call returns the same": same(below, again),
        "it adds something": anything(once),
        "it adds the same again": same(doubled, twice),
    }


# ---------------------------------------------------------------- MSELoss


class LossCase(layers.LayerCase):
    """An output and a target for MSELoss."""

    kind, adds = "MSELoss", False

    def asks(self):
        return {"backward()": (), "backward(grad)": (-2.5,)}

    def slopes(self, code):
        (slope,) = super().slopes(code).values()
        return {"backward()": slope, "backward(grad)": -2.5 * slope}


def loss_case(rng, n=5):
    return LossCase({"the output": signed(rng, n, 3), "the target": signed(rng, n, 3)}, 1.0)


@check("mse_forward", 0.5, LOSS, batch=5)
def mse_forward_value(code, rng):
    """forward(output, target)

    half the sum of the squared differences divided by the number of rows, one number
    """
    case = loss_case(rng)
    column = [array[:, :1] for array in case.inputs.values()]
    return {"three columns": case.forward(code), "one column": code.MSELoss().forward(*column)}


@check("mse_forward", 0.5, LOSS)
def mse_forward_effects(code, rng):
    """forward(output, target) of unequal shapes, and of equal ones

    an exception where the shapes differ; else output and target as they were, and no exception
    """
    case = loss_case(rng, 4)
    output, target = case.inputs.values()
    cases = {**families.unequal(output), "equal shapes": (output, target)}
    seen = families.refuses(code, code.MSELoss().forward, cases)
    return seen if seen["equal shapes"] else seen | layers.forward_leaves(code, case, loss_case(rng, 4), gap)


@families.gradient("mse_backward", 0.5, SLOPE, forward=LOSS, batch=5)
def mse_backward_value(rng):
    """backward() and backward(grad) after forward(output, target)

    the derivative of the loss by the output, times the number grad
    """
    return {"": loss_case(rng)}


@check("mse_backward", 0.5, SLOPE)
def mse_backward_effects(code, rng):
    """backward() twice, and after another forward

    the same result both times, output, target and an earlier result as they were; the last forward decides
    """
    case, criterion = loss_case(rng), code.MSELoss()
    criterion.forward(*case.inputs.values())
    first, second, by_name = criterion.backward(), criterion.backward(), criterion.backward(grad=1.0)
    seen = {"a second call without grad": factor(first, second), "grad by its name": factor(second, by_name)}
    return layers.backward_leaves(code, case) | seen | layers.latest(code, case, loss_case(rng, 2))


# ---------------------------------------------------------------- SGD

ARRAYS = """
class Arrays(Model):
    def __init__(self, parameters, gradients):
        self.parameters = {name: np.array(array) for name, array in parameters.items()}
        self.gradients = {name: np.array(array) for name, array in gradients.items()}
"""


def drawn(rng):
    """Three arrays by their names."""
    return {name: signed(rng, *shape) for name, shape in (("p0", (3, 2)), ("p1", (4,)), ("p2", (1, 5)))}


def arrays_model(code, rng):
    """A model with three arrays, and gradients that are not 0."""
    return code.define(ARRAYS, "Arrays")(drawn(rng), drawn(rng))


@check("sgd_step", 0.5, "SGD.step")
def sgd_step_value(code, rng):
    """step(), three times

    each parameter less the learning rate times its gradient
    """
    model = arrays_model(code, rng)
    optimizer = code.SGD(model, lr=0.07)
    optimizer.step()
    seen = {"after one step": model.parameters.get()}
    model.gradients.fill(drawn(rng))
    optimizer.step()
    optimizer.step()
    return seen | {"after three steps": model.parameters.get()}


@check("sgd_step", 0.5, "SGD.step")
def sgd_step_effects(code, rng):
    """step(), and the arrays afterwards

    the parameters change in place, the gradients stay; the present lr is the one that counts
    """
    model = arrays_model(code, rng)
    arrays, optimizer = families.holding(code, model.parameters), code.SGD(model, lr=0.2)
    start, given = model.parameters.get(), model.gradients.get()
    optimizer.step()
    first, left = model.parameters.get(), model.gradients.get()
    seen = {
        "the arrays of before": same(arrays(), first),
        "moved": all(depends(start[name], first.get(name)) for name in start),
        "the gradients": [factor(given[name], left.get(name)) for name in given],
    }
    optimizer.lr.set(0.0)
    optimizer.step()
    return seen | {"a rate of 0": same(first, model.parameters.get(), rtol=0)}


@check("sgd_zero_grad", 0.5, "SGD.zero_grad")
def sgd_zero_grad_value(code, rng):
    """zero_grad()

    every gradient all 0, whatever it held, and the parameters as they were
    """
    model, overflown = arrays_model(code, rng), arrays_model(code, rng)
    _, seen = families.leaves(code, code.SGD(model, lr=0.3).zero_grad, {}, {"the parameters": model.parameters.get})
    overflown.gradients.fill({"p1": np.array([np.inf, np.nan, -np.inf, 1.0])})
    code.SGD(overflown).zero_grad()
    return seen | {
        "the gradients": model.gradients.get(),
        "after an overflow": not anything(overflown.gradients.get()),
    }


@check("sgd_zero_grad", 0.5, "SGD.zero_grad")
def sgd_zero_grad_effects(code, rng):
    """zero_grad(), and the arrays afterwards

    the same arrays in the same dict, changed in place
    """
    model = arrays_model(code, rng)
    arrays, before = families.holding(code, model.gradients), model.gradients.get()
    code.SGD(model, lr=0.3).zero_grad()
    after = model.gradients.get()
    whole = isinstance(after, dict) and sorted(after) == sorted(before)
    return {
        "the dict": whole,
        "the arrays of before": whole and same(arrays(), after),
        "changed": whole and all(depends(before[name], after[name]) for name in before),
    }


# ---------------------------------------------------------------- GradientCheck

RELU, UNMASKED = (entrywise("np.maximum(x, 0)", slope) for slope in ("grad * (x > 0)", "1 * grad"))
SQUARE = entrywise("x**2 - x", "grad * (2 * x - 1)")


def network(rng, **wrong):
    """A right network of two layers and a ReLU, for rows of four; `wrong` gradients are those of its last layer."""
    first, last = (layer(rng.normal(size=shape), rng.normal(size=shape[1])) for shape in ((4, 5), (5, 3)))
    return [first, RELU, layer(*last[1].values(), **wrong)]


def one_entry(name, array, index, change):
    """The gradient of an array with one entry changed, as an argument for `layer` and its likes."""
    right = BIASES[name] if name == "b" else RIGHT[name]
    return {name: f"np.where(np.arange({array.size}).reshape({array.shape}) == {index}, {change}, 0.0) + {right}"}


class Bench:
    """Layers on the code's side, and what GradientCheck says of them by check(); no other method is asked for."""

    def __init__(self, code, rng):
        code.seed(int(rng.integers(2**31)))
        self.code = code

    def use(self, name, *arguments):
        """Call a function of PARTS."""
        return parts(self.code, "use", *arguments)(name, *arguments)

    def each(self, *groups):
        """For each group, in turn, a list of what check() gives. groups: (list of models, options of GradientCheck)."""
        return self.use("verdicts", list(groups))

    def verdicts(self, models, **options):
        """name -> what check() gives for each of these models."""
        (found,) = self.each((list(models.values()), options))
        return dict(zip(models, found, strict=True))

    def verdict(self, model, **options):
        return self.verdicts({"": model}, **options)[""]

    def by_names(self, groups):
        """name -> what check() gives for a model. groups: name -> (that model, options)."""
        found = self.each(*(([model], options) for model, options in groups.values()))
        return {name: verdict for name, (verdict,) in zip(groups, found, strict=True)}

    def runs(self, count, model, **options):
        """What check() gives each time; a bool in any case."""
        (found,) = self.each(([model] * count, options))
        return list(map(bool, found))


@check("gradient_check", 0.5, "GradientCheck")
def gradient_check_common(code, rng):
    """GradientCheck(model, input_shape=…).check() of layers with common mistakes

    False for each of them, True for the right layer and the right network
    """
    W, b, bench = rng.normal(size=(4, 4)), rng.normal(size=4), Bench(code, rng)
    less = bench.runs(4, biases(b, b="np.sum(grad, axis=0) - 1"), input_shape=(2, 4), sample=1)
    models = {
        "a right layer": layer(W, b),
        "a right network": network(rng),
        "a right layer that gives 0": entrywise("0 * x", "0 * grad"),
        "a right layer that doubles": entrywise("2 * x", "2 * grad"),
        "a right layer of biases alone": biases(b),
        "W: the sign": layer(W, b, W="-(x.T @ grad)"),
        "W: twice the gradient": layer(W, W="2 * x.T @ grad"),
        "W: divided by the number of rows": layer(W, W="x.T @ grad / len(x)"),
        "W: no gradient at all": layer(W, b, W="np.zeros(W.shape)"),
        "W: columns of grad in another order": layer(W, W="x.T @ grad[:, ::-1]"),
        "b: the mean over the rows": layer(W, b, b="np.mean(grad, axis=0)"),
        "b: of the first row only": layer(W, b, b="grad[0].copy()"),
        "b: no gradient at all": layer(W, b, b="np.zeros(b.shape)"),
        "W and b: half the gradient": layer(W, b, W="x.T @ grad / 2", b="np.sum(grad, axis=0) / 2"),
        "all: twice the gradient": layer(W, b, **{name: f"2 * {RIGHT[name]}" for name in "Wbx"}),
        "all: the sign": layer(W, b, **{name: f"-1 * {RIGHT[name]}" for name in "Wbx"}),
        "the input: the sign": layer(W, x="-(grad @ W.T)"),
        "the input: W without transpose": layer(W, x="grad @ W"),
        "the input: grad handed on": layer(W, x="grad.copy()"),
        "a network, b of its last layer": network(rng, b="np.mean(grad, axis=0)"),
        "a network, W of its last layer": network(rng, W="x.T @ grad / len(x)"),
    }
    # What is right in some entries is looked at in many, so that none of the others is missed by chance.
    partly = {
        "W: transposed": layer(W[:2, :2], W="grad.T @ x"),
        "a ReLU without its mask": UNMASKED,
        "a ReLU with the mask of grad": entrywise("np.maximum(x, 0)", "grad * (grad > 0)"),
    }
    return {
        **bench.verdicts(models, input_shape=(6, 4), sample=1),
        **bench.verdicts(partly, input_shape=(18, 2), sample=8),
        "b: each entry less by 1": any(less),
    }


@check("gradient_check", 0.25, "GradientCheck")
def gradient_check_one_entry(code, rng):
    """check() of large layers where one single entry is wrong, with a small sample

    False each time: whichever entries are drawn, none can hide
    """
    W, b, small, bench = rng.normal(size=(20, 15)), rng.normal(size=150), rng.normal(size=(2, 2)), Bench(code, rng)
    (first, second), shape = rng.permutation(300)[:2], {"input_shape": (10, 20), "sample": 1}
    up, down = (one_entry("W", W, index, "1.0")["W"].partition(" + ")[0] for index in (first, second))
    large = {
        "one entry of W": layer(W, **one_entry("W", W, first, "0.5")),
        # About one per cent of what is usual there, and never next to nothing.
        "one entry of W, by a little": layer(W, **one_entry("W", W, second, "0.03")),
        "two entries of W, one up, one down": layer(W, W=f"{up} - {down} + {RIGHT['W']}"),
        "one entry of the input": layer(W, **one_entry("x", np.zeros((10, 20)), rng.integers(200), "0.5")),
    }
    runs = {name: bench.runs(3, model, **shape) for name, model in large.items()}
    one_of_b = biases(b, **one_entry("b", b, rng.integers(150), "0.5"))
    runs["one entry of b"] = bench.runs(3, one_of_b, input_shape=(2, 150), sample=1)
    little = {
        "one entry of a small layer": layer(small, **one_entry("W", small, rng.integers(4), "-0.5")),
        # Less than one per cent of what is usual there.
        "one entry of a small layer, by a little": layer(small, **one_entry("W", small, rng.integers(4), "0.01")),
    }
    return {
        "a right layer": bench.verdict(layer(W), **shape),
        "a layer that is wrong everywhere": bench.verdict(layer(W, W="-(x.T @ grad)"), input_shape=(10, 20), sample=6),
        **bench.verdicts(little, input_shape=(1, 2), sample=4),
        # Whether more than one run sees no mistake: a direction drawn at random may by chance lead past it.
        **{f"missed: {name}": sum(found) > 1 for name, found in runs.items()},
        "missed: three or more of all": sum(map(sum, runs.values())) > 2,
    }


@check("gradient_check", 0.25, "GradientCheck")
def gradient_check_missing(code, rng):
    """check() of layers with a gradient that is None, nan or of another shape

    False, and no exception
    """
    W, b = rng.normal(size=(4, 3)), rng.normal(size=3)
    wrong = {
        "a right layer": {},
        "None for b": {"b": "None"},
        "None for W": {"W": "None"},
        "None for the input": {"x": "None"},
        "b as a row (1, 3)": {"b": "np.sum(grad, axis=0, keepdims=True)"},
        "b with one row for each sample": {"b": "grad.copy()"},
        "W transposed": {"W": "grad.T @ x"},
        "W with one axis more": {"W": "(x.T @ grad)[None]"},
        "the input as one row": {"x": "np.sum(grad @ W.T, axis=0, keepdims=True)"},
        "the input flat": {"x": "(grad @ W.T).ravel()"},
    }
    bench, models = Bench(code, rng), {name: layer(W, b, **words) for name, words in wrong.items()}
    nan, nan_in_one = {name: f"np.full({name}.shape, np.nan)" for name in "bx"}, one_entry("W", W, 5, "np.nan")
    return bench.verdicts(models, input_shape=(5, 4), sample=1) | {
        "nan everywhere": bench.verdict(biases(b, **nan), input_shape=(5, 3), sample=1),
        "nan in W": bench.verdict(layer(W, **nan_in_one), input_shape=(1, 4), sample=12),
    }


@check("gradient_check", 0.25, "GradientCheck")
def gradient_check_relative(code, rng):
    """check() where gradients are tiny or huge, or slightly wrong

    the allowed error is relative to the gradient, and it is the one that was given
    """
    # One row and one column, with both signs in each: so one of two slopes is too small, and one is too large.
    x, W, bench = signed(rng, 1) * [[1, -0.7]], signed(rng, 1) * [[1.2], [-0.8]], Bench(code, rng)
    barely, sign_of_W, sign_of_x = {"W": "(1 + 1e-5) * (x.T @ grad)"}, {"W": "-(x.T @ grad)"}, {"x": "-(grad @ W.T)"}
    slightly = {name: f"1.001 * ({RIGHT[name]})" for name in "Wx"}
    hardly = [layer(W, W="(1 + 1e-6) * (x.T @ grad)"), SQUARE]
    usual = {
        "tiny W, right": layer(1e-9 * W),
        "tiny W, sign of the input's gradient": layer(1e-9 * W, **sign_of_x),
        "the sign of the gradient of W": layer(W, **sign_of_W),
        "huge W, right": layer(1e6 * W),
        "huge W, slightly wrong": layer(1e6 * W, **slightly),
        "slightly wrong": layer(W, **slightly),
        "very slightly wrong": layer(W, **barely),
        "very slightly wrong and curved": [layer(W, **barely), SQUARE],
    }
    tiny = {
        "tiny input, right": layer(W),
        "tiny input, sign of the gradient of W": layer(W, **sign_of_W),
    }
    more = {
        "slightly wrong, a larger error allowed": layer(W, **slightly),
        "very wrong, a larger error allowed": layer(W, W="1.2 * (x.T @ grad)"),
    }
    return {
        **bench.verdicts(usual, input=x, sample=2),
        **bench.verdicts(tiny, input=1e-9 * x, sample=2),
        **bench.verdicts(more, input=x, sample=2, allowed_error=0.01),
        "wrong by a millionth and curved": all(bench.runs(2, hardly, input=x, sample=2)),
    }


@check("gradient_check", 0.25, "GradientCheck")
def gradient_check_right_layers(code, rng):
    """check() of right layers and networks, many times

    True, whatever the sizes of their numbers
    """
    W, b, x = rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=(5, 4))
    bench, curved = Bench(code, rng), [layer(W), SQUARE]
    models = {
        "a layer, by its input": layer(W, b),
        "a layer with one column": layer(W[:, :1]),
        "a layer that is curved": curved,
        "a unit that is never active": [layer(W, b * [1, 0, 1] - [0, 99, 0]), RELU, layer(W.T, x[0])],
        "a parameter without effect": [layer(W, b), entrywise("x - x.mean(axis=0)", "grad - grad.mean(axis=0)")],
        "a wrong layer": layer(W, b, W="x.T @ grad / len(x)"),
    }
    networks = {number: network(rng) for number in range(2)}
    # A checker may refuse numbers of half the precision, but must not call the layer wrong.
    try:
        short = bench.verdict(layer(W, b), input=x.astype(np.float32), sample=1)
    except StudentError as error:
        if error.type_name == "NotImplementedError":
            raise
        short = True
    seen = bench.verdicts(models, input=x, sample=1)
    seen["networks with a ReLU"] = all(bench.verdicts(networks, input_shape=(5, 4), sample=1).values())
    seen |= bench.by_names(
        {
            "a layer with one row": (layer(W), {"input_shape": (1, 4), "sample": 1}),
            "without parameters, three axes": (SQUARE, {"input_shape": (2, 3, 2), "sample": 2}),
            "one axis": (SQUARE, {"input": x[0], "sample": 2}),
            "a large input": (layer(W), {"input": 1e5 * x, "sample": 2}),
            "a large b": (layer(W, 1e5 * b), {"input": x, "sample": 2}),
            "a smaller h": (curved, {"input": x, "h": 1e-5, "sample": 1}),
        }
    )
    return seen | {"an input of float32": short}


@check("gradient_check", 0.25, "GradientCheck")
def gradient_check_kinks(code, rng):
    """check() of a right ReLU with inputs close to its kink

    True: a step across the kink is no mistake of the layer; False for a wrong ReLU there
    """
    bench, x, W = Bench(code, rng), signed(rng, 4, 3), rng.normal(size=(3, 5))

    def near(size, n=4):
        x = signed(rng, n, 3)
        x.flat[rng.permutation(3 * n)[:n]] = size * signed(rng, n, low=0.4, high=0.9)
        return x

    def found(model, inputs, sample):
        """What check() gives with each of these inputs."""
        return [verdict for (verdict,) in bench.each(*(([model], {"input": x, "sample": sample}) for x in inputs))]

    models = {
        "ReLU, far": RELU,
        "a curved layer": entrywise("x**2", "2 * x * grad"),
        # The first row passes its hidden units close to their kinks.
        "a hidden ReLU, close": [layer(W, 3e-5 * signed(rng, 5) - x[0] @ W), RELU],
    }
    return bench.verdicts(models, input=x, sample=2) | {
        "a ReLU without its mask, far": any(found(UNMASKED, [signed(rng, 20, 3) for _ in range(4)], 1)),
        "ReLU, close": all(found(RELU, [near(1e-4), near(1e-4)], 2)),
        "ReLU, closer": all(found(RELU, [near(1e-6), near(1e-6)], 2)),
        "|x|, close": bench.verdict(entrywise("np.abs(x)", "grad * np.sign(x)"), input=near(1e-4), sample=2),
        # One that leaves out whatever has a kink sees nothing here but the single entry it draws.
        "a ReLU without its mask, close": any(found(UNMASKED, [near(1e-4, 20) for _ in range(6)], 1)),
    }


@check("gradient_check", 0.25, "GradientCheck")
def gradient_check_leaves(code, rng):
    """check() twice, and the model afterwards

    the same verdict; the parameters bit for bit, and the input, as before; the gradients all 0
    """
    W, b, x, bench = rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=(5, 4)), Bench(code, rng)
    seen = {}

    def leaves(name, model, given=x, between=lambda model: None, sample=1):
        """Check a model twice whose gradients are not 0, and see whether it is as before."""
        model = bench.use("build", model)
        before = model.parameters.get()
        bench.use("fill", 7.0, model.gradients.keep())
        checker = code.GradientCheck(model, given, sample=sample)
        between(model)
        seen[f"{name}, twice"] = [checker.check(), checker.check()]
        after = model.parameters.get()
        seen[f"{name}, the parameters"] = all(np.array_equal(before[array], after[array]) for array in before)
        seen[f"{name}, the gradients"] = not anything(model.gradients.get())
        return model

    there = code.keep(x)
    # The model may have seen other rows since the checker was made.
    model = leaves("a network", network(rng), there, lambda model: model.forward(1 - 2 * x))
    seen["the input"] = there.value()
    seen["by another checker"] = code.GradientCheck(model, input_shape=(3, 4), sample=1).check()
    # What is small beside the step loses its digits where steps are undone by arithmetic.
    leaves("a layer with small parameters", layer(1e-7 * W, 1e-7 * b))
    # One row with both signs: one of the two slopes is too small, and one too large.
    leaves("a wrong layer", layer(W[:2, :1], b[:1], W="-(x.T @ grad)"), np.array([[0.8, -1.1]]), sample=2)
    return seen


@check("gradient_check", 0.25, "GradientCheck")
def gradient_check_sample(code, rng):
    """check() of a layer with 1200 weights and sample=5

    the right verdict from a few forward passes, not from two for each weight, nor for more than sample of them
    """
    W, bench = rng.normal(size=(300, 4)), Bench(code, rng)
    seen, calls = {}, {}
    for name, sample in (("few", 5), ("many", 20)):
        model = bench.use("build", layer(W))
        seen[f"a right layer, {name}"] = code.GradientCheck(model, input_shape=(2, 300), sample=sample).check()
        calls[name] = model.calls.get()
    wrong = layer(W, W[0], W="x.T @ grad / len(x)")
    # Fewer than for a larger sample; or few indeed, where random directions alone decide.
    sampled = calls["few"] < 0.5 * calls["many"] or calls["few"] <= 250
    # How many there are of a fixed number of entries goes with how each is checked: it is told by the next part alone.
    return seen | {
        "a wrong layer": bench.verdict(wrong, input_shape=(2, 300), sample=5),
        "few forward passes": bool(0 < calls["few"] < (1000 if sampled else 2000)),
        "no more than sample": bool(sampled),
    }


# ---------------------------------------------------------------- the steps of GradientCheck
# Each method is tried by itself, on layers whose slopes are known; where it fails with the submission's own step before
# it, it is tried with a right one. They come after the verdicts, which count in their place where a submission has no
# such method: nobody has to build the checker in these steps.

STEPS = """
from types import MethodType

def slope(self, array, direction, h):
    kept, ends = array.copy(), []
    for sign in (1, -1):
        array[...] = kept + sign * h * direction
        ends.append(float(np.sum(self.upstream * self.model(self.input.copy()))))
        array[...] = kept
    return (ends[0] - ends[1]) / (2 * h)

def agrees(self, array, gradient, direction):
    claimed, measured = np.sum(np.asarray(gradient) * direction), slope(self, array, direction, 1e-4)
    return bool(abs(claimed - measured) <= 1e-6 * max(abs(claimed), abs(measured)))

RIGHT = {"slope": slope, "agrees": agrees}

def step(name, model, x, upstream, array, arguments, options, right):
    checker = GradientCheck(build(model), np.array(x), **options)
    checker.upstream = np.array(upstream)
    if right:
        setattr(checker, right, MethodType(RIGHT[right], checker))
    moved = checker.input if array == "x" else checker.model.parameters[array]
    before, named = moved.copy(), ["an array"] if name == "check_array" else []
    found = getattr(checker, name)(*named, moved, *arguments)
    return found if name == "slope" else bool(found), bool(np.all(moved == before))

def steps(name, cases, right=""):
    return [step(name, *case, right) for case in cases]
"""


@dataclass
class Trial:
    """A call of a step: on which array of a model, with which arguments, and what is right."""

    right: Any
    model: Any
    x: np.ndarray
    upstream: np.ndarray
    array: str
    arguments: tuple[Any, ...]
    options: dict[str, Any] = field(default_factory=dict)

    def case(self):
        return self.model, self.x, self.upstream, self.array, self.arguments, self.options


def tried(code, rng, name, trials, before=""):
    """What a step gives in each trial, and whether it left the array as it was. before: the step that it builds on."""
    right = {trial: (call.right, True) for trial, call in trials.items()}
    if not code.has(f"GradientCheck.{name}"):
        return right if code.passed("GradientCheck") else None
    code.seed(int(rng.integers(2**31)))
    cases = [call.case() for call in trials.values()]
    run = parts(code, "steps", cases, more=STEPS)
    seen = dict(zip(trials, run(name, cases), strict=True))
    return dict(zip(trials, run(name, cases, before), strict=True)) if before and seen != right else seen


@check("slope", 0.5, "GradientCheck")
def gradient_check_slope(code, rng):
    """slope(array, direction, h)

    the central difference of the loss along the direction, with the step h; the array bit for bit as before
    """
    W, b, x, u = rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=(5, 4)), rng.normal(size=(5, 3))
    way = {name: signed(rng, *array.shape) for name, array in (("W", W), ("b", b), ("x", x))}
    right = {"W": np.sum(u * (x @ way["W"])), "b": np.sum(u * way["b"]), "x": np.sum(u * (way["x"] @ W))}
    trials = {f"along {name}": Trial(right[name], layer(W, b), x, u, name, (way[name], 1e-4)) for name in right}
    cube, u, h = entrywise("x**3", "3 * x**2 * grad"), rng.normal(size=x.shape), 0.5
    ends = [np.sum(u * (x + sign * h * way["x"]) ** 3) for sign in (1, -1)]
    trials["along x, with a large step"] = Trial((ends[0] - ends[1]) / (2 * h), cube, x, u, "x", (way["x"], h))
    small = layer(1e-7 * W, b)
    trials["along a small W"] = Trial(right["W"], small, x, trials["along W"].upstream, "W", (way["W"], 1e-4))
    return tried(code, rng, "slope", trials)


@check("agrees", 0.75, "GradientCheck")
def gradient_check_agrees(code, rng):
    """agrees(array, gradient, direction)

    True where the two slopes differ by no more than the allowed relative error and round-off, also near a kink
    """
    W, x, u = signed(rng, 4, 3), signed(rng, 5, 4), signed(rng, 5, 3)
    way, way_of_x = signed(rng, *W.shape), signed(rng, *x.shape)
    gradient, of_x = x.T @ u, u @ W.T
    # No wrong entry is lost in a sum that happens to be 0.
    part = 0.01 * np.abs(np.sum(gradient * way)) + 0.01
    wrong = gradient + part * (np.arange(W.size).reshape(W.shape) == rng.integers(W.size)) * np.sign(way)
    near = np.array([[3e-5, -1.0], [-2e-6, 2.0]]) * rng.uniform(0.8, 1.2, (2, 2))
    top, kink = signed(rng, 2, 2), entrywise("np.abs(x)", "grad * np.sign(x)")
    of_kink, way_of_kink = top * np.sign(near), signed(rng, 2, 2)
    linear, tiny, lax = layer(W), layer(1e-9 * W), {"allowed_error": 0.01}

    def of_W(right, gradient, model=linear, options=None):
        return Trial(right, model, x, u, "W", (gradient, way), options or {})

    return tried(
        code,
        rng,
        "agrees",
        {
            "a right gradient": of_W(True, gradient),
            "one wrong entry": of_W(False, wrong),
            "the opposite": of_W(False, -gradient),
            "slightly too large": of_W(False, 1.001 * gradient),
            "slightly too small": of_W(False, 0.999 * gradient),
            "slightly wrong, a larger error allowed": of_W(True, 1.001 * gradient, options=lax),
            "very wrong, a larger error allowed": of_W(False, 1.2 * gradient, options=lax),
            "tiny, right": Trial(True, tiny, x, u, "x", (1e-9 * of_x, way_of_x)),
            "tiny, the opposite": Trial(False, tiny, x, u, "x", (-1e-9 * of_x, way_of_x)),
            "right near a kink": Trial(True, kink, near, top, "x", (of_kink, way_of_kink)),
            "wrong near a kink": Trial(False, kink, near, top, "x", (1.001 * of_kink, way_of_kink)),
        },
        before="slope",
    )


@check("check_array", 0.5, "GradientCheck")
def gradient_check_array(code, rng):
    """check_array(name, array, gradient)

    True for a right gradient; False where an entry is wrong, whichever are drawn, where it is None or of another shape
    """
    W, x, u = rng.normal(size=(20, 15)), rng.normal(size=(10, 20)), rng.normal(size=(10, 15))
    gradient, one = x.T @ u, {"sample": 1}
    off = np.zeros(W.shape)
    off.flat[rng.permutation(W.size)[:2]] = 1, -1

    def of_W(right, gradient):
        return Trial(right, layer(W), x, u, "W", (gradient,), one)

    return tried(
        code,
        rng,
        "check_array",
        {
            "a right gradient": of_W(True, gradient),
            "wrong everywhere": of_W(False, -gradient),
            "one wrong entry": of_W(False, gradient + (off > 0)),
            "another wrong entry": of_W(False, gradient + 0.3 * (off < 0)),
            "two wrong entries, one up, one down": of_W(False, gradient + off),
            "None": of_W(False, None),
            "transposed": of_W(False, gradient.T),
            "with one axis more": of_W(False, gradient[None]),
        },
        before="agrees",
    )


# ---------------------------------------------------------------- the line, and the questions

RATE = 0.1


def converging(rng):
    """x, y, and slope and intercept of a line that 99 steps fit well from there, and whose loss is high at first.

    What is left after n steps is the n-th power of one step's matrix, times what there was at the start.
    """
    while True:
        # Another line than the notebook's, from another start.
        x = np.arange(0, 5, 0.5).reshape(-1, 1) + rng.uniform(-0.1, 0.1, (10, 1))
        y = rng.uniform(-2.5, -1.5) * x + rng.uniform(1, 2) + 0.5 * rng.normal(size=(10, 1))
        rows, start, best = np.hstack([x, np.ones(x.shape)]), rng.uniform(0.1, 0.3, 2), np.polyfit(x[:, 0], y[:, 0], 1)
        left = np.linalg.matrix_power(np.eye(2) - RATE * rows.T @ rows / 10, 99) @ (start - best)
        smallest, first, last = (np.mean((rows @ line - y[:, 0]) ** 2) / 2 for line in (best, start, best + left))
        if first > 5.5 * smallest and last < 1.045 * smallest and np.all(np.abs(left) < [0.045, 0.18]):
            return x, y, start


USES = (START, FORWARD, BACKWARD, LOSS, SLOPE, "SGD.step", "SGD.zero_grad")


@check("convergence", 1, "train", uses=USES)
def convergence(code, rng):
    """train(Linear(1, 1), MSELoss(), SGD(…), x, y, 100)

    slope and intercept close to the line through the points, and the losses that they have, from one that is high
    """
    x, y, start = converging(rng)
    # What is drawn at the start, and should not be, is the same each time: then it is known for what it is.
    code.seed(0)
    line, criterion = code.Linear(1, 1), code.MSELoss()
    optimizer = code.SGD(line, lr=RATE)
    line.parameters.fill({"W": start[0], "b": start[1]})

    def found():
        return [first_entry(line.parameters.get()[name]) for name in ("W", "b")]

    def loss(slope, intercept):
        with np.errstate(all="ignore"):
            return np.mean((slope * x + intercept - y) ** 2) / 2

    at_start, losses = loss(*found()), code.train(line, criterion, optimizer, x, y, 99)
    before_last, last = loss(*found()), code.train(line, criterion, optimizer, x, y, 1)
    best, end = np.polyfit(x[:, 0], y[:, 0], 1), found()
    seen = families.converges([losses, last], [at_start], [before_last], 1.05 * loss(*best))
    if not (code.passed(FORWARD) and code.passed(LOSS)):
        # A wrong loss was charged above.
        seen |= {"the first loss": True, "the last loss": True}
    return seen | {
        "slope": bool(abs(end[0] - best[0]) < 0.05),
        "intercept": bool(abs(end[1] - best[1]) < 0.2),
        "a high loss at first": bool(at_start > 5 * loss(*best)),
    }


@families.answer("largest_stable_rate", 0.5, rtol=1e-6)
def largest_stable_rate():
    """largest_stable_rate()

    the largest of the listed rates with which the loss at the end is smaller than at first
    """


@families.answer("chance_of_missing", 0.5, rtol=0, atol=5.5e-4)
def chance_of_missing():
    """chance_of_missing()

    the probability that none of the draws is the wrong entry, right to three decimals
    """


@families.answer("broken_modules", 1)
def broken_modules():
    """broken_modules()

    each broken module's name with the place of its mistake, and none that is right
    """
