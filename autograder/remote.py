"""A Bench in a process of its own, so that several grade at a time and none can take the grader along.

What goes through the pipe is plain data: the bytes of a submitted notebook there, a grading as JSON back. The
process ends with the one that started it, whatever ends that, and when nothing was asked for a while.
"""

import contextlib
import json
import os
import queue
import socket
import subprocess
import sys
import threading
from multiprocessing.connection import Connection

from .errors import GradbookError

STOP, MOMENT = b"S", 5.0  # the request to end, and the seconds for it
IDLE = 600.0  # seconds without a submission after which a process ends by itself
START = "import sys; sys.path[:] = {path!r}; from autograder.remote import main; main()"
AGAIN_AND_AGAIN = "grading processes are killed again and again; is there enough memory?"
KILLED = "the process that graded this was killed twice; please look at it by hand"


class RemoteBench:
    """Grades submissions of one homework in another process, as a Bench does.

    root: the course folder. version: what `course_version` must be there, or None for any. how: see Bench.
    sandbox: a Sandbox to share with others, or None for one of its own.
    """

    def __init__(self, root, homework_id, version=None, sandbox=None, **how):
        self.work = json.dumps([str(root), homework_id, version, how])
        self.process, self.closed, self.sandbox = None, False, sandbox

    def start(self):
        """Start the process, and do not wait for it."""
        ours, theirs = socket.socketpair()
        with contextlib.ExitStack() as passed:
            fds = [passed.enter_context(theirs).fileno()]
            if self.sandbox:
                fds.append(passed.enter_context(self.sandbox.connect()).fileno())
            # In a session of its own: Ctrl-C is for the grader, which then ends this.
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", START.format(path=sys.path), self.work, *map(str, fds)],
                pass_fds=fds,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.connection = Connection(ours.detach())

    def grade(self, handed_in):
        """Grade what `notebook.submission` gave: a Graded. Raises GradbookError where nothing can be graded."""
        for asked in (handed_in, handed_in, KILLED):
            try:
                return self._ask(asked)
            except (EOFError, OSError):
                if self.closed:
                    raise GradbookError("stopped while grading") from None
                self._end()
        raise GradbookError(AGAIN_AND_AGAIN)

    def close(self):
        """Let the process end by itself; what it is grading is lost where that takes longer than a moment."""
        self.closed = True
        if self.process is not None:
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                self.connection.send_bytes(STOP)
                self.process.wait(MOMENT)
        self._end()

    def kill(self):
        """End the process at once."""
        self.closed = True
        self._end()

    def _ask(self, handed_in):
        from .grade import Graded

        if self.closed:
            raise EOFError
        if self.process is None or self.process.poll() is not None:
            self._end()
            self.start()
        tag, data = (b"P", handed_in.encode()) if isinstance(handed_in, str) else (b"N", handed_in)
        self.connection.send_bytes(tag + data)
        reply = json.loads(self.connection.recv_bytes())
        if "error" in reply:
            raise GradbookError(reply["error"])
        return Graded.from_plain(reply)

    def _end(self):
        process, self.process = self.process, None
        if process is not None:
            # Its sandbox ends with it.
            process.kill()
            process.wait()
            self.connection.close()


# ---------------------------------------------------------------- in the other process


def main():
    """Answer requests until there are none, or nobody is there to ask."""
    work, number, *given = sys.argv[1:]
    connection, requests = Connection(int(number)), queue.SimpleQueue()
    threading.Thread(target=_listen, args=(connection, requests), daemon=True).start()
    given = socket.socket(fileno=int(given[0])) if given else None
    answer = _answering(*json.loads(work), given)
    while True:
        try:
            request = requests.get(timeout=IDLE)
        except queue.Empty:
            return
        if request == STOP:
            return
        connection.send_bytes(json.dumps(answer(request)).encode())


def _listen(connection, requests):
    """Hand on what is asked. The other end closes when its process ends, also where that was killed."""
    try:
        while True:
            requests.put(connection.recv_bytes())
    except (EOFError, OSError):
        os._exit(1)


def _answering(root, homework_id, version, how, given):
    """What answers a request, with the sandbox starting meanwhile. given: see Bench."""
    import atexit
    from pathlib import Path

    from .bench import Bench
    from .course import Course

    try:
        course = Course.at(Path(root))
        _require_version(course, homework_id, version)
        bench = Bench(course, homework_id, given=given, **how)
        bench.homework.require_modules()
        bench.__enter__()
    except GradbookError as error:
        refusal = {"error": str(error)}
        return lambda request: refusal
    atexit.register(bench.__exit__)

    def answer(request):
        tag, data = request[:1], request[1:]
        try:
            return bench.grade(data.decode() if tag == b"P" else data).plain()
        except GradbookError as error:
            return {"error": str(error)}

    return answer


def _require_version(course, homework_id, version):
    from .submissions import course_version

    if version not in (None, course_version(course, homework_id)):
        raise GradbookError(
            f"{course.root} holds another version of {homework_id}, or gradbook is another one there: "
            "make both the same as where the grading was started"
        )
