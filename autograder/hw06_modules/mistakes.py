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


@chaff_edit(START, "linear_start", DEVIATION, "np.sqrt(2 / in_features)", concept="random")
def start_he():
    """deviation of He

    Your deviation is that of He; it should be that of Glorot, with the sum of inputs and outputs. See "Linear".
    """


@chaff_edit(START, "linear_start", DEVIATION, "2 / (in_features + out_features)", concept="random")
def start_without_root():
    """variance for deviation

    Your code scales by the variance; it should scale by its root, the deviation. See "Linear".
    """


@chaff_edit(START, "linear_start", DEVIATION, "np.sqrt(1 / (in_features + out_features))", concept="factor")
def start_one():
    """1 for 2 under the root

    Your weights are too small by the root of 2; they should have the 2 under the root. See "Linear".
    """


@chaff_edit(START, "linear_start", " * deviation", "", concept="random")
def start_unscaled():
    """weights not scaled

    Your weights are unit normal; they should be multiplied by the deviation. See "Linear".
    """


@chaff_edit(
    START,
    "linear_start",
    "np.random.randn(in_features, out_features) * deviation",
    "np.zeros((in_features, out_features))",
    concept="random",
)
def start_zero():
    """weights all 0

    Your weights are all 0; they should be drawn at random. See "Linear".
    """


@chaff_edit(
    START,
    "linear_start",
    "np.random.randn(in_features, out_features)",
    "np.random.randn(out_features, in_features)",
    concept="places",
)
def start_transposed():
    """W transposed

    Your W has rows and columns exchanged; it should have one row for each input and one column for each output.
    """


@chaff_edit(
    START,
    "linear_start",
    'self.parameters["b"] = np.zeros(out_features)',
    'self.parameters["b"] = np.random.randn(out_features)',
    concept="random",
)
def start_random_bias():
    """random bias

    Your b is drawn at random; it should start at 0: only W is drawn. See "Linear".
    """


@chaff_edit(
    START,
    "linear_start",
    'self.parameters["b"] = np.zeros(out_features)',
    'self.parameters["b"] = np.ones(out_features)',
    concept="random",
)
def start_bias_of_ones():
    """bias of ones

    Your b starts at 1; it should start at 0. See "Linear".
    """


@chaff_edit(START, "linear_start", 'self.gradients["W"] = np.zeros(', 'self.gradients["W"] = np.ones(', concept="state")
def start_gradient_of_ones():
    """gradients start at 1

    Your gradients start at 1; they should start at 0, as backward adds to them.
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


@chaff_edit(FORWARD, "linear_forward_value", PRODUCT, 'x @ self.parameters["W"]', concept="definition")
def forward_without_bias():
    """bias left out

    Your code leaves b out; it should add it to every row. See "Linear".
    """


@chaff_edit(FORWARD, "linear_forward_value", PRODUCT, 'x @ self.parameters["W"] - self.parameters["b"]', concept="sign")
def forward_minus_bias():
    """bias subtracted

    Your code subtracts b; it should add it. See "Linear".
    """


@chaff_edit(
    FORWARD, "linear_forward_value", PRODUCT, 'x @ self.parameters["W"] + 2 * self.parameters["b"]', concept="factor"
)
def forward_double_bias():
    """bias twice

    Your code adds b twice; it should add it once. See "Linear".
    """


@chaff_edit(
    FORWARD, "linear_forward_value", PRODUCT, 'x @ (self.parameters["W"] + self.parameters["b"])', concept="order"
)
def forward_bias_inside():
    """bias added to the weights

    Your code adds b to W; it should add it to the product. See "Linear".
    """


@chaff_edit(
    FORWARD, "linear_forward_value", PRODUCT, 'x @ self.parameters["W"] * self.parameters["b"]', concept="definition"
)
def forward_bias_times():
    """bias multiplied

    Your code multiplies by b; it should add it to the product. See "Linear".
    """


@chaff_edit(FORWARD, "linear_forward_value", PRODUCT, f"np.maximum({PRODUCT}, 0)", concept="definition")
def forward_relu():
    """an added ReLU

    Your layer has a ReLU; it should be linear: the ReLU is a model of its own.
    """


@chaff_edit(
    FORWARD, "linear_forward_value", PRODUCT, f"{PRODUCT} - (x @ self.parameters['W']).mean(axis=0)", concept="mean"
)
def forward_mean_of_rows():
    """mean of the rows taken off

    Your code takes the mean of the rows off; each row of h should come from its own row of x alone.
    """


@chaff_edit(
    FORWARD, "linear_forward_value", PRODUCT, 'x @ self.parameters["W"] + self.parameters["b"].mean()', concept="mean"
)
def forward_mean_of_bias():
    """one number for the bias

    Your code adds one number to all columns; it should add each column's own entry of b.
    """


@chaff_edit(
    FORWARD, "linear_forward_value", PRODUCT, 'x @ self.parameters["W"] / len(x) + self.parameters["b"]', concept="mean"
)
def forward_scaled():
    """divided by the number of rows

    Your code divides by the number of rows; it should divide by nothing: the rows are not averaged.
    """


@chaff_edit(
    FORWARD,
    ("linear_forward_effects", "linear_forward_value"),
    f"return {PRODUCT}",
    'self.parameters["b"] += (x @ self.parameters["W"])[0]\n    return x @ self.parameters["W"] + self.parameters["b"]',
    concept="alias",
)
def forward_writes_bias():
    """forward writes into b

    Your forward changes a parameter; it should only use them.
    """


@chaff_edit(
    FORWARD,
    "linear_forward_effects",
    ("self.x = x", f"return {PRODUCT}"),
    ("self.x = x.copy()", f"y = {PRODUCT}\n    x += 1\n    return y"),
    concept="alias",
)
def forward_writes_x():
    """forward writes into x

    Your forward changes x, which belongs to the caller; it should leave it as it is.
    """


@chaff_edit(
    FORWARD,
    "linear_forward_effects",
    f"return {PRODUCT}",
    'self.gradients["W"] += 1\n    return ' + PRODUCT,
    concept="alias",
)
def forward_counts():
    """forward writes into the gradients

    Your forward changes the gradients; it should leave them: only backward adds to them.
    """


@chaff(FORWARD, "linear_forward_value", concept="shapes")
def forward_bias_by_rows_of_a_square(self, x):
    """b added by rows in a square batch

    Your code adds b by rows where there are as many rows as outputs; it should always add one number of b to each
    column.
    """
    self.x = x
    y = x @ self.parameters["W"]
    return y + (self.parameters["b"][:, None] if y.shape[0] == y.shape[1] else self.parameters["b"])


@chaff(FORWARD, "linear_forward_value", concept="places")
def forward_reshapes_W(self, x):
    """W transposed and reshaped

    Your code reshapes W, which puts its numbers in wrong places; it should use W as it is.
    """
    self.x = x
    W = self.parameters["W"]
    return x @ W.T.reshape(W.shape) + self.parameters["b"]


@chaff("Linear.backward", "linear_backward_adds", concept="state")
def backward_sets_only_b(self, grad):
    """= for += in the gradient of b

    Your gradient of b is set anew in each call; it should be added to, as gradients from two paths add.
    """
    self.gradients["W"] += self.x.T @ grad
    self.gradients["b"][...] = grad.sum(axis=0)
    return grad @ self.parameters["W"].T


@chaff("Linear.backward", "linear_backward_adds", concept="state")
def backward_sets_only_W(self, grad):
    """= for += in the gradient of W

    Your gradient of W is set anew in each call; it should be added to, as gradients from two paths add.
    """
    self.gradients["W"][...] = self.x.T @ grad
    self.gradients["b"] += grad.sum(axis=0)
    return grad @ self.parameters["W"].T


@chaff("Linear.backward", "linear_backward_adds", concept="state")
def backward_adds_once(self, grad):
    """nothing added in a second call

    Your second call adds nothing; each call should add the same amount again.
    """
    if self.x is not None:
        self.gradients["W"] += self.x.T @ grad
        self.gradients["b"] += grad.sum(axis=0)
        self.x = None
    return grad @ self.parameters["W"].T


@chaff(FORWARD, "linear_forward_effects", concept="state")
def forward_remembers_weights(self, x):
    """parameters of the first call are used for ever

    Your forward uses a copy of the first parameters; it should use them as they are now.
    """
    if not hasattr(self, "known"):
        self.known = {name: array.copy() for name, array in self.parameters.items()}
    self.x = x
    return x @ self.known["W"] + self.known["b"]


@chaff(FORWARD, ("linear_forward_effects", "linear_forward_value"), concept="state")
def forward_accumulates(self, x):
    """results of earlier calls are added

    Your call adds the last result; it should start afresh each time.
    """
    self.x = x
    total = getattr(self, "total", 0)
    y = x @ self.parameters["W"] + self.parameters["b"]
    self.total = total + y.sum()
    return y + total


@chaff(FORWARD, "linear_backward_last", concept="state")
def forward_keeps_first_x(self, x):
    """the x of the first forward is kept

    Your forward keeps the x of the first call; it should keep that of the last, whether or not there was one before.
    """
    if not hasattr(self, "x"):
        self.x = x
    return x @ self.parameters["W"] + self.parameters["b"]


@chaff(FORWARD, "linear_backward_last", concept="state")
def forward_shares_x(self, x):
    """x kept on the class

    Your layers share x, in an attribute of the class; each should keep its own, in self.
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


@chaff_edit(
    BACKWARD, ("linear_backward_square", "linear_backward_value"), ADD_W, "+= grad.T @ self.x", concept="places"
)
def backward_x_transposed():
    """gradient of W transposed

    Your gradient of W has its numbers in wrong places; it should have rows for inputs, columns for outputs: a reshape
    is no transpose.
    """


@chaff_edit(
    BACKWARD,
    ("linear_backward_square", "linear_backward_value"),
    BELOW,
    'grad @ self.parameters["W"]',
    concept="places",
)
def backward_W_untransposed():
    """W not transposed

    Your code goes down through W; it should go through W transposed: the sum is over the columns of h.
    """


@chaff_edit(
    BACKWARD,
    "linear_backward_value",
    ADD_W,
    "+= (grad.T @ self.x).reshape(self.gradients['W'].shape)",
    concept="places",
)
def backward_reshaped():
    """reshape for transpose

    Your gradient of W has its numbers in wrong places; it should have rows for inputs, columns for outputs: a reshape
    is no transpose.
    """


@chaff_edit(BACKWARD, "linear_backward_value", ADD_W, "+= self.x.T @ grad / len(grad)", concept="mean")
def backward_W_mean():
    """gradient of W averaged

    Your gradient of W is divided by the number of rows; it should be a sum, as the mean of the loss is in grad already.
    """


@chaff_edit(BACKWARD, "linear_backward_value", ADD_B, "+= grad.mean(axis=0)", concept="mean")
def backward_b_mean():
    """gradient of b averaged

    Your gradient of b is divided by the number of rows; it should be a sum: every row pulls on the same b, and pulls
    add.
    """


@chaff_edit(
    BACKWARD,
    "linear_backward_value",
    (ADD_W, ADD_B),
    ("+= self.x.T @ grad / len(grad)", "+= grad.mean(axis=0)"),
    concept="mean",
)
def backward_both_mean():
    """both gradients averaged

    Your two gradients are divided by the number of rows; they should be sums, as the mean of the loss is in grad
    already.
    """


@chaff_edit(BACKWARD, "linear_backward_value", ADD_B, "+= grad[0]", concept="shapes")
def backward_b_first_row():
    """gradient of b from one row

    Your gradient of b uses the first row only; it should add up all rows, as each pulls on b.
    """


@chaff_edit(BACKWARD, "linear_backward_value", ADD_B, "+= grad.sum()", concept="shapes")
def backward_b_total():
    """gradient of b summed over all

    Your gradient of b is summed over everything; it should be summed over the rows only, as each column has its own b.
    """


@chaff_edit(
    BACKWARD,
    "linear_backward_value",
    f'self.gradients["b"] {ADD_B}',
    'self.gradients["b"] = self.gradients["b"] + grad',
    concept="shapes",
)
def backward_b_per_row():
    """gradient of b not summed

    Your code gives one gradient of b for each row; it should sum over the rows, which all pull on the same b.
    """


@chaff_edit(BACKWARD, "linear_backward_value", ADD_B, "+= len(grad)", concept="chain rule")
def backward_b_ones():
    """grad missing in b

    Your gradient of b lacks grad; it should be grad summed over the rows: dh/db is 1, and dL/db is grad times it.
    """


@chaff_edit(BACKWARD, "linear_backward_value", f'self.gradients["b"] {ADD_B}', "pass", concept="chain rule")
def backward_b_forgotten():
    """no gradient of b

    Your gradient of b is still 0; it should be added to as well. See "Linear".
    """


@chaff_edit(BACKWARD, "linear_backward_value", f'self.gradients["W"] {ADD_W}', "pass", concept="chain rule")
def backward_W_forgotten():
    """no gradient of W

    Your gradient of W is still 0; it should be added to as well. See "Linear".
    """


@chaff_edit(
    BACKWARD, "linear_backward_value", ("+= self.x", "+= grad.sum"), ("-= self.x", "-= grad.sum"), concept="sign"
)
def backward_sign():
    """gradients subtracted

    Your backward subtracts the gradient; it should add it: the minus belongs to the optimizer.
    """


@chaff_edit(BACKWARD, "linear_backward_value", ADD_W, "+= 2 * self.x.T @ grad", concept="factor")
def backward_doubled():
    """gradient of W doubled

    Your gradient of W has a factor 2; it should have none, as a layer has no square to differentiate.
    """


@chaff_edit(BACKWARD, "linear_backward_value", ADD_W, "+= self.x.T @ np.ones(grad.shape)", concept="chain rule")
def backward_without_grad():
    """grad missing in W

    Your gradient of W lacks grad, as if the sum of all outputs were the loss; it should have grad as a factor. See
    "Linear".
    """


@chaff_edit(
    BACKWARD, "linear_backward_value", BELOW, 'np.ones(grad.shape) @ self.parameters["W"].T', concept="chain rule"
)
def backward_hands_on_ones():
    """grad missing in the result

    Your backward returns dh/dx alone; it should multiply by grad, as the chain goes on. See "Linear".
    """


@chaff_edit(BACKWARD, ("linear_backward_value", "linear_backward_effects"), f"return {BELOW}", BELOW, concept="python")
def backward_returns_nothing():
    """no return

    Your backward returns nothing; it should return dL/dx, which the model below needs.
    """


@chaff_edit(BACKWARD, "linear_backward_value", f"return {BELOW}", 'return self.gradients["W"]', concept="python")
def backward_returns_gradient():
    """gradient of W returned

    Your backward returns the gradient of W; it should return that of the input, for the model below.
    """


@chaff_edit(BACKWARD, "linear_backward_value", f"return {BELOW}", f"return -{BELOW}", concept="sign")
def backward_returns_minus():
    """sign of the result

    Your backward returns the opposite sign; it should return dL/dx without a minus.
    """


@chaff_edit(BACKWARD, "linear_backward_value", f"return {BELOW}", f"return {BELOW} / len(grad)", concept="mean")
def backward_averaged_below():
    """result averaged

    Your backward divides what it returns by the number of rows; it should not, as each row has its own.
    """


@chaff_edit(BACKWARD, "linear_backward_value", f"return {BELOW}", f"return {BELOW} * self.x", concept="chain rule")
def backward_uses_x_below():
    """x in the result

    Your backward multiplies what it returns by x; it should leave x out: dL/dx of a linear layer does not depend on it.
    """


@chaff_edit(BACKWARD, ADDS, (ADD_W, ADD_B), ("= self.x.T @ grad", "= grad.sum(axis=0)"), concept="state")
def backward_overwrites():
    """= for +=

    Your code puts a new array in the dict, as `=` does; it should add with `+=`, in the array that is there: paths add.
    """


@chaff_edit(
    BACKWARD,
    ADDS,
    ('self.gradients["W"] += ', 'self.gradients["b"] += '),
    ('self.gradients["W"][...] = ', 'self.gradients["b"][...] = '),
    concept="state",
)
def backward_overwrites_in_place():
    """overwrites in place

    Your second call overwrites the gradient; it should add to it, as gradients of two paths add.
    """


@chaff_edit(BACKWARD, ADDS, ADD_B, "= grad.sum(axis=0)", concept="state")
def backward_overwrites_b():
    """= for += in b

    Your code replaces the gradient of b by a new array; it should add to it with `+=`, as for W.
    """


@chaff_edit(BACKWARD, ADDS, ADD_W, "= self.x.T @ grad", concept="state")
def backward_overwrites_W():
    """= for += in W

    Your code replaces the gradient of W by a new array; it should add to it with `+=`, as for b.
    """


@chaff_edit(
    BACKWARD,
    ADDS,
    (ADD_W, ADD_B),
    ('= self.gradients["W"] + self.x.T @ grad', '= self.gradients["b"] + grad.sum(axis=0)'),
    concept="alias",
)
def backward_rebinds():
    """sum bound to a new array

    Your code adds into new arrays, while a container or optimizer holds the old ones; it should add in place.
    """


@chaff_edit(
    BACKWARD,
    "linear_backward_effects",
    f"return {BELOW}",
    f'below = {BELOW}\n    self.parameters["W"] -= 0.1 * self.gradients["W"]\n    return below',
    concept="order",
)
def backward_updates():
    """backward moves the weights

    Your backward moves W, so that the model below sees new weights; it should leave that to the optimizer.
    """


@chaff_edit(
    BACKWARD,
    ("linear_backward_value", "linear_backward_effects"),
    f"return {BELOW}",
    f'self.parameters["W"] -= 0.1 * self.gradients["W"]\n    return {BELOW}',
    concept="order",
)
def backward_updates_first():
    """weights moved before passing down

    Your backward moves W, so that the model below sees new weights; it should leave that to the optimizer.
    """


@chaff_edit(
    BACKWARD,
    "linear_backward_effects",
    f"return {BELOW}",
    f"below = {BELOW}\n    grad /= 2\n    return below",
    concept="alias",
)
def backward_scales_grad():
    """grad changed in place

    Your code changes grad in place, which belongs to the caller; it should make a new array.
    """


@chaff_edit(
    BACKWARD,
    ("linear_backward_effects", "linear_backward_adds"),
    f"return {BELOW}",
    f"self.x *= 2\n    return {BELOW}",
    concept="alias",
)
def backward_scales_x():
    """x changed in place

    Your code changes the kept x in place, which is the caller's array; it should leave it as it is.
    """


@chaff_edit(
    BACKWARD,
    "linear_backward_value",
    (ADD_W, ADD_B, f"return {BELOW}"),
    ("+= np.round(self.x.T @ grad, 4)", "+= np.round(grad.sum(axis=0), 4)", f"return np.round({BELOW}, 4)"),
    concept="precision",
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
    concept="alias",
)
def backward_in_a_buffer():
    """the same buffer returned in every call"""


@chaff_edit(
    BACKWARD, "linear_backward_adds", f"return {BELOW}", f"self.x = 0 * self.x\n    return {BELOW}", concept="state"
)
def backward_forgets_x():
    """kept x cleared

    Your backward clears the x that forward kept; it should leave it, so that a second call gives the same.
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


@chaff_edit("ReLU.forward", "relu_forward_value", "np.maximum(x, 0)", "np.minimum(x, 0)", concept="definition")
def relu_minimum():
    """minimum for maximum

    Your code keeps the negative entries; it should keep the positive ones. See "ReLU".
    """


@chaff_edit(
    "ReLU.forward",
    "relu_forward_value",
    "np.maximum(x, 0)",
    "np.vectorize(lambda v: v if v > 0 else 0)(x)",
    concept="precision",
)
def relu_vectorized():
    """np.vectorize cuts to whole numbers

    Your code uses np.vectorize, where a first result of 0 makes all of them whole numbers; it should give floats in
    each case, as with 0.0.
    """


@chaff_edit("ReLU.forward", "relu_forward_value", "np.maximum(x, 0)", "np.abs(x)", concept="definition")
def relu_absolute():
    """absolute value

    Your code turns negative entries positive; it should make them 0. See "ReLU".
    """


@chaff_edit("ReLU.forward", "relu_forward_value", "np.maximum(x, 0)", "(x > 0) * 1.0", concept="mask")
def relu_step():
    """step function

    Your code makes positive entries 1; it should let them pass as they are. See "ReLU".
    """


@chaff_edit("ReLU.forward", "relu_forward_value", "np.maximum(x, 0)", "np.maximum(x, 0.01 * x)", concept="definition")
def relu_leaky():
    """leaky ReLU

    Your code lets a part of negative entries through; it should make them exactly 0. See "ReLU".
    """


@chaff_edit("ReLU.forward", "relu_forward_value", "np.maximum(x, 0)", "x.copy()", concept="definition")
def relu_identity():
    """identity

    Your code returns x unchanged; it should make negative entries 0. See "ReLU".
    """


@chaff_edit("ReLU.forward", "relu_forward_value", "np.maximum(x, 0)", "np.maximum(x, 1)", concept="definition")
def relu_threshold():
    """maximum with 1

    Your code compares with 1; it should compare with 0. See "ReLU".
    """


@chaff_edit("ReLU.forward", "relu_forward_value", "np.maximum(x, 0)", "np.clip(x, 0, 1)", concept="definition")
def relu_capped():
    """capped at 1

    Your code cuts large entries off; it should let them pass, as the ReLU has no upper limit.
    """


@chaff_edit(
    "ReLU.forward", ("relu_forward_value", "relu_forward_effects"), "np.maximum(x, 0)", "np.max(x, 0)", concept="shapes"
)
def relu_largest():
    """max for maximum

    Your code uses np.max, the largest entry along an axis; it should use np.maximum, which compares entry by entry.
    """


@chaff_edit(
    "ReLU.forward", ("relu_forward_value", "relu_forward_effects"), "np.maximum(x, 0)", "x[x > 0]", concept="shapes"
)
def relu_keeps_positives():
    """negative entries dropped

    Your code returns the positive entries only; it should return the shape of x, with 0 in the other places.
    """


@chaff_edit(
    "ReLU.forward", "relu_forward_effects", "return np.maximum(x, 0)", "x[x < 0] = 0\n    return x", concept="alias"
)
def relu_in_place():
    """x changed in place

    Your code changes x in place, which belongs to the caller; it should make a new array.
    """


@chaff_edit("ReLU.forward", "relu_forward_effects", "np.maximum(x, 0)", "np.maximum(x, 0, out=x)", concept="alias")
def relu_in_place_out():
    """x changed by out=

    Your code changes x in place, which belongs to the caller; it should make a new array.
    """


@chaff_edit(
    "ReLU.forward",
    "relu_backward_effects",
    "self.positive = x > 0",
    "if not hasattr(self, 'positive'):\n        self.positive = x > 0",
    concept="state",
)
def relu_mask_kept_once():
    """mask of earlier forwards

    Your code keeps what an earlier forward saw; it should keep what the last one saw.
    """


@chaff_edit("ReLU.forward", "relu_backward_effects", "self.positive =", "ReLU.positive =", concept="state")
def relu_mask_on_class():
    """mask on the class

    Your ReLUs share one mask, in an attribute of the class; each should keep its own, in self.
    """


@chaff_edit("ReLU.backward", "relu_backward_value", "grad * self.positive", "grad.copy()", concept="mask")
def mask_missing():
    """no mask, or one of ones only

    Your backward returns grad unchanged; it should let nothing pass where x was negative. See "ReLU".
    """


@chaff_edit("ReLU.backward", "relu_backward_value", "grad * self.positive", "np.maximum(grad, 0)", concept="mask")
def mask_of_grad():
    """mask from grad

    Your code lets the sign of grad decide; it should let the sign of x decide. See "ReLU".
    """


@chaff_edit(
    "ReLU.backward",
    "relu_backward_value",
    "grad * self.positive",
    "np.maximum(grad, 0) * self.positive",
    concept="mask",
)
def mask_of_both():
    """negative grad cut off

    Your code cuts off negative grad; it should let it pass where x was positive. See "ReLU".
    """


@chaff_edit(
    "ReLU.backward", "relu_backward_value", "grad * self.positive", "grad * self.positive.any(axis=0)", concept="mask"
)
def mask_of_units():
    """mask for whole units, on in any row

    Your code masks only columns that are negative in all rows; it should mask entry by entry, each row by itself.
    """


@chaff_edit(
    "ReLU.backward", "relu_backward_value", "grad * self.positive", "grad * self.positive.all(axis=0)", concept="mask"
)
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
    concept="alias",
)
def mask_in_a_buffer():
    """the same buffer returned in every call"""


@chaff_edit("ReLU.backward", "relu_backward_value", "grad * self.positive", "self.positive * 1.0", concept="chain rule")
def mask_only():
    """grad missing

    Your backward returns the slope of the ReLU alone; it should multiply it by grad, as the chain goes on. See "ReLU".
    """


@chaff_edit("ReLU.backward", "relu_backward_value", "self.positive", "~self.positive", concept="mask")
def mask_inverted():
    """mask inverted

    Your mask is the wrong way round; it should let grad pass where x is positive. See "ReLU".
    """


@chaff_edit("ReLU.backward", "relu_backward_value", "self.positive", "np.where(self.positive, 1, 0.01)", concept="mask")
def mask_leaky():
    """leaky slope

    Your mask lets a part of grad pass where x was negative; it should be exactly 0 there. See "ReLU".
    """


@chaff_edit("ReLU.backward", "relu_backward_value", "self.positive", "np.where(self.positive, 1, 0.5)", concept="mask")
def mask_half():
    """half a slope

    Your slope is one half where x was negative; it should be 0 there. See "ReLU".
    """


@chaff_edit("ReLU.backward", "relu_backward_value", "self.positive", "np.where(self.positive, 1, -1)", concept="mask")
def mask_sign():
    """slope of |x|

    Your slope is minus 1 where x was negative, as for the absolute value; it should be 0 there. See "ReLU".
    """


@chaff_edit(
    "ReLU.backward",
    "relu_backward_value",
    "grad * self.positive",
    "(grad * self.positive).sum(axis=0)",
    concept="shapes",
)
def mask_total():
    """summed over rows

    Your code sums over the rows; it should give each entry of x its own gradient.
    """


@chaff_edit(
    "ReLU.backward", "relu_backward_value", "grad * self.positive", "grad * self.positive / len(grad)", concept="mean"
)
def mask_mean():
    """divided by the number of rows

    Your code divides by the number of rows; it should not: a mean is part of the loss, not of a layer.
    """


@chaff_edit(
    "ReLU.backward",
    "relu_backward_effects",
    "return grad * self.positive",
    "grad[~self.positive] = 0\n    return grad",
    concept="alias",
)
def mask_in_place():
    """grad changed in place

    Your code changes grad in place, which belongs to the caller; it should make a new array.
    """


@chaff_edit(
    "ReLU.backward",
    "relu_backward_effects",
    "return grad * self.positive",
    "result = grad * self.positive\n    self.positive = np.zeros_like(self.positive)\n    return result",
    concept="state",
)
def mask_used_up():
    """mask cleared

    Your backward clears the mask that forward kept; it should leave it, so that a second call gives the same.
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
    concept="loops",
)
def stack_same_names():
    """names not unique

    Your dict gives two models' arrays one name, so that the second replaces the first; it should make the names unique.
    """


@chaff_edit(
    STACK,
    DICTS,
    ('self.parameters[f"{position}.{name}"]', 'self.gradients[f"{position}.{name}"]'),
    ('self.parameters[f"{type(model).__name__}.{name}"]', 'self.gradients[f"{type(model).__name__}.{name}"]'),
    concept="loops",
)
def stack_named_by_type():
    """names by the models' types

    Your dict gives two models' arrays one name, so that the second replaces the first; it should make the names unique.
    """


@chaff_edit(
    STACK,
    SHARES,
    (TAKE_PARAMETER, TAKE_GRADIENT),
    (TAKE_PARAMETER + ".copy()", TAKE_GRADIENT + ".copy()"),
    concept="alias",
)
def stack_copies():
    """copies

    Your dicts hold copies, so that what an optimizer changes there never reaches the models; they should hold the same
    arrays.
    """


@chaff_edit(STACK, SHARES, TAKE_GRADIENT, TAKE_GRADIENT + ".copy()", concept="alias")
def stack_copies_gradients():
    """gradients copied

    Your gradients are other arrays than the models' own; they should be the same, to which the models' backward adds.
    """


@chaff_edit(STACK, SHARES, TAKE_PARAMETER, TAKE_PARAMETER + ".copy()", concept="alias")
def stack_copies_parameters():
    """parameters copied

    Your parameters are copies, so that a step never reaches the models; they should be the same arrays.
    """


@chaff_edit(STACK, (DICTS, SHARES), TAKE_GRADIENT, "] = np.zeros(model.parameters[name].shape)", concept="alias")
def stack_new_gradients():
    """new gradients

    Your gradients are other arrays than the models' own; they should be the same, to which the models' backward adds.
    """


@chaff_edit(
    STACK, DICTS, '\n            self.gradients[f"{position}.{name}"] = model.gradients[name]', "", concept="loops"
)
def stack_without_gradients():
    """no gradients

    Your `gradients` is empty; it should have an entry for each parameter.
    """


@chaff_edit(STACK, (DICTS, SHARES), "= model.gradients[name]", "= model.parameters[name]", concept="places")
def stack_parameters_twice():
    """parameters for gradients

    Your `gradients` holds the parameters; it should hold the models' gradients.
    """


@chaff_edit(STACK, (DICTS, SHARES), "enumerate(models)", "enumerate(())", concept="loops")
def stack_empty():
    """dicts left empty

    Your two dicts are empty; they should hold the arrays of all models.
    """


@chaff_edit(STACK, DICTS, "enumerate(models)", "enumerate(models[:1])", concept="loops")
def stack_first_only():
    """first model only

    Your dicts hold the first model's arrays only; they should hold those of all models.
    """


@chaff_edit(STACK, DICTS, "enumerate(models)", "enumerate(models[:-1])", concept="loops")
def stack_last_forgotten():
    """last model left out

    Your dicts lack the last model's arrays; they should hold those of all models.
    """


@chaff_edit(
    STACK,
    DICTS,
    "for name in model.parameters:",
    'for name in [n for n in model.parameters if n in ("W", "b")]:',
    concept="loops",
)
def stack_known_names():
    """only W and b taken

    Your dicts hold W and b only; they should hold every name in a model's dict.
    """


@chaff_edit(
    STACK,
    DICTS,
    "for name in model.parameters:",
    'for name in [n for n in model.parameters if "b" not in n]:',
    concept="loops",
)
def stack_weights_only():
    """biases left out

    Your dicts lack the biases; they should hold every name in a model's dict.
    """


@chaff_edit(
    STACK, DICTS, "= model.gradients[name]", "= models[0].gradients.get(name, model.gradients[name])", concept="places"
)
def stack_gradients_shifted():
    """gradients of the first model

    Your code gives every model the first one's gradients; it should give each its own.
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


@chaff_edit(THROUGH, "sequential_forward_value", "in self.models", "in reversed(self.models)", concept="order")
def through_reversed():
    """wrong order

    Your forward runs the models from the last to the first; it should run them from the first to the last.
    """


@chaff_edit(THROUGH, "sequential_forward_value", "in self.models", "in self.models[:1]", concept="loops")
def through_first_only():
    """first model only

    Your forward runs the first model only; it should run all of them.
    """


@chaff_edit(
    THROUGH, "sequential_forward_value", "in self.models", "in (self.models[:-1] or self.models)", concept="loops"
)
def through_last_left_out():
    """last model left out

    Your forward leaves the last model out; it should run all of them.
    """


@chaff_edit(
    THROUGH, "sequential_forward_value", "in self.models", "in (self.models[1:] or self.models)", concept="loops"
)
def through_first_left_out():
    """first model left out

    Your forward leaves the first model out; it should run all of them.
    """


@chaff_edit(
    THROUGH, "sequential_forward_value", "x = model(x)\n    return x", "y = model(x)\n    return y", concept="loops"
)
def through_original_input():
    """each model gets x

    Your code gives every model the first x; it should give each what the one before it gave.
    """


@chaff_edit(
    THROUGH,
    "sequential_forward_value",
    "for model in self.models:\n        x = model(x)\n    return x",
    "return sum(model(x) for model in self.models)",
    concept="definition",
)
def through_sum():
    """outputs added

    Your code adds the models' outputs; it should run the models one after the other. See "Sequential".
    """


@chaff_edit(THROUGH, "sequential_forward_value", "x = model(x)", "x = x + model(x)", concept="definition")
def through_residual():
    """output added to the input

    Your code adds each output to its input; it should hand on the output alone. See "Sequential".
    """


@chaff_edit(THROUGH, "sequential_forward_value", "x = model(x)", "x = model(model(x))", concept="loops")
def through_twice():
    """each model twice

    Your forward runs each model twice; it should run it once.
    """


@chaff_edit(THROUGH, "sequential_forward_value", "return x", "pass", concept="python")
def through_nothing():
    """no return

    Your forward returns nothing; it should return the last model's output.
    """


@chaff_edit(
    THROUGH,
    "sequential_forward_value",
    "for model in self.models:\n        x = model(x)\n    return x",
    "outputs = []\n    for model in self.models:\n        x = model(x)\n        outputs.append(x)\n    return outputs",
    concept="python",
)
def through_all_outputs():
    """list of all outputs

    Your forward returns all outputs; it should return the last only.
    """


@chaff_edit(
    THROUGH,
    ("sequential_forward_effects",),
    "for model in self.models:\n        x = model(x)",
    "for model in self.models:\n        x[...] = model(x)",
    concept="alias",
)
def through_scaled_input():
    """x overwritten

    Your code changes x in place, which belongs to the caller; it should give the name to the new array instead.
    """


@chaff_edit(
    THROUGH,
    "sequential_forward_effects",
    "for model in self.models:\n        x = model(x)\n    return x",
    "if not hasattr(self, 'result'):\n        for model in self.models:\n            x = model(x)\n"
    "        self.result = x\n    return self.result",
    concept="state",
)
def through_remembers():
    """first result kept

    Your forward returns its first result for ever; it should run the models in each call.
    """


@chaff_edit(BACK, ("sequential_backward_value",), "reversed(self.models)", "self.models", concept="order")
def back_in_order():
    """wrong order

    Your gradient goes from the first model to the last; it should go from the last to the first.
    """


@chaff_edit(
    BACK,
    "sequential_backward_value",
    "grad = model.backward(grad)\n    return grad",
    "below = model.backward(grad)\n    return below",
    concept="chain rule",
)
def back_same_grad():
    """same grad for all

    Your code gives every model the gradient of the output; it should give each what the one above it returned.
    """


@chaff_edit(BACK, "sequential_backward_value", "reversed(self.models)", "self.models[-1:]", concept="loops")
def back_last_only():
    """last model only

    Your backward calls the last model only; it should call all of them.
    """


@chaff_edit(BACK, "sequential_backward_value", "reversed(self.models)", "reversed(self.models[1:])", concept="loops")
def back_first_left_out():
    """first model left out

    Your backward leaves the first model out; it should call it, as it has gradients too.
    """


@chaff_edit(BACK, "sequential_backward_value", "reversed(self.models)", "reversed(self.models[:-1])", concept="loops")
def back_last_left_out():
    """last model left out

    Your backward leaves the last model out; it should begin its way down there.
    """


@chaff_edit(BACK, ("sequential_backward_value", "sequential_backward_effects"), "return grad", "pass", concept="python")
def back_nothing():
    """no return

    Your backward returns nothing; it should return the gradient of its input, which an outer Sequential asks for.
    """


@chaff_edit(
    BACK,
    "sequential_backward_value",
    "for model in reversed(self.models):\n        grad = model.backward(grad)\n    return grad",
    "below = grad\n    for model in reversed(self.models):\n        below = model.backward(below)\n    return grad",
    concept="python",
)
def back_returns_grad():
    """grad of the output returned

    Your backward returns the gradient that came in; it should return what the first model returned.
    """


@chaff_edit(
    BACK,
    "sequential_backward_value",
    "grad = model.backward(grad)",
    "model.backward(grad)\n        grad = model.backward(grad)",
    concept="factor",
)
def back_twice():
    """backward called twice

    Your code calls each model's backward twice, which doubles its gradients; it should call it once.
    """


@chaff_edit(
    BACK,
    "sequential_backward_value",
    "grad = model.backward(grad)",
    "grad = grad + model.backward(grad)",
    concept="chain rule",
)
def back_adds():
    """grad added

    Your code adds what a model returns to what it got; it should hand on what it returned alone.
    """


@chaff_edit(
    BACK,
    "sequential_backward_value",
    "for model in reversed(self.models):\n        grad = model.backward(grad)\n    return grad",
    "return sum(model.backward(grad) for model in reversed(self.models))",
    concept="chain rule",
)
def back_sum():
    """sum over the models

    Your code adds what the models return; it should go down a chain, where each takes what the one above it returned.
    """


@chaff_edit(
    BACK,
    "sequential_backward_effects",
    "for model in reversed(self.models):",
    "for gradient in self.gradients.values():\n        gradient[...] = 0\n    for model in reversed(self.models):",
    concept="state",
)
def back_zeroes():
    """gradients zeroed in backward

    Your backward zeroes the gradients, so that a second call adds nothing; it should leave that to the optimizer.
    """


@chaff_edit(
    BACK,
    "sequential_backward_effects",
    "grad = model.backward(grad)",
    "grad[...] = model.backward(grad)",
    concept="alias",
)
def back_writes_grad():
    """grad overwritten

    Your code changes grad in place, which belongs to the caller; it should make a new array.
    """


@chaff_edit(
    BACK,
    "sequential_backward_effects",
    "return grad",
    "for name, parameter in self.parameters.items():\n        parameter -= 0.01 * self.gradients[name]\n  "
    "  return grad",
    concept="order",
)
def back_steps():
    """step in backward

    Your backward moves the parameters; it should leave that to the optimizer.
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


@chaff_edit(LOSS, "mse_forward_value", HALF_MEAN, "float(np.sum(self.error**2) / len(self.error))", concept="factor")
def loss_whole():
    """one half missing

    Your loss is twice as large as it should be; it should have the one half. See "The loss".
    """


@chaff_edit(LOSS, "mse_forward_value", HALF_MEAN, "float(np.sum(self.error**2) / 2)", concept="mean")
def loss_sum():
    """sum for mean

    Your loss is the number of rows times too large; it should be divided by it. See "The loss".
    """


@chaff_edit(LOSS, "mse_forward_value", HALF_MEAN, "float(np.sum(self.error**2))", concept="mean")
def loss_bare_sum():
    """sum of squares

    Your loss is the bare sum of squares; it should be divided by 2 and by the number of rows. See "The loss".
    """


@chaff_edit(LOSS, "mse_forward_value", HALF_MEAN, "float(np.mean(self.error**2) / 2)", concept="mean")
def loss_all_entries():
    """mean over all entries

    Your loss divides by the number of columns as well, as np.mean does; it should be a mean over the rows only.
    """


@chaff_edit(LOSS, "mse_forward_value", HALF_MEAN, "float(np.mean(self.error**2))", concept="mean")
def loss_plain_mean():
    """mean over all entries, no half

    Your loss is the mean over all entries; it should be a mean over the rows only, with a one half. See "The loss".
    """


@chaff_edit(LOSS, "mse_forward_value", "2 * len(self.error)", "2 * self.error.shape[1]", concept="mean")
def loss_columns():
    """divided by the columns

    Your loss divides by the number of columns; it should be a mean over the rows. See "The loss".
    """


@chaff_edit(LOSS, "mse_forward_value", "np.sum(self.error**2)", "np.sum(np.abs(self.error))", concept="definition")
def loss_absolute():
    """absolute error

    Your loss takes the absolute differences; it should square them. See "The loss".
    """


@chaff_edit(LOSS, "mse_forward_value", "np.sum(self.error**2)", "np.sum(self.error) ** 2", concept="mean")
def loss_square_of_sum():
    """square of the sum

    Your loss adds the differences first and squares the sum; it should square each difference first, then add.
    """


@chaff_edit(LOSS, "mse_forward_value", HALF_MEAN, f"{HALF_MEAN} ** 0.5", concept="definition")
def loss_root():
    """root

    Your loss takes a root; it should take none. See "The loss".
    """


@chaff_edit(LOSS, "mse_forward_value", HALF_MEAN, "np.sum(self.error**2, axis=1) / 2", concept="shapes")
def loss_per_row():
    """one loss for each row

    Your loss is one number for each row; it should be a single number, their mean.
    """


@chaff_edit(
    LOSS,
    "mse_forward_value",
    "np.sum(self.error**2)",
    "np.sum(np.sqrt(np.sum(self.error**2, axis=1)))",
    concept="definition",
)
def loss_mean_of_norms():
    """norms of the rows

    Your loss adds the lengths of the rows; it should add their squares. See "The loss".
    """


@chaff_edit(LOSS, "mse_forward_value", "output - target", "output + target", concept="sign")
def loss_plus():
    """sum of output and target

    Your code adds output and target; it should take their difference.
    """


@chaff_edit(LOSS, "mse_forward_effects", GUARD, "", concept="shapes")
def loss_without_guard():
    """no guard

    Your loss takes shapes that differ, so that (n,) with (n, 1) makes an n by n table; it should raise ValueError for
    them.
    """


@chaff_edit(
    LOSS, "mse_forward_effects", "if output.shape != target.shape", "if len(output) != len(target)", concept="shapes"
)
def loss_guards_length():
    """guard compares lengths

    Your code compares lengths, which are the same for (n, 1) and (n,); it should compare the shapes.
    """


@chaff_edit(
    LOSS, "mse_forward_effects", "if output.shape != target.shape", "if output.ndim != target.ndim", concept="shapes"
)
def loss_guards_axes():
    """guard compares axes

    Your code compares the number of axes; it should compare the whole shapes.
    """


@chaff_edit(
    LOSS, "mse_forward_effects", "if output.shape != target.shape", "if output.size != target.size", concept="shapes"
)
def loss_guards_size():
    """guard compares sizes

    Your code compares the number of entries, the same for (n, 1) and (n,); it should compare the shapes.
    """


@chaff_edit(
    LOSS,
    "mse_forward_effects",
    GUARD,
    "target = np.broadcast_to(target.reshape(len(target), -1), output.shape)\n    ",
    concept="shapes",
)
def loss_guard_reshapes():
    """shapes mended

    Your loss takes shapes that differ, so that (n,) with (n, 1) makes an n by n table; it should raise ValueError for
    them.
    """


@chaff_edit(
    LOSS,
    ("mse_forward_effects", "mse_forward_value"),
    "if output.shape != target.shape",
    "if output is not target",
    concept="shapes",
)
def loss_always_raises():
    """always raises

    Your code raises for equal shapes as well; it should compare the shapes.
    """


@chaff_edit(
    LOSS,
    "mse_forward_effects",
    "self.error = output - target",
    "output -= target\n    self.error = output",
    concept="alias",
)
def loss_in_place():
    """output changed in place

    Your code changes output in place, which belongs to the caller; it should make a new array.
    """


@chaff_edit(
    LOSS,
    "mse_forward_effects",
    ("self.error = output - target", HALF_MEAN),
    (
        "self.error = output - target\n    output -= target\n    output **= 2",
        "float(np.sum(output) / (2 * len(output)))",
    ),
    concept="alias",
)
def loss_squares_in_place():
    """the caller's prediction squared in place

    Your code squares inside the caller's output; it should compute the error in an array of its own.
    """


@chaff_edit(LOSS, "mse_forward_value", HALF_MEAN, "0.348281", concept="definition")
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
    concept="state",
)
def loss_keeps_first():
    """error of the first forward

    Your code keeps the error of the first forward; it should keep that of the last.
    """


@chaff_edit(SLOPE, "mse_backward_value", " / len(self.error)", "", concept="mean")
def slope_without_n():
    """n missing

    Your gradient is the number of rows times too large; it should be divided by n, as the loss is a mean.
    """


@chaff_edit(SLOPE, "mse_backward_value", "len(self.error)", "self.error.size", concept="mean")
def slope_all_entries():
    """divided by all entries

    Your gradient is divided by the number of all entries; it should be divided by the number of rows only.
    """


@chaff_edit(SLOPE, "mse_backward_value", "return self.error", "return 2 * self.error", concept="factor")
def slope_double():
    """factor 2

    Your gradient is twice as large as it should be; the one half in the loss should take the 2 of the square. See "The
    loss".
    """


@chaff_edit(SLOPE, "mse_backward_value", "return self.error", "return self.error / 2", concept="factor")
def slope_half():
    """one half kept

    Your gradient is half as large as it should be; it should have the 2 of the square, which takes the one half away.
    See "The loss".
    """


@chaff_edit(SLOPE, "mse_backward_value", "return self.error", "return -self.error", concept="sign")
def slope_sign():
    """sign

    Your gradient has the opposite sign; it should be output minus target. See "The loss".
    """


@chaff_edit(SLOPE, "mse_backward_value", "self.error * grad", "self.error", concept="chain rule")
def slope_without_grad():
    """grad ignored

    Your gradient lacks grad; it should be multiplied by it, for what comes after the loss. See "The loss".
    """


@chaff_edit(SLOPE, "mse_backward_value", "self.error * grad", "self.error + grad", concept="chain rule")
def slope_plus_grad():
    """grad added

    Your code adds grad; it should multiply by it, as the chain rule does.
    """


@chaff_edit(SLOPE, "mse_backward_value", "self.error * grad", "self.error / grad", concept="chain rule")
def slope_divided_by_grad():
    """divided by grad

    Your code divides by grad; it should multiply by it, as the chain rule does.
    """


@chaff_edit(SLOPE, "mse_backward_value", "self.error * grad", "np.sign(self.error) * grad", concept="chain rule")
def slope_sign_only():
    """sign of the error

    Your gradient is the sign of the error, as for an absolute error; it should be the error itself. See "The loss".
    """


@chaff_edit(
    SLOPE,
    "mse_backward_value",
    "return self.error * grad / len(self.error)",
    "return np.round(self.error * grad / len(self.error), 4)",
    concept="precision",
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
    concept="alias",
)
def slope_in_a_buffer():
    """the same buffer returned in every call"""


@chaff_edit(
    SLOPE,
    "mse_backward_value",
    "self.error * grad / len(self.error)",
    "np.sum(self.error * grad) / len(self.error)",
    concept="shapes",
)
def slope_summed():
    """summed

    Your code sums over the entries; it should give each entry of the output its own slope.
    """


@chaff_edit(
    SLOPE,
    "mse_backward_value",
    "self.error * grad / len(self.error)",
    "np.mean(self.error * grad, axis=0)",
    concept="mean",
)
def slope_mean_of_rows():
    """averaged over the rows

    Your code averages over the rows; it should give each row its own slope.
    """


@chaff_edit(
    SLOPE,
    ("mse_backward_effects", "mse_backward_value"),
    "return self.error * grad / len(self.error)",
    "self.error *= grad / len(self.error)\n    return self.error",
    concept="alias",
)
def slope_scales_error():
    """kept error changed

    Your code changes the kept error in place, so that a second call differs; it should make a new array.
    """


@chaff_edit(
    SLOPE,
    ("mse_backward_effects", "mse_backward_value"),
    "return self.error * grad / len(self.error)",
    "result = self.error * grad / len(self.error)\n    self.error = 0 * self.error\n    return result",
    concept="state",
)
def slope_forgets():
    """kept error cleared

    Your backward clears the error that forward kept; it should leave it, so that a second call gives the same.
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


@chaff_edit(STEP, STEP_VALUE, "-= ", "+= ", concept="sign")
def step_up():
    """ascent

    Your code steps along the gradient, so that the loss climbs; it should step against it, with a minus.
    """


@chaff_edit(STEP, (STEP_VALUE, STEP_EFFECTS), "self.lr * ", "", concept="step")
def step_without_rate():
    """learning rate ignored

    Your code steps by the whole gradient; it should multiply it by the learning rate.
    """


@chaff_edit(STEP, (STEP_VALUE, STEP_EFFECTS), "self.lr", "1e-3", concept="step")
def step_default_rate():
    """rate of .001

    Your code has the learning rate written down as a number; it should use the optimizer's own, self.lr.
    """


@chaff_edit(STEP, STEP_VALUE, "self.lr * ", "self.lr**2 * ", concept="step")
def step_rate_squared():
    """learning rate squared

    Your code multiplies by the learning rate twice; it should do so once.
    """


@chaff_edit(
    STEP,
    STEP_VALUE,
    "self.lr * self.model.gradients[name]",
    "self.model.gradients[name] / (self.lr or 1e9)",
    concept="step",
)
def step_divides():
    """divided by the rate

    Your code divides the gradient by the learning rate; it should multiply it by it.
    """


@chaff_edit(
    STEP,
    STEP_VALUE,
    "self.lr * self.model.gradients[name]",
    "self.lr * np.sign(self.model.gradients[name])",
    concept="step",
)
def step_sign():
    """sign step

    Your code steps by the sign of the gradient; it should step by the learning rate times the gradient.
    """


@chaff_edit(STEP, STEP_VALUE, MOVE, "parameter -= self.lr * parameter", concept="places")
def step_of_weights():
    """w for dw

    Your code takes the parameter where the gradient belongs; it should step by lr times the gradient.
    """


@chaff_edit(STEP, STEP_VALUE, MOVE, "parameter.flat[:] = np.linspace(2.653, 0.524, parameter.size)", concept="step")
def step_published():
    """published weights

    Your code sets the parameters to a result that is known; it should compute them, from the gradients.
    """


@chaff_edit(
    STEP, (STEP_VALUE, STEP_EFFECTS), MOVE, "parameter[...] = -self.lr * self.model.gradients[name]", concept="step"
)
def step_assigns():
    """assignment instead of step

    Your code puts the step in the place of the parameter; it should subtract it from the present parameter.
    """


@chaff_edit(
    STEP,
    (STEP_VALUE, STEP_EFFECTS),
    MOVE,
    "parameter = parameter - self.lr * self.model.gradients[name]",
    concept="alias",
)
def step_new_name():
    """new array under a local name

    Your code moves nothing, as `parameter = …` only gives the name to a new array; it should change the array in place.
    """


@chaff_edit(
    STEP,
    STEP_EFFECTS,
    MOVE,
    "self.model.parameters[name] = parameter - self.lr * self.model.gradients[name]",
    concept="alias",
)
def step_rebinds():
    """parameters rebound

    Your code puts new arrays into the model's dict, while a container holds the old ones; it should change them in
    place.
    """


@chaff_edit(STEP, (STEP_VALUE, STEP_EFFECTS), f"{MOVE}", f"{MOVE}\n        break", concept="loops")
def step_first_only():
    """first parameter only

    Your code moves the first parameter only; it should move all of them.
    """


@chaff_edit(
    STEP,
    STEP_VALUE,
    "self.lr * self.model.gradients[name]",
    "self.lr * self.model.gradients[name] / np.linalg.norm(self.model.gradients[name])",
    concept="step",
)
def step_normalised():
    """normalised gradient

    Your code divides the gradient by its length; it should take it as it is.
    """


@chaff_edit(
    STEP,
    STEP_VALUE,
    "self.lr * self.model.gradients[name]",
    "self.lr * self.model.gradients[name] / len(parameter)",
    concept="mean",
)
def step_averages():
    """divided by n again

    Your code divides the gradient by a number of rows; it should not, as the mean is in the loss already.
    """


@chaff_edit(STEP, STEP_VALUE, f"{MOVE}", f"{MOVE}\n    self.lr *= 0.9", concept="step")
def step_decays():
    """decaying rate

    Your code changes the learning rate from step to step; it should leave it as it is.
    """


@chaff_edit(
    STEP, STEP_VALUE, MOVE, "parameter -= self.lr * (self.model.gradients[name] + 0.01 * parameter)", concept="step"
)
def step_weight_decay():
    """weight decay

    Your code shrinks the parameters besides the step; it should not: plain SGD has no weight decay.
    """


@chaff_edit(
    STEP,
    STEP_VALUE,
    MOVE,
    "self.v = getattr(self, 'v', {})\n        self.v[name] = 0.9 * self.v.get(name, 0) + "
    "self.model.gradients[name]\n        parameter -= self.lr * self.v[name]",
    concept="step",
)
def step_momentum():
    """momentum

    Your code still steps by earlier gradients; it should use the present one only: plain SGD has no momentum.
    """


@chaff_edit(
    STEP, (STEP_EFFECTS, STEP_VALUE), f"{MOVE}", f"{MOVE}\n        self.model.gradients[name][...] = 0", concept="state"
)
def step_zeroes():
    """gradients zeroed in step

    Your step sets the gradients to 0; it should leave them, as that is the work of zero_grad.
    """


@chaff_edit(
    STEP,
    (STEP_EFFECTS, STEP_VALUE),
    MOVE,
    "self.model.gradients[name] *= self.lr\n        parameter -= self.model.gradients[name]",
    concept="alias",
)
def step_scales_gradients():
    """gradients scaled

    Your code multiplies the gradients by the learning rate in place; it should leave them as they are.
    """


@chaff_edit(
    ZERO,
    ZERO_EFFECTS,
    "for gradient in self.model.gradients.values():\n        gradient.fill(0)",
    "self.model.gradients = {k: np.zeros(v.shape) for k, v in self.model.gradients.items()}",
    concept="alias",
)
def zero_new_dict():
    """new dict

    Your code makes new gradient arrays, while the layers add into the old ones; it should fill those in place.
    """


@chaff_edit(
    ZERO,
    ZERO_EFFECTS,
    "for gradient in self.model.gradients.values():\n        gradient.fill(0)",
    "for name, gradient in self.model.gradients.items():\n        self.model.gradients[name] = "
    "np.zeros(gradient.shape)",
    concept="alias",
)
def zero_rebinds():
    """new arrays

    Your code makes new gradient arrays, while the layers add into the old ones; it should fill those in place.
    """


@chaff_edit(
    ZERO, (ZERO_VALUE, ZERO_EFFECTS), "gradient.fill(0)", "gradient = np.zeros(gradient.shape)", concept="alias"
)
def zero_local_name():
    """new array under a local name

    Your code leaves the gradients, as `gradient = …` only gives the name to a new array; it should fill the array in
    place.
    """


@chaff_edit(
    ZERO,
    (ZERO_EFFECTS, ZERO_VALUE),
    "for gradient in self.model.gradients.values():\n        gradient.fill(0)",
    "self.model.gradients.clear()",
    concept="state",
)
def zero_deletes():
    """dict cleared

    Your code takes the gradients out of the dict; it should leave them there, filled with 0.
    """


@chaff_edit(
    ZERO,
    (ZERO_VALUE, ZERO_EFFECTS),
    "for gradient in self.model.gradients.values():\n        gradient.fill(0)",
    "for name in self.model.gradients:\n        self.model.gradients[name] = None",
    concept="state",
)
def zero_none():
    """gradients None

    Your code sets the gradients to None, to which nothing can be added; it should fill the arrays with 0.
    """


@chaff_edit(
    ZERO,
    (ZERO_VALUE, ZERO_EFFECTS),
    "for gradient in self.model.gradients.values():\n        gradient.fill(0)",
    "for name in self.model.gradients:\n        self.model.gradients[name] = 0.0",
    concept="shapes",
)
def zero_numbers():
    """numbers for arrays

    Your code puts single numbers in the place of the gradients; it should keep the arrays and fill them with 0.
    """


@chaff_edit(ZERO, ZERO_VALUE, "gradient.fill(0)", "gradient *= 0", concept="precision")
def zero_times():
    """multiplied by 0

    Your code multiplies the gradients by 0, which leaves inf and nan as nan; it should write zeros into them.
    """


@chaff_edit(ZERO, (ZERO_VALUE, ZERO_EFFECTS), "gradient.fill(0)", "gradient.fill(0)\n        break", concept="loops")
def zero_first_only():
    """first gradient only

    Your code sets the first gradient only to 0; it should do so with all of them.
    """


@chaff_edit(ZERO, ZERO_VALUE, "gradient.fill(0)", "gradient[0] = 0", concept="shapes")
def zero_first_row():
    """first row only

    Your code sets the first row of each gradient only to 0; it should fill all of it, as gradient[...] does.
    """


@chaff_edit(ZERO, ZERO_VALUE, "gradient.fill(0)", "gradient.fill(1)", concept="state")
def zero_ones():
    """filled with 1

    Your code fills the gradients with 1; it should fill them with 0.
    """


@chaff_edit(
    ZERO,
    ZERO_VALUE,
    "gradient.fill(0)",
    "gradient.fill(0)\n    for array in self.model.parameters.values():\n        array.fill(0)",
    concept="places",
)
def zero_parameters():
    """parameters zeroed

    Your code sets the parameters to 0 as well; it should fill the gradients only.
    """


@chaff_edit(
    ZERO,
    (ZERO_VALUE, ZERO_EFFECTS),
    "self.model.gradients.values()",
    "self.model.parameters.values()",
    concept="places",
)
def zero_parameters_only():
    """parameters for gradients

    Your code sets the parameters to 0; it should leave them and fill the gradients.
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
SLOPE_STEP, AGREES_STEP, ARRAY_STEP = "gradient_check_slope", "gradient_check_agrees", "gradient_check_array"
EVERYTHING = (COMMON, ONE_ENTRY, MISSING, RELATIVE, RIGHT, KINKS, LEAVES, SAMPLE)
ZEROED_FIRST = "self.zero_gradients()\n        self.model(self.input.copy())"
ZEROED_LAST = "self.zero_gradients()\n        return all(right)"
SEES_ALL = "right = self.agrees(array, gradient, self.random_direction(array.shape))"
VERDICT = "return bool(abs(analytic - narrow) <= tolerance)"
WITHOUT_PROJECTION = (
    "Your code tries single entries, which can miss the wrong one; it should also move all along a random direction "
    "without zeros."
)


@chaff_edit(CHECKER, EVERYTHING, "return all(right)", "return True", concept="checking")
def checker_always_right():
    """always True

    Your verdict is always True, so that wrong layers pass; it should depend on what is found.
    """


@chaff_edit(CHECKER, EVERYTHING, "return all(right)", "return False", concept="checking")
def checker_always_wrong():
    """always False

    Your verdict is always False, so that right layers fail; it should depend on what is found.
    """


@chaff_edit(CHECKER, EVERYTHING, "return all(right)", "return not all(right)", concept="checking")
def checker_opposite():
    """verdict turned round

    Your verdict is the wrong way round; it should be True where the gradients are right.
    """


@chaff_edit(CHECKER, COMMON, "return all(right)", "return any(right)", concept="checking")
def checker_any():
    """any for all

    Your code passes a model for one right gradient; it should ask for all of them.
    """


@chaff_edit(CHECKER, COMMON, "return all(right)", "return right[-1]", concept="checking")
def checker_last_only():
    """last array decides

    Your code lets the last array decide; it should ask for all of them to be right.
    """


@chaff_edit(CHECKER, COMMON, "return all(right)", "return right[0]", concept="checking")
def checker_input_only():
    """input decides

    Your code lets the input's gradient decide; it should ask for those of the parameters too.
    """


@chaff_edit(
    CHECKER,
    COMMON,
    'right = [self.check_array("the input", self.input, input_gradient)]',
    "right = [True]",
    concept="checking",
)
def checker_without_input():
    """input not checked

    Your code does not check the gradient that backward returns; it should, as a layer below would get a wrong one.
    """


@chaff_edit(
    CHECKER,
    RELATIVE,
    "self.allowed_error * max(abs(analytic), abs(narrow)) + self.round_off(h)",
    "self.allowed_error",
    concept="checking",
)
def checker_absolute():
    """absolute tolerance

    Your allowed error has a fixed size, so that tiny gradients of opposite signs agree; it should be relative, with a
    round-off floor.
    """


@chaff_edit(CHECKER, RELATIVE, "+ self.round_off(h)", "+ self.allowed_error", concept="checking")
def checker_absolute_too():
    """absolute floor

    Your allowed error has a fixed size, so that tiny gradients of opposite signs agree; it should be relative, with a
    round-off floor.
    """


@chaff_edit(
    CHECKER, RELATIVE, "max(abs(analytic), abs(narrow))", "max(1.0, abs(analytic), abs(narrow))", concept="checking"
)
def checker_at_least_one():
    """relative to 1 at least

    Your allowed error has a fixed size, so that tiny gradients of opposite signs agree; it should be relative, with a
    round-off floor.
    """


@chaff_edit(CHECKER, RIGHT, " + self.round_off(h)\n", "\n", concept="checking")
def checker_without_floor():
    """no floor for round-off

    Your code fails right layers with large numbers, for round-off alone; it should add a floor to the relative error.
    """


@chaff_edit(CHECKER, RELATIVE, "self.allowed_error = allowed_error", "self.allowed_error = 1e-7", concept="checking")
def checker_own_error():
    """allowed_error ignored

    Your code does not use allowed_error; it should let the verdict depend on the one that was given.
    """


@chaff_edit(
    CHECKER,
    RELATIVE,
    "self.allowed_error = allowed_error",
    "self.allowed_error = 1000 * allowed_error",
    concept="checking",
)
def checker_lenient():
    """allowed error too large

    Your code passes layers that are slightly wrong; it should allow no larger error than the one given.
    """


@chaff_edit(CHECKER, (KINKS, ONE_ENTRY, RELATIVE), "self.allowed_error * max(", "0.02 * max(", concept="checking")
def checker_of_percents():
    """percents allowed

    Your code allows an error of some percent, so that slightly wrong layers pass; it should allow the one given.
    """


@chaff_edit(
    CHECKER,
    (COMMON, AGREES_STEP),
    VERDICT,
    "return bool(abs(abs(analytic) - abs(narrow)) <= tolerance)",
    concept="checking",
)
def checker_sizes_only():
    """signs not compared

    Your code compares the sizes of slopes, so that a turned sign passes; it should compare the slopes.
    """


@chaff_edit(CHECKER, COMMON, VERDICT, "return bool(analytic - narrow <= tolerance)", concept="checking")
def checker_signed():
    """abs missing

    Your code passes a gradient that is too small; it should compare the size of the difference, with abs.
    """


@chaff_edit(CHECKER, (COMMON, SLOPE_STEP), "(above - below) / (2 * h)", "(above - below) / h", concept="factor")
def checker_one_h():
    """divided by h

    Your measured slope is twice too large; it should be divided by 2 h, the way from p - h d to p + h d.
    """


@chaff_edit(
    CHECKER,
    (RIGHT, KINKS),
    ("array[...] = saved - h * direction\n        ", "(2 * h)", "np.arange(8)"),
    ("array[...] = saved\n        ", "h", "np.arange(1)"),
    concept="checking",
)
def checker_forward_difference():
    """one-sided difference

    Your code steps to one side, too coarse for a layer that is curved; it should step to both sides.
    """


@chaff_edit(
    CHECKER,
    COMMON,
    "input_gradient = self.model.backward(self.upstream.copy())",
    "self.model.backward(self.upstream.copy())\n        input_gradient = self.model.backward(self.upstream.copy())",
    concept="state",
)
def checker_backward_twice():
    """backward twice

    Your code runs backward twice, which doubles the gradients, so that right layers fail; it should run it once.
    """


@chaff_edit(
    CHECKER,
    COMMON,
    "self.upstream = np.random.randn(*model(self.input.copy()).shape)",
    "self.upstream = np.ones(model(self.input.copy()).shape)",
    concept="checking",
)
def checker_upstream_of_ones():
    """upstream of ones

    Your upstream is all ones, which hides mistakes that mix up the entries of grad; it should be drawn at random.
    """


@chaff_edit(
    CHECKER,
    COMMON,
    "self.model.backward(self.upstream.copy())",
    "self.model.backward(np.ones(self.upstream.shape))",
    concept="checking",
)
def checker_backward_of_ones():
    """measured slopes and gradients of different losses

    Your slopes and gradients are of different losses; backward should get upstream, and slopes the array itself moved,
    over 2 h.
    """


@chaff_edit(CHECKER, (ONE_ENTRY, ARRAY_STEP), SEES_ALL, "right = True", hint=WITHOUT_PROJECTION, concept="checking")
def checker_no_direction():
    """no random direction"""


@chaff_edit(
    CHECKER, ONE_ENTRY, (SEES_ALL, ", replace=False"), ("right = True", ""), hint=WITHOUT_PROJECTION, concept="checking"
)
def checker_with_replacement():
    """entries drawn with replacement, no direction"""


@chaff_edit(
    CHECKER,
    ONE_ENTRY,
    (SEES_ALL, "np.random.choice(array.size, min(self.sample, array.size), replace=False)"),
    ("right = True", "range(min(self.sample, array.size))"),
    hint=WITHOUT_PROJECTION,
    concept="checking",
)
def checker_first_entries():
    """first entries only"""


@chaff_edit(
    CHECKER,
    ONE_ENTRY,
    "np.random.choice([-1.0, 1.0], size=shape) * np.random.uniform(0.5, 1.5, size=shape)",
    "np.ones(shape)",
    concept="checking",
)
def checker_direction_of_ones():
    """direction of ones

    Your direction is all ones, along which two mistakes can cancel; it should be drawn at random.
    """


@chaff_edit(
    CHECKER,
    ONE_ENTRY,
    "np.random.choice([-1.0, 1.0], size=shape) * np.random.uniform(0.5, 1.5, size=shape)",
    "np.random.choice([0.0, 1.0], size=shape)",
    hint=WITHOUT_PROJECTION,
    concept="checking",
)
def checker_sparse_direction():
    """direction with zeros"""


@chaff_edit(CHECKER, SAMPLE, "min(self.sample, array.size)", "array.size", concept="checking")
def checker_ignores_sample():
    """sample ignored

    Your code checks every entry, which takes for ever in a large layer; it should take as many as sample says.
    """


@chaff_edit(CHECKER, SAMPLE, "min(self.sample, array.size)", "min(100, array.size)", concept="checking")
def checker_takes_a_hundred():
    """always 100 entries

    Your code always takes 100 entries; it should take as many as sample says.
    """


@chaff_edit(
    CHECKER, (MISSING, ARRAY_STEP), "if np.shape(gradient) != array.shape:", "if gradient is None:", concept="shapes"
)
def checker_without_shapes():
    """shapes not compared

    Your code combines two arrays whose shapes do not fit together; they should: print both shapes above this line.
    """


@chaff_edit(
    CHECKER,
    MISSING,
    ("if np.shape(gradient) != array.shape:", SEES_ALL),
    ("if np.size(gradient) != array.size:", f"gradient = np.reshape(gradient, array.shape)\n        {SEES_ALL}"),
    concept="shapes",
)
def checker_compares_sizes():
    """sizes compared, not shapes

    Your code compares numbers of entries, so that a gradient of another shape passes; it should compare the shapes.
    """


@chaff_edit(
    CHECKER,
    MISSING,
    "if np.shape(gradient) != array.shape:",
    "if gradient is None:\n            return True\n        if np.shape(gradient) != array.shape:",
    concept="checking",
)
def checker_skips_none():
    """None passes

    Your code passes a gradient that is None; it should fail it, as a missing gradient is a wrong one.
    """


@chaff_edit(CHECKER, MISSING, VERDICT, "return not abs(analytic - narrow) > tolerance", concept="precision")
def checker_passes_nan():
    """nan passes

    Your code passes a gradient of nan, for which every comparison is False; it should ask whether the error is small,
    not large.
    """


@chaff_edit(
    CHECKER, (KINKS, AGREES_STEP), "self.h / 10.0 ** np.arange(8)", "self.h / 10.0 ** np.arange(1)", concept="checking"
)
def checker_without_kinks():
    """no step small enough at a kink

    Your code fails a right ReLU near its kink; it should take a smaller h where the slopes with h and with h / 2
    differ.
    """


@chaff_edit(CHECKER, KINKS, "np.arange(8)", "np.arange(2)", concept="checking")
def checker_one_refinement():
    """one smaller step only

    Your code fails a right ReLU very close to its kink; it should go on to smaller h: one is not always enough.
    """


@chaff_edit(
    CHECKER,
    KINKS,
    (VERDICT, "np.arange(8)"),
    ("return bool(abs(analytic - narrow) <= tolerance or abs(wide - narrow) > tolerance)", "np.arange(1)"),
    concept="checking",
)
def checker_forgives_kinks():
    """kinks left out

    Your code passes everything near a kink, a wrong ReLU too; it should take a smaller step there instead.
    """


@chaff_edit(CHECKER, LEAVES, ZEROED_FIRST, "self.model(self.input.copy())", concept="state")
def checker_not_zeroed_first():
    """no zeroing before

    Your code counts in what was in the gradients before, as backward adds; it should set them to 0 first.
    """


@chaff_edit(CHECKER, LEAVES, ZEROED_LAST, "return all(right)", concept="state")
def checker_not_zeroed_last():
    """no zeroing after

    Your code leaves gradients behind, to which the next backward adds; it should set them to 0 afterwards.
    """


@chaff_edit(
    CHECKER,
    COMMON,
    'right = [self.check_array("the input"',
    'self.zero_gradients()\n        right = [self.check_array("the input"',
    concept="order",
)
def checker_zeroed_early():
    """zeroed before the comparison

    Your code sets the gradients to 0 before it compares them, so that right layers fail; it should compare first.
    """


@chaff_edit(
    CHECKER,
    LEAVES,
    (ZEROED_FIRST, ZEROED_LAST),
    ("self.model(self.input.copy())", "return all(right)"),
    concept="state",
)
def checker_never_zeroed():
    """gradients never zeroed

    Your code never sets the gradients to 0, so that a second check fails; it should before backward, and afterwards.
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
    concept="precision",
)
def checker_steps_back():
    """steps undone by arithmetic

    Your code adds h and takes it off again, which changes the last digits of the parameters; it should put back a copy.
    """


@chaff_edit(CHECKER, LEAVES, "array[...] = saved\n        return (above", "return (above", concept="alias")
def checker_leaves_moved():
    """parameters left moved

    Your code leaves the parameters moved; it should put back what they were.
    """


@chaff_edit(
    CHECKER,
    LEAVES,
    "if gradient is not None:\n                gradient.fill(0)",
    "pass\n        for name, gradient in self.model.gradients.items():\n"
    "            self.model.gradients[name] = np.zeros(np.shape(gradient))",
    concept="alias",
)
def checker_rebinds_gradients():
    """gradients rebound

    Your code replaces the gradients by new arrays, while a container's layers add into the old; it should fill those in
    place.
    """


@chaff_edit(
    CHECKER,
    LEAVES,
    ("np.array(input, dtype=float)", "array[...] = saved\n        return (above"),
    ("input", "if array is not self.input:\n            array[...] = saved\n        return (above"),
    concept="alias",
)
def checker_moves_the_callers_input():
    """input changed

    Your code changes the input; it should work on a copy of it, and put back what was moved.
    """


@chaff_edit(CHECKER, LEAVES, "self.model(self.input.copy())\n        input_gradient", "input_gradient", concept="state")
def checker_without_forward():
    """no forward before backward

    Your code runs backward after a forward of other rows; it should run forward first, as backward belongs to the last
    one.
    """


@chaff_edit(
    CHECKER,
    COMMON,
    ("self.model(self.input.copy())\n        input_gradient", "self.input, input_gradient"),
    ("self.model(0.5 * self.input)\n        input_gradient", "self.input, input_gradient"),
    concept="state",
)
def checker_stale_backward():
    """backward of another input

    Your code runs backward after a forward of another input; it should run forward on the input right before it.
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


@chaff_edit(RATE, RATE, "0.25", "0.26", concept="reading")
def rate_next():
    """first rate that fails

    Your answer is a rate at which the last loss is above the first; it should be a stable one: print the losses.
    """


@chaff_edit(RATE, RATE, "0.25", "0.24", concept="reading")
def rate_before():
    """one too small

    Your answer is a stable rate, but not the largest; it should be the largest that is.
    """


@chaff_edit(RATE, RATE, "0.25", "0.30", concept="reading")
def rate_largest_tried():
    """largest rate tried

    Your answer is the largest of the rates tried; it should be the largest of the stable ones.
    """


@chaff_edit(RATE, RATE, "0.25", "0.20", concept="reading")
def rate_smallest_tried():
    """smallest rate tried

    Your answer is the smallest of the rates tried; it should be larger, as larger ones are stable as well.
    """


@chaff_edit(RATE, RATE, "0.25", "0.25437", concept="reading")
def rate_limit():
    """limit of stability

    Your answer is the limit itself; it should be the largest of the listed rates below it, with two decimals.
    """


@chaff_edit(RATE, RATE, "0.25", "25", concept="factor")
def rate_per_cent():
    """in per cent

    Your answer is a hundred times the rate; it should be the rate itself.
    """


@chaff_edit(RATE, RATE, "0.25", "0.1", concept="reading")
def rate_of_the_lesson():
    """rate of the fit

    Your answer is the rate the line was fitted with; it should be one of those that the cell above tries.
    """


@chaff_edit(CHANCE, CHANCE, "(1 - 1 / 200) ** 100", "1 - (1 - 1 / 200) ** 100", concept="reading")
def chance_of_hitting():
    """probability of hitting

    Your answer is the probability that it is found; it should be that it is missed.
    """


@chaff_edit(CHANCE, CHANCE, "(1 - 1 / 200) ** 100", "1 - 100 / 200", concept="reading")
def chance_without_replacement():
    """without replacement

    Your answer holds for draws without replacement; it should be for draws where an entry can come again.
    """


@chaff_edit(CHANCE, CHANCE, " ** 100", "", concept="reading")
def chance_single():
    """one draw

    Your answer is the probability for a single draw; it should be for 100 of them.
    """


@chaff_edit(CHANCE, CHANCE, "(1 - 1 / 200) ** 100", "1 / 200", concept="reading")
def chance_of_one():
    """one draw hits

    Your answer is the probability that a single draw hits it; it should be that 100 draws miss it.
    """


@chaff_edit(CHANCE, CHANCE, " ** 100", " ** 200", concept="reading")
def chance_all_draws():
    """200 draws

    Your answer is for one draw an entry; it should be for 100 draws.
    """


@chaff_edit(CHANCE, CHANCE, "(1 - 1 / 200) ** 100", "np.exp(-0.5)", concept="reading")
def chance_limit():
    """exponential limit

    Your answer is the limit for many entries; it should be the power itself, whose third decimal differs for 200.
    """


@chaff_edit(CHANCE, CHANCE, "1 / 200", "1 / 100", concept="reading")
def chance_hundred():
    """100 entries

    Your answer is for 100 entries; it should be for 200.
    """


@chaff_edit(CHANCE, CHANCE, "(1 - 1 / 200) ** 100", "0.6", concept="reading")
def chance_rounded():
    """one decimal

    Your answer is near, but not to three decimals; it should be computed exactly.
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


BROKEN = "broken_modules"
COLUMNS = '"Columns": "the gradient of b is replaced, not added to",\n        '
TANH = '"Tanh": "the slope is taken at the wrong value",\n    '


@chaff_edit(BROKEN, BROKEN, COLUMNS, "", concept="checking")
def broken_tanh_only():
    """Columns passed

    Your answer misses a module that passes a gradient check; it should name it as well: what else does a model promise?
    """


@chaff_edit(BROKEN, BROKEN, TANH, "", concept="checking")
def broken_columns_only():
    """Tanh passed

    Your answer misses a module whose gradient is wrong; it should name it as well: a gradient check tells.
    """


@chaff_edit(BROKEN, BROKEN, (COLUMNS, TANH), ("", ""), concept="checking")
def broken_none():
    """none found

    Your answer finds no mistake; it should find one, or two: a gradient check tells of one at least.
    """


@chaff_edit(BROKEN, BROKEN, TANH, f'{TANH}"Residual": "the gradient below lacks one of two paths"', concept="checking")
def broken_all():
    """all accused

    Your answer accuses a right module as well; it should name broken ones alone. Which of the three adds up two paths?
    """


@chaff_edit(BROKEN, BROKEN, COLUMNS, '"Residual": "the gradient below lacks one of two paths",', concept="checking")
def broken_residual():
    """Residual accused in place of Columns

    Your answer accuses a right module in place of a broken one; it should name the one that fails a second backward.
    """


@chaff_edit(
    BROKEN,
    BROKEN,
    '"Columns": "the gradient of b is replaced, not added to"',
    '"Columns": "the gradient of b is summed over the wrong axis"',
    concept="shapes",
)
def broken_axis():
    """right module, wrong place: the axis

    Your answer has the right modules, but blames an axis; it should blame another line: samples stand in columns here.
    """


@chaff_edit(
    BROKEN,
    BROKEN,
    '"Columns": "the gradient of b is replaced, not added to"',
    '"Columns": "the gradient of W has its factors exchanged"',
    concept="places",
)
def broken_factors():
    """right module, wrong place: the factors

    Your answer has the right modules, but blames the gradient of W; it should blame another: W stands left of x here.
    """


@chaff_edit(
    BROKEN,
    BROKEN,
    '"Columns": "the gradient of b is replaced, not added to"',
    '"Columns": "the gradient below lacks a transpose"',
    concept="places",
)
def broken_transpose():
    """right module, wrong place: the transpose

    Your answer has the right modules, but misses a transpose that is there; it should blame another line.
    """


@chaff_edit(
    BROKEN,
    BROKEN,
    '"Tanh": "the slope is taken at the wrong value"',
    '"Tanh": "forward computes something else"',
    concept="checking",
)
def broken_forward():
    """right module, wrong place: forward

    Your answer has the right modules, but blames a right forward; it should blame what backward makes of it.
    """


@wheat_edit(BROKEN, (COLUMNS, TANH), (TANH, COLUMNS.rstrip()))
def broken_in_another_order(): ...


@wheat(BROKEN)
def broken_step_by_step():
    answer = {}
    answer["Tanh"] = "the slope is taken at the wrong value"
    answer["Columns"] = "the gradient of b is replaced, not added to"
    return answer


@wheat(BROKEN)
def broken_by_keywords():
    return dict(
        Columns="the gradient of b is " + "replaced, not added to", Tanh="the slope is taken at the wrong " + "value"
    )
