"""Hidden checks of hw01_softmax."""

import numpy as np

from gradbook.homework import families

POINTS = 20
FORWARD, GRADIENT, UPDATE = "Softmax.forward", "Softmax.dloss_dw", "Softmax.update"
GRADIENTS = {GRADIENT: (FORWARD, "Softmax.loss")}


def problem(rng, n=7):
    """Weights of 4 numbers into 3 classes, n rows, and a class for each."""
    return rng.normal(size=(4, 3)), rng.normal(size=(n, 4)), np.arange(n) % 3


@families.side_effects("forward", 2, FORWARD, "x", "w", values=4)
def forward(code, rng):
    w, x, _ = problem(rng)
    return code.Softmax(w), [x], [1e3 * x]


@families.gradient("gradient", 4, GRADIENT, forward=FORWARD, batch=7)
def gradient_value(rng):
    w, x, y = problem(rng)
    return families.LossCase(
        {"dw": w},
        found=lambda code, w: code.Softmax(w).dloss_dw(x, y),
        loss=lambda code, w: code.Softmax(w).loss(x, y),
        built=lambda code, w: x.T @ (code.Softmax(w).forward(x) - np.eye(3)[y]) / 7,
    )


@families.side_effects("gradient", 3, GRADIENT, ("x", "y"), "w", given=FORWARD, more="an exception for unequal rows")
def gradient_side_effects(code, rng):
    w, x, y = problem(rng)
    net, unequal = code.Softmax(w), {"one class": (x, y[:1]), "one row": (x[:1], y)}
    return net, [x, y], [2 * x, y], families.refuses(code, net.dloss_dw, unequal)


@families.value("update", 3, UPDATE)
def update_steps(code, rng):
    net, g = code.Softmax(problem(rng)[0]), rng.normal(size=(2, 4, 3))
    steps = {" once": (g[0], 0.3, 0.6), " twice": (g[1], 0.1, 0.8)}
    return families.steps(net.update, steps, {"w": net.w.get, "v": net.v.get})


@families.side_effects("update", 1, UPDATE, "dw", laws=())
def update_side_effects(code, rng):
    net, g = code.Softmax(problem(rng)[0]), rng.normal(size=(2, 4, 3))
    net.update(g[0], 0.3, 0.6)
    return net, [g[1], 0.2, 0.7]


@families.value("training", 3, "Softmax.train", uses=(FORWARD, GRADIENT, UPDATE), rtol=1e-6)
def trajectory(code, rng):
    w, x, y = problem(rng, 20)
    return code.Softmax(w).train(x, y, 0.2, 0.5, 40)
