"""Building anew while there are submissions: no release is ever lost, and the way on is said."""

import errno
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import pytest
from conftest import HW01, run
from lessons import lesson, released_files, with_given, with_manual, with_renamed_demo, without_demo
from outcomes import kill_all, outcome

from gradbook.authoring.build import build
from gradbook.course import agreement, files
from gradbook.course.assignment import Assignment
from gradbook.errors import GradbookError
from gradbook.fronts import nbgrader_classes
from gradbook.grading.run import Options, grade_class
from gradbook.pages.feedback import write_feedback

WAY_ON = f"gradbook build {HW01} --regrade"


@pytest.fixture
def graded(course, submit, solve):
    """A course with a submission that was graded."""
    submit("ann", solve())
    grade_class(Assignment(course, HW01), Options(workers=1))
    return course


def is_as_it_was(course, files, grades):
    """Nothing of the release and the gradebook changed, and nothing half made is left."""
    assert released_files(course) == files
    assert [path.name for path in Assignment(course, HW01).release.parent.iterdir()] == [HW01]
    assert outcome(course) == grades


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without_demo, "demo_run is gone"),
        (with_given, "given_more is new"),
        (with_renamed_demo, "demo_walk is new, demo_run is gone"),
        (with_manual, "drawing is new, explore is new, why is new"),
    ],
)
def test_cells_that_came_or_went_leave_the_release_and_the_way_on_is_said(graded, change, words):
    files, grades = released_files(graded), outcome(graded)
    lesson(graded, change)
    with pytest.raises(GradbookError, match="while there are submissions") as refused:
        build(Assignment(graded, HW01))
    assert words in str(refused.value) and WAY_ON in str(refused.value)
    assert "\n" not in str(refused.value)
    is_as_it_was(graded, files, grades)
    assert grade_class(Assignment(graded, HW01), Options(workers=1)).unchanged == 1


def test_nbgraders_own_command_leaves_the_release_too(graded):
    files, grades = released_files(graded), outcome(graded)
    lesson(graded, without_demo)
    with pytest.raises(GradbookError):
        build(Assignment(graded, HW01))  # writes the source notebook that nbgrader reads
    done = run("nbgrader", "generate_assignment", HW01, "--force", cwd=graded.root)
    assert done.returncode != 0
    assert WAY_ON in done.stderr and "Traceback" not in done.stderr
    is_as_it_was(graded, files, grades)
    # What formgrader calls, and what it shows.
    result = graded.api().generate_assignment(HW01)
    assert not result["success"] and WAY_ON in result["log"]
    is_as_it_was(graded, files, grades)


def test_regrade_keeps_what_was_given_by_hand_in_the_cells_that_stay(graded):
    lesson(graded, with_manual)
    build(Assignment(graded, HW01), regrade=True)
    assert len(write_feedback(Assignment(graded, HW01))) == 1
    grade_class(Assignment(graded, HW01), Options(workers=1))
    with graded.gradebook() as gradebook:
        for name, points in ("check_loss", 1.5), ("why", 4.0), ("drawing", 2.0):
            grade = gradebook.find_grade(name, HW01, HW01, "ann")
            grade.manual_score, grade.extra_credit = points, 0.5
        gradebook.find_comment("why", HW01, HW01, "ann").manual_comment = "Well said."
        gradebook.db.commit()
    lesson(graded, lambda text: text.replace("manual: drawing", "manual: picture"))
    build(Assignment(graded, HW01), regrade=True)
    with pytest.raises(GradbookError, match=f"was graded: run gradbook grade {HW01} first"):
        write_feedback(Assignment(graded, HW01))
    grade_class(Assignment(graded, HW01), Options(workers=1))
    with graded.gradebook() as gradebook:
        grades = {g.name: g for g in gradebook.find_submission_notebook(HW01, HW01, "ann").grades}
        assert (grades["check_loss"].score, grades["why"].score) == (2.0, 4.5)
        assert gradebook.find_comment("why", HW01, HW01, "ann").comment == "Well said."
        assert "drawing" not in grades
        assert grades["picture"].score == 0 and grades["picture"].needs_manual_grade
        # Nothing of the cell that went is left to count.
        assert gradebook.find_submission(HW01, "ann").score == sum(g.score for g in grades.values())


def test_what_nbgrader_cannot_convert_leaves_the_release(graded):
    files, grades = released_files(graded), outcome(graded)
    path = Assignment(graded, HW01).source / f"{HW01}.ipynb"
    path.write_text(path.read_text().replace("### END SOLUTION", ""))
    result = graded.api().generate_assignment(HW01)
    assert "a solution region has no end" in result["error"].strip().split("\n")[-1]
    is_as_it_was(graded, files, grades)
    notebook = nbformat.read(path, as_version=4)
    twice = next(cell for cell in notebook.cells if "nbgrader" in cell.metadata)
    notebook.cells.append(nbformat.from_dict({**twice, "id": "again"}))
    nbformat.write(notebook, path)
    assert not graded.api().generate_assignment(HW01)["success"]
    is_as_it_was(graded, files, grades)


@pytest.mark.parametrize("place", [(agreement, "_follow"), (nbgrader_classes, "follow"), (files, "put_in_place")])
def test_stopped_in_the_middle_of_a_build(graded, monkeypatch, place):
    files, grades = released_files(graded), outcome(graded)
    lesson(graded, lambda text: text + "\nOne sentence more.\n")

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(*place, stop)
        with pytest.raises(KeyboardInterrupt):
            build(Assignment(graded, HW01))
    is_as_it_was(graded, files, grades)
    build(Assignment(graded, HW01))
    assert b"One sentence more." in released_files(graded)[f"{HW01}.ipynb"]


def test_at_every_moment_one_of_the_two_releases_is_there(course, depth):
    """Looked at all the time while it is built, and killed at random moments of that."""
    old = released_files(course)
    lesson(course, lambda text: text + "\nOne sentence more.\n")
    build(Assignment(course, HW01))
    new, seen, over = released_files(course), [], threading.Event()
    released = Assignment(course, HW01).release / f"{HW01}.ipynb"
    assert old != new

    def watch():
        while not over.is_set():
            seen.append(released.is_file())
            time.sleep(1e-4)

    watching = threading.Thread(target=watch)
    watching.start()
    chance, begin, length = random.Random(3), time.monotonic(), None
    for _ in range(depth(3, 6)):
        lesson(course, lambda text: text.replace("One", "Once") if "One " in text else text.replace("Once", "One"))
        process = subprocess.Popen([Path(sys.executable).parent / "gradbook", "build", HW01], cwd=course.root)
        if length is None:  # the first is let through
            process.wait()
            length = time.monotonic() - begin
        else:
            time.sleep(length * chance.uniform(0.2, 1))
        kill_all(process)
        process.wait()
        text = released_files(course)[f"{HW01}.ipynb"]
        assert sorted(released_files(course)) == sorted(new)
        assert text.replace(b"Once", b"One") == new[f"{HW01}.ipynb"]
    over.set()
    watching.join()
    assert all(seen)
    build(Assignment(course, HW01))
    assert [path.name for path in Assignment(course, HW01).release.parent.iterdir()] == [HW01]


def test_where_folders_cannot_be_exchanged_they_are_renamed(tmp_path, monkeypatch):
    for name in ("new", "old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_text(name)

    def refuse(*_):
        raise OSError(errno.EINVAL, "not here")

    monkeypatch.setattr(files, "_exchange", refuse)
    files.put_in_place(tmp_path / "new", tmp_path / "old")
    assert [(tmp_path / name / "x").read_text() for name in ("old", "new")] == ["new", "old"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "old"]


def left_by_a_kill(place):
    """A folder beside `place`, as a process leaves it that is killed while it builds there."""
    before = set(place.parent.glob(".*"))
    if not (process := os.fork()):
        with files.folder_in_place(place) as building:
            building.mkdir()
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(process, 0)
    (left,) = set(place.parent.glob(".*")) - before
    return left


def test_what_a_kill_left_is_swept_and_no_other_homeworks(course):
    line, other, longer = (Assignment(course, name) for name in ("line", "hw01_line", "line-deadbeef"))
    place = course.root / "autograded" / "ann"
    lefts = {one.id: left_by_a_kill(place / one.id) for one in (line, other, longer)}
    (place.parent / "a_file").write_text("")
    line.sweep()
    assert {name for name, left in lefts.items() if left.exists()} == {"hw01_line", "line-deadbeef"}
    other.sweep()
    longer.sweep()
    assert list(place.iterdir()) == []


def made_twice(place):
    with files.folder_in_place(place) as building:
        building.mkdir()
        building.mkdir()


def test_a_folder_that_was_not_made_leaves_what_was_there(tmp_path):
    place = tmp_path / "x"
    place.mkdir()
    (place / "whole").write_text("")
    with files.folder_in_place(place):
        pass
    with pytest.raises(FileExistsError):
        made_twice(place)
    assert list(tmp_path.rglob("*")) == [place, place / "whole"]


def test_a_release_that_is_there_stays_where_no_new_one_is_forced(course):
    before = Assignment(course, HW01).release.stat()
    assert course.api().generate_assignment(HW01, force=False)["success"]
    after = Assignment(course, HW01).release.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
