"""What stock nbgrader runs in the student's kernel: the same checks, on the same functions, without a sandbox."""

from pathlib import Path

from gradbook.homework.loading import Library
from gradbook.judging.judge import judge
from gradbook.judging.local import Local
from gradbook.judging.observations import Observations

ROOT = Path(__file__).resolve().parent.parent
_done = {}


def points(homework_id, task, names):
    """The points of one graded cell: a float, as nbgrader reads partial credit.

    names: the notebook's namespace. The checks are run once, when the first graded cell asks.
    """
    if homework_id not in _done:
        observations = Observations(Library(ROOT).load(homework_id))
        _done[homework_id] = judge(observations, Local(names, source="\n\n".join(names["In"])))
    return float(sum(f.points for f in _done[homework_id] if f.task == task))
