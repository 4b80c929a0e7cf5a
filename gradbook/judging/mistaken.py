"""Which statements of a known mistake make it.

A mistake that is declared by changes of the reference says it exactly. One that is written out as a function is often
worded otherwise in all of its statements. There, a statement that a right implementation has as well, one that only
gives a part of it a name, and one that makes room or raises is not the mistake; where none is left, it is the one that
stands at another place than in the reference.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ..homework.declare import Homework, Variant
from ..homework.syntax import Function, last_definition, parsed
from .statements import MISTAKE, Part, Statement, called_name, every_value, statements


class Right(NamedTuple):
    """What right implementations of a function say. texts: of the reference's statements, in order."""

    texts: tuple[str, ...]
    reference: tuple[Statement, ...]
    parts: frozenset[str]
    values: frozenset[str]

    def says(self, part: Part) -> bool:
        """Whether this is right by itself."""
        return part.text in self.parts or part.named in self.values


class Making(NamedTuple):
    """A known mistake's statements, and the places in them of those that make it, none where that cannot be told.

    certain: whether the first of these is the line, and not only likely to be. line: the one of it that a change is in.
    """

    statements: tuple[Statement, ...]
    places: tuple[int, ...]
    certain: bool = True
    line: str = ""


@lru_cache(maxsize=4096)
def making(variant: Variant, homework: Homework) -> Making:
    """The statements that make a known mistake."""
    found = statements(last_definition([variant.source], variant.target.rpartition(".")[2]))
    right = right_ways(homework, variant.target)
    changes = sorted([*variant.changes, *(change for one in variant.both for change in one.changes)])
    if changes:
        places = _changed(variant, homework, found, right)
        return Making(found, places, line=_line_within(variant, homework, found[places[0]]) if places else "")
    if _refuses(homework.reference, variant.target) and not _refuses(
        homework.reference, variant.target, variant.source
    ):
        return Making(found, ())  # it is what is missing
    return _written_out(variant, homework, found, right)


@lru_cache(maxsize=512)
def right_ways(homework: Homework, target: str) -> Right:
    """What the reference and the right variants of a function say."""
    own = last_definition([homework.reference], target)
    name = target.rpartition(".")[2]
    others = [last_definition([one.source], name) for one in homework.variants if one.right and one.target == target]
    reference, parts, values = statements(own), set[str](), set[str]()
    for function in (own, *others):
        parts |= {part.text for one in statements(function) for part in one.parts}
        values |= every_value(function)
    return Right(tuple(one.text for one in reference), reference, frozenset(parts), frozenset(values))


# ---------------------------------------------------------------- changes of the reference


def _changed(variant: Variant, homework: Homework, found: Sequence[Statement], right: Right) -> tuple[int, ...]:
    """The places of the statements that hold a changed text."""
    spans = list(_new_texts(variant, homework))
    begins = _offsets(variant.source)
    held = []
    for place, one in enumerate(found):
        start, end = (_offset(variant.source, begins, point) for point in one.span)
        if any(
            start <= last and first <= end if first == last else start < last and first < end for first, last in spans
        ):
            held.append(place)
    new = [place for place in held if found[place].text not in right.texts]
    moved = _inserted([one.text for one in found], right.texts)
    return _likeliest(found, new or [place for place in held if place in moved])


def _line_within(variant: Variant, homework: Homework, one: Statement) -> str:
    """The line of a statement in which the first changed text begins."""
    lines = variant.source.split("\n")
    begun = [variant.source.count("\n", 0, first) for first, _ in _new_texts(variant, homework)]
    return next((lines[number].strip() for number in begun if one.span[0][0] <= number + 1 <= one.span[1][0]), "")


def _new_texts(variant: Variant, homework: Homework) -> Iterator[tuple[int, int]]:
    """From where to where the changed texts reach in the variant's source; the same twice where one was taken out."""
    moved = 0
    for change in sorted([*variant.changes, *(change for one in variant.both for change in one.changes)]):
        text, start = change.text, change.start + moved
        blank = len(text) - len(text.lstrip()) if text.strip() else 0
        yield start + blank, start + blank + len(text.strip())
        moved += len(text) - (change.end - change.start)


def _offsets(source: str) -> list[int]:
    """Where each line begins."""
    return [0, *(number + 1 for number, letter in enumerate(source) if letter == "\n")]


def _offset(source: str, begins: Sequence[int], point: tuple[int, int]) -> int:
    """The place in a source of (line, byte)."""
    line, column = point
    text = source[begins[line - 1] :].partition("\n")[0]
    return begins[line - 1] + len(text.encode()[:column].decode())


# ---------------------------------------------------------------- functions written out


def _written_out(variant: Variant, homework: Homework, found: tuple[Statement, ...], right: Right) -> Making:
    """The places of the statements that no right implementation has and, where there are such, no other mistake."""
    others = {
        part.text
        for other in homework.variants
        if not other.right and other.target == variant.target and other.hint != variant.hint and not other.changes
        for one in statements(last_definition([other.source], variant.target.rpartition(".")[2]))
        for part in one.parts
    }
    unlike = [place for place, one in enumerate(found) if not all(map(right.says, one.parts))]
    if not unlike:
        return Making(found, _moved(found, right))
    own = [place for place in unlike if any(not right.says(p) and p.text not in others for p in found[place].parts)]
    # A write that other mistakes make as well is still what a statement that makes none depends on.
    telling = any(found[place].writes for place in own) or not any(found[place].writes for place in unlike)
    likeliest = _likeliest(found, own if own and telling else unlike)
    return Making(found, _beginning(found, likeliest), len(_likeliest(found, unlike)) == 1)


def _beginning(found: Sequence[Statement], places: tuple[int, ...]) -> tuple[int, ...]:
    """Of several statements these, where the first of them begins the mistake: it decides, or they alone write."""
    if len(places) == 1 or found[places[0]].decides:
        return places
    writing = tuple(place for place in places if found[place].writes or found[place].fills)
    lasting = any(found[place].writes for place in writing)
    return writing if lasting and all(after - before == 1 for before, after in pairwise(writing)) else ()


def _moved(found: Sequence[Statement], right: Right) -> tuple[int, ...]:
    """The place of the only statement that stands elsewhere than in the reference."""
    flat = [(part.text, place) for place, one in enumerate(found) for part in one.parts]
    reference = [part.text for one in right.reference for part in one.parts]
    moved = {flat[number][1] for number in _inserted([text for text, _ in flat], reference)}
    said = [place for place in moved if any(part.text in reference for part in found[place].parts)]
    return tuple(said) if len(said) == 1 else ()


def _inserted(texts: Sequence[str], others: Sequence[str]) -> set[int]:
    """The places of what stands in the first and not, in its place, in the second."""
    blocks = SequenceMatcher(None, others, texts, autojunk=False).get_matching_blocks()
    kept = {block.b + number for block in blocks for number in range(block.size)}
    return set(range(len(texts))) - kept


def _likeliest(found: Sequence[Statement], places: Sequence[int]) -> tuple[int, ...]:
    """Of these, those of the likeliest kind; what sets up or refuses is the mistake only where it is alone."""
    kind = min((found[place].kind for place in places), default=MISTAKE)
    chosen = tuple(place for place in places if found[place].kind == kind)
    return chosen if kind == MISTAKE or len(chosen) == 1 else ()


def _refuses(reference: str, target: str, source: str | None = None) -> bool:
    """Whether a function raises by itself or through another one of the reference. source: of another in its place."""
    tree = parsed(reference)
    every = [node for node in ast.walk(tree) if isinstance(node, Function)] if tree else []
    own = (
        last_definition([reference], target) if source is None else last_definition([source], target.rpartition(".")[2])
    )
    ahead, known = [own], set[str]()
    while ahead:
        nodes = list(ast.walk(node)) if (node := ahead.pop()) else []
        if any(isinstance(one, ast.Raise | ast.Assert) for one in nodes):
            return True
        called = {called_name(one) for one in nodes if isinstance(one, ast.Call)} - known
        known |= called
        ahead += [one for one in every if one.name in called]
    return False
