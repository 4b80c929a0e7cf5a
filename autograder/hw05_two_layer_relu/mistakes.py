"""Known mistakes and right variants of hw05_two_layer_relu."""

from dataclasses import replace

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


@chaff_edit(FORWARD, "forward_value", RELU, "x @ self.w1", concept="definition")
def forward_without_relu():
    """no ReLU

    Your hidden layer has no ReLU; it should have one, which makes negative hidden values 0. See "1. The network".
    """


@chaff_edit(FORWARD, "forward_value", RELU, "np.abs(x @ self.w1)", concept="definition")
def forward_absolute():
    """absolute value for ReLU

    Your hidden layer turns negative values around, as abs does; it should make them 0, as a ReLU does. See "1. The
    network".
    """


@chaff_edit(FORWARD, "forward_value", RELU, "np.minimum(x @ self.w1, 0)", concept="definition")
def forward_minimum():
    """minimum for maximum

    Your hidden layer keeps the negative values; it should keep the positive ones and make the others 0. See "1. The
    network".
    """


@chaff_edit(
    FORWARD, "forward_value", RELU, "np.vectorize(lambda z: z if z > 0 else 0)(x @ self.w1)", concept="precision"
)
def forward_vectorized():
    """np.vectorize cuts to whole numbers

    Your code uses np.vectorize, where a first result of 0 makes all of them whole numbers; it should give floats in
    each case, as with 0.0.
    """


@chaff_edit(FORWARD, "forward_value", RELU, "np.where(x @ self.w1 > 0, 1, 0.01) * (x @ self.w1)", concept="definition")
def forward_leaky():
    """leaky ReLU

    Your hidden layer lets a part of the negative values through, as a leaky ReLU does; it should make them exactly 0.
    """


@chaff_edit(FORWARD, "forward_value", RELU, "1 / (1 + np.exp(-(x @ self.w1)))", concept="definition")
def forward_sigmoid():
    """sigmoid for ReLU

    Your hidden layer has a sigmoid; it should have a ReLU. See "1. The network".
    """


@chaff_edit(FORWARD, "forward_value", RELU, "np.tanh(x @ self.w1)", concept="definition")
def forward_tanh():
    """tanh for ReLU

    Your hidden layer has a tanh; it should have a ReLU. See "1. The network".
    """


@chaff_edit(FORWARD, "forward_value", RELU, "(x @ self.w1 > 0) * 1.0", concept="mask")
def forward_step():
    """step function for ReLU

    Your hidden layer gives the slope of the ReLU, 0 or 1; it should give its value. See "1. The network".
    """


@chaff_edit(FORWARD, "forward_value", RELU, "np.clip(x @ self.w1, 0, 1)", concept="definition")
def forward_clipped():
    """ReLU clipped at 1

    Your hidden layer cuts values off at 1; it should leave large values as they are: a ReLU has no upper end.
    """


@chaff_edit(FORWARD, "forward_value", RELU, "np.maximum(x @ self.w1, 1)", concept="definition")
def forward_at_least_one():
    """maximum with 1

    Your ReLU compares with 1; it should compare with 0. See "1. The network".
    """


@chaff_edit(FORWARD, "forward_value", RELU, "np.maximum(x, 0) @ self.w1", concept="definition")
def forward_relu_of_x():
    """ReLU on the input

    Your code applies the ReLU to x; it should apply it to x w1. See "1. The network".
    """


@chaff_edit(
    FORWARD,
    "forward_value",
    (RELU, "self.hidden @ self.w2"),
    ("x @ self.w1", "np.maximum(self.hidden @ self.w2, 0)"),
    concept="definition",
)
def forward_relu_at_the_end():
    """ReLU after the second layer only

    Your ReLU stands after the second layer; it should stand between the layers, so that predictions may be negative.
    """


@chaff_edit(
    FORWARD, "forward_value", RELU, "(x @ self.w1) * ((x @ self.w1).sum(axis=1, keepdims=True) > 0)", concept="mask"
)
def forward_relu_by_rows():
    """ReLU for whole rows

    Your code keeps whole rows or sets them to 0; it should look at each hidden value by itself.
    """


@chaff_edit(FORWARD, "forward_value", RELU, "(x @ self.w1) * ((x @ self.w1).sum(axis=0) > 0)", concept="mask")
def forward_relu_by_columns():
    """ReLU for whole columns

    Your code keeps whole columns or sets them to 0; it should look at each hidden value by itself.
    """


@chaff_edit(
    FORWARD, "forward_value", "self.hidden @ self.w2", "np.maximum(self.hidden @ self.w2, 0)", concept="definition"
)
def forward_two_relus():
    """ReLU after both layers

    Your second layer has a ReLU; it should have none, so that predictions may be negative. See "1. The network".
    """


@chaff_edit(
    FORWARD,
    "forward_value",
    OUTPUT,
    "e = np.exp(self.hidden @ self.w2)\n    return e / e.sum(axis=1, keepdims=True)",
    concept="definition",
)
def forward_softmax():
    """softmax at the end

    Your second layer ends in a softmax; it should be linear, with nothing after it. See "1. The network".
    """


@chaff_edit(FORWARD, "forward_value", RELU, "np.maximum(x @ self.w1 + 1, 0)", concept="definition")
def forward_bias():
    """a bias of 1

    Your code adds a bias to x w1; it should add nothing, as this network has none.
    """


@chaff_edit(FORWARD, "forward_value", OUTPUT, "return self.hidden @ self.w2 / len(x)", concept="mean")
def forward_scaled():
    """divided by the batch size

    Your forward divides by the number of rows; it should divide by nothing.
    """


@chaff_edit(FORWARD, "forward_value", OUTPUT, "return (self.hidden @ self.w2).squeeze()", concept="shapes")
def forward_squeezed():
    """dimensions of size 1 dropped

    Your prediction drops dimensions of size 1; it should always have the two of (n, d_out).
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
    self.x = x.copy()
    self.hidden = np.maximum(x @ self.w1, 0)
    x[...] = np.maximum(x, 0)
    return self.hidden @ self.w2


@chaff(FORWARD, "forward_side_effects", concept="alias")
def forward_shrinks_weights(self, x):
    """weights shrunk after the pass

    Your forward changes the weights; it should only read them, as moving them is the work of update.
    """
    self.x = x
    self.hidden = np.maximum(x @ self.w1, 0)
    y_prediction = self.hidden @ self.w2
    self.w1 *= 1 - 1e-6
    return y_prediction


@chaff(FORWARD, "forward_side_effects", concept="state")
def forward_keeps_weights(self, x):
    """weights of the first call kept

    Your forward uses weights of an earlier time; it should read w1 and w2 again in every call.
    """
    if not hasattr(self, "kept"):
        self.kept = self.w1.copy(), self.w2.copy()
    self.x = x
    self.hidden = np.maximum(x @ self.kept[0], 0)
    return self.hidden @ self.kept[1]


@chaff(FORWARD, "forward_side_effects", concept="state")
def forward_remembers(self, x):
    """result of the first call returned again

    Your second call returns the result of the first; it should compute anew for every x.
    """
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


@chaff_edit(LOSS, "loss_value", SUM, "np.mean((y_prediction - y) ** 2)", concept="mean")
def loss_mean():
    """mean for sum

    Your loss is the mean of the squares; it should be their sum. See "2. Loss".
    """


@chaff_edit(LOSS, "loss_value", SUM, SUM + " / len(y)", concept="mean")
def loss_mean_over_rows():
    """mean over the rows

    Your loss is divided by the number of rows; it should be the sum over all of them. See "2. Loss".
    """


@chaff_edit(LOSS, "loss_value", SUM, "0.5 * " + SUM, concept="factor")
def loss_half():
    """an extra one half

    Your loss is half the sum of the squares; it should be the whole sum, without a one half. See "2. Loss".
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sqrt(" + SUM + ")", concept="definition")
def loss_root():
    """root of the sum

    Your loss is the root of the sum of squares; it should be the sum itself, without a root. See "2. Loss".
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sum(np.abs(y_prediction - y))", concept="definition")
def loss_absolute():
    """absolute error

    Your loss adds the absolute differences; it should add their squares. See "2. Loss".
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sum(y_prediction - y)", concept="definition")
def loss_signed():
    """square missing

    Your loss adds the differences as they are, so that they cancel; it should square each of them first. See "2. Loss".
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sum(y_prediction - y) ** 2", concept="mean")
def loss_square_of_sum():
    """square of the sum

    Your loss adds the differences first and squares the sum; it should square each difference first, then add.
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sum(np.sum(y_prediction - y, axis=1) ** 2)", concept="mean")
def loss_square_of_row_sums():
    """square of each row's sum

    Your loss adds the differences of a row and squares that; it should square each difference first, then add.
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sum(np.sum(y_prediction - y, axis=0) ** 2)", concept="mean")
def loss_square_of_column_sums():
    """square of each column's sum

    Your loss adds the differences of a column and squares that; it should square each difference first, then add.
    """


@chaff_edit(LOSS, "loss_value", SUM, SUM + " / y.shape[1]", concept="mean")
def loss_mean_over_columns():
    """mean over the columns

    Your loss is divided by the number of columns; it should be the sum over all of them. See "2. Loss".
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sum(y_prediction ** 2 - y ** 2)", concept="definition")
def loss_of_squares():
    """difference of squares

    Your loss squares prediction and target before it subtracts; it should take the difference first, then square it.
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sum((y_prediction + y) ** 2)", concept="sign")
def loss_plus():
    """sum of prediction and target

    Your loss adds prediction and target; it should take their difference.
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sum((y_prediction[:, 0] - y[:, 0]) ** 2)", concept="shapes")
def loss_first_column():
    """one column only

    Your loss uses the first column only; it should use every output.
    """


@chaff_edit(LOSS, "loss_value", "float(" + SUM + ")", "(y_prediction - y) ** 2", concept="shapes")
def loss_array():
    """sum missing

    Your loss is one square for each output; it should be one number, their sum.
    """


@chaff_edit(LOSS, "loss_value", "float(" + SUM + ")", "np.sum((y_prediction - y) ** 2, axis=1)", concept="shapes")
def loss_per_row():
    """sum over columns only

    Your loss is one number for each row; it should be one number, the sum over rows and columns.
    """


@chaff_edit(LOSS, "loss_value", "float(" + SUM + ")", "sum((y_prediction - y) ** 2)", concept="shapes")
def loss_per_column():
    """sum over rows only

    Your code uses Python's sum, which adds the rows only; it should use np.sum, which adds all numbers.
    """


@chaff_edit(
    LOSS,
    "loss_value",
    "return float(" + SUM + ")",
    "y_prediction -= y\n    return float(np.sum(y_prediction ** 2))",
    concept="alias",
)
def loss_writes():
    """prediction overwritten

    Your loss changes the prediction in place, as `-=` does, the array that backward gets next; it should make a new
    array.
    """


@chaff_edit(
    LOSS,
    "loss_value",
    "return float(" + SUM + ")",
    "y_prediction -= y\n    y_prediction **= 2\n    return float(y_prediction.sum())",
    concept="alias",
)
def loss_squares_in_place():
    """prediction overwritten

    Your loss changes the prediction in place, as `-=` does, the array that backward gets next; it should make a new
    array.
    """


@chaff_edit(LOSS, "loss_value", SUM, "6.947019e-05", concept="definition")
def loss_invented():
    """an invented loss

    Your code returns a loss that the notebook shows; it should compute it, from prediction and target.
    """


@chaff_edit(LOSS, "loss_shapes", GUARD, "pass", concept="shapes")
def loss_without_guard():
    """no guard against shapes that differ

    Your code takes shapes that differ, so that (n,) with (n, 1) makes an n by n table; it should refuse them by
    require_equal_shapes.
    """


@chaff_edit(
    LOSS,
    "loss_shapes",
    GUARD,
    'if len(y_prediction) != np.size(y) and len(y_prediction) != len(y):\n        raise ValueError("rows")',
    concept="shapes",
)
def loss_guards_rows():
    """the guard compares lengths

    Your code compares lengths, which are the same for (n, 1) and (n,); it should compare the shapes.
    """


@chaff_edit(
    LOSS,
    "loss_shapes",
    GUARD,
    'if np.size(y_prediction) != np.size(y):\n        raise ValueError("sizes")\n'
    "    y = np.reshape(y, y_prediction.shape)",
    concept="shapes",
)
def loss_guards_size():
    """the guard compares sizes, or the target is reshaped

    Your code compares the number of entries, the same for (n, 1) and (n,), or reshapes; it should compare the shapes.
    """


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
    "Your gradient of w1 lets every error pass; it should let none pass where the hidden value is 0: the slope of the "
    'ReLU. See "3. Backward".'
)
WRONG_MASK = (
    "Your mask comes from the error that comes down; it should come from the value that went through the ReLU. See "
    '"3. Backward".'
)
MOVED_FIRST = (
    "Your backward moves w2 before it passes the error down; it should take both gradients at the old weights, and "
    "leave moving to update."
)
MASK_FOR_HIDDEN = (
    "Your gradient of w2 uses the mask, or hidden values that it was written over; it should use the hidden values. "
    'See "3. Backward".'
)


@chaff_edit(BACKWARD, "backward_value", MASK, "", hint=NO_MASK, concept="mask")
def backward_without_mask():
    """no ReLU derivative, or one that lets everything pass"""


@chaff_edit(BACKWARD, "backward_value", "self.hidden > 0", "self.hidden >= 0", hint=NO_MASK, concept="mask")
def backward_mask_of_zeros():
    """no ReLU derivative, or one that lets everything pass"""


@chaff_edit(BACKWARD, "backward_value", "self.hidden > 0", DOWN + " > 0", hint=WRONG_MASK, concept="mask")
def backward_mask_of_error():
    """mask from the error that comes down"""


@chaff_edit(BACKWARD, "backward_value", f"{DOWN}{MASK}", f"np.maximum({DOWN}, 0)", hint=WRONG_MASK, concept="mask")
def backward_relu_of_error():
    """ReLU applied to the error"""


@chaff_edit(BACKWARD, "backward_value", "self.hidden > 0", "self.hidden <= 0", concept="mask")
def backward_inverted_mask():
    """mask inverted

    Your mask is the wrong way round; it should let the error pass where the hidden value is positive. See "3.
    Backward".
    """


@chaff_edit(BACKWARD, "backward_value", "self.hidden > 0", "self.hidden", concept="mask")
def backward_value_for_mask():
    """value of the ReLU for its derivative

    Your code multiplies the error by the hidden value; it should multiply by the slope of the ReLU, 1 or 0. See "3.
    Backward".
    """


@chaff_edit(BACKWARD, "backward_value", f"{DOWN}{MASK}", "grad_y * (y_prediction > 0) @ self.w2.T", concept="mask")
def backward_mask_of_prediction():
    """mask from the prediction

    Your mask comes from the prediction; it should come from the hidden layer, where the ReLU is. See "3. Backward".
    """


@chaff_edit(BACKWARD, "backward_value", (ERROR, MASK), (ERROR + " * (y_prediction > 0)", ""), concept="mask")
def backward_mask_of_prediction_in_both():
    """mask from the prediction, in both gradients

    Your mask comes from the prediction, which passes no ReLU; it should come from the hidden layer. See "3. Backward".
    """


@chaff_edit(BACKWARD, "backward_value", ERROR, ERROR + " * (y_prediction > 0)", concept="mask")
def backward_mask_of_prediction_too():
    """a mask on the prediction too

    Your code masks the error of the prediction as well; it should mask at the hidden layer only, where the ReLU is.
    """


@chaff_edit(BACKWARD, "backward_value", f"{DOWN}{MASK}", f"np.maximum({DOWN}, 0){MASK}", concept="mask")
def backward_mask_of_both():
    """mask from the error and the hidden value

    Your code lets only positive errors pass down; it should let errors of both signs pass where the hidden value is
    positive.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    (MASK, "self.x.T @ grad_hidden"),
    ("", "self.x.T @ grad_hidden * (self.w1 > 0)"),
    concept="mask",
)
def backward_mask_of_w1():
    """mask from w1

    Your mask comes from w1; it should come from the hidden values, one for each row. See "3. Backward".
    """


@chaff_edit(BACKWARD, "backward_value", "(self.hidden > 0)", "(self.hidden[0] > 0)", concept="mask")
def backward_mask_of_first_row():
    """mask of the first row

    Your code uses the mask of the first row for all rows; it should give each row its own.
    """


@chaff_edit(BACKWARD, "backward_value", "(self.hidden > 0)", "(self.hidden.sum(axis=0) > 0)", concept="mask")
def backward_mask_of_units():
    """mask for whole units, on in any row

    Your code masks only hidden units that are 0 in all rows; it should mask entry by entry, each row by itself.
    """


@chaff_edit(BACKWARD, "backward_value", "(self.hidden > 0)", "(self.hidden > 0).all(axis=0)", concept="mask")
def backward_mask_of_all_rows():
    """mask for whole units, on in all rows

    Your code masks a whole hidden unit as soon as it is 0 in one row; it should mask entry by entry, each row by
    itself.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    RETURN,
    "return np.round(self.x.T @ grad_hidden, 4), np.round(self.hidden.T @ grad_y, 4)",
    concept="precision",
)
def backward_rounded():
    """gradient rounded to four places

    Your code rounds the gradient to four places; it should return all its digits.
    """


@chaff_edit(BACKWARD, "backward_value", f"{DOWN}{MASK}", "grad_y * (grad_y > 0) @ self.w2.T", concept="mask")
def backward_mask_of_output_error():
    """mask from the output's error

    Your mask comes from the error of the prediction; it should come from the hidden layer, where the ReLU is. See "3.
    Backward".
    """


@chaff_edit(BACKWARD, "backward_value", (MASK, "self.x.T @"), ("", "(self.x * (self.x > 0)).T @"), concept="mask")
def backward_mask_of_x():
    """mask from x

    Your mask comes from x; it should come from the hidden values. See "3. Backward".
    """


@chaff_edit(BACKWARD, "backward_value", f"{DOWN}{MASK}", "grad_y @ (self.w2 * (self.w2 > 0)).T", concept="mask")
def backward_mask_of_weights():
    """mask from w2

    Your mask comes from the weights; it should come from the hidden values. See "3. Backward".
    """


@chaff_edit(BACKWARD, "backward_value", "(self.hidden > 0)", "self.hidden * (1 - self.hidden)", concept="mask")
def backward_sigmoid_slope():
    """sigmoid's derivative

    Your code uses the slope of a sigmoid; it should use that of the ReLU, 1 or 0. See "3. Backward".
    """


@chaff_edit(BACKWARD, "backward_value", "2 * (y_prediction - y)", "y_prediction - y", concept="factor")
def backward_half():
    """factor 2 missing

    Your gradients are half as large as they should be; they should have the factor 2 that the square gives. See "3.
    Backward".
    """


@chaff_edit(BACKWARD, "backward_value", "self.x.T @ grad_hidden", "self.x.T @ grad_hidden / 2", concept="factor")
def backward_half_of_w1():
    """factor 2 missing in w1

    Your gradient of w1 is half as large as it should be; it should have the factor 2 of the square, as that of w2 has.
    """


@chaff_edit(BACKWARD, "backward_value", "self.hidden.T @ grad_y", "self.hidden.T @ grad_y / 2", concept="factor")
def backward_half_of_w2():
    """factor 2 missing in w2

    Your gradient of w2 is half as large as it should be; it should have the factor 2 of the square, as that of w1 has.
    """


@chaff_edit(BACKWARD, "backward_value", "2 * (y_prediction - y)", "4 * (y_prediction - y)", concept="factor")
def backward_double():
    """factor 2 twice

    Your gradients have the factor 2 twice; they should have it once, from the square. See "3. Backward".
    """


@chaff_edit(BACKWARD, "backward_value", "self.x.T @ grad_hidden", "2 * self.x.T @ grad_hidden", concept="factor")
def backward_double_w1():
    """factor 2 twice in w1

    Your gradient of w1 has the factor 2 twice; it should have it once, with the error. See "3. Backward".
    """


@chaff_edit(BACKWARD, "backward_value", "(y_prediction - y)", "(y - y_prediction)", concept="sign")
def backward_sign():
    """minus sign lost

    Your gradients take the target minus the prediction, which turns their sign around; they should take the prediction
    minus the target.
    """


@chaff_edit(BACKWARD, "backward_value", "2 * (y_prediction - y)", "2 * (y_prediction - y) / len(y)", concept="mean")
def backward_mean():
    """mean over the rows

    Your gradients are divided by the number of rows; they should be sums, as the loss is one. See "3. Backward".
    """


@chaff_edit(BACKWARD, "backward_value", "2 * (y_prediction - y)", "2 * (y_prediction - y) / y.size", concept="mean")
def backward_mean_of_all():
    """mean over rows and columns

    Your gradients are divided by the number of outputs, rows times columns; they should be sums, as the loss is one.
    """


@chaff_edit(BACKWARD, "backward_value", "2 * (y_prediction - y)", "np.ones_like(y)", concept="chain rule")
def backward_without_error():
    """derivative of the output only

    Your gradients are those of the summed predictions; they should be those of the loss, with twice the error as a
    factor.
    """


@chaff_edit(BACKWARD, "backward_value", "2 * (y_prediction - y)", "2 * y_prediction", concept="chain rule")
def backward_prediction_for_error():
    """target missing

    Your code takes the prediction alone for the error; it should take the prediction minus the target.
    """


@chaff_edit(BACKWARD, "backward_value", "2 * (y_prediction - y)", "(y_prediction - y) ** 2", concept="chain rule")
def backward_squared_error():
    """loss passed down

    Your code passes the squared error down; it should pass twice the error, the slope of the square. See "3. Backward".
    """


@chaff_edit(
    BACKWARD, "backward_value", RETURN, "return self.hidden.T @ grad_y, self.x.T @ grad_hidden", concept="places"
)
def backward_swapped():
    """gradients swapped

    Your code gives the two gradients in each other's place; it should give that of w1 first, then that of w2.
    """


@chaff_edit(
    BACKWARD, "backward_value", RETURN, "return grad_hidden.T @ self.x, grad_y.T @ self.hidden", concept="places"
)
def backward_transposed():
    """gradients transposed

    Your two gradients are transposed; each should have the shape of its weight.
    """


@chaff_edit(BACKWARD, "backward_value", "self.w2.T", "self.w2.reshape(self.w2.shape[::-1])", concept="places")
def backward_reshapes_w2():
    """reshape for transpose

    Your code reshapes w2, which keeps the order of the numbers; it should transpose it.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    "self.x.T @ grad_hidden",
    "(grad_hidden.T @ self.x).reshape(self.w1.shape)",
    concept="places",
)
def backward_reshapes_w1_gradient():
    """gradient of w1 reshaped

    Your code reshapes the gradient of w1, which leaves the numbers in wrong places; it should transpose it.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    "self.hidden.T @ grad_y",
    "(grad_y.T @ self.hidden).reshape(self.w2.shape)",
    concept="places",
)
def backward_reshapes_w2_gradient():
    """gradient of w2 reshaped

    Your code reshapes the gradient of w2, which leaves the numbers in wrong places; it should transpose it.
    """


@chaff_edit(BACKWARD, "backward_value", "self.x.T @", "self.x.reshape(self.x.shape[::-1]) @", concept="places")
def backward_reshapes_x():
    """reshape for transpose of x

    Your code reshapes x, which keeps the order of the numbers; it should transpose it.
    """


@chaff_edit(BACKWARD, "backward_value", "self.hidden.T @", "(self.x @ self.w1).T @", concept="mask")
def backward_before_relu():
    """values before the ReLU in the gradient of w2

    Your gradient of w2 uses the hidden values before the ReLU; it should use those after it. See "3. Backward".
    """


@chaff_edit(
    BACKWARD, "backward_value", "self.hidden.T @", "(self.hidden > 0).T @", hint=MASK_FOR_HIDDEN, concept="mask"
)
def backward_mask_in_w2():
    """mask in the gradient of w2"""


@chaff_edit(BACKWARD, "backward_value", DOWN, "grad_y.sum(axis=1, keepdims=True)", concept="chain rule")
def backward_without_w2():
    """w2 missing

    Your code passes the error down without w2; it should pass it through w2 on its way. See "3. Backward".
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    RETURN,
    "return self.x[:1].T @ grad_hidden[:1], self.hidden[:1].T @ grad_y[:1]",
    concept="shapes",
)
def backward_first_row():
    """one row only

    Your gradients use the first row only; they should use all of them, as every row pulls on the weights.
    """


@chaff_edit(
    BACKWARD, "backward_value", "2 * (y_prediction - y)", "np.clip(2 * (y_prediction - y), -1, 1)", concept="chain rule"
)
def backward_clips():
    """gradient clipped

    Your code cuts the error off at 1; it should leave it as it is.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    RETURN,
    "g1, g2 = self.x.T @ grad_hidden, self.hidden.T @ grad_y\n"
    "    return g1 / np.linalg.norm(g1), g2 / np.linalg.norm(g2)",
    concept="factor",
)
def backward_normalised():
    """gradients normalised

    Your code scales the gradients to length 1; it should leave their length, which counts too.
    """


@chaff_edit(
    BACKWARD, "backward_value", RETURN, "return np.zeros_like(self.w1), self.hidden.T @ grad_y", concept="chain rule"
)
def backward_of_w2_only():
    """w1 left out

    Your gradient of w1 is 0 everywhere; it should hold the error that is passed down to the first layer. See "3.
    Backward".
    """


@chaff_edit(BACKWARD, "backward_shapes", GUARD, "pass", concept="shapes")
def backward_without_guard():
    """no guard against shapes that differ

    Your code takes shapes that differ, so that (n,) with (n, 1) makes an n by n table; it should refuse them by
    require_equal_shapes.
    """


@chaff_edit(
    BACKWARD,
    "backward_shapes",
    GUARD,
    'if len(y_prediction) != np.size(y) and len(y_prediction) != len(y):\n        raise ValueError("rows")',
    concept="shapes",
)
def backward_guards_rows():
    """the guard compares lengths

    Your code compares lengths, which are the same for (n, 1) and (n,); it should compare the shapes.
    """


@chaff_edit(
    BACKWARD, "backward_repeat", ERROR, "grad_y = y_prediction\n    grad_y -= y\n    grad_y *= 2", concept="alias"
)
def backward_writes():
    """prediction overwritten

    Your backward changes the prediction in place, as `-=` writes into the caller's array; it should make a new array.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    f"grad_hidden = {DOWN}{MASK}",
    f"self.hidden[self.hidden > 0] = 1\n    grad_hidden = {DOWN} * self.hidden",
    hint=MASK_FOR_HIDDEN,
    concept="mask",
)
def backward_writes_mask():
    """hidden values overwritten by the mask"""


@chaff_edit(
    BACKWARD,
    "backward_repeat",
    RETURN,
    "gradients = self.x.T @ grad_hidden, self.hidden.T @ grad_y\n    self.hidden[:] = 0\n    return gradients",
    concept="state",
)
def backward_spends_the_mask():
    """what forward kept is cleared

    Your first call clears what forward kept; it should leave that, so that a second call finds it.
    """


@chaff_edit(
    BACKWARD,
    "backward_repeat",
    (f"grad_hidden = {DOWN}{MASK}", RETURN),
    (
        f"grad_w2 = self.hidden.T @ grad_y\n    self.hidden[self.hidden > 0] = 1\n"
        f"    grad_hidden = {DOWN} * self.hidden",
        "return self.x.T @ grad_hidden, grad_w2",
    ),
    concept="alias",
)
def backward_writes_mask_late():
    """hidden values overwritten by the mask, after their use

    Your code writes the mask over the hidden values that forward kept, lost for a second call; it should make the mask
    a new array.
    """


def _at_rates(function):
    """A mistake with a step in it, made with steps of several sizes."""

    def made(rate):
        w2_first = (
            "grad_w2 = self.hidden.T @ grad_y\n"
            f"    w2 = self.w2 - {rate} * grad_w2\n"
            f"    grad_hidden = grad_y @ w2.T{MASK}"
        )
        old, new = (f"grad_hidden = {DOWN}{MASK}", RETURN), (w2_first, "return self.x.T @ grad_hidden, grad_w2")
        edit = chaff_edit(BACKWARD, "backward_value", old, new, hint=MOVED_FIRST, concept="order")(function)
        return replace(edit, name=f"{edit.name}_{rate}")

    return [made(rate) for rate in ("1e-5", "1e-4", "1e-3", ".01", ".1")]


@_at_rates
def backward_moves_w2_first_by():
    """w2 updated before the error is passed down"""


@chaff(BACKWARD, ("backward_value", "backward_repeat"), hint=MOVED_FIRST, concept="order")
def backward_moves_w2_first(self, y_prediction, y):
    """w2 updated before the error is passed down"""
    require_equal_shapes(y_prediction, y)
    grad_y = 2 * (y_prediction - y)
    grad_w2 = self.hidden.T @ grad_y
    self.w2 -= 1e-6 * grad_w2
    return self.x.T @ (grad_y @ self.w2.T * (self.hidden > 0)), grad_w2


@chaff(BACKWARD, ("backward_value", "backward_repeat"), hint=MOVED_FIRST, concept="order")
def backward_moves_w2_first_far(self, y_prediction, y):
    """w2 updated before the error is passed down, with the rate of the small run"""
    require_equal_shapes(y_prediction, y)
    grad_y = 2 * (y_prediction - y)
    grad_w2 = self.hidden.T @ grad_y
    self.w2 -= 2e-4 * grad_w2
    return self.x.T @ (grad_y @ self.w2.T * (self.hidden > 0)), grad_w2


@chaff(BACKWARD, "backward_repeat", concept="alias")
def backward_moves_weights(self, y_prediction, y):
    """weights changed in backward, after the gradients

    Your backward moves the weights; it should only return the gradients, as moving the weights is the work of update.
    """
    require_equal_shapes(y_prediction, y)
    grad_y = 2 * (y_prediction - y)
    grad_hidden = grad_y @ self.w2.T * (self.hidden > 0)
    grad_w1, grad_w2 = self.x.T @ grad_hidden, self.hidden.T @ grad_y
    self.w1 -= 1e-6 * grad_w1
    self.w2 -= 1e-6 * grad_w2
    return grad_w1, grad_w2


@chaff(BACKWARD, "backward_repeat", concept="alias")
def backward_in_buffers(self, y_prediction, y):
    """the same buffers returned in every call

    Your code returns its own buffers, so that the next call changes an earlier result; it should return new arrays each
    time.
    """
    require_equal_shapes(y_prediction, y)
    if not hasattr(self, "grads"):
        self.grads = np.zeros_like(self.w1), np.zeros_like(self.w2)
    grad_y = 2 * (y_prediction - y)
    self.grads[0][:] = self.x.T @ (grad_y @ self.w2.T * (self.hidden > 0))
    self.grads[1][:] = self.hidden.T @ grad_y
    return self.grads


@chaff(BACKWARD, "backward_repeat", concept="state")
def backward_accumulates(self, y_prediction, y):
    """gradients of earlier calls are added

    Your second call adds to the gradients of the first; it should start from zero in each call.
    """
    require_equal_shapes(y_prediction, y)
    grad_y = 2 * (y_prediction - y)
    grad_hidden = grad_y @ self.w2.T * (self.hidden > 0)
    self.grad_w1 = getattr(self, "grad_w1", 0) + self.x.T @ grad_hidden
    self.grad_w2 = getattr(self, "grad_w2", 0) + self.hidden.T @ grad_y
    return self.grad_w1, self.grad_w2


@chaff(BACKWARD, "backward_latest", concept="state")
def backward_keeps_the_first(self, y_prediction, y):
    """values of the first forward kept

    Your backward uses what an earlier forward kept; it should use what the latest one kept.
    """
    require_equal_shapes(y_prediction, y)
    if len(getattr(self, "kept", [[]])[0]) != len(y):
        self.kept = self.x, self.hidden
    x, hidden = self.kept
    grad_y = 2 * (y_prediction - y)
    return x.T @ (grad_y @ self.w2.T * (hidden > 0)), hidden.T @ grad_y


@chaff(NET, "backward_latest", concept="state")
class backward_shares_the_cache:
    """what forward keeps belongs to the class

    Your networks share what forward keeps, in the class or a global; each should keep its own, in self.
    """

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


@chaff_edit(UPDATE, "update_value", (W1, W2), (W1.replace("-=", "+="), W2.replace("-=", "+=")), concept="sign")
def update_ascends():
    """ascent instead of descent

    Your code steps along the gradients, so that the loss climbs; it should step against them, with a minus.
    """


@chaff_edit(UPDATE, "update_value", (W1, W2), ("self.w1 -= grad_w1", "self.w2 -= grad_w2"), concept="step")
def update_without_rate():
    """learning rate ignored

    Your code steps by the whole gradients; it should multiply them by the learning rate.
    """


@chaff_edit(UPDATE, "update_value", W1, "self.w1 -= grad_w1", concept="step")
def update_without_rate_of_w1():
    """learning rate ignored for w1

    Your code moves w1 by its whole gradient; it should multiply it by the learning rate, as for w2.
    """


@chaff_edit(UPDATE, "update_value", W2, "self.w2 -= grad_w2", concept="step")
def update_without_rate_of_w2():
    """learning rate ignored for w2

    Your code moves w2 by its whole gradient; it should multiply it by the learning rate, as for w1.
    """


@chaff_edit(UPDATE, "update_value", (W1, W2), ("self.w1 -= lr * self.w1", "self.w2 -= lr * self.w2"), concept="places")
def update_weight_for_gradient():
    """w for dw

    Your code takes the weight where the gradient belongs; it should step by lr times the gradient.
    """


@chaff_edit(
    UPDATE,
    "update_value",
    (W1, W2),
    ("self.w1.flat[:] = np.linspace(-1, 1, self.w1.size)", "self.w2.flat[:] = np.linspace(-1, 1, self.w2.size)"),
    concept="step",
)
def update_published():
    """published weights

    Your code sets the weights to numbers of its own; it should compute them, from the gradients.
    """


@chaff_edit(UPDATE, "update_value", W1, W1.replace("-=", "+="), concept="sign")
def update_ascends_w1():
    """ascent of w1

    Your code moves w1 up its gradient; it should move both weights against their gradients, with a minus.
    """


@chaff_edit(UPDATE, "update_value", W2, W2.replace("-=", "+="), concept="sign")
def update_ascends_w2():
    """ascent of w2

    Your code moves w2 up its gradient; it should move both weights against their gradients, with a minus.
    """


@chaff_edit(
    UPDATE, "update_value", (W1, W2), ("self.w1 -= lr * lr * grad_w1", "self.w2 -= lr * lr * grad_w2"), concept="step"
)
def update_rate_squared():
    """learning rate twice

    Your code multiplies by the learning rate twice; it should do so once.
    """


@chaff_edit(UPDATE, "update_value", (W1, W2), ("self.w1 -= grad_w1 / lr", "self.w2 -= grad_w2 / lr"), concept="step")
def update_divides_by_rate():
    """divided by the learning rate

    Your code divides the gradients by the learning rate; it should multiply them by it.
    """


@chaff_edit(UPDATE, "update_value", W2, "pass", concept="step")
def update_w1_only():
    """w2 not updated

    Your code moves w1 only; it should move w2 as well, by its own gradient.
    """


@chaff_edit(UPDATE, "update_value", W1, "pass", concept="step")
def update_w2_only():
    """w1 not updated

    Your code moves w2 only; it should move w1 as well, by its own gradient.
    """


@chaff_edit(UPDATE, "update_value", (W1, W2), ("self.w1 = -lr * grad_w1", "self.w2 = -lr * grad_w2"), concept="step")
def update_replaces():
    """assignment instead of step

    Your code puts the step in the place of the weight; it should subtract the step from the present weight.
    """


@chaff_edit(
    UPDATE,
    "update_value",
    (W1, W2),
    ("self.w1 -= lr * np.sign(grad_w1)", "self.w2 -= lr * np.sign(grad_w2)"),
    concept="step",
)
def update_sign_only():
    """sign step

    Your code steps by the sign of the gradients; it should step by the learning rate times the gradients.
    """


@chaff_edit(
    UPDATE, "update_value", (W1, W2), ("self.w1 *= 1 - lr * grad_w1", "self.w2 *= 1 - lr * grad_w2"), concept="step"
)
def update_multiplies():
    """multiplicative step

    Your code multiplies the weights; it should subtract the step from them.
    """


@chaff_edit(
    UPDATE,
    "update_value",
    (W1, W2),
    ("self.w1 -= 0.5 * lr * grad_w1", "self.w2 -= 0.5 * lr * grad_w2"),
    concept="factor",
)
def update_halves():
    """an extra one half

    Your step is half as long as it should be; it should be the learning rate times the gradient, without a one half.
    """


@chaff_edit(
    UPDATE,
    "update_value",
    (W1, W2),
    ("self.w1 -= lr * grad_w1 / len(grad_w1)", "self.w2 -= lr * grad_w2 / len(grad_w2)"),
    concept="mean",
)
def update_divides_by_rows():
    """divided by a length

    Your code divides the step by the number of rows of the gradient; it should divide it by nothing.
    """


@chaff_edit(
    UPDATE,
    ("update_value", "update_side_effects"),
    (W1, W2),
    ("w1 = self.w1 - lr * grad_w1", "w2 = self.w2 - lr * grad_w2"),
    concept="state",
)
def update_local():
    """new weights not stored

    Your new weights are not stored; they should stand in self.w1 and self.w2 afterwards.
    """


@chaff_edit(
    UPDATE,
    ("update_value", "update_side_effects"),
    W1 + "\n    " + W2,
    "return self.w1 - lr * grad_w1, self.w2 - lr * grad_w2",
    concept="state",
)
def update_returns():
    """new weights only returned

    Your new weights are not stored; they should stand in self.w1 and self.w2 afterwards.
    """


@chaff_edit(
    UPDATE,
    "update_value",
    (W1, W2),
    ("self.w1 -= lr * (grad_w1 + self.w1)", "self.w2 -= lr * (grad_w2 + self.w2)"),
    concept="step",
)
def update_decays():
    """weight decay

    Your code shrinks the weights on top of the step; it should not: there is no weight decay here.
    """


@chaff_edit(
    UPDATE,
    "update_side_effects",
    (W1, W2),
    ("grad_w1 *= lr\n    self.w1 -= grad_w1", "grad_w2 *= lr\n    self.w2 -= grad_w2"),
    concept="alias",
)
def update_writes_gradients():
    """gradients overwritten

    Your code changes the gradients in place, as `*=` writes into the caller's arrays; it should leave them as they are.
    """


@chaff_edit(
    f"{NET}.__init__",
    "update_side_effects",
    ("np.array(w1, dtype=float)", "np.array(w2, dtype=float)"),
    ("np.asarray(w1, dtype=float)", "np.asarray(w2, dtype=float)"),
    concept="alias",
)
def init_without_copy():
    """weights not copied

    Your net trains in the arrays that it was made from; it should copy them in __init__, as given.
    """


@chaff(UPDATE, "update_value", concept="step")
def update_momentum(self, grad_w1, grad_w2, lr):
    """earlier gradients added

    Your steps remember the earlier gradients; each should use the present gradient only: there is no momentum here.
    """
    self.sum1 = 0.9 * getattr(self, "sum1", 0) + grad_w1
    self.sum2 = 0.9 * getattr(self, "sum2", 0) + grad_w2
    self.w1 -= lr * self.sum1
    self.w2 -= lr * self.sum2


@chaff(UPDATE, "update_value", concept="state")
def update_from_the_start(self, grad_w1, grad_w2, lr):
    """every step taken from the first weights

    Your second update starts again from the first weights; it should step from the present ones.
    """
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


@wheat_edit(
    NET,
    ("return self.hidden @ self.w2", "2 * (y_prediction - y)"),
    ("self.prediction = self.hidden @ self.w2\n        return self.prediction.copy()", "2 * (self.prediction - y)"),
)
def prediction_kept_by_forward(): ...


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


@chaff_edit("blocked_entries", "blocked_entries", "3226", "3174", concept="reading")
def blocked_counts_the_others():
    """values that pass counted

    Your answer counts the values that the ReLU lets through; it should count those that it blocks.
    """


@chaff_edit("blocked_entries", "blocked_entries", "3226", "3428", concept="reading")
def blocked_at_the_end():
    """weights after training

    Your answer counts the blocked values after training; it should use w1 as it was drawn, not net.w1.
    """


@chaff_edit("blocked_entries", "blocked_entries", "3226", "2972", concept="reading")
def blocked_others_at_the_end():
    """values that pass, after training

    Your answer counts the values that pass after training; it should count the blocked ones, with w1 as it was drawn.
    """


@chaff_edit("blocked_entries", "blocked_entries", "3226", "339", concept="reading")
def blocked_predictions():
    """negative predictions counted

    Your answer counts predictions; it should count hidden values, where the ReLU is.
    """


@chaff_edit("blocked_entries", "blocked_entries", "3226", "0", concept="reading")
def blocked_units():
    """units that are always off

    Your answer counts units that are blocked for all rows; it should count the single values, 64 for each unit.
    """


@chaff_edit("blocked_entries", "blocked_entries", "3226", "3226 / 6400", concept="reading")
def blocked_share():
    """share for number

    Your answer is the share of the values; it should be their number.
    """


@chaff_edit("seeds_that_rise", "seeds_that_rise", "return 3", "return 2", concept="reading")
def seeds_first_step():
    """first step only

    Your answer looks at the first step only; it should look at all of them, as a loss may rise above its start later.
    """


@chaff_edit("seeds_that_rise", "seeds_that_rise", "return 3", "return 5", concept="reading")
def seeds_any_rise():
    """any step up counted

    Your answer counts every seed with a step up; it should count those where a loss rises above the first one.
    """


@chaff_edit("seeds_that_rise", "seeds_that_rise", "return 3", "return 0", concept="reading")
def seeds_at_the_end():
    """last loss only

    Your answer compares the last loss with the first; it should compare all of the 20 losses with it.
    """


@chaff_edit("seeds_that_rise", "seeds_that_rise", "return 3", "return 7", concept="reading")
def seeds_that_fall():
    """seeds that fall counted

    Your answer counts the seeds whose losses stay below the first; it should count those with a loss above it.
    """


@chaff_edit("final_loss_without_mask", "final_loss_without_mask", "9.9e-5", "6.9e-5", concept="reading")
def final_of_the_right_net():
    """loss of the right network

    Your answer is the last loss of the right network; it should be that of the network whose backward has no mask.
    """


@chaff_edit("final_loss_without_mask", "final_loss_without_mask", "9.9e-5", "2.8e-12", concept="reading")
def final_continued():
    """started from trained weights

    Your run went on from trained weights; it should start from w1 and w2 as they were drawn.
    """


@chaff_edit("final_loss_without_mask", "final_loss_without_mask", "9.9e-5", "2.5e-14", concept="reading")
def final_linear():
    """ReLU left out in forward too

    Your run has lost the ReLU in forward as well; it should lack only the mask in backward.
    """


@chaff_edit("final_loss_without_mask", "final_loss_without_mask", "9.9e-5", "4.966", concept="reading")
def final_mask_of_error():
    """mask from the error

    Your run has a mask of the wrong array in backward; it should have none at all.
    """


@chaff_edit("final_loss_without_mask", "final_loss_without_mask", "9.9e-5", "1.5554e-5", concept="reading")
def final_of_another_seed():
    """data of another seed

    Your run took x, y, w1 and w2 of the last seed of section 7; it should draw them again, as in section 6.
    """


BROKEN, FOUND = ("broken_nets", "broken_nets"), '{"b": "delta1", "c": "b1"}'


@chaff_edit(*BROKEN, FOUND, '{"b": "delta1"}', concept="reading")
def broken_only_b():
    """c not found

    Your answer leaves out a net that is wrong; it should name every net with a gradient that central differences do not
    confirm.
    """


@chaff_edit(*BROKEN, FOUND, '{"c": "b1"}', concept="reading")
def broken_only_c():
    """b not found

    Your answer leaves out a net that is wrong; it should name every net with a gradient that central differences do not
    confirm.
    """


@chaff_edit(*BROKEN, FOUND, '{"a": "delta1", "b": "delta1", "c": "b1"}', concept="reading")
def broken_all():
    """a accused

    Your answer names a net whose gradients are all right; it should name those only that central differences do not
    confirm.
    """


@chaff_edit(*BROKEN, FOUND, '{"a": "delta1", "c": "b1"}', concept="reading")
def broken_a_for_b():
    """a accused, b not found

    Your answer names a net whose gradients are all right, and leaves out a wrong one; it should go by central
    differences, not by how the code looks.
    """


@chaff_edit(*BROKEN, FOUND, '{"a": "delta1"}', concept="reading")
def broken_only_a():
    """only a accused

    Your answer names the one net whose gradients are all right; it should go by central differences, not by how the
    code looks.
    """


@chaff_edit(*BROKEN, FOUND, '{"b": "w1", "c": "b1"}', concept="reading")
def broken_symptom_w1():
    """a gradient that follows from a wrong delta

    Your answer has the right nets, but names for one of them where its mistake shows; it should name where it is made.
    """


@chaff_edit(*BROKEN, FOUND, '{"b": "b1", "c": "b1"}', concept="reading")
def broken_symptom_b1():
    """a gradient that follows from a wrong delta

    Your answer has the right nets, but names for one of them where its mistake shows; it should name where it is made.
    """


@chaff_edit(*BROKEN, FOUND, '{"b": "delta1", "c": "delta1"}', concept="reading")
def broken_delta_in_both():
    """a delta that is right

    Your answer has the right nets, but blames in one of them an array from which a right gradient is made; it should
    name what is wrong.
    """


@chaff_edit(*BROKEN, FOUND, '{"b": "b1", "c": "delta1"}', concept="reading")
def broken_exchanged():
    """places exchanged

    Your answer has the right nets and places, but exchanges the places; it should give each net its own.
    """


@wheat("blocked_entries")
def blocked_counted():
    np.random.seed(0)
    x, _, w1 = np.random.randn(64, 1000), np.random.randn(64, 10), np.random.randn(1000, 100)
    return np.sum(x @ w1 <= 0)


@wheat_edit("blocked_entries", "3226", "6400 - 3174")
def blocked_difference(): ...


@wheat_edit("blocked_entries", "3226", "3226.0")
def blocked_float(): ...


@wheat_edit("seeds_that_rise", "return 3", "return len([1, 5, 7])")
def seeds_counted(): ...


@wheat_edit("seeds_that_rise", "return 3", "return np.int64(3)")
def seeds_array(): ...


@wheat_edit("seeds_that_rise", "return 3", "return sum(s in (1, 5, 7) for s in range(10))")
def seeds_summed(): ...


@wheat_edit("final_loss_without_mask", "9.9e-5", "9.918046029707397e-05")
def final_all_digits(): ...


@wheat_edit("final_loss_without_mask", "9.9e-5", "0.0000992")
def final_three_digits(): ...


@wheat_edit("final_loss_without_mask", "9.9e-5", "np.float64(9.918046e-05)")
def final_numpy(): ...


@wheat_edit("broken_nets", FOUND, 'dict(c="b1", b="delta1")')
def broken_by_keywords(): ...


@wheat_edit("broken_nets", FOUND, 'dict(zip("bc", ["delta1", "b1"]))')
def broken_zipped(): ...


@wheat("broken_nets")
def broken_step_by_step():
    answer = {}
    answer["c"] = "b1"
    answer["b"] = "delta1"
    return answer
