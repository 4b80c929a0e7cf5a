"""What made a check fail, where no known mistake says it."""

from typing import NamedTuple


class Cause(NamedTuple):
    """A sentence for the student, and the concept that it is about, as a key of CONCEPTS."""

    hint: str
    concept: str
