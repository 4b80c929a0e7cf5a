"""Without PyTorch: the one homework that needs it is still built, and grading it says in one line how to get it."""

import sys

import pytest
from conftest import ROOT, handed_in, ids, load

from gradbook.authoring.build import build
from gradbook.course.assignment import Assignment
from gradbook.fronts import cli

HW08 = "hw08_numpy_to_pytorch"


@pytest.fixture(autouse=True)
def no_torch(monkeypatch):
    """torch cannot be imported, whether it is installed or not."""
    monkeypatch.setitem(sys.modules, "torch", None)


def test_grading_says_how_to_get_it(course, capsys):
    handed_in(course, "ann", HW08).folder.mkdir(parents=True)
    assert cli.main(["grade", HW08, "--course", str(course.root), "--workers", "1"]) == 1
    said = capsys.readouterr()
    assert said.err == f"gradbook: {HW08} needs torch; run: pip install torch\n"
    assert said.out == ""
    assert not (course.root / "autograded").exists()


def test_auditing_says_how_to_get_it(capsys):
    assert cli.main(["audit", HW08]) == 1
    assert capsys.readouterr().err == f"gradbook: {HW08} needs torch; run: pip install torch\n"


def test_auditing_all_leaves_it_out(capsys, monkeypatch):
    chosen = []
    monkeypatch.setattr(
        "gradbook.auditing.audit.audit_all",
        lambda assignments, **options: chosen.extend(a.id for a in assignments) or [],
    )
    assert cli.main(["audit"]) == 0
    assert chosen == [homework for homework in ids() if homework != HW08]
    assert f"left out: {HW08} needs torch" in capsys.readouterr().err


def test_it_is_built(course):
    assert build(Assignment(course, HW08)).is_file()


def test_no_other_homework_asks_for_it():
    for homework in ids():
        if homework != HW08:
            load(homework).require_modules()


def test_nothing_else_imports_it():
    """Outside of the homework's own code, torch is imported only where a tensor arrives in the sandbox."""
    lines = [
        (path.name, line)
        for folder in ("gradbook", "autograder", "solutions", "source")
        for path in (ROOT / folder).rglob("*.py")
        if HW08 not in (path.stem, path.parent.name)
        for line in path.read_text().split("\n")
        if line.strip().startswith(("import torch", "from torch"))
    ]
    assert lines == [("wire.py", "        import torch")]
