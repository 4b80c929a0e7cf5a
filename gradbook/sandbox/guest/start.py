"""The first lines that run in a sandbox: find out whether it can be had here, say so, and then do the warm imports."""

import os
import socket
import sys
from collections.abc import Iterable
from typing import NoReturn

from . import packets
from .calls import UnknownMachine
from .levels import Level


def main(control: int, level: Level, modules: Iterable[str], course: str) -> NoReturn:
    """Go on as the process that forks the warm parents, or end with a line that says why not.

    control: number of the socket that leads to the grader. level, modules, course: see zygote.run.
    """
    try:
        level.require()
    except (OSError, UnknownMachine) as error:
        # What is said last is what the grader says of it.
        print(error, file=sys.stderr, flush=True)
        os._exit(1)
    grader = socket.socket(fileno=control)
    packets.send(grader, {"level": level.name})
    level.read()
    from .zygote import run

    run(grader, level, modules, course)
