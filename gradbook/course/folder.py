"""A course folder: where everything stands, and the settings of its nbgrader_config.py."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__
from ..errors import GradbookError
from ..homework.loading import Library
from ..intake.startup import prepare_nbgrader
from .policy import Policy

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    from ..sandbox.limits import Limits

HELPERS = "course_helpers.py"
DATA = (".csv", ".npz")  # what else stands beside a notebook when it is run


@dataclass(frozen=True)
class Course:
    """A folder with nbgrader_config.py, source/, release/ and, in time, submitted/ and autograded/."""

    root: Path

    @classmethod
    def at(cls, folder: Path | str, otherwise: str = "use --course DIR") -> Course:
        """The course in this folder. Raises GradbookError where there is none. otherwise: what to do then."""
        root = Path(folder).resolve()
        if not (root / "nbgrader_config.py").is_file():
            raise GradbookError(f"{root} is no course folder: it has no nbgrader_config.py; {otherwise}")
        return cls(root)

    @cached_property
    def homeworks(self) -> Library:
        """The homeworks that the course declares."""
        return Library(self.root)

    @cached_property
    def engine_digest(self) -> str:
        """What tells one state of the grader from another."""
        state = hashlib.sha256()
        for path in sorted(Path(__file__).parents[1].rglob("*.py")):
            state.update(path.read_bytes())
        return state.hexdigest()

    def config(self) -> Config:
        """The settings of nbgrader_config.py, as traitlets read them.

        Raises GradbookError where they are for another version, as `c.Gradbook.version` says.
        """
        from traitlets.config import Config
        from traitlets.config.loader import PyFileConfigLoader

        config = Config(PyFileConfigLoader("nbgrader_config.py", path=str(self.root)).load_config())
        config.CourseDirectory.root = str(self.root)
        _require_version(config.Gradbook.get("version"))
        return config

    @cached_property
    def autograded_modes(self) -> tuple[int, int]:
        """The mode of graded files, and what a shared group adds to their folders', as the course tells nbgrader."""
        return self._modes("Autograde", 444)

    @cached_property
    def feedback_modes(self) -> tuple[int, int]:
        """The same of feedback pages."""
        return self._modes("GenerateFeedback", 644)

    @property
    def zone(self) -> str:
        """The time zone of nbgrader's exchange, in which students read times."""
        return str(self.config().Exchange.get("timezone", "UTC"))

    def _modes(self, step: str, usual: int) -> tuple[int, int]:
        config = self.config()
        shared = config.CourseDirectory.get("groupshared", False)
        mode = config[step].get("permissions", 664 if shared else usual)
        return int(str(mode), 8), 0o2770 if shared else 0

    def limits(self, memory: int | None = None) -> Limits:
        """What a submission may use: the defaults, changed by `c.Gradbook.limits` in nbgrader_config.py.

        memory: bytes that it is to have at least.
        Raises GradbookError where a limit is not known or not a positive number.
        """
        from ..sandbox.limits import Limits

        chosen = dict(self.config().Gradbook.get("limits", {}))
        known = {field.name for field in fields(Limits)}
        for name, value in chosen.items():
            if name not in known or not isinstance(value, (int, float)) or value <= 0:
                raise GradbookError(
                    f"c.Gradbook.limits: {name!r} must be one of {sorted(known)}, with a positive number"
                )
        limits = Limits(**chosen)
        return replace(limits, memory=max(limits.memory, memory or 0))

    def sandbox(self) -> str:
        """Which sandbox this course asks for by `c.Gradbook.sandbox`: the best that is had, or one of a level.

        Raises GradbookError where it is none of them.
        """
        from ..sandbox.levels import BEST, NAMESPACES, TIGHT

        asked = self.config().Gradbook.get("sandbox", BEST)
        if asked not in (BEST, NAMESPACES, TIGHT):
            raise GradbookError(f"c.Gradbook.sandbox: {asked!r} must be {BEST!r}, {NAMESPACES!r} or {TIGHT!r}")
        return str(asked)

    def attempts(self, homework_id: str) -> Policy:
        """What `c.Gradbook.attempts` says of a homework. Raises GradbookError where that is nothing known."""
        return Policy.of(self.config().Gradbook.get("attempts", {}), homework_id)

    def api(self) -> NbGraderAPI:
        """nbgrader's own interface to this course."""
        prepare_nbgrader()
        from nbgrader.apps import NbGraderAPI
        from nbgrader.coursedir import CourseDirectory

        config = self.config()
        return NbGraderAPI(CourseDirectory(config=config), config=config)

    def db_url(self) -> str:
        """Where the gradebook is, as SQLAlchemy writes it."""
        return str(self.config().CourseDirectory.get("db_url", f"sqlite:///{self.root / 'gradebook.db'}"))

    @contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        """The open gradebook, with tables where there were none. Raises GradbookError where its database is lost."""
        prepare_nbgrader()
        from nbgrader.api import Gradebook

        course_id = str(self.config().CourseDirectory.get("course_id", ""))
        with self.database() as url, Gradebook(url, course_id) as gradebook:
            yield gradebook

    @contextmanager
    def database(self) -> Iterator[str]:
        """Gives the gradebook's URL. Raises GradbookError where what is done with it finds no database."""
        from sqlalchemy import exc, make_url

        url = self.db_url()
        try:
            yield url
        except ModuleNotFoundError as error:
            if error.name not in ("psycopg", "psycopg2"):
                raise
            raise GradbookError("a gradebook on PostgreSQL needs: pip install 'gradbook[postgresql]'") from None
        except exc.DBAPIError as error:
            damaged = type(error) is exc.DatabaseError
            kinds = exc.OperationalError, exc.InterfaceError
            lost = isinstance(error, kinds) or error.connection_invalidated or damaged
            if not lost:
                raise
            where = make_url(url).render_as_string(hide_password=True)
            why = str(error.orig).strip().split("\n")[0]
            raise GradbookError(
                f"the gradebook at {where} does not answer ({why}); what was graded is kept: when it is there again, "
                "run the command again"
            ) from None


def _require_version(wanted: str | None) -> None:
    """Raises GradbookError where this is not the wanted version; "0.2" is 0.2 and all that begin with 0.2. as well."""
    if wanted is not None and not f"{__version__}.".startswith(f"{wanted}."):
        raise GradbookError(
            f"this course is for gradbook {wanted} (c.Gradbook.version in nbgrader_config.py), and this is gradbook "
            f"{__version__}: install the other one, or change the setting"
        )
