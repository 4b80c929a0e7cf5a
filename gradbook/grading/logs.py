"""What the engine says of its own work to whoever asks for it: Python's logging, under the name `gradbook`.

Never a hidden input, an expected value, a student's text or a secret: these lines are mailed around. So no traceback
either, as it shows lines of the checks: of an exception its type and place, see `course.tracebacks`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from ..sandbox.guest.text import plain

LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)  # by the number of -v
FORM, TIME = "%(asctime)s.%(msecs)03d %(process)d %(name)s: %(message)s", "%H:%M:%S"
engine = logging.getLogger("gradbook")


class Lines(logging.Formatter):
    """Lines as a terminal can show them: a student's id or a file's name may hold anything."""

    def format(self, record: logging.LogRecord) -> str:
        return plain(super().format(record))


def configure(level: int) -> logging.Handler:
    """Have what is said at this level or above written to standard error, from now on."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(FORM, TIME))
    engine.addHandler(handler)
    engine.setLevel(level)
    return handler


@contextmanager
def written(level: int) -> Iterator[None]:
    """A context in which it is written to standard error; before and after, it is for the caller's own handlers."""
    before = engine.level
    handler = configure(level)
    try:
        yield
    finally:
        engine.removeHandler(handler)
        engine.setLevel(before)


def level() -> int:
    """The level at which this process says something, for another one that is to do as it does."""
    return engine.getEffectiveLevel()
