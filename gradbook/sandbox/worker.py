"""A worker: a warm parent in a sandbox, which forks a child for each submission."""

from __future__ import annotations

import logging
import socket
import struct
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..errors import SandboxDied, SandboxUnavailable
from .guest import packets
from .levels import NO_SANDBOX
from .limits import Limits

if TYPE_CHECKING:
    from .shared import Sandbox

logger = logging.getLogger(__name__)

# How often a wait for a child looks at the clock: a tenth of a second, as the kernel wants it. To wait in the
# call that reads, rather than by a call of its own, halves the calls of the system for each message.
LOOK_UP = struct.pack("ll", 0, 100_000)


class Worker:
    """A warm parent that forks a child for each submission. Use as a context manager.

    sandbox: the one to have it in. figures: whether cells draw.
    """

    def __init__(self, sandbox: Sandbox, limits: Limits | None = None, figures: bool = False) -> None:
        self.sandbox, self.limits, self.figures = sandbox, limits or Limits(), figures
        self.given: socket.socket | None = None
        self.control: socket.socket | None = None
        self.ready, self.started = False, 0.0
        self.level: str | None = None  # of the sandbox, once it is ready

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, given: socket.socket | None = None) -> socket.socket:
        """Start the warm parent, where it is not running, and let it import by itself. Raises SandboxUnavailable.

        given: a socket that leads to a warm parent in a sandbox that is there already.
        Returns the socket that leads to the one there is.
        """
        if self.control is None:
            self.given = given
            self.control = given or self.sandbox.connect()
            self.control.settimeout(60)
            self.ready, self.started = False, time.monotonic()
        return self.control

    def warm(self) -> None:
        """Have a warm parent that is ready. Raises SandboxUnavailable."""
        control = self.start()
        if self.ready:
            return
        try:
            said, _ = packets.receive(control)
            self.level = said["level"]
        except (EOFError, OSError):
            given, died = self.given, self._died()
            if not given:
                raise SandboxUnavailable(NO_SANDBOX.format(reason=died)) from None
            self.warm()
        if not self.ready:
            logger.info("the sandbox is ready, %.2f s after its start", time.monotonic() - self.started)
        self.ready = True

    def fork(self, processor: int | None = None) -> tuple[int, socket.socket]:
        """A new child: returns its number and the socket that leads to it. processor: the one that it is to keep to."""
        self.warm()
        ours, theirs = socket.socketpair()
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            ours.setsockopt(socket.SOL_SOCKET, option, LOOK_UP)
        try:
            wanted = {"limits": asdict(self.limits), "figures": self.figures, "processor": processor}
            return self._ask({"op": "fork", **wanted}, theirs)["pid"], ours
        except SandboxDied:
            ours.close()
            raise
        finally:
            theirs.close()

    def end(self, pid: int) -> packets.Ended:
        """Kill a child and all it started. Returns once the last of it is gone, with what it used."""
        return self._ask({"op": "end", "pid": pid})

    def used(self, pid: int) -> packets.Used:
        """What a child has used since its start, with all it started."""
        return self._ask({"op": "used", "pid": pid})

    def _ask(self, message: dict[str, Any], *passed: socket.socket) -> Any:
        if self.control is None:
            raise SandboxDied("the sandbox ended")
        try:
            packets.send(self.control, message, *passed)
            return packets.receive(self.control)[0]
        except (EOFError, OSError):
            raise self._died() from None

    def _died(self) -> SandboxDied:
        """Clean up after a warm parent that ended; what its sandbox last said goes into the error."""
        words = self.sandbox.last_words()
        logger.info("the sandbox ended")
        self.close()
        return SandboxDied(f"the sandbox ended ({words})")

    def close(self) -> None:
        """Let go of the warm parent, which ends by that."""
        if self.control is not None:
            self.control.close()
        self.control, self.given = None, None
