"""What a submission cannot do at the second level, which has no namespaces, and what honest code can do there."""

import json
import os
import signal
import sys
import sysconfig
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from as_user import NOBODY
from conftest import ROOT
from outcomes import soon
from places import run as run_in
from test_filters import NUMBERS
from test_sandbox import IGNORE_SIGNALS, LIBC, LIKE_A_LINE, NO_TEXT, processes, text, try_it

from gradbook.errors import ChildLost, StudentError
from gradbook.sandbox.contents import DISTRIBUTIONS
from gradbook.sandbox.distributions import importable
from gradbook.sandbox.levels import NAMESPACES, TIGHT
from gradbook.sandbox.limits import Limits
from gradbook.sandbox.session import Session
from gradbook.sandbox.shared import Sandbox
from gradbook.sandbox.worker import Worker

ROOT_GRADES = os.geteuid() == 0
HELPERS = {"course_helpers.py": b"def twice(x):\n    return 2 * x\n", "weights.json": b"[1, 2]"}
CALLS = NUMBERS[os.uname().machine]
SHORT = Limits(cell=5, call=5, notebook=30)


@pytest.fixture(scope="module")
def sandbox():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_SECRET", "hidden-31337")
        with Sandbox(HELPERS, asked=TIGHT) as running:
            running.start()
            yield running


@pytest.fixture(scope="module")
def worker(sandbox):
    with Worker(sandbox, SHORT) as warm:
        warm.warm()
        yield warm


@pytest.fixture
def session(worker):
    with Session(worker) as running:
        yield running


def shown(session, source):
    """What a cell shows that must not fail."""
    said, error = try_it(session, source)
    assert error is None, (said, error)
    return said


def test_figures_come_back_when_asked_for(sandbox):
    with Worker(sandbox, SHORT, figures=True) as drawing, Session(drawing) as session:
        outputs, error = session.run(0, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
    assert error is None
    assert [list(output["data"]) for output in outputs] == [["text/plain", "image/png"]]


def test_it_is_the_second_level(worker):
    assert (worker.level, worker.sandbox.level) == (TIGHT, TIGHT)


# By the calls themselves, as what stands in for Python's own functions is no wall.
BY_PATH = """
import posix
for name, arguments in {
    "open": ("/etc/passwd", 0), "stat": ("/etc/passwd",), "lstat": ("/",), "listdir": ("/",),
    "scandir": ("/",), "readlink": ("/proc/self/exe",), "chdir": ("/",), "chroot": ("/",), "statvfs": ("/",),
    "mkdir": ("/tmp/x",), "rmdir": ("/tmp",), "unlink": ("/tmp/x",), "rename": ("/tmp", "/x"), "link": ("/a", "/b"),
    "symlink": ("/a", "/tmp/b"), "chmod": ("/tmp", 0), "chown": ("/tmp", 0, 0), "utime": ("/tmp",),
    "truncate": ("/x", 0), "mkfifo": ("/tmp/x",), "mknod": ("/tmp/x",), "getxattr": ("/", "user.x"),
    "setxattr": ("/tmp", "user.x", b"1"), "listxattr": ("/",), "execv": ("/bin/true", ["true"]),
    "memfd_create": ("x",), "fchmod": (0, 0), "fchown": (0, 0, 0), "fstatvfs": (0,), "ftruncate": (4, 0),
    "fsync": (0,), "fchdir": (0,), "posix_fadvise": (0, 0, 0, 4),
}.items():
    try:
        getattr(posix, name)(*arguments)
        print(name)
    except PermissionError:
        pass
"""
WITHOUT_A_FUNCTION = """
    openat openat2 statx fchmodat2 faccessat2 name_to_handle_at open_tree execveat io_uring_setup pidfd_open quotactl_fd
"""
BY_NUMBER = (
    LIBC
    + f"for number in {[CALLS[name] for name in WITHOUT_A_FUNCTION.split()]}:"
    + """
    if libc.syscall(ctypes.c_long(number), -100, b"/", 0, 0, 0) != -1 or ctypes.get_errno() != 1:
        print(number, ctypes.get_errno())
"""
)


@pytest.mark.parametrize("source", [BY_PATH, BY_NUMBER])
def test_no_file_can_be_named(session, source):
    assert shown(session, source) == ""


@pytest.mark.parametrize("path", ["/x", "/etc/x", "/site/x.py", "/course/weights.json", "/tmp"])
def test_not_even_in_memory_is_anything_written_outside_tmp(session, path):
    _, error = try_it(session, f"open({path!r}, 'w').write('x')")
    assert isinstance(error, StudentError)


def test_one_channel_and_nothing_else_is_open(session):
    source = """
import fcntl, os
for number in range(1 << 13):
    try:
        fcntl.fcntl(number, fcntl.F_GETFD)
        print("null" if os.lseek(number, 0, 1) == 0 else "file")
    except OSError as error:
        if error.strerror != "Bad file descriptor":
            print(error.strerror)
"""
    assert shown(session, source).split("\n") == ["null", "null", "null", "Illegal seek", ""]


ABOUT_PYTHON = """
import course_helpers, json, os, sys, threading, traceback
import numpy as np
import numpy.random._pcg64, email.mime.text, sqlite3, unicodedata  # some that were there before, some compiled
told = [dict(os.environ), sys.argv, sys.orig_argv, sys.executable, sys.prefix, sys.base_prefix, sys.path]
for name, module in [*sys.modules.items()]:
    told += [module, *(getattr(module, name, "") for name in ("__spec__", "__file__", "__path__"))]
    told += [getattr(getattr(value, "__code__", None), "co_filename", "") for value in vars(module).values()]
for fails in (lambda: json.loads("{"), lambda: threading.Thread(3).join(), lambda: np.linalg.inv(np.zeros((2, 2)))):
    try:
        fails()
    except Exception:
        told.append(traceback.format_exc())
assert len(told) > 9999
print({text for text in map(str, told) if any(secret in text for secret in SECRETS)})
from numpy import nothing_of_that_name
"""


def test_no_output_shows_what_the_grader_has(session):
    """Not its environment, nor the folders of its machine: what is imported is called as at the first level."""
    folders = {str(ROOT), os.path.expanduser("~"), sys.prefix, sys.base_prefix, f"{tempfile.gettempdir()}/gradbook-"}
    secrets = {"hidden-31337", "GRADER_SECRET"} | folders - {"/usr", "/"}
    said, error = try_it(session, f"SECRETS = {secrets}\n{ABOUT_PYTHON}")
    assert said.startswith("set()\n")
    assert error.message.endswith("(/site/numpy/__init__.py)")


def test_it_begins_in_a_folder_with_the_data_and_nothing_else(session):
    source = "import os; print(os.listdir('/'), os.listdir('.'), os.getcwd())"
    assert shown(session, source) == "['tmp'] ['weights.json'] /tmp/home\n"


def test_roots_submissions_are_of_users_that_own_nothing(worker, sandbox):
    """Those of others are of who grades."""
    source = "import os; print(*os.getresuid(), *os.getresgid(), *os.getgroups())"
    with Session(worker) as one, Worker(sandbox, SHORT) as other, Session(other) as two:
        mine, others = ([*map(int, shown(each, source).split())] for each in (one, two))
    if ROOT_GRADES:
        assert 61_000 <= mine[0] < 65_000
        assert mine == [mine[0]] * 6 and mine != others
    else:
        assert mine == others == [*os.getresuid(), *os.getresgid(), *os.getgroups()]


ABOUT_ITSELF = """
import contextlib, fcntl, os
PARENT = os.getppid()
for number in range(3, 4096):
    with contextlib.suppress(OSError):
        fcntl.fcntl(number, fcntl.F_GETFD)
        CHANNEL = number
"""
NOT_ITS_OWN = {
    "root again": "import os; os.setuid(0)",
    "a group": "import os; os.setgroups([0])",
    "capabilities": LIBC + "must(libc.capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()))",
    "higher limits": "import resource; resource.setrlimit(resource.RLIMIT_NPROC, (9999, 9999))",
    "namespaces": LIBC + "must(libc.unshare(0x10000000))",
    "a look at memory": LIBC + "must(libc.ptrace(16, PARENT, 0, 0))",
    "a read of memory": LIBC + f"must(libc.syscall({CALLS['process_vm_readv']}, PARENT, None, 0, None, 0, 0))",
    "a signal to its parent": "import os; os.kill(PARENT, 0)",
    "a signal to its group": "import os; os.killpg(0, 18)",
    "a signal to all": "import os; os.kill(-1, 18)",
    "a signal by descriptor": "import os; os.pidfd_open(PARENT)",
    "a signal with a value": LIBC + f"must(libc.syscall({CALLS['rt_sigqueueinfo']}, PARENT, 10, bytes(128)))",
    "signals by way of a descriptor": "import fcntl; fcntl.fcntl(CHANNEL, fcntl.F_SETOWN, PARENT)",
    "a session of its own": "import os; os.setsid()",
    "another group": "import os; os.setpgid(0, PARENT)",
    "priority of another": "import os; os.setpriority(os.PRIO_PROCESS, PARENT, 19)",
    "its own priority": "import os; os.nice(1)",
    "another scheduler": "import os; os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))",
    "processors of another": "import os; os.sched_setaffinity(PARENT, {0})",
    "its own processors": "import os; os.sched_setaffinity(0, {0})",
    "limits of another": "import resource; resource.prlimit(PARENT, resource.RLIMIT_CPU, (1, 1))",
    "the time that another used": "import time; time.clock_gettime(~PARENT << 3 | 2)",
    "how much runs here": LIBC + "must(libc.sysinfo(ctypes.create_string_buffer(128)))",
    "a process": "import os; os.fork()",
    "a program": "import subprocess; subprocess.run(['true'], check=True)",
    "a pipe": "import os; os.pipe()",
    "a terminal": "import os; os.openpty()",
    "a pair of sockets": "import socket; socket.socketpair()",
    "the network": "import socket; socket.create_connection(('127.0.0.1', 22), timeout=2)",
    "an address to send to": "import socket; socket.socket(fileno=CHANNEL).sendto(b'', '\\0somebody')",
    "descriptors under way": "import socket; socket.send_fds(socket.socket(fileno=CHANNEL), [b'x'], [0])",
    "its parent's outliving": LIBC + "must(libc.prctl(1, 0, 0, 0, 0))",
    "memory that is not counted": "import mmap; mmap.mmap(-1, 4096)",
    "a segment of System V": LIBC + "must(libc.shmget(0, 4096, 0o1600))",
    "memory merged with that of others": LIBC
    + "page = libc.mmap(None, ctypes.c_size_t(4096), 3, 0x22, -1, ctypes.c_long(0))\n"
    + "must(libc.madvise(ctypes.c_void_p(page), ctypes.c_size_t(4096), 12))",
    "memory that stays": LIBC + "must(libc.mlockall(3))",
}


@pytest.mark.parametrize("name", NOT_ITS_OWN)
def test_it_can_do_nothing_to_others_and_get_nothing_more(session, name):
    _, error = try_it(session, ABOUT_ITSELF + NOT_ITS_OWN[name])
    assert isinstance(error, StudentError), error
    # The last one is what Python makes of it where a limit is to be raised.
    assert error.message in ("1", "[Errno 1] Operation not permitted", "not allowed to raise maximum limit")


def together(*runs):
    """What functions give that run at the same time."""
    found = [None] * len(runs)

    def keep(at, run):
        found[at] = run()

    threads = [threading.Thread(target=keep, args=pair) for pair in enumerate(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


A_PAGE_OF_A_LIBRARY = """
import ctypes, threading, time
libc = ctypes.CDLL(None, use_errno=True)
page = ctypes.cast(libc.getpid, ctypes.c_void_p).value & ~4095
there = ctypes.c_void_p(page)
"""
FUTEX = A_PAGE_OF_A_LIBRARY + f"futex = {CALLS['futex']}\n"
WAIT = FUTEX + (
    "print(libc.syscall(futex, there, 0, ctypes.c_uint32.from_address(page).value, (ctypes.c_long * 2)(2, 0)))"
)
WAKE = FUTEX + "time.sleep(0.5)\nprint(libc.syscall(futex, there, 1, 9))"


def test_a_page_that_all_have_mapped_carries_no_signal(worker, sandbox):
    with Session(worker) as one, Worker(sandbox, SHORT) as other, Session(other) as two:
        shown(one, "1"), shown(two, "1")
        woken, woke = together(lambda: shown(one, WAIT), lambda: shown(two, WAKE))
    assert (woken, woke) == ("-1\n", "-1\n")


SPOIL = """
import ctypes, fcntl, os, sys, numpy as np
np.allclose = lambda *a, **k: True
open('left', 'w').write('x')
os.mkdir('/tmp/left')
for number in (0, 1, 2):
    fcntl.fcntl(number, fcntl.F_SETFL, fcntl.fcntl(number, fcntl.F_GETFL) | os.O_NONBLOCK)
"""
# What is read only can be made writable, and is then a copy.
LIBRARY = """
import ctypes, sys, numpy as np
memory = next(finder for finder in sys.meta_path if type(finder).__name__ == 'Library').content.memory
start, size = np.frombuffer(memory, np.uint8).ctypes.data, len(memory) & ~4095
assert ctypes.CDLL(None).mprotect(ctypes.c_void_p(start), ctypes.c_size_t(size), 3) == 0
"""
SPOIL_LIBRARY = LIBRARY + "ctypes.memset(start, 7, 16)\nprint(bytes(memory[:16]) == bytes([7] * 16))"
SPOIL_ITSELF = """
import builtins, sys
fcntl.fcntl(CHANNEL, fcntl.F_SETFL, fcntl.fcntl(CHANNEL, fcntl.F_GETFL) | os.O_NONBLOCK)
sys.modules['json'] = None
builtins.len = lambda x: 7
"""
LOOK = """
import fcntl, os, sys, numpy as np, json
memory = next(finder for finder in sys.meta_path if type(finder).__name__ == 'Library').content.memory
print(os.listdir('.'), os.listdir('/tmp'), len([1]), np.allclose(1, 2), bytes(memory[:16]) == bytes([7] * 16))
print([fcntl.fcntl(number, fcntl.F_GETFL) & os.O_NONBLOCK for number in (0, 1, 2, CHANNEL)])
"""


def test_nothing_is_left_for_the_next_submission(worker):
    with Session(worker) as first:
        shown(first, SPOIL)
        assert shown(first, SPOIL_LIBRARY) == "True\n"
        assert isinstance(first.run(0, ABOUT_ITSELF + SPOIL_ITSELF)[1], ChildLost)
    with Session(worker) as second:
        assert shown(second, ABOUT_ITSELF + LOOK) == "['weights.json'] ['home'] 1 False False\n[0, 0, 0, 0]\n"


EXIT = f"import ctypes; ctypes.CDLL(None).syscall({CALLS['exit']}, 0)"
NO_FIRST_THREAD = "import threading, time\nthreading.Thread(target=time.sleep, args=(100,)).start()\n" + EXIT
OTHER_ABI = (
    LIBC
    + """
place = libc.mmap(None, ctypes.c_size_t(4096), 7, 0x22, -1, ctypes.c_long(0))
ctypes.memmove(place, bytes.fromhex("b814000000cd80c3"), 8)  # getpid by int 0x80
ctypes.CFUNCTYPE(ctypes.c_int)(place)()
"""
)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("while True: pass", "ran over"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", "ran over"),
        ("import os; os._exit(0)", "ended its own process"),
        ("import os; os.closerange(0, 256)", "ended its own process"),
        ("import ctypes; ctypes.string_at(0)", "crashed the interpreter"),
        (IGNORE_SIGNALS, "ran over"),
        (NO_FIRST_THREAD, "ran over"),
        pytest.param(
            OTHER_ABI, "ended its own process", marks=pytest.mark.skipif(os.uname().machine != "x86_64", reason="")
        ),
    ],
)
def test_a_lost_child_has_a_reason_and_is_gone(worker, sandbox, source, reason):
    with Worker(sandbox, replace(worker.limits, cell=1.0)) as quick:
        quick.warm()
        before = processes(sandbox)
        with Session(quick) as session:
            _, error = session.run(0, source)
            assert processes(sandbox) == before
            assert isinstance(error, ChildLost)
            assert reason in error.reason
            assert shown(session, "print('on we go')") == "on we go\n"
        assert processes(sandbox) == before


def test_what_crashed_is_shown_to_nobody(session):
    """A limit of 1 has a meaning of its own: not even a program that collects what crashed gets it."""
    assert shown(session, "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))") == "(1, 1)\n"


def test_a_child_does_not_outlive_its_parent(sandbox):
    with Worker(sandbox, SHORT) as doomed, Session(doomed) as session:
        shown(session, IGNORE_SIGNALS.partition("while")[0])
        child = Path(f"/proc/{session.pid}")
        os.kill(int(shown(session, "import os; print(os.getppid())")), signal.SIGKILL)
        soon(lambda: not child.exists(), 10)
        session.child = None


@pytest.mark.parametrize(
    "source",
    [
        "x = bytearray(50 << 30)",
        "import numpy as np; x = np.empty(3 << 30, dtype=np.uint8)",
        "import numpy as np; np.ones((200_000, 200_000))",
        "import os; [os.dup(0) for _ in range(10_000)]",
        "input('name? ')",
        "raise KeyboardInterrupt",
    ],
)
def test_limits_are_errors_of_the_cell(session, source):
    _, error = try_it(session, source)
    assert isinstance(error, StudentError)


WITHOUT_THE_FIRST_THREAD = (
    """
import threading, time
def later():
    time.sleep(0.3)
    hold()
    time.sleep(60)
threading.stack_size(32768)
threading.Thread(target=later).start()
"""
    + EXIT
)
# What was mapped before is not counted, until it is written to.
HOLD = (
    LIBRARY
    + """
parts = [np.empty(1 << 20, np.uint8) for _ in range(485)]
def hold():
    ctypes.memset(start, 7, size)
    for part in parts:
        part.fill(1)
"""
)


@pytest.mark.parametrize("then", ["hold()\nimport time; time.sleep(60)", WITHOUT_THE_FIRST_THREAD])
def test_memory_is_counted_wherever_it_is(sandbox, then):
    """The kernel's limit is above the submission's by what was mapped before."""
    with Worker(sandbox, replace(SHORT, cell=60, memory=1 << 29)) as small, Session(small) as session:
        _, error = session.run(0, HOLD + then)
        assert isinstance(error, ChildLost)
        assert error.reason == "used too much memory"


MANY_THREADS = """
import threading, time
threading.stack_size(32768)
started = 0
try:
    while started < 3000:
        threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
        started += 1
        time.sleep(0.005)
finally:
    print(started)
time.sleep(1)
"""


def bomb(worker):
    """How a submission with many threads ends, and whether one with as many as it may have goes on meanwhile."""
    with Session(worker) as session:
        outputs, error = session.run(0, MANY_THREADS)
    with Session(worker) as session:
        said, wrong = try_it(session, MANY_THREADS.replace("3000", "63").replace("(3,)", "(0.3,)"))
    return text(outputs), getattr(error, "reason", None) or error.type_name, said, wrong


def test_threads_are_limited(worker):
    said, error, others, wrong = bomb(worker)
    # Root's submissions have a user of their own, for which the kernel counts.
    expected = ("63\nthread", "RuntimeError") if ROOT_GRADES else ("", "started too many threads")
    assert (said[: len(expected[0])], error) == ("63\ncan't start new thread"[: len(expected[0])], expected[1])
    assert (others, wrong) == ("63\n", None)


WHERE_NO_KERNEL_COUNTS = f"""
import sys, threading, time
sys.path.insert(0, "tests")
import places
from gradbook.sandbox import shared, worker
if {{}} == 0:
    SETGID, SETUID = 6, 7
    places.keep(places.capabilities(()) - {{{{SETGID, SETUID}}}})
from test_tight import bomb, SHORT
threading.stack_size(32768)
for _ in range(700):
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
with shared.Sandbox({{{{}}}}, asked="{TIGHT}") as sandbox, worker.Worker(sandbox, SHORT) as warm:
    print(bomb(warm))
"""


@pytest.mark.parametrize("user", [0, NOBODY] if ROOT_GRADES else [os.geteuid()])
def test_threads_are_limited_where_the_kernel_does_not_count_them(user):
    """As root who may not be another, and as an ordinary user, whose other threads must not count."""
    done = run_in([], user, sys.executable, "-c", WHERE_NO_KERNEL_COUNTS.format(user))
    assert done.stdout == "('', 'started too many threads', '63\\n', None)\n", done.stderr


LESS_IS_HAD = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))
from gradbook.sandbox import session, shared, worker
with shared.Sandbox({}, asked=LEVEL) as sandbox, worker.Worker(sandbox) as warm, session.Session(warm) as running:
    outputs, _ = running.run(0, "import resource; print(resource.getrlimit(resource.RLIMIT_NOFILE))")
    print(outputs[0]["text"], end="")
"""


@pytest.mark.parametrize("level", [TIGHT, NAMESPACES])
def test_where_less_is_had_than_a_submission_may_have_it_runs_with_that(level):
    user = NOBODY if ROOT_GRADES else os.geteuid()
    done = run_in([], user, sys.executable, "-c", LESS_IS_HAD.replace("LEVEL", repr(level)))
    assert done.stdout == "(200, 200)\n", done.stderr


BUSY = """
import os, threading, time
def work():
    while True: pass
for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.6)
print(os.getpid())
"""


def priorities(process):
    """Those of a process's threads."""
    stats = [path.read_text().rpartition(")")[2].split() for path in Path(f"/proc/{process}/task").glob("*/stat")]
    return sorted(int(fields[16]) for fields in stats)


def test_threads_beside_the_first_yield_to_others(session):
    assert priorities(int(shown(session, BUSY))) == [0, 19, 19, 19, 19]


def test_a_name_that_looks_like_numbers_slows_no_other_down(worker):
    with Session(worker) as first:
        shown(first, LIKE_A_LINE)
    with Session(worker) as second:
        shown(second, "1")
        assert priorities(second.pid) == [0]


def test_time_is_counted_whatever_a_process_is_called(worker, sandbox):
    with Worker(sandbox, replace(worker.limits, cell=1.0)) as quick, Session(quick) as session:
        _, error = session.run(0, NO_TEXT + "while True: pass")
        assert error.reason == "ran over 1 s"
        assert session.cut == ""  # by its own processor time


def test_a_busy_submission_slows_no_other_down(worker, sandbox):
    with Session(worker) as one, Worker(sandbox, SHORT) as other, Session(other) as two:
        shown(one, BUSY)
        for _ in range(10):
            time.sleep(0.05)
            shown(two, "sum(range(10_000))")
        assert two.drop()["waited"] < 1


FOUR_PROCESSES = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        break
else:
    time.sleep(60)
def hold():
    global x
    x = bytearray(b'1') * (200 << 20)
"""


def test_a_submission_with_no_first_thread_is_watched_at_the_first_level_too():
    """Of a process whose first thread has ended, /proc shows no memory under its own number."""
    with Sandbox({}, asked=NAMESPACES) as sandbox, Worker(sandbox, replace(SHORT, cell=60, memory=1 << 29)) as small:
        with Session(small) as session:
            _, error = session.run(0, FOUR_PROCESSES + WITHOUT_THE_FIRST_THREAD)
        assert isinstance(error, ChildLost)
        assert error.reason == "used too much memory"


HONEST = {
    "a file": ("with open('a.txt', 'w') as file:\n    file.write('x')\nprint(open('a.txt').read())", "x"),
    "a file as bytes": ("open('a', 'wb').write(b'1')\nprint(open('a', 'rb').read())", "b'1'"),
    "more for a file": ("open('a', 'w').write('1')\nopen('a', 'a').write('2')\nprint([*open('a')])", "['12']"),
    "a file that is not there": (
        "try:\n    open('none')\nexcept FileNotFoundError as error:\n    print(error)",
        "[Errno 2] No such file or directory: '/tmp/home/none'",
    ),
    "no folder for a file": ("try:\n    open('no/a', 'w')\nexcept FileNotFoundError:\n    print('so')", "so"),
    "an array": ("import numpy as np\nnp.save('w.npy', np.arange(3))\nprint(np.load('w.npy'))", "[0 1 2]"),
    "arrays": ("import numpy as np\nnp.savez_compressed('w', a=np.eye(1))\nprint(np.load('w.npz')['a'])", "[[1.]]"),
    "an array as text": ("import numpy as np\nnp.savetxt('w', np.eye(1))\nprint(np.loadtxt('w'))", "1.0"),
    "json": (
        "import json\nwith open('j', 'w') as file:\n    json.dump([1], file)\nprint(json.load(open('j')))",
        "[1]",
    ),
    "pickle": (
        "import pickle\nwith open('p', 'wb') as file:\n    pickle.dump([1], file)\nprint(pickle.load(open('p', 'rb')))",
        "[1]",
    ),
    "csv": ("import csv\nwith open('c', 'w') as f:\n    csv.writer(f).writerow([1])\nprint(open('c').read())", "1"),
    "gzip": (
        "import gzip\nwith gzip.open('z', 'wb') as file:\n    file.write(b'1')\nprint(gzip.open('z').read())",
        "b'1'",
    ),
    "bz2 and lzma": (
        "import bz2, lzma\nfor kind in bz2, lzma:\n    kind.open('z', 'wb').close()\n    print(kind.open('z').read())",
        "b''\nb''",
    ),
    "paths": (
        "from pathlib import Path\nPath('d/e').mkdir(parents=True)\nPath('d/e/f').write_text('1')\n"
        "print(Path('d/e/f').read_text(), [*Path('d').glob('*/*')], Path('d').is_dir(), Path('d/f').exists())",
        "1 [PosixPath('d/e/f')] True False",
    ),
    "folders": (
        "import glob, os, shutil\nos.makedirs('d/e', exist_ok=True)\nos.makedirs('d/e', exist_ok=True)\n"
        "open('d/e/f', 'w').close()\nprint(glob.glob('d/*/*'), [*os.walk('d')], os.path.isfile('d/e/f'))\n"
        "shutil.copy('d/e/f', 'd/g')\nos.rename('d/g', 'd/h')\nos.remove('d/e/f')\nos.rmdir('d/e')\n"
        "print(os.listdir('d'))\nshutil.rmtree('d')\nprint(os.path.exists('d'))",
        "['d/e/f'] [('d', ['e'], []), ('d/e', [], ['f'])] True\n['h']\nFalse",
    ),
    "where it is": (
        "import os\nos.mkdir('d')\nos.chdir('d')\nopen('a', 'w').close()\n"
        "print(os.getcwd(), os.listdir(), os.path.abspath('a'), os.path.getsize('a'), os.path.realpath('a'))",
        "/tmp/home/d ['a'] /tmp/home/d/a 0 /tmp/home/d/a",
    ),
    "a folder for a while": (
        "import os, tempfile\nwith tempfile.TemporaryDirectory() as name:\n    open(f'{name}/a', 'w').close()\n"
        "print(os.path.exists(name))",
        "False",
    ),
    "a file that leads nowhere": (
        "import os\nfrom contextlib import redirect_stdout\n"
        "with open(os.devnull, 'w') as null, redirect_stdout(null):\n    print('x')\nprint('y')",
        "y",
    ),
    "a log": (
        "import logging\nlogging.basicConfig(filename='l')\nlogging.error('x')\nprint(open('l').read())",
        "ERROR:root:x",
    ),
    "the helper file": ("from course_helpers import twice\nprint(twice(4))", "8"),
    "a picture": (
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title(r'$\\frac{\\alpha}{2}$')\nplt.savefig('p.png')\n"
        "plt.savefig('p.pdf')\nplt.savefig('p.svg')\nprint(plt.imread('p.png').shape)",
        "(480, 640, 4)",
    ),
    "a program": ("!pip install x\nprint('on')", "Operation not permitted: pip install x\non"),
    "a program's output": ("lines = !ls\nprint(lines)", "['Operation not permitted: ls']"),
    "a file by a magic": ("%%writefile a.py\nx = 1", "Writing a.py"),
    "an alarm": (
        "import signal, time\nsignal.signal(signal.SIGALRM, lambda *_: print('now'))\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.05)\ntime.sleep(0.2)",
        "now",
    ),
    "threads": (
        "import threading\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "t = threading.Thread(target=print, args=('in',))\nt.start()\nt.join()\n"
        "print([*ThreadPoolExecutor(4).map(abs, [-1, -2])])",
        "in\n[1, 2]",
    ),
    "a thread that C waits for": (
        "import ctypes\nlibc = ctypes.CDLL(None)\nthread = ctypes.c_ulong()\n"
        "run = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(lambda _: print('in'))\n"
        "libc.pthread_create(ctypes.byref(thread), None, run, None)\nprint(libc.pthread_join(thread, None))",
        "in\n0",
    ),
    "a database": (
        "import sqlite3\nc = sqlite3.connect(':memory:')\nc.execute('create table a (b)')\n"
        "c.execute('insert into a values (1)')\nprint(c.execute('select * from a').fetchall())",
        "[(1,)]",
    ),
    "numbers": (
        "import decimal, fractions, hashlib, random, secrets, statistics, uuid, zlib\n"
        "print(decimal.Decimal(1) / 4, hashlib.sha256(b'').hexdigest()[:4], random.Random(1).randint(0, 9),\n"
        "      len(secrets.token_bytes(3)), uuid.uuid4().version, zlib.decompress(zlib.compress(b'x')))",
        "0.25 e3b0 2 3 4 b'x'",
    ),
    "the source of a library": (
        "import inspect, numpy as np\nprint(inspect.getsource(np.linspace).count('def linspace('))",
        "1",
    ),
    "C": ("import ctypes\nprint(ctypes.CDLL(None).abs(-3))", "3"),
    "clocks": (
        "import time\nprint(min(getattr(time, n)() for n in ('time', 'monotonic', 'process_time', 'thread_time')) > 0)",
        "True",
    ),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_code_works(session, name):
    source, said = HONEST[name]
    assert shown(session, source).rstrip() == said


@pytest.mark.parametrize(
    "source", ["%timeit -n1 -r1 1+1", "%%timeit -n1 -r1\n1+1", "%time 1+1", "%prun -q 1+1", "abs?"]
)
def test_magics_work(session, source):
    shown(session, source)


@pytest.mark.parametrize(
    ("source", "name", "says"),
    [
        ("import asyncio; asyncio.run(asyncio.sleep(0))", "PermissionError", "Operation not permitted"),
        ("from multiprocessing.dummy import Pool; Pool(2)", "PermissionError", "Operation not permitted"),
        ("import numpy as np; np.arange(3).tofile('a')", "OSError", "in memory only"),
        ("import tempfile; tempfile.TemporaryFile()", "PermissionError", "Operation not permitted: '/tmp/"),
        ("import sqlite3; sqlite3.connect('a.db')", "Exception", "unable to open database file"),
    ],
)
def test_what_is_not_there_is_told(session, source, name, says):
    _, error = try_it(session, source)
    assert error.type_name == name
    assert says in error.message


LEFT_OUT = {"__pycache__", "test", "tests", "idlelib", "lib2to3", "antigravity", "this"}


def modules(path, name):
    """The names of a module and all below it."""
    found = [name]
    for entry in os.scandir(path) if os.path.isdir(path) else ():
        inner = entry.name.partition(".")[0]
        if inner not in LEFT_OUT | {"__init__", "__main__"} and inner.isidentifier():
            if entry.is_dir():
                found += modules(entry.path, f"{name}.{inner}")
            elif entry.name.endswith((".py", ".so")):
                found.append(f"{name}.{inner}")
    return found


IMPORT = """
import contextlib, importlib, io, json, warnings
warnings.simplefilter("ignore")
found = []
for name in NAMES:
    with contextlib.suppress(BaseException), contextlib.redirect_stdout(io.StringIO()):
        importlib.import_module(name)
        found.append(name)
print(json.dumps(found))
"""


def imported(worker, names, together=60):
    """Which of these modules can be imported; after one that ends the process, the others one by one."""
    found = set()
    for at in range(0, len(names), together):
        some = names[at : at + together]
        with Session(worker) as session:
            said, error = try_it(session, IMPORT.replace("NAMES", repr(some)))
        if error is None:
            found.update(json.loads(said.splitlines()[-1]))
        elif together > 1:
            found |= imported(worker, some, 1)
    return found


def test_what_can_be_imported_at_the_first_level_can_be_at_the_second(sandbox, depth):
    standard = sysconfig.get_path("stdlib")
    tops = {name: f"{standard}/{name}" for name in sys.stdlib_module_names - LEFT_OUT} | importable(DISTRIBUTIONS)
    names = sorted(name for top, path in tops.items() for name in modules(path, top))[:: depth(7, 1)]
    limits = Limits(cell=60)
    with Sandbox(HELPERS, asked=NAMESPACES) as first, Worker(first, limits) as there, Worker(sandbox, limits) as here:
        before = imported(there, names)
        assert len(before) > 0.9 * len(names)
        assert imported(here, names) == before
