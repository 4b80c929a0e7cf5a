"""Running the hidden checks of a homework on code, and deciding what each is worth.

Nothing here knows whether the code is a submission in the sandbox or a known mistake in this process.
"""

import contextlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..course.findings import FINE, Finding
from ..errors import CheckFault, ChildLost, GuestFault, StudentError
from ..homework.declare import Check
from ..sandbox.bounds import OutOfTime
from ..sandbox.transport import Transport
from .bindings import Sources
from .causes.missing import Failed
from .charging import Charging
from .compare import Difference, difference
from .examples import examples
from .experiments import same
from .hints import PROMISED
from .mistakes import Naming
from .observations import Observations
from .shelf import NOTHING
from .suspicions import suspicion
from .trial import Missing
from .words import Words


class Verdict(list[Finding]):
    """The findings of one judgement; `flags` say what a person should look at."""

    def __init__(self, findings: Iterable[Finding], flags: list[str]) -> None:
        super().__init__(findings)
        self.flags = flags


def judge(
    observations: Observations,
    transport: Transport,
    sources: Mapping[int, str] | None = None,
    failures: Mapping[str, Failed] | None = None,
    until_lost: bool = False,
    only: Collection[str] | None = None,
    lost_names: Mapping[str, str] | None = None,
) -> Verdict:
    """Run every check of a homework. Returns the findings in the order of the checks, as a Verdict.

    observations: of the homework's reference and known mistakes; another submission's judgement may have left some.
    transport: to the code. sources: cell number -> source, to show a line that raised.
    failures: name of a definition -> the StudentError or ChildLost with which its cell ended.
    lost_names: a name that the student bound in a given cell, which was restored -> that cell's name.
    until_lost: stop at the first check that is lost. only: names of the checks to run; the others count as right.
    """
    naming = Naming(observations, transport.aside)
    words = Words(observations.homework, naming, Sources.of(sources), failures or {}, lost_names or {})
    judgement = _Judgement(observations, transport, naming, words, until_lost)
    return Verdict(judgement.findings(only), list(dict.fromkeys(judgement.flags)))


@dataclass
class _Seen:
    """What a check has seen so far. found: how that differs from what is right.

    excused: functions whose loss of points is why something was let pass.
    """

    observed: Any = NOTHING
    found: Difference | None = None
    excused: set[str] = field(default_factory=set)


class _Judgement:
    """One submission's checks, one after the other.

    until_lost: up to the first that is lost; nothing is said of it but that.
    """

    def __init__(
        self, observations: Observations, transport: Transport, naming: Naming, words: Words, until_lost: bool
    ) -> None:
        self.observations, self.transport, self.naming, self.words = observations, transport, naming, words
        self.until_lost = until_lost
        self.charging = Charging(observations, transport, naming)
        self.trial, self.flags = self.charging.trial, list[str]()

    def findings(self, only: Collection[str] | None) -> list[Finding]:
        """The findings, see `judge`."""
        # First, where no hidden input has been.
        given = {} if self.until_lost else examples(self.observations, self.transport)
        for check in self.observations.homework.checks:
            wanted = only is None or check.name in only
            finding = self._run(check) if wanted else Finding.of(check, "right", points=float(check.points))
            self.charging.add(finding)
            if finding.outcome not in (*FINE, "untouched"):
                finding.example = given.get(finding.task, {})
            if self.until_lost and finding.outcome not in FINE:
                break
        return self.charging.findings

    def _run(self, check: Check) -> Finding:
        finding, seen = Finding.of(check, "wrong"), _Seen()
        overrun = self.charging.overrun(check)
        if overrun:
            finding.outcome, finding.hint = overrun.outcome, overrun.hint
            return finding
        try:
            with self.transport.until_deadline():
                if self.charging.spare(check, finding):
                    return finding
                self._judge(check, finding, seen)
                finding = self._past_stubs(check, finding, seen)
                if self.charging.patch(check, finding):
                    finding = Finding.of(check, "wrong")
                    self._judge(check, finding, seen)
                self.charging.settle(check, finding, seen.observed, seen.excused)
                if seen.found and not finding.mistake and finding.outcome not in FINE:
                    self.words.two(finding, check, seen.found, seen.observed)
        except OutOfTime:
            self.transport.restart()
            finding.outcome, finding.points = "over a limit", 0.0
            finding.hint = "Your code returned or asked for what takes too long to look at; it should be less."
        self.naming.keep(check, seen.observed, finding.outcome)
        return finding

    def _past_stubs(self, check: Check, finding: Finding, seen: _Seen) -> Finding:
        """The finding of a check that failed, with right functions in the place of those that are not written yet.

        What is written is judged, whatever else is not. Where it cannot do with these, as it builds on what the
        student's own would have kept, the finding says what is to be written first.
        """
        unwritten = self.charging.unwritten(check, finding)
        if not unwritten:
            return finding
        given = self.observations.homework.is_given(check.covers)
        if not given:
            again, seen_again = Finding.of(check, "wrong"), _Seen()
            self._judge(check, again, seen_again, unwritten)
            if again.outcome not in ("raised", "untouched"):
                seen.observed, seen.found, seen.excused = seen_again.observed, seen_again.found, set()
                return again
            if again.outcome == finding.outcome:
                return finding
        first = [name for name in unwritten if self.charging.is_unwritten(name)]
        if given and len(unwritten) == 1:
            # Given code raises by what it calls.
            first = unwritten
        if first and finding.outcome == "untouched":
            self.words.builds_on(finding, first)
        return finding

    def _judge(self, check: Check, finding: Finding, seen: _Seen, also: Collection[str] = ()) -> None:
        """Fill in the finding of one check, but for its points. also: see `Trial.run`."""
        try:
            finding.outcome = self._observe(check, finding, seen, also)
        except StudentError as error:
            if error.line is not None:
                self.charging.note_raised(check.covers, error.line)
            self.words.raised(finding, error)
        except ChildLost as lost:
            finding.outcome, finding.hint = (
                "over a limit",
                f"Your code {lost.reason}; it should stay within the limits.",
            )
            if isinstance(lost, GuestFault):
                self.flags.append(f"{check.covers} {lost.reason}")
        except CheckFault:
            raise
        except Exception as error:
            # The experiment counts and subtracts what came back; it stumbles where that is of the wrong kind.
            self.trial.blame(check, error)
            finding.outcome, finding.concept = "type", "python"
            finding.hint = f"{PROMISED}: {check.promise}."

    def _observe(self, check: Check, finding: Finding, seen: _Seen, also: Collection[str]) -> str:
        """Run the experiment; returns the outcome."""
        asked: set[str] = set()
        seen.excused, seen.found = set(), None
        try:
            observed, expected, calls = self.trial.run(check, asked.add, also)
        except Missing:
            self.words.missing(finding, self._kind(check))
            return "missing"
        seen.observed = observed
        if check.expect and not same(check, self.trial.reference(check), observed):
            seen.excused = asked
        found = difference(expected, observed, check.rtol, check.atol, check.elementwise)
        doubt = suspicion(check, found, expected, observed, calls)
        # A function that has lost points is wrong, which is no reason to suspect it.
        if doubt and self.charging.passed(check.covers):
            self.flags.append(doubt)
            self.charging.note_inexact(check.covers)
        if found is None or doubt:
            return "right"
        if not self.until_lost:
            self.words.wrong(finding, check, found, observed)
            seen.found = found
        return found.kind if found.kind != "value" else "wrong"

    def _kind(self, check: Check) -> str:
        """What the name of a check's function stands for where it is no function, as the code says."""
        with contextlib.suppress(StudentError, ChildLost):
            return self.transport.request(op="kind", path=check.covers.split("."))
        return ""
