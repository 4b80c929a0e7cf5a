"""Looking up, differentiably: embedding, layer normalisation, attention, and a small transformer of them.

A batch is n sequences of t positions: tokens (n, t) are integers, everything after the embedding is (n, t, d). Layers
keep two dicts, `parameters` and `gradients`, with the same keys and shapes; backward adds into the arrays in place.
The loss is the cross-entropy, a mean over sequences and positions.
"""

import numpy as np


class Embedding:
    """A table of v rows of d numbers; each token is replaced by its row."""

    def __init__(self, v, d, rng):
        """rng: a numpy.random.Generator, from which the table (v, d) is drawn, unit normal."""
        self.parameters = {"table": rng.standard_normal((v, d))}
        self.gradients = {"table": np.zeros((v, d))}

    def forward(self, tokens):
        """tokens (n, t), integers from 0 to v - 1. Returns their rows (n, t, d); keeps the tokens for backward."""
        self.tokens = tokens
        return self.parameters["table"][tokens]

    def backward(self, grad):
        """Adds the gradient of the table into `gradients`, in place. Returns nothing: a token has no slope.

        grad (n, t, d): the gradient of what the last forward returned; it stays as it is, and so do the tokens.
        A token that occurs several times has a row to which each of its places adds.
        """
        ### BEGIN SOLUTION
        np.add.at(self.gradients["table"], self.tokens, grad)
        ### END SOLUTION


class LayerNorm:
    """Layer normalisation (Ba, Kiros and Hinton 2016): the d numbers of each position get mean 0 and variance 1.

    Then each of the d columns has a gain and a bias of its own.
    """

    def __init__(self, d, eps=1e-5):
        """eps: is added to the variance, so that d equal numbers are no division by 0."""
        self.eps = eps
        self.parameters = {"gain": np.ones(d), "bias": np.zeros(d)}
        self.gradients = {"gain": np.zeros(d), "bias": np.zeros(d)}

    def forward(self, x):
        """gain * (x - mean) / sqrt(variance + eps) + bias, with mean and variance over the last axis.

        x (n, t, d); it stays as it is. The variance is the mean of the d squared deviations. Returns (n, t, d); keeps
        what backward needs.
        """
        ### BEGIN SOLUTION
        centred = x - x.mean(axis=-1, keepdims=True)
        self.deviation = np.sqrt(np.mean(centred**2, axis=-1, keepdims=True) + self.eps)
        self.normal = centred / self.deviation
        return self.parameters["gain"] * self.normal + self.parameters["bias"]
        ### END SOLUTION

    def backward(self, grad):
        """Adds the gradients of gain and bias into `gradients`, in place, and returns that of x (n, t, d).

        grad (n, t, d): the gradient of what the last forward returned; it stays as it is. Mean and variance are made
        from x, too, and pass their slopes on to it.
        """
        ### BEGIN SOLUTION
        self.gradients["gain"] += np.sum(grad * self.normal, axis=(0, 1))
        self.gradients["bias"] += np.sum(grad, axis=(0, 1))
        grad_normal = grad * self.parameters["gain"]
        along_mean = grad_normal.mean(axis=-1, keepdims=True)
        along_normal = np.mean(grad_normal * self.normal, axis=-1, keepdims=True)
        return (grad_normal - along_mean - self.normal * along_normal) / self.deviation
        ### END SOLUTION


def attention(q, k, v, causal=False):
    """Scaled dot-product attention (Vaswani and others 2017, section 3.2.1).

    q, k (n, t, d), v (n, t, e): the queries, keys and values of n sequences; they stay as they are. Position i of a
    sequence gives position j the score q_i . k_j / sqrt(d); a softmax over j turns these into weights. With causal,
    position i sees the positions j <= i only, and all others have the weight 0.
    Returns (out, weights): out (n, t, e), the means of the values by these weights, and the weights (n, t, t), whose
    rows add up to 1, also where scores are in the thousands.
    """
    ### BEGIN SOLUTION
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    if causal:
        scores = np.where(np.tri(q.shape[1], dtype=bool), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return weights @ v, weights
    ### END SOLUTION


def d_attention(grad, q, k, v, weights):
    """The gradients (dq, dk, dv) of attention, each of the shape of its array.

    grad (n, t, e): the gradient of `out`. q, k, v: what attention was given; weights (n, t, t): what it returned, with
    causal or without. All of them stay as they are.
    """
    ### BEGIN SOLUTION
    d_weights = grad @ v.transpose(0, 2, 1)
    d_scores = weights * (d_weights - np.sum(weights * d_weights, axis=-1, keepdims=True))
    d_products = d_scores / np.sqrt(q.shape[-1])
    return d_products @ k, d_products.transpose(0, 2, 1) @ q, weights.transpose(0, 2, 1) @ grad
    ### END SOLUTION


class Linear:
    """x @ W at each position, without a bias."""

    def __init__(self, d_in, d_out, rng):
        self.parameters = {"W": rng.standard_normal((d_in, d_out)) / np.sqrt(d_in)}
        self.gradients = {"W": np.zeros((d_in, d_out))}

    def forward(self, x):
        """x (n, t, d_in). Returns (n, t, d_out)."""
        self.x = x
        return x @ self.parameters["W"]

    def backward(self, grad):
        """grad (n, t, d_out). Adds the gradient of W; returns that of x."""
        self.gradients["W"] += np.einsum("nti,nto->io", self.x, grad, optimize=True)
        return grad @ self.parameters["W"].T


class Transformer:
    """One layer of attention and an MLP, each added to what it was given, after a LayerNorm (Xiong and others 2020).

    v tokens, t positions, d numbers at each, h hidden units.
    """

    def __init__(self, v, t, d, h, rng, causal=False):
        self.causal = causal
        self.layers = {"embedding": Embedding(v, d, rng), "norm1": LayerNorm(d), "norm2": LayerNorm(d)}
        self.layers |= {name: Linear(d, d, rng) for name in ("query", "key", "value", "mix")}
        self.layers |= {"widen": Linear(d, h, rng), "narrow": Linear(h, d, rng), "read": Linear(d, v, rng)}
        self.parameters, self.gradients = {"positions": rng.standard_normal((t, d))}, {"positions": np.zeros((t, d))}
        for name, layer in self.layers.items():
            self.parameters |= {f"{name}.{key}": array for key, array in layer.parameters.items()}
            self.gradients |= {f"{name}.{key}": array for key, array in layer.gradients.items()}

    def forward(self, tokens):
        """tokens (n, t). Returns the scores (n, t, v) of what stands at each position of the answer."""
        layers = self.layers
        x = layers["embedding"].forward(tokens) + self.parameters["positions"]
        normal = layers["norm1"].forward(x)
        self.q, self.k, self.v = (layers[name].forward(normal) for name in ("query", "key", "value"))
        found, self.weights = attention(self.q, self.k, self.v, self.causal)
        x = x + layers["mix"].forward(found)
        hidden = layers["widen"].forward(layers["norm2"].forward(x))
        self.on = hidden > 0
        x = x + layers["narrow"].forward(hidden * self.on)
        return layers["read"].forward(x)

    def backward(self, grad):
        """grad (n, t, v): the gradient of what the last forward returned. Adds into all gradients."""
        layers = self.layers
        dx = layers["read"].backward(grad)
        d_hidden = layers["narrow"].backward(dx) * self.on
        dx = dx + layers["norm2"].backward(layers["widen"].backward(d_hidden))
        dq, dk, dv = d_attention(layers["mix"].backward(dx), self.q, self.k, self.v, self.weights)
        d_normal = layers["query"].backward(dq) + layers["key"].backward(dk) + layers["value"].backward(dv)
        dx = dx + layers["norm1"].backward(d_normal)
        layers["embedding"].backward(dx)
        self.gradients["positions"] += dx.sum(axis=0)


class Adam:
    """Adam (Kingma and Ba 2015), as homework 7 has it."""

    def __init__(self, model, lr, betas=(0.9, 0.999), eps=1e-8):
        self.model, self.lr, self.betas, self.eps, self.t = model, lr, betas, eps, 0
        self.m, self.v = ({name: np.zeros_like(p) for name, p in model.parameters.items()} for _ in range(2))

    def step(self):
        """One update of every parameter, in place; then the gradients are 0 again."""
        self.t += 1
        beta1, beta2 = self.betas
        for name, parameter in self.model.parameters.items():
            gradient, m, v = self.model.gradients[name], self.m[name], self.v[name]
            m += (1 - beta1) * (gradient - m)
            v += (1 - beta2) * (gradient**2 - v)
            m_hat, v_hat = m / (1 - beta1**self.t), v / (1 - beta2**self.t)
            parameter -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
            gradient.fill(0)


def cross_entropy(scores, targets):
    """The mean cross-entropy of the scores (n, t, v) for the targets (n, t), and its gradient (n, t, v)."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    one_hot = np.eye(scores.shape[-1])[targets]
    return float(-np.sum(one_hot * log_p) / targets.size), (np.exp(log_p) - one_hot) / targets.size


def train(net, task, rng, n_steps, n=32, lr=0.01):
    """n_steps of Adam, with a rate that falls from lr to 0, on batches of n sequences that are drawn from rng.

    task: a function that makes the answers (n, t) of the tokens (n, t). Returns the losses (n_steps,), each taken
    before its step.
    """
    v, t = len(net.parameters["embedding.table"]), len(net.parameters["positions"])
    optimizer, losses = Adam(net, lr), np.zeros(n_steps)
    for step in range(n_steps):
        tokens = rng.integers(v, size=(n, t))
        losses[step], grad = cross_entropy(net.forward(tokens), task(tokens))
        net.backward(grad)
        optimizer.lr = lr * (1 - step / n_steps)
        optimizer.step()
    return losses


def deviation_of_scores():
    """The standard deviation of q . k, not scaled, for q and k of 64 independent entries with mean 0 and variance 1."""
    ### BEGIN SOLUTION
    return 8.0
    ### END SOLUTION


def causal_floor():
    """The lowest mean loss that any net can have which reverses 8 random digits under a causal mask. A float, to
    three digits."""
    ### BEGIN SOLUTION
    return 0.5 * np.log(10)
    ### END SOLUTION


def broken_layers():
    """Which of rms_norm, masked_mean and kernel_mean are broken, and where: a dict from the name of each of these to
    the place of its mistake, one of PLACES."""
    ### BEGIN SOLUTION
    return {
        "masked_mean": "positions that are left out get a gradient",
        "kernel_mean": "a factor is missing in the gradient of k",
    }
    ### END SOLUTION
