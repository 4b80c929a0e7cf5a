# %% loop
while True:
    pass

# %% loop in C
sum(iter(int, 1))

# %% sleep
import time
time.sleep(1000)

# %% loop in __repr__
class A:
    def __repr__(self):
        while True:
            pass
A()

# %% loop in __del__
class A:
    def __del__(self):
        while True:
            pass
A(); None

# %% loop in a property
class A:
    @property
    def x(self):
        while True:
            pass
A().x

# %% loop at exit
import atexit
def f():
    while True:
        pass
atexit.register(f)

# %% loop that swallows all
while True:
    try:
        while True:
            pass
    except BaseException:
        pass

# %% loop in a finalizer
import gc
class A:
    def __del__(self):
        while True:
            pass
a = A()
a.a = a
del a
gc.collect()

# %% loop in a trace
import sys, threading
def trace(*a):
    while True:
        pass
sys.settrace(trace)
def f():
    pass
f()

# %% loop in a hook
def hook(*a):
    while True:
        pass
get_ipython().events.register("post_run_cell", hook)

# %% loop in the import of a helper
import builtins
def load(*a, **k):
    while True:
        pass
builtins.__import__ = load

# %% waits for its own channel
import gc, socket
for thing in gc.get_objects():
    if isinstance(thing, socket.socket):
        thing.recv(1 << 20)
