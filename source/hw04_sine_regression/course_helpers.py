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


def get_dataset(num):
    """num points of the sine: x (num, 1) uniform between -2 pi and 2 pi, y = sin x of the same shape."""
    x = np.random.uniform(-2 * np.pi, 2 * np.pi, (num, 1))
    return x, np.sin(x)


def plot_sigmoid(sigmoid, d_sigmoid):
    """The sigmoid and its slope."""
    x = np.linspace(-8, 8, 201)
    figure, axes = plt.subplots(figsize=(7, 3.5))
    axes.plot(x, sigmoid(x), label="sigmoid(x)")
    axes.plot(x, d_sigmoid(sigmoid(x)), label="its slope, at most 1/4")
    axes.set(xlabel="x", ylabel="value", title="The sigmoid and its slope")
    axes.legend()
    figure.tight_layout()
    plt.show()


def plot_sine_fit(model, train_set, test_set, title):
    """Training and test points with the curve that the model draws on 200 points."""
    x = np.linspace(-2 * np.pi, 2 * np.pi, 200).reshape(-1, 1)
    figure, axes = plt.subplots(figsize=(7, 4))
    axes.plot(x, np.sin(x), color="lightgrey", linewidth=4, label="sin x")
    axes.plot(x, model.forward(x), color="tab:red", label="the model")
    axes.scatter(*train_set, s=18, zorder=3, label="training points")
    axes.scatter(*test_set, s=45, marker="^", color="tab:green", zorder=3, label="test points")
    axes.set(xlabel="x", ylabel="y", title=title)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    figure.tight_layout()
    plt.show()


def plot_sine_losses(train_losses, test_losses):
    """Mean training and test loss against epochs, on a log scale."""
    epochs = 1 + np.arange(len(train_losses))
    figure, axes = plt.subplots(figsize=(7, 4))
    axes.semilogy(epochs, train_losses, label="training")
    axes.semilogy(epochs, test_losses, color="tab:green", label="test")
    axes.set(xlabel="epoch", ylabel="mean loss", title="Loss on training and test points")
    axes.legend()
    figure.tight_layout()
    plt.show()


def plot_batch_sizes(runs, n_rows):
    """Losses against epochs and against updates. runs: a dict from the batch size to the epochs' losses."""
    figure, panels = plt.subplots(1, 2, figsize=(10, 4), sharey=True)
    colours = plt.cm.viridis(np.linspace(0, 0.9, len(runs)))
    for (batch_size, losses), colour in zip(runs.items(), colours, strict=True):
        epochs = 1 + np.arange(len(losses))
        per_epoch = int(np.ceil(n_rows / batch_size))
        updates = epochs * per_epoch - (per_epoch - 1) / 2  # a mean over an epoch belongs to its middle
        for axes, steps in zip(panels, (epochs, updates), strict=True):
            axes.loglog(steps, losses, color=colour, label=f"batches of {batch_size}")
    panels[0].set(xlabel="epochs", ylabel="mean training loss", title="For the same number of passes")
    panels[1].set(xlabel="updates", title="For the same number of updates")
    for axes in panels:
        axes.legend()
    figure.tight_layout()
    plt.show()


def plot_sine_rates(runs, title):
    """Losses against epochs, log scale. runs: a dict from the learning rate to the losses of its epochs."""
    figure, axes = plt.subplots(figsize=(7, 4))
    colours = plt.cm.plasma(np.linspace(0, 0.85, len(runs)))
    for (rate, losses), colour in zip(runs.items(), colours, strict=True):
        axes.semilogy(1 + np.arange(len(losses)), losses, color=colour, label=f"rate {rate:g}")
    axes.set(xlabel="epoch", ylabel="mean training loss", title=title)
    axes.legend()
    figure.tight_layout()
    plt.show()
