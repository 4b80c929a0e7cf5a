"""Modules that are read before the door is shut, and imported from memory after it.

What a submission may import is what the sandbox of the first level shows: the standard library, the packages that the
homework needs, the helper files. The same importer serves the warm parent's own imports, so nothing else comes in.
"""

from __future__ import annotations

import _imp
import contextlib
import ctypes
import importlib.util
import marshal
import mmap
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import DistributionFinder, PathDistribution

SITE = "/site"  # the entry of sys.path under which the packages are found
LEFT_OUT = {"__pycache__", "test", "tests", "idlelib", "lib2to3", "site-packages", "dist-packages"}
DATA = (".ttf", ".afm")  # what Matplotlib reads when it first draws a letter
METADATA = ".dist-info"  # the end of the name of a folder that describes a package; all in there is data
OPENED_BY_OTHERS = "_tkinter"  # by its path, of Matplotlib's and Pillow's modules that draw with it
HEADER = 16  # bytes of a compiled module before its code (CPython: Lib/importlib/_bootstrap_external.py)


class Store:
    """Contents of files, many of them, in memory of which a fork copies nothing: it is that of a file without a name.

    A process that writes there has a copy of its own.
    """

    def __init__(self) -> None:
        self.file, self.size = os.memfd_create("library"), 0
        self.memory: mmap.mmap | None = None

    def add(self, content: bytes) -> slice:
        """Keep this; the place where it is."""
        start, self.size = self.size, self.size + os.write(self.file, content)
        return slice(start, self.size)

    def settle(self) -> None:
        """Nothing more comes."""
        self.memory = mmap.mmap(self.file, self.size, mmap.MAP_PRIVATE, mmap.PROT_READ)
        os.close(self.file)

    def __getitem__(self, place: slice) -> bytes:
        assert self.memory
        return self.memory[place]


class Library:
    """A finder for sys.meta_path. packages: name -> path of a package or module.

    folders: path -> what it is called in tracebacks, of those whose modules it has, too.
    """

    def __init__(self, packages: Mapping[str, str], folders: Mapping[str, str]) -> None:
        self.modules: dict[str, dict[str, str]] = {SITE: {}}  # folder -> name -> path of its file, or of its folder
        self.content = Store()
        self.files: dict[str, slice] = {}  # path -> where its content is
        self.compiled: dict[str, slice] = {}  # path of a module -> where its compiled form is, if it has one
        self.extensions: list[str] = []
        self.names: dict[str, str] = {}  # beginning of a path on this machine -> what it is called
        self.real: dict[str, str] = {}  # what a compiled module's path is called -> that path
        for folder, name in folders.items():
            self._read(folder, name)
        for name, path in packages.items():
            if os.path.isdir(path):
                self.modules[SITE][name] = path
                self._read(path, f"{SITE}/{name}")
            else:
                self.names[path] = f"{SITE}/{os.path.basename(path)}"
                self._take(SITE, path, os.path.basename(path))
        self.content.settle()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """See importlib.abc.MetaPathFinder."""
        portions = []
        for folder in path if path is not None else sys.path:
            place = self.modules.get(folder, {}).get(name.rpartition(".")[2])
            if place is None:
                continue
            if place not in self.modules:
                return self._spec(name, place)
            start = self.modules[place].get("__init__")
            if start:
                return self._spec(name, start, place)
            portions.append(place)
        if not portions:
            return None
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = portions
        return spec

    def data(self) -> dict[str, bytes]:
        """Path -> content of the files that are no modules: by what they are called, and as readers knew them."""
        found = {path: self.content[place] for path, place in self.files.items() if _is_data(path)}
        return found | {self.shown(path): content for path, content in found.items()}

    def find_distributions(self, context: DistributionFinder.Context) -> Iterator[PathDistribution]:
        """See importlib.metadata.DistributionFinder: Matplotlib asks so for the backend that draws in notebooks."""
        from importlib.metadata import PathDistribution
        from pathlib import Path

        for folder in self.modules[SITE].values():
            if folder.endswith(METADATA):
                found = PathDistribution(Path(folder))
                if context.name in (None, found.name):
                    yield found

    def open_extensions(self) -> None:
        """Have all compiled modules mapped: the loader finds them by their names when one is imported.

        What needs a library that this machine has not got stays what it is, a module that cannot be imported.
        """
        for path in self.extensions:
            with contextlib.suppress(OSError):
                ctypes.CDLL(path, mode=os.RTLD_LAZY)

    def rename(self) -> None:
        """Go on by what everything is called."""
        self.real = {self.shown(path): path for path in self.extensions}
        self.files = {self.shown(path): place for path, place in self.files.items()}
        self.compiled = {self.shown(path): place for path, place in self.compiled.items()}
        self.modules = {
            self.shown(folder): {name: self.shown(path) for name, path in inside.items()}
            for folder, inside in self.modules.items()
        }

    def _spec(self, name: str, path: str, folder: str | None = None) -> ModuleSpec | None:
        extension = path.endswith(tuple(EXTENSION_SUFFIXES))
        loader = _Extension(name, path, self.real.get(path, path)) if extension else _Loader(name, path, self)
        locations = [folder] if folder else None
        return importlib.util.spec_from_file_location(name, path, loader=loader, submodule_search_locations=locations)

    def _read(self, top: str, shown: str) -> None:
        """Take in all modules below a folder. shown: what its path is called in the code that is read."""
        self.names[top] = shown
        for folder, subfolders, names in os.walk(top):
            subfolders[:] = [name for name in subfolders if name not in LEFT_OUT]
            self.modules.setdefault(folder, {}).update({name: f"{folder}/{name}" for name in subfolders})
            for name in names:
                self._take(folder, f"{folder}/{name}", name)

    def _take(self, folder: str, path: str, name: str) -> None:
        module = name.partition(".")[0]
        if name.endswith(".py"):
            self.modules[folder][module] = path
            self.files[path] = self.content.add(_bytes(path))
            compiled = _compiled(path)
            if compiled:
                self.compiled[path] = self.content.add(compiled)
        elif name.endswith(tuple(EXTENSION_SUFFIXES)):
            self.modules[folder][module] = path
            self.extensions.append(path)
        elif _is_data(path):
            self.files[path] = self.content.add(_bytes(path))

    def shown(self, path: str) -> str:
        """What a file is called in a traceback: as in the other sandbox, not by its place on this machine."""
        if path in self.names:
            return self.names[path]
        folder, slash, name = path.rpartition("/")
        return (self.shown(folder) if folder else "") + slash + name


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, library: Library) -> None:
        super().__init__(name, path)
        self.library = library

    def get_code(self, fullname: str) -> CodeType:
        library, shown = self.library, self.library.shown(self.path)
        if self.path in library.compiled:
            content = library.content[library.compiled[self.path]]
            code: CodeType = marshal.loads(memoryview(content)[HEADER:])
            # As importlib does it; to make each code object anew takes 0.2 s for all of them.
            _imp._fix_co_filename(code, shown)  # type: ignore[attr-defined]
            return code
        return compile(self.get_data(self.path), shown, "exec", dont_inherit=True)

    def get_data(self, path: str) -> bytes:
        """Also what tracebacks show a line of, and what PyTorch reads of its own settings."""
        try:
            return self.library.content[self.library.files[path]]
        except KeyError:
            raise FileNotFoundError(path) from None


class _Extension(ExtensionFileLoader):
    """real: the path by which the C library knows it."""

    def __init__(self, name: str, path: str, real: str) -> None:
        super().__init__(name, path)
        self.real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return super().create_module(ModuleSpec(spec.name, self, origin=self.real))

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        if self.name != OPENED_BY_OTHERS:
            module.__file__ = self.path


def _is_data(path: str) -> bool:
    return path.endswith(DATA) or os.path.dirname(path).endswith(METADATA)


def _compiled(path: str) -> bytes | None:
    """The compiled form of a module that stands beside it, where it is one of this very file."""
    try:
        content, now = _bytes(importlib.util.cache_from_source(path)), os.stat(path)
    except OSError:
        return None
    made_of = int(now.st_mtime) & 0xFFFFFFFF, now.st_size & 0xFFFFFFFF
    flags, when, size = (int.from_bytes(content[at : at + 4], "little") for at in (4, 8, 12))
    if content[:4] != importlib.util.MAGIC_NUMBER or (not flags and (when, size) != made_of):
        return None
    return content


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
