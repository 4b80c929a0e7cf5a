"""hw03: a chain of matrices, with and without biases."""

import course_helpers
import numpy as np
import pytest
from lessons import demo

from solutions import hw03_linear_chain as hw03

SHAPES = [
    [(3, 2)],
    [(3, 2), (2, 3), (1, 2)],
    [(4, 2), (3, 4), (5, 3), (2, 5), (3, 2)],
]
RATES = np.arange(1, 21) * 0.05


def random_chain(shapes, bias, seed=0):
    rng = np.random.default_rng(seed)
    w = [rng.normal(size=shape) for shape in shapes]
    b = [rng.normal(size=rows) for rows, _ in shapes] if bias else None
    return np.array([2.0, 0.5]), rng.normal(size=shapes[-1][0]), w, b


def run(eta, steps, bias=False):
    x, y, w, b = hw03.worked_example(bias)
    with np.errstate(over="ignore", invalid="ignore"):
        return hw03.train(x, y, w, eta, steps, b)


def assert_filled(arrays, shapes, values, atol=1e-12):
    """Every array has its shape and the one value all over."""
    assert [a.shape for a in arrays] == shapes
    for array, value in zip(arrays, values, strict=True):
        np.testing.assert_allclose(array, value, rtol=0, atol=atol)


def assert_gradient(gradient, function, at):
    assert gradient.shape == at.shape
    np.testing.assert_allclose(gradient, course_helpers.numerical_gradient(function, at), rtol=1e-5, atol=1e-7)


VECTORS, MATRICES = [(3,), (2,), (1,)], [(3, 2), (2, 3), (1, 2)]


@pytest.mark.parametrize(
    "bias, z_values, deltas",
    [
        (False, (1, 1.5, 1.5), (0.25, 0.25, 0.5)),
        (True, (1.5, 2.75, 3.25), (1.125, 1.125, 2.25)),
    ],
)
def test_forward_and_backward(bias, z_values, deltas):
    x, y, w, b = hw03.worked_example(bias)
    z = hw03.forward(x, w, b)
    assert_filled(z, VECTORS, z_values)
    assert_filled(hw03.backward(y, w, z), VECTORS, deltas)


@pytest.mark.parametrize(
    "bias, eta, w_values, b_values",
    [
        (False, 1, (0.25, 0.25, -0.25), None),
        (True, 1, (-0.625, -1.1875, -5.6875), (-0.625, -0.625, -1.75)),
        (True, 0.1, (0.3875, 0.33125, -0.11875), (0.3875, 0.3875, 0.275)),
    ],
)
def test_one_update(bias, eta, w_values, b_values):
    w, b, _ = run(eta, 1, bias)
    assert_filled(w, MATRICES, w_values)
    if bias:
        assert_filled(b, VECTORS, b_values)
    else:
        assert b is None


def test_fifty_steps_without_biases():
    w, b, losses = run(0.1, 50)
    assert b is None and losses.shape == (50,)
    assert_filled(w, MATRICES, (0.46395027, 0.46395027, 0.38714699), atol=5e-9)
    np.testing.assert_allclose(losses[:4], [0.125, 0.011353361, 0.002283115, 0.000533476], rtol=0, atol=5e-10)
    x, y, _, _ = hw03.worked_example()
    z = hw03.forward(x, w)
    assert_filled(z, VECTORS, (0.92790055, 1.29149914, 1), atol=5e-9)
    assert max(np.abs(d).max() for d in hw03.backward(y, w, z)) < 1e-12
    assert_filled(hw03.forward(np.array([2.0, 2.0]), w), VECTORS, (1.85580109, 2.58299827, 2), atol=5e-9)


def test_fifty_steps_with_biases():
    w, b, _ = run(0.1, 50, bias=True)
    assert_filled(w, MATRICES, (0.38379541, 0.32491146, 0.17599603), atol=5e-9)
    assert_filled(b, VECTORS, (0.38379541, 0.38218135, 0.47043602), atol=5e-9)


def test_loss_is_half_the_sum():
    z = [np.array([9.0]), np.array([3.0, -1.0])]
    assert hw03.loss(z, np.array([1.0, 2.0])) == 6.5


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("bias", [False, True])
def test_forward_applies_one_layer_after_the_other(shapes, bias):
    x, _, w, b = random_chain(shapes, bias)
    signal = x
    for i, z in enumerate(hw03.forward(x, w, b)):
        signal = np.einsum("jk,k->j", w[i], signal) + (b[i] if bias else 0)
        np.testing.assert_allclose(z, signal, rtol=1e-12)
    assert i == len(w) - 1


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("eta", [0.3, 1.0])
def test_update_steps_along_the_numerical_gradient(shapes, bias, eta):
    x, y, w, b = random_chain(shapes, bias)
    z = hw03.forward(x, w, b)
    new_w, new_b = hw03.update(x, w, z, hw03.backward(y, w, z), eta, b)
    for i in range(len(w)):

        def loss_of_w(v, i=i):
            return hw03.loss(hw03.forward(x, [*w[:i], v, *w[i + 1 :]], b), y)

        def loss_of_b(v, i=i):
            return hw03.loss(hw03.forward(x, w, [*b[:i], v, *b[i + 1 :]]), y)

        assert_gradient((w[i] - new_w[i]) / eta, loss_of_w, w[i])
        if bias:
            assert_gradient((b[i] - new_b[i]) / eta, loss_of_b, b[i])


@pytest.mark.parametrize("shapes", SHAPES)
def test_delta_is_the_gradient_of_each_output(shapes):
    x, y, w, b = random_chain(shapes, bias=True)
    z = hw03.forward(x, w, b)
    for i, delta in enumerate(hw03.backward(y, w, z)):
        # From layer i on, the network is a shorter chain that has z[i] for its input.
        def loss_above(z_i, i=i):
            return hw03.loss([z_i, *hw03.forward(z_i, w[i + 1 :], b[i + 1 :])], y)

        assert_gradient(delta, loss_above, z[i])


@pytest.mark.parametrize("bias", [False, True])
def test_nothing_of_the_caller_is_written_to_or_shared(bias):
    x, y, w, b = random_chain(SHAPES[2], bias)
    z = hw03.forward(x, w, b)
    delta = hw03.backward(y, w, z)
    passed = [x, y, *w, *(b or []), *z, *delta]
    before = [array.copy() for array in passed]
    new_w, new_b = hw03.update(x, w, z, delta, 0.3, b)
    new_delta = hw03.backward(y, w, z)
    for array in [*new_w, *(new_b or []), *new_delta]:
        assert not any(np.shares_memory(array, old) for old in passed)
        array[...] = 0
    assert all(np.array_equal(array, old) for array, old in zip(passed, before, strict=True))
    assert new_w is not w and (b is None or new_b is not b)


def test_worked_example_is_fresh_each_time():
    w = hw03.worked_example(bias=True)[2]
    w[0][:] = 0
    assert hw03.worked_example(bias=True)[2][0].all()


@pytest.mark.torch
@pytest.mark.parametrize("bias", [False, True])
def test_fifty_steps_are_those_of_pytorch(bias):
    import torch

    x, y, w, b = hw03.worked_example(bias)
    layers = [torch.nn.Linear(*matrix.shape[::-1], bias=bias, dtype=torch.float64) for matrix in w]
    for parameter in (parameters := [p for layer in layers for p in layer.parameters()]):
        torch.nn.init.constant_(parameter, 0.5)
    optimizer = torch.optim.SGD(parameters, lr=0.1)
    losses = []
    for _ in range(50):
        optimizer.zero_grad()
        output = torch.nn.Sequential(*layers)(torch.from_numpy(x))
        loss = 0.5 * torch.sum((output - torch.from_numpy(y)) ** 2)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    new_w, new_b, expected = hw03.train(x, y, w, 0.1, 50, b)
    np.testing.assert_allclose(losses, expected, rtol=1e-9, atol=1e-22)  # round-off
    for i, layer in enumerate(layers):
        np.testing.assert_allclose(layer.weight.detach().numpy(), new_w[i], rtol=1e-12)
        if bias:
            np.testing.assert_allclose(layer.bias.detach().numpy(), new_b[i], rtol=1e-12)


@pytest.mark.parametrize("bias, highest", [(False, 0.45), (True, 0.3)])
def test_rates_up_to_the_highest_converge_and_no_other(bias, highest):
    converged = [eta for eta in RATES if run(eta, 50, bias)[2][-1] < 1e-6]
    assert converged == pytest.approx([eta for eta in RATES if eta < highest + 0.01])


def test_a_rate_of_one_half_creeps():
    losses = run(0.5, 1000)[2]
    assert losses[49] > 1e-3 and losses[-1] < 1e-6


@pytest.mark.parametrize("eta", [0.6, 0.7, 0.8])
def test_rates_above_oscillate(eta):
    tail = run(eta, 1000)[2][-100:]
    assert tail.max() < 1 and tail.max() > 1.5 * tail.min()


@pytest.mark.parametrize("eta", [1.0, 1.1, 1.2, 1.3, 1.4, 1.5])
def test_rates_from_one_collapse_the_weights(eta):
    w, _, losses = run(eta, 1000)
    assert losses[-1] == pytest.approx(0.5, abs=1e-6)
    assert max(np.abs(matrix).max() for matrix in w[:2]) < 1e-2


@pytest.mark.parametrize(
    "eta, bias", [(1.8, False), (2.5, False), (3.0, False), (0.35, True), (0.5, True), (1.0, True)]
)
def test_divergence_ends_the_run_at_its_first_infinite_loss(eta, bias):
    losses = run(eta, 50, bias)[2]
    assert len(losses) < 50
    assert np.isfinite(losses[:-1]).all() and not np.isfinite(losses[-1])


def test_last_layer_sum():
    assert hw03.last_layer_sum() == pytest.approx(run(0.1, 50)[0][-1].sum(), abs=5e-5)


@pytest.mark.parametrize(
    "answer, bias",
    [
        (hw03.largest_converging_rate, False),
        (hw03.largest_converging_rate_with_bias, True),
    ],
)
def test_largest_converging_rates(answer, bias):
    assert answer() == pytest.approx(max(eta for eta in RATES if run(eta, 50, bias)[2][-1] < 1e-6))


# ---------------------------------------------------------------- find the bug, and further


def cells(*names, **given):
    """What some cells of the lesson define, run after the reference."""
    there = vars(hw03) | {"helpers": course_helpers} | given
    for name in names:
        exec(demo("hw03_linear_chain", name), there)
    return there


def wrong_parts(gradients, loss, sizes):
    """The names of the gradients that central differences do not confirm."""
    rng = np.random.default_rng(0)
    d_in, h, d_out = sizes
    shapes = {"x": (1, d_in), "y": (1, d_out), "w0": (d_in, h), "b0": (1, h), "w1": (h, d_out), "b1": (1, d_out)}
    arrays = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    wrong = set()
    for name, found in gradients(**arrays).items():
        right = course_helpers.numerical_gradient(lambda at, name=name: loss(**arrays | {name: at}), arrays[name])
        if found.shape != right.shape or not np.allclose(found, right, rtol=1e-5, atol=1e-7):
            wrong.add(name)
    return wrong


def test_the_broken_gradients():
    made = cells("three_gradients")
    seen = {"w1": {"w1"}, "delta0": {"w0", "b0"}, None: set()}
    for letter in "abc":
        found = wrong_parts(made[f"gradients_{letter}"], made["rows_loss"], (3, 3, 3))
        assert found == seen[hw03.broken_gradients().get(letter)]
    assert wrong_parts(made["gradients_b"], made["rows_loss"], (2, 4, 3)) == set()
    assert wrong_parts(made["gradients_a"], made["rows_loss"], (2, 4, 3)) == {"w1"}
    with pytest.raises(ValueError, match="mismatch"):
        wrong_parts(made["gradients_c"], made["rows_loss"], (2, 4, 3))


def test_the_drill(capsys):
    right = {"delta @ w.T", "w @ delta", "outer(x, delta)"}
    names = [*right, "delta @ w", "w.T @ delta", "outer(delta, x)"]
    cells("drill", predictions={name: name in right for name in names})
    said = capsys.readouterr().out
    assert said.count("the same") == 6 and "the opposite" not in said
    cells("drill", predictions={name: name not in right for name in names})
    said = capsys.readouterr().out
    assert said.count("the opposite") == 6 and said.count("wrong numbers") == 4 and said.count("does not fit") == 2


def test_the_table_of_shapes(capsys):
    right = {"w[1]": (7, 4), "b[1]": (7,), "z[2]": (2,), "delta[0]": (4,), "the gradient of w[2]": (2, 7)}
    cells("shape_table", shapes=right)
    assert capsys.readouterr().out.count(" right\n") == 5
    cells("shape_table", shapes={"w[1]": (4, 7), "b[1]": None})
    assert "not (4, 7)" in (said := capsys.readouterr().out) and "to fill in" in said


def two_samples():
    _, _, w, _ = hw03.worked_example()
    for _ in range(500):
        parts = []
        for value, target in ((1.0, 1.0), (2.0, 3.0)):
            x, z = np.full(2, value), hw03.forward(np.full(2, value), w)
            new, _ = hw03.update(x, w, z, hw03.backward(np.array([target]), w, z), 0.01)
            parts.append([before - after for before, after in zip(w, new, strict=True)])
        w = [matrix - first - second for matrix, first, second in zip(w, *parts, strict=True)]
    return [hw03.forward(np.full(2, value), w)[-1] for value in (1.0, 2.0)]


def test_the_further_tasks_can_be_done(capsys):
    x, y, w, _ = hw03.worked_example()
    after_fifty = hw03.train(x, y, w, 0.1, 50)[0]
    x, y, w, _ = random_chain(SHAPES[1], bias=False)
    learned = hw03.train(x, y, w, 0.001, 5000)[0]
    before, after = (m[1].T @ m[1] - m[0] @ m[0].T for m in (w, learned))
    assert np.abs(learned[0] - w[0]).max() > 0.05
    one_matrix = after_fifty[2] @ after_fifty[1] @ after_fifty[0]
    cells("further", one_matrix=one_matrix, two_outputs=two_samples(), before=before, after=after)
    assert capsys.readouterr().out.count("is right") == 4
