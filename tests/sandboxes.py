"""Sandboxes that tests share: to start one takes 1.5 s of processor time, and most gradings need the same."""

import pytest

from gradbook.grading import bench, team
from gradbook.sandbox.levels import NONE
from gradbook.sandbox.shared import Sandbox


class Kept(Sandbox):
    """One that goes on when a grading is over."""

    def close(self):
        pass

    end = Sandbox.close


@pytest.fixture(scope="session")
def kept_sandboxes():
    """A function as `sandbox_for`, which gives the same sandbox for the same needs."""
    kept = {}

    def sandbox_for(assignment, sandboxed=True):
        needs, files = assignment.needs, assignment.helper_files
        asked = assignment.course.sandbox() if sandboxed else NONE
        key = tuple(files.items()), needs.distributions, needs.modules, asked
        return kept.setdefault(key, Kept(files, *key[1:]))

    yield sandbox_for
    for sandbox in kept.values():
        sandbox.end()


@pytest.fixture(autouse=True)
def kept_sandbox(request, monkeypatch, kept_sandboxes):
    """Gradings in this process use a sandbox that is there, but for tests with the mark `own_sandbox`."""
    if not request.node.get_closest_marker("own_sandbox"):
        for module in (bench, team):
            monkeypatch.setattr(module, "sandbox_for", kept_sandboxes)
