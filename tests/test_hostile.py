"""Hostile, broken and unlucky submissions, each beside honest ones: everything else stays as it was."""

import hashlib
import os
import random
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import active
import nbformat
import pytest
from conftest import HW01, run

from autograder.errors import GradbookError
from autograder.feedback import write_feedback
from autograder.homework import load
from autograder.runner import Options, grade_class


def cell_of(notebook, name):
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def fingerprint(course):
    """Hashes of all files that no grading may touch."""
    found = {}
    for path in sorted(course.root.rglob("*")):
        place = path.relative_to(course.root)
        if place.parts[0] in ("autograded", "gradebook.db", ".gradbook", "feedback") or not path.is_file():
            continue
        if not path.is_symlink():
            found[str(place)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def records_of(course):
    """The gradebook's rows, by student, without what differs from run to run."""
    with course.gradebook() as gradebook:
        rows = {}
        for s in gradebook.assignment_submissions(HW01):
            grades = sorted((g.name, g.auto_score, g.manual_score) for n in s.notebooks for g in n.grades)
            comments = sorted((c.name, c.auto_comment or "") for n in s.notebooks for c in n.comments)
            rows[s.student.id] = (s.score, grades, comments)
        return rows


ATTACKS = {
    "fork bomb": "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
    "daemon": "import os, time\nif os.fork() == 0:\n    os.setsid()\n    while True: time.sleep(1)",
    "exit": "import os; os._exit(0)",
    "memory": "x = []\nwhile True: x.append(bytearray(1 << 26))",
    "endless": "while True: pass",
    "endless in C": "sum(iter(int, 1))",
    "endless repr": "class A:\n    def __repr__(self):\n        while True: pass\nA()",
    "endless del": "class A:\n    def __del__(self):\n        while True: pass\nA(); None",
    "at exit": "import atexit\ndef f():\n    while True: pass\natexit.register(f)",
    "output": "while True: print('x' * 100000)",
    "files": "for i in range(10**6): open(f'/tmp/{i}', 'w')",
    "gradebook": "import glob\nfor p in glob.glob('/**/gradebook.db', recursive=True): open(p, 'w')",
    "signals": "import signal, os\nsignal.signal(signal.SIGTERM, signal.SIG_IGN); os.kill(0, signal.SIGSTOP)",
    "threads": "import threading\nfor _ in range(60): threading.Thread(target=sum, args=(iter(int, 1),)).start()",
    "stop": "import sys; sys.exit(1)",
    "recursion": "def f(): f()\nf()",
    "segfault": "import ctypes; ctypes.string_at(0)",
    "restart": "import IPython; IPython.get_ipython().kernel.do_shutdown(True)",
}


@pytest.fixture
def quick_limits(course):
    """Short limits in the course's own config."""
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.Gradbook.limits = {"cell": 1.0, "call": 1.0, "notebook": 8.0}\n')
    return course


@pytest.mark.parametrize("way", ["gradbook", "nbgrader"])
def test_attacks_beside_honest_submissions(quick_limits, submit, solve, way):
    course = quick_limits
    homework = load(HW01)
    wrong = homework.source_with(next(v for v in homework.chaffs if v.name == "gradient_half"))
    for number, source in enumerate(ATTACKS.values()):
        notebook = solve(HW01, wrong)
        notebook.cells.insert(0, nbformat.v4.new_code_cell(source))
        submit(f"attack{number:02d}", notebook)
        honest = solve() if number % 2 else solve(HW01, wrong)
        submit(f"honest{number:02d}", honest)
    before = fingerprint(course)
    command = [way, "grade" if way == "gradbook" else "autograde", HW01]
    done = run(*command, cwd=course.root)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert fingerprint(course) == before
    rows = records_of(course)
    assert len(rows) == 2 * len(ATTACKS)
    for number, name in enumerate(ATTACKS):
        assert rows[f"attack{number:02d}"][0] <= 16, name
        assert rows[f"honest{number:02d}"][0] == (20 if number % 2 else 16), name


def test_an_attack_in_one_function_leaves_the_others(quick_limits, submit, solve):
    for number, source in enumerate(ATTACKS.values()):
        body = "\n".join("        " + line for line in source.split("\n"))
        text = load(HW01).reference.replace("        return x * self.w1 * self.w2", body)
        submit(f"s{number:02d}", solve(HW01, text))
    summary = grade_class(quick_limits, HW01, Options(workers=2))
    for record, name in zip(sorted(summary.graded, key=lambda r: r["student"]), ATTACKS, strict=True):
        scores = {c["name"]: c["points"] for c in record["checks"]}
        assert scores["loss_value"] == 2, name
        assert scores["forward_value"] == 0, name
        assert scores["gradient_value"] == 4, name
        assert scores["train_trajectory"] == 4, name


# ---------------------------------------------------------------- files and folders


def test_links_and_devices_in_the_folder(course, submit, solve):
    submit("honest", solve())
    secret = course.root / "gradebook.db"
    for name, make in {
        "link": lambda p: p.symlink_to(secret),
        "loop": lambda p: p.symlink_to(p),
        "pipe": lambda p: os.mkfifo(p),
        "folder": lambda p: p.mkdir(),
        "gone": lambda p: p.symlink_to(course.root / "nothing"),
    }.items():
        folder = course.submitted(HW01, name)
        folder.mkdir(parents=True)
        make(folder / f"{HW01}.ipynb")
        (folder / "timestamp.txt").symlink_to(secret)
    extra = course.submitted(HW01, "honest")
    (extra / "notes.txt").symlink_to(secret)
    os.mkfifo(extra / "pipe")
    (extra / "numpy.py").write_text("raise SystemExit")
    done = run("nbgrader", "autograde", HW01, cwd=course.root)
    assert done.returncode == 0, done.stderr
    rows = {student: row[0] for student, row in records_of(course).items()}
    assert rows == {"honest": 20, "link": 0, "loop": 0, "pipe": 0, "folder": 0, "gone": 0}
    files = {p.name for p in course.autograded(HW01, "honest").iterdir()}
    assert files == {f"{HW01}.ipynb", "course_helpers.py", "timestamp.txt"}
    for student in rows:
        for path in course.autograded(HW01, student).iterdir():
            assert path.is_file()
            assert not path.is_symlink()
            assert b"SQLite" not in path.read_bytes()


def test_a_renamed_notebook_gets_its_reason(course, submit, solve):
    path = submit("ann", solve())
    path.rename(path.with_name("final_version.ipynb"))
    record = grade_class(course, HW01, Options(workers=1)).graded[0]
    assert record["flags"] == [f"there is no {HW01}.ipynb, but another notebook; rename it to {HW01}.ipynb"]


def test_another_homeworks_notebook_is_flagged(course, submit, template):
    submit("ann", template("hw03_linear_chain"))
    record = grade_class(course, HW01, Options(workers=1)).graded[0]
    assert record["score"] == 0
    assert any("another homework" in flag for flag in record["flags"])


def test_a_huge_notebook_gets_its_reason(course, submit):
    submit("ann", b'{"nbformat": 4, "cells": [], "x": "' + b"x" * (30 << 20) + b'"}')
    record = grade_class(course, HW01, Options(workers=1)).graded[0]
    assert "larger than 20 MB" in record["flags"][0]


def test_nbformat_3_is_graded(course, submit, solve):
    import json

    cells = [
        {"cell_type": "code", "language": "python", "input": c.source, "outputs": [], "metadata": c.metadata}
        for c in solve().cells
        if c.cell_type == "code"
    ]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    submit("ann", json.dumps(old).encode())
    assert grade_class(course, HW01, Options(workers=1)).graded[0]["score"] == 20


def test_odd_folder_names_are_skipped_with_a_line(course, submit, solve, capsys):
    submit("ann", solve())
    submit("<script>alert(1)</script>".replace("/", "\u2215"), solve())
    summary = grade_class(course, HW01, Options(workers=1))
    assert [r["student"] for r in summary.graded] == ["ann"]
    assert "not a student id" in capsys.readouterr().err


@pytest.mark.parametrize("limits", ['{"cells": 1}', '{"cell": 0}', '{"cell": "long"}'])
def test_a_wrong_limit_gets_one_line(course, submit, solve, limits):
    submit("ann", solve())
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f"\nc.Gradbook.limits = {limits}\n")
    with pytest.raises(GradbookError, match=r"c\.Gradbook\.limits"):
        grade_class(course, HW01, Options(workers=1))


# ---------------------------------------------------------------- pages


class Active(HTMLParser):
    """Collects everything in a page that could run or load something."""

    def __init__(self, text):
        super().__init__()
        self.found, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "img" and (dict(attributes).get("src") or "").startswith("data:image/png;base64,"):
            return
        if tag in ("script", "iframe", "object", "embed", "form", "link", "meta", "base", "svg", "img", "style"):
            self.found.append((tag, str(attributes)[:60]))
        for name, value in attributes:
            if name.startswith("on") or (value or "").strip().lower().startswith(("javascript:", "data:text")):
                self.found.append((tag, name, value))


def test_pages_show_nothing_active_of_a_submission(course, submit, solve):
    submit("honest", solve())
    submit("evil", active.fill(solve()))
    grade_class(course, HW01, Options(workers=1))
    pages = {p.parent.parent.name: p.read_text() for p in write_feedback(course, HW01)}
    assert "pwned" in pages["evil"]
    assert Active(pages["evil"]).found == Active(pages["honest"]).found
    # Formgrader renders the autograded notebook with the same exporter and another template.
    from nbconvert.exporters import HTMLExporter

    config = course.config()
    config.HTMLExporter.template_name = "formgrade"
    import nbgrader

    formgrader = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
    config.HTMLExporter.extra_template_basedirs = [str(formgrader)]
    resources = {"base_url": "", "index": 0, "total": 1, "notebook_id": HW01, "assignment_id": HW01}
    shown = {}
    for student in ("honest", "evil"):
        path = course.autograded(HW01, student) / f"{HW01}.ipynb"
        text, _ = HTMLExporter(config=config).from_filename(str(path), resources=dict(resources))
        shown[student] = Active(text).found
    assert shown["evil"] == shown["honest"]


# ---------------------------------------------------------------- interruption


@pytest.fixture
def mixed_class(course, submit, solve):
    """Twelve submissions: known mistakes and right ones."""
    homework = load(HW01)
    for number, variant in enumerate(homework.chaffs[:8]):
        submit(f"s{number:02d}", solve(HW01, homework.source_with(variant)))
    for number in range(8, 12):
        submit(f"s{number:02d}", solve())
    return course


def autograded(course):
    folder = course.root / "autograded"
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def start_grading(course):
    program = Path(sys.executable).parent / "gradbook"
    return subprocess.Popen(
        [program, "grade", HW01], cwd=course.root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def test_killed_at_random_moments(mixed_class, tmp_path):
    import shutil

    from autograder.course import Course

    root = tmp_path / "uninterrupted"
    shutil.copytree(mixed_class.root, root)
    whole = Course.at(root)
    (root / "nbgrader_config.py").write_text((mixed_class.root / "nbgrader_config.py").read_text())
    grade_class(whole, HW01, Options(workers=1))
    chance = random.Random(1)
    running = ["pgrep", "-f", "multiprocessing|guest.zygote"]
    before = set(subprocess.run(running, capture_output=True, text=True, check=False).stdout.split())
    for _ in range(6):
        process = start_grading(mixed_class)
        time.sleep(chance.uniform(1.0, 5.0))
        process.kill()
        process.wait()
        process.stderr.close()
    done = run("gradbook", "grade", HW01, cwd=mixed_class.root)
    assert done.returncode == 0, done.stderr
    assert records_of(mixed_class) == records_of(whole)
    assert autograded(mixed_class) == autograded(whole)
    time.sleep(1)
    left = subprocess.run(running, capture_output=True, text=True, check=False)
    assert set(left.stdout.split()) <= before


def test_what_a_killed_run_left_is_swept(mixed_class):
    grade_class(mixed_class, HW01, Options(workers=1, students=["s00"]))
    before = autograded(mixed_class)
    for name in (f".{HW01}-abc", f".old-{HW01}-abc"):
        folder = mixed_class.root / "autograded" / "s00" / name
        folder.mkdir()
        (folder / "x").write_text("half")
    grade_class(mixed_class, HW01, Options(workers=1, students=["s00"]))
    assert autograded(mixed_class) == before


def test_two_graders_at_once(mixed_class):
    first, second = start_grading(mixed_class), start_grading(mixed_class)
    words = first.communicate()[1] + second.communicate()[1]
    assert first.returncode == second.returncode == 0, words
    assert "waiting" in words
    assert len(records_of(mixed_class)) == 12


def test_interrupt_stops_cleanly(mixed_class):
    import signal

    process = start_grading(mixed_class)
    time.sleep(2.5)
    process.send_signal(signal.SIGINT)
    words = process.communicate()[1]
    assert "Traceback" not in words
    assert process.returncode in (0, 130)
    run("gradbook", "grade", HW01, cwd=mixed_class.root)
    assert len(records_of(mixed_class)) == 12
