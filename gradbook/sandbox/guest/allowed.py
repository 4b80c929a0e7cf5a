"""The filter of the second level, which has no namespaces to rely on: what computing needs, and nothing else.

No call names a file, another process, or an address of a socket: what a submission cannot name, it can neither see
nor change. What it holds when the filter is put on it, the way to its grader, is all that it may read and write.
"""

import os

from . import bpf
from .bpf import ALLOW, Step, argument, equals, has_any, one_of, refuse
from .calls import Machine, machine
from .seccomp import FCNTL, private_memory

CLONE_THREAD = 0x00010000
# All bits of clone that make a namespace.
NAMESPACES = 0x7E020080
# What ioctl may ask: whether a file is a terminal and how wide, how much waits to be read, and to set two flags.
IOCTL = {"TCGETS": 0x5401, "TIOCGWINSZ": 0x5413, "FIONREAD": 0x541B, "FIONBIO": 0x5421, "FIOCLEX": 0x5451}
PRCTL = {"SET_NAME": 15, "GET_NAME": 16}
# Those that are called most often come first: the kernel goes through them one by one.
ALLOWED = """
    futex read write recvfrom madvise munmap brk mprotect mremap rt_sigprocmask clock_gettime getpid gettid
    sched_yield close poll ppoll select pselect6 lseek rt_sigaction rt_sigreturn sigaltstack rt_sigpending
    rt_sigsuspend rt_sigtimedwait restart_syscall pause set_robust_list rseq exit exit_group getrandom nanosleep
    clock_nanosleep clock_getres gettimeofday time times alarm getitimer setitimer getrusage getrlimit setrlimit
    sysinfo uname getcpu getcwd getppid getuid geteuid getgid getegid getresuid getresgid getgroups getpgrp readv
    writev close_range fstat dup dup2 dup3
"""


def install() -> None:
    """Put the filter on this process and its threads. Raises UnknownMachine where there is none."""
    bpf.install(_program(machine(), os.getpid()))


def _program(machine: Machine, me: int) -> list[Step]:
    """me: the number of the process, which may send signals to itself and look at its own limits."""
    numbers = machine.numbers
    return [
        *bpf.beginning(machine),
        *(step for number in machine.those(ALLOWED) for step in equals(number, ALLOW)),
        *equals(numbers["mmap"], *private_memory()),
        *equals(numbers["clone"], *_a_thread()),
        *equals(numbers["fcntl"], *one_of(1, FCNTL.values())),
        *equals(numbers["ioctl"], *one_of(1, IOCTL.values())),
        *equals(numbers["prctl"], *one_of(0, PRCTL.values())),
        *_for_each(machine, "kill tgkill", one_of(0, [me])),
        *_for_each(machine, "prlimit64 sched_getaffinity", one_of(0, [0, me])),
        *equals(numbers["sendto"], *_to_whom_it_is_connected()),
        refuse(),
    ]


def _for_each(machine: Machine, names: str, then: list[Step]) -> list[Step]:
    return [step for number in machine.those(names) for step in equals(number, *then)]


def _a_thread() -> list[Step]:
    return [argument(0), *has_any(NAMESPACES, refuse()), *has_any(CLONE_THREAD, ALLOW), refuse()]


def _to_whom_it_is_connected() -> list[Step]:
    """For sendto: without an address, of which both halves are looked at."""
    return [argument(4), *equals(0, argument(4, half=1), *equals(0, ALLOW), refuse()), refuse()]
