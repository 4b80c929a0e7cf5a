"""Comparing what was observed with what was expected: the first thing that differs, and how."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..sandbox.guest import wire

NONE = "your code returned None; it should return its result: is a return missing?"
NUMBERS = (bool, int, float, complex, np.generic, np.ndarray)


@dataclass
class Difference:
    """How an observation differs. kind: nothing, type, length, shape, dtype, not finite or value.

    where: names of the parts that differ, such as "w1" or "entry 3"; right: of those that do not.
    pairs: (name, expected, observed) of every part that can be compared, for telling a factor from a transpose.
    """

    kind: str
    text: str = ""
    where: list[str] = field(default_factory=list)
    right: list[str] = field(default_factory=list)
    pairs: list[tuple[str, np.ndarray, np.ndarray]] = field(default_factory=list)


def difference(
    expected: Any, observed: Any, rtol: float, atol: float = 0.0, elementwise: bool = False
) -> Difference | None:
    """None where the two agree, else a Difference. Tolerances as in `homework.check`."""
    found, right, pairs = [], [], []
    try:
        for name, e, o in _parts("", expected, observed):
            problem = _compare(e, o, rtol, atol, elementwise)
            if problem is None or problem[0] in ("value", "not finite"):
                pairs.append((name, np.asarray(e), np.asarray(_as_array(o))))
            if problem is None:
                right.append(name)
            else:
                found.append((name, *problem))
    except _Mismatch as mismatch:
        return Difference(mismatch.kind, mismatch.text)
    if not found:
        return None
    order = ["nothing", "type", "shape", "dtype", "not finite", "value"]
    kind = min((f[1] for f in found), key=order.index)
    text = next(f[2] for f in found if f[1] == kind)
    return Difference(kind, text, [f[0] for f in found], right, pairs)


def entries(expected: Any, observed: Any) -> np.ndarray:
    """What was observed as one row, never an empty one: each number at the place that it has in what is expected.

    nan stands for what is no number, or of another shape. A text is 1 where it is the expected one.
    """
    try:
        rows = [_row(e, o) for _, e, o in _parts("", expected, observed)]
    except _Mismatch:
        rows = [_row(e, None) for _, e, _ in _parts("", expected, expected)]
    return np.concatenate([*rows, np.zeros(1)])


def _row(expected: Any, observed: Any) -> np.ndarray:
    if not isinstance(expected, NUMBERS):
        return np.array([complex(_same(expected, observed))])
    array = _as_array(observed)
    if array is None or array.shape != np.shape(expected) or array.dtype.kind not in "biufc":
        return np.full(np.size(expected), np.nan, complex)
    return np.ravel(array).astype(complex)


class _Mismatch(Exception):
    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind, self.text = kind, text


def _parts(name: str, expected: Any, observed: Any) -> Iterator[tuple[str, Any, Any]]:
    """The named leaves of two structures side by side."""
    if isinstance(expected, dict):
        if observed is None:
            raise _Mismatch("nothing", NONE)
        if not isinstance(observed, dict):
            raise _Mismatch("type", f"your code returned {kind_of(observed)}; it should return a dict")
        missing = [k for k in expected if k not in observed]
        extra = [k for k in observed if k not in expected]
        if missing or extra:
            word = (
                f"lacks the key {missing[0]!r}; it should have it" if missing else "has other keys too; it should not"
            )
            raise _Mismatch("type", f"your dict {word}")
        for key, value in expected.items():
            yield from _parts(f"{name}.{key}" if name else str(key), value, observed[key])
    elif isinstance(expected, (list, tuple)):
        if isinstance(observed, np.ndarray) and observed.ndim and len(observed) == len(expected):
            observed = list(observed)
        if observed is None:
            raise _Mismatch("nothing", NONE)
        if not isinstance(observed, (list, tuple)):
            word = "a list" if isinstance(expected, list) else f"{len(expected)} values"
            raise _Mismatch("type", f"your code returned {kind_of(observed)}; it should return {word}")
        if len(observed) != len(expected):
            raise _Mismatch("length", f"your code returned another number of values; it should return {len(expected)}")
        for index, (e, o) in enumerate(zip(expected, observed, strict=True)):
            yield from _parts(f"{name}[{index}]" if name else f"part {index + 1}", e, o)
    else:
        yield name, expected, observed


def _compare(expected: Any, observed: Any, rtol: float, atol: float, elementwise: bool) -> tuple[str, str] | None:
    """None, or (kind, text) for one leaf."""
    if not isinstance(expected, NUMBERS):
        return (
            None
            if _same(expected, observed)
            else ("type", f"your code returned {kind_of(observed)}; it should return something else")
        )
    if isinstance(expected, (bool, np.bool_)):
        right = isinstance(observed, (bool, np.bool_)) and bool(observed) == bool(expected)
        return None if right else ("value" if isinstance(observed, NUMBERS) else "type", "")
    array = _as_array(observed)
    if observed is None:
        return "nothing", NONE
    if array is None:
        wanted = "a number" if not np.ndim(expected) else f"an array of shape {_shape(np.shape(expected))}"
        return "type", f"your code returned {kind_of(observed)}; it should return {wanted}"
    expected = np.asarray(expected)
    if array.shape != expected.shape:
        seen = f"the shape {_shape(array.shape, {0, 1, *expected.shape})}".replace(
            "the shape another one", "another shape"
        )
        return "shape", f"your result has {seen}; it should have the shape {_shape(expected.shape)}"
    if array.dtype.kind == "c" and expected.dtype.kind != "c":
        return "dtype", "your code returned complex numbers; it should return real ones"
    if not expected.size:
        return None
    with np.errstate(all="ignore"):
        expected, value = expected.astype(complex), array.astype(complex)
        same = (expected == value) | (np.isnan(expected) & np.isnan(value))
        if same.all():
            return None
        if (~np.isfinite(value) & np.isfinite(expected)).any():
            return "not finite", "your result has nan or inf in it; it should be finite"
        size = np.abs(expected[np.isfinite(expected)])
        scale = np.abs(expected) if elementwise else (size.max() if size.size else 0.0)
        error = np.abs(value - expected)
        if (same | (error <= atol + rtol * scale)).all():
            return None
        if array.dtype == np.float32 and (error <= atol + 1e-5 * scale).all():
            return "dtype", "your numbers are float32; they should be float64"
    return "value", ""


def _as_array(value: Any) -> np.ndarray | None:
    """A numeric array of the value, or None."""
    if isinstance(value, wire.Tensor):
        return value.array
    if isinstance(value, NUMBERS):
        return np.asarray(value)
    if isinstance(value, (list, tuple)):
        try:
            array = np.asarray(value)
        except ValueError:
            return None
        return array if array.dtype.kind in "biufc" else None
    return None


def _same(expected: Any, observed: Any) -> bool:
    return type(expected) is type(observed) and expected == observed


def kind_of(value: Any) -> str:
    """A value's kind in plain words, without its content."""
    if value is None:
        return "None"
    if isinstance(value, (bool, np.bool_)):
        return "True or False"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of {value.ndim} dimension{'s' * (value.ndim != 1)}"
    if isinstance(value, (int, float, np.number, np.ndarray)):
        return "a number"
    names = {complex: "a complex number", str: "a string", list: "a list", tuple: "a tuple", dict: "a dict"}
    if isinstance(value, wire.Tensor):
        return "a tensor"
    return names.get(type(value), "an object that is no number, array, list, tuple or dict")


def _shape(shape: tuple[int, ...], known: Collection[int] | None = None) -> str:
    """A shape as text. What came back shows only sizes that were expected: others could carry anything."""
    if len(shape) > 4 or (known is not None and any(n not in known for n in shape)):
        return "another one"
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"
