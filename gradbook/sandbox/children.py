"""Where the processes come from that run submissions."""

import socket
from typing import Protocol

from .guest.packets import Ended, Used
from .limits import Limits


class Children(Protocol):
    """Gives a process for each submission, and for each that goes on in a new one.

    limits: of a submission. level: of the sandbox that they are in, once that is known, see `levels`.
    """

    limits: Limits
    level: str | None

    def start(self, given: socket.socket | None = None) -> object:
        """Begin to do what takes its time, and do not wait for it. given: see `worker.Worker`."""

    def warm(self) -> None:
        """Be ready. Raises SandboxUnavailable."""

    def fork(self, processor: int | None = None) -> tuple[int, socket.socket]:
        """A new child: returns its number and the socket that leads to it. processor: the one that it is to keep to."""

    def end(self, pid: int) -> Ended:
        """Kill a child and all it started. Returns once the last of it is gone, with what it used."""

    def used(self, pid: int) -> Used:
        """What a child has used since its start, with all it started."""

    def close(self) -> None:
        """Let go of all that is kept for it."""
