"""What quickens the start: other packages' imports of what only a server needs are put off."""

import os
import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType


def prepare_nbformat():
    """Call before importing nbformat: it builds grammars of web addresses and durations, over two seconds, that no
    notebook needs.
    """
    for grammar in ("rfc3987_syntax", "rfc3986_validator", "isoduration"):
        sys.modules.setdefault(grammar, None)


def prepare_nbgrader():
    """What nbgrader needs of its process: call before importing it.

    It runs `alembic` by name when it makes a gradebook, so the environment's programs must be on the PATH
    also where the environment is not activated. And it imports its extensions of the Jupyter server, setuptools
    for what unpacks archives, and what asks a JupyterHub: most of a second of what only a server needs, and a server
    has imported nbgrader before it comes here.
    """
    prepare_nbformat()
    programs, path = str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)
    if programs not in path.split(os.pathsep):
        os.environ["PATH"] = programs + os.pathsep + path
    if "nbgrader" not in sys.modules:
        package = sys.modules["nbgrader"] = module_from_spec(find_spec("nbgrader"))
        package.__version__ = import_module("nbgrader._version").__version__
        _put_off("setuptools.archive_util", "nbgrader.utils")
        _put_off("requests", "nbgrader.auth.jupyterhub")


def _put_off(name, user):
    """Import the module `user` with a stand-in for another one, of which it calls functions: a call imports that.

    name: of the other module, or of one in a package. Where it was imported already, it is left as it is.
    """
    package = name.partition(".")[0]
    if package in sys.modules:
        return
    for place in (package, name):
        sys.modules[place] = ModuleType(place)
    sys.modules[name].__getattr__ = lambda function: _calling(name, function)
    try:
        import_module(user)
    finally:
        for place in {package, name}:
            del sys.modules[place]


def _calling(name, function):
    if function.startswith("__"):
        raise AttributeError(function)
    return lambda *args, **kwargs: getattr(import_module(name), function)(*args, **kwargs)
