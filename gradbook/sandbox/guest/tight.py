"""The second level: a submission without namespaces of its own, for machines that refuse them, such as containers.

After the warm imports its process gives up every call that names a file, a process or an address: what it may import
and read by then is in its memory (see library and scratch). Weaker than namespaces is only what it sees without
asking: the name of the machine, the numbers of its processes, and the folders that modules were read from.
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys
from collections.abc import Callable, Mapping
from functools import partial

from . import allowed, beside, calls, landlock, namespaces
from .disguise import PREFIX, disguise
from .levels import SOME, attempt
from .library import Library
from .quiet import be_quiet

# Where the grader is root, submissions run as users that nobody is: one for each warm parent, or else user nobody.
FIRST_USER, USERS, NOBODY = 61_000, 4_000, 65_534
LEEWAY, MOST_TASKS = 1 << 8, 1 << 22  # of a user; the kernel has no more than that of all
FORBIDDEN = "/", "/proc/self/status"  # what no submission may open


class Tight:
    """See `levels.Level`. packages: name -> path of what can be imported. standard: the folder of the standard library.

    course: the folder of the homework's helper files.
    """

    name, column, watches, forks = "tight", 0, True, False

    def __init__(self, packages: Mapping[str, str], standard: str, course: str) -> None:
        self.packages, self.standard, self.course = packages, standard, course
        self.landlock = landlock.version()
        self.library: Library | None = None
        self.open_scratch: Callable[[], None] = lambda: None
        self.others = 1  # how many threads and processes the user of a submission may have beside its own

    def require(self) -> None:
        calls.machine()
        # Nobody else of this user may look into it or stop it.
        namespaces.call("prctl", namespaces.PR_SET_DUMPABLE, 0, 0, 0, 0)
        attempt(self._shut_once)

    def _shut_once(self) -> None:
        self._give_up(SOME)
        for path in FORBIDDEN:
            with contextlib.suppress(PermissionError):
                os.close(os.open(path, os.O_RDONLY))
                raise OSError("files can still be opened")

    def read(self) -> None:
        # As these are called where a sandbox shows nothing else.
        standard, guest = f"{PREFIX}/lib/{os.path.basename(self.standard)}", os.path.dirname(__file__)
        folders = {self.standard: standard, self.course: "/course", guest: "/guest/guest"}
        self.library = Library(self.packages, folders)
        sys.path.append("/site")
        sys.meta_path.insert(0, self.library)

    def ready(self) -> None:
        assert self.library
        self.library.open_extensions()
        # From the library, so that a traceback calls it as any of them.
        from .scratch import Scratch

        given = {self.library.shown(path): content for path, content in beside.files(self.course).items()}
        self.open_scratch = Scratch(self.library.data() | given, beside.read(self.course)).install
        sys.path[:] = [self.library.shown(folder) for folder in sys.path if folder in self.library.modules]
        self.library.rename()
        disguise(self.library.shown)
        # A finder that looks into folders finds nothing any more.
        sys.path_importer_cache.clear()

    def go_home(self) -> None:
        self.others = 1 if _be_nobody() else _crowd()
        # To be another user is to be readable again, and to outlive the parent.
        namespaces.call("prctl", namespaces.PR_SET_DUMPABLE, 0, 0, 0, 0)
        namespaces.die_with_parent()

    def fork(self) -> int:
        return os.fork()

    def shut(self, limits: Mapping[str, int]) -> None:
        be_quiet()
        os.chdir("/")
        namespaces.die_with_parent()
        # The warm parent counts what it holds, for which it must be able to look.
        namespaces.call("prctl", namespaces.PR_SET_DUMPABLE, 1, 0, 0, 0)
        namespaces.be_first_to_go()
        self._give_up(limits)
        self.open_scratch()

    def _give_up(self, limits: Mapping[str, int]) -> None:
        namespaces.restrict({**limits, "processes": limits["processes"] + self.others})
        for name in (resource.RLIMIT_MEMLOCK, resource.RLIMIT_MSGQUEUE):
            namespaces.limit(name, 0)
        namespaces.drop_capabilities()
        if self.landlock:
            landlock.shut(self.landlock)
        allowed.install()


def _be_nobody() -> bool:
    """Become a user that owns nothing here, where this process may; whether that one has nothing else."""
    if os.geteuid() != 0:
        return False
    for user in (FIRST_USER + os.getpid() % USERS, NOBODY):
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
            return user != NOBODY
    return False


def _crowd() -> int:
    """More threads and processes than the user of this process has, or will have soon.

    The kernel counts them all, also those that are in another container. They come and go, and must not keep a
    submission from starting its own: it is the watch that counts these. This is for what happens between two looks.
    """
    most = LEEWAY
    while most < MOST_TASKS:
        with contextlib.suppress(OSError):
            attempt(partial(_start_one_more, most))
            break
        most *= 2
    return most + LEEWAY


def _start_one_more(most: int) -> None:
    namespaces.limit(resource.RLIMIT_NPROC, most)
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
