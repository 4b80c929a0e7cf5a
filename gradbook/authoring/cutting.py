"""A module cut to some of its names: what binds these, what that reads in turn, and no more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from ..homework.syntax import Definition, first_line

DYNAMIC = {"globals", "eval", "exec"}  # by these, code reaches names that it does not spell out
TARGETS = ast.Name, ast.Tuple, ast.List, ast.Starred, ast.expr_context  # of what an assignment to names consists


@dataclass(frozen=True)
class Module:
    """The source of a module, part by part."""

    parts: list[Part]

    @classmethod
    def of(cls, source: str) -> Module:
        """Read a module. Raises SyntaxError or ValueError where it is no Python."""
        return cls(list(_parts(source)))

    @cached_property
    def names(self) -> set[str]:
        """All names that it binds; "*" among them where it imports all that another module has."""
        return _all(part.binds for part in self.parts)

    @cached_property
    def _reads(self) -> set[str]:
        return _all(part.reads for part in self.parts)

    def cut(self, names: set[str]) -> str:
        """The source of what binds these names, of what that reads, and of what does more than to bind names.

        All stands in its order, as far apart as it was. Comments that stand apart are left out.
        """
        needed = self._with_what_they_read(names)
        text, gap = "", 0
        for part in self.parts:
            gap = max(gap, part.gap)
            if self._takes(part, needed):
                text += "\n" * gap + part.source(needed) + "\n"
                gap = 0
        return text

    def _with_what_they_read(self, names: set[str]) -> set[str]:
        needed = names
        while True:
            reached = needed | _all(part.reads for part in self.parts if self._takes(part, needed))
            if reached & DYNAMIC:
                reached |= self.names
            if reached == needed:
                return needed
            needed = reached

    def _takes(self, part: Part, needed: set[str]) -> bool:
        """Whether a part goes along. An import that nothing reads is there for what it does, and does."""
        return bool(part.does_more or part.binds & needed or (part.imports and part.binds.isdisjoint(self._reads)))


@dataclass(frozen=True)
class Part:
    """A statement at the top level of a module, or several that share a line, with the comment right above."""

    nodes: list[ast.stmt]
    comment: str
    code: str
    gap: int  # how many empty lines are to stand above

    @cached_property
    def binds(self) -> set[str]:
        """Names that it binds at the top level; "*" for all that another module has."""
        return _all(map(_bound, self.nodes))

    @cached_property
    def reads(self) -> set[str]:
        """All names in it. What a local variable is called may be one too many."""
        return {node.id for top in self.nodes for node in ast.walk(top) if isinstance(node, ast.Name)}

    @cached_property
    def does_more(self) -> bool:
        """Whether it may do more than to bind names, as a change of settings does."""
        return not all(map(_only_binds, self.nodes))

    @cached_property
    def imports(self) -> ast.Import | ast.ImportFrom | None:
        """The import that it is, where it does no more than to bind names."""
        (first, *more) = self.nodes
        return first if isinstance(first, ast.Import | ast.ImportFrom) and not more and not self.does_more else None

    def source(self, needed: set[str]) -> str:
        """Its lines; of an import, what is needed."""
        node = self.imports
        used = [alias for alias in node.names if _import_name(alias) in needed] if node else []
        if not node or len(used) in (0, len(node.names)):
            return self.comment + self.code
        kept = ast.Import(used) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, used, node.level)
        return self.comment + ast.unparse(kept)


def _parts(source: str) -> Iterator[Part]:
    """The parts of a module, in order."""
    lines, behind = source.split("\n"), 0
    for nodes in _sharing_lines(ast.parse(source).body):
        first, end = first_line(nodes[0]) - 1, nodes[-1].end_lineno or 0
        begin = first
        while begin > behind and lines[begin - 1].startswith("#"):
            begin -= 1
        gap, behind = _longest_gap(lines[behind:begin]), end
        # A comment at the end of a function is further in than what comes next.
        while end < len(lines) and not re.match(r"\S", lines[end]):
            end += 1
        comment = "".join(f"{line}\n" for line in lines[begin:first])
        yield Part(nodes, comment, "\n".join(lines[first:end]).rstrip(), gap)


def _longest_gap(lines: list[str]) -> int:
    return max((len(list(run)) for text, run in groupby(lines, key=str.strip) if not text), default=0)


def _sharing_lines(body: list[ast.stmt]) -> list[list[ast.stmt]]:
    """Statements, those together that share a line."""
    groups: list[list[ast.stmt]] = []
    for node in body:
        if groups and first_line(node) == groups[-1][-1].end_lineno:
            groups[-1].append(node)
        else:
            groups.append([node])
    return groups


def _bound(node: ast.AST) -> set[str]:
    """Names that a statement, or a part of one, binds at the top level of its module."""
    if isinstance(node, Definition):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return set(map(_import_name, node.names))
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Store) else set()
    return _all(map(_bound, ast.iter_child_nodes(node)))


def _import_name(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _only_binds(node: ast.stmt) -> bool:
    """Whether a statement is a definition, an import of names, or gives values to names."""
    if isinstance(node, ast.ImportFrom):
        return node.module != "__future__" and "*" not in _bound(node)
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return all(isinstance(part, TARGETS) for target in targets for part in ast.walk(target))
    return isinstance(node, Definition | ast.Import)


def _all(sets: Iterable[set[str]]) -> set[str]:
    return set().union(*sets)
