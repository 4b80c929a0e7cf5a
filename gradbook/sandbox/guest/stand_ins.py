"""What the grader puts in the place of a notebook's functions for a while, and how it is taken away again."""

import inspect
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from .exceptions import ours
from .names import Dotted, Names, find, is_there
from .wrappers import Counted, Maker, Method

# Asks the grader: of a function's dotted name, with what its object keeps, if it has one, and the arguments.
AskHost = Callable[[str, dict[str, Any] | None, Sequence[Any], dict[str, Any]], Any]
# Gives what stands in for a function: from its dotted name, what stood there, or None, and its object, or None.
Make = Callable[[str, Any, Any], Any]
Patch = tuple[Dotted, str]  # a method, and the source of what is to stand in for it


class StandIns:
    """What stands in the place of functions of a notebook.

    names: the dict in which the notebook's cells ran. running: the last part of the dotted name that the grader has
    called. covers: that of the function that is looked at: calls that another one makes are not counted.
    """

    def __init__(self, names: Names, ask_host: AskHost) -> None:
        self.names, self.ask_host, self.state = names, ask_host, State()
        self.running: str | None = None
        self.covers = ""
        self.calls = 0
        self._undo: list[Callable[[], object]] = []

    def prepare(
        self, covers: Dotted, replaced: Sequence[Dotted], counted: Sequence[Dotted], patched: Sequence[Patch]
    ) -> bool:
        """See `Evaluator._prepare`."""
        with ours():
            if not is_there(self.names, covers):
                return False
        self.covers = covers[-1]
        try:
            with ours():
                for path in replaced:
                    self._stand_in(path, self._substitute)
                for path, source in patched:
                    self._stand_in(path, self._patched(path, source))
                for path in counted:
                    if is_there(self.names, path):
                        self._stand_in(path, self._count)
        except BaseException:
            self.restore()
            raise
        return True

    def restore(self) -> int:
        """Put back every function that was substituted or counted; gives how many calls were counted."""
        with ours():
            while self._undo:
                self._undo.pop()()
        count, self.calls = self.calls, 0
        return count

    def _stand_in(self, path: Dotted, make: Make) -> None:
        """Put what `make` gives in the place of a function, wherever that comes from."""
        *parents, last = path
        if not parents:
            self._put(last, make(last, self.names.get(last), None))
            return
        owner = find(self.names, None, parents)
        if isinstance(owner, type):
            self._put_method(owner, path, make)
        else:
            # Whose methods they are is known once something was made.
            self._put(parents[0], Maker(owner, lambda kind: self._put_method_once(kind, path, make)))

    def _put_method_once(self, kind: type, path: Dotted, make: Make) -> None:
        # What a built-in type makes cannot be changed.
        with ours(), suppress(TypeError):
            if not isinstance(vars(kind).get(path[-1]), Method):
                self._put_method(kind, path, make)

    def _put(self, name: str, value: Any) -> None:
        missing = name not in self.names
        before = self.names.get(name)
        self.names[name] = value
        self._undo.append(lambda: self.names.pop(name, None) if missing else self.names.update({name: before}))

    def _put_method(self, owner: type, path: Dotted, make: Make) -> None:
        """The class keeps what it had itself; what it inherits stays with the class that has it."""
        name = path[-1]
        before = [vars(owner)[name]] if name in vars(owner) else []
        function = inspect.getattr_static(owner, name, None)
        method = Method(name, function, lambda function, me: make(".".join(path), function, me))
        type.__setattr__(owner, name, method)

        def put_back() -> None:
            # Where the code itself put another one there meanwhile, that stays.
            if vars(owner).get(name) is method:
                type.__setattr__(owner, name, before[0]) if before else type.__delattr__(owner, name)

        self._undo.append(put_back)

    def _substitute(self, name: str, function: Any, me: Any) -> Callable[..., Any]:
        """The grader's answer to a function of the notebook, by values. name: its dotted name."""

        def asking(*args: Any, **kwargs: Any) -> Any:
            if "." not in name:
                return self.ask_host(name, None, args, kwargs)
            # Called by way of the class, the object comes first.
            owner, *rest = args if me is None else (me, *args)
            with ours():
                state = self.state.read(owner)
            return self.ask_host(name, state, rest, kwargs)

        return asking

    def _patched(self, path: Dotted, source: str) -> Make:
        """A method of this source, which asks the grader for what it lacks, by values."""
        name = ".".join(path)

        def right(hole: int, owner: Any, *args: Any) -> Any:
            with ours():
                state = self.state.read(owner)
            return self.ask_host(f"{name}#{hole}", state, args, {})

        made: dict[str, Any] = {"_right": right}
        exec(source, self.names, made)
        method = made[path[-1]]
        return lambda name, function, me: method if me is None else method.__get__(me)

    def _count(self, name: str, function: Any, me: Any) -> Counted:
        """The function, with those of its calls counted that come from the function that is looked at."""

        def count() -> None:
            # Called by nobody's name, it may be that one, which a check has kept.
            if self.running in (self.covers, None):
                self.calls += 1

        return Counted(function, count)


class State:
    """Tells what objects of a notebook keep. asked_for: the attributes that the grader has asked any of them for."""

    def __init__(self) -> None:
        self.asked_for: dict[str, None] = {}
        self.telling = False

    def read(self, me: Any) -> dict[str, Any]:
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
