"""The statements of a function, in a form in which two implementations can be compared."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ..homework.syntax import Function

ROOM = {"empty", "zeros", "ones", "full", "empty_like", "zeros_like", "ones_like", "list", "dict", "set"}
MISTAKE, SETTING_UP, REFUSING = range(3)  # how likely a statement is the mistake, the likeliest first


class Part(NamedTuple):
    """One assignment of a statement, or all of it. named: its value, where it only gives a local name to that."""

    text: str
    named: str = ""


class Statement(NamedTuple):
    """What a statement says, without its layout; of a compound one, its head.

    parts: in which the names of locals do not count. kind: one of the three above. span: two pairs of line and byte.
    writes: it changes more than what is local. fills: it changes an entry of a local. decides: it is an `if`.
    """

    text: str
    line: int
    parts: tuple[Part, ...]
    kind: int
    span: tuple[tuple[int, int], tuple[int, int]]
    writes: bool
    fills: bool
    decides: bool


def statements(function: ast.stmt | None) -> tuple[Statement, ...]:
    """The statements of a function in the order of the lines, without its docstring."""
    names = _names(function)
    pairs = zip(_inside([function]), _inside([_renamed(function, names)]), strict=True)
    nested = Function | ast.ClassDef
    return tuple(_statement(node, other, names) for node, other in pairs if not isinstance(node, nested))


def _inside(body: Iterable[ast.AST | None]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.stmt) and not _is_text(node):
            yield node
        for field in ("body", "handlers", "orelse", "finalbody", "cases"):
            yield from _inside(getattr(node, field, ()))


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _statement(node: ast.stmt, renamed: ast.stmt, names: Mapping[str, str]) -> Statement:
    body = getattr(node, "body", [])
    end = (body[0].lineno, body[0].col_offset) if body else (node.end_lineno or node.lineno, node.end_col_offset or 0)
    span = (node.lineno, node.col_offset), end
    does = _writes(node, names), _fills(node, names), isinstance(node, ast.If)
    return Statement(_head(node), node.lineno, tuple(_parts(node, renamed, names)), _kind(node), span, *does)


def _head(node: ast.AST) -> str:
    """The first line of what a node says; all of it where it is no compound statement."""
    if not (isinstance(node, ast.stmt) and getattr(node, "body", None)):
        return ast.unparse(node)
    alone = copy.copy(node)
    alone.body, alone.orelse = [ast.Pass()], []  # type: ignore[attr-defined]
    return ast.unparse(alone).partition("\n")[0]


def _parts(node: ast.stmt, renamed: ast.stmt, names: Mapping[str, str]) -> Iterator[Part]:
    """The single assignments of a statement, `a -= b` as `a = a - b`; of a loop, what it goes over."""
    pairs = list(zip(_assigned(node), _assigned(renamed), strict=True))
    for (target, _), (called, value) in pairs:
        local = all(_is_local(one, names) for one in getattr(target, "elts", [target]))
        said = ast.unparse(value)
        yield Part(f"{ast.unparse(called)} = {said}", said if local else "")
    if isinstance(renamed, ast.For | ast.AsyncFor):
        yield Part(_head(renamed), ast.unparse(renamed.iter))
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Name) and names.get(node.value.id) == "_":
        yield Part(_head(renamed), "_")
    elif not pairs:
        yield Part(_head(renamed))


def _is_local(target: ast.expr, names: Mapping[str, str]) -> bool:
    """Whether this is a local name, or an entry of one."""
    while isinstance(target, ast.Subscript):
        target = target.value
    return isinstance(target, ast.Name) and names.get(target.id) == "_"


def _writes(node: ast.stmt, names: Mapping[str, str]) -> bool:
    """Whether a statement changes more than what is local."""
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        return not _is_local(node.target, names)
    places = [one for target, _ in _assigned(node) for one in getattr(target, "elts", [target])]
    return any(not isinstance(one, ast.Name) and not _is_local(one, names) for one in places)


def _fills(node: ast.stmt, names: Mapping[str, str]) -> bool:
    """Whether a statement changes an entry of a local."""
    return any(isinstance(target, ast.Subscript) and _is_local(target, names) for target, _ in _assigned(node))


def _assigned(node: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    # On a name the two are not the same: one changes the array, and may be the mistake.
    if isinstance(node, ast.AugAssign) and not isinstance(node.target, ast.Name):
        yield node.target, ast.BinOp(node.target, node.op, node.value)
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            yield from zip(target.elts, value.elts, strict=True)
        else:
            yield target, value


def _kind(node: ast.stmt) -> int:
    if isinstance(node, ast.Raise | ast.Assert | ast.Import | ast.ImportFrom):
        return REFUSING
    pairs = list(_assigned(node))
    return SETTING_UP if pairs and all(_makes_room(*pair) for pair in pairs) else MISTAKE


def _makes_room(target: ast.expr, value: ast.expr) -> bool:
    """Whether an assignment only makes a place for what comes later."""
    if isinstance(value, ast.List | ast.Dict | ast.Set):
        return not ast.unparse(value).strip("[]{}")
    if isinstance(value, ast.Call):
        start = value.args[-1] if value.args else value
        kept = called_name(value) in ("getattr", "setdefault") and _makes_room(target, start)
        return kept or called_name(value) in ROOM
    return isinstance(value, ast.Constant) and isinstance(target, ast.Name)


def called_name(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _names(function: ast.stmt | None) -> dict[str, str]:
    """What stands for the names of a function: its arguments by their order, the locals all alike."""
    nodes = list(ast.walk(function)) if function else []
    names = {node.id: "_" for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    names |= {node.arg: "_" for node in nodes if isinstance(node, ast.arg)}
    own = [argument.arg for argument in function.args.args] if isinstance(function, Function) else []
    return names | {name: f"_{number}" for number, name in enumerate(own)}


def _renamed(part: Any, names: Mapping[str, str]) -> Any:
    """A copy of a node, or of what one of its fields holds, in which the names of locals do not count."""
    if isinstance(part, list):
        return [_renamed(one, names) for one in part]
    if not isinstance(part, ast.AST):
        return part
    # As copy.deepcopy does, ten times as fast.
    alike = type(part)()
    vars(alike).update((field, _renamed(value, names)) for field, value in vars(part).items())
    if isinstance(alike, ast.Name):
        alike.id = names.get(alike.id, alike.id)
    return alike


def every_value(function: ast.stmt | None) -> set[str]:
    """Every expression of a function."""
    renamed = _renamed(function, _names(function))
    return {ast.unparse(node) for node in ast.walk(renamed) if isinstance(node, ast.expr)} if renamed else set()
