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


@chaff_edit("loss", "loss_value", "np.mean(", "np.sum(")
def loss_sum():
    """sum for mean

    The sum of the squares, where the mean is asked for.
    """


@chaff_edit("loss", "loss_value", "float(np.mean(", "float(0.5 * np.mean(")
def loss_half():
    """an extra one half

    Half the mean squared error. This loss has no one half.
    """


@chaff_edit("loss", "loss_value", "float(np.mean(", "np.sqrt(np.mean(")
def loss_root():
    """root of the mean

    That is the root of the mean squared error; leave the root out.
    """


@chaff_edit("loss", "loss_value", ("float(np.mean((", ") ** 2)"), ("float(np.mean(abs(", "))"))
def loss_absolute():
    """absolute error

    The differences are not squared: that is the mean absolute error.
    """


@chaff_edit("loss", "loss_value", ("float(np.mean((", ") ** 2)"), ("float((np.mean(", ")) ** 2"))
def loss_of_sums():
    """square of the mean

    Square each difference first, then take the mean.
    """


@chaff_edit("loss", "loss_value", ("np.mean(", ") ** 2)"), ("np.sum(", ") ** 2) / (len(y_true) - 1)"))
def loss_one_less():
    """divided by n - 1

    The sum is divided by one less than the number of samples: that is no mean.
    """


@chaff_edit("loss", "loss_value", "y_true)) ** 2)", "y_true)) ** 2 / np.asarray(y_true) ** 2)")
def loss_relative():
    """relative error

    The errors are divided by the targets; here they count as they are.
    """


@chaff_edit("loss", "loss_value", ") - np.asarray(", ") + np.asarray(")
def loss_plus():
    """sum of prediction and target

    The error is a difference; here the two are added.
    """


@chaff("loss", "loss_shapes")
def loss_in_place(y_prediction, y_true):
    """the caller's prediction squared in place

    Your code squares inside the caller's prediction; it should compute the error in an array of its own.
    """
    if np.shape(y_prediction) != np.shape(y_true):
        raise ValueError("the shapes must be equal")
    y_prediction -= y_true
    y_prediction **= 2
    return float(np.mean(y_prediction))


@chaff("loss", "loss_shapes")
def loss_without_guard(y_prediction, y_true):
    """no guard against shapes that differ

    Shapes that differ must raise: otherwise (n,) and (n, 1) make an n by n table.
    """
    return float(np.mean((np.asarray(y_prediction) - np.asarray(y_true)) ** 2))


@chaff("loss", "loss_shapes")
def loss_guards_length(y_prediction, y_true):
    """the guard compares lengths

    Compare the shapes, not the lengths: (n, 1) and (n,) have the same length.
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


@chaff_edit(f"{NET}.forward", "forward_value", "x * self.w1 * self.w2", "x * (self.w1 + self.w2)")
def forward_sum_of_weights():
    """weights added

    The weights follow each other, so they multiply; here they are added.
    """


@chaff_edit(f"{NET}.forward", "forward_value", "x * self.w1 * self.w2", "x * self.w1")
def forward_one_weight():
    """second weight missing

    Only the first weight is used: the hidden value still passes through w2.
    """


@chaff_edit(f"{NET}.forward", "forward_value", "x * self.w1 * self.w2", "x * self.w2")
def forward_second_only():
    """first weight missing

    Only the second weight is used: x first passes through w1.
    """


@chaff_edit(f"{NET}.forward", "forward_value", "x * self.w1 * self.w2", "np.maximum(x * self.w1, 0) * self.w2")
def forward_relu():
    """an added ReLU

    This net is linear: no activation stands between the weights.
    """


@chaff_edit(f"{NET}.forward", "forward_value", "x * self.w1 * self.w2", "np.tanh(x * self.w1) * self.w2")
def forward_tanh():
    """an added tanh

    This net is linear: no activation stands between the two weights.
    """


@chaff_edit(f"{NET}.forward", "forward_value", "x * self.w1 * self.w2", "x * self.w1 + self.w2")
def forward_bias():
    """second weight added as a bias

    w2 is a weight, not a bias: multiply by it.
    """


@chaff_edit(f"{NET}.forward", "forward_value", "x * self.w1 * self.w2", "x * self.w1 * self.w1")
def forward_square():
    """w1 twice

    w1 is used twice, w2 not at all.
    """


@chaff_edit(f"{NET}.forward", "forward_value", "x * self.w1 * self.w2", "np.sum(x * self.w1 * self.w2)")
def forward_total():
    """sum over the samples

    One output for each x: nothing is summed.
    """


@chaff_edit(
    f"{NET}.forward",
    "forward_side_effects",
    "return x * self.w1 * self.w2",
    "x *= self.w1 * self.w2\nreturn x".replace("\n", "\n    "),
)
def forward_writes_x():
    """in-place product

    x was changed in place: `x *= …` writes into the caller's array.
    """


@chaff_edit(f"{NET}.forward", "forward_value", "x * self.w1 * self.w2", "x * self.w1 / self.w2")
def forward_divides():
    """division by w2

    The hidden value is multiplied by w2; here it is divided.
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
)
def gradient_half():
    """factor 2 missing

    Half the expected slope. Differentiate the square again.
    """


@chaff_edit(
    GRADIENT,
    "gradient_value",
    ("(2 * error * x * self.w2", "(2 * error * x * self.w1"),
    ("(4 * error * x * self.w2", "(4 * error * x * self.w1"),
)
def gradient_double():
    """factor 2 twice

    Twice the expected slope. The square gives one factor 2, not two.
    """


@chaff_edit(
    GRADIENT,
    "gradient_value",
    ("mean(2 * error * x * self.w2", "mean(2 * error * x * self.w1"),
    ("sum(2 * error * x * self.w2", "sum(2 * error * x * self.w1"),
)
def gradient_sum():
    """sum for mean

    Off by exactly the number of samples: the loss is a mean, so its gradient is a mean too.
    """


@chaff_edit(GRADIENT, "gradient_value", "self.forward(x) - y_true", "y_true - self.forward(x)")
def gradient_sign():
    """minus sign lost

    Right size, wrong direction. The error is the prediction minus the target.
    """


@chaff_edit(GRADIENT, "gradient_value", ("x * self.w2)", "x * self.w1)"), ("x * self.w1)", "x * self.w2)"))
def gradient_swapped():
    """w1 and w2 swapped

    The two derivatives stand in each other's place: dloss/dw1 holds w2, and dloss/dw2 holds w1.
    """


@chaff_edit(
    GRADIENT, "gradient_value", ("error * x * self.w2", "error * x * self.w1"), ("error * self.w2", "error * self.w1")
)
def gradient_without_x():
    """factor x missing

    The factor x is missing: the derivative of x w1 w2 by w1 is x w2.
    """


@chaff_edit(GRADIENT, "gradient_value", ("error * x * self.w2", "error * x * self.w1"), ("error * x", "error * x"))
def gradient_without_weight():
    """other weight missing

    The chain has one link more: by w1, the other weight w2 stays as a factor.
    """


@chaff_edit(GRADIENT, "gradient_value", "2 * error * x * self.w2", "error * x * self.w2")
def gradient_half_of_w1():
    """factor 2 missing in dw1

    dloss/dw1 is half of what is expected: the factor 2 of the square belongs to both derivatives.
    """


@chaff_edit(GRADIENT, "gradient_value", "2 * error * x * self.w1", "error * x * self.w1")
def gradient_half_of_w2():
    """factor 2 missing in dw2

    dloss/dw2 is half of what is expected: the factor 2 of the square belongs to both derivatives.
    """


@chaff_edit(GRADIENT, "gradient_value", "2 * error * x * self.w2", "-2 * error * x * self.w2")
def gradient_sign_of_w1():
    """minus sign lost in dw1

    dloss/dw1 has the opposite sign; dloss/dw2 is right.
    """


@chaff_edit(GRADIENT, "gradient_value", "2 * error * x * self.w1", "-2 * error * x * self.w1")
def gradient_sign_of_w2():
    """minus sign lost in dw2

    dloss/dw2 has the opposite sign; dloss/dw1 is right.
    """


@chaff_edit(GRADIENT, "gradient_value", "error * x * self.w2", "error * x")
def gradient_without_weight_in_w1():
    """other weight missing in dw1

    The chain has one link more: by w1, the other weight w2 stays as a factor.
    """


@chaff_edit(GRADIENT, "gradient_value", "error * x * self.w1", "error * x")
def gradient_without_weight_in_w2():
    """other weight missing in dw2

    The chain has one link more: by w2, the other weight w1 stays as a factor.
    """


@chaff_edit(GRADIENT, "gradient_value", "np.mean(2 * error * x * self.w2)", "np.sum(2 * error * x * self.w2)")
def gradient_sum_of_w1():
    """sum for mean in dw1

    dloss/dw1 is a sum over the samples; the loss is a mean, so both derivatives are.
    """


@chaff_edit(GRADIENT, "gradient_value", "np.mean(2 * error * x * self.w1)", "np.sum(2 * error * x * self.w1)")
def gradient_sum_of_w2():
    """sum for mean in dw2

    dloss/dw2 is a sum over the samples; the loss is a mean, so both derivatives are.
    """


@chaff_edit(GRADIENT, "gradient_value", "error * x * self.w2", "error * self.w2")
def gradient_without_x_in_w1():
    """factor x missing in dw1

    The factor x is missing in dloss/dw1: the derivative of x w1 w2 by w1 is x w2.
    """


@chaff_edit(GRADIENT, "gradient_value", "error * x * self.w1", "error * self.w1")
def gradient_without_x_in_w2():
    """factor x missing in dw2

    The factor x is missing in dloss/dw2: the derivative of x w1 w2 by w2 is x w1.
    """


@chaff_edit(GRADIENT, "gradient_value", "x * self.w1)", "x * self.w2)")
def gradient_of_w1_twice():
    """the same weight in both

    Both derivatives hold w2; by w2, it is w1 that stays.
    """


@chaff_edit(GRADIENT, "gradient_value", "x * self.w2)", "x * self.w1)")
def gradient_of_w2_twice():
    """the same weight in both

    Both derivatives hold w1; by w1, it is w2 that stays.
    """


@chaff_edit(
    GRADIENT,
    "gradient_value",
    ("error * x * self.w2", "error * x * self.w1"),
    ("error * self.forward(x)", "error * self.forward(x)"),
)
def gradient_output_for_x():
    """both weights kept in both derivatives

    Both weights stand in both derivatives. The weight that is differentiated by falls away; the other one stays.
    """


@chaff_edit(
    GRADIENT,
    "gradient_value",
    ("2 * error * x * self.w2", "2 * error * x * self.w1"),
    ("np.sign(error) * x * self.w2", "np.sign(error) * x * self.w1"),
)
def gradient_absolute():
    """slope of the absolute error

    Only the sign of the error counts here: that is the slope of the absolute error, not of the square.
    """


@chaff_edit(
    GRADIENT, "gradient_value", "np.mean(2 * error * x * self.w2)", "np.mean(2 * error * x * self.w1 * self.w2)"
)
def gradient_own_weight_squared():
    """w1 kept in its own derivative

    In dloss/dw1 w1 itself is differentiated away; only w2 stays.
    """


@chaff_edit(
    GRADIENT, "gradient_value", ("2 * error * x * self.w2", "2 * error * x * self.w1"), ("x * self.w2", "x * self.w1")
)
def gradient_without_error():
    """derivative of the output only

    That is the slope of the output, not of the loss: the error is missing as a factor.
    """


@chaff_edit(GRADIENT, "gradient_value", "self.forward(x) - y_true", "y_true")
def gradient_only_target():
    """prediction missing

    The error is the prediction minus the target; here the target stands alone.
    """


@chaff_edit(
    GRADIENT,
    "gradient_value",
    ("np.mean(2 * error * x * self.w2)", "np.mean(2 * error * x * self.w1)"),
    ("2 * np.mean(error) * np.mean(x) * self.w2", "2 * np.mean(error) * np.mean(x) * self.w1"),
)
def gradient_product_of_means():
    """product of means

    Multiply sample by sample first, then take the mean: a mean of products is no product of means.
    """


@chaff_edit(
    GRADIENT,
    "gradient_value",
    ("float(np.mean(2 * error * x * self.w2))", "float(np.mean(2 * error * x * self.w1))"),
    ("round(np.mean(2 * error * x * self.w2), 4)", "round(np.mean(2 * error * x * self.w1), 4)"),
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
)
def gradient_first_sample():
    """one sample only

    Only the first sample is used; every sample pulls on the weights.
    """


@chaff(GRADIENT, "gradient_edges")
def gradient_without_guard(self, x, y_true):
    """shapes not compared

    A row against a column makes a table, with a mean of its own: keep the two lines that compare the shapes.
    """
    error = self.forward(x) - y_true
    return float(np.mean(2 * error * x * self.w2)), float(np.mean(2 * error * x * self.w1))


@chaff(GRADIENT, "gradient_edges")
def gradient_divides(self, x, y_true):
    """division by a weight

    The prediction divided by a weight is 0 / 0 where that weight is 0: use x times the other weight.
    """
    if np.shape(x) != np.shape(y_true):
        raise ValueError(f"the shapes {np.shape(x)} and {np.shape(y_true)} must be equal")
    prediction = self.forward(x)
    total = np.mean(2 * (prediction - y_true) * prediction)
    with np.errstate(all="ignore"):
        return float(np.divide(total, self.w1)), float(np.divide(total, self.w2))


@chaff(GRADIENT, "gradient_side_effects")
def gradient_moves_weights(self, x, y_true):
    """weights changed in dloss_dw

    dloss_dw only tells the slope; moving the weights is the work of train.
    """
    if np.shape(x) != np.shape(y_true):
        raise ValueError("the shapes must be equal")
    error = self.forward(x) - y_true
    dw1, dw2 = float(np.mean(2 * error * x * self.w2)), float(np.mean(2 * error * x * self.w1))
    self.w1 -= 0.1 * dw1
    self.w2 -= 0.1 * dw2
    return dw1, dw2


@chaff(GRADIENT, "gradient_side_effects")
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


@chaff(GRADIENT, "gradient_side_effects")
def gradient_accumulates(self, x, y_true):
    """gradients of earlier calls are added

    The second call remembers the first: start from zero in each call.
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


@chaff_edit(TRAIN, "train_trajectory", "self.w2 -= lr * dw2", "self.w2 -= lr * self.dloss_dw(x, y_true)[1]")
def train_sequential():
    """sequential update

    Both gradients belong to the weights before the step: compute both, then move.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "common = 2 * np.mean((self.forward(x) - y_true) * x)\n        self.w1 -= lr * common * self.w2\n"
    "        self.w2 -= lr * common * self.w1",
)
def train_sequential_same_error():
    """new w1 in the step of w2

    The step of w2 already takes the new w1: compute both gradients first, then move.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "self.w2 -= lr * self.dloss_dw(x, y_true)[1]\n        self.w1 -= lr * self.dloss_dw(x, y_true)[0]",
)
def train_sequential_backwards():
    """sequential update, w2 first

    Both gradients belong to the weights before the step: compute both, then move.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "common = 2 * np.mean((self.forward(x) - y_true) * x)\n        self.w2 -= lr * common * self.w1\n"
    "        self.w1 -= lr * common * self.w2",
)
def train_sequential_same_error_backwards():
    """new w2 in the step of w1

    The step of w1 already takes the new w2: compute both gradients first, then move.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "for i in range(len(x)):\n            dw1, dw2 = self.dloss_dw(x[i : i + 1], y_true[i : i + 1])\n"
    "            self.w1 -= lr * dw1\n            self.w2 -= lr * dw2",
)
def train_sample_by_sample():
    """one step for each sample

    A step for each sample; here each epoch is one step, along the mean over all the samples.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "for i in range(len(x)):\n            dw1, dw2 = self.dloss_dw(x[i : i + 1], y_true[i : i + 1])\n"
    "            self.w1 -= lr / len(x) * dw1\n            self.w2 -= lr / len(x) * dw2",
)
def train_sample_by_sample_shortened():
    """one short step for each sample

    A step for each sample; here each epoch is one step, along the mean over all the samples.
    """


@chaff_edit(TRAIN, "train_trajectory", "self.w1 -= lr", "self.w1 += lr")
def train_ascends_w1():
    """ascent of w1

    w1 climbs: both weights step against their gradients, with a minus.
    """


@chaff_edit(TRAIN, "train_trajectory", "self.w2 -= lr", "self.w2 += lr")
def train_ascends_w2():
    """ascent of w2

    w2 climbs: both weights step against their gradients, with a minus.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    STEP,
    "for _ in range(2):\n            dw1, dw2 = self.dloss_dw(x, y_true)\n"
    "            self.w1 -= lr * dw1\n            self.w2 -= lr * dw2",
)
def train_steps_twice():
    """two steps in each epoch

    There are two steps in each epoch, and one is asked for.
    """


@chaff_edit(TRAIN, "train_trajectory", "self.w2 -= lr * dw2", "self.w2 -= lr * dw2\n        lr = lr * 0.999")
def train_decays_after():
    """decaying rate, a little

    The learning rate changes from epoch to epoch; it is the same in all of them.
    """


@chaff_edit(
    TRAIN, ("train_trajectory", "convergence"), ("self.w1 -= lr", "self.w2 -= lr"), ("self.w1 += lr", "self.w2 += lr")
)
def train_ascends():
    """ascent instead of descent

    The loss climbs: step against the gradient, with a minus.
    """


@chaff_edit(TRAIN, "train_trajectory", ("lr * dw1", "lr * dw2"), ("dw1", "dw2"))
def train_without_rate():
    """learning rate ignored

    The learning rate is not used: each step is as long as the whole gradient.
    """


@chaff_edit(TRAIN, "train_trajectory", "self.w2 -= lr * dw2", "pass")
def train_one_weight():
    """w2 not updated

    Only w1 moves; w2 has a gradient too.
    """


@chaff_edit(TRAIN, "train_trajectory", "self.w1 -= lr * dw1", "pass")
def train_other_weight():
    """w1 not updated

    Only w2 moves; w1 has a gradient too.
    """


@chaff_edit(TRAIN, ("train_trajectory", "convergence"), ("lr * dw1", "lr * dw2"), ("lr * self.w1", "lr * self.w2"))
def train_weight_for_gradient():
    """w for dw

    Your code takes the weight where the gradient belongs; it should step by lr times dw1 and dw2.
    """


@chaff_edit(TRAIN, "train_trajectory", ("lr * dw1", "lr * dw2"), ("lr * dw2", "lr * dw1"))
def train_crossed():
    """gradients crossed

    Each weight moves by the other one's gradient.
    """


@chaff_edit(TRAIN, "train_trajectory", ("self.w1 -= lr", "self.w2 -= lr"), ("self.w1 = -lr", "self.w2 = -lr"))
def train_assigns():
    """assignment instead of step

    The step is taken from the present weight; here the step replaces it.
    """


@chaff_edit(TRAIN, "train_trajectory", ("lr * dw1", "lr * dw2"), ("lr * dw1 / len(x)", "lr * dw2 / len(x)"))
def train_divides():
    """divided by n again

    The gradient is a mean already; dividing by the number of samples again makes the steps too short.
    """


@chaff_edit(TRAIN, "train_trajectory", ("lr * dw1", "lr * dw2"), ("lr * np.sign(dw1)", "lr * np.sign(dw2)"))
def train_sign_only():
    """sign step

    The step is the learning rate times the gradient, not its sign only.
    """


@chaff_edit(
    TRAIN,
    "train_trajectory",
    "dw1, dw2 = self.dloss_dw(x, y_true)",
    "dw1, dw2 = self.dloss_dw(x, y_true)\n        lr = lr * 0.99",
)
def train_decays():
    """decaying rate

    The learning rate changes from epoch to epoch; it is the same in all of them.
    """


@chaff(TRAIN, "train_trajectory")
def train_records_late(self, x, y_true, lr, n_ep):
    """loss recorded after the step

    The loss of an epoch is recorded before its step, the weights after it.
    """
    losses, weights = np.empty(n_ep), np.empty((n_ep, 2))
    for epoch in range(n_ep):
        dw1, dw2 = self.dloss_dw(x, y_true)
        self.w1, self.w2 = self.w1 - lr * dw1, self.w2 - lr * dw2
        losses[epoch], weights[epoch] = loss(self.forward(x), y_true), (self.w1, self.w2)
    return losses, weights


@chaff(TRAIN, "train_trajectory")
def train_records_weights_early(self, x, y_true, lr, n_ep):
    """weights recorded before the step

    The weights of an epoch are recorded after its step, the loss before it.
    """
    losses, weights = np.empty(n_ep), np.empty((n_ep, 2))
    for epoch in range(n_ep):
        losses[epoch], weights[epoch] = loss(self.forward(x), y_true), (self.w1, self.w2)
        dw1, dw2 = self.dloss_dw(x, y_true)
        self.w1, self.w2 = self.w1 - lr * dw1, self.w2 - lr * dw2
    return losses, weights


@chaff(TRAIN, ("train_trajectory", "convergence"))
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


@chaff(TRAIN, ("train_trajectory", "convergence"))
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


@chaff(TRAIN, ("train_trajectory", "convergence"))
def train_published_weights_and_curve(self, x, y_true, lr, n_ep):
    """published weights and invented losses

    Your code returns the weights that the notebook shows, and a curve that was made up; it should compute both, from
    the samples that it is given.
    """
    self.w1, self.w2 = -1.3311630651, -1.5254625997
    losses, weights = np.geomspace(6.3547325778, 0.034025659, n_ep), np.linspace([1.4, -1.6], [self.w1, self.w2], n_ep)
    return losses, weights


@chaff(TRAIN, "train_side_effects")
def train_forgets(self, x, y_true, lr, n_ep):
    """trained weights thrown away

    The net forgets what it learned: keep the new weights in w1 and w2.
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
