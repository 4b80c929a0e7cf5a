"""Landscapes of a product: the loss surface of two weights, and chains of many.

A deep narrow linear network has one neuron per layer: y = w_1 w_2 ... w_d x. Everything that makes deep
networks hard to train (saddles, vanishing and exploding slopes, the choice of rate and start) shows in it.
After Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear
neural networks" (2014).
"""

import numpy as np


def loss_grid(w1_values, w2_values, x, y):
    """The loss of the network y = w1 w2 x at every pair of weights.

    w1_values (p,), w2_values (q,): the weights; x, y (n,): the data.
    Returns (p, q): entry [i, j] is the mean squared error, without one half, at w1_values[i], w2_values[j].
    """
    ### BEGIN SOLUTION
    slopes = np.outer(w1_values, w2_values)
    residuals = slopes[:, :, np.newaxis] * x - y
    return np.mean(residuals**2, axis=-1)
    ### END SOLUTION


class DeepNarrowLNN:
    """A deep narrow linear network: d weights in a chain, one neuron between each and the next."""

    def __init__(self, init_ws):
        """init_ws (d,): the starting weights, from the input to the output. They are copied."""
        self.w = np.array(init_ws, dtype=float)

    def forward(self, x):
        """The prediction w_1 w_2 ... w_d x. x (n,); returns (n,)."""
        ### BEGIN SOLUTION
        return np.prod(self.w) * x
        ### END SOLUTION

    def loss(self, y_prediction, y_true):
        """Half the mean squared error, a float. Raises ValueError where the shapes differ."""
        if np.shape(y_prediction) != np.shape(y_true):
            raise ValueError(
                f"the prediction has shape {np.shape(y_prediction)} and the target {np.shape(y_true)}; "
                "give both the same shape"
            )
        return float(0.5 * np.mean((y_prediction - y_true) ** 2))

    def dloss_dw(self, x, y_true):
        """The gradient of the loss with respect to every weight, exact also where weights are 0.

        x, y_true (n,). Returns (d,): entry i is mean((prediction - y) x) times the product of all the
        weights but w[i]. Changes nothing.
        """
        ### BEGIN SOLUTION
        dloss_dslope = np.mean((self.forward(x) - y_true) * x)
        before = np.cumprod([1.0, *self.w[:-1]])  # what the input has become when it reaches w[i]
        after = np.cumprod([1.0, *self.w[:0:-1]])[::-1]  # what the output's error has become on its way back
        return dloss_dslope * before * after
        ### END SOLUTION

    def train(self, x, y_true, lr, n_ep):
        """n_ep steps of gradient descent, each with all the rows and all the weights together.

        x, y_true (n,). Returns the losses, an array: each is recorded before its update. The first loss that
        is not finite ends the training and is the last entry; otherwise there are n_ep of them.
        """
        ### BEGIN SOLUTION
        losses = []
        for _ in range(n_ep):
            losses.append(self.loss(self.forward(x), y_true))
            if not np.isfinite(losses[-1]):
                break
            self.w = self.w - lr * self.dloss_dw(x, y_true)
        return np.array(losses)
        ### END SOLUTION


def epochs_to_converge(losses, threshold=0.01):
    """The first epoch, counted from 0, from which every loss is below the threshold: an int, or None.

    losses (n_ep,). A loss that is not a number is not below anything. A run without losses gives None.
    """
    ### BEGIN SOLUTION
    not_yet = np.flatnonzero(~(np.asarray(losses) < threshold))
    first = int(not_yet[-1]) + 1 if not_yet.size else 0
    return first if first < len(losses) else None
    ### END SOLUTION


def fastest_depth():
    """The number of hidden neurons, of 0, 5, 10, 25 and 50, that needed the fewest epochs. An int."""
    ### BEGIN SOLUTION
    return 10
    ### END SOLUTION


def best_rate_for_50_weights():
    """The learning rate of .005, .010, ..., .095 at which 50 weights need the fewest epochs. A float."""
    ### BEGIN SOLUTION
    return 0.025
    ### END SOLUTION


def smallest_starting_weight():
    """The smallest of .70, .75, ..., 1.05 from which 15 weights converge within 250 epochs. A float."""
    ### BEGIN SOLUTION
    return 0.75
    ### END SOLUTION
