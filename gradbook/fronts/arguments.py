"""What all commands have: how one is added, and the course and the homework that it is asked about."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .. import __version__

if TYPE_CHECKING:
    from ..course.assignment import Assignment
    from ..course.folder import Course

logger = logging.getLogger(__name__)


class Commands:
    """Where a module of `commands/` adds its own."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._parsers: Any = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(
        self, name: str, run: Callable[[argparse.Namespace], int | None], text: str, in_course: bool = True
    ) -> Callable[..., argparse.Action]:
        """Add a command; what adds an argument to it. run: returns the exit code, None for 0."""
        command = self._parsers.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        command.set_defaults(run=run)
        say = "say on standard error what is done, and where the time goes; -vv: in detail"
        command.add_argument("-v", "--verbose", action="count", default=0, help=say)
        if in_course:
            text = "the course folder (default: here)"
            command.add_argument("--course", nargs="?", default=".", const=".", metavar="DIR", help=text)
        add: Callable[..., argparse.Action] = command.add_argument
        return add


def course_of(options: argparse.Namespace) -> Course:
    """The course folder that is named. Raises GradbookError where it is none."""
    from ..course.folder import Course

    course = Course.at(options.course)
    logger.info("gradbook %s, course %s", __version__, course.root)
    return course


def assignment_of(options: argparse.Namespace) -> Assignment:
    """The homework that is named. Raises GradbookError where it cannot be told which that is."""
    from ..course.assignment import Assignment

    course = course_of(options)
    assignment = Assignment.find(course, options.homework)
    logger.info("homework %s", assignment.id)
    return assignment
