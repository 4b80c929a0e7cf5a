"""Which functions each check runs: what a mistake in one of them can show in.

So an audit need not run the checks that a variant cannot touch, and a check that fails is traced to what it builds on.
"""

import sys
from functools import lru_cache

from .experiments import SEED, local, rng_of
from .probe import Code


def reached_checks(homework, target):
    """Names of the checks that a change of `target`, a dotted name, can touch.

    A check whose experiment, run on the reference, never enters a function sees nothing of a change to it.
    """
    reach = {check.name: reached_by(homework, check.name) for check in homework.checks}
    known = set().union(*reach.values())
    parts = (target, target + ".")
    chosen = set()
    for check in homework.checks:
        own = check.covers == target or check.covers.startswith(parts[1]) or target.startswith(check.covers + ".")
        if own or any(name == target or name.startswith(parts[1]) for name in reach[check.name]):
            chosen.add(check.name)
    # What no check of the reference runs, such as an inherited method that a variant defines anew, may matter anywhere.
    seen = any(name == target or name.startswith(parts[1]) for name in known)
    return frozenset(chosen) if seen else frozenset(reach)


@lru_cache(maxsize=1024)
def reached_by(homework, check_name):
    """The dotted names of the reference's functions that the experiment of a check runs."""
    entered, check = set(), homework.check(check_name)

    def note(frame, event, _):
        if event == "call" and frame.f_code.co_filename == "<cell 0>":
            entered.add(frame.f_code.co_qualname.split(".<locals>")[0])

    code = Code(local(homework.reference))
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        observed = check.observe(code, rng_of(SEED, check))
        if check.expect:
            check.expect(code, rng_of(SEED, check), observed)
    finally:
        sys.setprofile(before)
    return frozenset(entered)
