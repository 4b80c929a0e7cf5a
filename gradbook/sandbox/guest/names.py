"""Dotted names, as lists of their parts: what they stand for among a notebook's names."""

import dis
from collections.abc import Sequence
from types import CodeType
from typing import Any

Names = dict[str, Any]  # a notebook's: the dict in which its cells ran
Dotted = Sequence[str]


def find(names: Names, target: Any, path: Dotted) -> Any:
    """What a dotted name stands for. target: the object that it begins at; None for the notebook's names."""
    path = list(path)
    if target is None:
        name = path.pop(0)
        if name not in names:
            raise NameError(f"name '{name}' is not defined")
        target = names[name]
    for name in path:
        target = getattr(target, name)
    return target


def has(names: Names, target: Any, path: Dotted) -> bool:
    """Whether a dotted name is callable."""
    try:
        return callable(find(names, target, path))
    except (NameError, AttributeError):
        return False


def is_there(names: Names, path: Dotted) -> bool:
    """Whether a dotted name is callable, or may be once there is an object: only that shows what it is given."""
    if has(names, None, path):
        return True
    return len(path) == 2 and has(names, None, path[:1]) and _shows_later(names[path[0]], path[1])


def _shows_later(owner: Any, name: str) -> bool:
    """Whether what `owner` makes may have this name, although it has not itself."""
    if not isinstance(owner, type):
        return True
    methods = [getattr(value, "__code__", None) for kind in owner.__mro__ for value in vars(kind).values()]
    written = [code for code in methods if code and code.co_filename.startswith("<cell ")]
    return any(code.co_name == "__getattr__" or name in _set_on_self(code) for code in written)


def _set_on_self(code: CodeType) -> set[str]:
    """Names of the attributes that a function's code assigns to."""
    return {instruction.argval for instruction in dis.get_instructions(code) if instruction.opname == "STORE_ATTR"}
