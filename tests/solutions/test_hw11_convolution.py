"""hw11_convolution: a line through the origin, fitted by gradient descent."""

import course_helpers
import numpy as np

from solutions import hw11_convolution as homework


def data(n=20):
    course_helpers.set_seed(1)
    return course_helpers.gen_samples(n, 2, 0.1)


def loss(w, x, y):
    return np.mean((w * x - y) ** 2)


def test_the_worked_example():
    w, losses = homework.fit(np.array([1.0, 2.0]), np.array([2.0, 4.0]), 0.1, 2)
    assert w == 1.5
    np.testing.assert_allclose(losses, [10, 2.5])


def test_one_step_goes_along_the_slope():
    x, y = data()
    w, losses = homework.fit(x, y, 0.01, 1)
    slope = course_helpers.numerical_gradient(lambda v: loss(v, x, y), 0.0)
    np.testing.assert_allclose(w, -0.01 * slope, rtol=1e-6)
    assert losses == [loss(0, x, y)]


def test_many_steps_reach_the_best_slope():
    x, y = data()
    w, losses = homework.fit(x, y, 0.3, 200)
    np.testing.assert_allclose(w, x @ y / (x @ x), rtol=1e-9)
    assert (np.diff(losses) <= 1e-15).all()
