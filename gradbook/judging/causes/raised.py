"""From an exception to what to tell the student: where it arose, and why."""

import builtins
import contextlib
import re
from typing import NamedTuple

from ...errors import StudentError
from ..bindings import Sources
from .attributes import no_attribute, no_key
from .cause import Cause
from .failure import Failure
from .imports import not_there
from .messages import MESSAGES
from .names import before_its_value, not_defined
from .no_python import fault
from .outside import taken_instead
from .overwritten import not_callable

SYNTAX = ("SyntaxError", "IndentationError", "TabError")


class Raised(NamedTuple):
    """What is said of code that raised: the outcome, the lines, and the concept that the last of them is about."""

    outcome: str
    lines: list[str]
    concept: str


def raised(error: StudentError, sources: Sources, covers: str = "", cell: int | None = None) -> Raised:
    """What to say of code that raised.

    covers: dotted name of the function that was called. cell: number of the cell that was run, where the exception
    does not say it.
    """
    if error.type_name == "NotImplementedError":
        return Raised("untouched", ["This is not written yet: the stub is still there."], "")
    where = ""
    at = place(error, sources, cell)
    lines = sources[at[0]].split("\n") if at else []
    if at and at[1] <= len(lines):
        where = f" at line {at[1]} of your cell:\n    {lines[at[1] - 1].strip()[:200]}"
    text = [f"It raised {known_type(error.type_name)}{where}"]
    known = (cause for pattern, cause in MESSAGES if re.search(pattern, error.message, re.I))
    why = reason(error, sources, covers, cell)
    cause = Cause(why, "python") if why else next(known, None)
    return Raised("raised", [*text, cause.hint], cause.concept) if cause else Raised("raised", text, "python")


def known_type(name: str) -> str:
    """A built-in exception's name; anything else a class may be called is not repeated."""
    known = getattr(builtins, name, None)
    return name if isinstance(known, type) and issubclass(known, BaseException) else "an exception"


def place(error: StudentError, sources: Sources, cell: int | None = None) -> tuple[int, int] | None:
    """(cell, line) of the student's cell where an exception arose, or None.

    cell: where it must have been, if the exception does not say. Where a cell is no Python, reading it anew tells.
    """
    cell = error.cell if error.cell in sources else cell
    if cell is None or cell not in sources:
        return None
    found = fault(sources[cell]) if error.type_name in SYNTAX else None
    line = found[0] if found else error.line
    return (cell, line) if line else None


def reason(error: StudentError, sources: Sources, covers: str = "", cell: int | None = None) -> str | None:
    """Why code raised, in a sentence, where the sources say it; else None. covers, cell: see `raised`."""
    at = place(error, sources, cell)
    if error.type_name in SYNTAX:
        found = fault(sources[at[0]]) if at else None
        return found[1] if found else None
    nodes = sources.at(*at) if at else []
    around = sources.around(*at) if at else sources.definition(covers)
    with contextlib.suppress(RecursionError):
        return _by_type(Failure(error, sources, covers, nodes, around)) or taken_instead(around, sources)
    return None


def _by_type(failure: Failure) -> str | None:
    """What to say of the first exceptions that beginners meet."""
    match failure.error.type_name:
        case "ModuleNotFoundError" | "ImportError":
            return not_there(failure)
        case "NameError":
            return not_defined(failure, lambda error, sources, cell: reason(error, sources, cell=cell))
        case "UnboundLocalError":
            return before_its_value(failure)
        case "AttributeError":
            return no_attribute(failure)
        case "TypeError":
            return not_callable(failure)
        case "KeyError":
            return no_key(failure)
    return None
