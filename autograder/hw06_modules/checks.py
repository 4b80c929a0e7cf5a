"""Hidden checks of hw06_modules."""

import numpy as np

from gradbook.errors import StudentError
from gradbook.homework import check
from gradbook.judging.compare import difference

FORWARD, BACKWARD = "Linear.forward", "Linear.backward"
START, STACK = "Linear.__init__", "Sequential.__init__"
GRADIENTS = {BACKWARD: (FORWARD,), "ReLU.backward": ("ReLU.forward",), "MSELoss.backward": ("MSELoss.forward",)}

# ---------------------------------------------------------------- what the checks share

# What a dict held at first: an array that was replaced since then no longer changes here.
HOLD = """\
class Hold:
    def __init__(self, arrays):
        self.arrays = dict(arrays)
"""


def held(code, arrays):
    """A Remote whose `arrays` are those that the dict behind `arrays` (a path) holds now."""
    return code.define(HOLD, "Hold")(arrays.keep())


def signed(rng, *shape, low=0.3, high=1.8):
    """Numbers of both signs, none near 0, nor near 1 in size on the whole."""
    return rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)


def close(first, second):
    """Whether two results are the same to the precision of a numerical derivative."""
    return first is not None and second is not None and difference(first, second, 1e-5, 1e-7) is None


def slopes(loss, at, h=1e-6):
    """Central differences of the number loss(array) at `at`, one for each entry."""
    result = np.zeros(at.shape)
    for index in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[index] += h
        down[index] -= h
        result[index] = (loss(up) - loss(down)) / (2 * h)
    return result


def weighted(result, upstream):
    """sum(upstream * result), or nan where that is no number."""
    try:
        return float(np.sum(upstream * np.asarray(result, dtype=float)))
    except (TypeError, ValueError):
        return float("nan")


def accepting(observed, own, reference):
    """What to expect of a backward whose forward is wrong: each part may be the derivative of that forward, or right.

    A part that is neither is compared with the right one.
    """
    return {
        part: observed[part] if close(own[part], observed[part]) or close(right, observed[part]) else right
        for part, right in reference.items()
    }


def zero(value):
    """Whether a result is an array or number of nothing but 0, to round-off: a difference that must not be there."""
    return difference(np.zeros(np.shape(value)), value, 0, 1e-12) is None


def ratio(second, first):
    """By what factor a result is multiplied at a second call, or nan: 1 where it is the same again."""
    if first is None or second is None or np.shape(first) != np.shape(second):
        return np.nan
    first, second = np.ravel(first), np.ravel(second)
    if np.array_equal(first, second):
        return 1.0
    factor = float(first @ second / (first @ first)) if np.any(first) else np.nan
    return factor if zero(second - factor * first) else np.nan


def minus(first, second):
    """The difference of two results; nan where there is none, for results that are missing or of other shapes."""
    if first is None or second is None or np.shape(first) != np.shape(second):
        return np.nan
    return np.subtract(first, second)


# ---------------------------------------------------------------- Linear

# Linear with arrays that are surely there: for the checks of forward and backward where __init__ lost its points.
LINEAR = """\
class Layer(Linear):
    def __init__(self, d_in, d_out):
        try:
            super().__init__(d_in, d_out)
        except Exception:
            pass
        self.parameters = {"W": np.zeros((d_in, d_out)), "b": np.zeros(d_out)}
        self.gradients = {"W": np.zeros((d_in, d_out)), "b": np.zeros(d_out)}
"""


def linear(code, W, b):
    """A Linear with these parameters."""
    make = code.Linear if code.passed(START) else code.define(LINEAR, "Layer")
    layer = make(*W.shape)
    layer.parameters.fill("W", W)
    layer.parameters.fill("b", b)
    return layer


def linear_case(rng, n=5, d_in=3, d_out=4):
    """x, W, b and a gradient from above."""
    return signed(rng, n, d_in), signed(rng, d_in, d_out), signed(rng, d_out), signed(rng, n, d_out)


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
    x, W, b, _ = linear_case(rng)
    layer = linear(code, W, b)
    square = linear(code, W[:, :3], b[:3])
    return {
        "five rows": layer.forward(x),
        "seven rows": layer.forward(signed(rng, 7, 3)),
        "one row": layer.forward(x[:1]),
        "as many rows as outputs": layer.forward(x[:4]),
        "as many rows as inputs and outputs": square.forward(x[:3]),
    }


@check("linear_forward", 0.25, FORWARD, atol=1e-12)
def linear_forward_effects(code, rng):
    """forward(x), twice, and the layer afterwards

    the same result, x, parameters and gradients as they were; parameters that change are used
    """
    x, W, b, _ = linear_case(rng)
    layer, there = linear(code, W, b), code.keep(x)
    first, second = layer.forward(there), layer.forward(there)
    seen = {
        "second call": zero(minus(first, second)),
        "x": there.value(),
        "parameters": [layer.parameters.get()["W"], layer.parameters.get()["b"]],
        "gradients": [layer.gradients.get()["W"], layer.gradients.get()["b"]],
    }
    layer.parameters.fill("W", W[::-1])
    layer.parameters.fill("b", b + 1)
    seen["after the parameters changed"] = zero(minus(layer.forward(x), linear(code, W[::-1], b + 1).forward(x)))
    seen["they make a difference"] = not zero(minus(layer.forward(x), first))
    return seen


def small_case(rng, **sizes):
    """The same with a small gradient from above: there what was rounded is told from a numerical derivative."""
    x, W, b, grad = linear_case(rng, **sizes)
    return x, W, b, 0.01 * grad


# The first result of backward is looked at when there is a second. inputs: what forward takes.
TWO = """
def two(layer, inputs, first, second):
    layer.forward(*inputs)
    before = layer.backward(first)
    layer.backward(second)
    return before
"""


def unchanged_result(code, layer, inputs, first, second):
    """Whether what backward(first) returned is the same after backward(second)."""
    layer.forward(*inputs)
    return zero(minus(code.define(TWO, "two")(layer, inputs, first, second), layer.backward(first)))


def _added(layer, grad):
    """What backward(grad) returns, and what it adds to the gradients: those of a wrong forward do not count."""
    before, below, after = layer.gradients.get(), layer.backward(grad), layer.gradients.get()
    return below, {name: minus(after[name], before[name]) if np.any(before[name]) else after[name] for name in after}


def _linear_backward(code, x, W, b, grad):
    layer = linear(code, W, b)
    layer.forward(x)
    below, added = _added(layer, grad)
    return {"the input's gradient": below, "the gradient of W": added["W"], "the gradient of b": added["b"]}


def _linear_own(code, x, W, b, grad):
    """The derivatives of the submission's own forward, for the loss sum(grad * forward(x))."""

    def loss(x, W, b):
        return weighted(linear(code, W, b).forward(x), grad)

    return {
        "the input's gradient": slopes(lambda a: loss(a, W, b), x),
        "the gradient of W": slopes(lambda a: loss(x, a, b), W),
        "the gradient of b": slopes(lambda a: loss(x, W, a), b),
    }


def _linear_expected(code, case, reference):
    if code.passed(FORWARD):
        return reference
    return accepting(_linear_backward(code, *case), _linear_own(code, *case), reference)


@check("linear_backward", 0.25, BACKWARD, batch=5)
def linear_backward_square(code, rng):
    """backward(grad) of a layer with as many inputs as outputs

    dL/dx returned, dL/dW and dL/db in the gradients: where W is square, a transpose fits as well and is wrong
    """
    return _linear_backward(code, *linear_case(rng, d_out=3))


@linear_backward_square.expected
def _(code, rng, reference):
    return _linear_expected(code, linear_case(rng, d_out=3), reference)


@check("linear_backward", 1.25, BACKWARD, batch=5)
def linear_backward_value(code, rng):
    """backward(grad) after forward(x)

    dL/dx returned, dL/dW and dL/db in the gradients, for the loss whose derivative by the output is grad
    """
    return _linear_backward(code, *small_case(rng))


@linear_backward_value.expected
def _(code, rng, reference):
    return _linear_expected(code, small_case(rng), reference)


@check("linear_backward", 0.75, BACKWARD)
def linear_backward_adds(code, rng):
    """backward(grad), and backward(grad) again

    each call adds the same amount, into the arrays that were there
    """
    x, W, b, grad = linear_case(rng)
    layer = linear(code, W, b)
    arrays = held(code, layer.gradients)
    layer.forward(x)
    first_below, first = _added(layer, grad)
    second_below, second = _added(layer, grad)
    there, kept = layer.gradients.get(), arrays.arrays.get()
    filled = linear(code, W, b)
    filled.gradients.fill("W", 100.0)
    filled.gradients.fill("b", -100.0)
    filled.forward(x)
    _, third = _added(filled, grad)
    seen = {
        "the second call returns the same": zero(minus(first_below, second_below)),
        "it adds something": bool(np.any(first["W"]) or np.any(first["b"])),
    }
    for name in ("W", "b"):
        seen[f"{name}, a second call"] = ratio(second[name], first[name])
        seen[f"{name}, the array of before"] = zero(minus(kept[name], there[name]))
        seen[f"{name}, on top of what is there"] = zero(minus(third[name], first[name]))
    return seen


@check("linear_backward", 0.5, BACKWARD)
def linear_backward_effects(code, rng):
    """backward(grad), and what was given to it afterwards

    x, grad, the parameters and an earlier result as they were
    """
    x, W, b, grad = linear_case(rng)
    layer, x_there, grad_there = linear(code, W, b), code.keep(x), code.keep(grad)
    layer.forward(x_there)
    # Compared with what they were before this call: what forward changes is charged there.
    x, before = x_there.value(), layer.parameters.get()
    below, after = layer.backward(grad_there), layer.parameters.get()
    return {
        "something returned": below is not None,
        "an earlier result": below is None or unchanged_result(code, linear(code, W, b), [x], grad, 2 * grad),
        "x": zero(minus(x_there.value(), x)),
        "grad": zero(minus(grad_there.value(), grad)),
        "W": zero(minus(after["W"], before["W"])),
        "b": zero(minus(after["b"], before["b"])),
    }


@check("linear_backward", 0.25, BACKWARD)
def linear_backward_last(code, rng):
    """forward, forward of other rows, then backward(grad); and two layers at once

    the gradients belong to the last forward of this layer
    """
    x, W, b, grad = linear_case(rng)

    def after(*inputs, meanwhile=None):
        layer = linear(code, W, b)
        for rows in inputs:
            layer.forward(rows)
        if meanwhile is not None:
            linear(code, W + 1, b).forward(meanwhile)
        return _added(layer, grad)

    fresh, fresh_added = after(x)
    again, again_added = after(signed(rng, 5, 3), x)
    other, other_added = after(x, meanwhile=signed(rng, 5, 3))
    return {
        "it adds something": bool(np.any(fresh_added["W"]) or np.any(fresh_added["b"])),
        "another forward before": zero(minus(again, fresh))
        and all(zero(minus(again_added[name], fresh_added[name])) for name in ("W", "b")),
        "another layer's forward between": zero(minus(other, fresh))
        and all(zero(minus(other_added[name], fresh_added[name])) for name in ("W", "b")),
    }


# ---------------------------------------------------------------- ReLU


def relu_case(rng, *shape):
    """x and a gradient from above, with every combination of signs."""
    x, grad = signed(rng, *shape), signed(rng, *shape)
    x.flat[:4], grad.flat[:4] = np.abs(x.flat[:4]) * [1, 1, -1, -1], np.abs(grad.flat[:4]) * [1, -1, 1, -1]
    x.flat[4:6] = 0.01, -0.01
    return x, grad


@check("relu_forward", 0.5, "ReLU.forward")
def relu_forward_value(code, rng):
    """forward(x)

    the larger of x and 0, entry by entry
    """
    x, _ = relu_case(rng, 5, 3)
    # The first entry may decide of which type all the results are.
    return {"five rows": code.ReLU().forward(x), "a first entry below 0": code.ReLU().forward(-x)}


@check("relu_forward", 0.5, "ReLU.forward")
def relu_forward_effects(code, rng):
    """forward(x) of several shapes, and x afterwards

    a new array of the shape of x, each entry by itself, and x as it was
    """
    x, _ = relu_case(rng, 2, 3, 4)
    relu, there = code.ReLU(), code.keep(x)
    whole, again = relu.forward(there), relu.forward(x)
    row = relu.forward(x[0, 1])
    return {
        "three axes": np.shape(whole),
        "one axis": np.shape(row),
        "entries by themselves": np.shape(whole) == x.shape and zero(minus(whole[0, 1], row)),
        "second call": zero(minus(whole, again)),
        "x": there.value(),
    }


def _relu_backward(code, x, grad):
    relu = code.ReLU()
    relu.forward(x)
    return {"the input's gradient": relu.backward(grad)}


def units_case(rng):
    """The same of four columns, one that is below 0 in all rows and one that is above."""
    x, grad = relu_case(rng, 5, 4)
    x[:, 2:] = np.abs(x[:, 2:]) * [-1, 1]
    grad[1] = np.abs(grad[1]) * [1, 1, -1, 1]
    return x, grad


@check("relu_backward", 0.5, "ReLU.backward")
def relu_backward_value(code, rng):
    """backward(grad) after forward(x)

    grad where x is positive, 0 where x is negative
    """
    return _relu_backward(code, *units_case(rng))


@relu_backward_value.expected
def _(code, rng, reference):
    if code.passed("ReLU.forward"):
        return reference
    x, grad = units_case(rng)
    own = {"the input's gradient": slopes(lambda a: weighted(code.ReLU().forward(a), grad), x)}
    return accepting(_relu_backward(code, x, grad), own, reference)


@check("relu_backward", 0.5, "ReLU.backward")
def relu_backward_effects(code, rng):
    """backward(grad) twice, and after another forward

    the same result both times, x, grad and an earlier result as they were; the last forward of this ReLU decides
    """
    x, grad = relu_case(rng, 4, 3)
    relu, x_there, grad_there = code.ReLU(), code.keep(x), code.keep(grad)
    relu.forward(x_there)
    kept = x_there.value()
    first, second = relu.backward(grad_there), relu.backward(grad_there)
    seen = {
        "second call": zero(minus(first, second)),
        "it gives something": bool(np.any(first)),
        "x": zero(minus(x_there.value(), kept)),
        "grad": zero(minus(grad_there.value(), grad)),
    }

    def after(*inputs, meanwhile=None):
        relu = code.ReLU()
        for rows in inputs:
            relu.forward(rows)
        if meanwhile is not None:
            code.ReLU().forward(meanwhile)
        return relu.backward(grad)

    seen["an earlier result"] = unchanged_result(code, code.ReLU(), [x], grad, 2 * grad)
    seen["another forward before"] = zero(minus(after(-x, x), after(x)))
    seen["another ReLU's forward between"] = zero(minus(after(x, meanwhile=-x), after(x)))
    return seen


# ---------------------------------------------------------------- Sequential

# Right layers, so that a wrong Linear or ReLU is not charged here, and Sequential with a right
# __init__ and a right forward, for the checks that come after one which lost its points.
PIECES = """\
class Mix(Model):
    def __init__(self, W, b):
        super().__init__()
        self.parameters.update(W=np.array(W), b=np.array(b))
        self.gradients.update(W=np.zeros(np.shape(W)), b=np.zeros(np.shape(b)))

    def forward(self, x):
        self.x = np.array(x)
        return x @ self.parameters["W"] + self.parameters["b"]

    def backward(self, grad):
        self.gradients["W"] += self.x.T @ grad
        self.gradients["b"] += np.sum(grad, axis=0)
        return grad @ self.parameters["W"].T

class Bend(Model):
    def forward(self, x):
        self.x = np.array(x)
        return x + x**2

    def backward(self, grad):
        return (1 + 2 * self.x) * grad

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


class Pieces:
    """Right layers on the code's side."""

    def __init__(self, code, rng, width=3):
        self.code, self.rng, self.width = code, rng, width
        self.Mix, self.Bend = code.define(PIECES, "Mix"), code.define(PIECES, "Bend")

    def mix(self):
        return self.Mix(signed(self.rng, self.width, self.width), signed(self.rng, self.width))

    def bend(self):
        return self.Bend()

    def chain(self, *models):
        """A Sequential of the submission, with a right __init__ where its own lost points."""
        return (self.code.Sequential if self.code.passed(STACK) else self.code.define(PIECES, "Chain"))(*models)

    def forward_chain(self, *models):
        """The same, with a right forward too."""
        if self.code.passed("Sequential.forward"):
            return self.chain(*models)
        return self.code.define(PIECES, "ForwardChain")(*models)


GAIN = """\
class Gain(Model):
    def __init__(self):
        super().__init__()
        self.parameters["gain"], self.gradients["gain"] = np.ones(1), np.zeros(1)
"""
# Lists of what a container's dicts hold, as names may be of any kind.
INSIDE = """\
class Inside:
    def __init__(self, container):
        self.parameters, self.gradients = list(container.parameters.values()), list(container.gradients.values())
        self.pairs = [(array, container.gradients.get(name)) for name, array in container.parameters.items()]
"""


def inside(code, container):
    """A Remote with the arrays that a container's two dicts hold, in lists and in pairs."""
    return code.define(INSIDE, "Inside")(container)


def first_entries(arrays):
    """The first number of each array, which tells those arrays apart that `_mark` has filled."""
    return {float(np.ravel(array)[0]) for array in arrays}


def _mark(layers, start):
    """Write numbers into every array of these layers, all different."""
    for i, layer in enumerate(layers):
        for k, name in enumerate(("W", "b")):
            layer.parameters.fill(name, start + 10.0 * i + k)
            layer.gradients.fill(name, -start - 10.0 * i - k)


@check("sequential_init", 0.5, STACK)
def sequential_init_dicts(code, rng):
    """Sequential(*models)

    flat dicts: every parameter of every model, and under the same name its gradient
    """
    pieces = Pieces(code, rng)
    first, second, third = pieces.mix(), pieces.mix(), pieces.mix()
    _mark([first, second, third], 5.0)
    held_in = inside(code, code.Sequential(first, pieces.bend(), second, third))
    alone = inside(code, code.Sequential(second))
    return {
        "all pairs": sorted(held_in.pairs.get(), key=lambda pair: float(np.ravel(pair[0])[0])),
        "as many gradients as parameters": len(held_in.gradients.get()),
        "of a single model": sorted(alone.pairs.get(), key=lambda pair: float(np.ravel(pair[0])[0])),
        "another name": len(inside(code, code.Sequential(first, code.define(GAIN, "Gain")())).parameters.get()),
        "without parameters": len(inside(code, code.Sequential(pieces.bend())).parameters.get()),
    }


@check("sequential_init", 0.5, STACK)
def sequential_init_shares(code, rng):
    """Sequential(*models), and the models' arrays afterwards

    the dicts hold the models' own arrays, no copies, also in a Sequential of a Sequential
    """
    pieces = Pieces(code, rng)
    first, second, third = pieces.mix(), pieces.mix(), pieces.mix()
    inner = code.Sequential(first, pieces.bend(), second)
    outer = code.Sequential(inner, third)
    models = [layer.parameters.get()["W"] for layer in (first, second, third)]
    _mark([first, second, third], 3.0)
    seen = {"the models' parameters at first": models}
    for name, container, layers in (("inner", inner, (first, second)), ("outer", outer, (first, second, third))):
        held_in = inside(code, container)
        parameters = first_entries(array for layer in layers for array in layer.parameters.get().values())
        gradients = first_entries(array for layer in layers for array in layer.gradients.get().values())
        there = first_entries(held_in.gradients.get())
        # Whether those that are there are the models' own: one that is missing is charged in sequential_init_dicts.
        seen[f"parameters there, {name}"] = len(held_in.parameters.get()) > 0
        seen[f"parameters, {name}"] = first_entries(held_in.parameters.get()) <= parameters
        seen[f"gradients, {name}"] = there <= gradients
        seen[f"gradients that are no parameters, {name}"] = there.isdisjoint(parameters)
    return seen


@check("sequential_forward", 0.6, "Sequential.forward")
def sequential_forward_value(code, rng):
    """forward(x)

    each model takes what the one before it gives
    """
    pieces = Pieces(code, rng)
    x = signed(rng, 4, 3)
    three = pieces.chain(pieces.mix(), pieces.bend(), pieces.mix())
    return {
        "three models": three.forward(x),
        "one model": pieces.chain(pieces.mix()).forward(x),
        "a Sequential inside": pieces.chain(pieces.mix(), pieces.chain(pieces.bend(), pieces.mix())).forward(x),
    }


@check("sequential_forward", 0.4, "Sequential.forward")
def sequential_forward_effects(code, rng):
    """forward(x) twice, and after a parameter changed

    the same result both times, x and the parameters as they were; a changed parameter is used
    """
    pieces = Pieces(code, rng)
    x, first, last = signed(rng, 4, 3), pieces.mix(), pieces.mix()
    there, model = code.keep(x), pieces.chain(first, pieces.bend(), last)
    parameters = [first.parameters.get()["W"], last.parameters.get()["b"]]
    one, two = model.forward(there), model.forward(there)
    seen = {
        "second call": zero(minus(one, two)),
        "x": there.value(),
        "parameters": zero(minus(parameters[0], first.parameters.get()["W"]))
        and zero(minus(parameters[1], last.parameters.get()["b"])),
        "gradients": [first.gradients.get()["W"], last.gradients.get()["W"]],
    }
    first.parameters.fill("b", 0.25)
    last.parameters.fill("b", -0.5)
    seen["it makes a difference"] = not zero(minus(model.forward(x), one))
    return seen


@check("sequential_backward", 0.5, "Sequential.backward")
def sequential_backward_value(code, rng):
    """backward(grad) after forward(x)

    the models' backward in turn from the last to the first, each with what the one above it returned
    """
    pieces = Pieces(code, rng)
    x, grad = signed(rng, 4, 3), signed(rng, 4, 3)
    first, middle, last = pieces.mix(), pieces.mix(), pieces.mix()
    model = pieces.forward_chain(first, pieces.bend(), middle, last)
    model.forward(x)
    seen = {"the input's gradient": model.backward(grad)}
    for name, layer in (("first", first), ("middle", middle), ("last", last)):
        gradients = layer.gradients.get()
        seen[f"the {name} model's gradients"] = [gradients["W"], gradients["b"]]
    return seen


@check("sequential_backward", 0.5, "Sequential.backward")
def sequential_backward_effects(code, rng):
    """backward(grad) twice, and what was given to it afterwards

    each call adds the same to each model's gradients; grad and the parameters stay as they were
    """
    pieces = Pieces(code, rng)
    x, grad = signed(rng, 4, 3), signed(rng, 4, 3)
    first, last = pieces.mix(), pieces.mix()
    model, there = pieces.forward_chain(first, pieces.bend(), last), code.keep(grad)
    parameters = [layer.parameters.get()[name] for layer in (first, last) for name in ("W", "b")]
    model.forward(x)
    below = model.backward(there)
    once = [layer.gradients.get()[name] for layer in (first, last) for name in ("W", "b")]
    again = model.backward(there)
    twice = [layer.gradients.get()[name] for layer in (first, last) for name in ("W", "b")]
    after = [layer.parameters.get()[name] for layer in (first, last) for name in ("W", "b")]
    return {
        "the second call returns the same": zero(minus(below, again)),
        "it adds something": bool(any(np.any(g) for g in once)),
        "a second call": all(zero(minus(two, 2 * one)) for one, two in zip(once, twice, strict=True)),
        "grad": there.value(),
        "parameters": all(zero(minus(a, p)) for a, p in zip(after, parameters, strict=True)),
    }


# ---------------------------------------------------------------- MSELoss


@check("mse_forward", 0.5, "MSELoss.forward", batch=5)
def mse_forward_value(code, rng):
    """forward(output, target)

    half the sum of the squared differences divided by the number of rows, one number
    """
    output, target = signed(rng, 5, 3), signed(rng, 5, 3)
    return {
        "three columns": code.MSELoss().forward(output, target),
        "one column": code.MSELoss().forward(output[:, :1], target[:, :1]),
    }


@check("mse_forward", 0.5, "MSELoss.forward")
def mse_forward_effects(code, rng):
    """forward(output, target) of unequal shapes, and of equal ones

    an exception where the shapes differ; else output and target as they were, and no exception
    """
    y = signed(rng, 4, 1)
    wide = signed(rng, 4, 3)
    criterion = code.MSELoss()
    output, target = code.keep(wide), code.keep(wide[::-1] + 1)
    seen = {
        "a column against a row": code.raises(lambda: criterion.forward(y, y[:, 0])),
        "four rows against one": code.raises(lambda: criterion.forward(wide, wide[:1])),
        "three columns against one": code.raises(lambda: criterion.forward(wide, y)),
        "equal shapes": code.raises(lambda: criterion.forward(wide, wide + 1)),
    }
    if not seen["equal shapes"]:
        seen["second call"] = zero(minus(criterion.forward(output, target), criterion.forward(output, target)))
        seen["output and target"] = [output.value(), target.value()]
    return seen


def _mse_backward(code, output, target):
    criterion = code.MSELoss()
    criterion.forward(output, target)
    return {"backward()": criterion.backward(), "backward(grad)": criterion.backward(-2.5)}


@check("mse_backward", 0.5, "MSELoss.backward", batch=5)
def mse_backward_value(code, rng):
    """backward() and backward(grad) after forward(output, target)

    the derivative of the loss by the output, times the number grad
    """
    return _mse_backward(code, signed(rng, 5, 3), signed(rng, 5, 3))


@mse_backward_value.expected
def _(code, rng, reference):
    if code.passed("MSELoss.forward"):
        return reference
    output, target = signed(rng, 5, 3), signed(rng, 5, 3)
    slope = slopes(lambda a: weighted(code.MSELoss().forward(a, target), 1.0), output)
    own = {"backward()": slope, "backward(grad)": -2.5 * slope}
    return accepting(_mse_backward(code, output, target), own, reference)


@check("mse_backward", 0.5, "MSELoss.backward")
def mse_backward_effects(code, rng):
    """backward() twice, and after another forward

    the same result both times, output, target and an earlier result as they were; the last forward decides
    """
    output, target = signed(rng, 5, 3), signed(rng, 5, 3)
    criterion, there = code.MSELoss(), [code.keep(output), code.keep(target)]
    criterion.forward(*there)
    # What forward changes is charged there.
    before = [kept.value() for kept in there]
    first, second = criterion.backward(), criterion.backward()
    named = criterion.backward(grad=1.0)
    seen = {
        "second call": ratio(second, first),
        "grad by its name": ratio(named, second),
        "output and target": all(zero(minus(kept.value(), b)) for kept, b in zip(there, before, strict=True)),
        "an earlier result": unchanged_result(code, code.MSELoss(), [output, target], 1.0, -2.0),
    }
    fresh = code.MSELoss()
    fresh.forward(output[:2], target[2:4])
    criterion.forward(output[:2], target[2:4])
    code.MSELoss().forward(target, output)
    latest, right = criterion.backward(), fresh.backward()
    seen["the last forward"] = zero(minus(latest, right)) and bool(np.any(latest))
    return seen


# ---------------------------------------------------------------- SGD

ARRAYS = """\
class Arrays(Model):
    def __init__(self, *arrays):
        super().__init__()
        for number, array in enumerate(arrays):
            self.parameters[f"p{number}"] = np.array(array)
            self.gradients[f"p{number}"] = np.zeros(np.shape(array))
"""


def arrays_case(code, rng, scale=1.0):
    """A model with three arrays, and its gradients filled."""
    shapes = ((3, 2), (4,), (1, 5))
    model = code.define(ARRAYS, "Arrays")(*(signed(rng, *shape) for shape in shapes))
    for number, shape in enumerate(shapes):
        model.gradients.fill(f"p{number}", scale * signed(rng, *shape))
    return model


def _listed(values):
    return [values.get(f"p{number}", np.nan) for number in range(3)]


@check("sgd_step", 0.5, "SGD.step", rtol=1e-9)
def sgd_step_value(code, rng):
    """step(), three times

    each parameter less the learning rate times its gradient
    """
    model = arrays_case(code, rng)
    optimizer = code.SGD(model, lr=0.07)
    optimizer.step()
    seen = {"after one step": _listed(model.parameters.get())}
    for number, shape in enumerate(((3, 2), (4,), (1, 5))):
        model.gradients.fill(f"p{number}", signed(rng, *shape))
    optimizer.step()
    optimizer.step()
    seen["after three steps"] = _listed(model.parameters.get())
    return seen


@check("sgd_step", 0.5, "SGD.step")
def sgd_step_effects(code, rng):
    """step(), and the arrays afterwards

    the parameters change in place, the gradients stay; the present lr is the one that counts
    """
    model = arrays_case(code, rng)
    arrays, gradients = held(code, model.parameters), _listed(model.gradients.get())
    optimizer = code.SGD(model, lr=0.2)
    start = _listed(model.parameters.get())
    optimizer.step()
    first = _listed(model.parameters.get())
    seen = {
        "the array of before": all(zero(minus(a, b)) for a, b in zip(_listed(arrays.arrays.get()), first, strict=True)),
        "moved": all(not zero(minus(a, b)) for a, b in zip(start, first, strict=True)),
        "gradients": [ratio(now, g) for now, g in zip(_listed(model.gradients.get()), gradients, strict=True)],
    }
    optimizer.lr.set(0.0)
    optimizer.step()
    still = _listed(model.parameters.get())
    seen["a rate of 0"] = all(zero(minus(a, b)) for a, b in zip(first, still, strict=True))
    return seen


@check("sgd_zero_grad", 0.5, "SGD.zero_grad")
def sgd_zero_grad_value(code, rng):
    """zero_grad()

    every gradient all 0, whatever it held, and the parameters as they were
    """
    model = arrays_case(code, rng)
    parameters = _listed(model.parameters.get())
    code.SGD(model, lr=0.3).zero_grad()
    overflown = arrays_case(code, rng)
    overflown.gradients.fill("p1", np.array([np.inf, np.nan, -np.inf, 1.0]))
    code.SGD(overflown).zero_grad()
    now = _listed(model.parameters.get())
    return {
        "gradients": _listed(model.gradients.get()),
        "after an overflow": all(zero(g) for g in _listed(overflown.gradients.get())),
        "parameters as they were": all(zero(minus(a, b)) for a, b in zip(parameters, now, strict=True)),
    }


@check("sgd_zero_grad", 0.5, "SGD.zero_grad")
def sgd_zero_grad_effects(code, rng):
    """zero_grad(), and the arrays afterwards

    the same arrays in the same dict, changed in place
    """
    model = arrays_case(code, rng)
    arrays = held(code, model.gradients)
    before = _listed(model.gradients.get())
    code.SGD(model, lr=0.3).zero_grad()
    after = model.gradients.get()
    seen = {"the dict": isinstance(after, dict) and sorted(after) == ["p0", "p1", "p2"]}
    if seen["the dict"]:
        kept = _listed(arrays.arrays.get())
        seen["shapes"] = all(np.shape(a) == np.shape(b) for a, b in zip(before, _listed(after), strict=True))
        seen["numbers"] = all(g is not None for g in _listed(after))
        seen["the array of before"] = all(zero(minus(a, b)) for a, b in zip(kept, _listed(after), strict=True))
        seen["changed"] = all(not zero(minus(a, b)) for a, b in zip(before, _listed(after), strict=True))
    return seen


# ---------------------------------------------------------------- GradientCheck

# Layers to be judged: y = x W + b, with the three gradients as given, in words of x, W and grad. Names say nothing
# about what is wrong; a number counts the forward passes.
LAYER = """\
class Layer(Model):
    def __init__(self, W, b):
        super().__init__()
        self.parameters.update(W=np.array(W), b=np.array(b))
        self.gradients.update(W=np.zeros(np.shape(W)), b=np.zeros(np.shape(b)))
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        self.x = np.array(x)
        return self.x @ self.parameters["W"] + self.parameters["b"]

    def backward(self, grad):
        x, W, b = self.x, self.parameters["W"], self.parameters["b"]
        of_W, of_b, of_x = {W}, {b}, {x}
        for name, value in (("W", of_W), ("b", of_b)):
            if np.shape(value) == self.gradients[name].shape:
                self.gradients[name] += value
            else:
                self.gradients[name] = value
        return of_x
"""
RIGHT = {"W": "x.T @ grad", "b": "np.sum(grad, axis=0)", "x": "grad @ W.T"}
# y = f(x), entry by entry, with the derivative given in words of x and grad.
ENTRYWISE = """\
class Layer(Model):
    def forward(self, x):
        self.x = np.array(x)
        return {f}

    def backward(self, grad):
        x = self.x
        return {slope}
"""
# y = x + b: its slopes are the same wherever x and b have been left.
BIASES = """\
class Layer(Model):
    def __init__(self, b):
        super().__init__()
        self.parameters.update(b=np.array(b))
        self.gradients.update(b=np.zeros(np.shape(b)))

    def forward(self, x):
        return x + self.parameters["b"]

    def backward(self, grad):
        self.gradients["b"] += np.sum(grad, axis=0)
        return np.array(grad)
"""
# One model after the other; each keeps its own arrays.
TOGETHER = """\
class Together(Model):
    def __init__(self, *parts):
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
"""


def layer(code, weights, bias, /, **wrong):
    """A layer y = x W + b whose backward is right but for the gradients given by `wrong`."""
    source = LAYER
    for name, expression in {**RIGHT, **wrong}.items():
        source = source.replace("{" + name + "}", expression)
    return code.define(source, "Layer")(weights, bias)


def entrywise(code, f, slope):
    """A layer y = f(x), entry by entry."""
    return code.define(ENTRYWISE.replace("{f}", f).replace("{slope}", slope), "Layer")()


def relu(code):
    return entrywise(code, "np.maximum(self.x, 0)", "grad * (x > 0)")


def together(code, *parts):
    return code.define(TOGETHER, "Together")(*parts)


def network(code, rng, /, **wrong):
    """A right network of two layers and a ReLU; `wrong` gradients are those of its last layer."""
    first = layer(code, rng.normal(size=(4, 5)), rng.normal(size=5))
    return together(code, first, relu(code), layer(code, rng.normal(size=(5, 3)), rng.normal(size=3), **wrong))


def seeded(code, rng):
    code.seed(int(rng.integers(2**31)))


def checked(points):
    """Declare a check of GradientCheck, which is judged by check() alone: no other method is asked for."""
    return check("gradient_check", points, "GradientCheck")


@checked(1)
def gradient_check_common(code, rng):
    """GradientCheck(model, input_shape=…).check() of layers with common mistakes

    False for each of them, True for the right layer and the right network
    """
    W, b = rng.normal(size=(4, 4)), rng.normal(size=4)
    seeded(code, rng)

    def verdict(model, sample=6):
        return code.GradientCheck(model, input_shape=(6, 4), sample=sample).check()

    seen = {
        "a right layer": verdict(layer(code, W, b)),
        "a right network": verdict(network(code, rng)),
        "a right layer that gives 0": verdict(entrywise(code, "0 * self.x", "0 * grad")),
        "a right layer that doubles": verdict(entrywise(code, "2 * self.x", "2 * grad")),
        "a right layer of biases alone": verdict(code.define(BIASES, "Layer")(b)),
        "W: the sign": verdict(layer(code, W, b, W="-(x.T @ grad)")),
        "W: twice the gradient": verdict(layer(code, W, b, W="2 * x.T @ grad")),
        "W: transposed": verdict(layer(code, W, b, W="grad.T @ x")),
        "W: divided by the number of rows": verdict(layer(code, W, b, W="x.T @ grad / len(x)")),
        "W: no gradient at all": verdict(layer(code, W, b, W="np.zeros(W.shape)")),
        "W: columns of grad in another order": verdict(layer(code, W, b, W="x.T @ grad[:, ::-1]")),
        "W: each entry less by 1": any(verdict(layer(code, W, b, W="x.T @ grad - 1"), sample=2) for _ in range(6)),
        "b: the mean over the rows": verdict(layer(code, W, b, b="np.mean(grad, axis=0)")),
        "b: of the first row only": verdict(layer(code, W, b, b="grad[0].copy()")),
        "b: no gradient at all": verdict(layer(code, W, b, b="np.zeros(b.shape)")),
        "W and b: half the gradient": verdict(layer(code, W, b, W="x.T @ grad / 2", b="np.sum(grad, axis=0) / 2")),
        "all: twice the gradient": verdict(
            layer(code, W, b, W="2 * x.T @ grad", b="2 * np.sum(grad, axis=0)", x="2 * grad @ W.T")
        ),
        "all: the sign": verdict(layer(code, W, b, W="-x.T @ grad", b="-np.sum(grad, axis=0)", x="-grad @ W.T")),
        "the input: the sign": verdict(layer(code, W, b, x="-(grad @ W.T)")),
        "the input: W without transpose": verdict(layer(code, W, b, x="grad @ W")),
        "the input: grad handed on": verdict(layer(code, W, b, x="grad.copy()")),
        "a ReLU without its mask": verdict(entrywise(code, "np.maximum(self.x, 0)", "grad.copy()")),
        "a ReLU with the mask of grad": verdict(entrywise(code, "np.maximum(self.x, 0)", "grad * (grad > 0)")),
        "a network, b of its last layer": verdict(network(code, rng, b="np.mean(grad, axis=0)")),
        "a network, W of its last layer": verdict(network(code, rng, W="x.T @ grad / len(x)")),
    }
    return seen


def _one_entry(name, shape, index, change):
    """The right gradient with one entry changed; an expression in words of x, W and grad."""
    place = f"np.arange({int(np.prod(shape))}).reshape({shape}) == {index}"
    return f"np.where({place}, {change}, 0.0) + {RIGHT[name]}"


@checked(0.5)
def gradient_check_one_entry(code, rng):
    """check() of large layers where one single entry is wrong, with sample=6

    False each time: whichever entries are drawn, none can hide
    """
    W, b = rng.normal(size=(20, 15)), rng.normal(size=150)
    wide = rng.normal(size=(2, 150))
    seeded(code, rng)

    def verdicts(make, shape, runs):
        return [bool(code.GradientCheck(make(), input_shape=shape, sample=6).check()) for _ in range(runs)]

    def missed(make, shape):
        """Whether more than one run sees no mistake: a direction drawn at random may by chance lead past it."""
        return sum(verdicts(make, shape, 12)) > 1

    def entry(limit):
        return int(rng.integers(limit))

    small = rng.normal(size=(3, 2))
    seen = {
        "a right layer": all(verdicts(lambda: layer(code, W, b[:15]), (10, 20), 2)),
        "a layer that is wrong everywhere": any(
            verdicts(lambda: layer(code, W, b[:15], W="-(x.T @ grad)"), (10, 20), 2)
        ),
        "one entry of a small layer": missed(
            lambda: layer(code, small, b[:2], W=_one_entry("W", small.shape, entry(6), "-0.5")), (4, 3)
        ),
        "one entry of W": missed(
            lambda: layer(code, W, b[:15], W=_one_entry("W", W.shape, entry(300), "0.5")), (10, 20)
        ),
        # About one per cent of what is usual there, and never next to nothing.
        "one entry of W, by a little": missed(
            lambda: layer(code, W, b[:15], W=_one_entry("W", W.shape, entry(300), "0.03")), (10, 20)
        ),
        "one entry of b": missed(lambda: layer(code, wide, b, b=_one_entry("b", b.shape, entry(150), "0.5")), (6, 2)),
        "one entry of the input": missed(
            lambda: layer(code, W, b[:15], x=_one_entry("x", (10, 20), entry(200), "0.5")), (10, 20)
        ),
    }
    first, second = rng.permutation(300)[:2]
    moved = f"np.where(np.isin(np.arange(300).reshape(20, 15), [{first}, {second}]), {{}}, 0.0)"
    up_and_down = f"np.where(np.arange(300).reshape(20, 15) == {first}, 1.0, -1.0)"
    seen["two entries of W, one up, one down"] = missed(
        lambda: layer(code, W, b[:15], W=moved.format(up_and_down) + " + x.T @ grad"), (10, 20)
    )
    # Less than one per cent of what is usual there.
    seen["one entry of a small layer, by a little"] = missed(
        lambda: layer(code, small, b[:2], W=_one_entry("W", small.shape, entry(6), "0.01")), (4, 3)
    )
    return seen


@checked(0.5)
def gradient_check_missing(code, rng):
    """check() of layers with a gradient that is None, nan or of another shape

    False, and no exception
    """
    W, b = rng.normal(size=(4, 3)), rng.normal(size=3)
    seeded(code, rng)

    def verdict(**wrong):
        return code.GradientCheck(layer(code, W, b, **wrong), input_shape=(5, 4)).check()

    return {
        "a right layer": verdict(),
        "None for b": verdict(b="None"),
        "None for W": verdict(W="None"),
        "None for the input": verdict(x="None"),
        "b as a row (1, 3)": verdict(b="np.sum(grad, axis=0, keepdims=True)"),
        "b with one row for each sample": verdict(b="grad.copy()"),
        "W transposed": verdict(W="grad.T @ x"),
        "W with one axis more": verdict(W="(x.T @ grad)[None]"),
        "the input as one row": verdict(x="np.sum(grad @ W.T, axis=0, keepdims=True)"),
        "the input flat": verdict(x="(grad @ W.T).ravel()"),
        "nan in W": verdict(W=_one_entry("W", W.shape, 5, "np.nan")),
        "nan everywhere": verdict(
            W="np.full(W.shape, np.nan)", b="np.full(b.shape, np.nan)", x="np.full(x.shape, np.nan)"
        ),
    }


@checked(0.5)
def gradient_check_relative(code, rng):
    """check() where gradients are tiny or huge, or slightly wrong

    the allowed error is relative to the gradient, and it is the one that was given
    """
    W, x = rng.normal(size=(4, 3)), rng.normal(size=(5, 4))
    b = np.zeros(3)
    square = entrywise(code, "self.x**2 - self.x", "grad * (2 * x - 1)")
    barely = {"W": "(1 + 1e-5) * (x.T @ grad)"}
    slightly = {"W": "1.001 * (x.T @ grad)", "b": "1.001 * np.sum(grad, axis=0)", "x": "1.001 * (grad @ W.T)"}
    seeded(code, rng)

    def verdict(model, x=x, **options):
        return code.GradientCheck(model, input=x, **options).check()

    return {
        "tiny W, right": verdict(layer(code, 1e-9 * W, b)),
        "tiny W, sign of the input's gradient": verdict(layer(code, 1e-9 * W, b, x="-(grad @ W.T)")),
        "tiny input, right": verdict(layer(code, W, b), 1e-9 * x),
        "tiny input, sign of the gradient of W": verdict(layer(code, W, b, W="-(x.T @ grad)"), 1e-9 * x),
        "the sign of the gradient of W": verdict(layer(code, W, b, W="-(x.T @ grad)")),
        "huge W, right": verdict(layer(code, 1e6 * W, b)),
        "huge W, slightly wrong": verdict(layer(code, 1e6 * W, b, **slightly)),
        "slightly wrong": verdict(layer(code, W, b, **slightly)),
        "very slightly wrong": verdict(layer(code, W, b, **barely)),
        "very slightly wrong and curved": verdict(together(code, layer(code, W, b, **barely), square)),
        "wrong by a millionth and curved": all(
            verdict(together(code, layer(code, W, b, W="(1 + 1e-6) * (x.T @ grad)"), square)) for _ in range(3)
        ),
        "slightly wrong, a larger error allowed": verdict(layer(code, W, b, **slightly), allowed_error=0.01),
        "very wrong, a larger error allowed": verdict(layer(code, W, b, W="1.2 * (x.T @ grad)"), allowed_error=0.01),
    }


@checked(0.5)
def gradient_check_right_layers(code, rng):
    """check() of right layers and networks, many times

    True, whatever the sizes of their numbers
    """
    seeded(code, rng)
    W, b, x = rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=(5, 4))

    def verdict(model, input=None, **options):
        return code.GradientCheck(model, input, **options).check()

    networks = [verdict(network(code, rng), input_shape=(5, 4), sample=5) for _ in range(12)]
    dead = together(code, layer(code, W, b * [1, 0, 1] - [0, 99, 0]), relu(code), layer(code, W.T, x[0]))
    square = entrywise(code, "self.x**2 - self.x", "grad * (2 * x - 1)")
    centred = entrywise(code, "self.x - self.x.mean(axis=0)", "grad - grad.mean(axis=0)")
    # A checker may refuse numbers of half the precision, but must not call the layer wrong.
    try:
        short = verdict(layer(code, W, b), x.astype(np.float32))
    except StudentError as error:
        if error.type_name == "NotImplementedError":
            raise
        short = True
    return {
        "networks with a ReLU": all(networks),
        "a layer, by its input": verdict(layer(code, W, b), x),
        "a layer with one row": verdict(layer(code, W, b), input_shape=(1, 4)),
        "a layer with one column": verdict(layer(code, W[:, :1], b[:1]), x),
        "a layer that is curved": verdict(together(code, layer(code, W, b), square), x),
        "without parameters, three axes": verdict(square, input_shape=(2, 3, 2)),
        "one axis": verdict(square, x[0]),
        "a unit that is never active": verdict(dead, x),
        "a parameter without effect": verdict(together(code, layer(code, W, b), centred), x),
        "a large input": verdict(layer(code, W, b), 1e5 * x),
        "a large b": verdict(layer(code, W, 1e5 * b), x),
        "a smaller h": verdict(together(code, layer(code, W, b), square), x, h=1e-5),
        "a sample of one": verdict(layer(code, W, b), x, sample=1),
        "an input of float32": short,
        "a wrong layer": verdict(layer(code, W, b, W="x.T @ grad / len(x)"), x),
    }


@checked(0.25)
def gradient_check_kinks(code, rng):
    """check() of a right ReLU with inputs close to its kink

    True: a step across the kink is no mistake of the layer; False for a wrong ReLU there
    """
    seeded(code, rng)

    def near(size, n=4):
        x = signed(rng, n, 3)
        x.flat[rng.permutation(3 * n)[:n]] = size * signed(rng, n, low=0.4, high=0.9)
        return x

    def verdict(model, x, **options):
        return code.GradientCheck(model, x, **options).check()

    magnitude = entrywise(code, "np.abs(self.x)", "grad * np.sign(x)")
    unmasked = entrywise(code, "np.maximum(self.x, 0)", "grad.copy()")
    x = signed(rng, 4, 3)
    W = rng.normal(size=(3, 5))
    # The first row passes its hidden units close to their kinks.
    hidden = together(code, layer(code, W, 3e-5 * signed(rng, 5) - x[0] @ W), relu(code))
    return {
        "ReLU, far": verdict(relu(code), x),
        "a curved layer": verdict(entrywise(code, "self.x**2", "2 * x * grad"), x),
        "a ReLU without its mask, far": any(verdict(unmasked, signed(rng, 20, 3), sample=1) for _ in range(4)),
        "ReLU, close": all(verdict(relu(code), near(1e-4)) for _ in range(3)),
        "ReLU, closer": all(verdict(relu(code), near(1e-6)) for _ in range(3)),
        "|x|, close": verdict(magnitude, near(1e-4)),
        "a hidden ReLU, close": verdict(hidden, x),
        # One that leaves out whatever has a kink sees nothing here but the single entry it draws.
        "a ReLU without its mask, close": any(verdict(unmasked, near(1e-4, 20), sample=1) for _ in range(6)),
    }


@checked(0.5)
def gradient_check_leaves(code, rng):
    """check() twice, and the model afterwards

    the same verdict; the parameters bit for bit, and the input, as before; the gradients all 0
    """
    seeded(code, rng)
    x = rng.normal(size=(5, 4))
    there, model = code.keep(x), network(code, rng)
    for name in ("0.W", "0.b", "2.W", "2.b"):
        model.gradients.fill(name, 7.0)
    before = model.parameters.get()
    checker = code.GradientCheck(model, there)
    # The model may have seen other rows since the checker was made.
    model.forward(1 - 2 * x)
    seen = {"gradients that were not 0": checker.check()}
    after = model.parameters.get()
    seen["parameters"] = all(np.array_equal(before[name], after[name]) for name in before)
    seen["gradients afterwards"] = not any(np.any(g) for g in model.gradients.get().values())
    seen["the input"] = there.value()
    seen["a second time"] = checker.check()
    single = layer(code, rng.normal(size=(4, 3)), rng.normal(size=3))
    single.gradients.fill("W", 7.0)
    seen["a layer whose gradients were not 0"] = code.GradientCheck(single, x).check()
    # What is small beside the step loses its digits where steps are undone by arithmetic.
    tiny = layer(code, 1e-7 * before["0.W"], 1e-7 * before["0.b"])
    kept = tiny.parameters.get()
    seen["a layer with small parameters"] = code.GradientCheck(tiny, x).check()
    after = tiny.parameters.get()
    seen["small parameters"] = all(np.array_equal(kept[name], after[name]) for name in kept)
    seen["by another checker"] = code.GradientCheck(model, input_shape=(3, 4)).check()
    wrong = layer(code, before["0.W"], before["0.b"], W="-(x.T @ grad)")
    checker = code.GradientCheck(wrong, x)
    seen["a wrong layer, twice"] = [checker.check(), checker.check()]
    after = wrong.parameters.get()
    seen["a wrong layer's parameters"] = all(np.array_equal(before[f"0.{name}"], after[name]) for name in ("W", "b"))
    seen["a wrong layer's gradients"] = not any(np.any(g) for g in wrong.gradients.get().values())
    return seen


@checked(0.25)
def gradient_check_sample(code, rng):
    """check() of a layer with 1200 weights and sample=5

    the right verdict from a few forward passes, not from two for each weight, nor for more than sample of them
    """
    seeded(code, rng)
    W, b = rng.normal(size=(40, 30)), rng.normal(size=30)
    right, wrong = layer(code, W, b), layer(code, W, b, W="x.T @ grad / len(x)")
    seen = {
        "a right layer": code.GradientCheck(right, input_shape=(2, 40), sample=5).check(),
        "a wrong layer": code.GradientCheck(wrong, input_shape=(2, 40), sample=5).check(),
    }
    usual = layer(code, W, b)
    code.GradientCheck(usual, input_shape=(2, 40)).check()
    few, many = right.calls.get(), usual.calls.get()
    # Fewer than for a sample of 100; or few indeed, where random directions alone decide.
    sampled = few < 0.5 * many or few <= 250
    # How many there are of a fixed number of entries goes with how each is checked: it is told by the next part alone.
    return seen | {
        "few forward passes": bool(0 < few < (1000 if sampled else 2000)),
        "no more than sample": bool(sampled),
    }


# ---------------------------------------------------------------- the line, and the questions


@check(
    "convergence",
    1,
    "train",
    uses=(START, FORWARD, BACKWARD, "MSELoss.forward", "MSELoss.backward", "SGD.step", "SGD.zero_grad"),
)
def convergence(code, rng):
    """train(Linear(1, 1), MSELoss(), SGD(…), x, y, 100)

    slope and intercept close to the line through the points, and the losses that they have, from one that is high
    """
    # Another line than the notebook's, from another start.
    x = np.arange(0, 5, 0.5).reshape(-1, 1) + rng.uniform(-0.1, 0.1, (10, 1))
    y = rng.uniform(-2.5, -1.5) * x + rng.uniform(1, 2) + 0.5 * rng.normal(size=(10, 1))
    # What is drawn at the start, and should not be, is the same each time: then it is known for what it is.
    code.seed(0)
    line, criterion = code.Linear(1, 1), code.MSELoss()
    optimizer = code.SGD(line, lr=0.1)
    line.parameters.fill("W", rng.uniform(0.1, 0.3))
    line.parameters.fill("b", rng.uniform(0.1, 0.3))
    start = loss_of_line(line, x, y)
    losses = code.train(line, criterion, optimizer, x, y, 99)
    end = loss_of_line(line, x, y)
    last = code.train(line, criterion, optimizer, x, y, 1)
    found = [float(np.ravel(line.parameters.get()[name])[0]) for name in ("W", "b")]
    best = np.polyfit(x.ravel(), y.ravel(), 1)
    smallest = np.mean((np.polyval(best, x) - y) ** 2) / 2
    told = bool(np.allclose([losses[0], last[0]], [start, end], rtol=1e-6, atol=0))
    return {
        "slope": bool(abs(found[0] - best[0]) < 0.05),
        "intercept": bool(abs(found[1] - best[1]) < 0.2),
        "a high loss at first": bool(start > 5 * smallest),
        "a small loss at last": bool(smallest * 0.999 < end < 1.05 * smallest + 0.001),
        # A wrong loss was charged above.
        "the losses": told or not (code.passed(FORWARD) and code.passed("MSELoss.forward")),
    }


def loss_of_line(line, x, y):
    """The loss of the line's parameters, computed here."""
    W, b = (float(np.ravel(line.parameters.get()[name])[0]) for name in ("W", "b"))
    with np.errstate(all="ignore"):
        return np.mean((W * x + b - y) ** 2) / 2


@check("largest_stable_rate", 1, "largest_stable_rate", rtol=1e-6)
def largest_stable_rate(code, rng):
    """largest_stable_rate()

    the largest of the listed rates with which the loss at the end is smaller than at first
    """
    return code.largest_stable_rate()


@check("chance_of_missing", 1, "chance_of_missing", rtol=0, atol=5.5e-4)
def chance_of_missing(code, rng):
    """chance_of_missing()

    the probability that none of the draws is the wrong entry, right to three decimals
    """
    return code.chance_of_missing()
