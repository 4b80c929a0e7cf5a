"""Run a command of root's as an ordinary user who can read this checkout and this Python, wherever they stand.

Folders on the way that are closed to others are covered, in a mount namespace of this process alone, by ones
that hold just what is needed. Use: python tests/as_user.py COMMAND [ARGUMENT …]
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from gradbook.sandbox.guest import namespaces as ns

NOBODY = 65534
ROOT = Path(__file__).resolve().parent.parent


def closed_ancestor(path):
    """The outermost folder above `path` that others may not enter, or None."""
    for folder in [*reversed(path.parents)]:
        if not folder.stat().st_mode & 0o001:
            return folder
    return None


def own_view():
    """From here on, what this process mounts is seen by it and what it starts alone."""
    ns.unshare(ns.CLONE_NEWNS)
    ns.call("mount", None, b"/", None, ns.MS_REC | ns.MS_PRIVATE, None)


def open_up(path):
    """Let others reach `path`, in this process's own view of the files."""
    closed = closed_ancestor(path)
    if closed is None:
        return
    # What a descriptor holds can be mounted also where the way to it is covered.
    kept = os.open(path, os.O_PATH)
    ns.mount("tmpfs", str(closed), "mode=755")
    path.mkdir(parents=True)
    ns.call("mount", f"/proc/self/fd/{kept}".encode(), str(path).encode(), None, ns.MS_BIND | ns.MS_REC, None)
    os.close(kept)


def open_all():
    """Let others reach this checkout and this Python."""
    for path in {Path(sys.base_prefix).resolve(), ROOT}:
        open_up(path)


def become(user):
    """Go on as an ordinary user, by number, without any privilege."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def environment(home):
    """The environment without what is root's own. home: a folder of the user's."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "PYTEST_"))}
    return {**kept, "HOME": home, "TMPDIR": home, "PYTHONDONTWRITEBYTECODE": "1"}


def main(command):
    own_view()
    open_all()
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as home:
        os.chown(home, NOBODY, NOBODY)
        done = subprocess.run(command, env=environment(home), preexec_fn=lambda: become(NOBODY), check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main(sys.argv[1:])
