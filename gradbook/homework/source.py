"""The source of a reference solution: where a definition stands in it, and how another one takes its place."""

import ast
import textwrap
from functools import lru_cache

SOLUTION = "### BEGIN SOLUTION"

_parsed = lru_cache(4)(ast.parse)  # a reference is looked into for each of its variants


def locate(source, name):
    """First and last line (from 1) of the definition with this dotted name. Raises KeyError."""
    body = _parsed(source).body
    for part in name.split("."):
        found = [n for n in body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name == part]
        if not found:
            raise KeyError(name)
        node = found[-1]
        body = node.body
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    return first, node.end_lineno


def definition(source, name):
    """The source of one definition, dedented."""
    first, last = locate(source, name)
    lines = source.split("\n")
    # A closing marker stands after the last statement, where the syntax tree no longer sees it.
    while last < len(lines) and lines[last].strip() == "### END SOLUTION":
        last += 1
    return textwrap.dedent("\n".join(lines[first - 1 : last]))


def splice(source, name, replacement):
    """The source with one definition replaced, indented as the old one was."""
    first, last = locate(source, name)
    lines = source.split("\n")
    indent = lines[first - 1][: len(lines[first - 1]) - len(lines[first - 1].lstrip())]
    lines[first - 1 : last] = textwrap.indent(replacement, indent).split("\n")
    return "\n".join(lines)
