"""Text of any origin as text that a file, a database and a page can hold.

It stands on both sides of the sandbox: what cannot be written is not sent, and where it comes all the same, not taken.
"""

import re

LONE = re.compile("[\ud800-\udfff]")  # halves of a character, which no encoding writes
# Not in here: tab, line feed, carriage return.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
ESCAPE = "\x1b"  # begins a colour of a terminal


def can_be_written(text: str) -> bool:
    """Whether a text can be encoded."""
    return text.isascii() or not LONE.search(text)


def writable(text: str) -> str:
    """A text with a mark in place of what cannot be encoded; all else stays."""
    return text if text.isascii() else LONE.sub("\ufffd", text)


def plain(text: str, colours: bool = False) -> str:
    """A text that can be written and shown anywhere: no control characters but tabs and ends of lines.

    colours: keep what begins a terminal's colours, which pages show as such.
    """
    kept = CONTROL.sub(lambda found: ESCAPE if colours and found[0] == ESCAPE else "", text)
    return writable(kept)


def text_of(value: object, most: int) -> str:
    """What a value, which may be anything, says of itself, cut short; nothing where it cannot."""
    try:
        # Of a subclass, the text itself, whatever its methods do.
        return str.__str__(str(value))[:most]
    except BaseException:
        return ""


def name_of(kind: type) -> str:
    """A type's own name, whatever its metaclass says."""
    return writable(type.__dict__["__name__"].__get__(kind)[:100])
