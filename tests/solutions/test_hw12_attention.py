"""The reference of hw12_attention by hand, against central differences and PyTorch, and the runs of the lesson."""

from types import SimpleNamespace

import course_helpers as helpers
import numpy as np
import pytest
from conftest import ROOT

from solutions import hw12_attention as hw12


def drawn(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


def norm_layer(gain, bias, **options):
    layer = hw12.LayerNorm(len(gain), **options)
    layer.parameters["gain"][...], layer.parameters["bias"][...] = gain, bias
    return layer


# ---------------------------------------------------------------- embedding


def test_embedding_gives_the_rows_of_the_tokens():
    layer = hw12.Embedding(5, 3, np.random.default_rng(0))
    out = layer.forward(np.array([[4, 0], [4, 4]]))
    np.testing.assert_array_equal(out[1], layer.parameters["table"][[4, 4]])
    assert out.shape == (2, 2, 3)


def test_embedding_adds_up_the_places_of_a_token():
    layer, grad = hw12.Embedding(5, 3, np.random.default_rng(0)), np.arange(12.0).reshape(2, 2, 3)
    array = layer.gradients["table"]
    layer.forward(np.array([[4, 0], [4, 4]]))
    for times in (1, 2):
        layer.backward(grad)
        assert layer.gradients["table"] is array
        expected = np.zeros((5, 3))
        expected[0], expected[4] = [3, 4, 5], [15, 18, 21]
        np.testing.assert_array_equal(array, times * expected)


# ---------------------------------------------------------------- layer normalisation


def test_layer_norm_by_hand():
    layer = norm_layer([2, 1, 1, -1], [0, 0, 1, 0], eps=12.0)
    np.testing.assert_allclose(layer.forward(np.array([[[0.0, 0.0, 4.0, 4.0]]])), [[[-1, -0.5, 1.5, -0.5]]], rtol=1e-15)


def test_layer_norm_of_equal_numbers_is_its_bias():
    out = norm_layer([2.0, 3.0], [0.5, -1.0]).forward(np.full((2, 3, 2), 7.0))
    np.testing.assert_array_equal(out, np.broadcast_to([0.5, -1.0], (2, 3, 2)))


def test_layer_norm_takes_no_notice_of_shift_and_scale():
    (x,) = drawn(0, (2, 3, 5))
    one, other = (hw12.LayerNorm(5, eps=0.0).forward(each) for each in (x, 7 * x - 3))
    np.testing.assert_allclose(one, other, rtol=1e-12)
    np.testing.assert_allclose(one.mean(axis=-1), 0, atol=1e-14)
    np.testing.assert_allclose((one**2).mean(axis=-1), 1, rtol=1e-14)


def test_layer_norm_back_by_hand():
    layer = hw12.LayerNorm(4, eps=0.0)
    layer.forward(np.array([[[0.0, 0.0, 4.0, 4.0]]]))
    below = layer.backward(np.array([[[1.0, 0.0, 0.0, 0.0]]]))
    np.testing.assert_allclose(below, [[[0.25, -0.25, 0.0, 0.0]]], atol=1e-15)
    np.testing.assert_array_equal(layer.gradients["gain"], [-1, 0, 0, 0])


def test_layer_norm_gradients_equal_central_differences():
    x, grad, gain, bias = drawn(1, (2, 3, 5), (2, 3, 5), 5, 5)
    layer = norm_layer(gain, bias, eps=0.1)
    layer.forward(x)
    below = layer.backward(grad)

    def loss(x, gain, bias):
        return np.sum(grad * norm_layer(gain, bias, eps=0.1).forward(x))

    for found, numerical in (
        (below, helpers.numerical_gradient(lambda at: loss(at, gain, bias), x)),
        (layer.gradients["gain"], helpers.numerical_gradient(lambda at: loss(x, at, bias), gain)),
        (layer.gradients["bias"], helpers.numerical_gradient(lambda at: loss(x, gain, at), bias)),
    ):
        np.testing.assert_allclose(found, numerical, rtol=1e-6, atol=1e-8)


def test_layer_norm_back_adds_in_place():
    x, grad, gain, bias = drawn(2, (2, 3, 4), (2, 3, 4), 4, 4)
    layer = norm_layer(gain, bias)
    arrays = {**layer.gradients}
    layer.forward(x)
    first = layer.backward(grad)
    once = {name: array.copy() for name, array in arrays.items()}
    np.testing.assert_array_equal(layer.backward(grad), first)
    for name, array in arrays.items():
        assert layer.gradients[name] is array
        np.testing.assert_allclose(array, 2 * once[name], rtol=1e-14)


# ---------------------------------------------------------------- attention


def test_attention_of_the_drawing():
    q, k = np.array([[[2.0, 0, 1, 1]]]), np.array([[[1.0, 0, 2, 0], [0, 1, 1, -1], [1, 1, -1, 1]]])
    out, weights = hw12.attention(q, k, np.array([[[1.0], [6.0], [-2.0]]]))
    np.testing.assert_allclose(weights, [[np.exp([2, 0, 1]) / np.sum(np.exp([2, 0, 1]))]], rtol=1e-14)
    assert out.item() == pytest.approx(0.71597, abs=5e-6)


@pytest.mark.parametrize("causal", [False, True])
def test_attention_equals_loops(causal):
    q, k, v = drawn(3, (2, 4, 5), (2, 4, 5), (2, 4, 3))
    out, weights = hw12.attention(q, k, v, causal)
    for s in range(2):
        for i in range(4):
            seen = range(i + 1 if causal else 4)
            terms = [np.exp(q[s, i] @ k[s, j] / np.sqrt(5)) for j in seen]
            expected = np.array(terms + [0.0] * (4 - len(terms))) / sum(terms)
            np.testing.assert_allclose(weights[s, i], expected, rtol=1e-12)
            np.testing.assert_allclose(out[s, i], sum(expected[j] * v[s, j] for j in seen), rtol=1e-12)


@pytest.mark.parametrize("causal", [False, True])
def test_attention_of_large_scores_is_finite(causal):
    q, k, v = drawn(4, (2, 4, 5), (2, 4, 5), (2, 4, 3))
    with np.errstate(all="raise", under="ignore"):
        out, weights = hw12.attention(1e4 * q, k, v, causal)
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-14)
    assert np.isfinite(out).all()


def test_the_mask_keeps_what_comes_later_out_to_the_last_bit():
    q, k, v = drawn(5, (1, 6, 5), (1, 6, 5), (1, 6, 3))
    before, weights = hw12.attention(q, k, v, causal=True)
    k[:, 4], v[:, 4] = 100, -100
    np.testing.assert_array_equal(hw12.attention(q, k, v, causal=True)[0][:, :4], before[:, :4])
    assert not np.triu(weights[0], 1).any()


def test_attention_does_not_see_the_order_of_the_keys():
    q, k, v = drawn(6, (2, 6, 5), (2, 6, 5), (2, 6, 3))
    order = np.random.default_rng(0).permutation(6)
    np.testing.assert_allclose(
        hw12.attention(q, k[:, order], v[:, order])[0], hw12.attention(q, k, v)[0], rtol=1e-12, atol=1e-14
    )


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(("n", "t", "d", "e"), [(2, 4, 5, 3), (1, 3, 3, 3), (2, 1, 4, 2)])
def test_attention_gradients_equal_central_differences(n, t, d, e, causal):
    arrays = q, k, v = drawn(7, (n, t, d), (n, t, d), (n, t, e))
    (grad,) = drawn(8, (n, t, e))
    found = hw12.d_attention(grad, q, k, v, hw12.attention(q, k, v, causal)[1])
    for which, array in enumerate(arrays):

        def loss(at, which=which):
            return np.sum(grad * hw12.attention(*arrays[:which], at, *arrays[which + 1 :], causal)[0])

        assert found[which].shape == array.shape
        np.testing.assert_allclose(found[which], helpers.numerical_gradient(loss, array), rtol=1e-6, atol=1e-8)


def test_the_functions_leave_their_arguments():
    arrays = drawn(9, (2, 4, 3), (2, 4, 5), (2, 4, 5), (2, 4, 3))
    kept = [array.copy() for array in arrays]
    weights = hw12.attention(*arrays[1:], causal=True)[1]
    before = weights.copy()
    hw12.d_attention(*arrays, weights)
    for array, was in zip([*arrays, weights], [*kept, before], strict=True):
        np.testing.assert_array_equal(array, was)


# ---------------------------------------------------------------- the transformer


@pytest.mark.parametrize("causal", [False, True])
def test_transformer_gradients_equal_central_differences(causal):
    rng = np.random.default_rng(0)
    net = hw12.Transformer(5, 4, 6, 7, rng, causal)
    tokens, targets = rng.integers(5, size=(2, 3, 4))
    net.backward(hw12.cross_entropy(net.forward(tokens), targets)[1])
    for name, parameter in net.parameters.items():
        before = parameter.copy()

        def loss(at, parameter=parameter):
            parameter[...] = at
            return hw12.cross_entropy(net.forward(tokens), targets)[0]

        numerical = helpers.numerical_gradient(loss, before)
        parameter[...] = before
        np.testing.assert_allclose(net.gradients[name], numerical, rtol=1e-5, atol=1e-8, err_msg=name)


def test_cross_entropy_of_equal_scores():
    loss, grad = hw12.cross_entropy(np.full((2, 3, 4), 1000.0), np.zeros((2, 3), dtype=int))
    assert loss == pytest.approx(np.log(4), rel=1e-14)
    np.testing.assert_allclose(grad[0, 0], np.array([-0.75, 0.25, 0.25, 0.25]) / 6, rtol=1e-14)


def reverse(tokens):
    return tokens[:, ::-1]


def run(task, n_steps, causal=False):
    rng = np.random.default_rng(0)
    net = hw12.Transformer(10, 8, 32, 64, rng, causal)
    return net, hw12.train(net, task, rng, n_steps)


def test_it_learns_to_reverse_by_looking_at_the_mirror_image():
    net, losses = run(reverse, 300)
    assert losses[[0, 10, 40]] == pytest.approx([3.17531002, 1.54529860, 2.72955925e-4], rel=1e-6)
    assert losses[-1] < 1e-4
    tokens = np.random.default_rng(1).integers(10, size=(500, 8))
    np.testing.assert_array_equal(net.forward(tokens).argmax(axis=-1), reverse(tokens))
    assert net.weights[:, range(8), range(7, -1, -1)].mean(axis=0).min() > 0.95


def test_under_a_mask_it_learns_half_of_it():
    net, losses = run(reverse, 300, causal=True)
    floor = hw12.causal_floor()
    assert losses[[0, 10, 40]] == pytest.approx([3.23902398, 2.01956151, 1.33782935], rel=1e-6)
    assert floor == pytest.approx(4 * np.log(10) / 8, rel=1e-15)
    assert floor < losses[-50:].mean() < 1.02 * floor
    tokens = np.random.default_rng(1).integers(10, size=(500, 8))
    right = np.mean(net.forward(tokens).argmax(axis=-1) == reverse(tokens), axis=0)
    assert right[:4].max() < 0.2
    assert right[4:].min() == 1


def test_it_learns_to_sort_by_looking_for_digits():
    net, losses = run(lambda tokens: np.sort(tokens, axis=1), 1000)
    tokens = np.random.default_rng(1).integers(10, size=(2000, 8))
    right = np.all(net.forward(tokens).argmax(axis=-1) == np.sort(tokens, axis=1), axis=1)
    assert losses[-20:].mean() < 0.01
    assert right.mean() > 0.99
    smallest, largest = (net.weights[:, 0][tokens == digit].mean() for digit in (0, 9))
    assert smallest > 10 * largest


# ---------------------------------------------------------------- PyTorch


@pytest.mark.torch
@pytest.mark.parametrize("causal", [False, True])
def test_attention_equals_pytorch(causal):
    import torch

    q, k, v, grad = drawn(10, (3, 5, 6), (3, 5, 6), (3, 5, 4), (3, 5, 4))
    tensors = [torch.tensor(array, requires_grad=True) for array in (q, k, v)]
    theirs = torch.nn.functional.scaled_dot_product_attention(*tensors, is_causal=causal)
    theirs.backward(torch.tensor(grad))
    out, weights = hw12.attention(q, k, v, causal)
    np.testing.assert_allclose(out, theirs.detach().numpy(), rtol=0, atol=1e-10)
    for found, tensor in zip(hw12.d_attention(grad, q, k, v, weights), tensors, strict=True):
        np.testing.assert_allclose(found, tensor.grad.numpy(), rtol=0, atol=1e-10)


@pytest.mark.torch
def test_layer_norm_and_embedding_equal_pytorch():
    import torch

    tokens = np.array([[1, 1, 0, 4], [4, 2, 1, 1]])
    gain, bias, grad = drawn(11, 6, 6, (2, 4, 6))
    embedding, norm = hw12.Embedding(5, 6, np.random.default_rng(0)), norm_layer(gain, bias)
    table = torch.tensor(embedding.parameters["table"].copy(), requires_grad=True)
    tensors = [torch.tensor(array, requires_grad=True) for array in (gain, bias)]
    rows = torch.nn.functional.embedding(torch.tensor(tokens), table)
    theirs = torch.nn.functional.layer_norm(rows, (6,), *tensors)
    theirs.backward(torch.tensor(grad))
    np.testing.assert_allclose(norm.forward(embedding.forward(tokens)), theirs.detach().numpy(), rtol=0, atol=1e-10)
    embedding.backward(norm.backward(grad))
    for found, tensor in (
        (embedding.gradients["table"], table),
        (norm.gradients["gain"], tensors[0]),
        (norm.gradients["bias"], tensors[1]),
    ):
        np.testing.assert_allclose(found, tensor.grad.numpy(), rtol=0, atol=1e-10)


def torch_scores(tensors, tokens, causal):
    """The scores of the transformer with these parameters, by PyTorch's own functions."""
    from torch.nn import functional

    x = functional.embedding(tokens, tensors["embedding.table"]) + tensors["positions"]
    normal = functional.layer_norm(x, x.shape[-1:], tensors["norm1.gain"], tensors["norm1.bias"])
    q, k, v = (normal @ tensors[f"{name}.W"] for name in ("query", "key", "value"))
    found = functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
    x = x + found @ tensors["mix.W"]
    normal = functional.layer_norm(x, x.shape[-1:], tensors["norm2.gain"], tensors["norm2.bias"])
    return (x + functional.relu(normal @ tensors["widen.W"]) @ tensors["narrow.W"]) @ tensors["read.W"]


@pytest.mark.torch
@pytest.mark.parametrize("causal", [False, True])
def test_a_trajectory_equals_pytorch(causal):
    import torch

    net = hw12.Transformer(5, 4, 8, 12, np.random.default_rng(0), causal)
    tensors = {name: torch.tensor(array.copy(), requires_grad=True) for name, array in net.parameters.items()}
    losses = hw12.train(net, reverse, np.random.default_rng(1), 20, n=8)

    optimizer, rng = torch.optim.Adam(tensors.values(), lr=0.01), np.random.default_rng(1)
    for step, ours in enumerate(losses):
        tokens = rng.integers(5, size=(8, 4))
        scores = torch_scores(tensors, torch.tensor(tokens), causal)
        loss = torch.nn.functional.cross_entropy(scores.flatten(0, 1), torch.tensor(reverse(tokens).copy()).flatten())
        assert ours == pytest.approx(loss.item(), rel=1e-10)
        optimizer.zero_grad()
        loss.backward()
        optimizer.param_groups[0]["lr"] = 0.01 * (1 - step / 20)
        optimizer.step()
    for name, tensor in tensors.items():
        np.testing.assert_allclose(net.parameters[name], tensor.detach().numpy(), rtol=0, atol=1e-10, err_msg=name)


# ---------------------------------------------------------------- questions


def test_deviation_of_scores():
    q, k = drawn(12, (20000, 64), (20000, 64))
    assert np.std(np.sum(q * k, axis=1)) == pytest.approx(hw12.deviation_of_scores(), rel=0.02)


@pytest.fixture
def suspects():
    """What the lesson's cell to search defines: three functions, and PLACES."""
    text = (ROOT / "source/hw12_attention/lesson.md").read_text()
    names = {"np": np}
    exec(text.partition("given: suspects\n---\n")[2].partition("```")[0], names)
    return SimpleNamespace(**names)


def errors(call, arrays, result_and_gradients):
    """How far each gradient is from the central differences of sum(grad * result)."""
    grad, (_, *found) = arrays["grad"], result_and_gradients
    names = [name for name in arrays if name not in ("grad", "keep")]
    numerical = [
        helpers.numerical_gradient(lambda at, name=name: np.sum(grad * call(**(arrays | {name: at}))[0]), arrays[name])
        for name in names
    ]
    return [np.abs(one - other).max() for one, other in zip(found, numerical, strict=True)]


def test_rms_norm_of_the_lesson_is_right(suspects):
    x, grad = drawn(13, (4, 3), (4, 3))
    assert max(errors(suspects.rms_norm, {"x": x, "grad": grad}, suspects.rms_norm(x, grad))) < 1e-8


def test_masked_mean_of_the_lesson_gives_a_gradient_to_all(suspects):
    x, grad = drawn(14, (4, 3), 3)
    keep = np.array([True, False, True, True])
    y, dx = suspects.masked_mean(x, keep, grad)
    np.testing.assert_allclose(y, x[keep].mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(dx, np.tile(grad / 3, (4, 1)), rtol=1e-12)  # the second row's should be 0


def test_kernel_mean_of_the_lesson_has_half_the_gradient_of_the_keys(suspects):
    arrays = dict(zip(("q", "k", "v", "grad"), drawn(15, 3, 5, 5, 3), strict=True))
    found = suspects.kernel_mean(**arrays)
    of_q, of_k, of_v = errors(suspects.kernel_mean, arrays, found)
    assert max(of_q, of_v) < 1e-8 < 1e-2 < of_k
    y, dq, dk, dv = found
    assert max(errors(suspects.kernel_mean, arrays, (y, dq, 2 * dk, dv))) < 1e-8


def test_broken_layers(suspects):
    answer = hw12.broken_layers()
    assert sorted(answer) == ["kernel_mean", "masked_mean"]
    assert set(answer.values()) < set(suspects.PLACES)
