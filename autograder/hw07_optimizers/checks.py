"""Hidden checks of hw07_optimizers."""

import math
from contextlib import contextmanager

import numpy as np

from gradbook.homework import check
from gradbook.judging.compare import difference
from gradbook.judging.probe import Remote


def same(first, second):
    """Whether two things that came back are the same, whatever they are."""
    return difference(first, second, 1e-9, 1e-12) is None


def generator(code, seed):
    """A numpy.random.Generator on the code's side."""
    return code.define(f"import numpy\nrng = numpy.random.default_rng({int(seed)})", "rng")


def seeds(rng, number):
    return [int(seed) for seed in rng.choice(2**31, number, replace=False)]


# ---------------------------------------------------------------- initialisation
# What is drawn is random, so it is judged by its statistics. Each of them may miss its aim by chance with a
# probability of at most 2 exp(-26) = 1.02e-11: there are 6 of them (mean, deviation, 4 shares) on 2 arrays in
# 3 functions, together 36 * 1.02e-11 = 3.7e-10. So a right submission fails once in more than a billion.
# With n entries, x = 26 and u = sqrt(x / n), the allowances are those of proven bounds:
# - mean: sqrt(2) u deviations (the tail of the normal distribution);
# - deviation: u + u^2, relative (Laurent and Massart 2000, lemma 1, for the chi-square distribution);
# - share p of the entries in an interval: see `share_slack` (Bernstein's inequality). The interval is measured
#   in observed deviations, so its true width may be off by what is allowed for the deviation.
# With n > 40000 that is .036 deviations, 2.6 % and at most .018.
TAIL = 26.0

# Deviations that are drawn by mistake, and the right ones of the other functions. No two of them are closer than
# 6 % on both shapes.
DEVIATIONS = {
    "1": lambda d_in, d_out: 1.0,
    "sqrt(2 / (d_in + d_out))": lambda d_in, d_out: math.sqrt(2 / (d_in + d_out)),
    "sqrt(2 / d_in)": lambda d_in, d_out: math.sqrt(2 / d_in),
    "sqrt(2 / d_out)": lambda d_in, d_out: math.sqrt(2 / d_out),
    "sqrt(1 / d_in)": lambda d_in, d_out: math.sqrt(1 / d_in),
    "sqrt(1 / d_out)": lambda d_in, d_out: math.sqrt(1 / d_out),
    "sqrt(1 / (d_in + d_out))": lambda d_in, d_out: math.sqrt(1 / (d_in + d_out)),
    "sqrt(6 / (d_in + d_out))": lambda d_in, d_out: math.sqrt(6 / (d_in + d_out)),
    "sqrt(6 / d_in)": lambda d_in, d_out: math.sqrt(6 / d_in),
    "sqrt(2 / (d_in d_out))": lambda d_in, d_out: math.sqrt(2 / (d_in * d_out)),
    "2 / (d_in + d_out)": lambda d_in, d_out: 2 / (d_in + d_out),
    "2 / d_in": lambda d_in, d_out: 2 / d_in,
    "sqrt(2) / (d_in + d_out)": lambda d_in, d_out: math.sqrt(2) / (d_in + d_out),
    "sqrt(2) / d_in": lambda d_in, d_out: math.sqrt(2) / d_in,
    "sqrt((d_in + d_out) / 2)": lambda d_in, d_out: math.sqrt((d_in + d_out) / 2),
    "sqrt(d_in / 2)": lambda d_in, d_out: math.sqrt(d_in / 2),
    "0.01": lambda d_in, d_out: 0.01,
}
# A uniform distribution between -L and L has the deviation L / sqrt(3); one between 0 and 1, 1 / sqrt(12).
UNIFORM = {
    "uniform to 1": lambda d_in, d_out: math.sqrt(1 / 3),
    "uniform from 0 to 1": lambda d_in, d_out: math.sqrt(1 / 12),
    "uniform to sqrt(2 / (d_in + d_out))": lambda d_in, d_out: math.sqrt(2 / 3 / (d_in + d_out)),
    "uniform to sqrt(2 / d_in)": lambda d_in, d_out: math.sqrt(2 / 3 / d_in),
    "uniform to sqrt(1 / d_in)": lambda d_in, d_out: math.sqrt(1 / 3 / d_in),
}

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


def shapes(rng):
    """(d_in, d_out) of a wide and of a tall array, each of more than 40000 entries."""
    wide, tall = rng.integers(5, size=2), rng.integers(5, size=2)
    return [(120 + int(wide[0]), 351 + int(wide[1])), (301 + int(tall[0]), 140 + int(tall[1]))]


def share_slack(p, n):
    """How far the share S of n entries may be from p.

    Bernstein: P(|S - p| >= t) <= 2 exp(-n t^2 / (2 p (1 - p) + 2 t / 3)).
    """
    third = TAIL / 3
    return (third + math.sqrt(third**2 + 2 * TAIL * n * p * (1 - p))) / n


def within(c):
    """The share of a normal distribution that is within c deviations."""
    return math.erf(c / math.sqrt(2))


def centred(array):
    """Whether the mean is 0 within what is allowed."""
    # The observed deviation stands for the right one, so it may be 2.6 % smaller.
    return bool(abs(array.mean()) <= 1.03 * math.sqrt(2 * TAIL / array.size) * array.std())


def distributed(array, share):
    """Whether the shares of the entries within .5, 1, 1.5 and 2.3 deviations are those that `share(c)` says."""
    n = array.size
    u = math.sqrt(TAIL / n)
    # Where the mean is wrong, that has been said; the form of the distribution is another thing.
    size = np.abs(array - (0 if centred(array) else array.mean())) / array.std()
    for c in (0.5, 1.0, 1.5, 2.3):
        low, high = share(c * (1 - u - u**2)), share(c * (1 + u + u**2))
        if not low - share_slack(low, n) <= np.mean(size < c) <= high + share_slack(high, n):
            return False
    return True


def real_array(value):
    """The array of real numbers that came back, or None."""
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return array if array.dtype.kind in "iuf" and np.isfinite(array).all() else None


def statistics(code, rng, function, formula):
    """What can be said of the arrays that an initialiser draws; formula: the name of the right deviation.

    Where the deviation is wrong, it tells which of the known wrong ones it is, and so for the distribution: each is
    a row of truth values, all of them True where all is right.
    """
    init = getattr(code, function)
    sizes = shapes(rng)
    first, *others = seeds(rng, 4)
    with right_normal_init(code, rng, function):
        large = [init(d_in, d_out, generator(code, first + i)) for i, (d_in, d_out) in enumerate(sizes)]
        small = [init(3, 2, generator(code, seed)) for seed in others] + [init(1, 1, generator(code, first))]
    if any(value is None for value in large + small):
        return None
    large, small = [real_array(value) for value in large], [real_array(value) for value in small]
    shaped = all(a is not None and a.shape == size for a, size in zip(large, sizes, strict=True))
    # Of as many entries as there should be, and not all equal: only then there are statistics.
    whole = all(
        a is not None and a.size == math.prod(size) and a.std() > 0 for a, size in zip(large, sizes, strict=True)
    )
    kinds = {**DEVIATIONS, **UNIFORM}

    def deviates_as(name):
        u = [math.sqrt(TAIL / a.size) for a in large]
        ratios = [a.std() / kinds[name](*size) for a, size in zip(large, sizes, strict=True)]
        return all(abs(ratio - 1) <= v + v**2 for ratio, v in zip(ratios, u, strict=True))

    normal = whole and all(distributed(a, within) for a in large)
    uniform = whole and not normal and any(distributed(a, lambda c: min(c / math.sqrt(3), 1.0)) for a in large)
    known = [not whole or not deviates_as(name) for name in kinds if name != formula]
    return {
        "the shape": shaped,
        "the mean": whole and all(centred(a) for a in large),
        "the deviation": np.array([[whole and deviates_as(formula), *known]]),
        "the kind of distribution": np.array([[normal, not uniform]]),
        "every entry drawn for itself": whole and all(independent(a) for a in large),
        "float64 numbers": shaped and all(a.dtype == np.float64 for a in large),
        "small arrays": small_ones(small, kinds[formula](3, 2)),
    }


def independent(array):
    """Whether the entries differ from each other, and the sizes of the rows and of the columns as they do by chance.

    Of 5000 doubles that are drawn one by one, no four coincide. The size of k normal entries varies by
    1 / sqrt(2 k) of itself; measured on the more than 100 rows or columns, that is not a third nor three times as
    much (chi-square distribution, about exp(-77)).
    """
    head = array.ravel()[:5000]
    if np.unique(head).size <= head.size - 4:
        return False
    for lines in (np.atleast_2d(array), np.atleast_2d(array).T):
        size = np.sqrt(np.mean(lines**2, axis=1))
        if not 1 / 3 < size.std() / size.mean() * math.sqrt(2 * lines.shape[1]) < 3:
            return False
    return True


def small_ones(arrays, deviation):
    """Whether arrays (3, 2) and the last one (1, 1) hold numbers as they were drawn: had they been shifted or scaled
    to have the exact mean or deviation, small arrays would show it."""
    if any(a is None or a.shape != shape for a, shape in zip(arrays, [(3, 2)] * 3 + [(1, 1)], strict=True)):
        return False
    exact_mean = all(abs(a.mean()) <= 1e-9 * a.std() for a in arrays[:3])
    exact_deviation = all(abs(a.std() / deviation - 1) <= 1e-9 for a in arrays[:3])
    return bool(arrays[3][0, 0]) and not exact_mean and not exact_deviation


def draws(code, rng, function):
    """Where the numbers of an initialiser come from."""
    init = getattr(code, function)
    one, two, three = seeds(rng, 3)
    with right_normal_init(code, rng, function):
        code.seed(three)
        first, again, other = (init(4, 3, generator(code, seed)) for seed in (one, one, two))
        going_on = generator(code, two)
        pair = [init(4, 3, going_on), init(4, 3, going_on)]
    if first is None:
        return None
    global_draw = code.define("import numpy\ndraw = numpy.random.random", "draw")
    after = global_draw(3)
    code.seed(three)
    return {
        "the same numbers from the same seed": same(first, again),
        "other numbers from another seed": not same(first, other),
        "other numbers in a second call": not same(*pair),
        "NumPy's global generator untouched": same(after, global_draw(3)),
    }


DRAWN = "drawn from the generator that is given, and from no other; a second call draws other numbers"


@check("normal_init", 0.5, "normal_init")
def normal_statistics(code, rng):
    """normal_init(d_in, d_out, rng), two large arrays and a few small ones

    an array (d_in, d_out), each entry drawn from a normal distribution with mean 0 and deviation 1
    """
    return statistics(code, rng, "normal_init", "1")


@check("normal_init", 0.5, "normal_init")
def normal_draws(code, rng):
    """normal_init(4, 3, rng), several times

    drawn from the generator that is given, and from no other; a second call draws other numbers
    """
    return draws(code, rng, "normal_init")


@check("glorot_init", 0.5, "glorot_init")
def glorot_statistics(code, rng):
    """glorot_init(d_in, d_out, rng), two large arrays and a few small ones

    an array (d_in, d_out), each entry drawn from a normal distribution with mean 0 and deviation sqrt(2 / (d_in +
    d_out))
    """
    return statistics(code, rng, "glorot_init", "sqrt(2 / (d_in + d_out))")


@check("glorot_init", 0.5, "glorot_init")
def glorot_draws(code, rng):
    """glorot_init(4, 3, rng), several times

    drawn from the generator that is given, and from no other; a second call draws other numbers
    """
    return draws(code, rng, "glorot_init")


@check("he_init", 0.5, "he_init")
def he_statistics(code, rng):
    """he_init(d_in, d_out, rng), two large arrays and a few small ones

    an array (d_in, d_out), each entry drawn from a normal distribution with mean 0 and deviation sqrt(2 / d_in)
    """
    return statistics(code, rng, "he_init", "sqrt(2 / d_in)")


@check("he_init", 0.5, "he_init")
def he_draws(code, rng):
    """he_init(4, 3, rng), several times

    drawn from the generator that is given, and from no other; a second call draws other numbers
    """
    return draws(code, rng, "he_init")


@check("he_over_glorot", 1, "he_over_glorot", uses=("glorot_init", "he_init"), rtol=5e-3)
def answer_he_over_glorot(code, rng):
    """he_over_glorot()

    the factor between the two signals after the tenth layer
    """
    return code.he_over_glorot()


# ---------------------------------------------------------------- mini-batches


def deal(code, x, y, batch_size, rng):
    """One pass: what minibatches hands out, as a list, or None. An endless pass is broken off."""
    batches = code.minibatches(x, y, batch_size, rng)
    return batches.take(50) if isinstance(batches, Remote) else batches


def pairs(batches):
    """The batches as pairs of arrays; an empty list where they are something else."""
    if not isinstance(batches, (list, tuple)):
        return []
    if not all(isinstance(item, (list, tuple)) and len(item) == 2 for item in batches):
        return []
    found = [tuple(real_array(part) for part in item) for item in batches]
    return found if all(part is not None and part.ndim for item in found for part in item) else []


def places(rows, x):
    """The index in x of each of the rows, -1 for one that is not in x; None where they are no rows of it."""
    if rows.shape[1:] != x.shape[1:] or len(rows) > len(x):
        return None
    columns = math.prod(x.shape[1:])
    equal = (rows.reshape(len(rows), 1, columns) == x.reshape(1, len(x), columns)).all(axis=2)
    return np.where(equal.any(axis=1), equal.argmax(axis=1), -1)


def order(batches, x):
    """The indexes of the rows in the order in which they are handed out; an empty list where they cannot be told."""
    found = [places(x_batch, x) for x_batch, _ in pairs(batches)]
    return [] if any(p is None for p in found) else [int(i) for p in found for i in p]


def order_of_y(batches, y):
    """The same for y, which may be shuffled on its own."""
    return order([(y_batch, x_batch) for x_batch, y_batch in pairs(batches)], y)


def facts(batches, x, y, batch_size):
    """What is promised of the rows of one pass, and whether it is so.

    Rows of several truth values, all of them True where all is right, tell different mistakes from each other.
    """
    dealt = pairs(batches)
    rows = order(batches, x)
    n = len(x)
    sizes = [len(x_batch) for x_batch, _ in dealt]
    right_sizes = [min(batch_size, n - start) for start in range(0, n, batch_size)]
    paired = bool(rows) and all(
        y_batch.shape == (len(x_batch), *y.shape[1:]) and np.array_equal(y_batch, y[places(x_batch, x)])
        for x_batch, y_batch in dealt
    )
    in_order = list(range(n))
    shaped = all(y_batch.shape == (len(x_batch), *y.shape[1:]) for x_batch, y_batch in dealt)
    return {
        "pairs of x and y": bool(dealt) and bool(rows),
        "the sizes of the batches": np.array([[sizes == right_sizes, len(sizes) == len(right_sizes)]]),
        "no row left out": set(rows) >= set(in_order),
        "no row twice": bool(rows) and len(set(rows)) == len(rows),
        "y beside its row of x": np.array(
            [[paired, paired or rows != in_order, paired or order_of_y(batches, y) != in_order, shaped]]
        ),
    }


@check("minibatches", 1, "minibatches")
def minibatches_rows(code, rng):
    """list(minibatches(x, y, batch_size, rng)), for several numbers of rows

    pairs (x_batch, y_batch) of batch_size rows each, the last of what is left; every row of x once, beside its row of y
    """
    seen = {}
    # 13 rows in batches of 5 are 5 + 5 + 3; split evenly into as many parts they would be 5 + 4 + 4.
    for name, n, batch_size, columns in (
        ("13 rows in batches of 5", 13, 5, (2,)),
        ("a batch_size that divides the rows", 12, 4, (2,)),
        ("a batch_size larger than the rows", 5, 9, (2,)),
        ("a batch_size of 1", 4, 1, (2,)),
        ("y of one column", 7, 3, (1,)),
    ):
        x, y = rng.normal(size=(n, 3)), rng.normal(size=(n, *columns))
        batches = deal(code, x, y, batch_size, generator(code, rng.integers(2**31)))
        if batches is None:
            return None
        found = facts(batches, x, y, batch_size)
        seen.update(found if not seen else {name: all(np.all(fact) for fact in found.values())})
    return seen


@check("minibatches", 0.5, "minibatches")
def minibatches_order(code, rng):
    """minibatches(x, y, batch_size, rng), several passes

    rows in random order, all of them shuffled together, in another order in each pass; the order comes from rng alone
    """
    n, batch_size = 200, 16
    x, y = rng.normal(size=(n, 2)), rng.normal(size=(n, 1))
    one, two, three = seeds(rng, 3)
    code.seed(three)
    going_on = generator(code, one)
    passes = [deal(code, x, y, batch_size, g) for g in (going_on, going_on, generator(code, one), generator(code, two))]
    if passes[0] is None:
        return None
    global_draw = code.define("import numpy\ndraw = numpy.random.random", "draw")
    after = global_draw(3)
    code.seed(three)
    first, second, again, other = (order(batches, x) for batches in passes)
    dealt = bool(first and second and again and other)
    kept, of_y = list(range(n)), order_of_y(passes[0], y)
    # Of 200 shuffled rows two on average follow a neighbour; 50 never do. That the first 16 lie as near to each other
    # as 32 rows happens once in 1e10, that the last 8 are the last 8 of x once in 1e13.
    neighbours = sum(b - a in (1, -1) for a, b in zip(first, first[1:], strict=False))
    heads, rest = sorted(first[:batch_size]), n % batch_size
    return {
        "rows in another order than they came": np.array(
            [[dealt and first != kept, first[::-1] != kept, neighbours < n / 4, first != kept or of_y in ([], kept)]]
        ),
        "rows from all of x in the first batch": dealt and heads[-1] - heads[0] > 2 * batch_size,
        "rows from all of x in the last batch": dealt and set(first[-rest:]) != set(kept[-rest:]),
        "another order in the next pass": dealt and first != second,
        "the same order from the same seed": dealt and first == again,
        "another order from another seed": dealt and first != other,
        "NumPy's global generator untouched": same(after, global_draw(3)),
    }


@check("minibatches", 0.5, "minibatches")
def minibatches_side_effects(code, rng):
    """minibatches(x, y, batch_size, rng), x and y afterwards, and a second pass

    x and y as they were; a pass that follows one that was broken off begins anew
    """
    x, y = rng.normal(size=(11, 2)), rng.normal(size=(11, 2))
    x_there, y_there = code.keep(x), code.keep(y)
    g = generator(code, rng.integers(2**31))
    first = deal(code, x_there, y_there, 4, g)
    if first is None:
        return None
    broken_off = code.minibatches(x_there, y_there, 4, g)
    if isinstance(broken_off, Remote):
        broken_off.take(1)
    last = deal(code, x_there, y_there, 4, g)
    sizes = [sorted(len(x_batch) for x_batch, _ in pairs(batches)) for batches in (first, last)]
    return {
        "x afterwards": x_there.value(),
        "y afterwards": y_there.value(),
        "a pass after one that was broken off": np.array([[bool(sizes[0]), sizes[0] == sizes[1]]]),
    }


# ---------------------------------------------------------------- optimizers
# An optimizer is judged by where the parameters go, not by the names of its state.

MODEL = """
import numpy

class Model:
    def __init__(self, arrays):
        self.parameters = {name: numpy.array(array) for name, array in arrays.items()}
        self.gradients = {name: numpy.zeros_like(array) for name, array in arrays.items()}
        self.own_parameters, self.own_gradients = dict(self.parameters), dict(self.gradients)

    def fill(self, gradients):
        for name, gradient in gradients.items():
            self.gradients[name][...] = gradient

    def flat(self):
        return numpy.concatenate([numpy.ravel(array) for array in self.parameters.values()])[None]

    def follow(self, optimizer, path):
        places = []
        for gradients in path:
            self.fill(gradients)
            optimizer.step()
            places.append(self.flat())
        return numpy.stack(places)
"""


def gradients(rng, shapes, scales):
    """A list of dicts of gradients of both signs, none near 0, each step of another size."""
    return [
        {name: scale * rng.uniform(0.7, 1.3, shape) * rng.choice([-1, 1], shape) for name, shape in shapes.items()}
        for scale in scales
    ]


SCALES = (2, 0.3, 0.6, 0.4, 1.2, 0.5)
STEPS = ("the first step", "the second step", "the third step", "the fourth step", "the fifth step", "the sixth step")


def follow(model, optimizer, path):
    """The model's parameters after each step of the path, an array (steps, 1, number of entries)."""
    places = model.follow(optimizer, path)
    return places if isinstance(places, np.ndarray) and places.ndim == 3 else np.zeros((0, 1, 1))


def drawn(rng, shapes):
    """Parameters to start from: none is 0, so that a step which takes them for gradients shows."""
    return {name: rng.uniform(0.7, 1.3, shape) * rng.choice([-1, 1], shape) for name, shape in shapes.items()}


def moves(code, start, build, path):
    """How far the parameters are from their start after each step of the path. build: makes a model's optimizer."""
    model = code.define(MODEL, "Model")(start)
    places, flat = follow(model, build(model), path), np.concatenate([np.ravel(array) for array in start.values()])
    return places - flat if places.shape[1:] == (1, flat.size) else places


def trajectory(code, rng, optimizer, names, **options):
    """How far two parameters of the same shape have gone after each of six steps with different gradients.

    The same shape, as a state that they share by mistake then shows in the numbers and not in an exception.
    names: of the parameters, not the same for any two models, as a state may by mistake be kept in the class.
    """
    shapes = dict.fromkeys(names, (3, 2))
    path = gradients(rng, shapes, SCALES)
    return moves(code, drawn(rng, shapes), lambda model: getattr(code, optimizer)(model, **options), path)


def by_step(places):
    """What there is after each step under a name."""
    return dict(zip(STEPS, places, strict=False))


def side_effects(code, rng, optimizer, options, rate_of_zero=True):
    """What a step must leave alone, told by comparing the optimizer with itself: a wrong formula does not show here.

    Rows of two truth values, both True where all is right, tell different mistakes from each other.
    """
    shapes = {"W": (4, 3), "b": (3,), "c": (5,)}
    start = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    path, other_path = gradients(rng, shapes, SCALES[:4]), gradients(rng, shapes, SCALES[2:])
    make = code.define(MODEL, "Model")
    build = getattr(code, optimizer)

    model = make(start)
    first = build(model, **options)
    places = follow(model, first, path)
    model.fill(path[0])
    first.step()
    after, arrays = model.parameters.get(), model.own_parameters.get()
    left_over = model.gradients.get(), model.own_gradients.get()
    zero = {name: np.zeros(shape) for name, shape in shapes.items()}

    # Two optimizers step in turns: each must go its own way.
    left, right = make(start), make(start)
    of_left, of_right = build(left, **options), build(right, **options)
    in_turns = []
    for one, two in zip(path, other_path, strict=True):
        in_turns.extend(follow(left, of_left, [one]))
        follow(right, of_right, [two])
    seen = {
        "the parameters' own arrays move": np.array([[same(after, arrays), not same(start, after)]]),
        "the gradients as they were": np.array(
            [[all(same(path[0], g) for g in left_over), not same(zero, left_over[0])]]
        ),
        "the same beside a second optimizer": same(list(places), in_turns),
    }
    if rate_of_zero:
        seen.update(rests_without_rate(code, rng, optimizer, options))
    return seen


def rests_without_rate(code, rng, optimizer, options):
    """Whether nothing moves while the optimizer's lr is 0, and, in the same row, whether the rate makes any difference;
    and whether all goes on when it is set back."""
    shapes = {"rows": (3, 2), "row": (2,)}
    path = gradients(rng, shapes, SCALES[:4])
    start = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    make = code.define(MODEL, "Model")
    steady, model = make(start), make(start)
    usual = follow(steady, getattr(code, optimizer)(steady, **options), path)
    stepper = getattr(code, optimizer)(model, **options)
    before = follow(model, stepper, path[:2])
    rate = stepper.lr.get()
    stepper.lr.set(0.0)
    resting = follow(model, stepper, path[2:3])
    stepper.lr.set(rate)
    after = follow(model, stepper, path[3:])
    return {
        "no move while the rate is zero": np.array([[same(before[-1:], resting), not same(usual[3:], after)]]),
        "moving on when the rate is set back": not same(resting, after),
    }


def small_gradients(code, rng, optimizer):
    """How far parameters go in two steps of gradients as small as eps matters for, with the default options."""
    seen, build = {}, getattr(code, optimizer)
    for name, scale, options in (("tiny gradients", 1e-6, {}), ("small gradients, another eps", 1e-2, {"eps": 2e-3})):
        shapes = {f"array{len(seen)}": (3, 2)}
        path = gradients(rng, shapes, (scale, 3 * scale))
        seen[name] = moves(code, drawn(rng, shapes), lambda model, options=options: build(model, **options), path)
    start = drawn(rng, {"still": (1, 2), "moving": (1, 2)})
    path = [{"still": np.zeros((1, 2)), "moving": rng.uniform(0.5, 1, (1, 2))} for _ in range(2)]
    seen["a gradient of zero"] = moves(code, start, build, path)
    return seen


# ---------------------------------------------------------------- Momentum


@check("momentum_step", 2, "Momentum.step")
def momentum_trajectory(code, rng):
    """step(), six times with different gradients

    velocity <- momentum * velocity + gradient; parameter <- parameter - lr * velocity
    """
    return {
        **by_step(trajectory(code, rng, "Momentum", ("w1", "w2"), lr=0.05)),
        "six steps with other options": trajectory(code, rng, "Momentum", ("u1", "u2"), lr=0.2, momentum=0.6),
    }


@check("momentum_step", 0.5, "Momentum.step")
def momentum_rate(code, rng):
    """step(), with optimizer.lr changed between the steps

    nothing moves while the rate is zero: the velocity sums up gradients, and the rate comes in when the parameter moves
    """
    return rests_without_rate(code, rng, "Momentum", {"lr": 0.05})


@check("momentum_step", 0.5, "Momentum.step")
def momentum_side_effects(code, rng):
    """step(), for several models and optimizers

    the parameters' arrays changed in place, the gradients as they were, each optimizer with a memory of its own
    """
    return side_effects(code, rng, "Momentum", {"lr": 0.05}, rate_of_zero=False)


# ---------------------------------------------------------------- RMSprop


@check("rmsprop_step", 1.5, "RMSprop.step", rtol=1e-6)
def rmsprop_trajectory(code, rng):
    """step(), six times with different gradients

    square <- alpha * square + (1 - alpha) * gradient^2; parameter <- parameter - lr * gradient / (sqrt(square) + eps)
    """
    # With so small an eps it does not matter where it stands: that is the next check's.
    return {
        **by_step(trajectory(code, rng, "RMSprop", ("w1", "w2"), lr=0.05, eps=1e-13)),
        "six steps with other options": trajectory(code, rng, "RMSprop", ("u1", "u2"), lr=0.2, alpha=0.8, eps=1e-13),
    }


@check("rmsprop_step", 1, "RMSprop.step", elementwise=True)
def rmsprop_small_gradients(code, rng):
    """step(), with gradients of 0 and of about 1e-6

    eps is added to the root of square; a gradient of 0 moves nothing
    """
    return small_gradients(code, rng, "RMSprop")


@check("rmsprop_step", 0.5, "RMSprop.step")
def rmsprop_side_effects(code, rng):
    """step(), for several models and optimizers

    the parameters' arrays changed in place, the gradients as they were, each optimizer with a memory of its own
    """
    return side_effects(code, rng, "RMSprop", {"lr": 0.05, "alpha": 0.9})


# ---------------------------------------------------------------- Adam


@check("adam_step", 2.5, "Adam.step", rtol=1e-6)
def adam_trajectory(code, rng):
    """step(), six times with different gradients

    running means m of the gradient and v of its square, both corrected for their start at 0; parameter <- parameter -
    lr * m_hat / (sqrt(v_hat) + eps)
    """
    return by_step(trajectory(code, rng, "Adam", ("w1", "w2"), lr=0.05, eps=1e-13))


@check("adam_step", 1, "Adam.step", rtol=1e-6)
def adam_betas(code, rng):
    """step(), six times, with other betas

    the betas that the optimizer was given are used, the first for m and the second for v
    """
    return {
        "a short memory": trajectory(code, rng, "Adam", ("w1", "w2"), lr=0.05, betas=(0.6, 0.8), eps=1e-13),
        "the first beta larger": trajectory(code, rng, "Adam", ("u1", "u2"), lr=0.2, betas=(0.9, 0.5), eps=1e-13),
    }


@check("adam_step", 1, "Adam.step", elementwise=True)
def adam_small_gradients(code, rng):
    """step(), with gradients of 0 and of about 1e-6

    eps is added to the root of v_hat; a gradient of 0 moves nothing
    """
    return small_gradients(code, rng, "Adam")


@check("adam_step", 0.5, "Adam.step")
def adam_side_effects(code, rng):
    """step(), for several models and optimizers

    the parameters' arrays changed in place, the gradients as they were, each optimizer with a memory of its own
    """
    return side_effects(code, rng, "Adam", {"lr": 0.05, "betas": (0.8, 0.9)})


@check("first_adam_step", 1, "first_adam_step", uses=("Adam.step",), rtol=6e-5)
def answer_first_adam_step(code, rng):
    """first_adam_step()

    how far the first step moves a parameter whose gradient is 1e-6, a positive number to four digits
    """
    return code.first_adam_step()


# ---------------------------------------------------------------- all together

HIDDEN = 48
TRAINING = """
import itertools
import numpy

def train(x, y, hidden, batch_size, epochs, seed):
    rng = numpy.random.default_rng(seed)
    start = (he_init(x.shape[1], hidden, rng), numpy.zeros(hidden),
             he_init(hidden, y.shape[1], rng), numpy.zeros(y.shape[1]))
    net = TwoLayerNet(*start)
    optimizer = Adam(net, lr=0.01)
    for _ in range(epochs):
        for x_batch, y_batch in itertools.islice(minibatches(x, y, batch_size, rng), len(x)):
            train_step(net, optimizer, x_batch, y_batch)
    return start, net.parameters
"""


def squared_error(parameters, x, y):
    """The loss of the two-layer network with these parameters, computed here; nan where they do not fit."""
    try:
        W1, b1, W2, b2 = (np.asarray(array, dtype=float) for array in parameters)
        if W1.shape[1:] != b1.shape or len(W2) != len(b1) or len(b1) > HIDDEN:
            return np.nan
        with np.errstate(all="ignore"):
            return float(np.sum((np.maximum(x @ W1 + b1, 0) @ W2 + b2 - y) ** 2))
    except (TypeError, ValueError):
        return np.nan


@check("convergence", 1, "Adam.step", uses=("he_init", "minibatches"))
def convergence(code, rng):
    """100 epochs of he_init, minibatches and Adam on a small problem

    a loss that starts high and ends below a tenth of the sum of y squared
    """
    x = rng.normal(size=(64, 4))
    y = np.abs(x[:, :1]) + 0.5 * x[:, 1:2] * np.sign(x[:, 2:3])
    with right_normal_init(code, rng):
        result = code.define(TRAINING, "train")(x, y, HIDDEN, 16, 100, int(rng.integers(2**31)))
    start, end = result if isinstance(result, (list, tuple)) and len(result) == 2 else (None, None)
    end = [end.get(name) for name in ("W1", "b1", "W2", "b2")] if isinstance(end, dict) else None
    size = np.sum(y**2)
    return {
        "starts high": bool(squared_error(start, x, y) > 0.15 * size),
        "ends low": bool(squared_error(end, x, y) < 0.1 * size),
    }


@check("adam_steps_to_one", 1, "adam_steps_to_one", uses=("Adam.step",))
def answer_adam_steps_to_one(code, rng):
    """adam_steps_to_one()

    the index, counted from 0, of Adam's first loss below 1 from the default start
    """
    return code.adam_steps_to_one()
