"""A start-up trick: nbgrader is imported without what only a server needs, or an archive.

nbgrader's `__init__` imports its extensions of the Jupyter server, and with them nearly all of nbgrader and nbconvert;
its gradebook imports setuptools for what unpacks archives, and requests for what asks a JupyterHub. Whoever writes a
gradebook needs `nbgrader.api` alone, and a server has imported the rest before it comes here. Measured with nbgrader
0.9.6 and Python 3.11, the least of ten starts each: `import nbgrader.api` takes 1.1 s of processor time in place of
2.25 s.

GRADBOOK_PLAIN_START=1 in the environment switches it off.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

from .quick_start import plain_start


def put_off_what_a_server_needs() -> None:
    """Call before importing nbgrader."""
    if plain_start() or "nbgrader" in sys.modules:
        return
    spec = find_spec("nbgrader")
    assert spec  # it is among what this package needs
    package = sys.modules["nbgrader"] = module_from_spec(spec)
    # What the rest of nbgrader asks of it.
    vars(package)["__version__"] = import_module("nbgrader._version").__version__
    _put_off("setuptools.archive_util", "nbgrader.utils")
    _put_off("requests", "nbgrader.auth.jupyterhub")


def _put_off(name: str, user: str) -> None:
    """Import the module `user` with a stand-in for another one, of which it calls functions: a call imports that.

    name: of the other module, or of one in a package. Where it was imported already, it is left as it is.
    """
    package = name.partition(".")[0]
    if package in sys.modules:
        return
    for place in (package, name):
        sys.modules[place] = ModuleType(place)
    vars(sys.modules[name])["__getattr__"] = lambda function: _calling(name, function)
    try:
        import_module(user)
    finally:
        for place in {package, name}:
            del sys.modules[place]


def _calling(name: str, function: str) -> Callable[..., Any]:
    if function.startswith("__"):
        raise AttributeError(function)
    return lambda *args, **kwargs: getattr(import_module(name), function)(*args, **kwargs)
