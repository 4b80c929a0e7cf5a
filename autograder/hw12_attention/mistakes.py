"""Known mistakes and right variants of hw12_attention."""

import numpy as np

from gradbook.homework import chaff, chaff_edit, suspect, wheat, wheat_edit

EQUIVALENT = {
    "attention: np.tri(q.shape[1], dtype=bool) -> np.tri(q.shape[1])": "np.where takes 1 and 0 for True and False",
}

# ---------------------------------------------------------------- Embedding.backward

EMBED, EMBED_VALUE, EMBED_ADDS = "Embedding.backward", "embedding_value", "embedding_adds"
PLACES = (
    "Your code counts one place only of a token that occurs several times; it should add up all of them. "
    'See "Tokens become rows".'
)
ADD_AT = 'np.add.at(self.gradients["table"], self.tokens, grad)'


@chaff_edit(
    EMBED, EMBED_VALUE, ADD_AT, 'self.gradients["table"][self.tokens] += grad', hint=PLACES, concept="definition"
)
def embedding_overwrites():
    """+= with an index array"""


@chaff_edit(
    EMBED,
    (EMBED_VALUE, EMBED_ADDS),
    ADD_AT,
    'self.gradients["table"][self.tokens] = grad',
    hint=PLACES,
    concept="definition",
)
def embedding_sets_rows():
    """rows set, not added to"""


@chaff(EMBED, EMBED_ADDS, concept="state")
def embedding_new_array(self, grad):
    """a new array in each call

    Your code puts a new array into the gradients; it should add to the one that is there, as others hold it too.
    """
    table = np.zeros_like(self.gradients["table"])
    np.add.at(table, self.tokens, grad)
    self.gradients["table"] = table


@chaff(EMBED, EMBED_ADDS, concept="state")
def embedding_rebinds_the_sum(self, grad):
    """the sum in a new array

    Your code adds, but into a new array; it should change the one that is there, as others hold it too: use +=.
    """
    table = np.zeros_like(self.gradients["table"])
    np.add.at(table, self.tokens, grad)
    self.gradients["table"] = self.gradients["table"] + table


@chaff(EMBED, EMBED_ADDS, concept="state")
def embedding_empties_first(self, grad):
    """emptied before it is added to

    Your gradients begin anew in each call; they should keep what is there and add to it.
    """
    self.gradients["table"][...] = 0
    np.add.at(self.gradients["table"], self.tokens, grad)


@chaff_edit(EMBED, EMBED_VALUE, ADD_AT, f"{ADD_AT[:-1]} / self.tokens.size)", concept="mean")
def embedding_mean_of_all():
    """divided by the number of places

    Your code divides by the number of places; it should add them up: a mean, where there is one, is in grad already.
    """


@chaff(EMBED, EMBED_VALUE, concept="mean")
def embedding_mean_of_each(self, grad):
    """mean over the places of a token

    Your code takes the mean over the places of a token; it should take their sum.
    """
    counts = np.bincount(self.tokens.ravel(), minlength=len(self.gradients["table"]))
    np.add.at(self.gradients["table"], self.tokens, grad / counts[self.tokens][:, :, None])


@chaff_edit(EMBED, EMBED_VALUE, ADD_AT, "np.subtract" + ADD_AT[len("np.add") :], concept="sign")
def embedding_subtracts():
    """subtracted

    Your code subtracts the gradient; it should add it: the minus belongs to the optimizer.
    """


@chaff(EMBED, EMBED_VALUE, concept="shapes")
def embedding_first_sequence(self, grad):
    """the first sequence only

    Your code adds up the first sequence only; it should add up all of them.
    """
    np.add.at(self.gradients["table"], self.tokens[0], grad[0])


@chaff(EMBED, EMBED_VALUE, concept="definition")
def embedding_once_a_sequence(self, grad):
    """+= with an index array, a sequence at a time

    Your += keeps one place only of a token that occurs twice in a sequence; it should add up all of them.
    """
    for tokens, below in zip(self.tokens, grad):
        self.gradients["table"][tokens] += below


@chaff_edit(EMBED, EMBED_VALUE, ADD_AT, f'{ADD_AT[:-1]} * self.parameters["table"][self.tokens])', concept="chain rule")
def embedding_times_table():
    """multiplied by the table

    Your code multiplies by the row itself; it should pass grad on as it is: to copy a row has the slope 1.
    """


@chaff(EMBED, EMBED_VALUE, concept="shapes")
def embedding_columns_summed(self, grad):
    """one number for all columns

    Your code adds up the columns of grad; it should keep them apart, as a row has a number for each.
    """
    np.add.at(self.gradients["table"], self.tokens, grad.sum(axis=-1, keepdims=True))


@chaff_edit(EMBED, "embedding_effects", ADD_AT, f"{ADD_AT}\n    self.tokens[...] = 0", concept="alias")
def embedding_writes_tokens():
    """the tokens changed

    Your code changes the tokens, which belong to the caller; it should leave them as they are.
    """


@chaff_edit(EMBED, "embedding_effects", ADD_AT, f"{ADD_AT}\n    grad *= 0", concept="alias")
def embedding_writes_grad():
    """grad changed

    Your code changes grad, which belongs to the caller; it should leave it as it is.
    """


@chaff_edit(
    EMBED,
    "embedding_effects",
    ADD_AT,
    f'{ADD_AT}\n    self.parameters["table"] -= 0.01 * self.gradients["table"]',
    concept="step",
)
def embedding_steps():
    """the table changed

    Your backward moves the table; it should only add to the gradients: the step is the optimizer's.
    """


NOTHING = 'Your backward leaves the gradients as they are; it should add to gradients["table"], and not to the table.'


@chaff(EMBED, (EMBED_VALUE, EMBED_ADDS), hint=NOTHING, concept="state")
def embedding_into_the_table(self, grad):
    """added to the table itself"""
    np.add.at(self.parameters["table"], self.tokens, grad)


@chaff(EMBED, (EMBED_VALUE, EMBED_ADDS), hint=NOTHING, concept="state")
def embedding_adds_nothing(self, grad):
    """nothing added"""
    return self.parameters["table"][self.tokens] * grad


@chaff(EMBED, EMBED_VALUE, hint=PLACES, concept="definition")
def embedding_first_place(self, grad):
    """the first place of a token only"""
    for token in np.unique(self.tokens):
        i, j = np.argwhere(self.tokens == token)[0]
        self.gradients["table"][token] += grad[i, j]


@chaff(EMBED, EMBED_VALUE, concept="loops")
def embedding_leaves_out_the_last(self, grad):
    """the last token left out

    Your loop leaves out the last token; it should go over all rows of the table.
    """
    for token in range(len(self.gradients["table"]) - 1):
        self.gradients["table"][token] += grad[self.tokens == token].sum(axis=0)


@chaff(EMBED, EMBED_VALUE, concept="loops")
def embedding_begins_at_one(self, grad):
    """the first token left out

    Your loop leaves out the token 0; it should go over all rows of the table.
    """
    for token in range(1, len(self.gradients["table"])):
        self.gradients["table"][token] += grad[self.tokens == token].sum(axis=0)


@chaff(EMBED, "embedding_effects", concept="state")
def embedding_keeps_one_hot(self, grad):
    """the one-hot rows of the first tokens

    Your code goes on with what it made of the first tokens; it should use those of the last forward.
    """
    if not hasattr(self, "one_hot") or self.one_hot.shape[:2] != self.tokens.shape:
        self.one_hot = np.eye(len(self.gradients["table"]))[self.tokens]
    self.gradients["table"] += np.einsum("ntv,ntd->vd", self.one_hot, grad)


@wheat(EMBED)
def embedding_by_loops(self, grad):
    n, t = np.shape(self.tokens)
    for i in range(n):
        for j in range(t):
            self.gradients["table"][self.tokens[i, j]] += grad[i, j]


@wheat(EMBED)
def embedding_by_one_hot(self, grad):
    table = self.gradients["table"]
    one_hot = np.eye(table.shape[0])[self.tokens]
    table += np.einsum("ntv,ntd->vd", one_hot, grad)


@wheat(EMBED)
def embedding_by_masks(self, grad):
    for token in range(len(self.gradients["table"])):
        self.gradients["table"][token] += grad[self.tokens == token].sum(axis=0)


@wheat(EMBED)
def embedding_flat(self, grad):
    d = grad.shape[-1]
    total = np.zeros(self.gradients["table"].shape)
    np.add.at(total, self.tokens.reshape(-1), grad.reshape(-1, d))
    self.gradients["table"][:] = self.gradients["table"] + total
    return self.gradients["table"]


@wheat(EMBED)
def embedding_by_bincount(self, grad):
    rows = np.ravel(self.tokens)
    for column in range(grad.shape[2]):
        counted = np.bincount(rows, weights=grad[:, :, column].ravel(), minlength=len(self.gradients["table"]))
        self.gradients["table"][:, column] += counted


# ---------------------------------------------------------------- LayerNorm.forward

FORWARD, FORWARD_VALUE, FORWARD_EPS = "LayerNorm.forward", "norm_forward_value", "norm_forward_eps"
BOTH = (FORWARD_VALUE, FORWARD_EPS)
MEAN = "x.mean(axis=-1, keepdims=True)"
VARIANCE = "np.mean(centred**2, axis=-1, keepdims=True)"
ROOT = f"np.sqrt({VARIANCE} + self.eps)"
RETURN = 'return self.parameters["gain"] * self.normal + self.parameters["bias"]'


@chaff_edit(FORWARD, FORWARD_EPS, ROOT, f"np.sqrt({VARIANCE}) + self.eps", concept="definition")
def forward_eps_outside():
    """eps outside the root

    Your eps is added to the deviation; it should be added to the variance, under the root. See "Layer normalisation".
    """


@chaff_edit(FORWARD, FORWARD_EPS, ROOT, f"np.sqrt({VARIANCE})", concept="definition")
def forward_without_eps():
    """no eps

    Your code leaves eps out, so that equal numbers give nan; it should add it to the variance, under the root.
    """


@chaff_edit(FORWARD, FORWARD_EPS, ROOT, f"np.sqrt(np.maximum({VARIANCE}, self.eps))", concept="definition")
def forward_eps_as_bound():
    """eps as a lower bound

    Your eps is a lower bound of the variance; it should be added to it, always.
    """


@chaff_edit(FORWARD, FORWARD_EPS, "+ self.eps", "+ 1e-5", concept="definition")
def forward_fixed_eps():
    """eps fixed

    Your eps is a fixed number; it should be the one that the layer was made with.
    """


@chaff_edit(FORWARD, FORWARD_EPS, "+ self.eps", "+ self.eps**2", concept="definition")
def forward_eps_squared():
    """eps squared

    Your code adds the square of eps; it should add eps itself to the variance.
    """


@chaff_edit(FORWARD, BOTH, ROOT, f"np.sqrt({VARIANCE} * x.shape[-1] / (x.shape[-1] - 1) + self.eps)", concept="mean")
def forward_sample_variance():
    """variance with d - 1

    Your variance divides by d - 1; it should be the mean of the squared deviations, divided by d.
    """


@chaff_edit(FORWARD, BOTH, ROOT, "np.sqrt(np.sum(centred**2, axis=-1, keepdims=True) + self.eps)", concept="mean")
def forward_sum_of_squares():
    """sum for mean in the variance

    Your variance is a sum of squares; it should be their mean.
    """


@chaff_edit(FORWARD, BOTH, ROOT, f"{VARIANCE} + self.eps", concept="definition")
def forward_variance():
    """divided by the variance

    Your code divides by the variance; it should divide by its root.
    """


@chaff_edit(FORWARD, BOTH, ROOT, "np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + self.eps)", concept="definition")
def forward_mean_square():
    """mean square for variance

    Your variance is the mean square of x itself; it should be that of x less its mean.
    """


@chaff_edit(FORWARD, BOTH, f"x - {MEAN}", "x", concept="definition")
def forward_not_centred():
    """mean not taken off

    Your code does not take off the mean; it should, so that the numbers of each position have the mean 0.
    """


@chaff_edit(
    FORWARD, BOTH, "self.normal = centred / self.deviation", "self.normal = x / self.deviation", concept="definition"
)
def forward_divides_x():
    """x divided, not what is left of it

    Your code divides x itself by the deviation; it should divide what is left when the mean is taken off.
    """


@chaff_edit(
    FORWARD,
    BOTH,
    (MEAN, VARIANCE),
    (MEAN.replace("-1", "1"), VARIANCE.replace("-1", "1")),
    concept="shapes",
)
def forward_over_positions():
    """over the positions

    Your mean and variance go over the positions; they should go over the d numbers of each position: the last axis.
    """


@chaff_edit(
    FORWARD,
    BOTH,
    (MEAN, VARIANCE),
    (MEAN.replace("-1", "0"), VARIANCE.replace("-1", "0")),
    concept="shapes",
)
def forward_over_batch():
    """over the batch

    Your mean and variance go over the batch; they should go over the d numbers of each position: the last axis.
    """


@chaff_edit(
    FORWARD,
    BOTH,
    (MEAN, VARIANCE),
    (MEAN.replace("-1", "(0, 1)"), VARIANCE.replace("-1", "(0, 1)")),
    concept="shapes",
)
def forward_as_batch_norm():
    """over batch and positions, as batch normalisation

    Your mean and variance are one for each column, over all positions; they should be one for each position.
    """


@chaff_edit(
    FORWARD,
    BOTH,
    (MEAN, VARIANCE),
    (MEAN.replace("-1", "(1, 2)"), VARIANCE.replace("-1", "(1, 2)")),
    concept="shapes",
)
def forward_over_sequences():
    """over whole sequences

    Your mean and variance are those of a whole sequence; they should be those of each position by itself.
    """


@chaff_edit(FORWARD, BOTH, (MEAN, VARIANCE), ("x.mean()", "np.mean(centred**2)"), concept="shapes")
def forward_over_all():
    """over all numbers

    Your mean and variance are those of all numbers; they should be those of each position by itself.
    """


@chaff_edit(FORWARD, FORWARD_VALUE, RETURN, "return self.normal", concept="definition")
def forward_without_both():
    """gain and bias left out

    Your code leaves gain and bias out; it should multiply by the one and add the other.
    """


@chaff_edit(FORWARD, FORWARD_VALUE, RETURN, 'return self.parameters["gain"] * self.normal', concept="definition")
def forward_without_bias():
    """bias left out

    Your code leaves the bias out; it should add it last.
    """


@chaff_edit(FORWARD, FORWARD_VALUE, RETURN, 'return self.normal + self.parameters["bias"]', concept="definition")
def forward_without_gain():
    """gain left out

    Your code leaves the gain out; it should multiply by it before the bias is added.
    """


@chaff_edit(
    FORWARD,
    FORWARD_VALUE,
    RETURN,
    'return self.parameters["gain"] * (self.normal + self.parameters["bias"])',
    concept="order",
)
def forward_bias_first():
    """bias before gain

    Your code adds the bias before it multiplies by the gain; it should do so afterwards.
    """


@chaff_edit(
    FORWARD,
    FORWARD_VALUE,
    RETURN,
    'return self.parameters["bias"] * self.normal + self.parameters["gain"]',
    concept="places",
)
def forward_exchanged():
    """gain and bias exchanged

    Your code multiplies by the bias and adds the gain; it should be the other way round.
    """


@chaff_edit(
    FORWARD,
    "norm_forward_effects",
    f"centred = x - {MEAN}",
    f"x -= {MEAN}\n    centred = x",
    concept="alias",
)
def forward_writes_x():
    """x changed

    Your forward changes x, which belongs to the caller; it should leave it as it is.
    """


@chaff_edit(
    FORWARD,
    "norm_forward_effects",
    RETURN,
    'self.parameters["gain"] *= self.normal.std()\n    ' + RETURN,
    concept="alias",
)
def forward_writes_gain():
    """gain changed

    Your forward changes the gain; it should only use it.
    """


@chaff_edit(
    FORWARD,
    "norm_forward_effects",
    RETURN,
    'if not hasattr(self, "first"):\n        self.first = {k: p.copy() for k, p in self.parameters.items()}\n'
    '    return self.first["gain"] * self.normal + self.first["bias"]',
    concept="state",
)
def forward_remembers_parameters():
    """gain and bias of the first call

    Your code uses a copy of gain and bias from the first call; it should use them as they are now.
    """


@chaff_edit(
    FORWARD,
    "norm_forward_effects",
    RETURN,
    'y = self.parameters["gain"] * self.normal + self.parameters["bias"]\n'
    '    if np.shape(getattr(self, "y", None)) == y.shape:\n        self.y[...] = y\n    else:\n        self.y = y\n'
    "    return self.y",
    concept="alias",
)
def forward_buffer():
    """the same array returned again

    Your code returns its own buffer, so that the next call changes an earlier result; it should return a new array.
    """


@chaff(FORWARD, "norm_backward_effects", concept="state")
def forward_keeps_the_first(self, x):
    """what the first forward kept stays

    Your forward keeps what it found in the first call; it should keep that of the last, for backward.
    """
    centred = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.mean(centred**2, axis=-1, keepdims=True) + self.eps)
    if not hasattr(self, "normal"):
        self.deviation, self.normal = deviation, centred / deviation
    return self.parameters["gain"] * (centred / deviation) + self.parameters["bias"]


@wheat(FORWARD)
def forward_by_numpy(self, x):
    self.x = x
    self.deviation = (x.var(-1) + self.eps)[..., None] ** 0.5
    self.normal = (x - np.mean(x, -1)[..., None]) * (1 / self.deviation)
    y = self.normal * self.parameters["gain"]
    y += self.parameters["bias"]
    return y


@wheat(FORWARD)
def forward_by_loops(self, x):
    x = np.asarray(x)
    n, t, d = x.shape
    self.normal, self.deviation = np.zeros((n, t, d)), np.zeros((n, t, 1))
    out = np.empty_like(self.normal)
    for i in range(n):
        for j in range(t):
            mean = sum(x[i, j]) / d
            variance = sum((number - mean) ** 2 for number in x[i, j]) / d
            self.deviation[i, j, 0] = np.sqrt(variance + self.eps)
            self.normal[i, j] = (x[i, j] - mean) / self.deviation[i, j, 0]
            out[i, j] = self.parameters["gain"] * self.normal[i, j] + self.parameters["bias"]
    return out


@wheat(FORWARD)
def forward_by_means_of_squares(self, x):
    mean = x.mean(axis=2, keepdims=True)
    variance = (x * x).mean(axis=2, keepdims=True) - mean * mean
    self.deviation = np.sqrt(np.abs(variance) + self.eps)
    self.normal = (x - mean) / self.deviation
    return np.einsum("d,ntd->ntd", self.parameters["gain"], self.normal) + self.parameters["bias"]


@wheat(FORWARD)
def forward_by_a_matrix(self, x):
    d = x.shape[-1]
    centred = x @ (np.eye(d) - np.ones((d, d)) / d)
    self.deviation = np.sqrt(np.einsum("ntd,ntd->nt", centred, centred)[:, :, None] / d + self.eps)
    self.normal = centred / self.deviation
    gain, bias = self.parameters["gain"], self.parameters["bias"]
    return self.normal * gain[None, None, :] + bias[None, None, :]


# ---------------------------------------------------------------- LayerNorm.backward

BACKWARD, BACKWARD_VALUE = "LayerNorm.backward", "norm_backward_value"
BACKWARD_ADDS, BACKWARD_EFFECTS = "norm_backward_adds", "norm_backward_effects"
BELOW = "(grad_normal - along_mean - self.normal * along_normal) / self.deviation"
GAIN, BIAS = "np.sum(grad * self.normal, axis=(0, 1))", "np.sum(grad, axis=(0, 1))"
ALONG_NORMAL = "np.mean(grad_normal * self.normal, axis=-1, keepdims=True)"


@chaff_edit(BACKWARD, BACKWARD_VALUE, BELOW, "grad_normal / self.deviation", concept="chain rule")
def backward_without_both_means():
    """both mean terms missing

    Your gradient of x takes mean and deviation as constants; it should have their two terms, as both depend on x.
    """


@chaff_edit(
    BACKWARD, BACKWARD_VALUE, BELOW, "(grad_normal - self.normal * along_normal) / self.deviation", concept="chain rule"
)
def backward_mean_constant():
    """mean taken as a constant

    Your gradient of x takes the mean as a constant; it should have its term, too: all d numbers make the mean.
    """


@chaff_edit(BACKWARD, BACKWARD_VALUE, BELOW, "(grad_normal - along_mean) / self.deviation", concept="chain rule")
def backward_deviation_constant():
    """deviation taken as a constant

    Your gradient of x takes the deviation as a constant; it should have its term, too: all d numbers make it.
    """


@chaff_edit(
    BACKWARD,
    BACKWARD_VALUE,
    BELOW,
    "(grad_normal - along_mean - along_normal) / self.deviation",
    concept="chain rule",
)
def backward_without_normal():
    """factor of the second term missing

    Your second term lacks its factor; it should be multiplied by the normalised number of each column.
    """


@chaff_edit(
    BACKWARD, BACKWARD_VALUE, BELOW, "grad_normal - along_mean - self.normal * along_normal", concept="chain rule"
)
def backward_without_deviation():
    """not divided by the deviation

    Your gradient of x is not divided by the deviation; it should be, as forward divides by it.
    """


@chaff_edit(
    BACKWARD,
    BACKWARD_VALUE,
    "- self.normal * along_normal",
    "+ self.normal * along_normal",
    concept="sign",
)
def backward_plus_normal():
    """sign of the second term

    Your second term is added; it should be subtracted.
    """


@chaff_edit(BACKWARD, BACKWARD_VALUE, "- along_mean", "+ along_mean", concept="sign")
def backward_plus_mean():
    """sign of the mean term

    Your mean of the gradient is added; it should be subtracted, as forward subtracts the mean.
    """


@chaff_edit(BACKWARD, BACKWARD_VALUE, BELOW, f"({BELOW}) / self.deviation", concept="chain rule")
def backward_twice_deviation():
    """divided by the deviation twice

    Your gradient of x is divided by the deviation twice; it should be divided once.
    """


@chaff_edit(
    BACKWARD,
    BACKWARD_VALUE,
    "grad_normal = grad * self.parameters",
    "grad_normal = grad + 0 * self.parameters",
    concept="chain rule",
)
def backward_without_gain():
    """gain not passed through

    Your gradient of x leaves the gain out; it should multiply grad by it first, as forward multiplies by it last.
    """


@chaff(BACKWARD, BACKWARD_VALUE, concept="order")
def backward_gain_last(self, grad):
    """multiplied by the gain at the end

    Your code multiplies by the gain at the end; it should do so first, before the two means are taken.
    """
    self.gradients["gain"] += np.sum(grad * self.normal, axis=(0, 1))
    self.gradients["bias"] += np.sum(grad, axis=(0, 1))
    along_normal = np.mean(grad * self.normal, axis=-1, keepdims=True)
    below = (grad - grad.mean(axis=-1, keepdims=True) - self.normal * along_normal) / self.deviation
    return below * self.parameters["gain"]


@chaff_edit(
    BACKWARD,
    BACKWARD_VALUE,
    ("grad_normal.mean(", ALONG_NORMAL),
    ("grad_normal.sum(", ALONG_NORMAL.replace("mean", "sum")),
    concept="mean",
)
def backward_sums():
    """sums for means

    Your two terms have sums over the d numbers; they should have means.
    """


@chaff_edit(BACKWARD, BACKWARD_VALUE, "grad_normal.mean(", "grad_normal.sum(", concept="mean")
def backward_sum_of_gradient():
    """sum in the first term

    Your first term has the sum of the gradient over the d numbers; it should have the mean.
    """


@chaff_edit(BACKWARD, BACKWARD_VALUE, ALONG_NORMAL, ALONG_NORMAL.replace("mean", "sum"), concept="mean")
def backward_sum_along_normal():
    """sum in the second term

    Your second term has a sum over the d numbers; it should have a mean.
    """


@chaff_edit(
    BACKWARD,
    BACKWARD_VALUE,
    ALONG_NORMAL,
    ALONG_NORMAL.replace("mean", "sum").replace("keepdims=True)", "keepdims=True) / (grad.shape[-1] - 1)"),
    concept="mean",
)
def backward_sample_variance():
    """second term with d - 1

    Your second term divides by d - 1; it should divide by d, as the variance does.
    """


@chaff_edit(
    BACKWARD,
    BACKWARD_VALUE,
    ("grad_normal.mean(axis=-1", ALONG_NORMAL),
    ("grad_normal.mean(axis=1", ALONG_NORMAL.replace("-1", "1")),
    concept="shapes",
)
def backward_over_positions():
    """means over the positions

    Your two means go over the positions; they should go over the last axis, as mean and variance do.
    """


@chaff_edit(
    BACKWARD,
    BACKWARD_VALUE,
    ("grad_normal.mean(axis=-1", ALONG_NORMAL),
    ("grad_normal.mean(axis=(0, 1)", ALONG_NORMAL.replace("-1", "(0, 1)")),
    concept="shapes",
)
def backward_over_batch():
    """means over batch and positions

    Your two means go over batch and positions; they should go over the last axis, as mean and variance do.
    """


@chaff_edit(
    BACKWARD, BACKWARD_VALUE, "- self.normal * along_normal", "- 2 * self.normal * along_normal", concept="factor"
)
def backward_two_too_many():
    """factor 2 too many

    Your second term is twice as large as it should be; it should have no 2: the root halves that of the square.
    """


@chaff_edit(
    BACKWARD, BACKWARD_VALUE, "- self.normal * along_normal", "- 0.5 * self.normal * along_normal", concept="factor"
)
def backward_half():
    """factor 2 missing

    Your second term is half as large as it should be; it should keep the 2 of the square, which the root's half meets.
    """


@chaff_edit(BACKWARD, BACKWARD_VALUE, GAIN, "np.mean(grad * self.normal, axis=(0, 1))", concept="mean")
def backward_mean_for_gain():
    """mean for sum in the gain

    Your gradient of the gain is a mean over the positions; it should be a sum: all of them use the same gain.
    """


@chaff_edit(BACKWARD, BACKWARD_VALUE, BIAS, "np.mean(grad, axis=(0, 1))", concept="mean")
def backward_mean_for_bias():
    """mean for sum in the bias

    Your gradient of the bias is a mean over the positions; it should be a sum: all of them use the same bias.
    """


@chaff_edit(
    BACKWARD, BACKWARD_VALUE, (GAIN, BIAS), (GAIN.replace("sum", "mean"), BIAS.replace("sum", "mean")), concept="mean"
)
def backward_means_for_both():
    """means for sums in gain and bias

    Your gradients of gain and bias are means over the positions; they should be sums, as all use the same ones.
    """


@chaff_edit(BACKWARD, BACKWARD_VALUE, GAIN, BIAS, concept="chain rule")
def backward_gain_without_normal():
    """factor missing in the gain

    Your gradient of the gain lacks a factor; it should have the normalised numbers, which the gain multiplies.
    """


@chaff_edit(
    BACKWARD,
    BACKWARD_VALUE,
    GAIN,
    'np.sum(grad * self.normal * self.parameters["gain"], axis=(0, 1))',
    concept="chain rule",
)
def backward_gain_times_gain():
    """gain in its own gradient

    Your gradient of the gain has the gain itself as a factor; it should have grad and the normalised numbers only.
    """


@chaff_edit(
    BACKWARD,
    BACKWARD_VALUE,
    GAIN,
    'np.sum(grad * (self.normal * self.parameters["gain"] + self.parameters["bias"]), axis=(0, 1))',
    concept="places",
)
def backward_gain_with_output():
    """the output in the gradient of the gain

    Your gradient of the gain has the layer's output as a factor; it should have the normalised numbers.
    """


@chaff_edit(BACKWARD, BACKWARD_VALUE, BIAS, 'np.sum(grad * self.parameters["gain"], axis=(0, 1))', concept="chain rule")
def backward_bias_times_gain():
    """gain in the gradient of the bias

    Your gradient of the bias has the gain as a factor; it should be the sum of grad alone: the bias is added last.
    """


@chaff_edit(BACKWARD, BACKWARD_VALUE, (GAIN, BIAS), (BIAS, GAIN), concept="places")
def backward_exchanged():
    """gradients of gain and bias exchanged

    Your gradients of gain and bias are exchanged; they should stand under their own names.
    """


@chaff_edit(BACKWARD, BACKWARD_VALUE, "return (grad_normal", "return -(grad_normal", concept="sign")
def backward_minus():
    """sign of the gradient of x

    Your gradient of x has the wrong sign; it should be the other: the minus belongs to the optimizer.
    """


@chaff_edit(
    BACKWARD, BACKWARD_ADDS, ('["gain"] += ', '["bias"] += '), ('["gain"][...] = ', '["bias"][...] = '), concept="state"
)
def backward_sets():
    """= for += in both gradients

    Your gradients are set anew in each call; they should be added to, as gradients from two paths add.
    """


@chaff_edit(BACKWARD, BACKWARD_ADDS, '["gain"] += ', '["gain"][...] = ', concept="state")
def backward_sets_gain():
    """= for += in the gradient of the gain

    Your gradient of the gain is set anew in each call; it should be added to, as gradients from two paths add.
    """


@chaff_edit(BACKWARD, BACKWARD_ADDS, '["bias"] += ', '["bias"][...] = ', concept="state")
def backward_sets_bias():
    """= for += in the gradient of the bias

    Your gradient of the bias is set anew in each call; it should be added to, as gradients from two paths add.
    """


@chaff_edit(BACKWARD, BACKWARD_ADDS, ('["gain"] += ', '["bias"] += '), ('["gain"] = ', '["bias"] = '), concept="state")
def backward_new_arrays():
    """new arrays in each call

    Your code puts new arrays into the gradients; it should add to those that are there, as others hold them too.
    """


@chaff(BACKWARD, BACKWARD_ADDS, concept="state")
def backward_rebinds_sums(self, grad):
    """the sums in new arrays

    Your code adds, but into new arrays; it should change those that are there, as others hold them too: use +=.
    """
    self.gradients["gain"] = self.gradients["gain"] + np.sum(grad * self.normal, axis=(0, 1))
    self.gradients["bias"] = self.gradients["bias"] + np.sum(grad, axis=(0, 1))
    g = grad * self.parameters["gain"]
    along_normal = np.mean(g * self.normal, axis=-1, keepdims=True)
    return (g - g.mean(axis=-1, keepdims=True) - self.normal * along_normal) / self.deviation


@chaff_edit(
    BACKWARD,
    BACKWARD_EFFECTS,
    'grad_normal = grad * self.parameters["gain"]',
    'grad *= self.parameters["gain"]\n    grad_normal = grad',
    concept="alias",
)
def backward_writes_grad():
    """grad changed

    Your backward changes grad, which belongs to the caller; it should leave it as it is.
    """


@chaff_edit(
    BACKWARD,
    BACKWARD_EFFECTS,
    f"return {BELOW}",
    f"below = {BELOW}\n"
    '    if np.shape(getattr(self, "below", None)) == below.shape:\n        self.below[...] = below\n'
    "    else:\n        self.below = below\n    return self.below",
    concept="alias",
)
def backward_buffer():
    """the same array returned again

    Your code returns its own buffer, so that the next call changes an earlier result; it should return a new array.
    """


@chaff_edit(
    BACKWARD,
    BACKWARD_EFFECTS,
    "grad_normal = grad * ",
    'self.parameters["bias"] -= 0.01 * self.gradients["bias"]\n    grad_normal = grad * ',
    concept="step",
)
def backward_steps():
    """a parameter changed

    Your backward moves a parameter; it should only add to the gradients: the step is the optimizer's.
    """


@chaff(BACKWARD, (BACKWARD_VALUE, BACKWARD_ADDS), concept="chain rule")
def backward_without_parameters(self, grad):
    """no gradients of gain and bias

    Your backward leaves the gradients of gain and bias as they are; it should add to both.
    """
    g = grad * self.parameters["gain"]
    along_normal = np.mean(g * self.normal, axis=-1, keepdims=True)
    return (g - g.mean(axis=-1, keepdims=True) - self.normal * along_normal) / self.deviation


@chaff_edit(
    BACKWARD, BACKWARD_VALUE, BELOW, "grad_normal * (1 - self.normal**2) / self.deviation", concept="chain rule"
)
def backward_elementwise():
    """each number by itself

    Your gradient of x takes each number by itself; it should have the means over all d, which share mean and deviation.
    """


@chaff_edit(BACKWARD, BACKWARD_VALUE, BELOW, "grad / self.deviation", concept="chain rule")
def backward_deviation_alone():
    """divided by the deviation, and no more

    Your gradient of x is grad over the deviation; it should have the gain as a factor, and the terms of both means.
    """


@chaff_edit(BACKWARD, BACKWARD_VALUE, f"return {BELOW}", f"self.below = {BELOW}", concept="python")
def backward_returns_nothing():
    """nothing returned

    Your backward returns nothing; it should return the gradient of x, for the layer below.
    """


@wheat(BACKWARD)
def backward_by_the_graph(self, grad):
    """each step of forward, taken back by itself"""
    d = grad.shape[-1]
    self.gradients["bias"] += grad.sum(axis=1).sum(axis=0)
    self.gradients["gain"] += (grad * self.normal).sum(axis=1).sum(axis=0)
    g = grad * self.parameters["gain"]
    centred = self.normal * self.deviation
    d_deviation = -np.sum(g * centred, axis=-1, keepdims=True) / self.deviation**2
    d_variance = d_deviation / (2 * self.deviation)
    d_centred = g / self.deviation + 2 * centred * d_variance / d
    return d_centred - np.sum(d_centred, axis=-1, keepdims=True) / d


@wheat(BACKWARD)
def backward_position_by_position(self, grad):
    n, t, d = grad.shape
    below = np.zeros((n, t, d))
    for i in range(n):
        for j in range(t):
            normal, g = self.normal[i, j], grad[i, j] * self.parameters["gain"]
            jacobian = (np.eye(d) - 1 / d - np.outer(normal, normal) / d) / self.deviation[i, j]
            below[i, j] = jacobian @ g
            self.gradients["gain"] += grad[i, j] * normal
            self.gradients["bias"] += grad[i, j]
    return below


@wheat(BACKWARD)
def backward_by_einsum(self, grad):
    d = grad.shape[-1]
    np.add(self.gradients["gain"], np.einsum("ntd,ntd->d", grad, self.normal), out=self.gradients["gain"])
    np.add(self.gradients["bias"], np.einsum("ntd->d", grad), out=self.gradients["bias"])
    g = np.einsum("ntd,d->ntd", grad, self.parameters["gain"])
    along = np.einsum("ntd,ntd->nt", g, self.normal)[..., None]
    return (d * g - g.sum(-1)[..., None] - self.normal * along) / (d * self.deviation)


@wheat(BACKWARD)
def backward_on_flat_rows(self, grad):
    d = grad.shape[-1]
    rows, normal, deviation = grad.reshape(-1, d), self.normal.reshape(-1, d), self.deviation.reshape(-1, 1)
    self.gradients["gain"] += (rows * normal).sum(0)
    self.gradients["bias"] += rows.sum(0)
    g = rows * self.parameters["gain"]
    below = g - g.mean(1, keepdims=True) - normal * (g * normal).mean(1, keepdims=True)
    return (below / deviation).reshape(grad.shape)


@suspect(BACKWARD)
def backward_numerical(self, grad):
    self.gradients["gain"] += np.sum(grad * self.normal, axis=(0, 1))
    self.gradients["bias"] += np.sum(grad, axis=(0, 1))
    x, below = self.normal * self.deviation, np.zeros(grad.shape)
    for k in range(x.shape[-1]):  # of all positions at once, as none has to do with another
        losses = []
        for step in (1e-5, -1e-5):
            moved = x.copy()
            moved[..., k] += step
            losses.append(np.sum(grad * LayerNorm.forward(self, moved), axis=-1))
        below[..., k] = (losses[0] - losses[1]) / 2e-5
    LayerNorm.forward(self, x)
    return below


# ---------------------------------------------------------------- attention

ATTEND, ATTEND_VALUE, CAUSAL, LARGE = "attention", "attention_value", "attention_causal", "attention_large"
SCALE = " / np.sqrt(q.shape[-1])"
MASK = "np.where(np.tri(q.shape[1], dtype=bool), scores, -np.inf)"
STABLE = "np.exp(scores - scores.max(axis=-1, keepdims=True))"
DIVIDE = "weights /= weights.sum(axis=-1, keepdims=True)"
OUT = "return weights @ v, weights"


@chaff_edit(ATTEND, ATTEND_VALUE, SCALE, "", concept="definition")
def scores_not_scaled():
    """no root of d

    Your scores are not scaled; they should be divided by the root of d. See "Attention".
    """


@chaff_edit(ATTEND, ATTEND_VALUE, SCALE, " / q.shape[-1]", concept="definition")
def scores_over_d():
    """d for its root

    Your scores are divided by d; they should be divided by its root. See "Attention".
    """


@chaff_edit(ATTEND, ATTEND_VALUE, SCALE, " * np.sqrt(q.shape[-1])", concept="definition")
def scores_times_root():
    """multiplied by the root of d

    Your scores are multiplied by the root of d; they should be divided by it. See "Attention".
    """


@chaff_edit(ATTEND, ATTEND_VALUE, "q.shape[-1]", "v.shape[-1]", concept="shapes")
def scores_over_root_of_e():
    """root of e

    Your scores are divided by the root of e; they should be divided by that of d, the length of queries and keys.
    """


@chaff_edit(ATTEND, ATTEND_VALUE, "q.shape[-1]", "q.shape[1]", concept="shapes")
def scores_over_root_of_t():
    """root of t

    Your scores are divided by the root of the number of positions; they should be divided by that of d.
    """


@chaff_edit(ATTEND, ATTEND_VALUE, "q @ k.transpose(0, 2, 1)", "k @ q.transpose(0, 2, 1)", concept="places")
def scores_exchanged():
    """queries and keys exchanged

    Your scores have keys in rows and queries in columns; they should have a row for each query.
    """


@chaff_edit(ATTEND, ATTEND_VALUE, "q @ k.transpose(0, 2, 1)", "q @ q.transpose(0, 2, 1)", concept="places")
def scores_of_queries():
    """queries with themselves

    Your scores multiply queries with queries; they should multiply queries with keys.
    """


@chaff_edit(ATTEND, ATTEND_VALUE, "q @ k.transpose(0, 2, 1)", "-q @ k.transpose(0, 2, 1)", concept="sign")
def scores_negative():
    """sign of the scores

    Your scores have the wrong sign; they should be high where query and key point the same way.
    """


@chaff_edit(
    ATTEND,
    ATTEND_VALUE,
    (STABLE, DIVIDE),
    (STABLE.replace("-1", "1"), DIVIDE.replace("-1", "1")),
    concept="shapes",
)
def softmax_over_queries():
    """softmax over the queries

    Your softmax goes over the queries, so that columns add up to 1; it should go over the keys, in each row.
    """


@chaff_edit(
    ATTEND,
    ATTEND_VALUE,
    (STABLE, DIVIDE),
    (STABLE.replace("-1", "0"), DIVIDE.replace("-1", "0")),
    concept="definition",
)
def softmax_over_batch():
    """softmax over the sequences

    Your softmax goes over the sequences; it should go over the keys, within each row of a sequence.
    """


@chaff_edit(ATTEND, ATTEND_VALUE, DIVIDE, "weights /= weights.sum()", concept="definition")
def softmax_over_all():
    """divided by the sum of all

    Your weights are divided by the sum of all; each row should be divided by its own sum.
    """


@chaff_edit(ATTEND, ATTEND_VALUE, DIVIDE, "weights /= weights.sum(axis=(1, 2), keepdims=True)", concept="definition")
def softmax_over_sequence():
    """divided by the sum of a sequence

    Your weights are divided by the sum of a whole sequence; each row should be divided by its own sum.
    """


@chaff_edit(ATTEND, (ATTEND_VALUE, CAUSAL), DIVIDE, "pass", concept="definition")
def softmax_not_divided():
    """not divided by the sum

    Your weights are not divided by their sum; each row should be, so that it adds up to 1.
    """


@chaff_edit(
    ATTEND,
    (ATTEND_VALUE, CAUSAL, LARGE),
    (STABLE, DIVIDE),
    ("np.where(np.isfinite(scores), scores, 0.0)", "pass"),
    concept="definition",
)
def softmax_missing():
    """no softmax

    Your weights are the scores themselves; they should go through a softmax first.
    """


@chaff_edit(
    ATTEND,
    (ATTEND_VALUE, CAUSAL, LARGE),
    (STABLE, DIVIDE),
    ("1 / (1 + np.exp(-scores))", "pass"),
    concept="definition",
)
def softmax_sigmoid():
    """a sigmoid in place of the softmax

    Your weights are sigmoids of the scores; they should be a softmax, so that each row adds up to 1.
    """


@chaff_edit(
    ATTEND, ATTEND_VALUE, "k.transpose(0, 2, 1)", "k.reshape(k.shape[0], k.shape[2], k.shape[1])", concept="places"
)
def keys_reshaped():
    """keys reshaped, not transposed

    Your code reshapes the keys, which puts their numbers in wrong places; it should transpose the last two axes.
    """


@chaff_edit(ATTEND, ATTEND_VALUE, OUT, "return weights @ v + v, weights", concept="definition")
def values_added():
    """the values added

    Your output has the values added to their means; it should be the means alone: what goes by is added later.
    """


@chaff_edit(ATTEND, ATTEND_VALUE, OUT, "return weights @ k, weights", concept="places")
def keys_for_values():
    """keys for values

    Your output is made of the keys; it should be made of the values.
    """


@chaff_edit(ATTEND, ATTEND_VALUE, OUT, "return weights.transpose(0, 2, 1) @ v, weights", concept="places")
def out_transposed():
    """weights transposed

    Your output is made with the transpose of the weights; it should be made with the weights as they are.
    """


@chaff_edit(ATTEND, ATTEND_VALUE, OUT, "return weights @ v, weights.transpose(0, 2, 1)", concept="places")
def weights_returned_transposed():
    """weights returned transposed

    Your weights come back transposed; they should have a row for each query.
    """


@chaff_edit(ATTEND, ATTEND_VALUE, OUT, "return weights, weights @ v", concept="places")
def results_exchanged():
    """results exchanged

    Your code returns the weights first; it should return the output first, and then the weights.
    """


@chaff_edit(ATTEND, ATTEND_VALUE, OUT, "return weights @ v", concept="python")
def output_alone():
    """weights not returned

    Your code returns the output alone; it should return the weights as well, as backward needs them.
    """


@chaff_edit(ATTEND, ATTEND_VALUE, OUT, "return weights @ v, scores", concept="places")
def scores_returned():
    """scores for weights

    Your code returns the scores; it should return the weights that the softmax makes of them.
    """


CAUSAL_ALONE = (
    "Your code does not mask where causal is True; it should leave out all later positions there, and there only. "
    'See "Attention".'
)
SAME_Q = "Your code changes q, which belongs to the caller; it should leave it as it is: make a new array."


@chaff_edit(ATTEND, CAUSAL, MASK, "scores", hint=CAUSAL_ALONE, concept="definition")
def mask_missing():
    """causal ignored"""


@chaff_edit(ATTEND, (CAUSAL, ATTEND_VALUE), "if causal:", "if not causal:", hint=CAUSAL_ALONE, concept="definition")
def mask_upside_down():
    """causal the other way round"""


@chaff_edit(
    ATTEND,
    CAUSAL,
    "np.tri(q.shape[1], dtype=bool)",
    "np.tri(q.shape[1], dtype=bool).T",
    concept="definition",
)
def mask_wrong_triangle():
    """the wrong triangle

    Your mask leaves out earlier positions; it should leave out later ones: j > i. See "Attention".
    """


@chaff_edit(ATTEND, CAUSAL, "np.tri(q.shape[1], dtype=bool)", "~np.tri(q.shape[1], dtype=bool)", concept="definition")
def mask_inverted():
    """the mask inverted

    Your mask leaves out what may be seen, and keeps the rest; it should keep the positions j <= i.
    """


@chaff_edit(ATTEND, (CAUSAL, LARGE), "np.tri(q.shape[1], ", "np.tri(q.shape[1], k=-1, ", concept="definition")
def mask_leaves_nothing():
    """itself left out, and so nothing for the first

    Your mask leaves out the position itself, so that the first has nothing to see; it should see itself, too.
    """


@chaff_edit(ATTEND, CAUSAL, "np.tri(q.shape[1], ", "np.tri(q.shape[1], k=1, ", concept="definition")
def mask_one_ahead():
    """one position ahead

    Your mask lets a position see the next one; it should see itself and earlier ones only.
    """


@chaff_edit(
    ATTEND,
    CAUSAL,
    "scores = np.where(np.tri(q.shape[1], dtype=bool)",
    "seen = np.tri(q.shape[1], k=-1, dtype=bool)\n        seen[0, 0] = True\n        scores = np.where(seen",
    concept="definition",
)
def mask_without_itself():
    """itself left out

    Your mask leaves out the position itself; it should see itself as well as earlier ones.
    """


@chaff(ATTEND, CAUSAL, concept="definition")
def mask_after_softmax(q, k, v, causal=False):
    """mask after the softmax

    Your mask comes after the softmax, so that rows no longer add up to 1; it should come before, on the scores.
    """
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    if causal:
        weights = weights * np.tri(scores.shape[-1])
    return weights @ v, weights


@chaff_edit(ATTEND, (CAUSAL, LARGE), MASK, "scores * np.tri(scores.shape[-1])", concept="definition")
def mask_zeros():
    """masked scores 0

    Your mask sets scores to 0, of which the softmax makes positive weights; it should set them to minus infinity.
    """


@chaff_edit(ATTEND, CAUSAL, MASK, "np.where(np.tri(q.shape[1], dtype=bool), scores, np.inf)", concept="sign")
def mask_plus_infinity():
    """plus infinity

    Your mask sets scores to plus infinity; it should set them to minus infinity, of which the exponential is 0.
    """


@chaff_edit(ATTEND, LARGE, MASK, "np.where(np.tri(q.shape[1], dtype=bool), scores, -1e3)", concept="precision")
def mask_too_weak():
    """a mask that is not low enough

    Your mask has a number that large scores go below; it should be minus infinity, or lower than any score.
    """


@chaff_edit(ATTEND, CAUSAL, MASK, "scores + (1 - np.tri(scores.shape[-1])) * -np.inf", concept="precision")
def mask_zero_times_infinity():
    """0 times infinity

    Your mask multiplies 0 by infinity, which is nan; it should set the masked scores only, such as by np.where.
    """


@chaff(ATTEND, LARGE, concept="precision")
def mask_renormalised(q, k, v, causal=False):
    """masked after the exponential

    Your mask comes after the largest score is taken off, so that a row may lose all; it should come before.
    """
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    if causal:
        weights = weights * np.tri(scores.shape[-1])
    weights /= weights.sum(axis=-1, keepdims=True)
    return weights @ v, weights


@chaff_edit(ATTEND, LARGE, STABLE, "np.exp(scores)", concept="definition")
def softmax_overflows():
    """largest score not taken off

    Your exponentials of large scores overflow; you should take off the largest score of each row first.
    """


@chaff_edit(ATTEND, LARGE, STABLE, "np.exp(scores - scores.max())", concept="definition")
def softmax_largest_of_all():
    """largest of all taken off

    Your code takes off the largest score of all, so that other rows vanish; it should take off that of each row.
    """


@chaff_edit(ATTEND, LARGE, STABLE, "np.exp(np.clip(scores, -500, 500))", concept="definition")
def softmax_clipped():
    """scores clipped

    Your code clips large scores, so that they become equal; it should take off the largest score of each row.
    """


@chaff_edit(
    ATTEND,
    LARGE,
    STABLE,
    "np.exp(scores - scores.mean(axis=-1, keepdims=True, where=np.isfinite(scores)))",
    concept="definition",
)
def softmax_mean_taken_off():
    """mean score taken off

    Your code takes off the mean score, and the rest may still overflow; it should take off the largest of each row.
    """


@chaff_edit(ATTEND, "attention_effects", SCALE, SCALE + "\n    q *= 0", hint=SAME_Q, concept="alias")
def attention_writes_q():
    """q changed"""


@chaff_edit(
    ATTEND,
    "attention_effects",
    "scores = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])",
    "q /= np.sqrt(q.shape[-1])\n    scores = q @ k.transpose(0, 2, 1)",
    hint=SAME_Q,
    concept="alias",
)
def attention_scales_q():
    """q scaled in place"""


@chaff_edit(ATTEND, "attention_effects", OUT, "out = weights @ v\n    v *= 0\n    return out, weights", concept="alias")
def attention_writes_v():
    """v changed

    Your code changes v, which belongs to the caller; it should leave it as it is.
    """


@wheat(ATTEND)
def attention_by_einsum(q, k, v, causal=False):
    d = q.shape[2]
    scores = np.einsum("nid,njd->nij", q, k) * d**-0.5
    if causal:
        scores = scores + np.triu(np.full(scores.shape[1:], -1e9), 1)
    scores = scores - np.amax(scores, axis=2)[:, :, None]
    weights = np.exp(scores) / np.sum(np.exp(scores), axis=2)[:, :, None]
    return np.einsum("nij,nje->nie", weights, v), weights


@wheat(ATTEND)
def attention_by_loops(q, k, v, causal=False):
    n, t, d = q.shape
    weights, out = np.zeros((n, t, t)), np.zeros(v.shape)
    for s in range(n):
        for i in range(t):
            seen = i + 1 if causal else t
            scores = np.array([np.dot(q[s, i], k[s, j]) / np.sqrt(d) for j in range(seen)])
            terms = np.exp(scores - max(scores))
            weights[s, i, :seen] = terms / terms.sum()
            for j in range(seen):
                out[s, i] += weights[s, i, j] * v[s, j]
    return [out, weights]


@wheat(ATTEND)
def attention_by_logarithms(q, k, v, causal=False):
    scores = np.matmul(q / np.sqrt(q.shape[-1]), np.swapaxes(k, 1, 2))
    if causal:
        rows, columns = np.triu_indices(scores.shape[1], k=1)
        scores[:, rows, columns] = -np.inf
    largest = scores.max(-1, keepdims=True)
    total = largest + np.log(np.exp(scores - largest).sum(-1, keepdims=True))
    weights = np.exp(scores - total)
    return np.matmul(weights, v), weights


@wheat(ATTEND)
def attention_by_sequences(q, k, v, causal=False):
    outs, tables = [], []
    for queries, keys, values in zip(q, k, v):
        scores = queries @ keys.T / queries.shape[1] ** 0.5
        if causal:
            scores[np.arange(len(scores))[:, None] < np.arange(len(scores))] = -1e30
        e = np.exp(scores.T - scores.max(axis=1))
        tables.append((e / e.sum(axis=0)).T)
        outs.append(tables[-1] @ values)
    return np.stack(outs), np.array(tables)


@wheat_edit(ATTEND, STABLE, "np.exp(scores - np.where(scores > -np.inf, scores, -1e300).max(axis=2)[..., None])")
def attention_by_where(): ...


# ---------------------------------------------------------------- d_attention

BACK, BACK_VALUE, BACK_EFFECTS = "d_attention", "d_attention_value", "d_attention_effects"
D_WEIGHTS = "d_weights = grad @ v.transpose(0, 2, 1)"
D_SCORES = "weights * (d_weights - np.sum(weights * d_weights, axis=-1, keepdims=True))"
D_SCALE = "d_products = d_scores / np.sqrt(q.shape[-1])"
DQ, DK, DV = "d_products @ k", "d_products.transpose(0, 2, 1) @ q", "weights.transpose(0, 2, 1) @ grad"


@chaff_edit(BACK, BACK_VALUE, D_SCALE, "d_products = d_scores", concept="definition")
def back_not_scaled():
    """no root of d

    Your dq and dk are not scaled; they should be divided by the root of d, as the scores were.
    """


@chaff_edit(BACK, BACK_VALUE, D_SCALE, "d_products = d_scores / q.shape[-1]", concept="definition")
def back_over_d():
    """d for its root

    Your dq and dk are divided by d; they should be divided by its root, as the scores were.
    """


@chaff_edit(BACK, BACK_VALUE, D_SCALE, "d_products = d_scores * np.sqrt(q.shape[-1])", concept="definition")
def back_times_root():
    """multiplied by the root of d

    Your dq and dk are multiplied by the root of d; they should be divided by it, as the scores were.
    """


@chaff_edit(BACK, BACK_VALUE, "q.shape[-1]", "v.shape[-1]", concept="shapes")
def back_over_root_of_e():
    """root of e

    Your dq and dk are divided by the root of e; they should be divided by that of d, the length of queries and keys.
    """


@chaff_edit(BACK, BACK_VALUE, D_SCORES, "weights * (1 - weights) * d_weights", concept="chain rule")
def back_softmax_elementwise():
    """softmax as if it were elementwise

    Your softmax is differentiated entry by entry; each score should also get what it takes from the others of its row.
    """


@chaff_edit(BACK, BACK_VALUE, D_SCORES, "weights * d_weights", concept="chain rule")
def back_without_rivals():
    """what a score takes from the others left out

    Your slopes of the scores lack the term with the sum over the row; they should have it, and so add up to 0.
    """


@chaff_edit(BACK, BACK_VALUE, D_SCORES, "d_weights", concept="chain rule")
def back_softmax_skipped():
    """softmax left out

    Your slopes of the weights are used for those of the scores; they should go back through the softmax first.
    """


@chaff_edit(BACK, BACK_VALUE, D_SCORES, D_SCORES.replace("weights * (d", "(d", 1), concept="chain rule")
def back_factor_weights_missing():
    """factor of the weights missing

    Your slopes of the scores lack a factor; each should be multiplied by its own weight.
    """


@chaff_edit(
    BACK,
    BACK_VALUE,
    D_SCORES,
    D_SCORES.replace("np.sum(weights * d_weights,", "np.sum(d_weights,"),
    concept="chain rule",
)
def back_sum_without_weights():
    """sum without the weights

    Your sum over the row leaves out the weights; it should add up weights times slopes.
    """


@chaff_edit(
    BACK, BACK_VALUE, D_SCORES, D_SCORES.replace("np.sum(weights * d_weights,", "np.mean(d_weights,"), concept="mean"
)
def back_plain_mean():
    """plain mean of the row

    Your code takes off the plain mean of the row; it should take off the mean by the weights.
    """


@chaff_edit(BACK, BACK_VALUE, D_SCORES, D_SCORES.replace("np.sum(", "np.mean("), concept="mean")
def back_mean_of_products():
    """mean for sum over the row

    Your code takes a mean over the row; it should take the sum of weights times slopes, which is a mean already.
    """


@chaff_edit(BACK, BACK_VALUE, D_SCORES, D_SCORES.replace("axis=-1", "axis=1"), concept="shapes")
def back_sum_over_queries():
    """sum over the queries

    Your sum goes over the queries; it should go over the keys, as the softmax does.
    """


@chaff_edit(BACK, BACK_VALUE, D_SCORES, D_SCORES.replace("axis=-1, keepdims=True", "keepdims=True"), concept="shapes")
def back_sum_over_all():
    """sum over everything

    Your sum goes over everything; it should go over the keys of each row, as the softmax does.
    """


@chaff_edit(BACK, BACK_VALUE, D_SCORES, D_SCORES.replace("d_weights -", "d_weights +"), concept="sign")
def back_plus():
    """sign of the sum

    Your sum over the row is added; it should be subtracted: what one score wins, the others lose.
    """


@chaff_edit(BACK, BACK_VALUE, D_SCORES, "-" + D_SCORES, concept="sign")
def back_scores_negative():
    """sign of the slopes of the scores

    Your dq and dk have the wrong sign; they should be the other way round: mind the softmax.
    """


@chaff_edit(BACK, BACK_VALUE, f"{DQ}, {DK}", f"{DK}, {DQ}", concept="places")
def back_q_and_k_exchanged():
    """dq and dk exchanged

    Your dq and dk are exchanged; they should come in the order dq, dk, dv.
    """


@chaff_edit(BACK, BACK_VALUE, f"{DQ}, {DK}, {DV}", f"{DV}, {DQ}, {DK}", concept="places")
def back_v_first():
    """dv first

    Your code returns dv first; it should return dq, dk, dv, in this order.
    """


@chaff_edit(BACK, BACK_VALUE, DQ, "d_products.transpose(0, 2, 1) @ k", concept="places")
def back_q_transposed():
    """dq with a transpose

    Your dq has a transpose too many; each query should add up the keys by the slopes of its own row.
    """


@chaff_edit(BACK, BACK_VALUE, DK, "d_products @ q", concept="places")
def back_k_without_transpose():
    """dk without the transpose

    Your dk lacks a transpose; each key should add up the queries by the slopes of its column.
    """


@chaff_edit(BACK, BACK_VALUE, DV, "weights @ grad", concept="places")
def back_v_without_transpose():
    """dv without the transpose

    Your dv lacks a transpose; each value should add up grad by the weights of its column.
    """


@chaff_edit(BACK, BACK_VALUE, DQ, "d_products @ q", concept="places")
def back_q_with_queries():
    """dq from the queries

    Your dq is made of the queries; it should be made of the keys.
    """


@chaff_edit(BACK, BACK_VALUE, DK, "d_products.transpose(0, 2, 1) @ k", concept="places")
def back_k_with_keys():
    """dk from the keys

    Your dk is made of the keys; it should be made of the queries.
    """


@chaff_edit(BACK, BACK_VALUE, (DQ, DK), ("d_products @ q", "d_products.transpose(0, 2, 1) @ k"), concept="places")
def back_both_with_their_own():
    """dq from the queries, dk from the keys

    Your dq is made of the queries, and dk of the keys; it should be the other way round.
    """


@chaff_edit(BACK, BACK_VALUE, DV, "d_scores.transpose(0, 2, 1) @ grad", concept="places")
def back_v_from_scores():
    """dv by the slopes of the scores

    Your dv has the slopes of the scores as factors; it should have the weights.
    """


@chaff_edit(BACK, BACK_VALUE, DV, "weights.transpose(0, 2, 1) @ (weights @ v)", concept="places")
def back_v_from_output():
    """dv from the output

    Your dv is made of the output; it should be made of grad, the slope of the output.
    """


@chaff_edit(BACK, BACK_VALUE, DQ, f"{DQ} / np.sqrt(q.shape[-1])", concept="definition")
def back_q_scaled_twice():
    """dq divided by the root of d twice

    Your dq is divided by the root of d twice; it should be divided once.
    """


@chaff_edit(BACK, BACK_VALUE, DQ, "-d_products @ k", concept="sign")
def back_q_negative():
    """sign of dq

    Your dq has the wrong sign; it should be the other way round.
    """


@chaff_edit(BACK, BACK_VALUE, f", {DV}", "", concept="python")
def back_two_of_three():
    """dv not returned

    Your code returns two gradients; it should return three: dq, dk and dv.
    """


@chaff_edit(BACK, BACK_VALUE, D_WEIGHTS, "d_weights = v @ grad.transpose(0, 2, 1)", concept="places")
def back_weights_transposed():
    """slopes of the weights transposed

    Your slopes of the weights are transposed; they should have a row for each query: grad times the values.
    """


@chaff(BACK, BACK_VALUE, concept="definition")
def back_computes_weights(grad, q, k, v, weights):
    """weights computed anew, without the mask

    Your code computes the weights anew, without the causal mask; it should use those that it is given.
    """
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    d_weights = grad @ v.transpose(0, 2, 1)
    d_scores = weights * (d_weights - np.sum(weights * d_weights, axis=-1, keepdims=True)) / np.sqrt(q.shape[-1])
    return d_scores @ k, d_scores.transpose(0, 2, 1) @ q, weights.transpose(0, 2, 1) @ grad


@chaff_edit(BACK, BACK_VALUE, DV, f"{DV} / len(q)", concept="mean")
def back_v_mean():
    """dv divided by the number of sequences

    Your dv is divided by the number of sequences; it should not be: a mean, where there is one, is in grad already.
    """


@chaff_edit(
    BACK,
    BACK_VALUE,
    (DQ, DK, DV),
    tuple(f"{each} / len(q)" for each in (DQ, DK, DV)),
    concept="mean",
)
def back_means():
    """divided by the number of sequences

    Your gradients are divided by the number of sequences; they should not be: a mean is in grad already.
    """


@chaff(BACK, BACK_EFFECTS, concept="alias")
def back_writes_grad(grad, q, k, v, weights):
    """grad changed

    Your code changes grad, which belongs to the caller; it should leave it as it is.
    """
    dv, d_weights = weights.transpose(0, 2, 1) @ grad, grad @ v.transpose(0, 2, 1)
    grad *= weights @ v
    d_scores = weights * (d_weights - grad.sum(axis=-1, keepdims=True)) / np.sqrt(q.shape[-1])
    return d_scores @ k, d_scores.transpose(0, 2, 1) @ q, dv


@chaff(BACK, BACK_EFFECTS, concept="alias")
def back_writes_weights(grad, q, k, v, weights):
    """weights changed

    Your code changes the weights, which belong to the caller; it should leave them as they are.
    """
    d_weights, dv = grad @ v.transpose(0, 2, 1), weights.transpose(0, 2, 1) @ grad
    d_weights -= np.sum(weights * d_weights, axis=-1, keepdims=True)
    weights *= d_weights / np.sqrt(q.shape[-1])
    return weights @ k, weights.transpose(0, 2, 1) @ q, dv


@chaff_edit(
    BACK,
    BACK_EFFECTS,
    D_SCALE,
    f"{D_SCALE}\n    d_attention.calls = getattr(d_attention, 'calls', 0) + 1\n    grad = grad * d_attention.calls",
    concept="state",
)
def back_remembers_calls():
    """results that grow from call to call

    Your results depend on earlier calls; they should depend on the arguments alone.
    """


@wheat(BACK)
def back_by_einsum(grad, q, k, v, weights):
    d_weights = np.einsum("nie,nje->nij", grad, v)
    inner = np.einsum("nij,nij->ni", weights, d_weights)
    d_scores = weights * d_weights - weights * inner[:, :, None]
    scale = q.shape[-1] ** -0.5
    dq = scale * np.einsum("nij,njd->nid", d_scores, k)
    dk = scale * np.einsum("nij,nid->njd", d_scores, q)
    return dq, dk, np.einsum("nij,nie->nje", weights, grad)


@wheat(BACK)
def back_by_jacobians(grad, q, k, v, weights):
    n, t, d = q.shape
    dq, dk, dv = np.zeros(q.shape), np.zeros(k.shape), np.zeros(v.shape)
    for s in range(n):
        for i in range(t):
            w = weights[s, i]
            jacobian = np.diag(w) - np.outer(w, w)
            slopes = jacobian @ (v[s] @ grad[s, i]) / np.sqrt(d)
            dq[s, i] = slopes @ k[s]
            dk[s] += np.outer(slopes, q[s, i])
            dv[s] += np.outer(w, grad[s, i])
    return [dq, dk, dv]


@wheat(BACK)
def back_by_the_output(grad, q, k, v, weights):
    """the sum over the row is grad times the output"""
    inner = np.sum(grad * (weights @ v), axis=-1, keepdims=True)
    d_scores = weights * (np.matmul(grad, np.swapaxes(v, -1, -2)) - inner) / np.sqrt(np.shape(k)[-1])
    return d_scores @ k, np.swapaxes(d_scores, -1, -2) @ q, np.swapaxes(weights, -1, -2) @ grad


@wheat(BACK)
def back_by_sequences(grad, q, k, v, weights):
    found = []
    for g, queries, keys, values, w in zip(grad, q, k, v, weights):
        slopes = g @ values.T
        slopes = (slopes - (w * slopes).sum(1, keepdims=True)) * w / len(queries[0]) ** 0.5
        found.append((slopes @ keys, slopes.T @ queries, w.T @ g))
    return tuple(np.array(each) for each in zip(*found))


@suspect(BACK)
def back_numerical(grad, q, k, v, weights):
    causal = weights.shape[1] > 1 and not weights[:, 0, 1:].any()
    found = []
    for which, array in enumerate((q, k, v)):
        slope = np.zeros(array.shape)
        for i, j in np.ndindex(array.shape[1:]):  # of all sequences at once, as none has to do with another
            losses = []
            for step in (1e-5, -1e-5):
                moved = [a.copy() for a in (q, k, v)]
                moved[which][:, i, j] += step
                losses.append(np.sum(grad * attention(*moved, causal)[0], axis=(1, 2)))
            slope[:, i, j] = (losses[0] - losses[1]) / 2e-5
        found.append(slope)
    return tuple(found)


# ---------------------------------------------------------------- the questions

DEVIATION, FLOOR, BROKEN = "deviation_of_scores", "causal_floor", "broken_layers"
DEVIATION_CHECK, FLOOR_CHECK, BROKEN_CHECK = (f"answer_{name}" for name in (DEVIATION, FLOOR, BROKEN))


@chaff_edit(DEVIATION, DEVIATION_CHECK, "8.0", "64.0", concept="definition")
def deviation_variance():
    """the variance

    Your answer is the variance, a sum of as many terms; it should be its root, the deviation.
    """


@chaff_edit(DEVIATION, DEVIATION_CHECK, "8.0", "1.0", concept="definition")
def deviation_after_scaling():
    """after the scaling

    Your answer is the deviation after the scaling; it should be that of the plain product.
    """


@chaff_edit(DEVIATION, DEVIATION_CHECK, "8.0", "0.125", concept="reading")
def deviation_upside_down():
    """upside down

    Your answer is one over the deviation; it should be the deviation itself.
    """


@chaff_edit(DEVIATION, DEVIATION_CHECK, "8.0", "np.sqrt(128)", concept="reading")
def deviation_with_two():
    """a factor 2 in the variance

    Your variance counts each product twice; it should be the sum of the variances of the products, one for each entry.
    """


@chaff_edit(FLOOR, FLOOR_CHECK, "0.5 * np.log(10)", "np.log(10)", concept="definition")
def floor_all_guessed():
    """all positions guessed

    Your answer has all positions guessed; it should have those only that must answer before they have seen the digit.
    """


@chaff_edit(FLOOR, FLOOR_CHECK, "0.5 * np.log(10)", "0.0", concept="definition")
def floor_nothing_forbidden():
    """nothing forbidden

    Your answer has every position right; it should say what a position loses that has not seen its digit.
    """


@chaff_edit(FLOOR, FLOOR_CHECK, "0.5 * np.log(10)", "0.5 * np.log2(10)", concept="reading")
def floor_in_bits():
    """in bits

    Your answer is in bits; it should be with the natural logarithm, as the loss is.
    """


@chaff_edit(FLOOR, FLOOR_CHECK, "0.5 * np.log(10)", "0.5 * np.log(8)", concept="reading")
def floor_positions():
    """the number of positions

    Your answer has the number of positions in its logarithm; it should have that of the digits to guess from.
    """


@chaff_edit(FLOOR, FLOOR_CHECK, "0.5 * np.log(10)", "3 / 8 * np.log(10)", concept="definition")
def floor_three_positions():
    """three positions

    Your answer has three positions that must guess; it should have one more: which digit does each need?
    """


@chaff_edit(FLOOR, FLOOR_CHECK, "0.5 * np.log(10)", "5 / 8 * np.log(10)", concept="definition")
def floor_five_positions():
    """five positions

    Your answer has five positions that must guess; it should have one less: which digit does each need?
    """


@chaff_edit(FLOOR, FLOOR_CHECK, "0.5 * np.log(10)", "7 / 8 * np.log(10)", concept="definition")
def floor_seven_positions():
    """all but the last

    Your answer has all but the last position guess; it should let those be right that have seen their digit already.
    """


@chaff_edit(FLOOR, FLOOR_CHECK, "0.5 * np.log(10)", "4 * np.log(10)", concept="mean")
def floor_sum():
    """the sum over the positions

    Your answer is a sum over the positions; it should be their mean, as the loss is.
    """


@wheat_edit(DEVIATION, "8.0", "8")
def deviation_whole(): ...


@wheat_edit(DEVIATION, "8.0", "float(np.sqrt(64))")
def deviation_by_root(): ...


@wheat_edit(DEVIATION, "8.0", "np.float64(8.004)")
def deviation_by_experiment(): ...


@wheat_edit(FLOOR, "0.5 * np.log(10)", "1.15")
def floor_three_digits(): ...


@wheat_edit(FLOOR, "0.5 * np.log(10)", "np.mean([np.log(10.0)] * 4 + [0.0] * 4)")
def floor_by_mean(): ...


@wheat_edit(FLOOR, "0.5 * np.log(10)", "1.1513")
def floor_more_digits(): ...


MEAN_LINE = '"masked_mean": "positions that are left out get a gradient",\n        '
KERNEL_LINE = '"kernel_mean": "a factor is missing in the gradient of k",\n    '


@chaff_edit(BROKEN, BROKEN_CHECK, MEAN_LINE, "", concept="checking")
def broken_kernel_only():
    """masked_mean passed

    Your answer misses a broken function; it should name it as well: check its gradient where something is left out.
    """


@chaff_edit(BROKEN, BROKEN_CHECK, KERNEL_LINE, "", concept="checking")
def broken_mean_only():
    """kernel_mean passed

    Your answer misses a broken function; it should name it as well: check each of its three gradients by itself.
    """


@chaff_edit(BROKEN, BROKEN_CHECK, (MEAN_LINE, KERNEL_LINE), ("", ""), concept="checking")
def broken_none():
    """none found

    Your answer finds no mistake; it should find one, or two: compare each gradient with central differences.
    """


@chaff_edit(
    BROKEN,
    BROKEN_CHECK,
    MEAN_LINE,
    '"rms_norm": "a mean term is missing in the gradient of x",\n        ',
    concept="checking",
)
def broken_norm_for_mean():
    """rms_norm accused in place of masked_mean

    Your answer accuses a right function in place of a broken one; it should name broken ones: central differences tell.
    """


@chaff_edit(
    BROKEN,
    BROKEN_CHECK,
    KERNEL_LINE,
    KERNEL_LINE.rstrip() + '\n        "rms_norm": "a mean term is missing in the gradient of x",\n    ',
    concept="checking",
)
def broken_all():
    """all accused

    Your answer accuses a right function as well; it should not: without a mean in forward there is no term for it.
    """


@chaff_edit(
    BROKEN,
    BROKEN_CHECK,
    "a factor is missing in the gradient of k",
    "a factor is missing in the gradient of q",
    concept="checking",
)
def broken_q():
    """right function, wrong place: q

    Your answer has the right functions, but blames the gradient of q; it should blame another: check each by itself.
    """


@chaff_edit(
    BROKEN,
    BROKEN_CHECK,
    "a factor is missing in the gradient of k",
    "the softmax is differentiated entry by entry",
    concept="checking",
)
def broken_softmax():
    """right function, wrong place: the softmax

    Your answer has the right functions, but blames the softmax; it should blame another line: one gradient is right.
    """


@chaff_edit(
    BROKEN,
    BROKEN_CHECK,
    "positions that are left out get a gradient",
    "the gradient is divided by the wrong number",
    concept="checking",
)
def broken_divisor():
    """right function, wrong place: the divisor

    Your answer has the right functions, but blames a divisor; it should blame what is not multiplied in.
    """


@chaff_edit(
    BROKEN,
    BROKEN_CHECK,
    MEAN_LINE + KERNEL_LINE,
    '"rms_norm": "a mean term is missing in the gradient of x",\n    ',
    concept="checking",
)
def broken_norm_only():
    """rms_norm accused alone

    Your answer accuses a right function; it should name broken ones: compare each gradient with central differences.
    """


@wheat(BROKEN)
def broken_in_another_order():
    return {
        "kernel_mean": "a factor is missing in the gradient of k",
        "masked_mean": "positions that are left out get a gradient",
    }


@wheat(BROKEN)
def broken_step_by_step():
    answer = {}
    answer["masked_mean"] = "positions that are left out " + "get a gradient"
    answer["kernel_mean"] = "a factor is missing in the gradient of k"
    return answer


@wheat(BROKEN)
def broken_by_pairs():
    names = ("kernel_mean", "masked_mean")
    places = ("a factor is missing in the gradient of k", "positions that are left out get a gradient")
    return dict(zip(names, places))
