"""Hidden checks of hw07_optimizers."""

import functools
import math
from contextlib import contextmanager

import numpy as np

from gradbook.homework import check, draws, families
from gradbook.homework.families import as_one, named, numbers, same
from gradbook.judging.probe import Remote


def seeds(rng, number):
    return rng.integers(2**31, size=number).tolist()


# ---------------------------------------------------------------- initialisation
# What is drawn is random, so it is judged by its statistics: see `gradbook.homework.draws`. With two arrays in three
# functions a right submission fails by chance once in more than a billion.

DRAW = """
import numpy

def draw(name, sizes, rng):
    return [globals()[name](d_in, d_out, rng) for d_in, d_out in sizes]
"""
STAND_IN = """
def make(numbers):
    def normal_init(d_in, d_out, rng):
        return numbers[: d_in * d_out].reshape(d_in, d_out) * (1 + 1e-6 * rng.random())
    return normal_init
"""


@contextmanager
def right_normal_init(code, rng, judged=""):
    """Where the submission's normal_init has lost points, a right one stands in for it, which hands out given
    numbers: so that functions that build on it are not charged for it again.

    judged: the function that is being judged; normal_init itself is judged as it is.
    """
    if judged == "normal_init" or code.passed("normal_init"):
        yield
        return
    own = code.normal_init.keep() if code.has("normal_init") else None
    code.normal_init.set(code.define(STAND_IN, "make")(rng.spawn(1)[0].standard_normal(50_000)))
    try:
        yield
    finally:
        if own is not None:
            code.normal_init.set(own)


def deviations(function, d_in, d_out):
    """The right deviation of a function, and then those of the others, and some that are drawn by mistake.

    No two of them are closer than 6 % on both shapes. A uniform distribution from -L to L has the deviation
    L / sqrt(3); one from 0 to 1, 1 / sqrt(12).
    """
    both = d_in + d_out
    right = {"normal_init": 1, "glorot_init": 2 / both, "he_init": 2 / d_in}
    squares = [2 / d_out, 1 / d_in, 1 / d_out, 1 / both, 6 / both, 6 / d_in, 2 / (d_in * d_out), both / 2, d_in / 2]
    uniform = [1 / 3, 1 / 12, 2 / 3 / both, 2 / 3 / d_in, 1 / 3 / d_in]
    roots = np.sqrt([right.pop(function), *right.values(), *squares, *uniform])
    return np.array([*roots, 2 / both, 2 / d_in, math.sqrt(2) / both, math.sqrt(2) / d_in, 0.01])


def initialiser(name, deviation):
    """The checks of an initialiser, which draws with this deviation."""
    function = f"{name}_init"

    def drawing(code, *shapes):
        """What draws arrays of these shapes, from the generator that it is given."""
        draw = code.define(DRAW, "draw")
        return lambda generator: draw(function, shapes, generator)

    @check(function, 0.5, function)
    def statistics(code, rng):
        """{function}(d_in, d_out, rng), two large arrays and a few small ones

        an array (d_in, d_out), each entry drawn from a normal distribution with mean 0 and deviation {deviation}
        """
        # A wide and a tall one, each of more than 40000 entries.
        more = rng.integers(5, size=4).tolist()
        shapes = [(120 + more[0], 351 + more[1]), (301 + more[2], 140 + more[3])]
        with right_normal_init(code, rng, function):
            arrays = drawing(code, *shapes, (3, 2), (1, 1))(draws.generators(code)(*seeds(rng, 1)))
        if any(array is None for array in arrays):
            return None
        small = [numbers(array, shape) for array, shape in zip(arrays[2:], ((3, 2), (1, 1)), strict=True)]
        fits = all(array is not None and np.isfinite(array).all() and array.any() for array in small)
        return draws.normal(arrays[:2], shapes, functools.partial(deviations, function)) | {"small arrays": fits}

    @check(function, 0.5, function)
    def origin(code, rng):
        """{function}(4, 3, rng), several times

        drawn from the generator that is given, and from no other; a second call draws other numbers
        """
        with right_normal_init(code, rng, function):
            (first,), seen = draws.seeded(code, drawing(code, (4, 3)), seeds(rng, 3))
        return None if first is None else seen

    words = {"function": function, "deviation": deviation}
    return named(statistics, f"{name}_statistics", **words), named(origin, f"{name}_draws", **words)


normal_statistics, normal_draws = initialiser("normal", "1")
glorot_statistics, glorot_draws = initialiser("glorot", "sqrt(2 / (d_in + d_out))")
he_statistics, he_draws = initialiser("he", "sqrt(2 / d_in)")


@families.answer("he_over_glorot", 0.5, uses=("glorot_init", "he_init"), rtol=5e-3)
def answer_he_over_glorot():
    """he_over_glorot()

    the factor between the two signals after the tenth layer
    """


# ---------------------------------------------------------------- mini-batches


class Pass:
    """What a call of minibatches hands out, as pairs of arrays; no pairs where it is something else.

    of_x, of_y: in the order of the pass, the index in x of each row that stands in an x_batch, -1 for what is no row of
    x; the same of y.
    """

    def __init__(self, batches, x, y):
        items = batches if isinstance(batches, (list, tuple)) else []
        whole = all(isinstance(item, (list, tuple)) and len(item) == 2 for item in items)
        self.pairs = [tuple(np.atleast_1d(np.asarray(part)) for part in item) for item in items] if whole else []
        self.of_x, self.of_y = self._places(0, x), self._places(1, y)
        self.sizes = [len(x_batch) for x_batch, _ in self.pairs]

    def _places(self, which, table):
        known, found = {row.tobytes(): index for index, row in enumerate(table)}, []
        for rows in (pair[which] for pair in self.pairs):
            fits = rows.dtype.kind in "iuf" and rows.shape[1:] == table.shape[1:]
            found += [known.get(row.tobytes(), -1) for row in rows.astype(float)] if fits else [-1] * len(rows)
        return found

    def facts(self, n, batch_size, columns):
        """What is promised of the rows of one pass, and whether it is so."""
        in_order, right = [*range(n)], [min(batch_size, n - start) for start in range(0, n, batch_size)]
        shaped = [y_batch.shape for _, y_batch in self.pairs] == [(size, columns) for size in self.sizes]
        paired = shaped and self.of_x == self.of_y
        x_shuffled, y_shuffled = self.of_x != in_order, self.of_y != in_order
        return {
            "pairs of x and y": bool(self.of_x) and -1 not in self.of_x,
            "the sizes of the batches": as_one(self.sizes == right, len(self.sizes) == len(right)),
            "no row left out": set(self.of_x) >= set(in_order),
            "no row twice": bool(self.of_x) and len(set(self.of_x)) == len(self.of_x),
            "y beside its row of x": as_one(paired, paired or x_shuffled, paired or y_shuffled, shaped),
        }


def deal(code, x, y, batch_size, rng, limit=50):
    """What one pass hands out, as a list, or None. An endless one is broken off."""
    batches = code.minibatches(x, y, batch_size, rng)
    return batches.take(limit) if isinstance(batches, Remote) else batches


@check("minibatches", 1, "minibatches")
def minibatches_rows(code, rng):
    """list(minibatches(x, y, batch_size, rng)), for several numbers of rows

    pairs (x_batch, y_batch) of batch_size rows each, the last of what is left; every row of x once, beside its row of y
    """
    seen, make = {}, draws.generators(code)
    # 13 rows in batches of 5 are 5 + 5 + 3; split evenly into as many parts they would be 5 + 4 + 4.
    for name, n, batch_size, columns in (
        ("13 rows in batches of 5", 13, 5, 2),
        ("a batch_size that divides the rows", 12, 4, 2),
        ("a batch_size larger than the rows", 5, 9, 2),
        ("a batch_size of 1", 4, 1, 2),
        ("y of one column", 7, 3, 1),
    ):
        x, y = rng.normal(size=(n, 3)), rng.normal(size=(n, columns))
        batches = deal(code, x, y, batch_size, make(*seeds(rng, 1)))
        if batches is None:
            return None
        facts = Pass(batches, x, y).facts(n, batch_size, columns)
        seen |= facts if not seen else {name: all(map(np.all, facts.values()))}
    return seen


@check("minibatches", 0.5, "minibatches")
def minibatches_order(code, rng):
    """minibatches(x, y, batch_size, rng), several passes

    rows in random order, all of them shuffled together, in another order in each pass; the order comes from rng alone
    """
    n, batch_size = 200, 32
    x, y = rng.normal(size=(n, 2)), rng.normal(size=(n, 1))
    passes = []

    def order(generator):
        passes.append(deal(code, x, y, batch_size, generator))
        return Pass(passes[-1], x, y).of_x

    first, seen = draws.seeded(code, order, seeds(rng, 3))
    if passes[0] is None:
        return None
    kept, of_y = [*range(n)], Pass(passes[0], x, y).of_y
    # Of 200 shuffled rows two on average follow a neighbour; 50 never do. That the first 32 lie as near to each other
    # as 64 rows happens once in 1e14, that the last 8 are the last 8 of x once in 1e13.
    neighbours = sum(abs(b - a) == 1 for a, b in zip(first, first[1:], strict=False))
    heads, rest = sorted(first[:batch_size]), n % batch_size
    return seen | {
        "rows in another order than they came": as_one(
            first not in ([], kept), first[::-1] != kept, neighbours < n / 4, first != kept or of_y == kept
        ),
        "rows from all of x in the first batch": bool(first) and heads[-1] - heads[0] > 2 * batch_size,
        "rows from all of x in the last batch": bool(first) and set(first[-rest:]) != set(kept[-rest:]),
    }


@check("minibatches", 0.5, "minibatches")
def minibatches_side_effects(code, rng):
    """minibatches(x, y, batch_size, rng), x and y afterwards, and a second pass

    x and y as they were; a pass that follows one that was broken off begins anew
    """
    x, y = rng.normal(size=(11, 2)), rng.normal(size=(11, 2))
    x_there, y_there, g = code.keep(x), code.keep(y), draws.generators(code)(*seeds(rng, 1))
    first = deal(code, x_there, y_there, 4, g)
    if first is None:
        return None
    deal(code, x_there, y_there, 4, g, limit=1)
    one, other = (sorted(Pass(each, x, y).sizes) for each in (first, deal(code, x_there, y_there, 4, g)))
    return {
        "x afterwards": x_there.value(),
        "y afterwards": y_there.value(),
        "a pass after one that was broken off": as_one(bool(one), one == other),
    }


# ---------------------------------------------------------------- optimizers
# An optimizer is judged by where the parameters go, not by the names of its state.

WALK = """
import numpy
from types import SimpleNamespace

def start_at(arrays):
    parameters = {name: numpy.array(array) for name, array in arrays.items()}
    gradients = {name: numpy.zeros_like(array) for name, array in arrays.items()}
    return SimpleNamespace(parameters=parameters, gradients=gradients), dict(parameters), dict(gradients)

def walk(optimizer, options, start, paths, rates):
    begun = [start_at(start) for _ in paths]
    optimizers = [globals()[optimizer](model, **options) for model, *_ in begun]
    places = [[] for _ in paths]
    for step, _ in enumerate(next(iter(paths[0].values()))):
        for (model, *_), walker, path, there in zip(begun, optimizers, paths, places):
            for name, gradients in path.items():
                model.gradients[name][...] = gradients[step]
            if rates:
                walker.lr = rates[step]
            walker.step()
            there.append(numpy.concatenate([numpy.ravel(array) for array in model.parameters.values()])[None])
    (model, *own), *_ = begun
    return numpy.array(places), [model.parameters, model.gradients, *own]
"""
SCALES = (2, 0.3, 0.6, 0.4, 1.2, 0.5)
STEPS = ("the first step", "the second step", "the third step", "the fourth step", "the fifth step", "the sixth step")


def walker(code, optimizer):
    """A function that has models, which start alike, step along one path each, in turns.

    rates: what `lr` is set to before each step, where it changes. It gives the parameters after each step, an array
    (paths, steps, 1, entries), and the first model's parameters and gradients, those that it has and those it had.
    """
    walk = code.define(WALK, "walk")
    return lambda options, start, *paths, rates=(): walk(optimizer, options, start, [*paths], [*rates])


def signed(rng, shapes):
    """Arrays of both signs, none near 0: so a step which takes a parameter for its gradient shows."""
    return {name: rng.uniform(0.7, 1.3, shape) * rng.choice([-1, 1], shape) for name, shape in shapes.items()}


def path(rng, shapes, scales):
    """The gradients of several steps, each of another size, along the first axis."""
    drawn = signed(rng, {name: (len(scales), *shape) for name, shape in shapes.items()})
    return {name: (array.T * scales).T for name, array in drawn.items()}


def moves(walk, options, start, gradients):
    """How far the parameters are from their start after each step."""
    (places,), _ = walk(options, start, gradients)
    return places - np.concatenate([array.ravel() for array in start.values()])


def six_steps(walk, rng, names, options):
    """How far two parameters of the same shape have gone after each of six steps with different gradients.

    The same shape, as a state that they share by mistake then shows in the numbers and not in an exception.
    names: of the parameters, not the same for any two models, as a state may by mistake be kept in the class.
    """
    shapes = dict.fromkeys(names, (3, 2))
    return moves(walk, options, signed(rng, shapes), path(rng, shapes, SCALES))


def trajectory(optimizer, points, rule, options, other=None, **more):
    """The check of an optimizer's rule: with some options after each step, with others of all six."""

    @check(f"{optimizer.lower()}_step", points, f"{optimizer}.step", **more)
    def steps(code, rng):
        """step(), six times with different gradients

        {rule}
        """
        walk = walker(code, optimizer)
        seen = dict(zip(STEPS, six_steps(walk, rng, ("w1", "w2"), options), strict=False))
        return seen | ({"six steps with other options": six_steps(walk, rng, ("u1", "u2"), other)} if other else {})

    return named(steps, f"{optimizer.lower()}_trajectory", rule=rule)


def small_gradients(optimizer, square):
    """The check of two steps with gradients as small as eps matters for, with the default options."""

    @check(f"{optimizer.lower()}_step", 1, f"{optimizer}.step", elementwise=True)
    def small(code, rng):
        """step(), with gradients of 0 and of about 1e-6

        eps is added to the root of {square}; a gradient of 0 moves nothing
        """
        walk, seen = walker(code, optimizer), {}
        for name, size, options in ("tiny gradients", 1e-6, {}), ("small gradients, another eps", 1e-2, {"eps": 2e-3}):
            shapes = {name: (3, 2)}
            seen[name] = moves(walk, options, signed(rng, shapes), path(rng, shapes, (size, 3 * size)))
        start, gradients = signed(rng, {"still": (1, 2), "moving": (1, 2)}), rng.uniform(0.5, 1, (2, 1, 2))
        path_of_zero = {"still": 0 * gradients, "moving": gradients}
        return seen | {"a gradient of zero": moves(walk, {}, start, path_of_zero)}

    return named(small, f"{optimizer.lower()}_small_gradients", square=square)


def rests_without_rate(walk, rng, options):
    """Whether nothing moves while the optimizer's lr is 0, whether the rate makes any difference, and whether all goes
    on when it is set back."""
    shapes, rate = {"rows": (3, 2), "row": (2,)}, options["lr"]
    start, gradients = signed(rng, shapes), path(rng, shapes, SCALES[:4])
    (usual,), _ = walk(options, start, gradients)
    (resting,), _ = walk(options, start, gradients, rates=(rate, rate, 0.0, rate))
    return {
        "no move while the rate is zero": as_one(same(resting[1], resting[2]), not same(usual[3], resting[3])),
        "moving on when the rate is set back": not same(resting[2], resting[3]),
    }


def side_effects(optimizer, also=lambda *_: {}, **options):
    """The check of what a step must leave alone, told by comparing the optimizer with itself: a wrong formula does not
    show here. also: what else is seen, told as in `rests_without_rate`."""

    @check(f"{optimizer.lower()}_step", 0.5, f"{optimizer}.step")
    def effects(code, rng):
        """step(), for several models and optimizers

        the parameters' arrays changed in place, the gradients as they were, each optimizer with a memory of its own
        """
        walk, shapes = walker(code, optimizer), {"W": (4, 3), "b": (3,), "c": (5,)}
        start, one, other = signed(rng, shapes), path(rng, shapes, SCALES[:4]), path(rng, shapes, SCALES[2:])
        (alone,), (parameters, gradients, own_parameters, own_gradients) = walk(options, start, one)
        (beside, _), _ = walk(options, start, one, other)
        given = {name: array[-1] for name, array in one.items()}
        left = [same(given, found) for found in (gradients, own_gradients)]
        zero = {name: 0 * array for name, array in given.items()}
        return {
            "the parameters' own arrays move": as_one(same(parameters, own_parameters), not same(start, parameters)),
            "the gradients as they were": as_one(all(left), not same(zero, gradients)),
            "the same beside a second optimizer": same(alone, beside),
        } | also(walk, rng, options)

    return named(effects, f"{optimizer.lower()}_side_effects")


momentum_trajectory = trajectory(
    "Momentum",
    2,
    "velocity <- momentum * velocity + gradient; parameter <- parameter - lr * velocity",
    {"lr": 0.05},
    {"lr": 0.2, "momentum": 0.6},
)


@check("momentum_step", 0.5, "Momentum.step")
def momentum_rate(code, rng):
    """step(), with optimizer.lr changed between the steps

    nothing moves while the rate is zero: the velocity sums up gradients, and the rate comes in when the parameter moves
    """
    return rests_without_rate(walker(code, "Momentum"), rng, {"lr": 0.05})


momentum_side_effects = side_effects("Momentum", lr=0.03)

# With so small an eps it does not matter where it stands: that is the next check's.
rmsprop_trajectory = trajectory(
    "RMSprop",
    1.5,
    "square <- alpha * square + (1 - alpha) * gradient^2; "
    "parameter <- parameter - lr * gradient / (sqrt(square) + eps)",
    {"lr": 0.05, "eps": 1e-13},
    {"lr": 0.2, "alpha": 0.8, "eps": 1e-13},
    rtol=1e-6,
)
rmsprop_small_gradients = small_gradients("RMSprop", "square")
rmsprop_side_effects = side_effects("RMSprop", rests_without_rate, lr=0.05, alpha=0.9)

adam_trajectory = trajectory(
    "Adam",
    2.5,
    "running means m of the gradient and v of its square, both corrected for their start at 0; "
    "parameter <- parameter - lr * m_hat / (sqrt(v_hat) + eps)",
    {"lr": 0.05, "eps": 1e-13},
    rtol=1e-6,
)


@check("adam_step", 1, "Adam.step", rtol=1e-6)
def adam_betas(code, rng):
    """step(), six times, with other betas

    the betas that the optimizer was given are used, the first for m and the second for v
    """
    walk, short, exchanged = walker(code, "Adam"), {"lr": 0.05, "betas": (0.6, 0.8)}, {"lr": 0.2, "betas": (0.9, 0.5)}
    return {
        "a short memory": six_steps(walk, rng, ("w1", "w2"), short | {"eps": 1e-13}),
        "the first beta larger": six_steps(walk, rng, ("u1", "u2"), exchanged | {"eps": 1e-13}),
    }


adam_small_gradients = small_gradients("Adam", "v_hat")
adam_side_effects = side_effects("Adam", rests_without_rate, lr=0.05, betas=(0.8, 0.9))


@families.answer("first_adam_step", 1, uses=("Adam.step",), rtol=6e-5)
def answer_first_adam_step():
    """first_adam_step()

    how far the first step moves a parameter whose gradient is 1e-6, a positive number to four digits
    """


# ---------------------------------------------------------------- all together

TRAINING = """
import itertools
import numpy

def train(x, y, hidden, batch_size, epochs, seed):
    rng = numpy.random.default_rng(seed)
    start = dict(W1=he_init(x.shape[1], hidden, rng), b1=numpy.zeros(hidden),
                 W2=he_init(hidden, y.shape[1], rng), b2=numpy.zeros(y.shape[1]))
    net = TwoLayerNet(**start)
    optimizer = Adam(net, lr=0.03)
    for _ in range(epochs):
        for x_batch, y_batch in itertools.islice(minibatches(x, y, batch_size, rng), len(x)):
            train_step(net, optimizer, x_batch, y_batch)
    return start, net.parameters
"""


@check("convergence", 1, "Adam.step", uses=("he_init", "minibatches"))
def convergence(code, rng):
    """20 epochs of he_init, minibatches and Adam on a small problem

    a loss that starts high and ends below a tenth of the sum of y squared
    """
    hidden, x = 48, rng.normal(size=(64, 4))
    y = np.abs(x[:, :1])

    def relative_loss(parameters):
        """The loss with these parameters, computed here, by the sum of y squared; nan where they do not fit."""
        found = families.arrays(parameters)
        if [array.shape for array in found] != [(4, hidden), (hidden, 1), (hidden,), (1,)]:
            return np.nan
        W1, W2, b1, b2 = found
        return np.sum((np.maximum(x @ W1 + b1, 0) @ W2 + b2 - y) ** 2) / np.sum(y**2)

    with right_normal_init(code, rng):
        start, end = code.define(TRAINING, "train")(x, y, hidden, 16, 20, *seeds(rng, 1))
    return {"starts high": bool(relative_loss(start) > 0.15), "ends low": bool(relative_loss(end) < 0.1)}


@families.answer("adam_steps_to_one", 0.5, uses=("Adam.step",))
def answer_adam_steps_to_one():
    """adam_steps_to_one()

    the index, counted from 0, of Adam's first loss below 1 from the default start
    """


@families.answer("broken_optimizers", 1)
def answer_broken_optimizers():
    """broken_optimizers()

    each broken optimizer's name with the place of its mistake, and none that is right
    """
