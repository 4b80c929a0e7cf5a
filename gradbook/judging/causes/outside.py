"""What a function takes from the notebook that it should not: a value instead of its argument."""

import ast
import builtins
import contextlib
from collections.abc import Iterator

from ...homework.syntax import Function
from ..bindings import CONSTANT, Around, Binding, Sources
from . import numpy_names
from .definitions import me_of, own_names


def outside(covers: str, sources: Sources) -> str | None:
    """What to say of a function that reads what it should not: a value of the notebook, or what NumPy has not."""
    around = sources.definition(covers)
    if around is None:
        return None
    with contextlib.suppress(RecursionError):
        return taken_instead(around, sources) or numpy_names.gone(ast.walk(around[1]), sources)
    return None


def taken_instead(around: Around | None, sources: Sources, only: str | None = None) -> str | None:
    """What to say of a function that reads a value of the notebook in the place of its own.

    only: the one name that may be meant.
    """
    if not around:
        return None
    owner, function = around
    read = _read_outside(function) & _values(sources)
    read &= {only} if only else read
    for name in sorted(read):
        if owner and any(b.of == owner.name and b.kind == "value" for b in sources.bound(name)):
            return f"Your {function.name} uses the notebook's {name}; it should use {me_of(function) or 'self'}."
    unread = _never_read(function, owner)
    pairs = [(name, argument) for name in sorted(read) for argument in unread if _fits(name, argument)]
    if not pairs and len(read) == len(unread) == 1:
        (name,) = read
        pairs = [] if _is_constant(name, sources) else [(name, unread[0])]
    if not pairs:
        return None
    name, argument = pairs[0]
    return f"Your {function.name} uses the notebook's {name}; it should use its argument {argument}."


def _read_outside(function: Function) -> set[str]:
    """Names that a function reads as values and that are none of its own."""
    called = {n.func.id for n in ast.walk(function) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    body = [node for statement in function.body for node in ast.walk(statement)]
    read = {n.id for n in body if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return read - called - own_names(function) - set(dir(builtins))


def _values(sources: Sources) -> set[str]:
    """Names that the notebook gives to values, and to nothing else."""
    kinds: dict[str, list[Binding]] = {}
    for binding in sources.bindings:
        kinds.setdefault(binding.name, []).append(binding)
    known = {name for name, bound in kinds.items() if all(b.kind == "value" for b in bound)}
    for name, bound in kinds.items():
        if all(b.kind == "value" or (b.kind == "alias" and b.of in known) for b in bound):
            known.add(name)
    return known


def _never_read(function: Function, owner: ast.ClassDef | None) -> list[str]:
    """The arguments that a function reads nowhere, or only where it refuses them."""
    names = [a.arg for a in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
    names = names[1:] if owner and me_of(function) else names
    read = set()
    for statement in function.body:
        for node in _without_refusals(statement):
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                read.add(node.target.id)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                read.add(node.id)
    return [] if read & {"locals", "vars", "eval", "exec"} else [name for name in names if name not in read]


def _without_refusals(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below, but not of an `if` that does nothing but raise, nor of an assertion."""
    if isinstance(node, ast.Assert) or (isinstance(node, ast.If) and all(isinstance(n, ast.Raise) for n in node.body)):
        for other in getattr(node, "orelse", ()):
            yield from _without_refusals(other)
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _without_refusals(child)


def _fits(name: str, argument: str) -> bool:
    """Whether a name of the notebook is like an argument's: y and y_true, x_train and x, lr and learning_rate."""
    short, long = sorted((name.lower(), argument.lower()), key=len)
    parts = [part for part in long.split("_") if part]
    if parts and short.split("_")[0] == parts[0]:
        return True
    return short in parts or "".join(part[0] for part in parts) == short or (len(short) > 2 and long.startswith(short))


def _is_constant(name: str, sources: Sources) -> bool:
    """A number or a text that the notebook writes out, or what is named like one."""
    return name.isupper() or all(binding.of == CONSTANT for binding in sources.bound(name))
