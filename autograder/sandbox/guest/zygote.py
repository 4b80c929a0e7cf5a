"""The warm parent: has the heavy imports done, and forks one enclosed child for each submission.

It speaks with the grader over file descriptor `control` and never runs a line of a student's code.
"""

import array
import contextlib
import gc
import importlib
import os
import signal
import socket

from . import namespaces, seccomp, wire
from .child import serve
from .shell import make_shell


def main(control, enclosed, modules):
    """Answer the grader until it closes the channel.

    control: number of the connected socket. enclosed: whether children get namespaces of their own.
    modules: names to import before the first fork.
    """
    home = None
    if enclosed:
        namespaces.own_pid_namespace()
        home = os.open("/proc/self/ns/pid", os.O_RDONLY)
    control = socket.socket(fileno=control)
    for name in modules:
        importlib.import_module(name)
    shell = make_shell()
    gc.collect()
    gc.freeze()
    wire.send(control, {"ready": True})
    while True:
        request, channel = _receive(control)
        if request is None:
            return
        if request["op"] == "fork":
            if enclosed:
                namespaces.unshare(namespaces.CLONE_NEWPID)
            pid = os.fork()
            if pid == 0:
                _become_child(control, home, channel, shell, request)
            channel.close()
            if enclosed:
                namespaces.setns(home, namespaces.CLONE_NEWPID)
            wire.send(control, {"pid": pid})
        elif request["op"] == "end":
            wire.send(control, _end(request["pid"]))


def _receive(control):
    """One request and the socket that may come with it."""
    try:
        first, ancillary, *_ = control.recvmsg(1, socket.CMSG_SPACE(4))
        if not first:
            return None, None
        size = int.from_bytes(first + wire._exactly(control, 3), "little")
        json_size = int.from_bytes(wire._exactly(control, 4), "little")
        request = wire.unpack(wire._exactly(control, size), json_size)
    except (EOFError, ConnectionError):
        return None, None
    fds = array.array("i")
    for _, _, data in ancillary:
        fds.frombytes(data[:4])
    return request, socket.socket(fileno=fds[0]) if fds else None


def _become_child(control, home, channel, shell, request):
    """In the forked child: let go of the parent's things, shut the doors, serve, and never return."""
    code = 1
    try:
        control.close()
        if home is not None:
            os.close(home)
            namespaces.enclose(request["limits"])
            seccomp.install()
        else:
            os.setsid()
            namespaces.restrict(request["limits"])
        serve(channel, shell, request["figures"])
        code = 0
    finally:
        os._exit(code)


def _end(pid):
    """Kill a child with all it started and wait until the last of it is gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return {"signal": killed, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss * 1024}
