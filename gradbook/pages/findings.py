"""Findings as text and as HTML for the pages that people read."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from ..course.findings import FINE, Finding, shows_the_mistake
from ..judging.pictures import describe

VERDICTS = {
    "right": "right",
    "follows": "follows from an earlier mistake",
    "untouched": "not written yet",
    "missing": "not found",
    "raised": "raised an exception",
    "over a limit": "over a limit",
    "not graded": "not graded",
}


def verdict(finding: Finding) -> str:
    """The outcome in a few words."""
    return VERDICTS.get(finding.outcome, "not right yet")


def points(value: float) -> str:
    """Points as people write them: 2, 0.5."""
    return f"{value:g}"


def finding_text(findings: Iterable[Finding]) -> str:
    """The findings of one graded cell as plain text."""
    blocks = []
    for f in _worth_points(findings):
        lines = [f"{f.call}: {verdict(f)} ({points(f.points)} of {points(f.max_points)})"]
        if f.outcome != "right":
            lines += [f"  {f.hint}", *(f"  {d}" for d in f.details if d != f.hint)]
            lines += [f"  {text}" for text in _sentences(f.pictures)] + [f"  Promised: {f.promise}."]
            if shows_the_mistake(f.example):
                lines += ["  Try it yourself:", *(f"    {line}" for line in f.example["source"].split("\n"))]
                lines += [f"    yours:    {f.example['observed']}", f"    expected: {f.example['expected']}"]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def finding_html(findings: Iterable[Finding]) -> str:
    """The findings of one graded cell as HTML: plain tags, everything that is not ours escaped."""
    return "\n".join(_html(f) for f in _worth_points(findings))


def _worth_points(findings: Iterable[Finding]) -> list[Finding]:
    """Findings without points are for the instructor's eyes: what they see becomes a flag."""
    return [f for f in findings if f.max_points]


def _html(f: Finding) -> str:
    # nbconvert lets div, span, pre, code, strong, blockquote and lists through, and little else.
    mark = "&#10003;" if f.outcome in FINE else "&#10007;"
    head = (
        f"<strong>{mark} <code>{escape(f.call)}</code>: {verdict(f)}</strong> "
        f"({points(f.points)} of {points(f.max_points)} points)"
    )
    if f.outcome == "right":
        return _div("right", head)
    body = _div("hint", escape(f.hint))
    for detail in f.details:
        if detail != f.hint:
            first, _, code = detail.partition("\n")
            body += _div("detail", escape(first)) + (f"<pre>{escape(code.strip())}</pre>" if code else "")
    body += "".join(_div("detail", escape(text)) for text in _sentences(f.pictures))
    body += _div("promise", f"Promised: {escape(f.promise)}.")
    if shows_the_mistake(f.example):
        lines = f"{f.example['source']}\n\nyours:    {f.example['observed']}\nexpected: {f.example['expected']}"
        body += _div("example", "Try it yourself, in a cell of your notebook:") + f"<pre>{escape(lines)}</pre>"
    return _div("follows" if f.outcome == "follows" else "wrong", head + _div("body", body))


def _sentences(pictures: Iterable[dict[str, Any]]) -> list[str]:
    """What pictures show, for where they are not drawn. Which parts are right is among the details already."""
    texts = [describe(picture) for picture in pictures if picture["kind"] != "row"]
    return [f"{text[0].upper()}{text[1:]}." for text in texts]


def _div(kind: str, content: str) -> str:
    return f'<div class="gradbook-{kind}">{content}</div>'
