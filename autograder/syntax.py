"""What a student's cell says, read and never run: the source is hostile, and may be no Python at all."""

import ast
import re
import warnings

MOST = 200_000  # characters
NOT_PYTHON = re.compile(r"^([ \t]*)(?:[%!?].*|\w[\w.]*\?\??[ \t]*)$", re.MULTILINE)


def parsed(source):
    """The syntax tree of a cell, with line numbers as in the cell; None where it cannot be read.

    IPython's lines (%magic, !command, name?) count as `pass`. Nothing that a source can hold raises here.
    """
    if len(source) > MOST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(NOT_PYTHON.sub(r"\1pass", source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def defined_names(source):
    """Names of the functions and classes that a cell defines at its top level, in the order of the lines."""
    tree = parsed(source)
    kinds = ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef
    return [node.name for node in tree.body if isinstance(node, kinds)] if tree else []
