"""Answers the grader's requests about the names that a notebook defined.

The same class serves the sandboxed child, where requests come over a socket, and the grader's own
process, where reference solutions and known mistakes are run: so a check cannot tell them apart.
"""

import builtins
import traceback
import warnings
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import numpy as np

from .text import name_of, text_of


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

    def refer(self, value):
        """The number of an object that stays here."""
        number = len(self.kept)
        self.kept[number] = value.value if isinstance(value, Kept) else value
        return number

    def resolve(self, number):
        return self.kept[number]

    def answer(self, request):
        """Carry out one request: a dict with `op`. Returns {"value": …} or {"raised": …}."""
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

    def _prepare(self, covers, replaced, counted):
        """Whether a function is there; if so, substitute some others, and count the calls of those that are there.

        covers, replaced, counted: dotted names, as lists of their parts. All or nothing is done, until `_restore`.
        """
        if not self._has(None, covers):
            return False
        try:
            for path in replaced:
                self._substitute(path)
            for path in counted:
                if self._has(None, path):
                    self._count(path)
        except BaseException:
            self._restore()
            raise
        return True

    def _substitute(self, path):
        """Let the grader answer for a function of the notebook, by values: path is its dotted name."""
        *parents, last = path
        name = ".".join(path)
        if parents:
            owner = self._find(None, parents)
            self.replaced.append((setattr, delattr, owner, last, vars(owner).get(last)))
            setattr(owner, last, lambda me, *args, **kwargs: self.ask_host(name, dict(vars(me)), args, kwargs))
        else:
            owner = self.namespace
            self.replaced.append((dict.__setitem__, dict.__delitem__, owner, last, owner.get(last)))
            owner[last] = lambda *args, **kwargs: self.ask_host(name, None, args, kwargs)

    def _count(self, path):
        """Count the calls of a function of the notebook that come from other functions of it."""
        *parents, last = path
        owner = self._find(None, parents) if parents else None
        function = vars(owner)[last] if parents else self.namespace[last]

        def counted(*args, **kwargs):
            if self.running != last:
                self.inner_calls += 1
            return function(*args, **kwargs)

        if parents:
            self.replaced.append((setattr, delattr, owner, last, function))
            setattr(owner, last, counted)
        else:
            self.replaced.append((dict.__setitem__, dict.__delitem__, self.namespace, last, function))
            self.namespace[last] = counted

    def _restore(self):
        """Put back every function that was substituted or counted; gives how many calls were counted."""
        while self.replaced:
            put, remove, owner, name, value = self.replaced.pop()
            put(owner, name, value) if value is not None else remove(owner, name)
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
