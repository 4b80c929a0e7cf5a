"""The reference of hw06_modules against its golden numbers, numerical derivatives, PyTorch and planted faults."""

from types import SimpleNamespace

import course_helpers as helpers
import numpy as np
import pytest
from conftest import ROOT, load, observations

from gradbook.judging.judge import judge
from gradbook.judging.local import local
from solutions import hw06_modules as hw06

SHAPES = [(1, 1, 1), (4, 3, 2), (7, 2, 5), (3, 6, 1)]  # rows, inputs, outputs


class Tanh(hw06.Model):
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, grad):
        return grad * (1 - self.y**2)


def network():
    return hw06.Sequential(hw06.Linear(4, 7), hw06.ReLU(), hw06.Sequential(hw06.Linear(7, 3), Tanh()))


def fit_line(optimizer_class=hw06.SGD, lr=0.1, n_steps=100):
    x, y, _ = helpers.line_data()
    model, criterion = hw06.Linear(1, 1), hw06.MSELoss()
    losses = hw06.train(model, criterion, optimizer_class(model, lr), x, y, n_steps)
    return model, losses, criterion(model(x), y)


# ---------------------------------------------------------------- models


def test_linear_starts_with_glorot_weights_and_zero_bias():
    np.random.seed(1)
    layer = hw06.Linear(300, 100)
    assert layer.parameters["W"].shape == (300, 100)
    assert np.std(layer.parameters["W"]) == pytest.approx(np.sqrt(2 / 400), rel=0.02)
    assert np.mean(layer.parameters["W"]) == pytest.approx(0, abs=0.002)
    np.testing.assert_array_equal(layer.parameters["b"], np.zeros(100))


def test_linear_forward_by_hand():
    layer = hw06.Linear(2, 3)
    layer.parameters["W"][...] = [[1, 2, 3], [4, 5, 6]]
    layer.parameters["b"][...] = [10, 20, 30]
    np.testing.assert_array_equal(layer(np.array([[1.0, -1.0]])), [[7, 17, 27]])


@pytest.mark.parametrize("make", [hw06.Linear, lambda m, n: hw06.ReLU(), lambda m, n: Tanh()])
@pytest.mark.parametrize(("n", "d_in", "d_out"), SHAPES)
def test_gradients_equal_central_differences(make, n, d_in, d_out):
    np.random.seed(n)
    helpers.check_backward(make(d_in, d_out), np.random.uniform(0.1, 2, (n, d_in)) * (-1) ** np.arange(d_in))


@pytest.mark.parametrize("seed", range(4))
def test_gradients_of_a_nested_network(seed):
    np.random.seed(seed)
    helpers.check_backward(network(), np.random.randn(5, 4))


def test_backward_adds_and_keeps_the_arrays():
    np.random.seed(0)
    model, x, upstream = network(), np.random.randn(5, 4), np.random.randn(5, 3)
    arrays = dict(model.gradients)
    kept = x.copy(), upstream.copy()
    model(x)
    first_input_gradient = model.backward(upstream)
    once = {name: gradient.copy() for name, gradient in model.gradients.items()}
    np.testing.assert_array_equal(model.backward(upstream), first_input_gradient)
    for name, gradient in model.gradients.items():
        assert gradient is arrays[name]
        assert once[name].any()
        np.testing.assert_allclose(gradient, 2 * once[name], rtol=1e-14)
    np.testing.assert_array_equal(x, kept[0])
    np.testing.assert_array_equal(upstream, kept[1])


def test_relu_derivative_at_zero_is_zero():
    relu = hw06.ReLU()
    np.testing.assert_array_equal(relu(np.array([[-2.0, 0.0, 3.0]])), [[0, 0, 3]])
    grad = np.full((1, 3), 5.0)
    np.testing.assert_array_equal(relu.backward(grad), [[0, 0, 5]])
    np.testing.assert_array_equal(grad, [[5, 5, 5]])


def test_sequential_shares_its_layers_arrays_under_unique_names():
    first, second = hw06.Linear(2, 2), hw06.Linear(2, 2)
    model = hw06.Sequential(hw06.Sequential(first), hw06.ReLU(), second)
    assert model.parameters.keys() == model.gradients.keys()
    own = [first.parameters["W"], first.parameters["b"], second.parameters["W"], second.parameters["b"]]
    assert [id(array) for array in model.parameters.values()] == [id(array) for array in own]
    own = [first.gradients["W"], first.gradients["b"], second.gradients["W"], second.gradients["b"]]
    assert [id(array) for array in model.gradients.values()] == [id(array) for array in own]


def test_repr_tells_the_shapes():
    assert repr(hw06.Linear(3, 2)) == "Linear(W (3, 2), b (2,))"


# ---------------------------------------------------------------- loss and optimizer


@pytest.mark.parametrize("shape", [(4, 1), (3, 5), (1, 2)])
def test_mse_loss_and_its_gradient(shape):
    np.random.seed(2)
    output, target = np.random.randn(*shape), np.random.randn(*shape)
    criterion = hw06.MSELoss()
    assert criterion(output, target) == pytest.approx(((output - target) ** 2).sum() / (2 * shape[0]), rel=1e-14)
    numerical = helpers.numerical_gradient(lambda at: hw06.MSELoss()(at, target), output)
    np.testing.assert_allclose(criterion.backward(), numerical, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(criterion.backward(-3.0), -3 * numerical, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("shapes", [((4,), (4, 1)), ((4, 1), (4,)), ((3, 2), (1, 2))])
def test_mse_loss_refuses_unequal_shapes(shapes):
    with pytest.raises(ValueError, match="differ"):
        hw06.MSELoss()(*(np.zeros(shape) for shape in shapes))


def test_sgd_moves_and_clears_in_place():
    model = network()
    parameters, gradients = dict(model.parameters), dict(model.gradients)
    before = {name: array.copy() for name, array in parameters.items()}
    for gradient in gradients.values():
        gradient[...] = np.random.randn(*gradient.shape)
    pulls = {name: array.copy() for name, array in gradients.items()}
    optimizer = hw06.SGD(model, lr=0.3)
    optimizer.step()
    for name, parameter in parameters.items():
        assert model.parameters[name] is parameter
        np.testing.assert_allclose(parameter, before[name] - 0.3 * pulls[name], rtol=1e-14)
        np.testing.assert_array_equal(gradients[name], pulls[name])
    optimizer.zero_grad()
    assert all(model.gradients[name] is gradients[name] and not gradients[name].any() for name in gradients)


@pytest.mark.parametrize(
    ("base", "method", "arguments"),
    [
        (hw06.Model, "forward", [None]),
        (hw06.Model, "backward", [None]),
        (hw06.Criterion, "forward", [None, None]),
        (hw06.Criterion, "backward", []),
        (lambda: hw06.Optimizer(None), "step", []),
        (lambda: hw06.Optimizer(None), "zero_grad", []),
    ],
)
def test_a_base_class_says_what_is_missing(base, method, arguments):
    with pytest.raises(NotImplementedError, match=method):
        getattr(base(), method)(*arguments)


# ---------------------------------------------------------------- the line fit


def test_line_fit_golden_numbers():
    helpers.line_data()
    start = hw06.Linear(1, 1).parameters
    assert (start["W"].item(), start["b"].item()) == (pytest.approx(0.144043571, abs=5e-10), 0)
    model, losses, _ = fit_line()
    assert model.parameters["W"].item() == pytest.approx(2.65306546, abs=5e-9)
    assert model.parameters["b"].item() == pytest.approx(0.52395645, abs=5e-9)
    assert losses[0] == pytest.approx(25.8716, abs=5e-5)
    assert losses[-1] == pytest.approx(0.348281, abs=5e-7)


def test_line_fit_is_not_the_least_squares_line_yet():
    x, y, _ = helpers.line_data()
    design = np.hstack([x, np.ones_like(x)])
    a, b = np.linalg.lstsq(design, y, rcond=None)[0].ravel()
    assert (a, b) == (pytest.approx(2.65972796, abs=5e-9), pytest.approx(0.50363526, abs=5e-9))
    model, _, _ = fit_line(n_steps=3000)
    assert model.parameters["W"].item() == pytest.approx(a, abs=1e-9)
    assert 2 / np.linalg.eigvalsh(design.T @ design / 10).max() == pytest.approx(0.25437, abs=5e-6)


def test_line_fit_equals_closed_form_sums():
    x, y, _ = helpers.line_data()
    start = hw06.Linear(1, 1).parameters["W"].item()
    model, _, _ = fit_line()
    a, b = helpers.fit_line_by_sums(x, y, start, 0.0, 0.1, 100)
    assert model.parameters["W"].item() == pytest.approx(a, abs=1e-8)
    assert model.parameters["b"].item() == pytest.approx(b, abs=1e-8)


def test_line_fit_without_zero_grad():
    class Forgetful(hw06.SGD):
        def zero_grad(self):
            pass

    model, _, _ = fit_line(Forgetful)
    assert model.parameters["W"].item() == pytest.approx(3.66294426, abs=5e-9)
    assert model.parameters["b"].item() == pytest.approx(0.56427159, abs=5e-9)


# ---------------------------------------------------------------- the gradient checker


RIGHT = {
    "linear": lambda: hw06.Linear(5, 3),
    "relu": hw06.ReLU,
    "tanh": Tanh,
    "network": lambda: hw06.Sequential(hw06.Linear(5, 9), hw06.ReLU(), hw06.Linear(9, 4), Tanh()),
    "scaling": lambda: helpers.Scaling(5),
    "magnitude": helpers.Magnitude,
}


@pytest.mark.parametrize(
    ("kind", "scale"), [*((kind, 1) for kind in RIGHT), ("linear", 1e-6), ("linear", 1e3), ("network", 0.03)]
)
def test_check_passes_right_models_every_time(kind, scale):
    for seed in range(30):
        np.random.seed(seed)
        model = RIGHT[kind]()
        for parameter in model.parameters.values():
            parameter *= scale
        check = hw06.GradientCheck(model, input_shape=(6, 5), sample=20)
        assert check.check()
        assert check.check()


def test_check_passes_a_relu_however_near_its_kink():
    np.random.seed(0)
    for _ in range(200):
        near = np.random.randn(5, 4) * 10 ** np.random.uniform(-6, 0, (5, 4))
        assert hw06.GradientCheck(hw06.ReLU(), near).check()


class Faulty(hw06.Linear):
    """A Linear layer whose backward is right but for the fault."""

    def __init__(self, fault):
        super().__init__(20, 10)
        self.fault = fault

    def backward(self, grad):
        return FAULTS[self.fault](self.gradients, super().backward(grad))


def _one_entry(gradients, grad_x):
    gradients["W"][13, 7] *= 1.001
    return grad_x


def _sign(gradients, grad_x):
    gradients["W"] *= -1
    return grad_x


def _replace(name, value):
    def fault(gradients, grad_x):
        gradients[name] = value(gradients[name])
        return grad_x

    return fault


FAULTS = {
    "one entry": _one_entry,
    "sign": _sign,
    "no gradient": _replace("b", lambda gradient: None),
    "shape": _replace("b", lambda gradient: gradient[None, :]),
    "no sum over the rows": _replace("b", lambda gradient: gradient / 3),
    "no input gradient": lambda gradients, grad_x: None,
    "transposed input gradient": lambda gradients, grad_x: grad_x.T,
    "input entry": lambda gradients, grad_x: grad_x + 1e-3 * np.eye(*grad_x.shape, 2),
    "nan": _replace("b", lambda gradient: gradient * np.nan),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_check_flags_every_fault_every_time(fault, capsys):
    for seed in range(20):
        np.random.seed(seed)
        model = Faulty(fault)
        assert hw06.GradientCheck(model, input_shape=(3, 20), sample=5).check() is False
        assert "gradient of" in capsys.readouterr().out


@pytest.mark.parametrize("fault", helpers.Scaling.faults)
def test_check_flags_the_helpers_faults(fault):
    np.random.seed(3)
    for _ in range(20):
        assert hw06.GradientCheck(helpers.Scaling(7, fault), input_shape=(5, 7)).check() is False


@pytest.mark.parametrize("scale", [1e-3, 1e-6, 1e-9])
def test_check_flags_a_flipped_sign_where_weights_are_tiny(scale):
    class Flipped(hw06.Linear):
        def backward(self, grad):
            return -super().backward(grad)

    for seed in range(10):
        np.random.seed(seed)
        model = Flipped(4, 3)
        model.parameters["W"] *= scale
        assert hw06.GradientCheck(model, input_shape=(5, 4)).check() is False


@pytest.mark.parametrize(("model", "d_in", "right"), [(network(), 4, True), (Faulty("sign"), 20, False)])
def test_check_leaves_the_model_as_it_was(model, d_in, right):
    np.random.seed(4)
    x = np.random.randn(3, d_in)
    kept_x = x.copy()
    arrays, before = dict(model.parameters), {k: v.copy() for k, v in model.parameters.items()}
    for gradient in model.gradients.values():
        gradient[...] = 7  # what a forgotten zero_grad leaves behind must not disturb the check
    assert hw06.GradientCheck(model, x).check() is right
    for name, parameter in model.parameters.items():
        assert parameter is arrays[name]
        assert parameter.tobytes() == before[name].tobytes()
        assert not model.gradients[name].any()
    np.testing.assert_array_equal(x, kept_x)


@pytest.mark.parametrize(("sample", "expected"), [(1, 1), (30, 30), (100, 35)])
def test_check_array_draws_that_many_different_entries(sample, expected, monkeypatch):
    layer = helpers.Scaling(35)
    check = hw06.GradientCheck(layer, input_shape=(2, 35), sample=sample)
    directions = []
    monkeypatch.setattr(check, "agrees", lambda array, gradient, direction: directions.append(direction) or True)
    assert check.check_array("s", layer.parameters["s"], layer.gradients["s"])
    assert np.all(np.abs(directions[0]) >= 0.5)
    units = {int(np.flatnonzero(direction).item()) for direction in directions[1:]}
    assert len(units) == len(directions) - 1 == expected


def test_slope_is_that_of_the_loss():
    np.random.seed(5)
    layer = helpers.Scaling(4)
    check = hw06.GradientCheck(layer, input_shape=(3, 4))
    direction = np.random.randn(4)
    exact = np.sum(check.upstream * check.input * direction)
    before = layer.parameters["s"].tobytes()
    assert check.slope(layer.parameters["s"], direction, 1e-4) == pytest.approx(exact, rel=1e-9)
    assert layer.parameters["s"].tobytes() == before


@pytest.mark.parametrize("near", [3e-5, 2e-7, -4e-9])
def test_agrees_shrinks_its_step_near_a_kink(near):
    check = hw06.GradientCheck(hw06.ReLU(), np.array([[near, 1.0]]))
    gradient = check.upstream * [[near > 0, 1]]
    direction = np.array([[1.0, 0.0]])
    assert check.agrees(check.input, gradient, direction) is True
    assert check.agrees(check.input, gradient + check.upstream * 1e-3, direction) is False


def test_gradient_check_takes_whole_numbers():
    assert hw06.GradientCheck(hw06.Linear(2, 3), [[1, 2], [3, -4]]).check()


def test_gradient_check_wants_an_input():
    with pytest.raises(ValueError, match="input_shape"):
        hw06.GradientCheck(hw06.ReLU())


STEPS = {"slope": 0.5, "agrees": 0.75, "check_array": 0.5, "check": 2.25}


@pytest.mark.parametrize("written", range(5))
def test_each_step_of_the_checker_earns_its_own_points(written):
    source = load("hw06_modules").reference
    for name in list(STEPS)[written:]:
        method = source.index(f"    def {name}(self")
        start, end = (source.index(f"### {word} SOLUTION", method) for word in ("BEGIN", "END"))
        source = f'{source[:start]}raise NotImplementedError("GradientCheck.{name}")\n        {source[end:]}'
    verdict = judge(observations("hw06_modules"), local(source))
    earned = sum(finding.points for finding in verdict if finding.about == "GradientCheck")
    assert earned == sum(list(STEPS.values())[:written])


# ---------------------------------------------------------------- questions


def test_largest_stable_rate():
    stable = []
    for percent in range(20, 31):
        _, losses, last = fit_line(lr=percent / 100, n_steps=200)
        if last < losses[0]:
            stable.append(percent / 100)
    assert hw06.largest_stable_rate() == max(stable) < 0.30


@pytest.fixture
def suspects():
    """What the lesson's cell to search defines: its modules, and PLACES."""
    text = (ROOT / "source/hw06_modules/lesson.md").read_text()
    names = {"np": np, "Model": hw06.Model}
    exec(text.partition("given: suspects\n---\n")[2].partition("```")[0], names)
    return SimpleNamespace(**names)


def test_broken_modules(suspects):
    np.random.seed(9)
    x, upstream = np.random.randn(3, 5), np.random.randn(4, 5)
    columns = suspects.Columns(3, 4)
    assert hw06.GradientCheck(columns, x).check()
    columns(x)
    columns.backward(upstream)
    once = {name: gradient.copy() for name, gradient in columns.gradients.items()}
    columns.backward(upstream)
    np.testing.assert_allclose(columns.gradients["W"], 2 * once["W"])
    np.testing.assert_array_equal(columns.gradients["b"], once["b"])

    tanh = suspects.Tanh()
    np.testing.assert_array_equal(tanh(x), np.tanh(x))
    assert not hw06.GradientCheck(tanh, x).check()
    tanh.kept = np.tanh(x)
    np.testing.assert_allclose(tanh.backward(np.ones(x.shape)), 1 - np.tanh(x) ** 2)

    residual = suspects.Residual(hw06.Linear(5, 5))
    helpers.check_backward(residual, x)
    residual(x)
    first = residual.backward(x), residual.gradients["W"].copy()
    np.testing.assert_array_equal(residual.backward(x), first[0])
    np.testing.assert_allclose(residual.gradients["W"], 2 * first[1])

    answer = hw06.broken_modules()
    assert sorted(answer) == ["Columns", "Tanh"]
    assert set(answer.values()) < set(suspects.PLACES)


def test_one_layer_in_two_places_has_a_wrong_gradient():
    np.random.seed(8)
    layer = hw06.Linear(4, 4)
    assert not hw06.GradientCheck(hw06.Sequential(layer, hw06.ReLU(), layer), input_shape=(6, 4)).check()


def test_chance_of_missing():
    draws = np.random.default_rng(0).integers(200, size=(20000, 100))
    assert hw06.chance_of_missing() == pytest.approx(np.mean((draws != 17).all(axis=1)), abs=0.01)


# ---------------------------------------------------------------- PyTorch


@pytest.mark.torch
def test_network_and_loss_equal_pytorch():
    import torch

    np.random.seed(6)
    model = hw06.Sequential(hw06.Linear(4, 6), hw06.ReLU(), hw06.Linear(6, 3))
    x, y = np.random.randn(5, 4), np.random.randn(5, 3)
    criterion = hw06.MSELoss()
    loss = criterion(model(x), y)
    grad_x = model.backward(criterion.backward())

    tensors = {name: torch.tensor(array, requires_grad=True) for name, array in model.parameters.items()}
    tx = torch.tensor(x, requires_grad=True)
    hidden = torch.relu(tx @ tensors["0.W"] + tensors["0.b"])
    error = hidden @ tensors["2.W"] + tensors["2.b"] - torch.tensor(y)
    torch_loss = (error**2).sum() / 10
    torch_loss.backward()
    assert loss == pytest.approx(torch_loss.item(), rel=1e-12)
    np.testing.assert_allclose(grad_x, tx.grad.numpy(), rtol=1e-10)
    for name, gradient in model.gradients.items():
        np.testing.assert_allclose(gradient, tensors[name].grad.numpy(), rtol=1e-10)
