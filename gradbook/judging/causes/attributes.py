"""Attributes and keys that are asked for and not there."""

import ast
import re

from ..bindings import Around
from . import numpy_names
from .definitions import in_words, kept, like, me_of, methods, setters
from .failure import Failure
from .overwritten import not_callable


def no_attribute(failure: Failure) -> str | None:
    """What to say of an attribute that something does not have."""
    message, around = failure.error.message, failure.around
    over = numpy_names.gone(failure.nodes, failure.sources) or not_callable(failure)
    found = re.search(r"has no attribute '(\w+)'", message)
    read = [n for n in failure.nodes if isinstance(n, ast.Attribute) and found and n.attr == found[1]]
    if over or not found or not read or "'NoneType'" in message:
        return over
    for node in read:
        base = node.value.id if isinstance(node.value, ast.Name) else ""
        if around and around[0] and base == me_of(around[1]):
            return _never_set(found[1], around)
    old = numpy_names.method_instead(found[1]) if "'numpy.ndarray'" in message else None
    return old or f"Your code asks an object for {found[1]}, which it does not have; it should ask for one that it has."


def _never_set(name: str, around: Around) -> str | None:
    owner, function = around
    if owner is None:
        return None
    others = [method for method in setters(owner, name) if method is not function]
    if others and all(method.name != "__init__" for method in others):
        return f"Your code reads self.{name} before {in_words(others)} has set it; it should be set first."
    near = like(name, (kept(owner) | methods(owner)) - {name})
    if near:
        return f"Your code reads self.{name}, which nothing sets; should it be self.{near}?"
    return None if others else f"Your code reads self.{name}, which nothing sets; it should be set first."


def no_key(failure: Failure) -> str:
    """What to say of a key that is not in a dict."""
    key, words = failure.error.message, failure.sources.words
    if len(key) > 2 and key[0] == key[-1] and key[0] in "'\"" and key[1:-1] in words and len(key) < 60:
        return f"Your code asks a dict for the key {key}, which is not there; it should ask for one that is."
    return "Your code asks a dict for a key that is not there; it should ask for one that is."
