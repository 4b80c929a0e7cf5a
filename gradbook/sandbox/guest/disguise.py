"""What a submission is told of the folders that modules were read from: the names that the first level has for them.

Not a wall: it is so that no page shows where things stand on this machine, such as where an error says what it could
not import. What a submission finds out by looking through its own memory, it may know.
"""

import _imp
import gc
import os
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType

PREFIX = "/python"

Shown = Callable[[str], str]  # a path -> what it is called


def disguise(shown: Shown) -> None:
    """Rename everything that is imported by now, and what Python says of itself."""
    for module in [*sys.modules.values()]:
        if isinstance(module, ModuleType):
            _rename_module(module, shown)
    # Those that were imported before there was anything to rename them.
    for function in gc.get_objects():
        if isinstance(function, FunctionType) and shown(function.__code__.co_filename) != function.__code__.co_filename:
            _imp._fix_co_filename(function.__code__, shown(function.__code__.co_filename))  # type: ignore[attr-defined]
    sys.prefix = sys.exec_prefix = sys.base_prefix = sys.base_exec_prefix = PREFIX
    sys.executable = f"{PREFIX}/bin/{os.path.basename(sys.executable)}"
    sys.orig_argv = [sys.executable]
    os.environ.pop("LD_LIBRARY_PATH", None)
    os.environ["MPLCONFIGDIR"] = "/tmp/matplotlib"


def _rename_module(module: ModuleType, shown: Shown) -> None:
    # Some modules have a class of their own, which lets nothing be set.
    names = vars(module)
    names |= {name: shown(names[name]) for name in ("__file__", "__cached__") if isinstance(names.get(name), str)}
    _rename_all(names.get("__path__"), shown)
    spec = names.get("__spec__")
    if isinstance(spec, ModuleSpec):
        _rename(spec, "origin", shown)
        _rename(spec, "cached", shown)
        _rename(spec.loader, "path", shown)
        _rename_all(spec.submodule_search_locations, shown)


def _rename(owner: object, name: str, shown: Shown) -> None:
    value = getattr(owner, name, None)
    if isinstance(value, str):
        setattr(owner, name, shown(value))


def _rename_all(paths: object, shown: Shown) -> None:
    if isinstance(paths, list):
        paths[:] = map(shown, paths)
