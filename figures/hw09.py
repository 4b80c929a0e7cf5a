"""The drawings of homework 9."""

from __future__ import annotations

import numpy as np

from .parts import along, drawn, number
from .svg import BACKWARD, FORWARD, INK, Drawing, Node


def thousandths(value: float) -> str:
    return f"{value:.3f}".replace("-", "−")


@drawn("source/hw09_softmax_digits/one_sample.svg")
def one_sample_through_the_softmax() -> Drawing:
    """The last layer of a small classifier: two hidden values, three classes, of which the first is right."""
    h, weights = np.array([2.0, 1.0]), np.array([[1.0, 0.0, -0.5], [-1.0, 2.0, 1.0]])
    scores = h @ weights
    powers = np.exp(scores)
    shares = powers / powers.sum()
    slopes = shares - [1, 0, 0]
    drawing = Drawing(
        "One image through the last layer of a classifier: scores, their exponentials, probabilities, and the loss of "
        "the first class; slopes of the loss under the scores and on the weights",
        800,
        330,
    )
    rows, columns = (62, 157, 252), (70, 330, 470, 600, 730)
    for x, name in zip(columns, ("h", "s", "e^s", "p", "L"), strict=True):
        drawing.text(x, 312, name, INK, 18)
    hidden = [Node(columns[0], row, 54, 54) for row in (95, 219)]
    outputs = [Node(columns[1], row, 54, 54) for row in rows]
    for (i, k), weight in np.ndenumerate(weights):
        drawing.link(hidden[i], outputs[k])
        along(drawing, hidden[i], outputs[k], 0.24, number(weight), FORWARD)
        steep = 0.06 * (abs(outputs[k].y - hidden[i].y) > 100)  # there the number would stand on the line
        along(drawing, hidden[i], outputs[k], 0.76 - steep, thousandths(h[i] * slopes[k]), BACKWARD)
    for node, value, slope in zip(hidden, h, weights @ slopes, strict=True):
        drawing.circle(node.x, node.y, number(value), 27)
        drawing.say(node.x, node.y + 41, thousandths(slope), BACKWARD, 15)
    for k, node in enumerate(outputs):
        drawing.circle(node.x, node.y, number(scores[k]), 27)
        drawing.say(node.x, node.y + 41, thousandths(slopes[k]), BACKWARD, 15)
        power = drawing.box(columns[2], node.y, f"{powers[k]:.3f}", 70, 36, maths=False)
        share = drawing.box(columns[3], node.y, f"{shares[k]:.3f}", 70, 36, maths=False)
        drawing.arrow(node, power)
        drawing.arrow(power, share)
    drawing.say(columns[2], 290, f"sum {powers.sum():.3f}", INK, 13)
    drawing.say(columns[3], 290, "sum 1", INK, 13)
    drawing.arrow(Node(columns[3], rows[0], 70, 36), Node(columns[4], rows[0], 62, 30))
    drawing.say(columns[4], rows[0], f"{-np.log(shares[0]):.3f}", INK, 16)
    drawing.say(columns[4], rows[0] - 24, "−log p", INK, 13)
    drawing.say(columns[4], rows[0] + 30, "the first", INK, 13)
    drawing.say(columns[4], rows[0] + 46, "class is right", INK, 13)
    return drawing


@drawn("source/hw09_softmax_digits/net.svg")
def digit_net() -> Drawing:
    drawing = Drawing("A batch of images through two layers, the softmax and the loss; slopes come back", 800, 150)
    row = 55
    x = drawing.box(50, row, "x", 50, below="(n, 64)")
    first = drawing.box(180, row, "@ W_1 + b_1", 106, below="(64, 32), (32,)")
    relu = drawing.box(330, row, "max(0, ·)", 92, below="(n, 32)")
    last = drawing.box(480, row, "@ W_2 + b_2", 106, below="(32, 10), (10,)")
    loss = drawing.box(690, row, "−log softmax, mean", 170, below="one number", maths=False)
    for start, end, name in ((x, first, ""), (first, relu, "z"), (relu, last, "h"), (last, loss, "s")):
        drawing.arrow(start, end, "forward", -5)
        drawing.arrow(end, start, "backward", -5)
        drawing.text((start.x + start.width / 2 + end.x - end.width / 2) / 2, row - 20, name, FORWARD, 16)
    drawing.key(250, 118)
    return drawing
