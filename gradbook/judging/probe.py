"""What a check calls: the functions and classes of a notebook, wherever they run.

`Code` looks the same whether the notebook runs in the sandbox (`Session`) or is a reference or a known
mistake in this process (`Local`): values go in, plain values come out.
"""

import contextlib
from types import CodeType

from ..errors import GuestFault, StudentError
from ..sandbox.bounds import OutOfTime
from ..sandbox.guest import wire
from ..sandbox.guest.evaluator import Evaluator


class Code:
    """A notebook's names. `code.forward(x)` calls; `code.Net(3)` gives a `Remote` to call further.

    passed: tells of a function's dotted name whether the submission has earned all its points so far.
    excuse: is told of functions whose loss of points is why something else is let pass.
    """

    def __init__(self, transport, passed=lambda name: True, excuse=lambda names: None):
        self._transport, self._passed, self._excuse = transport, passed, excuse

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Path(self._transport, None, (name,))

    def has(self, name):
        """Whether the dotted name is defined and callable."""
        return self._transport.request(op="has", target=None, path=name.split(".")) is True

    def passed(self, name):
        """Whether the submission's own function has earned all its points in the checks so far."""
        return self._passed(name)

    def excuse(self, *names):
        """Say that what is observed is let pass because these functions lost points; see `judge` for what follows."""
        self._excuse([name for name in names if not self._passed(name)])

    def keep(self, value):
        """Leave a value with the code, and get a `Remote` for it: shows later whether it was changed."""
        return self._remote(self._transport.request(op="keep", value=value))

    def define(self, source, name):
        """Run a few lines on the code's side, seeing the notebook's names, and get what they call `name`."""
        return self._remote(self._transport.request(op="define", source=source, name=name))

    def seed(self, seed):
        """Seed NumPy's legacy global generator on the code's side."""
        self._transport.request(op="seed", seed=seed)

    def warned(self):
        """How many RuntimeWarnings were given since the last time this was asked."""
        return self._transport.request(op="warned")

    def raises(self, call):
        """Whether calling the function without arguments makes the code raise (NotImplementedError apart)."""
        try:
            call()
        except StudentError as error:
            if error.type_name == "NotImplementedError":
                raise
            return True
        return False

    def _remote(self, value):
        return _value(self._transport, value)


class Path:
    """A name or an attribute that has not been asked for yet; calling it is one exchange."""

    def __init__(self, transport, target, path):
        self._transport, self._target, self._path = transport, target, path

    def __call__(self, *args, **kwargs):
        args, kwargs = [_plain(a) for a in args], {k: _plain(v) for k, v in kwargs.items()}
        return _value(
            self._transport,
            self._transport.request(op="call", target=self._target, path=list(self._path), args=args, kwargs=kwargs),
        )

    def get(self):
        """The value, or a `Remote` where it cannot cross."""
        request = {"op": "get", "target": self._target, "path": list(self._path)}
        return _value(self._transport, self._transport.request(**request))

    def keep(self):
        """The value left on its own side, as a `Remote`, even where it could cross."""
        request = {"op": "keep_path", "target": self._target, "path": list(self._path)}
        return _value(self._transport, self._transport.request(**request))

    def set(self, value):
        """Assign to the name or attribute."""
        self._transport.request(op="set", target=self._target, path=list(self._path), value=_plain(value))

    def fill(self, key, value):
        """Write `value` into the array at `key` of this dict or list, in place."""
        self._transport.request(op="fill", target=self._target, path=list(self._path), key=key, value=value)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Path(self._transport, self._target, (*self._path, name))


class Remote:
    """An object that stays with the code: call its methods, `get()` its attributes."""

    def __init__(self, transport, opaque):
        self._transport, self.ref, self.type_name = transport, wire.Opaque("remote", opaque.ref), opaque.type_name

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Path(self._transport, self.ref, (name,))

    def __call__(self, *args, **kwargs):
        return Path(self._transport, self.ref, ())(*args, **kwargs)

    def value(self):
        """What it is now, where it can cross."""
        return self._transport.request(op="unwrap", target=self.ref)

    def take(self, limit):
        """The first items of an iterable, at most `limit`."""
        return self._transport.request(op="iterate", target=self.ref, limit=limit)


def _value(transport, value):
    return Remote(transport, value) if type(value) is wire.Opaque and value.ref is not None else value


def _plain(value):
    return value.ref if type(value) is Remote else value


class Local:
    """Code that runs in this process: reference solutions, known mistakes and right variants.

    Values are packed and unpacked as if they crossed, so that nothing is shared and nothing looks different.
    """

    def __init__(self, namespace, answer=None, source=""):
        self.source = source
        self.evaluator = Evaluator(namespace, self._ask, (OutOfTime, MemoryError))
        self.answer = answer

    def until_deadline(self):
        """What runs here is ours, and needs no deadline."""
        return contextlib.nullcontext()

    def aside(self):
        """There is no clock that would have to stop."""
        return contextlib.nullcontext()

    def sources(self):
        """The source of what runs here, as that of one cell; none where it was not told."""
        return [self.source] if self.source else []

    def as_given(self, name, reference):
        """Whether a function is still the one of the reference's source that was handed out as it is."""
        last = name.rpartition(".")[2]
        mine, given = self.evaluator.namespace, {}
        exec(compile(reference, "<given>", "exec"), given)
        for part in name.split("."):
            mine, given = (vars(at) if isinstance(at, type) else at for at in (mine, given))
            mine, given = mine.get(part), given.get(part)
        return last == getattr(mine, "__name__", None) and _same_code(mine.__code__, given.__code__)

    def restart(self):
        """Nothing to forget: what runs here is ours."""

    def request(self, seconds=None, **message):
        request = self._cross(message, None, self.evaluator.resolve)
        reply = self._cross(self.evaluator.answer(request), self.evaluator.refer, None)
        if "fault" in reply:
            raise GuestFault
        if "raised" in reply:
            raised = reply["raised"]
            raise StudentError(raised["type"], raised["message"], None, raised["line"])
        return reply["value"]

    def _ask(self, name, state, args, kwargs):
        question = {"ask": name, "state": state, "args": list(args), "kwargs": kwargs}
        return self.answer(self._cross(question, self.evaluator.refer, None))

    @staticmethod
    def _cross(message, refer, resolve):
        data = wire.pack(message, refer)
        return wire.unpack(data[8:], int.from_bytes(data[4:8], "little"), resolve)


def _same_code(one, other):
    """Whether two compiled functions do the same."""
    if isinstance(one, CodeType) and isinstance(other, CodeType):
        alike = (one.co_code, one.co_names, one.co_varnames) == (other.co_code, other.co_names, other.co_varnames)
        pairs = zip(one.co_consts, other.co_consts, strict=False)
        return alike and len(one.co_consts) == len(other.co_consts) and all(_same_code(a, b) for a, b in pairs)
    return type(one) is type(other) and one == other
