"""Testing the checks themselves: with variants known to be wrong or right, and with mutants of the reference."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from .code import Local
from .homework import load
from .judge import SEED, judge, namespace
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

    @property
    def score(self):
        """Killed mutants over all that are not equivalent."""
        counted = self.mutants - len(self.equivalent)
        return 1 - len(self.survivors) / counted if counted else 1.0

    @property
    def passed(self):
        return not self.problems and self.score >= BAR


def audit_all(homework_ids, workers=None, with_mutants=True):
    """Audit several homeworks with one process a core. Returns an Audit each."""
    with ProcessPoolExecutor(workers or len(os.sched_getaffinity(0))) as pool:
        known = {name: pool.submit(audit, name) for name in homework_ids}
        planted = {name: list(mutants(load(name).reference)) if with_mutants else [] for name in homework_ids}
        verdicts = {name: pool.map(_survives, [name] * len(m), m, chunksize=8) for name, m in planted.items()}
        reports = []
        for name in homework_ids:
            report = known[name].result()
            _count(report, planted[name], list(verdicts[name]))
            reports.append(report)
    return reports


def audit(homework_id, seed=SEED):
    """Run the reference and every variant of a homework against its checks."""
    homework = load(homework_id)
    report = Audit(homework_id, len(homework.chaffs), len(homework.wheats))
    _expect_right(report, "the reference", homework, homework.reference, seed)
    for variant in homework.variants:
        source = homework.source_with(variant)
        if variant.right:
            _expect_right(report, f"wheat {variant.name}", homework, source, seed, variant.flagged)
        else:
            _expect_wrong(report, variant, homework, source, seed)
    return report


def _failed(homework, source, seed):
    return {f.name: f for f in judge(homework, Local(namespace(source)), seed=seed) if f.outcome not in FINE}


def _expect_right(report, name, homework, source, seed, flagged=False):
    verdict = judge(homework, Local(namespace(source)), seed=seed)
    for finding in verdict:
        if finding.outcome not in FINE:
            report.problems.append(f"{name} loses {finding.name}: {finding.outcome}, {finding.hint}")
    if bool(verdict.flags) != flagged:
        report.problems.append(f"{name} is flagged: {verdict.flags}" if verdict.flags else f"{name} is not flagged")


def _expect_wrong(report, variant, homework, source, seed):
    failed = _failed(homework, source, seed)
    report.matrix[variant.name] = sorted(failed)
    covers = {check.name: check.covers for check in homework.checks}
    for name in variant.fails:
        if name not in failed:
            report.problems.append(f"chaff {variant.name} passes {name}, which it should fail")
        elif name == variant.fails[0] and failed[name].hint != variant.hint:
            report.problems.append(f"chaff {variant.name} is told in {name}: {failed[name].hint}")
    for name in failed:
        if covers[name] != variant.target and name not in variant.fails:
            report.problems.append(f"chaff {variant.name} fails {name}, which is about {covers[name]}")


# ---------------------------------------------------------------- mutants


def _survives(homework_id, mutant):
    """Whether a mutant keeps full marks. One that runs without end is killed like one that is wrong."""

    def stop(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        homework = load(homework_id)
        transport = Local(namespace(mutant.source))
        return all(f.outcome in FINE for f in judge(homework, transport, until_lost=True))
    except Exception:
        return False
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _count(report, planted, survived):
    report.mutants = len(planted)
    known = load(report.homework).equivalent
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
    lines += [f"  survives   {name}" for name in report.survivors]
    lines += [f"  equivalent {name}: {reason}" for name, reason in report.equivalent.items()]
    lines += [f"  PROBLEM    {problem}" for problem in report.problems]
    return "\n".join(lines)
