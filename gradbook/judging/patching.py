"""A student's function with one statement patched, so that what builds on it can be judged by itself.

A right function cannot simply stand in for a method that keeps things for another one: only the student knows under
which names. So the student's own function is run, but for the statement that raises or goes wrong: what this one
assigns or returns comes from the grader, which tries the values that the reference works out on the same input. The
patch is believed where the function then passes the check that it failed.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from types import CodeType
from typing import Any

from ..homework.declare import Homework
from ..homework.source import definition
from ..homework.syntax import last_definition, unset_attributes
from .local import namespace

HOLES = 3  # values that a patched function takes from the grader
TRIES = 150  # runs of a check, to find out which these are
RIGHT, ENTRY = "_right", "_entry"  # names in a patched function


@dataclass(frozen=True)
class Patch:
    """A patched function. name: its dotted name; source: with holes; values: for each hole, which value belongs there.

    A value is the number of an expression of the reference, see `_worked_out`. bare: whether the function keeps
    nothing, as it raises before. undecided: whether what it keeps does not show in what it returns, as the grader gives
    both.
    """

    name: str
    source: str
    values: tuple[int, ...]
    bare: bool = False
    undecided: bool = False

    def answer(self, homework: Homework, question: dict[str, Any]) -> Any:
        """The value for a hole. question: what the patched function asks, see the guest's StandIns."""
        hole = int(question["ask"].rpartition("#")[2])
        return _worked_out(homework, self.name, question["state"], question["args"])[self.values[hole]]


def patches(homework: Homework, sources: list[str], name: str, lines: Collection[int] = ()) -> Iterator[Patch]:
    """Patches of the method `name` that may be right, the likely ones first. sources: the cells, in their order.

    lines: of the cell, on which it raised; none where it only gives something wrong.
    """
    node = last_definition(sources, name)
    if "." not in name or not isinstance(node, ast.FunctionDef) or homework.is_given(name):
        return
    order = _expressions(definition(homework.reference, name))[1]
    for places in _places(node, lines):
        body, holes = _with_holes(node, places)
        bare = not any(map(_keeps, node.body))
        undecided = not bare and holes > 1 and f"return {RIGHT}" in "\n".join(map(ast.unparse, body))
        if holes <= HOLES:
            for values in _choices(order, holes):
                yield Patch(name, _source(node, body), tuple(values), bare, undecided)


def keeping(homework: Homework, sources: list[str], patch: Patch) -> Iterator[Patch]:
    """A patch of a function that keeps nothing, with what its class reads and nobody sets: all choices of values."""
    node = last_definition(sources, patch.name)
    assert isinstance(node, ast.FunctionDef)  # which `patches` has seen to
    order, first = _expressions(definition(homework.reference, patch.name))[1], len(patch.values)
    me = node.args.args[0].arg
    unset = unset_attributes(sources, patch.name.rpartition(".")[0])[:HOLES]
    lines = [f"{me}.{name} = {RIGHT}({first + i}, *{ENTRY})" for i, name in enumerate(unset)]
    source = _source(node, [*ast.parse("\n".join(lines)).body, *_function(patch.source).body[1:]])
    return (Patch(patch.name, source, (*patch.values, *values)) for values in _choices(order, len(unset)))


def _choices(order: Sequence[int], count: int) -> Iterator[list[int]]:
    """Every way to choose so many of these, those of the first ones first."""
    ways: list[tuple[int, ...]] = sorted(product(range(len(order)), repeat=count), key=max) if count else [()]
    return ([order[place] for place in way] for way in ways)


def first_that(passes: Callable[[Patch], bool], candidates: Iterable[Patch]) -> Patch | None:
    """The first patch with which `passes(patch)`, of a bounded number; None where there is none."""
    return next((patch for patch in islice(candidates, TRIES) if passes(patch)), None)


def _places(node: ast.FunctionDef, lines: Collection[int]) -> list[list[int]]:
    """Which statements of a function to patch, by number: those that raised, or each in turn."""
    body = node.body if isinstance(node.body[-1], ast.Return) else [*node.body, ast.Return()]
    if lines:
        raised = [
            i for i, s in enumerate(node.body) if any(s.lineno <= line <= (s.end_lineno or s.lineno) for line in lines)
        ]
        # Behind one that raises, another one may; and what is left may lack its end.
        behind = range(raised[-1] + 1, len(body)) if raised else ()
        return [raised, *([*raised, i] for i in behind)] if raised else []
    return [[i] for i in reversed(range(len(body))) if i >= len(node.body) or not _is_text(node.body[i])]


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _keeps(statement: ast.stmt) -> bool:
    """Whether a statement sets an attribute, or an item, of something."""
    kinds = ast.Attribute, ast.Subscript
    return any(isinstance(p, kinds) and isinstance(p.ctx, ast.Store) for p in ast.walk(statement))


def _with_holes(node: ast.FunctionDef, places: list[int]) -> tuple[list[ast.stmt], int]:
    """The function's statements, of which some take their values from the grader; and how many values."""
    body, holes = list(node.body), 0
    for place in sorted(places, reverse=True):
        statement, lines = body[place] if place < len(body) else ast.Return(), []
        for target in _targets(statement):
            lines.append(f"{target}{RIGHT}({holes}, *{ENTRY})")
            holes += 1
        body[place : place + 1] = ast.parse("\n".join(lines) or "pass").body
    return body, holes


def _source(node: ast.FunctionDef, body: list[ast.stmt]) -> str:
    """The source of a function with this body, which remembers what it was called with and may ask for values."""
    node = copy.deepcopy(node)
    arguments = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
    node.decorator_list = []
    node.args.kwonlyargs.append(ast.arg(RIGHT))
    node.args.kw_defaults.append(ast.Name(RIGHT, ast.Load()))
    node.body = [*ast.parse(f"{ENTRY} = ({', '.join(arguments)},)").body, *body]
    return ast.unparse(ast.fix_missing_locations(node))


def _function(source: str) -> ast.FunctionDef:
    """The function that a source defines."""
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.FunctionDef)
    return node


def _targets(statement: ast.stmt) -> list[str]:
    """What a statement binds or returns, as the beginnings of lines."""
    if any(isinstance(part, ast.Return) for part in ast.walk(statement)):
        return ["return "]
    bound = [part for part in ast.walk(statement) if isinstance(getattr(part, "ctx", None), ast.Store)]
    texts = dict.fromkeys(ast.unparse(p) for p in bound if isinstance(p, (ast.Name, ast.Attribute)))
    return [f"{text} = " for text in texts]


# ---------------------------------------------------------------- the reference


def _worked_out(homework: Homework, name: str, state: dict[str, Any], arguments: list[Any]) -> list[Any]:
    """What each expression of the reference's function gives on this input, by its number."""
    code, order = _expressions(definition(homework.reference, name))
    names = namespace(homework.reference)
    owner, _, last = name.rpartition(".")
    noted: dict[int, Any] = {}
    # The first value, where an expression is worked out several times.
    names["_note"] = lambda number, value: noted.setdefault(number, value) if number not in noted else value
    exec(code, names)
    instance = names[owner].__new__(names[owner])
    vars(instance).update(state)
    names[last](instance, *arguments)
    return [noted.get(number) for number in range(len(order))]


@lru_cache(maxsize=256)
def _expressions(source: str) -> tuple[CodeType, tuple[int, ...]]:
    """A function of the reference, compiled so that it notes what its expressions give; and their numbers.

    The likely ones come first: what it was given, and what other functions gave it, is what a method most often keeps.
    """
    tree = ast.parse(source)
    noter = _Noter({a.arg for a in _function(source).args.args[1:]})
    noter.visit(tree)
    order = sorted(noter.kinds, key=lambda number: not issubclass(noter.kinds[number], (ast.Name, ast.Call)))
    code = compile(ast.fix_missing_locations(tree), "<reference>", "exec", dont_inherit=True)
    return code, tuple(order)


class _Noter(ast.NodeTransformer):
    """Has every expression noted that is computed, the inputs, and what these and the object hold; each text once.

    kinds: number of an expression -> the kind of its node.
    """

    def __init__(self, inputs: set[str]) -> None:
        self.numbers: dict[str, int] = {}
        self.kinds: dict[int, type[ast.AST]] = {}
        self.inputs = inputs

    def visit(self, node: ast.AST) -> Any:
        counts = self._counts(node)  # before what it is made of is noted in its place
        inner: Any = self.generic_visit(node)
        text = ast.unparse(node)
        if not counts:
            return inner
        number = self.numbers.setdefault(text, len(self.numbers))
        self.kinds[number] = type(node)
        return ast.Call(ast.Name("_note", ast.Load()), [ast.Constant(number), inner], [])

    def _counts(self, node: ast.AST) -> bool:
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return False
        if isinstance(node, ast.Name):
            return node.id in self.inputs
        # Of an input, that is most often its shape.
        of = node.value.id if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) else ""
        held = of == "self" or of in self.inputs
        return held or isinstance(node, (ast.BinOp, ast.Call, ast.Compare, ast.IfExp))
