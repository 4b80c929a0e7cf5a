"""Grading on a Dask cluster: the same results, whoever is lost on the way."""

import concurrent.futures
import logging
import shutil
import subprocess
import sys
import threading
import time

import pytest
from clusters import Cluster, eventually, free_port
from conftest import HW01, run
from outcomes import grader, outcome

from gradbook.authoring.samples import sample_class
from gradbook.course.assignment import Assignment
from gradbook.course.folder import Course
from gradbook.errors import GradbookError
from gradbook.grading.dask import ClusterTeam
from gradbook.grading.execution import Execution
from gradbook.grading.run import Options, grade_class

pytestmark = pytest.mark.cluster
CLASS = 200


@pytest.fixture(scope="module")
def local(released, tmp_path_factory):
    """A class of two hundred, and what a run on this machine makes of it."""
    root = tmp_path_factory.mktemp("local") / "course"
    shutil.copytree(released.root, root)
    course = Course.at(root)
    sample_class(Assignment(course, HW01), CLASS, 0)
    submitted = root.parent / "submitted"
    shutil.copytree(root / "submitted", submitted)
    grade_class(Assignment(course, HW01), Options(workers=2))
    return submitted, outcome(course)


@pytest.fixture
def lecture(course, local):
    """The same class, not yet graded."""
    shutil.copytree(local[0], course.root / "submitted")
    return course


@pytest.fixture
def cluster(lecture, tmp_path):
    with Cluster(lecture, tmp_path) as started:
        yield started


def grading_processes():
    """The grading processes that workers have started."""
    found = subprocess.run(["pgrep", "-f", "gradbook[.]grading[.]process"], capture_output=True, text=True, check=False)
    return found.stdout.split()


def test_the_same_as_on_one_machine(cluster, lecture, local):
    cluster.add_worker()
    cluster.add_worker()
    summary = grade_class(Assignment(lecture, HW01), Options(scheduler=cluster.address))
    assert len(summary.scores) == CLASS
    assert outcome(lecture) == local[1]
    assert not grade_class(Assignment(lecture, HW01), Options(scheduler=cluster.address)).scores


def test_workers_that_are_lost_all_the_time(cluster, lecture, local):
    """One is killed every three seconds, another comes; no submission is lost, none is graded twice."""
    for _ in range(3):
        cluster.add_worker()
    cluster.wait_for_workers(3)
    seen, lost, over = [], threading.Semaphore(0), threading.Event()

    def lose():
        while not over.wait(3.0):
            cluster.add_worker()
            cluster.lose_worker()
            lost.release()

    def wait_for_losses(record):
        """However fast the machine, the class is not graded before three workers were lost."""
        seen.append(record["student"])
        assert len(seen) % 60 or lost.acquire(timeout=60)

    thread = threading.Thread(target=lose)
    thread.start()
    try:
        summary = grade_class(Assignment(lecture, HW01), Options(scheduler=cluster.address), emit=wait_for_losses)
    finally:
        over.set()
        thread.join()
    assert sorted(seen) == sorted(summary.scores) == Assignment(lecture, HW01).students()
    assert outcome(lecture) == local[1]


def test_the_scheduler_is_lost(cluster, lecture, local):
    """A clear line, within seconds; what was graded is kept, and the next run grades the rest."""
    cluster.add_worker()
    seen = []

    def lose(record):
        seen.append(record["student"])
        if len(seen) == 20:
            cluster.scheduler.kill()

    begin = time.monotonic()
    with pytest.raises(GradbookError, match="was lost; what was graded is kept"):
        grade_class(Assignment(lecture, HW01), Options(scheduler=cluster.address), emit=lose)
    assert time.monotonic() - begin < 60
    assert len(seen) < CLASS
    summary = grade_class(Assignment(lecture, HW01), Options(workers=2))
    assert summary.unchanged == len(seen)
    assert outcome(lecture) == local[1]


def test_the_grader_itself_is_killed(cluster, lecture, local):
    cluster.add_worker()
    process = grader(lecture, "--scheduler", cluster.address)
    folder = lecture.root / "autograded"
    assert eventually(lambda: folder.is_dir() and len(list(folder.iterdir())) > 20)
    process.kill()
    process.wait()
    process.stderr.close()
    summary = grade_class(Assignment(lecture, HW01), Options(scheduler=cluster.address))
    assert 20 <= summary.unchanged < CLASS
    assert outcome(lecture) == local[1]


def test_workers_that_come_late(cluster, lecture, local, capsys):
    timer = threading.Timer(8.0, cluster.add_worker)
    timer.start()
    grade_class(Assignment(lecture, HW01), Options(scheduler=cluster.address, students=["student0001", "student0002"]))
    assert "has no workers; waiting for some" in capsys.readouterr().err


def test_grading_processes_end_with_their_worker(cluster, lecture):
    before = set(grading_processes())
    cluster.add_worker()
    grade_class(Assignment(lecture, HW01), Options(scheduler=cluster.address, students=["student0001"]))
    assert set(grading_processes()) - before
    cluster.lose_worker()
    assert eventually(lambda: not set(grading_processes()) - before)


def test_a_worker_with_another_course_refuses(cluster, lecture, tmp_path):
    """And the run begins where it left off once that worker is gone, or its course mended."""
    other = tmp_path / "other"
    shutil.copytree(lecture.root, other, ignore=shutil.ignore_patterns("submitted"))
    helpers = other / "release" / HW01 / "course_helpers.py"
    helpers.write_text(helpers.read_text() + "\n# changed\n")
    cluster.add_worker(Course.at(other), threads=2)
    cluster.wait_for_workers(1)
    done = run("gradbook", "grade", HW01, "--scheduler", cluster.address, cwd=lecture.root)
    assert done.returncode == 1
    assert "gradbook: worker tcp://127.0.0.1:" in done.stderr
    assert f"{other} holds another version of {HW01}" in done.stderr
    assert "Traceback" not in done.stderr
    shutil.copy(Assignment(lecture, HW01).release / "course_helpers.py", helpers)
    wanted = Options(scheduler=cluster.address, students=["student0001"])
    assert len(grade_class(Assignment(lecture, HW01), wanted).scores) == 1


def test_a_worker_that_is_told_where_its_course_is(cluster, lecture, tmp_path):
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    alone = Options(scheduler=cluster.address, students=["student0001"])
    lost = cluster.add_worker(Course(nowhere))
    with pytest.raises(GradbookError, match="is no course folder.*GRADBOOK_COURSE"):
        grade_class(Assignment(lecture, HW01), alone)
    lost.kill()
    cluster.add_worker(Course(nowhere), {"GRADBOOK_COURSE": str(lecture.root)})
    assert len(grade_class(Assignment(lecture, HW01), alone).scores) == 1


def test_a_worker_without_this_package_ends_and_the_run_goes_on_with_the_next(cluster, lecture, tmp_path):
    broken = tmp_path / "broken" / "gradbook"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('no such package here')")
    lacking = cluster.add_worker(environment={"PYTHONPATH": str(broken.parent)})
    cluster.wait_for_workers(1)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        one = Options(students=["student0001"], scheduler=cluster.address)
        graded = pool.submit(grade_class, Assignment(lecture, HW01), one)
        lacking.wait(timeout=60)
        cluster.add_worker()
        assert len(graded.result(timeout=120).scores) == 1


def test_what_fails_on_a_worker_is_said_in_a_line(lecture):
    team, failed = ClusterTeam(Assignment(lecture, HW01), "tcp://there:1", Execution()), concurrent.futures.Future()
    team.killed = ()
    failed.set_exception(ImportError("no module named numpy\nin detail"))
    with pytest.raises(GradbookError, match=r"there:1 failed \(ImportError: no module named numpy\); give it the"):
        team.result(failed)


def test_the_packages_own_log_is_silent_for_as_long_as_the_team_works(cluster, course):
    import distributed

    theirs = logging.getLogger(distributed.__name__)
    before = theirs.level
    assert before < logging.CRITICAL
    with pytest.raises(GradbookError), ClusterTeam(Assignment(course, HW01), "tcp://127.0.0.1:1", Execution()):
        pass
    assert theirs.level == before
    with ClusterTeam(Assignment(course, HW01), cluster.address, Execution()):
        assert theirs.level == logging.CRITICAL
    assert theirs.level == before


def test_no_scheduler_there(lecture):
    done = run("gradbook", "grade", HW01, "--scheduler", f"tcp://127.0.0.1:{free_port()}", cwd=lecture.root)
    assert done.returncode == 1
    assert "no Dask scheduler answers" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("more", [{"workers": 2}, {"execution": Execution(sandboxed=False)}])
def test_what_a_cluster_cannot_be_asked_for(more):
    with pytest.raises(GradbookError, match="a cluster grades with"):
        Options(scheduler="tcp://127.0.0.1:1", **more)


def test_without_the_option_nothing_of_dask_is_imported(lecture):
    lines = "import sys; from gradbook.fronts.cli import main; main()"
    lines += "; assert not {'dask', 'distributed'} & set(sys.modules)"
    arguments = ["grade", HW01, "--student", "student0001", "student0002"]
    subprocess.run([sys.executable, "-c", lines, *arguments], cwd=lecture.root, check=True, stdout=subprocess.DEVNULL)
