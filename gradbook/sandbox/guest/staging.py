"""Before bubblewrap, where the grader is root: let an ordinary user see what will be mounted, then become that user.

Root's folders may be closed to others, so the mounts are prepared in a mount namespace of this process,
which root's own view never shows.
"""

import os
from typing import TypedDict

from . import namespaces as ns

NOBODY = 65534


class Plan(TypedDict):
    """folder: to mount over. binds: (source, name below the folder). command: to become, as user nobody."""

    folder: str
    binds: list[tuple[str, str]]
    command: list[str]


def main(plan: Plan) -> None:
    """Carry out a plan, and never return."""
    ns.unshare(ns.CLONE_NEWNS)
    ns.call("mount", None, b"/", None, ns.MS_REC | ns.MS_PRIVATE, None)
    ns.mount("tmpfs", plan["folder"], "mode=755")
    for source, name in plan["binds"]:
        target = os.path.join(plan["folder"], name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if os.path.isdir(source):
            os.makedirs(target, exist_ok=True)
        else:
            open(target, "w").close()
        ns.call("mount", source.encode(), target.encode(), None, ns.MS_BIND, None)
    os.chdir("/")
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    os.execve(plan["command"][0], plan["command"], {})
