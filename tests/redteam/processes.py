# %% fork bomb
import os
while True:
    try:
        os.fork()
    except OSError:
        pass

# %% busy processes
import os
for _ in range(30):
    if os.fork() == 0:
        while True:
            pass

# %% double-forked daemon
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            time.sleep(1)
    os._exit(0)

# %% daemon that takes the channel along
import ctypes, gc, os, socket, time
kept = [os.dup(s.fileno()) for s in gc.get_objects() if isinstance(s, socket.socket) and s.fileno() >= 0]
if ctypes.CDLL(None).fork() == 0:
    while True:
        time.sleep(1)

# %% exit
import os
os._exit(0)

# %% exit with a code
import sys
sys.exit(1)

# %% exit later
import os, threading
threading.Timer(0.05, lambda: os._exit(0)).start()

# %% kill its group
import os, signal
os.kill(0, signal.SIGKILL)
os.killpg(os.getpgid(0), signal.SIGKILL)

# %% kill everybody
import os, signal
for number in range(-1, 300):
    try:
        os.kill(number, signal.SIGKILL)
    except OSError:
        pass

# %% stop its group
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.kill(0, signal.SIGSTOP)
os.kill(os.getppid(), signal.SIGSTOP)

# %% stop itself from a child
import os, signal
parent = os.getpid()
if os.fork() == 0:
    while True:
        os.kill(parent, signal.SIGSTOP)

# %% signals ignored
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass

# %% alarm
import signal
signal.signal(signal.SIGALRM, lambda *a: 1 / 0)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.001)

# %% threads that never end
import threading
for _ in range(60):
    threading.Thread(target=sum, args=(iter(int, 1),)).start()

# %% threads at exit
import atexit, threading
threading._register_atexit(lambda: [None for _ in iter(int, 1)])
atexit.register(lambda: [None for _ in iter(int, 1)])

# %% raise its limits
import os, resource
for name in dir(resource):
    if name.startswith("RLIMIT"):
        try:
            resource.setrlimit(getattr(resource, name), (resource.RLIM_INFINITY,) * 2)
        except (OSError, ValueError):
            pass
try:
    os.setpriority(os.PRIO_PROCESS, 0, -20)
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(99))
except OSError:
    pass
x = bytearray(6 << 30)

# %% namespaces again
import ctypes
libc = ctypes.CDLL(None)
print([libc.unshare(1 << n) for n in range(32)], libc.mount(b"x", b"/tmp", b"tmpfs", 0, None))
print(libc.ptrace(16, 1, 0, 0), libc.syscall(310, 1, 0, 0, 0, 0, 0), libc.syscall(317, 0, 0, 0))

# %% restart request
import IPython
IPython.get_ipython().kernel.do_shutdown(True)

# %% ask a person
input("your name? ")

# %% debugger
breakpoint()

# %% crash
import ctypes
ctypes.string_at(0)

# %% crash in C
import faulthandler
faulthandler._sigabrt()

# %% another program in its place
import os
os.execv("/bin/sh", ["sh", "-c", "while true; do :; done"])

# %% shell magics
!sleep 100 &
!kill -9 -1
%run -i /course/course_helpers.py
get_ipython().system("yes > /tmp/yes &")

# %% KeyboardInterrupt
raise KeyboardInterrupt

# %% generator exit
raise GeneratorExit

# %% exception that cannot be shown
class Bad(BaseException):
    def __str__(self):
        raise SystemExit
    __repr__ = __str__
raise Bad

# %% exception group without end
error = ValueError("x")
for _ in range(20_000):
    error = ExceptionGroup("x", [error])
raise error
