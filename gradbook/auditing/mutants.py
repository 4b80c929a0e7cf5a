"""Small faults planted into the reference by rule: what the checks must notice without anybody having thought of it.

Only what students write (between the solution marks) is changed, one place at a time.
"""

import ast
import copy
from dataclasses import dataclass

from ..homework.source import splice

SWAPS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
NAMES = {
    "mean": "sum", "sum": "mean", "zeros": "ones", "ones": "zeros", "zeros_like": "ones_like", "maximum": "minimum",
    "minimum": "maximum", "sqrt": "square", "exp": "log", "prod": "sum", "argmin": "argmax", "argmax": "argmin",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One planted fault. name: target, and the change as `old -> new`; source: the whole module with the fault."""

    name: str
    target: str
    source: str


def mutants(source):
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


def _regions(source):
    """The line numbers (from 1) between solution marks."""
    inside, lines = False, set()
    for number, line in enumerate(source.split("\n"), 1):
        if "### BEGIN SOLUTION" in line:
            inside = True
        elif "### END SOLUTION" in line:
            inside = False
        elif inside:
            lines.add(number)
    return lines


def _functions(tree):
    """(dotted name, node) of every function and method."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef):
                    yield f"{node.name}.{part.name}", part


def _changes(function, regions):
    """(old text, new text, changed function) for each place and rule."""
    places = [(path, node) for path, node in _walk(function) if getattr(node, "lineno", None) in regions]
    for path, node in places:
        for replacement in _replacements(node):
            changed = copy.deepcopy(function)
            if _put(changed, path, replacement):
                yield _text(node), _text(replacement), ast.fix_missing_locations(changed)


def _walk(node, path=()):
    """Every node below a function with the way that leads to it."""
    for field, value in ast.iter_fields(node):
        for step, child in (
            [((field, i), c) for i, c in enumerate(value)] if isinstance(value, list) else [((field,), value)]
        ):
            if isinstance(child, ast.AST):
                yield (*path, step), child
                yield from _walk(child, (*path, step))


def _put(root, path, replacement):
    """Put a node at a place; False where a list of statements would become empty."""
    node = root
    for step in path[:-1]:
        node = _step(node, step)
    last = path[-1]
    if len(last) == 2:
        getattr(node, last[0])[last[1]] = replacement
    else:
        setattr(node, last[0], replacement)
    return True


def _step(node, step):
    value = getattr(node, step[0])
    return value[step[1]] if len(step) == 2 else value


def _text(node):
    text = ast.unparse(node)
    return " ".join(text.split())[:100]


def _replacements(node):
    """What a node may be replaced by."""
    rule = _RULES.get(type(node))
    return list(rule(node)) if rule else []


def _with(node, **fields):
    changed = copy.deepcopy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _binary(node):
    if type(node.op) in SWAPS:
        yield _with(node, op=SWAPS[type(node.op)]())
    if isinstance(node.op, ast.MatMult):
        yield _with(node, left=node.right, right=node.left)
    if isinstance(node.op, (ast.Sub, ast.Div)):
        yield _with(node, left=node.right, right=node.left)
    yield node.left
    if not isinstance(node.op, ast.Pow):
        yield node.right


def _unary(node):
    yield node.operand


def _compare(node):
    if type(node.ops[0]) in SWAPS:
        yield _with(node, ops=[SWAPS[type(node.ops[0])](), *node.ops[1:]])


def _boolean(node):
    yield _with(node, op=SWAPS[type(node.op)]())
    yield from node.values


def _constant(node):
    if isinstance(node.value, bool):
        yield _with(node, value=not node.value)
    elif isinstance(node.value, int):
        yield _with(node, value=node.value + 1)
        yield _with(node, value=node.value - 1)
    elif isinstance(node.value, float):
        yield _with(node, value=node.value * 2)
        yield _with(node, value=-node.value)


def _attribute(node):
    if node.attr == "T":
        yield node.value
    elif node.attr in NAMES:
        yield _with(node, attr=NAMES[node.attr])


def _call(node):
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


def _assign_in_place(node):
    if type(node.op) in SWAPS:
        yield _with(node, op=SWAPS[type(node.op)]())
    yield ast.copy_location(ast.Assign([node.target], node.value), node)
    yield _nothing(node)


def _nothing(node):
    return ast.copy_location(ast.Pass(), node)


def _dropped(node):
    yield _nothing(node)


def _condition(node):
    yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))


_RULES = {
    ast.BinOp: _binary, ast.UnaryOp: _unary, ast.Compare: _compare, ast.BoolOp: _boolean, ast.Constant: _constant,
    ast.Attribute: _attribute, ast.Call: _call, ast.AugAssign: _assign_in_place, ast.Assign: _dropped,
    ast.Expr: _dropped, ast.Raise: _dropped, ast.Return: _dropped, ast.If: _condition, ast.IfExp: _condition,
    ast.Break: _dropped, ast.Continue: _dropped,
}  # fmt: skip
