"""The example of a task, shown in findings with what the code gives and should give: it stands in the public check.

It is all that the check's cell does up to its first `helpers.check_close(call, returned, expected)`, asserts left out;
shown is what stands there as `returned`, also in those that follow at once. What stands in a
`with helpers.checking(...)` is read as if it stood without. Students know these numbers.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from itertools import takewhile
from textwrap import dedent

from .declare import Homework
from .source import PUBLIC_CHECK, definition
from .syntax import first_line, parsed


def tasks_with_examples(homework: Homework) -> Iterator[str]:
    """The tasks that have one: each is the first about a function that students write and that takes arguments."""
    seen: set[str] = set()
    for task in homework.points:
        new = {check.covers for check in homework.checks if check.task == task} - seen
        seen |= new
        if any(_is_asked(homework, name) for name in new):
            yield task


def _is_asked(homework: Homework, name: str) -> bool:
    """Whether a function is the student's, and no question: that takes no argument."""
    try:
        node = ast.parse(definition(homework.reference, name)).body[0]
    except KeyError:  # of a class that inherits it
        return False
    return not homework.is_given(name) and _takes_arguments(node)


def _takes_arguments(node: ast.stmt) -> bool:
    return not isinstance(node, ast.FunctionDef) or bool(ast.unparse(node.args))


def examples_of(homework: Homework, notebook: bytes) -> dict[str, str]:
    """Task -> its example, as lines of which the last is an expression. notebook: the content of the released file."""
    try:
        cells = json.loads(notebook)["cells"]
        sources = {cell["metadata"].get("nbgrader", {}).get("grade_id"): "".join(cell["source"]) for cell in cells}
    except (ValueError, LookupError, TypeError, AttributeError):
        return {}  # no notebook; who grades with it is told so
    found = {task: example(sources.get(PUBLIC_CHECK + task, "")) for task in tasks_with_examples(homework)}
    return {task: text for task, text in found.items() if text}


def example(check: str) -> str:
    """The example in the source of a public check; empty where there is none."""
    tree = parsed(check)
    body = [node for node in _statements(tree.body) if not isinstance(node, ast.Assert)] if tree else []
    shown = [_shown(check, node) for node in body]
    before = len(list(takewhile(lambda text: not text, shown)))
    if before == len(body):
        return ""
    lines = check.split("\n")
    made = [dedent("\n".join(lines[first_line(node) - 1 : node.end_lineno])) for node in body[:before]]
    return "\n".join([*made, ", ".join(takewhile(bool, shown[before:]))])


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a check, those inside a `with helpers.checking(...)` among them."""
    for node in body:
        if isinstance(node, ast.With) and any(_called(item.context_expr) == "checking" for item in node.items):
            yield from _statements(node.body)
        else:
            yield node


def _called(node: ast.expr) -> str:
    """The last name of what an expression calls; empty where it is no call."""
    function = getattr(node, "func", None)
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _shown(check: str, node: ast.stmt) -> str:
    """What a statement compares by check_close, as one line; empty where it does not."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call) or len(call.args) < 3:
        return ""
    text = ast.get_source_segment(check, call.args[1]) or ""
    return (ast.unparse(call.args[1]) if "\n" in text else text) if _called(call) == "check_close" else ""
