"""Known mistakes and right variants of hw06_modules."""

import numpy as np

from gradbook.homework import chaff, chaff_edit, suspect, wheat, wheat_edit

ORDER = "the two arguments may be given in either order"
SIGN = "the sign is lost afterwards, in a size or an even power"
ZERO = "the derivative at exactly 0 is never probed"
EDGE = "only a difference of exactly the tolerance would tell"
STEPS = "how the step shrinks at a kink is free"
PRINTED = "what is printed is for the student, and not graded"
ENTRIES = "the random direction has decided already; single entries only say where"
EQUIVALENT = {
    "ReLU.forward: x > 0 -> x >= 0": ZERO,
    "ReLU.forward: np.maximum(x, 0) -> np.maximum(0, x)": ORDER,
    "GradientCheck.agrees: 10.0 -> 20.0": STEPS,
    "GradientCheck.agrees: 8 -> 9": STEPS,
    "GradientCheck.agrees: 8 -> 7": STEPS,
    "GradientCheck.agrees: h / 2 -> h * 2": STEPS,
    "GradientCheck.agrees: 2 -> 3": STEPS,
    "GradientCheck.agrees: max(abs(analytic), abs(narrow)) -> max(abs(narrow), abs(analytic))": ORDER,
    "GradientCheck.agrees: abs(wide - narrow) <= tolerance -> abs(wide - narrow) < tolerance": EDGE,
    "GradientCheck.agrees: wide - narrow -> narrow - wide": SIGN,
    "GradientCheck.agrees: analytic - narrow -> narrow - analytic": SIGN,
    "GradientCheck.check_array: print(f'gradient of {name}: the shape is {np.shape(gradient)}, expected {array.shape}')"
    " -> pass": PRINTED,
    "GradientCheck.check_array: if not right: print(f'gradient of {name}: wrong along a random direction')"
    " -> if not not right: print(f'gradient of {name}: wrong along a random direction')": PRINTED,
    "GradientCheck.check_array: not right -> right": PRINTED,
    "GradientCheck.check_array: print(f'gradient of {name}: wrong along a random direction') -> pass": PRINTED,
    "GradientCheck.check_array: np.random.choice(array.size, min(self.sample, array.size), replace=False)"
    " -> np.random.choice(array.size, min(self.sample, array.size))": ENTRIES,
    "GradientCheck.check_array: min(self.sample, array.size) -> min(array.size, self.sample)": ORDER,
    "GradientCheck.check_array: False -> True": ENTRIES,
    "GradientCheck.check_array: np.zeros -> np.ones": ENTRIES,
    "GradientCheck.check_array: unit.flat[entry] = 1 -> pass": ENTRIES,
    "GradientCheck.check_array: 1 -> 2": ENTRIES,
    "GradientCheck.check_array: 1 -> 0": ENTRIES,
    "GradientCheck.check_array: print(f'gradient of {name}: wrong at {index}') -> pass": PRINTED,
    "GradientCheck.check_array: return False -> pass": ENTRIES,
    "chance_of_missing: 1 - 1 / 200 -> 1 / 200 - 1": SIGN,
}

# ---------------------------------------------------------------- Linear.__init__

START = "Linear.__init__"
DEVIATION = "np.sqrt(2 / (in_features + out_features))"


@chaff_edit(START, "linear_start", DEVIATION, "np.sqrt(2 / in_features)")
def start_he():
    """deviation of He

    That is the deviation of He; here it is that of Glorot, with the sum of inputs and outputs.
    """


@chaff_edit(START, "linear_start", DEVIATION, "2 / (in_features + out_features)")
def start_without_root():
    """variance for deviation

    That is the variance; the deviation is its root.
    """


@chaff_edit(START, "linear_start", DEVIATION, "np.sqrt(1 / (in_features + out_features))")
def start_one():
    """1 for 2 under the root

    The weights are too small by the root of 2.
    """


@chaff_edit(START, "linear_start", " * deviation", "")
def start_unscaled():
    """weights not scaled

    The weights are unit normal: multiply them by the deviation.
    """


@chaff_edit(
    START,
    "linear_start",
    "np.random.randn(in_features, out_features) * deviation",
    "np.zeros((in_features, out_features))",
)
def start_zero():
    """weights all 0

    The weights are all 0; they are drawn at random.
    """


@chaff_edit(
    START, "linear_start", "np.random.randn(in_features, out_features)", "np.random.randn(out_features, in_features)"
)
def start_transposed():
    """W transposed

    W has one row for each input and one column for each output.
    """


@chaff_edit(
    START,
    "linear_start",
    'self.parameters["b"] = np.zeros(out_features)',
    'self.parameters["b"] = np.random.randn(out_features)',
)
def start_random_bias():
    """random bias

    b starts at 0; only W is drawn at random.
    """


@chaff_edit(
    START,
    "linear_start",
    'self.parameters["b"] = np.zeros(out_features)',
    'self.parameters["b"] = np.ones(out_features)',
)
def start_bias_of_ones():
    """bias of ones

    b starts at 0, not at 1.
    """


@chaff_edit(START, "linear_start", 'self.gradients["W"] = np.zeros(', 'self.gradients["W"] = np.ones(')
def start_gradient_of_ones():
    """gradients start at 1

    The gradients start at 0, as backward adds to them.
    """


@wheat(START)
def start_generator(self, in_features, out_features):
    Model.__init__(self)
    scale = (2.0 / (in_features + out_features)) ** 0.5
    self.parameters = {
        "W": np.random.default_rng().normal(0.0, scale, (in_features, out_features)),
        "b": np.zeros((out_features,)),
    }
    self.gradients = {name: np.zeros_like(array) for name, array in self.parameters.items()}


@wheat(START)
def start_normal(self, in_features, out_features):
    super().__init__()
    self.parameters["b"] = np.zeros(out_features)
    scale = np.sqrt(2 / (out_features + in_features))
    self.parameters["W"] = np.random.normal(scale=scale, size=(in_features, out_features))
    self.gradients["b"] = 0 * self.parameters["b"]
    self.gradients["W"] = 0 * self.parameters["W"]


@wheat(START)
def start_entry_by_entry(self, in_features, out_features):
    super().__init__()
    W, b = np.empty((in_features, out_features)), np.zeros(shape=out_features)
    for index in np.ndindex(W.shape):
        W[index] = np.random.normal(0, (0.5 * (in_features + out_features)) ** -0.5)
    self.parameters.update(W=W, b=b)
    self.gradients.update(W=np.zeros(W.shape), b=np.zeros(b.shape))


# ---------------------------------------------------------------- Linear.forward

FORWARD = "Linear.forward"
PRODUCT = 'x @ self.parameters["W"] + self.parameters["b"]'


@chaff_edit(FORWARD, "linear_forward_value", PRODUCT, 'x @ self.parameters["W"]')
def forward_without_bias():
    """bias left out

    b is missing: add it to every row.
    """


@chaff_edit(FORWARD, "linear_forward_value", PRODUCT, 'x @ self.parameters["W"] - self.parameters["b"]')
def forward_minus_bias():
    """bias subtracted

    b is added, not subtracted.
    """


@chaff_edit(FORWARD, "linear_forward_value", PRODUCT, 'x @ self.parameters["W"] + 2 * self.parameters["b"]')
def forward_double_bias():
    """bias twice

    b is added twice.
    """


@chaff_edit(FORWARD, "linear_forward_value", PRODUCT, 'x @ (self.parameters["W"] + self.parameters["b"])')
def forward_bias_inside():
    """bias added to the weights

    b is added to the product, not to W.
    """


@chaff_edit(FORWARD, "linear_forward_value", PRODUCT, 'x @ self.parameters["W"] * self.parameters["b"]')
def forward_bias_times():
    """bias multiplied

    b is added to the product; here it multiplies it.
    """


@chaff_edit(FORWARD, "linear_forward_value", PRODUCT, f"np.maximum({PRODUCT}, 0)")
def forward_relu():
    """an added ReLU

    This layer is linear: the ReLU is a model of its own.
    """


@chaff_edit(FORWARD, "linear_forward_value", PRODUCT, f"{PRODUCT} - (x @ self.parameters['W']).mean(axis=0)")
def forward_mean_of_rows():
    """mean of the rows taken off

    Each row of y comes from its own row of x; here the other rows come in.
    """


@chaff_edit(FORWARD, "linear_forward_value", PRODUCT, 'x @ self.parameters["W"] + self.parameters["b"].mean()')
def forward_mean_of_bias():
    """one number for the bias

    Each column has its own entry of b.
    """


@chaff_edit(FORWARD, "linear_forward_value", PRODUCT, 'x @ self.parameters["W"] / len(x) + self.parameters["b"]')
def forward_scaled():
    """divided by the number of rows

    The rows are not averaged: leave out the division by their number.
    """


@chaff_edit(
    FORWARD,
    ("linear_forward_effects", "linear_forward_value"),
    f"return {PRODUCT}",
    'self.parameters["b"] += (x @ self.parameters["W"])[0]\n    return x @ self.parameters["W"] + self.parameters["b"]',
)
def forward_writes_bias():
    """forward writes into b

    forward changes a parameter; it only uses them.
    """


@chaff_edit(
    FORWARD,
    "linear_forward_effects",
    ("self.x = x", f"return {PRODUCT}"),
    ("self.x = x.copy()", f"y = {PRODUCT}\n    x += 1\n    return y"),
)
def forward_writes_x():
    """forward writes into x

    x was changed: it belongs to the caller.
    """


@chaff_edit(FORWARD, "linear_forward_effects", f"return {PRODUCT}", 'self.gradients["W"] += 1\n    return ' + PRODUCT)
def forward_counts():
    """forward writes into the gradients

    forward changes the gradients; only backward adds to them.
    """


@chaff(FORWARD, "linear_forward_value")
def forward_bias_by_rows_of_a_square(self, x):
    """b added by rows in a square batch

    In a square batch, with as many rows as outputs, b is added by rows: b is one number a column.
    """
    self.x = x
    y = x @ self.parameters["W"]
    return y + (self.parameters["b"][:, None] if y.shape[0] == y.shape[1] else self.parameters["b"])


@chaff(FORWARD, "linear_forward_value")
def forward_reshapes_W(self, x):
    """W transposed and reshaped

    W is reshaped on its way: right numbers in wrong places. Use it as it is.
    """
    self.x = x
    W = self.parameters["W"]
    return x @ W.T.reshape(W.shape) + self.parameters["b"]


@chaff("Linear.backward", "linear_backward_adds")
def backward_sets_only_b(self, grad):
    """= for += in the gradient of b

    The gradient of b is set anew where it must be added to: gradients from two paths add.
    """
    self.gradients["W"] += self.x.T @ grad
    self.gradients["b"][...] = grad.sum(axis=0)
    return grad @ self.parameters["W"].T


@chaff("Linear.backward", "linear_backward_adds")
def backward_sets_only_W(self, grad):
    """= for += in the gradient of W

    The gradient of W is set anew where it must be added to: gradients from two paths add.
    """
    self.gradients["W"][...] = self.x.T @ grad
    self.gradients["b"] += grad.sum(axis=0)
    return grad @ self.parameters["W"].T


@chaff("Linear.backward", "linear_backward_adds")
def backward_adds_once(self, grad):
    """nothing added in a second call

    A second call adds nothing; each call adds the same amount again.
    """
    if self.x is not None:
        self.gradients["W"] += self.x.T @ grad
        self.gradients["b"] += grad.sum(axis=0)
        self.x = None
    return grad @ self.parameters["W"].T


@chaff(FORWARD, "linear_forward_effects")
def forward_remembers_weights(self, x):
    """parameters of the first call are used for ever

    Use the parameters as they are now, not a copy of the first time.
    """
    if not hasattr(self, "known"):
        self.known = {name: array.copy() for name, array in self.parameters.items()}
    self.x = x
    return x @ self.known["W"] + self.known["b"]


@chaff(FORWARD, ("linear_forward_effects", "linear_forward_value"))
def forward_accumulates(self, x):
    """results of earlier calls are added

    Each call starts afresh: the last result does not belong in.
    """
    self.x = x
    total = getattr(self, "total", 0)
    y = x @ self.parameters["W"] + self.parameters["b"]
    self.total = total + y.sum()
    return y + total


@chaff(FORWARD, "linear_backward_last")
def forward_keeps_first_x(self, x):
    """the x of the first forward is kept

    Keep the x of the last forward, whether or not there was one before.
    """
    if not hasattr(self, "x"):
        self.x = x
    return x @ self.parameters["W"] + self.parameters["b"]


@chaff(FORWARD, "linear_backward_last")
def forward_shares_x(self, x):
    """x kept on the class

    Each layer keeps its own x: an attribute of the class is shared by all layers.
    """
    Linear.x = x
    return x @ self.parameters["W"] + self.parameters["b"]


@wheat(FORWARD)
def forward_einsum(self, x):
    self.x = x.copy()
    y = np.einsum("ik,kj->ij", x, self.parameters["W"])
    y += self.parameters["b"]
    return y


@wheat(FORWARD)
def forward_loops(self, x):
    self.x = np.asarray(x)
    W, b = self.parameters["W"], self.parameters["b"]
    y = np.zeros((len(x), W.shape[1]))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = b[j] + sum(x[i, k] * W[k, j] for k in range(W.shape[0]))
    return y


@wheat(FORWARD)
def forward_with_ones(self, x):
    self.x = x
    wide = np.hstack([x, np.ones((len(x), 1))])
    return wide @ np.vstack([self.parameters["W"], self.parameters["b"]])


# ---------------------------------------------------------------- Linear.backward

BACKWARD = "Linear.backward"
BUFFER = (
    "Your code returns its own buffer, so that the next call changes an earlier result; it should return a new array "
    "each time."
)
ADD_W, ADD_B, BELOW = "+= self.x.T @ grad", "+= grad.sum(axis=0)", 'grad @ self.parameters["W"].T'
ADDS = ("linear_backward_adds",)


@chaff_edit(BACKWARD, ("linear_backward_square", "linear_backward_value"), ADD_W, "+= grad.T @ self.x")
def backward_x_transposed():
    """gradient of W transposed

    The gradient of W holds the right numbers in the wrong places: its rows belong to the inputs, its columns to the
    outputs, and a reshape is no transpose.
    """


@chaff_edit(BACKWARD, ("linear_backward_square", "linear_backward_value"), BELOW, 'grad @ self.parameters["W"]')
def backward_W_untransposed():
    """W not transposed

    The way down runs through W transposed: the sum is over the columns of y.
    """


@chaff_edit(BACKWARD, "linear_backward_value", ADD_W, "+= (grad.T @ self.x).reshape(self.gradients['W'].shape)")
def backward_reshaped():
    """reshape for transpose

    The gradient of W holds the right numbers in the wrong places: its rows belong to the inputs, its columns to the
    outputs, and a reshape is no transpose.
    """


@chaff_edit(BACKWARD, "linear_backward_value", ADD_W, "+= self.x.T @ grad / len(grad)")
def backward_W_mean():
    """gradient of W averaged

    The gradient of W is off by exactly the number of rows: it is a sum. The mean is in the loss, and so already in
    grad.
    """


@chaff_edit(BACKWARD, "linear_backward_value", ADD_B, "+= grad.mean(axis=0)")
def backward_b_mean():
    """gradient of b averaged

    The gradient of b is off by exactly the number of rows: every row pulls on the same b, and pulls add.
    """


@chaff_edit(
    BACKWARD, "linear_backward_value", (ADD_W, ADD_B), ("+= self.x.T @ grad / len(grad)", "+= grad.mean(axis=0)")
)
def backward_both_mean():
    """both gradients averaged

    Both gradients are off by exactly the number of rows: they are sums. The mean is in the loss, and so already in
    grad.
    """


@chaff_edit(BACKWARD, "linear_backward_value", ADD_B, "+= grad[0]")
def backward_b_first_row():
    """gradient of b from one row

    Only the first row pulls on b; all rows do.
    """


@chaff_edit(BACKWARD, "linear_backward_value", ADD_B, "+= grad.sum()")
def backward_b_total():
    """gradient of b summed over all

    The gradient of b is summed over everything: each column has its own b, so sum over the rows only.
    """


@chaff_edit(
    BACKWARD,
    "linear_backward_value",
    f'self.gradients["b"] {ADD_B}',
    'self.gradients["b"] = self.gradients["b"] + grad',
)
def backward_b_per_row():
    """gradient of b not summed

    One gradient of b for each row: every row pulls on the same b, so sum over the rows.
    """


@chaff_edit(BACKWARD, "linear_backward_value", ADD_B, "+= len(grad)")
def backward_b_ones():
    """grad missing in b

    dy/db is 1, but dL/db is grad times it, summed over the rows: grad is missing.
    """


@chaff_edit(BACKWARD, "linear_backward_value", f'self.gradients["b"] {ADD_B}', "pass")
def backward_b_forgotten():
    """no gradient of b

    b has a gradient too, and it is still 0.
    """


@chaff_edit(BACKWARD, "linear_backward_value", f'self.gradients["W"] {ADD_W}', "pass")
def backward_W_forgotten():
    """no gradient of W

    W has a gradient too, and it is still 0.
    """


@chaff_edit(BACKWARD, "linear_backward_value", ("+= self.x", "+= grad.sum"), ("-= self.x", "-= grad.sum"))
def backward_sign():
    """gradients subtracted

    Right size, wrong direction: backward adds the gradient; the minus belongs to the optimizer.
    """


@chaff_edit(BACKWARD, "linear_backward_value", ADD_W, "+= 2 * self.x.T @ grad")
def backward_doubled():
    """gradient of W doubled

    Twice the gradient of W: a layer has no square to differentiate.
    """


@chaff_edit(BACKWARD, "linear_backward_value", ADD_W, "+= self.x.T @ np.ones(grad.shape)")
def backward_without_grad():
    """grad missing in W

    The gradient of W does not use grad: that is the slope of the sum of all outputs.
    """


@chaff_edit(BACKWARD, "linear_backward_value", BELOW, 'np.ones(grad.shape) @ self.parameters["W"].T')
def backward_hands_on_ones():
    """grad missing in the result

    What is returned does not use grad: W alone is dy/dx; the chain goes on.
    """


@chaff_edit(BACKWARD, ("linear_backward_value", "linear_backward_effects"), f"return {BELOW}", BELOW)
def backward_returns_nothing():
    """no return

    Nothing is returned: the model below needs dL/dx.
    """


@chaff_edit(BACKWARD, "linear_backward_value", f"return {BELOW}", 'return self.gradients["W"]')
def backward_returns_gradient():
    """gradient of W returned

    The gradient of W is returned; the model below needs that of the input.
    """


@chaff_edit(BACKWARD, "linear_backward_value", f"return {BELOW}", f"return -{BELOW}")
def backward_returns_minus():
    """sign of the result

    What is returned has the right size and the wrong direction.
    """


@chaff_edit(BACKWARD, "linear_backward_value", f"return {BELOW}", f"return {BELOW} / len(grad)")
def backward_averaged_below():
    """result averaged

    What is returned is off by exactly the number of rows: each row has its own.
    """


@chaff_edit(BACKWARD, "linear_backward_value", f"return {BELOW}", f"return {BELOW} * self.x")
def backward_uses_x_below():
    """x in the result

    dL/dx of a linear layer does not depend on x: leave it out of what is returned.
    """


@chaff_edit(BACKWARD, ADDS, (ADD_W, ADD_B), ("= self.x.T @ grad", "= grad.sum(axis=0)"))
def backward_overwrites():
    """= for +=

    `=` puts a new array in the dict. Add with `+=`: gradients of several paths add, in the array that is there.
    """


@chaff_edit(
    BACKWARD,
    ADDS,
    ('self.gradients["W"] += ', 'self.gradients["b"] += '),
    ('self.gradients["W"][...] = ', 'self.gradients["b"][...] = '),
)
def backward_overwrites_in_place():
    """overwrites in place

    The second call adds nothing: gradients of two paths add, so do not overwrite.
    """


@chaff_edit(BACKWARD, ADDS, ADD_B, "= grad.sum(axis=0)")
def backward_overwrites_b():
    """= for += in b

    The gradient of b is overwritten with a new array; add to it with `+=` like that of W.
    """


@chaff_edit(BACKWARD, ADDS, ADD_W, "= self.x.T @ grad")
def backward_overwrites_W():
    """= for += in W

    The gradient of W is overwritten with a new array; add to it with `+=` like that of b.
    """


@chaff_edit(
    BACKWARD,
    ADDS,
    (ADD_W, ADD_B),
    ('= self.gradients["W"] + self.x.T @ grad', '= self.gradients["b"] + grad.sum(axis=0)'),
)
def backward_rebinds():
    """sum bound to a new array

    It adds, but into new arrays: a container or an optimizer still holds the old ones. Add in place.
    """


@chaff_edit(
    BACKWARD,
    "linear_backward_effects",
    f"return {BELOW}",
    f'below = {BELOW}\n    self.parameters["W"] -= 0.1 * self.gradients["W"]\n    return below',
)
def backward_updates():
    """backward moves the weights

    backward moves W: that is the optimizer's work, and the model below must not see new weights.
    """


@chaff_edit(
    BACKWARD,
    ("linear_backward_value", "linear_backward_effects"),
    f"return {BELOW}",
    f'self.parameters["W"] -= 0.1 * self.gradients["W"]\n    return {BELOW}',
)
def backward_updates_first():
    """weights moved before passing down

    backward moves W: that is the optimizer's work, and the model below must not see new weights.
    """


@chaff_edit(BACKWARD, "linear_backward_effects", f"return {BELOW}", f"below = {BELOW}\n    grad /= 2\n    return below")
def backward_scales_grad():
    """grad changed in place

    grad was changed in place: it belongs to the caller.
    """


@chaff_edit(
    BACKWARD, ("linear_backward_effects", "linear_backward_adds"), f"return {BELOW}", f"self.x *= 2\n    return {BELOW}"
)
def backward_scales_x():
    """x changed in place

    x was changed in place: the kept x is the caller's array.
    """


@chaff_edit(
    BACKWARD,
    "linear_backward_value",
    (ADD_W, ADD_B, f"return {BELOW}"),
    ("+= np.round(self.x.T @ grad, 4)", "+= np.round(grad.sum(axis=0), 4)", f"return np.round({BELOW}, 4)"),
)
def backward_rounded():
    """gradient rounded to four places

    Your code rounds the gradients to four places; it should keep all their digits.
    """


@chaff_edit(
    BACKWARD,
    "linear_backward_effects",
    f"return {BELOW}",
    "if np.shape(getattr(self, 'below', None)) != self.x.shape:\n"
    "        self.below = np.zeros(self.x.shape)\n"
    f"    self.below[...] = {BELOW}\n    return self.below",
    hint=BUFFER,
)
def backward_in_a_buffer():
    """the same buffer returned in every call"""


@chaff_edit(BACKWARD, "linear_backward_adds", f"return {BELOW}", f"self.x = 0 * self.x\n    return {BELOW}")
def backward_forgets_x():
    """kept x cleared

    The second call gives another gradient of W: what forward kept must outlive backward.
    """


@wheat(BACKWARD)
def backward_einsum(self, grad):
    np.add(self.gradients["W"], np.einsum("ik,ij->kj", self.x, grad), out=self.gradients["W"])
    self.gradients["b"][:] = self.gradients["b"] + np.ones(len(grad)) @ grad
    return np.einsum("ij,kj->ik", grad, self.parameters["W"])


@wheat(BACKWARD)
def backward_rows(self, grad):
    below = np.zeros((grad.shape[0], self.parameters["W"].shape[0]))
    for i, (row, g) in enumerate(zip(self.x, grad)):
        self.gradients["W"] += np.outer(row, g)
        self.gradients["b"] += g
        below[i] = self.parameters["W"] @ g
    return below


@wheat(BACKWARD)
def backward_unpacked(self, grad):
    W, dW, db = self.parameters["W"], self.gradients["W"], self.gradients["b"]
    dW += np.dot(grad.T, self.x).T
    db += np.sum(grad, 0)
    return (W @ grad.T).T


@suspect(BACKWARD)
def backward_by_differences(self, grad):
    x, h = self.x, 1e-3

    def slope(array, index):
        kept, sums = array[index], []
        for step in (h, -h):
            array[index] = kept + step
            sums.append(np.sum(grad * self.forward(x)))
        array[index] = kept
        return (sums[0] - sums[1]) / (2 * h)

    for name, array in self.parameters.items():
        for index in np.ndindex(array.shape):
            self.gradients[name][index] += slope(array, index)
    return np.array([[slope(x, (i, k)) for k in range(x.shape[1])] for i in range(x.shape[0])])


# ---------------------------------------------------------------- ReLU


@chaff_edit("ReLU.forward", "relu_forward_value", "np.maximum(x, 0)", "np.minimum(x, 0)")
def relu_minimum():
    """minimum for maximum

    The negative entries are kept; it is the positive ones that pass.
    """


@chaff_edit("ReLU.forward", "relu_forward_value", "np.maximum(x, 0)", "np.vectorize(lambda v: v if v > 0 else 0)(x)")
def relu_vectorized():
    """np.vectorize cuts to whole numbers

    Your code uses np.vectorize, which takes the type of the first result for all: a whole 0 cuts the others off; it
    should give floats in each case, as with 0.0.
    """


@chaff_edit("ReLU.forward", "relu_forward_value", "np.maximum(x, 0)", "np.abs(x)")
def relu_absolute():
    """absolute value

    Negative entries become 0; here they turn positive.
    """


@chaff_edit("ReLU.forward", "relu_forward_value", "np.maximum(x, 0)", "(x > 0) * 1.0")
def relu_step():
    """step function

    Positive entries pass as they are; here they become 1.
    """


@chaff_edit("ReLU.forward", "relu_forward_value", "np.maximum(x, 0)", "np.maximum(x, 0.01 * x)")
def relu_leaky():
    """leaky ReLU

    Negative entries become 0 exactly: this one leaks.
    """


@chaff_edit("ReLU.forward", "relu_forward_value", "np.maximum(x, 0)", "x.copy()")
def relu_identity():
    """identity

    x comes back unchanged: negative entries become 0.
    """


@chaff_edit("ReLU.forward", "relu_forward_value", "np.maximum(x, 0)", "np.maximum(x, 1)")
def relu_threshold():
    """maximum with 1

    The threshold is 0, not 1.
    """


@chaff_edit("ReLU.forward", "relu_forward_value", "np.maximum(x, 0)", "np.clip(x, 0, 1)")
def relu_capped():
    """capped at 1

    Large entries are cut off: the ReLU has no upper limit.
    """


@chaff_edit("ReLU.forward", ("relu_forward_value", "relu_forward_effects"), "np.maximum(x, 0)", "np.max(x, 0)")
def relu_largest():
    """max for maximum

    np.max gives the largest entry along an axis; np.maximum compares entry by entry.
    """


@chaff_edit("ReLU.forward", ("relu_forward_value", "relu_forward_effects"), "np.maximum(x, 0)", "x[x > 0]")
def relu_keeps_positives():
    """negative entries dropped

    Only the positive entries are left: the result has the shape of x, with 0 in the other places.
    """


@chaff_edit("ReLU.forward", "relu_forward_effects", "return np.maximum(x, 0)", "x[x < 0] = 0\n    return x")
def relu_in_place():
    """x changed in place

    x was changed in place: give a new array, x belongs to the caller.
    """


@chaff_edit("ReLU.forward", "relu_forward_effects", "np.maximum(x, 0)", "np.maximum(x, 0, out=x)")
def relu_in_place_out():
    """x changed by out=

    x was changed in place: give a new array, x belongs to the caller.
    """


@chaff_edit(
    "ReLU.forward",
    "relu_backward_effects",
    "self.positive = x > 0",
    "if not hasattr(self, 'positive'):\n        self.positive = x > 0",
)
def relu_mask_kept_once():
    """mask of earlier forwards

    Keep what the last forward saw, and nothing of earlier ones.
    """


@chaff_edit("ReLU.forward", "relu_backward_effects", "self.positive =", "ReLU.positive =")
def relu_mask_on_class():
    """mask on the class

    Each ReLU keeps its own mask: an attribute of the class is shared by all.
    """


@chaff_edit("ReLU.backward", "relu_backward_value", "grad * self.positive", "grad.copy()")
def mask_missing():
    """no mask, or one of ones only

    grad comes back unchanged: where x was negative, nothing passes.
    """


@chaff_edit("ReLU.backward", "relu_backward_value", "grad * self.positive", "np.maximum(grad, 0)")
def mask_of_grad():
    """mask from grad

    The sign of grad decides here; it is the sign of x that does.
    """


@chaff_edit("ReLU.backward", "relu_backward_value", "grad * self.positive", "np.maximum(grad, 0) * self.positive")
def mask_of_both():
    """negative grad cut off

    A negative grad passes as well, where x was positive.
    """


@chaff_edit("ReLU.backward", "relu_backward_value", "grad * self.positive", "grad * self.positive.any(axis=0)")
def mask_of_units():
    """mask for whole units, on in any row

    Your code masks whole columns, those that are negative in all rows; it should mask entry by entry, each row by
    itself.
    """


@chaff_edit("ReLU.backward", "relu_backward_value", "grad * self.positive", "grad * self.positive.all(axis=0)")
def mask_of_all_rows():
    """mask for whole units, on in all rows

    Your code masks a whole column as soon as it is negative in one row; it should mask entry by entry, each row by
    itself.
    """


@chaff_edit(
    "ReLU.backward",
    "relu_backward_effects",
    "return grad * self.positive",
    "if np.shape(getattr(self, 'below', None)) != grad.shape:\n        self.below = np.zeros(grad.shape)\n"
    "    self.below[...] = grad * self.positive\n    return self.below",
    hint=BUFFER,
)
def mask_in_a_buffer():
    """the same buffer returned in every call"""


@chaff_edit("ReLU.backward", "relu_backward_value", "grad * self.positive", "self.positive * 1.0")
def mask_only():
    """grad missing

    That is the slope of the ReLU alone; the chain goes on: times grad.
    """


@chaff_edit("ReLU.backward", "relu_backward_value", "self.positive", "~self.positive")
def mask_inverted():
    """mask inverted

    Look at a sample with a negative x: grad passes where x is positive, and here it is the other way round.
    """


@chaff_edit("ReLU.backward", "relu_backward_value", "self.positive", "np.where(self.positive, 1, 0.01)")
def mask_leaky():
    """leaky slope

    Where x was negative the slope is 0 exactly: this one leaks.
    """


@chaff_edit("ReLU.backward", "relu_backward_value", "self.positive", "np.where(self.positive, 1, 0.5)")
def mask_half():
    """half a slope

    Where x was negative the slope is 0, not one half.
    """


@chaff_edit("ReLU.backward", "relu_backward_value", "self.positive", "np.where(self.positive, 1, -1)")
def mask_sign():
    """slope of |x|

    Where x was negative the slope is 0, not minus 1: that is the slope of the absolute value.
    """


@chaff_edit("ReLU.backward", "relu_backward_value", "grad * self.positive", "(grad * self.positive).sum(axis=0)")
def mask_total():
    """summed over rows

    Nothing is summed: each entry of x has its own gradient.
    """


@chaff_edit("ReLU.backward", "relu_backward_value", "grad * self.positive", "grad * self.positive / len(grad)")
def mask_mean():
    """divided by the number of rows

    Off by exactly the number of rows: a mean is part of the loss, not of a layer.
    """


@chaff_edit(
    "ReLU.backward", "relu_backward_effects", "return grad * self.positive", "grad[~self.positive] = 0\n    return grad"
)
def mask_in_place():
    """grad changed in place

    grad was changed in place: give a new array, grad belongs to the caller.
    """


@chaff_edit(
    "ReLU.backward",
    "relu_backward_effects",
    "return grad * self.positive",
    "result = grad * self.positive\n    self.positive = np.zeros_like(self.positive)\n    return result",
)
def mask_used_up():
    """mask cleared

    The second call gives another result: what forward kept must outlive backward.
    """


@wheat("ReLU.forward")
def relu_where(self, x):
    self.positive = np.asarray(x) > 0
    return np.where(self.positive, x, 0.0)


@wheat("ReLU.forward")
def relu_product(self, x):
    self.positive = np.greater(x, 0)
    return x * self.positive


@wheat("ReLU.forward")
def relu_by_absolute(self, x):
    y = (x + abs(x)) / 2
    self.positive = y > 0
    return y


@wheat("ReLU.backward")
def mask_where(self, grad):
    return np.where(self.positive, grad, 0)


@wheat("ReLU.backward")
def mask_copy(self, grad):
    below = np.array(grad)
    below[np.logical_not(self.positive)] = 0.0
    return below


@wheat("ReLU.backward")
def mask_flat(self, grad):
    below = [g if p else 0.0 for g, p in zip(np.ravel(grad), np.ravel(self.positive))]
    return np.array(below).reshape(np.shape(grad))


# ---------------------------------------------------------------- Sequential.__init__

STACK = "Sequential.__init__"
DICTS, SHARES = "sequential_init_dicts", "sequential_init_shares"
TAKE_PARAMETER, TAKE_GRADIENT = "] = model.parameters[name]", "] = model.gradients[name]"


@chaff_edit(
    STACK,
    DICTS,
    ('self.parameters[f"{position}.{name}"]', 'self.gradients[f"{position}.{name}"]'),
    ("self.parameters[name]", "self.gradients[name]"),
)
def stack_same_names():
    """names not unique

    Two models with a W each: the second took the place of the first. Make the names unique.
    """


@chaff_edit(
    STACK,
    DICTS,
    ('self.parameters[f"{position}.{name}"]', 'self.gradients[f"{position}.{name}"]'),
    ('self.parameters[f"{type(model).__name__}.{name}"]', 'self.gradients[f"{type(model).__name__}.{name}"]'),
)
def stack_named_by_type():
    """names by the models' types

    Two models with a W each: the second took the place of the first. Make the names unique.
    """


@chaff_edit(STACK, SHARES, (TAKE_PARAMETER, TAKE_GRADIENT), (TAKE_PARAMETER + ".copy()", TAKE_GRADIENT + ".copy()"))
def stack_copies():
    """copies

    The dicts hold copies: what an optimizer changes there never reaches the models.
    """


@chaff_edit(STACK, SHARES, TAKE_GRADIENT, TAKE_GRADIENT + ".copy()")
def stack_copies_gradients():
    """gradients copied

    The gradients are other arrays than the models' own: what the models' backward adds never shows here.
    """


@chaff_edit(STACK, SHARES, TAKE_PARAMETER, TAKE_PARAMETER + ".copy()")
def stack_copies_parameters():
    """parameters copied

    The parameters are copies: a step taken here never reaches the models.
    """


@chaff_edit(STACK, (DICTS, SHARES), TAKE_GRADIENT, "] = np.zeros(model.parameters[name].shape)")
def stack_new_gradients():
    """new gradients

    The gradients are other arrays than the models' own: what the models' backward adds never shows here.
    """


@chaff_edit(STACK, DICTS, '\n            self.gradients[f"{position}.{name}"] = model.gradients[name]', "")
def stack_without_gradients():
    """no gradients

    `gradients` is empty: it needs an entry for each parameter.
    """


@chaff_edit(STACK, (DICTS, SHARES), "= model.gradients[name]", "= model.parameters[name]")
def stack_parameters_twice():
    """parameters for gradients

    `gradients` holds the parameters; put the models' gradients there.
    """


@chaff_edit(STACK, (DICTS, SHARES), "enumerate(models)", "enumerate(())")
def stack_empty():
    """dicts left empty

    Both dicts are empty: fill them with the arrays of all models.
    """


@chaff_edit(STACK, DICTS, "enumerate(models)", "enumerate(models[:1])")
def stack_first_only():
    """first model only

    Only the first model's arrays are there.
    """


@chaff_edit(STACK, DICTS, "enumerate(models)", "enumerate(models[:-1])")
def stack_last_forgotten():
    """last model left out

    The last model's arrays are missing.
    """


@chaff_edit(
    STACK, DICTS, "for name in model.parameters:", 'for name in [n for n in model.parameters if n in ("W", "b")]:'
)
def stack_known_names():
    """only W and b taken

    Parameters of other names than W and b are missing: take every name in a model's dict.
    """


@chaff_edit(STACK, DICTS, "for name in model.parameters:", 'for name in [n for n in model.parameters if "b" not in n]:')
def stack_weights_only():
    """biases left out

    The biases are missing: take every name in a model's dict.
    """


@chaff_edit(STACK, DICTS, "= model.gradients[name]", "= models[0].gradients.get(name, model.gradients[name])")
def stack_gradients_shifted():
    """gradients of the first model

    Every model has the first one's gradients here.
    """


@wheat(STACK)
def stack_underscores(self, *models):
    Model.__init__(self)
    self.models = list(models)
    for number in range(len(models)):
        for key, array in models[number].parameters.items():
            unique = "layer" + str(number) + "_" + type(models[number]).__name__ + "_" + key
            self.parameters[unique] = array
            self.gradients[unique] = models[number].gradients[key]


@wheat(STACK)
def stack_comprehension(self, *models):
    super().__init__()
    self.models = models
    self.parameters = {f"{n}{i}": p for i, m in enumerate(models) for n, p in m.parameters.items()}
    self.gradients = {f"{n}{i}": g for i, m in enumerate(models) for n, g in m.gradients.items()}


@wheat(STACK)
def stack_pairs(self, *models):
    super().__init__()
    self.models = models
    for position, model in enumerate(models):
        for name in model.parameters:
            self.parameters[position, name] = model.parameters[name]
            self.gradients[position, name] = model.gradients[name]


@wheat(STACK)
def stack_identities(self, *models):
    super().__init__()
    self.models = models
    for model in models:
        self.parameters.update({f"{id(model)}/{name}": model.parameters[name] for name in model.parameters})
        self.gradients.update({f"{id(model)}/{name}": model.gradients[name] for name in model.parameters})


# ---------------------------------------------------------------- Sequential.forward and backward

THROUGH, BACK = "Sequential.forward", "Sequential.backward"


@chaff_edit(THROUGH, "sequential_forward_value", "in self.models", "in reversed(self.models)")
def through_reversed():
    """wrong order

    The models are run from the last to the first; forward goes from the first to the last.
    """


@chaff_edit(THROUGH, "sequential_forward_value", "in self.models", "in self.models[:1]")
def through_first_only():
    """first model only

    Only the first model is run.
    """


@chaff_edit(THROUGH, "sequential_forward_value", "in self.models", "in (self.models[:-1] or self.models)")
def through_last_left_out():
    """last model left out

    The last model is left out.
    """


@chaff_edit(THROUGH, "sequential_forward_value", "in self.models", "in (self.models[1:] or self.models)")
def through_first_left_out():
    """first model left out

    The first model is left out.
    """


@chaff_edit(THROUGH, "sequential_forward_value", "x = model(x)\n    return x", "y = model(x)\n    return y")
def through_original_input():
    """each model gets x

    Every model got the first x; each takes what the one before it gave.
    """


@chaff_edit(
    THROUGH,
    "sequential_forward_value",
    "for model in self.models:\n        x = model(x)\n    return x",
    "return sum(model(x) for model in self.models)",
)
def through_sum():
    """outputs added

    The models stand one after the other; here their outputs are added.
    """


@chaff_edit(THROUGH, "sequential_forward_value", "x = model(x)", "x = x + model(x)")
def through_residual():
    """output added to the input

    Each output is added to its input; hand on the output alone.
    """


@chaff_edit(THROUGH, "sequential_forward_value", "x = model(x)", "x = model(model(x))")
def through_twice():
    """each model twice

    Each model is run twice.
    """


@chaff_edit(THROUGH, "sequential_forward_value", "return x", "pass")
def through_nothing():
    """no return

    Nothing is returned: the result is the last model's output.
    """


@chaff_edit(
    THROUGH,
    "sequential_forward_value",
    "for model in self.models:\n        x = model(x)\n    return x",
    "outputs = []\n    for model in self.models:\n        x = model(x)\n        outputs.append(x)\n    return outputs",
)
def through_all_outputs():
    """list of all outputs

    All outputs are returned; only the last is asked for.
    """


@chaff_edit(
    THROUGH,
    ("sequential_forward_effects",),
    "for model in self.models:\n        x = model(x)",
    "for model in self.models:\n        x[...] = model(x)",
)
def through_scaled_input():
    """x overwritten

    x was changed in place: give the name to the new array instead, x belongs to the caller.
    """


@chaff_edit(
    THROUGH,
    "sequential_forward_effects",
    "for model in self.models:\n        x = model(x)\n    return x",
    "if not hasattr(self, 'result'):\n        for model in self.models:\n            x = model(x)\n"
    "        self.result = x\n    return self.result",
)
def through_remembers():
    """first result kept

    The first result comes back for ever: run the models in each call.
    """


@chaff_edit(BACK, ("sequential_backward_value",), "reversed(self.models)", "self.models")
def back_in_order():
    """wrong order

    The gradient goes down from the last model to the first; here it went up.
    """


@chaff_edit(
    BACK,
    "sequential_backward_value",
    "grad = model.backward(grad)\n    return grad",
    "below = model.backward(grad)\n    return below",
)
def back_same_grad():
    """same grad for all

    Every model got the gradient of the output; each takes what the one above it returned.
    """


@chaff_edit(BACK, "sequential_backward_value", "reversed(self.models)", "self.models[-1:]")
def back_last_only():
    """last model only

    Only the last model's backward is called.
    """


@chaff_edit(BACK, "sequential_backward_value", "reversed(self.models)", "reversed(self.models[1:])")
def back_first_left_out():
    """first model left out

    The first model is left out: it has gradients too.
    """


@chaff_edit(BACK, "sequential_backward_value", "reversed(self.models)", "reversed(self.models[:-1])")
def back_last_left_out():
    """last model left out

    The last model is left out: it is where the way down begins.
    """


@chaff_edit(BACK, ("sequential_backward_value", "sequential_backward_effects"), "return grad", "pass")
def back_nothing():
    """no return

    Nothing is returned: a Sequential inside another one is asked for the gradient of its input.
    """


@chaff_edit(
    BACK,
    "sequential_backward_value",
    "for model in reversed(self.models):\n        grad = model.backward(grad)\n    return grad",
    "below = grad\n    for model in reversed(self.models):\n        below = model.backward(below)\n    return grad",
)
def back_returns_grad():
    """grad of the output returned

    The gradient that came in is returned; give back what the first model returned.
    """


@chaff_edit(
    BACK,
    "sequential_backward_value",
    "grad = model.backward(grad)",
    "model.backward(grad)\n        grad = model.backward(grad)",
)
def back_twice():
    """backward called twice

    Each model's backward is called twice, so its gradients are doubled.
    """


@chaff_edit(BACK, "sequential_backward_value", "grad = model.backward(grad)", "grad = grad + model.backward(grad)")
def back_adds():
    """grad added

    What a model returns is added to what it got; hand it on alone.
    """


@chaff_edit(
    BACK,
    "sequential_backward_value",
    "for model in reversed(self.models):\n        grad = model.backward(grad)\n    return grad",
    "return sum(model.backward(grad) for model in reversed(self.models))",
)
def back_sum():
    """sum over the models

    The chain is a chain, not a sum: each model takes what the one above it returned.
    """


@chaff_edit(
    BACK,
    "sequential_backward_effects",
    "for model in reversed(self.models):",
    "for gradient in self.gradients.values():\n        gradient[...] = 0\n    for model in reversed(self.models):",
)
def back_zeroes():
    """gradients zeroed in backward

    The second call adds nothing: zeroing gradients is the optimizer's work.
    """


@chaff_edit(BACK, "sequential_backward_effects", "grad = model.backward(grad)", "grad[...] = model.backward(grad)")
def back_writes_grad():
    """grad overwritten

    grad was changed in place: it belongs to the caller.
    """


@chaff_edit(
    BACK,
    "sequential_backward_effects",
    "return grad",
    "for name, parameter in self.parameters.items():\n        parameter -= 0.01 * self.gradients[name]\n  "
    "  return grad",
)
def back_steps():
    """step in backward

    backward moves the parameters; that is the optimizer's work.
    """


@wheat(THROUGH)
def through_reduce(self, x):
    from functools import reduce

    return reduce(lambda value, model: model.forward(value), self.models, x)


@wheat(THROUGH)
def through_list(self, x):
    values = [x]
    for k in range(len(self.models)):
        values.append(self.models[k](values[-1]))
    self.values = values
    return values[-1]


@wheat(THROUGH)
def through_while(self, x):
    result, position = np.array(x), 0
    while position < len(self.models):
        result = self.models[position].forward(result)
        position += 1
    return result


@wheat(BACK)
def back_slices(self, grad):
    for model in self.models[::-1]:
        grad = model.backward(grad)
    return grad


@wheat(BACK)
def back_index(self, grad):
    below = grad.copy()
    for k in range(len(self.models) - 1, -1, -1):
        below = self.models[k].backward(below)
    return below


@wheat(BACK)
def back_recursion(self, grad):
    def down(models, value):
        return value if not models else down(models[:-1], models[-1].backward(value))

    return down(list(self.models), grad)


# ---------------------------------------------------------------- MSELoss

LOSS, SLOPE = "MSELoss.forward", "MSELoss.backward"
HALF_MEAN = "float(np.sum(self.error**2) / (2 * len(self.error)))"
GUARD = (
    'if output.shape != target.shape:\n        raise ValueError(f"output {output.shape} and target {target.shape} '
    'differ: reshape one of them")\n    '
)


@chaff_edit(LOSS, "mse_forward_value", HALF_MEAN, "float(np.sum(self.error**2) / len(self.error))")
def loss_whole():
    """one half missing

    Twice what is expected: this loss has a one half.
    """


@chaff_edit(LOSS, "mse_forward_value", HALF_MEAN, "float(np.sum(self.error**2) / 2)")
def loss_sum():
    """sum for mean

    Off by exactly the number of rows: divide the sum by it.
    """


@chaff_edit(LOSS, "mse_forward_value", HALF_MEAN, "float(np.sum(self.error**2))")
def loss_bare_sum():
    """sum of squares

    That is the bare sum of squares: divide it by 2 and by the number of rows.
    """


@chaff_edit(LOSS, "mse_forward_value", HALF_MEAN, "float(np.mean(self.error**2) / 2)")
def loss_all_entries():
    """mean over all entries

    The mean is over the rows only; np.mean divides by the number of columns as well.
    """


@chaff_edit(LOSS, "mse_forward_value", HALF_MEAN, "float(np.mean(self.error**2))")
def loss_plain_mean():
    """mean over all entries, no half

    The mean is over the rows only, and there is a one half; np.mean divides by the number of all entries.
    """


@chaff_edit(LOSS, "mse_forward_value", "2 * len(self.error)", "2 * self.error.shape[1]")
def loss_columns():
    """divided by the columns

    It is divided by the number of columns; the mean is over the rows.
    """


@chaff_edit(LOSS, "mse_forward_value", "np.sum(self.error**2)", "np.sum(np.abs(self.error))")
def loss_absolute():
    """absolute error

    The differences are not squared.
    """


@chaff_edit(LOSS, "mse_forward_value", "np.sum(self.error**2)", "np.sum(self.error) ** 2")
def loss_square_of_sum():
    """square of the sum

    Square each difference first, then sum.
    """


@chaff_edit(LOSS, "mse_forward_value", HALF_MEAN, f"{HALF_MEAN} ** 0.5")
def loss_root():
    """root

    That is the root of the loss; leave the root out.
    """


@chaff_edit(LOSS, "mse_forward_value", HALF_MEAN, "np.sum(self.error**2, axis=1) / 2")
def loss_per_row():
    """one loss for each row

    One number for each row; the loss is a single number, their mean.
    """


@chaff_edit(LOSS, "mse_forward_value", "np.sum(self.error**2)", "np.sum(np.sqrt(np.sum(self.error**2, axis=1)))")
def loss_mean_of_norms():
    """norms of the rows

    The rows' lengths are added; it is their squares that are.
    """


@chaff_edit(LOSS, "mse_forward_value", "output - target", "output + target")
def loss_plus():
    """sum of output and target

    The error is a difference; here the two are added.
    """


@chaff_edit(LOSS, "mse_forward_effects", GUARD, "")
def loss_without_guard():
    """no guard

    Shapes that differ must raise: otherwise (n,) and (n, 1) make an n by n table.
    """


@chaff_edit(LOSS, "mse_forward_effects", "if output.shape != target.shape", "if len(output) != len(target)")
def loss_guards_length():
    """guard compares lengths

    Compare the shapes, not the lengths: (n, 1) and (n,) have the same length.
    """


@chaff_edit(LOSS, "mse_forward_effects", "if output.shape != target.shape", "if output.ndim != target.ndim")
def loss_guards_axes():
    """guard compares axes

    Compare the whole shapes, not the number of axes.
    """


@chaff_edit(LOSS, "mse_forward_effects", "if output.shape != target.shape", "if output.size != target.size")
def loss_guards_size():
    """guard compares sizes

    Compare the shapes, not the number of entries: (n, 1) and (n,) have as many.
    """


@chaff_edit(
    LOSS, "mse_forward_effects", GUARD, "target = np.broadcast_to(target.reshape(len(target), -1), output.shape)\n    "
)
def loss_guard_reshapes():
    """shapes mended

    Shapes that differ must raise: otherwise (n,) and (n, 1) make an n by n table.
    """


@chaff_edit(
    LOSS, ("mse_forward_effects", "mse_forward_value"), "if output.shape != target.shape", "if output is not target"
)
def loss_always_raises():
    """always raises

    Equal shapes raise as well: compare the shapes.
    """


@chaff_edit(LOSS, "mse_forward_effects", "self.error = output - target", "output -= target\n    self.error = output")
def loss_in_place():
    """output changed in place

    output was changed in place: it belongs to the caller.
    """


@chaff_edit(
    LOSS,
    "mse_forward_effects",
    ("self.error = output - target", HALF_MEAN),
    (
        "self.error = output - target\n    output -= target\n    output **= 2",
        "float(np.sum(output) / (2 * len(output)))",
    ),
)
def loss_squares_in_place():
    """the caller's prediction squared in place

    Your code squares inside the caller's output; it should compute the error in an array of its own.
    """


@chaff_edit(LOSS, "mse_forward_value", HALF_MEAN, "0.348281")
def loss_invented():
    """an invented loss

    Your code returns a loss that the notebook shows; it should compute it, from output and target.
    """


@chaff_edit(
    LOSS,
    "mse_backward_effects",
    "self.error = output - target",
    "error = output - target\n    self.error = getattr(self, 'error', error)\n    return "
    "float(np.sum(error**2) / (2 * len(error)))",
)
def loss_keeps_first():
    """error of the first forward

    Keep the error of the last forward, not of the first.
    """


@chaff_edit(SLOPE, "mse_backward_value", " / len(self.error)", "")
def slope_without_n():
    """n missing

    Off by exactly the number of rows: the loss is a mean, so its gradient is divided by n too.
    """


@chaff_edit(SLOPE, "mse_backward_value", "len(self.error)", "self.error.size")
def slope_all_entries():
    """divided by all entries

    The mean is over the rows only; here it is divided by the number of all entries.
    """


@chaff_edit(SLOPE, "mse_backward_value", "return self.error", "return 2 * self.error")
def slope_double():
    """factor 2

    Twice the expected slope: the one half in the loss takes the 2 of the square.
    """


@chaff_edit(SLOPE, "mse_backward_value", "return self.error", "return self.error / 2")
def slope_half():
    """one half kept

    Half the expected slope. Differentiate the square again.
    """


@chaff_edit(SLOPE, "mse_backward_value", "return self.error", "return -self.error")
def slope_sign():
    """sign

    Right size, wrong direction: output minus target.
    """


@chaff_edit(SLOPE, "mse_backward_value", "self.error * grad", "self.error")
def slope_without_grad():
    """grad ignored

    grad is not used: what comes after the loss multiplies its gradient.
    """


@chaff_edit(SLOPE, "mse_backward_value", "self.error * grad", "self.error + grad")
def slope_plus_grad():
    """grad added

    The chain rule multiplies by grad; here it is added.
    """


@chaff_edit(SLOPE, "mse_backward_value", "self.error * grad", "self.error / grad")
def slope_divided_by_grad():
    """divided by grad

    The chain rule multiplies by grad; here it is divided by it.
    """


@chaff_edit(SLOPE, "mse_backward_value", "self.error * grad", "np.sign(self.error) * grad")
def slope_sign_only():
    """sign of the error

    That is the slope of the absolute error; the square's is the error itself.
    """


@chaff_edit(
    SLOPE,
    "mse_backward_value",
    "return self.error * grad / len(self.error)",
    "return np.round(self.error * grad / len(self.error), 4)",
)
def slope_rounded():
    """gradient rounded to four places

    Your code rounds the gradient to four places; it should return all its digits.
    """


@chaff_edit(
    SLOPE,
    "mse_backward_effects",
    "return self.error * grad / len(self.error)",
    "if np.shape(getattr(self, 'below', None)) != self.error.shape:\n"
    "        self.below = np.zeros(self.error.shape)\n"
    "    self.below[...] = self.error * grad / len(self.error)\n    return self.below",
    hint=BUFFER,
)
def slope_in_a_buffer():
    """the same buffer returned in every call"""


@chaff_edit(
    SLOPE, "mse_backward_value", "self.error * grad / len(self.error)", "np.sum(self.error * grad) / len(self.error)"
)
def slope_summed():
    """summed

    Each entry of the output has its own slope: nothing is summed.
    """


@chaff_edit(SLOPE, "mse_backward_value", "self.error * grad / len(self.error)", "np.mean(self.error * grad, axis=0)")
def slope_mean_of_rows():
    """averaged over the rows

    Each row has its own slope: the rows are not averaged.
    """


@chaff_edit(
    SLOPE,
    ("mse_backward_effects", "mse_backward_value"),
    "return self.error * grad / len(self.error)",
    "self.error *= grad / len(self.error)\n    return self.error",
)
def slope_scales_error():
    """kept error changed

    The second call remembers the first: the kept error was changed in place.
    """


@chaff_edit(
    SLOPE,
    ("mse_backward_effects", "mse_backward_value"),
    "return self.error * grad / len(self.error)",
    "result = self.error * grad / len(self.error)\n    self.error = 0 * self.error\n    return result",
)
def slope_forgets():
    """kept error cleared

    The second call gives 0: what forward kept must outlive backward.
    """


@wheat(LOSS)
def loss_loops(self, output, target):
    if np.shape(output) != np.shape(target):
        raise ValueError("shapes")
    self.error = np.subtract(output, target)
    total = 0.0
    for row in self.error:
        for entry in row:
            total += entry * entry
    return total / 2 / len(output)


@wheat(LOSS)
def loss_dot(self, output, target):
    assert output.shape == target.shape, "the shapes differ"
    self.error = -(target - output)
    flat = self.error.ravel()
    return 0.5 * flat @ flat / output.shape[0]


@wheat(LOSS)
def loss_mean_of_rows(self, output, target):
    if not (output.ndim == target.ndim and output.shape == target.shape):
        raise ValueError
    self.error = output - target
    return np.mean(np.linalg.norm(self.error, axis=1) ** 2) / 2


@wheat(SLOPE)
def slope_multiplied(self, grad=1.0):
    return np.multiply(grad / self.error.shape[0], self.error)


@wheat(SLOPE)
def slope_rows(self, grad=1):
    return np.array([[entry * grad / len(self.error) for entry in row] for row in self.error])


@wheat(SLOPE)
def slope_copy(self, grad=1.0):
    below = self.error.copy()
    below *= grad
    below /= below.shape[0]
    return below


@suspect(SLOPE)
def slope_by_differences(self, grad=1.0):
    error, h = self.error, 1e-3
    below = np.zeros(error.shape)
    for index in np.ndindex(error.shape):
        for sign in (1, -1):
            moved = error.copy()
            moved[index] += sign * h
            below[index] += sign * self.forward(moved, np.zeros(error.shape)) / (2 * h)
    self.error = error
    return grad * below


# ---------------------------------------------------------------- SGD

STEP, ZERO = "SGD.step", "SGD.zero_grad"
MOVE = "parameter -= self.lr * self.model.gradients[name]"
STEP_VALUE, STEP_EFFECTS = "sgd_step_value", "sgd_step_effects"
ZERO_VALUE, ZERO_EFFECTS = "sgd_zero_grad_value", "sgd_zero_grad_effects"


@chaff_edit(STEP, STEP_VALUE, "-= ", "+= ")
def step_up():
    """ascent

    The loss climbs: step against the gradient, with a minus.
    """


@chaff_edit(STEP, (STEP_VALUE, STEP_EFFECTS), "self.lr * ", "")
def step_without_rate():
    """learning rate ignored

    The learning rate is not used: each step is as long as the whole gradient.
    """


@chaff_edit(STEP, (STEP_VALUE, STEP_EFFECTS), "self.lr", "1e-3")
def step_default_rate():
    """rate of .001

    The learning rate is written down as a number; use the optimizer's own, self.lr.
    """


@chaff_edit(STEP, STEP_VALUE, "self.lr * ", "self.lr**2 * ")
def step_rate_squared():
    """learning rate squared

    The learning rate is used twice.
    """


@chaff_edit(STEP, STEP_VALUE, "self.lr * self.model.gradients[name]", "self.model.gradients[name] / (self.lr or 1e9)")
def step_divides():
    """divided by the rate

    Multiply by the learning rate; here the gradient is divided by it.
    """


@chaff_edit(STEP, STEP_VALUE, "self.lr * self.model.gradients[name]", "self.lr * np.sign(self.model.gradients[name])")
def step_sign():
    """sign step

    The step is the learning rate times the gradient, not its sign only.
    """


@chaff_edit(STEP, STEP_VALUE, MOVE, "parameter -= self.lr * parameter")
def step_of_weights():
    """w for dw

    Your code takes the parameter where the gradient belongs; it should step by lr times the gradient.
    """


@chaff_edit(STEP, STEP_VALUE, MOVE, "parameter.flat[:] = np.linspace(2.653, 0.524, parameter.size)")
def step_published():
    """published weights

    Your code sets the parameters to a result that is known; it should compute them, from the gradients.
    """


@chaff_edit(STEP, (STEP_VALUE, STEP_EFFECTS), MOVE, "parameter[...] = -self.lr * self.model.gradients[name]")
def step_assigns():
    """assignment instead of step

    The step starts from the present parameter; here it takes its place.
    """


@chaff_edit(STEP, (STEP_VALUE, STEP_EFFECTS), MOVE, "parameter = parameter - self.lr * self.model.gradients[name]")
def step_new_name():
    """new array under a local name

    Nothing moves. Mind that `parameter = …` only gives the name to a new array: change the array in place.
    """


@chaff_edit(STEP, STEP_EFFECTS, MOVE, "self.model.parameters[name] = parameter - self.lr * self.model.gradients[name]")
def step_rebinds():
    """parameters rebound

    The model's dict holds new arrays now, and a container still holds the old ones: change them in place.
    """


@chaff_edit(STEP, (STEP_VALUE, STEP_EFFECTS), f"{MOVE}", f"{MOVE}\n        break")
def step_first_only():
    """first parameter only

    Only the first parameter moves.
    """


@chaff_edit(
    STEP,
    STEP_VALUE,
    "self.lr * self.model.gradients[name]",
    "self.lr * self.model.gradients[name] / np.linalg.norm(self.model.gradients[name])",
)
def step_normalised():
    """normalised gradient

    The gradient is divided by its length; take it as it is.
    """


@chaff_edit(
    STEP, STEP_VALUE, "self.lr * self.model.gradients[name]", "self.lr * self.model.gradients[name] / len(parameter)"
)
def step_averages():
    """divided by n again

    The gradient is divided by a number of rows; the mean is in the loss already.
    """


@chaff_edit(STEP, STEP_VALUE, f"{MOVE}", f"{MOVE}\n    self.lr *= 0.9")
def step_decays():
    """decaying rate

    The learning rate changes from step to step; it stays as it is.
    """


@chaff_edit(STEP, STEP_VALUE, MOVE, "parameter -= self.lr * (self.model.gradients[name] + 0.01 * parameter)")
def step_weight_decay():
    """weight decay

    The parameters shrink besides: plain SGD has no weight decay.
    """


@chaff_edit(
    STEP,
    STEP_VALUE,
    MOVE,
    "self.v = getattr(self, 'v', {})\n        self.v[name] = 0.9 * self.v.get(name, 0) + "
    "self.model.gradients[name]\n        parameter -= self.lr * self.v[name]",
)
def step_momentum():
    """momentum

    Earlier gradients still push: plain SGD has no momentum.
    """


@chaff_edit(STEP, (STEP_EFFECTS, STEP_VALUE), f"{MOVE}", f"{MOVE}\n        self.model.gradients[name][...] = 0")
def step_zeroes():
    """gradients zeroed in step

    The gradients are 0 afterwards: that is the work of zero_grad.
    """


@chaff_edit(
    STEP,
    (STEP_EFFECTS, STEP_VALUE),
    MOVE,
    "self.model.gradients[name] *= self.lr\n        parameter -= self.model.gradients[name]",
)
def step_scales_gradients():
    """gradients scaled

    The gradients were multiplied by the learning rate in place: leave them as they are.
    """


@chaff_edit(
    ZERO,
    ZERO_EFFECTS,
    "for gradient in self.model.gradients.values():\n        gradient.fill(0)",
    "self.model.gradients = {k: np.zeros(v.shape) for k, v in self.model.gradients.items()}",
)
def zero_new_dict():
    """new dict

    The gradients are new arrays now; the layers still add into the old ones. Fill them in place.
    """


@chaff_edit(
    ZERO,
    ZERO_EFFECTS,
    "for gradient in self.model.gradients.values():\n        gradient.fill(0)",
    "for name, gradient in self.model.gradients.items():\n        self.model.gradients[name] = "
    "np.zeros(gradient.shape)",
)
def zero_rebinds():
    """new arrays

    The gradients are new arrays now; the layers still add into the old ones. Fill them in place.
    """


@chaff_edit(ZERO, (ZERO_VALUE, ZERO_EFFECTS), "gradient.fill(0)", "gradient = np.zeros(gradient.shape)")
def zero_local_name():
    """new array under a local name

    Nothing is 0 afterwards. Mind that `gradient = …` only gives the name to a new array: fill the array in place.
    """


@chaff_edit(
    ZERO,
    (ZERO_EFFECTS, ZERO_VALUE),
    "for gradient in self.model.gradients.values():\n        gradient.fill(0)",
    "self.model.gradients.clear()",
)
def zero_deletes():
    """dict cleared

    The gradients are gone from the dict; they stay there, filled with 0.
    """


@chaff_edit(
    ZERO,
    (ZERO_VALUE, ZERO_EFFECTS),
    "for gradient in self.model.gradients.values():\n        gradient.fill(0)",
    "for name in self.model.gradients:\n        self.model.gradients[name] = None",
)
def zero_none():
    """gradients None

    The gradients are None now, and nothing can be added to None; fill the arrays with 0.
    """


@chaff_edit(
    ZERO,
    (ZERO_VALUE, ZERO_EFFECTS),
    "for gradient in self.model.gradients.values():\n        gradient.fill(0)",
    "for name in self.model.gradients:\n        self.model.gradients[name] = 0.0",
)
def zero_numbers():
    """numbers for arrays

    The gradients are single numbers now; keep the arrays and fill them with 0.
    """


@chaff_edit(ZERO, ZERO_VALUE, "gradient.fill(0)", "gradient *= 0")
def zero_times():
    """multiplied by 0

    0 times inf or nan is nan: after an overflow the gradients never recover. Write zeros into them.
    """


@chaff_edit(ZERO, (ZERO_VALUE, ZERO_EFFECTS), "gradient.fill(0)", "gradient.fill(0)\n        break")
def zero_first_only():
    """first gradient only

    Only the first gradient is 0.
    """


@chaff_edit(ZERO, ZERO_VALUE, "gradient.fill(0)", "gradient[0] = 0")
def zero_first_row():
    """first row only

    Only the first row of each gradient is 0; gradient[...] means all of it.
    """


@chaff_edit(ZERO, ZERO_VALUE, "gradient.fill(0)", "gradient.fill(1)")
def zero_ones():
    """filled with 1

    The gradients are filled with 1, not with 0.
    """


@chaff_edit(
    ZERO,
    ZERO_VALUE,
    "gradient.fill(0)",
    "gradient.fill(0)\n    for array in self.model.parameters.values():\n        array.fill(0)",
)
def zero_parameters():
    """parameters zeroed

    The parameters are 0 as well: only the gradients are to be filled.
    """


@chaff_edit(ZERO, (ZERO_VALUE, ZERO_EFFECTS), "self.model.gradients.values()", "self.model.parameters.values()")
def zero_parameters_only():
    """parameters for gradients

    The parameters are 0 now, and the gradients as before.
    """


@wheat(STEP)
def step_subtract(self):
    for name in self.model.parameters:
        np.subtract(self.model.parameters[name], self.lr * self.model.gradients[name], out=self.model.parameters[name])


@wheat(STEP)
def step_copy_back(self):
    for parameter, gradient in zip(self.model.parameters.values(), self.model.gradients.values()):
        parameter[...] = parameter + (-self.lr) * gradient


@wheat(STEP)
def step_entries(self):
    for name, gradient in self.model.gradients.items():
        array = self.model.parameters[name]
        for index in np.ndindex(array.shape):
            array[index] -= gradient[index] * self.lr


@wheat(STEP)
def step_augmented_item(self):
    for name in list(self.model.parameters):
        self.model.parameters[name] -= self.lr * self.model.gradients[name]


@wheat(ZERO)
def zero_slices(self):
    for name in self.model.gradients:
        self.model.gradients[name][...] = 0.0


@wheat(ZERO)
def zero_copyto(self):
    for gradient in self.model.gradients.values():
        np.copyto(gradient, np.zeros_like(gradient))


@wheat(ZERO)
def zero_entries(self):
    for gradient in self.model.gradients.values():
        for index in np.ndindex(*gradient.shape):
            gradient[index] = 0


# ---------------------------------------------------------------- GradientCheck

CHECKER = "GradientCheck"
COMMON, ONE_ENTRY, MISSING = "gradient_check_common", "gradient_check_one_entry", "gradient_check_missing"
RELATIVE, RIGHT = "gradient_check_relative", "gradient_check_right_layers"
KINKS, LEAVES, SAMPLE = "gradient_check_kinks", "gradient_check_leaves", "gradient_check_sample"
EVERYTHING = (COMMON, ONE_ENTRY, MISSING, RELATIVE, RIGHT, KINKS, LEAVES, SAMPLE)
ZEROED_FIRST = "self.zero_gradients()\n        self.model(self.input.copy())"
ZEROED_LAST = "self.zero_gradients()\n        return all(right)"
SEES_ALL = "right = self.agrees(array, gradient, self.random_direction(array.shape))"
VERDICT = "return bool(abs(analytic - narrow) <= tolerance)"
WITHOUT_PROJECTION = (
    "A few entries are a sample, and a sample can miss the one that is wrong: move all entries at once as well, "
    "along a random direction without zeros."
)


@chaff_edit(CHECKER, EVERYTHING, "return all(right)", "return True")
def checker_always_right():
    """always True

    Wrong layers pass: whatever is found must go into the verdict.
    """


@chaff_edit(CHECKER, EVERYTHING, "return all(right)", "return False")
def checker_always_wrong():
    """always False

    Right layers are called wrong, and wrong ones too: the verdict is always False.
    """


@chaff_edit(CHECKER, EVERYTHING, "return all(right)", "return not all(right)")
def checker_opposite():
    """verdict turned round

    The verdict is the wrong way round: True means that the gradients are right.
    """


@chaff_edit(CHECKER, COMMON, "return all(right)", "return any(right)")
def checker_any():
    """any for all

    One right gradient makes the model pass; all of them must be right.
    """


@chaff_edit(CHECKER, COMMON, "return all(right)", "return right[-1]")
def checker_last_only():
    """last array decides

    Only the last array decides; all of them must be right.
    """


@chaff_edit(CHECKER, COMMON, "return all(right)", "return right[0]")
def checker_input_only():
    """input decides

    Only the input's gradient decides; those of the parameters must be right too.
    """


@chaff_edit(CHECKER, COMMON, 'right = [self.check_array("the input", self.input, input_gradient)]', "right = [True]")
def checker_without_input():
    """input not checked

    The gradient that backward returns is not checked: a layer below would get a wrong one.
    """


@chaff_edit(
    CHECKER, RELATIVE, "self.allowed_error * max(abs(analytic), abs(narrow)) + self.round_off(h)", "self.allowed_error"
)
def checker_absolute():
    """absolute tolerance

    The allowed error has a fixed size here, or part of it has: two tiny gradients agree even with opposite signs. Make
    it relative to their size; the floor is that of the round-off.
    """


@chaff_edit(CHECKER, RELATIVE, "+ self.round_off(h)", "+ self.allowed_error")
def checker_absolute_too():
    """absolute floor

    The allowed error has a fixed size here, or part of it has: two tiny gradients agree even with opposite signs. Make
    it relative to their size; the floor is that of the round-off.
    """


@chaff_edit(CHECKER, RELATIVE, "max(abs(analytic), abs(narrow))", "max(1.0, abs(analytic), abs(narrow))")
def checker_at_least_one():
    """relative to 1 at least

    The allowed error has a fixed size here, or part of it has: two tiny gradients agree even with opposite signs. Make
    it relative to their size; the floor is that of the round-off.
    """


@chaff_edit(CHECKER, RIGHT, " + self.round_off(h)\n", "\n")
def checker_without_floor():
    """no floor for round-off

    Right layers with large numbers are called wrong: round-off alone exceeds the relative error. Add a floor.
    """


@chaff_edit(CHECKER, RELATIVE, "self.allowed_error = allowed_error", "self.allowed_error = 1e-7")
def checker_own_error():
    """allowed_error ignored

    allowed_error is not used: the verdict must depend on the one that was given.
    """


@chaff_edit(CHECKER, RELATIVE, "self.allowed_error = allowed_error", "self.allowed_error = 1000 * allowed_error")
def checker_lenient():
    """allowed error too large

    Layers that are slightly wrong pass: the error that is allowed is larger than the one given.
    """


@chaff_edit(CHECKER, (KINKS, ONE_ENTRY, RELATIVE), "self.allowed_error * max(", "0.02 * max(")
def checker_of_percents():
    """percents allowed

    Layers that are slightly wrong pass: the error that is allowed is some percent.
    """


@chaff_edit(CHECKER, COMMON, VERDICT, "return bool(abs(abs(analytic) - abs(narrow)) <= tolerance)")
def checker_sizes_only():
    """signs not compared

    A turned sign passes: compare the slopes, not their sizes.
    """


@chaff_edit(CHECKER, COMMON, VERDICT, "return bool(analytic - narrow <= tolerance)")
def checker_signed():
    """abs missing

    A gradient that is too small passes: compare the size of the difference, with abs.
    """


@chaff_edit(CHECKER, COMMON, "(above - below) / (2 * h)", "(above - below) / h")
def checker_one_h():
    """divided by h

    The measured slope is twice too large: from p - h d to p + h d it is 2 h.
    """


@chaff_edit(
    CHECKER,
    (RIGHT, KINKS),
    ("array[...] = saved - h * direction\n        ", "(2 * h)", "np.arange(8)"),
    ("array[...] = saved\n        ", "h", "np.arange(1)"),
)
def checker_forward_difference():
    """one-sided difference

    For a layer that is curved a one-sided difference is too coarse: step to both sides.
    """


@chaff_edit(
    CHECKER,
    COMMON,
    "input_gradient = self.model.backward(self.upstream.copy())",
    "self.model.backward(self.upstream.copy())\n        input_gradient = self.model.backward(self.upstream.copy())",
)
def checker_backward_twice():
    """backward twice

    backward ran twice, so the parameters' gradients are doubled: right layers fail.
    """


@chaff_edit(
    CHECKER,
    COMMON,
    "self.upstream = np.random.randn(*model(self.input.copy()).shape)",
    "self.upstream = np.ones(model(self.input.copy()).shape)",
)
def checker_upstream_of_ones():
    """upstream of ones

    An upstream of ones hides mistakes that mix up the entries of grad: draw it at random.
    """


@chaff_edit(
    CHECKER, COMMON, "self.model.backward(self.upstream.copy())", "self.model.backward(np.ones(self.upstream.shape))"
)
def checker_backward_of_ones():
    """measured slopes and gradients of different losses

    Right layers are called wrong. backward must get upstream, the derivative of the loss whose slopes are measured; a
    slope needs the array itself moved to both sides of a copy, and is divided by 2 h.
    """


@chaff_edit(CHECKER, ONE_ENTRY, SEES_ALL, "right = True", hint=WITHOUT_PROJECTION)
def checker_no_direction():
    """no random direction"""


@chaff_edit(CHECKER, ONE_ENTRY, (SEES_ALL, ", replace=False"), ("right = True", ""), hint=WITHOUT_PROJECTION)
def checker_with_replacement():
    """entries drawn with replacement, no direction"""


@chaff_edit(
    CHECKER,
    ONE_ENTRY,
    (SEES_ALL, "np.random.choice(array.size, min(self.sample, array.size), replace=False)"),
    ("right = True", "range(min(self.sample, array.size))"),
    hint=WITHOUT_PROJECTION,
)
def checker_first_entries():
    """first entries only"""


@chaff_edit(
    CHECKER,
    ONE_ENTRY,
    "np.random.choice([-1.0, 1.0], size=shape) * np.random.uniform(0.5, 1.5, size=shape)",
    "np.ones(shape)",
)
def checker_direction_of_ones():
    """direction of ones

    Along a direction of ones two mistakes can cancel: draw the direction at random.
    """


@chaff_edit(
    CHECKER,
    ONE_ENTRY,
    "np.random.choice([-1.0, 1.0], size=shape) * np.random.uniform(0.5, 1.5, size=shape)",
    "np.random.choice([0.0, 1.0], size=shape)",
    hint=WITHOUT_PROJECTION,
)
def checker_sparse_direction():
    """direction with zeros"""


@chaff_edit(CHECKER, SAMPLE, "min(self.sample, array.size)", "array.size")
def checker_ignores_sample():
    """sample ignored

    sample is not used: every entry is checked, and a large layer takes for ever.
    """


@chaff_edit(CHECKER, SAMPLE, "min(self.sample, array.size)", "min(100, array.size)")
def checker_takes_a_hundred():
    """always 100 entries

    Your code always takes 100 entries; it should take as many as sample says.
    """


@chaff_edit(CHECKER, MISSING, "if np.shape(gradient) != array.shape:", "if gradient is None:")
def checker_without_shapes():
    """shapes not compared

    The shapes of two arrays do not fit together.
    """


@chaff_edit(
    CHECKER,
    MISSING,
    ("if np.shape(gradient) != array.shape:", SEES_ALL),
    ("if np.size(gradient) != array.size:", f"gradient = np.reshape(gradient, array.shape)\n        {SEES_ALL}"),
)
def checker_compares_sizes():
    """sizes compared, not shapes

    A gradient of another shape passes where the number of entries fits: compare the shapes.
    """


@chaff_edit(
    CHECKER,
    MISSING,
    "if np.shape(gradient) != array.shape:",
    "if gradient is None:\n            return True\n        if np.shape(gradient) != array.shape:",
)
def checker_skips_none():
    """None passes

    A gradient that is None passes: a missing gradient is a wrong one.
    """


@chaff_edit(CHECKER, MISSING, VERDICT, "return not abs(analytic - narrow) > tolerance")
def checker_passes_nan():
    """nan passes

    A gradient of nan passes: every comparison with nan is False, so ask whether the error is small, not whether it is
    large.
    """


@chaff_edit(CHECKER, KINKS, "self.h / 10.0 ** np.arange(8)", "self.h / 10.0 ** np.arange(1)")
def checker_without_kinks():
    """no step small enough at a kink

    A right ReLU near its kink is called wrong: where the slopes with h and with h / 2 differ, take a smaller h.
    """


@chaff_edit(CHECKER, KINKS, "np.arange(8)", "np.arange(2)")
def checker_one_refinement():
    """one smaller step only

    A right ReLU very close to its kink is called wrong: one smaller h is not always enough.
    """


@chaff_edit(
    CHECKER,
    KINKS,
    (VERDICT, "np.arange(8)"),
    ("return bool(abs(analytic - narrow) <= tolerance or abs(wide - narrow) > tolerance)", "np.arange(1)"),
)
def checker_forgives_kinks():
    """kinks left out

    Near a kink everything passes, a wrong ReLU too: take a smaller step there instead of leaving it out.
    """


@chaff_edit(CHECKER, LEAVES, ZEROED_FIRST, "self.model(self.input.copy())")
def checker_not_zeroed_first():
    """no zeroing before

    What was in the gradients before is counted in, as backward adds: set them to 0 first.
    """


@chaff_edit(CHECKER, LEAVES, ZEROED_LAST, "return all(right)")
def checker_not_zeroed_last():
    """no zeroing after

    The gradients are not 0 afterwards: the next backward adds to what check left there.
    """


@chaff_edit(
    CHECKER,
    COMMON,
    'right = [self.check_array("the input"',
    'self.zero_gradients()\n        right = [self.check_array("the input"',
)
def checker_zeroed_early():
    """zeroed before the comparison

    Right layers with parameters are called wrong: their gradients were set to 0 before they were compared. Compare
    first.
    """


@chaff_edit(CHECKER, LEAVES, (ZEROED_FIRST, ZEROED_LAST), ("self.model(self.input.copy())", "return all(right)"))
def checker_never_zeroed():
    """gradients never zeroed

    A second check of the same model fails: set the gradients to 0 before backward, and afterwards.
    """


@chaff_edit(
    CHECKER,
    LEAVES,
    (
        "array[...] = saved + h * direction",
        "array[...] = saved - h * direction",
        "array[...] = saved\n        return (above",
    ),
    ("array += h * direction", "array -= 2 * h * direction", "array += h * direction\n        return (above"),
)
def checker_steps_back():
    """steps undone by arithmetic

    The parameters are not what they were, in the last digits: adding h and taking it off again does not undo it. Keep a
    copy.
    """


@chaff_edit(CHECKER, LEAVES, "array[...] = saved\n        return (above", "return (above")
def checker_leaves_moved():
    """parameters left moved

    The parameters are left moved: put back what they were.
    """


@chaff_edit(
    CHECKER,
    LEAVES,
    "if gradient is not None:\n                gradient.fill(0)",
    "pass\n        for name, gradient in self.model.gradients.items():\n"
    "            self.model.gradients[name] = np.zeros(np.shape(gradient))",
)
def checker_rebinds_gradients():
    """gradients rebound

    The gradients were replaced by new arrays: the layers of a container still add into the old ones.
    """


@chaff_edit(
    CHECKER,
    LEAVES,
    ("np.array(input, dtype=float)", "array[...] = saved\n        return (above"),
    ("input", "if array is not self.input:\n            array[...] = saved\n        return (above"),
)
def checker_moves_the_callers_input():
    """input changed

    The input was changed: work on a copy of it, and put back what was moved.
    """


@chaff_edit(CHECKER, LEAVES, "self.model(self.input.copy())\n        input_gradient", "input_gradient")
def checker_without_forward():
    """no forward before backward

    backward belongs to the last forward, and that may have been of other rows: run forward first.
    """


@chaff_edit(
    CHECKER,
    COMMON,
    ("self.model(self.input.copy())\n        input_gradient", "self.input, input_gradient"),
    ("self.model(0.5 * self.input)\n        input_gradient", "self.input, input_gradient"),
)
def checker_stale_backward():
    """backward of another input

    backward belongs to the last forward: run forward on the input right before it.
    """


@wheat(CHECKER)
class CheckerInOnePiece:
    """Every entry of small arrays, one projection of large ones; no method but __init__ and check."""

    def __init__(self, model, input=None, input_shape=None, sample=100, h=1e-4, allowed_error=1e-7):
        self.model, self.sample, self.h, self.allowed_error = model, sample, h, allowed_error
        self.x = np.random.standard_normal(input_shape) if input is None else np.array(input, dtype=np.float64)

    def check(self):
        model, x = self.model, self.x
        for g in model.gradients.values():
            if g is not None:
                g[...] = 0
        out = model.forward(x.copy())
        u = np.random.standard_normal(out.shape)
        grads = [model.backward(u.copy())]
        grads += [model.gradients[k] for k in model.parameters]
        grads = [None if g is None else np.array(g) for g in grads]
        verdict = True
        for array, grad in zip([x, *model.parameters.values()], grads):
            if grad is None or grad.shape != array.shape or not np.isfinite(grad).all():
                verdict = False
                continue
            directions = [np.random.uniform(0.5, 1, array.shape) * np.sign(np.random.rand(*array.shape) - 0.5)]
            for k in np.random.permutation(array.size)[: self.sample]:
                unit = np.zeros(array.size)
                unit[k] = 1
                directions.append(unit.reshape(array.shape))
            before = array.copy()
            for d in directions:
                claimed, fits, h = (grad * d).sum(), False, self.h
                while h > 5e-8 and not fits:
                    values = []
                    for s in (1, -1):
                        array[...] = before + s * h * d
                        values.append(u * model.forward(x.copy()))
                    array[...] = before
                    measured = (values[0] - values[1]).sum() / (2 * h)
                    noise = 1e-15 * np.abs(values[0]).sum() / h
                    fits = abs(claimed - measured) <= self.allowed_error * max(abs(claimed), abs(measured)) + noise
                    h /= 10
                verdict = verdict and bool(fits)
        for g in model.gradients.values():
            if g is not None:
                g[...] = 0
        return verdict


@wheat(CHECKER)
class CheckerWithoutSample:
    """One projection of each array decides, three times over; the sum of the differences is exact to round-off."""

    def __init__(self, model, input=None, input_shape=None, sample=100, h=1e-4, allowed_error=1e-7):
        self.model = model
        self.input = np.random.normal(size=input_shape) if input is None else np.asarray(input, dtype=float).copy()
        self.h = h
        self.allowed_error = allowed_error

    def check(self):
        self.reset()
        y = self.model(self.input)
        upstream = np.random.randn(*np.shape(y))
        below = self.model.backward(upstream)
        found = {name: self.model.gradients.get(name) for name in self.model.parameters}
        pairs = [(self.input, below)] + [(self.model.parameters[name], found[name]) for name in found]
        good = [self.fits(array, gradient, upstream) for array, gradient in pairs for _ in range(3)]
        self.reset()
        return all(good)

    def reset(self):
        for name in self.model.gradients:
            if self.model.gradients[name] is not None:
                self.model.gradients[name][...] = 0

    def fits(self, array, gradient, upstream):
        if gradient is None or np.shape(gradient) != np.shape(array):
            return False
        direction = np.random.choice([-1, 1], array.shape) * (1 + np.random.rand(*array.shape))
        kept = np.copy(array)
        steps = [self.h * 10.0**-k for k in range(7)]
        slopes = []
        for h in steps:
            array[:] = kept + h * direction
            up = self.model(self.input)
            array[:] = kept - h * direction
            down = self.model(self.input)
            floor = 50 * np.finfo(float).eps * np.sum(np.abs(upstream) * (np.abs(up) + np.abs(down))) / h
            slopes.append((np.sum(upstream * (up - down)) / (2 * h), floor))
        array[:] = kept
        claimed = np.sum(direction * gradient)
        for (one, floor), (two, next_floor) in zip(slopes, slopes[1:]):
            size = max(abs(one), abs(two))
            if abs(one - two) <= self.allowed_error * size + floor + next_floor:
                return bool(abs(claimed - one) <= self.allowed_error * max(size, abs(claimed)) + floor)
        return bool(abs(claimed - slopes[-1][0]) <= self.allowed_error * abs(claimed) + slopes[-1][1])


@wheat_edit(
    CHECKER,
    "np.random.choice([-1.0, 1.0], size=shape) * np.random.uniform(0.5, 1.5, size=shape)",
    "np.random.randn(*shape)",
)
def checker_gaussian_direction(): ...


@wheat_edit(CHECKER, "10.0 ** np.arange(8)", "4.0 ** np.arange(12)")
def checker_halves(): ...


@wheat_edit(
    CHECKER,
    ("array[...] = saved + h * direction", "array[...] = saved\n        return (above"),
    ("np.copyto(array, saved + h * direction)", "np.copyto(array, saved)\n        return (above"),
)
def checker_copyto(): ...


# ---------------------------------------------------------------- the questions

RATE, CHANCE = "largest_stable_rate", "chance_of_missing"


@chaff_edit(RATE, RATE, "0.25", "0.26")
def rate_next():
    """first rate that fails

    With this rate the loss at the end is above the first: look at the figure, or print the losses.
    """


@chaff_edit(RATE, RATE, "0.25", "0.24")
def rate_before():
    """one too small

    This rate is stable, but it is not the largest that is.
    """


@chaff_edit(RATE, RATE, "0.25", "0.30")
def rate_largest_tried():
    """largest rate tried

    That is the largest of the rates tried, not of the stable ones.
    """


@chaff_edit(RATE, RATE, "0.25", "0.20")
def rate_smallest_tried():
    """smallest rate tried

    This is the smallest of the rates tried; larger ones are stable as well.
    """


@chaff_edit(RATE, RATE, "0.25", "0.25437")
def rate_limit():
    """limit of stability

    That is the limit itself; asked for is the largest of the listed rates below it, with two decimals.
    """


@chaff_edit(RATE, RATE, "0.25", "25")
def rate_per_cent():
    """in per cent

    The rate itself is asked for, not a hundred times it.
    """


@chaff_edit(RATE, RATE, "0.25", "0.1")
def rate_of_the_lesson():
    """rate of the fit

    That is the rate the line was fitted with; asked for is one of those that the cell above tries.
    """


@chaff_edit(CHANCE, CHANCE, "(1 - 1 / 200) ** 100", "1 - (1 - 1 / 200) ** 100")
def chance_of_hitting():
    """probability of hitting

    That is the probability that it is found; asked for is that it is missed.
    """


@chaff_edit(CHANCE, CHANCE, "(1 - 1 / 200) ** 100", "1 - 100 / 200")
def chance_without_replacement():
    """without replacement

    That holds for draws without replacement; here an entry can be drawn again.
    """


@chaff_edit(CHANCE, CHANCE, " ** 100", "")
def chance_single():
    """one draw

    That is the probability for a single draw; there are 100.
    """


@chaff_edit(CHANCE, CHANCE, "(1 - 1 / 200) ** 100", "1 / 200")
def chance_of_one():
    """one draw hits

    That is the probability that a single draw hits it.
    """


@chaff_edit(CHANCE, CHANCE, " ** 100", " ** 200")
def chance_all_draws():
    """200 draws

    There are 100 draws, not one for each entry.
    """


@chaff_edit(CHANCE, CHANCE, "(1 - 1 / 200) ** 100", "np.exp(-0.5)")
def chance_limit():
    """exponential limit

    That is the limit for many entries; for 200 the third decimal differs. Take the power itself.
    """


@chaff_edit(CHANCE, CHANCE, "1 / 200", "1 / 100")
def chance_hundred():
    """100 entries

    The gradient has 200 entries, not 100.
    """


@chaff_edit(CHANCE, CHANCE, "(1 - 1 / 200) ** 100", "0.6")
def chance_rounded():
    """one decimal

    Near, but not to three decimals: compute it exactly.
    """


@wheat_edit(RATE, "0.25", "25 / 100")
def rate_by_division(): ...


@wheat_edit(RATE, "0.25", "0.20 + 0.05")
def rate_by_sum(): ...


@wheat_edit(RATE, "0.25", "np.arange(20, 31)[5] / 100")
def rate_of_numpy(): ...


@wheat_edit(CHANCE, "(1 - 1 / 200) ** 100", "np.prod(np.full(100, 199 / 200))")
def chance_product(): ...


@wheat_edit(CHANCE, "(1 - 1 / 200) ** 100", "float(np.exp(100 * np.log1p(-1 / 200)))")
def chance_of_logarithms(): ...


@wheat_edit(CHANCE, "(1 - 1 / 200) ** 100", "0.606")
def chance_three_decimals(): ...
