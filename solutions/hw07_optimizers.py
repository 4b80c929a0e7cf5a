"""Where to start and how to step: three initialisations, mini-batches, Momentum, RMSprop and Adam.

Batches are rows: x (n, d_in), W (d_in, d_out). The optimizers are defined as in torch.optim. A model keeps
two flat dicts of arrays, `parameters` and `gradients`, with the same keys and shapes; the arrays are changed
in place and never rebound.
"""

import numpy as np


def normal_init(d_in, d_out, rng):
    """Weights (d_in, d_out) from a normal distribution with mean 0 and deviation 1.

    rng: a numpy.random.Generator, from which all the numbers are drawn.
    """
    ### BEGIN SOLUTION
    return rng.standard_normal((d_in, d_out))
    ### END SOLUTION


def glorot_init(d_in, d_out, rng):
    """Weights (d_in, d_out), normal with mean 0 and deviation sqrt(2 / (d_in + d_out)).

    The compromise between keeping the size of the signal forward and of the gradient backward, for
    activations that are linear near 0 (Glorot and Bengio 2010, section 4.2.1). rng as in normal_init.
    """
    ### BEGIN SOLUTION
    return rng.standard_normal((d_in, d_out)) * np.sqrt(2 / (d_in + d_out))
    ### END SOLUTION


def he_init(d_in, d_out, rng):
    """Weights (d_in, d_out), normal with mean 0 and deviation sqrt(2 / d_in).

    Makes up for the half of the signal that ReLU takes away (He et al. 2015, section 2.2).
    rng as in normal_init.
    """
    ### BEGIN SOLUTION
    return rng.standard_normal((d_in, d_out)) * np.sqrt(2 / d_in)
    ### END SOLUTION


def minibatches(x, y, batch_size, rng):
    """One pass over all rows in random order: yields pairs (x_batch, y_batch) of batch_size rows each.

    x (n, d_in) and y (n, d_out) are paired row by row and stay as they are. Every row comes exactly once;
    the last batch holds what is left and may be smaller. rng, a numpy.random.Generator, gives the order:
    another one at every call.
    """
    ### BEGIN SOLUTION
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], y[rows]
    ### END SOLUTION


class Optimizer:
    """What every optimizer has: a model whose parameters it moves in place, and a learning rate."""

    def __init__(self, model, lr=1e-3):
        self.model = model
        self.lr = lr

    def zeros(self):
        """A dict with an array of zeros for each parameter, under its name and with its shape."""
        return {name: np.zeros_like(parameter) for name, parameter in self.model.parameters.items()}

    def step(self):
        """Moves every parameter in place by what its gradient says; leaves the gradients as they are."""
        raise NotImplementedError(f"{type(self).__name__}.step")

    def zero_grad(self):
        """Fills every gradient with 0 in place."""
        for gradient in self.model.gradients.values():
            gradient.fill(0)


class Momentum(Optimizer):
    """Gradient descent with a velocity (Polyak 1964), as torch.optim.SGD(lr, momentum) has it.

    velocity <- momentum * velocity + gradient;  parameter <- parameter - lr * velocity.
    """

    def __init__(self, model, lr=1e-3, momentum=0.9):
        super().__init__(model, lr)
        self.momentum = momentum
        self.velocity = self.zeros()

    def step(self):
        """One update of every parameter and of its velocity, in place. Leaves the gradients as they are."""
        ### BEGIN SOLUTION
        for name, parameter in self.model.parameters.items():
            velocity = self.velocity[name]
            velocity[...] = self.momentum * velocity + self.model.gradients[name]
            parameter -= self.lr * velocity
        ### END SOLUTION


class RMSprop(Optimizer):
    """Steps divided by a running size of the gradient (Hinton's lectures 2012, 6e), as torch.optim has it.

    square <- alpha * square + (1 - alpha) * gradient^2;
    parameter <- parameter - lr * gradient / (sqrt(square) + eps).
    """

    def __init__(self, model, lr=1e-2, alpha=0.99, eps=1e-8):
        super().__init__(model, lr)
        self.alpha = alpha
        self.eps = eps
        self.square = self.zeros()

    def step(self):
        """One update of every parameter and of its square, in place. Leaves the gradients as they are."""
        ### BEGIN SOLUTION
        for name, parameter in self.model.parameters.items():
            gradient, square = self.model.gradients[name], self.square[name]
            square[...] = self.alpha * square + (1 - self.alpha) * gradient**2
            parameter -= self.lr * gradient / (np.sqrt(square) + self.eps)
        ### END SOLUTION


class Adam(Optimizer):
    """Momentum over a running size, both freed of their start at 0 (Kingma and Ba 2015, algorithm 1).

    t <- t + 1;  m <- beta1 * m + (1 - beta1) * gradient;  v <- beta2 * v + (1 - beta2) * gradient^2;
    parameter <- parameter - lr * m_hat / (sqrt(v_hat) + eps),
    where m_hat = m / (1 - beta1^t) and v_hat = v / (1 - beta2^t).
    """

    def __init__(self, model, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(model, lr)
        self.betas = betas
        self.eps = eps
        self.m = self.zeros()
        self.v = self.zeros()
        self.t = 0

    def step(self):
        """One update of every parameter and of its m and v, in place; t counts the steps, once for all
        parameters. Leaves the gradients as they are."""
        ### BEGIN SOLUTION
        self.t += 1
        beta1, beta2 = self.betas
        for name, parameter in self.model.parameters.items():
            gradient, m, v = self.model.gradients[name], self.m[name], self.v[name]
            m[...] = beta1 * m + (1 - beta1) * gradient
            v[...] = beta2 * v + (1 - beta2) * gradient**2
            m_hat = m / (1 - beta1**self.t)
            v_hat = v / (1 - beta2**self.t)
            parameter -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        ### END SOLUTION


class TwoLayerNet:
    """ReLU(x W1 + b1) W2 + b2, with the sum of the squared errors as its loss.

    W1 (d_in, h), b1 (h,), W2 (h, d_out), b2 (d_out,) are copied into `parameters`.
    """

    def __init__(self, W1, b1, W2, b2):
        self.parameters = {"W1": W1.copy(), "b1": b1.copy(), "W2": W2.copy(), "b2": b2.copy()}
        self.gradients = {name: np.zeros_like(array) for name, array in self.parameters.items()}

    def forward(self, x):
        """x (n, d_in). Returns the prediction (n, d_out); keeps what backward needs."""
        W1, b1, W2, b2 = self.parameters.values()
        self.x = x
        self.hidden = np.maximum(x @ W1 + b1, 0)
        return self.hidden @ W2 + b2

    def backward(self, grad):
        """grad (n, d_out) is dL/d prediction. Adds the gradients of the parameters into `gradients`."""
        grad_hidden = (grad @ self.parameters["W2"].T) * (self.hidden > 0)
        self.gradients["W2"] += self.hidden.T @ grad
        self.gradients["b2"] += grad.sum(axis=0)
        self.gradients["W1"] += self.x.T @ grad_hidden
        self.gradients["b1"] += grad_hidden.sum(axis=0)


def train_step(model, optimizer, x, y):
    """One step on the batch x (n, d_in), y (n, d_out). Returns the sum of squares before the update."""
    error = model.forward(x) - y
    optimizer.zero_grad()
    model.backward(2 * error)
    optimizer.step()
    return float(np.sum(error**2))


def first_adam_step():
    """How far Adam's first step with lr .001 and eps 1e-8 moves a parameter whose gradient is 1e-6.
    A positive float, right to four digits."""
    ### BEGIN SOLUTION
    return 1e-3 * 1e-6 / (1e-6 + 1e-8)
    ### END SOLUTION


def he_over_glorot():
    """By what factor the signal after ten square ReLU layers is larger with he_init than with glorot_init,
    both drawn from the same random numbers. A float."""
    ### BEGIN SOLUTION
    return 32.0
    ### END SOLUTION


def adam_steps_to_one():
    """The number of steps after which Adam's loss, from the default initialisation, is first below 1:
    the index of that loss, counted from 0. An int."""
    ### BEGIN SOLUTION
    return 209
    ### END SOLUTION


def broken_optimizers():
    """Which of Nesterov, Adagrad and Clipped are broken, and where: a dict from the name of each of these to the
    place of its mistake, one of PLACES."""
    ### BEGIN SOLUTION
    return {"Adagrad": "the squares of all entries are added up", "Clipped": "short gradients are made longer"}
    ### END SOLUTION
