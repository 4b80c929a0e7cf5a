"""How a homework is declared: its hidden checks, its known mistakes, its right variants.

checks.py is a list of functions under `@check`; mistakes.py of functions under `@chaff` and `@wheat`. `loading` brings
both together with the reference solution.
"""

import ast
import importlib.util
import inspect
import textwrap
from dataclasses import dataclass, field, replace
from functools import cached_property

from ..errors import GradbookError
from .source import SOLUTION, definition, splice


@dataclass(frozen=True)
class Check:
    """One hidden check: an experiment that is run on the submission and on the reference.

    observe(code, rng) makes calls on `code` and returns what they gave: numbers, arrays, and lists, tuples
    or dicts of them. The submission passes where it observes what the reference observes.
    """

    observe: object
    name: str
    task: str
    points: float
    covers: str
    call: str
    promise: str
    given: tuple = ()
    uses: tuple = ()
    rtol: float = 1e-9
    atol: float = 0.0
    elementwise: bool = False
    expect: object = None
    batch: int | None = None
    accept: object = None
    gradient: tuple = ()
    review: str = ""
    exact: bool = False

    def expected(self, function):
        """Decorator: `function(code, rng, reference)` gives what to expect, where it depends on the code.

        code: the submission; reference: what the reference solution observes.
        """
        object.__setattr__(self, "expect", function)
        return function


def check(task, points, covers, call, promise, **options):
    """Declare a hidden check; the decorated function is its experiment, and its name the check's.

    A module's GRADIENTS maps a function that computes a derivative to the functions (forward, loss) that a numerical
    derivative would call again and again. A submission that does so, or that is right to a few digits only, keeps
    its points and is flagged.

    task: the graded cell. covers: dotted name of the function it is about. call: how it is called, and
    promise: what is promised of it, both in words for the student, without a hidden number.
    given: functions that are replaced by right ones where the submission's own failed (they must have been
    checked before; they must be pure). uses: functions of the submission that this check runs; where it fails
    and exactly one of them has lost points already, it is not charged again.
    rtol, atol: allowed error, relative to the largest entry (elementwise=True: to each entry).
    batch: number of rows in the experiment, for telling a sum from a mean.
    exact: a derivative that is right to a few digits only is wrong here.
    review: for a check of 0 points: the flag that a submission gets which fails it.
    accept(expected, observed) -> bool: decides instead of the comparison, for what is random.
    """

    def declare(function):
        return Check(function, function.__name__, task, points, covers, call, promise, **options)

    return declare


@dataclass(frozen=True)
class Variant:
    """An implementation that is known to be wrong (a chaff) or right (a wheat)."""

    name: str
    target: str
    source: str
    right: bool
    fails: tuple = ()
    hint: str = ""
    about: str = ""
    flagged: bool = False


def chaff(target, fails, hint):
    """Declare a known mistake: the decorated function stands in for `target`.

    target: dotted name in the reference. fails: name of the check (or tuple of names) that must fail.
    hint: what to tell the student. The docstring says what the mistake is, for the instructor.
    """
    fails = (fails,) if isinstance(fails, str) else tuple(fails)

    def declare(function):
        return _variant(function, target, False, fails, hint)

    return declare


def wheat(target):
    """Declare a right implementation of `target` that is written differently."""
    return lambda function: _variant(function, target, True)


def suspect(target):
    """Declare an implementation that is right in its numbers, but that a person should look at."""
    return lambda function: replace(_variant(function, target, True), flagged=True)


def _variant(function, target, right, fails=(), hint=""):
    source = textwrap.dedent(inspect.getsource(function))
    tree = ast.parse(source).body[0]
    lines = source.split("\n")[tree.lineno - 1 :]
    lines[0] = lines[0].replace(tree.name, target.rpartition(".")[2], 1)
    about = (ast.get_docstring(tree) or tree.name.replace("_", " ")).split("\n")[0]
    return Variant(tree.name, target, "\n".join(lines).rstrip(), right, fails, hint, about)


def chaff_edit(name, target, old, new, fails, hint, about=None):
    """Declare a known mistake as a change of the reference: `old` becomes `new` inside `target`.

    old, new: texts, or equally long tuples of texts. Raises GradbookError on loading where `old` is not there.
    """
    fails = (fails,) if isinstance(fails, str) else tuple(fails)
    pairs = [(old, new)] if isinstance(old, str) else list(zip(old, new, strict=True))
    return Edit(name, target, tuple(pairs), False, fails, hint, about or name.replace("_", " "))


def wheat_edit(name, target, old, new):
    """Declare a right variant as a change of the reference."""
    pairs = [(old, new)] if isinstance(old, str) else list(zip(old, new, strict=True))
    return Edit(name, target, tuple(pairs), True, (), "", "")


@dataclass(frozen=True)
class Edit:
    """A variant that is declared as a change of the reference: what `chaff_edit` and `wheat_edit` give."""

    name: str
    target: str
    pairs: tuple
    right: bool
    fails: tuple
    hint: str
    about: str

    def variant(self, reference):
        """The variant that results from the reference's source."""
        original = source = definition(reference, self.target)
        for old, new in sorted(self.pairs, key=lambda pair: -original.find(pair[0])):
            if original.count(old) != 1:
                raise GradbookError(f"variant {self.name}: {old!r} stands {original.count(old)} times in {self.target}")
            at = original.find(old)
            source = source[:at] + new + source[at + len(old) :]
        return Variant(self.name, self.target, source, self.right, self.fails, self.hint, self.about)


@dataclass(frozen=True, eq=False)
class Needs:
    """A homework's id, its reference, and what has to be there to run it.

    modules, distributions: what it imports beyond NumPy and Matplotlib, and the packages that holds; the sandbox
    imports it before the first submission. memory: bytes that a submission may need, where that is more than usual.
    """

    id: str
    reference: str
    modules: tuple = ()
    distributions: tuple = ()
    memory: int | None = None

    def require_modules(self):
        """Raises GradbookError where a package that the homework is written in is not installed."""
        for name in {module.partition(".")[0] for module in self.modules}:
            if importlib.util.find_spec(name) is None:
                title = {"torch": "PyTorch"}.get(name, name)
                raise GradbookError(f"{self.id} needs {title}; run: pip install 'gradbook[{name}]'")


@dataclass(frozen=True, kw_only=True, eq=False)
class Homework(Needs):
    """All that is declared about a homework. One is the same as itself only: what is worked out is kept by it."""

    checks: tuple
    variants: tuple
    examples: dict
    equivalent: dict = field(default_factory=dict)

    @property
    def chaffs(self):
        return tuple(v for v in self.variants if not v.right)

    @property
    def wheats(self):
        return tuple(v for v in self.variants if v.right)

    @cached_property
    def points(self):
        """Task -> points of its graded cell, in the order of the checks."""
        points = {}
        for item in self.checks:
            points[item.task] = points.get(item.task, 0) + item.points
        return points

    def check(self, name):
        """The check of this name."""
        return next(c for c in self.checks if c.name == name)

    def variant(self, name):
        """The variant of this name."""
        return next(v for v in self.variants if v.name == name)

    def is_given(self, name):
        """Whether the definition of this dotted name is handed out as it is: it holds nothing that students write."""
        return SOLUTION not in definition(self.reference, name)

    def source_with(self, *variants):
        """The reference module with some definitions replaced."""
        source = self.reference
        for variant in variants:
            source = splice(source, variant.target, variant.source)
        return source
