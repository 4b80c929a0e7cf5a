# %% 50 GB
x = bytearray(50 << 30)

# %% 50 GB in NumPy
import numpy as np
np.ones((80_000, 80_000)) @ np.ones((80_000, 80_000))

# %% grows without end
x = []
while True:
    x.append(bytearray(1 << 26))

# %% grows in many processes
import os, time
for _ in range(12):
    if os.fork() == 0:
        x = b"1" * (500 << 20)
        time.sleep(60)
time.sleep(60)

# %% files in memory
import os
kept = []
for _ in range(100):
    fd = os.memfd_create("x")
    kept.append(fd)
    os.write(fd, bytes(30 << 20))

# %% segments of System V
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
for _ in range(30):
    segment = libc.shmget(0, 100 << 20, 0o1600)
    if segment < 0:
        raise OSError(ctypes.get_errno(), "no segment")
    place = libc.shmat(segment, None, 0)
    ctypes.memset(place, 1, 100 << 20)
    libc.shmdt(ctypes.c_void_p(place))

# %% shared pages that nobody maps
import mmap
shared = mmap.mmap(-1, 700 << 20)
shared.write(b"x" * (700 << 20))
shared.madvise(mmap.MADV_DONTNEED)

# %% shared pages of /dev/zero
import mmap, os
shared = mmap.mmap(os.open("/dev/zero", os.O_RDWR), 700 << 20)

# %% queues
import ctypes
libc = ctypes.CDLL(None)
for key in range(5000):
    queue = libc.msgget(key, 0o1600)
    if queue < 0:
        raise OSError("no queue")

# %% pipes and sockets full
import os, socket
kept = []
while True:
    a, b = socket.socketpair()
    a.setblocking(False)
    kept.append((a, b))
    try:
        while True:
            a.send(bytes(1 << 16))
    except BlockingIOError:
        pass

# %% recursion
def f():
    f()
f()

# %% recursion in C
import sys
sys.setrecursionlimit(10**9)
x = []
for _ in range(10**6):
    x = [x]
repr(x)
x == x
del x

# %% pattern that explodes
import re
re.match(r"(a+)+$", "a" * 64 + "b")

# %% power that explodes
x = 9 ** 9 ** 9
