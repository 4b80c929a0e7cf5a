"""How a submission is kept away from everything else: by namespaces, without any (see tight), or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Protocol

from . import beside, calls, namespaces, seccomp
from .quiet import be_quiet

HOME = "/tmp/home"
# Limits for a trial.
SOME = {"memory": 1 << 40, "tmp": 1 << 20, "file": 1 << 20, "inodes": 64, "files": 64, "processes": 64, "cpu": 60}


def attempt(action: Callable[[], None]) -> None:
    """Do something in a process of its own, which ends with it. Raises OSError where it fails, with what it says then.

    It may become another program, too, whose standard error that is.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.dup2(writer, 2)
            action()
            status = 0
        except BaseException as error:
            os.write(2, str(error).encode("utf-8", "replace"))
        finally:
            os._exit(status)
    os.close(writer)
    with open(reader, errors="replace") as file:
        reason = file.read()
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0:
        raise OSError(reason or "it was ended")


def _enter_home(data: Mapping[str, bytes]) -> None:
    """Go where a submission begins. data: name -> content of what it finds there."""
    os.makedirs(HOME, exist_ok=True)
    os.chdir(HOME)
    beside.put(data)


class Level(Protocol):
    """What the warm processes do at each step. name: as results tell it.

    column: which of its numbers (NSpid of /proc) a warm parent knows a process by. watches: whether it looks after
    submissions. forks: whether one can have more than one process.
    """

    name: str
    column: int
    watches: bool
    forks: bool

    def require(self) -> None:
        """Raises OSError or UnknownMachine where this machine refuses it."""

    def read(self) -> None:
        """Before the warm imports."""

    def ready(self) -> None:
        """After them: what all submissions have in common."""

    def go_home(self) -> None:
        """In a warm parent, before its first fork."""

    def fork(self) -> int:
        """As os.fork: the process of a submission."""

    def shut(self, limits: Mapping[str, int]) -> None:
        """In the process of a submission: leave it what it may use, and its channel.

        limits: as namespaces.enclose has them.
        """


class Bare:
    """The submission has the rights of who grades. course: the folder of the homework's helper files."""

    name, column, watches, forks = "none", 0, False, True

    def __init__(self, course: str) -> None:
        self.course = course
        self.data: Mapping[str, bytes] = {}

    def require(self) -> None:
        pass

    def read(self) -> None:
        pass

    def ready(self) -> None:
        self.data = beside.read(self.course)

    def go_home(self) -> None:
        pass

    def fork(self) -> int:
        return os.fork()

    def shut(self, limits: Mapping[str, int]) -> None:
        namespaces.be_first_to_go()
        namespaces.restrict(limits)
        be_quiet()
        _enter_home(self.data)


class Nested:
    """In bubblewrap, each submission in namespaces of its own. course: the folder of the homework's helper files."""

    name, column, watches, forks = "namespaces", 1, True, True

    def __init__(self, course: str) -> None:
        self.course = course
        self.data: Mapping[str, bytes] = {}
        self.hidden: list[str] = []
        self.home = -1  # a descriptor of the warm parent's PID namespace, by which to return after each fork

    def require(self) -> None:
        calls.machine()
        attempt(self._enclose_once)

    def _enclose_once(self) -> None:
        namespaces.own_pid_namespace()
        namespaces.enclose(SOME)

    def read(self) -> None:
        pass

    def ready(self) -> None:
        self.hidden = namespaces.to_hide(("/site", "/guest", "/python"))
        self.data = beside.read(self.course)

    def go_home(self) -> None:
        namespaces.own_pid_namespace()
        self.home = os.open("/proc/self/ns/pid", os.O_RDONLY)
        namespaces.hide(self.hidden)

    def fork(self) -> int:
        namespaces.unshare(namespaces.CLONE_NEWPID)
        pid = os.fork()
        if pid:
            namespaces.setns(self.home, namespaces.CLONE_NEWPID)
        return pid

    def shut(self, limits: Mapping[str, int]) -> None:
        namespaces.be_first_to_go()
        namespaces.enclose(limits)
        seccomp.install()
        be_quiet()
        _enter_home(self.data)
