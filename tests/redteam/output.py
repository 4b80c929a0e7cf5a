# %% endless
while True:
    print("x" * 100_000)

# %% 1 GB at once
print("x" * 10**9)

# %% many displays
for i in range(10**6):
    display(i)

# %% many streams
import sys
for i in range(10**6):
    print(i, file=sys.stderr if i % 2 else sys.stdout)

# %% cleared and begun again
from IPython.display import clear_output
for i in range(10**6):
    print("x" * 1000)
    clear_output()

# %% a long exception
raise ValueError("x" * 10**8)

# %% a long name
raise type("X" * 10**7, (Exception,), {})

# %% a long traceback
def f(n):
    if n == 0:
        raise ValueError
    f(n - 1)
f(900)

# %% the recorder's room taken away
import gc
for thing in gc.get_objects():
    if type(thing).__name__ == "Recorder":
        thing.room = thing.wall = 10**12
        thing.write = lambda name, text: thing.outputs.append({"output_type": "stream", "name": name, "text": text})
for i in range(300):
    print("x" * 90_000)

# %% outputs of its own making
import gc
for thing in gc.get_objects():
    if type(thing).__name__ == "Recorder":
        thing.outputs = [
            {"output_type": "display_data", "data": {"text/html": "<script>alert(1)</script>"}, "metadata": {"x": 1}},
            {"output_type": "execute_result", "data": {"text/plain": "20.0"}, "metadata": {}, "execution_count": 1},
            {"output_type": "error", "ename": 5, "evalue": [[]], "traceback": [{}, None, "x" * 10**6] * 1000},
            {"output_type": ["stream"], "name": {}, "text": 7}, None, 5, "x", [],
        ] * 100

# %% after the end
import threading, time
def later():
    while True:
        time.sleep(0.01)
        print("later")
threading.Thread(target=later, daemon=True).start()

# %% pictures
import struct, zlib
from IPython.display import Image, display
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
for size, text in ((10**9, b""), (1, b"</script><script>alert(1)</script>" * 10**5)):
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0))
    png += chunk(b"tEXt", b"c\0" + text) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    display(Image(data=png, format="png"))

# %% control characters
print("\x00\x07\x1b]0;title\x07\x1b[2J\u202e\ud800\udfff\x85\u2028\ufeff" * 100)
