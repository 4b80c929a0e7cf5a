"""How values cross between the grader and the student's process: as plain data, never pickled.

A message is four bytes of total length, four of JSON length, the JSON, then the raw bytes of the
arrays that the JSON refers to. Decoding builds plain Python values and plain ndarrays only; whatever
is malformed, too large, too deep or of an unlisted dtype raises WireError.
"""

import json
import math
import socket
import struct
from collections.abc import Callable
from functools import lru_cache
from itertools import islice
from typing import Any, BinaryIO

import numpy as np

from .text import can_be_written, name_of, writable

MAX_MESSAGE = 64 * 2**20
MAX_JSON = 8 * 2**20
MAX_DEPTH = 16
MAX_ITEMS = 20_000
MAX_TEXT = 100_000
MAX_DIMENSIONS = 32
KINDS = "biufc"

# What is written has no circles: it was built just before.
_json = json.JSONEncoder(check_circular=False).encode
_next_json = json.JSONDecoder().raw_decode

# Gives the number of an object that cannot cross; gives the object back.
Refer = Callable[[Any], int | None]
Resolve = Callable[[int], Any]


class WireError(Exception):
    """The other side sent something that is not a message of this protocol."""


class Opaque:
    """Stands for an object that cannot cross: only its type's name did, and a number to speak of it."""

    def __init__(self, type_name: str, ref: int | None = None) -> None:
        self.type_name, self.ref = type_name, ref

    def __repr__(self) -> str:
        return f"<{self.type_name} object>"


class Encoder:
    """Turns values into JSON plus blobs. `refer(object)` gives the number of what cannot cross."""

    def __init__(self, refer: Refer | None = None) -> None:
        self.refer, self.offset, self.items = refer, 0, 0
        self.blobs: list[bytes] = []

    def encode(self, value: Any, depth: int = 0) -> Any:
        self.items += 1
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            return {"$": "object", "type": name_of(type(value)), "ref": None}
        kind = type(value)
        if kind is str:
            return writable(value[:MAX_TEXT])
        if kind is np.ndarray:
            return self._array(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is int:
            return value if -(2**63) <= value < 2**64 else self._object(value)
        if kind is complex:
            return {"$": "complex", "v": [value.real, value.imag]}
        if isinstance(value, (list, tuple, dict)):
            return self._container(value, depth + 1)
        if kind is Tensor:
            return {"$": "tensor", "v": self._array(value.array), "grad": value.requires_grad}
        if isinstance(value, (np.ndarray, np.generic)):
            return self._array(value, scalar=isinstance(value, np.generic))
        return self._tensor(value) if kind.__module__.partition(".")[0] == "torch" else self._object(value)

    def _container(self, value: list | tuple | dict, depth: int) -> Any:
        # Counted rather than asked for its length, of which a subclass may say what it likes.
        items: list[Any] = list(islice(value.items() if isinstance(value, dict) else value, MAX_ITEMS + 1))
        if len(items) > MAX_ITEMS:
            return self._object(value)
        encode = self.encode
        if isinstance(value, dict):
            return {"$": "dict", "v": [[encode(k, depth), encode(v, depth)] for k, v in items]}
        encoded = [encode(item, depth) for item in items]
        return encoded if isinstance(value, list) else {"$": "tuple", "v": encoded}

    def _array(self, value: np.ndarray | np.generic, scalar: bool = False) -> dict[str, Any]:
        # A subclass may say what it likes of its shape and dtype; this is what it is.
        array = np.asarray(value)
        if array.dtype.kind not in KINDS or not _may_have(array.shape):
            return self._object(value)
        if array.dtype.str[0] == ">":
            array = array.astype(array.dtype.newbyteorder("<"))
        data = array.tobytes()
        at, size = self.offset, len(data)
        if at + size > MAX_MESSAGE // 2:
            return self._object(value)
        self.blobs.append(data)
        self.offset += size
        spec = {"$": "array", "d": array.dtype.str, "s": array.shape, "at": at, "n": size}
        return {**spec, "scalar": True} if scalar else spec

    def _tensor(self, value: Any) -> dict[str, Any]:
        """A PyTorch tensor or parameter crosses as the array of its numbers, with its gradient flag."""
        if not (hasattr(value, "detach") and hasattr(value, "requires_grad")):
            return self._object(value)
        array = value.detach().cpu().numpy()
        if array.dtype.kind not in KINDS or array.nbytes > MAX_MESSAGE // 2 - self.offset or not _may_have(array.shape):
            return self._object(value)
        return {"$": "tensor", "v": self._array(array), "grad": bool(value.requires_grad)}

    def _object(self, value: object) -> dict[str, Any]:
        if type(value) is Opaque:
            return {"$": "object", "type": value.type_name, "ref": value.ref}
        return {"$": "object", "type": name_of(type(value)), "ref": self.refer(value) if self.refer else None}


def _may_have(shape: tuple[int, ...]) -> bool:
    """Whether an array may have this shape: an empty one may not be long either."""
    # Most have no axis without entries.
    return len(shape) <= MAX_DIMENSIONS and (math.prod(shape) or math.prod(n or 1 for n in shape)) <= MAX_MESSAGE


@lru_cache(maxsize=64)
def _dtype(text: str) -> np.dtype[Any]:
    """The dtype that a text of the other side names."""
    dtype = np.dtype(text)
    if dtype.kind not in KINDS:
        raise WireError("not a plain numeric array")
    return dtype


class Tensor:
    """A PyTorch tensor on the grader's side: its numbers, and whether it hangs in a graph.

    Sent, it becomes a tensor of the same dtype over there.
    """

    def __init__(self, array: np.ndarray, requires_grad: bool = False) -> None:
        self.array, self.requires_grad = np.asarray(array), requires_grad


def pack(message: dict[str, Any], refer: Refer | None = None) -> bytes:
    """The bytes of one message: a dict whose values may hold arrays."""
    encoder = Encoder(refer)
    body = _json({key: encoder.encode(value) for key, value in message.items()}).encode()
    size = len(body) + encoder.offset
    if size > MAX_MESSAGE or len(body) > MAX_JSON:
        raise WireError("the message is too large")
    return b"".join([struct.pack("<II", size, len(body)), body, *encoder.blobs])


def unpack(data: bytes, json_size: int, resolve: Resolve | None = None) -> dict[str, Any]:
    """The dict that `pack` was given. `resolve(number)` gives the object behind a reference."""
    try:
        if json_size > min(len(data), MAX_JSON):
            raise WireError("the lengths do not fit")
        text = data[:json_size].decode()
        body, end = _next_json(text)
        if type(body) is not dict or end < len(text):
            raise WireError("a message is an object")
        return _Decoder(data, json_size, resolve).message(body)
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"malformed message ({type(error).__name__})") from None


def crossed(message: dict[str, Any], refer: Refer | None = None, resolve: Resolve | None = None) -> dict[str, Any]:
    """What `unpack` gives of what `pack` has made, where both sides are in this process: no JSON need be written."""
    encoder = Encoder(refer)
    body = {key: encoder.encode(value) for key, value in message.items()}
    return _Decoder(b"".join(encoder.blobs), 0, resolve).message(body)


class _Decoder:
    """Builds the values of one message. data: the bytes of its arrays are in there, from `begin` on."""

    def __init__(self, data: bytes, begin: int, resolve: Resolve | None) -> None:
        self.data, self.begin, self.resolve = data, begin, resolve
        self.items, self.left = 0, len(data) - begin

    def message(self, body: dict[str, Any]) -> dict[str, Any]:
        return {self.text(key): self.decode(value) for key, value in body.items()}

    def decode(self, value: Any, depth: int = 0) -> Any:
        self.items += 1
        if depth > 2 * MAX_DEPTH or self.items > 4 * MAX_ITEMS:
            raise WireError("too deep or too many items")
        kind = type(value)
        if kind is str:
            return self.text(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is int:
            if not -(2**63) <= value < 2**64:
                raise WireError("a whole number beyond 64 bits")
            return value
        if kind is list:
            return self._items(value, depth)
        tag = value.get("$")
        if tag == "array":
            return self._array(value)
        if tag == "dict":
            return self._dict(value, depth)
        if tag == "tuple":
            return tuple(self._items(self._list(value["v"]), depth))
        if tag == "complex":
            real, imag = value["v"]
            return complex(float(real), float(imag))
        if tag == "tensor":
            return self._tensor(self._array(value["v"]), value["grad"] is True)
        if tag == "object":
            return self._object(value)
        raise WireError("unknown tag")

    def text(self, value: object) -> str:
        if not isinstance(value, str) or not can_be_written(value):
            raise WireError("a text was expected")
        return value[:MAX_TEXT]

    def _list(self, value: object) -> list[Any]:
        if not isinstance(value, list):
            raise WireError("a list was expected")
        return value

    def _items(self, items: list[Any], depth: int) -> list[Any]:
        decode, depth = self.decode, depth + 1
        return [decode(item, depth) for item in items]

    def _dict(self, value: dict[str, Any], depth: int) -> dict[Any, Any]:
        result = {}
        for key, item in self._list(value["v"]):
            key = self.decode(key, depth + 1)
            if type(key) not in (str, int, float, bool, type(None)):
                key = f"<{type(key).__name__}>"
            result[key] = self.decode(item, depth + 1)
        return result

    def _array(self, spec: dict[str, Any]) -> Any:
        dtype, shape, at, size = _dtype(str(spec["d"])[:8]), spec["s"], spec["at"], spec["n"]
        for number in (*shape, at, size):
            if type(number) is not int or number < 0:
                raise WireError("not a plain numeric array")
        # Two arrays may not share their bytes: many times the same few would fill the grader's memory.
        self.left -= size
        if self.left < 0 or not _may_have(shape) or self.begin + at + size > len(self.data):
            raise WireError("the array's size does not fit")
        if math.prod(shape) * dtype.itemsize != size:
            raise WireError("the array's size does not fit")
        array = np.ndarray(shape, dtype, self.data, self.begin + at).copy() if size else np.zeros(shape, dtype)
        return array[()] if spec.get("scalar") is True and array.shape == () else array

    def _tensor(self, array: Any, requires_grad: bool) -> Any:
        """Only where objects can be resolved, which is where the student's code runs, a real tensor."""
        if self.resolve is None:
            return Tensor(array, requires_grad)
        import torch

        return torch.tensor(array, requires_grad=requires_grad)

    def _object(self, spec: dict[str, Any]) -> Any:
        name, ref = self.text(spec["type"])[:100], spec["ref"]
        if ref is not None and type(ref) is not int:
            raise WireError("a reference is a number")
        return self.resolve(ref) if self.resolve and ref is not None else Opaque(name, ref)


def send(channel: socket.socket, message: dict[str, Any], refer: Refer | None = None) -> None:
    """Write one message to a connected socket."""
    channel.sendall(pack(message, refer))


def receive(reader: BinaryIO, resolve: Resolve | None = None) -> dict[str, Any]:
    """Read one message from a buffered reader. Raises EOFError where it is at its end."""
    head = reader.read(8)
    if len(head) < 8:
        raise EOFError("the channel is closed")
    size, json_size = struct.unpack("<II", head)
    if size > MAX_MESSAGE:
        raise WireError("the message is too large")
    return unpack(reader.read(size), json_size, resolve)
