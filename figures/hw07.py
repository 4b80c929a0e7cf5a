"""The drawings of homework 7."""

from __future__ import annotations

from .parts import drawn
from .svg import BACKWARD, FORWARD, Drawing


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
