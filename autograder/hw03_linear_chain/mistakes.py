"""Known mistakes and right variants of hw03_linear_chain."""
# ruff: noqa: F821 (the functions are compiled in the notebook's namespace)

from gradbook.homework import chaff, chaff_edit, wheat, wheat_edit

LENGTHS = "strict only guards against lists of different lengths, which no call has"
EQUIVALENT = {
    "loss: z[-1] - y -> y - z[-1]": "the square does not see the sign",
    "update: zip(w, delta, inputs, strict=True) -> zip(w, delta, inputs)": LENGTHS,
    "update: zip(b, delta, strict=True) -> zip(b, delta)": LENGTHS,
    "update: True -> False": LENGTHS,
}

# ---------------------------------------------------------------- forward

VALUES, SQUARE = ("forward_value", "forward_biases"), ("forward_biases", "forward_value")
START, PRODUCT, KEEP = "z, signal = [], x", "w[i] @ signal", "z.append(signal)"
ADD, WITH_BIAS = "signal = signal + b[i]", "if b is not None:"
ADD_BIAS = f"{WITH_BIAS}\n            {ADD}"


def _activation(name, before, hint, about):
    """A mistake in forward: something happens to a layer's output before it is kept."""
    return chaff_edit(name, "forward", KEEP, f"{before}\n        {KEEP}", VALUES, hint, about)


MISTAKES_IN_FORWARD = [
    _activation("forward_relu", "if i < len(w) - 1:\n            signal = np.maximum(signal, 0)",
                "Negative outputs of the hidden layers are cut off. There is no ReLU here: the activation is the "
                "identity.",
                "ReLU in the hidden layers"),
    _activation("forward_relu_everywhere", "signal = np.maximum(signal, 0)",
                "Negative outputs are cut off in every layer. There is no ReLU here: the activation is the identity.",
                "ReLU in all layers"),
    chaff_edit("forward_only_last", "forward", "z.append(signal)", "z = [signal]", "forward_value",
               "The list holds the last output alone; it keeps the output of every layer.", "last output only"),
    chaff_edit("forward_relu_after_keeping", "forward", "z.append(signal)",
               "z.append(signal)\n        signal = np.maximum(signal, 0)", "forward_value",
               "What goes on to the next layer passes a ReLU first. The activation of this chain is the identity.",
               "ReLU between the layers, not in the list"),
    _activation("forward_tanh", "signal = np.tanh(signal)",
                "The outputs pass through a tanh. The activation of this chain is the identity.", "tanh in all layers"),
    _activation("forward_sigmoid", "signal = 1 / (1 + np.exp(-signal))",
                "The outputs pass through a sigmoid. The activation of this chain is the identity.",
                "sigmoid in all layers"),
    _activation("forward_normalises", "signal = signal / np.linalg.norm(signal)",
                "The outputs are scaled to length one. They are passed on as they are.",
                "outputs scaled to length one"),
    chaff_edit("forward_mean_weight", "forward", PRODUCT, "np.full(len(w[i]), w[i].mean() * signal.sum())", VALUES,
               "All the neurons of a layer put out the same. Each has a row of its own in the matrix; equal weights "
               "hide that.", "one averaged weight for all"),
    chaff_edit("forward_row_sums", "forward", PRODUCT, "w[i].sum(axis=1) * signal.mean()", VALUES,
               "Each input has a weight of its own. The sum of a row times the mean input is right only where all "
               "inputs are equal.", "row sums times mean input"),
    chaff_edit("forward_divides", "forward", PRODUCT, "w[i] @ signal / len(signal)", VALUES,
               "A neuron adds up weight times input; here the sum is divided by the number of inputs.", "mean for sum"),
    chaff_edit("forward_input_first", "forward", START, "z, signal = [x], x", VALUES,
               "The list has one entry too many: it starts with the output of layer 0, not with the input x.",
               "x in the list"),
    chaff_edit("forward_last_only", "forward", "return z", "return z[-1]", VALUES,
               "Only the last output comes back. The way back needs the outputs of all the layers, in a list.",
               "last output only"),
    chaff_edit("forward_reversed", "forward", "return z", "return z[::-1]", VALUES,
               "The list is the wrong way round: the output of layer 0 stands first, the last layer's at the end.",
               "reversed list"),
    chaff_edit("forward_skips_last", "forward", "range(len(w))", "range(len(w) - 1)", VALUES,
               "The last layer is missing: the list is as long as w.", "last layer missing"),
    chaff_edit("forward_three_layers", "forward", "range(len(w))", "range(min(3, len(w)))", VALUES,
               "The layers after the third are missing. A chain may have any number of them: go through all of w.",
               "three layers only"),
    chaff_edit("forward_columns", "forward", (START, ADD),
               ("z, signal = [], np.reshape(x, (-1, 1))", "signal = signal + b[i].reshape(-1, 1)"), VALUES,
               "The outputs are columns, (n, 1). In this course they are 1-D arrays, (n,).", "columns for vectors"),
    chaff_edit("forward_transposed", "forward", PRODUCT, "w[i].T @ signal", SQUARE,
               "Rows and columns are exchanged. A row of the matrix holds the weights of one neuron: row times input.",
               "transposed matrices"),
    chaff_edit("forward_x_everywhere", "forward", PRODUCT, "w[i] @ x", SQUARE,
               "Only layer 0 sees x. Each later layer takes the output of the layer below.", "x into every layer"),
    chaff_edit("forward_wrong_order", "forward", PRODUCT, "w[len(w) - 1 - i] @ signal", SQUARE,
               "The matrices are taken from the end. x meets w[0] first.", "matrices in reverse order"),
    chaff_edit("forward_elementwise", "forward", PRODUCT, "w[i].diagonal() * signal", SQUARE,
               "Each output depends on one input only. A neuron adds up the products with all its inputs.",
               "one weight for each neuron"),
    chaff_edit("forward_column_sums", "forward", PRODUCT, "(w[i] * signal).sum(axis=0)", SQUARE,
               "The products of weight and input are summed over the neurons; sum them over the inputs, along a row.",
               "sum along the wrong axis"),
    chaff_edit("forward_outer", "forward", PRODUCT, "(w[i] * signal[:, None]).sum(axis=1)", SQUARE,
               "Each row is multiplied by its own entry of the input. An entry of the input belongs to a column.",
               "input along the wrong axis"),
    chaff_edit("forward_ignores_biases", "forward", ADD, "pass", "forward_biases",
               "The biases are not used: each layer adds its b[i] to the product.", "biases ignored"),
    chaff_edit("forward_subtracts_biases", "forward", ADD, "signal = signal - b[i]", "forward_biases",
               "The biases are subtracted; they are to be added.", "biases subtracted"),
    chaff_edit("forward_bias_twice", "forward", ADD, "signal = signal + 2 * b[i]", "forward_biases",
               "Each bias is added twice.", "biases added twice"),
    chaff_edit("forward_bias_factor", "forward", ADD, "signal = signal * b[i]", "forward_biases",
               "The outputs are multiplied by the biases; a bias is added.", "biases as factors"),
    chaff_edit("forward_first_bias", "forward", ADD, "signal = signal + b[0]", "forward_biases",
               "The bias of layer 0 is used in every layer; each layer has its own.", "first bias everywhere"),
    chaff_edit("forward_bias_not_last", "forward", WITH_BIAS, "if b is not None and i < len(w) - 1:", "forward_biases",
               "The last layer lacks its bias; every layer has one.", "no bias in the last layer"),
    chaff_edit("forward_bias_only_last", "forward", WITH_BIAS, "if b is not None and i == len(w) - 1:",
               "forward_biases",
               "Only the last layer adds its bias; every layer has one.", "bias in the last layer only"),
    chaff_edit("forward_bias_not_first", "forward", WITH_BIAS, "if b is not None and i > 0:", "forward_biases",
               "Layer 0 lacks its bias; every layer has one.", "no bias in layer 0"),
    chaff_edit("forward_bias_only_first", "forward", WITH_BIAS, "if b is not None and i == 0:", "forward_biases",
               "Only layer 0 adds its bias; every layer has one.", "bias in layer 0 only"),
    chaff_edit("forward_bias_mean", "forward", ADD, "signal = signal + np.mean(b[i])", "forward_biases",
               "Each neuron has a bias of its own; here one number is added to the whole layer. Equal biases hide "
               "that.",
               "one bias for a layer"),
    chaff_edit("forward_bias_total", "forward", ADD, "signal = signal + np.sum(b[i])", "forward_biases",
               "All the biases of a layer are added to each of its neurons. Each neuron has a bias of its own.",
               "biases of a layer added up"),
    chaff_edit("forward_bias_late", "forward", f"{ADD_BIAS}\n        {KEEP}", f"{KEEP}\n        {ADD_BIAS}",
               "forward_biases", "The list holds the outputs without their biases: add the bias, then keep the output.",
               "output kept before the bias is added"),
    chaff_edit("forward_bias_lost", "forward", f"{ADD_BIAS}\n        {KEEP}",
               "z.append(signal if b is None else signal + b[i])", "forward_biases",
               "The bias stands in the list but is not passed on: the layer above takes the output with its bias.",
               "output passed on without its bias"),
    chaff_edit("forward_bias_before", "forward", (PRODUCT, ADD),
               ("w[i] @ (signal if b is None else signal + b[i])", "pass"), "forward_biases",
               "The bias is added to the input of the layer; it belongs to the output, after the product.",
               "bias added before the product"),
    chaff_edit("forward_writes_biases", "forward", f"{ADD_BIAS}\n        {KEEP}",
               "if b is not None:\n            b[i] += signal\n            signal = b[i]\n        z.append(signal)",
               "forward_side_effects", "The biases are changed: `b[i] += …` writes into the caller's arrays.",
               "outputs written into the biases"),
    chaff_edit("forward_empties_w", "forward", PRODUCT, "w.pop(0) @ signal", "forward_side_effects",
               "The caller's list of matrices is empty afterwards: `pop` takes them out. Only read from w.", "w.pop"),
    chaff_edit("forward_writes_x", "forward", (START, KEEP), ("z, signal = [], x", "z.append(signal)\n        x *= 0"),
               "forward_side_effects", "x was changed in place: the caller still needs it.", "x overwritten"),
]  # fmt: skip


@chaff("forward", ("forward_side_effects", *VALUES),
       "The second call remembers the first: a default `z=[]` is made once only. Begin with a new list.")  # fmt: skip
def forward_shared_list(x, w, b=None, z=[]):  # noqa: B006
    """the list of an earlier call goes on"""
    for i in range(len(w)):
        x = w[i] @ x
        if b is not None:
            x = x + b[i]
        z.append(x)
    return z


@chaff("forward", "forward_side_effects", "None for b means no biases, given or left out: test with `b is None`.")
def forward_counts_on_default(x, w, b=(0.0,) * 99):
    """None for b not understood"""
    z = []
    for i in range(len(w)):
        x = w[i] @ x + (1.0 if b is None else b[i])
        z.append(x)
    return z


@wheat("forward")
def forward_loops(x, w, b=None):
    z, below = [], x
    for i, matrix in enumerate(w):
        rows, columns = matrix.shape
        out = np.zeros(rows)
        for j in range(rows):
            for k in range(columns):
                out[j] += matrix[j, k] * below[k]
            if b is not None:
                out[j] += b[i][j]
        z.append(out)
        below = out
    return z


@wheat("forward")
def forward_einsum(x, w, b=None):
    b = [0.0] * len(w) if b is None else b
    z = [np.einsum("jk,k->j", w[0], x) + b[0]]
    for matrix, bias in zip(w[1:], b[1:]):
        z.append(np.einsum("jk,k->j", matrix, z[-1]) + bias)
    return z


@wheat("forward")
def forward_recursive(x, w, b=None):
    if not len(w):
        return []
    out = np.dot(w[0], x)
    if b is not None:
        out += b[0]
    return [out] + forward(out, w[1:], b if b is None else b[1:])


@wheat("forward")
def forward_lists(x, w, b=None):
    z, signal = [], [float(v) for v in x]
    for i in range(len(w)):
        signal = [sum(a * s for a, s in zip(row, signal)) + (0 if b is None else b[i][j]) for j, row in enumerate(w[i])]
        z.append(signal)
    return tuple(np.array(s) for s in z)


RIGHT_FORWARDS = [
    wheat_edit("forward_from_the_left", "forward", PRODUCT, "signal @ w[i].T"),
    wheat_edit("forward_as_columns", "forward", PRODUCT, "np.matmul(w[i], signal[:, np.newaxis]).ravel()"),
    wheat_edit("forward_in_place", "forward", ADD, "signal += b[i]"),
]  # fmt: skip

# ---------------------------------------------------------------- loss

MISTAKES_IN_THE_LOSS = [
    chaff_edit("loss_without_half", "loss", "0.5 * np.sum", "np.sum", "loss_value",
               "Twice the expected loss: the one half is missing.", "one half missing"),
    chaff_edit("loss_mean", "loss", "0.5 * np.sum", "0.5 * np.mean", "loss_value",
               "Half the mean of the squared errors, where half the sum over the outputs is asked for. With one output "
               "they are the same.", "mean for sum"),
    chaff_edit("loss_plain_mean", "loss", "0.5 * np.sum", "np.mean", "loss_value",
               "That is the mean of the squared errors. Asked for is half their sum.", "mean, no one half"),
    chaff_edit("loss_table", "loss", "z[-1] - y", "z[-1] - y.reshape(-1, 1)", ("loss_value", "loss_side_effects"),
               "A column and a row make an n by n table: each output is compared with every target. Both are 1-D here.",
               "table of all differences"),
    chaff_edit("loss_root", "loss", "0.5 * np.sum((z[-1] - y) ** 2)", "0.5 * np.sqrt(np.sum((z[-1] - y) ** 2))",
               "loss_value", "A root is taken of the sum of squares; leave the root out.",
               "half the length of the error"),
    chaff_edit("loss_length", "loss", "0.5 * np.sum((z[-1] - y) ** 2)", "np.linalg.norm(z[-1] - y)", "loss_value",
               "That is the length of the error vector: square it, and take half.", "length of the error"),
    chaff_edit("loss_absolute", "loss", "(z[-1] - y) ** 2", "np.abs(z[-1] - y)", "loss_value",
               "The errors are not squared: that is half the sum of their sizes.", "absolute errors"),
    chaff_edit("loss_not_squared", "loss", "(z[-1] - y) ** 2", "z[-1] - y", "loss_value",
               "The errors are not squared, so that positive and negative ones cancel.", "errors not squared"),
    chaff_edit("loss_of_the_sum", "loss", "np.sum((z[-1] - y) ** 2)", "np.sum(z[-1] - y) ** 2", "loss_value",
               "Square each error first, then add them up.", "square of the sum"),
    chaff_edit("loss_plus", "loss", "z[-1] - y", "z[-1] + y", ("loss_value", "loss_side_effects"),
               "The error is a difference; here output and target are added.", "sum of output and target"),
    chaff_edit("loss_negative", "loss", "float(0.5", "float(-0.5", "loss_value",
               "The right size with the wrong sign: a loss is never negative.", "negative loss"),
    chaff_edit("loss_first_output", "loss", "(z[-1] - y) ** 2", "(z[-1][0] - y[0]) ** 2", "loss_value",
               "Only the first output counts here; the loss adds up all of them.", "first output only"),
    chaff_edit("loss_every_layer", "loss", "np.sum((z[-1] - y) ** 2)", "sum(np.sum((v[-1] - y) ** 2) for v in z)",
               "loss_value", "The errors of all the layers are added up; the loss looks at the last output alone.",
               "loss over all layers"),
    chaff_edit("loss_last_output", "loss", "(z[-1] - y) ** 2", "(z[-1][-1] - y[-1]) ** 2", "loss_value",
               "Only the last entry of the output counts here; the loss adds up all of them.", "last output only"),
    chaff_edit("loss_largest", "loss", "np.sum((", "np.max((", "loss_value",
               "Only the largest error counts here; the loss adds up all of them.", "largest error only"),
    chaff_edit("loss_not_summed", "loss", "float(0.5 * np.sum((z[-1] - y) ** 2))", "0.5 * (z[-1] - y) ** 2",
               "loss_value",
               "One number for each output comes back. Their sum is asked for.", "not summed"),
    chaff_edit("loss_all_layers", "loss", "return float(0.5 * np.sum((z[-1] - y) ** 2))",
               "return 0.5 * np.sum((z[-1] - y) ** 2) + 0.5 * sum(np.sum(s**2) for s in z[:-1])",
               ("loss_value", "loss_side_effects"), "Only the last layer has a target; the hidden ones do not count.",
               "hidden layers in the loss"),
    chaff_edit("loss_cross_entropy", "loss", "float(0.5 * np.sum((z[-1] - y) ** 2))",
               "0.5 * np.sum(z[-1] ** 2 - y**2)", "loss_value",
               "A difference of squares is not the square of the difference.", "difference of squares"),
    chaff_edit("loss_writes_z", "loss", "return float(0.5 * np.sum((z[-1] - y) ** 2))",
               "z[-1] -= y\n    return float(0.5 * np.sum(z[-1] ** 2))", "loss_side_effects",
               "z[-1] was changed in place; backward still needs it. Write the error into a new array.",
               "output overwritten by the error"),
    chaff_edit("loss_takes_z", "loss", "z[-1] - y", "z.pop() - y", "loss_side_effects",
               "The caller's list is one entry shorter afterwards: `pop` takes it out. Only read from z.", "z.pop"),
    chaff_edit("loss_squares_in_place", "loss", "return float(0.5 * np.sum((z[-1] - y) ** 2))",
               "error = z[-1]\n    error -= y\n    error **= 2\n    return float(0.5 * np.sum(error))",
               "loss_side_effects", "Your code squares inside the caller's z[-1]; it should compute the error in an "
               "array of its own.", "the caller's prediction squared in place"),
    chaff_edit("loss_invented", "loss", "float(0.5 * np.sum((z[-1] - y) ** 2))", "1e-7",
               ("loss_value", "loss_side_effects"),
               "Your code makes up a small loss; it should compute it, from z and y.", "an invented loss"),
    chaff_edit("loss_writes_y", "loss", "return float(0.5 * np.sum((z[-1] - y) ** 2))",
               "y -= z[-1]\n    return float(0.5 * np.sum(y**2))", "loss_side_effects",
               "y was changed in place; backward still needs it. Write the error into a new array.",
               "target overwritten by the error"),
]  # fmt: skip


@wheat("loss")
def loss_loop(z, y):
    total = 0.0
    for prediction, target in zip(z[-1], y):
        total += (target - prediction) ** 2
    return total / 2


@wheat("loss")
def loss_dot(z, y):
    error = np.subtract(y, z[len(z) - 1])
    return error @ error / 2


@wheat("loss")
def loss_norm(z, y):
    return np.linalg.norm(z[-1] - y) ** 2 * 0.5


@wheat("loss")
def loss_expanded(z, y):
    out = z[-1]
    return (out @ out - 2 * out @ y + y @ y) / 2


# ---------------------------------------------------------------- backward

BACK, BACK_SQUARE = ("backward_value", "backward_square"), ("backward_square", "backward_value")
ERROR, STEP, LAYERS = "delta = [z[-1] - y]", "matrix.T @ delta[0]", "reversed(w[1:])"
TRANSPOSE = (
    "The right numbers of the matrix, in the wrong places: on the way back rows and columns are exchanged, the sum "
    "runs over the first index. A reshape does not exchange them."
)
MASK = """delta = [z[-1] - y]
    for matrix, out in zip(reversed(w[1:]), reversed(z[:-1])):
        delta.insert(0, {})
    return delta"""
LOOP = """delta = [z[-1] - y]
    for matrix in reversed(w[1:]):
        delta.insert(0, matrix.T @ delta[0])
    return delta"""
MISTAKES_IN_BACKWARD = [
    chaff_edit("backward_sign", "backward", ERROR, "delta = [y - z[-1]]", BACK,
               "Right size, wrong direction. The error is the output minus the target.", "target minus output"),
    chaff_edit("backward_double", "backward", ERROR, "delta = [2 * (z[-1] - y)]", BACK,
               "Twice the expected gradient. The 2 of the square cancels the one half of the loss.",
               "one half ignored"),
    chaff_edit("backward_half", "backward", ERROR, "delta = [0.5 * (z[-1] - y)]", BACK,
               "Half the expected gradient. Differentiate the square: its 2 cancels the one half.", "factor 2 missing"),
    chaff_edit("backward_rounded", "backward", "return delta", "return [np.round(d, 4) for d in delta]", BACK,
               "Your code rounds the gradient to four places; it should return all its digits.",
               "gradient rounded to four places"),
    chaff_edit("backward_mean", "backward", ERROR, "delta = [(z[-1] - y) / len(y)]", BACK,
               "Divided by the number of outputs: the loss is a sum over them, not a mean.", "divided by the outputs"),
    chaff_edit("backward_loss_value", "backward", ERROR, "delta = [0.5 * (z[-1] - y) ** 2]", BACK,
               "It starts with the loss of each output, not with its derivative.", "loss for its derivative"),
    chaff_edit("backward_sign_only", "backward", ERROR, "delta = [np.sign(z[-1] - y)]", BACK,
               "It starts with the sign of the error only: that is the derivative of the absolute error.",
               "sign of the error"),
    chaff_edit("backward_total", "backward", ERROR, "delta = [np.full(len(y), np.sum(z[-1] - y))]", BACK,
               "Each output has an error of its own; here they are added up.", "errors of the outputs added"),
    chaff_edit("backward_only_output", "backward", ERROR, "delta = [z[-1].copy()]", BACK,
               "The target does not enter: delta[-1] is the output minus the target.", "target ignored"),
    chaff_edit("backward_times_output", "backward", ERROR, "delta = [(z[-1] - y) * z[-1]]", BACK,
               "The error of the last layer is multiplied by its output. z[-1] - y is the whole derivative.",
               "error times output"),
    chaff_edit("backward_reshape", "backward", STEP, "matrix.reshape(matrix.shape[::-1]) @ delta[0]", BACK, TRANSPOSE,
               "reshape for transpose"),
    chaff_edit("backward_mean_weight", "backward", STEP, "np.full(matrix.shape[1], matrix.mean() * delta[0].sum())",
               BACK,
               "All the neurons of a hidden layer get the same error. Each has weights of its own to the layer above; "
               "equal weights hide that.", "one averaged weight for all"),
    chaff_edit("backward_column_sums", "backward", STEP, "matrix.sum(axis=0) * delta[0].mean()", BACK,
               "Each neuron above has an error of its own: multiply each weight by it first, then add up.",
               "column sums times mean error"),
    chaff_edit("backward_relu_of_errors", "backward", STEP, "np.maximum(matrix.T @ delta[0], 0)", BACK,
               "Negative errors of the hidden layers are cut off. They are as right as positive ones.",
               "ReLU of the errors"),
    chaff_edit("backward_divides", "backward", STEP, "matrix.T @ delta[0] / len(delta[0])", BACK,
               "The errors along all the paths add up; here they are averaged.", "mean for sum"),
    chaff_edit("backward_first_path", "backward", STEP, "matrix[0] * delta[0][0]", BACK,
               "Only the path through the first neuron above is followed; the paths through all of them add up.",
               "one path only"),
    chaff_edit("backward_relu", "backward", LOOP, MASK.format("(matrix.T @ delta[0]) * (out > 0)"), BACK,
               "Neurons with a negative output get no error. There is no ReLU here: the derivative of the identity "
               "is 1.",
               "derivative of a ReLU"),
    chaff_edit("backward_sigmoid", "backward", LOOP, MASK.format("(matrix.T @ delta[0]) * out * (1 - out)"), BACK,
               "z (1 - z) is the derivative of a sigmoid. The activation here is the identity, its derivative is 1.",
               "derivative of a sigmoid"),
    chaff_edit("backward_tanh", "backward", LOOP, MASK.format("(matrix.T @ delta[0]) * (1 - out**2)"), BACK,
               "1 - z² is the derivative of a tanh. The activation here is the identity, its derivative is 1.",
               "derivative of a tanh"),
    chaff_edit("backward_times_z", "backward", LOOP, MASK.format("(matrix.T @ delta[0]) * out"), BACK,
               "The errors of the hidden layers are multiplied by their outputs. That product belongs into update.",
               "error times output in the hidden layers"),
    chaff_edit("backward_reversed", "backward", "return delta", "return delta[::-1]", BACK,
               "The list is the wrong way round: the error of layer 0 stands first, the last layer's at the end.",
               "reversed list"),
    chaff_edit("backward_to_the_input", "backward", LAYERS, "reversed(w)", BACK,
               "One entry too many: delta ends at the output of layer 0; the input's own gradient is not needed.",
               "gradient of the input in the list"),
    chaff_edit("backward_last_only", "backward", "return delta", "return delta[-1:]", BACK,
               "Only the last layer's error comes back; every layer has one.", "last layer only"),
    chaff_edit("backward_first_only", "backward", "return delta", "return delta[0]", BACK,
               "Only the error of layer 0 comes back; every layer has one, and they belong into a list.",
               "layer 0 only"),
    chaff_edit("backward_stops_early", "backward", LAYERS, "reversed(w[2:])", BACK,
               "The list is too short: layer 0 has an error too.", "layer 0 missing"),
    chaff_edit("backward_columns", "backward", ERROR, "delta = [(z[-1] - y).reshape(-1, 1)]", BACK,
               "The errors are columns, (n, 1). In this course they are 1-D arrays, (n,).", "columns for vectors"),
    chaff_edit("backward_gradient_of_w", "backward", "return delta",
               "return [delta[0]] + [np.outer(d, a) for d, a in zip(delta[1:], z[:-1])]", BACK,
               "The later entries are gradients of matrices. Here only the errors of the outputs are asked for; the "
               "matrices' gradients belong into update.", "gradients of the weights"),
    chaff_edit("backward_not_transposed", "backward", STEP, "matrix @ delta[0]", BACK_SQUARE, TRANSPOSE,
               "transpose missing"),
    chaff_edit("backward_layer_off", "backward", LAYERS, "reversed(w[:-1])", BACK_SQUARE,
               "The error passes through the wrong matrix: between layer i and the one below stands w[i].",
               "matrix of the layer below"),
    chaff_edit("backward_wrong_order", "backward", LAYERS, "w[1:]", BACK_SQUARE,
               "The matrices are taken from the front; on the way back the last one comes first.",
               "matrices in forward order"),
    chaff_edit("backward_from_the_top", "backward", STEP, "matrix.T @ (z[-1] - y)", BACK_SQUARE,
               "Every layer gets the error of the output through one matrix. Pass on the error of the layer just "
               "above.",
               "output error into every layer"),
    chaff_edit("backward_diagonal", "backward", STEP, "matrix.diagonal() * delta[0]", BACK_SQUARE,
               "Each neuron gets the error of one neuron above; all those it feeds pull on it.",
               "one weight for each neuron"),
    chaff_edit("backward_inverse", "backward", STEP, "np.linalg.inv(matrix) @ delta[0]", BACK_SQUARE,
               "Going back is no inverse: the chain rule multiplies by the weights, it does not divide by them.",
               "inverse for transpose"),
    chaff_edit("backward_writes_z", "backward", ERROR, "z[-1] -= y\n    delta = [z[-1]]", "backward_side_effects",
               "z[-1] was changed in place: update and the caller still need it. Write the error into a new array.",
               "output overwritten by the error"),
    chaff_edit("backward_copies_list", "backward", ERROR, "delta = list(z)[-1:]\n    delta[0] -= y",
               "backward_side_effects",
               "z[-1] was changed in place: update and the caller still need it. Write the error into a new array.",
               "list copied, array shared"),
    chaff_edit("backward_writes_y", "backward", ERROR, "y -= z[-1]\n    delta = [-y]", "backward_side_effects",
               "y was changed in place: the caller still needs it. Write the error into a new array.",
               "target overwritten by the error"),
    chaff_edit("backward_turns_w", "backward", f"for matrix in {LAYERS}:", "w.reverse()\n    for matrix in w[:-1]:",
               "backward_side_effects",
               "The caller's list of matrices is turned round: `reverse` works in place, `reversed` and `[::-1]` do "
               "not.",
               "w.reverse"),
    chaff_edit("backward_empties_w", "backward", f"for matrix in {LAYERS}:",
               "while len(w) > 1:\n        matrix = w.pop()", "backward_side_effects",
               "The caller's list of matrices is shorter afterwards: `pop` takes them out. Only read from w.", "w.pop"),
]  # fmt: skip


@chaff("backward", "backward_side_effects",
       "The list z holds errors afterwards: `delta = z` is a second name for one list. Make a new one.")  # fmt: skip
def backward_writes_into_z(y, w, z):
    """delta is the list z"""
    delta = z
    delta[-1] = z[-1] - y
    for i in range(len(w) - 2, -1, -1):
        delta[i] = w[i + 1].T @ delta[i + 1]
    return delta


@chaff("backward", "backward_side_effects",
       "The second call remembers the first: begin with a new list of errors in each call.")  # fmt: skip
def backward_accumulates(y, w, z, total={}):  # noqa: B006
    """errors of earlier calls are added"""
    delta = [z[-1] - y]
    for matrix in reversed(w[1:]):
        delta.insert(0, matrix.T @ delta[0])
    key = tuple(len(d) for d in delta)
    total[key] = [d + t for d, t in zip(delta, total.get(key, [0] * len(delta)))]
    return total[key]


@chaff("backward", "backward_side_effects", "Your code returns its own buffers, so that the next call changes an "
       "earlier result; it should return new arrays each time.")  # fmt: skip
def backward_in_buffers(y, w, z, buffers={}):  # noqa: B006
    """the same buffers returned in every call"""
    delta = buffers.setdefault(tuple(map(len, z)), [np.zeros(len(v)) for v in z])
    delta[-1][:] = z[-1] - y
    for i in range(len(z) - 2, -1, -1):
        delta[i][:] = w[i + 1].T @ delta[i + 1]
    return delta


@wheat("backward")
def backward_loops(y, w, z):
    delta = [np.zeros(len(out)) for out in z]
    for j in range(len(y)):
        delta[-1][j] = z[-1][j] - y[j]
    for i in range(len(w) - 1, 0, -1):
        for k in range(w[i].shape[1]):
            for j in range(w[i].shape[0]):
                delta[i - 1][k] += delta[i][j] * w[i][j, k]
    return delta


@wheat("backward")
def backward_from_the_left(y, w, z):
    delta = [None] * len(z)
    delta[-1] = z[-1] - y
    for i in reversed(range(len(z) - 1)):
        delta[i] = delta[i + 1] @ w[i + 1]
    return delta


@wheat("backward")
def backward_append(y, w, z):
    delta = [np.subtract(z[-1], y)]
    for matrix in w[:0:-1]:
        delta.append(np.einsum("jk,j->k", matrix, delta[-1]))
    delta.reverse()
    return delta


@wheat("backward")
def backward_recursive(y, w, z):
    if len(z) == 1:
        return [z[0] - y]
    above = backward(y, w[1:], z[1:])
    return [(w[1] * above[0][:, None]).sum(axis=0), *above]


@wheat("backward")
def backward_products(y, w, z):
    """each layer from the top, by the product of all the matrices above"""
    error, delta = z[-1] - y, []
    for i in range(len(w)):
        product = np.eye(len(z[i]))
        for matrix in w[i + 1 :]:
            product = matrix @ product
        delta.append(np.dot(product.T, error))
    return delta


# ---------------------------------------------------------------- update

MOVED, STEPS = ("update_weights", "update_square"), ("update_square", "update_weights")
BOTH, SHIFTS = ("update_weights", "update_biases", "update_square"), ("update_biases", "update_square")
GRADIENT, SHIFT = "matrix - eta * np.outer(d, a)", "bias - eta * d"
INPUTS, NO_BIAS = "inputs = [x, *z[:-1]]", "return new_w, None"
EXCHANGED = (
    "Rows and columns of the gradient are exchanged, or a reshape stands for a transpose: rows belong to the "
    "neurons of the layer, columns to its inputs."
)
UNSCALED = "The learning rate is not used: each step is as long as the whole gradient."
CLIMBS = "The loss climbs: step against the gradient, with a minus."
REPLACED = "The step is taken from the present value; here the value is replaced by the step."
OLD = "new_w = [matrix - eta * np.outer(d, a) for matrix, d, a in zip(w, delta, inputs, strict=True)]"
MISTAKES_IN_UPDATE = [
    chaff_edit("update_forgets_x", "update", INPUTS, "inputs = [np.ones_like(x), *z[:-1]]", MOVED,
               "Layer 0 moves as if its input were all ones. Its input is x; the worked example hides that.",
               "x forgotten in layer 0"),
    chaff_edit("update_forgets_inputs", "update", GRADIENT, "matrix - eta * d[:, None]", MOVED,
               "All the weights of a neuron move alike. Each moves by the error times its own input.",
               "inputs forgotten in all layers"),
    chaff_edit("update_forgets_errors", "update", GRADIENT, "matrix - eta * a", MOVED,
               "The errors do not enter: each weight moves by the error above it times its own input.",
               "errors forgotten"),
    chaff_edit("update_ignores_rate", "update", (GRADIENT, SHIFT), ("matrix - np.outer(d, a)", "bias - d"), BOTH,
               UNSCALED, "learning rate ignored"),
    chaff_edit("update_ignores_rate_for_w", "update", GRADIENT, "matrix - np.outer(d, a)", MOVED,
               UNSCALED, "learning rate ignored for the weights"),
    chaff_edit("update_fixed_rate", "update", INPUTS, f"eta = 0.1\n    {INPUTS}", BOTH,
               "The learning rate is fixed at .1; use eta.", "fixed learning rate"),
    chaff_edit("update_squares_rate", "update", (GRADIENT, SHIFT),
               ("matrix - eta**2 * np.outer(d, a)", "bias - eta**2 * d"),
               BOTH, "The learning rate is used twice.", "learning rate squared"),
    chaff_edit("update_ascends", "update", (GRADIENT, SHIFT), ("matrix + eta * np.outer(d, a)", "bias + eta * d"), BOTH,
               CLIMBS, "ascent instead of descent"),
    chaff_edit("update_ascends_w", "update", GRADIENT, "matrix + eta * np.outer(d, a)", MOVED,
               CLIMBS, "ascent of the weights"),
    chaff_edit("update_weight_for_gradient", "update", (GRADIENT, SHIFT),
               ("matrix - eta * matrix", "bias - eta * bias"), BOTH,
               "Your code takes the weight where the gradient belongs; it should step by eta times the gradient.",
               "w for dw"),
    chaff_edit("update_rounded", "update", GRADIENT, "matrix - eta * np.round(np.outer(d, a), 4)", "update_weights",
               "Your code rounds the gradient to four places; it should step by all its digits.",
               "gradient rounded to four places"),
    chaff_edit("update_replaces", "update", (GRADIENT, SHIFT), ("-eta * np.outer(d, a)", "-eta * d"), BOTH,
               REPLACED,
               "assignment instead of step"),
    chaff_edit("update_gradients", "update", (GRADIENT, SHIFT), ("np.outer(d, a)", "1.0 * d"), BOTH,
               "The gradients come back. The new weights are asked for.", "gradients returned"),
    chaff_edit("update_double", "update", (GRADIENT, SHIFT),
               ("matrix - 2 * eta * np.outer(d, a)", "bias - 2 * eta * d"),
               BOTH, "The steps are twice as long as they should be: the 2 of the square is in delta already.",
               "factor 2"),
    chaff_edit("update_mean", "update", GRADIENT, "matrix - eta * np.outer(d, a).mean()", MOVED,
               "All the weights of a matrix move by the same amount. Each has a gradient of its own; equal weights "
               "hide that.", "averaged gradient"),
    chaff_edit("update_divides", "update", GRADIENT, "matrix - eta * np.outer(d, a) / len(a)", MOVED,
               "The gradient is divided by the number of inputs; it is the plain product.", "divided by the inputs"),
    chaff_edit("update_normalises", "update", GRADIENT,
               "matrix - eta * np.outer(d, a) / np.linalg.norm(np.outer(d, a))", MOVED,
               "The gradient is scaled to length one. Use it as it is.", "gradient scaled to length one"),
    chaff_edit("update_sign_only", "update", (GRADIENT, SHIFT),
               ("matrix - eta * np.sign(np.outer(d, a))", "bias - eta * np.sign(d)"), BOTH,
               "The step is the learning rate times the gradient, not its sign only.", "sign step"),
    chaff_edit("update_times_weight", "update", GRADIENT, "matrix - eta * np.outer(d, a) * matrix", MOVED,
               "The gradient is multiplied by the weights themselves; it is error times input.",
               "gradient times weight"),
    chaff_edit("update_decays", "update", GRADIENT, "0.99 * matrix - eta * np.outer(d, a)", MOVED,
               "The weights shrink besides the step: there is no weight decay here.", "weight decay"),
    chaff_edit("update_reshape", "update", GRADIENT, "matrix - eta * np.outer(a, d).reshape(matrix.shape)", MOVED,
               EXCHANGED, "reshape for transpose"),
    chaff_edit("update_first_fixed", "update", OLD, f"{OLD}\n    new_w[0] = w[0] * 1.0", MOVED,
               "Layer 0 does not move. Its gradient is its error times x.", "layer 0 not moved"),
    chaff_edit("update_last_fixed", "update", OLD, f"{OLD}\n    new_w[-1] = w[-1] * 1.0", MOVED,
               "The last layer does not move; every matrix has a gradient.", "last layer not moved"),
    chaff_edit("update_only_last", "update", OLD, f"{OLD}\n    new_w[:-1] = [m * 1.0 for m in w[:-1]]", MOVED,
               "Only the last layer moves; every matrix has a gradient.", "last layer only"),
    chaff_edit("update_w_alone", "update", NO_BIAS, "return new_w", "update_weights",
               "Only the matrices come back. update returns two values, (w, b), also where b is None.",
               "None not returned"),
    chaff_edit("update_empty_biases", "update", NO_BIAS, "return new_w, []", "update_weights",
               "Without biases the second value is None; here it is an empty list.", "empty list for None"),
    chaff_edit("update_zero_biases", "update", NO_BIAS, "return new_w, [np.zeros(len(d)) for d in delta]",
               "update_weights", "Without biases the second value is None; here it is a list of zeros.",
               "zeros for None"),
    chaff_edit("update_invents_biases", "update", NO_BIAS, "return new_w, [-eta * d for d in delta]", "update_weights",
               "Without biases the second value is None; here biases come into being.", "biases that were not there"),
    chaff_edit("update_swapped", "update",
               (NO_BIAS, "return new_w, [bias - eta * d for bias, d in zip(b, delta, strict=True)]"),
               ("return None, new_w", "return [bias - eta * d for bias, d in zip(b, delta, strict=True)], new_w"), BOTH,
               "The two results stand in each other's place: the matrices come first, then the biases.",
               "w and b exchanged"),
    chaff_edit("update_transposed", "update", GRADIENT, "matrix - eta * np.outer(a, d)", STEPS, EXCHANGED,
               "outer product the wrong way round"),
    chaff_edit("update_layer_off", "update", INPUTS, "inputs = z", STEPS,
               "Each layer uses its own output where its input belongs: that is the output of the layer below, and "
               "x for layer 0.", "own output for input"),
    chaff_edit("update_x_everywhere", "update", INPUTS, "inputs = [x] * len(w)", STEPS,
               "Only layer 0 has x as its input; each later layer has the output of the layer below.",
               "x as input of every layer"),
    chaff_edit("update_elementwise", "update", GRADIENT, "matrix - eta * d * a", STEPS,
               "d * a multiplies entry by entry. Each pair of an error and an input makes one entry of the gradient.",
               "product entry by entry"),
    chaff_edit("update_inner", "update", GRADIENT, "matrix - eta * (d @ a)", STEPS,
               "d @ a is one number for the whole matrix. Each pair of an error and an input makes one entry of the "
               "gradient.", "inner for outer product"),
    chaff_edit("update_last_error", "update", GRADIENT, "matrix - eta * np.outer(delta[-1], a)", STEPS,
               "The error of the last layer moves every matrix; each layer has its own.", "last error everywhere"),
    chaff_edit("update_keeps_biases", "update", SHIFT, "bias * 1.0", SHIFTS,
               "The biases do not move. They have a gradient too.", "biases not moved"),
    chaff_edit("update_drops_biases", "update", "if b is None:", "if True:", SHIFTS,
               "The biases are not returned: where there are some, the second value is the list of the new ones.",
               "None for the new biases"),
    chaff_edit("update_rate_twice_in_layer_0", "update", "[x, *z[:-1]]", "[eta * x, *z[:-1]]", "update_weights",
               "In layer 0 the learning rate comes in twice: x itself belongs there.",
               "learning rate twice in layer 0"),
    chaff_edit("update_mean_inputs", "update", "[x, *z[:-1]]", "[np.full(len(v), np.mean(v)) for v in [x, *z[:-1]]]",
               "update_weights", "Each weight takes its own input; here every input is the mean of all.",
               "inputs averaged"),
    chaff_edit("update_ascends_biases", "update", SHIFT, "bias + eta * d", SHIFTS,
               CLIMBS, "ascent of the biases"),
    chaff_edit("update_ignores_rate_for_b", "update", SHIFT, "bias - d", SHIFTS,
               UNSCALED, "learning rate ignored for the biases"),
    chaff_edit("update_bias_total", "update", SHIFT, "bias - eta * d.sum()", SHIFTS,
               "All the biases of a layer move alike. Each moves by the error of its own neuron.", "errors added up"),
    chaff_edit("update_bias_mean", "update", SHIFT, "bias - eta * d.mean()", SHIFTS,
               "All the biases of a layer move by the mean error. Each moves by that of its own neuron; equal "
               "weights hide that.", "errors averaged"),
    chaff_edit("update_bias_times_bias", "update", SHIFT, "bias - eta * d * bias", SHIFTS,
               "The error is multiplied by the bias. The output grows with the bias one to one: its derivative is 1.",
               "error times bias"),
    chaff_edit("update_bias_times_z", "update", "[bias - eta * d for bias, d in zip(b, delta, strict=True)]",
               "[bias - eta * d * out for bias, d, out in zip(b, delta, z, strict=True)]", SHIFTS,
               "The error is multiplied by the output. The output grows with the bias one to one: its derivative is 1.",
               "error times output"),
    chaff_edit("update_bias_times_input", "update", "[bias - eta * d for bias, d in zip(b, delta, strict=True)]",
               "[bias - eta * d * a.sum() for bias, d, a in zip(b, delta, inputs, strict=True)]", SHIFTS,
               "The error is multiplied by the inputs. A bias has no input: its derivative is 1.",
               "error times inputs"),
    chaff_edit("update_replaces_biases", "update", SHIFT, "-eta * d", SHIFTS,
               REPLACED,
               "biases replaced by the step"),
    chaff_edit("update_bias_of_first_layer", "update", SHIFT, "bias - eta * d if bias is b[0] else bias * 1.0", SHIFTS,
               "Only the biases of layer 0 move; every layer has some.", "biases of layer 0 only"),
    chaff_edit("update_last_bias", "update", SHIFT, "bias - eta * d if bias is b[-1] else bias * 1.0", SHIFTS,
               "Only the biases of the last layer move; every layer has some.", "biases of the last layer only"),
]  # fmt: skip


@chaff("update", ("update_weights", "update_square"),
       "The lower layers saw the new weights: delta belongs to the weights before the step.")  # fmt: skip
def update_sequential(x, w, z, delta, eta, b=None):
    """errors passed down through the new weights"""
    new_w, error = list(w), delta[-1]
    for i in range(len(w) - 1, -1, -1):
        new_w[i] = w[i] - eta * np.outer(error, z[i - 1] if i else x)
        error = new_w[i].T @ error
    return new_w, None if b is None else [bias - eta * d for bias, d in zip(b, delta)]


@chaff("update", ("update_weights", "update_square"),
       "The inputs are outputs of the new weights: z belongs to the weights before the step.")  # fmt: skip
def update_new_inputs(x, w, z, delta, eta, b=None):
    """inputs passed up through the new weights"""
    new_w, below = [], x
    for i in range(len(w)):
        new_w.append(w[i] - eta * np.outer(delta[i], below))
        below = new_w[i] @ below + (0 if b is None else b[i])
    return new_w, None if b is None else [bias - eta * d for bias, d in zip(b, delta)]


@chaff("update", BOTH, "Your code returns a result that is known; it should compute it, from what it is given.")
def update_published_weights(x, w, z, delta, eta, b=None):
    """published weights"""
    numbers = [0.46395027, 0.46395027, 0.38714699]
    return [np.full(m.shape, numbers[i % 3]) for i, m in enumerate(w)], b and [np.full(v.shape, 0.4) for v in b]


IN_PLACE = "The caller's matrices were changed: `-=` writes into the array that was passed in. Make new arrays."


@chaff("update", "update_side_effects", IN_PLACE)
def update_in_place(x, w, z, delta, eta, b=None):
    """the caller's arrays are changed"""
    for i in range(len(w)):
        w[i] -= eta * np.outer(delta[i], x if i == 0 else z[i - 1])
        if b is not None:
            b[i] -= eta * delta[i]
    return w, b


@chaff("update", "update_side_effects", IN_PLACE)
def update_writes_into_the_list(x, w, z, delta, eta, b=None):
    """new arrays are put into the caller's lists"""
    for i, a in enumerate([x] + z[:-1]):
        w[i] = w[i] - eta * np.outer(delta[i], a)
        if b is not None:
            b[i] = b[i] - eta * delta[i]
    return w, b


@chaff("update", "update_side_effects",
       "The caller's matrices were changed: a copy of the list holds the same arrays. Make new ones.")  # fmt: skip
def update_shallow_copy(x, w, z, delta, eta, b=None):
    """the list of matrices is copied, its arrays are not"""
    new_w, inputs = w.copy(), [x] + z[:-1]
    for i in range(len(new_w)):
        new_w[i] -= eta * np.outer(delta[i], inputs[i])
    return new_w, None if b is None else [bias - eta * d for bias, d in zip(b, delta)]


@chaff("update", "update_side_effects", "The caller's biases were changed: `-=` writes into the caller's array.")
def update_biases_in_place(x, w, z, delta, eta, b=None):
    """the caller's biases are changed"""
    new_w = [w[i] - eta * np.outer(delta[i], x if i == 0 else z[i - 1]) for i in range(len(w))]
    for i in range(len(b or [])):
        b[i] -= eta * delta[i]
    return new_w, b


@chaff("update", "update_side_effects", "The caller's delta was changed: multiply by eta into a new array.")
def update_scales_delta(x, w, z, delta, eta, b=None):
    """delta multiplied by eta in place"""
    inputs = [x] + z[:-1]
    for d in delta:
        d *= eta
    new_w = [m - np.outer(d, a) for m, d, a in zip(w, delta, inputs)]
    return new_w, None if b is None else [bias - d for bias, d in zip(b, delta)]


@chaff("update", "update_side_effects",
       "The caller's list z was changed: `insert` puts x into it. Make a new list of the inputs.")  # fmt: skip
def update_inserts_x(x, w, z, delta, eta, b=None):
    """x inserted into the caller's list"""
    z.insert(0, x)
    new_w = [m - eta * np.outer(d, a) for m, d, a in zip(w, delta, z)]
    return new_w, None if b is None else [bias - eta * d for bias, d in zip(b, delta)]


@chaff("update", "update_side_effects",
       "The second call remembers the first: plain gradient descent has no memory.")  # fmt: skip
def update_momentum(x, w, z, delta, eta, b=None, velocity={}):  # noqa: B006
    """steps of earlier calls go on"""
    inputs, new_w = [x] + z[:-1], []
    for i in range(len(w)):
        key = (i, w[i].shape)
        velocity[key] = 0.5 * velocity.get(key, 0) + np.outer(delta[i], inputs[i])
        new_w.append(w[i] - eta * velocity[key])
    return new_w, None if b is None else [bias - eta * d for bias, d in zip(b, delta)]


@wheat("update")
def update_loops(x, w, z, delta, eta, b=None):
    new_w, new_b = [], []
    for i in range(len(w)):
        below = x if i == 0 else z[i - 1]
        matrix = np.empty(w[i].shape)
        for j in range(matrix.shape[0]):
            for k in range(matrix.shape[1]):
                matrix[j, k] = w[i][j, k] - eta * delta[i][j] * below[k]
        new_w.append(matrix)
        if b is not None:
            new_b.append(np.array([old - eta * d for old, d in zip(b[i], delta[i])]))
    return (new_w, new_b) if b is not None else (new_w, None)


@wheat("update")
def update_einsum(x, w, z, delta, eta, b=None):
    below = [x, *z]
    gradients = [np.einsum("j,k->jk", d, below[i]) for i, d in enumerate(delta)]
    new_w = [np.subtract(m, eta * g) for m, g in zip(w, gradients)]
    return new_w, b and [np.subtract(v, eta * d) for v, d in zip(b, delta)]


@wheat("update")
def update_on_copies(x, w, z, delta, eta, b=None):
    new_w, new_b = [m.copy() for m in w], None if b is None else [v.copy() for v in b]
    for i in range(len(new_w)):
        new_w[i] -= delta[i][:, None] * (x if i == 0 else z[i - 1])[None, :] * eta
        if new_b is not None:
            new_b[i] -= delta[i] * eta
    return new_w, new_b


@wheat("update")
def update_columns(x, w, z, delta, eta, b=None):
    def step(old, gradient):
        return old + (-eta) * gradient

    new_w = [step(w[0], delta[0].reshape(-1, 1) @ x.reshape(1, -1))]
    for i in range(1, len(w)):
        new_w.append(step(w[i], delta[i].reshape(-1, 1) @ z[i - 1].reshape(1, -1)))
    if b is None:
        return [new_w, None]
    return new_w, [step(*pair) for pair in zip(b, delta)]


@wheat("update")
def update_forward_again(x, w, z, delta, eta, b=None):
    """the inputs from a forward pass of its own"""
    inputs = [x] + forward(x, w, b)[:-1]
    new_w = [m - np.outer(eta * d, a) for m, d, a in zip(w, delta, inputs)]
    return new_w, None if b is None else [v - eta * d for v, d in zip(b, delta)]


# ---------------------------------------------------------------- questions


def _answers(task, check, wrong):
    """Wrong answers to a question: (value, hint) pairs, the value as text."""
    right = {"last_layer_sum": "0.7743", "largest_converging_rate": "0.45"}.get(task, "0.3")
    return [
        chaff_edit(f"{task}_{value.replace('.', '_')}", task, right, value, check, hint, f"answer {value}")
        for value, hint in wrong
    ]


WRONG_SUMS = _answers("last_layer_sum", "answer_last_layer_sum", [
    ("1.0", "That is their sum before the first step. Nothing in the loss asks the weights to sum to one."),
    ("0.38715", "That is one of the two weights."),
    ("0.9279", "That is the sum of a row of layer 0. The last matrix is w[-1]."),
    ("1.39185", "That is the sum of a row of the middle layer. The last matrix is w[-1]."),
    ("0.35199", "That is the run with biases; the question is about the one without."),
    ("0.774", "Rounded too far: four decimals are asked for."),
    ("0.77", "Rounded too far: four decimals are asked for."),
])  # fmt: skip

SMALLER = "That rate converges, but it is not the largest that does."
TO_AND_FRO = "At that rate the run jumps to and fro: its 50th loss is far above 1e-6."
OVERFLOWS = "With biases that run overflows before its 50th step."
WRONG_RATES = _answers("largest_converging_rate", "answer_largest_rate", [
    ("0.5", "That run only creeps in: its 50th loss is still above 1e-6."),
    ("1.0", "That run settles, but far from 0: it has learned nothing."),
    *((f"0.{n}", TO_AND_FRO) for n in ("55", "6", "65", "7", "75", "8", "85", "9", "95")),
    *((f"0.{n}", SMALLER) for n in ("05", "1", "15", "2", "25", "3", "35", "4")),
])  # fmt: skip
WRONG_RATES_WITH_BIAS = _answers("largest_converging_rate_with_bias", "answer_largest_rate_with_bias", [
    *((f"0.{n}", SMALLER) for n in ("05", "1", "15", "2", "25")),
    *((f"0.{n}", OVERFLOWS) for n in ("35", "4", "45", "5", "55", "6", "65", "7", "75", "8", "85", "9", "95")),
    ("1.0", OVERFLOWS),
])  # fmt: skip


@wheat("last_layer_sum")
def sum_computed():
    x, y, w, _ = worked_example()
    return train(x, y, w, 0.1, 50)[0][-1].sum()


@wheat("last_layer_sum")
def sum_five_decimals():
    return 0.77429


@wheat("last_layer_sum")
def sum_as_numpy():
    return np.float64(2 * 0.38714699)


@wheat("largest_converging_rate")
def rate_computed():
    best = 0
    for eta in np.arange(1, 21) * 0.05:
        x, y, w, b = worked_example()
        with np.errstate(all="ignore"):
            losses = train(x, y, w, eta, 50, b)[2]
        if losses[-1] < 1e-6:
            best = eta
    return best


@wheat("largest_converging_rate")
def rate_as_product():
    return 9 * 0.05


@wheat("largest_converging_rate")
def rate_as_numpy():
    return np.array(0.45)


@wheat("largest_converging_rate_with_bias")
def bias_rate_computed():
    best = 0
    for eta in np.arange(1, 21) * 0.05:
        x, y, w, b = worked_example(bias=True)
        with np.errstate(all="ignore"):
            losses = train(x, y, w, eta, 50, b)[2]
        if losses[-1] < 1e-6:
            best = eta
    return best


@wheat("largest_converging_rate_with_bias")
def bias_rate_as_product():
    return 6 * 0.05


@wheat("largest_converging_rate_with_bias")
def bias_rate_as_numpy():
    return np.float64(0.30)
