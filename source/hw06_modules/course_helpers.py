# Made by gradbook build from source/course_helpers.py: what this notebook uses.
"""Data, checks of your own numbers, and plots for the notebooks of the course."""

import matplotlib.pyplot as plt
import numpy as np


class NotRight(AssertionError):
    """What a check raises. Jupyter shows its message alone: the way through this file is of no interest."""

    def _render_traceback_(self):
        return [f"Not right yet: {self}"]


def check_close(call, returned, expected, rtol=1e-6, atol=1e-12):
    """Compare what a call returned with what was expected, and say the verdict in one line.

    call: the call as text, for the message, such as "forward(x)".
    returned, expected: numbers or arrays; the shapes must be equal too.
    Raises NotRight with the call, what came back and what was expected.
    """
    message = f"called {call}\n  it returned {_show(returned)}\n  expected    {_show(expected)}"
    if returned is None:
        raise NotRight(f"{message}\n  Is a return missing?")
    returned, expected = np.asarray(returned), np.asarray(expected)
    if returned.shape != expected.shape:
        raise NotRight(f"{message}\n  The shape is {returned.shape}, expected {expected.shape}.")
    if not np.allclose(returned, expected, rtol=rtol, atol=atol):
        raise NotRight(message)
    print(f"{call} is right.")


def numerical_gradient(function, at, h=1e-6):
    """The gradient of a scalar function by central differences.

    function: takes an array of the shape of `at`, returns a number.
    Returns an array of the shape of `at`; the error is of the order of h squared.
    """
    at = np.array(at, dtype=float)
    gradient = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[index] += h
        down[index] -= h
        gradient[index] = (function(up) - function(down)) / (2 * h)
    return gradient


def check_gradient(call, returned, function, at, rtol=1e-5, atol=1e-7):
    """Compare a gradient with central differences of `function` at the point `at`.

    Raises NotRight with both gradients where they differ.
    """
    check_close(call, returned, numerical_gradient(function, at), rtol=rtol, atol=atol)


def _show(value):
    try:
        return np.array2string(np.asarray(value), precision=8, separator=", ", threshold=20)
    except Exception:
        return repr(value)


def set_seed(seed):
    """Seed NumPy's legacy global generator, whose stream is the same in every NumPy version."""
    np.random.seed(seed)


def check_backward(model, x):
    """Check a model's gradients of its parameters and of its input against central differences.

    The loss is sum(upstream * model(x)) with a random upstream. Leaves the gradients at 0 and the
    parameters as they were. Raises AssertionError where a gradient is wrong.
    """
    name = type(model).__name__
    upstream = np.random.randn(*model(x).shape)
    for gradient in model.gradients.values():
        gradient[...] = 0
    model(x)
    input_gradient = model.backward(upstream.copy())
    check_gradient(f"{name}.backward(grad)", input_gradient, lambda at: np.sum(upstream * model(at)), x)
    for key, parameter in model.parameters.items():
        saved = parameter.copy()

        def loss(at, parameter=parameter):
            parameter[...] = at
            return np.sum(upstream * model(x))

        check_gradient(f'{name}.gradients["{key}"]', model.gradients[key], loss, saved)
        parameter[...] = saved
    for gradient in model.gradients.values():
        gradient[...] = 0


def line_data():
    """Ten points about the line 3 x - 1 with unit normal noise: x, y and the truth, each (10, 1).

    Seeds NumPy's global generator with 0; the next number drawn is the eleventh.
    """
    set_seed(0)
    x = np.arange(0, 5, 0.5).reshape(-1, 1)
    truth = 3 * x - 1
    return x, truth + np.random.randn(10, 1), truth


def fit_line_by_sums(x, y, a, b, lr, n_steps):
    """Gradient descent for y = a x + b without any network: four sums over the data are all it needs.

    The loss is half the mean squared error. Returns (a, b) after n_steps.
    """
    n, sum_x, sum_y, sum_xy, sum_xx = x.size, np.sum(x), np.sum(y), np.sum(x * y), np.sum(x * x)
    for _ in range(n_steps):
        slope_a = (a * sum_xx + b * sum_x - sum_xy) / n
        slope_b = (a * sum_x + b * n - sum_y) / n
        a, b = a - lr * slope_a, b - lr * slope_b
    return a, b


def plot_line_fit(x, y, truth, prediction, losses):
    """The data with the true and the fitted line; the losses of the fit."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
    left.plot(x, y, "o", color="black", label="data")
    left.plot(x, truth, "--", label="truth, 3 x - 1")
    left.plot(x, prediction, label="prediction")
    left.set(xlabel="x", ylabel="y", title="A line through ten points")
    left.legend()
    right.semilogy(losses, label="half the mean squared error")
    right.set(xlabel="step", ylabel="loss", title="Its loss")
    right.legend(loc="upper right")
    figure.tight_layout()
    plt.show()


def plot_rates(rates, first_loss, last_losses):
    """The loss after the last step against the learning rate, with the first loss for comparison."""
    figure, axes = plt.subplots(figsize=(7, 3.8))
    axes.semilogy(rates, last_losses, "o-", label="loss after 200 steps")
    axes.axhline(first_loss, linestyle="--", color="black", label="first loss")
    axes.set(xlabel="learning rate", ylabel="loss", title="Which rates can the line fit bear?", xticks=rates)
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    plt.show()


def plot_difference_error():
    """The error of one-sided and central differences of tanh at 0.7 against the step size."""
    steps = 10.0 ** np.arange(-13, 0, 0.25)
    at, exact = 0.7, 1 - np.tanh(0.7) ** 2
    one_sided = np.abs((np.tanh(at + steps) - np.tanh(at)) / steps - exact)
    central = np.abs((np.tanh(at + steps) - np.tanh(at - steps)) / (2 * steps) - exact)
    figure, axes = plt.subplots(figsize=(7, 3.8))
    axes.loglog(steps, one_sided, ".-", label="(f(x + h) - f(x)) / h")
    axes.loglog(steps, central, ".-", label="(f(x + h) - f(x - h)) / (2 h)")
    axes.set(xlabel="step h", ylabel="error of the slope", title="Too large a step, or too small")
    axes.legend()
    figure.tight_layout()
    plt.show()


class Scaling:
    """y = x * s with one factor s for each column: a layer to try a gradient checker on.

    fault: None for a right backward, or one of `faults`.
    """

    faults = ("sign", "entry", "input", "missing", "shape")

    def __init__(self, columns, fault=None):
        self.parameters = {"s": np.random.uniform(0.5, 2, size=columns)}
        self.gradients = {"s": np.zeros(columns)}
        self.fault = fault

    def forward(self, x):
        self.x = x
        return x * self.parameters["s"]

    def __call__(self, x):
        return self.forward(x)

    def backward(self, grad):
        grad_s, grad_x = np.sum(grad * self.x, axis=0), grad * self.parameters["s"]
        if self.fault == "sign":
            grad_s = -grad_s
        if self.fault == "entry":
            grad_s[-1] *= 1.01
        if self.fault == "input":
            grad_x[0, -1] *= -1
        if self.fault == "missing":
            self.gradients["s"] = None
        elif self.fault == "shape":
            self.gradients["s"] = grad_s.reshape(1, -1)
        else:
            self.gradients["s"] += grad_s
        return grad_x


class Magnitude:
    """y = |x|, a right layer with a kink at 0."""

    def __init__(self):
        self.parameters, self.gradients = {}, {}

    def forward(self, x):
        self.sign = np.sign(x)
        return np.abs(x)

    def __call__(self, x):
        return self.forward(x)

    def backward(self, grad):
        return grad * self.sign
