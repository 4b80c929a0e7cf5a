"""The drawings of homework 10."""

from __future__ import annotations

from .parts import both_ways, drawn, number
from .svg import BACKWARD, FORWARD, Drawing, Node


def slanted(
    drawing: Drawing, start: Node, end: Node, value: float, slope: float | None = None, share: float = 0.5
) -> None:
    """As both_ways, for two nodes anywhere, the numbers so far on the way; without a slope, forward only."""
    length = ((end.x - start.x) ** 2 + (end.y - start.y) ** 2) ** 0.5
    across, down = -(end.y - start.y) / length, (end.x - start.x) / length
    x, y = start.x + share * (end.x - start.x), start.y + share * (end.y - start.y)
    drawing.arrow(start, end, "forward", 0 if slope is None else -6)
    drawing.say(x - 20 * across, y - 20 * down, number(value), FORWARD, 15)
    if slope is not None:
        drawing.arrow(end, start, "backward", -6)
        drawing.say(x + 21 * across, y + 21 * down, number(slope), BACKWARD, 15)


def twice(drawing: Drawing, start: Node, end: Node, value: float, slope: float | None = None) -> None:
    """Both edges from a tensor to an operator that uses it twice; slope: what comes back on each."""
    for shift in (-34, 34):
        ends = [Node(node.x, node.y + shift, node.width, 40) for node in (start, end)]
        if slope is None:
            drawing.arrow(*ends)
            drawing.say((start.x + end.x) / 2, ends[0].y - 15, number(value), FORWARD, 15)
        else:
            both_ways(drawing, *ends, value, slope)


@drawn("source/hw10_autograd_engine/graph.svg")
def graph_with_a_tensor_used_twice() -> Drawing:
    a, b = 3.0, -2.0
    c = a * b
    d = c + a
    at_c = at_d = 2 * d
    drawing = Drawing("The graph of L = (a b + a) squared, with the values forward and the slopes of L back", 800, 290)
    drawing.point(46, 60, f"b = {number(b)}")
    drawing.point(46, 215, f"a = {number(a)}")
    left, below = Node(68, 60, 44, 44), Node(62, 215, 44, 44)
    product, total = drawing.box(250, 60, "c = a b", 84), drawing.box(430, 130, "d = c + a", 96, 118)
    square, end = drawing.box(610, 130, "L = d · d", 96, 118), drawing.point(752, 130, "L")
    slanted(drawing, left, product, b, at_c * a)
    slanted(drawing, below, product, a, at_c * b, 0.42)
    slanted(drawing, product, Node(430, 96, 96, 50), c, at_c)
    slanted(drawing, below, Node(430, 164, 96, 50), a, at_d, 0.6)
    twice(drawing, total, square, d, d)
    both_ways(drawing, square, end, d * d, 1)
    drawing.key(560, 240)
    return drawing


@drawn("source/hw10_autograd_engine/order.svg")
def graph_with_ways_of_unequal_length() -> Drawing:
    x = 3.0
    u = x * x
    v = u + x
    drawing = Drawing("The graph of L = u v with u = x x and v = u + x: the values, forward", 760, 270)
    drawing.point(40, 150, "x = 3")
    start, square = Node(52, 150, 44, 44), drawing.box(230, 190, "u = x · x", 100, 102)
    total, product = drawing.box(430, 50, "v = u + x", 104), drawing.box(600, 190, "L = u · v", 104)
    for shift, aside in ((-24, -15), (24, 17)):
        end = Node(230, 190 + shift, 100, 30)
        drawing.arrow(start, end)
        drawing.say(132, (start.y + end.y) / 2 + aside, number(x), FORWARD, 15)
    slanted(drawing, start, total, x, share=0.55)
    slanted(drawing, square, total, u, share=0.55)
    slanted(drawing, square, product, u)
    slanted(drawing, total, product, v, share=0.45)
    drawing.arrow(product, drawing.point(725, 190, number(u * v)))
    return drawing
