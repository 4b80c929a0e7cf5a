"""The drawings of homework 5."""

from __future__ import annotations

import numpy as np

from .parts import along, drawn, number
from .svg import BACKWARD, FORWARD, INK, Drawing, Node


@drawn("source/hw05_two_layer_relu/net.svg")
def relu_net() -> Drawing:
    drawing = Drawing("A batch of 64 rows through two layers with a ReLU between", 760, 150)
    row = 55
    x = drawing.box(40, row, "x", 50)
    first = drawing.box(200, row, "@ W_1", 80, below="W₁: (1000, 100)")
    relu = drawing.box(360, row, "max(0, ·)", 96)
    last = drawing.box(520, row, "@ W_2", 80, below="W₂: (100, 10)")
    loss = drawing.box(692, row, "Σ (ŷ − y)^2", 116, below="one number")
    ways = (x, first, "x", "(64, 1000)"), (first, relu, "z", "(64, 100)"), (relu, last, "h", "(64, 100)")
    for start, end, name, shape in (*ways, (last, loss, "ŷ", "(64, 10)")):
        drawing.arrow(start, end, "forward", -5)
        drawing.arrow(end, start, "backward", -5)
        middle = (start.edge(end)[0] + end.edge(start)[0]) / 2
        drawing.text(middle, row - 36, name if name != "x" else "", FORWARD, 16)
        drawing.say(middle, row - 18, shape, FORWARD, 12)
    drawing.key(230, 118)
    return drawing


@drawn("source/hw05_two_layer_relu/one_sample.svg")
def one_row_through_the_relu() -> Drawing:
    """The second row of the lesson's example, which has a hidden value that the ReLU shuts off."""
    x, y = np.array([-1.0, 1.0]), 6.0
    w1, w2 = np.array([[2.0, -1.0], [1.0, 1.0]]), np.array([1.0, 2.0])
    z = x @ w1
    h = np.maximum(z, 0)
    delta2 = 2 * (h @ w2 - y)
    delta1 = delta2 * w2 * (z > 0)
    drawing = Drawing(
        "One row through two layers with a ReLU between: values in the circles, slopes of the loss under them", 760, 285
    )
    columns = [(70, [number(v) for v in x]), (290, [number(v) for v in z]), (430, [number(v) for v in h])]
    output = Node(600, 115, 54, 54)
    rows = [60, 170]
    for at, name in ((70, "x"), (290, "z"), (430, "h"), (600, "ŷ")):
        drawing.text(at, 262, name, INK, 18)
    nodes = [[Node(at, row, 54, 54) for row in rows] for at, _ in columns]
    for (i, j), weight in np.ndenumerate(w1):
        start, end = nodes[0][i], nodes[1][j]
        drawing.link(start, end)
        along(drawing, start, end, 0.27, number(weight), FORWARD)
        along(drawing, start, end, 0.73, number(x[i] * delta1[j]), BACKWARD)
    for j in range(2):
        drawing.arrow(nodes[1][j], nodes[2][j], "forward" if z[j] > 0 else "line")
        drawing.say(360, rows[j] - 13, "open" if z[j] > 0 else "shut", INK, 13)
        drawing.link(nodes[2][j], output)
        along(drawing, nodes[2][j], output, 0.35, number(w2[j]), FORWARD)
        along(drawing, nodes[2][j], output, 0.68, number(h[j] * delta2), BACKWARD)
        drawing.say(290, rows[j] + 41, number(delta1[j]), BACKWARD, 15)
        drawing.say(430, rows[j] + 41, number(delta2 * w2[j]), BACKWARD, 15)
    for (at, labels), row in zip(columns, nodes, strict=True):
        for label, node in zip(labels, row, strict=True):
            drawing.circle(at, node.y, label, 27)
    drawing.circle(output.x, output.y, number(h @ w2), 27)
    drawing.say(600, 115 + 41, number(delta2), BACKWARD, 15)
    drawing.say(600, 68, f"y = {number(y)}", INK, 14)
    drawing.say(610, 205, "blue: weights", FORWARD, 13, at="start")
    drawing.say(610, 223, "orange: slopes of L", BACKWARD, 13, at="start")
    drawing.say(690, 115, f"L = {number((h @ w2 - y) ** 2)}", INK, 15)
    return drawing
