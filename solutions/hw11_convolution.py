"""Convolution: one small set of weights that is used at every place of an image, and pooling after it.

Images are x (n, c, h, w): n of them, each with c channels of h rows and w columns. A layer keeps two flat dicts of
arrays, `parameters` and `gradients`, with the same keys and shapes; the arrays are changed in place and never rebound.
"""

import numpy as np


def windows(x, size, stride=1, padding=0):
    """Every window of size x size pixels of the images x (n, c, h, w): (n, c, h', w', size, size).

    The images get a border of `padding` zeros on all four sides first. Window [i, j] begins in row i * stride and
    column j * stride; h' = (h + 2 * padding - size) // stride + 1, and so for w'. Rows and columns at the end that no
    window reaches are left out. Without padding the result is a view: no number is copied.

    Raises ValueError where the images with their border are smaller than a window. Leaves x as it was.
    """
    ### BEGIN SOLUTION
    if padding > 0:
        x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    every = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
    return every[:, :, ::stride, ::stride]
    ### END SOLUTION


class Layer:
    """What every layer has: parameters, a gradient for each, a forward and a backward pass."""

    def __init__(self):
        self.parameters = {}
        self.gradients = {}

    def forward(self, x):
        """The output y for the input x. Keeps what the next backward needs."""
        raise NotImplementedError(f"{type(self).__name__}.forward")

    def backward(self, grad):
        """grad: dL/dy, shaped like y. Adds dL/d parameter into `gradients`; returns dL/dx."""
        raise NotImplementedError(f"{type(self).__name__}.backward")

    def __call__(self, x):
        return self.forward(x)


class Conv2d(Layer):
    """y[n, f, i, j] = b[f] + the sum over c, u, v of W[f, c, u, v] * window[n, c, i, j, u, v].

    In mathematics this is a cross-correlation; a convolution would turn the kernel round. It is what torch.nn.Conv2d
    computes (V. Dumoulin and F. Visin 2016, chapter 2). On an image of 100 x 100 pixels, with a kernel of 3 x 3, no
    method runs 2000 lines of your code: there is no loop over the pixels.
    """

    def __init__(self, c_in, c_out, size, stride=1, padding=0, rng=None):
        """W (c_out, c_in, size, size) is normal with deviation sqrt(2 / (c_in * size^2)) (He et al. 2015); b is 0.

        rng: a numpy.random.Generator to draw from; a new one where there is none.
        """
        super().__init__()
        rng = np.random.default_rng() if rng is None else rng
        deviation = np.sqrt(2 / (c_in * size**2))
        self.parameters["W"] = deviation * rng.standard_normal((c_out, c_in, size, size))
        self.parameters["b"] = np.zeros(c_out)
        self.gradients["W"] = np.zeros((c_out, c_in, size, size))
        self.gradients["b"] = np.zeros(c_out)
        self.size, self.stride, self.padding = size, stride, padding

    def forward(self, x):
        """x (n, c_in, h, w). Returns y (n, c_out, h', w'), with h' and w' as in windows; keeps what backward needs.

        Raises ValueError where no window fits. Leaves x as it was.
        """
        ### BEGIN SOLUTION
        self.x_shape = x.shape
        self.seen = windows(x, self.size, self.stride, self.padding)
        y = np.einsum("ncijuv,fcuv->nfij", self.seen, self.parameters["W"], optimize=True)
        return y + self.parameters["b"][:, None, None]
        ### END SOLUTION

    def backward(self, grad):
        """grad (n, c_out, h', w') is dL/dy of the last forward's output y.

        Adds dL/dW into gradients["W"] and dL/db into gradients["b"], in place: a second call adds the same
        amount again. Returns dL/dx (n, c_in, h, w), which has no border. Leaves grad as it was.
        """
        ### BEGIN SOLUTION
        self.gradients["W"] += np.einsum("nfij,ncijuv->fcuv", grad, self.seen, optimize=True)
        self.gradients["b"] += grad.sum(axis=(0, 2, 3))
        pulls = np.einsum("nfij,fcuv->ncijuv", grad, self.parameters["W"], optimize=True)
        n, c, h, w = self.x_shape
        p, rows, columns = self.padding, self.stride * grad.shape[2], self.stride * grad.shape[3]
        below = np.zeros((n, c, h + 2 * p, w + 2 * p))
        for u, v in np.ndindex(self.size, self.size):
            below[:, :, u : u + rows : self.stride, v : v + columns : self.stride] += pulls[..., u, v]
        return below[:, :, p : p + h, p : p + w]
        ### END SOLUTION


class MaxPool2d(Layer):
    """The largest number of each block of size x size pixels; the blocks lie side by side. It has no parameters.

    As in Conv2d, no method has a loop over the pixels.
    """

    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, x):
        """x (n, c, h, w). Returns the largest of each block (n, c, h / size, w / size); keeps what backward needs.

        Raises ValueError where size does not divide h or w. Leaves x as it was.
        """
        ### BEGIN SOLUTION
        n, c, h, w = x.shape
        if h % self.size or w % self.size:
            raise ValueError(f"blocks of {self.size} x {self.size} do not fill images of {h} x {w}")
        self.blocks = windows(x, self.size, self.size).reshape(n, c, h // self.size, w // self.size, self.size**2)
        return self.blocks.max(axis=-1)
        ### END SOLUTION

    def backward(self, grad):
        """grad (n, c, h / size, w / size) is dL/dy of the last forward's output y. Returns dL/dx (n, c, h, w).

        One pixel of each block gets the block's slope, the largest one, and all others get 0. Where several are
        equally large, it is the first of them, row by row. Leaves grad as it was.
        """
        ### BEGIN SOLUTION
        slopes = np.zeros(self.blocks.shape)
        first = self.blocks.argmax(axis=-1)[..., None]
        np.put_along_axis(slopes, first, grad[..., None], axis=-1)
        n, c, rows, columns = grad.shape
        slopes = slopes.reshape(n, c, rows, columns, self.size, self.size).swapaxes(3, 4)
        return slopes.reshape(n, c, rows * self.size, columns * self.size)
        ### END SOLUTION


class ReLU(Layer):
    """max(x, 0), entry by entry."""

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, 0.0)

    def backward(self, grad):
        return np.where(self.x > 0, grad, 0.0)


class Linear(Layer):
    """x W + b, with all numbers of an image in one row of x: W (d_in, d_out), b (d_out,)."""

    def __init__(self, d_in, d_out, rng):
        super().__init__()
        self.parameters["W"] = np.sqrt(2 / d_in) * rng.standard_normal((d_in, d_out))
        self.parameters["b"] = np.zeros(d_out)
        self.gradients["W"], self.gradients["b"] = np.zeros((d_in, d_out)), np.zeros(d_out)

    def forward(self, x):
        self.shape, self.rows = x.shape, x.reshape(len(x), -1)
        return np.dot(self.rows, self.parameters["W"]) + self.parameters["b"]

    def backward(self, grad):
        self.gradients["W"] += np.dot(self.rows.T, grad)
        self.gradients["b"] += np.sum(grad, axis=0)
        return np.dot(grad, self.parameters["W"].T).reshape(self.shape)


class Net(Layer):
    """Layers one after the other. `parameters` and `gradients` hold the layers' own arrays, as "0.W"."""

    def __init__(self, *layers):
        super().__init__()
        self.layers = layers
        for place, layer in enumerate(layers):
            self.parameters.update({f"{place}.{name}": array for name, array in layer.parameters.items()})
            self.gradients.update({f"{place}.{name}": array for name, array in layer.gradients.items()})

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad):
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        return grad


def cross_entropy(scores, labels):
    """scores (n, classes), labels (n,) whole numbers. Returns the mean over the rows of -log(softmax(scores)[label]),
    and its gradient (n, classes)."""
    scores = scores - scores.max(axis=1, keepdims=True)
    logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    chosen = np.eye(scores.shape[1])[labels]
    return -np.sum(logs * chosen) / len(labels), (np.exp(logs) - chosen) / len(labels)


def train(net, x, labels, lr, n_epochs, batch_size, rng, momentum=0.9):
    """Gradient descent with momentum on mini-batches; rng shuffles them. Returns the mean loss of each epoch, the loss
    of each batch recorded before its step, as an array (n_epochs,)."""
    velocity = {name: np.zeros_like(array) for name, array in net.parameters.items()}
    losses = np.zeros(n_epochs)
    for epoch in range(n_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            loss, grad = cross_entropy(net(x[rows]), labels[rows])
            losses[epoch] += loss * len(rows) / len(x)
            for gradient in net.gradients.values():
                gradient.fill(0)
            net.backward(grad)
            for name, parameter in net.parameters.items():
                velocity[name][...] = momentum * velocity[name] + net.gradients[name]
                parameter -= lr * velocity[name]
    return losses


def weights_of_dense():
    """How many weights and biases a dense layer has that takes all the numbers of an image (1, 12, 12) and gives as
    many numbers as Conv2d(1, 32, 5, padding=2) does for it. A whole number."""
    ### BEGIN SOLUTION
    return 144 * 32 * 144 + 32 * 144
    ### END SOLUTION


def pixels_seen():
    """How many pixels of the image can change a number in the middle of the output of three convolutions with kernels
    of 3 x 3, one after the other, the second of which has stride 2. A whole number."""
    ### BEGIN SOLUTION
    return 81
    ### END SOLUTION


def broken_layers():
    """Which of Upsample, Differences and Mix are broken, and where: a dict from the name of each of these to the place
    of its mistake, one of PLACES."""
    ### BEGIN SOLUTION
    return {
        "Upsample": "the slopes of a block are not added up",
        "Mix": "the slopes of all places are averaged, not added up",
    }
    ### END SOLUTION
