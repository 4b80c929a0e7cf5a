"""A few shapes as SVG: boxes and circles with labels, arrows between them, with numbers on both sides.

What goes forward is blue and solid, its numbers above the arrow; what comes back is orange and dashed, below. So
the two differ in grey, too. All is on white, so that a dark page does not swallow it.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

INK, FORWARD, BACKWARD, PALE, LINE = "#1f2937", "#1d5fa8", "#b4530a", "#eef3f9", "#8b95a5"
OUTLINE = f'fill="{PALE}" stroke="{INK}" stroke-width="1.4"'
MATHS = "'STIX Two Text', 'Times New Roman', Times, serif"
WORDS = "'Source Sans 3', 'Helvetica Neue', Arial, sans-serif"
SUBSCRIPT = re.compile(r"([_^])(\{[^}]*\}|.)")
HEAD = (
    '<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0.8 8 4 0 7.2z" fill="{colour}"/></marker>'
)
COLOURS = {"forward": FORWARD, "backward": BACKWARD, "line": LINE}


def spans(label: str) -> str:
    """A label as SVG text: `w_1`, `x_{ij}` and `x^2` get their indices lowered and raised."""
    parts, at, shift = [], 0, 0.0
    for found in SUBSCRIPT.finditer(label):
        parts.append(_span(label[at : found.start()], -shift))
        shift = 0.28 if found[1] == "_" else -0.4
        parts.append(f'<tspan dy="{shift}em" font-size="0.72em">{html.escape(found[2].strip("{}"))}</tspan>')
        # The next span is measured in ems of the full size.
        shift, at = shift * 0.72, found.end()
    return "".join([*parts, _span(label[at:], -shift)])


def _span(text: str, shift: float) -> str:
    return f'<tspan dy="{shift:.3g}em">{html.escape(text)}</tspan>' if shift and text else html.escape(text)


@dataclass(frozen=True)
class Node:
    """Something that arrows begin and end at. x, y: its middle; width and height: of what it takes."""

    x: float
    y: float
    width: float
    height: float

    def edge(self, towards: Node, gap: float = 3) -> tuple[float, float]:
        """The point of its outline, and a little further, on the way to another one."""
        dx, dy = towards.x - self.x, towards.y - self.y
        if self.width == self.height:  # a circle
            share = (self.width / 2 + gap) / (dx * dx + dy * dy) ** 0.5
        else:
            share = min((self.width / 2 + gap) / abs(dx or 1e-9), (self.height / 2 + gap) / abs(dy or 1e-9))
        return self.x + share * dx, self.y + share * dy


@dataclass
class Drawing:
    """An SVG that is drawn bit by bit. title: what it shows, for those who do not see it."""

    title: str
    width: int
    height: int
    parts: list[str] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        label: str,
        colour: str = INK,
        size: float = 17,
        maths: bool = True,
        at: str = "middle",
    ) -> None:
        """A label at a point, which is its middle; at: "start" or "end" where it begins or ends there."""
        style = f'font-family="{MATHS}" font-style="italic"' if maths else f'font-family="{WORDS}"'
        y += 0.32 * size
        place = f'x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}" text-anchor="{at}"'
        self.parts.append(f"<text {place} {style}>{spans(label) if maths else html.escape(label)}</text>")

    def say(self, x: float, y: float, words: str, colour: str = INK, size: float = 14, at: str = "middle") -> None:
        """Words, which are no formula."""
        self.text(x, y, words, colour, size, maths=False, at=at)

    def circle(self, x: float, y: float, label: str = "", radius: float = 22) -> Node:
        self.parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" {OUTLINE}/>')
        if label:
            self.text(x, y, label)
        return Node(x, y, 2 * radius, 2 * radius)

    def box(
        self, x: float, y: float, label: str, width: float = 84, height: float = 40, below: str = "", maths: bool = True
    ) -> Node:
        """A rectangle with a label. below: a smaller one under it, such as a shape."""
        left, top = x - width / 2, y - height / 2
        self.parts.append(f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" rx="5" {OUTLINE}/>')
        self.text(x, y, label, maths=maths, size=17 if maths else 15)
        if below:
            self.say(x, y + height / 2 + 13, below, size=12.5)
        return Node(x, y, width, height)

    def square(self, x: float, y: float, size: float, share: float) -> None:
        """A cell of a table, from its upper left corner: the darker, the larger its share of 1."""
        place = f'x="{x:g}" y="{y:g}" width="{size:g}" height="{size:g}"'
        self.parts.append(f'<rect {place} fill="{FORWARD}" fill-opacity="{share:.2f}" stroke="#ffffff"/>')

    def point(self, x: float, y: float, label: str) -> Node:
        """A label without an outline, such as an input."""
        self.text(x, y, label, size=19)
        return Node(x, y, 34, 34)

    def arrow(self, start: Node, end: Node, kind: str = "forward", shift: float = 0) -> None:
        """An arrow from one to another. kind: of COLOURS. shift: so far to its side, for a pair of arrows."""
        (x, y), (u, v) = start.edge(end), end.edge(start)
        length = ((u - x) ** 2 + (v - y) ** 2) ** 0.5
        across, down = -(v - y) / length * shift, (u - x) / length * shift
        dashes = ' stroke-dasharray="6 4"' if kind == "backward" else ""
        self.parts.append(
            f'<path d="M{x + across:.1f} {y + down:.1f} {u + across:.1f} {v + down:.1f}" stroke="{COLOURS[kind]}" '
            f'stroke-width="1.8" fill="none"{dashes} marker-end="url(#{kind})"/>'
        )

    def link(self, start: Node, end: Node) -> None:
        """A thin line, of which there are many in a network."""
        (x, y), (u, v) = start.edge(end, 0), end.edge(start, 0)
        self.parts.append(f'<path d="M{x:.1f} {y:.1f} {u:.1f} {v:.1f}" stroke="{LINE}" stroke-width="1"/>')

    def key(self, x: float, y: float) -> None:
        """What the two kinds of arrows mean."""
        for row, (kind, words) in enumerate((("forward", "forward: values"), ("backward", "backward: slopes of L"))):
            at = y + 20 * row
            self.arrow(Node(x, at, 0, 1), Node(x + 40, at, 0, 1), kind)
            self.say(x + 48, at, words, COLOURS[kind], at="start", size=13)

    def svg(self) -> str:
        heads = "".join(HEAD.format(name=name, colour=colour) for name, colour in COLOURS.items())
        body = "\n".join(self.parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" width="{self.width}" '
            f'height="{self.height}" role="img">\n<title>{html.escape(self.title)}</title>\n<defs>{heads}</defs>\n'
            f'<rect width="100%" height="100%" fill="#ffffff"/>\n{body}\n</svg>\n'
        )
