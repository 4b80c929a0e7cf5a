"""Answers the grader's requests about the names that a notebook defined.

The same class serves the sandboxed child, where requests come over a socket, and the grader's own
process, where reference solutions and known mistakes are run: so a check cannot tell them apart.
"""

import marshal
import warnings
from collections.abc import Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import lru_cache
from io import StringIO
from types import CodeType
from typing import Any

import numpy as np

from .exceptions import Fault, describe
from .names import Dotted, Names, find, has
from .stand_ins import AskHost, Patch, StandIns

WORDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    ((bool, int, float, complex, np.generic), "a number"),
    (np.ndarray, "an array"),
    (str, "a text"),
    (list, "a list"),
    (tuple, "a tuple"),
    (dict, "a dict"),
    (type(None), "None"),
    (type(np), "a module"),
)


@lru_cache(maxsize=64)
def _compiled(source: str, mode: str = "exec") -> CodeType:
    """A few lines of an example: an audit asks for the same ones again and again."""
    return compile(source, "<string>", mode)


@lru_cache(maxsize=64)
def _loaded(code: bytes) -> CodeType:
    """A few lines of a check, compiled by the grader: to do it here would take longer than what many of them do."""
    return marshal.loads(code)


class Kept:
    """Marks a value that must stay here and cross only as a number, although it could cross whole."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Evaluator:
    """Holds a namespace and the objects the grader speaks of by number.

    namespace: the dict in which the notebook's cells ran.
    ask_host: called with (name, state, args, kwargs) when a function runs that stands in for one of the notebook's.
    passing: exceptions that are not the code's own, and end the answer.

    A request names one of the methods below that begin with an underscore, in `op`, and gives its arguments.
    """

    def __init__(self, namespace: Names, ask_host: AskHost, passing: tuple[type[BaseException], ...] = ()) -> None:
        self.namespace, self.passing = namespace, passing
        self.stand_ins = StandIns(namespace, ask_host)
        self.kept: dict[int, Any] = {}
        self.warned = 0

    def refer(self, value: Any) -> int:
        """The number of an object that stays here."""
        number = len(self.kept)
        self.kept[number] = value.value if isinstance(value, Kept) else value
        return number

    def resolve(self, number: int) -> Any:
        return self.kept[number]

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
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

    def _call(self, target: Any, path: Dotted, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        function = find(self.namespace, target, path)
        outer, self.stand_ins.running = self.stand_ins.running, path[-1] if path else None
        try:
            return function(*args, **kwargs)
        finally:
            self.stand_ins.running = outer

    def _get(self, target: Any, path: Dotted) -> Any:
        if target is not None and path:
            self.stand_ins.state.asked_for[path[0]] = None
        return find(self.namespace, target, path)

    def _set(self, target: Any, path: Dotted, value: Any) -> None:
        *parents, last = path
        if target is None and not parents:
            self.namespace[last] = value
        else:
            setattr(find(self.namespace, target, parents), last, value)

    def _has(self, target: Any, path: Dotted) -> bool:
        return has(self.namespace, target, path)

    def _kind(self, path: Dotted) -> str:
        """What a dotted name stands for, in one of a few words; an empty text where it stands for nothing."""
        try:
            value = find(self.namespace, None, path)
        except (NameError, AttributeError):
            return ""
        return next((word for kind, word in WORDS if isinstance(value, kind)), "an object")

    def _keep(self, value: Any) -> Kept:
        return Kept(value)

    def _keep_path(self, target: Any, path: Dotted) -> Kept:
        return Kept(find(self.namespace, target, path))

    def _unwrap(self, target: Any) -> Any:
        return target

    def _example(self, source: str) -> Any:
        """The value of the last line of a few lines of code, run in a copy of the namespace."""
        *before, last = source.strip().split("\n")
        names = dict(self.namespace)
        exec(_compiled("\n".join(before)), names)
        return eval(_compiled(last, "eval"), names)

    def _define(self, code: np.ndarray, name: str) -> Kept:
        """Something a few lines of code define, run in a copy of the namespace. code: as bytes, see `_loaded`."""
        names = dict(self.namespace)
        exec(_loaded(code.tobytes()), names)
        return Kept(names[name])

    def _fill(self, target: Any, path: Dotted, values: dict[Any, Any]) -> None:
        """Write into arrays of a dict or list, which stay the same arrays."""
        for key, value in values.items():
            np.copyto(find(self.namespace, target, path)[key], value)

    def _seed(self, seed: int) -> None:
        np.random.seed(seed)

    def _iterate(self, target: Iterable[Any], limit: int) -> list[Any]:
        return [item for item, _ in zip(target, range(limit), strict=False)]

    def _warned(self) -> int:
        count, self.warned = self.warned, 0
        return count

    def _prepare(
        self, covers: Dotted, replaced: Sequence[Dotted], counted: Sequence[Dotted], patched: Sequence[Patch] = ()
    ) -> bool:
        """Whether a function is there; if so, substitute some others, and count the calls of those that are there.

        covers, replaced, counted: dotted names, as lists of their parts. patched: such a name and a source for each.
        All or nothing is done, until `_restore`.
        """
        return self.stand_ins.prepare(covers, replaced, counted, patched)

    def _restore(self) -> int:
        """Put back every function that was substituted or counted; gives how many calls were counted."""
        return self.stand_ins.restore()
