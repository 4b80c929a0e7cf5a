"""Messages to and from a submission's process, which may send anything, slowly, or nothing."""

import contextlib
import socket
import struct
from collections.abc import Callable
from typing import Any

from .guest import wire

# Called while a message is under way; it raises where that takes too long.
Look = Callable[[], None]
NOT_YET = BlockingIOError, TimeoutError  # by which kind of clock a socket has


class Channel:
    """A socket that leads to a child, and what came over it and was not asked for yet."""

    def __init__(self, connected: socket.socket) -> None:
        self.connected, self.buffer = connected, bytearray()

    def close(self) -> None:
        self.connected.close()

    def send(self, message: dict[str, Any], look: Look) -> None:
        data = memoryview(wire.pack(message, lambda remote: getattr(remote, "ref", None)))
        while data:
            with contextlib.suppress(*NOT_YET):
                data = data[self.connected.send(data) :]
            look()

    def receive(self, look: Look) -> dict[str, Any]:
        """The next message. Raises EOFError where nobody is there any more, WireError where it is none."""
        size, json_size = struct.unpack("<II", self._read(8, look))
        if size > wire.MAX_MESSAGE:
            raise wire.WireError("the message is too large")
        return wire.unpack(self._read(size, look), json_size)

    def _read(self, size: int, look: Look) -> bytes:
        while len(self.buffer) < size:
            try:
                chunk = self.connected.recv(1 << 16 if size < 1 << 16 else 1 << 20)
            except NOT_YET:
                look()
                continue
            if not chunk:
                raise EOFError
            self.buffer += chunk
            look()
        data = bytes(self.buffer[:size])
        del self.buffer[:size]
        return data
