"""Which tests one process has together, where several run them (pytest-xdist)."""

import re

from xdist.scheduler import LoadScopeScheduling

# What these make for all their tests costs more than to wait for one process.
TOGETHER = ("tests/test_wheel.py",)


class ByHomework(LoadScopeScheduling):
    """All tests of a homework, which share what is worked out about it; the others go to whichever process is free."""

    def _split_scope(self, nodeid):
        path = nodeid.partition("::")[0]
        homework = re.search(r"\[.*?(hw\d\d)|/test_(hw\d\d)", nodeid)
        return homework[1] or homework[2] if homework else path if path in TOGETHER else nodeid
