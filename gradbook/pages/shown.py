"""What of a grading is told while answers are early: what is not to be shown is taken out before a page is made.

So no template can show it by an oversight, and the stamp at a page's end is that of what the page tells.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from ..course.findings import Finding
from ..course.policy import ALL, MISTAKES
from ..homework.source import PUBLIC_CHECK
from ..intake.cells import marks
from .graded import CellGrade, Graded

SAID = "right", "untouched", "missing", "not graded"  # outcomes that tell nothing of a mistake


def reduced(graded: Graded, show: str) -> Graded:
    """A grading with no more in it than is to be shown."""
    if show == ALL:
        return graded
    one = _without_points if show == MISTAKES else _right_or_not
    checks = [vars(one(finding)) for finding in graded.findings]
    return replace(
        graded,
        show=show,
        record={"checks": checks},
        cells={name: _without_score(cell) for name, cell in graded.cells.items()},
        penalty=0.0,
        tried=[replace(tried, points="", counts=False) for tried in graded.tried],
    )


def _without_points(finding: Finding) -> Finding:
    # A finding that is worth nothing is none of a student's concern, which stays to be seen.
    return replace(finding, points=0.0, max_points=float(finding.max_points > 0))


def _right_or_not(finding: Finding) -> Finding:
    """Whether a check is passed, and of which function it is."""
    outcome = finding.outcome if finding.outcome in SAID else "wrong"
    hint = finding.hint if outcome == "not graded" else ""
    told = Finding("", "", 0.0, float(finding.max_points > 0), outcome, about=finding.about, hint=hint)
    return replace(told, because=["another"] if finding.because else [])


def _without_score(cell: CellGrade) -> CellGrade:
    return CellGrade(None if cell.score is None else 0.0, 0.0, 0.0)


def without_results(notebook: bytes) -> bytes:
    """A graded notebook without what the checks say in it, which no page shows."""
    content: dict[str, Any] = json.loads(notebook)
    for cell in content["cells"]:
        if marks(cell).get("grade_id", "").startswith(PUBLIC_CHECK):
            cell["outputs"] = []
    return json.dumps(content).encode()
