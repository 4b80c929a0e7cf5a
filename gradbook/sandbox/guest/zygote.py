"""The processes inside the sandbox that are warm: they have the heavy imports done, and never run a student's line.

The first one imports, and forks a warm parent for each worker. A warm parent forks one enclosed child for each
submission, and speaks with its worker over a socket.
"""

import contextlib
import gc
import os
import signal
import socket
import traceback
from collections.abc import Iterable
from typing import Any, NoReturn

from . import namespaces, packets
from .child import serve
from .levels import Level
from .shell import Shell
from .warm import warm_up
from .watch import Watch

MOST_FILES = 1 << 12  # more than a warm parent has open


def run(grader: socket.socket, level: Level, modules: Iterable[str], course: str) -> NoReturn:
    """Fork a warm parent for each socket that comes, until the grader closes the channel.

    level: how submissions are kept away from all else. modules: names to import before the first fork.
    course: the folder of the homework's helper files.
    """
    gc.disable()
    shell = warm_up(modules, course)
    level.ready()
    gc.freeze()
    gc.enable()
    while True:
        try:
            _, (worker,) = packets.receive(grader, 1)
        except (EOFError, ConnectionError):
            break
        if os.fork() == 0:
            grader.close()
            _warm_parent(worker, level, shell)
        worker.close()
    # What they used counts as this one's use.
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    os._exit(0)


def _warm_parent(worker: socket.socket, level: Level, shell: Shell) -> NoReturn:
    """Answer a worker until it closes the channel, and never return."""
    try:
        namespaces.die_with_parent()
        level.go_home()
        _WarmParent(worker, shell, level).answer()
    except (EOFError, ConnectionError):
        os._exit(0)
    except BaseException:
        # What is said last is what the grader says of it.
        traceback.print_exc()
        os._exit(1)


class _WarmParent:
    """Forks the children of one worker."""

    def __init__(self, worker: socket.socket, shell: Shell, level: Level) -> None:
        self.worker, self.shell, self.level = worker, shell, level
        self.watch = Watch(level.column, level.forks)

    def answer(self) -> NoReturn:
        packets.send(self.worker, {"level": self.level.name})
        while True:
            self.watch.until_readable(self.worker)
            request, channels = packets.receive(self.worker, 1)
            if request["op"] == "fork":
                (channel,) = channels
                packets.send(self.worker, {"pid": self._fork(channel, request)})
            elif request["op"] == "end":
                packets.send(self.worker, self._end(request["pid"]))
            elif request["op"] == "used":
                packets.send(self.worker, self.watch.used(request["pid"]))

    def _fork(self, channel: socket.socket, wanted: dict[str, Any]) -> int:
        """Start the child of a submission; its number. wanted: limits, figures, processor."""
        limits = wanted["limits"]
        pid = self.level.fork()
        if pid == 0:
            namespaces.keep_to(wanted["processor"])
            # What is mapped already, such as a package's libraries, is not the submission's.
            mapped = {"memory": limits["memory"] + self.watch.mapped}
            self._become_child(channel, {**limits, **mapped}, wanted["figures"])
        if self.level.watches:
            self.watch.begin(pid, limits)
        channel.close()
        return pid

    def _become_child(self, channel: socket.socket, limits: dict[str, Any], figures: bool) -> NoReturn:
        """In the forked child: let go of the parent's things, shut the doors, serve, and never return."""
        status = 1
        try:
            _keep_only(channel.fileno())
            # What it sends to its process group must not reach those who look after it.
            os.setsid()
            self.level.shut(limits)
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
        over = self.watch.end()
        cpu, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
        return {"cpu": cpu, "waited": waited, "memory": memory, "signal": killed, "over": over}


def _keep_only(descriptor: int) -> None:
    """Let go of all open files but the standard streams and this one."""
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, MOST_FILES)
