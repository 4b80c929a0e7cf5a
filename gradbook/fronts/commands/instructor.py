"""What an instructor runs: from what was handed in to grades, pages, a report, exports."""

from __future__ import annotations

import argparse
import json
import sys
import time

from .. import terminal
from ..arguments import Commands, assignment_of, course_of

UNPROTECTED = "WARNING: students' code runs UNPROTECTED, with your rights"


def add_to(commands: Commands) -> None:
    add = commands.command("grade", _grade, "grade what was submitted for a homework")
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

    add = commands.command("watch", _watch, "grade what comes in, as it comes in, and give feedback back")
    add("homework", metavar="HOMEWORK")
    add("--json", action="store_true", help="one JSON object a line for each submission, on standard output")
    add("--workers", type=int, metavar="N", help="how many at a time (default: one for each core)")
    add("--unsafe-without-sandbox", action="store_true", help="run students' code UNPROTECTED, with your rights")

    text = "write the feedback pages of a homework, those anew of which something has changed"
    add = commands.command("feedback", _feedback, text)
    add("homework", metavar="HOMEWORK")
    add("--student", nargs="+", metavar="ID", help="only these students")
    add("--force", action="store_true", help="all, also those that have not changed")
    add("--workers", type=int, metavar="N", help="how many at a time (default: one for each core)")

    add = commands.command("report", _report, "write the class report of a homework, or of the whole course")
    add("homework", nargs="?", metavar="HOMEWORK", help="default: all homeworks over time, and the page of each")
    add("--json", action="store_true", help="the numbers as JSON, on standard output")

    add = commands.command("export", _export, "write grades for nbgrader, Canvas, Moodle or Gradescope")
    add("homework", nargs="*", metavar="HOMEWORK", help="homework ids (default: all that were graded)")
    add("--to", required=True, choices=["nbgrader", "canvas", "moodle", "gradescope", "json"])
    add("-o", "--output", metavar="FILE", help="where to (default: grades.csv, canvas.csv, moodle.csv, ...)")
    add("--roster", metavar="FILE", help="the file that Canvas or Moodle gave you: keep its students, ids and columns")

    add = commands.command("gradescope", _gradescope, "make an autograder.zip that grades a homework on Gradescope")
    add("homework", metavar="HOMEWORK")
    add("-o", "--output", default="autograder.zip", metavar="FILE", help="where to (default: autograder.zip)")


def _grade(options: argparse.Namespace) -> int:
    from ...grading.execution import Execution
    from ...grading.run import Options, grade_class

    assignment = assignment_of(options)
    chosen = Options(
        students=options.student,
        force=options.force,
        execution=Execution(not options.unsafe_without_sandbox, options.figures),
        workers=options.workers,
        scheduler=options.scheduler,
    )
    if options.unsafe_without_sandbox:
        print(f"gradbook: {UNPROTECTED}", file=sys.stderr)
    emit = (lambda record: print(json.dumps(record), flush=True)) if options.json else None
    summary = grade_class(assignment, chosen, emit)
    if options.json:
        for line in summary.left_out_lines():
            print(f"gradbook: {line}", file=sys.stderr)
    else:
        paint = terminal.paint_for(sys.stdout)
        print("\n".join([*summary.lines(paint), *summary.next_lines(paint)]))
    return 1 if summary.left_out or summary.unrecorded else 0


def _watch(options: argparse.Namespace) -> None:
    from ...grading.execution import Execution
    from ...grading.run import Options
    from ...watching.watch import Line, Telling, watch

    def line(said: Line) -> None:
        text = json.dumps(said.plain()) if options.json else f"{time.strftime('%H:%M:%S')} {said}"
        print(text, flush=True)

    def note(said: str) -> None:
        print(f"gradbook: {said}", file=sys.stderr, flush=True)

    if options.unsafe_without_sandbox:
        note(UNPROTECTED)
    chosen = Options(execution=Execution(not options.unsafe_without_sandbox), workers=options.workers)
    watch(assignment_of(options), chosen, Telling(line, note))


def _feedback(options: argparse.Namespace) -> None:
    from ...grading.progress import Progress
    from ...pages.feedback import write_feedback

    assignment = assignment_of(options)
    pages = write_feedback(assignment, options.student, options.force, options.workers, Progress(assignment.id))
    same = len(pages) - pages.written
    told = f"; {same} of them had not changed" if same else ""
    print(f"{len(pages)} feedback pages, such as {pages[0].relative_to(assignment.course.root)}{told}")


def _report(options: argparse.Namespace) -> None:
    from ...pages.report import course_data, report_data, write_course_report, write_report

    course = course_of(options)
    assignment = assignment_of(options) if options.homework else None
    if options.json:
        print(json.dumps(report_data(assignment) if assignment else course_data(course)))
        return
    path = write_report(assignment) if assignment else write_course_report(course)
    print(path.relative_to(course.root))


def _export(options: argparse.Namespace) -> None:
    from ...pages.exports import export

    course = course_of(options)
    homeworks = [course.homeworks.find(text) for text in options.homework]
    print(export(course, homeworks, options.to, options.output, options.roster))


def _gradescope(options: argparse.Namespace) -> None:
    from ..gradescope import make_gradescope

    print(make_gradescope(assignment_of(options), options.output))
