"""What the tests share: a course folder of their own, a warm sandbox, and ways to make submissions."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from programs import nbgrader
from sandboxes import kept_sandbox, kept_sandboxes  # noqa: F401

from gradbook.auditing.auditor import Auditor
from gradbook.course.assignment import Assignment
from gradbook.course.folder import Course
from gradbook.course.submission import Submission
from gradbook.intake.release import Release
from gradbook.intake.startup import prepare_nbgrader
from gradbook.judging.judge import judge
from gradbook.judging.local import local
from gradbook.sandbox.limits import Limits
from gradbook.sandbox.shared import Sandbox
from gradbook.sandbox.worker import Worker

ROOT = Path(__file__).resolve().parent.parent
HW01 = "hw01_shallow_narrow"

prepare_nbgrader()


def pytest_addoption(parser):
    parser.addoption("--deep", action="store_true", help="all the seeds, kills and fuzzed inputs: `make test-deep`")
    parser.addoption("--screenshots", metavar="DIR", help="where the browser tests put pictures of what they see")


def pytest_generate_tests(metafunc):
    """A test that asks for `homework_id` runs for each homework."""
    if "homework_id" in metafunc.fixturenames:
        metafunc.parametrize("homework_id", [pytest.param(homework, marks=of_homework(homework)) for homework in ids()])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from spreading import ByHomework

    return ByHomework(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable():
    """What one process tells another of a test is text that can be sent, also where the test is about other text."""
    return _sendable((yield))


def _sendable(value):
    if isinstance(value, dict):
        return {name: _sendable(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(_sendable, value))
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def of_homework(homework_id):
    """The marks of a homework's tests: some need an extra."""
    return [pytest.mark.torch] if "torch" in load(homework_id).modules else []


@pytest.fixture(scope="session")
def depth(request):
    """A function of two numbers, of which `make test` takes the first and `make test-deep` the second."""
    return lambda usual, deep: deep if request.config.getoption("--deep") else usual


AUDITOR = Auditor(ROOT)
HOMEWORKS = AUDITOR.homeworks


def ids():
    """The ids of the course's homeworks."""
    return HOMEWORKS.ids()


def needs(homework_id):
    """What a homework of the course needs."""
    return HOMEWORKS.needs(homework_id)


def load(homework_id):
    """A homework of the course."""
    return HOMEWORKS.load(homework_id)


def handed_in(course, student, homework=HW01):
    """A student's submission in a course."""
    return Submission(Assignment(course, homework), student)


def observations(homework_id):
    """What a homework of the course observes on the usual draw of its hidden inputs: the same object each time."""
    return AUDITOR.observations(homework_id)


@cache
def verdict(homework_id, source, *changed):
    """The verdict of a homework's checks on a source: the same object each time.

    changed: dotted names of functions; then only of the checks that these can touch.
    """
    seen = observations(homework_id)
    only = set().union(*map(seen.reached_checks, changed)) if changed else None
    return judge(seen, local(source), only=only)


@cache
def verdicts(homework_id):
    """(known variant, verdict on it by the checks that it can touch), for each; every one is judged once."""
    numbered = enumerate(load(homework_id).variants)
    return [(variant, AUDITOR.verdict(homework_id, number)) for number, variant in numbered]


def new_course(root):
    """A course folder with what an author writes and nothing else."""
    shutil.copy(ROOT / "nbgrader_config.py", root)
    for name in ("source", "solutions", "autograder"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    return Course.at(root)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A function that gives a course folder in which a homework has been built; not to be changed."""
    from gradbook.authoring.build import build

    course, done = new_course(tmp_path_factory.mktemp("built")), set()

    def ensure(homework):
        if homework not in done:
            build(Assignment(course, homework))
            done.add(homework)
        return course

    return ensure


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    """A course folder with a released hw01 and a gradebook that knows just it; not to be changed."""
    from gradbook.authoring.build import build

    course = new_course(tmp_path_factory.mktemp("released"))
    build(Assignment(course, HW01))
    return course


@pytest.fixture
def course(released, tmp_path):
    """A course folder to change: releases, gradebook, no submissions."""
    root = tmp_path / "course"
    shutil.copytree(released.root, root)
    return Course.at(root)


@pytest.fixture(scope="session")
def worker(released):
    """A warm sandbox with short limits."""
    sandbox = Sandbox(Assignment(released, HW01).helper_files)
    with sandbox, Worker(sandbox, Limits(cell=5, call=5, notebook=30)) as warm:
        yield warm


@pytest.fixture(scope="session")
def template(built):
    """homework id -> its released notebook, a new copy each time."""
    import nbformat

    return lambda homework: nbformat.read(Assignment(built(homework), homework).release_notebook, as_version=4)


@pytest.fixture(scope="session")
def release(template):
    """homework id -> its released notebook as submissions are held against it, read once."""
    return cache(lambda homework: Release(template(homework)))


@pytest.fixture
def submit(course):
    """Write a submission into the course: a notebook, or bytes as they are."""
    import nbformat

    def write(student, notebook, homework=HW01, timestamp="2026-02-03 04:05:06 UTC"):
        folder = handed_in(course, student, homework).folder
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{homework}.ipynb"
        data = notebook if isinstance(notebook, bytes) else nbformat.writes(notebook).encode()
        path.write_bytes(data)
        (folder / "timestamp.txt").write_text(timestamp)
        return path

    return write


@pytest.fixture(scope="session")
def solve(template):
    """The released notebook with its solution cells filled from a solution module's source."""
    from gradbook.authoring.samples import solved

    def fill(homework=HW01, source=None, names=None):
        return solved(template(homework), source or load(homework).reference, names)

    return fill


@pytest.fixture(scope="session")
def wrong(solve):
    """A function that gives the notebook of a known mistake, by its number."""
    homework = load(HW01)
    return lambda number: solve(HW01, homework.source_with(homework.chaffs[number % len(homework.chaffs)]))


@pytest.fixture
def handed_out(released, tmp_path):
    """The released folder, with another notebook in it; gives the folder."""
    import nbformat

    def write(notebook):
        folder = tmp_path / "work"
        shutil.copytree(Assignment(released, HW01).release, folder)
        nbformat.write(notebook, folder / f"{HW01}.ipynb")
        return folder

    return write


@pytest.fixture(scope="session")
def browser():
    """A real Chromium."""
    from browsing import chromium

    with chromium() as started:
        yield started


@pytest.fixture
def watch(browser):
    """A function that opens a watched page, with the options of a browser context; closed after the test."""
    from browsing import Watched

    pages = []

    def start(**options):
        pages.append(Watched(browser, **options))
        return pages[-1]

    yield start
    for watched in pages:
        watched.context.close()


@pytest.fixture
def shoot(request):
    """Take a picture of a page that rests, with the element `of` in it, where --screenshots asks for pictures."""
    from browsing import AT_REST

    folder = request.config.getoption("--screenshots")

    def take(page, name, of=None):
        if folder:
            page.evaluate(AT_REST)
            if of:
                of.scroll_into_view_if_needed()
                page.evaluate(AT_REST)
            page.screenshot(path=Path(folder) / f"{name}.png")

    return take


def run(*arguments, cwd=ROOT, **kwargs):
    """Run a program of this environment and return the finished process, its output as text."""
    if arguments[0] == "nbgrader":
        return nbgrader(*arguments[1:], cwd=cwd, **kwargs)
    program = Path(sys.executable).parent / arguments[0]
    return subprocess.run(
        [program, *map(str, arguments[1:])], cwd=cwd, capture_output=True, text=True, timeout=300, check=False, **kwargs
    )
