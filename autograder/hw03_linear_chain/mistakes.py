"""Known mistakes and right variants of hw03_linear_chain."""

from dataclasses import replace

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


@chaff_edit("forward", VALUES, KEEP, f"if i < len(w) - 1:\n            signal = np.maximum(signal, 0)\n        {KEEP}")
def forward_relu():
    """ReLU in the hidden layers

    Negative outputs of the hidden layers are cut off. There is no ReLU here: the activation is the identity.
    """


@chaff_edit("forward", VALUES, KEEP, f"signal = np.maximum(signal, 0)\n        {KEEP}")
def forward_relu_everywhere():
    """ReLU in all layers

    Negative outputs are cut off in every layer. There is no ReLU here: the activation is the identity.
    """


@chaff_edit("forward", "forward_value", "z.append(signal)", "z = [signal]")
def forward_only_last():
    """last output only

    The list holds the last output alone; it keeps the output of every layer.
    """


@chaff_edit("forward", "forward_value", "z.append(signal)", "z.append(signal)\n        signal = np.maximum(signal, 0)")
def forward_relu_after_keeping():
    """ReLU between the layers, not in the list

    What goes on to the next layer passes a ReLU first. The activation of this chain is the identity.
    """


@chaff_edit("forward", VALUES, KEEP, f"signal = np.tanh(signal)\n        {KEEP}")
def forward_tanh():
    """tanh in all layers

    The outputs pass through a tanh. The activation of this chain is the identity.
    """


@chaff_edit("forward", VALUES, KEEP, f"signal = 1 / (1 + np.exp(-signal))\n        {KEEP}")
def forward_sigmoid():
    """sigmoid in all layers

    The outputs pass through a sigmoid. The activation of this chain is the identity.
    """


@chaff_edit("forward", VALUES, KEEP, f"signal = signal / np.linalg.norm(signal)\n        {KEEP}")
def forward_normalises():
    """outputs scaled to length one

    The outputs are scaled to length one. They are passed on as they are.
    """


@chaff_edit("forward", VALUES, PRODUCT, "np.full(len(w[i]), w[i].mean() * signal.sum())")
def forward_mean_weight():
    """one averaged weight for all

    All the neurons of a layer put out the same. Each has a row of its own in the matrix; equal weights hide that.
    """


@chaff_edit("forward", VALUES, PRODUCT, "w[i].sum(axis=1) * signal.mean()")
def forward_row_sums():
    """row sums times mean input

    Each input has a weight of its own. The sum of a row times the mean input is right only where all inputs are equal.
    """


@chaff_edit("forward", VALUES, PRODUCT, "w[i] @ signal / len(signal)")
def forward_divides():
    """mean for sum

    A neuron adds up weight times input; here the sum is divided by the number of inputs.
    """


@chaff_edit("forward", VALUES, START, "z, signal = [x], x")
def forward_input_first():
    """x in the list

    The list has one entry too many: it starts with the output of layer 0, not with the input x.
    """


@chaff_edit("forward", VALUES, "return z", "return z[-1]")
def forward_last_only():
    """last output only

    Only the last output comes back. The way back needs the outputs of all the layers, in a list.
    """


@chaff_edit("forward", VALUES, "return z", "return z[::-1]")
def forward_reversed():
    """reversed list

    The list is the wrong way round: the output of layer 0 stands first, the last layer's at the end.
    """


@chaff_edit("forward", VALUES, "range(len(w))", "range(len(w) - 1)")
def forward_skips_last():
    """last layer missing

    The last layer is missing: the list is as long as w.
    """


@chaff_edit("forward", VALUES, "range(len(w))", "range(min(3, len(w)))")
def forward_three_layers():
    """three layers only

    The layers after the third are missing. A chain may have any number of them: go through all of w.
    """


@chaff_edit(
    "forward", VALUES, (START, ADD), ("z, signal = [], np.reshape(x, (-1, 1))", "signal = signal + b[i].reshape(-1, 1)")
)
def forward_columns():
    """columns for vectors

    The outputs are columns, (n, 1). In this course they are 1-D arrays, (n,).
    """


@chaff_edit("forward", SQUARE, PRODUCT, "w[i].T @ signal")
def forward_transposed():
    """transposed matrices

    Rows and columns are exchanged. A row of the matrix holds the weights of one neuron: row times input.
    """


@chaff_edit("forward", SQUARE, PRODUCT, "w[i] @ x")
def forward_x_everywhere():
    """x into every layer

    Only layer 0 sees x. Each later layer takes the output of the layer below.
    """


@chaff_edit("forward", SQUARE, PRODUCT, "w[len(w) - 1 - i] @ signal")
def forward_wrong_order():
    """matrices in reverse order

    The matrices are taken from the end. x meets w[0] first.
    """


@chaff_edit("forward", SQUARE, PRODUCT, "w[i].diagonal() * signal")
def forward_elementwise():
    """one weight for each neuron

    Each output depends on one input only. A neuron adds up the products with all its inputs.
    """


@chaff_edit("forward", SQUARE, PRODUCT, "(w[i] * signal).sum(axis=0)")
def forward_column_sums():
    """sum along the wrong axis

    The products of weight and input are summed over the neurons; sum them over the inputs, along a row.
    """


@chaff_edit("forward", SQUARE, PRODUCT, "(w[i] * signal[:, None]).sum(axis=1)")
def forward_outer():
    """input along the wrong axis

    Each row is multiplied by its own entry of the input. An entry of the input belongs to a column.
    """


@chaff_edit("forward", "forward_biases", ADD, "pass")
def forward_ignores_biases():
    """biases ignored

    The biases are not used: each layer adds its b[i] to the product.
    """


@chaff_edit("forward", "forward_biases", ADD, "signal = signal - b[i]")
def forward_subtracts_biases():
    """biases subtracted

    The biases are subtracted; they are to be added.
    """


@chaff_edit("forward", "forward_biases", ADD, "signal = signal + 2 * b[i]")
def forward_bias_twice():
    """biases added twice

    Each bias is added twice.
    """


@chaff_edit("forward", "forward_biases", ADD, "signal = signal * b[i]")
def forward_bias_factor():
    """biases as factors

    The outputs are multiplied by the biases; a bias is added.
    """


@chaff_edit("forward", "forward_biases", ADD, "signal = signal + b[0]")
def forward_first_bias():
    """first bias everywhere

    The bias of layer 0 is used in every layer; each layer has its own.
    """


@chaff_edit("forward", "forward_biases", WITH_BIAS, "if b is not None and i < len(w) - 1:")
def forward_bias_not_last():
    """no bias in the last layer

    The last layer lacks its bias; every layer has one.
    """


@chaff_edit("forward", "forward_biases", WITH_BIAS, "if b is not None and i == len(w) - 1:")
def forward_bias_only_last():
    """bias in the last layer only

    Only the last layer adds its bias; every layer has one.
    """


@chaff_edit("forward", "forward_biases", WITH_BIAS, "if b is not None and i > 0:")
def forward_bias_not_first():
    """no bias in layer 0

    Layer 0 lacks its bias; every layer has one.
    """


@chaff_edit("forward", "forward_biases", WITH_BIAS, "if b is not None and i == 0:")
def forward_bias_only_first():
    """bias in layer 0 only

    Only layer 0 adds its bias; every layer has one.
    """


@chaff_edit("forward", "forward_biases", ADD, "signal = signal + np.mean(b[i])")
def forward_bias_mean():
    """one bias for a layer

    Each neuron has a bias of its own; here one number is added to the whole layer. Equal biases hide that.
    """


@chaff_edit("forward", "forward_biases", ADD, "signal = signal + np.sum(b[i])")
def forward_bias_total():
    """biases of a layer added up

    All the biases of a layer are added to each of its neurons. Each neuron has a bias of its own.
    """


@chaff_edit("forward", "forward_biases", f"{ADD_BIAS}\n        {KEEP}", f"{KEEP}\n        {ADD_BIAS}")
def forward_bias_late():
    """output kept before the bias is added

    The list holds the outputs without their biases: add the bias, then keep the output.
    """


@chaff_edit(
    "forward", "forward_biases", f"{ADD_BIAS}\n        {KEEP}", "z.append(signal if b is None else signal + b[i])"
)
def forward_bias_lost():
    """output passed on without its bias

    The bias stands in the list but is not passed on: the layer above takes the output with its bias.
    """


@chaff_edit("forward", "forward_biases", (PRODUCT, ADD), ("w[i] @ (signal if b is None else signal + b[i])", "pass"))
def forward_bias_before():
    """bias added before the product

    The bias is added to the input of the layer; it belongs to the output, after the product.
    """


@chaff_edit(
    "forward",
    "forward_side_effects",
    f"{ADD_BIAS}\n        {KEEP}",
    "if b is not None:\n            b[i] += signal\n            signal = b[i]\n        z.append(signal)",
)
def forward_writes_biases():
    """outputs written into the biases

    The biases are changed: `b[i] += …` writes into the caller's arrays.
    """


@chaff_edit("forward", "forward_side_effects", PRODUCT, "w.pop(0) @ signal")
def forward_empties_w():
    """w.pop

    The caller's list of matrices is empty afterwards: `pop` takes them out. Only read from w.
    """


@chaff_edit("forward", "forward_side_effects", (START, KEEP), ("z, signal = [], x", "z.append(signal)\n        x *= 0"))
def forward_writes_x():
    """x overwritten

    x was changed in place: the caller still needs it.
    """


@chaff("forward", ("forward_side_effects", *VALUES))
def forward_shared_list(x, w, b=None, z=[]):
    """the list of an earlier call goes on

    The second call remembers the first: a default `z=[]` is made once only. Begin with a new list.
    """
    for i in range(len(w)):
        x = w[i] @ x
        if b is not None:
            x = x + b[i]
        z.append(x)
    return z


@chaff("forward", "forward_side_effects")
def forward_counts_on_default(x, w, b=(0.0,) * 99):
    """None for b not understood

    None for b means no biases, given or left out: test with `b is None`.
    """
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


@wheat_edit("forward", PRODUCT, "signal @ w[i].T")
def forward_from_the_left(): ...


@wheat_edit("forward", PRODUCT, "np.matmul(w[i], signal[:, np.newaxis]).ravel()")
def forward_as_columns(): ...


@wheat_edit("forward", ADD, "signal += b[i]")
def forward_in_place(): ...


# ---------------------------------------------------------------- loss


@chaff_edit("loss", "loss_value", "0.5 * np.sum", "np.sum")
def loss_without_half():
    """one half missing

    Twice the expected loss: the one half is missing.
    """


@chaff_edit("loss", "loss_value", "0.5 * np.sum", "0.5 * np.mean")
def loss_mean():
    """mean for sum

    Half the mean of the squared errors, where half the sum over the outputs is asked for. With one output they are the
    same.
    """


@chaff_edit("loss", "loss_value", "0.5 * np.sum", "np.mean")
def loss_plain_mean():
    """mean, no one half

    That is the mean of the squared errors. Asked for is half their sum.
    """


@chaff_edit("loss", ("loss_value", "loss_side_effects"), "z[-1] - y", "z[-1] - y.reshape(-1, 1)")
def loss_table():
    """table of all differences

    A column and a row make an n by n table: each output is compared with every target. Both are 1-D here.
    """


@chaff_edit("loss", "loss_value", "0.5 * np.sum((z[-1] - y) ** 2)", "0.5 * np.sqrt(np.sum((z[-1] - y) ** 2))")
def loss_root():
    """half the length of the error

    A root is taken of the sum of squares; leave the root out.
    """


@chaff_edit("loss", "loss_value", "0.5 * np.sum((z[-1] - y) ** 2)", "np.linalg.norm(z[-1] - y)")
def loss_length():
    """length of the error

    That is the length of the error vector: square it, and take half.
    """


@chaff_edit("loss", "loss_value", "(z[-1] - y) ** 2", "np.abs(z[-1] - y)")
def loss_absolute():
    """absolute errors

    The errors are not squared: that is half the sum of their sizes.
    """


@chaff_edit("loss", "loss_value", "(z[-1] - y) ** 2", "z[-1] - y")
def loss_not_squared():
    """errors not squared

    The errors are not squared, so that positive and negative ones cancel.
    """


@chaff_edit("loss", "loss_value", "np.sum((z[-1] - y) ** 2)", "np.sum(z[-1] - y) ** 2")
def loss_of_the_sum():
    """square of the sum

    Square each error first, then add them up.
    """


@chaff_edit("loss", ("loss_value", "loss_side_effects"), "z[-1] - y", "z[-1] + y")
def loss_plus():
    """sum of output and target

    The error is a difference; here output and target are added.
    """


@chaff_edit("loss", "loss_value", "float(0.5", "float(-0.5")
def loss_negative():
    """negative loss

    The right size with the wrong sign: a loss is never negative.
    """


@chaff_edit("loss", "loss_value", "(z[-1] - y) ** 2", "(z[-1][0] - y[0]) ** 2")
def loss_first_output():
    """first output only

    Only the first output counts here; the loss adds up all of them.
    """


@chaff_edit("loss", "loss_value", "np.sum((z[-1] - y) ** 2)", "sum(np.sum((v[-1] - y) ** 2) for v in z)")
def loss_every_layer():
    """loss over all layers

    The errors of all the layers are added up; the loss looks at the last output alone.
    """


@chaff_edit("loss", "loss_value", "(z[-1] - y) ** 2", "(z[-1][-1] - y[-1]) ** 2")
def loss_last_output():
    """last output only

    Only the last entry of the output counts here; the loss adds up all of them.
    """


@chaff_edit("loss", "loss_value", "np.sum((", "np.max((")
def loss_largest():
    """largest error only

    Only the largest error counts here; the loss adds up all of them.
    """


@chaff_edit("loss", "loss_value", "float(0.5 * np.sum((z[-1] - y) ** 2))", "0.5 * (z[-1] - y) ** 2")
def loss_not_summed():
    """not summed

    One number for each output comes back. Their sum is asked for.
    """


@chaff_edit(
    "loss",
    ("loss_value", "loss_side_effects"),
    "return float(0.5 * np.sum((z[-1] - y) ** 2))",
    "return 0.5 * np.sum((z[-1] - y) ** 2) + 0.5 * sum(np.sum(s**2) for s in z[:-1])",
)
def loss_all_layers():
    """hidden layers in the loss

    Only the last layer has a target; the hidden ones do not count.
    """


@chaff_edit("loss", "loss_value", "float(0.5 * np.sum((z[-1] - y) ** 2))", "0.5 * np.sum(z[-1] ** 2 - y**2)")
def loss_cross_entropy():
    """difference of squares

    A difference of squares is not the square of the difference.
    """


@chaff_edit(
    "loss",
    "loss_side_effects",
    "return float(0.5 * np.sum((z[-1] - y) ** 2))",
    "z[-1] -= y\n    return float(0.5 * np.sum(z[-1] ** 2))",
)
def loss_writes_z():
    """output overwritten by the error

    z[-1] was changed in place; backward still needs it. Write the error into a new array.
    """


@chaff_edit("loss", "loss_side_effects", "z[-1] - y", "z.pop() - y")
def loss_takes_z():
    """z.pop

    The caller's list is one entry shorter afterwards: `pop` takes it out. Only read from z.
    """


@chaff_edit(
    "loss",
    "loss_side_effects",
    "return float(0.5 * np.sum((z[-1] - y) ** 2))",
    "error = z[-1]\n    error -= y\n    error **= 2\n    return float(0.5 * np.sum(error))",
)
def loss_squares_in_place():
    """the caller's prediction squared in place

    Your code squares inside the caller's z[-1]; it should compute the error in an array of its own.
    """


@chaff_edit("loss", ("loss_value", "loss_side_effects"), "float(0.5 * np.sum((z[-1] - y) ** 2))", "1e-7")
def loss_invented():
    """an invented loss

    Your code makes up a small loss; it should compute it, from z and y.
    """


@chaff_edit(
    "loss",
    "loss_side_effects",
    "return float(0.5 * np.sum((z[-1] - y) ** 2))",
    "y -= z[-1]\n    return float(0.5 * np.sum(y**2))",
)
def loss_writes_y():
    """target overwritten by the error

    y was changed in place; backward still needs it. Write the error into a new array.
    """


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


@chaff_edit("backward", BACK, ERROR, "delta = [y - z[-1]]")
def backward_sign():
    """target minus output

    Right size, wrong direction. The error is the output minus the target.
    """


@chaff_edit("backward", BACK, ERROR, "delta = [2 * (z[-1] - y)]")
def backward_double():
    """one half ignored

    Twice the expected gradient. The 2 of the square cancels the one half of the loss.
    """


@chaff_edit("backward", BACK, ERROR, "delta = [0.5 * (z[-1] - y)]")
def backward_half():
    """factor 2 missing

    Half the expected gradient. Differentiate the square: its 2 cancels the one half.
    """


@chaff_edit("backward", BACK, "return delta", "return [np.round(d, 4) for d in delta]")
def backward_rounded():
    """gradient rounded to four places

    Your code rounds the gradient to four places; it should return all its digits.
    """


@chaff_edit("backward", BACK, ERROR, "delta = [(z[-1] - y) / len(y)]")
def backward_mean():
    """divided by the outputs

    Divided by the number of outputs: the loss is a sum over them, not a mean.
    """


@chaff_edit("backward", BACK, ERROR, "delta = [0.5 * (z[-1] - y) ** 2]")
def backward_loss_value():
    """loss for its derivative

    It starts with the loss of each output, not with its derivative.
    """


@chaff_edit("backward", BACK, ERROR, "delta = [np.sign(z[-1] - y)]")
def backward_sign_only():
    """sign of the error

    It starts with the sign of the error only: that is the derivative of the absolute error.
    """


@chaff_edit("backward", BACK, ERROR, "delta = [np.full(len(y), np.sum(z[-1] - y))]")
def backward_total():
    """errors of the outputs added

    Each output has an error of its own; here they are added up.
    """


@chaff_edit("backward", BACK, ERROR, "delta = [z[-1].copy()]")
def backward_only_output():
    """target ignored

    The target does not enter: delta[-1] is the output minus the target.
    """


@chaff_edit("backward", BACK, ERROR, "delta = [(z[-1] - y) * z[-1]]")
def backward_times_output():
    """error times output

    The error of the last layer is multiplied by its output. z[-1] - y is the whole derivative.
    """


@chaff_edit("backward", BACK, STEP, "matrix.reshape(matrix.shape[::-1]) @ delta[0]", hint=TRANSPOSE)
def backward_reshape():
    """reshape for transpose"""


@chaff_edit("backward", BACK, STEP, "np.full(matrix.shape[1], matrix.mean() * delta[0].sum())")
def backward_mean_weight():
    """one averaged weight for all

    All the neurons of a hidden layer get the same error. Each has weights of its own to the layer above; equal weights
    hide that.
    """


@chaff_edit("backward", BACK, STEP, "matrix.sum(axis=0) * delta[0].mean()")
def backward_column_sums():
    """column sums times mean error

    Each neuron above has an error of its own: multiply each weight by it first, then add up.
    """


@chaff_edit("backward", BACK, STEP, "np.maximum(matrix.T @ delta[0], 0)")
def backward_relu_of_errors():
    """ReLU of the errors

    Negative errors of the hidden layers are cut off. They are as right as positive ones.
    """


@chaff_edit("backward", BACK, STEP, "matrix.T @ delta[0] / len(delta[0])")
def backward_divides():
    """mean for sum

    The errors along all the paths add up; here they are averaged.
    """


@chaff_edit("backward", BACK, STEP, "matrix[0] * delta[0][0]")
def backward_first_path():
    """one path only

    Only the path through the first neuron above is followed; the paths through all of them add up.
    """


@chaff_edit("backward", BACK, LOOP, MASK.format("(matrix.T @ delta[0]) * (out > 0)"))
def backward_relu():
    """derivative of a ReLU

    Neurons with a negative output get no error. There is no ReLU here: the derivative of the identity is 1.
    """


@chaff_edit("backward", BACK, LOOP, MASK.format("(matrix.T @ delta[0]) * out * (1 - out)"))
def backward_sigmoid():
    """derivative of a sigmoid

    z (1 - z) is the derivative of a sigmoid. The activation here is the identity, its derivative is 1.
    """


@chaff_edit("backward", BACK, LOOP, MASK.format("(matrix.T @ delta[0]) * (1 - out**2)"))
def backward_tanh():
    """derivative of a tanh

    1 - z² is the derivative of a tanh. The activation here is the identity, its derivative is 1.
    """


@chaff_edit("backward", BACK, LOOP, MASK.format("(matrix.T @ delta[0]) * out"))
def backward_times_z():
    """error times output in the hidden layers

    The errors of the hidden layers are multiplied by their outputs. That product belongs into update.
    """


@chaff_edit("backward", BACK, "return delta", "return delta[::-1]")
def backward_reversed():
    """reversed list

    The list is the wrong way round: the error of layer 0 stands first, the last layer's at the end.
    """


@chaff_edit("backward", BACK, LAYERS, "reversed(w)")
def backward_to_the_input():
    """gradient of the input in the list

    One entry too many: delta ends at the output of layer 0; the input's own gradient is not needed.
    """


@chaff_edit("backward", BACK, "return delta", "return delta[-1:]")
def backward_last_only():
    """last layer only

    Only the last layer's error comes back; every layer has one.
    """


@chaff_edit("backward", BACK, "return delta", "return delta[0]")
def backward_first_only():
    """layer 0 only

    Only the error of layer 0 comes back; every layer has one, and they belong into a list.
    """


@chaff_edit("backward", BACK, LAYERS, "reversed(w[2:])")
def backward_stops_early():
    """layer 0 missing

    The list is too short: layer 0 has an error too.
    """


@chaff_edit("backward", BACK, ERROR, "delta = [(z[-1] - y).reshape(-1, 1)]")
def backward_columns():
    """columns for vectors

    The errors are columns, (n, 1). In this course they are 1-D arrays, (n,).
    """


@chaff_edit("backward", BACK, "return delta", "return [delta[0]] + [np.outer(d, a) for d, a in zip(delta[1:], z[:-1])]")
def backward_gradient_of_w():
    """gradients of the weights

    The later entries are gradients of matrices. Here only the errors of the outputs are asked for; the matrices'
    gradients belong into update.
    """


@chaff_edit("backward", BACK_SQUARE, STEP, "matrix @ delta[0]", hint=TRANSPOSE)
def backward_not_transposed():
    """transpose missing"""


@chaff_edit("backward", BACK_SQUARE, LAYERS, "reversed(w[:-1])")
def backward_layer_off():
    """matrix of the layer below

    The error passes through the wrong matrix: between layer i and the one below stands w[i].
    """


@chaff_edit("backward", BACK_SQUARE, LAYERS, "w[1:]")
def backward_wrong_order():
    """matrices in forward order

    The matrices are taken from the front; on the way back the last one comes first.
    """


@chaff_edit("backward", BACK_SQUARE, STEP, "matrix.T @ (z[-1] - y)")
def backward_from_the_top():
    """output error into every layer

    Every layer gets the error of the output through one matrix. Pass on the error of the layer just above.
    """


@chaff_edit("backward", BACK_SQUARE, STEP, "matrix.diagonal() * delta[0]")
def backward_diagonal():
    """one weight for each neuron

    Each neuron gets the error of one neuron above; all those it feeds pull on it.
    """


@chaff_edit("backward", BACK_SQUARE, STEP, "np.linalg.inv(matrix) @ delta[0]")
def backward_inverse():
    """inverse for transpose

    Going back is no inverse: the chain rule multiplies by the weights, it does not divide by them.
    """


@chaff_edit("backward", "backward_side_effects", ERROR, "z[-1] -= y\n    delta = [z[-1]]")
def backward_writes_z():
    """output overwritten by the error

    z[-1] was changed in place: update and the caller still need it. Write the error into a new array.
    """


@chaff_edit("backward", "backward_side_effects", ERROR, "delta = list(z)[-1:]\n    delta[0] -= y")
def backward_copies_list():
    """list copied, array shared

    z[-1] was changed in place: update and the caller still need it. Write the error into a new array.
    """


@chaff_edit("backward", "backward_side_effects", ERROR, "y -= z[-1]\n    delta = [-y]")
def backward_writes_y():
    """target overwritten by the error

    y was changed in place: the caller still needs it. Write the error into a new array.
    """


@chaff_edit("backward", "backward_side_effects", f"for matrix in {LAYERS}:", "w.reverse()\n    for matrix in w[:-1]:")
def backward_turns_w():
    """w.reverse

    The caller's list of matrices is turned round: `reverse` works in place, `reversed` and `[::-1]` do not.
    """


@chaff_edit(
    "backward", "backward_side_effects", f"for matrix in {LAYERS}:", "while len(w) > 1:\n        matrix = w.pop()"
)
def backward_empties_w():
    """w.pop

    The caller's list of matrices is shorter afterwards: `pop` takes them out. Only read from w.
    """


@chaff("backward", "backward_side_effects")
def backward_writes_into_z(y, w, z):
    """delta is the list z

    The list z holds errors afterwards: `delta = z` is a second name for one list. Make a new one.
    """
    delta = z
    delta[-1] = z[-1] - y
    for i in range(len(w) - 2, -1, -1):
        delta[i] = w[i + 1].T @ delta[i + 1]
    return delta


@chaff("backward", "backward_side_effects")
def backward_accumulates(y, w, z, total={}):
    """errors of earlier calls are added

    The second call remembers the first: begin with a new list of errors in each call.
    """
    delta = [z[-1] - y]
    for matrix in reversed(w[1:]):
        delta.insert(0, matrix.T @ delta[0])
    key = tuple(len(d) for d in delta)
    total[key] = [d + t for d, t in zip(delta, total.get(key, [0] * len(delta)))]
    return total[key]


@chaff("backward", "backward_side_effects")
def backward_in_buffers(y, w, z, buffers={}):
    """the same buffers returned in every call

    Your code returns its own buffers, so that the next call changes an earlier result; it should return new arrays each
    time.
    """
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


@chaff_edit("update", MOVED, INPUTS, "inputs = [np.ones_like(x), *z[:-1]]")
def update_forgets_x():
    """x forgotten in layer 0

    Layer 0 moves as if its input were all ones. Its input is x; the worked example hides that.
    """


@chaff_edit("update", MOVED, GRADIENT, "matrix - eta * d[:, None]")
def update_forgets_inputs():
    """inputs forgotten in all layers

    All the weights of a neuron move alike. Each moves by the error times its own input.
    """


@chaff_edit("update", MOVED, GRADIENT, "matrix - eta * a")
def update_forgets_errors():
    """errors forgotten

    The errors do not enter: each weight moves by the error above it times its own input.
    """


@chaff_edit("update", BOTH, (GRADIENT, SHIFT), ("matrix - np.outer(d, a)", "bias - d"), hint=UNSCALED)
def update_ignores_rate():
    """learning rate ignored"""


@chaff_edit("update", MOVED, GRADIENT, "matrix - np.outer(d, a)", hint=UNSCALED)
def update_ignores_rate_for_w():
    """learning rate ignored for the weights"""


@chaff_edit("update", BOTH, INPUTS, f"eta = 0.1\n    {INPUTS}")
def update_fixed_rate():
    """fixed learning rate

    The learning rate is fixed at .1; use eta.
    """


@chaff_edit("update", BOTH, (GRADIENT, SHIFT), ("matrix - eta**2 * np.outer(d, a)", "bias - eta**2 * d"))
def update_squares_rate():
    """learning rate squared

    The learning rate is used twice.
    """


@chaff_edit("update", BOTH, (GRADIENT, SHIFT), ("matrix + eta * np.outer(d, a)", "bias + eta * d"), hint=CLIMBS)
def update_ascends():
    """ascent instead of descent"""


@chaff_edit("update", MOVED, GRADIENT, "matrix + eta * np.outer(d, a)", hint=CLIMBS)
def update_ascends_w():
    """ascent of the weights"""


@chaff_edit("update", BOTH, (GRADIENT, SHIFT), ("matrix - eta * matrix", "bias - eta * bias"))
def update_weight_for_gradient():
    """w for dw

    Your code takes the weight where the gradient belongs; it should step by eta times the gradient.
    """


@chaff_edit("update", "update_weights", GRADIENT, "matrix - eta * np.round(np.outer(d, a), 4)")
def update_rounded():
    """gradient rounded to four places

    Your code rounds the gradient to four places; it should step by all its digits.
    """


@chaff_edit("update", BOTH, (GRADIENT, SHIFT), ("-eta * np.outer(d, a)", "-eta * d"), hint=REPLACED)
def update_replaces():
    """assignment instead of step"""


@chaff_edit("update", BOTH, (GRADIENT, SHIFT), ("np.outer(d, a)", "1.0 * d"))
def update_gradients():
    """gradients returned

    The gradients come back. The new weights are asked for.
    """


@chaff_edit("update", BOTH, (GRADIENT, SHIFT), ("matrix - 2 * eta * np.outer(d, a)", "bias - 2 * eta * d"))
def update_double():
    """factor 2

    The steps are twice as long as they should be: the 2 of the square is in delta already.
    """


@chaff_edit("update", MOVED, GRADIENT, "matrix - eta * np.outer(d, a).mean()")
def update_mean():
    """averaged gradient

    All the weights of a matrix move by the same amount. Each has a gradient of its own; equal weights hide that.
    """


@chaff_edit("update", MOVED, GRADIENT, "matrix - eta * np.outer(d, a) / len(a)")
def update_divides():
    """divided by the inputs

    The gradient is divided by the number of inputs; it is the plain product.
    """


@chaff_edit("update", MOVED, GRADIENT, "matrix - eta * np.outer(d, a) / np.linalg.norm(np.outer(d, a))")
def update_normalises():
    """gradient scaled to length one

    The gradient is scaled to length one. Use it as it is.
    """


@chaff_edit("update", BOTH, (GRADIENT, SHIFT), ("matrix - eta * np.sign(np.outer(d, a))", "bias - eta * np.sign(d)"))
def update_sign_only():
    """sign step

    The step is the learning rate times the gradient, not its sign only.
    """


@chaff_edit("update", MOVED, GRADIENT, "matrix - eta * np.outer(d, a) * matrix")
def update_times_weight():
    """gradient times weight

    The gradient is multiplied by the weights themselves; it is error times input.
    """


@chaff_edit("update", MOVED, GRADIENT, "0.99 * matrix - eta * np.outer(d, a)")
def update_decays():
    """weight decay

    The weights shrink besides the step: there is no weight decay here.
    """


@chaff_edit("update", MOVED, GRADIENT, "matrix - eta * np.outer(a, d).reshape(matrix.shape)", hint=EXCHANGED)
def update_reshape():
    """reshape for transpose"""


@chaff_edit("update", MOVED, OLD, f"{OLD}\n    new_w[0] = w[0] * 1.0")
def update_first_fixed():
    """layer 0 not moved

    Layer 0 does not move. Its gradient is its error times x.
    """


@chaff_edit("update", MOVED, OLD, f"{OLD}\n    new_w[-1] = w[-1] * 1.0")
def update_last_fixed():
    """last layer not moved

    The last layer does not move; every matrix has a gradient.
    """


@chaff_edit("update", MOVED, OLD, f"{OLD}\n    new_w[:-1] = [m * 1.0 for m in w[:-1]]")
def update_only_last():
    """last layer only

    Only the last layer moves; every matrix has a gradient.
    """


@chaff_edit("update", "update_weights", NO_BIAS, "return new_w")
def update_w_alone():
    """None not returned

    Only the matrices come back. update returns two values, (w, b), also where b is None.
    """


@chaff_edit("update", "update_weights", NO_BIAS, "return new_w, []")
def update_empty_biases():
    """empty list for None

    Without biases the second value is None; here it is an empty list.
    """


@chaff_edit("update", "update_weights", NO_BIAS, "return new_w, [np.zeros(len(d)) for d in delta]")
def update_zero_biases():
    """zeros for None

    Without biases the second value is None; here it is a list of zeros.
    """


@chaff_edit("update", "update_weights", NO_BIAS, "return new_w, [-eta * d for d in delta]")
def update_invents_biases():
    """biases that were not there

    Without biases the second value is None; here biases come into being.
    """


@chaff_edit(
    "update",
    BOTH,
    (NO_BIAS, "return new_w, [bias - eta * d for bias, d in zip(b, delta, strict=True)]"),
    ("return None, new_w", "return [bias - eta * d for bias, d in zip(b, delta, strict=True)], new_w"),
)
def update_swapped():
    """w and b exchanged

    The two results stand in each other's place: the matrices come first, then the biases.
    """


@chaff_edit("update", STEPS, GRADIENT, "matrix - eta * np.outer(a, d)", hint=EXCHANGED)
def update_transposed():
    """outer product the wrong way round"""


@chaff_edit("update", STEPS, INPUTS, "inputs = z")
def update_layer_off():
    """own output for input

    Each layer uses its own output where its input belongs: that is the output of the layer below, and x for layer 0.
    """


@chaff_edit("update", STEPS, INPUTS, "inputs = [x] * len(w)")
def update_x_everywhere():
    """x as input of every layer

    Only layer 0 has x as its input; each later layer has the output of the layer below.
    """


@chaff_edit("update", STEPS, GRADIENT, "matrix - eta * d * a")
def update_elementwise():
    """product entry by entry

    d * a multiplies entry by entry. Each pair of an error and an input makes one entry of the gradient.
    """


@chaff_edit("update", STEPS, GRADIENT, "matrix - eta * (d @ a)")
def update_inner():
    """inner for outer product

    d @ a is one number for the whole matrix. Each pair of an error and an input makes one entry of the gradient.
    """


@chaff_edit("update", STEPS, GRADIENT, "matrix - eta * np.outer(delta[-1], a)")
def update_last_error():
    """last error everywhere

    The error of the last layer moves every matrix; each layer has its own.
    """


@chaff_edit("update", SHIFTS, SHIFT, "bias * 1.0")
def update_keeps_biases():
    """biases not moved

    The biases do not move. They have a gradient too.
    """


@chaff_edit("update", SHIFTS, "if b is None:", "if True:")
def update_drops_biases():
    """None for the new biases

    The biases are not returned: where there are some, the second value is the list of the new ones.
    """


@chaff_edit("update", "update_weights", "[x, *z[:-1]]", "[eta * x, *z[:-1]]")
def update_rate_twice_in_layer_0():
    """learning rate twice in layer 0

    In layer 0 the learning rate comes in twice: x itself belongs there.
    """


@chaff_edit("update", "update_weights", "[x, *z[:-1]]", "[np.full(len(v), np.mean(v)) for v in [x, *z[:-1]]]")
def update_mean_inputs():
    """inputs averaged

    Each weight takes its own input; here every input is the mean of all.
    """


@chaff_edit("update", SHIFTS, SHIFT, "bias + eta * d", hint=CLIMBS)
def update_ascends_biases():
    """ascent of the biases"""


@chaff_edit("update", SHIFTS, SHIFT, "bias - d", hint=UNSCALED)
def update_ignores_rate_for_b():
    """learning rate ignored for the biases"""


@chaff_edit("update", SHIFTS, SHIFT, "bias - eta * d.sum()")
def update_bias_total():
    """errors added up

    All the biases of a layer move alike. Each moves by the error of its own neuron.
    """


@chaff_edit("update", SHIFTS, SHIFT, "bias - eta * d.mean()")
def update_bias_mean():
    """errors averaged

    All the biases of a layer move by the mean error. Each moves by that of its own neuron; equal weights hide that.
    """


@chaff_edit("update", SHIFTS, SHIFT, "bias - eta * d * bias")
def update_bias_times_bias():
    """error times bias

    The error is multiplied by the bias. The output grows with the bias one to one: its derivative is 1.
    """


@chaff_edit(
    "update",
    SHIFTS,
    "[bias - eta * d for bias, d in zip(b, delta, strict=True)]",
    "[bias - eta * d * out for bias, d, out in zip(b, delta, z, strict=True)]",
)
def update_bias_times_z():
    """error times output

    The error is multiplied by the output. The output grows with the bias one to one: its derivative is 1.
    """


@chaff_edit(
    "update",
    SHIFTS,
    "[bias - eta * d for bias, d in zip(b, delta, strict=True)]",
    "[bias - eta * d * a.sum() for bias, d, a in zip(b, delta, inputs, strict=True)]",
)
def update_bias_times_input():
    """error times inputs

    The error is multiplied by the inputs. A bias has no input: its derivative is 1.
    """


@chaff_edit("update", SHIFTS, SHIFT, "-eta * d", hint=REPLACED)
def update_replaces_biases():
    """biases replaced by the step"""


@chaff_edit("update", SHIFTS, SHIFT, "bias - eta * d if bias is b[0] else bias * 1.0")
def update_bias_of_first_layer():
    """biases of layer 0 only

    Only the biases of layer 0 move; every layer has some.
    """


@chaff_edit("update", SHIFTS, SHIFT, "bias - eta * d if bias is b[-1] else bias * 1.0")
def update_last_bias():
    """biases of the last layer only

    Only the biases of the last layer move; every layer has some.
    """


@chaff("update", ("update_weights", "update_square"))
def update_sequential(x, w, z, delta, eta, b=None):
    """errors passed down through the new weights

    The lower layers saw the new weights: delta belongs to the weights before the step.
    """
    new_w, error = list(w), delta[-1]
    for i in range(len(w) - 1, -1, -1):
        new_w[i] = w[i] - eta * np.outer(error, z[i - 1] if i else x)
        error = new_w[i].T @ error
    return new_w, None if b is None else [bias - eta * d for bias, d in zip(b, delta)]


@chaff("update", ("update_weights", "update_square"))
def update_new_inputs(x, w, z, delta, eta, b=None):
    """inputs passed up through the new weights

    The inputs are outputs of the new weights: z belongs to the weights before the step.
    """
    new_w, below = [], x
    for i in range(len(w)):
        new_w.append(w[i] - eta * np.outer(delta[i], below))
        below = new_w[i] @ below + (0 if b is None else b[i])
    return new_w, None if b is None else [bias - eta * d for bias, d in zip(b, delta)]


@chaff("update", BOTH)
def update_published_weights(x, w, z, delta, eta, b=None):
    """published weights

    Your code returns a result that is known; it should compute it, from what it is given.
    """
    numbers = [0.46395027, 0.46395027, 0.38714699]
    return [np.full(m.shape, numbers[i % 3]) for i, m in enumerate(w)], b and [np.full(v.shape, 0.4) for v in b]


IN_PLACE = "The caller's matrices were changed: `-=` writes into the array that was passed in. Make new arrays."


@chaff("update", "update_side_effects", hint=IN_PLACE)
def update_in_place(x, w, z, delta, eta, b=None):
    """the caller's arrays are changed"""
    for i in range(len(w)):
        w[i] -= eta * np.outer(delta[i], x if i == 0 else z[i - 1])
        if b is not None:
            b[i] -= eta * delta[i]
    return w, b


@chaff("update", "update_side_effects", hint=IN_PLACE)
def update_writes_into_the_list(x, w, z, delta, eta, b=None):
    """new arrays are put into the caller's lists"""
    for i, a in enumerate([x] + z[:-1]):
        w[i] = w[i] - eta * np.outer(delta[i], a)
        if b is not None:
            b[i] = b[i] - eta * delta[i]
    return w, b


@chaff("update", "update_side_effects")
def update_shallow_copy(x, w, z, delta, eta, b=None):
    """the list of matrices is copied, its arrays are not

    The caller's matrices were changed: a copy of the list holds the same arrays. Make new ones.
    """
    new_w, inputs = w.copy(), [x] + z[:-1]
    for i in range(len(new_w)):
        new_w[i] -= eta * np.outer(delta[i], inputs[i])
    return new_w, None if b is None else [bias - eta * d for bias, d in zip(b, delta)]


@chaff("update", "update_side_effects")
def update_biases_in_place(x, w, z, delta, eta, b=None):
    """the caller's biases are changed

    The caller's biases were changed: `-=` writes into the caller's array.
    """
    new_w = [w[i] - eta * np.outer(delta[i], x if i == 0 else z[i - 1]) for i in range(len(w))]
    for i in range(len(b or [])):
        b[i] -= eta * delta[i]
    return new_w, b


@chaff("update", "update_side_effects")
def update_scales_delta(x, w, z, delta, eta, b=None):
    """delta multiplied by eta in place

    The caller's delta was changed: multiply by eta into a new array.
    """
    inputs = [x] + z[:-1]
    for d in delta:
        d *= eta
    new_w = [m - np.outer(d, a) for m, d, a in zip(w, delta, inputs)]
    return new_w, None if b is None else [bias - d for bias, d in zip(b, delta)]


@chaff("update", "update_side_effects")
def update_inserts_x(x, w, z, delta, eta, b=None):
    """x inserted into the caller's list

    The caller's list z was changed: `insert` puts x into it. Make a new list of the inputs.
    """
    z.insert(0, x)
    new_w = [m - eta * np.outer(d, a) for m, d, a in zip(w, delta, z)]
    return new_w, None if b is None else [bias - eta * d for bias, d in zip(b, delta)]


@chaff("update", "update_side_effects")
def update_momentum(x, w, z, delta, eta, b=None, velocity={}):
    """steps of earlier calls go on

    The second call remembers the first: plain gradient descent has no memory.
    """
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


@chaff_edit("last_layer_sum", "answer_last_layer_sum", "0.7743", "1.0")
def last_layer_sum_1_0():
    """answer 1.0

    That is their sum before the first step. Nothing in the loss asks the weights to sum to one.
    """


@chaff_edit("last_layer_sum", "answer_last_layer_sum", "0.7743", "0.38715")
def last_layer_sum_0_38715():
    """answer 0.38715

    That is one of the two weights.
    """


@chaff_edit("last_layer_sum", "answer_last_layer_sum", "0.7743", "0.9279")
def last_layer_sum_0_9279():
    """answer 0.9279

    That is the sum of a row of layer 0. The last matrix is w[-1].
    """


@chaff_edit("last_layer_sum", "answer_last_layer_sum", "0.7743", "1.39185")
def last_layer_sum_1_39185():
    """answer 1.39185

    That is the sum of a row of the middle layer. The last matrix is w[-1].
    """


@chaff_edit("last_layer_sum", "answer_last_layer_sum", "0.7743", "0.35199")
def last_layer_sum_0_35199():
    """answer 0.35199

    That is the run with biases; the question is about the one without.
    """


@chaff_edit("last_layer_sum", "answer_last_layer_sum", "0.7743", "0.774")
def last_layer_sum_0_774():
    """answer 0.774

    Rounded too far: four decimals are asked for.
    """


@chaff_edit("last_layer_sum", "answer_last_layer_sum", "0.7743", "0.77")
def last_layer_sum_0_77():
    """answer 0.77

    Rounded too far: four decimals are asked for.
    """


def _rates(task, check, right, *values):
    """Wrong answers to a question for a rate, all of which are told the same. {} in the docstring is the answer."""

    def declare(function):
        edits = {value: chaff_edit(task, check, right, value)(function) for value in values}
        return [
            replace(edit, name=f"{task}_{value.replace('.', '_')}", about=edit.about.format(value))
            for value, edit in edits.items()
        ]

    return declare


LARGEST = "largest_converging_rate", "answer_largest_rate", "0.45"
LARGEST_WITH_BIAS = "largest_converging_rate_with_bias", "answer_largest_rate_with_bias", "0.3"


@chaff_edit(*LARGEST, "0.5")
def largest_converging_rate_0_5():
    """answer 0.5

    That run only creeps in: its 50th loss is still above 1e-6.
    """


@chaff_edit(*LARGEST, "1.0")
def largest_converging_rate_1_0():
    """answer 1.0

    That run settles, but far from 0: it has learned nothing.
    """


@_rates(*LARGEST, "0.55", "0.6", "0.65", "0.7", "0.75", "0.8", "0.85", "0.9", "0.95")
def rate_to_and_fro():
    """answer {}

    At that rate the run jumps to and fro: its 50th loss is far above 1e-6.
    """


@_rates(*LARGEST, "0.05", "0.1", "0.15", "0.2", "0.25", "0.3", "0.35", "0.4")
def rate_too_small():
    """answer {}

    That rate converges, but it is not the largest that does.
    """


@_rates(*LARGEST_WITH_BIAS, "0.05", "0.1", "0.15", "0.2", "0.25")
def bias_rate_too_small():
    """answer {}

    That rate converges, but it is not the largest that does.
    """


@_rates(
    *LARGEST_WITH_BIAS,
    "0.35",
    "0.4",
    "0.45",
    "0.5",
    "0.55",
    "0.6",
    "0.65",
    "0.7",
    "0.75",
    "0.8",
    "0.85",
    "0.9",
    "0.95",
    "1.0",
)
def bias_rate_overflows():
    """answer {}

    With biases that run overflows before its 50th step.
    """


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
