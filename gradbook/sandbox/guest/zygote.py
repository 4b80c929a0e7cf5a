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

from . import namespaces, packets, seccomp
from .child import serve
from .shell import make_shell
from .watch import Watch

HELPERS = "course_helpers"  # what every notebook of a course imports


def main(control, enclosed, modules, course):
    """Fork a warm parent for each socket that comes, until the grader closes the channel.

    control: number of the connected socket. enclosed: whether submissions get namespaces of their own.
    modules: names to import before the first fork. course: the folder of the homework's helper files.
    """
    if enclosed:
        seccomp.machine()  # which ends this where there is no filter
    gc.disable()
    control = socket.socket(fileno=control)
    for name in modules:
        importlib.import_module(name)
    sys.path.insert(0, course)
    # Where they cannot be imported, the cell that asks for them shows why.
    with contextlib.suppress(BaseException):
        importlib.import_module(HELPERS)
    shell = make_shell()
    gc.freeze()
    gc.enable()
    hidden = namespaces.to_hide(("/site", "/guest", "/python")) if enclosed else ()
    while True:
        try:
            request, (channel,) = packets.receive(control, 1)
        except (EOFError, ConnectionError):
            break
        if os.fork() == 0:
            control.close()
            _warm_parent(channel, enclosed, shell, hidden, request["processor"])
        channel.close()
    # What they used counts as this one's use.
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    os._exit(0)


def _warm_parent(*given):
    """Answer a worker until it closes the channel, and never return."""
    try:
        _answer(*given)
    except (EOFError, ConnectionError):
        os._exit(0)
    except BaseException:
        # What is said last is what the grader says of it.
        traceback.print_exc()
        os._exit(1)


def _answer(control, enclosed, shell, hidden, processor):
    home = None
    namespaces.keep_to(processor)
    namespaces.die_with_parent()
    if enclosed:
        namespaces.own_pid_namespace()
        home = os.open("/proc/self/ns/pid", os.O_RDONLY)
        namespaces.hide(hidden)
    packets.send(control, {"ready": True})
    watch = Watch(enclosed)
    while True:
        watch.until_readable(control)
        request, channels = packets.receive(control, 1)
        if request["op"] == "fork":
            (channel,) = channels
            pid = _fork(control, home, channel, shell, request, watch.mapped)
            channel.close()
            watch.child = (pid, request["limits"]["memory"]) if enclosed else None
            packets.send(control, {"pid": pid})
        elif request["op"] == "end":
            waited = watch.used(request["pid"])["waited"]
            packets.send(control, {**_end(request["pid"]), "over": watch.over, "waited": waited})
            watch.child, watch.over = None, None
        elif request["op"] == "used":
            packets.send(control, watch.used(request["pid"]))


def _fork(control, home, channel, shell, request, mapped):
    """Start the child of a submission; its number. home: this process's PID namespace, where it has one.

    mapped: bytes that are mapped already, such as a package's libraries, which are not the submission's.
    """
    if home is not None:
        namespaces.unshare(namespaces.CLONE_NEWPID)
    pid = os.fork()
    if pid == 0:
        request["limits"]["memory"] += mapped
        _become_child(control, home, channel, shell, request)
    if home is not None:
        namespaces.setns(home, namespaces.CLONE_NEWPID)
    return pid


def _become_child(control, home, channel, shell, request):
    """In the forked child: let go of the parent's things, shut the doors, serve, and never return."""
    code = 1
    try:
        control.close()
        # What it sends to its process group must not reach those who look after it.
        os.setsid()
        if home is not None:
            os.close(home)
            namespaces.enclose(request["limits"])
            seccomp.install()
        else:
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
