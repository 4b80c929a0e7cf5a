"""One exception, and what stands where it arose."""

import ast
from dataclasses import dataclass

from ...errors import StudentError
from ..bindings import Around, Sources


@dataclass(frozen=True)
class Failure:
    """An exception of a notebook. covers: dotted name of the function that was called, if one was.

    nodes: the expressions in the line where it arose; none where that is not known. around: what that line stands in,
    else the function that was called.
    """

    error: StudentError
    sources: Sources
    covers: str
    nodes: list[ast.expr]
    around: Around | None
