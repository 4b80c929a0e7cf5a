"""The drawings of homework 4."""

from __future__ import annotations

import numpy as np

from .parts import along, drawn, layers, number
from .svg import BACKWARD, FORWARD, INK, Drawing, Node


@drawn("source/hw04_sine_regression/net.svg")
def sine_net() -> Drawing:
    drawing = Drawing("One input, two hidden layers of ten sigmoids each, one linear output", 640, 262)
    columns = [(70, ["x"]), (240, ["σ", "σ", "σ", "σ"]), (410, ["σ", "σ", "σ", "σ"]), (570, ["ŷ"])]
    layers(drawing, columns, 98, 48, 18)
    for x, weights, shape in (
        (155, "W_1, b_1", "(1, 10)"),
        (325, "W_2, b_2", "(10, 10)"),
        (490, "W_3, b_3", "(10, 1)"),
    ):
        drawing.text(x, 222, weights, FORWARD, 16)
        drawing.say(x, 244, shape, size=13)
    drawing.say(240, 202, "10 of them", size=12)
    drawing.say(410, 202, "10 of them", size=12)
    return drawing


@drawn("source/hw04_sine_regression/one_sample.svg")
def one_sample_through_sigmoids() -> Drawing:
    """One neuron, then two, then the output; all sums are 0, so that every sigmoid gives .5 and has the slope .25."""
    x, y, w1, b1 = 1.0, 0.5, 2.0, -2.0
    w2, b2, w3 = np.array([2.0, -2.0]), np.array([-1.0, 1.0]), np.array([2.0, 1.0])
    h1 = 1 / (1 + np.exp(-(w1 * x + b1)))
    h2 = 1 / (1 + np.exp(-(w2 * h1 + b2)))
    prediction = h2 @ w3
    delta3 = prediction - y
    delta2 = delta3 * w3 * h2 * (1 - h2)
    delta1 = w2 @ delta2 * h1 * (1 - h1)
    drawing = Drawing(
        "One sample through one sigmoid, then two, to the output: values in the circles, slopes of the loss under them",
        760,
        330,
    )
    rows, middle = (75, 215), 145
    start, first, output = (Node(at, middle, 54, 54) for at in (60, 230, 610))
    second = [Node(430, row, 54, 54) for row in rows]
    drawing.link(start, first)
    along(drawing, start, first, 0.3, number(w1), FORWARD)
    along(drawing, start, first, 0.7, number(x * delta1), BACKWARD)
    for j, node in enumerate(second):
        drawing.link(first, node)
        along(drawing, first, node, 0.3, number(w2[j]), FORWARD)
        along(drawing, first, node, 0.58, number(h1 * delta2[j]), BACKWARD)
        drawing.link(node, output)
        along(drawing, node, output, 0.3, number(w3[j]), FORWARD)
        along(drawing, node, output, 0.7, number(h2[j] * delta3), BACKWARD)
    slopes = [(first, w2 @ delta2, delta1), *zip(second, w3 * delta3, delta2, strict=True)]
    for node, at_h, at_z in slopes:
        drawing.say(node.x, node.y + 42, f"at h: {number(at_h)}", BACKWARD, 13)
        drawing.say(node.x, node.y + 59, f"at z: {number(at_z)}", BACKWARD, 13)
    biases = [(first, w1 * x + b1, b1), *zip(second, w2 * h1 + b2, b2, strict=True)]
    for node, z, bias in biases:
        drawing.say(node.x, node.y - 38, f"b = {number(bias)}, z = {number(z)}", INK, 13)
    values = [(start, x), (first, h1), *zip(second, h2, strict=True), (output, prediction)]
    for node, value in values:
        drawing.circle(node.x, node.y, number(value), 27)
    drawing.say(output.x, middle + 42, number(delta3), BACKWARD, 14)
    drawing.say(output.x, middle - 42, f"y = {number(y)}", INK, 14)
    drawing.say(705, middle, f"ℓ = {number(delta3**2 / 2)}", INK, 15)
    for at, name in ((60, "x"), (230, "h_1"), (430, "h_2"), (610, "ŷ")):
        drawing.text(at, 308, name, INK, 18)
    return drawing
