"""Naming a mistake: the known wrong variants that do the same on the same hidden inputs."""

import numpy as np

from .experiments import (
    NOTHING,
    RAISED,
    combined_observation,
    reference_observation,
    same,
    variant_in_turn,
    variant_observation,
)


class Naming:
    """What was seen of one submission, check by check, and which known mistakes that fits.

    aside: gives a context for what is worked out about known mistakes, which is no matter of the submission.
    matched: check name -> the known mistakes that were found there.
    """

    def __init__(self, homework, seed, aside):
        self.homework, self.seed, self.aside = homework, seed, aside
        self.matched, self.seen = {}, []

    def keep(self, check, observed, outcome):
        """Remember what a check has seen, once its outcome is settled."""
        if outcome == "raised":
            self.seen.append((check, RAISED, outcome))
        elif observed is not NOTHING and outcome != "follows":
            self.seen.append((check, observed, outcome))

    def find(self, check, observed):
        """The known mistakes that do the same in this check, and against which no earlier one speaks."""
        known = [v for v in self.homework.chaffs if v.target == check.covers or check.name in v.fails]
        found = [v for v in known if is_same(check, self.does(v, check), observed)]
        earlier = [seen for seen in self.seen if seen[0].covers == check.covers]
        little = tells_little(observed)
        self.matched[check.name] = [v for v in found if not any(self._is_against(v, little, *one) for one in earlier)]
        return self.matched[check.name]

    def does(self, variant, check, observation=variant_observation):
        """What a variant observes in a check."""
        with self.aside():
            return observation(self.homework, check.name, variant.name, self.seed)

    def together(self, variants, check):
        """What known mistakes of different functions, made together, observe in a check."""
        if len(variants) == 1:
            return self.does(variants[0], check)
        names = tuple(sorted(variant.name for variant in variants))
        with self.aside():
            return combined_observation(self.homework, check.name, names, self.seed)

    def _is_against(self, variant, little, *seen):
        """Whether a submission with this mistake would have been seen otherwise in an earlier check."""
        ways = variant_observation, variant_in_turn
        return all(self._contradicts(self.does(variant, seen[0], way), little, *seen) for way in ways)

    def _contradicts(self, does, little, check, observed, outcome):
        if does is NOTHING or (check.accept and self._is_accepted(check, does)):
            # What went wrong there is another mistake. If nobody knows which, a few yes and no may come of it as well.
            return little and outcome != "right" and not self.matched.get(check.name)
        if outcome == "right":
            return True
        if does is RAISED or observed is RAISED:
            return does is not observed
        return not check.accept and not same(check, does, observed)

    def _is_accepted(self, check, does):
        with self.aside():
            expected = reference_observation(self.homework, check.name, self.seed)
        return does is not RAISED and bool(check.accept(expected, does))


def is_same(check, does, observed):
    """Whether what a variant is seen to do, if it does anything, is what was observed."""
    return does is not NOTHING and does is not RAISED and same(check, does, observed)


def tells_little(observed):
    """Whether an observation holds no fraction anywhere: yes and no, counts, differences of 0."""
    if isinstance(observed, dict):
        return all(map(tells_little, observed.values()))
    if isinstance(observed, (list, tuple)):
        return all(map(tells_little, observed))
    if isinstance(observed, (float, np.ndarray)):
        numbers = np.asarray(observed)
        return numbers.dtype.kind != "f" or bool(np.all(numbers[np.isfinite(numbers)] % 1 == 0))
    return True
