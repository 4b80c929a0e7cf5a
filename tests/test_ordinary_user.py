"""The sandbox holds for an ordinary user as it does for root."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT

from gradbook.sandbox.session import Session
from gradbook.sandbox.shared import Sandbox
from gradbook.sandbox.worker import Worker


@pytest.mark.places
def test_sandbox_and_tricks_as_an_ordinary_user():
    if os.geteuid() != 0:
        # Then all the other tests were run as an ordinary user already; only see that it was in the sandbox.
        with Sandbox({}) as sandbox, Worker(sandbox) as worker, Session(worker) as session:
            outputs, _ = session.run(0, "import os; print(os.listdir('/proc'))")
        assert outputs[0]["text"] == "[]\n"
        return
    tests = ["tests/test_sandbox.py", "tests/test_tricks.py", "tests/test_hostile.py", "tests/test_redteam.py"]
    # Of the red team what meets the sandbox and the folders; what is done to values is the same for every user.
    _pass("sandbox or tricks or (hostile and not nbgrader and not pages) or (beside and gradbook)", *tests)


@pytest.mark.places
def test_second_level_as_an_ordinary_user():
    if os.geteuid() == 0:
        _pass("not imported", "tests/test_tight.py")


@pytest.mark.places
def test_watching_as_an_ordinary_user():
    if os.geteuid() == 0:
        _pass("answered_once or stopped or gone or level", "tests/test_watch.py")


def _pass(which, *tests):
    """Have these tests pass as an ordinary user, none of them skipped."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", which, *tests]
    done = subprocess.run(
        [sys.executable, "tests/as_user.py", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout
