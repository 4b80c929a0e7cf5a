"""The drawings of homework 6."""

from __future__ import annotations

from .parts import both_ways, drawn, number
from .svg import BACKWARD, FORWARD, Drawing


@drawn("source/hw06_modules/net.svg")
def modules() -> Drawing:
    drawing = Drawing("Modules in a row: forward hands values on, backward hands slopes back", 740, 190)
    row = 60
    x = drawing.point(40, row, "x")
    boxes = [
        drawing.box(at, row, name, 96, maths=False)
        for at, name in ((160, "Linear"), (310, "ReLU"), (460, "Linear"), (620, "MSELoss"))
    ]
    for start, end in zip([x, *boxes], boxes, strict=False):
        drawing.arrow(start, end, "forward", -6)
        drawing.arrow(end, start, "backward", -6)
    for at in (160, 460):
        drawing.say(at, 96, "parameters W, b", size=12.5)
        drawing.say(at, 114, "gradients W, b", BACKWARD, size=12.5)
    drawing.key(250, 150)
    return drawing


@drawn("source/hw06_modules/one_sample.svg")
def one_sample_through_modules() -> Drawing:
    x, y, w1, b1, w2, b2 = 3.0, 2.0, 1.5, -2.0, -2.0, 4.0
    before = w1 * x + b1
    h = max(before, 0)
    output = w2 * h + b2
    g = output - y
    at_relu = g * w2
    at_first = at_relu * (before > 0)
    drawing = Drawing("One sample through four modules: values forward, slopes of the loss back", 790, 240)
    row, up = 62, 150
    start = drawing.point(36, row, "x")
    first, relu, second, loss = (
        drawing.box(at, row, name, 92, maths=False)
        for at, name in ((170, "Linear"), (320, "ReLU"), (470, "Linear"), (630, "MSELoss"))
    )
    end = drawing.point(755, row, "L")
    for left, right, value, slope in (
        (start, first, x, at_first * w1),
        (first, relu, before, at_first),
        (relu, second, h, at_relu),
        (second, loss, output, g),
        (loss, end, g**2 / 2, 1),
    ):
        both_ways(drawing, left, right, value, slope)
    for node, w, b, slope_w, slope_b in (
        (first, w1, b1, at_first * x, at_first),
        (second, w2, b2, g * h, g),
    ):
        drawing.text(node.x - 30, up - 30, f"w = {number(w)}", FORWARD, 16, at="start")
        drawing.text(node.x - 30, up - 10, f"b = {number(b)}", FORWARD, 16, at="start")
        drawing.text(node.x - 30, up + 14, f"∂L/∂w = {number(slope_w)}", BACKWARD, 16, at="start")
        drawing.text(node.x - 30, up + 34, f"∂L/∂b = {number(slope_b)}", BACKWARD, 16, at="start")
    drawing.arrow(drawing.point(loss.x, up - 20, f"y = {number(y)}"), loss)
    drawing.key(590, 200)
    return drawing
