"""Running the hidden checks of a homework on code, and deciding what each is worth.

Nothing here knows whether the code is a submission in the sandbox or a known mistake in this process.
"""

import contextlib

import numpy as np

from . import causes, diagnose
from .bindings import Sources
from .bounds import OutOfTime
from .code import Code
from .compare import difference
from .errors import ChildLost, GuestFault, StudentError
from .findings import Finding
from .naming import Naming, is_same
from .observations import (
    NOTHING,
    RAISED,
    SEED,
    nearly,
    oracle,
    reference_example,
    reference_observation,
    rng_of,
    same,
    variant_observation,
)
from .pictures import pictures_of

EXAMPLE_SECONDS = 2.0
# A backward pass may run the forward pass anew, for each of the few gradients of an experiment.
MANY_CALLS = 12
# Two ways of summing the same products differ by less, relative to the largest entry; a difference quotient by more.
ANALYTIC = 1e-12


class _Missing(Exception):
    """The function that a check is about is not defined."""


class Verdict(list):
    """The findings of one judgement; `flags` say what a person should look at."""

    def __init__(self, findings, flags):
        super().__init__(findings)
        self.flags = flags


def judge(homework, transport, sources=None, failures=None, seed=SEED, until_lost=False, only=None):
    """Run every check of a homework. Returns the findings in the order of the checks, as a Verdict.

    transport: a sandbox Session or a Local. sources: cell number -> source, to show a line that raised.
    failures: name of a definition -> the StudentError or ChildLost with which its cell ended.
    until_lost: stop at the first check that is lost. only: names of the checks to run; the others count as right.
    """
    judgement = _Judgement(homework, transport, sources or {}, failures or {}, seed, only)
    return Verdict(judgement.findings(until_lost), list(dict.fromkeys(judgement.flags)))


class _Judgement:
    def __init__(self, homework, transport, sources, failures, seed, only):
        self.homework, self.transport, self.seed, self.only = homework, transport, seed, only
        self.sources, self.failures, self.done, self.flags = Sources.of(sources), failures, [], []
        self.inexact, self.seen, self.excused = set(), NOTHING, set()
        self.spent, self.naming = {}, Naming(homework, seed)

    def findings(self, until_lost):
        # First, where no hidden input has been.
        examples = {} if until_lost else self._examples()
        for check in self.homework.checks:
            wanted = self.only is None or check.name in self.only
            self.done.append(self._run(check) if wanted else Finding.of(check, "right", points=float(check.points)))
            if until_lost and self.done[-1].outcome not in ("right", "follows"):
                return self.done
        for finding in self.done:
            if finding.outcome not in ("right", "follows", "untouched"):
                finding.example = examples.get(finding.task, {})
        return self.done

    def _examples(self):
        """What the published examples give, task by task, up to one that ends the child.

        After that one the cells are run anew; to do so for each would take the time of the checks. They are run anew,
        too, where an example raised: who knows what else it did.
        """
        results, raised, reason = {}, False, ""
        for task, source in self.homework.examples.items():
            try:
                observed = self.transport.request(op="example", source=source, seconds=EXAMPLE_SECONDS)
                observed = diagnose.show(observed)
            except StudentError as error:
                observed = f"raised {diagnose._known(error.type_name)}"
                raised |= error.type_name != "NotImplementedError"
            except ChildLost as lost:
                observed = reason = lost.reason
            expected = reference_example(self.homework.id, source)
            results[task] = {"source": source, "observed": observed, "expected": expected}
            if reason:
                break
        if raised:
            self.transport.restart()
        return results

    def _passed(self, name):
        """Whether a function has earned all its points, exactly."""
        earned = all(f.outcome in ("right", "follows") for c, f in self._done() if c.covers == name)
        return earned and name not in self.inexact

    def _done(self):
        return zip(self.homework.checks, self.done, strict=False)

    def _run(self, check):
        finding = Finding.of(check, "wrong")
        self.seen, self.excused = NOTHING, set()
        overrun = next((f for c, f in self._done() if c.covers == check.covers and f.outcome == "over a limit"), None)
        if overrun:
            finding.outcome, finding.hint = overrun.outcome, overrun.hint
            return finding
        try:
            with self.transport.until_deadline():
                self._judge(check, finding)
        except OutOfTime:
            self.transport.restart()
            finding.outcome, finding.hint = "over a limit", "What it returned or asked for takes too long to look at."
        self.naming.keep(check, self.seen, finding.outcome)
        return finding

    def _judge(self, check, finding):
        """Fill in the finding of one check."""
        try:
            finding.outcome = self._observe(check, finding)
        except StudentError as error:
            finding.outcome, finding.details = diagnose.raised(error, self.sources, check.covers)
            if finding.outcome == "raised":
                finding.hint = finding.details[-1] if len(finding.details) > 1 else finding.details[0]
            else:
                finding.hint = finding.details[0]
        except ChildLost as lost:
            finding.outcome, finding.hint = "over a limit", f"It {lost.reason}."
            if isinstance(lost, GuestFault):
                self.flags.append(f"{check.covers} {lost.reason}")
        except Exception:
            # The experiment counts and subtracts what came back; it stumbles where that is of the wrong kind.
            finding.outcome, finding.hint = "type", f"What it returned is not what is promised: {check.promise}."
        if finding.outcome == "right":
            finding.points = float(check.points)
            if self.excused:
                self._grant(check, finding, self.excused, all(map(self._known, self.excused)))
        elif finding.outcome not in ("untouched", "missing"):
            self._forgive(check, finding)

    def _forgive(self, check, finding):
        """Do not charge again where exactly one of the functions that the check runs has lost points already."""
        lost = [name for name in check.uses if not self._passed(name)]
        outcomes = {f.outcome for c, f in self._done() if c.covers in lost}
        if len(lost) == 1 and not outcomes & {"untouched", "missing"}:
            # With its own function replaced, a check says nothing.
            try_it = check.covers not in lost and finding.outcome != "over a limit"
            certain = self._explained(check, lost) or (try_it and self._right_apart_from(check, lost))
            self._grant(check, finding, lost, certain)

    def _grant(self, check, finding, lost, certain):
        """Give a check its points although functions that it builds on lost theirs: all of them where it is certain
        that what is wrong with those is all that is wrong, else no more than what they lost.

        So nobody gains by breaking a small function in order to have a large one forgiven.
        """
        points = float(check.points)
        if not certain:
            points = 0.0 if check.covers in lost else min(points, self._left(lost))
            if not points and check.points:
                finding.outcome = "wrong" if finding.outcome == "right" else finding.outcome
                finding.points = 0.0
                finding.hint = finding.hint or f"It is not what is promised: {check.promise}."
                return
            self._spend(lost, points)
        finding.points = points
        if points < check.points:
            finding.outcome = "follows"
            finding.hint = "This builds on a function above that lost points; it earns no more than was lost there."
        elif finding.outcome != "right":
            finding.outcome = "follows"
            finding.hint = "This follows from a function above, where it was counted already; it costs nothing here."

    def _known(self, name):
        """Whether a function lost its points by a known mistake, or by raising."""
        failed = [(c, f) for c, f in self._done() if c.covers == name and f.outcome not in ("right", "follows")]
        return all(f.outcome == "raised" or self.naming.matched.get(c.name) for c, f in failed)

    def _explained(self, check, lost):
        """Whether the mistake seen in the functions that lost points, with all else right, does the same here."""
        place = self.homework.id, check.name
        matched = [(c.covers, v) for c in self.homework.checks for v in self.naming.matched.get(c.name, ())]
        made = {v.name for covers, v in matched if covers in lost or v.target in lost}
        expected = [variant_observation(*place, name, self.seed) for name in made]
        if self.seen is NOTHING:
            # A function that was never seen to work may raise by itself: it is tried with right ones in place of these.
            worked = any(c.covers == check.covers and f.outcome == "right" for c, f in self._done())
            return (worked or check.covers in lost) and any(seen is RAISED for seen in expected)
        if self.inexact.intersection(lost):
            reference = reference_observation(*place, self.seed)
            if difference(reference, self.seen, 1e-3, max(check.atol, 1e-6), check.elementwise) is None:
                return True
        return any(is_same(check, seen, self.seen) for seen in expected)

    def _right_apart_from(self, check, lost):
        """Whether the check passes once right functions stand in for those that lost points, where they can."""
        # ChildLost, too: the child that comes next has its own functions back.
        with contextlib.suppress(Exception):
            observed, expected, _ = self._experiment(check, Code(self.transport, self._passed), lost)
            return check.accept(expected, observed) if check.accept else same(check, expected, observed)
        return False

    def _left(self, names):
        """Points that these functions lost and that were not granted elsewhere yet."""
        lost = sum(f.max_points - f.points for c, f in self._done() if c.covers in names)
        return max(lost - sum(self.spent.get(name, 0.0) for name in names), 0.0)

    def _spend(self, names, points):
        name = sorted(names)[0]
        self.spent[name] = self.spent.get(name, 0.0) + points

    def _observe(self, check, finding):
        asked = set()
        code = Code(self.transport, lambda name: self._passed(name) or asked.add(name) or False, self.excused.update)
        try:
            observed, expected, calls = self._experiment(check, code)
        except _Missing:
            self._say_missing(check, finding)
            return "missing"
        self.seen = observed
        if check.expect and not same(check, reference_observation(self.homework.id, check.name, self.seed), observed):
            self.excused |= asked
        if check.accept:
            if check.accept(expected, observed):
                return "right"
            self._name(check, finding, None, observed)
            return "wrong"
        found = difference(expected, observed, check.rtol, check.atol, check.elementwise)
        suspicion = self._suspicion(check, found, expected, observed, calls)
        # A function that has lost points is wrong, which is no reason to suspect it.
        if suspicion and self._passed(check.covers):
            self.flags.append(suspicion)
            self.inexact.add(check.covers)
        if found is None or suspicion:
            return "right"
        self._name(check, finding, found, observed)
        return found.kind if found.kind != "value" else "wrong"

    def _suspicion(self, check, found, expected, observed, calls):
        """Why a person should look at a function that keeps its points, or an empty text."""
        if found and check.review:
            return check.review
        few_digits = found and found.kind == "value" and check.gradient and not check.exact
        if few_digits and nearly(check, expected, observed):
            return f"{check.covers} is right to a few digits only: numerical derivative or single precision?"
        # Where forward is linear or quadratic a central difference is right, but for its round-off.
        if not found and check.gradient and difference(expected, observed, ANALYTIC):
            return f"{check.covers} is right but for its last digits: numerical derivative?"
        if not found and calls > MANY_CALLS:
            return f"{check.covers} calls the forward pass again and again: numerical derivative?"
        return ""

    def _experiment(self, check, code, also=()):
        """What the code gave, what it should have, and how often a gradient called the forward pass.

        also: functions that are replaced by right ones besides those that the check is given.
        Raises _Missing where the function to check is not there.
        """
        replaced = [name for name in check.given if not self._passed(name)] + list(also)
        counted = [name for name in check.gradient if name not in replaced]
        parts = {"replaced": [n.split(".") for n in replaced], "counted": [n.split(".") for n in counted]}
        if self.transport.request(op="prepare", covers=check.covers.split("."), **parts) is not True:
            raise _Missing
        try:
            self.transport.answer = oracle(self.homework.id, replaced) if replaced else None
            # What comes back may be nan or inf; that is for the comparison to say.
            with np.errstate(all="ignore"):
                observed = check.observe(code, rng_of(self.seed, check))
                expected = reference_observation(self.homework.id, check.name, self.seed)
                if check.expect:
                    expected = check.expect(code, rng_of(self.seed, check), expected)
            calls = self.transport.request(op="restore") if replaced or counted else 0
        except ChildLost:
            # The one that comes next has its own functions.
            raise
        except BaseException:
            if replaced or counted:
                with contextlib.suppress(StudentError, ChildLost):
                    self.transport.request(op="restore")
            raise
        finally:
            self.transport.answer = None
        return observed, expected, calls if type(calls) is int else 0

    def _say_missing(self, check, finding):
        kind = ""
        with contextlib.suppress(StudentError, ChildLost):
            kind = self.transport.request(op="kind", path=check.covers.split("."))
        finding.hint, failure, cell = causes.missing(check.covers, self.sources, self.failures, kind)
        if isinstance(failure, StudentError):
            finding.details = diagnose.raised(failure, self.sources, cell=cell)[1]
            finding.hint = f"{finding.hint} {finding.details[-1]}" if len(finding.details) > 1 else finding.hint

    def _name(self, check, finding, found, observed):
        """Find the words for a wrong observation: a known mistake that behaves the same, else what is certain."""
        matches = self.naming.find(check, observed)
        hints = {variant.hint for variant in matches}
        if len(hints) == 1:
            # Mistakes that no observation tells apart are named together: a name must not claim more than was seen.
            names = list(dict.fromkeys(variant.about for variant in matches))
            finding.hint, finding.mistake = matches[0].hint, " or ".join(names[:3])
        if found is None:
            finding.hint = finding.hint or f"It does not do what is promised: {check.promise}."
            return
        text = found.text and found.text[0].upper() + found.text[1:]
        finding.details = [text if text.endswith("?") else f"{text}."] if text else []
        finding.details += diagnose.location(found)
        # Only of a known mistake, whose marks are the same whoever makes it: marks of other values could be made to
        # spell what a submission has seen of the hidden inputs.
        if finding.mistake and check.task in self.homework.examples:
            finding.pictures = pictures_of(found)
        if finding.hint:
            return
        # What is asked without an example is a question: a factor would give its answer away.
        factor = diagnose.factor(found, check.batch) if check.task in self.homework.examples else None
        general = diagnose.swapped(found) or factor or diagnose.places(found)
        general = causes.outside(check.covers, self.sources) or general
        finding.hint = general or (finding.details[0] if finding.details else "The numbers are not the expected ones.")
