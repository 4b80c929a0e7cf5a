"""Data, checks of your own numbers, and plots for the notebooks of the course."""

# What a notebook uses of this file is put beside it by `gradbook build`, without the comments that stand apart.
# Imports here are of NumPy and Matplotlib only.

import matplotlib.pyplot as plt
import numpy as np

# ---------------------------------------------------------------- checking your own numbers


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


def check_raises(call, function):
    """Make sure that a call raises: `function` takes no arguments.

    Raises NotRight where it returns, and lets NotImplementedError of an unwritten stub through.
    """
    try:
        returned = function()
    except NotImplementedError:
        raise
    except Exception:
        print(f"{call} raises, as it should.")
        return
    raise NotRight(f"called {call}\n  it returned {_show(returned)}\n  expected    an exception")


def _show(value):
    try:
        return np.array2string(np.asarray(value), precision=8, separator=", ", threshold=20)
    except Exception:
        return repr(value)


# ---------------------------------------------------------------- data


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


# ---------------------------------------------------------------- hw01_shallow_narrow


def plot_tangents(loss, weights, gradient):
    """The loss along each weight, and the line whose slope is the gradient that was computed.

    loss: takes the weights (2,), returns a number. weights, gradient: two numbers each.
    """
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.2), sharey=True)
    for index, axis in enumerate(axes):
        steps = np.linspace(-0.6, 0.6, 61)
        curve = []
        for step in steps:
            moved = np.array(weights, dtype=float)
            moved[index] += step
            curve.append(loss(moved))
        here = loss(np.array(weights, dtype=float))
        axis.plot(weights[index] + steps, curve, label="loss")
        axis.plot(weights[index] + steps, here + gradient[index] * steps, "--", label="your slope")
        axis.plot(weights[index], here, "o", color="black", label="present weights")
        axis.set(xlabel=f"$w_{index + 1}$", title=f"along $w_{index + 1}$")
        axis.legend()
    axes[0].set_ylabel("mean squared error")
    figure.tight_layout()
    plt.show()


def plot_training(x, y, x_eval, y_eval, losses, path):
    """Three panels: data and fit; loss against epochs; both weights against epochs.

    x, y: the samples (n,). x_eval, y_eval: the fitted line. losses (n_ep,), path (n_ep, 2).
    """
    with _sketched():
        figure, axes = plt.subplots(1, 3, figsize=(12, 3.6))
        axes[0].scatter(x, y, s=14, label="data", color="tab:gray")
        axes[0].plot(x_eval, y_eval, label="net", color="tab:blue")
        axes[0].set(xlabel="x", ylabel="y", title="data and fit")
        axes[0].legend()
        axes[1].plot(losses, color="tab:orange")
        axes[1].set(xlabel="epoch", ylabel="mean squared error", title="loss")
        axes[2].plot(path[:, 0], label="$w_1$")
        axes[2].plot(path[:, 1], label="$w_2$")
        axes[2].axhline(0, color="tab:gray", linewidth=0.8)
        axes[2].set(xlabel="epoch", ylabel="weight", title="weights")
        axes[2].legend()
        figure.tight_layout()
        plt.show()


def _sketched():
    """Matplotlib's hand-drawn style where one of its fonts is installed, else the normal one."""
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    if installed & {"xkcd", "xkcd Script", "Humor Sans", "Comic Neue", "Comic Sans MS"}:
        return plt.xkcd()
    return plt.rc_context()


# ---------------------------------------------------------------- hw02_learning_landscapes


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


# ---------------------------------------------------------------- hw03_linear_chain


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


# ---------------------------------------------------------------- hw04_sine_regression


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


# ---------------------------------------------------------------- hw05_two_layer_relu


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


# ---------------------------------------------------------------- hw06_modules


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


# ---------------------------------------------------------------- hw07_optimizers


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


# ---------------------------------------------------------------- hw08_numpy_to_pytorch


def plot_runs(runs, title, xlabel="iteration"):
    """Losses on a log scale. runs: a dict from the label to the losses."""
    figure, axes = plt.subplots(figsize=(7, 4))
    for label, losses in runs.items():
        axes.semilogy(losses, label=label)
    axes.set(xlabel=xlabel, ylabel="loss", title=title)
    axes.legend()
    figure.tight_layout()
    plt.show()


def plot_five_ways(double, single, reference):
    """The losses of each way beside those of NumPy, and below how far they are apart.

    double, single: dicts from the way's name to its losses in float64 and float32. reference: NumPy's losses.
    """
    figure, rows = plt.subplots(2, len(double), figsize=(3 * len(double), 5.6), sharex=True, sharey="row")
    for (name, losses), top, bottom in zip(double.items(), *rows, strict=True):
        top.semilogy(reference, color="lightgrey", linewidth=6, label="NumPy")
        top.semilogy(losses, color="tab:blue", label=name)
        top.set_title(name)
        top.legend(fontsize="small")
        for run, label, colour in ((single[name], "float32", "tab:orange"), (losses, "float64", "tab:blue")):
            apart = np.abs(np.subtract(run, reference)) / reference
            bottom.semilogy(np.maximum(apart, 1e-17), color=colour, label=label)
        for tolerance, style in ((1e-4, ":"), (1e-12, "--")):
            bottom.axhline(tolerance, color="black", linestyle=style, linewidth=0.8, label=f"{tolerance:.0e}")
        bottom.set_xlabel("iteration")
        bottom.legend(fontsize="x-small", loc="center right")
    rows[0, 0].set_ylabel("loss")
    rows[1, 0].set(ylabel="relative difference to NumPy", ylim=(1e-17, 10))
    figure.tight_layout()
    plt.show()


def plot_objectives(runs, floor=1e-16):
    """Losses against epochs, on a linear and a log scale. runs: a dict from the label to the losses."""
    figure, panels = plt.subplots(1, 2, figsize=(10, 3.8))
    for label, losses in runs.items():
        panels[0].plot(losses, ".-", label=label)
        panels[1].semilogy(np.maximum(losses, floor), ".-", label=label)
    panels[0].set(xlabel="epoch", ylabel="loss", title="Two objectives for one net")
    panels[1].set(xlabel="epoch", ylabel=f"loss, kept above {floor:g}", title="The same on a log scale")
    for axes in panels:
        axes.legend()
    figure.tight_layout()
    plt.show()
