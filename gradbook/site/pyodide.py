"""Pyodide, which is Python in a browser: where it comes from, and the part of it that a course needs.

A distribution is a folder of files, with a lock that has the sha256 of each package. A site gets the core, and the
packages that its homeworks import with what these depend on.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import shutil
import tarfile
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from ..errors import GradbookError

logger = logging.getLogger(__name__)

LOCK = "pyodide-lock.json"
CORE = ("pyodide.asm.wasm", "python_stdlib.zip")
# How these are called depends on the version; those that are there make up the loader.
LOADER = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.mjs", "package.json")
RELEASE = "https://github.com/pyodide/pyodide/releases/download/{version}/pyodide-{version}.tar.bz2"
ADDRESS = re.compile(r"https?://")
ARCHIVE = re.compile(r"\.(tar(\.\w+)?|t[gbx]z2?)$")


class Files(Protocol):
    """Where the files of a distribution are had from."""

    def read(self, name: str) -> bytes:
        """The content of one. Raises OSError where it cannot be had."""


@dataclass(frozen=True)
class Folder:
    path: Path

    def read(self, name: str) -> bytes:
        return (self.path / name).read_bytes()


@dataclass(frozen=True)
class Served:
    """A folder on a web server."""

    address: str

    def read(self, name: str) -> bytes:
        return _fetched(f"{self.address.rstrip('/')}/{name}")


@contextmanager
def distribution(place: str, cache: Path) -> Iterator[Pyodide]:
    """The distribution at a path or an address: a folder, or an archive of one.

    cache: a folder in which archives from elsewhere are kept. Raises GradbookError where there is none.
    """
    name = place.partition("?")[0].rpartition("/")[2]
    if ADDRESS.match(place) and not ARCHIVE.search(name):
        yield Pyodide(Served(place), place)
        return
    path = _downloaded(place, cache / name) if ADDRESS.match(place) else Path(place)
    if path.is_dir():
        yield Pyodide(Folder(path), place)
        return
    with TemporaryDirectory(prefix="gradbook-") as folder:
        _unpack(path, Path(folder))
        yield Pyodide(Folder(Path(folder)), place)


@dataclass(frozen=True)
class Pyodide:
    """A distribution. place: as it was named.

    What asks for files that are not there, or not as its lock has them, raises GradbookError.
    """

    files: Files
    place: str

    @cached_property
    def lock(self) -> dict[str, Any]:
        try:
            lock = json.loads(self._read(LOCK))
            packages = lock["packages"]
            assert all({"file_name", "sha256", "depends", "imports"} <= set(one) for one in packages.values())
        except (ValueError, LookupError, TypeError, AttributeError, AssertionError):
            raise GradbookError(f"{LOCK} of {self.place} is not one that can be read") from None
        return dict(lock)

    @property
    def packages(self) -> dict[str, Any]:
        """Name -> what the lock says of a package."""
        return dict(self.lock["packages"])

    @cached_property
    def version(self) -> str:
        """Such as 0.27.7."""
        try:
            return str(self.lock.get("info", {}).get("version") or json.loads(self._read("package.json"))["version"])
        except (ValueError, LookupError, TypeError, AttributeError):
            raise GradbookError(f"{self.place} does not tell which version of Pyodide it is") from None

    @cached_property
    def modules(self) -> dict[str, str]:
        """Name of a module -> the package that holds it."""
        return {module: name for name, one in self.packages.items() for module in one["imports"]}

    def needed(self, names: Iterable[str]) -> set[str]:
        """Packages, and all that they depend on."""
        known = {_plain(name): name for name in self.packages}
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = known.get(_plain(waiting.pop()))
            if name and name not in found:
                found.add(name)
                waiting += self.packages[name]["depends"]
        return found

    def write(self, folder: Path, names: Iterable[str]) -> None:
        """Put the core and these packages into a folder, and a lock of just these."""
        folder.mkdir(parents=True)
        for name in CORE:
            (folder / name).write_bytes(self._read(name))
        for name in LOADER:
            try:
                (folder / name).write_bytes(self.files.read(name))
            except OSError:
                logger.debug("%s is not in this version of Pyodide", name)
        kept = {name: self.packages[name] for name in sorted(names)}
        for name, one in kept.items():
            (folder / one["file_name"]).write_bytes(self._checked(name))
        (folder / LOCK).write_text(json.dumps({**self.lock, "packages": kept}))

    def _checked(self, name: str) -> bytes:
        one = self.packages[name]
        if PurePosixPath(one["file_name"]).name != one["file_name"]:
            raise GradbookError(f"{LOCK} of {self.place} has no file name for {name}")
        content = self._read(one["file_name"])
        if hashlib.sha256(content).hexdigest() != one["sha256"]:
            raise GradbookError(f"{one['file_name']} of {self.place} is not the file that {LOCK} names: get it anew")
        return content

    def _read(self, name: str) -> bytes:
        try:
            return self.files.read(name)
        except OSError as error:
            why = f"{name} is missing" if isinstance(error, FileNotFoundError) else f"{name}: {_reason(error)}"
            raise GradbookError(f"{self.place} is no Pyodide distribution with all that is needed: {why}") from None


def _plain(name: str) -> str:
    """The name of a package, however its separators are written."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _fetched(address: str) -> bytes:
    """What a web server answers. Raises OSError, FileNotFoundError where it has no such file."""
    try:
        with urllib.request.urlopen(address, timeout=60) as reply:
            return bytes(reply.read())
    except urllib.error.HTTPError as error:
        raise (FileNotFoundError if error.code == 404 else OSError)(f"{error.code} {error.reason}") from None
    except ValueError as error:
        raise OSError(str(error)) from None


def _downloaded(address: str, path: Path) -> Path:
    """The file at an address, kept from the last time or fetched now."""
    if path.is_file():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with urllib.request.urlopen(address, timeout=60) as reply, open(part, "wb") as file:
            shutil.copyfileobj(reply, file)
    except (OSError, ValueError) as error:
        part.unlink(missing_ok=True)
        text = f"{address} cannot be had ({_reason(error)}); get Pyodide elsewhere, and name it: --pyodide PATH"
        raise GradbookError(text) from None
    part.replace(path)
    return path


def _reason(error: Exception) -> str:
    text = str(getattr(error, "reason", None) or getattr(error, "strerror", None) or error)
    return text.partition("\n")[0].rstrip(":")


def _unpack(archive: Path, folder: Path) -> None:
    """The files of an archive that stand beside the lock in it."""
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                # All of a distribution stands in one folder; what is deeper belongs to none that is used.
                if member.isfile() and len(parts := PurePosixPath(member.name).parts) <= 2 and ".." not in parts:
                    content = tar.extractfile(member)
                    assert content is not None
                    with open(folder / parts[-1], "wb") as file:
                        shutil.copyfileobj(content, file)
    except (OSError, tarfile.TarError, EOFError) as error:
        raise GradbookError(f"{archive} cannot be read as an archive of Pyodide ({_reason(error)})") from None
