"""Hints of all homeworks: one voice, one concept for each mistake, steps that are there, and no hidden number."""

import re
from collections import Counter
from inspect import signature

import numpy as np
import pytest
from conftest import HW01, ROOT, ids, load, verdict
from voice import faults, numbers

from gradbook.course.findings import Finding, Graded
from gradbook.course.records import document
from gradbook.homework.concepts import CONCEPTS
from gradbook.homework.source import BEGIN_SOLUTION, definition
from gradbook.judging import hints
from gradbook.judging.causes.messages import MESSAGES
from gradbook.judging.compare import Difference
from gradbook.judging.words import FORMS, LOST_NAME, NUMBERS, RAISED, SOME

SMALL = {0.0, 1.0, 2.0}  # halves and doubles, signs, where a count begins
END_SOLUTION = BEGIN_SOLUTION.replace("BEGIN", "END")


def lesson(homework_id):
    return (ROOT / "source" / homework_id / "lesson.md").read_text()


def steps(text):
    return {found.strip() for found in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


def handed_out(homework):
    """What students read: the lesson, and the reference but for what they write."""
    given = re.sub(rf"{BEGIN_SOLUTION}.*?{END_SOLUTION}", "", homework.reference, flags=re.DOTALL)
    return lesson(homework.id) + given


def answers(homework):
    """Function -> number, of the questions that have a number for an answer."""
    found = {}
    for name in {check.covers for check in homework.checks if check.task not in homework.examples}:
        names = {"np": np}
        exec(definition(homework.reference, name), names)
        if "." not in name and not signature(names[name]).parameters:
            answer = names[name]()
            if isinstance(answer, (int, float)):
                found[name] = float(answer)
    return found


@pytest.mark.parametrize(
    "hint, fault",
    [
        ("Your loss is a sum; it should be a mean.", None),
        ('Your loss is a sum; it should be a mean. See "2. The loss".', None),
        ("Your code uses totl, which is not defined there; should it be total?", None),
        ("The loss should be a mean.", 'it is not "Your ...; it should ..."'),
        ("The gradient takes the values after the ReLU; these are those before it.", 'it is not "Your ...'),
        ("Your loss is a sum; that is wrong.", 'it is not "Your ...'),
        ("Your loss should be a mean.", 'it is not "Your ...'),
        ("Your loss is a sum; it should be a mean; look again.", 'it is not "Your ...'),
        ("Your loss is a sum; it should be a mean", 'it is not "Your ...'),
        ("Your loss is a sum; it should be a mean. See the lesson.", 'it is not "Your ...'),
        ('Your loss is a sum; it should be a mean. See "3. Backward".', "the lesson has no 3. Backward"),
        (f"Your loss is {'very ' * 30}wrong; it should be a mean.", "it has "),
    ],
)
def test_what_is_no_hint_in_this_voice_is_told(hint, fault):
    found = list(faults(hint, {"2. The loss"}))
    assert len(found) == (fault is not None)
    assert not found or found[0].startswith(fault)


def test_numbers_are_found_in_a_text():
    assert numbers('.06 and 1e-6, 0.5; x2 or w1 (n, 1), 1000. See "2. The loss".') == {0.06, 1e-6, 0.5, 1, 1000}


def test_every_hint_is_in_one_voice(homework_id):
    known = steps(lesson(homework_id))
    told = {v.name: list(faults(v.hint, known)) for v in load(homework_id).chaffs}
    assert {name: found for name, found in told.items() if found} == {}


def test_every_known_mistake_has_a_concept(homework_id):
    homework = load(homework_id)
    assert [v.name for v in homework.chaffs if v.concept not in CONCEPTS] == []
    # What is told the same is about the same.
    told = {(v.target, v.hint, v.concept) for v in homework.chaffs}
    assert [hint for (_, hint), times in Counter(t[:2] for t in told).items() if times > 1] == []


def test_no_hidden_number_stands_in_a_hint(homework_id):
    homework = load(homework_id)
    known = numbers(handed_out(homework)) | SMALL
    assert {v.name: numbers(v.hint) - known for v in homework.chaffs if numbers(v.hint) - known} == {}


def test_no_answer_stands_in_a_hint(homework_id):
    homework = load(homework_id)
    right = answers(homework)
    assert not [v.name for v in homework.chaffs if v.target in right and right[v.target] in numbers(v.hint)]


def test_questions_with_answers_are_found():
    assert answers(load("hw02_learning_landscapes"))["fastest_depth"] == 10
    assert sum(len(answers(load(homework))) for homework in ids()) > 15


def test_concepts_are_few_and_each_is_met():
    assert 12 <= len(CONCEPTS) <= 20
    met = {v.concept for homework in ids() for v in load(homework).chaffs}
    assert met == set(CONCEPTS)
    for key, (title, teach) in CONCEPTS.items():
        assert key == key.lower() and title[0].isupper() and not title.endswith("."), key
        assert teach[0].isupper() and teach.endswith(".") and 40 < len(teach) < 130, key


def test_what_the_engine_says_is_in_one_voice():
    causes = [value for value in vars(hints).values() if isinstance(value, hints.Cause)]
    causes += [hints.Cause(text, concept) for _, concept, text in hints.FACTORS] + [cause for _, cause in MESSAGES]
    assert len(causes) > 25
    assert {concept for _, concept in causes} | set(FORMS.values()) <= set(CONCEPTS)
    told = [hint for hint, _ in causes] + [NUMBERS, SOME, LOST_NAME.format("mean"), RAISED.format("ValueError")]
    told.append(f"{hints.PROMISED}: one number.")
    assert {hint: list(faults(hint)) for hint in told if list(faults(hint))} == {}


# ---------------------------------------------------------------- in findings

SAID = {  # what is changed in hw01, its check, the concept, and the known mistake or nothing
    "a known mistake": ("* self.w1 * self.w2", "* (self.w1 + self.w2)", "forward_value", "definition", "weights added"),
    "a sign and a factor": ("* self.w1 * self.w2", "* self.w1 * self.w2 * -2", "forward_value", "sign", ""),
    "a mean of a mean": ("- y_true\n", "- y_true\n        error = error / len(x)\n", "gradient_value", "mean", ""),
    "another factor": ("* self.w1 * self.w2", "* self.w1 * self.w2 * 1.7", "forward_value", "factor", ""),
    "nearly right": ("* self.w1 * self.w2", "* self.w1 * self.w2 * 1.00001", "forward_value", "precision", ""),
    "places": ("* self.w1 * self.w2", "[::-1] * self.w1 * self.w2", "forward_value", "places", ""),
    "a shape": ("* self.w1 * self.w2", "[:, None] * self.w1 * self.w2", "forward_value", "shapes", ""),
    "a dtype": ("* self.w1 * self.w2", "* self.w1 * self.w2 + 0j", "forward_value", "precision", ""),
    "no return": ("return x * self.w1", "x * self.w1", "forward_value", "python", ""),
    "nan": ("* self.w1 * self.w2", "* self.w1 * self.w2 * np.nan", "forward_value", "precision", ""),
    "an error": ("return x * self.w1", "return y * self.w1", "forward_value", "python", ""),
    "shapes that raise": ("* self.w1 * self.w2", "* np.ones((2, 2, 3)) @ x", "forward_value", "shapes", ""),
}


def value(expected, observed, **more):
    return Difference("value", "", [""], [], [("", np.array(expected, float), np.array(observed, float))], **more)


@pytest.mark.parametrize(
    "observed, words",
    [
        ([1, 2, 3, 9], "in the last place only, entry 3 (counted from 0)"),
        ([1, 9, 9, 9], "from entry 1 (counted from 0) to the end"),
        ([1, 9, 3, 9], "first wrong at entry 1 (counted from 0)"),
    ],
)
def test_where_a_sequence_leaves_the_right_path(observed, words):
    found = hints.entry(value([1, 2, 3, 4], observed))
    assert words in found and not list(faults(found))
    assert hints.entry(value([1, 2, 3, 4], [9, 9, 9, 9])) is None
    assert hints.entry(value([1, 2], [1, 9])) is None


def test_which_parts_are_right():
    assert hints.parts(Difference("value", "", ["w2"], ["w1"])) == "Right: w1. Not right: w2."
    assert hints.parts(Difference("value", "", ["w2"], [])) is None
    assert hints.parts(Difference("value", "", [""], ["w1"])) is None


@pytest.mark.parametrize("case", SAID)
def test_a_finding_says_what_it_is_about(case):
    old, new, name, concept, mistake = SAID[case]
    reference = load(HW01).reference
    assert reference.count(old) == 1
    found = {f.name: f for f in verdict(HW01, reference.replace(old, new))}[name]
    assert (found.concept, found.mistake) == (concept, mistake)
    assert not list(faults(found.hint, steps(lesson(HW01))))


def test_what_is_right_is_about_nothing():
    assert {f.concept for f in verdict(HW01, load(HW01).reference)} == {""}


def test_records_keep_the_concept_and_old_ones_have_none():
    finding = Finding("loss_value", "check_loss", 0, 1, "wrong", concept="mean", both=[{"mistake": "sum for mean"}])
    kept = document("bob", HW01, Graded(None, [finding]))["checks"][0]
    assert (kept["concept"], kept["both"]) == ("mean", [{"mistake": "sum for mean"}])
    old = {name: value for name, value in kept.items() if name not in ("concept", "both")}
    assert (Finding(**old).concept, Finding(**old).both) == ("", [])
