"""`gradbook check`: one notebook as it lies there, in a sandbox or in a process of its own, on any system."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from conftest import HW01, ROOT, handed_in, ids, load, needs, run
from outcomes import soon
from red_team import attacks, fingerprint
from redteam.notebooks import EDITS
from systems import MACOS, WINDOWS, environment
from test_hostile import BROKEN

from gradbook.authoring.samples import solved
from gradbook.course.assignment import Assignment
from gradbook.course.folder import Course
from gradbook.errors import SandboxUnavailable
from gradbook.fronts.cli import main
from gradbook.grading import alone
from gradbook.grading.bench import Bench
from gradbook.grading.execution import Execution
from gradbook.grading.run import Options, grade_class
from gradbook.grading.saves import Saves
from gradbook.pages.feedback import write_feedback
from gradbook.sandbox.here import may_be_had
from gradbook.sandbox.limits import Limits
from gradbook.sandbox.measured import Measured

PROGRAM = Path(sys.executable).parent / "gradbook"
COURSE = Course.at(ROOT)


@pytest.fixture
def wrong():
    """The source of a submission with a wrong gradient, worth 16 points."""
    homework = load(HW01)
    return homework.source_with(next(v for v in homework.chaffs if v.name == "gradient_half"))


@pytest.fixture
def lies(course, tmp_path):
    """A function that puts a notebook somewhere, under any name; the course is elsewhere."""

    def put(notebook, name=f"{HW01}.ipynb", folder="desk"):
        path = tmp_path / folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(notebook if isinstance(notebook, bytes) else nbformat.writes(notebook).encode())
        return path

    return put


@pytest.fixture
def check(course, capsys):
    """A function that runs `gradbook check` in this process: its exit code, what it printed, what it said besides."""

    def run_it(path, *options, where=True):
        capsys.readouterr()
        code = main(["check", str(path), *map(str, options), *(["--course", str(course.root)] if where else [])])
        return code, *capsys.readouterr()

    return run_it


# ---------------------------------------------------------------- what it says


def test_what_is_right(check, lies, solve):
    code, out, said = check(lies(solve()))
    assert code == 0
    assert "20 of 20 points" in out and "There is nothing to fix." in out
    assert said == ""


def test_what_to_fix_first_and_why(check, lies, solve, wrong):
    code, out, _ = check(lies(solve(HW01, wrong)))
    assert code == 1
    lines = out.split("\n")
    assert lines[:2] == [f"Homework 1: a net with two weights  {HW01}.ipynb", "16 of 20 points"]
    assert lines[3:5] == ["Fix this first", "  ShallowNarrowExercise.dloss_dw, worth 4 points"]
    for words in (
        "Your line",
        "Try it in a cell of your notebook",
        "yours:",
        "expected:",
        "The lesson explains it in: ",
    ):
        assert words in out
    assert re.search(r"✗ ShallowNarrowExercise.dloss_dw +1 of 5  not right yet", out)


def test_what_was_not_begun(check, lies, template):
    code, out, _ = check(lies(template(HW01)))
    assert code == 1
    assert "0 of 20 points\n\nWhere to start\n  Nothing is written yet. Begin with loss, in the step" in out


def test_what_to_write_next(check, lies, solve):
    code, out, _ = check(lies(solve(names=["loss"])))
    assert code == 1
    assert "\nWrite this next\n  Not written yet, worth 17 points\n" in out
    assert "    - ShallowNarrowExercise.forward, 3 points\n" in out


def test_the_order_is_the_pages(check, lies, solve, monkeypatch):
    """With several mistakes, and with functions that are unwritten or wait for those."""
    pages = []
    monkeypatch.setattr("webbrowser.open", lambda uri: pages.append(Path(uri.removeprefix("file://"))) or True)
    homework = load("hw03_linear_chain")
    mistakes = [next(v for v in homework.chaffs if v.target == name) for name in ("forward", "loss")]
    path = lies(solve(homework.id, homework.source_with(*mistakes), ["forward", "loss"]))
    _, out, _ = check(path, "--open", "--course", ROOT, where=False)
    told = re.findall(r"^  (\S.*), (?:worth|costs) ", out, re.MULTILINE)
    shown = re.findall(r'id="card-\d+-title">(.*?)</h3>', pages[0].read_text())
    assert told == [re.sub("<[^>]*>", "", title) for title in shown]
    assert {"forward", "loss", "Not written yet"} == set(told)
    shutil.rmtree(pages[0].parent)


def test_colour_is_for_a_terminal(check, lies, solve, wrong, monkeypatch):
    path = lies(solve(HW01, wrong))
    assert "\033[" not in check(path)[1]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("gradbook.fronts.terminal.wants_colour", lambda stream: True)
    assert "\033[1mFix this first\033[0m" in check(path)[1]


def test_a_file_with_a_control_character_in_its_name(check, lies, solve):
    name = 'Ann\'s "copy" \t\033[31m of é homework (2).IPYNB.txt'
    code, out, said = check(lies(solve(), name))
    assert code == 0 and "\033" not in out + said
    assert "\\x1b[31m of é homework (2).IPYNB.txt" in out


@pytest.mark.skipif(sys.platform != "linux", reason="names there are text")
def test_a_file_whose_name_is_no_text(check, lies, solve):
    path = lies(solve())
    odd = Path(os.fsdecode(bytes(path.with_name("x")) + b"\xff.ipynb"))
    path.rename(odd)
    code, out, _ = check(odd)
    assert code == 0 and "\\udcff.ipynb" in out


# ---------------------------------------------------------------- the same as a class is told


def test_the_record_is_that_of_grade(course, submit, check, lies, solve, wrong):
    cells = {"right": solve(), "wrong": solve(HW01, wrong), "begun": solve(names=["loss"]), "cut": b'{"nbformat": 4,'}
    graded = {}
    for student, notebook in cells.items():
        submit(student, notebook)
    grade_class(Assignment(course, HW01), Options(), lambda record: graded.update({record["student"]: record}))
    for student, notebook in cells.items():
        code, out, said = check(lies(notebook), "--json")
        (record,) = map(json.loads, out.splitlines())
        expected = graded[student]
        assert record["file"].endswith(f"desk/{HW01}.ipynb")
        for name in set(expected) - {"student", "seconds"}:
            assert record[name] == expected[name], name
        assert code == (expected["score"] < 20) and said == ""


def test_the_page_is_that_of_feedback(course, submit, check, lies, solve, wrong, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda uri: opened.append(uri) or True)
    submit("ann", solve(HW01, wrong))
    grade_class(Assignment(course, HW01), Options(execution=Execution(figures=True)))
    (page,) = write_feedback(Assignment(course, HW01))
    code, _, said = check(lies(solve(HW01, wrong)), "--open")
    assert code == 1
    (uri,) = opened
    mine = Path(uri.removeprefix("file://"))
    assert said == f"gradbook: the page: {mine}\n" and mine.name == f"{HW01}.html"
    assert "data:image/png" in mine.read_text()
    assert _without_names(mine.read_text(), f"{HW01}.ipynb") == _without_names(page.read_text(), "ann")
    shutil.rmtree(mine.parent)


def _without_names(page, name):
    page = re.sub(r"<!-- gradbook \w* -->", "", page).replace(name, "NAME")
    return re.sub(r"[A-Za-z0-9+/=\n]{400,}", "PICTURE", page)


def test_without_a_browser_the_page_is_named(check, lies, solve, monkeypatch):
    monkeypatch.setattr("webbrowser.open", lambda uri: False)
    _, _, said = check(lies(solve()), "--open")
    page = Path(re.fullmatch(r"gradbook: no browser can be opened here; the page stands in (.*)\n", said)[1])
    assert "There is nothing to fix." in page.read_text()
    shutil.rmtree(page.parent)


def test_nothing_of_a_gradebook_is_needed_or_written(course, lies, solve):
    (course.root / "gradebook.db").unlink()
    before, path = fingerprint(course), lies(solve())
    done = run("gradbook", "check", path, "--course", course.root, cwd=path.parent)
    assert done.returncode == 0, done.stderr
    assert fingerprint(course) == before
    assert not (course.root / "gradebook.db").exists() and not (course.root / "autograded").exists()
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.places
def test_a_course_that_cannot_be_written(tmp_path):
    """As an ordinary user in a checkout of somebody else."""
    command = [sys.executable, "tests/as_user.py", PROGRAM, "check", f"release/{HW01}/{HW01}.ipynb"]
    before = {path: path.stat().st_mtime_ns for path in ROOT.glob(".gradbook/**/*")}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Where to start" in done.stdout, done.stderr
    assert {path: path.stat().st_mtime_ns for path in ROOT.glob(".gradbook/**/*")} == before


# ---------------------------------------------------------------- of which homework it is


def test_each_homework_is_recognised(homework_id, template):
    for kind, notebook in _forms(template(homework_id), load(homework_id)).items():
        content = nbformat.writes(notebook).encode()
        found = alone.homework_in(COURSE, content, Path("/nowhere/Untitled.ipynb"))
        assert found.id == homework_id, kind


def _forms(released, homework):
    full = solved(released, homework.reference)
    bare = solved(released, homework.reference)
    no_ids = solved(released, homework.reference)
    for notebook in (bare, no_ids):
        for number, cell in enumerate(notebook.cells):
            cell.id = str(number)
    for cell in bare.cells:
        cell.metadata = nbformat.NotebookNode()
    own = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(homework.reference)])
    return {"released": released, "solved": full, "without marks": bare, "without ids": no_ids, "only its code": own}


@pytest.mark.parametrize("name", [f"{HW01}.ipynb", f"Copy of {HW01} (3).ipynb", "hw01.ipynb"])
def test_where_cells_tell_nothing_the_name_does(check, lies, name):
    code, out, _ = check(lies(b"{", name))
    assert code == 1 and "Not graded\n  The submitted file is cut off or no notebook" in out


def test_where_neither_does_the_folder_may(check, lies):
    assert "Not graded" in check(lies(b"{", "x.ipynb", folder=HW01))[1]


def test_where_nothing_tells_it_is_asked_for(check, lies, solve):
    foreign = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1")])
    path = lies(foreign, "Untitled.ipynb")
    code, out, said = check(path)
    assert (code, out) == (1, "")
    assert said == (
        "gradbook: it cannot be told of which homework Untitled.ipynb is: name it with --homework ID; there are: "
        f"{', '.join(ids())}\n"
    )
    assert "does not look like this homework" in check(path, "--homework", "hw01")[1]


def test_another_homeworks_notebook(check, lies, template):
    code, out, _ = check(lies(template("hw03_linear_chain"), f"{HW01}.ipynb"), "--homework", "hw01")
    assert code == 1 and "Note: does not look like this homework; is it another homework's notebook?" in out


def test_the_course_is_the_one_that_the_file_lies_in(course, check, solve, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    path = course.root / "submitted" / "ann" / "a.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(nbformat.writes(solve()))
    assert check(path, where=False)[0] == 0
    assert check(os.path.relpath(path), where=False)[0] == 0


def test_the_course_may_be_here(course, check, lies, solve, monkeypatch):
    path = lies(solve())
    monkeypatch.chdir(path.parent)
    code, _, said = check(path, where=False)
    assert code == 1 and "is no course folder" in said
    monkeypatch.chdir(course.root)
    assert check(path, where=False)[0] == 0


# ---------------------------------------------------------------- what cannot be checked


@pytest.mark.parametrize("name", sorted(set(BROKEN) - {"other_homework", "marked_utf_8", "huge", "many_cells"}))
def test_what_is_no_notebook(check, lies, name):
    content, words = BROKEN[name]
    code, out, said = check(lies(content))
    assert code == 1 and words in " ".join(out.split()) and "Traceback" not in out + said


def test_what_is_not_there(check, tmp_path):
    code, out, said = check(tmp_path / "no\n such.ipynb")
    assert (code, out) == (1, "") and re.fullmatch(r"gradbook: there is no .*no\\n such.ipynb\n", said)


def test_a_folder(check, lies, solve):
    path = lies(solve())
    code, out, said = check(path.parent)
    assert (code, out) == (1, "") and f"is a folder: name the notebook in it, such as {path}" in said


def test_a_link_is_followed_as_it_is_ones_own(check, lies, solve, tmp_path):
    (tmp_path / "a folder").symlink_to(lies(solve()).parent)
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "a folder" / f"{HW01}.ipynb")
    assert check(tmp_path / "a folder" / f"{HW01}.ipynb")[0] == 0
    assert check(tmp_path / "link.ipynb")[0] == 0


def test_a_homework_that_was_not_built(course, check, lies, solve):
    shutil.rmtree(course.root / "release" / HW01)
    code, _, said = check(lies(solve()))
    assert code == 1 and f"run: gradbook build {HW01}" in said


def test_a_fault_of_the_grader_is_told_as_one(check, lies, solve, monkeypatch):
    monkeypatch.setattr("gradbook.grading.submission.restore", lambda *_: 1 / 0)
    code, out, said = check(lies(solve()))
    assert (code, out) == (1, "") and "Traceback" not in said
    assert "ZeroDivisionError" in said


# ---------------------------------------------------------------- again on each save


def _heed_ctrl_c():
    """Also where the tests run in the background, whose processes ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def watched(course, lies, solve):
    """A function that starts `gradbook check --watch --json`: the file, the process, a function of its next line."""
    started = []

    def start(*options):
        path = lies(solve())
        command = [PROGRAM, "check", path, "--watch", "--json", "--course", course.root, *options]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_heed_ctrl_c
        )
        started.append(process)
        return path, process, lambda: json.loads(process.stdout.readline())

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_each_save_is_checked_until_somebody_stops_it(watched, solve, wrong):
    path, process, line = watched()
    assert line()["score"] == 20
    path.write_text(nbformat.writes(solve(HW01, wrong)))
    assert line()["score"] == 16
    # As many editors save.
    beside = path.with_suffix(".tmp")
    beside.write_text(nbformat.writes(solve()))
    path.unlink()
    time.sleep(1)
    beside.rename(path)
    assert line()["score"] == 20
    # Half of it first.
    text = nbformat.writes(solve(HW01, wrong))
    with open(path, "w") as file:
        file.write(text[: len(text) // 2])
        file.flush()
        time.sleep(1)
        file.write(text[len(text) // 2 :])
    assert line()["score"] == 16
    # What stays in half is told.
    path.write_text("{")
    assert "cut off" in line()["flags"][0]
    path.write_text(nbformat.writes(solve()))
    assert line()["score"] == 20
    said = ""
    while said.count("waiting for the next save; Ctrl-C ends this") < 6:
        said += process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, more = process.communicate(timeout=20)
    assert process.returncode == 0 and out == ""
    assert "Traceback" not in more and said.count("checking what was saved") == 5


def test_stopped_while_something_is_to_fix(watched, solve, wrong):
    path, process, line = watched()
    line()
    path.write_text(nbformat.writes(solve(HW01, wrong)))
    line()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 1 and "Traceback" not in said


def test_a_file_that_changes_while_it_is_read(lies):
    path = lies(b"{}")
    saves = Saves(path)
    assert saves.first() == b"{}"
    path.write_bytes(b"[1]")
    assert saves.next() == b"[1]"


# ---------------------------------------------------------------- without a sandbox

SLIPS = {
    "memory": "import numpy as np\nx = np.empty(3 << 27)",
    "recursion": "def f(n): return f(n + 1)\nf(0)",
    "exit": "import os; os._exit(0)",
    "crash": "import ctypes; ctypes.string_at(0)",
    "a module that is not there where it is graded": "import nbformat",
    "the grader": "import gradbook",
    "another file": "open('course_helpers.py')",
    "a shell": "!echo hello; exit 3\nassert _exit_code == 3",
    "a figure": "plt.plot([1, 2]); plt.show()",
    "a loop": "while True: pass",
    "asleep": "import time; time.sleep(1000)",
    "input": "input()",
}
KEPT = ("name", "points", "outcome", "mistake", "hint", "details", "example")


@pytest.fixture(scope="module")
def ways():
    """A function that grades a notebook in a sandbox and in a process of its own; the findings of both."""
    benches = {}

    def graded(homework_id, notebook):
        if homework_id not in benches:
            assignment = Assignment(COURSE, homework_id)
            benches[homework_id] = [Bench(assignment, Execution(own=own)) for own in (False, True)]
            for bench in benches[homework_id]:
                bench.worker.limits = Limits(cell=1, call=1, notebook=10)
        data = nbformat.writes(notebook).encode() if isinstance(notebook, dict) else notebook
        return [_told(bench.grade(data)) for bench in benches[homework_id]]

    yield graded
    for pair in benches.values():
        for bench in pair:
            bench.close()


def _told(graded):
    assert not graded.traceback, graded.traceback
    return [[getattr(finding, name) for name in KEPT] for finding in graded.findings]


@pytest.mark.parametrize("more", [False, pytest.param(True, marks=pytest.mark.torch)], ids=["NumPy alone", "PyTorch"])
def test_known_mistakes_get_the_same_verdict(more, ways, template, depth):
    for homework in [load(name) for name in ids() if bool(needs(name).modules) == more][:: depth(3, 1)]:
        step = max(len(homework.variants) // depth(2, 1000), 1)
        for variant in homework.variants[::step]:
            sandboxed, own = ways(homework.id, solved(template(homework.id), homework.source_with(variant)))
            assert own == sandboxed, variant.name


@pytest.mark.parametrize("name", SLIPS)
def test_slips_get_the_same_verdict(name, ways, solve, wrong):
    notebook = solve(HW01, wrong)
    cell = next(cell for cell in notebook.cells if cell.source.startswith("def loss"))
    cell.source = f"{SLIPS[name]}\n{cell.source}"
    sandboxed, own = ways(HW01, notebook)
    assert own == sandboxed


def test_hostile_notebooks_get_the_same_verdict(ways, solve, wrong, depth):
    patches = attacks("patches")
    for name in [*patches, *EDITS][:: depth(6, 1)]:
        notebook = solve(HW01, wrong)
        if name in EDITS:
            EDITS[name](notebook)
        else:
            notebook.cells.insert(0, nbformat.v4.new_code_cell(patches[name]))
        sandboxed, own = ways(HW01, json.dumps(notebook).encode())
        assert own == sandboxed, name


@pytest.mark.parametrize("system", [WINDOWS, MACOS])
def test_on_another_system(system, course, lies, solve, wrong, tmp_path):
    folder = tmp_path / "system"
    folder.mkdir()
    command = [PROGRAM, "check", lies(solve(HW01, wrong)), "--course", course.root]
    here = subprocess.run(command, capture_output=True, text=True, check=False)
    there = subprocess.run(command, capture_output=True, text=True, check=False, env=environment(system, folder))
    assert there.stderr == (
        f"gradbook: no sandbox here: the code of {HW01}.ipynb runs as your own, with your rights; check only what you "
        "wrote yourself\n"
    )
    assert (there.returncode, there.stdout) == (here.returncode, here.stdout)
    imported = set((folder / "modules.txt").read_text().split("\n"))
    guest = {"namespaces", "levels", "seccomp", "landlock", "tight", "watch", "zygote", "start"}
    ours = {f"gradbook.sandbox.{name}" for name in ("ladder", "launch", "enclosed", "shared", "place", "attempts")}
    assert "gradbook.sandbox.processes" in imported
    assert not imported & {*ours, *(f"gradbook.sandbox.guest.{name}" for name in guest)}


@pytest.mark.parametrize(
    ("module", "name"), [(os, "fork"), (os, "memfd_create"), (socket, "AF_UNIX"), (sys.modules, "fcntl")]
)
def test_a_sandbox_is_looked_for_only_where_all_is_there_that_it_takes(module, name, monkeypatch):
    assert may_be_had()
    if module is sys.modules:
        monkeypatch.setitem(module, name, None)
    else:
        monkeypatch.delattr(module, name)
    assert not may_be_had()


def test_another_system_has_not_got_these(tmp_path):
    """The imitation itself: a gate that lets all through would show nothing."""
    look = "import os, signal; print(hasattr(os, 'fork'), hasattr(signal, 'setitimer')); import fcntl"
    done = subprocess.run(
        [sys.executable, "-c", look], env=environment(WINDOWS, tmp_path), capture_output=True, text=True, check=False
    )
    assert done.stdout == "False False\n" and "ModuleNotFoundError" in done.stderr


def test_limits_on_another_system(course, lies, solve, wrong, tmp_path):
    """A loop and a cell that waits end by the clock, where no processor time can be measured."""
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.Gradbook.limits = {'cell': 0.5, 'call': 0.5, 'notebook': 5}\n")
    notebook = solve(HW01, wrong)
    for source in ("while True: pass", "import time; time.sleep(1000)"):
        notebook.cells.append(nbformat.v4.new_code_cell(source))
    command = [PROGRAM, "check", lies(notebook), "--course", course.root, "--json"]
    done = subprocess.run(
        command, env=environment(WINDOWS, tmp_path), capture_output=True, text=True, check=False, timeout=100
    )
    record = json.loads(done.stdout)
    assert record["score"] == 16 and sum("ran over 0.5 s" in flag for flag in record["flags"]) == 2


def test_the_grader_itself_is_stopped_where_there_is_no_timer(tmp_path):
    code = """
import time
from gradbook.sandbox.bounds import Allowance, OutOfTime
for _ in range(3):
    begin = time.monotonic()
    try:
        with Allowance(0.3).spend():
            while True:
                pass
    except OutOfTime:
        print(time.monotonic() - begin < 3)
with Allowance(10).spend():
    time.sleep(0.5)
print("went on")
"""
    command, system = [sys.executable, "-c", code], environment(WINDOWS, tmp_path)
    done = subprocess.run(command, env=system, capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("True\nTrue\nTrue\nwent on\n", "")


def test_where_the_machine_refuses_a_sandbox(check, lies, solve, wrong, monkeypatch):
    def refuse(*_):
        raise SandboxUnavailable("none")

    monkeypatch.setattr("gradbook.grading.bench.Bench.start", lambda self: self if self.execution.own else refuse())
    code, out, said = check(lies(solve(HW01, wrong)), "--json")
    record = json.loads(out)
    assert (code, record["score"], record["sandbox"]) == (1, 16, "none")
    assert said.startswith("gradbook: no sandbox here: ") and said.count("\n") == 1


def test_nothing_is_left_of_the_processes(course, solve, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    notebook = solve()
    notebook.cells.append(nbformat.v4.new_code_cell("import subprocess; subprocess.Popen(['sleep', '471.1'])"))
    with Bench(Assignment(course, HW01), Execution(own=True)) as bench:
        numbers = [process.pid for process in bench.worker.ahead]
        assert bench.grade(nbformat.writes(notebook).encode()).score == 20
        assert len(numbers) == 2 and list(tmp_path.glob("gradbook-*"))
    assert not list(tmp_path.glob("gradbook-*"))
    assert not any(Path(f"/proc/{number}").exists() for number in numbers)
    assert soon(lambda: not any(line == b"sleep\0471.1\0" for line in _command_lines()))


def _command_lines():
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            yield path.read_bytes()


def test_memory_is_looked_after_where_the_system_has_no_limit_of_it():
    hog = "import sys, time; print(flush=True); sys.stdin.readline(); x = b'x' * (300 << 20); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", hog], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdout.readline()
    measured = Measured(process.pid, 100 << 20, process.kill)
    process.communicate(b"\n", timeout=30)
    over, most = measured.end()
    assert over == "memory" and most > 100 << 20 and process.returncode == -signal.SIGKILL


def test_a_process_ends_with_the_grader(course, lies, solve):
    """Also where that is killed, and whatever the submission does then."""
    notebook = solve()
    notebook.cells.append(nbformat.v4.new_code_cell("while True: pass"))
    path = lies(notebook)
    code = f"""
from pathlib import Path
from gradbook.course.assignment import Assignment
from gradbook.course.folder import Course
from gradbook.grading.bench import Bench
from gradbook.grading.execution import Execution
bench = Bench(Assignment(Course.at({str(course.root)!r}), {HW01!r}), Execution(own=True)).start()
bench.worker.warm()
print(bench.worker.ahead[0].pid, flush=True)
bench.grade(Path({str(path)!r}).read_bytes())
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    number = int(process.stdout.readline())
    time.sleep(1.5)
    process.kill()
    process.wait()
    assert soon(
        lambda: not Path(f"/proc/{number}/cmdline").exists() or not Path(f"/proc/{number}/cmdline").read_bytes()
    )


def test_who_connects_must_know_the_secret(course):
    with Bench(Assignment(course, HW01), Execution(own=True)) as bench:
        ahead = bench.worker.ahead[0]
        with socket.create_connection(ahead.listener.getsockname()) as stranger:
            stranger.sendall(b"x" * 32)
            bench.worker.warm()
            assert stranger.recv(1) == b""
        assert bench.grade(handed_in(course, "nobody").assignment.release_notebook.read_bytes()).score == 0
