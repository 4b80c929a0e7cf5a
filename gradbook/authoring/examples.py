"""That each task shows an example in its public check, and one that runs by itself."""

from collections.abc import Mapping

from ..errors import GradbookError, StudentError
from ..homework.declare import Homework
from ..homework.examples import example, tasks_with_examples
from ..judging.local import right


def require_examples(homework: Homework, checks: Mapping[str, str]) -> None:
    """Raises GradbookError where a task's example is not there, or needs what the cell and the reference do not define.

    checks: task -> the source of its public check. None is run where what the homework is written in is not installed.
    """
    runs = homework.is_ready()
    for task in tasks_with_examples(homework):
        source = example(checks[task])
        if not source:
            raise GradbookError(
                f"{homework.id}: the check cell of {task} shows no example: it needs a line of its own with "
                "helpers.check_close(call, returned, expected)"
            )
        try:
            if runs:
                right(homework).request(op="example", source=source)
        except StudentError as error:
            raise GradbookError(
                f"{homework.id}: the check cell of {task}, up to its first check_close, is an example, and "
                f"does not run with what the cell and the reference define: {error.type_name}: {error.message}"
            ) from None
