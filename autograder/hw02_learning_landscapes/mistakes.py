"""Known mistakes and right variants of hw02_learning_landscapes."""
# ruff: noqa: F821 (the functions are compiled in the notebook's namespace)

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

MISTAKES_IN_THE_GRID = [
    chaff_edit("grid_half", "loss_grid", "np.mean(", "0.5 * np.mean(", "loss_grid_values",
               "Half of what is expected. The loss of two weights has no one half; that comes with the long chains.",
               "an extra one half"),
    chaff_edit("grid_sum", "loss_grid", "np.mean(", "np.sum(", "loss_grid_values",
               "Off by exactly the number of samples: the sum of the squares, where their mean is asked for.",
               "sum for mean"),
    chaff_edit("grid_root", "loss_grid", "np.mean(residuals**2, axis=-1)", "np.sqrt(np.mean(residuals**2, axis=-1))",
               "loss_grid_values", "That is the root of the mean squared error; leave the root out.",
               "root of the mean"),
    chaff_edit("grid_absolute", "loss_grid", "residuals**2", "np.abs(residuals)", "loss_grid_values",
               "The differences are not squared: that is the mean absolute error.", "absolute error"),
    chaff_edit("grid_square_of_mean", "loss_grid", "np.mean(residuals**2, axis=-1)", "np.mean(residuals, axis=-1) ** 2",
               "loss_grid_values", "Square each difference first, then take the mean.", "square of the mean"),
    chaff_edit("grid_logarithm", "loss_grid", "np.mean(residuals**2, axis=-1)",
               "np.log(np.mean(residuals**2, axis=-1))", "loss_grid_values",
               "That is the logarithm of the loss. Only the picture takes it, and it does so by itself.",
               "logarithm of the loss"),
    chaff_edit("grid_weights_added", "loss_grid", "np.outer(", "np.add.outer(", "loss_grid_values",
               "The weights follow each other, so they multiply; here they are added.",
               "weights added"),
    chaff_edit("grid_first_weight_only", "loss_grid", "np.outer(w1_values, w2_values)",
               "np.outer(w1_values, np.ones(len(w2_values)))", "loss_grid_values",
               "All the columns are alike: the prediction does not see w2.", "w2 not used"),
    chaff_edit("grid_second_weight_only", "loss_grid", "np.outer(w1_values, w2_values)",
               "np.outer(np.ones(len(w1_values)), w2_values)", "loss_grid_values",
               "All the rows are alike: the prediction does not see w1.", "w1 not used"),
    chaff_edit("grid_plus", "loss_grid", "* x - y", "* x + y", "loss_grid_values",
               "The error is a difference; here prediction and target are added.", "sum of prediction and target"),
    chaff_edit("grid_one_sample", "loss_grid", "residuals**2, axis=-1", "residuals[:, :, :1]**2, axis=-1",
               "loss_grid_values", "Only the first sample counts; the mean is over all of them.", "one sample only"),
    chaff_edit("grid_mean_over_weights", "loss_grid", "np.mean(residuals**2, axis=-1)",
               "np.sum(residuals**2, axis=-1) / slopes.size", "loss_grid_values",
               "The sum over the samples is divided by the number of pairs of weights; divide by that of samples.",
               "divided by the size of the grid"),
    chaff_edit("grid_one_number", "loss_grid", "residuals**2, axis=-1", "residuals**2", "loss_grid_values",
               "One number for the whole grid: take the mean over the samples only, and keep a loss for each pair.",
               "mean over everything"),
    chaff_edit("grid_flat", "loss_grid", "axis=-1)", "axis=-1).ravel()", "loss_grid_values",
               "The losses stand in one long row; the grid has a row for each w1 and a column for each w2.",
               "grid flattened"),
    chaff_edit("grid_reshaped", "loss_grid", "axis=-1)", "axis=-1).T.reshape(len(w1_values), len(w2_values))",
               "loss_grid_values",
               "Right numbers, wrong places: a reshape does not bring rows and columns in order.",
               "reshape for transpose"),
    chaff_edit("grid_without_x", "loss_grid", "* x - y", "- y", "loss_grid_values",
               "The input is missing: the prediction is w1 w2 x.", "factor x missing"),
    chaff_edit("grid_same_weights", "loss_grid", "np.outer(w1_values, w2_values)", "np.outer(w1_values, w1_values)",
               "loss_grid_values", "w1_values is used along both sides of the grid; the columns belong to w2_values.",
               "w1 along both sides"),
]  # fmt: skip


@chaff(
    "loss_grid",
    "loss_grid_values",
    "Rows and columns are exchanged: rows go with w1. np.meshgrid does it the other way round unless it is told.",
)
def grid_transposed(w1_values, w2_values, x, y):
    """meshgrid's default indexing"""
    w1, w2 = np.meshgrid(w1_values, w2_values)
    return np.mean(((w1 * w2)[:, :, None] * x - y) ** 2, axis=2)


@chaff(
    "loss_grid",
    "loss_grid_values",
    "Only the diagonal is filled: every w1 belongs with every w2, not only with the one at the same place.",
)
def grid_diagonal(w1_values, w2_values, x, y):
    """pairs instead of a grid"""
    grid = np.zeros((len(w1_values), len(w2_values)))
    for i, (w1, w2) in enumerate(zip(w1_values, w2_values)):
        grid[i, i] = np.mean((w1 * w2 * x - y) ** 2)
    return grid


@chaff(
    "loss_grid",
    "loss_grid_side_effects",
    "Whole weights give whole losses: the grid took its dtype from the weights and cut the digits off.",
)
def grid_of_integers(w1_values, w2_values, x, y):
    """the grid has the dtype of the weights"""
    grid = np.zeros((len(w1_values), len(w2_values)), dtype=np.asarray(w1_values).dtype)
    for i, w1 in enumerate(w1_values):
        for j, w2 in enumerate(w2_values):
            grid[i, j] = np.mean((w1 * w2 * x - y) ** 2)
    return grid


@chaff("loss_grid", "loss_grid_side_effects", "Other targets give the same grid: it was kept from an earlier call.")
def grid_remembers(w1_values, w2_values, x, y):
    """grid kept from the first call of this shape"""
    kept = globals().setdefault("grids", {})
    shape = len(w1_values), len(w2_values)
    if shape not in kept:
        kept[shape] = np.mean((np.outer(w1_values, w2_values)[..., None] * x - y) ** 2, axis=-1)
    return kept[shape]


@chaff("loss_grid", "loss_grid_side_effects", "y was changed in place: `y -= …` writes into the caller's array.")
def grid_writes_y(w1_values, w2_values, x, y):
    """in-place difference"""
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
MISTAKES_IN_FORWARD = [
    chaff_edit("forward_sum_of_weights", FORWARD, PRODUCT, "np.sum(self.w) * x", "forward_values",
               "The weights follow each other, so they multiply; here they are added.", "weights added"),
    chaff_edit("forward_mean_of_weights", FORWARD, PRODUCT, "np.mean(self.w) * x", "forward_values",
               "The mean of the weights stands where their product belongs.", "mean of the weights"),
    chaff_edit("forward_without_x", FORWARD, PRODUCT, "np.prod(self.w)", "forward_values",
               "The input is missing: that is the slope of the line, one number for all x.", "factor x missing"),
    chaff_edit("forward_first_only", FORWARD, PRODUCT, "self.w[0] * x", "forward_values",
               "Only the first weight is used: the signal passes through all of them.", "only the first weight"),
    chaff_edit("forward_last_only", FORWARD, PRODUCT, "self.w[-1] * x", "forward_values",
               "Only the last weight counts: does every weight start from x again? Each goes on from what came before.",
               "only the last weight"),
    chaff_edit("forward_without_first", FORWARD, PRODUCT, "np.prod(self.w[1:]) * x", "forward_values",
               "The first weight is left out of the product.", "first weight left out"),
    chaff_edit("forward_without_last", FORWARD, PRODUCT, "np.prod(self.w[:-1]) * x", "forward_values",
               "The last weight is left out of the product: is the end of the range one too early?",
               "last weight left out"),
    chaff_edit("forward_power", FORWARD, PRODUCT, "self.w[0] ** len(self.w) * x", "forward_values",
               "The first weight is used n times: the weights need not be equal.", "power of the first weight"),
    chaff_edit("forward_size_of_product", FORWARD, PRODUCT, "np.abs(np.prod(self.w)) * x", "forward_values",
               "The sign is lost: weights may be negative, and so may their product.", "sign lost"),
    chaff_edit("forward_relu", FORWARD, "return np.prod(self.w) * x",
               "for w in self.w:\n        x = np.maximum(w * x, 0)\n    return x", "forward_values",
               "This net is linear: no activation stands between the weights.", "an added ReLU"),
    chaff_edit("forward_tanh", FORWARD, "return np.prod(self.w) * x",
               "for w in self.w:\n        x = np.tanh(w * x)\n    return x", "forward_values",
               "This net is linear: no activation stands between the two weights.", "an added tanh"),
    chaff_edit("forward_x_at_every_weight", FORWARD, "return np.prod(self.w) * x",
               "y = x\n    for w in self.w:\n        y = y * w * x\n    return y", "forward_values",
               "x enters once, at the first weight; here it is multiplied in again at other weights.",
               "x at every weight"),
    chaff_edit("forward_total", FORWARD, PRODUCT, "np.sum(np.prod(self.w) * x)", "forward_values",
               "One output for each x: nothing is summed.", "sum over the samples"),
    chaff_edit("forward_all_signals", FORWARD, PRODUCT, "np.cumprod(self.w)[:, None] * x", "forward_values",
               "That is the signal behind every weight; the prediction is the last of them only.",
               "signals of all the layers"),
    chaff_edit("forward_writes_x", FORWARD, "return np.prod(self.w) * x",
               "for w in self.w:\n        x *= w\n    return x", "forward_side_effects",
               "x was changed in place: `x *= …` writes into the caller's array.", "in-place product"),
    chaff_edit("forward_stale", FORWARD, "return np.prod(self.w) * x",
               "if not hasattr(self, 'slope'):\n        self.slope = np.prod(self.w)\n    return self.slope * x",
               ("forward_side_effects",),
               "The prediction is that of old weights: the product was kept, and w has changed since.",
               "product kept from the first call"),
    chaff_edit("forward_writes_w", FORWARD, "return np.prod(self.w) * x",
               "self.w[:] = np.cumprod(self.w)\n    return self.w[-1] * x", "forward_side_effects",
               "forward changed the weights: a prediction only reads them.", "weights overwritten by their products"),
]  # fmt: skip

RIGHT_FORWARDS = [
    wheat_edit("forward_loop", FORWARD, "return np.prod(self.w) * x",
               "for w in self.w:\n        x = x * w\n    return x"),
    wheat_edit("forward_last_first", FORWARD, PRODUCT, "x * np.multiply.reduce(self.w[::-1])"),
    wheat_edit("forward_list", FORWARD, PRODUCT, "np.array([v * self.w.prod() for v in x])"),
    wheat_edit("forward_cumprod", FORWARD, PRODUCT, "np.outer(np.cumprod(self.w), x)[-1]"),
]  # fmt: skip


# ---------------------------------------------------------------- DeepNarrowLNN.dloss_dw

OUTER, CHAIN = "np.mean((self.forward(x) - y_true) * x)", "dloss_dslope * before * after"
DIVIDES = ("Where one weight is 0, its own slope is the product of the others, which a division by w cannot give. "
           "Multiply the others; nothing need be divided.")  # fmt: skip
MISTAKES_IN_THE_GRADIENT = [
    chaff_edit("gradient_half", GRADIENT, CHAIN, "0.5 * dloss_dslope * before * after", "dloss_dw_values",
               "Half the expected slope. The square's factor 2 and the one half of the loss cancel.",
               "the one half kept, the factor 2 forgotten"),
    chaff_edit("gradient_double", GRADIENT, CHAIN, "2 * dloss_dslope * before * after", "dloss_dw_values",
               "Twice the expected slope. There is a one half in this loss, and it takes the 2 away.",
               "the one half ignored"),
    chaff_edit("gradient_sum", GRADIENT, "np.mean(", "np.sum(", "dloss_dw_values",
               "Off by exactly the number of samples: the loss is a mean, so its gradient is a mean too.",
               "sum for mean"),
    chaff_edit("gradient_mean_twice", GRADIENT, CHAIN, "dloss_dslope * before * after / len(x)", "dloss_dw_values",
               "Too small by exactly the number of samples: the mean has divided by it already.", "divided by m twice"),
    chaff_edit("gradient_sign", GRADIENT, "self.forward(x) - y_true", "y_true - self.forward(x)", "dloss_dw_values",
               "Right size, wrong direction. The error is the prediction minus the target.", "minus sign lost"),
    chaff_edit("gradient_without_x", GRADIENT, "(self.forward(x) - y_true) * x", "self.forward(x) - y_true",
               "dloss_dw_values", "The factor x is missing: the derivative of s x by s is x.", "factor x missing"),
    chaff_edit("gradient_without_error", GRADIENT, "(self.forward(x) - y_true) * x", "x", "dloss_dw_values",
               "That is the slope of the output, not of the loss: the error is missing as a factor.",
               "derivative of the output only"),
    chaff_edit("gradient_only_target", GRADIENT, "(self.forward(x) - y_true) * x", "-y_true * x", "dloss_dw_values",
               "The error is the prediction minus the target; here the prediction is missing.", "prediction missing"),
    chaff_edit("gradient_product_of_means", GRADIENT, OUTER, "np.mean(self.forward(x) - y_true) * np.mean(x)",
               "dloss_dw_values", "Multiply sample by sample first, then take the mean: a mean of products is no "
               "product of means.", "product of means"),
    chaff_edit("gradient_one_sample", GRADIENT, OUTER, "((self.forward(x) - y_true) * x)[0]", "dloss_dw_values",
               "Only the first sample is used; every sample pulls on the weights.", "one sample only"),
    chaff_edit("gradient_own_weight_kept", GRADIENT, CHAIN, "np.full(len(self.w), dloss_dslope * np.prod(self.w))",
               "dloss_dw_values",
               "The weight itself still stands in its own slope: it is differentiated away, and only the others stay.",
               "all the weights in every slope"),
    chaff_edit("gradient_same_for_all", GRADIENT, CHAIN, "np.full(len(self.w), dloss_dslope)", "dloss_dw_values",
               "All the slopes are alike: the second step is missing, from the product s to the single weight.",
               "only the slope by the product"),
    chaff_edit("gradient_one_number", GRADIENT, CHAIN, "dloss_dslope", "dloss_dw_values",
               "One number came back: that is the slope by the product s. Each weight has a slope of its own.",
               "one number for all the weights"),
    chaff_edit("gradient_before_only", GRADIENT, CHAIN, "dloss_dslope * before", "dloss_dw_values",
               "The weights that stand behind w[i] are missing in its slope; only those before it are there.",
               "weights behind left out"),
    chaff_edit("gradient_after_only", GRADIENT, CHAIN, "dloss_dslope * after", "dloss_dw_values",
               "The weights that stand before w[i] are missing in its slope; only those behind it are there.",
               "weights before left out"),
    chaff_edit("gradient_backwards", GRADIENT, CHAIN, "(dloss_dslope * before * after)[::-1]", "dloss_dw_values",
               "Right numbers in reverse order: entry 0 belongs to the weight next to the input.", "order reversed"),
    chaff_edit("gradient_sum_of_others", GRADIENT, CHAIN, "dloss_dslope * (np.sum(self.w) - self.w)",
               "dloss_dw_values", "The other weights multiply; here they are added.", "sum of the others"),
    chaff_edit("gradient_times_own_weight", GRADIENT, CHAIN, "dloss_dslope * self.w", "dloss_dw_values",
               "Each slope holds its own weight, where all the others belong.", "own weight for the others"),
    chaff_edit("gradient_divides", GRADIENT, CHAIN, "dloss_dslope * np.prod(self.w) / self.w", "dloss_dw_zeros",
               DIVIDES, "division by the weight"),
    chaff_edit("gradient_tiny_divisor", GRADIENT, CHAIN, "dloss_dslope * np.prod(self.w) / (self.w + 1e-9)",
               "dloss_dw_zeros", DIVIDES, "slope 0 at a weight that is 0"),
    chaff_edit("gradient_nan_to_zero", GRADIENT, CHAIN,
               "dloss_dslope * np.nan_to_num(np.prod(self.w) / self.w)", "dloss_dw_zeros", DIVIDES,
               "slope 0 at a weight that is 0"),
    chaff_edit("gradient_of_neighbours", GRADIENT, CHAIN,
               "dloss_dslope * np.append(1, self.w[:-1]) * np.append(self.w[1:], 1)", "dloss_dw_values",
               "Only the weights next to w[i] stand in its slope; all the others belong there, near and far.",
               "neighbours only"),
    chaff_edit("gradient_tiny_weight", GRADIENT, CHAIN,
               "dloss_dslope * np.prod(np.where(self.w == 0, 1e-12, self.w)) / np.where(self.w == 0, 1e-12, self.w)",
               "dloss_dw_zeros",
               "Slopes that are exactly 0 come out as tiny numbers. Was a 0 replaced by something small? "
               "Multiply the other weights as they are.", "zeros replaced by a tiny number"),
    chaff_edit("gradient_single_precision", GRADIENT, CHAIN, f"({CHAIN}).astype(np.float32)", "dloss_dw_side_effects",
               "The slopes are float32: everything here is float64.", "float32"),
    chaff_edit("gradient_rounded", GRADIENT, CHAIN, f"np.round({CHAIN}, 4)", "dloss_dw_values",
               "Your code rounds the gradient to four places; it should return all its digits.",
               "gradient rounded to four places"),
    chaff_edit("gradient_skips_zeros", GRADIENT, CHAIN,
               "dloss_dslope * np.prod(self.w[self.w != 0]) / np.where(self.w == 0, 1, self.w)", "dloss_dw_zeros",
               "Weights that are 0 are left out of the products. They belong there: behind a 0 nothing arrives.",
               "zeros left out of the products"),
]  # fmt: skip


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


@chaff(GRADIENT, "dloss_dw_side_effects", "dloss_dw only tells the slopes; moving the weights is the work of train.")
def gradient_moves_weights(self, x, y_true):
    """weights changed in dloss_dw"""
    outer = np.mean((self.forward(x) - y_true) * x)
    slopes = np.array([outer * np.prod(np.delete(self.w, i)) for i in range(len(self.w))])
    self.w = self.w - 0.01 * slopes
    return slopes


@chaff(GRADIENT, "dloss_dw_side_effects", "The second call remembers the first: start from zero in each call.")
def gradient_accumulates(self, x, y_true):
    """gradients of earlier calls are added"""
    outer = np.mean((self.forward(x) - y_true) * x)
    slopes = np.array([outer * np.prod(np.delete(self.w, i)) for i in range(len(self.w))])
    self.slopes = getattr(self, "slopes", 0) + slopes
    return self.slopes


@chaff(
    GRADIENT,
    "dloss_dw_side_effects",
    "Your code returns its own buffer, so that the next call changes an earlier result; it should return a new array "
    "each time.",
)
def gradient_in_a_buffer(self, x, y_true):
    """the same buffer returned in every call"""
    if not hasattr(self, "buffer"):
        self.buffer = np.zeros(len(self.w))
    outer = np.mean((self.forward(x) - y_true) * x)
    for i in range(len(self.w)):
        self.buffer[i] = outer * np.prod(np.delete(self.w, i))
    return self.buffer


@chaff(
    GRADIENT,
    "dloss_dw_side_effects",
    "Other samples give the same slopes: the error of the first call was kept. Compute it anew in each call.",
)
def gradient_stale(self, x, y_true):
    """error kept from the first call"""
    if not hasattr(self, "outer"):
        self.outer = np.mean((self.forward(x) - y_true) * x)
    return np.array([self.outer * np.prod(np.delete(self.w, i)) for i in range(len(self.w))])


@chaff(
    GRADIENT,
    "dloss_dw_side_effects",
    "The slopes are those of old weights: the products were kept from the first call, and w has changed since.",
)
def gradient_old_weights(self, x, y_true):
    """products kept from the first call"""
    if not hasattr(self, "others"):
        self.others = np.array([np.prod(np.delete(self.w, i)) for i in range(len(self.w))])
    return np.mean((self.forward(x) - y_true) * x) * self.others


@chaff(
    GRADIENT,
    "dloss_dw_side_effects",
    "The weights are not what they were: each was set to 1 and not set back. Work on a copy.",
)
def gradient_leaves_ones(self, x, y_true):
    """the last weight stays 1"""
    outer, slopes, w = np.mean((self.forward(x) - y_true) * x), np.zeros(len(self.w)), self.w.copy()
    for i in range(len(w)):
        self.w[:] = w
        self.w[i] = 1
        slopes[i] = outer * np.prod(self.w)
    return slopes


@chaff(
    GRADIENT,
    "dloss_dw_side_effects",
    "The samples were changed in place: `-=` and `*=` write into the caller's arrays.",
)
def gradient_writes_samples(self, x, y_true):
    """in-place difference"""
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
MISTAKES_IN_TRAIN = [
    chaff_edit("train_ascends", TRAIN, "self.w - lr", "self.w + lr", "train_trajectory",
               "The loss climbs: step against the gradient, with a minus.", "ascent instead of descent"),
    chaff_edit("train_without_rate", TRAIN, "lr * self", "self", "train_trajectory",
               "The learning rate is not used: each step is as long as the whole gradient.", "learning rate ignored"),
    chaff_edit("train_assigns", TRAIN, "self.w - lr", "-lr", "train_trajectory",
               "The step is taken from the present weights; here they are replaced by the step.",
               "assignment instead of step"),
    chaff_edit("train_divides_by_rows", TRAIN, "lr * self", "lr / len(x) * self", "train_trajectory",
               "The gradient is a mean already; dividing by the number of samples again makes the steps too short.",
               "divided by m again"),
    chaff_edit("train_divides_by_epochs", TRAIN, "lr * self", "lr / n_ep * self", "train_trajectory",
               "The steps are too short by exactly the number of epochs; the rate is the same however many there are.",
               "rate divided by the number of epochs"),
    chaff_edit("train_weight_for_gradient", TRAIN, "lr * self.dloss_dw(x, y_true)", "lr * self.w",
               ("train_trajectory", "convergence"),
               "Your code takes the weights where the gradient belongs; it should step by lr times dloss_dw.",
               "w for dw"),
    chaff_edit("train_doubles", TRAIN, "lr * self", "2 * lr * self", "train_trajectory",
               "Each step is twice as long as the learning rate says.", "step twice as long"),
    chaff_edit("train_sign_only", TRAIN, "self.dloss_dw(x, y_true)", "np.sign(self.dloss_dw(x, y_true))",
               "train_trajectory", "The step is the learning rate times the gradient, not its sign only.", "sign step"),
    chaff_edit("train_unit_gradient", TRAIN, STEP,
               "slopes = self.dloss_dw(x, y_true)\n        self.w = self.w - lr * slopes / np.linalg.norm(slopes)",
               "train_trajectory", "All the steps are of one length: the gradient was divided by its size.",
               "gradient normalised"),
    chaff_edit("train_decays", TRAIN, STEP, STEP + "\n        lr = lr * 0.99", "train_trajectory",
               "The learning rate changes from epoch to epoch; it is the same in all of them.", "decaying rate"),
    chaff_edit("train_adapts_the_rate", TRAIN, STEP,
               f"lr = lr / 2 if losses[-1] > losses[0] else lr\n        {STEP}", "train_trajectory",
               "The learning rate is made smaller where the loss rises; it is the same in all the epochs.",
               "rate adapted to the loss"),
    chaff_edit("train_sequential_backwards", TRAIN, STEP,
               "for i in reversed(range(len(self.w))):\n            self.w[i] -= lr * self.dloss_dw(x, y_true)[i]",
               "train_trajectory", "All the slopes belong to the weights before the step: compute them all, then move "
               "all the weights.", "sequential update, the last weight first"),
    chaff_edit("train_sequential_same_error", TRAIN, STEP,
               "outer = np.mean((self.forward(x) - y_true) * x)\n        for i in range(len(self.w)):\n"
               "            self.w[i] -= lr * outer * np.prod(np.delete(self.w, i))",
               "train_trajectory", "The slopes of the later weights already hold the new ones: compute all the slopes, "
               "then move all the weights.", "new weights in the slopes of the next"),
    chaff_edit("train_sequential_same_error_backwards", TRAIN, STEP,
               "outer = np.mean((self.forward(x) - y_true) * x)\n        for i in reversed(range(len(self.w))):\n"
               "            self.w[i] -= lr * outer * np.prod(np.delete(self.w, i))",
               "train_trajectory", "The slopes of the earlier weights already hold the new ones: compute all the "
               "slopes, then move all the weights.", "new weights in the slopes of the previous"),
    chaff_edit("train_clips", TRAIN, "lr * self.dloss_dw(x, y_true)", "lr * np.clip(self.dloss_dw(x, y_true), -1, 1)",
               "train_trajectory", "Large slopes are cut off at 1; the step is the rate times the slope as it is.",
               "slopes clipped at 1"),
    chaff_edit("train_sequential", TRAIN, STEP,
               "for i in range(len(self.w)):\n            self.w[i] -= lr * self.dloss_dw(x, y_true)[i]",
               "train_trajectory", "All the slopes belong to the weights before the step: compute them all, then move "
               "all the weights.", "sequential update"),
    chaff_edit("train_first_weight", TRAIN, STEP, "self.w[0] -= lr * self.dloss_dw(x, y_true)[0]", "train_trajectory",
               "Only the first weight moves; the others have slopes too.", "only the first weight"),
    chaff_edit("train_last_weight", TRAIN, STEP, "self.w[-1] -= lr * self.dloss_dw(x, y_true)[-1]",
               "train_trajectory", "Only the last weight moves; the others have slopes too.", "only the last weight"),
    chaff_edit("train_mean_gradient", TRAIN, "self.dloss_dw(x, y_true)", "np.mean(self.dloss_dw(x, y_true))",
               "train_trajectory", "All the weights move by the same amount; each has a slope of its own.",
               "mean of the slopes"),
    chaff_edit("train_never_moves", TRAIN, STEP, "self.dloss_dw(x, y_true)", "train_trajectory",
               "The loss stays as it is: the weights never move.", "no step"),
    chaff_edit("train_old_gradient", TRAIN, ("losses = []", STEP),
               ("losses, slopes = [], self.dloss_dw(x, y_true)", "self.w = self.w - lr * slopes"), "train_trajectory",
               "Every step uses the gradient of the start: it belongs inside the loop.", "gradient outside the loop"),
    chaff_edit("train_one_row", TRAIN, STEP,
               "k = len(losses) % len(x)\n        self.w = self.w - lr * self.dloss_dw(x[k:k + 1], y_true[k:k + 1])",
               "train_trajectory", "Each step uses one sample only; here all of them pull together.",
               "one sample a step"),
    chaff_edit("train_whole_square", TRAIN, RECORD, "losses.append(np.mean((self.forward(x) - y_true) ** 2))",
               "train_trajectory", "The recorded losses are twice the loss: this one has one half. Use self.loss.",
               "one half missing in the record"),
    chaff_edit("train_last_loss", TRAIN, "np.array(losses)", "losses[-1]", "train_trajectory",
               "Only the last loss came back; each epoch has one.", "only the last loss"),
    chaff_edit("train_returns_weights", TRAIN, "np.array(losses)", "self.w", "train_trajectory",
               "The weights came back; train returns the losses.", "weights returned"),
    chaff_edit("train_returns_nothing", TRAIN, "    return np.array(losses)", "    losses = np.array(losses)",
               "train_trajectory", "Nothing came back: is the return missing?", "no return"),
    chaff_edit("train_returns_early", TRAIN, STEP, STEP + "\n        return np.array(losses)", "train_trajectory",
               "Only one epoch is run: the return stands inside the loop.", "return inside the loop"),
    chaff_edit("train_one_short", TRAIN, "range(n_ep)", "range(1, n_ep)", "train_trajectory",
               "One epoch is missing: n_ep epochs give n_ep losses.", "one epoch too few"),
    chaff_edit("train_one_more", TRAIN, "range(n_ep)", "range(n_ep + 1)", "train_trajectory",
               "There is one epoch too many: n_ep epochs give n_ep losses, the last step follows the last of them.",
               "one epoch too many"),
    chaff_edit("train_final_loss", TRAIN, "    return np", f"    {RECORD}\n    return np", "train_trajectory",
               "There is one loss too many: none is recorded behind the last step.", "a loss behind the last step"),
    chaff_edit("train_without_last_step", TRAIN, STEP, f"if len(losses) < n_ep:\n            {STEP}",
               "train_trajectory", "The losses are right, the weights lack the last step: n_ep epochs are n_ep steps.",
               "last step missing"),
    chaff_edit("train_stops_when_small", TRAIN, "not np.isfinite(losses[-1])",
               "not np.isfinite(losses[-1]) or losses[-1] < 0.01", "train_trajectory",
               "The run ends as soon as the loss is small; only a loss that is not finite ends it.", "early stop"),
    chaff_edit("train_stops_when_rising", TRAIN, "not np.isfinite(losses[-1])",
               "not np.isfinite(losses[-1]) or losses[-1] > losses[0]", "train_stops",
               "The run ends as soon as the loss rises, while it still is finite. Only inf or nan ends it.",
               "stop where the loss rises"),
    chaff_edit("train_stops_when_large", TRAIN, "not np.isfinite(losses[-1])", "not losses[-1] < 1e6", "train_stops",
               "The run ends at a loss that is large, but finite. Only inf or nan ends it.", "stop at a large loss"),
    chaff_edit("train_goes_on", TRAIN, STOP, "", "train_stops",
               "The run goes on with losses that are inf or nan; the first of them ends it.", "no stop"),
    chaff_edit("train_skips", TRAIN, "            break", "            continue", "train_stops",
               "Something stands behind the first inf or nan: it is the last loss. `continue` skips only the step.",
               "continue for break"),
    chaff_edit("train_stops_at_nan_only", TRAIN, "not np.isfinite(losses[-1])", "np.isnan(losses[-1])", "train_stops",
               "The run ends at nan, but not at inf, which comes before it.", "inf does not stop"),
    chaff_edit("train_stops_at_inf_only", TRAIN, "not np.isfinite(losses[-1])", "np.isinf(losses[-1])", "train_stops",
               "The run ends at inf, but not at nan, which data can bring at once.", "nan does not stop"),
    chaff_edit("train_drops_the_last", TRAIN, STOP,
               "        if not np.isfinite(losses[-1]):\n            losses.pop()\n            break\n", "train_stops",
               "The loss that ends the run is missing: record it first, then stop.", "last loss left out"),
    chaff_edit("train_steps_once_more", TRAIN, f"{STOP}        {STEP}", f"        {STEP}\n{STOP.rstrip()}",
               "train_stops", "A step is taken after the last loss: stop before it, or the weights are spoiled.",
               "stop behind the step"),
    chaff_edit("train_resets", TRAIN, "losses = []",
               "losses = []\n    self.start = self.w = getattr(self, 'start', self.w)", "train_side_effects",
               "The second call starts over: it goes on from the weights that the first has found.",
               "weights reset at every call"),
    chaff_edit("train_remembers", TRAIN, "losses = []",
               "losses = self.losses = getattr(self, 'losses', [])", "train_side_effects",
               "The losses of the second call begin with those of the first: start with an empty list.",
               "losses of earlier calls kept"),
    chaff_edit("train_single_precision", TRAIN, "np.array(losses)", "np.array(losses, dtype=np.float32)",
               "train_side_effects", "The losses are float32: everything here is float64.", "float32"),
    chaff_edit("train_changes_samples", TRAIN, "losses = []", "losses = []\n    x -= 0.1", "train_side_effects",
               "The samples were changed in place: `-=` writes into the caller's arrays.", "samples moved in place"),
]  # fmt: skip


@chaff(TRAIN, "train_trajectory", "The loss of an epoch is recorded before its step, not behind it.")
def train_records_late(self, x, y_true, lr, n_ep):
    """loss recorded after the step"""
    losses = []
    for _ in range(n_ep):
        self.w = self.w - lr * self.dloss_dw(x, y_true)
        losses.append(self.loss(self.forward(x), y_true))
        if not np.isfinite(losses[-1]):
            break
    return np.array(losses)


@chaff(TRAIN, "train_trajectory", "The step has a memory: plain gradient descent uses the present gradient only.")
def train_momentum(self, x, y_true, lr, n_ep):
    """momentum"""
    losses, velocity = [], 0
    for _ in range(n_ep):
        losses.append(self.loss(self.forward(x), y_true))
        if not np.isfinite(losses[-1]):
            break
        velocity = 0.9 * velocity + self.dloss_dw(x, y_true)
        self.w = self.w - lr * velocity
    return np.array(losses)


@chaff(TRAIN, ("train_trajectory", "convergence"), "Your code sets the weights to a result that is known; it should "
       "compute them, from the samples that it is given.")  # fmt: skip
def train_published_weights(self, x, y_true, lr, n_ep):
    """published weights"""
    losses = []
    for _ in range(n_ep):
        losses.append(self.loss(self.forward(x), y_true))
        if not np.isfinite(losses[-1]):
            break
        self.w = np.full(len(self.w), 2 ** (1 / len(self.w)))
    return np.array(losses)


@chaff(TRAIN, ("train_trajectory", "convergence"), "Your code makes up a curve that falls; it should record the loss "
       "that the weights have in each epoch.")  # fmt: skip
def train_invented_curve(self, x, y_true, lr, n_ep):
    """invented losses"""
    for _ in range(n_ep):
        if np.isfinite(self.loss(self.forward(x), y_true)):
            self.w = self.w - lr * self.dloss_dw(x, y_true)
    return np.geomspace(0.6, 0.004, n_ep)


@chaff(TRAIN, ("train_trajectory", "convergence"), "Your code sets the weights to a result that is known, and makes up "
       "a curve; it should compute both, from the samples that it is given.")  # fmt: skip
def train_published_weights_and_curve(self, x, y_true, lr, n_ep):
    """published weights and invented losses"""
    self.w = np.full(len(self.w), 2 ** (1 / len(self.w)))
    return np.geomspace(0.6, 0.005, n_ep)


@chaff(TRAIN, "train_trajectory", "The net forgets what it learned: leave the new weights in self.w.")
def train_forgets(self, x, y_true, lr, n_ep):
    """trained weights thrown away"""
    losses, start = [], self.w
    for _ in range(n_ep):
        losses.append(self.loss(self.forward(x), y_true))
        if not np.isfinite(losses[-1]):
            break
        self.w = self.w - lr * self.dloss_dw(x, y_true)
    self.w = start
    return np.array(losses)


@chaff(TRAIN, "train_stops", "Behind the loss that ends the run stand places that were never filled: cut them off.")
def train_leaves_zeros(self, x, y_true, lr, n_ep):
    """zeros behind the last loss"""
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

MISTAKES_IN_WHAT_WAS_GIVEN = [
    chaff_edit("start_not_copied", START, "np.array(init_ws, dtype=float)", "np.asarray(init_ws, dtype=float)",
               "train_side_effects",
               "The net works on the caller's own array: __init__ copied it, and has to.", "start not copied"),
    chaff_edit("start_reshaped", START, "np.array(init_ws, dtype=float)",
               "np.asarray(init_ws, dtype=float).reshape(-1)", "train_side_effects",
               "The net works on the caller's own array: __init__ copied it, and has to.",
               "a reshaped view of the start"),
    chaff_edit("start_written_to", NET, ("np.array(init_ws, dtype=float)", STEP),
               ("np.asarray(init_ws, dtype=float)", "self.w -= lr * self.dloss_dw(x, y_true)"), "train_side_effects",
               "The caller's array was trained with the net: `-=` writes into it, as __init__ no longer copies it.",
               "start not copied and stepped in place"),
    chaff_edit("loss_without_half", LOSS, "0.5 * np.mean", "np.mean", "train_trajectory",
               "The recorded losses are twice the loss: this one has one half. Use self.loss.",
               "the given loss changed"),
]  # fmt: skip


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

LAST = "int(not_yet[-1]) + 1 if not_yet.size else 0"
BELOW = "~(np.asarray(losses) < threshold)"
MISTAKES_IN_THE_EPOCHS = [
    chaff_edit("epochs_last_above", "epochs_to_converge", "int(not_yet[-1]) + 1", "int(not_yet[-1])",
               "epochs_values",
               "One too early: that is the last epoch whose loss is not below the threshold; the next is asked for.",
               "last epoch above the threshold"),
    chaff_edit("epochs_from_one", "epochs_to_converge", "return first if", "return first + 1 if", "epochs_values",
               "One too late: epochs count from 0.", "counted from 1"),
    chaff_edit("epochs_ignore_threshold", "epochs_to_converge", "< threshold", "< 0.01", "epochs_values",
               "The argument threshold is not used; .01 stands in its place.", "threshold ignored"),
    chaff_edit("epochs_another_default", "epochs_to_converge", "threshold=0.01", "threshold=0.1", "epochs_values",
               "Without a threshold .01 is meant; here it is another one.", "another default"),
    chaff_edit("epochs_above", "epochs_to_converge", "< threshold", "> threshold", "epochs_values",
               "The comparison is the wrong way round: converged losses lie below the threshold.",
               "comparison reversed"),
    chaff_edit("epochs_equal_counts", "epochs_to_converge", "< threshold", "<= threshold", "epochs_edges",
               "A loss equal to the threshold is not below it.", "<= for <"),
    chaff_edit("epochs_nan_counts", "epochs_to_converge", BELOW, "np.asarray(losses) >= threshold", "epochs_edges",
               "A nan counts as converged here: it is neither below the threshold nor above it. Ask for what is below.",
               "nan taken as below"),
    chaff_edit("epochs_number_for_never", "epochs_to_converge", "first if first < len(losses) else None", "first",
               "epochs_edges", "A run that never converges gives None; here it gives the number of its epochs.",
               "number of epochs for never"),
    chaff_edit("epochs_minus_one", "epochs_to_converge", "else None", "else -1", "epochs_edges",
               "A run that never converges gives None; here it gives a number.", "-1 for never"),
    chaff_edit("epochs_zero_for_never", "epochs_to_converge", "else None", "else 0", "epochs_edges",
               "A run that never converges gives None; here it gives 0, as if it had from the start.", "0 for never"),
    chaff_edit("epochs_nan_for_never", "epochs_to_converge", "else None", "else float('nan')", "epochs_edges",
               "A run that never converges gives None; here it gives a number.", "nan for never"),
    chaff_edit("epochs_inf_for_never", "epochs_to_converge", "else None", "else np.inf", "epochs_edges",
               "A run that never converges gives None; here it gives a number.", "inf for never"),
    chaff_edit("epochs_zero_is_false", "epochs_to_converge", "return first if first < len(losses)",
               "return first if first and first < len(losses)", "epochs_edges",
               "Below from the start is epoch 0, not None: 0 counts as false where a truth is asked for.",
               "0 taken as false"),
    chaff_edit("epochs_returns_nothing", "epochs_to_converge", "return first if first < len(losses) else None",
               "print(first)", "epochs_values", "Nothing came back: is the return missing?", "no return"),
]  # fmt: skip


@chaff(
    "epochs_to_converge",
    "epochs_values",
    "That is the first epoch below the threshold, but the loss may rise again: all that follow must be below it.",
)
def epochs_first_dip(losses, threshold=0.01):
    """first loss below the threshold"""
    for epoch, loss in enumerate(losses):
        if loss < threshold:
            return epoch
    return None


@chaff(
    "epochs_to_converge",
    "epochs_values",
    "That is how many losses are below the threshold; the question is from which epoch on.",
)
def epochs_count(losses, threshold=0.01):
    """number of losses below the threshold"""
    below = int(np.sum(np.asarray(losses) < threshold))
    return below or None


@chaff(
    "epochs_to_converge",
    "epochs_values",
    "That is how many losses are not below the threshold. Where the loss rises again, the dip before counts too.",
)
def epochs_count_above(losses, threshold=0.01):
    """number of losses that are not below the threshold"""
    above = sum(not loss < threshold for loss in losses)
    return above if above < len(losses) and losses[-1] < threshold else None


@chaff(
    "epochs_to_converge",
    "epochs_values",
    "Counted from the end: the epochs that are below, where the first of them is asked for.",
)
def epochs_from_the_end(losses, threshold=0.01):
    """length of the last stretch below the threshold"""
    count = 0
    for loss in list(losses)[::-1]:
        if not loss < threshold:
            break
        count += 1
    return count or None


@chaff(
    "epochs_to_converge",
    "epochs_values",
    "That is the last epoch below the threshold; the first one from which on all are below is asked for.",
)
def epochs_last_below(losses, threshold=0.01):
    """last loss below the threshold"""
    below = np.flatnonzero(np.asarray(losses) < threshold)
    return int(below[-1]) if below.size and below[-1] == len(losses) - 1 else None


@chaff(
    "epochs_to_converge",
    "epochs_values",
    "That is the epoch of the smallest loss; the threshold decides, not the minimum.",
)
def epochs_of_minimum(losses, threshold=0.01):
    """epoch of the smallest loss"""
    return int(np.nanargmin(losses)) if len(losses) and losses[-1] < threshold else None


@chaff(
    "epochs_to_converge",
    "epochs_values",
    "That asks whether the loss stops changing; what counts is whether it is below the threshold.",
)
def epochs_of_small_change(losses, threshold=0.01):
    """first change below the threshold"""
    for epoch in range(1, len(losses)):
        if abs(losses[epoch] - losses[epoch - 1]) < threshold:
            return epoch
    return None


@chaff(
    "epochs_to_converge",
    "epochs_values",
    "A run that rises again counts as one that never converges; it may still come down for good later.",
)
def epochs_gives_up(losses, threshold=0.01):
    """None as soon as the loss rises again"""
    below = np.asarray(losses) < threshold
    first = int(np.argmax(below)) if below.any() else None
    return first if first is not None and below[first:].all() else None


@chaff(
    "epochs_to_converge",
    "epochs_edges",
    "A run whose last loss is high has not converged, however low it was in between.",
)
def epochs_ignore_the_end(losses, threshold=0.01):
    """start of the last stretch below, wherever it ends"""
    below = [bool(loss < threshold) for loss in losses]
    starts = [i for i, now in enumerate(below) if now and (i == 0 or not below[i - 1])]
    return starts[-1] if starts else None


@chaff(
    "epochs_to_converge",
    "epochs_values",
    "That is the first epoch below the threshold, but the loss may rise again: all that follow must be below it.",
)
def epochs_first_dip_of_converged(losses, threshold=0.01):
    """first loss below the threshold, where the last one is too"""
    below = np.asarray(losses) < threshold
    return int(np.argmax(below)) if below.size and below[-1] else None


@chaff(
    "epochs_to_converge",
    "epochs_edges",
    "A nan on the way does not spoil a run that ends below the threshold: what counts is what follows it.",
)
def epochs_any_nan(losses, threshold=0.01):
    """None as soon as there is a nan"""
    not_yet = np.flatnonzero(~(np.asarray(losses) < threshold))
    first = int(not_yet[-1]) + 1 if not_yet.size else 0
    return first if first < len(losses) and not np.isnan(losses).any() else None


@chaff("epochs_to_converge", "epochs_edges", "The caller's losses were changed: fill in or turn round a copy.")
def epochs_cleans_in_place(losses, threshold=0.01):
    """nan filled in the caller's losses"""
    if not isinstance(losses, list):
        losses[np.isnan(losses)] = np.inf
    for epoch in range(len(losses)):
        if all(loss < threshold for loss in losses[epoch:]):
            return epoch
    return None


@chaff("epochs_to_converge", "epochs_edges", "A run without losses has not converged: of nothing, all is below.")
def epochs_of_nothing(losses, threshold=0.01):
    """0 for a run without losses"""
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
MISTAKES_IN_WHOLE_RUNS = [
    chaff_edit("train_gives_up", TRAIN, "not np.isfinite(losses[-1])",
               "not np.isfinite(losses[-1]) or len(losses) > 50 and losses[-1] > 0.99 * losses[-2]", "convergence",
               CUT_SHORT, "stop on a plateau"),
    chaff_edit("train_at_most_100", TRAIN, "range(n_ep)", "range(min(n_ep, 100))", "convergence",
               CUT_SHORT, "number of epochs limited"),
]  # fmt: skip

DEPTHS = "Compare the numbers of epochs in the list of section 4; what is asked for is the number of hidden neurons."
RATES = "Look at the list of section 5, in the row of 50 weights: the first number behind the colon is the rate."
STARTS = "A None in the list of section 6 says that the run did not converge; of the others, take the smallest start."
WRONG_ANSWERS = [
    *[chaff_edit(f"depth_{n}", "fastest_depth", "return 10", f"return {n}", "fastest_depth", hint, about)
      for n, hint, about in (
          (0, DEPTHS, "the plain line"),
          (5, DEPTHS, "a chain of 5"),
          (25, DEPTHS, "a chain of 25"),
          (50, "The deepest chain starts on a plateau, which takes its time: compare the numbers of section 4.",
           "deeper is always faster"),
          (11, DEPTHS, "number of weights for hidden neurons"),
          (57, "That is a number of epochs; what is asked for is the number of hidden neurons that needed it.",
           "epochs for hidden neurons"),
      )],
    *[chaff_edit(f"rate_{n}", "best_rate_for_50_weights", "return 0.025", f"return {n}", "best_rate_for_50_weights",
                 hint, about)
      for n, hint, about in (
          (0.095, "The highest rate is the best for short chains only; look in the row of 50 weights.",
           "the highest rate"),
          (0.03, "A rate at which the loss keeps jumping does not converge; look in the row of 50 weights.",
           "a rate that jumps"),
          (0.02, RATES, "the rate of 60 weights"),
          (0.035, RATES, "the rate of 40 weights"),
          (190, "That is a number of epochs; what is asked for is the learning rate that needed it.",
           "epochs for a rate"),
      )],
    *[chaff_edit(f"start_{n}", "smallest_starting_weight", "return 0.75", f"return {n}", "smallest_starting_weight",
                 hint, about)
      for n, hint, about in (
          (0.7, STARTS, "a start that does not converge"),
          (0.8, STARTS, "not the smallest start"),
          (1.05, "That start is the fastest; what is asked for is the smallest that converges at all.",
           "the fastest start"),
          (241, "That is a number of epochs; what is asked for is the start that needed it.", "epochs for a start"),
      )],
    *[wheat_edit(f"depth_right_{i}", "fastest_depth", "return 10", f"return {text}")
      for i, text in enumerate(("10.0", "np.int64(10)", "[0, 5, 10, 25, 50][2]"))],
    *[wheat_edit(f"rate_right_{i}", "best_rate_for_50_weights", "return 0.025", f"return {text}")
      for i, text in enumerate(("np.float64(0.025)", "5 * 0.005", "1 / 40"))],
    *[wheat_edit(f"start_right_{i}", "smallest_starting_weight", "return 0.75", f"return {text}")
      for i, text in enumerate(("3 / 4", "np.float64(0.75)", "0.7 + 0.05"))],
]  # fmt: skip
