"""The words of a finding: what raised, what is missing, what is wrong, and where to look."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..course.findings import Finding
from ..errors import StudentError
from ..homework.declare import Check, Homework
from . import hints
from .bindings import Sources
from .causes.cause import Cause
from .causes.missing import Failed, missing
from .causes.outside import outside
from .causes.raised import Raised, known_type, raised
from .compare import Difference
from .lines import line_of_a_mistake, line_that_raised
from .mistakes import Naming
from .pictures import pictures_of

# The concepts of what can be said of a result at first sight.
FORMS = {
    "nothing": "python",
    "type": "python",
    "length": "python",
    "shape": "shapes",
    "dtype": "precision",
    "not finite": "precision",
}
# What is said where nothing is certain.
NUMBERS = "Your numbers are not the expected ones; they should be what is promised."
SOME = "Your result is right in some parts, and not in others; it should be right in all."
RAISED = "Your code raised {}; it should run to the end."
LOST_NAME = (
    "Your name {} is made by a line in a given cell, and given cells are restored before grading; that line should "
    "stand in a cell of your own."
)


def names_a_cause(finding: Finding) -> bool:
    """Whether a wrong finding's hint says why, and not only what can be seen."""
    seen = finding.hint in finding.details or finding.hint.startswith((NUMBERS, SOME, hints.PROMISED))
    return bool(finding.mistake) or not seen


@dataclass
class Words:
    """Writes into findings about one submission. failures, lost_names: see `judge`."""

    homework: Homework
    naming: Naming
    sources: Sources
    failures: Mapping[str, Failed]
    lost_names: Mapping[str, str]

    def raised(self, finding: Finding, error: StudentError) -> None:
        """A function raised."""
        finding.outcome, finding.details, finding.concept = self._raised(error, finding.about)
        finding.line = line_that_raised(error, self.sources) if finding.outcome == "raised" else {}
        finding.hint = finding.details[-1]
        if finding.outcome == "raised" and len(finding.details) == 1:
            finding.hint = RAISED.format(known_type(error.type_name))

    def missing(self, finding: Finding, kind: str) -> None:
        """A function is not there. kind: what its name stands for, in one of the words of KINDS, or nothing."""
        finding.hint, failure, cell = missing(finding.about, self.sources, self.failures, kind)
        finding.concept = "python"
        if isinstance(failure, StudentError):
            finding.details = self._raised(failure, cell=cell).lines
            finding.line = line_that_raised(failure, self.sources, cell)
            finding.hint = f"{finding.hint} {finding.details[-1]}" if len(finding.details) > 1 else finding.hint

    def _raised(self, error: StudentError, covers: str = "", cell: int | None = None) -> Raised:
        """See `causes.raised`; with what became of a name that is lost."""
        outcome, lines, concept = raised(error, self.sources, covers, cell)
        name = re.fullmatch(r"name '(\w+)' is not defined.*", error.message)
        if error.type_name == "NameError" and name and name[1] in self.lost_names:
            lines = [lines[0], LOST_NAME.format(name[1])]
        return Raised(outcome, lines, concept)

    def builds_on(self, finding: Finding, names: Iterable[str]) -> None:
        """A function cannot be judged before others are written."""
        finding.because = list(names)
        finding.hint = (
            f"Your code builds on {' and '.join(finding.because)}, not written yet; you should write that first."
        )
        finding.details = [finding.hint]

    def wrong(self, finding: Finding, check: Check, found: Difference, observed: Any) -> None:
        """A wrong observation: a known mistake that behaves the same, else what is certain."""
        self._name(finding, check, observed)
        text = found.text and found.text[0].upper() + found.text[1:]
        text = text if text.endswith("?") or not text else f"{text}."
        parts, entry = hints.parts(found), hints.entry(found)
        finding.details = [line for line in (text, parts, entry) if line]
        self._picture(finding, check, found)
        nothing_certain = NUMBERS if check.task in self.homework.examples else f"{hints.PROMISED}: {check.promise}."
        if not finding.hint:
            certain = text or entry or (SOME if parts else nothing_certain)
            finding.hint, finding.concept = self._general(check, found) or Cause(certain, FORMS.get(found.kind, ""))

    def two(self, finding: Finding, check: Check, found: Difference, observed: Any) -> None:
        """A wrong observation that is no known mistake's: two of them that behave the same together."""
        pair = None if outside(check.covers, self.sources) else self.naming.find_two(check, observed)
        if pair:
            # What is told of one may say that other things are right, as they are where it is the only one.
            finding.hint = f"Two mistakes meet here, each told as if it were the only one. {pair.hint}"
            finding.mistake, finding.concept = pair.about, pair.concept
            finding.both = [{"mistake": v.about, "concept": v.concept, "hint": v.hint} for v in pair.both]
            finding.line = line_of_a_mistake([pair], self.homework, self.sources)
            self._picture(finding, check, found)

    def _picture(self, finding: Finding, check: Check, found: Difference) -> None:
        """Draw what differs, where a known mistake is named.

        Its marks are the same whoever makes it: marks of other values could be made to spell what a submission has
        seen of the hidden inputs.
        """
        if finding.mistake and check.task in self.homework.examples:
            finding.pictures = pictures_of(found)

    def _name(self, finding: Finding, check: Check, observed: Any) -> None:
        matches = self.naming.find(check, observed)
        if len({variant.hint for variant in matches}) == 1:
            # Mistakes that no observation tells apart are named together: a name must not claim more than was seen.
            names = list(dict.fromkeys(variant.about for variant in matches))
            finding.hint, finding.mistake = matches[0].hint, " or ".join(names[:3])
            finding.concept = matches[0].concept
            finding.line = line_of_a_mistake(matches, self.homework, self.sources)

    def _general(self, check: Check, found: Difference) -> Cause | None:
        """What the code or the numbers say, where no known mistake is as wrong."""
        # What is asked without an example is a question: a factor would give its answer away.
        factor = hints.factor(found, check.batch) if check.task in self.homework.examples else None
        taken = outside(check.covers, self.sources)
        return (Cause(taken, "python") if taken else None) or hints.swapped(found) or factor or hints.places(found)
