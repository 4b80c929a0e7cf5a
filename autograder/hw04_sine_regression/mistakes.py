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


@chaff_edit("sigmoid", "sigmoid_far_out", SIGMOID, "return 1 / (1 + np.exp(-x))")
def sigmoid_overflows_below():
    """overflow at -1000

    exp(-x) overflows where x is far below zero. Which exponential is harmless on both sides?
    """


@chaff_edit("sigmoid", "sigmoid_far_out", SIGMOID, "return np.exp(x) / (1 + np.exp(x))")
def sigmoid_overflows_above():
    """overflow at +1000

    exp(x) overflows where x is far above zero, and inf / inf is nan. Which exponential is harmless on both sides?
    """


@chaff_edit(
    "sigmoid",
    "sigmoid_far_out",
    SIGMOID,
    "return np.where(np.asarray(x) >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))",
)
def sigmoid_where_computes_both():
    """np.where of two formulas, each of which overflows

    np.where computes both formulas for every entry and then picks; each overflows on one side.
    """


@chaff_edit(
    "sigmoid",
    "sigmoid_value",
    SIGMOID,
    "return np.where(np.asarray(x) >= 0, np.exp(-np.abs(x)), 1) / (1 + np.exp(-np.abs(x)))",
)
def sigmoid_of_minus_x():
    """sign of the exponent

    Mirrored: that is sigmoid(-x). It has to rise from 0 to 1.
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x)))")
def sigmoid_without_cases():
    """one numerator for both sides

    The same for x and -x. Below zero the numerator is exp(x), above zero it is 1.
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return 1 / (1 + np.exp(-np.abs(x)))")
def sigmoid_other_half():
    """1 / (1 + exp(-|x|))

    The same for x and -x: for negative x the result must be below one half.
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return np.tanh(x)")
def sigmoid_tanh():
    """tanh

    That is tanh, which runs from -1 to 1. The sigmoid runs from 0 to 1.
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return 0.5 * (1 + np.tanh(x))")
def sigmoid_tanh_unhalved():
    """tanh(x) for tanh(x / 2)

    Twice too steep: with tanh it is tanh(x / 2).
    """


@chaff_edit(
    "sigmoid",
    "sigmoid_value",
    SIGMOID,
    "return np.where(np.asarray(x) >= 0, 1, np.exp(-np.abs(x))) / (1 - np.exp(-np.abs(x)))",
)
def sigmoid_minus():
    """minus in the denominator

    The denominator is a sum, 1 + exp(-x).
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return 1 / 1 + np.exp(-np.clip(x, -700, 700))")
def sigmoid_precedence():
    """brackets missing in the denominator

    A pair of brackets is missing: 1 / 1 + e is 1 + e. The whole sum belongs below the line.
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return 1 / (1 + np.exp(-np.square(x)))")
def sigmoid_squared_exponent():
    """square in the exponent

    The exponent is -x, not -x squared.
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return 1 / (1 + 2.0 ** -np.clip(x, -700, 700))")
def sigmoid_base_two():
    """base 2

    The base of the exponential is e, not 2.
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return np.maximum(x, 0.0)")
def sigmoid_relu():
    """ReLU

    That is the ReLU; here the sigmoid is asked for.
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return np.clip(0.25 * np.asarray(x) + 0.5, 0, 1)")
def sigmoid_hard():
    """piecewise linear

    That is three straight pieces; the sigmoid is a smooth curve, made with exp.
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))) ** 2")
def sigmoid_slope():
    """derivative for the function

    That is the slope of the sigmoid, not the sigmoid.
    """


@chaff_edit("sigmoid", "sigmoid_value", SIGMOID, "return np.exp(x - np.max(x)) / np.sum(np.exp(x - np.max(x)))")
def sigmoid_softmax():
    """softmax

    Each entry is taken by itself: nothing is summed over the array.
    """


@chaff_edit("sigmoid", "sigmoid_far_out", SIGMOID, "return 1 / (1 + np.exp(-np.clip(x, -10, 10)))")
def sigmoid_clip_ten():
    """clipped to 10

    The clipping is too tight: 4.5e-5 is left where the sigmoid is practically 0.
    """


@chaff("sigmoid", "sigmoid_shapes")
def sigmoid_in_place(x):
    """writes into x

    x is changed in place: work on an array of your own.
    """
    if np.ndim(x) == 0:
        return 0.5 * (1 + np.tanh(0.5 * x))
    x *= 0.5
    np.tanh(x, out=x)
    x += 1
    x *= 0.5
    return x


@chaff("sigmoid", "sigmoid_shapes")
def sigmoid_limits_x(x):
    """writes limits into x

    Entries of x that are far from 0 are changed in place: limit an array of your own.
    """
    x = np.asarray(x)
    if x.ndim:
        x[x > 500], x[x < -500] = 500, -500
    return 1 / (1 + np.exp(-x))


@chaff("sigmoid", "sigmoid_shapes")
def sigmoid_of_the_type_of_x(x):
    """result array of the dtype of x

    Whole numbers go in, and the results are cut to whole numbers: make the new array one of floats.
    """
    x = np.asarray(x)
    result = np.zeros_like(x)
    result[x >= 0] = 1 / (1 + np.exp(-x[x >= 0]))
    result[x < 0] = np.exp(x[x < 0]) / (1 + np.exp(x[x < 0]))
    return result


@chaff("sigmoid", "sigmoid_far_out")
def sigmoid_vectorized(x):
    """np.vectorize cuts to whole numbers

    Your code uses np.vectorize, which takes the type of the first result for all: a whole 0 cuts the others off; it
    should give floats in each case, as with 0.0.
    """

    def one(v):
        if v < -500:
            return 0
        return 1.0 if v > 500 else 1 / (1 + np.exp(-v))

    return np.vectorize(one)(x)


@chaff("sigmoid", "sigmoid_shapes")
def sigmoid_flat(x):
    """result is flattened

    The result has lost the shape of x: it is flat.
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


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "sigmoid(a) * (1 - sigmoid(a))")
def d_sigmoid_applies_sigmoid():
    """sigmoid applied twice

    The sigmoid is applied twice: a is the activation already, so its slope is a formula in a alone.
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "sigmoid(a) * (1 - a)")
def d_sigmoid_applies_sigmoid_once_more():
    """sigmoid applied in one factor

    Both factors are made of a itself; here the sigmoid is applied to a once more in one of them.
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "a * (1 + a)")
def d_sigmoid_plus():
    """plus

    A sign is wrong: the slope must go to 0 as a goes to 1.
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "a * (a - 1)")
def d_sigmoid_sign():
    """sign

    Right size, wrong direction. The sigmoid rises everywhere, so its slope is positive.
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "1 - a ** 2")
def d_sigmoid_tanh():
    """slope of tanh

    That is the slope of tanh; derive the one of the sigmoid.
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "a")
def d_sigmoid_identity():
    """second factor missing

    That is the activation itself; the factor which falls to 0 is missing.
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "1 - a")
def d_sigmoid_complement():
    """first factor missing

    That is one of the two factors; the other one is missing.
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "a ** 2")
def d_sigmoid_square():
    """square of a

    The two factors are different ones, a and what it lacks to 1.
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "(1 - a) ** 2")
def d_sigmoid_squared_complement():
    """square of the complement

    The square of the complement: look again at the two fractions that the slope splits into.
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "(a * (1 - a)) ** 2")
def d_sigmoid_both_squared():
    """squared slope

    That is the square of the slope.
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "2 * a * (1 - a)")
def d_sigmoid_double():
    """factor 2

    Twice the slope: no 2 comes out of this derivative.
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "(np.asarray(a) > 0) * 1.0")
def d_sigmoid_relu():
    """ReLU

    That is the slope of the ReLU, 0 or 1.
    """


@chaff_edit("d_sigmoid", ("d_sigmoid_value", "d_sigmoid_shapes"), "a * (1 - a)", "np.sum(a * (1 - a))")
def d_sigmoid_total():
    """sum over the entries

    One slope for each entry: nothing is summed.
    """


@chaff_edit("d_sigmoid", "d_sigmoid_value", "a * (1 - a)", "a @ (1 - a).T if np.ndim(a) == 2 else a * (1 - a)")
def d_sigmoid_dot():
    """matrix product

    Multiply entry by entry, with *; @ is the matrix product.
    """


@chaff("d_sigmoid", "d_sigmoid_shapes")
def d_sigmoid_in_place(a):
    """writes into a

    a is changed in place: the activations are needed again.
    """
    if np.ndim(a) == 0:
        return a * (1 - a)
    a *= 1 - a
    return a


@chaff("d_sigmoid", "d_sigmoid_shapes")
def d_sigmoid_vectorized(a):
    """np.vectorize cuts to whole numbers

    Your code uses np.vectorize, which takes the type of the first result for all: a whole 0 cuts the others off; it
    should give floats in each case, as with 0.0.
    """
    return np.vectorize(lambda v: 0 if v in (0, 1) else v * (1 - v))(a)


@chaff("d_sigmoid", "d_sigmoid_shapes")
def d_sigmoid_flat(a):
    """result is flattened

    Keep the shape of a: here a table, or a flat row, comes back.
    """
    return np.ravel(a) * (1 - np.ravel(a)) if np.ndim(a) != 2 else a * (1 - a)


@wheat_edit("d_sigmoid", "a * (1 - a)", "a - a ** 2")
def d_sigmoid_expanded(): ...


@wheat_edit("d_sigmoid", "a * (1 - a)", "0.25 - (a - 0.5) ** 2")
def d_sigmoid_centred(): ...


@wheat_edit("d_sigmoid", "a * (1 - a)", "np.multiply(np.subtract(1.0, a), a)")
def d_sigmoid_functions(): ...


# ---------------------------------------------------------------- mse_loss


@chaff_edit("mse_loss", "mse_loss_value", "0.5 * (prediction - label) ** 2", "(prediction - label) ** 2")
def mse_loss_without_half():
    """one half missing

    Twice the expected loss: there is a one half in its definition.
    """


@chaff_edit(
    "mse_loss",
    ("mse_loss_value", "mse_loss_shapes"),
    "0.5 * (prediction - label) ** 2",
    "np.mean(0.5 * (prediction - label) ** 2)",
)
def mse_loss_mean():
    """mean over the rows

    One loss for each row: nothing is averaged here.
    """


@chaff_edit(
    "mse_loss",
    ("mse_loss_value", "mse_loss_shapes"),
    "0.5 * (prediction - label) ** 2",
    "np.sum(0.5 * (prediction - label) ** 2)",
)
def mse_loss_sum():
    """sum over the rows

    One loss for each row: nothing is summed here.
    """


@chaff_edit(
    "mse_loss",
    ("mse_loss_value", "mse_loss_shapes"),
    "0.5 * (prediction - label) ** 2",
    "np.mean((prediction - label) ** 2)",
)
def mse_loss_mean_without_half():
    """mean, without one half

    That is the mean squared error: here each row keeps its own loss, with a one half.
    """


@chaff_edit(
    "mse_loss",
    ("mse_loss_value", "mse_loss_shapes"),
    "0.5 * (prediction - label) ** 2",
    "0.5 * (prediction - label) ** 2 / len(prediction)",
)
def mse_loss_divided():
    """divided by the number of rows

    Off by the number of rows: the loss of a row does not depend on how many others there are.
    """


@chaff_edit("mse_loss", "mse_loss_value", "0.5 * (prediction - label) ** 2", "0.5 * np.abs(prediction - label)")
def mse_loss_absolute():
    """not squared

    The difference is not squared.
    """


@chaff_edit("mse_loss", "mse_loss_value", "0.5 * (prediction - label) ** 2", "0.5 * (prediction - label)")
def mse_loss_signed():
    """square missing

    The difference is not squared; a loss is never negative.
    """


@chaff_edit("mse_loss", "mse_loss_value", "0.5 * (prediction - label) ** 2", "np.sqrt(0.5 * (prediction - label) ** 2)")
def mse_loss_root():
    """root

    Leave the root out.
    """


@chaff_edit("mse_loss", "mse_loss_value", "0.5 * (prediction - label) ** 2", "0.5 * (prediction + label) ** 2")
def mse_loss_plus():
    """sum of prediction and label

    The error is a difference; here the two are added.
    """


@chaff_edit("mse_loss", "mse_loss_value", "0.5 * (prediction - label) ** 2", "0.5 * (prediction ** 2 - label ** 2)")
def mse_loss_of_squares():
    """difference of squares

    Subtract first, then square.
    """


@chaff_edit("mse_loss", "mse_loss_value", "0.5 * (prediction - label) ** 2", "(0.5 * (prediction - label)) ** 2")
def mse_loss_half_inside():
    """one half squared

    Half the expected loss: one half comes before the square, and only once.
    """


@chaff_edit("mse_loss", "mse_loss_value", "0.5 * (prediction - label) ** 2", "-0.5 * (prediction - label) ** 2")
def mse_loss_negative():
    """minus

    The sign is wrong: a loss is never negative.
    """


@chaff_edit("mse_loss", "mse_loss_value", "0.5 * (prediction - label) ** 2", "0.5 * (prediction - label) ** 3")
def mse_loss_cubed():
    """third power

    The power is 2.
    """


@chaff("mse_loss", "mse_loss_shapes")
def mse_loss_in_place(prediction, label):
    """writes into prediction

    prediction is changed in place, and backward still needs it.
    """
    prediction -= label
    return 0.5 * prediction**2


@chaff("mse_loss", "mse_loss_shapes")
def mse_loss_squares_in_place(prediction, label):
    """the caller's prediction squared in place

    Your code squares inside the caller's prediction; it should compute the error in an array of its own.
    """
    prediction -= label
    prediction **= 2
    return 0.5 * prediction


@chaff("mse_loss", "mse_loss_value")
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


@chaff_edit("d_mse_loss", "d_mse_loss_value", "return prediction - label", "return label - prediction")
def d_mse_loss_sign():
    """prediction and label swapped

    Right size, wrong direction. Differentiate by the prediction, not by the label.
    """


@chaff_edit("d_mse_loss", "d_mse_loss_value", "return prediction - label", "return 2 * (prediction - label)")
def d_mse_loss_double():
    """one half ignored

    Twice the expected slope. The one half of the loss cancels the 2.
    """


@chaff_edit("d_mse_loss", "d_mse_loss_value", "return prediction - label", "return 0.5 * (prediction - label)")
def d_mse_loss_half():
    """factor 2 missing

    Half the expected slope. Differentiate the square again: it gives a 2.
    """


@chaff_edit(
    "d_mse_loss",
    ("d_mse_loss_value", "d_mse_loss_shapes"),
    "return prediction - label",
    "return np.mean(prediction - label)",
)
def d_mse_loss_mean():
    """mean over the rows

    One slope for each row: nothing is averaged here.
    """


@chaff_edit(
    "d_mse_loss",
    ("d_mse_loss_value", "d_mse_loss_shapes"),
    "return prediction - label",
    "return np.sum(prediction - label)",
)
def d_mse_loss_sum():
    """sum over the rows

    One slope for each row: nothing is summed here.
    """


@chaff_edit(
    "d_mse_loss",
    ("d_mse_loss_value", "d_mse_loss_shapes"),
    "return prediction - label",
    "return (prediction - label) / len(prediction)",
)
def d_mse_loss_divided():
    """divided by the number of rows

    Off by the number of rows: backward takes the mean, not this function.
    """


@chaff_edit("d_mse_loss", "d_mse_loss_value", "return prediction - label", "return 0.5 * (prediction - label) ** 2")
def d_mse_loss_loss():
    """loss for its derivative

    That is the loss itself, not its derivative.
    """


@chaff_edit("d_mse_loss", "d_mse_loss_value", "return prediction - label", "return np.abs(prediction - label)")
def d_mse_loss_absolute():
    """absolute value

    The sign is lost: it says on which side of the label the prediction is.
    """


@chaff_edit("d_mse_loss", "d_mse_loss_value", "return prediction - label", "return np.sign(prediction - label)")
def d_mse_loss_sign_only():
    """derivative of the absolute error

    Only the sign is left: that belongs to the absolute error.
    """


@chaff_edit("d_mse_loss", "d_mse_loss_value", "return prediction - label", "return 1.0 * prediction")
def d_mse_loss_prediction():
    """label missing

    The label is missing in the derivative.
    """


@chaff_edit("d_mse_loss", "d_mse_loss_value", "return prediction - label", "return prediction + label")
def d_mse_loss_plus():
    """sum

    The error is a difference; here the two are added.
    """


@chaff_edit("d_mse_loss", "d_mse_loss_value", "return prediction - label", "return (prediction - label) * prediction")
def d_mse_loss_chain():
    """inner derivative

    The inner derivative of p - y by p is 1, not p.
    """


@chaff_edit("d_mse_loss", "d_mse_loss_value", "return prediction - label", "return (prediction - label) ** 2")
def d_mse_loss_squared():
    """power not lowered

    The power falls from 2 to 1 when you differentiate.
    """


@chaff("d_mse_loss", "d_mse_loss_shapes")
def d_mse_loss_in_place(prediction, label):
    """writes into prediction

    prediction is changed in place: `-=` writes into the caller's array.
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
LAYER2 = 'sigmoid(self.a1 @ p["W2"] + p["b2"])'
LAYER3 = 'return self.a2 @ p["W3"] + p["b3"]'
FORWARD_VALUES = ("forward_value", "forward_shapes")


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER3, 'return sigmoid(self.a2 @ p["W3"] + p["b3"])')
def forward_sigmoid_at_the_end():
    """sigmoid on the output

    The last layer is linear: with a sigmoid the prediction could never be negative.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER2, 'self.a1 @ p["W2"] + p["b2"]')
def forward_second_layer_linear():
    """second sigmoid missing

    The second layer has a sigmoid too: a2, not z2, goes into the last layer.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER1, 'x @ p["W1"] + p["b1"]')
def forward_first_layer_linear():
    """first sigmoid missing

    The first layer has a sigmoid too.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, (LAYER1, LAYER2), ('x @ p["W1"] + p["b1"]', 'self.a1 @ p["W2"] + p["b2"]'))
def forward_all_linear():
    """no sigmoid

    Without the sigmoids the three layers are one straight line.
    """


@chaff_edit(
    FORWARD,
    FORWARD_VALUES,
    (LAYER1, LAYER2, LAYER3),
    ('sigmoid(x @ p["W1"])', 'sigmoid(self.a1 @ p["W2"])', 'return self.a2 @ p["W3"]'),
)
def forward_without_biases():
    """no biases

    The biases are missing. They are zero at the start, so it shows only later.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER1, 'sigmoid(x @ p["W1"])')
def forward_without_b1():
    """b1 missing

    b1 is not used.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER2, 'sigmoid(self.a1 @ p["W2"])')
def forward_without_b2():
    """b2 missing

    b2 is not used.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER3, 'return self.a2 @ p["W3"]')
def forward_without_b3():
    """b3 missing

    b3 is not used: the output has a bias too.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER1, 'sigmoid(x @ p["W1"]) + p["b1"]')
def forward_bias_outside():
    """b1 outside the sigmoid

    b1 is added after the sigmoid; it belongs inside.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER2, 'sigmoid(self.a1 @ p["W2"]) + p["b2"]')
def forward_second_bias_outside():
    """b2 outside the sigmoid

    b2 is added after the sigmoid; it belongs inside.
    """


@chaff_edit(
    FORWARD,
    FORWARD_VALUES,
    ('p["W1"] + p', 'p["W2"] + p', 'p["W3"] + p'),
    ('p["W1"] - p', 'p["W2"] - p', 'p["W3"] - p'),
)
def forward_biases_subtracted():
    """biases subtracted

    The biases are added, not subtracted.
    """


# With layers of two widths this one raises.
@chaff_edit(FORWARD, FORWARD_VALUES, LAYER2, 'sigmoid(self.a1 @ p["W2"].T + p["b2"])')
def forward_W2_transposed():
    """W2 transposed

    W2 goes into the product as it is, not transposed; with layers of one width both run.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER2, 'sigmoid(sigmoid(self.a1 @ p["W2"] + p["b2"]))')
def forward_sigmoid_twice():
    """sigmoid twice

    The second layer goes through the sigmoid twice.
    """


@chaff_edit(
    FORWARD,
    FORWARD_VALUES,
    (LAYER1, LAYER2),
    ('np.tanh(x @ p["W1"] + p["b1"])', 'np.tanh(self.a1 @ p["W2"] + p["b2"])'),
)
def forward_tanh():
    """tanh

    The activation is the sigmoid, not tanh.
    """


@chaff_edit(
    FORWARD,
    FORWARD_VALUES,
    (LAYER1, LAYER2),
    ('np.maximum(x @ p["W1"] + p["b1"], 0)', 'np.maximum(self.a1 @ p["W2"] + p["b2"], 0)'),
)
def forward_relu():
    """ReLU

    The activation is the sigmoid, not the ReLU.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER3, 'return np.tanh(self.a2 @ p["W3"] + p["b3"])')
def forward_tanh_at_the_end():
    """tanh on the output

    The last layer is linear; no tanh stands behind it.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER3, 'return (self.a2 @ p["W3"] + p["b3"]).ravel()')
def forward_flat():
    """prediction flattened

    The prediction is a column (n, 1); here it is flat.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER3, 'return np.mean(self.a2 @ p["W3"] + p["b3"])')
def forward_mean():
    """mean over the rows

    One prediction for each row: nothing is averaged.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER3, "return self.a2")
def forward_hidden_layer():
    """last layer missing

    That is the second hidden layer; the linear layer behind it is missing.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER1, 'sigmoid(x / (2 * np.pi) @ p["W1"] + p["b1"])')
def forward_scales_x():
    """x scaled

    x goes in as it is; here it is scaled first.
    """


@chaff_edit(FORWARD, FORWARD_VALUES, LAYER3, 'return np.round(self.a2 @ p["W3"] + p["b3"], 4)')
def forward_rounds():
    """rounded prediction

    The prediction is rounded; round only what you print.
    """


@chaff_edit(
    FORWARD,
    "forward_keeps_one_pass",
    LAYER3,
    "type(self).x, type(self).a1, type(self).a2 = x, self.a1, self.a2\n    "
    "result = " + LAYER3.removeprefix("return ") + "\n    del self.x, self.a1, self.a2\n    return result",
)
def forward_keeps_on_the_class():
    """cache on the class

    What forward keeps is kept on the class, which all nets share: keep it on self.
    """


@chaff_edit(
    FORWARD,
    "forward_keeps_one_pass",
    LAYER3,
    'self.passes = getattr(self, "passes", []) + [(x, self.a1, self.a2)]\n    ' + LAYER3,
)
def forward_keeps_all_passes():
    """a list of all passes

    What forward keeps grows with every call: keep this pass only, and let it replace the last one.
    """


@chaff_edit(
    FORWARD,
    "forward_side_effects",
    LAYER3,
    'prediction = self.a2 @ p["W3"] + p["b3"]\n    x -= x.mean()\n    return prediction',
)
def forward_changes_x():
    """writes into x

    x is changed in place, and it belongs to the caller.
    """


@chaff_edit(
    FORWARD,
    ("forward_side_effects", "forward_value", "forward_shapes"),
    "p = self.parameters",
    'p = self.parameters\n    p["b3"] += 0.01',
)
def forward_changes_biases():
    """parameters changed in forward

    A parameter changes in forward; only update may change them.
    """


@chaff(FORWARD, "backward_last_forward")
def forward_keeps_the_first_pass(self, x):
    """only the first pass of each size is kept

    backward gets the values of the first forward: let every forward replace what the last one kept.
    """
    p = self.parameters
    a1 = sigmoid(x @ p["W1"] + p["b1"])
    a2 = sigmoid(a1 @ p["W2"] + p["b2"])
    if not hasattr(self, "a1") or len(self.a1) != len(x):
        self.x, self.a1, self.a2 = x, a1, a2
    return a2 @ p["W3"] + p["b3"]


@chaff(FORWARD, "forward_side_effects")
def forward_copies_parameters(self, x):
    """parameters copied at the first forward

    forward goes on with old parameters: take them from self.parameters in every call.
    """
    if not hasattr(self, "copies"):
        self.copies = {name: array.copy() for name, array in self.parameters.items()}
    p = self.copies
    self.x = x
    self.a1 = sigmoid(x @ p["W1"] + p["b1"])
    self.a2 = sigmoid(self.a1 @ p["W2"] + p["b2"])
    return self.a2 @ p["W3"] + p["b3"]


@wheat(FORWARD)
def forward_neuron_by_neuron(self, x):
    def neuron(inputs, i, j):
        z = sum(inputs[:, k] * self.parameters[f"W{i}"][k, j] for k in range(inputs.shape[1]))
        return z + self.parameters[f"b{i}"][0, j]

    def layer(inputs, i):
        return np.column_stack([neuron(inputs, i, j) for j in range(self.parameters[f"W{i}"].shape[1])])

    self.x = x
    self.a1 = sigmoid(layer(x, 1))
    self.a2 = sigmoid(layer(self.a1, 2))
    return layer(self.a2, 3)


@wheat(FORWARD)
def forward_einsum(self, x):
    W1, b1, W2, b2, W3, b3 = (self.parameters[k] for k in ("W1", "b1", "W2", "b2", "W3", "b3"))
    self.x = x.copy()
    self.z1 = np.einsum("ni,ij->nj", x, W1) + b1
    self.a1 = sigmoid(self.z1)
    self.z2 = np.einsum("ni,ij->nj", self.a1, W2) + b2
    self.a2 = sigmoid(self.z2)
    self.prediction = np.einsum("ni,ij->nj", self.a2, W3) + b3
    return self.prediction


@wheat(FORWARD)
def forward_augmented(self, x):
    def layer(inputs, i):
        ones = np.ones((inputs.shape[0], 1))
        return np.hstack([inputs, ones]) @ np.vstack([self.parameters[f"W{i}"], self.parameters[f"b{i}"]])

    self.x, self.cache = x, {}
    self.a1 = self.cache["first"] = 0.5 * (1 + np.tanh(layer(x, 1) / 2))
    self.a2 = self.cache["second"] = sigmoid(layer(self.a1, 2))
    return layer(self.a2, 3)


@wheat(FORWARD)
def forward_column_convention(self, x):
    p = {name: array.T for name, array in self.parameters.items()}
    self.x = x
    first = sigmoid(p["W1"].dot(x.T) + p["b1"])
    second = sigmoid(p["W2"].dot(first) + p["b2"])
    self.a1, self.a2 = first.T, second.T
    return (p["W3"].dot(second) + p["b3"]).T


# ---------------------------------------------------------------- backward

DELTA3 = "delta3 = d_mse_loss(prediction, label) / len(label)"
DELTA2 = 'delta2 = delta3 @ p["W3"].T * d_sigmoid(self.a2)'
DELTA1 = 'delta1 = delta2 @ p["W2"].T * d_sigmoid(self.a1)'
SUMS = ("delta1.sum(axis=0, keepdims=True)", "delta2.sum(axis=0, keepdims=True)", "delta3.sum(axis=0, keepdims=True)")
VALUE = ("backward_value", "backward_shapes", "backward_one_row")
BATCH = ("backward_value", "backward_shapes")
TRANSPOSE = (
    "The error goes down through the transpose of W2. W2 itself fits only where both layers have one width, "
    "and a reshape leaves the numbers in their old order."
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
)
def backward_rounded():
    """gradient rounded to four places

    Your code rounds the gradient to four places; it should return all its digits.
    """


@chaff_edit(
    BACKWARD,
    VALUE,
    ("d_sigmoid(self.a2)", "d_sigmoid(self.a1)"),
    ("d_sigmoid(sigmoid(self.a2))", "d_sigmoid(sigmoid(self.a1))"),
)
def backward_sigmoid_twice():
    """sigmoid applied twice

    The sigmoid is applied twice: d_sigmoid takes the activation itself.
    """


@chaff_edit(
    BACKWARD,
    VALUE,
    (DELTA2, DELTA1),
    (DELTA2.replace("self.a2", 'self.a1 @ p["W2"] + p["b2"]'), DELTA1.replace("self.a1", 'self.x @ p["W1"] + p["b1"]')),
)
def backward_slope_of_preactivation():
    """d_sigmoid of z

    d_sigmoid is given z; it takes the activation a = sigmoid(z).
    """


@chaff_edit(BACKWARD, VALUE, (" * d_sigmoid(self.a2)", " * d_sigmoid(self.a1)"), ("", ""))
def backward_without_slopes():
    """no slope of the sigmoid

    The slope of the sigmoid is missing in both hidden layers.
    """


@chaff_edit(BACKWARD, VALUE, " * d_sigmoid(self.a2)", "")
def backward_without_second_slope():
    """second slope missing

    W3 and b3 are right, the layers below not: the error goes through the second sigmoid without its slope.
    """


@chaff_edit(BACKWARD, VALUE, " * d_sigmoid(self.a1)", "")
def backward_without_first_slope():
    """first slope missing

    Only the first layer is wrong: the slope of its sigmoid is missing.
    """


@chaff_edit(BACKWARD, VALUE, ("d_sigmoid(self.a2)", "d_sigmoid(self.a1)"), ("d_sigmoid(self.a1)", "d_sigmoid(self.a2)"))
def backward_slopes_exchanged():
    """slopes exchanged

    Each sigmoid has its own slope; here those of the two layers are exchanged.
    """


@chaff_edit(BACKWARD, VALUE, ("d_sigmoid(self.a2)", "d_sigmoid(self.a1)"), ("self.a2", "self.a1"))
def backward_activation_for_slope():
    """activation for slope

    The error is multiplied by the activation, where the slope belongs.
    """


@chaff_edit(BACKWARD, VALUE, 'p["W2"].T', 'p["W2"]', hint=TRANSPOSE)
def backward_W2_without_transpose():
    """W2 without transpose"""


@chaff_edit(BACKWARD, VALUE, 'p["W2"].T', 'p["W2"].reshape(p["W2"].shape[::-1])', hint=TRANSPOSE)
def backward_W2_reshaped():
    """reshape for transpose"""


@chaff_edit(BACKWARD, VALUE, 'delta2 @ p["W2"].T', "delta2.sum(axis=1, keepdims=True)")
def backward_skips_W2():
    """W2 missing in delta1

    On the way from layer 2 to layer 1 the error is multiplied by W2; here W2 is missing.
    """


@chaff_edit(BACKWARD, VALUE, 'delta3 @ p["W3"].T', "delta3")
def backward_skips_W3():
    """W3 missing in delta2

    On the way from the output to layer 2 the error is multiplied by W3; here W3 is missing.
    """


@chaff_edit(BACKWARD, BATCH, SUMS, of_each("{}"))
def backward_bias_not_summed():
    """bias gradient not summed

    One bias gradient for each row. Every row pulls on the same bias: sum over the rows.
    """


@chaff_edit(BACKWARD, VALUE, SUMS, of_each("{}.sum(axis=0)"))
def backward_bias_summed_flat():
    """bias gradient without its first axis

    The bias gradients have lost an axis: they have the shapes of the biases, (1, ...).
    """


@chaff_edit(BACKWARD, BATCH, SUMS, of_each("{}.mean(axis=0, keepdims=True)"))
def backward_bias_averaged():
    """mean over the rows twice in biases

    The bias gradients are divided by the number of rows twice.
    """


@chaff_edit(BACKWARD, VALUE, SUMS, of_each("np.full((1, {0}.shape[1]), {0}.sum())"))
def backward_bias_summed_over_neurons():
    """bias gradient summed over all

    A bias collects over the rows, not over the neurons too.
    """


@chaff_edit(BACKWARD, BATCH, SUMS, of_each("{}[:1]"))
def backward_bias_of_first_row():
    """bias gradient of the first row

    The bias gradient is taken from the first row only; every row pulls on the bias.
    """


@chaff_edit(BACKWARD, BATCH, DELTA3, "delta3 = d_mse_loss(prediction, label)")
def backward_sum_for_mean():
    """sum for mean

    Off by exactly the number of rows: the loss of a batch is the mean, so divide by n.
    """


@chaff_edit(BACKWARD, BATCH, DELTA3, "delta3 = d_mse_loss(prediction, label) / len(label) ** 2")
def backward_mean_twice():
    """mean taken twice

    Divided by the number of rows twice.
    """


@chaff_edit(
    BACKWARD,
    BATCH,
    ("return {",) + SUMS,
    (
        "delta1, delta2, delta3 = (delta * len(label) for delta in (delta1, delta2, delta3))\n    return {",
        *of_each("{}.mean(axis=0, keepdims=True)"),
    ),
)
def backward_weights_not_averaged():
    """weight gradients not averaged

    The bias gradients are means, the weight gradients still sums over the rows.
    """


@chaff_edit(BACKWARD, VALUE, DELTA3, "delta3 = -d_mse_loss(prediction, label) / len(label)")
def backward_sign():
    """minus sign

    Right size, wrong direction. The error is the prediction minus the label.
    """


@chaff_edit(BACKWARD, VALUE, DELTA3, "delta3 = 2 * d_mse_loss(prediction, label) / len(label)")
def backward_double():
    """factor 2

    Twice the expected gradient: the one half of the loss cancels the 2.
    """


@chaff_edit(BACKWARD, VALUE, DELTA3, "delta3 = 0.5 * d_mse_loss(prediction, label) / len(label)")
def backward_half():
    """factor one half

    Half the expected gradient: the one half has gone with the square already.
    """


@chaff_edit(BACKWARD, VALUE, DELTA3, "delta3 = mse_loss(prediction, label) / len(label)")
def backward_loss_for_error():
    """loss for its derivative

    The chain starts with the derivative of the loss, not with the loss.
    """


@chaff_edit(
    BACKWARD, BATCH, DELTA3, "delta3 = np.full(np.shape(label), np.mean(d_mse_loss(prediction, label)) / len(label))"
)
def backward_error_averaged_first():
    """mean of the errors taken first

    The errors are averaged before the products: each row needs its own error.
    """


@chaff_edit(BACKWARD, VALUE, DELTA3, "delta3 = d_mse_loss(prediction, label) * d_sigmoid(prediction) / len(label)")
def backward_slope_at_the_output():
    """slope at the linear output

    The output is linear: no slope of a sigmoid belongs to it.
    """


@chaff_edit(BACKWARD, VALUE, "self.a2.T @ delta3", "self.a1.T @ delta3")
def backward_W3_with_wrong_input():
    """a1 for a2 in W3

    The gradient of W3 takes what went into layer 3: a2.
    """


@chaff_edit(BACKWARD, VALUE, "self.a1.T @ delta2", "self.a2.T @ delta2")
def backward_W2_with_wrong_input():
    """a2 for a1 in W2

    The gradient of W2 takes what went into layer 2, a1, not what came out of it.
    """


@chaff_edit(BACKWARD, VALUE, "self.x.T @ delta1", "delta1.sum(axis=0, keepdims=True)")
def backward_W1_without_input():
    """x missing in W1

    The gradient of W1 lacks its input x.
    """


@chaff_edit(BACKWARD, VALUE, "self.a1.T @ delta2", "delta2.T @ self.a1")
def backward_W2_transposed():
    """gradient of W2 transposed

    The gradient of W2 is transposed: its shape is that of W2, (h1, h2).
    """


@chaff_edit(BACKWARD, VALUE, "self.a1.T @ delta2", '(delta2.T @ self.a1).reshape(p["W2"].shape)')
def backward_W2_gradient_reshaped():
    """gradient of W2 transposed and reshaped

    The gradient of W2 is transposed: its shape is that of W2, (h1, h2).
    """


@chaff_edit(
    BACKWARD,
    BATCH,
    ("* d_sigmoid(self.a2)", "* d_sigmoid(self.a1)"),
    ("* d_sigmoid(self.a2) / len(label)", "* d_sigmoid(self.a1) / len(label)"),
)
def backward_divides_at_each_layer():
    """mean over the rows at every layer

    The error is divided by the number of rows at every layer; once, at the top, is enough.
    """


@chaff_edit(
    BACKWARD,
    BATCH,
    ("d_sigmoid(self.a2)", "d_sigmoid(self.a1)"),
    ("d_sigmoid(self.a2).mean(axis=0)", "d_sigmoid(self.a1).mean(axis=0)"),
)
def backward_mean_slopes():
    """slopes averaged over the rows

    The slopes are averaged over the rows; each row has its own.
    """


@chaff_edit(
    BACKWARD, BATCH, ("d_sigmoid(self.a2)", "d_sigmoid(self.a1)"), ("d_sigmoid(self.a2)[:1]", "d_sigmoid(self.a1)[:1]")
)
def backward_slopes_of_first_row():
    """slopes of the first row

    The slopes of the first row are used for all rows; each row has its own.
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
)
def backward_only_weights():
    """bias gradients missing

    The gradients of the biases are missing in the dict.
    """


@chaff_edit(BACKWARD, VALUE, DELTA1, "delta1 = np.zeros_like(self.a1)")
def backward_first_layer_skipped():
    """no gradient for the first layer

    The first layer gets no gradient.
    """


@chaff_edit(
    BACKWARD,
    VALUE,
    ('"W1": self.x.T @ delta1', '"W3": self.a2.T @ delta3'),
    ('"W3": self.x.T @ delta1', '"W1": self.a2.T @ delta3'),
)
def backward_names_exchanged():
    """W1 and W3 exchanged

    The gradients of W1 and W3 stand under each other's name.
    """


@chaff_edit(BACKWARD, "backward_side_effects", DELTA3, "prediction -= label\n    delta3 = prediction / len(label)")
def backward_writes_prediction():
    """writes into prediction

    prediction is changed in place, and it belongs to the caller.
    """


@chaff_edit(
    BACKWARD, "backward_side_effects", DELTA3, "label *= -1\n    label += prediction\n    delta3 = label / len(label)"
)
def backward_writes_label():
    """writes into label

    label is changed in place: after one epoch the training data are gone.
    """


@wheat_edit(
    NET,
    ('return self.a2 @ p["W3"] + p["b3"]', "d_mse_loss(prediction, label)"),
    (
        'self.prediction = self.a2 @ p["W3"] + p["b3"]\n        return self.prediction.copy()',
        "d_mse_loss(self.prediction, label)",
    ),
)
def prediction_kept_by_forward(): ...


@chaff(BACKWARD, "backward_side_effects")
def backward_writes_slopes_over_activations(self, prediction, label):
    """slopes written over the activations

    What forward kept is written over in the first call, so that the second goes on with other numbers: put the slopes
    into new arrays.
    """
    if np.shape(prediction) != np.shape(label):
        raise ValueError("shapes")
    p = self.parameters
    delta3 = d_mse_loss(prediction, label) / len(label)
    gradients = {"W3": self.a2.T @ delta3, "b3": delta3.sum(axis=0, keepdims=True)}
    self.a2 *= 1 - self.a2
    delta2 = delta3 @ p["W3"].T * self.a2
    gradients["W2"], gradients["b2"] = self.a1.T @ delta2, delta2.sum(axis=0, keepdims=True)
    self.a1 *= 1 - self.a1
    delta1 = delta2 @ p["W2"].T * self.a1
    gradients["W1"], gradients["b1"] = self.x.T @ delta1, delta1.sum(axis=0, keepdims=True)
    return gradients


@chaff(BACKWARD, "backward_side_effects")
def backward_clears_the_cache(self, prediction, label):
    """what forward kept is thrown away

    A second backward after one forward cannot run: what forward kept must stay.
    """
    if np.shape(prediction) != np.shape(label):
        raise ValueError("shapes")
    p, x, a1, a2 = self.parameters, self.x, self.a1, self.a2
    self.x = self.a1 = self.a2 = None
    delta3 = d_mse_loss(prediction, label) / len(label)
    delta2 = delta3 @ p["W3"].T * d_sigmoid(a2)
    delta1 = delta2 @ p["W2"].T * d_sigmoid(a1)
    gradients = {"W1": x.T @ delta1, "W2": a1.T @ delta2, "W3": a2.T @ delta3}
    for layer, delta in zip((1, 2, 3), (delta1, delta2, delta3)):
        gradients[f"b{layer}"] = delta.sum(axis=0, keepdims=True)
    return gradients


MOVES = (
    "backward changes the parameters, and that is the work of update. Moved here, "
    "a layer passes the error down with its new weights: the lower layers see those."
)


@chaff(BACKWARD, ("backward_side_effects", "backward_value"), hint=MOVES)
def backward_updates_on_the_way(self, prediction, label):
    """weights updated before the error is passed down"""
    if np.shape(prediction) != np.shape(label):
        raise ValueError("shapes")
    p, gradients = self.parameters, {}
    delta = d_mse_loss(prediction, label) / len(label)
    for layer, inputs in ((3, self.a2), (2, self.a1), (1, self.x)):
        gradients[f"W{layer}"], gradients[f"b{layer}"] = inputs.T @ delta, delta.sum(axis=0, keepdims=True)
        p[f"W{layer}"] -= 0.1 * gradients[f"W{layer}"]
        p[f"b{layer}"] -= 0.1 * gradients[f"b{layer}"]
        delta = delta @ p[f"W{layer}"].T * d_sigmoid(inputs)
    return gradients


@chaff_edit(
    BACKWARD,
    ("backward_side_effects", "backward_value"),
    DELTA2,
    f'p["W3"] -= 0.1 * self.a2.T @ delta3\n    p["b3"] -= 0.1 * delta3.sum(axis=0, keepdims=True)\n    {DELTA2}',
    hint=MOVES,
)
def backward_updates_the_top():
    """top layer updated in backward"""


@chaff_edit(
    BACKWARD,
    ("backward_side_effects", "backward_value"),
    DELTA2,
    f'p["W3"] -= 0.1 * self.a2.T @ delta3\n    {DELTA2}',
    hint=MOVES,
)
def backward_updates_top_weights():
    """W3 updated in backward"""


@chaff_edit(
    BACKWARD,
    ("backward_side_effects", "backward_value"),
    (DELTA2, DELTA1),
    (f'p["W3"] -= 0.1 * self.a2.T @ delta3\n    {DELTA2}', f'p["W2"] -= 0.1 * self.a1.T @ delta2\n    {DELTA1}'),
    hint=MOVES,
)
def backward_updates_two_layers():
    """W3 and W2 updated in backward"""


@chaff_edit(
    BACKWARD,
    ("backward_side_effects", "backward_value"),
    (DELTA2, DELTA1, "return {"),
    (
        f'p["W3"] -= 0.1 * self.a2.T @ delta3\n    {DELTA2}',
        f'p["W2"] -= 0.1 * self.a1.T @ delta2\n    {DELTA1}',
        'p["W1"] -= 0.1 * self.x.T @ delta1\n    return {',
    ),
    hint=MOVES,
)
def backward_updates_the_weights():
    """all weights updated in backward"""


@chaff(BACKWARD, ("backward_side_effects", "backward_last_forward"))
def backward_accumulates(self, prediction, label):
    """gradients of earlier calls are added

    The second call remembers the first: start from zero in each call.
    """
    if np.shape(prediction) != np.shape(label):
        raise ValueError("shapes")
    p = self.parameters
    if not hasattr(self, "gradients"):
        self.gradients = {name: np.zeros_like(array) for name, array in p.items()}
    delta = d_mse_loss(prediction, label) / len(label)
    for layer, inputs in ((3, self.a2), (2, self.a1), (1, self.x)):
        self.gradients[f"W{layer}"] += inputs.T @ delta
        self.gradients[f"b{layer}"] += delta.sum(axis=0, keepdims=True)
        delta = delta @ p[f"W{layer}"].T * d_sigmoid(inputs)
    return {name: array.copy() for name, array in self.gradients.items()}


@chaff(BACKWARD, "backward_side_effects")
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
    for layer, inputs in ((3, self.a2), (2, self.a1), (1, self.x)):
        self.buffers[f"W{layer}"][...] = inputs.T @ delta
        self.buffers[f"b{layer}"][...] = delta.sum(axis=0, keepdims=True)
        delta = delta @ self.parameters[f"W{layer}"].T * d_sigmoid(inputs)
    return self.buffers


@chaff(BACKWARD, "backward_last_forward")
def backward_copies_parameters(self, prediction, label):
    """parameters copied at the first backward

    backward goes on with old parameters: take them from self.parameters in every call.
    """
    if np.shape(prediction) != np.shape(label):
        raise ValueError("shapes")
    if not hasattr(self, "copies"):
        self.copies = {name: array.copy() for name, array in self.parameters.items()}
    gradients, delta = {}, d_mse_loss(prediction, label) / len(label)
    for layer, inputs in ((3, self.a2), (2, self.a1), (1, self.x)):
        gradients[f"W{layer}"], gradients[f"b{layer}"] = inputs.T @ delta, delta.sum(axis=0, keepdims=True)
        delta = delta @ self.copies[f"W{layer}"].T * d_sigmoid(inputs)
    return gradients


@chaff(BACKWARD, "backward_side_effects")
def backward_without_guard(self, prediction, label):
    """no guard against shapes that differ

    Labels (n,) against predictions (n, 1) make an n by n table: other shapes must raise.
    """
    gradients, delta = {}, np.subtract(prediction, label) / len(label)
    for layer, inputs in ((3, self.a2), (2, self.a1), (1, self.x)):
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
        d2 = [error * p["W3"][j, 0] * self.a2[r, j] * (1 - self.a2[r, j]) for j in range(p["W3"].shape[0])]
        gradients["b3"][0, 0] += error / n
        for j, d in enumerate(d2):
            gradients["W3"][j, 0] += error * self.a2[r, j] / n
            gradients["b2"][0, j] += d / n
        for i in range(p["W2"].shape[0]):
            back = 0.0
            for j, d in enumerate(d2):
                gradients["W2"][i, j] += self.a1[r, i] * d / n
                back += p["W2"][i, j] * d
            back *= self.a1[r, i] - self.a1[r, i] ** 2
            gradients["W1"][0, i] += self.x[r, 0] * back / n
            gradients["b1"][0, i] += back / n
    return gradients


@wheat(BACKWARD)
def backward_loop_over_layers(self, prediction, label):
    assert prediction.shape == label.shape
    gradients, delta = {}, d_mse_loss(prediction, label)
    for layer, inputs in zip((3, 2, 1), (self.a2, self.a1, self.x)):
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
    self.delta2 = np.outer(self.delta3, self.parameters["W3"]) * d_sigmoid(self.a2)
    self.delta1 = (self.parameters["W2"] @ self.delta2.T).T * d_sigmoid(self.a1)
    self.gradients = {}
    for layer, inputs in ((1, self.x), (2, self.a1), (3, self.a2)):
        self.gradients[f"W{layer}"], self.gradients[f"b{layer}"] = split(inputs, getattr(self, f"delta{layer}"))
    return self.gradients


# ---------------------------------------------------------------- update

STEP = "self.parameters[name] -= lr * gradient"
REBOUND = (
    "update puts new arrays into parameters: whoever holds one of the old ones sees nothing. "
    "Change the arrays themselves, with `-=`."
)


@chaff_edit(
    UPDATE, "update_in_place", STEP, "self.parameters[name] = self.parameters[name] - lr * gradient", hint=REBOUND
)
def update_rebinds():
    """new arrays in parameters"""


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] += lr * gradient")
def update_ascends():
    """ascent instead of descent

    The loss climbs: step against the gradient, with a minus.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= gradient")
def update_without_rate():
    """learning rate ignored

    The learning rate is not used: each step is as long as the whole gradient.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= 0.1 * gradient")
def update_fixed_rate():
    """fixed learning rate

    The step is .1 times the gradient whatever lr is.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * lr * gradient")
def update_squared_rate():
    """learning rate twice

    The learning rate is multiplied in twice.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= gradient / lr")
def update_divides_by_rate():
    """division by the learning rate

    The gradient is multiplied by the learning rate, not divided.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * self.parameters[name]")
def update_weight_for_gradient():
    """w for dw

    Your code takes the parameter where the gradient belongs; it should step by lr times the gradient.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name].flat[:] = np.linspace(-1, 1, gradient.size)")
def update_published():
    """published weights

    Your code sets the parameters to numbers of its own; it should compute them, from the gradients.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name][...] = -lr * gradient")
def update_assigns():
    """assignment instead of step

    The step is taken from the present value; here the value is replaced by the step.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * gradient * (name[0] == 'W')")
def update_only_weights():
    """biases not updated

    Only the weights move; the biases have gradients too.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * gradient * (name[0] == 'b')")
def update_only_biases():
    """weights not updated

    Only the biases move; the weights have gradients too.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * gradient * (name[1] != '1')")
def update_not_the_first_layer():
    """first layer not updated

    The first layer does not move; it has gradients too.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * gradient * (name[1] != '3')")
def update_not_the_last_layer():
    """last layer not updated

    The last layer does not move; it has gradients too.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * np.sign(gradient)")
def update_sign_only():
    """sign step

    The step is the learning rate times the gradient, not its sign only.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * np.clip(gradient, -1, 1)")
def update_clips():
    """clipped to 1

    The gradient is clipped: large slopes make large steps here.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * gradient / np.linalg.norm(gradient)")
def update_normalises():
    """normalised gradient

    The gradient is divided by its length: steep and flat would make the same step.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * gradient.mean()")
def update_averages():
    """mean of the gradient

    Each entry has its own slope; here all of an array move by their mean.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * gradient / len(gradient)")
def update_divides_by_size():
    """divided by the gradient's length

    The gradient is a mean over the batch already, and len of it is no number of samples.
    """


@chaff_edit(UPDATE, "update_in_place", STEP, "gradient *= lr\n        self.parameters[name] -= gradient")
def update_scales_gradients():
    """writes into the gradients

    The gradients are changed in place, and they belong to the caller.
    """


@chaff_edit(UPDATE, "update_value", STEP, "self.parameters[name] -= lr * (gradient + 0.01 * self.parameters[name])")
def update_decays():
    """weight decay

    The weights shrink on their own: weight decay is not asked for.
    """


@chaff(UPDATE, ("update_value", "update_in_place"))
def update_of_a_copy(self, gradients, lr):
    """moves copies of the parameters

    Nothing has moved: the step is taken from a copy, or from a number that is thrown away.
    """
    for name, gradient in gradients.items():
        parameter = self.parameters[name]
        parameter = parameter - lr * gradient


@chaff(UPDATE, "update_in_place", hint=REBOUND)
def update_makes_a_new_dict(self, gradients, lr):
    """a new dict of new arrays"""
    self.parameters = {name: array - lr * gradients[name] for name, array in self.parameters.items()}


@chaff(UPDATE, "update_value")
def update_with_momentum(self, gradients, lr):
    """momentum

    The second step remembers the first gradient: plain gradient descent has no momentum.
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


@chaff_edit("epochs_to_06", "epochs_to_06", "return 94", "return 93")
def epochs_from_zero():
    """counted from 0

    Look at how the epochs are counted: the first entry of train_losses belongs to epoch 1.
    """


@chaff_edit("epochs_to_06", "epochs_to_06", "return 94", "return 95")
def epochs_after():
    """counted one too far

    One too late: the first epoch counts whose own loss is below .06.
    """


@chaff_edit("epochs_to_06", "epochs_to_06", "return 94", "return 66")
def epochs_rounded():
    """rounded to two decimals

    Compare the loss itself with .06, not a rounded one.
    """


@chaff_edit("epochs_to_06", "epochs_to_06", "return 94", "return 200")
def epochs_all():
    """last epoch

    That is the number of epochs that were run; the first one below .06 comes earlier.
    """


@chaff_edit("best_full_batch_rate", "best_full_batch_rate", "return 0.5", "return 2.0")
def rate_largest():
    """largest rate

    Larger is better up to a point only; look at the loss that this rate ends with.
    """


@chaff_edit("best_full_batch_rate", "best_full_batch_rate", "return 0.5", "return 1.0")
def rate_too_large():
    """rate 1

    This rate falls fast at first; the loss of the last epoch is asked for.
    """


@chaff_edit("best_full_batch_rate", "best_full_batch_rate", "return 0.5", "return 0.2")
def rate_smaller():
    """rate .2

    Near, but not the lowest: print the last losses with some more digits.
    """


@chaff_edit("best_full_batch_rate", "best_full_batch_rate", "return 0.5", "return 0.1")
def rate_smallest():
    """rate .1

    That is the rate of the runs before; with the whole batch it is the slowest.
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
