"""What came of a grading, as plain data that processes can hand on: nothing here computes."""

from dataclasses import dataclass, field


@dataclass
class Finding:
    """The verdict of one check: what was called, what was promised, what came of it, and what to try."""

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
    details: list = field(default_factory=list)
    example: dict = field(default_factory=dict)
    pictures: list = field(default_factory=list)

    @classmethod
    def of(cls, check, outcome, hint="", points=0.0):
        """A finding about a check, in the check's own words."""
        told = check.call, check.promise, check.covers
        return cls(check.name, check.task, points, float(check.points), outcome, *told, hint)

    def as_dict(self):
        """This as plain data, which shares its lists with it."""
        return dict(vars(self))


@dataclass
class Graded:
    """What came of one submission. text: the notebook as it is written to disk.

    by_hand: points that a person gives. unanswered: names of the cells for those that came back as handed out.
    """

    notebook: object
    findings: list
    flags: list = field(default_factory=list)
    problem: str = ""
    text: str = ""
    seconds: float = 0.0
    cpu: float = 0.0
    memory: int = 0
    by_hand: float = 0.0
    unanswered: list = field(default_factory=list)

    def plain(self):
        """This as plain data, for another process: the notebook goes as its text."""
        return {**vars(self), "notebook": None, "findings": [f.as_dict() for f in self.findings]}

    @classmethod
    def from_plain(cls, data):
        """What `plain` gave in another process."""
        return cls(**{**data, "findings": [Finding(**f) for f in data["findings"]]})

    def by_task(self):
        """Task -> its findings."""
        found = {}
        for finding in self.findings:
            found.setdefault(finding.task, []).append(finding)
        return found

    @property
    def score(self):
        return float(sum(f.points for f in self.findings))

    @property
    def max_score(self):
        return float(sum(f.max_points for f in self.findings))
