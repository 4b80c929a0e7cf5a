"""How students' code is run for a grading, and the sandbox for it."""

from dataclasses import dataclass

from ..course.assignment import Assignment
from ..sandbox.levels import NONE
from ..sandbox.shared import Sandbox


@dataclass(frozen=True)
class Execution:
    """How students' code is run. sandboxed: False runs it unprotected. figures: run the demonstration cells, too, and
    keep their figures.
    """

    sandboxed: bool = True
    figures: bool = False


def sandbox_for(assignment: Assignment, sandboxed: bool = True) -> Sandbox:
    """A sandbox for submissions of an assignment, which starts when the first worker needs it."""
    needs, asked = assignment.needs, assignment.course.sandbox() if sandboxed else NONE
    return Sandbox(assignment.helper_files, needs.distributions, needs.modules, asked)
