"""The source of a reference solution: where a definition stands in it, and how another one takes its place."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Sequence
from functools import lru_cache
from types import CodeType
from typing import NamedTuple

from .syntax import first_line

# Between these nbgrader puts a stub into the release.
BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
PUBLIC_CHECK = "check_"  # how the names of the cells begin in which students check their functions
CELL = "<cell 0>"
# A name or number, a run of spaces, or one other character.
WORD = re.compile(r"\w+|\s+|.", re.DOTALL)


@lru_cache(maxsize=4)
def parsed_module(source: str) -> ast.Module:
    """The syntax tree of a module, which nobody changes: a reference is looked into for each of its variants."""
    return ast.parse(source)


def locate(source: str, name: str) -> tuple[int, int]:
    """First and last line (from 1) of the definition with this dotted name. Raises KeyError."""
    node: ast.Module | ast.FunctionDef | ast.ClassDef = parsed_module(source)
    for part in name.split("."):
        found = [n for n in node.body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name == part]
        if not found:
            raise KeyError(name)
        node = found[-1]
    assert not isinstance(node, ast.Module)
    return first_line(node), node.end_lineno or node.lineno


def definition(source: str, name: str) -> str:
    """The source of one definition, dedented."""
    first, last = locate(source, name)
    lines = source.split("\n")
    # A closing marker stands after the last statement, where the syntax tree no longer sees it.
    while last < len(lines) and lines[last].strip() == END_SOLUTION:
        last += 1
    return textwrap.dedent("\n".join(lines[first - 1 : last]))


def summary(source: str, name: str) -> tuple[str, str]:
    """How a function is called, and the first sentence of its docstring, which may be empty. Raises KeyError."""
    node = ast.parse(definition(source, name)).body[0]
    text = ast.get_docstring(node) if isinstance(node, ast.FunctionDef) else None
    arguments = [arg.arg for arg in node.args.args if arg.arg != "self"] if isinstance(node, ast.FunctionDef) else []
    sentence = re.split(r"\.\s|\n\n", text or "", maxsplit=1)[0].rstrip(".").replace("\n", " ")
    return f"{name.rpartition('.')[2]}({', '.join(arguments)})", sentence[:1].lower() + sentence[1:]


def splice(source: str, name: str, replacement: str) -> str:
    """The source with one definition replaced, indented as the old one was."""
    first, last = locate(source, name)
    lines = source.split("\n")
    indent = lines[first - 1][: len(lines[first - 1]) - len(lines[first - 1].lstrip())]
    lines[first - 1 : last] = textwrap.indent(replacement, indent).split("\n")
    return "\n".join(lines)


class Change(NamedTuple):
    """A new text for what stands from a start to an end, as places in a source."""

    start: int
    end: int
    text: str

    @classmethod
    def of(cls, source: str, old: str, new: str) -> Change:
        """An old text, which stands in the source once, becomes a new one; what both begin and end with stays."""
        before, after = WORD.findall(old), WORD.findall(new)
        first = _alike(before, after)
        last = _alike(before[first:][::-1], after[first:][::-1])
        start = source.index(old) + len("".join(before[:first]))
        end = source.index(old) + len("".join(before[: len(before) - last]))
        return cls(start, end, "".join(after[first : len(after) - last]))


def _alike(words: Sequence[str], others: Sequence[str]) -> int:
    """How many words the two have in common at their beginning."""
    differs = (number for number, (word, other) in enumerate(zip(words, others, strict=False)) if word != other)
    return next(differs, min(len(words), len(others)))


def changed(source: str, changes: Iterable[Change]) -> str:
    """The source with changes that do not overlap."""
    for change in sorted(changes, reverse=True):
        source = source[: change.start] + change.text + source[change.end :]
    return source


def without_docstring(source: str) -> str:
    """The source of one function or class without its docstring; `pass` takes its place where nothing else is left."""
    node = ast.parse(source).body[0]
    assert isinstance(node, (ast.FunctionDef, ast.ClassDef))
    if ast.get_docstring(node, clean=False) is None:
        return source
    text, *others = node.body
    lines = source.encode().split(b"\n")  # the tree counts columns in bytes
    first, last = text.lineno - 1, text.end_lineno or text.lineno
    before, after = lines[first][: text.col_offset], lines[last - 1][text.end_col_offset :]
    if others and not before.strip() and not after.strip():
        lines[first:last] = []
        while not lines[first].strip():
            del lines[first]
    else:
        lines[first:last] = [before + b"pass" + after]
    return b"\n".join(lines).decode()


@lru_cache(maxsize=256)
def compiled(source: str) -> CodeType:
    """A module, compiled as the first cell of a notebook is. References and known mistakes run again and again."""
    # Not with the `from __future__` of this module, under which annotations would mean something else.
    return compile(source, CELL, "exec", dont_inherit=True)
