"""What each submission of a class takes: python benchmarks/each.py COURSE HOMEWORK prints the medians, as JSON.

The processor time of the grader, from one record to the next, and of what ran the submission's code in the sandbox.
Start-up counts in the first submission only, which is left out.
"""

import json
import statistics
import sys
import time
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from gradbook.course.assignment import Assignment
from gradbook.course.folder import Course
from gradbook.grading.bench import Bench
from gradbook.grading.run import Options, grade_class
from gradbook.intake.startup import prepare_nbgrader


class Noting(Bench):
    """A Bench that adds up what the sandbox used. inside: seconds."""

    inside = 0.0

    def grade(self, handed_in):
        graded = super().grade(handed_in)
        self.inside += graded.cpu
        return graded


class One:
    """A Noting, where a run looks for a warm sandbox."""

    @contextmanager
    def bench(self, assignment, execution):
        with Noting(assignment, execution) as self.kept:
            yield self.kept


def main(course, homework):
    prepare_nbgrader()
    one, used = One(), []
    options = Options(force=True, workers=1, warm=one)
    assignment = Assignment(Course.at(Path(course)), homework)
    grade_class(assignment, options, emit=lambda _: used.append((time.process_time(), one.kept.inside)))
    each = [(g - grader, s - sandbox) for (grader, sandbox), (g, s) in pairwise(used)]
    seconds = {"grader": [g for g, _ in each], "sandbox": [s for _, s in each], "both": [g + s for g, s in each]}
    print(json.dumps({name: statistics.median(found) for name, found in seconds.items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
