"""Other systems, as far as Python sees them: an interpreter without what Windows or macOS have not got.

A folder with a `sitecustomize.py` that calls `be` makes every Python such a one that has it in PYTHONPATH.
"""

import os
import signal
import socket
import sys
from pathlib import Path

WINDOWS, MACOS = "windows", "macos"
NOT_LINUX = {
    os: "memfd_create sched_getaffinity sched_setaffinity pidfd_open setresuid setresgid setns unshare getrandom",
    socket: "SOCK_CLOEXEC AF_NETLINK",
    signal: "SIGPWR SIGSTKFLT",
}
NOT_WINDOWS = {
    os: "fork forkpty register_at_fork setsid setpgid getpgid killpg getuid geteuid getgid getegid getgroups setuid "
    "setgid chown lchown fchmod sysconf nice mkfifo wait wait3 wait4 waitid "
    "O_NOFOLLOW O_NONBLOCK O_CLOEXEC O_DIRECTORY",
    socket: "AF_UNIX SOCK_SEQPACKET SO_RCVTIMEO SO_SNDTIMEO send_fds recv_fds CMSG_LEN SCM_RIGHTS",
    signal: "SIGKILL SIGALRM SIGCHLD SIGUSR1 SIGUSR2 SIGHUP SIGXCPU setitimer getitimer ITIMER_REAL ITIMER_PROF alarm "
    "pause pthread_kill pthread_sigmask sigwait",
}
POSIX = ("fcntl", "resource", "pwd", "grp", "termios", "pty", "tty", "syslog")  # modules of Python
ANSWER = "GRADBOOK_TEST_MODULES"  # names a file for the modules that were imported in the end


def be(system):
    """Go on as such a system."""
    # Once imported, these stay what they are on the system that this really is.
    import subprocess  # noqa: F401
    import sysconfig
    import urllib.request  # noqa: F401

    import platformdirs.unix  # noqa: F401

    sysconfig.get_config_vars()
    for owner, names in NOT_LINUX.items() if system == MACOS else [*NOT_LINUX.items(), *NOT_WINDOWS.items()]:
        for name in names.split():
            if hasattr(owner, name):
                delattr(owner, name)
    if system == MACOS:
        sys.platform = "darwin"
    else:
        sys.modules.update(dict.fromkeys(POSIX))
    if os.environ.get(ANSWER):
        _tell_in_the_end(Path(os.environ.pop(ANSWER)))


def _tell_in_the_end(path):
    import atexit

    atexit.register(lambda: path.write_text("\n".join(name for name in sys.modules if sys.modules[name])))


def environment(system, folder):
    """The environment in which all Pythons are such ones. folder: for what makes them so."""
    line = f"import sys; sys.path.append({str(Path(__file__).parent)!r}); import systems; systems.be({system!r})\n"
    (folder / "sitecustomize.py").write_text(line + f"sys.path.remove({str(Path(__file__).parent)!r})\n")
    return {**os.environ, "PYTHONPATH": str(folder), ANSWER: str(folder / "modules.txt")}
