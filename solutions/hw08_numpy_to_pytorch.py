"""One network five times over: what PyTorch takes from our hands, step by step.

Batches are rows: x (n, d_in), y (n, d_out). The network is ReLU(x w1) w2 without biases, its loss the sum of
squared errors: no mean, no one half. Each loss is recorded before its update. Everything stays in the dtype
of the tensors that come in.
"""

import numpy as np
import torch
from torch import nn


def train_numpy(x, y, w1, w2, lr, n_iter):
    """The run in NumPy. Returns the losses (n_iter,), each before its update; w1 and w2 stay as they were."""
    w1, w2 = w1.copy(), w2.copy()
    losses = np.zeros(n_iter)
    for i in range(n_iter):
        hidden = np.maximum(x @ w1, 0)
        error = hidden @ w2 - y
        losses[i] = np.sum(error**2)
        grad_y = 2 * error
        grad_hidden = grad_y @ w2.T * (hidden > 0)
        w1 -= lr * x.T @ grad_hidden
        w2 -= lr * hidden.T @ grad_y
    return losses


def train_manual(x, y, w1, w2, lr, n_iter):
    """n_iter steps of gradient descent on w1 (d_in, h) and w2 (h, d_out), the gradients by hand.

    x (n, d_in), y (n, d_out): tensors of one dtype; the loss is the sum of squared errors.
    Returns a list of n_iter floats: the losses, each before its update. Changes none of the tensors.
    """
    ### BEGIN SOLUTION
    w1, w2 = w1.clone(), w2.clone()
    losses = []
    for _ in range(n_iter):
        hidden = x.mm(w1).clamp(min=0)
        error = hidden.mm(w2) - y
        losses.append(error.pow(2).sum().item())
        grad_y = 2 * error
        grad_hidden = grad_y.mm(w2.t()) * (hidden > 0)
        w1 -= lr * x.t().mm(grad_hidden)
        w2 -= lr * hidden.t().mm(grad_y)
    return losses
    ### END SOLUTION


def train_autograd(x, y, w1, w2, lr, n_iter):
    """train_manual, with autograd for the gradients: same arguments, same list, same numbers.

    Changes none of the tensors, nor their requires_grad. Each step has a graph of its own.
    """
    ### BEGIN SOLUTION
    w1, w2 = w1.clone().requires_grad_(), w2.clone().requires_grad_()
    losses = []
    for _ in range(n_iter):
        loss = (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            for w in (w1, w2):
                w -= lr * w.grad
                w.grad.zero_()
    return losses
    ### END SOLUTION


def copy_weights(model, *weights):
    """Copy weights (d_in, d_out) into the linear layers of a model, which hold them as (d_out, d_in).

    Biases become 0. Returns the model.
    """
    layers = [module for module in model.modules() if isinstance(module, nn.Linear)]
    with torch.no_grad():
        for layer, w in zip(layers, weights, strict=True):
            layer.weight.copy_(w.t())
            if layer.bias is not None:
                layer.bias.zero_()
    return model


def train_sequential(model, x, y, lr, n_iter):
    """n_iter steps of gradient descent on all parameters of a model, the update by hand.

    model: an nn.Module, which is trained. The loss is nn.MSELoss(reduction="sum") of model(x) and y.
    Returns a list of n_iter floats: the losses, each before its update.
    """
    ### BEGIN SOLUTION
    loss_fn = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(n_iter):
        loss = loss_fn(model(x), y)
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= lr * parameter.grad
    return losses
    ### END SOLUTION


def train_optim(model, x, y, optimizer, n_iter):
    """train_sequential, with an optimizer of torch.optim for the update.

    optimizer: one that holds the parameters of the model. Returns the same kind of list.
    """
    ### BEGIN SOLUTION
    loss_fn = nn.MSELoss(reduction="sum")
    losses = []
    for _ in range(n_iter):
        loss = loss_fn(model(x), y)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses
    ### END SOLUTION


class TwoLayerNet(nn.Module):
    """The network x (n, d_in) -> ReLU(x w1) w2 (n, d_out) as a module of its own, without biases."""

    def __init__(self, d_in, h, d_out):
        """Two layers with PyTorch's default initialisation: linear1 from d_in to h, linear2 from h to d_out."""
        ### BEGIN SOLUTION
        super().__init__()
        self.linear1 = nn.Linear(d_in, h, bias=False)
        self.linear2 = nn.Linear(h, d_out, bias=False)
        ### END SOLUTION

    def forward(self, x):
        """Predict y (n, d_out) for x (n, d_in), with this module's own layers."""
        ### BEGIN SOLUTION
        return self.linear2(self.linear1(x).clamp(min=0))
        ### END SOLUTION


def require_matching(prediction, y):
    """Raise ValueError unless the target has the shape and the dtype of the prediction.

    PyTorch would broadcast (n, 1) against (n,) to an (n, n) table with no more than a warning, and promote dtypes.
    """
    if y.shape != prediction.shape:
        raise ValueError(f"reshape the target: it is {tuple(y.shape)}, the prediction {tuple(prediction.shape)}")
    if y.dtype != prediction.dtype:
        raise ValueError(f"convert the target: it is {y.dtype}, the prediction {prediction.dtype}")


def half_squared_error(prediction, y):
    """Half the sum of squared errors of a row, in the mean over the rows: a tensor without dimensions."""
    return 0.5 * (prediction - y).pow(2).sum(dim=1).mean()


def train_epoch(model, loader, loss_fn, optimizer):
    """One pass over the batches (x, y) of a DataLoader in train mode, with one step of the optimizer for each.

    loss_fn(prediction, y): the mean over the rows of a batch, a tensor without dimensions.
    Returns the mean of the loss over all rows, each batch before its step: a float, right also where the last
    batch is smaller. Raises ValueError where a target has not the shape and dtype of the prediction.
    """
    ### BEGIN SOLUTION
    model.train()
    total, rows = 0.0, 0
    for x, y in loader:
        prediction = model(x)
        require_matching(prediction, y)
        loss = loss_fn(prediction, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        rows += len(x)
    return total / rows
    ### END SOLUTION


def evaluate(model, loader, loss_fn):
    """The mean of the loss over all rows of a DataLoader: a float. In eval mode, without gradients.

    Trains nothing; afterwards the model is in the mode (train or eval) that it was in. Arguments and errors as
    in train_epoch.
    """
    ### BEGIN SOLUTION
    was_training = model.training
    model.eval()
    total, rows = 0.0, 0
    with torch.no_grad():
        for x, y in loader:
            prediction = model(x)
            require_matching(prediction, y)
            total += loss_fn(prediction, y).item() * len(x)
            rows += len(x)
    model.train(was_training)
    return total / rows
    ### END SOLUTION


def chain_of_halves():
    """The 2-3-2-1 chain without biases and activations in float64, all its weights .5."""
    model = nn.Sequential(*(nn.Linear(a, b, bias=False, dtype=torch.float64) for a, b in ((2, 3), (3, 2), (2, 1))))
    for parameter in model.parameters():
        nn.init.constant_(parameter, 0.5)
    return model


def first_overflow():
    """The first iteration, from 0, whose loss is inf or nan when gradients are never set to zero. An int."""
    ### BEGIN SOLUTION
    return 198
    ### END SOLUTION


def rises_with_l1():
    """How many of the 50 losses of the L1 run are larger than the one before. An int."""
    ### BEGIN SOLUTION
    return 24
    ### END SOLUTION


def broken_functions():
    """The functions whose backward is wrong: a dict from the name of each to its place, one of PLACES."""
    ### BEGIN SOLUTION
    return {
        "Squash": "the slope is taken at the input, not at the output",
        "MeanSquare": "the mean is over the rows, not over all entries",
    }
    ### END SOLUTION
