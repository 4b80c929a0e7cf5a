"""The picture of a homework whose author drew none: a bar for each of its tasks, as long as it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

WIDTH, HEIGHT, MOST = 320, 180, 8
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #57606a; }
rect { fill: #56b4e9; }
@media (prefers-color-scheme: dark) { text { fill: #a3adb8; } rect { fill: #4a9ccc; } }
"""


def drawn(points: Mapping[str, float]) -> str:
    """An SVG. points: task -> what it is worth; of many the first are drawn."""
    tasks = list(points.items())[:MOST]
    step = (HEIGHT - 24) / max(len(tasks), 1)
    most = max((worth for _, worth in tasks), default=0) or 1
    bars = "".join(
        f'<text x="112" y="{12 + step * (row + 0.5) + 4:.0f}" text-anchor="end">{escape(task[:16])}</text>'
        f'<rect x="122" y="{12 + step * (row + 0.2):.0f}" height="{step * 0.6:.0f}" rx="3"'
        f' width="{180 * worth / most:.0f}"/>'
        for row, (task, worth) in enumerate(tasks)
    )
    begin = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><style>{STYLE}</style>'
    return f"{begin}{bars}</svg>\n"
