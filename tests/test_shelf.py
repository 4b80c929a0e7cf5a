"""What known mistakes do, kept from run to run."""

import numpy as np
import pytest
from conftest import HW01, load

from gradbook.auditing.audit import work_out_known
from gradbook.course.assignment import Assignment
from gradbook.fronts import cli
from gradbook.judging.judge import judge
from gradbook.judging.local import local
from gradbook.judging.observations import Observations
from gradbook.judging.shelf import NOTHING, RAISED, Shelf
from gradbook.sandbox.guest.wire import Opaque, Tensor


def never():
    raise AssertionError("it was there")


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "known", "1")


SEEN = {
    "marks": RAISED,
    "numbers": [1, 2.5, float("inf"), True, None, "text", 1 + 2j],
    "arrays": {"w": np.arange(6.0).reshape(2, 3), 3: np.float32(0.1), "b": np.array([True])},
    "tensor": (Tensor(np.ones(3, np.float32), True),),
}


@pytest.mark.parametrize("name", SEEN)
def test_what_was_seen_comes_back_in_the_next_process(shelf, name):
    shelf.get("check", name, lambda: SEEN[name])
    shelf.save()
    again = Shelf(shelf.folder, "1").get("check", name, never)
    if name == "marks":
        assert again is RAISED
    elif name == "tensor":
        assert again[0].requires_grad
        assert again[0].array.dtype == np.float32
    else:
        np.testing.assert_equal(again, SEEN[name])


def test_another_version_makes_its_own_and_clears_away_the_old(shelf):
    shelf.get("check", "key", lambda: 1)
    shelf.save()
    other = Shelf(shelf.folder, "2")
    assert other.get("check", "key", lambda: 2) == 2
    other.save()
    assert len(list(shelf.folder.iterdir())) == 1
    assert Shelf(shelf.folder, "2").get("check", "key", never) == 2


@pytest.mark.parametrize("left", [b"", b"no page", b"\xff" * 100, b"\0" * 8])
def test_a_spoilt_file_is_worked_out_anew(shelf, left):
    shelf.get("check", "key", lambda: NOTHING)
    shelf.save()
    (path,) = shelf.folder.iterdir()
    path.write_bytes(left)
    assert Shelf(shelf.folder, "1").get("check", "key", lambda: 2) == 2


def test_half_a_file_keeps_its_whole_entries(shelf):
    for number in range(9):
        shelf.get("check", f"key {number}", lambda number=number: np.full(50, number))
    shelf.save()
    (path,) = shelf.folder.iterdir()
    path.write_bytes(path.read_bytes()[:-30])
    again = Shelf(shelf.folder, "1")
    assert again.get("check", "key 3", never)[0] == 3
    assert again.get("check", "key 8", lambda: "anew") == "anew"


def test_what_cannot_be_written_is_not_kept(shelf):
    shelf.get("check", "object", lambda: [Opaque("Net", 3)])
    shelf.get("check", "number", lambda: 1)
    shelf.save()
    again = Shelf(shelf.folder, "1")
    assert again.get("check", "object", lambda: "anew") == "anew"
    assert again.get("check", "number", never) == 1


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path):
    (tmp_path / "known").write_text("a file in its place")
    shelf = Shelf(tmp_path / "known", "1")
    assert shelf.get("check", "key", lambda: 1) == 1
    shelf.save()


def test_gradings_with_and_without_a_shelf_are_equal(shelf):
    homework = load("hw01_shallow_narrow")

    def verdicts(kept=None):
        observations = Observations(homework, shelf=kept)
        sources = [homework.source_with(variant) for variant in homework.chaffs]
        return [[f.as_dict() for f in judge(observations, local(source))] for source in sources]

    plain = verdicts()
    for kept in (shelf, Shelf(shelf.folder, "1")):
        assert verdicts(kept) == plain
        # The second reads all of it from the first.
        assert bool(kept.changed) == (kept is shelf)
        kept.save()
    assert len(list(shelf.folder.iterdir())) > 5


def test_no_class_waits_for_what_the_build_has_worked_out(course, monkeypatch, capsys):
    """And it is what would have been worked out for the class."""
    assignment = Assignment(course, HW01)
    assert cli.main(["build", HW01, "--course", str(course.root)]) == 0
    assert f"{len(assignment.homework.chaffs)} known mistakes worked out" in capsys.readouterr().out
    assert work_out_known(assignment) == 0
    some = assignment.homework.chaffs[::4]
    unaided = Observations(assignment.homework)
    plain = [findings(unaided, variant) for variant in some]
    observations = Observations(assignment.homework, shelf=Shelf.of(assignment))
    monkeypatch.setattr(Observations, "_observed", refuse_single(Observations._observed))
    assert [findings(observations, variant) for variant in some] == plain


def refuse_single(observed):
    """What works out what known mistakes do together, and refuses to for one alone."""

    def only_together(self, how, check, made):
        assert len(made) > 1, (check.name, made)
        return observed(self, how, check, made)

    return only_together


def findings(observations, variant):
    return [f.as_dict() for f in judge(observations, local(observations.homework.source_with(variant)))]


def test_a_check_that_does_not_run_is_told_by_the_build(course, capsys):
    path = course.root / "autograder" / HW01 / "checks.py"
    path.write_text(path.read_text().replace("def forward_value(code, rng):", "def forward_value(code):"))
    for command in ("build", "audit"):
        assert cli.main([command, HW01, "--course", str(course.root)]) == 1
        said = capsys.readouterr().err
        assert f"autograder/{HW01}/checks.py: the check forward_value does not run on the reference: TypeError" in said
