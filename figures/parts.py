"""What the drawings share: where each is written to, and the parts that several have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .svg import BACKWARD, FORWARD, Drawing, Node

ROOT = Path(__file__).parent.parent
DRAWINGS: dict[str, Callable[[], Drawing]] = {}


def drawn(path: str) -> Callable[[Callable[[], Drawing]], Callable[[], Drawing]]:
    """Say where a drawing is written to, from the root of the repository."""

    def add(function: Callable[[], Drawing]) -> Callable[[], Drawing]:
        DRAWINGS[path] = function
        return function

    return add


def number(value: float) -> str:
    return f"{value + 0:.4g}".replace("-", "−")  # + 0: no −0


def both_ways(drawing: Drawing, start: Node, end: Node, value: float, slope: float) -> None:
    """A pair of arrows between two nodes of a row, with what goes there and what comes back."""
    drawing.arrow(start, end, "forward", -7)
    drawing.arrow(end, start, "backward", -7)
    middle = (start.x + end.x) / 2
    drawing.say(middle, start.y - 24, number(value), FORWARD, 15)
    drawing.say(middle, start.y + 25, number(slope), BACKWARD, 15)


def layers(
    drawing: Drawing, columns: list[tuple[float, list[str]]], middle: float, gap: float = 56, radius: float = 19
) -> list[list[Node]]:
    """Layers of neurons side by side, each linked with all of the next. columns: (x, labels)."""
    found = []
    for x, labels in columns:
        top = middle - gap * (len(labels) - 1) / 2
        found.append([Node(x, top + gap * k, 2 * radius, 2 * radius) for k in range(len(labels))])
    for before, after in zip(found, found[1:], strict=False):
        for start in before:
            for end in after:
                drawing.link(start, end)
    for (x, labels), nodes in zip(columns, found, strict=True):
        for label, node in zip(labels, nodes, strict=True):
            drawing.circle(x, node.y, label, radius)
    return found


def along(drawing: Drawing, start: Node, end: Node, share: float, label: str, colour: str) -> None:
    """A number just above a line, so far on its way."""
    x, y = start.x + share * (end.x - start.x), start.y + share * (end.y - start.y)
    drawing.say(x, y - 11, label, colour, 13)
