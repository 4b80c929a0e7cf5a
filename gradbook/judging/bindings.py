"""Which cell of a notebook gives a meaning to a name, read from the sources alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..errors import ChildLost, StudentError
from ..homework.syntax import Definition, Function, parsed

# A function, and the class that it is a method of, if it is one.
Around = tuple[ast.ClassDef | None, Function]
# A name, its kind, its line and what it is of, see Binding.
Bound = tuple[str, str, int, str]
CONSTANT = "a number or a text"
# Calls that give what is called in its turn.
MAKERS = {"partial", "vectorize", "jit", "njit", "cache", "lru_cache", "namedtuple", "type", "make_dataclass", "wraps"}


@dataclass(frozen=True)
class Binding:
    """A name at the top level of a cell. kind: function, class, import, value, alias, unknown or deleted.

    of: the module of an import, the other name of an alias, the name of the function whose value it is, or CONSTANT.
    """

    name: str
    kind: str
    cell: int
    line: int
    of: str = ""


class Sources(dict[int, str]):
    """Cell number -> source of the student's own cells, and what else the notebook holds.

    given: the same of the cells of the release. unrun: numbers of cells that are not run when this is graded.
    failed: number -> the StudentError or ChildLost with which a cell ended.
    """

    def __init__(self, own: Mapping[int, str] | None = None) -> None:
        super().__init__(own or {})
        self.given: dict[int, str] = {}
        self.unrun: set[int] = set()
        self.failed: dict[int, StudentError | ChildLost] = {}

    @classmethod
    def of(cls, sources: Mapping[int, str] | None) -> Sources:
        """These sources, which may be a plain dict."""
        return sources if isinstance(sources, cls) else cls(sources)

    @cached_property
    def trees(self) -> dict[int, ast.Module]:
        """Cell number -> syntax tree of each of the student's cells that can be read."""
        trees = {number: parsed(source) for number, source in self.items()}
        return {number: tree for number, tree in trees.items() if tree}

    @cached_property
    def bindings(self) -> list[Binding]:
        """All Bindings of the notebook, in the order of the cells."""
        given = {number: parsed(source) for number, source in self.given.items()}
        trees = {**self.trees, **{number: tree for number, tree in given.items() if tree}}
        return [binding for number in sorted(trees) for binding in bindings(trees[number], number)]

    def bound(self, name: str) -> list[Binding]:
        """The Bindings of a name, a dotted one where a cell assigns to an attribute."""
        return [binding for binding in self.bindings if binding.name == name]

    @cached_property
    def words(self) -> set[str]:
        """Every name and every short text that occurs in the student's own code."""
        nodes = [node for tree in self.trees.values() for node in ast.walk(tree)]
        names = (getattr(node, field, None) for node in nodes for field in ("id", "attr", "name", "arg"))
        texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        return texts | {name for name in names if name}

    def definition(self, dotted: str) -> Around | None:
        """(class or None, function) of the last definition of a dotted name in the student's cells, else None."""
        *parents, last = dotted.split(".")
        found: Around | None = None
        for number in sorted(self.trees):
            for owner in _owners(self.trees[number], parents):
                own = [node for node in owner.body if isinstance(node, Function) and node.name == last]
                found = (owner if isinstance(owner, ast.ClassDef) else None, own[-1]) if own else found
        return found

    def around(self, cell: int, line: int) -> Around | None:
        """(class or None, function) that a line stands in, the outermost one, else None."""
        for owner in ast.walk(self.trees[cell]) if cell in self.trees else ():
            if isinstance(owner, (ast.Module, ast.ClassDef)):
                for node in owner.body:
                    if isinstance(node, Function) and _holds(node, line):
                        return owner if isinstance(owner, ast.ClassDef) else None, node
        return None

    def at(self, cell: int, line: int) -> list[ast.expr]:
        """The expressions that stand in a line."""
        nodes = ast.walk(self.trees[cell]) if cell in self.trees else ()
        return [node for node in nodes if isinstance(node, ast.expr) and _holds(node, line)]


def _holds(node: ast.stmt | ast.expr, line: int) -> bool:
    """Whether a node stands in a line, perhaps with others around it."""
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _owners(tree: ast.Module, parents: list[str]) -> list[ast.Module] | list[ast.ClassDef]:
    """What holds the definitions of a dotted name: the module, or the class of this name."""
    if not parents:
        return [tree]
    return [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == parents[0]]


def bindings(tree: ast.Module, cell: int) -> list[Binding]:
    """The Bindings of one cell, in the order of the lines."""
    return [Binding(name, kind, cell, line, of) for name, kind, line, of in sorted(_of(tree), key=lambda b: b[2])]


def _of(tree: ast.Module) -> Iterator[Bound]:
    todo: list[ast.AST] = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, Definition):
            yield node.name, "class" if isinstance(node, ast.ClassDef) else "function", node.lineno, ""
            yield from _declared_global(node)
            continue
        if isinstance(node, ast.Lambda):
            continue
        yield from _bound_by(node)
        todo += ast.iter_child_nodes(node)


def _declared_global(definition: ast.AST) -> Iterator[Bound]:
    for node in ast.walk(definition):
        if isinstance(node, ast.Global):
            stored = (n for n in ast.walk(definition) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
            yield from ((n.id, "value", n.lineno, "") for n in stored if n.id in node.names)


def _bound_by(node: ast.AST) -> Iterator[Bound]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            module = alias.name if isinstance(node, ast.Import) else f"{node.module}.{alias.name}"
            yield (alias.asname or alias.name.partition(".")[0]), "import", node.lineno, module
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _assigned(target, node.value)
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr, ast.AugAssign)) and node.value:
        yield from _assigned(node.target, node.value)
    elif isinstance(node, (ast.For, ast.AsyncFor)):
        yield from _assigned(node.target, None)
    elif isinstance(node, ast.withitem) and node.optional_vars:
        yield from _assigned(node.optional_vars, None)
    elif isinstance(node, ast.Delete):
        yield from ((target.id, "deleted", node.lineno, "") for target in node.targets if isinstance(target, ast.Name))


def _assigned(target: ast.expr, value: ast.expr | None) -> Iterator[Bound]:
    if isinstance(target, (ast.Tuple, ast.List)):
        items = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
        values = items if len(items) == len(target.elts) else [None] * len(target.elts)
        for part, item in zip(target.elts, values, strict=True):
            yield from _assigned(part, item)
    elif isinstance(target, ast.Starred):
        yield from _assigned(target.value, None)
    elif isinstance(target, ast.Name):
        yield target.id, *_kind(value, target.lineno)
    elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        yield f"{target.value.id}.{target.attr}", *_kind(value, target.lineno)


def _kind(value: ast.expr | None, line: int) -> tuple[str, int, str]:
    if isinstance(value, ast.Lambda):
        return "function", line, ""
    if isinstance(value, ast.Name):
        return "alias", line, value.id
    if isinstance(value, ast.Attribute):
        return "unknown", line, ""
    if isinstance(value, ast.Call):
        called = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
        return ("unknown" if called in MAKERS else "value"), line, called
    return "value", line, CONSTANT if isinstance(value, ast.Constant) else ""
