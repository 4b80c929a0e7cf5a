"""What a clock of the grader's ended is graded once more, alone."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from ..course.findings import Graded

logger = logging.getLogger(__name__)
Key = TypeVar("Key")


def believed(results: Iterable[tuple[Key, Graded]], again: Callable[[Key], Graded]) -> Iterator[tuple[Key, Graded]]:
    """(key, Graded) for each of `results`; what the grader's clocks cut is graded once more when all others are done.

    again: called with a key, grades it alone: no load of ours is in the way then. What is cut all the same is flagged.
    """
    cut = []
    for key, graded in results:
        if graded.cut:
            logger.info("%s: cut by a clock of the grader's: %s; it will be graded again", key, graded.cut)
            cut.append(key)
        else:
            yield key, graded
    for key in cut:
        graded = again(key)
        logger.info("%s: graded again, alone, %s", key, "and cut again" if graded.cut else "and not cut")
        if graded.cut:
            graded.flags.append(f"{graded.cut} by the clock, not by its own work, also when graded alone; look at it")
        yield key, graded
