"""How students' code is run for a grading, and the sandbox for it."""

import logging
from dataclasses import dataclass

from ..course.assignment import Assignment
from ..sandbox.shared import Sandbox

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Execution:
    """How students' code is run. sandboxed: False runs it unprotected. figures: run the demonstration cells, too, and
    keep their figures.
    """

    sandboxed: bool = True
    figures: bool = False

    def say_level(self) -> None:
        """Say to the log how far students' code is kept away."""
        level = (
            "namespaces of its own for each submission" if self.sandboxed else "NONE, students' code has your rights"
        )
        logger.info("a sandbox is started: %s", level)


def sandbox_for(assignment: Assignment, sandboxed: bool = True) -> Sandbox:
    """A sandbox for submissions of an assignment, which starts when the first worker needs it."""
    needs = assignment.needs
    return Sandbox(assignment.helper_files, needs.distributions, needs.modules, sandboxed)
