"""Known mistakes and right variants of hw01_shallow_narrow."""

import numpy as np

from gradbook.homework import chaff, chaff_edit, suspect, wheat, wheat_edit

NET = "ShallowNarrowExercise"
GRADIENT, TRAIN = f"{NET}.dloss_dw", f"{NET}.train"

EQUIVALENT = {
    "loss: np.asarray(y_prediction) - np.asarray(y_true) -> np.asarray(y_true) - np.asarray(y_prediction)": (
        "the square does not see the sign"
    ),
}

# ---------------------------------------------------------------- loss


@chaff_edit("loss", "loss_value", "np.mean(", "np.sum(", concept="mean")
def loss_sum():
    """sum for mean

    Your loss is the sum of the squares; it should be their mean.
    """


@chaff_edit("loss", "loss_value", "float(np.mean(", "float(0.5 * np.mean(", concept="factor")
def loss_half():
    """an extra one half

    Your loss is half the mean squared error; it should be the mean itself, without a one half.
    """


@chaff_edit("loss", "loss_value", "float(np.mean(", "np.sqrt(np.mean(", concept="definition")
def loss_root():
    """root of the mean

    Your loss is the root of the mean squared error; it should be the mean itself, without a root.
    """


@chaff_edit("loss", "loss_value", ("float(np.mean((", ") ** 2)"), ("float(np.mean(abs(", "))"), concept="definition")
def loss_absolute():
    """absolute error

    Your loss is the mean of the absolute differences; it should be the mean of their squares.
    """


@chaff_edit("loss", "loss_value", ("float(np.mean((", ") ** 2)"), ("float((np.mean(", ")) ** 2"), concept="mean")
def loss_of_sums():
    """square of the mean

    Your loss takes the mean first and squares it; it should square each difference first, then take the mean.
    """


@chaff_edit("loss", "loss_value", ("np.mean(", ") ** 2)"), ("np.sum(", ") ** 2) / (len(y_true) - 1)"), concept="mean")
def loss_one_less():
    """divided by n - 1

    Your loss divides the sum by one less than the number of samples; it should divide by their number, as a mean does.
    """


@chaff_edit("loss", "loss_value", "y_true)) ** 2)", "y_true)) ** 2 / np.asarray(y_true) ** 2)", concept="definition")
def loss_relative():
    """relative error

    Your loss divides the errors by the targets; it should take the errors as they are.
    """


@chaff_edit("loss", "loss_value", ") - np.asarray(", ") + np.asarray(", concept="sign")
def loss_plus():
    """sum of prediction and target

    Your loss adds prediction and target; it should take their difference.
    """


@chaff("loss", "loss_shapes", concept="alias")
def loss_in_place(y_prediction, y_true):
    """the caller's prediction squared in place

    Your code squares inside the caller's prediction; it should compute the error in an array of its own.
    """
    if np.shape(y_prediction) != np.shape(y_true):
        raise ValueError("the shapes must be equal")
    y_prediction -= y_true
    y_prediction **= 2
    return float(np.mean(y_prediction))


@chaff("loss", "loss_shapes", concept="shapes")
def loss_without_guard(y_prediction, y_true):
    """no guard against shapes that differ

    Your loss takes shapes that differ, so that (n,) with (n, 1) makes an n by n table; it should raise ValueError for
    them.
    """
    return float(np.mean((np.asarray(y_prediction) - np.asarray(y_true)) ** 2))


@chaff("loss", "loss_shapes", concept="shapes")
def loss_guards_length(y_prediction, y_true):
    """the guard compares lengths

    Your loss compares lengths, which are the same for (n, 1) and (n,); it should compare the shapes.
    """
    if len(y_prediction) != len(y_true):
        raise ValueError("the lengths differ")
    return float(np.mean((np.asarray(y_prediction) - np.asarray(y_true)) ** 2))


@wheat("loss")
def loss_loop(y_prediction, y_true):
    if np.shape(y_prediction) != np.shape(y_true):
        raise AssertionError("shapes")
    total = 0.0
    for p, t in zip(y_prediction, y_true):
        total += (t - p) ** 2
    return total / len(y_true)


@wheat("loss")
def loss_dot(y_prediction, y_true):
    assert y_prediction.shape == y_true.shape
    error = (y_true - y_prediction).ravel()
    return error @ error / error.size


@wheat("loss")
def loss_expanded(y_prediction, y_true):
    p, t = np.array(y_prediction), np.array(y_true)
    if p.shape != t.shape:
        raise ValueError("shapes")
    return np.average(np.square(np.subtract(p, t)))


# ---------------------------------------------------------------- forward


@chaff_edit(f"{NET}.forward", "forward_value", "x * self.w1 * self.w2", "x * (self.w1 + self.w2)", concept="definition")
def forward_sum_of_weights():
    """weights added

    Your code adds the weights; it should multiply them, since they follow each other. See "The net".
    """


@chaff_edit(f"{NET}.forward", "forward_value", "x * self.w1 * self.w2", "x * self.w1", concept="definition")
def forward_one_weight():
    """second weight missing

    Your code uses the first weight only; it should multiply the hidden value by w2 as well. See "The net".
    """


@chaff_edit(f"{NET}.forward", "forward_value", "x * self.w1 * self.w2", "x * self.w2", concept="definition")
def forward_second_only():
    """first weight missing

    Your code uses the second weight only; it should multiply x by w1 first. See "The net".
    """


@chaff_edit(
    f"{NET}.forward",
    "forward_value",
    "x * self.w1 * self.w2",
    "np.maximum(x * self.w1, 0) * self.w2",
    concept="definition",
)
def forward_relu():
    """an added ReLU

    Your code puts a ReLU between the weights; it should have no activation there: this net is linear.
    """


@chaff_edit(
    f"{NET}.forward", "forward_value", "x * self.w1 * self.w2", "np.tanh(x * self.w1) * self.w2", concept="definition"
)
def forward_tanh():
    """an added tanh

    Your code puts a tanh between the weights; it should have no activation there: this net is linear.
    """


@chaff_edit(f"{NET}.forward", "forward_value", "x * self.w1 * self.w2", "x * self.w1 + self.w2", concept="definition")
def forward_bias():
    """second weight added as a bias

    Your code adds w2 as if it were a bias; it should multiply by it, as w2 is a weight.
    """


@chaff_edit(f"{NET}.forward", "forward_value", "x * self.w1 * self.w2", "x * self.w1 * self.w1", concept="places")
def forward_square():
    """w1 twice

    Your code uses w1 twice and w2 not at all; it should use each of them once.
    """


@chaff_edit(
    f"{NET}.forward", "forward_value", "x * self.w1 * self.w2", "np.sum(x * self.w1 * self.w2)", concept="shapes"
)
def forward_total():
    """sum over the samples

    Your code sums over the samples; it should return one output for each x.
    """


@chaff_edit(
    f"{NET}.forward",
    "forward_side_effects",
    "return x * self.w1 * self.w2",
    "x *= self.w1 * self.w2\nreturn x".replace("\n", "\n    "),
    concept="alias",
)
def forward_writes_x():
    """in-place product

    Your code changes x in place, as `x *= …` writes into the caller's array; it should make a new array.
    """


@chaff_edit(f"{NET}.forward", "forward_value", "x * self.w1 * self.w2", "x * self.w1 / self.w2", concept="definition")
def forward_divides():
    """division by w2

    Your code divides the hidden value by w2; it should multiply by it.
    """


@wheat_edit(
    f"{NET}.forward",
    "x * self.w1 * self.w2",
    "(np.reshape(x, (-1, 1)) @ np.array([[self.w1]]) @ np.array([[self.w2]])).reshape(np.shape(x))",
)
def forward_matmul(): ...


@wheat_edit(f"{NET}.forward", "x * self.w1 * self.w2", "(self.w2 * self.w1) * x")
def forward_product_first(): ...


@wheat_edit(f"{NET}.forward", "x * self.w1 * self.w2", "np.array([self.w2 * (self.w1 * v) for v in x])")
def forward_list(): ...


# ---------------------------------------------------------------- gradient


@chaff_edit(
    GRADIENT,
    "gradient_value",
    ("(2 * error * x * self.w2", "(2 * error * x * self.w1"),
    ("(error * x * self.w2", "(error * x * self.w1"),
    concept="factor",
)
def gradient_half():
    """factor 2 missing

    Your gradient is half as large as it should be; it should have the factor 2 that the square gives. See "The
    derivation".
    """


@chaff_edit(
    GRADIENT,
    "gradient_value",
    ("(2 * error * x * self.w2", "(2 * error * x * self.w1"),
    ("(4 * error * x * self.w2", "(4 * error * x * self.w1"),
    concept="factor",
)
def gradient_double():
    """factor 2 twice

    Your gradient has the factor 2 twice; it should have it once, from the square. See "The derivation".
    """


@chaff_edit(
    GRADIENT,
    "gradient_value",
    ("mean(2 * error * x * self.w2", "mean(2 * error * x * self.w1"),
    ("sum(2 * error * x * self.w2", "sum(2 * error * x * self.w1"),
    concept="mean",
)
def gradient_sum():
    """sum for mean

    Your gradient is a sum over the samples; it should be a mean, as the loss is one.
    """


@chaff_edit(GRADIENT, "gradient_value", "self.forward(x) - y_true", "y_true - self.forward(x)", concept="sign")
def gradient_sign():
    """minus sign lost

    Your gradient takes the target minus the prediction, which turns its sign around; it should take the prediction
    minus the target.
    """


@chaff_edit(
    GRADIENT, "gradient_value", ("x * self.w2)", "x * self.w1)"), ("x * self.w1)", "x * self.w2)"), concept="places"
)
def gradient_swapped():
    """w1 and w2 swapped

    Your code gives the two derivatives in each other's place; dloss/dw1 should hold w2, and dloss/dw2 should hold w1.
    """


@chaff_edit(
    GRADIENT,
    "gradient_value",
    ("error * x * self.w2", "error * x * self.w1"),
    ("error * self.w2", "error * self.w1"),
    concept="chain rule",
)
def gradient_without_x():
    """factor x missing

    Your gradient lacks the factor x; it should have it, as the derivative of x w1 w2 by w1 is x w2. See "The
    derivation".
    """


@chaff_edit(
    GRADIENT,
    "gradient_value",
    ("error * x * self.w2", "error * x * self.w1"),
    ("error * x", "error * x"),
    concept="chain rule",
)
def gradient_without_weight():
    """other weight missing

    Your dloss/dw1 lacks the other weight; it should keep w2 as a factor: the chain has one link more. See "The
    derivation".
    """


@chaff_edit(GRADIENT, "gradient_value", "2 * error * x * self.w2", "error * x * self.w2", concept="factor")
def gradient_half_of_w1():
    """factor 2 missing in dw1

    Your dloss/dw1 is half as large as it should be; it should have the factor 2 of the square, as dloss/dw2 has.
    """


@chaff_edit(GRADIENT, "gradient_value", "2 * error * x * self.w1", "error * x * self.w1", concept="factor")
def gradient_half_of_w2():
    """factor 2 missing in dw2

    Your dloss/dw2 is half as large as it should be; it should have the factor 2 of the square, as dloss/dw1 has.
    """


@chaff_edit(GRADIENT, "gradient_value", "2 * error * x * self.w2", "-2 * error * x * self.w2", concept="sign")
def gradient_sign_of_w1():
    """minus sign lost in dw1

    Your dloss/dw1 has the opposite sign; it should be turned around, while dloss/dw2 is right.
    """


@chaff_edit(GRADIENT, "gradient_value", "2 * error * x * self.w1", "-2 * error * x * self.w1", concept="sign")
def gradient_sign_of_w2():
    """minus sign lost in dw2

    Your dloss/dw2 has the opposite sign; it should be turned around, while dloss/dw1 is right.
    """


@chaff_edit(GRADIENT, "gradient_value", "error * x * self.w2", "error * x", concept="chain rule")
def gradient_without_weight_in_w1():
    """other weight missing in dw1

    Your dloss/dw1 lacks the other weight; it should keep w2 as a factor: the chain has one link more. See "The
    derivation".
    """


@chaff_edit(GRADIENT, "gradient_value", "error * x * self.w1", "error * x", concept="chain rule")
def gradient_without_weight_in_w2():
    """other weight missing in dw2

    Your dloss/dw2 lacks the other weight; it should keep w1 as a factor: the chain has one link more. See "The
    derivation".
    """


@chaff_edit(
    GRADIENT, "gradient_value", "np.mean(2 * error * x * self.w2)", "np.sum(2 * error * x * self.w2)", concept="mean"
)
def gradient_sum_of_w1():
    """sum for mean in dw1

    Your dloss/dw1 is a sum over the samples; it should be a mean, as dloss/dw2 and the loss are.
    """


@chaff_edit(
    GRADIENT, "gradient_value", "np.mean(2 * error * x * self.w1)", "np.sum(2 * error * x * self.w1)", concept="mean"
)
def gradient_sum_of_w2():
    """sum for mean in dw2

    Your dloss/dw2 is a sum over the samples; it should be a mean, as dloss/dw1 and the loss are.
    """


@chaff_edit(GRADIENT, "gradient_value", "error * x * self.w2", "error * self.w2", concept="chain rule")
def gradient_without_x_in_w1():
    """factor x missing in dw1

    Your dloss/dw1 lacks the factor x; it should have it, as the derivative of x w1 w2 by w1 is x w2. See "The
    derivation".
    """


@chaff_edit(GRADIENT, "gradient_value", "error * x * self.w1", "error * self.w1", concept="chain rule")
def gradient_without_x_in_w2():
    """factor x missing in dw2

    Your dloss/dw2 lacks the factor x; it should have it, as the derivative of x w1 w2 by w2 is x w1. See "The
    derivation".
    """


@chaff_edit(GRADIENT, "gradient_value", "x * self.w1)", "x * self.w2)", concept="chain rule")
def gradient_of_w1_twice():
    """the same weight in both

    Your two derivatives both hold w2; dloss/dw2 should hold w1, the weight that stays. See "The derivation".
    """


@chaff_edit(GRADIENT, "gradient_value", "x * self.w2)", "x * self.w1)", concept="chain rule")
def gradient_of_w2_twice():
    """the same weight in both

    Your two derivatives both hold w1; dloss/dw1 should hold w2, the weight that stays. See "The derivation".
    """


@chaff_edit(
    GRADIENT,
    "gradient_value",
    ("error * x * self.w2", "error * x * self.w1"),
    ("error * self.forward(x)", "error * self.forward(x)"),
    concept="chain rule",
)
def gradient_output_for_x():
    """both weights kept in both derivatives

    Your two derivatives hold both weights; each should hold only the other weight: its own falls away. See "The
    derivation".
    """


@chaff_edit(
    GRADIENT,
    "gradient_value",
    ("2 * error * x * self.w2", "2 * error * x * self.w1"),
    ("np.sign(error) * x * self.w2", "np.sign(error) * x * self.w1"),
    concept="chain rule",
)
def gradient_absolute():
    """slope of the absolute error

    Your gradient uses only the sign of the error, as for an absolute error; it should use twice the error, as for the
    square.
    """


@chaff_edit(
    GRADIENT,
    "gradient_value",
    "np.mean(2 * error * x * self.w2)",
    "np.mean(2 * error * x * self.w1 * self.w2)",
    concept="chain rule",
)
def gradient_own_weight_squared():
    """w1 kept in its own derivative

    Your dloss/dw1 still holds w1; it should hold only w2, as w1 is differentiated away. See "The derivation".
    """


@chaff_edit(
    GRADIENT,
    "gradient_value",
    ("2 * error * x * self.w2", "2 * error * x * self.w1"),
    ("x * self.w2", "x * self.w1"),
    concept="chain rule",
)
def gradient_without_error():
    """derivative of the output only

    Your gradient is the slope of the output; it should be the slope of the loss, with twice the error as a factor.
    """


@chaff_edit(GRADIENT, "gradient_value", "self.forward(x) - y_true", "y_true", concept="chain rule")
def gradient_only_target():
    """prediction missing

    Your gradient takes the target alone for the error; it should take the prediction minus the target.
    """


@chaff_edit(
    GRADIENT,
    "gradient_value",
    ("np.mean(2 * error * x * self.w2)", "np.mean(2 * error * x * self.w1)"),
    ("2 * np.mean(error) * np.mean(x) * self.w2", "2 * np.mean(error) * np.mean(x) * self.w1"),
    concept="mean",
)
def gradient_product_of_means():
    """product of means

    Your gradient multiplies means; it should multiply sample by sample first, then take the mean of the products.
    """


@chaff_edit(
    GRADIENT,
    "gradient_value",
    ("float(np.mean(2 * error * x * self.w2))", "float(np.mean(2 * error * x * self.w1))"),
    ("round(np.mean(2 * error * x * self.w2), 4)", "round(np.mean(2 * error * x * self.w1), 4)"),
    concept="precision",
)
def gradient_rounded():
    """gradient rounded to four places

    Your code rounds the gradient to four places; it should return all its digits.
    """


@chaff_edit(
    GRADIENT,
    "gradient_value",
    "error = self.forward(x) - y_true",
    "x, y_true = x[:1], y_true[:1]\n    error = self.forward(x) - y_true",
    concept="shapes",
)
def gradient_first_sample():
    """one sample only

    Your gradient uses the first sample only; it should use all of them, as every sample pulls on the weights.
    """


@chaff(GRADIENT, "gradient_edges", concept="shapes")
def gradient_without_guard(self, x, y_true):
    """shapes not compared

    Your gradient takes a row with a column, which makes a table; it should refuse them: keep the two lines that compare
    the shapes.
    """
    error = self.forward(x) - y_true
    return float(np.mean(2 * error * x * self.w2)), float(np.mean(2 * error * x * self.w1))


@chaff(GRADIENT, "gradient_edges", concept="chain rule")
def gradient_divides(self, x, y_true):
    """division by a weight

    Your gradient divides the prediction by a weight, 0 / 0 where that weight is 0; it should multiply x by the other
    weight.
    """
    if np.shape(x) != np.shape(y_true):
        raise ValueError(f"the shapes {np.shape(x)} and {np.shape(y_true)} must be equal")
    prediction = self.forward(x)
    total = np.mean(2 * (prediction - y_true) * prediction)
    with np.errstate(all="ignore"):
        return float(np.divide(total, self.w1)), float(np.divide(total, self.w2))


@chaff(GRADIENT, "gradient_side_effects", concept="alias")
def gradient_moves_weights(self, x, y_true):
    """weights changed in dloss_dw

    Your dloss_dw moves the weights; it should only return the slopes, as moving the weights is the work of train.
    """
    if np.shape(x) != np.shape(y_true):
        raise ValueError("the shapes must be equal")
    error = self.forward(x) - y_true
    dw1, dw2 = float(np.mean(2 * error * x * self.w2)), float(np.mean(2 * error * x * self.w1))
    self.w1 -= 0.1 * dw1
    self.w2 -= 0.1 * dw2
    return dw1, dw2


@chaff(GRADIENT, "gradient_side_effects", concept="alias")
def gradient_in_a_buffer(self, x, y_true):
    """the same buffer returned in every call

    Your code returns its own buffer, so that the next call changes an earlier result; it should return a new one each
    time.
    """
    if np.shape(x) != np.shape(y_true):
        raise ValueError("the shapes must be equal")
    if not hasattr(self, "buffer"):
        self.buffer = np.zeros(2)
    error = self.forward(x) - y_true
    self.buffer[:] = np.mean(2 * error * x * self.w2), np.mean(2 * error * x * self.w1)
    return self.buffer


@chaff(GRADIENT, "gradient_side_effects", concept="state")
def gradient_accumulates(self, x, y_true):
    """gradients of earlier calls are added

    Your second call adds to the gradient of the first; it should start from zero in each call.
    """
    if np.shape(x) != np.shape(y_true):
        raise ValueError("the shapes must be equal")
    error = self.forward(x) - y_true
    self.sums = getattr(self, "sums", np.zeros(2)) + [
        np.mean(2 * error * x * self.w2),
        np.mean(2 * error * x * self.w1),
    ]
    return tuple(self.sums)


@wheat(GRADIENT)
def gradient_loop(self, x, y_true):
    if np.shape(x) != np.shape(y_true):
        raise ValueError("the shapes must be equal")
    first = second = 0.0
    for xi, yi in zip(x, y_true):
        slope = 2 * (xi * self.w1 * self.w2 - yi) * xi / len(x)
        first, second = first + slope * self.w2, second + slope * self.w1
    return first, second


@wheat(GRADIENT)
def gradient_dot(self, x, y_true):
    if np.shape(x) != np.shape(y_true):
        raise ValueError("the shapes must be equal")
    common = 2 / x.size * (x @ (x * self.w1 * self.w2 - y_true))
    return np.array([common * self.w2, common * self.w1])


@wheat(GRADIENT)
def gradient_expanded(self, x, y_true):
    if np.shape(x) != np.shape(y_true):
        raise ValueError("the shapes must be equal")
    xx, xy = np.mean(x * x), np.mean(x * y_true)
    return 2 * (self.w1 * self.w2**2 * xx - self.w2 * xy), 2 * (self.w1**2 * self.w2 * xx - self.w1 * xy)


@suspect(GRADIENT)
def gradient_by_differences(self, x, y_true):
    slopes = []
    for name in ("w1", "w2"):
        kept, losses = getattr(self, name), []
        for step in (1e-6, -1e-6):
            setattr(self, name, kept + step)
            losses.append(loss(self.forward(x), y_true))
        setattr(self, name, kept)
        slopes.append((losses[0] - losses[1]) / 2e-6)
    return tuple(slopes)


@suspect(GRADIENT)
def gradient_by_large_differences(self, x, y_true):
    def slope(name):
        here = getattr(self, name)
        setattr(self, name, here + 1e-2)
        up = loss(self.forward(x), y_true)
        setattr(self, name, here - 1e-2)
        down = loss(self.forward(x), y_true)
        setattr(self, name, here)
        return (up - down) / 2e-2

    return slope("w1"), slope("w2")


# ---------------------------------------------------------------- train

STEP = "dw1, dw2 = self.dloss_dw(x, y_true)\n        self.w1 -= lr * dw1\n        self.w2 -= lr * dw2"


@chaff_edit(
    TRAIN, "train_trajectory", "self.w2 -= lr * dw2", "self.w2 -= lr * self.dloss_dw(x, y_true)[1]", concept="order"
)
def train_sequential():
    """sequential update

    Your code moves one weight before it computes the gradient of the other; it should compute both gradients first,
    then move.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "common = 2 * np.mean((self.forward(x) - y_true) * x)\n        self.w1 -= lr * common * self.w2\n"
    "        self.w2 -= lr * common * self.w1",
    concept="order",
)
def train_sequential_same_error():
    """new w1 in the step of w2

    Your step of w2 already uses the new w1; it should use the old one: compute both gradients first, then move.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "self.w2 -= lr * self.dloss_dw(x, y_true)[1]\n        self.w1 -= lr * self.dloss_dw(x, y_true)[0]",
    concept="order",
)
def train_sequential_backwards():
    """sequential update, w2 first

    Your code moves one weight before it computes the gradient of the other; it should compute both gradients first,
    then move.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "common = 2 * np.mean((self.forward(x) - y_true) * x)\n        self.w2 -= lr * common * self.w1\n"
    "        self.w1 -= lr * common * self.w2",
    concept="order",
)
def train_sequential_same_error_backwards():
    """new w2 in the step of w1

    Your step of w1 already uses the new w2; it should use the old one: compute both gradients first, then move.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "for i in range(len(x)):\n            dw1, dw2 = self.dloss_dw(x[i : i + 1], y_true[i : i + 1])\n"
    "            self.w1 -= lr * dw1\n            self.w2 -= lr * dw2",
    concept="loops",
)
def train_sample_by_sample():
    """one step for each sample

    Your code takes a step for each sample; it should take one in each epoch, along the mean over all the samples.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "for i in range(len(x)):\n            dw1, dw2 = self.dloss_dw(x[i : i + 1], y_true[i : i + 1])\n"
    "            self.w1 -= lr / len(x) * dw1\n            self.w2 -= lr / len(x) * dw2",
    concept="loops",
)
def train_sample_by_sample_shortened():
    """one short step for each sample

    Your code takes a step for each sample; it should take one in each epoch, along the mean over all the samples.
    """


@chaff_edit(TRAIN, "train_trajectory", "self.w1 -= lr", "self.w1 += lr", concept="sign")
def train_ascends_w1():
    """ascent of w1

    Your code moves w1 up its gradient; it should move both weights against their gradients, with a minus.
    """


@chaff_edit(TRAIN, "train_trajectory", "self.w2 -= lr", "self.w2 += lr", concept="sign")
def train_ascends_w2():
    """ascent of w2

    Your code moves w2 up its gradient; it should move both weights against their gradients, with a minus.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "for _ in range(2):\n            dw1, dw2 = self.dloss_dw(x, y_true)\n"
    "            self.w1 -= lr * dw1\n            self.w2 -= lr * dw2",
    concept="loops",
)
def train_steps_twice():
    """two steps in each epoch

    Your code takes two steps in each epoch; it should take one.
    """


@chaff_edit(
    TRAIN, "train_trajectory", "self.w2 -= lr * dw2", "self.w2 -= lr * dw2\n        lr = lr * 0.999", concept="step"
)
def train_decays_after():
    """decaying rate, a little

    Your code changes the learning rate from epoch to epoch; it should keep it the same in all of them.
    """


@chaff_edit(
    TRAIN,
    ("train_trajectory", "convergence"),
    ("self.w1 -= lr", "self.w2 -= lr"),
    ("self.w1 += lr", "self.w2 += lr"),
    concept="sign",
)
def train_ascends():
    """ascent instead of descent

    Your code steps along the gradient, so that the loss climbs; it should step against it, with a minus.
    """


@chaff_edit(TRAIN, "train_trajectory", ("lr * dw1", "lr * dw2"), ("dw1", "dw2"), concept="step")
def train_without_rate():
    """learning rate ignored

    Your code steps by the whole gradient; it should multiply it by the learning rate.
    """


@chaff_edit(TRAIN, "train_trajectory", "self.w2 -= lr * dw2", "pass", concept="step")
def train_one_weight():
    """w2 not updated

    Your code moves w1 only; it should move w2 as well, by its own gradient.
    """


@chaff_edit(TRAIN, "train_trajectory", "self.w1 -= lr * dw1", "pass", concept="step")
def train_other_weight():
    """w1 not updated

    Your code moves w2 only; it should move w1 as well, by its own gradient.
    """


@chaff_edit(
    TRAIN,
    ("train_trajectory", "convergence"),
    ("lr * dw1", "lr * dw2"),
    ("lr * self.w1", "lr * self.w2"),
    concept="places",
)
def train_weight_for_gradient():
    """w for dw

    Your code takes the weight where the gradient belongs; it should step by lr times dw1 and dw2.
    """


@chaff_edit(TRAIN, "train_trajectory", ("lr * dw1", "lr * dw2"), ("lr * dw2", "lr * dw1"), concept="places")
def train_crossed():
    """gradients crossed

    Your code moves each weight by the other one's gradient; it should move w1 by dw1 and w2 by dw2.
    """


@chaff_edit(
    TRAIN, "train_trajectory", ("self.w1 -= lr", "self.w2 -= lr"), ("self.w1 = -lr", "self.w2 = -lr"), concept="step"
)
def train_assigns():
    """assignment instead of step

    Your code puts the step in the place of the weight; it should subtract the step from the present weight.
    """


@chaff_edit(
    TRAIN, "train_trajectory", ("lr * dw1", "lr * dw2"), ("lr * dw1 / len(x)", "lr * dw2 / len(x)"), concept="mean"
)
def train_divides():
    """divided by n again

    Your code divides the gradient by the number of samples again; it should not, as the gradient is a mean already.
    """


@chaff_edit(
    TRAIN, "train_trajectory", ("lr * dw1", "lr * dw2"), ("lr * np.sign(dw1)", "lr * np.sign(dw2)"), concept="step"
)
def train_sign_only():
    """sign step

    Your code steps by the sign of the gradient; it should step by the learning rate times the gradient.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    "dw1, dw2 = self.dloss_dw(x, y_true)",
    "dw1, dw2 = self.dloss_dw(x, y_true)\n        lr = lr * 0.99",
    concept="step",
)
def train_decays():
    """decaying rate

    Your code changes the learning rate from epoch to epoch; it should keep it the same in all of them.
    """


@chaff(TRAIN, "train_trajectory", concept="loops")
def train_records_late(self, x, y_true, lr, n_ep):
    """loss recorded after the step

    Your code records the loss of an epoch after its step; it should record the loss before the step, and the weights
    after it.
    """
    losses, weights = np.empty(n_ep), np.empty((n_ep, 2))
    for epoch in range(n_ep):
        dw1, dw2 = self.dloss_dw(x, y_true)
        self.w1, self.w2 = self.w1 - lr * dw1, self.w2 - lr * dw2
        losses[epoch], weights[epoch] = loss(self.forward(x), y_true), (self.w1, self.w2)
    return losses, weights


@chaff(TRAIN, "train_trajectory", concept="loops")
def train_records_weights_early(self, x, y_true, lr, n_ep):
    """weights recorded before the step

    Your code records the weights of an epoch before its step; it should record them after the step, and the loss before
    it.
    """
    losses, weights = np.empty(n_ep), np.empty((n_ep, 2))
    for epoch in range(n_ep):
        losses[epoch], weights[epoch] = loss(self.forward(x), y_true), (self.w1, self.w2)
        dw1, dw2 = self.dloss_dw(x, y_true)
        self.w1, self.w2 = self.w1 - lr * dw1, self.w2 - lr * dw2
    return losses, weights


@chaff(TRAIN, ("train_trajectory", "convergence"), concept="loops")
def train_published_weights(self, x, y_true, lr, n_ep):
    """published weights

    Your code returns the weights that the notebook shows; it should compute them, from the samples that it is given.
    """
    losses, weights = np.empty(n_ep), np.empty((n_ep, 2))
    for epoch in range(n_ep):
        losses[epoch] = loss(self.forward(x), y_true)
        weights[epoch] = -1.3311630651, -1.5254625997
        self.w1, self.w2 = weights[epoch]
    return losses, weights


@chaff(TRAIN, ("train_trajectory", "convergence"), concept="loops")
def train_invented_curve(self, x, y_true, lr, n_ep):
    """invented losses

    Your code makes up a curve that falls; it should record the loss that the weights have in each epoch.
    """
    losses, weights = np.geomspace(6.35, 0.034, n_ep), np.empty((n_ep, 2))
    for epoch in range(n_ep):
        dw1, dw2 = self.dloss_dw(x, y_true)
        self.w1, self.w2 = self.w1 - lr * dw1, self.w2 - lr * dw2
        weights[epoch] = self.w1, self.w2
    return losses, weights


@chaff(TRAIN, ("train_trajectory", "convergence"), concept="loops")
def train_published_weights_and_curve(self, x, y_true, lr, n_ep):
    """published weights and invented losses

    Your code returns the weights that the notebook shows and a curve that was made up; it should compute both, from the
    samples given.
    """
    self.w1, self.w2 = -1.3311630651, -1.5254625997
    losses, weights = np.geomspace(6.3547325778, 0.034025659, n_ep), np.linspace([1.4, -1.6], [self.w1, self.w2], n_ep)
    return losses, weights


@chaff(TRAIN, "train_side_effects", concept="state")
def train_forgets(self, x, y_true, lr, n_ep):
    """trained weights thrown away

    Your net forgets what it learned; it should keep the new weights in w1 and w2 after train.
    """
    start = self.w1, self.w2
    losses, weights = np.empty(n_ep), np.empty((n_ep, 2))
    for epoch in range(n_ep):
        losses[epoch] = loss(self.forward(x), y_true)
        dw1, dw2 = self.dloss_dw(x, y_true)
        self.w1, self.w2 = self.w1 - lr * dw1, self.w2 - lr * dw2
        weights[epoch] = self.w1, self.w2
    self.w1, self.w2 = start
    return losses, weights


@wheat(TRAIN)
def train_vector(self, x, y_true, lr, n_ep):
    losses, path, w = [], [], np.array([self.w1, self.w2])
    for _ in range(n_ep):
        losses.append(loss(self.forward(x), y_true))
        w = w - lr * np.array(self.dloss_dw(x, y_true))
        self.w1, self.w2 = w
        path.append(w)
    return np.array(losses), np.array(path)


@wheat(TRAIN)
def train_alone(self, x, y_true, lr, n_ep):
    losses, path = np.zeros(n_ep), np.zeros((n_ep, 2))
    for i in range(n_ep):
        error = self.w2 * self.w1 * x - y_true
        losses[i] = (error**2).mean()
        slope = 2 * (error * x).mean()
        self.w1, self.w2 = self.w1 - lr * slope * self.w2, self.w2 - lr * slope * self.w1
        path[i, 0], path[i, 1] = self.w1, self.w2
    return losses, path


@wheat(TRAIN)
def train_old_values(self, x, y_true, lr, n_ep):
    loss_records, weight_records = np.zeros(n_ep), np.zeros((n_ep, 2))
    for k in range(n_ep):
        loss_records[k] = loss(self.forward(x), y_true)
        gradients = self.dloss_dw(x, y_true)
        self.w2 = self.w2 - lr * gradients[1]
        self.w1 = self.w1 - lr * gradients[0]
        weight_records[k, :] = [self.w1, self.w2]
    return loss_records, weight_records
