"""Laws that every homework asks for, each written once, and the comparisons that they are made of.

A law makes calls and gives named observations, which a check joins with `|`. It compares the submission with itself, so
that a wrong value costs points in the check of values and nowhere else. Authors take them from `families`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np

from ..errors import GradbookError

Parts = dict[str, Any]


@runtime_checkable
class Kept(Protocol):
    """A value that was left with the code."""

    def value(self) -> Any: ...


class Callee(Protocol):
    """A function of the code."""

    def __call__(self, *args: Any) -> Any: ...

    def keep(self) -> Any: ...


class Code(Protocol):
    """What a check calls; see `judging.probe.Code`."""

    def keep(self, value: Any) -> Kept: ...

    def define(self, source: str, name: str) -> Any: ...

    def seed(self, seed: int) -> None: ...

    def raises(self, call: Callable[[], object]) -> bool: ...

    def passed(self, name: str) -> bool: ...


# ---------------------------------------------------------------- numbers


def numbers(value: Any, shape: tuple[int, ...] | None = None) -> np.ndarray | None:
    """The value as an array where it is one of real numbers, and of this shape; else None."""
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return array if array.dtype.kind in "iuf" and array.size and shape in (None, array.shape) else None


def arrays(value: Any) -> list[np.ndarray]:
    """The arrays that a result is made of, in order; none where anything in it is no real number.

    None or an empty list among others is an empty array, as of biases that a network has not.
    """
    whole = numbers(value)
    if whole is not None:
        return [whole]
    if isinstance(value, dict):
        value = [value[key] for key in sorted(value, key=str)]
    parts = value if isinstance(value, (list, tuple)) else []
    found = [arrays(part) or ([np.zeros(0)] if _is_empty(part) else []) for part in parts]
    return [array for part in found for array in part] if all(found) else []


def _is_empty(value: Any) -> bool:
    size = len(value) if isinstance(value, (list, tuple)) else getattr(value, "size", 1)
    return value is None or size == 0


def same(one: Any, other: Any, rtol: float = 1e-9, atol: float = 1e-12) -> bool:
    """Whether two results are the same numbers in the same shapes. What holds no numbers is the same as nothing."""
    pairs = _pairs(one, other)
    return bool(pairs) and all(_close(first, second, rtol, atol) for first, second in pairs)


def depends(one: Any, other: Any) -> bool:
    """Whether a call gave numbers, and other ones for other arguments."""
    return bool(arrays(one)) and not same(one, other)


def gap(one: Any, other: Any) -> Any:
    """The largest difference of two results, as one number; 1 where their shapes differ.

    Not an array, so that a wrong shape is not charged again. A first result without numbers is given back as it is.
    """
    gaps = [np.ravel(second - first) for first, second in _pairs(one, other)]
    if not gaps:
        return 1.0 if arrays(one) else one
    every = np.concatenate(gaps)
    return every[np.argmax(np.abs(every))] if every.size else one


def factor(first: Any, second: Any) -> float:
    """By what a result is multiplied at a second call: 1 where it is the same again; nan where it is another one."""
    one, two = numbers(first), numbers(second)
    if one is None or two is None or one.shape != two.shape or not one.any():
        return np.nan
    if np.array_equal(one, two):
        return 1.0
    found = float(np.sum(one * two) / np.sum(one * one))
    return found if same(found * one, two) else np.nan


def _pairs(one: Any, other: Any) -> list[tuple[np.ndarray, np.ndarray]]:
    """The arrays of two results side by side; none where their shapes differ."""
    first, second = arrays(one), arrays(other)
    alike = [array.shape for array in first] == [array.shape for array in second]
    return list(zip(first, second, strict=True)) if alike else []


def _close(one: np.ndarray, other: np.ndarray, rtol: float, atol: float) -> bool:
    """Whether two arrays agree, relative to the largest entry."""
    size = np.abs(one[np.isfinite(one)]).max(initial=0.0)
    return np.allclose(one, other, rtol=0, atol=atol + rtol * size, equal_nan=True)


def slopes(function: Callable[..., float], at: Sequence[np.ndarray], h: Any = 1e-6) -> list[np.ndarray]:
    """Central differences of the number function(*at) by every entry of each array.

    h: the step, or a list with one for each array, which may itself be an array of the same shape.
    """
    step = h if isinstance(h, list) else [h] * len(at)
    found = []
    for which, array in enumerate(at):
        size = np.broadcast_to(step[which], array.shape)
        slope = np.zeros(array.shape)
        for index in np.ndindex(array.shape):
            up, down = array.copy(), array.copy()
            up[index] += size[index]
            down[index] -= size[index]
            high, low = (function(*at[:which], moved, *at[which + 1 :]) for moved in (up, down))
            slope[index] = (high - low) / (up[index] - down[index])
        found.append(slope)
    return found


def as_one(*truths: bool) -> np.ndarray:
    """Truth values, all True where all is right, that the student is told of as one. They tell mistakes apart."""
    return np.array([truths], dtype=bool)


# ---------------------------------------------------------------- side effects


def leaves(
    code: Code, call: Callable[..., Any], given: Mapping[str, Any], state: Mapping[str, Callable[[], Any]] | None = None
) -> tuple[Any, dict[str, int]]:
    """(what call(*given) returns, how much has changed of what it was given, and of the state: 0 where nothing has).

    given: name -> argument, in the order of the arguments; one that was kept already is looked at where it is.
    state: name -> what tells it, as net.w1.get.
    """
    there = {name: value if isinstance(value, Kept) else code.keep(value) for name, value in given.items()}
    look = {name: kept.value for name, kept in there.items()} | dict(state or {})
    # What was left there just now is known.
    left = {name: value for name, value in given.items() if not isinstance(value, Kept)}
    before = {name: left[name] if name in left else now() for name, now in look.items()}
    result = call(*there.values())
    return result, {f"{name} afterwards": _changed(before[name], now()) for name, now in look.items()}


def _changed(before: Any, now: Any) -> int:
    """How many of the arrays in a list have changed, or whether a value has; -1 where the list has another length."""
    if not isinstance(before, list) or not all(isinstance(entry, np.ndarray) for entry in before):
        return int(not same(before, now))
    if not isinstance(now, list) or len(now) != len(before):
        return -1
    return sum(not same(old, new) for old, new in zip(before, now, strict=True))


def repeats(
    first: Any,
    call: Callable[..., Any],
    one: Sequence[Any],
    other: Sequence[Any],
    before: Callable[[], object] = lambda: None,
    compare: Callable[[Any, Any], Any] = same,
) -> Parts:
    """That a call gives the same again, also after a call for something else.

    first: what call(*one) has returned. before: is called before each call. compare: `gap`, where mistakes are told
    apart by how much the results differ.
    """
    before()
    call(*other)
    before()
    return {"a second call": compare(first, call(*one))}


TWO = """
def two(call, one, other):
    before = call(*one)
    call(*other)
    return before
"""


def keeps(
    first: Any,
    code: Code,
    call: Callee,
    one: Sequence[Any],
    other: Sequence[Any],
    compare: Callable[[Any, Any], Any] = same,
) -> Parts:
    """That what call(*one) returned is the same when call(*other) has returned: no array is used again.

    first: what call(*one) has returned. compare: as in `repeats`.
    """
    return {"an earlier result": compare(first, code.define(TWO, "two")(call.keep(), list(one), list(other)))}


HELD = """
class Held:
    def __init__(self, arrays):
        self.arrays = dict(arrays)

    def now(self):
        return self.arrays
"""


def holding(code: Code, arrays: Any) -> Callable[[], dict[str, np.ndarray]]:
    """What tells the arrays that a dict holds at present, as they are later: one that is replaced no longer changes.

    arrays: the dict, as net.parameters.
    """
    return code.define(HELD, "Held")(arrays.keep()).now


# ---------------------------------------------------------------- shapes


def unequal(y: np.ndarray) -> dict[str, tuple[Any, Any]]:
    """Pairs of prediction and target whose shapes differ, and that NumPy would mostly broadcast. y: (n, 3), n > 3."""
    if np.ndim(y) != 2 or np.shape(y)[1] != 3 or len(y) < 4:
        raise GradbookError(f"families.unequal takes an array of shape (n, 3), n > 3, not {np.shape(y)}; see refuses")
    column, wide = y[:, :1], y[:, :2]
    return {
        "a column against a row": (column, column[:, 0]),
        "one column against two": (column, wide),
        "three columns against one": (y, column),
        "many rows against one": (y, y[:1]),
        "an array against a number": (y, 0.5),
        "the same numbers in another shape": (y, y.reshape(y.shape[::-1])),
    }


def refuses(code: Code, call: Callable[..., Any], cases: Mapping[str, tuple[Any, ...]]) -> dict[str, bool]:
    """Which arguments make a call raise. cases: name -> arguments."""
    return {name: code.raises(functools.partial(call, *arguments)) for name, arguments in cases.items()}


# ---------------------------------------------------------------- steps and whole runs


def steps(
    step: Callable[..., Any], each: Mapping[str, tuple[Any, ...]], state: Mapping[str, Callable[[], Any]]
) -> Parts:
    """What the state is after each of several steps.

    each: name of a step, as " after a second step" -> its arguments. state: name -> what tells it, as net.w1.get.
    """
    seen: Parts = {}
    for when, arguments in each.items():
        step(*arguments)
        seen |= {f"{name}{when}": now() for name, now in state.items()}
    return seen


def tells(told: Any, *computed: float, rtol: float = 1e-6, atol: float = 0.0) -> bool:
    """Whether a loss that was told is one of those that the check has computed from the weights."""
    loss = numbers(told, ())
    return loss is not None and bool(np.isclose(loss, computed, rtol=rtol, atol=atol).any())


def converges(
    losses: Any, start: Iterable[float], end: Sequence[float], low: float, rtol: float = 1e-6, atol: float = 0.0
) -> Parts:
    """That training ends low, and that the losses it tells are those of the weights.

    losses: of one run, or of each of several in a list. start, end: the loss before and after, computed by the check;
    several where more than one way to count is let pass. The last of the end is that of the last weights.
    """
    told = [entry for array in arrays(losses) for entry in (array.flat[0], array.flat[-1])] or [None]
    return {
        "the first loss": tells(told[0], *start, rtol=rtol, atol=atol),
        "the last loss": tells(told[-1], *end, rtol=rtol, atol=atol),
        "ends low": bool(end[-1] < low),
    }
