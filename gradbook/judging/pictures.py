"""Pictures of what came back, as data: which entries of a gradient are right, the shape of a loss curve.

A picture holds marks and coordinates on a scale of its own, never a number that was computed: nothing hidden
can be read off it. The feedback page draws it (pages/templates/feedback/pictures.html.j2); elsewhere `describe` speaks.
"""

from typing import Any

import numpy as np

from .compare import Difference

Picture = dict[str, Any]

RIGHT, OPPOSITE, OTHER, NOTHING, NOT_FINITE = "=", "-", "x", "0", "?"
MEANING = {
    RIGHT: "right",
    OPPOSITE: "of the opposite sign",
    OTHER: "of another value",
    NOTHING: "zero where they should not be",
    NOT_FINITE: "nan or inf",
}
LARGEST, SMALLEST = 32, 2  # entries along an axis of a grid, entries in all
GRIDS = 2
TALL = 100  # height of a curve's scale
CLOSE = 1e-6


def pictures_of(difference: Difference) -> list[Picture]:
    """Pictures of a Difference, as plain data: a list of dicts with `kind`, `name` and what the kind needs."""
    if difference.kind not in ("value", "not finite"):
        return []
    wrong = [(name, e, o) for name, e, o in difference.pairs if name in difference.where]
    wrong = [(name, e, o) for name, e, o in wrong if e.dtype.kind in "iuf" and o.dtype.kind in "iuf"]
    curves = [_curve(*part) for part in wrong if "losses" in part[0] and part[1].ndim == 1 and part[1].size > 4]
    grids = [_grid(*part) for part in wrong if "losses" not in part[0] and _suits_a_grid(part[1])]
    return curves[:1] + _row(difference) + grids[:GRIDS]


def _suits_a_grid(array: np.ndarray) -> bool:
    return array.ndim in (1, 2) and array.size >= SMALLEST and max(array.shape) <= LARGEST


def _grid(name: str, expected: np.ndarray, observed: np.ndarray) -> Picture:
    """Entry by entry, a mark."""
    expected, observed = np.atleast_2d(expected).astype(float), np.atleast_2d(observed).astype(float)
    scale = np.abs(expected[np.isfinite(expected)]).max(initial=0.0)
    rows = []
    for wanted, given in zip(expected, observed, strict=True):
        rows.append("".join(_mark(e, o, scale) for e, o in zip(wanted, given, strict=True)))
    return {"kind": "grid", "name": _short(name), "rows": rows}


def _mark(expected: float, observed: float, scale: float) -> str:
    if expected == observed or abs(expected - observed) <= CLOSE * scale:
        return RIGHT
    if not np.isfinite(observed):
        return NOT_FINITE
    if observed == 0:
        return NOTHING
    return OPPOSITE if expected * observed < 0 else OTHER


def _row(difference: Difference) -> list[Picture]:
    """The parts in their order, right or not: where an error begins. Only where some are right."""
    wrong = set(difference.where)
    parts = [[_short(name), name not in wrong] for name, e, _ in difference.pairs if name and e.dtype.kind in "iuf"]
    if not 2 < len(parts) <= 12 or len({right for _, right in parts}) < 2:
        return []
    return [{"kind": "row", "name": "the parts in order", "parts": parts}]


def _curve(name: str, expected: np.ndarray, observed: np.ndarray) -> Picture:
    """Two curves on one scale of their own, logarithmic where all is positive."""
    both = [np.asarray(a, dtype=float) for a in (expected, observed)]
    finite = np.concatenate([a[np.isfinite(a)] for a in both])
    if finite.size and finite.min() > 0:
        with np.errstate(all="ignore"):
            both, finite = [np.log(a) for a in both], np.log(finite)
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 1.0)
    lines = [[_height(v, low, high) for v in a] for a in both]
    return {"kind": "curve", "name": _short(name), "expected": lines[0], "yours": lines[1]}


def _height(value: float, low: float, high: float) -> int | None:
    if not np.isfinite(value):
        return None
    return int(round(TALL * (value - low) / (high - low))) if high > low else TALL // 2


def _short(name: str) -> str:
    return name[:60] or "what it returned"


def describe(picture: Picture) -> str:
    """A picture in one sentence."""
    if picture["kind"] == "grid":
        marks = "".join(picture["rows"])
        counts = [f"{marks.count(mark)} {word}" for mark, word in MEANING.items() if mark in marks]
        return f"{picture['name']}: {', '.join(counts)}"
    if picture["kind"] == "row":
        first = next(name for name, right in picture["parts"] if not right)
        return f"the first that is not right is {first}"
    expected, yours = picture["expected"], picture["yours"]
    if _course(yours) == _course(expected):
        return f"{picture['name']}: the curve {_course(yours)}, as it should, but on another way"
    return f"{picture['name']}: the curve {_course(yours)}; expected is one that {_course(expected)}"


def _course(line: list[int | None]) -> str:
    """What a curve does from its first value to its last."""
    heights = [h for h in line if h is not None]
    if len(heights) < len(line):
        return "ends in nan or inf"
    if heights[-1] == heights[0]:
        return "stays"
    return "falls" if heights[-1] < heights[0] else "rises"
