"""Which functions each check runs: what a mistake in one of them can show in.

So an audit need not run the checks that a variant cannot touch, and a check that fails is traced to what it builds on.
"""

import sys
from collections import Counter
from collections.abc import Callable, Collection
from types import FrameType

from ..homework.declare import Check, Homework
from ..homework.source import CELL
from .experiments import SEED, rng_of
from .local import right
from .probe import Code


def reached_checks(homework: Homework, target: str, reached_by: Callable[[Check], Collection[str]]) -> frozenset[str]:
    """Names of the checks that a change of `target`, a dotted name, can touch.

    A check whose experiment, run on the reference, never enters a function sees nothing of a change to it.
    reached_by: tells what a check runs, see `functions_of`.
    """
    checks, inside = homework.checks, target + "."

    def runs_it(check: Check) -> bool:
        return any(name == target or name.startswith(inside) for name in reached_by(check))

    def is_about_it(check: Check) -> bool:
        return check.covers == target or check.covers.startswith(inside) or target.startswith(check.covers + ".")

    running = {check.name for check in checks if runs_it(check)}
    # What no check of the reference runs, such as an inherited method that a variant defines anew, may matter anywhere.
    return frozenset(check.name for check in checks if not running or check.name in running or is_about_it(check))


def functions_of(homework: Homework, check: Check) -> dict[str, int]:
    """The dotted names of the reference's functions that the experiment of a check runs, and how often each."""
    entered = Counter[str]()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename == CELL:
            entered[frame.f_code.co_qualname.split(".<locals>")[0]] += 1

    code = Code(right(homework))
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        observed = check.observe(code, rng_of(SEED, check))
        if check.expect:
            check.expect(code, rng_of(SEED, check), observed)
    finally:
        sys.setprofile(before)
    return dict(sorted(entered.items()))
