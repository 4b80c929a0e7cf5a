"""Testing the checks themselves, with implementations known to be wrong and known to be right."""

from dataclasses import dataclass, field

from .code import Local
from .homework import load
from .judge import SEED, judge, namespace

FINE = ("right", "follows")


@dataclass
class Audit:
    """What the checks of one homework made of its variants."""

    homework: str
    chaffs: int = 0
    wheats: int = 0
    problems: list = field(default_factory=list)
    matrix: dict = field(default_factory=dict)


def audit(homework_id, seed=SEED):
    """Run the reference and every variant of a homework against its checks."""
    homework = load(homework_id)
    report = Audit(homework_id, len(homework.chaffs), len(homework.wheats))
    _expect_right(report, "the reference", homework, homework.reference, seed)
    for variant in homework.variants:
        source = homework.source_with(variant)
        if variant.right:
            _expect_right(report, f"wheat {variant.name}", homework, source, seed)
        else:
            _expect_wrong(report, variant, homework, source, seed)
    return report


def _failed(homework, source, seed):
    return {f.name: f for f in judge(homework, Local(namespace(source)), seed=seed) if f.outcome not in FINE}


def _expect_right(report, name, homework, source, seed):
    for finding in _failed(homework, source, seed).values():
        report.problems.append(f"{name} loses {finding.name}: {finding.outcome}, {finding.hint}")


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
