"""Tensors on the wire: numbers, dtype and gradient flag survive, and the grader's side needs no torch."""

import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT

from gradbook.judging.local import Local
from gradbook.judging.probe import Code, Remote
from gradbook.sandbox.guest import wire

ARRAYS = [
    np.array([[0.1, -2.5], [3.0, 1e-30]]),
    np.array([0.1, 7.0], dtype=np.float32),
    np.array([[1], [-(2**60)]]),
    np.array(2.5),
    np.zeros((0, 3)),
]


def cross(message, refer=None, resolve=None):
    data = wire.pack(message, refer)
    return wire.unpack(data[8:], int.from_bytes(data[4:8], "little"), resolve)


@pytest.mark.parametrize("array", ARRAYS, ids=lambda a: f"{a.dtype}{a.shape}")
def test_a_tensor_between_graders_stays_what_it_is(array):
    sent = wire.Tensor(array, requires_grad=array.dtype.kind == "f")
    got = cross({"v": [sent]})["v"][0]
    assert type(got) is wire.Tensor
    assert got.array.dtype == array.dtype
    assert got.array.shape == array.shape
    assert np.array_equal(got.array, array)
    assert got.requires_grad == sent.requires_grad


def test_the_graders_side_never_imports_torch():
    source = f"""
import sys
import numpy as np
from gradbook.sandbox.guest import wire
from gradbook.homework.loading import Library
sys.modules["torch"] = None
Library({str(ROOT)!r}).load("hw08_numpy_to_pytorch")
data = wire.pack({{"v": wire.Tensor(np.ones(3))}})
assert wire.unpack(data[8:], int.from_bytes(data[4:8], "little"))["v"].array.sum() == 3
"""
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_tensor_that_claims_too_much_is_refused():
    spec = {"$": "tensor", "v": {"$": "array", "d": "<f8", "s": [2**40], "at": 0, "n": 2**43}, "grad": True}
    import json

    body = json.dumps({"v": spec}).encode()
    with pytest.raises(wire.WireError):
        wire.unpack(body, len(body))


@pytest.mark.torch
@pytest.mark.parametrize(
    ("array", "requires_grad"), [(a, flag) for a in ARRAYS for flag in {False, a.dtype.kind == "f"}]
)
def test_there_and_back(array, requires_grad):
    import torch

    there = cross({"v": wire.Tensor(array, requires_grad)}, resolve={}.get)["v"]
    assert isinstance(there, torch.Tensor)
    assert there.dtype == torch.from_numpy(array).dtype
    assert there.requires_grad == requires_grad
    back = cross({"v": there})["v"]
    assert back.array.dtype == array.dtype
    assert np.array_equal(back.array, array)
    assert back.requires_grad == requires_grad


@pytest.mark.torch
def test_a_check_sends_keeps_and_gets_tensors():
    import torch

    def double(x):
        return 2 * x

    def spoil(x):
        x.zero_()

    code = Code(Local({"double": double, "spoil": spoil, "torch": torch}))
    got = code.double(wire.Tensor(np.arange(3.0), requires_grad=True))
    assert got.array.tolist() == [0, 2, 4]
    assert got.requires_grad
    there = code.keep(wire.Tensor(np.ones(2, dtype=np.float32)))
    assert isinstance(there, Remote)
    code.spoil(there)
    assert there.value().array.tolist() == [0, 0]
    assert there.value().array.dtype == np.float32


@pytest.mark.torch
def test_what_is_too_large_or_no_number_crosses_as_an_object():
    import torch

    large = torch.zeros(wire.MAX_MESSAGE // 2 + 8, dtype=torch.uint8)
    assert type(cross({"v": large})["v"]) is wire.Opaque
