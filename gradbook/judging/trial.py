"""One submission's code under the experiments of the checks: what is run, and what right functions stand in for."""

import contextlib
import traceback
from functools import lru_cache

import numpy as np

from ..errors import CheckFault, ChildLost, StudentError
from .experiments import local, oracle, reference_observation, rng_of
from .probe import Code


def _ignored(*_):
    """Nobody wants to know."""


class Missing(Exception):
    """The function that a check is about is not defined."""


class Trial:
    """Runs experiments on a submission. transport: a sandbox Session or a Local.

    passed: tells of a function's dotted name whether the submission has earned all its points so far. patched: Patches
    that stand in for their functions from now on.
    """

    def __init__(self, homework, transport, seed, passed):
        self.homework, self.transport, self.seed, self.passed = homework, transport, seed, passed
        self.patched = []

    def reference(self, check):
        """What the reference observes. Raises CheckFault where the experiment does not run on it."""
        try:
            with self.transport.aside(), np.errstate(all="ignore"):
                return reference_observation(self.homework, check.name, self.seed)
        except MemoryError:
            raise
        except Exception as error:
            raise fault(self.homework, check, error) from error

    def run(self, check, excuse=_ignored, asked=_ignored, also=(), patched=()):
        """What the code gave, what it should have, and how often a gradient called the forward pass.

        excuse: see Code. asked: called with each function of which the experiment asks, and that has lost points.
        also: functions that are replaced by right ones besides those that the check is given.
        patched: Patches besides those that stand in anyway.
        Raises Missing where the function to check is not there, StudentError or ChildLost where the code fails.
        """
        reference = self.reference(check)
        patched = [*(patch for patch in self.patched if patch.name != check.covers), *patched]
        code = Code(self.transport, self._passing(asked, patched), excuse)
        replaced = [name for name in check.given if not self.passed(name)] + list(also)
        with self._standing_in(check, replaced, patched) as calls, np.errstate(all="ignore"):
            # What comes back may be nan or inf; that is for the comparison to say.
            observed = check.observe(code, rng_of(self.seed, check))
            expected = reference
            if check.expect:
                expected = check.expect(code, rng_of(self.seed, check), reference)
        return observed, expected, calls[0]

    def _passing(self, asked, patched):
        """What tells the experiment whether a function is right."""
        instead = {patch.name for patch in patched}

        def passed(name):
            right = name in instead or self.passed(name)
            if not right:
                asked(name)
            return right

        return passed

    @contextlib.contextmanager
    def _standing_in(self, check, replaced, patched):
        """Right functions in the place of some; gives a list to which the count of the calls is added at the end."""
        others = {*replaced, *(patch.name for patch in patched)}
        counted = [name for name in check.gradient if name not in others]
        parts = {"replaced": [n.split(".") for n in replaced], "counted": [n.split(".") for n in counted]}
        if patched:
            parts["patched"] = [[patch.name.split("."), patch.source] for patch in patched]
        if self.transport.request(op="prepare", covers=check.covers.split("."), **parts) is not True:
            raise Missing
        calls = []
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

    def _answering(self, replaced, patched):
        """What answers the questions of functions that right ones stand in for, and of patched ones."""
        with self.transport.aside():
            right, patches = oracle(self.homework, replaced), {patch.name: patch for patch in patched}

        def answer(question):
            patch = patches.get(question["ask"].partition("#")[0])
            return patch.answer(self.homework, question) if patch else right(question)

        return answer

    def blame(self, check, error):
        """Raise CheckFault where an exception of an experiment is the check's own: it costs no student anything.

        An experiment counts and subtracts what came back, and may stumble where that is of the wrong kind. So the
        author's fault is a name that is not there, and whatever the experiment raises with right code as well.
        """
        if isinstance(error, (NameError, ImportError)):
            raise fault(self.homework, check, error) from error
        with self.transport.aside():
            try:
                _run_on_reference(self.homework, check.name, self.seed)
            except Exception as own:
                raise fault(self.homework, check, own) from own


@lru_cache(maxsize=1024)
def _run_on_reference(homework, check_name, seed):
    """Run all of a check on the reference, as on a submission. Raises what the check raises."""
    check = homework.check(check_name)
    observed, expected, _ = Trial(homework, local(homework.reference), seed, lambda name: True).run(check)
    if check.accept:
        check.accept(expected, observed)


def fault(homework, check, error):
    """The CheckFault for an exception that a check itself raised, with its traceback."""
    text = "".join(traceback.format_exception(error)).strip()
    return CheckFault(
        f"the check {check.name} of {homework.id} has a fault of its own, so nothing more is graded; patch it and run "
        f"the command again. What was graded is kept.\n{text}"
    )
