"""How students' code is run for a grading, and the sandbox for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..course.assignment import Assignment
from ..sandbox.levels import NONE

if TYPE_CHECKING:
    from ..sandbox.children import Children
    from ..sandbox.shared import Sandbox


@dataclass(frozen=True)
class Execution:
    """How students' code is run. sandboxed: False runs it unprotected. figures: run the demonstration cells, too, and
    keep their figures. own: it is the code of whoever runs this, and each submission is a process of its own.
    """

    sandboxed: bool = True
    figures: bool = False
    own: bool = False


def sandbox_for(assignment: Assignment, sandboxed: bool = True) -> Sandbox:
    """A sandbox for submissions of an assignment, which starts when the first worker needs it."""
    from ..sandbox.shared import Sandbox

    needs, asked = assignment.needs, assignment.course.sandbox() if sandboxed else NONE
    return Sandbox(assignment.helper_files, needs.distributions, needs.modules, asked)


def processes_for(assignment: Assignment, figures: bool) -> Children:
    """What gives a process for each submission where that needs no sandbox, on any system that has Python."""
    from ..sandbox.contents import Contents
    from ..sandbox.processes import Processes

    needs = assignment.needs
    contents = Contents.of(assignment.helper_files, needs.distributions, needs.modules)
    return Processes(contents, assignment.limits, figures)
