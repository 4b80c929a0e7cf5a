"""Hidden checks of hw08_numpy_to_pytorch.

Everything here is NumPy: tensors, modules, loaders and optimizers are made where the submission runs.
"""

import functools

import numpy as np

from gradbook.homework import check, families
from gradbook.homework.families import as_one, numbers
from gradbook.sandbox.guest.wire import Tensor

# torch.optim imports torch._dynamo when the first optimizer is made, which takes as long as torch itself.
MODULES = ("torch", "torch.utils.data", "torch._dynamo")
DISTRIBUTIONS = ("torch",)
# The reference runs in 16 MiB beyond the warm parent (whose PyTorch maps 0.7 GiB); graphs that are kept by mistake
# need room, so that the mistake is named and does not end the run.
MEMORY = 3_221_225_472

WATCH = """
import torch
from torch.overrides import TorchFunctionMode

BACKWARD = torch.Tensor.backward, torch.autograd.backward, torch.autograd.grad


class Watch(TorchFunctionMode):
    def __init__(self, weight=None, hidden=None):
        super().__init__()
        self.sizes, self.passes, self.weight, self.hidden = [], 0, weight, hidden

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if function in BACKWARD:
            roots = args[0] if args else next(iter(kwargs.values()))
            self.sizes.append(size(roots if isinstance(roots, (list, tuple)) else [roots]))
        result = function(*args, **(kwargs or {}))
        shapes = [a.shape for a in args if isinstance(a, torch.Tensor)]
        self.passes += self.weight in shapes and isinstance(result, torch.Tensor) and result.shape == self.hidden
        return result


def size(roots):
    seen, todo = set(), [root.grad_fn for root in roots]
    while todo:
        node = todo.pop()
        if node is not None and node not in seen:
            seen.add(node)
            todo += [following for following, _ in node.next_functions]
    return len(seen)


def watched(name, *args):
    function = globals()[name]
    with Watch() as watch:
        try:
            result, message = function(*args), ""
        except NotImplementedError:
            raise
        except Exception as error:
            result, message = None, str(error) or type(error).__name__
    return result, watch.sizes, message


def forward_passes(x, y, w1, w2, lr):
    with Watch(w1.shape, (len(x), w1.shape[1])) as watch:
        train_manual(x, y, w1, w2, lr, 1)
    return watch.passes
"""

TOOLS = """
from types import SimpleNamespace

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)


def chain(weights, biases=None):
    layers = []
    for i, weight in enumerate(weights):
        rows, columns = weight.shape
        layer = nn.Linear(columns, rows, bias=biases is not None, dtype=weight.dtype)
        with torch.no_grad():
            layer.weight.copy_(weight)
            if biases is not None:
                layer.bias.copy_(biases[i])
        layers += [layer, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def slopes(net, x):
    net.zero_grad()
    net(x).pow(2).sum().backward()
    return [torch.zeros_like(p) if p.grad is None else p.grad for _, p in sorted(net.named_parameters())]


def put(net, w1, w2):
    with torch.no_grad():
        net.linear1.weight.copy_(w1)
        net.linear2.weight.copy_(w2)
    return net


def stepper(kind, model, options):
    return getattr(torch.optim, kind)(model.parameters(), **options)


def batches(x, y, size):
    return DataLoader(TensorDataset(x, y), batch_size=size)


def parameters(model):
    return list(model.parameters())


def weighted(p, t):
    return ((p - t) ** 2 * torch.exp(0.3 * t)).sum(dim=1).mean()


def lenient(p, t):
    return ((p - t) ** 2).mean()


class Spy(nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.inner, self.seen = chain([weight]), []

    def forward(self, x):
        self.seen.append((self.training, self.inner.training, torch.is_grad_enabled()))
        return self.inner(x)


tools = SimpleNamespace(**globals())
"""


def problem(rng, n, d_in, h, d_out):
    """x, y, w1, w2, drawn until the ReLU matters (in every unit, where rows allow it) and no number is near a kink."""
    while True:
        x, y, w1, w2 = (rng.normal(size=s) for s in ((n, d_in), (n, d_out), (d_in, h), (h, d_out)))
        z = x @ w1
        on, axis = z > 0, 0 if n > 1 else None
        if np.abs(z).min() > 0.01 and on.any(axis).all() and (~on).any(axis).all():
            return x, y, w1, w2


def tensors(*arrays, dtype=np.float64):
    return [Tensor(array.astype(dtype)) for array in arrays]


def data(rng, n, d_in, d_out):
    return tensors(rng.normal(size=(n, d_in)), rng.normal(size=(n, d_out)))


def plain(value):
    """The value with each tensor as its array."""
    if isinstance(value, Tensor):
        return value.array
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return value


def record(losses):
    """A record of losses as one array, whether its entries are floats or tensors; else what it is."""
    try:
        array = np.array(plain(losses), dtype=float)
    except (TypeError, ValueError):
        return losses
    return array if array.ndim == 1 else losses


def close(one, other, rtol):
    """Whether two records of losses agree."""
    one, other = numbers(record(one)), numbers(record(other))
    if one is None or other is None or one.shape != other.shape:
        return False
    return np.allclose(one, other, rtol=rtol, atol=rtol * np.abs(other[np.isfinite(other)]).max(initial=0))


def is_float(value):
    return isinstance(value, (float, np.floating))


def floats(losses):
    """Whether this is a list of plain numbers."""
    return isinstance(losses, list) and all(map(is_float, losses))


def no_graph(losses):
    """Whether nothing in a record hangs in a graph."""
    items = losses if isinstance(losses, (list, tuple)) else [losses]
    return not any(isinstance(item, Tensor) and item.requires_grad for item in items)


def told(there):
    """What tells a kept tensor: its numbers, and whether autograd watches it."""

    def now():
        tensor = there.value()
        return [tensor.array, int(tensor.requires_grad)]

    return now


STUMBLES = {
    "no change in place of what autograd watches": "leaf Variable",
    "no backward pass through an earlier step": "second time",
    "no .grad that is None": "NoneType",
    "a way from the loss to the parameters": "grad_fn",
    "no change of what backward needs": "inplace operation",
}


def graphs(code, name, arguments, n_iter):
    """How the backward passes of a run look. arguments: gives fresh arguments for a number of steps."""
    watched = code.define(WATCH, "watched")
    _, first, _ = watched(name, *arguments(1))
    losses, sizes, message = watched(name, *arguments(n_iter))
    return {
        "running to the end": not message,
        **{name: text not in message for name, text in STUMBLES.items()},
        "a backward pass in the first step": len(first) > 0,
        "a backward pass in the second step": len(sizes) > 1,
        "a backward pass in every step": len(sizes) >= n_iter,
        "a graph that does not grow": bool(sizes) and sizes[-1] <= sizes[0],
        "losses free of the graph": no_graph(losses),
        "a list of floats": floats(losses),
    }


SHAPES = {  # n, d_in, h, d_out
    "the losses": (6, 5, 4, 3),
    "the losses with one output": (7, 3, 5, 1),
    "the losses with one row": (1, 4, 6, 2),
}


# ---------------------------------------------------------------- gradients by hand


def two_layer_losses(code, rng, train):
    """The losses of short runs of several shapes. train: takes what train_manual takes."""
    return {name: record(train(*tensors(*problem(rng, *shape)), 0.011 / shape[0], 7)) for name, shape in SHAPES.items()}


def contract(code, rng, function, digits=True):
    """What a run leaves as it was, and, where its digits are not in doubt, how it works in float32."""
    arrays = problem(rng, 6, 5, 4, 3)
    there = [code.keep(tensor) for tensor in tensors(*arrays)]
    state = {name: told(tensor) for name, tensor in zip(("x", "y", "w1", "w2"), there, strict=True)}
    losses, seen = families.leaves(code, lambda: function(*there, 0.004, 3), {}, state)
    seen["the same run again"] = close(function(*there, 0.004, 3), losses, 1e-12)
    seen["float32"] = close(function(*tensors(*arrays, dtype=np.float32), 0.004, 3), losses, 1e-4) or not digits
    return seen, losses


@check("train_manual", 2, "train_manual", rtol=1e-9)
def manual_losses(code, rng):
    """train_manual(x, y, w1, w2, lr, n_iter)

    the losses of gradient descent, the sum of squares before each update
    """
    return two_layer_losses(code, rng, code.train_manual)


def small_gradients(rng):
    """x, y, w1, w2 whose gradients are small next to the loss, where differences of losses lose their digits."""
    x, y, w1, w2 = problem(rng, 6, 5, 4, 3)
    x = 1e-3 * x
    return x, np.maximum(x @ w1, 0) @ w2 + 0.01 * np.sign(y) * rng.uniform(0.5, 1.5, y.shape), w1, w2


@check(
    "train_manual",
    0,
    "train_manual",
    rtol=1e-12,
    review="train_manual calls the forward pass again and again, or loses digits: numerical derivative?",
)
def manual_by_hand(code, rng):
    """train_manual where gradients are small next to the loss

    one forward pass in each step, and the exact gradient, by the chain rule
    """
    number = code.define(WATCH, "forward_passes")(*tensors(*problem(rng, 6, 5, 4, 3)), 0.002)
    losses = record(code.train_manual(*tensors(*small_gradients(rng)), 5e3, 4))
    return {"few forward passes": isinstance(number, int) and number <= 12, "the losses": losses}


@check("train_manual", 1, "train_manual")
def manual_contract(code, rng):
    """train_manual, what it returns, and the tensors afterwards

    a list of floats; x, y, w1 and w2 as they were; float32 works as well, to 1e-4
    """
    # A numerical derivative has no digits left in float32; a person looks at it anyway.
    seen, losses = contract(code, rng, code.train_manual, code.passed("train_manual"))
    seen["the losses are a list of floats"] = floats(losses)
    return seen


# ---------------------------------------------------------------- autograd


@check("train_autograd", 1, "train_autograd", rtol=1e-9)
def autograd_losses(code, rng):
    """train_autograd(x, y, w1, w2, lr, n_iter)

    the losses of train_manual, the sum of squares before each update
    """
    watched, passes = code.define(WATCH, "watched"), []

    def train(*arguments):
        losses, sizes, message = watched("train_autograd", *arguments)
        if message:
            code.train_autograd(*arguments)
        passes.append(len(sizes))
        return losses

    seen = two_layer_losses(code, rng, train)
    return seen | {"autograd makes the gradients": min(passes) > 0}


@check("train_autograd", 1, "train_autograd")
def autograd_graph(code, rng):
    """train_autograd, and its backward passes

    a backward pass in each step, through the graph of this step only; a list of floats
    """
    arrays = problem(rng, 6, 5, 4, 3)
    return graphs(code, "train_autograd", lambda n: [*tensors(*arrays), 0.004, n], 4)


@check("train_autograd", 1, "train_autograd")
def autograd_contract(code, rng):
    """train_autograd, and the tensors afterwards

    x, y, w1 and w2 as they were, requires_grad too; float32 works as well, to 1e-4
    """
    return contract(code, rng, code.train_autograd)[0]


# ---------------------------------------------------------------- nn.Sequential


def layers(rng, *sizes):
    """Weights (out, in) and biases for layers of these sizes."""
    pairs = list(zip(sizes[1:], sizes[:-1], strict=True))
    return [rng.normal(size=pair) / np.sqrt(pair[1]) for pair in pairs], [0.5 * rng.normal(size=a) for a, _ in pairs]


def toolbox(code):
    """What makes models, loaders and optimizers on the code's side."""
    return code.define(TOOLS, "tools")


def make(tools, weights, biases=None):
    """The model of these numbers on the code's side."""
    return tools.chain(tensors(*weights), biases if biases is None else tensors(*biases))


NETS = {  # rows, sizes of the layers, with biases, an optimizer
    "two layers with biases": (6, (5, 4, 3), True, ("SGD", {"lr": 0.006, "momentum": 0.8})),
    "one output, no biases": (8, (3, 6, 1), False, ("Adam", {"lr": 0.03})),
    "three layers": (5, (4, 6, 5, 2), True, ("SGD", {"lr": 0.008})),
}


def runs(code, rng, run, more=0):
    """What a run gives on each net, and the parameters afterwards. run(model, x, y, step): step() makes the optimizer.

    more: rows that the data has besides.
    """
    seen, tools = {}, toolbox(code)
    for name, (n, sizes, bias, (kind, options)) in NETS.items():
        weights, biases = layers(rng, *sizes)
        model = make(tools, weights, biases if bias else None)
        x, y = data(rng, n + more, sizes[0], sizes[-1])
        found = run(model, x, y, functools.partial(tools.stepper, kind, model, options))
        seen[name] = {"losses": record(found), "parameters": plain(tools.parameters(model))}
    return seen


@check("train_sequential", 2, "train_sequential", rtol=1e-9)
def sequential_run(code, rng):
    """train_sequential(model, x, y, lr, n_iter)

    the losses before each update, and a model all of whose parameters have made n_iter steps
    """
    return runs(code, rng, lambda model, x, y, _: code.train_sequential(model, x, y, 0.007, 6))


@check("train_sequential", 1, "train_sequential")
def sequential_graph(code, rng):
    """train_sequential, and its backward passes

    a backward pass in each step, through the graph of this step only; a list of floats
    """
    (weights, biases), tools = layers(rng, 5, 4, 3), toolbox(code)
    x, y = data(rng, 6, 5, 3)
    return graphs(code, "train_sequential", lambda n: [make(tools, weights, biases), x, y, 0.007, n], 4)


# ---------------------------------------------------------------- torch.optim


@check("train_optim", 1, "train_optim", rtol=1e-9)
def optim_run(code, rng):
    """train_optim(model, x, y, optimizer, n_iter)

    the losses before each update, and a model that the optimizer has moved n_iter times
    """
    return runs(code, rng, lambda model, x, y, step: code.train_optim(model, x, y, step(), 6))


@check("train_optim", 1, "train_optim")
def optim_graph(code, rng):
    """train_optim, and its backward passes

    a backward pass in each step, through the graph of this step only; a list of floats
    """
    (weights, biases), tools, models = layers(rng, 5, 4, 3), toolbox(code), []
    x, y = data(rng, 6, 5, 3)

    def arguments(n):
        models.append(make(tools, weights, biases))
        return [models[-1], x, y, tools.stepper("SGD", models[-1], {"lr": 0.006, "momentum": 0.8}), n]

    seen = graphs(code, "train_optim", arguments, 4)
    seen["one step moves the model"] = not np.array_equal(plain(tools.parameters(models[0]))[0], weights[0])
    return seen


# ---------------------------------------------------------------- TwoLayerNet

NET = "TwoLayerNet"


@check("two_layer_net", 1, f"{NET}.__init__")
def net_parameters(code, rng):
    """TwoLayerNet(d_in, h, d_out), its parameters

    two, linear1.weight (h, d_in) and linear2.weight (d_out, h), drawn by PyTorch's default
    """
    code.define("import torch\ntorch.manual_seed(5)\ndone = 1", "done")
    net, other = code.TwoLayerNet(60, 40, 3), code.TwoLayerNet(60, 40, 3)
    first, second = plain(net.state_dict()), plain(other.state_dict())
    names, biases = ("linear1.weight", "linear2.weight"), ("linear1.bias", "linear2.bias")
    values = {name: np.asarray(first.get(name, np.zeros((0, 0)))) for name in names}
    bounds = {name: np.abs(value).max(initial=0) * np.sqrt(value.shape[-1]) for name, value in values.items()}
    return {
        "the names": {name: name in first for name in (*names, *biases)},
        "nothing else": not set(first) - {*names, *biases},
        "the shapes": {name: np.array(value.shape) for name, value in values.items()},
        "the dtype": all(value.dtype == np.float32 for value in values.values()),
        "the sizes": {name: bool(0.8 < bound <= 1.001) for name, bound in bounds.items()},
        "numbers of its own in each net": not any(np.array_equal(value, second.get(n)) for n, value in values.items()),
    }


@check("two_layer_net", 1, f"{NET}.forward", uses=(f"{NET}.__init__",), rtol=1e-5)
def net_forward(code, rng):
    """net(x)

    ReLU(x w1) w2 of this net's own layers, of shape (n, d_out)
    """
    tools, seen, nets = toolbox(code), {}, []
    for name, (n, d_in, h, d_out) in {
        "six rows": (6, 5, 4, 3),
        "another net": (6, 5, 4, 3),
        "one output": (4, 3, 6, 1),
        "one row": (1, 4, 7, 2),
    }.items():
        net = code.TwoLayerNet(d_in, h, d_out)
        w1, w2, x = tensors(*(rng.normal(size=s) for s in ((h, d_in), (d_out, h), (n, d_in))), dtype=np.float32)
        there = code.keep(x)
        nets.append((tools.put(net, w1, w2), x))
        result, left = families.leaves(code, functools.partial(net, there), {}, {"x": told(there)})
        seen |= {name: plain(result), f"{name}, x afterwards": left}
    seen["the first net again"] = plain(nets[0][0](nets[0][1]))
    return seen | {"the gradients through it": plain(tools.slopes(*nets[0]))}


# ---------------------------------------------------------------- batches


def refuses(code, tools, run):
    """Which targets a pass over the data refuses. run(model, loader, loss_fn): makes the pass."""
    weight = np.array([[0.5, -1.0, 2.0]])
    x = np.arange(12.0).reshape(4, 3) / 10
    targets = {
        "targets without the second dimension": Tensor(np.ones(4)),
        "targets with a column too many": Tensor(np.ones((4, 2))),
        "whole numbers for targets": Tensor(np.ones((4, 1), dtype=np.int64)),
        "targets in float32": Tensor(np.ones((4, 1), dtype=np.float32)),
        "targets as they should be": Tensor(np.ones((4, 1))),
    }

    def one_pass(y):
        return run(make(tools, [weight]), tools.batches(Tensor(x), y, 3), tools.lenient.get())

    return families.refuses(code, one_pass, {f"refusing {name}": (y,) for name, y in targets.items()})


@check("train_epoch", 1, "train_epoch", rtol=1e-9)
def epoch_run(code, rng):
    """train_epoch(model, loader, loss_fn, optimizer)

    the mean of the loss over all rows, each batch before its step, and a model that has made a step for each batch
    """
    tools = toolbox(code)

    def two_epochs(model, x, y, step):
        loader, optimizer = tools.batches(x, y, 4), step()
        return [code.train_epoch(model, loader, tools.weighted.get(), optimizer) for _ in range(2)]

    return runs(code, rng, two_epochs, more=5)


def contract_of_pass(code, rng, run, expected):
    """How a model is used in one pass, what the pass returns, and what it refuses.

    run(model, loader, loss_fn): makes the pass. expected: gives what is to be said of the modes in each forward pass,
    which are rows of train mode, train mode of the layer inside, gradients on.
    """
    tools, seen, weight = toolbox(code), {}, rng.normal(size=(2, 3))
    for started in ("train", "eval"):
        model = tools.Spy(Tensor(weight))
        model.train(started == "train")
        result = run(model, tools.batches(*data(rng, 7, 3, 2), 3), tools.weighted.get())
        modes, parameters = np.array(model.seen.get(), dtype=bool).reshape(-1, 3), tools.parameters(model)
        seen[f"started in {started} mode"] = {
            "returning a float": is_float(result),
            "a result free of the graph": no_graph(result),
            "train mode afterwards": model.training.get(),
            "the weights as they were": np.array_equal(parameters[0].array, weight),
            "a forward pass for each batch": len(modes) >= 3,
            "no further forward pass": len(modes) <= 3,
            "parameters that can be trained": all(parameter.requires_grad for parameter in parameters),
            **expected(modes),
        }
    return seen | refuses(code, tools, run)


@check("train_epoch", 1, "train_epoch")
def epoch_contract(code, rng):
    """train_epoch, its mode, what it returns, and what it refuses

    train mode in all batches, a float, a ValueError for a target of another shape or dtype
    """
    tools = toolbox(code)

    def run(model, loader, loss_fn):
        return code.train_epoch(model, loader, loss_fn, tools.stepper("SGD", model, {"lr": 0.1}))

    return contract_of_pass(code, rng, run, lambda modes: {"in train mode": bool(modes[:, :2].all())})


@check("evaluate", 1, "evaluate", rtol=1e-9)
def evaluate_mean(code, rng):
    """evaluate(model, loader, loss_fn)

    the mean of the loss over all rows
    """
    tools = toolbox(code)

    def mean(model, x, y, _):
        return code.evaluate(model, tools.batches(x, y, 4), tools.weighted.get())

    return {name: seen["losses"] for name, seen in runs(code, rng, mean, more=5).items()}


@check("evaluate", 1, "evaluate")
def evaluate_contract(code, rng):
    """evaluate, its mode, what it returns, and what it refuses

    eval mode and no gradients in all batches, the model's mode as before, a float, a ValueError for a target of another
    shape or dtype
    """
    return contract_of_pass(
        code,
        rng,
        code.evaluate,
        lambda modes: {"in eval mode": not modes[:, :2].any(), "without gradients": not modes[:, 2].any()},
    )


# ---------------------------------------------------------------- all five


def descent(x, y, w1, w2, lr=0.0, n_iter=1):
    """The losses of gradient descent, each before its update, computed here."""
    losses = []
    for _ in range(n_iter):
        hidden = np.maximum(x @ w1, 0)
        error = hidden @ w2 - y
        losses.append(np.sum(error**2))
        grad_w1, grad_w2 = 2 * x.T @ (error @ w2.T * (hidden > 0)), 2 * hidden.T @ error
        w1, w2 = w1 - lr * grad_w1, w2 - lr * grad_w2
    return losses


def loss_left(tools, model, x, y):
    """The loss of the weights that a model is left with, computed here; nan where they are of other shapes."""
    weights = plain(tools.parameters(model))
    shapes = [np.shape(w) for w in weights]
    fits = len(shapes) == 2 and shapes[0][1:] == (x.shape[1],) and shapes[1] == (y.shape[1], *shapes[0][:1])
    with np.errstate(all="ignore"):
        return descent(x, y, *(w.T for w in weights))[0] if fits else np.nan


def converging(rng, lr, n_iter):
    """x, y, w1, w2 and the losses, on which gradient descent goes down in each step and ends below a twentieth."""
    while True:
        x, y, w1, w2 = problem(rng, 8, 12, 10, 2)
        w1, w2 = w1 / np.sqrt(12), w2 / np.sqrt(10)
        with np.errstate(all="ignore"):
            right = descent(x, y, w1, w2, lr, n_iter)
        if right[-1] < 0.05 * right[0] and np.all(np.diff(right) < 0):
            return x, y, w1, w2, right


MANUAL, AUTOGRAD, SEQUENTIAL = ("train_manual",), ("train_autograd",), ("train_sequential",)
OWN_NET = (f"{NET}.__init__", f"{NET}.forward")


@check("convergence", 1, "train_optim", uses=(*MANUAL, *AUTOGRAD, *SEQUENTIAL, *OWN_NET))
def convergence(code, rng):
    """the same start, five ways, 30 steps

    the losses of gradient descent to twelve digits, and weights that end with less than a tenth of the first
    """
    lr, n_iter, tools = 0.03, 30, toolbox(code)
    x, y, w1, w2, right = converging(rng, lr, n_iter)
    models = {name: make(tools, [w1.T, w2.T]) for name in ("nn.Sequential", "torch.optim")}

    def by_optim(name):
        optimizer = tools.stepper("SGD", models[name], {"lr": lr})
        return code.train_optim(models[name], *tensors(x, y), optimizer, n_iter)

    def by_own_net():
        models["TwoLayerNet"] = tools.put(code.TwoLayerNet(12, 10, 2).double(), *tensors(w1.T, w2.T))
        return by_optim("TwoLayerNet")

    def by_sequential():
        return code.train_sequential(models["nn.Sequential"], *tensors(x, y), lr, n_iter)

    # Way -> the functions that go it besides train_optim. Where one of these has lost points, it says nothing.
    ways = {
        "by hand": (MANUAL, lambda: code.train_manual(*tensors(x, y, w1, w2), lr, n_iter)),
        "autograd": (AUTOGRAD, lambda: code.train_autograd(*tensors(x, y, w1, w2), lr, n_iter)),
        "nn.Sequential": (SEQUENTIAL, by_sequential),
        "torch.optim": ((), lambda: by_optim("torch.optim")),
        "TwoLayerNet": (OWN_NET, by_own_net),
    }
    seen = {}
    for name, (functions, go) in ways.items():
        counts = all(map(code.passed, functions))
        seen[f"the losses of {name}"] = not counts or close(go(), right, 1e-12)
        if name not in ("by hand", "autograd"):
            seen[f"{name} fits"] = not counts or bool(loss_left(tools, models[name], x, y) < 0.1 * right[0])
    return seen


# ---------------------------------------------------------------- questions


@families.answer("first_overflow", 0.5)
def overflow_answer():
    """first_overflow()

    the first iteration, counted from 0, whose loss is inf or nan when no gradient is ever zeroed
    """


@families.answer("rises_with_l1", 0.5)
def l1_answer():
    """rises_with_l1()

    how many of the 50 losses of the run with L1Loss are larger than the one before
    """


BROKEN = {
    "Squash": "the slope is taken at the input, not at the output",
    "MeanSquare": "the mean is over the rows, not over all entries",
}


@check("broken_functions", 1, "broken_functions")
def broken_answer(code, rng):
    """broken_functions()

    the name of each function whose backward is wrong, and no other, with its place in the words of PLACES
    """
    # Two dicts are not compared as such: what is told of their difference names the functions.
    answer = code.broken_functions()
    told = answer if isinstance(answer, dict) else {}
    return {
        "a dict": isinstance(answer, dict),
        "the functions that are named": as_one(set(BROKEN) <= set(told), set(told) <= set(BROKEN)),
        "the places of those": all(str(told.get(name, place)) == place for name, place in BROKEN.items()),
    }
