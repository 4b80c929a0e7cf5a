"""What a student's cell says, read and never run: the source is hostile, and may be no Python at all."""

import ast
import re
import symtable
import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache

MOST = 200_000  # characters
SHORT = 4_000  # characters of a cell whose syntax tree is kept for a while
Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef
Assignment = ast.Assign | ast.AnnAssign | ast.AugAssign
MAKERS = ast.Lambda, ast.Name, ast.Attribute, ast.Call
BEGINNING = re.compile(r"^(?:async +)?(?:def|class) +(\w+)", re.MULTILINE)
# Cell magics under which the lines are not run as the notebook's own, unlike those under %%time.
APART = re.compile(r"\s*%%(?!(?:time|capture|prun)\b)")
NOT_PYTHON = re.compile(r"^([ \t]*)(?:[%!?].*|\w[\w.]*\?\??[ \t]*)$", re.MULTILINE)


def parsed(source: str) -> ast.Module | None:
    """The syntax tree of a cell, with line numbers as in the cell; None where it cannot be read.

    IPython's lines (%magic, !command, name?) count as `pass`. What stands under %%bash and its like is not read.
    Nothing that a source can hold raises here.
    """
    return _short(source) if len(source) <= SHORT else _last(source)


def _parse(source: str) -> ast.Module | None:
    if len(source) > MOST or APART.match(source):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(without_magics(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


# A cell is looked at in many ways. Those of a usual length stay known: the given ones are the same in each submission.
_last, _short = lru_cache(maxsize=1)(_parse), lru_cache(maxsize=64)(_parse)


def _body(source: str) -> list[ast.stmt]:
    """The statements of a cell; none where it cannot be read."""
    tree = parsed(source)
    return tree.body if tree else []


def without_magics(source: str) -> str:
    """A cell with `pass` in place of IPython's lines, %magic, !command and name?."""
    return NOT_PYTHON.sub(r"\1pass", source)


def defined_names(source: str) -> list[str]:
    """Names of the functions and classes that a cell defines at its top level, in the order of the lines.

    What stands under an `if`, a `try`, a `with` or a loop is at the top level, too.
    """
    found = [node for node in _at_top(_body(source)) if isinstance(node, Definition)]
    return list(dict.fromkeys(node.name for node in sorted(found, key=lambda node: node.lineno)))


def meant_names(source: str) -> list[str]:
    """What a cell defines, or would if it were Python: where it cannot be read, by how its lines begin."""
    if parsed(source) or APART.match(source):
        return defined_names(source)
    return list(dict.fromkeys(BEGINNING.findall(source[:MOST])))


def made_names(source: str) -> set[str]:
    """Names that a cell gives to what may be a function: `loss = lambda a, b: ...`, `loss = np.vectorize(one)`.

    A name that stands in its own value, as in `loss = loss(a, b)`, is given to a result.
    """
    found: set[str] = set()
    for node in _at_top(_body(source)):
        if isinstance(node, ast.Assign) and isinstance(node.value, MAKERS):
            targets = {target.id for target in node.targets if isinstance(target, ast.Name)}
            found |= targets - _read(ast.walk(node.value))
    return found


def bound_names(source: str) -> set[str]:
    """All names that a cell binds at its top level: definitions, imports and assignments."""
    return {name for node in _at_top(_body(source)) for name in _bound(node)}


def read_names(source: str) -> set[str]:
    """All names of the notebook that a cell reads, also inside its functions; not what is local to these."""
    found: set[str] = set()
    ahead = [_scopes(source)] if parsed(source) else []
    while ahead:
        scope = ahead.pop()
        ahead += scope.get_children()
        outer = scope.get_type() == "module"
        found |= {s.get_name() for s in scope.get_symbols() if s.is_referenced() and (outer or s.is_global())}
    return found


def _scopes(source: str) -> symtable.SymbolTable:
    try:
        return symtable.symtable(without_magics(source), "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return symtable.symtable("", "cell", "exec")


def names_read_at_once(source: str) -> set[str]:
    """Names that are read while the cell runs: not those inside functions, which are read when these are called."""
    return _read(_at_top(_body(source), inside_classes=True))


def names_read_to_define(source: str) -> set[str]:
    """Names without which a cell cannot define its functions and classes: in decorators, defaults, bases and bodies of
    classes.
    """
    definitions = [node for node in _at_top(_body(source)) if isinstance(node, Definition)]
    return _read(_at_top(definitions, inside_classes=True))


def extended_names(source: str) -> set[str]:
    """Names of what a cell defines anew upon an earlier thing of that name, as `class Net(Net)` does."""
    found: set[str] = set()
    bound: set[str] = set()
    for node in sorted(_at_top(_body(source)), key=lambda node: getattr(node, "lineno", 0)):
        if isinstance(node, Definition) and node.name not in bound:
            found |= {node.name} & _read(_at_top(_heads(node)))
        bound.update(_bound(node))
    return found


def statements(source: str) -> list[tuple[str, int, int]]:
    """(what it says, first line, last line) of each statement at the top level; layout and comments do not count.

    Lines are counted from 1. Empty where the cell cannot be read.
    """
    try:
        return [(ast.dump(node), first_line(node), node.end_lineno or node.lineno) for node in _body(source)]
    except RecursionError:
        return []


def first_line(node: ast.stmt) -> int:
    """The line on which a statement begins, with its decorators."""
    return min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])


def _at_top(nodes: Iterable[ast.AST], inside_classes: bool = False) -> Iterator[ast.AST]:
    """These nodes and those in them that run with the cell.

    No bodies of functions, and no bodies of classes unless asked for.
    """
    ahead = list(nodes)
    while ahead:
        node = ahead.pop()
        yield node
        if isinstance(node, Definition):
            ahead += _heads(node)
            ahead += node.body if inside_classes and isinstance(node, ast.ClassDef) else []
        elif not isinstance(node, ast.Lambda):
            ahead += ast.iter_child_nodes(node)


def _heads(node: Definition) -> list[ast.expr | ast.keyword]:
    """What is worked out where something is defined: decorators, defaults, bases."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    return [*node.decorator_list, *node.args.defaults, *(each for each in node.args.kw_defaults if each)]


def _bound(node: ast.AST) -> list[str]:
    if isinstance(node, Definition):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [each.asname or each.name.partition(".")[0] for each in node.names]
    return [node.id] if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else []


def _read(nodes: Iterable[ast.AST]) -> set[str]:
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def last_definition(sources: Iterable[str], name: str) -> ast.stmt | None:
    """The syntax tree of the function that a dotted name stands for after cells have run in this order.

    None where it is not defined, or where a name that is part of it is bound in another way.
    """
    found: ast.stmt | None = None
    for node in (node for source in sources for node in _body(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name.partition(".")[0]:
            found = _member(node, name, found)
        elif isinstance(node, Assignment) and _binds(node, name):
            found = None
    return found


def unset_attributes(sources: Iterable[str], name: str) -> list[str]:
    """Names of what the methods of a class read of themselves and neither it nor its bases set, in order."""
    classes, todo = _classes(sources), [name]
    known: set[str] = set()
    own = _attributes(classes[name]) if name in classes else []
    while todo:
        node = classes.pop(todo.pop(), None)
        if node is not None:
            known |= {p.attr for p in _attributes(node) if not isinstance(p.ctx, ast.Load)}
            known |= {getattr(p, "name", "") for p in node.body}
            todo += [ast.unparse(base) for base in node.bases]
    return list(dict.fromkeys(p.attr for p in own if p.attr not in known))


def _classes(sources: Iterable[str]) -> dict[str, ast.ClassDef]:
    nodes = (node for source in sources for node in _body(source))
    return {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}


def _attributes(node: ast.ClassDef) -> list[ast.Attribute]:
    """The places in a class where an attribute of `self` stands."""
    parts = (part for part in ast.walk(node) if isinstance(part, ast.Attribute))
    return [part for part in parts if isinstance(part.value, ast.Name) and part.value.id == "self"]


def _member(node: ast.stmt, name: str, inherited: ast.stmt | None) -> ast.stmt | None:
    """What the rest of a dotted name stands for in a definition; what it stood for before, where a class inherits."""
    for part in name.split(".")[1:]:
        inside = [n for n in getattr(node, "body", ()) if getattr(n, "name", None) == part]
        if not inside:
            return inherited if isinstance(node, ast.ClassDef) and node.bases else None
        node = inside[-1]
    return node


def _binds(node: Assignment, name: str) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    texts = {ast.unparse(part) for target in targets for part in ast.walk(target) if isinstance(part, ast.expr)}
    return any(name == text or name.startswith(text + ".") for text in texts)


def same_function(one: ast.stmt | None, other: ast.stmt | None) -> bool:
    """Whether two statements define functions that do the same, letter by letter: docstrings and annotations aside."""
    return isinstance(one, Function) and isinstance(other, Function) and _bare(one) == _bare(other)


def _bare(node: Function) -> tuple[object, ...]:
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    arguments = [(a.arg, type(a)) for a in ast.walk(node.args) if isinstance(a, ast.arg)]
    defaults = [ast.dump(d) for d in [*node.args.defaults, *filter(None, node.args.kw_defaults)]]
    return arguments, defaults, [ast.dump(d) for d in node.decorator_list], [ast.dump(line) for line in body]
