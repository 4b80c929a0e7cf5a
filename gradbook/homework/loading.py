"""Finding a homework in its course folder: what it needs, without running anything of it, and all that it declares.

Of each homework, a course holds solutions/HOMEWORK.py and autograder/HOMEWORK/ with checks.py and mistakes.py. They are
no package that could be imported, but are loaded from there by path, under names of their own: one process can grade
several courses.
"""

import ast
import contextlib
import hashlib
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from ..errors import GradbookError
from .declare import AS_THE_REFERENCE, Check, Edit, Homework, Needs, Variant, as_tuple
from .examples import examples_of
from .proofreading import require_derivatives, require_names, require_one_of_each
from .source import summary

CHECKS, MISTAKES = "checks.py", "mistakes.py"
KINDS = {CHECKS: "checks", MISTAKES: "variants"}
# What checks.py may say of its needs -> where that stands in Needs, and of which kind it is.
NEEDS = {"MODULES": ("modules", tuple), "DISTRIBUTIONS": ("distributions", tuple), "MEMORY": ("memory", int)}


class Library:
    """The homeworks of one course, found in its folder. root: the course folder.

    A homework that was loaded is the same one as long as its files are.
    """

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)
        self._needs: dict[str, tuple[str, Needs]] = {}  # id -> digest of the files, what it needs
        self._loaded: dict[str, tuple[str, Homework]] = {}

    def ids(self) -> list[str]:
        """The ids of all homeworks that have checks, in teaching order."""
        return sorted(path.parent.name for path in (self.root / "autograder").glob(f"[!.]*/{CHECKS}"))

    def every(self) -> list[str]:
        """The same. Raises GradbookError where there are none yet."""
        known = self.ids()
        if not known:
            raise GradbookError("there are no homeworks yet; run: gradbook new HOMEWORK")
        return known

    def find(self, text: str) -> str:
        """The id that is this text, or the only one that begins with it. Raises GradbookError where there is none."""
        known = self.every()
        found = [text] if text in known else [homework for homework in known if homework.startswith(text)]
        if len(found) == 1:
            return found[0]
        if found:
            raise GradbookError(f"'{text}' may be {' or '.join(found)}; write more of it")
        raise self._unknown(text)

    def _unknown(self, text: str) -> GradbookError:
        return GradbookError(f"no homework '{text}'; there are: {', '.join(self.every())}")

    def require(self, homework_id: str) -> None:
        """Raises GradbookError where there is no homework of this id."""
        if homework_id not in self.ids():
            raise self._unknown(homework_id)

    def files(self, homework_id: str) -> dict[str, bytes]:
        """Place in the course folder -> content of a homework's hidden files: checks, mistakes, reference.

        Raises GradbookError where there is no such homework, or one cannot be read.
        """
        self.require(homework_id)
        hidden = sorted(p for p in (self.root / "autograder" / homework_id).rglob("*") if _is_the_authors(p))
        paths = [*hidden, self.root / "solutions" / f"{homework_id}.py"]
        try:
            return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in paths}
        except OSError as error:
            raise GradbookError(f"{error.filename} cannot be read ({type(error).__name__})") from None

    def digest(self, homework_id: str) -> str:
        """What tells one state of a homework's hidden files from another."""
        return _digest(self.files(homework_id))

    def needs(self, homework_id: str) -> Needs:
        """What it takes to run the homework of this id. Raises GradbookError where there is none.

        It is read without importing the checks: they want NumPy, and meanwhile the sandbox could be starting.
        """
        found = self.files(homework_id)
        state = _digest(found)
        if self._needs.get(homework_id, ("",))[0] != state:
            self._needs[homework_id] = state, _needs(homework_id, found)
        return self._needs[homework_id][1]

    def load(self, homework_id: str) -> Homework:
        """The homework of this id. Raises GradbookError where there is none."""
        known, released = self.needs(homework_id), self._released(homework_id)
        state = f"{self._needs[homework_id][0]} {hashlib.sha256(released).hexdigest()}"
        if self._loaded.get(homework_id, ("",))[0] != state:
            homework = _load(self.root, known, state)
            examples = examples_of(homework, released) if released else {}
            self._loaded[homework_id] = state, replace(homework, examples=examples)
        return self._loaded[homework_id][1]

    def _released(self, homework_id: str) -> bytes:
        """The notebook that students got, with the public checks; nothing before it is built."""
        with contextlib.suppress(OSError):
            return (self.root / "release" / homework_id / f"{homework_id}.ipynb").read_bytes()
        return b""


def _is_the_authors(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")


def _digest(found: dict[str, bytes]) -> str:
    state = hashlib.sha256()
    for place, content in found.items():
        state.update(f"{place} {len(content)}\0".encode() + content)
    return state.hexdigest()


def _needs(homework_id: str, found: dict[str, bytes]) -> Needs:
    declared = _declared(found[f"autograder/{homework_id}/{CHECKS}"])
    return Needs(homework_id, found[f"solutions/{homework_id}.py"].decode(), **declared)


def _declared(checks: bytes) -> dict[str, Any]:
    """What the source of a module of checks says of its needs, where it is written out."""
    found: dict[str, Any] = {}
    for node in ast.parse(checks).body:
        name = getattr(node.targets[0], "id", "") if isinstance(node, ast.Assign) else ""
        if isinstance(node, ast.Assign) and name in NEEDS:
            field, kind = NEEDS[name]
            with contextlib.suppress(ValueError, TypeError):
                value = ast.literal_eval(node.value)
                found.update({field: value} if isinstance(value, kind) else {})
    return found


def _load(root: Path, known: Needs, state: str) -> Homework:
    folder = root / "autograder" / known.id
    with _reference_at_hand(root, known.id):
        checks, mistakes = (_declarations(root, folder / name, kind, state) for name, kind in KINDS.items())
    read = {name: getattr(known, field) for name, (field, _) in NEEDS.items()}
    if any(getattr(checks, name, value) != value for name, value in read.items()):
        raise GradbookError(
            f"{checks.__file__}: MODULES and DISTRIBUTIONS must be tuples, written out as MODULES = (...), and MEMORY "
            "a number"
        )
    with _told_of(f"autograder/{known.id}"):
        homework = Homework(
            **vars(known),
            checks=tuple(_checks(checks, known.reference)),
            variants=tuple(_variants(vars(mistakes), known.reference)),
            equivalent=getattr(mistakes, "EQUIVALENT", {}),
            total=getattr(checks, "POINTS", None),
        )
        require_names(homework)
    return homework


@contextlib.contextmanager
def _told_of(place: str) -> Iterator[None]:
    """Have an author's slip told with the file or folder where it is."""
    try:
        yield
    except GradbookError as error:
        raise GradbookError(f"{place}: {error}") from None


def _declarations(root: Path, path: Path, kind: str, state: str) -> ModuleType:
    """A module of checks or mistakes. Raises GradbookError where it declares something twice, or wrongly."""
    with _told_of(path.relative_to(root).as_posix()):
        module = _module(path, state)
        require_one_of_each(path.read_text("utf-8") if path.is_file() else "", kind)
        return module


def _checks(module: ModuleType, reference: str) -> Iterator[Check]:
    """The checks of a module; those of a function that GRADIENTS names know what a numerical derivative would call."""
    derivatives = {name: as_tuple(called) for name, called in getattr(module, "GRADIENTS", {}).items()}
    require_derivatives(derivatives, reference)
    for value in vars(module).values():
        for item in value if isinstance(value, tuple) else [value]:
            if isinstance(item, Check):
                yield replace(_told(item, reference), gradient=derivatives.get(item.covers, ()))


def _told(check: Check, reference: str) -> Check:
    """A check with its words: where they are the reference's, these."""
    if check.promise != AS_THE_REFERENCE.rpartition("\n")[2]:
        return check
    with contextlib.suppress(KeyError):  # that it is not there is told with all other names
        call, promise = summary(reference, check.covers)
        if not promise:
            raise GradbookError(f"the check {check.name} needs a docstring; {check.covers} has none in the reference")
        return replace(check, call=call, promise=promise)
    return check


def _variants(names: dict[str, Any], reference: str) -> Iterator[Variant]:
    """The variants among these names, then those that are changes of the reference, also in lists."""
    yield from [v for v in names.values() if isinstance(v, Variant)]
    for value in names.values():
        for item in value if isinstance(value, (list, tuple)) else [value]:
            if isinstance(item, Edit):
                yield item.variant(reference)


# ---------------------------------------------------------------- modules


def _module(path: Path, state: str) -> ModuleType:
    """A module of the course, run from its file; an empty one where there is none."""
    name = f"gradbook_course.{state[:16]}.{path.parent.name}.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader  # it ends in .py
    module = importlib.util.module_from_spec(spec)
    if path.is_file():
        sys.modules[name] = module  # where a dataclass that it declares looks for it
        try:
            spec.loader.exec_module(module)
        finally:
            del sys.modules[name]
    return module


class _Solutions:
    """Lets checks import their own reference, as `solutions.HOMEWORK`, and nothing else of the course."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name == "solutions":
            return ModuleSpec(name, None, is_package=True)
        if name == f"solutions.{self.path.stem}":
            return importlib.util.spec_from_file_location(name, self.path)
        return None


@contextlib.contextmanager
def _reference_at_hand(root: Path, homework_id: str) -> Iterator[None]:
    """Have the reference to import for the time of this, and no longer: another course has another one."""
    finder, others = _Solutions(root / "solutions" / f"{homework_id}.py"), _take_solutions()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        _take_solutions()
        sys.modules.update(others)


def _take_solutions() -> dict[str, ModuleType]:
    """Take what was imported as `solutions` out of the modules."""
    names = [name for name in sys.modules if name.partition(".")[0] == "solutions"]
    return {name: sys.modules.pop(name) for name in names}
