"""Running the hidden checks of a homework on code, and deciding what each is worth.

Nothing here knows whether the code is a submission in the sandbox or a known mistake in this process.
"""

import contextlib
import re

from ..course.findings import Finding
from ..errors import CheckFault, ChildLost, GuestFault, StudentError
from ..sandbox.bounds import OutOfTime
from . import causes, hints
from .bindings import Sources
from .charging import FINE, Charging
from .compare import difference
from .experiments import NOTHING, SEED, nearly, reference_example, same
from .mistakes import Naming
from .pictures import pictures_of
from .trial import Missing, Trial

EXAMPLE_SECONDS = 2.0
# A backward pass may run the forward pass anew, for each of the few gradients of an experiment.
MANY_CALLS = 12
# Two ways of summing the same products differ by less, relative to the largest entry; a difference quotient by more.
ANALYTIC = 1e-12
LOST_NAME = (
    "The name {} came from a line that you added to a given cell; given cells are restored before grading. "
    "Put that line into a cell of your own."
)


class Verdict(list):
    """The findings of one judgement; `flags` say what a person should look at."""

    def __init__(self, findings, flags):
        super().__init__(findings)
        self.flags = flags


def judge(homework, transport, sources=None, failures=None, seed=SEED, until_lost=False, only=None, lost_names=None):
    """Run every check of a homework. Returns the findings in the order of the checks, as a Verdict.

    transport: a sandbox Session or a Local. sources: cell number -> source, to show a line that raised.
    failures: name of a definition -> the StudentError or ChildLost with which its cell ended.
    lost_names: a name that the student bound in a given cell, which was restored -> that cell's name.
    until_lost: stop at the first check that is lost. only: names of the checks to run; the others count as right.
    """
    judgement = _Judgement(homework, transport, sources or {}, failures or {}, seed, only)
    judgement.lost_names = lost_names or {}
    return Verdict(judgement.findings(until_lost), list(dict.fromkeys(judgement.flags)))


class _Judgement:
    def __init__(self, homework, transport, sources, failures, seed, only):
        self.homework, self.transport, self.seed, self.only = homework, transport, seed, only
        self.sources, self.failures, self.done, self.flags = Sources.of(sources), failures, [], []
        self.naming = Naming(homework, seed, transport.aside)
        self.trial = Trial(homework, transport, seed, lambda name: self.charging.passed(name))
        self.charging = Charging(homework, self.trial, self.naming, self.done)
        self.seen, self.excused, self.lost_names = NOTHING, set(), {}

    def findings(self, until_lost):
        # First, where no hidden input has been.
        examples = {} if until_lost else self._examples()
        for check in self.homework.checks:
            wanted = self.only is None or check.name in self.only
            self.done.append(self._run(check) if wanted else Finding.of(check, "right", points=float(check.points)))
            if until_lost and self.done[-1].outcome not in FINE:
                return self.done
        for finding in self.done:
            if finding.outcome not in (*FINE, "untouched"):
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
                observed = hints.show(observed)
            except StudentError as error:
                observed = f"raised {hints._known(error.type_name)}"
                raised |= error.type_name != "NotImplementedError"
            except ChildLost as lost:
                observed = reason = lost.reason
            with self.transport.aside():
                expected = reference_example(self.homework, source)
            results[task] = {"source": source, "observed": observed, "expected": expected}
            if reason:
                break
        if raised:
            self.transport.restart()
        return results

    def _run(self, check):
        finding = Finding.of(check, "wrong")
        self.seen, self.excused = NOTHING, set()
        before = zip(self.homework.checks, self.done, strict=False)
        overrun = next((f for c, f in before if c.covers == check.covers and f.outcome == "over a limit"), None)
        if overrun:
            finding.outcome, finding.hint = overrun.outcome, overrun.hint
            return finding
        try:
            with self.transport.until_deadline():
                self._judge(check, finding)
                if self.charging.patch(check, finding):
                    finding = Finding.of(check, "wrong")
                    self._judge(check, finding)
                self.charging.settle(check, finding, self.seen, self.excused)
        except OutOfTime:
            self.transport.restart()
            finding.outcome, finding.points = "over a limit", 0.0
            finding.hint = "What it returned or asked for takes too long to look at."
        self.naming.keep(check, self.seen, finding.outcome)
        return finding

    def _judge(self, check, finding):
        """Fill in the finding of one check, but for its points."""
        try:
            finding.outcome = self._observe(check, finding)
        except StudentError as error:
            if error.line is not None:
                self.charging.raised.setdefault(check.covers, set()).add(error.line)
            finding.outcome, finding.details = self._raised(error, check.covers)
            if finding.outcome == "raised":
                finding.hint = finding.details[-1] if len(finding.details) > 1 else finding.details[0]
            else:
                finding.hint = finding.details[0]
        except ChildLost as lost:
            finding.outcome, finding.hint = "over a limit", f"It {lost.reason}."
            if isinstance(lost, GuestFault):
                self.flags.append(f"{check.covers} {lost.reason}")
        except CheckFault:
            raise
        except Exception as error:
            # The experiment counts and subtracts what came back; it stumbles where that is of the wrong kind.
            self.trial.blame(check, error)
            finding.outcome, finding.hint = "type", f"What it returned is not what is promised: {check.promise}."

    def _observe(self, check, finding):
        self.excused, asked = set(), set()
        try:
            observed, expected, calls = self.trial.run(check, self.excused.update, asked.add)
        except Missing:
            self._say_missing(check, finding)
            return "missing"
        self.seen = observed
        if check.expect and not same(check, self.trial.reference(check), observed):
            self.excused |= asked
        if check.accept:
            if check.accept(expected, observed):
                return "right"
            self._name(check, finding, None, observed)
            return "wrong"
        found = difference(expected, observed, check.rtol, check.atol, check.elementwise)
        suspicion = self._suspicion(check, found, expected, observed, calls)
        # A function that has lost points is wrong, which is no reason to suspect it.
        if suspicion and self.charging.passed(check.covers):
            self.flags.append(suspicion)
            self.charging.inexact.add(check.covers)
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

    def _raised(self, error, covers="", cell=None):
        """(outcome, lines) for code that raised, see `hints.raised`; with what became of a name that is lost."""
        outcome, lines = hints.raised(error, self.sources, covers, cell)
        name = re.fullmatch(r"name '(\w+)' is not defined.*", error.message)
        if error.type_name == "NameError" and name and name[1] in self.lost_names:
            lines = [lines[0], LOST_NAME.format(name[1])]
        return outcome, lines

    def _say_missing(self, check, finding):
        kind = ""
        with contextlib.suppress(StudentError, ChildLost):
            kind = self.transport.request(op="kind", path=check.covers.split("."))
        finding.hint, failure, cell = causes.missing(check.covers, self.sources, self.failures, kind)
        if isinstance(failure, StudentError):
            finding.details = self._raised(failure, cell=cell)[1]
            finding.hint = f"{finding.hint} {finding.details[-1]}" if len(finding.details) > 1 else finding.hint

    def _name(self, check, finding, found, observed):
        """Find the words for a wrong observation: a known mistake that behaves the same, else what is certain."""
        matches = self.naming.find(check, observed)
        told = {variant.hint for variant in matches}
        if len(told) == 1:
            # Mistakes that no observation tells apart are named together: a name must not claim more than was seen.
            names = list(dict.fromkeys(variant.about for variant in matches))
            finding.hint, finding.mistake = matches[0].hint, " or ".join(names[:3])
        if found is None:
            finding.hint = finding.hint or f"It does not do what is promised: {check.promise}."
            return
        text = found.text and found.text[0].upper() + found.text[1:]
        finding.details = [text if text.endswith("?") else f"{text}."] if text else []
        finding.details += hints.location(found)
        # Only of a known mistake, whose marks are the same whoever makes it: marks of other values could be made to
        # spell what a submission has seen of the hidden inputs.
        if finding.mistake and check.task in self.homework.examples:
            finding.pictures = pictures_of(found)
        if finding.hint:
            return
        # What is asked without an example is a question: a factor would give its answer away.
        factor = hints.factor(found, check.batch) if check.task in self.homework.examples else None
        general = hints.swapped(found) or factor or hints.places(found)
        general = causes.outside(check.covers, self.sources) or general
        finding.hint = general or (finding.details[0] if finding.details else "The numbers are not the expected ones.")
