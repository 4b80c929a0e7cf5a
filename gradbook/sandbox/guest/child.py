"""What the process of a submission does: run the cells it is sent, then answer requests about what they defined."""

import contextlib
import os
import socket
from collections.abc import Sequence
from typing import Any

from . import wire
from .evaluator import Evaluator
from .exceptions import describe
from .shell import Recorder, Shell


def serve(channel: socket.socket, shell: Shell, figures: bool) -> None:
    """Answer on `channel` until it closes."""
    number = channel.fileno()
    # A process that the student forks must not answer in this one's place. Windows has none.
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lambda: _let_go(number))
    recorder, reader = Recorder(shell, figures), channel.makefile("rb")

    def ask_host(name: str, state: dict[str, Any] | None, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        wire.send(channel, {"ask": name, "state": state, "args": list(args), "kwargs": kwargs}, evaluator.refer)
        reply = wire.receive(reader, evaluator.resolve)
        if "raised" in reply:
            raise ValueError(reply["raised"])
        return reply["value"]

    evaluator = Evaluator(shell.user_ns, ask_host)
    while True:
        try:
            request = wire.receive(reader, evaluator.resolve)
        except EOFError:
            return
        try:
            if request["op"] == "run":
                reply = recorder.run(request["cell"], request["source"])
            else:
                reply = evaluator.answer(request)
            data = wire.pack(reply, evaluator.refer)
        except BaseException as error:
            data = wire.pack({"raised": describe(error)})
        channel.sendall(data)


def _let_go(number: int) -> None:
    with contextlib.suppress(OSError):
        os.close(number)
