"""What the Containerfile and the dev container name is there, as far as can be seen without a container."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile

import pytest
from conftest import ROOT

from gradbook.fronts.cli import parser

pytestmark = pytest.mark.programs

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def steps():
    """Instruction -> what follows it, each time, in the Containerfile."""
    found = {}
    for line in (ROOT / "Containerfile").read_text().splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            found.setdefault(word, []).append(rest)
    return found


def test_what_is_copied_is_all_that_an_installation_needs(steps, tmp_path):
    for line in steps["COPY"]:
        *names, target = line.split()
        for name in names:
            place = tmp_path / target.strip("/")
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                place.mkdir(exist_ok=True)
                shutil.copy(ROOT / name, place)
    source = tmp_path / "src"
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, source]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as made:
        names = made.namelist()
    assert "gradbook/fronts/cli.py" in names
    assert any(name.endswith("/LICENSE") for name in names)


def test_it_runs_the_command_as_an_ordinary_user(steps):
    (image,), (user,) = steps["FROM"], steps["USER"]
    assert image == f"python:{PROJECT['requires-python'].removeprefix('>=')}-slim"
    assert int(user) > 0
    (entry,), (default,) = map(json.loads, steps["ENTRYPOINT"]), map(json.loads, steps["CMD"])
    assert set(entry) <= set(PROJECT["scripts"])
    parser().parse_args(default)


def test_the_commands_and_extras_that_are_named_are_there():
    pages = [ROOT / "Containerfile", *(ROOT / "docs").glob("*.md")]
    text = "\n".join(page.read_text() for page in pages)
    extras = re.findall(r"EXTRAS=([\w,]+)", text)
    assert extras and {name for found in extras for name in found.split(",")} <= set(PROJECT["optional-dependencies"])
    runs = re.findall(r"docker run .* gradbook (\w[^\n`]*)", text)
    assert runs
    for words in runs:
        parser().parse_args(words.split())


def test_the_dev_container_sets_up_what_make_has():
    settings = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    assert settings["image"].endswith(f":{PROJECT['requires-python'].removeprefix('>=')}")
    program, *targets = settings["postCreateCommand"].split()
    assert program == "make"
    assert set(targets) <= set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M))
    interpreter = settings["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert interpreter == "${containerWorkspaceFolder}/.venv/bin/python"
