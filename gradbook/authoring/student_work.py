"""What the students of a sample class write: right, wrong in known ways, unfinished, with a slip.

A few ideas are missed by many, and many by few: mistakes are drawn by Zipf's law, over the ideas and over the mistakes
about each. They are the homework's known ones, so that each is named when it is graded.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TypeVar

from ..homework.declare import Homework, Variant
from ..homework.source import BEGIN_SOLUTION, END_SOLUTION, definition, splice
from ..judging.pairs import together

T = TypeVar("T")

KINDS = "right", "otherwise", "one mistake", "two mistakes", "slip", "unfinished", "untouched", "unreadable"
RIGHT, OTHERWISE, ONE, TWO, SLIP, UNFINISHED, UNTOUCHED, UNREADABLE = KINDS

STEEP = 1.2  # what has rank r is missed as often as r to the minus this
DOUBTED = 0.3  # of those who write something else that is right, so many differentiate by differences and the like
SAME_IDEA = 0.5  # of those who make two mistakes, as many make both for want of one idea
TRIES = 20  # to find two mistakes that can be made together
SLIPS = ("np.", "numpy."), ("self.", "")
SOLUTION = re.compile(f"{BEGIN_SOLUTION}.*?{END_SOLUTION}", re.DOTALL)


class Writer:
    """Writes the solution module of one student after the other."""

    def __init__(self, homework: Homework, maker: random.Random) -> None:
        self.homework, self.maker = homework, maker
        self.functions, self.ideas = _written(homework), _ideas(homework, maker)
        self.ways: dict[str, Callable[[], str]] = {
            OTHERWISE: self._otherwise,
            ONE: self._one,
            TWO: self._two,
            SLIP: self._slip,
            UNFINISHED: self._unfinished,
        }

    def source(self, kind: str) -> str:
        """A solution module of one of KINDS; the reference where the homework declares nothing to draw from."""
        way = self.ways.get(kind)
        return way() if way and self.ideas else self.homework.reference

    def _otherwise(self) -> str:
        """Right, but not as the reference; now and then so that a person should look at it."""
        doubted = [wheat for wheat in self.homework.wheats if wheat.flagged]
        wheats = doubted if doubted and self.maker.random() < DOUBTED else self.homework.wheats
        return self.homework.source_with(self.maker.choice(wheats)) if wheats else self.homework.reference

    def _one(self) -> str:
        return self.homework.source_with(self._mistake(self._idea()))

    def _idea(self) -> Sequence[Variant]:
        """The mistakes about an idea that a student has not got."""
        return _zipf(self.ideas, self.maker)

    def _mistake(self, idea: Sequence[Variant]) -> Variant:
        return _zipf(idea, self.maker)

    def _two(self) -> str:
        """Two mistakes, in one function or in two."""
        idea = self._idea() if self.maker.random() < SAME_IDEA else None
        for _ in range(TRIES):
            first, second = (self._mistake(idea or self._idea()) for _ in range(2))
            if _apart(first.target, second.target):
                return self.homework.source_with(first, second)
            both = together(self.homework, first, second) if _can_meet(first, second) else None
            if both:
                return self.homework.source_with(both)
        return self._one()

    def _unfinished(self) -> str:
        """Some way through the functions, with a mistake perhaps; what comes after is as it was handed out."""
        count = len(self.functions)
        done = self.maker.randrange(min(1, count - 1), count)
        source, before, after = self.homework.reference, self.functions[:done], self.functions[done:]
        mistake = self._mistake(self._idea())
        if mistake.target in before and all(_apart(mistake.target, name) for name in after):
            source = splice(source, mistake.target, mistake.source)
        for name in after:
            stub = SOLUTION.sub(f'raise NotImplementedError("{name}")', definition(source, name))
            source = splice(source, name, stub)
        return source

    def _slip(self) -> str:
        """A name that is not there, as beginners write it: `numpy` for `np`, or an attribute without its `self`."""
        reference = self.homework.reference
        slips = [slip for name in self.functions for slip in _slips(name, definition(reference, name))]
        return splice(reference, *self.maker.choice(slips)) if slips else reference


def _written(homework: Homework) -> list[str]:
    """The functions that students write, in the order of the checks."""
    found = []
    for name in dict.fromkeys(check.covers for check in homework.checks):
        with suppress(KeyError):  # of a class that inherits it
            found += [] if homework.is_given(name) else [name]
    return found


def _ideas(homework: Homework, maker: random.Random) -> list[list[Variant]]:
    """The known mistakes by the idea that they are about, or else by their function; those missed most come first."""
    found: dict[str, list[Variant]] = {}
    for mistake in homework.chaffs:
        found.setdefault(mistake.concept or mistake.target, []).append(mistake)
    for mistakes in found.values():
        maker.shuffle(mistakes)
    # Where much can go wrong, much does; but no class is like another.
    return sorted(found.values(), key=lambda mistakes: -len(mistakes) * maker.random())


def _zipf(ranked: Sequence[T], maker: random.Random) -> T:
    return maker.choices(ranked, [rank**-STEEP for rank in range(1, len(ranked) + 1)])[0]


def _apart(one: str, other: str) -> bool:
    """Whether two definitions are different ones, and none is a part of the other."""
    return not f"{one}.".startswith(f"{other}.") and not f"{other}.".startswith(f"{one}.")


def _can_meet(one: Variant, other: Variant) -> bool:
    return one is not other and one.target == other.target and bool(one.changes and other.changes)


def _slips(name: str, text: str) -> Iterator[tuple[str, str]]:
    """(name, definition) with a slip, for each that can be made where students write."""
    for region in SOLUTION.finditer(text):
        for old, new in SLIPS:
            for found in re.finditer(rf"(?<![\w.]){re.escape(old)}", region[0]):
                start, end = region.start() + found.start(), region.start() + found.end()
                yield name, text[:start] + new + text[end:]
