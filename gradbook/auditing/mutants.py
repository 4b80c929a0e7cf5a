"""Small faults planted into the reference by rule: what the checks must notice without anybody having thought of it.

Only what students write (between the solution marks) is changed, one place at a time.
"""

import ast
import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from ..homework.source import BEGIN_SOLUTION, END_SOLUTION, splice

SWAPS: dict[type[ast.AST], type[Any]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
NAMES = {
    "mean": "sum",
    "sum": "mean",
    "zeros": "ones",
    "ones": "zeros",
    "zeros_like": "ones_like",
    "maximum": "minimum",
    "minimum": "maximum",
    "sqrt": "square",
    "exp": "log",
    "prod": "sum",
    "argmin": "argmax",
    "argmax": "argmin",
}

Node = TypeVar("Node", bound=ast.AST)
# One step down a syntax tree: a field, and the place in it where that is a list.
Step = tuple[str, int | None]


@dataclass(frozen=True)
class Mutant:
    """One planted fault. name: target, and the change as `old -> new`; source: the whole module with the fault."""

    name: str
    target: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a reference module, in the order of its lines, each a different module."""
    regions = _regions(source)
    seen = {ast.unparse(ast.parse(source))}
    for target, node in _functions(ast.parse(source)):
        for old, new, changed in _changes(node, regions):
            text = splice(source, target, ast.unparse(changed))
            key = ast.unparse(ast.parse(text))
            if key not in seen:
                seen.add(key)
                yield Mutant(f"{target}: {old} -> {new}", target, text)


def _regions(source: str) -> set[int]:
    """The line numbers (from 1) between solution marks."""
    inside, lines = False, set()
    for number, line in enumerate(source.split("\n"), 1):
        if BEGIN_SOLUTION in line:
            inside = True
        elif END_SOLUTION in line:
            inside = False
        elif inside:
            lines.add(number)
    return lines


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """(dotted name, node) of every function and method."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef):
                    yield f"{node.name}.{part.name}", part


def _changes(function: ast.FunctionDef, regions: set[int]) -> Iterator[tuple[str, str, ast.FunctionDef]]:
    """(old text, new text, changed function) for each place and rule."""
    places = [(path, node) for path, node in _walk(function) if getattr(node, "lineno", None) in regions]
    for path, node in places:
        for replacement in _replacements(node):
            changed = copy.deepcopy(function)
            _put(changed, path, replacement)
            yield _text(node), _text(replacement), ast.fix_missing_locations(changed)


def _walk(node: ast.AST, path: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], ast.AST]]:
    """Every node below a function with the way that leads to it."""
    for field, value in ast.iter_fields(node):
        parts: Iterable[tuple[int | None, Any]] = enumerate(value) if isinstance(value, list) else [(None, value)]
        for index, child in parts:
            if isinstance(child, ast.AST):
                inner = (*path, (field, index))
                yield inner, child
                yield from _walk(child, inner)


def _put(root: ast.AST, path: tuple[Step, ...], replacement: ast.AST) -> None:
    """Put a node at a place."""
    node = root
    for field, index in path[:-1]:
        node = getattr(node, field) if index is None else getattr(node, field)[index]
    field, index = path[-1]
    if index is None:
        setattr(node, field, replacement)
    else:
        getattr(node, field)[index] = replacement


def _text(node: ast.AST) -> str:
    text = ast.unparse(node)
    return " ".join(text.split())[:100]


def _replacements(node: ast.AST) -> list[ast.AST]:
    """What a node may be replaced by."""
    rule = _RULES.get(type(node))
    return list(rule(node)) if rule else []


def _with(node: Node, **fields: Any) -> Node:
    changed = copy.deepcopy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _binary(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in SWAPS:
        yield _with(node, op=SWAPS[type(node.op)]())
    if isinstance(node.op, ast.MatMult):
        yield _with(node, left=node.right, right=node.left)
    if isinstance(node.op, (ast.Sub, ast.Div)):
        yield _with(node, left=node.right, right=node.left)
    yield node.left
    if not isinstance(node.op, ast.Pow):
        yield node.right


def _unary(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    if type(node.ops[0]) in SWAPS:
        yield _with(node, ops=[SWAPS[type(node.ops[0])](), *node.ops[1:]])


def _boolean(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield _with(node, op=SWAPS[type(node.op)]())
    yield from node.values


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield _with(node, value=not node.value)
    elif isinstance(node.value, int):
        yield _with(node, value=node.value + 1)
        yield _with(node, value=node.value - 1)
    elif isinstance(node.value, float):
        yield _with(node, value=node.value * 2)
        yield _with(node, value=-node.value)


def _attribute(node: ast.Attribute) -> Iterator[ast.AST]:
    if node.attr == "T":
        yield node.value
    elif node.attr in NAMES:
        yield _with(node, attr=NAMES[node.attr])


def _call(node: ast.Call) -> Iterator[ast.AST]:
    if len(node.args) >= 2 and not any(isinstance(a, ast.Starred) for a in node.args):
        yield _with(node, args=[node.args[1], node.args[0], *node.args[2:]])
    for index in range(len(node.keywords)):
        yield _with(node, keywords=node.keywords[:index] + node.keywords[index + 1 :])
    if isinstance(node.func, ast.Name) and node.func.id == "range":
        start, stop = ([ast.Constant(0), *node.args] if len(node.args) == 1 else node.args)[:2]
        one = ast.Constant(1)
        yield _with(node, args=[ast.BinOp(start, ast.Add(), one), stop, *node.args[2:]])
        yield _with(node, args=[start, ast.BinOp(stop, ast.Sub(), one), *node.args[2:]])
    elif (
        len(node.args) == 1
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("copy", "array", "exp", "log")
    ):
        yield node.args[0]


def _assign_in_place(node: ast.AugAssign) -> Iterator[ast.AST]:
    if type(node.op) in SWAPS:
        yield _with(node, op=SWAPS[type(node.op)]())
    yield ast.copy_location(ast.Assign([node.target], node.value), node)
    yield _nothing(node)


def _nothing(node: ast.stmt) -> ast.Pass:
    return ast.copy_location(ast.Pass(), node)


def _dropped(node: ast.stmt) -> Iterator[ast.AST]:
    yield _nothing(node)


def _condition(node: ast.If | ast.IfExp) -> Iterator[ast.AST]:
    yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))


_RULES: dict[type[ast.AST], Callable[[Any], Iterator[ast.AST]]] = {
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.BoolOp: _boolean,
    ast.Constant: _constant,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.AugAssign: _assign_in_place,
    ast.Assign: _dropped,
    ast.Expr: _dropped,
    ast.Raise: _dropped,
    ast.Return: _dropped,
    ast.If: _condition,
    ast.IfExp: _condition,
    ast.Break: _dropped,
    ast.Continue: _dropped,
}
