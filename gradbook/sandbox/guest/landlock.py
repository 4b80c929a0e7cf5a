"""Landlock, by which a process gives up files for good, and on newer kernels network and signals to others.

Linux: Documentation/userspace-api/landlock.rst.
"""

import ctypes
import os
import struct

from .namespaces import libc

# The same on all architectures.
CREATE_RULESET, RESTRICT_SELF = 444, 446
VERSION = 1
# Version -> how many kinds of access to files it knows. What is handled and not allowed is refused.
FILES = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
NETWORK_SINCE, SCOPES_SINCE = 4, 6
BOTH = 0b11  # TCP: bind and connect; scopes: abstract sockets and signals


def version() -> int:
    """The version of Landlock that this kernel has and this process may use, or 0."""
    return max(int(libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), VERSION)), 0)


def shut(version: int) -> None:
    """Give up all that this version knows. Needs no_new_privs. Raises OSError where it fails."""
    rights = struct.pack(
        "QQQ",
        (1 << FILES.get(version, FILES[5])) - 1,
        BOTH if version >= NETWORK_SINCE else 0,
        BOTH if version >= SCOPES_SINCE else 0,
    )
    # An older kernel takes no more than the fields that it knows.
    size = 24 if version >= SCOPES_SINCE else 16 if version >= NETWORK_SINCE else 8
    rules = _call(CREATE_RULESET, rights, ctypes.c_size_t(size), 0)
    try:
        _call(RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _call(number: int, *arguments: object) -> int:
    result = int(libc.syscall(number, *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), f"landlock: {os.strerror(ctypes.get_errno())}")
    return result
