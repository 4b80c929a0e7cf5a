"""The red team: every attack of tests/redteam beside honest submissions, through both front doors."""

import statistics
import sys
import tempfile
from dataclasses import replace
from itertools import islice
from pathlib import Path

import nbformat
import pytest
from conftest import HW01, ROOT, handed_in, load, observations, run
from red_team import (
    CELLS,
    FOLDER,
    Children,
    attacks,
    autograded,
    body,
    documents,
    fingerprint,
    hidden_numbers,
    numbers_in,
    rows,
    written,
)
from redteam.notebooks import EDITS

from gradbook.course.assignment import Assignment
from gradbook.grading.run import Options, grade_class
from gradbook.grading.submission import grade_notebook
from gradbook.homework.source import splice
from gradbook.intake.notebook import read_submission, submission
from gradbook.sandbox.levels import NAMESPACES
from gradbook.sandbox.worker import Worker

# Short, and in the proportions of the real ones: a function that is called again and again, each time for nearly as
# long as it may be, leaves time for the others. The longest call of right code, a training for which right functions
# stand in, takes a quarter of its limit.
QUICK = {"cell": 0.25, "call": 1.0, "notebook": 12.0}
# Processes that stay behind use a processor beside the calls that follow, for as long as these take, which no shorter
# limit shortens. Of the real ones it is 3 s of 120.
STAY = {"cell": 2.5, "call": 2.5, "notebook": 30.0}
PREAMBLE = (FOLDER / "preamble.py").read_text()
FORWARD = "        return x * self.w1 * self.w2"
MARK = "only the one who wrote this may read it"
# What goes on in the same process and gets in the way of the function that comes next: its own affair.
STAYING = {"processes: alarm", "processes: exit later"}
HONEST = {"honest00": 20, "honest01": 16, "honest02": 20, "honest03": 16}


@pytest.fixture
def quick_course(course):
    """A course with short limits: what a limit does is the point here, not how long it is."""
    _short_limits(course, QUICK)
    return course


def _short_limits(course, limits):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f"\nc.Gradbook.limits = {limits}\n")


@pytest.fixture
def wrong():
    """The source of a submission with a wrong gradient, worth 16 points."""
    homework = load(HW01)
    return homework.source_with(next(v for v in homework.chaffs if v.name == "gradient_half"))


@pytest.fixture
def temporary():
    """A folder for temporary files, open to others as /tmp is."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def first(source, notebook):
    """The notebook with one more cell at its beginning."""
    notebook.cells.insert(0, nbformat.v4.new_code_cell(source))
    return notebook


@pytest.mark.parametrize("way", ["gradbook", "nbgrader"])
def test_attacks_beside_honest_submissions(quick_course, submit, solve, wrong, way, monkeypatch, temporary, depth):
    course, command = quick_course, {"gradbook": "grade", "nbgrader": "autograde"}[way]
    # Behind the second door the same grader waits.
    step = depth({"gradbook": 1, "nbgrader": 5}[way], 1)
    monkeypatch.setenv("GRADBOOK_TEST_SECRET", "sesame-4711")
    for student, score in HONEST.items():
        submit(student, first(f"# {MARK}", solve(HW01, None if score == 20 else wrong)))
    assert run(way, command, HW01, cwd=course.root).returncode == 0
    alone, files, table = documents(course, HW01), autograded(course), rows(course)

    names = {}
    for name, source in islice(attacks(*CELLS).items(), 0, None, step):
        names[f"attack{len(names):03d}"] = name
        submit(f"attack{len(names) - 1:03d}", written(first(source, solve(HW01, wrong))))
    for name, edit in islice(EDITS.items(), 0, None, step):
        notebook = solve(HW01, wrong)
        edit(notebook)
        names[f"attack{len(names):03d}"] = name
        submit(f"attack{len(names) - 1:03d}", written(notebook))
    before = fingerprint(course)
    monkeypatch.setenv("TMPDIR", str(temporary))
    with Children() as children:
        done = run(way, command, HW01, "--force", cwd=course.root)
        assert not children.left()
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stdout + done.stderr

    found = documents(course, HW01)
    gained = {name: found[s]["score"] for s, name in names.items() if found[s]["score"] > 16}
    assert not gained
    assert fingerprint(course) == before
    assert not list(temporary.iterdir())
    assert not table - rows(course)
    assert {p: c for p, c in autograded(course, HONEST).items() if p in files} == files
    for student, score in HONEST.items():
        assert {**found[student], "seconds": 0} == {**alone[student], "seconds": 0}
        assert found[student]["score"] == score
    seconds = [statistics.median(d[s]["seconds"] for s in HONEST) for d in (alone, found)]
    assert seconds[1] < 10 * seconds[0] + 0.5
    _look_for_secrets(course, names, found)


def _look_for_secrets(course, names, found):
    """No path of this machine, no environment, nothing of others, no hidden number in what the attackers get back."""
    homework = load(HW01)
    hidden = hidden_numbers(homework)
    assert len(hidden) > 100
    secrets = [str(course.root), "sesame-4711", MARK, "ALARM-4711"]
    if any(record["sandbox"] == NAMESPACES for record in found.values()):
        # At the other level the places of modules can be seen, see docs/security.md.
        secrets += [str(ROOT), sys.prefix]
    for student, name in names.items():
        text = (handed_in(course, student).autograded).read_text() + str(found[student])
        assert len(text) < 1_000_000, name
        shown = [secret for secret in secrets if secret in text]
        assert not shown, name
        # One may be there by chance, as cells show random numbers, too.
        assert len(numbers_in(text) & hidden) < 2, name


@pytest.fixture(scope="module")
def quick(worker):
    """A sandbox with very short limits."""
    with Worker(worker.sandbox, replace(worker.limits, **QUICK)) as quick:
        yield quick


@pytest.fixture
def points(quick, release, tmp_path):
    """Check -> points of a notebook. What a clock of the grader's cut is graded once more, as `grade` does."""

    def grade(notebook):
        path = tmp_path / "x.ipynb"
        path.write_bytes(written(notebook))
        for _ in range(2):
            graded = grade_notebook(read_submission(submission(path)), observations(HW01), release(HW01), quick)
            if not graded.cut:
                break
        return {f.name: f.points for f in graded.findings}

    return grade


def test_an_attack_in_one_function_leaves_the_others(quick_course, submit, solve, depth):
    chosen = attacks("memory", "endless", "output", "files")
    _others_keep_their_points(quick_course, submit, solve, chosen, depth(2, 1))


def test_what_a_function_leaves_running_leaves_the_others(course, submit, solve, depth):
    _short_limits(course, STAY)
    _others_keep_their_points(course, submit, solve, attacks("processes"), depth(3, 1))


def _others_keep_their_points(course, submit, solve, chosen, step):
    """Grade attacks as the body of `forward`: the other functions earn what they earn without it."""
    chosen = dict(islice(chosen.items(), 0, None, step))
    for number, source in enumerate(chosen.values()):
        source = "".join(line + "\n" for line in source.split("\n") if not line.startswith(("!", "%")))
        submit(f"s{number:03d}", solve(HW01, load(HW01).reference.replace(FORWARD, body(source))))
    records = []
    grade_class(Assignment(course, HW01), Options(workers=2), records.append)
    wanted = {"loss_value": 2, "forward_value": 0, "gradient_value": 4, "train_trajectory": 4}
    wrong = {}
    for record, name in zip(sorted(records, key=lambda r: r["student"]), chosen, strict=True):
        scores = {c["name"]: c["points"] for c in record["checks"] if c["name"] in wanted}
        if scores != wanted:
            wrong[name] = scores
    assert set(wrong) <= STAYING, wrong
    assert all(scores["loss_value"] == 2 and scores["forward_value"] == 0 for scores in wrong.values())


@pytest.mark.parametrize("name", attacks("protocol", "patches"))
def test_a_patch_in_a_function_gains_nothing(points, solve, name):
    found = points(solve(HW01, load(HW01).reference.replace(FORWARD, body(attacks("protocol", "patches")[name]))))
    assert found["forward_value"] == 0
    assert sum(found.values()) <= 18


@pytest.mark.parametrize("where", ["last", "in the solution"])
@pytest.mark.parametrize("name", attacks("protocol", "patches"))
def test_patches_elsewhere_gain_nothing(points, solve, wrong, name, where):
    source, notebook = attacks("protocol", "patches")[name], solve(HW01, wrong)
    if where == "last":
        notebook.cells.append(nbformat.v4.new_code_cell(source))
    else:
        cell = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "loss")
        cell.source += "\n" + source
    assert sum(points(notebook).values()) <= 16


@pytest.mark.parametrize("name", attacks("values"))
def test_odd_values_cost_only_their_own_check(points, solve, name):
    source = load(HW01).reference.replace(FORWARD, body(attacks("values")[name]))
    found = points(first(PREAMBLE, solve(HW01, source)))
    assert found["forward_value"] == 0
    assert 16 <= sum(found.values()) <= 18


@pytest.fixture
def all_wrong():
    """The source of a submission whose functions but train are wrong, so that right ones stand in for them."""
    homework, source = load(HW01), load(HW01).reference
    for name in ("loss_sum", "forward_sum_of_weights", "gradient_half"):
        variant = next(v for v in homework.chaffs if v.name == name)
        source = splice(source, variant.target, variant.source)
    return source


@pytest.mark.parametrize("name", attacks("oracle"))
def test_right_functions_that_stand_in_are_of_no_other_use(points, solve, all_wrong, name):
    def with_train(lines):
        return splice(all_wrong, "ShallowNarrowExercise.train", "def train(self, x, y_true, lr, n_ep):\n" + body(lines))

    without = sum(points(solve(HW01, with_train("return 0"))).values())
    found = sum(points(solve(HW01, with_train(attacks("oracle")[name]))).values())
    assert found <= without


def test_untouched_with_an_attack_earns_nothing(points, template):
    for name, source in attacks("patches", "protocol").items():
        assert sum(points(first(source, template(HW01))).values()) == 0, name
