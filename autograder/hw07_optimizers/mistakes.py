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


def _drawn(check, drawing, concept):
    """Numbers that are drawn in a wrong way, with the right factor."""

    def declare(init):
        drawn = f"{drawing} * {FACTOR[init]}"
        return chaff_edit(f"{init}_init", f"{init}_{check}", DRAW[init], drawn, concept=concept)

    return _each(declare)


def _rightly_drawn(drawing):
    """Numbers that are drawn in another right way; {} stands for the factor."""
    return _each(lambda init: wheat_edit(f"{init}_init", DRAW[init], drawing.format(FACTOR[init])))


@_drawn("draws", "np.random.standard_normal((d_in, d_out))", concept="random")
def init_global():
    """numbers from the global generator

    Your numbers come from np.random; they should come from the generator that is given: draw with rng.
    """


@_drawn("draws", "np.random.default_rng().standard_normal((d_in, d_out))", concept="random")
def init_own_generator():
    """a generator of its own

    Your numbers come from a generator of the function's own; they should come from the one that is given.
    """


@_drawn("draws", "np.random.default_rng(0).standard_normal((d_in, d_out))", concept="random")
def init_fixed_generator():
    """a seed fixed inside

    Your calls all give the same numbers; each should draw new ones, with the generator that is given.
    """


@_drawn("draws", "(np.random.seed(0), np.random.standard_normal((d_in, d_out)))[1]", concept="random")
def init_seeds_global():
    """the global generator seeded inside

    Your calls all give the same numbers, and seed NumPy's global generator besides; each should draw new ones, with
    rng.
    """


@_drawn("draws", "(np.random.seed(rng.integers(2**31)), np.random.standard_normal((d_in, d_out)))[1]", concept="random")
def init_seeds_global_by_rng():
    """the global generator seeded by rng

    Your code only seeds NumPy's global generator by rng, which others use as well; it should draw with rng itself.
    """


@_drawn("draws", "__import__('copy').deepcopy(rng).standard_normal((d_in, d_out))", concept="random")
def init_copied_generator():
    """numbers from a copy of the generator

    Your code draws from a copy of rng, so that a second call has the same numbers; it should draw from rng itself.
    """


@_drawn("statistics", "rng.standard_normal((d_out, d_in))", concept="places")
def init_transposed():
    """rows for columns

    Your array has rows and columns exchanged; it should be (d_in, d_out), as many rows as inputs, as batches are rows.
    """


@_drawn("statistics", "rng.standard_normal(d_in)", concept="shapes")
def init_one_column():
    """a vector for a matrix

    Your code draws one number for each input; it should draw one for each pair of input and output: an array (d_in,
    d_out).
    """


@_drawn("statistics", "np.tile(rng.standard_normal(d_out), (d_in, 1))", concept="random")
def init_repeated_row():
    """one row repeated

    Your array holds the same numbers many times; it should have every entry drawn for itself.
    """


@_drawn("statistics", "(rng.standard_normal((d_in, 1)) + np.zeros((d_in, d_out)))", concept="random")
def init_repeated_column():
    """one column repeated

    Your array holds the same numbers many times; it should have every entry drawn for itself.
    """


@_drawn("statistics", "rng.uniform(-np.sqrt(3), np.sqrt(3), (d_in, d_out))", concept="random")
def init_scaled_uniform():
    """uniform with the right deviation

    Your distribution is uniform, with the right deviation; it should be a normal one.
    """


@_drawn("statistics", "np.abs(rng.standard_normal((d_in, d_out)))", concept="random")
def init_positive():
    """absolute values

    Your weights are all positive; they should have as many negative ones, as a normal distribution with mean 0 has.
    """


@_drawn("statistics", "(lambda a: (a - a.mean()) / a.std())(rng.standard_normal((d_in, d_out)))", concept="random")
def init_standardised():
    """scaled to the exact deviation

    Your numbers are shifted and scaled to exactly this deviation; they should stay as drawn: a single entry would
    become nan.
    """


@chaff_edit(
    "normal_init",
    "normal_statistics",
    DRAW["normal"],
    "rng.standard_normal((d_in, d_out), dtype=np.float32).astype(np.float32) * 1.0",
    concept="precision",
)
def normal_float32():
    """float32

    Your numbers are float32; they should be float64, as everything here.
    """


@chaff_edit(
    "glorot_init", "glorot_statistics", DRAW["glorot"], f"({DRAW['glorot']}).astype(np.float32)", concept="precision"
)
def glorot_float32():
    """float32

    Your numbers are float32; they should be float64, as everything here.
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"({DRAW['he']}).astype(np.float32)", concept="precision")
def he_float32():
    """float32

    Your numbers are float32; they should be float64, as everything here.
    """


@chaff_edit("normal_init", "normal_statistics", DRAW["normal"], "rng.random((d_in, d_out)) * 1.0", concept="random")
def normal_uniform():
    """uniform from 0 to 1

    Your distribution is uniform from 0 to 1; it should be a normal one, with another mean, deviation and shape.
    """


@chaff_edit(
    "normal_init", "normal_statistics", DRAW["normal"], "rng.uniform(-1, 1, (d_in, d_out)) * 1.0", concept="random"
)
def normal_uniform_centred():
    """uniform from -1 to 1

    Your distribution is uniform from -1 to 1; it should be a normal one.
    """


@chaff_edit("normal_init", "normal_statistics", DRAW["normal"], f"{NORMAL} * 0.01", concept="random")
def normal_small():
    """scaled by .01

    Your code scales the numbers down; it should leave them, with a deviation of 1. See "Where to start".
    """


@chaff_edit("normal_init", "normal_statistics", DRAW["normal"], f"{NORMAL} * np.sqrt(2 / d_in)", concept="random")
def normal_scaled_by_inputs():
    """scaled as he_init

    Your code scales by d_in, the work of he_init; it should leave a deviation of 1, whatever the shape.
    """


@chaff_edit(
    "normal_init", "normal_statistics", DRAW["normal"], f"{NORMAL} * np.sqrt(2 / (d_in + d_out))", concept="random"
)
def normal_scaled_by_both():
    """scaled as glorot_init

    Your code scales by d_in and d_out, the work of glorot_init; it should leave a deviation of 1, whatever the shape.
    """


@chaff_edit("normal_init", "normal_statistics", DRAW["normal"], f"{NORMAL} * np.sqrt(1 / d_in)", concept="random")
def normal_kept_linear():
    """divided by the root of d_in

    Your deviation shrinks with d_in; it should be 1, whatever the shape. See "Where to start".
    """


@chaff_edit(
    "normal_init", "normal_statistics", DRAW["normal"], "rng.normal(1, 1, (d_in, d_out)) * 1.0", concept="random"
)
def normal_mean_one():
    """mean 1

    Your numbers are around another mean; they should be around 0. See "Where to start".
    """


@chaff_edit("glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * (2 / (d_in + d_out))", concept="random")
def glorot_variance():
    """variance for deviation

    Your code scales by the variance; it should scale by its root, the deviation. See "Where to start".
    """


@chaff_edit(
    "glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * (np.sqrt(2) / (d_in + d_out))", concept="random"
)
def glorot_root_of_two():
    """root of the 2 only

    Your code takes the root of the 2 only; it should take that of the whole fraction. See "Where to start".
    """


@chaff_edit(
    "glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * np.sqrt(1 / (d_in + d_out))", concept="factor"
)
def glorot_sum_of_both():
    """the 2 missing

    Your variance is half as large as it should be; it should be one over the mean of d_in and d_out, not over their
    sum.
    """


@chaff_edit("glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * np.sqrt(1 / d_in)", concept="random")
def glorot_inputs_only():
    """only the number of inputs

    Your deviation sees d_in only, which keeps the signal forward; it should see d_out too, for the gradient.
    """


@chaff_edit("glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * np.sqrt(1 / d_out)", concept="random")
def glorot_outputs_only():
    """only the number of outputs

    Your deviation sees d_out only, which keeps the gradient backward; it should see d_in too, for the signal.
    """


@chaff_edit("glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * np.sqrt(2 / d_in)", concept="random")
def glorot_he():
    """he_init's deviation

    Your deviation is that of he_init; it should be Glorot's, with the sum of d_in and d_out below the line.
    """


@chaff_edit("glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * 1.0", concept="random")
def glorot_plain():
    """not scaled

    Your numbers have a deviation of 1; they should be scaled. See "Where to start".
    """


@chaff_edit(
    "glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * np.sqrt(6 / (d_in + d_out))", concept="random"
)
def glorot_uniform_limit():
    """uniform limit as deviation

    Your code has the limit of a uniform distribution; it should have the deviation of the normal one, with a 2 there.
    """


@chaff_edit(
    "glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * np.sqrt((d_in + d_out) / 2)", concept="random"
)
def glorot_upside_down():
    """fraction upside down

    Your fraction is upside down; it should make weights smaller for more inputs and outputs. See "Where to start".
    """


@chaff_edit(
    "glorot_init", "glorot_statistics", DRAW["glorot"], f"{NORMAL} * np.sqrt(2 / (d_in * d_out))", concept="random"
)
def glorot_product():
    """product for sum

    Your code multiplies d_in and d_out; it should add them. See "Where to start".
    """


@chaff_edit(
    "glorot_init",
    "glorot_statistics",
    DRAW["glorot"],
    "rng.uniform(-1, 1, (d_in, d_out)) * np.sqrt(2 / (d_in + d_out))",
    concept="random",
)
def glorot_uniform_to_deviation():
    """uniform, limit for deviation

    Your distribution is uniform, with the deviation as its limit; it should be a normal one.
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"{NORMAL} * (2 / d_in)", concept="random")
def he_variance():
    """variance for deviation

    Your code scales by the variance; it should scale by its root, the deviation. See "Where to start".
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"{NORMAL} * (np.sqrt(2) / d_in)", concept="random")
def he_root_of_two():
    """root of the 2 only

    Your code takes the root of the 2 only; it should take that of the whole fraction. See "Where to start".
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"{NORMAL} * np.sqrt(1 / d_in)", concept="factor")
def he_linear():
    """the 2 missing

    Your deviation keeps the signal through a linear layer; it should make up for the half that a ReLU takes away.
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"{NORMAL} * np.sqrt(2 / (d_in + d_out))", concept="random")
def he_glorot():
    """glorot_init's deviation

    Your deviation is that of glorot_init; it should see d_in only. See "Where to start".
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"{NORMAL} * np.sqrt(2 / d_out)", concept="places")
def he_outputs():
    """outputs for inputs

    Your deviation has d_out where d_in belongs; it should have d_in, as each output sums over d_in inputs.
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"{NORMAL} * 1.0", concept="random")
def he_plain():
    """not scaled

    Your numbers have a deviation of 1; they should be scaled. See "Where to start".
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"{NORMAL} * np.sqrt(6 / d_in)", concept="random")
def he_uniform_limit():
    """uniform limit as deviation

    Your code has the limit of a uniform distribution; it should have He's deviation of the normal one, with a 2 there.
    """


@chaff_edit("he_init", "he_statistics", DRAW["he"], f"{NORMAL} * np.sqrt(d_in / 2)", concept="random")
def he_upside_down():
    """fraction upside down

    Your fraction is upside down; it should make weights smaller for more inputs. See "Where to start".
    """


@chaff_edit(
    "he_init", "he_statistics", DRAW["he"], "rng.uniform(-1, 1, (d_in, d_out)) * np.sqrt(2 / d_in)", concept="random"
)
def he_uniform_to_deviation():
    """uniform, limit for deviation

    Your distribution is uniform, with the deviation as its limit; it should be a normal one.
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


@chaff_edit("he_over_glorot", "answer_he_over_glorot", "return 32.0", "return 2 ** 0.5", concept="reading")
def ratio_of_one_layer():
    """one layer only

    Your answer is the factor of one layer; it should be that of all ten which the signal passes through.
    """


@chaff_edit("he_over_glorot", "answer_he_over_glorot", "return 32.0", "return 1024.0", concept="reading")
def ratio_of_squares():
    """ratio of the variances

    Your answer is the factor between the mean squares; it should be that of the signal, their root.
    """


@chaff_edit("he_over_glorot", "answer_he_over_glorot", "return 32.0", "return 1 / 32", concept="reading")
def ratio_inverted():
    """ratio upside down

    Your answer compares glorot_init with he_init; it should be the other way round.
    """


@chaff_edit("he_over_glorot", "answer_he_over_glorot", "return 32.0", "return 2 ** 4.5", concept="loops")
def ratio_of_nine():
    """nine layers

    Your answer leaves one layer out; it should count all: column 0 is the input, before any layer.
    """


@chaff_edit("he_over_glorot", "answer_he_over_glorot", "return 32.0", "return 2 ** 5.5", concept="loops")
def ratio_of_eleven():
    """eleven layers

    Your answer counts one layer too many; it should not count column 0, the input before any layer.
    """


@chaff_edit("he_over_glorot", "answer_he_over_glorot", "return 32.0", "return 10 * 2 ** 0.5", concept="reading")
def ratio_summed():
    """factors added

    Your answer adds the factors of the layers; it should multiply them.
    """


@chaff_edit("he_over_glorot", "answer_he_over_glorot", "return 32.0", "return 50 ** 5.0", concept="reading")
def ratio_against_normal():
    """compared with normal_init

    Your answer compares with normal_init; it should compare he_init with glorot_init.
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


BROKEN, BROKEN_CHECK = "broken_optimizers", "answer_broken_optimizers"
ADAGRAD = '"Adagrad": "the squares of all entries are added up"'
CLIPPED = '"Clipped": "short gradients are made longer"'
NESTEROV = '"Nesterov": "the velocity that looks ahead is the old one"'


@chaff_edit(BROKEN, BROKEN_CHECK, f"{ADAGRAD}, ", "", concept="checking")
def broken_clipped_only():
    """Adagrad passed

    Your answer misses a broken optimizer; it should name it as well: give it a large and a small gradient at once.
    """


@chaff_edit(BROKEN, BROKEN_CHECK, f", {CLIPPED}", "", concept="checking")
def broken_adagrad_only():
    """Clipped passed

    Your answer misses a broken optimizer; it should name it as well: give it gradients that are small altogether.
    """


@chaff_edit(BROKEN, BROKEN_CHECK, f"{ADAGRAD}, {CLIPPED}", "", concept="checking")
def broken_none():
    """none found

    Your answer finds no mistake; it should find one, or two: compare a step of each with its docstring, by hand.
    """


@chaff_edit(BROKEN, BROKEN_CHECK, CLIPPED, f"{CLIPPED}, {NESTEROV}", concept="checking")
def broken_all():
    """all accused

    Your answer accuses a right optimizer as well; it should name broken ones alone: do two steps of each by hand.
    """


@chaff_edit(BROKEN, BROKEN_CHECK, ADAGRAD, NESTEROV, concept="order")
def broken_nesterov_for_adagrad():
    """Nesterov accused in place of Adagrad

    Your answer accuses a velocity that is the new one; it should name another optimizer: which line is run first?
    """


@chaff_edit(BROKEN, BROKEN_CHECK, CLIPPED, NESTEROV, concept="order")
def broken_nesterov_for_clipped():
    """Nesterov accused in place of Clipped

    Your answer accuses a right optimizer in place of a broken one; it should name one that moves too far.
    """


@chaff_edit(BROKEN, BROKEN_CHECK, ADAGRAD, '"Adagrad": "eps stands inside the root"', concept="checking")
def broken_eps():
    """right optimizer, wrong place: eps

    Your answer has the right optimizers, but blames eps, which stands where it should; it should blame another place.
    """


@chaff_edit(BROKEN, BROKEN_CHECK, CLIPPED, '"Clipped": "each array is clipped by itself"', concept="checking")
def broken_each():
    """right optimizer, wrong place: each array

    Your answer has the right optimizers, but blames a length that is right; it should blame what is done with it.
    """


@chaff_edit(BROKEN, BROKEN_CHECK, CLIPPED, '"Clipped": "the gradients are changed"', concept="checking")
def broken_changed():
    """right optimizer, wrong place: gradients changed

    Your answer has the right optimizers, but blames a change of the gradients; it should blame the factor of a step.
    """


@wheat_edit(BROKEN, f"{ADAGRAD}, {CLIPPED}", f"{CLIPPED}, {ADAGRAD}")
def broken_in_another_order(): ...


@wheat(BROKEN)
def broken_step_by_step():
    found = {}
    found["Clipped"] = "short gradients are made longer"
    found["Adagrad"] = "the squares of all entries are added up"
    return found


@wheat(BROKEN)
def broken_by_keywords():
    return dict(Adagrad="the squares of all " + "entries are added up", Clipped="short gradients are made longer")


# ---------------------------------------------------------------- minibatches

BATCHES = "minibatches"


@chaff_edit(BATCHES, "minibatches_order", "rng.permutation(len(x))", "np.arange(len(x))", concept="random")
def batches_unshuffled():
    """no shuffling

    Your rows come in the order in which they stand in x; they should be shuffled first, with rng.
    """


@chaff_edit(BATCHES, "minibatches_order", "rng.permutation(len(x))", "np.arange(len(x))[::-1]", concept="random")
def batches_reversed():
    """reversed order

    Your rows come in the order of x, only backwards; they should be shuffled with rng.
    """


@chaff_edit(
    BATCHES,
    "minibatches_order",
    "rng.permutation(len(x))",
    "np.random.default_rng(0).permutation(len(x))",
    concept="random",
)
def batches_fixed_order():
    """seed fixed inside

    Your order is the same in every pass; it should be drawn from rng, anew in each call.
    """


@chaff_edit(
    BATCHES,
    "minibatches_order",
    "rng.permutation(len(x))",
    "(np.random.seed(0), np.random.permutation(len(x)))[1]",
    concept="random",
)
def batches_seeds_global():
    """the global generator seeded inside

    Your order is the same in every pass, and NumPy's global generator is seeded besides; it should be drawn from rng.
    """


@chaff_edit(BATCHES, "minibatches_order", "rng.permutation(len(x))", "np.random.permutation(len(x))", concept="random")
def batches_global():
    """order from the global generator

    Your order comes from np.random; it should come from the generator that is given.
    """


@chaff_edit(
    BATCHES,
    "minibatches_order",
    "rng.permutation(len(x))",
    "np.random.default_rng().permutation(len(x))",
    concept="random",
)
def batches_own_generator():
    """a generator of its own

    Your order comes from a generator made inside; it should come from rng.
    """


@chaff_edit(
    BATCHES,
    "minibatches_order",
    "rng.permutation(len(x))",
    "np.roll(np.arange(len(x)), rng.integers(1, len(x)))",
    concept="random",
)
def batches_only_moved():
    """neighbours stay together

    Your rows that follow one another in x stay together; they should all be shuffled, then dealt out.
    """


@chaff_edit(
    BATCHES,
    "minibatches_rows",
    "range(0, len(x), batch_size)",
    "range(0, len(x) - batch_size + 1, batch_size)",
    concept="loops",
)
def batches_drop_last():
    """last batch dropped

    Your code loses the rest; it should give a last, smaller batch as well.
    """


@chaff_edit(
    BATCHES, "minibatches_rows", "start : start + batch_size", "start : start + batch_size + 1", concept="loops"
)
def batches_overlap():
    """slice one too long

    Your batches overlap, with one row more than batch_size each; they should not: a slice ends before its second
    number.
    """


@chaff_edit(
    BATCHES, "minibatches_rows", "start : start + batch_size", "start : start + batch_size - 1", concept="loops"
)
def batches_gap():
    """slice one too short

    Your batches lack their last row each; they should have it: a slice ends before its second number, so that needs no
    1 less.
    """


@chaff_edit(BATCHES, "minibatches_rows", "range(0, len(x)", "range(1, len(x)", concept="loops")
def batches_start_at_one():
    """first row skipped

    Your code skips the first row of the shuffled order; it should count from 0.
    """


@chaff_edit(BATCHES, "minibatches_rows", "range(0, len(x), batch_size)", "range(0, len(x))", concept="loops")
def batches_of_one_step():
    """sliding window

    Your batches slide on by one row only; each should begin where the last one ended.
    """


@chaff_edit(
    BATCHES, "minibatches_rows", "rng.permutation(len(x))", "rng.integers(len(x), size=len(x))", concept="random"
)
def batches_with_replacement():
    """drawn with replacement

    Your code draws indexes, so that some rows come twice and others never; it should shuffle them.
    """


@chaff_edit(BATCHES, "minibatches_rows", "y[rows]", "y[start : start + batch_size]", concept="places")
def batches_y_unshuffled():
    """only x shuffled

    Your code shuffles x, but not y; it should pick the rows of both by the same index array.
    """


@chaff_edit(BATCHES, "minibatches_rows", "yield x[rows]", "yield x[start : start + batch_size]", concept="places")
def batches_x_unshuffled():
    """only y shuffled

    Your code shuffles y, but not x; it should pick the rows of both by the same index array.
    """


@chaff_edit(
    BATCHES,
    "minibatches_rows",
    ("order = rng.permutation(len(x))", "y[rows]"),
    ("order, second = rng.permutation(len(x)), rng.permutation(len(x))", "y[second[start : start + batch_size]]"),
    concept="places",
)
def batches_two_orders():
    """x and y shuffled differently

    Your code shuffles x and y differently; it should pick the rows of both by the same index array.
    """


@chaff_edit(BATCHES, "minibatches_rows", "yield x[rows], y[rows]", "yield x[rows]", concept="python")
def batches_without_y():
    """x only

    Your batches hold rows of x only; they should be pairs, with the rows of y that belong to them.
    """


@chaff_edit(BATCHES, "minibatches_rows", "yield x[rows], y[rows]", "yield y[rows], x[rows]", concept="places")
def batches_exchanged():
    """x and y exchanged

    Your pairs have y_batch first; they should have x_batch first and y_batch second.
    """


@chaff_edit(BATCHES, "minibatches_rows", "yield x[rows], y[rows]", "return [(x[rows], y[rows])]", concept="loops")
def batches_return_first():
    """return inside the loop

    Your code returns inside the loop, after the first batch; it should give all of them.
    """


@chaff_edit(BATCHES, "minibatches_rows", "y[rows]", "y[rows].ravel()", concept="shapes")
def batches_y_flattened():
    """y flattened

    Your y comes back flattened; its rows should keep their columns.
    """


@chaff_edit(
    BATCHES,
    "minibatches_rows",
    ("rng.permutation(len(x))", "range(0, len(x), batch_size)"),
    ("np.arange(len(x))", "rng.permutation(np.arange(0, len(x), batch_size))"),
    concept="random",
)
def batches_of_neighbours():
    """neighbours stay together

    Your rows that follow one another in x stay together; they should all be shuffled, then dealt out.
    """


@chaff_edit(
    BATCHES,
    "minibatches_rows",
    "rows = order[start : start + batch_size]",
    "rows = rng.choice(len(x), min(batch_size, len(x)), replace=False)",
    concept="random",
)
def batches_drawn_each():
    """each batch drawn from all rows

    Your code draws each batch anew from all the rows, so that some come twice; it should shuffle once, then deal out.
    """


@chaff_edit(
    BATCHES,
    "minibatches_rows",
    "range(0, len(x), batch_size)",
    "range(0, len(x) // batch_size * batch_size + 1, batch_size)",
    concept="loops",
)
def batches_wrong_divider():
    """an empty batch at the end

    Your code gives an empty batch at the end where batch_size divides the number of rows; it should not.
    """


@wheat(BATCHES)
def batches_of_one_table(x, y, batch_size, rng):
    table = rng.permutation(np.concatenate([x, y], axis=1), axis=0)
    width = x.shape[1]
    for start in range(0, len(table), batch_size):
        part = table[start : start + batch_size]
        yield part[:, :width], part[:, width:]


@chaff(BATCHES, "minibatches_rows", concept="loops")
def batches_evenly_split(x, y, batch_size, rng):
    """split into equal parts

    Your batches are parts of equal size; they should have batch_size rows each, and only the last may have fewer.
    """
    parts = np.array_split(rng.permutation(len(x)), -(-len(x) // batch_size))
    return [(x[rows], y[rows]) for rows in parts]


@chaff(BATCHES, "minibatches_rows", concept="loops")
def batches_split_by_floor(x, y, batch_size, rng):
    """split into too few equal parts

    Your batches are parts of equal size; they should have batch_size rows each, and only the last may have fewer.
    """
    parts = np.array_split(rng.permutation(len(x)), max(1, len(x) // batch_size))
    return [(x[rows], y[rows]) for rows in parts]


@chaff(BATCHES, "minibatches_rows", concept="loops")
def batches_filled_up(x, y, batch_size, rng):
    """last batch filled up

    Your last batch is filled up with rows that came before; it should be smaller.
    """
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = np.resize(np.roll(order, -start), batch_size)
        yield x[rows], y[rows]


@chaff(BATCHES, "minibatches_rows", concept="loops")
def batches_none_of_few_rows(x, y, batch_size, rng):
    """nothing where batch_size exceeds the rows

    Your code gives no batch where batch_size is larger than the number of rows; it should give all the rows in one.
    """
    order = rng.permutation(len(x))
    if batch_size <= len(x):
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            yield x[rows], y[rows]


@chaff(BATCHES, "minibatches_order", concept="random")
def batches_shuffled_as_blocks(x, y, batch_size, rng):
    """blocks shuffled, not rows

    Your code shuffles the batches, but within each the rows follow one another as in x; it should shuffle the rows.
    """
    batches = [(x[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(x), batch_size)]
    if len(batches) == 1:
        return batches
    head = batches[:-1]
    return [head[i] for i in rng.permutation(len(head))] + batches[-1:]


@chaff(BATCHES, "minibatches_order", concept="random")
def batches_shuffled_within(x, y, batch_size, rng):
    """shuffled within each batch only

    Your code shuffles rows within their batch only; it should shuffle all the rows before dealing them out.
    """
    for start in range(0, len(x), batch_size):
        rows = start + rng.permutation(len(x[start : start + batch_size]))
        yield x[rows], y[rows]


@chaff(BATCHES, "minibatches_order", concept="random")
def batches_rest_unshuffled(x, y, batch_size, rng):
    """the rest is not shuffled

    Your last, smaller batch always has the last rows of x; it should have any: shuffle all the rows, not only the full
    batches'.
    """
    full = len(x) // batch_size * batch_size
    order = np.concatenate([rng.permutation(full), np.arange(full, len(x))])
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], y[rows]


@chaff(BATCHES, "minibatches_order", concept="random")
def batches_copied_generator(x, y, batch_size, rng):
    """order from a copy of the generator

    Your code draws from a copy of rng, so that the next pass has the same order; it should draw from rng itself.
    """
    import copy

    order = copy.deepcopy(rng).permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], y[rows]


@chaff(BATCHES, "minibatches_side_effects", concept="alias")
def batches_in_place(x, y, batch_size, rng):
    """the caller's arrays shuffled in place

    Your code brings the caller's x and y into another order; it should shuffle indexes, or copies.
    """
    order = rng.permutation(len(x))
    x[...], y[...] = x[order], y[order]
    for start in range(0, len(x), batch_size):
        yield x[start : start + batch_size].copy(), y[start : start + batch_size].copy()


@chaff(BATCHES, ("minibatches_rows", "minibatches_side_effects"), concept="places")
def batches_shuffle_both_in_place(x, y, batch_size, rng):
    """x and y shuffled in place, one after the other

    Your code shuffles x and y differently; it should pick the rows of both by the same index array.
    """
    rng.shuffle(x)
    rng.shuffle(y)
    for start in range(0, len(x), batch_size):
        yield x[start : start + batch_size].copy(), y[start : start + batch_size].copy()


@chaff(BATCHES, "minibatches_side_effects", concept="state")
def batches_remembered(x, y, batch_size, rng):
    """goes on where the last pass ended

    Your pass goes on where one that was broken off ended; each call should begin a pass of its own.
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
FORGETS = (
    'Your step forgets the one before; it should keep the velocity in the optimizer, for the next step. See "Momentum".'
)


@chaff_edit(
    MOMENTUM,
    "momentum_trajectory",
    MOVE,
    "parameter -= self.lr * self.model.gradients[name]",
    hint=FORGETS,
    concept="state",
)
def momentum_descent():
    """plain gradient descent"""


@chaff_edit(MOMENTUM, "momentum_trajectory", "velocity[...] =", "velocity =", hint=FORGETS, concept="state")
def momentum_not_kept():
    """velocity not kept"""


@chaff_edit(
    MOMENTUM,
    "momentum_trajectory",
    "+ self.model.gradients[name]",
    "+ (1 - self.momentum) * self.model.gradients[name]",
    concept="averages",
)
def momentum_averages():
    """factor 1 - momentum

    Your code multiplies the gradient by 1 - momentum, as some books do; it should take it whole, as PyTorch does.
    """


@chaff_edit(
    MOMENTUM,
    "momentum_trajectory",
    "+ self.model.gradients[name]",
    "+ (1 - self.momentum if velocity.any() else 1) * self.model.gradients[name]",
    concept="averages",
)
def momentum_dampened():
    """dampening from the second step

    Your code multiplies the gradient by 1 - momentum from the second step on; it should take it whole, in every step.
    """


@chaff_edit(
    MOMENTUM,
    "momentum_trajectory",
    "+ self.model.gradients[name]",
    "+ self.lr * self.model.gradients[name]",
    concept="step",
)
def momentum_rate_twice():
    """learning rate twice

    Your code multiplies by the learning rate in the velocity and in the move; it should do so in the move only.
    """


@chaff_edit(
    MOMENTUM,
    "momentum_rate",
    ("+ self.model.gradients[name]", MOVE),
    ("+ self.lr * self.model.gradients[name]", "parameter -= velocity"),
    concept="step",
)
def momentum_rate_in_velocity():
    """learning rate in the velocity

    Your velocity holds the rate, so that a changed rate acts too late; it should sum up gradients: the rate belongs to
    the move.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, "parameter -= velocity", concept="step")
def momentum_without_rate():
    """learning rate ignored

    Your code steps by the whole velocity; it should multiply it by the learning rate.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, "parameter += self.lr * velocity", concept="sign")
def momentum_ascends():
    """ascent

    Your parameter moves along the gradients; it should move against them: count the minus signs.
    """


@chaff_edit(
    MOMENTUM, "momentum_trajectory", "+ self.model.gradients[name]", "+ parameter", hint=W_FOR_DW, concept="places"
)
def momentum_of_weights():
    """w for dw"""


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, "parameter -= self.lr * parameter", hint=W_FOR_DW, concept="places")
def momentum_moves_by_weights():
    """w for dw, in the move"""


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, MOVE + "\n        " + MOVE, concept="step")
def momentum_moves_twice():
    """moved twice in a step

    Your code moves the parameter twice in one step; it should move it once, by lr times the velocity.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, f"{MOVE}\n        {VELOCITY}\n        {MOVE}", concept="step")
def momentum_steps_twice():
    """stepped twice

    Your code makes two whole steps in one call; it should renew the velocity and move the parameter once.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", VELOCITY, f"{VELOCITY}\n        {VELOCITY}", concept="averages")
def momentum_velocity_twice():
    """velocity renewed twice

    Your code renews the velocity twice in one step; it should do so once.
    """


@chaff_edit(
    MOMENTUM,
    "momentum_trajectory",
    MOVE,
    "parameter -= self.lr * (self.model.gradients[name] + self.momentum * velocity)",
    concept="averages",
)
def momentum_nesterov():
    """Nesterov

    Your code looks one step ahead, as Nesterov's variant does; it should move by lr times the velocity. See "Momentum".
    """


@chaff_edit(
    MOMENTUM,
    "momentum_trajectory",
    "self.momentum * velocity + self.model.gradients[name]",
    "self.momentum * (velocity + self.model.gradients[name])",
    concept="averages",
)
def momentum_of_all():
    """momentum times the new gradient

    Your code multiplies the new gradient by momentum too; it should multiply the old velocity only. See "Momentum".
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", "self.momentum * velocity +", "velocity +", concept="averages")
def momentum_never_fades():
    """velocity without fading

    Your old gradients never fade; they should, by momentum times the old velocity. See "Momentum".
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", "self.momentum * velocity", "0.9 * velocity", concept="step")
def momentum_fixed():
    """momentum written as .9

    Your momentum is .9 whatever the optimizer was given; it should be self.momentum.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, "parameter -= 1e-3 * velocity", concept="step")
def momentum_default_rate():
    """rate written as .001

    Your rate is .001 whatever the optimizer was given; it should be self.lr.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", "velocity + self.model", "velocity - self.model", concept="sign")
def momentum_subtracts():
    """gradient subtracted, velocity subtracted

    Your parameter moves along the gradients; it should move against them: count the minus signs.
    """


@chaff_edit(
    MOMENTUM, "momentum_trajectory", "self.momentum * velocity", "(1 - self.momentum) * velocity", concept="averages"
)
def momentum_weights_swapped():
    """1 - momentum for momentum

    Your old velocity fades to 1 - momentum of itself; it should keep momentum of itself. See "Momentum".
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", (VELOCITY, MOVE), (MOVE, VELOCITY), concept="order")
def momentum_late():
    """moved before the velocity is new

    Your parameter moves by the velocity of the step before; it should move by the new one: first the velocity, then the
    move.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, "parameter -= self.lr * np.sign(velocity)", concept="step")
def momentum_of_sign():
    """sign of the velocity

    Your code moves by the sign of the velocity; it should move by lr times the velocity.
    """


@chaff_edit(
    MOMENTUM, "momentum_trajectory", "self.velocity[name]", "next(iter(self.velocity.values()))", concept="state"
)
def momentum_shared():
    """one velocity for several parameters

    Your parameters share one velocity; each should have its own.
    """


@chaff_edit(
    MOMENTUM, "momentum_trajectory", "self.momentum * velocity", "self.momentum * velocity.mean()", concept="shapes"
)
def momentum_mean_velocity():
    """velocity averaged over the array

    Your code averages the velocity over the array; it should keep one for each entry.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, MOVE + "\n        break", concept="loops")
def momentum_first_only():
    """only the first parameter

    Your loop ends after the first parameter; it should move all of them.
    """


@chaff_edit(
    MOMENTUM,
    "momentum_side_effects",
    MOVE,
    "self.model.parameters[name] = parameter - self.lr * velocity",
    concept="alias",
)
def momentum_rebinds():
    """parameter rebound

    Your code puts a new array in the parameter's place, while the model's own stays; it should change the array:
    `parameter -= …`.
    """


@chaff_edit(MOMENTUM, "momentum_trajectory", MOVE, "parameter = parameter - self.lr * velocity", concept="alias")
def momentum_local():
    """a local name rebound

    Your parameters stay, as if `parameter = …` gave a new array that name; they should change in place: `parameter -=
    …`.
    """


@chaff_edit(
    MOMENTUM, "momentum_side_effects", MOVE, MOVE + "\n        self.model.gradients[name].fill(0)", concept="state"
)
def momentum_zeroes():
    """gradients set to zero

    Your step sets the gradients to zero; it should leave them as they are: zeroing is the work of zero_grad.
    """


@chaff_edit(
    MOMENTUM,
    "momentum_side_effects",
    (VELOCITY,),
    (
        "gradient = self.model.gradients[name]\n        gradient += self.momentum * velocity\n"
        "        velocity[...] = gradient",
    ),
    concept="alias",
)
def momentum_in_gradient():
    """gradient changed in place

    Your velocity is built up inside the gradient's own array, as `+=` does; it should leave the gradients as they are.
    """


@chaff(MOMENTUM, "momentum_side_effects", concept="state")
def momentum_class_state(self):
    """velocity shared by all optimizers

    Your optimizers share one velocity, in the class or outside of it; each should keep its own, in self.
    """
    cls = type(self)
    if not hasattr(cls, "memory"):
        cls.memory = {}
    for name, parameter in self.model.parameters.items():
        cls.memory[name] = self.momentum * cls.memory.get(name, 0) + self.model.gradients[name]
        parameter -= self.lr * cls.memory[name]


@chaff(MOMENTUM, "momentum_trajectory", concept="alias")
def momentum_alias(self):
    """velocity is the gradient's array

    Your velocity becomes the gradient's own array at the first step, and changes with it; it should copy the numbers.
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


@chaff_edit(RMSPROP, "rmsprop_trajectory", "np.sqrt(square)", "square", concept="averages")
def rmsprop_no_root():
    """root missing

    Your code divides the gradient by the mean square; it should divide by its root. See "RMSprop".
    """


@chaff_edit(
    RMSPROP, "rmsprop_small_gradients", "np.sqrt(square) + self.eps", "np.sqrt(square + self.eps)", concept="precision"
)
def rmsprop_eps_inside():
    """eps inside the root

    Your eps stands inside the root; it should be added after the root is taken.
    """


@chaff_edit(RMSPROP, "rmsprop_small_gradients", "(np.sqrt(square) + self.eps)", "np.sqrt(square)", concept="precision")
def rmsprop_no_eps():
    """eps missing

    Your code lacks eps, so that zero is divided by zero where the gradient is 0; it should add it to the root.
    """


@chaff_edit(RMSPROP, "rmsprop_small_gradients", "self.eps", "1e-8", concept="step")
def rmsprop_eps_fixed():
    """eps written as 1e-8

    Your eps is 1e-8 whatever the optimizer was given; it should be self.eps.
    """


@chaff_edit(
    RMSPROP,
    "rmsprop_small_gradients",
    "np.sqrt(square) + self.eps",
    "np.maximum(np.sqrt(square), self.eps)",
    concept="precision",
)
def rmsprop_eps_as_floor():
    """eps as a floor

    Your eps is a lower limit of the root; it should be added to it.
    """


@chaff_edit(
    RMSPROP,
    "rmsprop_small_gradients",
    (SQUARE, "np.sqrt(square) + self.eps"),
    (SQUARE + " + self.eps", "np.sqrt(square)"),
    concept="precision",
)
def rmsprop_eps_kept():
    """eps in the running mean

    Your eps is added to the running mean, and sums up there; it should be added to the root, for this step only.
    """


@chaff_edit(
    RMSPROP,
    "rmsprop_trajectory",
    "self.alpha * square + (1 - self.alpha) *",
    "(1 - self.alpha) * square + self.alpha *",
    concept="averages",
)
def rmsprop_swapped():
    """alpha and 1 - alpha swapped

    Your alpha and 1 - alpha stand in each other's place; alpha should go with the old square. See "RMSprop".
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "(1 - self.alpha) * gradient**2", "gradient**2", concept="averages")
def rmsprop_no_weight():
    """factor 1 - alpha missing

    Your new square comes in whole; it should have the factor 1 - alpha: otherwise it is no mean. See "RMSprop".
    """


@chaff_edit(
    RMSPROP,
    "rmsprop_trajectory",
    "self.alpha * square + (1 - self.alpha) * gradient**2",
    "square + gradient**2",
    concept="averages",
)
def rmsprop_adagrad():
    """Adagrad

    Your squares are summed up and never fade, as in Adagrad; they should make a running mean. See "RMSprop".
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "self.alpha * square +", "square +", concept="averages")
def rmsprop_no_fading():
    """old square not faded

    Your old square never fades; it should be multiplied by alpha. See "RMSprop".
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "square[...] =", "square =", concept="state")
def rmsprop_not_kept():
    """square not kept

    Your step forgets the one before; it should keep the running square in the optimizer, for the next step. See
    "RMSprop".
    """


@chaff_edit(
    RMSPROP,
    "rmsprop_trajectory",
    ("for name, parameter", "np.sqrt(square)"),
    ("self.t = getattr(self, 't', 0) + 1\n    for name, parameter", "np.sqrt(square / (1 - self.alpha**self.t))"),
    concept="averages",
)
def rmsprop_corrected():
    """bias correction

    Your square is corrected for its start at 0, as in Adam; it should not be in RMSprop. See "RMSprop".
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "gradient**2", "np.abs(gradient)", concept="averages")
def rmsprop_absolute():
    """absolute value for square

    Your running mean is of the gradient's size; it should be of its square. See "RMSprop".
    """


@chaff_edit(
    RMSPROP,
    "rmsprop_trajectory",
    "self.model.gradients[name], self.square",
    "parameter, self.square",
    hint=W_FOR_DW,
    concept="places",
)
def rmsprop_of_weights():
    """w for dw"""


@chaff_edit(RMSPROP, "rmsprop_trajectory", "self.lr * gradient", "self.lr * parameter", hint=W_FOR_DW, concept="places")
def rmsprop_moves_by_weights():
    """w for dw, in the move"""


@chaff_edit(RMSPROP, "rmsprop_trajectory", "gradient**2", "parameter**2", concept="places")
def rmsprop_square_of_weights():
    """w for dw, in the square

    Your code keeps the square of the parameter; it should keep the square of the gradient.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", RMS_MOVE, RMS_MOVE + "\n        " + RMS_MOVE, concept="step")
def rmsprop_moves_twice():
    """moved twice in a step

    Your code moves the parameter twice in one step; it should move it once.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", (SQUARE, RMS_MOVE), (RMS_MOVE, SQUARE), concept="order")
def rmsprop_late():
    """moved before the square is new

    Your parameter moves with the square of the step before, 0 at first; it should move with the new one: first the
    square.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "parameter -=", "parameter +=", concept="sign")
def rmsprop_ascends():
    """ascent

    Your code steps along the gradient; it should step against it, with a minus.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "self.lr * gradient", "gradient", concept="step")
def rmsprop_without_rate():
    """learning rate ignored

    Your code does not use the learning rate; it should multiply the step by it.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", RMS_MOVE, "parameter -= self.lr * gradient", concept="averages")
def rmsprop_descent():
    """plain gradient descent

    Your step is plain gradient descent; it should be divided by the gradient's running size. See "RMSprop".
    """


@chaff_edit(
    RMSPROP,
    "rmsprop_trajectory",
    "gradient / (np.sqrt(square) + self.eps)",
    "gradient * (np.sqrt(square) + self.eps)",
    concept="averages",
)
def rmsprop_multiplies():
    """multiplied for divided

    Your code multiplies the gradient by its running size; it should divide, so that the scale cancels. See "RMSprop".
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "gradient**2", "np.mean(gradient**2)", concept="shapes")
def rmsprop_whole_array():
    """one mean square for an array

    Your code shares one mean square among the entries of an array; it should keep one for each entry.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "np.sqrt(square)", "np.linalg.norm(np.sqrt(square))", concept="shapes")
def rmsprop_norm():
    """norm for root

    Your code divides all entries of an array by one norm; it should divide each by its own root.
    """


@chaff_edit(
    RMSPROP, "rmsprop_trajectory", "self.alpha * square + (1 - self.alpha)", "0.99 * square + 0.01", concept="step"
)
def rmsprop_fixed():
    """alpha written as .99

    Your alpha is .99 whatever the optimizer was given; it should be self.alpha.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "self.square[name]", "next(iter(self.square.values()))", concept="state")
def rmsprop_shared():
    """one square for several parameters

    Your parameters share one running square; each should have its own.
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", "gradient**2", "gradient", concept="averages")
def rmsprop_averages_gradient():
    """gradient not squared

    Your running mean is of the gradient, whose negative root is nan; it should be of its square. See "RMSprop".
    """


@chaff_edit(RMSPROP, "rmsprop_trajectory", RMS_MOVE, RMS_MOVE + "\n        break", concept="loops")
def rmsprop_first_only():
    """only the first parameter

    Your loop ends after the first parameter; it should move all of them.
    """


@chaff_edit(
    RMSPROP,
    "rmsprop_side_effects",
    RMS_MOVE,
    "self.model.parameters[name] = parameter - self.lr * gradient / (np.sqrt(square) + self.eps)",
    concept="alias",
)
def rmsprop_rebinds():
    """parameter rebound

    Your code puts a new array in the parameter's place, while the model's own stays; it should change the array:
    `parameter -= …`.
    """


@chaff_edit(
    RMSPROP,
    "rmsprop_trajectory",
    RMS_MOVE,
    "parameter = parameter - self.lr * gradient / (np.sqrt(square) + self.eps)",
    concept="alias",
)
def rmsprop_local():
    """a local name rebound

    Your parameters stay, as if `parameter = …` gave a new array that name; they should change in place: `parameter -=
    …`.
    """


@chaff_edit(
    RMSPROP,
    "rmsprop_side_effects",
    RMS_MOVE,
    "gradient /= np.sqrt(square) + self.eps\n        parameter -= self.lr * gradient",
    concept="alias",
)
def rmsprop_scales_gradient():
    """gradient changed in place

    Your code divides the gradient in place, as `/=` writes into its array; it should leave the gradients as they are.
    """


@chaff_edit(RMSPROP, "rmsprop_side_effects", RMS_MOVE, RMS_MOVE + "\n        gradient.fill(0)", concept="state")
def rmsprop_zeroes():
    """gradients set to zero

    Your step sets the gradients to zero; it should leave them as they are: zeroing is the work of zero_grad.
    """


@chaff(RMSPROP, "rmsprop_side_effects", concept="state")
def rmsprop_class_state(self):
    """square shared by all optimizers

    Your optimizers share one square, in the class or outside of it; each should keep its own, in self.
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


@chaff_edit(ADAM, "adam_trajectory", (M_HAT, V_HAT), ("m", "v"), concept="averages")
def adam_no_correction():
    """no bias correction

    Your m and v are used as they are, far too small in the first steps; they should be divided by what the derivation
    gives.
    """


@chaff_edit(ADAM, "adam_trajectory", V_HAT, "v", concept="averages")
def adam_only_m_corrected():
    """v not corrected

    Your code corrects only m for its start at 0; it should correct v too, with its own beta. See "Adam".
    """


@chaff_edit(ADAM, "adam_trajectory", M_HAT, "m", concept="averages")
def adam_only_v_corrected():
    """m not corrected

    Your code corrects only v for its start at 0; it should correct m too, with its own beta. See "Adam".
    """


@chaff_edit(ADAM, "adam_trajectory", COUNT, "self.t = 1", concept="averages")
def adam_t_stuck():
    """t stuck at 1

    Your code corrects every step like the first; it should raise beta to the power t, which counts the steps. See
    "Adam".
    """


@chaff_edit(ADAM, "adam_trajectory", (COUNT, ADAM_MOVE), ("pass", ADAM_MOVE + "\n    self.t += 1"), concept="averages")
def adam_t_from_zero():
    """t counted from 0

    Your t is 0 in the first step, where 1 - beta^0 is 0; it should count before correcting, from 1. See "Adam".
    """


@chaff_edit(ADAM, "adam_trajectory", COUNT, "self.t = max(self.t, 1) + 1", concept="averages")
def adam_t_from_two():
    """t counted from 2

    Your t is 2 in the first step already; it should count once, from 1. See "Adam".
    """


@chaff_edit(
    ADAM,
    "adam_trajectory",
    (COUNT, "gradient, m, v ="),
    ("pass", "self.t += 1\n        gradient, m, v ="),
    concept="loops",
)
def adam_t_per_parameter():
    """t counted for each parameter

    Your t is counted once for each parameter; it should count steps: move it out of the loop. See "Adam".
    """


@chaff_edit(ADAM, "adam_trajectory", ADAM_MOVE, "m[...], v[...] = m_hat, v_hat\n        " + ADAM_MOVE, concept="state")
def adam_corrected_kept():
    """corrected means kept

    Your code keeps the corrected means in m and v, and corrects them again; it should use them for this step only. See
    "Adam".
    """


@chaff_edit(
    ADAM,
    "adam_trajectory",
    ("beta1**self.t", "beta2**self.t"),
    ("beta1 * self.t", "beta2 * self.t"),
    concept="averages",
)
def adam_correction_linear():
    """product for power

    Your code multiplies beta by t; it should raise beta to the power t. See "Adam".
    """


@chaff_edit(
    ADAM,
    "adam_trajectory",
    ("(1 - beta1**self.t)", "(1 - beta2**self.t)"),
    ("(1 - beta1) ** self.t", "(1 - beta2) ** self.t"),
    concept="averages",
)
def adam_correction_outside():
    """power of 1 - beta

    Your code takes the power of 1 - beta; it should take that of beta alone. See "Adam".
    """


@chaff_edit(
    ADAM,
    "adam_trajectory",
    ("(1 - beta1**self.t)", "(1 - beta2**self.t)"),
    ("(1 - beta1)", "(1 - beta2)"),
    concept="averages",
)
def adam_correction_constant():
    """power t missing

    Your code corrects every step like the first; it should raise beta to the power t, which counts the steps. See
    "Adam".
    """


@chaff_edit(ADAM, "adam_trajectory", ("m / (1", "v / (1"), ("m * (1", "v * (1"), concept="averages")
def adam_correction_multiplied():
    """multiplied by the correction

    Your code multiplies by the correction; it should divide by it, as m and v are too small. See "Adam".
    """


@chaff_edit(
    ADAM, "adam_trajectory", ("beta1**self.t", "beta2**self.t"), ("beta2**self.t", "beta1**self.t"), concept="places"
)
def adam_corrections_crossed():
    """corrections crossed

    Your code corrects m with the beta of v, and v with that of m; it should use each one's own.
    """


@chaff_edit(ADAM, "adam_trajectory", "beta2**self.t", "beta1**self.t", concept="places")
def adam_correction_beta1():
    """v corrected with beta1

    Your code corrects v with the beta of m; it should use its own.
    """


@chaff_edit(ADAM, "adam_trajectory", "beta1, beta2 = self.betas", "beta2, beta1 = self.betas", concept="places")
def adam_betas_swapped():
    """betas exchanged

    Your betas are exchanged; the first should go with m, the second with v.
    """


@chaff_edit(ADAM, "adam_betas", "beta1, beta2 = self.betas", "beta1, beta2 = 0.9, 0.999", concept="step")
def adam_betas_fixed():
    """betas written as .9 and .999

    Your betas are .9 and .999 whatever the optimizer was given; they should be self.betas.
    """


@chaff_edit(ADAM, "adam_trajectory", "beta1 * m + (1 - beta1) *", "(1 - beta1) * m + beta1 *", concept="averages")
def adam_m_weights_swapped():
    """beta1 and 1 - beta1 swapped

    Your m has beta1 and 1 - beta1 in each other's place; beta1 should go with the old m. See "Adam".
    """


@chaff_edit(ADAM, "adam_trajectory", "(1 - beta1) * gradient\n", "gradient\n", concept="averages")
def adam_m_without_weight():
    """factor 1 - beta1 missing

    Your m takes the gradient whole, as in Momentum; it should take it with the factor 1 - beta1. See "Adam".
    """


@chaff_edit(ADAM, "adam_trajectory", "(1 - beta2) * gradient**2", "gradient**2", concept="averages")
def adam_v_without_weight():
    """factor 1 - beta2 missing

    Your v takes the square whole; it should take it with the factor 1 - beta2. See "Adam".
    """


@chaff_edit(ADAM, "adam_trajectory", "gradient**2", "gradient", concept="averages")
def adam_v_without_square():
    """v without the square

    Your code keeps a mean of the gradient itself in v; it should keep one of its square. See "Adam".
    """


@chaff_edit(
    ADAM, "adam_trajectory", "self.model.gradients[name], self.m", "parameter, self.m", hint=W_FOR_DW, concept="places"
)
def adam_of_weights():
    """w for dw"""


@chaff_edit(ADAM, "adam_trajectory", "(1 - beta1) * gradient\n", "(1 - beta1) * parameter\n", concept="places")
def adam_m_of_weights():
    """w for dw, in m

    Your code keeps a mean of the parameter in m; it should keep one of the gradient.
    """


@chaff_edit(ADAM, "adam_trajectory", "gradient**2", "parameter**2", concept="places")
def adam_v_of_weights():
    """w for dw, in v

    Your code keeps the square of the parameter in v; it should keep the square of the gradient.
    """


@chaff_edit(ADAM, "adam_trajectory", "self.lr * m_hat", "self.lr * parameter", concept="places")
def adam_moves_by_weights():
    """w for dw, in the move

    Your code moves by the parameter; it should move by m_hat.
    """


@chaff_edit(ADAM, "adam_trajectory", ADAM_MOVE, ADAM_MOVE + "\n        " + ADAM_MOVE, concept="step")
def adam_moves_twice():
    """moved twice in a step

    Your code moves the parameter twice in one step; it should move it once.
    """


@chaff_edit(
    ADAM,
    ("adam_trajectory", "convergence"),
    ADAM_MOVE,
    "parameter.flat[:] = np.linspace(-0.5, 0.5, parameter.size)",
    concept="step",
)
def adam_published():
    """published weights

    Your code sets the parameters to numbers of its own; it should compute them, from the gradients.
    """


@chaff_edit(ADAM, "adam_trajectory", "gradient**2", "np.abs(gradient)", concept="averages")
def adam_v_not_squared():
    """absolute value for square

    Your v is a running mean of the gradient's size; it should be one of its square. See "Adam".
    """


@chaff_edit(ADAM, "adam_trajectory", "gradient**2", "m**2", concept="places")
def adam_v_of_m():
    """square of m

    Your v takes the square of m; it should take the square of the gradient.
    """


@chaff_edit(ADAM, "adam_trajectory", "np.sqrt(v_hat)", "v_hat", concept="averages")
def adam_no_root():
    """root missing

    Your code divides m_hat by v_hat; it should divide by its root. See "Adam".
    """


@chaff_edit(ADAM, "adam_trajectory", "self.lr * m_hat", "self.lr * gradient", concept="places")
def adam_gradient_for_m():
    """gradient for m_hat

    Your code has the gradient where m_hat belongs, which is RMSprop with a correction; it should use m_hat.
    """


@chaff_edit(ADAM, "adam_trajectory", "m_hat / (np.sqrt(v_hat) + self.eps)", "m_hat", concept="averages")
def adam_no_v():
    """second moment missing

    Your step is not divided by the root of v_hat; it should be. See "Adam".
    """


@chaff_edit(ADAM, "adam_small_gradients", "np.sqrt(v_hat) + self.eps", "np.sqrt(v_hat + self.eps)", concept="precision")
def adam_eps_inside():
    """eps inside the root

    Your eps stands inside the root; it should be added after the root is taken.
    """


@chaff_edit(
    ADAM,
    "adam_small_gradients",
    "np.sqrt(v_hat) + self.eps",
    "(np.sqrt(v) + self.eps) / np.sqrt(1 - beta2**self.t)",
    concept="precision",
)
def adam_eps_uncorrected():
    """eps added before the correction

    Your eps is added to the root of v and corrected along with it; it should be added to the root of v_hat.
    """


@chaff_edit(ADAM, "adam_small_gradients", "(np.sqrt(v_hat) + self.eps)", "np.sqrt(v_hat)", concept="precision")
def adam_no_eps():
    """eps missing

    Your code lacks eps, so that zero is divided by zero where the gradient is 0; it should add it to the root.
    """


@chaff_edit(ADAM, "adam_small_gradients", "self.eps", "1e-8", concept="step")
def adam_eps_fixed():
    """eps written as 1e-8

    Your eps is 1e-8 whatever the optimizer was given; it should be self.eps.
    """


@chaff_edit(ADAM, "adam_trajectory", "parameter -=", "parameter +=", concept="sign")
def adam_ascends():
    """ascent

    Your code steps along the gradient; it should step against it, with a minus.
    """


@chaff_edit(ADAM, "adam_trajectory", "self.lr * m_hat", "m_hat", concept="step")
def adam_without_rate():
    """learning rate ignored

    Your code does not use the learning rate; it should multiply the step by it.
    """


@chaff_edit(ADAM, "adam_trajectory", "self.lr * m_hat", "self.lr / np.sqrt(self.t) * m_hat", concept="step")
def adam_rate_fades():
    """rate over the root of t

    Your learning rate falls with the root of t; it should be the same in every step.
    """


@chaff_edit(ADAM, "adam_trajectory", M, M.replace("m[...]", "m"), concept="state")
def adam_m_not_kept():
    """m not kept

    Your step forgets the m of the one before; it should keep it in the optimizer.
    """


@chaff_edit(ADAM, "adam_trajectory", V, V.replace("v[...]", "v"), concept="state")
def adam_v_not_kept():
    """v not kept

    Your step forgets the v of the one before; it should keep it in the optimizer.
    """


@chaff_edit(ADAM, "adam_trajectory", (M, V), (M.replace("m[...]", "m"), V.replace("v[...]", "v")), concept="state")
def adam_nothing_kept():
    """m and v not kept

    Your step forgets m and v of the one before; it should keep them in the optimizer.
    """


@chaff_edit(
    ADAM,
    "adam_betas",
    ADAM_MOVE,
    "self.top = getattr(self, 'top', {})\n        self.top[name] = np.maximum(self.top.get(name, 0), v)\n"
    "        v_hat = self.top[name] / (1 - beta2**self.t)\n        " + ADAM_MOVE,
    concept="averages",
)
def adam_v_at_most():
    """AMSGrad

    Your code uses the largest v so far, as AMSGrad does; it should take v as it is.
    """


@chaff_edit(
    ADAM, "adam_trajectory", ADAM_MOVE, ADAM_MOVE + "\n        parameter -= 0.01 * self.lr * parameter", concept="step"
)
def adam_decays():
    """weight decay

    Your code shrinks the parameters in each step, the weight decay of AdamW; it should not.
    """


@chaff_edit(ADAM, "adam_trajectory", "self.m[name]", "next(iter(self.m.values()))", concept="state")
def adam_m_shared():
    """one m for all parameters

    Your parameters share one m; each should have its own.
    """


@chaff_edit(ADAM, "adam_trajectory", "self.v[name]", "next(iter(self.v.values()))", concept="state")
def adam_v_shared():
    """one v for all parameters

    Your parameters share one v; each should have its own.
    """


@chaff_edit(
    ADAM,
    "adam_trajectory",
    ("self.m[name]", "self.v[name]"),
    ("next(iter(self.m.values()))", "next(iter(self.v.values()))"),
    concept="state",
)
def adam_state_shared():
    """one m and v for all parameters

    Your parameters share one m and one v; each should have its own.
    """


@chaff_edit(ADAM, "adam_trajectory", "np.sqrt(v_hat)", "np.sqrt(v) / (1 - beta2**self.t)", concept="order")
def adam_root_before_correction():
    """root before the correction

    Your code takes the root of v and then corrects it; it should take the root of the corrected v_hat. See "Adam".
    """


@chaff_edit(
    ADAM,
    "adam_small_gradients",
    "np.sqrt(v_hat) + self.eps",
    "np.maximum(np.sqrt(v_hat), self.eps)",
    concept="precision",
)
def adam_eps_as_floor():
    """eps as a floor

    Your eps is a lower limit of the root; it should be added to it.
    """


@chaff_edit(ADAM, "adam_trajectory", "gradient**2", "np.mean(gradient**2)", concept="shapes")
def adam_whole_array():
    """one mean square for an array

    Your code shares one mean square among the entries of an array; it should keep one for each entry.
    """


@chaff_edit(ADAM, "adam_trajectory", ADAM_MOVE, ADAM_MOVE + "\n        break", concept="loops")
def adam_first_only():
    """only the first parameter

    Your loop ends after the first parameter; it should move all of them.
    """


@chaff_edit(
    ADAM,
    "adam_side_effects",
    ADAM_MOVE,
    "self.model.parameters[name] = parameter - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)",
    concept="alias",
)
def adam_rebinds():
    """parameter rebound

    Your code puts a new array in the parameter's place, while the model's own stays; it should change the array:
    `parameter -= …`.
    """


@chaff_edit(
    ADAM,
    "adam_trajectory",
    ADAM_MOVE,
    "parameter = parameter - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)",
    concept="alias",
)
def adam_local():
    """a local name rebound

    Your parameters stay, as `parameter = …` gives a new array that name; they should change in place, as by `parameter
    -= …`.
    """


@chaff_edit(ADAM, "adam_side_effects", ADAM_MOVE, ADAM_MOVE + "\n        gradient.fill(0)", concept="state")
def adam_zeroes():
    """gradients set to zero

    Your step sets the gradients to zero; it should leave them as they are: zeroing is the work of zero_grad.
    """


@chaff_edit(
    ADAM, "adam_side_effects", V, "gradient **= 2\n        v[...] = beta2 * v + (1 - beta2) * gradient", concept="alias"
)
def adam_squares_gradient():
    """gradient changed in place

    Your code squares the gradient in place, as `**=` writes into its array; it should leave the gradients as they are.
    """


@chaff(ADAM, "adam_trajectory", concept="averages")
def adam_counts_late(self):
    """t counted after the step

    Your t is one behind from the second step on; it should count the step first, then correct. See "Adam".
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


@chaff(RMSPROP, "rmsprop_trajectory", concept="shapes")
def rmsprop_mean_over_all(self):
    """one mean square for all parameters

    Your squares hold a mean over all the parameters; each entry should have its own.
    """
    gradients = self.model.gradients
    mean = np.concatenate([g.ravel() ** 2 for g in gradients.values()]).mean()
    for name, parameter in self.model.parameters.items():
        self.square[name][...] = self.alpha * self.square[name] + (1 - self.alpha) * mean
        parameter -= self.lr * gradients[name] / (np.sqrt(self.square[name]) + self.eps)


@chaff(ADAM, "adam_side_effects", concept="state")
def adam_class_state(self):
    """m and v shared by all optimizers

    Your optimizers share m and v, in the class or outside of it; each should keep its own, in self.
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


@chaff_edit("first_adam_step", "answer_first_adam_step", FIRST_STEP, "return 1e-3", concept="precision")
def first_step_without_eps():
    """eps neglected

    Your answer leaves eps out; it should hold it: against a gradient of 1e-6, eps is not so small.
    """


@chaff_edit(
    "first_adam_step",
    "answer_first_adam_step",
    FIRST_STEP,
    "return 1e-3 * 1e-6 / np.sqrt(1e-12 + 1e-8)",
    concept="precision",
)
def first_step_eps_inside():
    """eps inside the root

    Your answer has eps inside the root; it should be added after the root is taken.
    """


@chaff_edit(
    "first_adam_step",
    "answer_first_adam_step",
    FIRST_STEP,
    "return 1e-3 * 1e-7 / (np.sqrt(1e-15) + 1e-8)",
    concept="averages",
)
def first_step_uncorrected():
    """no bias correction

    Your answer lacks the corrections of m and v; it should hold them, as they matter most in the first step.
    """


@chaff_edit(
    "first_adam_step", "answer_first_adam_step", FIRST_STEP, "return -1e-3 * 1e-6 / (1e-6 + 1e-8)", concept="sign"
)
def first_step_negative():
    """negative

    Your answer is negative; it should be a distance, a positive number.
    """


@chaff_edit("first_adam_step", "answer_first_adam_step", FIRST_STEP, "return 1e-9", concept="reading")
def first_step_descent():
    """gradient descent's step

    Your answer is how far gradient descent would move it, the rate times the gradient; it should be Adam's step.
    """


@chaff_edit("first_adam_step", "answer_first_adam_step", FIRST_STEP, "return 1e-6 / (1e-6 + 1e-8)", concept="step")
def first_step_without_rate():
    """without the rate

    Your answer lacks the learning rate; it should be multiplied by it.
    """


@chaff_edit("first_adam_step", "answer_first_adam_step", FIRST_STEP, "return 9.9e-4", concept="precision")
def first_step_two_digits():
    """too few digits

    Your answer has too few digits; it should have four.
    """


@chaff_edit("first_adam_step", "answer_first_adam_step", FIRST_STEP, "return 1e-9 / (1e-12 + 1e-8)", concept="averages")
def first_step_no_root():
    """root missing

    Your answer divides m_hat by v_hat; it should divide by its root.
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


@chaff_edit("adam_steps_to_one", "answer_adam_steps_to_one", "return 209", "return 210", concept="loops")
def steps_counted_from_one():
    """counted from 1

    Your answer is one too many; it should count from 0, the index of the loss before any step.
    """


@chaff_edit("adam_steps_to_one", "answer_adam_steps_to_one", "return 209", "return 208", concept="loops")
def steps_last_above():
    """last loss above 1

    Your answer is the index of the last loss that is not below 1 yet; it should be that of the first below.
    """


@chaff_edit("adam_steps_to_one", "answer_adam_steps_to_one", "return 209", "return 258", concept="reading")
def steps_to_a_tenth():
    """threshold .1

    Your answer is where the loss falls below a tenth; it should be where it falls below 1.
    """


@chaff_edit("adam_steps_to_one", "answer_adam_steps_to_one", "return 209", "return 151", concept="reading")
def steps_to_ten():
    """threshold 10

    Your answer is where the loss falls below ten; it should be where it falls below 1.
    """


@chaff_edit("adam_steps_to_one", "answer_adam_steps_to_one", "return 209", "return 94", concept="mean")
def steps_of_the_mean():
    """mean for sum

    Your answer is for the loss divided by the number of rows; it should be for the sum.
    """


@chaff_edit("adam_steps_to_one", "answer_adam_steps_to_one", "return 209", "return 49", concept="reading")
def steps_of_other_rate():
    """default rate

    Your answer is from a run with Adam's default rate; it should be from the notebook's run, with a rate of 1e-4.
    """


@chaff_edit("adam_steps_to_one", "answer_adam_steps_to_one", "return 209", "return 291", concept="reading")
def steps_of_all():
    """number of losses below 1

    Your answer is how many losses are below 1; it should be the index of the first.
    """


@wheat_edit("adam_steps_to_one", "return 209", "return 209.0")
def steps_as_float(): ...


@wheat_edit("adam_steps_to_one", "return 209", "return np.int64(209)")
def steps_as_integer(): ...


@wheat_edit("adam_steps_to_one", "return 209", "return int(np.argmax(np.arange(500) > 208))")
def steps_found(): ...
