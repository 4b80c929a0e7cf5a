"""-v: what the engine says of its own work goes to standard error, when asked for, and holds nothing that is secret."""

import json
import logging
import re
import socket
import sys
from multiprocessing.connection import Connection

import pytest
from conftest import HW01, run

from gradbook.course.assignment import Assignment
from gradbook.course.findings import Finding, Graded
from gradbook.errors import GradbookError
from gradbook.fronts.cli import main, parser
from gradbook.grading import logs
from gradbook.grading.again import believed
from gradbook.grading.bench import Bench
from gradbook.grading.process import RemoteBench
from gradbook.grading.progress import Progress
from gradbook.grading.spent import Spent
from gradbook.judging.observations import Observations

LINE = re.compile(r"\d\d:\d\d:\d\d\.\d{3} (\d+) gradbook\.([a-z_.]+): (.+)")
OWN, SECRET = "words_of_the_students_own", "known_to_one_student_only"


@pytest.fixture
def two(course, submit, solve):
    """Ann has handed in a right notebook, Bob a wrong one under another name."""
    submit("ann", solve())
    path = submit("bob", solve(source=f"def loss(y, t):\n    {OWN} = 12345.5\n    return {OWN}\n", names=["loss"]))
    path.rename(path.with_name("mine.ipynb"))
    (path.parent / "submission_secret.txt").write_text(SECRET)
    return course


def lines(text):
    """(process, module, what it says) of each line; all of the text are such lines."""
    found = [LINE.fullmatch(line) for line in text.splitlines()]
    assert all(found), text
    return [match.groups() for match in found]


def grade(course, *options):
    done = run("gradbook", "grade", HW01, "--json", "--course", course.root, *options)
    assert done.returncode == 0, done.stderr
    scores = {record["student"]: record["score"] for record in map(json.loads, done.stdout.splitlines())}
    assert scores["ann"] == 20 and scores["bob"] < 20
    return done.stderr


@pytest.fixture
def info(caplog):
    caplog.set_level(logging.INFO, "gradbook")
    return caplog


def test_a_run_says_what_it_does(two):
    told = grade(two, "-v", "--workers", "1")
    said = [f"{module}: {text}" for _, module, text in lines(told)]
    for words in (
        f"fronts.arguments: gradbook .*, course {two.root}",
        f"fronts.arguments: homework {HW01}",
        f"grading.run: {HW01}: version [0-9a-f]{{64}}",
        rf"grading.run: ann: {HW01}.ipynb, not graded yet",
        rf"grading.run: bob: graded mine.ipynb; there is no {HW01}.ipynb, not graded yet",
        rf"grading.run: {HW01}: 2 of 2 to grade",
        r"sandbox.ladder: a sandbox is started: namespaces",
        r"sandbox.worker: the sandbox is ready, \d+\.\d\d s after its start",
        rf"course.agreement: the gradebook follows the release of {HW01}: \d+ cells, 0 new, 0 gone",
        rf"grading.run: {HW01}: waiting .*, reading .*, starting .*, grading .*, writing .*, ending [\d.]+ s",
        r"fronts.cli: grade took",
    ):
        assert any(re.match(words, line) for line in said), (words, said)
    assert not any(line.startswith("grading.run: ann: graded in") for line in said)
    again = run("gradbook", "grade", HW01, "-v", "--course", two.root)
    assert f"ann: {HW01}.ipynb, graded already" in again.stderr
    assert f"{HW01}: 0 of 2 to grade" in again.stderr


def test_in_detail_the_processes_say_more_and_none_says_a_secret(two):
    told = grade(two, "-vv", "--workers", "2")
    found = lines(told)
    started = {process for process, _, text in found if text.startswith("a process that grades has started")}
    assert len(started) == 2
    assert {process for process, _, text in found if text.startswith("the sandbox is ready")} == started
    assert re.search(r"bob: graded in \d+\.\d\d s, with \d+\.\d\d s of a processor and \d+ MiB", told)
    assert len(re.findall(r"sent a submission of \d+ bytes, received a grading of \d+ bytes", told)) == 2
    assert OWN not in told and SECRET not in told and "12345" not in told


def test_without_it_nothing_is_said(two):
    assert grade(two, "--workers", "2") == ""


def test_each_command_has_it():
    commands = parser()._subparsers._group_actions[0].choices
    assert [name for name, command in commands.items() if "-v, --verbose" not in command.format_help()] == []


def test_it_ends_with_the_command(course, capsys):
    assert main(["new", "hw99_x", "-v", "--course", str(course.root)]) == 0
    assert lines(capsys.readouterr().err)
    assert (logs.engine.handlers, logs.engine.level) == ([], logging.NOTSET)
    assert main(["new", "hw98_x", "--course", str(course.root)]) == 0
    assert capsys.readouterr().err == ""


def test_a_line_is_one_that_a_terminal_can_show(capsys):
    with logs.written(logging.INFO):
        logging.getLogger("gradbook.x").info("%s", "a\x1b[31m\ud800b")
    assert lines(capsys.readouterr().err)[0][2] == "a[31m\ufffdb"


class Nobody:
    """In the place of a ForkServer: who is asked there hangs up."""

    def connect(self, *_):
        ours, theirs = socket.socketpair()
        theirs.close()
        return Connection(ours.detach())


def test_a_lost_process_is_told(info):
    with pytest.raises(GradbookError, match="again and again"):
        RemoteBench(Nobody()).grade(b"")
    assert info.text.count("a process that grades was lost") == 3


def test_what_is_graded_again_is_told(info):
    cut = Graded(None, [Finding("a", "b", 0, 1, "wrong")], cut="it ran over 5 s")
    whole = Graded(None, [Finding("a", "b", 1, 1, "right")])
    assert list(believed([("ann", cut), ("bob", whole)], lambda _: whole)) == [("bob", whole), ("ann", whole)]
    assert "ann: cut by a clock of the grader's: it ran over 5 s; it will be graded again" in info.text
    assert "ann: graded again, alone, and not cut" in info.text
    assert "bob" not in info.text


def test_of_a_hidden_check_that_fails_only_type_and_place_are_told(course, info, monkeypatch):
    def failing(_):
        raise ValueError(SECRET)

    monkeypatch.setattr(Observations, "prepare", failing)
    Bench(Assignment(course, HW01)).prepare()
    (told,) = [record.getMessage() for record in info.records if record.name == "gradbook.grading.bench"]
    assert re.fullmatch(r"not all .* before the first submission \(ValueError in test_verbose\.py:\d+\)", told)
    assert SECRET not in info.text and "Traceback" not in info.text


def test_what_stands_in_place_is_not_broken_by_lines(info, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert not Progress("x").terminal
    info.set_level(logging.WARNING, "gradbook")
    assert Progress("x").terminal


def test_each_second_is_spent_on_one_thing(monkeypatch):
    clock = iter([0.0, 1.0, 3.0, 6.0])
    monkeypatch.setattr("gradbook.grading.spent.time.monotonic", lambda: next(clock))
    spent = Spent("reading")
    for what in ("writing", "reading", ""):
        spent.turn_to(what)
    assert spent.seconds == {"reading": 4.0, "writing": 2.0}
    assert (spent.total(), str(spent)) == (6.0, "reading 4.00 s, writing 2.00 s")
