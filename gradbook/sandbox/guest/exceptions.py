"""Exceptions: whose they are, and what is told of a student's."""

import builtins
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .text import name_of, text_of


class Fault(BaseException):
    """Something went wrong in the grader's own part, and not in the code that it looks at."""


@contextmanager
def ours() -> Iterator[None]:
    """What raises in here is no exception of the student's."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        raise Fault(type(error).__name__) from error


def describe(error: BaseException) -> dict[str, Any]:
    """An exception as plain data: its type, its message, and the line of the notebook's cell that raised it."""
    filename, line = _place(error)
    return {
        "type": _builtin(error),
        "message": text_of(error, 1000),
        "cell": filename[6:-1] if filename else None,
        "line": line if type(line) is int else None,
    }


def _builtin(error: BaseException) -> str:
    """The name of the built-in exception that an exception is, or comes from."""
    # Asked of the type itself: what its metaclass says of it may be anything.
    bases = type.__dict__["__mro__"].__get__(type(error))
    known = list(map(id, vars(builtins).values()))
    return next((name_of(base) for base in bases if id(base) in known), "Exception")


def _place(error: BaseException) -> tuple[str | None, int | None]:
    """The file name and line of the notebook's cell that an exception came from last, or None and None."""
    if isinstance(error, SyntaxError):
        filename = text_of(error.filename, 100)
        if filename.startswith("<cell "):
            return filename, error.lineno
    places = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    return next((place for place in reversed(places) if place[0].startswith("<cell ")), (None, None))
