"""Run a command of root's as an ordinary user who can read this checkout and this Python, wherever they stand.

Folders on the way that are closed to others are covered, in a mount namespace of this process alone, by ones
that hold just what is needed. Use: python tests/as_user.py COMMAND [ARGUMENT …]
"""

import os
import sys
import tempfile
from pathlib import Path

from gradbook.sandbox.guest import namespaces as ns

NOBODY = 65534


def closed_ancestor(path):
    """The outermost folder above `path` that others may not enter, or None."""
    for folder in [*reversed(path.parents)]:
        if not folder.stat().st_mode & 0o001:
            return folder
    return None


def open_up(path):
    """Let others reach `path`, in this process's own view of the files."""
    closed = closed_ancestor(path)
    if closed is None:
        return
    kept = tempfile.mkdtemp()
    ns.call("mount", str(path).encode(), kept.encode(), None, ns.MS_BIND | ns.MS_REC, None)
    ns.mount("tmpfs", str(closed), "mode=755")
    path.mkdir(parents=True)
    ns.call("mount", kept.encode(), str(path).encode(), None, ns.MS_BIND | ns.MS_REC, None)


def main(command):
    ns.unshare(ns.CLONE_NEWNS)
    ns.call("mount", None, b"/", None, ns.MS_REC | ns.MS_PRIVATE, None)
    for path in {Path(sys.base_prefix).resolve(), Path(__file__).resolve().parent.parent}:
        open_up(path)
    os.chdir(Path(__file__).resolve().parent.parent)
    home = tempfile.mkdtemp()
    os.chown(home, NOBODY, NOBODY)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "PYTEST_"))}
    os.execvpe(command[0], command, {**environment, "HOME": home, "TMPDIR": home, "PYTHONDONTWRITEBYTECODE": "1"})


if __name__ == "__main__":
    main(sys.argv[1:])
