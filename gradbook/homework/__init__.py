"""How a homework is declared. A course's own modules import what they need from here."""

from .declare import chaff, chaff_edit, check, suspect, wheat, wheat_edit

__all__ = ["chaff", "chaff_edit", "check", "suspect", "wheat", "wheat_edit"]
