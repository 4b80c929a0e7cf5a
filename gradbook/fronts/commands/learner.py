"""What a learner runs: one notebook, as it lies there, against the checks."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from .. import terminal
from ..arguments import Commands

if TYPE_CHECKING:
    from ...course.assignment import Assignment
    from ...grading.alone import Checked, Checker
    from ...grading.saves import Saves


STOPPED = 130  # as shells have it for Ctrl-C


def add_to(commands: Commands) -> None:
    text = "check one notebook as it lies there: what to fix first, and why"
    add = commands.command("check", _check, text, in_course=False)
    add("notebook", metavar="NOTEBOOK", help="the file; its homework is told by its cells")
    add("--homework", metavar="ID", help="the homework that it is of, where that cannot be told")
    add("--open", action="store_true", help="show the page with figures, in the browser")
    add("--watch", action="store_true", help="do so again on each save, until Ctrl-C")
    add("--json", action="store_true", help="one JSON object for each check, on standard output")
    add("--course", metavar="DIR", help="the course folder (default: the one that the file is in, else here)")


def _check(options: argparse.Namespace) -> int:
    from ...grading.alone import Checker, require_a_file
    from ...grading.saves import Saves

    path = Path(options.notebook)
    require_a_file(path)
    saves = Saves(path)
    content = saves.first()
    try:
        with Checker(path, _assignment(options, content), options.open, _tell) as checker:
            show = _Show(options)
            checked = checker.check(content)
            show(checked)
            return _watch(checker, saves, show, checked) if options.watch else _code(checked)
    except KeyboardInterrupt:
        _tell("stopped")
        return STOPPED


def _assignment(options: argparse.Namespace, content: bytes | str) -> Assignment:
    from ...course.assignment import Assignment
    from ...course.folder import Course
    from ...grading.alone import course_around, homework_in

    path = Path(options.notebook)
    course = Course.at(options.course or course_around(path))
    return Assignment.find(course, options.homework) if options.homework else homework_in(course, content, path)


def _watch(checker: Checker, saves: Saves, show: _Show, checked: Checked) -> int:
    """Check again after each save. Returns the exit code of the last check, once somebody presses Ctrl-C."""
    try:
        while True:
            checker.get_ready()
            _tell("waiting for the next save; Ctrl-C ends this")
            content = saves.next()
            _tell("checking what was saved")
            checked = checker.check(content)
            show(checked)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return _code(checked)


def _code(checked: Checked) -> int:
    return 0 if checked.all_points else 1


class _Show:
    """Shows one check after the other, in the way that was asked for."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.page: Path | None = None
        # A terminal of another encoding shows a question mark for what it has not got.
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(errors="replace")

    def __call__(self, checked: Checked) -> None:
        if self.options.json:
            print(json.dumps(checked.record()), flush=True)
        else:
            from ...pages.terminal import Terminal

            columns = min(shutil.get_terminal_size().columns, 100)
            writer = Terminal(terminal.paint_for(sys.stdout), columns)
            print("\n".join(writer.lines(checked.contents(), checked.graded.flags)), flush=True)
        if self.options.open:
            self._open(checked)

    def _open(self, checked: Checked) -> None:
        from ...course.files import write_whole

        first = self.page is None
        if self.page is None:
            self.page = Path(tempfile.mkdtemp(prefix="gradbook-"), f"{checked.assignment.id}.html")
        write_whole(self.page, checked.page())
        if not first:
            _tell(f"the page is written anew: {self.page}")
        elif webbrowser.open(self.page.as_uri()):
            _tell(f"the page: {self.page}")
        else:
            _tell(f"no browser can be opened here; the page stands in {self.page}")


def _tell(line: str) -> None:
    print(f"gradbook: {line}", file=sys.stderr, flush=True)
