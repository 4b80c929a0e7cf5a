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


def random_problem(seed, n, d_in, h, d_out):
    """Unit normal numbers, drawn in this order: x (n, d_in), y (n, d_out), w1 (d_in, h), w2 (h, d_out)."""
    np.random.seed(seed)
    return tuple(np.random.randn(*shape) for shape in ((n, d_in), (n, d_out), (d_in, h), (h, d_out)))


def plot_relu():
    """ReLU and its slope."""
    figure, axes = plt.subplots(figsize=(7, 3))
    axes.plot([-3, 0, 3], [0, 0, 3], label="ReLU(z)")
    axes.plot([-3, 0, np.nan, 0, 3], [0, 0, np.nan, 1, 1], linestyle="--", label="its slope")
    axes.set(xlabel="z", ylabel="value", title="ReLU and its slope")
    axes.legend()
    figure.tight_layout()
    plt.show()


def plot_gradients(by_hand, numerical):
    """Heat maps of two gradients and of their difference."""
    figure, panels = plt.subplots(1, 3, figsize=(10, 3.4))
    size = np.abs(numerical).max()
    titles = ("Your backward", "Central differences", "Their difference")
    for axes, values, title in zip(panels, (by_hand, numerical, by_hand - numerical), titles, strict=True):
        limit = size if title != titles[2] else np.abs(values).max()
        image = axes.imshow(values, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto")
        figure.colorbar(image, ax=axes)
        axes.set(xlabel="column of w1 (hidden unit)", title=title)
    panels[0].set_ylabel("row of w1 (input)")
    figure.tight_layout()
    plt.show()


def plot_two_layer_losses(runs):
    """Losses against iterations, log scale. runs: a dict from the label to the losses."""
    figure, axes = plt.subplots(figsize=(7, 4))
    for (label, losses), style in zip(runs.items(), ("-", "--", ":"), strict=False):
        axes.semilogy(losses, linestyle=style, label=label)
    axes.set(xlabel="iteration", ylabel="loss", title="64 rows, 1000 inputs, 100 hidden, 10 outputs")
    axes.legend()
    figure.tight_layout()
    plt.show()


# The losses of the large run with a backward that has no ReLU mask: iterations 0, 20, ..., 480 and 499.
LOSSES_WITHOUT_MASK = [
    2.637e07,
    2.13e05,
    2.709e04,
    6281,
    1856,
    626,
    230.7,
    90.54,
    37.18,
    15.83,
    6.936,
    3.107,
    1.416,
    0.6542,
    0.3055,
    0.1439,
    0.06826,
    0.03254,
    0.01558,
    0.007483,
    0.003603,
    0.001739,
    0.0008405,
    0.0004069,
    0.0001972,
    9.918e-05,
]


def plot_with_and_without_mask(losses):
    """The student's 500 losses, and those recorded of a net whose backward has no ReLU mask, log scale."""
    figure, axes = plt.subplots(figsize=(7, 4))
    axes.semilogy(losses, label="your network")
    recorded = [*range(0, 500, 20), 499]
    axes.semilogy(recorded, LOSSES_WITHOUT_MASK, "o--", markersize=4, label="recorded: no mask in backward")
    axes.set(xlabel="iteration", ylabel="loss", title="A right and a wrong gradient")
    axes.legend()
    figure.tight_layout()
    plt.show()


def plot_first_losses(runs):
    """The first losses, each divided by its start. runs: a dict from the seed to the losses."""
    figure, axes = plt.subplots(figsize=(7, 4))
    colours = plt.cm.tab10(np.arange(len(runs)))
    for (seed, losses), colour in zip(runs.items(), colours, strict=True):
        axes.semilogy(losses / losses[0], ".-", color=colour, label=f"seed {seed}")
    axes.axhline(1, color="black", linestyle="--", label="the start")
    axes.set(xlabel="iteration", ylabel="loss / first loss", title="First losses", xticks=range(0, 20, 2))
    axes.legend(fontsize="small", loc="upper left", bbox_to_anchor=(1, 1))
    figure.tight_layout()
    plt.show()
