"""A results.json of Gradescope: what its pages show of one grading."""

from __future__ import annotations

from typing import Any

from ..course.findings import Finding
from .findings import finding_text, points

NOT_YOU = "Nothing was graded, and your work is not the reason. Please tell your instructor: "


def results(record: dict[str, Any], score: float | None = None) -> dict[str, Any]:
    """The results.json of one record (see `records.document`). score: where it was changed by hand."""
    lines = [f"{flag[:1].upper()}{flag[1:]}." for flag in record["flags"]]
    if score is not None and abs(score - record["score"]) > 1e-9:
        lines.append(
            f"The checks gave {points(record['score'])} points; with changes by hand and for lateness it is "
            f"{points(score)}."
        )
    elif record.get("by_hand"):
        lines.append(f"Up to {points(record['by_hand'])} points more are given by hand.")
    return {
        "score": record["score"] if score is None else score,
        "execution_time": record["seconds"],
        "output": "\n".join(lines),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(number, check) for number, check in enumerate(record["checks"], 1)],
    }


def _test(number: int, check: dict[str, Any]) -> dict[str, Any]:
    passed = check["points"] >= check["max_points"]
    return {
        "name": check["call"],
        "number": str(number),
        "score": check["points"],
        "max_score": check["max_points"],
        "status": "passed" if passed else "failed",
        "output": finding_text([Finding(**check)]),
        "output_format": "text",
        "visibility": "visible",
        "tags": [check["task"]],
    }


def nothing_graded(reason: str) -> dict[str, Any]:
    """The results.json where the grader, not the submission, is the reason."""
    return {
        "score": 0.0,
        "output": NOT_YOU + reason,
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [],
    }
