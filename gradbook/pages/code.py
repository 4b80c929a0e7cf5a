"""Python as HTML, line by line, coloured by Pygments: a few kinds of words, so that pages stay small."""

from __future__ import annotations

from functools import cache, lru_cache
from html import escape
from itertools import groupby
from typing import Any

from markupsafe import Markup
from pygments.lexers.python import PythonLexer
from pygments.token import Token

# The class that the page's style gives a colour; other kinds stay as they are. The first that fits.
KINDS = (
    (Token.Comment, "c"),
    (Token.Literal.String, "s"),
    (Token.Operator.Word, "k"),
    (Token.Keyword, "k"),
    (Token.Name.Function, "f"),
    (Token.Name.Class, "f"),
    (Token.Name.Decorator, "f"),
)
LONGEST = 20_000  # characters that are coloured: longer ones are no code that a person wrote

_LEXER = PythonLexer(stripnl=False, ensurenl=False)


@lru_cache(maxsize=2000)
def lines(source: str) -> tuple[Markup, ...]:
    """The lines of a source."""
    if len(source) > LONGEST:
        return tuple(Markup(escape(line)) for line in source.split("\n"))
    made, current = list[str](), list[tuple[str, str]]()
    for token, text in _LEXER.get_tokens(source):
        kind = _kind(token)
        for number, part in enumerate(text.split("\n")):
            if number:
                made.append(_coloured(current))
                current.clear()
            if part:
                current.append((kind, part))
    made.append(_coloured(current))
    return tuple(map(Markup, made))


def _coloured(line: list[tuple[str, str]]) -> str:
    """One line of (kind, text): neighbours of one kind, such as a string and its quotes, together."""
    told = []
    for kind, parts in groupby(line, lambda part: part[0]):
        text = escape("".join(part for _, part in parts), quote=False)
        told.append(f'<span class="{kind}">{text}</span>' if kind else text)
    return "".join(told)


@cache
def _kind(token: Any) -> str:
    return next((name for kind, name in KINDS if token in kind), "")


def whole(source: str) -> Markup:
    """All of a source."""
    return Markup("\n").join(lines(source))
