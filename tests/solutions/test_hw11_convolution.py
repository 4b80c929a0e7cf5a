"""The reference of hw11_convolution: cases by hand, loops written out, central differences, PyTorch, the lesson."""

import re
from types import SimpleNamespace

import course_helpers as helpers
import numpy as np
import pytest
from conftest import ROOT

from figures import shifted_digits
from solutions import hw11_convolution as hw11

# c_in, c_out, size, stride, padding, and the images (n, h, w)
LAYERS = {
    "plain": (2, 3, 2, 1, 0, (2, 4, 5)),
    "stride and padding": (3, 2, 3, 2, 1, (2, 6, 7)),
    "a rest": (1, 2, 2, 3, 0, (3, 7, 6)),
    "a wide border": (2, 1, 3, 1, 2, (1, 3, 2)),
    "single pixels": (3, 3, 1, 2, 0, (2, 3, 4)),
    "one window": (2, 2, 4, 1, 0, (1, 4, 4)),
}


def made(name):
    """(a layer, images for it, a gradient from above)."""
    c_in, c_out, size, stride, padding, (n, h, w) = LAYERS[name]
    rng = np.random.default_rng(1)
    layer = hw11.Conv2d(c_in, c_out, size, stride, padding, rng)
    layer.parameters["b"][...] = rng.standard_normal(c_out)
    x = rng.standard_normal((n, c_in, h, w))
    return layer, x, rng.standard_normal(layer(x).shape)


def by_loops(layer, x):
    """A convolution as its formula says it, a number at a time."""
    W, b, p, s = layer.parameters["W"], layer.parameters["b"], layer.padding, layer.stride
    x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    k = layer.size
    rows, columns = ((side - k) // s + 1 for side in x.shape[2:])
    y = np.zeros((len(x), len(W), rows, columns))
    for n, f, i, j in np.ndindex(y.shape):
        y[n, f, i, j] = b[f] + np.sum(W[f] * x[n, :, i * s : i * s + k, j * s : j * s + k])
    return y


# ---------------------------------------------------------------- windows


def test_windows_of_a_small_image():
    x = np.arange(12.0).reshape(1, 1, 3, 4)
    np.testing.assert_array_equal(hw11.windows(x, 2, 2), [[[[[[0, 1], [4, 5]], [[2, 3], [6, 7]]]]]])
    np.testing.assert_array_equal(hw11.windows(x, 2, 3, 1)[0, 0, 0], [[[0, 0], [0, 0]], [[0, 0], [2, 3]]])


@pytest.mark.parametrize(
    "size, stride, padding, places", [(3, 1, 0, (3, 4)), (3, 2, 1, (3, 3)), (5, 1, 0, (1, 2)), (2, 3, 0, (2, 2))]
)
def test_windows_begin_a_stride_apart(size, stride, padding, places):
    x = np.random.default_rng(0).standard_normal((2, 3, 5, 6))
    found = hw11.windows(x, size, stride, padding)
    assert found.shape == (2, 3, *places, size, size)
    wide = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    for i, j in np.ndindex(*places):
        expected = wide[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        np.testing.assert_array_equal(found[:, :, i, j], expected)


def test_windows_are_a_view_unless_there_is_a_border():
    x = np.ones((2, 3, 5, 6))
    assert np.shares_memory(hw11.windows(x, 3, 2), x)
    assert not np.shares_memory(hw11.windows(x, 3, 2, 1), x)


@pytest.mark.parametrize("size, padding", [(5, 0), (6, 0), (7, 1)])
def test_windows_that_do_not_fit_are_refused(size, padding):
    x = np.ones((1, 2, 4, 9))
    with pytest.raises(ValueError, match="window"):
        hw11.windows(x, size, padding=padding)
    with pytest.raises(ValueError, match="window"):
        hw11.Conv2d(2, 1, size, padding=padding)(x)


# ---------------------------------------------------------------- Conv2d


def test_convolution_by_hand():
    layer, pixels = hw11.Conv2d(1, 1, 3), np.zeros((1, 1, 3, 5))
    layer.parameters["W"][...] = 0
    layer.parameters["W"][0, 0, 1], pixels[0, 0, 1] = (2, 1, -1), (2, 1, 3, 0, 4)
    np.testing.assert_allclose(layer(pixels), [[[[2, 5, 2]]]])
    below = layer.backward(np.array([[[[1.0, -2.0, 3.0]]]]))
    np.testing.assert_allclose(below[0, 0, 1], [2, -3, 3, 5, -3])
    np.testing.assert_allclose(layer.gradients["W"][0, 0, 1], [9, -5, 15])
    np.testing.assert_allclose(layer.gradients["b"], [2])


@pytest.mark.parametrize("name", LAYERS)
def test_convolution_equals_loops(name):
    layer, x, _ = made(name)
    np.testing.assert_allclose(layer(x), by_loops(layer, x), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", LAYERS)
def test_convolution_gradients_equal_central_differences(name, capsys):
    layer, x, _ = made(name)
    helpers.set_seed(1)
    helpers.check_backward(layer, x)
    assert capsys.readouterr().out.count("is right") == 3


@pytest.mark.torch
@pytest.mark.parametrize("name", LAYERS)
def test_convolution_equals_pytorch(name):
    import torch

    layer, x, grad = made(name)
    W, b, tx = (torch.tensor(a, requires_grad=True) for a in (*layer.parameters.values(), x))
    y = torch.nn.functional.conv2d(tx, W, b, stride=layer.stride, padding=layer.padding)
    y.backward(torch.tensor(grad))
    np.testing.assert_allclose(layer(x), y.detach().numpy(), rtol=0, atol=1e-10)
    np.testing.assert_allclose(layer.backward(grad), tx.grad.numpy(), rtol=0, atol=1e-10)
    np.testing.assert_allclose(layer.gradients["W"], W.grad.numpy(), rtol=0, atol=1e-10)
    np.testing.assert_allclose(layer.gradients["b"], b.grad.numpy(), rtol=0, atol=1e-10)


def test_backward_adds_in_place_and_leaves_what_it_was_given():
    layer, x, grad = made("stride and padding")
    arrays, kept = {**layer.gradients}, (x.copy(), grad.copy())
    layer(x)
    first = layer.backward(grad)
    once = {name: array.copy() for name, array in layer.gradients.items()}
    np.testing.assert_array_equal(layer.backward(grad), first)
    for name, array in arrays.items():
        assert layer.gradients[name] is array
        np.testing.assert_array_equal(array, 2 * once[name])
    np.testing.assert_array_equal(x, kept[0])
    np.testing.assert_array_equal(grad, kept[1])


def test_a_pixel_that_no_window_reaches_has_no_slope():
    layer = hw11.Conv2d(1, 1, 1, stride=2)
    layer(np.ones((1, 1, 4, 4)))
    below = layer.backward(np.ones((1, 1, 2, 2)))
    assert (below[0, 0] != 0).tolist() == [[True, False] * 2, [False] * 4] * 2


def test_the_start():
    W = hw11.Conv2d(4, 500, 3, rng=np.random.default_rng(0)).parameters["W"]
    assert np.std(W) == pytest.approx(np.sqrt(2 / 36), rel=0.02)
    assert np.mean(W) == pytest.approx(0, abs=0.01)
    again = hw11.Conv2d(4, 500, 3, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(again.parameters["W"], W)
    assert not again.parameters["b"].any()
    assert np.any(hw11.Conv2d(1, 1, 2).parameters["W"] != hw11.Conv2d(1, 1, 2).parameters["W"])


@pytest.mark.parametrize("sides", [(6, 6), (100, 100), (300, 200)])
def test_no_method_takes_a_step_for_each_pixel(sides):
    x = np.ones((2, 1, *sides))
    for layer in (hw11.Conv2d(1, 2, 3, padding=1), hw11.MaxPool2d(2)):
        y = layer(x)
        assert helpers.lines_of(lambda layer=layer: layer(x)) < 50
        assert helpers.lines_of(lambda layer=layer, y=y: layer.backward(y)) < 50


def test_lines_are_counted():
    def loop():
        for _ in range(100):
            pass

    assert 100 < helpers.lines_of(loop) < 300
    assert helpers.lines_of(lambda: [i for i in range(1000)]) > 900


# ---------------------------------------------------------------- MaxPool2d


def test_pooling_by_hand():
    layer = hw11.MaxPool2d(2)
    y = layer(np.array([[[[1.0, 4, 0, 0], [3, -2, 0, 0]]]]))
    np.testing.assert_array_equal(y, [[[[4, 0]]]])
    np.testing.assert_array_equal(layer.backward(np.array([[[[5.0, 7]]]])), [[[[0, 5, 7, 0], [0, 0, 0, 0]]]])


@pytest.mark.parametrize("size, shape", [(1, (1, 2, 3, 2)), (2, (2, 3, 4, 6)), (3, (1, 2, 6, 3))])
def test_pooling_gradients_equal_central_differences(size, shape, capsys):
    helpers.set_seed(2)
    helpers.check_backward(hw11.MaxPool2d(size), np.random.randn(*shape))
    assert "is right" in capsys.readouterr().out


@pytest.mark.parametrize("shape", [(1, 1, 3, 4), (1, 1, 4, 5)])
def test_blocks_that_leave_a_rest_are_refused(shape):
    with pytest.raises(ValueError, match="blocks of 2 x 2"):
        hw11.MaxPool2d(2)(np.ones(shape))


@pytest.mark.torch
@pytest.mark.parametrize("few_values", [False, True])
def test_pooling_equals_pytorch_also_in_who_wins(few_values):
    import torch

    rng = np.random.default_rng(0)
    x = rng.integers(0, 2, (2, 3, 6, 9)).astype(float) if few_values else rng.standard_normal((2, 3, 6, 9))
    layer, tx = hw11.MaxPool2d(3), torch.tensor(x, requires_grad=True)
    y = torch.nn.functional.max_pool2d(tx, 3)
    np.testing.assert_array_equal(layer(x), y.detach().numpy())
    grad = rng.standard_normal(y.shape)
    y.backward(torch.tensor(grad))
    np.testing.assert_array_equal(layer.backward(grad), tx.grad.numpy())


# ---------------------------------------------------------------- the net and its runs


def small_problem():
    """(a net, images, labels) of the lesson's check: level and upright strokes."""
    x, labels = np.zeros((20, 1, 6, 6)), np.arange(20) % 2
    for k in range(20):
        row, column = k // 2 % 4, k // 3 % 4
        x[k, 0, row : row + 3, column : column + 1] += labels[k]
        x[k, 0, row : row + 1, column : column + 3] += 1 - labels[k]
    rng = np.random.default_rng(0)
    net = hw11.Net(hw11.Conv2d(1, 2, 3, padding=1), hw11.ReLU(), hw11.MaxPool2d(6), hw11.Linear(2, 2, rng))
    net.layers[0].parameters["W"][...] = np.arange(18).reshape(2, 1, 3, 3) % 7 / 7 - 0.3
    net.layers[3].parameters["W"][...] = [[0.5, -0.5], [-0.3, 0.4]]
    return net, x, labels


GOLDEN = [0.7147707658535273, 0.6891169922719564, 0.2748684065037649, 0.00025939399651613693]


def test_run_of_the_lesson():
    net, x, labels = small_problem()
    losses = hw11.train(net, x, labels, lr=0.1, n_epochs=40, batch_size=20, rng=np.random.default_rng(0))
    np.testing.assert_allclose(losses[[0, 1, 9, 39]], GOLDEN, rtol=1e-9)


def test_the_net_shares_its_layers_arrays():
    net, _, _ = small_problem()
    assert list(net.parameters) == list(net.gradients) == ["0.W", "0.b", "3.W", "3.b"]
    assert net.parameters["0.W"] is net.layers[0].parameters["W"]
    assert net.gradients["3.b"] is net.layers[3].gradients["b"]


def test_cross_entropy_and_its_gradient():
    scores, labels = np.array([[1000.0, 0, 0], [1, 2, 3]]), np.array([0, 1])
    loss, grad = hw11.cross_entropy(scores, labels)
    assert loss == pytest.approx((0 + np.log(np.exp([1, 2, 3]).sum()) - 2) / 2)
    numerical = helpers.numerical_gradient(lambda s: hw11.cross_entropy(s, labels)[0], scores)
    np.testing.assert_allclose(grad, numerical, atol=1e-7)


@pytest.mark.torch
def test_a_trajectory_equals_pytorch():
    import torch

    ours, x, labels = small_problem()
    conv, linear = torch.nn.Conv2d(1, 2, 3, padding=1).double(), torch.nn.Linear(2, 2).double()
    with torch.no_grad():
        for tensor, array in (
            (conv.weight, ours.parameters["0.W"]),
            (conv.bias, ours.parameters["0.b"]),
            (linear.weight, ours.parameters["3.W"].T),
            (linear.bias, ours.parameters["3.b"]),
        ):
            tensor.copy_(torch.tensor(array.copy()))
    net = torch.nn.Sequential(conv, torch.nn.ReLU(), torch.nn.MaxPool2d(6), torch.nn.Flatten(), linear)
    optimizer, losses = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9), []
    for _ in range(40):
        loss = torch.nn.functional.cross_entropy(net(torch.tensor(x)), torch.tensor(labels))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    found = hw11.train(ours, x, labels, lr=0.1, n_epochs=40, batch_size=20, rng=np.random.default_rng(0))
    np.testing.assert_allclose(found, losses, rtol=0, atol=1e-10)


def test_convolution_carries_the_place_along_and_pooling_forgets_it():
    rng = np.random.default_rng(0)
    images, layer = rng.standard_normal((3, 8, 8)), hw11.Conv2d(1, 4, 3, padding=1, rng=rng)
    here, there = (layer(helpers.on_canvas(images, right=right)) for right in (0, 1))
    np.testing.assert_allclose(here[..., :-1], there[..., 1:], rtol=0, atol=1e-12)
    np.testing.assert_allclose(hw11.MaxPool2d(12)(here), hw11.MaxPool2d(12)(there), rtol=0, atol=1e-12)


# ---------------------------------------------------------------- questions


def test_weights_of_dense():
    convolution = hw11.Conv2d(1, 32, 5, padding=2)
    outputs = convolution(np.zeros((1, 1, 12, 12))).size
    assert hw11.weights_of_dense() == sum(a.size for a in hw11.Linear(144, outputs, np.random).parameters.values())
    assert re.search(r"Conv2d\(1, 32, 5, padding=2", (ROOT / "source/hw11_convolution/lesson.md").read_text())


def test_pixels_seen():
    layers = [hw11.Conv2d(1, 1, 3), hw11.Conv2d(1, 1, 3, stride=2), hw11.Conv2d(1, 1, 3)]
    y = hw11.Net(*layers)(np.zeros((1, 1, 25, 25)))
    grad = np.zeros(y.shape)
    grad[0, 0, 4, 4] = 1
    assert hw11.pixels_seen() == np.count_nonzero(hw11.Net(*layers).backward(grad))


@pytest.fixture
def suspects():
    """What the lesson's cell to search defines: its layers, and PLACES."""
    text = (ROOT / "source/hw11_convolution/lesson.md").read_text()
    names = {"np": np, "Layer": hw11.Layer}
    exec(text.partition("given: suspects\n---\n")[2].partition("```")[0], names)
    return SimpleNamespace(**names)


def test_differences_of_the_lesson_are_right(suspects, capsys):
    helpers.set_seed(0)
    helpers.check_backward(suspects.Differences(), np.random.randn(2, 3, 4, 5))
    assert "is right" in capsys.readouterr().out


def test_upsample_of_the_lesson_passes_with_equal_slopes_only(suspects):
    layer, x = suspects.Upsample(2), np.random.default_rng(0).standard_normal((2, 3, 4, 5))
    slopes = layer(x)
    blocks = slopes.reshape(2, 3, 4, 2, 5, 2)
    np.testing.assert_allclose(layer.backward(np.ones(slopes.shape)), np.full(x.shape, 4.0))
    varied = np.random.default_rng(1).standard_normal(blocks.shape)
    assert not np.allclose(layer.backward(varied.reshape(slopes.shape)), varied.sum(axis=(3, 5)))


def test_mix_of_the_lesson_averages_the_places(suspects):
    rng = np.random.default_rng(0)
    layer, x, grad = suspects.Mix(3, 2), rng.standard_normal((2, 3, 4, 5)), rng.standard_normal((2, 2, 4, 5))
    layer(x)
    np.testing.assert_allclose(layer.backward(grad), np.einsum("nfij,cf->ncij", grad, layer.parameters["W"]))
    np.testing.assert_allclose(layer.gradients["W"], np.einsum("ncij,nfij->cf", x, grad) / 20)


def test_broken_layers(suspects):
    answer = hw11.broken_layers()
    assert sorted(answer) == ["Mix", "Upsample"]
    assert set(answer.values()) < set(suspects.PLACES)


def test_the_picture_for_the_front_page_is_made_of_cells_that_are_there():
    text = (ROOT / "source/hw11_convolution/lesson.md").read_text()
    assert [cell for cell in shifted_digits.CELLS if f"demo: {cell}\n" not in text] == []
    assert (ROOT / "docs/shifted_digits.png").is_file()
