"""What a check that fails costs. One rule: a mistake costs the points of the function that it is in, once.

A check builds on other functions than its own: those that the reference runs in its experiment. Where one of these has
lost points, the check's own function pays only if it is wrong as well: if the check still fails with right ones in
their place. Where that cannot be tried, the check earns at most what was lost there, so that nobody gains by breaking a
small function in order to have a large one forgiven. A function that ran over a limit is not run again.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice, product
from typing import Any

from ..course.findings import FINE, Finding
from ..errors import CheckFault
from ..homework.declare import Check, Variant
from ..homework.syntax import last_definition, same_function
from ..sandbox.transport import Transport
from . import patching
from .compare import difference
from .experiments import same
from .hints import PROMISED
from .mistakes import Naming, is_same
from .observations import Observations
from .patching import Patch
from .shelf import NOTHING, RAISED
from .trial import Trial

NOT_WRITTEN = ("untouched", "missing")
BROKEN = {"raised", "nothing", "type"}
COMBINED = 8  # ways in which the known mistakes of several functions may meet that are tried, for a check


class Charging:
    """Who has paid for what in one judgement.

    naming: which known mistakes were found. trial: runs experiments on the submission, with right functions in the
    place of those that have not passed. findings: those so far, in the order of the checks.
    """

    def __init__(self, observations: Observations, transport: Transport, naming: Naming) -> None:
        self.homework, self.naming = observations.homework, naming
        self.trial = Trial(observations, transport, self.passed)
        self.findings: list[Finding] = []
        self.inexact: set[str] = set()
        self.raised: dict[str, set[int]] = {}
        self.spent: dict[str, float] = {}
        self.patches: dict[str, Patch | None] = {}

    def add(self, finding: Finding) -> None:
        """Take in the finding of the next check, with its points."""
        self.findings.append(finding)

    def note_inexact(self, name: str) -> None:
        """A function is right to a few digits only."""
        self.inexact.add(name)

    def note_raised(self, name: str, line: int) -> None:
        """A function raised on this line."""
        self.raised.setdefault(name, set()).add(line)

    def overrun(self, check: Check) -> Finding | None:
        """The earlier finding that a check's function ran over a limit, if there is one: it has cost its time."""
        return next((f for f in self.findings if f.about == check.covers and f.outcome == "over a limit"), None)

    def spare(self, check: Check, finding: Finding) -> bool:
        """Whether a check need not be run, because it costs nothing whatever comes out; if so, its finding says so.

        So it is where its own function is the given code as it was given, such as `train`, something that this runs has
        lost points, and something is right. All that it runs must have been judged, and be written.
        """
        if not self.homework.is_given(check.covers) or all(f.outcome in FINE for f in self.findings):
            return False
        lost, built_on = self._lost(check), self._built_on(check)
        if not all(self._outcomes([name]) for name in built_on):
            return False
        # One that is right to a few digits only is among them, too.
        outcomes = self._outcomes(lost)
        if outcomes <= {*FINE} or outcomes & {*NOT_WRITTEN} or not self._only_given_code(check, lost):
            return False
        finding.outcome, finding.points, finding.because = "follows", float(check.points), lost
        finding.hint = "Not run: this builds on a function above that lost points. It costs nothing here."
        return True

    def passed(self, name: str) -> bool:
        """Whether a function has earned all its points, exactly."""
        earned = all(f.outcome in FINE for c, f in self._done() if c.covers == name)
        return earned and name not in self.inexact

    def settle(self, check: Check, finding: Finding, seen: Any, excused: Collection[str]) -> None:
        """Give the finding of a check its points.

        seen: what was observed. excused: functions whose loss of points is why something was let pass.
        """
        if finding.outcome == "right":
            finding.points = float(check.points)
            if excused:
                self._grant(check, finding, excused, all(map(self._known, excused)), excused)
        elif finding.outcome not in NOT_WRITTEN:
            lost = self._lost(check)
            if lost and not self._outcomes(lost) & set(NOT_WRITTEN):
                self._grant(check, finding, lost, self._follows(check, finding, seen, lost))

    def unwritten(self, check: Check, finding: Finding) -> list[str]:
        """Functions that a check builds on and that are not written yet, where it may have failed because of them.

        Those that no check has called so far may be among them.
        """
        if finding.outcome not in ("untouched", "raised"):
            return []
        lost = [name for name in self._lost(check) if self.is_unwritten(name)]
        unseen = [n for n in self._built_on(check) if not self._outcomes([n])] if finding.outcome == "untouched" else []
        return [name for name in lost + unseen if name != check.covers]

    def is_unwritten(self, name: str) -> bool:
        """Whether a function was found not to be written, by a check that others could not have kept from it."""
        done = [f for c, f in self._done() if c.covers == name and not self.homework.is_given(name)]
        return any(f.outcome in NOT_WRITTEN and not f.because for f in done)

    def patch(self, check: Check, finding: Finding) -> bool:
        """Have a function patched that makes a check fail because it raises or gives nothing; whether there was one."""
        if finding.outcome in (*FINE, *NOT_WRITTEN, "over a limit"):
            return False
        found = [self._patched(name, check) for name in self._lost(check) if self._outcomes([name]) & BROKEN]
        self.trial.patched += [patch for patch in found if patch]
        return any(found)

    def _done(self) -> Iterator[tuple[Check, Finding]]:
        return zip(self.homework.checks, self.findings, strict=False)

    def _outcomes(self, names: Collection[str]) -> set[str]:
        return {f.outcome for c, f in self._done() if c.covers in names}

    def _built_on(self, check: Check) -> list[str]:
        """The checked functions that a check runs as the submission has them, in the order of the checks."""
        instead = {patch.name for patch in self.trial.patched} | set(check.given)
        reached = {*check.uses, *self.trial.observations.reached_by(check)} - instead
        names = dict.fromkeys(c.covers for c in self.homework.checks)
        return [n for n in names if n in reached and (n != check.covers or n in check.uses)]

    def _lost(self, check: Check) -> list[str]:
        with self.trial.transport.aside():
            return [name for name in self._built_on(check) if not self.passed(name)]

    def _follows(self, check: Check, finding: Finding, seen: Any, lost: list[str]) -> bool:
        """Whether it is certain that only what is wrong in functions that have lost points makes a check fail."""
        if self._only_given_code(check, lost):
            return True
        # With its own function replaced, a check says nothing.
        try_it = check.covers not in lost and finding.outcome != "over a limit"
        return self._explained(check, seen, lost) or (try_it and self._right_apart_from(check, lost))

    def _only_given_code(self, check: Check, lost: list[str]) -> bool:
        """Whether a check's own function is the given code as it was given, and something that it runs is right."""
        if check.points and self.homework.is_given(check.covers) and len(lost) < len(self._built_on(check)):
            mine = last_definition(self.trial.transport.sources(), check.covers)
            return same_function(mine, last_definition([self.homework.reference], check.covers))
        return False

    def _grant(
        self, check: Check, finding: Finding, lost: Collection[str], certain: bool, excused: Collection[str] = ()
    ) -> None:
        """Give a check its points although functions that it builds on lost theirs: all of them where it is certain
        that what is wrong with those is all that is wrong, else no more than what they lost.
        """
        points = float(check.points)
        if not certain:
            # More than one of them may be wrong here, or one that the check is not known to use as it is.
            bargain = len(lost) > 1 or check.covers in lost or not set(lost) <= {*check.uses, *excused}
            points = 0.0 if bargain else min(points, self._left(lost))
            if not points and check.points:
                finding.outcome = "wrong" if finding.outcome == "right" else finding.outcome
                finding.points = 0.0
                finding.hint = finding.hint or f"{PROMISED}: {check.promise}."
                return
            self._spend(lost, points)
        finding.points = points
        if points < check.points or finding.outcome != "right":
            finding.because = list(lost)
        if points < check.points:
            finding.outcome = "follows"
            finding.hint = "This builds on a function above that lost points; it earns no more than was lost there."
        elif finding.outcome != "right":
            finding.outcome = "follows"
            finding.hint = "This follows from a function above, where it was counted already; it costs nothing here."

    def _known(self, name: str) -> bool:
        """Whether a function lost its points by a known mistake, or by raising."""
        failed = [(c, f) for c, f in self._done() if c.covers == name and f.outcome not in FINE]
        return all(f.outcome == "raised" or self.naming.matched.get(c.name) for c, f in failed)

    def _explained(self, check: Check, seen: Any, lost: list[str]) -> bool:
        """Whether the mistakes seen in the functions that lost points, with all else right, do the same here."""
        with self.trial.transport.aside():
            expected = [self.naming.does(check, *made) for made in islice(product(*self._made(lost)), COMBINED)]
        if seen is NOTHING:
            # A function that was never seen to work may raise by itself: it is tried with right ones in place of these.
            worked = any(c.covers == check.covers and f.outcome == "right" for c, f in self._done())
            return (worked or check.covers in lost) and any(does is RAISED for does in expected)
        if self.inexact.intersection(lost):
            reference = self.trial.observations.reference(check)
            if difference(reference, seen, 1e-3, max(check.atol, 1e-6), check.elementwise) is None:
                return True
        return any(is_same(check, does, seen) for does in expected)

    def _made(self, lost: list[str]) -> list[list[Variant]]:
        """For each function that lost points, the known mistakes that were found in it; none where that is unknown."""
        found: dict[str, dict[str, Variant]] = {name: {} for name in lost}
        for check in self.homework.checks:
            for variant in self.naming.matched.get(check.name, ()):
                name = variant.target if variant.target in found else check.covers
                if name in found:
                    found[name][variant.name] = variant
        return [list(variants.values()) for variants in found.values()]

    def _right_apart_from(self, check: Check, lost: list[str]) -> bool:
        """Whether the check passes once right functions, or patched ones, stand in for those that lost points."""
        if self._passes(check, also=lost):
            return True
        patched = [patch for patch in (self._patched(name, check) for name in lost) if patch]
        others = [name for name in lost if name not in {patch.name for patch in patched}]
        return bool(patched) and self._passes(check, also=others, patched=patched)

    def _patched(self, name: str, check: Check) -> Patch | None:
        """The Patch with which a function passes the first check that it failed, or None; `check` builds on it."""
        if name in self.patches or name == check.covers:
            return self.patches.get(name)
        first = next((c for c, f in self._done() if c.covers == name and f.outcome not in FINE), None)
        sources, patch = self.trial.transport.sources(), None
        if first:
            candidates = patching.patches(self.homework, sources, name, self.raised.get(name, ()))
            patch = patching.first_that(lambda patch: self._is_patched(patch, first, check), candidates)
        if patch and patch.bare:
            candidates = patching.keeping(self.homework, sources, patch)
            patch = patching.first_that(lambda patch: self._passes(check, patched=[patch]), candidates)
        self.patches[name] = patch
        return patch

    def _is_patched(self, patch: Patch, own: Check, check: Check) -> bool:
        """Whether a function passes its own check with this, and the one that builds on it, where that one decides."""
        return self._passes(own, patched=[patch]) and (not patch.undecided or self._passes(check, patched=[patch]))

    def _passes(self, check: Check, also: Iterable[str] = (), patched: Iterable[Patch] = ()) -> bool:
        """Whether a check passes with right functions in the place of some, and patched ones."""
        try:
            observed, expected, _ = self.trial.run(check, also=also, patched=patched)
            return same(check, expected, observed)
        except CheckFault:
            raise
        except Exception:
            # ChildLost, too: the child that comes next has its own functions back.
            return False

    def _left(self, names: Collection[str]) -> float:
        """Points that these functions lost and that were not granted elsewhere yet."""
        lost = sum(f.max_points - f.points for c, f in self._done() if c.covers in names)
        return max(lost - sum(self.spent.get(name, 0.0) for name in names), 0.0)

    def _spend(self, names: Collection[str], points: float) -> None:
        name = sorted(names)[0]
        self.spent[name] = self.spent.get(name, 0.0) + points
