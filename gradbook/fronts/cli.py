"""The command line `gradbook`. Heavy imports stand where they are used, so that --help is quick."""

import argparse
import json
import sys

from .. import __version__
from ..errors import GradbookError
from .collector import spare_the_collector

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


def main(arguments=None):
    """Run one command. Returns its exit code: 0 done, 1 something is wrong, 2 wrong usage."""
    spare_the_collector()
    options = parser().parse_args(arguments)
    try:
        _name_homeworks(options)
        return options.run(options) or 0
    except GradbookError as error:
        print(f"gradbook: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("gradbook: stopped; what was graded is kept, run the command again to go on", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0


def parser():
    top = argparse.ArgumentParser(
        prog="gradbook",
        description="Build, grade and report homeworks on backpropagation.",
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

    add = _command(commands, "feedback", _feedback, "write the feedback pages of a homework")
    add("homework", metavar="HOMEWORK")
    add("--student", nargs="+", metavar="ID", help="only these students")

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

    add = _command(commands, "new", _new, "make the files of a new homework, with one worked function")
    add("id", metavar="HOMEWORK", help="its id, such as hw09_attention; ids sort in teaching order")

    add = _command(commands, "new-course", _new_course, "make a course folder without homeworks", in_course=False)
    add("folder", metavar="DIR", help="where to; what is there stays")

    _command(commands, "doctor", _doctor, "check the sandbox, the versions and the course folder")
    return top


def _command(commands, name, run, text, in_course=True):
    command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    command.set_defaults(run=run)
    if in_course:
        text = "the course folder (default: here)"
        command.add_argument("--course", nargs="?", default=".", const=".", metavar="DIR", help=text)
    return command.add_argument


def _name_homeworks(options):
    """Put the whole id in the place of each beginning of one."""
    from ..course.folder import Course
    from ..homework.loading import find

    named = getattr(options, "homework", None)
    if named:
        root = Course.at(options.course).root
        options.homework = [find(root, text) for text in named] if isinstance(named, list) else find(root, named)


def _build(options):
    from ..authoring.build import build
    from ..course.folder import Course
    from ..homework.loading import every

    course = Course.at(options.course)
    for homework in options.homework or every(course.root):
        print(f"{homework}: {build(course, homework, options.regrade).relative_to(course.root)}")


def _grade(options):
    from ..course.folder import Course
    from ..grading.run import Options, grade_class

    course = Course.at(options.course)
    chosen = Options(
        students=options.student,
        force=options.force,
        figures=options.figures,
        workers=options.workers,
        sandboxed=not options.unsafe_without_sandbox,
        scheduler=options.scheduler,
    )
    if options.unsafe_without_sandbox:
        print("gradbook: WARNING: students' code runs UNPROTECTED, with your rights", file=sys.stderr)
    emit = (lambda record: print(json.dumps(record), flush=True)) if options.json else None
    summary = grade_class(course, options.homework, chosen, emit)
    if options.json:
        for line in summary.left_out_lines():
            print(f"gradbook: {line}", file=sys.stderr)
    else:
        print(summary)
    return 1 if summary.left_out or summary.unrecorded else 0


def _feedback(options):
    from ..course.folder import Course
    from ..pages.feedback import write_feedback

    course = Course.at(options.course)
    pages = write_feedback(course, options.homework, options.student)
    print(f"{len(pages)} feedback pages, such as {pages[0].relative_to(course.root)}" if pages else "nothing to write")


def _report(options):
    from ..course.folder import Course
    from ..pages.report import course_data, report_data, write_course_report, write_report

    course = Course.at(options.course)
    if options.json:
        print(json.dumps(report_data(course, options.homework) if options.homework else course_data(course)))
        return
    path = write_report(course, options.homework) if options.homework else write_course_report(course)
    print(path.relative_to(course.root))


def _export(options):
    from ..course.folder import Course
    from ..pages.exports import export

    print(export(Course.at(options.course), options.homework, options.to, options.output, options.roster))


def _gradescope(options):
    from ..course.folder import Course
    from .gradescope import make_gradescope

    print(make_gradescope(Course.at(options.course), options.homework, options.output))


def _sample_class(options):
    from ..authoring.samples import sample_class
    from ..course.folder import Course

    course = Course.at(options.course)
    made = sample_class(course, options.homework, options.students, options.seed)
    print(f"{len(made)} submissions of {options.homework} under {course.root / 'submitted'}")


def _audit(options):
    from dataclasses import asdict

    from ..auditing.audit import audit_all, describe
    from ..course.folder import Course
    from ..homework.loading import every, needs

    root = Course.at(options.course).root
    chosen = options.homework or [homework for homework in every(root) if _ready(root, homework)]
    for homework in chosen:
        needs(root, homework).require_modules()
    reports = audit_all(root, chosen, seeds=options.seeds)
    if options.json:
        print(json.dumps([{**asdict(report), "score": report.score} for report in reports]))
    else:
        print("\n".join(map(describe, reports)))
    return 0 if all(report.passed for report in reports) else 1


def _ready(root, homework):
    """Whether all that a homework imports is installed; says so where not."""
    from ..homework.loading import needs

    try:
        needs(root, homework).require_modules()
    except GradbookError as error:
        print(f"gradbook: left out: {error}", file=sys.stderr)
        return False
    return True


def _new(options):
    from ..authoring.scaffold import new
    from ..course.folder import Course

    course = Course.at(options.course)
    for path in new(course, options.id):
        print(path.relative_to(course.root))
    print(f"now run: gradbook build {options.id}")


def _new_course(options):
    from ..authoring.scaffold import new_course

    for path in new_course(options.folder):
        print(path)
    print(f"now run: cd {options.folder} && gradbook new hw01_line")


def _doctor(options):
    from .doctor import diagnose

    return diagnose(options.course)
