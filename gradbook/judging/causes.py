"""Why something failed, read from the student's own sources: what a message alone does not say.

What came from the sandbox is believed only as far as the sources bear it out: no text is repeated that does not
stand there.
"""

import ast
import builtins
import contextlib
import difflib
import re

from ..errors import ChildLost, StudentError
from ..homework.syntax import defined_names, fault
from . import numpy_names
from .bindings import CONSTANT, FUNCTIONS

SYNTAX = ("SyntaxError", "IndentationError", "TabError")
# What the sandbox may say of a value's kind.
KINDS = ("a number", "an array", "a text", "a list", "a tuple", "a dict", "None", "a module", "an object")
TYPES = {
    "int": "a number", "float": "a number", "complex": "a number", "bool": "a number", "numpy.float64": "a number",
    "numpy.int64": "a number", "numpy.float32": "a number", "numpy.ndarray": "an array", "str": "a text",
    "list": "a list", "tuple": "a tuple", "dict": "a dict", "NoneType": "None", "module": "a module",
}  # fmt: skip


def place(error, sources, cell=None):
    """(cell, line) of the student's cell where an exception arose, or (None, None).

    cell: where it must have been, if the exception does not say. Where a cell is no Python, reading it anew tells.
    """
    cell = error.cell if error.cell in sources else cell
    found = fault(sources[cell]) if cell in sources and error.type_name in SYNTAX else None
    line = found[0] if found else error.line
    return (cell, line) if cell in sources and line else (None, None)


def reason(error, sources, covers="", cell=None):
    """Why code raised, in a sentence, where the sources say it; else None.

    error: a StudentError. covers: dotted name of the function that was called. cell: see `place`.
    """
    cell, line = place(error, sources, cell)
    if error.type_name in SYNTAX:
        found = fault(sources[cell]) if cell in sources else None
        return found and found[1]
    around = sources.around(cell, line) if cell is not None else sources.definition(covers)
    say = {
        "ModuleNotFoundError": _not_there, "ImportError": _not_there, "NameError": _not_defined,
        "UnboundLocalError": _before_its_value, "AttributeError": _no_attribute, "TypeError": _not_callable,
        "KeyError": _no_key,
    }.get(error.type_name)  # fmt: skip
    with contextlib.suppress(RecursionError):
        said = say(error, sources, sources.at(cell, line) if cell is not None else [], around, covers) if say else None
        return said or _outside(around, sources)
    return None


# ---------------------------------------------------------------- imports


def _not_there(error, sources, *_):
    missing = re.fullmatch(r"No module named '([\w.]+)'.*", error.message)
    if missing:
        return _not_installed(missing[1], sources)
    name = re.match(r"cannot import name '(\w+)' from 'numpy'", error.message)
    return numpy_names.instead(name[1]) if name and name[1] in sources.words else None


def _not_installed(module, sources):
    top = module.partition(".")[0]
    nodes = [node for tree in sources.trees.values() for node in ast.walk(tree)]
    imported = {alias.name.partition(".")[0] for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    imported |= {(n.module or "").partition(".")[0] for n in nodes if isinstance(n, ast.ImportFrom)}
    if top not in imported:
        return None
    if top in ("numpy", "matplotlib"):
        return f"{top} is there, but the module that is imported from it is not."
    return f"{top} is not installed where this is graded; NumPy and Matplotlib are."


# ---------------------------------------------------------------- names


def _not_defined(error, sources, nodes, around, covers):
    found = re.fullmatch(r"name '(\w+)' is not defined", error.message)
    if not found or found[1] not in sources.words:
        return None
    name = found[1]
    return (
        _outside(around, sources, name)
        or _lost(name, error, sources)
        or _elsewhere(name, sources, around)
        or _near(name, sources, around)
        or f"The name {name} is not defined there."
    )


def _lost(name, error, sources):
    """What became of the cell that gives the name a meaning."""
    bound = sources.bound(name)
    if not bound:
        return None
    if bound[-1].kind == "deleted":
        return f"The name {name} is not defined there: cell {bound[-1].cell + 1} deletes it."
    for binding in bound:
        if binding.cell in sources.failed and binding.cell != error.cell:
            return _after_failure(name, binding.cell, sources)
    if all(binding.cell in sources.unrun for binding in bound):
        return f"The name {name} is not defined there: cell {bound[0].cell + 1} is not run when this is graded."
    if error.cell is not None and all(binding.cell > error.cell for binding in bound):
        return f"The name {name} is not defined there: it is defined further down, in cell {bound[0].cell + 1}."
    return None


def _after_failure(name, cell, sources):
    error = sources.failed[cell]
    if isinstance(error, ChildLost):
        return f"The name {name} is not defined there: its cell {cell + 1} {error.reason}."
    # Its own reason may lie in yet another cell, but not in this one again.
    failed = sources.failed.pop(cell)
    try:
        why = reason(error, sources, cell=cell) if isinstance(error, StudentError) else None
    finally:
        sources.failed[cell] = failed
    if why:
        return f"{why} So cell {cell + 1} did not run to the end, and {name} is not defined."
    return f"The name {name} is not defined there: its cell {cell + 1} did not run to the end."


def _elsewhere(name, sources, around):
    """Where the name is an attribute of self, or belongs to another function."""
    owner, function = around or (None, None)
    if owner and name in _kept(owner):
        return f"The name {name} is not defined there; is self.{name} meant?"
    for tree in sources.trees.values():
        for node in ast.walk(tree):
            if isinstance(node, FUNCTIONS) and node is not function and name in _own_names(node):
                return f"The name {name} is not defined there: it belongs to {node.name} alone."
    return None


def _near(name, sources, around):
    if len(name) < 3:
        return None
    known = {b.name for b in sources.bindings if b.kind != "deleted"} | set(dir(builtins))
    known |= _own_names(around[1]) if around else set()
    near = _like(name, known - {name}, 0.8)
    return f"The name {name} is not defined there; is {near} meant?" if near else None


def _before_its_value(error, sources, nodes, around, covers):
    found = re.search(r"local variable '(\w+)'", error.message)
    if not found or found[1] not in sources.words:
        return None
    name = found[1]
    if around and (hasattr(builtins, name) or sources.bound(name)):
        return f"{name} is used before it has a value: {around[1].name} assigns to it, so it is another {name} there."
    return f"{name} is used before it has a value: it gets one further down only, or in a branch that was not taken."


# ---------------------------------------------------------------- attributes and keys


def _no_attribute(error, sources, nodes, around, covers):
    gone = _gone(nodes, sources)
    over = gone or _not_callable(error, sources, nodes, around, covers)
    found = re.search(r"has no attribute '(\w+)'", error.message)
    read = [n for n in nodes if isinstance(n, ast.Attribute) and found and n.attr == found[1]]
    if over or not read or "'NoneType'" in error.message:
        return over
    name = found[1]
    for node in read:
        base = node.value.id if isinstance(node.value, ast.Name) else ""
        if around and around[0] and base == _self(around[1]):
            return _never_set(name, *around)
    old = numpy_names.method_instead(name) if "'numpy.ndarray'" in error.message else None
    return old or f"The object has no attribute {name}."


def _gone(nodes, sources):
    """What to say of the first name of NumPy among some nodes that NumPy does not have."""
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            bound = sources.bound(node.value.id) or [None]
            said = numpy_names.instead(node.attr)
            if said and all(b and b.kind == "import" and b.of == "numpy" for b in bound):
                return said.replace("np.", f"{node.value.id}.") if node.value.id != "np" else said
    return None


def _never_set(name, owner, function):
    setters = [n.name for n in owner.body if isinstance(n, FUNCTIONS) and name in _stored(n) and n is not function]
    if setters and "__init__" not in setters:
        return f"self.{name} is read here before it is set, which {_list(setters)} does."
    near = _like(name, (_kept(owner) | _methods(owner)) - {name})
    if near:
        return f"self.{name} is read here, but nothing sets it; is self.{near} meant?"
    return None if setters else f"self.{name} is read here, but nothing sets it."


def _no_key(error, sources, *_):
    key = error.message
    if len(key) > 2 and key[0] == key[-1] and key[0] in "'\"" and key[1:-1] in sources.words and len(key) < 60:
        return f"The key {key} is not there."
    return "A key that is asked for is not there."


# ---------------------------------------------------------------- names that were given to something else


def _not_callable(error, sources, nodes, around, covers):
    """A function, a module or a built-in whose name was given to a value."""
    found = re.match(r"'([\w.]+)' object (?:is not callable|has no attribute)", error.message)
    if not found:
        return None
    word = TYPES.get(found[1], "something else")
    if not nodes and covers:
        return _overwritten(covers.partition(".")[0], word, sources) or _hidden(covers, word, around)
    called = error.message.endswith("is not callable")
    used = [n.func for n in nodes if isinstance(n, ast.Call)] if called else [
        n.value for n in nodes if isinstance(n, ast.Attribute)]  # fmt: skip
    for node in used:
        if isinstance(node, ast.Name):
            said = _overwritten(node.id, word, sources, around)
        elif called and isinstance(node, ast.Attribute) and around and around[0]:
            said = _hidden(f"{around[0].name}.{node.attr}", word, around)
        else:
            said = None
        if said:
            return said
    return None


def _overwritten(name, word, sources, around=None):
    """What to say of a name that means something in Python or in the notebook, and that was given to a value."""
    bound = sources.bound(name)
    meant = [b for b in bound if b.kind in ("function", "class", "import")]
    if not (meant or hasattr(builtins, name)):
        return None
    if around and name in _own_names(around[1]):
        return f"{name} is {word} in {around[1].name}, which gives its name to a value."
    values = [b for b in bound if b.kind in ("value", "alias", "unknown") and b.cell in sources]
    if not values:
        imported = [b for b in meant if b.kind == "import" and b.cell in sources]
        others = [b for b in meant if b not in imported]
        if not (imported and others and word == "a module"):
            return None
        return f"{name} is {word} now: cell {imported[-1].cell + 1} imports something under its name."
    return f"{name} is {word} now: cell {values[-1].cell + 1} gave its name to a value."


def _hidden(dotted, word, around):
    """What to say of a method that the class itself covers with an attribute."""
    owner, name = around[0] if around else None, dotted.rpartition(".")[2]
    if owner is None or name not in _methods(owner):
        return None
    setters = [node.name for node in owner.body if isinstance(node, FUNCTIONS) and name in _stored(node)]
    if not setters:
        return None
    return f"self.{name} is {word} now: {_list(setters)} gave the method's name to a value."


# ---------------------------------------------------------------- what a function takes from the notebook


def outside(covers, sources):
    """What to say of a function that reads what it should not: a value of the notebook, or what NumPy has not."""
    around = sources.definition(covers)
    with contextlib.suppress(RecursionError):
        return _outside(around, sources) or (_gone(ast.walk(around[1]), sources) if around else None)
    return None


def _outside(around, sources, only=None):
    """only: the one name that may be meant."""
    if not around:
        return None
    owner, function = around
    read = _read_outside(function) & _values(sources)
    read &= {only} if only else read
    for name in sorted(read):
        if owner and any(b.of == owner.name and b.kind == "value" for b in sources.bound(name)):
            return f"{function.name} uses the notebook's {name}, not {_self(function) or 'self'}."
    unread = _never_read(function, owner)
    pairs = [(name, argument) for name in sorted(read) for argument in unread if _fits(name, argument, sources)]
    if not pairs and len(read) == len(unread) == 1:
        (name,) = read
        pairs = [] if _is_constant(name, sources) else [(name, unread[0])]
    if not pairs:
        return None
    name, argument = pairs[0]
    return f"{function.name} uses the notebook's {name}, not its argument {argument}."


def _read_outside(function):
    """Names that a function reads as values and that are none of its own."""
    called = {n.func.id for n in ast.walk(function) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    body = [node for statement in function.body for node in ast.walk(statement)]
    read = {n.id for n in body if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return read - called - _own_names(function) - set(dir(builtins))


def _values(sources):
    """Names that the notebook gives to values, and to nothing else."""
    kinds = {}
    for binding in sources.bindings:
        kinds.setdefault(binding.name, []).append(binding)
    known = {name for name, bound in kinds.items() if all(b.kind == "value" for b in bound)}
    for name, bound in kinds.items():
        if all(b.kind == "value" or (b.kind == "alias" and b.of in known) for b in bound):
            known.add(name)
    return known


def _never_read(function, owner):
    """The arguments that a function reads nowhere, or only where it refuses them."""
    names = [a.arg for a in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
    names = names[1:] if owner and _self(function) else names
    read = set()
    for statement in function.body:
        for node in _without_refusals(statement):
            updated = isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
            if updated or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)):
                read.add(node.target.id if updated else node.id)
    return [] if read & {"locals", "vars", "eval", "exec"} else [name for name in names if name not in read]


def _without_refusals(node):
    """The nodes below, but not of an `if` that does nothing but raise, nor of an assertion."""
    if isinstance(node, ast.Assert) or (isinstance(node, ast.If) and all(isinstance(n, ast.Raise) for n in node.body)):
        for other in getattr(node, "orelse", ()):
            yield from _without_refusals(other)
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _without_refusals(child)


def _fits(name, argument, sources):
    """Whether a name of the notebook is like an argument's: y and y_true, x_train and x, lr and learning_rate."""
    short, long = sorted((name.lower(), argument.lower()), key=len)
    parts = [part for part in long.split("_") if part]
    if parts and short.split("_")[0] == parts[0]:
        return True
    return short in parts or "".join(part[0] for part in parts) == short or (len(short) > 2 and long.startswith(short))


def _is_constant(name, sources):
    """A number or a text that the notebook writes out, or what is named like one."""
    return name.isupper() or all(binding.of == CONSTANT for binding in sources.bound(name))


# ---------------------------------------------------------------- reading a definition


def _self(function):
    """What a method calls its object."""
    static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list)
    first = [*function.args.posonlyargs, *function.args.args][:1]
    return first[0].arg if first and not static else ""


def _own_names(function):
    """Arguments and everything that is assigned, imported or defined anywhere in a function."""
    names = set()
    declared = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.ClassDef, *FUNCTIONS)):
            names |= {node.name} if node.name and node is not function else set()
        elif isinstance(node, ast.Global):
            declared.update(node.names)
    return names - declared


def _stored(function):
    """Attributes that a method sets on its object."""
    nodes = (n for n in ast.walk(function) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store))
    return {n.attr for n in nodes if isinstance(n.value, ast.Name) and n.value.id == _self(function)}


def _methods(owner):
    return {node.name for node in owner.body if isinstance(node, FUNCTIONS)}


def _kept(owner):
    return {name for node in owner.body if isinstance(node, FUNCTIONS) for name in _stored(node)}


def _like(name, names, alike=0.75):
    """The one of the names that is most like this one, or None."""
    short = sorted(n for n in names if len(n) < 40)[:2000]
    return next(iter(difflib.get_close_matches(name[:40], short, 1, alike)), None)


def _list(names):
    return " and ".join(dict.fromkeys(names))


# ---------------------------------------------------------------- what is not there after all cells have run


def missing(covers, sources, failures, kind):
    """(sentence, error, cell) for a function that is not there: what to say, and what is to blame, or None.

    failures: name -> what ended its cell. kind: what the name stands for now, in one of the words of KINDS, or "".
    """
    root, _, method = covers.partition(".")
    over = _overwritten(root, kind, sources) if kind in KINDS else None
    if over:
        return over, None, None
    defined = [b for b in sources.bound(root) if b.kind in ("class", "function")]
    cells = [n for n in sources if root in defined_names(sources[n]) or _writes(root, sources[n])]
    blamed = next((n for n in cells if n in sources.failed), None)
    error = failures.get(root) or sources.failed.get(blamed)
    if error is not None:
        cell = error.cell if isinstance(error, StudentError) and error.cell in sources else blamed
        where = f"cell {cell + 1}" if cell is not None else "its cell"
        ended = error.reason if isinstance(error, ChildLost) else "did not run to the end"
        return f"{covers} is not defined, as {where} {ended}.", error, cell
    return _not_written(covers, root, method, defined, sources, kind), None, None


def _writes(name, source):
    """Whether a cell that is no Python seems to define a name."""
    return re.search(rf"^(?:def|class)[ \t]+{re.escape(name)}\b", source, re.MULTILINE) is not None


def _not_written(covers, root, method, defined, sources, kind):
    bound = sources.bound(root)
    if bound and bound[-1].kind == "deleted":
        return f"{root} is not defined any more: cell {bound[-1].cell + 1} deletes it."
    patched = [b for b in sources.bound(covers) if b.kind in ("value", "unknown", "alias")]
    if patched and kind in KINDS:
        return f"{covers} is {kind} now: cell {patched[-1].cell + 1} gave its name to a value."
    if method and defined:
        if any(b.kind == "function" for b in sources.bound(method)):
            return f"{method} stands outside of the class {root}: indent it, so that it is a method."
        return f"{root} has no {method}."
    own = {name for source in sources.values() for name in defined_names(source)}
    near = _like(root, own)
    meant = f" Is {near} meant to be it?" if near and not defined else ""
    return f"{covers} is not defined after your notebook has run.{meant}"
