"""What the text of a cell says as code: its statements, the names that it binds and reads. Nothing is run here."""

from collections.abc import Callable, Iterable
from functools import cached_property

from ..homework import syntax

BUDGET = 400_000  # characters of a submission that are looked at; a course's longest solution has a fortieth


class Source:
    """The text of a cell, and what can be read from it. legible: whether it is to be read as code at all."""

    def __init__(self, text: str, legible: bool = True) -> None:
        self.text, self._legible = text.replace("\r\n", "\n").replace("\r", "\n"), legible
        self.statements = tuple(syntax.statements(self.text)) if legible else ()
        self.said = tuple(statement[0] for statement in self.statements)
        self.defined = self._names(syntax.meant_names)
        self.bound = self._names(syntax.bound_names) | self.defined

    @cached_property
    def extended(self) -> set[str]:
        return self._names(syntax.extended_names)

    @cached_property
    def read_at_once(self) -> set[str]:
        return self._names(syntax.names_read_at_once)

    @cached_property
    def read_to_define(self) -> set[str]:
        return self._names(syntax.names_read_to_define)

    @cached_property
    def made(self) -> set[str]:
        return self._names(syntax.made_names)

    @cached_property
    def read(self) -> set[str]:
        return self._names(syntax.read_names)

    def _names(self, function: Callable[[str], Iterable[str]]) -> set[str]:
        return set(function(self.text)) if self._legible else set()

    def says(self, other: "Source") -> bool:
        """Whether both say the same, apart from layout and comments."""
        return self.text.strip() == other.text.strip() or (self.said == other.said and bool(self.said))

    def holds(self, part: "Source") -> bool:
        """Whether the statements of another source stand in this one as they are."""
        return self._start(part) is not None

    def without(self, part: "Source") -> "Source":
        """This without the statements of one that it holds; as it is where they share a line with others."""
        start = self._start(part)
        if start is None:
            return self
        stop = start + len(part.said)
        first, last = self.statements[start][1], self.statements[stop - 1][2]
        if any(a <= last and first <= b for _, a, b in (*self.statements[:start], *self.statements[stop:])):
            return self
        lines = self.text.split("\n")
        return Source("\n".join(lines[: first - 1] + lines[last:]))

    def _start(self, part: "Source") -> int | None:
        """The number of the statement at which another source begins within this one."""
        if not part.said:
            return None
        length = len(part.said)
        starts = (start for start, each in enumerate(self.said) if each == part.said[0])
        return next((start for start in starts if self.said[start : start + length] == part.said), None)


class Reader:
    """Reads sources, up to a number of characters in all: to read endless ones would cost the grader its time."""

    def __init__(self) -> None:
        self.left = BUDGET

    def __call__(self, text: str, is_code: bool = True) -> Source:
        self.left -= len(text) if is_code else 0
        return Source(text, legible=is_code and self.left >= 0)
