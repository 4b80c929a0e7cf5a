"""One sandbox of this machine, in which each worker has a warm parent of its own."""

import contextlib
import subprocess
import threading

from . import launch
from .guest import packets


class Sandbox:
    """A bubblewrap with a process in it that has the imports done, and forks a warm parent for each worker.

    Use as a context manager, around that of the workers. It starts when the first one needs it.
    files: name -> bytes, the homework's helper files. distributions, modules: what else the homework imports.
    sandboxed: False runs student code unprotected.
    """

    def __init__(self, files, distributions=(), modules=(), sandboxed=True):
        self._launch = lambda: launch.start(files, distributions, modules, sandboxed)
        self.process, self.control, self.lock = None, None, threading.Lock()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def start(self):
        """Start it, where it is not running, and do not wait for it. Raises SandboxUnavailable."""
        with self.lock:
            self._start()

    def _start(self):
        if self.process is None or self.process.poll() is not None:
            self._end()
            self.process, self.control = self._launch()

    def connect(self, processor=None):
        """A socket that leads to a new warm parent, which says when it is ready; it closes where there can be none.

        processor: the number of the one that it is to keep to, with what it forks.
        Raises SandboxUnavailable where there is no bubblewrap.
        """
        with self.lock:
            self._start()
            ours, theirs = packets.pair()
            # Where nobody is there any more, whoever reads from this one finds out.
            with theirs, contextlib.suppress(OSError):
                packets.send(self.control, {"processor": processor}, theirs)
            return ours

    def last_words(self):
        """End it; what it said last."""
        if self.process is None:
            return "no reason given"
        self.process.kill()
        text = self.process.stderr.read().decode(errors="replace").strip().splitlines()
        self.close()
        return text[-1][:200] if text else "no reason given"

    def close(self):
        """End it; the workers have let go of their warm parents by then."""
        with self.lock:
            self._end()

    def _end(self):
        if self.process is None:
            return
        self.control.close()
        try:
            # Without its channel it ends by itself, and its use of the processor is accounted for.
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stderr.close()
        if self.process.staging:
            self.process.staging.cleanup()
        self.process = None
