"""A function, a module or a built-in whose name was given to something else."""

import ast
import builtins
import re

from ..bindings import Around, Sources
from .definitions import in_words, methods, own_names, setters
from .failure import Failure

# What the sandbox may say of a value's kind.
KINDS = ("a number", "an array", "a text", "a list", "a tuple", "a dict", "None", "a module", "an object")
TYPES = {
    **dict.fromkeys(("int", "float", "complex", "bool", "numpy.float64", "numpy.int64", "numpy.float32"), "a number"),
    "numpy.ndarray": "an array",
    "str": "a text",
    "list": "a list",
    "tuple": "a tuple",
    "dict": "a dict",
    "NoneType": "None",
    "module": "a module",
}


def not_callable(failure: Failure) -> str | None:
    """What to say where a value stands under a name that was called, or that something was read from."""
    found = re.match(r"'([\w.]+)' object (?:is not callable|has no attribute)", failure.error.message)
    if not found:
        return None
    word, covers = TYPES.get(found[1], "something else"), failure.covers
    if not failure.nodes and covers:
        return overwritten(covers.partition(".")[0], word, failure.sources) or _hidden(covers, word, failure.around)
    called = failure.error.message.endswith("is not callable")
    said = (_said_of(node, called, word, failure) for node in failure.nodes)
    return next((text for text in said if text), None)


def _said_of(node: ast.expr, called: bool, word: str, failure: Failure) -> str | None:
    """What to say of what one expression calls, or reads an attribute of."""
    used: ast.expr | None = None
    if called and isinstance(node, ast.Call):
        used = node.func
    elif not called and isinstance(node, ast.Attribute):
        used = node.value
    if isinstance(used, ast.Name):
        return overwritten(used.id, word, failure.sources, failure.around)
    owner = failure.around[0] if failure.around else None
    if called and isinstance(used, ast.Attribute) and owner:
        return _hidden(f"{owner.name}.{used.attr}", word, failure.around)
    return None


def overwritten(name: str, word: str, sources: Sources, around: Around | None = None) -> str | None:
    """What to say of a name that means something in Python or in the notebook, and that was given to a value."""
    bound = sources.bound(name)
    meant = [b for b in bound if b.kind in ("function", "class", "import")]
    if not (meant or hasattr(builtins, name)):
        return None
    if around and name in own_names(around[1]):
        return f"Your {around[1].name} gives the name {name} to {word}; it should give that another name."
    values = [b for b in bound if b.kind in ("value", "alias", "unknown") and b.cell in sources]
    if not values:
        imported = [b for b in meant if b.kind == "import" and b.cell in sources]
        others = [b for b in meant if b not in imported]
        if not (imported and others and word == "a module"):
            return None
        cell = imported[-1].cell + 1
        return f"Your cell {cell} imports {word} under the name {name}; it should import that under another."
    return f"Your cell {values[-1].cell + 1} gives the name {name} to {word}; it should give that another name."


def _hidden(dotted: str, word: str, around: Around | None) -> str | None:
    """What to say of a method that the class itself covers with an attribute."""
    owner, name = around[0] if around else None, dotted.rpartition(".")[2]
    if owner is None or name not in methods(owner):
        return None
    found = setters(owner, name)
    if not found:
        return None
    return f"Your {in_words(found)} gives the method's name self.{name} to {word}; it should give that another name."
