"""Draws: right ones pass on every seed, and a fault of each kind, planted into a right one, is seen."""

import math

import numpy as np
import pytest

from gradbook.homework import draws
from gradbook.judging.local import local
from gradbook.judging.probe import Code

SHAPES = [(120, 351), (301, 140)]


def seen(draw, seed=5):
    """What is not right of the arrays that a function of shape and generator draws."""
    rng = np.random.default_rng(seed)
    arrays = [draw(shape, rng) for shape in SHAPES]
    with np.errstate(all="ignore"):
        found = draws.normal(arrays, SHAPES, lambda rows, columns: np.sqrt([2 / rows, 1 / rows]))
    return [name for name, fact in found.items() if not np.all(fact)]


def right(shape, rng):
    return rng.normal(scale=math.sqrt(2 / shape[0]), size=shape)


def standardised(shape, rng):
    array = rng.normal(size=shape)
    return (array - array.mean()) / array.std() * math.sqrt(2 / shape[0])


def uniform(shape, rng):
    return rng.uniform(-1, 1, shape) * math.sqrt(6 / shape[0])


def test_normal_numbers_are_let_pass():
    assert not any(seen(right, seed) for seed in range(100))


@pytest.mark.parametrize(
    ("draw", "told"),
    {
        "transposed": (lambda shape, rng: right(shape, rng).T, ["the shape", "float64 numbers"]),
        "shifted": (lambda shape, rng: right(shape, rng) + 0.01, ["the mean"]),
        "wider": (lambda shape, rng: 1.06 * right(shape, rng), ["the deviation"]),
        "a known mistake": (lambda shape, rng: math.sqrt(0.5) * right(shape, rng), ["the deviation"]),
        "uniform": (uniform, ["the kind of distribution"]),
        "double exponential": (
            lambda shape, rng: rng.laplace(size=shape) / math.sqrt(shape[0]),
            ["the kind of distribution"],
        ),
        "a row for all": (lambda shape, rng: 0 * right(shape, rng) + right(shape, rng)[0], None),
        "a column for all": (lambda shape, rng: 0 * right(shape, rng) + right(shape, rng)[:, :1], None),
        "standardised": (standardised, ["as it was drawn"]),
        "in single precision": (lambda shape, rng: right(shape, rng).astype(np.float32), ["float64 numbers"]),
        "constant": (lambda shape, rng: np.ones(shape), None),
        "no numbers": (lambda shape, rng: "text", None),
        "not finite": (lambda shape, rng: right(shape, rng) + np.inf, None),
    }.values(),
)
def test_a_planted_fault_is_seen(draw, told):
    assert seen(draw) == told if told else "every entry drawn for itself" in seen(draw)


def test_a_uniform_distribution_and_a_known_deviation_are_told_from_others():
    rng = np.random.default_rng(1)
    arrays = [math.sqrt(0.5) * uniform(shape, rng) for shape in SHAPES]
    found = draws.normal(arrays, SHAPES, lambda rows, columns: np.sqrt([2 / rows, 1 / rows, 4 / rows]))
    assert found["the deviation"].tolist() == [[False, False, True]]
    assert found["the kind of distribution"].tolist() == [[False, False]]


FROM = "import copy\nimport numpy as np\ndef draw(rng):\n    return {}.random(3)"


@pytest.mark.parametrize(
    ("generator", "told"),
    {
        "rng": [],
        "np.random": ["the same from the same seed", "NumPy's global generator untouched"],
        "np.random.default_rng()": ["the same from the same seed"],
        "np.random.default_rng(0)": ["something else from another seed", "something else in a second call"],
        "copy.deepcopy(rng)": ["something else in a second call"],
        "(np.random.seed(rng.integers(9**9)), rng)[1]": ["NumPy's global generator untouched"],
    }.items(),
)
def test_numbers_come_from_the_generator_that_is_given(generator, told):
    code = Code(local(FROM.format(generator)))
    first, found = draws.seeded(code, code.draw, [1, 2, 3])
    assert len(first) == 3 and [name for name, fact in found.items() if not fact] == told
