"""`gradbook watch`: what comes in is graded and answered once, in order, whatever happens to it meanwhile."""

import errno
import itertools
import os
import random
import shutil
import signal
import sqlite3
import time
from datetime import UTC, datetime

import nbformat
import pytest
from conftest import HW01, handed_in, run
from handing_in import Exchange, Watching, attempts, configure
from outcomes import kill_all, outcome, soon
from red_team import Children, documents

from gradbook.course.assignment import Assignment
from gradbook.course.attempts import GRADED
from gradbook.course.folder import Course
from gradbook.course.records import Writer
from gradbook.course.submission import Submission
from gradbook.grading.run import Options, grade_class
from gradbook.grading.turns import Turns
from gradbook.pages import feedback
from gradbook.pages.feedback import write_feedback
from gradbook.pages.report import report_data
from gradbook.watching import answers, inbox
from gradbook.watching import watch as watch_module
from gradbook.watching.exchange import Exchange as Exchange_
from gradbook.watching.exchange import exchange_of
from gradbook.watching.looks import Looks
from gradbook.watching.stopping import Stopped
from gradbook.watching.watch import Telling, watch

pytestmark = pytest.mark.programs


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


def test_results_come_in_turn_unless_one_takes_long(monkeypatch):
    turns = Turns()
    for key in "abcd":
        turns.give(key)
    turns.came("b", 2)
    turns.came("c", 3)
    assert list(turns.ready()) == [] and turns.wait(9.0) < 1.1
    turns.came("a", 1)
    assert list(turns.ready()) == [("a", 1), ("b", 2), ("c", 3)]
    turns.give("e")
    turns.came("e", 5)
    assert list(turns.ready()) == [] and turns.wait(0.5) == 0.5
    monkeypatch.setattr("gradbook.grading.turns.PATIENCE", 0.0)
    assert list(turns.ready()) == [("e", 5)] and turns.wait(9.0) == 9.0


# ---------------------------------------------------------------- what is whole, and when it came


@pytest.fixture
def looks(course, monkeypatch):
    """A function that gives Looks which do not wait for long."""
    monkeypatch.setattr("gradbook.watching.looks.QUIET", 0.1)
    monkeypatch.setattr("gradbook.watching.looks.LONG", 2.0)
    return lambda exchange=None, **more: Looks(Assignment(course, HW01), exchange, **more)


def seen(looks, seconds=0.3):
    """The students of what has come within so many seconds."""
    found, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        arrivals = looks.look()
        looks.done(arrivals)
        found += [arrival.student for arrival in arrivals]
        time.sleep(0.02)
    return found


def test_what_is_half_written_is_waited_for(course, looks, submit, solve):
    whole, looking = nbformat.writes(solve()).encode(), looks()
    for part in range(1, 5):
        submit("ann", whole[: part * len(whole) // 5])
        assert seen(looking) == []
    submit("ann", whole)
    assert seen(looking) == ["ann"]
    assert seen(looking) == []
    # What stays cut off is graded at last, and says so.
    submit("bob", whole[:100])
    assert seen(looking, 1) == []
    assert seen(looking, 2) == ["bob"]


def test_a_folder_without_its_notebook_yet_is_waited_for(course, looks, submit, solve):
    looking = looks()
    handed_in(course, "ann").folder.mkdir(parents=True)
    assert seen(looking, 1) == []
    submit("ann", solve())
    assert seen(looking) == ["ann"]


def test_what_was_touched_and_not_changed_is_no_attempt(course, submit, solve):
    path = submit("ann", solve())
    grade_class(Assignment(course, HW01))
    os.utime(path)
    with Watching(course) as watching:
        submit("bob", solve())
        soon(watching.graded)
        time.sleep(2)
    assert [(line["student"], line["attempt"]) for line in watching.lines()] == [("bob", 1)]


def test_nobody_gets_ahead_of_others_by_an_earlier_time(course, exchange, looks, solve):
    looking = looks(exchange_of(course), last=time.time() - 100)
    looking.look()
    begin = time.time()
    exchange.hand_in("early", solve(), "2026-01-01 00:00:00.0")
    exchange.hand_in("late", solve(), "2999-01-01 00:00:00.0")
    exchange.hand_in("odd", solve(), "yesterday")
    times = [arrival.at for arrival in looking.look()]
    assert len(times) == 3 and all(begin - 5 < at <= time.time() for at in times)
    # What came while nobody looked may have come at any time since then.
    again = looks(exchange_of(course), last=begin - 1000)
    exchange.hand_in("while", solve(), datetime.fromtimestamp(begin - 500, UTC).replace(tzinfo=None))
    assert [a.at for a in again.look() if a.student == "while"] == [pytest.approx(begin - 500, abs=1)]


@pytest.mark.parametrize("jump", [-7200, 7200])
def test_a_clock_that_jumps_loses_nothing(course, exchange, looks, solve, monkeypatch, jump):
    looking, clock = looks(exchange_of(course)), time.time
    looking.look()
    monkeypatch.setattr(time, "time", lambda: clock() + jump)
    exchange.hand_in("ann", solve())
    (arrival,) = looking.look()
    assert abs(arrival.at - time.time()) < 7300


# ---------------------------------------------------------------- what is odd


def test_odd_names_and_files(course, exchange, solve, tmp_path):
    """A student is whoever nbgrader takes for one; nothing is written outside, no link is followed."""
    good = ["O'Brien, Zoë", "a b@c.example", "x;$(touch y)", 'say "hi"', "%s{}"]
    for student in good:
        exchange.hand_in(student, solve())
    for student in ("..", ".hidden", "", "line\nbreak"):
        exchange.hand_in(student, solve())
    (tmp_path / "secret.ipynb").write_text("SECRET")
    folder = next(exchange.inbound.glob("a b*"))
    exchange.hand_in("linked", solve())
    linked = next(exchange.inbound.glob("linked*")) / f"{HW01}.ipynb"
    linked.unlink()
    linked.symlink_to(tmp_path / "secret.ipynb")
    exchange.hand_in("pipe", solve())
    pipe = next(exchange.inbound.glob("pipe*")) / f"{HW01}.ipynb"
    pipe.unlink()
    os.mkfifo(pipe)
    (exchange.inbound / f"all+{HW01}+2026-01-01 00:00:00 UTC+x").symlink_to(folder)
    (exchange.inbound / f"file+{HW01}+2026-01-01 00:00:00 UTC+x").write_text("no folder")
    before = {path for path in tmp_path.rglob("*") if "course" not in path.parts}
    with Watching(course) as watching:
        soon(lambda: len(watching.graded()) == len(good) + 4)
    scores = {line["student"]: line["score"] for line in watching.graded()}
    assert scores == {**dict.fromkeys(good, 20), "linked": 0, "pipe": 0, "all": 0, "file": 0}
    assert watching.words().count("NOT graded") == 4
    new = {path for path in tmp_path.rglob("*") if "course" not in path.parts} - before
    assert not [path for path in new if "feedback" not in path.parts and "said-" not in path.name]
    assert not [path for path in course.root.rglob("*.*") if path.is_file() and "SECRET" in path.read_text("latin-1")]
    assert grade_class(Assignment(course, HW01)).unchanged == len(good) + 4


def test_who_hands_in_for_another_is_told(course, exchange, solve):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text().replace("check_owner = False", "check_owner = True"))
    with Watching(course) as watching:
        exchange.hand_in("ann", solve())
        soon(watching.graded)
    (line,) = watching.lines()
    assert line["note"].startswith("handed in for ann, by ")
    assert report_data(Assignment(course, HW01))["attempts"]["odd"] == [
        {"student": "ann", "attempt": 1, "note": line["note"]}
    ]


def test_an_exchange_that_is_gone_and_comes_back(course, exchange, solve, wrong, submit):
    with Watching(course) as watching:
        exchange.hand_in("ann", wrong(0))
        soon(watching.graded)
        away = exchange.root.with_name("away")
        exchange.root.rename(away)
        soon(lambda: "is not there" in watching.words())
        submit("bob", solve())
        soon(lambda: len(watching.graded()) == 2)
        away.rename(exchange.root)
        page = exchange.hand_in("ann", solve())
        soon(lambda: len(watching.graded()) == 3)
        assert page.exists()
        # Where the feedback cannot be put there, it is kept, and put there later.
        shutil.move(exchange.feedback, away)
        exchange.feedback.write_text("in the way")
        page = exchange.hand_in("cat", solve())
        soon(lambda: "the exchange takes no feedback" in watching.words())
        exchange.feedback.unlink()
        soon(lambda: len(watching.graded()) == 4)
        assert page.exists()
    assert [(line["student"], line["attempt"]) for line in watching.graded()] == [
        ("ann", 1),
        ("bob", 1),
        ("ann", 2),
        ("cat", 1),
    ]
    assert "Traceback" not in watching.words()


def test_what_takes_long_holds_nobody_else_up(course, exchange, solve):
    # Longer than the others take together, on a busy machine too.
    configure(course, "c.Gradbook.limits = {'cell': 5}")
    endless = solve()
    endless.cells.insert(0, nbformat.v4.new_code_cell("while True: pass"))
    with Watching(course, "--workers", "2") as watching:
        exchange.hand_in("endless", endless)
        for number in range(6):
            exchange.hand_in(f"s{number}", solve())
        soon(lambda: len(watching.graded()) == 7)
    assert [line["student"] for line in watching.graded()][-1] == "endless"


def test_beside_gradings_of_others(course, exchange, solve, wrong, submit):
    """`grade` and nbgrader's `collect` meanwhile: each has its turn, and each student one answer."""
    for number in range(6):
        submit(f"t{number}", wrong(number))
    with Watching(course) as watching:
        pages = [exchange.hand_in(f"s{number}", wrong(number)) for number in range(6)]
        for command in (("gradbook", "grade", HW01), ("nbgrader", "collect", HW01, "--update")) * 2:
            done = run(*command, cwd=course.root)
            assert done.returncode == 0, done.stderr
        soon(lambda: all(page.exists() for page in pages))
        last = exchange.hand_in("s0", solve())
        soon(last.exists)
        soon(lambda: _answered(course) >= 7)
    assert "Traceback" not in watching.words()
    assert len({(line["student"], line["attempt"]) for line in watching.lines()}) == len(watching.lines())
    found = [(a.student, a.number) for a in attempts(course)]
    assert found == sorted([(f"{x}{n}", 1) for x in "st" for n in range(6)] + [("s0", 2)])
    assert grade_class(Assignment(course, HW01)).unchanged == 12


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle(course, exchange, wrong, number):
    with Children() as children:
        with Watching(course) as watching:
            pages = [exchange.hand_in(f"s{number:02d}", wrong(number)) for number in range(12)]
            soon(watching.graded)
            assert watching.stop(number) == 0
        assert not children.left()
    assert "stopped" in watching.words() and "Traceback" not in watching.words()
    assert len(watching.graded()) < 12
    with Watching(course) as again:
        soon(lambda: len(watching.graded()) + len(again.graded()) == 12)
    assert all(page.exists() for page in pages)


def test_at_the_second_level_of_the_sandbox(course, exchange, solve):
    configure(course, "c.Gradbook.sandbox = 'tight'")
    with Watching(course) as watching:
        exchange.hand_in("ann", solve())
        soon(watching.graded)
    assert documents(course, HW01)["ann"]["sandbox"] == "tight"
    assert watching.graded()[0]["score"] == 20


# ---------------------------------------------------------------- where the grader itself fails


def watched(course, count):
    """What is said while so many are answered, by a watch in this process."""
    lines, notes = [], []

    def line(said):
        lines.append(said)
        if len(lines) == count:
            raise Stopped

    watch(Assignment(course, HW01), Options(workers=1), Telling(line, notes.append))
    return lines, notes


def failing(monkeypatch, place, name, error, times):
    """Have a function fail so many times."""
    function, left = getattr(place, name), itertools.count()

    def fail(*arguments, **more):
        if next(left) < times:
            raise error
        return function(*arguments, **more)

    monkeypatch.setattr(place, name, fail)


@pytest.fixture
def in_no_time(monkeypatch):
    monkeypatch.setattr(watch_module, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(watch_module, "OWED", 0.2)


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("where", ["copy", "graded notebook", "page", "release"])
def test_a_full_disk_loses_nothing(course, exchange, solve, monkeypatch, in_no_time, where):
    places = {
        "copy": (inbox, "keep"),
        "graded notebook": (Submission, "write_autograded"),
        "page": (answers, "write_whole"),
        "release": (Exchange_, "release"),
    }
    failing(monkeypatch, *places[where], FULL, 3)
    page = exchange.hand_in("ann", solve())
    lines, notes = watched(course, 1)
    assert [(line.student, line.attempt, line.score, line.note) for line in lines] == [("ann", 1, 20, "")]
    assert page.exists() and len(notes) == 3
    assert any("No space left" in note or "the exchange takes" in note for note in notes)
    assert grade_class(Assignment(course, HW01), Options(workers=1)).unchanged == 1


def test_a_page_that_cannot_be_made_stops_nobody(course, exchange, solve, monkeypatch, in_no_time):
    failing(monkeypatch, feedback, "render", KeyError("odd"), 1)
    exchange.hand_in("ann", solve())
    exchange.hand_in("bob", solve())
    lines, _ = watched(course, 2)
    assert [(line.student, line.score, bool(line.note)) for line in lines] == [("ann", 20, True), ("bob", 20, False)]
    assert "traceback stands in" in lines[0].note


def test_a_grading_that_cannot_be_written_is_recorded(course, exchange, solve, monkeypatch, in_no_time):
    failing(monkeypatch, Writer, "save", KeyError("odd"), 1)
    exchange.hand_in("ann", solve())
    lines, _ = watched(course, 1)
    assert [(line.student, line.score) for line in lines] == [("ann", 0)]
    assert any("the grader itself failed" in flag for flag in documents(course, HW01)["ann"]["flags"])


def test_a_failure_of_ours_is_told_once_and_tried_again(course, exchange, solve, monkeypatch, in_no_time):
    failing(monkeypatch, inbox.Inbox, "turns", RuntimeError("odd"), 2)
    exchange.hand_in("ann", solve())
    lines, notes = watched(course, 1)
    assert lines[0].score == 20
    assert [("RuntimeError" in note) for note in notes].count(True) == 1
    assert len(list((course.root / ".gradbook" / "errors").glob("watch-*"))) == 1


def test_a_fault_in_a_check_is_waited_out(course, exchange, solve, in_no_time):
    """It costs no student anything; once the author has mended it, all is graded."""
    checks = course.root / "autograder" / HW01 / "checks.py"
    whole = checks.read_text()
    checks.write_text(whole + "\n\n@check(1, covers='forward')\ndef broken(m, rng):\n    raise ValueError\n")
    exchange.hand_in("ann", solve())
    notes = []

    def note(said):
        notes.append(said)
        if "tried again" in said:
            checks.write_text(whole)

    def line(said):
        notes.append(said.score)
        raise Stopped

    watch(Assignment(Course.at(course.root), HW01), Options(workers=1), Telling(line, note))
    assert any("tried again" in str(said) for said in notes) and 20 in notes


def test_a_gradebook_that_is_not_there_yet_is_made(course, exchange, solve):
    (course.root / "gradebook.db").unlink()
    with Watching(course) as watching:
        exchange.hand_in("ann", solve())
        soon(watching.graded)
    with course.gradebook() as gradebook:
        assert gradebook.find_submission(HW01, "ann").score == 20
    assert run("nbgrader", "export", cwd=course.root).returncode == 0
