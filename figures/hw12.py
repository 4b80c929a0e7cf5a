"""The drawings of homework 12."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solutions import hw12_attention

from .parts import both_ways, drawn, number
from .svg import BACKWARD, FORWARD, INK, Drawing, Node


@drawn("source/hw12_attention/one_sample.svg")
def one_query() -> Drawing:
    query = np.array([2.0, 0.0, 1.0, 1.0])
    keys = np.array([[1.0, 0.0, 2.0, 0.0], [0.0, 1.0, 1.0, -1.0], [1.0, 1.0, -1.0, 1.0]])
    values = np.array([1.0, 6.0, -2.0])
    scores = keys @ query / 2
    weights = np.exp(scores) / np.sum(np.exp(scores))
    result = weights @ values
    slopes = weights * (values - result)
    drawing = Drawing("One query looks up three keys: scores, weights by a softmax, the mean of the values", 800, 320)
    rows = (76, 156, 236)
    softmax = drawing.box(405, 156, "", 78, 220)
    drawing.say(405, 156, "softmax", size=15)
    asked = drawing.box(75, 156, "q", 50)
    drawing.say(75, 190, vector(query), FORWARD, 13)
    found = drawing.circle(725, 156, f"{result:.3f}", 30)
    drawing.say(725, 204, "what is found", size=13)
    for k, row in enumerate(rows):
        key = drawing.box(235, row, f"k_{k + 1}", 50)
        drawing.say(235, row + 32, vector(keys[k]), FORWARD, 13)
        drawing.arrow(asked, key, "line")
        at, value = Node(softmax.x, row, softmax.width, 30), drawing.circle(575, row, f"v_{k + 1}", 20)
        both_ways(drawing, key, at, scores[k], round(slopes[k], 3))
        drawing.arrow(at, value, "forward", -7)
        drawing.arrow(value, at, "backward", -7)
        drawing.say((444 + 555) / 2, row - 17, f"{weights[k]:.3f}", FORWARD, 15)
        drawing.say((444 + 555) / 2, row + 18, number(values[k]), BACKWARD, 15)
        drawing.arrow(value, found)
        drawing.say(575, row + 30, f"value {number(values[k])}", FORWARD, 13)
    for x, label in ((260 + 53, "q · k_j / √d"), (500, "a_j")):
        drawing.text(x, 18, label, INK, 15)
    drawing.key(600, 278)
    return drawing


def vector(entries: np.ndarray) -> str:
    return f"({', '.join(number(entry) for entry in entries)})"


@drawn("source/hw12_attention/net.svg")
def transformer() -> Drawing:
    drawing = Drawing("A transformer: what goes by is added to, first by attention, then by an MLP", 840, 236)
    row, up = 176, 74
    tokens, scores = Node(36, row, 50, 30), Node(806, row, 48, 30)
    drawing.say(tokens.x, row, "tokens", size=15)
    drawing.say(scores.x, row, "scores", size=15)
    rows, read = (drawing.box(x, row, name, 104, maths=False) for x, name in ((136, "embedding"), (706, "Linear")))
    before = rows
    drawing.arrow(tokens, rows)
    for x, name, inside in ((252, "attention", "queries, keys, values"), (488, "MLP", "Linear, ReLU, Linear")):
        norm, part = (
            drawing.box(x + 124 * k, up, each, 104, maths=False) for k, each in enumerate(("LayerNorm", name))
        )
        plus = drawing.circle(x + 124, row, "+", 15)
        drawing.arrow(before, plus)
        drawing.arrow(Node(x, row, 0, 2), norm)
        drawing.arrow(norm, part)
        drawing.arrow(part, plus)
        drawing.say(x + 124, up - 34, inside, size=12.5)
        before = plus
    drawing.arrow(before, read)
    drawing.arrow(read, scores)
    drawing.say(136, row - 34, "+ positions", size=12.5)
    for x, shape in ((36, "(n, t)"), (136, "(n, t, d)"), (376, "(n, t, d)"), (612, "(n, t, d)"), (706, "(n, t, v)")):
        drawing.say(x, row + 36, shape, size=12.5)
    return drawing


def shaded(drawing: Drawing, left: float, top: float, size: float, values: np.ndarray) -> None:
    """A table of weights as squares, dark where they are large, with the large ones written in."""
    for (i, j), value in np.ndenumerate(values):
        x, y = left + size * j, top + size * i
        drawing.square(x, y, size, value / values.max())
        if value >= 0.25:
            drawing.say(x + size / 2, y + size / 2, f"{value:.2f}".lstrip("0"), "#ffffff", 12)


@drawn("docs/attention.svg")
def weights_of_attention() -> Drawing:
    """Where the nets of homework 12 look: trained here, as in its lesson, and so the same numbers."""
    digits, many = np.array([[3, 1, 4, 1, 5, 9, 2, 6]]), np.random.default_rng(1).integers(10, size=(2000, 8))
    reverser, sorter = (trained(task, steps) for task, steps in ((backwards, 300), (in_order, 1000)))
    answer = reverser.forward(digits).argmax(axis=-1)[0]
    places = reverser.weights[0]
    sorter.forward(many)
    each = sorter.weights.transpose(1, 0, 2)
    by_digit = np.array([each[:, many == digit].mean(axis=1) for digit in range(10)]).T
    words = "One layer of attention has learned to reverse eight digits: each position looks at its mirror image."
    drawing = Drawing(f"{words} Another one sorts: it looks for small digits first, and for large ones last.", 840, 412)
    size, top = 36, 78
    for left, values, columns, rows, title, below in (
        (70, places, digits[0], answer, "Reverse: it looks by place", "the input"),
        (470, by_digit, range(10), range(1, 9), "Sort: it looks by content", "a digit, wherever it stands"),
    ):
        drawing.say(left, 24, title, INK, 17, at="start")
        shaded(drawing, left, top, size, values)
        for j, label in enumerate(columns):
            drawing.say(left + size * (j + 0.5), top - 16, str(label), FORWARD, 16)
        for i, label in enumerate(rows):
            drawing.say(left - 18, top + size * (i + 0.5), str(label), BACKWARD, 16)
        drawing.say(left, top + 8 * size + 22, f"across: {below}", FORWARD, 14, at="start")
    drawing.say(70, top + 8 * size + 40, "down: the answer", BACKWARD, 14, at="start")
    drawing.say(470, top + 8 * size + 40, "down: the position of the answer", BACKWARD, 14, at="start")
    return drawing


def backwards(tokens: np.ndarray) -> np.ndarray:
    return tokens[:, ::-1]


def in_order(tokens: np.ndarray) -> np.ndarray:
    return np.sort(tokens, axis=1)


def trained(task: Callable[[np.ndarray], np.ndarray], n_steps: int) -> hw12_attention.Transformer:
    """The transformer of homework 12 after so many steps, from the start that the lesson has."""
    rng = np.random.default_rng(0)
    net = hw12_attention.Transformer(10, 8, 32, 64, rng)
    hw12_attention.train(net, task, rng, n_steps)
    return net
