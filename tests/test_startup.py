"""What is done for a quick start, and that everything works without it."""

import pytest
from conftest import HW01, run

from gradbook.intake.quick_start import SWITCH

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
    (course.root / "gradbook.db").unlink(missing_ok=True)
    done = run("python", "-c", SOURCE, course.root)
    assert done.stdout.startswith(f"{HW01}: 1 graded"), done.stderr
    assert done.stdout.splitlines()[-1].startswith(f"0 0 {state}")
