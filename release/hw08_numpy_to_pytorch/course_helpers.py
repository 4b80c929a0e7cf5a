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


def random_problem(seed, n, d_in, h, d_out):
    """Unit normal numbers, drawn in this order: x (n, d_in), y (n, d_out), w1 (d_in, h), w2 (h, d_out)."""
    np.random.seed(seed)
    return tuple(np.random.randn(*shape) for shape in ((n, d_in), (n, d_out), (d_in, h), (h, d_out)))


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
