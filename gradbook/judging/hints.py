"""From a difference to what to tell the student: the likely mistake, never a hidden number."""

from typing import Any

import numpy as np

from ..sandbox.guest.text import plain
from .causes.cause import Cause
from .compare import NUMBERS, Difference

# What is said where nothing is certain, with the promise behind it.
PROMISED = "Your code does something else than is promised; this should hold"
FACTORS = (
    (
        0.5,
        "factor",
        "Your result is half as large as it should be; should there be a factor 2, as from differentiating a square?",
    ),
    (2.0, "factor", "Your result is twice as large as it should be; should there be a one half, or a factor 2 less?"),
    (-1.0, "sign", "Your result has the opposite sign; it should have the same size with the other sign."),
    (-0.5, "sign", "Your result has the opposite sign and half the size; it should have neither: two factors are off."),
    (
        -2.0,
        "sign",
        "Your result has the opposite sign and twice the size; it should have neither: two factors are off.",
    ),
)
NEARLY = Cause(
    "Your result is nearly right; it should be exact: something small is added, left out or rounded.", "precision"
)
SUM = Cause("Your result is the number of rows times too large; it should be a mean over the rows, not a sum.", "mean")
MEAN = Cause("Your result is the number of rows times too small; it should be divided by it once less.", "mean")
ZERO = Cause("Your result is zero everywhere; it should hold other numbers.", "definition")
SAME_FACTOR = Cause("Your result is off by one and the same factor; it should be without it.", "factor")
TRANSPOSED = Cause("Your result has rows and columns exchanged; it should be transposed.", "places")
ELSEWHERE = Cause(
    "Your result has the right numbers in wrong places; it should keep their order: look for a reshape or a transpose.",
    "places",
)
SWAPPED = Cause(
    "Your code gives the two results in each other's place; it should give them in the other order.", "places"
)


def factor(difference: Difference, batch: int | None) -> Cause | None:
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
    for value, concept, text in FACTORS:
        if np.isclose(ratio, value, rtol=1e-6):
            return Cause(text, concept)
    if np.isclose(ratio, 1, rtol=1e-3):
        return NEARLY
    if batch and np.isclose(ratio, batch, rtol=1e-6):
        return SUM
    if batch and np.isclose(ratio, 1 / batch, rtol=1e-6):
        return MEAN
    if not ratio:
        return ZERO
    return SAME_FACTOR if expected.size > 1 else None


def places(difference: Difference) -> Cause | None:
    """What to say where the numbers are right but stand elsewhere, else None."""
    wrong = [(e, o) for name, e, o in difference.pairs if name in difference.where]
    if difference.kind != "value" or not wrong or any(e.ndim < 1 or e.size < 2 for e, _ in wrong):
        return None
    if all(e.ndim == 2 and e.shape[0] == e.shape[1] and np.allclose(o, e.T, rtol=1e-7, atol=0) for e, o in wrong):
        return TRANSPOSED
    if all(np.allclose(np.sort(o, axis=None), np.sort(e, axis=None), rtol=1e-7, atol=0) for e, o in wrong):
        return ELSEWHERE
    return None


def swapped(difference: Difference) -> Cause | None:
    """What to say where two results of a pair are exchanged, else None."""
    if difference.kind != "value" or len(difference.where) != 2 or difference.right:
        return None
    (_, e1, o1), (_, e2, o2) = difference.pairs[:2]
    if e1.shape == e2.shape and np.allclose(o1, e2, rtol=1e-7, atol=0) and np.allclose(o2, e1, rtol=1e-7, atol=0):
        return SWAPPED
    return None


def parts(difference: Difference) -> str | None:
    """Which parts are right and which are not, where some are right."""
    names = [n for n in difference.where if n]
    if difference.right and names:
        return f"Right: {_names(difference.right)}. Not right: {_names(names)}."
    return None


def entry(difference: Difference) -> str | None:
    """What to say where a sequence leaves the right path, else None."""
    first = next(((e, o) for n, e, o in difference.pairs if n in difference.where), None)
    if difference.kind != "value" or not first or first[0].ndim != 1 or first[0].size < 4:
        return None
    expected, observed = (a.astype(complex) for a in first)
    with np.errstate(all="ignore"):
        off = np.abs(observed - expected) > 1e-6 * np.abs(expected).max()
    if not off.any() or off.all():
        return None
    index = int(np.argmax(off))
    place = f"entry {index} (counted from 0)"
    if index == len(off) - 1:
        return f"Your result is wrong in the last place only, {place}; it should be right there too."
    if off[index:].all():
        return f"Your result is wrong from {place} to the end; it should go on as it began."
    return f"Your result is first wrong at {place}, and at some later ones; it should be right at all of them."


def _names(names: list[str]) -> str:
    return ", ".join(name[:40] for name in names[:6]) + (" and more" if len(names) > 6 else "")


def show(value: Any) -> str:
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
