"""The smallest net with a hidden neuron: one input, two weights, no activation. y = x * w1 * w2."""

import numpy as np


def loss(y_prediction, y_true):
    """The mean squared error, without a one half.

    y_prediction, y_true: arrays of the same shape (n,). Returns a float.
    Raises ValueError where the shapes differ: broadcasting would hide it.
    """
    ### BEGIN SOLUTION
    if np.shape(y_prediction) != np.shape(y_true):
        raise ValueError(f"the shapes {np.shape(y_prediction)} and {np.shape(y_true)} must be equal")
    return float(np.mean((np.asarray(y_prediction) - np.asarray(y_true)) ** 2))
    ### END SOLUTION


class ShallowNarrowExercise:
    """One hidden neuron: y = x * w1 * w2, trained by gradient descent on the mean squared error.

    init_weights: a list, tuple or array of two numbers; it is never written into.
    Attributes w1, w2: the weights, two floats.
    """

    def __init__(self, init_weights):
        w1, w2 = init_weights
        self.w1, self.w2 = float(w1), float(w2)

    def forward(self, x):
        """The net's output, of the shape of x (n,)."""
        ### BEGIN SOLUTION
        return x * self.w1 * self.w2
        ### END SOLUTION

    def dloss_dw(self, x, y_true):
        """The gradient of the loss at the present weights: (dloss/dw1, dloss/dw2), two floats.

        x, y_true: arrays of shape (n,). Changes no weight. Raises ValueError where the shapes differ.
        """
        if np.shape(x) != np.shape(y_true):
            raise ValueError(f"the shapes {np.shape(x)} and {np.shape(y_true)} must be equal")
        ### BEGIN SOLUTION
        error = self.forward(x) - y_true
        return float(np.mean(2 * error * x * self.w2)), float(np.mean(2 * error * x * self.w1))
        ### END SOLUTION

    def train(self, x, y_true, lr, n_ep):
        """n_ep steps of gradient descent with learning rate lr on the samples x, y_true, each (n,).

        Returns the losses (n_ep,), each recorded before its step, and the weights (n_ep, 2), each
        recorded after its step.
        """
        loss_records = np.empty(n_ep)
        weight_records = np.empty((n_ep, 2))
        for epoch in range(n_ep):
            loss_records[epoch] = loss(self.forward(x), y_true)
            ### BEGIN SOLUTION
            dw1, dw2 = self.dloss_dw(x, y_true)
            self.w1 -= lr * dw1
            self.w2 -= lr * dw2
            ### END SOLUTION
            weight_records[epoch] = self.w1, self.w2
        return loss_records, weight_records
