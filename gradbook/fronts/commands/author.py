"""What an author runs: from a lesson to a release, and from checks to an audit of them."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING

from ...errors import GradbookError
from ..arguments import Commands, assignment_of, course_of

if TYPE_CHECKING:
    from ...course.assignment import Assignment


def add_to(commands: Commands) -> None:
    add = commands.command("build", _build, "make the notebooks from the lessons, and the release from the notebooks")
    add("homework", nargs="*", metavar="HOMEWORK", help="homework ids (default: all)")
    text = "where cells came or went: have the gradebook follow although there are submissions, and grade them again"
    add("--regrade", action="store_true", help=text + " with the next `grade`")
    text = "make the notebook as one file too, with its helper file in a folded cell, for Colab and Kaggle"
    add("--one-file", action="store_true", help=text)

    add = commands.command("audit", _audit, "test the hidden checks with wrong and right implementations and mutants")
    add("homework", nargs="*", metavar="HOMEWORK", help="homework ids (default: all)")
    add("--json", action="store_true", help="the result as JSON")
    text = "draw the hidden inputs N times more; every right variant must keep all"
    add("--seeds", type=int, default=0, metavar="N", help=text)
    text = "make two known mistakes of one function together, N times, and say how many are named"
    add("--pairs", type=int, default=0, metavar="N", help=text)

    add = commands.command("sample-class", _sample_class, "make a class of submissions to try things with")
    add("homework", metavar="HOMEWORK")
    add("--students", type=int, default=30, metavar="N", help="how many (default: 30)")
    add("--seed", type=int, default=0, metavar="S", help="another seed makes another class")

    add = commands.command("new", _new, "make the files of a new homework, with one worked function")
    add("id", metavar="HOMEWORK", help="its id, such as hw13_recurrence; ids sort in teaching order")

    add = commands.command("new-course", _new_course, "make a course folder without homeworks", in_course=False)
    add("folder", metavar="DIR", help="where to; what is there stays")


def _build(options: argparse.Namespace) -> None:
    from ...authoring.build import build
    from ...course.assignment import Assignment

    course = course_of(options)
    for assignment in [Assignment.find(course, text) for text in options.homework] or Assignment.every(course):
        made = build(assignment, options.regrade, options.one_file)
        print(f"{assignment.id}: {made.relative_to(course.root)}", flush=True)
        if assignment.one_file.is_file():
            print(f"{assignment.id}: {assignment.one_file.relative_to(course.root)}", flush=True)
        if assignment.needs.is_ready():
            _work_out_known(assignment)


def _work_out_known(assignment: Assignment) -> None:
    """What known mistakes do is worked out here, so that no class waits for it."""
    from ...auditing.audit import work_out_known

    begin = time.monotonic()
    new = work_out_known(assignment)
    if new:
        print(f"{assignment.id}: {new} known mistakes worked out in {time.monotonic() - begin:.1f} s")


def _audit(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from ...auditing.audit import audit_all, describe
    from ...course.assignment import Assignment
    from ...grading.progress import Progress

    course = course_of(options)
    chosen = [Assignment.find(course, text) for text in options.homework]
    for assignment in chosen:
        assignment.needs.require_modules()
    chosen = chosen or [assignment for assignment in Assignment.every(course) if _ready(assignment)]
    progress = Progress("tried")
    reports = audit_all(chosen, seeds=options.seeds, pairs=options.pairs, progress=progress, warn=progress.say)
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


def _sample_class(options: argparse.Namespace) -> None:
    from ...authoring.samples import sample_class

    assignment = assignment_of(options)
    made = sample_class(assignment, options.students, options.seed)
    print(f"{len(made)} submissions of {assignment.id} under {assignment.course.root / 'submitted'}")


def _new(options: argparse.Namespace) -> None:
    from ...authoring.scaffold import new

    course = course_of(options)
    for path in new(course, options.id):
        print(path.relative_to(course.root))
    print(f"now run: gradbook build {options.id}")


def _new_course(options: argparse.Namespace) -> None:
    from ...authoring.scaffold import new_course

    for path in new_course(options.folder):
        print(path)
    print(f"now run: cd {options.folder} && gradbook new hw01_line")
