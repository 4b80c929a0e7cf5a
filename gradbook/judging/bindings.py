"""Which cell of a notebook gives a meaning to a name, read from the sources alone."""

import ast
from dataclasses import dataclass
from functools import cached_property

from ..homework.syntax import parsed

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
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


class Sources(dict):
    """Cell number -> source of the student's own cells, and what else the notebook holds.

    given: the same of the cells of the release. unrun: numbers of cells that are not run when this is graded.
    failed: number -> the StudentError or ChildLost with which a cell ended.
    """

    def __init__(self, own=()):
        super().__init__(own)
        self.given, self.unrun, self.failed = {}, set(), {}

    @classmethod
    def of(cls, sources):
        """These sources, which may be a plain dict."""
        return sources if isinstance(sources, cls) else cls(sources or {})

    @cached_property
    def trees(self):
        """Cell number -> syntax tree of each of the student's cells that can be read."""
        trees = {number: parsed(source) for number, source in self.items()}
        return {number: tree for number, tree in trees.items() if tree}

    @cached_property
    def bindings(self):
        """All Bindings of the notebook, in the order of the cells."""
        given = {number: parsed(source) for number, source in self.given.items()}
        trees = {**self.trees, **{number: tree for number, tree in given.items() if tree}}
        return [binding for number in sorted(trees) for binding in bindings(trees[number], number)]

    def bound(self, name):
        """The Bindings of a name, a dotted one where a cell assigns to an attribute."""
        return [binding for binding in self.bindings if binding.name == name]

    @cached_property
    def words(self):
        """Every name and every short text that occurs in the student's own code."""
        nodes = [node for tree in self.trees.values() for node in ast.walk(tree)]
        names = {getattr(node, field, None) for node in nodes for field in ("id", "attr", "name", "arg")}
        return names | {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}

    def definition(self, dotted):
        """(class or None, function) of the last definition of a dotted name in the student's cells, else None."""
        *parents, last = dotted.split(".")
        found = None
        for number in sorted(self.trees):
            for owner in classes_of(self.trees[number], parents):
                own = [node for node in owner.body if isinstance(node, FUNCTIONS) and node.name == last]
                found = (owner if parents else None, own[-1]) if own else found
        return found

    def around(self, cell, line):
        """(class or None, function) that a line stands in, the outermost one, else None."""
        for owner in ast.walk(self.trees[cell]) if cell in self.trees else ():
            if isinstance(owner, (ast.Module, ast.ClassDef)):
                for node in owner.body:
                    if isinstance(node, FUNCTIONS) and node.lineno <= line <= node.end_lineno:
                        return owner if isinstance(owner, ast.ClassDef) else None, node
        return None

    def at(self, cell, line):
        """The expressions that stand in a line."""
        nodes = ast.walk(self.trees[cell]) if cell in self.trees else ()
        return [node for node in nodes if isinstance(node, ast.expr) and node.lineno <= line <= node.end_lineno]


def classes_of(tree, parents):
    """What holds the definitions of a dotted name: the module, or the class of this name."""
    if not parents:
        return [tree]
    return [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == parents[0]]


def bindings(tree, cell):
    """The Bindings of one cell, in the order of the lines."""
    return [Binding(name, kind, cell, line, of) for name, kind, line, of in sorted(_of(tree), key=lambda b: b[2])]


def _of(tree):
    todo = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, DEFINITIONS):
            yield node.name, "class" if isinstance(node, ast.ClassDef) else "function", node.lineno, ""
            yield from _declared_global(node)
            continue
        if isinstance(node, ast.Lambda):
            continue
        yield from _bound_by(node)
        todo += ast.iter_child_nodes(node)


def _declared_global(definition):
    for node in ast.walk(definition):
        if isinstance(node, ast.Global):
            stored = (n for n in ast.walk(definition) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
            yield from ((n.id, "value", n.lineno, "") for n in stored if n.id in node.names)


def _bound_by(node):
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


def _assigned(target, value):
    if isinstance(target, (ast.Tuple, ast.List)):
        values = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
        values = values if len(values) == len(target.elts) else [None] * len(target.elts)
        for part, item in zip(target.elts, values, strict=True):
            yield from _assigned(part, item)
    elif isinstance(target, ast.Starred):
        yield from _assigned(target.value, None)
    elif isinstance(target, ast.Name):
        yield target.id, *_kind(value, target.lineno)
    elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        yield f"{target.value.id}.{target.attr}", *_kind(value, target.lineno)


def _kind(value, line):
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
