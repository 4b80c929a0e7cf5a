"""Trying variants and mutants on the checks of a homework."""

import signal
from pathlib import Path
from typing import NoReturn

from ..course.findings import FINE
from ..homework.declare import Variant
from ..homework.loading import Library
from ..judging.judge import Verdict, judge
from ..judging.local import local
from ..judging.observations import Observations
from ..judging.shelf import Memory
from .mutants import Mutant
from .pairs import told

SECONDS = 10

# A wrong variant's name -> names of the checks that it fails.
Matrix = dict[str, list[str]]


class Auditor:
    """Tries variants and mutants of the homeworks of one course; what is observed of them is worked out once."""

    def __init__(self, root: Path) -> None:
        self.homeworks = Library(root)
        self._known: dict[str, Observations] = {}

    def observations(self, homework_id: str) -> Observations:
        """What the homework of this id observes on the usual hidden inputs."""
        if homework_id not in self._known:
            self._known[homework_id] = Observations(self.homeworks.load(homework_id))
        return self._known[homework_id]

    def verdict(self, homework_id: str, number: int) -> Verdict:
        """The verdict on one variant of a homework, by the checks that it can touch; -1 is the reference."""
        observations = self.observations(homework_id)
        homework = observations.homework
        if number < 0:
            return judge(observations, local(homework.reference))
        variant = homework.variants[number]
        only = observations.reached_checks(variant.target) | set(variant.fails)
        return judge(observations, local(homework.source_with(variant)), only=only)

    def try_variant(self, homework_id: str, number: int) -> tuple[list[str], Matrix]:
        """Problems and rows of the matrix for one variant of a homework, or for the reference where number is -1."""
        verdict = self.verdict(homework_id, number)
        if number < 0:
            return right_problems("the reference", verdict), {}
        variant = self.observations(homework_id).homework.variants[number]
        if variant.right:
            return right_problems(f"wheat {variant.name}", verdict, variant.flagged), {}
        return wrong_problems(variant, verdict)

    def known(self, homework_id: str, name: str) -> dict[str, bytes]:
        """What the known mistake of this name does, packed as a Memory packs it."""
        observations = self.observations(homework_id)
        # In a memory of its own, so that nothing is packed twice.
        observations.shelf = memory = Memory()
        observations.work_out(observations.homework.variant(name))
        return memory.packed()

    def told(self, homework_id: str, names: tuple[str, str]) -> str:
        """How two known mistakes of these names are told, made together."""
        observations = self.observations(homework_id)
        first, second = map(observations.homework.variant, names)
        return told(observations, first, second)

    def unstable(self, homework_id: str, seed: int) -> list[str]:
        """What right variants lose where the hidden inputs are drawn from another seed, as lines."""
        usual = self.observations(homework_id)
        homework, drawn = usual.homework, Observations(usual.homework, seed)
        problems = right_problems(f"seed {seed}: the reference", judge(drawn, local(homework.reference)))
        for variant in homework.wheats:
            only = usual.reached_checks(variant.target)
            verdict = judge(drawn, local(homework.source_with(variant)), only=only)
            problems += right_problems(f"seed {seed}: wheat {variant.name}", verdict, variant.flagged)
        return problems

    def survives(self, homework_id: str, mutant: Mutant) -> bool:
        """Whether a mutant keeps full marks. One that runs without end is killed like one that is wrong."""
        before = signal.signal(signal.SIGALRM, _stop)
        signal.alarm(SECONDS)
        try:
            observations = self.observations(homework_id)
            only = observations.reached_checks(mutant.target)
            return all(f.outcome in FINE for f in judge(observations, local(mutant.source), until_lost=True, only=only))
        except Exception:
            return False
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)


def _stop(*_: object) -> NoReturn:
    raise TimeoutError


def right_problems(name: str, verdict: Verdict, flagged: bool = False) -> list[str]:
    """What is wrong with the checks if a right implementation does not keep all, as lines."""
    problems = [f"{name} loses {f.name}: {f.outcome}, {f.hint}" for f in verdict if f.outcome not in FINE]
    if bool(verdict.flags) != flagged:
        problems.append(f"{name} is flagged: {verdict.flags}" if verdict.flags else f"{name} is not flagged")
    return problems


def wrong_problems(variant: Variant, verdict: Verdict) -> tuple[list[str], Matrix]:
    """What is wrong with the checks by what they say of a wrong implementation, as lines; and what it fails."""
    failed = {f.name: f for f in verdict if f.outcome not in FINE}
    problems = []
    for name in variant.fails:
        if name not in failed:
            problems.append(f"chaff {variant.name} passes {name}, which it should fail")
        elif name == variant.fails[0] and failed[name].hint != variant.hint:
            problems.append(f"chaff {variant.name} is told in {name}: {failed[name].hint}")
    for name, finding in failed.items():
        if finding.about != variant.target and name not in variant.fails:
            problems.append(f"chaff {variant.name} fails {name}, which is about {finding.about}")
    return problems, {variant.name: sorted(failed)}
