"""How many attempts are graded, what early answers show, and which attempt counts: by `watch`, `grade` and nbgrader."""

import time

import pytest
from conftest import HW01, handed_in, load, run
from handing_in import Exchange, Watching, attempts, configure
from markupsafe import escape
from outcomes import outcome, soon
from red_team import documents

from gradbook.course.assignment import Assignment
from gradbook.course.attempts import GRADED, HELD, REPLACED, WAITING, Attempt
from gradbook.course.folder import Course
from gradbook.course.policy import Policy
from gradbook.errors import GradbookError
from gradbook.fronts import cli
from gradbook.grading.run import Options, grade_class
from gradbook.pages.feedback import write_feedback
from gradbook.pages.report import report_data, write_report
from gradbook.watching.inbox import HOUR, attempts_of, granted

pytestmark = pytest.mark.programs


@pytest.fixture
def exchange(course, tmp_path):
    return Exchange(course, tmp_path / "exchange")


# ---------------------------------------------------------------- how many within an hour


def tried(*times, **more):
    return [Attempt("ann", number, at, **more) for number, at in enumerate(times, 1)]


def states(found):
    return [(attempt.state, attempt.granted) for attempt in found]


def test_as_many_as_may_be_are_graded_within_an_hour_and_the_last_of_the_others_later():
    policy = Policy(per_hour=2)
    found = granted(tried(0, 100, 200, 300), policy, 400)
    assert states(found) == [(WAITING, 0), (WAITING, 100), (REPLACED, None), (HELD, HOUR)]
    assert states(granted(found, policy, HOUR - 1))[3] == (HELD, HOUR)
    assert states(granted(found, policy, HOUR))[3] == (WAITING, HOUR)
    # What came while nobody watched is counted by when it came.
    assert states(granted(tried(0, 100, 200, 2 * HOUR), policy, 3 * HOUR)) == [
        (WAITING, 0),
        (WAITING, 100),
        (WAITING, HOUR),
        (WAITING, 2 * HOUR),
    ]


def test_any_number_is_graded_where_there_is_no_limit():
    assert {state for state, _ in states(granted(tried(*range(50)), Policy(), 60))} == {WAITING}


def test_a_clock_that_was_wrong_holds_nobody_up_for_longer_than_an_hour():
    policy = Policy(per_hour=1)
    ahead = [Attempt("ann", 1, 9e9, state=GRADED, granted=9e9), Attempt("ann", 2, 1000)]
    assert states(granted(ahead, policy, 1000))[1] == (WAITING, 1000)
    before = [Attempt("ann", 1, 1500, state=GRADED, granted=1500), Attempt("ann", 2, 1000)]
    assert states(granted(before, policy, 1000))[1] == (HELD, 1500 + HOUR)


@pytest.mark.parametrize(
    "setting",
    [
        {"per_hour": 0},
        {"per_hour": True},
        {"per_hour": "3"},
        {"show": "some"},
        {"counts": "first"},
        {"until": "never"},
        {"shows": "all"},
        ["all"],
    ],
)
def test_a_policy_that_says_nothing_known_is_refused(setting):
    with pytest.raises(GradbookError, match="c.Gradbook.attempts"):
        Policy.of(setting, HW01)


@pytest.mark.parametrize("command", ["watch", "grade"])
def test_where_the_policy_is_none_no_command_begins(course, submit, solve, capsys, command):
    submit("ann", solve())
    configure(course, "c.Gradbook.attempts = {'show': 'some'}")
    assert cli.main([command, HW01, "--course", str(course.root)]) == 1
    assert "c.Gradbook.attempts: show must be one of 'all', 'mistakes', 'functions'" in capsys.readouterr().err


def test_the_time_of_a_policy_is_nbgraders(course):
    assert str(Policy.of({"until": "2026-12-01 23:59 Europe/Berlin"}, HW01).until) == "2026-12-01 22:59:00"
    assert str(Policy.of({"until": {HW01: "2026-12-01 23:59"}}, HW01).until) == "2026-12-01 23:59:00"
    assert Policy.of({"until": {"hw02": "2026-12-01 23:59"}}, HW01).until is None


def test_what_is_held_says_when_its_turn_comes(course, exchange, solve, wrong):
    configure(course, "c.Gradbook.attempts = {'per_hour': 1}", "c.Exchange.timezone = 'Europe/Berlin'")
    with Watching(course) as watching:
        exchange.hand_in("ann", wrong(0))
        soon(watching.graded)
        first = exchange.hand_in("ann", wrong(1))
        soon(lambda: len(watching.lines()) == 2)
        second = exchange.hand_in("ann", solve())
        soon(lambda: len(watching.lines()) == 4)
        other = exchange.hand_in("bob", solve())
        soon(lambda: len(watching.lines()) == 5)
        assert other.exists()
    said = [(line["student"], line["attempt"], line["outcome"]) for line in watching.lines()]
    assert said[:2] == [("ann", 1, "is graded"), ("ann", 2, "is kept")]
    assert sorted(said[2:4]) == [("ann", 2, "is replaced by a later one"), ("ann", 3, "is kept")]
    assert "handed in a later attempt" in first.read_text()
    until = next(line["until"] for line in watching.lines() if line["attempt"] == 3)
    assert until.endswith(("CET", "CEST")) and f"comes at {until}" in second.read_text()
    page = handed_in(course, "ann").feedback.read_text()
    assert f"it waits, as there were too many within an hour, from {until} on" in page
    assert "not graded, as a later one took its place" in page
    # When its turn has come, it is graded.
    with attempts_of(Assignment(course, HW01)) as there:
        there.change(there.of("ann")[0], granted=time.time() - HOUR)
    with Watching(course) as watching:
        soon(watching.graded)
    assert [(line["attempt"], line["score"]) for line in watching.graded()] == [(3, 20)]
    assert "<b>20</b> of 20 points" in second.read_text()


# ---------------------------------------------------------------- what an early answer shows

SCORE = "<b>"  # stands before the score only


def shown(course, exchange, notebook, policy, student="ann"):
    """The pages that a student can come to see, by the whole way."""
    configure(course, f"c.Gradbook.attempts = {policy!r}")
    with Watching(course) as watching:
        page = exchange.hand_in(student, notebook)
        soon(watching.graded)
    assert run("gradbook", "feedback", HW01, "--force", cwd=course.root).returncode == 0
    assert run("nbgrader", "generate_feedback", HW01, "--force", cwd=course.root).returncode == 0
    own = handed_in(course, student).feedback
    assert run("nbgrader", "release_feedback", HW01, cwd=course.root).returncode == 0
    there = [page, own, *own.parent.glob("attempts/*"), *exchange.feedback.iterdir()]
    return [path.read_text() for path in there if path.suffix == ".html"]


def test_an_early_answer_without_points(course, exchange, wrong):
    hint = load(HW01).chaffs[0].hint
    for page in shown(course, exchange, wrong(0), {"show": "mistakes"}):
        told = page.partition("</style>")[2].partition("Your notebook")[0]
        assert "points" not in told.replace('id="points"', "").replace("and no points.", "")
        assert SCORE not in page and "early answer" in page
        assert hint.split("`")[0][:30] in page


def test_an_early_answer_that_says_only_what_is_right(course, exchange, wrong):
    record, texts = None, shown(course, exchange, wrong(0), {"show": "functions"})
    record = documents(course, HW01)["ann"]
    told = [f for f in record["checks"] if f["outcome"] not in ("right", "untouched")]
    assert told and record["score"] < 20
    secrets = {text for f in told for text in (f["hint"], f["mistake"], *f["details"]) if text}
    for page in texts:
        assert not [text for text in secrets if text in page]
        assert SCORE not in page and "early answer" in page
        assert told[0]["about"].rpartition(".")[2] in page
        assert "not right yet" in page and " of 20" not in page
        assert 'class="card"' not in page


def test_all_is_shown_from_the_time_on_that_the_policy_names_or_the_due_date(course, exchange, wrong):
    configure(course, "c.Gradbook.attempts = {'show': 'functions'}")
    with Watching(course) as watching:
        pages = [exchange.hand_in(student, wrong(0)) for student in ("ann", "bob")]
        soon(lambda: len(watching.graded()) == 2)
    assert all(SCORE not in page.read_text() for page in pages)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(HW01, duedate="2026-01-01 00:00:00 UTC")
        gradebook.grant_extension(HW01, "bob", days=100_000)
    with Watching(course):
        soon(lambda: SCORE in pages[0].read_text())
        soon(lambda: "on, all is shown" in pages[1].read_text())
    assert SCORE not in pages[1].read_text()
    configure(course, "c.Gradbook.attempts = {'show': 'functions', 'until': '2026-02-01'}")
    with Watching(course):
        soon(lambda: SCORE in pages[1].read_text())


# ---------------------------------------------------------------- which attempt counts


def score(course, student="ann"):
    """The score in the gradebook and in the record, which are the same."""
    with course.gradebook() as gradebook:
        held = gradebook.find_submission(HW01, student).score
    assert held == documents(course, HW01)[student]["score"]
    return held


def test_the_best_counts_whatever_comes_after_it(course, exchange, solve, wrong, template):
    """In the gradebook, the record, the graded notebook, the page; and a later `grade` leaves it so."""
    configure(course, "c.Gradbook.attempts = {'counts': 'best'}")
    with Watching(course) as watching:
        for notebook in (wrong(0), solve(), template(HW01)):
            page = exchange.hand_in("ann", notebook)
            soon(page.exists)
        soon(lambda: len(watching.graded()) == 3)
    assert score(course) == 20
    assert "<b>20</b> of 20 points" in handed_in(course, "ann").feedback.read_text()
    assert "<b>0</b> of 20 points" in page.read_text()  # each page is about its own attempt
    assert [a.counts for a in attempts(course)] == [False, True, False]
    found = outcome(course)
    assert grade_class(Assignment(course, HW01)).unchanged == 1
    for options in (Options(force=True), Options(force=True, workers=1)):
        grade_class(Assignment(course, HW01), options)
        assert outcome(course) == found
    assert write_feedback(Assignment(course, HW01)).written == 0
    handed_in(course, "ann").autograded.unlink()
    grade_class(Assignment(course, HW01))
    assert outcome(course) == found
    # Where another one counts, `grade` sees to that, in both directions.
    configure(course, "c.Gradbook.attempts = {'counts': 'last'}")
    grade_class(Assignment(course, HW01))
    assert score(course) == 0
    assert grade_class(Assignment(course, HW01)).unchanged == 1
    configure(course, "c.Gradbook.attempts = {'counts': 'best'}")
    grade_class(Assignment(course, HW01))
    assert outcome(course) == found
    assert grade_class(Assignment(course, HW01)).unchanged == 1


def test_the_best_counts_where_only_grade_is_used(course, submit, solve, wrong):
    configure(course, "c.Gradbook.attempts = {'counts': 'best'}")
    for notebook in (wrong(0), solve(), wrong(1)):
        submit("ann", notebook)
        assert len(grade_class(Assignment(course, HW01)).scores) == 1
    assert score(course) == 20
    assert grade_class(Assignment(course, HW01)).unchanged == 1


def test_where_checks_change_the_best_is_found_anew(course, submit, solve, wrong):
    configure(course, "c.Gradbook.attempts = {'counts': 'best'}")
    for notebook in (solve(), wrong(0)):
        submit("ann", notebook)
        grade_class(Assignment(course, HW01))
    before = [a.digest for a in attempts(course)]
    with open(course.root / "autograder" / HW01 / "checks.py", "a") as checks:
        checks.write("\n# another version\n")
    grade_class(Assignment(Course.at(course.root), HW01))
    assert score(course) == 20
    assert not set(before) & {a.digest for a in attempts(course)}
    assert grade_class(Assignment(Course.at(course.root), HW01)).unchanged == 1


def test_the_best_is_that_after_the_penalty_for_being_late(course, submit, solve, wrong):
    configure(course, "c.Gradbook.attempts = {'counts': 'best'}", "c.LateSubmissionPlugin.penalty_method = 'zero'")
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(HW01, duedate="2026-03-01 00:00:00 UTC")
    submit("ann", wrong(0), timestamp="2026-02-01 00:00:00 UTC")
    grade_class(Assignment(course, HW01))
    early = score(course)
    submit("ann", solve(), timestamp="2026-03-02 00:00:00 UTC")
    grade_class(Assignment(course, HW01))
    assert score(course) == early < 20


# ---------------------------------------------------------------- what the report tells of them


def test_the_report_says_which_mistakes_are_mended_and_which_stay(course, submit, solve, wrong, template):
    """From one attempt to the next; one that cannot be read, or in which nothing is written, says nothing."""
    kept = {
        "mends": (wrong(0), solve()),
        "stays": (wrong(0), b"cut off", wrong(0)),
        "another": (wrong(0), wrong(1)),
        "once": (wrong(0),),
        "blank": (wrong(0), template(HW01)),
    }
    for number in range(3):
        for student, notebooks in kept.items():
            if number < len(notebooks):
                submit(student, notebooks[number])
        grade_class(Assignment(course, HW01))
    data = report_data(Assignment(course, HW01))["attempts"]
    assert (data["count"], data["students"], data["several"], data["waiting"], data["odd"]) == (10, 5, 4, 0, [])
    assert [(line["attempt"], line["students"]) for line in data["by_number"]] == [(1, 5), (2, 4), (3, 1)]
    first = load(HW01).chaffs[0].about
    (line,) = [line for line in data["mistakes"] if line["mistake"] == first]
    assert (line["seen"], line["mended"], line["stays"], line["stuck"]) == (3, 2, 1, ["stays"])
    page = write_report(Assignment(course, HW01)).read_text()
    section = page.partition('<section id="attempts">')[2].partition("</section>")[0]
    assert "10 attempts of 5 students; 4 tried more than once" in section
    assert str(escape(first)) in section and "2 of 3" in section and "stays" in section


def test_a_report_without_a_second_attempt_has_no_word_of_them(course, submit, wrong):
    submit("ann", wrong(0))
    grade_class(Assignment(course, HW01))
    assert 'id="attempts"' not in write_report(Assignment(course, HW01)).read_text()
