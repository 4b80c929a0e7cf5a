"""What the reference and the known variants of a homework observe on the hidden inputs, each worked out once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import StudentError
from ..homework.declare import Check, Homework, Variant
from . import hints
from .experiments import SEED, rng_of, run, same
from .local import local, right
from .probe import Code
from .reach import functions_of, reached_checks
from .shelf import NOTHING, RAISED, Memory

ALONE, IN_TURN = "alone", "in turn"
LINES = 200_000  # that mistakes made together may run


class Observations:
    """What is known of one homework on one draw of its hidden inputs: a class of a thousand asks for the same.

    seed: of the draw. shelf: where what known variants do is kept, and which functions a check runs; nothing there
    decides what is right.
    """

    def __init__(self, homework: Homework, seed: int = SEED, shelf: Memory | None = None) -> None:
        self.homework, self.seed, self.shelf = homework, seed, shelf or Memory()
        self._known: dict[tuple[str, str], Any] = {}
        self._audited = {(variant,) for variant in homework.variants}

    def prepare(self) -> None:
        """Work out what every submission asks for, and most. Raises what a check raises on the reference."""
        with np.errstate(all="ignore"):
            for check in self.homework.checks:
                self.reference(check)
                self.reached_by(check)
        for source in self.homework.examples.values():
            self.example(source)

    # ---------------------------------------------------------------- the reference

    def reference(self, check: Check) -> Any:
        """What the reference observes in a check."""
        return self._once(
            ("reference", check.name),
            lambda: check.observe(Code(right(self.homework)), rng_of(self.seed, check)),
        )

    def example(self, source: str) -> str:
        """What the reference gives for a published example, as short text."""
        return self._once(
            ("example", source),
            lambda: hints.show(right(self.homework).request(op="example", source=source)),
        )

    def require_sound(self, check: Check) -> None:
        """Run all of a check on the reference, as on a submission. Raises what the check raises."""
        self._once(("sound", check.name), lambda: self._run_on_reference(check))

    def _run_on_reference(self, check: Check) -> None:
        run(check, Code(right(self.homework)), self.seed, self.reference(check))

    def reached_by(self, check: Check) -> dict[str, int]:
        """The dotted names of the reference's functions that the experiment of a check runs, on the usual draw, and
        how often each.
        """
        return self._kept(check, "reach", lambda: functions_of(self.homework, check))

    def reached_checks(self, target: str) -> frozenset[str]:
        """Names of the checks that a change of `target`, a dotted name, can touch."""
        return reached_checks(self.homework, target, self.reached_by)

    # ---------------------------------------------------------------- known variants

    def alone(self, check: Check, *variants: Variant) -> Any:
        """What known variants, of different functions and made together, observe in a check, with all else right.

        RAISED where that cannot be run, NOTHING where it is as the reference.
        """
        return self._seen_of(ALONE, check, variants)

    def in_turn(self, check: Check, variant: Variant) -> Any:
        """The same after the earlier checks of the same function: a variant that remembers may do otherwise."""
        return self._seen_of(IN_TURN, check, (variant,))

    def work_out(self, variant: Variant) -> None:
        """Know now what a known mistake does wherever a submission's may turn out to be the same.

        Raises what a check raises on the reference.
        """
        about = self._about(variant)
        with np.errstate(all="ignore"):
            for check in self._candidates(variant):
                self.reference(check)
                self.alone(check, variant)
            # One after the other, so that the calls of the earlier checks need not be made again for each.
            code = _or_raised(self._begun, self.homework.source_with(variant))
            for check in about:
                self.shelf.put(self._page(check), self._key(IN_TURN, (variant,)), self._compared(check, code))

    def is_worked_out(self, variant: Variant) -> bool:
        """Whether all that is known."""
        asked = [(ALONE, check) for check in self._candidates(variant)]
        asked += [(IN_TURN, check) for check in self._about(variant)]
        return all(self.shelf.has(self._page(check), self._key(how, (variant,))) for how, check in asked)

    def _about(self, variant: Variant) -> list[Check]:
        """The checks of the function that a variant stands in for."""
        return [check for check in self.homework.checks if check.covers == variant.target]

    def _candidates(self, variant: Variant) -> list[Check]:
        """The checks that a known mistake may be found in."""
        return [c for c in self.homework.checks if c.covers == variant.target or c.name in variant.fails]

    def _seen_of(self, how: str, check: Check, made: tuple[Variant, ...]) -> Any:
        return self._kept(check, self._key(how, made), lambda: self._observed(how, check, made))

    def _key(self, how: str, made: tuple[Variant, ...]) -> str:
        return f"{'+'.join(sorted(variant.name for variant in made))} {how} {self.seed}"

    def _observed(self, how: str, check: Check, made: tuple[Variant, ...]) -> Any:
        source = self.homework.source_with(*sorted(made, key=lambda variant: variant.name))
        # An audit has seen each by itself come to an end, but not two together.
        code = _or_raised(self._begun, source, None if made in self._audited else LINES)
        if code is not RAISED and how == IN_TURN:
            for earlier in self._earlier(check):
                _or_raised(earlier.observe, code, rng_of(self.seed, earlier))
        return self._compared(check, code)

    def _compared(self, check: Check, code: Any) -> Any:
        """What code observes in a check: NOTHING where that is as the reference. code: a Code, or RAISED."""
        seen = RAISED if code is RAISED else _or_raised(check.observe, code, rng_of(self.seed, check))
        return NOTHING if seen is not RAISED and same(check, self.reference(check), seen) else seen

    def _earlier(self, check: Check) -> list[Check]:
        """The checks of the same function before this one."""
        before = self.homework.checks[: self.homework.checks.index(check)]
        return [other for other in before if other.covers == check.covers]

    def _begun(self, source: str, lines: int | None = None) -> Code:
        """A module's code after the published examples, as the checks find that of a submission."""
        transport = local(source, lines)
        for example in self.homework.examples.values():
            with contextlib.suppress(StudentError):
                transport.request(op="example", source=example)
        return Code(transport)

    def _kept(self, check: Check, key: str, make: Callable[[], Any]) -> Any:
        return self.shelf.get(self._page(check), key, make)

    def _page(self, check: Check) -> str:
        return f"{self.homework.id}-{check.name}"

    def _once(self, key: tuple[str, str], make: Callable[[], Any]) -> Any:
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]


def _or_raised(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a call gives; RAISED where it raises."""
    try:
        return function(*arguments)
    except MemoryError:
        # Nothing about the variant, which is why this is not kept for the next submission.
        raise
    except Exception:
        return RAISED
