"""How attempts are taken and answered: `c.Gradbook.attempts` in nbgrader_config.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from ..errors import GradbookError
from ..intake.startup import prepare_nbgrader

ALL, MISTAKES, FUNCTIONS = "all", "mistakes", "functions"  # what an early answer shows
LAST, BEST = "last", "best"  # which attempt counts
CHOICES = {"show": (ALL, MISTAKES, FUNCTIONS), "counts": (LAST, BEST)}
SETTING = "c.Gradbook.attempts"


@dataclass(frozen=True)
class Policy:
    """What a course says of attempts at one homework.

    per_hour: how many of a student are graded within an hour; None for all. show: what an early answer shows.
    until: when answers are early no more, in UTC; where it is not named, that is the student's due date, if any.
    counts: which attempt does.
    """

    per_hour: int | None = None
    show: str = ALL
    until: datetime | None = None
    counts: str = LAST

    @classmethod
    def of(cls, setting: Any, homework_id: str) -> Policy:
        """The policy that a setting names. Raises GradbookError where it is none."""
        known = {field.name for field in fields(cls)}
        if not isinstance(setting, Mapping) or not set(setting) <= known:
            raise GradbookError(f"{SETTING} must be a dict with no other keys than {sorted(known)}")
        chosen = dict(setting)
        for name, among in CHOICES.items():
            if chosen.get(name, among[0]) not in among:
                raise GradbookError(f"{SETTING}: {name} must be one of {', '.join(map(repr, among))}")
        hourly = chosen.get("per_hour")
        if hourly is not None and (type(hourly) is not int or hourly < 1):
            raise GradbookError(f"{SETTING}: per_hour must be a whole number, 1 or more, or None")
        return cls(**{**chosen, "until": _time(chosen.get("until"), homework_id)})

    def end(self, due: datetime | None) -> datetime | None:
        """When answers are early no more; None where that is never. due: the student's due date."""
        return self.until or due

    def shows(self, due: datetime | None, now: datetime) -> str:
        """What an answer shows at a time, in UTC."""
        end = self.end(due)
        return ALL if end and now >= end else self.show


def _time(value: Any, homework_id: str) -> datetime | None:
    """A time as nbgrader reads one, which is in UTC where no zone is named. value: it, or homework -> it."""
    if isinstance(value, Mapping):
        value = value.get(homework_id)
    if value is None:
        return None
    prepare_nbgrader()
    from nbgrader.utils import parse_utc

    try:
        return parse_utc(value if isinstance(value, datetime) else str(value))
    except (ValueError, OverflowError, TypeError):
        raise GradbookError(
            f"{SETTING}: until must be a time such as '2026-12-01 23:59 UTC', or a dict with one for each homework"
        ) from None
