"""The reference of hw08: each step against the one before, and against the NumPy homeworks it carries over."""

import course_helpers
import jupytext
import numpy as np
import pytest
from conftest import ROOT

from solutions import hw03_linear_chain as hw03
from solutions import hw05_two_layer_relu as hw05

pytestmark = pytest.mark.torch

SHAPES = [(6, 5, 4, 2), (3, 2, 7, 1), (1, 4, 3, 2)]  # n, d_in, h, d_out
FULL = (64, 1000, 100, 10)
SMALL = (32, 20, 16, 3)


@pytest.fixture(scope="module")
def torch():
    import torch

    torch.set_num_threads(1)
    return torch


@pytest.fixture(scope="module")
def hw(torch):
    from solutions import hw08_numpy_to_pytorch

    return hw08_numpy_to_pytorch


@pytest.fixture
def tensors(torch):
    """Seed and shape -> x, y, w1, w2 as tensors."""
    return lambda seed, shape: [torch.from_numpy(a) for a in course_helpers.random_problem(seed, *shape)]


def sequential(hw, torch, w1, w2, bias=False):
    layers = torch.nn.Linear(*w1.shape, bias=bias), torch.nn.ReLU(), torch.nn.Linear(*w2.shape, bias=bias)
    return hw.copy_weights(torch.nn.Sequential(*layers).to(w1.dtype), w1, w2)


def module(hw, torch, w1, w2):
    return hw.copy_weights(hw.TwoLayerNet(*w1.shape, w2.shape[1]).to(w1.dtype), w1, w2)


def five_ways(hw, torch, x, y, w1, w2, lr, n_iter):
    """Name of the way -> its losses."""

    def optim(model):
        return hw.train_optim(model, x, y, torch.optim.SGD(model.parameters(), lr=lr), n_iter)

    return {
        "manual": hw.train_manual(x, y, w1, w2, lr, n_iter),
        "autograd": hw.train_autograd(x, y, w1, w2, lr, n_iter),
        "sequential": hw.train_sequential(sequential(hw, torch, w1, w2), x, y, lr, n_iter),
        "optim": optim(sequential(hw, torch, w1, w2)),
        "module": optim(module(hw, torch, w1, w2)),
    }


# ---------------------------------------------------------------- same start, same numbers


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("shape", [SMALL, *SHAPES])
def test_all_ways_are_the_numpy_run(hw, torch, tensors, shape, seed):
    x, y, w1, w2 = course_helpers.random_problem(seed, *shape)
    expected = hw05.TwoLayerNet(w1, w2).train(x, y, 2e-4, 50)
    np.testing.assert_allclose(hw.train_numpy(x, y, w1, w2, 2e-4, 50), expected, rtol=1e-12)
    for name, losses in five_ways(hw, torch, *tensors(seed, shape), 2e-4, 50).items():
        assert all(type(loss) is float for loss in losses), name
        np.testing.assert_allclose(losses, expected, rtol=1e-12, err_msg=name)


@pytest.mark.parametrize("shape", SHAPES)
def test_all_ways_agree_in_float32_to_the_stated_tolerance(hw, torch, tensors, shape):
    arrays = course_helpers.random_problem(0, *shape)
    single = [tensor.float() for tensor in tensors(0, shape)]
    for name, losses in five_ways(hw, torch, *single, 2e-4, 50).items():
        np.testing.assert_allclose(losses, hw.train_numpy(*arrays, 2e-4, 50), rtol=1e-4, err_msg=name)


def test_the_large_run(hw, torch, tensors):
    expected = [26365524.19, 18539004.96, 14019258.77]
    numpy_losses = hw.train_numpy(*course_helpers.random_problem(0, *FULL), 1e-6, 100)
    manual = hw.train_manual(*tensors(0, FULL), 1e-6, 500)
    assert np.round(manual[:3], 2).tolist() == expected
    assert manual[9] == pytest.approx(1836295.70, abs=0.005)
    assert manual[499] == pytest.approx(6.947019e-05, rel=1e-7)
    np.testing.assert_allclose(manual[:100], numpy_losses, rtol=1e-12)
    single = [tensor.float() for tensor in tensors(0, FULL)]
    np.testing.assert_allclose(hw.train_manual(*single, 1e-6, 100), numpy_losses, rtol=1e-4)


@pytest.mark.parametrize("shape", [FULL, *SHAPES])
def test_autograd_is_manual_to_all_digits(hw, tensors, shape):
    problem, lr = tensors(0, shape), 1e-6 if shape == FULL else 1e-3
    assert hw.train_autograd(*problem, lr, 40) == hw.train_manual(*problem, lr, 40)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("way", ["train_manual", "train_autograd"])
def test_the_first_step_follows_the_numerical_gradient(hw, torch, tensors, shape, way):
    x, y, w1, w2 = course_helpers.random_problem(1, *shape)
    assert np.abs(x @ w1).min() > 1e-3, "a kink within reach of the differences: take another seed"

    def loss(w1, w2):
        return np.sum((np.maximum(x @ w1, 0) @ w2 - y) ** 2)

    lr = 1e-3
    g1 = course_helpers.numerical_gradient(lambda w: loss(w, w2), w1)
    g2 = course_helpers.numerical_gradient(lambda w: loss(w1, w), w2)
    losses = getattr(hw, way)(*tensors(1, shape), lr, 2)
    assert losses == pytest.approx([loss(w1, w2), loss(w1 - lr * g1, w2 - lr * g2)], rel=1e-7)


@pytest.mark.parametrize("way", ["train_manual", "train_autograd"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_callers_tensors_stay(hw, torch, tensors, way, dtype):
    problem = [tensor.to(getattr(torch, dtype)) for tensor in tensors(0, SMALL)]
    before = [tensor.clone() for tensor in problem]
    getattr(hw, way)(*problem, 2e-4, 3)
    for now, then in zip(problem, before, strict=True):
        assert torch.equal(now, then)
        assert not now.requires_grad
        assert now.grad is None


# ---------------------------------------------------------------- models and optimizers


@pytest.mark.parametrize("bias", [False, True])
def test_sequential_is_optim_with_plain_sgd(hw, torch, tensors, bias):
    x, y, w1, w2 = tensors(0, SMALL)
    one, other = sequential(hw, torch, w1, w2, bias), sequential(hw, torch, w1, w2, bias)
    losses = hw.train_sequential(one, x, y, 2e-4, 30)
    same = hw.train_optim(other, x, y, torch.optim.SGD(other.parameters(), lr=2e-4), 30)
    np.testing.assert_allclose(losses, same, rtol=1e-12)
    for a, b in zip(one.parameters(), other.parameters(), strict=True):
        np.testing.assert_allclose(a.detach(), b.detach(), rtol=1e-12, atol=1e-15)


def test_a_forgotten_zero_ends_in_nan(hw, torch, tensors):
    x, y, w1, w2 = tensors(0, FULL)
    w1, w2 = w1.requires_grad_(), w2.requires_grad_()
    losses = []
    for _ in range(500):
        loss = (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            for w in (w1, w2):
                w -= 1e-6 * w.grad
    assert np.isnan(losses[490])
    assert int(np.argmin(np.isfinite(losses))) == hw.first_overflow()


def test_starts_and_optimizers_of_the_lesson(hw, torch, tensors):
    """The default start barely moves at 1e-6 and converges with Adam; for unit-normal weights it is the reverse."""
    x, y = (tensor.float() for tensor in tensors(0, FULL)[:2])
    ratio = {}
    for normal in (False, True):
        for adam in (False, True):
            torch.manual_seed(0)
            model = torch.nn.Sequential(torch.nn.Linear(1000, 100), torch.nn.ReLU(), torch.nn.Linear(100, 10))
            if normal:
                torch.nn.init.normal_(model[0].weight)
                torch.nn.init.normal_(model[2].weight)
            if adam:
                losses = hw.train_optim(model, x, y, torch.optim.Adam(model.parameters(), lr=1e-4), 500)
            else:
                losses = hw.train_sequential(model, x, y, 1e-6, 500)
            assert losses[0] == pytest.approx(4e7 if normal else 670, rel=0.1)
            ratio[normal, adam] = losses[-1] / losses[0]
    assert 0.5 < ratio[False, False] < 0.9
    assert ratio[True, False] < 1e-9
    assert ratio[False, True] < 1e-10
    assert ratio[True, True] > 0.1


def test_two_layer_net_registers_what_it_uses(hw, torch):
    net = hw.TwoLayerNet(5, 4, 3)
    assert {name: tuple(p.shape) for name, p in net.named_parameters()} == {
        "linear1.weight": (4, 5),
        "linear2.weight": (3, 4),
    }
    x = torch.randn(6, 5)
    expected = torch.relu(x @ net.linear1.weight.T) @ net.linear2.weight.T
    torch.testing.assert_close(net(x), expected)


# ---------------------------------------------------------------- batches


def loader_of(torch, x, y, batch_size):
    data = torch.utils.data.TensorDataset(x, y)
    return torch.utils.data.DataLoader(data, batch_size=batch_size)


@pytest.mark.parametrize("batch_size", [1, 3, 4, 10, 11])
def test_evaluate_is_the_mean_over_rows_whatever_the_batches(hw, torch, batch_size):
    torch.manual_seed(0)
    x, y = torch.randn(10, 3, dtype=torch.float64), torch.randn(10, 2, dtype=torch.float64)
    model = torch.nn.Linear(3, 2, dtype=torch.float64)
    expected = hw.half_squared_error(model(x), y).item()
    assert expected == pytest.approx(0.5 * ((model(x) - y) ** 2).sum().item() / 10)
    for train in (True, False):
        model.train(train)
        assert hw.evaluate(model, loader_of(torch, x, y, batch_size), hw.half_squared_error) == pytest.approx(expected)
        assert model.training is train


def test_train_epoch_is_the_loop_written_out(hw, torch):
    torch.manual_seed(0)
    x, y = torch.randn(10, 3, dtype=torch.float64), torch.randn(10, 1, dtype=torch.float64)
    model = torch.nn.Linear(3, 1, dtype=torch.float64).eval()
    w, b = model.weight.detach().numpy().copy(), model.bias.detach().numpy().copy()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    total = 0.0
    for rows in (slice(0, 4), slice(4, 8), slice(8, 10)):
        error = x[rows].numpy() @ w.T + b - y[rows].numpy()
        total += np.sum(error**2)
        w -= 0.1 * 2 * error.T @ x[rows].numpy() / len(error)
        b -= 0.1 * 2 * error.mean(axis=0)
    mean = hw.train_epoch(model, loader_of(torch, x, y, 4), torch.nn.MSELoss(), optimizer)
    assert mean == pytest.approx(total / 10, rel=1e-12)
    np.testing.assert_allclose(model.weight.detach(), w, rtol=1e-12)
    np.testing.assert_allclose(model.bias.detach(), b, rtol=1e-12)
    assert model.training


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda y: y.squeeze(), "reshape"),
        (lambda y: y.repeat(1, 2), "reshape"),
        (lambda y: y.long(), "convert"),
        (lambda y: y.double(), "convert"),
    ],
)
def test_targets_that_do_not_match_are_refused(hw, torch, change, word):
    x, y = torch.randn(4, 3), torch.randn(4, 1)
    model = torch.nn.Linear(3, 1)
    loader = loader_of(torch, x, change(y), 2)
    with pytest.raises(ValueError, match=word):
        hw.evaluate(model, loader, torch.nn.MSELoss())
    with pytest.raises(ValueError, match=word):
        hw.train_epoch(model, loader, torch.nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=0.1))


def test_evaluate_leaves_no_trace(hw, torch):
    model = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.BatchNorm1d(8), torch.nn.Linear(8, 1))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    hw.evaluate(model, loader_of(torch, torch.randn(6, 3), torch.randn(6, 1), 4), torch.nn.MSELoss())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())


# ---------------------------------------------------------------- the chain of halves


def chain_losses(hw, torch, loss_fn):
    one = torch.ones(1, 1, dtype=torch.float64)
    model, loader = hw.chain_of_halves(), loader_of(torch, one.repeat(1, 2), one, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return model, [hw.train_epoch(model, loader, loss_fn, optimizer) for _ in range(50)]


def test_the_chain_is_the_run_of_hw03(hw, torch):
    x, y, w, _ = hw03.worked_example()
    w, _, expected = hw03.train(x, y, w, 0.1, 50)
    model, losses = chain_losses(hw, torch, hw.half_squared_error)
    np.testing.assert_allclose(losses, expected, rtol=1e-12, atol=1e-15)
    for parameter, matrix in zip(model.parameters(), w, strict=True):
        np.testing.assert_allclose(parameter.detach(), matrix, rtol=1e-12)
    assert np.round(losses[:4], 9).tolist() == [0.125, 0.011353361, 0.002283115, 0.000533476]


def test_l1_oscillates_where_half_squares_converge(hw, torch):
    _, losses = chain_losses(hw, torch, torch.nn.L1Loss())
    assert max(losses[-10:]) > 0.3
    assert int(np.sum(np.diff(losses) > 0)) == hw.rises_with_l1()


# ---------------------------------------------------------------- find the bug


@pytest.fixture(scope="module")
def functions(torch):
    """What the lesson's cell with the three functions defines."""
    cells = jupytext.read(ROOT / "source/hw08_numpy_to_pytorch/lesson.md").cells
    (cell,) = (cell for cell in cells if cell.metadata.get("given") == "three_functions")
    names = {"torch": torch}
    exec(cell.source, names)
    return names


def inputs_of(torch, name, rows, columns, size=1.0):
    torch.manual_seed(0)
    shapes = {"Affine": [(rows, 4), (columns, 4), (columns,)], "Squash": [(rows, columns)]}
    pair = [(rows, columns)] * 2
    return [(size * torch.randn(*s, dtype=torch.float64)).requires_grad_() for s in shapes.get(name, pair)]


def passes(torch, function, inputs):
    return torch.autograd.gradcheck(function.apply, inputs, raise_exception=False)


def test_the_broken_functions_are_those_that_gradcheck_refuses(hw, torch, functions):
    broken = hw.broken_functions()
    names = ("Affine", "Squash", "MeanSquare")
    assert {name for name in names if not passes(torch, functions[name], inputs_of(torch, name, 3, 2))} == set(broken)
    assert set(broken.values()) < set(functions["PLACES"])


def test_what_is_wrong_in_each_is_where_the_answer_says(torch, functions):
    (z,) = inputs_of(torch, "Squash", 3, 2)
    functions["Squash"].apply(z).sum().backward()
    torch.testing.assert_close(z.grad, 1 - z.detach() ** 2)
    prediction, target = inputs_of(torch, "MeanSquare", 3, 2)
    functions["MeanSquare"].apply(prediction, target).backward()
    torch.testing.assert_close(prediction.grad, 2 * (prediction - target).detach() / 3)
    torch.testing.assert_close(target.grad, -prediction.grad)


def test_in_special_places_they_look_right(torch, functions):
    """As the lesson says: with a single column, close to 0."""
    assert passes(torch, functions["MeanSquare"], inputs_of(torch, "MeanSquare", 3, 1))
    assert passes(torch, functions["Squash"], inputs_of(torch, "Squash", 3, 2, 1e-4))


def test_the_functions_predict_what_they_say(torch, functions):
    x, weight, bias = inputs_of(torch, "Affine", 3, 2)
    torch.testing.assert_close(functions["Affine"].apply(x, weight, bias), torch.nn.functional.linear(x, weight, bias))
    prediction, target = inputs_of(torch, "MeanSquare", 3, 2)
    expected = torch.nn.functional.mse_loss(prediction, target)
    torch.testing.assert_close(functions["MeanSquare"].apply(prediction, target), expected)
    torch.testing.assert_close(functions["Squash"].apply(prediction), prediction.tanh())
