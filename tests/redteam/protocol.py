# %% forged replies
import gc, json, socket, struct
body = json.dumps({"value": True}).encode()
for thing in gc.get_objects():
    if isinstance(thing, socket.socket):
        for _ in range(50):
            thing.sendall(struct.pack("<II", len(body), len(body)) + body)

# %% flood
import gc, socket
for thing in gc.get_objects():
    if isinstance(thing, socket.socket):
        while True:
            thing.sendall(b"x" * 10_000)

# %% flood of questions
import gc, json, socket, struct
body = json.dumps({"ask": "loss", "state": None, "args": [], "kwargs": {"$": "dict", "v": []}}).encode()
for thing in gc.get_objects():
    if isinstance(thing, socket.socket):
        while True:
            thing.sendall(struct.pack("<II", len(body), len(body)) + body)

# %% channel closed
import os
os.closerange(3, 256)

# %% channel replaced
import os, socket
a, b = socket.socketpair()
os.dup2(a.fileno(), 3)

# %% half a message
import gc, socket, struct
for thing in gc.get_objects():
    if isinstance(thing, socket.socket):
        thing.sendall(struct.pack("<II", 1 << 20, 10) + b"{")
        while True:
            pass

# %% a message of 4 GB
import gc, socket, struct
for thing in gc.get_objects():
    if isinstance(thing, socket.socket):
        thing.sendall(b"\xff" * 8)

# %% a drop at a time
import gc, socket, struct, time
for thing in gc.get_objects():
    if isinstance(thing, socket.socket):
        thing.sendall(struct.pack("<II", 1000, 1000))
        while True:
            thing.send(b" ")
            time.sleep(0.01)

# %% replies of every wrong form
import gc, itertools, json
import numpy as np
from guest import child, wire
forms = itertools.cycle([
    b"", b"[]", b"null", b"{", b"\xff", b'{"value": {"$": "array"}}', b'{"raised": 5}', b'{"raised": {"type": [], "line": "x"}}',
    b'{"value": {"$": "array", "d": "O", "s": [1], "at": 0, "n": 8}}', b'{"value": {"$": "object", "type": 1, "ref": "x"}}',
    b'{"value": {"$": "array", "d": "<f8", "s": [-1], "at": 0, "n": 8}}', b'{"value": {"$": "dict", "v": [[[], 1]]}}',
    b'{"value": {"$": "array", "d": "<f8", "s": [0, 99999999999], "at": 0, "n": 0}}', b'{"outputs": 5, "raised": true}',
    b'{"value": {"$": "tensor", "v": 1, "grad": 2}}', b'{"value": ' + b"[" * 90_000 + b"]" * 90_000 + b"}",
    b'{"value": 1e999, "value": NaN}', b'{"value": ' + b"9" * 5000 + b"}", b'{"value": {"$": "no such thing"}}',
    b'{"raised": {"$": "array", "d": "<f8", "s": [0], "at": 0, "n": 0}}',
])
import struct
def pack(message, refer=None):
    body = next(forms)
    return struct.pack("<II", len(body), len(body)) + body
wire.pack = child.wire.pack = pack

# %% the same bytes many times
import json, struct
from guest import child, wire
def pack(message, refer=None):
    size = 30 << 20
    spec = {"$": "array", "d": "<f8", "s": [size // 8], "at": 0, "n": size}
    body = json.dumps({"value": [spec] * 50_000, "outputs": [spec] * 10}).encode()
    return struct.pack("<II", len(body) + size, len(body)) + body + bytes(size)
wire.pack = pack

# %% the evaluator answers yes
import gc
for thing in gc.get_objects():
    if type(thing).__name__ == "Evaluator":
        thing.answer = lambda request: {"value": True}

# %% the evaluator's methods replaced
from guest.evaluator import Evaluator
from guest.stand_ins import StandIns
Evaluator._has = lambda *a, **k: True
Evaluator._call = Evaluator._get = Evaluator._unwrap = lambda *a, **k: 0.0
Evaluator._restore = StandIns._substitute = StandIns._count = StandIns.restore = lambda *a, **k: None

# %% the evaluator forgets what to keep
from guest.evaluator import Evaluator
Evaluator.resolve = lambda self, number: None
Evaluator.refer = lambda self, value: 0

# %% every call of the system's traced
import sys, threading
def profile(frame, event, arg):
    if frame.f_code.co_name == "answer":
        frame.f_locals["request"]["path"] = ["loss"]
sys.setprofile(profile)

# %% unpickled
import pickle
from guest import wire
class Evil:
    def __reduce__(self):
        return eval, ("__import__('os').system('touch /tmp/pwned')",)
wire.Encoder.encode = lambda self, value, depth=0: pickle.dumps(Evil()).hex()
