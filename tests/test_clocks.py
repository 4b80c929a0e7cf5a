"""A submission's clock is its own processor time: no load of the machine, and no work of the grader, costs a mark."""

import contextlib
import time
from dataclasses import replace

import pytest
from conftest import HW01

from gradbook.course.assignment import Assignment
from gradbook.course.findings import Graded
from gradbook.errors import ChildLost
from gradbook.grading import bench as benches
from gradbook.grading.again import believed
from gradbook.grading.run import Options, grade_class
from gradbook.sandbox import bounds
from gradbook.sandbox import clock as clocks
from gradbook.sandbox.clock import Clock, RanOut, Spent
from gradbook.sandbox.session import Session
from gradbook.sandbox.worker import Worker


@pytest.fixture
def quick(worker):
    with Worker(worker.sandbox, replace(worker.limits, cell=0.5, call=0.5, notebook=2.0)) as warm:
        yield warm


def test_processor_time_is_the_submissions_own_clock(quick):
    with Session(quick) as session:
        _, error = session.run(0, "while True: pass")
        assert isinstance(error, ChildLost)
        assert error.reason == "ran over 0.5 s"
        assert session.cut == ""


def test_what_only_passes_is_the_graders_clock(quick):
    with Session(quick) as session:
        begin = time.monotonic()
        _, error = session.run(0, "import time; time.sleep(60)")
        assert error.reason == "ran over 0.5 s"
        assert session.cut == "it ran over 0.5 s"
        assert 1.0 <= time.monotonic() - begin < 10


def test_the_whole_is_counted_too(quick):
    with Session(quick) as session:
        spin = "import time; end = time.process_time() + 0.4\nwhile time.process_time() < end: pass"
        assert [session.run(number, spin)[1] for number in range(3)] == [None] * 3
        with contextlib.suppress(ChildLost):
            for number in range(3, 9):
                session.run(number, spin)
        with pytest.raises(ChildLost, match="ran over 2 s in all"):
            session.run(9, "x = 1")


def test_what_the_grader_works_out_is_on_nobodys_clock(quick):
    with Session(quick) as session:
        session.run(0, "x = 1")
        with session.until_deadline(), session.aside():
            end = time.process_time() + 3
            while time.process_time() < end:
                pass
        assert session.request(op="get", target=None, path=["x"]) == 1


def test_an_answer_that_takes_the_grader_long_is_not_on_the_submissions_clock(quick):
    with Session(quick) as session:
        session.run(0, "def f():\n    return g() + g() + g()")
        session.request(op="prepare", covers=["f"], replaced=[["g"]], counted=[])
        session.answer = lambda question: time.sleep(1.3) or 1
        assert session.request(op="call", target=None, path=["f"], args=[], kwargs={}) == 3
        assert session.cut == ""


def looked_at(clock, seconds):
    """Look at a clock for so long. Whose clock ran out, or None."""
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            clock.look()
            time.sleep(0.005)
    except RanOut as over:
        return over.clock
    return None


def test_to_ask_what_was_used_is_on_nobodys_clock():
    """The warm parent, which is asked, waits for a processor as well."""

    def slowly():
        time.sleep(0.2)
        return {"cpu": 0.0, "waited": 0.0}

    clock = Clock(0.1, 10.0, Spent(0.0, 0.0, 0.0), slowly)
    for _ in range(3):
        assert looked_at(clock, 0.001) is None
        clock.next = 0
    assert looked_at(clock, 2) == bounds.OURS


def test_what_the_grader_waits_for_a_processor_is_on_nobodys_clock(monkeypatch):
    def used():
        return {"cpu": 0.0, "waited": 0.0}

    monkeypatch.setattr(clocks, "_waited", time.monotonic)  # all the time, so far
    assert looked_at(Clock(0.1, 10.0, Spent(0.0, 0.0, 0.0), used), 1) is None
    monkeypatch.setattr(clocks, "_waited", lambda: 3.0)
    assert looked_at(Clock(0.1, 10.0, Spent(0.0, 0.0, 0.0), used), 1) == bounds.OURS


def test_what_the_sandbox_works_out_is_not_on_the_graders_clock(worker):
    with Session(worker) as session:
        session.run(0, "import time\ndef f():\n    time.sleep(0.6)")
        with session.until_deadline():
            session.request(op="call", target=None, path=["f"], args=[], kwargs={})
        assert session.allowance.passed < 0.5


def graded(cut=""):
    return Graded(None, [], cut=cut)


def test_what_the_clock_cut_is_graded_again_when_all_others_are_done():
    order = []

    def again(key):
        order.append(key)
        return graded("it ran over 10 s" if key == "slow" else "")

    first = [("busy", graded("it ran over 10 s")), ("fine", graded()), ("slow", graded("it ran over 10 s"))]
    results = dict(believed(iter(first), again))
    assert (list(results), order) == (["fine", "busy", "slow"], ["busy", "slow"])
    assert results["busy"].flags == []
    assert "also when graded alone" in results["slow"].flags[0]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_class_has_such_a_one_graded_again(course, submit, solve, monkeypatch, workers):
    """What is cut at first only is as if it had never been; the mark of the first time is a file of the test's."""
    mark = course.root / "was-cut"
    first_grade = benches.Bench.grade

    def cut_once(bench, handed_in):
        result = first_grade(bench, handed_in)
        if b"slow" in handed_in and not mark.exists():
            mark.touch()
            result.findings, result.cut = [], "it ran over 10 s"
        return result

    monkeypatch.setattr(benches.Bench, "grade", cut_once)
    notebook = solve()
    submit("ann", notebook)
    notebook.cells[0].source += "\nslow"
    submit("bob", notebook)
    seen = {}
    options = Options(workers=workers, force=True)
    grade_class(Assignment(course, HW01), options, lambda record: seen.update({record["student"]: record}))
    assert [(seen[name]["score"], seen[name]["flags"]) for name in ("ann", "bob")] == [(20, []), (20, [])]
    assert mark.exists() == (workers == 1)
