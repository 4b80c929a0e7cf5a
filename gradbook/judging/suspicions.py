"""Why a person should look at a function that keeps its points."""

from typing import Any

from ..homework.declare import Check
from .compare import Difference, difference
from .experiments import nearly

# A backward pass may run the forward pass anew, for each of the few gradients of an experiment.
MANY_CALLS = 12
# Two ways of summing the same products differ by less, relative to the largest entry; a difference quotient by more.
ANALYTIC = 1e-12


def suspicion(check: Check, found: Difference | None, expected: Any, observed: Any, calls: int) -> str:
    """Why a person should look at what a check observed, or an empty text.

    found: how it differs from what is expected. calls: how often a gradient called the forward pass.
    """
    if found is None:
        return _of_a_right_one(check, expected, observed, calls)
    if check.review:
        return check.review
    if found.kind == "value" and check.gradient and not check.exact and nearly(check, expected, observed):
        return f"{check.covers} is right to a few digits only: numerical derivative or single precision?"
    return ""


def _of_a_right_one(check: Check, expected: Any, observed: Any, calls: int) -> str:
    # Where forward is linear or quadratic a central difference is right, but for its round-off.
    if check.gradient and difference(expected, observed, ANALYTIC):
        return f"{check.covers} is right but for its last digits: numerical derivative?"
    if calls > MANY_CALLS:
        return f"{check.covers} calls the forward pass again and again: numerical derivative?"
    return ""
