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
from dataclasses import replace
from functools import lru_cache
from importlib.machinery import ModuleSpec
from pathlib import Path

from ..errors import GradbookError
from .declare import Check, Edit, Homework, Needs, Variant

CHECKS, MISTAKES = "checks.py", "mistakes.py"
# What checks.py may say of its needs -> where that stands in Needs, and of which kind it is.
NEEDS = {"MODULES": ("modules", tuple), "DISTRIBUTIONS": ("distributions", tuple), "MEMORY": ("memory", int)}


def ids(root):
    """The ids of all homeworks of a course that have checks, in teaching order. root: the course folder."""
    return sorted(path.parent.name for path in (Path(root) / "autograder").glob(f"[!.]*/{CHECKS}"))


def every(root):
    """The ids of all homeworks of a course. Raises GradbookError where it has none yet."""
    known = ids(root)
    if not known:
        raise GradbookError("there are no homeworks yet; run: gradbook new HOMEWORK")
    return known


def find(root, text):
    """The id that is this text, or the only one that begins with it. Raises GradbookError where there is none."""
    known = every(root)
    found = [text] if text in known else [homework for homework in known if homework.startswith(text)]
    if len(found) == 1:
        return found[0]
    if found:
        raise GradbookError(f"'{text}' may be {' or '.join(found)}; write more of it")
    raise _unknown(root, text)


def _unknown(root, text):
    return GradbookError(f"no homework '{text}'; there are: {', '.join(every(root))}")


def files(root, homework_id):
    """Place in the course folder -> content of a homework's hidden files: checks, mistakes, reference.

    Raises GradbookError where there is no such homework, or one cannot be read.
    """
    if homework_id not in ids(root):
        raise _unknown(root, homework_id)
    root = Path(root)
    paths = [*sorted((root / "autograder" / homework_id).glob("*.py")), root / "solutions" / f"{homework_id}.py"]
    try:
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
    except OSError as error:
        raise GradbookError(f"{error.filename} cannot be read ({type(error).__name__})") from None


def digest(root, homework_id):
    """What tells one state of a homework's hidden files from another."""
    return _digest(files(root, homework_id))


def _digest(found):
    state = hashlib.sha256()
    for place, content in found.items():
        state.update(f"{place} {len(content)}\0".encode() + content)
    return state.hexdigest()


def needs(root, homework_id):
    """What it takes to run the homework of this id: a Needs. Raises GradbookError where there is none.

    It is read without importing the checks: they want NumPy, and meanwhile the sandbox could be starting.
    """
    return _needs(homework_id, files(root, homework_id))


def _needs(homework_id, found):
    declared = _declared(found[f"autograder/{homework_id}/{CHECKS}"])
    return Needs(homework_id, found[f"solutions/{homework_id}.py"].decode(), **declared)


@lru_cache(maxsize=64)
def _declared(checks):
    """What the source of a module of checks says of its needs, where it is written out."""
    found = {}
    for node in ast.parse(checks).body:
        name = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None)
        if name in NEEDS:
            field, kind = NEEDS[name]
            with contextlib.suppress(ValueError, TypeError):
                value = ast.literal_eval(node.value)
                found.update({field: value} if isinstance(value, kind) else {})
    return found


_loaded: dict[tuple[str, str], Homework] = {}  # (id, digest of the files): courses that differ share nothing


def load(root, homework_id):
    """The homework of this id, the same one as long as its files are. Raises GradbookError where there is none."""
    found = files(root, homework_id)
    key = homework_id, _digest(found)
    if key not in _loaded:
        _loaded[key] = _load(Path(root), _needs(homework_id, found), key[1])
    return _loaded[key]


def _load(root, known, state):
    with _reference_at_hand(root, known.id):
        checks, mistakes = (_module(root / "autograder" / known.id / name, state) for name in (CHECKS, MISTAKES))
    read = {name: getattr(known, field) for name, (field, _) in NEEDS.items()}
    if any(getattr(checks, name, value) != value for name, value in read.items()):
        raise GradbookError(
            f"{checks.__file__}: MODULES and DISTRIBUTIONS must be tuples, written out as MODULES = (...), and MEMORY "
            "a number"
        )
    return Homework(
        **vars(known),
        checks=tuple(_checks(checks)),
        variants=tuple(_variants(vars(mistakes), known.reference)),
        examples=getattr(checks, "EXAMPLES", {}),
        equivalent=getattr(mistakes, "EQUIVALENT", {}),
    )


def _checks(module):
    """The checks of a module; those of a function that GRADIENTS names know what a numerical derivative would call."""
    derivatives = getattr(module, "GRADIENTS", {})
    for item in vars(module).values():
        if isinstance(item, Check):
            yield replace(item, gradient=tuple(derivatives.get(item.covers, ())))


def _variants(names, reference):
    """The variants among these names, then those that are changes of the reference, also in lists."""
    yield from [v for v in names.values() if isinstance(v, Variant)]
    for value in names.values():
        for item in value if isinstance(value, (list, tuple)) else [value]:
            if isinstance(item, Edit):
                yield item.variant(reference)


# ---------------------------------------------------------------- modules


def _module(path, state):
    """A module of the course, run from its file; an empty one where there is none."""
    name = f"gradbook_course.{state[:16]}.{path.parent.name}.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    if path.is_file():
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
    return module


class _Solutions:
    """Lets checks import their own reference, as `solutions.HOMEWORK`, and nothing else of the course."""

    def __init__(self, path):
        self.path = path

    def find_spec(self, name, path=None, target=None):
        if name == "solutions":
            return ModuleSpec(name, None, is_package=True)
        if name == f"solutions.{self.path.stem}":
            return importlib.util.spec_from_file_location(name, self.path)
        return None


@contextlib.contextmanager
def _reference_at_hand(root, homework_id):
    """Have the reference to import for the time of this, and no longer: another course has another one."""
    finder, others = _Solutions(root / "solutions" / f"{homework_id}.py"), _take_solutions()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        _take_solutions()
        sys.modules.update(others)


def _take_solutions():
    """Take what was imported as `solutions` out of the modules."""
    names = [name for name in sys.modules if name.partition(".")[0] == "solutions"]
    return {name: sys.modules.pop(name) for name in names}
