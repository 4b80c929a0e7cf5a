"""A start-up trick: nbgrader is imported without its extensions of the Jupyter server.

nbgrader's `__init__` imports them, and with them nearly all of nbgrader and nbconvert; whoever writes a gradebook needs
`nbgrader.api` alone, and a server has imported them before it comes here. Measured with nbgrader 0.9.6 and Python 3.11,
the least of ten starts each: `import nbgrader.api`
takes 1.36 s of processor time in place of 2.25 s.

GRADBOOK_PLAIN_START=1 in the environment switches it off.
"""

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec

from .quick_start import plain_start


def put_off_server_extensions() -> None:
    """Call before importing nbgrader."""
    if plain_start() or "nbgrader" in sys.modules:
        return
    spec = find_spec("nbgrader")
    assert spec  # it is among what this package needs
    package = sys.modules["nbgrader"] = module_from_spec(spec)
    # What the rest of nbgrader asks of it.
    vars(package)["__version__"] = import_module("nbgrader._version").__version__
