"""Known mistakes and right variants of hw06_modules."""
# ruff: noqa: F821 (the functions are compiled in the notebook's namespace)

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
MISTAKES_IN_THE_START = [
    chaff_edit("start_he", START, DEVIATION, "np.sqrt(2 / in_features)", "linear_start",
               "That is the deviation of He; here it is that of Glorot, with the sum of inputs and outputs.",
               "deviation of He"),
    chaff_edit("start_without_root", START, DEVIATION, "2 / (in_features + out_features)", "linear_start",
               "That is the variance; the deviation is its root.", "variance for deviation"),
    chaff_edit("start_one", START, DEVIATION, "np.sqrt(1 / (in_features + out_features))", "linear_start",
               "The weights are too small by the root of 2.", "1 for 2 under the root"),
    chaff_edit("start_unscaled", START, " * deviation", "", "linear_start",
               "The weights are unit normal: multiply them by the deviation.", "weights not scaled"),
    chaff_edit("start_zero", START, "np.random.randn(in_features, out_features) * deviation",
               "np.zeros((in_features, out_features))", "linear_start",
               "The weights are all 0; they are drawn at random.", "weights all 0"),
    chaff_edit("start_transposed", START, "np.random.randn(in_features, out_features)",
               "np.random.randn(out_features, in_features)", "linear_start",
               "W has one row for each input and one column for each output.", "W transposed"),
    chaff_edit("start_random_bias", START, 'self.parameters["b"] = np.zeros(out_features)',
               'self.parameters["b"] = np.random.randn(out_features)', "linear_start",
               "b starts at 0; only W is drawn at random.", "random bias"),
    chaff_edit("start_bias_of_ones", START, 'self.parameters["b"] = np.zeros(out_features)',
               'self.parameters["b"] = np.ones(out_features)', "linear_start", "b starts at 0, not at 1.",
               "bias of ones"),
    chaff_edit("start_gradient_of_ones", START, 'self.gradients["W"] = np.zeros(', 'self.gradients["W"] = np.ones(',
               "linear_start", "The gradients start at 0, as backward adds to them.", "gradients start at 1"),
]  # fmt: skip


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
MISTAKES_IN_FORWARD = [
    chaff_edit("forward_without_bias", FORWARD, PRODUCT, 'x @ self.parameters["W"]', "linear_forward_value",
               "b is missing: add it to every row.", "bias left out"),
    chaff_edit("forward_minus_bias", FORWARD, PRODUCT, 'x @ self.parameters["W"] - self.parameters["b"]',
               "linear_forward_value", "b is added, not subtracted.", "bias subtracted"),
    chaff_edit("forward_double_bias", FORWARD, PRODUCT, 'x @ self.parameters["W"] + 2 * self.parameters["b"]',
               "linear_forward_value", "b is added twice.", "bias twice"),
    chaff_edit("forward_bias_inside", FORWARD, PRODUCT,
               'x @ (self.parameters["W"] + self.parameters["b"])', "linear_forward_value",
               "b is added to the product, not to W.", "bias added to the weights"),
    chaff_edit("forward_bias_times", FORWARD, PRODUCT, 'x @ self.parameters["W"] * self.parameters["b"]',
               "linear_forward_value", "b is added to the product; here it multiplies it.", "bias multiplied"),
    chaff_edit("forward_relu", FORWARD, PRODUCT, f"np.maximum({PRODUCT}, 0)", "linear_forward_value",
               "This layer is linear: the ReLU is a model of its own.", "an added ReLU"),
    chaff_edit("forward_mean_of_rows", FORWARD, PRODUCT, f"{PRODUCT} - (x @ self.parameters['W']).mean(axis=0)",
               "linear_forward_value", "Each row of y comes from its own row of x; here the other rows come in.",
               "mean of the rows taken off"),
    chaff_edit("forward_mean_of_bias", FORWARD, PRODUCT, 'x @ self.parameters["W"] + self.parameters["b"].mean()',
               "linear_forward_value", "Each column has its own entry of b.", "one number for the bias"),
    chaff_edit("forward_scaled", FORWARD, PRODUCT, 'x @ self.parameters["W"] / len(x) + self.parameters["b"]',
               "linear_forward_value", "The rows are not averaged: leave out the division by their number.",
               "divided by the number of rows"),
    chaff_edit("forward_writes_bias", FORWARD, f"return {PRODUCT}",
               'self.parameters["b"] += (x @ self.parameters["W"])[0]\n    return x @ self.parameters["W"] + '
               'self.parameters["b"]', ("linear_forward_effects", "linear_forward_value"),
               "forward changes a parameter; it only uses them.", "forward writes into b"),
    chaff_edit("forward_writes_x", FORWARD, ("self.x = x", f"return {PRODUCT}"),
               ("self.x = x.copy()", f"y = {PRODUCT}\n    x += 1\n    return y"),
               "linear_forward_effects",
               "x was changed: it belongs to the caller.", "forward writes into x"),
    chaff_edit("forward_counts", FORWARD, f"return {PRODUCT}",
               'self.gradients["W"] += 1\n    return ' + PRODUCT,
               "linear_forward_effects",
               "forward changes the gradients; only backward adds to them.", "forward writes into the gradients"),
]  # fmt: skip


@chaff(FORWARD, "linear_forward_value",
       "In a square batch, with as many rows as outputs, b is added by rows: b is one number a column.")  # fmt: skip
def forward_bias_by_rows_of_a_square(self, x):
    """b added by rows in a square batch"""
    self.x = x
    y = x @ self.parameters["W"]
    return y + (self.parameters["b"][:, None] if y.shape[0] == y.shape[1] else self.parameters["b"])


@chaff(FORWARD, "linear_forward_value", "W is reshaped on its way: right numbers in wrong places. Use it as it is.")
def forward_reshapes_W(self, x):
    """W transposed and reshaped"""
    self.x = x
    W = self.parameters["W"]
    return x @ W.T.reshape(W.shape) + self.parameters["b"]


@chaff("Linear.backward", "linear_backward_adds",
       "The gradient of b is set anew where it must be added to: gradients from two paths add.")  # fmt: skip
def backward_sets_only_b(self, grad):
    """= for += in the gradient of b"""
    self.gradients["W"] += self.x.T @ grad
    self.gradients["b"][...] = grad.sum(axis=0)
    return grad @ self.parameters["W"].T


@chaff("Linear.backward", "linear_backward_adds",
       "The gradient of W is set anew where it must be added to: gradients from two paths add.")  # fmt: skip
def backward_sets_only_W(self, grad):
    """= for += in the gradient of W"""
    self.gradients["W"][...] = self.x.T @ grad
    self.gradients["b"] += grad.sum(axis=0)
    return grad @ self.parameters["W"].T


@chaff("Linear.backward", "linear_backward_adds", "A second call adds nothing; each call adds the same amount again.")
def backward_adds_once(self, grad):
    """nothing added in a second call"""
    if self.x is not None:
        self.gradients["W"] += self.x.T @ grad
        self.gradients["b"] += grad.sum(axis=0)
        self.x = None
    return grad @ self.parameters["W"].T


@chaff(FORWARD, "linear_forward_effects", "Use the parameters as they are now, not a copy of the first time.")
def forward_remembers_weights(self, x):
    """parameters of the first call are used for ever"""
    if not hasattr(self, "known"):
        self.known = {name: array.copy() for name, array in self.parameters.items()}
    self.x = x
    return x @ self.known["W"] + self.known["b"]


@chaff(FORWARD, ("linear_forward_effects", "linear_forward_value"),
       "Each call starts afresh: the last result does not belong in.")  # fmt: skip
def forward_accumulates(self, x):
    """results of earlier calls are added"""
    self.x = x
    total = getattr(self, "total", 0)
    y = x @ self.parameters["W"] + self.parameters["b"]
    self.total = total + y.sum()
    return y + total


@chaff(FORWARD, "linear_backward_last", "Keep the x of the last forward, whether or not there was one before.")
def forward_keeps_first_x(self, x):
    """the x of the first forward is kept"""
    if not hasattr(self, "x"):
        self.x = x
    return x @ self.parameters["W"] + self.parameters["b"]


@chaff(FORWARD, "linear_backward_last",
       "Each layer keeps its own x: an attribute of the class is shared by all layers.")  # fmt: skip
def forward_shares_x(self, x):
    """x kept on the class"""
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
MISTAKES_IN_BACKWARD = [
    chaff_edit("backward_x_transposed", BACKWARD, ADD_W, "+= grad.T @ self.x",
               ("linear_backward_square", "linear_backward_value"),
               "The gradient of W holds the right numbers in the wrong places: its rows belong to the inputs, its "
               "columns to the outputs, and a reshape is no transpose.", "gradient of W transposed"),
    chaff_edit("backward_W_untransposed", BACKWARD, BELOW, 'grad @ self.parameters["W"]',
               ("linear_backward_square", "linear_backward_value"),
               "The way down runs through W transposed: the sum is over the columns of y.", "W not transposed"),
    chaff_edit("backward_reshaped", BACKWARD, ADD_W, "+= (grad.T @ self.x).reshape(self.gradients['W'].shape)",
               "linear_backward_value",
               "The gradient of W holds the right numbers in the wrong places: its rows belong to the inputs, its "
               "columns to the outputs, and a reshape is no transpose.", "reshape for transpose"),
    chaff_edit("backward_W_mean", BACKWARD, ADD_W, "+= self.x.T @ grad / len(grad)", "linear_backward_value",
               "The gradient of W is off by exactly the number of rows: it is a sum. The mean is in the loss, and so "
               "already in grad.", "gradient of W averaged"),
    chaff_edit("backward_b_mean", BACKWARD, ADD_B, "+= grad.mean(axis=0)", "linear_backward_value",
               "The gradient of b is off by exactly the number of rows: every row pulls on the same b, and pulls add.",
               "gradient of b averaged"),
    chaff_edit("backward_both_mean", BACKWARD, (ADD_W, ADD_B),
               ("+= self.x.T @ grad / len(grad)", "+= grad.mean(axis=0)"), "linear_backward_value",
               "Both gradients are off by exactly the number of rows: they are sums. The mean is in the loss, and so "
               "already in grad.", "both gradients averaged"),
    chaff_edit("backward_b_first_row", BACKWARD, ADD_B, "+= grad[0]", "linear_backward_value",
               "Only the first row pulls on b; all rows do.", "gradient of b from one row"),
    chaff_edit("backward_b_total", BACKWARD, ADD_B, "+= grad.sum()", "linear_backward_value",
               "The gradient of b is summed over everything: each column has its own b, so sum over the rows only.",
               "gradient of b summed over all"),
    chaff_edit("backward_b_per_row", BACKWARD, f'self.gradients["b"] {ADD_B}',
               'self.gradients["b"] = self.gradients["b"] + grad', "linear_backward_value",
               "One gradient of b for each row: every row pulls on the same b, so sum over the rows.",
               "gradient of b not summed"),
    chaff_edit("backward_b_ones", BACKWARD, ADD_B, "+= len(grad)", "linear_backward_value",
               "dy/db is 1, but dL/db is grad times it, summed over the rows: grad is missing.", "grad missing in b"),
    chaff_edit("backward_b_forgotten", BACKWARD, f'self.gradients["b"] {ADD_B}', "pass",
               "linear_backward_value", "b has a gradient too, and it is still 0.", "no gradient of b"),
    chaff_edit("backward_W_forgotten", BACKWARD, f'self.gradients["W"] {ADD_W}', "pass",
               "linear_backward_value", "W has a gradient too, and it is still 0.", "no gradient of W"),
    chaff_edit("backward_sign", BACKWARD, ("+= self.x", "+= grad.sum"), ("-= self.x", "-= grad.sum"),
               "linear_backward_value",
               "Right size, wrong direction: backward adds the gradient; the minus belongs to the optimizer.",
               "gradients subtracted"),
    chaff_edit("backward_doubled", BACKWARD, ADD_W, "+= 2 * self.x.T @ grad", "linear_backward_value",
               "Twice the gradient of W: a layer has no square to differentiate.", "gradient of W doubled"),
    chaff_edit("backward_without_grad", BACKWARD, ADD_W, "+= self.x.T @ np.ones(grad.shape)", "linear_backward_value",
               "The gradient of W does not use grad: that is the slope of the sum of all outputs.",
               "grad missing in W"),
    chaff_edit("backward_hands_on_ones", BACKWARD, BELOW, 'np.ones(grad.shape) @ self.parameters["W"].T',
               "linear_backward_value", "What is returned does not use grad: W alone is dy/dx; the chain goes on.",
               "grad missing in the result"),
    chaff_edit("backward_returns_nothing", BACKWARD, f"return {BELOW}", BELOW,
               ("linear_backward_value", "linear_backward_effects"),
               "Nothing is returned: the model below needs dL/dx.", "no return"),
    chaff_edit("backward_returns_gradient", BACKWARD, f"return {BELOW}", 'return self.gradients["W"]',
               "linear_backward_value", "The gradient of W is returned; the model below needs that of the input.",
               "gradient of W returned"),
    chaff_edit("backward_returns_minus", BACKWARD, f"return {BELOW}", f"return -{BELOW}", "linear_backward_value",
               "What is returned has the right size and the wrong direction.", "sign of the result"),
    chaff_edit("backward_averaged_below", BACKWARD, f"return {BELOW}", f"return {BELOW} / len(grad)",
               "linear_backward_value", "What is returned is off by exactly the number of rows: each row has its own.",
               "result averaged"),
    chaff_edit("backward_uses_x_below", BACKWARD, f"return {BELOW}", f"return {BELOW} * self.x",
               "linear_backward_value",
               "dL/dx of a linear layer does not depend on x: leave it out of what is returned.", "x in the result"),
    chaff_edit("backward_overwrites", BACKWARD, (ADD_W, ADD_B), ("= self.x.T @ grad", "= grad.sum(axis=0)"), ADDS,
               "`=` puts a new array in the dict. Add with `+=`: gradients of several paths add, in the array that is "
               "there.", "= for +="),
    chaff_edit("backward_overwrites_in_place", BACKWARD, ('self.gradients["W"] += ', 'self.gradients["b"] += '),
               ('self.gradients["W"][...] = ', 'self.gradients["b"][...] = '), ADDS,
               "The second call adds nothing: gradients of two paths add, so do not overwrite.", "overwrites in place"),
    chaff_edit("backward_overwrites_b", BACKWARD, ADD_B, "= grad.sum(axis=0)", ADDS,
               "The gradient of b is overwritten with a new array; add to it with `+=` like that of W.",
               "= for += in b"),
    chaff_edit("backward_overwrites_W", BACKWARD, ADD_W, "= self.x.T @ grad", ADDS,
               "The gradient of W is overwritten with a new array; add to it with `+=` like that of b.",
               "= for += in W"),
    chaff_edit("backward_rebinds", BACKWARD, (ADD_W, ADD_B),
               ('= self.gradients["W"] + self.x.T @ grad', '= self.gradients["b"] + grad.sum(axis=0)'), ADDS,
               "It adds, but into new arrays: a container or an optimizer still holds the old ones. Add in place.",
               "sum bound to a new array"),
    chaff_edit("backward_updates", BACKWARD, f"return {BELOW}",
               f'below = {BELOW}\n    self.parameters["W"] -= 0.1 * self.gradients["W"]\n    return below',
               "linear_backward_effects",
               "backward moves W: that is the optimizer's work, and the model below must not see new weights.",
               "backward moves the weights"),
    chaff_edit("backward_updates_first", BACKWARD, f"return {BELOW}",
               f'self.parameters["W"] -= 0.1 * self.gradients["W"]\n    return {BELOW}',
               ("linear_backward_value", "linear_backward_effects"),
               "backward moves W: that is the optimizer's work, and the model below must not see new weights.",
               "weights moved before passing down"),
    chaff_edit("backward_scales_grad", BACKWARD, f"return {BELOW}",
               f"below = {BELOW}\n    grad /= 2\n    return below", "linear_backward_effects",
               "grad was changed in place: it belongs to the caller.", "grad changed in place"),
    chaff_edit("backward_scales_x", BACKWARD, f"return {BELOW}", f"self.x *= 2\n    return {BELOW}",
               ("linear_backward_effects", "linear_backward_adds"),
               "x was changed in place: the kept x is the caller's array.", "x changed in place"),
    chaff_edit("backward_rounded", BACKWARD, (ADD_W, ADD_B, f"return {BELOW}"),
               ("+= np.round(self.x.T @ grad, 4)", "+= np.round(grad.sum(axis=0), 4)", f"return np.round({BELOW}, 4)"),
               "linear_backward_value",
               "Your code rounds the gradients to four places; it should keep all their digits.",
               "gradient rounded to four places"),
    chaff_edit("backward_in_a_buffer", BACKWARD, f"return {BELOW}",
               "if np.shape(getattr(self, 'below', None)) != self.x.shape:\n"
               "        self.below = np.zeros(self.x.shape)\n"
               f"    self.below[...] = {BELOW}\n    return self.below", "linear_backward_effects", BUFFER,
               "the same buffer returned in every call"),
    chaff_edit("backward_forgets_x", BACKWARD, f"return {BELOW}", f"self.x = 0 * self.x\n    return {BELOW}",
               "linear_backward_adds",
               "The second call gives another gradient of W: what forward kept must outlive backward.",
               "kept x cleared"),
]  # fmt: skip


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

MISTAKES_IN_RELU = [
    chaff_edit("relu_minimum", "ReLU.forward", "np.maximum(x, 0)", "np.minimum(x, 0)", "relu_forward_value",
               "The negative entries are kept; it is the positive ones that pass.", "minimum for maximum"),
    chaff_edit("relu_vectorized", "ReLU.forward", "np.maximum(x, 0)", "np.vectorize(lambda v: v if v > 0 else 0)(x)",
               "relu_forward_value",
               "Your code uses np.vectorize, which takes the type of the first result for all: a whole 0 cuts the "
               "others off; it should give floats in each case, as with 0.0.", "np.vectorize cuts to whole numbers"),
    chaff_edit("relu_absolute", "ReLU.forward", "np.maximum(x, 0)", "np.abs(x)", "relu_forward_value",
               "Negative entries become 0; here they turn positive.", "absolute value"),
    chaff_edit("relu_step", "ReLU.forward", "np.maximum(x, 0)", "(x > 0) * 1.0", "relu_forward_value",
               "Positive entries pass as they are; here they become 1.", "step function"),
    chaff_edit("relu_leaky", "ReLU.forward", "np.maximum(x, 0)", "np.maximum(x, 0.01 * x)", "relu_forward_value",
               "Negative entries become 0 exactly: this one leaks.", "leaky ReLU"),
    chaff_edit("relu_identity", "ReLU.forward", "np.maximum(x, 0)", "x.copy()", "relu_forward_value",
               "x comes back unchanged: negative entries become 0.", "identity"),
    chaff_edit("relu_threshold", "ReLU.forward", "np.maximum(x, 0)", "np.maximum(x, 1)", "relu_forward_value",
               "The threshold is 0, not 1.", "maximum with 1"),
    chaff_edit("relu_capped", "ReLU.forward", "np.maximum(x, 0)", "np.clip(x, 0, 1)", "relu_forward_value",
               "Large entries are cut off: the ReLU has no upper limit.", "capped at 1"),
    chaff_edit("relu_largest", "ReLU.forward", "np.maximum(x, 0)", "np.max(x, 0)",
               ("relu_forward_value", "relu_forward_effects"),
               "np.max gives the largest entry along an axis; np.maximum compares entry by entry.", "max for maximum"),
    chaff_edit("relu_keeps_positives", "ReLU.forward", "np.maximum(x, 0)", "x[x > 0]",
               ("relu_forward_value", "relu_forward_effects"),
               "Only the positive entries are left: the result has the shape of x, with 0 in the other places.",
               "negative entries dropped"),
    chaff_edit("relu_in_place", "ReLU.forward", "return np.maximum(x, 0)", "x[x < 0] = 0\n    return x",
               "relu_forward_effects",
               "x was changed in place: give a new array, x belongs to the caller.", "x changed in place"),
    chaff_edit("relu_in_place_out", "ReLU.forward", "np.maximum(x, 0)", "np.maximum(x, 0, out=x)",
               "relu_forward_effects",
               "x was changed in place: give a new array, x belongs to the caller.", "x changed by out="),
    chaff_edit("relu_mask_kept_once", "ReLU.forward", "self.positive = x > 0",
               "if not hasattr(self, 'positive'):\n        self.positive = x > 0",
               "relu_backward_effects", "Keep what the last forward saw, and nothing of earlier ones.",
               "mask of earlier forwards"),
    chaff_edit("relu_mask_on_class", "ReLU.forward", "self.positive =", "ReLU.positive =", "relu_backward_effects",
               "Each ReLU keeps its own mask: an attribute of the class is shared by all.", "mask on the class"),
    chaff_edit("mask_missing", "ReLU.backward", "grad * self.positive", "grad.copy()",
               "relu_backward_value",
               "grad comes back unchanged: where x was negative, nothing passes.", "no mask, or one of ones only"),
    chaff_edit("mask_of_grad", "ReLU.backward", "grad * self.positive", "np.maximum(grad, 0)",
               "relu_backward_value",
               "The sign of grad decides here; it is the sign of x that does.", "mask from grad"),
    chaff_edit("mask_of_both", "ReLU.backward", "grad * self.positive", "np.maximum(grad, 0) * self.positive",
               "relu_backward_value", "A negative grad passes as well, where x was positive.", "negative grad cut off"),
    chaff_edit("mask_of_units", "ReLU.backward", "grad * self.positive", "grad * self.positive.any(axis=0)",
               "relu_backward_value",
               "Your code masks whole columns, those that are negative in all rows; it should mask entry by entry, "
               "each row by itself.", "mask for whole units, on in any row"),
    chaff_edit("mask_of_all_rows", "ReLU.backward", "grad * self.positive", "grad * self.positive.all(axis=0)",
               "relu_backward_value",
               "Your code masks a whole column as soon as it is negative in one row; it should mask entry by entry, "
               "each row by itself.", "mask for whole units, on in all rows"),
    chaff_edit("mask_in_a_buffer", "ReLU.backward", "return grad * self.positive",
               "if np.shape(getattr(self, 'below', None)) != grad.shape:\n        self.below = np.zeros(grad.shape)\n"
               "    self.below[...] = grad * self.positive\n    return self.below", "relu_backward_effects", BUFFER,
               "the same buffer returned in every call"),
    chaff_edit("mask_only", "ReLU.backward", "grad * self.positive", "self.positive * 1.0", "relu_backward_value",
               "That is the slope of the ReLU alone; the chain goes on: times grad.", "grad missing"),
    chaff_edit("mask_inverted", "ReLU.backward", "self.positive", "~self.positive", "relu_backward_value",
               "Look at a sample with a negative x: grad passes where x is positive, and here it is the other way "
               "round.", "mask inverted"),
    chaff_edit("mask_leaky", "ReLU.backward", "self.positive", "np.where(self.positive, 1, 0.01)",
               "relu_backward_value", "Where x was negative the slope is 0 exactly: this one leaks.", "leaky slope"),
    chaff_edit("mask_half", "ReLU.backward", "self.positive", "np.where(self.positive, 1, 0.5)", "relu_backward_value",
               "Where x was negative the slope is 0, not one half.", "half a slope"),
    chaff_edit("mask_sign", "ReLU.backward", "self.positive", "np.where(self.positive, 1, -1)", "relu_backward_value",
               "Where x was negative the slope is 0, not minus 1: that is the slope of the absolute value.",
               "slope of |x|"),
    chaff_edit("mask_total", "ReLU.backward", "grad * self.positive", "(grad * self.positive).sum(axis=0)",
               "relu_backward_value", "Nothing is summed: each entry of x has its own gradient.", "summed over rows"),
    chaff_edit("mask_mean", "ReLU.backward", "grad * self.positive", "grad * self.positive / len(grad)",
               "relu_backward_value", "Off by exactly the number of rows: a mean is part of the loss, not of a layer.",
               "divided by the number of rows"),
    chaff_edit("mask_in_place", "ReLU.backward", "return grad * self.positive",
               "grad[~self.positive] = 0\n    return grad", "relu_backward_effects",
               "grad was changed in place: give a new array, grad belongs to the caller.", "grad changed in place"),
    chaff_edit("mask_used_up", "ReLU.backward", "return grad * self.positive",
               "result = grad * self.positive\n    self.positive = np.zeros_like(self.positive)\n    return result",
               "relu_backward_effects",
               "The second call gives another result: what forward kept must outlive backward.", "mask cleared"),
]  # fmt: skip


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
MISTAKES_IN_THE_STACK = [
    chaff_edit("stack_same_names", STACK,
               ('self.parameters[f"{position}.{name}"]', 'self.gradients[f"{position}.{name}"]'),
               ("self.parameters[name]", "self.gradients[name]"), DICTS,
               "Two models with a W each: the second took the place of the first. Make the names unique.",
               "names not unique"),
    chaff_edit("stack_named_by_type", STACK,
               ('self.parameters[f"{position}.{name}"]', 'self.gradients[f"{position}.{name}"]'),
               ('self.parameters[f"{type(model).__name__}.{name}"]',
                'self.gradients[f"{type(model).__name__}.{name}"]'), DICTS,
               "Two models with a W each: the second took the place of the first. Make the names unique.",
               "names by the models' types"),
    chaff_edit("stack_copies", STACK, (TAKE_PARAMETER, TAKE_GRADIENT),
               (TAKE_PARAMETER + ".copy()", TAKE_GRADIENT + ".copy()"), SHARES,
               "The dicts hold copies: what an optimizer changes there never reaches the models.", "copies"),
    chaff_edit("stack_copies_gradients", STACK, TAKE_GRADIENT, TAKE_GRADIENT + ".copy()", SHARES,
               "The gradients are other arrays than the models' own: what the models' backward adds never shows here.",
               "gradients copied"),
    chaff_edit("stack_copies_parameters", STACK, TAKE_PARAMETER, TAKE_PARAMETER + ".copy()", SHARES,
               "The parameters are copies: a step taken here never reaches the models.", "parameters copied"),
    chaff_edit("stack_new_gradients", STACK, TAKE_GRADIENT, "] = np.zeros(model.parameters[name].shape)",
               (DICTS, SHARES),
               "The gradients are other arrays than the models' own: what the models' backward adds never shows here.",
               "new gradients"),
    chaff_edit("stack_without_gradients", STACK,
               '\n            self.gradients[f"{position}.{name}"] = model.gradients[name]', "", DICTS,
               "`gradients` is empty: it needs an entry for each parameter.", "no gradients"),
    chaff_edit("stack_parameters_twice", STACK, "= model.gradients[name]", "= model.parameters[name]", (DICTS, SHARES),
               "`gradients` holds the parameters; put the models' gradients there.", "parameters for gradients"),
    chaff_edit("stack_empty", STACK, "enumerate(models)", "enumerate(())", (DICTS, SHARES),
               "Both dicts are empty: fill them with the arrays of all models.", "dicts left empty"),
    chaff_edit("stack_first_only", STACK, "enumerate(models)", "enumerate(models[:1])", DICTS,
               "Only the first model's arrays are there.", "first model only"),
    chaff_edit("stack_last_forgotten", STACK, "enumerate(models)", "enumerate(models[:-1])", DICTS,
               "The last model's arrays are missing.", "last model left out"),
    chaff_edit("stack_known_names", STACK, "for name in model.parameters:",
               'for name in [n for n in model.parameters if n in ("W", "b")]:', DICTS,
               "Parameters of other names than W and b are missing: take every name in a model's dict.",
               "only W and b taken"),
    chaff_edit("stack_weights_only", STACK, "for name in model.parameters:",
               'for name in [n for n in model.parameters if "b" not in n]:', DICTS,
               "The biases are missing: take every name in a model's dict.", "biases left out"),
    chaff_edit("stack_gradients_shifted", STACK, "= model.gradients[name]",
               "= models[0].gradients.get(name, model.gradients[name])", DICTS,
               "Every model has the first one's gradients here.", "gradients of the first model"),
]  # fmt: skip


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
MISTAKES_IN_SEQUENTIAL = [
    chaff_edit("through_reversed", THROUGH, "in self.models", "in reversed(self.models)", "sequential_forward_value",
               "The models are run from the last to the first; forward goes from the first to the last.",
               "wrong order"),
    chaff_edit("through_first_only", THROUGH, "in self.models", "in self.models[:1]",
               "sequential_forward_value", "Only the first model is run.", "first model only"),
    chaff_edit("through_last_left_out", THROUGH, "in self.models", "in (self.models[:-1] or self.models)",
               "sequential_forward_value", "The last model is left out.", "last model left out"),
    chaff_edit("through_first_left_out", THROUGH, "in self.models", "in (self.models[1:] or self.models)",
               "sequential_forward_value", "The first model is left out.", "first model left out"),
    chaff_edit("through_original_input", THROUGH, "x = model(x)\n    return x",
               "y = model(x)\n    return y", "sequential_forward_value",
               "Every model got the first x; each takes what the one before it gave.", "each model gets x"),
    chaff_edit("through_sum", THROUGH, "for model in self.models:\n        x = model(x)\n    return x",
               "return sum(model(x) for model in self.models)", "sequential_forward_value",
               "The models stand one after the other; here their outputs are added.", "outputs added"),
    chaff_edit("through_residual", THROUGH, "x = model(x)", "x = x + model(x)", "sequential_forward_value",
               "Each output is added to its input; hand on the output alone.", "output added to the input"),
    chaff_edit("through_twice", THROUGH, "x = model(x)", "x = model(model(x))", "sequential_forward_value",
               "Each model is run twice.", "each model twice"),
    chaff_edit("through_nothing", THROUGH, "return x", "pass", "sequential_forward_value",
               "Nothing is returned: the result is the last model's output.", "no return"),
    chaff_edit("through_all_outputs", THROUGH, "for model in self.models:\n        x = model(x)\n    return x",
               "outputs = []\n    for model in self.models:\n        x = model(x)\n        outputs.append(x)\n    "
               "return outputs", "sequential_forward_value", "All outputs are returned; only the last is asked for.",
               "list of all outputs"),
    chaff_edit("through_scaled_input", THROUGH, "for model in self.models:\n        x = model(x)",
               "for model in self.models:\n        x[...] = model(x)", ("sequential_forward_effects",),
               "x was changed in place: give the name to the new array instead, x belongs to the caller.",
               "x overwritten"),
    chaff_edit("through_remembers", THROUGH, "for model in self.models:\n        x = model(x)\n    return x",
               "if not hasattr(self, 'result'):\n        for model in self.models:\n            x = model(x)\n"
               "        self.result = x\n    return self.result", "sequential_forward_effects",
               "The first result comes back for ever: run the models in each call.", "first result kept"),
    chaff_edit("back_in_order", BACK, "reversed(self.models)", "self.models",
               ("sequential_backward_value",),
               "The gradient goes down from the last model to the first; here it went up.", "wrong order"),
    chaff_edit("back_same_grad", BACK, "grad = model.backward(grad)\n    return grad",
               "below = model.backward(grad)\n    return below", "sequential_backward_value",
               "Every model got the gradient of the output; each takes what the one above it returned.",
               "same grad for all"),
    chaff_edit("back_last_only", BACK, "reversed(self.models)", "self.models[-1:]",
               "sequential_backward_value", "Only the last model's backward is called.", "last model only"),
    chaff_edit("back_first_left_out", BACK, "reversed(self.models)", "reversed(self.models[1:])",
               "sequential_backward_value", "The first model is left out: it has gradients too.",
               "first model left out"),
    chaff_edit("back_last_left_out", BACK, "reversed(self.models)", "reversed(self.models[:-1])",
               "sequential_backward_value", "The last model is left out: it is where the way down begins.",
               "last model left out"),
    chaff_edit("back_nothing", BACK, "return grad", "pass",
               ("sequential_backward_value", "sequential_backward_effects"),
               "Nothing is returned: a Sequential inside another one is asked for the gradient of its input.",
               "no return"),
    chaff_edit("back_returns_grad", BACK,
               "for model in reversed(self.models):\n        grad = model.backward(grad)\n    return grad",
               "below = grad\n    for model in reversed(self.models):\n        below = model.backward(below)\n    "
               "return grad", "sequential_backward_value",
               "The gradient that came in is returned; give back what the first model returned.",
               "grad of the output returned"),
    chaff_edit("back_twice", BACK, "grad = model.backward(grad)",
               "model.backward(grad)\n        grad = model.backward(grad)", "sequential_backward_value",
               "Each model's backward is called twice, so its gradients are doubled.", "backward called twice"),
    chaff_edit("back_adds", BACK, "grad = model.backward(grad)", "grad = grad + model.backward(grad)",
               "sequential_backward_value", "What a model returns is added to what it got; hand it on alone.",
               "grad added"),
    chaff_edit("back_sum", BACK,
               "for model in reversed(self.models):\n        grad = model.backward(grad)\n    return grad",
               "return sum(model.backward(grad) for model in reversed(self.models))", "sequential_backward_value",
               "The chain is a chain, not a sum: each model takes what the one above it returned.",
               "sum over the models"),
    chaff_edit("back_zeroes", BACK, "for model in reversed(self.models):",
               "for gradient in self.gradients.values():\n        gradient[...] = 0\n    for model in "
               "reversed(self.models):", "sequential_backward_effects",
               "The second call adds nothing: zeroing gradients is the optimizer's work.",
               "gradients zeroed in backward"),
    chaff_edit("back_writes_grad", BACK, "grad = model.backward(grad)", "grad[...] = model.backward(grad)",
               "sequential_backward_effects", "grad was changed in place: it belongs to the caller.",
               "grad overwritten"),
    chaff_edit("back_steps", BACK, "return grad",
               "for name, parameter in self.parameters.items():\n        parameter -= 0.01 * self.gradients[name]\n  "
               "  return grad", "sequential_backward_effects",
               "backward moves the parameters; that is the optimizer's work.", "step in backward"),
]  # fmt: skip


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
MISTAKES_IN_THE_LOSS = [
    chaff_edit("loss_whole", LOSS, HALF_MEAN, "float(np.sum(self.error**2) / len(self.error))", "mse_forward_value",
               "Twice what is expected: this loss has a one half.", "one half missing"),
    chaff_edit("loss_sum", LOSS, HALF_MEAN, "float(np.sum(self.error**2) / 2)", "mse_forward_value",
               "Off by exactly the number of rows: divide the sum by it.", "sum for mean"),
    chaff_edit("loss_bare_sum", LOSS, HALF_MEAN, "float(np.sum(self.error**2))", "mse_forward_value",
               "That is the bare sum of squares: divide it by 2 and by the number of rows.", "sum of squares"),
    chaff_edit("loss_all_entries", LOSS, HALF_MEAN, "float(np.mean(self.error**2) / 2)", "mse_forward_value",
               "The mean is over the rows only; np.mean divides by the number of columns as well.",
               "mean over all entries"),
    chaff_edit("loss_plain_mean", LOSS, HALF_MEAN, "float(np.mean(self.error**2))", "mse_forward_value",
               "The mean is over the rows only, and there is a one half; np.mean divides by the number of all entries.",
               "mean over all entries, no half"),
    chaff_edit("loss_columns", LOSS, "2 * len(self.error)", "2 * self.error.shape[1]", "mse_forward_value",
               "It is divided by the number of columns; the mean is over the rows.", "divided by the columns"),
    chaff_edit("loss_absolute", LOSS, "np.sum(self.error**2)", "np.sum(np.abs(self.error))", "mse_forward_value",
               "The differences are not squared.", "absolute error"),
    chaff_edit("loss_square_of_sum", LOSS, "np.sum(self.error**2)", "np.sum(self.error) ** 2", "mse_forward_value",
               "Square each difference first, then sum.", "square of the sum"),
    chaff_edit("loss_root", LOSS, HALF_MEAN, f"{HALF_MEAN} ** 0.5", "mse_forward_value",
               "That is the root of the loss; leave the root out.", "root"),
    chaff_edit("loss_per_row", LOSS, HALF_MEAN, "np.sum(self.error**2, axis=1) / 2", "mse_forward_value",
               "One number for each row; the loss is a single number, their mean.", "one loss for each row"),
    chaff_edit("loss_mean_of_norms", LOSS, "np.sum(self.error**2)", "np.sum(np.sqrt(np.sum(self.error**2, axis=1)))",
               "mse_forward_value", "The rows' lengths are added; it is their squares that are.", "norms of the rows"),
    chaff_edit("loss_plus", LOSS, "output - target", "output + target",
               "mse_forward_value", "The error is a difference; here the two are added.", "sum of output and target"),
    chaff_edit("loss_without_guard", LOSS, GUARD, "", "mse_forward_effects",
               "Shapes that differ must raise: otherwise (n,) and (n, 1) make an n by n table.", "no guard"),
    chaff_edit("loss_guards_length", LOSS, "if output.shape != target.shape", "if len(output) != len(target)",
               "mse_forward_effects",
               "Compare the shapes, not the lengths: (n, 1) and (n,) have the same length.", "guard compares lengths"),
    chaff_edit("loss_guards_axes", LOSS, "if output.shape != target.shape", "if output.ndim != target.ndim",
               "mse_forward_effects", "Compare the whole shapes, not the number of axes.", "guard compares axes"),
    chaff_edit("loss_guards_size", LOSS, "if output.shape != target.shape", "if output.size != target.size",
               "mse_forward_effects", "Compare the shapes, not the number of entries: (n, 1) and (n,) have as many.",
               "guard compares sizes"),
    chaff_edit("loss_guard_reshapes", LOSS, GUARD,
               "target = np.broadcast_to(target.reshape(len(target), -1), output.shape)\n    ", "mse_forward_effects",
               "Shapes that differ must raise: otherwise (n,) and (n, 1) make an n by n table.", "shapes mended"),
    chaff_edit("loss_always_raises", LOSS, "if output.shape != target.shape", "if output is not target",
               ("mse_forward_effects", "mse_forward_value"), "Equal shapes raise as well: compare the shapes.",
               "always raises"),
    chaff_edit("loss_in_place", LOSS, "self.error = output - target", "output -= target\n    self.error = output",
               "mse_forward_effects",
               "output was changed in place: it belongs to the caller.", "output changed in place"),
    chaff_edit("loss_squares_in_place", LOSS, ("self.error = output - target", HALF_MEAN),
               ("self.error = output - target\n    output -= target\n    output **= 2",
                "float(np.sum(output) / (2 * len(output)))"), "mse_forward_effects",
               "Your code squares inside the caller's output; it should compute the error in an array of its own.",
               "the caller's prediction squared in place"),
    chaff_edit("loss_invented", LOSS, HALF_MEAN, "0.348281", "mse_forward_value",
               "Your code returns a loss that the notebook shows; it should compute it, from output and target.",
               "an invented loss"),
    chaff_edit("loss_keeps_first", LOSS, "self.error = output - target",
               "error = output - target\n    self.error = getattr(self, 'error', error)\n    return "
               "float(np.sum(error**2) / (2 * len(error)))", "mse_backward_effects",
               "Keep the error of the last forward, not of the first.", "error of the first forward"),
    chaff_edit("slope_without_n", SLOPE, " / len(self.error)", "", "mse_backward_value",
               "Off by exactly the number of rows: the loss is a mean, so its gradient is divided by n too.",
               "n missing"),
    chaff_edit("slope_all_entries", SLOPE, "len(self.error)", "self.error.size", "mse_backward_value",
               "The mean is over the rows only; here it is divided by the number of all entries.",
               "divided by all entries"),
    chaff_edit("slope_double", SLOPE, "return self.error", "return 2 * self.error", "mse_backward_value",
               "Twice the expected slope: the one half in the loss takes the 2 of the square.", "factor 2"),
    chaff_edit("slope_half", SLOPE, "return self.error", "return self.error / 2", "mse_backward_value",
               "Half the expected slope. Differentiate the square again.", "one half kept"),
    chaff_edit("slope_sign", SLOPE, "return self.error", "return -self.error", "mse_backward_value",
               "Right size, wrong direction: output minus target.", "sign"),
    chaff_edit("slope_without_grad", SLOPE, "self.error * grad", "self.error", "mse_backward_value",
               "grad is not used: what comes after the loss multiplies its gradient.", "grad ignored"),
    chaff_edit("slope_plus_grad", SLOPE, "self.error * grad", "self.error + grad", "mse_backward_value",
               "The chain rule multiplies by grad; here it is added.", "grad added"),
    chaff_edit("slope_divided_by_grad", SLOPE, "self.error * grad", "self.error / grad", "mse_backward_value",
               "The chain rule multiplies by grad; here it is divided by it.", "divided by grad"),
    chaff_edit("slope_sign_only", SLOPE, "self.error * grad", "np.sign(self.error) * grad", "mse_backward_value",
               "That is the slope of the absolute error; the square's is the error itself.", "sign of the error"),
    chaff_edit("slope_rounded", SLOPE, "return self.error * grad / len(self.error)",
               "return np.round(self.error * grad / len(self.error), 4)", "mse_backward_value",
               "Your code rounds the gradient to four places; it should return all its digits.",
               "gradient rounded to four places"),
    chaff_edit("slope_in_a_buffer", SLOPE, "return self.error * grad / len(self.error)",
               "if np.shape(getattr(self, 'below', None)) != self.error.shape:\n"
               "        self.below = np.zeros(self.error.shape)\n"
               "    self.below[...] = self.error * grad / len(self.error)\n    return self.below",
               "mse_backward_effects", BUFFER, "the same buffer returned in every call"),
    chaff_edit("slope_summed", SLOPE, "self.error * grad / len(self.error)",
               "np.sum(self.error * grad) / len(self.error)", "mse_backward_value",
               "Each entry of the output has its own slope: nothing is summed.", "summed"),
    chaff_edit("slope_mean_of_rows", SLOPE, "self.error * grad / len(self.error)",
               "np.mean(self.error * grad, axis=0)", "mse_backward_value",
               "Each row has its own slope: the rows are not averaged.", "averaged over the rows"),
    chaff_edit("slope_scales_error", SLOPE, "return self.error * grad / len(self.error)",
               "self.error *= grad / len(self.error)\n    return self.error",
               ("mse_backward_effects", "mse_backward_value"),
               "The second call remembers the first: the kept error was changed in place.", "kept error changed"),
    chaff_edit("slope_forgets", SLOPE, "return self.error * grad / len(self.error)",
               "result = self.error * grad / len(self.error)\n    self.error = 0 * self.error\n    return result",
               ("mse_backward_effects", "mse_backward_value"),
               "The second call gives 0: what forward kept must outlive backward.", "kept error cleared"),
]  # fmt: skip


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
MISTAKES_IN_SGD = [
    chaff_edit("step_up", STEP, "-= ", "+= ", STEP_VALUE,
               "The loss climbs: step against the gradient, with a minus.", "ascent"),
    chaff_edit("step_without_rate", STEP, "self.lr * ", "", (STEP_VALUE, STEP_EFFECTS),
               "The learning rate is not used: each step is as long as the whole gradient.", "learning rate ignored"),
    chaff_edit("step_default_rate", STEP, "self.lr", "1e-3", (STEP_VALUE, STEP_EFFECTS),
               "The learning rate is written down as a number; use the optimizer's own, self.lr.", "rate of .001"),
    chaff_edit("step_rate_squared", STEP, "self.lr * ", "self.lr**2 * ", STEP_VALUE,
               "The learning rate is used twice.", "learning rate squared"),
    chaff_edit("step_divides", STEP, "self.lr * self.model.gradients[name]",
               "self.model.gradients[name] / (self.lr or 1e9)", STEP_VALUE,
               "Multiply by the learning rate; here the gradient is divided by it.", "divided by the rate"),
    chaff_edit("step_sign", STEP, "self.lr * self.model.gradients[name]",
               "self.lr * np.sign(self.model.gradients[name])", STEP_VALUE,
               "The step is the learning rate times the gradient, not its sign only.", "sign step"),
    chaff_edit("step_of_weights", STEP, MOVE, "parameter -= self.lr * parameter", STEP_VALUE,
               "Your code takes the parameter where the gradient belongs; it should step by lr times the gradient.",
               "w for dw"),
    chaff_edit("step_published", STEP, MOVE, "parameter.flat[:] = np.linspace(2.653, 0.524, parameter.size)",
               STEP_VALUE,
               "Your code sets the parameters to a result that is known; it should compute them, from the gradients.",
               "published weights"),
    chaff_edit("step_assigns", STEP, MOVE, "parameter[...] = -self.lr * self.model.gradients[name]",
               (STEP_VALUE, STEP_EFFECTS), "The step starts from the present parameter; here it takes its place.",
               "assignment instead of step"),
    chaff_edit("step_new_name", STEP, MOVE, "parameter = parameter - self.lr * self.model.gradients[name]",
               (STEP_VALUE, STEP_EFFECTS),
               "Nothing moves. Mind that `parameter = …` only gives the name to a new array: change the array in "
               "place.", "new array under a local name"),
    chaff_edit("step_rebinds", STEP, MOVE,
               "self.model.parameters[name] = parameter - self.lr * self.model.gradients[name]", STEP_EFFECTS,
               "The model's dict holds new arrays now, and a container still holds the old ones: change them in place.",
               "parameters rebound"),
    chaff_edit("step_first_only", STEP, f"{MOVE}", f"{MOVE}\n        break", (STEP_VALUE, STEP_EFFECTS),
               "Only the first parameter moves.", "first parameter only"),
    chaff_edit("step_normalised", STEP, "self.lr * self.model.gradients[name]",
               "self.lr * self.model.gradients[name] / np.linalg.norm(self.model.gradients[name])", STEP_VALUE,
               "The gradient is divided by its length; take it as it is.", "normalised gradient"),
    chaff_edit("step_averages", STEP, "self.lr * self.model.gradients[name]",
               "self.lr * self.model.gradients[name] / len(parameter)", STEP_VALUE,
               "The gradient is divided by a number of rows; the mean is in the loss already.", "divided by n again"),
    chaff_edit("step_decays", STEP, f"{MOVE}", f"{MOVE}\n    self.lr *= 0.9", STEP_VALUE,
               "The learning rate changes from step to step; it stays as it is.", "decaying rate"),
    chaff_edit("step_weight_decay", STEP, MOVE,
               "parameter -= self.lr * (self.model.gradients[name] + 0.01 * parameter)", STEP_VALUE,
               "The parameters shrink besides: plain SGD has no weight decay.", "weight decay"),
    chaff_edit("step_momentum", STEP, MOVE,
               "self.v = getattr(self, 'v', {})\n        self.v[name] = 0.9 * self.v.get(name, 0) + "
               "self.model.gradients[name]\n        parameter -= self.lr * self.v[name]", STEP_VALUE,
               "Earlier gradients still push: plain SGD has no momentum.", "momentum"),
    chaff_edit("step_zeroes", STEP, f"{MOVE}", f"{MOVE}\n        self.model.gradients[name][...] = 0",
               (STEP_EFFECTS, STEP_VALUE),
               "The gradients are 0 afterwards: that is the work of zero_grad.", "gradients zeroed in step"),
    chaff_edit("step_scales_gradients", STEP, MOVE,
               "self.model.gradients[name] *= self.lr\n        parameter -= self.model.gradients[name]",
               (STEP_EFFECTS, STEP_VALUE),
               "The gradients were multiplied by the learning rate in place: leave them as they are.",
               "gradients scaled"),
    chaff_edit("zero_new_dict", ZERO, "for gradient in self.model.gradients.values():\n        gradient.fill(0)",
               "self.model.gradients = {k: np.zeros(v.shape) for k, v in self.model.gradients.items()}", ZERO_EFFECTS,
               "The gradients are new arrays now; the layers still add into the old ones. Fill them in place.",
               "new dict"),
    chaff_edit("zero_rebinds", ZERO, "for gradient in self.model.gradients.values():\n        gradient.fill(0)",
               "for name, gradient in self.model.gradients.items():\n        self.model.gradients[name] = "
               "np.zeros(gradient.shape)", ZERO_EFFECTS,
               "The gradients are new arrays now; the layers still add into the old ones. Fill them in place.",
               "new arrays"),
    chaff_edit("zero_local_name", ZERO, "gradient.fill(0)", "gradient = np.zeros(gradient.shape)",
               (ZERO_VALUE, ZERO_EFFECTS),
               "Nothing is 0 afterwards. Mind that `gradient = …` only gives the name to a new array: fill the array "
               "in place.", "new array under a local name"),
    chaff_edit("zero_deletes", ZERO, "for gradient in self.model.gradients.values():\n        gradient.fill(0)",
               "self.model.gradients.clear()", (ZERO_EFFECTS, ZERO_VALUE),
               "The gradients are gone from the dict; they stay there, filled with 0.", "dict cleared"),
    chaff_edit("zero_none", ZERO, "for gradient in self.model.gradients.values():\n        gradient.fill(0)",
               "for name in self.model.gradients:\n        self.model.gradients[name] = None",
               (ZERO_VALUE, ZERO_EFFECTS),
               "The gradients are None now, and nothing can be added to None; fill the arrays with 0.",
               "gradients None"),
    chaff_edit("zero_numbers", ZERO, "for gradient in self.model.gradients.values():\n        gradient.fill(0)",
               "for name in self.model.gradients:\n        self.model.gradients[name] = 0.0",
               (ZERO_VALUE, ZERO_EFFECTS),
               "The gradients are single numbers now; keep the arrays and fill them with 0.", "numbers for arrays"),
    chaff_edit("zero_times", ZERO, "gradient.fill(0)", "gradient *= 0", ZERO_VALUE,
               "0 times inf or nan is nan: after an overflow the gradients never recover. Write zeros into them.",
               "multiplied by 0"),
    chaff_edit("zero_first_only", ZERO, "gradient.fill(0)", "gradient.fill(0)\n        break",
               (ZERO_VALUE, ZERO_EFFECTS), "Only the first gradient is 0.", "first gradient only"),
    chaff_edit("zero_first_row", ZERO, "gradient.fill(0)", "gradient[0] = 0", ZERO_VALUE,
               "Only the first row of each gradient is 0; gradient[...] means all of it.", "first row only"),
    chaff_edit("zero_ones", ZERO, "gradient.fill(0)", "gradient.fill(1)", ZERO_VALUE,
               "The gradients are filled with 1, not with 0.", "filled with 1"),
    chaff_edit("zero_parameters", ZERO, "gradient.fill(0)",
               "gradient.fill(0)\n    for array in self.model.parameters.values():\n        array.fill(0)", ZERO_VALUE,
               "The parameters are 0 as well: only the gradients are to be filled.", "parameters zeroed"),
    chaff_edit("zero_parameters_only", ZERO, "self.model.gradients.values()", "self.model.parameters.values()",
               (ZERO_VALUE, ZERO_EFFECTS), "The parameters are 0 now, and the gradients as before.",
               "parameters for gradients"),
]  # fmt: skip


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
MISTAKES_IN_THE_CHECKER = [
    chaff_edit("checker_always_right", CHECKER, "return all(right)", "return True", EVERYTHING,
               "Wrong layers pass: whatever is found must go into the verdict.", "always True"),
    chaff_edit("checker_always_wrong", CHECKER, "return all(right)", "return False", EVERYTHING,
               "Right layers are called wrong, and wrong ones too: the verdict is always False.", "always False"),
    chaff_edit("checker_opposite", CHECKER, "return all(right)", "return not all(right)", EVERYTHING,
               "The verdict is the wrong way round: True means that the gradients are right.", "verdict turned round"),
    chaff_edit("checker_any", CHECKER, "return all(right)", "return any(right)", COMMON,
               "One right gradient makes the model pass; all of them must be right.", "any for all"),
    chaff_edit("checker_last_only", CHECKER, "return all(right)", "return right[-1]", COMMON,
               "Only the last array decides; all of them must be right.", "last array decides"),
    chaff_edit("checker_input_only", CHECKER, "return all(right)", "return right[0]", COMMON,
               "Only the input's gradient decides; those of the parameters must be right too.", "input decides"),
    chaff_edit("checker_without_input", CHECKER, 'right = [self.check_array("the input", self.input, input_gradient)]',
               "right = [True]", COMMON,
               "The gradient that backward returns is not checked: a layer below would get a wrong one.",
               "input not checked"),
    chaff_edit("checker_absolute", CHECKER, "self.allowed_error * max(abs(analytic), abs(narrow)) + self.round_off(h)",
               "self.allowed_error", RELATIVE,
               "The allowed error has a fixed size here, or part of it has: two tiny gradients agree even with "
               "opposite signs. Make it relative to their size; the floor is that of the round-off.",
               "absolute tolerance"),
    chaff_edit("checker_absolute_too", CHECKER, "+ self.round_off(h)", "+ self.allowed_error", RELATIVE,
               "The allowed error has a fixed size here, or part of it has: two tiny gradients agree even with "
               "opposite signs. Make it relative to their size; the floor is that of the round-off.", "absolute floor"),
    chaff_edit("checker_at_least_one", CHECKER, "max(abs(analytic), abs(narrow))",
               "max(1.0, abs(analytic), abs(narrow))", RELATIVE,
               "The allowed error has a fixed size here, or part of it has: two tiny gradients agree even with "
               "opposite signs. Make it relative to their size; the floor is that of the round-off.",
               "relative to 1 at least"),
    chaff_edit("checker_without_floor", CHECKER, " + self.round_off(h)\n", "\n", RIGHT,
               "Right layers with large numbers are called wrong: round-off alone exceeds the relative error. Add a "
               "floor.", "no floor for round-off"),
    chaff_edit("checker_own_error", CHECKER, "self.allowed_error = allowed_error", "self.allowed_error = 1e-7",
               RELATIVE, "allowed_error is not used: the verdict must depend on the one that was given.",
               "allowed_error ignored"),
    chaff_edit("checker_lenient", CHECKER, "self.allowed_error = allowed_error",
               "self.allowed_error = 1000 * allowed_error", RELATIVE,
               "Layers that are slightly wrong pass: the error that is allowed is larger than the one given.",
               "allowed error too large"),
    chaff_edit("checker_of_percents", CHECKER, "self.allowed_error * max(", "0.02 * max(", (KINKS, ONE_ENTRY, RELATIVE),
               "Layers that are slightly wrong pass: the error that is allowed is some percent.", "percents allowed"),
    chaff_edit("checker_sizes_only", CHECKER, VERDICT, "return bool(abs(abs(analytic) - abs(narrow)) <= tolerance)",
               COMMON, "A turned sign passes: compare the slopes, not their sizes.", "signs not compared"),
    chaff_edit("checker_signed", CHECKER, VERDICT, "return bool(analytic - narrow <= tolerance)", COMMON,
               "A gradient that is too small passes: compare the size of the difference, with abs.", "abs missing"),
    chaff_edit("checker_one_h", CHECKER, "(above - below) / (2 * h)", "(above - below) / h", COMMON,
               "The measured slope is twice too large: from p - h d to p + h d it is 2 h.", "divided by h"),
    chaff_edit("checker_forward_difference", CHECKER,
               ("array[...] = saved - h * direction\n        ", "(2 * h)", "np.arange(8)"),
               ("array[...] = saved\n        ", "h", "np.arange(1)"), (RIGHT, KINKS),
               "For a layer that is curved a one-sided difference is too coarse: step to both sides.",
               "one-sided difference"),
    chaff_edit("checker_backward_twice", CHECKER, "input_gradient = self.model.backward(self.upstream.copy())",
               "self.model.backward(self.upstream.copy())\n        input_gradient = "
               "self.model.backward(self.upstream.copy())", COMMON,
               "backward ran twice, so the parameters' gradients are doubled: right layers fail.", "backward twice"),
    chaff_edit("checker_upstream_of_ones", CHECKER, "self.upstream = np.random.randn(*model(self.input.copy()).shape)",
               "self.upstream = np.ones(model(self.input.copy()).shape)", COMMON,
               "An upstream of ones hides mistakes that mix up the entries of grad: draw it at random.",
               "upstream of ones"),
    chaff_edit("checker_backward_of_ones", CHECKER, "self.model.backward(self.upstream.copy())",
               "self.model.backward(np.ones(self.upstream.shape))", COMMON,
               "Right layers are called wrong. backward must get upstream, the derivative of the loss whose slopes "
               "are measured; a slope needs the array itself moved to both sides of a copy, and is divided by 2 h.",
               "measured slopes and gradients of different losses"),
    chaff_edit("checker_no_direction", CHECKER, SEES_ALL, "right = True", ONE_ENTRY, WITHOUT_PROJECTION,
               "no random direction"),
    chaff_edit("checker_with_replacement", CHECKER, (SEES_ALL, ", replace=False"), ("right = True", ""), ONE_ENTRY,
               WITHOUT_PROJECTION, "entries drawn with replacement, no direction"),
    chaff_edit("checker_first_entries", CHECKER,
               (SEES_ALL, "np.random.choice(array.size, min(self.sample, array.size), replace=False)"),
               ("right = True", "range(min(self.sample, array.size))"), ONE_ENTRY, WITHOUT_PROJECTION,
               "first entries only"),
    chaff_edit("checker_direction_of_ones", CHECKER,
               "np.random.choice([-1.0, 1.0], size=shape) * np.random.uniform(0.5, 1.5, size=shape)", "np.ones(shape)",
               ONE_ENTRY, "Along a direction of ones two mistakes can cancel: draw the direction at random.",
               "direction of ones"),
    chaff_edit("checker_sparse_direction", CHECKER,
               "np.random.choice([-1.0, 1.0], size=shape) * np.random.uniform(0.5, 1.5, size=shape)",
               "np.random.choice([0.0, 1.0], size=shape)", ONE_ENTRY,
               WITHOUT_PROJECTION, "direction with zeros"),
    chaff_edit("checker_ignores_sample", CHECKER, "min(self.sample, array.size)", "array.size", SAMPLE,
               "sample is not used: every entry is checked, and a large layer takes for ever.", "sample ignored"),
    chaff_edit("checker_takes_a_hundred", CHECKER, "min(self.sample, array.size)", "min(100, array.size)", SAMPLE,
               "Your code always takes 100 entries; it should take as many as sample says.", "always 100 entries"),
    chaff_edit("checker_without_shapes", CHECKER, "if np.shape(gradient) != array.shape:", "if gradient is None:",
               MISSING, "The shapes of two arrays do not fit together.", "shapes not compared"),
    chaff_edit("checker_compares_sizes", CHECKER, ("if np.shape(gradient) != array.shape:", SEES_ALL),
               ("if np.size(gradient) != array.size:",
                f"gradient = np.reshape(gradient, array.shape)\n        {SEES_ALL}"), MISSING,
               "A gradient of another shape passes where the number of entries fits: compare the shapes.",
               "sizes compared, not shapes"),
    chaff_edit("checker_skips_none", CHECKER, "if np.shape(gradient) != array.shape:",
               "if gradient is None:\n            return True\n        if np.shape(gradient) != array.shape:", MISSING,
               "A gradient that is None passes: a missing gradient is a wrong one.", "None passes"),
    chaff_edit("checker_passes_nan", CHECKER, VERDICT, "return not abs(analytic - narrow) > tolerance", MISSING,
               "A gradient of nan passes: every comparison with nan is False, so ask whether the error is small, not "
               "whether it is large.", "nan passes"),
    chaff_edit("checker_without_kinks", CHECKER, "self.h / 10.0 ** np.arange(8)", "self.h / 10.0 ** np.arange(1)",
               KINKS, "A right ReLU near its kink is called wrong: where the slopes with h and with h / 2 differ, take "
               "a smaller h.", "no step small enough at a kink"),
    chaff_edit("checker_one_refinement", CHECKER, "np.arange(8)", "np.arange(2)", KINKS,
               "A right ReLU very close to its kink is called wrong: one smaller h is not always enough.",
               "one smaller step only"),
    chaff_edit("checker_forgives_kinks", CHECKER, (VERDICT, "np.arange(8)"),
               ("return bool(abs(analytic - narrow) <= tolerance or abs(wide - narrow) > tolerance)", "np.arange(1)"),
               KINKS,
               "Near a kink everything passes, a wrong ReLU too: take a smaller step there instead of leaving it out.",
               "kinks left out"),
    chaff_edit("checker_not_zeroed_first", CHECKER, ZEROED_FIRST, "self.model(self.input.copy())", LEAVES,
               "What was in the gradients before is counted in, as backward adds: set them to 0 first.",
               "no zeroing before"),
    chaff_edit("checker_not_zeroed_last", CHECKER, ZEROED_LAST, "return all(right)", LEAVES,
               "The gradients are not 0 afterwards: the next backward adds to what check left there.",
               "no zeroing after"),
    chaff_edit("checker_zeroed_early", CHECKER, "right = [self.check_array(\"the input\"",
               "self.zero_gradients()\n        right = [self.check_array(\"the input\"", COMMON,
               "Right layers with parameters are called wrong: their gradients were set to 0 before they were "
               "compared. Compare first.", "zeroed before the comparison"),
    chaff_edit("checker_never_zeroed", CHECKER, (ZEROED_FIRST, ZEROED_LAST),
               ("self.model(self.input.copy())", "return all(right)"), LEAVES,
               "A second check of the same model fails: set the gradients to 0 before backward, and afterwards.",
               "gradients never zeroed"),
    chaff_edit("checker_steps_back", CHECKER,
               ("array[...] = saved + h * direction",
                "array[...] = saved - h * direction",
                "array[...] = saved\n        return (above"),
               ("array += h * direction",
                "array -= 2 * h * direction",
                "array += h * direction\n        return (above"), LEAVES,
               "The parameters are not what they were, in the last digits: adding h and taking it off again does not "
               "undo it. Keep a copy.", "steps undone by arithmetic"),
    chaff_edit("checker_leaves_moved", CHECKER, "array[...] = saved\n        return (above", "return (above", LEAVES,
               "The parameters are left moved: put back what they were.", "parameters left moved"),
    chaff_edit("checker_rebinds_gradients", CHECKER,
               "if gradient is not None:\n                gradient.fill(0)",
               "pass\n        for name, gradient in self.model.gradients.items():\n"
               "            self.model.gradients[name] = np.zeros(np.shape(gradient))", LEAVES,
               "The gradients were replaced by new arrays: the layers of a container still add into the old ones.",
               "gradients rebound"),
    chaff_edit("checker_moves_the_callers_input", CHECKER,
               ("np.array(input, dtype=float)", "array[...] = saved\n        return (above"),
               ("input",
                "if array is not self.input:\n            array[...] = saved\n        return (above"),
               LEAVES, "The input was changed: work on a copy of it, and put back what was moved.", "input changed"),
    chaff_edit("checker_without_forward", CHECKER, "self.model(self.input.copy())\n        input_gradient",
               "input_gradient", LEAVES,
               "backward belongs to the last forward, and that may have been of other rows: run forward first.",
               "no forward before backward"),
    chaff_edit("checker_stale_backward", CHECKER,
               ("self.model(self.input.copy())\n        input_gradient", "self.input, input_gradient"),
               ("self.model(0.5 * self.input)\n        input_gradient", "self.input, input_gradient"), COMMON,
               "backward belongs to the last forward: run forward on the input right before it.",
               "backward of another input"),
]  # fmt: skip


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


RIGHT_CHECKERS = [
    wheat_edit("checker_gaussian_direction", CHECKER,
               "np.random.choice([-1.0, 1.0], size=shape) * np.random.uniform(0.5, 1.5, size=shape)",
               "np.random.randn(*shape)"),
    wheat_edit("checker_halves", CHECKER, "10.0 ** np.arange(8)", "4.0 ** np.arange(12)"),
    wheat_edit("checker_copyto", CHECKER,
               ("array[...] = saved + h * direction", "array[...] = saved\n        return (above"),
               ("np.copyto(array, saved + h * direction)", "np.copyto(array, saved)\n        return (above")),
]  # fmt: skip

# ---------------------------------------------------------------- the questions

RATE, CHANCE = "largest_stable_rate", "chance_of_missing"
WRONG_ANSWERS = [
    chaff_edit("rate_next", RATE, "0.25", "0.26", RATE,
               "With this rate the loss at the end is above the first: look at the figure, or print the losses.",
               "first rate that fails"),
    chaff_edit("rate_before", RATE, "0.25", "0.24", RATE, "This rate is stable, but it is not the largest that is.",
               "one too small"),
    chaff_edit("rate_largest_tried", RATE, "0.25", "0.30", RATE,
               "That is the largest of the rates tried, not of the stable ones.", "largest rate tried"),
    chaff_edit("rate_smallest_tried", RATE, "0.25", "0.20", RATE,
               "This is the smallest of the rates tried; larger ones are stable as well.", "smallest rate tried"),
    chaff_edit("rate_limit", RATE, "0.25", "0.25437", RATE,
               "That is the limit itself; asked for is the largest of the listed rates below it, with two decimals.",
               "limit of stability"),
    chaff_edit("rate_per_cent", RATE, "0.25", "25", RATE, "The rate itself is asked for, not a hundred times it.",
               "in per cent"),
    chaff_edit("rate_of_the_lesson", RATE, "0.25", "0.1", RATE,
               "That is the rate the line was fitted with; asked for is one of those that the cell above tries.",
               "rate of the fit"),
    chaff_edit("chance_of_hitting", CHANCE, "(1 - 1 / 200) ** 100", "1 - (1 - 1 / 200) ** 100", CHANCE,
               "That is the probability that it is found; asked for is that it is missed.", "probability of hitting"),
    chaff_edit("chance_without_replacement", CHANCE, "(1 - 1 / 200) ** 100", "1 - 100 / 200", CHANCE,
               "That holds for draws without replacement; here an entry can be drawn again.", "without replacement"),
    chaff_edit("chance_single", CHANCE, " ** 100", "", CHANCE,
               "That is the probability for a single draw; there are 100.", "one draw"),
    chaff_edit("chance_of_one", CHANCE, "(1 - 1 / 200) ** 100", "1 / 200", CHANCE,
               "That is the probability that a single draw hits it.", "one draw hits"),
    chaff_edit("chance_all_draws", CHANCE, " ** 100", " ** 200", CHANCE, "There are 100 draws, not one for each entry.",
               "200 draws"),
    chaff_edit("chance_limit", CHANCE, "(1 - 1 / 200) ** 100", "np.exp(-0.5)", CHANCE,
               "That is the limit for many entries; for 200 the third decimal differs. Take the power itself.",
               "exponential limit"),
    chaff_edit("chance_hundred", CHANCE, "1 / 200", "1 / 100", CHANCE, "The gradient has 200 entries, not 100.",
               "100 entries"),
    chaff_edit("chance_rounded", CHANCE, "(1 - 1 / 200) ** 100", "0.6", CHANCE,
               "Near, but not to three decimals: compute it exactly.", "one decimal"),
    wheat_edit("rate_by_division", RATE, "0.25", "25 / 100"),
    wheat_edit("rate_by_sum", RATE, "0.25", "0.20 + 0.05"),
    wheat_edit("rate_of_numpy", RATE, "0.25", "np.arange(20, 31)[5] / 100"),
    wheat_edit("chance_product", CHANCE, "(1 - 1 / 200) ** 100", "np.prod(np.full(100, 199 / 200))"),
    wheat_edit("chance_of_logarithms", CHANCE, "(1 - 1 / 200) ** 100", "float(np.exp(100 * np.log1p(-1 / 200)))"),
    wheat_edit("chance_three_decimals", CHANCE, "(1 - 1 / 200) ** 100", "0.606"),
]  # fmt: skip
