"""Two known mistakes in one function: two changes of the reference, made together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any, NamedTuple

import numpy as np

from ..homework.declare import Homework, Variant
from ..homework.source import changed, definition
from .compare import entries
from .shelf import RAISED

ENTRIES = 64  # of an observation that are looked at


class Sight(NamedTuple):
    """What a check has seen of a submission, beside what the reference does and what each of some mistakes does."""

    right: Any
    observed: Any
    alone: Sequence[Any]


def together(homework: Homework, *changes: Variant) -> Variant | None:
    """Two changes of one function as one mistake, told in the order of the code; None where they overlap."""
    first, second = sorted(changes, key=lambda variant: variant.changes)
    both = sorted((*first.changes, *second.changes))
    if any(one.start == two.start or one.end > two.start for one, two in pairwise(both)):
        return None
    source = changed(definition(homework.reference, first.target), both)
    hint = first.hint if first.hint == second.hint else f"{first.hint} {second.hint}"
    name, about = f"{first.name} and {second.name}", f"{first.about} and {second.about}"
    fails = (*first.fails, *second.fails)
    return Variant(name, first.target, source, False, fails, hint, about, concept=first.concept, both=(first, second))


def pairs(
    homework: Homework, known: Sequence[Variant], sights: Iterable[Sight], sure: Sequence[Variant]
) -> Iterator[Variant]:
    """Every two of the known changes of one function that can be made together, as one mistake, the likely ones first.

    What both do is not known before they are run. Likely are those that do alone what was seen, wherever only one of
    them does anything; where both do, those whose differences add up, or multiply. sure: one of the two is among these.
    """
    places = [two for two in combinations(range(len(known)), 2) if known[two[0]] in sure or known[two[1]] in sure]
    unlike = np.zeros((len(known), len(known)))
    for sight in sights if places else ():
        unlike += _unlike(sight)
    for first, second in sorted(places, key=lambda place: unlike[place]):
        pair = together(homework, known[first], known[second])
        if pair:
            yield pair


def _unlike(sight: Sight) -> np.ndarray:
    """For every two mistakes, how much of what was seen speaks against both, from 0 to 1."""
    # What is of another form than the reference's may have that of a mistake.
    forms = [form for form in (sight.right, *sight.alone) if form is not RAISED]
    form = min(forms, key=lambda form: np.isnan(entries(form, sight.observed)).mean())
    right, observed, *alone = (_some(entries(form, seen)) for seen in (sight.right, sight.observed, *sight.alone))
    first, second = np.stack(alone)[:, None], np.stack(alone)
    idle = _close(second, right)
    told = np.where(idle[:, None], second, np.where(idle, first, np.nan))
    both = ~idle[:, None] & ~idle
    wrong = np.where(both, 0.5, ~_close(told, observed))
    for guess in (first + second - right, first * second / right):
        wrong[both & _close(guess, observed)] = 0
    return np.asarray(wrong.mean(axis=2))


def _some(row: np.ndarray) -> np.ndarray:
    return row[np.linspace(0, len(row) - 1, min(len(row), ENTRIES)).astype(int)]


def _close(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    size = np.abs(others[np.isfinite(others)]).max(initial=0.0)
    return np.isclose(some, others, rtol=1e-6, atol=1e-9 * size, equal_nan=True)
