"""What is done for a quick start, and that everything works without it."""

import subprocess
import sys

import pytest
from conftest import HW01, run
from nbgrader import api

from gradbook.intake.gradebook_version import read_version_here, version
from gradbook.intake.quick_start import SWITCH

pytestmark = pytest.mark.programs

SOURCE = """
import atexit, gc, os, sys
os.environ["PATH"] = os.defpath
from gradbook.fronts.cli import main
code = main(["grade", "hw01", "--course", sys.argv[1]])
exits = atexit._ncallbacks()
main(["report", "--course", os.devnull])
more = atexit._ncallbacks() - exits
print(code, more, "nbgrader.server_extensions" in sys.modules, gc.get_threshold()[0], sys.modules["rfc3987_syntax"])
"""


@pytest.mark.parametrize(
    ("value", "state"), [("", "False 10000 None"), ("1", "True 700 <module 'rfc3987_syntax' from ")]
)
def test_grading_with_and_without_the_tricks(course, submit, solve, monkeypatch, value, state):
    """Nor must the environment be activated: nbgrader runs a program of it to make the gradebook."""
    submit("ann", solve())
    monkeypatch.setenv(SWITCH, value)
    (course.root / "gradebook.db").unlink()
    done = run("python", "-c", SOURCE, course.root)
    assert done.stdout.startswith(f"{HW01}: 1 graded"), done.stderr
    assert done.stdout.splitlines()[-1].startswith(f"0 0 {state}")


def test_the_version_of_a_gradebook_is_what_nbgraders_program_says(monkeypatch):
    source = "from nbgrader.api import get_alembic_version; print(get_alembic_version())"
    assert run("python", "-c", source).stdout.split() == [version()]
    monkeypatch.setattr(api, "get_alembic_version", None)
    read_version_here()
    assert api.get_alembic_version() == version()


def test_what_nbgrader_has_of_others_is_there_once_it_is_used(tmp_path):
    """It is imported then, not with nbgrader, which needs it for archives and for a JupyterHub only."""
    source = """
import shutil, sys
from gradbook.intake.startup import prepare_nbgrader
prepare_nbgrader()
from nbgrader import api, utils
assert not {"setuptools", "requests"} & set(sys.modules)
shutil.make_archive("some", "zip", "in")
utils.unpack_archive("some.zip", "out")
import setuptools.archive_util
assert sys.modules["setuptools"].__version__
from nbgrader.auth import jupyterhub
try:
    jupyterhub.requests.request("GET", "http://127.0.0.1:9/")
except sys.modules["requests"].exceptions.ConnectionError:
    import requests.adapters
"""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.txt").write_text("inside")
    subprocess.run([sys.executable, "-c", source], cwd=tmp_path, check=True)
    assert (tmp_path / "out" / "x.txt").read_text() == "inside"
