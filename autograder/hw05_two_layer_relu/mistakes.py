"""Known mistakes and right variants of hw05_two_layer_relu."""
# ruff: noqa: F821 (the functions are compiled in the notebook's namespace)

import numpy as np

from gradbook.homework import chaff, chaff_edit, suspect, wheat, wheat_edit

NET = "TwoLayerNet"
FORWARD, LOSS, BACKWARD, UPDATE = (f"{NET}.{name}" for name in ("forward", "loss", "backward", "update"))

ORDER = "the two arguments may be given in either order"
EQUIVALENT = {
    "TwoLayerNet.forward: np.maximum(x @ self.w1, 0) -> np.maximum(0, x @ self.w1)": ORDER,
    "TwoLayerNet.loss: require_equal_shapes(y_prediction, y) -> require_equal_shapes(y, y_prediction)": ORDER,
    "TwoLayerNet.loss: y_prediction - y -> y - y_prediction": "the square does not see the sign",
    "TwoLayerNet.backward: require_equal_shapes(y_prediction, y) -> require_equal_shapes(y, y_prediction)": ORDER,
}

# ---------------------------------------------------------------- forward

RELU = "np.maximum(x @ self.w1, 0)"
KEEP = f"self.x = x\n    self.hidden = {RELU}"
OUTPUT = "return self.hidden @ self.w2"
MISTAKES_IN_FORWARD = [
    chaff_edit("forward_without_relu", FORWARD, RELU, "x @ self.w1", "forward_value",
               "The ReLU is missing: negative hidden values must become 0.", "no ReLU"),
    chaff_edit("forward_absolute", FORWARD, RELU, "np.abs(x @ self.w1)", "forward_value",
               "The ReLU does not turn negative values around: it makes them 0.", "absolute value for ReLU"),
    chaff_edit("forward_minimum", FORWARD, RELU, "np.minimum(x @ self.w1, 0)", "forward_value",
               "That keeps the negative hidden values; the ReLU keeps the positive ones.", "minimum for maximum"),
    chaff_edit("forward_vectorized", FORWARD, RELU, "np.vectorize(lambda z: z if z > 0 else 0)(x @ self.w1)",
               "forward_value",
               "Your code uses np.vectorize, which takes the type of the first result for all: a whole 0 cuts the "
               "others off; it should give floats in each case, as with 0.0.", "np.vectorize cuts to whole numbers"),
    chaff_edit("forward_leaky", FORWARD, RELU, "np.where(x @ self.w1 > 0, 1, 0.01) * (x @ self.w1)", "forward_value",
               "That is a leaky ReLU; this one makes negative values exactly 0.", "leaky ReLU"),
    chaff_edit("forward_sigmoid", FORWARD, RELU, "1 / (1 + np.exp(-(x @ self.w1)))", "forward_value",
               "The hidden layer has a ReLU, not a sigmoid.", "sigmoid for ReLU"),
    chaff_edit("forward_tanh", FORWARD, RELU, "np.tanh(x @ self.w1)", "forward_value",
               "The hidden layer has a ReLU, not a tanh.", "tanh for ReLU"),
    chaff_edit("forward_step", FORWARD, RELU, "(x @ self.w1 > 0) * 1.0", "forward_value",
               "That is the slope of the ReLU, 0 or 1; forward needs its value.", "step function for ReLU"),
    chaff_edit("forward_clipped", FORWARD, RELU, "np.clip(x @ self.w1, 0, 1)", "forward_value",
               "The ReLU has no upper end: large hidden values stay as they are.", "ReLU clipped at 1"),
    chaff_edit("forward_at_least_one", FORWARD, RELU, "np.maximum(x @ self.w1, 1)", "forward_value",
               "The ReLU compares with 0; here it is 1.", "maximum with 1"),
    chaff_edit("forward_relu_of_x", FORWARD, RELU, "np.maximum(x, 0) @ self.w1", "forward_value",
               "The ReLU belongs to x w1, not to x.", "ReLU on the input"),
    chaff_edit("forward_relu_at_the_end", FORWARD, (RELU, "self.hidden @ self.w2"),
               ("x @ self.w1", "np.maximum(self.hidden @ self.w2, 0)"), "forward_value",
               "The ReLU stands between the layers, not after the second: predictions may be negative.",
               "ReLU after the second layer only"),
    chaff_edit("forward_relu_by_rows", FORWARD, RELU,
               "(x @ self.w1) * ((x @ self.w1).sum(axis=1, keepdims=True) > 0)", "forward_value",
               "Whole rows are set to 0 or kept; the ReLU looks at each hidden value by itself.",
               "ReLU for whole rows"),
    chaff_edit("forward_relu_by_columns", FORWARD, RELU,
               "(x @ self.w1) * ((x @ self.w1).sum(axis=0) > 0)", "forward_value",
               "Whole columns are set to 0 or kept; the ReLU looks at each hidden value by itself.",
               "ReLU for whole columns"),
    chaff_edit("forward_two_relus", FORWARD, "self.hidden @ self.w2", "np.maximum(self.hidden @ self.w2, 0)",
               "forward_value", "The second layer has no ReLU: predictions may be negative.", "ReLU after both layers"),
    chaff_edit("forward_softmax", FORWARD, OUTPUT,
               "e = np.exp(self.hidden @ self.w2)\n    return e / e.sum(axis=1, keepdims=True)", "forward_value",
               "The second layer is linear: no softmax stands after it.", "softmax at the end"),
    chaff_edit("forward_bias", FORWARD, RELU, "np.maximum(x @ self.w1 + 1, 0)", "forward_value",
               "This network has no bias: nothing is added to x w1.", "a bias of 1"),
    chaff_edit("forward_scaled", FORWARD, OUTPUT, "return self.hidden @ self.w2 / len(x)", "forward_value",
               "Nothing is divided by the number of rows in forward.", "divided by the batch size"),
    chaff_edit("forward_squeezed", FORWARD, OUTPUT, "return (self.hidden @ self.w2).squeeze()", "forward_value",
               "The prediction always has two dimensions, (n, d_out), also for a single row or column.",
               "dimensions of size 1 dropped"),
    chaff_edit("forward_centres_x", FORWARD, KEEP, "x -= x.mean(axis=0)\n    " + KEEP,
               ("forward_value", "forward_side_effects"), "x is changed before it is used; take it as it comes.",
               "x centred, in place"),
]  # fmt: skip


@chaff(FORWARD, "forward_side_effects", "x is changed in place, and with it the caller's array.")
def forward_writes_x(self, x):
    """x overwritten after it was used"""
    self.x = x.copy()
    self.hidden = np.maximum(x @ self.w1, 0)
    x[...] = np.maximum(x, 0)
    return self.hidden @ self.w2


@chaff(FORWARD, "forward_side_effects", "forward changes the weights in place, and moving them is the work of update.")
def forward_shrinks_weights(self, x):
    """weights shrunk after the pass"""
    self.x = x
    self.hidden = np.maximum(x @ self.w1, 0)
    y_prediction = self.hidden @ self.w2
    self.w1 *= 1 - 1e-6
    return y_prediction


@chaff(FORWARD, "forward_side_effects",
       "forward works with weights of an earlier time. Read w1 and w2 again in every call.")  # fmt: skip
def forward_keeps_weights(self, x):
    """weights of the first call kept"""
    if not hasattr(self, "kept"):
        self.kept = self.w1.copy(), self.w2.copy()
    self.x = x
    self.hidden = np.maximum(x @ self.kept[0], 0)
    return self.hidden @ self.kept[1]


@chaff(FORWARD, "forward_side_effects", "The second call returns the result of the first: compute anew for every x.")
def forward_remembers(self, x):
    """result of the first call returned again"""
    if not hasattr(self, "hidden"):
        self.x = x
        self.hidden = np.maximum(x @ self.w1, 0)
    return self.hidden @ self.w2


@wheat(FORWARD)
def forward_mask(self, x):
    z = np.dot(x, self.w1)
    self.x, self.hidden = x, z * (z > 0)
    return np.dot(self.hidden, self.w2)


@wheat(FORWARD)
def forward_loops(self, x):
    self.x, self.hidden = np.array(x), np.zeros((len(x), self.w1.shape[1]))
    y = np.zeros((len(x), self.w2.shape[1]))
    for j in range(self.w1.shape[1]):
        z = sum(x[:, i] * self.w1[i, j] for i in range(x.shape[1]))
        self.hidden[:, j] = [number if number > 0 else 0.0 for number in z]
        for k in range(self.w2.shape[1]):
            y[:, k] += self.hidden[:, j] * self.w2[j, k]
    return y


@wheat(FORWARD)
def forward_einsum(self, x):
    def relu(z):
        return (z + np.abs(z)) / 2

    self.x = x.copy()
    self.hidden = relu(np.einsum("ni,ij->nj", x, self.w1))
    self.y_prediction = np.einsum("nj,jk->nk", self.hidden, self.w2)
    return self.y_prediction


@wheat(FORWARD)
def forward_in_place(self, x):
    self.x = x
    self.hidden = x.dot(self.w1)
    self.hidden[self.hidden < 0] = 0
    return self.hidden.dot(self.w2)


@wheat(FORWARD)
def forward_rows(self, x):
    self.x = x
    self.hidden = np.array([np.clip(self.w1.T @ row, 0, None) for row in x])
    return [[float(v) for v in self.w2.T @ row] for row in self.hidden]


# ---------------------------------------------------------------- loss

SUM = "np.sum((y_prediction - y) ** 2)"
GUARD = "require_equal_shapes(y_prediction, y)"
MISTAKES_IN_THE_LOSS = [
    chaff_edit("loss_mean", LOSS, SUM, "np.mean((y_prediction - y) ** 2)", "loss_value",
               "That is the mean of the squares; this loss is their sum.", "mean for sum"),
    chaff_edit("loss_mean_over_rows", LOSS, SUM, SUM + " / len(y)", "loss_value",
               "Divided by the number of rows; this loss is the sum over all of them.", "mean over the rows"),
    chaff_edit("loss_half", LOSS, SUM, "0.5 * " + SUM, "loss_value",
               "Half the sum of the squares. This loss has no one half.", "an extra one half"),
    chaff_edit("loss_root", LOSS, SUM, "np.sqrt(" + SUM + ")", "loss_value",
               "That is the root of the sum of squares; leave the root out.", "root of the sum"),
    chaff_edit("loss_absolute", LOSS, SUM, "np.sum(np.abs(y_prediction - y))", "loss_value",
               "The differences are not squared: that is the sum of their absolute values.", "absolute error"),
    chaff_edit("loss_signed", LOSS, SUM, "np.sum(y_prediction - y)", "loss_value",
               "The differences are not squared, so that they cancel.", "square missing"),
    chaff_edit("loss_square_of_sum", LOSS, SUM, "np.sum(y_prediction - y) ** 2", "loss_value",
               "Square each difference first, then add.", "square of the sum"),
    chaff_edit("loss_square_of_row_sums", LOSS, SUM, "np.sum(np.sum(y_prediction - y, axis=1) ** 2)", "loss_value",
               "The differences of a row are added first and then squared; square each of them, then add.",
               "square of each row's sum"),
    chaff_edit("loss_square_of_column_sums", LOSS, SUM, "np.sum(np.sum(y_prediction - y, axis=0) ** 2)", "loss_value",
               "The differences of a column are added first and then squared; square each of them, then add.",
               "square of each column's sum"),
    chaff_edit("loss_mean_over_columns", LOSS, SUM, SUM + " / y.shape[1]", "loss_value",
               "Divided by the number of columns; this loss is the sum over all of them.", "mean over the columns"),
    chaff_edit("loss_of_squares", LOSS, SUM, "np.sum(y_prediction ** 2 - y ** 2)", "loss_value",
               "Take the difference first, then square it.", "difference of squares"),
    chaff_edit("loss_plus", LOSS, SUM, "np.sum((y_prediction + y) ** 2)", "loss_value",
               "The error is a difference; here the two are added.", "sum of prediction and target"),
    chaff_edit("loss_first_column", LOSS, SUM, "np.sum((y_prediction[:, 0] - y[:, 0]) ** 2)", "loss_value",
               "Only the first column is used; every output counts.", "one column only"),
    chaff_edit("loss_array", LOSS, "float(" + SUM + ")", "(y_prediction - y) ** 2", "loss_value",
               "That is one square for each output; the loss is one number, their sum.", "sum missing"),
    chaff_edit("loss_per_row", LOSS, "float(" + SUM + ")", "np.sum((y_prediction - y) ** 2, axis=1)", "loss_value",
               "That is one number for each row; the loss is the sum over rows and columns.", "sum over columns only"),
    chaff_edit("loss_per_column", LOSS, "float(" + SUM + ")", "sum((y_prediction - y) ** 2)", "loss_value",
               "Python's sum adds the rows only; use np.sum, which adds all numbers.", "sum over rows only"),
    chaff_edit("loss_writes", LOSS, "return float(" + SUM + ")",
               "y_prediction -= y\n    return float(np.sum(y_prediction ** 2))", "loss_value",
               "The prediction is changed in place: `y_prediction -= y` writes into the array that backward gets next.",
               "prediction overwritten"),
    chaff_edit("loss_squares_in_place", LOSS, "return float(" + SUM + ")",
               "y_prediction -= y\n    y_prediction **= 2\n    return float(y_prediction.sum())", "loss_value",
               "The prediction is changed in place: `y_prediction -= y` writes into the array that backward gets next.",
               "prediction overwritten"),
    chaff_edit("loss_invented", LOSS, SUM, "6.947019e-05", "loss_value",
               "Your code returns a loss that the notebook shows; it should compute it, from prediction and target.",
               "an invented loss"),
    chaff_edit("loss_without_guard", LOSS, GUARD, "pass", "loss_shapes",
               "Shapes that differ must raise: otherwise (n,) and (n, 1) make an n by n table. "
               "Call require_equal_shapes.", "no guard against shapes that differ"),
    chaff_edit("loss_guards_rows", LOSS, GUARD,
               'if len(y_prediction) != np.size(y) and len(y_prediction) != len(y):\n        raise ValueError("rows")',
               "loss_shapes", "Compare the shapes, not the lengths: (n, 1) and (n,) have the same length.",
               "the guard compares lengths"),
    chaff_edit("loss_guards_size", LOSS, GUARD,
               'if np.size(y_prediction) != np.size(y):\n        raise ValueError("sizes")\n'
               "    y = np.reshape(y, y_prediction.shape)",
               "loss_shapes", "Compare the shapes, not the number of entries: (n, 1) and (n,) have as many.",
               "the guard compares sizes, or the target is reshaped"),
]  # fmt: skip


@wheat(LOSS)
def loss_loop(self, y_prediction, y):
    if np.shape(y_prediction) != np.shape(y):
        raise AssertionError("shapes")
    total = 0.0
    for row, wanted in zip(y_prediction, y):
        for p, t in zip(row, wanted):
            total += (t - p) ** 2
    return total


@wheat(LOSS)
def loss_dot(self, y_prediction, y):
    assert y_prediction.shape == y.shape
    error = (y - y_prediction).ravel()
    return error @ error


@wheat(LOSS)
def loss_norm(self, y_prediction, y):
    require_equal_shapes(y_prediction, y)
    return np.linalg.norm(y_prediction - y) ** 2


@wheat(LOSS)
def loss_mean_times_size(self, y_prediction, y):
    require_equal_shapes(y, y_prediction)
    return np.square(np.subtract(y_prediction, y)).mean() * np.size(y)


# ---------------------------------------------------------------- backward

ERROR = "grad_y = 2 * (y_prediction - y)"
DOWN = "grad_y @ self.w2.T"
MASK = " * (self.hidden > 0)"
RETURN = "return self.x.T @ grad_hidden, self.hidden.T @ grad_y"
NO_MASK = (
    "The slope of the ReLU is missing: w2 is right, w1 is not. Look at a row with a negative hidden value before the "
    "ReLU: nothing may pass down there."
)
WRONG_MASK = (
    "The mask comes from the error that comes down, whose sign means something else. It belongs to the number that "
    "went through the ReLU on the way up."
)
MASK_FOR_HIDDEN = (
    "The gradient of w2 takes the hidden values; here the mask stands in their place, or was written over them."
)
MISTAKES_IN_BACKWARD = [
    chaff_edit("backward_without_mask", BACKWARD, MASK, "", ("backward_value"), NO_MASK,
               "no ReLU derivative, or one that lets everything pass"),
    chaff_edit("backward_mask_of_zeros", BACKWARD, "self.hidden > 0", "self.hidden >= 0",
               ("backward_value"), NO_MASK, "no ReLU derivative, or one that lets everything pass"),
    chaff_edit("backward_mask_of_error", BACKWARD, "self.hidden > 0", DOWN + " > 0", "backward_value", WRONG_MASK,
               "mask from the error that comes down"),
    chaff_edit("backward_relu_of_error", BACKWARD, f"{DOWN}{MASK}", f"np.maximum({DOWN}, 0)", "backward_value",
               WRONG_MASK, "ReLU applied to the error"),
    chaff_edit("backward_inverted_mask", BACKWARD, "self.hidden > 0", "self.hidden <= 0", "backward_value",
               "The mask is the wrong way round: the error passes where the hidden value is positive.",
               "mask inverted"),
    chaff_edit("backward_value_for_mask", BACKWARD, "self.hidden > 0", "self.hidden", "backward_value",
               "The error is multiplied by the hidden value itself; the slope of the ReLU is 1 or 0.",
               "value of the ReLU for its derivative"),
    chaff_edit("backward_mask_of_prediction", BACKWARD, f"{DOWN}{MASK}", "grad_y * (y_prediction > 0) @ self.w2.T",
               "backward_value",
               "The mask comes from the prediction. It belongs to the hidden layer, where the ReLU is.",
               "mask from the prediction"),
    chaff_edit("backward_mask_of_prediction_in_both", BACKWARD, (ERROR, MASK), (ERROR + " * (y_prediction > 0)", ""),
               "backward_value",
               "The mask comes from the prediction, which passes no ReLU. It belongs to the hidden layer.",
               "mask from the prediction, in both gradients"),
    chaff_edit("backward_mask_of_prediction_too", BACKWARD, ERROR, ERROR + " * (y_prediction > 0)", "backward_value",
               "The error of the prediction is masked as well; only the hidden values pass a ReLU.",
               "a mask on the prediction too"),
    chaff_edit("backward_mask_of_both", BACKWARD, f"{DOWN}{MASK}", f"np.maximum({DOWN}, 0){MASK}", "backward_value",
               "Only positive errors pass down here. The mask asks for the hidden value alone.",
               "mask from the error and the hidden value"),
    chaff_edit("backward_mask_of_w1", BACKWARD, (MASK, "self.x.T @ grad_hidden"),
               ("", "self.x.T @ grad_hidden * (self.w1 > 0)"), "backward_value",
               "The mask comes from w1. It belongs to the hidden values, one for each row.", "mask from w1"),
    chaff_edit("backward_mask_of_first_row", BACKWARD, "(self.hidden > 0)", "(self.hidden[0] > 0)", "backward_value",
               "The mask of the first row is used for all rows; each row has its own.", "mask of the first row"),
    chaff_edit("backward_mask_of_units", BACKWARD, "(self.hidden > 0)", "(self.hidden.sum(axis=0) > 0)",
               "backward_value",
               "Your code masks whole hidden units, those that are 0 in all rows; it should mask entry by entry, each "
               "row by itself.", "mask for whole units, on in any row"),
    chaff_edit("backward_mask_of_all_rows", BACKWARD, "(self.hidden > 0)", "(self.hidden > 0).all(axis=0)",
               "backward_value",
               "Your code masks a whole hidden unit as soon as it is 0 in one row; it should mask entry by entry, each "
               "row by itself.", "mask for whole units, on in all rows"),
    chaff_edit("backward_rounded", BACKWARD, RETURN,
               "return np.round(self.x.T @ grad_hidden, 4), np.round(self.hidden.T @ grad_y, 4)", "backward_value",
               "Your code rounds the gradient to four places; it should return all its digits.",
               "gradient rounded to four places"),
    chaff_edit("backward_mask_of_output_error", BACKWARD, f"{DOWN}{MASK}", "grad_y * (grad_y > 0) @ self.w2.T",
               "backward_value",
               "The mask comes from the error of the prediction. It belongs to the hidden layer, where the ReLU is.",
               "mask from the output's error"),
    chaff_edit("backward_mask_of_x", BACKWARD, (MASK, "self.x.T @"), ("", "(self.x * (self.x > 0)).T @"),
               "backward_value", "The mask comes from x. It belongs to the hidden values.", "mask from x"),
    chaff_edit("backward_mask_of_weights", BACKWARD, f"{DOWN}{MASK}", "grad_y @ (self.w2 * (self.w2 > 0)).T",
               "backward_value", "The mask comes from the weights. It belongs to the hidden values.",
               "mask from w2"),
    chaff_edit("backward_sigmoid_slope", BACKWARD, "(self.hidden > 0)", "self.hidden * (1 - self.hidden)",
               "backward_value", "That is the slope of a sigmoid; the ReLU's is 1 or 0.", "sigmoid's derivative"),
    chaff_edit("backward_half", BACKWARD, "2 * (y_prediction - y)", "y_prediction - y", "backward_value",
               "Half the expected slope. Differentiate the square again.", "factor 2 missing"),
    chaff_edit("backward_half_of_w1", BACKWARD, "self.x.T @ grad_hidden", "self.x.T @ grad_hidden / 2",
               "backward_value",
               "The gradient of w1 is half of what is expected: the factor 2 of the square belongs to both.",
               "factor 2 missing in w1"),
    chaff_edit("backward_half_of_w2", BACKWARD, "self.hidden.T @ grad_y", "self.hidden.T @ grad_y / 2",
               "backward_value",
               "The gradient of w2 is half of what is expected: the factor 2 of the square belongs to both.",
               "factor 2 missing in w2"),
    chaff_edit("backward_double", BACKWARD, "2 * (y_prediction - y)", "4 * (y_prediction - y)", "backward_value",
               "Twice the expected slope. The square gives one factor 2, not two.", "factor 2 twice"),
    chaff_edit("backward_double_w1", BACKWARD, "self.x.T @ grad_hidden", "2 * self.x.T @ grad_hidden", "backward_value",
               "The gradient of w1 is twice what is expected: the factor 2 comes in once, with the error.",
               "factor 2 twice in w1"),
    chaff_edit("backward_sign", BACKWARD, "(y_prediction - y)", "(y - y_prediction)", "backward_value",
               "Right size, wrong direction. The error is the prediction minus the target.", "minus sign lost"),
    chaff_edit("backward_mean", BACKWARD, "2 * (y_prediction - y)", "2 * (y_prediction - y) / len(y)", "backward_value",
               "Off by exactly the number of rows: the loss is a sum, so its gradient is a sum too.",
               "mean over the rows"),
    chaff_edit("backward_mean_of_all", BACKWARD, "2 * (y_prediction - y)", "2 * (y_prediction - y) / y.size",
               "backward_value",
               "Off by exactly the number of outputs, rows times columns: the loss is a sum, not a mean.",
               "mean over rows and columns"),
    chaff_edit("backward_without_error", BACKWARD, "2 * (y_prediction - y)", "np.ones_like(y)", "backward_value",
               "That is the slope of the summed predictions, not of the loss: the error is missing as a factor.",
               "derivative of the output only"),
    chaff_edit("backward_prediction_for_error", BACKWARD, "2 * (y_prediction - y)", "2 * y_prediction",
               "backward_value",
               "The error is the prediction minus the target; here the target is missing.", "target missing"),
    chaff_edit("backward_squared_error", BACKWARD, "2 * (y_prediction - y)", "(y_prediction - y) ** 2",
               "backward_value",
               "The error is squared here; the slope of the square is twice the error.", "loss passed down"),
    chaff_edit("backward_swapped", BACKWARD, RETURN, "return self.hidden.T @ grad_y, self.x.T @ grad_hidden",
               "backward_value", "The two gradients stand in each other's place: first the one of w1, then of w2.",
               "gradients swapped"),
    chaff_edit("backward_transposed", BACKWARD, RETURN, "return grad_hidden.T @ self.x, grad_y.T @ self.hidden",
               "backward_value", "Both gradients are transposed: each has the shape of its weight.",
               "gradients transposed"),
    chaff_edit("backward_reshapes_w2", BACKWARD, "self.w2.T", "self.w2.reshape(self.w2.shape[::-1])", "backward_value",
               "w2 is reshaped where it must be transposed: a reshape keeps the order of the numbers.",
               "reshape for transpose"),
    chaff_edit("backward_reshapes_w1_gradient", BACKWARD, "self.x.T @ grad_hidden",
               "(grad_hidden.T @ self.x).reshape(self.w1.shape)", "backward_value",
               "The gradient of w1 is reshaped where it must be transposed: right numbers, wrong places.",
               "gradient of w1 reshaped"),
    chaff_edit("backward_reshapes_w2_gradient", BACKWARD, "self.hidden.T @ grad_y",
               "(grad_y.T @ self.hidden).reshape(self.w2.shape)", "backward_value",
               "The gradient of w2 is reshaped where it must be transposed: right numbers, wrong places.",
               "gradient of w2 reshaped"),
    chaff_edit("backward_reshapes_x", BACKWARD, "self.x.T @", "self.x.reshape(self.x.shape[::-1]) @", "backward_value",
               "x is reshaped where it must be transposed: a reshape keeps the order of the numbers.",
               "reshape for transpose of x"),
    chaff_edit("backward_before_relu", BACKWARD, "self.hidden.T @", "(self.x @ self.w1).T @", "backward_value",
               "The gradient of w2 takes the hidden values after the ReLU; these are the ones before it.",
               "values before the ReLU in the gradient of w2"),
    chaff_edit("backward_mask_in_w2", BACKWARD, "self.hidden.T @", "(self.hidden > 0).T @", "backward_value",
               MASK_FOR_HIDDEN, "mask in the gradient of w2"),
    chaff_edit("backward_without_w2", BACKWARD, DOWN, "grad_y.sum(axis=1, keepdims=True)", "backward_value",
               "On its way down the error passes through w2; here w2 is missing.", "w2 missing"),
    chaff_edit("backward_first_row", BACKWARD, RETURN,
               "return self.x[:1].T @ grad_hidden[:1], self.hidden[:1].T @ grad_y[:1]", "backward_value",
               "Only the first row is used; every row pulls on the weights.", "one row only"),
    chaff_edit("backward_clips", BACKWARD, "2 * (y_prediction - y)", "np.clip(2 * (y_prediction - y), -1, 1)",
               "backward_value", "The gradient is cut off at 1; it is to be as long as it comes.", "gradient clipped"),
    chaff_edit("backward_normalised", BACKWARD, RETURN,
               "g1, g2 = self.x.T @ grad_hidden, self.hidden.T @ grad_y\n"
               "    return g1 / np.linalg.norm(g1), g2 / np.linalg.norm(g2)", "backward_value",
               "The gradients are scaled to length 1; their length counts too.", "gradients normalised"),
    chaff_edit("backward_of_w2_only", BACKWARD, RETURN, "return np.zeros_like(self.w1), self.hidden.T @ grad_y",
               "backward_value", "The gradient of w1 is 0 everywhere: pass the error down to the first layer too.",
               "w1 left out"),
    chaff_edit("backward_without_guard", BACKWARD, GUARD, "pass", "backward_shapes",
               "Shapes that differ must raise: otherwise (n,) and (n, 1) make an n by n table. "
               "Call require_equal_shapes.", "no guard against shapes that differ"),
    chaff_edit("backward_guards_rows", BACKWARD, GUARD,
               'if len(y_prediction) != np.size(y) and len(y_prediction) != len(y):\n        raise ValueError("rows")',
               "backward_shapes", "Compare the shapes, not the lengths: (n, 1) and (n,) have the same length.",
               "the guard compares lengths"),
    chaff_edit("backward_writes", BACKWARD, ERROR, "grad_y = y_prediction\n    grad_y -= y\n    grad_y *= 2",
               "backward_repeat", "The prediction is changed in place: `-=` writes into the caller's array.",
               "prediction overwritten"),
    chaff_edit("backward_writes_mask", BACKWARD, f"grad_hidden = {DOWN}{MASK}",
               f"self.hidden[self.hidden > 0] = 1\n    grad_hidden = {DOWN} * self.hidden",
               "backward_value", MASK_FOR_HIDDEN, "hidden values overwritten by the mask"),
    chaff_edit("backward_spends_the_mask", BACKWARD, RETURN,
               "gradients = self.x.T @ grad_hidden, self.hidden.T @ grad_y\n    self.hidden[:] = 0\n"
               "    return gradients",
               "backward_repeat", "The first call clears what forward kept, so that a second one finds nothing.",
               "what forward kept is cleared"),
    chaff_edit("backward_writes_mask_late", BACKWARD, (f"grad_hidden = {DOWN}{MASK}", RETURN),
               (f"grad_w2 = self.hidden.T @ grad_y\n    self.hidden[self.hidden > 0] = 1\n"
                f"    grad_hidden = {DOWN} * self.hidden", "return self.x.T @ grad_hidden, grad_w2"),
               "backward_repeat", "The mask is written over the hidden values that forward kept, so that a second call "
               "has none: make the mask a new array.", "hidden values overwritten by the mask, after their use"),
    *(chaff_edit(f"backward_moves_w2_first_by_{rate}", BACKWARD, (f"grad_hidden = {DOWN}{MASK}", RETURN),
                 (f"grad_w2 = self.hidden.T @ grad_y\n    w2 = self.w2 - {rate} * grad_w2\n"
                  f"    grad_hidden = grad_y @ w2.T{MASK}", "return self.x.T @ grad_hidden, grad_w2"),
                 "backward_value",
                 "w2 moves before the error is passed down, so that w1 sees the new w2. Both gradients belong to the "
                 "weights that made the prediction; moving them is the work of update.",
                 "w2 updated before the error is passed down") for rate in ("1e-5", "1e-4", "1e-3", ".01", ".1")),
]  # fmt: skip

MOVED = "The weights move in backward: it only tells the slope, and moving them is the work of update."
MOVED_FIRST = (
    "w2 moves before the error is passed down, so that w1 sees the new w2. Both gradients belong to the weights that "
    "made the prediction; moving them is the work of update."
)


@chaff(BACKWARD, ("backward_value", "backward_repeat"), MOVED_FIRST)
def backward_moves_w2_first(self, y_prediction, y):
    """w2 updated before the error is passed down"""
    require_equal_shapes(y_prediction, y)
    grad_y = 2 * (y_prediction - y)
    grad_w2 = self.hidden.T @ grad_y
    self.w2 -= 1e-6 * grad_w2
    return self.x.T @ (grad_y @ self.w2.T * (self.hidden > 0)), grad_w2


@chaff(BACKWARD, ("backward_value", "backward_repeat"), MOVED_FIRST)
def backward_moves_w2_first_far(self, y_prediction, y):
    """w2 updated before the error is passed down, with the rate of the small run"""
    require_equal_shapes(y_prediction, y)
    grad_y = 2 * (y_prediction - y)
    grad_w2 = self.hidden.T @ grad_y
    self.w2 -= 2e-4 * grad_w2
    return self.x.T @ (grad_y @ self.w2.T * (self.hidden > 0)), grad_w2


@chaff(BACKWARD, "backward_repeat", MOVED)
def backward_moves_weights(self, y_prediction, y):
    """weights changed in backward, after the gradients"""
    require_equal_shapes(y_prediction, y)
    grad_y = 2 * (y_prediction - y)
    grad_hidden = grad_y @ self.w2.T * (self.hidden > 0)
    grad_w1, grad_w2 = self.x.T @ grad_hidden, self.hidden.T @ grad_y
    self.w1 -= 1e-6 * grad_w1
    self.w2 -= 1e-6 * grad_w2
    return grad_w1, grad_w2


@chaff(BACKWARD, "backward_repeat", "Your code returns its own buffers, so that the next call changes an earlier "
       "result; it should return new arrays each time.")  # fmt: skip
def backward_in_buffers(self, y_prediction, y):
    """the same buffers returned in every call"""
    require_equal_shapes(y_prediction, y)
    if not hasattr(self, "grads"):
        self.grads = np.zeros_like(self.w1), np.zeros_like(self.w2)
    grad_y = 2 * (y_prediction - y)
    self.grads[0][:] = self.x.T @ (grad_y @ self.w2.T * (self.hidden > 0))
    self.grads[1][:] = self.hidden.T @ grad_y
    return self.grads


@chaff(BACKWARD, "backward_repeat", "The second call remembers the first: start from zero in each call.")
def backward_accumulates(self, y_prediction, y):
    """gradients of earlier calls are added"""
    require_equal_shapes(y_prediction, y)
    grad_y = 2 * (y_prediction - y)
    grad_hidden = grad_y @ self.w2.T * (self.hidden > 0)
    self.grad_w1 = getattr(self, "grad_w1", 0) + self.x.T @ grad_hidden
    self.grad_w2 = getattr(self, "grad_w2", 0) + self.hidden.T @ grad_y
    return self.grad_w1, self.grad_w2


@chaff(BACKWARD, "backward_latest", "A later forward is not seen: backward still uses what an earlier one kept.")
def backward_keeps_the_first(self, y_prediction, y):
    """values of the first forward kept"""
    require_equal_shapes(y_prediction, y)
    if len(getattr(self, "kept", [[]])[0]) != len(y):
        self.kept = self.x, self.hidden
    x, hidden = self.kept
    grad_y = 2 * (y_prediction - y)
    return x.T @ (grad_y @ self.w2.T * (hidden > 0)), hidden.T @ grad_y


@chaff(NET, "backward_latest", "Two networks share what forward keeps: keep it in self, not in the class or a global.")
class backward_shares_the_cache:
    """what forward keeps belongs to the class"""

    cache = dict(x=None, hidden=None)

    def __init__(self, w1, w2):
        self.w1 = np.array(w1, dtype=float)
        self.w2 = np.array(w2, dtype=float)

    def forward(self, x):
        self.cache["x"], self.cache["hidden"] = x, np.maximum(x @ self.w1, 0)
        return self.cache["hidden"] @ self.w2

    def loss(self, y_prediction, y):
        require_equal_shapes(y_prediction, y)
        return float(np.sum((y_prediction - y) ** 2))

    def backward(self, y_prediction, y):
        require_equal_shapes(y_prediction, y)
        grad_y = 2 * (y_prediction - y)
        grad_hidden = grad_y @ self.w2.T * (self.cache["hidden"] > 0)
        return self.cache["x"].T @ grad_hidden, self.cache["hidden"].T @ grad_y

    def update(self, grad_w1, grad_w2, lr):
        self.w1 -= lr * grad_w1
        self.w2 -= lr * grad_w2

    def train(self, x, y, lr, n_iter):
        losses = np.zeros(n_iter)
        for i in range(n_iter):
            y_prediction = self.forward(x)
            losses[i] = self.loss(y_prediction, y)
            self.update(*self.backward(y_prediction, y), lr)
        return losses


@suspect(BACKWARD)
def backward_by_differences(self, y_prediction, y):
    if np.shape(y_prediction) != np.shape(y):
        raise ValueError("shapes")

    def losses(moved_by):
        """With each weight moved; one of the first layer moves one column of the hidden values only."""
        z = self.x @ self.w1
        hidden = np.maximum(z, 0)
        error = hidden @ self.w2 - y
        of_w1, of_w2 = np.empty_like(self.w1), np.empty_like(self.w2)
        for j in range(len(self.w2)):
            more = np.maximum(z[:, [j]] + moved_by * self.x, 0) - hidden[:, [j]]
            of_w1[:, j] = np.sum((error + more.T[:, :, None] * self.w2[j]) ** 2, axis=(1, 2))
            for k in range(len(y[0])):
                of_w2[j, k] = np.sum(error**2) + np.sum((error[:, k] + moved_by * hidden[:, j]) ** 2 - error[:, k] ** 2)
        return of_w1, of_w2

    return tuple((up - down) / 2e-5 for up, down in zip(losses(1e-5), losses(-1e-5)))


@wheat(BACKWARD)
def backward_loops(self, y_prediction, y):
    assert np.shape(y_prediction) == np.shape(y)
    grad_w1, grad_w2 = np.zeros_like(self.w1), np.zeros_like(self.w2)
    for k in range(len(y[0])):
        g = 2 * (y_prediction[:, k] - y[:, k])
        for j in range(len(self.w2)):
            grad_w2[j, k] += self.hidden[:, j] @ g
            for n in np.flatnonzero(self.hidden[:, j] > 0):
                grad_w1[:, j] += self.x[n] * (g[n] * self.w2[j, k])
    return grad_w1, grad_w2


@wheat(BACKWARD)
def backward_einsum(self, y_prediction, y):
    if y_prediction.shape != y.shape:
        raise ValueError("the shapes differ")
    error = y_prediction - y
    slope = np.heaviside(self.x @ self.w1, 0.0)
    grad_w1 = 2 * np.einsum("ni,nk,jk,nj->ij", self.x, error, self.w2, slope)
    return [grad_w1, 2 * np.einsum("nj,nk->jk", self.hidden, error)]


@wheat(BACKWARD)
def backward_sums_of_rows(self, y_prediction, y):
    require_equal_shapes(y_prediction, y)
    grad_y = 2.0 * np.subtract(y_prediction, y)
    grad_w1 = sum(np.outer(x, (self.w2 @ g) * np.sign(a)) for x, g, a in zip(self.x, grad_y, self.hidden))
    grad_w2 = sum(np.outer(a, g) for a, g in zip(self.hidden, grad_y))
    return grad_w1, grad_w2


@wheat(BACKWARD)
def backward_in_place(self, y_prediction, y):
    require_equal_shapes(y_prediction, y)
    grad_y = y_prediction - y
    grad_y += grad_y
    grad_hidden = np.dot(grad_y, self.w2.T)
    grad_hidden[self.hidden <= 0] = 0
    self.grad_w1, self.grad_w2 = np.dot(self.x.T, grad_hidden), np.dot(self.hidden.T, grad_y)
    return self.grad_w1, self.grad_w2


@wheat(BACKWARD)
def backward_of_its_own_prediction(self, y_prediction, y):
    require_equal_shapes(y_prediction, y)
    z = self.x @ self.w1
    a = np.where(z > 0, z, 0)
    error = a @ self.w2 - y
    return self.x.T @ np.where(z > 0, 2 * error @ self.w2.T, 0), a.T @ error * 2


# ---------------------------------------------------------------- update

W1, W2 = "self.w1 -= lr * grad_w1", "self.w2 -= lr * grad_w2"
MISTAKES_IN_UPDATE = [
    chaff_edit("update_ascends", UPDATE, (W1, W2), (W1.replace("-=", "+="), W2.replace("-=", "+=")), "update_value",
               "The loss climbs: step against the gradient, with a minus.", "ascent instead of descent"),
    chaff_edit("update_without_rate", UPDATE, (W1, W2), ("self.w1 -= grad_w1", "self.w2 -= grad_w2"), "update_value",
               "The learning rate is not used: each step is as long as the whole gradient.", "learning rate ignored"),
    chaff_edit("update_without_rate_of_w1", UPDATE, W1, "self.w1 -= grad_w1", "update_value",
               "w1 moves by its whole gradient: the learning rate belongs to both.", "learning rate ignored for w1"),
    chaff_edit("update_without_rate_of_w2", UPDATE, W2, "self.w2 -= grad_w2", "update_value",
               "w2 moves by its whole gradient: the learning rate belongs to both.", "learning rate ignored for w2"),
    chaff_edit("update_weight_for_gradient", UPDATE, (W1, W2), ("self.w1 -= lr * self.w1", "self.w2 -= lr * self.w2"),
               "update_value", "Your code takes the weight where the gradient belongs; it should step by lr times the "
               "gradient.", "w for dw"),
    chaff_edit("update_published", UPDATE, (W1, W2), ("self.w1.flat[:] = np.linspace(-1, 1, self.w1.size)",
                                                      "self.w2.flat[:] = np.linspace(-1, 1, self.w2.size)"),
               "update_value", "Your code sets the weights to numbers of its own; it should compute them, from the "
               "gradients.", "published weights"),
    chaff_edit("update_ascends_w1", UPDATE, W1, W1.replace("-=", "+="), "update_value",
               "w1 climbs: both weights step against their gradients, with a minus.", "ascent of w1"),
    chaff_edit("update_ascends_w2", UPDATE, W2, W2.replace("-=", "+="), "update_value",
               "w2 climbs: both weights step against their gradients, with a minus.", "ascent of w2"),
    chaff_edit("update_rate_squared", UPDATE, (W1, W2), ("self.w1 -= lr * lr * grad_w1",
               "self.w2 -= lr * lr * grad_w2"),
               "update_value", "The learning rate comes in twice.", "learning rate twice"),
    chaff_edit("update_divides_by_rate", UPDATE, (W1, W2), ("self.w1 -= grad_w1 / lr", "self.w2 -= grad_w2 / lr"),
               "update_value", "Multiply by the learning rate; here the gradient is divided by it.",
               "divided by the learning rate"),
    chaff_edit("update_w1_only", UPDATE, W2, "pass", "update_value", "Only w1 moves; w2 has a gradient too.",
               "w2 not updated"),
    chaff_edit("update_w2_only", UPDATE, W1, "pass", "update_value", "Only w2 moves; w1 has a gradient too.",
               "w1 not updated"),
    chaff_edit("update_replaces", UPDATE, (W1, W2), ("self.w1 = -lr * grad_w1", "self.w2 = -lr * grad_w2"),
               "update_value", "The step is taken from the present weight; here the weight is replaced by the step.",
               "assignment instead of step"),
    chaff_edit("update_sign_only", UPDATE, (W1, W2),
               ("self.w1 -= lr * np.sign(grad_w1)", "self.w2 -= lr * np.sign(grad_w2)"), "update_value",
               "The step is the learning rate times the gradient, not its sign only.", "sign step"),
    chaff_edit("update_multiplies", UPDATE, (W1, W2), ("self.w1 *= 1 - lr * grad_w1", "self.w2 *= 1 - lr * grad_w2"),
               "update_value", "The step is subtracted from the weight; here the weight is multiplied.",
               "multiplicative step"),
    chaff_edit("update_halves", UPDATE, (W1, W2), ("self.w1 -= 0.5 * lr * grad_w1", "self.w2 -= 0.5 * lr * grad_w2"),
               "update_value", "Half the step: it is the learning rate times the gradient, without a one half.",
               "an extra one half"),
    chaff_edit("update_divides_by_rows", UPDATE, (W1, W2),
               ("self.w1 -= lr * grad_w1 / len(grad_w1)", "self.w2 -= lr * grad_w2 / len(grad_w2)"), "update_value",
               "The step is divided by the number of rows of the gradient; nothing is divided here.",
               "divided by a length"),
    chaff_edit("update_local", UPDATE, (W1, W2), ("w1 = self.w1 - lr * grad_w1", "w2 = self.w2 - lr * grad_w2"),
               ("update_value", "update_side_effects"),
               "Nothing moves: the new weights must be stored in self.w1 and self.w2.", "new weights not stored"),
    chaff_edit("update_returns", UPDATE, W1 + "\n    " + W2, "return self.w1 - lr * grad_w1, self.w2 - lr * grad_w2",
               ("update_value", "update_side_effects"),
               "Nothing moves: the new weights must be stored in self.w1 and self.w2.", "new weights only returned"),
    chaff_edit("update_decays", UPDATE, (W1, W2), ("self.w1 -= lr * (grad_w1 + self.w1)",
               "self.w2 -= lr * (grad_w2 + self.w2)"), "update_value",
               "The weights shrink on top of the step: there is no weight decay here.", "weight decay"),
    chaff_edit("update_writes_gradients", UPDATE, (W1, W2),
               ("grad_w1 *= lr\n    self.w1 -= grad_w1", "grad_w2 *= lr\n    self.w2 -= grad_w2"),
               "update_side_effects", "The gradients are changed in place: `*=` writes into the caller's arrays.",
               "gradients overwritten"),
    chaff_edit("init_without_copy", f"{NET}.__init__", ("np.array(w1, dtype=float)", "np.array(w2, dtype=float)"),
               ("np.asarray(w1, dtype=float)", "np.asarray(w2, dtype=float)"), "update_side_effects",
               "Training writes into the arrays that the net was made from: __init__ must copy them, as given.",
               "weights not copied"),
]  # fmt: skip


@chaff(UPDATE, "update_value", "Each step remembers the earlier ones: there is no momentum here.")
def update_momentum(self, grad_w1, grad_w2, lr):
    """earlier gradients added"""
    self.sum1 = 0.9 * getattr(self, "sum1", 0) + grad_w1
    self.sum2 = 0.9 * getattr(self, "sum2", 0) + grad_w2
    self.w1 -= lr * self.sum1
    self.w2 -= lr * self.sum2


@chaff(UPDATE, "update_value", "The second update starts again from the first weights: step from the present ones.")
def update_from_the_start(self, grad_w1, grad_w2, lr):
    """every step taken from the first weights"""
    if not hasattr(self, "start"):
        self.start = self.w1.copy(), self.w2.copy()
    self.w1 = self.start[0] - lr * grad_w1
    self.w2 = self.start[1] - lr * grad_w2


@wheat(UPDATE)
def update_rebinds(self, grad_w1, grad_w2, lr):
    self.w2 = self.w2 - lr * grad_w2
    self.w1 = self.w1 - lr * grad_w1


@wheat(UPDATE)
def update_loop(self, grad_w1, grad_w2, lr):
    for w, grad in ((self.w1, grad_w1), (self.w2, grad_w2)):
        for index in np.ndindex(w.shape):
            w[index] += -lr * grad[index]


@wheat(UPDATE)
def update_subtract(self, grad_w1, grad_w2, lr):
    np.subtract(self.w1, np.multiply(grad_w1, lr), out=self.w1)
    np.subtract(self.w2, np.multiply(grad_w2, lr), out=self.w2)
    return self.w1, self.w2


# ---------------------------------------------------------------- the whole class


BACKWARD_OF_ITS_OWN_PREDICTION = wheat_edit(
    "prediction_kept_by_forward", NET, ("return self.hidden @ self.w2", "2 * (y_prediction - y)"),
    ("self.prediction = self.hidden @ self.w2\n        return self.prediction.copy()", "2 * (self.prediction - y)"),
)  # fmt: skip


@wheat(NET)
class cache_and_helpers:
    def __init__(self, w1, w2):
        self.w1, self.w2 = np.array(w1, dtype=float), np.array(w2, dtype=float)
        self._cache = None

    @staticmethod
    def relu(z):
        return np.maximum(0.0, z)

    @staticmethod
    def slope(z):
        return (z > 0).astype(float)

    def forward(self, x):
        z = x @ self.w1
        a = self.relu(z)
        y_prediction = a @ self.w2
        self._cache = {"x": x, "z": z, "a": a}
        return y_prediction

    def error(self, y_prediction, y):
        require_equal_shapes(y_prediction, y)
        return y_prediction - y

    def loss(self, y_prediction, y):
        return (self.error(y_prediction, y) ** 2).sum()

    def backward(self, y_prediction, y):
        grad_y = 2 * self.error(y_prediction, y)
        x, z, a = (self._cache[name] for name in ("x", "z", "a"))
        grad_z = self.slope(z) * (grad_y @ self.w2.T)
        return x.T @ grad_z, a.T @ grad_y

    def update(self, grad_w1, grad_w2, lr):
        self.w1, self.w2 = self.w1 - lr * grad_w1, self.w2 - lr * grad_w2

    def train(self, x, y, lr, n_iter):
        losses = []
        for _ in range(n_iter):
            y_prediction = self.forward(x)
            losses.append(self.loss(y_prediction, y))
            self.update(*self.backward(y_prediction, y), lr)
        return np.array(losses)


# ---------------------------------------------------------------- questions

WRONG_ANSWERS = [
    chaff_edit("blocked_counts_the_others", "blocked_entries", "3226", "3174", "blocked_entries",
               "You counted the values that the ReLU lets through.", "values that pass counted"),
    chaff_edit("blocked_at_the_end", "blocked_entries", "3226", "3428", "blocked_entries",
               "Those are the blocked values after training: use w1 as it was drawn, not net.w1.",
               "weights after training"),
    chaff_edit("blocked_others_at_the_end", "blocked_entries", "3226", "2972", "blocked_entries",
               "You counted the values that pass, and after training: use w1 as it was drawn.",
               "values that pass, after training"),
    chaff_edit("blocked_predictions", "blocked_entries", "3226", "339", "blocked_entries",
               "You looked at the predictions: the ReLU is in the hidden layer.", "negative predictions counted"),
    chaff_edit("blocked_units", "blocked_entries", "3226", "0", "blocked_entries",
               "No unit is blocked for all rows, but the question is about the single values, 64 for each unit.",
               "units that are always off"),
    chaff_edit("blocked_share", "blocked_entries", "3226", "3226 / 6400", "blocked_entries",
               "That is the share of the values; the question asks for their number.", "share for number"),
    chaff_edit("seeds_first_step", "seeds_that_rise", "return 3", "return 2", "seeds_that_rise",
               "You looked at the first step only: a loss may rise above its start later.", "first step only"),
    chaff_edit("seeds_any_rise", "seeds_that_rise", "return 3", "return 5", "seeds_that_rise",
               "You counted every seed with a step up; the question is whether a loss rises above the first one.",
               "any step up counted"),
    chaff_edit("seeds_at_the_end", "seeds_that_rise", "return 3", "return 0", "seeds_that_rise",
               "Compare all of the 20 losses with the first, not only the last one.", "last loss only"),
    chaff_edit("seeds_that_fall", "seeds_that_rise", "return 3", "return 7", "seeds_that_rise",
               "You counted the seeds whose losses stay below the first.", "seeds that fall counted"),
    chaff_edit("final_of_the_right_net", "final_loss_without_mask", "9.9e-5", "6.9e-5", "final_loss_without_mask",
               "That is the last loss of the right network. The question is about the one whose backward has no mask.",
               "loss of the right network"),
    chaff_edit("final_continued", "final_loss_without_mask", "9.9e-5", "2.8e-12", "final_loss_without_mask",
               "This run went on from trained weights: make the net from w1 and w2 as they were drawn.",
               "started from trained weights"),
    chaff_edit("final_linear", "final_loss_without_mask", "9.9e-5", "2.5e-14", "final_loss_without_mask",
               "Here forward has lost its ReLU as well: only the mask in backward is to be left out.",
               "ReLU left out in forward too"),
    chaff_edit("final_mask_of_error", "final_loss_without_mask", "9.9e-5", "4.966", "final_loss_without_mask",
               "That is a mask from the wrong array: here there is to be none at all.", "mask from the error"),
    chaff_edit("final_of_another_seed", "final_loss_without_mask", "9.9e-5", "1.5554e-5", "final_loss_without_mask",
               "x, y, w1 and w2 were those of the last seed of section 7: draw them again, as in section 6.",
               "data of another seed"),
]  # fmt: skip


@wheat("blocked_entries")
def blocked_counted():
    np.random.seed(0)
    x, _, w1 = np.random.randn(64, 1000), np.random.randn(64, 10), np.random.randn(1000, 100)
    return np.sum(x @ w1 <= 0)


RIGHT_ANSWERS = [
    wheat_edit("blocked_difference", "blocked_entries", "3226", "6400 - 3174"),
    wheat_edit("blocked_float", "blocked_entries", "3226", "3226.0"),
    wheat_edit("seeds_counted", "seeds_that_rise", "return 3", "return len([1, 5, 7])"),
    wheat_edit("seeds_array", "seeds_that_rise", "return 3", "return np.int64(3)"),
    wheat_edit("seeds_summed", "seeds_that_rise", "return 3", "return sum(s in (1, 5, 7) for s in range(10))"),
    wheat_edit("final_all_digits", "final_loss_without_mask", "9.9e-5", "9.918046029707397e-05"),
    wheat_edit("final_three_digits", "final_loss_without_mask", "9.9e-5", "0.0000992"),
    wheat_edit("final_numpy", "final_loss_without_mask", "9.9e-5", "np.float64(9.918046e-05)"),
]  # fmt: skip
