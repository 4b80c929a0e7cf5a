"""What a sandbox needs of this machine, tried by children that end at once. For Linux, on a processor that is known."""

import ctypes
import errno
import os
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from .enclosed import may_mount, stage_binary
from .guest import bpf, calls, staging
from .guest import namespaces as ns
from .guest.levels import attempt
from .mounts import SYSTEM, Mounts

UNSHARE = "/usr/bin/unshare"  # of util-linux


class Refusal(NamedTuple):
    """The step that was refused, by which error, or in which words of the program that tried."""

    step: str
    error: int = 0
    said: str = ""


def has_filters() -> bool:
    """Whether the kernel takes filters of system calls: it looks for the one that is not there."""
    refused = ns.libc.prctl(bpf.PR_SET_SECCOMP, bpf.SECCOMP_MODE_FILTER, None, 0, 0)
    return refused == -1 and ctypes.get_errno() == errno.EFAULT


def namespaces() -> Refusal | None:
    """What an ordinary user is refused of what bubblewrap does: a step "user", "mount" or "proc"."""
    said = _in_child(_make_namespaces)
    if not said:
        return None
    step, _, error = said.partition(" ")
    return Refusal(step, int(error)) if error.isdigit() else Refusal("user", said=said)


def bubblewrap(binary: Path) -> Refusal | None:
    """What bubblewrap is refused, step "outer", or what it starts, "inner"; None also where that cannot be tried."""
    if not os.path.exists(UNSHARE):
        return None
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        said = _in_child(lambda: _run(binary, folder))
    last = said.strip().rpartition("\n")[2][:200]
    return Refusal("inner" if last.startswith("unshare:") else "outer", said=last) if last else None


def _in_child(run: Callable[[], None]) -> str:
    """What a child said while it did this, and failed; empty where it did not."""
    try:
        attempt(run)
    except OSError as error:
        return str(error)
    return ""


def _make_namespaces() -> None:
    step, flags = "nobody", ns.CLONE_NEWUSER | ns.CLONE_NEWNS | ns.CLONE_NEWPID | ns.CLONE_NEWNET | ns.CLONE_NEWIPC
    try:
        if os.geteuid() == 0 and may_mount():
            _become_nobody()
        step, uid, gid = "user", os.getuid(), os.getgid()
        # By clone, as bubblewrap does.
        child = ns.libc.syscall(calls.machine().numbers["clone"], flags | signal.SIGCHLD, 0, 0, 0, 0)
        if child == -1:
            raise OSError(ctypes.get_errno(), "clone")
        if child:
            os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
            Path("/proc/self", name).write_text(text)
        step = "mount"
        ns.call("mount", None, b"/", None, ns.MS_REC | ns.MS_PRIVATE, None)
        step = "proc"
        ns.mount("proc", "/proc", "", ns.MS_NOSUID | ns.MS_NODEV | ns.MS_NOEXEC)
    except OSError as error:
        os.write(2, f"{step} {error.errno}".encode())
        os._exit(1)


def _become_nobody() -> None:
    os.setgroups([])
    os.setresgid(staging.NOBODY, staging.NOBODY, staging.NOBODY)
    os.setresuid(staging.NOBODY, staging.NOBODY, staging.NOBODY)
    # Or what is its own in /proc would stay root's, until it starts a program.
    ns.call("prctl", ns.PR_SET_DUMPABLE, 1, 0, 0, 0)


def _run(binary: Path, folder: str) -> None:
    """Become a bubblewrap that starts a program which makes namespaces, in the way that the sandbox becomes one."""
    staged = os.geteuid() == 0 and may_mount()
    mounts = Mounts(Path(folder) if staged else None)
    command = [str(stage_binary(mounts, binary)), "--unshare-all", "--uid", "1000", "--gid", "1000"]
    command += ["--cap-drop", "ALL", "--clearenv"]
    command += [word for path in SYSTEM for word in ("--ro-bind-try", path, path)]
    command += ["--proc", "/proc", "--dev", "/dev", "--size", "65536", "--tmpfs", "/tmp"]
    command += [UNSHARE, "-U", "-p", "-n", "true"]
    if staged:
        staging.main({"folder": folder, "binds": mounts.staged, "command": command})
    os.execve(binary, command, {})
