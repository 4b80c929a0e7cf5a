"""Known mistakes as another student writes them: they lose points in the same check and get the same name."""

import pytest
from conftest import load, of_homework, verdict

from gradbook.homework.source import splice

# (homework, function, check, name of the mistake or "" where the numbers are others, code)
HW01, TRAIN01 = "hw01_shallow_narrow", "ShallowNarrowExercise.train"
HW02, NET02 = "hw02_learning_landscapes", "DeepNarrowLNN"
HW03 = "hw03_linear_chain"
HW04, NET04 = "hw04_sine_regression", "SineRegressor"
HW05, NET05 = "hw05_two_layer_relu", "TwoLayerNet"
HW06 = "hw06_modules"
HW07 = "hw07_optimizers"
HW08 = "hw08_numpy_to_pytorch"
OTHERS = {
    "hw01, squares in place": (
        HW01,
        "loss",
        "loss_shapes",
        "the caller's prediction squared in place",
        """
def loss(y_prediction, y_true):
    assert y_prediction.shape == y_true.shape
    np.subtract(y_prediction, y_true, out=y_prediction)
    np.multiply(y_prediction, y_prediction, out=y_prediction)
    return y_prediction.mean()
""",
    ),
    "hw01, squares the target in place": (
        HW01,
        "loss",
        "loss_shapes",
        "",
        """
def loss(y_prediction, y_true):
    assert y_prediction.shape == y_true.shape
    y_true -= y_prediction
    y_true *= y_true
    return y_true.mean()
""",
    ),
    "hw01, rounded": (
        HW01,
        "ShallowNarrowExercise.dloss_dw",
        "gradient_value",
        "gradient rounded to four places",
        """
def dloss_dw(self, x, y_true):
    if x.shape != y_true.shape:
        raise ValueError
    slope = 2 * np.mean((self.forward(x) - y_true) * x)
    return tuple(np.round([slope * self.w2, slope * self.w1], decimals=4))
""",
    ),
    "hw01, rounded to three places": (
        HW01,
        "ShallowNarrowExercise.dloss_dw",
        "gradient_value",
        "",
        """
def dloss_dw(self, x, y_true):
    if x.shape != y_true.shape:
        raise ValueError
    slope = 2 * np.mean((self.forward(x) - y_true) * x)
    return round(slope * self.w2, 3), round(slope * self.w1, 3)
""",
    ),
    "hw01, a list of its own": (
        HW01,
        "ShallowNarrowExercise.dloss_dw",
        "gradient_side_effects",
        "the same buffer returned in every call",
        """
def dloss_dw(self, x, y_true):
    if x.shape != y_true.shape:
        raise ValueError
    self.slopes = getattr(self, "slopes", [0, 0])
    error = self.forward(x) - y_true
    self.slopes[0] = 2 * (error * x).mean() * self.w2
    self.slopes[1] = 2 * (error * x).mean() * self.w1
    return self.slopes
""",
    ),
    "hw01, w for dw": (
        HW01,
        TRAIN01,
        "train_trajectory",
        "w for dw",
        """
def train(self, x, y_true, lr, n_ep):
    losses, path = [], []
    for _ in range(n_ep):
        losses.append(loss(self.forward(x), y_true))
        w = np.array([self.w1, self.w2])
        self.w1, self.w2 = w - lr * w
        path.append((self.w1, self.w2))
    return np.array(losses), np.array(path)
""",
    ),
    "hw02, rounded": (
        HW02,
        f"{NET02}.dloss_dw",
        "dloss_dw_values",
        "gradient rounded to four places",
        """
def dloss_dw(self, x, y_true):
    outer = np.mean((self.forward(x) - y_true) * x)
    return np.array([round(outer * np.delete(self.w, i).prod(), 4) for i in range(len(self.w))])
""",
    ),
    "hw02, a buffer": (
        HW02,
        f"{NET02}.dloss_dw",
        "dloss_dw_side_effects",
        "the same buffer returned in every call",
        """
def dloss_dw(self, x, y_true):
    outer = np.mean((self.forward(x) - y_true) * x)
    others = np.where(np.eye(len(self.w), dtype=bool), 1.0, self.w).prod(axis=1)
    try:
        self.slopes.fill(0)
    except AttributeError:
        self.slopes = np.zeros_like(self.w)
    self.slopes += outer * others
    return self.slopes
""",
    ),
    "hw02, w for dw": (
        HW02,
        f"{NET02}.train",
        "train_trajectory",
        "w for dw",
        """
def train(self, x, y_true, lr, n_ep):
    losses = []
    for _ in range(n_ep):
        losses += [self.loss(self.forward(x), y_true)]
        if not np.isfinite(losses[-1]):
            break
        for i in range(len(self.w)):
            self.w[i] *= 1 - lr
    return np.array(losses)
""",
    ),
    "hw03, squares in place": (
        HW03,
        "loss",
        "loss_side_effects",
        "the caller's prediction squared in place",
        """
def loss(z, y):
    error = z[-1]
    np.square(np.subtract(error, y, out=error), out=error)
    return error.sum() / 2
""",
    ),
    "hw03, rounded": (
        HW03,
        "backward",
        "backward_value",
        "gradient rounded to four places",
        """
def backward(y, w, z):
    delta = [z[-1] - y]
    for i in range(len(w) - 1, 0, -1):
        delta.append(delta[-1] @ w[i])
    return [np.around(d, decimals=4) for d in delta[::-1]]
""",
    ),
    "hw03, rounded on the way": (
        HW03,
        "backward",
        "backward_value",
        "",
        """
def backward(y, w, z):
    delta = [np.round(z[-1] - y, 4)]
    for i in range(len(w) - 1, 0, -1):
        delta.append(np.round(delta[-1] @ w[i], 4))
    return delta[::-1]
""",
    ),
    "hw03, buffers": (
        HW03,
        "backward",
        "backward_side_effects",
        "the same buffers returned in every call",
        """
def backward(y, w, z):
    kept = globals().setdefault("kept", {})
    if len(z) not in kept or [len(d) for d in kept[len(z)]] != [len(v) for v in z]:
        kept[len(z)] = [np.empty(len(v)) for v in z]
    delta = kept[len(z)]
    np.subtract(z[-1], y, out=delta[-1])
    for i in reversed(range(len(z) - 1)):
        np.matmul(w[i + 1].T, delta[i + 1], out=delta[i])
    return delta
""",
    ),
    "hw03, w for dw": (
        HW03,
        "update",
        "update_square",
        "w for dw",
        """
def update(x, w, z, delta, eta, b=None):
    return [(1 - eta) * m for m in w], None if b is None else [v - eta * v for v in b]
""",
    ),
    "hw03, rounded gradients": (
        HW03,
        "update",
        "update_weights",
        "gradient rounded to four places",
        """
def update(x, w, z, delta, eta, b=None):
    new = []
    for m, d, a in zip(w, delta, [x] + z[:-1]):
        new.append(m - eta * np.around(d[:, None] * a, 4))
    return new, None if b is None else [v - eta * d for v, d in zip(b, delta)]
""",
    ),
    "hw04, vectorized": (
        HW04,
        "sigmoid",
        "sigmoid_far_out",
        "np.vectorize cuts to whole numbers",
        """
@np.vectorize
def sigmoid(x):
    return 0 if x < -40 else 1.0 if x > 40 else 1 / (1 + np.exp(-x))
""",
    ),
    "hw04, vectorized from above": (
        HW04,
        "sigmoid",
        "sigmoid_far_out",
        "",
        """
def sigmoid(x):
    return np.vectorize(lambda v: 1 if v > 100 else np.exp(max(v, -700)) / (1 + np.exp(max(v, -700))))(x)
""",
    ),
    "hw04, a vectorized slope": (
        HW04,
        "d_sigmoid",
        "d_sigmoid_shapes",
        "np.vectorize cuts to whole numbers",
        """
def d_sigmoid(a):
    def slope(v):
        if v <= 0 or v >= 1:
            return 0
        return v - v * v
    return np.vectorize(slope)(a)
""",
    ),
    "hw04, squares in place": (
        HW04,
        "mse_loss",
        "mse_loss_shapes",
        "the caller's prediction squared in place",
        """
def mse_loss(prediction, label):
    np.subtract(prediction, label, out=prediction)
    np.multiply(prediction, prediction, out=prediction)
    return prediction / 2
""",
    ),
    "hw04, rounded": (
        HW04,
        f"{NET04}.backward",
        "backward_value",
        "gradient rounded to four places",
        """
def backward(self, prediction, label):
    if prediction.shape != label.shape:
        raise ValueError
    gradients, delta = {}, d_mse_loss(prediction, label) / len(label)
    for layer, inputs in ((3, self.h2), (2, self.h1), (1, self.x)):
        gradients[f"W{layer}"] = (inputs.T @ delta).round(4)
        gradients[f"b{layer}"] = delta.sum(axis=0, keepdims=True).round(4)
        delta = delta @ self.parameters[f"W{layer}"].T * d_sigmoid(inputs)
    return gradients
""",
    ),
    "hw04, buffers": (
        HW04,
        f"{NET04}.backward",
        "backward_side_effects",
        "the same buffers returned in every call",
        """
def backward(self, prediction, label):
    if prediction.shape != label.shape:
        raise ValueError
    if not hasattr(self, "grads"):
        self.grads = {}
    delta = d_mse_loss(prediction, label) / len(label)
    for layer, inputs in ((3, self.h2), (2, self.h1), (1, self.x)):
        self.grads[f"W{layer}"] = inputs.T @ delta
        self.grads[f"b{layer}"] = delta.sum(axis=0, keepdims=True)
        delta = delta @ self.parameters[f"W{layer}"].T * d_sigmoid(inputs)
    return self.grads
""",
    ),
    "hw04, w for dw": (
        HW04,
        f"{NET04}.update",
        "update_value",
        "w for dw",
        """
def update(self, gradients, lr):
    for array in self.parameters.values():
        array *= 1 - lr
""",
    ),
    "hw05, vectorized": (
        HW05,
        f"{NET05}.forward",
        "forward_value",
        "np.vectorize cuts to whole numbers",
        """
def forward(self, x):
    relu = np.vectorize(lambda v: max(0, v))
    self.x, self.hidden = x, relu(np.dot(x, self.w1))
    return self.hidden.dot(self.w2)
""",
    ),
    "hw05, squares in place": (
        HW05,
        f"{NET05}.loss",
        "loss_value",
        "prediction overwritten",
        """
def loss(self, y_prediction, y):
    require_equal_shapes(y_prediction, y)
    np.square(np.subtract(y_prediction, y, out=y_prediction), out=y_prediction)
    return np.sum(y_prediction)
""",
    ),
    "hw05, whole units masked": (
        HW05,
        f"{NET05}.backward",
        "backward_value",
        "mask for whole units, on in any row",
        """
def backward(self, y_prediction, y):
    require_equal_shapes(y_prediction, y)
    error = 2 * (y_prediction - y)
    down = error @ self.w2.T
    down[:, ~self.hidden.any(axis=0)] = 0
    return self.x.T @ down, self.hidden.T @ error
""",
    ),
    "hw05, whole units masked by their mean": (
        HW05,
        f"{NET05}.backward",
        "backward_value",
        "",
        """
def backward(self, y_prediction, y):
    require_equal_shapes(y_prediction, y)
    error = 2 * (y_prediction - y)
    down = error @ self.w2.T * ((self.x @ self.w1).mean(axis=0) > 0)
    return self.x.T @ down, self.hidden.T @ error
""",
    ),
    "hw05, units on in all rows only": (
        HW05,
        f"{NET05}.backward",
        "backward_value",
        "mask for whole units, on in all rows",
        """
def backward(self, y_prediction, y):
    require_equal_shapes(y_prediction, y)
    error = 2 * (y_prediction - y)
    mask = np.min(self.hidden, axis=0) > 0
    return self.x.T @ np.where(mask, error @ self.w2.T, 0), self.hidden.T @ error
""",
    ),
    "hw05, rounded": (
        HW05,
        f"{NET05}.backward",
        "backward_value",
        "gradient rounded to four places",
        """
def backward(self, y_prediction, y):
    require_equal_shapes(y_prediction, y)
    error = 2 * (y_prediction - y)
    down = np.where(self.hidden > 0, error @ self.w2.T, 0)
    return tuple(np.around(g, decimals=4) for g in (self.x.T @ down, self.hidden.T @ error))
""",
    ),
    "hw05, buffers": (
        HW05,
        f"{NET05}.backward",
        "backward_repeat",
        "the same buffers returned in every call",
        """
def backward(self, y_prediction, y):
    require_equal_shapes(y_prediction, y)
    if not hasattr(self, "g1"):
        self.g1, self.g2 = np.empty(self.w1.shape), np.empty(self.w2.shape)
    error = 2 * (y_prediction - y)
    np.matmul(self.x.T, error @ self.w2.T * (self.hidden > 0), out=self.g1)
    np.matmul(self.hidden.T, error, out=self.g2)
    return self.g1, self.g2
""",
    ),
    "hw05, w for dw": (
        HW05,
        f"{NET05}.update",
        "update_value",
        "w for dw",
        """
def update(self, grad_w1, grad_w2, lr):
    for w in (self.w1, self.w2):
        w *= 1 - lr
""",
    ),
    "hw06, rounded": (
        HW06,
        "Linear.backward",
        "linear_backward_value",
        "gradient rounded to four places",
        """
def backward(self, grad):
    for name, value in (("W", np.dot(self.x.T, grad)), ("b", np.sum(grad, 0))):
        self.gradients[name][...] += np.around(value, 4)
    return np.around(np.dot(grad, self.parameters["W"].T), 4)
""",
    ),
    "hw06, only b rounded": (
        HW06,
        "Linear.backward",
        "linear_backward_value",
        "",
        """
def backward(self, grad):
    self.gradients["W"] += self.x.T @ grad
    self.gradients["b"] += np.round(grad.sum(axis=0), 4)
    return grad @ self.parameters["W"].T
""",
    ),
    "hw06, a buffer": (
        HW06,
        "Linear.backward",
        "linear_backward_effects",
        "the same buffer returned in every call",
        """
def backward(self, grad):
    self.gradients["W"] += self.x.T @ grad
    self.gradients["b"] += grad.sum(axis=0)
    if not hasattr(self, "dx") or len(self.dx) != len(grad):
        self.dx = np.empty((len(grad), len(self.parameters["W"])))
    return np.matmul(grad, self.parameters["W"].T, out=self.dx)
""",
    ),
    "hw06, vectorized": (
        HW06,
        "ReLU.forward",
        "relu_forward_value",
        "np.vectorize cuts to whole numbers",
        """
def forward(self, x):
    self.positive = x > 0
    def relu(v):
        if v <= 0:
            return 0
        return v
    return np.vectorize(relu)(x)
""",
    ),
    "hw06, whole units masked": (
        HW06,
        "ReLU.backward",
        "relu_backward_value",
        "mask for whole units, on in any row",
        """
def backward(self, grad):
    return np.where(self.positive.sum(0) > 0, grad, 0.0)
""",
    ),
    "hw06, units on in all rows only": (
        HW06,
        "ReLU.backward",
        "relu_backward_value",
        "mask for whole units, on in all rows",
        """
def backward(self, grad):
    below = grad.copy()
    below[:, ~self.positive.all(axis=0)] = 0
    return below
""",
    ),
    "hw06, squares in place": (
        HW06,
        "MSELoss.forward",
        "mse_forward_effects",
        "the caller's prediction squared in place",
        """
def forward(self, output, target):
    assert output.shape == target.shape
    self.error = output - target
    np.square(self.error, out=output)
    return output.sum() / 2 / len(output)
""",
    ),
    "hw06, a rounded slope": (
        HW06,
        "MSELoss.backward",
        "mse_backward_value",
        "gradient rounded to four places",
        """
def backward(self, grad=1.0):
    return (grad / len(self.error) * self.error).round(decimals=4)
""",
    ),
    "hw06, w for dw": (
        HW06,
        "SGD.step",
        "sgd_step_value",
        "w for dw",
        """
def step(self):
    for w in self.model.parameters.values():
        w *= 1 - self.lr
""",
    ),
    "hw08, whole units masked": (
        HW08,
        "train_manual",
        "manual_losses",
        "no ReLU mask in the gradient or mask for whole units, on in any row",
        """
def train_manual(x, y, w1, w2, lr, n_iter):
    w1, w2, losses = w1.clone(), w2.clone(), []
    for _ in range(n_iter):
        h = torch.relu(x @ w1)
        error = h @ w2 - y
        losses.append(float((error**2).sum()))
        down = 2 * error @ w2.T
        down[:, ~(h > 0).any(dim=0)] = 0
        w1, w2 = w1 - lr * x.T @ down, w2 - lr * h.T @ (2 * error)
    return losses
""",
    ),
    "hw08, rounded": (
        HW08,
        "train_manual",
        "manual_losses",
        "gradient rounded to four places",
        """
def train_manual(x, y, w1, w2, lr, n_iter):
    w1, w2, losses = w1.clone(), w2.clone(), []
    for _ in range(n_iter):
        h = torch.relu(x @ w1)
        error = h @ w2 - y
        losses.append(float((error**2).sum()))
        g1, g2 = x.T @ (2 * error @ w2.T * (h > 0)), h.T @ (2 * error)
        w1, w2 = w1 - lr * torch.round(g1, decimals=4), w2 - lr * torch.round(g2, decimals=4)
    return losses
""",
    ),
    "hw08, w for dw": (
        HW08,
        "train_sequential",
        "sequential_run",
        "w for dw",
        """
def train_sequential(model, x, y, lr, n_iter):
    losses = []
    for _ in range(n_iter):
        loss = ((model(x) - y) ** 2).sum()
        losses.append(float(loss))
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p.mul_(1 - lr)
    return losses
""",
    ),
    "hw07, w for dw in RMSprop's move": (
        HW07,
        "RMSprop.step",
        "rmsprop_trajectory",
        "w for dw, in the move",
        """
def step(self):
    for name, parameter in self.model.parameters.items():
        w, dw = parameter, self.model.gradients[name]
        self.square[name] *= self.alpha
        self.square[name] += (1 - self.alpha) * dw**2
        w -= self.lr * w / (np.sqrt(self.square[name]) + self.eps)
""",
    ),
    "hw07, w for dw in RMSprop": (
        HW07,
        "RMSprop.step",
        "rmsprop_trajectory",
        "w for dw",
        """
def step(self):
    for key in self.square:
        g = self.model.parameters[key]
        self.square[key] = self.square[key] * self.alpha + g * g * (1 - self.alpha)
        g -= self.lr / (self.square[key] ** 0.5 + self.eps) * g
""",
    ),
    "hw07, w for dw in Momentum": (
        HW07,
        "Momentum.step",
        "momentum_trajectory",
        "w for dw",
        """
def step(self):
    for key, w in self.model.parameters.items():
        self.velocity[key] = w + self.velocity[key] * self.momentum
        w[:] -= self.velocity[key] * self.lr
""",
    ),
    "hw07, w for dw in Adam": (
        HW07,
        "Adam.step",
        "adam_trajectory",
        "w for dw",
        """
def step(self):
    self.t += 1
    a, b = self.betas
    for k, w in self.model.parameters.items():
        self.m[k] = a * self.m[k] + (1 - a) * w
        self.v[k] = b * self.v[k] + (1 - b) * w * w
        w -= self.lr * self.m[k] / (1 - a**self.t) / (np.sqrt(self.v[k] / (1 - b**self.t)) + self.eps)
""",
    ),
    "hw07, momentum stepped twice": (
        HW07,
        "Momentum.step",
        "momentum_trajectory",
        "stepped twice",
        """
def step(self):
    for _ in range(2):
        for key, w in self.model.parameters.items():
            self.velocity[key] = self.model.gradients[key] + self.velocity[key] * self.momentum
            w -= self.velocity[key] * self.lr
""",
    ),
    "hw07, moved twice by the velocity": (
        HW07,
        "Momentum.step",
        "momentum_trajectory",
        "moved twice in a step",
        """
def step(self):
    for key, v in self.velocity.items():
        v *= self.momentum
        v += self.model.gradients[key]
    for _ in "ab":
        for key, v in self.velocity.items():
            self.model.parameters[key] -= v * self.lr
""",
    ),
    "hw07, v without the square": (
        HW07,
        "Adam.step",
        "adam_trajectory",
        "v without the square",
        """
def step(self):
    self.t += 1
    a, b = self.betas
    for k, w in self.model.parameters.items():
        g = self.model.gradients[k]
        self.m[k] = a * self.m[k] + (1 - a) * g
        self.v[k] = b * self.v[k] + (1 - b) * g
        w -= self.lr * self.m[k] / (1 - a**self.t) / (np.sqrt(self.v[k] / (1 - b**self.t)) + self.eps)
""",
    ),
}


def named(table):
    """The names of a table's cases, as tests of the homework that each begins with."""
    return [pytest.param(name, marks=of_homework(table[name][0])) for name in table]


def findings(homework_id, *parts):
    """The findings of the reference with some of its functions replaced. parts: pairs of name and source."""
    homework = load(homework_id)
    source = homework.reference
    for name, code in parts:
        source = splice(source, name, code.strip())
    return {f.name: f for f in verdict(homework_id, source)}


@pytest.mark.parametrize("name", named(OTHERS))
def test_the_same_mistake_in_other_words(name):
    homework_id, target, check, mistake, code = OTHERS[name]
    found = findings(homework_id, (target, code))
    assert found[check].points < found[check].max_points
    assert found[check].mistake == mistake
    covers = {c.name: c.covers for c in load(homework_id).checks}
    assert [f.name for f in found.values() if f.outcome not in ("right", "follows") and covers[f.name] != target] == []


# (homework, its check of convergence, function, code that does not do what it is asked for)
FAKES = {
    "hw01, published weights": (
        HW01,
        "convergence",
        TRAIN01,
        """
def train(self, x, y_true, lr, n_ep):
    self.w1, self.w2 = -1.3311630651, -1.5254625997
    path = np.tile([self.w1, self.w2], (n_ep, 1))
    return np.full(n_ep, loss(self.forward(x), y_true)), path
""",
    ),
    "hw01, an invented curve": (
        HW01,
        "convergence",
        TRAIN01,
        """
def train(self, x, y_true, lr, n_ep):
    path = []
    for _ in range(n_ep):
        a, b = self.dloss_dw(x, y_true)
        self.w1, self.w2 = self.w1 - lr * a, self.w2 - lr * b
        path.append([self.w1, self.w2])
    return 6 * np.exp(-0.1 * np.arange(n_ep)), np.array(path)
""",
    ),
    "hw01, both": (
        HW01,
        "convergence",
        TRAIN01,
        """
def train(self, x, y_true, lr, n_ep):
    self.w1, self.w2 = -1.3311630651, -1.5254625997
    path = np.linspace([1.4, -1.6], [self.w1, self.w2], n_ep)
    return 6.35 / (1 + np.arange(n_ep)) ** 2, path
""",
    ),
    "hw01, a curve for the weights": (
        HW01,
        "convergence",
        TRAIN01,
        """
def train(self, x, y_true, lr, n_ep):
    path = np.linspace([1.4, -1.6], [-1.3311630651, -1.5254625997], n_ep)
    return np.array([np.mean((x * a * b - y_true) ** 2) for a, b in path]), path
""",
    ),
    "hw02, a known product": (
        HW02,
        "convergence",
        f"{NET02}.train",
        """
def train(self, x, y_true, lr, n_ep):
    losses, start = [], self.w
    for epoch in range(n_ep):
        losses.append(self.loss(self.forward(x), y_true))
        self.w = start + (2 ** (1 / len(start)) - start) * (epoch + 1) / n_ep
    return np.array(losses)
""",
    ),
    "hw02, an invented curve": (
        HW02,
        "convergence",
        f"{NET02}.train",
        """
def train(self, x, y_true, lr, n_ep):
    for _ in range(n_ep):
        self.w = self.w - lr * self.dloss_dw(x, y_true)
    return 0.5 * 0.96 ** np.arange(n_ep)
""",
    ),
    "hw08, an invented curve": (
        HW08,
        "convergence",
        "train_optim",
        """
def train_optim(model, x, y, optimizer, n_iter):
    for _ in range(n_iter):
        optimizer.zero_grad()
        ((model(x) - y) ** 2).sum().backward()
        optimizer.step()
    return [30 * 0.8**i for i in range(n_iter)]
""",
    ),
    "hw08, weights that stay": (
        HW08,
        "convergence",
        "train_optim",
        """
def train_optim(model, x, y, optimizer, n_iter):
    w1, w2 = (p.detach().clone().T for p in list(model.parameters())[:2])
    return train_autograd(x, y, w1, w2, optimizer.param_groups[0]["lr"], n_iter)
""",
    ),
    "hw07, parameters of its own": (
        HW07,
        "convergence",
        "Adam.step",
        """
def step(self):
    for w in self.model.parameters.values():
        w[...] = np.cos(np.arange(w.size)).reshape(w.shape)
""",
    ),
    "hw02, both": (
        HW02,
        "convergence",
        f"{NET02}.train",
        """
def train(self, x, y_true, lr, n_ep):
    self.w = np.full(self.w.shape, 2 ** (1 / self.w.size))
    return np.linspace(0.6, 0.005, n_ep)
""",
    ),
}


# (homework, function, code): right to nearly all digits, by differences of losses.
NUMERICAL = {
    "hw08, central differences": (
        HW08,
        "train_manual",
        """
def train_manual(x, y, w1, w2, lr, n_iter):
    def loss(a, b):
        return float(((torch.relu(x @ a) @ b - y) ** 2).sum())

    def slopes(f, w, h=1e-6):
        result = torch.zeros_like(w)
        for i in range(w.shape[0]):
            for j in range(w.shape[1]):
                step = torch.zeros_like(w)
                step[i, j] = h
                result[i, j] = (f(w + step) - f(w - step)) / (2 * h)
        return result

    losses = []
    for _ in range(n_iter):
        losses.append(loss(w1, w2))
        g1, g2 = slopes(lambda a: loss(a, w2), w1), slopes(lambda b: loss(w1, b), w2)
        w1, w2 = w1 - lr * g1, w2 - lr * g2
    return losses
""",
    ),
    "hw08, in NumPy": (
        HW08,
        "train_manual",
        """
def train_manual(x, y, w1, w2, lr, n_iter):
    X, Y, weights = x.numpy(), y.numpy(), [w1.numpy().copy(), w2.numpy().copy()]

    def loss():
        return float(np.sum((np.maximum(X @ weights[0], 0) @ weights[1] - Y) ** 2))

    losses = []
    for _ in range(n_iter):
        losses.append(loss())
        slopes = [np.zeros_like(w) for w in weights]
        for w, slope in zip(weights, slopes):
            for index in np.ndindex(w.shape):
                kept = w[index]
                w[index] = kept + 1e-6
                up = loss()
                w[index] = kept - 1e-6
                slope[index] = (up - loss()) / 2e-6
                w[index] = kept
        for w, slope in zip(weights, slopes):
            w -= lr * slope
    return losses
""",
    ),
}


@pytest.mark.parametrize("name", named(NUMERICAL))
def test_numerical_derivatives_keep_their_points_and_are_flagged(name):
    homework_id, target, code = NUMERICAL[name]
    homework = load(homework_id)
    found = verdict(homework_id, splice(homework.reference, target, code.strip()))
    assert [f.name for f in found if f.points < f.max_points] == []
    assert len(found.flags) == 1 and "numerical derivative" in found.flags[0]


@pytest.mark.parametrize("name", named(FAKES))
def test_convergence_is_not_earned_by_what_was_never_computed(name):
    homework_id, check, target, code = FAKES[name]
    found = findings(homework_id, (target, code))
    assert found[check].points == 0
