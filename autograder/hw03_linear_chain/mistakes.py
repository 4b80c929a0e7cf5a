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


@chaff_edit(
    "forward",
    VALUES,
    KEEP,
    f"if i < len(w) - 1:\n            signal = np.maximum(signal, 0)\n        {KEEP}",
    concept="definition",
)
def forward_relu():
    """ReLU in the hidden layers

    Your hidden layers cut negative outputs off, as a ReLU does; they should pass them on: the activation is the
    identity. See "1. Forward".
    """


@chaff_edit("forward", VALUES, KEEP, f"signal = np.maximum(signal, 0)\n        {KEEP}", concept="definition")
def forward_relu_everywhere():
    """ReLU in all layers

    Your layers all cut negative outputs off, as a ReLU does; they should pass them on: the activation is the identity.
    See "1. Forward".
    """


@chaff_edit("forward", "forward_value", "z.append(signal)", "z = [signal]", concept="loops")
def forward_only_last():
    """last output only

    Your list holds the last output alone; it should keep the output of every layer.
    """


@chaff_edit(
    "forward",
    "forward_value",
    "z.append(signal)",
    "z.append(signal)\n        signal = np.maximum(signal, 0)",
    concept="definition",
)
def forward_relu_after_keeping():
    """ReLU between the layers, not in the list

    Your code passes a ReLU of the output to the next layer; it should pass the output itself: the activation is the
    identity. See "1. Forward".
    """


@chaff_edit("forward", VALUES, KEEP, f"signal = np.tanh(signal)\n        {KEEP}", concept="definition")
def forward_tanh():
    """tanh in all layers

    Your outputs pass through a tanh; they should stay as they are: the activation of this chain is the identity. See
    "1. Forward".
    """


@chaff_edit("forward", VALUES, KEEP, f"signal = 1 / (1 + np.exp(-signal))\n        {KEEP}", concept="definition")
def forward_sigmoid():
    """sigmoid in all layers

    Your outputs pass through a sigmoid; they should stay as they are: the activation of this chain is the identity. See
    "1. Forward".
    """


@chaff_edit("forward", VALUES, KEEP, f"signal = signal / np.linalg.norm(signal)\n        {KEEP}", concept="definition")
def forward_normalises():
    """outputs scaled to length one

    Your outputs are scaled to length one; they should be passed on as they are. See "1. Forward".
    """


@chaff_edit("forward", VALUES, PRODUCT, "np.full(len(w[i]), w[i].mean() * signal.sum())", concept="shapes")
def forward_mean_weight():
    """one averaged weight for all

    Your code gives all the neurons of a layer one averaged weight; each should have its own row of the matrix: equal
    weights hide that.
    """


@chaff_edit("forward", VALUES, PRODUCT, "w[i].sum(axis=1) * signal.mean()", concept="shapes")
def forward_row_sums():
    """row sums times mean input

    Your code multiplies the sum of a row by the mean input; it should multiply each weight by its own input, then add
    up.
    """


@chaff_edit("forward", VALUES, PRODUCT, "w[i] @ signal / len(signal)", concept="mean")
def forward_divides():
    """mean for sum

    Your neurons divide their sum by the number of inputs; they should only add up weight times input.
    """


@chaff_edit("forward", VALUES, START, "z, signal = [x], x", concept="loops")
def forward_input_first():
    """x in the list

    Your list starts with the input x; it should start with the output of layer 0.
    """


@chaff_edit("forward", VALUES, "return z", "return z[-1]", concept="loops")
def forward_last_only():
    """last output only

    Your code returns the last output only; it should return the outputs of all the layers in a list, for the way back.
    """


@chaff_edit("forward", VALUES, "return z", "return z[::-1]", concept="places")
def forward_reversed():
    """reversed list

    Your list is the wrong way round; it should have the output of layer 0 first, and the last layer's at the end.
    """


@chaff_edit("forward", VALUES, "range(len(w))", "range(len(w) - 1)", concept="loops")
def forward_skips_last():
    """last layer missing

    Your code leaves the last layer out; it should give a list as long as w.
    """


@chaff_edit("forward", VALUES, "range(len(w))", "range(min(3, len(w)))", concept="loops")
def forward_three_layers():
    """three layers only

    Your code stops after the third layer; it should go through all of w, however many there are.
    """


@chaff_edit(
    "forward",
    VALUES,
    (START, ADD),
    ("z, signal = [], np.reshape(x, (-1, 1))", "signal = signal + b[i].reshape(-1, 1)"),
    concept="shapes",
)
def forward_columns():
    """columns for vectors

    Your outputs are columns, (n, 1); they should be 1-D arrays, (n,), as everywhere in this course.
    """


@chaff_edit("forward", SQUARE, PRODUCT, "w[i].T @ signal", concept="places")
def forward_transposed():
    """transposed matrices

    Your code exchanges rows and columns of the matrix; it should multiply row times input: a row holds the weights of
    one neuron.
    """


@chaff_edit("forward", SQUARE, PRODUCT, "w[i] @ x", concept="loops")
def forward_x_everywhere():
    """x into every layer

    Your layers all take x; each later one should take the output of the layer below.
    """


@chaff_edit("forward", SQUARE, PRODUCT, "w[len(w) - 1 - i] @ signal", concept="loops")
def forward_wrong_order():
    """matrices in reverse order

    Your code takes the matrices from the end; it should start with w[0], which meets x first.
    """


@chaff_edit("forward", SQUARE, PRODUCT, "w[i].diagonal() * signal", concept="shapes")
def forward_elementwise():
    """one weight for each neuron

    Your neurons each see one input only; they should add up the products with all their inputs.
    """


@chaff_edit("forward", SQUARE, PRODUCT, "(w[i] * signal).sum(axis=0)", concept="shapes")
def forward_column_sums():
    """sum along the wrong axis

    Your code sums the products over the neurons; it should sum them over the inputs, along a row.
    """


@chaff_edit("forward", SQUARE, PRODUCT, "(w[i] * signal[:, None]).sum(axis=1)", concept="shapes")
def forward_outer():
    """input along the wrong axis

    Your code multiplies each row by its own entry of the input; it should multiply each column by it.
    """


@chaff_edit("forward", "forward_biases", ADD, "pass", concept="definition")
def forward_ignores_biases():
    """biases ignored

    Your layers do not use the biases; each should add its b[i] to the product. See "1. Forward".
    """


@chaff_edit("forward", "forward_biases", ADD, "signal = signal - b[i]", concept="sign")
def forward_subtracts_biases():
    """biases subtracted

    Your code subtracts the biases; it should add them.
    """


@chaff_edit("forward", "forward_biases", ADD, "signal = signal + 2 * b[i]", concept="factor")
def forward_bias_twice():
    """biases added twice

    Your code adds each bias twice; it should add it once.
    """


@chaff_edit("forward", "forward_biases", ADD, "signal = signal * b[i]", concept="definition")
def forward_bias_factor():
    """biases as factors

    Your code multiplies by the biases; it should add them. See "1. Forward".
    """


@chaff_edit("forward", "forward_biases", ADD, "signal = signal + b[0]", concept="loops")
def forward_first_bias():
    """first bias everywhere

    Your code uses the bias of layer 0 in every layer; it should use each layer's own, b[i].
    """


@chaff_edit("forward", "forward_biases", WITH_BIAS, "if b is not None and i < len(w) - 1:", concept="loops")
def forward_bias_not_last():
    """no bias in the last layer

    Your last layer lacks its bias; it should add it, as every layer has one.
    """


@chaff_edit("forward", "forward_biases", WITH_BIAS, "if b is not None and i == len(w) - 1:", concept="loops")
def forward_bias_only_last():
    """bias in the last layer only

    Your code adds a bias in the last layer only; it should do so in every layer.
    """


@chaff_edit("forward", "forward_biases", WITH_BIAS, "if b is not None and i > 0:", concept="loops")
def forward_bias_not_first():
    """no bias in layer 0

    Your layer 0 lacks its bias; it should add it, as every layer has one.
    """


@chaff_edit("forward", "forward_biases", WITH_BIAS, "if b is not None and i == 0:", concept="loops")
def forward_bias_only_first():
    """bias in layer 0 only

    Your code adds a bias in layer 0 only; it should do so in every layer.
    """


@chaff_edit("forward", "forward_biases", ADD, "signal = signal + np.mean(b[i])", concept="mean")
def forward_bias_mean():
    """one bias for a layer

    Your code adds one number to a whole layer; it should add each neuron's own bias: equal biases hide that.
    """


@chaff_edit("forward", "forward_biases", ADD, "signal = signal + np.sum(b[i])", concept="mean")
def forward_bias_total():
    """biases of a layer added up

    Your code adds all the biases of a layer to each of its neurons; it should add each neuron's own.
    """


@chaff_edit("forward", "forward_biases", f"{ADD_BIAS}\n        {KEEP}", f"{KEEP}\n        {ADD_BIAS}", concept="loops")
def forward_bias_late():
    """output kept before the bias is added

    Your list holds outputs without their biases; it should hold them with: add the bias, then keep the output.
    """


@chaff_edit(
    "forward",
    "forward_biases",
    f"{ADD_BIAS}\n        {KEEP}",
    "z.append(signal if b is None else signal + b[i])",
    concept="loops",
)
def forward_bias_lost():
    """output passed on without its bias

    Your code keeps the output with its bias, but passes it on without; it should pass it on with its bias.
    """


@chaff_edit(
    "forward",
    "forward_biases",
    (PRODUCT, ADD),
    ("w[i] @ (signal if b is None else signal + b[i])", "pass"),
    concept="order",
)
def forward_bias_before():
    """bias added before the product

    Your code adds the bias to the input of the layer; it should add it to the output, after the product.
    """


@chaff_edit(
    "forward",
    "forward_side_effects",
    f"{ADD_BIAS}\n        {KEEP}",
    "if b is not None:\n            b[i] += signal\n            signal = b[i]\n        z.append(signal)",
    concept="alias",
)
def forward_writes_biases():
    """outputs written into the biases

    Your code changes the biases, as `b[i] += …` writes into the caller's arrays; it should only read them.
    """


@chaff_edit("forward", "forward_side_effects", PRODUCT, "w.pop(0) @ signal", concept="alias")
def forward_empties_w():
    """w.pop

    Your code takes the matrices out of the caller's list, as `pop` does; it should only read them.
    """


@chaff_edit(
    "forward",
    "forward_side_effects",
    (START, KEEP),
    ("z, signal = [], x", "z.append(signal)\n        x *= 0"),
    concept="alias",
)
def forward_writes_x():
    """x overwritten

    Your code changes x in place, and the caller still needs it; it should leave x as it is.
    """


@chaff("forward", ("forward_side_effects", *VALUES), concept="state")
def forward_shared_list(x, w, b=None, z=[]):
    """the list of an earlier call goes on

    Your second call goes on with the list of the first, as a default `z=[]` is made only once; it should begin with a
    new list.
    """
    for i in range(len(w)):
        x = w[i] @ x
        if b is not None:
            x = x + b[i]
        z.append(x)
    return z


@chaff("forward", "forward_side_effects", concept="python")
def forward_counts_on_default(x, w, b=(0.0,) * 99):
    """None for b not understood

    Your code takes None for b as biases; it should add none then, given or left out: test with `b is None`.
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


@chaff_edit("loss", "loss_value", "0.5 * np.sum", "np.sum", concept="factor")
def loss_without_half():
    """one half missing

    Your loss is twice as large as it should be; it should have the one half. See "2. The loss".
    """


@chaff_edit("loss", "loss_value", "0.5 * np.sum", "0.5 * np.mean", concept="mean")
def loss_mean():
    """mean for sum

    Your loss is half the mean of the squared errors; it should be half their sum: with one output they are the same.
    """


@chaff_edit("loss", "loss_value", "0.5 * np.sum", "np.mean", concept="mean")
def loss_plain_mean():
    """mean, no one half

    Your loss is the mean of the squared errors; it should be half their sum. See "2. The loss".
    """


@chaff_edit("loss", ("loss_value", "loss_side_effects"), "z[-1] - y", "z[-1] - y.reshape(-1, 1)", concept="shapes")
def loss_table():
    """table of all differences

    Your code compares a column with a row, which makes an n by n table; it should compare two 1-D arrays.
    """


@chaff_edit(
    "loss",
    "loss_value",
    "0.5 * np.sum((z[-1] - y) ** 2)",
    "0.5 * np.sqrt(np.sum((z[-1] - y) ** 2))",
    concept="definition",
)
def loss_root():
    """half the length of the error

    Your loss takes a root of the sum of squares; it should take none. See "2. The loss".
    """


@chaff_edit("loss", "loss_value", "0.5 * np.sum((z[-1] - y) ** 2)", "np.linalg.norm(z[-1] - y)", concept="definition")
def loss_length():
    """length of the error

    Your loss is the length of the error; it should be half its square. See "2. The loss".
    """


@chaff_edit("loss", "loss_value", "(z[-1] - y) ** 2", "np.abs(z[-1] - y)", concept="definition")
def loss_absolute():
    """absolute errors

    Your loss is half the sum of the absolute errors; it should be half the sum of their squares. See "2. The loss".
    """


@chaff_edit("loss", "loss_value", "(z[-1] - y) ** 2", "z[-1] - y", concept="definition")
def loss_not_squared():
    """errors not squared

    Your loss adds the errors as they are, so that they cancel; it should square them first. See "2. The loss".
    """


@chaff_edit("loss", "loss_value", "np.sum((z[-1] - y) ** 2)", "np.sum(z[-1] - y) ** 2", concept="mean")
def loss_of_the_sum():
    """square of the sum

    Your loss adds the errors first and squares the sum; it should square each error first, then add.
    """


@chaff_edit("loss", ("loss_value", "loss_side_effects"), "z[-1] - y", "z[-1] + y", concept="sign")
def loss_plus():
    """sum of output and target

    Your loss adds output and target; it should take their difference.
    """


@chaff_edit("loss", "loss_value", "float(0.5", "float(-0.5", concept="sign")
def loss_negative():
    """negative loss

    Your loss is negative; it should be positive, of the same size.
    """


@chaff_edit("loss", "loss_value", "(z[-1] - y) ** 2", "(z[-1][0] - y[0]) ** 2", concept="shapes")
def loss_first_output():
    """first output only

    Your loss counts the first output only; it should add up all of them.
    """


@chaff_edit(
    "loss", "loss_value", "np.sum((z[-1] - y) ** 2)", "sum(np.sum((v[-1] - y) ** 2) for v in z)", concept="definition"
)
def loss_every_layer():
    """loss over all layers

    Your loss adds up the errors of all the layers; it should look at the last output alone. See "2. The loss".
    """


@chaff_edit("loss", "loss_value", "(z[-1] - y) ** 2", "(z[-1][-1] - y[-1]) ** 2", concept="shapes")
def loss_last_output():
    """last output only

    Your loss counts the last entry of the output only; it should add up all of them.
    """


@chaff_edit("loss", "loss_value", "np.sum((", "np.max((", concept="shapes")
def loss_largest():
    """largest error only

    Your loss counts the largest error only; it should add up all of them.
    """


@chaff_edit("loss", "loss_value", "float(0.5 * np.sum((z[-1] - y) ** 2))", "0.5 * (z[-1] - y) ** 2", concept="shapes")
def loss_not_summed():
    """not summed

    Your loss is one number for each output; it should be their sum.
    """


@chaff_edit(
    "loss",
    ("loss_value", "loss_side_effects"),
    "return float(0.5 * np.sum((z[-1] - y) ** 2))",
    "return 0.5 * np.sum((z[-1] - y) ** 2) + 0.5 * sum(np.sum(s**2) for s in z[:-1])",
    concept="definition",
)
def loss_all_layers():
    """hidden layers in the loss

    Your loss counts the hidden layers as well; it should count the last alone, which has a target. See "2. The loss".
    """


@chaff_edit(
    "loss",
    "loss_value",
    "float(0.5 * np.sum((z[-1] - y) ** 2))",
    "0.5 * np.sum(z[-1] ** 2 - y**2)",
    concept="definition",
)
def loss_cross_entropy():
    """difference of squares

    Your loss is a difference of squares; it should be the square of the difference. See "2. The loss".
    """


@chaff_edit(
    "loss",
    "loss_side_effects",
    "return float(0.5 * np.sum((z[-1] - y) ** 2))",
    "z[-1] -= y\n    return float(0.5 * np.sum(z[-1] ** 2))",
    concept="alias",
)
def loss_writes_z():
    """output overwritten by the error

    Your code changes z[-1] in place, and backward still needs it; it should compute the error in a new array.
    """


@chaff_edit("loss", "loss_side_effects", "z[-1] - y", "z.pop() - y", concept="alias")
def loss_takes_z():
    """z.pop

    Your code takes the last entry out of the caller's list, as `pop` does; it should only read z[-1].
    """


@chaff_edit(
    "loss",
    "loss_side_effects",
    "return float(0.5 * np.sum((z[-1] - y) ** 2))",
    "error = z[-1]\n    error -= y\n    error **= 2\n    return float(0.5 * np.sum(error))",
    concept="alias",
)
def loss_squares_in_place():
    """the caller's prediction squared in place

    Your code squares inside the caller's z[-1]; it should compute the error in an array of its own.
    """


@chaff_edit(
    "loss", ("loss_value", "loss_side_effects"), "float(0.5 * np.sum((z[-1] - y) ** 2))", "1e-7", concept="definition"
)
def loss_invented():
    """an invented loss

    Your code makes up a small loss; it should compute it, from z and y. See "2. The loss".
    """


@chaff_edit(
    "loss",
    "loss_side_effects",
    "return float(0.5 * np.sum((z[-1] - y) ** 2))",
    "y -= z[-1]\n    return float(0.5 * np.sum(y**2))",
    concept="alias",
)
def loss_writes_y():
    """target overwritten by the error

    Your code changes y in place, and backward still needs it; it should compute the error in a new array.
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
    "Your code keeps the matrix's order on the way back, as it is or reshaped; it should transpose it. See \"3. "
    'Backward".'
)
MASK = """delta = [z[-1] - y]
    for matrix, out in zip(reversed(w[1:]), reversed(z[:-1])):
        delta.insert(0, {})
    return delta"""
LOOP = """delta = [z[-1] - y]
    for matrix in reversed(w[1:]):
        delta.insert(0, matrix.T @ delta[0])
    return delta"""


@chaff_edit("backward", BACK, ERROR, "delta = [y - z[-1]]", concept="sign")
def backward_sign():
    """target minus output

    Your errors are the target minus the output, which turns their sign around; they should be the output minus the
    target.
    """


@chaff_edit("backward", BACK, ERROR, "delta = [2 * (z[-1] - y)]", concept="factor")
def backward_double():
    """one half ignored

    Your errors are twice as large as they should be; the 2 of the square should cancel the one half of the loss. See
    "3. Backward".
    """


@chaff_edit("backward", BACK, ERROR, "delta = [0.5 * (z[-1] - y)]", concept="factor")
def backward_half():
    """factor 2 missing

    Your errors are half as large as they should be; the 2 of the square should cancel the one half of the loss. See "3.
    Backward".
    """


@chaff_edit("backward", BACK, "return delta", "return [np.round(d, 4) for d in delta]", concept="precision")
def backward_rounded():
    """gradient rounded to four places

    Your code rounds the gradient to four places; it should return all its digits.
    """


@chaff_edit("backward", BACK, ERROR, "delta = [(z[-1] - y) / len(y)]", concept="mean")
def backward_mean():
    """divided by the outputs

    Your errors are divided by the number of outputs; they should not be, as the loss is a sum over them.
    """


@chaff_edit("backward", BACK, ERROR, "delta = [0.5 * (z[-1] - y) ** 2]", concept="chain rule")
def backward_loss_value():
    """loss for its derivative

    Your code starts with the loss of each output; it should start with its derivative. See "3. Backward".
    """


@chaff_edit("backward", BACK, ERROR, "delta = [np.sign(z[-1] - y)]", concept="chain rule")
def backward_sign_only():
    """sign of the error

    Your code starts with the sign of the error; it should start with the error itself, the derivative of half its
    square. See "3. Backward".
    """


@chaff_edit("backward", BACK, ERROR, "delta = [np.full(len(y), np.sum(z[-1] - y))]", concept="shapes")
def backward_total():
    """errors of the outputs added

    Your code adds up the errors of the outputs; it should keep one error for each output.
    """


@chaff_edit("backward", BACK, ERROR, "delta = [z[-1].copy()]", concept="chain rule")
def backward_only_output():
    """target ignored

    Your delta[-1] is the output alone; it should be the output minus the target. See "3. Backward".
    """


@chaff_edit("backward", BACK, ERROR, "delta = [(z[-1] - y) * z[-1]]", concept="chain rule")
def backward_times_output():
    """error times output

    Your delta[-1] is multiplied by the output; it should be z[-1] - y, the whole derivative. See "3. Backward".
    """


@chaff_edit("backward", BACK, STEP, "matrix.reshape(matrix.shape[::-1]) @ delta[0]", hint=TRANSPOSE, concept="places")
def backward_reshape():
    """reshape for transpose"""


@chaff_edit("backward", BACK, STEP, "np.full(matrix.shape[1], matrix.mean() * delta[0].sum())", concept="shapes")
def backward_mean_weight():
    """one averaged weight for all

    Your code gives all the neurons of a hidden layer the same error; each should get its own, by its own weights to the
    layer above.
    """


@chaff_edit("backward", BACK, STEP, "matrix.sum(axis=0) * delta[0].mean()", concept="shapes")
def backward_column_sums():
    """column sums times mean error

    Your code multiplies the summed weights by the mean error; it should multiply each weight by its own error, then add
    up.
    """


@chaff_edit("backward", BACK, STEP, "np.maximum(matrix.T @ delta[0], 0)", concept="mask")
def backward_relu_of_errors():
    """ReLU of the errors

    Your code cuts negative errors of the hidden layers off; it should pass them on like positive ones. See "3.
    Backward".
    """


@chaff_edit("backward", BACK, STEP, "matrix.T @ delta[0] / len(delta[0])", concept="mean")
def backward_divides():
    """mean for sum

    Your code averages the errors along the paths; it should add them up. See "3. Backward".
    """


@chaff_edit("backward", BACK, STEP, "matrix[0] * delta[0][0]", concept="chain rule")
def backward_first_path():
    """one path only

    Your code follows the path through the first neuron above only; it should add up the paths through all of them. See
    "3. Backward".
    """


@chaff_edit("backward", BACK, LOOP, MASK.format("(matrix.T @ delta[0]) * (out > 0)"), concept="mask")
def backward_relu():
    """derivative of a ReLU

    Your code gives neurons with a negative output no error; it should, as there is no ReLU here: the derivative of the
    identity is 1. See "3. Backward".
    """


@chaff_edit("backward", BACK, LOOP, MASK.format("(matrix.T @ delta[0]) * out * (1 - out)"), concept="chain rule")
def backward_sigmoid():
    """derivative of a sigmoid

    Your code multiplies by z (1 - z), the slope of a sigmoid; it should multiply by 1, that of the identity. See "3.
    Backward".
    """


@chaff_edit("backward", BACK, LOOP, MASK.format("(matrix.T @ delta[0]) * (1 - out**2)"), concept="chain rule")
def backward_tanh():
    """derivative of a tanh

    Your code multiplies by 1 - z², the slope of a tanh; it should multiply by 1, that of the identity. See "3.
    Backward".
    """


@chaff_edit("backward", BACK, LOOP, MASK.format("(matrix.T @ delta[0]) * out"), concept="chain rule")
def backward_times_z():
    """error times output in the hidden layers

    Your code multiplies the errors of the hidden layers by their outputs; it should not: that product belongs into
    update. See "3. Backward".
    """


@chaff_edit("backward", BACK, "return delta", "return delta[::-1]", concept="places")
def backward_reversed():
    """reversed list

    Your list is the wrong way round; it should have the error of layer 0 first, and the last layer's at the end.
    """


@chaff_edit("backward", BACK, LAYERS, "reversed(w)", concept="loops")
def backward_to_the_input():
    """gradient of the input in the list

    Your list has one entry too many, the gradient of the input; it should start with the error of layer 0.
    """


@chaff_edit("backward", BACK, "return delta", "return delta[-1:]", concept="loops")
def backward_last_only():
    """last layer only

    Your code returns the last layer's error only; it should return one for every layer.
    """


@chaff_edit("backward", BACK, "return delta", "return delta[0]", concept="loops")
def backward_first_only():
    """layer 0 only

    Your code returns the error of layer 0 only; it should return one for every layer, in a list.
    """


@chaff_edit("backward", BACK, LAYERS, "reversed(w[2:])", concept="loops")
def backward_stops_early():
    """layer 0 missing

    Your list stops above layer 0; it should go on, as layer 0 has an error too.
    """


@chaff_edit("backward", BACK, ERROR, "delta = [(z[-1] - y).reshape(-1, 1)]", concept="shapes")
def backward_columns():
    """columns for vectors

    Your errors are columns, (n, 1); they should be 1-D arrays, (n,), as everywhere in this course.
    """


@chaff_edit(
    "backward",
    BACK,
    "return delta",
    "return [delta[0]] + [np.outer(d, a) for d, a in zip(delta[1:], z[:-1])]",
    concept="chain rule",
)
def backward_gradient_of_w():
    """gradients of the weights

    Your later entries are gradients of matrices; they should be errors of the outputs: the other gradients belong into
    update. See "3. Backward".
    """


@chaff_edit("backward", BACK_SQUARE, STEP, "matrix @ delta[0]", hint=TRANSPOSE, concept="places")
def backward_not_transposed():
    """transpose missing"""


@chaff_edit("backward", BACK_SQUARE, LAYERS, "reversed(w[:-1])", concept="loops")
def backward_layer_off():
    """matrix of the layer below

    Your code passes the error through the wrong matrix; between layer i and the one below, it should use w[i].
    """


@chaff_edit("backward", BACK_SQUARE, LAYERS, "w[1:]", concept="loops")
def backward_wrong_order():
    """matrices in forward order

    Your code takes the matrices from the front; it should take the last one first on the way back.
    """


@chaff_edit("backward", BACK_SQUARE, STEP, "matrix.T @ (z[-1] - y)", concept="chain rule")
def backward_from_the_top():
    """output error into every layer

    Your code passes the error of the output to every layer; it should pass on the error of the layer just above. See
    "3. Backward".
    """


@chaff_edit("backward", BACK_SQUARE, STEP, "matrix.diagonal() * delta[0]", concept="chain rule")
def backward_diagonal():
    """one weight for each neuron

    Your code gives each neuron the error of one neuron above; it should add up those of all that it feeds. See "3.
    Backward".
    """


@chaff_edit("backward", BACK_SQUARE, STEP, "np.linalg.inv(matrix) @ delta[0]", concept="chain rule")
def backward_inverse():
    """inverse for transpose

    Your code goes back through the inverse; it should multiply by the transpose: the chain rule does not divide by
    weights. See "3. Backward".
    """


@chaff_edit("backward", "backward_side_effects", ERROR, "z[-1] -= y\n    delta = [z[-1]]", concept="alias")
def backward_writes_z():
    """output overwritten by the error

    Your code changes z[-1] in place, and update and the caller still need it; it should compute the error in a new
    array.
    """


@chaff_edit("backward", "backward_side_effects", ERROR, "delta = list(z)[-1:]\n    delta[0] -= y", concept="alias")
def backward_copies_list():
    """list copied, array shared

    Your code changes z[-1] in place, and update and the caller still need it; it should compute the error in a new
    array.
    """


@chaff_edit("backward", "backward_side_effects", ERROR, "y -= z[-1]\n    delta = [-y]", concept="alias")
def backward_writes_y():
    """target overwritten by the error

    Your code changes y in place, and the caller still needs it; it should compute the error in a new array.
    """


@chaff_edit(
    "backward",
    "backward_side_effects",
    f"for matrix in {LAYERS}:",
    "w.reverse()\n    for matrix in w[:-1]:",
    concept="alias",
)
def backward_turns_w():
    """w.reverse

    Your code turns the caller's list round, as `reverse` works in place; it should use `reversed` or `[::-1]`.
    """


@chaff_edit(
    "backward",
    "backward_side_effects",
    f"for matrix in {LAYERS}:",
    "while len(w) > 1:\n        matrix = w.pop()",
    concept="alias",
)
def backward_empties_w():
    """w.pop

    Your code takes matrices out of the caller's list, as `pop` does; it should only read them.
    """


@chaff("backward", "backward_side_effects", concept="alias")
def backward_writes_into_z(y, w, z):
    """delta is the list z

    Your code makes `delta = z` a second name for the list z, which then holds errors; it should make a new list.
    """
    delta = z
    delta[-1] = z[-1] - y
    for i in range(len(w) - 2, -1, -1):
        delta[i] = w[i + 1].T @ delta[i + 1]
    return delta


@chaff("backward", "backward_side_effects", concept="state")
def backward_accumulates(y, w, z, total={}):
    """errors of earlier calls are added

    Your second call adds to the errors of the first; it should begin with a new list of errors in each call.
    """
    delta = [z[-1] - y]
    for matrix in reversed(w[1:]):
        delta.insert(0, matrix.T @ delta[0])
    key = tuple(len(d) for d in delta)
    total[key] = [d + t for d, t in zip(delta, total.get(key, [0] * len(delta)))]
    return total[key]


@chaff("backward", "backward_side_effects", concept="alias")
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
    "Your gradient has rows and columns exchanged, also by a reshape; its rows should belong to the neurons, its "
    "columns to the inputs."
)
UNSCALED = "Your code steps by the whole gradient; it should multiply it by the learning rate."
CLIMBS = "Your code steps along the gradient, so that the loss climbs; it should step against it, with a minus."
REPLACED = "Your code puts the step in the place of the value; it should subtract the step from the present value."
OLD = "new_w = [matrix - eta * np.outer(d, a) for matrix, d, a in zip(w, delta, inputs, strict=True)]"


@chaff_edit("update", MOVED, INPUTS, "inputs = [np.ones_like(x), *z[:-1]]", concept="places")
def update_forgets_x():
    """x forgotten in layer 0

    Your layer 0 moves as if its input were all ones; it should use x: the worked example hides that.
    """


@chaff_edit("update", MOVED, GRADIENT, "matrix - eta * d[:, None]", concept="chain rule")
def update_forgets_inputs():
    """inputs forgotten in all layers

    Your code moves all the weights of a neuron alike; it should move each by the error times its own input. See "4.
    Update".
    """


@chaff_edit("update", MOVED, GRADIENT, "matrix - eta * a", concept="chain rule")
def update_forgets_errors():
    """errors forgotten

    Your code moves the weights by their inputs alone; it should move each by the error times its input. See "4.
    Update".
    """


@chaff_edit("update", BOTH, (GRADIENT, SHIFT), ("matrix - np.outer(d, a)", "bias - d"), hint=UNSCALED, concept="step")
def update_ignores_rate():
    """learning rate ignored"""


@chaff_edit("update", MOVED, GRADIENT, "matrix - np.outer(d, a)", hint=UNSCALED, concept="step")
def update_ignores_rate_for_w():
    """learning rate ignored for the weights"""


@chaff_edit("update", BOTH, INPUTS, f"eta = 0.1\n    {INPUTS}", concept="step")
def update_fixed_rate():
    """fixed learning rate

    Your code fixes the learning rate at .1; it should use eta.
    """


@chaff_edit(
    "update", BOTH, (GRADIENT, SHIFT), ("matrix - eta**2 * np.outer(d, a)", "bias - eta**2 * d"), concept="step"
)
def update_squares_rate():
    """learning rate squared

    Your code multiplies by the learning rate twice; it should do so once.
    """


@chaff_edit(
    "update", BOTH, (GRADIENT, SHIFT), ("matrix + eta * np.outer(d, a)", "bias + eta * d"), hint=CLIMBS, concept="sign"
)
def update_ascends():
    """ascent instead of descent"""


@chaff_edit("update", MOVED, GRADIENT, "matrix + eta * np.outer(d, a)", hint=CLIMBS, concept="sign")
def update_ascends_w():
    """ascent of the weights"""


@chaff_edit("update", BOTH, (GRADIENT, SHIFT), ("matrix - eta * matrix", "bias - eta * bias"), concept="places")
def update_weight_for_gradient():
    """w for dw

    Your code takes the weight where the gradient belongs; it should step by eta times the gradient.
    """


@chaff_edit("update", "update_weights", GRADIENT, "matrix - eta * np.round(np.outer(d, a), 4)", concept="precision")
def update_rounded():
    """gradient rounded to four places

    Your code rounds the gradient to four places; it should step by all its digits.
    """


@chaff_edit("update", BOTH, (GRADIENT, SHIFT), ("-eta * np.outer(d, a)", "-eta * d"), hint=REPLACED, concept="step")
def update_replaces():
    """assignment instead of step"""


@chaff_edit("update", BOTH, (GRADIENT, SHIFT), ("np.outer(d, a)", "1.0 * d"), concept="step")
def update_gradients():
    """gradients returned

    Your code returns the gradients; it should return the new weights.
    """


@chaff_edit(
    "update", BOTH, (GRADIENT, SHIFT), ("matrix - 2 * eta * np.outer(d, a)", "bias - 2 * eta * d"), concept="factor"
)
def update_double():
    """factor 2

    Your steps are twice as long as they should be; they should hold no factor 2, as that of the square is in delta
    already.
    """


@chaff_edit("update", MOVED, GRADIENT, "matrix - eta * np.outer(d, a).mean()", concept="mean")
def update_mean():
    """averaged gradient

    Your code moves all the weights of a matrix by the same amount; it should move each by its own gradient: equal
    weights hide that.
    """


@chaff_edit("update", MOVED, GRADIENT, "matrix - eta * np.outer(d, a) / len(a)", concept="mean")
def update_divides():
    """divided by the inputs

    Your code divides the gradient by the number of inputs; it should take the plain product.
    """


@chaff_edit("update", MOVED, GRADIENT, "matrix - eta * np.outer(d, a) / np.linalg.norm(np.outer(d, a))", concept="step")
def update_normalises():
    """gradient scaled to length one

    Your code scales the gradient to length one; it should use it as it is.
    """


@chaff_edit(
    "update",
    BOTH,
    (GRADIENT, SHIFT),
    ("matrix - eta * np.sign(np.outer(d, a))", "bias - eta * np.sign(d)"),
    concept="step",
)
def update_sign_only():
    """sign step

    Your code steps by the sign of the gradient; it should step by the learning rate times the gradient.
    """


@chaff_edit("update", MOVED, GRADIENT, "matrix - eta * np.outer(d, a) * matrix", concept="chain rule")
def update_times_weight():
    """gradient times weight

    Your code multiplies the gradient by the weights; it should take error times input. See "4. Update".
    """


@chaff_edit("update", MOVED, GRADIENT, "0.99 * matrix - eta * np.outer(d, a)", concept="step")
def update_decays():
    """weight decay

    Your code shrinks the weights besides the step; it should not: there is no weight decay here.
    """


@chaff_edit(
    "update", MOVED, GRADIENT, "matrix - eta * np.outer(a, d).reshape(matrix.shape)", hint=EXCHANGED, concept="places"
)
def update_reshape():
    """reshape for transpose"""


@chaff_edit("update", MOVED, OLD, f"{OLD}\n    new_w[0] = w[0] * 1.0", concept="loops")
def update_first_fixed():
    """layer 0 not moved

    Your layer 0 does not move; it should, by its error times x.
    """


@chaff_edit("update", MOVED, OLD, f"{OLD}\n    new_w[-1] = w[-1] * 1.0", concept="loops")
def update_last_fixed():
    """last layer not moved

    Your last layer does not move; it should, as every matrix has a gradient.
    """


@chaff_edit("update", MOVED, OLD, f"{OLD}\n    new_w[:-1] = [m * 1.0 for m in w[:-1]]", concept="loops")
def update_only_last():
    """last layer only

    Your code moves the last layer only; it should move every matrix, by its own gradient.
    """


@chaff_edit("update", "update_weights", NO_BIAS, "return new_w", concept="python")
def update_w_alone():
    """None not returned

    Your code returns the matrices only; it should return two values, (w, b), also where b is None.
    """


@chaff_edit("update", "update_weights", NO_BIAS, "return new_w, []", concept="python")
def update_empty_biases():
    """empty list for None

    Your second value is an empty list where there are no biases; it should be None.
    """


@chaff_edit("update", "update_weights", NO_BIAS, "return new_w, [np.zeros(len(d)) for d in delta]", concept="python")
def update_zero_biases():
    """zeros for None

    Your second value is a list of zeros where there are no biases; it should be None.
    """


@chaff_edit("update", "update_weights", NO_BIAS, "return new_w, [-eta * d for d in delta]", concept="python")
def update_invents_biases():
    """biases that were not there

    Your second value is a list of new biases where there are none; it should be None.
    """


@chaff_edit(
    "update",
    BOTH,
    (NO_BIAS, "return new_w, [bias - eta * d for bias, d in zip(b, delta, strict=True)]"),
    ("return None, new_w", "return [bias - eta * d for bias, d in zip(b, delta, strict=True)], new_w"),
    concept="places",
)
def update_swapped():
    """w and b exchanged

    Your code gives the two results in each other's place; it should give the matrices first, then the biases.
    """


@chaff_edit("update", STEPS, GRADIENT, "matrix - eta * np.outer(a, d)", hint=EXCHANGED, concept="places")
def update_transposed():
    """outer product the wrong way round"""


@chaff_edit("update", STEPS, INPUTS, "inputs = z", concept="places")
def update_layer_off():
    """own output for input

    Your layers use their own output as input; each should use the output of the layer below, and layer 0 x.
    """


@chaff_edit("update", STEPS, INPUTS, "inputs = [x] * len(w)", concept="places")
def update_x_everywhere():
    """x as input of every layer

    Your layers all use x as input; each later one should use the output of the layer below.
    """


@chaff_edit("update", STEPS, GRADIENT, "matrix - eta * d * a", concept="shapes")
def update_elementwise():
    """product entry by entry

    Your code multiplies entry by entry; it should multiply each error with each input, one entry of the gradient for
    each pair.
    """


@chaff_edit("update", STEPS, GRADIENT, "matrix - eta * (d @ a)", concept="shapes")
def update_inner():
    """inner for outer product

    Your code takes d @ a, one number for the whole matrix; it should multiply each error with each input, an entry for
    each pair.
    """


@chaff_edit("update", STEPS, GRADIENT, "matrix - eta * np.outer(delta[-1], a)", concept="places")
def update_last_error():
    """last error everywhere

    Your code moves every matrix by the error of the last layer; it should use each layer's own.
    """


@chaff_edit("update", SHIFTS, SHIFT, "bias * 1.0", concept="step")
def update_keeps_biases():
    """biases not moved

    Your biases do not move; they should, as they have a gradient too.
    """


@chaff_edit("update", SHIFTS, "if b is None:", "if True:", concept="python")
def update_drops_biases():
    """None for the new biases

    Your second value is None although there are biases; it should be the list of the new ones.
    """


@chaff_edit("update", "update_weights", "[x, *z[:-1]]", "[eta * x, *z[:-1]]", concept="step")
def update_rate_twice_in_layer_0():
    """learning rate twice in layer 0

    Your code multiplies by the learning rate twice in layer 0; it should do so once, with x itself as the input.
    """


@chaff_edit(
    "update", "update_weights", "[x, *z[:-1]]", "[np.full(len(v), np.mean(v)) for v in [x, *z[:-1]]]", concept="mean"
)
def update_mean_inputs():
    """inputs averaged

    Your code takes the mean of all inputs for each; it should take each weight's own input.
    """


@chaff_edit("update", SHIFTS, SHIFT, "bias + eta * d", hint=CLIMBS, concept="sign")
def update_ascends_biases():
    """ascent of the biases"""


@chaff_edit("update", SHIFTS, SHIFT, "bias - d", hint=UNSCALED, concept="step")
def update_ignores_rate_for_b():
    """learning rate ignored for the biases"""


@chaff_edit("update", SHIFTS, SHIFT, "bias - eta * d.sum()", concept="mean")
def update_bias_total():
    """errors added up

    Your code moves all the biases of a layer by the summed error; it should move each by the error of its own neuron.
    """


@chaff_edit("update", SHIFTS, SHIFT, "bias - eta * d.mean()", concept="mean")
def update_bias_mean():
    """errors averaged

    Your code moves all the biases of a layer by the mean error; it should move each by that of its own neuron: equal
    weights hide that.
    """


@chaff_edit("update", SHIFTS, SHIFT, "bias - eta * d * bias", concept="chain rule")
def update_bias_times_bias():
    """error times bias

    Your code multiplies the error by the bias; it should multiply by 1, as the output grows with the bias one to one.
    See "4. Update".
    """


@chaff_edit(
    "update",
    SHIFTS,
    "[bias - eta * d for bias, d in zip(b, delta, strict=True)]",
    "[bias - eta * d * out for bias, d, out in zip(b, delta, z, strict=True)]",
    concept="chain rule",
)
def update_bias_times_z():
    """error times output

    Your code multiplies the error by the output; it should multiply by 1, as the output grows with the bias one to one.
    See "4. Update".
    """


@chaff_edit(
    "update",
    SHIFTS,
    "[bias - eta * d for bias, d in zip(b, delta, strict=True)]",
    "[bias - eta * d * a.sum() for bias, d, a in zip(b, delta, inputs, strict=True)]",
    concept="chain rule",
)
def update_bias_times_input():
    """error times inputs

    Your code multiplies the error of a bias by the inputs; it should multiply by 1, as a bias has no input. See "4.
    Update".
    """


@chaff_edit("update", SHIFTS, SHIFT, "-eta * d", hint=REPLACED, concept="step")
def update_replaces_biases():
    """biases replaced by the step"""


@chaff_edit("update", SHIFTS, SHIFT, "bias - eta * d if bias is b[0] else bias * 1.0", concept="loops")
def update_bias_of_first_layer():
    """biases of layer 0 only

    Your code moves the biases of layer 0 only; it should move those of every layer.
    """


@chaff_edit("update", SHIFTS, SHIFT, "bias - eta * d if bias is b[-1] else bias * 1.0", concept="loops")
def update_last_bias():
    """biases of the last layer only

    Your code moves the biases of the last layer only; it should move those of every layer.
    """


@chaff("update", ("update_weights", "update_square"), concept="order")
def update_sequential(x, w, z, delta, eta, b=None):
    """errors passed down through the new weights

    Your code passes the errors down through the new weights; it should use delta as it comes, which belongs to the old
    ones.
    """
    new_w, error = list(w), delta[-1]
    for i in range(len(w) - 1, -1, -1):
        new_w[i] = w[i] - eta * np.outer(error, z[i - 1] if i else x)
        error = new_w[i].T @ error
    return new_w, None if b is None else [bias - eta * d for bias, d in zip(b, delta)]


@chaff("update", ("update_weights", "update_square"), concept="order")
def update_new_inputs(x, w, z, delta, eta, b=None):
    """inputs passed up through the new weights

    Your code passes the inputs up through the new weights; it should use z as it comes, which belongs to the old ones.
    """
    new_w, below = [], x
    for i in range(len(w)):
        new_w.append(w[i] - eta * np.outer(delta[i], below))
        below = new_w[i] @ below + (0 if b is None else b[i])
    return new_w, None if b is None else [bias - eta * d for bias, d in zip(b, delta)]


@chaff("update", BOTH, concept="step")
def update_published_weights(x, w, z, delta, eta, b=None):
    """published weights

    Your code returns a result that is known; it should compute it, from what it is given.
    """
    numbers = [0.46395027, 0.46395027, 0.38714699]
    return [np.full(m.shape, numbers[i % 3]) for i, m in enumerate(w)], b and [np.full(v.shape, 0.4) for v in b]


IN_PLACE = (
    "Your code changes the caller's matrices, as `-=` writes into the array that was passed in; it should make new "
    "arrays."
)


@chaff("update", "update_side_effects", hint=IN_PLACE, concept="alias")
def update_in_place(x, w, z, delta, eta, b=None):
    """the caller's arrays are changed"""
    for i in range(len(w)):
        w[i] -= eta * np.outer(delta[i], x if i == 0 else z[i - 1])
        if b is not None:
            b[i] -= eta * delta[i]
    return w, b


@chaff("update", "update_side_effects", hint=IN_PLACE, concept="alias")
def update_writes_into_the_list(x, w, z, delta, eta, b=None):
    """new arrays are put into the caller's lists"""
    for i, a in enumerate([x] + z[:-1]):
        w[i] = w[i] - eta * np.outer(delta[i], a)
        if b is not None:
            b[i] = b[i] - eta * delta[i]
    return w, b


@chaff("update", "update_side_effects", concept="alias")
def update_shallow_copy(x, w, z, delta, eta, b=None):
    """the list of matrices is copied, its arrays are not

    Your code copies the list, which holds the same arrays, so that the caller's matrices change; it should make new
    arrays.
    """
    new_w, inputs = w.copy(), [x] + z[:-1]
    for i in range(len(new_w)):
        new_w[i] -= eta * np.outer(delta[i], inputs[i])
    return new_w, None if b is None else [bias - eta * d for bias, d in zip(b, delta)]


@chaff("update", "update_side_effects", concept="alias")
def update_biases_in_place(x, w, z, delta, eta, b=None):
    """the caller's biases are changed

    Your code changes the caller's biases, as `-=` writes into the array that was passed in; it should make new arrays.
    """
    new_w = [w[i] - eta * np.outer(delta[i], x if i == 0 else z[i - 1]) for i in range(len(w))]
    for i in range(len(b or [])):
        b[i] -= eta * delta[i]
    return new_w, b


@chaff("update", "update_side_effects", concept="alias")
def update_scales_delta(x, w, z, delta, eta, b=None):
    """delta multiplied by eta in place

    Your code changes the caller's delta; it should multiply by eta into a new array.
    """
    inputs = [x] + z[:-1]
    for d in delta:
        d *= eta
    new_w = [m - np.outer(d, a) for m, d, a in zip(w, delta, inputs)]
    return new_w, None if b is None else [bias - d for bias, d in zip(b, delta)]


@chaff("update", "update_side_effects", concept="alias")
def update_inserts_x(x, w, z, delta, eta, b=None):
    """x inserted into the caller's list

    Your code puts x into the caller's list z, as `insert` does; it should make a new list of the inputs.
    """
    z.insert(0, x)
    new_w = [m - eta * np.outer(d, a) for m, d, a in zip(w, delta, z)]
    return new_w, None if b is None else [bias - eta * d for bias, d in zip(b, delta)]


@chaff("update", "update_side_effects", concept="step")
def update_momentum(x, w, z, delta, eta, b=None, velocity={}):
    """steps of earlier calls go on

    Your second call remembers the gradients of the first; it should use its own only: plain gradient descent has no
    memory.
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


@chaff_edit("last_layer_sum", "answer_last_layer_sum", "0.7743", "1.0", concept="reading")
def last_layer_sum_1_0():
    """answer 1.0

    Your answer is the sum before the first step; it should be the one after the run: nothing in the loss asks weights
    to sum to one.
    """


@chaff_edit("last_layer_sum", "answer_last_layer_sum", "0.7743", "0.38715", concept="reading")
def last_layer_sum_0_38715():
    """answer 0.38715

    Your answer is one of the two weights; it should be their sum.
    """


@chaff_edit("last_layer_sum", "answer_last_layer_sum", "0.7743", "0.9279", concept="reading")
def last_layer_sum_0_9279():
    """answer 0.9279

    Your answer is the sum of a row of layer 0; it should be that of the last matrix, w[-1].
    """


@chaff_edit("last_layer_sum", "answer_last_layer_sum", "0.7743", "1.39185", concept="reading")
def last_layer_sum_1_39185():
    """answer 1.39185

    Your answer is the sum of a row of the middle layer; it should be that of the last matrix, w[-1].
    """


@chaff_edit("last_layer_sum", "answer_last_layer_sum", "0.7743", "0.35199", concept="reading")
def last_layer_sum_0_35199():
    """answer 0.35199

    Your answer is from the run with biases; it should be from the one without.
    """


@chaff_edit("last_layer_sum", "answer_last_layer_sum", "0.7743", "0.774", concept="reading")
def last_layer_sum_0_774():
    """answer 0.774

    Your answer is rounded too far; it should have four decimals.
    """


@chaff_edit("last_layer_sum", "answer_last_layer_sum", "0.7743", "0.77", concept="reading")
def last_layer_sum_0_77():
    """answer 0.77

    Your answer is rounded too far; it should have four decimals.
    """


def _rates(task, check, right, *values, concept):
    """Wrong answers to a question for a rate, all of which are told the same. {} in the docstring is the answer."""

    def declare(function):
        edits = {value: chaff_edit(task, check, right, value, concept=concept)(function) for value in values}
        return [
            replace(edit, name=f"{task}_{value.replace('.', '_')}", about=edit.about.format(value))
            for value, edit in edits.items()
        ]

    return declare


LARGEST = "largest_converging_rate", "answer_largest_rate", "0.45"
LARGEST_WITH_BIAS = "largest_converging_rate_with_bias", "answer_largest_rate_with_bias", "0.3"


@chaff_edit(*LARGEST, "0.5", concept="reading")
def largest_converging_rate_0_5():
    """answer 0.5

    Your answer is a rate whose run only creeps in; it should have a 50th loss below 1e-6.
    """


@chaff_edit(*LARGEST, "1.0", concept="reading")
def largest_converging_rate_1_0():
    """answer 1.0

    Your answer is a rate whose run settles far from 0, having learned nothing; it should have a 50th loss below 1e-6.
    """


@_rates(*LARGEST, "0.55", "0.6", "0.65", "0.7", "0.75", "0.8", "0.85", "0.9", "0.95", concept="reading")
def rate_to_and_fro():
    """answer {}

    Your answer is a rate whose run jumps to and fro; it should have a 50th loss below 1e-6.
    """


@_rates(*LARGEST, "0.05", "0.1", "0.15", "0.2", "0.25", "0.3", "0.35", "0.4", concept="reading")
def rate_too_small():
    """answer {}

    Your answer is a rate that converges, but not the largest; it should be the largest that does.
    """


@_rates(*LARGEST_WITH_BIAS, "0.05", "0.1", "0.15", "0.2", "0.25", concept="reading")
def bias_rate_too_small():
    """answer {}

    Your answer is a rate that converges, but not the largest; it should be the largest that does.
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
    concept="reading",
)
def bias_rate_overflows():
    """answer {}

    Your answer is a rate at which the run with biases overflows; it should be one that converges.
    """


BROKEN, FOUND = ("broken_gradients", "answer_broken_gradients"), '{"a": "w1", "c": "delta0"}'


@chaff_edit(*BROKEN, FOUND, '{"a": "w1"}', concept="reading")
def broken_only_a():
    """c not found

    Your answer leaves out a function that is wrong; it should name every function with a gradient that central
    differences do not confirm.
    """


@chaff_edit(*BROKEN, FOUND, '{"c": "delta0"}', concept="reading")
def broken_only_c():
    """a not found

    Your answer leaves out a function that is wrong; it should name every function with a gradient that central
    differences do not confirm.
    """


@chaff_edit(*BROKEN, FOUND, '{"a": "w1", "b": "delta0", "c": "delta0"}', concept="reading")
def broken_all():
    """b accused

    Your answer names a function whose gradients are all right; it should name those only that central differences do
    not confirm.
    """


@chaff_edit(*BROKEN, FOUND, '{"a": "w1", "b": "delta0"}', concept="reading")
def broken_b_for_c():
    """b accused, c not found

    Your answer names a function whose gradients are all right, and leaves out a wrong one; it should go by central
    differences, not by how the code looks.
    """


@chaff_edit(*BROKEN, FOUND, '{"b": "delta0"}', concept="reading")
def broken_only_b():
    """only b accused

    Your answer names the one function whose gradients are all right; it should go by central differences, not by how
    the code looks.
    """


@chaff_edit(*BROKEN, FOUND, '{"a": "w1", "c": "w0"}', concept="reading")
def broken_symptom_w0():
    """a gradient that follows from a wrong delta

    Your answer has the right functions, but names for one of them where its mistake shows; it should name where it is
    made.
    """


@chaff_edit(*BROKEN, FOUND, '{"a": "w1", "c": "b0"}', concept="reading")
def broken_symptom_b0():
    """a gradient that follows from a wrong delta

    Your answer has the right functions, but names for one of them where its mistake shows; it should name where it is
    made.
    """


@chaff_edit(*BROKEN, FOUND, '{"a": "delta1", "c": "delta0"}', concept="reading")
def broken_delta1():
    """a delta whose own gradient is right

    Your answer has the right functions, but blames the error of the output in one of them; the gradient of b1 is that
    error, and it should be confirmed.
    """


@chaff_edit(*BROKEN, FOUND, '{"a": "delta0", "c": "w1"}', concept="reading")
def broken_exchanged():
    """places exchanged

    Your answer has the right functions and places, but exchanges the places; it should give each function its own.
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


@wheat_edit("broken_gradients", FOUND, 'dict(c="delta0", a="w1")')
def broken_by_keywords(): ...


@wheat_edit("broken_gradients", FOUND, 'dict(zip("ac", ["w1", "delta0"]))')
def broken_zipped(): ...


@wheat("broken_gradients")
def broken_step_by_step():
    answer = {}
    answer["c"] = "delta0"
    answer["a"] = "w1"
    return answer
