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
from .causes.missing import Failed, missing
from .causes.outside import outside
from .causes.raised import raised
from .compare import Difference
from .mistakes import Naming
from .pictures import pictures_of

# What is said where nothing is certain.
NUMBERS, PROMISED = "The numbers are not the expected ones.", "It does not do what is promised"
LOST_NAME = (
    "The name {} came from a line that you added to a given cell; given cells are restored before grading. "
    "Put that line into a cell of your own."
)


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
        finding.outcome, finding.details = self._raised(error, finding.about)
        last = finding.outcome == "raised" and len(finding.details) > 1
        finding.hint = finding.details[-1] if last else finding.details[0]

    def missing(self, finding: Finding, kind: str) -> None:
        """A function is not there. kind: what its name stands for, in one of the words of KINDS, or nothing."""
        finding.hint, failure, cell = missing(finding.about, self.sources, self.failures, kind)
        if isinstance(failure, StudentError):
            finding.details = self._raised(failure, cell=cell)[1]
            finding.hint = f"{finding.hint} {finding.details[-1]}" if len(finding.details) > 1 else finding.hint

    def _raised(self, error: StudentError, covers: str = "", cell: int | None = None) -> tuple[str, list[str]]:
        """(outcome, lines), see `causes.raised`; with what became of a name that is lost."""
        outcome, lines = raised(error, self.sources, covers, cell)
        name = re.fullmatch(r"name '(\w+)' is not defined.*", error.message)
        if error.type_name == "NameError" and name and name[1] in self.lost_names:
            lines = [lines[0], LOST_NAME.format(name[1])]
        return outcome, lines

    def builds_on(self, finding: Finding, names: Iterable[str]) -> None:
        """A function cannot be judged before others are written."""
        finding.hint = f"It builds on what is not written yet: write {' and '.join(names)} first."
        finding.details = [finding.hint]

    def wrong(self, finding: Finding, check: Check, found: Difference, observed: Any) -> None:
        """A wrong observation: a known mistake that behaves the same, else what is certain."""
        self._name(finding, check, observed)
        text = found.text and found.text[0].upper() + found.text[1:]
        finding.details = [text if text.endswith("?") else f"{text}."] if text else []
        finding.details += hints.location(found)
        self._picture(finding, check, found)
        nothing_certain = NUMBERS if check.task in self.homework.examples else f"{PROMISED}: {check.promise}."
        first = finding.details[0] if finding.details else nothing_certain
        finding.hint = finding.hint or self._general(check, found) or first

    def two(self, finding: Finding, check: Check, found: Difference, observed: Any) -> None:
        """A wrong observation that is no known mistake's: two of them that behave the same together."""
        pair = None if outside(check.covers, self.sources) else self.naming.find_two(check, observed)
        if pair:
            # What is told of one may say that other things are right, as they are where it is the only one.
            finding.hint = f"Two mistakes meet here; each is told as if it were the only one. {pair.hint}"
            finding.mistake = pair.about
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

    def _general(self, check: Check, found: Difference) -> str | None:
        """What the code or the numbers say, where no known mistake is as wrong."""
        # What is asked without an example is a question: a factor would give its answer away.
        factor = hints.factor(found, check.batch) if check.task in self.homework.examples else None
        return outside(check.covers, self.sources) or hints.swapped(found) or factor or hints.places(found)
