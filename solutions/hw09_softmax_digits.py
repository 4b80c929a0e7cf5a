"""A classifier: the logarithm of the softmax, the mean cross-entropy, and a ReLU network that gives the scores.

The loss is a mean over the rows. Scores and their logarithms are float64.
"""

import numpy as np


def require_labels(logits, labels):
    """Raise ValueError unless labels are n whole numbers from 0 to c - 1, for scores of shape (n, c).

    NumPy would take a label of -1 for the last class, and compare (n,) with (n, 1) in an (n, n) table.
    """
    n, c = np.shape(logits)
    labels = np.asarray(labels)
    if labels.shape != (n,):
        raise ValueError(f"give one label for each of {n} rows: shape {(n,)}, not {labels.shape}")
    if labels.dtype.kind not in "iu":
        raise ValueError(f"labels are whole numbers, not {labels.dtype}")
    if labels.min() < 0 or labels.max() >= c:
        raise ValueError(f"labels are from 0 to {c - 1}, not from {labels.min()} to {labels.max()}")


def log_softmax(logits):
    """The logarithm of the softmax of each row: that of exp(s_k) / sum of exp(s_j) over the row.

    logits (n, c): any real numbers, also some thousands; they stay as they are. Returns an array (n, c) of finite
    numbers, without a warning. See Goodfellow, Bengio, Courville, "Deep Learning" (2016), 6.2.2.3 and 4.1.
    """
    ### BEGIN SOLUTION
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    ### END SOLUTION


def cross_entropy(logits, labels):
    """The mean over the rows of minus the logarithm of the softmax of the right class. A float.

    logits (n, c), labels (n,): whole numbers from 0 to c - 1. Both stay as they are. Finite, however small a
    probability is. Raises ValueError for other labels; see require_labels.
    """
    ### BEGIN SOLUTION
    require_labels(logits, labels)
    of_the_right_class = log_softmax(logits)[np.arange(len(labels)), labels]
    return -float(np.mean(of_the_right_class))
    ### END SOLUTION


def d_cross_entropy(logits, labels):
    """The gradient of cross_entropy(logits, labels) with respect to the logits, (n, c).

    Arguments, and what is raised, as in cross_entropy. Equation 4.109 of Bishop, "Pattern Recognition and Machine
    Learning" (2006), gives it for one row.
    """
    ### BEGIN SOLUTION
    require_labels(logits, labels)
    gradient = np.exp(log_softmax(logits))
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient / len(labels)
    ### END SOLUTION


def accuracy(logits, labels):
    """The share of the rows whose largest score is that of the right class. A float from 0 to 1.

    Arguments, and what is raised, as in cross_entropy.
    """
    ### BEGIN SOLUTION
    require_labels(logits, labels)
    return float(np.mean(np.argmax(logits, axis=1) == labels))
    ### END SOLUTION


class DigitNet:
    """The network x (n, d_in) -> ReLU(x W1 + b1) W2 + b2, the scores (n, c). Its arrays stand in `parameters`."""

    def __init__(self, d_in, h, c, rng):
        """Weights from a normal distribution of deviation sqrt(2 / inputs), biases 0.

        The start of He and others, "Delving Deep into Rectifiers" (2015). rng: a numpy.random.Generator.
        """
        self.parameters = {
            "W1": rng.normal(scale=np.sqrt(2 / d_in), size=(d_in, h)),
            "b1": np.zeros(h),
            "W2": rng.normal(scale=np.sqrt(2 / h), size=(h, c)),
            "b2": np.zeros(c),
        }

    def forward(self, x):
        """The scores (n, c) for x (n, d_in). Keeps what the next backward needs."""
        ### BEGIN SOLUTION
        p = self.parameters
        self.x = x
        self.hidden = np.maximum(x @ p["W1"] + p["b1"], 0)
        return self.hidden @ p["W2"] + p["b2"]
        ### END SOLUTION

    def backward(self, d_logits):
        """The gradients of a loss, a dict with the keys and shapes of `parameters`.

        d_logits (n, c): the gradient of the loss with respect to what the last forward returned. It stays as it is,
        and so do the parameters: a second call returns the same. The derivative of ReLU at exactly 0 is taken as 0.
        """
        ### BEGIN SOLUTION
        d_hidden = d_logits @ self.parameters["W2"].T * (self.hidden > 0)
        return {
            "W1": self.x.T @ d_hidden,
            "b1": d_hidden.sum(axis=0),
            "W2": self.hidden.T @ d_logits,
            "b2": d_logits.sum(axis=0),
        }
        ### END SOLUTION

    def update(self, gradients, lr, decay=0.0):
        """One step of gradient descent on the loss plus decay / 2 times the sum of the squares of W1 and W2.

        gradients: what backward returned; it stays as it is. lr: the learning rate. Returns nothing.
        """
        ### BEGIN SOLUTION
        for name, gradient in gradients.items():
            shrink = decay if name.startswith("W") else 0
            self.parameters[name] -= lr * (gradient + shrink * self.parameters[name])
        ### END SOLUTION


def train(net, train_set, test_set, lr, n_epochs, rng, decay=0.0, batch_size=32):
    """Gradient descent on shuffled batches of the training rows; the last batch of an epoch may be smaller.

    train_set, test_set: pairs x (n, d_in), labels (n,). rng: a numpy.random.Generator, which shuffles.
    Returns a dict of three arrays (n_epochs + 1,), at the start and after each epoch: "train" and "test", the losses,
    and "accuracy", that of the test set.
    """
    x, labels = train_set
    x_test, test_labels = test_set
    records = {"train": [], "test": [], "accuracy": []}

    def record():
        logits = net.forward(x_test)
        records["train"].append(cross_entropy(net.forward(x), labels))
        records["test"].append(cross_entropy(logits, test_labels))
        records["accuracy"].append(accuracy(logits, test_labels))

    record()
    for _ in range(n_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            logits = net.forward(x[rows])
            net.update(net.backward(d_cross_entropy(logits, labels[rows])), lr, decay)
        record()
    return {name: np.array(entries) for name, entries in records.items()}


def loss_of_equal_scores():
    """The cross-entropy of a net that gives all ten digits the same score. A float, to three digits."""
    ### BEGIN SOLUTION
    return float(np.log(10))
    ### END SOLUTION


def worst_digit():
    """The digit of which the net of section 6 reads the smallest share of the test images right. An int."""
    ### BEGIN SOLUTION
    return 3
    ### END SOLUTION


def best_decay():
    """The decay of 0, .001, .003, .01, .03 whose run on a hundred images ends with the lowest test loss. A float."""
    ### BEGIN SOLUTION
    return 0.003
    ### END SOLUTION


def broken_losses():
    """The wrong ones of the three losses in section 10: a dict from the name of each to one of PLACES."""
    ### BEGIN SOLUTION
    return {
        "margins": "the slope of the right class counts one wrong class only",
        "several": "the loss overflows where a score is large",
    }
    ### END SOLUTION
