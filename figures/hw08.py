"""The drawings of homework 8."""

from __future__ import annotations

from .parts import both_ways, drawn, number
from .svg import Drawing, Node


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
