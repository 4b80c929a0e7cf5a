"""What goes wrong with the grader itself while one submission is in its hands.

It is recorded with that submission, with 0 points and a flag, and the run goes on. What concerns the whole run ends it.
"""

from __future__ import annotations

import errno
import sys
from typing import TYPE_CHECKING

from ..course import tracebacks
from ..errors import GradbookError

if TYPE_CHECKING:
    from ..course.submission import Submission

# What no submission is the reason of: the next one would meet it too.
FULL_OR_CLOSED = errno.ENOSPC, errno.EDQUOT, errno.EROFS
OUT_OF_ORDER = errno.EIO, errno.EMFILE, errno.ENFILE


def require_one_submissions(error: Exception) -> None:
    """Raises what ends the run, where an exception is not about the one submission that was in hand."""
    if isinstance(error, GradbookError) or _is_of_the_database(error):
        raise error
    if isinstance(error, OSError) and error.errno in (*FULL_OR_CLOSED, *OUT_OF_ORDER):
        raise GradbookError(
            f"this machine refuses to go on ({error.strerror}); what was graded is kept: mend that and run the "
            "command again"
        ) from None


def _is_of_the_database(error: Exception) -> bool:
    """Whether the database failed, rather than refused what one submission has to say."""
    # Where nothing has imported it, such as in Gradescope's container, there is no database.
    exc = sys.modules.get("sqlalchemy.exc")
    return (
        exc is not None
        and isinstance(error, exc.DBAPIError)
        and not isinstance(error, (exc.DataError, exc.IntegrityError))
    )


def reason(error: Exception) -> str:
    """What is recorded with a submission that the grader failed at: what happened, and where."""
    return f"the grader itself failed ({tracebacks.type_and_place(error)}); please review this submission by hand"


def keep_traceback(submission: Submission, text: str) -> str:
    """Write the traceback of a mishap where an instructor finds it. Returns what to say of it; "" where it cannot be.

    text: the traceback; "" removes that of an earlier time.
    """
    root, name = submission.assignment.course.root, f"{submission.assignment.id}-{submission.student}"
    try:
        if not text:
            tracebacks.path_of(root, name).unlink(missing_ok=True)
            return ""
        return f"what failed stands in {tracebacks.keep(root, name, text).relative_to(root)}"
    except (OSError, ValueError):
        return ""
