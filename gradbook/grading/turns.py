"""Results in the order in which their work was given out, but that one slow piece of work does not hold up others."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Generic, TypeVar

Key = TypeVar("Key")
Result = TypeVar("Result")

PATIENCE = 1.0  # seconds that a result waits for those before it


class Turns(Generic[Key, Result]):
    """What was given out and has not been handed on. A key is given out once at a time."""

    def __init__(self) -> None:
        self.out: dict[Key, tuple[Result, float] | None] = {}  # in order; what came of it, and when

    def give(self, key: Key) -> None:
        """Work is given out, after all that was before."""
        self.out[key] = None

    def came(self, key: Key, result: Result) -> None:
        """What came of it."""
        self.out[key] = result, time.monotonic()

    def drop(self, key: Key) -> None:
        """Nothing will come of it that others wait for."""
        self.out.pop(key, None)

    def ready(self) -> Iterator[tuple[Key, Result]]:
        """What is to be handed on now."""
        first, now = True, time.monotonic()
        for key, came in list(self.out.items()):
            first = first and came is not None
            if came and (first or now - came[1] >= PATIENCE):
                del self.out[key]
                yield key, came[0]

    def wait(self, most: float) -> float:
        """Seconds until something will be ready in any case; `most` where nothing waits."""
        since = [came[1] for came in self.out.values() if came]
        return max(min([at + PATIENCE - time.monotonic() for at in since] + [most]), 0.0)
