"""The grader's side of the sandbox: a worker with a warm parent, and a session for each submission."""

import contextlib
import math
import socket
import struct
import time
from dataclasses import asdict, dataclass, field

from .. import bounds
from ..errors import ChildLost, GuestFault, SandboxDied, SandboxUnavailable, StudentError
from . import launch
from .guest import packets, wire
from .limits import Limits

# How often a wait for a child looks at the clock: a tenth of a second, as the kernel wants it. To wait in the
# call that reads, rather than by a call of its own, halves the calls of the system for each message.
LOOK_UP = struct.pack("ll", 0, 100_000)
# By how many times its limits a submission may take longer where it waits for a processor.
MOST = 5


class Worker:
    """A warm parent that forks a child for each submission. Use as a context manager.

    sandbox: the Sandbox to have it in.
    """

    def __init__(self, sandbox, limits=None, figures=False):
        self.sandbox, self.limits, self.figures = sandbox, limits or Limits(), figures
        self.given, self.control, self.ready = None, None, False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def start(self, given=None):
        """Start the warm parent, where it is not running, and let it import by itself. Raises SandboxUnavailable.

        given: a socket that leads to a warm parent in a sandbox that is there already.
        """
        if self.control is None:
            self.given = given
            self.control = given or self.sandbox.connect()
            self.control.settimeout(60)
            self.ready = False

    def warm(self):
        """Have a warm parent that is ready. Raises SandboxUnavailable."""
        self.start()
        if self.ready:
            return
        try:
            packets.receive(self.control)
        except (EOFError, OSError):
            given, died = self.given, self._died()
            if not given:
                raise SandboxUnavailable(launch.NO_SANDBOX.format(reason=died)) from None
            self.warm()
        self.ready = True

    def fork(self):
        """A new child: returns its number and the socket that leads to it."""
        self.warm()
        ours, theirs = socket.socketpair()
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            ours.setsockopt(socket.SOL_SOCKET, option, LOOK_UP)
        try:
            limits = asdict(self.limits)
            return self._ask({"op": "fork", "limits": limits, "figures": self.figures}, theirs)["pid"], ours
        except SandboxDied:
            ours.close()
            raise
        finally:
            theirs.close()

    def end(self, pid):
        """Kill a child and all it started. Returns once the last of it is gone, with what it used."""
        return self._ask({"op": "end", "pid": pid})

    def waited(self, pid):
        """For how many seconds a child has waited for a processor."""
        return self._ask({"op": "waited", "pid": pid})["waited"]

    def _ask(self, message, *passed):
        try:
            packets.send(self.control, message, *passed)
            return packets.receive(self.control)[0]
        except (EOFError, OSError):
            raise self._died() from None

    def _died(self):
        """Clean up after a warm parent that ended; what its sandbox last said goes into the error."""
        words = self.sandbox.last_words()
        self.close()
        return SandboxDied(f"the sandbox ended ({words})")

    def close(self):
        """Let go of the warm parent, which ends by that."""
        if self.control is not None:
            self.control.close()
        self.control, self.given = None, None


@dataclass
class Session:
    """The life of one submission in the sandbox: its cells are run, then its functions are called.

    A child that is lost (a limit, a crash) is replaced on the next request; cells that lost one are not
    run again, the others are.
    """

    worker: Worker
    answer: object = None
    cells: list = field(default_factory=list)
    skipped: set = field(default_factory=set)
    usage: dict = field(default_factory=lambda: {"cpu": 0.0, "memory": 0})
    pid: int | None = None
    channel: socket.socket | None = None
    buffer: bytearray = field(default_factory=bytearray)
    deadline: float = 0.0
    talking: bool = False
    waited: float = 0.0
    noticed: float = 0.0

    def __enter__(self):
        self.deadline = time.monotonic() + self.worker.limits.notebook
        return self

    def __exit__(self, *_):
        self.drop()

    def run(self, cell, source):
        """Run one cell. Returns its outputs and, where it failed, a StudentError or ChildLost."""
        self._ensure()
        self.cells.append((cell, source))
        try:
            reply = self._exchange({"op": "run", "cell": cell, "source": source}, self.worker.limits.cell)
        except ChildLost as lost:
            self.skipped.add(cell)
            return [], lost
        outputs = reply.get("outputs") if type(reply.get("outputs")) is list else []
        return outputs, _student_error(reply["raised"]) if reply.get("raised") else None

    def request(self, seconds=None, **message):
        """Ask the child; returns the value. Raises StudentError, or ChildLost where the child is gone.

        seconds: a shorter time than the limit of a call.
        """
        with self._talk():
            self._ensure()
            reply = self._exchange(message, min(seconds or math.inf, self.worker.limits.call))
        if "fault" in reply:
            self.drop()
            raise GuestFault
        if "value" not in reply:
            raise _student_error(reply.get("raised"))
        return reply["value"]

    def until_deadline(self):
        """A context in which the grader's own work ends with OutOfTime where the submission's time has run out."""
        return bounds.until(lambda: self.deadline, lambda: self.talking)

    def restart(self):
        """Go on in a new child that has run the cells and seen nothing else."""
        self.drop()

    def drop(self):
        """End the child, if there is one."""
        if self.pid is None:
            return
        with self._talk():
            pid, self.pid = self.pid, None
            self.channel.close()
            used = self.worker.end(pid)
            self.notice(used["waited"])
            self.noticed = 0.0
        self.usage["cpu"] += used["cpu"]
        self.usage["memory"] = max(self.usage["memory"], used["memory"])
        return used

    def notice(self, waited):
        """Add to the time for the whole what the child has waited for a processor. waited: seconds since its start."""
        most = (MOST - 1) * self.worker.limits.notebook
        more = min(max(waited - self.noticed, 0.0), most - self.waited)
        self.noticed, self.waited, self.deadline = waited, self.waited + more, self.deadline + more

    @contextlib.contextmanager
    def _talk(self, talking=True):
        """While `talking`, the deadline is kept here, and the judge's must not break in."""
        before, self.talking = self.talking, talking
        try:
            yield
        finally:
            self.talking = before

    def _ensure(self):
        if self.pid is not None:
            return
        if time.monotonic() > self.deadline:
            raise ChildLost(f"ran over {self.worker.limits.notebook:g} s in all")
        self.pid, self.channel = self.worker.fork()
        self.buffer.clear()
        for cell, source in self.cells:
            if cell not in self.skipped:
                self._exchange({"op": "run", "cell": cell, "source": source}, self.worker.limits.cell)

    def _exchange(self, message, seconds):
        """Send a message and wait for its reply, answering the child's questions in between."""
        clock = _Clock(self, seconds)
        try:
            self._send(message, clock)
            while True:
                reply = self._receive(clock)
                if "ask" not in reply:
                    return reply
                self._send(self._answer(reply), clock)
        except TimeoutError:
            limit = clock.limit()
            self.drop()
            raise ChildLost(f"ran over {limit}") from None
        except (EOFError, ConnectionError):
            used = self.drop()
            raise ChildLost(_why_gone(used)) from None
        except (wire.WireError, KeyError, TypeError):
            self.drop()
            raise ChildLost("sent something that is no answer") from None

    def _answer(self, question):
        if self.answer is None:
            raise wire.WireError("nothing was asked for")
        try:
            with self._talk(False):
                return {"value": self.answer(question)}
        except (wire.WireError, ChildLost):
            raise
        except Exception as error:
            return {"raised": type(error).__name__}

    def _send(self, message, clock):
        data = memoryview(wire.pack(message, lambda remote: getattr(remote, "ref", None)))
        while data:
            with contextlib.suppress(BlockingIOError):
                data = data[self.channel.send(data) :]
            clock.look()

    def _receive(self, clock):
        size, json_size = struct.unpack("<II", self._read(8, clock))
        if size > wire.MAX_MESSAGE:
            raise wire.WireError("the message is too large")
        return wire.unpack(self._read(size, clock), json_size)

    def _read(self, size, clock):
        while len(self.buffer) < size:
            try:
                chunk = self.channel.recv(1 << 16 if size < 1 << 16 else 1 << 20)
            except BlockingIOError:
                clock.look()
                continue
            if not chunk:
                raise EOFError
            self.buffer += chunk
            clock.look()
        data = bytes(self.buffer[:size])
        del self.buffer[:size]
        return data


class _Clock:
    """How long one exchange with a child may take: what it waited for a processor is not counted.

    So a busy machine costs nobody a mark, and a submission that makes it busy gains no time by that: what it starts
    beside its first thread yields to that one.
    """

    def __init__(self, session, seconds):
        self.session, self.seconds, self.waited = session, seconds, session.waited
        self.begin = time.monotonic()
        self.end = min(self.begin + seconds, session.deadline)

    def look(self):
        """Raises TimeoutError where the time is over."""
        if time.monotonic() <= self.end:
            return
        self.session.notice(self.session.worker.waited(self.session.pid))
        more = min(self.session.waited - self.waited, (MOST - 1) * self.seconds)
        self.end = min(self.begin + self.seconds + more, self.session.deadline)
        if time.monotonic() > self.end:
            raise TimeoutError

    def limit(self):
        """The limit that was overrun, in words."""
        whole = self.end == self.session.deadline
        return f"{self.session.worker.limits.notebook:g} s in all" if whole else f"{self.seconds:g} s"


def _student_error(raised):
    if type(raised) is not dict:
        raise ChildLost("sent something that is no answer")
    cell, line = raised.get("cell"), raised.get("line")
    return StudentError(
        str(raised.get("type"))[:60],
        str(raised.get("message"))[:1000],
        int(cell) if type(cell) is str and cell.isdecimal() and len(cell) < 6 else None,
        line if type(line) is int and 0 < line < 10**6 else None,
    )


def _why_gone(used):
    if used and used.get("over") == "memory":
        return "used too much memory"
    if used and used.get("signal") == 24:
        return "used too much processor time"
    if used and used.get("signal") == 11:
        return "crashed the interpreter"
    return "ended its own process"
