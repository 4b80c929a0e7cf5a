"""Two linear layers with a ReLU between them, without biases, on a batch of rows.

The loss is the sum of squares: no mean, no one half.
"""

import numpy as np


def require_equal_shapes(y_prediction, y):
    """Raise ValueError unless both have one shape: (n,) against (n, 1) would quietly make an (n, n) table."""
    if np.shape(y_prediction) != np.shape(y):
        raise ValueError(f"reshape the target: it is {np.shape(y)}, the prediction {np.shape(y_prediction)}")


class TwoLayerNet:
    """The network x (n, d_in) -> ReLU(x w1) w2 (n, d_out), with w1 (d_in, m) and w2 (m, d_out)."""

    def __init__(self, w1, w2):
        self.w1 = np.array(w1, dtype=float)  # np.array copies: training leaves the caller's weights alone
        self.w2 = np.array(w2, dtype=float)

    def forward(self, x):
        """Predict y (n, d_out) for x (n, d_in), and keep what the next backward needs."""
        ### BEGIN SOLUTION
        self.x = x
        self.hidden = np.maximum(x @ self.w1, 0)
        return self.hidden @ self.w2
        ### END SOLUTION

    def loss(self, y_prediction, y):
        """The sum of the squared errors over all rows and columns, a float.

        y_prediction, y: (n, d_out). Raises ValueError where the shapes differ.
        """
        ### BEGIN SOLUTION
        require_equal_shapes(y_prediction, y)
        return float(np.sum((y_prediction - y) ** 2))
        ### END SOLUTION

    def backward(self, y_prediction, y):
        """The gradient of loss(y_prediction, y) with respect to w1 and w2, each in the weight's shape.

        y_prediction: what the last forward returned. Changes nothing, so a second call returns the same.
        The derivative of ReLU at exactly 0 is taken as 0. Raises ValueError where the shapes differ.
        The recursion is Algorithm 6.4 of Goodfellow, Bengio, Courville, "Deep Learning" (2016).
        """
        ### BEGIN SOLUTION
        require_equal_shapes(y_prediction, y)
        grad_y = 2 * (y_prediction - y)
        grad_hidden = grad_y @ self.w2.T * (self.hidden > 0)
        return self.x.T @ grad_hidden, self.hidden.T @ grad_y
        ### END SOLUTION

    def update(self, grad_w1, grad_w2, lr):
        """One step of gradient descent with learning rate lr on both weights. Returns nothing."""
        ### BEGIN SOLUTION
        self.w1 -= lr * grad_w1
        self.w2 -= lr * grad_w2
        ### END SOLUTION

    def train(self, x, y, lr, n_iter):
        """n_iter steps on the whole batch. Returns the losses (n_iter,), each taken before its step."""
        losses = np.zeros(n_iter)
        for i in range(n_iter):
            y_prediction = self.forward(x)
            losses[i] = self.loss(y_prediction, y)
            self.update(*self.backward(y_prediction, y), lr)
        return losses


def blocked_entries():
    """How many of the 64 x 100 hidden values the ReLU sets to 0 at the start of the large run. An int."""
    ### BEGIN SOLUTION
    return 3226
    ### END SOLUTION


def seeds_that_rise():
    """How many of the seeds 0 to 9 have, in their first 20 losses, one above the first. An int."""
    ### BEGIN SOLUTION
    return 3
    ### END SOLUTION


def final_loss_without_mask():
    """The last of the 500 losses when backward leaves out the mask. A float, to two digits."""
    ### BEGIN SOLUTION
    return 9.9e-5
    ### END SOLUTION


def broken_nets():
    """The wrong ones of the three nets in section 9: a dict from the letter of each to the place of its mistake."""
    ### BEGIN SOLUTION
    return {"b": "delta1", "c": "b1"}
    ### END SOLUTION
