"""The first lines that run in a sandbox: find out whether it can be had here, say so, and then do the warm imports."""

import os
import socket
import sys
from collections.abc import Sequence
from typing import NoReturn, NotRequired, TypedDict

from . import packets
from .calls import UnknownMachine
from .levels import Bare, Level, Nested
from .tight import Tight


class Plan(TypedDict):
    """What the grader wants. guest: the folder that this package is in. control: number of the socket that leads to it.

    level: by its name. path: more folders to import from. course: that of the homework's helper files. modules: what
    is imported first. packages, standard: for the second level, see `tight.Tight`.
    """

    guest: str
    control: int
    level: str
    path: list[str]
    course: str
    modules: Sequence[str]
    packages: NotRequired[dict[str, str]]
    standard: NotRequired[str]


def main(plan: Plan) -> NoReturn:
    """Go on as the process that forks the warm parents, or end with a line that says why not."""
    sys.path.remove(plan["guest"])
    sys.path[:] = plan["path"] + [folder for folder in sys.path if folder]
    level = _level(plan)
    try:
        level.require()
    except (OSError, UnknownMachine) as error:
        # What is said last is what the grader says of it.
        print(error, file=sys.stderr, flush=True)
        os._exit(1)
    grader = socket.socket(fileno=plan["control"])
    packets.send(grader, {"level": level.name})
    level.read()
    from .zygote import run

    run(grader, level, plan["modules"], plan["course"])


def _level(plan: Plan) -> Level:
    if plan["level"] == Tight.name:
        return Tight(plan["packages"], plan["standard"], plan["course"])
    return (Nested if plan["level"] == Nested.name else Bare)(plan["course"])
