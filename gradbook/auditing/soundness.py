"""That what is declared runs: each check on the reference, and each variant as Python."""

import ast
import traceback
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, ClassVar

import numpy as np

from ..errors import GradbookError, StudentError
from ..homework.declare import Check, Homework, Variant
from ..judging.observations import Observations


def apart(call: Callable[[], object]) -> None:
    """Run a call in a process of its own, and raise here what it raises there.

    A reference may start threads, which later processes would not inherit, and change what this process shares.
    """
    with ProcessPoolExecutor(1, get_context("fork"), initializer=_Apart.begin, initargs=(call,)) as pool:
        pool.submit(_Apart.run).result()


class _Apart:
    """The call that a process was started for: it cannot be sent, but is there after the fork."""

    call: ClassVar[Callable[[], object]]

    @classmethod
    def begin(cls, call: Callable[[], object]) -> None:
        cls.call = staticmethod(call)

    @classmethod
    def run(cls) -> None:
        cls.call()


def require_sound(homework: Homework) -> None:
    """Raises GradbookError where a variant is no Python, or a check does not run on the reference or observes nothing.

    Nothing is tried where what the homework is written in is not installed.
    """
    for variant in homework.variants:
        _require_python(homework, variant)
    if homework.is_ready():
        observations = Observations(homework)
        for check in homework.checks:
            _require_observed(observations, check)


def _require_python(homework: Homework, variant: Variant) -> None:
    try:
        ast.parse(variant.source)
    except SyntaxError as error:
        raise GradbookError(
            f"autograder/{homework.id}/mistakes.py: variant {variant.name} is no Python ({error.msg}): "
            f"{(error.text or '').strip()}"
        ) from None


def _require_observed(observations: Observations, check: Check) -> None:
    homework = observations.homework
    try:
        with np.errstate(all="ignore"):
            observations.require_sound(check)
    except Exception as error:
        raise GradbookError(
            f"{_place(homework, error)}: the check {check.name} does not run on the reference: {_said(error)}"
        ) from error
    if _is_nothing(observations.reference(check)):
        raise GradbookError(
            f"autograder/{homework.id}/checks.py: the check {check.name} observes nothing of the reference; "
            "does it return what it has seen?"
        )


def _place(homework: Homework, error: Exception) -> str:
    """Where in the homework's checks an exception arose, as file and line."""
    file = f"autograder/{homework.id}/checks.py"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(file)]
    return f"{file}, line {lines[-1]}" if lines else file


def _said(error: Exception) -> str:
    name, message = type(error).__name__, str(error)
    if isinstance(error, StudentError):
        name, message = error.type_name, error.message
    return f"{name}: {message}" if message else name


def _is_nothing(seen: Any) -> bool:
    """Whether an observation can tell nothing: it is None, or all in it is, or there is nothing in it."""
    inside = list(seen.values()) if isinstance(seen, dict) else seen
    return seen is None or (isinstance(inside, (list, tuple)) and all(map(_is_nothing, inside)))
