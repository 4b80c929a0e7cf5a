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


@chaff_edit(FORWARD, "forward_value", RELU, "x @ self.w1")
def forward_without_relu():
    """no ReLU

    The ReLU is missing: negative hidden values must become 0.
    """


@chaff_edit(FORWARD, "forward_value", RELU, "np.abs(x @ self.w1)")
def forward_absolute():
    """absolute value for ReLU

    The ReLU does not turn negative values around: it makes them 0.
    """


@chaff_edit(FORWARD, "forward_value", RELU, "np.minimum(x @ self.w1, 0)")
def forward_minimum():
    """minimum for maximum

    That keeps the negative hidden values; the ReLU keeps the positive ones.
    """


@chaff_edit(FORWARD, "forward_value", RELU, "np.vectorize(lambda z: z if z > 0 else 0)(x @ self.w1)")
def forward_vectorized():
    """np.vectorize cuts to whole numbers

    Your code uses np.vectorize, which takes the type of the first result for all: a whole 0 cuts the others off; it
    should give floats in each case, as with 0.0.
    """


@chaff_edit(FORWARD, "forward_value", RELU, "np.where(x @ self.w1 > 0, 1, 0.01) * (x @ self.w1)")
def forward_leaky():
    """leaky ReLU

    That is a leaky ReLU; this one makes negative values exactly 0.
    """


@chaff_edit(FORWARD, "forward_value", RELU, "1 / (1 + np.exp(-(x @ self.w1)))")
def forward_sigmoid():
    """sigmoid for ReLU

    The hidden layer has a ReLU, not a sigmoid.
    """


@chaff_edit(FORWARD, "forward_value", RELU, "np.tanh(x @ self.w1)")
def forward_tanh():
    """tanh for ReLU

    The hidden layer has a ReLU, not a tanh.
    """


@chaff_edit(FORWARD, "forward_value", RELU, "(x @ self.w1 > 0) * 1.0")
def forward_step():
    """step function for ReLU

    That is the slope of the ReLU, 0 or 1; forward needs its value.
    """


@chaff_edit(FORWARD, "forward_value", RELU, "np.clip(x @ self.w1, 0, 1)")
def forward_clipped():
    """ReLU clipped at 1

    The ReLU has no upper end: large hidden values stay as they are.
    """


@chaff_edit(FORWARD, "forward_value", RELU, "np.maximum(x @ self.w1, 1)")
def forward_at_least_one():
    """maximum with 1

    The ReLU compares with 0; here it is 1.
    """


@chaff_edit(FORWARD, "forward_value", RELU, "np.maximum(x, 0) @ self.w1")
def forward_relu_of_x():
    """ReLU on the input

    The ReLU belongs to x w1, not to x.
    """


@chaff_edit(
    FORWARD, "forward_value", (RELU, "self.hidden @ self.w2"), ("x @ self.w1", "np.maximum(self.hidden @ self.w2, 0)")
)
def forward_relu_at_the_end():
    """ReLU after the second layer only

    The ReLU stands between the layers, not after the second: predictions may be negative.
    """


@chaff_edit(FORWARD, "forward_value", RELU, "(x @ self.w1) * ((x @ self.w1).sum(axis=1, keepdims=True) > 0)")
def forward_relu_by_rows():
    """ReLU for whole rows

    Whole rows are set to 0 or kept; the ReLU looks at each hidden value by itself.
    """


@chaff_edit(FORWARD, "forward_value", RELU, "(x @ self.w1) * ((x @ self.w1).sum(axis=0) > 0)")
def forward_relu_by_columns():
    """ReLU for whole columns

    Whole columns are set to 0 or kept; the ReLU looks at each hidden value by itself.
    """


@chaff_edit(FORWARD, "forward_value", "self.hidden @ self.w2", "np.maximum(self.hidden @ self.w2, 0)")
def forward_two_relus():
    """ReLU after both layers

    The second layer has no ReLU: predictions may be negative.
    """


@chaff_edit(
    FORWARD, "forward_value", OUTPUT, "e = np.exp(self.hidden @ self.w2)\n    return e / e.sum(axis=1, keepdims=True)"
)
def forward_softmax():
    """softmax at the end

    The second layer is linear: no softmax stands after it.
    """


@chaff_edit(FORWARD, "forward_value", RELU, "np.maximum(x @ self.w1 + 1, 0)")
def forward_bias():
    """a bias of 1

    This network has no bias: nothing is added to x w1.
    """


@chaff_edit(FORWARD, "forward_value", OUTPUT, "return self.hidden @ self.w2 / len(x)")
def forward_scaled():
    """divided by the batch size

    Nothing is divided by the number of rows in forward.
    """


@chaff_edit(FORWARD, "forward_value", OUTPUT, "return (self.hidden @ self.w2).squeeze()")
def forward_squeezed():
    """dimensions of size 1 dropped

    The prediction always has two dimensions, (n, d_out), also for a single row or column.
    """


@chaff_edit(FORWARD, ("forward_value", "forward_side_effects"), KEEP, "x -= x.mean(axis=0)\n    " + KEEP)
def forward_centres_x():
    """x centred, in place

    x is changed before it is used; take it as it comes.
    """


@chaff(FORWARD, "forward_side_effects")
def forward_writes_x(self, x):
    """x overwritten after it was used

    x is changed in place, and with it the caller's array.
    """
    self.x = x.copy()
    self.hidden = np.maximum(x @ self.w1, 0)
    x[...] = np.maximum(x, 0)
    return self.hidden @ self.w2


@chaff(FORWARD, "forward_side_effects")
def forward_shrinks_weights(self, x):
    """weights shrunk after the pass

    forward changes the weights in place, and moving them is the work of update.
    """
    self.x = x
    self.hidden = np.maximum(x @ self.w1, 0)
    y_prediction = self.hidden @ self.w2
    self.w1 *= 1 - 1e-6
    return y_prediction


@chaff(FORWARD, "forward_side_effects")
def forward_keeps_weights(self, x):
    """weights of the first call kept

    forward works with weights of an earlier time. Read w1 and w2 again in every call.
    """
    if not hasattr(self, "kept"):
        self.kept = self.w1.copy(), self.w2.copy()
    self.x = x
    self.hidden = np.maximum(x @ self.kept[0], 0)
    return self.hidden @ self.kept[1]


@chaff(FORWARD, "forward_side_effects")
def forward_remembers(self, x):
    """result of the first call returned again

    The second call returns the result of the first: compute anew for every x.
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


@chaff_edit(LOSS, "loss_value", SUM, "np.mean((y_prediction - y) ** 2)")
def loss_mean():
    """mean for sum

    That is the mean of the squares; this loss is their sum.
    """


@chaff_edit(LOSS, "loss_value", SUM, SUM + " / len(y)")
def loss_mean_over_rows():
    """mean over the rows

    Divided by the number of rows; this loss is the sum over all of them.
    """


@chaff_edit(LOSS, "loss_value", SUM, "0.5 * " + SUM)
def loss_half():
    """an extra one half

    Half the sum of the squares. This loss has no one half.
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sqrt(" + SUM + ")")
def loss_root():
    """root of the sum

    That is the root of the sum of squares; leave the root out.
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sum(np.abs(y_prediction - y))")
def loss_absolute():
    """absolute error

    The differences are not squared: that is the sum of their absolute values.
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sum(y_prediction - y)")
def loss_signed():
    """square missing

    The differences are not squared, so that they cancel.
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sum(y_prediction - y) ** 2")
def loss_square_of_sum():
    """square of the sum

    Square each difference first, then add.
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sum(np.sum(y_prediction - y, axis=1) ** 2)")
def loss_square_of_row_sums():
    """square of each row's sum

    The differences of a row are added first and then squared; square each of them, then add.
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sum(np.sum(y_prediction - y, axis=0) ** 2)")
def loss_square_of_column_sums():
    """square of each column's sum

    The differences of a column are added first and then squared; square each of them, then add.
    """


@chaff_edit(LOSS, "loss_value", SUM, SUM + " / y.shape[1]")
def loss_mean_over_columns():
    """mean over the columns

    Divided by the number of columns; this loss is the sum over all of them.
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sum(y_prediction ** 2 - y ** 2)")
def loss_of_squares():
    """difference of squares

    Take the difference first, then square it.
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sum((y_prediction + y) ** 2)")
def loss_plus():
    """sum of prediction and target

    The error is a difference; here the two are added.
    """


@chaff_edit(LOSS, "loss_value", SUM, "np.sum((y_prediction[:, 0] - y[:, 0]) ** 2)")
def loss_first_column():
    """one column only

    Only the first column is used; every output counts.
    """


@chaff_edit(LOSS, "loss_value", "float(" + SUM + ")", "(y_prediction - y) ** 2")
def loss_array():
    """sum missing

    That is one square for each output; the loss is one number, their sum.
    """


@chaff_edit(LOSS, "loss_value", "float(" + SUM + ")", "np.sum((y_prediction - y) ** 2, axis=1)")
def loss_per_row():
    """sum over columns only

    That is one number for each row; the loss is the sum over rows and columns.
    """


@chaff_edit(LOSS, "loss_value", "float(" + SUM + ")", "sum((y_prediction - y) ** 2)")
def loss_per_column():
    """sum over rows only

    Python's sum adds the rows only; use np.sum, which adds all numbers.
    """


@chaff_edit(
    LOSS, "loss_value", "return float(" + SUM + ")", "y_prediction -= y\n    return float(np.sum(y_prediction ** 2))"
)
def loss_writes():
    """prediction overwritten

    The prediction is changed in place: `y_prediction -= y` writes into the array that backward gets next.
    """


@chaff_edit(
    LOSS,
    "loss_value",
    "return float(" + SUM + ")",
    "y_prediction -= y\n    y_prediction **= 2\n    return float(y_prediction.sum())",
)
def loss_squares_in_place():
    """prediction overwritten

    The prediction is changed in place: `y_prediction -= y` writes into the array that backward gets next.
    """


@chaff_edit(LOSS, "loss_value", SUM, "6.947019e-05")
def loss_invented():
    """an invented loss

    Your code returns a loss that the notebook shows; it should compute it, from prediction and target.
    """


@chaff_edit(LOSS, "loss_shapes", GUARD, "pass")
def loss_without_guard():
    """no guard against shapes that differ

    Shapes that differ must raise: otherwise (n,) and (n, 1) make an n by n table. Call require_equal_shapes.
    """


@chaff_edit(
    LOSS,
    "loss_shapes",
    GUARD,
    'if len(y_prediction) != np.size(y) and len(y_prediction) != len(y):\n        raise ValueError("rows")',
)
def loss_guards_rows():
    """the guard compares lengths

    Compare the shapes, not the lengths: (n, 1) and (n,) have the same length.
    """


@chaff_edit(
    LOSS,
    "loss_shapes",
    GUARD,
    'if np.size(y_prediction) != np.size(y):\n        raise ValueError("sizes")\n'
    "    y = np.reshape(y, y_prediction.shape)",
)
def loss_guards_size():
    """the guard compares sizes, or the target is reshaped

    Compare the shapes, not the number of entries: (n, 1) and (n,) have as many.
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
    "The slope of the ReLU is missing: w2 is right, w1 is not. Look at a row with a negative hidden value before the "
    "ReLU: nothing may pass down there."
)
WRONG_MASK = (
    "The mask comes from the error that comes down, whose sign means something else. It belongs to the number that "
    "went through the ReLU on the way up."
)
MOVED_FIRST = (
    "w2 moves before the error is passed down, so that w1 sees the new w2. Both gradients belong to the weights that "
    "made the prediction; moving them is the work of update."
)
MASK_FOR_HIDDEN = (
    "The gradient of w2 takes the hidden values; here the mask stands in their place, or was written over them."
)


@chaff_edit(BACKWARD, "backward_value", MASK, "", hint=NO_MASK)
def backward_without_mask():
    """no ReLU derivative, or one that lets everything pass"""


@chaff_edit(BACKWARD, "backward_value", "self.hidden > 0", "self.hidden >= 0", hint=NO_MASK)
def backward_mask_of_zeros():
    """no ReLU derivative, or one that lets everything pass"""


@chaff_edit(BACKWARD, "backward_value", "self.hidden > 0", DOWN + " > 0", hint=WRONG_MASK)
def backward_mask_of_error():
    """mask from the error that comes down"""


@chaff_edit(BACKWARD, "backward_value", f"{DOWN}{MASK}", f"np.maximum({DOWN}, 0)", hint=WRONG_MASK)
def backward_relu_of_error():
    """ReLU applied to the error"""


@chaff_edit(BACKWARD, "backward_value", "self.hidden > 0", "self.hidden <= 0")
def backward_inverted_mask():
    """mask inverted

    The mask is the wrong way round: the error passes where the hidden value is positive.
    """


@chaff_edit(BACKWARD, "backward_value", "self.hidden > 0", "self.hidden")
def backward_value_for_mask():
    """value of the ReLU for its derivative

    The error is multiplied by the hidden value itself; the slope of the ReLU is 1 or 0.
    """


@chaff_edit(BACKWARD, "backward_value", f"{DOWN}{MASK}", "grad_y * (y_prediction > 0) @ self.w2.T")
def backward_mask_of_prediction():
    """mask from the prediction

    The mask comes from the prediction. It belongs to the hidden layer, where the ReLU is.
    """


@chaff_edit(BACKWARD, "backward_value", (ERROR, MASK), (ERROR + " * (y_prediction > 0)", ""))
def backward_mask_of_prediction_in_both():
    """mask from the prediction, in both gradients

    The mask comes from the prediction, which passes no ReLU. It belongs to the hidden layer.
    """


@chaff_edit(BACKWARD, "backward_value", ERROR, ERROR + " * (y_prediction > 0)")
def backward_mask_of_prediction_too():
    """a mask on the prediction too

    The error of the prediction is masked as well; only the hidden values pass a ReLU.
    """


@chaff_edit(BACKWARD, "backward_value", f"{DOWN}{MASK}", f"np.maximum({DOWN}, 0){MASK}")
def backward_mask_of_both():
    """mask from the error and the hidden value

    Only positive errors pass down here. The mask asks for the hidden value alone.
    """


@chaff_edit(
    BACKWARD, "backward_value", (MASK, "self.x.T @ grad_hidden"), ("", "self.x.T @ grad_hidden * (self.w1 > 0)")
)
def backward_mask_of_w1():
    """mask from w1

    The mask comes from w1. It belongs to the hidden values, one for each row.
    """


@chaff_edit(BACKWARD, "backward_value", "(self.hidden > 0)", "(self.hidden[0] > 0)")
def backward_mask_of_first_row():
    """mask of the first row

    The mask of the first row is used for all rows; each row has its own.
    """


@chaff_edit(BACKWARD, "backward_value", "(self.hidden > 0)", "(self.hidden.sum(axis=0) > 0)")
def backward_mask_of_units():
    """mask for whole units, on in any row

    Your code masks whole hidden units, those that are 0 in all rows; it should mask entry by entry, each row by itself.
    """


@chaff_edit(BACKWARD, "backward_value", "(self.hidden > 0)", "(self.hidden > 0).all(axis=0)")
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
)
def backward_rounded():
    """gradient rounded to four places

    Your code rounds the gradient to four places; it should return all its digits.
    """


@chaff_edit(BACKWARD, "backward_value", f"{DOWN}{MASK}", "grad_y * (grad_y > 0) @ self.w2.T")
def backward_mask_of_output_error():
    """mask from the output's error

    The mask comes from the error of the prediction. It belongs to the hidden layer, where the ReLU is.
    """


@chaff_edit(BACKWARD, "backward_value", (MASK, "self.x.T @"), ("", "(self.x * (self.x > 0)).T @"))
def backward_mask_of_x():
    """mask from x

    The mask comes from x. It belongs to the hidden values.
    """


@chaff_edit(BACKWARD, "backward_value", f"{DOWN}{MASK}", "grad_y @ (self.w2 * (self.w2 > 0)).T")
def backward_mask_of_weights():
    """mask from w2

    The mask comes from the weights. It belongs to the hidden values.
    """


@chaff_edit(BACKWARD, "backward_value", "(self.hidden > 0)", "self.hidden * (1 - self.hidden)")
def backward_sigmoid_slope():
    """sigmoid's derivative

    That is the slope of a sigmoid; the ReLU's is 1 or 0.
    """


@chaff_edit(BACKWARD, "backward_value", "2 * (y_prediction - y)", "y_prediction - y")
def backward_half():
    """factor 2 missing

    Half the expected slope. Differentiate the square again.
    """


@chaff_edit(BACKWARD, "backward_value", "self.x.T @ grad_hidden", "self.x.T @ grad_hidden / 2")
def backward_half_of_w1():
    """factor 2 missing in w1

    The gradient of w1 is half of what is expected: the factor 2 of the square belongs to both.
    """


@chaff_edit(BACKWARD, "backward_value", "self.hidden.T @ grad_y", "self.hidden.T @ grad_y / 2")
def backward_half_of_w2():
    """factor 2 missing in w2

    The gradient of w2 is half of what is expected: the factor 2 of the square belongs to both.
    """


@chaff_edit(BACKWARD, "backward_value", "2 * (y_prediction - y)", "4 * (y_prediction - y)")
def backward_double():
    """factor 2 twice

    Twice the expected slope. The square gives one factor 2, not two.
    """


@chaff_edit(BACKWARD, "backward_value", "self.x.T @ grad_hidden", "2 * self.x.T @ grad_hidden")
def backward_double_w1():
    """factor 2 twice in w1

    The gradient of w1 is twice what is expected: the factor 2 comes in once, with the error.
    """


@chaff_edit(BACKWARD, "backward_value", "(y_prediction - y)", "(y - y_prediction)")
def backward_sign():
    """minus sign lost

    Right size, wrong direction. The error is the prediction minus the target.
    """


@chaff_edit(BACKWARD, "backward_value", "2 * (y_prediction - y)", "2 * (y_prediction - y) / len(y)")
def backward_mean():
    """mean over the rows

    Off by exactly the number of rows: the loss is a sum, so its gradient is a sum too.
    """


@chaff_edit(BACKWARD, "backward_value", "2 * (y_prediction - y)", "2 * (y_prediction - y) / y.size")
def backward_mean_of_all():
    """mean over rows and columns

    Off by exactly the number of outputs, rows times columns: the loss is a sum, not a mean.
    """


@chaff_edit(BACKWARD, "backward_value", "2 * (y_prediction - y)", "np.ones_like(y)")
def backward_without_error():
    """derivative of the output only

    That is the slope of the summed predictions, not of the loss: the error is missing as a factor.
    """


@chaff_edit(BACKWARD, "backward_value", "2 * (y_prediction - y)", "2 * y_prediction")
def backward_prediction_for_error():
    """target missing

    The error is the prediction minus the target; here the target is missing.
    """


@chaff_edit(BACKWARD, "backward_value", "2 * (y_prediction - y)", "(y_prediction - y) ** 2")
def backward_squared_error():
    """loss passed down

    The error is squared here; the slope of the square is twice the error.
    """


@chaff_edit(BACKWARD, "backward_value", RETURN, "return self.hidden.T @ grad_y, self.x.T @ grad_hidden")
def backward_swapped():
    """gradients swapped

    The two gradients stand in each other's place: first the one of w1, then of w2.
    """


@chaff_edit(BACKWARD, "backward_value", RETURN, "return grad_hidden.T @ self.x, grad_y.T @ self.hidden")
def backward_transposed():
    """gradients transposed

    Both gradients are transposed: each has the shape of its weight.
    """


@chaff_edit(BACKWARD, "backward_value", "self.w2.T", "self.w2.reshape(self.w2.shape[::-1])")
def backward_reshapes_w2():
    """reshape for transpose

    w2 is reshaped where it must be transposed: a reshape keeps the order of the numbers.
    """


@chaff_edit(BACKWARD, "backward_value", "self.x.T @ grad_hidden", "(grad_hidden.T @ self.x).reshape(self.w1.shape)")
def backward_reshapes_w1_gradient():
    """gradient of w1 reshaped

    The gradient of w1 is reshaped where it must be transposed: right numbers, wrong places.
    """


@chaff_edit(BACKWARD, "backward_value", "self.hidden.T @ grad_y", "(grad_y.T @ self.hidden).reshape(self.w2.shape)")
def backward_reshapes_w2_gradient():
    """gradient of w2 reshaped

    The gradient of w2 is reshaped where it must be transposed: right numbers, wrong places.
    """


@chaff_edit(BACKWARD, "backward_value", "self.x.T @", "self.x.reshape(self.x.shape[::-1]) @")
def backward_reshapes_x():
    """reshape for transpose of x

    x is reshaped where it must be transposed: a reshape keeps the order of the numbers.
    """


@chaff_edit(BACKWARD, "backward_value", "self.hidden.T @", "(self.x @ self.w1).T @")
def backward_before_relu():
    """values before the ReLU in the gradient of w2

    The gradient of w2 takes the hidden values after the ReLU; these are the ones before it.
    """


@chaff_edit(BACKWARD, "backward_value", "self.hidden.T @", "(self.hidden > 0).T @", hint=MASK_FOR_HIDDEN)
def backward_mask_in_w2():
    """mask in the gradient of w2"""


@chaff_edit(BACKWARD, "backward_value", DOWN, "grad_y.sum(axis=1, keepdims=True)")
def backward_without_w2():
    """w2 missing

    On its way down the error passes through w2; here w2 is missing.
    """


@chaff_edit(BACKWARD, "backward_value", RETURN, "return self.x[:1].T @ grad_hidden[:1], self.hidden[:1].T @ grad_y[:1]")
def backward_first_row():
    """one row only

    Only the first row is used; every row pulls on the weights.
    """


@chaff_edit(BACKWARD, "backward_value", "2 * (y_prediction - y)", "np.clip(2 * (y_prediction - y), -1, 1)")
def backward_clips():
    """gradient clipped

    The gradient is cut off at 1; it is to be as long as it comes.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    RETURN,
    "g1, g2 = self.x.T @ grad_hidden, self.hidden.T @ grad_y\n"
    "    return g1 / np.linalg.norm(g1), g2 / np.linalg.norm(g2)",
)
def backward_normalised():
    """gradients normalised

    The gradients are scaled to length 1; their length counts too.
    """


@chaff_edit(BACKWARD, "backward_value", RETURN, "return np.zeros_like(self.w1), self.hidden.T @ grad_y")
def backward_of_w2_only():
    """w1 left out

    The gradient of w1 is 0 everywhere: pass the error down to the first layer too.
    """


@chaff_edit(BACKWARD, "backward_shapes", GUARD, "pass")
def backward_without_guard():
    """no guard against shapes that differ

    Shapes that differ must raise: otherwise (n,) and (n, 1) make an n by n table. Call require_equal_shapes.
    """


@chaff_edit(
    BACKWARD,
    "backward_shapes",
    GUARD,
    'if len(y_prediction) != np.size(y) and len(y_prediction) != len(y):\n        raise ValueError("rows")',
)
def backward_guards_rows():
    """the guard compares lengths

    Compare the shapes, not the lengths: (n, 1) and (n,) have the same length.
    """


@chaff_edit(BACKWARD, "backward_repeat", ERROR, "grad_y = y_prediction\n    grad_y -= y\n    grad_y *= 2")
def backward_writes():
    """prediction overwritten

    The prediction is changed in place: `-=` writes into the caller's array.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    f"grad_hidden = {DOWN}{MASK}",
    f"self.hidden[self.hidden > 0] = 1\n    grad_hidden = {DOWN} * self.hidden",
    hint=MASK_FOR_HIDDEN,
)
def backward_writes_mask():
    """hidden values overwritten by the mask"""


@chaff_edit(
    BACKWARD,
    "backward_repeat",
    RETURN,
    "gradients = self.x.T @ grad_hidden, self.hidden.T @ grad_y\n    self.hidden[:] = 0\n    return gradients",
)
def backward_spends_the_mask():
    """what forward kept is cleared

    The first call clears what forward kept, so that a second one finds nothing.
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
)
def backward_writes_mask_late():
    """hidden values overwritten by the mask, after their use

    The mask is written over the hidden values that forward kept, so that a second call has none: make the mask a new
    array.
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
        edit = chaff_edit(BACKWARD, "backward_value", old, new, hint=MOVED_FIRST)(function)
        return replace(edit, name=f"{edit.name}_{rate}")

    return [made(rate) for rate in ("1e-5", "1e-4", "1e-3", ".01", ".1")]


@_at_rates
def backward_moves_w2_first_by():
    """w2 updated before the error is passed down"""


@chaff(BACKWARD, ("backward_value", "backward_repeat"), hint=MOVED_FIRST)
def backward_moves_w2_first(self, y_prediction, y):
    """w2 updated before the error is passed down"""
    require_equal_shapes(y_prediction, y)
    grad_y = 2 * (y_prediction - y)
    grad_w2 = self.hidden.T @ grad_y
    self.w2 -= 1e-6 * grad_w2
    return self.x.T @ (grad_y @ self.w2.T * (self.hidden > 0)), grad_w2


@chaff(BACKWARD, ("backward_value", "backward_repeat"), hint=MOVED_FIRST)
def backward_moves_w2_first_far(self, y_prediction, y):
    """w2 updated before the error is passed down, with the rate of the small run"""
    require_equal_shapes(y_prediction, y)
    grad_y = 2 * (y_prediction - y)
    grad_w2 = self.hidden.T @ grad_y
    self.w2 -= 2e-4 * grad_w2
    return self.x.T @ (grad_y @ self.w2.T * (self.hidden > 0)), grad_w2


@chaff(BACKWARD, "backward_repeat")
def backward_moves_weights(self, y_prediction, y):
    """weights changed in backward, after the gradients

    The weights move in backward: it only tells the slope, and moving them is the work of update.
    """
    require_equal_shapes(y_prediction, y)
    grad_y = 2 * (y_prediction - y)
    grad_hidden = grad_y @ self.w2.T * (self.hidden > 0)
    grad_w1, grad_w2 = self.x.T @ grad_hidden, self.hidden.T @ grad_y
    self.w1 -= 1e-6 * grad_w1
    self.w2 -= 1e-6 * grad_w2
    return grad_w1, grad_w2


@chaff(BACKWARD, "backward_repeat")
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


@chaff(BACKWARD, "backward_repeat")
def backward_accumulates(self, y_prediction, y):
    """gradients of earlier calls are added

    The second call remembers the first: start from zero in each call.
    """
    require_equal_shapes(y_prediction, y)
    grad_y = 2 * (y_prediction - y)
    grad_hidden = grad_y @ self.w2.T * (self.hidden > 0)
    self.grad_w1 = getattr(self, "grad_w1", 0) + self.x.T @ grad_hidden
    self.grad_w2 = getattr(self, "grad_w2", 0) + self.hidden.T @ grad_y
    return self.grad_w1, self.grad_w2


@chaff(BACKWARD, "backward_latest")
def backward_keeps_the_first(self, y_prediction, y):
    """values of the first forward kept

    A later forward is not seen: backward still uses what an earlier one kept.
    """
    require_equal_shapes(y_prediction, y)
    if len(getattr(self, "kept", [[]])[0]) != len(y):
        self.kept = self.x, self.hidden
    x, hidden = self.kept
    grad_y = 2 * (y_prediction - y)
    return x.T @ (grad_y @ self.w2.T * (hidden > 0)), hidden.T @ grad_y


@chaff(NET, "backward_latest")
class backward_shares_the_cache:
    """what forward keeps belongs to the class

    Two networks share what forward keeps: keep it in self, not in the class or a global.
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


@chaff_edit(UPDATE, "update_value", (W1, W2), (W1.replace("-=", "+="), W2.replace("-=", "+=")))
def update_ascends():
    """ascent instead of descent

    The loss climbs: step against the gradient, with a minus.
    """


@chaff_edit(UPDATE, "update_value", (W1, W2), ("self.w1 -= grad_w1", "self.w2 -= grad_w2"))
def update_without_rate():
    """learning rate ignored

    The learning rate is not used: each step is as long as the whole gradient.
    """


@chaff_edit(UPDATE, "update_value", W1, "self.w1 -= grad_w1")
def update_without_rate_of_w1():
    """learning rate ignored for w1

    w1 moves by its whole gradient: the learning rate belongs to both.
    """


@chaff_edit(UPDATE, "update_value", W2, "self.w2 -= grad_w2")
def update_without_rate_of_w2():
    """learning rate ignored for w2

    w2 moves by its whole gradient: the learning rate belongs to both.
    """


@chaff_edit(UPDATE, "update_value", (W1, W2), ("self.w1 -= lr * self.w1", "self.w2 -= lr * self.w2"))
def update_weight_for_gradient():
    """w for dw

    Your code takes the weight where the gradient belongs; it should step by lr times the gradient.
    """


@chaff_edit(
    UPDATE,
    "update_value",
    (W1, W2),
    ("self.w1.flat[:] = np.linspace(-1, 1, self.w1.size)", "self.w2.flat[:] = np.linspace(-1, 1, self.w2.size)"),
)
def update_published():
    """published weights

    Your code sets the weights to numbers of its own; it should compute them, from the gradients.
    """


@chaff_edit(UPDATE, "update_value", W1, W1.replace("-=", "+="))
def update_ascends_w1():
    """ascent of w1

    w1 climbs: both weights step against their gradients, with a minus.
    """


@chaff_edit(UPDATE, "update_value", W2, W2.replace("-=", "+="))
def update_ascends_w2():
    """ascent of w2

    w2 climbs: both weights step against their gradients, with a minus.
    """


@chaff_edit(UPDATE, "update_value", (W1, W2), ("self.w1 -= lr * lr * grad_w1", "self.w2 -= lr * lr * grad_w2"))
def update_rate_squared():
    """learning rate twice

    The learning rate comes in twice.
    """


@chaff_edit(UPDATE, "update_value", (W1, W2), ("self.w1 -= grad_w1 / lr", "self.w2 -= grad_w2 / lr"))
def update_divides_by_rate():
    """divided by the learning rate

    Multiply by the learning rate; here the gradient is divided by it.
    """


@chaff_edit(UPDATE, "update_value", W2, "pass")
def update_w1_only():
    """w2 not updated

    Only w1 moves; w2 has a gradient too.
    """


@chaff_edit(UPDATE, "update_value", W1, "pass")
def update_w2_only():
    """w1 not updated

    Only w2 moves; w1 has a gradient too.
    """


@chaff_edit(UPDATE, "update_value", (W1, W2), ("self.w1 = -lr * grad_w1", "self.w2 = -lr * grad_w2"))
def update_replaces():
    """assignment instead of step

    The step is taken from the present weight; here the weight is replaced by the step.
    """


@chaff_edit(UPDATE, "update_value", (W1, W2), ("self.w1 -= lr * np.sign(grad_w1)", "self.w2 -= lr * np.sign(grad_w2)"))
def update_sign_only():
    """sign step

    The step is the learning rate times the gradient, not its sign only.
    """


@chaff_edit(UPDATE, "update_value", (W1, W2), ("self.w1 *= 1 - lr * grad_w1", "self.w2 *= 1 - lr * grad_w2"))
def update_multiplies():
    """multiplicative step

    The step is subtracted from the weight; here the weight is multiplied.
    """


@chaff_edit(UPDATE, "update_value", (W1, W2), ("self.w1 -= 0.5 * lr * grad_w1", "self.w2 -= 0.5 * lr * grad_w2"))
def update_halves():
    """an extra one half

    Half the step: it is the learning rate times the gradient, without a one half.
    """


@chaff_edit(
    UPDATE,
    "update_value",
    (W1, W2),
    ("self.w1 -= lr * grad_w1 / len(grad_w1)", "self.w2 -= lr * grad_w2 / len(grad_w2)"),
)
def update_divides_by_rows():
    """divided by a length

    The step is divided by the number of rows of the gradient; nothing is divided here.
    """


@chaff_edit(
    UPDATE,
    ("update_value", "update_side_effects"),
    (W1, W2),
    ("w1 = self.w1 - lr * grad_w1", "w2 = self.w2 - lr * grad_w2"),
)
def update_local():
    """new weights not stored

    Nothing moves: the new weights must be stored in self.w1 and self.w2.
    """


@chaff_edit(
    UPDATE,
    ("update_value", "update_side_effects"),
    W1 + "\n    " + W2,
    "return self.w1 - lr * grad_w1, self.w2 - lr * grad_w2",
)
def update_returns():
    """new weights only returned

    Nothing moves: the new weights must be stored in self.w1 and self.w2.
    """


@chaff_edit(
    UPDATE, "update_value", (W1, W2), ("self.w1 -= lr * (grad_w1 + self.w1)", "self.w2 -= lr * (grad_w2 + self.w2)")
)
def update_decays():
    """weight decay

    The weights shrink on top of the step: there is no weight decay here.
    """


@chaff_edit(
    UPDATE,
    "update_side_effects",
    (W1, W2),
    ("grad_w1 *= lr\n    self.w1 -= grad_w1", "grad_w2 *= lr\n    self.w2 -= grad_w2"),
)
def update_writes_gradients():
    """gradients overwritten

    The gradients are changed in place: `*=` writes into the caller's arrays.
    """


@chaff_edit(
    f"{NET}.__init__",
    "update_side_effects",
    ("np.array(w1, dtype=float)", "np.array(w2, dtype=float)"),
    ("np.asarray(w1, dtype=float)", "np.asarray(w2, dtype=float)"),
)
def init_without_copy():
    """weights not copied

    Training writes into the arrays that the net was made from: __init__ must copy them, as given.
    """


@chaff(UPDATE, "update_value")
def update_momentum(self, grad_w1, grad_w2, lr):
    """earlier gradients added

    Each step remembers the earlier ones: there is no momentum here.
    """
    self.sum1 = 0.9 * getattr(self, "sum1", 0) + grad_w1
    self.sum2 = 0.9 * getattr(self, "sum2", 0) + grad_w2
    self.w1 -= lr * self.sum1
    self.w2 -= lr * self.sum2


@chaff(UPDATE, "update_value")
def update_from_the_start(self, grad_w1, grad_w2, lr):
    """every step taken from the first weights

    The second update starts again from the first weights: step from the present ones.
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


@chaff_edit("blocked_entries", "blocked_entries", "3226", "3174")
def blocked_counts_the_others():
    """values that pass counted

    You counted the values that the ReLU lets through.
    """


@chaff_edit("blocked_entries", "blocked_entries", "3226", "3428")
def blocked_at_the_end():
    """weights after training

    Those are the blocked values after training: use w1 as it was drawn, not net.w1.
    """


@chaff_edit("blocked_entries", "blocked_entries", "3226", "2972")
def blocked_others_at_the_end():
    """values that pass, after training

    You counted the values that pass, and after training: use w1 as it was drawn.
    """


@chaff_edit("blocked_entries", "blocked_entries", "3226", "339")
def blocked_predictions():
    """negative predictions counted

    You looked at the predictions: the ReLU is in the hidden layer.
    """


@chaff_edit("blocked_entries", "blocked_entries", "3226", "0")
def blocked_units():
    """units that are always off

    No unit is blocked for all rows, but the question is about the single values, 64 for each unit.
    """


@chaff_edit("blocked_entries", "blocked_entries", "3226", "3226 / 6400")
def blocked_share():
    """share for number

    That is the share of the values; the question asks for their number.
    """


@chaff_edit("seeds_that_rise", "seeds_that_rise", "return 3", "return 2")
def seeds_first_step():
    """first step only

    You looked at the first step only: a loss may rise above its start later.
    """


@chaff_edit("seeds_that_rise", "seeds_that_rise", "return 3", "return 5")
def seeds_any_rise():
    """any step up counted

    You counted every seed with a step up; the question is whether a loss rises above the first one.
    """


@chaff_edit("seeds_that_rise", "seeds_that_rise", "return 3", "return 0")
def seeds_at_the_end():
    """last loss only

    Compare all of the 20 losses with the first, not only the last one.
    """


@chaff_edit("seeds_that_rise", "seeds_that_rise", "return 3", "return 7")
def seeds_that_fall():
    """seeds that fall counted

    You counted the seeds whose losses stay below the first.
    """


@chaff_edit("final_loss_without_mask", "final_loss_without_mask", "9.9e-5", "6.9e-5")
def final_of_the_right_net():
    """loss of the right network

    That is the last loss of the right network. The question is about the one whose backward has no mask.
    """


@chaff_edit("final_loss_without_mask", "final_loss_without_mask", "9.9e-5", "2.8e-12")
def final_continued():
    """started from trained weights

    This run went on from trained weights: make the net from w1 and w2 as they were drawn.
    """


@chaff_edit("final_loss_without_mask", "final_loss_without_mask", "9.9e-5", "2.5e-14")
def final_linear():
    """ReLU left out in forward too

    Here forward has lost its ReLU as well: only the mask in backward is to be left out.
    """


@chaff_edit("final_loss_without_mask", "final_loss_without_mask", "9.9e-5", "4.966")
def final_mask_of_error():
    """mask from the error

    That is a mask from the wrong array: here there is to be none at all.
    """


@chaff_edit("final_loss_without_mask", "final_loss_without_mask", "9.9e-5", "1.5554e-5")
def final_of_another_seed():
    """data of another seed

    x, y, w1 and w2 were those of the last seed of section 7: draw them again, as in section 6.
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
