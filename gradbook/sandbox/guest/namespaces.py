"""Linux namespaces and limits, by way of libc, for the process that runs a submission."""

import contextlib
import ctypes
import os
import resource
from collections.abc import Iterable, Mapping

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWCGROUP = 0x10000000, 0x20000000, 0x40000000, 0x02000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 0x20
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
SIGKILL = 9
DEVICES = ("null", "full", "random", "urandom", "tty")
COVERED = {"__pycache__", "test", "tests", "idlelib", "lib2to3"}

libc = ctypes.CDLL(None, use_errno=True)


def call(name: str, *args: object) -> None:
    """Call a function of libc. Raises OSError where it fails."""
    if getattr(libc, name)(*args) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    call("unshare", flags)


def setns(fd: int, kind: int) -> None:
    call("setns", fd, kind)


def mount(kind: str, target: str, options: str, flags: int = MS_NOSUID | MS_NODEV) -> None:
    call("mount", kind.encode(), target.encode(), kind.encode(), flags, options.encode())


def own_user_namespace(also: int = 0) -> None:
    """Enter a new user namespace in which this process keeps its numbers and may set up the others."""
    uid, gid = os.getuid(), os.getgid()
    unshare(CLONE_NEWUSER | also)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def own_pid_namespace() -> None:
    """Go on as the first process of a PID namespace that a user namespace of our own holds, with a network of its own.

    Only who holds a namespace may return to it, which the warm parent does after each fork.
    """
    own_user_namespace(CLONE_NEWPID | CLONE_NEWNET)
    die_with_parent()
    child = os.fork()
    if child:
        os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)
    die_with_parent()


def keep_to(processor: int | None) -> None:
    """Run on one processor only, with all that is forked from here. processor: its number, or None for any."""
    if processor is not None:
        # Where it was taken from this machine meanwhile, any will do.
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, {processor})


def be_first_to_go() -> None:
    """Where the machine's memory runs out, the kernel ends a submission, and not who grades it."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def die_with_parent() -> None:
    call("prctl", PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)


def to_hide(tops: Iterable[str]) -> list[str]:
    """The folders below these that no submission needs.

    That is every __pycache__, as a compiled module names the file that it was compiled from, by its path on the
    machine. Tests that packages bring along go whole: fewer mounts, which each child pays for.
    """
    found = []
    for top in tops:
        for folder, subfolders, _ in os.walk(top):
            for name in COVERED.intersection(subfolders):
                subfolders.remove(name)
                found.append(f"{folder}/{name}")
    return found


def hide(folders: Iterable[str]) -> None:
    """Cover these folders, in a mount namespace that later children start from.

    And terminals; of the devices, which are the machine's own, a submission could change the times.
    """
    unshare(CLONE_NEWNS)
    call("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)
    empty = os.path.join(os.environ["HOME"], "empty")
    os.makedirs(empty, exist_ok=True)
    # Read-only, or one submission could leave there what the next one imports.
    mount("tmpfs", empty, "size=4096,nr_inodes=1,mode=555", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)
    call("mount", empty.encode(), b"/dev/pts", None, MS_BIND, None)
    for name in DEVICES:
        call("mount", None, f"/dev/{name}".encode(), None, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID, None)
    for folder in folders:
        call("mount", empty.encode(), folder.encode(), None, MS_BIND, None)


def enclose(limits: Mapping[str, int]) -> None:
    """Shut this process, the first of its PID namespace, into namespaces and a /tmp of its own.

    limits: `memory`, `tmp`, `file` (bytes), `inodes`, `files`, `processes`, `cpu` (seconds).
    Afterwards it has no capability, sees no /proc, and cannot gain privileges.
    """
    die_with_parent()
    own_user_namespace(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP)
    call("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)
    mount("tmpfs", "/tmp", f"size={limits['tmp']},nr_inodes={limits['inodes']},mode=1777")
    mount("tmpfs", "/dev/shm", f"size={limits['tmp']},nr_inodes={limits['inodes']},mode=1777")
    # Mapped and shared, /dev/zero is memory that no limit knows.
    call("mount", b"/dev/null", b"/dev/zero", None, MS_BIND, None)
    # Nothing in /proc is needed to run a notebook, and much of it speaks of the machine.
    mount("tmpfs", "/proc", "size=4096,nr_inodes=2,mode=555", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)
    drop_capabilities()
    restrict(limits)


def restrict(limits: Mapping[str, int]) -> None:
    """The limits that hold for each process of a submission."""
    for name, value in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_FSIZE, limits["file"]),
        (resource.RLIMIT_NOFILE, limits["files"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_CPU, limits["cpu"]),
        # At 1 the kernel does not even give what crashed to the machine's collector, which 0 leaves to that.
        (resource.RLIMIT_CORE, 1),
        (resource.RLIMIT_SIGPENDING, 256),
    ):
        limit(name, value)


def limit(name: int, value: int) -> None:
    """Have at most so much, for good. Where less is had already, it stays at that."""
    _, hard = resource.getrlimit(name)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(name, (value, value))


def drop_capabilities() -> None:
    """Give up all of them for good, and with them what a program could gain."""
    for capability in range(64):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    call("capset", header, (ctypes.c_uint32 * 6)())
