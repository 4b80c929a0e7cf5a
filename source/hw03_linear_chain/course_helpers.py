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


def draw_chain(x, z, delta):
    """The neurons of a chain of matrices, with what each puts out (z) and its error signal (delta)."""
    layers = [x, *z]
    centred = {"ha": "center", "va": "center"}
    figure, axes = plt.subplots(figsize=(8.5, 3.8))
    rows = [(len(layer) - 1) / 2 - np.arange(len(layer)) for layer in layers]
    for i in range(len(z)):
        for high in rows[i]:
            for low in rows[i + 1]:
                axes.plot([i, i + 1], [high, low], color="lightgrey", zorder=1)
    for i, layer in enumerate(layers):
        axes.scatter(np.full(len(layer), i), rows[i], s=1900, color="white", edgecolors="black", zorder=2)
        for j, value in enumerate(layer):
            axes.text(i, rows[i][j] + (0.1 if i else 0), f"{value:.3g}", color="tab:blue", **centred)
            if i:
                axes.text(i, rows[i][j] - 0.14, f"{delta[i - 1][j]:.3g}", color="tab:red", **centred)
    axes.plot([], [], "s", color="tab:blue", label="forward: x and z")
    axes.plot([], [], "s", color="tab:red", label="backward: delta")
    names = ["x", *(f"layer {i}" for i in range(len(z)))]
    height = max(len(layer) for layer in layers) / 2 + 0.1
    axes.set(xticks=range(len(layers)), xticklabels=names, yticks=[], ylim=(-height, height))
    axes.set(xlim=(-0.4, len(z) + 0.4), xlabel="layer", ylabel="neurons", title="What each neuron holds")
    axes.legend(loc="lower left")
    figure.tight_layout()
    plt.show()


def plot_rate_curves(runs, title):
    """Losses against steps on a log scale, a line for each learning rate. runs: a dict, rate to losses."""
    figure, axes = plt.subplots(figsize=(8.5, 4))
    colours = plt.cm.plasma(np.linspace(0, 0.85, len(runs)))
    for (eta, losses), colour in zip(runs.items(), colours, strict=True):
        axes.semilogy(np.clip(losses, 1e-16, 1e6), color=colour, label=f"eta = {eta:g}")
    axes.set(xlabel="step", ylabel="loss, kept above 1e-16", title=title, ylim=(1e-17, 1e6))
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    figure.tight_layout()
    plt.show()


def plot_final_losses(rates, runs):
    """The last loss against the learning rate. runs: a dict from the label to one loss for each rate."""
    figure, axes = plt.subplots(figsize=(7, 4))
    for (label, finals), marker in zip(runs.items(), "os", strict=False):
        finals = np.clip(np.nan_to_num(finals, nan=1e6, posinf=1e6), 1e-16, 1e6)
        axes.semilogy(rates, finals, marker + "-", label=label)
    axes.axhline(1e-6, color="tab:red", linestyle="--", label="1e-6: converged")
    axes.set(xlabel="learning rate", ylabel="50th loss, within 1e-16 and 1e6", title="Which rates converge")
    axes.legend()
    figure.tight_layout()
    plt.show()
