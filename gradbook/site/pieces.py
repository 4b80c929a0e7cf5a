"""Text cut into pieces that can be known again: lines without spaces and comments, and functions as syntax trees."""

from __future__ import annotations

import ast
import codecs
import html
import json
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from ..homework.syntax import parsed

COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
TAG = re.compile(r"<[^<>]*>")
USUAL = re.compile(r"import\s|from\s+[\w.]+\s+import\s|@[\w.]+(?:\(\w*=?\w*\))?\s*$")  # lines that many programs have
FENCED = re.compile(r"^ *```[^\n]*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
BREAK = re.compile(r"\r\n?|\n|</?(?:p|br|div|li|tr|pre|h\d)\b[^<>]*>", re.IGNORECASE)


def lines(text: str) -> list[str]:
    """The lines of a text that say something of their own, without spaces and comments."""
    own = (line for line in text.splitlines() if not USUAL.match(line.lstrip()))
    found = ("".join((COMMENT.sub("", line) if "#" in line else line).split()) for line in own)
    return [line for line in found if line]


def functions(text: str) -> Iterator[str]:
    """The body of each function in a program or a text, without its name, and with it.

    However it is laid out, and whatever its docstring says.
    """
    for source in (text, *FENCED.findall(text)):
        tree = parsed(textwrap.dedent(source))
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield body(node)
                yield named(node)


def named(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """A function with its name, by which also a short one is known."""
    return f"{node.name}: {body(node)}"


def body(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """The body of a function as text that is the same for the same code; empty for one without statements."""
    statements = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    return "\n".join(ast.dump(statement) for statement in statements)


def texts(name: str, data: bytes) -> Iterator[str]:
    """All that a file says: of JSON each string, of HTML what is shown."""
    text = data.decode("utf-16" if data[:2] in UTF_16 else "utf-8-sig", "replace")
    if name.endswith((".html", ".htm", ".svg", ".xml")):
        yield html.unescape(TAG.sub("", BREAK.sub("\n", text)))
    elif name.endswith((".ipynb", ".json")):
        yield from _strings(text)
    else:
        yield text


def _strings(text: str) -> Iterator[str]:
    try:
        waiting: list[Any] = [json.loads(text)]
    except (ValueError, RecursionError):
        yield text
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            if value and all(isinstance(item, str) for item in value):
                yield "".join(value)  # the lines of a cell
            else:
                waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
