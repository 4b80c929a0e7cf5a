"""Whether a sandbox can be looked for on this system at all. Where not, nothing of one is to be imported."""

import importlib
import os
import signal
import socket
import sys

# What all levels are made of, which this system has if it is Linux: names in modules, and modules.
NEEDED = {
    os: ("fork", "memfd_create", "sched_getaffinity"),
    socket: ("AF_UNIX", "SOCK_SEQPACKET"),
    signal: ("SIGKILL",),
}
MODULES = ("fcntl", "resource")


def may_be_had() -> bool:
    """Whether this is Linux, and its Python has what a sandbox is made of."""
    named = all(hasattr(module, name) for module, names in NEEDED.items() for name in names)
    return sys.platform == "linux" and named and all(map(_is_there, MODULES))


def _is_there(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True
