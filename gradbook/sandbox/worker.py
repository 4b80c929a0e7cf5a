"""The grader's side of the sandbox: a worker with a warm parent, and a session for each submission."""

import contextlib
import logging
import math
import socket
import struct
import time
from dataclasses import asdict, dataclass, field

from ..errors import ChildLost, GuestFault, SandboxDied, SandboxUnavailable, StudentError
from ..homework.syntax import last_definition, same_function
from . import bounds, launch
from .guest import packets, wire
from .limits import Limits

logger = logging.getLogger(__name__)

# How often a wait for a child looks at the clock: a tenth of a second, as the kernel wants it. To wait in the
# call that reads, rather than by a call of its own, halves the calls of the system for each message.
LOOK_UP = struct.pack("ll", 0, 100_000)
# Into an exchange by so much of its limit, the processor time that was used before is noted: short ones need not ask.
MARK = 0.1


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
            self.ready, self.started = False, time.monotonic()

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
        if not self.ready:
            logger.info("the sandbox is ready, %.2f s after its start", time.monotonic() - self.started)
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

    def used(self, pid):
        """Seconds since a child's start: `cpu`, its processor time with all it started; `waited`, those without one."""
        return self._ask({"op": "used", "pid": pid})

    def _ask(self, message, *passed):
        try:
            packets.send(self.control, message, *passed)
            return packets.receive(self.control)[0]
        except (EOFError, OSError):
            raise self._died() from None

    def _died(self):
        """Clean up after a warm parent that ended; what its sandbox last said goes into the error."""
        words = self.sandbox.last_words()
        logger.info("the sandbox ended")
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
    run again, the others are. cut: what was ended by the grader's clocks, which are not the submission's own processor
    time; empty where nothing was.
    """

    worker: Worker
    answer: object = None
    cells: list = field(default_factory=list)
    skipped: set = field(default_factory=set)
    usage: dict = field(default_factory=lambda: {"cpu": 0.0, "memory": 0})
    pid: int | None = None
    channel: socket.socket | None = None
    buffer: bytearray = field(default_factory=bytearray)
    cut: str = ""
    passed: float = 0.0
    waited: float = 0.0
    allowance: bounds.Allowance | None = None

    def __enter__(self):
        self.allowance = bounds.Allowance(self.worker.limits.notebook)
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
        with self.allowance.pause():
            self._ensure()
            reply = self._exchange(message, min(seconds or math.inf, self.worker.limits.call))
        if "fault" in reply:
            self.drop()
            raise GuestFault
        if "value" not in reply:
            raise _student_error(reply.get("raised"))
        return reply["value"]

    @contextlib.contextmanager
    def until_deadline(self):
        """A context in which the grader's own work on the submission ends with OutOfTime where it takes too long."""
        try:
            with self.allowance.spend():
                yield
        except bounds.OutOfTime:
            self.cut = self.cut or "what it returned took too long to look at"
            raise

    def aside(self):
        """A context for what the grader works out that is no matter of this submission: on nobody's clock."""
        return self.allowance.pause()

    def sources(self):
        """The sources of the cells that were run, in their order."""
        return [source for _, source in self.cells]

    def as_given(self, name, reference):
        """Whether a function is still the one of the reference's source that was handed out as it is, by the cells."""
        mine, given = last_definition(self.sources(), name), last_definition([reference], name)
        return None not in (mine, given) and same_function(mine, given)

    def restart(self):
        """Go on in a new child that has run the cells and seen nothing else."""
        self.drop()

    def drop(self):
        """End the child, if there is one."""
        if self.pid is None:
            return
        with self.allowance.pause():
            pid, self.pid = self.pid, None
            self.channel.close()
            used = self.worker.end(pid)
        self.waited += used["waited"]
        self.usage["cpu"] += used["cpu"]
        self.usage["memory"] = max(self.usage["memory"], used["memory"])
        return used

    def used(self):
        """What the child there is has used so far, see `Worker.used`."""
        return self.worker.used(self.pid) if self.pid is not None else {"cpu": 0.0, "waited": 0.0}

    def _ensure(self):
        if self.pid is not None:
            return
        if bounds.run_out(self.worker.limits.notebook, self.usage["cpu"], self.passed, self.waited):
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
                with clock.pause():
                    answer = self._answer(reply)
                self._send(answer, clock)
        except TimeoutError as limit:
            self.drop()
            raise ChildLost(f"ran over {limit}") from None
        except (EOFError, ConnectionError):
            used = self.drop()
            raise ChildLost(_why_gone(used)) from None
        except (wire.WireError, KeyError, TypeError):
            self.drop()
            raise ChildLost("sent something that is no answer") from None
        finally:
            self.passed += clock.passed()

    def _answer(self, question):
        if self.answer is None:
            raise wire.WireError("nothing was asked for")
        try:
            with self.allowance.go_on():
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
    """How long one exchange with a child may take: its own processor time, and, far above that, time that passes.

    What it waits for a processor is not counted, nor what the grader works out meanwhile. So a busy machine costs
    nobody a mark, and a submission that makes it busy gains no time by that.
    """

    def __init__(self, session, seconds):
        self.session, self.seconds = session, seconds
        self.begin, self.answering = time.monotonic(), 0.0
        self.marked, self.before = None, 0.0
        self.next = self.begin + MARK * seconds

    def passed(self):
        """Seconds since the beginning, without those in which the grader worked out an answer."""
        return time.monotonic() - self.begin - self.answering

    @contextlib.contextmanager
    def pause(self):
        """While the grader works out an answer."""
        begin = time.monotonic()
        try:
            yield
        finally:
            self.answering += time.monotonic() - begin

    def look(self):
        """Raises TimeoutError, with the limit in words, where the time is over."""
        if time.monotonic() < self.next:
            return
        used, passed = self.session.used(), self.passed()
        if self.marked is None:
            self.marked, self.before = used, passed
        cpu, waited = (used[name] - self.marked[name] for name in ("cpu", "waited"))
        self._end(bounds.run_out(self.seconds, cpu, passed - self.before, waited), f"{self.seconds:g} s")
        whole, session = self.session.worker.limits.notebook, self.session
        total = session.usage["cpu"] + used["cpu"], session.passed + passed, session.waited + used["waited"]
        self._end(bounds.run_out(whole, *total), f"{whole:g} s in all")
        self.next = time.monotonic() + max(min(self.seconds, whole - total[0]) - cpu, 0.0) / 2 + 0.02

    def _end(self, clock, limit):
        if clock == bounds.OURS:
            self.session.cut = f"it ran over {limit}"
        if clock:
            raise TimeoutError(limit)


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
