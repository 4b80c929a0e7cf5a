"""The drawings of homework 3."""

from __future__ import annotations

import numpy as np

from .parts import drawn, layers, number
from .svg import BACKWARD, FORWARD, INK, Drawing


@drawn("source/hw03_linear_chain/net.svg")
def uneven_chain() -> Drawing:
    drawing = Drawing("A chain of three matrices, with 2 inputs and layers of 3, 2 and 1 neurons", 640, 260)
    names = [["x_1", "x_2"], ["z_{0,1}", "z_{0,2}", "z_{0,3}"], ["z_{1,1}", "z_{1,2}"], ["z_{2,1}"]]
    columns = [(80 + 160 * k, labels) for k, labels in enumerate(names)]
    layers(drawing, columns, 110, 66, 23)
    for k, shape in enumerate(("(3, 2)", "(2, 3)", "(1, 2)")):
        x = 160 + 160 * k
        drawing.text(x, 214, f"W_{k}", FORWARD)
        drawing.say(x, 236, shape, size=13)
    return drawing


@drawn("source/hw03_linear_chain/one_sample.svg")
def one_sample_through_the_chain() -> Drawing:
    """Two layers that are small enough for the numbers of all edges."""
    x, y = np.array([2.0, 0.5]), np.array([-1.0])
    first, last = np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([[2.0, -1.0]])
    z0, z1 = first @ x, last @ first @ x
    delta1 = z1 - y
    delta0 = last.T @ delta1
    drawing = Drawing(
        "One sample through a chain of two matrices: values in the neurons, error signals under them", 660, 270
    )
    columns = [(70, [number(v) for v in x]), (330, [number(v) for v in z0]), (560, [number(v) for v in z1])]
    found = layers(drawing, columns, 110, 110, 27)
    for row in range(2):
        for column in range(2):
            start, end = found[0][column], found[1][row]
            share = 0.3
            drawing.say(
                start.x + share * (end.x - start.x),
                start.y + share * (end.y - start.y) - 11,
                number(first[row, column]),
                FORWARD,
                13,
            )
        end, start = found[2][0], found[1][row]
        drawing.say((start.x + end.x) / 2, (start.y + end.y) / 2 - 12, number(last[0, row]), FORWARD, 13)
        drawing.say(start.x, start.y + 41, f"δ = {number(delta0[row])}", BACKWARD, 14)
    drawing.say(560, 110 + 41, f"δ = {number(delta1[0])}", BACKWARD, 14)
    drawing.say(560, 62, f"y = {number(y[0])}", INK, 14)
    for x_at, label in ((70, "x"), (330, "z_0"), (560, "z_1")):
        drawing.text(x_at, 246, label, INK, 18)
    return drawing
