"""What came of a grading, as plain data that processes can hand on: nothing here computes."""

from __future__ import annotations

from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from ..homework.declare import Check
from ..sandbox.guest.text import plain

if TYPE_CHECKING:
    from nbformat import NotebookNode

FINE = ("right", "follows")  # outcomes of what is as it should be, or is charged elsewhere
NOT_HANDED_IN = "was not handed in"  # what is said of a cell that is gone


@dataclass
class Finding:
    """The verdict of one check: what was called, what was promised, what came of it, and what to try.

    same_as: the name of an earlier finding that tells the same cause, or nothing; then this one does not tell it again.
    concept: the idea that the cause is about, as a key of CONCEPTS, or nothing.
    both: where two known mistakes meet, each of them: its mistake, concept and hint.
    line: the line of the student's code that it is about, see judging/lines.py, where that is known.
    because: where it follows, or cannot be judged yet, the functions that it follows from or waits for.
    """

    name: str
    task: str
    points: float
    max_points: float
    outcome: str
    call: str = ""
    promise: str = ""
    about: str = ""
    hint: str = ""
    mistake: str = ""
    details: list[str] = field(default_factory=list)
    example: dict[str, str] = field(default_factory=dict)
    pictures: list[dict[str, Any]] = field(default_factory=list)
    same_as: str = ""
    concept: str = ""
    both: list[dict[str, str]] = field(default_factory=list)
    line: dict[str, Any] = field(default_factory=dict)
    because: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, check: Check, outcome: str, hint: str = "", points: float = 0.0) -> Finding:
        """A finding about a check, in the check's own words."""
        told = check.call, check.promise, check.covers
        return cls(check.name, check.task, points, float(check.points), outcome, *told, hint)

    def writable(self) -> Finding:
        """This with texts that can be written anywhere. Raises TypeError where something in it is no plain data."""
        return Finding(**_writable(vars(self)))

    def as_dict(self) -> dict[str, Any]:
        """This as plain data, which shares its lists with it."""
        return dict(vars(self))


def shows_the_mistake(example: dict[str, str]) -> bool:
    """Whether an example does: numbers small enough to read do not show every mistake."""
    return bool(example) and example["observed"] != example["expected"]


@dataclass
class Graded:
    """What came of one submission. text: the notebook as it is written to disk. traceback: where the grader failed.

    cut: what the grader's clocks ended, if anything; then it is graded again, see `believed`.
    by_hand: points that a person gives. unanswered: names of the cells for those that came back as handed out.
    sandbox: the level of the one in which it ran; empty where it did not run.
    """

    notebook: NotebookNode | None
    findings: list[Finding]
    flags: list[str] = field(default_factory=list)
    problem: str = ""
    text: str = ""
    seconds: float = 0.0
    cpu: float = 0.0
    memory: int = 0
    cut: str = ""
    traceback: str = ""
    by_hand: float = 0.0
    unanswered: list[str] = field(default_factory=list)
    sandbox: str = ""

    def plain(self) -> dict[str, Any]:
        """This as plain data, for another process: the notebook goes as its text."""
        return {**vars(self), "notebook": None, "findings": [f.as_dict() for f in self.findings]}

    @classmethod
    def from_plain(cls, data: dict[str, Any]) -> Graded:
        """What `plain` gave in another process."""
        return cls(**{**data, "findings": [Finding(**f) for f in data["findings"]]})

    def by_task(self) -> dict[str, list[Finding]]:
        """Task -> its findings."""
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(finding.task, []).append(finding)
        return found

    @property
    def score(self) -> float:
        return float(sum(f.points for f in self.findings))

    @property
    def max_score(self) -> float:
        return float(sum(f.max_points for f in self.findings))


def _writable(value: Any) -> Any:
    """Plain data with its texts as `plain` makes them."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return plain(str(value))
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    if isinstance(value, (list, tuple)):
        return [_writable(item) for item in value]
    if isinstance(value, dict):
        return {plain(key): _writable(item) for key, item in value.items()}
    raise TypeError(f"a finding holds a {type(value).__name__}")
