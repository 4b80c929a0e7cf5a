"""`gradbook new`: what it makes passes everything as it is."""

import json
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT

pytestmark = pytest.mark.programs

HW = "hw13_trial"


@pytest.fixture
def clone(tmp_path):
    """A copy of the project, and a function that runs a module in it."""
    root = tmp_path / "clone"
    for name in ("gradbook", "autograder", "figures", "solutions", "source", "release", "docs", "tests"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("nbgrader_config.py", "pyproject.toml", ".pre-commit-config.yaml"):
        shutil.copy(ROOT / name, root)

    def python(*arguments, code=0):
        done = subprocess.run(
            [sys.executable, "-m", *arguments], cwd=root, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    python.root = root
    return python


def test_a_new_homework_is_built_audited_tested_and_graded(clone):
    words = clone("gradbook", "new", HW)
    files = words.split("\n")[:5]
    assert all((clone.root / name).is_file() and HW in name for name in files)
    assert "HOMEWORK" not in "".join((clone.root / name).read_text() for name in files)
    clone("gradbook", "build", "hw13")
    assert "mutation score 100.0%" in clone("gradbook", "audit", "hw13")
    assert "failed" not in clone("pytest", "-q", "-k", HW, "-p", "no:cacheprovider")
    clone("ruff", "check", ".")
    clone("gradbook", "sample-class", "hw13", "--students", "9")
    lines = clone("gradbook", "grade", "hw13", "--json").strip().split("\n")
    scores = {record["student"]: record["score"] for record in map(json.loads, lines)}
    assert scores["student0001"] == scores["student0002"] == 20
    assert 0 < scores["student0003"] < 20
    assert scores["student0007"] == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Attention", "'Attention' is no id: use small letters"),
        ("hw13-attention", "is no id"),
        ("lambda", "is no id"),
        ("../hw13", "is no id"),
        ("hw01_shallow_narrow", "hw01_shallow_narrow is there already"),
    ],
)
def test_an_id_that_will_not_do(clone, name, words):
    before = sorted(clone.root.rglob("*"))
    assert words in clone("gradbook", "new", name, code=1)
    assert [p for p in sorted(clone.root.rglob("*")) if "__pycache__" not in p.parts] == before


def test_a_file_that_is_there_stays(clone):
    there = clone.root / "source" / HW / "lesson.md"
    there.parent.mkdir()
    there.write_text("mine")
    assert f"source/{HW}/lesson.md is there already" in clone("gradbook", "new", HW, code=1)
    assert there.read_text() == "mine"
    assert not (clone.root / "solutions" / f"{HW}.py").exists()


def test_new_works_in_any_course(course, capsys):
    from gradbook.fronts import cli

    assert cli.main(["new", HW, "--course", str(course.root)]) == 0
    assert f"autograder/{HW}/mistakes.py" in capsys.readouterr().out
    assert cli.main(["build", "hw13", "--course", str(course.root)]) == 0
