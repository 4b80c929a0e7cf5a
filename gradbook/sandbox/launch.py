"""Starting the first process of a sandbox, at one level or another; which one is had here is found by `ladder`."""

from __future__ import annotations

import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .distributions import importable
from .guest import packets
from .mounts import ENVIRONMENT, GUEST, fonts

DISTRIBUTIONS = ("numpy", "matplotlib", "ipython", "matplotlib-inline")
MODULES = ("numpy", "numpy.random", "IPython", "matplotlib.pyplot", "matplotlib.backends.backend_agg")
START = (
    "import sys; sys.path[:] = {path!r} + [p for p in sys.path if p]; from guest import levels, start, tight; "
    "sys.path.remove({guest!r}); start.main({control}, {level}, {modules!r}, {course!r})"
)
FIRST_WORD = 60.0  # seconds within which it says that it runs

Folder = tempfile.TemporaryDirectory[str]


@dataclass(frozen=True)
class Contents:
    """What a sandbox holds beside Python and its standard library.

    files: name -> bytes, the homework's helper files, as the submission will see them. distributions: what can be
    imported. modules: what is imported before the first submission comes.
    """

    files: Mapping[str, bytes]
    distributions: tuple[str, ...]
    modules: tuple[str, ...]

    @classmethod
    def of(cls, files: Mapping[str, bytes], distributions: Iterable[str], modules: Iterable[str]) -> Contents:
        """Those of a homework, which imports this besides what every notebook does."""
        return cls(files, (*DISTRIBUTIONS, *distributions), (*MODULES, *modules))

    def folder(self) -> Folder:
        """A new folder with the helper files in it."""
        folder = Folder(prefix="gradbook-")
        for name, content in self.files.items():
            (Path(folder.name) / name).write_bytes(content)
        return folder

    def line(self, path: Sequence[str], control: socket.socket, level: str, course: str) -> str:
        """What the first process runs. path: the folders to begin sys.path with, of which the first holds the guest.

        level: as Python makes it. course: the folder of the helper files.
        """
        return START.format(
            path=list(path),
            guest=path[0],
            control=control.fileno(),
            level=level,
            modules=list(self.modules),
            course=course,
        )


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
    drawing = Path(folder.name) / "matplotlib"
    drawing.mkdir()
    for name, content in fonts().items():
        (drawing / name).write_bytes(content)
    packages = {name: str(path) for name, path in importable(contents.distributions).items()}
    standard = sysconfig.get_path("stdlib", vars={"installed_base": sys.base_prefix})
    level = f"tight.Tight({packages!r}, {standard!r}, {folder.name!r})"
    line = contents.line([str(GUEST.parent)], control, level, folder.name)
    python = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    environment = {**ENVIRONMENT, "MPLCONFIGDIR": str(drawing), "LD_LIBRARY_PATH": f"{sys.base_prefix}/lib"}
    process = begin([str(python), "-S", "-s", "-P", "-B", "-c", line], [control.fileno()], environment, "/")
    return process, folder


def start_bare(control: socket.socket, contents: Contents) -> tuple[subprocess.Popen[bytes], Folder]:
    """Start one that is none: the submissions have the rights of who grades."""
    folder = contents.folder()
    line = contents.line([str(GUEST.parent)], control, "levels.Bare()", folder.name)
    return begin([sys.executable, "-c", line], [control.fileno()], ENVIRONMENT, None), folder


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
