"""The drawings of homework 1."""

from __future__ import annotations

from .parts import both_ways, drawn, number
from .svg import BACKWARD, FORWARD, Drawing, Node


@drawn("source/hw01_shallow_narrow/net.svg")
def two_weights() -> Drawing:
    drawing = Drawing("The net with two weights: x times w1 gives h, h times w2 gives the prediction", 560, 120)
    x, h, y = drawing.point(60, 60, "x"), drawing.circle(270, 60, "h"), drawing.point(490, 60, "ŷ")
    for start, end, weight in ((x, h, "w_1"), (h, y, "w_2")):
        drawing.arrow(start, end)
        drawing.text((start.x + end.x) / 2, 38, weight, FORWARD)
    drawing.say(60, 98, "input")
    drawing.say(270, 98, "hidden neuron")
    drawing.say(490, 98, "prediction")
    return drawing


@drawn("source/hw01_shallow_narrow/one_sample.svg")
def one_sample_through_two_weights() -> Drawing:
    x, y, w1, w2 = 2.0, 7.0, 1.5, 4.0
    h, error = x * w1, x * w1 * w2 - y
    drawing = Drawing("One sample through the net with two weights: values forward, slopes of the loss back", 720, 210)
    row, up = 70, 150
    nodes = [
        drawing.point(40, row, "x"),
        drawing.box(170, row, "× w_1"),
        drawing.box(350, row, "× w_2"),
        drawing.box(530, row, "(ŷ − y)^2", 100),
    ]
    loss = drawing.point(680, row, "L")
    both_ways(drawing, nodes[0], nodes[1], x, 2 * error * w2 * w1)
    both_ways(drawing, nodes[1], nodes[2], h, 2 * error * w2)
    both_ways(drawing, nodes[2], nodes[3], h * w2, 2 * error)
    both_ways(drawing, nodes[3], loss, error**2, 1)
    for node, name, value, slope in (
        (nodes[1], "w_1", w1, 2 * error * w2 * x),
        (nodes[2], "w_2", w2, 2 * error * h),
        (nodes[3], "y", y, None),
    ):
        given = drawing.point(node.x, up, f"{name} = {number(value)}")
        under = Node(given.x, up - 2, 20, 20)
        drawing.arrow(under, node, "forward", 0 if slope is None else 7)
        if slope is not None:
            drawing.arrow(node, under, "backward", 7)
            drawing.say(node.x + 26, (row + up) / 2 + 10, number(slope), BACKWARD, 15, at="start")
    drawing.key(420, 182)
    return drawing
