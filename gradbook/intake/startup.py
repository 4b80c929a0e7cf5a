"""What nbgrader needs of its process."""

import os
import sys
from pathlib import Path

from .gradebook_version import read_version_here
from .grammars import prepare_nbformat
from .nbgrader_imports import put_off_what_a_server_needs


def prepare_nbgrader() -> None:
    """Call before importing nbgrader, which imports nbformat.

    It runs `alembic` by name when it makes a gradebook, so the environment's programs must be on the PATH also where
    the environment is not activated.
    """
    prepare_nbformat()
    put_off_what_a_server_needs()
    programs, path = str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)
    if programs not in path.split(os.pathsep):
        os.environ["PATH"] = programs + os.pathsep + path
    read_version_here()
