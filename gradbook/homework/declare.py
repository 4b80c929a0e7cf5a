"""How a homework is declared: its hidden checks, its known mistakes, its right variants.

checks.py is a list of functions under `@check`; mistakes.py of functions under `@chaff`, `@wheat` and their likes. What
people read of each stands in its docstring: a line, an empty one, and the rest. `loading` brings both together with the
reference solution.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..errors import GradbookError
from .concepts import require_concept
from .source import BEGIN_SOLUTION, Change, changed, definition, splice, without_docstring
from .spelling import there_is_no

if TYPE_CHECKING:
    import numpy as np

# What `check` takes besides its first arguments; families also tell what to expect of a function that builds on others.
OPTIONS = ("given", "uses", "rtol", "atol", "elementwise", "batch", "review", "exact")
BY_FAMILIES = ("expect", "built_on")
# The docstring of a check that is told by the reference's docstring of its function.
AS_THE_REFERENCE = "call\n\nas the reference"
# What stands under a decorator: a function, or the class that it takes the place of.
Made = Callable[..., Any]
Texts = str | tuple[str, ...]


@dataclass(eq=False)
class Check:
    """One hidden check: an experiment that is run on the submission and on the reference.

    observe(code, rng) makes calls on `code` and returns what they gave: numbers, arrays, and lists, tuples
    or dicts of them. The submission passes where it observes what the reference observes.
    """

    observe: Callable[[Any, np.random.Generator], Any]
    name: str
    task: str
    points: float
    covers: str
    call: str
    promise: str
    given: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    rtol: float = 1e-9
    atol: float = 0.0
    elementwise: bool = False
    expect: Callable[[Any, np.random.Generator, Any], Any] | None = None
    batch: int | None = None
    gradient: tuple[str, ...] = ()
    built_on: tuple[str, ...] = ()
    review: str = ""
    exact: bool = False

    def __post_init__(self) -> None:
        self.given, self.uses = as_tuple(self.given), as_tuple(self.uses)

    def expected(self, function: Callable[[Any, np.random.Generator, Any], Any]) -> Made:
        """Decorator: `function(code, rng, reference)` gives what to expect, where it depends on the code.

        code: the submission; reference: what the reference solution observes.
        """
        self.expect = function
        return function


def check(task: str, points: float, covers: str, **options: Any) -> Callable[[Made], Check]:
    """Declare a hidden check; the decorated function is its experiment, and its name the check's.

    Its docstring tells the student, without a hidden number, how `covers` is called and, below an empty line, what is
    promised of it.

    A module's GRADIENTS maps a function that computes a derivative to the functions (forward, loss) that a numerical
    derivative would call again and again. A submission that does so, or that is right to a few digits only, keeps
    its points and is flagged.

    task: the graded cell. covers: dotted name of the function it is about.
    given: functions that are replaced by right ones where the submission's own failed (they must have been
    checked before; they must be pure). uses: functions of the submission that this check runs; where it fails
    and exactly one of them has lost points already, it earns what was lost there, and no more. A name or a tuple.
    rtol, atol: allowed error, relative to the largest entry (elementwise=True: to each entry).
    batch: number of rows in the experiment, for telling a sum from a mean.
    exact: a derivative that is right to a few digits only is wrong here.
    review: for a check of 0 points: the flag that a submission gets which fails it.
    """

    def declare(function: Made) -> Check:
        call, promise = _words(function)
        if not (call and promise):
            raise GradbookError(
                f"the check {function.__name__} needs a docstring: how the function is called, an empty line, and what "
                "is promised of it"
            )
        for option in set(options) - set(OPTIONS) - set(BY_FAMILIES):
            raise GradbookError(f"the check {function.__name__}: {there_is_no('option', option, OPTIONS)}")
        if not isinstance(points, int | float) or points < 0:
            raise GradbookError(
                f"the check {function.__name__} has the points {points!r}; they are a number, 0 or more"
            )
        return Check(function, function.__name__, task, points, covers, call, promise, **options)

    return declare


def _words(made: Made) -> tuple[str, str]:
    """The first paragraph of a docstring and all that follows it, each as one line; empty texts where it has none."""
    first, _, rest = inspect.cleandoc(made.__doc__ or "").partition("\n\n")
    return first.replace("\n", " "), " ".join(filter(None, rest.split("\n")))


@dataclass(frozen=True)
class Variant:
    """An implementation that is known to be wrong (a chaff) or right (a wheat).

    changes: of the reference's definition, in the order of the code, where it was declared by them.
    concept: a key of CONCEPTS, or nothing. both: the two mistakes of which this one is made, where it is.
    """

    name: str
    target: str
    source: str
    right: bool
    fails: tuple[str, ...] = ()
    hint: str = ""
    about: str = ""
    flagged: bool = False
    changes: tuple[Change, ...] = ()
    concept: str = ""
    both: tuple[Variant, ...] = ()


def chaff(target: str, fails: Texts, *, hint: str = "", concept: str = "") -> Callable[[Made], Variant]:
    """Declare a known mistake: the decorated function stands in for `target`.

    Its docstring says, for the instructor, what the mistake is and, below an empty line, what to tell the student.

    target: dotted name in the reference. fails: name of the check (or tuple of names) that must fail.
    hint: what to tell the student, where several mistakes are told the same; the docstring then says the rest.
    concept: the idea that it is about, by its key in CONCEPTS.
    """

    def declare(made: Made) -> Variant:
        about, told = _mistake(made, hint)
        source, idea = _standing_in(made, target), require_concept(concept, made.__name__)
        return Variant(made.__name__, target, source, False, as_tuple(fails), told, about, concept=idea)

    return declare


def wheat(target: str) -> Callable[[Made], Variant]:
    """Declare a right implementation of `target` that is written differently; a docstring may say how."""

    def declare(made: Made) -> Variant:
        about = _words(made)[0] or made.__name__.replace("_", " ")
        return Variant(made.__name__, target, _standing_in(made, target), True, about=about)

    return declare


def suspect(target: str) -> Callable[[Made], Variant]:
    """Declare an implementation that is right in its numbers, but that a person should look at."""
    return lambda made: replace(wheat(target)(made), flagged=True)


def _mistake(made: Made, hint: str) -> tuple[str, str]:
    """What a mistake is, and what to tell the student. hint: what others are told as well, or an empty text."""
    about, told = _words(made)
    if not about or bool(told) == bool(hint):
        raise GradbookError(
            f"the mistake {made.__name__} needs a docstring: what is wrong, an empty line, and what to tell the "
            "student; or hint= in place of the latter"
        )
    return about, told or hint


def _standing_in(made: Made, target: str) -> str:
    """The source of a function or class under the name of `target`. A submission must not hold its own hint."""
    source = textwrap.dedent(inspect.getsource(made))
    first = ast.parse(source).body[0].lineno - 1  # below the decorators
    lines = source.split("\n")[first:]
    lines[0] = lines[0].replace(f" {made.__name__}", f" {target.rpartition('.')[2]}", 1)
    return without_docstring("\n".join(lines).rstrip())


def as_tuple(texts: Texts) -> tuple[str, ...]:
    """One name, or several, as a tuple."""
    return (texts,) if isinstance(texts, str) else tuple(texts)


def chaff_edit(
    target: str, fails: Texts, old: Texts, new: Texts, *, hint: str = "", concept: str = ""
) -> Callable[[Made], Edit]:
    """Declare a known mistake as a change of the reference: `old` becomes `new` inside `target`.

    The decorated function is never run: it has the mistake's name, and its docstring, as under `chaff`.

    old, new: texts, or equally long tuples of texts. Raises GradbookError on loading where `old` is not there.
    """

    def declare(made: Made) -> Edit:
        about, told = _mistake(made, hint)
        pairs = _pairs(made, old, new)
        idea = require_concept(concept, made.__name__)
        return Edit(made.__name__, target, pairs, False, as_tuple(fails), told, about, idea)

    return declare


def wheat_edit(target: str, old: Texts, new: Texts) -> Callable[[Made], Edit]:
    """Declare a right variant as a change of the reference; of the decorated function, the name counts."""
    return lambda made: Edit(made.__name__, target, _pairs(made, old, new), True)


def _pairs(made: Made, old: Texts, new: Texts) -> tuple[tuple[str, str], ...]:
    before, after = as_tuple(old), as_tuple(new)
    if len(before) != len(after):
        raise GradbookError(f"variant {made.__name__}: {len(before)} texts are replaced, by {len(after)}")
    return tuple(zip(before, after, strict=True))


@dataclass(frozen=True)
class Edit:
    """A variant that is declared as a change of the reference: what `chaff_edit` and `wheat_edit` give."""

    name: str
    target: str
    pairs: tuple[tuple[str, str], ...]
    right: bool
    fails: tuple[str, ...] = ()
    hint: str = ""
    about: str = ""
    concept: str = ""

    def variant(self, reference: str) -> Variant:
        """The variant that results from the reference's source."""
        try:
            original = definition(reference, self.target)
        except KeyError:
            raise GradbookError(f"variant {self.name}: the reference defines no {self.target}") from None
        for old, _ in self.pairs:
            if original.count(old) != 1:
                raise GradbookError(f"variant {self.name}: {old!r} stands {original.count(old)} times in {self.target}")
        changes = tuple(sorted(Change.of(original, old, new) for old, new in self.pairs))
        source = changed(original, changes)
        told = self.right, self.fails, self.hint, self.about
        return Variant(self.name, self.target, source, *told, changes=changes, concept=self.concept)


@dataclass(frozen=True, eq=False)
class Needs:
    """A homework's id, its reference, and what has to be there to run it.

    modules, distributions: what it imports beyond NumPy and Matplotlib, and the packages that hold it; the sandbox
    imports it before the first submission. memory: bytes that a submission may need, where that is more than usual.
    """

    id: str
    reference: str
    modules: tuple[str, ...] = ()
    distributions: tuple[str, ...] = ()
    memory: int | None = None

    def require_modules(self) -> None:
        """Raises GradbookError where something that the homework is written in is not installed."""
        missing = self._missing()
        if missing:
            raise GradbookError(f"{self.id} needs {' and '.join(missing)}; run: pip install {' '.join(missing)}")

    def is_ready(self) -> bool:
        """Whether all of that is installed."""
        return not self._missing()

    def _missing(self) -> list[str]:
        tops = {module.partition(".")[0] for module in self.modules}
        missing = [name for name in self.distributions if not _installed(name)]
        return missing or sorted(top for top in tops if importlib.util.find_spec(top) is None)


def _installed(distribution: str) -> bool:
    import importlib.metadata  # slow, and few homeworks need more than the rest

    try:
        return bool(importlib.metadata.version(distribution))
    except importlib.metadata.PackageNotFoundError:
        return False


@dataclass(frozen=True, kw_only=True, eq=False)
class Homework(Needs):
    """All that is declared about a homework. One is the same as itself only: what is worked out is kept by it.

    examples: see `examples`; none before there is a release. total: what the points of its graded cells are to add up
    to, where that is said.
    """

    checks: tuple[Check, ...]
    variants: tuple[Variant, ...]
    examples: dict[str, str] = field(default_factory=dict)
    equivalent: dict[str, str] = field(default_factory=dict)
    total: float | None = None

    @property
    def chaffs(self) -> tuple[Variant, ...]:
        return tuple(v for v in self.variants if not v.right)

    @property
    def wheats(self) -> tuple[Variant, ...]:
        return tuple(v for v in self.variants if v.right)

    @cached_property
    def points(self) -> dict[str, float]:
        """Task -> points of its graded cell, in the order of the checks."""
        points: dict[str, float] = {}
        for item in self.checks:
            points[item.task] = points.get(item.task, 0) + item.points
        return points

    def check(self, name: str) -> Check:
        """The check of this name."""
        return next(c for c in self.checks if c.name == name)

    def variant(self, name: str) -> Variant:
        """The variant of this name."""
        return next(v for v in self.variants if v.name == name)

    def is_given(self, name: str) -> bool:
        """Whether the definition of this dotted name is handed out as it is: it holds nothing that students write."""
        return BEGIN_SOLUTION not in definition(self.reference, name)

    def source_with(self, *variants: Variant) -> str:
        """The reference module with some definitions replaced."""
        source = self.reference
        for variant in variants:
            source = splice(source, variant.target, variant.source)
        return source
