"""The mistakes of a class by the idea that they are about: what it has not got, who, where, and what to teach next."""

from __future__ import annotations

import io
import tokenize
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from ..course.mistakes_made import Made, mistakes_made
from ..course.records import Record
from ..homework.concepts import CONCEPTS, Concept

T = TypeVar("T", bound=Hashable)

CARDS = 8  # ideas that are shown at once


class _Seen(NamedTuple):
    """A mistake of one student."""

    student: str
    made: Made


def ideas(records: Iterable[Record]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(ideas, what nobody can explain) of a class, the most students first.

    A known mistake without a concept is an idea of its own. What is explained neither by a known mistake nor by a
    concept is where the next known mistakes are found.
    """
    grouped: dict[str, list[_Seen]] = {}
    unexplained: dict[tuple[str, str], list[_Seen]] = {}
    for record in records:
        for made in mistakes_made(record):
            seen = _Seen(record["student"], made)
            if made.concept or made.mistake:
                grouped.setdefault(made.concept or made.mistake, []).append(seen)
            else:
                unexplained.setdefault((made.call, made.hint), []).append(seen)
    return _sorted(map(_idea, grouped.values())), _sorted(map(_single, unexplained.values()))


def _idea(seen: Sequence[_Seen]) -> dict[str, Any]:
    key = seen[0].made.concept
    concept = CONCEPTS.get(key) or Concept(key or seen[0].made.mistake, "")
    singles: dict[str, list[_Seen]] = {}
    for one in seen:
        singles.setdefault(one.made.mistake or one.made.hint, []).append(one)
    mistakes = _sorted(map(_single, singles.values()))
    return {
        "concept": key,
        "title": concept.title,
        "teach": concept.teach,
        **_who_and_where(seen),
        "code": next((mistake["code"] for mistake in mistakes if mistake["code"]), {}),
        "mistakes": mistakes,
    }


def _single(seen: Sequence[_Seen]) -> dict[str, Any]:
    """A mistake as the students that make it were told it."""
    first = seen[0].made
    example = next((one.made.example for one in seen if one.made.example), {})
    told = {"title": first.mistake or first.hint, "hint": first.hint}
    return {**told, **_who_and_where(seen), "code": _code(seen), "example": example}


def _who_and_where(seen: Sequence[_Seen]) -> dict[str, Any]:
    return {
        "students": unique(one.student for one in seen),
        "functions": _most_first(one.made.function for one in seen),
        "calls": unique(one.made.call for one in seen),
    }


def _code(seen: Iterable[_Seen]) -> dict[str, str]:
    """The line that most of these students have in common, and the function that it stands in; not whose it is."""
    lines = Counter((one.made.function, without_comment(one.made.line)) for one in seen if one.made.line)
    if not lines:
        return {}
    function, line = lines.most_common(1)[0][0]
    return {"function": function, "line": line}


def common(lacking: Sequence[dict[str, Any]]) -> int:
    """How many of the ideas of a class are shown at once: what is one student's is no matter of the class."""
    return min(CARDS, of_several(lacking) or len(lacking))


def of_several(lacking: Sequence[dict[str, Any]]) -> int:
    """How many of them more than one student has not got; they stand first."""
    return sum(len(one["students"]) > 1 for one in lacking)


@lru_cache(maxsize=1024)  # a memo: a class writes the same lines again and again
def without_comment(line: str) -> str:
    """A line of code without a comment at its end: that may tell who wrote it."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(line).readline):
            if token.type == tokenize.COMMENT:
                return line[: token.start[1]].rstrip()
    except (tokenize.TokenError, SyntaxError):
        pass  # a part of a longer statement
    return line


def unique(items: Iterable[T]) -> list[T]:
    """The items, each once, in their order."""
    return list(dict.fromkeys(items))


def _most_first(items: Iterable[str]) -> list[str]:
    return [item for item, _ in Counter(items).most_common()]


def _sorted(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(items, key=lambda item: (-len(item["students"]), item["title"]))
