"""The warm parent: has the heavy imports done, and forks one enclosed child for each submission.

It speaks with the grader over file descriptor `control` and never runs a line of a student's code.
"""

import array
import contextlib
import gc
import importlib
import os
import resource
import select
import signal
import socket
import sys

from . import namespaces, seccomp, wire
from .child import serve
from .shell import make_shell

HELPERS = "course_helpers"  # what every notebook of a course imports
MAPPED, RESIDENT = 0, 1  # columns of /proc/PID/statm


def main(control, enclosed, modules, course):
    """Answer the grader until it closes the channel.

    control: number of the connected socket. enclosed: whether children get namespaces of their own.
    modules: names to import before the first fork. course: the folder of the homework's helper files.
    """
    home = None
    if enclosed:
        namespaces.own_pid_namespace()
        home = os.open("/proc/self/ns/pid", os.O_RDONLY)
    control = socket.socket(fileno=control)
    for name in modules:
        importlib.import_module(name)
    sys.path.insert(0, course)
    # Where they cannot be imported, the cell that asks for them shows why.
    with contextlib.suppress(BaseException):
        importlib.import_module(HELPERS)
    shell = make_shell()
    if enclosed:
        namespaces.hide_compiled(("/site", "/guest", "/python"))
    gc.collect()
    gc.freeze()
    wire.send(control, {"ready": True})
    watch, mapped = _Watch(enclosed), _pages("self", MAPPED)
    while True:
        watch.until_readable(control)
        request, channel = _receive(control)
        if request is None:
            os._exit(0)
        if request["op"] == "fork":
            if enclosed:
                namespaces.unshare(namespaces.CLONE_NEWPID)
            pid = os.fork()
            if pid == 0:
                # What is mapped already, such as a package's libraries, is not the submission's.
                request["limits"]["memory"] += mapped
                _become_child(control, home, channel, shell, request)
            channel.close()
            if enclosed:
                namespaces.setns(home, namespaces.CLONE_NEWPID)
            watch.child = (pid, request["limits"]["memory"]) if enclosed else None
            wire.send(control, {"pid": pid})
        elif request["op"] == "end":
            waited = watch.waited(request["pid"])
            wire.send(control, {**_end(request["pid"]), "over": watch.over, "waited": waited})
            watch.child, watch.over = None, None
        elif request["op"] == "waited":
            wire.send(control, {"waited": watch.waited(request["pid"])})


class _Watch:
    """Sees to it that all processes of a submission together stay within its memory, and leave others their time.

    Each process has its own limit from the kernel; many small ones would add up. And what runs beside the first
    thread of the first process yields to every other submission: sixty busy processes count as one.
    """

    SECONDS = 0.1

    def __init__(self, enclosed):
        self.child, self.over = None, None
        # By what number this process knows another one: /proc was mounted one PID namespace further out.
        self.column = 1 if enclosed else 0
        self.mine = _pages("self", RESIDENT)

    def until_readable(self, control):
        """Wait for a request, looking after the child meanwhile."""
        while not select.select([control], [], [], self.SECONDS if self.child else None)[0]:
            pid, memory = self.child
            self._step_back(pid)
            if self._used() > memory:
                self.over = "memory"
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def _used(self):
        """Bytes that the processes of this PID namespace hold beyond what they share with this one."""
        return sum(max(0, _pages(name, RESIDENT) - self.mine) for name in self._others())

    def _others(self):
        own = {str(os.getpid()), os.readlink("/proc/self")}
        return [name for name in os.listdir("/proc") if name.isdigit() and name not in own]

    def _step_back(self, first):
        """Give all but the first thread of the first process the lowest priority."""
        for process in self._others():
            with contextlib.suppress(OSError):
                for thread in os.listdir(f"/proc/{process}/task"):
                    number = self._number(f"{process}/task/{thread}")
                    if number not in (None, first):
                        os.setpriority(os.PRIO_PROCESS, number, 19)

    def _number(self, thread):
        with open(f"/proc/{thread}/status") as file:
            numbers = next((line.split()[1:] for line in file if line.startswith("NSpid:")), [])
        return int(numbers[self.column]) if len(numbers) > self.column else None

    def waited(self, pid):
        """For how many seconds the first thread of a process was ready to run and had no processor."""
        for process in self._others():
            with contextlib.suppress(OSError, ValueError, IndexError):
                if self._number(process) == pid:
                    with open(f"/proc/{process}/schedstat") as file:
                        return int(file.read().split()[1]) / 1e9
        return 0.0


def _pages(process, column):
    """Bytes that a process has mapped, or of them resident; 0 where it is gone."""
    try:
        with open(f"/proc/{process}/statm") as file:
            return int(file.read().split()[column]) * resource.getpagesize()
    except (OSError, IndexError, ValueError):
        return 0


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
