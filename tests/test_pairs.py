"""Two mistakes in one function are named, both."""

from collections import Counter

import pytest
from conftest import HW01, load, observations

from gradbook.auditing.pairs import ALIKE, BOTH, NOTHING_CERTAIN, drawn, told
from gradbook.homework.declare import Variant
from gradbook.homework.source import Change, changed, splice
from gradbook.judging import mistakes
from gradbook.judging.judge import judge
from gradbook.judging.local import local
from gradbook.judging.observations import Observations
from gradbook.judging.pairs import together
from gradbook.judging.shelf import RAISED, Shelf

HW05 = "hw05_two_layer_relu"


def findings(homework_id, target, source, known=None):
    known = known or observations(homework_id)
    source = splice(known.homework.reference, target, source.strip())
    return {finding.name: finding for finding in judge(known, local(source))}


@pytest.mark.parametrize("homework", [HW01, "hw03_linear_chain", HW05])
def test_most_pairs_of_known_mistakes_are_named(homework):
    """A few of three homeworks here; `gradbook audit --pairs 60` tries more, of all."""
    known = observations(homework)
    pairs = [tuple(map(known.homework.variant, names)) for names in drawn(known.homework, 10)]
    ways = Counter(told(known, *pair) for pair in pairs)
    assert ways[BOTH] + ways[ALIKE] >= 7, ways
    assert ways[NOTHING_CERTAIN] <= 1, ways


OTHERWISE = {
    "hw01, the sign and a sum": (
        HW01,
        "ShallowNarrowExercise.dloss_dw",
        """
def dloss_dw(self, x, y_true):
    assert np.shape(x) == np.shape(y_true)
    slope = 0.0
    for one, wanted in zip(x, y_true):
        slope += 2 * one * (wanted - self.w1 * self.w2 * one)
    return slope * self.w2, slope * self.w1
""",
        "gradient_value",
        "minus sign lost and sum for mean",
    ),
    "hw05, no mask and half the square": (
        HW05,
        "TwoLayerNet.backward",
        """
def backward(self, y_prediction, y):
    require_equal_shapes(y_prediction, y)
    error = y_prediction - y
    return np.einsum("ni,nh->ih", self.x, error @ self.w2.T), np.einsum("nh,no->ho", self.hidden, error)
""",
        "backward_value",
        "factor 2 missing and no ReLU derivative, or one that lets everything pass",
    ),
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_two_mistakes_are_named_in_other_words(name):
    homework_id, target, source, check, mistake = OTHERWISE[name]
    finding = findings(homework_id, target, source)[check]
    assert (finding.outcome, finding.points, finding.mistake) == ("wrong", 0, mistake)
    about = {variant.about: variant.hint for variant in load(homework_id).chaffs if variant.target == target}
    first, second = (about[each] for each in mistake.split(" and "))
    assert finding.hint.endswith(f"{first} {second}")
    assert [(each["mistake"], each["hint"]) for each in finding.both] == list(
        zip(mistake.split(" and "), (first, second), strict=True)
    )


def test_a_third_mistake_leaves_two_unnamed():
    target, source = OTHERWISE["hw05, no mask and half the square"][1:3]
    finding = findings(HW05, target, source.replace("return ", "return 0.37 + "))["backward_value"]
    assert (finding.outcome, finding.mistake) == ("wrong", "")


def test_one_mistake_is_told_as_one():
    homework = load(HW05)
    for variant in homework.chaffs[:12]:
        told_of_it = [f.mistake for f in judge(observations(HW05), local(homework.source_with(variant)))]
        assert not any(" and " in mistake and mistake not in variant.about for mistake in told_of_it)


def test_known_pairs_are_worked_out_once_and_the_verdict_is_the_same(tmp_path):
    homework = load(HW05)
    pairs = [together(homework, *map(homework.variant, names)) for names in drawn(homework, 8)]
    sources = [homework.source_with(pair) for pair in pairs]

    def verdicts(known):
        return [[finding.as_dict() for finding in judge(known, local(source))] for source in sources]

    shelf = Shelf(tmp_path, "1")
    cold = verdicts(Observations(homework, shelf=shelf))
    shelf.save()
    warm = Shelf(tmp_path, "1")
    assert verdicts(Observations(homework, shelf=warm)) == cold
    assert not warm.changed


def test_work_is_counted_and_comes_to_an_end(monkeypatch):
    """The budget, not the pairs, decides: where there is none, nothing is named."""
    target, source, check = OTHERWISE["hw01, the sign and a sum"][1:4]
    tried = Counter()

    class Counting(Observations):
        def alone(self, check, *variants):
            tried[" and " in variants[0].name] += 1
            return super().alone(check, *variants)

    assert findings(HW01, target, source, Counting(load(HW01)))[check].mistake
    assert 1 <= tried[True] <= mistakes.PER_CHECK // mistakes.BEGIN
    tried.clear()
    monkeypatch.setattr(mistakes, "PER_SUBMISSION", mistakes.BEGIN - 1)
    assert not findings(HW01, target, source, Counting(load(HW01)))[check].mistake
    assert not tried[True]


def test_mistakes_that_run_without_end_together_are_stopped():
    homework = load(HW01)
    check = next(check for check in homework.checks if check.covers == "loss")
    endless = "def loss(y_prediction, y_true):\n    while True:\n        y_true = y_true + 0"
    assert Observations(homework).alone(check, Variant("a and b", "loss", endless, False)) is RAISED


CHANGES = {("x @ w1", "x @ w2"): "w2", ("2 * (x", "(x"): "", ("w1)", "w1) + 1"): " + 1", ("x + x", "x - x"): "-"}


@pytest.mark.parametrize("texts", CHANGES)
def test_a_change_is_as_small_as_it_can_be(texts):
    source = "y = 2 * (x + x @ w1)"
    change = Change.of(source, *texts)
    assert change.text == CHANGES[texts]
    assert changed(source, [change]) == source.replace(*texts)


def test_changes_that_overlap_are_not_made_together():
    homework = load(HW05)
    first, second = homework.variant("forward_tanh"), homework.variant("forward_sigmoid")
    assert together(homework, first, second) is None
