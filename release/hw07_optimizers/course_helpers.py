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


def _show(value):
    try:
        return np.array2string(np.asarray(value), precision=8, separator=", ", threshold=20)
    except Exception:
        return repr(value)


def random_problem(seed, n, d_in, h, d_out):
    """Unit normal numbers, drawn in this order: x (n, d_in), y (n, d_out), w1 (d_in, h), w2 (h, d_out)."""
    np.random.seed(seed)
    return tuple(np.random.randn(*shape) for shape in ((n, d_in), (n, d_out), (d_in, h), (h, d_out)))


class Arrays:
    """The least that an optimizer needs: named arrays, and a gradient for each. Arrays(w=[1.0, 2.0])"""

    def __init__(self, **parameters):
        self.parameters = {name: np.array(values, dtype=float) for name, values in parameters.items()}
        self.gradients = {name: np.zeros_like(array) for name, array in self.parameters.items()}


def follow(optimizer, gradients):
    """Step an optimizer of Arrays(w=...) through a list of gradients of w. Returns w after each, (n, ...)."""
    path = []
    for gradient in gradients:
        optimizer.model.gradients["w"][...] = gradient
        optimizer.step()
        path.append(optimizer.model.parameters["w"].copy())
    return np.array(path)


def valley_path(optimizer, n_steps):
    """Step an optimizer of Arrays(w=(2,)) down the valley (w[0]^2 + 25 w[1]^2) / 2. Returns (n_steps + 1, 2)."""
    w, gradient = optimizer.model.parameters["w"], optimizer.model.gradients["w"]
    path = [w.copy()]
    for _ in range(n_steps):
        gradient[...] = w * (1, 25)
        optimizer.step()
        path.append(w.copy())
    return np.array(path)


def plot_valley(paths):
    """Paths over the contours of the valley. paths: a dict from the label to (n, 2)."""
    figure, panels = plt.subplots(1, len(paths), figsize=(3.2 * len(paths), 3.4), sharey=True)
    across, along = np.meshgrid(np.linspace(-2.4, 1.2, 80), np.linspace(-1.2, 1.2, 80))
    for axes, (label, path) in zip(panels, paths.items(), strict=True):
        axes.contour(across, along, (across**2 + 25 * along**2) / 2, levels=12, cmap="Greys", alpha=0.6)
        axes.plot(*path.T, ".-", markersize=4, label=f"{len(path) - 1} steps")
        axes.plot(0, 0, "k*", label="minimum")
        axes.set(xlabel="w[0]", title=label, xlim=(-2.4, 1.2), ylim=(-1.2, 1.2))
        axes.legend(loc="lower right", fontsize="small")
    panels[0].set_ylabel("w[1]")
    figure.tight_layout()
    plt.show()


def signal_through_layers(init, width=100, depth=10, rows=200):
    """The root mean square of the signal at the input and after each of `depth` ReLU layers, (depth + 1,).

    init: a function (d_in, d_out, rng). The random numbers are the same at every call.
    """
    rng = np.random.default_rng(0)
    signal = rng.standard_normal((rows, width))
    sizes = [np.sqrt(np.mean(signal**2))]
    for _ in range(depth):
        signal = np.maximum(signal @ init(width, width, rng), 0)
        sizes.append(np.sqrt(np.mean(signal**2)))
    return np.array(sizes)


def plot_signals(sizes):
    """The size of the signal against the layer, log scale. sizes: a dict from the label to (depth + 1,)."""
    figure, axes = plt.subplots(figsize=(7, 3.8))
    for label, values in sizes.items():
        axes.semilogy(values, ".-", label=label)
    axes.set(xlabel="layer", ylabel="root mean square", title="The signal on its way through ReLU layers")
    axes.legend()
    figure.tight_layout()
    plt.show()


def default_init(d_in, d_out):
    """PyTorch's default for a linear layer: W (d_in, d_out) and b (d_out,) uniform within 1/sqrt(d_in).

    Draws from NumPy's global generator.
    """
    bound = 1 / np.sqrt(d_in)
    return np.random.uniform(-bound, bound, (d_in, d_out)), np.random.uniform(-bound, bound, d_out)


def small_regression(init):
    """A small problem to learn: x (64, 4), y (64, 1), and a start (W1, b1, W2, b2) with 24 hidden units.

    init: a function (d_in, d_out, rng) for W1 and W2; the biases start at 0.
    """
    rng = np.random.default_rng(0)
    x = rng.standard_normal((64, 4))
    y = np.abs(x[:, :1]) + 0.5 * x[:, 1:2] * np.sign(x[:, 2:3])
    return x, y, (init(4, 24, rng), np.zeros(24), init(24, 1, rng), np.zeros(1))


def plot_starts(runs):
    """Losses of several runs, a panel for each optimizer. runs: title -> label -> losses."""
    figure, panels = plt.subplots(1, len(runs), figsize=(5 * len(runs), 4), sharey=True)
    for axes, (title, curves) in zip(panels, runs.items(), strict=True):
        for label, losses in curves.items():
            axes.semilogy(losses, label=label)
        axes.set(xlabel="step", title=title)
        axes.legend()
    panels[0].set_ylabel("loss, sum of squares")
    figure.tight_layout()
    plt.show()
