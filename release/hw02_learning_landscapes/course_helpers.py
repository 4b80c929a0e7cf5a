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


def gen_samples(n, a, sigma):
    """n points of the line y = a x, with normal noise of deviation sigma on y.

    sigma > 0 draws x uniformly from [0, 1); sigma = 0 spaces x evenly over [0, 1].
    Returns x (n,) and y (n,). Raises ValueError where n <= 0 or sigma < 0.
    """
    if n <= 0:
        raise ValueError(f"n must be positive, got {n}")
    if sigma < 0:
        raise ValueError(f"sigma must not be negative, got {sigma}")
    if sigma == 0:
        x = np.linspace(0, 1, n)
        return x, a * x
    x = np.random.rand(n)
    return x, a * x + np.random.normal(scale=sigma, size=n)


def two_weight_gradient(w1, w2, x, y):
    """The gradient of mean((w1 w2 x - y)^2): a pair of the shape of w1 and w2, which may be grids."""
    error = 2 * (w1 * w2 * np.mean(x * x) - np.mean(x * y))
    return error * w2, error * w1


def two_weight_path(start, x, y, lr, n_ep):
    """Gradient descent on both weights. Returns the path (n_ep + 1, 2) and each epoch's loss (n_ep,)."""
    path, losses = [np.array(start, dtype=float)], []
    for _ in range(n_ep):
        w1, w2 = path[-1]
        losses.append(np.mean((w1 * w2 * x - y) ** 2))
        path.append(path[-1] - lr * np.array(two_weight_gradient(w1, w2, x, y)))
    return np.array(path), np.array(losses)


_PATH_COLOURS = ("tab:red", "tab:orange", "magenta")


def plot_vector_field(loss_grid, x, y, paths):
    """Arrows along minus the gradient over contours of the log of the loss, with paths (n, 2) on top."""
    fine = np.linspace(-2, 2, 81)
    coarse = -1.9 + 0.2 * np.arange(20)
    w1, w2 = np.meshgrid(coarse, coarse, indexing="ij")
    down1, down2 = (-g for g in two_weight_gradient(w1, w2, x, y))
    figure, axes = plt.subplots(figsize=(7, 5.8))
    log_loss = np.log10(np.maximum(loss_grid(fine, fine, x, y), 1e-4))
    filled = axes.contourf(fine, fine, log_loss.T, levels=20, cmap="viridis")
    figure.colorbar(filled, label="log10 of the loss")
    axes.quiver(w1, w2, down1, down2, color="white", width=0.003)
    for path, colour in zip(paths, _PATH_COLOURS, strict=False):
        axes.plot(*path.T, ".-", color=colour, label=f"from ({path[0, 0]:g}, {path[0, 1]:g})")
        axes.plot(*path[-1], "o", color=colour, markeredgecolor="black")
    axes.plot(0, 0, "wX", markeredgecolor="black", markersize=9, label="saddle (0, 0)")
    axes.set(xlabel="w1", ylabel="w2", title="Where gradient descent goes", xlim=(-2, 2), ylim=(-2, 2))
    axes.legend(loc="lower left")
    figure.tight_layout()
    plt.show()


def plot_loss_surface(loss_grid, x, y, paths):
    """The loss over both weights as a surface, with paths (n, 2) on it."""
    values = np.linspace(-2, 2, 61)
    w1, w2 = np.meshgrid(values, values, indexing="ij")
    figure = plt.figure(figsize=(7, 5.8))
    axes = figure.add_subplot(projection="3d", computed_zorder=False)
    axes.plot_surface(w1, w2, loss_grid(values, values, x, y), cmap="viridis", alpha=0.7, zorder=1)
    for path, colour in zip(paths, _PATH_COLOURS, strict=False):
        heights = [loss_grid([a], [b], x, y)[0, 0] for a, b in path]
        label = f"from ({path[0, 0]:g}, {path[0, 1]:g})"
        axes.plot(*path.T, heights, ".-", color=colour, zorder=2, label=label)
    axes.set(xlabel="w1", ylabel="w2", zlabel="loss", title="The same landscape as a surface")
    axes.view_init(elev=48, azim=30)
    axes.set_box_aspect(None, zoom=0.9)
    axes.legend(loc="upper left", bbox_to_anchor=(-0.1, 0.95))
    plt.show()


def plot_chain_training(runs, title, threshold=0.01):
    """Losses against epochs on a log scale. runs: a dict from the label to the losses."""
    figure, axes = plt.subplots(figsize=(8.5, 4))
    colours = plt.cm.viridis(np.linspace(0, 0.9, len(runs)))
    for (label, losses), colour in zip(runs.items(), colours, strict=True):
        axes.semilogy(np.where(np.isfinite(losses), losses, np.nan), color=colour, label=label)
    axes.axhline(threshold, color="tab:red", linestyle="--", label=f"threshold {threshold:g}")
    axes.set(xlabel="epoch", ylabel="loss", title=title)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    figure.tight_layout()
    plt.show()


def plot_best_rates(n_weights, best_rates, fewest_epochs, largest_stable):
    """Two panels against the number of weights: the best rate with the stable ones' edge, and the epochs."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    left.plot(n_weights, best_rates, "o-", label="best of the rates tried")
    left.plot(n_weights, largest_stable, "--", color="tab:red", label="largest stable rate, by formula")
    left.set(xlabel="number of weights", ylabel="learning rate", title="The best learning rate")
    left.legend()
    right.semilogy(n_weights, fewest_epochs, "s-", color="tab:green", label="at the best rate")
    right.set(xlabel="number of weights", ylabel="epochs", title="Epochs until the loss stays below .01")
    right.legend()
    figure.tight_layout()
    plt.show()
