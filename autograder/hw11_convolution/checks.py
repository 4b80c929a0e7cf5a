"""Hidden checks of hw11_convolution."""

from dataclasses import replace
from itertools import product

import numpy as np

from gradbook.homework import check, families, layers
from gradbook.homework.draws import signed
from gradbook.homework.families import as_one, depends, gap, numbers, same
from solutions import hw11_convolution as right

WINDOWS = "windows"
FORWARD, BACKWARD = "Conv2d.forward", "Conv2d.backward"
POOL, UNPOOL = "MaxPool2d.forward", "MaxPool2d.backward"

GRADIENTS = {BACKWARD: (FORWARD,), UNPOOL: (POOL,)}

# ---------------------------------------------------------------- what the checks share


# How many lines run that are not NumPy's own; no more than so many, as it then ends the call.
LINES = """
import sys

class Enough(BaseException):
    pass

def lines(call, most):
    count, before = [0], sys.gettrace()

    def note(frame, event, _):
        if frame.f_globals.get("__name__", "").startswith("numpy"):
            return None
        count[0] += event == "line"
        if count[0] > most:
            raise Enough
        return note

    sys.settrace(note)
    try:
        call()
    except Enough:
        pass
    finally:
        sys.settrace(before)
    return count[0]

def conv():
    layer = Conv2d(1, 1, 3)
    return layer, np.ones((1, 1, 100, 100)), np.ones((1, 1, 98, 98))

def pool():
    layer = MaxPool2d(2)
    return layer, np.arange(10000.0).reshape(1, 1, 100, 100), np.ones((1, 1, 50, 50))

def forward(make, most):
    layer, x, _ = make()
    return lines(lambda: layer.forward(x), most)

def backward(make, most):
    layer, x, grad = make()
    layer.forward(x)
    return lines(lambda: layer.backward(grad), most)

def counted(method, layer, most):
    return globals()[method](globals()[layer], most)
"""


def few_lines(code, method, layer):
    """Whether a method runs fewer than 2000 lines for an image of 100 x 100 pixels."""
    count = code.define(LINES, "counted")(method, layer, 2000)
    return {"fewer than 2000 lines for 100 x 100 pixels": bool(count < 2000)}


class Case(layers.LayerCase):
    """Images x for a layer."""

    def settled(self, code):
        """The case as it is after this submission's forward, whose mistakes were charged there: with a gradient of the
        shape that it gives, and a layer that goes by what its forward went by.
        """
        y = self.forward(code)
        if numbers(y) is None or np.ndim(y) != 4:
            return self
        return replace(self, grad=np.resize(self.grad, np.shape(y)), after=self.gone_by(y))

    def gone_by(self, y):
        """name -> value of the attributes of a layer whose forward gave y."""
        return {}

    def gradients(self, code):
        return layers.LayerCase.gradients(self.settled(code), code)

    def slopes(self, code):
        return layers.LayerCase.slopes(self.settled(code), code)


def off_by(one, other):
    """The largest difference of two results, which tells mistakes apart; 0 where it is round-off."""
    found = gap(one, other)
    return 0.0 if numbers(found) is not None and np.all(np.abs(found) < 1e-9) else found


# ---------------------------------------------------------------- windows


@check("windows", 1.5, WINDOWS)
def windows_value(code, rng):
    """windows(x, size, stride, padding)

    for each place of a window its size x size pixels: (n, c, h', w', size, size)
    """
    x = signed(rng, 2, 3, 5, 6)
    calls = {
        "stride 1": (x, 3),
        "stride 2": (x, 2, 2),
        "stride 2, padding 1": (x, 3, 2, 1),
        "stride 1, padding 2": (x[:1, :2], 2, 1, 2),
        "a stride larger than the window": (x[:, :1], 2, 3),
        "single pixels": (x[:1], 1),
    }
    return {name: code.windows(*arguments) for name, arguments in calls.items()}


# The caller's array may be a view itself, whose numbers do not stand one after the other.
VIEWS = """
def seen(x):
    x = np.array(x)
    other, before = windows(x.swapaxes(2, 3), 2), x.copy()
    here, wide = windows(x, 2), windows(x, 3, 2)
    views = [isinstance(y, np.ndarray) and np.may_share_memory(y, x) for y in (here, wide)]
    bordered = windows(x, 2, 1, 1)
    first = np.array(bordered)
    windows(x + 1, 2, 1, 1)
    few = lines(lambda: windows(np.zeros((1, 1, 30, 30)), 3), 500) < 500
    return views, np.array_equal(x, before), np.array(other), np.array_equal(first, bordered), few
"""


@check("windows", 0.75, WINDOWS)
def windows_view(code, rng):
    """windows(x, size), and x afterwards

    a view of x where there is no padding, also where x is itself a view; x and earlier windows as they were
    """
    views, kept, other, earlier, few = code.define(LINES + VIEWS, "seen")(signed(rng, 2, 3, 5, 4))
    # One that is cut out pixel by pixel, which shows in how many lines Conv2d runs, is no other copy.
    seen = {
        "a view": as_one(views[0], few),
        "a view, with a stride": views[1],
        "x afterwards": kept,
        "windows of a view": other,
    }
    return seen | {"earlier windows, with a border": earlier}


@check("windows", 0.75, WINDOWS)
def windows_refuses(code, rng):
    """windows that are larger than the images

    an exception where no window fits into the image with its border, and none where one just fits
    """
    x = signed(rng, 2, 3, 4, 6)
    return families.refuses(
        code,
        code.windows,
        {
            "too high by one": (x, 5),
            "too wide by one": (np.swapaxes(x, 2, 3), 5),
            "too large by far": (x, 9),
            "too large, with a stride": (x, 5, 2),
            "too large, with a border": (x, 7, 1, 1),
            "just as high": (x, 4),
            "just as high, with a border": (x, 6, 1, 1),
        },
    )


# ---------------------------------------------------------------- Conv2d
# With right windows where the submission's own lost points: a mistake of theirs could cancel one of backward's.


class ConvCase(Case):
    """Images for a Conv2d with W and b; arguments: channels, filters, size, stride, padding."""

    kind = "Conv2d"

    def expected(self, stride, padding):
        """The right output."""
        layer = right.Conv2d(*self.arguments[:3], stride, padding)
        layer.parameters.update(self.parameters)
        return layer.forward(self.inputs["x"])

    def gone_by(self, y):
        """A forward that has lost stride or padding is followed by a backward that still goes by them."""
        *_, size, stride, padding = self.arguments
        x = self.inputs["x"]
        if np.shape(y) != np.shape(self.grad):
            for stride, padding in product((1, 2, 3), (0, 1, 2)):
                if min(x.shape[2:]) + 2 * padding >= size and same(self.expected(stride, padding), y):
                    return {"stride": stride, "padding": padding}
        return {}


def conv_case(rng, shape=(2, 2, 5, 4), c_out=3, size=2, stride=1, padding=0):
    x, W, b = signed(rng, *shape), signed(rng, c_out, shape[1], size, size), signed(rng, c_out)
    sides = ((side + 2 * padding - size) // stride + 1 for side in shape[2:])
    grad = signed(rng, shape[0], c_out, *sides)
    return ConvCase({"x": x}, grad, {"W": W, "b": b}, (shape[1], c_out, size, stride, padding))


@check("conv_forward", 1, FORWARD, given=WINDOWS)
def conv_forward_value(code, rng):
    """forward(x)

    for each filter and each window the sum of their products over channels, rows and columns, plus the filter's b
    """
    # As many images, channels, filters, rows and columns: what fits by chance is told as what it is.
    case = conv_case(rng, (3, 3, 4, 4))
    return case.forward(code)


@check("conv_forward", 1, FORWARD, given=WINDOWS)
def conv_forward_shapes(code, rng):
    """forward(x) of several shapes, with stride and padding

    (n, c_out, h', w'), with the windows that stride and padding give
    """
    cases = {
        "uneven": conv_case(rng),
        "stride 2, padding 1": conv_case(rng, (2, 2, 6, 7), 3, 3, 2, 1),
        "stride 3": conv_case(rng, (1, 2, 5, 8), 2, 2, 3),
        "padding 2": conv_case(rng, (1, 1, 3, 4), 2, 3, 1, 2),
        "single pixels": conv_case(rng, (2, 3, 3, 2), 2, 1),
        "many images": conv_case(rng, (70, 1, 2, 2), 1),
    }
    return {name: case.forward(code) for name, case in cases.items()}


@check("conv_forward", 0.5, FORWARD, given=WINDOWS)
def conv_forward_effects(code, rng):
    """forward(x), twice, and the layer afterwards

    the same result, x, parameters and gradients as they were; parameters that change are used; what does not fit raises
    """
    case, other, small = conv_case(rng, padding=1), conv_case(rng, padding=1), conv_case(rng)
    both = [each.inputs["x"] for each in (case, other)]
    seen = layers.forward_leaves(code, case, other)
    seen["more images"] = np.shape(case.made(code).forward(np.concatenate(both)))
    too_small = {"an image too small": (small.inputs["x"][:, :, :, :1],)}
    return seen | families.refuses(code, small.made(code).forward, too_small)


@check("conv_forward", 0.5, FORWARD, given=WINDOWS)
def conv_forward_lines(code, rng):
    """forward(x) of an image of 100 x 100 pixels

    fewer than 2000 lines of your code run: there is no loop over the pixels
    """
    return few_lines(code, "forward", "conv")


@families.gradient("conv_backward", 1, BACKWARD, forward=FORWARD, given=WINDOWS)
def conv_backward_square(rng):
    """backward(grad) of a layer with as many filters as channels

    dL/dx returned, dL/dW and dL/db in the gradients: what is exchanged here fits as well, and is wrong
    """
    return {"": conv_case(rng, (3, 3, 4, 4))}


@families.gradient("conv_backward", 1.5, BACKWARD, forward=FORWARD, given=WINDOWS)
def conv_backward_value(rng):
    """backward(grad) after forward(x)

    dL/dx returned, dL/dW and dL/db in the gradients: every window in which a number stands adds its part
    """
    case = conv_case(rng)
    return {"": replace(case, grad=10 * case.grad)}


@families.gradient("conv_backward", 1.5, BACKWARD, forward=FORWARD, given=WINDOWS)
def conv_backward_strides(rng):
    """backward(grad) with stride and padding

    dL/dx of the shape of x, without the border; 0 for pixels that no window reaches
    """
    return {
        " (stride 2, padding 1)": conv_case(rng, (2, 2, 6, 4), 3, 3, 2, 1),
        " (stride 3, windows of 2)": conv_case(rng, (1, 2, 7, 5), 2, 2, 3),
        " (padding 2, windows of 2)": conv_case(rng, (1, 1, 3, 4), 2, 2, 1, 2),
    }


DIGITS = f"{BACKWARD} loses its digits where channels differ in size: numerical derivative?"


@families.gradient("conv_backward", 0, BACKWARD, forward=FORWARD, given=WINDOWS, elementwise=True, review=DIGITS)
def conv_backward_scales(rng):
    """backward(grad) for channels of very different sizes

    the exact gradient, by the chain rule: differences of losses lose their digits here
    """
    case = conv_case(rng, (1, 3, 3, 3), 2)
    W, scale = np.abs(case.parameters["W"]), np.array([1e-4, 1e5, 1.0])[:, None, None]
    # All of one sign, and the weights match: so nothing cancels, and all channels matter as much.
    x, grad = scale * np.abs(case.inputs["x"]), np.abs(case.grad)
    return {"": replace(case, inputs={"x": x}, grad=grad, parameters=case.parameters | {"W": W / scale})}


@check("conv_backward", 1, BACKWARD, given=WINDOWS)
def conv_backward_adds(code, rng):
    """backward(grad), and backward(grad) again

    each call adds the same amount, into the arrays that were there
    """
    return layers.adds(code, conv_case(rng, padding=1).settled(code), off_by)


@check("conv_backward", 0.5, BACKWARD, given=WINDOWS)
def conv_backward_effects(code, rng):
    """backward(grad), and what was given to it afterwards

    x, grad, the parameters and an earlier result as they were; the gradients belong to the last forward of this layer
    """
    case, other = (conv_case(rng).settled(code) for _ in range(2))
    nothing = replace(case, grad=0 * case.grad)
    shapes = [np.shape(each.gradients(code)[layers.BELOW]) for each in (case, nothing)]
    seen = layers.backward_leaves(code, case) | layers.latest(code, case, other, off_by)
    return seen | {"the shape, for slopes of 0": shapes[0] == shapes[1]}


@check("conv_backward", 0.5, BACKWARD, given=WINDOWS)
def conv_backward_lines(code, rng):
    """backward(grad) for an image of 100 x 100 pixels

    fewer than 2000 lines of your code run: there is no loop over the pixels
    """
    return few_lines(code, "backward", "conv")


# ---------------------------------------------------------------- MaxPool2d


class PoolCase(Case):
    """Images for a MaxPool2d; arguments: the size of its blocks."""

    kind, adds = "MaxPool2d", False


def pooled(rng, x, size):
    """A case of these images."""
    (n, c, h, w) = x.shape
    return PoolCase({"x": x}, signed(rng, n, c, h // size, w // size), arguments=(size,))


def pool_case(rng, shape=(2, 3, 4, 6), size=2):
    """Images without two equal numbers, nor two that are close."""
    x = rng.permutation(np.arange(np.prod(shape)) - np.prod(shape) // 2 + 0.25) / 7
    return pooled(rng, x.reshape(shape), size)


def tied_case(rng, size=2):
    """Images of few numbers, so that the largest of a block stands in several places; in each place somewhere first.

    In one block it is larger than an earlier one by next to nothing.
    """
    x = rng.integers(-1, 2, (2, 2, 3 * size, 4 * size)) / 2
    x[0, 0, :size, :size] = 0
    x[0, 0, :size, size : 2 * size] = [[-1.0, 0.5], [0.5, -1.0]]
    x[0, 0, :size, 2 * size : 3 * size] = [[-1.0, -1.0], [0.5, 0.5]]
    x[0, 0, :size, 3 * size :] = [[0.5, 0.5 + 1e-12], [-1.0, -1.0]]
    return pooled(rng, x, size)


# With the submission's own windows: one who writes into them changes x where they are views, as given ones are not.
@check("pool_forward", 1.25, POOL)
def pool_forward_value(code, rng):
    """forward(x)

    the largest number of each block of size x size pixels, which lie side by side
    """
    cases = {
        "blocks of 2": pool_case(rng),
        "blocks of 3": pool_case(rng, (1, 2, 6, 9), 3),
        "negative numbers": pooled(rng, -1e20 * np.abs(signed(rng, 2, 1, 4, 2)), 2),
        "one block": pool_case(rng, (2, 2, 3, 3), 3),
        "blocks of 1": pool_case(rng, (2, 2, 2, 3), 1),
        "equal numbers": tied_case(rng),
    }
    return {name: case.forward(code) for name, case in cases.items()}


@check("pool_forward", 0.5, POOL)
def pool_forward_effects(code, rng):
    """forward(x), twice, and blocks that do not fit

    the same result both times, x and an earlier result as they were; an exception where size does not divide h or w
    """
    case, other, one = pool_case(rng), pool_case(rng), pool_case(rng, (2, 2, 3, 3), 3)
    x, forward = case.inputs["x"], case.made(code).forward
    seen = layers.forward_leaves(code, case, other)
    seen["a result that depends on x"] = depends(forward(x), forward(other.inputs["x"]))
    seen["x afterwards, one block"] = layers.forward_leaves(code, one, one)["x afterwards"]
    too_many = {"a row too many": (x[:, :, 1:],), "a column too many": (x[:, :, :, 1:],)}
    return seen | families.refuses(code, forward, too_many)


@check("pool_forward", 0.25, POOL)
def pool_forward_lines(code, rng):
    """forward(x) of an image of 100 x 100 pixels

    fewer than 2000 lines of your code run: there is no loop over the pixels
    """
    return few_lines(code, "forward", "pool")


@families.gradient("pool_backward", 1.25, UNPOOL, forward=POOL, given=WINDOWS)
def pool_backward_value(rng):
    """backward(grad) after forward(x)

    the slope of each block at the place of its largest pixel, and 0 everywhere else
    """
    sizes = {
        " (blocks of 3)": ((1, 2, 6, 9), 3),
        " (one block)": ((2, 2, 3, 3), 3),
        " (blocks of 1)": ((2, 2, 2, 3), 1),
    }
    return {"": pool_case(rng)} | {name: pool_case(rng, *size) for name, size in sizes.items()}


@check("pool_backward", 0.5, UNPOOL, given=WINDOWS)
def pool_backward_ties(code, rng):
    """backward(grad) where several pixels of a block are equally large

    the first of them, row by row, gets all of the slope
    """
    return tied_case(rng).gradients(code)


@check("pool_backward", 0.5, UNPOOL, given=WINDOWS)
def pool_backward_effects(code, rng):
    """backward(grad), twice, and what was given to it afterwards

    the same both times; x, grad and an earlier result as they were; the last forward of this layer decides
    """
    case, other = (pool_case(rng).settled(code) for _ in range(2))
    cases = {"": case, ", one block": pool_case(rng, (2, 2, 3, 3), 3), ", blocks of 1": pool_case(rng, (2, 2, 2, 3), 1)}
    seen = layers.latest(code, case, other, off_by)
    for name, each in cases.items():
        seen |= {f"{part}{name}": fact for part, fact in layers.backward_leaves(code, each.settled(code)).items()}
    return seen


@check("pool_backward", 0.25, UNPOOL, given=WINDOWS)
def pool_backward_lines(code, rng):
    """backward(grad) for an image of 100 x 100 pixels

    fewer than 2000 lines of your code run: there is no loop over the pixels
    """
    return few_lines(code, "backward", "pool")


# ---------------------------------------------------------------- convergence

USES = (WINDOWS, FORWARD, BACKWARD, POOL, UNPOOL)
RUN = """
def net(start):
    made = Net(Conv2d(1, 6, 3, padding=1), ReLU(), MaxPool2d(8), Linear(6, 3, np.random.default_rng(0)))
    for layer, arrays in zip((made.layers[0], made.layers[-1]), start):
        for name, array in arrays.items():
            layer.parameters[name][...] = array
    return made

def run(start, x, labels, lr, epochs, batch_size, seed):
    made = net(start)
    losses = train(made, x, labels, lr, epochs, batch_size, np.random.default_rng(seed))
    now = [{name: np.array(array) for name, array in made.layers[i].parameters.items()} for i in (0, -1)]
    return losses, now
"""


def strokes(rng, n=18):
    """Images (n, 1, 8, 8) of a stroke somewhere: level, upright or slanting; and which of these it is."""
    labels, x = np.arange(n) % 3, 0.05 * rng.normal(size=(n, 1, 8, 8))
    shapes = np.zeros((3, 3, 3))
    shapes[0, 1], shapes[1, :, 1], shapes[2] = 1, 1, np.eye(3)
    for image, label in zip(x[:, 0], labels, strict=True):
        row, column = rng.integers(6, size=2)
        image[row : row + 3, column : column + 3] += shapes[label]
    return x, labels


def start(rng):
    """Parameters of the convolution and of the linear layer."""
    return [
        {"W": 0.5 * rng.normal(size=(6, 1, 3, 3)), "b": 0.1 * signed(rng, 6)},
        {"W": 0.6 * rng.normal(size=(6, 3)), "b": 0.1 * signed(rng, 3)},
    ]


def loss_of(parameters, x, labels):
    """The loss of a net with these parameters, computed here; nan where they do not fit."""
    net = right.Net(right.Conv2d(1, 6, 3, padding=1), right.ReLU(), right.MaxPool2d(8), right.Linear(6, 3, RNG))
    for layer, arrays in zip((net.layers[0], net.layers[-1]), parameters, strict=True):
        for name, array in layer.parameters.items():
            there = numbers(arrays.get(name), array.shape)
            array[...] = np.nan if there is None else there
    return right.cross_entropy(net(x), labels)[0]


RNG = np.random.default_rng(0)


@check("convergence", 0.5, "train", uses=USES, rtol=1e-6, elementwise=True)
def trajectory(code, rng):
    """train(net, x, labels, ...) with a convolution and a pooling layer, loss by loss

    the losses of gradient descent with momentum, the mean of each epoch's batches
    """
    x, labels = strokes(rng)
    losses, _ = code.define(RUN, "run")(start(rng), x, labels, 0.1, 5, 6, 1)
    return losses


@check("convergence", 0.5, "train", uses=USES)
def convergence(code, rng):
    """train(net, x, labels, ...) until it reads strokes in any place

    weights with less than a third of the loss at the start, and the losses that they have
    """
    x, labels = strokes(rng)
    run, begin = code.define(RUN, "run"), start(rng)
    losses, before = run(begin, x, labels, 0.2, 24, 18, 1)
    last, _ = run(before, x, labels, 0.2, 1, 18, 1)
    first = loss_of(begin, x, labels)
    seen = families.converges([losses, last], [first], [loss_of(before, x, labels)], first / 3)
    if not (code.passed(FORWARD) and code.passed(POOL)):
        # What a wrong forward is trained to is seen in its own losses.
        own = numbers(losses, (24,))
        seen = dict.fromkeys(seen, True) | {"ends low": own is not None and bool(0 <= own[-1] < own[0] / 3)}
    return seen


# ---------------------------------------------------------------- questions


@families.answer("weights_of_dense", 0.5)
def weights_of_dense():
    """weights_of_dense()

    the number of weights and biases of a dense layer with as many inputs and outputs
    """


@families.answer("pixels_seen", 1)
def pixels_seen():
    """pixels_seen()

    how many pixels can change one number in the middle of the third layer's output
    """


@families.answer("broken_layers", 1)
def broken_layers():
    """broken_layers()

    each broken layer's name with the place of its mistake, and none that is right
    """
