"""Texts as the pages show them: what is code in them, where a line may break, points in words."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from .findings import points

TAGS = re.compile(r"<[^>]*>")
TICKED = re.compile(r"`([^`]+)`")
# Calls, also in calls, and names with an underscore or a dot in them.
CODE = re.compile(r"[A-Za-z_][\w.]*\((?:[^()]|\([^()]*\))*\)(?:\.\w+\(\))?|\b[A-Za-z]\w*[_.]\w+")
BREAKS = re.compile(r"(?<=\.)(?=\w)|(?<=[^\W_]_)(?=[^\W_])|(?<=[a-z])(?=[A-Z])")


def in_points(value: float) -> str:
    """Points with their word: 1 point, 2.5 points."""
    return f"{points(value)} point{'' if value == 1 else 's'}"


def sentence(text: str) -> str:
    """A text that begins with a capital and ends with a full stop."""
    text = text[:1].upper() + text[1:]
    return text if text[-1:] in ".?!:" else f"{text}."


def ticked(text: str) -> Markup:
    """A sentence with what stands between backticks as code."""
    return Markup(TICKED.sub(r"<code>\1</code>", str(escape(text))))


def called(call: str, about: str = "") -> Markup:
    """What a check asks for, such as "train(x), twice": what is code in it, as code.

    about: the dotted name of the function, which may stand at its beginning without brackets.
    """
    name = about.rpartition(".")[2]
    code = re.compile(rf"^{re.escape(name)}\b(?!\()|{CODE.pattern}") if name else CODE
    parts, at = list[Markup](), 0
    for found in code.finditer(call):
        parts += [escape(call[at : found.start()]), Markup("<code>{}</code>").format(found[0])]
        at = found.end()
    return Markup("").join([*parts, escape(call[at:])])


def breaking(name: str) -> Markup:
    """A name that a narrow page may break between its words."""
    return Markup("<wbr>").join(BREAKS.split(name))


def without_tags(made: str) -> str:
    """What stands in HTML of ours, as text."""
    return str(Markup(TAGS.sub("", made)).unescape())
