# What a function of the class returns in place of the right value: each is the body of `forward`, where x, self and
# what preamble.py defines are at hand. It costs this function's checks and no other's.

# %% array that says it is equal
return np.zeros(9).view(Liar)

# %% number that says it is equal
return Yes(1.0)

# %% two of them
return [Yes(0), Yes(0)]

# %% objects
return np.array([object()], dtype=object)

# %% nan
return float('nan')

# %% nan of another payload
return np.frombuffer(b'\xff' * 72)

# %% a signalling array
return np.full(9, np.inf) - np.inf

# %% array of 8 GB
return np.zeros(10**9)

# %% array that claims 10 GB
return np.lib.stride_tricks.as_strided(np.zeros(1), (10**9 + len(x),), (0,))

# %% text of 100 MB
return 'x' * 10**8

# %% ten million lists
return [[]] * 10**7

# %% lists of lists of lists
a = [0.0] * 1000
for _ in range(6): a = [a] * 1000
return a

# %% nesting 100 000 deep
a = []
for _ in range(10**5): a = [a]
return a

# %% a list that holds itself
a = []
a.append(a)
return a

# %% long and empty
return np.zeros((0, 2**40))

# %% many empty rows
return np.zeros((2**40, 0))

# %% too wide to subtract
self.n = getattr(self, 'n', 0) + 1
return np.zeros((60_000, 1) if self.n % 2 else (1, 60_000))

# %% many dimensions
return np.zeros((2,) * 22)

# %% weights of another kind
self.w1 = np.zeros((60_000, 1)); self.w2 = np.zeros((1, 60_000))
return x

# %% nested dicts
return {1: {2: {3: 4}}}

# %% keys that are no keys
return {(1, 2): 1, None: 2, b'x': 3, float('nan'): 4, True: 5, '$': 'array'}

# %% protocol's own words
return {'$': 'array', 'd': '<f8', 's': [9], 'at': 0, 'n': 72}

# %% function
return lambda: 0

# %% class
return type

# %% module
return np

# %% whole number of 5000 digits
return 10**5000

# %% bytes
return b'x'

# %% no rows
return np.zeros((0, 3))

# %% texts
return np.array(['a'])

# %% dates
return np.datetime64('now')

# %% complex
return 1j

# %% record
return np.zeros(9, dtype=[('a', 'f8')])

# %% long doubles
return np.zeros(9, dtype=np.longdouble) + np.nan

# %% half
return np.full(9, 65504, dtype=np.float16)

# %% big-endian and strided
return np.zeros(18, dtype='>f8')[::-2]

# %% Ellipsis
return ...

# %% range
return range(3)

# %% iterator
return iter([])

# %% endless iterator
return iter(int, 1)

# %% endless generator
return (i for i in iter(int, 1))

# %% list that never ends
class Endless(list):
    def __iter__(self): return iter(int, 1)
    def __len__(self): return 9
return Endless()

# %% dict whose items lie
class Odd(dict):
    def items(self): return iter(int, 1)
return Odd(a=1)

# %% length that lies
class Long(list):
    def __len__(self): return 10**12
return Long([1.0])

# %% number whose conversion never ends
class Slow(float):
    def __float__(self):
        while True: pass
return Slow(1.0)

# %% array whose dtype lies
class Array:
    dtype = np.dtype('f8')
    def __array__(self, *a, **k):
        while True: pass
return Array()

# %% surrogate
return '\ud800'

# %% exception as a value
return ValueError('x')

# %% exception of its own kind
raise type('ValueError', (BaseException,), {})('x')

# %% exception with a message that raises
class Bad(Exception):
    def __str__(self): raise SystemExit
raise Bad

# %% stop of an iteration
raise StopIteration

# %% another loop of the generator
raise GeneratorExit

# %% not implemented
raise NotImplementedError

# %% None
return None

# %% True
return True

# %% the class changes itself
type(self).forward = lambda self, x: True
return self

# %% the function goes
del type(self).forward
return x

# %% the evaluator is asked to resolve
from guest.wire import Opaque
return Opaque('x', 0)

# %% a tensor
from guest.wire import Tensor
return Tensor(np.zeros(9), True)

# %% a value that is kept
from guest.evaluator import Kept
return Kept(x)
