"""What a check calls: the functions and classes of a notebook, wherever they run.

`Code` looks the same whether the notebook runs in the sandbox (`Session`) or is a reference or a known
mistake in this process (`Local`): values go in, plain values come out.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from ..errors import StudentError
from ..sandbox.guest import wire
from ..sandbox.transport import Transport


@lru_cache(maxsize=256)
def _compiled(source: str) -> np.ndarray:
    """A few lines of Python, compiled, as bytes that can cross: where they run is the same Python."""
    return np.frombuffer(marshal.dumps(compile(source, "<string>", "exec")), np.uint8)


class Code:
    """A notebook's names. `code.forward(x)` calls; `code.Net(3)` gives a `Remote` to call further.

    passed: tells of a function's dotted name whether the submission has earned all its points so far.
    """

    def __init__(self, transport: Transport, passed: Callable[[str], bool] = lambda name: True) -> None:
        self._transport, self._passed = transport, passed

    def __getattr__(self, name: str) -> Attribute:
        if name.startswith("__"):
            raise AttributeError(name)
        return Attribute(self._transport, None, (name,))

    def has(self, name: str) -> bool:
        """Whether the dotted name is defined and callable."""
        return self._transport.request(op="has", target=None, path=name.split(".")) is True

    def passed(self, name: str) -> bool:
        """Whether the submission's own function has earned all its points in the checks so far."""
        return self._passed(name)

    def keep(self, value: Any) -> Any:
        """Leave a value with the code, and get a `Remote` for it: shows later whether it was changed."""
        return self._remote(self._transport.request(op="keep", value=value))

    def define(self, source: str, name: str) -> Any:
        """Run a few lines on the code's side, seeing the notebook's names, and get what they call `name`."""
        return self._remote(self._transport.request(op="define", code=_compiled(source), name=name))

    def seed(self, seed: int) -> None:
        """Seed NumPy's legacy global generator on the code's side."""
        self._transport.request(op="seed", seed=seed)

    def warned(self) -> Any:
        """How many RuntimeWarnings were given since the last time this was asked."""
        return self._transport.request(op="warned")

    def raises(self, call: Callable[[], object]) -> bool:
        """Whether calling the function without arguments makes the code raise (NotImplementedError apart)."""
        try:
            call()
        except StudentError as error:
            if error.type_name == "NotImplementedError":
                raise
            return True
        return False

    def _remote(self, value: Any) -> Any:
        return _value(self._transport, value)


class Attribute:
    """A name, or an attribute of something, that has not been asked for yet; calling it is one exchange."""

    def __init__(self, transport: Transport, target: wire.Opaque | None, path: tuple[str, ...]) -> None:
        self._transport, self._target, self._path = transport, target, path

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("call", args=[_plain(a) for a in args], kwargs={k: _plain(v) for k, v in kwargs.items()})

    def get(self) -> Any:
        """The value, or a `Remote` where it cannot cross."""
        return self._ask("get")

    def keep(self) -> Any:
        """The value left on its own side, as a `Remote`, even where it could cross."""
        return self._ask("keep_path")

    def set(self, value: Any) -> None:
        """Assign to the name or attribute."""
        self._ask("set", value=_plain(value))

    def fill(self, values: Mapping[Any, Any]) -> None:
        """Write values into the arrays of this dict or list, in place. values: key -> what to write there."""
        self._ask("fill", values=dict(values))

    def __getattr__(self, name: str) -> Attribute:
        if name.startswith("__"):
            raise AttributeError(name)
        return Attribute(self._transport, self._target, (*self._path, name))

    def _ask(self, op: str, **more: Any) -> Any:
        reply = self._transport.request(op=op, target=self._target, path=list(self._path), **more)
        return _value(self._transport, reply)


class Remote:
    """An object that stays with the code: call its methods, `get()` its attributes."""

    def __init__(self, transport: Transport, opaque: wire.Opaque) -> None:
        self._transport, self.ref, self.type_name = transport, wire.Opaque("remote", opaque.ref), opaque.type_name

    def __getattr__(self, name: str) -> Attribute:
        if name.startswith("__"):
            raise AttributeError(name)
        return Attribute(self._transport, self.ref, (name,))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return Attribute(self._transport, self.ref, ())(*args, **kwargs)

    def value(self) -> Any:
        """What it is now, where it can cross."""
        return self._transport.request(op="unwrap", target=self.ref)

    def take(self, limit: int) -> Any:
        """The first items of an iterable, at most `limit`."""
        return self._transport.request(op="iterate", target=self.ref, limit=limit)


def _value(transport: Transport, value: Any) -> Any:
    return Remote(transport, value) if type(value) is wire.Opaque and value.ref is not None else value


def _plain(value: Any) -> Any:
    return value.ref if type(value) is Remote else value
