"""What a student's cell says, read and never run: the source is hostile, and may be no Python at all."""

import ast
import re
import warnings

MOST = 200_000  # characters
NOT_PYTHON = re.compile(r"^([ \t]*)(?:[%!?].*|\w[\w.]*\?\??[ \t]*)$", re.MULTILINE)


def parsed(source):
    """The syntax tree of a cell, with line numbers as in the cell; None where it cannot be read.

    IPython's lines (%magic, !command, name?) count as `pass`. Nothing that a source can hold raises here.
    """
    if len(source) > MOST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(NOT_PYTHON.sub(r"\1pass", source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def defined_names(source):
    """Names of the functions and classes that a cell defines at its top level, in the order of the lines."""
    tree = parsed(source)
    kinds = ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef
    return [node.name for node in tree.body if isinstance(node, kinds)] if tree else []


def last_definition(sources, name):
    """The syntax tree of the function that a dotted name stands for after cells have run in this order.

    None where it is not defined, or where a name that is part of it is bound in another way.
    """
    found = None
    for tree in filter(None, map(parsed, sources)):
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name.partition(".")[0]:
                found = _member(node, name, found)
            elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and _binds(node, name):
                found = None
    return found


def unset_attributes(sources, name):
    """Names of what the methods of a class read of themselves and neither it nor its bases set, in order."""
    classes, known, todo = _classes(sources), set(), [name]
    own = _attributes(classes[name]) if name in classes else []
    while todo:
        node = classes.pop(todo.pop(), None)
        if node is not None:
            known |= {p.attr for p in _attributes(node) if not isinstance(p.ctx, ast.Load)}
            known |= {getattr(p, "name", "") for p in node.body}
            todo += [ast.unparse(base) for base in node.bases]
    return list(dict.fromkeys(p.attr for p in own if p.attr not in known))


def _classes(sources):
    bodies = [tree.body for tree in map(parsed, sources) if tree]
    return {node.name: node for body in bodies for node in body if isinstance(node, ast.ClassDef)}


def _attributes(node):
    """The places in a class where an attribute of `self` stands."""
    parts = [p for p in ast.walk(node) if isinstance(p, ast.Attribute) and isinstance(p.value, ast.Name)]
    return [p for p in parts if p.value.id == "self"]


def _member(node, name, inherited):
    """What the rest of a dotted name stands for in a definition; what it stood for before, where a class inherits."""
    for part in name.split(".")[1:]:
        inside = [n for n in getattr(node, "body", ()) if getattr(n, "name", None) == part]
        if not inside:
            return inherited if isinstance(node, ast.ClassDef) and node.bases else None
        node = inside[-1]
    return node


def _binds(node, name):
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    texts = {ast.unparse(part) for target in targets for part in ast.walk(target) if isinstance(part, ast.expr)}
    return any(name == text or name.startswith(text + ".") for text in texts)


def same_function(one, other):
    """Whether two syntax trees of functions do the same, letter by letter: docstrings and annotations aside."""
    return _bare(one) == _bare(other)


def _bare(node):
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    arguments = [(a.arg, type(a)) for a in ast.walk(node.args) if isinstance(a, ast.arg)]
    defaults = [ast.dump(d) for d in [*node.args.defaults, *filter(None, node.args.kw_defaults)]]
    return arguments, defaults, [ast.dump(d) for d in node.decorator_list], [ast.dump(line) for line in body]
