"""A submission in a process of its own that is in no sandbox: for the machine of whoever wrote it.

It asks for nothing that only one kind of system has; limits are those that there are.
"""

import gc
import json
import mmap
import os
import socket
import sys
import threading
from collections.abc import Collection, Mapping, Sequence
from importlib.machinery import BuiltinImporter, FrozenImporter, ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, NoReturn, TypedDict

from . import beside
from .child import serve
from .quiet import be_quiet
from .warm import warm_up

HERE = "127.0.0.1"  # where both are


class Plan(TypedDict):
    """What the grader wants. guest: the folder that this package is in. port: where it listens. secret: to say there.

    course: the folder of the homework's helper files. home: the one to run in. modules: what is imported first.
    names: what can be imported besides the standard library. limits: as namespaces.enclose has them. figures: whether
    cells draw.
    """

    guest: str
    port: int
    secret: str
    course: str
    home: str
    modules: Sequence[str]
    names: Sequence[str]
    limits: Mapping[str, int]
    figures: bool


def main() -> NoReturn:
    """Take the plan from standard input, do the warm imports, connect, serve, and never return."""
    plan: Plan = json.loads(sys.stdin.buffer.readline())
    _end_with_the_grader(os.dup(0))
    sys.path[:] = [folder for folder in sys.path if folder not in ("", plan["guest"])]
    shell = warm_up(plan["modules"], plan["course"])
    data = beside.read(plan["course"])
    sys.meta_path[:] = [BuiltinImporter, FrozenImporter, Importable({*plan["names"], *sys.stdlib_module_names})]
    channel = socket.create_connection((HERE, plan["port"]))
    channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    channel.sendall(plan["secret"].encode())
    # What was made so far is not looked through with what the submission makes, and is not found there.
    gc.freeze()
    status = 1
    try:
        os.chdir(plan["home"])
        beside.put(data)
        be_quiet()
        _restrict(plan["limits"])
        serve(channel, shell, plan["figures"])
        status = 0
    finally:
        os._exit(status)


def _end_with_the_grader(given: int) -> None:
    """End where nobody holds the other end of the standard input any more, whatever runs here then."""

    def wait() -> None:
        os.read(given, 1)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


class Importable:
    """Finds the modules that are there where the homework is graded, and no others of this machine."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = names

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is None and name.partition(".")[0] not in self.names:
            return None
        return PathFinder.find_spec(name, path, target)

    def find_distributions(self, *asked: Any) -> Any:
        return PathFinder.find_distributions(*asked)


def _restrict(limits: Mapping[str, int]) -> None:
    """Those limits for a process that the system knows."""
    try:
        import resource
    except ImportError:
        return
    mapped = _mapped()
    wanted = {
        # What is mapped already is not the submission's. Where that is not told, the grader looks after it.
        "RLIMIT_AS": limits["memory"] + mapped if mapped else None,
        "RLIMIT_FSIZE": limits["file"],
        "RLIMIT_NOFILE": limits["files"],
        "RLIMIT_CPU": limits["cpu"],
        "RLIMIT_CORE": 0,
    }
    for name, value in wanted.items():
        kind = getattr(resource, name, None)
        if kind is not None and value is not None:
            _, hard = resource.getrlimit(kind)
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))


def _mapped() -> int:
    """How many bytes this process has mapped; 0 where the system does not say."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * mmap.PAGESIZE
    except OSError:
        return 0
