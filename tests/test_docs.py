"""What the README and the docs say to type can be typed, and what they point to is there."""

import re
import shlex

import pytest
from conftest import ROOT

from gradbook.fronts.cli import parser

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands(page):
    """The lines of a page's shell blocks, as lists of words."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(), re.S)
    return [shlex.split(line, comments=True) for block in blocks for line in block.split("\n") if line.strip()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_are_understood(page):
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M)
    for program, *words in commands(page):
        if program.endswith("gradbook"):
            parser().parse_args(words)
        elif program == "make":
            assert set(words) <= set(targets)
        else:
            assert program in ("source", "pytest", "python", "jupyter", "pip", "dask"), program


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_pointed_to_is_there(page):
    for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        assert link.startswith("https://") or (page.parent / link).is_file(), link


def test_every_command_is_explained():
    known = parser()._subparsers._group_actions[0].choices
    text = " ".join(page.read_text() for page in PAGES)
    assert [name for name in known if f"gradbook {name}" not in text] == []


def test_the_version_is_told_and_its_changes_are_listed(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["--version"])
    version = capsys.readouterr().out.split()[1]
    assert f"\n## {version.rpartition('.')[0]}\n" in (ROOT / "CHANGELOG.md").read_text()


def test_the_engine_points_to_no_page():
    """Where it is installed from a wheel there are none."""
    files = [path for path in (ROOT / "gradbook").rglob("*") if path.suffix in (".py", ".md", ".sh")]
    assert files and [path for path in files if "docs/" in path.read_text()] == []
