"""The processes inside the sandbox that are warm: they have the heavy imports done, and never run a student's line.

The first one imports, and forks a warm parent for each worker. A warm parent forks one enclosed child for each
submission, and speaks with its worker over a socket.
"""

import contextlib
import gc
import importlib
import os
import signal
import socket
import sys
import traceback
from collections.abc import Iterable
from typing import Any, NoReturn

from . import namespaces, packets, seccomp
from .child import serve
from .shell import Shell, make_shell
from .watch import Watch

HELPERS = "course_helpers"  # what every notebook of a course imports


def main(control: int, enclosed: bool, modules: Iterable[str], course: str) -> NoReturn:
    """Fork a warm parent for each socket that comes, until the grader closes the channel.

    control: number of the connected socket. enclosed: whether submissions get namespaces of their own.
    modules: names to import before the first fork. course: the folder of the homework's helper files.
    """
    if enclosed:
        seccomp.machine()  # which ends this where there is no filter
    grader = socket.socket(fileno=control)
    shell = _warm_up(modules, course)
    hidden = namespaces.to_hide(("/site", "/guest", "/python")) if enclosed else []
    while True:
        try:
            request, (worker,) = packets.receive(grader, 1)
        except (EOFError, ConnectionError):
            break
        if os.fork() == 0:
            grader.close()
            _warm_parent(worker, enclosed, shell, hidden, request["processor"])
        worker.close()
    # What they used counts as this one's use.
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    os._exit(0)


def _warm_up(modules: Iterable[str], course: str) -> Shell:
    """Import what submissions will, and what their helper files do; gives the shell that their cells will run in."""
    gc.disable()
    for name in modules:
        importlib.import_module(name)
    sys.path.insert(0, course)
    # Where they cannot be imported, the cell that asks for them shows why.
    with contextlib.suppress(BaseException):
        importlib.import_module(HELPERS)
    shell = make_shell()
    gc.freeze()
    gc.enable()
    return shell


def _warm_parent(
    worker: socket.socket, enclosed: bool, shell: Shell, hidden: list[str], processor: int | None
) -> NoReturn:
    """Answer a worker until it closes the channel, and never return."""
    try:
        namespaces.keep_to(processor)
        namespaces.die_with_parent()
        _WarmParent(worker, shell, _go_home(hidden) if enclosed else None).answer()
    except (EOFError, ConnectionError):
        os._exit(0)
    except BaseException:
        # What is said last is what the grader says of it.
        traceback.print_exc()
        os._exit(1)


def _go_home(hidden: list[str]) -> int:
    """Enter namespaces of our own; a descriptor of that of processes, by which to return after each fork."""
    namespaces.own_pid_namespace()
    home = os.open("/proc/self/ns/pid", os.O_RDONLY)
    namespaces.hide(hidden)
    return home


class _WarmParent:
    """Forks the children of one worker. home: this process's PID namespace, where it has one of its own."""

    def __init__(self, worker: socket.socket, shell: Shell, home: int | None) -> None:
        self.worker, self.shell, self.home = worker, shell, home
        self.watch = Watch(enclosed=home is not None)

    def answer(self) -> NoReturn:
        packets.send(self.worker, {"ready": True})
        while True:
            self.watch.until_readable(self.worker)
            request, channels = packets.receive(self.worker, 1)
            if request["op"] == "fork":
                (channel,) = channels
                packets.send(self.worker, {"pid": self._fork(channel, request["limits"], request["figures"])})
            elif request["op"] == "end":
                packets.send(self.worker, self._end(request["pid"]))
            elif request["op"] == "used":
                packets.send(self.worker, self.watch.used(request["pid"]))

    def _fork(self, channel: socket.socket, limits: dict[str, Any], figures: bool) -> int:
        """Start the child of a submission; its number."""
        if self.home is not None:
            namespaces.unshare(namespaces.CLONE_NEWPID)
        pid = os.fork()
        if pid == 0:
            # What is mapped already, such as a package's libraries, is not the submission's.
            self._become_child(channel, {**limits, "memory": limits["memory"] + self.watch.mapped}, figures)
        if self.home is not None:
            namespaces.setns(self.home, namespaces.CLONE_NEWPID)
            self.watch.child = (pid, limits["memory"])
        channel.close()
        return pid

    def _become_child(self, channel: socket.socket, limits: dict[str, Any], figures: bool) -> NoReturn:
        """In the forked child: let go of the parent's things, shut the doors, serve, and never return."""
        status = 1
        try:
            self.worker.close()
            # What it sends to its process group must not reach those who look after it.
            os.setsid()
            if self.home is not None:
                os.close(self.home)
                namespaces.enclose(limits)
                seccomp.install()
            else:
                namespaces.restrict(limits)
            serve(channel, self.shell, figures)
            status = 0
        finally:
            os._exit(status)

    def _end(self, pid: int) -> packets.Ended:
        """Kill a child with all it started and wait until the last of it is gone."""
        waited = self.watch.used(pid)["waited"]
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        over = self.watch.over
        self.watch.child, self.watch.over = None, None
        cpu, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
        return {"cpu": cpu, "waited": waited, "memory": memory, "signal": killed, "over": over}
