"""The drawings of homework 11."""

from __future__ import annotations

import numpy as np

from .parts import along, drawn, number
from .svg import BACKWARD, FORWARD, INK, LINE, PALE, Drawing, Node


@drawn("source/hw11_convolution/one_row.svg")
def one_row_under_a_kernel() -> Drawing:
    """A row of pixels, a kernel of three weights that moves along it, and what comes back."""
    x, w, g = np.array([2.0, 1, 3, 0, 4]), np.array([2.0, 1, -1]), np.array([1.0, -2, 3])
    y = np.array([x[i : i + 3] @ w for i in range(3)])
    back = sum(np.pad(g[i] * w, (i, 2 - i)) for i in range(3))
    pulls = [g @ x[u : u + 3] for u in range(3)]
    drawing = Drawing(
        "A row of five pixels under a kernel of three weights: values in the circles, slopes of the loss under them",
        840,
        430,
    )
    pixels = [Node(90, 45 + 78 * k, 46, 46) for k in range(5)]
    sums = [Node(370, 123 + 78 * k, 46, 46) for k in range(3)]
    for i, end in enumerate(sums):
        for u in range(3):
            start = pixels[i + u]
            drawing.link(start, end)
            along(drawing, start, end, 0.36 if u != 1 else 0.5, number(w[u]), FORWARD)
    for node, value, slope in zip(pixels, x, back, strict=True):
        drawing.circle(node.x, node.y, number(value), 23)
        drawing.say(node.x - 32, node.y, number(slope), BACKWARD, 15, at="end")
    for node, value, slope in zip(sums, y, g, strict=True):
        drawing.circle(node.x, node.y, number(value), 23)
        drawing.say(node.x + 32, node.y, f"g = {number(slope)}", BACKWARD, 15, at="start")
    drawing.text(90, 400, "x", INK, 18)
    drawing.text(370, 400, "y", INK, 18)
    drawing.say(660, 78, "the kernel, three weights for nine edges", INK, 14)
    for u in range(3):
        drawing.box(600 + 60 * u, 118, number(w[u]), 60, 44, maths=False)
    for u in range(3):
        drawing.say(600 + 60 * u, 158, number(pulls[u]), BACKWARD, 15)
    drawing.say(660, 184, "what comes back to each: a sum over three places", BACKWARD, 13)
    drawing.key(570, 240)
    return drawing


@drawn("source/hw11_convolution/windows.svg")
def windows_of_an_image() -> Drawing:
    """5 x 6 pixels with a border of 1, windows of 3 x 3 with stride 2."""
    drawing = Drawing(
        "An image of 5 by 6 pixels with a border of zeros; windows of 3 by 3 pixels, a stride of 2 apart", 720, 310
    )
    cell, left, top = 32, 40, 40
    for row in range(7):
        for column in range(8):
            border = row in (0, 6) or column in (0, 7)
            fill, dashes = ("#ffffff", ' stroke-dasharray="3 3"') if border else (PALE, "")
            x, y = left + cell * column, top + cell * row
            drawing.parts.append(
                f'<rect x="{x}" y="{y}" width="{cell}" height="{cell}" fill="{fill}" stroke="{LINE}"{dashes}/>'
            )
            if border:
                drawing.say(x + cell / 2, y + cell / 2, "0", LINE, 12)
    out_left, out_top, wide = 480, 76, 52
    for row in range(3):
        for column in range(3):
            x, y = out_left + wide * column, out_top + wide * row
            drawing.parts.append(
                f'<rect x="{x}" y="{y}" width="{wide}" height="{wide}" fill="{PALE}" stroke="{LINE}"/>'
            )
    for (i, j), colour, dashes in (((0, 0), FORWARD, ""), ((0, 1), BACKWARD, "7 4"), ((2, 2), INK, "2 3")):
        for x, y, side in (
            (left + 2 * cell * j, top + 2 * cell * i, 3 * cell),
            (out_left + wide * j, out_top + wide * i, wide),
        ):
            drawing.parts.append(
                f'<rect x="{x + 2}" y="{y + 2}" width="{side - 4}" height="{side - 4}" rx="3" fill="{colour}" '
                f'fill-opacity="0.08" stroke="{colour}" stroke-width="2.6" stroke-dasharray="{dashes}"/>'
            )
        drawing.text(out_left + wide * (j + 0.5), out_top + wide * (i + 0.5), f"{i}, {j}", colour, 16)
    drawing.say(left + 4 * cell, top - 18, "the image, with a border of 1")
    drawing.say(left + 4 * cell, top + 7 * cell + 18, "windows of 3 × 3, with stride 2")
    drawing.say(out_left + 1.5 * wide, out_top - 18, "their places: 3 × 3")
    drawing.arrow(Node(left + 8 * cell + 24, 152, 10, 20), Node(out_left - 24, 152, 10, 20))
    return drawing
