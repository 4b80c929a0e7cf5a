"""The life of one submission in the sandbox, seen from the grader's side."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, TypedDict

from ..errors import ChildLost, GuestFault, StudentError
from . import bounds
from .channel import Channel
from .children import Children
from .clock import Clock, RanOut, Spent
from .guest import packets, wire
from .processor import one_processor
from .transport import Answer


class Usage(TypedDict):
    """What a submission's children have used: seconds of processor time, and bytes of memory at most."""

    cpu: float
    memory: int


class Child(NamedTuple):
    """The process that runs the submission's code: its number, and the way to it."""

    pid: int
    channel: Channel


@dataclass
class Session:
    """The life of one submission in the sandbox: its cells are run, then its functions are called.

    A child that is lost (a limit, a crash) is replaced on the next request; cells that lost one are not
    run again, the others are. cut: what was ended by the grader's clocks, which are not the submission's own processor
    time; empty where nothing was.
    """

    worker: Children
    answer: Answer | None = None
    cells: list[tuple[int, str]] = field(default_factory=list)
    skipped: set[int] = field(default_factory=set)
    usage: Usage = field(default_factory=lambda: Usage(cpu=0.0, memory=0))
    child: Child | None = None
    cut: str = ""
    passed: float = 0.0
    waited: float = 0.0
    allowance: bounds.Allowance = field(init=False)
    processor: int | None = None
    entered: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.allowance = bounds.Allowance(self.worker.limits.notebook)

    def __enter__(self) -> Session:
        self.processor = self.entered.enter_context(one_processor())
        self.entered.callback(self.drop)
        return self

    def __exit__(self, *_: object) -> None:
        self.entered.close()

    @property
    def pid(self) -> int | None:
        """The number of the child, while there is one."""
        return self.child.pid if self.child else None

    def run(self, cell: int, source: str) -> tuple[list[Any], StudentError | ChildLost | None]:
        """Run one cell. Returns its outputs and, where it failed, a StudentError or ChildLost."""
        child = self._ensure()
        self.cells.append((cell, source))
        try:
            reply = self._run(child, cell, source)
        except ChildLost as lost:
            self.skipped.add(cell)
            return [], lost
        outputs, raised = reply.get("outputs"), reply.get("raised")
        # It may be anything, also an array that is neither true nor false.
        return outputs if type(outputs) is list else [], None if raised is None else _student_error(raised)

    def request(self, seconds: float | None = None, **message: Any) -> Any:
        """Ask the child; returns the value. Raises StudentError, or ChildLost where the child is gone.

        seconds: a shorter time than the limit of a call.
        """
        with self.allowance.pause():
            child = self._ensure()
            reply = self._exchange(child, message, min(seconds or math.inf, self.worker.limits.call))
        if "fault" in reply:
            self.drop()
            raise GuestFault
        if "value" not in reply:
            raise _student_error(reply.get("raised"))
        return reply["value"]

    @contextmanager
    def until_deadline(self) -> Iterator[None]:
        """A context in which the grader's own work on the submission ends with OutOfTime where it takes too long."""
        try:
            with self.allowance.spend():
                yield
        except bounds.OutOfTime:
            self.cut = self.cut or "what it returned took too long to look at"
            raise

    def aside(self) -> AbstractContextManager[None]:
        """A context for what the grader works out that is no matter of this submission: on nobody's clock."""
        return self.allowance.pause()

    def sources(self) -> list[str]:
        """The sources of the cells that were run, in their order."""
        return [source for _, source in self.cells]

    def restart(self) -> None:
        """Go on in a new child that has run the cells and seen nothing else."""
        self.drop()

    def drop(self) -> packets.Ended | None:
        """End the child, if there is one; what it used."""
        if self.child is None:
            return None
        with self.allowance.pause():
            child, self.child = self.child, None
            child.channel.close()
            used = self.worker.end(child.pid)
        self.waited += used["waited"]
        self.usage["cpu"] += used["cpu"]
        self.usage["memory"] = max(self.usage["memory"], used["memory"])
        return used

    def _ensure(self) -> Child:
        """The child; where there is none, a new one, in which the cells were run."""
        if self.child is not None:
            return self.child
        if bounds.run_out(self.worker.limits.notebook, *self._spent()):
            raise ChildLost(f"ran over {self.worker.limits.notebook:g} s in all")
        pid, connected = self.worker.fork(self.processor)
        self.child = child = Child(pid, Channel(connected))
        for cell, source in self.cells:
            if cell not in self.skipped:
                self._run(child, cell, source)
        return child

    def _spent(self) -> Spent:
        """What the children that are gone have used, and all time that passed."""
        return Spent(self.usage["cpu"], self.passed, self.waited)

    def _run(self, child: Child, cell: int, source: str) -> dict[str, Any]:
        return self._exchange(child, {"op": "run", "cell": cell, "source": source}, self.worker.limits.cell)

    def _exchange(self, child: Child, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send a message and wait for its reply, answering the child's questions in between."""
        clock = Clock(seconds, self.worker.limits.notebook, self._spent(), partial(self.worker.used, child.pid))
        try:
            child.channel.send(message, clock.look)
            while True:
                reply = child.channel.receive(clock.look)
                if "ask" not in reply:
                    return reply
                with clock.pause():
                    answer = self._answer(reply)
                child.channel.send(answer, clock.look)
        except RanOut as end:
            if end.clock == bounds.OURS:
                self.cut = f"it ran over {end.limit}"
            self.drop()
            raise ChildLost(f"ran over {end.limit}") from None
        except (EOFError, ConnectionError):
            raise ChildLost(_why_gone(self.drop())) from None
        except (wire.WireError, KeyError, TypeError):
            self.drop()
            raise ChildLost("sent something that is no answer") from None
        finally:
            self.passed += clock.passed()

    def _answer(self, question: dict[str, Any]) -> dict[str, Any]:
        if self.answer is None:
            raise wire.WireError("nothing was asked for")
        try:
            with self.allowance.go_on():
                return {"value": self.answer(question)}
        except (wire.WireError, ChildLost):
            raise
        except Exception as error:
            return {"raised": type(error).__name__}


def _student_error(raised: object) -> StudentError:
    """The error that a reply tells of. Raises ChildLost where it is none."""
    if not isinstance(raised, dict):
        raise ChildLost("sent something that is no answer")
    cell, line = raised.get("cell"), raised.get("line")
    return StudentError(
        str(raised.get("type"))[:60],
        str(raised.get("message"))[:1000],
        int(cell) if type(cell) is str and cell.isdecimal() and len(cell) < 6 else None,
        line if type(line) is int and 0 < line < 10**6 else None,
    )


def _why_gone(used: packets.Ended | None) -> str:
    """Why a child ended by itself, told from what it used."""
    over, signal = (used["over"], used["signal"]) if used else (None, 0)
    if over:
        return {"memory": "used too much memory", "processes": "started too many threads"}[over]
    return {24: "used too much processor time", 11: "crashed the interpreter"}.get(signal, "ended its own process")
