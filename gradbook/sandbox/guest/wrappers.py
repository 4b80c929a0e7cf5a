"""What stands in the place of a notebook's function, class or method, and is otherwise what it stands for."""

from collections.abc import Callable
from typing import Any


class Counted:
    """A function that tells of its calls."""

    def __init__(self, function: Callable[..., Any], tell: Callable[[], None]) -> None:
        self.__function, self.__tell = function, tell

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.__tell()
        return self.__function(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__function, name)


class Maker:
    """A function that makes objects; the class of what it makes is shown to `see` first."""

    def __init__(self, make: Callable[..., Any], see: Callable[[type], None]) -> None:
        self.__make, self.__see = make, see

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        made = self.__make(*args, **kwargs)
        self.__see(type(made))
        return made

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__make, name)


class Method:
    """Stands in a class for a method; it goes before what an object itself has under that name.

    function: what stood there, as it stands in its class, or None. make: gives what is called instead, from what
    would have been called and the object.
    """

    def __init__(self, name: str, function: Any, make: Callable[[Any, Any], Any]) -> None:
        self.name, self.function, self.make = name, function, make

    def __get__(self, me: Any, kind: type | None = None) -> Any:
        return self.make(self._as_it_was(me, kind), me)

    def __set__(self, me: Any, value: Any) -> None:
        vars(me)[self.name] = value

    def __delete__(self, me: Any) -> None:
        if vars(me).pop(self.name, self) is self:
            raise AttributeError(self.name)

    def _as_it_was(self, me: Any, kind: type | None) -> Any:
        if self.name in getattr(me, "__dict__", ()):
            return vars(me)[self.name]
        if self.function is None:
            other = getattr(kind, "__getattr__", None)
            return other(me, self.name) if other and me is not None else None
        return self.function.__get__(me, kind) if hasattr(type(self.function), "__get__") else self.function
