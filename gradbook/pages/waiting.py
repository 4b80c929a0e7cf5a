"""The page about an attempt that is not graded, or not yet: why, and from when on it can be."""

from __future__ import annotations

from ..course.attempts import HELD, Attempt
from ..course.times import in_words
from .page import templates


def waiting_page(title: str, attempt: Attempt, per_hour: int | None, zone: str) -> str:
    """The page as HTML. title: the homework's. per_hour: how many attempts are graded within an hour."""
    if attempt.state == HELD:
        heading, until = "Not graded yet", in_words(attempt.granted or attempt.at, zone)
        limit = f"{per_hour or 1} attempt{'' if per_hour == 1 else 's'}"
        words = (
            f"Within an hour, {limit} of yours can be graded. The turn of this one comes at {until}, if you hand in no "
            "later one until then."
        )
    else:
        heading = "Not graded"
        words = "You handed in a later attempt before the turn of this one came; the later one is graded in its place."
    page = templates().get_template("waiting.html.j2")
    return page.render(
        title=title, student=attempt.student, heading=heading, words=words, when=in_words(attempt.at, zone)
    )
