"""What a sandbox holds beside Python and its standard library, the same in each way to start one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

DISTRIBUTIONS = ("numpy", "matplotlib", "ipython", "matplotlib-inline")
MODULES = ("numpy", "numpy.random", "IPython", "matplotlib.pyplot", "matplotlib.backends.backend_agg")

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
