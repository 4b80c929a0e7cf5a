"""The drawings of homework 2."""

from __future__ import annotations

import numpy as np

from .parts import both_ways, drawn, number
from .svg import BACKWARD, FORWARD, INK, Drawing, Node


@drawn("source/hw02_learning_landscapes/chain.svg")
def chain_of_weights() -> Drawing:
    drawing = Drawing("A chain of d weights, one neuron between each and the next", 700, 116)
    row = 55
    nodes = [
        drawing.point(40, row, "x"),
        *(drawing.circle(x, row, radius=15) for x in (170, 300)),
        drawing.say(400, row, "…", size=26),
    ]
    late = [drawing.circle(500, row, radius=15), drawing.point(640, row, "ŷ = s x")]
    for start, end, weight in ((nodes[0], nodes[1], "w_1"), (nodes[1], nodes[2], "w_2"), (late[0], late[1], "w_d")):
        drawing.arrow(start, end if end is not late[1] else Node(640, row, 84, 30))
        drawing.text((start.x + end.x) / 2, row - 20, weight, FORWARD)
    drawing.arrow(nodes[2], Node(392, row, 14, 14))
    drawing.arrow(Node(410, row, 14, 14), late[0])
    drawing.text(340, 98, "s = w_1 w_2 ⋯ w_d", INK, 16)
    return drawing


@drawn("source/hw02_learning_landscapes/one_sample.svg")
def one_sample_through_three_weights() -> Drawing:
    x, y, weights = 1.0, -4.0, (3.0, -1.0, 2.0)
    values = np.cumprod([x, *weights])
    slopes = (values[-1] - y) * np.cumprod([1.0, *weights[::-1]])[::-1]
    drawing = Drawing("One sample through three weights: values forward, slopes of the loss back", 800, 216)
    row, up = 70, 152
    boxes = [drawing.box(150 + 150 * k, row, f"× w_{k + 1}") for k in range(3)]
    last = drawing.box(615, row, "(ŷ − y)^2 / 2", 112)
    nodes = [drawing.point(40, row, "x"), *boxes, last]
    for start, end, value, slope in zip(nodes, nodes[1:], values, slopes, strict=False):
        both_ways(drawing, start, end, value, slope)
    both_ways(drawing, last, drawing.point(764, row, "L"), (values[-1] - y) ** 2 / 2, 1)
    for k, (node, weight) in enumerate(zip(boxes, weights, strict=True)):
        given = drawing.point(node.x, up, f"w_{k + 1} = {number(weight)}")
        under = Node(given.x, up - 2, 20, 20)
        drawing.arrow(under, node, "forward", 7)
        drawing.arrow(node, under, "backward", 7)
        drawing.say(node.x + 16, (row + up) / 2 + 10, number(values[k] * slopes[k + 1]), BACKWARD, 15, at="start")
    drawing.arrow(drawing.point(615, up, f"y = {number(y)}"), last)
    drawing.key(440, 188)
    return drawing
