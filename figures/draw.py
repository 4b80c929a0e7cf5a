"""The drawings of the lessons and of the course: `python -m figures.draw` writes them where they are shown.

Numbers in them are computed here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from .svg import BACKWARD, FORWARD, INK, LINE, PALE, Drawing, Node

ROOT = Path(__file__).parent.parent
DRAWINGS: dict[str, Callable[[], Drawing]] = {}


def drawn(path: str) -> Callable[[Callable[[], Drawing]], Callable[[], Drawing]]:
    """Say where a drawing is written to, from the root of the repository."""

    def add(function: Callable[[], Drawing]) -> Callable[[], Drawing]:
        DRAWINGS[path] = function
        return function

    return add


def number(value: float) -> str:
    return f"{value + 0:.4g}".replace("-", "−")  # + 0: no −0


def both_ways(drawing: Drawing, start: Node, end: Node, value: float, slope: float) -> None:
    """A pair of arrows between two nodes of a row, with what goes there and what comes back."""
    drawing.arrow(start, end, "forward", -7)
    drawing.arrow(end, start, "backward", -7)
    middle = (start.x + end.x) / 2
    drawing.say(middle, start.y - 24, number(value), FORWARD, 15)
    drawing.say(middle, start.y + 25, number(slope), BACKWARD, 15)


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
    x, y, w1, w2 = 3.0, 1.0, 0.5, 2.0
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


def layers(
    drawing: Drawing, columns: list[tuple[float, list[str]]], middle: float, gap: float = 56, radius: float = 19
) -> list[list[Node]]:
    """Layers of neurons side by side, each linked with all of the next. columns: (x, labels)."""
    found = []
    for x, labels in columns:
        top = middle - gap * (len(labels) - 1) / 2
        found.append([Node(x, top + gap * k, 2 * radius, 2 * radius) for k in range(len(labels))])
    for before, after in zip(found, found[1:], strict=False):
        for start in before:
            for end in after:
                drawing.link(start, end)
    for (x, labels), nodes in zip(columns, found, strict=True):
        for label, node in zip(labels, nodes, strict=True):
            drawing.circle(x, node.y, label, radius)
    return found


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


@drawn("source/hw05_two_layer_relu/net.svg")
def relu_net() -> Drawing:
    drawing = Drawing("A batch of 64 rows through two layers with a ReLU between", 760, 150)
    row = 55
    x = drawing.box(60, row, "x", 60, below="(64, 1000)")
    first = drawing.box(190, row, "@ W_1", 80, below="(1000, 100)")
    relu = drawing.box(340, row, "max(0, ·)", 96, below="(64, 100)")
    last = drawing.box(490, row, "@ W_2", 80, below="(100, 10)")
    loss = drawing.box(650, row, "Σ (ŷ − y)^2", 116, below="one number")
    for start, end, name in ((x, first, ""), (first, relu, "z"), (relu, last, "h"), (last, loss, "ŷ")):
        drawing.arrow(start, end, "forward", -5)
        drawing.arrow(end, start, "backward", -5)
        drawing.text((start.x + end.x) / 2, row - 20, name, FORWARD, 16)
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
    drawing.say(690, 115, f"L = {number((h @ w2 - y) ** 2)}", INK, 15)
    return drawing


def along(drawing: Drawing, start: Node, end: Node, share: float, label: str, colour: str) -> None:
    """A number just above a line, so far on its way."""
    x, y = start.x + share * (end.x - start.x), start.y + share * (end.y - start.y)
    drawing.say(x, y - 11, label, colour, 13)


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


@drawn("source/hw07_optimizers/terms.svg")
def terms_of_a_sum() -> Drawing:
    drawing = Drawing(
        "Forward, a neuron sums over its inputs; backward, an input sums over the neurons it feeds", 720, 250
    )
    row, gap = 110, 56
    h, x = drawing.circle(280, row, "h_j", 24), drawing.circle(430, row, "x_k", 24)
    for k in range(4):
        start = drawing.circle(90, row + gap * (k - 1.5), f"x_{k + 1}", 18)
        drawing.arrow(start, h, "forward")
    for j in range(3):
        start = drawing.circle(630, row + gap * (j - 1), f"h_{j + 1}", 18)
        drawing.arrow(start, x, "backward")
    drawing.text(178, 20, "W_{kj}", FORWARD, 16)
    drawing.text(540, 40, "W_{kj}", BACKWARD, 16)
    drawing.say(190, 232, "forward: as many terms as inputs, here 4", FORWARD, 14)
    drawing.say(530, 232, "backward: as many terms as outputs, here 3", BACKWARD, 14)
    return drawing


@drawn("source/hw07_optimizers/steps.svg")
def optimizers() -> Drawing:
    drawing = Drawing("What each optimizer keeps between its steps, and what it does with a gradient", 720, 230)
    rows = (
        ("SGD", "nothing", "− η g"),
        ("Momentum", "u ← μ u + g", "− η u"),
        ("RMSprop", "s ← α s + (1 − α) g^2", "− η g / (√s + ε)"),
        ("Adam", "m, v, t", "− η m̂ / (√v̂ + ε)"),
    )
    for x, words in ((90, "optimizer"), (330, "keeps"), (590, "moves a parameter by")):
        drawing.say(x, 20, words, size=13)
    for k, (name, kept, step) in enumerate(rows):
        y = 56 + 48 * k
        start = drawing.box(90, y, name, 110, 34, maths=False)
        middle = drawing.box(330, y, kept, 210, 34, maths=kept != "nothing")
        end = drawing.box(590, y, step, 180, 34)
        drawing.arrow(start, middle)
        drawing.arrow(middle, end)
    return drawing


@drawn("source/hw08_numpy_to_pytorch/graph.svg")
def small_graph() -> Drawing:
    x, w, y = 3.0, 2.0, 4.0
    error = x * w - y
    drawing = Drawing("The graph that PyTorch records for (x w − y) squared, with one number in each place", 680, 190)
    row = 60
    product, minus, square = (
        drawing.box(190, row, "mul", 76, maths=False),
        drawing.box(360, row, "sub", 76, maths=False),
        drawing.box(520, row, "pow", 76, maths=False),
    )
    loss, leaf = drawing.point(645, row, "L"), drawing.point(45, row, f"w = {number(w)}")
    both_ways(drawing, Node(70, row, 20, 20), product, w, 2 * error * x)
    both_ways(drawing, product, minus, x * w, 2 * error)
    both_ways(drawing, minus, square, error, 2 * error)
    both_ways(drawing, square, loss, error**2, 1)
    for node, name in ((product, f"x = {number(x)}"), (minus, f"y = {number(y)}")):
        drawing.arrow(drawing.point(node.x, 132, name), node)
    drawing.say(leaf.x, row + 32, "requires_grad", size=12)
    drawing.key(420, 140)
    return drawing


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


@drawn("docs/course.svg")
def course() -> Drawing:
    """What builds on what. An arrow leads to a homework from the one whose ideas it takes for granted."""
    drawing = Drawing("What builds on what: from two weights to PyTorch", 760, 230)
    places = {
        "1": (70, 70, "two weights"),
        "2": (220, 70, "landscapes"),
        "3": (220, 180, "matrices"),
        "4": (370, 180, "sine"),
        "5": (520, 180, "ReLU"),
        "6": (520, 70, "modules"),
        "7": (670, 70, "optimizers"),
        "8": (670, 180, "PyTorch"),
    }
    nodes = {number: drawing.box(x, y, words, 104, 38, maths=False) for number, (x, y, words) in places.items()}
    for number, (x, y, _) in places.items():
        drawing.say(x - 36, y - 29 if y < 100 else y + 30, f"hw0{number}", size=12)
    for start, end in ("12", "13", "34", "45", "56", "67", "58"):
        drawing.arrow(nodes[start], nodes[end], "line")
    return drawing


def write(root: Path = ROOT) -> None:
    """Write all drawings, in this repository or another folder."""
    for path, draw in DRAWINGS.items():
        (root / path).write_text(draw().svg(), "utf-8")


if __name__ == "__main__":
    write()
