"""Families of checks: what every homework asks again, each written once.

`value`, `side_effects`, `gradient` and `answer` declare a check, as `check` does; `named` gives one another name.
All others are called in a check. Most give named observations, which it joins with `|`: those are laws, see `laws`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Any, Protocol

import numpy as np

from ..errors import GradbookError
from .declare import AS_THE_REFERENCE, Check, Texts, as_tuple, check
from .laws import (
    Code,
    Parts,
    arrays,
    as_one,
    converges,
    depends,
    factor,
    gap,
    holding,
    keeps,
    leaves,
    numbers,
    refuses,
    repeats,
    same,
    slopes,
    steps,
    tells,
    unequal,
)

# What authors find here, and `help` shows.
__all__ = [
    "Case",
    "LossCase",
    "answer",
    "arrays",
    "as_one",
    "converges",
    "depends",
    "factor",
    "gap",
    "gradient",
    "holding",
    "keeps",
    "leaves",
    "named",
    "numbers",
    "refuses",
    "repeats",
    "same",
    "side_effects",
    "slopes",
    "steps",
    "tells",
    "unequal",
    "value",
]


def named(template: Check, name: str, **words: str) -> Check:
    """The same check of another function: under a name of its own, with words in the place of those in {}."""
    return replace(template, name=name, call=template.call.format(**words), promise=template.promise.format(**words))


def value(task: str, points: float, covers: str, **options: Any) -> Callable[[Callable[..., Any]], Check]:
    """Declare a check as `check` does, whose docstring may be left out: the student is then told the signature of
    `covers` and the first sentence of its docstring in the reference."""

    def declare(made: Callable[..., Any]) -> Check:
        made.__doc__ = made.__doc__ or AS_THE_REFERENCE
        return check(task, points, covers, **options)(made)

    return declare


# ---------------------------------------------------------------- side effects

LAWS = ("repeats", "depends", "keeps")
Call = Callable[[Code, np.random.Generator], tuple[Any, ...]]


def side_effects(
    task: str,
    points: float,
    covers: str,
    arguments: Texts,
    state: Texts = (),
    *,
    laws: Texts = LAWS,
    compare: Callable[[Any, Any], Any] = same,
    more: str = "",
    values: float = 0,
    **options: Any,
) -> Callable[[Call], Check | tuple[Check, ...]]:
    """Declare a check of what a call leaves alone. The decorated function takes code and rng, and returns

        owner, arguments, the arguments of another call, more observations

    of which the third may be left out where there are no laws, and the last always. It needs no docstring: without one,
    the student is told by the names of the function, its arguments and the state.

    owner: what has the function, an object or `code`; or a function of the check's that calls it, which cannot be asked
    what it "keeps".
    arguments: names of the first arguments; these are to be as they were afterwards.
    state: attributes of the owner that are to be as they were, too.
    laws: "repeats": the same result again, also after the other call; "depends": something else from the other call;
    "keeps": an earlier result as it was. For a function that changes the state, none: laws=().
    compare: of the first and the last of these, as in `repeats`. more: what else is promised, for the observations.
    values: points for a check of what both calls return, which is declared as well. The two are then called by the name
    of the decorated function, with _value and with _side_effects; it has no docstring.
    """
    function = covers.rpartition(".")[2]
    effects = _Effects(function, as_tuple(arguments), as_tuple(state), as_tuple(laws), compare, more)

    def declare(made: Call) -> Check | tuple[Check, ...]:
        def observe(code: Code, rng: np.random.Generator) -> Parts:
            return effects.seen(code, *made(code, rng))

        def both(code: Code, rng: np.random.Generator) -> Parts:
            owner, given, *others = made(code, rng)
            calls = {"a call": given} | ({"another call": others[0]} if others and others[0] is not None else {})
            return {name: effects.call(owner)(*each) for name, each in calls.items()}

        observe.__name__, observe.__doc__ = made.__name__, made.__doc__ or effects.words()
        if not values:
            return check(task, points, covers, **options)(observe)
        observe.__name__, both.__name__ = f"{made.__name__}_side_effects", f"{made.__name__}_value"
        return value(task, values, covers, **options)(both), check(task, points, covers, **options)(observe)

    return declare


@dataclass(frozen=True)
class _Effects:
    """What is watched when a function is called, by names; and which laws hold for it."""

    function: str
    arguments: tuple[str, ...]
    state: tuple[str, ...]
    laws: tuple[str, ...]
    compare: Callable[[Any, Any], Any]
    more: str

    def __post_init__(self) -> None:
        odd = [law for law in self.laws if law not in LAWS]
        if odd:
            raise GradbookError(f"side_effects of {self.function}: no law {odd[0]!r}; there are: {', '.join(LAWS)}")

    def words(self) -> str:
        """A docstring."""
        watched = [*self.arguments, *self.state, *(["an earlier result"] if "keeps" in self.laws else [])]
        verb = "was" if len(watched) == 1 and watched != ["an earlier result"] else "were"
        left = f"{_listed(watched)} as {'it' if verb == 'was' else 'they'} {verb}"
        given = f"{self.function}({', '.join(self.arguments)})"
        promised = {"repeats": "the same result both times", "depends": "another one for other arguments"}
        said = [text for law, text in promised.items() if law in self.laws] + [left, *filter(None, [self.more])]
        return f"{given}, {'twice' if self.laws else 'and what it was given'}\n\n{'; '.join(said)}"

    def call(self, owner: Any) -> Any:
        """What makes the call."""
        return owner if isinstance(owner, FunctionType) else getattr(owner, self.function)

    def seen(
        self, code: Code, owner: Any, given: Any, other: Any = None, more: Mapping[str, Any] | None = None
    ) -> Parts:
        """What is observed."""
        call = self.call(owner)
        there = {name: code.keep(value) for name, value in zip(self.arguments, given, strict=False)}
        rest = [*given[len(there) :]]
        state = {name: getattr(owner, name).get for name in self.state}
        first, seen = leaves(code, lambda *kept: call(*kept, *rest), there, state)
        if "repeats" in self.laws:
            seen |= repeats(first, call, [*there.values(), *rest], other, compare=self.compare)
        if "depends" in self.laws:
            seen["a call with other arguments"] = depends(first, call(*other))
        if "keeps" in self.laws:
            seen |= keeps(first, code, call, given, other, self.compare)
        return {**seen, **(more or {})}


def _listed(words: list[str]) -> str:
    """Words as they stand in a sentence."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


# ---------------------------------------------------------------- gradients


class Case(Protocol):
    """One problem on which a gradient is asked for."""

    def gradients(self, code: Any) -> Parts:
        """What the code gives, by the names of the parts."""

    def fitting(self, code: Any) -> Iterable[tuple[Parts, float]]:
        """(parts, rtol) that follow from a forward that is wrong; the derivative of what it does last."""


@dataclass
class LossCase:
    """A Case made of the loss whose derivative is asked for, as a function of the parameters.

    at: the name of each part -> the parameter at which it is taken.
    found(code, *parameters): what the code's gradient gives there, one array, or as many as there are parameters.
    loss(code, *parameters): the loss there, by the code's own forward.
    built(code, *parameters): as `found`, what a right gradient makes of what the code's own forward gives. A gradient
    that calls forward is excused without it; one that has the same wrong lines in itself is excused by it.
    """

    at: Mapping[str, np.ndarray]
    found: Callable[..., Any]
    loss: Callable[..., Any]
    built: Callable[..., Any] | None = None

    def gradients(self, code: Code) -> Parts:
        return self._parts(self.found(code, *self.at.values()))

    def fitting(self, code: Code) -> Iterable[tuple[Parts, float]]:
        if self.built:
            yield self._parts(self.built(code, *self.at.values())), 1e-7
        parameters = [np.asarray(value, dtype=float) for value in self.at.values()]
        yield self._parts(slopes(lambda *moved: self._number(code, moved), parameters)), 1e-5

    def _number(self, code: Code, moved: tuple[np.ndarray, ...]) -> float:
        loss = numbers(self.loss(code, *moved), ())
        return np.nan if loss is None else float(loss)

    def _parts(self, gradients: Any) -> Parts:
        """What came back, by names; all of it under each name where it is not as many parts as there are."""
        several = isinstance(gradients, (list, tuple)) and len(gradients) == len(self.at)
        return dict(zip(self.at, gradients if several else [gradients] * len(self.at), strict=True))


def gradient(
    task: str, points: float, covers: str, *, forward: Texts, **options: Any
) -> Callable[[Callable[[np.random.Generator], Case | Mapping[str, Case]]], Check]:
    """Declare a check of derivatives. The decorated function takes rng, and returns a Case, or suffix of a name -> Case
    where there are several. Its docstring may be left out, as in `value`.

    forward: the functions that a gradient is built on. Where one of them has lost points, what follows from that is let
    pass as well: backward answers for its own part only. All parts follow from one way in which forward may be wrong,
    or each by itself is right or the derivative of what forward does. They cannot all be `given` as well: with right
    ones in their place, nothing could be seen to follow from a wrong one.
    """
    built_on = as_tuple(forward)

    def declare(made: Callable[[np.random.Generator], Case | Mapping[str, Case]]) -> Check:
        def cases(rng: np.random.Generator) -> Mapping[str, Case]:
            found = made(rng)
            return found if isinstance(found, Mapping) else {"": found}

        def observe(code: Code, rng: np.random.Generator) -> Parts:
            found = {suffix: case.gradients(code) for suffix, case in cases(rng).items()}
            return {f"{name}{suffix}": part for suffix, parts in found.items() for name, part in parts.items()}

        def expect(code: Code, rng: np.random.Generator, reference: Parts) -> Parts:
            if all([code.passed(name) for name in built_on]):  # each is asked for: it is what excuses the rest
                return reference
            expected: Parts = {}
            for suffix, case in cases(rng).items():
                right = {name.removesuffix(suffix): part for name, part in reference.items() if name.endswith(suffix)}
                expected |= {f"{name}{suffix}": part for name, part in _following(case, code, right).items()}
            return expected

        if {*built_on} <= {*as_tuple(options.get("given", ()))}:
            raise GradbookError(
                f"the check {made.__name__} has {', '.join(built_on)} in forward= and in given=; leave given= out"
            )
        observe.__name__, observe.__doc__ = made.__name__, made.__doc__
        return value(task, points, covers, expect=expect, built_on=built_on, **options)(observe)

    return declare


def _following(case: Case, code: Code, right: Parts) -> Parts:
    """What to expect of a gradient whose forward is wrong: what was seen, where that follows from it."""
    seen, last, rtol = case.gradients(code), right, 0.0
    with np.errstate(all="ignore"):
        for last, rtol in case.fitting(code):
            if all(same(part, seen.get(name), rtol, 1e-7) for name, part in last.items()):
                return seen
        fits = {
            name: same(right.get(name), seen.get(name)) or same(part, seen.get(name), rtol, 1e-7)
            for name, part in last.items()
        }
    return {name: seen[name] if fits[name] else part for name, part in last.items()}


# ---------------------------------------------------------------- questions


def answer(task: str, points: float, **options: Any) -> Callable[[Callable[[], object]], Check]:
    """Declare the check of a question, which is answered by what the function `task` returns.

    The decorated function is never run: it has the check's name, and its docstring. An answer that is a dict is held
    against the right one as a whole, as one text: of a dict, a finding would say which key is missing.
    """

    def declare(made: Callable[[], object]) -> Check:
        def observe(code: Any, rng: np.random.Generator) -> Any:
            found = getattr(code, task)()
            return ", ".join(sorted(f"{k}: {v}" for k, v in found.items())) if isinstance(found, dict) else found

        observe.__name__, observe.__doc__ = made.__name__, made.__doc__
        return check(task, points, task, **options)(observe)

    return declare
