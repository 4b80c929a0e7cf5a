"""The reference of hw05 against the course's numbers, against finite differences and against PyTorch."""

import course_helpers
import numpy as np
import pytest
from lessons import demo

from solutions import hw05_two_layer_relu as hw

SHAPES = [(6, 5, 4, 2), (3, 2, 7, 4), (1, 4, 3, 1)]  # n, d_in, h, d_out
FULL = (64, 1000, 100, 10)
SMALL = (32, 20, 16, 3)

# Small enough to do on paper; the lesson prints it. Two of the six hidden values are blocked.
X = np.array([[1.0, 2.0], [-1.0, 1.0], [2.0, -1.0]])
Y = np.array([[5.0], [6.0], [2.0]])
W1 = np.array([[2.0, -1.0], [1.0, 1.0]])
W2 = np.array([[1.0], [2.0]])


class NetWithoutMask(hw.TwoLayerNet):
    """The mistake that no loss curve shows: backward as if there were no ReLU."""

    def backward(self, y_prediction, y):
        grad_y = 2 * (y_prediction - y)
        return self.x.T @ (grad_y @ self.w2.T), self.hidden.T @ grad_y


def problem(shape, seed=0, net=hw.TwoLayerNet):
    x, y, w1, w2 = course_helpers.random_problem(seed, *shape)
    return net(w1, w2), x, y


def printed(value, digits):
    """What equals value to the decimals that the course prints."""
    return pytest.approx(value, rel=0, abs=0.5 * 10**-digits)


# ---------------------------------------------------------------- one pass


def test_worked_example():
    net = hw.TwoLayerNet(W1, W2)
    prediction = net.forward(X)
    assert prediction.tolist() == [[6], [4], [3]]
    assert net.loss(prediction, Y) == 6
    grad_w1, grad_w2 = net.backward(prediction, Y)
    assert grad_w1.tolist() == [[6, 12], [2, 0]]
    assert grad_w2.tolist() == [[14], [-6]]
    net.update(grad_w1, grad_w2, 0.5)
    assert net.w1.tolist() == [[-1, -7], [0, 1]]
    assert net.w2.tolist() == [[-6], [5]]


def test_random_problem_draws_in_the_stated_order():
    arrays = course_helpers.random_problem(7, 6, 5, 4, 2)
    np.random.seed(7)
    for array, shape in zip(arrays, ((6, 5), (6, 2), (5, 4), (4, 2)), strict=True):
        np.testing.assert_array_equal(array, np.random.randn(*shape))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", [1, 2])
def test_forward_entry_by_entry(shape, seed):
    net, x, _ = problem(shape, seed)
    expected = np.zeros((shape[0], shape[3]))
    for n, k in np.ndindex(expected.shape):
        for j in range(shape[2]):
            z = sum(x[n, i] * net.w1[i, j] for i in range(shape[1]))
            expected[n, k] += net.w2[j, k] * (z if z > 0 else 0)
    np.testing.assert_allclose(net.forward(x), expected, rtol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_backward_is_the_gradient_of_the_sum_of_squares(shape, seed):
    net, x, y = problem(shape, seed)
    assert np.abs(x @ net.w1).min() > 1e-3, "a kink within reach of the differences: take another seed"
    gradients = net.backward(net.forward(x), y)

    def loss(w1, w2):
        return np.sum((np.maximum(x @ w1, 0) @ w2 - y) ** 2)

    numerical = (
        course_helpers.numerical_gradient(lambda w1: loss(w1, net.w2), net.w1),
        course_helpers.numerical_gradient(lambda w2: loss(net.w1, w2), net.w2),
    )
    for gradient, expected in zip(gradients, numerical, strict=True):
        assert gradient.shape == expected.shape
        np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-7)


def test_the_slope_of_relu_at_0_is_0():
    net = hw.TwoLayerNet([[1], [1]], [[3]])
    x = np.array([[1.0, -1.0]])
    grad_w1, _ = net.backward(net.forward(x), np.array([[5.0]]))
    assert grad_w1.tolist() == [[0], [0]]


def test_backward_repeats_and_touches_nothing():
    net, x, y = problem((6, 5, 4, 2))
    prediction = net.forward(x)
    arrays = (x, y, prediction, net.w1, net.w2)
    before = [array.copy() for array in arrays]
    first = [gradient.copy() for gradient in net.backward(prediction, y)]
    for gradient, expected in zip(net.backward(prediction, y), first, strict=True):
        np.testing.assert_array_equal(gradient, expected)
    for now, kept in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(now, kept)


def test_backward_follows_the_last_forward():
    net, x, y = problem((6, 5, 4, 2))
    expected = net.backward(net.forward(x), y)
    net.forward(np.ones((9, 5)))
    for gradient, value in zip(net.backward(net.forward(x), y), expected, strict=True):
        np.testing.assert_array_equal(gradient, value)


@pytest.mark.parametrize("shape", [(6,), (2, 6), (6, 1), (1, 2)])
@pytest.mark.parametrize("method", ["loss", "backward"])
def test_unequal_shapes_raise(method, shape):
    net, x, _ = problem((6, 5, 4, 2))
    with pytest.raises(ValueError, match="reshape the target"):
        getattr(net, method)(net.forward(x), np.zeros(shape))


def test_loss_is_a_float_and_the_sum_over_rows_and_columns():
    loss = hw.TwoLayerNet(W1, W2).loss(np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 0.0]]), np.ones((3, 2)))
    assert type(loss) is float
    assert loss == 0 + 1 + 4 + 9 + 1 + 1


def test_the_callers_arrays_stay_as_they_were():
    x, y, w1, w2 = course_helpers.random_problem(0, *SMALL)
    kept = [array.copy() for array in (x, y, w1, w2)]
    net = hw.TwoLayerNet(w1, w2)
    net.train(x, y, 2e-4, 5)
    assert not np.array_equal(net.w1, w1)
    assert not np.array_equal(net.w2, w2)
    for now, before in zip((x, y, w1, w2), kept, strict=True):
        np.testing.assert_array_equal(now, before)


def test_update_leaves_the_gradients_alone():
    net, x, y = problem((6, 5, 4, 2))
    gradients = net.backward(net.forward(x), y)
    kept = [gradient.copy() for gradient in gradients]
    expected = net.w1 - 0.3 * kept[0], net.w2 - 0.3 * kept[1]
    assert net.update(*gradients, 0.3) is None
    np.testing.assert_allclose(net.w1, expected[0], rtol=1e-15)
    np.testing.assert_allclose(net.w2, expected[1], rtol=1e-15)
    for gradient, before in zip(gradients, kept, strict=True):
        np.testing.assert_array_equal(gradient, before)


@pytest.mark.torch
@pytest.mark.parametrize("shape", SHAPES)
def test_backward_equals_pytorch(shape):
    import torch

    net, x, y = problem(shape, seed=1)
    w1, w2 = (torch.tensor(w, requires_grad=True) for w in (net.w1, net.w2))
    (((torch.tensor(x) @ w1).clamp(min=0) @ w2 - torch.tensor(y)) ** 2).sum().backward()
    for gradient, w in zip(net.backward(net.forward(x), y), (w1, w2), strict=True):
        np.testing.assert_allclose(gradient, w.grad.numpy(), rtol=1e-9, atol=1e-12)


# ---------------------------------------------------------------- the experiment


@pytest.fixture(scope="module")
def long_run():
    net, x, y = problem(FULL)
    return net.train(x, y, 1e-6, 500)


@pytest.mark.parametrize(
    ("i", "loss", "digits"),
    [
        (0, 26365524.19, 2),
        (1, 18539004.96, 2),
        (2, 14019258.77, 2),
        (9, 1836295.70, 2),
        (499, 6.947019e-05, 11),
    ],
)
def test_losses_of_the_run(long_run, i, loss, digits):
    assert long_run[i] == printed(loss, digits)


@pytest.mark.parametrize(("i", "loss"), [(0, 14311.80184), (1, 3177.674915), (9, 634.4536659), (49, 90.64765859)])
def test_losses_of_the_small_run(i, loss):
    net, x, y = problem(SMALL)
    assert net.train(x, y, 2e-4, 50)[i] == pytest.approx(loss, rel=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_seeds_1_5_and_7_rise_first(seed):
    net, x, y = problem(FULL, seed)
    losses = net.train(x, y, 1e-6, 4)
    assert (losses.max() > losses[0]) == (seed in (1, 5, 7))


def test_no_convergence_check_sees_a_missing_mask(long_run):
    net, x, y = problem(FULL, net=NetWithoutMask)
    losses = net.train(x, y, 1e-6, 500)
    assert losses[-1] == printed(9.9e-5, 6)
    assert long_run[-1] == printed(6.9e-5, 6)
    assert hw.final_loss_without_mask() == pytest.approx(losses[-1], rel=0.01)


def test_the_gradient_without_the_mask_is_far_off():
    net, x, y = problem(FULL)
    wrong, _, _ = problem(FULL, net=NetWithoutMask)
    right = net.backward(net.forward(x), y)[0]
    wrong = wrong.backward(wrong.forward(x), y)[0]
    lengths = np.linalg.norm(wrong), np.linalg.norm(right)
    assert lengths[0] / lengths[1] == printed(1.37, 2)
    angle = np.degrees(np.arccos(np.sum(wrong * right) / np.prod(lengths)))
    assert angle == printed(42, 0)


# ---------------------------------------------------------------- the answers


def test_blocked_entries():
    x, _, w1, _ = course_helpers.random_problem(0, *FULL)
    assert hw.blocked_entries() == np.sum(x @ w1 < 0)
    assert np.abs(x @ w1).min() > 1e-3, "round-off could change the count"


def test_seeds_that_rise():
    def rises(seed):
        net, x, y = problem(FULL, seed)
        losses = net.train(x, y, 1e-6, 20)
        return losses[1:].max() > losses[0]

    assert hw.seeds_that_rise() == sum(rises(seed) for seed in range(10))


# ---------------------------------------------------------------- find the bug, and further


def cells(*names, **given):
    """What some cells of the lesson define, run after the reference."""
    there = vars(hw) | {"helpers": course_helpers} | given
    for name in names:
        exec(demo("hw05_two_layer_relu", name), there)
    return there


def wrong_parts(gradients, loss, n, d_in, m, d_out):
    """The names of the gradients that central differences do not confirm."""
    rng = np.random.default_rng(0)
    shapes = {"x": (d_in, n), "y": (d_out, n), "w1": (m, d_in), "b1": (m, 1), "w2": (d_out, m), "b2": (d_out, 1)}
    arrays = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    wrong = set()
    for name, found in gradients(**arrays).items():
        right = course_helpers.numerical_gradient(lambda at, name=name: loss(**arrays | {name: at}), arrays[name])
        if found.shape != right.shape or not np.allclose(found, right, rtol=1e-5, atol=1e-7):
            wrong.add(name)
    return wrong


@pytest.mark.parametrize("sizes", [(20, 1, 20, 1), (4, 4, 4, 4), (5, 3, 7, 2)])
def test_the_broken_nets(sizes):
    made = cells("three_nets")
    seen = {"b1": {"b1"}, "delta1": {"w1", "b1"}, None: set()}
    for letter in "abc":
        found = wrong_parts(made[f"net_{letter}"], made["tanh_loss"], *sizes)
        assert found == seen[hw.broken_nets().get(letter)]


def test_the_broken_nets_learn_like_the_right_one(monkeypatch):
    monkeypatch.setattr(course_helpers, "plot_losses", lambda *_: None)
    curves = cells("three_nets", "three_curves")["curves"]
    for losses in curves.values():
        assert losses[-1] < 0.05 * losses[0]


class LeakyNet(hw.TwoLayerNet):
    def forward(self, x):
        self.x, self.z = x, x @ self.w1
        self.hidden = np.where(self.z > 0, self.z, 0.01 * self.z)
        return self.hidden @ self.w2

    def backward(self, y_prediction, y):
        grad_y = 2 * (y_prediction - y)
        return self.x.T @ (grad_y @ self.w2.T * np.where(self.z > 0, 1, 0.01)), self.hidden.T @ grad_y


def test_the_further_tasks_can_be_done(capsys):
    x, y, w1, w2 = course_helpers.random_problem(0, *FULL)
    scaled = hw.TwoLayerNet(w1 * np.sqrt(2 / 1000), w2 * np.sqrt(2 / 100)).train(x, y, 1e-4, 500)
    x, y, w1, w2 = course_helpers.random_problem(1, *FULL)
    rates = np.linspace(1e-7, 1e-6, 19)
    best = rates[np.argmin([hw.TwoLayerNet(w1, w2).train(x, y, rate, 2)[1] for rate in rates])]
    cells("further", LeakyNet=LeakyNet, scaled_losses=scaled, best_rate=best)
    assert capsys.readouterr().out.count("is right") == 5
    with pytest.raises(AssertionError, match="does better"):
        cells("further", LeakyNet=type("Unwritten", (hw.TwoLayerNet,), {}), scaled_losses=None, best_rate=1e-6)
