"""What judging talks to: code that runs somewhere, asked by values."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

# What answers the question of a function that the grader put in the place of one: `ask`, the function's dotted name,
# `state`, what its object keeps, `args` and `kwargs`.
Answer = Callable[[dict[str, Any]], Any]


class Transport(Protocol):
    """The way to a notebook's names, which are in the sandbox or in this process.

    answer: answers the questions of functions that the grader put in the place of others, where there are any.
    """

    answer: Answer | None

    def request(self, seconds: float | None = None, **message: Any) -> Any:
        """Ask the code; returns the value. Raises StudentError, or ChildLost where what ran the code is gone.

        seconds: a shorter time than the limit of a call.
        """

    def until_deadline(self) -> AbstractContextManager[None]:
        """A context in which the grader's own work on the code ends with OutOfTime where it takes too long."""

    def aside(self) -> AbstractContextManager[None]:
        """A context for what the grader works out that is no matter of this code: on nobody's clock."""

    def sources(self) -> list[str]:
        """The sources of the cells that were run, in their order."""

    def restart(self) -> None:
        """Go on as if the cells had been run, and nothing else."""
