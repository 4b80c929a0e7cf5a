"""Answers the grader's requests about the names that a notebook defined.

The same class serves the sandboxed child, where requests come over a socket, and the grader's own
process, where reference solutions and known mistakes are run: so a check cannot tell them apart.
"""

import builtins
import dis
import inspect
import traceback
import warnings
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from io import StringIO

import numpy as np

from .text import name_of, text_of

WORDS = (
    ((bool, int, float, complex, np.generic), "a number"), (np.ndarray, "an array"), (str, "a text"), (list, "a list"),
    (tuple, "a tuple"), (dict, "a dict"), (type(None), "None"), (type(np), "a module"),
)  # fmt: skip


class Evaluator:
    """Holds a namespace and the objects the grader speaks of by number.

    namespace: the dict in which the notebook's cells ran.
    ask_host: called with (name, state, arguments) when a substituted function runs.
    passing: exceptions that are not the code's own, and end the answer.
    """

    def __init__(self, namespace, ask_host=None, passing=()):
        self.namespace, self.ask_host, self.passing = namespace, ask_host, passing
        self.kept, self.replaced = {}, []
        self.warned, self.running, self.inner_calls = 0, None, 0
        self.asked_for, self.telling = {}, False

    def refer(self, value):
        """The number of an object that stays here."""
        number = len(self.kept)
        self.kept[number] = value.value if isinstance(value, Kept) else value
        return number

    def resolve(self, number):
        return self.kept[number]

    def answer(self, request):
        """Carry out one request: a dict with `op`.

        Returns {"value": …}, {"raised": …} where the code raised, or {"fault": …} where what raised is ours.
        """
        try:
            quiet = redirect_stdout(StringIO()), redirect_stderr(StringIO())
            loud = np.errstate(all="warn", under="ignore")
            with warnings.catch_warnings(record=True) as caught, quiet[0], quiet[1], loud:
                warnings.simplefilter("always")
                value = getattr(self, "_" + request["op"])(**{k: v for k, v in request.items() if k != "op"})
            self.warned += sum(issubclass(w.category, RuntimeWarning) for w in caught)
            return {"value": value}
        except self.passing:
            raise
        except Fault as fault:
            return {"fault": str(fault)}
        except BaseException as error:
            return {"raised": describe(error)}

    def _call(self, target, path, args, kwargs):
        function = self._find(target, path)
        outer, self.running = self.running, path[-1] if path else None
        try:
            return function(*args, **kwargs)
        finally:
            self.running = outer

    def _get(self, target, path):
        if target is not None and path:
            self.asked_for[path[0]] = True
        return self._find(target, path)

    def _set(self, target, path, value):
        *parents, last = path
        if target is None and not parents:
            self.namespace[last] = value
        else:
            setattr(self._find(target, parents), last, value)

    def _has(self, target, path):
        try:
            return callable(self._find(target, path))
        except (NameError, AttributeError):
            return False

    def _kind(self, path):
        """What a dotted name stands for, in one of a few words; an empty text where it stands for nothing."""
        try:
            value = self._find(None, path)
        except (NameError, AttributeError):
            return ""
        return next((word for kind, word in WORDS if isinstance(value, kind)), "an object")

    def _keep(self, value):
        return Kept(value)

    def _keep_path(self, target, path):
        return Kept(self._find(target, path))

    def _unwrap(self, target):
        return target

    def _example(self, source):
        """The value of the last line of a few lines of code, run in a copy of the namespace."""
        *before, last = source.strip().split("\n")
        names = dict(self.namespace)
        exec("\n".join(before), names)
        return eval(last, names)

    def _define(self, source, name):
        """Something a few lines of code define, run in a copy of the namespace."""
        names = dict(self.namespace)
        exec(source, names)
        return Kept(names[name])

    def _fill(self, target, path, key, value):
        """Write into an array of a dict or list, which stays the same array."""
        np.copyto(self._find(target, path)[key], value)

    def _seed(self, seed):
        np.random.seed(seed)

    def _iterate(self, target, limit):
        return [item for item, _ in zip(target, range(limit), strict=False)]

    def _warned(self):
        count, self.warned = self.warned, 0
        return count

    def _prepare(self, covers, replaced, counted, patched=()):
        """Whether a function is there; if so, substitute some others, and count the calls of those that are there.

        covers, replaced, counted: dotted names, as lists of their parts. patched: such a name and a source for each.
        All or nothing is done, until `_restore`.
        """
        with _ours():
            if not self._is_there(covers):
                return False
        try:
            with _ours():
                for path in replaced:
                    self._stand_in(path, self._substitute)
                for path, source in patched:
                    self._stand_in(path, self._patched(path, source))
                for path in counted:
                    if self._is_there(path):
                        self._stand_in(path, self._count)
        except BaseException:
            self._restore()
            raise
        return True

    def _is_there(self, path):
        """Whether a dotted name is callable, or may be once there is an object: only that shows what it is given."""
        return self._has(None, path) or (len(path) == 2 and self._has(None, path[:1]) and self._shows_later(path))

    def _shows_later(self, path):
        owner, name = self.namespace[path[0]], path[1]
        if not isinstance(owner, type):
            return True
        methods = [getattr(value, "__code__", None) for kind in owner.__mro__ for value in vars(kind).values()]
        written = [code for code in methods if code and code.co_filename.startswith("<cell ")]
        return any(code.co_name == "__getattr__" or name in _set_on_self(code) for code in written)

    def _stand_in(self, path, make):
        """Put what `make(name, function, me)` gives in the place of a function, wherever that comes from.

        make: given the dotted name, the function that stood there, or None, and its object, or None.
        """
        *parents, last = path
        owner = self._find(None, parents) if parents else None
        if not parents:
            self._put(last, make(last, self.namespace.get(last), None))
        elif isinstance(owner, type):
            self._put_method(owner, path, make)
        else:
            # Whose methods they are is known once something was made.
            self._put(parents[0], _Maker(owner, lambda kind: self._put_method_once(kind, path, make)))

    def _put_method_once(self, kind, path, make):
        # What a built-in type makes cannot be changed.
        with _ours(), suppress(TypeError):
            if not isinstance(vars(kind).get(path[-1]), _Method):
                self._put_method(kind, path, make)

    def _put(self, name, value):
        missing = name not in self.namespace
        before = self.namespace.get(name)
        self.namespace[name] = value
        put_back = (lambda: self.namespace.pop(name, None)) if missing else lambda: self._set(None, [name], before)
        self.replaced.append(put_back)

    def _put_method(self, owner, path, make):
        """The class keeps what it had itself; what it inherits stays with the class that has it."""
        name = path[-1]
        before = [vars(owner)[name]] if name in vars(owner) else []
        function = inspect.getattr_static(owner, name, None)
        method = _Method(name, function, lambda function, me: make(".".join(path), function, me))
        type.__setattr__(owner, name, method)

        def put_back():
            # Where the code itself put another one there meanwhile, that stays.
            if vars(owner).get(name) is method:
                type.__setattr__(owner, name, before[0]) if before else type.__delattr__(owner, name)

        self.replaced.append(put_back)

    def _substitute(self, name, function, me):
        """The grader's answer to a function of the notebook, by values. name: its dotted name."""

        def asking(*args, **kwargs):
            if "." not in name:
                return self.ask_host(name, None, args, kwargs)
            # Called by way of the class, the object comes first.
            owner, *rest = args if me is None else (me, *args)
            with _ours():
                state = self._state(owner)
            return self.ask_host(name, state, rest, kwargs)

        return asking

    def _state(self, me):
        """What can be read of an object, name -> value: what it keeps, in whatever way, and its properties."""
        names = dict.fromkeys(getattr(me, "__dict__", ()))
        # A property may call what asks for the state.
        if not self.telling:
            held = [name for kind in type(me).__mro__ for name, value in vars(kind).items() if not callable(value)]
            names.update(dict.fromkeys([*held, *self.asked_for]))
        self.telling, outer = True, self.telling
        found = {}
        for name in names:
            if isinstance(name, str) and not name.startswith("__"):
                with suppress(Exception):
                    found[name] = getattr(me, name)
        self.telling = outer
        return found

    def _patched(self, path, source):
        """A method of this source, which asks the grader for what it lacks, by values."""
        name = ".".join(path)

        def right(hole, owner, *args):
            with _ours():
                state = self._state(owner)
            return self.ask_host(f"{name}#{hole}", state, args, {})

        made = {"_right": right}
        exec(source, self.namespace, made)
        method = made[path[-1]]
        return lambda name, function, me: method if me is None else method.__get__(me)

    def _count(self, name, function, me):
        """The function, with those of its calls counted that come from other functions of the notebook."""
        last = name.rpartition(".")[2]

        def count():
            if self.running != last:
                self.inner_calls += 1

        return _Counted(function, count)

    def _restore(self):
        """Put back every function that was substituted or counted; gives how many calls were counted."""
        with _ours():
            while self.replaced:
                self.replaced.pop()()
        count, self.inner_calls = self.inner_calls, 0
        return count

    def _find(self, target, path):
        path = list(path)
        if target is None:
            name = path.pop(0)
            if name not in self.namespace:
                raise NameError(f"name '{name}' is not defined")
            target = self.namespace[name]
        for name in path:
            target = getattr(target, name)
        return target


class Fault(BaseException):
    """Something went wrong in the grader's own part, and not in the code that it looks at."""


@contextmanager
def _ours():
    """What raises in here is no exception of the student's."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        raise Fault(type(error).__name__) from error


def _set_on_self(code):
    """Names of the attributes that a function's code assigns to."""
    return {instruction.argval for instruction in dis.get_instructions(code) if instruction.opname == "STORE_ATTR"}


class _Counted:
    """A function that tells of its calls, and is otherwise what it stands for."""

    def __init__(self, function, tell):
        self.__function, self.__tell = function, tell

    def __call__(self, *args, **kwargs):
        self.__tell()
        return self.__function(*args, **kwargs)

    def __getattr__(self, name):
        return getattr(self.__function, name)


class _Method:
    """Stands in a class for a method; it goes before what an object itself has under that name.

    function: what stood there, as it stands in its class, or None. make: gives what is called instead, from what
    would have been called and the object.
    """

    def __init__(self, name, function, make):
        self.name, self.function, self.make = name, function, make

    def __get__(self, me, kind):
        return self.make(self._as_it_was(me, kind), me)

    def __set__(self, me, value):
        vars(me)[self.name] = value

    def __delete__(self, me):
        if vars(me).pop(self.name, self) is self:
            raise AttributeError(self.name)

    def _as_it_was(self, me, kind):
        if self.name in getattr(me, "__dict__", ()):
            return vars(me)[self.name]
        if self.function is None:
            other = getattr(kind, "__getattr__", None)
            return other(me, self.name) if other and me is not None else None
        return self.function.__get__(me, kind) if hasattr(type(self.function), "__get__") else self.function


class _Maker:
    """Stands for a function that makes objects; the class of what it makes is shown to `see` first."""

    def __init__(self, make, see):
        self.__make, self.__see = make, see

    def __call__(self, *args, **kwargs):
        made = self.__make(*args, **kwargs)
        self.__see(type(made))
        return made

    def __getattr__(self, name):
        return getattr(self.__make, name)


class Kept:
    """Marks a value that must stay here and cross only as a number, although it could cross whole."""

    def __init__(self, value):
        self.value = value


def describe(error):
    """An exception as plain data: its type, its message, and the line of the notebook's cell that raised it."""
    filename, line = _place(error)
    return {
        "type": _builtin(error),
        "message": text_of(error, 1000),
        "cell": filename[6:-1] if filename else None,
        "line": line if type(line) is int else None,
    }


def _builtin(error):
    """The name of the built-in exception that an exception is, or comes from."""
    # Asked of the type itself: what its metaclass says of it may be anything.
    bases = type.__dict__["__mro__"].__get__(type(error))
    known = list(map(id, vars(builtins).values()))
    return next((name_of(base) for base in bases if id(base) in known), "Exception")


def _place(error):
    """The file name and line of the notebook's cell that an exception came from last, or None and None."""
    if isinstance(error, SyntaxError):
        filename = text_of(error.filename, 100)
        if filename.startswith("<cell "):
            return filename, error.lineno
    places = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    return next((place for place in reversed(places) if place[0].startswith("<cell ")), (None, None))
