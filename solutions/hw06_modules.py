"""Networks from modules: models, a criterion, an optimizer, and the check that their gradients are right.

Batches are rows: x (n, d_in). Every model keeps its arrays in two flat dicts, `parameters` and `gradients`,
with the same keys and shapes. The arrays are changed in place and never rebound, so that a container
and an optimizer see what a layer sees.
"""

import numpy as np


class Model:
    """What every model has: parameters, a gradient for each, a forward and a backward pass."""

    def __init__(self):
        self.parameters = {}
        self.gradients = {}

    def forward(self, x):
        """The output for the input x. Keeps what the next backward needs."""
        raise NotImplementedError(f"{type(self).__name__}.forward")

    def backward(self, grad):
        """grad: dL/d output, shaped like the output. Adds dL/d parameter into `gradients`; returns dL/dx."""
        raise NotImplementedError(f"{type(self).__name__}.backward")

    def __call__(self, x):
        return self.forward(x)

    def __repr__(self):
        shapes = (f"{name} {array.shape}" for name, array in self.parameters.items())
        return f"{type(self).__name__}({', '.join(shapes)})"


class Linear(Model):
    """h = x W + b with W (in_features, out_features) and b (out_features,)."""

    def __init__(self, in_features, out_features):
        """W is normal with deviation sqrt(2 / (in + out)) (Glorot and Bengio 2010, section 4.2.1); b is 0."""
        super().__init__()
        deviation = np.sqrt(2 / (in_features + out_features))
        self.parameters["W"] = np.random.randn(in_features, out_features) * deviation
        self.parameters["b"] = np.zeros(out_features)
        self.gradients["W"] = np.zeros((in_features, out_features))
        self.gradients["b"] = np.zeros(out_features)

    def forward(self, x):
        """x (n, in_features). Returns x W + b (n, out_features); keeps x for backward."""
        ### BEGIN SOLUTION
        self.x = x
        return x @ self.parameters["W"] + self.parameters["b"]
        ### END SOLUTION

    def backward(self, grad):
        """grad (n, out_features) is dL/dh of the last forward's output h.

        Adds dL/dW into gradients["W"] and dL/db into gradients["b"], in place: a second call adds the
        same amount again. Returns dL/dx (n, in_features). Leaves grad as it was.
        """
        ### BEGIN SOLUTION
        self.gradients["W"] += self.x.T @ grad
        self.gradients["b"] += grad.sum(axis=0)
        return grad @ self.parameters["W"].T
        ### END SOLUTION


class ReLU(Model):
    """h = max(x, 0), entry by entry. It has no parameters."""

    def forward(self, x):
        """x of any shape. Returns max(x, 0) as a new array; keeps what backward needs."""
        ### BEGIN SOLUTION
        self.positive = x > 0
        return np.maximum(x, 0)
        ### END SOLUTION

    def backward(self, grad):
        """grad is dL/dh, shaped like x. Returns dL/dx as a new array; the derivative at exactly 0 is 0."""
        ### BEGIN SOLUTION
        return grad * self.positive
        ### END SOLUTION


class Shift(Model):
    """h = x + s, with one amount s for each column."""

    def __init__(self, amounts):
        super().__init__()
        self.parameters["s"], self.gradients["s"] = np.array(amounts), np.zeros(len(amounts))

    def forward(self, x):
        return x + self.parameters["s"]

    def backward(self, grad):
        self.gradients["s"] += np.sum(grad, axis=0)
        return grad


class Square(Model):
    """h = x^2."""

    def forward(self, x):
        self.x = x
        return x**2

    def backward(self, grad):
        return 2 * self.x * grad


class Sequential(Model):
    """Models one after the other: the output of each is the input of the next."""

    def __init__(self, *models):
        """Collects the parameters and gradients of all models, which are different objects.

        `parameters` and `gradients` are flat dicts that hold the models' own arrays (not copies), under
        names that no two models share, such as "0.W" for W of the first model. `models` keeps the models.
        """
        super().__init__()
        self.models = models
        ### BEGIN SOLUTION
        for position, model in enumerate(models):
            for name in model.parameters:
                self.parameters[f"{position}.{name}"] = model.parameters[name]
                self.gradients[f"{position}.{name}"] = model.gradients[name]
        ### END SOLUTION

    def forward(self, x):
        """x is the input of the first model. Returns the output of the last."""
        ### BEGIN SOLUTION
        for model in self.models:
            x = model(x)
        return x
        ### END SOLUTION

    def backward(self, grad):
        """grad is dL/d output of the last model. Returns dL/d input of the first."""
        ### BEGIN SOLUTION
        for model in reversed(self.models):
            grad = model.backward(grad)
        return grad
        ### END SOLUTION


class Criterion:
    """What every loss has: a forward pass that compares output and target, and its gradient."""

    def forward(self, output, target):
        """The loss, a float. Keeps what backward needs."""
        raise NotImplementedError(f"{type(self).__name__}.forward")

    def backward(self, grad=1.0):
        """dL/d output for the last forward, times the number grad."""
        raise NotImplementedError(f"{type(self).__name__}.backward")

    def __call__(self, output, target):
        return self.forward(output, target)


class MSELoss(Criterion):
    """Half the mean over the rows of the squared errors: sum (output - target)^2 / (2 n), n rows."""

    def forward(self, output, target):
        """output, target (n, d). Returns a float; keeps what backward needs.

        Raises ValueError where the shapes differ: (n,) against (n, 1) would make an n by n table.
        """
        ### BEGIN SOLUTION
        if output.shape != target.shape:
            raise ValueError(f"output {output.shape} and target {target.shape} differ: reshape one of them")
        self.error = output - target
        return float(np.sum(self.error**2) / (2 * len(self.error)))
        ### END SOLUTION

    def backward(self, grad=1.0):
        """Returns (output - target) grad / n, (n, d), for the last forward; grad is a number."""
        ### BEGIN SOLUTION
        return self.error * grad / len(self.error)
        ### END SOLUTION


class Optimizer:
    """What every optimizer has: a model whose parameters it moves, and a learning rate."""

    def __init__(self, model, lr=1e-3):
        self.model = model
        self.lr = lr

    def step(self):
        """Moves every parameter, in place, by its gradient."""
        raise NotImplementedError(f"{type(self).__name__}.step")

    def zero_grad(self):
        """Fills every gradient with 0, in place."""
        raise NotImplementedError(f"{type(self).__name__}.zero_grad")


class SGD(Optimizer):
    """Gradient descent: parameter <- parameter - lr * gradient."""

    def step(self):
        """Moves every parameter in place: the arrays stay the same objects. Leaves the gradients as they are."""
        ### BEGIN SOLUTION
        for name, parameter in self.model.parameters.items():
            parameter -= self.lr * self.model.gradients[name]
        ### END SOLUTION

    def zero_grad(self):
        """Fills every gradient with 0 in place: the arrays stay the same objects."""
        ### BEGIN SOLUTION
        for gradient in self.model.gradients.values():
            gradient.fill(0)
        ### END SOLUTION


def train(model, criterion, optimizer, x, y, n_steps):
    """n_steps steps on the whole batch x (n, d_in), y (n, d_out). Returns the losses (n_steps,), each
    recorded before its update."""
    losses = np.zeros(n_steps)
    for step in range(n_steps):
        losses[step] = criterion(model(x), y)
        optimizer.zero_grad()
        model.backward(criterion.backward())
        optimizer.step()
    return losses


class GradientCheck:
    """Compares a model's backward with numerical derivatives of its forward.

    The loss is sum(upstream * model(input)) with a random, fixed `upstream`, so that dL/d output is
    `upstream`. Random numbers come from NumPy's global generator.
    """

    def __init__(self, model, input=None, input_shape=None, sample=100, h=1e-4, allowed_error=1e-7):
        """Give an input (copied), or an input_shape to draw one from the unit normal.

        sample: how many entries of each array are checked one by one, at most. h: the first step size.
        allowed_error: relative. Raises ValueError where both input and input_shape are missing.
        """
        if input is None and input_shape is None:
            raise ValueError("give an input, or an input_shape to draw one")
        self.model = model
        self.input = np.random.randn(*input_shape) if input is None else np.array(input, dtype=float)
        self.sample = sample
        self.h = h
        self.allowed_error = allowed_error
        self.upstream = np.random.randn(*model(self.input.copy()).shape)

    def loss(self):
        """sum(upstream * model(input)), a float."""
        # The model gets a copy, so that a layer that writes into its input spoils nothing here.
        return float(np.sum(self.upstream * self.model(self.input.copy())))

    def round_off(self, h):
        """A generous bound on the round-off error of a central difference with step h."""
        terms = np.abs(self.upstream * self.model(self.input.copy()))
        return 100 * np.finfo(float).eps * float(np.sum(terms)) / h

    def random_direction(self, shape):
        """Random signs times random sizes in [0.5, 1.5]: no entry is near 0, so no entry hides."""
        return np.random.choice([-1.0, 1.0], size=shape) * np.random.uniform(0.5, 1.5, size=shape)

    def zero_gradients(self):
        """Fills the model's gradients with 0, in place; leaves those that are None."""
        for gradient in self.model.gradients.values():
            if gradient is not None:
                gradient.fill(0)

    def slope(self, array, direction, h):
        """(loss at array + h direction, minus loss at array - h direction) / (2 h), a float.

        array: one of the model's parameters or `input`; direction has its shape. Moves array in place,
        and leaves it bit for bit as it was.
        """
        ### BEGIN SOLUTION
        saved = array.copy()
        array[...] = saved + h * direction
        above = self.loss()
        array[...] = saved - h * direction
        below = self.loss()
        array[...] = saved
        return (above - below) / (2 * h)
        ### END SOLUTION

    def agrees(self, array, gradient, direction):
        """Whether sum(gradient * direction) is the slope along direction, a bool.

        The two may differ by allowed_error times the larger of their sizes, plus round_off(h). Where the
        slopes with h and h / 2 differ by more than that, a kink lies between: h becomes a tenth, at
        most seven times.
        """
        ### BEGIN SOLUTION
        analytic = np.sum(gradient * direction)
        for h in self.h / 10.0 ** np.arange(8):
            wide, narrow = self.slope(array, direction, h), self.slope(array, direction, h / 2)
            tolerance = self.allowed_error * max(abs(analytic), abs(narrow)) + self.round_off(h)
            if abs(wide - narrow) <= tolerance:
                break
        return bool(abs(analytic - narrow) <= tolerance)
        ### END SOLUTION

    def check_array(self, name, array, gradient):
        """Whether gradient is that of array: along one random direction, and then entry by entry, a bool.

        The random direction sees all entries at once. Of the entries, `sample` different ones (all, where
        there are fewer) are drawn, to say where. A gradient that is None, or of another shape than array,
        is wrong. Prints a line with the name for what is wrong.
        """
        ### BEGIN SOLUTION
        if np.shape(gradient) != array.shape:
            print(f"gradient of {name}: the shape is {np.shape(gradient)}, expected {array.shape}")
            return False
        right = self.agrees(array, gradient, self.random_direction(array.shape))
        if not right:
            print(f"gradient of {name}: wrong along a random direction")
        for entry in np.random.choice(array.size, min(self.sample, array.size), replace=False):
            unit = np.zeros(array.shape)
            unit.flat[entry] = 1
            if not self.agrees(array, gradient, unit):
                index = [int(i) for i in np.unravel_index(entry, array.shape)]
                print(f"gradient of {name}: wrong at {index}")
                return False
        return right
        ### END SOLUTION

    def check(self):
        """True where backward's gradients of every parameter and of the input are right, else False.

        Sets the gradients to 0, then runs forward and backward(upstream) once and calls check_array for each
        array. Afterwards the parameters are bit for bit as they were, and the gradients are 0.
        """
        ### BEGIN SOLUTION
        self.zero_gradients()
        self.model(self.input.copy())
        input_gradient = self.model.backward(self.upstream.copy())
        right = [self.check_array("the input", self.input, input_gradient)]
        for name, parameter in self.model.parameters.items():
            right.append(self.check_array(name, parameter, self.model.gradients.get(name)))
        self.zero_gradients()
        return all(right)
        ### END SOLUTION


def largest_stable_rate():
    """The largest learning rate of .20, .21, ... .30 with which 200 steps of the line fit, from the same
    start, end with a smaller loss than the first one. A float with two decimals."""
    ### BEGIN SOLUTION
    return 0.25
    ### END SOLUTION


def chance_of_missing():
    """The probability that 100 entries, drawn with replacement from the 200 of a gradient, miss the only
    wrong one. A float, right to three decimals."""
    ### BEGIN SOLUTION
    return (1 - 1 / 200) ** 100
    ### END SOLUTION


def broken_modules():
    """Which of Columns, Tanh and Residual are broken, and where: a dict from the name of each of these to the
    place of its mistake, one of PLACES."""
    ### BEGIN SOLUTION
    return {
        "Columns": "the gradient of b is replaced, not added to",
        "Tanh": "the slope is taken at the wrong value",
    }
    ### END SOLUTION
