"""What is drawn at random: where its numbers come from, and, by statistics, what distribution they have.

An array of n independent normal numbers is refused by chance with a probability of at most 12 exp(-26) = 6.2e-11: each
of six statistics (mean, deviation, four shares) may miss its aim with at most 2 exp(-26). With x = 26 and
u = sqrt(x / n), what they may be off by is that of proven bounds:
- mean: sqrt(2) u deviations (the tail of the normal distribution);
- deviation: u + u^2, relative (Laurent and Massart 2000, lemma 1, for the chi-square distribution);
- share p of the entries in an interval: see `_share_slack` (Bernstein's inequality). The interval is measured in
  observed deviations, so its true width may be off by what is allowed for the deviation.
With n > 40000 that is .036 deviations, 2.6 % and at most .018.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from .families import Code, Parts, as_one, depends, numbers, same

TAIL = 26.0


def signed(rng: np.random.Generator, *shape: int, low: float = 0.3, high: float = 1.8) -> np.ndarray:
    """Numbers of both signs, of sizes from low to high: none near 0, nor near 1 in size on the whole."""
    return rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)


def generators(code: Code) -> Any:
    """What makes a numpy.random.Generator of a seed, on the code's side."""
    return code.define("import numpy\nmake = numpy.random.default_rng", "make")


def seeded(code: Code, call: Callable[[Any], Any], seeds: Sequence[int]) -> tuple[Any, Parts]:
    """(what a first call gives, that what a call draws comes from the generator that it is given, and from no other).

    call: takes a generator on the code's side. seeds: three different ones.
    """
    one, two, outside = seeds
    code.seed(outside)
    make = generators(code)
    going_on = make(one)
    first, second, again, other = (call(generator) for generator in (going_on, going_on, make(one), make(two)))
    after = code.define("import numpy\ndraw = numpy.random.random", "draw")(3)
    return first, {
        "the same from the same seed": same(first, again),
        "something else from another seed": depends(first, other),
        "something else in a second call": depends(first, second),
        "NumPy's global generator untouched": same(np.random.RandomState(outside).random(3), after),
    }


def normal(
    arrays: Sequence[Any], shapes: Sequence[tuple[int, int]], deviations: Callable[[int, int], np.ndarray]
) -> Parts:
    """That large arrays are normal with mean 0 and the right deviation, each entry drawn for itself.

    shapes: those that they should have, of at least 100 rows and columns. deviations(rows, columns): the right one and,
    to tell mistakes apart, wrong ones.
    """
    found = [numbers(array) for array in arrays]
    shaped = all(array is not None and array.shape == shape for array, shape in zip(found, shapes, strict=True))
    each = [_Statistics(False, np.zeros(deviations(*shape).shape, dtype=bool)) for shape in shapes]
    filled = [a for a, shape in zip(found, shapes, strict=True) if a is not None and _fills(a, shape)]
    if len(filled) == len(shapes):
        each = [_statistics(array, deviations(*shape)) for array, shape in zip(filled, shapes, strict=True)]
    of_all = _Statistics(*(np.all(fact, axis=0) for fact in zip(*each, strict=True)))
    return {
        "the shape": shaped,
        "the mean": bool(of_all.centred),
        "the deviation": as_one(of_all.fits[0], *~of_all.fits[1:]),
        "the kind of distribution": as_one(of_all.normal, not of_all.uniform),
        "every entry drawn for itself": bool(of_all.single),
        "as it was drawn": not of_all.exact,
        "float64 numbers": shaped and all(array is not None and array.dtype == np.float64 for array in found),
    }


def _fills(array: np.ndarray, shape: tuple[int, int]) -> bool:
    """Whether there are as many entries as there should be, and not all equal: only then there are statistics."""
    return array.size == math.prod(shape) and bool(array.std() > 0)


class _Statistics(NamedTuple):
    """What the statistics of a large array say of it.

    centred: its mean is 0. fits: for each deviation that was asked for, whether it is this array's. normal, uniform:
    its distribution, whatever the mean. single: each entry was drawn for itself. exact: its mean or the right deviation
    is met better than by chance: it was shifted or scaled to it.
    """

    centred: bool
    fits: np.ndarray
    normal: bool = False
    uniform: bool = False
    single: bool = False
    exact: bool = False


def _statistics(array: np.ndarray, deviations: np.ndarray) -> _Statistics:
    mean, deviation, u = array.mean(), array.std(), math.sqrt(TAIL / array.size)
    slack, off = u + u**2, np.abs(deviation / deviations - 1)
    # The observed deviation stands for the right one, so it may be smaller.
    centred = bool(abs(mean) <= (1 + slack) * math.sqrt(2) * u * deviation)
    # Where the mean is wrong, that has been said; the form of the distribution is another thing.
    sizes = np.abs(array - (0 if centred else mean)) / deviation
    exact = bool(abs(mean) <= 1e-12 * deviation or off[0] <= 1e-12)
    # No uniform number is more than sqrt(3) deviations from the mean.
    uniform = bool(sizes.max() < 1.8)
    return _Statistics(centred, off <= slack, _normal(sizes, slack), uniform, _single(array), exact)


def _normal(sizes: np.ndarray, slack: float) -> bool:
    """Whether the shares within .5, 1, 1.5 and 2.3 deviations are those of a normal distribution.

    sizes: of the entries, in deviations. slack: how far the deviation may be off.
    """
    for c in (0.5, 1.0, 1.5, 2.3):
        low, high = (math.erf(c * factor / math.sqrt(2)) for factor in (1 - slack, 1 + slack))
        share, n = np.mean(sizes < c), sizes.size
        if not low - _share_slack(low, n) <= share <= high + _share_slack(high, n):
            return False
    return True


def _share_slack(p: float, n: int) -> float:
    """How far the share S of n entries may be from p.

    Bernstein: P(|S - p| >= t) <= 2 exp(-n t^2 / (2 p (1 - p) + 2 t / 3)).
    """
    third = TAIL / 3
    return (third + math.sqrt(third**2 + 2 * TAIL * n * p * (1 - p))) / n


def _single(array: np.ndarray) -> bool:
    """Whether the entries differ from each other, and the sizes of the rows and of the columns as they do by chance.

    Of 5000 doubles that are drawn one by one, no four coincide. The size of k normal entries varies by
    1 / sqrt(2 k) of itself; measured on the more than 100 rows or columns, that is not a third nor three times as
    much (chi-square distribution, about exp(-77)).
    """
    head, array = array.ravel()[:5000], np.atleast_2d(array)
    if np.unique(head).size <= head.size - 4:
        return False
    for axis in (0, 1):
        size = np.sqrt(np.mean(array**2, axis=axis))
        if not 1 / 3 < size.std() / size.mean() * math.sqrt(2 * array.shape[axis]) < 3:
            return False
    return True
