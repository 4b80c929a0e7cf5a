"""Data, checks of your own numbers, and plots for the notebooks of the course."""

# What a notebook uses of this file is put beside it by `gradbook build`, without the comments that stand apart.
# Imports here are of NumPy and Matplotlib only.

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
