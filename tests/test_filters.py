"""The filters of system calls, run step by step as the kernel runs them, for both architectures."""

import errno
import re
import struct
from pathlib import Path

import pytest

from gradbook.sandbox.guest import allowed, bpf, calls, seccomp

ME = 4711
HEADERS = (
    ("x86_64", Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")),
    ("aarch64", Path("/usr/include/asm-generic/unistd.h")),
)
# All calls that there are, name=x86_64/aarch64, from the kernel's headers up to the first that is too new.
LISTED = dict(entry.split("=") for entry in Path(__file__).with_name("system_calls.txt").read_text().split())
NUMBERS = {
    machine: {name: int(both.split("/")[at]) for name, both in LISTED.items() if both.split("/")[at] != "-"}
    for at, machine in enumerate(calls.MACHINES)
}
FOREIGN = {"i386": 0x40000003, "arm": 0x40000028, "x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def machines(function):
    return pytest.mark.parametrize("machine", calls.MACHINES)(function)


def tight(machine):
    return allowed._program(calls.MACHINES[machine], ME)


def first_level(machine):
    return seccomp._program(calls.MACHINES[machine])


def run(program, audit, number, arguments=()):
    """What a filter says to a call: None where it lets it go on, the number of an error, or "killed".

    Linux: Documentation/networking/filter.rst, struct seccomp_data.
    """
    data = struct.pack("<IIQ6Q", number, audit, 0, *arguments, *[0] * (6 - len(arguments)))
    at, looked_at = 0, 0
    while True:
        operation, when, otherwise, operand = program[at]
        if operation == bpf.LOAD:
            (looked_at,) = struct.unpack_from("<I", data, operand)
            at += 1
        elif operation == bpf.RETURN:
            return {0x7FFF0000: None, 0x80000000: "killed"}.get(operand, operand & 0xFFFF)
        else:
            holds = {
                bpf.JUMP_EQUAL: looked_at == operand,
                bpf.JUMP_ANY_BIT: looked_at & operand != 0,
                bpf.JUMP_AT_LEAST: looked_at >= operand,
            }
            at += 1 + (when if holds[operation] else otherwise)


def ask(program, machine, name, *arguments):
    return run(program, calls.MACHINES[machine].audit, NUMBERS[machine][name], arguments)


def allowed_without_arguments(program, machine):
    names = {number: name for name, number in NUMBERS[machine].items()}
    audit = calls.MACHINES[machine].audit
    return {names.get(number, number) for number in range(600) if run(program, audit, number) is None}


def numbers_of(header):
    """Name -> number of the calls in a header of the kernel's."""
    shared = dict(re.findall(r"#define (__NR3264_\w+)\s+(\d+)", header))
    defined = re.findall(r"#define __NR_(\w+)\s+(\w+)", header)
    return {name: int(shared.get(number, number)) for name, number in defined if shared.get(number, number).isdigit()}


def differing(header, machine):
    """Names of calls that the list has otherwise than a header has them, up to the last that this one knows."""
    there = {name: number for name, number in numbers_of(header).items() if name in LISTED}
    listed = {name: number for name, number in NUMBERS[machine].items() if number <= max(there.values())}
    return {name for name in there.keys() | listed.keys() if there.get(name) != listed.get(name)}


def test_the_list_of_calls_is_that_of_the_kernels_headers():
    """Where they are installed; on a machine without them the list stands for them."""
    for machine, path in HEADERS:
        if path.exists():
            assert differing(path.read_text(), machine) == set()


def test_a_wrong_number_is_found():
    header = "#define __NR_read 0\n#define __NR_write 2\n#define __NR_close 3\n#define __NR_own 7\n"
    assert differing(header, "x86_64") == {"write", "open"}
    assert numbers_of("#define __NR3264_mmap 222\n#define __NR_mmap __NR3264_mmap\n") == {"mmap": 222}


@machines
def test_the_table_of_the_filters_is_as_the_list(machine):
    table = calls.MACHINES[machine].numbers
    assert table == {name: NUMBERS[machine][name] for name in table}
    # A call that the table has on one architecture only is there on that one only.
    both = {name for entry in calls.TABLE.split() for name in [entry.split("=")[0]]}
    assert both - table.keys() == both - NUMBERS[machine].keys()
    assert max(NUMBERS[machine].values()) == calls.TOO_NEW - 1


@machines
@pytest.mark.parametrize("program", [tight, first_level])
def test_each_step_leads_to_another_and_the_last_to_an_end(machine, program):
    steps = program(machine)
    assert len(steps) <= 4096  # BPF_MAXINSNS
    for at, (operation, when, otherwise, operand) in enumerate(steps):
        assert operation in (bpf.LOAD, bpf.JUMP_EQUAL, bpf.JUMP_ANY_BIT, bpf.JUMP_AT_LEAST, bpf.RETURN)
        assert 0 <= operand < 1 << 32
        if operation != bpf.RETURN:
            assert max(when, otherwise) < 256 and at + 1 + max(when, otherwise) < len(steps)
        if operation == bpf.LOAD:
            assert operand % 4 == 0 and operand < 64


@machines
@pytest.mark.parametrize("program", [tight, first_level])
def test_another_architecture_another_abi_and_newer_calls(machine, program):
    steps, mine = program(machine), calls.MACHINES[machine].audit
    for number in range(600):
        for audit in {*FOREIGN.values(), 0} - {mine}:
            assert run(steps, audit, number) == "killed"
        assert run(steps, mine, 0x40000000 | number) == errno.EPERM
        assert run(steps, mine, 0xFFFFFFFF - number) == errno.EPERM
    for number in (*range(calls.TOO_NEW, 600), 0x3FFFFFFF):
        assert run(steps, mine, number) == errno.ENOSYS
    assert ask(steps, machine, "clone3") == errno.ENOSYS


# What a submission may do at the second level: with what it holds, with itself, and with the time.
HELD = "read readv write writev recvfrom lseek fstat close close_range dup dup2 dup3 poll ppoll select pselect6"
MEMORY = "brk munmap mremap mprotect"
THREADS = "set_robust_list rseq gettid sched_yield getcpu exit exit_group restart_syscall"
SIGNALS = "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack pause"
TIME = "time times gettimeofday nanosleep alarm getitimer setitimer clock_gettime clock_getres clock_nanosleep"
ITSELF = """
    getpid getppid getpgrp getuid geteuid getresuid getgid getegid getresgid getgroups getcwd getrusage getrlimit
    setrlimit uname getrandom
"""
# These for the arguments below; with none at all, these of them, too: prlimit64 and the affinity of 0 are its own.
WITH_NO_ARGUMENT = "mmap sendto fcntl prlimit64 sched_getaffinity"


@machines
def test_at_the_second_level_these_calls_are_allowed_and_no_others(machine):
    promised = " ".join((HELD, MEMORY, THREADS, SIGNALS, TIME, ITSELF, WITH_NO_ARGUMENT)).split()
    assert allowed_without_arguments(tight(machine), machine) == set(promised) & NUMBERS[machine].keys()


HIGH = 1 << 32
PTHREAD = 0x3D0F00  # the flags with which the C library makes a thread
FORK = 0x01200011
PRIVATE_MEMORY, SHARED_MEMORY, SHARED_FILE = (0, 4096, 3, 0x22), (0, 4096, 3, 0x21), (0, 4096, 3, 0x01)
YES, NO = None, errno.EPERM
ARGUMENTS = [
    ("futex", (0, 0x80), YES),  # to wait, in private
    ("futex", (0, 0x81), YES),  # to wake, in private
    ("futex", (0, 0x189), YES),  # to wait until a time, in private
    ("futex", (0, 0), errno.EAGAIN),
    ("futex", (0, 1), errno.EAGAIN),
    ("futex", (0, 0x109), errno.EAGAIN),
    ("futex", (0, 1 | 0x80 * HIGH), errno.EAGAIN),
    *[("clock_gettime", (clock,), YES) for clock in range(12)],
    *[(name, (~1 << 3 & 0xFFFFFFFF | 2,), NO) for name in ("clock_gettime", "clock_getres", "clock_nanosleep")],
    ("clock_gettime", (0xFFFFFFFFFFFFFFF2,), NO),
    *[("madvise", (0, 0, advice), YES if advice in (4, 8, 14, 15) else NO) for advice in range(120)],
    ("mmap", PRIVATE_MEMORY, YES),
    ("mmap", SHARED_FILE, YES),  # of what it holds, none of which can be mapped
    ("mmap", SHARED_MEMORY, NO),
    ("mmap", (0, 4096, 3, 0x23), NO),
    ("mmap", (0, 4096, 3, 0x21 + HIGH), NO),
    ("clone", (PTHREAD,), YES),
    ("clone", (PTHREAD + HIGH,), YES),
    ("clone", (FORK,), NO),
    ("clone", (0x4111,), NO),  # vfork
    ("clone", (0x10000 * HIGH,), NO),
    *[("clone", (PTHREAD | space,), NO) for space in (0x80, *(1 << bit for bit in (17, 25, 26, 27, 28, 29, 30)))],
    *[("fcntl", (0, command), YES if command in (0, 1, 2, 3, 4, 1030, 1032) else NO) for command in range(1100)],
    ("ioctl", (0, 0x5401), YES),
    ("ioctl", (0, 0x5412), NO),  # to type on a terminal
    ("ioctl", (0, 0x5452), NO),  # to be sent signals
    ("ioctl", (0, 0x8901), NO),
    *[("prctl", (option,), YES if option in (15, 16) else NO) for option in range(80)],
    ("kill", (ME, 9), YES),
    *[("kill", (pid & 0xFFFFFFFFFFFFFFFF, 9), NO) for pid in (0, 1, -1, -ME, ME + 1)],
    ("tgkill", (ME, ME + 1, 9), YES),
    ("tgkill", (ME + 1, ME + 1, 9), NO),
    *[(name, (pid,), YES) for name in ("prlimit64", "sched_getaffinity") for pid in (0, ME)],
    *[(name, (pid,), NO) for name in ("prlimit64", "sched_getaffinity") for pid in (1, ME + 1)],
    ("sendto", (4, 0, 0, 0, 0, 0), YES),
    ("sendto", (4, 0, 0, 0, 0, 16), YES),
    ("sendto", (4, 0, 0, 0, 4096, 16), NO),
    ("sendto", (4, 0, 0, 0, HIGH, 16), NO),
]


def answered_otherwise(program, machine, rows):
    answers = [(name, arguments, says, ask(program, machine, name, *arguments)) for name, arguments, says in rows]
    return [row for row in answers if row[2] != row[3]]


@machines
def test_at_the_second_level_arguments_decide(machine):
    assert answered_otherwise(tight(machine), machine, ARGUMENTS) == []


# What the first level refuses, by why: namespaces hold the rest.
WAYS_OUT = """
    unshare setns mount umount2 pivot_root chroot open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr
    open_by_handle_at
"""
OTHERS = "ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd kcmp perf_event_open setsid"
KERNEL = "bpf userfaultfd modify_ldt io_setup io_uring_setup io_uring_enter io_uring_register syslog"
KEPT = "keyctl add_key request_key memfd_create memfd_secret shmget semget msgget mq_open vmsplice splice tee"
TELLING = """
    sendmsg sendmmsg flock fadvise64 readahead mincore preadv2 cachestat fanotify_init inotify_init inotify_init1 sync
    syncfs
"""


@machines
def test_at_the_first_level_these_calls_are_refused_and_no_others(machine):
    # Of what arguments decide, this alone is refused where there are none: a socket of no family.
    refused = {*" ".join((WAYS_OUT, OTHERS, KERNEL, KEPT, TELLING)).split(), "clone3", "socket"}
    known = {name: number for name, number in NUMBERS[machine].items() if number < calls.TOO_NEW}
    let = allowed_without_arguments(first_level(machine), machine)
    assert {name for name in let if isinstance(name, str)} == known.keys() - refused


ARGUMENTS_OF_THE_FIRST_LEVEL = [
    ("clone", (PTHREAD,), YES),
    ("clone", (FORK,), YES),
    ("clone", (0x10000000 | FORK,), NO),
    ("socket", (1,), YES),
    *[("socket", (family,), errno.EAFNOSUPPORT) for family in (2, 10, 16, 17, 38, 40)],
    *[row for row in ARGUMENTS if row[0] in ("mmap", "fcntl")],
]


@machines
def test_at_the_first_level_arguments_decide(machine):
    assert answered_otherwise(first_level(machine), machine, ARGUMENTS_OF_THE_FIRST_LEVEL) == []
