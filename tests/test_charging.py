"""One rule: a mistake costs the points of the function that it is in, once."""

import random
import re
from dataclasses import replace

import pytest
from conftest import load, observations, verdict

from gradbook.homework.source import BEGIN_SOLUTION, definition, splice
from gradbook.judging.judge import judge
from gradbook.judging.local import Local, local
from gradbook.judging.observations import Observations

HW01, HW04, HW05, HW06 = "hw01_shallow_narrow", "hw04_sine_regression", "hw05_two_layer_relu", "hw06_modules"
HW09 = "hw09_softmax_digits"


def lost(homework, source, *changed):
    """Check -> the points that it costs. changed: see `verdict`."""
    return {f.name: f.max_points - f.points for f in verdict(homework.id, source, *changed) if f.points < f.max_points}


def written(homework):
    """The functions that students write, and that checks are about."""
    names = dict.fromkeys(check.covers for check in homework.checks if check.points)
    sources = {name: definition(homework.reference, name) for name in names}
    return [n for n, source in sources.items() if BEGIN_SOLUTION in source and not source.startswith("class")]


def worth(homework, name):
    return {check.name: check.points for check in homework.checks if check.covers == name and check.points}


def test_several_mistakes_cost_what_each_of_them_costs(homework_id, depth):
    homework, chance = load(homework_id), random.Random(homework_id)
    # A question may be answered with functions that are wrong, so that its answer follows from them.
    questions = {name for name in written(homework) if definition(homework.reference, name).startswith(f"def {name}()")}
    targets = sorted({variant.target for variant in homework.chaffs} - questions)
    for _ in range(depth(3, 60)):
        chosen = chance.sample(targets, min(chance.choice([2, 2, 3]), len(targets)))
        if any(one != other and one.startswith(other) for one in chosen for other in chosen):
            continue
        made = [chance.choice([v for v in homework.chaffs if v.target == target]) for target in chosen]
        alone = [lost(homework, homework.source_with(variant), variant.target) for variant in made]
        together = lost(homework, homework.source_with(*made), *chosen)
        most = {name: max(part.get(name, 0) for part in alone) for part in alone for name in part}
        assert sum(together.values()) == pytest.approx(sum(most.values())), [variant.name for variant in made]


@pytest.mark.parametrize("kind", ["raises at once", "raises after the rest", "returns nothing"])
def test_a_function_that_raises_or_returns_nothing_costs_its_own_points(homework_id, kind):
    homework = load(homework_id)
    for name in written(homework):
        source = broken(definition(homework.reference, name), kind)
        found = lost(homework, splice(homework.reference, name, source), name)
        assert set(found) <= set(worth(homework, name)), name


def test_a_stub_costs_its_own_points_and_those_of_what_needs_it(homework_id):
    """Where something else cannot be judged for that, the finding says so, and names what is to be written."""
    homework = load(homework_id)
    for name in written(homework):
        found = without(homework, name, seen=observations(homework_id))
        others = [f for f in found if f.about != name and f.points < f.max_points]
        said = f"Your code builds on {name}, not written yet"
        assert all(f.outcome == "untouched" and said in f.hint for f in others), (name, others)
        assert sum(f.points for f in found if f.about == name) == 0


def without(homework, *names, seen=None):
    """The verdict on the reference with some functions as they are handed out. seen: the homework's observations."""
    source = homework.reference
    for name in names:
        source = splice(source, name, broken(definition(source, name), "is not written"))
    return judge(seen or Observations(homework), local(source))


def test_what_is_written_is_judged_whatever_is_not():
    """With right ones in the place of those that are not, also where the author has not asked for it."""
    homework = load(HW01)
    homework = replace(homework, checks=tuple(replace(c, given=()) for c in homework.checks))
    forward, gradient, train = (f"ShallowNarrowExercise.{name}" for name in ("forward", "dloss_dw", "train"))
    lost = {f.about for f in without(homework, forward) if f.points < f.max_points}
    assert lost == {forward}
    lost = {f.about for f in without(homework, forward, "loss", train) if f.points < f.max_points}
    assert lost == {forward, "loss", train}
    half = splice(homework.reference, gradient, next(v for v in homework.chaffs if v.name == "gradient_half").source)
    stub = broken(definition(half, forward), "is not written")
    found = {f.name: f for f in judge(Observations(homework), local(splice(half, forward, stub)))}
    assert (found["gradient_value"].outcome, found["gradient_value"].points) == ("wrong", 0)
    assert found["gradient_value"].mistake


def broken(source, kind):
    """A definition that raises, that returns nothing, or that is as it was handed out."""
    if kind == "is not written":
        return f"{source.partition(BEGIN_SOLUTION)[0]}raise NotImplementedError"
    if kind == "returns nothing":
        return re.sub(r"\breturn (?=\S)", "result = ", source)
    if kind == "raises at once":
        return f"{source.partition(BEGIN_SOLUTION)[0]}raise ValueError"
    return re.sub(r"^( *)return ", r"\1[] + 1\n\1return ", source, flags=re.M)


BRANCHES = """z = x @ self.w1
        if z > 0:
            self.hidden = z
        else:
            self.hidden = 0"""
# Of the reference: what is written for what, and the points that this costs.
RAISING = {
    "max of an array": (HW05, [("np.maximum(x @ self.w1, 0)", "max(0, x @ self.w1)")], 3),
    "a forgotten argument": (HW05, [("np.maximum(x @ self.w1, 0)", "np.maximum(x @ self.w1)")], 3),
    "an if over an array": (
        HW05,
        [("self.hidden = np.maximum(x @ self.w1, 0)", BRANCHES)],
        3,
    ),
    "shapes that do not fit, and a name": (
        HW05,
        [
            ("np.maximum(x @ self.w1, 0)", "np.maximum(self.w1 @ x, 0)"),
            ("self.hidden @ self.w2", "self.hiden @ self.w2"),
        ],
        3,
    ),
    "no return": (HW05, [("return self.hidden @ self.w2", "self.hidden @ self.w2")], 3),
    "and a step uphill": (
        HW05,
        [("np.maximum(x @ self.w1, 0)", "max(0, x @ self.w1)"), ("self.w1 -= lr", "self.w1 += lr")],
        4,
    ),
    "and a backward without its mask": (
        HW05,
        [("np.maximum(x @ self.w1, 0)", "max(0, x @ self.w1)"), (" * (self.hidden > 0)", "")],
        7,
    ),
    "a name of another thing": (HW04, [("p = self.parameters\n        self.x", "p = self.weights\n        self.x")], 3),
    "matrices the other way round": (HW04, [('sigmoid(x @ p["W1"]', 'sigmoid(p["W1"] @ x')], 3),
    "an attribute that is not there": (HW04, [("sigmoid(self.h1", "sigmoid(self.z1")], 3),
    "a layer the other way round": (
        HW06,
        [('return x @ self.parameters["W"]', 'return self.parameters["W"] @ x')],
        0.75,
    ),
}


@pytest.mark.parametrize("name", RAISING)
def test_what_builds_on_a_function_that_raises_is_judged_by_itself(name):
    homework_id, edits, points = RAISING[name]
    homework = load(homework_id)
    source = homework.reference
    for old, new in edits:
        assert old in source
        source = source.replace(old, new, 1)
    assert sum(lost(homework, source).values()) == pytest.approx(points)


def test_the_words_are_about_what_is_wrong_there():
    """Not about the function that raises, where another one is wrong as well."""
    homework_id, edits, _ = RAISING["and a backward without its mask"]
    homework, source = load(homework_id), load(homework_id).reference
    for old, new in edits:
        source = source.replace(old, new, 1)
    found = {f.name: f for f in verdict(homework.id, source)}
    assert found["forward_value"].outcome == "raised"
    assert (found["backward_value"].outcome, bool(found["backward_value"].mistake)) == ("wrong", True)


def test_given_code_is_not_charged_unless_it_was_changed():
    homework = load(HW05)
    wrong = "def update(self, grad_w1, grad_w2, lr):\n    self.w1, self.w2 = self.w1 - 1.1 * lr * grad_w1, self.w2"
    source = splice(homework.reference, "TwoLayerNet.update", wrong)
    assert set(lost(homework, source)) <= set(worth(homework, "TwoLayerNet.update"))
    changed = splice(source, "TwoLayerNet.train", "def train(self, x, y, lr, n_iter):\n    return np.zeros(n_iter)")
    # Worth more than update lost, so that it is forgiven in part only.
    checks = tuple(replace(check, points=2.0) if check.name == "trajectory" else check for check in homework.checks)
    found = judge(Observations(replace(homework, checks=checks)), local(changed))
    assert {"trajectory", "convergence"} <= {f.name for f in found if f.points < f.max_points}


def test_where_nothing_works_nothing_follows():
    """Given code that runs wrong functions only earns nothing by itself."""
    homework = load(HW05)
    source = homework.reference
    for name in ("forward", "loss", "backward", "update"):
        source = splice(source, f"TwoLayerNet.{name}", f"def {name}(self, *a):\n    return 0")
    assert {"trajectory", "convergence", "backward_value"} <= set(lost(homework, source))


def test_an_exception_without_a_line_is_no_fault_of_ours():
    """As where the line that raised is not of a cell."""
    homework = load(HW05)
    source = splice(homework.reference, "TwoLayerNet.forward", "forward = np.vectorize(lambda self, x: exec('1 / 0'))")
    assert {"forward_value", "forward_side_effects"} <= set(lost(homework, source))


def test_only_calls_of_the_function_itself_make_it_a_numerical_derivative():
    """A check may have a loss worked out by the submission, again and again, to see what a wrong forward leads to."""
    names = {}
    exec("def f(x): return x\ndef loss(x): return f(x) ** 2\ndef slope(x): return [f(x + k) for k in range(5)]", names)
    code = Local(names)
    for called, calls in (("loss", 0), ("slope", 5), ("f", 0)):
        code.request(op="prepare", covers=["slope"], replaced=[], counted=[["f"]])
        code.request(op="call", target=None, path=[called], args=[1], kwargs={})
        assert code.request(op="restore") == calls, called


def test_a_run_is_made_where_what_it_builds_on_kept_its_points():
    """Also where that is right to a few digits only, and something else lost points."""
    homework = load(HW09)
    flagged = next(v for v in homework.wheats if v.flagged and v.target == "DigitNet.backward")
    source = homework.source_with(flagged, next(v for v in homework.chaffs if v.target == "loss_of_equal_scores"))
    found = {f.name: f for f in verdict(HW09, source)}
    assert found["loss_of_equal_scores"].points == 0
    assert not [name for name, finding in found.items() if "Not run" in finding.hint]


@pytest.mark.parametrize(("train", "outcomes"), [("as it was given", {"follows"}), ("otherwise", {"right", "follows"})])
def test_a_run_that_costs_nothing_whatever_comes_out_is_not_made(train, outcomes):
    """That of given code which builds on what lost its points; where that was rewritten, it is judged."""
    homework, runs = load(HW05), ("trajectory", "convergence")
    wrong = homework.source_with(next(v for v in homework.chaffs if v.target == "TwoLayerNet.forward"))
    if train == "otherwise":
        wrong = wrong.replace("losses = np.zeros(n_iter)", "losses = 0 * np.ones(n_iter)")
    transport = Local(local(wrong).evaluator.namespace, source=wrong)
    asked, request = [], transport.request
    transport.request = lambda seconds=None, **message: asked.append(message.get("path")) or request(seconds, **message)
    found = {f.name: f for f in judge(observations(HW05), transport)}
    assert {found[name].outcome for name in runs} <= outcomes
    assert all(found[name].points == found[name].max_points for name in runs)
    assert (["train"] in [path[-1:] for path in asked if path]) == (train == "otherwise")
