"""The command line `gradbook`. Heavy imports stand where they are used, so that --help is quick."""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..errors import GradbookError
from ..grading import logs
from . import terminal
from .collector import spare_the_collector

if TYPE_CHECKING:
    from ..course.assignment import Assignment
    from ..course.folder import Course

logger = logging.getLogger(__name__)

NOT_ON_WINDOWS = ("fcntl", "resource")  # modules of Python
EPILOG = """
examples:
  gradbook build                            make every notebook and its release
  gradbook sample-class hw01 --students 30
  gradbook grade hw01                       grade what was submitted
  gradbook feedback hw01                    write a page for each student
  gradbook report hw01                      write the class report
  gradbook doctor                           find out what is wrong, and how to mend it

HOMEWORK is an id, or the beginning of just one: hw01.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code: 0 done, 1 something is wrong, 2 wrong usage."""
    spare_the_collector()
    options = parser().parse_args(arguments)
    with logs.written(logs.LEVELS[min(options.verbose, 2)]):
        return _outcome(options)


def _outcome(options: argparse.Namespace) -> int:
    begin = time.monotonic()
    try:
        done: int = options.run(options) or 0
        logger.info("%s took %.2f s", options.command, time.monotonic() - begin)
        return done
    except GradbookError as error:
        print(f"gradbook: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("gradbook: stopped; what was graded is kept, run the command again to go on", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0
    except Exception as error:
        print(f"gradbook: {_failure(error, options)}", file=sys.stderr)
        return 1


def _failure(error: Exception, options: argparse.Namespace) -> str:
    """What is said of a command that failed where nothing of ours expected it."""
    if isinstance(error, ImportError) and error.name in NOT_ON_WINDOWS:
        return f"`{options.command}` needs Linux; on Windows, run it in WSL2 or in a container"
    from ..course.tracebacks import type_and_place
    from .failure import line

    logger.info("%s failed (%s)", options.command, type_and_place(error))
    return line(error, options.command, getattr(options, "course", None))


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="gradbook",
        description="Build, grade and report homeworks that are Jupyter notebooks.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"gradbook {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    add = _command(commands, "build", _build, "make the notebooks from the lessons, and the release from the notebooks")
    add("homework", nargs="*", metavar="HOMEWORK", help="homework ids (default: all)")
    text = "where cells came or went: have the gradebook follow although there are submissions, and grade them again"
    add("--regrade", action="store_true", help=text + " with the next `grade`")

    add = _command(commands, "grade", _grade, "grade what was submitted for a homework")
    add("homework", metavar="HOMEWORK")
    add("--student", nargs="+", metavar="ID", help="only these students")
    add("--json", action="store_true", help="one JSON object a line for each submission, on standard output")
    text = "only what is new, or would be graded otherwise (this is the default)"
    add("--changed", action="store_const", const=False, default=False, dest="force", help=text)
    add("--force", action="store_true", help="all, also what has not changed")
    add("--figures", action="store_true", help="run the demonstration cells too, and keep their figures")
    add("--workers", type=int, metavar="N", help="how many at a time (default: one for each core)")
    add("--scheduler", metavar="ADDRESS", help="grade on the workers of this Dask cluster, such as tcp://host:8786")
    add("--unsafe-without-sandbox", action="store_true", help="run students' code UNPROTECTED, with your rights")

    text = "write the feedback pages of a homework, those anew of which something has changed"
    add = _command(commands, "feedback", _feedback, text)
    add("homework", metavar="HOMEWORK")
    add("--student", nargs="+", metavar="ID", help="only these students")
    add("--force", action="store_true", help="all, also those that have not changed")
    add("--workers", type=int, metavar="N", help="how many at a time (default: one for each core)")

    add = _command(commands, "sample-class", _sample_class, "make a class of submissions to try things with")
    add("homework", metavar="HOMEWORK")
    add("--students", type=int, default=30, metavar="N", help="how many (default: 30)")
    add("--seed", type=int, default=0, metavar="S", help="another seed makes another class")

    add = _command(commands, "report", _report, "write the class report of a homework, or of the whole course")
    add("homework", nargs="?", metavar="HOMEWORK", help="default: all homeworks over time, and the page of each")
    add("--json", action="store_true", help="the numbers as JSON, on standard output")

    add = _command(commands, "export", _export, "write grades for nbgrader, Canvas, Moodle or Gradescope")
    add("homework", nargs="*", metavar="HOMEWORK", help="homework ids (default: all that were graded)")
    add("--to", required=True, choices=["nbgrader", "canvas", "moodle", "gradescope", "json"])
    add("-o", "--output", metavar="FILE", help="where to (default: grades.csv, canvas.csv, moodle.csv, ...)")
    add("--roster", metavar="FILE", help="the file that Canvas or Moodle gave you: keep its students, ids and columns")

    add = _command(commands, "gradescope", _gradescope, "make an autograder.zip that grades a homework on Gradescope")
    add("homework", metavar="HOMEWORK")
    add("-o", "--output", default="autograder.zip", metavar="FILE", help="where to (default: autograder.zip)")

    add = _command(commands, "audit", _audit, "test the hidden checks with wrong and right implementations and mutants")
    add("homework", nargs="*", metavar="HOMEWORK", help="homework ids (default: all)")
    add("--json", action="store_true", help="the result as JSON")
    text = "draw the hidden inputs N times more; every right variant must keep all"
    add("--seeds", type=int, default=0, metavar="N", help=text)
    text = "make two known mistakes of one function together, N times, and say how many are named"
    add("--pairs", type=int, default=0, metavar="N", help=text)

    add = _command(commands, "new", _new, "make the files of a new homework, with one worked function")
    add("id", metavar="HOMEWORK", help="its id, such as hw09_attention; ids sort in teaching order")

    add = _command(commands, "new-course", _new_course, "make a course folder without homeworks", in_course=False)
    add("folder", metavar="DIR", help="where to; what is there stays")

    _command(commands, "doctor", _doctor, "check the sandbox, the versions and the course folder")
    return top


def _command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], int | None], text: str, in_course: bool = True
) -> Callable[..., argparse.Action]:
    command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    command.set_defaults(run=run)
    say = "say on standard error what is done, and where the time goes; -vv: in detail"
    command.add_argument("-v", "--verbose", action="count", default=0, help=say)
    if in_course:
        text = "the course folder (default: here)"
        command.add_argument("--course", nargs="?", default=".", const=".", metavar="DIR", help=text)
    return command.add_argument


def _course(options: argparse.Namespace) -> Course:
    from ..course.folder import Course

    course = Course.at(options.course)
    logger.info("gradbook %s, course %s", __version__, course.root)
    return course


def _assignment(options: argparse.Namespace) -> Assignment:
    """The one that is named. Raises GradbookError where it cannot be told which that is."""
    from ..course.assignment import Assignment

    course = _course(options)
    assignment = Assignment.find(course, options.homework)
    logger.info("homework %s", assignment.id)
    return assignment


def _build(options: argparse.Namespace) -> None:
    from ..authoring.build import build
    from ..course.assignment import Assignment

    course = _course(options)
    for assignment in [Assignment.find(course, text) for text in options.homework] or Assignment.every(course):
        print(f"{assignment.id}: {build(assignment, options.regrade).relative_to(course.root)}", flush=True)
        if assignment.needs.is_ready():
            _work_out_known(assignment)


def _work_out_known(assignment: Assignment) -> None:
    """What known mistakes do is worked out here, so that no class waits for it."""
    from ..auditing.audit import work_out_known

    begin = time.monotonic()
    new = work_out_known(assignment)
    if new:
        print(f"{assignment.id}: {new} known mistakes worked out in {time.monotonic() - begin:.1f} s")


def _grade(options: argparse.Namespace) -> int:
    from ..grading.execution import Execution
    from ..grading.run import Options, grade_class
    from ..grading.summary import unpainted

    assignment = _assignment(options)
    chosen = Options(
        students=options.student,
        force=options.force,
        execution=Execution(not options.unsafe_without_sandbox, options.figures),
        workers=options.workers,
        scheduler=options.scheduler,
    )
    if options.unsafe_without_sandbox:
        print("gradbook: WARNING: students' code runs UNPROTECTED, with your rights", file=sys.stderr)
    emit = (lambda record: print(json.dumps(record), flush=True)) if options.json else None
    summary = grade_class(assignment, chosen, emit)
    if options.json:
        for line in summary.left_out_lines():
            print(f"gradbook: {line}", file=sys.stderr)
    else:
        paint = terminal.painted if terminal.wants_colour(sys.stdout) else unpainted
        print("\n".join([*summary.lines(paint), *summary.next_lines(paint)]))
    return 1 if summary.left_out or summary.unrecorded else 0


def _feedback(options: argparse.Namespace) -> None:
    from ..grading.progress import Progress
    from ..pages.feedback import write_feedback

    assignment = _assignment(options)
    pages = write_feedback(assignment, options.student, options.force, options.workers, Progress(assignment.id))
    same = len(pages) - pages.written
    told = f"; {same} of them had not changed" if same else ""
    print(f"{len(pages)} feedback pages, such as {pages[0].relative_to(assignment.course.root)}{told}")


def _report(options: argparse.Namespace) -> None:
    from ..pages.report import course_data, report_data, write_course_report, write_report

    course = _course(options)
    assignment = _assignment(options) if options.homework else None
    if options.json:
        print(json.dumps(report_data(assignment) if assignment else course_data(course)))
        return
    path = write_report(assignment) if assignment else write_course_report(course)
    print(path.relative_to(course.root))


def _export(options: argparse.Namespace) -> None:
    from ..pages.exports import export

    course = _course(options)
    homeworks = [course.homeworks.find(text) for text in options.homework]
    print(export(course, homeworks, options.to, options.output, options.roster))


def _gradescope(options: argparse.Namespace) -> None:
    from .gradescope import make_gradescope

    print(make_gradescope(_assignment(options), options.output))


def _sample_class(options: argparse.Namespace) -> None:
    from ..authoring.samples import sample_class

    assignment = _assignment(options)
    made = sample_class(assignment, options.students, options.seed)
    print(f"{len(made)} submissions of {assignment.id} under {assignment.course.root / 'submitted'}")


def _audit(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from ..auditing.audit import audit_all, describe
    from ..course.assignment import Assignment
    from ..grading.progress import Progress

    course = _course(options)
    chosen = [Assignment.find(course, text) for text in options.homework]
    for assignment in chosen:
        assignment.needs.require_modules()
    chosen = chosen or [assignment for assignment in Assignment.every(course) if _ready(assignment)]
    reports = audit_all(chosen, seeds=options.seeds, pairs=options.pairs, progress=Progress("tried"))
    if options.json:
        print(json.dumps([{**asdict(report), "score": report.score} for report in reports]))
    else:
        print("\n".join(map(describe, reports)))
    return 0 if all(report.passed for report in reports) else 1


def _ready(assignment: Assignment) -> bool:
    """Whether all that a homework imports is installed; says so where not."""
    try:
        assignment.needs.require_modules()
    except GradbookError as error:
        print(f"gradbook: left out: {error}", file=sys.stderr)
        return False
    return True


def _new(options: argparse.Namespace) -> None:
    from ..authoring.scaffold import new

    course = _course(options)
    for path in new(course, options.id):
        print(path.relative_to(course.root))
    print(f"now run: gradbook build {options.id}")


def _new_course(options: argparse.Namespace) -> None:
    from ..authoring.scaffold import new_course

    for path in new_course(options.folder):
        print(path)
    print(f"now run: cd {options.folder} && gradbook new hw01_line")


def _doctor(options: argparse.Namespace) -> int:
    from .doctor import diagnose

    return diagnose(options.course)
