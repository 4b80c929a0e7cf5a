"""nbgrader's exchange, as a folder: what students handed in, and where their feedback goes.

It is watched as a folder and not by nbgrader's own `collect`, which copies the links of a student's folder, knows only
the last submission of each, and reads the gradebook anew each time.
"""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..course.assignment import printable
from ..course.files import write_whole
from ..course.kept import KeptSubmission
from ..intake.choice import MOST_READ

if TYPE_CHECKING:
    from traitlets.config import Config

    from ..course.folder import Course

ROOT = "/usr/local/share/nbgrader/exchange"  # nbgrader's default
MODE = 0o711  # of the folder of the feedback, as nbgrader makes it: pages are found by their secret names only
KINDS = "collect", "release_feedback"


@dataclass(frozen=True)
class Exchange:
    """The exchange of one course.

    group: not 0 where a group of instructors shares the course. owners: whether it is looked at whose a folder is.
    """

    course: Path
    group: int = 0
    owners: bool = True

    @property
    def inbound(self) -> Path:
        """The folder of what was handed in, which may not be there."""
        return self.course / "inbound"

    def is_there(self) -> bool:
        """Whether anything can be handed in."""
        return self.inbound.is_dir()

    def folders(self, homework_id: str) -> Iterator[tuple[Path, str]]:
        """(folder, student) of each submission of a homework that stands there."""
        try:
            with os.scandir(self.inbound) as entries:
                names = [entry.name for entry in entries]
        except OSError:
            return
        for name in names:
            student, found, _ = name.partition(f"+{homework_id}+")
            if found:
                yield self.inbound / name, student

    def whose(self, folder: Path, student: str) -> str:
        """What is odd about the owner of a submission; nothing where nothing is."""
        if not self.owners:
            return ""
        try:
            owner = pwd.getpwuid(folder.stat(follow_symlinks=False).st_uid).pw_name
        except (OSError, KeyError):
            owner = "an unknown user"
        return "" if owner == student else printable(f"handed in for {student}, by {owner}")

    def release(self, page: str, one: KeptSubmission) -> None:
        """Put a page where the student's `nbgrader fetch_feedback` finds it. Raises OSError where that cannot be."""
        from nbgrader.utils import notebook_hash

        folder = self.course / "feedback"
        if not folder.is_dir():
            # Not the course's own folder: where that is gone, it is for others to make it again.
            folder.mkdir()
            folder.chmod(MODE | (0o2060 if self.group else 0))
        secret = one.secret.decode()
        for name in _notebooks(one):
            path = folder / f"{notebook_hash(secret=secret, notebook_id=name)}.html"
            write_whole(path, page)


def _notebooks(one: KeptSubmission) -> set[str]:
    """The names by which a student's nbgrader asks for the feedback: those of the notebooks that were handed in."""
    there = sorted(path.stem for path in one.folder.glob("*.ipynb") if not path.is_symlink())
    return {one.assignment.id, *there[:MOST_READ]}


def claimed_time(folder: Path, homework_id: str, text: str) -> float | None:
    """When a submission says that it was handed in: by its time stamp, or else by its folder's name in the exchange."""
    from nbgrader.utils import parse_utc

    rest = folder.name.partition(f"+{homework_id}+")[2]
    for said in filter(None, (text.strip(), rest.rpartition("+")[0], rest)):
        with suppress(Exception):  # of many kinds: it is read as a person's words would be
            when: datetime = parse_utc(said)
            return when.replace(tzinfo=UTC).timestamp()
    return None


def exchange_of(course: Course) -> Exchange | None:
    """The exchange that the course's nbgrader is set to, which need not be there.

    None where it is no folder, or the course has no name in it.
    """
    config = _settings(course)
    kinds = [str(config.ExchangeFactory.get(kind, "nbgrader.exchange.default")) for kind in KINDS]
    root, course_id = Path(config.Exchange.get("root", ROOT)), str(config.CourseDirectory.get("course_id", ""))
    if not course_id or not all("nbgrader.exchange.default" in kind for kind in kinds):
        return None
    owners = str(config.ExchangeCollect.get("check_owner", True)) not in ("False", "false", "0")
    return Exchange(root / course_id, course.feedback_modes[1], owners)


def _settings(course: Course) -> Config:
    """The settings that nbgrader reads in the course folder: the machine's, the user's, and then the course's own."""
    from jupyter_core.paths import jupyter_config_path
    from traitlets.config import Config
    from traitlets.config.loader import ConfigFileNotFound, JSONFileConfigLoader, PyFileConfigLoader

    config = Config()
    for folder in reversed(jupyter_config_path()):
        for kind, name in ((JSONFileConfigLoader, "nbgrader_config.json"), (PyFileConfigLoader, "nbgrader_config.py")):
            with suppress(ConfigFileNotFound, PermissionError):
                config.merge(kind(name, path=folder).load_config())
    config.merge(course.config())
    return config


def is_complete(folder: Path) -> bool:
    """Whether nbgrader has written all of a submission: the secret comes last."""
    try:
        there = (folder / "submission_secret.txt").stat(follow_symlinks=False)
    except OSError:
        return False
    return stat.S_ISREG(there.st_mode) and there.st_size > 0
