"""The line that makes a known mistake: the one that a teacher would point at, or none."""

import time
from difflib import SequenceMatcher

import pytest
from conftest import ids, load

from gradbook.homework.source import definition
from gradbook.homework.syntax import last_definition
from gradbook.judging.bindings import Sources
from gradbook.judging.lines import line_of_a_mistake
from gradbook.judging.statements import statements

# homework, mistake, the line; none where it is what is missing, or where several lines make it together.
LINES = """
hw01 loss_in_place: y_prediction -= y_true
hw01 loss_without_guard:
hw01 loss_guards_length: if len(y_prediction) != len(y_true):
hw01 gradient_moves_weights: self.w1 -= 0.1 * dw1
hw01 gradient_without_guard:
hw01 train_records_late: losses[epoch], weights[epoch] = loss(self.forward(x), y_true), (self.w1, self.w2)
hw01 train_records_weights_early: losses[epoch], weights[epoch] = loss(self.forward(x), y_true), (self.w1, self.w2)
hw01 train_published_weights: weights[epoch] = -1.3311630651, -1.5254625997
hw01 train_invented_curve: losses, weights = np.geomspace(6.35, 0.034, n_ep), np.empty((n_ep, 2))
hw01 train_decays: lr = lr * 0.99
hw02 grid_sum: return np.sum(residuals**2, axis=-1)
hw02 grid_weights_added: slopes = np.add.outer(w1_values, w2_values)
hw02 grid_of_integers: grid = np.zeros((len(w1_values), len(w2_values)), dtype=np.asarray(w1_values).dtype)
hw02 gradient_moves_weights: self.w = self.w - 0.01 * slopes
hw02 train_goes_on:
hw02 train_forgets: self.w = start
hw02 epochs_any_nan: return first if first < len(losses) and not np.isnan(losses).any() else None
hw03 update_in_place: w[i] -= eta * np.outer(delta[i], x if i == 0 else z[i - 1])
hw04 mse_loss_in_place: prediction -= label
hw04 mse_loss_squares_in_place: prediction **= 2
hw04 update_scales_gradients: gradient *= lr
hw04 update_of_a_copy: parameter = parameter - lr * gradient
hw04 backward_without_guard:
hw05 forward_centres_x: x -= x.mean(axis=0)
hw05 forward_writes_x: x[...] = np.maximum(x, 0)
hw05 forward_shrinks_weights: self.w1 *= 1 - 1e-6
hw05 forward_softmax: e = np.exp(self.hidden @ self.w2)
hw05 loss_guards_size: if np.size(y_prediction) != np.size(y):
hw05 backward_moves_w2_first: self.w2 -= 1e-6 * grad_w2
hw06 step_momentum: self.v[name] = 0.9 * self.v.get(name, 0) + self.model.gradients[name]
hw06 checker_never_zeroed:
hw06 forward_shares_x: Linear.x = x
hw06 loss_without_guard:
hw07 batches_filled_up: rows = np.resize(np.roll(order, -start), batch_size)
hw07 batches_copied_generator: order = copy.deepcopy(rng).permutation(len(x))
hw07 adam_v_at_most: self.top[name] = np.maximum(self.top.get(name, 0), v)
hw07 adam_first_only: break
hw07 momentum_late: parameter -= self.lr * velocity
"""
TABLE = [tuple(line.split(":", 1)) for line in LINES.strip().split("\n")]

# A homework, a mistake in other words, and the line that may be named.
OTHERWISE = [
    (
        "hw01",
        "loss_plus",
        "p, t = y_prediction, y_true\nreturn float(np.mean((np.asarray(p) + np.asarray(t)) ** 2))",
        1,
    ),
    (
        "hw01",
        "loss_plus",
        "total = np.asarray(y_prediction) + np.asarray(y_true)\nreturn float(np.mean(total ** 2))",
        0,
    ),
    ("hw01", "loss_in_place", "y_prediction -= y_true\nsquares = y_prediction ** 2\nreturn squares.mean()", 0),
    (
        "hw01",
        "train_records_late",
        """
a = np.empty(n_ep)
b = np.empty((n_ep, 2))
for k in range(n_ep):
    d1, d2 = self.dloss_dw(x, y_true)
    self.w1 -= lr * d1
    self.w2 -= lr * d2
    a[k] = loss(self.forward(x), y_true)
    b[k] = self.w1, self.w2
return a, b""",
        6,
    ),
    (
        "hw01",
        "train_decays",
        """
a, b = np.empty(n_ep), np.empty((n_ep, 2))
for k in range(n_ep):
    a[k] = loss(self.forward(x), y_true)
    d1, d2 = self.dloss_dw(x, y_true)
    lr = 0.99 * lr
    self.w1 -= lr * d1
    self.w2 -= lr * d2
    b[k] = self.w1, self.w2
return a, b""",
        4,
    ),
    (
        "hw02",
        "grid_sum",
        "s = np.outer(w1_values, w2_values)\nr = s[:, :, np.newaxis] * x - y\nreturn np.sum(r**2, axis=-1)",
        2,
    ),
    (
        "hw02",
        "grid_sum",
        "s = np.outer(w1_values, w2_values)\nr = s[:, :, np.newaxis] * x - y\nq = r**2\nreturn np.sum(q, axis=-1)",
        3,
    ),
    (
        "hw02",
        "grid_plus",
        "s = np.outer(w1_values, w2_values)\nguess = s[:, :, np.newaxis] * x\nr = guess + y\n"
        "return np.mean(r**2, axis=-1)",
        2,
    ),
    (
        "hw05",
        "forward_writes_x",
        "self.x = np.array(x)\nz = x @ self.w1\nself.hidden = np.maximum(z, 0)\n"
        "x[:] = np.maximum(x, 0)\nreturn self.hidden @ self.w2",
        3,
    ),
    (
        "hw05",
        "forward_absolute",
        "self.x = x\nz = x @ self.w1\nself.hidden = np.abs(z)\nreturn self.hidden @ self.w2",
        2,
    ),
    (
        "hw05",
        "forward_two_relus",
        "self.x = x\nself.hidden = np.maximum(x @ self.w1, 0)\nout = self.hidden @ self.w2\nreturn np.maximum(out, 0)",
        3,
    ),
    (
        "hw05",
        "loss_mean",
        "require_equal_shapes(y_prediction, y)\ngap = y_prediction - y\nreturn float(np.mean(gap**2))",
        2,
    ),
]


def known(short, name):
    homework = load(next(one for one in ids() if one.startswith(short)))
    return homework, next(variant for variant in homework.chaffs if variant.name == name)


@pytest.mark.parametrize(("where", "line"), TABLE)
def test_the_line_that_a_teacher_would_point_at(where, line):
    homework, variant = known(*where.split())
    found = line_of_a_mistake([variant], homework, Sources({0: homework.source_with(variant)}))
    assert found.get("text", "") == line.strip()


def test_a_line_that_is_named_is_not_the_reference_s_in_its_place(homework_id):
    homework = load(homework_id)
    named = 0
    for variant in homework.chaffs:
        source = homework.source_with(variant)
        line = line_of_a_mistake([variant], homework, Sources({0: source}))
        if not line:
            continue
        named += 1
        assert line["text"], variant.name
        own = statements(last_definition([source], variant.target))
        right = [one.text for one in statements(last_definition([homework.reference], variant.target))]
        here = [place for place, one in enumerate(own) if one.line <= line["line"] <= one.span[1][0]]
        blocks = SequenceMatcher(None, right, [one.text for one in own], autojunk=False).get_matching_blocks()
        kept = {block.b + number for block in blocks for number in range(block.size)}
        assert here and not set(here) <= kept, variant.name
        assert not any(own[place].text.startswith("raise ") for place in here), variant.name
    # Most are told by a line.
    assert named > 0.7 * len(homework.chaffs)


@pytest.mark.parametrize(("short", "name", "body", "place"), OTHERWISE)
def test_in_other_words_it_is_probably_that_line_or_none(short, name, body, place):
    homework, variant = known(short, name)
    head = definition(homework.reference, variant.target).partition("\n")[0]
    lines = body.strip().split("\n")
    owner, _, _ = variant.target.rpartition(".")
    indent = "    " if owner else ""
    source = "\n".join([f"class {owner}:"] * bool(owner) + [indent + head] + [f"{indent}    {line}" for line in lines])
    found = line_of_a_mistake([variant], homework, Sources({0: source}))
    assert found.get("text", lines[place].strip()) == lines[place].strip()
    assert not found.get("sure") or lines[place].strip() in variant.source


@pytest.mark.parametrize("value", ["+".join(["y_true"] * 3000), "-" * 90 + "y_true", "f(" * 90 + ")" * 90])
def test_any_code_is_looked_at(value):
    homework, variant = known("hw01", "loss_plus")
    source = f"def loss(y_prediction, y_true):\n    z = {value}\n    return z\n"
    assert line_of_a_mistake([variant], homework, Sources({0: source})) == {}


def test_a_long_function_takes_no_time():
    homework, variant = known("hw01", "loss_plus")
    lines = (f"    a{n} = float(np.mean((y_prediction + {n}) ** 2))\n" for n in range(2000))
    source = "def loss(y_prediction, y_true):\n" + "".join(lines)
    begin = time.process_time()
    line_of_a_mistake([variant], homework, Sources({0: source}))
    assert time.process_time() - begin < 5


def test_lines_that_end_otherwise_are_looked_at():
    homework, variant = known("hw01", "loss_plus")
    line_of_a_mistake([variant], homework, Sources({0: homework.source_with(variant).replace("\n", "\r")}))
