"""Known mistakes and right variants of hw02_learning_landscapes."""

import numpy as np

from gradbook.homework import chaff, chaff_edit, suspect, wheat, wheat_edit

NET = "DeepNarrowLNN"
START, FORWARD, LOSS = f"{NET}.__init__", f"{NET}.forward", f"{NET}.loss"
GRADIENT, TRAIN = f"{NET}.dloss_dw", f"{NET}.train"

EQUIVALENT = {
    "loss_grid: slopes[:, :, np.newaxis] * x - y -> y - slopes[:, :, np.newaxis] * x": (
        "the square does not see the sign"
    ),
    "DeepNarrowLNN.train: self.loss(self.forward(x), y_true) -> self.loss(y_true, self.forward(x))": (
        "the loss is symmetric in prediction and target"
    ),
    "DeepNarrowLNN.train: np.array(losses) -> losses": "a list of numbers is accepted for an array",
}

# ---------------------------------------------------------------- loss_grid


@chaff_edit("loss_grid", "loss_grid_values", "np.mean(", "0.5 * np.mean(")
def grid_half():
    """an extra one half

    Half of what is expected. The loss of two weights has no one half; that comes with the long chains.
    """


@chaff_edit("loss_grid", "loss_grid_values", "np.mean(", "np.sum(")
def grid_sum():
    """sum for mean

    Off by exactly the number of samples: the sum of the squares, where their mean is asked for.
    """


@chaff_edit(
    "loss_grid", "loss_grid_values", "np.mean(residuals**2, axis=-1)", "np.sqrt(np.mean(residuals**2, axis=-1))"
)
def grid_root():
    """root of the mean

    That is the root of the mean squared error; leave the root out.
    """


@chaff_edit("loss_grid", "loss_grid_values", "residuals**2", "np.abs(residuals)")
def grid_absolute():
    """absolute error

    The differences are not squared: that is the mean absolute error.
    """


@chaff_edit("loss_grid", "loss_grid_values", "np.mean(residuals**2, axis=-1)", "np.mean(residuals, axis=-1) ** 2")
def grid_square_of_mean():
    """square of the mean

    Square each difference first, then take the mean.
    """


@chaff_edit("loss_grid", "loss_grid_values", "np.mean(residuals**2, axis=-1)", "np.log(np.mean(residuals**2, axis=-1))")
def grid_logarithm():
    """logarithm of the loss

    That is the logarithm of the loss. Only the picture takes it, and it does so by itself.
    """


@chaff_edit("loss_grid", "loss_grid_values", "np.outer(", "np.add.outer(")
def grid_weights_added():
    """weights added

    The weights follow each other, so they multiply; here they are added.
    """


@chaff_edit(
    "loss_grid", "loss_grid_values", "np.outer(w1_values, w2_values)", "np.outer(w1_values, np.ones(len(w2_values)))"
)
def grid_first_weight_only():
    """w2 not used

    All the columns are alike: the prediction does not see w2.
    """


@chaff_edit(
    "loss_grid", "loss_grid_values", "np.outer(w1_values, w2_values)", "np.outer(np.ones(len(w1_values)), w2_values)"
)
def grid_second_weight_only():
    """w1 not used

    All the rows are alike: the prediction does not see w1.
    """


@chaff_edit("loss_grid", "loss_grid_values", "* x - y", "* x + y")
def grid_plus():
    """sum of prediction and target

    The error is a difference; here prediction and target are added.
    """


@chaff_edit("loss_grid", "loss_grid_values", "residuals**2, axis=-1", "residuals[:, :, :1]**2, axis=-1")
def grid_one_sample():
    """one sample only

    Only the first sample counts; the mean is over all of them.
    """


@chaff_edit(
    "loss_grid", "loss_grid_values", "np.mean(residuals**2, axis=-1)", "np.sum(residuals**2, axis=-1) / slopes.size"
)
def grid_mean_over_weights():
    """divided by the size of the grid

    The sum over the samples is divided by the number of pairs of weights; divide by that of samples.
    """


@chaff_edit("loss_grid", "loss_grid_values", "residuals**2, axis=-1", "residuals**2")
def grid_one_number():
    """mean over everything

    One number for the whole grid: take the mean over the samples only, and keep a loss for each pair.
    """


@chaff_edit("loss_grid", "loss_grid_values", "axis=-1)", "axis=-1).ravel()")
def grid_flat():
    """grid flattened

    The losses stand in one long row; the grid has a row for each w1 and a column for each w2.
    """


@chaff_edit("loss_grid", "loss_grid_values", "axis=-1)", "axis=-1).T.reshape(len(w1_values), len(w2_values))")
def grid_reshaped():
    """reshape for transpose

    Right numbers, wrong places: a reshape does not bring rows and columns in order.
    """


@chaff_edit("loss_grid", "loss_grid_values", "* x - y", "- y")
def grid_without_x():
    """factor x missing

    The input is missing: the prediction is w1 w2 x.
    """


@chaff_edit("loss_grid", "loss_grid_values", "np.outer(w1_values, w2_values)", "np.outer(w1_values, w1_values)")
def grid_same_weights():
    """w1 along both sides

    w1_values is used along both sides of the grid; the columns belong to w2_values.
    """


@chaff("loss_grid", "loss_grid_values")
def grid_transposed(w1_values, w2_values, x, y):
    """meshgrid's default indexing

    Rows and columns are exchanged: rows go with w1. np.meshgrid does it the other way round unless it is told.
    """
    w1, w2 = np.meshgrid(w1_values, w2_values)
    return np.mean(((w1 * w2)[:, :, None] * x - y) ** 2, axis=2)


@chaff("loss_grid", "loss_grid_values")
def grid_diagonal(w1_values, w2_values, x, y):
    """pairs instead of a grid

    Only the diagonal is filled: every w1 belongs with every w2, not only with the one at the same place.
    """
    grid = np.zeros((len(w1_values), len(w2_values)))
    for i, (w1, w2) in enumerate(zip(w1_values, w2_values)):
        grid[i, i] = np.mean((w1 * w2 * x - y) ** 2)
    return grid


@chaff("loss_grid", "loss_grid_side_effects")
def grid_of_integers(w1_values, w2_values, x, y):
    """the grid has the dtype of the weights

    Whole weights give whole losses: the grid took its dtype from the weights and cut the digits off.
    """
    grid = np.zeros((len(w1_values), len(w2_values)), dtype=np.asarray(w1_values).dtype)
    for i, w1 in enumerate(w1_values):
        for j, w2 in enumerate(w2_values):
            grid[i, j] = np.mean((w1 * w2 * x - y) ** 2)
    return grid


@chaff("loss_grid", "loss_grid_side_effects")
def grid_remembers(w1_values, w2_values, x, y):
    """grid kept from the first call of this shape

    Other targets give the same grid: it was kept from an earlier call.
    """
    kept = globals().setdefault("grids", {})
    shape = len(w1_values), len(w2_values)
    if shape not in kept:
        kept[shape] = np.mean((np.outer(w1_values, w2_values)[..., None] * x - y) ** 2, axis=-1)
    return kept[shape]


@chaff("loss_grid", "loss_grid_side_effects")
def grid_writes_y(w1_values, w2_values, x, y):
    """in-place difference

    y was changed in place: `y -= …` writes into the caller's array.
    """
    original = y.copy()
    grid = np.zeros((len(w1_values), len(w2_values)))
    for i, w1 in enumerate(w1_values):
        for j, w2 in enumerate(w2_values):
            y[:] = original
            y -= w1 * w2 * x
            grid[i, j] = np.mean(y**2)
    return grid


@wheat("loss_grid")
def grid_loops(w1_values, w2_values, x, y):
    grid = np.zeros((len(w1_values), len(w2_values)))
    for i, w1 in enumerate(w1_values):
        for j, w2 in enumerate(w2_values):
            total = 0.0
            for x_k, y_k in zip(x, y):
                total += (y_k - x_k * w1 * w2) ** 2
            grid[i, j] = total / len(x)
    return grid


@wheat("loss_grid")
def grid_meshgrid(w1_values, w2_values, x, y):
    w1, w2 = np.meshgrid(w1_values, w2_values, indexing="ij")
    return sum((w1 * w2 * a - b) ** 2 for a, b in zip(x, y)) / x.size


@wheat("loss_grid")
def grid_expanded(w1_values, w2_values, x, y):
    slope = np.einsum("i,j->ij", w1_values, w2_values)
    return slope**2 * np.mean(x * x) - 2 * slope * np.mean(x * y) + np.mean(y * y)


@wheat("loss_grid")
def grid_list(w1_values, w2_values, x, y):
    def height(w1, w2):
        return np.average(np.square(w1 * (w2 * x) - y))

    return np.array([[height(a, b) for b in w2_values] for a in w1_values])


# ---------------------------------------------------------------- DeepNarrowLNN.forward

PRODUCT = "np.prod(self.w) * x"


@chaff_edit(FORWARD, "forward_values", PRODUCT, "np.sum(self.w) * x")
def forward_sum_of_weights():
    """weights added

    The weights follow each other, so they multiply; here they are added.
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "np.mean(self.w) * x")
def forward_mean_of_weights():
    """mean of the weights

    The mean of the weights stands where their product belongs.
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "np.prod(self.w)")
def forward_without_x():
    """factor x missing

    The input is missing: that is the slope of the line, one number for all x.
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "self.w[0] * x")
def forward_first_only():
    """only the first weight

    Only the first weight is used: the signal passes through all of them.
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "self.w[-1] * x")
def forward_last_only():
    """only the last weight

    Only the last weight counts: does every weight start from x again? Each goes on from what came before.
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "np.prod(self.w[1:]) * x")
def forward_without_first():
    """first weight left out

    The first weight is left out of the product.
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "np.prod(self.w[:-1]) * x")
def forward_without_last():
    """last weight left out

    The last weight is left out of the product: is the end of the range one too early?
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "self.w[0] ** len(self.w) * x")
def forward_power():
    """power of the first weight

    The first weight is used n times: the weights need not be equal.
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "np.abs(np.prod(self.w)) * x")
def forward_size_of_product():
    """sign lost

    The sign is lost: weights may be negative, and so may their product.
    """


@chaff_edit(
    FORWARD,
    "forward_values",
    "return np.prod(self.w) * x",
    "for w in self.w:\n        x = np.maximum(w * x, 0)\n    return x",
)
def forward_relu():
    """an added ReLU

    This net is linear: no activation stands between the weights.
    """


@chaff_edit(
    FORWARD,
    "forward_values",
    "return np.prod(self.w) * x",
    "for w in self.w:\n        x = np.tanh(w * x)\n    return x",
)
def forward_tanh():
    """an added tanh

    This net is linear: no activation stands between the two weights.
    """


@chaff_edit(
    FORWARD,
    "forward_values",
    "return np.prod(self.w) * x",
    "y = x\n    for w in self.w:\n        y = y * w * x\n    return y",
)
def forward_x_at_every_weight():
    """x at every weight

    x enters once, at the first weight; here it is multiplied in again at other weights.
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "np.sum(np.prod(self.w) * x)")
def forward_total():
    """sum over the samples

    One output for each x: nothing is summed.
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "np.cumprod(self.w)[:, None] * x")
def forward_all_signals():
    """signals of all the layers

    That is the signal behind every weight; the prediction is the last of them only.
    """


@chaff_edit(
    FORWARD, "forward_side_effects", "return np.prod(self.w) * x", "for w in self.w:\n        x *= w\n    return x"
)
def forward_writes_x():
    """in-place product

    x was changed in place: `x *= …` writes into the caller's array.
    """


@chaff_edit(
    FORWARD,
    ("forward_side_effects",),
    "return np.prod(self.w) * x",
    "if not hasattr(self, 'slope'):\n        self.slope = np.prod(self.w)\n    return self.slope * x",
)
def forward_stale():
    """product kept from the first call

    The prediction is that of old weights: the product was kept, and w has changed since.
    """


@chaff_edit(
    FORWARD,
    "forward_side_effects",
    "return np.prod(self.w) * x",
    "self.w[:] = np.cumprod(self.w)\n    return self.w[-1] * x",
)
def forward_writes_w():
    """weights overwritten by their products

    forward changed the weights: a prediction only reads them.
    """


@wheat_edit(FORWARD, "return np.prod(self.w) * x", "for w in self.w:\n        x = x * w\n    return x")
def forward_loop(): ...


@wheat_edit(FORWARD, PRODUCT, "x * np.multiply.reduce(self.w[::-1])")
def forward_last_first(): ...


@wheat_edit(FORWARD, PRODUCT, "np.array([v * self.w.prod() for v in x])")
def forward_list(): ...


@wheat_edit(FORWARD, PRODUCT, "np.outer(np.cumprod(self.w), x)[-1]")
def forward_cumprod(): ...


# ---------------------------------------------------------------- DeepNarrowLNN.dloss_dw

OUTER, CHAIN = "np.mean((self.forward(x) - y_true) * x)", "dloss_dslope * before * after"
DIVIDES = (
    "Where one weight is 0, its own slope is the product of the others, which a division by w cannot give. "
    "Multiply the others; nothing need be divided."
)


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "0.5 * dloss_dslope * before * after")
def gradient_half():
    """the one half kept, the factor 2 forgotten

    Half the expected slope. The square's factor 2 and the one half of the loss cancel.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "2 * dloss_dslope * before * after")
def gradient_double():
    """the one half ignored

    Twice the expected slope. There is a one half in this loss, and it takes the 2 away.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", "np.mean(", "np.sum(")
def gradient_sum():
    """sum for mean

    Off by exactly the number of samples: the loss is a mean, so its gradient is a mean too.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "dloss_dslope * before * after / len(x)")
def gradient_mean_twice():
    """divided by m twice

    Too small by exactly the number of samples: the mean has divided by it already.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", "self.forward(x) - y_true", "y_true - self.forward(x)")
def gradient_sign():
    """minus sign lost

    Right size, wrong direction. The error is the prediction minus the target.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", "(self.forward(x) - y_true) * x", "self.forward(x) - y_true")
def gradient_without_x():
    """factor x missing

    The factor x is missing: the derivative of s x by s is x.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", "(self.forward(x) - y_true) * x", "x")
def gradient_without_error():
    """derivative of the output only

    That is the slope of the output, not of the loss: the error is missing as a factor.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", "(self.forward(x) - y_true) * x", "-y_true * x")
def gradient_only_target():
    """prediction missing

    The error is the prediction minus the target; here the prediction is missing.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", OUTER, "np.mean(self.forward(x) - y_true) * np.mean(x)")
def gradient_product_of_means():
    """product of means

    Multiply sample by sample first, then take the mean: a mean of products is no product of means.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", OUTER, "((self.forward(x) - y_true) * x)[0]")
def gradient_one_sample():
    """one sample only

    Only the first sample is used; every sample pulls on the weights.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "np.full(len(self.w), dloss_dslope * np.prod(self.w))")
def gradient_own_weight_kept():
    """all the weights in every slope

    The weight itself still stands in its own slope: it is differentiated away, and only the others stay.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "np.full(len(self.w), dloss_dslope)")
def gradient_same_for_all():
    """only the slope by the product

    All the slopes are alike: the second step is missing, from the product s to the single weight.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "dloss_dslope")
def gradient_one_number():
    """one number for all the weights

    One number came back: that is the slope by the product s. Each weight has a slope of its own.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "dloss_dslope * before")
def gradient_before_only():
    """weights behind left out

    The weights that stand behind w[i] are missing in its slope; only those before it are there.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "dloss_dslope * after")
def gradient_after_only():
    """weights before left out

    The weights that stand before w[i] are missing in its slope; only those behind it are there.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "(dloss_dslope * before * after)[::-1]")
def gradient_backwards():
    """order reversed

    Right numbers in reverse order: entry 0 belongs to the weight next to the input.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "dloss_dslope * (np.sum(self.w) - self.w)")
def gradient_sum_of_others():
    """sum of the others

    The other weights multiply; here they are added.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "dloss_dslope * self.w")
def gradient_times_own_weight():
    """own weight for the others

    Each slope holds its own weight, where all the others belong.
    """


@chaff_edit(GRADIENT, "dloss_dw_zeros", CHAIN, "dloss_dslope * np.prod(self.w) / self.w", hint=DIVIDES)
def gradient_divides():
    """division by the weight"""


@chaff_edit(GRADIENT, "dloss_dw_zeros", CHAIN, "dloss_dslope * np.prod(self.w) / (self.w + 1e-9)", hint=DIVIDES)
def gradient_tiny_divisor():
    """slope 0 at a weight that is 0"""


@chaff_edit(GRADIENT, "dloss_dw_zeros", CHAIN, "dloss_dslope * np.nan_to_num(np.prod(self.w) / self.w)", hint=DIVIDES)
def gradient_nan_to_zero():
    """slope 0 at a weight that is 0"""


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "dloss_dslope * np.append(1, self.w[:-1]) * np.append(self.w[1:], 1)")
def gradient_of_neighbours():
    """neighbours only

    Only the weights next to w[i] stand in its slope; all the others belong there, near and far.
    """


@chaff_edit(
    GRADIENT,
    "dloss_dw_zeros",
    CHAIN,
    "dloss_dslope * np.prod(np.where(self.w == 0, 1e-12, self.w)) / np.where(self.w == 0, 1e-12, self.w)",
)
def gradient_tiny_weight():
    """zeros replaced by a tiny number

    Slopes that are exactly 0 come out as tiny numbers. Was a 0 replaced by something small? Multiply the other weights
    as they are.
    """


@chaff_edit(GRADIENT, "dloss_dw_side_effects", CHAIN, f"({CHAIN}).astype(np.float32)")
def gradient_single_precision():
    """float32

    The slopes are float32: everything here is float64.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, f"np.round({CHAIN}, 4)")
def gradient_rounded():
    """gradient rounded to four places

    Your code rounds the gradient to four places; it should return all its digits.
    """


@chaff_edit(
    GRADIENT, "dloss_dw_zeros", CHAIN, "dloss_dslope * np.prod(self.w[self.w != 0]) / np.where(self.w == 0, 1, self.w)"
)
def gradient_skips_zeros():
    """zeros left out of the products

    Weights that are 0 are left out of the products. They belong there: behind a 0 nothing arrives.
    """


@suspect(GRADIENT)
def gradient_by_central_differences(self, x, y_true):
    slopes, start = np.zeros(len(self.w)), self.w
    for i in range(len(start)):
        losses = []
        for step in (1e-6, -1e-6):
            self.w = start.copy()
            self.w[i] += step
            losses.append(self.loss(self.forward(x), y_true))
        slopes[i] = (losses[0] - losses[1]) / 2e-6
    self.w = start
    return slopes


@suspect(GRADIENT)
def gradient_by_differences_of_its_own(self, x, y_true):
    def loss_at(w):
        return 0.5 * np.mean((np.prod(w) * x - y_true) ** 2)

    here = np.array(self.w)
    moves = np.eye(len(here)) * 1e-5
    return np.array([(loss_at(here + move) - loss_at(here - move)) / 2e-5 for move in moves])


@chaff(GRADIENT, "dloss_dw_side_effects")
def gradient_moves_weights(self, x, y_true):
    """weights changed in dloss_dw

    dloss_dw only tells the slopes; moving the weights is the work of train.
    """
    outer = np.mean((self.forward(x) - y_true) * x)
    slopes = np.array([outer * np.prod(np.delete(self.w, i)) for i in range(len(self.w))])
    self.w = self.w - 0.01 * slopes
    return slopes


@chaff(GRADIENT, "dloss_dw_side_effects")
def gradient_accumulates(self, x, y_true):
    """gradients of earlier calls are added

    The second call remembers the first: start from zero in each call.
    """
    outer = np.mean((self.forward(x) - y_true) * x)
    slopes = np.array([outer * np.prod(np.delete(self.w, i)) for i in range(len(self.w))])
    self.slopes = getattr(self, "slopes", 0) + slopes
    return self.slopes


@chaff(GRADIENT, "dloss_dw_side_effects")
def gradient_in_a_buffer(self, x, y_true):
    """the same buffer returned in every call

    Your code returns its own buffer, so that the next call changes an earlier result; it should return a new array each
    time.
    """
    if not hasattr(self, "buffer"):
        self.buffer = np.zeros(len(self.w))
    outer = np.mean((self.forward(x) - y_true) * x)
    for i in range(len(self.w)):
        self.buffer[i] = outer * np.prod(np.delete(self.w, i))
    return self.buffer


@chaff(GRADIENT, "dloss_dw_side_effects")
def gradient_stale(self, x, y_true):
    """error kept from the first call

    Other samples give the same slopes: the error of the first call was kept. Compute it anew in each call.
    """
    if not hasattr(self, "outer"):
        self.outer = np.mean((self.forward(x) - y_true) * x)
    return np.array([self.outer * np.prod(np.delete(self.w, i)) for i in range(len(self.w))])


@chaff(GRADIENT, "dloss_dw_side_effects")
def gradient_old_weights(self, x, y_true):
    """products kept from the first call

    The slopes are those of old weights: the products were kept from the first call, and w has changed since.
    """
    if not hasattr(self, "others"):
        self.others = np.array([np.prod(np.delete(self.w, i)) for i in range(len(self.w))])
    return np.mean((self.forward(x) - y_true) * x) * self.others


@chaff(GRADIENT, "dloss_dw_side_effects")
def gradient_leaves_ones(self, x, y_true):
    """the last weight stays 1

    The weights are not what they were: each was set to 1 and not set back. Work on a copy.
    """
    outer, slopes, w = np.mean((self.forward(x) - y_true) * x), np.zeros(len(self.w)), self.w.copy()
    for i in range(len(w)):
        self.w[:] = w
        self.w[i] = 1
        slopes[i] = outer * np.prod(self.w)
    return slopes


@chaff(GRADIENT, "dloss_dw_side_effects")
def gradient_writes_samples(self, x, y_true):
    """in-place difference

    The samples were changed in place: `-=` and `*=` write into the caller's arrays.
    """
    y_true -= self.forward(x)
    return np.array([-np.mean(y_true * x) * np.prod(np.delete(self.w, i)) for i in range(len(self.w))])


@wheat(GRADIENT)
def gradient_delete(self, x, y_true):
    outer = (x @ (self.forward(x) - y_true)) / len(x)
    return outer * np.array([np.delete(self.w, i).prod() for i in range(self.w.size)])


@wheat(GRADIENT)
def gradient_table(self, x, y_true):
    n = len(self.w)
    others = np.where(np.eye(n, dtype=bool), 1.0, self.w).prod(axis=1)
    return others * np.average(x * (x * np.prod(self.w) - y_true))


@wheat(GRADIENT)
def gradient_backpropagation(self, x, y_true):
    signals = [x]
    for w in self.w:
        signals.append(signals[-1] * w)
    slopes, delta = np.zeros_like(self.w), (signals[-1] - y_true) / x.size
    for i in reversed(range(len(self.w))):
        slopes[i] = np.sum(delta * signals[i])
        delta = delta * self.w[i]
    return slopes


@wheat(GRADIENT)
def gradient_loops(self, x, y_true):
    slope = 1.0
    for w in self.w:
        slope *= w
    result = []
    for i in range(len(self.w)):
        others = 1.0
        for j, w in enumerate(self.w):
            if j != i:
                others *= w
        result.append(sum((slope * a - b) * a * others for a, b in zip(x, y_true)) / len(x))
    return np.array(result)


@wheat(GRADIENT)
def gradient_expanded(self, x, y_true):
    outer = np.prod(self.w) * np.mean(x**2) - np.mean(x * y_true)
    return np.array([outer * np.prod(self.w[:i]) * np.prod(self.w[i + 1 :]) for i in range(len(self.w))])


@wheat(GRADIENT)
def gradient_where_zero(self, x, y_true):
    outer = np.mean((self.forward(x) - y_true) * x)
    if np.all(self.w != 0):
        return outer * np.prod(self.w) / self.w
    slopes, zeros = np.zeros(len(self.w)), np.flatnonzero(self.w == 0)
    if len(zeros) == 1:
        slopes[zeros[0]] = outer * np.prod(self.w[self.w != 0])
    return slopes


# ---------------------------------------------------------------- DeepNarrowLNN.train

STEP = "self.w = self.w - lr * self.dloss_dw(x, y_true)"
RECORD = "losses.append(self.loss(self.forward(x), y_true))"
STOP = "        if not np.isfinite(losses[-1]):\n            break\n"


@chaff_edit(TRAIN, "train_trajectory", "self.w - lr", "self.w + lr")
def train_ascends():
    """ascent instead of descent

    The loss climbs: step against the gradient, with a minus.
    """


@chaff_edit(TRAIN, "train_trajectory", "lr * self", "self")
def train_without_rate():
    """learning rate ignored

    The learning rate is not used: each step is as long as the whole gradient.
    """


@chaff_edit(TRAIN, "train_trajectory", "self.w - lr", "-lr")
def train_assigns():
    """assignment instead of step

    The step is taken from the present weights; here they are replaced by the step.
    """


@chaff_edit(TRAIN, "train_trajectory", "lr * self", "lr / len(x) * self")
def train_divides_by_rows():
    """divided by m again

    The gradient is a mean already; dividing by the number of samples again makes the steps too short.
    """


@chaff_edit(TRAIN, "train_trajectory", "lr * self", "lr / n_ep * self")
def train_divides_by_epochs():
    """rate divided by the number of epochs

    The steps are too short by exactly the number of epochs; the rate is the same however many there are.
    """


@chaff_edit(TRAIN, ("train_trajectory", "convergence"), "lr * self.dloss_dw(x, y_true)", "lr * self.w")
def train_weight_for_gradient():
    """w for dw

    Your code takes the weights where the gradient belongs; it should step by lr times dloss_dw.
    """


@chaff_edit(TRAIN, "train_trajectory", "lr * self", "2 * lr * self")
def train_doubles():
    """step twice as long

    Each step is twice as long as the learning rate says.
    """


@chaff_edit(TRAIN, "train_trajectory", "self.dloss_dw(x, y_true)", "np.sign(self.dloss_dw(x, y_true))")
def train_sign_only():
    """sign step

    The step is the learning rate times the gradient, not its sign only.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "slopes = self.dloss_dw(x, y_true)\n        self.w = self.w - lr * slopes / np.linalg.norm(slopes)",
)
def train_unit_gradient():
    """gradient normalised

    All the steps are of one length: the gradient was divided by its size.
    """


@chaff_edit(TRAIN, "train_trajectory", STEP, STEP + "\n        lr = lr * 0.99")
def train_decays():
    """decaying rate

    The learning rate changes from epoch to epoch; it is the same in all of them.
    """


@chaff_edit(TRAIN, "train_trajectory", STEP, f"lr = lr / 2 if losses[-1] > losses[0] else lr\n        {STEP}")
def train_adapts_the_rate():
    """rate adapted to the loss

    The learning rate is made smaller where the loss rises; it is the same in all the epochs.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "for i in reversed(range(len(self.w))):\n            self.w[i] -= lr * self.dloss_dw(x, y_true)[i]",
)
def train_sequential_backwards():
    """sequential update, the last weight first

    All the slopes belong to the weights before the step: compute them all, then move all the weights.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "outer = np.mean((self.forward(x) - y_true) * x)\n        for i in range(len(self.w)):\n"
    "            self.w[i] -= lr * outer * np.prod(np.delete(self.w, i))",
)
def train_sequential_same_error():
    """new weights in the slopes of the next

    The slopes of the later weights already hold the new ones: compute all the slopes, then move all the weights.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "outer = np.mean((self.forward(x) - y_true) * x)\n        for i in reversed(range(len(self.w))):\n"
    "            self.w[i] -= lr * outer * np.prod(np.delete(self.w, i))",
)
def train_sequential_same_error_backwards():
    """new weights in the slopes of the previous

    The slopes of the earlier weights already hold the new ones: compute all the slopes, then move all the weights.
    """


@chaff_edit(TRAIN, "train_trajectory", "lr * self.dloss_dw(x, y_true)", "lr * np.clip(self.dloss_dw(x, y_true), -1, 1)")
def train_clips():
    """slopes clipped at 1

    Large slopes are cut off at 1; the step is the rate times the slope as it is.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "for i in range(len(self.w)):\n            self.w[i] -= lr * self.dloss_dw(x, y_true)[i]",
)
def train_sequential():
    """sequential update

    All the slopes belong to the weights before the step: compute them all, then move all the weights.
    """


@chaff_edit(TRAIN, "train_trajectory", STEP, "self.w[0] -= lr * self.dloss_dw(x, y_true)[0]")
def train_first_weight():
    """only the first weight

    Only the first weight moves; the others have slopes too.
    """


@chaff_edit(TRAIN, "train_trajectory", STEP, "self.w[-1] -= lr * self.dloss_dw(x, y_true)[-1]")
def train_last_weight():
    """only the last weight

    Only the last weight moves; the others have slopes too.
    """


@chaff_edit(TRAIN, "train_trajectory", "self.dloss_dw(x, y_true)", "np.mean(self.dloss_dw(x, y_true))")
def train_mean_gradient():
    """mean of the slopes

    All the weights move by the same amount; each has a slope of its own.
    """


@chaff_edit(TRAIN, "train_trajectory", STEP, "self.dloss_dw(x, y_true)")
def train_never_moves():
    """no step

    The loss stays as it is: the weights never move.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    ("losses = []", STEP),
    ("losses, slopes = [], self.dloss_dw(x, y_true)", "self.w = self.w - lr * slopes"),
)
def train_old_gradient():
    """gradient outside the loop

    Every step uses the gradient of the start: it belongs inside the loop.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "k = len(losses) % len(x)\n        self.w = self.w - lr * self.dloss_dw(x[k:k + 1], y_true[k:k + 1])",
)
def train_one_row():
    """one sample a step

    Each step uses one sample only; here all of them pull together.
    """


@chaff_edit(TRAIN, "train_trajectory", RECORD, "losses.append(np.mean((self.forward(x) - y_true) ** 2))")
def train_whole_square():
    """one half missing in the record

    The recorded losses are twice the loss: this one has one half. Use self.loss.
    """


@chaff_edit(TRAIN, "train_trajectory", "np.array(losses)", "losses[-1]")
def train_last_loss():
    """only the last loss

    Only the last loss came back; each epoch has one.
    """


@chaff_edit(TRAIN, "train_trajectory", "np.array(losses)", "self.w")
def train_returns_weights():
    """weights returned

    The weights came back; train returns the losses.
    """


@chaff_edit(TRAIN, "train_trajectory", "    return np.array(losses)", "    losses = np.array(losses)")
def train_returns_nothing():
    """no return

    Nothing came back: is the return missing?
    """


@chaff_edit(TRAIN, "train_trajectory", STEP, STEP + "\n        return np.array(losses)")
def train_returns_early():
    """return inside the loop

    Only one epoch is run: the return stands inside the loop.
    """


@chaff_edit(TRAIN, "train_trajectory", "range(n_ep)", "range(1, n_ep)")
def train_one_short():
    """one epoch too few

    One epoch is missing: n_ep epochs give n_ep losses.
    """


@chaff_edit(TRAIN, "train_trajectory", "range(n_ep)", "range(n_ep + 1)")
def train_one_more():
    """one epoch too many

    There is one epoch too many: n_ep epochs give n_ep losses, the last step follows the last of them.
    """


@chaff_edit(TRAIN, "train_trajectory", "    return np", f"    {RECORD}\n    return np")
def train_final_loss():
    """a loss behind the last step

    There is one loss too many: none is recorded behind the last step.
    """


@chaff_edit(TRAIN, "train_trajectory", STEP, f"if len(losses) < n_ep:\n            {STEP}")
def train_without_last_step():
    """last step missing

    The losses are right, the weights lack the last step: n_ep epochs are n_ep steps.
    """


@chaff_edit(
    TRAIN, "train_trajectory", "not np.isfinite(losses[-1])", "not np.isfinite(losses[-1]) or losses[-1] < 0.01"
)
def train_stops_when_small():
    """early stop

    The run ends as soon as the loss is small; only a loss that is not finite ends it.
    """


@chaff_edit(
    TRAIN, "train_stops", "not np.isfinite(losses[-1])", "not np.isfinite(losses[-1]) or losses[-1] > losses[0]"
)
def train_stops_when_rising():
    """stop where the loss rises

    The run ends as soon as the loss rises, while it still is finite. Only inf or nan ends it.
    """


@chaff_edit(TRAIN, "train_stops", "not np.isfinite(losses[-1])", "not losses[-1] < 1e6")
def train_stops_when_large():
    """stop at a large loss

    The run ends at a loss that is large, but finite. Only inf or nan ends it.
    """


@chaff_edit(TRAIN, "train_stops", STOP, "")
def train_goes_on():
    """no stop

    The run goes on with losses that are inf or nan; the first of them ends it.
    """


@chaff_edit(TRAIN, "train_stops", "            break", "            continue")
def train_skips():
    """continue for break

    Something stands behind the first inf or nan: it is the last loss. `continue` skips only the step.
    """


@chaff_edit(TRAIN, "train_stops", "not np.isfinite(losses[-1])", "np.isnan(losses[-1])")
def train_stops_at_nan_only():
    """inf does not stop

    The run ends at nan, but not at inf, which comes before it.
    """


@chaff_edit(TRAIN, "train_stops", "not np.isfinite(losses[-1])", "np.isinf(losses[-1])")
def train_stops_at_inf_only():
    """nan does not stop

    The run ends at inf, but not at nan, which data can bring at once.
    """


@chaff_edit(
    TRAIN, "train_stops", STOP, "        if not np.isfinite(losses[-1]):\n            losses.pop()\n            break\n"
)
def train_drops_the_last():
    """last loss left out

    The loss that ends the run is missing: record it first, then stop.
    """


@chaff_edit(TRAIN, "train_stops", f"{STOP}        {STEP}", f"        {STEP}\n{STOP.rstrip()}")
def train_steps_once_more():
    """stop behind the step

    A step is taken after the last loss: stop before it, or the weights are spoiled.
    """


@chaff_edit(
    TRAIN, "train_side_effects", "losses = []", "losses = []\n    self.start = self.w = getattr(self, 'start', self.w)"
)
def train_resets():
    """weights reset at every call

    The second call starts over: it goes on from the weights that the first has found.
    """


@chaff_edit(TRAIN, "train_side_effects", "losses = []", "losses = self.losses = getattr(self, 'losses', [])")
def train_remembers():
    """losses of earlier calls kept

    The losses of the second call begin with those of the first: start with an empty list.
    """


@chaff_edit(TRAIN, "train_side_effects", "np.array(losses)", "np.array(losses, dtype=np.float32)")
def train_single_precision():
    """float32

    The losses are float32: everything here is float64.
    """


@chaff_edit(TRAIN, "train_side_effects", "losses = []", "losses = []\n    x -= 0.1")
def train_changes_samples():
    """samples moved in place

    The samples were changed in place: `-=` writes into the caller's arrays.
    """


@chaff(TRAIN, "train_trajectory")
def train_records_late(self, x, y_true, lr, n_ep):
    """loss recorded after the step

    The loss of an epoch is recorded before its step, not behind it.
    """
    losses = []
    for _ in range(n_ep):
        self.w = self.w - lr * self.dloss_dw(x, y_true)
        losses.append(self.loss(self.forward(x), y_true))
        if not np.isfinite(losses[-1]):
            break
    return np.array(losses)


@chaff(TRAIN, "train_trajectory")
def train_momentum(self, x, y_true, lr, n_ep):
    """momentum

    The step has a memory: plain gradient descent uses the present gradient only.
    """
    losses, velocity = [], 0
    for _ in range(n_ep):
        losses.append(self.loss(self.forward(x), y_true))
        if not np.isfinite(losses[-1]):
            break
        velocity = 0.9 * velocity + self.dloss_dw(x, y_true)
        self.w = self.w - lr * velocity
    return np.array(losses)


@chaff(TRAIN, ("train_trajectory", "convergence"))
def train_published_weights(self, x, y_true, lr, n_ep):
    """published weights

    Your code sets the weights to a result that is known; it should compute them, from the samples that it is given.
    """
    losses = []
    for _ in range(n_ep):
        losses.append(self.loss(self.forward(x), y_true))
        if not np.isfinite(losses[-1]):
            break
        self.w = np.full(len(self.w), 2 ** (1 / len(self.w)))
    return np.array(losses)


@chaff(TRAIN, ("train_trajectory", "convergence"))
def train_invented_curve(self, x, y_true, lr, n_ep):
    """invented losses

    Your code makes up a curve that falls; it should record the loss that the weights have in each epoch.
    """
    for _ in range(n_ep):
        if np.isfinite(self.loss(self.forward(x), y_true)):
            self.w = self.w - lr * self.dloss_dw(x, y_true)
    return np.geomspace(0.6, 0.004, n_ep)


@chaff(TRAIN, ("train_trajectory", "convergence"))
def train_published_weights_and_curve(self, x, y_true, lr, n_ep):
    """published weights and invented losses

    Your code sets the weights to a result that is known, and makes up a curve; it should compute both, from the samples
    that it is given.
    """
    self.w = np.full(len(self.w), 2 ** (1 / len(self.w)))
    return np.geomspace(0.6, 0.005, n_ep)


@chaff(TRAIN, "train_trajectory")
def train_forgets(self, x, y_true, lr, n_ep):
    """trained weights thrown away

    The net forgets what it learned: leave the new weights in self.w.
    """
    losses, start = [], self.w
    for _ in range(n_ep):
        losses.append(self.loss(self.forward(x), y_true))
        if not np.isfinite(losses[-1]):
            break
        self.w = self.w - lr * self.dloss_dw(x, y_true)
    self.w = start
    return np.array(losses)


@chaff(TRAIN, "train_stops")
def train_leaves_zeros(self, x, y_true, lr, n_ep):
    """zeros behind the last loss

    Behind the loss that ends the run stand places that were never filled: cut them off.
    """
    losses = np.zeros(n_ep)
    for epoch in range(n_ep):
        losses[epoch] = self.loss(self.forward(x), y_true)
        if not np.isfinite(losses[epoch]):
            break
        self.w = self.w - lr * self.dloss_dw(x, y_true)
    return losses


@wheat(TRAIN)
def train_in_place(self, x, y_true, lr, n_ep):
    losses = np.empty(n_ep)
    for epoch in range(n_ep):
        losses[epoch] = loss = self.loss(self.forward(x), y_true)
        if np.isnan(loss) or np.isinf(loss):
            return losses[: epoch + 1]
        self.w -= lr * self.dloss_dw(x, y_true)
    return losses


@wheat(TRAIN)
def train_alone(self, x, y_true, lr, n_ep):
    losses = np.zeros(0)
    while len(losses) < n_ep and np.isfinite(losses).all():
        error = np.prod(self.w) * x - y_true
        losses = np.append(losses, (error @ error) / (2 * len(x)))
        if np.isfinite(losses[-1]):
            others = np.array([np.prod(np.delete(self.w, i)) for i in range(len(self.w))])
            self.w = self.w - lr * np.mean(error * x) * others
    return losses


@wheat(TRAIN)
def train_by_generator(self, x, y_true, lr, n_ep):
    def epochs():
        for _ in range(n_ep):
            loss, slopes = self.loss(self.forward(x), y_true), self.dloss_dw(x, y_true)
            yield loss
            if not np.isfinite(loss):
                return
            self.w = np.array([w - lr * slope for w, slope in zip(self.w, slopes)])

    return np.array(list(epochs()))


# ---------------------------------------------------------------- what was given


@chaff_edit(START, "train_side_effects", "np.array(init_ws, dtype=float)", "np.asarray(init_ws, dtype=float)")
def start_not_copied():
    """start not copied

    The net works on the caller's own array: __init__ copied it, and has to.
    """


@chaff_edit(
    START, "train_side_effects", "np.array(init_ws, dtype=float)", "np.asarray(init_ws, dtype=float).reshape(-1)"
)
def start_reshaped():
    """a reshaped view of the start

    The net works on the caller's own array: __init__ copied it, and has to.
    """


@chaff_edit(
    NET,
    "train_side_effects",
    ("np.array(init_ws, dtype=float)", STEP),
    ("np.asarray(init_ws, dtype=float)", "self.w -= lr * self.dloss_dw(x, y_true)"),
)
def start_written_to():
    """start not copied and stepped in place

    The caller's array was trained with the net: `-=` writes into it, as __init__ no longer copies it.
    """


@chaff_edit(LOSS, "train_trajectory", "0.5 * np.mean", "np.mean")
def loss_without_half():
    """the given loss changed

    The recorded losses are twice the loss: this one has one half. Use self.loss.
    """


@wheat(START)
def start_copied_later(self, init_ws):
    self.w = np.asarray(init_ws, dtype=np.float64).copy()


@wheat(LOSS)
def loss_as_dot(self, y_prediction, y_true):
    if np.shape(y_prediction) != np.shape(y_true):
        raise ValueError("the shapes differ")
    error = y_true - y_prediction
    return error @ error / (2 * len(error))


# ---------------------------------------------------------------- epochs_to_converge

BELOW = "~(np.asarray(losses) < threshold)"


@chaff_edit("epochs_to_converge", "epochs_values", "int(not_yet[-1]) + 1", "int(not_yet[-1])")
def epochs_last_above():
    """last epoch above the threshold

    One too early: that is the last epoch whose loss is not below the threshold; the next is asked for.
    """


@chaff_edit("epochs_to_converge", "epochs_values", "return first if", "return first + 1 if")
def epochs_from_one():
    """counted from 1

    One too late: epochs count from 0.
    """


@chaff_edit("epochs_to_converge", "epochs_values", "< threshold", "< 0.01")
def epochs_ignore_threshold():
    """threshold ignored

    The argument threshold is not used; .01 stands in its place.
    """


@chaff_edit("epochs_to_converge", "epochs_values", "threshold=0.01", "threshold=0.1")
def epochs_another_default():
    """another default

    Without a threshold .01 is meant; here it is another one.
    """


@chaff_edit("epochs_to_converge", "epochs_values", "< threshold", "> threshold")
def epochs_above():
    """comparison reversed

    The comparison is the wrong way round: converged losses lie below the threshold.
    """


@chaff_edit("epochs_to_converge", "epochs_edges", "< threshold", "<= threshold")
def epochs_equal_counts():
    """<= for <

    A loss equal to the threshold is not below it.
    """


@chaff_edit("epochs_to_converge", "epochs_edges", BELOW, "np.asarray(losses) >= threshold")
def epochs_nan_counts():
    """nan taken as below

    A nan counts as converged here: it is neither below the threshold nor above it. Ask for what is below.
    """


@chaff_edit("epochs_to_converge", "epochs_edges", "first if first < len(losses) else None", "first")
def epochs_number_for_never():
    """number of epochs for never

    A run that never converges gives None; here it gives the number of its epochs.
    """


@chaff_edit("epochs_to_converge", "epochs_edges", "else None", "else -1")
def epochs_minus_one():
    """-1 for never

    A run that never converges gives None; here it gives a number.
    """


@chaff_edit("epochs_to_converge", "epochs_edges", "else None", "else 0")
def epochs_zero_for_never():
    """0 for never

    A run that never converges gives None; here it gives 0, as if it had from the start.
    """


@chaff_edit("epochs_to_converge", "epochs_edges", "else None", "else float('nan')")
def epochs_nan_for_never():
    """nan for never

    A run that never converges gives None; here it gives a number.
    """


@chaff_edit("epochs_to_converge", "epochs_edges", "else None", "else np.inf")
def epochs_inf_for_never():
    """inf for never

    A run that never converges gives None; here it gives a number.
    """


@chaff_edit(
    "epochs_to_converge",
    "epochs_edges",
    "return first if first < len(losses)",
    "return first if first and first < len(losses)",
)
def epochs_zero_is_false():
    """0 taken as false

    Below from the start is epoch 0, not None: 0 counts as false where a truth is asked for.
    """


@chaff_edit("epochs_to_converge", "epochs_values", "return first if first < len(losses) else None", "print(first)")
def epochs_returns_nothing():
    """no return

    Nothing came back: is the return missing?
    """


@chaff("epochs_to_converge", "epochs_values")
def epochs_first_dip(losses, threshold=0.01):
    """first loss below the threshold

    That is the first epoch below the threshold, but the loss may rise again: all that follow must be below it.
    """
    for epoch, loss in enumerate(losses):
        if loss < threshold:
            return epoch
    return None


@chaff("epochs_to_converge", "epochs_values")
def epochs_count(losses, threshold=0.01):
    """number of losses below the threshold

    That is how many losses are below the threshold; the question is from which epoch on.
    """
    below = int(np.sum(np.asarray(losses) < threshold))
    return below or None


@chaff("epochs_to_converge", "epochs_values")
def epochs_count_above(losses, threshold=0.01):
    """number of losses that are not below the threshold

    That is how many losses are not below the threshold. Where the loss rises again, the dip before counts too.
    """
    above = sum(not loss < threshold for loss in losses)
    return above if above < len(losses) and losses[-1] < threshold else None


@chaff("epochs_to_converge", "epochs_values")
def epochs_from_the_end(losses, threshold=0.01):
    """length of the last stretch below the threshold

    Counted from the end: the epochs that are below, where the first of them is asked for.
    """
    count = 0
    for loss in list(losses)[::-1]:
        if not loss < threshold:
            break
        count += 1
    return count or None


@chaff("epochs_to_converge", "epochs_values")
def epochs_last_below(losses, threshold=0.01):
    """last loss below the threshold

    That is the last epoch below the threshold; the first one from which on all are below is asked for.
    """
    below = np.flatnonzero(np.asarray(losses) < threshold)
    return int(below[-1]) if below.size and below[-1] == len(losses) - 1 else None


@chaff("epochs_to_converge", "epochs_values")
def epochs_of_minimum(losses, threshold=0.01):
    """epoch of the smallest loss

    That is the epoch of the smallest loss; the threshold decides, not the minimum.
    """
    return int(np.nanargmin(losses)) if len(losses) and losses[-1] < threshold else None


@chaff("epochs_to_converge", "epochs_values")
def epochs_of_small_change(losses, threshold=0.01):
    """first change below the threshold

    That asks whether the loss stops changing; what counts is whether it is below the threshold.
    """
    for epoch in range(1, len(losses)):
        if abs(losses[epoch] - losses[epoch - 1]) < threshold:
            return epoch
    return None


@chaff("epochs_to_converge", "epochs_values")
def epochs_gives_up(losses, threshold=0.01):
    """None as soon as the loss rises again

    A run that rises again counts as one that never converges; it may still come down for good later.
    """
    below = np.asarray(losses) < threshold
    first = int(np.argmax(below)) if below.any() else None
    return first if first is not None and below[first:].all() else None


@chaff("epochs_to_converge", "epochs_edges")
def epochs_ignore_the_end(losses, threshold=0.01):
    """start of the last stretch below, wherever it ends

    A run whose last loss is high has not converged, however low it was in between.
    """
    below = [bool(loss < threshold) for loss in losses]
    starts = [i for i, now in enumerate(below) if now and (i == 0 or not below[i - 1])]
    return starts[-1] if starts else None


@chaff("epochs_to_converge", "epochs_values")
def epochs_first_dip_of_converged(losses, threshold=0.01):
    """first loss below the threshold, where the last one is too

    That is the first epoch below the threshold, but the loss may rise again: all that follow must be below it.
    """
    below = np.asarray(losses) < threshold
    return int(np.argmax(below)) if below.size and below[-1] else None


@chaff("epochs_to_converge", "epochs_edges")
def epochs_any_nan(losses, threshold=0.01):
    """None as soon as there is a nan

    A nan on the way does not spoil a run that ends below the threshold: what counts is what follows it.
    """
    not_yet = np.flatnonzero(~(np.asarray(losses) < threshold))
    first = int(not_yet[-1]) + 1 if not_yet.size else 0
    return first if first < len(losses) and not np.isnan(losses).any() else None


@chaff("epochs_to_converge", "epochs_edges")
def epochs_cleans_in_place(losses, threshold=0.01):
    """nan filled in the caller's losses

    The caller's losses were changed: fill in or turn round a copy.
    """
    if not isinstance(losses, list):
        losses[np.isnan(losses)] = np.inf
    for epoch in range(len(losses)):
        if all(loss < threshold for loss in losses[epoch:]):
            return epoch
    return None


@chaff("epochs_to_converge", "epochs_edges")
def epochs_of_nothing(losses, threshold=0.01):
    """0 for a run without losses

    A run without losses has not converged: of nothing, all is below.
    """
    not_yet = [epoch for epoch, loss in enumerate(losses) if not loss < threshold]
    first = not_yet[-1] + 1 if not_yet else 0
    return None if not_yet and first == len(losses) else first


@wheat("epochs_to_converge")
def epochs_all_that_follow(losses, threshold=0.01):
    for epoch in range(len(losses)):
        if all(loss < threshold for loss in losses[epoch:]):
            return epoch
    return None


@wheat("epochs_to_converge")
def epochs_backwards(losses, threshold=0.01):
    answer = None
    for epoch in range(len(losses) - 1, -1, -1):
        if not losses[epoch] < threshold:
            break
        answer = epoch
    return answer


@wheat("epochs_to_converge")
def epochs_one_pass(losses, threshold=0.01):
    since = None
    for epoch, loss in enumerate(losses):
        if not loss < threshold:
            since = None
        elif since is None:
            since = epoch
    return since


@wheat("epochs_to_converge")
def epochs_cumulative(losses, threshold=0.01):
    below = np.array(losses) < threshold
    from_here_on = np.logical_and.accumulate(below[::-1])[::-1]
    return np.argmax(from_here_on) if from_here_on.any() else None


@wheat("epochs_to_converge")
def epochs_as_numpy_integer(losses, threshold=0.01):
    below = np.asarray(losses) < threshold
    if not below.size or not below[-1]:
        return None
    return np.int64(0) if below.all() else np.flatnonzero(~below)[-1] + 1


# ---------------------------------------------------------------- whole runs and questions

CUT_SHORT = "Not all the n_ep epochs are run: nothing ends the training but a loss that is not finite."


@chaff_edit(
    TRAIN,
    "convergence",
    "not np.isfinite(losses[-1])",
    "not np.isfinite(losses[-1]) or len(losses) > 50 and losses[-1] > 0.99 * losses[-2]",
    hint=CUT_SHORT,
)
def train_gives_up():
    """stop on a plateau"""


@chaff_edit(TRAIN, "convergence", "range(n_ep)", "range(min(n_ep, 100))", hint=CUT_SHORT)
def train_at_most_100():
    """number of epochs limited"""


DEPTHS = "Compare the numbers of epochs in the list of section 4; what is asked for is the number of hidden neurons."
RATES = "Look at the list of section 5, in the row of 50 weights: the first number behind the colon is the rate."
STARTS = "A None in the list of section 6 says that the run did not converge; of the others, take the smallest start."


@chaff_edit("fastest_depth", "fastest_depth", "return 10", "return 0", hint=DEPTHS)
def depth_0():
    """the plain line"""


@chaff_edit("fastest_depth", "fastest_depth", "return 10", "return 5", hint=DEPTHS)
def depth_5():
    """a chain of 5"""


@chaff_edit("fastest_depth", "fastest_depth", "return 10", "return 25", hint=DEPTHS)
def depth_25():
    """a chain of 25"""


@chaff_edit("fastest_depth", "fastest_depth", "return 10", "return 50")
def depth_50():
    """deeper is always faster

    The deepest chain starts on a plateau, which takes its time: compare the numbers of section 4.
    """


@chaff_edit("fastest_depth", "fastest_depth", "return 10", "return 11", hint=DEPTHS)
def depth_11():
    """number of weights for hidden neurons"""


@chaff_edit("fastest_depth", "fastest_depth", "return 10", "return 57")
def depth_57():
    """epochs for hidden neurons

    That is a number of epochs; what is asked for is the number of hidden neurons that needed it.
    """


@chaff_edit("best_rate_for_50_weights", "best_rate_for_50_weights", "return 0.025", "return 0.095")
def rate_0_095():
    """the highest rate

    The highest rate is the best for short chains only; look in the row of 50 weights.
    """


@chaff_edit("best_rate_for_50_weights", "best_rate_for_50_weights", "return 0.025", "return 0.03")
def rate_0_03():
    """a rate that jumps

    A rate at which the loss keeps jumping does not converge; look in the row of 50 weights.
    """


@chaff_edit("best_rate_for_50_weights", "best_rate_for_50_weights", "return 0.025", "return 0.02", hint=RATES)
def rate_0_02():
    """the rate of 60 weights"""


@chaff_edit("best_rate_for_50_weights", "best_rate_for_50_weights", "return 0.025", "return 0.035", hint=RATES)
def rate_0_035():
    """the rate of 40 weights"""


@chaff_edit("best_rate_for_50_weights", "best_rate_for_50_weights", "return 0.025", "return 190")
def rate_190():
    """epochs for a rate

    That is a number of epochs; what is asked for is the learning rate that needed it.
    """


@chaff_edit("smallest_starting_weight", "smallest_starting_weight", "return 0.75", "return 0.7", hint=STARTS)
def start_0_7():
    """a start that does not converge"""


@chaff_edit("smallest_starting_weight", "smallest_starting_weight", "return 0.75", "return 0.8", hint=STARTS)
def start_0_8():
    """not the smallest start"""


@chaff_edit("smallest_starting_weight", "smallest_starting_weight", "return 0.75", "return 1.05")
def start_1_05():
    """the fastest start

    That start is the fastest; what is asked for is the smallest that converges at all.
    """


@chaff_edit("smallest_starting_weight", "smallest_starting_weight", "return 0.75", "return 241")
def start_241():
    """epochs for a start

    That is a number of epochs; what is asked for is the start that needed it.
    """


@wheat_edit("fastest_depth", "return 10", "return 10.0")
def depth_right_0(): ...


@wheat_edit("fastest_depth", "return 10", "return np.int64(10)")
def depth_right_1(): ...


@wheat_edit("fastest_depth", "return 10", "return [0, 5, 10, 25, 50][2]")
def depth_right_2(): ...


@wheat_edit("best_rate_for_50_weights", "return 0.025", "return np.float64(0.025)")
def rate_right_0(): ...


@wheat_edit("best_rate_for_50_weights", "return 0.025", "return 5 * 0.005")
def rate_right_1(): ...


@wheat_edit("best_rate_for_50_weights", "return 0.025", "return 1 / 40")
def rate_right_2(): ...


@wheat_edit("smallest_starting_weight", "return 0.75", "return 3 / 4")
def start_right_0(): ...


@wheat_edit("smallest_starting_weight", "return 0.75", "return np.float64(0.75)")
def start_right_1(): ...


@wheat_edit("smallest_starting_weight", "return 0.75", "return 0.7 + 0.05")
def start_right_2(): ...
