"""What is looked at before a commit: each hook of .pre-commit-config.yaml passes what is good, and stops its fault."""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest
import yaml
from conftest import ROOT, run

pytestmark = pytest.mark.programs

REPOSITORIES = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
HOOKS = [hook["id"] for repository in REPOSITORIES for hook in repository["hooks"]]
FAULTS = {
    "ruff-check": ("gradbook/module.py", "import os\n"),
    "ruff-format": ("gradbook/module.py", "x = [1,2]\n"),
    "mypy": ("gradbook/module.py", 'x: int = "one"\n'),
    "nbstripout": ("source/notebook.ipynb", None),
}


@pytest.fixture
def hook(tmp_path):
    """A function that runs a hook in a repository that is as this one is made, and holds what it is given."""
    for name in (".pre-commit-config.yaml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / ".gitignore").write_text(".venv\n")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)

    def run_hook(name, files):
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_text(text)
        subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
        env = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / ".git" / "pre-commit")}
        return run("pre-commit", "run", "--all-files", name, cwd=tmp_path, env=env)

    return run_hook


def notebook(*outputs):
    """A notebook's text, with one cell that gave these outputs."""
    cell = nbformat.v4.new_code_cell("1 + 1", id="one", outputs=list(outputs))
    return nbformat.writes(nbformat.v4.new_notebook(cells=[cell])) + "\n"


CLEAN = {"gradbook/module.py": "x = [1, 2]\n", "solutions/solution.py": "", "source/notebook.ipynb": notebook()}


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_stops_its_fault_only(hook, name):
    done = hook(name, CLEAN)
    assert done.returncode == 0 and "Passed" in done.stdout, done.stdout
    path, fault = FAULTS[name]
    done = hook(name, {path: fault or notebook(nbformat.v4.new_output("stream", text="2"))})
    assert done.returncode == 1 and "Failed" in done.stdout, done.stdout
