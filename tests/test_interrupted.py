"""A grader that is killed, stopped or doubled: what it had done stays, and the next run ends what it had begun."""

import contextlib
import itertools
import os
import random
import shutil
import signal
import sqlite3
import threading
import time
from pathlib import Path

import nbformat
import pytest
from conftest import HW01, handed_in, load, run
from outcomes import grader, kill_all, outcome, soon
from red_team import Children, autograded, documents, written

from gradbook.course.assignment import Assignment
from gradbook.course.folder import Course
from gradbook.errors import GradbookError
from gradbook.grading import process, team
from gradbook.grading.execution import Execution
from gradbook.grading.process import KILLED, RemoteBench
from gradbook.grading.run import Options, grade_class
from gradbook.intake.notebook import submission

pytestmark = [pytest.mark.own_sandbox, pytest.mark.programs]


@pytest.fixture
def whole_class(course, submit, solve, template, depth):
    """Known mistakes, right ones, an untouched and a broken one: a course, and how many they are."""
    homework, size = load(HW01), depth(20, 60)
    variants = itertools.cycle((*homework.chaffs[:30:3], *homework.wheats[:6]))
    for number, variant in zip(range(size - 2), variants, strict=False):
        submit(f"s{number:02d}", solve(HW01, homework.source_with(variant)))
    submit("untouched", template(HW01))
    submit("broken", b'{"nbformat": 4, "cells": [')
    return course, size


def copy_of(course, root):
    shutil.copytree(course.root, root)
    return Course.at(root)


def test_killed_at_random_moments(whole_class, tmp_path, depth):
    """Half of the kills hit the grader alone, half all its processes at once; each at another stage of the work.

    The moments are spread over a whole run, start and end included. Where a run comes to its end before its moment, or
    the class is finished, the next kill meets a class begun anew.
    """
    (begun, size), kills = whole_class, depth(6, 50)
    whole = copy_of(begun, tmp_path / "whole")
    begin = time.monotonic()
    assert run("gradbook", "grade", HW01, cwd=whole.root).returncode == 0
    length = time.monotonic() - begin
    wanted, chance, killed, finished, course = outcome(whole), random.Random(1), 0, 0, None
    with Children() as children:
        for number in range(kills):
            if course is None:
                course = copy_of(begun, tmp_path / f"killed{number}")
            # Early moments are likelier: what was graded is not graded again, so that runs get shorter.
            process = grader(course)
            time.sleep(length * chance.random() ** 2)
            killed += process.poll() is None
            kill_all(process) if number % 2 else process.kill()
            process.wait()
            process.stderr.close()
            assert not children.left()
            _is_sound(course, wanted)
            if len(_graded(course)) == size or number == kills - 1:
                assert run("gradbook", "grade", HW01, cwd=course.root).returncode == 0
                assert outcome(course) == wanted
                shutil.rmtree(course.root)
                course, finished = None, finished + 1
    assert killed >= kills * 0.6
    assert finished >= depth(1, 2)


def _graded(course):
    with sqlite3.connect(course.root / "gradebook.db") as database:
        there = database.execute("select name from sqlite_master where name = 'gradbook_record'").fetchall()
        return [s for (s,) in database.execute("select student from gradbook_record")] if there else []


def _is_sound(course, wanted):
    """What a kill left is whole: each record with its grades and its file, and the database without a fault."""
    with sqlite3.connect(course.root / "gradebook.db") as database:
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
    for student in _graded(course):
        path = f"/autograded/{student}/{HW01}/{HW01}.ipynb"
        assert (course.root / path[1:]).read_bytes() == wanted[2][path]


@pytest.fixture
def small_class(course, submit, solve):
    """Twelve submissions: known mistakes and right ones."""
    homework = load(HW01)
    for number, variant in enumerate(homework.chaffs[:8]):
        submit(f"s{number:02d}", solve(HW01, homework.source_with(variant)))
    for number in range(8, 12):
        submit(f"s{number:02d}", solve())
    return course


def test_what_a_killed_run_left_is_swept(small_class):
    grade_class(Assignment(small_class, HW01), Options(workers=1, students=["s00"]))
    before = autograded(small_class)
    folder = small_class.root / "autograded" / "s00" / f".{HW01}-0123abcd"
    folder.mkdir()
    (folder / "x").write_text("half")
    grade_class(Assignment(small_class, HW01), Options(workers=1, students=["s00", "s01"]))
    assert {p: c for p, c in autograded(small_class).items() if "/s00/" in p} == before


def test_two_graders_at_once(small_class):
    first, second = grader(small_class), grader(small_class)
    words = first.communicate()[1] + second.communicate()[1]
    assert first.returncode == second.returncode == 0, words
    assert "waiting" in words
    assert len(documents(small_class, HW01)) == 12


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle(small_class, number):
    """Ctrl-C, and what a service manager sends: no traceback, nothing left running, nothing half done."""
    with Children() as children:
        process = grader(small_class)
        soon(lambda: list(small_class.root.glob(f"autograded/*/{HW01}/{HW01}.ipynb")))
        process.send_signal(number)
        words = process.communicate()[1]
        assert not children.left()
    assert "Traceback" not in words
    assert process.returncode in (0, 130, -number)
    assert run("gradbook", "grade", HW01, cwd=small_class.root).returncode == 0
    assert len(documents(small_class, HW01)) == 12


def test_a_submission_that_changes_while_grading_runs_is_graded_next_time(small_class, submit, solve, template):
    seen = []

    def meanwhile(record):
        if not seen:
            submit("late", solve())
            submit("s11", template(HW01))
            shutil.rmtree(handed_in(small_class, "s10").folder)
        seen.append(record["student"])

    grade_class(Assignment(small_class, HW01), Options(workers=1), emit=meanwhile)
    assert "late" not in seen
    assert len(seen) == 12
    assert documents(small_class, HW01)["s10"]["flags"] == [f"there is no {HW01}.ipynb in the submission"]
    again = grade_class(Assignment(small_class, HW01), Options(workers=1))
    assert {"late", "s11"} <= set(again.scores)
    found = documents(small_class, HW01)
    assert (found["late"]["score"], found["s11"]["score"]) == (20, 0)
    assert not grade_class(Assignment(small_class, HW01), Options(workers=1)).scores


def forked(server):
    """Numbers of the processes that a ForkServer has forked and that live."""
    if server.process is None:
        return set()
    with contextlib.suppress(OSError):
        forked = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
        return {int(pid) for pid in forked if lives(pid)}
    return set()


def lives(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def kill(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class Mortal(RemoteBench):
    """Its process is killed while it grades a deadly submission."""

    one_by_one = threading.Lock()

    @staticmethod
    def is_deadly(handed_in):
        return handed_in == b"deadly"

    def _connect(self):
        with self.one_by_one:
            before = forked(self.server)
            connection = super()._connect()
            new = soon(lambda: self.closed or forked(self.server) - before)
            if self.closed:
                # The run has given up meanwhile, and nobody is there who would fork it.
                raise EOFError
            (self.pid,) = new
            return connection

    def _ask(self, handed_in):
        if self.is_deadly(handed_in):
            if self.connection is None:
                self._connect()
            os.kill(self.pid, signal.SIGSTOP)
            threading.Timer(0.1, kill, [self.pid]).start()
        return super()._ask(handed_in)


@pytest.fixture
def deadly(monkeypatch):
    """A function that makes submissions deadly."""
    monkeypatch.setattr(team, "RemoteBench", Mortal)
    return lambda *paths: [path.write_bytes(b"deadly") for path in paths]


def paths_of(course):
    return {f"s{n:02d}": handed_in(course, f"s{n:02d}").folder / f"{HW01}.ipynb" for n in range(12)}


def test_a_submission_that_takes_its_grader_along_costs_no_other(small_class, deadly):
    """Should a process of the grader itself be killed by what it grades, only that submission is without a grade."""
    paths = paths_of(small_class)
    deadly(paths["s03"], paths["s04"])
    with Children() as children:
        with team.LocalTeam(Assignment(small_class, HW01), 2, Execution()) as pair:
            found = dict(pair.grade(paths))
        assert not children.left()
    assert set(found) == set(paths)
    assert {s: graded.problem for s, graded in found.items() if graded.problem} == {"s03": KILLED, "s04": KILLED}
    assert found["s11"].score == 20


def graded_although_killed(course, paths, part):
    """What a team gives whose part, `sandbox` or `server`, is killed after the first result."""
    found = {}
    with Children() as children:
        with team.LocalTeam(Assignment(course, HW01), 2, Execution()) as pair:
            first = getattr(pair, part).process
            for student, graded in pair.grade(paths):
                found[student] = graded
                if getattr(pair, part).process is first:
                    first.kill()
        assert not children.left()
    assert set(found) == set(paths)
    return found


def test_a_sandbox_that_is_killed_costs_nobody_a_grade(small_class):
    """The workers share it; without it each goes on in one of its own."""
    found = graded_although_killed(small_class, paths_of(small_class), "sandbox")
    assert not [graded.problem for graded in found.values() if graded.problem]
    assert found["s11"].score == 20


def test_a_process_that_is_killed_finds_the_sandbox_again(small_class, deadly):
    paths = paths_of(small_class)
    deadly(paths["s03"])
    with team.LocalTeam(Assignment(small_class, HW01), 2, Execution()) as pair:
        first = pair.sandbox.process.pid
        assert len(dict(pair.grade(paths))) == len(paths)
        assert pair.sandbox.process.pid == first


def test_what_they_are_forked_from_is_started_again(small_class, deadly):
    paths = paths_of(small_class)
    deadly(paths["s08"])
    found = graded_although_killed(small_class, paths, "server")
    assert {s for s, graded in found.items() if graded.problem} == {"s08"}


def test_what_is_being_graded_ends_when_its_bench_is_killed(small_class, solve):
    """And the thread that waits for it goes on."""
    endless = solve()
    endless.cells.insert(0, nbformat.v4.new_code_cell("while True: pass"))
    server = process.ForkServer(Assignment(small_class, HW01), Execution())
    bench, ended = RemoteBench(server), []

    def wait():
        with pytest.raises(GradbookError, match="stopped"):
            bench.grade(written(endless))
        ended.append(True)

    with Children() as children:
        thread = threading.Thread(target=wait)
        thread.start()
        time.sleep(3)
        bench.kill()
        thread.join(3)
        assert ended
        soon(lambda: not forked(server), 3)
        server.close()
        assert not children.left()


def test_processes_that_are_not_asked_end_and_come_again(small_class, monkeypatch):
    hasty = process.START.replace("main()", "sys.modules[main.__module__].IDLE = 0.5; main()")
    monkeypatch.setattr(process, "START", hasty)
    handed_in = submission(paths_of(small_class)["s11"])
    with Children() as children:
        server = process.ForkServer(Assignment(small_class, HW01), Execution())
        bench = RemoteBench(server)
        for _ in range(2):
            assert bench.grade(handed_in).score == 20
            server.process.wait(20)
        bench.close()
        server.close()
        assert not children.left()


def test_where_every_process_is_killed_nobody_gets_a_grade(small_class, deadly):
    """That is the machine, with too little memory, and no submission's fault."""
    paths = paths_of(small_class)
    deadly(*paths.values())
    with team.LocalTeam(Assignment(small_class, HW01), 2, Execution()) as pair:
        graded = pair.grade(paths)
        with pytest.raises(GradbookError, match="enough memory"):
            next(graded)


def test_where_no_process_lives_the_run_ends_with_a_line(small_class, monkeypatch):
    monkeypatch.setattr(team, "RemoteBench", Mortal)
    monkeypatch.setattr(Mortal, "is_deadly", lambda *_: True)
    with (
        team.LocalTeam(Assignment(small_class, HW01), 2, Execution()) as pair,
        pytest.raises(GradbookError, match="enough memory"),
    ):
        list(pair.grade(paths_of(small_class)))
