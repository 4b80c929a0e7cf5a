"""Times as people read them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def in_words(seconds: float | datetime, zone: str = "UTC") -> str:
    """A time in a zone, to the minute: 2026-12-01 23:59 CET. seconds: since 1970; or a time in UTC.

    zone: a name that nbgrader's exchange takes for its time zone; UTC stands for one that is not known.
    """
    try:
        when = seconds if isinstance(seconds, datetime) else datetime.fromtimestamp(seconds, UTC)
        return when.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M %Z")
    except (LookupError, ValueError, OverflowError, OSError):
        return str(seconds) if zone == "UTC" else in_words(seconds)


def now() -> datetime:
    """The time in UTC, as nbgrader keeps it: without its zone."""
    return datetime.now(UTC).replace(tzinfo=None)
