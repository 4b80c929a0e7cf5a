"""Starting the first process of a sandbox, at one level or another; which one is had here is found by `ladder`."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .contents import Contents, Folder
from .distributions import importable
from .guest import packets
from .guest.levels import Bare
from .guest.start import Plan
from .guest.tight import Tight
from .mounts import ENVIRONMENT, GUEST, fonts, in_memory

# What is to be done is read from an open file: all that runs in there can read its command line.
START = (
    "import json, os, sys; sys.path.insert(0, {guest!r}); from guest import start"
    "; start.main(json.load(os.fdopen({plan})))"
)
HERE = str(GUEST.parent)
FIRST_WORD = 60.0  # seconds within which it says that it runs


@dataclass
class Started:
    """A running sandbox: its process, the socket that leads to it, and the folder that it needs while it runs."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    folder: Folder | None

    def level(self) -> str:
        """The level that it has, as soon as it knows. Raises EOFError or OSError where it does not come to run."""
        self.control.settimeout(FIRST_WORD)
        said, _ = packets.receive(self.control)
        self.control.settimeout(None)
        return str(said["level"])

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


def start_tight(control: socket.socket, contents: Contents) -> tuple[subprocess.Popen[bytes], Folder]:
    """Start one of the second level, see `guest.tight`."""
    folder = contents.folder()
    environment = _environment(folder)
    plan = plan_for(contents, control, Tight.name, folder.name)
    plan["packages"] = {name: str(path) for name, path in importable(contents.distributions).items()}
    plan["standard"] = sysconfig.get_path("stdlib", vars={"installed_base": sys.base_prefix})
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if list(Path(sys.base_prefix, "lib").glob("libpython*.so*")):
        environment["LD_LIBRARY_PATH"] = f"{sys.base_prefix}/lib"
    command = [f"{sys.base_prefix}/bin/{version}", "-S", "-s", "-P", "-B"]
    return _begin_with(plan, command, environment, "/"), folder


def start_bare(control: socket.socket, contents: Contents) -> tuple[subprocess.Popen[bytes], Folder]:
    """Start one that is none: the submissions have the rights of who grades."""
    folder = contents.folder()
    plan = plan_for(contents, control, Bare.name, folder.name)
    return _begin_with(plan, [sys.executable], _environment(folder), None), folder


def _environment(folder: Folder) -> dict[str, str]:
    """The environment where this machine's files are seen.

    Matplotlib's own stand in this folder: in /tmp, where it would look for them, anybody may have put some.
    """
    drawing = Path(folder.name) / "matplotlib"
    drawing.mkdir()
    for name, content in fonts().items():
        (drawing / name).write_bytes(content)
    return {**ENVIRONMENT, "MPLCONFIGDIR": str(drawing)}


def plan_for(
    contents: Contents, control: socket.socket, level: str, course: str, guest: str = HERE, path: Sequence[str] = ()
) -> Plan:
    """What the first process of a sandbox is to do, see `guest.start.Plan`."""
    return Plan(
        guest=guest, control=control.fileno(), level=level, path=list(path), course=course, modules=contents.modules
    )


def _begin_with(plan: Plan, command: list[str], env: Mapping[str, str], cwd: str | None) -> subprocess.Popen[bytes]:
    file = in_memory(json.dumps(plan).encode())
    try:
        return begin([*command, "-c", first_line(plan, file)], [plan["control"], file], env, cwd)
    finally:
        os.close(file)


def first_line(plan: Plan, file: int) -> str:
    """What the first process runs. file: number of the open file from which it reads the plan."""
    return START.format(guest=plan["guest"], plan=file)


def begin(
    command: list[str], descriptors: Sequence[int], env: Mapping[str, str], cwd: str | None
) -> subprocess.Popen[bytes]:
    """Start a process that says on standard error what is to be said of it, with these open files."""
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
