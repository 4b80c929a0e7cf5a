"""The reference of hw04 against the course's numbers, against finite differences and against PyTorch."""

import math
import warnings

import course_helpers
import jupytext
import numpy as np
import pytest
from conftest import ROOT

from solutions import hw04_sine_regression as hw

SHAPES = [(7, 5, 4), (3, 2, 1), (2, 6, 9)]  # h1, h2, rows


def printed(value, digits):
    """What equals value to the decimals that the course prints."""
    return pytest.approx(value, rel=0, abs=0.5 * 10**-digits)


def start(seed=0):
    """The course's experiment: the model first, then 50 training and 10 test points."""
    course_helpers.set_seed(seed)
    return hw.SineRegressor(), course_helpers.get_dataset(50), course_helpers.get_dataset(10)


def random_case(h1, h2, rows, seed=3):
    """A model with random biases too, and a batch x, label."""
    course_helpers.set_seed(seed)
    model = hw.SineRegressor(h1, h2)
    for array in model.parameters.values():
        array[...] = np.random.randn(*array.shape)
    return model, np.random.randn(rows, 1), np.random.randn(rows, 1)


def numerical_gradients(model, x, label):
    """Central differences of the mean of one half of the squared error, through forward alone."""

    def loss_with(name):
        def loss(value):
            kept, model.parameters[name] = model.parameters[name], value
            error = model.forward(x) - label
            model.parameters[name] = kept
            return 0.5 * np.mean(error**2)

        return loss

    return {name: course_helpers.numerical_gradient(loss_with(name), array) for name, array in model.parameters.items()}


def assert_same(gradients, expected, rtol=1e-12, atol=0.0):
    assert gradients.keys() == expected.keys()
    for name, value in expected.items():
        assert gradients[name].shape == value.shape, name
        np.testing.assert_allclose(gradients[name], value, rtol=rtol, atol=atol, err_msg=name)


# ---------------------------------------------------------------- the small functions


@pytest.mark.parametrize(("x", "expected"), [(0, 0.5), (math.log(3), 0.75), (-40.0, math.exp(-40)), (40, 1)])
def test_sigmoid_values(x, expected):
    assert hw.sigmoid(x) == pytest.approx(expected, rel=1e-12)
    assert hw.sigmoid(np.array([[x, x]])) == pytest.approx(np.array([[expected, expected]]), rel=1e-12)


def test_sigmoid_is_finite_and_silent_far_out():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        values = hw.sigmoid(np.array([-1000.0, 1000.0, -1e300, 1e300]))
    assert values.tolist() == [0, 1, 0, 1]


def test_sigmoid_leaves_its_argument_alone():
    x = np.array([[-2.0, 0.3], [1.0, 5.0]])
    hw.sigmoid(x)
    assert x.tolist() == [[-2, 0.3], [1, 5]]


def test_d_sigmoid_takes_the_activation():
    x = np.linspace(-6, 6, 11)
    h = 1e-6
    slope = (hw.sigmoid(x + h) - hw.sigmoid(x - h)) / (2 * h)
    np.testing.assert_allclose(hw.d_sigmoid(hw.sigmoid(x)), slope, rtol=1e-7)
    assert hw.d_sigmoid(0.25) == 0.1875


def test_losses_are_elementwise():
    prediction, label = np.array([[1.0], [2.0], [-3.0]]), np.array([[3.0], [2.5], [-2.0]])
    assert hw.mse_loss(prediction, label).tolist() == [[2], [0.125], [0.5]]
    assert hw.d_mse_loss(prediction, label).tolist() == [[-2], [-0.5], [-1]]


def test_get_dataset():
    course_helpers.set_seed(5)
    x, y = course_helpers.get_dataset(1000)
    assert x.shape == y.shape == (1000, 1)
    assert -2 * np.pi <= x.min() < -6
    assert 6 < x.max() <= 2 * np.pi
    np.testing.assert_array_equal(y, np.sin(x))


# ---------------------------------------------------------------- the network


def test_parameters_are_drawn_in_the_stated_order():
    course_helpers.set_seed(11)
    parameters = hw.SineRegressor(7, 5).parameters
    course_helpers.set_seed(11)
    for name, shape in (("W1", (1, 7)), ("W2", (7, 5)), ("W3", (5, 1))):
        np.testing.assert_array_equal(parameters[name], np.random.randn(*shape))
    assert {name: parameters[name].shape for name in ("b1", "b2", "b3")} == {
        "b1": (1, 7),
        "b2": (1, 5),
        "b3": (1, 1),
    }
    assert not any(parameters[name].any() for name in ("b1", "b2", "b3"))


@pytest.mark.parametrize(("h1", "h2", "rows"), SHAPES)
def test_forward_neuron_by_neuron(h1, h2, rows):
    model, x, _ = random_case(h1, h2, rows)
    p = {name: array.tolist() for name, array in model.parameters.items()}

    def neuron(inputs, weights, bias, squash):
        z = math.fsum(i * w for i, w in zip(inputs, weights, strict=True)) + bias
        return 1 / (1 + math.exp(-z)) if squash else z

    def layer(inputs, i, squash=True):
        columns = zip(*p[f"W{i}"], strict=True)
        return [neuron(inputs, c, b, squash) for c, b in zip(columns, p[f"b{i}"][0], strict=True)]

    expected = [layer(layer(layer(row, 1), 2), 3, squash=False) for row in x.tolist()]
    np.testing.assert_allclose(model.forward(x), expected, rtol=1e-12)
    assert model.forward(x).shape == (rows, 1)


@pytest.mark.parametrize(("h1", "h2", "rows"), SHAPES)
def test_backward_is_the_gradient_of_the_mean(h1, h2, rows):
    model, x, label = random_case(h1, h2, rows)
    gradients = model.backward(model.forward(x), label)
    assert_same(gradients, numerical_gradients(model, x, label), rtol=1e-5, atol=1e-9)


def test_backward_of_a_batch_is_the_mean_of_its_rows():
    model, x, label = random_case(7, 5, 4)
    rows = [model.backward(model.forward(x[[i]]), label[[i]]) for i in range(4)]
    expected = {name: np.mean([row[name] for row in rows], axis=0) for name in rows[0]}
    assert_same(model.backward(model.forward(x), label), expected)


def test_backward_repeats_and_touches_nothing():
    model, x, label = random_case(7, 5, 4)
    prediction = model.forward(x)
    before = [array.copy() for array in (x, label, prediction, *model.parameters.values())]
    first = {name: array.copy() for name, array in model.backward(prediction, label).items()}
    assert_same(model.backward(prediction, label), first, rtol=0)
    for kept, now in zip(before, (x, label, prediction, *model.parameters.values()), strict=True):
        np.testing.assert_array_equal(now, kept)


def test_forward_keeps_the_last_pass_only():
    model, x, label = random_case(7, 5, 4)
    expected = model.backward(model.forward(x), label)
    kept = {name: np.size(value) for name, value in vars(model).items()}
    for rows in (9, 1, 30):
        model.forward(np.ones((rows, 1)))
    assert_same(model.backward(model.forward(x), label), expected, rtol=0)
    assert {name: np.size(value) for name, value in vars(model).items()} == kept


@pytest.mark.parametrize("shape", [(4,), (1, 4), (3, 1)])
def test_backward_refuses_labels_of_another_shape(shape):
    model, x, _ = random_case(7, 5, 4)
    with pytest.raises(ValueError, match="labels of the shape"):
        model.backward(model.forward(x), np.zeros(shape))


def test_update_works_in_place():
    model, x, label = random_case(7, 5, 4)
    gradients = model.backward(model.forward(x), label)
    kept = {name: array.copy() for name, array in gradients.items()}
    arrays = dict(model.parameters)
    expected = {name: arrays[name] - 0.3 * kept[name] for name in arrays}
    assert model.update(gradients, 0.3) is None
    assert all(model.parameters[name] is array for name, array in arrays.items())
    assert_same(model.parameters, expected)
    assert_same(gradients, kept, rtol=0)


@pytest.mark.torch
@pytest.mark.parametrize(("h1", "h2", "rows"), SHAPES)
def test_backward_equals_pytorch(h1, h2, rows):
    import torch

    model, x, label = random_case(h1, h2, rows)
    p = {name: torch.tensor(array, requires_grad=True) for name, array in model.parameters.items()}
    a = torch.sigmoid(torch.tensor(x) @ p["W1"] + p["b1"])
    a = torch.sigmoid(a @ p["W2"] + p["b2"])
    (0.5 * (a @ p["W3"] + p["b3"] - torch.tensor(label)) ** 2).mean().backward()
    expected = {name: tensor.grad.numpy() for name, tensor in p.items()}
    assert_same(model.backward(model.forward(x), label), expected, rtol=1e-9, atol=1e-15)


# ---------------------------------------------------------------- the experiment


@pytest.fixture(scope="module")
def long_run():
    model, train_set, test_set = start()
    return hw.train(model, train_set, test_set, lr=0.1, n_epochs=2000)


def test_initial_loss():
    model, (x, y), _ = start()
    assert hw.mse_loss(model.forward(x), y).mean() == printed(3.358887, 6)


@pytest.mark.parametrize(("epoch", "loss"), [(1, 0.423102), (2, 0.250489), (10, 0.118564)])
def test_first_epochs(long_run, epoch, loss):
    assert long_run[0][epoch - 1] == printed(loss, 6)


@pytest.mark.parametrize(
    ("epoch", "train_loss", "test_loss"),
    [
        (100, 0.05917, 0.07770),
        (200, 0.05021, 0.06002),
        (500, 0.02777, 0.02598),
        (1000, 0.01122, 0.00591),
        (2000, 0.00146, 0.00044),
    ],
)
def test_later_epochs(long_run, epoch, train_loss, test_loss):
    assert long_run[0][epoch - 1] == printed(train_loss, 5)
    assert long_run[1][epoch - 1] == printed(test_loss, 5)


@pytest.mark.parametrize("seed", range(6))
def test_every_seed_is_below_06_at_epoch_200(seed):
    assert hw.train(*start(seed), lr=0.1, n_epochs=200)[0][-1] < 0.06


def test_sigmoid_applied_twice_stalls(monkeypatch):
    monkeypatch.setattr(hw, "d_sigmoid", lambda a: hw.sigmoid(a) * (1 - hw.sigmoid(a)))
    assert hw.train(*start(), lr=0.1, n_epochs=500)[0][-1] == printed(0.264, 3)


def test_train_takes_batches_in_order_with_a_smaller_last_one():
    model, (x, y), test_set = start()
    by_hand, _, _ = start()
    losses, test_losses = hw.train(model, (x, y), test_set, lr=0.1, n_epochs=1, batch_size=20)
    expected = []
    for rows in (slice(0, 20), slice(20, 40), slice(40, 50)):
        prediction = by_hand.forward(x[rows])
        expected.extend(0.5 * (prediction - y[rows]) ** 2)
        by_hand.update(by_hand.backward(prediction, y[rows]), 0.1)
    assert losses == pytest.approx(np.mean(expected), rel=1e-12)
    assert test_losses == pytest.approx(0.5 * np.mean((by_hand.forward(test_set[0]) - test_set[1]) ** 2), rel=1e-12)
    assert_same(model.parameters, by_hand.parameters)


def test_the_test_points_do_not_disturb_training():
    model, train_set, test_set = start()
    other, _, _ = start()
    losses, _ = hw.train(model, train_set, test_set, lr=0.1, n_epochs=3)
    again, _ = hw.train(other, train_set, (np.ones((3, 1)), np.ones((3, 1))), lr=0.1, n_epochs=3)
    np.testing.assert_array_equal(losses, again)


# ---------------------------------------------------------------- the answers


def test_epochs_to_06(long_run):
    assert hw.epochs_to_06() == 1 + np.argmax(long_run[0] < 0.06)
    assert np.all(long_run[0][hw.epochs_to_06() :] < 0.06)


def test_best_full_batch_rate():
    rates = (0.1, 0.2, 0.5, 1.0, 2.0)
    finals = [hw.train(*start(), lr=rate, n_epochs=200, batch_size=50)[0][-1] for rate in rates]
    assert hw.best_full_batch_rate() == rates[np.argmin(finals)]
    assert sorted(finals)[1] > 1.1 * min(finals), "too close to call on another machine"


# ---------------------------------------------------------------- find the bug


@pytest.fixture(scope="module")
def steps():
    """What the lesson's cell with the three steps defines."""
    cells = jupytext.read(ROOT / "source/hw04_sine_regression/lesson.md").cells
    (cell,) = (cell for cell in cells if cell.metadata.get("given") == "three_steps")
    names = {"np": np}
    exec(cell.source, names)
    return names


def columns(samples):
    """Parameters, x and y for the steps, which have samples in columns."""
    rng = np.random.default_rng(0)
    shapes = {"W1": (4, 3), "b1": (4, 1), "W2": (1, 4), "b2": (1, 1)}
    p = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    return p, rng.standard_normal((3, samples)), rng.standard_normal((1, samples))


def off(steps, name, samples=5, lr=0.1):
    """The arrays along which a step does not go down the numerical gradient."""
    p, x, y = columns(samples)
    moved = steps[name](p, x, y, lr)
    for array, before in columns(samples)[0].items():
        np.testing.assert_array_equal(p[array], before)
    found = set()
    for array in p:
        right = course_helpers.numerical_gradient(lambda at, a=array: steps["mean_loss"](p | {a: at}, x, y), p[array])
        if not np.allclose((p[array] - moved[array]) / lr, right, rtol=1e-5, atol=1e-7):
            found.add(array)
    return found


def test_the_broken_steps_are_those_that_leave_the_numerical_gradient(steps):
    broken = hw.broken_steps()
    assert {name: off(steps, name) for name in ("step_a", "step_b", "step_c")} == {
        "step_a": {"b1"},
        "step_b": set(),
        "step_c": {"W1", "b1"},
    }
    assert set(broken) == {"step_a", "step_c"}
    assert set(broken.values()) < set(steps["PLACES"])


def test_what_is_wrong_in_each_is_where_the_answer_says(steps):
    p, x, y = columns(5)
    right, a, c = (steps[name](p, x, y, 0.1) for name in ("step_b", "step_a", "step_c"))
    np.testing.assert_allclose(5 * (p["b1"] - a["b1"]), p["b1"] - right["b1"], rtol=1e-9)
    h, prediction = steps["predict"](p, x)
    delta = right["W2"].T @ (prediction - y) / 5 * (1 - h**2)
    np.testing.assert_allclose(c["W1"], p["W1"] - 0.1 * delta @ x.T, rtol=1e-12)


def test_in_special_places_they_look_right(steps):
    """As the lesson says: with one sample, and with a very small learning rate."""
    assert off(steps, "step_a", samples=1) == set()
    p, x, y = columns(5)
    gap = {
        lr: np.abs(steps["step_c"](p, x, y, lr)["W1"] - steps["step_b"](p, x, y, lr)["W1"]).max() / lr
        for lr in (0.1, 1e-7)
    }
    assert gap[1e-7] < 1e-5 < 1e-2 < gap[0.1]
