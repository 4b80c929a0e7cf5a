"""A machine that differentiates: tensors that remember what they were computed from, and a walk back through them.

This is reverse-mode automatic differentiation, as A. Griewank and A. Walther describe it in "Evaluating Derivatives"
(2008), chapter 3. L stands for the number at the end, whose slopes are asked for.
"""

import numpy as np


def as_tensor(value):
    """The same where it is a Tensor; else a new one of this number or array."""
    # Not asked for its class: once the cell of the class was run again, older tensors are of another one.
    return value if hasattr(value, "pull") else Tensor(value)


def unbroadcast(gradient, shape):
    """The gradient of an array of this shape, from that of what it was broadcast to.

    gradient: an array of a shape that `shape` broadcasts to; it stays as it is. shape: a tuple. Broadcasting adds axes
    in front and stretches those of length 1, both by copying; so each entry sums over its copies. Returns an array of
    the shape `shape`.
    """
    ### BEGIN SOLUTION
    added = gradient.ndim - len(shape)
    gradient = gradient.sum(axis=tuple(range(added)))
    single = tuple(axis for axis, length in enumerate(shape) if length == 1)
    return gradient.sum(axis=single, keepdims=True)
    ### END SOLUTION


class Tensor:
    """An array that remembers what it was computed from.

    data: the numbers, a float64 array. parents: the tensors that it was computed from, a tuple. pull: None, or the way
    back, a function: from dL/d data, an array of the shape of data, it makes a tuple with one array for each parent, in
    their order, each of its parent's shape. It changes nothing. gradient: None, or dL/d data once `backward` was here.
    """

    __array_ufunc__ = None  # array + tensor is the tensor's business, not NumPy's

    def __init__(self, data, parents=(), pull=None):
        """data: a number or an array of any shape; it is copied."""
        self.data = np.array(data, dtype=float)
        self.parents = tuple(parents)
        self.pull = pull
        self.gradient = None

    def __repr__(self):
        return f"Tensor({self.data.tolist()})"

    def __add__(self, other):
        """self + other, entry by entry, with NumPy's broadcasting. other: a Tensor, a number or an array."""
        ### BEGIN SOLUTION
        other = as_tensor(other)

        def pull(gradient):
            return unbroadcast(gradient, self.data.shape), unbroadcast(gradient, other.data.shape)

        return Tensor(self.data + other.data, (self, other), pull)
        ### END SOLUTION

    def __mul__(self, other):
        """self * other, entry by entry, with NumPy's broadcasting. other: a Tensor, a number or an array."""
        ### BEGIN SOLUTION
        other = as_tensor(other)

        def pull(gradient):
            return (
                unbroadcast(gradient * other.data, self.data.shape),
                unbroadcast(gradient * self.data, other.data.shape),
            )

        return Tensor(self.data * other.data, (self, other), pull)
        ### END SOLUTION

    def __matmul__(self, other):
        """The matrix product self @ other. self: (n, m); other: a Tensor or an array (m, k). The result is (n, k).

        Raises ValueError where one of them has not two axes, or the lengths do not fit.
        """
        ### BEGIN SOLUTION
        other = as_tensor(other)
        if self.data.ndim != 2 or other.data.ndim != 2:
            raise ValueError(f"@ takes two matrices, not shapes {self.data.shape} and {other.data.shape}")

        def pull(gradient):
            return gradient @ other.data.T, self.data.T @ gradient

        return Tensor(self.data @ other.data, (self, other), pull)
        ### END SOLUTION

    def relu(self):
        """max(x, 0) for each entry x. The slope at exactly 0 is taken as 0."""
        ### BEGIN SOLUTION
        return Tensor(np.maximum(self.data, 0), (self,), lambda gradient: (gradient * (self.data > 0),))
        ### END SOLUTION

    def sum(self, axis=None):
        """The sum over one axis, counted as in NumPy, which is then gone; or over all entries, for None."""

        ### BEGIN SOLUTION
        def pull(gradient):
            if axis is not None:
                gradient = np.expand_dims(gradient, axis)
            return (np.broadcast_to(gradient, self.data.shape),)

        return Tensor(self.data.sum(axis=axis), (self,), pull)
        ### END SOLUTION

    def exp(self):
        """e to the power of each entry."""
        ### BEGIN SOLUTION
        result = np.exp(self.data)
        return Tensor(result, (self,), lambda gradient: (gradient * result,))
        ### END SOLUTION

    def log(self):
        """The natural logarithm of each entry."""
        ### BEGIN SOLUTION
        return Tensor(np.log(self.data), (self,), lambda gradient: (gradient / self.data,))
        ### END SOLUTION

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -as_tensor(other)

    def __radd__(self, other):
        return as_tensor(other) + self

    def __rsub__(self, other):
        return as_tensor(other) - self

    def __rmul__(self, other):
        return as_tensor(other) * self

    def __rmatmul__(self, other):
        return as_tensor(other) @ self

    def backward(self, gradient=None):
        """Adds dL/d data into `gradient` of this tensor and of every one that it was computed from.

        gradient: dL/d data of this tensor, an array of its shape, which stays as it is; None stands for 1 where the
        tensor holds a single number. A tensor's pull is called once, with all that has arrived there in this call; what
        an earlier call has left in `gradient` takes no part, so that two calls give twice the gradients.
        Raises ValueError where the shape of the gradient is another one, or where it is None for several numbers.
        """
        ### BEGIN SOLUTION
        if gradient is None:
            if self.data.size != 1:
                raise ValueError(f"backward needs the gradient of a tensor of shape {self.data.shape}")
            gradient = np.ones(self.data.shape)
        if np.shape(gradient) != self.data.shape:
            raise ValueError(f"a gradient of shape {np.shape(gradient)} for a tensor of shape {self.data.shape}")
        arrived = {self: gradient}
        for tensor in reversed(topological_order(self)):
            here = arrived[tensor]
            tensor.gradient = here + (0 if tensor.gradient is None else tensor.gradient)
            parts = tensor.pull(here) if tensor.parents else ()
            for parent, part in zip(tensor.parents, parts, strict=True):
                arrived[parent] = arrived.get(parent, 0) + part
        ### END SOLUTION


def topological_order(tensor):
    """The tensor and all that it was computed from: a list in which each stands once, and behind all of its parents.

    It works without recursion, so that a chain may be as long as it likes.
    """
    ### BEGIN SOLUTION
    order, seen, todo = [], set(), [(tensor, False)]
    while todo:
        node, parents_are_done = todo.pop()
        if parents_are_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            todo.append((node, True))
            todo.extend((parent, False) for parent in node.parents)
    return order
    ### END SOLUTION


def train(x, y, w1, w2, lr, n_iter):
    """Gradient descent on the sum of squares of the net relu(x w1) w2 against y.

    x: (n, d_in). y: (n, d_out). w1: (d_in, m). w2: (m, d_out). All stay as they are. Returns the losses (n_iter,), each
    taken before its step.
    """
    x, w1, w2, losses = Tensor(x), Tensor(w1), Tensor(w2), np.zeros(n_iter)
    for step in range(n_iter):
        error = (x @ w1).relu() @ w2 - y
        loss = (error * error).sum()
        losses[step] = loss.data
        loss.backward()
        for w in (w1, w2):
            w.data -= lr * w.gradient
            w.gradient = None
    return losses


def too_early():
    """What arrives at x in section 3 where each tensor pulls as soon as it is found, level by level. A number."""
    ### BEGIN SOLUTION
    return 81.0
    ### END SOLUTION


def passes_for_differences():
    """How many forward passes central differences take for one gradient of the net of section 4. An int."""
    ### BEGIN SOLUTION
    return 2 * (1000 * 100 + 100 * 10)
    ### END SOLUTION


def broken_operators():
    """The wrong ones of divide, unit and join: a dict from the name of each to the place of its mistake, of PLACES."""
    ### BEGIN SOLUTION
    return {"unit": "a way back is missing", "join": "which part of the gradient goes to whom"}
    ### END SOLUTION
