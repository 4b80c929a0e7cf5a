"""Hidden checks of hw02_learning_landscapes."""

import numpy as np

from gradbook.homework import check, families
from gradbook.homework.families import depends, gap, numbers, same
from solutions import hw02_learning_landscapes as right

NET = "DeepNarrowLNN"
GRADIENTS = {f"{NET}.dloss_dw": (f"{NET}.forward",)}


def samples(rng, m=7):
    """x, y of a noisy rising line, no x near 0."""
    x = rng.uniform(0.4, 1.5, m) * rng.choice([-1, 1], m)
    return x, 1.7 * x + 0.3 * rng.normal(size=m)


def weights(rng, n, low=0.6, high=1.2):
    """n weights of both signs, away from 0. Their product is negative, so the error is never small."""
    w = rng.uniform(low, high, n) * rng.choice([-1, 1], n)
    w[0] *= -np.sign(np.prod(w))
    return w


def flat(value):
    """The numbers as a one-dimensional array; an empty one where something else came back."""
    array = numbers(value)
    return array if array is not None and array.ndim == 1 else np.zeros(0)


# ---------------------------------------------------------------- loss_grid


@check("loss_grid", 2, "loss_grid", batch=5)
def loss_grid_values(code, rng):
    """loss_grid(w1_values, w2_values, x, y)

    the mean squared error, without one half; entry [i, j] belongs to w1_values[i] and w2_values[j]
    """
    x, y = samples(rng, 5)
    few, many = rng.normal(size=3), rng.normal(size=4)
    return {
        "a grid of 4 by 3": code.loss_grid(many, few, x, y),
        "a grid of 3 by 3": code.loss_grid(few, many[:3] + 0.5, x, y),
        "a grid of 1 by 4": code.loss_grid(few[:1], many, x, y),
    }


@check("loss_grid", 1, "loss_grid")
def loss_grid_side_effects(code, rng):
    """loss_grid of whole numbers, and the arguments afterwards

    right numbers for whole weights too, in every call anew, and the four arrays as they were
    """
    x, y = samples(rng, 4)
    whole = np.array([-3, -2, -1, 1, 2, 3])
    few, many = rng.permutation(whole)[:2], rng.permutation(whole)[:5]
    there = {name: code.keep(a) for name, a in {"w1_values": many, "w2_values": few, "x": x, "y": y}.items()}
    first, seen = families.leaves(code, code.loss_grid, there)
    seen |= families.repeats(first, code.loss_grid, [*there.values()], [many, few, x, 2 * y])
    seen["a call with other targets"] = depends(first, code.loss_grid(many, few, x, 2 * y))
    fractions = code.loss_grid(many.astype(float), few.astype(float), there["x"], there["y"])
    return seen | {"whole numbers as weights": same(fractions, first)}


# ---------------------------------------------------------------- DeepNarrowLNN.forward


@check("forward", 1, f"{NET}.forward")
def forward_values(code, rng):
    """forward(x)

    x times the product of all the weights, of the shape of x
    """
    x, _ = samples(rng)
    two = weights(rng, 2)
    return {
        "five weights": code.DeepNarrowLNN(weights(rng, 5)).forward(x),
        "two weights": code.DeepNarrowLNN([two[0], -two[1]]).forward(x[:4]),
        "one weight": code.DeepNarrowLNN(weights(rng, 1)).forward(x[:3]),
    }


@check("forward", 1, f"{NET}.forward")
def forward_side_effects(code, rng):
    """forward(x), the weights and x afterwards

    the same weights and the same x as before; what was assigned to w is used
    """
    x, _ = samples(rng)
    first, second = weights(rng, 4), weights(rng, 3)
    net, there = code.DeepNarrowLNN(first), code.keep(x)
    y, seen = families.leaves(code, net.forward, {"x": there}, {"the weights": net.w.get})
    seen |= families.repeats(y, net.forward, [there], [2 * x])
    net.w.set(second)
    return seen | {"after w was set": same(code.DeepNarrowLNN(second).forward(x), net.forward(x))}


# ---------------------------------------------------------------- DeepNarrowLNN.dloss_dw


@check("dloss_dw", 2, f"{NET}.dloss_dw", given=(f"{NET}.forward",), rtol=1e-7, batch=7)
def dloss_dw_values(code, rng):
    """dloss_dw(x, y_true)

    the slope of half the mean squared error along each weight, all of them in one array (d,)
    """
    # A tiny number added to a divisor stays below this rtol: it is charged in dloss_dw_zeros.
    x, y = samples(rng)
    near = weights(rng, 3)
    small = 1e-3 * x
    close_by = np.prod(near) * small + 0.03 * np.sign(x) * rng.uniform(0.5, 1.5, 7)
    return {
        "five weights": code.DeepNarrowLNN(weights(rng, 5)).dloss_dw(x, y),
        "two weights": code.DeepNarrowLNN(weights(rng, 2)).dloss_dw(x, y),
        "one weight": code.DeepNarrowLNN(weights(rng, 1)).dloss_dw(x, y),
        # Small slopes, where what was rounded is told from what was differentiated numerically.
        "three weights near the target": code.DeepNarrowLNN(near).dloss_dw(small, close_by),
    }


@check(
    "dloss_dw",
    0,
    f"{NET}.dloss_dw",
    given=(f"{NET}.forward",),
    rtol=1e-7,
    review=f"{NET}.dloss_dw loses its digits where slopes are small: numerical derivative?",
)
def dloss_dw_small(code, rng):
    """dloss_dw(x, y_true) for slopes that are small next to the loss

    the exact slopes, by the chain rule: differences of losses lose their digits here
    """
    x, y = samples(rng)
    return code.DeepNarrowLNN(weights(rng, 16, 0.15, 0.3)).dloss_dw(x, 1e8 * y)


@check("dloss_dw", 1, f"{NET}.dloss_dw", given=(f"{NET}.forward",), rtol=1e-6, exact=True)
def dloss_dw_zeros(code, rng):
    """dloss_dw(x, y_true) with weights that are 0

    the exact slopes: where one weight is 0, its own slope is not, and all the others are
    """
    x, y = samples(rng)
    w = weights(rng, 5, 0.8, 1.6)
    w[2] = 1
    one, two = w.copy(), w.copy()
    one[2] = two[2] = two[4] = 0
    seen = {
        # The targets are moved with the prediction, so that the error is the same with and without zeros.
        "no weight is 0": code.DeepNarrowLNN(w).dloss_dw(x, y + np.prod(w) * x),
        "one of five weights is 0": code.DeepNarrowLNN(one).dloss_dw(x, y),
        "two of five weights are 0": code.DeepNarrowLNN(two).dloss_dw(x, y),
    }
    # In units of the code's own slope where that weight is 1: a wrong factor is charged in dloss_dw_values.
    slopes = flat(seen["no weight is 0"])
    if slopes.size != 5 or not np.isfinite(slopes[2]) or slopes[2] == 0:
        return seen
    return {name: flat(value) / float(slopes[2]) for name, value in seen.items()}


@check("dloss_dw", 1, f"{NET}.dloss_dw", given=(f"{NET}.forward",))
def dloss_dw_side_effects(code, rng):
    """dloss_dw(x, y_true), twice

    the same result both times, also with other samples in between; weights, samples and earlier results as they were,
    float64 numbers, and what was assigned to w is used
    """
    x, y = samples(rng)
    w, later = weights(rng, 4), weights(rng, 4)
    net, there = code.DeepNarrowLNN(w), {"x": code.keep(x), "y_true": code.keep(y)}
    first, seen = families.leaves(code, net.dloss_dw, there, {"the weights": net.w.get})
    seen["double precision"] = flat(first).dtype == np.float64
    seen |= families.repeats(first, net.dloss_dw, [*there.values()], [2 * x, y], compare=gap)
    fresh = code.DeepNarrowLNN(w)
    fresh.forward(2 * x)
    seen["a call for other samples"] = depends(first, fresh.dloss_dw(2 * x, y))
    seen["a call for the first samples again"] = same(first, fresh.dloss_dw(x, y))
    seen |= families.keeps(first, code, code.DeepNarrowLNN(w).dloss_dw, [x, y], [x, 2 * y])
    net.w.set(later)
    return seen | {"after w was set": same(code.DeepNarrowLNN(later).dloss_dw(x, y), net.dloss_dw(x, y))}


# ---------------------------------------------------------------- DeepNarrowLNN.train

GIVEN = (f"{NET}.forward", f"{NET}.dloss_dw")


@check("train", 1, f"{NET}.train", given=GIVEN, rtol=1e-6, batch=7)
def train_trajectory(code, rng):
    """train(x, y_true, lr, n_ep)

    the loss of each epoch, recorded before its step; a step moves all the weights together against the gradient
    """
    x, y = samples(rng)
    net = code.DeepNarrowLNN(weights(rng, 5))
    exact = code.DeepNarrowLNN(rng.uniform(0.8, 1.1, 3))
    return {
        "the losses": net.train(x, y, 0.04, 12),
        "the weights afterwards": net.w.get(),
        "the losses on an exact line": exact.train(x, 1.3 * x, 0.15, 30),
        # Twice across the valley at each step: each loss is about four times the one before.
        "the losses with too high a rate": code.DeepNarrowLNN([1.0]).train(x, y, 3 / np.mean(x**2), 6),
    }


@check("train", 1, f"{NET}.train", given=GIVEN)
def train_stops(code, rng):
    """train where the loss stops being finite

    the first loss that is inf or nan is the last one recorded, and no step follows it
    """
    x, y = samples(rng)
    w = weights(rng, 3, 2.5, 3.5)
    # A large loss, and then one that is not finite, however exact the slopes are.
    losses = flat(code.DeepNarrowLNN(w).train(x, 1e5 * y, 1e80, 400))
    # Judged by itself, not by the reference's numbers: a wrong step is charged in train_trajectory.
    seen = {
        "a run that diverges is cut short": bool(0 < losses.size < 400),
        "its last loss is not finite": bool(losses.size and not np.isfinite(losses[-1])),
        "double precision": losses.dtype == np.float64,
        "all its other losses are finite": bool(losses.size > 1 and np.isfinite(losses[:-1]).all()),
    }
    net = code.DeepNarrowLNN(w)
    start = flat([net.loss(net.forward(x), 1e5 * y)])
    # The first step multiplies the loss by far more than a hundred.
    before = losses.size and start.size and losses[0] < 100 * start[0]
    seen["its first loss is recorded before the first step"] = bool(before)
    rising = flat(code.DeepNarrowLNN([1.0]).train(x, y, 3 / np.mean(x**2), 6))
    # An epoch too few or too many is charged in train_trajectory.
    seen["a run that only rises has all its losses"] = rising.size >= 5
    y[3] = np.nan
    net = code.DeepNarrowLNN(weights(rng, 3))
    seen["the losses of samples with a nan"] = net.train(x, y, 0.05, 5)
    seen["the weights after them"] = net.w.get()
    return seen


@check("train", 1, f"{NET}.train", given=GIVEN)
def train_side_effects(code, rng):
    """train, twice, and the caller's start and samples afterwards

    a second call goes on from the weights of the first; what the caller gave is copied, and stays as it was
    """
    (x, y), w = samples(rng), weights(rng, 4)
    given = {"start": w, "table": w.reshape(2, 2), "list": w.tolist(), "x": x, "y": y}
    there = {name: code.keep(value) for name, value in given.items()}
    from_view = code.define("def build(table):\n    return DeepNarrowLNN(table.reshape(-1))", "build")

    def train(start, table, items, x_there, y_there):
        net = code.DeepNarrowLNN(start)
        losses, seen = net.train(x_there, y_there, 0.03, 4), {"the weights have moved": depends(w, net.w.get())}
        builds = {"a list": code.DeepNarrowLNN, "a tuple": code.DeepNarrowLNN, "a reshaped table": from_view}
        for (kind, build), begin in zip(builds.items(), (items, tuple(w.tolist()), table), strict=True):
            seen[f"a start in {kind}"] = same(losses, build(begin).train(x, y, 0.03, 4))
        return losses, flat(net.train(x_there, y_there, 0.03, 3)), seen

    (losses, more, found), seen = families.leaves(code, train, there)
    whole = flat(code.DeepNarrowLNN(w).train(x, y, 0.03, 7))
    seen |= found | {
        "a second call has its own losses only": more.size <= 3,
        "a second call goes on": bool(more.size and same(whole[4:], more[-3:])),
        "a second call starts over": bool(more.size and same(flat(losses)[: more.size], more)),
        "losses, all in one row": flat(losses).size > 0,
        "losses, not one alone": not isinstance(losses, (float, np.number)),
        "double precision": flat(losses).dtype == np.float64,
    }
    # What the caller writes into its own array later must not reach the weights either.
    net = code.DeepNarrowLNN(there["start"])
    before = net.w.get()
    there["start"].fill(0.5)
    return seen | {"the weights when the caller's array changes": same(before, net.w.get())}


# ---------------------------------------------------------------- epochs_to_converge


def falling(rng, n, crossing, threshold=0.01):
    """n losses, each smaller than the one before; that of epoch `crossing` is the first below the threshold."""
    steps = rng.uniform(1.2, 1.6, n)
    losses = 1 / np.cumprod(steps)
    return losses * threshold / np.sqrt(losses[crossing - 1] * losses[crossing])


def is_epoch(value, n):
    """Whether the value is the number of an epoch behind the first."""
    return isinstance(value, (int, float, np.integer, np.floating)) and bool(0 < value < n)


@check("epochs_to_converge", 1, "epochs_to_converge")
def epochs_values(code, rng):
    """epochs_to_converge(losses, threshold)

    the first epoch, counted from 0, from which every loss is below the threshold; the threshold is .01 where none is
    given
    """
    smooth, long = falling(rng, 15, 6), falling(rng, 30, 11)
    bumpy = falling(rng, 20, 5)
    bumpy[9], bumpy[12] = 0.3, 0.02
    smooth[12] = smooth[14] / 2
    return {
        "losses that fall": code.epochs_to_converge(smooth),
        # Which sign for "never" came back is for the next check; here, that no epoch did.
        "losses that rise give an epoch": is_epoch(code.epochs_to_converge(long[::-1]), 30),
        "losses that dip and rise again": code.epochs_to_converge(bumpy),
        "another threshold": code.epochs_to_converge(falling(rng, 18, 4, 0.2), 0.2),
        "a threshold by its name": code.epochs_to_converge(long, threshold=1e-3),
    }


@check("epochs_to_converge", 1, "epochs_to_converge")
def epochs_edges(code, rng):
    """epochs_to_converge of special runs

    None where the last loss is not below the threshold or there is none; 0 where all are; nan and a loss equal to the
    threshold are not below it; the losses stay as they were
    """
    slow, low = falling(rng, 9, 8) + 0.02, falling(rng, 8, 3) / 40
    ends_high, with_nan, ends_nan, dives = (falling(rng, 12, 4) for _ in range(4))
    ends_high[-1], with_nan[7], ends_nan[-2:], dives[-1] = 0.4, np.nan, np.nan, np.inf
    equal = [0.005, *rng.permutation([0.02, 0.015, 0.03]).tolist(), 0.01, 0.004, 0.002]
    there = {"a nan on the way": code.keep(with_nan), "a list, with a loss equal to the threshold": code.keep(equal)}
    others = {
        "never below": slow,
        "always below": low,
        "the last loss is high": ends_high,
        "nan at the end": ends_nan,
        "inf at the end": dives,
        "no losses": [],
    }
    _, seen = families.leaves(code, lambda *losses: [code.epochs_to_converge(each) for each in losses], there)
    return seen | {name: code.epochs_to_converge(losses) for name, losses in (there | others).items()}


# ---------------------------------------------------------------- whole runs


def half_mean_square(w, x, y):
    """The loss of these weights, computed here; nan where they are no weights."""
    w = flat(w)
    return 0.5 * np.mean((np.prod(w) * x - y) ** 2) if w.size else np.nan


@check("convergence", 3, f"{NET}.train", given=GIVEN, uses=("epochs_to_converge",))
def convergence(code, rng):
    """epochs_to_converge of trained chains with 5, 10 and 30 hidden neurons

    weights that fit a noisy line after 120 epochs, but not from a start on a long plateau; in each epoch the loss that
    the weights have, and from all of them the number of epochs
    """
    # Not the slope and the starts that the notebook shows.
    a = rng.choice([1.5, 2.4]) + rng.uniform(-0.1, 0.1)
    x = rng.random(100)
    y = a * x + rng.normal(scale=0.08, size=100)
    seen = {}
    for hidden, start in ((5, 0.9), (10, 0.9), (30, 0.7)):
        w = start + rng.uniform(-0.03, 0.03, hidden + 1)
        net = code.DeepNarrowLNN(w)
        losses = net.train(x, y, 0.02, 120)
        told, left = flat(losses), half_mean_square(net.w.get(), x, y)
        first, last = (told[0], told[-1]) if told.size else (None, None)
        start_loss = half_mean_square(w, x, y)
        # An epoch too few or too many, the order of loss and step, and a missing half are charged in train_trajectory.
        found = {
            "as many losses as epochs": told.size >= 119,
            "the first loss": families.tells(first, start_loss, 2 * start_loss, rtol=0.2),
            "the last loss": families.tells(last, left, 2 * left, rtol=0.05),
            "the number of epochs": same_answer(code.epochs_to_converge(losses), right.epochs_to_converge(told)),
        }
        if hidden < 30:
            found["the weights fit"] = bool(left < 0.01)
        seen.update({f"{name}, {hidden} hidden neurons": value for name, value in found.items()})
    return seen


def same_answer(one, other):
    """Whether two numbers of epochs, or signs for never, are the same."""
    return one is other is None or (one is not None and other is not None and same(other, one))


# ---------------------------------------------------------------- questions


@families.answer("fastest_depth", 1)
def fastest_depth():
    """fastest_depth()

    the number of hidden neurons, of the five of section 4, that needs the fewest epochs
    """


@families.answer("best_rate_for_50_weights", 1, rtol=1e-6)
def best_rate_for_50_weights():
    """best_rate_for_50_weights()

    the learning rate, of the nineteen of section 5, at which 50 weights need the fewest epochs
    """


@families.answer("smallest_starting_weight", 1, rtol=1e-6)
def smallest_starting_weight():
    """smallest_starting_weight()

    the smallest of the starts that question 3 names from which the run converges
    """
