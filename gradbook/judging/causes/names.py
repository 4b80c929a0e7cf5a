"""Names that mean nothing where they are used."""

import ast
import builtins
import re
from collections.abc import Callable

from ...errors import ChildLost, StudentError
from ...homework.syntax import Function
from ..bindings import Around, Sources
from .definitions import kept, like, own_names
from .failure import Failure
from .outside import taken_instead

# (error, sources, number of its cell) -> why it was raised; see `raised.reason`.
Reason = Callable[[StudentError, Sources, int], str | None]


def not_defined(failure: Failure, reason: Reason) -> str | None:
    """What to say of a name that is not defined. reason: tells why the cell failed that would have defined it."""
    found = re.fullmatch(r"name '(\w+)' is not defined", failure.error.message)
    if not found or found[1] not in failure.sources.words:
        return None
    name = found[1]
    return (
        taken_instead(failure.around, failure.sources, name)
        or _lost(name, failure, reason)
        or _elsewhere(name, failure.sources, failure.around)
        or _near(name, failure.sources, failure.around)
        or f"{_uses(name)}, which is not defined there; it should be defined above."
    )


def _uses(name: str) -> str:
    return f"Your code uses the name {name}"


def _lost(name: str, failure: Failure, reason: Reason) -> str | None:
    """What became of the cell that gives the name a meaning."""
    error, sources = failure.error, failure.sources
    bound = sources.bound(name)
    if not bound:
        return None
    if bound[-1].kind == "deleted":
        return f"{_uses(name)}, which cell {bound[-1].cell + 1} deletes; it should leave it."
    for binding in bound:
        if binding.cell in sources.failed and binding.cell != error.cell:
            return _after_failure(name, binding.cell, sources, reason)
    if all(binding.cell in sources.unrun for binding in bound):
        cell = bound[0].cell + 1
        return (
            f"{_uses(name)} of cell {cell}, which is not run when this is graded; it should be defined in one that is."
        )
    if error.cell is not None and all(binding.cell > error.cell for binding in bound):
        return f"{_uses(name)}, defined further down, in cell {bound[0].cell + 1}; it should be defined above."
    return None


def _after_failure(name: str, cell: int, sources: Sources, reason: Reason) -> str:
    error = sources.failed[cell]
    if isinstance(error, ChildLost):
        return f"{_uses(name)} of cell {cell + 1}, which {error.reason}; that cell should come first."
    # Its own reason may lie in yet another cell, but not in this one again.
    failed = sources.failed.pop(cell)
    try:
        why = reason(error, sources, cell)
    finally:
        sources.failed[cell] = failed
    if why:
        return f"{why} So cell {cell + 1} did not run to the end, and {name} is not defined."
    return f"{_uses(name)} of cell {cell + 1}, which did not run to the end; that cell should come first."


def _elsewhere(name: str, sources: Sources, around: Around | None) -> str | None:
    """Where the name is an attribute of self, or belongs to another function."""
    owner, function = around or (None, None)
    if owner and name in kept(owner):
        return f"{_uses(name)}, which is not defined there; should it be self.{name}?"
    for tree in sources.trees.values():
        for node in ast.walk(tree):
            if isinstance(node, Function) and node is not function and name in own_names(node):
                return f"{_uses(name)}, which belongs to {node.name} alone; it should be an argument, or be made here."
    return None


def _near(name: str, sources: Sources, around: Around | None) -> str | None:
    if len(name) < 3:
        return None
    known = {b.name for b in sources.bindings if b.kind != "deleted"} | set(dir(builtins))
    known |= own_names(around[1]) if around else set()
    near = like(name, known - {name}, 0.8)
    return f"{_uses(name)}, which is not defined there; should it be {near}?" if near else None


def before_its_value(failure: Failure) -> str | None:
    """What to say of a variable that is read before anything is assigned to it."""
    sources, around = failure.sources, failure.around
    found = re.search(r"local variable '(\w+)'", failure.error.message)
    if not found or found[1] not in sources.words:
        return None
    name = found[1]
    if around and around[0] and name in kept(around[0]):
        return f"Your code uses {name} before it has a value; should it be self.{name}?"
    if around and (hasattr(builtins, name) or sources.bound(name)):
        made = f"Your {around[1].name} assigns to {name}, which makes it another {name} there, without a value yet"
        return f"{made}; it should use another name."
    where = "set further down or in a branch not taken"
    return f"Your code uses {name} before it has a value, {where}; it should be set first."
