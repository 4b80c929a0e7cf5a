"""Where the time of a run went."""

from __future__ import annotations

import time


class Spent:
    """Seconds by what was done in them. One thing is done at a time, from one `turn_to` to the next."""

    def __init__(self, doing: str) -> None:
        self.seconds: dict[str, float] = {}
        self.doing, self.since = doing, time.monotonic()

    def turn_to(self, what: str) -> None:
        """From now on it is this that is done."""
        now = time.monotonic()
        self.seconds[self.doing] = self.seconds.get(self.doing, 0.0) + now - self.since
        self.doing, self.since = what, now

    def total(self) -> float:
        """Seconds up to the last `turn_to`."""
        return sum(self.seconds.values())

    def __str__(self) -> str:
        return ", ".join(f"{what} {seconds:.2f} s" for what, seconds in self.seconds.items())
