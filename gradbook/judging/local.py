"""Code that runs in this process: reference solutions, known mistakes and right variants."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from types import CodeType
from typing import Any

from ..errors import GuestFault, StudentError
from ..sandbox.bounds import OutOfTime
from ..sandbox.guest import wire
from ..sandbox.guest.evaluator import Evaluator
from ..sandbox.transport import Answer, Transport

FILE = "<cell 0>"  # what this code is compiled as


def namespace(source: str) -> dict[str, Any]:
    """Run a module's source and give its names."""
    names = {"__name__": "notebook"}
    exec(_compiled(source), names)
    return names


def local(source: str) -> Local:
    """A module's source as what the checks speak with, in this process."""
    return Local(namespace(source), source=source)


@lru_cache(maxsize=1024)
def _compiled(source: str) -> CodeType:
    return _compile(source, FILE)


def _compile(source: str, file: str) -> CodeType:
    # Not with the `from __future__` of this module, under which annotations would mean something else.
    return compile(source, file, "exec", dont_inherit=True)


class Local(Transport):
    """The Transport to code in this process.

    Values are packed and unpacked as if they crossed, so that nothing is shared and nothing looks different.
    """

    def __init__(self, namespace: dict[str, Any], answer: Answer | None = None, source: str = "") -> None:
        self.source = source
        self.evaluator = Evaluator(namespace, self._ask, (OutOfTime, MemoryError))
        self.answer = answer

    def until_deadline(self) -> AbstractContextManager[None]:
        """What runs here is ours, and needs no deadline."""
        return contextlib.nullcontext()

    def aside(self) -> AbstractContextManager[None]:
        """There is no clock that would have to stop."""
        return contextlib.nullcontext()

    def sources(self) -> list[str]:
        """The source of what runs here, as that of one cell; none where it was not told."""
        return [self.source] if self.source else []

    def as_given(self, name: str, reference: str) -> bool:
        """Whether a function is still the one of the reference's source that was handed out as it is."""
        last = name.rpartition(".")[2]
        mine: Any = self.evaluator.namespace
        given: Any = {}
        exec(_compile(reference, "<given>"), given)
        for part in name.split("."):
            mine, given = (vars(at) if isinstance(at, type) else at for at in (mine, given))
            mine, given = mine.get(part), given.get(part)
        return last == getattr(mine, "__name__", None) and _same_code(mine.__code__, given.__code__)

    def restart(self) -> None:
        """Nothing to forget: what runs here is ours."""

    def request(self, seconds: float | None = None, **message: Any) -> Any:
        request = self._cross(message, None, self.evaluator.resolve)
        reply = self._cross(self.evaluator.answer(request), self.evaluator.refer, None)
        if "fault" in reply:
            raise GuestFault
        if "raised" in reply:
            raised = reply["raised"]
            raise StudentError(raised["type"], raised["message"], None, raised["line"])
        return reply["value"]

    def _ask(self, name: str, state: dict[str, Any] | None, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        question = {"ask": name, "state": state, "args": list(args), "kwargs": kwargs}
        if self.answer is None:
            raise wire.WireError("nothing was asked for")
        return self.answer(self._cross(question, self.evaluator.refer, None))

    @staticmethod
    def _cross(
        message: dict[str, Any], refer: Callable[[Any], int] | None, resolve: Callable[[int], Any] | None
    ) -> dict[str, Any]:
        data = wire.pack(message, refer)
        return wire.unpack(data[8:], int.from_bytes(data[4:8], "little"), resolve)


def _same_code(one: object, other: object) -> bool:
    """Whether two compiled functions do the same."""
    if isinstance(one, CodeType) and isinstance(other, CodeType):
        alike = (one.co_code, one.co_names, one.co_varnames) == (other.co_code, other.co_names, other.co_varnames)
        pairs = zip(one.co_consts, other.co_consts, strict=False)
        return alike and len(one.co_consts) == len(other.co_consts) and all(_same_code(a, b) for a, b in pairs)
    return type(one) is type(other) and one == other
