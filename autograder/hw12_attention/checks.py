"""Hidden checks of hw12_attention."""

from dataclasses import dataclass, replace

import numpy as np

from gradbook.homework import check, draws, families
from gradbook.homework.families import depends, numbers, same

EMBED = "Embedding.backward"
FORWARD, BACKWARD = "LayerNorm.forward", "LayerNorm.backward"
GRADIENTS = {BACKWARD: (FORWARD,), "d_attention": ("attention",)}

# ---------------------------------------------------------------- what the checks of layers share


def signed(rng, *shape, low=0.3, high=1.8):
    """Numbers of both signs, none near 0."""
    return rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)


def anything(value):
    """Whether a result, or a part of it, is another number than 0."""
    return any(bool(array.any()) for array in families.arrays(value))


def ratio(first, second):
    """By what factor a result is multiplied at a second call, or nan: 1 where it is the same again."""
    one, two = numbers(first), numbers(second)
    if one is None or two is None or one.shape != two.shape or not one.any():
        return np.nan
    if np.array_equal(one, two):
        return 1.0
    factor = float(np.sum(one * two) / np.sum(one * one))
    return factor if same(factor * one, two) else np.nan


# What a dict held at first: an array that was replaced since then no longer changes here.
HOLD = """
class Hold:
    def __init__(self, arrays):
        self.arrays = dict(arrays)
"""


def given_back(layer, grad):
    """What backward(grad) returns, and what it adds to the gradients, by names; as it is where that cannot be told."""
    before, below, after = layer.gradients.get(), layer.backward(grad), layer.gradients.get()
    return below, {name: difference(before.get(name), array) for name, array in after.items()}


def added(layer, grad):
    """The latter alone."""
    return given_back(layer, grad)[1]


def difference(before, after):
    one, two = numbers(before), numbers(after)
    return after if one is None or two is None or one.shape != two.shape else two - one


def adds(code, make, inputs, grad):
    """That each backward of a layer adds the same, into the arrays that were there, on top of what they hold.

    make: gives a new layer, whose forward has not run yet. inputs: of forward.
    """
    layer, filled = make(), make()
    held = code.define(HOLD, "Hold")(layer.gradients.keep())
    layer.forward(inputs)
    first, second = added(layer, grad), added(layer, grad)
    kept, there = held.arrays.get(), layer.gradients.get()
    filled.forward(inputs)
    filled.gradients.fill({name: 100.0 for name in there})
    third, seen = added(filled, grad), {}
    for name, part in first.items():
        seen[f"{name}, a second call"] = ratio(part, second[name])
        seen[f"{name}, the array of before"] = same(kept[name], there[name]) and anything(there[name])
        seen[f"{name}, on top of what is there"] = same(part, third[name], atol=1e-9)
    return seen


def latest(code, make, inputs, other, grad, gives=given_back):
    """That backward belongs to the last forward of this layer: not to an earlier one, nor to another layer's.

    gives: what backward is asked for, `added` where what it returns is no matter.
    """
    # One and the same array each time, by which nothing that was worked out before may be known.
    grad = code.keep(grad)

    def after(*forwards, between=None, backward=False):
        layer = make()
        for each in forwards:
            layer.forward(each)
            if backward and each is not forwards[-1]:
                layer.backward(grad)
        if between is not None:
            make().forward(between)
        return gives(layer, grad)

    fresh = after(inputs)
    return {
        "after another forward": same(fresh, after(other, inputs)),
        "after another forward and backward": same(fresh, after(other, inputs, backward=True)),
        "after another layer's forward": same(fresh, after(inputs, between=other)),
    }


# ---------------------------------------------------------------- Embedding


def embedding(code, rng, v, d):
    """What makes layers with a table of their own."""
    generator, seed = draws.generators(code), int(rng.integers(2**31))
    return lambda: code.Embedding(v, d, generator(seed))


def some_tokens(rng, n=3, t=5):
    """Tokens from 1 to 4 of 6, of which each sequence of five has one twice."""
    return rng.integers(1, 5, (n, t))


@check("embedding", 1, EMBED)
def embedding_value(code, rng):
    """backward(grad) after forward(tokens)

    in gradients["table"], the row of each token with the sum of grad over all its places, and 0 for the others
    """
    found = {}
    for name, (n, t, d) in {"three sequences": (3, 5, 4), "a single sequence": (1, 7, 2)}.items():
        layer, grad = embedding(code, rng, 6, d)(), signed(rng, n, t, d)
        layer.forward(some_tokens(rng, n, t))
        found[name] = added(layer, grad)["table"]
    # The first and the last token too, and gradients whose entries add up to nothing.
    layer, half = embedding(code, rng, 6, 4)(), signed(rng, 2, 7, 2)
    layer.forward(np.array([rng.permutation([*range(6), 2]) for _ in range(2)]))
    found["all tokens"] = added(layer, np.concatenate([half, -half], axis=-1))["table"]
    return found


@check("embedding", 0.5, EMBED)
def embedding_adds(code, rng):
    """backward(grad), and backward(grad) again

    each call adds the same amount, into the array that was there
    """
    return adds(code, embedding(code, rng, 6, 4), some_tokens(rng), signed(rng, 3, 5, 4))


@check("embedding", 0.5, EMBED)
def embedding_effects(code, rng):
    """backward(grad), and what was given

    tokens, grad and the table as they were; the gradient belongs to the last forward of this layer
    """
    make, tokens, grad = embedding(code, rng, 6, 4), some_tokens(rng), signed(rng, 3, 5, 4)
    layer, there = make(), code.keep(tokens)
    layer.forward(there)
    state = {"the tokens": there.value, "the table": layer.parameters.get}
    _, seen = families.leaves(code, layer.backward, {"grad": grad}, state)
    seen["a gradient"] = anything(layer.gradients.get())
    return seen | latest(code, make, tokens, some_tokens(rng), grad, added)


# ---------------------------------------------------------------- LayerNorm


@dataclass
class NormCase:
    """x, a gradient from above, and the arrays of a LayerNorm."""

    x: np.ndarray
    grad: np.ndarray
    gain: np.ndarray
    bias: np.ndarray
    eps: float = 1e-5

    def make(self, code):
        layer = code.LayerNorm(len(self.gain), self.eps)
        layer.parameters.fill({"gain": self.gain, "bias": self.bias})
        return layer

    def forward(self, code):
        return self.make(code).forward(self.x)

    def gradients(self, code):
        layer = self.make(code)
        layer.forward(self.x)
        below = layer.backward(self.grad)
        found = layer.gradients.get()
        return {"the gradient of x": below} | {f"the gradient of {name}": found[name] for name in ("gain", "bias")}

    def fitting(self, code):
        """What a right backward makes of what this forward may have kept; then the slopes of this forward itself."""
        own = numbers(self.forward(code), self.x.shape)
        if own is not None:
            for normal in ((own - self.bias) / self.gain, own, own / self.gain, own - self.bias):
                for deviation in self.deviations(normal):
                    yield self.backward(normal, deviation), 1e-7
        parts = families.slopes(lambda *at: self.loss(code, *at), [self.x, self.gain, self.bias])
        yield dict(zip(NAMES, parts, strict=True)), 1e-5

    def deviations(self, normal):
        """What the deviation may have been: by other axes or formulas, or what leads to `normal`."""
        for axis in (-1, 0, 1, (0, 1), (1, 2), None):
            variance = self.x.var(axis=axis, keepdims=True)
            yield from (np.sqrt(variance + self.eps), np.sqrt(variance) + self.eps, np.sqrt(variance), variance)
        # Where normal is x less something, over something, at each position: the latter, by least squares.
        x, other = (array - array.mean(axis=-1, keepdims=True) for array in (self.x, normal))
        yield np.sum(x * other, axis=-1, keepdims=True) / np.sum(other**2, axis=-1, keepdims=True)

    def backward(self, normal, deviation):
        """The right backward, with these."""
        g = self.grad * self.gain
        along = normal * np.mean(g * normal, axis=-1, keepdims=True)
        below = (g - g.mean(axis=-1, keepdims=True) - along) / deviation
        sums = np.sum(self.grad * normal, axis=(0, 1)), np.sum(self.grad, axis=(0, 1))
        return dict(zip(NAMES, (np.broadcast_to(below, self.x.shape), *sums), strict=True))

    def loss(self, code, x, gain, bias):
        own = numbers(NormCase(x, self.grad, gain, bias, self.eps).forward(code), self.grad.shape)
        return np.nan if own is None else np.sum(self.grad * own)


NAMES = "the gradient of x", "the gradient of gain", "the gradient of bias"


def norm_case(rng, n=3, t=4, d=5, size=1.0, **more):
    """Positions with several means and deviations. size: of x."""
    means, sizes = signed(rng, n, t, 1), rng.uniform(0.5, 2, (n, t, 1))
    x = size * (means + sizes * rng.normal(size=(n, t, d)))
    return NormCase(x, signed(rng, n, t, d), signed(rng, d), signed(rng, d), **more)


@check("layer_norm_forward", 1, FORWARD)
def norm_forward_value(code, rng):
    """forward(x)

    gain * (x - mean) / deviation + bias, with the mean and deviation of each position's own d numbers
    """
    # So large that eps, wherever it stands, is lost.
    shapes = {"three sequences": (3, 4, 5), "one of each": (1, 1, 6), "as many of all": (3, 3, 3)}
    return {name: norm_case(rng, *shape, size=1e5).forward(code) for name, shape in shapes.items()}


@check("layer_norm_forward", 0.75, FORWARD)
def norm_forward_eps(code, rng):
    """forward(x) where the variance is small

    eps is added to the variance, under the root, so that equal numbers are no division by 0
    """
    seen = {}
    for name, options in {"small numbers": {"size": 3e-3}, "another eps": {"eps": 0.7}}.items():
        case = norm_case(rng, **options)
        equal, large = replace(case, x=0 * case.x + case.x[:, :, :1]), replace(case, x=1e6 * case.x)
        small, nothing, whole = (numbers(each.forward(code), case.x.shape) for each in (case, equal, large))
        found = [small, nothing, whole]
        seen[name] = None if any(each is None for each in found) else share(*found)
    return seen


def share(small, nothing, whole):
    """How much of its whole size a result has at each position, from nothing on: what eps leaves of it.

    So a forward that is wrong in other ways is not charged here again.
    """
    with np.errstate(all="ignore"):
        return np.sum((small - nothing) * (whole - nothing), axis=-1) / np.sum((whole - nothing) ** 2, axis=-1)


@check("layer_norm_forward", 0.75, FORWARD)
def norm_forward_effects(code, rng):
    """forward(x), twice, and the layer afterwards

    the same result, x, gain, bias and gradients as they were; a gain and a bias that change are used
    """
    case, other = norm_case(rng), norm_case(rng)
    layer = case.make(code)
    state = {"gain and bias": layer.parameters.get, "the gradients": layer.gradients.get}
    first, seen = families.leaves(code, layer.forward, {"x": case.x}, state)
    seen |= families.repeats(first, layer.forward, [case.x], [other.x])
    seen |= families.keeps(first, code, layer.forward, [case.x], [other.x])
    layer.parameters.fill({"gain": other.gain, "bias": other.bias})
    moved = layer.forward(case.x)
    fresh = NormCase(case.x, case.grad, other.gain, other.bias).forward(code)
    return seen | {"after they changed": same(moved, fresh), "they make a difference": depends(first, moved)}


@families.gradient("layer_norm_backward", 2, BACKWARD, forward=FORWARD)
def norm_backward_value(rng):
    """backward(grad) after forward(x)

    the gradient of x returned, those of gain and bias in the gradients
    """
    without_gain = norm_case(rng, 2, 3, 4)
    without_gain.gain[1] = 0
    return {"": norm_case(rng), " (another eps)": norm_case(rng, 2, 3, 4, eps=0.7), " (a gain of 0)": without_gain}


@check("layer_norm_backward", 0.75, BACKWARD)
def norm_backward_adds(code, rng):
    """backward(grad), and backward(grad) again

    each call adds the same amount, into the arrays that were there, and returns the same
    """
    case = norm_case(rng)
    layer = case.make(code)
    layer.forward(case.x)
    first, second = layer.backward(case.grad), layer.backward(case.grad)
    return adds(code, lambda: case.make(code), case.x, case.grad) | {"the gradient of x again": same(first, second)}


@check("layer_norm_backward", 0.75, BACKWARD)
def norm_backward_effects(code, rng):
    """backward(grad), and what was given

    x, grad, gain, bias and an earlier result as they were; the gradients belong to the last forward of this layer
    """
    case, other = norm_case(rng), norm_case(rng)
    layer, there = case.make(code), code.keep(case.x)
    layer.forward(there)
    state = {"x": there.value, "gain and bias": layer.parameters.get}
    first, seen = families.leaves(code, layer.backward, {"grad": case.grad}, state)
    seen |= families.keeps(first, code, layer.backward, [case.grad], [2 * case.grad])
    seen["a gradient"] = anything(first)
    return seen | latest(code, lambda: case.make(code), case.x, other.x, case.grad)


# ---------------------------------------------------------------- attention


def lookup(rng, n=3, t=5, d=6, e=4):
    """Queries, keys and values."""
    return rng.normal(size=(n, t, d)), rng.normal(size=(n, t, d)), signed(rng, n, t, e)


def attend(q, k, v, causal=False):
    """The right output and weights, for scores of moderate size."""
    weights = np.exp(q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])) * (np.tri(q.shape[1]) if causal else 1)
    weights /= weights.sum(axis=-1, keepdims=True)
    return {"out": weights @ v, "the weights": weights}


def both(found):
    """What attention returned, with names for the student; all of it under both where it is not two things."""
    pair = found if isinstance(found, (list, tuple)) and len(found) == 2 else (found, found)
    return {"out": pair[0], "the weights": pair[1]}


@check("attention", 1.5, "attention")
def attention_value(code, rng):
    """attention(q, k, v)

    the means of the values, and the weights: a softmax, over the keys, of q . k / sqrt(d)
    """
    shapes = {
        "": (3, 5, 6, 4),
        " (as many of all)": (3, 3, 3, 3),
        " (one position)": (2, 1, 4, 3),
        " (one number)": (2, 3, 1, 1),
    }
    seen = {}
    for name, shape in shapes.items():
        seen |= {f"{part}{name}": value for part, value in both(code.attention(*lookup(rng, *shape))).items()}
    return seen


@check("attention", 1, "attention")
def attention_causal(code, rng):
    """attention(q, k, v, causal=True)

    the same with positions j <= i only; later ones have the weight 0, and the rest add up to 1
    """
    return both(code.attention(*lookup(rng), causal=True))


@attention_causal.expected
def masked_as_without(code, rng, reference):
    """What masking makes of this submission's own weights: what is wrong without a mask is charged there."""
    q, k, v = lookup(rng)
    plain, seen = both(code.attention(q, k, v)), both(code.attention(q, k, v, causal=True))
    out, weights = (numbers(part) for part in plain.values())
    if weights is None or weights.shape != (3, 5, 5):
        return reference
    with np.errstate(all="ignore"):
        masked = reference["the weights"] if same(weights, attend(q, k, v)["the weights"]) else masked_own(weights)
        follows = out is not None and same(out, weights @ v)
        return {"out": masked @ v if follows else seen["out"], "the weights": masked}


def masked_own(weights):
    """Weights without those of later positions: what is left adds up to what it did, in rows or in columns."""
    left = weights * np.tri(weights.shape[-1])
    axis = 1 if same(weights.sum(axis=1), np.ones(weights.shape[:2])) else 2
    return left / left.sum(axis=axis, keepdims=True)


@check("attention", 0.5, "attention")
def attention_large(code, rng):
    """attention for scores in the thousands, of both signs

    the same formula: finite numbers, with and without causal
    """
    n, t, d = 2, 4, 3
    # The scores of a query lie at least 400 apart, and its own position's is neither the highest nor the lowest.
    order = np.array([[1, 3, 2, 0], [2, 1, 0, 3], [0, 2, 1, 3], [3, 0, 2, 1]])
    far = np.array([order, 3 - order]) * 1500.0 + np.array([[-6e3], [2e3], [-2e3], [1e3]])
    q = np.tile(np.eye(t), (n, 1, 1)) * np.sqrt(t)
    k, v = np.transpose(far, (0, 2, 1)), signed(rng, n, t, d)
    seen = {}
    for name, causal in (("", False), (", causal", True)):
        out, weights = both(code.attention(q, k, v, causal=causal)).values()
        finite = numbers(out) is not None and bool(np.isfinite(out).all())
        seen |= {f"the weights{name}": weights, f"out is finite{name}": finite}
    return seen


@families.side_effects("attention", 1, "attention", ("q", "k", "v"))
def attention_effects(code, rng):
    return code, [*lookup(rng)], [*lookup(rng)]


# ---------------------------------------------------------------- d_attention


def parts(found):
    """What d_attention returned, with names for the student."""
    three = found if isinstance(found, (list, tuple)) and len(found) == 3 else (found,) * 3
    return dict(zip(("dq", "dk", "dv"), three, strict=True))


def way_back(rng, *shape, causal=False):
    """grad, q, k, v and the right weights, small ones among them."""
    q, k, v = lookup(rng, *shape)
    q = 3 * q
    return [signed(rng, *v.shape), q, k, v, attend(q, k, v, causal)["the weights"]]


@check("d_attention", 3, "d_attention", batch=3)
def d_attention_value(code, rng):
    """d_attention(grad, q, k, v, weights)

    dq, dk and dv, in this order, each of the shape of its array
    """
    cases = {
        "": way_back(rng),
        " (causal)": way_back(rng, causal=True),
        " (as many of all)": way_back(rng, 3, 3, 3, 3),
        " (one number)": way_back(rng, 2, 3, 1, 1),
    }
    seen = {}
    for name, case in cases.items():
        seen |= {f"{part}{name}": value for part, value in parts(code.d_attention(*case)).items()}
    return seen


@families.side_effects("d_attention", 1, "d_attention", ("grad", "q", "k", "v", "weights"))
def d_attention_effects(code, rng):
    return code, way_back(rng), way_back(rng)


# ---------------------------------------------------------------- all together

TRAINING = """
import numpy

def run(seed, causal, t, n_steps, n):
    rng = numpy.random.default_rng(seed)
    return train(Transformer(4, t, 24, 16, rng, causal), lambda tokens: tokens[:, ::-1], rng, n_steps, n)
"""
USES = (EMBED, FORWARD, BACKWARD, "attention", "d_attention")


def runs(code, rng):
    """A function that trains a small net to reverse sequences, and gives its losses."""
    run, seed = code.define(TRAINING, "run"), int(rng.integers(2**31))
    return lambda *options: run(seed, *options)


@check("convergence", 0.5, "train", uses=USES, rtol=1e-6, elementwise=True)
def trajectory(code, rng):
    """train(net, task, rng, n_steps), loss by loss

    the losses of a small net that learns to reverse sequences
    """
    run = runs(code, rng)
    return {"10 losses": run(False, 4, 10, 8), "10 losses, causal": run(True, 3, 10, 8)}


@check("convergence", 0.5, "train", uses=USES)
def convergence(code, rng):
    """train for 60 steps

    a net that reverses pairs: its loss ends below four tenths of what it was
    """
    losses = numbers(runs(code, rng)(False, 2, 60, 16), (60,))
    return {"ends low": losses is not None and bool(losses[-10:].mean() < 0.4 * losses[0])}


# ---------------------------------------------------------------- questions


@families.answer("deviation_of_scores", 1, rtol=0.02)
def answer_deviation_of_scores():
    """your answer to question 1

    the standard deviation of q . k, not scaled, for 64 entries
    """


@families.answer("causal_floor", 1, rtol=2e-3)
def answer_causal_floor():
    """your answer to question 2

    the lowest mean loss of a net that reverses 8 random digits under a causal mask, to three digits
    """


@families.answer("broken_layers", 1)
def answer_broken_layers():
    """your answer to question 3

    a dict from the name of each broken function to the one place in which its mistake stands
    """
