"""What keeps a cell from being Python, in words for people who begin."""

import ast
import re
import unicodedata
import warnings

from ...homework.syntax import MOST, without_magics

# Characters that come along from web pages and text processors -> name, and what stands for it in Python.
LOOKALIKES = {
    char: (name, plain)
    for name, plain, chars in (
        ("a curly quote", "'", "\u2018\u2019\u201a"),
        ("a curly quote", '"', "\u201c\u201d\u201e"),
        ("a prime", "'", "\u2032"),
        ("a double prime", '"', "\u2033"),
        ("an accent", "'", "\u00b4"),
        ("a quotation mark", '"', "\u00ab\u00bb"),
        ("a minus sign from a formula", "-", "\u2212"),
        ("a hyphen", "-", "\u2010\u2011"),
        ("a dash", "-", "\u2013\u2014"),
        ("a times sign", "*", "\u00d7"),
        ("a dot for times", "*", "\u22c5\u00b7"),
        ("a division sign", "/", "\u00f7"),
        ("a sign from a formula", "<=", "\u2264"),
        ("a sign from a formula", ">=", "\u2265"),
        ("a sign from a formula", "!=", "\u2260"),
        ("an ellipsis", "...", "\u2026"),
        ("a small 2", "**2", "\u00b2"),
    )
    for char in chars
}
# What Python says of a cell that it cannot read, and words for people who begin.
WORDS = {
    "invalid syntax": "Your line is not Python; should something more stand here, or at the end of the line above?",
    "inconsistent use of tabs and spaces in indentation": (
        "Your cell mixes tabs and spaces; it should be indented with spaces only."
    ),
    "unindent does not match any outer indentation level": (
        "Your line is indented like none of the lines above; it should be like one: compare the number of spaces."
    ),
    "unexpected indent": "Your line is indented further than the one above, for no reason; it should begin below it.",
}


def fault(source: str) -> tuple[int, str] | None:
    """(line, words) for what keeps a cell from being Python, found by reading it anew; None where nothing does."""
    if len(source) > MOST:
        return None
    text = without_magics(source)
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


def _strange(line: str, error: SyntaxError) -> str:
    """Words for a character of the line that looks like another one, where that is what is wrong."""
    indent = line[: len(line) - len(line.lstrip())]
    for char in indent:
        if char not in " \t":
            name = _called(char)
            return f"Your line begins with {name}, which looks like a space; it should begin with spaces: retype them."
    place = line[max((error.offset or 1) - 1, 0) :] if "invalid" in str(error.msg) else ""
    told = re.search(r"U\+([0-9A-F]{4,6})", str(error.msg))
    char = chr(int(told[1], 16)) if told else next((c for c in place if not c.isascii() and not c.isidentifier()), "")
    if not char or char not in line:
        return ""
    if char in LOOKALIKES or _wide(char):
        name, plain = LOOKALIKES.get(char) or ("a full-width character", _wide(char))
        return f"Your line has {char}, {name}; it should be Python's own sign: type {plain} in its place."
    if char.isprintable() and not char.isspace():
        return f"Your line has {char}, which is no sign of Python; it should go."
    before = re.sub(r"(?s).*\s", "", line[: line.index(char)])[-12:]
    where = f"behind {before}" if before else "at the beginning of the line"
    return f"Your line has {_called(char)} {where}, which cannot be seen; it should go: retype the line."


def _wide(char: str) -> str:
    """What a full-width character stands for, or an empty text."""
    return chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else ""


def _called(char: str) -> str:
    """A blank or invisible character by its name in words."""
    known = {"\u00a0": "non-breaking space", "\ufeff": "byte order mark"}
    name = known.get(char) or unicodedata.name(char, "control character").lower()
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def _in_words(error: SyntaxError) -> str:
    """Python's message, which it makes from the source alone."""
    message = str(error.msg).split("\n")[0][:200]
    opened = re.fullmatch(r"'(.)' was never closed", message)
    if opened:
        return f"Your line opens a {opened[1]} that is never closed; it should be."
    return WORDS.get(message) or _sentence(message)


def _sentence(message: str) -> str:
    said = message.rstrip(".") or "read it letter by letter"
    return f"Your line is not Python yet; it should be mended: {said}."
