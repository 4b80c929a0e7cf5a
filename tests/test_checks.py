"""The checks, measured with implementations known to be wrong and known to be right."""

import re

import pytest
from conftest import AUDITOR, HW01, ROOT, load, needs, observations, verdict, verdicts

from gradbook.auditing.audit import BAR, Audit, audit_all
from gradbook.auditing.auditor import right_problems, wrong_problems
from gradbook.auditing.mutants import mutants
from gradbook.course.assignment import Assignment
from gradbook.course.findings import FINE
from gradbook.course.folder import Course
from gradbook.errors import GradbookError
from gradbook.homework.declare import Variant
from gradbook.judging.judge import judge
from gradbook.judging.local import Local, local
from gradbook.judging.observations import Observations


def test_known_mistakes_fail_the_checks_that_they_name_and_are_told(homework_id):
    assert [
        problem for v, found in verdicts(homework_id) if not v.right for problem in wrong_problems(v, found)[0]
    ] == []


def test_right_variants_keep_all(homework_id):
    assert right_problems("the reference", AUDITOR.verdict(homework_id, -1)) == []
    found = [right_problems(v.name, found, v.flagged) for v, found in verdicts(homework_id) if v.right]
    assert [problem for problems in found for problem in problems] == []


def test_planted_faults_are_seen(homework_id):
    homework, report = load(homework_id), Audit(homework_id)
    planted = list(mutants(homework.reference))
    report.count(homework, planted, [AUDITOR.survives(homework_id, mutant) for mutant in planted])
    assert report.mutants > 20
    assert report.score >= BAR, report.survivors


def test_an_audit_by_several_processes_finds_the_same():
    (report,) = audit_all([Assignment(Course(ROOT), HW01)], workers=2)
    assert report.passed
    wrong = [(v, found) for v, found in verdicts(HW01) if not v.right]
    assert report.matrix == {name: failed for each in wrong for name, failed in wrong_problems(*each)[1].items()}
    assert (report.chaffs, report.wheats) == (len(wrong), len(verdicts(HW01)) - len(wrong))
    assert report.mutants == len(list(mutants(load(HW01).reference)))


# Questions have one number for an answer, and only so many wrong ones say what went wrong.
FEW_WRONG_ANSWERS = {
    "hw02_learning_landscapes": {"fastest_depth", "best_rate_for_50_weights", "smallest_starting_weight"},
    "hw03_linear_chain": {"last_layer_sum"},
    "hw04_sine_regression": {"epochs_to_06", "best_full_batch_rate", "broken_steps"},
    "hw05_two_layer_relu": {"blocked_entries", "seeds_that_rise", "final_loss_without_mask"},
    "hw06_modules": {"largest_stable_rate"},
    "hw07_optimizers": {"he_over_glorot", "adam_steps_to_one"},
    "hw08_numpy_to_pytorch": {"first_overflow", "rises_with_l1", "broken_functions"},
    "hw09_softmax_digits": {"loss_of_equal_scores", "worst_digit", "best_decay"},
    "hw10_autograd_engine": {"too_early", "passes_for_differences"},
    "hw12_attention": {"deviation_of_scores"},
    "hw11_convolution": {"weights_of_dense", "pixels_seen"},
}
# Given to the student; run to see the functions work together.
GIVEN_WHOLE = {"train", "TwoLayerNet.train"}


def test_each_function_has_its_variants(homework_id):
    homework = load(homework_id)
    few = FEW_WRONG_ANSWERS.get(homework_id, set())
    functions = {check.covers for check in homework.checks} - GIVEN_WHOLE
    assert few <= functions
    for function in functions:
        chaffs = sum(v.target == function for v in homework.chaffs)
        assert chaffs >= (3 if function in few else 8), function
        assert chaffs < 8 or function not in few, function
        assert sum(v.target == function for v in homework.wheats) >= 3, function


def test_right_variants_keep_all_on_other_seeds(homework_id, depth):
    """`gradbook audit --seeds 1000` does so by several processes."""
    problems = [problem for seed in range(depth(1, 1000)) for problem in AUDITOR.unstable(homework_id, seed)]
    assert problems == []


def test_the_reference_keeps_all_on_other_seeds(homework_id, depth):
    homework = load(homework_id)
    for seed in range(2, depth(6, 50)):
        found = judge(Observations(homework, seed), local(homework.reference))
        assert right_problems(f"seed {seed}: the reference", found) == []


def test_what_must_converge_does_so_on_every_draw(homework_id, depth):
    """Where the reference missed the bound, a submission that misses it would pass as well."""
    homework = load(homework_id)
    check = homework.check("convergence")
    for seed in range(depth(40, 1000)):
        facts = Observations(homework, seed).reference(check)
        assert all(facts.values() if isinstance(facts, dict) else [facts]), f"seed {seed}: {facts}"


def test_untouched_stubs_earn_nothing(template, homework_id):
    cells = [c for c in template(homework_id).cells if c.cell_type == "code"]
    wanted = [c.source for c in cells if c.metadata.get("nbgrader", {}).get("solution")]
    given = [c.source for c in cells if c.metadata.get("nbgrader", {}).get("grade_id", "").startswith("given_")]
    names = {}
    for source in given + wanted:
        exec(source, names)
    results = judge(observations(homework_id), Local(names))
    assert sum(f.points for f in results) == 0
    assert {f.outcome for f in results} == {"untouched"}
    assert all("not written yet" in f.hint for f in results)


def test_one_wrong_function_is_charged_once(homework_id):
    """A known mistake costs points only in checks of its own function."""
    _are_charged_once(homework_id, verdicts(homework_id))


def test_one_wrong_function_is_charged_once_on_another_seed(homework_id, depth):
    homework = load(homework_id)
    drawn = Observations(homework, seed=1)
    some = homework.chaffs[:: depth(120, 1)]
    _are_charged_once(homework_id, [(v, judge(drawn, local(homework.source_with(v)))) for v in some])


def _are_charged_once(homework_id, judged):
    covers = {check.name: check.covers for check in load(homework_id).checks}
    for variant, found in judged:
        for f in found:
            assert f.points == f.max_points or covers[f.name] == variant.target or f.name in variant.fails, variant.name


def test_two_mistakes_are_both_named():
    homework = load("hw01_shallow_narrow")
    by_name = {v.name: v for v in homework.chaffs}
    from gradbook.homework.source import splice

    first, second = by_name["loss_sum"], by_name["train_sequential"]
    source = splice(homework.source_with(first), second.target, second.source)
    hints = {f.name: f.hint for f in verdict(homework.id, source)}
    assert hints["loss_value"] == first.hint
    assert hints["train_trajectory"] == second.hint


def test_audit_sees_a_weak_check():
    """A chaff that passes, a wheat that fails and a hint that is not told are each reported."""
    homework = load(HW01)
    wrong = next(v for v in homework.chaffs if v.name == "gradient_half")
    (problem,) = right_problems("wheat", verdict(HW01, homework.source_with(wrong)))
    assert "loses gradient_value" in problem
    harmless = Variant("harmless", "loss", wrong.source, False, ("loss_value",), "hint")
    problems, _ = wrong_problems(harmless, verdict(HW01, homework.reference))
    assert "passes loss_value" in problems[0]
    mute = Variant("mute", wrong.target, wrong.source, False, ("gradient_value",), "another hint")
    problems, _ = wrong_problems(mute, verdict(HW01, homework.source_with(wrong)))
    assert "is told" in problems[0]


def test_an_audit_may_leave_out_what_a_variant_does_not_reach(homework_id, depth):
    """The checks that are left out give what they give the reference: run whole, some variants say the same."""
    homework, reached_checks = load(homework_id), observations(homework_id).reached_checks
    for variant in homework.variants[:: depth(30, 1)]:
        only = reached_checks(variant.target) | set(variant.fails)
        whole = verdict(homework_id, homework.source_with(variant))
        assert [f.name for f in whole if f.outcome not in FINE and f.name not in only] == [], variant.name
    if len({check.covers for check in homework.checks}) > 1:
        assert any(len(reached_checks(v.target)) < len(homework.checks) for v in homework.variants)


def test_mutants_are_what_they_say():
    source = load("hw01_shallow_narrow").reference
    planted = list(mutants(source))
    names = [m.name for m in planted]
    assert "ShallowNarrowExercise.forward: x * self.w1 * self.w2 -> x * self.w1 / self.w2" in names
    assert "ShallowNarrowExercise.train: self.w1 -= lr * dw1 -> pass" in names
    assert len({m.source for m in planted}) == len(planted)
    for mutant in planted:
        compile(mutant.source, "mutant", "exec")


def test_a_mutant_that_no_check_sees_lowers_the_score():
    homework = load("hw01_shallow_narrow")
    planted = list(mutants(homework.reference))[:10]
    report = Audit(homework.id)
    report.count(homework, planted, [True] + [False] * 9)
    assert report.score == pytest.approx(0.9)
    assert not report.passed


def test_numerical_derivatives_are_flagged_and_keep_their_points():
    right = [(v, found) for v, found in verdicts(HW01) if v.right]
    for variant, found in right:
        assert bool(found.flags) == variant.flagged, variant.name
    assert sum(v.flagged for v, _ in right) >= 2


def test_findings_hold_no_hidden_number(homework_id):
    """Outside the published example, findings speak in words: no decimal fraction but those of the declared texts."""
    homework = load(homework_id)
    declared = " ".join([v.hint for v in homework.chaffs] + [c.call + c.promise for c in homework.checks])
    for _, found in verdicts(homework_id):
        for f in found:
            for text in (f.hint, *f.details):
                assert all(number in declared for number in re.findall(r"\d*\.\d+", text)), text


def test_what_a_homework_needs_is_known_without_its_checks(homework_id):
    """To `needs` that is; `load` sees to it that the checks say the same when they are run."""
    assert vars(needs(homework_id)).items() <= vars(load(homework_id)).items()


@pytest.mark.parametrize("line", ['MODULES = tuple(["torch"])', 'DISTRIBUTIONS = ["torch"]', "MEMORY = 3 << 30"])
def test_needs_that_only_a_run_would_tell_are_refused(course, line):
    with open(course.root / "autograder" / HW01 / "checks.py", "a") as file:
        file.write(f"{line}\n")
    with pytest.raises(GradbookError, match="written out as MODULES"):
        course.homeworks.load(HW01)
