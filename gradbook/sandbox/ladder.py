"""Which sandbox is had: the first level that starts here, and never less than was asked for."""

from __future__ import annotations

import logging
import socket
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from ..errors import SandboxUnavailable
from .contents import Contents, Folder
from .enclosed import bubblewraps, start_enclosed
from .guest import packets
from .launch import Started, start_bare, start_tight
from .levels import BEST, NAMESPACES, NO_SANDBOX, NONE, TIGHT, WORDS
from .place import unfit

logger = logging.getLogger(__name__)

UNFIT = "No sandbox: {what} Nothing was graded. {cure}"

Start = Callable[[socket.socket, Contents], tuple[subprocess.Popen[bytes], Folder | None]]


class Rung(NamedTuple):
    """A way to start a sandbox. name: for who reads why it was not had."""

    name: str
    start: Start


class Ladder:
    """The ways that are tried, one after the other. asked: see `levels`.

    Once one has been had, a sandbox is started in that way and no other: it is not the machine that refuses it then.
    """

    def __init__(self, contents: Contents, asked: str = BEST) -> None:
        self.contents, self.asked = contents, asked
        self.rungs: list[Rung] | None = None
        self.refused: list[str] = []
        self.level: str | None = None

    def start(self) -> Started:
        """Start the next one, and do not wait for it. Raises SandboxUnavailable where there is none left."""
        if self.rungs is None:
            self.rungs = list(_rungs(self.asked))
        if not self.rungs:
            raise SandboxUnavailable(NO_SANDBOX.format(reason="; ".join(self.refused) or "no bubblewrap is installed"))
        ours, theirs = packets.pair()
        with theirs:
            process, folder = self.rungs[0].start(theirs, self.contents)
            return Started(process, ours, folder)

    def settle(self, started: Started) -> Started:
        """Wait until a sandbox says that it runs; this one, or where it does not, the first of the next that does.

        Raises SandboxUnavailable where there is none left.
        """
        while True:
            try:
                self.level = started.level()
                logger.info("a sandbox is started: %s", WORDS[self.level])
                return started
            except (EOFError, OSError):
                reason = started.last_words() or "no reason given"
                started.close()
                assert self.rungs
                self.refused.append(f"{self.rungs[0].name}: {reason}")
                logger.info("no sandbox of %s", self.refused[-1])
                if self.level is not None:
                    raise SandboxUnavailable(NO_SANDBOX.format(reason=self.refused[-1])) from None
                del self.rungs[0]
                started = self.start()


def _rungs(asked: str) -> Iterator[Rung]:
    if asked == NONE:
        yield Rung(NONE, start_bare)
        return
    kind = unfit()
    if kind:
        raise SandboxUnavailable(UNFIT.format(what=kind.what, cure=kind.cure))
    if asked in (BEST, NAMESPACES):
        for binary in bubblewraps():
            yield Rung(f"{NAMESPACES}, by {binary}", partial(start_enclosed, binary=binary))
    if asked in (BEST, TIGHT):
        yield Rung(TIGHT, start_tight)
