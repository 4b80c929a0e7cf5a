"""Which functions each check runs, so that an audit need not run the checks that a variant cannot touch."""

import sys
from functools import lru_cache

from .code import Code, Local
from .homework import load
from .observations import SEED, namespace, rng_of


def reached_checks(homework_id, target):
    """Names of the checks that a change of `target`, a dotted name, can touch.

    A check whose experiment, run on the reference, never enters a function sees nothing of a change to it.
    """
    homework, reach = load(homework_id), _reach(homework_id)
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


@lru_cache(maxsize=32)
def _reach(homework_id):
    """Check -> the dotted names of the reference's functions that its experiment runs."""
    homework, reach = load(homework_id), {}
    for check in homework.checks:
        entered = set()

        def note(frame, event, _, entered=entered):
            if event == "call" and frame.f_code.co_filename == "<cell 0>":
                entered.add(frame.f_code.co_qualname.split(".<locals>")[0])

        code = Code(Local(namespace(homework.reference)))
        sys.setprofile(note)
        try:
            observed = check.observe(code, rng_of(SEED, check))
            if check.expect:
                check.expect(code, rng_of(SEED, check), observed)
        finally:
            sys.setprofile(None)
        reach[check.name] = frozenset(entered)
    return reach
