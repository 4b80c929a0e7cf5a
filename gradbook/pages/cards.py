"""From findings to cards: one for each mistake.

What makes two findings one mistake stands in `_cause`, and nowhere else:

- A finding that tells what an earlier one tells (`same_as`) belongs to that one.
- What is not there yet is one cause for the whole page; a file that cannot be read, and a cell that did not run, for
  all functions in it.
- A function that raises, gives nothing or what cannot be used, or runs over a limit, is one cause, however many checks
  see it. Where it raises at the very line of a known mistake, it is that mistake.
- Else a cause is a function and what is told of it. Where that is only what can be seen, it is the cause that was found
  in this function before; but not a known mistake, which would have been seen here as well.
- What follows from functions that lost points belongs to the first card of the first of these.

Cards stand in the order of the checks: functions come before those that build on them. So the first card that costs
points is what to fix first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..course.findings import FINE, Finding
from ..judging.words import names_a_cause

UNUSABLE = ("raised", "nothing", "type", "over a limit")
Cause = tuple[str, ...]


@dataclass
class Card:
    """One mistake. findings: those that see it, the one that tells it first. follows: what it takes along."""

    cause: Cause
    findings: list[Finding] = field(default_factory=list)
    follows: list[Finding] = field(default_factory=list)

    @property
    def told(self) -> Finding:
        """The finding that tells the mistake: the first that waits for no other function."""
        return next((f for f in self.findings if not f.because), self.findings[0])

    @property
    def worth(self) -> float:
        """The points that it costs."""
        return sum(f.max_points - f.points for f in [*self.findings, *self.follows])


def cards_of(findings: Sequence[Finding]) -> list[Card]:
    """The cards of a submission, in the order of the checks; those that cost nothing last."""
    # Findings without points are for the instructor's eyes: what they see becomes a flag.
    seen = [f for f in findings if f.max_points and f.outcome not in FINE]
    causes: dict[str, Cause] = {}
    cards: dict[Cause, Card] = {}
    for finding in seen:
        cause = causes.get(finding.same_as) or _cause(finding, cards)
        causes[finding.name] = cause
        cards.setdefault(cause, Card(cause)).findings.append(finding)
    for finding in findings:
        if finding.max_points and finding.outcome == "follows":
            card = _first_about(finding.because, cards.values())
            if card:
                card.follows.append(finding)
    return sorted(cards.values(), key=lambda card: not card.worth)


def _cause(finding: Finding, cards: dict[Cause, Card]) -> Cause:
    """What tells one mistake from another, see above. cards: those of the findings before."""
    about, root = finding.about, finding.about.partition(".")[0]
    if finding.outcome == "untouched":
        return ("untouched",)
    if finding.outcome == "not graded":
        return ("not graded",)
    if finding.outcome == "missing":
        return "missing", root
    same_line = next((card.cause for card in cards.values() if _raises_there(finding, card)), None)
    if same_line:
        return same_line
    if finding.outcome in UNUSABLE and not finding.mistake:
        return "unusable", about
    if names_a_cause(finding):
        return about, finding.hint
    before = [card.cause for card in cards.values() if card.told.about == about and not card.told.mistake]
    return before[-1] if before else (about, "")


def _raises_there(finding: Finding, card: Card) -> bool:
    """Whether a finding and a card are about one line, of which one of both says that it raises."""
    place = finding.about, finding.line.get("cell"), finding.line.get("line")
    there = [f for f in card.findings if f.line and (f.about, f.line["cell"], f.line["line"]) == place]
    return any("raised" in (f.outcome, finding.outcome) and f.outcome != finding.outcome for f in there)


def _first_about(functions: Iterable[str], cards: Iterable[Card]) -> Card | None:
    """The first card about the first of these functions that has one."""
    there = list(cards)
    found = (card for name in functions for card in there if any(f.about == name for f in card.findings))
    return next(found, None)
