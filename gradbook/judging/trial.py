"""One submission's code under the experiments of the checks: what is run, and what right functions stand in for."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from ..errors import CheckFault, ChildLost, StudentError
from ..homework.declare import Check, Homework
from ..sandbox.transport import Answer, Transport
from .experiments import oracle, run
from .observations import Observations
from .patching import Patch
from .probe import Code


def _ignored(_: object) -> None:
    """Nobody wants to know."""


class Missing(Exception):
    """The function that a check is about is not defined."""


class Trial:
    """Runs experiments on a submission. transport: a sandbox Session or a Local.

    passed: tells of a function's dotted name whether the submission has earned all its points so far. patched: Patches
    that stand in for their functions from now on.
    """

    def __init__(self, observations: Observations, transport: Transport, passed: Callable[[str], bool]) -> None:
        self.observations, self.homework = observations, observations.homework
        self.transport, self.passed = transport, passed
        self.patched: list[Patch] = []
        self.there: set[str] = set()  # functions that were asked for and found

    def reference(self, check: Check) -> Any:
        """What the reference observes. Raises CheckFault where the experiment does not run on it."""
        try:
            with self.transport.aside(), np.errstate(all="ignore"):
                return self.observations.reference(check)
        except MemoryError:
            raise
        except Exception as error:
            raise fault(self.homework, check, error) from error

    def run(
        self,
        check: Check,
        asked: Callable[[str], None] = _ignored,
        also: Iterable[str] = (),
        patched: Iterable[Patch] = (),
    ) -> tuple[Any, Any, int]:
        """What the code gave, what it should have, and how often a gradient called the forward pass.

        asked: called with each function of which the experiment asks, and that has lost points.
        also: functions that are replaced by right ones besides those that the check is given.
        patched: Patches besides those that stand in anyway.
        Raises Missing where the function to check is not there, StudentError or ChildLost where the code fails.
        """
        reference = self.reference(check)
        patches = [*(patch for patch in self.patched if patch.name != check.covers), *patched]
        code = Code(self.transport, self._passing(asked, patches))
        replaced = [name for name in check.given if not self.passed(name)] + list(also)
        with self._standing_in(check, replaced, patches) as calls, np.errstate(all="ignore"):
            # What comes back may be nan or inf; that is for the comparison to say.
            observed, expected = run(check, code, self.observations.seed, reference)
        return observed, expected, calls[0]

    def _passing(self, asked: Callable[[str], None], patched: Iterable[Patch]) -> Callable[[str], bool]:
        """What tells the experiment whether a function is right."""
        instead = {patch.name for patch in patched}

        def passed(name: str) -> bool:
            right = name in instead or self.passed(name)
            if not right:
                asked(name)
            return right

        return passed

    @contextlib.contextmanager
    def _standing_in(self, check: Check, replaced: list[str], patched: Sequence[Patch]) -> Iterator[list[int]]:
        """Right functions in the place of some; gives a list to which the count of the calls is added at the end."""
        others = {*replaced, *(patch.name for patch in patched)}
        counted = [name for name in check.gradient if name not in others]
        parts: dict[str, Any] = {
            "replaced": [n.split(".") for n in replaced],
            "counted": [n.split(".") for n in counted],
        }
        if patched:
            parts["patched"] = [[patch.name.split("."), patch.source] for patch in patched]
        # Where nothing is to be replaced, one question whether a function is there does for all its checks.
        if any(parts.values()) or check.covers not in self.there:
            if self.transport.request(op="prepare", covers=check.covers.split("."), **parts) is not True:
                raise Missing
            self.there.add(check.covers)
        calls: list[int] = []
        try:
            if others:
                self.transport.answer = self._answering(replaced, patched)
            yield calls
            count = self.transport.request(op="restore") if others or counted else 0
            calls.append(count if type(count) is int else 0)
        except ChildLost:
            # The one that comes next has its own functions.
            raise
        except BaseException:
            if others or counted:
                with contextlib.suppress(StudentError, ChildLost):
                    self.transport.request(op="restore")
            raise
        finally:
            self.transport.answer = None

    def _answering(self, replaced: list[str], patched: Iterable[Patch]) -> Answer:
        """What answers the questions of functions that right ones stand in for, and of patched ones."""
        with self.transport.aside():
            right, patches = oracle(self.homework, replaced), {patch.name: patch for patch in patched}

        def answer(question: dict[str, Any]) -> Any:
            patch = patches.get(question["ask"].partition("#")[0])
            return patch.answer(self.homework, question) if patch else right(question)

        return answer

    def blame(self, check: Check, error: Exception) -> None:
        """Raise CheckFault where an exception of an experiment is the check's own: it costs no student anything.

        An experiment counts and subtracts what came back, and may stumble where that is of the wrong kind. So the
        author's fault is a name that is not there, and whatever the experiment raises with right code as well.
        """
        if isinstance(error, (NameError, ImportError)):
            raise fault(self.homework, check, error) from error
        with self.transport.aside():
            try:
                self.observations.require_sound(check)
            except Exception as own:
                raise fault(self.homework, check, own) from own


def fault(homework: Homework, check: Check, error: Exception) -> CheckFault:
    """The CheckFault for an exception that a check itself raised, with its traceback."""
    text = "".join(traceback.format_exception(error)).strip()
    return CheckFault(
        f"the check {check.name} of {homework.id} has a fault of its own, so nothing more is graded; mend it and run "
        f"the command again. What was graded is kept.\n{text}"
    )
