"""Reading a definition: the names that are its own, and what its object holds."""

import ast
import difflib
from collections.abc import Iterable

from ...homework.syntax import Definition, Function


def me_of(function: Function) -> str:
    """What a method calls its object."""
    static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list)
    first = [*function.args.posonlyargs, *function.args.args][:1]
    return first[0].arg if first and not static else ""


def own_names(function: Function) -> set[str]:
    """Arguments and everything that is assigned, imported or defined anywhere in a function."""
    names = set()
    declared: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar | Definition):
            names |= {node.name} if node.name and node is not function else set()
        elif isinstance(node, ast.Global):
            declared.update(node.names)
    return names - declared


def stored(function: Function) -> set[str]:
    """Attributes that a method sets on its object."""
    nodes = (n for n in ast.walk(function) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store))
    return {n.attr for n in nodes if isinstance(n.value, ast.Name) and n.value.id == me_of(function)}


def methods(owner: ast.ClassDef) -> set[str]:
    """Names of a class's methods."""
    return {node.name for node in owner.body if isinstance(node, Function)}


def setters(owner: ast.ClassDef, name: str) -> list[Function]:
    """The methods of a class that set an attribute of this name."""
    return [node for node in owner.body if isinstance(node, Function) and name in stored(node)]


def kept(owner: ast.ClassDef) -> set[str]:
    """Attributes that the methods of a class set."""
    return {name for node in owner.body if isinstance(node, Function) for name in stored(node)}


def like(name: str, names: Iterable[str], alike: float = 0.75) -> str | None:
    """The one of the names that is most like this one, or None."""
    short = sorted(n for n in names if len(n) < 40)[:2000]
    return next(iter(difflib.get_close_matches(name[:40], short, 1, alike)), None)


def in_words(functions: Iterable[Function]) -> str:
    """The names of some functions, each once."""
    return " and ".join(dict.fromkeys(function.name for function in functions))
