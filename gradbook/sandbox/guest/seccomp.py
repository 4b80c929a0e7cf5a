"""A filter of system calls: what no notebook needs and an attack on the kernel would start with.

Namespaces decide what a submission can see; this takes away the calls by which it might change that, and those by
which submissions that run beside each other, or one after another, could speak to or hinder each other.
Classic BPF over struct seccomp_data (Linux: Documentation/userspace-api/seccomp_filter.rst).
"""

import ctypes
import os
import struct
from typing import NamedTuple

from .namespaces import CLONE_NEWUSER, call

LOAD, JUMP_EQUAL, JUMP_ANY_BIT, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
EPERM, ENOSYS, EAFNOSUPPORT = 1, 38, 97
NUMBER, ARCHITECTURE, FIRST_ARGUMENT, SECOND_ARGUMENT, FOURTH_ARGUMENT = 0, 4, 16, 24, 40
AF_UNIX, MAP_SHARED, MAP_ANONYMOUS = 1, 1, 0x20
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
CLONE3 = 435
FOREIGN_ABI = 0x40000000
# Calls from this number on are newer than the filter, and not there for a submission.
TOO_NEW = 457
# What fcntl may do: duplicate, and get or set flags. Its locks and leases make others wait, its signals tell of them.
FCNTL = {"DUPFD": 0, "GETFD": 1, "SETFD": 2, "GETFL": 3, "SETFL": 4, "DUPFD_CLOEXEC": 1030, "GETPIPE_SZ": 1032}


class Machine(NamedTuple):
    """Numbers by which an architecture goes: of itself, of the calls whose arguments are read, of the refused calls."""

    audit: int
    clone: int
    socket: int
    mmap: int
    fcntl: int
    refused: dict[str, int]


def _numbers(table: str) -> dict[str, int]:
    """Name -> number, from a table of name=number."""
    return {name: int(number) for name, number in (entry.split("=") for entry in table.split())}


SAME_EVERYWHERE = _numbers(
    """
    io_uring_setup=425 io_uring_enter=426 io_uring_register=427 open_tree=428 move_mount=429 fsopen=430 fsconfig=431
    fsmount=432 fspick=433 pidfd_getfd=438 process_madvise=440 mount_setattr=442 memfd_secret=447 cachestat=451
    """
)
# Some of the refused hold memory that no limit and no count of a process's pages knows: memfd, shared memory, queues,
# pages in pipes, descriptors under way (which are also counted for the user, not the process). Others tell of the
# machine (syslog), of what others read (fanotify, inotify), or of the page cache, where bits can be left for others. A
# session of its own would give a process as much of the processor as all of another submission has.
X86_64 = _numbers(
    """
    unshare=272 setns=308 mount=165 umount2=166 pivot_root=155 chroot=161 ptrace=101 process_vm_readv=310
    process_vm_writev=311 bpf=321 perf_event_open=298 keyctl=250 add_key=248 request_key=249 userfaultfd=323
    open_by_handle_at=304 kcmp=312 memfd_create=319 shmget=29 semget=64 msgget=68 mq_open=240 syslog=103
    fanotify_init=300 inotify_init=253 inotify_init1=294 vmsplice=278 splice=275 tee=276 sendmsg=46 sendmmsg=307
    flock=73 fadvise64=221 readahead=187 mincore=27 preadv2=327 io_setup=206 setsid=112 sync=162 syncfs=306
    modify_ldt=154
    """
)
AARCH64 = _numbers(
    """
    unshare=97 setns=268 mount=40 umount2=39 pivot_root=41 chroot=51 ptrace=117 process_vm_readv=270
    process_vm_writev=271 bpf=280 perf_event_open=241 keyctl=219 add_key=217 request_key=218 userfaultfd=282
    open_by_handle_at=265 kcmp=272 memfd_create=279 shmget=194 semget=190 msgget=186 mq_open=180 syslog=116
    fanotify_init=262 inotify_init1=26 vmsplice=75 splice=76 tee=77 sendmsg=211 sendmmsg=269 flock=32 fadvise64=223
    readahead=213 mincore=232 preadv2=286 io_setup=0 setsid=157 sync=81 syncfs=267
    """
)
MACHINES = {
    "x86_64": Machine(0xC000003E, clone=56, socket=41, mmap=9, fcntl=72, refused=X86_64),
    "aarch64": Machine(0xC00000B7, clone=220, socket=198, mmap=222, fcntl=25, refused=AARCH64),
}


class UnknownMachine(Exception):
    """There is no filter for this architecture. The message names it."""


def machine() -> Machine:
    """What the filter needs to know of this machine. Raises UnknownMachine where nobody wrote it down."""
    name, bits = os.uname().machine, 8 * struct.calcsize("P")
    # A Python of 32 bits makes its calls by other numbers.
    if name not in MACHINES or bits != 64:
        raise UnknownMachine(f"{name} ({bits} bits)")
    return MACHINES[name]


def install() -> None:
    """Put the filter on this process and all it will start. Raises UnknownMachine where there is none."""
    program = ctypes.create_string_buffer(_program(machine()))
    header = struct.pack("HxxxxxxP", len(program.raw) // 8, ctypes.addressof(program))
    call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.create_string_buffer(header), 0, 0)


def _program(machine: Machine) -> bytes:
    """The filter as bytes: wrong machine ends the process, refused calls fail, the rest goes on."""
    steps = [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_EQUAL, 1, 0, machine.audit),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (JUMP_AT_LEAST, 0, 1, FOREIGN_ABI),
        (RETURN, 0, 0, ERRNO | EPERM),
        # The C library falls back on clone, whose flags can be read here, where there is no clone3.
        (JUMP_EQUAL, 0, 1, CLONE3),
        (RETURN, 0, 0, ERRNO | ENOSYS),
        (JUMP_AT_LEAST, 0, 1, TOO_NEW),
        (RETURN, 0, 0, ERRNO | ENOSYS),
    ]
    for number in sorted({*machine.refused.values(), *SAME_EVERYWHERE.values()}):
        steps += [(JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, ERRNO | EPERM)]
    steps += [
        (JUMP_EQUAL, 0, 4, machine.clone),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (JUMP_ANY_BIT, 0, 1, CLONE_NEWUSER),
        (RETURN, 0, 0, ERRNO | EPERM),
        (RETURN, 0, 0, ALLOW),
        # Sockets between its own processes only: other families speak to the machine, and some leave traces for later.
        (JUMP_EQUAL, 0, 4, machine.socket),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (JUMP_EQUAL, 1, 0, AF_UNIX),
        (RETURN, 0, 0, ERRNO | EAFNOSUPPORT),
        (RETURN, 0, 0, ALLOW),
        (JUMP_EQUAL, 0, 2 * len(FCNTL) + 2, machine.fcntl),
        (LOAD, 0, 0, SECOND_ARGUMENT),
        *[step for command in FCNTL.values() for step in ((JUMP_EQUAL, 0, 1, command), (RETURN, 0, 0, ALLOW))],
        (RETURN, 0, 0, ERRNO | EPERM),
        # Memory that is shared and belongs to no file stays when it is no longer counted as a process's own.
        (JUMP_EQUAL, 0, 4, machine.mmap),
        (LOAD, 0, 0, FOURTH_ARGUMENT),
        (JUMP_ANY_BIT, 0, 2, MAP_ANONYMOUS),
        (JUMP_ANY_BIT, 0, 1, MAP_SHARED),
        (RETURN, 0, 0, ERRNO | EPERM),
        (RETURN, 0, 0, ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
