"""What a student's cell says, read and never run: the source is hostile, and may be no Python at all."""

import ast
import re
import unicodedata
import warnings

MOST = 200_000  # characters
NOT_PYTHON = re.compile(r"^([ \t]*)(?:[%!?].*|\w[\w.]*\?\??[ \t]*)$", re.MULTILINE)


# Characters that come along from web pages and text processors: name, and what stands for it in Python.
LOOKALIKES = {
    "\u2018": ("a curly quote", "'"), "\u2019": ("a curly quote", "'"), "\u201a": ("a curly quote", "'"),
    "\u201c": ("a curly quote", '"'), "\u201d": ("a curly quote", '"'), "\u201e": ("a curly quote", '"'),
    "\u2032": ("a prime", "'"), "\u2033": ("a double prime", '"'), "\u00b4": ("an accent", "'"),
    "\u00ab": ("a quotation mark", '"'), "\u00bb": ("a quotation mark", '"'),
    "\u2212": ("a minus sign from a formula", "-"), "\u2010": ("a hyphen", "-"), "\u2011": ("a hyphen", "-"),
    "\u2013": ("a dash", "-"), "\u2014": ("a dash", "-"), "\u00d7": ("a times sign", "*"),
    "\u22c5": ("a dot for times", "*"), "\u00b7": ("a dot for times", "*"), "\u00f7": ("a division sign", "/"),
    "\u2264": ("a sign from a formula", "<="), "\u2265": ("a sign from a formula", ">="),
    "\u2260": ("a sign from a formula", "!="), "\u2026": ("an ellipsis", "..."), "\u00b2": ("a small 2", "**2"),
}  # fmt: skip


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


def fault(source):
    """(line, words) for what keeps a cell from being Python, found by reading it anew; None where nothing does."""
    if len(source) > MOST:
        return None
    text = NOT_PYTHON.sub(r"\1pass", source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        lines = text.split("\n")
        number = min(max(error.lineno or 1, 1), len(lines))
        return number, _strange(lines[number - 1], error) or _in_words(error)
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def _strange(line, error):
    """Words for a character of the line that looks like another one, where that is what is wrong."""
    indent = line[: len(line) - len(line.lstrip())]
    for char in indent:
        if char not in " \t":
            name = _called(char)
            return f"The line begins with {name}, which looks like a space; retype the indentation."
    place = line[max((error.offset or 1) - 1, 0) :] if "invalid" in str(error.msg) else ""
    told = re.search(r"U\+([0-9A-F]{4,6})", str(error.msg))
    char = chr(int(told[1], 16)) if told else next((c for c in place if not c.isascii() and not c.isidentifier()), "")
    if not char or char not in line:
        return ""
    if char in LOOKALIKES or _wide(char):
        name, plain = LOOKALIKES.get(char) or ("a full-width character", _wide(char))
        return f"{char} is {name}; type {plain} in its place."
    if char.isprintable() and not char.isspace():
        return f"{char} is no sign of Python."
    place = line.index(char)
    before = re.search(r"\S{0,12}$", line[:place])[0]
    where = f"behind {before}" if before else "at the beginning of the line"
    return f"There is {_called(char)} {where}, which cannot be seen; retype the line."


def _wide(char):
    """What a full-width character stands for, or an empty text."""
    return chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else ""


def _called(char):
    """A blank or invisible character by its name in words."""
    known = {"\u00a0": "non-breaking space", "\ufeff": "byte order mark"}
    name = known.get(char) or unicodedata.name(char, "control character").lower()
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def _in_words(error):
    """Python's message, which it makes from the source alone."""
    message = str(error.msg).split("\n")[0][:200]
    opened = re.fullmatch(r"'(.)' was never closed", message)
    if opened:
        return f"The {opened[1]} that is opened here is never closed."
    return {
        "invalid syntax": "This is not Python; is something missing, here or at the end of the line above?",
        "inconsistent use of tabs and spaces in indentation": "Tabs and spaces are mixed; indent with spaces only.",
        "unindent does not match any outer indentation level":
            "The indentation fits none of the lines above; compare the number of spaces.",
        "unexpected indent": "The line is indented further than the one above, for no reason.",
    }.get(message, _sentence(message))  # fmt: skip


def _sentence(message):
    ended = message if message.endswith(("?", ".")) else f"{message}."
    return ended[0].upper() + ended[1:] if message else "This is not Python."
