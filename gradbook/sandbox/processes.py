"""Processes for submissions where there is no sandbox: each is a Python of its own, as on Windows and macOS.

Whoever wrote the code runs it with its own rights, so nothing here keeps it from the machine. What it can import, its
limits and its clocks are those of a sandbox, as far as the system has such limits, so that verdicts are the same.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from ..errors import SandboxUnavailable
from .contents import Contents, Folder
from .distributions import importable
from .guest.packets import Ended, Used
from .guest.process import HERE, Plan
from .levels import NONE
from .limits import Limits
from .measured import Measured
from .mounts import ENVIRONMENT, GUEST

logger = logging.getLogger(__name__)

START = "import sys; sys.path.insert(0, {guest!r}); from guest import process; process.main()"
# Of a sandbox's environment, what decides how numbers come out and where things are kept.
SHARED = ("MPLBACKEND", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE")
FIRST_WORD = 120.0  # seconds within which it comes: a first import on a slow disk
AHEAD = 2  # one for a notebook, and one where that has to begin anew
LOOK_UP = 0.1  # seconds: how often a wait for a child looks at the clock
CRASHED, SEGMENT = 0xC0000000, 11  # from there on Windows' codes of a crash, for which POSIX has a signal


class Processes:
    """See `children.Children`. Use as a context manager. contents: what can be imported. figures: whether cells draw.

    Some are started ahead, so that the next one need not be waited for.
    """

    level: str | None = NONE

    def __init__(self, contents: Contents, limits: Limits, figures: bool = False) -> None:
        self.contents, self.limits, self.figures = contents, limits, figures
        self.names = sorted({name.partition(".")[0] for name in (*importable(contents.distributions), *contents.files)})
        self.folder: Folder | None = None
        self.ahead: list[_Process] = []
        self.running: dict[int, _Process] = {}

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, given: socket.socket | None = None) -> None:
        """Start those that are to be there ahead, and do not wait for them."""
        while len(self.ahead) < AHEAD:
            self.folder = self.folder or self.contents.folder()
            self.ahead.append(_Process(self._plan(self.folder.name)))

    def _plan(self, course: str) -> Plan:
        return Plan(
            guest=str(GUEST.parent),
            port=0,
            secret=secrets.token_hex(16),
            course=course,
            home="",
            modules=self.contents.modules,
            names=self.names,
            limits=asdict(self.limits),
            figures=self.figures,
        )

    def warm(self) -> None:
        """Have one that is ready. Raises SandboxUnavailable where it does not come."""
        self.start()
        self._first()

    def _first(self) -> _Process:
        """The one that was started first, once it is ready."""
        begin, process = time.monotonic(), self.ahead[0]
        if process.connect():
            logger.info("a process for the code is ready, after a wait of %.2f s", time.monotonic() - begin)
        return process

    def fork(self, processor: int | None = None) -> tuple[int, socket.socket]:
        """A new child: returns its number and the socket that leads to it. processor: the one that it is to keep to."""
        if not self.ahead:
            self.start()
        process = self._first()
        self.ahead.remove(process)
        self.running[process.pid] = process
        if processor is not None:
            # It was started ahead, when any would do.
            os.sched_setaffinity(process.pid, {processor})
        return process.pid, process.hand_out(self.limits.memory)

    def end(self, pid: int) -> Ended:
        """Kill a child and what it started. Returns once it is gone, with what it used."""
        return self.running.pop(pid).end()

    def used(self, pid: int) -> Used:
        """What a child has used since it was handed out."""
        return self.running[pid].used()

    def close(self) -> None:
        """End all of them."""
        for process in (*self.running.values(), *self.ahead):
            process.end()
        self.running.clear()
        self.ahead.clear()
        if self.folder:
            self.folder.cleanup()
        self.folder = None


class _Process:
    """One of them. It connects to a port of this machine as a notebook's kernel does, and names a secret there."""

    def __init__(self, plan: Plan) -> None:
        self.home = tempfile.TemporaryDirectory(prefix="gradbook-", ignore_cleanup_errors=True)
        self.listener = socket.create_server((HERE, 0))
        self.secret = plan["secret"].encode()
        self.connected: socket.socket | None = None
        self.measured: Measured | None = None
        plan["home"], plan["port"] = self.home.name, self.listener.getsockname()[1]
        self.process = _begin(plan, Path(self.home.name))
        self.pid = self.process.pid

    def connect(self) -> bool:
        """Wait until it has come; whether it had not yet. Raises SandboxUnavailable where it does not come."""
        if self.connected:
            return False
        deadline = time.monotonic() + FIRST_WORD
        self.listener.settimeout(LOOK_UP)
        while self.connected is None:
            with contextlib.suppress(TimeoutError):
                self.connected = self._accepted()
            if self.connected is None and (self.process.poll() is not None or time.monotonic() > deadline):
                raise SandboxUnavailable(f"the process for the code did not start ({self._last_words()})")
        self.listener.close()
        return True

    def _accepted(self) -> socket.socket | None:
        """The next that connects, if it is the one. Raises TimeoutError where none has come."""
        found, _ = self.listener.accept()
        found.settimeout(LOOK_UP)
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        said = b""
        try:
            while len(said) < len(self.secret) and (more := found.recv(len(self.secret) - len(said))):
                said += more
            if hmac.compare_digest(said, self.secret):
                return found
        except OSError:
            pass
        found.close()
        return None

    def hand_out(self, memory: int) -> socket.socket:
        """The socket that leads to it; from now on what it uses is the submission's. memory: bytes that it may use."""
        assert self.connected
        self.measured = Measured(self.pid, memory, self._kill)
        return self.connected

    def used(self) -> Used:
        return self.measured.used() if self.measured else Used(cpu=0.0, waited=0.0)

    def end(self) -> Ended:
        used = self.used()
        over, memory = self.measured.end() if self.measured else (None, 0)
        self._kill()
        code = self.process.wait()
        self.listener.close()
        for stream in (self.process.stdin, self.process.stderr):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()
        if self.connected:
            self.connected.close()
        self.home.cleanup()
        ended_by = SEGMENT if code >= CRASHED else max(-code, 0)
        return Ended(cpu=used["cpu"], waited=used["waited"], memory=memory, signal=ended_by, over=over)

    def _kill(self) -> None:
        if self.measured:
            self.measured.kill_what_it_started()
        if hasattr(os, "killpg"):
            with contextlib.suppress(OSError):
                os.killpg(self.pid, signal.SIGKILL)
        # On Windows both are the same.
        (self.process.kill if hasattr(signal, "SIGKILL") else self.process.terminate)()

    def _last_words(self) -> str:
        self._kill()
        said = self.process.stderr.read() if self.process.stderr else b""
        lines = said.decode(errors="replace").strip().splitlines()
        return lines[-1][:200] if lines else "no reason given"


def _begin(plan: Plan, home: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **{name: ENVIRONMENT[name] for name in SHARED}, "IPYTHONDIR": str(home / "ipython")}
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", START.format(guest=plan["guest"])],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        # Ctrl-C is for the grader, which then ends this.
        start_new_session=hasattr(os, "setsid"),
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    assert process.stdin
    with contextlib.suppress(OSError):  # where it ended at once, it has said why
        process.stdin.write(json.dumps(plan).encode() + b"\n")
        process.stdin.flush()
    return process
