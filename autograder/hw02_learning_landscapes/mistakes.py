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


@chaff_edit("loss_grid", "loss_grid_values", "np.mean(", "0.5 * np.mean(", concept="factor")
def grid_half():
    """an extra one half

    Your loss of two weights has a one half; it should have none: that comes with the long chains.
    """


@chaff_edit("loss_grid", "loss_grid_values", "np.mean(", "np.sum(", concept="mean")
def grid_sum():
    """sum for mean

    Your losses are sums over the samples; they should be means.
    """


@chaff_edit(
    "loss_grid",
    "loss_grid_values",
    "np.mean(residuals**2, axis=-1)",
    "np.sqrt(np.mean(residuals**2, axis=-1))",
    concept="definition",
)
def grid_root():
    """root of the mean

    Your losses are roots of the mean squared error; they should be the mean itself, without a root. See "1. Two
    weights, one landscape".
    """


@chaff_edit("loss_grid", "loss_grid_values", "residuals**2", "np.abs(residuals)", concept="definition")
def grid_absolute():
    """absolute error

    Your losses are means of the absolute differences; they should be means of their squares. See "1. Two weights, one
    landscape".
    """


@chaff_edit(
    "loss_grid",
    "loss_grid_values",
    "np.mean(residuals**2, axis=-1)",
    "np.mean(residuals, axis=-1) ** 2",
    concept="mean",
)
def grid_square_of_mean():
    """square of the mean

    Your code takes the mean first and squares it; it should square each difference first, then take the mean.
    """


@chaff_edit(
    "loss_grid",
    "loss_grid_values",
    "np.mean(residuals**2, axis=-1)",
    "np.log(np.mean(residuals**2, axis=-1))",
    concept="definition",
)
def grid_logarithm():
    """logarithm of the loss

    Your code takes the logarithm of the loss; it should give the loss, as only the picture takes the logarithm, by
    itself. See "1. Two weights, one landscape".
    """


@chaff_edit("loss_grid", "loss_grid_values", "np.outer(", "np.add.outer(", concept="definition")
def grid_weights_added():
    """weights added

    Your code adds the weights; it should multiply them, since they follow each other.
    """


@chaff_edit(
    "loss_grid",
    "loss_grid_values",
    "np.outer(w1_values, w2_values)",
    "np.outer(w1_values, np.ones(len(w2_values)))",
    concept="definition",
)
def grid_first_weight_only():
    """w2 not used

    Your prediction does not see w2, so that all the columns are alike; it should multiply by w2 too. See "1. Two
    weights, one landscape".
    """


@chaff_edit(
    "loss_grid",
    "loss_grid_values",
    "np.outer(w1_values, w2_values)",
    "np.outer(np.ones(len(w1_values)), w2_values)",
    concept="definition",
)
def grid_second_weight_only():
    """w1 not used

    Your prediction does not see w1, so that all the rows are alike; it should multiply by w1 too. See "1. Two weights,
    one landscape".
    """


@chaff_edit("loss_grid", "loss_grid_values", "* x - y", "* x + y", concept="sign")
def grid_plus():
    """sum of prediction and target

    Your loss adds prediction and target; it should take their difference.
    """


@chaff_edit(
    "loss_grid", "loss_grid_values", "residuals**2, axis=-1", "residuals[:, :, :1]**2, axis=-1", concept="shapes"
)
def grid_one_sample():
    """one sample only

    Your losses use the first sample only; they should be means over all of them.
    """


@chaff_edit(
    "loss_grid",
    "loss_grid_values",
    "np.mean(residuals**2, axis=-1)",
    "np.sum(residuals**2, axis=-1) / slopes.size",
    concept="mean",
)
def grid_mean_over_weights():
    """divided by the size of the grid

    Your code divides the sum by the number of pairs of weights; it should divide by the number of samples.
    """


@chaff_edit("loss_grid", "loss_grid_values", "residuals**2, axis=-1", "residuals**2", concept="shapes")
def grid_one_number():
    """mean over everything

    Your code takes the mean over everything; it should take it over the samples only, and keep a loss for each pair.
    """


@chaff_edit("loss_grid", "loss_grid_values", "axis=-1)", "axis=-1).ravel()", concept="shapes")
def grid_flat():
    """grid flattened

    Your losses stand in one long row; they should stand in a grid, with a row for each w1 and a column for each w2.
    """


@chaff_edit(
    "loss_grid", "loss_grid_values", "axis=-1)", "axis=-1).T.reshape(len(w1_values), len(w2_values))", concept="places"
)
def grid_reshaped():
    """reshape for transpose

    Your code reshapes the grid, which leaves numbers in wrong places; it should transpose it, or have rows go with w1
    at once.
    """


@chaff_edit("loss_grid", "loss_grid_values", "* x - y", "- y", concept="definition")
def grid_without_x():
    """factor x missing

    Your prediction lacks the input; it should be w1 w2 x. See "1. Two weights, one landscape".
    """


@chaff_edit(
    "loss_grid",
    "loss_grid_values",
    "np.outer(w1_values, w2_values)",
    "np.outer(w1_values, w1_values)",
    concept="places",
)
def grid_same_weights():
    """w1 along both sides

    Your code uses w1_values along both sides of the grid; it should use w2_values for the columns.
    """


@chaff("loss_grid", "loss_grid_values", concept="places")
def grid_transposed(w1_values, w2_values, x, y):
    """meshgrid's default indexing

    Your grid has rows and columns exchanged; its rows should go with w1: np.meshgrid does it the other way round unless
    it is told.
    """
    w1, w2 = np.meshgrid(w1_values, w2_values)
    return np.mean(((w1 * w2)[:, :, None] * x - y) ** 2, axis=2)


@chaff("loss_grid", "loss_grid_values", concept="shapes")
def grid_diagonal(w1_values, w2_values, x, y):
    """pairs instead of a grid

    Your grid has losses on its diagonal only; it should have one for every w1 with every w2.
    """
    grid = np.zeros((len(w1_values), len(w2_values)))
    for i, (w1, w2) in enumerate(zip(w1_values, w2_values)):
        grid[i, i] = np.mean((w1 * w2 * x - y) ** 2)
    return grid


@chaff("loss_grid", "loss_grid_side_effects", concept="precision")
def grid_of_integers(w1_values, w2_values, x, y):
    """the grid has the dtype of the weights

    Your grid takes its dtype from the weights, so that whole weights cut the digits off; it should hold floats.
    """
    grid = np.zeros((len(w1_values), len(w2_values)), dtype=np.asarray(w1_values).dtype)
    for i, w1 in enumerate(w1_values):
        for j, w2 in enumerate(w2_values):
            grid[i, j] = np.mean((w1 * w2 * x - y) ** 2)
    return grid


@chaff("loss_grid", "loss_grid_side_effects", concept="state")
def grid_remembers(w1_values, w2_values, x, y):
    """grid kept from the first call of this shape

    Your grid is kept from an earlier call; it should be computed anew, as other targets give another one.
    """
    kept = globals().setdefault("grids", {})
    shape = len(w1_values), len(w2_values)
    if shape not in kept:
        kept[shape] = np.mean((np.outer(w1_values, w2_values)[..., None] * x - y) ** 2, axis=-1)
    return kept[shape]


@chaff("loss_grid", "loss_grid_side_effects", concept="alias")
def grid_writes_y(w1_values, w2_values, x, y):
    """in-place difference

    Your code changes y in place, as `y -= …` writes into the caller's array; it should make a new array.
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


@chaff_edit(FORWARD, "forward_values", PRODUCT, "np.sum(self.w) * x", concept="definition")
def forward_sum_of_weights():
    """weights added

    Your code adds the weights; it should multiply them, since they follow each other.
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "np.mean(self.w) * x", concept="definition")
def forward_mean_of_weights():
    """mean of the weights

    Your code multiplies x by the mean of the weights; it should multiply it by their product. See "2. A chain of many
    weights".
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "np.prod(self.w)", concept="definition")
def forward_without_x():
    """factor x missing

    Your prediction lacks the input, so that it is one number for all x; it should be the product of the weights times
    x. See "2. A chain of many weights".
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "self.w[0] * x", concept="definition")
def forward_first_only():
    """only the first weight

    Your code uses the first weight only; it should pass the signal through all of them. See "2. A chain of many
    weights".
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "self.w[-1] * x", concept="definition")
def forward_last_only():
    """only the last weight

    Your code lets every weight start from x again, so that the last alone counts; each should go on from what came
    before. See "2. A chain of many weights".
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "np.prod(self.w[1:]) * x", concept="loops")
def forward_without_first():
    """first weight left out

    Your product leaves the first weight out; it should hold all of them.
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "np.prod(self.w[:-1]) * x", concept="loops")
def forward_without_last():
    """last weight left out

    Your product leaves the last weight out; it should hold all of them: is the end of the range one too early?
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "self.w[0] ** len(self.w) * x", concept="definition")
def forward_power():
    """power of the first weight

    Your code uses the first weight n times; it should use each weight once, as they need not be equal. See "2. A chain
    of many weights".
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "np.abs(np.prod(self.w)) * x", concept="sign")
def forward_size_of_product():
    """sign lost

    Your code drops the sign of the weights; it should keep it: weights may be negative, and so may their product.
    """


@chaff_edit(
    FORWARD,
    "forward_values",
    "return np.prod(self.w) * x",
    "for w in self.w:\n        x = np.maximum(w * x, 0)\n    return x",
    concept="definition",
)
def forward_relu():
    """an added ReLU

    Your code puts a ReLU between the weights; it should have no activation there: this net is linear. See "2. A chain
    of many weights".
    """


@chaff_edit(
    FORWARD,
    "forward_values",
    "return np.prod(self.w) * x",
    "for w in self.w:\n        x = np.tanh(w * x)\n    return x",
    concept="definition",
)
def forward_tanh():
    """an added tanh

    Your code puts a tanh between the weights; it should have no activation there: this net is linear. See "2. A chain
    of many weights".
    """


@chaff_edit(
    FORWARD,
    "forward_values",
    "return np.prod(self.w) * x",
    "y = x\n    for w in self.w:\n        y = y * w * x\n    return y",
    concept="definition",
)
def forward_x_at_every_weight():
    """x at every weight

    Your code multiplies by x at several weights; it should do so once, at the first. See "2. A chain of many weights".
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "np.sum(np.prod(self.w) * x)", concept="shapes")
def forward_total():
    """sum over the samples

    Your code sums over the samples; it should return one output for each x.
    """


@chaff_edit(FORWARD, "forward_values", PRODUCT, "np.cumprod(self.w)[:, None] * x", concept="definition")
def forward_all_signals():
    """signals of all the layers

    Your code returns the signal behind every weight; it should return only the last, the prediction. See "2. A chain of
    many weights".
    """


@chaff_edit(
    FORWARD,
    "forward_side_effects",
    "return np.prod(self.w) * x",
    "for w in self.w:\n        x *= w\n    return x",
    concept="alias",
)
def forward_writes_x():
    """in-place product

    Your code changes x in place, as `x *= …` writes into the caller's array; it should make a new array.
    """


@chaff_edit(
    FORWARD,
    ("forward_side_effects",),
    "return np.prod(self.w) * x",
    "if not hasattr(self, 'slope'):\n        self.slope = np.prod(self.w)\n    return self.slope * x",
    concept="state",
)
def forward_stale():
    """product kept from the first call

    Your prediction uses a product that was kept from earlier weights; it should use the present ones.
    """


@chaff_edit(
    FORWARD,
    "forward_side_effects",
    "return np.prod(self.w) * x",
    "self.w[:] = np.cumprod(self.w)\n    return self.w[-1] * x",
    concept="alias",
)
def forward_writes_w():
    """weights overwritten by their products

    Your forward changes the weights; it should only read them.
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
    "Your code divides by a weight, which fails where it is 0; it should multiply the other weights: nothing need be "
    "divided."
)


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "0.5 * dloss_dslope * before * after", concept="factor")
def gradient_half():
    """the one half kept, the factor 2 forgotten

    Your slopes are half as large as they should be; the factor 2 of the square and the one half of the loss should
    cancel.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "2 * dloss_dslope * before * after", concept="factor")
def gradient_double():
    """the one half ignored

    Your slopes are twice as large as they should be; the one half of the loss should take the factor 2 of the square
    away.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", "np.mean(", "np.sum(", concept="mean")
def gradient_sum():
    """sum for mean

    Your slopes are sums over the samples; they should be means, as the loss is one.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "dloss_dslope * before * after / len(x)", concept="mean")
def gradient_mean_twice():
    """divided by m twice

    Your slopes are divided by the number of samples twice; they should be divided once, which the mean does already.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", "self.forward(x) - y_true", "y_true - self.forward(x)", concept="sign")
def gradient_sign():
    """minus sign lost

    Your slopes take the target minus the prediction, which turns their sign around; they should take the prediction
    minus the target.
    """


@chaff_edit(
    GRADIENT, "dloss_dw_values", "(self.forward(x) - y_true) * x", "self.forward(x) - y_true", concept="chain rule"
)
def gradient_without_x():
    """factor x missing

    Your slopes lack the factor x; they should have it, as the derivative of s x by s is x. See "2. A chain of many
    weights".
    """


@chaff_edit(GRADIENT, "dloss_dw_values", "(self.forward(x) - y_true) * x", "x", concept="chain rule")
def gradient_without_error():
    """derivative of the output only

    Your slopes are those of the output; they should be those of the loss, with the error as a factor. See "2. A chain
    of many weights".
    """


@chaff_edit(GRADIENT, "dloss_dw_values", "(self.forward(x) - y_true) * x", "-y_true * x", concept="chain rule")
def gradient_only_target():
    """prediction missing

    Your code takes the target alone for the error; it should take the prediction minus the target. See "2. A chain of
    many weights".
    """


@chaff_edit(GRADIENT, "dloss_dw_values", OUTER, "np.mean(self.forward(x) - y_true) * np.mean(x)", concept="mean")
def gradient_product_of_means():
    """product of means

    Your code multiplies means; it should multiply sample by sample first, then take the mean of the products.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", OUTER, "((self.forward(x) - y_true) * x)[0]", concept="shapes")
def gradient_one_sample():
    """one sample only

    Your slopes use the first sample only; they should use all of them, as every sample pulls on the weights.
    """


@chaff_edit(
    GRADIENT, "dloss_dw_values", CHAIN, "np.full(len(self.w), dloss_dslope * np.prod(self.w))", concept="chain rule"
)
def gradient_own_weight_kept():
    """all the weights in every slope

    Your slopes still hold their own weight; they should hold only the others, as their own is differentiated away. See
    "2. A chain of many weights".
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "np.full(len(self.w), dloss_dslope)", concept="chain rule")
def gradient_same_for_all():
    """only the slope by the product

    Your slopes are all that of the product s; each should have a second factor, the product of the other weights. See
    "2. A chain of many weights".
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "dloss_dslope", concept="chain rule")
def gradient_one_number():
    """one number for all the weights

    Your code gives one number, the slope by the product s; it should give each weight a slope of its own. See "2. A
    chain of many weights".
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "dloss_dslope * before", concept="chain rule")
def gradient_before_only():
    """weights behind left out

    Your slope of w[i] holds only the weights before it; it should hold those behind it as well. See "2. A chain of many
    weights".
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "dloss_dslope * after", concept="chain rule")
def gradient_after_only():
    """weights before left out

    Your slope of w[i] holds only the weights behind it; it should hold those before it as well. See "2. A chain of many
    weights".
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "(dloss_dslope * before * after)[::-1]", concept="places")
def gradient_backwards():
    """order reversed

    Your slopes stand in reverse order; entry 0 should belong to the weight next to the input.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "dloss_dslope * (np.sum(self.w) - self.w)", concept="chain rule")
def gradient_sum_of_others():
    """sum of the others

    Your slopes hold the sum of the other weights; they should hold their product. See "2. A chain of many weights".
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, "dloss_dslope * self.w", concept="chain rule")
def gradient_times_own_weight():
    """own weight for the others

    Your slopes hold their own weight; they should hold all the others instead. See "2. A chain of many weights".
    """


@chaff_edit(
    GRADIENT, "dloss_dw_zeros", CHAIN, "dloss_dslope * np.prod(self.w) / self.w", hint=DIVIDES, concept="precision"
)
def gradient_divides():
    """division by the weight"""


@chaff_edit(
    GRADIENT,
    "dloss_dw_zeros",
    CHAIN,
    "dloss_dslope * np.prod(self.w) / (self.w + 1e-9)",
    hint=DIVIDES,
    concept="precision",
)
def gradient_tiny_divisor():
    """slope 0 at a weight that is 0"""


@chaff_edit(
    GRADIENT,
    "dloss_dw_zeros",
    CHAIN,
    "dloss_dslope * np.nan_to_num(np.prod(self.w) / self.w)",
    hint=DIVIDES,
    concept="precision",
)
def gradient_nan_to_zero():
    """slope 0 at a weight that is 0"""


@chaff_edit(
    GRADIENT,
    "dloss_dw_values",
    CHAIN,
    "dloss_dslope * np.append(1, self.w[:-1]) * np.append(self.w[1:], 1)",
    concept="chain rule",
)
def gradient_of_neighbours():
    """neighbours only

    Your slope of w[i] holds only the weights next to it; it should hold all the others, near and far. See "2. A chain
    of many weights".
    """


@chaff_edit(
    GRADIENT,
    "dloss_dw_zeros",
    CHAIN,
    "dloss_dslope * np.prod(np.where(self.w == 0, 1e-12, self.w)) / np.where(self.w == 0, 1e-12, self.w)",
    concept="precision",
)
def gradient_tiny_weight():
    """zeros replaced by a tiny number

    Your code gives tiny slopes, as if it put something small for a 0; they should be exactly 0: multiply the weights as
    they are.
    """


@chaff_edit(GRADIENT, "dloss_dw_side_effects", CHAIN, f"({CHAIN}).astype(np.float32)", concept="precision")
def gradient_single_precision():
    """float32

    Your slopes are float32; they should be float64, as everything here.
    """


@chaff_edit(GRADIENT, "dloss_dw_values", CHAIN, f"np.round({CHAIN}, 4)", concept="precision")
def gradient_rounded():
    """gradient rounded to four places

    Your code rounds the gradient to four places; it should return all its digits.
    """


@chaff_edit(
    GRADIENT,
    "dloss_dw_zeros",
    CHAIN,
    "dloss_dslope * np.prod(self.w[self.w != 0]) / np.where(self.w == 0, 1, self.w)",
    concept="chain rule",
)
def gradient_skips_zeros():
    """zeros left out of the products

    Your code leaves weights that are 0 out of the products; it should keep them, as nothing arrives behind a 0. See "2.
    A chain of many weights".
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


@chaff(GRADIENT, "dloss_dw_side_effects", concept="alias")
def gradient_moves_weights(self, x, y_true):
    """weights changed in dloss_dw

    Your dloss_dw moves the weights; it should only return the slopes, as moving the weights is the work of train.
    """
    outer = np.mean((self.forward(x) - y_true) * x)
    slopes = np.array([outer * np.prod(np.delete(self.w, i)) for i in range(len(self.w))])
    self.w = self.w - 0.01 * slopes
    return slopes


@chaff(GRADIENT, "dloss_dw_side_effects", concept="state")
def gradient_accumulates(self, x, y_true):
    """gradients of earlier calls are added

    Your second call adds to the slopes of the first; it should start from zero in each call.
    """
    outer = np.mean((self.forward(x) - y_true) * x)
    slopes = np.array([outer * np.prod(np.delete(self.w, i)) for i in range(len(self.w))])
    self.slopes = getattr(self, "slopes", 0) + slopes
    return self.slopes


@chaff(GRADIENT, "dloss_dw_side_effects", concept="alias")
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


@chaff(GRADIENT, "dloss_dw_side_effects", concept="state")
def gradient_stale(self, x, y_true):
    """error kept from the first call

    Your slopes use the error of the first call; they should use the one of the present samples, computed anew in each
    call.
    """
    if not hasattr(self, "outer"):
        self.outer = np.mean((self.forward(x) - y_true) * x)
    return np.array([self.outer * np.prod(np.delete(self.w, i)) for i in range(len(self.w))])


@chaff(GRADIENT, "dloss_dw_side_effects", concept="state")
def gradient_old_weights(self, x, y_true):
    """products kept from the first call

    Your slopes use products of old weights, kept from the first call; they should use those of the present weights.
    """
    if not hasattr(self, "others"):
        self.others = np.array([np.prod(np.delete(self.w, i)) for i in range(len(self.w))])
    return np.mean((self.forward(x) - y_true) * x) * self.others


@chaff(GRADIENT, "dloss_dw_side_effects", concept="alias")
def gradient_leaves_ones(self, x, y_true):
    """the last weight stays 1

    Your code sets a weight to 1 and does not set it back; it should work on a copy of the weights.
    """
    outer, slopes, w = np.mean((self.forward(x) - y_true) * x), np.zeros(len(self.w)), self.w.copy()
    for i in range(len(w)):
        self.w[:] = w
        self.w[i] = 1
        slopes[i] = outer * np.prod(self.w)
    return slopes


@chaff(GRADIENT, "dloss_dw_side_effects", concept="alias")
def gradient_writes_samples(self, x, y_true):
    """in-place difference

    Your code changes the samples in place, as `-=` and `*=` write into the caller's arrays; it should make new arrays.
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


@chaff_edit(TRAIN, "train_trajectory", "self.w - lr", "self.w + lr", concept="sign")
def train_ascends():
    """ascent instead of descent

    Your code steps along the gradient, so that the loss climbs; it should step against it, with a minus.
    """


@chaff_edit(TRAIN, "train_trajectory", "lr * self", "self", concept="step")
def train_without_rate():
    """learning rate ignored

    Your code steps by the whole gradient; it should multiply it by the learning rate.
    """


@chaff_edit(TRAIN, "train_trajectory", "self.w - lr", "-lr", concept="step")
def train_assigns():
    """assignment instead of step

    Your code puts the step in the place of the weights; it should subtract the step from the present weights.
    """


@chaff_edit(TRAIN, "train_trajectory", "lr * self", "lr / len(x) * self", concept="mean")
def train_divides_by_rows():
    """divided by m again

    Your code divides the gradient by the number of samples again; it should not, as the gradient is a mean already.
    """


@chaff_edit(TRAIN, "train_trajectory", "lr * self", "lr / n_ep * self", concept="step")
def train_divides_by_epochs():
    """rate divided by the number of epochs

    Your code divides the step by the number of epochs; it should use the same rate however many there are.
    """


@chaff_edit(
    TRAIN, ("train_trajectory", "convergence"), "lr * self.dloss_dw(x, y_true)", "lr * self.w", concept="places"
)
def train_weight_for_gradient():
    """w for dw

    Your code takes the weights where the gradient belongs; it should step by lr times dloss_dw.
    """


@chaff_edit(TRAIN, "train_trajectory", "lr * self", "2 * lr * self", concept="factor")
def train_doubles():
    """step twice as long

    Your steps are twice as long as the learning rate says; they should be lr times the gradient.
    """


@chaff_edit(TRAIN, "train_trajectory", "self.dloss_dw(x, y_true)", "np.sign(self.dloss_dw(x, y_true))", concept="step")
def train_sign_only():
    """sign step

    Your code steps by the sign of the gradient; it should step by the learning rate times the gradient.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "slopes = self.dloss_dw(x, y_true)\n        self.w = self.w - lr * slopes / np.linalg.norm(slopes)",
    concept="step",
)
def train_unit_gradient():
    """gradient normalised

    Your code divides the gradient by its size, so that all steps are of one length; it should take it as it is.
    """


@chaff_edit(TRAIN, "train_trajectory", STEP, STEP + "\n        lr = lr * 0.99", concept="step")
def train_decays():
    """decaying rate

    Your code changes the learning rate from epoch to epoch; it should keep it the same in all of them.
    """


@chaff_edit(
    TRAIN, "train_trajectory", STEP, f"lr = lr / 2 if losses[-1] > losses[0] else lr\n        {STEP}", concept="step"
)
def train_adapts_the_rate():
    """rate adapted to the loss

    Your code makes the learning rate smaller where the loss rises; it should keep it the same in all the epochs.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "for i in reversed(range(len(self.w))):\n            self.w[i] -= lr * self.dloss_dw(x, y_true)[i]",
    concept="order",
)
def train_sequential_backwards():
    """sequential update, the last weight first

    Your code moves a weight before it computes the slopes of the others; it should compute all the slopes, then move
    all the weights.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "outer = np.mean((self.forward(x) - y_true) * x)\n        for i in range(len(self.w)):\n"
    "            self.w[i] -= lr * outer * np.prod(np.delete(self.w, i))",
    concept="order",
)
def train_sequential_same_error():
    """new weights in the slopes of the next

    Your slopes of the later weights hold the new ones already; they should hold the old: compute all the slopes, then
    move.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "outer = np.mean((self.forward(x) - y_true) * x)\n        for i in reversed(range(len(self.w))):\n"
    "            self.w[i] -= lr * outer * np.prod(np.delete(self.w, i))",
    concept="order",
)
def train_sequential_same_error_backwards():
    """new weights in the slopes of the previous

    Your slopes of the earlier weights hold the new ones already; they should hold the old: compute all the slopes, then
    move.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    "lr * self.dloss_dw(x, y_true)",
    "lr * np.clip(self.dloss_dw(x, y_true), -1, 1)",
    concept="step",
)
def train_clips():
    """slopes clipped at 1

    Your code cuts large slopes off at 1; it should step by the rate times the slope as it is.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "for i in range(len(self.w)):\n            self.w[i] -= lr * self.dloss_dw(x, y_true)[i]",
    concept="order",
)
def train_sequential():
    """sequential update

    Your code moves a weight before it computes the slopes of the others; it should compute all the slopes, then move
    all the weights.
    """


@chaff_edit(TRAIN, "train_trajectory", STEP, "self.w[0] -= lr * self.dloss_dw(x, y_true)[0]", concept="step")
def train_first_weight():
    """only the first weight

    Your code moves the first weight only; it should move the others too, by their slopes.
    """


@chaff_edit(TRAIN, "train_trajectory", STEP, "self.w[-1] -= lr * self.dloss_dw(x, y_true)[-1]", concept="step")
def train_last_weight():
    """only the last weight

    Your code moves the last weight only; it should move the others too, by their slopes.
    """


@chaff_edit(TRAIN, "train_trajectory", "self.dloss_dw(x, y_true)", "np.mean(self.dloss_dw(x, y_true))", concept="mean")
def train_mean_gradient():
    """mean of the slopes

    Your code moves all the weights by the same amount; it should move each by its own slope.
    """


@chaff_edit(TRAIN, "train_trajectory", STEP, "self.dloss_dw(x, y_true)", concept="step")
def train_never_moves():
    """no step

    Your weights never move, so that the loss stays as it is; they should step in every epoch.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    ("losses = []", STEP),
    ("losses, slopes = [], self.dloss_dw(x, y_true)", "self.w = self.w - lr * slopes"),
    concept="order",
)
def train_old_gradient():
    """gradient outside the loop

    Your code uses the gradient of the start in every step; it should compute the gradient inside the loop.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "k = len(losses) % len(x)\n        self.w = self.w - lr * self.dloss_dw(x[k:k + 1], y_true[k:k + 1])",
    concept="loops",
)
def train_one_row():
    """one sample a step

    Your steps use one sample each; they should use all of them together.
    """


@chaff_edit(
    TRAIN, "train_trajectory", RECORD, "losses.append(np.mean((self.forward(x) - y_true) ** 2))", concept="factor"
)
def train_whole_square():
    """one half missing in the record

    Your recorded losses are twice the loss; they should have its one half: use self.loss.
    """


@chaff_edit(TRAIN, "train_trajectory", "np.array(losses)", "losses[-1]", concept="loops")
def train_last_loss():
    """only the last loss

    Your code returns the last loss only; it should return one for each epoch.
    """


@chaff_edit(TRAIN, "train_trajectory", "np.array(losses)", "self.w", concept="python")
def train_returns_weights():
    """weights returned

    Your code returns the weights; it should return the losses.
    """


@chaff_edit(TRAIN, "train_trajectory", "    return np.array(losses)", "    losses = np.array(losses)", concept="python")
def train_returns_nothing():
    """no return

    Your code returns nothing; it should return its result: is the return missing?
    """


@chaff_edit(TRAIN, "train_trajectory", STEP, STEP + "\n        return np.array(losses)", concept="loops")
def train_returns_early():
    """return inside the loop

    Your code returns inside the loop, after one epoch; it should return behind it.
    """


@chaff_edit(TRAIN, "train_trajectory", "range(n_ep)", "range(1, n_ep)", concept="loops")
def train_one_short():
    """one epoch too few

    Your code runs one epoch too few; it should run n_ep epochs, with n_ep losses.
    """


@chaff_edit(TRAIN, "train_trajectory", "range(n_ep)", "range(n_ep + 1)", concept="loops")
def train_one_more():
    """one epoch too many

    Your code runs one epoch too many; it should run n_ep epochs, with n_ep losses and a step after the last of them.
    """


@chaff_edit(TRAIN, "train_trajectory", "    return np", f"    {RECORD}\n    return np", concept="loops")
def train_final_loss():
    """a loss behind the last step

    Your code records one loss too many; it should record none behind the last step.
    """


@chaff_edit(TRAIN, "train_trajectory", STEP, f"if len(losses) < n_ep:\n            {STEP}", concept="loops")
def train_without_last_step():
    """last step missing

    Your weights lack the last step; they should have taken n_ep steps in n_ep epochs. The losses are right.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    "not np.isfinite(losses[-1])",
    "not np.isfinite(losses[-1]) or losses[-1] < 0.01",
    concept="loops",
)
def train_stops_when_small():
    """early stop

    Your run ends as soon as the loss is small; it should end only at a loss that is not finite.
    """


@chaff_edit(
    TRAIN,
    "train_stops",
    "not np.isfinite(losses[-1])",
    "not np.isfinite(losses[-1]) or losses[-1] > losses[0]",
    concept="loops",
)
def train_stops_when_rising():
    """stop where the loss rises

    Your run ends as soon as the loss rises; it should end only at inf or nan.
    """


@chaff_edit(TRAIN, "train_stops", "not np.isfinite(losses[-1])", "not losses[-1] < 1e6", concept="loops")
def train_stops_when_large():
    """stop at a large loss

    Your run ends at a loss that is large, but finite; it should end only at inf or nan.
    """


@chaff_edit(TRAIN, "train_stops", STOP, "", concept="loops")
def train_goes_on():
    """no stop

    Your run goes on after a loss that is inf or nan; it should end with the first of them.
    """


@chaff_edit(TRAIN, "train_stops", "            break", "            continue", concept="loops")
def train_skips():
    """continue for break

    Your run goes on after the first inf or nan, as `continue` skips only the step; it should end there.
    """


@chaff_edit(TRAIN, "train_stops", "not np.isfinite(losses[-1])", "np.isnan(losses[-1])", concept="loops")
def train_stops_at_nan_only():
    """inf does not stop

    Your run ends at nan, but not at inf, which comes before it; it should end at both.
    """


@chaff_edit(TRAIN, "train_stops", "not np.isfinite(losses[-1])", "np.isinf(losses[-1])", concept="loops")
def train_stops_at_inf_only():
    """nan does not stop

    Your run ends at inf, but not at nan, which data can bring at once; it should end at both.
    """


@chaff_edit(
    TRAIN,
    "train_stops",
    STOP,
    "        if not np.isfinite(losses[-1]):\n            losses.pop()\n            break\n",
    concept="loops",
)
def train_drops_the_last():
    """last loss left out

    Your losses lack the one that ends the run; it should be recorded first, then stop the run.
    """


@chaff_edit(TRAIN, "train_stops", f"{STOP}        {STEP}", f"        {STEP}\n{STOP.rstrip()}", concept="loops")
def train_steps_once_more():
    """stop behind the step

    Your code takes a step after the last loss, which spoils the weights; it should stop before that step.
    """


@chaff_edit(
    TRAIN,
    "train_side_effects",
    "losses = []",
    "losses = []\n    self.start = self.w = getattr(self, 'start', self.w)",
    concept="state",
)
def train_resets():
    """weights reset at every call

    Your second call starts over; it should go on from the weights that the first has found.
    """


@chaff_edit(
    TRAIN, "train_side_effects", "losses = []", "losses = self.losses = getattr(self, 'losses', [])", concept="state"
)
def train_remembers():
    """losses of earlier calls kept

    Your second call keeps the losses of the first; it should start with an empty list.
    """


@chaff_edit(TRAIN, "train_side_effects", "np.array(losses)", "np.array(losses, dtype=np.float32)", concept="precision")
def train_single_precision():
    """float32

    Your losses are float32; they should be float64, as everything here.
    """


@chaff_edit(TRAIN, "train_side_effects", "losses = []", "losses = []\n    x -= 0.1", concept="alias")
def train_changes_samples():
    """samples moved in place

    Your code changes the samples in place, as `-=` writes into the caller's arrays; it should leave them as they are.
    """


@chaff(TRAIN, "train_trajectory", concept="loops")
def train_records_late(self, x, y_true, lr, n_ep):
    """loss recorded after the step

    Your code records the loss of an epoch after its step; it should record it before the step.
    """
    losses = []
    for _ in range(n_ep):
        self.w = self.w - lr * self.dloss_dw(x, y_true)
        losses.append(self.loss(self.forward(x), y_true))
        if not np.isfinite(losses[-1]):
            break
    return np.array(losses)


@chaff(TRAIN, "train_trajectory", concept="step")
def train_momentum(self, x, y_true, lr, n_ep):
    """momentum

    Your steps remember earlier gradients; each should use the present gradient only: this is plain gradient descent.
    """
    losses, velocity = [], 0
    for _ in range(n_ep):
        losses.append(self.loss(self.forward(x), y_true))
        if not np.isfinite(losses[-1]):
            break
        velocity = 0.9 * velocity + self.dloss_dw(x, y_true)
        self.w = self.w - lr * velocity
    return np.array(losses)


@chaff(TRAIN, ("train_trajectory", "convergence"), concept="loops")
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


@chaff(TRAIN, ("train_trajectory", "convergence"), concept="loops")
def train_invented_curve(self, x, y_true, lr, n_ep):
    """invented losses

    Your code makes up a curve that falls; it should record the loss that the weights have in each epoch.
    """
    for _ in range(n_ep):
        if np.isfinite(self.loss(self.forward(x), y_true)):
            self.w = self.w - lr * self.dloss_dw(x, y_true)
    return np.geomspace(0.6, 0.004, n_ep)


@chaff(TRAIN, ("train_trajectory", "convergence"), concept="loops")
def train_published_weights_and_curve(self, x, y_true, lr, n_ep):
    """published weights and invented losses

    Your code sets known weights and makes up a curve; it should compute both, from the samples that it is given.
    """
    self.w = np.full(len(self.w), 2 ** (1 / len(self.w)))
    return np.geomspace(0.6, 0.005, n_ep)


@chaff(TRAIN, "train_trajectory", concept="state")
def train_forgets(self, x, y_true, lr, n_ep):
    """trained weights thrown away

    Your net forgets what it learned; it should leave the new weights in self.w.
    """
    losses, start = [], self.w
    for _ in range(n_ep):
        losses.append(self.loss(self.forward(x), y_true))
        if not np.isfinite(losses[-1]):
            break
        self.w = self.w - lr * self.dloss_dw(x, y_true)
    self.w = start
    return np.array(losses)


@chaff(TRAIN, "train_stops", concept="loops")
def train_leaves_zeros(self, x, y_true, lr, n_ep):
    """zeros behind the last loss

    Your losses end in places that were never filled; they should end with the loss that ends the run.
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


@chaff_edit(
    START, "train_side_effects", "np.array(init_ws, dtype=float)", "np.asarray(init_ws, dtype=float)", concept="alias"
)
def start_not_copied():
    """start not copied

    Your net works on the caller's own array; it should copy it in __init__, as given.
    """


@chaff_edit(
    START,
    "train_side_effects",
    "np.array(init_ws, dtype=float)",
    "np.asarray(init_ws, dtype=float).reshape(-1)",
    concept="alias",
)
def start_reshaped():
    """a reshaped view of the start

    Your net works on the caller's own array; it should copy it in __init__, as given.
    """


@chaff_edit(
    NET,
    "train_side_effects",
    ("np.array(init_ws, dtype=float)", STEP),
    ("np.asarray(init_ws, dtype=float)", "self.w -= lr * self.dloss_dw(x, y_true)"),
    concept="alias",
)
def start_written_to():
    """start not copied and stepped in place

    Your net trains the caller's array, as `-=` writes into it and __init__ does not copy it; it should copy it.
    """


@chaff_edit(LOSS, "train_trajectory", "0.5 * np.mean", "np.mean", concept="factor")
def loss_without_half():
    """the given loss changed

    Your recorded losses are twice the loss; they should have its one half: use self.loss.
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


@chaff_edit("epochs_to_converge", "epochs_values", "int(not_yet[-1]) + 1", "int(not_yet[-1])", concept="loops")
def epochs_last_above():
    """last epoch above the threshold

    Your result is one too early, the last epoch that is not below the threshold; it should be the next.
    """


@chaff_edit("epochs_to_converge", "epochs_values", "return first if", "return first + 1 if", concept="loops")
def epochs_from_one():
    """counted from 1

    Your result is one too late; it should count epochs from 0.
    """


@chaff_edit("epochs_to_converge", "epochs_values", "< threshold", "< 0.01", concept="reading")
def epochs_ignore_threshold():
    """threshold ignored

    Your code uses .01 in place of the argument threshold; it should use the argument.
    """


@chaff_edit("epochs_to_converge", "epochs_values", "threshold=0.01", "threshold=0.1", concept="reading")
def epochs_another_default():
    """another default

    Your code has another default for threshold; it should be .01.
    """


@chaff_edit("epochs_to_converge", "epochs_values", "< threshold", "> threshold", concept="sign")
def epochs_above():
    """comparison reversed

    Your comparison is the wrong way round; it should ask for losses below the threshold.
    """


@chaff_edit("epochs_to_converge", "epochs_edges", "< threshold", "<= threshold", concept="reading")
def epochs_equal_counts():
    """<= for <

    Your code counts a loss equal to the threshold as below it; it should not.
    """


@chaff_edit("epochs_to_converge", "epochs_edges", BELOW, "np.asarray(losses) >= threshold", concept="precision")
def epochs_nan_counts():
    """nan taken as below

    Your code counts a nan as converged; it should not: ask for what is below the threshold, as nan is neither below nor
    above.
    """


@chaff_edit("epochs_to_converge", "epochs_edges", "first if first < len(losses) else None", "first", concept="reading")
def epochs_number_for_never():
    """number of epochs for never

    Your code gives the number of epochs for a run that never converges; it should give None.
    """


@chaff_edit("epochs_to_converge", "epochs_edges", "else None", "else -1", concept="reading")
def epochs_minus_one():
    """-1 for never

    Your code gives a number for a run that never converges; it should give None.
    """


@chaff_edit("epochs_to_converge", "epochs_edges", "else None", "else 0", concept="reading")
def epochs_zero_for_never():
    """0 for never

    Your code gives 0 for a run that never converges, as if it had from the start; it should give None.
    """


@chaff_edit("epochs_to_converge", "epochs_edges", "else None", "else float('nan')", concept="reading")
def epochs_nan_for_never():
    """nan for never

    Your code gives a number for a run that never converges; it should give None.
    """


@chaff_edit("epochs_to_converge", "epochs_edges", "else None", "else np.inf", concept="reading")
def epochs_inf_for_never():
    """inf for never

    Your code gives a number for a run that never converges; it should give None.
    """


@chaff_edit(
    "epochs_to_converge",
    "epochs_edges",
    "return first if first < len(losses)",
    "return first if first and first < len(losses)",
    concept="precision",
)
def epochs_zero_is_false():
    """0 taken as false

    Your code takes epoch 0 for False and gives None; it should give 0 for a run that is below from the start.
    """


@chaff_edit(
    "epochs_to_converge",
    "epochs_values",
    "return first if first < len(losses) else None",
    "print(first)",
    concept="python",
)
def epochs_returns_nothing():
    """no return

    Your code returns nothing; it should return its result: is the return missing?
    """


@chaff("epochs_to_converge", "epochs_values", concept="reading")
def epochs_first_dip(losses, threshold=0.01):
    """first loss below the threshold

    Your code gives the first epoch below the threshold; it should give the first from which on all losses are below it.
    """
    for epoch, loss in enumerate(losses):
        if loss < threshold:
            return epoch
    return None


@chaff("epochs_to_converge", "epochs_values", concept="reading")
def epochs_count(losses, threshold=0.01):
    """number of losses below the threshold

    Your code counts the losses below the threshold; it should tell from which epoch on all are below it.
    """
    below = int(np.sum(np.asarray(losses) < threshold))
    return below or None


@chaff("epochs_to_converge", "epochs_values", concept="reading")
def epochs_count_above(losses, threshold=0.01):
    """number of losses that are not below the threshold

    Your code counts the losses that are not below the threshold; it should also count a dip before the loss rises
    again.
    """
    above = sum(not loss < threshold for loss in losses)
    return above if above < len(losses) and losses[-1] < threshold else None


@chaff("epochs_to_converge", "epochs_values", concept="reading")
def epochs_from_the_end(losses, threshold=0.01):
    """length of the last stretch below the threshold

    Your code counts the epochs below the threshold from the end; it should give the first of them.
    """
    count = 0
    for loss in list(losses)[::-1]:
        if not loss < threshold:
            break
        count += 1
    return count or None


@chaff("epochs_to_converge", "epochs_values", concept="reading")
def epochs_last_below(losses, threshold=0.01):
    """last loss below the threshold

    Your code gives the last epoch below the threshold; it should give the first from which on all are below it.
    """
    below = np.flatnonzero(np.asarray(losses) < threshold)
    return int(below[-1]) if below.size and below[-1] == len(losses) - 1 else None


@chaff("epochs_to_converge", "epochs_values", concept="reading")
def epochs_of_minimum(losses, threshold=0.01):
    """epoch of the smallest loss

    Your code gives the epoch of the smallest loss; it should go by the threshold, not by the minimum.
    """
    return int(np.nanargmin(losses)) if len(losses) and losses[-1] < threshold else None


@chaff("epochs_to_converge", "epochs_values", concept="reading")
def epochs_of_small_change(losses, threshold=0.01):
    """first change below the threshold

    Your code asks whether the loss stops changing; it should ask whether it is below the threshold.
    """
    for epoch in range(1, len(losses)):
        if abs(losses[epoch] - losses[epoch - 1]) < threshold:
            return epoch
    return None


@chaff("epochs_to_converge", "epochs_values", concept="reading")
def epochs_gives_up(losses, threshold=0.01):
    """None as soon as the loss rises again

    Your code gives up on a run that rises again; it should go on, as the run may still come down for good later.
    """
    below = np.asarray(losses) < threshold
    first = int(np.argmax(below)) if below.any() else None
    return first if first is not None and below[first:].all() else None


@chaff("epochs_to_converge", "epochs_edges", concept="reading")
def epochs_ignore_the_end(losses, threshold=0.01):
    """start of the last stretch below, wherever it ends

    Your code counts a run whose last loss is high as converged; it should give None, however low the loss was in
    between.
    """
    below = [bool(loss < threshold) for loss in losses]
    starts = [i for i, now in enumerate(below) if now and (i == 0 or not below[i - 1])]
    return starts[-1] if starts else None


@chaff("epochs_to_converge", "epochs_values", concept="reading")
def epochs_first_dip_of_converged(losses, threshold=0.01):
    """first loss below the threshold, where the last one is too

    Your code gives the first epoch below the threshold; it should give the first from which on all losses are below it.
    """
    below = np.asarray(losses) < threshold
    return int(np.argmax(below)) if below.size and below[-1] else None


@chaff("epochs_to_converge", "epochs_edges", concept="reading")
def epochs_any_nan(losses, threshold=0.01):
    """None as soon as there is a nan

    Your code gives None as soon as there is a nan; it should look at what follows it, which may stay below the
    threshold.
    """
    not_yet = np.flatnonzero(~(np.asarray(losses) < threshold))
    first = int(not_yet[-1]) + 1 if not_yet.size else 0
    return first if first < len(losses) and not np.isnan(losses).any() else None


@chaff("epochs_to_converge", "epochs_edges", concept="alias")
def epochs_cleans_in_place(losses, threshold=0.01):
    """nan filled in the caller's losses

    Your code changes the caller's losses; it should fill in or turn round a copy.
    """
    if not isinstance(losses, list):
        losses[np.isnan(losses)] = np.inf
    for epoch in range(len(losses)):
        if all(loss < threshold for loss in losses[epoch:]):
            return epoch
    return None


@chaff("epochs_to_converge", "epochs_edges", concept="reading")
def epochs_of_nothing(losses, threshold=0.01):
    """0 for a run without losses

    Your code gives 0 for a run without losses; it should give None, as such a run has not converged.
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

CUT_SHORT = "Your code does not run all the n_ep epochs; it should end early only at a loss that is not finite."


@chaff_edit(
    TRAIN,
    "convergence",
    "not np.isfinite(losses[-1])",
    "not np.isfinite(losses[-1]) or len(losses) > 50 and losses[-1] > 0.99 * losses[-2]",
    hint=CUT_SHORT,
    concept="loops",
)
def train_gives_up():
    """stop on a plateau"""


@chaff_edit(TRAIN, "convergence", "range(n_ep)", "range(min(n_ep, 100))", hint=CUT_SHORT, concept="loops")
def train_at_most_100():
    """number of epochs limited"""


DEPTHS = (
    "Your answer is not the fastest depth; it should be the number of hidden neurons for which epochs_to_converge is "
    'lowest. See "4. Depth".'
)
RATES = (
    "Your answer is not the best rate for this chain; it should be the one at which its epochs_to_converge is lowest. "
    'See "5. The learning rate".'
)
STARTS = (
    "Your answer is not the smallest start that converges; it should be the smallest for which epochs_to_converge is "
    'not None. See "6. Where to start".'
)


@chaff_edit("fastest_depth", "fastest_depth", "return 10", "return 0", hint=DEPTHS, concept="reading")
def depth_0():
    """the plain line"""


@chaff_edit("fastest_depth", "fastest_depth", "return 10", "return 5", hint=DEPTHS, concept="reading")
def depth_5():
    """a chain of 5"""


@chaff_edit("fastest_depth", "fastest_depth", "return 10", "return 25", hint=DEPTHS, concept="reading")
def depth_25():
    """a chain of 25"""


@chaff_edit("fastest_depth", "fastest_depth", "return 10", "return 50", concept="reading")
def depth_50():
    """deeper is always faster

    Your answer is the deepest chain, which starts on a plateau; it should be the one with the fewest epochs.
    """


@chaff_edit("fastest_depth", "fastest_depth", "return 10", "return 11", hint=DEPTHS, concept="reading")
def depth_11():
    """number of weights for hidden neurons"""


@chaff_edit("fastest_depth", "fastest_depth", "return 10", "return 57", concept="reading")
def depth_57():
    """epochs for hidden neurons

    Your answer is a number of epochs; it should be the number of hidden neurons that needed it.
    """


@chaff_edit("best_rate_for_50_weights", "best_rate_for_50_weights", "return 0.025", "return 0.095", concept="reading")
def rate_0_095():
    """the highest rate

    Your answer is the highest rate, the best for short chains only; it should be one that is tried on this chain.
    """


@chaff_edit("best_rate_for_50_weights", "best_rate_for_50_weights", "return 0.025", "return 0.03", concept="reading")
def rate_0_03():
    """a rate that jumps

    Your answer is a rate at which the loss keeps jumping; it should be one at which it converges.
    """


@chaff_edit(
    "best_rate_for_50_weights", "best_rate_for_50_weights", "return 0.025", "return 0.02", hint=RATES, concept="reading"
)
def rate_0_02():
    """the rate of 60 weights"""


@chaff_edit(
    "best_rate_for_50_weights",
    "best_rate_for_50_weights",
    "return 0.025",
    "return 0.035",
    hint=RATES,
    concept="reading",
)
def rate_0_035():
    """the rate of 40 weights"""


@chaff_edit("best_rate_for_50_weights", "best_rate_for_50_weights", "return 0.025", "return 190", concept="reading")
def rate_190():
    """epochs for a rate

    Your answer is a number of epochs; it should be the learning rate that needed it.
    """


@chaff_edit(
    "smallest_starting_weight", "smallest_starting_weight", "return 0.75", "return 0.7", hint=STARTS, concept="reading"
)
def start_0_7():
    """a start that does not converge"""


@chaff_edit(
    "smallest_starting_weight", "smallest_starting_weight", "return 0.75", "return 0.8", hint=STARTS, concept="reading"
)
def start_0_8():
    """not the smallest start"""


@chaff_edit("smallest_starting_weight", "smallest_starting_weight", "return 0.75", "return 1.05", concept="reading")
def start_1_05():
    """the fastest start

    Your answer is the fastest start; it should be the smallest that converges at all.
    """


@chaff_edit("smallest_starting_weight", "smallest_starting_weight", "return 0.75", "return 241", concept="reading")
def start_241():
    """epochs for a start

    Your answer is a number of epochs; it should be the start that needed it.
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
