"""What a run of `gradbook grade` did, counted in students, as a short table for people."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass, field

from ..course.assignment import printable
from ..course.mistakes_made import Made, mistakes_made
from ..course.records import Record
from ..course.standing import BEGAN, NEVER_STARTED, UNREADABLE, standing
from ..homework.concepts import CONCEPTS
from ..pages.paint import Paint, unpainted

MOST = 5  # ideas that are named


@dataclass
class Summary:
    """What a run did. It keeps little of each submission: a class may be large.

    scores: of each student that was graded; began: of those who did. standings, ideas: of how many students each
    holds, or who have not got it. flagged: how many a person should look at, of those that could be read. unrecorded:
    student -> why nothing could be recorded. left_out: folder -> why it cannot be graded. late: how many lose points
    for it, of those that were graded and of the unchanged.
    """

    homework: str
    scores: dict[str, float] = field(default_factory=dict)
    began: list[float] = field(default_factory=list)
    standings: Counter[str] = field(default_factory=Counter)
    ideas: Counter[str] = field(default_factory=Counter)
    unrecorded: dict[str, str] = field(default_factory=dict)
    flagged: int = 0
    left_out: dict[str, str] = field(default_factory=dict)
    unchanged: int = 0
    late: int = 0
    seconds: float = 0.0
    max_score: float = 0.0
    by_hand: float = 0.0

    def count(self, record: Record) -> None:
        """Take in the record of one submission."""
        if "unrecorded" in record:
            self.unrecorded[record["student"]] = record["unrecorded"]
            return
        self.scores[record["student"]], self.max_score = record["score"], record["max_score"]
        self.by_hand = record["by_hand"]
        where = standing(record)
        self.standings[where] += 1
        self.began += [record["score"]] if where == BEGAN else []
        self.ideas.update({_idea(made) for made in mistakes_made(record) if made.concept or made.mistake})
        self.flagged += bool(record["flags"]) and where != UNREADABLE

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, paint: Paint = unpainted) -> list[str]:
        """What was done, line by line."""
        lines = [paint(line, "red") for line in self.left_out_lines()]
        done = f"{len(self.scores)} graded, {self.unchanged} unchanged, in {self.seconds:.1f} s"
        lines += [f"{paint(self.homework, 'bold')}: {done}", *self._score_lines()]
        lines += self._table(paint) if self.scores else []
        if self.late:
            lines.append(f"{self.late} late, with a penalty that is not in these scores")
        return lines + [paint(line, "red") for line in self.unrecorded_lines()]

    def _score_lines(self) -> list[str]:
        lines = []
        if self.began:
            low, middle, high = min(self.began), statistics.median(self.began), max(self.began)
            most = f"of {self.max_score:g}, median {middle:g}"
            lines.append(f"scores of the {len(self.began)} who began: {low:g} to {high:g} {most}")
        if self.by_hand:
            lines.append(f"up to {self.by_hand:g} points more are given by hand, in formgrader")
        return lines

    def _table(self, paint: Paint) -> list[str]:
        """Numbers of students, one a line."""
        full = sum(score >= self.max_score - 1e-9 for score in self.began)
        rows = [
            (len(self.scores), "graded", "bold"),
            (full, "full marks", "green"),
            (self.flagged, "to look at by hand (the report says why)", "yellow"),
            (self.standings[NEVER_STARTED], "never started", "yellow"),
            (self.standings[UNREADABLE], "unreadable", "red"),
        ]
        lines = [paint("students", "dim"), *(_row(*row, paint) for row in rows)]
        if self.ideas:
            lines += [paint("students  have not got", "dim")]
            often = sorted(self.ideas.items(), key=lambda item: (-item[1], item[0]))
            lines += [_row(count, idea, "bold", paint) for idea, count in often[:MOST]]
        return lines

    def next_lines(self, paint: Paint = unpainted) -> list[str]:
        """What to do next, as commands."""
        feedback, report = f"gradbook feedback {self.homework}", f"gradbook report {self.homework}"
        why = {feedback: "writes each student's page", report: "what to teach next, and whom to look at"}
        return ["next:", *(f"  {paint(command.ljust(len(feedback)), 'cyan')}  {what}" for command, what in why.items())]

    def unrecorded_lines(self) -> list[str]:
        """A line for each submission of which nothing could be recorded."""
        return [f"not recorded: {student}: {why}" for student, why in self.unrecorded.items()]

    def left_out_lines(self) -> list[str]:
        """A line for each folder that cannot be graded."""
        return [f"NOT graded: {printable(name)}: {why}; rename it" for name, why in self.left_out.items()]


def _idea(made: Made) -> str:
    """What a mistake is about, as people read it: its concept, or itself."""
    return CONCEPTS[made.concept].title if made.concept in CONCEPTS else made.mistake or made.concept


def _row(count: int, what: str, style: str, paint: Paint) -> str:
    return f"{paint(f'{count:8d}', style if count else 'dim')}  {what}"
