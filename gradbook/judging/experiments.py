"""What the reference and the known variants of a homework observe on the hidden inputs, and whether two such agree.

Each observation is made once for a process and a seed: a class of a thousand asks for the same ones. Those of known
mistakes are kept longer, where there is a shelf for them.
"""

import contextlib
import hashlib
from functools import lru_cache

import numpy as np

from ..errors import StudentError
from . import hints
from .cache import NOTHING, RAISED
from .compare import difference
from .probe import Code, Local

SEED = 20210
_shelf = None


def keep_on(shelf):
    """Have what known variants do kept on this Shelf from now on; None for no longer than this process."""
    global _shelf
    _shelf = shelf


def nearly(check, expected, observed):
    """Whether a gradient is as right as a numerical derivative can be, and no more."""
    return difference(expected, observed, 1e-5, max(check.atol, 1e-7), check.elementwise) is None


def same(check, expected, observed):
    """Whether two observations agree within the tolerances of their check."""
    return difference(expected, observed, check.rtol, check.atol, check.elementwise) is None


def rng_of(seed, check):
    """The generator from which a check draws its hidden inputs."""
    digest = hashlib.sha256(f"{seed}/{check.name}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "little"))


def namespace(source):
    """Run a module's source and give its names."""
    names = {"__name__": "notebook"}
    exec(_compiled(source), names)
    return names


def local(source):
    """A module's source as what the checks speak with, in this process."""
    return Local(namespace(source), source=source)


@lru_cache(maxsize=1024)
def _compiled(source):
    return compile(source, "<cell 0>", "exec")


def _begun(homework, source):
    """A module's code after the published examples, as the checks find that of a submission."""
    transport = local(source)
    for example in homework.examples.values():
        with contextlib.suppress(StudentError):
            transport.request(op="example", source=example)
    return Code(transport)


@lru_cache(maxsize=4096)
def reference_observation(homework, check_name, seed):
    """What the reference observes in a check."""
    check = homework.check(check_name)
    return check.observe(Code(local(homework.reference)), rng_of(seed, check))


@lru_cache(maxsize=256)
def reference_example(homework, source):
    """What the reference gives for a published example, as short text."""
    return hints.show(local(homework.reference).request(op="example", source=source))


@lru_cache(maxsize=65536)
def variant_observation(homework, check_name, variant_name, seed):
    """What a known variant observes in a check: RAISED where it cannot be run, NOTHING where it is as the reference."""
    return _kept(_observed_alone, homework, check_name, variant_name, seed)


@lru_cache(maxsize=4096)
def combined_observation(homework, check_name, variant_names, seed):
    """What several known mistakes of different functions, made together, observe; as `variant_observation`."""
    return _kept(_observed_alone, homework, check_name, "+".join(variant_names), seed)


@lru_cache(maxsize=4096)
def variant_in_turn(homework, check_name, variant_name, seed):
    """The same after the earlier checks of the same function: a variant that remembers may do otherwise than alone."""
    return _kept(_observed_in_turn, homework, check_name, variant_name, seed)


def _kept(observe, homework, check_name, variant_name, seed):
    asked = homework, check_name, variant_name, seed
    if _shelf is None:
        return observe(*asked)
    return _shelf.get(
        f"{homework.id}-{check_name}", f"{variant_name} {observe.__name__} {seed}", lambda: observe(*asked)
    )


def _observed_alone(homework, check_name, variant_name, seed):
    check, variants = homework.check(check_name), map(homework.variant, variant_name.split("+"))
    source = homework.source_with(*variants)
    try:
        seen = check.observe(_begun(homework, source), rng_of(seed, check))
    except MemoryError:
        # Nothing about the variant, which is why this is not kept for the next submission.
        raise
    except Exception:
        return RAISED
    return NOTHING if same(check, reference_observation(homework, check_name, seed), seen) else seen


def _observed_in_turn(homework, check_name, variant_name, seed):
    last = homework.check(check_name)
    code = _begun(homework, homework.source_with(homework.variant(variant_name)))
    for check in homework.checks[: homework.checks.index(last) + 1]:
        if check.covers == last.covers:
            try:
                seen = check.observe(code, rng_of(seed, check))
            except MemoryError:
                raise
            except Exception:
                seen = RAISED
    right = seen is not RAISED and same(last, reference_observation(homework, check_name, seed), seen)
    return NOTHING if right else seen


def oracle(homework, names):
    """Answers, by values, for the functions that a check is given right ones of."""
    reference = namespace(homework.reference)

    def answer(question):
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
