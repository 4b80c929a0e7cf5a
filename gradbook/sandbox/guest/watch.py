"""What a warm parent sees to while a submission runs: its memory and threads, and the processor time of others."""

import contextlib
import os
import resource
import select
import signal
import socket
import time
from collections.abc import Mapping

from .packets import Used

MAPPED, RESIDENT = 0, 1  # columns of /proc/PID/statm


class Watch:
    """Sees to it that all processes of a submission together stay within its limits, and leave others their time.

    Each process has its own limit of memory from the kernel; many small ones would add up. And what runs beside the
    first thread of the first process yields to every other submission: sixty busy processes count as one.
    forks: whether a submission can have more than one process. The kernel counts them then, in a namespace of its own;
    where it can have threads only, they are counted here.
    """

    SECONDS = 0.1

    def __init__(self, column: int, forks: bool) -> None:
        self.child: tuple[int, Mapping[str, int]] | None = None  # its number and its limits
        self.over: str | None = None
        self.due = 0.0
        self.forks = forks
        # By what number this process knows another one: /proc may have been mounted one PID namespace further out.
        self.column = column
        self.me = int(os.readlink("/proc/self"))
        self.mapped = pages(self.me, MAPPED)

    def begin(self, pid: int, limits: Mapping[str, int]) -> None:
        """Look after a child from now on."""
        self.child, self.over, self.due = (pid, limits), None, time.monotonic() + self.SECONDS

    def end(self) -> str | None:
        """Look after none any more; the limit that the last one was ended for, if it was."""
        self.child = None
        return self.over

    def until_readable(self, control: socket.socket) -> None:
        """Wait for a request, looking after the child meanwhile, also where one request comes close upon another."""
        readable = False
        while not readable:
            left = max(self.due - time.monotonic(), 0.0) if self.child else None
            readable = bool(select.select([control], [], [], left)[0])
            if self.child and time.monotonic() >= self.due:
                self._look_after(*self.child)
                self.due = time.monotonic() + self.SECONDS

    def _look_after(self, pid: int, limits: Mapping[str, int]) -> None:
        self._step_back(pid)
        self.over = self._exceeded(pid, limits) or self.over
        if self.over:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def used(self, pid: int) -> Used:
        """The processor time of a process with all below it, and how long its first thread waited.

        To wait is to be ready to run and to have no processor.
        """
        found = Used(cpu=0.0, waited=0.0)
        for process in self._of(pid):
            found["cpu"] += _processor_time(process)
            with contextlib.suppress(OSError, ValueError, IndexError):
                if self._number(process) == pid:
                    found["waited"] = int(_read(f"{process}/schedstat").split()[1]) / 1e9
        return found

    def _exceeded(self, pid: int, limits: Mapping[str, int]) -> str | None:
        """The limit that a submission is over, if any."""
        if not self.forks and _threads(pid) > limits["processes"]:
            return "processes"
        holders = [_with_memory(process) for process in self._of(pid)]
        return "memory" if _hold_more(holders, limits["memory"]) else None

    def _of(self, pid: int) -> list[int]:
        """The processes of a submission, by its first one, as /proc numbers them."""
        return self._descendants() if self.forks else [pid]

    def _descendants(self) -> list[int]:
        """The processes below this one, which are those of the submission: /proc shows the other warm parents' too."""
        below: dict[int | None, list[int]] = {}
        for name in os.listdir("/proc"):
            if name.isdigit():
                below.setdefault(_parent(name), []).append(int(name))
        found = list(below.get(self.me, ()))
        for process in found:
            found += below.get(process, ())
        return found

    def _step_back(self, first: int) -> None:
        """Give all but the first thread of the first process the lowest priority."""
        for process in self._of(first):
            with contextlib.suppress(OSError):
                for thread in os.listdir(f"/proc/{process}/task"):
                    number = self._number(f"{process}/task/{thread}")
                    if number is not None and number != first:
                        os.setpriority(os.PRIO_PROCESS, number, 19)

    def _number(self, thread: int | str) -> int | None:
        lines = _read(f"{thread}/status").split(b"\n")
        numbers = next((line.split()[1:] for line in lines if line.startswith(b"NSpid:")), [])
        return int(numbers[self.column]) if len(numbers) > self.column else None


def _parent(process: str) -> int | None:
    """The number of a process's parent, or None where it is gone."""
    found = _stat(process)
    return found[1] if found else None


def _processor_time(process: int) -> float:
    """Seconds of processor time that a process has used, with those that it has seen off; 0 where it is gone."""
    return sum(_stat(process)[11:15]) / os.sysconf("SC_CLK_TCK")


def _threads(process: int) -> int:
    """How many threads a process has; 0 where it is gone."""
    return sum(_stat(process)[17:18])


def _stat(process: int | str) -> list[int]:
    """The fields of /proc/PID/stat that follow the name, the state as 0; none where the process is gone."""
    try:
        # The name stands in brackets.
        return [0, *map(int, _read(f"{process}/stat").rpartition(b")")[2].split()[1:])]
    except (OSError, ValueError):
        return []


def _read(path: str) -> bytes:
    """What a file of /proc holds: bytes, as a submission names its threads, by what is no text or looks like a line."""
    with open(f"/proc/{path}", "rb") as file:
        return file.read()


def _with_memory(process: int) -> int:
    """The number of a thread by which a process's memory can be seen: its first one may have ended before others."""
    if not pages(process, MAPPED):
        with contextlib.suppress(OSError):
            threads = map(int, os.listdir(f"/proc/{process}/task"))
            return next((thread for thread in threads if pages(thread, MAPPED)), process)
    return process


def _hold_more(processes: list[int], memory: int) -> bool:
    """Whether these together hold more than so many bytes.

    What they share, with the warm parent too, counts once: that takes longer to find out, so it is asked only where
    it may matter.
    """
    most = sum(pages(process, RESIDENT) for process in processes)
    return most > memory and sum(map(_share, processes)) > memory


def _share(process: int) -> int:
    """Bytes that a process holds, those that it shares divided by the number of processes that do."""
    try:
        lines = _read(f"{process}/smaps_rollup").split(b"\n")
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(b"Pss:"))
    except (OSError, StopIteration, ValueError):
        # It is gone, or the kernel does not say.
        return pages(process, RESIDENT)


def pages(process: int, column: int) -> int:
    """Bytes that a process has mapped, or of them resident; 0 where it is gone."""
    try:
        return int(_read(f"{process}/statm").split()[column]) * resource.getpagesize()
    except (OSError, IndexError, ValueError):
        return 0
