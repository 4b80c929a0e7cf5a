"""Submissions through the sandbox: scores, findings, and what the command line makes of them."""

import json
import os
import re
from dataclasses import replace

import pytest
from conftest import HW01, ROOT, handed_in, load, observations, run
from red_team import Children

from gradbook.course.assignment import Assignment
from gradbook.fronts import cli
from gradbook.grading.bench import Bench
from gradbook.grading.execution import Execution
from gradbook.grading.run import Options, grade_class
from gradbook.grading.submission import grade_notebook
from gradbook.grading.warm import WarmBench
from gradbook.homework.loading import Library
from gradbook.intake.notebook import read_submission, submission
from gradbook.sandbox.processor import one_processor
from gradbook.sandbox.shared import Sandbox
from gradbook.sandbox.worker import Worker


@pytest.fixture(scope="session")
def torch_worker(worker, released):
    """A warm sandbox for the homework that needs torch."""
    homework = load("hw08_numpy_to_pytorch")
    limits = replace(worker.limits, memory=homework.memory)
    sandbox = Sandbox(Assignment(released, HW01).helper_files, homework.distributions, homework.modules)
    with sandbox, Worker(sandbox, limits) as warm:
        yield warm


@pytest.fixture
def grade(worker, release, tmp_path, request):
    """Grade one notebook in the sandbox."""
    import nbformat

    def run(notebook, homework=HW01):
        path = tmp_path / "x.ipynb"
        path.write_text(nbformat.writes(notebook))
        suited = request.getfixturevalue("torch_worker") if load(homework).modules else worker
        return grade_notebook(read_submission(submission(path)), observations(homework), release(homework), suited)

    return run


def test_release_as_it_is_earns_nothing(grade, template, homework_id):
    graded = grade(template(homework_id), homework_id)
    assert graded.score == 0
    scores = [
        o.data["text/plain"] for c in graded.notebook.cells for o in c.get("outputs", []) if "execution_count" in o
    ]
    assert set(scores) == {"0.0"}


def test_reference_earns_everything(grade, solve, homework_id):
    graded = grade(solve(homework_id), homework_id)
    assert [(f.name, f.outcome, f.hint) for f in graded.findings if f.outcome != "right"] == []
    assert graded.score == graded.max_score == 20


def test_known_mistakes_of_hw01_through_the_sandbox(grade, solve):
    homework = load(HW01)
    for variant in homework.chaffs:
        graded = grade(solve(HW01, homework.source_with(variant)))
        by_name = {f.name: f for f in graded.findings}
        first = by_name[variant.fails[0]]
        assert first.points < first.max_points, variant.name
        assert first.hint == variant.hint, variant.name
        assert graded.score < 20


def test_a_line_that_raises_is_shown(grade, solve):
    notebook = solve(HW01, load(HW01).reference.replace("return x * self.w1 * self.w2", "return y * self.w1"))
    finding = next(f for f in grade(notebook).findings if f.name == "forward_value")
    assert finding.outcome == "raised"
    assert "return y * self.w1" in finding.details[0]
    assert finding.hint == "Your code uses the name y, which is not defined there; it should be defined above."


def test_a_syntax_error_is_shown_where_the_function_is_missing(grade, solve):
    notebook = solve(HW01, names=["ShallowNarrowExercise"])
    cell = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "loss")
    cell.source = "def loss(a, b)\n    return 0"
    finding = grade(notebook).findings[0]
    assert finding.outcome == "missing"
    assert any("def loss(a, b)" in line for line in finding.details)


def test_helper_functions_in_a_cell_of_the_students_own(grade, solve):
    import nbformat

    notebook = solve(
        HW01, load(HW01).reference.replace("return x * self.w1 * self.w2", "return times(x, self.w1, self.w2)")
    )
    notebook.cells.insert(3, nbformat.v4.new_code_cell("def times(a, b, c):\n    return a * b * c"))
    assert grade(notebook).score == 20


def test_an_endless_loop_costs_only_its_own_function(worker, release, solve, tmp_path):
    import nbformat

    notebook = solve(HW01, load(HW01).reference.replace("return x * self.w1 * self.w2", "while True: pass"))
    path = tmp_path / "x.ipynb"
    path.write_text(nbformat.writes(notebook))
    with Worker(worker.sandbox, replace(worker.limits, call=0.5)) as quick:
        graded = grade_notebook(read_submission(submission(path)), observations(HW01), release(HW01), quick)
    outcomes = {f.name: f.outcome for f in graded.findings}
    assert outcomes["loss_value"] == "right"
    assert outcomes["forward_value"] == "over a limit"
    assert "ran over 0.5 s" in next(f for f in graded.findings if f.name == "forward_value").hint
    assert outcomes["gradient_value"] == outcomes["train_trajectory"] == "right"


def test_a_function_that_ran_over_a_limit_is_not_run_again(worker, release, solve, monkeypatch):
    import nbformat

    known, asked = observations(HW01), []
    second = known.homework.check("forward_side_effects")
    known.reference(second)
    monkeypatch.setattr(second, "observe", lambda *_: asked.append(1))
    text = nbformat.writes(
        solve(HW01, load(HW01).reference.replace("return x * self.w1 * self.w2", "while True: pass"))
    )
    with Worker(worker.sandbox, replace(worker.limits, call=0.5)) as quick:
        graded = grade_notebook(read_submission(text.encode()), known, release(HW01), quick)
    first, again = [f for f in graded.findings if f.about == second.covers]
    assert first.outcome == again.outcome == "over a limit"
    assert (first.hint, again.same_as) == (
        "Your code ran over 0.5 s; it should stay within the limits.",
        first.name,
    )
    assert not asked


def test_runtime_warnings_cost_nothing(grade, solve):
    source = load(HW01).reference.replace("return x * self.w1", "np.array([1.0]) / 0\n        return x * self.w1")
    assert grade(solve(HW01, source)).score == 20


# ---------------------------------------------------------------- the command line


def test_grade_json(course, submit, solve, template, capsys):
    submit("ann", solve())
    submit("bob", template(HW01))
    assert cli.main(["grade", HW01, "--course", str(course.root), "--json", "--workers", "1"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(r["student"], r["homework"], r["score"], r["max_score"]) for r in records] == [
        ("ann", HW01, 20.0, 20.0),
        ("bob", HW01, 0.0, 20.0),
    ]
    assert {"name", "points", "max_points", "outcome", "hint"} <= set(records[0]["checks"][0])
    assert records[0]["flags"] == []
    assert records[0]["seconds"] > 0


def test_only_what_changed_is_graded_again(course, submit, solve, template):
    submit("ann", solve())
    submit("bob", template(HW01))
    one = Options(workers=1)
    assert len(grade_class(Assignment(course, HW01), one).scores) == 2
    again = grade_class(Assignment(course, HW01), one)
    assert (len(again.scores), again.unchanged) == (0, 2)
    submit("bob", solve())
    third = grade_class(Assignment(course, HW01), one)
    assert list(third.scores) == ["bob"]
    assert len(grade_class(Assignment(course, HW01), Options(workers=1, force=True)).scores) == 2


def test_two_workers_give_the_same(course, submit, solve, template):
    homework = load(HW01)
    for number, variant in enumerate(homework.chaffs[:6]):
        submit(f"s{number}", solve(HW01, homework.source_with(variant)))

    def plain(workers):
        records = []
        grade_class(Assignment(course, HW01), Options(workers=workers, force=True), records.append)
        return [{k: v for k, v in r.items() if k != "seconds"} for r in sorted(records, key=lambda r: r["student"])]

    one = plain(1)
    files = {p: p.read_bytes() for p in (course.root / "autograded").rglob("*.ipynb")}
    two = plain(2)
    assert one == two
    assert files == {p: p.read_bytes() for p in (course.root / "autograded").rglob("*.ipynb")}


def test_a_submission_keeps_to_one_processor(course, submit, solve):
    import nbformat

    where = solve()
    where.cells.insert(1, nbformat.v4.new_code_cell("import os; print(sorted(os.sched_getaffinity(0)))"))
    with Bench(Assignment(course, HW01)) as bench:
        graded = bench.grade(submission(submit("ada", where)))
    assert graded.score == 20
    (where,) = re.findall(r'"(\[[\d, ]+\])\\n"', graded.text)
    assert len(json.loads(where)) == 1


def test_between_submissions_any_processor_will_do():
    before = os.sched_getaffinity(0)
    with one_processor() as here:
        assert os.sched_getaffinity(0) == {here}
        assert here in before
    assert os.sched_getaffinity(0) == before


def test_where_there_are_no_affinities_none_is_set(monkeypatch):
    monkeypatch.delattr(os, "sched_setaffinity")
    with one_processor() as here:
        assert here is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "hw99"], "no homework 'hw99'"),
        (["grade", HW01], "no submissions"),
        (["grade", HW01, "--student", "zoe"], "no submission of hw01_shallow_narrow by zoe"),
        (["feedback", HW01], "run gradbook grade"),
    ],
)
def test_bad_input_gets_one_line(course, capsys, arguments, words):
    assert cli.main([*arguments, "--course", str(course.root)]) == 1
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("text", [HW01, "hw01", "hw01_s"])
def test_a_homework_is_named_by_its_beginning(course, submit, solve, capsys, text):
    submit("ann", solve())
    assert cli.main(["grade", text, "--course", str(course.root), "--workers", "1"]) == 0
    assert f"{HW01}: 1 graded" in capsys.readouterr().out


def test_a_beginning_of_two_homeworks_is_refused(course, capsys):
    for arguments in (["build", "hw01", "hw0"], ["report", "hw0"]):
        assert cli.main([*arguments, "--course", str(course.root)]) == 1
        error = capsys.readouterr().err
        assert "'hw0' may be hw01_shallow_narrow or hw02_learning_landscapes" in error
        assert "write more of it" in error


def test_a_whole_id_that_begins_another_is_no_doubt(monkeypatch):
    monkeypatch.setattr(Library, "ids", lambda self: ["hw01", "hw01_more"])
    assert Library(ROOT).find("hw01") == "hw01"
    assert Library(ROOT).find("hw01_") == "hw01_more"


def test_a_folder_that_is_no_course(tmp_path, capsys):
    assert cli.main(["grade", HW01, "--course", str(tmp_path)]) == 1
    assert "no course folder" in capsys.readouterr().err


@pytest.mark.own_sandbox
def test_without_the_sandbox_that_the_course_asks_for_nothing_is_graded(course, submit, solve, capsys, monkeypatch):
    from gradbook.sandbox import ladder

    monkeypatch.setattr(ladder, "bubblewraps", list)
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.Gradbook.sandbox = "namespaces"\n')
    submit("ann", solve())
    arguments = ["grade", HW01, "--course", str(course.root), "--workers", "1"]
    assert cli.main(arguments) == 1
    error = capsys.readouterr().err
    assert "no bubblewrap is installed. Nothing was graded" in error
    assert error.count("\n") == 1
    assert not (course.root / "autograded").exists()
    assert cli.main([*arguments, "--unsafe-without-sandbox"]) == 0
    assert "UNPROTECTED" in capsys.readouterr().err
    with course.gradebook() as gradebook:
        assert gradebook.find_submission(HW01, "ann").score == 20


@pytest.mark.own_sandbox
@pytest.mark.parametrize("asked", ["best", "tight"])
def test_the_level_of_the_sandbox_is_in_each_result(course, submit, solve, capsys, monkeypatch, asked):
    from gradbook.sandbox import ladder

    if asked == "best":
        monkeypatch.setattr(ladder, "bubblewraps", list)
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f"\nc.Gradbook.sandbox = {asked!r}\n")
    submit("ann", solve())
    submit("bob", b"no notebook")
    assert cli.main(["grade", HW01, "--course", str(course.root), "--workers", "1", "--json"]) == 0
    found = {record["student"]: record for record in map(json.loads, capsys.readouterr().out.splitlines())}
    assert (found["ann"]["sandbox"], found["ann"]["score"]) == ("tight", 20)
    assert found["bob"]["sandbox"] == ""


def test_a_setting_that_is_no_level_is_told(course, submit, solve, capsys):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.Gradbook.sandbox = "none"\n')
    submit("ann", solve())
    assert cli.main(["grade", HW01, "--course", str(course.root)]) == 1
    assert "c.Gradbook.sandbox: 'none' must be 'best', 'namespaces' or 'tight'" in capsys.readouterr().err


def test_help_is_quick():
    import time

    from conftest import run

    times = []
    for _ in range(3):
        start = time.monotonic()
        assert run("gradbook", "--help").returncode == 0
        times.append(time.monotonic() - start)
    assert min(times) < 0.3


# ---------------------------------------------------------------- torch


@pytest.mark.torch
def test_torch_is_warm_and_enclosed(torch_worker, solve):
    """Submissions find torch imported, one thread, no way out, and the memory limit beyond what torch has mapped."""
    from gradbook.sandbox.session import Session

    look = "import sys; print('torch' in sys.modules, 'torch._dynamo' in sys.modules)\n"
    look += "import torch; print(torch.get_num_threads())"
    with Session(torch_worker) as session:
        outputs, error = session.run(0, look)
        assert error is None
        assert outputs[0]["text"].split() == ["True", "True", "1"]
        _, error = session.run(1, "x = torch.zeros(1_000_000_000)")
        assert error.type_name == "RuntimeError"
        _, error = session.run(2, "x = torch.zeros(200_000_000)")
        assert error is None
        _, error = session.run(3, "torch.load('/etc/shadow')")
        assert error is not None


@pytest.mark.torch
def test_known_mistakes_of_hw08_through_the_sandbox(grade, solve):
    homework = load("hw08_numpy_to_pytorch")
    wanted = {
        "autograd_never_zeroed",
        "autograd_update_in_the_graph",
        "autograd_list_of_tensors",
        "autograd_target_without_column",
        "evaluate_argmax_accuracy",
        "net_global",
    }
    variants = [v for v in homework.chaffs if v.name in wanted]
    assert len(variants) == len(wanted)
    for variant in variants:
        graded = grade(solve(homework.id, homework.source_with(variant)), homework.id)
        first = next(f for f in graded.findings if f.name == variant.fails[0])
        assert first.points < first.max_points, variant.name
        assert first.hint == variant.hint, variant.name


# ---------------------------------------------------------------- speed


@pytest.mark.own_sandbox
def test_a_process_that_lives_on_keeps_its_sandbox_warm(course, submit, solve, monkeypatch):
    at_exit = []
    monkeypatch.setattr("gradbook.grading.warm.atexit.register", at_exit.append)
    monkeypatch.setattr("gradbook.grading.warm.atexit.unregister", at_exit.remove)
    warm = WarmBench()
    assert at_exit == []

    def grade():
        grade_class(Assignment(course, HW01), Options(force=True, workers=1, warm=warm))
        with warm.bench(Assignment(course, HW01), Execution()) as bench:
            return bench.sandbox.process.pid

    submit("ann", solve())
    first = grade()
    assert grade() == first
    helper = Assignment(course, HW01).release / "course_helpers.py"
    helper.chmod(0o644)
    helper.write_text(helper.read_text() + "\n# another state of the release\n")
    assert grade() != first
    assert at_exit == [warm.close]
    with Children() as children:
        warm.close()
        assert not children.left()
    assert at_exit == []


def test_what_every_submission_asks_for_is_worked_out_before_the_first(course, monkeypatch):
    """In the process that those which grade are forked from, and so once for all of them."""
    bench, asked = Bench(Assignment(course, HW01)), []
    bench.prepare()
    for check in bench.homework.checks:
        monkeypatch.setattr(check, "observe", lambda *_: asked.append(1))
        bench.observations.reference(check)
        bench.observations.reached_by(check)
    assert not asked


def test_figures_come_back_when_asked_for(course, submit, solve):
    import nbformat

    def pictures():
        notebook = nbformat.read(handed_in(course, "ann").autograded, as_version=4)
        outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
        return sum("image/png" in o.get("data", {}) for o in outputs)

    submit("ann", solve())
    grade_class(Assignment(course, HW01), Options(workers=1))
    assert pictures() == 0
    summary = grade_class(Assignment(course, HW01), Options(workers=1, force=True, execution=Execution(figures=True)))
    assert pictures() > 0
    assert list(summary.scores.values()) == [20]


def test_commands_answer_quickly():
    """Heavy imports stand where they are used: --help needs none of them."""
    heavy = "[m for m in ('numpy', 'nbformat', 'nbgrader') if m in sys.modules]"
    done = run("python", "-c", f"import sys, gradbook.fronts.cli as cli; cli.parser(); print({heavy})")
    assert done.stdout.strip() == "[]", done.stderr


def test_the_process_that_writes_the_gradebook_computes_nothing(course, submit, solve):
    """Where others grade, what they need is not read by the process that starts them: they start the sooner."""
    for student in ("ann", "bob"):
        submit(student, solve())
    heavy = ("numpy", "solutions", "gradbook_course", "gradbook.judging.judge")
    heavy = f"[m for m in sys.modules if m.startswith({heavy})]"
    grade = f"['grade', 'hw01', '--workers', '2', '--course', {str(course.root)!r}]"
    done = run("python", "-c", f"import sys, gradbook.fronts.cli as cli; print(cli.main({grade}), {heavy})")
    assert done.stdout.startswith(f"{HW01}: 2 graded, 0 unchanged") and done.stdout.endswith("0 []\n"), done.stderr
