"""From a difference to what to tell the student: the likely mistake, never a hidden number."""

import re

import numpy as np

from ..sandbox.guest.text import plain
from . import causes
from .compare import NUMBERS

SAFE_MESSAGES = (
    (r"a leaf Variable that requires grad|modified by an inplace operation",
     "A tensor that autograd watches is changed in place: make the update under torch.no_grad()."),
    (r"through the graph a second time",
     "The graph of an earlier step is still attached: make the update under torch.no_grad()."),
    (r"does not require grad and does not have a grad_fn",
     "Autograd finds no way from the loss to a parameter: nothing it watches went into the loss."),
    (r"before Module.__init__", "A module's __init__ begins with super().__init__()."),
    (r"Found dtype|have the same dtype|expected scalar type", "Two tensors are of different dtypes."),
    (r"operands could not be broadcast|shape mismatch|shapes? .* not aligned|matmul: .*mismatch|could not broadcast|"
     r"shapes cannot be multiplied|must match the size of tensor|doesn't match the broadcast shape",
     "The shapes of two arrays do not fit together."),
    (r"only (length-1|integer scalar|0-dimensional) arrays", "An array stands where a single number is needed."),
    (r"missing \d+ required|takes \d+ positional|unexpected keyword", "A function is called with the wrong arguments."),
    (r"index .* out of (bounds|range)|list index out of range", "An index runs past the end."),
    (r"division by zero", "Something is divided by zero."),
    (r"'NoneType'", "A value is None here; is a return missing further up?"),
    (r"truth value of an array", "An array stands where one True or False is needed."),
    (r"referenced before assignment|cannot access local variable", "A variable is used before it has a value."),
    (r"has no attribute", "The object has no such attribute."),
    (r"cannot be interpreted as an integer", "A whole number is needed here."),
    (r"recursion", "The function calls itself without end."),
)  # fmt: skip

FACTORS = (
    (0.5, "Half of what is expected. Is a factor 2 missing, from differentiating the square?"),
    (2.0, "Twice what is expected. Is there a one half in the definition?"),
    (-1.0, "The right size in the opposite direction: look at the sign, and at what is subtracted from what."),
    (-0.5, "The opposite sign, and half the size: two factors are off."),
    (-2.0, "The opposite sign, and twice the size: two factors are off."),
)


def raised(error, sources, covers="", cell=None):
    """(outcome, lines) for code that raised.

    sources: the Sources of the notebook. covers: dotted name of the function that was called. cell: number of the
    cell that was run, where the exception does not say it.
    """
    if error.type_name == "NotImplementedError":
        return "untouched", ["This is not written yet: the stub is still there."]
    where = ""
    at, line = causes.place(error, sources, cell)
    lines = sources[at].split("\n") if line else []
    if line and line <= len(lines):
        where = f" at line {line} of your cell:\n    {lines[line - 1].strip()[:200]}"
    text = [f"It raised {_known(error.type_name)}{where}"]
    known = (say for pattern, say in SAFE_MESSAGES if re.search(pattern, error.message, re.I))
    reason = causes.reason(error, sources, covers, cell) or next(known, None)
    return "raised", text + ([reason] if reason else [])


def _known(type_name):
    """A built-in exception's name; anything else a class may be called is not repeated."""
    import builtins

    known = getattr(builtins, type_name, None)
    return type_name if isinstance(known, type) and issubclass(known, BaseException) else "an exception"


def factor(difference, batch):
    """What to say where every wrong number is one known factor off, else None."""
    wrong = [(e, o) for name, e, o in difference.pairs if name in difference.where and e.dtype.kind != "b"]
    if difference.kind != "value" or not wrong:
        return None
    expected = np.concatenate([np.ravel(e).astype(float) for e, _ in wrong if e.dtype.kind != "c"] or [np.zeros(0)])
    observed = np.concatenate([np.ravel(o).astype(float) for _, o in wrong if o.dtype.kind != "c"] or [np.zeros(0)])
    size = expected @ expected
    if expected.shape != observed.shape or not size or not np.isfinite(observed).all():
        return None
    ratio = observed @ expected / size
    if np.abs(observed - ratio * expected).max() > 1e-6 * np.abs(expected).max():
        return None
    for value, text in FACTORS:
        if np.isclose(ratio, value, rtol=1e-6):
            return text
    if np.isclose(ratio, 1, rtol=1e-3):
        return "Nearly right, but not exactly: something small is added, left out or rounded."
    if batch and (np.isclose(ratio, batch, rtol=1e-6) or np.isclose(ratio, 1 / batch, rtol=1e-6)):
        return "Off by exactly the number of rows: a sum stands where a mean belongs, or a mean where a sum belongs."
    if not ratio:
        return "It is zero everywhere."
    return "Every number is off by the same factor." if expected.size > 1 else None


def places(difference):
    """What to say where the numbers are right but stand elsewhere, else None."""
    wrong = [(e, o) for name, e, o in difference.pairs if name in difference.where]
    if difference.kind != "value" or not wrong or any(e.ndim < 1 or e.size < 2 for e, _ in wrong):
        return None
    if all(e.ndim == 2 and e.shape[0] == e.shape[1] and np.allclose(o, e.T, rtol=1e-7, atol=0) for e, o in wrong):
        return "Right numbers, transposed: rows and columns are exchanged."
    if all(np.allclose(np.sort(o, axis=None), np.sort(e, axis=None), rtol=1e-7, atol=0) for e, o in wrong):
        return "Right numbers, wrong places: a reshape, a transpose or an index order."
    return None


def swapped(difference):
    """What to say where two results of a pair are exchanged, else None."""
    if difference.kind != "value" or len(difference.where) != 2 or difference.right:
        return None
    (_, e1, o1), (_, e2, o2) = difference.pairs[:2]
    if e1.shape == e2.shape and np.allclose(o1, e2, rtol=1e-7, atol=0) and np.allclose(o2, e1, rtol=1e-7, atol=0):
        return "The two results stand in each other's place."
    return None


def location(difference):
    """Which parts are right and which are not, and where a sequence leaves the right path."""
    lines = []
    names = [n for n in difference.where if n]
    if difference.right and names:
        lines.append(f"Right: {_names(difference.right)}. Not right: {_names(names)}.")
    if difference.kind != "value":
        return lines
    first = next(((e, o) for n, e, o in difference.pairs if n in difference.where), None)
    if first and first[0].ndim == 1 and first[0].size >= 4:
        expected, observed = (a.astype(complex) for a in first)
        with np.errstate(all="ignore"):
            off = np.abs(observed - expected) > 1e-6 * np.abs(expected).max()
        if off.any() and not off.all():
            index = int(np.argmax(off))
            word = "all entries after it" if off[index:].all() else "some after it"
            last = index == len(off) - 1
            rest = f"is the first that is wrong; {word} are too" if not last else "is wrong, the last, and no other"
            lines.append(f"Entry {index} (counted from 0) {rest}.")
    return lines


def _names(names):
    names = [str(n)[:40] for n in names]
    return ", ".join(names[:6]) + (" and more" if len(names) > 6 else "")


def show(value):
    """A value from a published example as short text: numbers and arrays only."""
    if isinstance(value, NUMBERS):
        array = np.asarray(value)
        if array.ndim > 4:
            return f"an array of {array.ndim} dimensions"
        # A negative zero is a zero to the student.
        array = array + 0 if array.dtype.kind in "fc" else array
        return np.array2string(array, precision=6, separator=", ", threshold=24, max_line_width=100)[:400]
    if isinstance(value, (list, tuple)) and len(value) <= 8:
        inner = ", ".join(show(item) for item in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner})"
    if isinstance(value, dict) and len(value) <= 8:
        return "{" + ", ".join(f"{plain(str(k))[:20]}: {show(v)}" for k, v in value.items()) + "}"
    return "None" if value is None else "something else"
