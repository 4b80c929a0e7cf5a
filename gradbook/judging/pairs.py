"""Two known mistakes in one function: two changes of the reference, made together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from ..homework.declare import Check, Homework, Variant
from ..homework.source import Change, changed, definition
from .compare import entries
from .shelf import RAISED

Row = np.ndarray
ENTRIES = 64


class Sight(NamedTuple):
    """What a check has seen of a submission, beside what the reference does and what each of some mistakes does."""

    right: Any
    observed: Any
    alone: Sequence[Any]


def pairs(homework: Homework, known: Sequence[Variant], sights: Iterable[Sight]) -> Iterator[Variant]:
    """Every two of these changes of one function that can be made together, as one variant, the likely ones first.

    What both do is not known before they are run. Likely are those that do alone what was seen, wherever only one of
    them does anything: each number that speaks against that counts whole, and each that both change a half.
    """
    places = list(combinations(range(len(known)), 2))
    unlike: Row = sum((_unlike(sight) for sight in sights), np.zeros((len(known), len(known))))
    for first, second in sorted(places, key=lambda place: unlike[place]):
        if _apart(known[first].changes, known[second].changes):
            yield _together(homework, known[first], known[second])


def _apart(some: Sequence[Change], others: Sequence[Change]) -> bool:
    """Whether changes can be made together: none of them overlaps with another."""
    ordered = sorted((*some, *others))
    return all(one.start < two.start and one.end <= two.start for one, two in zip(ordered, ordered[1:], strict=False))


def _together(homework: Homework, *variants: Variant) -> Variant:
    """Changes of one function as one mistake, told in the order of the code."""
    first, second = sorted(variants, key=lambda variant: variant.changes)
    changes = (*first.changes, *second.changes)
    source = changed(definition(homework.reference, first.target), changes)
    hint = first.hint if first.hint == second.hint else f"{first.hint} {second.hint}"
    name, about = f"{first.name} and {second.name}", f"{first.about} and {second.about}"
    return Variant(name, first.target, source, False, (*first.fails, *second.fails), hint, about, changes=changes)


def _unlike(sight: Sight) -> np.ndarray:
    """For every two mistakes, how much of what was seen speaks against both, from 0 to 1."""
    right = entries(sight.right, sight.right)
    rows = [right * np.nan if seen is RAISED else entries(sight.right, seen) for seen in (sight.observed, *sight.alone)]
    some = np.linspace(0, len(right) - 1, min(len(right), ENTRIES)).astype(int)
    right, observed, *alone = (row[some] for row in (right, *rows))
    first, second = np.stack(alone)[:, None], np.stack(alone)
    idle = _close(second, right)
    told = np.where(idle[:, None], second, np.where(idle, first, np.nan))
    both = ~idle[:, None] & ~idle
    wrong = np.where(both, 0.5, ~_close(told, observed))
    for guess in (first + second - right, first * second / right):
        wrong[both & _close(guess, observed)] = 0
    return np.asarray(wrong.mean(axis=2))


def _close(some: Row, others: Row) -> np.ndarray:
    size = np.abs(others[np.isfinite(others)]).max(initial=0.0)
    return np.isclose(some, others, rtol=1e-6, atol=1e-9 * size, equal_nan=True)
