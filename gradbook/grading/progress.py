"""Progress for people: in place on a terminal, now and then a line elsewhere."""

import logging
import sys
import time

IN_PLACE, LINES = 0.1, 5.0  # seconds between two reports
SHORT = 2.0  # a run that ends sooner needs no report

logger = logging.getLogger(__name__)


class Progress:
    """Tells how many are done, the rate, and the time left. Call with (done, all)."""

    def __init__(self, label: str) -> None:
        self.label, self.start, self.last = label, time.monotonic(), 0.0
        # Other lines would come in between what stands in place.
        self.terminal = sys.stderr.isatty() and not logger.isEnabledFor(logging.INFO)

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        every, passed = IN_PLACE if self.terminal else LINES, now - self.start
        last = done == total
        if total < 2 or (now - self.last < every and not last) or (passed < SHORT and not (last and self.terminal)):
            return
        self.last = now
        rate = done / max(passed, 1e-9)
        text = f"{self.label}: {done} of {total}, {rate:.1f} a second, {(total - done) / rate:.0f} s left"
        end = "" if self.terminal and not last else "\n"
        print(f"\r{text}   " if self.terminal else text, end=end, file=sys.stderr, flush=True)

    def say(self, text: str) -> None:
        """A line of its own, also where the progress stands in place."""
        print(f"\r{text:70}" if self.terminal else text, file=sys.stderr, flush=True)
