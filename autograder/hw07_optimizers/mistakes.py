"""Known mistakes and right variants of hw07_optimizers."""
# ruff: noqa: F821 (the functions are compiled in the notebook's namespace)

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


def _scaled(init, name, factor, hint, about, draw=NORMAL):
    """An initialiser that draws right numbers and multiplies them by the wrong factor."""
    return chaff_edit(f"{init}_{name}", f"{init}_init", DRAW[init], f"{draw} * {factor}",
                      f"{init}_statistics", hint, about)  # fmt: skip


def _drawn(init, name, drawing, check, hint, about):
    """An initialiser with the right factor whose numbers are drawn in a wrong way."""
    return chaff_edit(f"{init}_{name}", f"{init}_init", DRAW[init], f"{drawing} * {FACTOR[init]}",
                      f"{init}_{check}", hint, about)  # fmt: skip


MISTAKES_IN_DRAWING = [
    item
    for init in DRAW
    for item in (
        _drawn(init, "global", "np.random.standard_normal((d_in, d_out))", "draws", "The numbers come from np.random "
               "and not from the generator that is given. Draw with rng.", "numbers from the global generator"),
        _drawn(init, "own_generator", "np.random.default_rng().standard_normal((d_in, d_out))", "draws",
               "The numbers come from a generator of the function's own. Draw with the one that it is given.",
               "a generator of its own"),
        _drawn(init, "fixed_generator", "np.random.default_rng(0).standard_normal((d_in, d_out))", "draws",
               "Every call gives the same numbers. Draw new ones, with the generator that is given.",
               "a seed fixed inside"),
        _drawn(init, "seeds_global", "(np.random.seed(0), np.random.standard_normal((d_in, d_out)))[1]", "draws",
               "Every call gives the same numbers, and seeds NumPy's global generator besides. Draw with rng.",
               "the global generator seeded inside"),
        _drawn(init, "seeds_global_by_rng",
               "(np.random.seed(rng.integers(2**31)), np.random.standard_normal((d_in, d_out)))[1]", "draws",
               "rng only seeds NumPy's global generator here, which others use as well. Draw with rng itself.",
               "the global generator seeded by rng"),
        _drawn(init, "copied_generator", "__import__('copy').deepcopy(rng).standard_normal((d_in, d_out))", "draws",
               "A second call draws the same numbers again: draw from rng itself, not from a copy of it.",
               "numbers from a copy of the generator"),
        _drawn(init, "transposed", "rng.standard_normal((d_out, d_in))", "statistics",
               "The shape is (d_in, d_out): as many rows as there are inputs, as batches are rows.",
               "rows for columns"),
        _drawn(init, "one_column", "rng.standard_normal(d_in)", "statistics", "One number for each pair of an input "
               "and an output: draw an array of shape (d_in, d_out).", "a vector for a matrix"),
        _drawn(init, "repeated_row", "np.tile(rng.standard_normal(d_out), (d_in, 1))", "statistics",
               "The same numbers stand in the array many times; every entry is drawn for itself.", "one row repeated"),
        _drawn(init, "repeated_column", "(rng.standard_normal((d_in, 1)) + np.zeros((d_in, d_out)))", "statistics",
               "The same numbers stand in the array many times; every entry is drawn for itself.",
               "one column repeated"),
        _drawn(init, "scaled_uniform", "rng.uniform(-np.sqrt(3), np.sqrt(3), (d_in, d_out))", "statistics",
               "The deviation is right, but the distribution is uniform: draw from a normal one.",
               "uniform with the right deviation"),
        _drawn(init, "positive", "np.abs(rng.standard_normal((d_in, d_out)))", "statistics",
               "All the weights are positive; a normal distribution with mean 0 has as many negative ones.",
               "absolute values"),
        _drawn(init, "standardised", "(lambda a: (a - a.mean()) / a.std())(rng.standard_normal((d_in, d_out)))",
               "statistics", "The numbers are shifted and scaled to have exactly this deviation. Leave them as they "
               "are drawn; an array of one entry would even become nan.", "scaled to the exact deviation"),
        _drawn(init, "float32", "rng.standard_normal((d_in, d_out), dtype=np.float32).astype(np.float32)", "statistics",
               "The numbers are float32; everything here is float64.", "float32") if init == "normal" else
        chaff_edit(f"{init}_float32", f"{init}_init", DRAW[init], f"({DRAW[init]}).astype(np.float32)",
                   f"{init}_statistics", "The numbers are float32; everything here is float64.", "float32"),
    )
]  # fmt: skip

MISTAKES_IN_NORMAL = [
    _scaled("normal", "uniform", "1.0", "That is a uniform distribution from 0 to 1: mean, deviation and shape are "
            "others. Draw from a normal one.", "uniform from 0 to 1", "rng.random((d_in, d_out))"),
    _scaled("normal", "uniform_centred", "1.0", "That is a uniform distribution from -1 to 1: draw from a normal one.",
            "uniform from -1 to 1", "rng.uniform(-1, 1, (d_in, d_out))"),
    _scaled("normal", "small", "0.01", "The deviation is 1 here; nothing scales the numbers down.", "scaled by .01"),
    _scaled("normal", "scaled_by_inputs", "np.sqrt(2 / d_in)", "The deviation is 1, whatever the shape. Scaling by "
            "d_in is the work of he_init.", "scaled as he_init"),
    _scaled("normal", "scaled_by_both", "np.sqrt(2 / (d_in + d_out))", "The deviation is 1, whatever the shape. "
            "Scaling by d_in and d_out is the work of glorot_init.", "scaled as glorot_init"),
    _scaled("normal", "kept_linear", "np.sqrt(1 / d_in)", "The deviation is 1, whatever the shape; here it shrinks "
            "with d_in.", "divided by the root of d_in"),
    _scaled("normal", "mean_one", "1.0", "The mean is 0; here the numbers are around another one.", "mean 1",
            "rng.normal(1, 1, (d_in, d_out))"),
]  # fmt: skip

MISTAKES_IN_GLOROT = [
    _scaled("glorot", "variance", "(2 / (d_in + d_out))", "That is the variance. The deviation is its root.",
            "variance for deviation"),
    _scaled("glorot", "root_of_two", "(np.sqrt(2) / (d_in + d_out))", "The root is taken of the 2 only; it is of the "
            "whole fraction.", "root of the 2 only"),
    _scaled("glorot", "sum_of_both", "np.sqrt(1 / (d_in + d_out))", "The variance is half of what it should be: it is "
            "one over the mean of d_in and d_out, not over their sum.", "the 2 missing"),
    _scaled("glorot", "inputs_only", "np.sqrt(1 / d_in)", "That keeps the signal forward only: d_out must come in too.",
            "only the number of inputs"),
    _scaled("glorot", "outputs_only", "np.sqrt(1 / d_out)", "That keeps the gradient backward only: d_in must come in "
            "too.", "only the number of outputs"),
    _scaled("glorot", "he", "np.sqrt(2 / d_in)", "That is he_init's deviation: Glorot's has the sum of d_in and d_out "
            "below the line.", "he_init's deviation"),
    _scaled("glorot", "plain", "1.0", "The deviation is 1: the numbers are not scaled yet.", "not scaled"),
    _scaled("glorot", "uniform_limit", "np.sqrt(6 / (d_in + d_out))", "The root of 6 / (d_in + d_out) is the limit of "
            "the uniform distribution. The deviation of the normal one has a 2 there.", "uniform limit as deviation"),
    _scaled("glorot", "upside_down", "np.sqrt((d_in + d_out) / 2)", "The fraction is upside down: the more inputs and "
            "outputs, the smaller the weights.", "fraction upside down"),
    _scaled("glorot", "product", "np.sqrt(2 / (d_in * d_out))", "d_in and d_out are multiplied; what belongs there is "
            "their sum.", "product for sum"),
    _scaled("glorot", "uniform_to_deviation", "np.sqrt(2 / (d_in + d_out))", "The distribution is uniform, and the "
            "deviation is used as its limit. Draw from a normal one.", "uniform, limit for deviation",
            "rng.uniform(-1, 1, (d_in, d_out))"),
]  # fmt: skip

MISTAKES_IN_HE = [
    _scaled("he", "variance", "(2 / d_in)", "That is the variance. The deviation is its root.",
            "variance for deviation"),
    _scaled("he", "root_of_two", "(np.sqrt(2) / d_in)", "The root is taken of the 2 only; it is of the whole fraction.",
            "root of the 2 only"),
    _scaled("he", "linear", "np.sqrt(1 / d_in)", "That keeps the signal through a linear layer. ReLU takes half of it "
            "away; what makes up for that?", "the 2 missing"),
    _scaled("he", "glorot", "np.sqrt(2 / (d_in + d_out))", "That is glorot_init's deviation: here only d_in counts.",
            "glorot_init's deviation"),
    _scaled("he", "outputs", "np.sqrt(2 / d_out)", "d_out stands where d_in belongs: each output sums over d_in "
            "inputs.", "outputs for inputs"),
    _scaled("he", "plain", "1.0", "The deviation is 1: the numbers are not scaled yet.", "not scaled"),
    _scaled("he", "uniform_limit", "np.sqrt(6 / d_in)", "The root of 6 / d_in is the limit of the uniform "
            "distribution. The deviation of the normal one has a 2 there.", "uniform limit as deviation"),
    _scaled("he", "upside_down", "np.sqrt(d_in / 2)", "The fraction is upside down: the more inputs, the smaller the "
            "weights.", "fraction upside down"),
    _scaled("he", "uniform_to_deviation", "np.sqrt(2 / d_in)", "The distribution is uniform, and the deviation is used "
            "as its limit. Draw from a normal one.", "uniform, limit for deviation",
            "rng.uniform(-1, 1, (d_in, d_out))"),
]  # fmt: skip

RIGHT_DRAWINGS = [
    item
    for init in DRAW
    for item in (
        wheat_edit(f"{init}_by_normal", f"{init}_init", DRAW[init],
                   f"rng.normal(0, {FACTOR[init]}, size=(d_in, d_out))"),
        wheat_edit(f"{init}_transposed_twice", f"{init}_init", DRAW[init],
                   f"{FACTOR[init]} * rng.standard_normal((d_out, d_in)).T"),
        wheat_edit(f"{init}_reshaped", f"{init}_init", DRAW[init],
                   f"(rng.normal(scale={FACTOR[init]}, size=d_in * d_out)).reshape(d_in, -1)"),
        wheat_edit(f"{init}_rows", f"{init}_init", DRAW[init],
                   f"np.array([[rng.normal() * {FACTOR[init]} for _ in range(d_out)] for _ in range(d_in)])"),
        # Box and Muller's way from a uniform to a normal distribution.
        wheat_edit(f"{init}_box_muller", f"{init}_init", DRAW[init],
                   f"{FACTOR[init]} * np.sqrt(-2 * np.log(1 - rng.random((d_in, d_out))))"
                   " * np.cos(2 * np.pi * rng.random((d_in, d_out)))"),
    )
]  # fmt: skip


@wheat("glorot_init")
def glorot_by_normal_init(d_in, d_out, rng):
    mean_size = (d_in + d_out) / 2
    return normal_init(d_in, d_out, rng) / mean_size**0.5


@wheat("he_init")
def he_by_normal_init(d_in, d_out, rng):
    weights = normal_init(d_in, d_out, rng)
    weights *= np.sqrt(2.0) / np.sqrt(d_in)
    return weights


HE_OVER_GLOROT = [
    chaff_edit("ratio_of_one_layer", "he_over_glorot", "return 32.0", "return 2 ** 0.5", "answer_he_over_glorot",
               "That is the factor of one layer. The signal passes through ten.", "one layer only"),
    chaff_edit("ratio_of_squares", "he_over_glorot", "return 32.0", "return 1024.0", "answer_he_over_glorot",
               "That is the factor between the mean squares. The signal is their root.", "ratio of the variances"),
    chaff_edit("ratio_inverted", "he_over_glorot", "return 32.0", "return 1 / 32", "answer_he_over_glorot",
               "That is glorot_init against he_init; asked is the other way round.", "ratio upside down"),
    chaff_edit("ratio_of_nine", "he_over_glorot", "return 32.0", "return 2 ** 4.5", "answer_he_over_glorot",
               "One layer is missing: column 0 is the input, before any layer.", "nine layers"),
    chaff_edit("ratio_of_eleven", "he_over_glorot", "return 32.0", "return 2 ** 5.5", "answer_he_over_glorot",
               "One layer too many: column 0 is the input, before any layer.", "eleven layers"),
    chaff_edit("ratio_summed", "he_over_glorot", "return 32.0", "return 10 * 2 ** 0.5", "answer_he_over_glorot",
               "The factors of the layers multiply; here they are added.", "factors added"),
    chaff_edit("ratio_against_normal", "he_over_glorot", "return 32.0", "return 50 ** 5.0", "answer_he_over_glorot",
               "That compares with normal_init; asked are he_init and glorot_init.", "compared with normal_init"),
    wheat_edit("ratio_as_power", "he_over_glorot", "return 32.0", "return np.sqrt(2) ** 10"),
    wheat_edit("ratio_as_int", "he_over_glorot", "return 32.0", "return 32"),
    wheat_edit("ratio_measured", "he_over_glorot", "return 32.0",
               "return (he_init(6, 6, np.random.default_rng(0))[0, 0] / glorot_init(6, 6, "
               "np.random.default_rng(0))[0, 0]) ** 10"),
]  # fmt: skip

# ---------------------------------------------------------------- minibatches

BATCHES = "minibatches"
MISTAKES_IN_BATCHES = [
    chaff_edit("batches_unshuffled", BATCHES, "rng.permutation(len(x))", "np.arange(len(x))", "minibatches_order",
               "The rows come in the order in which they stand in x: shuffle them first.", "no shuffling"),
    chaff_edit("batches_reversed", BATCHES, "rng.permutation(len(x))", "np.arange(len(x))[::-1]", "minibatches_order",
               "The rows come in the order in which they stand in x, only backwards: shuffle them with rng.",
               "reversed order"),
    chaff_edit("batches_fixed_order", BATCHES, "rng.permutation(len(x))",
               "np.random.default_rng(0).permutation(len(x))", "minibatches_order", "The order is the same in every "
               "pass. Take it from rng, anew in each call.", "seed fixed inside"),
    chaff_edit("batches_seeds_global", BATCHES, "rng.permutation(len(x))",
               "(np.random.seed(0), np.random.permutation(len(x)))[1]", "minibatches_order",
               "The order is the same in every pass, and NumPy's global generator is seeded besides. Take it from rng.",
               "the global generator seeded inside"),
    chaff_edit("batches_global", BATCHES, "rng.permutation(len(x))", "np.random.permutation(len(x))",
               "minibatches_order", "The order comes from np.random and not from the generator that is given.",
               "order from the global generator"),
    chaff_edit("batches_own_generator", BATCHES, "rng.permutation(len(x))",
               "np.random.default_rng().permutation(len(x))", "minibatches_order", "The order comes from a generator "
               "made inside. Take it from rng.", "a generator of its own"),
    chaff_edit("batches_only_moved", BATCHES, "rng.permutation(len(x))",
               "np.roll(np.arange(len(x)), rng.integers(1, len(x)))", "minibatches_order",
               "Rows that follow one another in x stay together. Shuffle all the rows, then deal out.",
               "neighbours stay together"),
    chaff_edit("batches_drop_last", BATCHES, "range(0, len(x), batch_size)",
               "range(0, len(x) - batch_size + 1, batch_size)", "minibatches_rows", "The rest is lost: the last batch "
               "is smaller, but it counts as well.", "last batch dropped"),
    chaff_edit("batches_overlap", BATCHES, "start : start + batch_size", "start : start + batch_size + 1",
               "minibatches_rows", "The batches overlap: each takes one row more than batch_size. A slice ends before "
               "its second number.", "slice one too long"),
    chaff_edit("batches_gap", BATCHES, "start : start + batch_size", "start : start + batch_size - 1",
               "minibatches_rows", "Each batch lacks its last row. A slice ends before its second number, so that "
               "needs no 1 less.", "slice one too short"),
    chaff_edit("batches_start_at_one", BATCHES, "range(0, len(x)", "range(1, len(x)", "minibatches_rows",
               "The first row of the shuffled order never comes: counting begins at 0.", "first row skipped"),
    chaff_edit("batches_of_one_step", BATCHES, "range(0, len(x), batch_size)", "range(0, len(x))", "minibatches_rows",
               "The batches slide on by one row only; each must begin where the last one ended.", "sliding window"),
    chaff_edit("batches_with_replacement", BATCHES, "rng.permutation(len(x))", "rng.integers(len(x), size=len(x))",
               "minibatches_rows", "Some rows come twice and others not at all: drawing indexes is not shuffling.",
               "drawn with replacement"),
    chaff_edit("batches_y_unshuffled", BATCHES, "y[rows]", "y[start : start + batch_size]", "minibatches_rows",
               "x is shuffled and y is not: the same index array must pick the rows of both.", "only x shuffled"),
    chaff_edit("batches_x_unshuffled", BATCHES, "yield x[rows]", "yield x[start : start + batch_size]",
               "minibatches_rows", "y is shuffled and x is not: the same index array must pick the rows of both.",
               "only y shuffled"),
    chaff_edit("batches_two_orders", BATCHES, ("order = rng.permutation(len(x))", "y[rows]"),
               ("order, second = rng.permutation(len(x)), rng.permutation(len(x))",
                "y[second[start : start + batch_size]]"),
               "minibatches_rows", "x and y are shuffled differently: the same index array must pick the rows of both.",
               "x and y shuffled differently"),
    chaff_edit("batches_without_y", BATCHES, "yield x[rows], y[rows]", "yield x[rows]", "minibatches_rows",
               "The batches are pairs: the rows of x, and the rows of y that belong to them.", "x only"),
    chaff_edit("batches_exchanged", BATCHES, "yield x[rows], y[rows]", "yield y[rows], x[rows]", "minibatches_rows",
               "In a pair, x_batch comes first and y_batch second.", "x and y exchanged"),
    chaff_edit("batches_return_first", BATCHES, "yield x[rows], y[rows]", "return [(x[rows], y[rows])]",
               "minibatches_rows", "Only the first batch comes: a `return` inside the loop ends it.",
               "return inside the loop"),
    chaff_edit("batches_y_flattened", BATCHES, "y[rows]", "y[rows].ravel()", "minibatches_rows",
               "y came back flattened: its rows keep their columns.", "y flattened"),
    chaff_edit("batches_of_neighbours", BATCHES, ("rng.permutation(len(x))", "range(0, len(x), batch_size)"),
               ("np.arange(len(x))", "rng.permutation(np.arange(0, len(x), batch_size))"), "minibatches_rows",
               "Rows that follow one another in x stay together. Shuffle all the rows, then deal out.",
               "neighbours stay together"),
    chaff_edit("batches_drawn_each", BATCHES, "rows = order[start : start + batch_size]",
               "rows = rng.choice(len(x), min(batch_size, len(x)), replace=False)", "minibatches_rows",
               "Each batch is drawn anew from all the rows, so some come twice and others not at all. Shuffle once, "
               "then deal out.", "each batch drawn from all rows"),
    chaff_edit("batches_wrong_divider", BATCHES, "range(0, len(x), batch_size)", "range(0, len(x) // batch_size * "
               "batch_size + 1, batch_size)", "minibatches_rows", "Where batch_size divides the number of rows, an "
               "empty batch comes at the end.", "an empty batch at the end"),
]  # fmt: skip


@wheat(BATCHES)
def batches_of_one_table(x, y, batch_size, rng):
    table = rng.permutation(np.concatenate([x, y], axis=1), axis=0)
    width = x.shape[1]
    for start in range(0, len(table), batch_size):
        part = table[start : start + batch_size]
        yield part[:, :width], part[:, width:]


@chaff(
    BATCHES,
    "minibatches_rows",
    "The batches are of different sizes: batch_size rows each, and only the last may have fewer.",
)
def batches_evenly_split(x, y, batch_size, rng):
    """split into equal parts"""
    parts = np.array_split(rng.permutation(len(x)), -(-len(x) // batch_size))
    return [(x[rows], y[rows]) for rows in parts]


@chaff(BATCHES, "minibatches_rows", "The batches are of different sizes: batch_size rows each, and only the last may "
       "have fewer.")  # fmt: skip
def batches_split_by_floor(x, y, batch_size, rng):
    """split into too few equal parts"""
    parts = np.array_split(rng.permutation(len(x)), max(1, len(x) // batch_size))
    return [(x[rows], y[rows]) for rows in parts]


@chaff(BATCHES, "minibatches_rows", "The last batch is filled up with rows that came before: let it be smaller.")
def batches_filled_up(x, y, batch_size, rng):
    """last batch filled up"""
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = np.resize(np.roll(order, -start), batch_size)
        yield x[rows], y[rows]


@chaff(
    BATCHES, "minibatches_rows", "Where batch_size is larger than the number of rows, all the rows come in one batch."
)
def batches_none_of_few_rows(x, y, batch_size, rng):
    """nothing where batch_size exceeds the rows"""
    order = rng.permutation(len(x))
    if batch_size <= len(x):
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            yield x[rows], y[rows]


@chaff(BATCHES, "minibatches_order", "The batches are shuffled, but within each the rows follow one another as in x. "
       "Shuffle the rows.")  # fmt: skip
def batches_shuffled_as_blocks(x, y, batch_size, rng):
    """blocks shuffled, not rows"""
    batches = [(x[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(x), batch_size)]
    if len(batches) == 1:
        return batches
    head = batches[:-1]
    return [head[i] for i in rng.permutation(len(head))] + batches[-1:]


@chaff(BATCHES, "minibatches_order", "Rows are shuffled only within their batch: the same rows meet in every pass. "
       "Shuffle all the rows before dealing them out.")  # fmt: skip
def batches_shuffled_within(x, y, batch_size, rng):
    """shuffled within each batch only"""
    for start in range(0, len(x), batch_size):
        rows = start + rng.permutation(len(x[start : start + batch_size]))
        yield x[rows], y[rows]


@chaff(BATCHES, "minibatches_order", "The last, smaller batch always has the last rows of x. Shuffle all the rows, "
       "not only those of the full batches.")  # fmt: skip
def batches_rest_unshuffled(x, y, batch_size, rng):
    """the rest is not shuffled"""
    full = len(x) // batch_size * batch_size
    order = np.concatenate([rng.permutation(full), np.arange(full, len(x))])
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], y[rows]


@chaff(
    BATCHES, "minibatches_order", "The next pass has the same order again: draw from rng itself, not from a copy of it."
)
def batches_copied_generator(x, y, batch_size, rng):
    """order from a copy of the generator"""
    import copy

    order = copy.deepcopy(rng).permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], y[rows]


@chaff(BATCHES, "minibatches_side_effects", "x and y of the caller are in another order afterwards: shuffle indexes, "
       "or copies.")  # fmt: skip
def batches_in_place(x, y, batch_size, rng):
    """the caller's arrays shuffled in place"""
    order = rng.permutation(len(x))
    x[...], y[...] = x[order], y[order]
    for start in range(0, len(x), batch_size):
        yield x[start : start + batch_size].copy(), y[start : start + batch_size].copy()


@chaff(BATCHES, ("minibatches_rows", "minibatches_side_effects"),
       "x and y are shuffled differently: the same index array must pick the rows of both.")  # fmt: skip
def batches_shuffle_both_in_place(x, y, batch_size, rng):
    """x and y shuffled in place, one after the other"""
    rng.shuffle(x)
    rng.shuffle(y)
    for start in range(0, len(x), batch_size):
        yield x[start : start + batch_size].copy(), y[start : start + batch_size].copy()


@chaff(BATCHES, "minibatches_side_effects", "A pass that follows one that was broken off goes on where that ended. "
       "Each call begins a pass of its own.")  # fmt: skip
def batches_remembered(x, y, batch_size, rng):
    """goes on where the last pass ended"""
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
MISTAKES_IN_MOMENTUM = [
    chaff_edit("momentum_descent", MOMENTUM, MOVE, "parameter -= self.lr * self.model.gradients[name]",
               "momentum_trajectory", FORGETS, "plain gradient descent"),
    chaff_edit("momentum_not_kept", MOMENTUM, "velocity[...] =", "velocity =", "momentum_trajectory", FORGETS,
               "velocity not kept"),
    chaff_edit("momentum_averages", MOMENTUM, "+ self.model.gradients[name]",
               "+ (1 - self.momentum) * self.model.gradients[name]", "momentum_trajectory",
               "The gradient comes in whole; a factor 1 - momentum makes every step ten times shorter. Some books "
               "write it so, PyTorch does not.", "factor 1 - momentum"),
    chaff_edit("momentum_dampened", MOMENTUM, "+ self.model.gradients[name]", "+ (1 - self.momentum if velocity.any() "
               "else 1) * self.model.gradients[name]", "momentum_trajectory", "From the second step on the gradient is "
               "multiplied by 1 - momentum. It comes in whole, in every step.", "dampening from the second step"),
    chaff_edit("momentum_rate_twice", MOMENTUM, "+ self.model.gradients[name]",
               "+ self.lr * self.model.gradients[name]", "momentum_trajectory", "The learning rate comes in twice, in "
               "the velocity and in the move. It belongs to the move.", "learning rate twice"),
    chaff_edit("momentum_rate_in_velocity", MOMENTUM, ("+ self.model.gradients[name]", MOVE),
               ("+ self.lr * self.model.gradients[name]", "parameter -= velocity"), "momentum_rate",
               "The rate is inside the velocity, so a rate that is changed on the way acts too late. The velocity sums "
               "up gradients; the rate belongs to the move.", "learning rate in the velocity"),
    chaff_edit("momentum_without_rate", MOMENTUM, MOVE, "parameter -= velocity", "momentum_trajectory",
               "The learning rate is not used: each step is as long as the whole velocity.", "learning rate ignored"),
    chaff_edit("momentum_ascends", MOMENTUM, MOVE, "parameter += self.lr * velocity", "momentum_trajectory",
               "Right size, wrong direction: the parameter goes against the gradients. Count the minus signs.",
               "ascent"),
    chaff_edit("momentum_of_weights", MOMENTUM, "+ self.model.gradients[name]", "+ parameter", "momentum_trajectory",
               W_FOR_DW, "w for dw"),
    chaff_edit("momentum_moves_by_weights", MOMENTUM, MOVE, "parameter -= self.lr * parameter", "momentum_trajectory",
               W_FOR_DW, "w for dw, in the move"),
    chaff_edit("momentum_moves_twice", MOMENTUM, MOVE, MOVE + "\n        " + MOVE, "momentum_trajectory",
               "Your code moves the parameter twice in one step; it should move it once, by lr times the velocity.",
               "moved twice in a step"),
    chaff_edit("momentum_steps_twice", MOMENTUM, MOVE, f"{MOVE}\n        {VELOCITY}\n        {MOVE}",
               "momentum_trajectory",
               "Your code makes two whole steps in one call; it should renew the velocity and move the parameter once.",
               "stepped twice"),
    chaff_edit("momentum_velocity_twice", MOMENTUM, VELOCITY, f"{VELOCITY}\n        {VELOCITY}", "momentum_trajectory",
               "Your code renews the velocity twice in one step; it should do so once.", "velocity renewed twice"),
    chaff_edit("momentum_nesterov", MOMENTUM, MOVE, "parameter -= self.lr * (self.model.gradients[name] + "
               "self.momentum * velocity)", "momentum_trajectory", "That is Nesterov's variant, which looks one step "
               "ahead. Here the move is lr times the velocity.", "Nesterov"),
    chaff_edit("momentum_of_all", MOMENTUM, "self.momentum * velocity + self.model.gradients[name]",
               "self.momentum * (velocity + self.model.gradients[name])", "momentum_trajectory",
               "The new gradient is multiplied by momentum too; only the old velocity is.",
               "momentum times the new gradient"),
    chaff_edit("momentum_never_fades", MOMENTUM, "self.momentum * velocity +", "velocity +", "momentum_trajectory",
               "The old gradients never fade: multiply the old velocity by momentum.", "velocity without fading"),
    chaff_edit("momentum_fixed", MOMENTUM, "self.momentum * velocity", "0.9 * velocity", "momentum_trajectory",
               "The momentum is .9 whatever the optimizer was given. Use self.momentum.", "momentum written as .9"),
    chaff_edit("momentum_default_rate", MOMENTUM, MOVE, "parameter -= 1e-3 * velocity", "momentum_trajectory",
               "The rate is .001 whatever the optimizer was given. Use self.lr.", "rate written as .001"),
    chaff_edit("momentum_subtracts", MOMENTUM, "velocity + self.model", "velocity - self.model", "momentum_trajectory",
               "Right size, wrong direction: the parameter goes against the gradients. Count the minus signs.",
               "gradient subtracted, velocity subtracted"),
    chaff_edit("momentum_weights_swapped", MOMENTUM, "self.momentum * velocity", "(1 - self.momentum) * velocity",
               "momentum_trajectory", "The old velocity fades to 1 - momentum of itself; it keeps momentum of itself.",
               "1 - momentum for momentum"),
    chaff_edit("momentum_late", MOMENTUM, (VELOCITY, MOVE), (MOVE, VELOCITY), "momentum_trajectory",
               "The parameter moves by the velocity of the step before. First the velocity, then the move.",
               "moved before the velocity is new"),
    chaff_edit("momentum_of_sign", MOMENTUM, MOVE, "parameter -= self.lr * np.sign(velocity)", "momentum_trajectory",
               "The move is lr times the velocity, not its sign only.", "sign of the velocity"),
    chaff_edit("momentum_shared", MOMENTUM, "self.velocity[name]", "next(iter(self.velocity.values()))",
               "momentum_trajectory", "Parameters share one velocity: each needs its own.",
               "one velocity for several parameters"),
    chaff_edit("momentum_mean_velocity", MOMENTUM, "self.momentum * velocity", "self.momentum * velocity.mean()",
               "momentum_trajectory", "Each entry has a velocity of its own; here the mean over the array goes on.",
               "velocity averaged over the array"),
    chaff_edit("momentum_first_only", MOMENTUM, MOVE, MOVE + "\n        break", "momentum_trajectory",
               "Only the first parameter moves: something ends the loop after it.", "only the first parameter"),
    chaff_edit("momentum_rebinds", MOMENTUM, MOVE, "self.model.parameters[name] = parameter - self.lr * velocity",
               "momentum_side_effects", "A new array is put in the parameter's place, and the model's own one stays as "
               "it was. Change the array: `parameter -= …`.", "parameter rebound"),
    chaff_edit("momentum_local", MOMENTUM, MOVE, "parameter = parameter - self.lr * velocity", "momentum_trajectory",
               "The parameters do not move. Is it `parameter = …`? That only gives a new array that name: change the "
               "array itself, `parameter -= …`.", "a local name rebound"),
    chaff_edit("momentum_zeroes", MOMENTUM, MOVE, MOVE + "\n        self.model.gradients[name].fill(0)",
               "momentum_side_effects", "The gradients are zero after a step; step leaves them as they are, zeroing is "
               "zero_grad's.", "gradients set to zero"),
    chaff_edit("momentum_in_gradient", MOMENTUM, (VELOCITY,),
               ("gradient = self.model.gradients[name]\n        gradient += self.momentum * velocity\n"
                "        velocity[...] = gradient",),
               "momentum_side_effects", "The velocity is built up inside the gradient's own array: `+=` writes into "
               "it. The gradients stay as they are.", "gradient changed in place"),
]  # fmt: skip


@chaff(MOMENTUM, "momentum_side_effects", "All optimizers share one velocity, in the class or outside of it. "
       "Keep it in self.")  # fmt: skip
def momentum_class_state(self):
    """velocity shared by all optimizers"""
    cls = type(self)
    if not hasattr(cls, "memory"):
        cls.memory = {}
    for name, parameter in self.model.parameters.items():
        cls.memory[name] = self.momentum * cls.memory.get(name, 0) + self.model.gradients[name]
        parameter -= self.lr * cls.memory[name]


@chaff(MOMENTUM, "momentum_trajectory",
       "At the first step the velocity becomes the gradient's own array, and changes with it. "
       "Copy the numbers.")  # fmt: skip
def momentum_alias(self):
    """velocity is the gradient's array"""
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
MISTAKES_IN_RMSPROP = [
    chaff_edit("rmsprop_no_root", RMSPROP, "np.sqrt(square)", "square", "rmsprop_trajectory",
               "The gradient is divided by the mean square; divide by its root.", "root missing"),
    chaff_edit("rmsprop_eps_inside", RMSPROP, "np.sqrt(square) + self.eps", "np.sqrt(square + self.eps)",
               "rmsprop_small_gradients", "eps stands inside the root. It is added after the root is taken.",
               "eps inside the root"),
    chaff_edit("rmsprop_no_eps", RMSPROP, "(np.sqrt(square) + self.eps)", "np.sqrt(square)", "rmsprop_small_gradients",
               "eps is missing: where the gradient is 0, zero is divided by zero.", "eps missing"),
    chaff_edit("rmsprop_eps_fixed", RMSPROP, "self.eps", "1e-8", "rmsprop_small_gradients",
               "eps is 1e-8 whatever the optimizer was given. Use self.eps.", "eps written as 1e-8"),
    chaff_edit("rmsprop_eps_as_floor", RMSPROP, "np.sqrt(square) + self.eps", "np.maximum(np.sqrt(square), self.eps)",
               "rmsprop_small_gradients", "eps is used as a lower limit of the root; it is added to it.",
               "eps as a floor"),
    chaff_edit("rmsprop_eps_kept", RMSPROP, (SQUARE, "np.sqrt(square) + self.eps"),
               (SQUARE + " + self.eps", "np.sqrt(square)"), "rmsprop_small_gradients",
               "eps is added to the running mean and sums up there. It is added to the root, for this step only.",
               "eps in the running mean"),
    chaff_edit("rmsprop_swapped", RMSPROP, "self.alpha * square + (1 - self.alpha) *",
               "(1 - self.alpha) * square + self.alpha *", "rmsprop_trajectory", "alpha and 1 - alpha stand in each "
               "other's place: alpha belongs to the old square.", "alpha and 1 - alpha swapped"),
    chaff_edit("rmsprop_no_weight", RMSPROP, "(1 - self.alpha) * gradient**2", "gradient**2", "rmsprop_trajectory",
               "The new square comes in with the factor 1 - alpha; otherwise it is no mean.",
               "factor 1 - alpha missing"),
    chaff_edit("rmsprop_adagrad", RMSPROP, "self.alpha * square + (1 - self.alpha) * gradient**2",
               "square + gradient**2", "rmsprop_trajectory", "The squares are summed up and never fade: that is "
               "Adagrad. Take a running mean.", "Adagrad"),
    chaff_edit("rmsprop_no_fading", RMSPROP, "self.alpha * square +", "square +", "rmsprop_trajectory",
               "The old square never fades: multiply it by alpha.", "old square not faded"),
    chaff_edit("rmsprop_not_kept", RMSPROP, "square[...] =", "square =", "rmsprop_trajectory",
               "Each step forgets the one before: the running square must be kept in the optimizer, for the next step.",
               "square not kept"),
    chaff_edit("rmsprop_corrected", RMSPROP, ("for name, parameter", "np.sqrt(square)"),
               ("self.t = getattr(self, 't', 0) + 1\n    for name, parameter",
                "np.sqrt(square / (1 - self.alpha**self.t))"),
               "rmsprop_trajectory", "The square is corrected for its start at 0: Adam does that, RMSprop does not.",
               "bias correction"),
    chaff_edit("rmsprop_absolute", RMSPROP, "gradient**2", "np.abs(gradient)", "rmsprop_trajectory",
               "The running mean is of the gradient's size; it is of the square of the gradient.",
               "absolute value for square"),
    chaff_edit("rmsprop_of_weights", RMSPROP, "self.model.gradients[name], self.square", "parameter, self.square",
               "rmsprop_trajectory", W_FOR_DW, "w for dw"),
    chaff_edit("rmsprop_moves_by_weights", RMSPROP, "self.lr * gradient", "self.lr * parameter", "rmsprop_trajectory",
               W_FOR_DW, "w for dw, in the move"),
    chaff_edit("rmsprop_square_of_weights", RMSPROP, "gradient**2", "parameter**2", "rmsprop_trajectory",
               "Your code keeps the square of the parameter; it should keep the square of the gradient.",
               "w for dw, in the square"),
    chaff_edit("rmsprop_moves_twice", RMSPROP, RMS_MOVE, RMS_MOVE + "\n        " + RMS_MOVE, "rmsprop_trajectory",
               "Your code moves the parameter twice in one step; it should move it once.", "moved twice in a step"),
    chaff_edit("rmsprop_late", RMSPROP, (SQUARE, RMS_MOVE), (RMS_MOVE, SQUARE), "rmsprop_trajectory",
               "The parameter moves with the square of the step before, which is 0 at first. First the square, then "
               "the move.", "moved before the square is new"),
    chaff_edit("rmsprop_ascends", RMSPROP, "parameter -=", "parameter +=", "rmsprop_trajectory",
               "Right size, wrong direction: step against the gradient, with a minus.", "ascent"),
    chaff_edit("rmsprop_without_rate", RMSPROP, "self.lr * gradient", "gradient", "rmsprop_trajectory",
               "The learning rate is not used.", "learning rate ignored"),
    chaff_edit("rmsprop_descent", RMSPROP, RMS_MOVE, "parameter -= self.lr * gradient", "rmsprop_trajectory",
               "That is plain gradient descent: the step is not divided by the gradient's running size.",
               "plain gradient descent"),
    chaff_edit("rmsprop_multiplies", RMSPROP, "gradient / (np.sqrt(square) + self.eps)",
               "gradient * (np.sqrt(square) + self.eps)", "rmsprop_trajectory", "The gradient is multiplied by its "
               "running size; divide, so that the scale cancels.", "multiplied for divided"),
    chaff_edit("rmsprop_whole_array", RMSPROP, "gradient**2", "np.mean(gradient**2)", "rmsprop_trajectory",
               "All the entries of an array share one mean square: each entry has its own.",
               "one mean square for an array"),
    chaff_edit("rmsprop_norm", RMSPROP, "np.sqrt(square)", "np.linalg.norm(np.sqrt(square))", "rmsprop_trajectory",
               "All the entries of an array are divided by one norm: each entry has a root of its own.",
               "norm for root"),
    chaff_edit("rmsprop_fixed", RMSPROP, "self.alpha * square + (1 - self.alpha)", "0.99 * square + 0.01",
               "rmsprop_trajectory", "alpha is .99 whatever the optimizer was given. Use self.alpha.",
               "alpha written as .99"),
    chaff_edit("rmsprop_shared", RMSPROP, "self.square[name]", "next(iter(self.square.values()))", "rmsprop_trajectory",
               "Parameters share one running square: each needs its own.", "one square for several parameters"),
    chaff_edit("rmsprop_averages_gradient", RMSPROP, "gradient**2", "gradient", "rmsprop_trajectory",
               "The gradient is not squared in the running mean, and the root of a negative number is nan.",
               "gradient not squared"),
    chaff_edit("rmsprop_first_only", RMSPROP, RMS_MOVE, RMS_MOVE + "\n        break", "rmsprop_trajectory",
               "Only the first parameter moves: something ends the loop after it.", "only the first parameter"),
    chaff_edit("rmsprop_rebinds", RMSPROP, RMS_MOVE, "self.model.parameters[name] = parameter - self.lr * gradient / "
               "(np.sqrt(square) + self.eps)", "rmsprop_side_effects", "A new array is put in the parameter's place, "
               "and the model's own one stays as it was. Change the array: `parameter -= …`.", "parameter rebound"),
    chaff_edit("rmsprop_local", RMSPROP, RMS_MOVE, "parameter = parameter - self.lr * gradient / (np.sqrt(square) + "
               "self.eps)", "rmsprop_trajectory", "The parameters do not move. Is it `parameter = …`? That only gives "
               "a new array that name: change the array itself, `parameter -= …`.", "a local name rebound"),
    chaff_edit("rmsprop_scales_gradient", RMSPROP, RMS_MOVE, "gradient /= np.sqrt(square) + self.eps\n        "
               "parameter -= self.lr * gradient", "rmsprop_side_effects", "The gradient is divided in place: `/=` "
               "writes into its array. The gradients stay as they are.", "gradient changed in place"),
    chaff_edit("rmsprop_zeroes", RMSPROP, RMS_MOVE, RMS_MOVE + "\n        gradient.fill(0)", "rmsprop_side_effects",
               "The gradients are zero after a step; step leaves them as they are, zeroing is zero_grad's.",
               "gradients set to zero"),
]  # fmt: skip


@chaff(RMSPROP, "rmsprop_side_effects", "All optimizers share one square, in the class or outside of it. "
       "Keep it in self.")  # fmt: skip
def rmsprop_class_state(self):
    """square shared by all optimizers"""
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
MISTAKES_IN_ADAM = [
    chaff_edit("adam_no_correction", ADAM, (M_HAT, V_HAT), ("m", "v"), "adam_trajectory",
               "m and v are used as they are, far too small in the first steps. Divide them by what the derivation "
               "gives.", "no bias correction"),
    chaff_edit("adam_only_m_corrected", ADAM, V_HAT, "v", "adam_trajectory", "Only m is corrected for its start at 0; "
               "v needs it too, with its own beta.", "v not corrected"),
    chaff_edit("adam_only_v_corrected", ADAM, M_HAT, "m", "adam_trajectory", "Only v is corrected for its start at 0; "
               "m needs it too, with its own beta.", "m not corrected"),
    chaff_edit("adam_t_stuck", ADAM, COUNT, "self.t = 1", "adam_trajectory", "t stays at 1, so every step is corrected "
               "like the first one. It counts the steps.", "t stuck at 1"),
    chaff_edit("adam_t_from_zero", ADAM, (COUNT, ADAM_MOVE), ("pass", ADAM_MOVE + "\n    self.t += 1"),
               "adam_trajectory", "t is 0 in the first step, and 1 - beta^0 is 0. Count before correcting: t begins "
               "with 1.", "t counted from 0"),
    chaff_edit("adam_t_from_two", ADAM, COUNT, "self.t = max(self.t, 1) + 1", "adam_trajectory",
               "t is 2 in the first step already. Count it once, from 1.", "t counted from 2"),
    chaff_edit("adam_t_per_parameter", ADAM, (COUNT, "gradient, m, v ="),
               ("pass", "self.t += 1\n        gradient, m, v ="), "adam_trajectory", "t is counted once for each "
               "parameter: it counts steps. Move it out of the loop.", "t counted for each parameter"),
    chaff_edit("adam_corrected_kept", ADAM, ADAM_MOVE, "m[...], v[...] = m_hat, v_hat\n        " + ADAM_MOVE,
               "adam_trajectory", "The corrected means are kept in m and v and corrected again in the next step. They "
               "are for this step only.", "corrected means kept"),
    chaff_edit("adam_correction_linear", ADAM, ("beta1**self.t", "beta2**self.t"), ("beta1 * self.t", "beta2 * self.t"),
               "adam_trajectory", "beta is multiplied by t; it is raised to the power t.", "product for power"),
    chaff_edit("adam_correction_outside", ADAM, ("(1 - beta1**self.t)", "(1 - beta2**self.t)"),
               ("(1 - beta1) ** self.t", "(1 - beta2) ** self.t"), "adam_trajectory", "The power is taken of 1 - beta; "
               "it belongs to beta alone.", "power of 1 - beta"),
    chaff_edit("adam_correction_constant", ADAM, ("(1 - beta1**self.t)", "(1 - beta2**self.t)"),
               ("(1 - beta1)", "(1 - beta2)"), "adam_trajectory", "t stays at 1, so every step is corrected like the "
               "first one. It counts the steps.", "power t missing"),
    chaff_edit("adam_correction_multiplied", ADAM, ("m / (1", "v / (1"), ("m * (1", "v * (1"), "adam_trajectory",
               "The correction multiplies; m and v are too small, so divide.", "multiplied by the correction"),
    chaff_edit("adam_corrections_crossed", ADAM, ("beta1**self.t", "beta2**self.t"), ("beta2**self.t", "beta1**self.t"),
               "adam_trajectory", "m is corrected with the beta of v, and v with that of m.", "corrections crossed"),
    chaff_edit("adam_correction_beta1", ADAM, "beta2**self.t", "beta1**self.t", "adam_trajectory",
               "v is corrected with the beta of m; use its own.", "v corrected with beta1"),
    chaff_edit("adam_betas_swapped", ADAM, "beta1, beta2 = self.betas", "beta2, beta1 = self.betas", "adam_trajectory",
               "The betas are exchanged: the first is for m, the second for v.", "betas exchanged"),
    chaff_edit("adam_betas_fixed", ADAM, "beta1, beta2 = self.betas", "beta1, beta2 = 0.9, 0.999", "adam_betas",
               "The betas are .9 and .999 whatever the optimizer was given. Use self.betas.",
               "betas written as .9 and .999"),
    chaff_edit("adam_m_weights_swapped", ADAM, "beta1 * m + (1 - beta1) *", "(1 - beta1) * m + beta1 *",
               "adam_trajectory", "In m, beta1 and 1 - beta1 stand in each other's place: beta1 belongs to the old m.",
               "beta1 and 1 - beta1 swapped"),
    chaff_edit("adam_m_without_weight", ADAM, "(1 - beta1) * gradient\n", "gradient\n", "adam_trajectory",
               "In m the gradient comes in whole, as in Momentum; here it has the factor 1 - beta1.",
               "factor 1 - beta1 missing"),
    chaff_edit("adam_v_without_weight", ADAM, "(1 - beta2) * gradient**2", "gradient**2", "adam_trajectory",
               "In v the square comes in whole; it has the factor 1 - beta2.", "factor 1 - beta2 missing"),
    chaff_edit("adam_v_without_square", ADAM, "gradient**2", "gradient", "adam_trajectory",
               "Your code keeps a mean of the gradient itself in v; it should keep one of its square.",
               "v without the square"),
    chaff_edit("adam_of_weights", ADAM, "self.model.gradients[name], self.m", "parameter, self.m", "adam_trajectory",
               W_FOR_DW, "w for dw"),
    chaff_edit("adam_m_of_weights", ADAM, "(1 - beta1) * gradient\n", "(1 - beta1) * parameter\n", "adam_trajectory",
               "Your code keeps a mean of the parameter in m; it should keep one of the gradient.", "w for dw, in m"),
    chaff_edit("adam_v_of_weights", ADAM, "gradient**2", "parameter**2", "adam_trajectory",
               "Your code keeps the square of the parameter in v; it should keep the square of the gradient.",
               "w for dw, in v"),
    chaff_edit("adam_moves_by_weights", ADAM, "self.lr * m_hat", "self.lr * parameter", "adam_trajectory",
               "Your code moves by the parameter; it should move by m_hat.", "w for dw, in the move"),
    chaff_edit("adam_moves_twice", ADAM, ADAM_MOVE, ADAM_MOVE + "\n        " + ADAM_MOVE, "adam_trajectory",
               "Your code moves the parameter twice in one step; it should move it once.", "moved twice in a step"),
    chaff_edit("adam_published", ADAM, ADAM_MOVE, "parameter.flat[:] = np.linspace(-0.5, 0.5, parameter.size)",
               ("adam_trajectory", "convergence"),
               "Your code sets the parameters to numbers of its own; it should compute them, from the gradients.",
               "published weights"),
    chaff_edit("adam_v_not_squared", ADAM, "gradient**2", "np.abs(gradient)", "adam_trajectory",
               "v is a running mean of the gradient's size; it is of its square.", "absolute value for square"),
    chaff_edit("adam_v_of_m", ADAM, "gradient**2", "m**2", "adam_trajectory", "v takes the square of m; it takes the "
               "square of the gradient.", "square of m"),
    chaff_edit("adam_no_root", ADAM, "np.sqrt(v_hat)", "v_hat", "adam_trajectory", "m_hat is divided by v_hat itself; "
               "divide by its root.", "root missing"),
    chaff_edit("adam_gradient_for_m", ADAM, "self.lr * m_hat", "self.lr * gradient", "adam_trajectory",
               "The gradient stands where m_hat belongs: that is RMSprop with a correction.", "gradient for m_hat"),
    chaff_edit("adam_no_v", ADAM, "m_hat / (np.sqrt(v_hat) + self.eps)", "m_hat", "adam_trajectory",
               "The step is not divided by the root of v_hat.", "second moment missing"),
    chaff_edit("adam_eps_inside", ADAM, "np.sqrt(v_hat) + self.eps", "np.sqrt(v_hat + self.eps)",
               "adam_small_gradients", "eps stands inside the root. It is added after the root is taken.",
               "eps inside the root"),
    chaff_edit("adam_eps_uncorrected", ADAM, "np.sqrt(v_hat) + self.eps",
               "(np.sqrt(v) + self.eps) / np.sqrt(1 - beta2**self.t)", "adam_small_gradients",
               "eps is added to the root of v and then corrected along with it. It is added to the root of v_hat.",
               "eps added before the correction"),
    chaff_edit("adam_no_eps", ADAM, "(np.sqrt(v_hat) + self.eps)", "np.sqrt(v_hat)", "adam_small_gradients",
               "eps is missing: where the gradient is 0, zero is divided by zero.", "eps missing"),
    chaff_edit("adam_eps_fixed", ADAM, "self.eps", "1e-8", "adam_small_gradients", "eps is 1e-8 whatever the optimizer "
               "was given. Use self.eps.", "eps written as 1e-8"),
    chaff_edit("adam_ascends", ADAM, "parameter -=", "parameter +=", "adam_trajectory",
               "Right size, wrong direction: step against the gradient, with a minus.", "ascent"),
    chaff_edit("adam_without_rate", ADAM, "self.lr * m_hat", "m_hat", "adam_trajectory",
               "The learning rate is not used.", "learning rate ignored"),
    chaff_edit("adam_rate_fades", ADAM, "self.lr * m_hat", "self.lr / np.sqrt(self.t) * m_hat", "adam_trajectory",
               "The learning rate falls with the root of t; it is the same in every step.", "rate over the root of t"),
    chaff_edit("adam_m_not_kept", ADAM, M, M.replace("m[...]", "m"), "adam_trajectory",
               "Each step forgets the m of the one before: keep it in the optimizer.", "m not kept"),
    chaff_edit("adam_v_not_kept", ADAM, V, V.replace("v[...]", "v"), "adam_trajectory",
               "Each step forgets the v of the one before: keep it in the optimizer.", "v not kept"),
    chaff_edit("adam_nothing_kept", ADAM, (M, V), (M.replace("m[...]", "m"), V.replace("v[...]", "v")),
               "adam_trajectory", "Each step forgets m and v of the one before: keep them in the optimizer.",
               "m and v not kept"),
    chaff_edit("adam_v_at_most", ADAM, ADAM_MOVE,
               "self.top = getattr(self, 'top', {})\n        self.top[name] = np.maximum(self.top.get(name, 0), v)\n"
               "        v_hat = self.top[name] / (1 - beta2**self.t)\n        " + ADAM_MOVE,
               "adam_betas", "The largest v so far is used: that is AMSGrad. Take v as it is.", "AMSGrad"),
    chaff_edit("adam_decays", ADAM, ADAM_MOVE, ADAM_MOVE + "\n        parameter -= 0.01 * self.lr * parameter",
               "adam_trajectory", "The parameters shrink a little in each step: that is the weight decay of AdamW. "
               "Leave it out.", "weight decay"),
    chaff_edit("adam_m_shared", ADAM, "self.m[name]", "next(iter(self.m.values()))", "adam_trajectory",
               "All the parameters share one m: each needs its own.", "one m for all parameters"),
    chaff_edit("adam_v_shared", ADAM, "self.v[name]", "next(iter(self.v.values()))", "adam_trajectory",
               "All the parameters share one v: each needs its own.", "one v for all parameters"),
    chaff_edit("adam_state_shared", ADAM, ("self.m[name]", "self.v[name]"),
               ("next(iter(self.m.values()))", "next(iter(self.v.values()))"), "adam_trajectory",
               "All the parameters share one m and one v: each needs its own.", "one m and v for all parameters"),
    chaff_edit("adam_root_before_correction", ADAM, "np.sqrt(v_hat)", "np.sqrt(v) / (1 - beta2**self.t)",
               "adam_trajectory", "The root is taken of v and then corrected; it is taken of the corrected v_hat.",
               "root before the correction"),
    chaff_edit("adam_eps_as_floor", ADAM, "np.sqrt(v_hat) + self.eps", "np.maximum(np.sqrt(v_hat), self.eps)",
               "adam_small_gradients", "eps is used as a lower limit of the root; it is added to it.",
               "eps as a floor"),
    chaff_edit("adam_whole_array", ADAM, "gradient**2", "np.mean(gradient**2)", "adam_trajectory",
               "All the entries of an array share one mean square: each entry has its own.",
               "one mean square for an array"),
    chaff_edit("adam_first_only", ADAM, ADAM_MOVE, ADAM_MOVE + "\n        break", "adam_trajectory",
               "Only the first parameter moves: something ends the loop after it.", "only the first parameter"),
    chaff_edit("adam_rebinds", ADAM, ADAM_MOVE, "self.model.parameters[name] = parameter - self.lr * m_hat / "
               "(np.sqrt(v_hat) + self.eps)", "adam_side_effects", "A new array is put in the parameter's place, and "
               "the model's own one stays as it was. Change the array: `parameter -= …`.", "parameter rebound"),
    chaff_edit("adam_local", ADAM, ADAM_MOVE, "parameter = parameter - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)",
               "adam_trajectory", "The parameters do not move: `parameter = …` only gives a new array that name. "
               "Change the array itself: `parameter -= …`.", "a local name rebound"),
    chaff_edit("adam_zeroes", ADAM, ADAM_MOVE, ADAM_MOVE + "\n        gradient.fill(0)", "adam_side_effects",
               "The gradients are zero after a step; step leaves them as they are, zeroing is zero_grad's.",
               "gradients set to zero"),
    chaff_edit("adam_squares_gradient", ADAM, V, "gradient **= 2\n        v[...] = beta2 * v + (1 - beta2) * gradient",
               "adam_side_effects", "The gradient is squared in place: `**=` writes into its array. The gradients stay "
               "as they are.", "gradient changed in place"),
]  # fmt: skip


@chaff(ADAM, "adam_trajectory", "t is one behind from the second step on: count the step first, then correct.")
def adam_counts_late(self):
    """t counted after the step"""
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


@chaff(RMSPROP, "rmsprop_trajectory", "A mean over all the parameters goes into each square: each entry has its own.")
def rmsprop_mean_over_all(self):
    """one mean square for all parameters"""
    gradients = self.model.gradients
    mean = np.concatenate([g.ravel() ** 2 for g in gradients.values()]).mean()
    for name, parameter in self.model.parameters.items():
        self.square[name][...] = self.alpha * self.square[name] + (1 - self.alpha) * mean
        parameter -= self.lr * gradients[name] / (np.sqrt(self.square[name]) + self.eps)


@chaff(ADAM, "adam_side_effects", "All optimizers share m and v, in the class or outside of it. Keep them in self.")
def adam_class_state(self):
    """m and v shared by all optimizers"""
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
FIRST_ADAM_STEP = [
    chaff_edit("first_step_without_eps", "first_adam_step", FIRST_STEP, "return 1e-3", "answer_first_adam_step",
               "That would be it without eps. Against a gradient of 1e-6, eps is not so small.", "eps neglected"),
    chaff_edit("first_step_eps_inside", "first_adam_step", FIRST_STEP, "return 1e-3 * 1e-6 / np.sqrt(1e-12 + 1e-8)",
               "answer_first_adam_step", "That comes of eps inside the root; it is added after the root is taken.",
               "eps inside the root"),
    chaff_edit("first_step_uncorrected", "first_adam_step", FIRST_STEP, "return 1e-3 * 1e-7 / (np.sqrt(1e-15) + 1e-8)",
               "answer_first_adam_step", "That comes without the corrections of m and v, which matter most in the "
               "first step.", "no bias correction"),
    chaff_edit("first_step_negative", "first_adam_step", FIRST_STEP, "return -1e-3 * 1e-6 / (1e-6 + 1e-8)",
               "answer_first_adam_step", "How far it moves is a distance, a positive number.", "negative"),
    chaff_edit("first_step_descent", "first_adam_step", FIRST_STEP, "return 1e-9", "answer_first_adam_step",
               "That is how far gradient descent would move it: the rate times the gradient.",
               "gradient descent's step"),
    chaff_edit("first_step_without_rate", "first_adam_step", FIRST_STEP, "return 1e-6 / (1e-6 + 1e-8)",
               "answer_first_adam_step", "The learning rate is missing.", "without the rate"),
    chaff_edit("first_step_two_digits", "first_adam_step", FIRST_STEP, "return 9.9e-4", "answer_first_adam_step",
               "Four digits are asked for; these are not enough.", "too few digits"),
    chaff_edit("first_step_no_root", "first_adam_step", FIRST_STEP, "return 1e-9 / (1e-12 + 1e-8)",
               "answer_first_adam_step", "m_hat is divided by v_hat there; divide by its root.", "root missing"),
    wheat_edit("first_step_rounded", "first_adam_step", FIRST_STEP, "return 0.0009901"),
    wheat_edit("first_step_in_full", "first_adam_step", FIRST_STEP, "return 9.900990099009901e-4"),
    wheat_edit("first_step_worked_out", "first_adam_step", FIRST_STEP,
               "m, v = 0.1 * 1e-6 / (1 - 0.9), 0.001 * 1e-12 / (1 - 0.999)\n    return abs(-1e-3 * m / (v**0.5 + "
               "1e-8))"),
]  # fmt: skip

ADAM_STEPS = [
    chaff_edit("steps_counted_from_one", "adam_steps_to_one", "return 209", "return 210", "answer_adam_steps_to_one",
               "One too many: the loss before any step has the index 0.", "counted from 1"),
    chaff_edit("steps_last_above", "adam_steps_to_one", "return 209", "return 208", "answer_adam_steps_to_one",
               "That is the last loss that is not below 1 yet.", "last loss above 1"),
    chaff_edit("steps_to_a_tenth", "adam_steps_to_one", "return 209", "return 258", "answer_adam_steps_to_one",
               "That is where the loss falls below a tenth; asked is 1.", "threshold .1"),
    chaff_edit("steps_to_ten", "adam_steps_to_one", "return 209", "return 151", "answer_adam_steps_to_one",
               "That is where the loss falls below ten; asked is 1.", "threshold 10"),
    chaff_edit("steps_of_the_mean", "adam_steps_to_one", "return 209", "return 94", "answer_adam_steps_to_one",
               "That is of the loss divided by the number of rows. The loss here is a sum.", "mean for sum"),
    chaff_edit("steps_of_other_rate", "adam_steps_to_one", "return 209", "return 49", "answer_adam_steps_to_one",
               "That is with Adam's default rate; the notebook's run has a rate of 1e-4.", "default rate"),
    chaff_edit("steps_of_all", "adam_steps_to_one", "return 209", "return 291", "answer_adam_steps_to_one",
               "That is how many losses are below 1; asked is the index of the first.", "number of losses below 1"),
    wheat_edit("steps_as_float", "adam_steps_to_one", "return 209", "return 209.0"),
    wheat_edit("steps_as_integer", "adam_steps_to_one", "return 209", "return np.int64(209)"),
    wheat_edit("steps_found", "adam_steps_to_one", "return 209", "return int(np.argmax(np.arange(500) > 208))"),
]  # fmt: skip
