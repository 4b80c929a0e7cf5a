"""Softmax regression: one linear layer, class probabilities, and the mean cross-entropy."""

import numpy as np


class Softmax:
    """A linear classifier of d numbers into k classes: the probabilities are the softmax of x w."""

    def __init__(self, w):
        """w: the weights, shape (d, k). They are copied; the velocity begins with zeros."""
        self.w = np.array(w, dtype=float)
        self.v = np.zeros_like(self.w)

    def forward(self, x):
        """The probability of each class for each row of x.

        x: an array of shape (n, d); it stays as it is. Returns an array of shape (n, k), whose rows add up to 1,
        also where the scores x w are in the thousands.
        """
        ### BEGIN SOLUTION
        z = x @ self.w
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)
        ### END SOLUTION

    def loss(self, x, y):
        """The mean cross-entropy: minus the logarithm of the probability of the right class.

        x: shape (n, d). y: the classes, integers from 0 to k - 1, shape (n,).
        """
        p = self.forward(x)
        return float(-np.mean(np.log(p[np.arange(len(y)), y])))

    def dloss_dw(self, x, y):
        """The derivative of the loss by the weights.

        x: shape (n, d). y: the classes, integers, shape (n,). Both stay as they are, and so do the weights.
        Returns an array of the shape of w, (d, k). Raises ValueError where x and y have not as many rows.
        """
        ### BEGIN SOLUTION
        if len(x) != len(y):
            raise ValueError(f"{len(x)} rows of x, but {len(y)} classes")
        p = self.forward(x)
        target = np.eye(p.shape[1])[y]
        return x.T @ (p - target) / len(x)
        ### END SOLUTION

    def update(self, dw, lr, momentum=0.0):
        """One step of gradient descent with momentum.

        The velocity v becomes momentum times v, plus dw; then w goes lr times v against it.
        dw: shape (d, k); it stays as it is. Returns nothing: w and v are changed.
        """
        ### BEGIN SOLUTION
        self.v = momentum * self.v + dw
        self.w = self.w - lr * self.v
        ### END SOLUTION

    def train(self, x, y, lr, momentum, n_steps):
        """n_steps of gradient descent. Returns the losses (n_steps,), each recorded before its step."""
        losses = np.empty(n_steps)
        for step in range(n_steps):
            losses[step] = self.loss(x, y)
            self.update(self.dloss_dw(x, y), lr, momentum)
        return losses
