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
EAGAIN = 11
# Of futex: its word is this process's own. Of others, one in a library that all have mapped would do to signal by.
FUTEX_PRIVATE = 0x80
# Of a clock: that it tells the processor time of a process that its number names.
OF_A_PROCESS = 0x80000000
# All bits of clone that make a namespace.
NAMESPACES = 0x7E020080
# What ioctl may ask: whether a file is a terminal and how wide, how much waits to be read, and to set two flags.
IOCTL = {"TCGETS": 0x5401, "TIOCGWINSZ": 0x5413, "FIONREAD": 0x541B, "FIONBIO": 0x5421, "FIOCLEX": 0x5451}
PRCTL = {"SET_NAME": 15, "GET_NAME": 16}
# What madvise may say: to give pages back, and how large they are to be; not to share those that others have, too.
MADVISE = {"DONTNEED": 4, "FREE": 8, "HUGEPAGE": 14, "NOHUGEPAGE": 15}
# Those that are called most often come first: the kernel goes through them one by one.
ALLOWED = """
    read write recvfrom munmap brk mprotect mremap rt_sigprocmask getpid gettid sched_yield close poll ppoll select
    pselect6 lseek rt_sigaction rt_sigreturn sigaltstack rt_sigpending rt_sigsuspend rt_sigtimedwait restart_syscall
    pause set_robust_list rseq exit exit_group getrandom nanosleep gettimeofday time times alarm getitimer setitimer
    getrusage getrlimit setrlimit uname getcpu getcwd getppid getuid geteuid getgid getegid getresuid getresgid
    getgroups getpgrp readv writev close_range fstat dup dup2 dup3
"""
CLOCKS = "clock_gettime clock_nanosleep clock_getres"


def install() -> None:
    """Put the filter on this process and its threads. Raises UnknownMachine where there is none."""
    bpf.install(_program(machine(), os.getpid()))


def _program(machine: Machine, me: int) -> list[Step]:
    """me: the number of the process, which may send signals to itself and look at its own limits."""
    numbers = machine.numbers
    return [
        *bpf.beginning(machine),
        *equals(numbers["futex"], *_its_own_word()),
        *_for_each(machine, ALLOWED, [ALLOW]),
        *_for_each(machine, CLOCKS, [argument(0), *has_any(OF_A_PROCESS, refuse()), ALLOW]),
        *equals(numbers["madvise"], *one_of(2, MADVISE.values())),
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


def _its_own_word() -> list[Step]:
    """For futex: where it is not private, the C library waits for the end of a thread, and then looks again at once."""
    return [argument(1), *has_any(FUTEX_PRIVATE, ALLOW), refuse(EAGAIN)]


def _a_thread() -> list[Step]:
    return [argument(0), *has_any(NAMESPACES, refuse()), *has_any(CLONE_THREAD, ALLOW), refuse()]


def _to_whom_it_is_connected() -> list[Step]:
    """For sendto: without an address, of which both halves are looked at."""
    return [argument(4), *equals(0, argument(4, half=1), *equals(0, ALLOW), refuse()), refuse()]
