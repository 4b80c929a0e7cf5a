"""Proofreading what an author declared: names that do not exist, and two things of one name.

Each slip is told in one line that names the check or the variant, and what there is in its place.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from ..errors import GradbookError
from .declare import Check, Homework
from .source import parsed_module
from .spelling import there_is_no
from .syntax import Definition

# What may be a definition under a decorator.
DECLARED = re.compile(r"^(?:@.*|\))\n(?:def|class) (\w+)", re.MULTILINE)
Scope = ast.Module | ast.ClassDef


def require_one_of_each(source: str, kind: str) -> None:
    """Raises GradbookError where a module declares two things of one name: the first of them would be lost."""
    if not list(_twice(DECLARED.findall(source))):
        return  # to parse a long module takes longer than to run it
    lines: dict[str, int] = {}
    for node in ast.parse(source).body:
        if isinstance(node, Definition) and node.decorator_list:
            first = lines.setdefault(node.name, node.lineno)
            if first != node.lineno:
                raise GradbookError(
                    f"two {kind} are called {node.name}, in lines {first} and {node.lineno}; rename one of them"
                )


def require_names(homework: Homework) -> None:
    """Raises GradbookError where a check or a variant names a check or a function that does not exist."""
    for problem in _problems(homework):
        raise GradbookError(problem)


def require_derivatives(derivatives: Mapping[str, Collection[str]], reference: str) -> None:
    """Raises GradbookError where GRADIENTS names a function that the reference does not define."""
    for name, called in derivatives.items():
        for problem in _undefined(reference, [name, *called]):
            raise GradbookError(f"GRADIENTS: {problem}")


def _undefined(reference: str, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if not defines(reference, name):
            yield there_is_no("function", name, functions(reference)) + " in the reference"


def _problems(homework: Homework) -> Iterator[str]:
    checks, targets = [check.name for check in homework.checks], functions(homework.reference)
    yield from (f"two checks are called {name}; rename one of them" for name in _twice(checks))
    yield from (
        f"two variants are called {name}; rename one of them" for name in _twice(v.name for v in homework.variants)
    )
    for check in homework.checks:
        for what, names in _named_by(check).items():
            yield from (
                f"the check {check.name}, {what}: {problem}" for problem in _undefined(homework.reference, names)
            )
    for variant in homework.variants:
        if variant.target not in targets:
            yield f"variant {variant.name}: the reference defines no {variant.target}"
        for name in set(variant.fails).difference(checks):
            yield f"chaff {variant.name}: {there_is_no('check', name, checks)}"


def _twice(names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)


def _named_by(check: Check) -> dict[str, tuple[str, ...]]:
    """What a check names of the reference, by where it does."""
    return {"covers": (check.covers,), "given": check.given, "uses": check.uses, "forward": check.built_on}


def functions(source: str) -> set[str]:
    """Dotted names of all functions and classes that a module defines, and classes in it."""
    return set(_defined(parsed_module(source), ""))


def _defined(scope: Scope, prefix: str) -> Iterator[str]:
    for node in scope.body:
        if isinstance(node, Definition):
            yield prefix + node.name
            if isinstance(node, ast.ClassDef):
                yield from _defined(node, f"{prefix}{node.name}.")


def defines(source: str, name: str) -> bool:
    """Whether a module has this dotted name, as far as its source tells.

    What is assigned or imported, and a class with a base from elsewhere, may have any attribute.
    """
    module = parsed_module(source)
    return _has(module, module, name.split("."))


def _has(scope: Scope, module: ast.Module, parts: list[str]) -> bool:
    name, *rest = parts
    found = [node for node in scope.body if isinstance(node, Definition) and node.name == name]
    if found:
        return not rest or (isinstance(found[-1], ast.ClassDef) and _has(found[-1], module, rest))
    if any(name in _bound(node) for node in scope.body):
        return True
    return isinstance(scope, ast.ClassDef) and (hasattr(object, name) or _inherits(scope, module, parts))


def _inherits(scope: ast.ClassDef, module: ast.Module, parts: list[str]) -> bool:
    for base in scope.bases:
        own = [n for n in module.body if isinstance(n, ast.ClassDef) and n is not scope and _is_name(base, n.name)]
        if not own and not any(_is_name(base, name) for name in vars(builtins)):
            return True
        if own and _has(own[-1], module, parts):
            return True
    return False


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _bound(node: ast.stmt) -> set[str]:
    """Names that a statement binds which is no definition itself."""
    if isinstance(node, Definition):
        return set()
    inside = list(ast.walk(node))
    aliases = {(n.asname or n.name).partition(".")[0] for n in inside if isinstance(n, ast.alias)}
    stored = {n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return aliases | stored | {n.name for n in inside if isinstance(n, Definition)}
