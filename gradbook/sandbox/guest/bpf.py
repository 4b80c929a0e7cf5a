"""Filters of system calls: what they are made of, and how one is put on a process.

Classic BPF over struct seccomp_data (Linux: Documentation/userspace-api/seccomp_filter.rst).
"""

import ctypes
import struct
from collections.abc import Iterable

from .calls import TOO_NEW, Machine
from .namespaces import call

Step = tuple[int, int, int, int]  # operation, steps to skip where it is true, and where it is not, operand

LOAD, JUMP_EQUAL, JUMP_ANY_BIT, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
KILL, ERRNO = 0x80000000, 0x00050000
EPERM, ENOSYS = 1, 38
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
FOREIGN_ABI = 0x40000000
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2

ALLOW: Step = (RETURN, 0, 0, 0x7FFF0000)


def refuse(error: int = EPERM) -> Step:
    """The call fails with this error."""
    return (RETURN, 0, 0, ERRNO | error)


def argument(which: int, half: int = 0) -> Step:
    """Look at an argument, from 0 on: at its lower 32 bits, or with `half` 1 at its upper ones."""
    return (LOAD, 0, 0, FIRST_ARGUMENT + 8 * which + 4 * half)


def equals(value: int, *then: Step) -> list[Step]:
    """Where what was looked at is this, these steps, of which the last one ends it."""
    return [(JUMP_EQUAL, 0, len(then), value), *then]


def has_any(bits: int, *then: Step) -> list[Step]:
    """Where what was looked at has one of these bits, these steps."""
    return [(JUMP_ANY_BIT, 0, len(then), bits), *then]


def one_of(which: int, values: Iterable[int]) -> list[Step]:
    """A call goes on where this argument is one of these values, and is refused otherwise."""
    return [argument(which), *(step for value in values for step in equals(value, ALLOW)), refuse()]


def beginning(machine: Machine) -> list[Step]:
    """What every filter begins with: calls of another kind of machine end the process, and newer ones are not there."""
    return [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_EQUAL, 1, 0, machine.audit),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (JUMP_AT_LEAST, 0, 1, FOREIGN_ABI),
        refuse(),
        # The C library falls back on clone, whose flags can be read here, where there is no clone3.
        *equals(machine.numbers["clone3"], refuse(ENOSYS)),
        (JUMP_AT_LEAST, 0, 1, TOO_NEW),
        refuse(ENOSYS),
    ]


def install(steps: Iterable[Step]) -> None:
    """Put a filter on this process and all it will start; it must have given up gaining privileges."""
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    # The buffer ends with a zero byte of its own.
    header = struct.pack("HxxxxxxP", (len(program.raw) - 1) // 8, ctypes.addressof(program))
    call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.create_string_buffer(header), 0, 0)
