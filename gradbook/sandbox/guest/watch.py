"""What a warm parent sees to while a submission runs: its memory as a whole, and the processor time of others."""

import contextlib
import os
import resource
import select
import signal
import socket

from .packets import Used

MAPPED, RESIDENT = 0, 1  # columns of /proc/PID/statm


class Watch:
    """Sees to it that all processes of a submission together stay within its memory, and leave others their time.

    Each process has its own limit from the kernel; many small ones would add up. And what runs beside the first
    thread of the first process yields to every other submission: sixty busy processes count as one.
    """

    SECONDS = 0.1

    def __init__(self, column: int) -> None:
        self.child: tuple[int, int] | None = None  # its number, and the bytes that it may hold
        self.over: str | None = None
        # By what number this process knows another one: /proc may have been mounted one PID namespace further out.
        self.column = column
        self.me = int(os.readlink("/proc/self"))
        self.mapped = pages(self.me, MAPPED)

    def until_readable(self, control: socket.socket) -> None:
        """Wait for a request, looking after the child meanwhile."""
        while not select.select([control], [], [], self.SECONDS if self.child else None)[0]:
            if self.child:
                self._look_after(*self.child)

    def _look_after(self, pid: int, memory: int) -> None:
        self._step_back(pid)
        if self._is_over(memory):
            self.over = "memory"
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def used(self, pid: int) -> Used:
        """The processor time of a process with all below it, and how long its first thread waited.

        To wait is to be ready to run and to have no processor.
        """
        found = Used(cpu=0.0, waited=0.0)
        for process in self._descendants():
            found["cpu"] += _processor_time(process)
            with contextlib.suppress(OSError, ValueError, IndexError):
                if self._number(process) == pid:
                    with open(f"/proc/{process}/schedstat") as file:
                        found["waited"] = int(file.read().split()[1]) / 1e9
        return found

    def _is_over(self, memory: int) -> bool:
        """Whether the processes of the submission together hold more than so many bytes.

        What they share, with this one too, counts once: that takes longer to find out, so it is asked only where it
        may matter.
        """
        processes = self._descendants()
        most = sum(pages(process, RESIDENT) for process in processes)
        return most > memory and sum(map(_share, processes)) > memory

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
        for process in self._descendants():
            with contextlib.suppress(OSError):
                for thread in os.listdir(f"/proc/{process}/task"):
                    number = self._number(f"{process}/task/{thread}")
                    if number is not None and number != first:
                        os.setpriority(os.PRIO_PROCESS, number, 19)

    def _number(self, thread: int | str) -> int | None:
        with open(f"/proc/{thread}/status") as file:
            numbers = next((line.split()[1:] for line in file if line.startswith("NSpid:")), [])
        return int(numbers[self.column]) if len(numbers) > self.column else None


def _parent(process: str) -> int | None:
    """The number of a process's parent, or None where it is gone."""
    try:
        with open(f"/proc/{process}/stat") as file:
            # The name, which may hold anything, stands in brackets.
            return int(file.read().rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return None


def _processor_time(process: int) -> float:
    """Seconds of processor time that a process has used, with those that it has seen off; 0 where it is gone."""
    try:
        with open(f"/proc/{process}/stat") as file:
            # The name, which may hold anything, stands in brackets.
            return sum(map(int, file.read().rpartition(")")[2].split()[11:15])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError):
        return 0.0


def _share(process: int) -> int:
    """Bytes that a process holds, those that it shares divided by the number of processes that do."""
    try:
        with open(f"/proc/{process}/smaps_rollup") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except (OSError, StopIteration, ValueError):
        # It is gone, or the kernel does not say.
        return pages(process, RESIDENT)


def pages(process: int, column: int) -> int:
    """Bytes that a process has mapped, or of them resident; 0 where it is gone."""
    try:
        with open(f"/proc/{process}/statm") as file:
            return int(file.read().split()[column]) * resource.getpagesize()
    except (OSError, IndexError, ValueError):
        return 0
