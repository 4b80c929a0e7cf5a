"""A cause that several findings share is told once."""

from collections.abc import Iterable

from ..course.findings import FINE, Finding


def tell_once(findings: Iterable[Finding]) -> None:
    """Leave a cause that several findings share to the first of them; the others say where it is told."""
    told: dict[tuple[str, ...], Finding] = {}
    for finding in findings:
        if finding.outcome in FINE:
            continue
        about = "" if finding.outcome == "not graded" else finding.about
        cause = about, finding.outcome, finding.mistake, finding.hint, *finding.details[:1]
        first = told.setdefault(cause, finding)
        if first is not finding:
            finding.same_as, finding.hint = first.name, f"The same as in {first.call}, above."
            finding.details, finding.pictures, finding.example, finding.line = [], [], {}, {}
