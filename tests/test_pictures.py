"""Pictures of findings: what they mark, what they say, and what cannot be read off them."""

import json
import re

import numpy as np
import pytest
from conftest import HW01, load, verdict, verdicts

from gradbook.course.assignment import Assignment
from gradbook.grading.run import Options, grade_class
from gradbook.judging import pictures
from gradbook.judging.compare import difference


def drawn(expected, observed):
    return pictures.pictures_of(difference(expected, observed, 1e-9))


def test_a_grid_marks_each_entry():
    expected = {"w1": np.array([[1.0, -2.0, 3.0], [4.0, 5.0, 6.0]])}
    (grid,) = drawn(expected, {"w1": np.array([[1.0, 2.0, 3.5], [0.0, np.inf, 6.0]])})
    assert grid == {"kind": "grid", "name": "w1", "rows": ["=-x", "0?="]}
    assert pictures.describe(grid) == (
        "w1: 2 right, 1 of the opposite sign, 1 of another value, 1 zero where they should not be, 1 nan or inf"
    )


def test_a_row_shows_where_the_error_begins():
    expected = {name: np.arange(1.0, 3.0) for name in ("b1", "w1", "b2")}
    found = drawn(expected, {**expected, "w1": np.zeros(2)})
    assert found[0]["parts"] == [["b1", True], ["w1", False], ["b2", True]]
    assert pictures.describe(found[0]) == "the first that is not right is w1"


def test_curves_share_a_scale_without_numbers():
    falls = 10.0 * 0.5 ** np.arange(8)
    (curve,) = drawn({"losses": falls}, {"losses": falls[::-1].copy()})
    assert curve["expected"][0] == curve["yours"][-1] == pictures.TALL
    assert "rises; expected is one that falls" in pictures.describe(curve)
    (curve,) = drawn({"losses": falls}, {"losses": np.full(8, np.nan)})
    assert curve["yours"] == [None] * 8
    assert "ends in nan or inf" in pictures.describe(curve)


@pytest.mark.parametrize(
    "expected, observed",
    [
        ({"a": np.ones(3)}, {"a": np.ones(4)}),
        ({"a": 1.0}, {"a": 2.0}),
        ({"a": np.ones((40, 40))}, {"a": np.zeros((40, 40))}),
        ({"a": np.ones((2, 2, 2))}, {"a": np.zeros((2, 2, 2))}),
        ({"a": np.ones(5)}, {"a": "text"}),
        ({"losses": np.zeros(8)}, {"losses": np.full(8, 1e-300)}),
        ({"a": np.array([np.nan, np.inf, 1.0])}, {"a": np.zeros(3)}),
    ],
)
def test_whatever_differs_can_be_drawn_or_is_left_out(expected, observed):
    for picture in drawn(expected, observed):
        assert pictures.describe(picture)
        json.dumps(picture, allow_nan=False)


def test_pictures_hold_marks_and_heights_only(homework_id):
    kinds = set()
    for variant, found in verdicts(homework_id):
        for finding in found:
            for picture in finding.pictures:
                kinds.add(picture["kind"])
                values = picture.get("rows", []) + picture.get("expected", []) + picture.get("yours", [])
                for value in values:
                    whole = value is None or (type(value) is int and -1 <= value <= pictures.TALL + 1)
                    assert whole or set(value) <= set(pictures.MEANING), (variant.name, picture)
    assert kinds


def test_only_known_mistakes_are_drawn():
    """What a submission makes up could spell the hidden inputs in marks."""
    homework = load(HW01)
    source = homework.reference.replace("return x * self.w1 * self.w2", "return np.where(x > 0.5, np.nan, 0.0)")
    finding = next(f for f in verdict(homework.id, source) if f.name == "forward_value")
    assert (finding.points, finding.pictures) == (0, [])


def test_the_page_draws_them(course, submit, solve):
    from gradbook.pages.feedback import write_feedback

    homework = load(HW01)
    for name in ("forward_one_weight", "train_ascends"):
        variant = next(v for v in homework.chaffs if v.name == name)
        submit(name, solve(HW01, homework.source_with(variant)))
    grade_class(Assignment(course, HW01), Options(workers=1))
    pages = {path.parent.parent.name: path.read_text() for path in write_feedback(Assignment(course, HW01))}
    assert re.search(r'<svg role="img" aria-label="nine samples: [^"]*"', pages["forward_one_weight"])
    assert "<polyline" in pages["train_ascends"]
    assert "the course expected" in pages["train_ascends"]
