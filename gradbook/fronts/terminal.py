"""Colour, where somebody sees it: on a terminal, and not where NO_COLOR or TERM=dumb asks for none."""

from __future__ import annotations

import os
from typing import TextIO

from ..pages.paint import Paint, unpainted

STYLES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "cyan": 36}  # as ANSI numbers them


def painted(text: str, style: str) -> str:
    """A text in one of STYLES."""
    return f"\033[{STYLES[style]}m{text}\033[0m"


def wants_colour(stream: TextIO) -> bool:
    """Whether what is written there may be painted. See https://no-color.org."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint_for(stream: TextIO) -> Paint:
    """What gives texts their colours that are written there."""
    return painted if wants_colour(stream) else unpainted
