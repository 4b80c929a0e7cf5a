"""Hidden checks of hw12_attention."""

from dataclasses import replace

import numpy as np

from gradbook.homework import check, families, layers
from gradbook.homework.draws import signed
from gradbook.homework.families import numbers, same

EMBED = "Embedding.backward"
FORWARD, BACKWARD = "LayerNorm.forward", "LayerNorm.backward"
GRADIENTS = {BACKWARD: (FORWARD,), "d_attention": ("attention",)}

# ---------------------------------------------------------------- Embedding

TABLE = """
import numpy

def with_a_table(v, d):
    return Embedding(v, d, numpy.random.default_rng(0))
"""


class EmbeddingCase(layers.LayerCase):
    """Tokens, and an Embedding with a table."""

    returns = False

    def layer_class(self, code):
        return code.define(TABLE, "with_a_table")


def some_tokens(rng, n=3, t=5):
    """Tokens from 1 to 4 of 6, of which each sequence of five has one twice."""
    return rng.integers(1, 5, (n, t))


def embedding_case(rng, tokens, d=4):
    return EmbeddingCase({"tokens": tokens}, signed(rng, *tokens.shape, d), {"table": signed(rng, 6, d)}, (6, d))


@check("embedding", 1, EMBED)
def embedding_value(code, rng):
    """backward(grad) after forward(tokens)

    in gradients["table"], the row of each token with the sum of grad over all its places, and 0 for the others
    """
    # The first and the last token too, and gradients whose entries add up to nothing.
    half, every = signed(rng, 2, 7, 2), np.array([rng.permutation([*range(6), 2]) for _ in range(2)])
    cases = {
        "three sequences": embedding_case(rng, some_tokens(rng)),
        "a single sequence": embedding_case(rng, some_tokens(rng, 1, 7), 2),
        "all tokens": replace(embedding_case(rng, every), grad=np.concatenate([half, -half], axis=-1)),
    }
    return {name: case.gradients(code)["the gradient of table"] for name, case in cases.items()}


@check("embedding", 0.5, EMBED)
def embedding_adds(code, rng):
    """backward(grad), and backward(grad) again

    each call adds the same amount, into the array that was there
    """
    return layers.adds(code, embedding_case(rng, some_tokens(rng)))


@check("embedding", 0.5, EMBED)
def embedding_effects(code, rng):
    """backward(grad), and what was given

    tokens, grad and the table as they were; the gradient belongs to the last forward of this layer
    """
    case, other = (embedding_case(rng, some_tokens(rng)) for _ in range(2))
    return layers.backward_leaves(code, case) | layers.latest(code, case, other)


# ---------------------------------------------------------------- LayerNorm


class NormCase(layers.LayerCase):
    """x, and a LayerNorm with gain and bias; arguments: d and eps."""

    kind = "LayerNorm"

    def fitting(self, code):
        """What a right backward makes of what this forward may have kept; then the slopes of this forward itself."""
        x, (gain, bias) = self.inputs["x"], self.parameters.values()
        own = numbers(self.forward(code), x.shape)
        if own is not None:
            for normal in ((own - bias) / gain, own, own / gain, own - bias):
                for deviation in self.deviations(x, normal):
                    yield self.backward(normal, deviation), 1e-7
        yield from super().fitting(code)

    def deviations(self, x, normal):
        """What the deviation may have been: by other axes or formulas, or what leads to `normal`."""
        _, eps = self.arguments
        for axis in (-1, 0, 1, (0, 1), (1, 2), None):
            variance = x.var(axis=axis, keepdims=True)
            yield from (np.sqrt(variance + eps), np.sqrt(variance) + eps, np.sqrt(variance), variance)
        # Where normal is x less something, over something, at each position: the latter, by least squares.
        x, other = (array - array.mean(axis=-1, keepdims=True) for array in (x, normal))
        yield np.sum(x * other, axis=-1, keepdims=True) / np.sum(other**2, axis=-1, keepdims=True)

    def backward(self, normal, deviation):
        """The right backward, with these."""
        g = self.grad * self.parameters["gain"]
        along = normal * np.mean(g * normal, axis=-1, keepdims=True)
        below = np.broadcast_to((g - g.mean(axis=-1, keepdims=True) - along) / deviation, g.shape)
        sums = np.sum(self.grad * normal, axis=(0, 1)), np.sum(self.grad, axis=(0, 1))
        return self.parts(([below], {}, dict(zip(self.parameters, sums, strict=True))))


def norm_case(rng, n=3, t=4, d=5, size=1.0, eps=1e-5):
    """Positions with several means and deviations. size: of x."""
    means, sizes = signed(rng, n, t, 1), rng.uniform(0.5, 2, (n, t, 1))
    x = size * (means + sizes * rng.normal(size=(n, t, d)))
    parameters = {"gain": signed(rng, d), "bias": signed(rng, d)}
    return NormCase({"x": x}, signed(rng, n, t, d), parameters, (d, eps))


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
        x = case.inputs["x"]
        each = (x, 0 * x + x[:, :, :1], 1e6 * x)
        small, nothing, whole = (numbers(replace(case, inputs={"x": x}).forward(code), x.shape) for x in each)
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
    return layers.forward_leaves(code, norm_case(rng), norm_case(rng))


@families.gradient("layer_norm_backward", 2, BACKWARD, forward=FORWARD)
def norm_backward_value(rng):
    """backward(grad) after forward(x)

    the gradient of x returned, those of gain and bias in the gradients
    """
    without_gain = norm_case(rng, 2, 3, 4)
    without_gain.parameters["gain"][1] = 0
    return {"": norm_case(rng), " (another eps)": norm_case(rng, 2, 3, 4, eps=0.7), " (a gain of 0)": without_gain}


@check("layer_norm_backward", 0.75, BACKWARD)
def norm_backward_adds(code, rng):
    """backward(grad), and backward(grad) again

    each call adds the same amount, into the arrays that were there, and returns the same
    """
    return layers.adds(code, norm_case(rng))


@check("layer_norm_backward", 0.75, BACKWARD)
def norm_backward_effects(code, rng):
    """backward(grad), and what was given

    x, grad, gain, bias and an earlier result as they were; the gradients belong to the last forward of this layer
    """
    case, other = norm_case(rng), norm_case(rng)
    return layers.backward_leaves(code, case) | layers.latest(code, case, other)


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
