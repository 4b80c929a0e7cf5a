"""Before bubblewrap, where the grader is root: let an ordinary user see what will be mounted, then become that user.

Root's folders may be closed to others, so the mounts are prepared in a mount namespace of this process,
which root's own view never shows.
"""

import os

from . import namespaces as ns

NOBODY = 65534


def main(plan):
    """plan: `folder` to mount over, `binds` [[source, name], …], `command` to become, as user nobody."""
    ns.unshare(ns.CLONE_NEWNS)
    ns._call("mount", None, b"/", None, ns.MS_REC | ns.MS_PRIVATE, None)
    ns.mount("tmpfs", plan["folder"], "mode=755")
    for source, name in plan["binds"]:
        target = os.path.join(plan["folder"], name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if os.path.isdir(source):
            os.makedirs(target, exist_ok=True)
        else:
            open(target, "w").close()
        ns._call("mount", source.encode(), target.encode(), None, ns.MS_BIND, None)
    os.chdir("/")
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    os.execve(plan["command"][0], plan["command"], {})
