"""One experiment of a check: what it draws, what it observes of code, and whether two observations agree."""

import hashlib
from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from ..homework.declare import Check, Homework
from .compare import difference
from .local import namespace
from .probe import Code

SEED = 20210


def nearly(check: Check, expected: Any, observed: Any) -> bool:
    """Whether a gradient is as right as a numerical derivative can be, and no more."""
    return difference(expected, observed, 1e-5, max(check.atol, 1e-7), check.elementwise) is None


def same(check: Check, expected: Any, observed: Any) -> bool:
    """Whether two observations agree within the tolerances of their check."""
    return difference(expected, observed, check.rtol, check.atol, check.elementwise) is None


def rng_of(seed: int, check: Check) -> np.random.Generator:
    """The generator from which a check draws its hidden inputs."""
    digest = hashlib.sha256(f"{seed}/{check.name}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "little"))


def run(check: Check, code: Code, seed: int, reference: Any) -> tuple[Any, Any]:
    """(what a check observes of code, what it should observe). reference: what the reference observes."""
    observed, expected = check.observe(code, rng_of(seed, check)), reference
    if check.expect:
        expected = check.expect(code, rng_of(seed, check), reference)
    return observed, expected


def oracle(homework: Homework, names: Collection[str]) -> Callable[[dict[str, Any]], Any]:
    """Answers, by values, for the functions that a check is given right ones of."""
    reference = namespace(homework.reference)

    def answer(question: dict[str, Any]) -> Any:
        if question["ask"] not in names:
            raise ValueError("not given")
        *parents, last = question["ask"].split(".")
        if not parents:
            return reference[last](*question["args"], **question["kwargs"])
        owner = reference[parents[0]]
        instance = owner.__new__(owner)
        # What a right object has as a method, it keeps.
        vars(instance).update({k: v for k, v in question["state"].items() if not hasattr(owner, str(k))})
        return getattr(instance, last)(*question["args"], **question["kwargs"])

    return answer
