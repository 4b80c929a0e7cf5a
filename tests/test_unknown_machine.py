"""On a processor that the filter of system calls does not know, nothing is graded, and a line says why."""

import ctypes
import os
import sys
from pathlib import Path

import pytest
from conftest import HW01, handed_in, run

from gradbook.course import records
from gradbook.errors import SandboxUnavailable
from gradbook.sandbox import ladder, place
from gradbook.sandbox.guest import calls, seccomp
from gradbook.sandbox.shared import Sandbox
from gradbook.sandbox.worker import Worker

pytestmark = pytest.mark.programs

PER_LINUX, PER_LINUX32 = 0, 8
# The whole of what is run believes itself on another machine: the kernel tells it so.
ELSEWHERE = "import ctypes, os, sys; ctypes.CDLL(None).personality(8); os.execv(sys.argv[1], sys.argv[1:])"


@pytest.fixture
def elsewhere():
    """This process, and what it starts, on a machine of another name."""
    libc = ctypes.CDLL(None)
    libc.personality(PER_LINUX32)
    try:
        assert os.uname().machine not in calls.MACHINES
        yield os.uname().machine
    finally:
        libc.personality(PER_LINUX)


@pytest.mark.parametrize("command", [["gradbook", "grade"], ["nbgrader", "autograde"]])
def test_nothing_is_graded_and_a_line_says_why(course, submit, solve, command):
    submit("ann", solve())
    submit("bob", solve())
    program = Path(sys.executable).parent / command[0]
    done = run("python", "-c", ELSEWHERE, program, command[1], HW01, cwd=course.root)
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert "no filter of system calls for this machine" in done.stderr
    assert "x86_64 and aarch64" in done.stderr
    with course.gradebook() as gradebook:
        records.create_table(gradebook.engine)
        assert records.documents(gradebook, HW01) == []
    assert not handed_in(course, "ann").autograded.parent.exists()


def test_the_sandbox_itself_refuses(elsewhere, monkeypatch):
    monkeypatch.setattr(ladder, "unfit", lambda: None)
    with (
        Sandbox({}) as sandbox,
        Worker(sandbox) as worker,
        pytest.raises(SandboxUnavailable, match=f"namespaces, by .*: {elsewhere} .*; tight: {elsewhere} "),
    ):
        worker.warm()


def test_the_filter_is_put_on_nothing_that_it_does_not_know(elsewhere):
    with pytest.raises(calls.UnknownMachine, match=elsewhere):
        seccomp.install()


def test_another_system_is_told_what_it_needs(monkeypatch):
    monkeypatch.setattr(place.sys, "platform", "darwin")
    with pytest.raises(
        SandboxUnavailable, match="Nothing was graded. Use Linux: in WSL2 on Windows, or in a container"
    ):
        Sandbox({}).start()


def test_a_python_of_32_bits_is_another_machine(monkeypatch):
    monkeypatch.setattr(calls.struct, "calcsize", lambda form: 4)
    with pytest.raises(calls.UnknownMachine, match="32 bits"):
        calls.machine()


def test_doctor_says_it(course):
    program = Path(sys.executable).parent / "gradbook"
    done = run("python", "-c", ELSEWHERE, program, "doctor", cwd=course.root)
    assert done.returncode == 1
    line = next(line for line in done.stdout.split("\n") if line.startswith("BAD"))
    assert "no filter of system calls" in line
    assert "AppArmor" not in line
