"""Naming a mistake: the known wrong variants that do the same on the same hidden inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from ..homework.declare import Check, Variant
from .experiments import same
from .observations import Observations
from .pairs import Sight, pairs
from .shelf import NOTHING, RAISED

# How much work goes into trying pairs of mistakes, in calls of the homework's functions: each takes about 7 µs, cold,
# and what comes before the first of them as long as BEGIN.
PER_CHECK, PER_SUBMISSION, BEGIN = 30_000, 150_000, 500


class Seen(NamedTuple):
    """What a check has seen of a submission."""

    check: Check
    observed: Any
    outcome: str


class Naming:
    """What was seen of one submission, check by check, and which known mistakes that fits.

    aside: gives a context for what is worked out about known mistakes, which is no matter of the submission.
    matched: check name -> the known mistakes that were found there.
    """

    def __init__(self, observations: Observations, aside: Callable[[], AbstractContextManager[None]]) -> None:
        self.observations, self.aside = observations, aside
        self.matched: dict[str, list[Variant]] = {}
        self.seen: list[Seen] = []
        self.left = PER_SUBMISSION

    def keep(self, check: Check, observed: Any, outcome: str) -> None:
        """Remember what a check has seen, once its outcome is settled."""
        if outcome == "raised":
            self.seen.append(Seen(check, RAISED, outcome))
        elif observed is not NOTHING and outcome != "follows":
            self.seen.append(Seen(check, observed, outcome))

    def find(self, check: Check, observed: Any) -> list[Variant]:
        """The known mistakes that do the same in this check, and against which no earlier one speaks."""
        chaffs = self.observations.homework.chaffs
        known = [v for v in chaffs if v.target == check.covers or check.name in v.fails]
        found = [v for v in known if is_same(check, self.does(check, v), observed)]
        earlier = [seen for seen in self.seen if seen.check.covers == check.covers]
        little = tells_little(observed)
        self.matched[check.name] = [v for v in found if not any(self._is_against(v, little, one) for one in earlier)]
        return self.matched[check.name]

    def find_two(self, check: Check, observed: Any) -> Variant | None:
        """Two known changes of the check's function that do the same together, as one mistake, and that nothing seen
        speaks against; None where none of the likely ones do, or a mistake was found already.
        """
        if self.matched.get(check.name):
            return None
        with self.aside(), np.errstate(all="ignore"):
            earlier = [seen for seen in self.seen if seen.check.covers == check.covers]
            likely = self._affordable(check, self._likely(check, observed, earlier))
            same_here = (pair for pair in likely if is_same(check, self.does(check, pair), observed))
            found = (pair for pair in same_here if not any(self._is_against(pair, False, one) for one in earlier))
            pair = next(found, None)
        self.matched[check.name] = [pair] if pair else []
        return pair

    def _affordable(self, check: Check, likely: Iterator[Variant]) -> Iterator[Variant]:
        """So many as there is work left for. It is counted, not timed: it is the same on every machine."""
        cost = BEGIN + sum(self.observations.reached_by(check).values())
        count = int(min(PER_CHECK, self.left) // cost)
        for pair in islice(likely, count):
            self.left -= cost
            yield pair

    def _likely(self, check: Check, observed: Any, earlier: list[Seen]) -> Iterator[Variant]:
        """Pairs of known changes of a check's function, the likely ones first."""
        chaffs = self.observations.homework.chaffs
        known = [variant for variant in chaffs if variant.changes and variant.target == check.covers]
        found = {v.name: v for seen in earlier for v in self.matched.get(seen.check.name, ())}
        yield from (variant for variant in found.values() if variant not in chaffs)
        # A few yes and no fit many a pair.
        sure = [variant for variant in known if variant.name in found] if tells_little(observed) else known
        wrong = [seen for seen in earlier if seen.outcome != "right" and seen.observed is not RAISED]
        sights = [self._sight(seen, known) for seen in [*wrong, Seen(check, observed, "")]]
        yield from pairs(self.observations.homework, known, sights, sure)

    def _sight(self, seen: Seen, known: list[Variant]) -> Sight:
        right = self.observations.reference(seen.check)
        does = [self.does(seen.check, variant) for variant in known]
        return Sight(right, seen.observed, [right if one is NOTHING else one for one in does])

    def does(self, check: Check, *variants: Variant) -> Any:
        """What known mistakes of different functions, made together, observe in a check."""
        with self.aside():
            return self.observations.alone(check, *variants)

    def _does_in_turn(self, check: Check, variant: Variant) -> Any:
        with self.aside():
            return self.observations.in_turn(check, variant)

    def _is_against(self, variant: Variant, little: bool, seen: Seen) -> bool:
        """Whether a submission with this mistake would have been seen otherwise in an earlier check."""
        ways = self.does, self._does_in_turn
        return all(self._contradicts(way(seen.check, variant), little, *seen) for way in ways)

    def _contradicts(self, does: Any, little: bool, check: Check, observed: Any, outcome: str) -> bool:
        if does is NOTHING:
            # What went wrong there is another mistake. If nobody knows which, a few yes and no may come of it as well.
            return little and outcome != "right" and not self.matched.get(check.name)
        if outcome == "right":
            return True
        if does is RAISED or observed is RAISED:
            return does is not observed
        return not same(check, does, observed)


def is_same(check: Check, does: Any, observed: Any) -> bool:
    """Whether what a variant is seen to do, if it does anything, is what was observed."""
    return does is not NOTHING and does is not RAISED and same(check, does, observed)


def tells_little(observed: Any) -> bool:
    """Whether an observation holds no fraction anywhere: yes and no, counts, differences of 0."""
    if isinstance(observed, dict):
        return all(map(tells_little, observed.values()))
    if isinstance(observed, (list, tuple)):
        return all(map(tells_little, observed))
    if isinstance(observed, (float, np.ndarray)):
        numbers = np.asarray(observed)
        return numbers.dtype.kind != "f" or bool(np.all(numbers[np.isfinite(numbers)] % 1 == 0))
    return True
