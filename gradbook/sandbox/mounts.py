"""What the sandbox holds: the list in `describe` is all that exists in there."""

import contextlib
import json
import os
import py_compile
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .distributions import importable

GUEST = Path(__file__).parent / "guest"
SYSTEM = ("/usr/bin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/bin", "/lib", "/lib32", "/lib64")
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp/home",
    "LANG": "C.UTF-8",
    "IPYTHONDIR": "/tmp/ipython",
    "MPLCONFIGDIR": "/tmp/matplotlib",
    "MPLBACKEND": "agg",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
}


@dataclass
class Mounts:
    """What the sandbox holds: arguments of bubblewrap, descriptors they refer to, and what they show.

    staging: a folder under which everything is shown first, or None to show it from where it is.
    """

    staging: Path | None
    arguments: list[str] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)
    staged: list[tuple[str, str]] = field(default_factory=list)

    def add(self, *arguments: object) -> None:
        self.arguments += map(str, arguments)

    def show(self, source: str | Path, target: str | Path) -> None:
        """Make a file or folder of this machine readable at `target`."""
        self.add("--ro-bind", self.stage(source, f"{len(self.staged)}"), target)

    def stage(self, source: str | Path, name: str) -> Path:
        """The path by which bubblewrap will find `source`."""
        if self.staging is None:
            return Path(source)
        self.staged.append((str(source), name))
        return self.staging / name

    def cover(self, target: Path) -> None:
        """Have nothing at `target`, for good: what one submission could leave there, the next would find."""
        self.add("--tmpfs", target, "--remount-ro", target)

    def write(self, content: bytes, target: str | Path) -> None:
        """Put a new read-only file at `target`."""
        self.add("--perms", "0444", "--ro-bind-data", self.file(content), target)

    def file(self, content: bytes) -> int:
        """A descriptor from which `content` can be read."""
        self.descriptors.append(in_memory(content))
        return self.descriptors[-1]

    def close(self) -> None:
        for fd in self.descriptors:
            os.close(fd)


def in_memory(content: bytes) -> int:
    """A descriptor of a file in memory, from which this can be read."""
    file = os.memfd_create("content")
    os.write(file, content)
    os.lseek(file, 0, os.SEEK_SET)
    return file


def describe(mounts: Mounts, files: Mapping[str, bytes], distributions: Iterable[str]) -> str:
    """Write down all that the sandbox holds. Returns the interpreter's path inside.

    files: name -> content of the homework's helper files. distributions: what can be imported.
    """
    mounts.add("--unshare-all", "--uid", 1000, "--gid", 1000, "--cap-drop", "ALL", "--hostname", "sandbox")
    # Bubblewrap's own first process ends without a word of what was used in there; ours is waited for.
    mounts.add("--die-with-parent", "--new-session", "--as-pid-1", "--clearenv")
    for name, value in ENVIRONMENT.items():
        mounts.add("--setenv", name, value)
    _show_system(mounts)
    python = _show_python(mounts)
    for name, path in sorted(importable(distributions).items()):
        mounts.show(path, f"/site/{name}")
    mounts.show(GUEST, "/guest/guest")
    for name, content in {**files, **_compiled(files)}.items():
        mounts.write(content, f"/course/{name}")
    mounts.add("--proc", "/proc", "--dev", "/dev", "--size", 64 << 20, "--tmpfs", "/tmp")
    for name, content in fonts().items():
        mounts.add("--perms", "0644", "--file", mounts.file(content), f"{ENVIRONMENT['MPLCONFIGDIR']}/{name}")
    mounts.add("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp")
    return python


def _show_system(mounts: Mounts) -> None:
    """The machine's programs and libraries, and a list of users that names one."""
    for path in SYSTEM:
        if os.path.islink(path):
            mounts.add("--symlink", os.readlink(path), path)
        elif os.path.isdir(path):
            mounts.show(path, path)
    if os.path.exists("/etc/ld.so.cache"):
        mounts.show("/etc/ld.so.cache", "/etc/ld.so.cache")
    mounts.write(b"student:x:1000:1000::/tmp/home:/bin/sh\n", "/etc/passwd")


def _show_python(mounts: Mounts) -> str:
    """The interpreter and its standard library, without anything installed into it. Returns its path inside."""
    base, version = Path(sys.base_prefix), f"python{sys.version_info.major}.{sys.version_info.minor}"
    prefix = base if base == Path("/usr") else Path("/python")
    if prefix != base:
        _move_python(mounts, base, prefix, version)
    for folder in sorted(Path("/usr/lib").glob("python3*/*-packages")):
        if folder.is_dir() and not folder.is_symlink():
            mounts.cover(folder)
    return str(prefix / "bin" / version)


def _move_python(mounts: Mounts, base: Path, prefix: Path, version: str) -> None:
    """Show an interpreter that is not the system's own at `prefix`, where nothing names the folder it stands in."""
    standard = Path(sysconfig.get_path("stdlib", vars={"installed_base": str(base)}))
    mounts.show(base / "bin" / version, prefix / "bin" / version)
    mounts.show(standard, prefix / "lib" / version)
    for library in sorted((base / "lib").glob("libpython*.so*")):
        mounts.show(library, prefix / "lib" / library.name)
    # What the interpreter was built with names the folder it stands in here.
    for settings in standard.glob("_sysconfigdata*.py"):
        text = settings.read_text().replace(str(base), str(prefix))
        mounts.write(text.encode(), prefix / "lib" / version / settings.name)
    for folder in standard.glob("config-*"):
        mounts.cover(prefix / "lib" / version / folder.name)
    mounts.add("--setenv", "LD_LIBRARY_PATH", prefix / "lib")
    mounts.cover(prefix / "lib" / version / "site-packages")


def _compiled(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Path -> byte code of the helper files: each submission imports them, and none can keep what it compiled."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in (name for name in files if name.endswith(".py")):
            path = Path(folder) / name
            path.write_bytes(files[name])
            with contextlib.suppress(py_compile.PyCompileError):
                mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
                py_compile.compile(str(path), dfile=f"/course/{name}", doraise=True, invalidation_mode=mode)
        for path in Path(folder).glob("__pycache__/*.pyc"):
            found[str(path.relative_to(folder))] = path.read_bytes()
    return found


def fonts() -> dict[str, bytes]:
    """Name -> content of Matplotlib's lists of fonts, where this machine has any: to make one takes 0.2 s.

    Only the fonts that Matplotlib brings along are left in them; the machine's own are not in the sandbox.
    """
    try:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "matplotlib"
    except RuntimeError:  # nobody's home is known
        return {}
    found = {}
    for path in Path(os.environ.get("MPLCONFIGDIR") or cache).glob("fontlist-v*.json"):
        # Where it is not what it should be, the sandbox makes its own.
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            listed = json.loads(path.read_text())
            for kind in ("afmlist", "ttflist"):
                listed[kind] = [font for font in listed[kind] if not os.path.isabs(font["fname"])]
            found[path.name] = json.dumps(listed).encode()
    return found
