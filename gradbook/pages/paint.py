"""Texts in colour, for whoever prints them."""

from collections.abc import Callable

Paint = Callable[[str, str], str]  # (text, style) -> the text as it is to be printed; styles: see fronts/terminal.py


def unpainted(text: str, style: str) -> str:
    """A text as it is: where there is no terminal."""
    return text
