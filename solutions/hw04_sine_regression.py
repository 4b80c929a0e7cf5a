"""Two sigmoid layers and a linear one, fitted to the sine.

Batches are rows. The loss of a batch is the mean over its rows of one half of the squared error.
Source: Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors", Nature 323, 1986.
"""

import numpy as np


def sigmoid(x):
    """The logistic function 1 / (1 + exp(-x)), elementwise, finite and without warnings for every finite x.

    x: a number or an array of any shape. Returns the same shape.
    """
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(x))  # of a number that is never positive, so it cannot overflow
    return np.where(np.asarray(x) >= 0, 1, e) / (1 + e)
    ### END SOLUTION


def d_sigmoid(a):
    """The slope of the sigmoid, from its value: a = sigmoid(x) is the activation, not x.

    a: a number or an array of any shape. Returns the same shape.
    """
    ### BEGIN SOLUTION
    return a * (1 - a)
    ### END SOLUTION


def mse_loss(prediction, label):
    """One half of the squared error, elementwise: nothing is summed or averaged here.

    prediction, label: arrays of one shape. Returns that shape.
    """
    ### BEGIN SOLUTION
    return 0.5 * (prediction - label) ** 2
    ### END SOLUTION


def d_mse_loss(prediction, label):
    """The derivative of mse_loss with respect to the prediction, elementwise.

    prediction, label: arrays of one shape. Returns that shape.
    """
    ### BEGIN SOLUTION
    return prediction - label
    ### END SOLUTION


class SineRegressor:
    """A network 1 -> d1 -> d2 -> 1: two sigmoid layers, then a linear one, each with biases.

    `parameters` holds W1 (1, d1), W2 (d1, d2), W3 (d2, 1), drawn unit normal in that order, and the
    biases b1 (1, d1), b2 (1, d2), b3 (1, 1), zero at the start.
    """

    def __init__(self, hidden_neuron_one=10, hidden_neuron_two=10):
        sizes = (1, hidden_neuron_one, hidden_neuron_two, 1)
        self.parameters = {}
        for layer in (1, 2, 3):
            self.parameters[f"W{layer}"] = np.random.randn(sizes[layer - 1], sizes[layer])
            self.parameters[f"b{layer}"] = np.zeros((1, sizes[layer]))

    def forward(self, x):
        """Predict y (n, 1) for x (n, 1), and keep what the next backward needs, of this pass only."""
        ### BEGIN SOLUTION
        p = self.parameters
        self.x = x
        self.h1 = sigmoid(x @ p["W1"] + p["b1"])
        self.h2 = sigmoid(self.h1 @ p["W2"] + p["b2"])
        return self.h2 @ p["W3"] + p["b3"]
        ### END SOLUTION

    def backward(self, prediction, label):
        """The gradient of the mean over the batch of mse_loss(prediction, label).

        prediction (n, 1): what the last forward returned. label (n, 1).
        Returns a dict with the keys and shapes of `parameters`. Changes no parameter, and may be called
        again after the same forward, with the same result. Raises ValueError where the shapes differ.
        """
        if np.shape(prediction) != np.shape(label):
            raise ValueError(f"give labels of the shape {np.shape(prediction)}, not {np.shape(label)}")
        ### BEGIN SOLUTION
        p = self.parameters
        delta3 = d_mse_loss(prediction, label) / len(label)
        delta2 = delta3 @ p["W3"].T * d_sigmoid(self.h2)
        delta1 = delta2 @ p["W2"].T * d_sigmoid(self.h1)
        return {
            "W1": self.x.T @ delta1,
            "W2": self.h1.T @ delta2,
            "W3": self.h2.T @ delta3,
            "b1": delta1.sum(axis=0, keepdims=True),
            "b2": delta2.sum(axis=0, keepdims=True),
            "b3": delta3.sum(axis=0, keepdims=True),
        }
        ### END SOLUTION

    def update(self, gradients, lr):
        """One step of gradient descent with learning rate lr, in place in the arrays of `parameters`.

        gradients: what backward returned; it is left as it is. Returns nothing.
        """
        ### BEGIN SOLUTION
        for name, gradient in gradients.items():
            self.parameters[name] -= lr * gradient
        ### END SOLUTION


def train(model, train_set, test_set, lr, n_epochs, batch_size=1):
    """Gradient descent over the training rows in fixed order, batch_size rows per update.

    train_set, test_set: pairs x (n, 1), y (n, 1); the last batch may be smaller.
    Returns two arrays (n_epochs,): the mean training loss, each row's taken just before the update that
    it takes part in, and the mean test loss at the end of each epoch.
    """
    x, y = train_set
    x_test, y_test = test_set
    train_losses, test_losses = np.zeros(n_epochs), np.zeros(n_epochs)
    for epoch in range(n_epochs):
        for start in range(0, len(x), batch_size):
            label = y[start : start + batch_size]
            prediction = model.forward(x[start : start + batch_size])
            train_losses[epoch] += mse_loss(prediction, label).sum() / len(x)
            model.update(model.backward(prediction, label), lr)
        test_losses[epoch] = mse_loss(model.forward(x_test), y_test).mean()
    return train_losses, test_losses


def epochs_to_06():
    """The first epoch, counted from 1, whose mean training loss is below .06.

    Seed 0, one row per update, learning rate .1. An int.
    """
    ### BEGIN SOLUTION
    return 94
    ### END SOLUTION


def best_full_batch_rate():
    """The learning rate of .1, .2, .5, 1, 2 whose training loss at epoch 200 is the lowest.

    Seed 0, all 50 rows in each update. A float.
    """
    ### BEGIN SOLUTION
    return 0.5
    ### END SOLUTION


def broken_steps():
    """The steps that are no gradient descent: a dict from the name of each to its place, one of PLACES."""
    ### BEGIN SOLUTION
    return {
        "step_a": "the mean over the samples is taken twice for a bias",
        "step_c": "the error is passed down through weights that have moved already",
    }
    ### END SOLUTION
