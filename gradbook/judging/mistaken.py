"""Which statements of a known mistake make it.

A mistake that is declared by changes of the reference says it exactly. One that is written out as a function is often
worded otherwise in all of its statements. There, a statement that a right implementation has as well, one that only
gives a part of it a name, and one that makes room or raises is not the mistake; where none is left, it is the one that
stands at another place than in the reference.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ..homework.declare import Homework, Variant
from ..homework.syntax import Function, last_definition, parsed

ROOM = {"empty", "zeros", "ones", "full", "empty_like", "zeros_like", "ones_like", "list", "dict", "set"}
MISTAKE, SETTING_UP, REFUSING = range(3)  # how likely a statement is the mistake, the likeliest first


class Part(NamedTuple):
    """One assignment of a statement, or all of it. named: its value, where it only gives a local name to that."""

    text: str
    named: str = ""


class Statement(NamedTuple):
    """What a statement says, without its layout; of a compound one, its head.

    parts: in which the names of locals do not count. kind: one of the three above. span: two pairs of line and byte.
    writes: it changes more than what is local. fills: it changes an entry of a local. decides: it is an `if`.
    """

    text: str
    line: int
    parts: tuple[Part, ...]
    kind: int
    span: tuple[tuple[int, int], tuple[int, int]]
    writes: bool
    fills: bool
    decides: bool


class Right(NamedTuple):
    """What right implementations of a function say. texts: of the reference's statements, in order."""

    texts: tuple[str, ...]
    reference: tuple[Statement, ...]
    parts: frozenset[str]
    values: frozenset[str]

    def says(self, part: Part) -> bool:
        """Whether this is right by itself."""
        return part.text in self.parts or part.named in self.values


class Making(NamedTuple):
    """A known mistake's statements, and the places in them of those that make it, none where that cannot be told.

    certain: whether the first of these is the line, and not only likely to be. line: the one of it that a change is in.
    """

    statements: tuple[Statement, ...]
    places: tuple[int, ...]
    certain: bool = True
    line: str = ""


@lru_cache(maxsize=4096)
def making(variant: Variant, homework: Homework) -> Making:
    """The statements that make a known mistake."""
    found = statements(last_definition([variant.source], variant.target.rpartition(".")[2]))
    right = right_ways(homework, variant.target)
    changes = sorted([*variant.changes, *(change for one in variant.both for change in one.changes)])
    if changes:
        places = _changed(variant, homework, found, right)
        return Making(found, places, line=_line_within(variant, homework, found[places[0]]) if places else "")
    if _refuses(homework.reference, variant.target) and not _refuses(
        homework.reference, variant.target, variant.source
    ):
        return Making(found, ())  # it is what is missing
    return _written_out(variant, homework, found, right)


@lru_cache(maxsize=512)
def right_ways(homework: Homework, target: str) -> Right:
    """What the reference and the right variants of a function say."""
    own = last_definition([homework.reference], target)
    name = target.rpartition(".")[2]
    others = [last_definition([one.source], name) for one in homework.variants if one.right and one.target == target]
    reference, parts, values = statements(own), set[str](), set[str]()
    for function in (own, *others):
        parts |= {part.text for one in statements(function) for part in one.parts}
        values |= _values(function)
    return Right(tuple(one.text for one in reference), reference, frozenset(parts), frozenset(values))


# ---------------------------------------------------------------- changes of the reference


def _changed(variant: Variant, homework: Homework, found: Sequence[Statement], right: Right) -> tuple[int, ...]:
    """The places of the statements that hold a changed text."""
    spans = list(_new_texts(variant, homework))
    begins = _offsets(variant.source)
    held = []
    for place, one in enumerate(found):
        start, end = (_offset(variant.source, begins, point) for point in one.span)
        if any(
            start <= last and first <= end if first == last else start < last and first < end for first, last in spans
        ):
            held.append(place)
    new = [place for place in held if found[place].text not in right.texts]
    moved = _inserted([one.text for one in found], right.texts)
    return _likeliest(found, new or [place for place in held if place in moved])


def _line_within(variant: Variant, homework: Homework, one: Statement) -> str:
    """The line of a statement in which the first changed text begins."""
    lines = variant.source.split("\n")
    begun = [variant.source.count("\n", 0, first) for first, _ in _new_texts(variant, homework)]
    return next((lines[number].strip() for number in begun if one.span[0][0] <= number + 1 <= one.span[1][0]), "")


def _new_texts(variant: Variant, homework: Homework) -> Iterator[tuple[int, int]]:
    """From where to where the changed texts reach in the variant's source; the same twice where one was taken out."""
    moved = 0
    for change in sorted([*variant.changes, *(change for one in variant.both for change in one.changes)]):
        text, start = change.text, change.start + moved
        blank = len(text) - len(text.lstrip()) if text.strip() else 0
        yield start + blank, start + blank + len(text.strip())
        moved += len(text) - (change.end - change.start)


def _offsets(source: str) -> list[int]:
    """Where each line begins."""
    return [0, *(number + 1 for number, letter in enumerate(source) if letter == "\n")]


def _offset(source: str, begins: Sequence[int], point: tuple[int, int]) -> int:
    """The place in a source of (line, byte)."""
    line, column = point
    text = source[begins[line - 1] :].partition("\n")[0]
    return begins[line - 1] + len(text.encode()[:column].decode())


# ---------------------------------------------------------------- functions written out


def _written_out(variant: Variant, homework: Homework, found: tuple[Statement, ...], right: Right) -> Making:
    """The places of the statements that no right implementation has and, where there are such, no other mistake."""
    others = {
        part.text
        for other in homework.variants
        if not other.right and other.target == variant.target and other.hint != variant.hint and not other.changes
        for one in statements(last_definition([other.source], variant.target.rpartition(".")[2]))
        for part in one.parts
    }
    unlike = [place for place, one in enumerate(found) if not all(map(right.says, one.parts))]
    if not unlike:
        return Making(found, _moved(found, right))
    own = [place for place in unlike if any(not right.says(p) and p.text not in others for p in found[place].parts)]
    # A write that other mistakes make as well is still what a statement that makes none depends on.
    telling = any(found[place].writes for place in own) or not any(found[place].writes for place in unlike)
    likeliest = _likeliest(found, own if own and telling else unlike)
    return Making(found, _beginning(found, likeliest), len(_likeliest(found, unlike)) == 1)


def _beginning(found: Sequence[Statement], places: tuple[int, ...]) -> tuple[int, ...]:
    """Of several statements these, where the first of them begins the mistake: it decides, or they alone write."""
    if len(places) == 1 or found[places[0]].decides:
        return places
    writing = tuple(place for place in places if found[place].writes or found[place].fills)
    lasting = any(found[place].writes for place in writing)
    return writing if lasting and all(after - before == 1 for before, after in pairwise(writing)) else ()


def _moved(found: Sequence[Statement], right: Right) -> tuple[int, ...]:
    """The place of the only statement that stands elsewhere than in the reference."""
    flat = [(part.text, place) for place, one in enumerate(found) for part in one.parts]
    reference = [part.text for one in right.reference for part in one.parts]
    moved = {flat[number][1] for number in _inserted([text for text, _ in flat], reference)}
    said = [place for place in moved if any(part.text in reference for part in found[place].parts)]
    return tuple(said) if len(said) == 1 else ()


def _inserted(texts: Sequence[str], others: Sequence[str]) -> set[int]:
    """The places of what stands in the first and not, in its place, in the second."""
    blocks = SequenceMatcher(None, others, texts, autojunk=False).get_matching_blocks()
    kept = {block.b + number for block in blocks for number in range(block.size)}
    return set(range(len(texts))) - kept


def _likeliest(found: Sequence[Statement], places: Sequence[int]) -> tuple[int, ...]:
    """Of these, those of the likeliest kind; what sets up or refuses is the mistake only where it is alone."""
    kind = min((found[place].kind for place in places), default=MISTAKE)
    chosen = tuple(place for place in places if found[place].kind == kind)
    return chosen if kind == MISTAKE or len(chosen) == 1 else ()


def _refuses(reference: str, target: str, source: str | None = None) -> bool:
    """Whether a function raises by itself or through another one of the reference. source: of another in its place."""
    tree = parsed(reference)
    every = [node for node in ast.walk(tree) if isinstance(node, Function)] if tree else []
    own = (
        last_definition([reference], target) if source is None else last_definition([source], target.rpartition(".")[2])
    )
    ahead, known = [own], set[str]()
    while ahead:
        nodes = list(ast.walk(node)) if (node := ahead.pop()) else []
        if any(isinstance(one, ast.Raise | ast.Assert) for one in nodes):
            return True
        called = {_called(one) for one in nodes if isinstance(one, ast.Call)} - known
        known |= called
        ahead += [one for one in every if one.name in called]
    return False


# ---------------------------------------------------------------- statements


def statements(function: ast.stmt | None) -> tuple[Statement, ...]:
    """The statements of a function in the order of the lines, without its docstring."""
    body = getattr(function, "body", [])
    names = _names(function)
    return tuple(_statement(node, names) for node in _inside(body) if not isinstance(node, Function | ast.ClassDef))


def _inside(body: Iterable[ast.AST]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.stmt) and not _is_text(node):
            yield node
        for field in ("body", "handlers", "orelse", "finalbody", "cases"):
            yield from _inside(getattr(node, field, ()))


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _statement(node: ast.stmt, names: Mapping[str, str]) -> Statement:
    body = getattr(node, "body", [])
    end = (body[0].lineno, body[0].col_offset) if body else (node.end_lineno or node.lineno, node.end_col_offset or 0)
    span = (node.lineno, node.col_offset), end
    does = _writes(node, names), _fills(node, names), isinstance(node, ast.If)
    return Statement(_head(node), node.lineno, tuple(_parts(node, names)), _kind(node), span, *does)


def _head(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text.partition("\n")[0] if getattr(node, "body", None) and isinstance(node, ast.stmt) else text


def _parts(node: ast.stmt, names: Mapping[str, str]) -> Iterator[Part]:
    """The single assignments of a statement, `a -= b` as `a = a - b`; of a loop, what it goes over."""
    pairs = list(_assigned(node))
    for target, value in pairs:
        local = all(_is_local(one, names) for one in getattr(target, "elts", [target]))
        said = anonymous(value, names)
        yield Part(f"{anonymous(target, names)} = {said}", said if local else "")
    if isinstance(node, ast.For | ast.AsyncFor):
        yield Part(anonymous(node, names), anonymous(node.iter, names))
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Name) and names.get(node.value.id) == "_":
        yield Part(anonymous(node, names), "_")
    elif not pairs:
        yield Part(anonymous(node, names))


def _is_local(target: ast.expr, names: Mapping[str, str]) -> bool:
    """Whether this is a local name, or an entry of one."""
    while isinstance(target, ast.Subscript):
        target = target.value
    return isinstance(target, ast.Name) and names.get(target.id) == "_"


def _writes(node: ast.stmt, names: Mapping[str, str]) -> bool:
    """Whether a statement changes more than what is local."""
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        return not _is_local(node.target, names)
    places = [one for target, _ in _assigned(node) for one in getattr(target, "elts", [target])]
    return any(not isinstance(one, ast.Name) and not _is_local(one, names) for one in places)


def _fills(node: ast.stmt, names: Mapping[str, str]) -> bool:
    """Whether a statement changes an entry of a local."""
    return any(isinstance(target, ast.Subscript) and _is_local(target, names) for target, _ in _assigned(node))


def _assigned(node: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    # On a name the two are not the same: one changes the array, and may be the mistake.
    if isinstance(node, ast.AugAssign) and not isinstance(node.target, ast.Name):
        yield node.target, ast.BinOp(node.target, node.op, node.value)
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            yield from zip(target.elts, value.elts, strict=True)
        else:
            yield target, value


def _kind(node: ast.stmt) -> int:
    if isinstance(node, ast.Raise | ast.Assert | ast.Import | ast.ImportFrom):
        return REFUSING
    pairs = list(_assigned(node))
    return SETTING_UP if pairs and all(_makes_room(*pair) for pair in pairs) else MISTAKE


def _makes_room(target: ast.expr, value: ast.expr) -> bool:
    """Whether an assignment only makes a place for what comes later."""
    if isinstance(value, ast.List | ast.Dict | ast.Set):
        return not ast.unparse(value).strip("[]{}")
    if isinstance(value, ast.Call):
        start = value.args[-1] if value.args else value
        kept = _called(value) in ("getattr", "setdefault") and _makes_room(target, start)
        return kept or _called(value) in ROOM
    return isinstance(value, ast.Constant) and isinstance(target, ast.Name)


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _names(function: ast.stmt | None) -> dict[str, str]:
    """What stands for the names of a function: its arguments by their order, the locals all alike."""
    nodes = list(ast.walk(function)) if function else []
    names = {node.id: "_" for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    names |= {node.arg: "_" for node in nodes if isinstance(node, ast.arg)}
    own = [argument.arg for argument in function.args.args] if isinstance(function, Function) else []
    return names | {name: f"_{number}" for number, name in enumerate(own)}


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.names.get(node.id, node.id)
        return node


def anonymous(node: ast.AST, names: Mapping[str, str]) -> str:
    """What a node says where the names of locals do not count."""
    if isinstance(node, ast.stmt) and getattr(node, "body", None):
        node = copy.copy(node)
        node.body, node.orelse = [ast.Pass()], []  # type: ignore[attr-defined]
    return _head(_Renamed(names).visit(copy.deepcopy(node)))


def _values(function: ast.stmt | None) -> set[str]:
    """Every expression of a function."""
    names = _names(function)
    nodes = ast.walk(function) if function else ()
    return {anonymous(node, names) for node in nodes if isinstance(node, ast.expr)}
