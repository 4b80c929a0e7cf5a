"""Gradbook, the engine: it builds, grades and reports the homeworks of a course folder."""

__version__ = "0.2.0"
