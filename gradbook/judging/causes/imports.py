"""What an import did not find."""

import ast
import re

from ..bindings import Sources
from . import numpy_names
from .failure import Failure


def not_there(failure: Failure) -> str | None:
    """What to say of a module that is not installed, or of a name that NumPy does not have."""
    message, sources = failure.error.message, failure.sources
    missing = re.fullmatch(r"No module named '([\w.]+)'.*", message)
    if missing:
        return _not_installed(missing[1], sources)
    name = re.match(r"cannot import name '(\w+)' from 'numpy'", message)
    return numpy_names.instead(name[1]) if name and name[1] in sources.words else None


def _not_installed(module: str, sources: Sources) -> str | None:
    top = module.partition(".")[0]
    nodes = [node for tree in sources.trees.values() for node in ast.walk(tree)]
    imported = {alias.name.partition(".")[0] for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    imported |= {(n.module or "").partition(".")[0] for n in nodes if isinstance(n, ast.ImportFrom)}
    if top not in imported:
        return None
    if top in ("numpy", "matplotlib"):
        return f"Your code imports a module of {top} that is not there; it should import one that is."
    return f"Your code imports {top}, and {top} is not installed where this is graded; NumPy and Matplotlib should do."
