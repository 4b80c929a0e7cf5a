"""Two known mistakes in one function, drawn by chance: how many of them the findings name."""

import random
from itertools import combinations

from ..course.findings import FINE
from ..homework.declare import Homework, Variant
from ..judging.hints import PROMISED
from ..judging.judge import judge
from ..judging.local import local
from ..judging.mistakes import is_same
from ..judging.observations import Observations
from ..judging.pairs import together
from ..judging.words import NUMBERS

BOTH, ALIKE, ONE, OTHERS = "both named", "no other than one of them", "one of them named", "named otherwise"
GENERAL, NOTHING_CERTAIN, RIGHT = "told without a name", "nothing certain told", "nothing lost"


def drawn(homework: Homework, count: int, seed: int = 0) -> list[tuple[str, str]]:
    """The names of so many pairs of known mistakes that can be made together and are told otherwise, or of all."""
    known = [variant for variant in homework.chaffs if variant.changes]
    apart = [
        (first.name, second.name)
        for first, second in combinations(known, 2)
        if first.target == second.target and first.hint != second.hint and together(homework, first, second)
    ]
    return random.Random(seed).sample(apart, min(count, len(apart)))


def told(observations: Observations, first: Variant, second: Variant) -> str:
    """In which of the ways above the findings tell two mistakes that are made together."""
    pair = together(observations.homework, first, second)
    assert pair
    only = observations.reached_checks(pair.target)
    verdict = judge(observations, local(observations.homework.source_with(pair)), only=only)
    lost = [finding for finding in verdict if finding.about == pair.target and finding.outcome not in FINE]
    text = " ".join(finding.hint for finding in lost)
    named = sum(variant.hint in text for variant in (first, second))
    if not lost or named == 2:
        return BOTH if lost else RIGHT
    if any(_alike(observations, pair, variant) for variant in (first, second)):
        return ALIKE
    if any(finding.hint == NUMBERS or finding.hint.startswith(PROMISED) for finding in lost):
        return NOTHING_CERTAIN
    if named:
        return ONE
    return OTHERS if any(finding.mistake for finding in lost) else GENERAL


def _alike(observations: Observations, pair: Variant, variant: Variant) -> bool:
    """Whether no check of their function tells two mistakes from one of them."""
    checks = [check for check in observations.homework.checks if check.covers == pair.target]
    seen = [(check, observations.alone(check, pair), observations.alone(check, variant)) for check in checks]
    return all(two is one or is_same(check, two, one) for check, two, one in seen)
