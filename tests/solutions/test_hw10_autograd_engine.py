"""The reference of hw10 against numbers by hand, against finite differences, against hw05 and against PyTorch."""

import course_helpers
import numpy as np
import pytest
from lessons import demo

from solutions import hw05_two_layer_relu as by_hand
from solutions import hw10_autograd_engine as hw
from solutions.hw10_autograd_engine import Tensor

SMALL = {"n": 32, "d_in": 20, "h": 16, "d_out": 3}
LARGE = {"n": 64, "d_in": 1000, "h": 100, "d_out": 10}


def drawn(*shape, seed=0):
    """Numbers of both signs, none near 0."""
    rng = np.random.default_rng([seed, *shape])
    return rng.uniform(0.3, 1.8, shape) * rng.choice([-1.0, 1.0], shape)


def cells(*names, **given):
    """What some cells of the lesson define, run after the reference."""
    there = vars(hw) | {"helpers": course_helpers} | given
    for name in names:
        exec(demo("hw10_autograd_engine", name), there)
    return there


# ---------------------------------------------------------------- unbroadcast


@pytest.mark.parametrize(
    ("shape", "large"),
    [
        ((), ()),
        ((), (3, 4)),
        ((4,), (3, 4)),
        ((1,), (5,)),
        ((3, 1), (3, 4)),
        ((1, 1), (3, 4)),
        ((3, 1), (2, 3, 4)),
        ((2, 1, 4), (2, 3, 4)),
        ((3, 4), (3, 4)),
        ((1, 4), (1, 4)),
    ],
)
def test_unbroadcast_sums_over_the_copies(shape, large):
    gradient = drawn(*large)
    kept = gradient.copy()
    places = np.broadcast_to(np.arange(int(np.prod(shape))).reshape(shape), large)
    expected = np.zeros(int(np.prod(shape)))
    np.add.at(expected, places.ravel(), gradient.ravel())
    found = hw.unbroadcast(gradient, shape)
    assert np.shape(found) == shape
    np.testing.assert_allclose(np.ravel(found), expected, rtol=1e-14)
    np.testing.assert_array_equal(gradient, kept)


def test_unbroadcast_is_the_transpose_of_broadcasting():
    """<g, broadcast(v)> = <unbroadcast(g), v>."""
    g, v = drawn(2, 3, 4), drawn(3, 1)
    assert np.sum(g * np.broadcast_to(v, g.shape)) == pytest.approx(np.sum(hw.unbroadcast(g, v.shape) * v), rel=1e-13)


# ---------------------------------------------------------------- operators

OPERATORS = {
    "add": (lambda a, b: a + b, (4, 3), (1, 3)),
    "add, a row": (lambda a, b: a + b, (4, 3), (3,)),
    "add, a number": (lambda a: a + 2.5, (4, 3)),
    "add, with itself": (lambda a: a + a, (4, 3)),
    "multiply": (lambda a, b: a * b, (4, 1), (1, 3)),
    "multiply, with itself": (lambda a: a * a, (4, 3)),
    "multiply, an array": (lambda a: a * np.arange(3.0), (4, 1)),
    "matmul": (lambda a, b: a @ b, (4, 3), (3, 2)),
    "matmul, with itself": (lambda a: a @ a, (3, 3)),
    "relu": (lambda a: a.relu(), (2, 3, 4)),
    "sum": (lambda a: a.sum(), (2, 3, 4)),
    "sum, an axis": (lambda a: a.sum(axis=1), (2, 3, 4)),
    "sum, from behind": (lambda a: a.sum(axis=-1), (2, 3, 4)),
    "exp": (lambda a: a.exp(), (3, 4)),
    "log": (lambda a: (a * a).log(), (3, 4)),
    "minus": (lambda a: -a, (3, 4)),
    "subtract": (lambda a, b: a - b, (3, 4), (4,)),
    "array minus tensor": (lambda a: np.arange(4.0) - a, (3, 4)),
    "number times tensor": (lambda a: 2.5 * a, (3, 4)),
    "array plus tensor": (lambda a: np.arange(4.0) + a, (3, 1)),
    "array at tensor": (lambda a: np.arange(6.0).reshape(2, 3) @ a, (3, 4)),
}


@pytest.mark.parametrize("name", OPERATORS)
def test_a_pull_is_the_way_back(name):
    function, *shapes = OPERATORS[name]
    values = [drawn(*shape, seed=k) for k, shape in enumerate(shapes)]
    operands = [Tensor(value) for value in values]
    result = function(*operands)
    g = drawn(*result.data.shape, seed=9)
    result.backward(g)
    for place, operand in enumerate(operands):

        def weighted(at, place=place):
            return np.sum(g * function(*(Tensor(at if k == place else v) for k, v in enumerate(values))).data)

        numerical = course_helpers.numerical_gradient(weighted, values[place])
        assert operand.gradient.shape == numerical.shape
        np.testing.assert_allclose(operand.gradient, numerical, rtol=1e-6, atol=1e-8)
        np.testing.assert_array_equal(operand.data, values[place])


def test_values_by_hand():
    a, b = Tensor([[1.0, -2.0], [3.0, 0.5]]), Tensor([10.0, 20.0])
    assert (a + b).data.tolist() == [[11, 18], [13, 20.5]]
    assert (a * b).data.tolist() == [[10, -40], [30, 10]]
    assert (a @ a).data.tolist() == [[-5, -3], [4.5, -5.75]]
    assert a.relu().data.tolist() == [[1, 0], [3, 0.5]]
    assert a.sum().data.tolist() == 2.5
    assert a.sum(axis=0).data.tolist() == [4, -1.5]
    assert (1 - b).data.tolist() == [-9, -19]
    np.testing.assert_allclose(b.log().exp().data, [10, 20], rtol=1e-15)


def test_the_slope_of_relu_at_0_is_0():
    assert Tensor([0.0, 1.0]).relu().pull(np.array([5.0, 5.0]))[0].tolist() == [0, 5]


@pytest.mark.parametrize(
    ("one", "other"), [((3,), (3, 2)), ((4, 3), (3,)), ((4, 3), (2, 3, 2)), ((4, 3), (2, 3)), ((), (1, 1))]
)
def test_the_product_takes_two_matrices(one, other):
    with pytest.raises(ValueError, match="two matrices|matmul"):
        Tensor(np.ones(one)) @ Tensor(np.ones(other))


def test_a_tensor_copies_its_data():
    data = np.arange(3.0)
    tensor = Tensor(data)
    tensor.data += 1
    assert data.tolist() == [0, 1, 2]
    assert repr(tensor) == "Tensor([1.0, 2.0, 3.0])"


# ---------------------------------------------------------------- the walk


def test_the_graph_of_section_1():
    a, b = Tensor(3.0), Tensor(-2.0)
    c = a * b
    d = c + a
    loss = d * d
    loss.backward()
    assert [float(t.data) for t in (c, d, loss)] == [-6, -3, 9]
    assert [float(t.gradient) for t in (a, b, c, d, loss)] == [6, -18, -6, -6, 1]
    assert [
        tuple(map(float, t.pull(g))) for t, g in ((loss, np.array(1.0)), (d, np.array(-6.0)), (c, np.array(-6.0)))
    ] == [
        (-3, -3),
        (-6, -6),
        (12, -18),
    ]


def is_order(order, tensor):
    place = {node: k for k, node in enumerate(order)}
    right = all(place[parent] < place[node] for node in order for parent in node.parents)
    return right and len(place) == len(order) and order[-1] is tensor


def test_the_order_has_parents_first_and_each_once():
    rng = np.random.default_rng(0)
    for _ in range(50):
        tensors = [Tensor(0.0)]
        for size in range(1, 20):
            tensors.append(Tensor(0.0, [tensors[k] for k in rng.integers(size, size=rng.integers(1, 4))]))
        order = hw.topological_order(tensors[-1])
        assert is_order(order, tensors[-1])
        reached = {tensors[-1]}
        for node in reversed(tensors):
            reached |= set(node.parents) if node in reached else set()
        assert set(order) == reached


def test_a_long_chain_and_a_ladder():
    chain = ladder = Tensor(1.0)
    for _ in range(10_000):
        chain = chain + 0.0
    for _ in range(60):
        ladder = ladder + ladder
    assert is_order(hw.topological_order(chain), chain)
    assert len(hw.topological_order(ladder)) == 61
    chain.backward()
    ladder.backward()
    assert hw.topological_order(chain)[0] is not chain
    assert hw.topological_order(ladder)[0].gradient == 2.0**60 + 1


def test_backward_adds_and_only_its_own():
    x = Tensor(drawn(3, 2))
    u = x * x
    result = u * (u + x)
    g = drawn(3, 2, seed=1)
    kept = g.copy()
    result.backward(g)
    once = [t.gradient.copy() for t in (x, u, result)]
    np.testing.assert_allclose(x.gradient, g * (4 * x.data**3 + 3 * x.data**2), rtol=1e-13)
    result.backward(g)
    for tensor, first in zip((x, u, result), once, strict=True):
        np.testing.assert_allclose(tensor.gradient, 2 * first, rtol=1e-14)
    (x + x).backward(g)
    np.testing.assert_allclose(x.gradient, 2 * once[0] + 2 * g, rtol=1e-14)
    np.testing.assert_array_equal(g, kept)


def test_gradients_are_arrays_of_their_own():
    a, b = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    result = a + b
    g = np.ones(2)
    result.backward(g)
    a.gradient[0] = 7
    assert (b.gradient.tolist(), result.gradient.tolist(), g.tolist()) == ([1, 1], [1, 1], [1, 1])


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_a_single_number_begins_with_1(shape):
    tensor = Tensor(np.full(shape, 3.0))
    (tensor * 2.0).backward()
    assert np.shape(tensor.gradient) == shape
    assert np.all(tensor.gradient == 2)


@pytest.mark.parametrize(
    ("shape", "gradient"), [((2,), None), ((3, 2), np.ones((2, 3))), ((3, 2), np.ones(2)), ((2,), 1.0)]
)
def test_other_gradients_are_refused(shape, gradient):
    with pytest.raises(ValueError, match="gradient"):
        Tensor(np.zeros(shape)).backward(gradient)


# ---------------------------------------------------------------- the net of hw05


@pytest.mark.parametrize(("sizes", "lr", "n_iter"), [(SMALL, 2e-4, 50), (LARGE, 1e-6, 20)])
def test_the_losses_are_those_of_gradients_by_hand(sizes, lr, n_iter):
    x, y, w1, w2 = arrays = course_helpers.random_problem(0, **sizes)
    kept = [array.copy() for array in arrays]
    losses = hw.train(x, y, w1, w2, lr, n_iter)
    np.testing.assert_allclose(losses, by_hand.TwoLayerNet(w1, w2).train(x, y, lr, n_iter), rtol=1e-12)
    for now, before in zip(arrays, kept, strict=True):
        np.testing.assert_array_equal(now, before)


@pytest.mark.parametrize(("i", "loss"), [(0, 14311.80184), (1, 3177.674915), (9, 634.4536659), (49, 90.64765859)])
def test_losses_of_the_small_run(i, loss):
    assert hw.train(*course_helpers.random_problem(0, **SMALL), 2e-4, 50)[i] == pytest.approx(loss, rel=1e-9)


def test_the_cross_entropy_of_the_lesson(capsys):
    made = cells("cross_entropy")
    rng = np.random.default_rng(3)
    z, labels = rng.normal(size=(6, 4)), np.array([0, 3, 1, 2, 2, 0])
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    logits = Tensor(z)
    loss = made["cross_entropy"](logits, labels)
    loss.backward()
    assert loss.data == pytest.approx(-np.mean(np.log(p[np.arange(6), labels])), rel=1e-13)
    np.testing.assert_allclose(logits.gradient, (p - np.eye(4)[labels]) / 6, rtol=1e-12, atol=1e-15)
    assert np.isfinite(made["large"].gradient).all()


# ---------------------------------------------------------------- the answers, find the bug, further


def test_too_early():
    """Each tensor pulls once, level by level."""
    x = Tensor(3.0)
    u = x * x
    v = u + x
    loss = u * v
    arrived, found = {loss: 1.0}, [loss]
    for tensor in found:
        parts = tensor.pull(np.asarray(arrived[tensor])) if tensor.parents else ()
        for parent, part in zip(tensor.parents, parts, strict=True):
            arrived[parent] = arrived.get(parent, 0) + part
            if parent not in found:
                found.append(parent)
    assert [float(tensor.data) for tensor in found] == [108, 9, 12, 3]
    assert hw.too_early() == arrived[x]
    loss.backward()
    assert x.gradient == 135


def test_passes_for_differences():
    passes = [0]

    def loss(at):
        passes[0] += 1
        return np.sum(at)

    course_helpers.numerical_gradient(loss, drawn(7, 5))
    course_helpers.numerical_gradient(loss, drawn(5, 2))
    assert passes[0] == 2 * (7 * 5 + 5 * 2)
    assert hw.passes_for_differences() == 2 * (LARGE["d_in"] * LARGE["h"] + LARGE["h"] * LARGE["d_out"])


def test_the_broken_operators(capsys):
    made = cells("three_operators")
    vector, matrices = Tensor(drawn(5)), [Tensor(drawn(rows, 3, seed=rows)) for rows in (2, 2, 4)]
    course_helpers.check_pull("divide", made["divide"], Tensor(drawn(3, 2)), Tensor(drawn(3, 2, seed=1)))
    np.testing.assert_allclose(np.sum(made["unit"](vector).data ** 2), 1)
    np.testing.assert_array_equal(made["join"](*matrices).data, np.concatenate([m.data for m in matrices]))
    for operator, operands in ((made["unit"], [vector]), (made["join"], matrices[:2]), (made["join"], matrices)):
        with pytest.raises(course_helpers.NotRight):
            course_helpers.check_pull("it", operator, *operands)
    y, g = made["unit"](vector).data, drawn(5, seed=2)
    length = np.linalg.norm(vector.data)
    right = Tensor(y, (vector,), lambda g: ((g - y * np.sum(g * y)) / length,)).pull(g)[0]
    numerical = course_helpers.numerical_gradient(lambda at: np.sum(g * at / np.linalg.norm(at)), vector.data)
    np.testing.assert_allclose(right, numerical, rtol=1e-6, atol=1e-8)
    assert set(hw.broken_operators()) == {"unit", "join"}
    assert set(hw.broken_operators().values()) <= set(made["PLACES"])


def power(a, n):
    return Tensor(a.data**n, (a,), lambda g: (g * n * a.data ** (n - 1),))


class Constant(Tensor):
    pass


def test_the_further_tasks_can_be_done(capsys, monkeypatch):
    points = np.array([[0.0, 1.0], [1.0, 3.0], [2.0, 4.0], [3.0, 8.0]])

    def fit_line():
        x, y, w, b = points[:, :1], points[:, 1:], Tensor([[0.0]]), Tensor([0.0])
        for _ in range(400):
            error = x @ w + b - y
            w.gradient = b.gradient = None
            (error * error).sum().backward()
            w.data -= 0.03 * w.gradient
            b.data -= 0.03 * b.gradient
        return w.data.item(), b.data.item()

    def backward(self, gradient=None):
        order = hw.topological_order(self)
        wanted = {}
        for tensor in order:
            constant = all(not wanted[parent] for parent in tensor.parents)
            wanted[tensor] = not (isinstance(tensor, Constant) or (tensor.parents and constant))
        arrived = {self: np.ones(self.data.shape) if gradient is None else gradient}
        for tensor in reversed(order):
            if wanted[tensor]:
                tensor.gradient = arrived[tensor] + (0 if tensor.gradient is None else tensor.gradient)
                parts = tensor.pull(arrived[tensor]) if tensor.parents else ()
                for parent, part in zip(tensor.parents, parts, strict=True):
                    arrived[parent] = arrived.get(parent, 0) + part

    cells("further", points=points, power=power, fit_line=fit_line)
    monkeypatch.setattr(Tensor, "backward", backward)
    cells("further", points=points, Constant=Constant)
    assert capsys.readouterr().out.count("is right") == 4
    monkeypatch.undo()
    with pytest.raises(course_helpers.NotRight, match="calls of a pull"):
        cells("further", points=points, Constant=Constant)


def test_check_pull_says_what_is_wrong():
    for pull, said in (
        (lambda g: None, "returns None"),
        (lambda g: g, "one gradient for each parent"),
        (lambda g: (2 * g,), "what comes back to its operand"),
    ):
        with pytest.raises(course_helpers.NotRight, match=said):
            course_helpers.check_pull("it", lambda a, pull=pull: Tensor(a.data, (a,), pull), Tensor(drawn(3, 2)))


def test_the_graph_grows_where_the_step_is_recorded(monkeypatch):
    monkeypatch.setattr(course_helpers, "plot_graph_sizes", lambda sizes: None)
    recorded, outside = cells("growth")["sizes"].values()
    assert len(set(outside)) == 1
    assert np.all(np.diff(recorded) == np.diff(recorded)[0]) and recorded[1] > recorded[0]


# ---------------------------------------------------------------- PyTorch


def counted(n, *shape):
    """0, 1, 2, ... as a tensor of PyTorch."""
    import torch

    return torch.arange(n, dtype=torch.float64).reshape(shape or (n,))


# PyTorch takes no array for a tensor.
TORCH = {
    "multiply, an array": lambda a: a * counted(3),
    "array minus tensor": lambda a: counted(4) - a,
    "array plus tensor": lambda a: counted(4) + a,
    "array at tensor": lambda a: counted(6, 2, 3) @ a,
}


@pytest.mark.torch
@pytest.mark.parametrize("name", OPERATORS)
def test_operators_equal_pytorch(name):
    import torch

    function, *shapes = OPERATORS[name]
    values = [drawn(*shape, seed=k) for k, shape in enumerate(shapes)]
    ours, theirs = [Tensor(v) for v in values], [torch.tensor(v, requires_grad=True) for v in values]
    result = function(*ours)
    g = drawn(*result.data.shape, seed=9)
    result.backward(g)
    expected = TORCH.get(name, function)(*theirs)
    expected.backward(torch.tensor(g))
    np.testing.assert_allclose(result.data, expected.detach().numpy(), rtol=1e-12)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.gradient, other.grad.numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.torch
def test_gradients_of_a_graph_equal_pytorch():
    import torch

    def loss(x, w, b):
        h = (x @ w + b).relu()
        u = (h * h + h).exp() * 0.01
        return ((u.sum(axis=1) + 1.0).log() * h.sum(axis=1)).sum()

    values = 0.3 * drawn(5, 4), 0.3 * drawn(4, 3), 0.3 * drawn(3)
    ours, theirs = [Tensor(v) for v in values], [torch.tensor(v, requires_grad=True) for v in values]
    for _ in range(2):  # both add
        mine, other = loss(*ours), loss(*theirs)
        mine.backward()
        other.backward()
    assert float(mine.data) == pytest.approx(other.item(), rel=1e-13)
    for one, two in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one.gradient, two.grad.numpy(), rtol=1e-10)


@pytest.mark.torch
def test_the_trajectory_equals_pytorch():
    import torch

    x, y, w1, w2 = course_helpers.random_problem(0, **SMALL)
    tensors = [torch.tensor(w, requires_grad=True) for w in (w1, w2)]
    losses = []
    for _ in range(50):
        loss = (((torch.tensor(x) @ tensors[0]).relu() @ tensors[1] - torch.tensor(y)) ** 2).sum()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            for w in tensors:
                w -= 2e-4 * w.grad
                w.grad = None
    np.testing.assert_allclose(hw.train(x, y, w1, w2, 2e-4, 50), losses, rtol=1e-10)
