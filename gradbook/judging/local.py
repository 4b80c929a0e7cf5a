"""Code that runs in this process: reference solutions, known mistakes and right variants."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from types import FrameType
from typing import Any

from ..errors import GuestFault, StudentError
from ..homework.declare import Homework
from ..homework.source import CELL, compiled
from ..sandbox.bounds import OutOfTime
from ..sandbox.guest import wire
from ..sandbox.guest.evaluator import Evaluator
from ..sandbox.transport import Answer, Transport

Tracer = Callable[[FrameType, str, Any], Any]


def namespace(source: str) -> dict[str, Any]:
    """Run a module, and give its names."""
    names = {"__name__": "notebook"}
    exec(compiled(source), names)
    return names


def local(source: str, lines: int | None = None) -> Local:
    """A module's source as what the checks speak with, in this process. lines: see `Local`."""
    return Local(namespace(source), source=source, lines=lines)


def right(homework: Homework) -> Local:
    """The reference of a homework, likewise."""
    return local(homework.reference)


class Local(Transport):
    """The Transport to code in this process.

    Values are packed and unpacked as if they crossed, so that nothing is shared and nothing looks different.
    lines: after so many that it runs of the module, everything raises; None where it is known to come to an end.
    """

    def __init__(
        self, namespace: dict[str, Any], answer: Answer | None = None, source: str = "", lines: int | None = None
    ) -> None:
        self.source, self.bound = source, contextlib.nullcontext() if lines is None else _Bound(lines)
        self.evaluator = Evaluator(namespace, self._ask, (OutOfTime, MemoryError, KeyboardInterrupt))
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

    def restart(self) -> None:
        """Nothing to forget: what runs here is ours."""

    def request(self, seconds: float | None = None, **message: Any) -> Any:
        request = self._cross(message, None, self.evaluator.resolve)
        with self.bound:
            answer = self.evaluator.answer(request)
        reply = self._cross(answer, self.evaluator.refer, None)
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
        return wire.crossed(message, refer, resolve)


class _Bound:
    """Counts the lines that run of a homework's module, and raises where there are too many."""

    def __init__(self, left: int) -> None:
        self.left, self.before = left, sys.gettrace()

    def __enter__(self) -> None:
        # Anew each time: a trace function that has raised is not called again.
        self.before = sys.gettrace()
        sys.settrace(self._enter)

    def __exit__(self, *_: object) -> None:
        sys.settrace(self.before)

    def _enter(self, frame: FrameType, event: str, _: object) -> Tracer | None:
        return self._count if frame.f_code.co_filename == CELL else None

    def _count(self, frame: FrameType, event: str, _: object) -> Tracer:
        self.left -= 1
        if self.left < 0:
            raise TimeoutError
        return self._count
