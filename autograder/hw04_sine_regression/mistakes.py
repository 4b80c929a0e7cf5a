"""Known mistakes and right variants of hw04_sine_regression."""

import numpy as np

from gradbook.homework import chaff, chaff_edit, suspect, wheat, wheat_edit

NET = "SineRegressor"
FORWARD, BACKWARD, UPDATE = f"{NET}.forward", f"{NET}.backward", f"{NET}.update"

EQUIVALENT = {
    "sigmoid: np.asarray(x) >= 0 -> np.asarray(x) > 0": "both branches give one half at 0",
    "mse_loss: prediction - label -> label - prediction": "the square does not see the sign",
    "SineRegressor.backward: delta3.sum(axis=0, keepdims=True) -> delta3.sum(keepdims=True)": (
        "delta3 has one column, so both sums are the same"
    ),
}

# ---------------------------------------------------------------- sigmoid


SIGMOID = """\
e = np.exp(-np.abs(x))  # of a number that is never positive, so it cannot overflow
    return np.where(np.asarray(x) >= 0, 1, e) / (1 + e)"""


@chaff_edit("sigmoid", "sigmoid_far_out", SIGMOID, "return 1 / (1 + np.exp(-x))", concept="precision")
def sigmoid_overflows_below():
    """overflow at -1000

    Your exp(-x) overflows where x is far below zero; it should be an exponential that is harmless on both sides. Which
    one is?
    """


@chaff_edit("sigmoid", "sigmoid_far_out", SIGMOID, "return np.exp(x) / (1 + np.exp(x))", concept="precision")
def sigmoid_overflows_above():
    """overflow at +1000

    Your exp(x) overflows where x is far above zero, and inf / inf is nan; it should be an exponential that is harmless
    on both sides.
    """


@chaff_edit(
    "sigmoid",
    "sigmoid_far_out",
    SIGMOID,
    "return np.where(np.asarray(x) >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))",
    concept="precision",
)
def sigmoid_where_computes_both():
    """np.where of two formulas, each of which overflows

    Your np.where computes both formulas for every entry, and each overflows on one side; both should be harmless for
    every x.
    """


@chaff_edit(
    "sigmoid",
    "sigmoid_value",
    SIGMOID,
    "return np.where(np.asarray(x) >= 0, np.exp(-np.abs(x)), 1) / (1 + np.exp(-np.abs(x)))",
    concept="sign",
)
def sigmoid_of_minus_x():
    """sign of the exponent

    Your function is mirrored, sigmoid(-x); it should rise from 0 to 1. See "1. The sigmoid".
    """


@chaff_edit(
    "sigmoid", "sigmoid_value", SIGMOID, "return np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x)))", concept="precision"
)
def sigmoid_without_cases():
    """one numerator for both sides

    Your function is the same for x and -x; its numerator should be exp(x) below zero and 1 above it.
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return 1 / (1 + np.exp(-np.abs(x)))", concept="precision")
def sigmoid_other_half():
    """1 / (1 + exp(-|x|))

    Your function is the same for x and -x; it should be below one half for negative x.
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return np.tanh(x)", concept="definition")
def sigmoid_tanh():
    """tanh

    Your function is tanh, which runs from -1 to 1; it should be the sigmoid, which runs from 0 to 1. See "1. The
    sigmoid".
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return 0.5 * (1 + np.tanh(x))", concept="factor")
def sigmoid_tanh_unhalved():
    """tanh(x) for tanh(x / 2)

    Your function is twice too steep; with tanh it should use tanh(x / 2).
    """


@chaff_edit(
    "sigmoid",
    "sigmoid_value",
    SIGMOID,
    "return np.where(np.asarray(x) >= 0, 1, np.exp(-np.abs(x))) / (1 - np.exp(-np.abs(x)))",
    concept="sign",
)
def sigmoid_minus():
    """minus in the denominator

    Your denominator is a difference; it should be the sum 1 + exp(-x). See "1. The sigmoid".
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return 1 / 1 + np.exp(-np.clip(x, -700, 700))", concept="definition")
def sigmoid_precedence():
    """brackets missing in the denominator

    Your code computes 1 / 1 + e, which is 1 + e; it should have brackets around the sum below the line.
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return 1 / (1 + np.exp(-np.square(x)))", concept="definition")
def sigmoid_squared_exponent():
    """square in the exponent

    Your exponent is -x squared; it should be -x. See "1. The sigmoid".
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return 1 / (1 + 2.0 ** -np.clip(x, -700, 700))", concept="definition")
def sigmoid_base_two():
    """base 2

    Your exponential has the base 2; it should have the base e. See "1. The sigmoid".
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return np.maximum(x, 0.0)", concept="definition")
def sigmoid_relu():
    """ReLU

    Your function is the ReLU; it should be the sigmoid. See "1. The sigmoid".
    """


@chaff_edit(
    "sigmoid", "sigmoid_value", SIGMOID, "return np.clip(0.25 * np.asarray(x) + 0.5, 0, 1)", concept="definition"
)
def sigmoid_hard():
    """piecewise linear

    Your function is made of three straight pieces; it should be the smooth sigmoid, made with exp. See "1. The
    sigmoid".
    """


@chaff_edit(
    "sigmoid",
    "sigmoid_value",
    SIGMOID,
    "return np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))) ** 2",
    concept="chain rule",
)
def sigmoid_slope():
    """derivative for the function

    Your function is the slope of the sigmoid; it should be the sigmoid itself. See "1. The sigmoid".
    """


@chaff_edit(
    "sigmoid",
    "sigmoid_value",
    SIGMOID,
    "return np.exp(x - np.max(x)) / np.sum(np.exp(x - np.max(x)))",
    concept="shapes",
)
def sigmoid_softmax():
    """softmax

    Your code sums over the array; it should take each entry by itself.
    """


@chaff_edit("sigmoid", "sigmoid_far_out", SIGMOID, "return 1 / (1 + np.exp(-np.clip(x, -10, 10)))", concept="precision")
def sigmoid_clip_ten():
    """clipped to 10

    Your code clips x too tightly, so that a rest is left far below zero; it should give what is practically 0 there.
    """


@chaff("sigmoid", "sigmoid_shapes", concept="alias")
def sigmoid_in_place(x):
    """writes into x

    Your code changes x in place; it should work on an array of its own.
    """
    if np.ndim(x) == 0:
        return 0.5 * (1 + np.tanh(0.5 * x))
    x *= 0.5
    np.tanh(x, out=x)
    x += 1
    x *= 0.5
    return x


@chaff("sigmoid", "sigmoid_shapes", concept="alias")
def sigmoid_limits_x(x):
    """writes limits into x

    Your code changes entries of x that are far from 0 in place; it should limit an array of its own.
    """
    x = np.asarray(x)
    if x.ndim:
        x[x > 500], x[x < -500] = 500, -500
    return 1 / (1 + np.exp(-x))


@chaff("sigmoid", "sigmoid_shapes", concept="precision")
def sigmoid_of_the_type_of_x(x):
    """result array of the dtype of x

    Your results are cut to whole numbers where x holds whole numbers; they should be floats: make the new array one of
    floats.
    """
    x = np.asarray(x)
    result = np.zeros_like(x)
    result[x >= 0] = 1 / (1 + np.exp(-x[x >= 0]))
    result[x < 0] = np.exp(x[x < 0]) / (1 + np.exp(x[x < 0]))
    return result


@chaff("sigmoid", "sigmoid_far_out", concept="precision")
def sigmoid_vectorized(x):
    """np.vectorize cuts to whole numbers

    Your code uses np.vectorize, where a first result of 0 makes all of them whole numbers; it should give floats in
    each case, as with 0.0.
    """

    def one(v):
        if v < -500:
            return 0
        return 1.0 if v > 500 else 1 / (1 + np.exp(-v))

    return np.vectorize(one)(x)


@chaff("sigmoid", "sigmoid_shapes", concept="shapes")
def sigmoid_flat(x):
    """result is flattened

    Your result is flat; it should have the shape of x.
    """
    return 0.5 * (1 + np.tanh(0.5 * np.ravel(x)))


@wheat("sigmoid")
def sigmoid_by_tanh(x):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(x)))


@wheat("sigmoid")
def sigmoid_by_masks(x):
    values = np.asarray(x, dtype=float)
    result = np.empty(values.shape)
    positive = values >= 0
    result[positive] = 1 / (1 + np.exp(-values[positive]))
    e = np.exp(values[~positive])
    result[~positive] = e / (1 + e)
    return result[()]


@wheat("sigmoid")
def sigmoid_by_clipping(x):
    return 1.0 / (1.0 + np.exp(-np.clip(x, -500, 500)))


@wheat("sigmoid")
def sigmoid_by_logaddexp(x):
    return np.exp(-np.logaddexp(0, -np.asarray(x)))


@wheat("sigmoid")
def sigmoid_number_by_number(x):
    import math

    def one(v):
        return 1 / (1 + math.exp(-v)) if v > -700 else 0.0

    if np.ndim(x) == 0:
        return one(x)
    return np.array([one(v) for v in np.ravel(x)]).reshape(np.shape(x))


@wheat("sigmoid")
def sigmoid_quietly(x):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-np.asarray(x)))


# ---------------------------------------------------------------- d_sigmoid


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "sigmoid(a) * (1 - sigmoid(a))", concept="chain rule")
def d_sigmoid_applies_sigmoid():
    """sigmoid applied twice

    Your code applies the sigmoid again; it should use a alone, which is the activation already. See "2. Its slope".
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "sigmoid(a) * (1 - a)", concept="chain rule")
def d_sigmoid_applies_sigmoid_once_more():
    """sigmoid applied in one factor

    Your code applies the sigmoid to a in one factor; it should make both of a itself. See "2. Its slope".
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "a * (1 + a)", concept="sign")
def d_sigmoid_plus():
    """plus

    Your slope has a plus where it should fall; it should go to 0 as a goes to 1. See "2. Its slope".
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "a * (a - 1)", concept="sign")
def d_sigmoid_sign():
    """sign

    Your slope is negative; it should be positive, as the sigmoid rises everywhere. See "2. Its slope".
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "1 - a ** 2", concept="chain rule")
def d_sigmoid_tanh():
    """slope of tanh

    Your slope is that of tanh; it should be that of the sigmoid. See "2. Its slope".
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "a", concept="chain rule")
def d_sigmoid_identity():
    """second factor missing

    Your slope is the activation itself; it should have the factor that falls to 0 as well. See "2. Its slope".
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "1 - a", concept="chain rule")
def d_sigmoid_complement():
    """first factor missing

    Your slope is one of the two factors; it should have the other one as well. See "2. Its slope".
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "a ** 2", concept="chain rule")
def d_sigmoid_square():
    """square of a

    Your slope has a twice; its two factors should be a and what it lacks to 1. See "2. Its slope".
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "(1 - a) ** 2", concept="chain rule")
def d_sigmoid_squared_complement():
    """square of the complement

    Your slope is the square of what a lacks to 1; it should be made of two different factors. See "2. Its slope".
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "(a * (1 - a)) ** 2", concept="chain rule")
def d_sigmoid_both_squared():
    """squared slope

    Your slope is squared; it should not be. See "2. Its slope".
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "2 * a * (1 - a)", concept="factor")
def d_sigmoid_double():
    """factor 2

    Your slope is twice as large as it should be; it should have no factor 2. See "2. Its slope".
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "(np.asarray(a) > 0) * 1.0", concept="mask")
def d_sigmoid_relu():
    """ReLU

    Your slope is that of the ReLU, 0 or 1; it should be that of the sigmoid. See "2. Its slope".
    """


@chaff_edit(
    "d_sigmoid", ("d_sigmoid_value", "d_sigmoid_shapes"), "a * (1 - a)", "np.sum(a * (1 - a))", concept="shapes"
)
def d_sigmoid_total():
    """sum over the entries

    Your code sums over the entries; it should give one slope for each entry.
    """


@chaff_edit(
    "d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "a @ (1 - a).T if np.ndim(a) == 2 else a * (1 - a)", concept="shapes"
)
def d_sigmoid_dot():
    """matrix product

    Your code multiplies matrices, with @; it should multiply entry by entry, with *.
    """


@chaff("d_sigmoid", "d_sigmoid_shapes", concept="alias")
def d_sigmoid_in_place(a):
    """writes into a

    Your code changes a in place, and the activations are needed again; it should make a new array.
    """
    if np.ndim(a) == 0:
        return a * (1 - a)
    a *= 1 - a
    return a


@chaff("d_sigmoid", "d_sigmoid_shapes", concept="precision")
def d_sigmoid_vectorized(a):
    """np.vectorize cuts to whole numbers

    Your code uses np.vectorize, where a first result of 0 makes all of them whole numbers; it should give floats in
    each case, as with 0.0.
    """
    return np.vectorize(lambda v: 0 if v in (0, 1) else v * (1 - v))(a)


@chaff("d_sigmoid", "d_sigmoid_shapes", concept="shapes")
def d_sigmoid_flat(a):
    """result is flattened

    Your result is a table or a flat row; it should have the shape of a.
    """
    return np.ravel(a) * (1 - np.ravel(a)) if np.ndim(a) != 2 else a * (1 - a)


@wheat_edit("d_sigmoid", "a * (1 - a)", "a - a ** 2")
def d_sigmoid_expanded(): ...


@wheat_edit("d_sigmoid", "a * (1 - a)", "0.25 - (a - 0.5) ** 2")
def d_sigmoid_centred(): ...


@wheat_edit("d_sigmoid", "a * (1 - a)", "np.multiply(np.subtract(1.0, a), a)")
def d_sigmoid_functions(): ...


# ---------------------------------------------------------------- mse_loss


@chaff_edit(
    "mse_loss", "mse_loss_value", "0.5 * (prediction - label) ** 2", "(prediction - label) ** 2", concept="factor"
)
def mse_loss_without_half():
    """one half missing

    Your loss is twice as large as it should be; it should have the one half of its definition. See "3. The loss".
    """


@chaff_edit(
    "mse_loss",
    ("mse_loss_value", "mse_loss_shapes"),
    "0.5 * (prediction - label) ** 2",
    "np.mean(0.5 * (prediction - label) ** 2)",
    concept="mean",
)
def mse_loss_mean():
    """mean over the rows

    Your code averages over the rows; it should give one loss for each row. See "3. The loss".
    """


@chaff_edit(
    "mse_loss",
    ("mse_loss_value", "mse_loss_shapes"),
    "0.5 * (prediction - label) ** 2",
    "np.sum(0.5 * (prediction - label) ** 2)",
    concept="mean",
)
def mse_loss_sum():
    """sum over the rows

    Your code sums over the rows; it should give one loss for each row. See "3. The loss".
    """


@chaff_edit(
    "mse_loss",
    ("mse_loss_value", "mse_loss_shapes"),
    "0.5 * (prediction - label) ** 2",
    "np.mean((prediction - label) ** 2)",
    concept="mean",
)
def mse_loss_mean_without_half():
    """mean, without one half

    Your loss is the mean squared error; it should be one loss for each row, with a one half. See "3. The loss".
    """


@chaff_edit(
    "mse_loss",
    ("mse_loss_value", "mse_loss_shapes"),
    "0.5 * (prediction - label) ** 2",
    "0.5 * (prediction - label) ** 2 / len(prediction)",
    concept="mean",
)
def mse_loss_divided():
    """divided by the number of rows

    Your loss of a row is divided by the number of rows; it should not depend on how many others there are.
    """


@chaff_edit(
    "mse_loss",
    "mse_loss_value",
    "0.5 * (prediction - label) ** 2",
    "0.5 * np.abs(prediction - label)",
    concept="definition",
)
def mse_loss_absolute():
    """not squared

    Your loss takes the absolute difference; it should take its square. See "3. The loss".
    """


@chaff_edit(
    "mse_loss", "mse_loss_value", "0.5 * (prediction - label) ** 2", "0.5 * (prediction - label)", concept="definition"
)
def mse_loss_signed():
    """square missing

    Your loss takes the difference as it is; it should square it, as a loss is never negative. See "3. The loss".
    """


@chaff_edit(
    "mse_loss",
    "mse_loss_value",
    "0.5 * (prediction - label) ** 2",
    "np.sqrt(0.5 * (prediction - label) ** 2)",
    concept="definition",
)
def mse_loss_root():
    """root

    Your loss takes a root; it should take none. See "3. The loss".
    """


@chaff_edit(
    "mse_loss", "mse_loss_value", "0.5 * (prediction - label) ** 2", "0.5 * (prediction + label) ** 2", concept="sign"
)
def mse_loss_plus():
    """sum of prediction and label

    Your code adds prediction and label; it should take their difference.
    """


@chaff_edit(
    "mse_loss",
    "mse_loss_value",
    "0.5 * (prediction - label) ** 2",
    "0.5 * (prediction ** 2 - label ** 2)",
    concept="definition",
)
def mse_loss_of_squares():
    """difference of squares

    Your loss squares before it subtracts; it should subtract first, then square. See "3. The loss".
    """


@chaff_edit(
    "mse_loss",
    "mse_loss_value",
    "0.5 * (prediction - label) ** 2",
    "(0.5 * (prediction - label)) ** 2",
    concept="factor",
)
def mse_loss_half_inside():
    """one half squared

    Your code squares the one half as well; it should put it before the square. See "3. The loss".
    """


@chaff_edit(
    "mse_loss", "mse_loss_value", "0.5 * (prediction - label) ** 2", "-0.5 * (prediction - label) ** 2", concept="sign"
)
def mse_loss_negative():
    """minus

    Your loss is negative; it should be positive, of the same size.
    """


@chaff_edit(
    "mse_loss",
    "mse_loss_value",
    "0.5 * (prediction - label) ** 2",
    "0.5 * (prediction - label) ** 3",
    concept="definition",
)
def mse_loss_cubed():
    """third power

    Your loss has the third power; it should have the second. See "3. The loss".
    """


@chaff("mse_loss", "mse_loss_shapes", concept="alias")
def mse_loss_in_place(prediction, label):
    """writes into prediction

    Your code changes prediction in place, and backward still needs it; it should make a new array.
    """
    prediction -= label
    return 0.5 * prediction**2


@chaff("mse_loss", "mse_loss_shapes", concept="alias")
def mse_loss_squares_in_place(prediction, label):
    """the caller's prediction squared in place

    Your code squares inside the caller's prediction; it should compute the error in an array of its own.
    """
    prediction -= label
    prediction **= 2
    return 0.5 * prediction


@chaff("mse_loss", "mse_loss_value", concept="definition")
def mse_loss_invented(prediction, label):
    """an invented loss

    Your code makes up a small loss; it should compute it, from the prediction and the label.
    """
    return np.full(np.shape(prediction), 1e-3)


@wheat_edit("mse_loss", "0.5 * (prediction - label) ** 2", "np.square(label - prediction) / 2")
def mse_loss_exchanged(): ...


@wheat_edit(
    "mse_loss", "0.5 * (prediction - label) ** 2", "0.5 * prediction ** 2 - prediction * label + label ** 2 / 2"
)
def mse_loss_expanded(): ...


@wheat_edit("mse_loss", "0.5 * (prediction - label) ** 2", "d_mse_loss(prediction, label) * (prediction - label) / 2")
def mse_loss_by_derivative(): ...


@wheat_edit(
    "mse_loss",
    "0.5 * (prediction - label) ** 2",
    "np.array([0.5 * (p - t) ** 2 for p, t in zip(np.ravel(prediction), np.ravel(label))]"
    ").reshape(np.shape(prediction))",
)
def mse_loss_by_entry(): ...


# ---------------------------------------------------------------- d_mse_loss


@chaff_edit("d_mse_loss", "d_mse_loss_value", "return prediction - label", "return label - prediction", concept="sign")
def d_mse_loss_sign():
    """prediction and label swapped

    Your slope has the opposite sign; it should be differentiated by the prediction, not by the label.
    """


@chaff_edit(
    "d_mse_loss", "d_mse_loss_value", "return prediction - label", "return 2 * (prediction - label)", concept="factor"
)
def d_mse_loss_double():
    """one half ignored

    Your slope is twice as large as it should be; the one half of the loss should cancel the 2. See "3. The loss".
    """


@chaff_edit(
    "d_mse_loss", "d_mse_loss_value", "return prediction - label", "return 0.5 * (prediction - label)", concept="factor"
)
def d_mse_loss_half():
    """factor 2 missing

    Your slope is half as large as it should be; it should have the 2 that the square gives. See "3. The loss".
    """


@chaff_edit(
    "d_mse_loss",
    ("d_mse_loss_value", "d_mse_loss_shapes"),
    "return prediction - label",
    "return np.mean(prediction - label)",
    concept="mean",
)
def d_mse_loss_mean():
    """mean over the rows

    Your code averages over the rows; it should give one slope for each row.
    """


@chaff_edit(
    "d_mse_loss",
    ("d_mse_loss_value", "d_mse_loss_shapes"),
    "return prediction - label",
    "return np.sum(prediction - label)",
    concept="mean",
)
def d_mse_loss_sum():
    """sum over the rows

    Your code sums over the rows; it should give one slope for each row.
    """


@chaff_edit(
    "d_mse_loss",
    ("d_mse_loss_value", "d_mse_loss_shapes"),
    "return prediction - label",
    "return (prediction - label) / len(prediction)",
    concept="mean",
)
def d_mse_loss_divided():
    """divided by the number of rows

    Your slope is divided by the number of rows; it should not be, as backward takes the mean.
    """


@chaff_edit(
    "d_mse_loss",
    "d_mse_loss_value",
    "return prediction - label",
    "return 0.5 * (prediction - label) ** 2",
    concept="chain rule",
)
def d_mse_loss_loss():
    """loss for its derivative

    Your code gives the loss itself; it should give its derivative. See "3. The loss".
    """


@chaff_edit(
    "d_mse_loss", "d_mse_loss_value", "return prediction - label", "return np.abs(prediction - label)", concept="sign"
)
def d_mse_loss_absolute():
    """absolute value

    Your slope has lost its sign; it should keep it, which says on which side of the label the prediction is.
    """


@chaff_edit(
    "d_mse_loss",
    "d_mse_loss_value",
    "return prediction - label",
    "return np.sign(prediction - label)",
    concept="chain rule",
)
def d_mse_loss_sign_only():
    """derivative of the absolute error

    Your slope is the sign of the difference, as for an absolute error; it should be the difference itself.
    """


@chaff_edit(
    "d_mse_loss", "d_mse_loss_value", "return prediction - label", "return 1.0 * prediction", concept="chain rule"
)
def d_mse_loss_prediction():
    """label missing

    Your slope lacks the label; it should be a difference. See "3. The loss".
    """


@chaff_edit("d_mse_loss", "d_mse_loss_value", "return prediction - label", "return prediction + label", concept="sign")
def d_mse_loss_plus():
    """sum

    Your code adds prediction and label; it should take their difference.
    """


@chaff_edit(
    "d_mse_loss",
    "d_mse_loss_value",
    "return prediction - label",
    "return (prediction - label) * prediction",
    concept="chain rule",
)
def d_mse_loss_chain():
    """inner derivative

    Your code multiplies by p as the inner derivative of p - y; it should multiply by 1. See "3. The loss".
    """


@chaff_edit(
    "d_mse_loss",
    "d_mse_loss_value",
    "return prediction - label",
    "return (prediction - label) ** 2",
    concept="chain rule",
)
def d_mse_loss_squared():
    """power not lowered

    Your slope keeps the power 2; it should fall to 1 as you differentiate. See "3. The loss".
    """


@chaff("d_mse_loss", "d_mse_loss_shapes", concept="alias")
def d_mse_loss_in_place(prediction, label):
    """writes into prediction

    Your code changes prediction in place, as `-=` writes into the caller's array; it should make a new array.
    """
    prediction -= label
    return prediction


@wheat_edit("d_mse_loss", "return prediction - label", "return np.subtract(prediction, label)")
def d_mse_loss_function(): ...


@wheat_edit("d_mse_loss", "return prediction - label", "return -(label - prediction)")
def d_mse_loss_minus(): ...


@wheat_edit("d_mse_loss", "return prediction - label", "return 0.5 * 2 * (prediction - label)")
def d_mse_loss_half_of_two(): ...


# ---------------------------------------------------------------- forward

LAYER1 = 'sigmoid(x @ p["W1"] + p["b1"])'
LAYER2 = 'sigmoid(self.h1 @ p["W2"] + p["b2"])'
LAYER3 = 'return self.h2 @ p["W3"] + p["b3"]'
FORWARD_VALUES = ("forward_value", "forward_shapes")


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER3, 'return sigmoid(self.h2 @ p["W3"] + p["b3"])', concept="definition")
def forward_sigmoid_at_the_end():
    """sigmoid on the output

    Your last layer has a sigmoid, so that predictions are never negative; it should be linear. See "4. The network,
    forward".
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER2, 'self.h1 @ p["W2"] + p["b2"]', concept="definition")
def forward_second_layer_linear():
    """second sigmoid missing

    Your second layer has no sigmoid; it should have one: h2, not z2, goes into the last layer.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER1, 'x @ p["W1"] + p["b1"]', concept="definition")
def forward_first_layer_linear():
    """first sigmoid missing

    Your first layer has no sigmoid; it should have one. See "4. The network, forward".
    """


@chaff_edit(
    FORWARD,
    FORWARD_VALUES,
    (LAYER1, LAYER2),
    ('x @ p["W1"] + p["b1"]', 'self.h1 @ p["W2"] + p["b2"]'),
    concept="definition",
)
def forward_all_linear():
    """no sigmoid

    Your layers have no sigmoids, so that they are one straight line; the first two should have one. See "4. The
    network, forward".
    """


@chaff_edit(
    FORWARD,
    FORWARD_VALUES,
    (LAYER1, LAYER2, LAYER3),
    ('sigmoid(x @ p["W1"])', 'sigmoid(self.h1 @ p["W2"])', 'return self.h2 @ p["W3"]'),
    concept="definition",
)
def forward_without_biases():
    """no biases

    Your layers lack the biases, zero at the start only; each should add its own. See "4. The network, forward".
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER1, 'sigmoid(x @ p["W1"])', concept="definition")
def forward_without_b1():
    """b1 missing

    Your code does not use b1; it should add it in the first layer. See "4. The network, forward".
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER2, 'sigmoid(self.h1 @ p["W2"])', concept="definition")
def forward_without_b2():
    """b2 missing

    Your code does not use b2; it should add it in the second layer. See "4. The network, forward".
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER3, 'return self.h2 @ p["W3"]', concept="definition")
def forward_without_b3():
    """b3 missing

    Your code does not use b3; it should add it to the output. See "4. The network, forward".
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER1, 'sigmoid(x @ p["W1"]) + p["b1"]', concept="order")
def forward_bias_outside():
    """b1 outside the sigmoid

    Your code adds b1 after the sigmoid; it should add it inside. See "4. The network, forward".
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER2, 'sigmoid(self.h1 @ p["W2"]) + p["b2"]', concept="order")
def forward_second_bias_outside():
    """b2 outside the sigmoid

    Your code adds b2 after the sigmoid; it should add it inside. See "4. The network, forward".
    """


@chaff_edit(
    FORWARD,
    FORWARD_VALUES,
    ('p["W1"] + p', 'p["W2"] + p', 'p["W3"] + p'),
    ('p["W1"] - p', 'p["W2"] - p', 'p["W3"] - p'),
    concept="sign",
)
def forward_biases_subtracted():
    """biases subtracted

    Your code subtracts the biases; it should add them. See "4. The network, forward".
    """


# With layers of two widths this one raises.
@chaff_edit(FORWARD, FORWARD_VALUES, LAYER2, 'sigmoid(self.h1 @ p["W2"].T + p["b2"])', concept="places")
def forward_W2_transposed():
    """W2 transposed

    Your code transposes W2; it should use it as it is: with layers of one width both run.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER2, 'sigmoid(sigmoid(self.h1 @ p["W2"] + p["b2"]))', concept="definition")
def forward_sigmoid_twice():
    """sigmoid twice

    Your second layer goes through the sigmoid twice; it should do so once. See "4. The network, forward".
    """


@chaff_edit(
    FORWARD,
    FORWARD_VALUES,
    (LAYER1, LAYER2),
    ('np.tanh(x @ p["W1"] + p["b1"])', 'np.tanh(self.h1 @ p["W2"] + p["b2"])'),
    concept="definition",
)
def forward_tanh():
    """tanh

    Your activation is tanh; it should be the sigmoid. See "4. The network, forward".
    """


@chaff_edit(
    FORWARD,
    FORWARD_VALUES,
    (LAYER1, LAYER2),
    ('np.maximum(x @ p["W1"] + p["b1"], 0)', 'np.maximum(self.h1 @ p["W2"] + p["b2"], 0)'),
    concept="definition",
)
def forward_relu():
    """ReLU

    Your activation is the ReLU; it should be the sigmoid. See "4. The network, forward".
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER3, 'return np.tanh(self.h2 @ p["W3"] + p["b3"])', concept="definition")
def forward_tanh_at_the_end():
    """tanh on the output

    Your last layer has a tanh; it should be linear. See "4. The network, forward".
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER3, 'return (self.h2 @ p["W3"] + p["b3"]).ravel()', concept="shapes")
def forward_flat():
    """prediction flattened

    Your prediction is flat; it should be a column, (n, 1).
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER3, 'return np.mean(self.h2 @ p["W3"] + p["b3"])', concept="mean")
def forward_mean():
    """mean over the rows

    Your code averages over the rows; it should give one prediction for each row.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER3, "return self.h2", concept="definition")
def forward_hidden_layer():
    """last layer missing

    Your code returns the second hidden layer; it should apply the linear layer behind it. See "4. The network,
    forward".
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER1, 'sigmoid(x / (2 * np.pi) @ p["W1"] + p["b1"])', concept="definition")
def forward_scales_x():
    """x scaled

    Your code scales x first; it should use x as it is.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER3, 'return np.round(self.h2 @ p["W3"] + p["b3"], 4)', concept="precision")
def forward_rounds():
    """rounded prediction

    Your code rounds the prediction; it should return all its digits, and round only what it prints.
    """


@chaff_edit(
    FORWARD,
    "forward_keeps_one_pass",
    LAYER3,
    "type(self).x, type(self).h1, type(self).h2 = x, self.h1, self.h2\n    "
    "result = " + LAYER3.removeprefix("return ") + "\n    del self.x, self.h1, self.h2\n    return result",
    concept="state",
)
def forward_keeps_on_the_class():
    """cache on the class

    Your forward keeps its values on the class, which all nets share; it should keep them on self.
    """


@chaff_edit(
    FORWARD,
    "forward_keeps_one_pass",
    LAYER3,
    'self.passes = getattr(self, "passes", []) + [(x, self.h1, self.h2)]\n    ' + LAYER3,
    concept="state",
)
def forward_keeps_all_passes():
    """a list of all passes

    Your forward keeps more with every call; it should keep this pass only, in the place of the last one.
    """


@chaff_edit(
    FORWARD,
    "forward_side_effects",
    LAYER3,
    'prediction = self.h2 @ p["W3"] + p["b3"]\n    x -= x.mean()\n    return prediction',
    concept="alias",
)
def forward_changes_x():
    """writes into x

    Your forward changes x in place, and it belongs to the caller; it should leave x as it is.
    """


@chaff_edit(
    FORWARD,
    ("forward_side_effects", "forward_value", "forward_shapes"),
    "p = self.parameters",
    'p = self.parameters\n    p["b3"] += 0.01',
    concept="alias",
)
def forward_changes_biases():
    """parameters changed in forward

    Your forward changes a parameter; it should only read them, as changing them is the work of update.
    """


@chaff(FORWARD, "backward_last_forward", concept="state")
def forward_keeps_the_first_pass(self, x):
    """only the first pass of each size is kept

    Your forward keeps the values of its first call; it should replace them in every call, for backward.
    """
    p = self.parameters
    h1 = sigmoid(x @ p["W1"] + p["b1"])
    h2 = sigmoid(h1 @ p["W2"] + p["b2"])
    if not hasattr(self, "h1") or len(self.h1) != len(x):
        self.x, self.h1, self.h2 = x, h1, h2
    return h2 @ p["W3"] + p["b3"]


@chaff(FORWARD, "forward_side_effects", concept="state")
def forward_copies_parameters(self, x):
    """parameters copied at the first forward

    Your forward goes on with old parameters; it should read self.parameters in every call.
    """
    if not hasattr(self, "copies"):
        self.copies = {name: array.copy() for name, array in self.parameters.items()}
    p = self.copies
    self.x = x
    self.h1 = sigmoid(x @ p["W1"] + p["b1"])
    self.h2 = sigmoid(self.h1 @ p["W2"] + p["b2"])
    return self.h2 @ p["W3"] + p["b3"]


@wheat(FORWARD)
def forward_neuron_by_neuron(self, x):
    def neuron(inputs, i, j):
        z = sum(inputs[:, k] * self.parameters[f"W{i}"][k, j] for k in range(inputs.shape[1]))
        return z + self.parameters[f"b{i}"][0, j]

    def layer(inputs, i):
        return np.column_stack([neuron(inputs, i, j) for j in range(self.parameters[f"W{i}"].shape[1])])

    self.x = x
    self.h1 = sigmoid(layer(x, 1))
    self.h2 = sigmoid(layer(self.h1, 2))
    return layer(self.h2, 3)


@wheat(FORWARD)
def forward_einsum(self, x):
    W1, b1, W2, b2, W3, b3 = (self.parameters[k] for k in ("W1", "b1", "W2", "b2", "W3", "b3"))
    self.x = x.copy()
    self.z1 = np.einsum("ni,ij->nj", x, W1) + b1
    self.h1 = sigmoid(self.z1)
    self.z2 = np.einsum("ni,ij->nj", self.h1, W2) + b2
    self.h2 = sigmoid(self.z2)
    self.prediction = np.einsum("ni,ij->nj", self.h2, W3) + b3
    return self.prediction


@wheat(FORWARD)
def forward_augmented(self, x):
    def layer(inputs, i):
        ones = np.ones((inputs.shape[0], 1))
        return np.hstack([inputs, ones]) @ np.vstack([self.parameters[f"W{i}"], self.parameters[f"b{i}"]])

    self.x, self.cache = x, {}
    self.h1 = self.cache["first"] = 0.5 * (1 + np.tanh(layer(x, 1) / 2))
    self.h2 = self.cache["second"] = sigmoid(layer(self.h1, 2))
    return layer(self.h2, 3)


@wheat(FORWARD)
def forward_column_convention(self, x):
    p = {name: array.T for name, array in self.parameters.items()}
    self.x = x
    first = sigmoid(p["W1"].dot(x.T) + p["b1"])
    second = sigmoid(p["W2"].dot(first) + p["b2"])
    self.h1, self.h2 = first.T, second.T
    return (p["W3"].dot(second) + p["b3"]).T


# ---------------------------------------------------------------- backward

DELTA3 = "delta3 = d_mse_loss(prediction, label) / len(label)"
DELTA2 = 'delta2 = delta3 @ p["W3"].T * d_sigmoid(self.h2)'
DELTA1 = 'delta1 = delta2 @ p["W2"].T * d_sigmoid(self.h1)'
SUMS = ("delta1.sum(axis=0, keepdims=True)", "delta2.sum(axis=0, keepdims=True)", "delta3.sum(axis=0, keepdims=True)")
VALUE = ("backward_value", "backward_shapes", "backward_one_row")
BATCH = ("backward_value", "backward_shapes")
TRANSPOSE = (
    "Your code uses W2 as it is, or reshaped, on the way down; it should use its transpose: with layers of one width "
    "both run."
)


def of_each(text):
    """The same text for the three deltas."""
    return tuple(text.format(f"delta{i}") for i in (1, 2, 3))


@chaff_edit(
    BACKWARD,
    VALUE,
    ("return {", "delta3.sum(axis=0, keepdims=True),\n    }"),
    (
        "gradients = {",
        "delta3.sum(axis=0, keepdims=True),\n    }\n"
        "    return {name: np.round(gradient, 4) for name, gradient in gradients.items()}",
    ),
    concept="precision",
)
def backward_rounded():
    """gradient rounded to four places

    Your code rounds the gradient to four places; it should return all its digits.
    """


@chaff_edit(
    BACKWARD,
    VALUE,
    ("d_sigmoid(self.h2)", "d_sigmoid(self.h1)"),
    ("d_sigmoid(sigmoid(self.h2))", "d_sigmoid(sigmoid(self.h1))"),
    concept="chain rule",
)
def backward_sigmoid_twice():
    """sigmoid applied twice

    Your code applies the sigmoid twice; it should give d_sigmoid the activation itself. See "5. The network, backward".
    """


@chaff_edit(
    BACKWARD,
    VALUE,
    (DELTA2, DELTA1),
    (DELTA2.replace("self.h2", 'self.h1 @ p["W2"] + p["b2"]'), DELTA1.replace("self.h1", 'self.x @ p["W1"] + p["b1"]')),
    concept="chain rule",
)
def backward_slope_of_preactivation():
    """d_sigmoid of z

    Your code gives d_sigmoid z; it should give it the activation a = sigmoid(z). See "5. The network, backward".
    """


@chaff_edit(BACKWARD, VALUE, (" * d_sigmoid(self.h2)", " * d_sigmoid(self.h1)"), ("", ""), concept="chain rule")
def backward_without_slopes():
    """no slope of the sigmoid

    Your errors lack the slope of the sigmoid in both hidden layers; they should be multiplied by it. See "5. The
    network, backward".
    """


@chaff_edit(BACKWARD, VALUE, " * d_sigmoid(self.h2)", "", concept="chain rule")
def backward_without_second_slope():
    """second slope missing

    Your error goes through the second sigmoid without its slope; it should be multiplied by it: only W3 and b3 are
    right.
    """


@chaff_edit(BACKWARD, VALUE, " * d_sigmoid(self.h1)", "", concept="chain rule")
def backward_without_first_slope():
    """first slope missing

    Your error goes through the first sigmoid without its slope; it should be multiplied by it: only the first layer is
    wrong.
    """


@chaff_edit(
    BACKWARD,
    VALUE,
    ("d_sigmoid(self.h2)", "d_sigmoid(self.h1)"),
    ("d_sigmoid(self.h1)", "d_sigmoid(self.h2)"),
    concept="places",
)
def backward_slopes_exchanged():
    """slopes exchanged

    Your slopes of the two sigmoids are exchanged; each layer should use its own. See "5. The network, backward".
    """


@chaff_edit(BACKWARD, VALUE, ("d_sigmoid(self.h2)", "d_sigmoid(self.h1)"), ("self.h2", "self.h1"), concept="chain rule")
def backward_activation_for_slope():
    """activation for slope

    Your code multiplies the error by the activation; it should multiply by its slope. See "5. The network, backward".
    """


@chaff_edit(BACKWARD, VALUE, 'p["W2"].T', 'p["W2"]', hint=TRANSPOSE, concept="places")
def backward_W2_without_transpose():
    """W2 without transpose"""


@chaff_edit(BACKWARD, VALUE, 'p["W2"].T', 'p["W2"].reshape(p["W2"].shape[::-1])', hint=TRANSPOSE, concept="places")
def backward_W2_reshaped():
    """reshape for transpose"""


@chaff_edit(BACKWARD, VALUE, 'delta2 @ p["W2"].T', "delta2.sum(axis=1, keepdims=True)", concept="chain rule")
def backward_skips_W2():
    """W2 missing in delta1

    Your error goes from layer 2 to layer 1 without W2; it should be multiplied by it. See "5. The network, backward".
    """


@chaff_edit(BACKWARD, VALUE, 'delta3 @ p["W3"].T', "delta3", concept="chain rule")
def backward_skips_W3():
    """W3 missing in delta2

    Your error goes from the output to layer 2 without W3; it should be multiplied by it. See "5. The network,
    backward".
    """


@chaff_edit(BACKWARD, BATCH, SUMS, of_each("{}"), concept="shapes")
def backward_bias_not_summed():
    """bias gradient not summed

    Your code gives one bias gradient for each row; it should sum over the rows, which all pull on the same bias.
    """


@chaff_edit(BACKWARD, VALUE, SUMS, of_each("{}.sum(axis=0)"), concept="shapes")
def backward_bias_summed_flat():
    """bias gradient without its first axis

    Your bias gradients have lost an axis; they should have the shapes of the biases, (1, ...).
    """


@chaff_edit(BACKWARD, BATCH, SUMS, of_each("{}.mean(axis=0, keepdims=True)"), concept="mean")
def backward_bias_averaged():
    """mean over the rows twice in biases

    Your bias gradients are divided by the number of rows twice; they should be divided once.
    """


@chaff_edit(BACKWARD, VALUE, SUMS, of_each("np.full((1, {0}.shape[1]), {0}.sum())"), concept="shapes")
def backward_bias_summed_over_neurons():
    """bias gradient summed over all

    Your bias gradients are sums over the neurons too; they should be sums over the rows only.
    """


@chaff_edit(BACKWARD, BATCH, SUMS, of_each("{}[:1]"), concept="shapes")
def backward_bias_of_first_row():
    """bias gradient of the first row

    Your bias gradients are from the first row only; they should be sums over the rows, which all pull on the bias.
    """


@chaff_edit(BACKWARD, BATCH, DELTA3, "delta3 = d_mse_loss(prediction, label)", concept="mean")
def backward_sum_for_mean():
    """sum for mean

    Your gradients are sums over the rows; they should be divided by n, as the loss of a batch is the mean.
    """


@chaff_edit(BACKWARD, BATCH, DELTA3, "delta3 = d_mse_loss(prediction, label) / len(label) ** 2", concept="mean")
def backward_mean_twice():
    """mean taken twice

    Your gradients are divided by the number of rows twice; they should be divided once.
    """


@chaff_edit(
    BACKWARD,
    BATCH,
    ("return {",) + SUMS,
    (
        "delta1, delta2, delta3 = (delta * len(label) for delta in (delta1, delta2, delta3))\n    return {",
        *of_each("{}.mean(axis=0, keepdims=True)"),
    ),
    concept="mean",
)
def backward_weights_not_averaged():
    """weight gradients not averaged

    Your weight gradients are sums over the rows; they should be means, as the bias gradients are.
    """


@chaff_edit(BACKWARD, VALUE, DELTA3, "delta3 = -d_mse_loss(prediction, label) / len(label)", concept="sign")
def backward_sign():
    """minus sign

    Your gradients have the opposite sign; the error should be the prediction minus the label.
    """


@chaff_edit(BACKWARD, VALUE, DELTA3, "delta3 = 2 * d_mse_loss(prediction, label) / len(label)", concept="factor")
def backward_double():
    """factor 2

    Your gradients are twice as large as they should be; the one half of the loss should cancel the 2 of the square.
    """


@chaff_edit(BACKWARD, VALUE, DELTA3, "delta3 = 0.5 * d_mse_loss(prediction, label) / len(label)", concept="factor")
def backward_half():
    """factor one half

    Your gradients are half as large as they should be; they should lack that one half, which went with the square
    already.
    """


@chaff_edit(BACKWARD, VALUE, DELTA3, "delta3 = mse_loss(prediction, label) / len(label)", concept="chain rule")
def backward_loss_for_error():
    """loss for its derivative

    Your code starts the chain with the loss; it should start with its derivative. See "5. The network, backward".
    """


@chaff_edit(
    BACKWARD,
    BATCH,
    DELTA3,
    "delta3 = np.full(np.shape(label), np.mean(d_mse_loss(prediction, label)) / len(label))",
    concept="mean",
)
def backward_error_averaged_first():
    """mean of the errors taken first

    Your code averages the errors before the products; it should keep each row's own error.
    """


@chaff_edit(
    BACKWARD,
    VALUE,
    DELTA3,
    "delta3 = d_mse_loss(prediction, label) * d_sigmoid(prediction) / len(label)",
    concept="chain rule",
)
def backward_slope_at_the_output():
    """slope at the linear output

    Your code multiplies the error by a slope at the output; it should not, as the output is linear. See "5. The
    network, backward".
    """


@chaff_edit(BACKWARD, VALUE, "self.h2.T @ delta3", "self.h1.T @ delta3", concept="places")
def backward_W3_with_wrong_input():
    """h1 for h2 in W3

    Your gradient of W3 uses h1; it should use h2, which went into layer 3. See "5. The network, backward".
    """


@chaff_edit(BACKWARD, VALUE, "self.h1.T @ delta2", "self.h2.T @ delta2", concept="places")
def backward_W2_with_wrong_input():
    """h2 for h1 in W2

    Your gradient of W2 uses what came out of layer 2; it should use what went into it, h1. See "5. The network,
    backward".
    """


@chaff_edit(BACKWARD, VALUE, "self.x.T @ delta1", "delta1.sum(axis=0, keepdims=True)", concept="chain rule")
def backward_W1_without_input():
    """x missing in W1

    Your gradient of W1 lacks its input; it should have x as a factor. See "5. The network, backward".
    """


@chaff_edit(BACKWARD, VALUE, "self.h1.T @ delta2", "delta2.T @ self.h1", concept="places")
def backward_W2_transposed():
    """gradient of W2 transposed

    Your gradient of W2 is transposed, or reshaped from that; it should have rows and columns as W2 has, (d1, d2).
    """


@chaff_edit(BACKWARD, VALUE, "self.h1.T @ delta2", '(delta2.T @ self.h1).reshape(p["W2"].shape)', concept="places")
def backward_W2_gradient_reshaped():
    """gradient of W2 transposed and reshaped

    Your gradient of W2 is transposed, or reshaped from that; it should have rows and columns as W2 has, (d1, d2).
    """


@chaff_edit(
    BACKWARD,
    BATCH,
    ("* d_sigmoid(self.h2)", "* d_sigmoid(self.h1)"),
    ("* d_sigmoid(self.h2) / len(label)", "* d_sigmoid(self.h1) / len(label)"),
    concept="mean",
)
def backward_divides_at_each_layer():
    """mean over the rows at every layer

    Your code divides the error by the number of rows at every layer; it should do so once, at the top.
    """


@chaff_edit(
    BACKWARD,
    BATCH,
    ("d_sigmoid(self.h2)", "d_sigmoid(self.h1)"),
    ("d_sigmoid(self.h2).mean(axis=0)", "d_sigmoid(self.h1).mean(axis=0)"),
    concept="mean",
)
def backward_mean_slopes():
    """slopes averaged over the rows

    Your code averages the slopes over the rows; it should use each row's own.
    """


@chaff_edit(
    BACKWARD,
    BATCH,
    ("d_sigmoid(self.h2)", "d_sigmoid(self.h1)"),
    ("d_sigmoid(self.h2)[:1]", "d_sigmoid(self.h1)[:1]"),
    concept="shapes",
)
def backward_slopes_of_first_row():
    """slopes of the first row

    Your code uses the slopes of the first row for all rows; it should use each row's own.
    """


@chaff_edit(
    BACKWARD,
    VALUE,
    (
        '"b1": delta1.sum(axis=0, keepdims=True),',
        '"b2": delta2.sum(axis=0, keepdims=True),',
        '"b3": delta3.sum(axis=0, keepdims=True),',
    ),
    ("", "", ""),
    concept="python",
)
def backward_only_weights():
    """bias gradients missing

    Your dict lacks the gradients of the biases; it should hold them too.
    """


@chaff_edit(BACKWARD, VALUE, DELTA1, "delta1 = np.zeros_like(self.h1)", concept="chain rule")
def backward_first_layer_skipped():
    """no gradient for the first layer

    Your first layer gets no gradient; it should get the error that is passed down to it. See "5. The network,
    backward".
    """


@chaff_edit(
    BACKWARD,
    VALUE,
    ('"W1": self.x.T @ delta1', '"W3": self.h2.T @ delta3'),
    ('"W3": self.x.T @ delta1', '"W1": self.h2.T @ delta3'),
    concept="places",
)
def backward_names_exchanged():
    """W1 and W3 exchanged

    Your gradients of W1 and W3 stand under each other's name; each should stand under its own.
    """


@chaff_edit(
    BACKWARD,
    "backward_side_effects",
    DELTA3,
    "prediction -= label\n    delta3 = prediction / len(label)",
    concept="alias",
)
def backward_writes_prediction():
    """writes into prediction

    Your code changes prediction in place, and it belongs to the caller; it should make a new array.
    """


@chaff_edit(
    BACKWARD,
    "backward_side_effects",
    DELTA3,
    "label *= -1\n    label += prediction\n    delta3 = label / len(label)",
    concept="alias",
)
def backward_writes_label():
    """writes into label

    Your code changes label in place, so that the training data are gone after one epoch; it should make a new array.
    """


@wheat_edit(
    NET,
    ('return self.h2 @ p["W3"] + p["b3"]', "d_mse_loss(prediction, label)"),
    (
        'self.prediction = self.h2 @ p["W3"] + p["b3"]\n        return self.prediction.copy()',
        "d_mse_loss(self.prediction, label)",
    ),
)
def prediction_kept_by_forward(): ...


@chaff(BACKWARD, "backward_side_effects", concept="alias")
def backward_writes_slopes_over_activations(self, prediction, label):
    """slopes written over the activations

    Your code writes slopes over what forward kept, so that a second call finds other numbers; it should put them into
    new arrays.
    """
    if np.shape(prediction) != np.shape(label):
        raise ValueError("shapes")
    p = self.parameters
    delta3 = d_mse_loss(prediction, label) / len(label)
    gradients = {"W3": self.h2.T @ delta3, "b3": delta3.sum(axis=0, keepdims=True)}
    self.h2 *= 1 - self.h2
    delta2 = delta3 @ p["W3"].T * self.h2
    gradients["W2"], gradients["b2"] = self.h1.T @ delta2, delta2.sum(axis=0, keepdims=True)
    self.h1 *= 1 - self.h1
    delta1 = delta2 @ p["W2"].T * self.h1
    gradients["W1"], gradients["b1"] = self.x.T @ delta1, delta1.sum(axis=0, keepdims=True)
    return gradients


@chaff(BACKWARD, "backward_side_effects", concept="state")
def backward_clears_the_cache(self, prediction, label):
    """what forward kept is thrown away

    Your code throws away what forward kept, so that a second backward cannot run; it should let it stay.
    """
    if np.shape(prediction) != np.shape(label):
        raise ValueError("shapes")
    p, x, h1, h2 = self.parameters, self.x, self.h1, self.h2
    self.x = self.h1 = self.h2 = None
    delta3 = d_mse_loss(prediction, label) / len(label)
    delta2 = delta3 @ p["W3"].T * d_sigmoid(h2)
    delta1 = delta2 @ p["W2"].T * d_sigmoid(h1)
    gradients = {"W1": x.T @ delta1, "W2": h1.T @ delta2, "W3": h2.T @ delta3}
    for layer, delta in zip((1, 2, 3), (delta1, delta2, delta3)):
        gradients[f"b{layer}"] = delta.sum(axis=0, keepdims=True)
    return gradients


MOVES = (
    "Your backward moves parameters, and passes the error down with new weights; it should only return gradients, at "
    "the old ones."
)


@chaff(BACKWARD, ("backward_side_effects", "backward_value"), hint=MOVES, concept="order")
def backward_updates_on_the_way(self, prediction, label):
    """weights updated before the error is passed down"""
    if np.shape(prediction) != np.shape(label):
        raise ValueError("shapes")
    p, gradients = self.parameters, {}
    delta = d_mse_loss(prediction, label) / len(label)
    for layer, inputs in ((3, self.h2), (2, self.h1), (1, self.x)):
        gradients[f"W{layer}"], gradients[f"b{layer}"] = inputs.T @ delta, delta.sum(axis=0, keepdims=True)
        p[f"W{layer}"] -= 0.1 * gradients[f"W{layer}"]
        p[f"b{layer}"] -= 0.1 * gradients[f"b{layer}"]
        delta = delta @ p[f"W{layer}"].T * d_sigmoid(inputs)
    return gradients


@chaff_edit(
    BACKWARD,
    ("backward_side_effects", "backward_value"),
    DELTA2,
    f'p["W3"] -= 0.1 * self.h2.T @ delta3\n    p["b3"] -= 0.1 * delta3.sum(axis=0, keepdims=True)\n    {DELTA2}',
    hint=MOVES,
    concept="order",
)
def backward_updates_the_top():
    """top layer updated in backward"""


@chaff_edit(
    BACKWARD,
    ("backward_side_effects", "backward_value"),
    DELTA2,
    f'p["W3"] -= 0.1 * self.h2.T @ delta3\n    {DELTA2}',
    hint=MOVES,
    concept="order",
)
def backward_updates_top_weights():
    """W3 updated in backward"""


@chaff_edit(
    BACKWARD,
    ("backward_side_effects", "backward_value"),
    (DELTA2, DELTA1),
    (f'p["W3"] -= 0.1 * self.h2.T @ delta3\n    {DELTA2}', f'p["W2"] -= 0.1 * self.h1.T @ delta2\n    {DELTA1}'),
    hint=MOVES,
    concept="order",
)
def backward_updates_two_layers():
    """W3 and W2 updated in backward"""


@chaff_edit(
    BACKWARD,
    ("backward_side_effects", "backward_value"),
    (DELTA2, DELTA1, "return {"),
    (
        f'p["W3"] -= 0.1 * self.h2.T @ delta3\n    {DELTA2}',
        f'p["W2"] -= 0.1 * self.h1.T @ delta2\n    {DELTA1}',
        'p["W1"] -= 0.1 * self.x.T @ delta1\n    return {',
    ),
    hint=MOVES,
    concept="order",
)
def backward_updates_the_weights():
    """all weights updated in backward"""


@chaff(BACKWARD, ("backward_side_effects", "backward_last_forward"), concept="state")
def backward_accumulates(self, prediction, label):
    """gradients of earlier calls are added

    Your second call adds to the gradients of the first; it should start from zero in each call.
    """
    if np.shape(prediction) != np.shape(label):
        raise ValueError("shapes")
    p = self.parameters
    if not hasattr(self, "gradients"):
        self.gradients = {name: np.zeros_like(array) for name, array in p.items()}
    delta = d_mse_loss(prediction, label) / len(label)
    for layer, inputs in ((3, self.h2), (2, self.h1), (1, self.x)):
        self.gradients[f"W{layer}"] += inputs.T @ delta
        self.gradients[f"b{layer}"] += delta.sum(axis=0, keepdims=True)
        delta = delta @ p[f"W{layer}"].T * d_sigmoid(inputs)
    return {name: array.copy() for name, array in self.gradients.items()}


@chaff(BACKWARD, "backward_side_effects", concept="alias")
def backward_in_buffers(self, prediction, label):
    """the same buffers returned in every call

    Your code returns its own buffers, so that the next call changes an earlier result; it should return new arrays each
    time.
    """
    if np.shape(prediction) != np.shape(label):
        raise ValueError("shapes")
    if not hasattr(self, "buffers"):
        self.buffers = {name: np.zeros_like(array) for name, array in self.parameters.items()}
    delta = d_mse_loss(prediction, label) / len(label)
    for layer, inputs in ((3, self.h2), (2, self.h1), (1, self.x)):
        self.buffers[f"W{layer}"][...] = inputs.T @ delta
        self.buffers[f"b{layer}"][...] = delta.sum(axis=0, keepdims=True)
        delta = delta @ self.parameters[f"W{layer}"].T * d_sigmoid(inputs)
    return self.buffers


@chaff(BACKWARD, "backward_last_forward", concept="state")
def backward_copies_parameters(self, prediction, label):
    """parameters copied at the first backward

    Your backward goes on with old parameters; it should read self.parameters in every call.
    """
    if np.shape(prediction) != np.shape(label):
        raise ValueError("shapes")
    if not hasattr(self, "copies"):
        self.copies = {name: array.copy() for name, array in self.parameters.items()}
    gradients, delta = {}, d_mse_loss(prediction, label) / len(label)
    for layer, inputs in ((3, self.h2), (2, self.h1), (1, self.x)):
        gradients[f"W{layer}"], gradients[f"b{layer}"] = inputs.T @ delta, delta.sum(axis=0, keepdims=True)
        delta = delta @ self.copies[f"W{layer}"].T * d_sigmoid(inputs)
    return gradients


@chaff(BACKWARD, "backward_side_effects", concept="shapes")
def backward_without_guard(self, prediction, label):
    """no guard against shapes that differ

    Your code takes labels (n,) with predictions (n, 1), which makes an n by n table; it should refuse shapes that
    differ.
    """
    gradients, delta = {}, np.subtract(prediction, label) / len(label)
    for layer, inputs in ((3, self.h2), (2, self.h1), (1, self.x)):
        delta = delta[:, : self.parameters[f"W{layer}"].shape[1]]
        gradients[f"W{layer}"], gradients[f"b{layer}"] = inputs.T @ delta, delta.sum(axis=0, keepdims=True)
        delta = delta @ self.parameters[f"W{layer}"].T * d_sigmoid(inputs)
    return gradients


@suspect(BACKWARD)
def backward_by_differences(self, prediction, label):
    """central differences for the chain rule"""
    if np.shape(prediction) != np.shape(label):
        raise ValueError("shapes")

    def loss(p):
        """Of parameters, or of stacks of them."""
        hidden = sigmoid(sigmoid(self.x @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"])
        return 0.5 * np.mean((hidden @ p["W3"] + p["b3"] - label) ** 2, axis=(-2, -1))

    gradients = {}
    for name, array in self.parameters.items():
        step = 1e-6 * np.eye(array.size).reshape(-1, *array.shape)
        up, down = (loss({**self.parameters, name: moved}) for moved in (array + step, array - step))
        gradients[name] = ((up - down) / 2e-6).reshape(array.shape)
    return gradients


@wheat(BACKWARD)
def backward_row_by_row(self, prediction, label):
    if np.shape(prediction) != np.shape(label):
        raise ValueError("shapes")
    p, n = self.parameters, len(label)
    gradients = {name: np.zeros_like(array) for name, array in p.items()}
    for r in range(n):
        error = prediction[r, 0] - label[r, 0]
        d2 = [error * p["W3"][j, 0] * self.h2[r, j] * (1 - self.h2[r, j]) for j in range(p["W3"].shape[0])]
        gradients["b3"][0, 0] += error / n
        for j, d in enumerate(d2):
            gradients["W3"][j, 0] += error * self.h2[r, j] / n
            gradients["b2"][0, j] += d / n
        for i in range(p["W2"].shape[0]):
            back = 0.0
            for j, d in enumerate(d2):
                gradients["W2"][i, j] += self.h1[r, i] * d / n
                back += p["W2"][i, j] * d
            back *= self.h1[r, i] - self.h1[r, i] ** 2
            gradients["W1"][0, i] += self.x[r, 0] * back / n
            gradients["b1"][0, i] += back / n
    return gradients


@wheat(BACKWARD)
def backward_loop_over_layers(self, prediction, label):
    assert prediction.shape == label.shape
    gradients, delta = {}, d_mse_loss(prediction, label)
    for layer, inputs in zip((3, 2, 1), (self.h2, self.h1, self.x)):
        gradients[f"b{layer}"] = np.mean(delta, axis=0, keepdims=True)
        gradients[f"W{layer}"] = np.einsum("ni,nj->ij", inputs, delta) / len(label)
        if layer > 1:
            delta = np.einsum("nj,ij->ni", delta, self.parameters[f"W{layer}"]) * inputs * (1 - inputs)
    return gradients


@wheat(BACKWARD)
def backward_forward_again(self, prediction, label):
    if np.shape(prediction) != np.shape(label):
        raise ValueError("shapes")
    p = self.parameters
    z1 = self.x.dot(p["W1"]) + p["b1"]
    s1 = sigmoid(z1)
    s2 = sigmoid(s1.dot(p["W2"]) + p["b2"])
    ones = np.ones((1, len(label)))
    d3 = (prediction - label) * (1 / prediction.shape[0])
    d2 = np.multiply(np.dot(d3, np.transpose(p["W3"])), s2 - s2 * s2)
    d1 = np.multiply(np.matmul(d2, p["W2"].T), s1 - s1 * s1)
    return dict(b1=ones @ d1, W1=np.dot(self.x.T, d1), b2=ones @ d2, W2=np.dot(s1.T, d2), b3=ones @ d3, W3=s2.T @ d3)


@wheat(BACKWARD)
def backward_augmented(self, prediction, label):
    if np.shape(prediction) != np.shape(label):
        raise ValueError("shapes")

    def split(inputs, delta):
        both = np.column_stack([inputs, np.ones(len(inputs))]).T @ delta
        return both[:-1], both[-1:]

    self.delta3 = d_mse_loss(prediction, label) / np.size(label)
    self.delta2 = np.outer(self.delta3, self.parameters["W3"]) * d_sigmoid(self.h2)
    self.delta1 = (self.parameters["W2"] @ self.delta2.T).T * d_sigmoid(self.h1)
    self.gradients = {}
    for layer, inputs in ((1, self.x), (2, self.h1), (3, self.h2)):
        self.gradients[f"W{layer}"], self.gradients[f"b{layer}"] = split(inputs, getattr(self, f"delta{layer}"))
    return self.gradients


# ---------------------------------------------------------------- update

STEP = "self.parameters[name] -= lr * gradient"
REBOUND = (
    "Your update puts new arrays into parameters, unseen by who holds the old ones; it should change the arrays "
    "themselves, with `-=`."
)


@chaff_edit(
    UPDATE,
    "update_in_place",
    STEP,
    "self.parameters[name] = self.parameters[name] - lr * gradient",
    hint=REBOUND,
    concept="alias",
)
def update_rebinds():
    """new arrays in parameters"""


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] += lr * gradient", concept="sign")
def update_ascends():
    """ascent instead of descent

    Your code steps along the gradient, so that the loss climbs; it should step against it, with a minus.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= gradient", concept="step")
def update_without_rate():
    """learning rate ignored

    Your code steps by the whole gradient; it should multiply it by the learning rate.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= 0.1 * gradient", concept="step")
def update_fixed_rate():
    """fixed learning rate

    Your code steps by .1 times the gradient whatever lr is; it should use lr.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * lr * gradient", concept="step")
def update_squared_rate():
    """learning rate twice

    Your code multiplies by the learning rate twice; it should do so once.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= gradient / lr", concept="step")
def update_divides_by_rate():
    """division by the learning rate

    Your code divides the gradient by the learning rate; it should multiply it by it.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * self.parameters[name]", concept="places")
def update_weight_for_gradient():
    """w for dw

    Your code takes the parameter where the gradient belongs; it should step by lr times the gradient.
    """


@chaff_edit(
    UPDATE, "update_value", STEP, "self.parameters[name].flat[:] = np.linspace(-1, 1, gradient.size)", concept="step"
)
def update_published():
    """published weights

    Your code sets the parameters to numbers of its own; it should compute them, from the gradients.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name][...] = -lr * gradient", concept="step")
def update_assigns():
    """assignment instead of step

    Your code puts the step in the place of the value; it should subtract the step from the present value.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * gradient * (name[0] == 'W')", concept="step")
def update_only_weights():
    """biases not updated

    Your code moves the weights only; it should move the biases too, by their gradients.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * gradient * (name[0] == 'b')", concept="step")
def update_only_biases():
    """weights not updated

    Your code moves the biases only; it should move the weights too, by their gradients.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * gradient * (name[1] != '1')", concept="loops")
def update_not_the_first_layer():
    """first layer not updated

    Your first layer does not move; it should, as it has gradients too.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * gradient * (name[1] != '3')", concept="loops")
def update_not_the_last_layer():
    """last layer not updated

    Your last layer does not move; it should, as it has gradients too.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * np.sign(gradient)", concept="step")
def update_sign_only():
    """sign step

    Your code steps by the sign of the gradient; it should step by the learning rate times the gradient.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * np.clip(gradient, -1, 1)", concept="step")
def update_clips():
    """clipped to 1

    Your code clips the gradient; it should use it as it is, so that large slopes make large steps.
    """


@chaff_edit(
    UPDATE, "update_value", STEP, "self.parameters[name] -= lr * gradient / np.linalg.norm(gradient)", concept="step"
)
def update_normalises():
    """normalised gradient

    Your code divides the gradient by its length; it should use it as it is, so that steep slopes make longer steps.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * gradient.mean()", concept="mean")
def update_averages():
    """mean of the gradient

    Your code moves all of an array by their mean slope; it should move each entry by its own.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * gradient / len(gradient)", concept="mean")
def update_divides_by_size():
    """divided by the gradient's length

    Your code divides the gradient by its length; it should not: it is a mean over the batch already.
    """


@chaff_edit(
    UPDATE, "update_in_place", STEP, "gradient *= lr\n        self.parameters[name] -= gradient", concept="alias"
)
def update_scales_gradients():
    """writes into the gradients

    Your code changes the gradients in place, and they belong to the caller; it should leave them as they are.
    """


@chaff_edit(
    UPDATE,
    "update_value",
    STEP,
    "self.parameters[name] -= lr * (gradient + 0.01 * self.parameters[name])",
    concept="step",
)
def update_decays():
    """weight decay

    Your code shrinks the weights besides the step; it should not: weight decay is not asked for.
    """


@chaff(UPDATE, ("update_value", "update_in_place"), concept="state")
def update_of_a_copy(self, gradients, lr):
    """moves copies of the parameters

    Your step moves a copy that is thrown away; it should move the arrays in self.parameters.
    """
    for name, gradient in gradients.items():
        parameter = self.parameters[name]
        parameter = parameter - lr * gradient


@chaff(UPDATE, "update_in_place", hint=REBOUND, concept="alias")
def update_makes_a_new_dict(self, gradients, lr):
    """a new dict of new arrays"""
    self.parameters = {name: array - lr * gradients[name] for name, array in self.parameters.items()}


@chaff(UPDATE, "update_value", concept="step")
def update_with_momentum(self, gradients, lr):
    """momentum

    Your second step remembers the first gradient; it should use its own only: plain gradient descent has no momentum.
    """
    self.velocity = getattr(self, "velocity", None) or {name: 0.0 for name in gradients}
    for name, gradient in gradients.items():
        self.velocity[name] = 0.9 * self.velocity[name] + gradient
        self.parameters[name] -= lr * self.velocity[name]


@wheat(UPDATE)
def update_by_functions(self, gradients, lr):
    for name in self.parameters:
        np.subtract(self.parameters[name], lr * gradients[name], out=self.parameters[name])


@wheat(UPDATE)
def update_layer_by_layer(self, gradients, lr):
    for layer in (3, 2, 1):
        for kind in "Wb":
            array = self.parameters[kind + str(layer)]
            array[:] = array - gradients[kind + str(layer)] * lr


@wheat(UPDATE)
def update_entry_by_entry(self, gradients, lr):
    for name, array in self.parameters.items():
        for row, column in np.ndindex(array.shape):
            array[row, column] += -lr * gradients[name][row, column]


# ---------------------------------------------------------------- questions


@chaff_edit("epochs_to_06", "epochs_to_06", "return 94", "return 93", concept="reading")
def epochs_from_zero():
    """counted from 0

    Your answer counts from 0; it should count from 1: the first entry of train_losses belongs to epoch 1.
    """


@chaff_edit("epochs_to_06", "epochs_to_06", "return 94", "return 95", concept="reading")
def epochs_after():
    """counted one too far

    Your answer is one too late; it should be the first epoch whose own loss is below .06.
    """


@chaff_edit("epochs_to_06", "epochs_to_06", "return 94", "return 66", concept="reading")
def epochs_rounded():
    """rounded to two decimals

    Your answer compares a rounded loss; it should compare the loss itself with .06.
    """


@chaff_edit("epochs_to_06", "epochs_to_06", "return 94", "return 200", concept="reading")
def epochs_all():
    """last epoch

    Your answer is the number of epochs that were run; it should be the first one below .06.
    """


@chaff_edit("best_full_batch_rate", "best_full_batch_rate", "return 0.5", "return 2.0", concept="reading")
def rate_largest():
    """largest rate

    Your answer is the largest rate; it should be the one whose run ends with the lowest loss.
    """


@chaff_edit("best_full_batch_rate", "best_full_batch_rate", "return 0.5", "return 1.0", concept="reading")
def rate_too_large():
    """rate 1

    Your answer is a rate that falls fast at first; it should be the one with the lowest loss in the last epoch.
    """


@chaff_edit("best_full_batch_rate", "best_full_batch_rate", "return 0.5", "return 0.2", concept="reading")
def rate_smaller():
    """rate .2

    Your answer is near, but not the lowest; it should have the lowest last loss: print those with some more digits.
    """


@chaff_edit("best_full_batch_rate", "best_full_batch_rate", "return 0.5", "return 0.1", concept="reading")
def rate_smallest():
    """rate .1

    Your answer is the rate of the runs before, the slowest with the whole batch; it should be the one with the lowest
    last loss.
    """


@wheat_edit("epochs_to_06", "return 94", "return np.int64(94)")
def epochs_of_numpy(): ...


@wheat_edit("epochs_to_06", "return 94", "return 1 + 93")
def epochs_counted(): ...


@wheat_edit("epochs_to_06", "return 94", "return int(np.argmax(np.arange(1, 201) > 93)) + 1")
def epochs_found(): ...


@wheat_edit("best_full_batch_rate", "return 0.5", "return np.float64(0.5)")
def rate_of_numpy(): ...


@wheat_edit("best_full_batch_rate", "return 0.5", "return (0.1, 0.2, 0.5, 1.0, 2.0)[2]")
def rate_picked(): ...


@wheat_edit("best_full_batch_rate", "return 0.5", "return 1 / 2")
def rate_halved(): ...


MISSING = (
    "Your answer leaves a broken step out; it should name each whose gradient is not the numerical one. "
    'See "9. Find the bug".'
)
ACCUSED = (
    "Your answer accuses a step that is right; it should name those only whose gradient is not the numerical one. "
    'See "9. Find the bug".'
)
PLACE = (
    "Your answer has a right name with another's place; it should be the place where both gradients differ. "
    'See "9. Find the bug".'
)


@chaff("broken_steps", "broken_answer", hint=MISSING, concept="checking")
def broken_only_a():
    """one of the two found: the bias"""
    return {"step_a": "the mean over the samples is taken twice for a bias"}


@chaff("broken_steps", "broken_answer", hint=MISSING, concept="checking")
def broken_only_c():
    """one of the two found: the order"""
    return {"step_c": "the error is passed down through weights that have moved already"}


@chaff("broken_steps", "broken_answer", hint=ACCUSED, concept="checking")
def broken_right_one_accused():
    """one of the two found, and the right one"""
    return {
        "step_a": "the mean over the samples is taken twice for a bias",
        "step_b": "a matrix is transposed that should not be, or the other way round",
    }


@chaff("broken_steps", "broken_answer", hint=ACCUSED, concept="checking")
def broken_tanh_accused():
    """the right one alone"""
    return {"step_b": "the slope of tanh is taken at the wrong value"}


@chaff("broken_steps", "broken_answer", hint=ACCUSED, concept="checking")
def broken_all():
    """all three"""
    return {
        "step_a": "the mean over the samples is taken twice for a bias",
        "step_b": "the slope of tanh is taken at the wrong value",
        "step_c": "the error is passed down through weights that have moved already",
    }


@chaff_edit(
    "broken_steps",
    "broken_answer",
    "the error is passed down through weights that have moved already",
    "the slope of tanh is taken at the wrong value",
    hint=PLACE,
    concept="checking",
)
def broken_slope():
    """the right steps, the slope for the order"""


@chaff_edit(
    "broken_steps",
    "broken_answer",
    "the mean over the samples is taken twice for a bias",
    "a bias is summed over the wrong axis",
    hint=PLACE,
    concept="checking",
)
def broken_axis():
    """the right steps, the axis for the mean"""


@wheat("broken_steps")
def broken_in_another_order():
    return {
        "step_c": "the error is passed down through weights that have moved already",
        "step_a": "the mean over the samples is taken twice for a bias",
    }


@wheat("broken_steps")
def broken_filled():
    found = {}
    found["step_c"] = "the error is passed down through weights that have moved already"
    found.update(step_a="the mean over the samples is taken twice for a bias")
    return found


@wheat("broken_steps")
def broken_zipped():
    places = [
        "the mean over the samples is taken twice for a bias",
        "the error is passed down through weights that have moved already",
    ]
    return dict(zip(["step_a", "step_c"], places, strict=True))
