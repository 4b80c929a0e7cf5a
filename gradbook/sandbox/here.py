"""Whether a sandbox can be looked for on this system at all. Where not, nothing of one is to be imported."""

import importlib
import os
import sys


def may_be_had() -> bool:
    """Whether this is Linux, with what a sandbox is made of."""
    return sys.platform == "linux" and hasattr(os, "fork") and all(map(_is_there, ("fcntl", "resource")))


def _is_there(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True
