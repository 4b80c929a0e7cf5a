"""Data, checks of your own numbers, and plots for the notebooks of the course."""

# What a notebook uses of this file is put beside it by `gradbook build`, without the comments that stand apart.
# Imports here are of the standard library, NumPy and Matplotlib only.

import logging
import sys

if sys.platform == "emscripten":  # a browser, where Matplotlib warns of fonts
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

import matplotlib.pyplot as plt
import numpy as np

# Told apart by the colour-blind, too (M. Okabe, K. Ito, 2008), and in grey by their lightness.
BLUE, RED, GREEN, ORANGE, PURPLE, GREY = "#0072b2", "#d55e00", "#009e73", "#e69f00", "#aa4499", "#7a8594"
# One style for all figures of the course.
plt.rcParams.update(
    {
        "axes.prop_cycle": plt.cycler(color=[BLUE, RED, GREEN, PURPLE, ORANGE, GREY]),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": GREY,
        "axes.titlelocation": "left",
        "axes.titlesize": 12,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#e6e9ee",
        "legend.frameon": False,
        "lines.linewidth": 1.8,
        "image.cmap": "viridis",
        "figure.dpi": 110,
    }
)

# ---------------------------------------------------------------- checking your own numbers


class NotRight(AssertionError):
    """What a check raises. Jupyter shows its message alone."""

    def _render_traceback_(self):
        return [f"Not right yet: {self}"]


class checking:
    """Stands around a check: says what is not there yet, and which argument was changed.

    given: arrays or lists of them, by name. Their lengths tell a sum from a mean.
    """

    given = {}  # of the check that runs: name -> arrays, as they were

    def __init__(self, what, **given):
        self.what, self.arguments = what, given

    def __enter__(self):
        checking.given = {name: [np.array(a) for a in _arrays(v)] for name, v in self.arguments.items()}

    def __exit__(self, kind, error, trace):
        before, checking.given = checking.given, {}
        changed = _what_changed(self.arguments, before)
        said = changed and f"{error or self.what}\n  {changed}"
        if kind not in (None, NotRight, AssertionError):
            said = _what_comes_first(error, trace)
        elif kind is AssertionError and trace.tb_next is None:  # the check's own
            said = said or str(error)
        if said:
            raise NotRight(said) from None


def _arrays(value):
    """A value as arrays: one, or those of a list."""
    if isinstance(value, (list, tuple)):
        return [array for item in value for array in _arrays(item)]
    return [np.asarray(value.detach() if hasattr(value, "detach") else value)]


def _what_changed(arguments, before):
    """The first argument that was changed, in words. It gets its numbers back, for the next run."""
    for name, value in arguments.items():
        for now, was in zip(_arrays(value), before[name], strict=False):
            off = (now != was) & (was == was) if now.shape == was.shape else np.True_
            if off.any():
                table = ""
                if now.shape == was.shape:
                    table = _table(now, was, off, ("after", "before"))
                    now[...] = was
                return f"Your code changed {name}, which it was given; it should leave it as it was.{table}"
    return ""


def _what_comes_first(error, trace):
    """What is not there yet, in words; "" where an error has another reason, and goes its way."""
    check = trace.tb_frame
    while trace.tb_next:
        trace = trace.tb_next
    frame, owner = trace.tb_frame, type(getattr(error, "obj", 0))
    in_check = frame.f_code.co_filename == check.f_code.co_filename
    place = "" if in_check else f" in line {trace.tb_lineno} of the cell with {frame.f_code.co_name}"
    todo = "\n  Write it, run the cell that it stands in, then this one."
    if isinstance(error, NotImplementedError) and frame.f_globals is check.f_globals:  # a stub's, not a library's
        name = str(error) or frame.f_code.co_name
        return f"{name} still raises NotImplementedError.{todo} Your lines go in the place of that line."
    if type(error) is NameError and frame.f_globals is check.f_globals:
        own = f" Should it be self.{error.name}?" * hasattr(frame.f_locals.get("self"), error.name)
        return f"{error.name} is not defined{place}.{own}\n  Run the cell that defines it, then this one."
    if isinstance(error, AttributeError) and in_check and owner.__module__ == check.f_globals["__name__"]:
        return f"{owner.__name__} has no {error.name}.{todo}"
    if isinstance(error, (AttributeError, TypeError)) and in_check and "NoneType" in str(error):
        return "Your result is None; it should have a value. Is a return missing?"
    return ""


def _say_what_is_unwritten(shell, kind, error, trace, tb_offset=None):
    """In the place of a traceback, where any cell runs into a function that is not written yet."""
    said = _what_comes_first(error, trace.tb_next)
    shell.showtraceback((NotRight, NotRight(said), trace) if said else (kind, error, trace), tb_offset=tb_offset)


if "IPython" in sys.modules and sys.modules["IPython"].get_ipython():
    sys.modules["IPython"].get_ipython().set_custom_exc((NotImplementedError,), _say_what_is_unwritten)


def check_close(call, returned, expected, rtol=1e-6, atol=1e-12, hints=()):
    """Compare what a call returned with what was expected, and say the verdict.

    call: the call as text, such as "forward(x)".
    returned, expected: numbers or arrays; the shapes must be equal too.
    hints: a dict from a question, such as "Is the mask missing?", to the wrong result at which it is asked.
    Raises NotRight with what the numbers show of the difference.
    """
    right = np.asarray(expected)
    try:
        yours = np.asarray(returned)
    except Exception:  # lists of unequal lengths
        yours = np.asarray(None)
    if yours.dtype.kind not in "biuf" or yours.shape != right.shape:
        both = f"  yours     {_show(returned)}\n  expected  {_show(expected)}"
        raise NotRight(f"{call}\n  Your result {_other_kind(returned, yours, right)}\n{both}")
    off = ~np.isclose(yours, right, rtol=rtol, atol=atol)
    if off.any():
        with np.errstate(all="ignore"):
            asked = (question for question in hints if _same(yours, np.asarray(hints[question])))
            said = next(asked, "") or next((f"Your {fact}" for fact in _facts(yours, right, off)), "")
        raise NotRight(call + (said and f"\n  {said}") + _table(yours, right, off))
    print(f"{call} is right.")


def _same(a, b):
    """Whether all are equal, strictly: no fact fits by chance."""
    size = np.max(np.abs(b), initial=0)
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-5, atol=1e-10 * size)


def _other_kind(returned, yours, right):
    is_, ought = (f"an array of shape {a.shape}" if a.ndim else "one number" for a in (yours, right))
    if returned is None:
        return f"is None; it should be {ought}. Is a return missing?"
    if yours.dtype.kind not in "biuf":
        return f"is not made of numbers (dtype {yours.dtype}); it should be {ought}."
    also = {" Its mean is right.": np.mean(yours)} if yours.size else {}
    if yours.size == right.size:
        also |= {" It is transposed.": yours.T, " The numbers are right.": yours.reshape(right.shape)}
    return f"is {is_}; it should be {ought}." + next((text for text, made in also.items() if _same(made, right)), "")


def _facts(yours, right, off):
    """What the numbers show of the difference; the first is told."""
    kinds, first = yours.dtype.kind + right.dtype.kind, np.argwhere(off)[0]
    if kinds[0] == "b" != kinds[1]:
        yield "result holds True and False; it should hold numbers."
    if "b" in kinds or _same(yours, right):
        return
    if not np.isfinite(yours).all():
        yield "result is nan or inf where it should be finite."
    if yours.any() and (right != np.rint(right)).any() and (yours == np.trunc(right)).all():
        yield f"result holds whole numbers (dtype {yours.dtype}); it should keep what stands after the point."
    yield from _times(yours, right, "result")
    if right.ndim == 2 and _same(yours.T, right):
        yield "result is transposed; its rows should be its columns."
    if right.size > 1 and _same(np.sort(yours, axis=None), np.sort(right, axis=None)):
        yield "result has the right numbers in other places; each should stand as below."
    if right.ndim and (yours == yours[:1]).all() and not (right == right[:1]).all():
        yield f"result is the same in every {'row' if off.ndim > 1 else 'entry'}; it should differ."
    if off.sum() == 1 < off.size:
        yield f"result differs in entry {first.tolist()} only; it should be as below there."
    for axis, word in ((1, "row"), (0, "column")) if off.ndim == 2 else ():
        if off.any(axis).sum() == 1 < off.shape[1 - axis]:
            yield f"result differs in {word} {first[1 - axis]} only, counted from 0; it should be as below there."
    for name, arrays in checking.given.items():
        for start in arrays:
            if start.shape == off.shape:
                yield from _times(yours - start, right - start, f"change of {name}")


def _times(yours, right, what):
    """Whether one is the other times 0, -1, 2, a length of an argument, or what several entries show."""
    places = " in every entry" if right.size > 1 else ""
    if not yours.any() and right.any():
        yield f"{what} is zero{places}; it should not be."
    if _same(np.abs(yours), np.abs(right)) and not _same(yours, right):
        places = places if _same(yours, -right) else " in some entries"
        yield f"{what} has the right size, but the opposite sign{places}; it should have the other."
    at, nonzero = np.abs(right).argmax(), right[right != 0]
    by = yours.flat[at] / (right.flat[at] or 1) or 1
    times, sign = max(abs(by), 1 / abs(by)), "has the opposite sign and " if by < 0 else ""
    lengths = ((n, name) for name, arrays in checking.given.items() for a in arrays for n in (*a.shape, a.size))
    n, name = next(((n, name) for n, name in lengths if n > 1 and abs(by / n - 1) * abs(by * n - 1) < 1e-5), (0, ""))
    several = nonzero.size > 1 and np.ptp(nonzero) > 1e-5 * np.abs(right).max()
    if (n or several or abs(times - 2) < 1e-5) and times > 1.0001 and _same(yours, by * right):
        words = ("large", "divided by", "sum for a mean"), ("small", "times", "mean for a sum")
        large, divided, wrong = words[int(abs(by) < 1)]
        more = f" {n} is a length of {name}: is it a {'factor 2, or a ' * (n == 2)}{wrong}?" if n else ""
        ought = f"it should be that {divided} {np.sign(by) * times:.4g}.{more}"
        yield f"{what} {sign}is {times:.4g} times too {large}{places}; {ought}"


def _table(yours, right, off, names=("yours", "expected")):
    """Both side by side, != behind what differs; of a large array the lines about the first."""
    rows = right.ndim > 1 and right.shape[-1] < 5  # else an entry a line
    flat = [a.reshape(-1, right.shape[-1] if rows else 1) for a in (yours, right, off)]
    begin = max(0, min(np.argwhere(flat[2])[0][0] - 2, len(flat[2]) - 8))
    mine, ought, marks = (a[begin : begin + 8] for a in flat)
    shown = np.vectorize(lambda v, digits: f"{v + 0:.{digits}g}" if type(v) in (int, float) else str(v))  # + 0: no -0
    for digits in (6, 9, 12, 17):
        texts = shown(mine, digits), shown(ought, digits)
        if (texts[0] != texts[1])[marks].all():
            break
    wide = max(map(len, np.ravel(texts)))
    lines = [("", *names)]
    for i, (mine, ought, differs) in enumerate(zip(*texts, marks, strict=True), begin):
        index = np.unravel_index(i, right.shape[:-1] if rows else right.shape)
        left = (f"{text:>{wide}} {'!=' if d else '  '}" for text, d in zip(mine, differs, strict=True))
        label = f"[{', '.join(map(str, index))}]" if right.ndim else ""
        bar = "| " * (len(differs) > 1)
        lines.append((label, "  ".join(left), bar + "  ".join(text.rjust(wide) for text in ought)))
    pads = [max(len(line[k]) for line in lines) for k in (0, 1)]
    text = "".join(f"\n  {a:<{pads[0]}}  {b:<{pads[1]}}  {c}".rstrip() for a, b, c in lines)
    return text + f"\n  {off.sum()} of {off.size} entries differ." * (marks.size < off.size)


def numerical_gradient(function, at, step=1e-6):
    """The gradient of a scalar function by central differences.

    function: takes an array of the shape of `at`, returns a number.
    Returns an array of the shape of `at`; the error is of the order of the step squared.
    """
    at = np.array(at, dtype=float)
    gradient = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = (function(up) - function(down)) / (2 * step)
    return gradient


def check_gradient(call, returned, function, at, rtol=1e-5, atol=1e-7):
    """Compare a gradient, as check_close does, with central differences of `function` at the point `at`."""
    gradient = np.round(numerical_gradient(function, at), 9)  # the rest is noise
    check_close(call, returned, gradient, rtol=rtol, atol=atol)


def check_raises(call, function):
    """Make sure that a call raises: `function` takes no arguments.

    Raises NotRight where it returns, and lets through what an unwritten stub or an undefined name raises.
    """
    try:
        returned = function()
    except (NotImplementedError, NameError):
        raise
    except Exception:
        print(f"{call} raises, as it should.")
        return
    raise NotRight(f"{call}\n  Your code returns; it should raise an exception.\n  yours     {_show(returned)}")


def _show(value):
    try:
        return np.array2string(np.asarray(value), precision=8, separator=", ", threshold=20, prefix=" " * 12)
    except Exception:
        return repr(value)[:200]


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


def load_digits():
    """Pictures of handwritten digits: E. Alpaydin and C. Kaynak, 1998, UCI Machine Learning Repository, CC BY 4.0.

    Returns images (1797, 8, 8), from 0 for paper to 1 for ink, and labels (1797,), whole numbers from 0 to 9.
    """
    with np.load("digits.npz") as data:
        return data["images"] / 16, data["labels"].astype(int)


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
        axis.set(xlabel=f"$w_{index + 1}$", title=f"Along $w_{index + 1}$")
        axis.legend()
    axes[0].set_ylabel("mean squared error")
    figure.tight_layout()
    plt.show()


def plot_training(x, y, x_eval, y_eval, losses, path):
    """Three panels: data and fit; loss against epochs; both weights against epochs.

    x, y: the samples (n,). x_eval, y_eval: the fitted line. losses (n_ep,), path (n_ep, 2).
    """
    figure, axes = plt.subplots(1, 3, figsize=(12, 3.6))
    axes[0].scatter(x, y, s=14, color=GREY)
    axes[0].plot(x_eval, y_eval, color=BLUE)
    axes[0].annotate("the net", (x_eval[-1], y_eval[-1]), (-8, 0), textcoords="offset points", ha="right", color=BLUE)
    axes[0].set(xlabel="x", ylabel="y", title="Data and fit")
    axes[1].plot(losses, color=ORANGE)
    axes[1].set(xlabel="epoch", ylabel="mean squared error", title="Loss")
    for index, colour in enumerate((BLUE, RED)):
        axes[2].plot(range(1, len(path) + 1), path[:, index], color=colour)
        end = len(path) // 6, path[len(path) // 6, index]
        axes[2].annotate(f"$w_{index + 1}$", end, (4, 6), textcoords="offset points", color=colour)
    axes[2].axhline(0, color=GREY, linewidth=0.8)
    axes[2].set(xlabel="epoch", ylabel="weight", title="Weights after each epoch")
    figure.tight_layout()
    plt.show()


def plot_loss_map(loss, path):
    """The path of the two weights on a map of the loss: darker is lower. loss: takes the weights (2,). path (n, 2)."""
    w1, w2 = np.linspace(-2, 2, 81), np.linspace(-2.2, 1.6, 77)
    heights = np.array([[loss(np.array([a, b])) for a in w1] for b in w2])
    figure, axes = plt.subplots(figsize=(6.4, 5))
    filled = axes.contourf(w1, w2, np.log10(heights), levels=18, cmap="viridis")
    figure.colorbar(filled, label="log10 of the loss")
    axes.plot(*path.T, color="white", linewidth=2.4)
    axes.plot(*path[::20].T, "o", color="white", markersize=4)
    axes.plot(*path[0], "s", color="white", markeredgecolor="black", markersize=8)
    axes.plot(*path[-1], "o", color="white", markeredgecolor="black", markersize=9)
    axes.annotate("start", path[0], (10, -4), textcoords="offset points", color="white", fontsize=12)
    axes.annotate("end", path[-1], (10, -6), textcoords="offset points", color="white", fontsize=12)
    axes.grid(False)
    axes.set(xlabel="$w_1$", ylabel="$w_2$", title="The way of the weights, a dot each 20 epochs")
    axes.set(xlim=(w1[0], w1[-1]), ylim=(w2[0], w2[-1]))
    figure.tight_layout()
    plt.show()


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


_PATH_COLOURS = (RED, ORANGE, PURPLE)


def plot_vector_field(loss_grid, x, y, paths):
    """Arrows along minus the gradient over contours of the log of the loss, with paths (n, 2) on top."""
    fine = np.linspace(-2, 2, 81)
    coarse = -1.9 + 0.2 * np.arange(20)
    w1, w2 = np.meshgrid(coarse, coarse, indexing="ij")
    down1, down2 = (-g for g in two_weight_gradient(w1, w2, x, y))
    figure, axes = plt.subplots(figsize=(7, 5.8))
    log_loss = np.log10(np.maximum(loss_grid(fine, fine, x, y), 1e-4))
    filled = axes.contourf(fine, fine, log_loss.T, levels=20, cmap="Blues_r", alpha=0.85)
    figure.colorbar(filled, label="log10 of the loss")
    axes.quiver(w1, w2, down1, down2, color=GREY, width=0.0025)
    for path, colour, shift in zip(paths, _PATH_COLOURS, ((8, -16), (10, 4), (6, 6)), strict=False):
        axes.plot(*path.T, ".-", color=colour)
        axes.plot(*path[-1], "o", color=colour, markeredgecolor="black")
        label = f"from ({path[0, 0]:g}, {path[0, 1]:g})"
        axes.annotate(label, path[0], shift, textcoords="offset points", color=colour, fontweight="bold")
    axes.plot(0, 0, "X", color="white", markeredgecolor="black", markersize=10)
    axes.annotate("saddle", (0, 0), (-6, 10), textcoords="offset points", ha="right", fontweight="bold")
    axes.grid(False)
    axes.set(xlabel="$w_1$", ylabel="$w_2$", title="Where gradient descent goes", xlim=(-2, 2), ylim=(-2, 2))
    figure.tight_layout()
    plt.show()


def plot_loss_surface(loss_grid, x, y, paths):
    """The loss over both weights as a surface with its contours below, and paths (n, 2) on it."""
    values = np.linspace(-1.6, 1.6, 65)
    w1, w2 = np.meshgrid(values, values, indexing="ij")
    heights, floor = loss_grid(values, values, x, y), -0.7
    figure = plt.figure(figsize=(7.4, 6.2))
    axes = figure.add_subplot(projection="3d", computed_zorder=False)
    axes.contour(w1, w2, heights, levels=np.linspace(0.02, 2, 16), cmap="Blues_r", offset=floor, zorder=0)
    axes.plot_surface(w1, w2, heights, cmap="Blues_r", vmax=2.5, alpha=0.75, edgecolor="white", linewidth=0.1, zorder=1)
    for path, colour in zip(paths, _PATH_COLOURS, strict=False):
        inside = path[np.abs(path).max(axis=1) <= 1.6]
        on_it = [loss_grid([a], [b], x, y)[0, 0] + 0.02 for a, b in inside]
        axes.plot(*inside.T, on_it, ".-", color=colour, zorder=3)
        axes.plot(*inside.T, np.full(len(inside), floor), "-", color=colour, linewidth=1, zorder=0)
    saddle = loss_grid([0.0], [0.0], x, y)[0, 0]
    axes.plot([0], [0], [saddle], "X", color="white", markeredgecolor="black", markersize=10, zorder=4)
    axes.set(
        xlabel="$w_1$", ylabel="$w_2$", zlabel="loss", zlim=(floor, 3), title="The same landscape: a saddle at (0, 0)"
    )
    axes.view_init(elev=28, azim=-20)
    axes.set_box_aspect(None, zoom=0.92)
    plt.show()


def plot_with_prediction(panels):
    """A panel for each (x, curves, options). curves: label -> (what was found, what was predicted, dashed)."""
    figure, row = plt.subplots(1, len(panels), figsize=(10, 3.8))
    for axes, (x, curves, options) in zip(row, panels, strict=True):
        for (label, (found, predicted)), colour in zip(curves.items(), (BLUE, RED), strict=False):
            axes.plot(x, found, color=colour)
            axes.plot(x, predicted, "--", color=colour, linewidth=1)
            axes.annotate(label, (x[-1], found[-1]), (6, 0), textcoords="offset points", va="center", color=colour)
        axes.set(**options)
    figure.tight_layout()
    plt.show()


def plot_chain_training(runs, title, threshold=0.01):
    """Losses against epochs on a log scale, each with its label. runs: a dict from the label to the losses."""
    figure, axes = plt.subplots(figsize=(8.5, 4))
    colours = plt.cm.viridis(np.linspace(0, 0.75, len(runs)))
    levels = np.geomspace(2.5 * threshold, 0.5, len(runs))  # a height of its own for each label
    behind = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1}
    for (label, losses), level, colour in zip(runs.items(), levels, colours, strict=True):
        axes.semilogy(losses, color=colour)
        below = np.flatnonzero(losses < level)
        at = below[0] if below.size else len(losses) - 1
        axes.annotate(label, (at, losses[at]), (6, 2), textcoords="offset points", color=colour, bbox=behind)
    axes.axhline(threshold, color=RED, linestyle="--", linewidth=1)
    place = axes.get_yaxis_transform()
    axes.text(1, threshold * 1.12, "threshold", color=RED, ha="right", transform=place, bbox=behind)
    axes.set(xlabel="epoch", ylabel="loss", title=title)
    figure.tight_layout()
    plt.show()


# ---------------------------------------------------------------- hw03_linear_chain


def check_shapes(filled, sizes):
    """Say which shapes are right. filled: from a name to a shape or None. sizes: of the input and of each layer."""
    expected = {}
    for i, (below, rows) in enumerate(zip(sizes[:-1], sizes[1:], strict=True)):
        expected |= {f"w[{i}]": (rows, below), f"b[{i}]": (rows,), f"z[{i}]": (rows,), f"delta[{i}]": (rows,)}
        expected[f"the gradient of w[{i}]"] = (rows, below)
    for name, shape in filled.items():
        verdict = "to fill in" if shape is None else "right" if shape == expected[name] else f"not {shape}"
        print(f"{name:22} {verdict}")


def drill(predictions, products, layers):
    """Print which products are right for z = x @ w, by central differences, and whether that was predicted.

    predictions: from a product's text to whether it is right in every layer, or None. products: from the text to what
    it is the gradient of, "x" or "w", and a function of (x, w, delta). layers: from a name to (x, w, delta).
    """
    print("".join(f"{name:>18}" for name in ("", *layers, "you said")))
    for text, (about, product) in products.items():
        verdicts = [_fits(about, product, *arrays) for arrays in layers.values()]
        always, said = set(verdicts) == {"right"}, predictions[text]
        verdicts.append("" if said is None else "the same" if said == always else "the opposite")
        print("".join(f"{word:>18}" for word in (text, *verdicts)))


def _fits(about, product, x, w, delta):
    """A product's verdict in one layer, as a word or two."""
    ask = {"x": (lambda at: delta @ (at @ w), x), "w": (lambda at: delta @ (x @ at), w)}
    expected = numerical_gradient(*ask[about])
    try:
        made = product(x, w, delta)
    except ValueError:
        return "does not fit"
    if made.shape != expected.shape:
        return "wrong shape"
    return "right" if np.allclose(made, expected, atol=1e-7) else "wrong numbers"


def draw_chain(x, w, z, delta):
    """A chain of matrices: what each neuron puts out (z), its error signal (delta), and the weights as lines."""
    layers, centred = [x, *z], {"ha": "center", "va": "center"}
    figure, axes = plt.subplots(figsize=(9, 4.2))
    rows = [(len(layer) - 1) / 2 - np.arange(len(layer)) for layer in layers]
    for i, matrix in enumerate(w):
        for (j, k), weight in np.ndenumerate(matrix):
            ends, style = [rows[i][k], rows[i + 1][j]], "-" if weight > 0 else "--"
            axes.plot([i, i + 1], ends, style, color=GREY, alpha=0.7, linewidth=0.4 + 2 * abs(weight), zorder=1)
    for i, layer in enumerate(layers):
        axes.scatter(np.full(len(layer), i), rows[i], s=2300, color="white", edgecolors="black", zorder=2)
        for j, value in enumerate(layer):
            axes.text(i, rows[i][j] + (0.12 if i else 0), f"{value:.3g}", color=BLUE, **centred)
            if i:
                axes.text(i, rows[i][j] - 0.16, f"{delta[i - 1][j]:.3g}", color=RED, style="italic", **centred)
        axes.text(i, -1.7, f"layer {i - 1}" if i else "x", **centred)
    axes.set(xlim=(-0.4, len(z) + 0.4), ylim=(-1.85, 1.5), title="What goes up, and under it what comes back")
    axes.axis("off")
    figure.tight_layout()
    plt.show()


def plot_rate_curves(runs, title):
    """Losses against steps on a log scale, a labelled line for each learning rate. runs: a dict, rate to losses."""
    figure, axes = plt.subplots(figsize=(8.5, 4.4))
    colours = plt.cm.viridis(np.linspace(0, 0.85, len(runs)))
    for (eta, losses), colour in zip(runs.items(), colours, strict=True):
        shown = np.clip(losses, 1e-16, 1e6)
        axes.semilogy(shown, color=colour)
        end = np.argmax(shown == shown[-1])  # where it reaches the floor, if it does
        axes.annotate(f"$\\eta$ = {eta:g}", (end, shown[end]), (6, 4), textcoords="offset points", color=colour)
    axes.set(xlabel="step", ylabel="loss, kept above 1e-16", title=title, ylim=(1e-17, 1e7), xlim=(-1, 56))
    figure.tight_layout()
    plt.show()


def plot_final_losses(rates, runs):
    """The last loss against the learning rate. runs: a dict from the label to one loss for each rate."""
    figure, axes = plt.subplots(figsize=(8.5, 4.2))
    for (label, finals), marker, colour in zip(runs.items(), "os", (BLUE, ORANGE), strict=False):
        finals = np.clip(np.nan_to_num(finals, nan=1e6, posinf=1e6), 1e-16, 1e6)
        axes.semilogy(rates, finals, marker + "-", color=colour)
        axes.annotate(label, (rates[-1], finals[-1]), (8, -4), textcoords="offset points", color=colour)
    axes.axhline(1e-6, color="black", linestyle="--", linewidth=1)
    axes.annotate("converged below", (rates[-1], 1e-6), (8, -12), textcoords="offset points")
    axes.set(
        xlabel="learning rate", ylabel="50th loss, within 1e-16 and 1e6", title="Which rates converge", xlim=(0, 1.2)
    )
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
    axes.plot(x, model.forward(x), color=RED, label="the model")
    axes.scatter(*train_set, s=18, zorder=3, label="training points")
    axes.scatter(*test_set, s=45, marker="^", color=GREEN, zorder=3, label="test points")
    axes.set(xlabel="x", ylabel="y", title=title)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    figure.tight_layout()
    plt.show()


def noisy_dataset(num, deviation):
    """num points of one period of the sine, with normal noise on y: x (num, 1) from -pi to pi, y of that shape."""
    x = np.random.uniform(-np.pi, np.pi, (num, 1))
    return x, np.sin(x) + np.random.normal(0, deviation, (num, 1))


def plot_contributions(model, sigmoid):
    """What each neuron of the second layer adds to the output, and their sum. sigmoid: elementwise."""
    p, x = model.parameters, np.linspace(-2 * np.pi, 2 * np.pi, 200).reshape(-1, 1)
    parts = sigmoid(sigmoid(x @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]) * p["W3"].T
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
    left.plot(x, parts, color=BLUE, linewidth=1.2, alpha=0.75)
    left.set(xlabel="x", ylabel="$h_{2,j}\\, W_{3,j}$", title=f"What each of the {parts.shape[1]} neurons adds")
    right.plot(x, np.sin(x), color="lightgrey", linewidth=5)
    right.plot(x, parts.sum(axis=1) + p["b3"][0, 0], color=RED)
    right.set(xlabel="x", ylabel="y", title="Their sum, on the sine in grey")
    figure.tight_layout()
    plt.show()


def plot_saturation(models, x, sigmoid):
    """Histograms of the second layer's activations. models: a dict from the learning rate. sigmoid: elementwise."""
    figure, panels = plt.subplots(1, len(models), figsize=(4.5 * len(models), 3.2), sharey=True)
    for axes, (rate, model) in zip(panels, models.items(), strict=True):
        p = model.parameters
        below = sigmoid(x @ p["W1"] + p["b1"])
        axes.hist(sigmoid(below @ p["W2"] + p["b2"]).ravel(), bins=np.linspace(0, 1, 21), color=BLUE)
        axes.set(xlabel="activation", title=f"Learning rate {rate:g}")
    panels[0].set_ylabel("how many")
    figure.tight_layout()
    plt.show()


def plot_sine_losses(train_losses, test_losses):
    """Mean training and test loss against epochs, on a log scale."""
    epochs = 1 + np.arange(len(train_losses))
    figure, axes = plt.subplots(figsize=(7, 4))
    axes.semilogy(epochs, train_losses, label="training")
    axes.semilogy(epochs, test_losses, color=GREEN, label="test")
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
    axes.plot([-3, 0, 3], [0, 0, 3], color=BLUE)
    axes.plot([-3, 0, np.nan, 0, 3], [0, 0, np.nan, 1, 1], color=RED, linestyle="--")
    axes.annotate("ReLU(z)", (2.2, 2.3), ha="right", color=BLUE)
    axes.annotate("its slope", (2.2, 1.1), color=RED)
    axes.set(xlabel="z", ylabel="value", title="ReLU and its slope")
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
        axes.grid(False)
        axes.set(xlabel="column of w1 (hidden unit)", title=title)
    panels[0].set_ylabel("row of w1 (input)")
    figure.tight_layout()
    plt.show()


def plot_losses(runs, title):
    """Losses against iterations, log scale, each labelled at its end. runs: a dict from the label to the losses."""
    figure, axes = plt.subplots(figsize=(8, 4))
    for (label, losses), colour, style in zip(runs.items(), (BLUE, RED, PURPLE), ("-", "--", ":"), strict=False):
        axes.semilogy(losses, linestyle=style, color=colour, label=label)
    axes.set(xlabel="iteration", ylabel="loss", title=title, xlim=(0, 1.22 * len(losses)))
    figure.tight_layout()
    above = -np.inf
    for line in sorted(axes.lines, key=lambda line: line.get_ydata()[-1]):
        end, colour = line.get_xydata()[-1], line.get_color()
        height = axes.transData.transform(end)[1] * 72 / figure.dpi  # in points
        above = max(above + 13, height)  # ends that coincide are led to labels one above the other
        lead = {"arrowstyle": "-", "color": colour, "linewidth": 0.8, "relpos": (0, 0.5)}
        place = {"xytext": (20, above - height), "textcoords": "offset points", "va": "center"}
        axes.annotate(line.get_label(), end, color=colour, arrowprops=lead, **place)
    plt.show()


def plot_first_losses(runs):
    """The first losses, each divided by its start, a panel for each seed. runs: a dict from the seed to the losses."""
    figure, panels = plt.subplots(2, (len(runs) + 1) // 2, figsize=(10, 4.6), sharex=True, sharey=True)
    for axes, (seed, losses) in zip(panels.flat, runs.items(), strict=False):
        axes.semilogy(losses / losses[0], ".-", color=BLUE, linewidth=1.2)
        axes.axhline(1, color="black", linestyle="--", linewidth=1)
        axes.set_title(f"seed {seed}")
    for axes in panels[-1]:
        axes.set_xlabel("iteration")
    for axes in panels[:, 0]:
        axes.set_ylabel("loss / first loss")
    figure.tight_layout()
    plt.show()


# ---------------------------------------------------------------- hw06_modules


def check_backward(model, x):
    """Check a model's gradients of its parameters and of its input against central differences.

    The loss is sum(upstream * model(x)) with a random upstream. Leaves the gradients at 0 and the
    parameters as they were.
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
    left.plot(x, y, "o", color=GREY)
    for line, label, at, way in ((truth, "truth, 3 x − 1", 2, (10, -10)), (prediction, "the fit", 6, (-10, 8))):
        (drawn,) = left.plot(x, line, "--" if at == 2 else "-", color=BLUE if at == 2 else ORANGE)
        place = {"xytext": way, "textcoords": "offset points", "ha": "left" if at == 2 else "right"}
        left.annotate(label, (x[at, 0], line[at, 0]), color=drawn.get_color(), **place)
    left.set(xlabel="x", ylabel="y", title="A line through ten points")
    right.semilogy(losses, color=ORANGE)
    right.set(xlabel="step", ylabel="half the mean squared error", title="Its loss")
    figure.tight_layout()
    plt.show()


def plot_rates(rates, first_loss, last_losses):
    """The loss after the last step against the learning rate, with the first loss for comparison."""
    figure, axes = plt.subplots(figsize=(7, 3.8))
    axes.semilogy(rates, last_losses, "o-", color=BLUE)
    axes.axhline(first_loss, linestyle="--", color=GREY)
    axes.annotate("the first loss", (rates[0], first_loss), (0, 5), textcoords="offset points", color=GREY)
    title = "The loss after 200 steps: which rates can the line fit bear?"
    axes.set(xlabel="learning rate", ylabel="loss", title=title, xticks=rates)
    figure.tight_layout()
    plt.show()


def plot_difference_error():
    """The error of one-sided and central differences of tanh at 0.7 against the step size."""
    steps = 10.0 ** np.arange(-13, 0, 0.25)
    at, exact = 0.7, 1 - np.tanh(0.7) ** 2
    one_sided = np.abs((np.tanh(at + steps) - np.tanh(at)) / steps - exact)
    central = np.abs((np.tanh(at + steps) - np.tanh(at - steps)) / (2 * steps) - exact)
    figure, axes = plt.subplots(figsize=(7, 3.8))
    for errors, label, colour in ((one_sided, "to one side", ORANGE), (central, "to both sides", BLUE)):
        axes.loglog(steps, errors, ".-", color=colour)
        axes.annotate(label, (steps[-9], errors[-9]), (-6, 2), textcoords="offset points", color=colour, ha="right")
    axes.set(xlabel="step ε", ylabel="error of the slope", title="Too large a step, or too small: tanh at 0.7")
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
        axes.plot(*path.T, ".-", color=BLUE, markersize=4, linewidth=1.2)
        axes.plot(0, 0, "*", color=RED, markersize=11)
        axes.annotate("start", path[0], (4, 6), textcoords="offset points", color=BLUE)
        axes.grid(False)
        axes.set(xlabel="$w_0$", title=label, xlim=(-2.4, 1.2), ylim=(-1.2, 1.2))
    panels[0].set_ylabel("$w_1$")
    figure.tight_layout()
    plt.show()


def signals_through_layers(init, width=100, depth=10, rows=200):
    """The root mean square of the signal, and of the gradient, at the input and after each of `depth` ReLU layers.

    init: a function (d_in, d_out, rng). The random numbers are the same at every call, and so is the gradient at the
    top, of size 1. Returns two arrays (depth + 1,), from the input to the top.
    """
    rng = np.random.default_rng(0)
    signals, weights = [rng.standard_normal((rows, width))], []
    for _ in range(depth):
        weights.append(init(width, width, rng))
        signals.append(np.maximum(signals[-1] @ weights[-1], 0))
    gradients = [rng.standard_normal((rows, width))]
    for signal, W in zip(signals[:0:-1], weights[::-1], strict=True):
        gradients.append((gradients[-1] * (signal > 0)) @ W.T)
    return tuple(np.array([np.sqrt(np.mean(a**2)) for a in each]) for each in (signals, gradients[::-1]))


def plot_signals(signals):
    """Two panels, against the layer, log scale. signals: a dict from the label to what signals_through_layers gives."""
    figure, panels = plt.subplots(1, 2, figsize=(10, 3.8))
    for axes, part, title in zip(panels, (0, 1), ("The signal, upwards →", "← The gradient, downwards"), strict=True):
        for label, sizes in signals.items():
            (line,) = axes.semilogy(sizes[part], ".-")
            at, side = (8, "right") if part == 0 else (2, "left")
            place = {"xytext": (0, 8), "textcoords": "offset points", "ha": side}
            axes.annotate(label, (at, sizes[part][at]), color=line.get_color(), **place)
        axes.set(xlabel="layer", ylabel="root mean square", title=title)
    figure.tight_layout()
    plt.show()


def default_init(d_in, d_out):
    """PyTorch's default for a linear layer: W (d_in, d_out) and b (d_out,) uniform within 1/sqrt(d_in).

    Draws from NumPy's global generator.
    """
    bound = 1 / np.sqrt(d_in)
    return np.random.uniform(-bound, bound, (d_in, d_out)), np.random.uniform(-bound, bound, d_out)


def small_regression(init, n=64):
    """A small problem to learn: x (n, 4), y (n, 1), and a start (W1, b1, W2, b2) with 24 hidden units.

    init: a function (d_in, d_out, rng) for W1 and W2; the biases start at 0.
    """
    rng = np.random.default_rng(0)
    x = rng.standard_normal((n, 4))
    y = np.abs(x[:, :1]) + 0.5 * x[:, 1:2] * np.sign(x[:, 2:3])
    return x, y, (init(4, 24, rng), np.zeros(24), init(24, 1, rng), np.zeros(1))


def plot_by_batch_size(runs):
    """Mean squared errors against the epoch, log scale. runs: a dict from the batch size to the errors."""
    figure, axes = plt.subplots(figsize=(7, 3.8))
    for size, errors in runs.items():
        (line,) = axes.semilogy(errors)
        place = {"xytext": (6, 0), "textcoords": "offset points", "va": "center"}
        axes.annotate(f"{size} rows", (len(errors) - 1, errors[-1]), color=line.get_color(), **place)
    axes.set(xlabel="epoch", ylabel="mean squared error", title="The same work, cut into batches", xlim=(0, 23))
    figure.tight_layout()
    plt.show()


def plot_starts(runs):
    """Losses of several runs, a panel for each optimizer. runs: title -> label -> losses."""
    figure, panels = plt.subplots(1, len(runs), figsize=(5 * len(runs), 4), sharey=True)
    for axes, (title, curves) in zip(panels, runs.items(), strict=True):
        for label, losses in curves.items():
            (line,) = axes.semilogy(losses)
            place = {"xytext": (0, 7), "textcoords": "offset points"}
            axes.annotate(label, (260, losses[260]), color=line.get_color(), **place)
        axes.set(xlabel="step", title=title)
    panels[0].set_ylabel("loss, sum of squares")
    figure.tight_layout()
    plt.show()


# ---------------------------------------------------------------- hw08_numpy_to_pytorch


def label_end(axes, line, label):
    """Write the label of a line at its right end, in its colour."""
    x, y = line.get_xydata()[-1]
    axes.annotate(label, (x, y), (6, 0), textcoords="offset points", va="center", color=line.get_color())


def plot_runs(runs, title):
    """Losses on a log scale. runs: a dict from the label to the losses."""
    figure, axes = plt.subplots(figsize=(8, 3.8))
    for label, losses in runs.items():
        label_end(axes, *axes.semilogy(losses), label)
    axes.set(xlabel="iteration", ylabel="loss", title=title)
    figure.tight_layout()
    plt.show()


def plot_five_ways(double, single, reference):
    """The losses of each way over those of NumPy, and below how far they are apart.

    double, single: dicts from the way's name to its losses in float64 and float32. reference: NumPy's losses.
    """
    figure, rows = plt.subplots(2, len(double), figsize=(12, 5.2), sharex=True, sharey="row")
    for (name, losses), top, bottom in zip(double.items(), *rows, strict=True):
        top.semilogy(reference, color="lightgrey", linewidth=7)
        top.semilogy(losses, color=BLUE)
        top.set_title(name)
        for run, colour in ((single[name], RED), (losses, BLUE)):
            apart = np.abs(np.subtract(run, reference)) / reference
            bottom.semilogy(np.maximum(apart, 1e-17), color=colour)
        for tolerance in (1e-4, 1e-12):
            bottom.axhline(tolerance, color=GREY, linestyle="--", linewidth=1)
        bottom.set_xlabel("iteration")
    end = len(reference) - 1
    rows[0, 0].text(end, reference[0], "NumPy in grey,\nthis way in blue", ha="right", va="top")
    rows[1, 0].text(end, 3e-10, "float32", color=RED, ha="right")
    rows[1, 0].text(end, 3e-14, "float64", color=BLUE, ha="right")
    rows[1, -1].text(end, 2e-4, "tolerance 1e-4", color=GREY, ha="right")
    rows[1, -1].text(end, 2e-12, "tolerance 1e-12", color=GREY, ha="right")
    rows[0, 0].set_ylabel("loss")
    rows[1, 0].set(ylabel="relative difference to NumPy", ylim=(1e-17, 10))
    figure.tight_layout()
    plt.show()


def plot_objectives(runs, floor=1e-16):
    """Losses against epochs, on a linear and a log scale. runs: a dict from the label to the losses."""
    figure, panels = plt.subplots(1, 2, figsize=(11, 3.8))
    for label, losses in runs.items():
        panels[0].plot(losses, ".-")
        label_end(panels[1], *panels[1].semilogy(np.maximum(losses, floor), ".-"), label)
    panels[0].set(xlabel="epoch", ylabel="loss", title="Two objectives for one net")
    panels[1].set(xlabel="epoch", ylabel=f"loss, kept above {floor:g}", title="The same on a log scale")
    figure.tight_layout()
    plt.show()


# ---------------------------------------------------------------- hw09_softmax_digits


def loss_at(net, name, loss):
    """The loss as a function of one of the net's parameters. loss: takes no arguments, calls the net."""

    def function(at):
        parameter = net.parameters[name]
        before = parameter.copy()
        parameter[...] = at
        value = loss()
        parameter[...] = before
        return value

    return function


def plot_images(images, titles=(), columns=10):
    """Images (n, 8, 8) or (n, 64) as ink on paper, in rows, with a title above each."""
    rows = -(-len(images) // columns)
    height = 1.2 if len(titles) else 0.9
    figure, panels = plt.subplots(rows, columns, figsize=(0.9 * columns, height * rows), squeeze=False)
    for axes in panels.flat:
        axes.axis("off")
    for k, image in enumerate(images):
        panels.flat[k].imshow(np.reshape(image, (8, 8)), cmap="Greys", vmin=0, vmax=1)
        if len(titles):
            panels.flat[k].set_title(titles[k], fontsize=9, loc="center")
    figure.tight_layout(pad=0.4)
    plt.show()


def plot_two_losses():
    """−log p and (1 − p)² for two classes, and their slopes, against the right score less the other."""
    ahead = np.linspace(-8, 8, 161)
    p = 1 / (1 + np.exp(-ahead))
    curves = {  # name: loss, slope, colour, where the names stand
        "cross-entropy": (-np.log(p), p - 1, BLUE, (-5.0, 5.6), (1.2, -0.7)),
        "squared error": ((1 - p) ** 2, -2 * p * (1 - p) ** 2, RED, (-7.6, 0.3), (-5.6, -0.4)),
    }
    figure, panels = plt.subplots(1, 2, figsize=(10, 3.6), sharex=True)
    for name, (loss, slope, colour, *places) in curves.items():
        style = "-" if colour == BLUE else "--"
        for axes, values, place in zip(panels, (loss, slope), places, strict=True):
            axes.plot(ahead, values, style, color=colour)
            axes.annotate(name, place, color=colour)
    for axes, title in zip(panels, ("The loss", "Its slope: how hard it pushes"), strict=True):
        axes.axvline(0, color=GREY, linewidth=1)
        axes.set(xlabel="surely wrong   ←   score ahead of the other   →   surely right", title=title)
    figure.tight_layout()
    plt.show()


def plot_learning(records):
    """Losses of training and test set, and the test accuracy, against the epoch. records: what train returns."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
    epochs = len(records["train"]) - 1
    for name, colour, style in (("train", BLUE, "-"), ("test", RED, "--")):
        left.semilogy(records[name], style, color=colour)
        left.annotate(name, (epochs, records[name][-1]), (5, -3), textcoords="offset points", color=colour)
    left.set(xlabel="epoch", ylabel="cross-entropy", title="The loss", xlim=(-0.5, 1.13 * epochs))
    right.plot(records["accuracy"], ".-", color=RED)
    right.axhline(0.1, color=GREY, linestyle=":")
    right.annotate("by guessing", (epochs, 0.1), (0, 5), textcoords="offset points", color=GREY, ha="right")
    right.set(xlabel="epoch", ylabel="share read right", title="Test images", ylim=(0, 1))
    figure.tight_layout()
    plt.show()


def plot_confusion(table):
    """How many images of each digit (row) were read as which digit (column). table: (10, 10)."""
    figure, axes = plt.subplots(figsize=(5.6, 5.2))
    wrong = np.where(np.eye(10, dtype=bool), 0, table)
    axes.imshow(np.where(wrong > 0, wrong, np.nan), cmap="Oranges", vmin=-0.2 * wrong.max(), vmax=1.4 * wrong.max())
    for row, column in np.argwhere(table > 0):
        colour = GREY if row == column else "black"
        axes.text(column, row, table[row, column], ha="center", va="center", color=colour)
    axes.grid(False)
    axes.set(
        xlabel="read as", ylabel="the digit is", xticks=range(10), yticks=range(10), title="The test images, counted"
    )
    figure.tight_layout()
    plt.show()


def plot_readings(images, labels, probabilities, columns=6):
    """Images with the probability of each digit under them: that of the label, and the largest, in colour."""
    rows = -(-len(images) // columns)
    figure = plt.figure(figsize=(1.6 * columns, 2.5 * rows))
    grid = figure.add_gridspec(rows, columns, left=0.01, right=0.99, top=0.94, bottom=0.05, hspace=0.28, wspace=0.12)
    for k, (image, label, each) in enumerate(zip(images, labels, probabilities, strict=True)):
        cell = grid[k // columns, k % columns].subgridspec(2, 1, height_ratios=[2, 1], hspace=0.06)
        above, below = cell.subplots()
        above.imshow(np.reshape(image, (8, 8)), cmap="Greys", vmin=0, vmax=1)
        above.set_title(f"{label} read as {each.argmax()}", fontsize=10, loc="center")
        above.axis("off")
        bars = below.bar(range(10), each, color="lightgrey")
        bars[each.argmax()].set_color(RED)
        bars[label].set_color(BLUE)
        below.set(xticks=range(10), yticks=[], ylim=(0, 1))
        below.tick_params(labelsize=7, length=0)
        below.grid(False)
    plt.show()


def plot_units(w1, w2, columns=8):
    """The weights of the sixteen strongest hidden units as images, each with the digit that it speaks for most.

    w1 (64, h), w2 (h, 10).
    """
    strongest = np.argsort(-np.linalg.norm(w1, axis=0) * np.linalg.norm(w2, axis=1))[:16]
    size = np.abs(w1[:, strongest]).max()
    figure, panels = plt.subplots(2, columns, figsize=(1.2 * columns, 3.1))
    for axes, unit in zip(panels.flat, strongest, strict=True):
        axes.imshow(w1[:, unit].reshape(8, 8), cmap="RdBu_r", vmin=-size, vmax=size)
        axes.set_title(f"for {w2[unit].argmax()}", fontsize=10, loc="center")
        axes.set(xticks=[], yticks=[])
    figure.tight_layout(pad=0.6)
    plt.show()


def plot_decay(runs):
    """Losses of training and test set, a panel for each run. runs: a dict from the title to what train returns."""
    figure, panels = plt.subplots(1, len(runs), figsize=(5 * len(runs), 3.8), sharey=True)
    for axes, (title, records) in zip(panels, runs.items(), strict=True):
        epochs = len(records["train"]) - 1
        for name, colour, style in (("train", BLUE, "-"), ("test", RED, "--")):
            axes.semilogy(records[name], style, color=colour)
            axes.annotate(name, (epochs, records[name][-1]), (5, -3), textcoords="offset points", color=colour)
        lowest = records["test"].argmin()
        axes.plot(lowest, records["test"][lowest], "o", color=RED)
        axes.set(xlabel="epoch", title=title, xlim=(-0.02 * epochs, 1.16 * epochs))
    panels[0].set_ylabel("cross-entropy")
    figure.tight_layout()
    plt.show()


# ---------------------------------------------------------------- hw10_autograd_engine


def check_pull(call, function, *operands):
    """Check what comes back to each operand of function(*operands), a tensor, against central differences.

    operands: tensors, with data, parents and pull. What arrives at the result is drawn at random.
    """
    result = function(*operands)
    g = np.random.default_rng(0).normal(size=np.shape(result.data))
    for place, operand in enumerate(operands):

        def weighted(at, place=place):
            moved = [*operands[:place], type(operands[place])(at), *operands[place + 1 :]]
            return float(np.sum(g * function(*moved).data))

        name = f"{call}, what comes back to {f'operand {place + 1}' if len(operands) > 1 else 'its operand'},"
        check_gradient(name, _brought(call, result, g, operand), weighted, operand.data)


def _brought(call, result, g, operand):
    """What comes to an operand from a result at which g arrives, on all ways between them."""
    if result is operand:
        return g
    parts = result.pull(g) if result.parents else ()
    if parts is None:
        raise NotRight(f"{call}\n  Your pull returns None; it should return its gradients. Is a return missing?")
    if len(parts) != len(result.parents):
        raise NotRight(f"{call}\n  Your pull should return a tuple with one gradient for each parent.")
    return sum(_brought(call, parent, part, operand) for parent, part in zip(result.parents, parts, strict=True))


def plot_graph(result, topological_order, names):
    """A graph of single numbers, each with its value above and its gradient below. names: label -> tensor."""
    order, labels = topological_order(result), {id(tensor): name for name, tensor in names.items()}
    level = {}
    for tensor in order:
        level[id(tensor)] = 1 + max((level[id(parent)] for parent in tensor.parents), default=-1)
    columns = [[t for t in order if level[id(t)] == k] for k in range(1 + max(level.values()))]
    at = {id(t): (k, (len(c) - 1) / 2 - i) for k, c in enumerate(columns) for i, t in enumerate(c)}
    figure, axes = plt.subplots(figsize=(2 * len(columns), 1.1 + 1.2 * max(map(len, columns))))
    for tensor in order:
        for copy, parent in enumerate(tensor.parents):
            several = sum(other is parent for other in tensor.parents) > 1
            far = level[id(tensor)] - level[id(parent)] > 1
            bend = (0.25 if copy else -0.25) if several else (-0.3 if far else 0)
            arrow = {
                "arrowstyle": "-|>",
                "color": GREY,
                "shrinkA": 19,
                "shrinkB": 19,
                "connectionstyle": f"arc3,rad={bend}",
            }
            axes.annotate("", at[id(tensor)], at[id(parent)], arrowprops=arrow)
        x, y = at[id(tensor)]
        axes.plot(x, y, "o", markersize=31, color="white", markeredgecolor=GREY)
        axes.text(x, y, labels.get(id(tensor), ""), ha="center", va="center", style="italic", size=13)
        place = {"textcoords": "offset points", "ha": "center", "size": 11}
        axes.annotate(f"{float(tensor.data):g}", (x, y), (0, 21), color=BLUE, **place)
        axes.annotate(f"{float(tensor.gradient):g}", (x, y), (0, -30), color=RED, **place)
    tallest = max(map(len, columns)) / 2
    axes.set(
        xlim=(-0.5, len(columns) - 0.5),
        ylim=(-tallest - 0.3, tallest + 0.3),
        title="Values in blue, gradients in orange",
    )
    axes.axis("off")
    plt.show()


def count_calls(function):
    """How many functions are called while this one runs, of Python and of NumPy: the same number on every machine."""
    calls, before = [0], sys.getprofile()

    def note(frame, event, argument):
        calls[0] += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(before)
    return calls[0]


def plot_costs(costs):
    """Calls against the number of weights. costs: weights -> (forward, forward and backward, by differences)."""
    figure, axes = plt.subplots(figsize=(8, 4))
    names = "forward", "with backward", "by differences"
    looks = (("s-", GREY), ("o-", BLUE), ("^-", RED))
    for name, calls, (style, colour) in zip(names, zip(*costs.values(), strict=True), looks, strict=True):
        (line,) = axes.loglog(list(costs), calls, style, color=colour)
        label_end(axes, line, name)
    axes.set(xlabel="number of weights", ylabel="calls of functions", title="What one gradient costs")
    axes.set_xlim(right=4 * max(costs))
    figure.tight_layout()
    plt.show()


def plot_graph_sizes(sizes):
    """How many tensors a loss hangs together with, against the step. sizes: label -> numbers."""
    figure, axes = plt.subplots(figsize=(8, 3.6))
    for (label, numbers), colour in zip(sizes.items(), (RED, BLUE), strict=True):
        axes.plot(numbers, ".-", color=colour)
        place = {"xytext": (0, 8), "textcoords": "offset points", "ha": "right"}
        axes.annotate(label, (len(numbers) - 1, numbers[-1]), color=colour, **place)
    axes.set(xlabel="step", ylabel="tensors", title="The graph behind the loss of each step", ylim=(0, None))
    figure.tight_layout()
    plt.show()


# ---------------------------------------------------------------- hw11_convolution


def on_canvas(images, down=0, right=0, border=2):
    """Images (n, 8, 8) on empty canvases (n, 1, 12, 12), moved from the middle by so many pixels, at most by border."""
    n, h, w = images.shape
    canvas = np.zeros((n, 1, h + 2 * border, w + 2 * border))
    canvas[:, 0, border + down : border + down + h, border + right : border + right + w] = images
    return canvas


def shifted_accuracies(net, images, labels, most=2):
    """The share of images that a net reads right when they are moved by 0, 1, ... `most` pixels.

    net: gives a score for each class, (n, 10). For each distance the mean over the eight directions.
    """
    found = []
    for distance in range(most + 1):
        ways = {(down * distance, right * distance) for down in (-1, 0, 1) for right in (-1, 0, 1)}
        ways -= {(0, 0)} if distance else set()
        right = [np.mean(net(on_canvas(images, *way)).argmax(axis=1) == labels) for way in sorted(ways)]
        found.append(np.mean(right))
    return np.array(found)


def lines_of(call):
    """How many lines of Python run when call() is called, without those inside NumPy."""
    count, before = [0], sys.gettrace()

    def note(frame, event, _):
        if frame.f_globals.get("__name__", "").startswith("numpy"):
            return None
        count[0] += event == "line"
        return note

    sys.settrace(note)
    try:
        call()
    finally:
        sys.settrace(before)
    return count[0]


def scene():
    """A picture (1, 1, 48, 64) of a bright disc and a bright box on dark ground, from 0 to 1."""
    row, column = np.mgrid[:48, :64]
    disc = np.clip(14.5 - np.hypot(row - 23, column - 18), 0, 1)
    box = ((abs(row - 24) <= 13) & (abs(column - 48) <= 9)).astype(float)
    return np.maximum(0.9 * disc, 0.6 * box)[None, None]


def plot_edges(image, maps):
    """A picture, and what filters make of it, on one scale. maps: a dict from the title to an array (h, w)."""
    figure, panels = plt.subplots(1, 1 + len(maps), figsize=(11, 2.9), layout="constrained")
    panels[0].imshow(image, cmap="Greys_r")
    panels[0].set_title("the picture")
    size = max(np.abs(values).max() for values in maps.values())
    for axes, (title, values) in zip(panels[1:], maps.items(), strict=True):
        shown = axes.imshow(values, cmap="RdBu_r", vmin=-size, vmax=size)
        axes.set_title(title)
    figure.colorbar(shown, ax=list(panels), shrink=0.9)
    for axes in panels:
        axes.set_axis_off()
    plt.show()


def plot_calls(counts):
    """Calls against the number of pixels, both on log scales. counts: label -> pixels -> calls."""
    figure, axes = plt.subplots(figsize=(7, 3.8))
    for (label, calls), mark in zip(counts.items(), "os", strict=False):
        (line,) = axes.loglog(list(calls), list(calls.values()), mark + "-")
        end = list(calls.items())[-1]
        axes.annotate(label, end, (8, 0), textcoords="offset points", va="center", color=line.get_color())
    title = "One image, forward: the functions that are called"
    axes.set(xlabel="pixels of the image", ylabel="calls", title=title)
    axes.margins(x=0.25)
    figure.tight_layout()
    plt.show()


def plot_shifts(accuracies, images):
    """The share of digits that three nets read, against how far these are moved; below, two of the digits, moved.

    accuracies: label -> the shares for 0, 1 and 2 pixels, the best net first. images: two digits (2, 8, 8).
    """
    figure = plt.figure(figsize=(9, 5.2))
    axes = figure.add_axes([0.08, 0.4, 0.9, 0.53], xlim=(-0.35, 2.35), ylim=(0, 100))
    distances = np.arange(3)
    looks = zip((BLUE, RED, PURPLE), ("o-", "s--", "^:"), ((0, -20), (14, 4), (-14, -8)), strict=True)
    for (label, shares), (colour, mark, way) in zip(accuracies.items(), looks, strict=True):
        axes.plot(distances, 100 * shares, mark, color=colour, linewidth=2.4, markersize=7)
        side = {0: "center", 1: "left", -1: "right"}[np.sign(way[0])]
        place = {"xytext": way, "textcoords": "offset points", "ha": side, "fontsize": 11.5}
        axes.annotate(label, (1, 100 * shares[1]), color=colour, **place)
    axes.axhline(10, color=GREY, linestyle=":", linewidth=1)
    axes.text(-0.32, 11.5, "guessing", color=GREY)
    axes.set(xticks=distances, yticks=range(0, 101, 20), ylabel="read right, in %")
    axes.set_xticklabels(["not moved", "moved by 1 pixel", "by 2 pixels"], fontsize=11)
    axes.set_title("Three nets, trained on digits in the middle, read digits that are moved", fontsize=12.5)
    for distance in distances:
        middle = 0.08 + 0.9 * (distance + 0.35) / 2.7
        for which, (image, way) in enumerate(zip(images, ((1, 1), (-1, 1)), strict=True)):
            small = figure.add_axes([middle - 0.135 + 0.14 * which, 0.03, 0.13, 0.225], xticks=[], yticks=[])
            small.imshow(on_canvas(image[None], *(distance * np.array(way)))[0, 0], cmap="Greys")
            small.spines[:].set(visible=True, color=GREY)
            small.grid(False)
    plt.show()


def plot_kernels(kernels):
    """Kernels (m, size, size) side by side, eight in a row, on one scale."""
    figure, panels = plt.subplots(-(-len(kernels) // 8), 8, figsize=(8.4, 4), layout="constrained")
    size = np.abs(kernels).max()
    for axes, kernel in zip(panels.flat, kernels, strict=True):
        shown = axes.imshow(kernel, cmap="RdBu_r", vmin=-size, vmax=size)
        axes.set_axis_off()
    figure.colorbar(shown, ax=panels, shrink=0.9)
    plt.show()


def plot_responses(image, kernels, maps):
    """One image in the first column, and what some kernels make of it. kernels: (m, s, s), maps: (m, h, w)."""
    figure, panels = plt.subplots(2, len(kernels) + 1, figsize=(10, 3.6))
    panels[0, 0].imshow(image, cmap="Greys")
    panels[0, 0].set_title("the digit")
    size, most = np.abs(kernels).max(), maps.max()
    for column, (kernel, values) in enumerate(zip(kernels, maps, strict=True), 1):
        panels[0, column].imshow(kernel, cmap="RdBu_r", vmin=-size, vmax=size)
        panels[0, column].set_title(f"kernel {column}")
        panels[1, column].imshow(values, vmin=0, vmax=most)
        row, place = np.unravel_index(values.argmax(), values.shape)
        panels[1, column].plot(place, row, "o", markersize=9, markerfacecolor="none", color="white")
    for axes in panels.flat:
        axes.set_axis_off()
    figure.tight_layout()
    plt.show()


# ---------------------------------------------------------------- hw12_attention


def plot_weights(weights, columns, rows, title, axes_named=("input", "answer")):
    """A matrix of weights, dark where they are large. columns, rows: what stands at each, such as digits."""
    figure, axes = plt.subplots(figsize=(4.6, 4.2))
    shown = axes.imshow(weights, cmap="Blues", vmin=0)
    axes.set(title=title, xlabel=axes_named[0], ylabel=axes_named[1])
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0)
    axes.grid(False)
    figure.colorbar(shown, label="weight", shrink=0.8)
    figure.tight_layout()
    plt.show()


def plot_largest_weights(sizes, largest):
    """The largest of eight weights against the length of queries and keys. largest: label -> weights."""
    figure, axes = plt.subplots(figsize=(7, 3.8))
    for label, weights in largest.items():
        (line,) = axes.semilogx(sizes, weights, "o-", base=2)
        place = {"xytext": (0, -17), "textcoords": "offset points", "ha": "center"}
        axes.annotate(label, (sizes[-2], weights[-2]), color=line.get_color(), **place)
    axes.axhline(1 / 8, color=GREY, linestyle="--", linewidth=1)
    axes.text(sizes[0], 1 / 8 + 0.01, "all eight alike", color=GREY)
    axes.set(xlabel="length d of queries and keys", ylabel="largest weight", ylim=(0, 1))
    axes.set_title("Random queries and keys: how much goes to one of eight?")
    axes.set_xticks(sizes, sizes)
    figure.tight_layout()
    plt.show()


def plot_causal(losses, causal_losses, floor):
    """The losses of two nets that reverse, without a mask and with one, and the lowest that the latter could have."""
    figure, axes = plt.subplots(figsize=(7, 3.8))
    for label, run, colour in (("without a mask", losses, BLUE), ("causal", causal_losses, RED)):
        axes.plot(run, color=colour)
        axes.annotate(label, (150, run[150]), (0, 7), textcoords="offset points", color=colour)
    axes.axhline(floor, color="black", linestyle="--", linewidth=1)
    axes.annotate("your answer", (299, floor), (0, -14), textcoords="offset points", ha="right")
    axes.set(xlabel="step", ylabel="cross-entropy", title="Two nets learn to reverse", ylim=(-0.1, None))
    figure.tight_layout()
    plt.show()
