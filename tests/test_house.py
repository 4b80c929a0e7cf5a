"""The engine's rooms: imports go one way, in no circle, and nothing in it knows a course."""

import ast
import graphlib
import re
import shutil

import pytest
from conftest import ROOT, ids

# From the doors down: a room may import what stands below it, and itself. The package holds its version, and no more.
FLOORS = "fronts site watching grading authoring pages auditing judging course intake sandbox homework errors"
ROOMS = (*FLOORS.split(), "")
COURSE = ("autograder", "solutions", "source", "release", "course_helpers")


def modules(engine):
    """Name, without the package's -> path of each module."""
    return {".".join(path.relative_to(engine).with_suffix("").parts): path for path in engine.rglob("*.py")}


def imports(name, path):
    """(module or name in a module, line) of each import, also inside functions; the engine's own without `gradbook`."""
    package = name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            up = package[: len(package) - node.level + 1] if node.level else []
            base = [*up, *(node.module or "").split(".")] if node.module else up
            for alias in node.names:
                yield ".".join([*(["gradbook"] if node.level else []), *base, alias.name]), node.lineno


def arrows(engine):
    """(importing module, line, imported module of the engine, or the name of another one)."""
    there = modules(engine)
    for name, path in there.items():
        for wanted, line in imports(name, path):
            parts = wanted.split(".")
            if parts[0] != "gradbook":
                yield name, line, wanted, False
                continue
            # What is imported is a module, or a name in one, or in a room as a whole.
            places = [".".join(parts[1:end]) for end in range(len(parts), 0, -1)]
            found = next(p for p in places if p in there or f"{p}.__init__".lstrip(".") in there)
            yield name, line, found if found in there else f"{found}.__init__".lstrip("."), True


def room(name):
    """The room of a module; `python -m gradbook` is a door, and the package itself has none."""
    first, _, rest = name.partition(".")
    return {"__main__": "fronts", "__init__": ""}.get(first, first if rest or first == "errors" else "?")


def faults(engine):
    """A line for each import that is not as it should be."""
    graph = {}
    for name, line, wanted, own in arrows(engine):
        if not own:
            if wanted.partition(".")[0] in COURSE:
                yield f"{name}:{line} imports {wanted}, which is the course's"
            continue
        graph.setdefault(name, set()).add(wanted)
        if ROOMS.index(room(name)) > ROOMS.index(room(wanted)):
            yield f"{name}:{line} imports {wanted}, which stands above it"
        if name.startswith("sandbox.guest.") and not wanted.startswith("sandbox.guest."):
            yield f"{name}:{line} imports {wanted}, which is not in the sandbox"
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        yield f"a circle: {' > '.join(error.args[1])}"


def test_imports_go_one_way():
    assert {room(name) for name in modules(ROOT / "gradbook")} == set(ROOMS)
    assert list(faults(ROOT / "gradbook")) == []


@pytest.mark.parametrize(
    ("module", "line", "fault"),
    [
        ("homework/source.py", "from ..judging.compare import difference", "judging.compare, which stands above it"),
        (
            "homework/source.py",
            "def f():\n    from gradbook.course import files",
            "course.files, which stands above",
        ),
        ("errors.py", "import gradbook.fronts.cli", "fronts.cli, which stands above it"),
        ("course/files.py", "from ..judging import judge as j", "judging.judge, which stands above it"),
        ("intake/release.py", "from . import choice", "a circle: "),
        ("sandbox/guest/wire.py", "from ...errors import GradbookError", "errors, which is not in the sandbox"),
        ("fronts/cli.py", "def f():\n    import solutions.hw01_shallow_narrow", "which is the course's"),
        ("grading/bench.py", "from autograder.hw01_shallow_narrow import checks", "which is the course's"),
    ],
)
def test_an_import_that_should_not_be_is_seen(tmp_path, module, line, fault):
    engine = tmp_path / "gradbook"
    shutil.copytree(ROOT / "gradbook", engine, ignore=shutil.ignore_patterns("__pycache__"))
    with open(engine / module, "a") as file:
        file.write(f"\n{line}\n")
    assert any(fault in found for found in faults(engine))


def test_the_engine_names_no_homework():
    files = [path for path in (ROOT / "gradbook").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    texts = {path.relative_to(ROOT): path.read_text() for path in files}
    known = re.compile("|".join(ids()))
    assert ids() and [path for path, text in texts.items() if known.search(text)] == []
