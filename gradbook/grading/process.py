"""A Bench in a process of its own, so that several grade at a time and none can take the grader along.

All that grade one homework are forked from one process, which has read what they need. What goes through the pipe is
plain data: the bytes of a submitted notebook there, a grading as JSON back. The processes end with the one that
started them, whatever ends that, and when nothing was asked for a while.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import asdict
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, NoReturn

from ..errors import GradbookError
from ..sandbox.guest import packets
from . import logs

if TYPE_CHECKING:
    from ..course.assignment import Assignment
    from ..course.findings import Graded
    from ..sandbox.shared import Sandbox
    from .bench import Bench
    from .execution import Execution

logger = logging.getLogger(__name__)

Reply = dict[str, Any]  # a Graded as plain data, or why there is none

STOP, MOMENT = b"S", 5.0  # the request to end, and the seconds for it
IDLE = 600.0  # seconds without a submission after which a process ends by itself
START = "import sys; sys.path[:] = {path!r}; from gradbook.grading.process import main; main()"
AGAIN_AND_AGAIN = "grading processes are killed again and again; is there enough memory?"
KILLED = "the process that graded this was killed twice; please look at it by hand"


class ForkServer:
    """The process that those which grade are forked from: what all of them need is imported once.

    version: which one the assignment must have, or None for any.
    """

    def __init__(self, assignment: Assignment, execution: Execution, version: str | None = None) -> None:
        self.work = json.dumps([str(assignment.course.root), assignment.id, version, asdict(execution), logs.level()])
        self.process: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None
        self.lock = threading.Lock()

    def start(self) -> socket.socket:
        """Start it, where it is not running, and do not wait for it. Returns the socket that leads to it."""
        if self.control is not None:
            if self.process is not None and self.process.poll() is None:
                return self.control
            # Those that it forked may go on without it.
            self._hang_up()
        ours, theirs = packets.pair()
        self.control = ours
        with theirs:
            # In a session of its own: Ctrl-C is for the grader, which then ends this.
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", START.format(path=sys.path), self.work, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        logger.info("process %d reads what those need that grade, which are forked from it", self.process.pid)
        return ours

    def connect(self, sandbox: Sandbox | None = None) -> Connection:
        """A connection to a new process that grades; it is closed where there can be none.

        sandbox: a Sandbox to share with others, or None for one of its own.
        """
        with self.lock, contextlib.ExitStack() as passed:
            control = self.start()
            ours, theirs = socket.socketpair()
            sockets = [passed.enter_context(theirs)]
            if sandbox:
                sockets.append(passed.enter_context(sandbox.connect()))
            with contextlib.suppress(OSError):
                packets.send(control, {}, *sockets)
            return Connection(ours.detach())

    def close(self) -> None:
        """Let it end, after those that it forked."""
        with self.lock:
            if self.process is None:
                return
            self._hang_up()
            try:
                self.process.wait(MOMENT)
                self.process = None
            except subprocess.TimeoutExpired:
                self._end()

    def kill(self) -> None:
        """End it with all that it forked, at once."""
        with self.lock:
            self._end()

    def _hang_up(self) -> None:
        if self.control is not None:
            self.control.close()

    def _end(self) -> None:
        process, self.process = self.process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self._hang_up()


class RemoteBench:
    """Grades submissions in another process, as a Bench does.

    server: the ForkServer to have the process from. sandbox: see `ForkServer.connect`.
    """

    def __init__(self, server: ForkServer, sandbox: Sandbox | None = None) -> None:
        self.server, self.sandbox = server, sandbox
        self.connection: Connection | None = None
        self.closed = False

    def start(self) -> None:
        """Start the process, and do not wait for it."""
        self._connect()

    def _connect(self) -> Connection:
        self.connection = self.server.connect(self.sandbox)
        return self.connection

    def grade(self, handed_in: bytes | str) -> Graded:
        """Grade what `notebook.submission` gave. Raises GradbookError where nothing can be graded."""
        for asked in (handed_in, handed_in, KILLED):
            try:
                return self._ask(asked)
            except (EOFError, OSError):
                if self.closed:
                    raise GradbookError("stopped while grading") from None
                logger.info("a process that grades was lost; another one is started")
                self._end()
        raise GradbookError(AGAIN_AND_AGAIN)

    def close(self) -> None:
        """Let the process end by itself; what it is grading is lost where that takes longer than a moment."""
        self.closed = True
        if self.connection is not None:
            with contextlib.suppress(OSError, EOFError):
                self.connection.send_bytes(STOP)
                while self.connection.poll(MOMENT):
                    self.connection.recv_bytes()
        self._end()

    def kill(self) -> None:
        """Let go of the process, which ends by that."""
        self.closed = True
        self._end()

    def _ask(self, handed_in: bytes | str) -> Graded:
        from ..course.findings import Graded

        if self.closed:
            raise EOFError
        connection = self.connection or self._connect()
        tag, data = (b"P", handed_in.encode()) if isinstance(handed_in, str) else (b"N", handed_in)
        connection.send_bytes(tag + data)
        answer = connection.recv_bytes()
        logger.debug("sent a submission of %d bytes, received a grading of %d bytes", len(data), len(answer))
        reply = json.loads(answer)
        if "error" in reply:
            raise GradbookError(reply["error"])
        return Graded.from_plain(reply)

    def _end(self) -> None:
        connection, self.connection = self.connection, None
        if connection is None:
            return
        # Ends the process, and wakes a thread that waits for its reply; to close the connection under that thread
        # would do neither. It is closed when nobody holds it any more.
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as end:
            end.shutdown(socket.SHUT_RDWR)


# ---------------------------------------------------------------- in the other processes


def main() -> None:
    """Fork a process for each connection that comes, until nobody is there to ask, or none has come for a while."""
    gc.disable()
    work, number = sys.argv[1:]
    control, bench = socket.socket(fileno=int(number)), _prepared(*json.loads(work))
    gc.freeze()
    gc.enable()
    control.settimeout(IDLE)
    while True:
        try:
            request, sockets = packets.receive(control, 2)
        except TimeoutError:
            if _some_live():
                continue
            return
        except (EOFError, ConnectionError):
            break
        _some_live()
        if os.fork() == 0:
            control.close()
            _serve(bench, *sockets)
        for each in sockets:
            each.close()
    # What they used counts as this one's use.
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    # To take all apart that was imported would keep the grader waiting.
    os._exit(0)


def _some_live() -> bool:
    """Whether some of the forked processes live; those that do not are seen off."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
        return True
    return False


def _prepared(root: str, homework_id: str, version: str | None, how: dict[str, bool], log_level: int) -> Bench | Reply:
    """A Bench that has not started, with what it needs imported; where there can be none, the reply to all requests."""
    from ..course.assignment import Assignment
    from ..course.folder import Course
    from . import submission  # noqa: F401 (so that the forked processes need not import it)
    from .bench import Bench
    from .execution import Execution

    logs.configure(log_level)
    try:
        assignment = Assignment(Course.at(root), homework_id)
        _require_version(assignment, version)
        bench = Bench(assignment, Execution(**how))
        bench.homework.require_modules()
        bench.prepare()
        return bench
    except GradbookError as error:
        return {"error": str(error)}


def _require_version(assignment: Assignment, version: str | None) -> None:
    if version not in (None, assignment.version()):
        raise GradbookError(
            f"{assignment.course.root} holds another version of {assignment.id}, or gradbook is another one there: "
            "make both the same as where the grading was started"
        )


def _serve(bench: Bench | Reply, channel: socket.socket, given: socket.socket | None = None) -> NoReturn:
    """In the forked process: answer requests until there are none, or nobody is there to ask; and never return.

    given: a socket that leads to a warm parent, if there is one already.
    """
    code = 1
    try:
        logger.info("a process that grades has started")
        connection, requests = Connection(channel.detach()), queue.SimpleQueue[bytes]()
        threading.Thread(target=_listen, args=(connection, requests), daemon=True).start()
        with contextlib.ExitStack() as open_bench:
            answer = _answering(bench, given, open_bench)
            with contextlib.suppress(queue.Empty):
                while (request := requests.get(timeout=IDLE)) != STOP:
                    connection.send_bytes(json.dumps(answer(request)).encode())
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _listen(connection: Connection, requests: queue.SimpleQueue[bytes]) -> None:
    """Hand on what is asked. The other end closes when its process ends, also where that was killed."""
    try:
        while True:
            requests.put(connection.recv_bytes())
    except (EOFError, OSError):
        os._exit(1)


def _answering(
    bench: Bench | Reply, given: socket.socket | None, open_bench: contextlib.ExitStack
) -> Callable[[bytes], Reply]:
    """What answers a request, with the sandbox starting meanwhile."""
    if isinstance(bench, dict):
        return lambda request: bench
    try:
        open_bench.push(bench.start(given))
    except GradbookError as error:
        refusal = {"error": str(error)}
        return lambda request: refusal

    def answer(request: bytes) -> Reply:
        tag, data = request[:1], request[1:]
        try:
            return bench.grade(data.decode() if tag == b"P" else data).plain()
        except GradbookError as error:
            return {"error": str(error)}

    return answer
