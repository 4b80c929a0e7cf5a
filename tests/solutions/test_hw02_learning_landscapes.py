"""hw02: the landscape of two weights, and chains of many."""

import course_helpers
import numpy as np
import pytest

from solutions import hw02_learning_landscapes as hw02

RATES = np.arange(1, 20) * 0.005
STARTS = np.arange(14, 22) * 0.05


@pytest.fixture(scope="module")
def data():
    course_helpers.set_seed(2021)
    return course_helpers.gen_samples(100, 2, 0.1)


def epochs_needed(data, n_weights, lr, start=0.9, n_ep=600):
    with np.errstate(over="ignore", invalid="ignore"):
        losses = hw02.DeepNarrowLNN(np.full(n_weights, start)).train(*data, lr, n_ep)
    return hw02.epochs_to_converge(losses)


def loss_at(w, x, y):
    network = hw02.DeepNarrowLNN(w)
    return network.loss(network.forward(x), y)


def test_loss_grid_puts_w1_in_rows():
    grid = hw02.loss_grid([0.0, 1.0, 2.0], [-1.0, 0.5], np.array([1.0, 2.0]), np.array([1.0, 3.0]))
    np.testing.assert_allclose(grid, [[5, 5], [14.5, 2.125], [29, 0.5]], rtol=1e-12)


def test_loss_grid_entries_are_mean_squared_errors():
    rng = np.random.default_rng(0)
    w1_values, w2_values, x, y = (rng.normal(size=size) for size in (4, 7, 5, 5))
    expected = [[np.mean((a * b * x - y) ** 2) for b in w2_values] for a in w1_values]
    np.testing.assert_allclose(hw02.loss_grid(w1_values, w2_values, x, y), expected, rtol=1e-12)


def test_saddle_has_the_height_of_the_mean_square():
    x, y = course_helpers.gen_samples(10, 1, 0)
    assert hw02.loss_grid([0.0], [0.0], x, y)[0, 0] == pytest.approx(0.351852, abs=5e-7)


@pytest.mark.parametrize(
    "start, end, last_loss, digit",
    [
        ((0.5, -0.5), (0.00506, -0.00506), 0.35187, 5e-6),
        ((0.55, -0.45), (0.98621, 0.94771), 0.00232, 5e-6),
        ((-1.8, 1.7), (-1.04371, -0.93711), 2.7e-4, 5e-6),
        ((0, 1), (0.79440, 1.25869), 5.2e-9, 5e-11),
    ],
)
def test_two_weight_paths(start, end, last_loss, digit):
    path, losses = course_helpers.two_weight_path(start, *course_helpers.gen_samples(10, 1, 0), lr=0.15, n_ep=40)
    assert path.shape == (41, 2) and losses.shape == (40,)
    np.testing.assert_allclose(path[-1], end, rtol=0, atol=5e-6)
    assert losses[-1] == pytest.approx(last_loss, abs=digit)


def test_two_zero_weights_never_move():
    path, _ = course_helpers.two_weight_path((0, 0), *course_helpers.gen_samples(10, 1, 0), lr=0.15, n_ep=40)
    assert not path.any()


def test_two_weight_gradient_is_that_of_the_grid():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 6))
    w = np.array([0.7, -1.9])
    numerical = course_helpers.numerical_gradient(lambda v: hw02.loss_grid(v[:1], v[1:], x, y)[0, 0], w)
    np.testing.assert_allclose(course_helpers.two_weight_gradient(*w, x, y), numerical, rtol=1e-5, atol=1e-7)


def test_forward_multiplies_all_weights():
    x = np.array([1.0, 2.0, -1.0])
    np.testing.assert_allclose(hw02.DeepNarrowLNN([2.0, -0.5, 3.0]).forward(x), [-3, -6, 3], rtol=1e-12)


def test_loss_is_half_the_mean():
    network = hw02.DeepNarrowLNN([1.0])
    assert network.loss(np.array([1.0, 4.0]), np.array([2.0, 1.0])) == 2.5


def test_loss_refuses_other_shapes():
    with pytest.raises(ValueError, match="same shape"):
        hw02.DeepNarrowLNN([1.0]).loss(np.zeros(3), np.zeros((3, 1)))


@pytest.mark.parametrize("n_weights", [1, 2, 5, 12])
@pytest.mark.parametrize("zeros", [0, 1, 2])
def test_gradient_is_that_of_the_loss(n_weights, zeros):
    rng = np.random.default_rng(n_weights)
    w, (x, y) = rng.normal(size=n_weights), rng.normal(size=(2, 7))
    w[:zeros] = 0
    gradient = hw02.DeepNarrowLNN(w).dloss_dw(x, y)
    assert gradient.shape == (n_weights,)
    numerical = course_helpers.numerical_gradient(lambda v: loss_at(v, x, y), w)
    np.testing.assert_allclose(gradient, numerical, rtol=1e-5, atol=1e-7)


def test_gradient_at_a_single_zero(data):
    np.testing.assert_allclose(hw02.DeepNarrowLNN([0, 3, 2]).dloss_dw(*data), [-4.27031, 0, 0], rtol=1e-6)


@pytest.mark.parametrize("weight, others", [(2.0, 1.1259e15), (0.5, 8.88e-16)])
def test_slopes_of_51_equal_weights_explode_or_vanish(weight, others):
    x, y = np.array([1.0]), np.array([weight**51 - 1])  # an error of 1 leaves the product of the others
    gradient = hw02.DeepNarrowLNN(np.full(51, weight)).dloss_dw(x, y)
    np.testing.assert_allclose(gradient, np.full(51, others), rtol=1e-3)


@pytest.mark.torch
@pytest.mark.parametrize("w", [[0.7, -1.3, 0.9, 1.6], [0.0, 3.0, 2.0]])
def test_gradient_is_that_of_autograd(w, data):
    import torch

    weights = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    x, y = map(torch.from_numpy, data)
    (0.5 * torch.mean((torch.prod(weights) * x - y) ** 2)).backward()
    np.testing.assert_allclose(hw02.DeepNarrowLNN(w).dloss_dw(*data), weights.grad.numpy(), rtol=1e-9)


def test_train_records_each_loss_before_its_update():
    x, y = np.array([1.0, 2.0]), np.array([1.0, -1.0])
    network = hw02.DeepNarrowLNN([1.0, 0.5, -2.0])
    np.testing.assert_allclose(network.train(x, y, 0.05, 3), [1.25, 0.5832528125, 0.4941608722], rtol=1e-9)
    np.testing.assert_allclose(network.w, [0.8657208377, 0.1884611688, -1.9342796653], rtol=1e-9)


def test_train_stops_at_the_first_loss_that_is_not_finite():
    with np.errstate(over="ignore"):
        losses = hw02.DeepNarrowLNN([3.0, 3.0, 3.0]).train(np.array([1.0, 2.0]), np.array([1.0, -1.0]), 1.0, 100)
    assert np.isfinite(losses).tolist() == [True, True, True, False]


def test_nothing_of_the_caller_is_written_to(data):
    x, y, start = data[0].copy(), data[1].copy(), np.array([[0.9, 1.1]])
    network = hw02.DeepNarrowLNN(start.reshape(-1))
    assert not np.shares_memory(network.w, start)
    network.train(x, y, 0.1, 5)
    assert start.tolist() == [[0.9, 1.1]]
    assert np.array_equal(x, data[0]) and np.array_equal(y, data[1])


def test_the_gradient_changes_no_weight(data):
    network = hw02.DeepNarrowLNN([0.9, -1.1])
    network.dloss_dw(*data)
    assert network.w.tolist() == [0.9, -1.1]


@pytest.mark.parametrize(
    "losses, threshold, expected",
    [
        ([1, 0.005, 0.02, 0.004, 0.003], 0.01, 3),
        ([0.009, 0.001], 0.01, 0),
        ([5, 3, 1], 2, 2),
        ([5, 2, 1], 2, 2),
        ([0.005, 0.02], 0.01, None),
        ([0.005, np.nan], 0.01, None),
        ([np.nan, 0.005], 0.01, 1),
        ([np.inf], 0.01, None),
        ([], 0.01, None),
    ],
)
def test_epochs_to_converge(losses, threshold, expected):
    epochs = hw02.epochs_to_converge(np.array(losses), threshold)
    assert epochs == expected and type(epochs) is type(expected)


def test_the_threshold_is_a_hundredth_by_default():
    assert hw02.epochs_to_converge([0.011, 0.0099]) == 1


@pytest.mark.parametrize(
    "hidden, lr, expected", [(0, 0.02, 260), (5, 0.01, 72), (10, 0.01, 57), (25, 0.01, 86), (50, 0.01, 512)]
)
def test_depth(data, hidden, lr, expected):
    assert epochs_needed(data, hidden + 1, lr) == expected


@pytest.mark.parametrize(
    "lr, expected", [(0.005, None), (0.01, 512), (0.02, 257), (0.025, 206), (0.03, None), (0.035, None)]
)
def test_learning_rate_of_51_weights(data, lr, expected):
    assert epochs_needed(data, 51, lr) == expected


@pytest.mark.parametrize("start, expected", list(zip(STARTS, [None, 241, 110, 54, 29, 16, 8, 0], strict=True)))
def test_initialisation(data, start, expected):
    assert epochs_needed(data, 15, 0.02, start, n_ep=250) == expected


@pytest.mark.parametrize(
    "n_weights, best, epochs",
    [(10, 0.095, 6), (20, 0.075, 9), (30, 0.045, 25), (40, 0.035, 62), (50, 0.025, 190), (60, 0.020, 553)],
)
def test_best_rate(data, n_weights, best, epochs):
    needed = [epochs_needed(data, n_weights, lr) for lr in RATES]
    fewest = min(n for n in needed if n is not None)
    assert fewest == epochs
    assert [lr for lr, n in zip(RATES, needed, strict=True) if n == fewest] == pytest.approx([best])


def test_fastest_depth(data):
    needed = {h: epochs_needed(data, h + 1, 0.01 if h else 0.02) for h in (0, 5, 10, 25, 50)}
    assert hw02.fastest_depth() == min(needed, key=needed.get)


def test_best_rate_for_50_weights(data):
    needed = {lr: epochs_needed(data, 50, lr) for lr in RATES}
    converged = {lr: n for lr, n in needed.items() if n is not None}
    assert hw02.best_rate_for_50_weights() == pytest.approx(min(converged, key=converged.get))


def test_smallest_starting_weight(data):
    converged = [start for start in STARTS if epochs_needed(data, 15, 0.02, start, n_ep=250) is not None]
    assert hw02.smallest_starting_weight() == pytest.approx(min(converged))
