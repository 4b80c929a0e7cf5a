"""Backpropagation through a chain of matrices, with the identity as activation.

Column convention: layer i has the matrix w[i] (out, in) and computes z[i] = w[i] @ z[i-1] + b[i], with x in
the place of z[-1]. All vectors are 1-D. delta[i] stands for the gradient of the loss with respect to z[i].
After Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors" (1986).
"""

import numpy as np


def worked_example(bias=False):
    """A chain of 2-3-2-1 neurons, all weights .5: returns x, y, w and b, freshly made.

    b is None, or with bias=True a list of vectors of .5.
    """
    shapes = [(3, 2), (2, 3), (1, 2)]
    w = [np.full(shape, 0.5) for shape in shapes]
    b = [np.full(rows, 0.5) for rows, _ in shapes] if bias else None
    return np.array([1.0, 1.0]), np.array([1.0]), w, b


def forward(x, w, b=None):
    """What every layer puts out, the last one's included.

    x (d,): the input; w: a list of matrices, w[i] (out_i, in_i); b: None, or a list of vectors b[i] (out_i,).
    Returns z, a list as long as w: z[i] (out_i,).
    """
    ### BEGIN SOLUTION
    z, signal = [], x
    for i in range(len(w)):
        signal = w[i] @ signal
        if b is not None:
            signal = signal + b[i]
        z.append(signal)
    return z
    ### END SOLUTION


def loss(z, y):
    """Half the sum of squared errors of the last layer: a float.

    z: the list that forward returns; y: the target, of the shape of z[-1].
    """
    ### BEGIN SOLUTION
    return float(0.5 * np.sum((z[-1] - y) ** 2))
    ### END SOLUTION


def backward(y, w, z):
    """The gradient of the loss with respect to every layer's output.

    y: the target, of the shape of z[-1]; w, z: as in forward.
    Returns delta, a list as long as z: delta[i] has the shape of z[i], and delta[-1] = z[-1] - y.
    """
    ### BEGIN SOLUTION
    delta = [z[-1] - y]
    for matrix in reversed(w[1:]):
        delta.insert(0, matrix.T @ delta[0])
    return delta
    ### END SOLUTION


def update(x, w, z, delta, eta, b=None):
    """One step of gradient descent with the learning rate eta.

    x, w, z, b: as in forward; delta: as in backward.
    Returns (w, b): new lists of new arrays. What was passed in stays as it was. Without biases b is None.
    """
    ### BEGIN SOLUTION
    inputs = [x, *z[:-1]]
    new_w = [matrix - eta * np.outer(d, a) for matrix, d, a in zip(w, delta, inputs, strict=True)]
    if b is None:
        return new_w, None
    return new_w, [bias - eta * d for bias, d in zip(b, delta, strict=True)]
    ### END SOLUTION


def train(x, y, w, eta, steps, b=None):
    """Repeat forward, backward, update. Returns (w, b, losses).

    losses (steps,): each is recorded before its update. A loss that is not finite ends the run.
    """
    losses = []
    for _ in range(steps):
        z = forward(x, w, b)
        losses.append(loss(z, y))
        if not np.isfinite(losses[-1]):
            break
        w, b = update(x, w, z, backward(y, w, z), eta, b)
    return w, b, np.array(losses)


def last_layer_sum():
    """The sum of the last layer's weights after 50 steps of .1 without biases. A float, to four decimals."""
    ### BEGIN SOLUTION
    return 0.7743
    ### END SOLUTION


def largest_converging_rate():
    """The largest rate of .05, .10, ..., 1 whose 50th loss is below 1e-6, without biases. A float."""
    ### BEGIN SOLUTION
    return 0.45
    ### END SOLUTION


def largest_converging_rate_with_bias():
    """The largest rate of .05, .10, ..., 1 whose 50th loss is below 1e-6, with biases. A float."""
    ### BEGIN SOLUTION
    return 0.3
    ### END SOLUTION


def broken_gradients():
    """The wrong ones of the three in section 8: a dict from the letter of each to the place of its mistake."""
    ### BEGIN SOLUTION
    return {"a": "w1", "c": "delta0"}
    ### END SOLUTION
