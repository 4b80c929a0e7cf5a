"""The figures of the class report: inline SVG that scales its places and keeps its letters.

Places are percentages of the width, so a figure fits a phone without shrinking its text. Colours are Okabe and
Ito's, and each stands beside a sign, a word or a number. Every figure has a title, and a description in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from markupsafe import Markup

MARKS = {
    "right": ("✓", "right"),
    "follows": ("↳", "follows from an earlier mistake"),
    "wrong": ("✗", "wrong"),
    "raised": ("!", "raised an exception"),
    "over a limit": ("∞", "over a limit"),
    "untouched": ("○", "not written"),
    "not graded": ("–", "not graded"),
}


class Figures:
    """The figures of one page, each with a number by which the page tells its words from another's."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def _svg(self, kind: str, height: int, title: str, description: str, body: Iterable[Markup]) -> Markup:
        """An SVG element with its text alternative."""
        name = f"f{next(self._numbers)}"
        return Markup(
            '<svg class="{kind}" width="100%" height="{height}" role="img" aria-labelledby="{name}t {name}d">'
            '<title id="{name}t">{title}</title><desc id="{name}d">{description}</desc>{body}</svg>'
        ).format(kind=kind, height=height, name=name, title=title, description=description, body=Markup("").join(body))

    def scores(self, data: dict[str, Any], height: int = 210) -> Markup:
        """The score histogram of a homework, with its median."""
        bins, base = data["histogram"], height - 26
        step = 100 / len(bins)
        full = _text(100, base + 17, f"full: {_number(data['max_score'])}", "tick strong", "end")
        axis = _line(0, base + 0.5, 100, base + 0.5, "axis")
        body = [*_median(data, bins, step, base), axis, *_bars(bins, step, 34, base), full]
        return self._svg("histogram", height, "Scores", scores_in_words(data), body)

    def small_histogram(self, data: dict[str, Any], height: int = 44) -> Markup:
        """A histogram for a line of a table: ten bars and full marks."""
        bins = data["histogram"]
        pairs = [sum(b["count"] for b in bins[i : i + 2]) for i in range(0, len(bins) - 1, 2)] + [bins[-1]["count"]]
        highest, step = max(pairs) or 1, 100 / len(pairs)
        body = [_line(0, height - 0.5, 100, height - 0.5, "axis")]
        for number, value in enumerate(pairs):
            tall = (height - 2) * value / highest
            kind = "bar full" if number == len(pairs) - 1 else "bar"
            body.append(_rect(number * step + 0.6, height - 1 - tall, step - 1.2, tall, kind))
        return self._svg("small", height, f"Scores of {data['homework']}", scores_in_words(data), body)

    def stacked(self, task: dict[str, Any], height: int = 26) -> Markup:
        """In which states the students are with a task, as one bar."""
        states = {state: len(who) for state, who in task["states"].items()}
        total, at = sum(states.values()) or 1, 0.0
        body: list[Markup] = []
        for state, number in states.items():
            width = 100 * number / total
            body.append(_rect(at, 0, width, height, css(state)))
            if width > 3.5:
                told = f"{MARKS[state][0]} {number}" if width > 11 else MARKS[state][0]
                body.append(_text(at + width / 2, height / 2 + 5, told, "on " + css(state)))
            at += width
        return self._svg("stacked", height, f"Where students are with {task['task']}", task_in_words(task), body)

    def share(self, value: float, title: str, kind: str = "bar", height: int = 12) -> Markup:
        """One share of a whole as a bar; its number stands beside it in the page."""
        body = [_rect(0, 0, 100, height, "track"), _rect(0, 0, 100 * value, height, kind)]
        return self._svg("share", height, title, f"{100 * value:.0f} %", body)

    def marks(self, checks: Sequence[dict[str, str]]) -> Markup:
        """A student's checks as signs, task by task, and in words for who cannot see them."""
        ends = [one["task"] for one in checks[1:]] + [""]
        signs = [_sign(n, one, one["task"] != end) for n, (one, end) in enumerate(zip(checks, ends, strict=True), 1)]
        wrong = [one for one in checks if one["state"] not in ("right", "follows")]
        told = f"{len(checks) - len(wrong)} of {len(checks)} right"
        told += "".join(f", {one['name']}: {one['state']}" for one in wrong)
        return Markup('<span aria-hidden="true">{}</span><span class="sr">{}</span>').format(
            Markup("".join(signs)), told
        )

    def path(self, line: Sequence[float | None], student: str, height: int = 30) -> Markup:
        """A student's shares over the homeworks: dots, joined where both neighbours are there; a gap is a ring."""
        step, last = 100 / len(line), None
        body: list[Markup] = []
        for number, value in enumerate(line):
            x, y = (number + 0.5) * step, height - 5 - (height - 10) * min(value or 0.0, 1.0)
            if value is not None and last is not None:
                body.append(_line(*last, x, y, "path"))
            body.append(_circle(x, y, "gap" if value is None else "dot"))
            last = None if value is None else (x, y)
        told = ", ".join("nothing" if value is None else f"{100 * value:.0f} %" for value in line)
        return self._svg("path-figure", height, f"Path of {student}", told, body)


# ---------------------------------------------------------------- words


def css(state: str) -> str:
    """The class name of a state."""
    return "s-" + state.replace(" ", "-")


def scores_in_words(data: dict[str, Any]) -> str:
    """The score histogram as a sentence."""
    most, quarter = _number(data["max_score"]), data["max_score"] / 4
    parts = [0, 0, 0, 0]
    for b in data["histogram"][:-1]:
        parts[min(int(b["from"] / quarter), 3) if quarter else 0] += b["count"]
    ranges = [
        f"{parts[i]} from {_number(round(i * quarter, 2))} to below {_number(round((i + 1) * quarter, 2))}"
        for i in range(4)
    ]
    return f"{data['began']} who began: {', '.join(ranges)}, and {data['full']} with all {most} points."


def task_in_words(task: dict[str, Any]) -> str:
    """The states of a task as a sentence."""
    found = [f"{len(who)} {MARKS[state][1]}" for state, who in task["states"].items() if who]
    return ", ".join(found) + "."


def _number(value: float) -> str:
    return f"{value:g}"


def _sign(number: int, check: dict[str, str], ends: bool) -> str:
    """One check's sign, as HTML. ends: whether the next check is of another task. A large class has many of these."""
    state = check["state"]
    told = "" if state == "right" else f' title="{number}: {state}"'
    return f'<i class="mark {css(state)}{" last" if ends else ""}"{told}>{MARKS[state][0]}</i>'


# ---------------------------------------------------------------- parts of the score histogram


def _bars(bins: Sequence[dict[str, Any]], step: float, top: float, base: float) -> Iterator[Markup]:
    """A bar for each bin, with its count above, and at every fifth where it begins."""
    highest, last = max(b["count"] for b in bins) or 1, len(bins) - 1
    for number, b in enumerate(bins):
        tall = (base - top) * b["count"] / highest
        kind = "bar full" if number == last else "bar"
        yield _rect(number * step + step * 0.08, base - tall, step * 0.84, tall, kind)
        if b["count"]:
            yield _text((number + 0.5) * step, base - tall - 4, b["count"], "count")
        if number % 5 == 0 and number != last:
            yield _text(number * step, base + 17, _number(b["from"]), "tick", "middle" if number else "start")


def _median(data: dict[str, Any], bins: Sequence[dict[str, Any]], step: float, base: float) -> Iterator[Markup]:
    """A dashed line at the median, labelled on the side where there is room."""
    share = data["median"] / data["max_score"] if data["max_score"] else 0
    x = min(share * (len(bins) - 1), len(bins) - 0.5) * step if share < 1 else 100 - step / 2
    anchor, shift = ("end", -0.8) if x > 50 else ("start", 0.8)
    yield _line(x, 6, x, base, "median")
    yield _text(x + shift, 14, f"median {_number(data['median'])}", "strong", anchor)


# ---------------------------------------------------------------- shapes


def _rect(x: float, y: float, width: float, height: float, kind: str) -> Markup:
    template = '<rect x="{:.3f}%" y="{:.1f}" width="{:.3f}%" height="{:.1f}" class="{}"/>'
    return Markup(template).format(x, y, width, height, kind)


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "middle") -> Markup:
    template = '<text x="{:.3f}%" y="{:.1f}" text-anchor="{}" class="{}">{}</text>'
    return Markup(template).format(x, y, anchor, kind, text)


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    template = '<line x1="{:.3f}%" y1="{:.1f}" x2="{:.3f}%" y2="{:.1f}" class="{}"/>'
    return Markup(template).format(x1, y1, x2, y2, kind)


def _circle(x: float, y: float, kind: str) -> Markup:
    return Markup('<circle cx="{:.2f}%" cy="{:.1f}" r="3" class="{}"/>').format(x, y, kind)
