"""The reference of hw09 by hand, by central differences, against PyTorch, and in the runs of the lesson."""

import warnings

import course_helpers
import jupytext
import numpy as np
import pytest
from conftest import ROOT

from solutions import hw09_softmax_digits as hw

SHAPES = [(6, 4), (4, 4), (3, 7), (1, 5)]  # n, c
NETS = [(6, 5, 4, 3), (3, 2, 7, 4), (1, 4, 3, 2)]  # n, d_in, h, c

# Small enough to do on paper; the lesson's checks use them.
LOGITS = np.log([[6.0, 3.0, 1.0], [1.0, 1.0, 2.0]])
LABELS = np.array([1, 2])
FAR = np.array([[1000.0, 0.0, -1000.0], [-3000.0, -1000.0, -1001.0], [1000.0, 1000.0, 1000.0]])


def labelled(shape, seed=0):
    rng = np.random.default_rng(seed)
    n, c = shape
    return 2 * rng.normal(size=(n, c)) + rng.normal(size=(n, 1)), rng.integers(c, size=n)


def problem(sizes, seed=0):
    """A net with biases that are not 0, rows, and slopes along the scores."""
    n, d_in, h, c = sizes
    rng = np.random.default_rng(seed)
    net = hw.DigitNet(d_in, h, c, rng)
    for name in ("b1", "b2"):
        net.parameters[name][...] = rng.normal(size=net.parameters[name].shape)
    return net, rng.normal(size=(n, d_in)), rng.normal(size=(n, c))


@pytest.fixture(autouse=True)
def beside_the_data(monkeypatch):
    monkeypatch.chdir(ROOT / "source")


@pytest.fixture
def quiet():
    """Any warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


# ---------------------------------------------------------------- scores and their loss


def test_worked_example():
    np.testing.assert_allclose(np.exp(hw.log_softmax(LOGITS)), [[0.6, 0.3, 0.1], [0.25, 0.25, 0.5]], rtol=1e-14)
    assert hw.cross_entropy(LOGITS, LABELS) == pytest.approx(-(np.log(0.3) + np.log(0.5)) / 2, rel=1e-14)
    slopes = [[0.3, -0.35, 0.05], [0.125, 0.125, -0.25]]
    np.testing.assert_allclose(hw.d_cross_entropy(LOGITS, LABELS), slopes, rtol=1e-14)
    assert hw.accuracy(LOGITS, LABELS) == 0.5


@pytest.mark.parametrize("shape", SHAPES)
def test_log_softmax_entry_by_entry(shape):
    logits, _ = labelled(shape)
    found = hw.log_softmax(logits)
    for i, k in np.ndindex(*shape):
        expected = np.log(np.exp(logits[i, k]) / sum(np.exp(s) for s in logits[i]))
        assert found[i, k] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_number_added_to_a_row_changes_nothing(shape):
    logits, labels = labelled(shape)
    moved = logits + np.arange(1.0, shape[0] + 1)[:, None]
    np.testing.assert_allclose(hw.log_softmax(moved), hw.log_softmax(logits), rtol=1e-12, atol=1e-13)
    assert hw.cross_entropy(moved, labels) == pytest.approx(hw.cross_entropy(logits, labels), rel=1e-12)


def test_probabilities_add_up_to_one_and_slopes_to_zero():
    logits, labels = labelled((6, 4))
    np.testing.assert_allclose(np.exp(hw.log_softmax(logits)).sum(axis=1), np.ones(6), rtol=1e-14)
    np.testing.assert_allclose(hw.d_cross_entropy(logits, labels).sum(axis=1), np.zeros(6), atol=1e-16)


def test_scores_in_the_thousands(quiet):
    log_third = np.log(1 / 3)
    near = np.log(1 + np.exp(-1))
    expected = [[0, -1000, -2000], [-2000 - near, -near, -1 - near], [log_third] * 3]
    np.testing.assert_allclose(hw.log_softmax(FAR), expected, rtol=1e-12)
    assert hw.cross_entropy(FAR, np.array([2, 0, 1])) == pytest.approx((4000 + near - log_third) / 3, rel=1e-12)
    slopes = hw.d_cross_entropy(FAR, np.array([2, 1, 0]))
    np.testing.assert_allclose(slopes[0], [1 / 3, 0, -1 / 3], rtol=1e-12)
    assert np.isfinite(slopes).all()


def test_equal_scores():
    assert hw.cross_entropy(np.full((4, 10), 3.7), np.array([0, 3, 9, 1])) == pytest.approx(np.log(10), rel=1e-14)
    assert hw.loss_of_equal_scores() == pytest.approx(np.log(10), rel=1e-14)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", [1, 2])
def test_d_cross_entropy_is_the_gradient(shape, seed):
    logits, labels = labelled(shape, seed)
    expected = course_helpers.numerical_gradient(lambda at: hw.cross_entropy(at, labels), logits)
    np.testing.assert_allclose(hw.d_cross_entropy(logits, labels), expected, rtol=1e-5, atol=1e-9)


def test_rows_that_are_there_twice_leave_the_mean():
    logits, labels = labelled((6, 4))
    twice = np.repeat(logits, 2, axis=0), np.repeat(labels, 2)
    assert hw.cross_entropy(*twice) == pytest.approx(hw.cross_entropy(logits, labels), rel=1e-14)
    assert hw.accuracy(*twice) == hw.accuracy(logits, labels)
    np.testing.assert_allclose(hw.d_cross_entropy(*twice)[::2], hw.d_cross_entropy(logits, labels) / 2, rtol=1e-14)


def test_losses_are_floats():
    assert type(hw.cross_entropy(LOGITS, LABELS)) is float
    assert type(hw.accuracy(LOGITS, LABELS)) is float


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ([[1], [2]], "one label for each"),
        ([[0, 1, 0], [0, 0, 1]], "one label for each"),
        ([1], "one label for each"),
        (1, "one label for each"),
        ([1.0, 2.0], "whole numbers"),
        ([True, False], "whole numbers"),
        ([1, 3], "from 0 to 2"),
        ([-1, 2], "from 0 to 2"),
    ],
)
@pytest.mark.parametrize("function", [hw.cross_entropy, hw.d_cross_entropy, hw.accuracy])
def test_labels_that_are_none_are_refused(function, labels, said):
    with pytest.raises(ValueError, match=said):
        function(LOGITS, np.array(labels))


def test_labels_of_any_whole_type_are_taken():
    for kind in (np.uint8, np.int32, np.int64):
        assert hw.cross_entropy(LOGITS, LABELS.astype(kind)) == hw.cross_entropy(LOGITS, LABELS)
        assert hw.accuracy(LOGITS, LABELS.astype(kind)) == 0.5


def test_the_callers_arrays_stay_as_they_were():
    logits, labels = labelled((6, 4))
    kept = logits.copy(), labels.copy()
    for function in (hw.cross_entropy, hw.d_cross_entropy, hw.accuracy):
        function(logits, labels)
    hw.log_softmax(logits)
    np.testing.assert_array_equal(logits, kept[0])
    np.testing.assert_array_equal(labels, kept[1])


@pytest.mark.torch
@pytest.mark.parametrize("shape", SHAPES)
def test_loss_and_gradient_equal_pytorch(shape):
    import torch

    logits, labels = labelled(shape)
    scores = torch.tensor(logits, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(scores, torch.tensor(labels))
    loss.backward()
    log_p = torch.log_softmax(scores, dim=1).detach().numpy()
    np.testing.assert_allclose(hw.log_softmax(logits), log_p, rtol=0, atol=1e-10)
    assert hw.cross_entropy(logits, labels) == pytest.approx(loss.item(), abs=1e-10)
    np.testing.assert_allclose(hw.d_cross_entropy(logits, labels), scores.grad.numpy(), rtol=0, atol=1e-10)


# ---------------------------------------------------------------- the network


def test_the_start():
    net = hw.DigitNet(400, 300, 7, np.random.default_rng(3))
    rng = np.random.default_rng(3)
    np.testing.assert_array_equal(net.parameters["W1"], rng.normal(scale=np.sqrt(2 / 400), size=(400, 300)))
    np.testing.assert_array_equal(net.parameters["W2"], rng.normal(scale=np.sqrt(2 / 300), size=(300, 7)))
    assert [(name, array.shape) for name, array in net.parameters.items() if not array.any()] == [
        ("b1", (300,)),
        ("b2", (7,)),
    ]


@pytest.mark.parametrize("sizes", NETS)
def test_forward_entry_by_entry(sizes):
    net, x, _ = problem(sizes)
    n, d_in, h, c = sizes
    p, expected = net.parameters, np.zeros((n, c))
    for i, k in np.ndindex(n, c):
        expected[i, k] = p["b2"][k]
        for j in range(h):
            z = p["b1"][j] + sum(x[i, m] * p["W1"][m, j] for m in range(d_in))
            expected[i, k] += p["W2"][j, k] * max(z, 0)
    np.testing.assert_allclose(net.forward(x), expected, rtol=1e-12)


@pytest.mark.parametrize("sizes", NETS)
@pytest.mark.parametrize("seed", [0, 1])
def test_backward_is_the_gradient(sizes, seed):
    net, x, d_logits = problem(sizes, seed)
    assert np.abs(x @ net.parameters["W1"] + net.parameters["b1"]).min() > 1e-3, "a kink within reach: another seed"
    net.forward(x)
    gradients = net.backward(d_logits)
    assert list(gradients) == list(net.parameters)
    for name, array in net.parameters.items():
        function = course_helpers.loss_at(net, name, lambda: np.sum(d_logits * net.forward(x)))
        expected = course_helpers.numerical_gradient(function, array)
        assert gradients[name].shape == array.shape
        np.testing.assert_allclose(gradients[name], expected, rtol=1e-5, atol=1e-7)


def test_loss_at_puts_the_parameter_back():
    net, x, _ = problem(NETS[0])
    before = net.parameters["W1"].copy()
    function = course_helpers.loss_at(net, "W1", lambda: float(np.sum(net.forward(x))))
    assert function(0 * before) != function(before)
    np.testing.assert_array_equal(net.parameters["W1"], before)


def test_the_slope_of_relu_at_0_is_0():
    net = hw.DigitNet(2, 1, 2, np.random.default_rng(0))
    net.parameters["W1"][...] = 1
    net.forward(np.array([[1.0, -1.0]]))
    assert net.backward(np.array([[5.0, 1.0]]))["W1"].tolist() == [[0], [0]]


def test_backward_repeats_and_touches_nothing():
    net, x, d_logits = problem(NETS[0])
    net.forward(x)
    arrays = (x, d_logits, *net.parameters.values())
    before = [array.copy() for array in arrays]
    first = {name: array.copy() for name, array in net.backward(d_logits).items()}
    again = net.backward(d_logits)
    assert all(np.array_equal(again[name], array) for name, array in first.items())
    assert all(np.array_equal(now, kept) for now, kept in zip(arrays, before, strict=True))


def test_backward_follows_the_last_forward():
    net, x, d_logits = problem(NETS[0])
    net.forward(x)
    expected = net.backward(d_logits)
    net.forward(np.ones((9, 5)))
    net.forward(x)
    assert all(np.array_equal(array, expected[name]) for name, array in net.backward(d_logits).items())


@pytest.mark.parametrize("decay", [0.0, 0.4])
def test_update_is_a_step_on_the_loss_with_its_penalty(decay):
    net, _, _ = problem(NETS[0])
    rng = np.random.default_rng(5)
    gradients = {name: rng.normal(size=array.shape) for name, array in net.parameters.items()}
    kept = {name: array.copy() for name, array in gradients.items()}
    before = {name: array.copy() for name, array in net.parameters.items()}
    assert net.update(gradients, 0.3, decay) is None
    for name, array in before.items():
        # The loss is linear here, with these gradients.
        def total(at, name=name):
            penalty = decay / 2 * np.sum(at**2) if name in ("W1", "W2") else 0
            return np.sum(kept[name] * at) + penalty

        expected = array - 0.3 * course_helpers.numerical_gradient(total, array)
        np.testing.assert_allclose(net.parameters[name], expected, rtol=1e-6, atol=1e-8)
        np.testing.assert_array_equal(gradients[name], kept[name])


@pytest.mark.torch
@pytest.mark.parametrize("sizes", NETS)
def test_backward_equals_pytorch(sizes):
    import torch

    net, x, d_logits = problem(sizes)
    p = {name: torch.tensor(array, requires_grad=True) for name, array in net.parameters.items()}
    scores = torch.relu(torch.tensor(x) @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
    scores.backward(torch.tensor(d_logits))
    np.testing.assert_allclose(net.forward(x), scores.detach().numpy(), rtol=0, atol=1e-10)
    for name, gradient in net.backward(d_logits).items():
        np.testing.assert_allclose(gradient, p[name].grad.numpy(), rtol=0, atol=1e-10)


@pytest.mark.torch
@pytest.mark.parametrize("decay", [0.0, 0.02])
def test_trajectory_equals_pytorch(decay):
    """nn.Linear, nn.CrossEntropyLoss and optim.SGD with weight_decay on the weights alone, and the same batches."""
    import torch

    (x, y), test_set = sets()
    x, y = x[:100], y[:100]
    net = hw.DigitNet(64, 16, 10, np.random.default_rng(1))
    model = torch.nn.Sequential(torch.nn.Linear(64, 16), torch.nn.ReLU(), torch.nn.Linear(16, 10)).double()
    with torch.no_grad():
        for layer, number in ((model[0], 1), (model[2], 2)):
            layer.weight[...] = torch.tensor(net.parameters[f"W{number}"].T.copy())
            layer.bias[...] = torch.tensor(net.parameters[f"b{number}"])
    weights = {"params": [model[0].weight, model[2].weight], "weight_decay": decay}
    optimizer = torch.optim.SGD([weights, {"params": [model[0].bias, model[2].bias]}], lr=0.3)
    loss_of, rng, losses = torch.nn.CrossEntropyLoss(), np.random.default_rng(2), []
    x_all, y_all = torch.tensor(x), torch.tensor(y)
    for epoch in range(6):
        for start in range(0, 100 * (epoch > 0), 32):
            order = rng.permutation(100) if start == 0 else order  # noqa: F821
            rows = order[start : start + 32]
            optimizer.zero_grad()
            loss_of(model(x_all[rows]), y_all[rows]).backward()
            optimizer.step()
        losses.append(loss_of(model(x_all), y_all).item())
    records = hw.train(net, (x, y), test_set, 0.3, 5, np.random.default_rng(2), decay)
    np.testing.assert_allclose(records["train"], losses, rtol=0, atol=1e-10)
    assert losses[-1] < losses[0] - 0.5
    for layer, number in ((model[0], 1), (model[2], 2)):
        np.testing.assert_allclose(net.parameters[f"W{number}"], layer.weight.detach().numpy().T, rtol=0, atol=1e-10)
        np.testing.assert_allclose(net.parameters[f"b{number}"], layer.bias.detach().numpy(), rtol=0, atol=1e-10)


# ---------------------------------------------------------------- the runs of the lesson


def sets():
    images, digits = course_helpers.load_digits()
    x = images.reshape(len(images), 64)
    return (x[:1437], digits[:1437]), (x[1437:], digits[1437:])


def started(seed=0):
    rng = np.random.default_rng(seed)
    return hw.DigitNet(64, 32, 10, rng), rng


@pytest.fixture(scope="module")
def run():
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT / "source")
        net, rng = started()
        return net, hw.train(net, *sets(), 0.3, 30, rng)


def test_the_digits():
    images, digits = course_helpers.load_digits()
    assert images.shape == (1797, 8, 8)
    assert (images.min(), images.max()) == (0, 1)
    assert np.bincount(digits).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    (x, _), (x_test, _) = sets()
    assert (len(x), len(x_test)) == (1437, 360)


def test_the_run(run):
    _, records = run
    np.testing.assert_allclose(records["train"][[0, 1, 5]], [2.318754823, 0.548945844, 0.117700678], rtol=1e-6)
    assert abs(records["train"][0] - np.log(10)) < 0.05
    assert records["train"][-1] < 0.02
    assert records["accuracy"][-1] == pytest.approx(0.911, abs=0.006)


def test_training_leaves_its_rows_alone():
    training, test_set = sets()
    kept = [array.copy() for array in (*training, *test_set)]
    net, rng = started()
    hw.train(net, training, test_set, 0.3, 1, rng, decay=0.01)
    assert all(np.array_equal(now, was) for now, was in zip((*training, *test_set), kept, strict=True))


def test_worst_digit(run):
    net, _ = run
    x, digits = sets()[1]
    read = net.forward(x).argmax(axis=1)
    shares = [np.mean(read[digits == digit] == digit) for digit in range(10)]
    assert np.argmin(shares) == hw.worst_digit()
    assert np.sort(shares)[1] - np.min(shares) > 0.05  # no matter of round-off


def test_hands_that_are_known_are_read_far_better(run):
    images, digits = course_helpers.load_digits()
    order = np.random.default_rng(0).permutation(1797)
    x, digits = images.reshape(1797, 64)[order], digits[order]
    net, rng = started()
    mixed = hw.train(net, (x[:1437], digits[:1437]), (x[1437:], digits[1437:]), 0.3, 30, rng)
    assert mixed["accuracy"][-1] > 0.95
    assert 1 - run[1]["accuracy"][-1] > 3 * (1 - mixed["accuracy"][-1])


def few_run(decay):
    (x, digits), test_set = sets()
    net, rng = started()
    return net, hw.train(net, (x[:1400:14], digits[:1400:14]), test_set, 0.3, 300, rng, decay, 20)


def test_best_decay():
    ends = {decay: few_run(decay)[1]["test"][-1] for decay in (0.0, 0.001, 0.003, 0.01, 0.03)}
    first, second = sorted(ends, key=ends.get)[:2]
    assert first == hw.best_decay()
    assert ends[second] > 1.04 * ends[first]  # no matter of round-off


# ---------------------------------------------------------------- find the bug, and further


def cells(*names, **there):
    """What cells of the lesson define, by what they are called in it."""
    lesson = jupytext.read(ROOT / "source/hw09_softmax_digits/lesson.md").cells
    for name in names:
        (code,) = (cell.source for cell in lesson if name in (cell.metadata.get("demo"), cell.metadata.get("given")))
        exec(code, there)
    return there


@pytest.fixture
def losses():
    return cells("three_losses", np=np)


def right_slopes(loss, scores, labels):
    slopes = course_helpers.numerical_gradient(lambda at: loss(at, labels)[0], scores)
    return np.allclose(loss(scores, labels)[1], slopes, rtol=1e-5, atol=1e-8)


def test_the_broken_losses(losses):
    rng = np.random.default_rng(0)
    assert set(hw.broken_losses().values()) <= set(losses["PLACES"])
    yes, several, margins = (losses[name] for name in ("yes_or_no", "several", "margins"))
    assert right_slopes(yes, 2 * rng.normal(size=7), rng.integers(2, size=7))
    assert right_slopes(several, 2 * rng.normal(size=(7, 3)), rng.integers(2, size=(7, 3)))
    # With two classes there is one wrong class, and nothing to count.
    assert right_slopes(margins, rng.normal(size=(7, 2)), rng.integers(2, size=7))
    assert not right_slopes(margins, rng.normal(size=(7, 5)), rng.integers(5, size=7))
    assert yes(np.array([1000.0, -1000.0]), np.array([0, 1]))[0] == 1000
    with np.errstate(over="ignore"):
        assert several(np.array([[1000.0]]), np.array([[1]]))[0] == np.inf
    assert several(np.array([[-1000.0]]), np.array([[1]]))[0] == 1000
    assert margins(np.array([[1000.0, -1000.0]]), np.array([1]))[0] == 2001
    assert hw.broken_losses() == {"margins": losses["PLACES"][3], "several": losses["PLACES"][4]}


def test_the_broken_losses_come_down(losses, monkeypatch):
    monkeypatch.setattr(course_helpers, "plot_losses", lambda *_: None)
    curves = cells("three_curves", **losses, helpers=course_helpers, train_set=sets()[0])["curves"]
    assert len(curves) == 3
    assert all(curve[-1] < 0.7 * curve[0] and (np.diff(curve) < 0).all() for curve in curves.values())


def smooth_targets(logits, labels):
    return 0.9 * np.eye(logits.shape[1])[labels] + 0.1 / logits.shape[1]


def smooth_loss(logits, labels):
    return -np.mean(np.sum(smooth_targets(logits, labels) * hw.log_softmax(logits), axis=1))


def d_smooth_loss(logits, labels):
    return (np.exp(hw.log_softmax(logits)) - smooth_targets(logits, labels)) / len(labels)


def unwritten(logits, labels):
    raise NotImplementedError


def fool(net, row, step=0.02):
    """A row that is read otherwise, by small steps along the slopes of the net's own choice."""
    found = row[None].copy()
    label = net.forward(found).argmax(axis=1)
    for _ in range(200):
        d_hidden = hw.d_cross_entropy(net.forward(found), label) @ net.parameters["W2"].T * (net.hidden > 0)
        found += step * np.sign(d_hidden @ net.parameters["W1"].T)
        found = np.clip(found, row - 0.2, row + 0.2)
    return found[0]


def test_the_further_tasks_can_be_done(run, capsys, monkeypatch):
    monkeypatch.setattr(course_helpers, "plot_images", lambda *_, **__: None)
    (x, digits), test_set = sets()
    sure, net = few_run(0.0)[0], run[0]
    temperatures = np.linspace(1, 4, 301)
    best = temperatures[np.argmin([hw.cross_entropy(sure.forward(test_set[0]) / t, test_set[1]) for t in temperatures])]
    assert best > 1.2
    there = dict(np=np, helpers=course_helpers, train=hw.train, DigitNet=hw.DigitNet, test_set=test_set, reader=net)
    there |= dict(cross_entropy=hw.cross_entropy, log_softmax=hw.log_softmax, x_test=test_set[0], y_test=test_set[1])
    there |= dict(few=(x[:1400:14], digits[:1400:14]), test_logits=net.forward(test_set[0]))
    done = dict(
        temperature=best, fooled=fool(net, test_set[0][0]), smooth_loss=smooth_loss, d_smooth_loss=d_smooth_loss
    )
    cells("further", **there, **done)
    assert capsys.readouterr().out.count("is right") == 3
    undone = dict(temperature=None, fooled=None, smooth_loss=unwritten, d_smooth_loss=unwritten)
    cells("further", **there, **undone)
    assert capsys.readouterr().out == ""
    with pytest.raises(AssertionError, match="does better"):
        cells("further", **there, **undone | {"temperature": 3.0})
    with pytest.raises(AssertionError, match="still reads it right"):
        cells("further", **there, **undone | {"fooled": test_set[0][0]})
    with pytest.raises(AssertionError, match="more than"):
        cells("further", **there, **undone | {"fooled": test_set[0][0] + 0.3})
