"""Testing the checks themselves: with variants known to be wrong or right, and with mutants of the reference."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from ..homework.loading import Library
from ..judging.experiments import SEED, local
from ..judging.judge import judge
from ..judging.reach import reached_checks
from .mutants import mutants

FINE = ("right", "follows")
BAR = 0.97
SECONDS = 10


@dataclass
class Audit:
    """What the checks of one homework made of its variants and mutants.

    matrix: chaff -> the checks that it fails. survivors: mutants that keep full marks and are not known to be
    equivalent. equivalent: those that are, with the reason.
    """

    homework: str
    chaffs: int = 0
    wheats: int = 0
    mutants: int = 0
    problems: list = field(default_factory=list)
    matrix: dict = field(default_factory=dict)
    survivors: list = field(default_factory=list)
    equivalent: dict = field(default_factory=dict)
    seeds: int = 0

    @property
    def score(self):
        """Killed mutants over all that are not equivalent."""
        counted = self.mutants - len(self.equivalent)
        return 1 - len(self.survivors) / counted if counted else 1.0

    @property
    def passed(self):
        return not self.problems and self.score >= BAR


def audit_all(root, homework_ids, workers=None, with_mutants=True, seeds=0):
    """Audit several homeworks of the course at `root` with one process a core. Returns an Audit each.

    seeds: on how many further draws of the hidden inputs each right variant is to keep all.
    """
    with ProcessPoolExecutor(workers or len(os.sched_getaffinity(0))) as pool:
        homeworks = {name: Library(root).load(name) for name in homework_ids}
        planted = {n: list(mutants(homework.reference)) if with_mutants else [] for n, homework in homeworks.items()}
        counts = {name: len(homework.variants) for name, homework in homeworks.items()}
        found = {name: _spread(pool, _try_variant, root, name, range(-1, count)) for name, count in counts.items()}
        lives = {name: _spread(pool, _survives, root, name, mutants_) for name, mutants_ in planted.items()}
        drawn = {name: _spread(pool, unstable, root, name, range(seeds)) for name in homework_ids}
        reports = []
        for name, homework in homeworks.items():
            report = Audit(name, len(homework.chaffs), len(homework.wheats), seeds=seeds)
            report.problems += [problem for problems in drawn[name] for problem in problems]
            for problems, matrix in found[name]:
                report.problems += problems
                report.matrix.update(matrix)
            _count(report, homework, planted[name], list(lives[name]))
            reports.append(report)
    return reports


def _spread(pool, function, root, homework_id, items):
    return pool.map(function, [root] * len(items), [homework_id] * len(items), items, chunksize=8)


def _try_variant(root, homework_id, number, seed=SEED):
    """Problems and rows of the matrix for one variant of a homework, or for the reference where number is -1."""
    homework = Library(root).load(homework_id)
    if number < 0:
        return right_problems("the reference", homework, homework.reference, seed), {}
    variant = homework.variants[number]
    source, only = homework.source_with(variant), reached_checks(homework, variant.target) | set(variant.fails)
    if variant.right:
        return right_problems(f"wheat {variant.name}", homework, source, seed, variant.flagged, only), {}
    return wrong_problems(variant, homework, source, seed, only)


def unstable(root, homework_id, seed):
    """What right variants lose where the hidden inputs are drawn from another seed, as lines."""
    homework = Library(root).load(homework_id)
    problems = right_problems(f"seed {seed}: the reference", homework, homework.reference, seed)
    for variant in homework.wheats:
        only, source = reached_checks(homework, variant.target), homework.source_with(variant)
        problems += right_problems(f"seed {seed}: wheat {variant.name}", homework, source, seed, variant.flagged, only)
    return problems


def right_problems(name, homework, source, seed=SEED, flagged=False, only=None):
    """What is wrong with the checks if a right implementation does not keep all, as lines."""
    verdict = judge(homework, local(source), seed=seed, only=only)
    problems = [f"{name} loses {f.name}: {f.outcome}, {f.hint}" for f in verdict if f.outcome not in FINE]
    if bool(verdict.flags) != flagged:
        problems.append(f"{name} is flagged: {verdict.flags}" if verdict.flags else f"{name} is not flagged")
    return problems


def wrong_problems(variant, homework, source, seed=SEED, only=None):
    """What is wrong with the checks by what they say of a wrong implementation, as lines; and what it fails."""
    verdict = judge(homework, local(source), seed=seed, only=only)
    failed = {f.name: f for f in verdict if f.outcome not in FINE}
    covers = {check.name: check.covers for check in homework.checks}
    problems = []
    for name in variant.fails:
        if name not in failed:
            problems.append(f"chaff {variant.name} passes {name}, which it should fail")
        elif name == variant.fails[0] and failed[name].hint != variant.hint:
            problems.append(f"chaff {variant.name} is told in {name}: {failed[name].hint}")
    for name in failed:
        if covers[name] != variant.target and name not in variant.fails:
            problems.append(f"chaff {variant.name} fails {name}, which is about {covers[name]}")
    return problems, {variant.name: sorted(failed)}


# ---------------------------------------------------------------- mutants


def _survives(root, homework_id, mutant):
    """Whether a mutant keeps full marks. One that runs without end is killed like one that is wrong."""

    def stop(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        homework = Library(root).load(homework_id)
        transport = local(mutant.source)
        only = reached_checks(homework, mutant.target)
        return all(f.outcome in FINE for f in judge(homework, transport, until_lost=True, only=only))
    except Exception:
        return False
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _count(report, homework, planted, survived):
    report.mutants = len(planted)
    known = homework.equivalent
    for mutant, lives in zip(planted, survived, strict=True):
        if lives and mutant.name in known:
            report.equivalent[mutant.name] = known[mutant.name]
        elif lives:
            report.survivors.append(mutant.name)


def describe(report):
    """An audit as lines for people: the kill matrix, the score, the survivors."""
    lines = [f"{report.homework}: {report.chaffs} wrong and {report.wheats} right variants, {report.mutants} mutants"]
    lines += [f"  {name:40s} {', '.join(failed)}" for name, failed in report.matrix.items()]
    lines.append(f"  mutation score {report.score:.1%}")
    if report.seeds:
        lines.append(f"  right variants graded on {report.seeds} seeds")
    lines += [f"  survives   {name}" for name in report.survivors]
    lines += [f"  equivalent {name}: {reason}" for name, reason in report.equivalent.items()]
    lines += [f"  PROBLEM    {problem}" for problem in report.problems]
    return "\n".join(lines)
