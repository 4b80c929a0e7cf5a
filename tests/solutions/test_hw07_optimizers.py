"""The reference of hw07_optimizers against PyTorch's trajectories, distributions and the runs of the lesson.

hw07_torch.json holds the trajectories of torch.optim 2.13.0; the test marked torch compares them with those of
the PyTorch at hand. It was written as json.dumps({name: torch_trajectory(name) for name in TRAJECTORIES}).
"""

import json
from pathlib import Path
from types import SimpleNamespace

import course_helpers as helpers
import numpy as np
import pytest
from conftest import ROOT

from solutions import hw07_optimizers as hw07

STORED = Path(__file__).with_name("hw07_torch.json")
TRAJECTORIES = {  # name: our class, its torch.optim name, options, size of the gradients
    "momentum": (hw07.Momentum, "SGD", {"lr": 0.05, "momentum": 0.9}, 1),
    "momentum .5": (hw07.Momentum, "SGD", {"lr": 0.02, "momentum": 0.5}, 1),
    "rmsprop": (hw07.RMSprop, "RMSprop", {}, 1),
    "rmsprop options": (hw07.RMSprop, "RMSprop", {"lr": 0.05, "alpha": 0.8, "eps": 1e-3}, 1),
    "rmsprop tiny": (hw07.RMSprop, "RMSprop", {}, 1e-6),
    "adam": (hw07.Adam, "Adam", {}, 1),
    "adam options": (hw07.Adam, "Adam", {"lr": 0.05, "betas": (0.8, 0.95), "eps": 1e-3}, 1),
    "adam tiny": (hw07.Adam, "Adam", {}, 1e-6),
}


def start_and_gradients(size):
    """W (3, 2) and b (2,), and six gradients for each that vary from step to step."""
    random = np.random.RandomState(7)
    start = {"W": random.randn(3, 2), "b": random.randn(2)}
    gradients = [{"W": size * random.randn(3, 2), "b": size * random.randn(2)} for _ in range(6)]
    return start, gradients


def flat(arrays):
    return np.concatenate([arrays["W"].ravel(), arrays["b"]]).tolist()


def numpy_trajectory(name):
    optimizer_class, _, options, size = TRAJECTORIES[name]
    start, gradients = start_and_gradients(size)
    model = helpers.Arrays(**start)
    optimizer = optimizer_class(model, **options)
    trajectory = []
    for gradient in gradients:
        for key, array in gradient.items():
            model.gradients[key][...] = array
        optimizer.step()
        trajectory.append(flat(model.parameters))
    return trajectory


def torch_trajectory(name):
    import torch

    _, torch_name, options, size = TRAJECTORIES[name]
    start, gradients = start_and_gradients(size)
    tensors = {key: torch.tensor(array, requires_grad=True) for key, array in start.items()}
    optimizer = getattr(torch.optim, torch_name)(tensors.values(), **options)
    trajectory = []
    for gradient in gradients:
        for key, array in gradient.items():
            tensors[key].grad = torch.tensor(array)
        optimizer.step()
        trajectory.append(flat({key: tensor.detach().numpy() for key, tensor in tensors.items()}))
    return trajectory


# ---------------------------------------------------------------- optimizers


@pytest.mark.parametrize("name", TRAJECTORIES)
def test_trajectory_equals_the_stored_one_of_pytorch(name):
    stored = json.loads(STORED.read_text())[name]
    np.testing.assert_allclose(numpy_trajectory(name), stored, rtol=0, atol=1e-10)
    moved = np.abs(np.array(stored[-1]) - flat(start_and_gradients(1)[0]))
    assert moved.min() > 1e-4  # far above the tolerance: the comparison means something


@pytest.mark.torch
@pytest.mark.parametrize("name", TRAJECTORIES)
def test_trajectory_equals_the_live_one_of_pytorch(name):
    live = torch_trajectory(name)
    np.testing.assert_allclose(json.loads(STORED.read_text())[name], live, rtol=0, atol=1e-14)
    np.testing.assert_allclose(numpy_trajectory(name), live, rtol=0, atol=1e-10)


@pytest.mark.parametrize(
    ("optimizer_class", "defaults"),
    [
        (hw07.Momentum, {"lr": 1e-3, "momentum": 0.9}),
        (hw07.RMSprop, {"lr": 1e-2, "alpha": 0.99, "eps": 1e-8}),
        (hw07.Adam, {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8, "t": 0}),
    ],
)
def test_defaults_and_state(optimizer_class, defaults):
    optimizer = optimizer_class(helpers.Arrays(W=np.ones((3, 2)), b=[1, 2]))
    assert {name: getattr(optimizer, name) for name in defaults} == defaults
    for state in ({"velocity", "square", "m", "v"} - defaults.keys()) & vars(optimizer).keys():
        arrays = getattr(optimizer, state)
        assert {name: array.shape for name, array in arrays.items()} == {"W": (3, 2), "b": (2,)}
        assert not any(array.any() for array in arrays.values())


@pytest.mark.parametrize("optimizer_class", [hw07.Momentum, hw07.RMSprop, hw07.Adam])
def test_step_works_in_place_and_keeps_its_gradients(optimizer_class):
    start, gradients = start_and_gradients(1)
    model = helpers.Arrays(**start)
    arrays = {**model.parameters}
    for key, gradient in gradients[0].items():
        model.gradients[key][...] = gradient
    optimizer = optimizer_class(model)
    optimizer.step()
    optimizer.step()
    for key, gradient in gradients[0].items():
        assert model.parameters[key] is arrays[key]
        assert np.all(model.parameters[key] != start[key])
        np.testing.assert_array_equal(model.gradients[key], gradient)
    kept = {**model.gradients}
    optimizer.zero_grad()
    assert all(model.gradients[key] is kept[key] and not kept[key].any() for key in kept)


def test_adam_counts_its_steps_once_for_all_parameters():
    optimizer = hw07.Adam(helpers.Arrays(a=[1.0], b=[2.0], c=[3.0]))
    for _ in range(3):
        optimizer.step()
    assert optimizer.t == 3


def test_two_optimizers_share_no_state():
    first, second = (hw07.Momentum(helpers.Arrays(w=[1.0])) for _ in range(2))
    helpers.follow(first, [1.0])
    assert second.velocity["w"] == 0


def test_optimizer_says_what_is_missing():
    with pytest.raises(NotImplementedError, match="step"):
        hw07.Optimizer(helpers.Arrays(w=[1.0])).step()


# ---------------------------------------------------------------- initialisation and mini-batches


@pytest.mark.parametrize(
    ("init", "deviation"),
    [(hw07.normal_init, 1), (hw07.glorot_init, np.sqrt(2 / 600)), (hw07.he_init, np.sqrt(2 / 400))],
)
def test_init_is_normal_with_its_deviation(init, deviation):
    weights = init(400, 200, np.random.default_rng(3))
    assert weights.shape == (400, 200)
    assert weights.dtype == np.float64
    assert np.mean(weights) == pytest.approx(0, abs=0.015 * deviation)
    assert np.std(weights) == pytest.approx(deviation, rel=0.01)
    # 68.3 % lie within one deviation; of uniform numbers with the same deviation, 57.7 % would.
    assert np.mean(np.abs(weights) < deviation) == pytest.approx(0.6827, abs=0.005)


@pytest.mark.parametrize("init", [hw07.normal_init, hw07.glorot_init, hw07.he_init])
def test_init_draws_from_the_generator_it_is_given(init):
    rng = np.random.default_rng(1)
    first, second = init(3, 5, rng), init(3, 5, rng)
    assert np.all(first != second)
    before = np.random.get_state()[1].copy()
    np.testing.assert_array_equal(init(3, 5, np.random.default_rng(1)), first)
    np.testing.assert_array_equal(np.random.get_state()[1], before)


@pytest.mark.parametrize(
    ("n", "batch_size", "sizes"), [(10, 3, [3, 3, 3, 1]), (8, 4, [4, 4]), (3, 10, [3]), (5, 1, [1] * 5)]
)
def test_minibatches_pass_once_over_paired_rows(n, batch_size, sizes):
    x = np.arange(2.0 * n).reshape(n, 2)
    y = 10 * x[:, :1]
    kept = x.copy(), y.copy()
    batches = list(hw07.minibatches(x, y, batch_size, np.random.default_rng(0)))
    assert [len(x_batch) for x_batch, _ in batches] == sizes
    for x_batch, y_batch in batches:
        np.testing.assert_array_equal(y_batch, 10 * x_batch[:, :1])
        x_batch += 1  # a batch is the caller's own: x stays as it was
    assert sorted(np.concatenate([x_batch[:, 0] - 1 for x_batch, _ in batches])) == x[:, 0].tolist()
    np.testing.assert_array_equal(x, kept[0])
    np.testing.assert_array_equal(y, kept[1])


def test_minibatches_shuffle_anew_at_every_call():
    x, rng = np.arange(50.0).reshape(50, 1), np.random.default_rng(0)
    first, second = (np.concatenate([b for b, _ in hw07.minibatches(x, x, 7, rng)]) for _ in range(2))
    assert not np.array_equal(first, x)
    assert not np.array_equal(first, second)


# ---------------------------------------------------------------- the network and its runs


@pytest.mark.parametrize(("n", "d_in", "h", "d_out"), [(6, 5, 4, 2), (3, 2, 7, 1)])
def test_network_gradients_equal_central_differences(n, d_in, h, d_out):
    x, y, w1, w2 = helpers.random_problem(0, n, d_in, h, d_out)
    start = {"W1": w1, "b1": np.random.randn(h), "W2": w2, "b2": np.random.randn(d_out)}
    net = hw07.TwoLayerNet(**start)
    net.forward(x)
    net.backward(2 * (net.forward(x) - y))
    for name, array in start.items():

        def loss(at, name=name):
            return np.sum((hw07.TwoLayerNet(**{**start, name: at}).forward(x) - y) ** 2)

        numerical = helpers.numerical_gradient(loss, array)
        np.testing.assert_allclose(net.gradients[name], numerical, rtol=1e-5, atol=1e-7)


def test_training_leaves_the_start_as_it_was():
    x, y, start = helpers.small_regression(hw07.he_init)
    kept = [array.copy() for array in start]
    net = hw07.TwoLayerNet(*start)
    hw07.train_step(net, hw07.Adam(net), x, y)
    for array, before in zip(start, kept, strict=True):
        np.testing.assert_array_equal(array, before)


def start_of(weights):
    """The data and the start of the lesson's runs: PyTorch's default, or unit normal weights."""
    x, y, w1, w2 = helpers.random_problem(0, 64, 1000, 100, 10)
    W1, b1 = helpers.default_init(1000, 100)
    W2, b2 = helpers.default_init(100, 10)
    return x, y, (W1, b1, W2, b2) if weights == "default" else (w1, b1, w2, b2)


def run(x, y, arrays, optimizer_class, **options):
    net = hw07.TwoLayerNet(*arrays)
    optimizer = optimizer_class(net, **options)
    return np.array([hw07.train_step(net, optimizer, x, y) for _ in range(500)])


GRADIENT_DESCENT = (hw07.Momentum, {"lr": 1e-6, "momentum": 0})
ADAM = (hw07.Adam, {"lr": 1e-4})


@pytest.mark.parametrize(
    ("weights", "method", "first", "last"),
    [
        ("default", GRADIENT_DESCENT, 656.443155, 480.740243),
        ("default", ADAM, 656.443155, 1.71848e-09),
        ("normal", GRADIENT_DESCENT, 26366313.9, 7.37793e-05),
        ("normal", ADAM, 26366313.9, 5906153.77),
    ],
)
def test_runs_of_the_lesson(weights, method, first, last):
    losses = run(*start_of(weights), method[0], **method[1])
    assert losses[[0, -1]] == pytest.approx([first, last], rel=1e-5)


@pytest.mark.torch
def test_adam_from_unit_normal_weights_as_in_pytorch():
    import torch

    torch.manual_seed(0)
    x, y = torch.randn(64, 1000), torch.randn(64, 10)
    layers = [torch.nn.Linear(1000, 100), torch.nn.Linear(100, 10)]
    for layer in layers:
        torch.nn.init.normal_(layer.weight)
    arrays = [a.detach().numpy().astype(float) for layer in layers for a in (layer.weight.T, layer.bias)]
    losses = run(x.numpy().astype(float), y.numpy().astype(float), arrays, hw07.Adam, lr=1e-4)
    assert losses[-1] == pytest.approx(5.1e6, rel=0.01)


def test_small_batches_with_adam_fit_a_small_network():
    x, y, arrays = helpers.small_regression(hw07.he_init)
    net, rng = hw07.TwoLayerNet(*arrays), np.random.default_rng(1)
    optimizer = hw07.Adam(net, lr=0.01)
    for _ in range(100):
        for x_batch, y_batch in hw07.minibatches(x, y, 16, rng):
            hw07.train_step(net, optimizer, x_batch, y_batch)
    assert np.sum((net.forward(x) - y) ** 2) < 0.1 * np.sum(y**2)


# ---------------------------------------------------------------- questions


def test_first_adam_step():
    path = helpers.follow(hw07.Adam(helpers.Arrays(w=[0.0])), [1e-6])
    assert hw07.first_adam_step() == pytest.approx(-path.item(), rel=1e-6)


def test_he_over_glorot():
    he, glorot = (helpers.signals_through_layers(init)[0][-1] for init in (hw07.he_init, hw07.glorot_init))
    assert hw07.he_over_glorot() == pytest.approx(he / glorot, rel=1e-9)


def test_adam_steps_to_one():
    losses = run(*start_of("default"), ADAM[0], **ADAM[1])
    assert hw07.adam_steps_to_one() == np.flatnonzero(losses < 1)[0]


@pytest.fixture
def suspects():
    """What the lesson's cell to search defines: its optimizers, and PLACES."""
    text = (ROOT / "source/hw07_optimizers/lesson.md").read_text()
    names = {"np": np, "Optimizer": hw07.Optimizer}
    exec(text.partition("given: suspects\n---\n")[2].partition("```")[0], names)
    return SimpleNamespace(**names)


GRADIENTS = [[2.0, -0.01], [1.0, 0.5], [-3.0, 4.0]]


def test_nesterov_of_the_lesson_is_right(suspects):
    path = helpers.follow(suspects.Nesterov(helpers.Arrays(w=[1.0, -1.0]), lr=0.1), GRADIENTS)
    w, velocity = np.array([1.0, -1.0]), np.zeros(2)
    for gradient, found in zip(np.array(GRADIENTS), path, strict=True):
        velocity = 0.9 * velocity + gradient
        w = w - 0.1 * (gradient + 0.9 * velocity)
        np.testing.assert_allclose(found, w, rtol=1e-12)


def test_adagrad_of_the_lesson_adds_up_all_entries(suspects):
    model = helpers.Arrays(w=[1.0, -1.0])
    path = helpers.follow(suspects.Adagrad(model, lr=0.1), GRADIENTS)
    totals = np.cumsum(np.sum(np.square(GRADIENTS), axis=1))[:, None]
    np.testing.assert_allclose(np.diff(path, axis=0), (-0.1 * np.array(GRADIENTS) / np.sqrt(totals))[1:], rtol=1e-9)
    (alone,) = helpers.follow(suspects.Adagrad(helpers.Arrays(w=[0.0]), lr=0.1), [2.0])
    np.testing.assert_allclose(alone, -0.1, rtol=1e-9)  # with a single entry there is nothing to see


@pytest.mark.parametrize("size", [30, 3, 1e-3])
def test_clipped_of_the_lesson_makes_short_gradients_longer(suspects, size):
    model = helpers.Arrays(w=[0.0], b=[0.0])
    model.gradients["w"][...], model.gradients["b"][...] = 0.6 * size, 0.8 * size
    suspects.Clipped(model, lr=0.1).step()
    moved = [model.parameters[name].item() for name in ("w", "b")]
    np.testing.assert_allclose(moved, [-0.06, -0.08], rtol=1e-12)
    assert (model.gradients["w"], model.gradients["b"]) == (0.6 * size, 0.8 * size)


def test_broken_optimizers(suspects):
    answer = hw07.broken_optimizers()
    assert sorted(answer) == ["Adagrad", "Clipped"]
    assert set(answer.values()) < set(suspects.PLACES)
