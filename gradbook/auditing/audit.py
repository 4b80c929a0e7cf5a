"""Testing the checks themselves: with variants known to be wrong or right, and with mutants of the reference."""

import functools
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import ClassVar, TypeVar

from ..course.assignment import Assignment
from ..course.folder import Course
from ..homework.declare import Homework
from ..judging.observations import Observations
from ..judging.shelf import Shelf
from .auditor import Auditor, Matrix
from .mutants import Mutant, mutants
from .pairs import drawn
from .soundness import apart, require_sound

BAR = 0.97

Item = TypeVar("Item")
Result = TypeVar("Result")


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
    problems: list[str] = field(default_factory=list)
    matrix: Matrix = field(default_factory=dict)
    survivors: list[str] = field(default_factory=list)
    equivalent: dict[str, str] = field(default_factory=dict)
    seeds: int = 0
    pairs: dict[str, int] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """Killed mutants over all that are not equivalent."""
        counted = self.mutants - len(self.equivalent)
        return 1 - len(self.survivors) / counted if counted else 1.0

    @property
    def passed(self) -> bool:
        return not self.problems and self.score >= BAR

    def count(self, homework: Homework, planted: Sequence[Mutant], survived: Iterable[bool]) -> None:
        """Take in which of the planted mutants survived."""
        self.mutants = len(planted)
        known = homework.equivalent
        for mutant, lives in zip(planted, survived, strict=True):
            if lives and mutant.name in known:
                self.equivalent[mutant.name] = known[mutant.name]
            elif lives:
                self.survivors.append(mutant.name)


class _Process:
    """A process of the pool: what its auditor has worked out is there for the next item."""

    auditor: ClassVar[Auditor]

    @classmethod
    def begin(cls, root: Path) -> None:
        cls.auditor = Auditor(root)

    @classmethod
    def run(cls, method: Callable[[Auditor, str, Item], Result], homework_id: str, item: Item) -> Result:
        return method(cls.auditor, homework_id, item)


class _Count:
    """Tells how many results have come of so many, and each problem at once: all of them may take an hour."""

    def __init__(self, tell: Callable[[int, int], None], warn: Callable[[str], None], total: int) -> None:
        self.tell, self.warn, self.total, self.done = tell, warn, total, 0

    def all_of(
        self, coming: dict[str, Iterator[Result]], problems: Callable[[Result], list[str]] = lambda result: []
    ) -> dict[str, list[Result]]:
        """What comes for each homework, as lists. problems: which of a result are told."""
        return {name: list(self._counted(name, results, problems)) for name, results in coming.items()}

    def _counted(
        self, name: str, results: Iterator[Result], problems: Callable[[Result], list[str]]
    ) -> Iterator[Result]:
        for result in results:
            self.done += 1
            self.tell(self.done, self.total)
            for problem in problems(result):
                self.warn(f"PROBLEM {name}: {problem}")
            yield result


def audit_all(
    assignments: Sequence[Assignment],
    workers: int | None = None,
    with_mutants: bool = True,
    seeds: int = 0,
    pairs: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
    warn: Callable[[str], None] = lambda problem: None,
) -> list[Audit]:
    """Audit several homeworks of one course with one process a core. Returns an Audit each.

    seeds: on how many further draws of the hidden inputs each right variant is to keep all. pairs: how many pairs of
    mistakes in one function are judged. progress: is told how many of all things are tried. warn: is told each problem
    as soon as it is found.
    Raises GradbookError where a check or a variant does not run at all.
    """
    if not assignments:
        return []
    homeworks = {assignment.id: assignment.homework for assignment in assignments}
    for homework in homeworks.values():
        apart(functools.partial(require_sound, homework))
    planted = {n: list(mutants(homework.reference)) if with_mutants else [] for n, homework in homeworks.items()}
    with _pool(assignments[0].course, workers) as pool:
        numbers = {name: range(-1, len(homework.variants)) for name, homework in homeworks.items()}
        chosen = {name: drawn(homework, pairs) for name, homework in homeworks.items()}
        tried = {name: _spread(pool, Auditor.try_variant, name, numbers[name]) for name in homeworks}
        living = {name: _spread(pool, Auditor.survives, name, planted[name]) for name in homeworks}
        redrawing = {name: _spread(pool, Auditor.unstable, name, range(seeds)) for name in homeworks}
        telling = {name: _spread(pool, Auditor.told, name, chosen[name]) for name in homeworks}
        # In the order in which they are worked out, so that the progress is even.
        total = sum(len(numbers[n]) + len(planted[n]) + seeds + len(chosen[n]) for n in homeworks)
        count = _Count(progress, warn, total)
        found, lives = count.all_of(tried, lambda result: result[0]), count.all_of(living)
        redrawn, told = count.all_of(redrawing, list), count.all_of(telling)
        reports = []
        for name, homework in homeworks.items():
            report = Audit(name, len(homework.chaffs), len(homework.wheats), seeds=seeds, pairs=Counter(told[name]))
            report.problems += [problem for problems in redrawn[name] for problem in problems]
            for problems, matrix in found[name]:
                report.problems += problems
                report.matrix.update(matrix)
            report.count(homework, planted[name], lives[name])
            reports.append(report)
    return reports


def work_out_known(assignment: Assignment, workers: int | None = None) -> int:
    """Put on an assignment's shelf what its known mistakes do, with one process a core. Returns how many were new.

    A class then waits for none of it. Raises what a check raises on the reference.
    """
    shelf = Shelf.of(assignment)
    observations = Observations(assignment.homework, shelf=shelf)
    new = [variant.name for variant in assignment.homework.chaffs if not observations.is_worked_out(variant)]
    if new:
        with _pool(assignment.course, workers) as pool:
            for packed in _spread(pool, Auditor.known, assignment.id, new):
                shelf.add(packed)
        # After the processes were forked: threads that the reference may start would not survive that.
        observations.prepare()
        shelf.save()
    return len(new)


def _pool(course: Course, workers: int | None) -> ProcessPoolExecutor:
    """So many processes, or one a core, each with an auditor of a course's homeworks."""
    processes = workers or len(os.sched_getaffinity(0))
    return ProcessPoolExecutor(processes, initializer=_Process.begin, initargs=(course.root,))


def _spread(
    pool: ProcessPoolExecutor,
    method: Callable[[Auditor, str, Item], Result],
    homework_id: str,
    items: Sequence[Item],
) -> Iterator[Result]:
    """What a method of an Auditor gives for each item, in their order; worked out by all processes."""
    return pool.map(_Process.run, repeat(method), repeat(homework_id), items, chunksize=8)


def describe(report: Audit) -> str:
    """An audit as lines for people: the kill matrix, the score, the survivors."""
    lines = [f"{report.homework}: {report.chaffs} wrong and {report.wheats} right variants, {report.mutants} mutants"]
    lines += [f"  {name:40s} {', '.join(failed)}" for name, failed in report.matrix.items()]
    lines.append(f"  mutation score {report.score:.1%}")
    if report.seeds:
        lines.append(f"  right variants graded on {report.seeds} seeds")
    if report.pairs:
        ways = ", ".join(f"{way} {count}" for way, count in sorted(report.pairs.items(), key=lambda item: -item[1]))
        lines.append(f"  two mistakes in one function, {sum(report.pairs.values())} times: {ways}")
    lines += [f"  survives   {name}" for name in report.survivors]
    lines += [f"  equivalent {name}: {reason}" for name, reason in report.equivalent.items()]
    lines += [f"  PROBLEM    {problem}" for problem in report.problems]
    return "\n".join(lines)
