"""What a process imports before the first line of a student runs in it, or in one that it forks."""

import contextlib
import importlib
import sys
from collections.abc import Iterable

from .shell import Shell, make_shell

HELPERS = "course_helpers"  # what every notebook of a course imports


def warm_up(modules: Iterable[str], course: str) -> Shell:
    """Import what submissions will, and what their helper files do; gives the shell that their cells will run in.

    modules: names. course: the folder of the homework's helper files.
    """
    for name in modules:
        importlib.import_module(name)
    sys.path.insert(0, course)
    # Where they cannot be imported, the cell that asks for them shows why.
    with contextlib.suppress(BaseException):
        importlib.import_module(HELPERS)
    return make_shell()
