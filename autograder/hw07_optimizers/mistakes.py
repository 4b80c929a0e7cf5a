"""Known mistakes and right variants of hw07_optimizers."""

from dataclasses import replace

import numpy as np

from gradbook.homework import chaff, chaff_edit, wheat, wheat_edit

# ---------------------------------------------------------------- initialisation

DRAW = {
    "normal": "rng.standard_normal((d_in, d_out))",
    "glorot": "rng.standard_normal((d_in, d_out)) * np.sqrt(2 / (d_in + d_out))",
    "he": "rng.standard_normal((d_in, d_out)) * np.sqrt(2 / d_in)",
}
FACTOR = {"normal": "1.0", "glorot": "np.sqrt(2 / (d_in + d_out))", "he": "np.sqrt(2 / d_in)"}
NORMAL = "rng.standard_normal((d_in, d_out))"


def _each(declare):
    """Declare the same of each of the three, whose name takes the place of `init`. declare(init): the decorator."""

    def of_each(function):
        edits = {init: declare(init)(function) for init in DRAW}
        return [replace(edit, name=edit.name.replace("init", init, 1)) for init, edit in edits.items()]

    return of_each


def _drawn(check, drawing):
    """Numbers that are drawn in a wrong way, with the right factor."""
    return _each(lambda init: chaff_edit(f"{init}_init", f"{init}_{check}", DRAW[init], f"{drawing} * {FACTOR[init]}"))


def _rightly_drawn(drawing):
    """Numbers that are drawn in another right way; {} stands for the factor."""
    return _each(lambda init: wheat_edit(f"{init}_init", DRAW[init], drawing.format(FACTOR[init])))


@_drawn("draws", "np.random.standard_normal((d_in, d_out))")
def init_global():
    """numbers from the global generator

    The numbers come from np.random and not from the generator that is given. Draw with rng.
    """


@_drawn("draws", "np.random.default_rng().standard_normal((d_in, d_out))")
def init_own_generator():
    """a generator of its own

    The numbers come from a generator of the function's own. Draw with the one that it is given.
    """


@_drawn("draws", "np.random.default_rng(0).standard_normal((d_in, d_out))")
def init_fixed_generator():
    """a seed fixed inside

    Every call gives the same numbers. Draw new ones, with the generator that is given.
    """


@_drawn("draws", "(np.random.seed(0), np.random.standard_normal((d_in, d_out)))[1]")
def init_seeds_global():
    """the global generator seeded inside

    Every call gives the same numbers, and seeds NumPy's global generator besides. Draw with rng.
    """


@_drawn("draws", "(np.random.seed(rng.integers(2**31)), np.random.standard_normal((d_in, d_out)))[1]")
def init_seeds_global_by_rng():
    """the global generator seeded by rng

    rng only seeds NumPy's global generator here, which others use as well. Draw with rng itself.
    """


@_drawn("draws", "__import__('copy').deepcopy(rng).standard_normal((d_in, d_out))")
def init_copied_generator():
    """numbers from a copy of the generator

    A second call draws the same numbers again: draw from rng itself, not from a copy of it.
    """


@_drawn("statistics", "rng.standard_normal((d_out, d_in))")
def init_transposed():
    """rows for columns

    The shape is (d_in, d_out): as many rows as there are inputs, as batches are rows.
    """


@_drawn("statistics", "rng.standard_normal(d_in)")
def init_one_column():
    """a vector for a matrix

    One number for each pair of an input and an output: draw an array of shape (d_in, d_out).
    """


@_drawn("statistics", "np.tile(rng.standard_normal(d_out), (d_in, 1))")
def init_repeated_row():
    """one row repeated

    The same numbers stand in the array many times; every entry is drawn for itself.
    """


@_drawn("statistics", "(rng.standard_normal((d_in, 1)) + np.zeros((d_in, d_out)))")
def init_repeated_column():
    """one column repeated

    The same numbers stand in the array many times; every entry is drawn for itself.
    """


@_drawn("statistics", "rng.uniform(-np.sqrt(3), np.sqrt(3), (d_in, d_out))")
def init_scaled_uniform():
    """uniform with the right deviation

    The deviation is right, but the distribution is uniform: draw from a normal one.
    """


@_drawn("statistics", "np.abs(rng.standard_normal((d_in, d_out)))")
def init_positive():
    """absolute values

    All the weights are positive; a normal distribution with mean 0 has as many negative ones.
    """


@_drawn("statistics", "(lambda a: (a - a.mean()) / a.std())(rng.standard_normal((d_in, d_out)))")
def init_standardised():
    """scaled to the exact deviation

    The numbers are shifted and scaled to have exactly this deviation. Leave them as they are drawn; an array of one
    entry would even become nan.
    """


@chaff_edit(
    "normal_init",
    "normal_statistics",
    DRAW["normal"],
    "rng.standard_normal((d_in, d_out), dtype=np.float32).astype(np.float32) * 1.0",
)
def normal_float32():
    """float32

    The numbers are float32; everything here is float64.
    """


@chaff_edit("glorot_init", "glorot_statistics", DRAW["glorot"], f"({DRAW['glorot']}).astype(np.float32)")
def glorot_float32():
    """float32

    The numbers are float32; everything here is float64.
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"({DRAW['he']}).astype(np.float32)")
def he_float32():
    """float32

    The numbers are float32; everything here is float64.
    """


@chaff_edit("normal_init", "normal_statistics", DRAW["normal"], "rng.random((d_in, d_out)) * 1.0")
def normal_uniform():
    """uniform from 0 to 1

    That is a uniform distribution from 0 to 1: mean, deviation and shape are others. Draw from a normal one.
    """


@chaff_edit("normal_init", "normal_statistics", DRAW["normal"], "rng.uniform(-1, 1, (d_in, d_out)) * 1.0")
def normal_uniform_centred():
    """uniform from -1 to 1

    That is a uniform distribution from -1 to 1: draw from a normal one.
    """


@chaff_edit("normal_init", "normal_statistics", DRAW["normal"], f"{NORMAL} * 0.01")
def normal_small():
    """scaled by .01

    The deviation is 1 here; nothing scales the numbers down.
    """


@chaff_edit("normal_init", "normal_statistics", DRAW["normal"], f"{NORMAL} * np.sqrt(2 / d_in)")
def normal_scaled_by_inputs():
    """scaled as he_init

    The deviation is 1, whatever the shape. Scaling by d_in is the work of he_init.
    """


@chaff_edit("normal_init", "normal_statistics", DRAW["normal"], f"{NORMAL} * np.sqrt(2 / (d_in + d_out))")
def normal_scaled_by_both():
    """scaled as glorot_init

    The deviation is 1, whatever the shape. Scaling by d_in and d_out is the work of glorot_init.
    """


@chaff_edit("normal_init", "normal_statistics", DRAW["normal"], f"{NORMAL} * np.sqrt(1 / d_in)")
def normal_kept_linear():
    """divided by the root of d_in

    The deviation is 1, whatever the shape; here it shrinks with d_in.
    """


@chaff_edit("normal_init", "normal_statistics", DRAW["normal"], "rng.normal(1, 1, (d_in, d_out)) * 1.0")
def normal_mean_one():
    """mean 1

    The mean is 0; here the numbers are around another one.
    """


@chaff_edit("glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * (2 / (d_in + d_out))")
def glorot_variance():
    """variance for deviation

    That is the variance. The deviation is its root.
    """


@chaff_edit("glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * (np.sqrt(2) / (d_in + d_out))")
def glorot_root_of_two():
    """root of the 2 only

    The root is taken of the 2 only; it is of the whole fraction.
    """


@chaff_edit("glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * np.sqrt(1 / (d_in + d_out))")
def glorot_sum_of_both():
    """the 2 missing

    The variance is half of what it should be: it is one over the mean of d_in and d_out, not over their sum.
    """


@chaff_edit("glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * np.sqrt(1 / d_in)")
def glorot_inputs_only():
    """only the number of inputs

    That keeps the signal forward only: d_out must come in too.
    """


@chaff_edit("glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * np.sqrt(1 / d_out)")
def glorot_outputs_only():
    """only the number of outputs

    That keeps the gradient backward only: d_in must come in too.
    """


@chaff_edit("glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * np.sqrt(2 / d_in)")
def glorot_he():
    """he_init's deviation

    That is he_init's deviation: Glorot's has the sum of d_in and d_out below the line.
    """


@chaff_edit("glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * 1.0")
def glorot_plain():
    """not scaled

    The deviation is 1: the numbers are not scaled yet.
    """


@chaff_edit("glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * np.sqrt(6 / (d_in + d_out))")
def glorot_uniform_limit():
    """uniform limit as deviation

    The root of 6 / (d_in + d_out) is the limit of the uniform distribution. The deviation of the normal one has a 2
    there.
    """


@chaff_edit("glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * np.sqrt((d_in + d_out) / 2)")
def glorot_upside_down():
    """fraction upside down

    The fraction is upside down: the more inputs and outputs, the smaller the weights.
    """


@chaff_edit("glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * np.sqrt(2 / (d_in * d_out))")
def glorot_product():
    """product for sum

    d_in and d_out are multiplied; what belongs there is their sum.
    """


@chaff_edit(
    "glorot_init",
    "glorot_statistics",
    DRAW["glorot"],
    "rng.uniform(-1, 1, (d_in, d_out)) * np.sqrt(2 / (d_in + d_out))",
)
def glorot_uniform_to_deviation():
    """uniform, limit for deviation

    The distribution is uniform, and the deviation is used as its limit. Draw from a normal one.
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"{NORMAL} * (2 / d_in)")
def he_variance():
    """variance for deviation

    That is the variance. The deviation is its root.
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"{NORMAL} * (np.sqrt(2) / d_in)")
def he_root_of_two():
    """root of the 2 only

    The root is taken of the 2 only; it is of the whole fraction.
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"{NORMAL} * np.sqrt(1 / d_in)")
def he_linear():
    """the 2 missing

    That keeps the signal through a linear layer. ReLU takes half of it away; what makes up for that?
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"{NORMAL} * np.sqrt(2 / (d_in + d_out))")
def he_glorot():
    """glorot_init's deviation

    That is glorot_init's deviation: here only d_in counts.
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"{NORMAL} * np.sqrt(2 / d_out)")
def he_outputs():
    """outputs for inputs

    d_out stands where d_in belongs: each output sums over d_in inputs.
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"{NORMAL} * 1.0")
def he_plain():
    """not scaled

    The deviation is 1: the numbers are not scaled yet.
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"{NORMAL} * np.sqrt(6 / d_in)")
def he_uniform_limit():
    """uniform limit as deviation

    The root of 6 / d_in is the limit of the uniform distribution. The deviation of the normal one has a 2 there.
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"{NORMAL} * np.sqrt(d_in / 2)")
def he_upside_down():
    """fraction upside down

    The fraction is upside down: the more inputs, the smaller the weights.
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], "rng.uniform(-1, 1, (d_in, d_out)) * np.sqrt(2 / d_in)")
def he_uniform_to_deviation():
    """uniform, limit for deviation

    The distribution is uniform, and the deviation is used as its limit. Draw from a normal one.
    """


@_rightly_drawn("rng.normal(0, {}, size=(d_in, d_out))")
def init_by_normal(): ...


@_rightly_drawn("{} * rng.standard_normal((d_out, d_in)).T")
def init_transposed_twice(): ...


@_rightly_drawn("(rng.normal(scale={}, size=d_in * d_out)).reshape(d_in, -1)")
def init_reshaped(): ...


@_rightly_drawn("np.array([[rng.normal() * {} for _ in range(d_out)] for _ in range(d_in)])")
def init_rows(): ...


# Box and Muller's way from a uniform to a normal distribution.
@_rightly_drawn(
    "{} * np.sqrt(-2 * np.log(1 - rng.random((d_in, d_out)))) * np.cos(2 * np.pi * rng.random((d_in, d_out)))"
)
def init_box_muller(): ...


@wheat("glorot_init")
def glorot_by_normal_init(d_in, d_out, rng):
    mean_size = (d_in + d_out) / 2
    return normal_init(d_in, d_out, rng) / mean_size**0.5


@wheat("he_init")
def he_by_normal_init(d_in, d_out, rng):
    weights = normal_init(d_in, d_out, rng)
    weights *= np.sqrt(2.0) / np.sqrt(d_in)
    return weights


@chaff_edit("he_over_glorot", "answer_he_over_glorot", "return 32.0", "return 2 ** 0.5")
def ratio_of_one_layer():
    """one layer only

    That is the factor of one layer. The signal passes through ten.
    """


@chaff_edit("he_over_glorot", "answer_he_over_glorot", "return 32.0", "return 1024.0")
def ratio_of_squares():
    """ratio of the variances

    That is the factor between the mean squares. The signal is their root.
    """


@chaff_edit("he_over_glorot", "answer_he_over_glorot", "return 32.0", "return 1 / 32")
def ratio_inverted():
    """ratio upside down

    That is glorot_init against he_init; asked is the other way round.
    """


@chaff_edit("he_over_glorot", "answer_he_over_glorot", "return 32.0", "return 2 ** 4.5")
def ratio_of_nine():
    """nine layers

    One layer is missing: column 0 is the input, before any layer.
    """


@chaff_edit("he_over_glorot", "answer_he_over_glorot", "return 32.0", "return 2 ** 5.5")
def ratio_of_eleven():
    """eleven layers

    One layer too many: column 0 is the input, before any layer.
    """


@chaff_edit("he_over_glorot", "answer_he_over_glorot", "return 32.0", "return 10 * 2 ** 0.5")
def ratio_summed():
    """factors added

    The factors of the layers multiply; here they are added.
    """


@chaff_edit("he_over_glorot", "answer_he_over_glorot", "return 32.0", "return 50 ** 5.0")
def ratio_against_normal():
    """compared with normal_init

    That compares with normal_init; asked are he_init and glorot_init.
    """


@wheat_edit("he_over_glorot", "return 32.0", "return np.sqrt(2) ** 10")
def ratio_as_power(): ...


@wheat_edit("he_over_glorot", "return 32.0", "return 32")
def ratio_as_int(): ...


@wheat_edit(
    "he_over_glorot",
    "return 32.0",
    "return (he_init(6, 6, np.random.default_rng(0))[0, 0] / glorot_init(6, 6, np.random.default_rng(0))[0, 0]) ** 10",
)
def ratio_measured(): ...


# ---------------------------------------------------------------- minibatches

BATCHES = "minibatches"


@chaff_edit(BATCHES, "minibatches_order", "rng.permutation(len(x))", "np.arange(len(x))")
def batches_unshuffled():
    """no shuffling

    The rows come in the order in which they stand in x: shuffle them first.
    """


@chaff_edit(BATCHES, "minibatches_order", "rng.permutation(len(x))", "np.arange(len(x))[::-1]")
def batches_reversed():
    """reversed order

    The rows come in the order in which they stand in x, only backwards: shuffle them with rng.
    """


@chaff_edit(BATCHES, "minibatches_order", "rng.permutation(len(x))", "np.random.default_rng(0).permutation(len(x))")
def batches_fixed_order():
    """seed fixed inside

    The order is the same in every pass. Take it from rng, anew in each call.
    """


@chaff_edit(
    BATCHES, "minibatches_order", "rng.permutation(len(x))", "(np.random.seed(0), np.random.permutation(len(x)))[1]"
)
def batches_seeds_global():
    """the global generator seeded inside

    The order is the same in every pass, and NumPy's global generator is seeded besides. Take it from rng.
    """


@chaff_edit(BATCHES, "minibatches_order", "rng.permutation(len(x))", "np.random.permutation(len(x))")
def batches_global():
    """order from the global generator

    The order comes from np.random and not from the generator that is given.
    """


@chaff_edit(BATCHES, "minibatches_order", "rng.permutation(len(x))", "np.random.default_rng().permutation(len(x))")
def batches_own_generator():
    """a generator of its own

    The order comes from a generator made inside. Take it from rng.
    """


@chaff_edit(
    BATCHES, "minibatches_order", "rng.permutation(len(x))", "np.roll(np.arange(len(x)), rng.integers(1, len(x)))"
)
def batches_only_moved():
    """neighbours stay together

    Rows that follow one another in x stay together. Shuffle all the rows, then deal out.
    """


@chaff_edit(
    BATCHES, "minibatches_rows", "range(0, len(x), batch_size)", "range(0, len(x) - batch_size + 1, batch_size)"
)
def batches_drop_last():
    """last batch dropped

    The rest is lost: the last batch is smaller, but it counts as well.
    """


@chaff_edit(BATCHES, "minibatches_rows", "start : start + batch_size", "start : start + batch_size + 1")
def batches_overlap():
    """slice one too long

    The batches overlap: each takes one row more than batch_size. A slice ends before its second number.
    """


@chaff_edit(BATCHES, "minibatches_rows", "start : start + batch_size", "start : start + batch_size - 1")
def batches_gap():
    """slice one too short

    Each batch lacks its last row. A slice ends before its second number, so that needs no 1 less.
    """


@chaff_edit(BATCHES, "minibatches_rows", "range(0, len(x)", "range(1, len(x)")
def batches_start_at_one():
    """first row skipped

    The first row of the shuffled order never comes: counting begins at 0.
    """


@chaff_edit(BATCHES, "minibatches_rows", "range(0, len(x), batch_size)", "range(0, len(x))")
def batches_of_one_step():
    """sliding window

    The batches slide on by one row only; each must begin where the last one ended.
    """


@chaff_edit(BATCHES, "minibatches_rows", "rng.permutation(len(x))", "rng.integers(len(x), size=len(x))")
def batches_with_replacement():
    """drawn with replacement

    Some rows come twice and others not at all: drawing indexes is not shuffling.
    """


@chaff_edit(BATCHES, "minibatches_rows", "y[rows]", "y[start : start + batch_size]")
def batches_y_unshuffled():
    """only x shuffled

    x is shuffled and y is not: the same index array must pick the rows of both.
    """


@chaff_edit(BATCHES, "minibatches_rows", "yield x[rows]", "yield x[start : start + batch_size]")
def batches_x_unshuffled():
    """only y shuffled

    y is shuffled and x is not: the same index array must pick the rows of both.
    """


@chaff_edit(
    BATCHES,
    "minibatches_rows",
    ("order = rng.permutation(len(x))", "y[rows]"),
    ("order, second = rng.permutation(len(x)), rng.permutation(len(x))", "y[second[start : start + batch_size]]"),
)
def batches_two_orders():
    """x and y shuffled differently

    x and y are shuffled differently: the same index array must pick the rows of both.
    """


@chaff_edit(BATCHES, "minibatches_rows", "yield x[rows], y[rows]", "yield x[rows]")
def batches_without_y():
    """x only

    The batches are pairs: the rows of x, and the rows of y that belong to them.
    """


@chaff_edit(BATCHES, "minibatches_rows", "yield x[rows], y[rows]", "yield y[rows], x[rows]")
def batches_exchanged():
    """x and y exchanged

    In a pair, x_batch comes first and y_batch second.
    """


@chaff_edit(BATCHES, "minibatches_rows", "yield x[rows], y[rows]", "return [(x[rows], y[rows])]")
def batches_return_first():
    """return inside the loop

    Only the first batch comes: a `return` inside the loop ends it.
    """


@chaff_edit(BATCHES, "minibatches_rows", "y[rows]", "y[rows].ravel()")
def batches_y_flattened():
    """y flattened

    y came back flattened: its rows keep their columns.
    """


@chaff_edit(
    BATCHES,
    "minibatches_rows",
    ("rng.permutation(len(x))", "range(0, len(x), batch_size)"),
    ("np.arange(len(x))", "rng.permutation(np.arange(0, len(x), batch_size))"),
)
def batches_of_neighbours():
    """neighbours stay together

    Rows that follow one another in x stay together. Shuffle all the rows, then deal out.
    """


@chaff_edit(
    BATCHES,
    "minibatches_rows",
    "rows = order[start : start + batch_size]",
    "rows = rng.choice(len(x), min(batch_size, len(x)), replace=False)",
)
def batches_drawn_each():
    """each batch drawn from all rows

    Each batch is drawn anew from all the rows, so some come twice and others not at all. Shuffle once, then deal out.
    """


@chaff_edit(
    BATCHES,
    "minibatches_rows",
    "range(0, len(x), batch_size)",
    "range(0, len(x) // batch_size * batch_size + 1, batch_size)",
)
def batches_wrong_divider():
    """an empty batch at the end

    Where batch_size divides the number of rows, an empty batch comes at the end.
    """


@wheat(BATCHES)
def batches_of_one_table(x, y, batch_size, rng):
    table = rng.permutation(np.concatenate([x, y], axis=1), axis=0)
    width = x.shape[1]
    for start in range(0, len(table), batch_size):
        part = table[start : start + batch_size]
        yield part[:, :width], part[:, width:]


@chaff(BATCHES, "minibatches_rows")
def batches_evenly_split(x, y, batch_size, rng):
    """split into equal parts

    The batches are of different sizes: batch_size rows each, and only the last may have fewer.
    """
    parts = np.array_split(rng.permutation(len(x)), -(-len(x) // batch_size))
    return [(x[rows], y[rows]) for rows in parts]


@chaff(BATCHES, "minibatches_rows")
def batches_split_by_floor(x, y, batch_size, rng):
    """split into too few equal parts

    The batches are of different sizes: batch_size rows each, and only the last may have fewer.
    """
    parts = np.array_split(rng.permutation(len(x)), max(1, len(x) // batch_size))
    return [(x[rows], y[rows]) for rows in parts]


@chaff(BATCHES, "minibatches_rows")
def batches_filled_up(x, y, batch_size, rng):
    """last batch filled up

    The last batch is filled up with rows that came before: let it be smaller.
    """
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = np.resize(np.roll(order, -start), batch_size)
        yield x[rows], y[rows]


@chaff(BATCHES, "minibatches_rows")
def batches_none_of_few_rows(x, y, batch_size, rng):
    """nothing where batch_size exceeds the rows

    Where batch_size is larger than the number of rows, all the rows come in one batch.
    """
    order = rng.permutation(len(x))
    if batch_size <= len(x):
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            yield x[rows], y[rows]


@chaff(BATCHES, "minibatches_order")
def batches_shuffled_as_blocks(x, y, batch_size, rng):
    """blocks shuffled, not rows

    The batches are shuffled, but within each the rows follow one another as in x. Shuffle the rows.
    """
    batches = [(x[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(x), batch_size)]
    if len(batches) == 1:
        return batches
    head = batches[:-1]
    return [head[i] for i in rng.permutation(len(head))] + batches[-1:]


@chaff(BATCHES, "minibatches_order")
def batches_shuffled_within(x, y, batch_size, rng):
    """shuffled within each batch only

    Rows are shuffled only within their batch: the same rows meet in every pass. Shuffle all the rows before dealing
    them out.
    """
    for start in range(0, len(x), batch_size):
        rows = start + rng.permutation(len(x[start : start + batch_size]))
        yield x[rows], y[rows]


@chaff(BATCHES, "minibatches_order")
def batches_rest_unshuffled(x, y, batch_size, rng):
    """the rest is not shuffled

    The last, smaller batch always has the last rows of x. Shuffle all the rows, not only those of the full batches.
    """
    full = len(x) // batch_size * batch_size
    order = np.concatenate([rng.permutation(full), np.arange(full, len(x))])
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], y[rows]


@chaff(BATCHES, "minibatches_order")
def batches_copied_generator(x, y, batch_size, rng):
    """order from a copy of the generator

    The next pass has the same order again: draw from rng itself, not from a copy of it.
    """
    import copy

    order = copy.deepcopy(rng).permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], y[rows]


@chaff(BATCHES, "minibatches_side_effects")
def batches_in_place(x, y, batch_size, rng):
    """the caller's arrays shuffled in place

    x and y of the caller are in another order afterwards: shuffle indexes, or copies.
    """
    order = rng.permutation(len(x))
    x[...], y[...] = x[order], y[order]
    for start in range(0, len(x), batch_size):
        yield x[start : start + batch_size].copy(), y[start : start + batch_size].copy()


@chaff(BATCHES, ("minibatches_rows", "minibatches_side_effects"))
def batches_shuffle_both_in_place(x, y, batch_size, rng):
    """x and y shuffled in place, one after the other

    x and y are shuffled differently: the same index array must pick the rows of both.
    """
    rng.shuffle(x)
    rng.shuffle(y)
    for start in range(0, len(x), batch_size):
        yield x[start : start + batch_size].copy(), y[start : start + batch_size].copy()


@chaff(BATCHES, "minibatches_side_effects")
def batches_remembered(x, y, batch_size, rng):
    """goes on where the last pass ended

    A pass that follows one that was broken off goes on where that ended. Each call begins a pass of its own.
    """
    memory = globals().setdefault("_passes", {})
    key = (x.shape, y.shape, batch_size)

    def deal():
        if not memory.get(key):
            order = rng.permutation(len(x))
            memory[key] = [order[i : i + batch_size] for i in range(0, len(x), batch_size)]
        while memory[key]:
            rows = memory[key].pop(0)
            yield x[rows], y[rows]

    return deal()


@wheat(BATCHES)
def batches_list(x, y, batch_size, rng):
    indexes = list(range(x.shape[0]))
    rng.shuffle(indexes)
    batches = []
    while indexes:
        batches.append((x[indexes[:batch_size]], y[indexes[:batch_size]]))
        indexes = indexes[batch_size:]
    return batches


@wheat(BATCHES)
def batches_zip(x, y, batch_size, rng):
    order = np.argsort(rng.random(len(x)))
    cuts = range(batch_size, len(x), batch_size)
    return zip(np.split(x[order], cuts), np.split(y[order], cuts), strict=True)


@wheat(BATCHES)
def batches_class(x, y, batch_size, rng):
    class Pass:
        def __init__(self):
            order = rng.choice(len(x), len(x), replace=False)
            self.x, self.y = np.take(x, order, axis=0), np.take(y, order, axis=0)

        def __iter__(self):
            start = 0
            while start < len(self.x):
                yield [self.x[start : start + batch_size], self.y[start : start + batch_size]]
                start += batch_size

    return Pass()


@wheat(BATCHES)
def batches_copies(x, y, batch_size, rng):
    both = np.arange(len(x))
    rng.shuffle(both)
    x, y = x.copy()[both], y.copy()[both]
    n_batches = int(np.ceil(len(x) / batch_size))
    return tuple(
        (x[i * batch_size : (i + 1) * batch_size], y[i * batch_size : (i + 1) * batch_size]) for i in range(n_batches)
    )


# ---------------------------------------------------------------- Momentum

MOMENTUM = "Momentum.step"
VELOCITY = "velocity[...] = self.momentum * velocity + self.model.gradients[name]"
MOVE = "parameter -= self.lr * velocity"
W_FOR_DW = "Your code takes the parameter where the gradient belongs; it should use the one in gradients."
FORGETS = "Each step forgets the one before: the velocity must be kept in the optimizer, for the next step."


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, "parameter -= self.lr * self.model.gradients[name]", hint=FORGETS)
def momentum_descent():
    """plain gradient descent"""


@chaff_edit(MOMENTUM, "momentum_trajectory", "velocity[...] =", "velocity =", hint=FORGETS)
def momentum_not_kept():
    """velocity not kept"""


@chaff_edit(
    MOMENTUM,
    "momentum_trajectory",
    "+ self.model.gradients[name]",
    "+ (1 - self.momentum) * self.model.gradients[name]",
)
def momentum_averages():
    """factor 1 - momentum

    The gradient comes in whole; a factor 1 - momentum makes every step ten times shorter. Some books write it so,
    PyTorch does not.
    """


@chaff_edit(
    MOMENTUM,
    "momentum_trajectory",
    "+ self.model.gradients[name]",
    "+ (1 - self.momentum if velocity.any() else 1) * self.model.gradients[name]",
)
def momentum_dampened():
    """dampening from the second step

    From the second step on the gradient is multiplied by 1 - momentum. It comes in whole, in every step.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", "+ self.model.gradients[name]", "+ self.lr * self.model.gradients[name]")
def momentum_rate_twice():
    """learning rate twice

    The learning rate comes in twice, in the velocity and in the move. It belongs to the move.
    """


@chaff_edit(
    MOMENTUM,
    "momentum_rate",
    ("+ self.model.gradients[name]", MOVE),
    ("+ self.lr * self.model.gradients[name]", "parameter -= velocity"),
)
def momentum_rate_in_velocity():
    """learning rate in the velocity

    The rate is inside the velocity, so a rate that is changed on the way acts too late. The velocity sums up gradients;
    the rate belongs to the move.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, "parameter -= velocity")
def momentum_without_rate():
    """learning rate ignored

    The learning rate is not used: each step is as long as the whole velocity.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, "parameter += self.lr * velocity")
def momentum_ascends():
    """ascent

    Right size, wrong direction: the parameter goes against the gradients. Count the minus signs.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", "+ self.model.gradients[name]", "+ parameter", hint=W_FOR_DW)
def momentum_of_weights():
    """w for dw"""


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, "parameter -= self.lr * parameter", hint=W_FOR_DW)
def momentum_moves_by_weights():
    """w for dw, in the move"""


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, MOVE + "\n        " + MOVE)
def momentum_moves_twice():
    """moved twice in a step

    Your code moves the parameter twice in one step; it should move it once, by lr times the velocity.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, f"{MOVE}\n        {VELOCITY}\n        {MOVE}")
def momentum_steps_twice():
    """stepped twice

    Your code makes two whole steps in one call; it should renew the velocity and move the parameter once.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", VELOCITY, f"{VELOCITY}\n        {VELOCITY}")
def momentum_velocity_twice():
    """velocity renewed twice

    Your code renews the velocity twice in one step; it should do so once.
    """


@chaff_edit(
    MOMENTUM,
    "momentum_trajectory",
    MOVE,
    "parameter -= self.lr * (self.model.gradients[name] + self.momentum * velocity)",
)
def momentum_nesterov():
    """Nesterov

    That is Nesterov's variant, which looks one step ahead. Here the move is lr times the velocity.
    """


@chaff_edit(
    MOMENTUM,
    "momentum_trajectory",
    "self.momentum * velocity + self.model.gradients[name]",
    "self.momentum * (velocity + self.model.gradients[name])",
)
def momentum_of_all():
    """momentum times the new gradient

    The new gradient is multiplied by momentum too; only the old velocity is.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", "self.momentum * velocity +", "velocity +")
def momentum_never_fades():
    """velocity without fading

    The old gradients never fade: multiply the old velocity by momentum.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", "self.momentum * velocity", "0.9 * velocity")
def momentum_fixed():
    """momentum written as .9

    The momentum is .9 whatever the optimizer was given. Use self.momentum.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, "parameter -= 1e-3 * velocity")
def momentum_default_rate():
    """rate written as .001

    The rate is .001 whatever the optimizer was given. Use self.lr.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", "velocity + self.model", "velocity - self.model")
def momentum_subtracts():
    """gradient subtracted, velocity subtracted

    Right size, wrong direction: the parameter goes against the gradients. Count the minus signs.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", "self.momentum * velocity", "(1 - self.momentum) * velocity")
def momentum_weights_swapped():
    """1 - momentum for momentum

    The old velocity fades to 1 - momentum of itself; it keeps momentum of itself.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", (VELOCITY, MOVE), (MOVE, VELOCITY))
def momentum_late():
    """moved before the velocity is new

    The parameter moves by the velocity of the step before. First the velocity, then the move.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, "parameter -= self.lr * np.sign(velocity)")
def momentum_of_sign():
    """sign of the velocity

    The move is lr times the velocity, not its sign only.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", "self.velocity[name]", "next(iter(self.velocity.values()))")
def momentum_shared():
    """one velocity for several parameters

    Parameters share one velocity: each needs its own.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", "self.momentum * velocity", "self.momentum * velocity.mean()")
def momentum_mean_velocity():
    """velocity averaged over the array

    Each entry has a velocity of its own; here the mean over the array goes on.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, MOVE + "\n        break")
def momentum_first_only():
    """only the first parameter

    Only the first parameter moves: something ends the loop after it.
    """


@chaff_edit(MOMENTUM, "momentum_side_effects", MOVE, "self.model.parameters[name] = parameter - self.lr * velocity")
def momentum_rebinds():
    """parameter rebound

    A new array is put in the parameter's place, and the model's own one stays as it was. Change the array: `parameter
    -= …`.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, "parameter = parameter - self.lr * velocity")
def momentum_local():
    """a local name rebound

    The parameters do not move. Is it `parameter = …`? That only gives a new array that name: change the array itself,
    `parameter -= …`.
    """


@chaff_edit(MOMENTUM, "momentum_side_effects", MOVE, MOVE + "\n        self.model.gradients[name].fill(0)")
def momentum_zeroes():
    """gradients set to zero

    The gradients are zero after a step; step leaves them as they are, zeroing is zero_grad's.
    """


@chaff_edit(
    MOMENTUM,
    "momentum_side_effects",
    (VELOCITY,),
    (
        "gradient = self.model.gradients[name]\n        gradient += self.momentum * velocity\n"
        "        velocity[...] = gradient",
    ),
)
def momentum_in_gradient():
    """gradient changed in place

    The velocity is built up inside the gradient's own array: `+=` writes into it. The gradients stay as they are.
    """


@chaff(MOMENTUM, "momentum_side_effects")
def momentum_class_state(self):
    """velocity shared by all optimizers

    All optimizers share one velocity, in the class or outside of it. Keep it in self.
    """
    cls = type(self)
    if not hasattr(cls, "memory"):
        cls.memory = {}
    for name, parameter in self.model.parameters.items():
        cls.memory[name] = self.momentum * cls.memory.get(name, 0) + self.model.gradients[name]
        parameter -= self.lr * cls.memory[name]


@chaff(MOMENTUM, "momentum_trajectory")
def momentum_alias(self):
    """velocity is the gradient's array

    At the first step the velocity becomes the gradient's own array, and changes with it. Copy the numbers.
    """
    for name, parameter in self.model.parameters.items():
        gradient = self.model.gradients[name]
        if not self.velocity[name].any():
            self.velocity[name] = gradient
        else:
            self.velocity[name] = self.momentum * self.velocity[name] + gradient
        parameter -= self.lr * self.velocity[name]


@wheat(MOMENTUM)
def momentum_in_place(self):
    for name in self.model.parameters:
        self.velocity[name] *= self.momentum
        self.velocity[name] += self.model.gradients[name]
        np.subtract(self.model.parameters[name], self.lr * self.velocity[name], out=self.model.parameters[name])


@wheat(MOMENTUM)
def momentum_new_arrays(self):
    self.velocity = {k: self.momentum * v + self.model.gradients[k] for k, v in self.velocity.items()}
    for k, p in self.model.parameters.items():
        p[:] = p - self.velocity[k] * self.lr


@wheat(MOMENTUM)
def momentum_negative(self):
    if not hasattr(self, "speeds"):
        self.speeds = [0.0 for _ in self.model.parameters]
    for i, (p, g) in enumerate(zip(self.model.parameters.values(), self.model.gradients.values(), strict=True)):
        self.speeds[i] = self.momentum * self.speeds[i] - g
        p += self.lr * self.speeds[i]


@wheat(MOMENTUM)
def momentum_history(self):
    """the unrolled sum, from all the gradients so far"""
    self.history = getattr(self, "history", [])
    self.history.append({name: g.copy() for name, g in self.model.gradients.items()})
    for name, p in self.model.parameters.items():
        p -= self.lr * sum(self.momentum**age * g[name] for age, g in enumerate(reversed(self.history)))


# ---------------------------------------------------------------- RMSprop

RMSPROP = "RMSprop.step"
SQUARE = "square[...] = self.alpha * square + (1 - self.alpha) * gradient**2"
RMS_MOVE = "parameter -= self.lr * gradient / (np.sqrt(square) + self.eps)"


@chaff_edit(RMSPROP, "rmsprop_trajectory", "np.sqrt(square)", "square")
def rmsprop_no_root():
    """root missing

    The gradient is divided by the mean square; divide by its root.
    """


@chaff_edit(RMSPROP, "rmsprop_small_gradients", "np.sqrt(square) + self.eps", "np.sqrt(square + self.eps)")
def rmsprop_eps_inside():
    """eps inside the root

    eps stands inside the root. It is added after the root is taken.
    """


@chaff_edit(RMSPROP, "rmsprop_small_gradients", "(np.sqrt(square) + self.eps)", "np.sqrt(square)")
def rmsprop_no_eps():
    """eps missing

    eps is missing: where the gradient is 0, zero is divided by zero.
    """


@chaff_edit(RMSPROP, "rmsprop_small_gradients", "self.eps", "1e-8")
def rmsprop_eps_fixed():
    """eps written as 1e-8

    eps is 1e-8 whatever the optimizer was given. Use self.eps.
    """


@chaff_edit(RMSPROP, "rmsprop_small_gradients", "np.sqrt(square) + self.eps", "np.maximum(np.sqrt(square), self.eps)")
def rmsprop_eps_as_floor():
    """eps as a floor

    eps is used as a lower limit of the root; it is added to it.
    """


@chaff_edit(
    RMSPROP,
    "rmsprop_small_gradients",
    (SQUARE, "np.sqrt(square) + self.eps"),
    (SQUARE + " + self.eps", "np.sqrt(square)"),
)
def rmsprop_eps_kept():
    """eps in the running mean

    eps is added to the running mean and sums up there. It is added to the root, for this step only.
    """


@chaff_edit(
    RMSPROP,
    "rmsprop_trajectory",
    "self.alpha * square + (1 - self.alpha) *",
    "(1 - self.alpha) * square + self.alpha *",
)
def rmsprop_swapped():
    """alpha and 1 - alpha swapped

    alpha and 1 - alpha stand in each other's place: alpha belongs to the old square.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "(1 - self.alpha) * gradient**2", "gradient**2")
def rmsprop_no_weight():
    """factor 1 - alpha missing

    The new square comes in with the factor 1 - alpha; otherwise it is no mean.
    """


@chaff_edit(
    RMSPROP, "rmsprop_trajectory", "self.alpha * square + (1 - self.alpha) * gradient**2", "square + gradient**2"
)
def rmsprop_adagrad():
    """Adagrad

    The squares are summed up and never fade: that is Adagrad. Take a running mean.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "self.alpha * square +", "square +")
def rmsprop_no_fading():
    """old square not faded

    The old square never fades: multiply it by alpha.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "square[...] =", "square =")
def rmsprop_not_kept():
    """square not kept

    Each step forgets the one before: the running square must be kept in the optimizer, for the next step.
    """


@chaff_edit(
    RMSPROP,
    "rmsprop_trajectory",
    ("for name, parameter", "np.sqrt(square)"),
    ("self.t = getattr(self, 't', 0) + 1\n    for name, parameter", "np.sqrt(square / (1 - self.alpha**self.t))"),
)
def rmsprop_corrected():
    """bias correction

    The square is corrected for its start at 0: Adam does that, RMSprop does not.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "gradient**2", "np.abs(gradient)")
def rmsprop_absolute():
    """absolute value for square

    The running mean is of the gradient's size; it is of the square of the gradient.
    """


@chaff_edit(
    RMSPROP, "rmsprop_trajectory", "self.model.gradients[name], self.square", "parameter, self.square", hint=W_FOR_DW
)
def rmsprop_of_weights():
    """w for dw"""


@chaff_edit(RMSPROP, "rmsprop_trajectory", "self.lr * gradient", "self.lr * parameter", hint=W_FOR_DW)
def rmsprop_moves_by_weights():
    """w for dw, in the move"""


@chaff_edit(RMSPROP, "rmsprop_trajectory", "gradient**2", "parameter**2")
def rmsprop_square_of_weights():
    """w for dw, in the square

    Your code keeps the square of the parameter; it should keep the square of the gradient.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", RMS_MOVE, RMS_MOVE + "\n        " + RMS_MOVE)
def rmsprop_moves_twice():
    """moved twice in a step

    Your code moves the parameter twice in one step; it should move it once.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", (SQUARE, RMS_MOVE), (RMS_MOVE, SQUARE))
def rmsprop_late():
    """moved before the square is new

    The parameter moves with the square of the step before, which is 0 at first. First the square, then the move.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "parameter -=", "parameter +=")
def rmsprop_ascends():
    """ascent

    Right size, wrong direction: step against the gradient, with a minus.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "self.lr * gradient", "gradient")
def rmsprop_without_rate():
    """learning rate ignored

    The learning rate is not used.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", RMS_MOVE, "parameter -= self.lr * gradient")
def rmsprop_descent():
    """plain gradient descent

    That is plain gradient descent: the step is not divided by the gradient's running size.
    """


@chaff_edit(
    RMSPROP, "rmsprop_trajectory", "gradient / (np.sqrt(square) + self.eps)", "gradient * (np.sqrt(square) + self.eps)"
)
def rmsprop_multiplies():
    """multiplied for divided

    The gradient is multiplied by its running size; divide, so that the scale cancels.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "gradient**2", "np.mean(gradient**2)")
def rmsprop_whole_array():
    """one mean square for an array

    All the entries of an array share one mean square: each entry has its own.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "np.sqrt(square)", "np.linalg.norm(np.sqrt(square))")
def rmsprop_norm():
    """norm for root

    All the entries of an array are divided by one norm: each entry has a root of its own.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "self.alpha * square + (1 - self.alpha)", "0.99 * square + 0.01")
def rmsprop_fixed():
    """alpha written as .99

    alpha is .99 whatever the optimizer was given. Use self.alpha.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "self.square[name]", "next(iter(self.square.values()))")
def rmsprop_shared():
    """one square for several parameters

    Parameters share one running square: each needs its own.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "gradient**2", "gradient")
def rmsprop_averages_gradient():
    """gradient not squared

    The gradient is not squared in the running mean, and the root of a negative number is nan.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", RMS_MOVE, RMS_MOVE + "\n        break")
def rmsprop_first_only():
    """only the first parameter

    Only the first parameter moves: something ends the loop after it.
    """


@chaff_edit(
    RMSPROP,
    "rmsprop_side_effects",
    RMS_MOVE,
    "self.model.parameters[name] = parameter - self.lr * gradient / (np.sqrt(square) + self.eps)",
)
def rmsprop_rebinds():
    """parameter rebound

    A new array is put in the parameter's place, and the model's own one stays as it was. Change the array: `parameter
    -= …`.
    """


@chaff_edit(
    RMSPROP, "rmsprop_trajectory", RMS_MOVE, "parameter = parameter - self.lr * gradient / (np.sqrt(square) + self.eps)"
)
def rmsprop_local():
    """a local name rebound

    The parameters do not move. Is it `parameter = …`? That only gives a new array that name: change the array itself,
    `parameter -= …`.
    """


@chaff_edit(
    RMSPROP,
    "rmsprop_side_effects",
    RMS_MOVE,
    "gradient /= np.sqrt(square) + self.eps\n        parameter -= self.lr * gradient",
)
def rmsprop_scales_gradient():
    """gradient changed in place

    The gradient is divided in place: `/=` writes into its array. The gradients stay as they are.
    """


@chaff_edit(RMSPROP, "rmsprop_side_effects", RMS_MOVE, RMS_MOVE + "\n        gradient.fill(0)")
def rmsprop_zeroes():
    """gradients set to zero

    The gradients are zero after a step; step leaves them as they are, zeroing is zero_grad's.
    """


@chaff(RMSPROP, "rmsprop_side_effects")
def rmsprop_class_state(self):
    """square shared by all optimizers

    All optimizers share one square, in the class or outside of it. Keep it in self.
    """
    cls = type(self)
    if not hasattr(cls, "memory"):
        cls.memory = {}
    for name, parameter in self.model.parameters.items():
        gradient = self.model.gradients[name]
        cls.memory[name] = self.alpha * cls.memory.get(name, 0) + (1 - self.alpha) * gradient**2
        parameter -= self.lr * gradient / (np.sqrt(cls.memory[name]) + self.eps)


@wheat(RMSPROP)
def rmsprop_in_place(self):
    for name, gradient in self.model.gradients.items():
        self.square[name] *= self.alpha
        self.square[name] += np.square(gradient) * (1 - self.alpha)
        self.model.parameters[name] += -self.lr / (self.square[name] ** 0.5 + self.eps) * gradient


@wheat(RMSPROP)
def rmsprop_difference(self):
    model, new = self.model, {}
    for name, g in model.gradients.items():
        new[name] = self.square[name] + (1 - self.alpha) * (g * g - self.square[name])
        model.parameters[name][...] = model.parameters[name] - self.lr * (g / (np.sqrt(new[name]) + self.eps))
    self.square = new


@wheat(RMSPROP)
def rmsprop_entry_by_entry(self):
    for name, parameter in self.model.parameters.items():
        flat, g, s = parameter.reshape(-1), self.model.gradients[name].reshape(-1), self.square[name].reshape(-1)
        for i in range(flat.size):
            s[i] = self.alpha * s[i] + (1 - self.alpha) * g[i] ** 2
            flat[i] -= self.lr * g[i] / (s[i] ** 0.5 + self.eps)


# ---------------------------------------------------------------- Adam

ADAM = "Adam.step"
ADAM_MOVE = "parameter -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)"
M, V = "m[...] = beta1 * m + (1 - beta1) * gradient\n", "v[...] = beta2 * v + (1 - beta2) * gradient**2"
COUNT = "self.t += 1"
M_HAT, V_HAT = "m / (1 - beta1**self.t)", "v / (1 - beta2**self.t)"


@chaff_edit(ADAM, "adam_trajectory", (M_HAT, V_HAT), ("m", "v"))
def adam_no_correction():
    """no bias correction

    m and v are used as they are, far too small in the first steps. Divide them by what the derivation gives.
    """


@chaff_edit(ADAM, "adam_trajectory", V_HAT, "v")
def adam_only_m_corrected():
    """v not corrected

    Only m is corrected for its start at 0; v needs it too, with its own beta.
    """


@chaff_edit(ADAM, "adam_trajectory", M_HAT, "m")
def adam_only_v_corrected():
    """m not corrected

    Only v is corrected for its start at 0; m needs it too, with its own beta.
    """


@chaff_edit(ADAM, "adam_trajectory", COUNT, "self.t = 1")
def adam_t_stuck():
    """t stuck at 1

    t stays at 1, so every step is corrected like the first one. It counts the steps.
    """


@chaff_edit(ADAM, "adam_trajectory", (COUNT, ADAM_MOVE), ("pass", ADAM_MOVE + "\n    self.t += 1"))
def adam_t_from_zero():
    """t counted from 0

    t is 0 in the first step, and 1 - beta^0 is 0. Count before correcting: t begins with 1.
    """


@chaff_edit(ADAM, "adam_trajectory", COUNT, "self.t = max(self.t, 1) + 1")
def adam_t_from_two():
    """t counted from 2

    t is 2 in the first step already. Count it once, from 1.
    """


@chaff_edit(ADAM, "adam_trajectory", (COUNT, "gradient, m, v ="), ("pass", "self.t += 1\n        gradient, m, v ="))
def adam_t_per_parameter():
    """t counted for each parameter

    t is counted once for each parameter: it counts steps. Move it out of the loop.
    """


@chaff_edit(ADAM, "adam_trajectory", ADAM_MOVE, "m[...], v[...] = m_hat, v_hat\n        " + ADAM_MOVE)
def adam_corrected_kept():
    """corrected means kept

    The corrected means are kept in m and v and corrected again in the next step. They are for this step only.
    """


@chaff_edit(ADAM, "adam_trajectory", ("beta1**self.t", "beta2**self.t"), ("beta1 * self.t", "beta2 * self.t"))
def adam_correction_linear():
    """product for power

    beta is multiplied by t; it is raised to the power t.
    """


@chaff_edit(
    ADAM,
    "adam_trajectory",
    ("(1 - beta1**self.t)", "(1 - beta2**self.t)"),
    ("(1 - beta1) ** self.t", "(1 - beta2) ** self.t"),
)
def adam_correction_outside():
    """power of 1 - beta

    The power is taken of 1 - beta; it belongs to beta alone.
    """


@chaff_edit(ADAM, "adam_trajectory", ("(1 - beta1**self.t)", "(1 - beta2**self.t)"), ("(1 - beta1)", "(1 - beta2)"))
def adam_correction_constant():
    """power t missing

    t stays at 1, so every step is corrected like the first one. It counts the steps.
    """


@chaff_edit(ADAM, "adam_trajectory", ("m / (1", "v / (1"), ("m * (1", "v * (1"))
def adam_correction_multiplied():
    """multiplied by the correction

    The correction multiplies; m and v are too small, so divide.
    """


@chaff_edit(ADAM, "adam_trajectory", ("beta1**self.t", "beta2**self.t"), ("beta2**self.t", "beta1**self.t"))
def adam_corrections_crossed():
    """corrections crossed

    m is corrected with the beta of v, and v with that of m.
    """


@chaff_edit(ADAM, "adam_trajectory", "beta2**self.t", "beta1**self.t")
def adam_correction_beta1():
    """v corrected with beta1

    v is corrected with the beta of m; use its own.
    """


@chaff_edit(ADAM, "adam_trajectory", "beta1, beta2 = self.betas", "beta2, beta1 = self.betas")
def adam_betas_swapped():
    """betas exchanged

    The betas are exchanged: the first is for m, the second for v.
    """


@chaff_edit(ADAM, "adam_betas", "beta1, beta2 = self.betas", "beta1, beta2 = 0.9, 0.999")
def adam_betas_fixed():
    """betas written as .9 and .999

    The betas are .9 and .999 whatever the optimizer was given. Use self.betas.
    """


@chaff_edit(ADAM, "adam_trajectory", "beta1 * m + (1 - beta1) *", "(1 - beta1) * m + beta1 *")
def adam_m_weights_swapped():
    """beta1 and 1 - beta1 swapped

    In m, beta1 and 1 - beta1 stand in each other's place: beta1 belongs to the old m.
    """


@chaff_edit(ADAM, "adam_trajectory", "(1 - beta1) * gradient\n", "gradient\n")
def adam_m_without_weight():
    """factor 1 - beta1 missing

    In m the gradient comes in whole, as in Momentum; here it has the factor 1 - beta1.
    """


@chaff_edit(ADAM, "adam_trajectory", "(1 - beta2) * gradient**2", "gradient**2")
def adam_v_without_weight():
    """factor 1 - beta2 missing

    In v the square comes in whole; it has the factor 1 - beta2.
    """


@chaff_edit(ADAM, "adam_trajectory", "gradient**2", "gradient")
def adam_v_without_square():
    """v without the square

    Your code keeps a mean of the gradient itself in v; it should keep one of its square.
    """


@chaff_edit(ADAM, "adam_trajectory", "self.model.gradients[name], self.m", "parameter, self.m", hint=W_FOR_DW)
def adam_of_weights():
    """w for dw"""


@chaff_edit(ADAM, "adam_trajectory", "(1 - beta1) * gradient\n", "(1 - beta1) * parameter\n")
def adam_m_of_weights():
    """w for dw, in m

    Your code keeps a mean of the parameter in m; it should keep one of the gradient.
    """


@chaff_edit(ADAM, "adam_trajectory", "gradient**2", "parameter**2")
def adam_v_of_weights():
    """w for dw, in v

    Your code keeps the square of the parameter in v; it should keep the square of the gradient.
    """


@chaff_edit(ADAM, "adam_trajectory", "self.lr * m_hat", "self.lr * parameter")
def adam_moves_by_weights():
    """w for dw, in the move

    Your code moves by the parameter; it should move by m_hat.
    """


@chaff_edit(ADAM, "adam_trajectory", ADAM_MOVE, ADAM_MOVE + "\n        " + ADAM_MOVE)
def adam_moves_twice():
    """moved twice in a step

    Your code moves the parameter twice in one step; it should move it once.
    """


@chaff_edit(
    ADAM, ("adam_trajectory", "convergence"), ADAM_MOVE, "parameter.flat[:] = np.linspace(-0.5, 0.5, parameter.size)"
)
def adam_published():
    """published weights

    Your code sets the parameters to numbers of its own; it should compute them, from the gradients.
    """


@chaff_edit(ADAM, "adam_trajectory", "gradient**2", "np.abs(gradient)")
def adam_v_not_squared():
    """absolute value for square

    v is a running mean of the gradient's size; it is of its square.
    """


@chaff_edit(ADAM, "adam_trajectory", "gradient**2", "m**2")
def adam_v_of_m():
    """square of m

    v takes the square of m; it takes the square of the gradient.
    """


@chaff_edit(ADAM, "adam_trajectory", "np.sqrt(v_hat)", "v_hat")
def adam_no_root():
    """root missing

    m_hat is divided by v_hat itself; divide by its root.
    """


@chaff_edit(ADAM, "adam_trajectory", "self.lr * m_hat", "self.lr * gradient")
def adam_gradient_for_m():
    """gradient for m_hat

    The gradient stands where m_hat belongs: that is RMSprop with a correction.
    """


@chaff_edit(ADAM, "adam_trajectory", "m_hat / (np.sqrt(v_hat) + self.eps)", "m_hat")
def adam_no_v():
    """second moment missing

    The step is not divided by the root of v_hat.
    """


@chaff_edit(ADAM, "adam_small_gradients", "np.sqrt(v_hat) + self.eps", "np.sqrt(v_hat + self.eps)")
def adam_eps_inside():
    """eps inside the root

    eps stands inside the root. It is added after the root is taken.
    """


@chaff_edit(
    ADAM, "adam_small_gradients", "np.sqrt(v_hat) + self.eps", "(np.sqrt(v) + self.eps) / np.sqrt(1 - beta2**self.t)"
)
def adam_eps_uncorrected():
    """eps added before the correction

    eps is added to the root of v and then corrected along with it. It is added to the root of v_hat.
    """


@chaff_edit(ADAM, "adam_small_gradients", "(np.sqrt(v_hat) + self.eps)", "np.sqrt(v_hat)")
def adam_no_eps():
    """eps missing

    eps is missing: where the gradient is 0, zero is divided by zero.
    """


@chaff_edit(ADAM, "adam_small_gradients", "self.eps", "1e-8")
def adam_eps_fixed():
    """eps written as 1e-8

    eps is 1e-8 whatever the optimizer was given. Use self.eps.
    """


@chaff_edit(ADAM, "adam_trajectory", "parameter -=", "parameter +=")
def adam_ascends():
    """ascent

    Right size, wrong direction: step against the gradient, with a minus.
    """


@chaff_edit(ADAM, "adam_trajectory", "self.lr * m_hat", "m_hat")
def adam_without_rate():
    """learning rate ignored

    The learning rate is not used.
    """


@chaff_edit(ADAM, "adam_trajectory", "self.lr * m_hat", "self.lr / np.sqrt(self.t) * m_hat")
def adam_rate_fades():
    """rate over the root of t

    The learning rate falls with the root of t; it is the same in every step.
    """


@chaff_edit(ADAM, "adam_trajectory", M, M.replace("m[...]", "m"))
def adam_m_not_kept():
    """m not kept

    Each step forgets the m of the one before: keep it in the optimizer.
    """


@chaff_edit(ADAM, "adam_trajectory", V, V.replace("v[...]", "v"))
def adam_v_not_kept():
    """v not kept

    Each step forgets the v of the one before: keep it in the optimizer.
    """


@chaff_edit(ADAM, "adam_trajectory", (M, V), (M.replace("m[...]", "m"), V.replace("v[...]", "v")))
def adam_nothing_kept():
    """m and v not kept

    Each step forgets m and v of the one before: keep them in the optimizer.
    """


@chaff_edit(
    ADAM,
    "adam_betas",
    ADAM_MOVE,
    "self.top = getattr(self, 'top', {})\n        self.top[name] = np.maximum(self.top.get(name, 0), v)\n"
    "        v_hat = self.top[name] / (1 - beta2**self.t)\n        " + ADAM_MOVE,
)
def adam_v_at_most():
    """AMSGrad

    The largest v so far is used: that is AMSGrad. Take v as it is.
    """


@chaff_edit(ADAM, "adam_trajectory", ADAM_MOVE, ADAM_MOVE + "\n        parameter -= 0.01 * self.lr * parameter")
def adam_decays():
    """weight decay

    The parameters shrink a little in each step: that is the weight decay of AdamW. Leave it out.
    """


@chaff_edit(ADAM, "adam_trajectory", "self.m[name]", "next(iter(self.m.values()))")
def adam_m_shared():
    """one m for all parameters

    All the parameters share one m: each needs its own.
    """


@chaff_edit(ADAM, "adam_trajectory", "self.v[name]", "next(iter(self.v.values()))")
def adam_v_shared():
    """one v for all parameters

    All the parameters share one v: each needs its own.
    """


@chaff_edit(
    ADAM,
    "adam_trajectory",
    ("self.m[name]", "self.v[name]"),
    ("next(iter(self.m.values()))", "next(iter(self.v.values()))"),
)
def adam_state_shared():
    """one m and v for all parameters

    All the parameters share one m and one v: each needs its own.
    """


@chaff_edit(ADAM, "adam_trajectory", "np.sqrt(v_hat)", "np.sqrt(v) / (1 - beta2**self.t)")
def adam_root_before_correction():
    """root before the correction

    The root is taken of v and then corrected; it is taken of the corrected v_hat.
    """


@chaff_edit(ADAM, "adam_small_gradients", "np.sqrt(v_hat) + self.eps", "np.maximum(np.sqrt(v_hat), self.eps)")
def adam_eps_as_floor():
    """eps as a floor

    eps is used as a lower limit of the root; it is added to it.
    """


@chaff_edit(ADAM, "adam_trajectory", "gradient**2", "np.mean(gradient**2)")
def adam_whole_array():
    """one mean square for an array

    All the entries of an array share one mean square: each entry has its own.
    """


@chaff_edit(ADAM, "adam_trajectory", ADAM_MOVE, ADAM_MOVE + "\n        break")
def adam_first_only():
    """only the first parameter

    Only the first parameter moves: something ends the loop after it.
    """


@chaff_edit(
    ADAM,
    "adam_side_effects",
    ADAM_MOVE,
    "self.model.parameters[name] = parameter - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)",
)
def adam_rebinds():
    """parameter rebound

    A new array is put in the parameter's place, and the model's own one stays as it was. Change the array: `parameter
    -= …`.
    """


@chaff_edit(ADAM, "adam_trajectory", ADAM_MOVE, "parameter = parameter - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)")
def adam_local():
    """a local name rebound

    The parameters do not move: `parameter = …` only gives a new array that name. Change the array itself: `parameter -=
    …`.
    """


@chaff_edit(ADAM, "adam_side_effects", ADAM_MOVE, ADAM_MOVE + "\n        gradient.fill(0)")
def adam_zeroes():
    """gradients set to zero

    The gradients are zero after a step; step leaves them as they are, zeroing is zero_grad's.
    """


@chaff_edit(ADAM, "adam_side_effects", V, "gradient **= 2\n        v[...] = beta2 * v + (1 - beta2) * gradient")
def adam_squares_gradient():
    """gradient changed in place

    The gradient is squared in place: `**=` writes into its array. The gradients stay as they are.
    """


@chaff(ADAM, "adam_trajectory")
def adam_counts_late(self):
    """t counted after the step

    t is one behind from the second step on: count the step first, then correct.
    """
    b1, b2 = self.betas
    t = max(self.t, 1)
    for name, parameter in self.model.parameters.items():
        g, m, v = self.model.gradients[name], self.m[name], self.v[name]
        m[...] = b1 * m + (1 - b1) * g
        v[...] = b2 * v + (1 - b2) * g**2
        parameter -= self.lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + self.eps)
    self.t += 1


@wheat(ADAM)
def adam_rebinds_its_state(self):
    self.t += 1
    b1, b2 = self.betas
    for name, parameter in self.model.parameters.items():
        g = self.model.gradients[name]
        self.m[name] = b1 * self.m[name] + (1 - b1) * g
        self.v[name] = b2 * self.v[name] + (1 - b2) * g * g
        m_hat, v_hat = self.m[name] / (1 - b1**self.t), self.v[name] / (1 - b2**self.t)
        parameter -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wheat(RMSPROP)
def rmsprop_rebinds_its_state(self):
    for name, parameter in self.model.parameters.items():
        g = self.model.gradients[name]
        self.square[name] = self.alpha * self.square[name] + (1 - self.alpha) * g**2
        parameter -= self.lr * g / (np.sqrt(self.square[name]) + self.eps)


@wheat(MOMENTUM)
def momentum_rebinds_its_state(self):
    for name, parameter in self.model.parameters.items():
        self.velocity[name] = self.momentum * self.velocity[name] + self.model.gradients[name]
        parameter -= self.lr * self.velocity[name]


@chaff(RMSPROP, "rmsprop_trajectory")
def rmsprop_mean_over_all(self):
    """one mean square for all parameters

    A mean over all the parameters goes into each square: each entry has its own.
    """
    gradients = self.model.gradients
    mean = np.concatenate([g.ravel() ** 2 for g in gradients.values()]).mean()
    for name, parameter in self.model.parameters.items():
        self.square[name][...] = self.alpha * self.square[name] + (1 - self.alpha) * mean
        parameter -= self.lr * gradients[name] / (np.sqrt(self.square[name]) + self.eps)


@chaff(ADAM, "adam_side_effects")
def adam_class_state(self):
    """m and v shared by all optimizers

    All optimizers share m and v, in the class or outside of it. Keep them in self.
    """
    cls = type(self)
    if not hasattr(cls, "memory"):
        cls.memory = {}
    self.t += 1
    beta1, beta2 = self.betas
    for name, parameter in self.model.parameters.items():
        gradient = self.model.gradients[name]
        m, v = cls.memory.get(name, (0, 0))
        m, v = beta1 * m + (1 - beta1) * gradient, beta2 * v + (1 - beta2) * gradient**2
        cls.memory[name] = m, v
        parameter -= self.lr * m / (1 - beta1**self.t) / (np.sqrt(v / (1 - beta2**self.t)) + self.eps)


@wheat(ADAM)
def adam_in_place(self):
    self.t += 1
    b1, b2 = self.betas
    for name, g in self.model.gradients.items():
        self.m[name] *= b1
        self.m[name] += (1 - b1) * g
        self.v[name] *= b2
        self.v[name] += (1 - b2) * np.square(g)
        rate = self.lr / (1 - b1**self.t)
        root = np.sqrt(self.v[name]) / np.sqrt(1 - b2**self.t) + self.eps
        self.model.parameters[name] -= rate * self.m[name] / root


@wheat(ADAM)
def adam_differences(self):
    self.t = self.t + 1
    for name, p in self.model.parameters.items():
        g = self.model.gradients[name]
        self.m[name] = self.m[name] - (1 - self.betas[0]) * (self.m[name] - g)
        self.v[name] = self.v[name] - (1 - self.betas[1]) * (self.v[name] - g * g)
        m = self.m[name] / (1 - np.power(self.betas[0], self.t))
        v = self.v[name] / (1 - np.power(self.betas[1], self.t))
        np.copyto(p, p - self.lr * m / (v**0.5 + self.eps))


@wheat(ADAM)
def adam_unrolled(self):
    """the means as weighted sums of all the gradients so far"""
    self.seen = [*getattr(self, "seen", []), {name: g.copy() for name, g in self.model.gradients.items()}]
    for name, p in self.model.parameters.items():
        means = []
        for beta, power in zip(self.betas, (1, 2), strict=True):
            weights = beta ** np.arange(len(self.seen))[::-1]
            means.append(np.tensordot(weights, np.array([g[name] ** power for g in self.seen]), 1) / sum(weights))
        p -= self.lr * means[0] / (np.sqrt(means[1]) + self.eps)


@wheat(ADAM)
def adam_running_powers(self):
    if not hasattr(self, "powers"):
        self.powers = [1.0, 1.0]
    self.powers = [p * b for p, b in zip(self.powers, self.betas, strict=True)]
    self.t += 1

    def mean(store, name, beta, value):
        store[name] = beta * store[name] + (1 - beta) * value
        return store[name]

    for name, p in self.model.parameters.items():
        g = self.model.gradients[name]
        m = mean(self.m, name, self.betas[0], g) / (1 - self.powers[0])
        v = mean(self.v, name, self.betas[1], g**2) / (1 - self.powers[1])
        p -= self.lr * m / (np.sqrt(v) + self.eps)


FIRST_STEP = "return 1e-3 * 1e-6 / (1e-6 + 1e-8)"


@chaff_edit("first_adam_step", "answer_first_adam_step", FIRST_STEP, "return 1e-3")
def first_step_without_eps():
    """eps neglected

    That would be it without eps. Against a gradient of 1e-6, eps is not so small.
    """


@chaff_edit("first_adam_step", "answer_first_adam_step", FIRST_STEP, "return 1e-3 * 1e-6 / np.sqrt(1e-12 + 1e-8)")
def first_step_eps_inside():
    """eps inside the root

    That comes of eps inside the root; it is added after the root is taken.
    """


@chaff_edit("first_adam_step", "answer_first_adam_step", FIRST_STEP, "return 1e-3 * 1e-7 / (np.sqrt(1e-15) + 1e-8)")
def first_step_uncorrected():
    """no bias correction

    That comes without the corrections of m and v, which matter most in the first step.
    """


@chaff_edit("first_adam_step", "answer_first_adam_step", FIRST_STEP, "return -1e-3 * 1e-6 / (1e-6 + 1e-8)")
def first_step_negative():
    """negative

    How far it moves is a distance, a positive number.
    """


@chaff_edit("first_adam_step", "answer_first_adam_step", FIRST_STEP, "return 1e-9")
def first_step_descent():
    """gradient descent's step

    That is how far gradient descent would move it: the rate times the gradient.
    """


@chaff_edit("first_adam_step", "answer_first_adam_step", FIRST_STEP, "return 1e-6 / (1e-6 + 1e-8)")
def first_step_without_rate():
    """without the rate

    The learning rate is missing.
    """


@chaff_edit("first_adam_step", "answer_first_adam_step", FIRST_STEP, "return 9.9e-4")
def first_step_two_digits():
    """too few digits

    Four digits are asked for; these are not enough.
    """


@chaff_edit("first_adam_step", "answer_first_adam_step", FIRST_STEP, "return 1e-9 / (1e-12 + 1e-8)")
def first_step_no_root():
    """root missing

    m_hat is divided by v_hat there; divide by its root.
    """


@wheat_edit("first_adam_step", FIRST_STEP, "return 0.0009901")
def first_step_rounded(): ...


@wheat_edit("first_adam_step", FIRST_STEP, "return 9.900990099009901e-4")
def first_step_in_full(): ...


@wheat_edit(
    "first_adam_step",
    FIRST_STEP,
    "m, v = 0.1 * 1e-6 / (1 - 0.9), 0.001 * 1e-12 / (1 - 0.999)\n    return abs(-1e-3 * m / (v**0.5 + 1e-8))",
)
def first_step_worked_out(): ...


@chaff_edit("adam_steps_to_one", "answer_adam_steps_to_one", "return 209", "return 210")
def steps_counted_from_one():
    """counted from 1

    One too many: the loss before any step has the index 0.
    """


@chaff_edit("adam_steps_to_one", "answer_adam_steps_to_one", "return 209", "return 208")
def steps_last_above():
    """last loss above 1

    That is the last loss that is not below 1 yet.
    """


@chaff_edit("adam_steps_to_one", "answer_adam_steps_to_one", "return 209", "return 258")
def steps_to_a_tenth():
    """threshold .1

    That is where the loss falls below a tenth; asked is 1.
    """


@chaff_edit("adam_steps_to_one", "answer_adam_steps_to_one", "return 209", "return 151")
def steps_to_ten():
    """threshold 10

    That is where the loss falls below ten; asked is 1.
    """


@chaff_edit("adam_steps_to_one", "answer_adam_steps_to_one", "return 209", "return 94")
def steps_of_the_mean():
    """mean for sum

    That is of the loss divided by the number of rows. The loss here is a sum.
    """


@chaff_edit("adam_steps_to_one", "answer_adam_steps_to_one", "return 209", "return 49")
def steps_of_other_rate():
    """default rate

    That is with Adam's default rate; the notebook's run has a rate of 1e-4.
    """


@chaff_edit("adam_steps_to_one", "answer_adam_steps_to_one", "return 209", "return 291")
def steps_of_all():
    """number of losses below 1

    That is how many losses are below 1; asked is the index of the first.
    """


@wheat_edit("adam_steps_to_one", "return 209", "return 209.0")
def steps_as_float(): ...


@wheat_edit("adam_steps_to_one", "return 209", "return np.int64(209)")
def steps_as_integer(): ...


@wheat_edit("adam_steps_to_one", "return 209", "return int(np.argmax(np.arange(500) > 208))")
def steps_found(): ...
