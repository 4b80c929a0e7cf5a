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

MISTAKES_IN_THE_LOSS = [
    chaff_edit("loss_sum", "loss", "np.mean(", "np.sum(", "loss_value",
               "The sum of the squares, where the mean is asked for.", "sum for mean"),
    chaff_edit("loss_half", "loss", "float(np.mean(", "float(0.5 * np.mean(", "loss_value",
               "Half the mean squared error. This loss has no one half.", "an extra one half"),
    chaff_edit("loss_root", "loss", "float(np.mean(", "np.sqrt(np.mean(", "loss_value",
               "That is the root of the mean squared error; leave the root out.", "root of the mean"),
    chaff_edit("loss_absolute", "loss", ("float(np.mean((", ") ** 2)"), ("float(np.mean(abs(", "))"), "loss_value",
               "The differences are not squared: that is the mean absolute error.", "absolute error"),
    chaff_edit("loss_of_sums", "loss", ("float(np.mean((", ") ** 2)"), ("float((np.mean(", ")) ** 2"), "loss_value",
               "Square each difference first, then take the mean.", "square of the mean"),
    chaff_edit("loss_one_less", "loss", ("np.mean(", ") ** 2)"), ("np.sum(", ") ** 2) / (len(y_true) - 1)"),
               "loss_value", "The sum is divided by one less than the number of samples: that is no mean.",
               "divided by n - 1"),
    chaff_edit("loss_relative", "loss", "y_true)) ** 2)", "y_true)) ** 2 / np.asarray(y_true) ** 2)",
               "loss_value", "The errors are divided by the targets; here they count as they are.", "relative error"),
    chaff_edit("loss_plus", "loss", ") - np.asarray(", ") + np.asarray(", "loss_value",
               "The error is a difference; here the two are added.", "sum of prediction and target"),
]  # fmt: skip


@chaff("loss", "loss_shapes", "Your code squares inside the caller's prediction; it should compute the error in an "
       "array of its own.")  # fmt: skip
def loss_in_place(y_prediction, y_true):
    """the caller's prediction squared in place"""
    if np.shape(y_prediction) != np.shape(y_true):
        raise ValueError("the shapes must be equal")
    y_prediction -= y_true
    y_prediction **= 2
    return float(np.mean(y_prediction))


@chaff("loss", "loss_shapes", "Shapes that differ must raise: otherwise (n,) and (n, 1) make an n by n table.")
def loss_without_guard(y_prediction, y_true):
    """no guard against shapes that differ"""
    return float(np.mean((np.asarray(y_prediction) - np.asarray(y_true)) ** 2))


@chaff("loss", "loss_shapes", "Compare the shapes, not the lengths: (n, 1) and (n,) have the same length.")
def loss_guards_length(y_prediction, y_true):
    """the guard compares lengths"""
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

MISTAKES_IN_FORWARD = [
    chaff_edit("forward_sum_of_weights", f"{NET}.forward", "x * self.w1 * self.w2", "x * (self.w1 + self.w2)",
               "forward_value", "The weights follow each other, so they multiply; here they are added.",
               "weights added"),
    chaff_edit("forward_one_weight", f"{NET}.forward", "x * self.w1 * self.w2", "x * self.w1", "forward_value",
               "Only the first weight is used: the hidden value still passes through w2.", "second weight missing"),
    chaff_edit("forward_second_only", f"{NET}.forward", "x * self.w1 * self.w2", "x * self.w2", "forward_value",
               "Only the second weight is used: x first passes through w1.", "first weight missing"),
    chaff_edit("forward_relu", f"{NET}.forward", "x * self.w1 * self.w2", "np.maximum(x * self.w1, 0) * self.w2",
               "forward_value", "This net is linear: no activation stands between the weights.", "an added ReLU"),
    chaff_edit("forward_tanh", f"{NET}.forward", "x * self.w1 * self.w2", "np.tanh(x * self.w1) * self.w2",
               "forward_value", "This net is linear: no activation stands between the two weights.", "an added tanh"),
    chaff_edit("forward_bias", f"{NET}.forward", "x * self.w1 * self.w2", "x * self.w1 + self.w2", "forward_value",
               "w2 is a weight, not a bias: multiply by it.", "second weight added as a bias"),
    chaff_edit("forward_square", f"{NET}.forward", "x * self.w1 * self.w2", "x * self.w1 * self.w1", "forward_value",
               "w1 is used twice, w2 not at all.", "w1 twice"),
    chaff_edit("forward_total", f"{NET}.forward", "x * self.w1 * self.w2", "np.sum(x * self.w1 * self.w2)",
               "forward_value", "One output for each x: nothing is summed.", "sum over the samples"),
    chaff_edit("forward_writes_x", f"{NET}.forward", "return x * self.w1 * self.w2",
               "x *= self.w1 * self.w2\nreturn x".replace("\n", "\n    "), "forward_side_effects",
               "x was changed in place: `x *= …` writes into the caller's array.", "in-place product"),
    chaff_edit("forward_divides", f"{NET}.forward", "x * self.w1 * self.w2", "x * self.w1 / self.w2",
               "forward_value", "The hidden value is multiplied by w2; here it is divided.", "division by w2"),
]  # fmt: skip

RIGHT_FORWARDS = [
    wheat_edit("forward_matmul", f"{NET}.forward", "x * self.w1 * self.w2",
               "(np.reshape(x, (-1, 1)) @ np.array([[self.w1]]) @ np.array([[self.w2]])).reshape(np.shape(x))"),
    wheat_edit("forward_product_first", f"{NET}.forward", "x * self.w1 * self.w2", "(self.w2 * self.w1) * x"),
    wheat_edit("forward_list", f"{NET}.forward", "x * self.w1 * self.w2",
               "np.array([self.w2 * (self.w1 * v) for v in x])"),
]  # fmt: skip

# ---------------------------------------------------------------- gradient

MISTAKES_IN_THE_GRADIENT = [
    chaff_edit("gradient_half", GRADIENT, ("(2 * error * x * self.w2", "(2 * error * x * self.w1"),
               ("(error * x * self.w2", "(error * x * self.w1"), "gradient_value",
               "Half the expected slope. Differentiate the square again.", "factor 2 missing"),
    chaff_edit("gradient_double", GRADIENT, ("(2 * error * x * self.w2", "(2 * error * x * self.w1"),
               ("(4 * error * x * self.w2", "(4 * error * x * self.w1"), "gradient_value",
               "Twice the expected slope. The square gives one factor 2, not two.", "factor 2 twice"),
    chaff_edit("gradient_sum", GRADIENT, ("mean(2 * error * x * self.w2", "mean(2 * error * x * self.w1"),
               ("sum(2 * error * x * self.w2", "sum(2 * error * x * self.w1"), "gradient_value",
               "Off by exactly the number of samples: the loss is a mean, so its gradient is a mean too.",
               "sum for mean"),
    chaff_edit("gradient_sign", GRADIENT, "self.forward(x) - y_true", "y_true - self.forward(x)", "gradient_value",
               "Right size, wrong direction. The error is the prediction minus the target.", "minus sign lost"),
    chaff_edit("gradient_swapped", GRADIENT, ("x * self.w2)", "x * self.w1)"), ("x * self.w1)", "x * self.w2)"),
               "gradient_value",
               "The two derivatives stand in each other's place: dloss/dw1 holds w2, and dloss/dw2 holds w1.",
               "w1 and w2 swapped"),
    chaff_edit("gradient_without_x", GRADIENT, ("error * x * self.w2", "error * x * self.w1"),
               ("error * self.w2", "error * self.w1"), "gradient_value",
               "The factor x is missing: the derivative of x w1 w2 by w1 is x w2.", "factor x missing"),
    chaff_edit("gradient_without_weight", GRADIENT, ("error * x * self.w2", "error * x * self.w1"),
               ("error * x", "error * x"), "gradient_value",
               "The chain has one link more: by w1, the other weight w2 stays as a factor.", "other weight missing"),
    chaff_edit("gradient_half_of_w1", GRADIENT, "2 * error * x * self.w2", "error * x * self.w2", "gradient_value",
               "dloss/dw1 is half of what is expected: the factor 2 of the square belongs to both derivatives.",
               "factor 2 missing in dw1"),
    chaff_edit("gradient_half_of_w2", GRADIENT, "2 * error * x * self.w1", "error * x * self.w1", "gradient_value",
               "dloss/dw2 is half of what is expected: the factor 2 of the square belongs to both derivatives.",
               "factor 2 missing in dw2"),
    chaff_edit("gradient_sign_of_w1", GRADIENT, "2 * error * x * self.w2", "-2 * error * x * self.w2",
               "gradient_value", "dloss/dw1 has the opposite sign; dloss/dw2 is right.", "minus sign lost in dw1"),
    chaff_edit("gradient_sign_of_w2", GRADIENT, "2 * error * x * self.w1", "-2 * error * x * self.w1",
               "gradient_value", "dloss/dw2 has the opposite sign; dloss/dw1 is right.", "minus sign lost in dw2"),
    chaff_edit("gradient_without_weight_in_w1", GRADIENT, "error * x * self.w2", "error * x", "gradient_value",
               "The chain has one link more: by w1, the other weight w2 stays as a factor.",
               "other weight missing in dw1"),
    chaff_edit("gradient_without_weight_in_w2", GRADIENT, "error * x * self.w1", "error * x", "gradient_value",
               "The chain has one link more: by w2, the other weight w1 stays as a factor.",
               "other weight missing in dw2"),
    chaff_edit("gradient_sum_of_w1", GRADIENT, "np.mean(2 * error * x * self.w2)", "np.sum(2 * error * x * self.w2)",
               "gradient_value", "dloss/dw1 is a sum over the samples; the loss is a mean, so both derivatives are.",
               "sum for mean in dw1"),
    chaff_edit("gradient_sum_of_w2", GRADIENT, "np.mean(2 * error * x * self.w1)", "np.sum(2 * error * x * self.w1)",
               "gradient_value", "dloss/dw2 is a sum over the samples; the loss is a mean, so both derivatives are.",
               "sum for mean in dw2"),
    chaff_edit("gradient_without_x_in_w1", GRADIENT, "error * x * self.w2", "error * self.w2", "gradient_value",
               "The factor x is missing in dloss/dw1: the derivative of x w1 w2 by w1 is x w2.",
               "factor x missing in dw1"),
    chaff_edit("gradient_without_x_in_w2", GRADIENT, "error * x * self.w1", "error * self.w1", "gradient_value",
               "The factor x is missing in dloss/dw2: the derivative of x w1 w2 by w2 is x w1.",
               "factor x missing in dw2"),
    chaff_edit("gradient_of_w1_twice", GRADIENT, "x * self.w1)", "x * self.w2)", "gradient_value",
               "Both derivatives hold w2; by w2, it is w1 that stays.", "the same weight in both"),
    chaff_edit("gradient_of_w2_twice", GRADIENT, "x * self.w2)", "x * self.w1)", "gradient_value",
               "Both derivatives hold w1; by w1, it is w2 that stays.", "the same weight in both"),
    chaff_edit("gradient_output_for_x", GRADIENT, ("error * x * self.w2", "error * x * self.w1"),
               ("error * self.forward(x)", "error * self.forward(x)"), "gradient_value",
               "Both weights stand in both derivatives. The weight that is differentiated by falls away; the other "
               "one stays.", "both weights kept in both derivatives"),
    chaff_edit("gradient_absolute", GRADIENT, ("2 * error * x * self.w2", "2 * error * x * self.w1"),
               ("np.sign(error) * x * self.w2", "np.sign(error) * x * self.w1"), "gradient_value",
               "Only the sign of the error counts here: that is the slope of the absolute error, not of the square.",
               "slope of the absolute error"),
    chaff_edit("gradient_own_weight_squared", GRADIENT, "np.mean(2 * error * x * self.w2)",
               "np.mean(2 * error * x * self.w1 * self.w2)", "gradient_value",
               "In dloss/dw1 w1 itself is differentiated away; only w2 stays.", "w1 kept in its own derivative"),
    chaff_edit("gradient_without_error", GRADIENT, ("2 * error * x * self.w2", "2 * error * x * self.w1"),
               ("x * self.w2", "x * self.w1"), "gradient_value",
               "That is the slope of the output, not of the loss: the error is missing as a factor.",
               "derivative of the output only"),
    chaff_edit("gradient_only_target", GRADIENT, "self.forward(x) - y_true", "y_true", "gradient_value",
               "The error is the prediction minus the target; here the target stands alone.", "prediction missing"),
    chaff_edit("gradient_product_of_means", GRADIENT,
               ("np.mean(2 * error * x * self.w2)", "np.mean(2 * error * x * self.w1)"),
               ("2 * np.mean(error) * np.mean(x) * self.w2", "2 * np.mean(error) * np.mean(x) * self.w1"),
               "gradient_value", "Multiply sample by sample first, then take the mean: a mean of products is no "
               "product of means.", "product of means"),
    chaff_edit("gradient_rounded", GRADIENT,
               ("float(np.mean(2 * error * x * self.w2))", "float(np.mean(2 * error * x * self.w1))"),
               ("round(np.mean(2 * error * x * self.w2), 4)", "round(np.mean(2 * error * x * self.w1), 4)"),
               "gradient_value", "Your code rounds the gradient to four places; it should return all its digits.",
               "gradient rounded to four places"),
    chaff_edit("gradient_first_sample", GRADIENT, "error = self.forward(x) - y_true",
               "x, y_true = x[:1], y_true[:1]\n    error = self.forward(x) - y_true", "gradient_value",
               "Only the first sample is used; every sample pulls on the weights.", "one sample only"),
]  # fmt: skip


@chaff(GRADIENT, "gradient_edges", "A row against a column makes a table, with a mean of its own: keep the two "
       "lines that compare the shapes.")  # fmt: skip
def gradient_without_guard(self, x, y_true):
    """shapes not compared"""
    error = self.forward(x) - y_true
    return float(np.mean(2 * error * x * self.w2)), float(np.mean(2 * error * x * self.w1))


@chaff(GRADIENT, "gradient_edges", "The prediction divided by a weight is 0 / 0 where that weight is 0: use x times "
       "the other weight.")  # fmt: skip
def gradient_divides(self, x, y_true):
    """division by a weight"""
    if np.shape(x) != np.shape(y_true):
        raise ValueError(f"the shapes {np.shape(x)} and {np.shape(y_true)} must be equal")
    prediction = self.forward(x)
    total = np.mean(2 * (prediction - y_true) * prediction)
    with np.errstate(all="ignore"):
        return float(np.divide(total, self.w1)), float(np.divide(total, self.w2))


@chaff(GRADIENT, "gradient_side_effects", "dloss_dw only tells the slope; moving the weights is the work of train.")
def gradient_moves_weights(self, x, y_true):
    """weights changed in dloss_dw"""
    if np.shape(x) != np.shape(y_true):
        raise ValueError("the shapes must be equal")
    error = self.forward(x) - y_true
    dw1, dw2 = float(np.mean(2 * error * x * self.w2)), float(np.mean(2 * error * x * self.w1))
    self.w1 -= 0.1 * dw1
    self.w2 -= 0.1 * dw2
    return dw1, dw2


@chaff(GRADIENT, "gradient_side_effects", "Your code returns its own buffer, so that the next call changes an earlier "
       "result; it should return a new one each time.")  # fmt: skip
def gradient_in_a_buffer(self, x, y_true):
    """the same buffer returned in every call"""
    if np.shape(x) != np.shape(y_true):
        raise ValueError("the shapes must be equal")
    if not hasattr(self, "buffer"):
        self.buffer = np.zeros(2)
    error = self.forward(x) - y_true
    self.buffer[:] = np.mean(2 * error * x * self.w2), np.mean(2 * error * x * self.w1)
    return self.buffer


@chaff(GRADIENT, "gradient_side_effects", "The second call remembers the first: start from zero in each call.")
def gradient_accumulates(self, x, y_true):
    """gradients of earlier calls are added"""
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
MISTAKES_IN_TRAIN = [
    chaff_edit("train_sequential", TRAIN, "self.w2 -= lr * dw2", "self.w2 -= lr * self.dloss_dw(x, y_true)[1]",
               "train_trajectory", "Both gradients belong to the weights before the step: compute both, then move.",
               "sequential update"),
    chaff_edit("train_sequential_same_error", TRAIN, STEP,
               "common = 2 * np.mean((self.forward(x) - y_true) * x)\n        self.w1 -= lr * common * self.w2\n"
               "        self.w2 -= lr * common * self.w1", "train_trajectory",
               "The step of w2 already takes the new w1: compute both gradients first, then move.",
               "new w1 in the step of w2"),
    chaff_edit("train_sequential_backwards", TRAIN, STEP,
               "self.w2 -= lr * self.dloss_dw(x, y_true)[1]\n        self.w1 -= lr * self.dloss_dw(x, y_true)[0]",
               "train_trajectory", "Both gradients belong to the weights before the step: compute both, then move.",
               "sequential update, w2 first"),
    chaff_edit("train_sequential_same_error_backwards", TRAIN, STEP,
               "common = 2 * np.mean((self.forward(x) - y_true) * x)\n        self.w2 -= lr * common * self.w1\n"
               "        self.w1 -= lr * common * self.w2", "train_trajectory",
               "The step of w1 already takes the new w2: compute both gradients first, then move.",
               "new w2 in the step of w1"),
    chaff_edit("train_sample_by_sample", TRAIN, STEP,
               "for i in range(len(x)):\n            dw1, dw2 = self.dloss_dw(x[i : i + 1], y_true[i : i + 1])\n"
               "            self.w1 -= lr * dw1\n            self.w2 -= lr * dw2", "train_trajectory",
               "A step for each sample; here each epoch is one step, along the mean over all the samples.",
               "one step for each sample"),
    chaff_edit("train_sample_by_sample_shortened", TRAIN, STEP,
               "for i in range(len(x)):\n            dw1, dw2 = self.dloss_dw(x[i : i + 1], y_true[i : i + 1])\n"
               "            self.w1 -= lr / len(x) * dw1\n            self.w2 -= lr / len(x) * dw2",
               "train_trajectory",
               "A step for each sample; here each epoch is one step, along the mean over all the samples.",
               "one short step for each sample"),
    chaff_edit("train_ascends_w1", TRAIN, "self.w1 -= lr", "self.w1 += lr", "train_trajectory",
               "w1 climbs: both weights step against their gradients, with a minus.", "ascent of w1"),
    chaff_edit("train_ascends_w2", TRAIN, "self.w2 -= lr", "self.w2 += lr", "train_trajectory",
               "w2 climbs: both weights step against their gradients, with a minus.", "ascent of w2"),
    chaff_edit("train_steps_twice", TRAIN, STEP,
               "for _ in range(2):\n            dw1, dw2 = self.dloss_dw(x, y_true)\n"
               "            self.w1 -= lr * dw1\n            self.w2 -= lr * dw2", "train_trajectory",
               "There are two steps in each epoch, and one is asked for.", "two steps in each epoch"),
    chaff_edit("train_decays_after", TRAIN, "self.w2 -= lr * dw2", "self.w2 -= lr * dw2\n        lr = lr * 0.999",
               "train_trajectory", "The learning rate changes from epoch to epoch; it is the same in all of them.",
               "decaying rate, a little"),
    chaff_edit("train_ascends", TRAIN, ("self.w1 -= lr", "self.w2 -= lr"), ("self.w1 += lr", "self.w2 += lr"),
               ("train_trajectory", "convergence"), "The loss climbs: step against the gradient, with a minus.",
               "ascent instead of descent"),
    chaff_edit("train_without_rate", TRAIN, ("lr * dw1", "lr * dw2"), ("dw1", "dw2"), "train_trajectory",
               "The learning rate is not used: each step is as long as the whole gradient.", "learning rate ignored"),
    chaff_edit("train_one_weight", TRAIN, "self.w2 -= lr * dw2", "pass", "train_trajectory",
               "Only w1 moves; w2 has a gradient too.", "w2 not updated"),
    chaff_edit("train_other_weight", TRAIN, "self.w1 -= lr * dw1", "pass", "train_trajectory",
               "Only w2 moves; w1 has a gradient too.", "w1 not updated"),
    chaff_edit("train_weight_for_gradient", TRAIN, ("lr * dw1", "lr * dw2"), ("lr * self.w1", "lr * self.w2"),
               ("train_trajectory", "convergence"),
               "Your code takes the weight where the gradient belongs; it should step by lr times dw1 and dw2.",
               "w for dw"),
    chaff_edit("train_crossed", TRAIN, ("lr * dw1", "lr * dw2"), ("lr * dw2", "lr * dw1"), "train_trajectory",
               "Each weight moves by the other one's gradient.", "gradients crossed"),
    chaff_edit("train_assigns", TRAIN, ("self.w1 -= lr", "self.w2 -= lr"), ("self.w1 = -lr", "self.w2 = -lr"),
               "train_trajectory", "The step is taken from the present weight; here the step replaces it.",
               "assignment instead of step"),
    chaff_edit("train_divides", TRAIN, ("lr * dw1", "lr * dw2"), ("lr * dw1 / len(x)", "lr * dw2 / len(x)"),
               "train_trajectory", "The gradient is a mean already; dividing by the number of samples again makes the "
               "steps too short.", "divided by n again"),
    chaff_edit("train_sign_only", TRAIN, ("lr * dw1", "lr * dw2"), ("lr * np.sign(dw1)", "lr * np.sign(dw2)"),
               "train_trajectory", "The step is the learning rate times the gradient, not its sign only.", "sign step"),
    chaff_edit("train_decays", TRAIN, "dw1, dw2 = self.dloss_dw(x, y_true)",
               "dw1, dw2 = self.dloss_dw(x, y_true)\n        lr = lr * 0.99", "train_trajectory",
               "The learning rate changes from epoch to epoch; it is the same in all of them.", "decaying rate"),
]  # fmt: skip


@chaff(TRAIN, "train_trajectory", "The loss of an epoch is recorded before its step, the weights after it.")
def train_records_late(self, x, y_true, lr, n_ep):
    """loss recorded after the step"""
    losses, weights = np.empty(n_ep), np.empty((n_ep, 2))
    for epoch in range(n_ep):
        dw1, dw2 = self.dloss_dw(x, y_true)
        self.w1, self.w2 = self.w1 - lr * dw1, self.w2 - lr * dw2
        losses[epoch], weights[epoch] = loss(self.forward(x), y_true), (self.w1, self.w2)
    return losses, weights


@chaff(TRAIN, "train_trajectory", "The weights of an epoch are recorded after its step, the loss before it.")
def train_records_weights_early(self, x, y_true, lr, n_ep):
    """weights recorded before the step"""
    losses, weights = np.empty(n_ep), np.empty((n_ep, 2))
    for epoch in range(n_ep):
        losses[epoch], weights[epoch] = loss(self.forward(x), y_true), (self.w1, self.w2)
        dw1, dw2 = self.dloss_dw(x, y_true)
        self.w1, self.w2 = self.w1 - lr * dw1, self.w2 - lr * dw2
    return losses, weights


@chaff(TRAIN, ("train_trajectory", "convergence"), "Your code returns the weights that the notebook shows; it should "
       "compute them, from the samples that it is given.")  # fmt: skip
def train_published_weights(self, x, y_true, lr, n_ep):
    """published weights"""
    losses, weights = np.empty(n_ep), np.empty((n_ep, 2))
    for epoch in range(n_ep):
        losses[epoch] = loss(self.forward(x), y_true)
        weights[epoch] = -1.3311630651, -1.5254625997
        self.w1, self.w2 = weights[epoch]
    return losses, weights


@chaff(TRAIN, ("train_trajectory", "convergence"), "Your code makes up a curve that falls; it should record the loss "
       "that the weights have in each epoch.")  # fmt: skip
def train_invented_curve(self, x, y_true, lr, n_ep):
    """invented losses"""
    losses, weights = np.geomspace(6.35, 0.034, n_ep), np.empty((n_ep, 2))
    for epoch in range(n_ep):
        dw1, dw2 = self.dloss_dw(x, y_true)
        self.w1, self.w2 = self.w1 - lr * dw1, self.w2 - lr * dw2
        weights[epoch] = self.w1, self.w2
    return losses, weights


@chaff(TRAIN, ("train_trajectory", "convergence"), "Your code returns the weights that the notebook shows, and a curve "
       "that was made up; it should compute both, from the samples that it is given.")  # fmt: skip
def train_published_weights_and_curve(self, x, y_true, lr, n_ep):
    """published weights and invented losses"""
    self.w1, self.w2 = -1.3311630651, -1.5254625997
    losses, weights = np.geomspace(6.3547325778, 0.034025659, n_ep), np.linspace([1.4, -1.6], [self.w1, self.w2], n_ep)
    return losses, weights


@chaff(TRAIN, "train_side_effects", "The net forgets what it learned: keep the new weights in w1 and w2.")
def train_forgets(self, x, y_true, lr, n_ep):
    """trained weights thrown away"""
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
