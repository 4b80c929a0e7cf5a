"""Known mistakes and right variants of hw09_softmax_digits."""

import numpy as np

from gradbook.homework import chaff, chaff_edit, suspect, wheat, wheat_edit

NET = "DigitNet"
FORWARD, BACKWARD, UPDATE = (f"{NET}.{name}" for name in ("forward", "backward", "update"))

EQUIVALENT = {
    "DigitNet.forward: np.maximum(x @ p['W1'] + p['b1'], 0) -> np.maximum(0, x @ p['W1'] + p['b1'])": (
        "the two arguments may be given in either order"
    ),
}

# ---------------------------------------------------------------- log_softmax

SHIFT = "logits - np.max(logits, axis=1, keepdims=True)"
SUM = "np.exp(shifted).sum(axis=1, keepdims=True)"
LOG = f"shifted - np.log({SUM})"
NOT_SHIFTED = (
    "Your exponentials overflow for large scores; you should take the largest score of each row off first. See "
    '"2. From scores to probabilities".'
)
LOG_OF_ZERO = (
    "Your code takes the logarithm of a probability, which may be 0; it should be the score less the logarithm of the "
    "sum."
)
ROW_LEFT_TO_ZERO = (
    "Your code takes the same number off all rows; it should take each row's own maximum off, or rows far below it "
    "have a sum of 0."
)
WRONG_AXIS = (
    'Your softmax adds up columns; it should add up rows, one sample each. See "2. From scores to probabilities".'
)
CHANGES_SCORES = "Your code changes the caller's scores in place, as `-=` does; it should make a new array."
NO_KEEPDIMS = "Your row maxima or sums have shape (n,), and meet the columns; they should be (n, 1), by keepdims=True."


@chaff_edit("log_softmax", "log_softmax_far", SHIFT, "logits", hint=NOT_SHIFTED, concept="precision")
def log_softmax_not_shifted():
    """no maximum taken off"""


@chaff_edit("log_softmax", "log_softmax_far", SHIFT, "logits - logits.mean(axis=1, keepdims=True)", concept="precision")
def log_softmax_mean_off():
    """mean taken off

    Your code takes the mean of a row off, so that a score far above it overflows; it should take off the largest score.
    """


@chaff_edit(
    "log_softmax", "log_softmax_far", SHIFT, "logits - np.min(logits, axis=1, keepdims=True)", concept="precision"
)
def log_softmax_minimum_off():
    """minimum taken off

    Your code takes the smallest score of a row off, which leaves large ones; it should take off the largest.
    """


@chaff_edit(
    "log_softmax", "log_softmax_far", SHIFT, "logits - np.max(logits)", hint=ROW_LEFT_TO_ZERO, concept="precision"
)
def log_softmax_one_maximum():
    """one maximum for all rows"""


@chaff_edit(
    "log_softmax",
    "log_softmax_far",
    SHIFT,
    "logits - np.abs(logits).max(axis=1, keepdims=True)",
    concept="precision",
)
def log_softmax_largest_size_off():
    """maximum of the absolute values

    Your code takes off the largest size in a row, so that a row far below 0 has a sum of 0; it should be the largest
    score.
    """


@chaff_edit("log_softmax", "log_softmax_far", SHIFT, "np.clip(logits, -500, 500)", concept="precision")
def log_softmax_clips_scores():
    """scores clipped

    Your code cuts large scores off, which changes the result; it should shift each row, which does not.
    """


@chaff_edit("log_softmax", "log_softmax_far", SHIFT, "logits / np.abs(logits).max()", concept="definition")
def log_softmax_scaled():
    """scores divided by the largest

    Your code divides the scores by the largest, which changes the probabilities; it should subtract from each row.
    """


@chaff_edit(
    "log_softmax", "log_softmax_far", LOG, f"np.log(np.exp(shifted) / {SUM})", hint=LOG_OF_ZERO, concept="precision"
)
def log_softmax_of_quotient():
    """logarithm of the quotient"""


@chaff_edit("log_softmax", "log_softmax_far", LOG, f"np.log(np.exp(shifted) / {SUM} + 1e-12)", concept="precision")
def log_softmax_small_number_added():
    """a small number added

    Your code adds a small number to the probabilities, which bounds their logarithms; it should take no logarithm of a
    quotient.
    """


@chaff_edit(
    "log_softmax", "log_softmax_far", LOG, f"np.log(np.clip(np.exp(shifted) / {SUM}, 1e-15, 1))", concept="precision"
)
def log_softmax_clips_probabilities():
    """probabilities clipped

    Your code cuts small probabilities off, which bounds their logarithms; it should take no logarithm of a quotient.
    """


@chaff(
    "log_softmax",
    "log_softmax_far",
    concept="precision",
)
def log_softmax_mends_afterwards(logits):
    """naive where that is finite

    Your code lets exponentials overflow, with a warning, and mends it later; it should shift each row first.
    """
    naive = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.where(np.isfinite(naive), naive, shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


@chaff_edit(
    "log_softmax",
    "log_softmax_value",
    SUM,
    "np.exp(shifted).sum(axis=0, keepdims=True)",
    hint=WRONG_AXIS,
    concept="shapes",
)
def log_softmax_sum_of_columns():
    """sum over the wrong axis"""


@chaff_edit(
    "log_softmax",
    "log_softmax_value",
    (SHIFT, SUM),
    ("logits - np.max(logits, axis=0, keepdims=True)", "np.exp(shifted).sum(axis=0, keepdims=True)"),
    hint=WRONG_AXIS,
    concept="shapes",
)
def log_softmax_of_columns():
    """softmax over the wrong axis"""


@chaff_edit(
    "log_softmax", "log_softmax_value", SHIFT, "logits - np.max(logits, axis=0, keepdims=True)", concept="shapes"
)
def log_softmax_maximum_of_columns():
    """maximum over the wrong axis

    Your code takes the maximum of each column off, another number for each class; it should take off that of the row.
    """


@chaff_edit("log_softmax", "log_softmax_value", SUM, "np.exp(shifted).sum()", concept="shapes")
def log_softmax_sum_of_all():
    """sum over everything

    Your code adds up the exponentials of all rows; it should add up each row by itself.
    """


@chaff_edit(
    "log_softmax", "log_softmax_value", SHIFT, "logits - np.max(logits, axis=1)", hint=NO_KEEPDIMS, concept="shapes"
)
def log_softmax_maximum_without_keepdims():
    """keepdims missing at the maximum"""


@chaff_edit("log_softmax", "log_softmax_value", SUM, "np.exp(shifted).sum(axis=1)", hint=NO_KEEPDIMS, concept="shapes")
def log_softmax_sum_without_keepdims():
    """keepdims missing at the sum"""


@chaff_edit(
    "log_softmax",
    "log_softmax_value",
    (SHIFT, SUM),
    ("logits - np.max(logits, axis=1)", "np.exp(shifted).sum(axis=1)"),
    hint=NO_KEEPDIMS,
    concept="shapes",
)
def log_softmax_without_keepdims():
    """keepdims missing in both"""


@chaff_edit("log_softmax", "log_softmax_value", LOG, f"np.exp(shifted) / {SUM}", concept="definition")
def log_softmax_probabilities():
    """the softmax itself

    Your code gives the probabilities; it should give their logarithms.
    """


@chaff_edit("log_softmax", "log_softmax_value", LOG, f"np.log({SUM}) - shifted", concept="sign")
def log_softmax_negative():
    """sign turned round

    Your result has the opposite sign; it should be the logarithm of the probability, which is below 0.
    """


@chaff_edit("log_softmax", "log_softmax_value", LOG, f"shifted + np.log({SUM})", concept="sign")
def log_softmax_plus():
    """logarithm of the sum added

    Your code adds the logarithm of the sum; it should subtract it, since the sum is a divisor.
    """


@chaff_edit("log_softmax", "log_softmax_value", LOG, f"shifted / np.log({SUM})", concept="definition")
def log_softmax_divided():
    """divided by the logarithm of the sum

    Your code divides by the logarithm of the sum; it should subtract it: the logarithm of a quotient is a difference.
    """


@chaff_edit("log_softmax", "log_softmax_value", LOG, f"logits - np.log({SUM})", concept="definition")
def log_softmax_half_shifted():
    """shifted in one place only

    Your code shifts the scores in the sum only; it should use them in both places, or add the shift again.
    """


@chaff_edit("log_softmax", "log_softmax_value", LOG, "shifted", concept="definition")
def log_softmax_without_sum():
    """no sum

    Your result is the score less the maximum; it should have the logarithm of the sum taken off as well.
    """


@chaff_edit("log_softmax", "log_softmax_value", f"np.log({SUM})", SUM, concept="definition")
def log_softmax_without_log():
    """sum for its logarithm

    Your code subtracts the sum of the exponentials; it should subtract the logarithm of that sum.
    """


@chaff_edit("log_softmax", "log_softmax_value", "np.log", "np.log2", concept="definition")
def log_softmax_base_two():
    """logarithm to base 2

    Your code takes the logarithm to another base; it should be the natural one, np.log.
    """


@chaff_edit("log_softmax", "log_softmax_value", "np.log", "np.log10", concept="definition")
def log_softmax_base_ten():
    """logarithm to base 10

    Your code takes the logarithm to another base; it should be the natural one, np.log.
    """


@chaff_edit("log_softmax", "log_softmax_value", "np.log", "np.log1p", concept="definition")
def log_softmax_plus_one():
    """log1p

    Your code takes the logarithm of 1 plus the sum; it should be that of the sum alone.
    """


@chaff_edit("log_softmax", "log_softmax_value", LOG, "-np.log(1 + np.exp(-logits))", concept="definition")
def log_softmax_sigmoid():
    """sigmoid for softmax

    Your code takes the sigmoid of each score by itself; it should divide by a sum over the row. See "2. From scores to
    probabilities".
    """


@chaff_edit("log_softmax", "log_softmax_value", LOG, f"np.round({LOG}, 6)", concept="precision")
def log_softmax_rounded():
    """rounded

    Your code rounds its result; it should return all the digits.
    """


@chaff_edit("log_softmax", "log_softmax_shapes", f"return {LOG}", f"return np.squeeze({LOG})", concept="shapes")
def log_softmax_squeezed():
    """dimensions of size 1 dropped

    Your result drops a dimension of size 1; it should have the shape of the scores, also for one row.
    """


@chaff_edit("log_softmax", "log_softmax_value", f"return {LOG}", f"return ({LOG}).T", concept="places")
def log_softmax_transposed():
    """transposed

    Your result is transposed; it should have the shape of the scores, a row for each row.
    """


@chaff_edit(
    "log_softmax",
    "log_softmax_value",
    LOG,
    f"np.exp(shifted) / {SUM} - np.log(np.exp(np.exp(shifted) / {SUM}).sum(axis=1, keepdims=True))",
    concept="definition",
)
def log_softmax_twice():
    """softmax applied twice

    Your code takes the softmax of probabilities; it should take that of the scores, once.
    """


@chaff_edit(
    "log_softmax",
    "log_softmax_side_effects",
    f"shifted = {SHIFT}",
    "shifted = logits\n    shifted -= logits.max(axis=1, keepdims=True)",
    hint=CHANGES_SCORES,
    concept="alias",
)
def log_softmax_writes():
    """the caller's scores shifted"""


@chaff("log_softmax", "log_softmax_side_effects", hint=CHANGES_SCORES, concept="alias")
def log_softmax_writes_result(logits):
    """the caller's scores overwritten with the result"""
    logits -= logits.max(axis=1, keepdims=True)
    logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return logits


@chaff_edit(
    "log_softmax",
    "log_softmax_value",
    (SHIFT, SUM),
    ("logits - np.max(logits)", "np.exp(shifted).sum()"),
    hint="Your code adds up the exponentials of all rows; it should add up each row by itself.",
    concept="shapes",
)
def log_softmax_of_all():
    """one softmax for everything"""


@chaff("log_softmax", "log_softmax_shapes", concept="definition")
def log_softmax_counts_the_largest_once(logits):
    """the largest score counted once

    Your sum counts the largest score of a row once, however often it stands there; it should count each entry.
    """
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    rest = np.sum(np.exp(shifted) * (shifted < 0), axis=1, keepdims=True)
    return shifted - np.log(1 + rest)


@wheat("log_softmax")
def log_softmax_by_logaddexp(logits):
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)


@wheat("log_softmax")
def log_softmax_row_by_row(logits):
    import math

    result = []
    for row in logits:
        top = max(row)
        result.append([s - top - math.log(sum(math.exp(t - top) for t in row)) for s in row])
    return np.array(result)


@wheat("log_softmax")
def log_softmax_in_a_copy(logits):
    z = np.array(logits, dtype=float)
    z -= z.max(axis=-1)[:, None]
    z -= np.log(np.einsum("nc->n", np.exp(z)))[:, np.newaxis]
    return z


@wheat("log_softmax")
def log_softmax_by_columns(logits):
    columns = np.transpose(logits)
    top = np.amax(columns, 0)
    return np.transpose(columns - (top + np.log(np.sum(np.exp(columns - top), 0))))


@wheat("log_softmax")
def log_softmax_with_where(logits):
    """The maximum's own term of the sum is 1."""

    def of_row(s):
        top = int(np.argmax(s))
        rest = np.exp(np.delete(s, top) - s[top])
        return s - s[top] - np.log1p(rest.sum())

    return np.apply_along_axis(of_row, 1, logits)


# ---------------------------------------------------------------- loss_of_equal_scores

EQUAL = ("loss_of_equal_scores", "loss_of_equal_scores", "float(np.log(10))")


@chaff_edit(*EQUAL, "0.1", concept="definition")
def equal_probability():
    """the probability

    Your answer is the probability of each digit; it should be minus its logarithm.
    """


@chaff_edit(*EQUAL, "-float(np.log(10))", concept="sign")
def equal_negative():
    """logarithm for minus the logarithm

    Your answer is below 0; it should be minus the logarithm, which is above 0 for a probability.
    """


@chaff_edit(*EQUAL, "float(np.log2(10))", concept="definition")
def equal_base_two():
    """logarithm to base 2

    Your answer takes the logarithm to base 2; it should be the natural one, as in the softmax.
    """


@chaff_edit(*EQUAL, "1.0", concept="definition")
def equal_base_ten():
    """logarithm to base 10

    Your answer takes the logarithm to base ten; it should be the natural one, as in the softmax.
    """


@chaff_edit(*EQUAL, "0.69", concept="reading")
def equal_two_classes():
    """two classes

    Your answer is that for two classes; it should be that for as many as there are digits.
    """


@wheat_edit(*EQUAL[::2], "2.303")
def equal_rounded(): ...


@wheat_edit(*EQUAL[::2], "2.30")
def equal_two_digits(): ...


@wheat("loss_of_equal_scores")
def equal_computed():
    return cross_entropy(np.zeros((1, 10)), np.array([4]))


@wheat_edit(*EQUAL[::2], "-np.log(np.ones(10) / 10)[0]")
def equal_by_array(): ...


# ---------------------------------------------------------------- cross_entropy

GUARD = "require_labels(logits, labels)"
PICKED = "log_softmax(logits)[np.arange(len(labels)), labels]"
MEAN = "-float(np.mean(of_the_right_class))"
P = "np.exp(log_softmax(logits))"
NAIVE = "np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)"
NO_GUARD = 'Your code takes labels that are none; it should call require_labels first. See "3. The loss".'
GUARDS_SHAPE = (
    "Your code compares shapes or lengths only; it should refuse labels outside 0 to c - 1, too, by require_labels."
)


@chaff_edit("cross_entropy", "cross_entropy_value", "np.mean", "np.sum", concept="mean")
def loss_sum():
    """sum for mean

    Your loss is the sum over the rows; it should be their mean. See "3. The loss".
    """


@chaff_edit("cross_entropy", "cross_entropy_value", MEAN, "float(np.mean(of_the_right_class))", concept="sign")
def loss_positive():
    """minus missing

    Your loss is the mean logarithm, below 0; it should be minus that, so that less probable costs more.
    """


@chaff_edit(
    "cross_entropy", "cross_entropy_value", MEAN, "-float(np.sum(of_the_right_class)) / logits.size", concept="mean"
)
def loss_mean_of_all_entries():
    """divided by rows times classes

    Your loss is divided by the number of all scores; it should be divided by the number of rows, as each has one label.
    """


@chaff_edit(
    "cross_entropy", "cross_entropy_value", MEAN, "-float(np.sum(of_the_right_class)) / logits.shape[1]", concept="mean"
)
def loss_mean_over_classes():
    """divided by the number of classes

    Your loss is divided by the number of classes; it should be divided by the number of rows.
    """


@chaff_edit("cross_entropy", "cross_entropy_value", "np.mean", "np.median", concept="mean")
def loss_median():
    """median

    Your loss is the median over the rows; it should be the mean.
    """


@chaff_edit("cross_entropy", "cross_entropy_value", MEAN, "-0.5 * float(np.mean(of_the_right_class))", concept="factor")
def loss_half():
    """an extra one half

    Your loss is half of what it should be; it should be the mean itself, without a one half.
    """


@chaff_edit("cross_entropy", "cross_entropy_value", MEAN, "-of_the_right_class", concept="shapes")
def loss_for_each_row():
    """mean missing

    Your code returns a loss for each row; it should return one number, their mean.
    """


@chaff_edit(
    "cross_entropy", "cross_entropy_value", MEAN, "-np.mean(of_the_right_class, keepdims=True)", concept="shapes"
)
def loss_in_an_array():
    """an array of one number

    Your loss is an array that holds one number; it should be the number.
    """


@chaff_edit("cross_entropy", "cross_entropy_value", PICKED, "log_softmax(logits)", concept="definition")
def loss_of_all_classes():
    """mean over all classes

    Your loss takes the mean over all the classes; it should take the entry of the right class in each row.
    """


@chaff_edit("cross_entropy", "cross_entropy_value", PICKED, "log_softmax(logits)[:, labels]", concept="places")
def loss_of_all_pairs():
    """all rows with all labels

    Your code takes, for each label, that column of every row; it should pair each row with its own label, by
    np.arange(n).
    """


@chaff_edit("cross_entropy", "cross_entropy_value", PICKED, "log_softmax(logits)[labels]", concept="places")
def loss_of_rows():
    """labels used as rows

    Your code takes the labels for rows; it should take them for columns, one in each row.
    """


@chaff_edit(
    "cross_entropy",
    "cross_entropy_value",
    PICKED,
    "log_softmax(logits)[np.arange(len(labels)), labels - 1]",
    concept="places",
)
def loss_counts_from_one():
    """classes counted from 1

    Your code takes the class before the right one; it should count classes from 0, as the labels do.
    """


@chaff_edit("cross_entropy", "cross_entropy_value", PICKED, "log_softmax(logits).max(axis=1)", concept="definition")
def loss_of_the_chosen():
    """the class that was chosen

    Your loss looks at the class with the largest score; it should look at the right one, chosen or not.
    """


@chaff_edit("cross_entropy", "cross_entropy_value", PICKED, "log_softmax(logits)[:, 0]", concept="definition")
def loss_of_the_first():
    """the first class

    Your loss takes the first column in every row; it should take the column that the label names.
    """


@chaff_edit(
    "cross_entropy", "cross_entropy_value", PICKED, "labels * log_softmax(logits).sum(axis=1)", concept="definition"
)
def loss_of_label_times_log():
    """labels as amounts

    Your code multiplies by the labels; it should use them as places: which column of the row is meant.
    """


@chaff_edit(
    "cross_entropy", "cross_entropy_value", PICKED, "logits[np.arange(len(labels)), labels]", concept="definition"
)
def loss_of_scores():
    """scores for logarithms of probabilities

    Your loss takes the scores themselves; it should take the logarithms of their softmax.
    """


@chaff_edit("cross_entropy", "cross_entropy_value", "log_softmax(logits)", P, concept="definition")
def loss_of_probabilities():
    """logarithm missing

    Your loss takes the probability of the right class; it should take its logarithm. See "3. The loss".
    """


@chaff_edit(
    "cross_entropy",
    "cross_entropy_value",
    (PICKED, MEAN),
    (f"{P}[np.arange(len(labels)), labels]", "float(np.mean(1 - of_the_right_class))"),
    concept="definition",
)
def loss_of_what_is_missing():
    """one minus the probability

    Your loss is what the probability lacks to 1; it should be minus its logarithm. See "3. The loss".
    """


@chaff_edit(
    "cross_entropy",
    "cross_entropy_value",
    (PICKED, MEAN),
    (f"{P}[np.arange(len(labels)), labels]", "float(np.mean((1 - of_the_right_class) ** 2))"),
    concept="definition",
)
def loss_square_of_what_is_missing():
    """squared error of the probability

    Your loss squares what the probability lacks to 1; it should be minus its logarithm. See "3. The loss".
    """


@chaff_edit(
    "cross_entropy",
    "cross_entropy_value",
    (PICKED, MEAN),
    (f"{P} - np.eye(logits.shape[1])[labels]", "float(np.mean(np.sum(of_the_right_class ** 2, axis=1)))"),
    concept="definition",
)
def loss_squared_error():
    """squared error against one-hot labels

    Your loss is a squared error; it should be minus the logarithm of the right class's probability.
    """


@chaff_edit(
    "cross_entropy", "cross_entropy_value", PICKED, f"({P} * log_softmax(logits)).sum(axis=1)", concept="definition"
)
def loss_entropy():
    """the entropy of the probabilities

    Your loss weights the logarithms by the net's own probabilities; it should take that of the right class alone.
    """


@chaff_edit(
    "cross_entropy",
    "cross_entropy_value",
    PICKED,
    f"{PICKED} + np.log(1 - {P} * (1 - np.eye(logits.shape[1])[labels])).sum(axis=1)",
    concept="definition",
)
def loss_binary():
    """a yes or no for each class

    Your loss adds a term for each wrong class; it should have the right class only: the softmax ties them already.
    """


@chaff_edit(
    "cross_entropy",
    "cross_entropy_value",
    PICKED,
    f"log_softmax({P})[np.arange(len(labels)), labels]",
    concept="definition",
)
def loss_softmax_twice():
    """softmax applied twice

    Your code takes the softmax of probabilities; it should take that of the scores, once.
    """


@chaff_edit(
    "cross_entropy",
    "cross_entropy_value",
    MEAN,
    "-float(np.mean(of_the_right_class)) / np.log(2)",
    concept="definition",
)
def loss_base_two():
    """logarithm to base 2

    Your loss takes the logarithm to another base; it should be the natural one, np.log.
    """


@chaff_edit(
    "cross_entropy", "cross_entropy_value", MEAN, "-round(float(np.mean(of_the_right_class)), 4)", concept="precision"
)
def loss_rounded():
    """rounded

    Your code rounds the loss; it should return all the digits.
    """


@chaff_edit("cross_entropy", "cross_entropy_far", "log_softmax(logits)", f"np.log({P})", concept="precision")
def loss_log_of_softmax():
    """logarithm of a probability that is 0

    Your code takes the logarithm of a probability, which may be 0; it should take log_softmax as it is.
    """


@chaff_edit("cross_entropy", "cross_entropy_far", "log_softmax(logits)", f"np.log({NAIVE})", concept="precision")
def loss_naive_softmax():
    """a softmax of its own that overflows

    Your code has exponentials of large scores, which overflow; it should call log_softmax.
    """


@chaff_edit("cross_entropy", "cross_entropy_far", "log_softmax(logits)", f"np.log({P} + 1e-12)", concept="precision")
def loss_small_number_added():
    """a small number added

    Your code adds a small number to the probabilities, which bounds the loss; it should take log_softmax as it is.
    """


@chaff_edit(
    "cross_entropy", "cross_entropy_far", "log_softmax(logits)", f"np.log(np.clip({P}, 1e-15, 1))", concept="precision"
)
def loss_clipped():
    """probabilities clipped

    Your code cuts small probabilities off, which bounds the loss; it should take log_softmax as it is.
    """


@chaff_edit("cross_entropy", "cross_entropy_refuses", GUARD, "pass", hint=NO_GUARD, concept="shapes")
def loss_without_guard():
    """no guard"""


@chaff_edit(
    "cross_entropy",
    "cross_entropy_refuses",
    GUARD,
    'if np.shape(labels) != (len(logits),):\n        raise ValueError("shape")',
    hint=GUARDS_SHAPE,
    concept="shapes",
)
def loss_guards_shape():
    """a guard of the shape only"""


@chaff_edit(
    "cross_entropy",
    "cross_entropy_refuses",
    GUARD,
    'if len(labels) != len(logits):\n        raise ValueError("length")',
    hint=GUARDS_SHAPE,
    concept="shapes",
)
def loss_guards_length():
    """a guard of the length only"""


@chaff_edit(
    "cross_entropy",
    "cross_entropy_refuses",
    GUARD,
    "try:\n        require_labels(logits, labels)\n    except ValueError:\n        return float('nan')",
    concept="python",
)
def loss_swallows():
    """the exception caught

    Your code catches what require_labels raises; it should let it through.
    """


@chaff_edit(
    "cross_entropy",
    "cross_entropy_side_effects",
    GUARD,
    f"{GUARD}\n    logits -= logits.max(axis=1, keepdims=True)",
    hint=CHANGES_SCORES,
    concept="alias",
)
def loss_writes():
    """scores shifted in place"""


@wheat_edit("cross_entropy", PICKED, "(log_softmax(logits) * np.eye(logits.shape[1])[labels]).sum(axis=1)")
def loss_one_hot(): ...


@wheat_edit("cross_entropy", PICKED, "log_softmax(logits)[labels[:, None] == np.arange(logits.shape[1])]")
def loss_mask(): ...


@wheat_edit("cross_entropy", PICKED, "np.take_along_axis(np.asarray(log_softmax(logits)), labels[:, None], axis=1)")
def loss_take_along(): ...


@wheat("cross_entropy")
def loss_loop(logits, labels):
    require_labels(logits, labels)
    total = 0
    for i, row in enumerate(log_softmax(logits)):
        total -= row[labels[i]]
    return total / len(labels)


@wheat("cross_entropy")
def loss_by_itself(logits, labels):
    assert labels.ndim == 1 and len(labels) == len(logits)
    assert np.issubdtype(labels.dtype, np.integer)
    assert all(0 <= label < logits.shape[1] for label in labels)
    n = logits.shape[0]
    return (np.logaddexp.reduce(logits, axis=1).sum() - logits[range(n), labels].sum()) / n


@wheat_edit("cross_entropy", "log_softmax(logits)", "log_softmax(log_softmax(logits))")
def loss_of_logs():
    """What is a logarithm of probabilities already stays as it is."""


@wheat_edit("cross_entropy", MEAN, "np.mean([-p for p in of_the_right_class])")
def loss_list(): ...


# ---------------------------------------------------------------- d_cross_entropy

D, D_VALUE, D_FAR = "d_cross_entropy", "d_cross_entropy_value", "d_cross_entropy_far"
MINUS_ONE = "gradient[np.arange(len(labels)), labels] -= 1"
D_RETURN = "return gradient / len(labels)"
ONE_HOT = "np.eye(logits.shape[1])[labels]"


@chaff_edit(D, D_VALUE, D_RETURN, "return gradient", concept="mean")
def d_sum():
    """division by the rows missing

    Your gradient is that of the sum over the rows; it should be divided by their number, as the loss is a mean.
    """


@chaff_edit(D, D_VALUE, D_RETURN, "return gradient / len(labels) ** 2", concept="mean")
def d_divided_twice():
    """division by the rows twice

    Your gradient is divided by the number of rows twice; it should be divided once.
    """


@chaff_edit(D, D_VALUE, D_RETURN, "return gradient / gradient.size", concept="mean")
def d_mean_of_all():
    """division by rows times classes

    Your gradient is divided by the number of all scores; it should be divided by the number of rows.
    """


@chaff_edit(D, D_VALUE, D_RETURN, "return gradient / gradient.shape[1]", concept="mean")
def d_mean_over_classes():
    """division by the classes

    Your gradient is divided by the number of classes; it should be divided by the number of rows.
    """


@chaff_edit(D, D_VALUE, D_RETURN, "return gradient.mean(axis=0)", concept="shapes")
def d_mean_over_rows():
    """mean over the rows

    Your gradient is averaged over the rows; it should have the shape of the scores, each row divided by n.
    """


@chaff_edit(D, D_VALUE, D_RETURN, "return -gradient / len(labels)", concept="sign")
def d_negative():
    """sign turned round

    Your gradient has the opposite sign; it should be below 0 at the right class, whose score ought to grow.
    """


@chaff_edit(D, D_VALUE, D_RETURN, "return 2 * gradient / len(labels)", concept="factor")
def d_double():
    """a factor 2

    Your gradient is twice as large as it should be; it should have no factor 2, as there is no square.
    """


@chaff_edit(D, D_VALUE, D_RETURN, "return 0.5 * gradient / len(labels)", concept="factor")
def d_half():
    """a factor of one half

    Your gradient is half as large as it should be; it should have no one half.
    """


@chaff_edit(D, D_VALUE, MINUS_ONE, "pass", concept="chain rule")
def d_without_label():
    """the second term missing

    Your gradient has the slope of the logarithm of the sum only; it should have that of the right score, too.
    """


@chaff_edit(D, D_VALUE, f"gradient = {P}", "gradient = np.zeros(np.shape(logits))", concept="chain rule")
def d_only_label():
    """the first term missing

    Your gradient has the slope of the right score only; it should have that of the logarithm of the sum, too.
    """


@chaff_edit(D, D_VALUE, "-= 1", "+= 1", concept="sign")
def d_plus_one():
    """plus at the right class

    Your gradient adds 1 at the right class; it should subtract it: the loss has minus the right score.
    """


@chaff_edit(D, D_VALUE, MINUS_ONE, "gradient[:, labels] -= 1", concept="places")
def d_all_pairs():
    """all rows with all labels

    Your code subtracts in the columns of all labels in every row; it should pair each row with its own label.
    """


@chaff_edit(D, D_VALUE, MINUS_ONE, "gradient[np.arange(len(labels)), labels - 1] -= 1", concept="places")
def d_counts_from_one():
    """classes counted from 1

    Your code subtracts at the class before the right one; it should count classes from 0, as the labels do.
    """


@chaff_edit(D, D_VALUE, MINUS_ONE, "gradient -= labels[:, None]", concept="definition")
def d_labels_as_amounts():
    """labels as amounts

    Your code subtracts the labels; it should subtract 1 at the place that each label names.
    """


@chaff_edit(
    D, D_VALUE, MINUS_ONE, "gradient[np.arange(len(labels)), gradient.argmax(axis=1)] -= 1", concept="definition"
)
def d_of_the_chosen():
    """the class that was chosen

    Your code subtracts 1 at the largest score; it should do so at the right class, chosen or not.
    """


@chaff_edit(
    D,
    D_VALUE,
    MINUS_ONE,
    "gradient -= (labels == np.arange(logits.shape[1])[:, None]).reshape(logits.shape)",
    concept="places",
)
def d_mask_in_another_order():
    """a table of labels reshaped

    Your table of the right classes is reshaped, which leaves its numbers in wrong places; it should be transposed.
    """


@chaff_edit(D, D_VALUE, P, "log_softmax(logits)", concept="chain rule")
def d_of_logarithms():
    """logarithms for probabilities

    Your gradient has logarithms where it should have probabilities; it should take their exponential first.
    """


@chaff_edit(D, D_VALUE, P, "logits.astype(float)", concept="chain rule")
def d_of_scores():
    """scores for probabilities

    Your gradient takes the scores less 1 at the right class; it should take the probabilities, their softmax.
    """


@chaff_edit(
    D, D_VALUE, (MINUS_ONE, D_RETURN), ("pass", f"return -{ONE_HOT} / gradient / len(labels)"), concept="chain rule"
)
def d_by_probability():
    """derivative by the probability

    Your gradient is that by the probabilities; it should go one step further, through the softmax to the scores.
    """


@chaff_edit(D, D_VALUE, D_RETURN, "return gradient * np.exp(log_softmax(logits)) / len(labels)", concept="chain rule")
def d_times_probability():
    """times the probability again

    Your gradient is multiplied by the probabilities once more; it should not be: the softmax is differentiated already.
    """


@chaff_edit(
    D,
    D_VALUE,
    D_RETURN,
    f"return gradient * {P} * (1 - {P}) / len(labels)",
    concept="chain rule",
)
def d_times_sigmoid_slope():
    """times p (1 - p)

    Your gradient is multiplied by p (1 - p) once more; it should not be: the softmax is differentiated already.
    """


@chaff_edit(
    D, D_VALUE, (MINUS_ONE, D_RETURN), ("pass", "return gradient * (1 - gradient) / len(labels)"), concept="chain rule"
)
def d_only_slope_of_sigmoid():
    """p (1 - p)

    Your gradient is p (1 - p), the slope of a sigmoid; it should be that of the loss, with the right class in it.
    """


@chaff_edit(D, D_VALUE, D_RETURN, f"return gradient * {ONE_HOT} / len(labels)", concept="chain rule")
def d_only_right_class():
    """zero for the wrong classes

    Your gradient is 0 for all classes but the right one; it should hold for each score, as all stand in the sum.
    """


@chaff_edit(D, D_VALUE, D_RETURN, f"return gradient * (1 - {ONE_HOT}) / len(labels)", concept="chain rule")
def d_only_wrong_classes():
    """zero for the right class

    Your gradient is 0 for the right class; it should be its probability less 1 there.
    """


@chaff_edit(D, D_VALUE, P, "np.exp(logits) / np.exp(logits).sum(axis=0)", concept="shapes")
def d_softmax_of_columns():
    """softmax over the wrong axis

    Your softmax adds up columns; it should add up rows, one sample each.
    """


@chaff_edit(D, D_VALUE, P, "np.exp(logits) / np.exp(logits).sum()", concept="shapes")
def d_softmax_of_all():
    """softmax over everything

    Your softmax adds up all the rows together; it should add up each row by itself.
    """


@chaff_edit(D, D_VALUE, P, f"np.exp(log_softmax({P}))", concept="definition")
def d_softmax_twice():
    """softmax applied twice

    Your code takes the softmax of probabilities; it should take that of the scores, once.
    """


@chaff_edit(D, D_VALUE, P, "1 / (1 + np.exp(-logits))", concept="definition")
def d_sigmoid():
    """sigmoid for softmax

    Your code takes the sigmoid of each score by itself; it should take the softmax of the row.
    """


@chaff_edit(D, D_VALUE, D_RETURN, "return np.round(gradient / len(labels), 3)", concept="precision")
def d_rounded():
    """rounded

    Your code rounds the gradient; it should return all the digits.
    """


@chaff_edit(D, D_VALUE, D_RETURN, "return (gradient / len(labels)).T", concept="places")
def d_transposed():
    """transposed

    Your gradient is transposed; it should have the shape of the scores.
    """


@chaff_edit(D, D_VALUE, D_RETURN, "return np.sum(gradient) / len(labels)", concept="shapes")
def d_summed():
    """one number

    Your gradient is one number, and always 0; it should have an entry for each score.
    """


@chaff_edit(D, D_VALUE, D_RETURN, "return np.squeeze(gradient / len(labels))", concept="shapes")
def d_squeezed():
    """dimensions of size 1 dropped

    Your gradient drops a dimension of size 1; it should have the shape of the scores, also for one row.
    """


@chaff_edit(D, D_FAR, P, NAIVE, concept="precision")
def d_naive_softmax():
    """a softmax of its own that overflows

    Your code has exponentials of large scores, which overflow; it should take the exponential of log_softmax.
    """


@chaff_edit(
    D,
    D_FAR,
    (MINUS_ONE, D_RETURN),
    ("pass", f"return gradient * (1 - {ONE_HOT} / gradient) / len(labels)"),
    concept="precision",
)
def d_divides_by_probability():
    """a division by the probability

    Your code divides by a probability, which may be 0; it should not have to: the factor cancels on paper.
    """


@chaff_edit(D, "d_cross_entropy_refuses", GUARD, "pass", hint=NO_GUARD, concept="shapes")
def d_without_guard():
    """no guard"""


@chaff_edit(
    D,
    "d_cross_entropy_refuses",
    GUARD,
    'if np.shape(labels) != (len(logits),):\n        raise ValueError("shape")',
    hint=GUARDS_SHAPE,
    concept="shapes",
)
def d_guards_shape():
    """a guard of the shape only"""


@chaff_edit(
    D,
    "d_cross_entropy_side_effects",
    f"gradient = {P}",
    "logits[...] = np.exp(log_softmax(logits))\n    gradient = logits.copy()",
    hint=CHANGES_SCORES,
    concept="alias",
)
def d_writes_probabilities():
    """scores overwritten by probabilities"""


@chaff_edit(
    D,
    "d_cross_entropy_side_effects",
    f"{P}\n",
    f"{P}\n    logits -= logits.max(axis=1, keepdims=True)\n",
    hint=CHANGES_SCORES,
    concept="alias",
)
def d_shifts_scores():
    """scores shifted in place"""


@suspect(D)
def d_by_differences(logits, labels):
    require_labels(logits, labels)
    gradient = np.zeros(logits.shape)
    for index in np.ndindex(logits.shape):
        up, down = logits.copy(), logits.copy()
        up[index] += 1e-6
        down[index] -= 1e-6
        gradient[index] = (cross_entropy(up, labels) - cross_entropy(down, labels)) / 2e-6
    return gradient


@wheat_edit(D, (MINUS_ONE, D_RETURN), ("pass", f"return (gradient - {ONE_HOT}) / len(labels)"))
def d_one_hot(): ...


@wheat(D)
def d_loops(logits, labels):
    import math

    require_labels(logits, labels)
    n, c = logits.shape
    log_p = log_softmax(logits)
    result = []
    for i in range(n):
        result.append([(math.exp(log_p[i][k]) - (1.0 if labels[i] == k else 0.0)) / n for k in range(c)])
    return np.array(result)


@wheat(D)
def d_by_jacobian(logits, labels):
    """The derivative by log p, then that of the softmax, as a table for each row."""
    require_labels(logits, labels)
    n, c = logits.shape
    p = np.exp(log_softmax(logits))
    upstream = np.zeros((n, c))
    upstream[np.arange(n), labels] = -1 / n
    table = np.eye(c)[None] - p[:, None, :]
    return np.einsum("nj,njk->nk", upstream, table)


@wheat(D)
def d_row_by_row(logits, labels):
    require_labels(logits, labels)
    gradient = np.empty_like(logits)
    for i, label in enumerate(labels):
        e = np.exp(logits[i] - logits[i].max())
        gradient[i] = e / e.sum()
        gradient[i, label] -= 1
    gradient /= len(logits)
    return gradient


@wheat_edit(D, MINUS_ONE, "gradient -= labels.reshape(-1, 1) == range(logits.shape[1])")
def d_mask(): ...


# ---------------------------------------------------------------- accuracy

SHARE = "float(np.mean(np.argmax(logits, axis=1) == labels))"
READ = "np.argmax(logits, axis=1)"


@chaff_edit("accuracy", "accuracy_value", READ, "np.argmax(logits, axis=0)", concept="shapes")
def accuracy_of_columns():
    """argmax over the wrong axis

    Your code looks for the largest score in each column; it should look in each row.
    """


@chaff_edit("accuracy", "accuracy_value", "np.mean", "np.sum", concept="mean")
def accuracy_counts():
    """number for share

    Your code counts the rows that are right; it should give their share, from 0 to 1.
    """


@chaff_edit("accuracy", "accuracy_value", SHARE, f"100 * {SHARE}", concept="factor")
def accuracy_in_percent():
    """percent

    Your accuracy is in percent; it should be a share from 0 to 1.
    """


@chaff_edit("accuracy", "accuracy_value", "== labels", "!= labels", concept="sign")
def accuracy_of_errors():
    """share of the wrong ones

    Your code gives the share that is read wrong; it should give the share that is read right.
    """


@chaff_edit("accuracy", "accuracy_value", "np.argmax", "np.argmin", concept="definition")
def accuracy_of_smallest():
    """argmin

    Your code takes the smallest score of a row; it should take the largest.
    """


@chaff_edit("accuracy", "accuracy_value", READ, "np.argmax(np.abs(logits), axis=1)", concept="definition")
def accuracy_of_largest_size():
    """largest absolute score

    Your code takes the score of the largest size; it should take the largest score, signs and all.
    """


@chaff_edit("accuracy", "accuracy_value", READ, "np.max(logits, axis=1)", concept="definition")
def accuracy_of_values():
    """maximum for argmax

    Your code compares the largest score with the label; it should compare its place, which argmax gives.
    """


@chaff_edit("accuracy", "accuracy_value", READ, f"{READ} + 1", concept="places")
def accuracy_counts_from_one():
    """classes counted from 1

    Your code counts the classes from 1; it should count them from 0, as the labels do.
    """


@chaff_edit(
    "accuracy",
    "accuracy_value",
    f"{READ} == labels",
    f"np.round({P})[np.arange(len(labels)), labels] == 1",
    concept="definition",
)
def accuracy_of_rounded():
    """rounded probabilities

    Your code asks whether the right class has more than one half; it should ask whether it has more than each other.
    """


@chaff_edit(
    "accuracy",
    "accuracy_value",
    f"{READ} == labels",
    "logits[np.arange(len(labels)), labels] > 0",
    concept="definition",
)
def accuracy_of_signs():
    """score above 0

    Your code asks whether the right class's score is above 0; it should ask whether it is the largest of its row.
    """


@chaff_edit(
    "accuracy", "accuracy_value", f"{READ} == labels", f"{P}[np.arange(len(labels)), labels]", concept="definition"
)
def accuracy_of_probabilities():
    """mean probability of the right class

    Your code takes the mean probability of the right class; it should count the rows in which it is the largest.
    """


@chaff_edit(
    "accuracy",
    "accuracy_value",
    f"{READ} == labels",
    "(np.argsort(logits, axis=1)[:, -2:] == labels[:, None]).any(axis=1)",
    concept="definition",
)
def accuracy_of_two():
    """one of the two best

    Your code counts a row as right where the class is among the two best; it should be the very best.
    """


@chaff_edit(
    "accuracy",
    "accuracy_value",
    f"{READ} == labels",
    f"(logits == logits.max(axis=1, keepdims=True)) == {ONE_HOT}",
    concept="mean",
)
def accuracy_of_entries():
    """entries for rows

    Your code counts the entries that agree, of all classes; it should count rows.
    """


@chaff_edit("accuracy", "accuracy_shapes", SHARE, f"int({SHARE})", concept="precision")
def accuracy_whole():
    """cut to a whole number

    Your accuracy is cut to a whole number; it should be a share, with its fraction.
    """


@chaff_edit("accuracy", "accuracy_value", SHARE, f"round({SHARE}, 2)", concept="precision")
def accuracy_rounded():
    """rounded

    Your accuracy is rounded; it should have all its digits.
    """


@chaff_edit(
    "accuracy",
    "accuracy_shapes",
    f"np.mean({READ} == labels)",
    f"np.sum({READ} == labels) / logits.shape[1]",
    concept="mean",
)
def accuracy_over_classes():
    """divided by the classes

    Your code divides by the number of classes; it should divide by the number of rows.
    """


@chaff_edit("accuracy", "accuracy_value", f"return {SHARE}", f"return {READ} == labels", concept="shapes")
def accuracy_for_each_row():
    """mean missing

    Your code gives a truth value for each row; it should give one number, the share of the rows.
    """


@chaff_edit(
    "accuracy", "accuracy_value", f"return {SHARE}", f"logits.sort(axis=1)\n    return {SHARE}", concept="alias"
)
def accuracy_sorts():
    """scores sorted in place

    Your code sorts the caller's scores in place, which loses their places; it should leave them as they are.
    """


@chaff_edit("accuracy", "accuracy_refuses", GUARD, "pass", hint=NO_GUARD, concept="shapes")
def accuracy_without_guard():
    """no guard"""


@chaff_edit(
    "accuracy",
    "accuracy_refuses",
    GUARD,
    'if np.shape(labels) != (len(logits),):\n        raise ValueError("shape")',
    hint=GUARDS_SHAPE,
    concept="shapes",
)
def accuracy_guards_shape():
    """a guard of the shape only"""


@chaff_edit("accuracy", "accuracy_value", READ, "np.argmax(np.round(logits), axis=1)", concept="definition")
def accuracy_of_rounded_scores():
    """rounded scores

    Your code rounds the scores first, which makes equal ones of them; it should compare them as they are.
    """


@wheat_edit("accuracy", SHARE, "np.sum(logits.argmax(-1) == labels) / len(labels)")
def accuracy_by_sum(): ...


@wheat("accuracy")
def accuracy_loop(logits, labels):
    require_labels(logits, labels)
    right = 0
    for row, label in zip(logits.tolist(), labels.tolist()):
        right += row.index(max(row)) == label
    return right / len(labels)


@wheat_edit("accuracy", f"{READ} == labels", "np.argsort(logits, axis=1)[:, -1] == labels")
def accuracy_sorted(): ...


@wheat_edit("accuracy", f"{READ} == labels", "logits[np.arange(len(labels)), labels] == logits.max(axis=1)")
def accuracy_of_scores(): ...


@wheat_edit("accuracy", READ, f"np.argmax({P}, axis=1)")
def accuracy_by_probabilities(): ...


# ---------------------------------------------------------------- DigitNet.forward

RELU = 'np.maximum(x @ p["W1"] + p["b1"], 0)'
OUTPUT = 'self.hidden @ p["W2"] + p["b2"]'
KEEP = f"self.x = x\n    self.hidden = {RELU}"


@chaff_edit(FORWARD, "forward_value", RELU, 'x @ p["W1"] + p["b1"]', concept="definition")
def forward_without_relu():
    """no ReLU

    Your hidden layer has no ReLU; it should have one, which makes negative values 0. See "5. The network".
    """


@chaff_edit(FORWARD, "forward_value", RELU, 'np.maximum(x @ p["W1"], 0)', concept="definition")
def forward_without_b1():
    """b1 missing

    Your hidden layer has no bias; it should add b1 before the ReLU. See "5. The network".
    """


@chaff_edit(FORWARD, "forward_value", OUTPUT, 'self.hidden @ p["W2"]', concept="definition")
def forward_without_b2():
    """b2 missing

    Your scores have no bias; they should have b2 added. See "5. The network".
    """


@chaff_edit(FORWARD, "forward_value", RELU, 'np.maximum(x @ p["W1"], 0) + p["b1"]', concept="definition")
def forward_b1_after_relu():
    """b1 after the ReLU

    Your code adds b1 after the ReLU; it should add it before: the bias moves the point at which the unit opens.
    """


@chaff_edit(FORWARD, "forward_value", RELU, 'np.maximum(x @ p["W1"] - p["b1"], 0)', concept="sign")
def forward_b1_subtracted():
    """b1 subtracted

    Your code subtracts b1; it should add it. See "5. The network".
    """


@chaff_edit(FORWARD, "forward_value", OUTPUT, 'self.hidden @ p["W2"] - p["b2"]', concept="sign")
def forward_b2_subtracted():
    """b2 subtracted

    Your code subtracts b2; it should add it. See "5. The network".
    """


@chaff_edit(FORWARD, "forward_value", OUTPUT, f"np.maximum({OUTPUT}, 0)", concept="definition")
def forward_two_relus():
    """ReLU on the scores

    Your scores pass a ReLU; they should not: a score may be below 0. See "5. The network".
    """


@chaff_edit(
    FORWARD,
    "forward_value",
    (RELU, OUTPUT),
    ('x @ p["W1"] + p["b1"]', f"np.maximum({OUTPUT}, 0)"),
    concept="definition",
)
def forward_relu_at_the_end():
    """ReLU after the second layer only

    Your ReLU stands after the second layer; it should stand between the layers. See "5. The network".
    """


@chaff_edit(FORWARD, "forward_value", OUTPUT, f"np.exp(log_softmax({OUTPUT}))", concept="definition")
def forward_softmax():
    """softmax at the end

    Your forward returns probabilities; it should return the scores, since the loss takes the softmax itself.
    """


@chaff_edit(FORWARD, "forward_value", OUTPUT, f"log_softmax({OUTPUT})", concept="definition")
def forward_log_softmax():
    """log-softmax at the end

    Your forward returns logarithms of probabilities; it should return the scores, since the loss takes log_softmax
    itself.
    """


@chaff_edit(FORWARD, "forward_value", OUTPUT, f"np.argmax({OUTPUT}, axis=1)", concept="definition")
def forward_choice():
    """the chosen classes

    Your forward returns the class with the largest score; it should return all the scores.
    """


@chaff_edit(FORWARD, "forward_value", f"return {OUTPUT}", "return self.hidden", concept="definition")
def forward_hidden_returned():
    """hidden values returned

    Your forward returns the hidden values; it should go on through the second layer to the scores.
    """


@chaff_edit(FORWARD, "forward_value", RELU, 'np.abs(x @ p["W1"] + p["b1"])', concept="definition")
def forward_absolute():
    """absolute value for ReLU

    Your hidden layer turns negative values round, as abs does; it should make them 0, as a ReLU does.
    """


@chaff_edit(FORWARD, "forward_value", RELU, 'np.minimum(x @ p["W1"] + p["b1"], 0)', concept="definition")
def forward_minimum():
    """minimum for maximum

    Your hidden layer keeps the negative values; it should keep the positive ones, and make the others 0.
    """


@chaff_edit(FORWARD, "forward_value", RELU, '(x @ p["W1"] + p["b1"] > 0) * 1.0', concept="mask")
def forward_step():
    """slope for value

    Your hidden layer gives the slope of the ReLU, 0 or 1; it should give its value.
    """


@chaff_edit(FORWARD, "forward_value", RELU, '1 / (1 + np.exp(-(x @ p["W1"] + p["b1"])))', concept="definition")
def forward_sigmoid():
    """sigmoid for ReLU

    Your hidden layer has a sigmoid; it should have a ReLU. See "5. The network".
    """


@chaff_edit(FORWARD, "forward_value", RELU, 'np.tanh(x @ p["W1"] + p["b1"])', concept="definition")
def forward_tanh():
    """tanh for ReLU

    Your hidden layer has a tanh; it should have a ReLU. See "5. The network".
    """


@chaff_edit(FORWARD, "forward_value", RELU, 'np.maximum(x, 0) @ p["W1"] + p["b1"]', concept="definition")
def forward_relu_of_x():
    """ReLU on the input

    Your code applies the ReLU to x; it should apply it to x W1 + b1. See "5. The network".
    """


@chaff_edit(FORWARD, "forward_value", f"return {OUTPUT}", f"return np.squeeze({OUTPUT})", concept="shapes")
def forward_squeezed():
    """dimensions of size 1 dropped

    Your scores drop a dimension of size 1; they should always have the two of (n, c).
    """


@chaff_edit(FORWARD, "forward_value", f"return {OUTPUT}", f"return ({OUTPUT}) / len(x)", concept="mean")
def forward_divided():
    """divided by the rows

    Your forward divides by the number of rows; it should divide by nothing: the mean belongs to the loss.
    """


@chaff_edit(FORWARD, "forward_value", RELU, f"{RELU} / 2", concept="definition")
def forward_rescales():
    """hidden values scaled

    Your hidden layer is scaled; it should have the ReLU of x W1 + b1, and nothing else. See "5. The network".
    """


@chaff_edit(
    FORWARD, ("forward_value", "forward_side_effects"), KEEP, "x -= x.mean(axis=0)\n    " + KEEP, concept="alias"
)
def forward_centres_x():
    """x centred, in place

    Your forward changes x before it uses it; it should take x as it comes, and leave it so.
    """


@chaff(FORWARD, "forward_side_effects", concept="alias")
def forward_writes_x(self, x):
    """x overwritten after it was used

    Your forward changes x in place, and with it the caller's array; it should leave x as it is.
    """
    p = self.parameters
    self.x = x.copy()
    self.hidden = np.maximum(x @ p["W1"] + p["b1"], 0)
    x[...] = np.maximum(x, 0)
    return self.hidden @ p["W2"] + p["b2"]


@chaff(FORWARD, "forward_side_effects", concept="alias")
def forward_shrinks_weights(self, x):
    """weights shrunk after the pass

    Your forward changes the parameters; it should only read them, as moving them is the work of update.
    """
    p = self.parameters
    self.x = x
    self.hidden = np.maximum(x @ p["W1"] + p["b1"], 0)
    logits = self.hidden @ p["W2"] + p["b2"]
    p["W1"] *= 1 - 1e-6
    return logits


@chaff(FORWARD, "forward_side_effects", concept="alias")
def forward_adds_into_b2(self, x):
    """scores added up in b2

    Your forward adds the scores into b2 itself; it should make a new array.
    """
    p = self.parameters
    self.x = x
    self.hidden = np.maximum(x @ p["W1"] + p["b1"], 0)
    logits = self.hidden @ p["W2"] + p["b2"]
    p["b2"] += 1e-3 * logits.mean(axis=0)
    return logits


@chaff(FORWARD, "forward_side_effects", concept="state")
def forward_keeps_weights(self, x):
    """parameters of the first call kept

    Your forward uses parameters of an earlier time; it should read them again in every call.
    """
    if not hasattr(self, "kept"):
        self.kept = {name: array.copy() for name, array in self.parameters.items()}
    p = self.kept
    self.x = x
    self.hidden = np.maximum(x @ p["W1"] + p["b1"], 0)
    return self.hidden @ p["W2"] + p["b2"]


@chaff(FORWARD, "forward_side_effects", concept="state")
def forward_remembers(self, x):
    """result of the first call used again

    Your second call uses what the first has kept; it should compute anew for every x.
    """
    p = self.parameters
    if not hasattr(self, "hidden"):
        self.x = x
        self.hidden = np.maximum(x @ p["W1"] + p["b1"], 0)
    return self.hidden @ p["W2"] + p["b2"]


@chaff(FORWARD, "forward_side_effects", concept="alias")
def forward_reuses_array(self, x):
    """the same array returned again

    Your second call writes into the array that the first has returned; it should return a new one.
    """
    p = self.parameters
    self.x = x
    self.hidden = np.maximum(x @ p["W1"] + p["b1"], 0)
    logits = self.hidden @ p["W2"] + p["b2"]
    if getattr(self, "logits", np.zeros(0)).shape != logits.shape:
        self.logits = np.empty_like(logits)
    self.logits[...] = logits
    return self.logits


@chaff_edit(
    FORWARD,
    "forward_value",
    RELU,
    'np.where(x @ p["W1"] + p["b1"] > 0, 1, 0.01) * (x @ p["W1"] + p["b1"])',
    concept="definition",
)
def forward_leaky():
    """leaky ReLU

    Your hidden layer lets a part of the negative values through, as a leaky ReLU does; it should make them exactly 0.
    """


@chaff(FORWARD, "forward_side_effects", concept="state")
def forward_holds_the_first_arrays(self, x):
    """the arrays of the first call

    Your code holds on to the arrays that it found in the first call; it should look into `parameters` each time.
    """
    if not hasattr(self, "held"):
        self.held = list(self.parameters.values())
    W1, b1, W2, b2 = self.held
    self.x = x
    self.hidden = np.maximum(x @ W1 + b1, 0)
    return self.hidden @ W2 + b2


@wheat(FORWARD)
def forward_mask(self, x):
    self.x = x
    z = np.dot(x, self.parameters["W1"]) + self.parameters["b1"]
    self.hidden = z * (z > 0)
    return np.add(np.dot(self.hidden, self.parameters["W2"]), self.parameters["b2"])


@wheat(FORWARD)
def forward_einsum(self, x):
    W1, b1, W2, b2 = (self.parameters[name] for name in ("W1", "b1", "W2", "b2"))
    self.x = x.copy()
    z = np.einsum("nd,dh->nh", x, W1) + b1[None, :]
    self.hidden = (z + np.abs(z)) / 2
    self.logits = np.einsum("nh,hc->nc", self.hidden, W2) + b2.reshape(1, -1)
    return self.logits.copy()


@wheat(FORWARD)
def forward_in_place(self, x):
    W1, b1, W2, b2 = self.parameters.values()
    self.x = np.array(x)
    self.hidden = x.dot(W1)
    self.hidden += b1
    self.hidden[self.hidden < 0] = 0
    logits = self.hidden.dot(W2)
    logits += b2
    return logits


@wheat(FORWARD)
def forward_rows(self, x):
    p = self.parameters
    self.x, self.hidden, logits = x, np.zeros((len(x), len(p["b1"]))), []
    for i, row in enumerate(x):
        for j, b in enumerate(p["b1"]):
            z = b + sum(row[k] * p["W1"][k, j] for k in range(len(row)))
            self.hidden[i, j] = z if z > 0 else 0.0
        logits.append([float(v) for v in p["W2"].T @ self.hidden[i] + p["b2"]])
    return np.array(logits)


@wheat(FORWARD)
def forward_bias_as_a_weight(self, x):
    p, ones = self.parameters, np.ones((len(x), 1))
    self.x = x
    self.hidden = np.clip(np.hstack([x, ones]) @ np.vstack([p["W1"], p["b1"]]), 0, None)
    return np.hstack([self.hidden, ones]) @ np.vstack([p["W2"], p["b2"]])


# ---------------------------------------------------------------- DigitNet.backward

DOWN = 'd_logits @ self.parameters["W2"].T'
MASK = " * (self.hidden > 0)"
D_W1, D_B1 = '"W1": self.x.T @ d_hidden', '"b1": d_hidden.sum(axis=0)'
D_W2, D_B2 = '"W2": self.hidden.T @ d_logits', '"b2": d_logits.sum(axis=0)'
NO_MASK = (
    "Your gradients of W1 and b1 let every slope pass the ReLU; it should pass only where the hidden value is above 0."
)
WRONG_MASK = "Your mask comes from the slopes that come down; it should come from the value that went through the ReLU."
MOVES = "Your backward changes the parameters; it should only compute, and leave moving to update."
BIAS_SUMS = "Your bias gradient is not the sum over the rows; it should be, since a bias is added to each row."


@chaff_edit(BACKWARD, "backward_value", MASK, "", hint=NO_MASK, concept="mask")
def backward_without_mask():
    """no ReLU derivative"""


@chaff_edit(BACKWARD, "backward_value", "self.hidden > 0", "self.hidden >= 0", hint=NO_MASK, concept="mask")
def backward_mask_of_zeros():
    """a mask that lets everything pass"""


@chaff_edit(BACKWARD, "backward_value", "self.hidden > 0", f"{DOWN} > 0", hint=WRONG_MASK, concept="mask")
def backward_mask_of_slopes():
    """mask from the slopes that come down"""


@chaff_edit(BACKWARD, "backward_value", DOWN + MASK, f"np.maximum({DOWN}, 0)", hint=WRONG_MASK, concept="mask")
def backward_relu_of_slopes():
    """ReLU applied to the slopes"""


@chaff_edit(BACKWARD, "backward_value", "self.hidden > 0", "self.hidden <= 0", concept="mask")
def backward_inverted_mask():
    """mask inverted

    Your mask is the wrong way round; it should let slopes pass where the hidden value is above 0.
    """


@chaff_edit(BACKWARD, "backward_value", "(self.hidden > 0)", "self.hidden", concept="mask")
def backward_value_for_mask():
    """value of the ReLU for its slope

    Your code multiplies by the hidden value; it should multiply by the slope of the ReLU, 1 or 0.
    """


@chaff_edit(BACKWARD, "backward_value", "(self.hidden > 0)", "self.hidden * (1 - self.hidden)", concept="mask")
def backward_sigmoid_slope():
    """sigmoid's slope

    Your code uses the slope of a sigmoid; it should use that of the ReLU, 1 or 0.
    """


@chaff_edit(BACKWARD, "backward_value", "(self.hidden > 0)", "(self.hidden[0] > 0)", concept="mask")
def backward_mask_of_first_row():
    """mask of the first row

    Your code uses the mask of the first row for all rows; it should give each row its own.
    """


@chaff_edit(BACKWARD, "backward_value", "(self.hidden > 0)", "(self.hidden.sum(axis=0) > 0)", concept="mask")
def backward_mask_of_units():
    """mask for whole units

    Your code masks only hidden units that are shut in all rows; it should mask entry by entry.
    """


@chaff_edit(BACKWARD, "backward_value", D_B1, f'"b1": ({DOWN}).sum(axis=0)', concept="mask")
def backward_b1_without_mask():
    """no ReLU derivative for b1

    Your gradient of b1 has not passed the ReLU; it should sum the same slopes that that of W1 is made of.
    """


@chaff_edit(BACKWARD, "backward_value", D_W1, f'"W1": self.x.T @ ({DOWN})', concept="mask")
def backward_w1_without_mask():
    """no ReLU derivative for W1

    Your gradient of W1 has not passed the ReLU; it should be made of the same slopes that that of b1 sums.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    (D_B1, D_B2),
    ('"b1": d_hidden.mean(axis=0)', '"b2": d_logits.mean(axis=0)'),
    hint=BIAS_SUMS,
    concept="shapes",
)
def backward_bias_means():
    """mean over the rows for the biases"""


@chaff_edit(
    BACKWARD, "backward_value", (D_B1, D_B2), ('"b1": d_hidden', '"b2": d_logits'), hint=BIAS_SUMS, concept="shapes"
)
def backward_bias_not_summed():
    """no sum over the rows for the biases"""


@chaff_edit(BACKWARD, "backward_value", D_B1, '"b1": d_hidden.mean(axis=0)', hint=BIAS_SUMS, concept="shapes")
def backward_b1_mean():
    """mean over the rows for b1"""


@chaff_edit(BACKWARD, "backward_value", D_B2, '"b2": d_logits.mean(axis=0)', hint=BIAS_SUMS, concept="shapes")
def backward_b2_mean():
    """mean over the rows for b2"""


@chaff_edit(BACKWARD, "backward_value", D_B1, '"b1": d_hidden', hint=BIAS_SUMS, concept="shapes")
def backward_b1_not_summed():
    """no sum over the rows for b1"""


@chaff_edit(BACKWARD, "backward_value", D_B2, '"b2": d_logits', hint=BIAS_SUMS, concept="shapes")
def backward_b2_not_summed():
    """no sum over the rows for b2"""


@chaff_edit(
    BACKWARD, "backward_value", (D_B1, D_B2), ('"b1": d_hidden.sum()', '"b2": d_logits.sum()'), concept="shapes"
)
def backward_bias_one_number():
    """one number for all biases

    Your bias gradients are one number each; they should have one for each unit, summed over the rows only.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    (D_B1, D_B2),
    ('"b1": d_hidden.sum(axis=1)', '"b2": d_logits.sum(axis=1)'),
    concept="shapes",
)
def backward_bias_wrong_axis():
    """sum over the wrong axis for the biases

    Your bias gradients are summed over the units; they should be summed over the rows, axis 0.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    (D_B1, D_B2),
    ('"b1": d_hidden.sum(axis=0, keepdims=True)', '"b2": d_logits.sum(axis=0, keepdims=True)'),
    concept="shapes",
)
def backward_bias_as_rows():
    """bias gradients of shape (1, h)

    Your bias gradients have two dimensions; they should have one, as the biases have.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    (D_B1, D_B2),
    ('"b1": np.ones(d_hidden.shape[1])', '"b2": np.ones(d_logits.shape[1])'),
    concept="chain rule",
)
def backward_bias_ones():
    """one for the bias gradients

    Your bias gradients are 1; they should be the sums of the slopes that arrive, as 1 is only the last factor.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    (D_B1, D_B2),
    ('"b1": np.zeros(d_hidden.shape[1])', '"b2": np.zeros(d_logits.shape[1])'),
    concept="chain rule",
)
def backward_bias_zeros():
    """zero for the bias gradients

    Your bias gradients are 0; they should be the sums of the slopes over the rows.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    ("d_hidden = ", D_B2),
    ("d_logits = d_logits / len(d_logits)\n    d_hidden = ", D_B2),
    concept="mean",
)
def backward_mean():
    """divided by the rows once more

    Your gradients are divided by the number of rows once more; they should not be: d_logits has that already.
    """


@chaff_edit(BACKWARD, "backward_value", "d_hidden = ", "d_logits = -d_logits\n    d_hidden = ", concept="sign")
def backward_negative():
    """sign turned round

    Your gradients have the opposite sign; they should lead up the loss: it is update that goes against them.
    """


@chaff_edit(BACKWARD, "backward_value", "d_hidden = ", "d_logits = 2 * d_logits\n    d_hidden = ", concept="factor")
def backward_double():
    """a factor 2

    Your gradients are twice as large as they should be; they should have no factor 2: d_logits is the slope already.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    "d_hidden = ",
    'p = np.exp(log_softmax(self.hidden @ self.parameters["W2"] + self.parameters["b2"]))\n'
    "    d_logits = d_logits * p * (1 - p)\n    d_hidden = ",
    concept="chain rule",
)
def backward_softmax_again():
    """the softmax's slope again

    Your backward multiplies by a slope of the softmax; it should not: d_logits is the slope along the scores already.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    (DOWN, D_W2, D_B2),
    (
        'd_logits * (self.hidden @ self.parameters["W2"] + self.parameters["b2"] > 0) @ self.parameters["W2"].T',
        D_W2,
        D_B2,
    ),
    concept="mask",
)
def backward_mask_of_scores():
    """a mask on the scores

    Your backward masks the slopes of the scores; it should mask at the hidden layer only, where the ReLU is.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    DOWN,
    'd_logits @ self.parameters["W2"].reshape(self.parameters["W2"].shape[::-1])',
    concept="places",
)
def backward_reshapes_w2():
    """reshape for transpose

    Your code reshapes W2, which keeps the order of the numbers; it should transpose it.
    """


@chaff_edit(BACKWARD, "backward_square", DOWN, 'd_logits @ self.parameters["W2"]', concept="places")
def backward_untransposed():
    """W2 not transposed

    Your code multiplies by W2 as it is; it should multiply by its transpose, on the way back.
    """


@chaff_edit(BACKWARD, "backward_value", DOWN, "d_logits.sum(axis=1, keepdims=True)", concept="chain rule")
def backward_without_w2():
    """W2 left out

    Your slopes reach the hidden layer without the weights; each should pass through the weight of its edge.
    """


@chaff_edit(BACKWARD, "backward_value", D_W1, '"W1": np.ones_like(self.x).T @ d_hidden', concept="chain rule")
def backward_w1_without_x():
    """x left out

    Your gradient of W1 has no x in it; it should have the input as a factor.
    """


@chaff_edit(BACKWARD, "backward_value", D_W2, '"W2": (self.hidden > 0).T @ d_logits', concept="chain rule")
def backward_mask_for_hidden():
    """mask for the hidden values

    Your gradient of W2 uses the mask; it should use the hidden values.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    D_W2,
    '"W2": (self.x @ self.parameters["W1"] + self.parameters["b1"]).T @ d_logits',
    concept="chain rule",
)
def backward_z_for_hidden():
    """values before the ReLU

    Your gradient of W2 uses the hidden values before the ReLU; it should use those after it.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    (D_W1, D_W2),
    ('"W1": d_hidden.T @ self.x', '"W2": d_logits.T @ self.hidden'),
    concept="places",
)
def backward_transposed():
    """gradients transposed

    Your gradients of W1 and W2 are transposed; each should have the shape of its weight.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    (D_W1, D_W2),
    (
        '"W1": (d_hidden.T @ self.x).reshape(self.parameters["W1"].shape)',
        '"W2": (d_logits.T @ self.hidden).reshape(self.parameters["W2"].shape)',
    ),
    concept="places",
)
def backward_reshaped():
    """gradients reshaped

    Your gradients of W1 and W2 are reshaped, which leaves numbers in wrong places; they should be transposed.
    """


@chaff_edit(
    BACKWARD, "backward_value", (D_W1, D_W2), (D_W1.replace("W1", "W2"), D_W2.replace("W2", "W1", 1)), concept="places"
)
def backward_names_exchanged():
    """names exchanged

    Your gradients of W1 and W2 stand under each other's name; each should stand under its own.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    (D_B1, D_B2),
    ('"b2": d_hidden.sum(axis=0)', '"b1": d_logits.sum(axis=0)'),
    concept="places",
)
def backward_bias_names_exchanged():
    """names of the biases exchanged

    Your gradients of b1 and b2 stand under each other's name; each should stand under its own.
    """


@chaff_edit(BACKWARD, "backward_value", f"{D_B1},", "", concept="definition")
def backward_without_b1():
    """b1 missing

    Your dict has no gradient of b1; it should have one for each parameter.
    """


@chaff_edit(BACKWARD, "backward_value", f"{D_B2},", "", concept="definition")
def backward_without_b2():
    """b2 missing

    Your dict has no gradient of b2; it should have one for each parameter.
    """


@chaff_edit(
    BACKWARD, "backward_value", (D_W1, D_W2), (f"{D_W1} / len(self.x)", f"{D_W2} / len(self.x)"), concept="mean"
)
def backward_mean_of_weights():
    """weights' gradients divided by the rows

    Your gradients of W1 and W2 are divided by the number of rows; they should not be: d_logits has that already.
    """


@chaff_edit(BACKWARD, "backward_value", D_W1, '"W1": np.round(self.x.T @ d_hidden, 2)', concept="precision")
def backward_rounded():
    """rounded

    Your code rounds the gradient of W1; it should return all the digits.
    """


@chaff_edit(
    BACKWARD, "backward_value", D_W1, '"W1": self.x.T @ d_hidden + 0.1 * self.parameters["W1"]', concept="order"
)
def backward_decays():
    """decay in backward

    Your gradient of W1 has a decay in it; it should be that of the loss alone, as decay belongs to update.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    "d_hidden = ",
    'self.parameters["W2"] -= 0.1 * self.hidden.T @ d_logits\n    d_hidden = ',
    hint="Your backward moves W2 before it passes the slopes down; it should use the weights of the forward pass.",
    concept="order",
)
def backward_moves_first():
    """W2 moved before the slopes are passed down"""


@chaff_edit(
    BACKWARD,
    "backward_repeat",
    "return {",
    'self.parameters["b2"] -= 0.01 * d_logits.sum(axis=0)\n    return {',
    hint=MOVES,
    concept="order",
)
def backward_moves_b2():
    """b2 moved afterwards"""


@chaff_edit(
    BACKWARD,
    "backward_repeat",
    "return {",
    'self.parameters["W1"] -= 1e-4 * self.x.T @ d_hidden\n    return {',
    hint=MOVES,
    concept="order",
)
def backward_moves_w1():
    """W1 moved afterwards"""


@chaff(BACKWARD, "backward_repeat", concept="alias")
def backward_writes_d_logits(self, d_logits):
    """d_logits overwritten

    Your code changes the caller's d_logits in place; it should work on a new array.
    """
    found = {"W2": self.hidden.T @ d_logits, "b2": d_logits.sum(axis=0)}
    d_hidden = d_logits @ self.parameters["W2"].T * (self.hidden > 0)
    d_logits /= len(d_logits)
    return found | {"W1": self.x.T @ d_hidden, "b1": d_hidden.sum(axis=0)}


@chaff(BACKWARD, "backward_repeat", concept="state")
def backward_adds_up(self, d_logits):
    """gradients added up from call to call

    Your second call adds to what the first has returned; it should begin anew each time.
    """
    d_hidden = d_logits @ self.parameters["W2"].T * (self.hidden > 0)
    found = {
        "W1": self.x.T @ d_hidden,
        "b1": d_hidden.sum(axis=0),
        "W2": self.hidden.T @ d_logits,
        "b2": d_logits.sum(axis=0),
    }
    if hasattr(self, "gradients"):
        found = {name: self.gradients[name] + array for name, array in found.items()}
    self.gradients = found
    return found


@chaff(BACKWARD, "backward_repeat", concept="alias")
def backward_reuses_arrays(self, d_logits):
    """the same arrays returned again

    Your second call writes into the arrays that the first has returned; it should return new ones.
    """
    d_hidden = d_logits @ self.parameters["W2"].T * (self.hidden > 0)
    if not hasattr(self, "gradients"):
        self.gradients = {name: np.zeros_like(array) for name, array in self.parameters.items()}
    self.gradients["W1"][...] = self.x.T @ d_hidden
    self.gradients["b1"][...] = d_hidden.sum(axis=0)
    self.gradients["W2"][...] = self.hidden.T @ d_logits
    self.gradients["b2"][...] = d_logits.sum(axis=0)
    return self.gradients


@chaff(BACKWARD, "backward_repeat", concept="state")
def backward_masks_what_was_kept(self, d_logits):
    """what forward kept overwritten

    Your backward overwrites what forward has kept, so that a second call differs; it should leave that as it is.
    """
    found = {"W2": self.hidden.T @ d_logits, "b2": d_logits.sum(axis=0)}
    self.hidden = (self.hidden > 0) * (d_logits @ self.parameters["W2"].T)
    return found | {"W1": self.x.T @ self.hidden, "b1": self.hidden.sum(axis=0)}


@chaff(BACKWARD, "backward_latest", concept="state")
def backward_of_the_first_x(self, d_logits):
    """x of the first call

    Your gradient of W1 uses the x of an earlier forward; it should use that of the last one.
    """
    if not hasattr(self, "first"):
        self.first = self.x.copy()
    d_hidden = d_logits @ self.parameters["W2"].T * (self.hidden > 0)
    x = self.first if self.first.shape == self.x.shape else self.x
    return {
        "W1": x.T @ d_hidden,
        "b1": d_hidden.sum(axis=0),
        "W2": self.hidden.T @ d_logits,
        "b2": d_logits.sum(axis=0),
    }


@chaff_edit(
    NET,
    "backward_latest",
    ("self.x = x\n        self.hidden = ", "(self.hidden > 0)", "self.x.T", "self.hidden.T", "return self.hidden @"),
    (
        "DigitNet.x = x\n        DigitNet.hidden = ",
        "(DigitNet.hidden > 0)",
        "DigitNet.x.T",
        "DigitNet.hidden.T",
        "return DigitNet.hidden @",
    ),
    concept="state",
)
def kept_by_the_class():
    """what forward keeps is kept by the class

    Your nets keep the last pass in their class, which they share; each should keep its own, by self.
    """


@chaff(BACKWARD, "backward_value", concept="definition")
def backward_returns_a_tuple(self, d_logits):
    """a tuple for the dict

    Your code returns a tuple; it should return a dict with the names of the parameters.
    """
    d_hidden = d_logits @ self.parameters["W2"].T * (self.hidden > 0)
    return self.x.T @ d_hidden, d_hidden.sum(axis=0), self.hidden.T @ d_logits, d_logits.sum(axis=0)


@suspect(BACKWARD)
def backward_by_differences(self, d_logits):
    gradients = {}
    for name, array in self.parameters.items():
        gradients[name] = np.zeros_like(array)
        for index in np.ndindex(array.shape):
            kept = array[index]
            found = []
            for step in (1e-6, -1e-6):
                array[index] = kept + step
                p = self.parameters
                scores = np.maximum(self.x @ p["W1"] + p["b1"], 0) @ p["W2"] + p["b2"]
                found.append(np.sum(d_logits * scores))
            array[index] = kept
            gradients[name][index] = (found[0] - found[1]) / 2e-6
    return gradients


@wheat(BACKWARD)
def backward_loops(self, d_logits):
    W2 = self.parameters["W2"]
    gradients = {name: np.zeros(array.shape) for name, array in self.parameters.items()}
    for x, h, d in zip(self.x, self.hidden, d_logits):
        gradients["b2"] += d
        gradients["W2"] += np.outer(h, d)
        d_h = np.where(h > 0, W2 @ d, 0)
        gradients["b1"] += d_h
        gradients["W1"] += np.outer(x, d_h)
    return gradients


@wheat(BACKWARD)
def backward_einsum(self, d_logits):
    d_h = np.einsum("nc,hc->nh", d_logits, self.parameters["W2"])
    d_h[self.hidden == 0] = 0
    self.gradients = dict(
        b2=np.einsum("nc->c", d_logits),
        b1=np.einsum("nh->h", d_h),
        W2=np.einsum("nh,nc->hc", self.hidden, d_logits),
        W1=np.einsum("nd,nh->dh", self.x, d_h),
    )
    return self.gradients


@wheat(BACKWARD)
def backward_transposes(self, d_logits):
    ones = np.ones(len(self.x))
    on = np.sign(self.hidden)
    d_hidden = on * (self.parameters["W2"] @ d_logits.T).T
    gradients = {}
    gradients["W2"] = (d_logits.T @ self.hidden).T
    gradients["b2"] = ones @ d_logits
    gradients["W1"] = (d_hidden.T @ self.x).T
    gradients["b1"] = ones @ d_hidden
    return gradients


@wheat(BACKWARD)
def backward_runs_forward_again(self, d_logits):
    p = self.parameters
    z = self.x @ p["W1"] + p["b1"]
    d_z = np.multiply(d_logits @ p["W2"].T, z > 0)
    return {
        "W1": self.x.T @ d_z,
        "b1": np.sum(d_z, 0),
        "W2": np.maximum(z, 0).T @ d_logits,
        "b2": np.sum(d_logits, 0),
    }


@wheat(BACKWARD)
def backward_biases_as_weights(self, d_logits):
    ones = np.ones((len(d_logits), 1))
    second = np.hstack([self.hidden, ones]).T @ d_logits
    d_hidden = (d_logits @ self.parameters["W2"].T) * (self.hidden > 0).astype(float)
    first = np.hstack([self.x, ones]).T @ d_hidden
    return {"W1": first[:-1], "b1": first[-1], "W2": second[:-1], "b2": second[-1]}


# ---------------------------------------------------------------- DigitNet.update

STEP = "self.parameters[name] -= lr * (gradient + shrink * self.parameters[name])"
SHRINK = 'shrink = decay if name.startswith("W") else 0'
CHANGES_GRADIENTS = "Your code changes the caller's gradients in place; it should leave them as they are."
NOT_STORED = "Your new parameters are not stored; they should stand in self.parameters afterwards."


@chaff_edit(UPDATE, "update_value", "-= lr", "+= lr", concept="sign")
def update_uphill():
    """uphill

    Your step goes along the gradients; it should go against them, with a minus.
    """


@chaff_edit(UPDATE, "update_value", "-= lr *", "-=", concept="step")
def update_without_rate():
    """rate ignored

    Your step is the whole gradient; it should be the learning rate times it.
    """


@chaff_edit(UPDATE, "update_value", "-= lr *", "-= lr**2 *", concept="step")
def update_rate_squared():
    """rate twice

    Your code multiplies by the learning rate twice; it should do so once.
    """


@chaff_edit(UPDATE, "update_value", "-= lr", "-= 0.3", concept="step")
def update_fixed_rate():
    """a fixed rate

    Your code steps with a rate of its own; it should use lr, which it is given.
    """


@chaff_edit(UPDATE, "update_value", "-= lr * (", "-= 1 / lr * (", concept="step")
def update_divides_by_rate():
    """divided by the rate

    Your code divides by the learning rate; it should multiply by it.
    """


@chaff_edit(UPDATE, "update_value", STEP, f'if name.startswith("W"):\n            {STEP}', concept="step")
def update_weights_only():
    """biases left as they are

    Your code moves the weights only; it should move the biases as well.
    """


@chaff_edit(UPDATE, "update_value", STEP, f'if name.startswith("b"):\n            {STEP}', concept="step")
def update_biases_only():
    """weights left as they are

    Your code moves the biases only; it should move the weights as well.
    """


@chaff_edit(UPDATE, "update_value", STEP, STEP.replace("-= lr", "= -lr"), concept="step")
def update_replaces():
    """step for the parameter

    Your code puts the step in the place of the parameter; it should subtract it from the present one.
    """


@chaff_edit(UPDATE, "update_value", "(gradient +", "(np.sign(gradient) +", concept="step")
def update_signs():
    """signs of the gradients

    Your code steps by the signs of the gradients; it should step by the gradients themselves.
    """


@chaff_edit(UPDATE, "update_value", "(gradient +", "(gradient / len(gradient) +", concept="mean")
def update_divides_by_rows():
    """divided by a length

    Your code divides the gradients by their length; it should divide them by nothing.
    """


@chaff_edit(
    UPDATE,
    ("update_value", "update_side_effects"),
    STEP,
    "parameter = self.parameters[name] - lr * (gradient + shrink * self.parameters[name])",
    hint=NOT_STORED,
    concept="state",
)
def update_local():
    """not stored"""


@chaff_edit(
    UPDATE,
    ("update_value", "update_side_effects"),
    STEP,
    "setattr(self, name, self.parameters[name] - lr * (gradient + shrink * self.parameters[name]))",
    hint=NOT_STORED,
    concept="state",
)
def update_as_attributes():
    """stored as attributes"""


@chaff(UPDATE, "update_value", concept="step")
def update_momentum(self, gradients, lr, decay=0.0):
    """earlier gradients added

    Your steps remember earlier gradients; each should use the present ones only: there is no momentum here.
    """
    if not hasattr(self, "velocity"):
        self.velocity = {name: 0 for name in gradients}
    for name, gradient in gradients.items():
        shrink = decay if name.startswith("W") else 0.0
        self.velocity[name] = 0.9 * self.velocity[name] + gradient + shrink * self.parameters[name]
        self.parameters[name] -= lr * self.velocity[name]


@chaff(UPDATE, "update_value", concept="state")
def update_from_the_start(self, gradients, lr, decay=0.0):
    """every step from the first parameters

    Your second update starts again from the first parameters; it should step from the present ones.
    """
    if not hasattr(self, "start"):
        self.start = {name: array.copy() for name, array in self.parameters.items()}
    for name, gradient in gradients.items():
        shrink = decay if name.startswith("W") else 0.0
        self.parameters[name] = self.start[name] - lr * (gradient + shrink * self.start[name])


@chaff_edit(UPDATE, "update_value", "decay=0.0", "decay=0.01", concept="step")
def update_decays_always():
    """another default for the decay

    Your update shrinks the weights where no decay is given; it should not: the default is 0.
    """


@chaff_edit(UPDATE, "update_decay", SHRINK, "shrink = decay", concept="step")
def update_decays_biases():
    """decay on the biases

    Your decay shrinks the biases as well; it should shrink W1 and W2 only. See "5. The network".
    """


@chaff_edit(UPDATE, "update_decay", SHRINK, "shrink = 0", concept="step")
def update_without_decay():
    """no decay

    Your update does nothing with the decay; it should add its slope to the gradients of W1 and W2.
    """


@chaff_edit(UPDATE, "update_decay", '"W"', '"b"', concept="step")
def update_decays_biases_only():
    """decay on the biases only

    Your decay shrinks the biases; it should shrink W1 and W2 instead. See "5. The network".
    """


@chaff_edit(UPDATE, "update_decay", 'name.startswith("W")', 'name == "W1"', concept="step")
def update_decays_w1_only():
    """decay on W1 only

    Your decay shrinks one of the two weights; it should shrink W1 and W2.
    """


@chaff_edit(UPDATE, "update_decay", 'name.startswith("W")', 'name == "W2"', concept="step")
def update_decays_w2_only():
    """decay on W2 only

    Your decay shrinks one of the two weights; it should shrink W1 and W2.
    """


@chaff_edit(UPDATE, "update_decay", "decay if", "2 * decay if", concept="factor")
def update_decay_twice():
    """decay's factor 2

    Your decay is twice what it should be; it should have no factor 2: the one half in the penalty takes it off.
    """


@chaff_edit(UPDATE, "update_decay", "decay if", "decay / 2 if", concept="factor")
def update_decay_half():
    """decay's one half

    Your decay is half of what it should be; it should have no one half: the square's slope makes up for it.
    """


@chaff_edit(UPDATE, "update_decay", "(gradient + shrink", "(gradient - shrink", concept="sign")
def update_decay_grows():
    """decay with the wrong sign

    Your decay lets the weights grow; it should shrink them: its slope is added to the gradient.
    """


@chaff_edit(
    UPDATE,
    "update_decay",
    STEP,
    "self.parameters[name] -= lr * gradient + shrink * self.parameters[name]",
    concept="step",
)
def update_decay_without_rate():
    """decay not times the rate

    Your decay is not multiplied by the learning rate; it should be: it is part of the gradient.
    """


@chaff_edit(
    UPDATE,
    "update_decay",
    STEP,
    "self.parameters[name] -= lr * gradient\n        self.parameters[name] *= 1 - shrink",
    concept="order",
)
def update_decays_afterwards_without_rate():
    """decay of the weights that have moved, not times the rate

    Your decay shrinks weights that have moved already, and without the rate; it should be a part of the gradient.
    """


@chaff_edit(
    UPDATE,
    "update_decay",
    STEP,
    "self.parameters[name] -= lr * gradient\n        self.parameters[name] *= 1 - lr * shrink",
    concept="order",
)
def update_decays_afterwards():
    """decay of the weights that have moved

    Your decay shrinks weights that have moved already; it should take its slope at the weights before the step.
    """


@chaff_edit(
    UPDATE, "update_decay", "shrink * self.parameters[name]", "shrink * np.sign(self.parameters[name])", concept="step"
)
def update_decay_of_signs():
    """decay by signs

    Your decay takes the same off every weight, as a penalty on their sizes does; it should be in proportion to the
    weight.
    """


@chaff_edit(
    UPDATE,
    "update_decay",
    "shrink * self.parameters[name]",
    "shrink * self.parameters[name] ** 2",
    concept="chain rule",
)
def update_decay_of_squares():
    """penalty for its slope

    Your decay adds the squares of the weights; it should add the slope of half the square.
    """


@chaff_edit(
    UPDATE,
    "update_decay",
    "shrink * self.parameters[name]",
    "shrink * np.sum(self.parameters[name] ** 2) / 2",
    concept="chain rule",
)
def update_decay_of_penalty():
    """the penalty added

    Your decay adds the penalty itself to every gradient; it should add its slope, one number for each weight.
    """


@chaff_edit(UPDATE, "update_decay", "shrink * self.parameters[name]", "shrink * gradient", concept="step")
def update_decay_of_gradient():
    """decay of the gradient

    Your decay multiplies the gradient; it should multiply the weight.
    """


@chaff_edit(UPDATE, "update_decay", "shrink * self.parameters[name]", "shrink", concept="step")
def update_decay_alone():
    """decay without the weight

    Your code adds the decay itself to the gradient; it should add the decay times the weight.
    """


@chaff_edit(
    UPDATE,
    "update_side_effects",
    STEP,
    "gradient += shrink * self.parameters[name]\n        self.parameters[name] -= lr * gradient",
    hint=CHANGES_GRADIENTS,
    concept="alias",
)
def update_writes_decay():
    """decay added into the gradients"""


@chaff_edit(
    UPDATE,
    "update_side_effects",
    STEP,
    "gradient *= lr\n        self.parameters[name] -= gradient + lr * shrink * self.parameters[name]",
    hint=CHANGES_GRADIENTS,
    concept="alias",
)
def update_writes_rate():
    """gradients multiplied by the rate"""


@chaff_edit(
    UPDATE, "update_side_effects", STEP, f"{STEP}\n        gradient[...] = 0", hint=CHANGES_GRADIENTS, concept="alias"
)
def update_clears():
    """gradients set to 0"""


@wheat_edit(UPDATE, STEP, STEP.replace("-= lr", "= self.parameters[name] - lr"))
def update_rebinds(): ...


@wheat(UPDATE)
def update_new_dict(self, gradients, lr, decay=0.0):
    p = self.parameters
    self.parameters = {
        "W1": (1 - lr * decay) * p["W1"] - lr * gradients["W1"],
        "W2": (1 - lr * decay) * p["W2"] - lr * gradients["W2"],
        "b1": p["b1"] - lr * gradients["b1"],
        "b2": p["b2"] - lr * gradients["b2"],
    }


@wheat(UPDATE)
def update_by_dimensions(self, gradients, lr, decay=0.0):
    for name, parameter in self.parameters.items():
        step = np.array(gradients[name])
        if parameter.ndim == 2:
            step = step + decay * parameter
        np.subtract(parameter, lr * step, out=parameter)
    return self.parameters


@wheat(UPDATE)
def update_shrinks_first(self, gradients, lr, decay=0):
    for name in ("W1", "W2"):
        self.parameters[name] *= 1 - lr * decay
    for name in self.parameters:
        self.parameters[name] += -lr * gradients[name]


@wheat(UPDATE)
def update_entry_by_entry(self, gradients, lr, decay=0.0):
    for name in sorted(gradients):
        array = self.parameters[name]
        for index in np.ndindex(array.shape):
            slope = gradients[name][index]
            if name in {"W1", "W2"}:
                slope += decay * array[index]
            array[index] = array[index] - lr * slope


# ---------------------------------------------------------------- the whole class


@wheat(NET)
class cache_and_helpers:
    def __init__(self, d_in, h, c, rng):
        self.parameters = {
            "W1": rng.normal(scale=np.sqrt(2 / d_in), size=(d_in, h)),
            "b1": np.zeros(h),
            "W2": rng.normal(scale=np.sqrt(2 / h), size=(h, c)),
            "b2": np.zeros(c),
        }
        self._cache = None

    @staticmethod
    def relu(z):
        return np.where(z > 0, z, 0.0)

    def layer(self, number, x):
        return x @ self.parameters[f"W{number}"] + self.parameters[f"b{number}"]

    def forward(self, x):
        z = self.layer(1, x)
        h = self.relu(z)
        self._cache = x, z, h
        return self.layer(2, h)

    def predict(self, x):
        return self.forward(x).argmax(axis=1)

    def backward(self, d_logits):
        x, z, h = self._cache
        gradients = {}
        for number, inputs, arrived in ((2, h, d_logits), (1, x, (z > 0) * (d_logits @ self.parameters["W2"].T))):
            gradients[f"W{number}"] = inputs.T @ arrived
            gradients[f"b{number}"] = arrived.sum(0)
        return gradients

    def update(self, gradients, lr, decay=0.0):
        for name in self.parameters:
            total = gradients[name] + (decay * self.parameters[name] if "W" in name else 0)
            self.parameters[name] = self.parameters[name] - lr * total


@wheat_edit(
    NET,
    ("self.x = x\n", "self.x.T @ d_hidden", "self.hidden = np.maximum", "(self.hidden > 0)"),
    (
        "self.x = x\n        self.calls = getattr(self, 'calls', 0) + 1\n",
        "np.dot(self.x.T, d_hidden)",
        "self.open = x @ p['W1'] + p['b1'] > 0\n        self.hidden = np.maximum",
        "self.open",
    ),
)
def mask_kept_by_forward(): ...


# ---------------------------------------------------------------- questions

WORST = ("worst_digit", "worst_digit", "return 3")


@chaff_edit(*WORST, "return 8", concept="reading")
def worst_column():
    """the digit that others are taken for

    Your answer is a digit that others are taken for, a column; it should be one that is itself read wrong, a row.
    """


@chaff_edit(*WORST, "return 9", concept="reading")
def worst_other_column():
    """another digit that others are taken for

    Your answer is a digit that others are taken for, a column; it should be one that is itself read wrong, a row.
    """


@chaff_edit(*WORST, "return 5", concept="reading")
def worst_best():
    """the digit read best

    Your answer is a digit of which all are read right; it should be the one with the smallest share.
    """


@chaff_edit(*WORST, "return 2", concept="reading")
def worst_also_best():
    """another digit read best

    Your answer is a digit of which all are read right; it should be the one with the smallest share.
    """


@chaff_edit(*WORST, "return 1", concept="reading")
def worst_by_the_images():
    """the digit of the first images

    Your answer goes by the images that come first; it should go by the table, row by row, divided by the row's sum.
    """


@wheat_edit(*WORST[::2], "return np.int64(3)")
def worst_array(): ...


@wheat_edit(*WORST[::2], "return 3.0")
def worst_float(): ...


@wheat_edit(*WORST[::2], "return int(np.argmin([0.94, 0.83, 1, 0.76, 0.92]))")
def worst_computed(): ...


DECAY = ("best_decay", "best_decay", "return 0.003")


@chaff_edit(*DECAY, "return 0.03", concept="reading")
def decay_largest():
    """the largest

    Your answer is the largest decay, which also keeps the net from learning; it should be the one with the lowest end.
    """


@chaff_edit(*DECAY, "return 0", concept="reading")
def decay_none():
    """no decay

    Your answer is the decay with the lowest training loss; it should be that with the lowest test loss.
    """


@chaff_edit(*DECAY, "return 0.001", concept="reading")
def decay_by_the_lowest():
    """too little

    Your answer is a decay with which the test loss still rises; it should be the one whose test loss ends lowest.
    """


@chaff_edit(*DECAY, "return 0.01", concept="reading")
def decay_too_large():
    """too much

    Your answer is a decay that holds the net back already; it should be the one whose test loss ends lowest.
    """


@chaff_edit(*DECAY, "return 0.519", concept="reading")
def decay_loss():
    """the loss for the decay

    Your answer is the test loss; it should be the decay that gives it.
    """


@wheat_edit(*DECAY[::2], "return 3e-3")
def decay_written_otherwise(): ...


@wheat_edit(*DECAY[::2], "return np.float64(0.003)")
def decay_numpy(): ...


@wheat_edit(*DECAY[::2], "return min({0.003: 0.52, 0.001: 0.55}.items(), key=lambda pair: pair[1])[0]")
def decay_from_a_dict(): ...


BROKEN = ("broken_losses", "broken_losses")
ONE_WRONG = "the slope of the right class counts one wrong class only"
OVERFLOWS = "the loss overflows where a score is large"
ENTRY = f'"margins": "{ONE_WRONG}"', f'"several": "{OVERFLOWS}"'
LEFT_OUT = (
    "Your answer leaves out a loss that is wrong; it should hold slopes against differences, and try large scores."
)
ACCUSES = "Your answer names a loss that is right; it should name those only of which you can show a wrong number."


@chaff_edit(*BROKEN, f"{ENTRY[1]},", "", hint=LEFT_OUT, concept="checking")
def broken_only_margins():
    """several not found"""


@chaff_edit(*BROKEN, f"{ENTRY[0]},", "", hint=LEFT_OUT, concept="checking")
def broken_only_several():
    """margins not found"""


@chaff_edit(*BROKEN, f"{ENTRY[1]},", f'{ENTRY[1]}, "yes_or_no": "{OVERFLOWS}",', hint=ACCUSES, concept="checking")
def broken_all():
    """yes_or_no accused"""


@chaff_edit(*BROKEN, ENTRY, ('"yes_or_no": "the slopes have the wrong sign"', ENTRY[1]), concept="checking")
def broken_yes_for_margins():
    """yes_or_no accused, margins not found

    Your answer accuses a right loss, and leaves out a wrong one; it should go by numbers, not by how the code looks.
    """


@chaff_edit(*BROKEN, ENTRY, (ENTRY[0], '"yes_or_no": "the slopes have the wrong sign"'), concept="checking")
def broken_yes_for_several():
    """yes_or_no accused, several not found

    Your answer accuses a right loss, and leaves out a wrong one; it should go by numbers, not by how the code looks.
    """


@chaff_edit(
    *BROKEN, ENTRY[1], '"several": "the loss takes the logarithm of 0 where a score is small"', concept="precision"
)
def broken_logarithm():
    """logarithm of 0

    Your answer says that a loss takes the logarithm of 0; it should say what happens: try a score far below 0, and one
    far above.
    """


@chaff_edit(*BROKEN, ENTRY[1], '"several": "the slopes are those of a sum over the rows"', concept="mean")
def broken_several_sum():
    """several blamed for its slopes

    Your answer blames slopes that central differences confirm; it should say what is wrong with the loss of that one.
    """


@chaff_edit(*BROKEN, ENTRY[0], '"margins": "the slopes have the wrong sign"', concept="reading")
def broken_margins_sign():
    """margins blamed for its sign

    Your answer has the right losses, but another place for one of them; it should say which entries differ.
    """


@chaff_edit(*BROKEN, ENTRY, (f'"margins": "{OVERFLOWS}"', f'"several": "{ONE_WRONG}"'), concept="reading")
def broken_exchanged():
    """places exchanged

    Your answer has the right losses and places, but exchanges the places; it should give each loss its own.
    """


@wheat("broken_losses")
def broken_step_by_step():
    answer = {}
    answer["several"] = "the loss overflows where a score is large"
    answer["margins"] = "the slope of the right class counts one wrong class only"
    return answer


@wheat("broken_losses")
def broken_by_keywords():
    return dict(
        several="the loss overflows where a score is large",
        margins="the slope of the right class counts one wrong class only",
    )


@wheat_edit("broken_losses", ENTRY[0], f'"mar" + "gins": "{ONE_WRONG}"')
def broken_joined(): ...
