"""`gradbook watch`: what comes in is graded and answered once, in order, whatever happens to it meanwhile."""

import os
import random
import sqlite3
import time

import nbformat
import pytest
from conftest import HW01, handed_in, load, run
from handing_in import Exchange, Watching, attempts
from outcomes import kill_all, outcome, soon
from red_team import Children, documents

from gradbook.course.assignment import Assignment
from gradbook.course.attempts import GRADED
from gradbook.grading.run import Options, grade_class
from gradbook.pages.feedback import write_feedback

pytestmark = pytest.mark.own_sandbox


@pytest.fixture
def exchange(course, tmp_path):
    return Exchange(course, tmp_path / "exchange")


# ---------------------------------------------------------------- the whole way


def test_each_is_graded_as_grade_would_and_answered_once(course, exchange, solve, template, wrong, submit, tmp_path):
    """Out of the exchange and out of submitted/; a later `grade` has nothing to do, and would have given the same."""
    submit("by hand", wrong(3))
    with Children() as children, Watching(course) as watching:
        pages = {f"s{n}": exchange.hand_in(f"s{n}", notebook) for n, notebook in enumerate([solve(), template(HW01)])}
        pages["broken"] = exchange.hand_in("broken", b'{"cells": [')
        soon(lambda: len(watching.graded()) == 4)
        second = exchange.hand_in("s1", solve())
        soon(lambda: len(watching.graded()) == 5)
        assert watching.stop() == 0
        assert not children.left()
    assert "Traceback" not in watching.words()
    assert sorted((line["student"], line["attempt"], line["score"]) for line in watching.lines()) == [
        ("broken", 1, 0),
        ("by hand", 1, pytest.approx(documents(course, HW01)["by hand"]["score"])),
        ("s0", 1, 20),
        ("s1", 1, 0),
        ("s1", 2, 20),
    ]
    assert "<b>0</b> of 20 points" in pages["s1"].read_text()
    assert "<b>20</b> of 20 points" in second.read_text()
    assert second.read_text() == handed_in(course, "s1").feedback.read_text()
    assert "cut off" in pages["broken"].read_text()
    assert len(list(exchange.feedback.iterdir())) == 4
    assert [a.state for a in attempts(course)] == [GRADED] * 5
    found = outcome(course)
    assert grade_class(Assignment(course, HW01)).unchanged == 4
    assert write_feedback(Assignment(course, HW01)).written == 0
    grade_class(Assignment(course, HW01), Options(force=True))
    assert outcome(course) == found
    assert run("nbgrader", "collect", HW01, "--update", cwd=course.root).returncode == 0
    assert grade_class(Assignment(course, HW01)).unchanged == 4


def test_by_nbgraders_own_commands(course, exchange, solve, tmp_path):
    """From a student's `submit` to the student's `fetch_feedback`."""
    home = tmp_path / "home"
    home.mkdir()
    lines = "c = get_config()", f"c.Exchange.root = {str(exchange.root)!r}", "c.CourseDirectory.course_id = 'gradbook'"
    (home / "nbgrader_config.py").write_text("\n".join(lines))

    def nbgrader(*arguments, cwd=home):
        done = run("nbgrader", *arguments, cwd=cwd, env={**os.environ, "HOME": str(home)})
        assert done.returncode == 0, done.stderr

    nbgrader("release_assignment", HW01, cwd=course.root)
    nbgrader("fetch_assignment", HW01)
    nbformat.write(solve(), home / HW01 / f"{HW01}.ipynb")
    with Watching(course) as watching:
        nbgrader("submit", HW01)
        soon(watching.graded)
        nbgrader("fetch_feedback", HW01)
    (page,) = (home / HW01 / "feedback").rglob("*.html")
    assert "<b>20</b> of 20 points" in page.read_text()


def test_what_waited_before_it_began_is_graded_in_order(course, exchange, wrong):
    """Also several of one student; the last one counts."""
    for number in range(4):
        exchange.hand_in("ann", wrong(number), f"2026-03-01 10:0{number}:00.5")
        exchange.hand_in(f"s{number}", wrong(number), f"2026-03-01 10:0{number}:30")
    with Watching(course) as watching:
        soon(lambda: len(watching.graded()) == 8)
    said = [(line["student"], line["attempt"]) for line in watching.lines()]
    assert sorted(said) == sorted([("ann", n) for n in (1, 2, 3, 4)] + [(f"s{n}", 1) for n in range(4)])
    assert [number for student, number in said if student == "ann"] == [1, 2, 3, 4]
    assert [student for student, _ in said if student != "ann"] == ["s0", "s1", "s2", "s3"]
    assert [a.number for a in attempts(course) if a.counts and a.student == "ann"] == [4]


# ---------------------------------------------------------------- bursts and kills


def test_a_burst_with_kills(course, exchange, solve, wrong, tmp_path, depth):
    """Two that watch, killed again and again while many hand in: nothing is lost, nothing is there twice."""
    size, kills = depth(16, 100), depth(2, 10)
    notebooks = [wrong(n) for n in range(size // 2)] + [solve()] * (size - size // 2)
    chance, pages = random.Random(5), {}
    watching, killed = [Watching(course), Watching(course)], []
    try:
        soon(lambda: any("watching" in one.words() for one in watching))
        for number, notebook in enumerate(notebooks):
            pages[f"s{number:03d}"] = exchange.hand_in(f"s{number:03d}", notebook)
        for number in range(kills):
            soon(lambda: _answered(course) >= (size - 4) * (number / kills) or all(p.exists() for p in pages.values()))  # noqa: B023
            time.sleep(chance.random())
            for one in list(watching):
                if "watched already" not in one.words() or "watching /" in one.words():
                    kill_all(one.process) if number % 2 else one.process.kill()
                    one.process.wait()
                    watching.remove(one)
                    killed.append(one)
            while len(watching) < 2:
                watching.append(Watching(course))
        soon(lambda: _answered(course) == size, 240)
        for one in watching:
            soon(one.words)
            assert one.stop() == 0, one.words()
    finally:
        for one in watching:
            one.__exit__()
    said = [line for one in [*killed, *watching] for line in one.lines()]
    assert len({line["student"] for line in said}) >= size - kills  # one that was killed may not have come to say it
    assert sorted((a.student, a.number, a.state) for a in attempts(course)) == [(s, 1, GRADED) for s in sorted(pages)]
    assert all(page.is_file() for page in pages.values())
    assert len(list(exchange.feedback.iterdir())) == size
    with sqlite3.connect(course.root / "gradebook.db") as database:
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
    assert grade_class(Assignment(course, HW01)).unchanged == size
    assert not [folder for folder in course.root.rglob(".hw01*-*")]


def _answered(course):
    return sum(a.answered is not None for a in attempts(course))


def test_a_burst_is_answered_in_order(course, exchange, solve):
    with Watching(course) as watching:
        soon(lambda: "watching" in watching.words())
        students = [f"s{number:02d}" for number in range(12)]
        for student in students:
            exchange.hand_in(student, solve())
        soon(lambda: len(watching.graded()) == 12)
    assert [line["student"] for line in watching.lines()] == students
    waited = [line["waited"] for line in watching.lines()]
    assert all(0 < seconds < 60 for seconds in waited)
