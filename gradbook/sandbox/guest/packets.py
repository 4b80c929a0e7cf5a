"""How the grader speaks with processes of its own, which run no line of a student: JSON, and sockets with it at times.

What a student's process sends goes by `wire`, which trusts nothing.
"""

import json
import socket
from typing import Any, TypedDict

MOST = 1 << 16  # bytes of a message


class Used(TypedDict):
    """Seconds that a child has used so far: of processor time, and those that it waited for a processor."""

    cpu: float
    waited: float


class Ended(Used):
    """What a child had used at its end, in bytes its memory; the signal that ended it, or 0.

    over: the limit that the warm parent ended it for, or None.
    """

    memory: int
    signal: int
    over: str | None


def pair() -> tuple[socket.socket, socket.socket]:
    """Two connected sockets, between which messages stay whole."""
    return socket.socketpair(type=socket.SOCK_SEQPACKET)


def send(control: socket.socket, message: Any, *passed: socket.socket) -> None:
    """Send plain data, and sockets with it. Raises OSError where nobody is there any more."""
    socket.send_fds(control, [json.dumps(message).encode()], [each.fileno() for each in passed])


def receive(control: socket.socket, most: int = 0) -> tuple[Any, list[socket.socket]]:
    """A message, and the list of at most so many sockets that came with it. Raises EOFError where nobody is left."""
    data, numbers, *_ = socket.recv_fds(control, MOST, most)
    if not data:
        raise EOFError
    return json.loads(data), [socket.socket(fileno=number) for number in numbers]
