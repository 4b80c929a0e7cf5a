"""Known mistakes and right variants of hw04_sine_regression."""
# ruff: noqa: F821 (the functions are compiled in the notebook's namespace)

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


def sigmoid_mistake(name, expression, hint, about, fails="sigmoid_value"):
    """A sigmoid that returns this expression."""
    old = "np.where(np.asarray(x) >= 0, 1, e) / (1 + e)"
    e = "e = np.exp(-np.abs(x))  # of a number that is never positive, so it cannot overflow\n    "
    return chaff_edit(name, "sigmoid", e + "return " + old, "return " + expression, fails, hint, about)


MISTAKES_IN_SIGMOID = [
    sigmoid_mistake("sigmoid_overflows_below", "1 / (1 + np.exp(-x))",
                    "exp(-x) overflows where x is far below zero. Which exponential is harmless on both sides?",
                    "overflow at -1000", "sigmoid_far_out"),
    sigmoid_mistake("sigmoid_overflows_above", "np.exp(x) / (1 + np.exp(x))",
                    "exp(x) overflows where x is far above zero, and inf / inf is nan. "
                    "Which exponential is harmless on both sides?",
                    "overflow at +1000", "sigmoid_far_out"),
    sigmoid_mistake("sigmoid_where_computes_both",
                    "np.where(np.asarray(x) >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))",
                    "np.where computes both formulas for every entry and then picks; each overflows on one side.",
                    "np.where of two formulas, each of which overflows", "sigmoid_far_out"),
    sigmoid_mistake("sigmoid_of_minus_x",
                    "np.where(np.asarray(x) >= 0, np.exp(-np.abs(x)), 1) / (1 + np.exp(-np.abs(x)))",
                    "Mirrored: that is sigmoid(-x). It has to rise from 0 to 1.", "sign of the exponent"),
    sigmoid_mistake("sigmoid_without_cases", "np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x)))",
                    "The same for x and -x. Below zero the numerator is exp(x), above zero it is 1.",
                    "one numerator for both sides"),
    sigmoid_mistake("sigmoid_other_half", "1 / (1 + np.exp(-np.abs(x)))",
                    "The same for x and -x: for negative x the result must be below one half.", "1 / (1 + exp(-|x|))"),
    sigmoid_mistake("sigmoid_tanh", "np.tanh(x)",
                    "That is tanh, which runs from -1 to 1. The sigmoid runs from 0 to 1.",
                    "tanh"),
    sigmoid_mistake("sigmoid_tanh_unhalved", "0.5 * (1 + np.tanh(x))",
                    "Twice too steep: with tanh it is tanh(x / 2).", "tanh(x) for tanh(x / 2)"),
    sigmoid_mistake("sigmoid_minus", "np.where(np.asarray(x) >= 0, 1, np.exp(-np.abs(x))) / (1 - np.exp(-np.abs(x)))",
                    "The denominator is a sum, 1 + exp(-x).", "minus in the denominator"),
    sigmoid_mistake("sigmoid_precedence", "1 / 1 + np.exp(-np.clip(x, -700, 700))",
                    "A pair of brackets is missing: 1 / 1 + e is 1 + e. The whole sum belongs below the line.",
                    "brackets missing in the denominator"),
    sigmoid_mistake("sigmoid_squared_exponent", "1 / (1 + np.exp(-np.square(x)))",
                    "The exponent is -x, not -x squared.", "square in the exponent"),
    sigmoid_mistake("sigmoid_base_two", "1 / (1 + 2.0 ** -np.clip(x, -700, 700))",
                    "The base of the exponential is e, not 2.", "base 2"),
    sigmoid_mistake("sigmoid_relu", "np.maximum(x, 0.0)", "That is the ReLU; here the sigmoid is asked for.", "ReLU"),
    sigmoid_mistake("sigmoid_hard", "np.clip(0.25 * np.asarray(x) + 0.5, 0, 1)",
                    "That is three straight pieces; the sigmoid is a smooth curve, made with exp.", "piecewise linear"),
    sigmoid_mistake("sigmoid_slope", "np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))) ** 2",
                    "That is the slope of the sigmoid, not the sigmoid.", "derivative for the function"),
    sigmoid_mistake("sigmoid_softmax", "np.exp(x - np.max(x)) / np.sum(np.exp(x - np.max(x)))",
                    "Each entry is taken by itself: nothing is summed over the array.", "softmax"),
    sigmoid_mistake("sigmoid_clip_ten", "1 / (1 + np.exp(-np.clip(x, -10, 10)))",
                    "The clipping is too tight: 4.5e-5 is left where the sigmoid is practically 0.",
                    "clipped to 10", "sigmoid_far_out"),
]  # fmt: skip


@chaff("sigmoid", "sigmoid_shapes", "x is changed in place: work on an array of your own.")
def sigmoid_in_place(x):
    """writes into x"""
    if np.ndim(x) == 0:
        return 0.5 * (1 + np.tanh(0.5 * x))
    x *= 0.5
    np.tanh(x, out=x)
    x += 1
    x *= 0.5
    return x


@chaff(
    "sigmoid", "sigmoid_shapes", "Entries of x that are far from 0 are changed in place: limit an array of your own."
)
def sigmoid_limits_x(x):
    """writes limits into x"""
    x = np.asarray(x)
    if x.ndim:
        x[x > 500], x[x < -500] = 500, -500
    return 1 / (1 + np.exp(-x))


@chaff("sigmoid", "sigmoid_shapes", "Whole numbers go in, and the results are cut to whole numbers: "
       "make the new array one of floats.")  # fmt: skip
def sigmoid_of_the_type_of_x(x):
    """result array of the dtype of x"""
    x = np.asarray(x)
    result = np.zeros_like(x)
    result[x >= 0] = 1 / (1 + np.exp(-x[x >= 0]))
    result[x < 0] = np.exp(x[x < 0]) / (1 + np.exp(x[x < 0]))
    return result


@chaff("sigmoid", "sigmoid_far_out", "Your code uses np.vectorize, which takes the type of the first result for all: a "
       "whole 0 cuts the others off; it should give floats in each case, as with 0.0.")  # fmt: skip
def sigmoid_vectorized(x):
    """np.vectorize cuts to whole numbers"""

    def one(v):
        if v < -500:
            return 0
        return 1.0 if v > 500 else 1 / (1 + np.exp(-v))

    return np.vectorize(one)(x)


@chaff("sigmoid", "sigmoid_shapes", "The result has lost the shape of x: it is flat.")
def sigmoid_flat(x):
    """result is flattened"""
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

MISTAKES_IN_D_SIGMOID = [
    chaff_edit(f"d_sigmoid_{name}", "d_sigmoid", "a * (1 - a)", expression, fails, hint, about)
    for name, expression, fails, hint, about in [
        ("applies_sigmoid", "sigmoid(a) * (1 - sigmoid(a))", "d_sigmoid_value",
         "The sigmoid is applied twice: a is the activation already, so its slope is a formula in a alone.",
         "sigmoid applied twice"),
        ("applies_sigmoid_once_more", "sigmoid(a) * (1 - a)", "d_sigmoid_value",
         "Both factors are made of a itself; here the sigmoid is applied to a once more in one of them.",
         "sigmoid applied in one factor"),
        ("plus", "a * (1 + a)", "d_sigmoid_value", "A sign is wrong: the slope must go to 0 as a goes to 1.", "plus"),
        ("sign", "a * (a - 1)", "d_sigmoid_value",
         "Right size, wrong direction. The sigmoid rises everywhere, so its slope is positive.", "sign"),
        ("tanh", "1 - a ** 2", "d_sigmoid_value", "That is the slope of tanh; derive the one of the sigmoid.",
         "slope of tanh"),
        ("identity", "a", "d_sigmoid_value", "That is the activation itself; the factor which falls to 0 is missing.",
         "second factor missing"),
        ("complement", "1 - a", "d_sigmoid_value", "That is one of the two factors; the other one is missing.",
         "first factor missing"),
        ("square", "a ** 2", "d_sigmoid_value", "The two factors are different ones, a and what it lacks to 1.",
         "square of a"),
        ("squared_complement", "(1 - a) ** 2", "d_sigmoid_value",
         "The square of the complement: look again at the two fractions that the slope splits into.",
         "square of the complement"),
        ("both_squared", "(a * (1 - a)) ** 2", "d_sigmoid_value", "That is the square of the slope.", "squared slope"),
        ("double", "2 * a * (1 - a)", "d_sigmoid_value", "Twice the slope: no 2 comes out of this derivative.",
         "factor 2"),
        ("relu", "(np.asarray(a) > 0) * 1.0", "d_sigmoid_value", "That is the slope of the ReLU, 0 or 1.", "ReLU"),
        ("total", "np.sum(a * (1 - a))", ("d_sigmoid_value", "d_sigmoid_shapes"),
         "One slope for each entry: nothing is summed.", "sum over the entries"),
        ("dot", "a @ (1 - a).T if np.ndim(a) == 2 else a * (1 - a)", "d_sigmoid_value",
         "Multiply entry by entry, with *; @ is the matrix product.", "matrix product"),
    ]
]  # fmt: skip


@chaff("d_sigmoid", "d_sigmoid_shapes", "a is changed in place: the activations are needed again.")
def d_sigmoid_in_place(a):
    """writes into a"""
    if np.ndim(a) == 0:
        return a * (1 - a)
    a *= 1 - a
    return a


@chaff("d_sigmoid", "d_sigmoid_shapes", "Your code uses np.vectorize, which takes the type of the first result for "
       "all: a whole 0 cuts the others off; it should give floats in each case, as with 0.0.")  # fmt: skip
def d_sigmoid_vectorized(a):
    """np.vectorize cuts to whole numbers"""
    return np.vectorize(lambda v: 0 if v in (0, 1) else v * (1 - v))(a)


@chaff("d_sigmoid", "d_sigmoid_shapes", "Keep the shape of a: here a table, or a flat row, comes back.")
def d_sigmoid_flat(a):
    """result is flattened"""
    return np.ravel(a) * (1 - np.ravel(a)) if np.ndim(a) != 2 else a * (1 - a)


RIGHT_D_SIGMOIDS = [
    wheat_edit("d_sigmoid_expanded", "d_sigmoid", "a * (1 - a)", "a - a ** 2"),
    wheat_edit("d_sigmoid_centred", "d_sigmoid", "a * (1 - a)", "0.25 - (a - 0.5) ** 2"),
    wheat_edit("d_sigmoid_functions", "d_sigmoid", "a * (1 - a)", "np.multiply(np.subtract(1.0, a), a)"),
]

# ---------------------------------------------------------------- mse_loss

MISTAKES_IN_MSE_LOSS = [
    chaff_edit(f"mse_loss_{name}", "mse_loss", "0.5 * (prediction - label) ** 2", expression, fails, hint, about)
    for name, expression, fails, hint, about in [
        ("without_half", "(prediction - label) ** 2", "mse_loss_value",
         "Twice the expected loss: there is a one half in its definition.", "one half missing"),
        ("mean", "np.mean(0.5 * (prediction - label) ** 2)", ("mse_loss_value", "mse_loss_shapes"),
         "One loss for each row: nothing is averaged here.", "mean over the rows"),
        ("sum", "np.sum(0.5 * (prediction - label) ** 2)", ("mse_loss_value", "mse_loss_shapes"),
         "One loss for each row: nothing is summed here.", "sum over the rows"),
        ("mean_without_half", "np.mean((prediction - label) ** 2)", ("mse_loss_value", "mse_loss_shapes"),
         "That is the mean squared error: here each row keeps its own loss, with a one half.",
         "mean, without one half"),
        ("divided", "0.5 * (prediction - label) ** 2 / len(prediction)", ("mse_loss_value", "mse_loss_shapes"),
         "Off by the number of rows: the loss of a row does not depend on how many others there are.",
         "divided by the number of rows"),
        ("absolute", "0.5 * np.abs(prediction - label)", "mse_loss_value", "The difference is not squared.",
         "not squared"),
        ("signed", "0.5 * (prediction - label)", "mse_loss_value",
         "The difference is not squared; a loss is never negative.", "square missing"),
        ("root", "np.sqrt(0.5 * (prediction - label) ** 2)", "mse_loss_value", "Leave the root out.", "root"),
        ("plus", "0.5 * (prediction + label) ** 2", "mse_loss_value",
         "The error is a difference; here the two are added.",
         "sum of prediction and label"),
        ("of_squares", "0.5 * (prediction ** 2 - label ** 2)", "mse_loss_value",
         "Subtract first, then square.", "difference of squares"),
        ("half_inside", "(0.5 * (prediction - label)) ** 2", "mse_loss_value",
         "Half the expected loss: one half comes before the square, and only once.", "one half squared"),
        ("negative", "-0.5 * (prediction - label) ** 2", "mse_loss_value",
         "The sign is wrong: a loss is never negative.",
         "minus"),
        ("cubed", "0.5 * (prediction - label) ** 3", "mse_loss_value", "The power is 2.", "third power"),
    ]
]  # fmt: skip


@chaff("mse_loss", "mse_loss_shapes", "prediction is changed in place, and backward still needs it.")
def mse_loss_in_place(prediction, label):
    """writes into prediction"""
    prediction -= label
    return 0.5 * prediction**2


@chaff("mse_loss", "mse_loss_shapes", "Your code squares inside the caller's prediction; it should compute the error "
       "in an array of its own.")  # fmt: skip
def mse_loss_squares_in_place(prediction, label):
    """the caller's prediction squared in place"""
    prediction -= label
    prediction **= 2
    return 0.5 * prediction


@chaff("mse_loss", "mse_loss_value", "Your code makes up a small loss; it should compute it, from the prediction and "
       "the label.")  # fmt: skip
def mse_loss_invented(prediction, label):
    """an invented loss"""
    return np.full(np.shape(prediction), 1e-3)


RIGHT_MSE_LOSSES = [
    wheat_edit("mse_loss_exchanged", "mse_loss", "0.5 * (prediction - label) ** 2",
               "np.square(label - prediction) / 2"),
    wheat_edit("mse_loss_expanded", "mse_loss", "0.5 * (prediction - label) ** 2",
               "0.5 * prediction ** 2 - prediction * label + label ** 2 / 2"),
    wheat_edit("mse_loss_by_derivative", "mse_loss", "0.5 * (prediction - label) ** 2",
               "d_mse_loss(prediction, label) * (prediction - label) / 2"),
    wheat_edit("mse_loss_by_entry", "mse_loss", "0.5 * (prediction - label) ** 2",
               "np.array([0.5 * (p - t) ** 2 for p, t in zip(np.ravel(prediction), np.ravel(label))]"
               ").reshape(np.shape(prediction))"),
]  # fmt: skip

# ---------------------------------------------------------------- d_mse_loss

MISTAKES_IN_D_MSE_LOSS = [
    chaff_edit(f"d_mse_loss_{name}", "d_mse_loss", "return prediction - label", f"return {expression}", fails, hint,
               about)
    for name, expression, fails, hint, about in [
        ("sign", "label - prediction", "d_mse_loss_value",
         "Right size, wrong direction. Differentiate by the prediction, not by the label.",
         "prediction and label swapped"),
        ("double", "2 * (prediction - label)", "d_mse_loss_value",
         "Twice the expected slope. The one half of the loss cancels the 2.", "one half ignored"),
        ("half", "0.5 * (prediction - label)", "d_mse_loss_value",
         "Half the expected slope. Differentiate the square again: it gives a 2.", "factor 2 missing"),
        ("mean", "np.mean(prediction - label)", ("d_mse_loss_value", "d_mse_loss_shapes"),
         "One slope for each row: nothing is averaged here.", "mean over the rows"),
        ("sum", "np.sum(prediction - label)", ("d_mse_loss_value", "d_mse_loss_shapes"),
         "One slope for each row: nothing is summed here.", "sum over the rows"),
        ("divided", "(prediction - label) / len(prediction)", ("d_mse_loss_value", "d_mse_loss_shapes"),
         "Off by the number of rows: backward takes the mean, not this function.", "divided by the number of rows"),
        ("loss", "0.5 * (prediction - label) ** 2", "d_mse_loss_value", "That is the loss itself, not its derivative.",
         "loss for its derivative"),
        ("absolute", "np.abs(prediction - label)", "d_mse_loss_value",
         "The sign is lost: it says on which side of the label the prediction is.", "absolute value"),
        ("sign_only", "np.sign(prediction - label)", "d_mse_loss_value",
         "Only the sign is left: that belongs to the absolute error.", "derivative of the absolute error"),
        ("prediction", "1.0 * prediction", "d_mse_loss_value", "The label is missing in the derivative.",
         "label missing"),
        ("plus", "prediction + label", "d_mse_loss_value", "The error is a difference; here the two are added.", "sum"),
        ("chain", "(prediction - label) * prediction", "d_mse_loss_value",
         "The inner derivative of p - y by p is 1, not p.", "inner derivative"),
        ("squared", "(prediction - label) ** 2", "d_mse_loss_value",
         "The power falls from 2 to 1 when you differentiate.", "power not lowered"),
    ]
]  # fmt: skip


@chaff("d_mse_loss", "d_mse_loss_shapes", "prediction is changed in place: `-=` writes into the caller's array.")
def d_mse_loss_in_place(prediction, label):
    """writes into prediction"""
    prediction -= label
    return prediction


RIGHT_D_MSE_LOSSES = [
    wheat_edit("d_mse_loss_function", "d_mse_loss", "return prediction - label",
               "return np.subtract(prediction, label)"),
    wheat_edit("d_mse_loss_minus", "d_mse_loss", "return prediction - label", "return -(label - prediction)"),
    wheat_edit("d_mse_loss_half_of_two", "d_mse_loss", "return prediction - label",
               "return 0.5 * 2 * (prediction - label)"),
]  # fmt: skip

# ---------------------------------------------------------------- forward

LAYER1 = 'sigmoid(x @ p["W1"] + p["b1"])'
LAYER2 = 'sigmoid(self.a1 @ p["W2"] + p["b2"])'
LAYER3 = 'return self.a2 @ p["W3"] + p["b3"]'


def forward_mistake(name, old, new, hint, about, fails=("forward_value", "forward_shapes")):
    return chaff_edit(f"forward_{name}", FORWARD, old, new, fails, hint, about)


MISTAKES_IN_FORWARD = [
    forward_mistake("sigmoid_at_the_end", LAYER3, 'return sigmoid(self.a2 @ p["W3"] + p["b3"])',
                    "The last layer is linear: with a sigmoid the prediction could never be negative.",
                    "sigmoid on the output"),
    forward_mistake("second_layer_linear", LAYER2, 'self.a1 @ p["W2"] + p["b2"]',
                    "The second layer has a sigmoid too: a2, not z2, goes into the last layer.",
                    "second sigmoid missing"),
    forward_mistake("first_layer_linear", LAYER1, 'x @ p["W1"] + p["b1"]',
                    "The first layer has a sigmoid too.", "first sigmoid missing"),
    forward_mistake("all_linear", (LAYER1, LAYER2), ('x @ p["W1"] + p["b1"]', 'self.a1 @ p["W2"] + p["b2"]'),
                    "Without the sigmoids the three layers are one straight line.", "no sigmoid"),
    forward_mistake("without_biases", (LAYER1, LAYER2, LAYER3),
                    ('sigmoid(x @ p["W1"])', 'sigmoid(self.a1 @ p["W2"])', 'return self.a2 @ p["W3"]'),
                    "The biases are missing. They are zero at the start, so it shows only later.", "no biases"),
    forward_mistake("without_b1", LAYER1, 'sigmoid(x @ p["W1"])', "b1 is not used.", "b1 missing"),
    forward_mistake("without_b2", LAYER2, 'sigmoid(self.a1 @ p["W2"])', "b2 is not used.", "b2 missing"),
    forward_mistake("without_b3", LAYER3, 'return self.a2 @ p["W3"]', "b3 is not used: the output has a bias too.",
                    "b3 missing"),
    forward_mistake("bias_outside", LAYER1, 'sigmoid(x @ p["W1"]) + p["b1"]',
                    "b1 is added after the sigmoid; it belongs inside.", "b1 outside the sigmoid"),
    forward_mistake("second_bias_outside", LAYER2, 'sigmoid(self.a1 @ p["W2"]) + p["b2"]',
                    "b2 is added after the sigmoid; it belongs inside.", "b2 outside the sigmoid"),
    forward_mistake("biases_subtracted", ('p["W1"] + p', 'p["W2"] + p', 'p["W3"] + p'),
                    ('p["W1"] - p', 'p["W2"] - p', 'p["W3"] - p'), "The biases are added, not subtracted.",
                    "biases subtracted"),
    # With layers of two widths this one raises.
    forward_mistake("W2_transposed", LAYER2, 'sigmoid(self.a1 @ p["W2"].T + p["b2"])',
                    "W2 goes into the product as it is, not transposed; with layers of one width both run.",
                    "W2 transposed", ("forward_value", "forward_shapes")),
    forward_mistake("sigmoid_twice", LAYER2, 'sigmoid(sigmoid(self.a1 @ p["W2"] + p["b2"]))',
                    "The second layer goes through the sigmoid twice.", "sigmoid twice"),
    forward_mistake("tanh", (LAYER1, LAYER2),
                    ('np.tanh(x @ p["W1"] + p["b1"])', 'np.tanh(self.a1 @ p["W2"] + p["b2"])'),
                    "The activation is the sigmoid, not tanh.", "tanh"),
    forward_mistake("relu", (LAYER1, LAYER2),
                    ('np.maximum(x @ p["W1"] + p["b1"], 0)', 'np.maximum(self.a1 @ p["W2"] + p["b2"], 0)'),
                    "The activation is the sigmoid, not the ReLU.", "ReLU"),
    forward_mistake("tanh_at_the_end", LAYER3, 'return np.tanh(self.a2 @ p["W3"] + p["b3"])',
                    "The last layer is linear; no tanh stands behind it.", "tanh on the output"),
    forward_mistake("flat", LAYER3, 'return (self.a2 @ p["W3"] + p["b3"]).ravel()',
                    "The prediction is a column (n, 1); here it is flat.", "prediction flattened"),
    forward_mistake("mean", LAYER3, 'return np.mean(self.a2 @ p["W3"] + p["b3"])',
                    "One prediction for each row: nothing is averaged.", "mean over the rows"),
    forward_mistake("hidden_layer", LAYER3, "return self.a2",
                    "That is the second hidden layer; the linear layer behind it is missing.", "last layer missing"),
    forward_mistake("scales_x", LAYER1, 'sigmoid(x / (2 * np.pi) @ p["W1"] + p["b1"])',
                    "x goes in as it is; here it is scaled first.", "x scaled"),
    forward_mistake("rounds", LAYER3, 'return np.round(self.a2 @ p["W3"] + p["b3"], 4)',
                    "The prediction is rounded; round only what you print.", "rounded prediction"),
    forward_mistake("keeps_on_the_class", LAYER3,
                    "type(self).x, type(self).a1, type(self).a2 = x, self.a1, self.a2\n    "
                    "result = " + LAYER3.removeprefix("return ") +
                    "\n    del self.x, self.a1, self.a2\n    return result",
                    "What forward keeps is kept on the class, which all nets share: keep it on self.",
                    "cache on the class", "forward_keeps_one_pass"),
    forward_mistake("keeps_all_passes", LAYER3,
                    'self.passes = getattr(self, "passes", []) + [(x, self.a1, self.a2)]\n    ' + LAYER3,
                    "What forward keeps grows with every call: keep this pass only, and let it replace the last one.",
                    "a list of all passes", "forward_keeps_one_pass"),
    forward_mistake("changes_x", LAYER3,
                    'prediction = self.a2 @ p["W3"] + p["b3"]\n    x -= x.mean()\n    return prediction',
                    "x is changed in place, and it belongs to the caller.", "writes into x",
                    "forward_side_effects"),
    forward_mistake("changes_biases", "p = self.parameters", 'p = self.parameters\n    p["b3"] += 0.01',
                    "A parameter changes in forward; only update may change them.", "parameters changed in forward",
                    ("forward_side_effects", "forward_value", "forward_shapes")),
]  # fmt: skip


@chaff(FORWARD, "backward_last_forward",
       "backward gets the values of the first forward: let every forward replace what the last one kept.")  # fmt: skip
def forward_keeps_the_first_pass(self, x):
    """only the first pass of each size is kept"""
    p = self.parameters
    a1 = sigmoid(x @ p["W1"] + p["b1"])
    a2 = sigmoid(a1 @ p["W2"] + p["b2"])
    if not hasattr(self, "a1") or len(self.a1) != len(x):
        self.x, self.a1, self.a2 = x, a1, a2
    return a2 @ p["W3"] + p["b3"]


@chaff(FORWARD, "forward_side_effects",
       "forward goes on with old parameters: take them from self.parameters in every call.")  # fmt: skip
def forward_copies_parameters(self, x):
    """parameters copied at the first forward"""
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


def backward_mistake(name, old, new, hint, about, fails=VALUE):
    return chaff_edit(f"backward_{name}", BACKWARD, old, new, fails, hint, about)


def of_each(text):
    """The same text for the three deltas."""
    return tuple(text.format(f"delta{i}") for i in (1, 2, 3))


MISTAKES_IN_BACKWARD = [
    backward_mistake("rounded", ("return {", "delta3.sum(axis=0, keepdims=True),\n    }"),
                     ("gradients = {", "delta3.sum(axis=0, keepdims=True),\n    }\n"
                      "    return {name: np.round(gradient, 4) for name, gradient in gradients.items()}"),
                     "Your code rounds the gradient to four places; it should return all its digits.",
                     "gradient rounded to four places"),
    backward_mistake("sigmoid_twice", ("d_sigmoid(self.a2)", "d_sigmoid(self.a1)"),
                     ("d_sigmoid(sigmoid(self.a2))", "d_sigmoid(sigmoid(self.a1))"),
                     "The sigmoid is applied twice: d_sigmoid takes the activation itself.", "sigmoid applied twice"),
    backward_mistake("slope_of_preactivation", (DELTA2, DELTA1),
                     (DELTA2.replace("self.a2", 'self.a1 @ p["W2"] + p["b2"]'),
                      DELTA1.replace("self.a1", 'self.x @ p["W1"] + p["b1"]')),
                     "d_sigmoid is given z; it takes the activation a = sigmoid(z).", "d_sigmoid of z"),
    backward_mistake("without_slopes", (" * d_sigmoid(self.a2)", " * d_sigmoid(self.a1)"), ("", ""),
                     "The slope of the sigmoid is missing in both hidden layers.", "no slope of the sigmoid"),
    backward_mistake("without_second_slope", " * d_sigmoid(self.a2)", "",
                     "W3 and b3 are right, the layers below not: the error goes through the second sigmoid "
                     "without its slope.", "second slope missing"),
    backward_mistake("without_first_slope", " * d_sigmoid(self.a1)", "",
                     "Only the first layer is wrong: the slope of its sigmoid is missing.", "first slope missing"),
    backward_mistake("slopes_exchanged", ("d_sigmoid(self.a2)", "d_sigmoid(self.a1)"),
                     ("d_sigmoid(self.a1)", "d_sigmoid(self.a2)"),
                     "Each sigmoid has its own slope; here those of the two layers are exchanged.", "slopes exchanged"),
    backward_mistake("activation_for_slope", ("d_sigmoid(self.a2)", "d_sigmoid(self.a1)"), ("self.a2", "self.a1"),
                     "The error is multiplied by the activation, where the slope belongs.", "activation for slope"),
    backward_mistake("W2_without_transpose", 'p["W2"].T', 'p["W2"]', TRANSPOSE, "W2 without transpose"),
    backward_mistake("W2_reshaped", 'p["W2"].T', 'p["W2"].reshape(p["W2"].shape[::-1])', TRANSPOSE,
                     "reshape for transpose"),
    backward_mistake("skips_W2", 'delta2 @ p["W2"].T', "delta2.sum(axis=1, keepdims=True)",
                     "On the way from layer 2 to layer 1 the error is multiplied by W2; here W2 is missing.",
                     "W2 missing in delta1"),
    backward_mistake("skips_W3", 'delta3 @ p["W3"].T', "delta3", "On the way from the output to layer 2 the error is "
                     "multiplied by W3; here W3 is missing.", "W3 missing in delta2"),
    backward_mistake("bias_not_summed", SUMS, of_each("{}"),
                     "One bias gradient for each row. Every row pulls on the same bias: sum over the rows.",
                     "bias gradient not summed", BATCH),
    backward_mistake("bias_summed_flat", SUMS, of_each("{}.sum(axis=0)"),
                     "The bias gradients have lost an axis: they have the shapes of the biases, (1, ...).",
                     "bias gradient without its first axis"),
    backward_mistake("bias_averaged", SUMS, of_each("{}.mean(axis=0, keepdims=True)"),
                     "The bias gradients are divided by the number of rows twice.",
                     "mean over the rows twice in biases",
                     BATCH),
    backward_mistake("bias_summed_over_neurons", SUMS, of_each("np.full((1, {0}.shape[1]), {0}.sum())"),
                     "A bias collects over the rows, not over the neurons too.", "bias gradient summed over all"),
    backward_mistake("bias_of_first_row", SUMS, of_each("{}[:1]"),
                     "The bias gradient is taken from the first row only; every row pulls on the bias.",
                     "bias gradient of the first row", BATCH),
    backward_mistake("sum_for_mean", DELTA3, "delta3 = d_mse_loss(prediction, label)",
                     "Off by exactly the number of rows: the loss of a batch is the mean, so divide by n.",
                     "sum for mean", BATCH),
    backward_mistake("mean_twice", DELTA3, "delta3 = d_mse_loss(prediction, label) / len(label) ** 2",
                     "Divided by the number of rows twice.", "mean taken twice", BATCH),
    backward_mistake("weights_not_averaged", ("return {",) + SUMS,
                     ("delta1, delta2, delta3 = (delta * len(label) for delta in (delta1, delta2, delta3))"
                      "\n    return {",
                      *of_each("{}.mean(axis=0, keepdims=True)")),
                     "The bias gradients are means, the weight gradients still sums over the rows.",
                     "weight gradients not averaged", BATCH),
    backward_mistake("sign", DELTA3, "delta3 = -d_mse_loss(prediction, label) / len(label)",
                     "Right size, wrong direction. The error is the prediction minus the label.", "minus sign"),
    backward_mistake("double", DELTA3, "delta3 = 2 * d_mse_loss(prediction, label) / len(label)",
                     "Twice the expected gradient: the one half of the loss cancels the 2.", "factor 2"),
    backward_mistake("half", DELTA3, "delta3 = 0.5 * d_mse_loss(prediction, label) / len(label)",
                     "Half the expected gradient: the one half has gone with the square already.", "factor one half"),
    backward_mistake("loss_for_error", DELTA3, "delta3 = mse_loss(prediction, label) / len(label)",
                     "The chain starts with the derivative of the loss, not with the loss.", "loss for its derivative"),
    backward_mistake("error_averaged_first", DELTA3,
                     "delta3 = np.full(np.shape(label), np.mean(d_mse_loss(prediction, label)) / len(label))",
                     "The errors are averaged before the products: each row needs its own error.",
                     "mean of the errors taken first", BATCH),
    backward_mistake("slope_at_the_output", DELTA3,
                     "delta3 = d_mse_loss(prediction, label) * d_sigmoid(prediction) / len(label)",
                     "The output is linear: no slope of a sigmoid belongs to it.", "slope at the linear output"),
    backward_mistake("W3_with_wrong_input", "self.a2.T @ delta3", "self.a1.T @ delta3",
                     "The gradient of W3 takes what went into layer 3: a2.", "a1 for a2 in W3"),
    backward_mistake("W2_with_wrong_input", "self.a1.T @ delta2", "self.a2.T @ delta2",
                     "The gradient of W2 takes what went into layer 2, a1, not what came out of it.",
                     "a2 for a1 in W2"),
    backward_mistake("W1_without_input", "self.x.T @ delta1", "delta1.sum(axis=0, keepdims=True)",
                     "The gradient of W1 lacks its input x.", "x missing in W1"),
    backward_mistake("W2_transposed", "self.a1.T @ delta2", "delta2.T @ self.a1",
                     "The gradient of W2 is transposed: its shape is that of W2, (h1, h2).",
                     "gradient of W2 transposed"),
    backward_mistake("W2_gradient_reshaped", "self.a1.T @ delta2", '(delta2.T @ self.a1).reshape(p["W2"].shape)',
                     "The gradient of W2 is transposed: its shape is that of W2, (h1, h2).",
                     "gradient of W2 transposed and reshaped"),
    backward_mistake("divides_at_each_layer", ("* d_sigmoid(self.a2)", "* d_sigmoid(self.a1)"),
                     ("* d_sigmoid(self.a2) / len(label)", "* d_sigmoid(self.a1) / len(label)"),
                     "The error is divided by the number of rows at every layer; once, at the top, is enough.",
                     "mean over the rows at every layer", BATCH),
    backward_mistake("mean_slopes", ("d_sigmoid(self.a2)", "d_sigmoid(self.a1)"),
                     ("d_sigmoid(self.a2).mean(axis=0)", "d_sigmoid(self.a1).mean(axis=0)"),
                     "The slopes are averaged over the rows; each row has its own.",
                     "slopes averaged over the rows", BATCH),
    backward_mistake("slopes_of_first_row", ("d_sigmoid(self.a2)", "d_sigmoid(self.a1)"),
                     ("d_sigmoid(self.a2)[:1]", "d_sigmoid(self.a1)[:1]"),
                     "The slopes of the first row are used for all rows; each row has its own.",
                     "slopes of the first row", BATCH),
    backward_mistake("only_weights",
                     ('"b1": delta1.sum(axis=0, keepdims=True),', '"b2": delta2.sum(axis=0, keepdims=True),',
                     '"b3": delta3.sum(axis=0, keepdims=True),'), ("", "", ""),
                     "The gradients of the biases are missing in the dict.", "bias gradients missing"),
    backward_mistake("first_layer_skipped", DELTA1, "delta1 = np.zeros_like(self.a1)",
                     "The first layer gets no gradient.", "no gradient for the first layer"),
    backward_mistake("names_exchanged", ('"W1": self.x.T @ delta1', '"W3": self.a2.T @ delta3'),
                     ('"W3": self.x.T @ delta1', '"W1": self.a2.T @ delta3'),
                     "The gradients of W1 and W3 stand under each other's name.", "W1 and W3 exchanged"),
    backward_mistake("writes_prediction", DELTA3, "prediction -= label\n    delta3 = prediction / len(label)",
                     "prediction is changed in place, and it belongs to the caller.", "writes into prediction",
                     "backward_side_effects"),
    backward_mistake("writes_label", DELTA3, "label *= -1\n    label += prediction\n    delta3 = label / len(label)",
                     "label is changed in place: after one epoch the training data are gone.", "writes into label",
                     "backward_side_effects"),
]  # fmt: skip


BACKWARD_OF_ITS_OWN_PREDICTION = wheat_edit(
    "prediction_kept_by_forward", NET, ('return self.a2 @ p["W3"] + p["b3"]', "d_mse_loss(prediction, label)"),
    ('self.prediction = self.a2 @ p["W3"] + p["b3"]\n        return self.prediction.copy()',
     "d_mse_loss(self.prediction, label)"),
)  # fmt: skip


@chaff(BACKWARD, "backward_side_effects",
       "What forward kept is written over in the first call, so that the second goes on with other numbers: put the "
       "slopes into new arrays.")  # fmt: skip
def backward_writes_slopes_over_activations(self, prediction, label):
    """slopes written over the activations"""
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


@chaff(BACKWARD, "backward_side_effects",
       "A second backward after one forward cannot run: what forward kept must stay.")  # fmt: skip
def backward_clears_the_cache(self, prediction, label):
    """what forward kept is thrown away"""
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


@chaff(BACKWARD, ("backward_side_effects", "backward_value"), MOVES)
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


MOVING_BACKWARDS = [
    backward_mistake("updates_the_top", DELTA2,
                     'p["W3"] -= 0.1 * self.a2.T @ delta3\n    p["b3"] -= 0.1 * delta3.sum(axis=0, keepdims=True)\n'
                     f"    {DELTA2}", MOVES, "top layer updated in backward",
                     ("backward_side_effects", "backward_value")),
    backward_mistake("updates_top_weights", DELTA2, f'p["W3"] -= 0.1 * self.a2.T @ delta3\n    {DELTA2}',
                     MOVES, "W3 updated in backward", ("backward_side_effects", "backward_value")),
    backward_mistake("updates_two_layers", (DELTA2, DELTA1),
                     (f'p["W3"] -= 0.1 * self.a2.T @ delta3\n    {DELTA2}',
                      f'p["W2"] -= 0.1 * self.a1.T @ delta2\n    {DELTA1}'),
                     MOVES, "W3 and W2 updated in backward", ("backward_side_effects", "backward_value")),
    backward_mistake("updates_the_weights", (DELTA2, DELTA1, "return {"),
                     (f'p["W3"] -= 0.1 * self.a2.T @ delta3\n    {DELTA2}',
                      f'p["W2"] -= 0.1 * self.a1.T @ delta2\n    {DELTA1}',
                      'p["W1"] -= 0.1 * self.x.T @ delta1\n    return {'),
                     MOVES, "all weights updated in backward", ("backward_side_effects", "backward_value")),
]  # fmt: skip


@chaff(BACKWARD, ("backward_side_effects", "backward_last_forward"),
       "The second call remembers the first: start from zero in each call.")  # fmt: skip
def backward_accumulates(self, prediction, label):
    """gradients of earlier calls are added"""
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


@chaff(BACKWARD, "backward_side_effects", "Your code returns its own buffers, so that the next call changes an earlier "
       "result; it should return new arrays each time.")  # fmt: skip
def backward_in_buffers(self, prediction, label):
    """the same buffers returned in every call"""
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


@chaff(BACKWARD, "backward_last_forward",
       "backward goes on with old parameters: take them from self.parameters in every call.")  # fmt: skip
def backward_copies_parameters(self, prediction, label):
    """parameters copied at the first backward"""
    if np.shape(prediction) != np.shape(label):
        raise ValueError("shapes")
    if not hasattr(self, "copies"):
        self.copies = {name: array.copy() for name, array in self.parameters.items()}
    gradients, delta = {}, d_mse_loss(prediction, label) / len(label)
    for layer, inputs in ((3, self.a2), (2, self.a1), (1, self.x)):
        gradients[f"W{layer}"], gradients[f"b{layer}"] = inputs.T @ delta, delta.sum(axis=0, keepdims=True)
        delta = delta @ self.copies[f"W{layer}"].T * d_sigmoid(inputs)
    return gradients


@chaff(BACKWARD, "backward_side_effects",
       "Labels (n,) against predictions (n, 1) make an n by n table: other shapes must raise.")  # fmt: skip
def backward_without_guard(self, prediction, label):
    """no guard against shapes that differ"""
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


def update_mistake(name, new, hint, about, fails="update_value"):
    return chaff_edit(f"update_{name}", UPDATE, STEP, new, fails, hint, about)


MISTAKES_IN_UPDATE = [
    update_mistake("rebinds", "self.parameters[name] = self.parameters[name] - lr * gradient", REBOUND,
                   "new arrays in parameters", "update_in_place"),
    update_mistake("ascends", "self.parameters[name] += lr * gradient",
                   "The loss climbs: step against the gradient, with a minus.", "ascent instead of descent"),
    update_mistake("without_rate", "self.parameters[name] -= gradient",
                   "The learning rate is not used: each step is as long as the whole gradient.",
                   "learning rate ignored"),
    update_mistake("fixed_rate", "self.parameters[name] -= 0.1 * gradient",
                   "The step is .1 times the gradient whatever lr is.", "fixed learning rate"),
    update_mistake("squared_rate", "self.parameters[name] -= lr * lr * gradient",
                   "The learning rate is multiplied in twice.", "learning rate twice"),
    update_mistake("divides_by_rate", "self.parameters[name] -= gradient / lr",
                   "The gradient is multiplied by the learning rate, not divided.", "division by the learning rate"),
    update_mistake("weight_for_gradient", "self.parameters[name] -= lr * self.parameters[name]",
                   "Your code takes the parameter where the gradient belongs; it should step by lr times the gradient.",
                   "w for dw"),
    update_mistake("published", "self.parameters[name].flat[:] = np.linspace(-1, 1, gradient.size)",
                   "Your code sets the parameters to numbers of its own; it should compute them, from the gradients.",
                   "published weights"),
    update_mistake("assigns", "self.parameters[name][...] = -lr * gradient",
                   "The step is taken from the present value; here the value is replaced by the step.",
                   "assignment instead of step"),
    update_mistake("only_weights", "self.parameters[name] -= lr * gradient * (name[0] == 'W')",
                   "Only the weights move; the biases have gradients too.", "biases not updated"),
    update_mistake("only_biases", "self.parameters[name] -= lr * gradient * (name[0] == 'b')",
                   "Only the biases move; the weights have gradients too.", "weights not updated"),
    update_mistake("not_the_first_layer", "self.parameters[name] -= lr * gradient * (name[1] != '1')",
                   "The first layer does not move; it has gradients too.", "first layer not updated"),
    update_mistake("not_the_last_layer", "self.parameters[name] -= lr * gradient * (name[1] != '3')",
                   "The last layer does not move; it has gradients too.", "last layer not updated"),
    update_mistake("sign_only", "self.parameters[name] -= lr * np.sign(gradient)",
                   "The step is the learning rate times the gradient, not its sign only.", "sign step"),
    update_mistake("clips", "self.parameters[name] -= lr * np.clip(gradient, -1, 1)",
                   "The gradient is clipped: large slopes make large steps here.", "clipped to 1"),
    update_mistake("normalises", "self.parameters[name] -= lr * gradient / np.linalg.norm(gradient)",
                   "The gradient is divided by its length: steep and flat would make the same step.",
                   "normalised gradient"),
    update_mistake("averages", "self.parameters[name] -= lr * gradient.mean()",
                   "Each entry has its own slope; here all of an array move by their mean.", "mean of the gradient"),
    update_mistake("divides_by_size", "self.parameters[name] -= lr * gradient / len(gradient)",
                   "The gradient is a mean over the batch already, and len of it is no number of samples.",
                   "divided by the gradient's length"),
    update_mistake("scales_gradients", "gradient *= lr\n        self.parameters[name] -= gradient",
                   "The gradients are changed in place, and they belong to the caller.", "writes into the gradients",
                   "update_in_place"),
    update_mistake("decays", "self.parameters[name] -= lr * (gradient + 0.01 * self.parameters[name])",
                   "The weights shrink on their own: weight decay is not asked for.", "weight decay"),
]  # fmt: skip


@chaff(UPDATE, ("update_value", "update_in_place"),
       "Nothing has moved: the step is taken from a copy, or from a number that is thrown away.")  # fmt: skip
def update_of_a_copy(self, gradients, lr):
    """moves copies of the parameters"""
    for name, gradient in gradients.items():
        parameter = self.parameters[name]
        parameter = parameter - lr * gradient


@chaff(UPDATE, "update_in_place", REBOUND)
def update_makes_a_new_dict(self, gradients, lr):
    """a new dict of new arrays"""
    self.parameters = {name: array - lr * gradients[name] for name, array in self.parameters.items()}


@chaff(UPDATE, "update_value",
       "The second step remembers the first gradient: plain gradient descent has no momentum.")  # fmt: skip
def update_with_momentum(self, gradients, lr):
    """momentum"""
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

MISTAKES_IN_ANSWERS = [
    chaff_edit("epochs_from_zero", "epochs_to_06", "return 94", "return 93", "epochs_to_06",
               "Look at how the epochs are counted: the first entry of train_losses belongs to epoch 1.",
               "counted from 0"),
    chaff_edit("epochs_after", "epochs_to_06", "return 94", "return 95", "epochs_to_06",
               "One too late: the first epoch counts whose own loss is below .06.", "counted one too far"),
    chaff_edit("epochs_rounded", "epochs_to_06", "return 94", "return 66", "epochs_to_06",
               "Compare the loss itself with .06, not a rounded one.", "rounded to two decimals"),
    chaff_edit("epochs_all", "epochs_to_06", "return 94", "return 200", "epochs_to_06",
               "That is the number of epochs that were run; the first one below .06 comes earlier.", "last epoch"),
    chaff_edit("rate_largest", "best_full_batch_rate", "return 0.5", "return 2.0", "best_full_batch_rate",
               "Larger is better up to a point only; look at the loss that this rate ends with.", "largest rate"),
    chaff_edit("rate_too_large", "best_full_batch_rate", "return 0.5", "return 1.0", "best_full_batch_rate",
               "This rate falls fast at first; the loss of the last epoch is asked for.", "rate 1"),
    chaff_edit("rate_smaller", "best_full_batch_rate", "return 0.5", "return 0.2", "best_full_batch_rate",
               "Near, but not the lowest: print the last losses with some more digits.", "rate .2"),
    chaff_edit("rate_smallest", "best_full_batch_rate", "return 0.5", "return 0.1", "best_full_batch_rate",
               "That is the rate of the runs before; with the whole batch it is the slowest.", "rate .1"),
]  # fmt: skip

RIGHT_ANSWERS = [
    wheat_edit("epochs_of_numpy", "epochs_to_06", "return 94", "return np.int64(94)"),
    wheat_edit("epochs_counted", "epochs_to_06", "return 94", "return 1 + 93"),
    wheat_edit("epochs_found", "epochs_to_06", "return 94", "return int(np.argmax(np.arange(1, 201) > 93)) + 1"),
    wheat_edit("rate_of_numpy", "best_full_batch_rate", "return 0.5", "return np.float64(0.5)"),
    wheat_edit("rate_picked", "best_full_batch_rate", "return 0.5", "return (0.1, 0.2, 0.5, 1.0, 2.0)[2]"),
    wheat_edit("rate_halved", "best_full_batch_rate", "return 0.5", "return 1 / 2"),
]
