"""What functions of a notebook may return, print, raise and name that nobody meant: values as Python source.

`submission` puts many of them into one notebook of hw01.
"""

import copy

# What the values below refer to.
PREAMBLE = r'''
import collections, dataclasses, decimal, enum, fractions, logging, sys, types, warnings
import numpy as np

def fail(*args, **kwargs):
    raise ValueError("asked too much \ud800")

def leave(*args, **kwargs):
    raise SystemExit("gone \ud800")

class LongList(list):
    __len__ = lambda self: 3

class ShortList(list):
    __len__ = lambda self: 10**9

class NegativeList(list):
    __len__ = lambda self: -1

class EndlessList(list):
    def __iter__(self):
        while True:
            yield "\ud800"

class OddDict(dict):
    items = lambda self: [("\ud800", 1), ("a", [1, 2])]

class WrongDict(dict):
    items = lambda self: [(1, 2, 3)]

class ClosedDict(dict):
    items = __iter__ = __getitem__ = keys = __contains__ = fail

class OddText(str):
    __str__ = __repr__ = lambda self: "\ud800\x00"
    __len__ = lambda self: -5
    __getitem__ = encode = fail

class OddInt(int):
    __repr__ = __str__ = __index__ = __lt__ = __eq__ = fail
    __hash__ = int.__hash__

class OddFloat(float):
    __repr__ = __str__ = __float__ = __eq__ = leave

class Says(object):
    def __init__(self, kind):
        self.kind = kind
    __class__ = property(lambda self: self.kind)

class Mute(object):
    __class__ = __dict__ = property(fail)
    __repr__ = __str__ = __len__ = __bool__ = __array__ = __iter__ = __eq__ = __format__ = fail
    __hash__ = object.__hash__

class Leaver(object):
    __repr__ = __str__ = __len__ = __bool__ = __array__ = __iter__ = __getattr__ = leave

class Anything(object):
    def __getattr__(self, name):
        return self
    def __call__(self, *args, **kwargs):
        return self
    __repr__ = lambda self: "</pre><script>alert(1)</script>\ud800\x00"

class Shape(np.ndarray):
    shape = property(lambda self: ("\ud800", -1))
    dtype = property(lambda self: "\ud800")
    ndim = size = nbytes = property(lambda self: 10**30)

class Number(np.ndarray):
    dtype = property(lambda self: np.dtype("f8"))

class Hooks(np.ndarray):
    __array_finalize__ = lambda self, other: None
    __array_ufunc__ = __array_function__ = astype = tobytes = __repr__ = __len__ = fail

class Meta(type):
    __name__ = property(lambda cls: "\ud800\x00" * 100)
    __module__ = property(lambda cls: 5)
    __mro__ = property(fail)
    __repr__ = __eq__ = fail
    __hash__ = type.__hash__

class Named(metaclass=Meta):
    pass

class NamedError(Exception, metaclass=Meta):
    pass

class MuteError(Exception):
    __str__ = __repr__ = fail

class LeavingError(Exception):
    __str__ = __repr__ = leave

class LoudError(Exception):
    __str__ = __repr__ = lambda self: "\ud800\x00\x1b[31m</pre><script>alert(1)</script>" * 100

class WrongError(Exception):
    __str__ = lambda self: 5

class FalseError(Exception):
    __bool__ = lambda self: False
    __len__ = lambda self: 0

class UnsureError(Exception):
    __bool__ = __len__ = __eq__ = fail
    __hash__ = object.__hash__

class TracelessError(Exception):
    __traceback__ = property(lambda self: 5)
    __cause__ = __context__ = __notes__ = property(fail)

class RenderedError(Exception):
    _render_traceback_ = fail

class RenderingError(Exception):
    _render_traceback_ = lambda self: ["\ud800", 5, None]

class Shown(object):
    def __init__(self, **data):
        self.data = data
    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.data

class Plot(object):
    _repr_png_ = lambda self: b"\x89PNG\r\n\x1a\n" + b"\xff" * 40
    _repr_html_ = lambda self: "<script>\ud800</script>"
    _repr_latex_ = fail
    _ipython_display_ = None

ODD_ENUM = enum.IntEnum("Odd", {"a\x00\ud800": 1})
ODD_TUPLE = collections.namedtuple("Odd", "a b")
ODD_CLASS = dataclasses.make_dataclass("Odd", ["a"])
AS_BUILTIN = type("\u202eNotImplementedError", (ValueError,), {"__module__": "builtins"})
AS_TORCH = type("Tensor", (), {"__module__": "torch", "requires_grad": "\ud800", "detach": fail})
NO_MODULE = type("NoModule", (), {"__module__": 5})

def holds_itself(kind):
    value = kind()
    value.append(value) if isinstance(value, list) else value.update({"\ud800": value})
    return value

def nested(depth, kind):
    value = "\ud800"
    for _ in range(depth):
        value = kind(value)
    return value

def elsewhere(filename, name):
    """A function that raises in a file of this name, under this name."""
    def odd():
        raise ValueError(filename)
    odd.__code__ = odd.__code__.replace(co_filename=filename, co_name=name)
    return odd

def nothing_comes():
    yield from ()
'''


def listed(text):
    """What stands in a text with a semicolon between one and the next."""
    return [each for line in text.strip().split("\n") for each in line.split("; ")]


TEXTS = listed(r"""
'\ud800'; '\udfff\ud800'; 'a\x00b'; '\x1b[31mred\x1b[0m'; '\x1b]0;title\x07'; '\u202eabc'; '\x85\x9b\x80'
'\ufffe\uffff\ufdd0'; '\U0010ffff'; '\r\n\r'; '\x0c\x0b'; '</script><script>'; ''; 'x' * 200_000; '\ud800' * 200_000
'\n' * 10_000; '=1+1'; '```'; '$x$'; '{{ nb }}'; '\u2028\u2029'; 'e' + '\u0301' * 500; OddText('odd')
np.str_('\ud800'); 'NaN'; '<cell 3>'
""")
NUMBERS = listed(r"""
0; -0.0; 1.5; float('nan'); float('inf'); 5e-324; 10**400; -10**5000; 2**64; -2**63 - 1; 2**63; True; 1j
complex('nan+infj'); OddInt(3); OddFloat(1); ODD_ENUM(1); decimal.Decimal('sNaN'); fractions.Fraction(1, 3)
np.float16(1); np.longdouble(1); np.clongdouble(1j); np.uint64(2**64 - 1); np.bool_(True); np.datetime64('NaT')
np.timedelta64(1); np.void(b'\xff'); np.bytes_(b'\xff\x00')
""")
ARRAYS = listed(r"""
np.zeros(0); np.zeros((0, 2**40)); np.zeros((1,) * 33); np.zeros(()); np.array('x'); np.array(['\ud800'])
np.array([object()]); np.array([None, 1]); np.zeros(3, '>f4'); np.zeros(3, 'f2'); np.zeros(3, 'g')
np.zeros(3, 'V7'); np.zeros(3, 'M8[s]'); np.zeros(3, [('a', 'f8'), ('b', 'O')])
np.zeros(3, [('a\x00\u202e', 'f8')]); np.zeros(3)[::-1]; np.broadcast_to(1.0, (1000, 10))
np.broadcast_to(1.0, (10**6, 10**6)); np.lib.stride_tricks.as_strided(np.zeros(1), (10**9,), (0,))
np.zeros(3).view(Shape); np.array([object()] * 3).view(Number); np.zeros(3).view(Hooks); np.ma.masked
np.ma.array([1.0, 2.0], mask=[True, False]); np.matrix([[1.0]]); np.rec.array([(1, 2.0)]); np.poly1d([1, 2])
np.memmap('/tmp/map', 'f8', 'w+', shape=3); np.nditer(np.zeros(3)); np.full(5, np.nan); np.zeros(3, '?')
np.char.array(['a']); memoryview(b'abc'); np.zeros(3).flat; np.random.default_rng(); np.dtype('f8')
""")
OBJECTS = listed(r"""
None; ...; NotImplemented; object(); type; Named; Named(); Mute(); Leaver(); Anything(); Says(list); Says(dict)
Says(tuple); Says(np.ndarray); Says(np.float64); Says(5); lambda: 0; print; sys; iter([])
(fail() for _ in range(3)); nothing_comes(); range(10**9); b'\xff'; bytearray(3); {1, 'a'}; frozenset({'\ud800'})
collections.deque([1.0]); collections.Counter('a'); AS_TORCH(); NO_MODULE(); collections.OrderedDict(a=1)
collections.defaultdict(fail, a=1); types.SimpleNamespace(a=1); types.MappingProxyType({'a': 1})
ODD_TUPLE(1.0, '\ud800'); ODD_CLASS('\ud800'); LongList([1.0] * 9); LongList([1.0] * 60_000); ShortList([1.0])
NegativeList([1.0]); EndlessList(); OddDict(); WrongDict(); ClosedDict(a=1); [1.0] * 30_000; [[]] * 30_000
{n: n for n in range(30_000)}; holds_itself(list); holds_itself(dict); nested(40, lambda v: [v])
nested(40, lambda v: {v if type(v) is str else 1: v}); nested(5_000, lambda v: (v,)); nested(17, lambda v: [v, v])
ValueError('\ud800'); elsewhere('a\x00', '\ud800'); [np.zeros(1000)] * 3_000; sys._getframe(); warnings
property(fail); classmethod(fail); super; slice(1); Shown(**{'text/plain': '\ud800'})
Shown(**{'text/plain': 5, 'image/png': '\ud800'}); Plot(); Shown(**{'image/png': b'\x89PNG'})
Shown(**{'text/html': '<script>'}); Shown(**{'image/png': 5})
""")
MORE_KEYS = listed(r"""
None; (1, '\ud800'); frozenset(); b'a'; Named; np.float64(1); OddInt(1); 'a'; 'loss'; '__class__'; '$'; 1e400
""")
KEYS = [*TEXTS[:14], *NUMBERS[:9], *MORE_KEYS]
ATOMS = [*TEXTS, *NUMBERS, *ARRAYS, *OBJECTS]
ERRORS = listed(r"""
ValueError({0}); KeyError({0}); MuteError({0}); LeavingError({0}); LoudError({0}); WrongError({0}); FalseError({0})
UnsureError({0}); TracelessError({0}); RenderedError({0}); RenderingError({0}); NamedError({0}); AS_BUILTIN({0})
SystemExit({0}); KeyboardInterrupt({0}); GeneratorExit({0}); StopIteration({0}); MemoryError({0})
RecursionError({0}); NotImplementedError({0}); AssertionError({0}); SyntaxError({0})
SyntaxError({0}, ('<cell 1>', {0}, {0}, {0})); SyntaxError('x', ('<cell 1>', 10**30, 0, {0}))
IndentationError({0}, ('<cell \ud800>', -1, -1, 'x')); OSError({0}, {0}, {0}); ImportError({0}, name={0})
NameError({0}, name={0}); AttributeError({0}, name={0}, obj={0}); ExceptionGroup('\ud800', [ValueError({0})])
UnicodeDecodeError('utf-8', b'\xff', 0, 1, '\ud800'); UnicodeEncodeError('utf-8', '\ud800', 0, 1, '\x00')
type('E' * 500, (ValueError,), {{}})({0}); type('E\u202e', (Exception,), {{'__module__': '\ud800'}})({0})
DeprecationWarning({0}); {0}
""")
# What a body does with a value, and what a cell does.
RETURNS = [
    "return {0}",
    "return {0}",
    "return {0}",
    "return {0}, {1}",
    "return [{0}, {1}]",
    "return {{{2}: {0}}}",
    # Where a right function stands in, the grader is asked.
    "return self.forward({0})",
    "self.w1 = {0}\nreturn self.forward(*args[:1])",
    "vars(self)[{3}] = {0}\nreturn self.forward(1.0)",
    "return loss({0}, {1})",
    "return self.forward(**{{{3}: {0}}})",
    "return self.dloss_dw({0}, {1})",
]
DOES = listed(r"""
print({0}); print({0}, {1}, sep={3}, end={3}); sys.stdout.write({3}); sys.stderr.write({3})
print({0}, file=sys.stderr); warnings.warn({3}); logging.warning({3}); globals()[{3}] = {0}; globals()[{2}] = {0}
vars(ShallowNarrowExercise).get({0}); loss.__name__ = {3}; loss.__doc__ = {0}; loss.__qualname__ = {3}
elsewhere({3}, {3})(); ShallowNarrowExercise.__name__ = {3}; ShallowNarrowExercise.__module__ = {0}
setattr(ShallowNarrowExercise, {3}, {0}); sys.modules[{3}] = {0}; type({3}, (), {{}}); exec({3}); eval({3})
sys.excepthook = {0}; sys.stdout = {0}
""") + ["x = {0}\nx\n{1}"]
SHOWS = listed(r"""
{0}; display({0}); display({0}, {1}); {0}, {1}; {{{2}: {0}}}; [{0}]; print(repr({0}))
get_ipython().display_formatter.format({0}); ShallowNarrowExercise.forward = {0}
""") + ["loss = {0}\nShallowNarrowExercise = {1}"]


def value(chance):
    """The source of one value: an atom, or some in a list, tuple or dict."""
    if chance.random() < 0.7:
        return chance.choice(ATOMS)
    parts = [value(chance) for _ in range(chance.randrange(4))]
    kind = chance.choice(["list", "tuple", "dict", "set"])
    if kind == "dict":
        return "{" + ", ".join(f"{chance.choice(KEYS)}: {part}" for part in parts) + "}"
    inner = ", ".join(parts)
    return f"[{inner}]" if kind != "tuple" else f"({inner}{',' if parts else ''})"


def line(chance, forms):
    """A statement of one of these forms, with values in it."""
    form = chance.choice(forms)
    return form.format(value(chance), value(chance), chance.choice(KEYS), chance.choice(TEXTS))


def body(chance):
    """What a function does: print or name something, now and then, and then return or raise something."""
    first = [line(chance, DOES)] if chance.random() < 0.3 else []
    last = line(chance, RETURNS if chance.random() < 0.7 else [f"raise {error}" for error in ERRORS])
    return "\n".join([*first, last])


def cell(chance):
    """What a cell of its own does: print, name, show or raise something."""
    kind = chance.random()
    return line(chance, DOES if kind < 0.4 else SHOWS if kind < 0.8 else [f"raise {error}" for error in ERRORS])


def indented(text, by):
    return "\n".join(" " * by + one for one in text.split("\n"))


FUNCTIONS, CELLS = 4, 3
VALUES = FUNCTIONS + CELLS  # in a submission


def submission(template, chance):
    """The released notebook of hw01 with a hostile value in each function, and in some cells more."""
    notebook = copy.deepcopy(template)
    cells = {c.metadata.get("nbgrader", {}).get("grade_id"): c for c in notebook.cells}
    loss = f"def loss(self, *args):\n{indented(body(chance), 4)}"
    cells["loss"].source = f"{PREAMBLE}\n{loss}"
    methods = "".join(
        f"    def {name}(self, *args):\n{indented(body(chance), 8)}\n" for name in ("forward", "dloss_dw", "train")
    )
    start = "    def __init__(self, weights):\n        self.w1, self.w2 = map(float, weights)\n"
    cells["ShallowNarrowExercise"].source = f"class ShallowNarrowExercise:\n{start}{methods}"
    from nbformat.v4 import new_code_cell

    notebook.cells += [new_code_cell(cell(chance)) for _ in range(CELLS)]
    return notebook
