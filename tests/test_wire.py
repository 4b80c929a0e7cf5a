"""Values that cross: as bytes to another process, and without them where both sides are in this one."""

import math

import numpy as np
import pytest

from gradbook.judging.local import local
from gradbook.judging.probe import Code
from gradbook.sandbox.guest import wire

VALUES = {
    "numbers": [1, -2.5, True, None, 2**63, 3 - 4j, math.inf],
    "too large a number": 2**70,
    "texts": ["", "x", "\u00e9\ud800", "long" * wire.MAX_TEXT],
    "containers": {"a": (1, [2, (), {}]), 3: {None: "x"}, ("a", 1): 2},
    "an array of its own": {"$": "array"},
    "arrays": [
        np.arange(6.0).reshape(2, 3),
        np.zeros((0, 3)),
        np.array(7),
        np.eye(3)[:, ::2],
        np.arange(3, dtype=">i4"),
    ],
    "scalars": [np.float64(1.5), np.float32(0.1), np.bool_(True), np.int8(-3), np.complex128(1j)],
    "no numbers": [np.array(["a"]), np.array([object()]), object()],
    "a tensor": wire.Tensor(np.ones(2), requires_grad=True),
}
SOURCE = """
import numpy as np
class Net:
    a = {"w": np.zeros(2), "b": np.zeros(1)}
first = Net.a["w"]
"""


def as_bytes(message, refer):
    data = wire.pack(message, refer)
    return wire.unpack(data[8:], int.from_bytes(data[4:8], "little"))


def told(value):
    """All that can be seen of a value that has crossed, as plain data."""
    if isinstance(value, dict):
        return [(told(key), told(item)) for key, item in value.items()]
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [told(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return type(value).__name__, str(value.dtype), value.shape, value.tolist(), value.flags.writeable
    return type(value).__name__, repr(vars(value)) if hasattr(value, "__dict__") else repr(value)


@pytest.mark.parametrize("name", VALUES)
def test_what_crosses_within_a_process_is_what_crosses_between_two(name):
    message = {"value": VALUES[name], "again": VALUES[name]}
    assert told(wire.crossed(message, refer=id)) == told(as_bytes(message, refer=id))


def test_numbers_come_back_as_they_were():
    sent = [*VALUES["arrays"], *VALUES["scalars"]]
    for given, got in zip(sent, as_bytes({"value": sent}, id)["value"], strict=True):
        assert (type(got), got.shape, got.tolist()) == (type(given), given.shape, given.tolist())
        assert got.dtype == given.dtype.newbyteorder("<")


def test_what_crossed_within_a_process_shares_nothing():
    given = {"array": np.zeros(3), "list": [1]}
    got = wire.crossed({"value": given})["value"]
    got["array"][0], got["list"][0] = 5, 5
    assert not given["array"].any()
    assert given["list"] == [1]


def test_several_arrays_are_filled_at_once_and_stay_the_same_arrays():
    code = Code(local(SOURCE))
    code.Net.a.fill({"w": [1.0, 2.0], "b": 3.0})
    assert code.first.get().tolist() == [1, 2]
    assert code.Net.a.get()["b"].tolist() == [3]
