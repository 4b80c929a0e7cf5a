"""Hostile files, broken and unlucky submissions, and what pages show of them."""

import json
import os
import socket
from html.parser import HTMLParser
from pathlib import Path

import active
import nbformat
import pytest
from conftest import HW01, handed_in, run

from gradbook.course import records
from gradbook.course.assignment import Assignment
from gradbook.errors import GradbookError
from gradbook.grading.run import Options, grade_class
from gradbook.pages.feedback import write_feedback
from gradbook.pages.report import write_report


def cell_of(notebook, name):
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def records_of(course):
    """The gradebook's rows, by student, without what differs from run to run."""
    with course.gradebook() as gradebook:
        rows = {}
        for s in gradebook.assignment_submissions(HW01):
            grades = sorted((g.name, g.auto_score, g.manual_score) for n in s.notebooks for g in n.grades)
            comments = sorted((c.name, c.auto_comment or "") for n in s.notebooks for c in n.comments)
            rows[s.student.id] = (s.score, grades, comments)
        return rows


# ---------------------------------------------------------------- broken ones

BROKEN = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\t ", "is empty"),
    "binary": (b"\x00\x01\x02\xff", "not UTF-8"),
    "zeros": (bytes(1000), "cut off or no notebook"),
    "no_json": (b"hello", "cut off or no notebook"),
    "truncated": (b'{"nbformat": 4, "cells": [', "cut off"),
    "a_page": (b"<!DOCTYPE html><html><body>Sign in</body></html>", "cut off or no notebook"),
    "a_zip": (b"PK\x03\x04" + bytes(range(256)), "not UTF-8"),
    "nbformat_5": (b'{"nbformat": 5, "cells": []}', "not supported"),
    "nbformat_2": (b'{"nbformat": 2, "worksheets": []}', "not supported"),
    "nbformat_long": (b'{"nbformat": ' + b"9" * 4000 + b', "cells": []}', "not supported"),
    "nbformat_text": (b'{"nbformat": "4", "cells": []}', "no Jupyter notebook"),
    "a_list": (b"[1, 2]", "no Jupyter notebook"),
    "no_cells": (b'{"nbformat": 4}', "no cells"),
    "many_cells": (b'{"nbformat": 4, "cells": [' + b"{}," * 1000 + b"{}]}", "more than 1000 cells"),
    "deep": (b"[" * 100_000, "cut off or no notebook"),
    "deep_and_whole": (b'{"nbformat": 4, "cells": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", "cut off or no notebook"),
    "huge": (b'{"nbformat": 4, "cells": [], "x": "' + b"x" * (30 << 20) + b'"}', "larger than 20 MB"),
    "latin": ('{"nbformat": 4, "cells": ["é"]}'.encode("latin-1"), "not UTF-8"),
    "utf_16": ('{"nbformat": 4, "cells": []}'.encode("utf-16"), "not UTF-8"),
    "marked_utf_8": (b'\xef\xbb\xbf{"nbformat": 4, "cells": []}', "does not look like this homework"),
    "other_homework": ("hw03_linear_chain", "another homework"),
}


@pytest.mark.parametrize("way", ["gradbook", "nbgrader"])
def test_broken_submissions_are_recorded_with_their_reason(course, submit, solve, template, way):
    for name, (content, _) in BROKEN.items():
        submit(name, template(content) if isinstance(content, str) else content)
    reasons = {name: words for name, (_, words) in BROKEN.items()}
    path = submit("unclear", b"{")
    path.rename(path.with_name("final_version.ipynb")).with_name("last_version.ipynb").write_bytes(b"{}")
    reasons["unclear"] = f"there is no {HW01}.ipynb, but another notebook; rename it"
    submit("nothing", b"").unlink()
    reasons["nothing"] = f"there is no {HW01}.ipynb in the submission"
    unreadable = submit("unreadable", solve())
    unreadable.chmod(0)
    closed = submit("closed", solve()).parent
    closed.chmod(0o444)
    if not os.access(unreadable, os.R_OK):
        reasons |= {"unreadable": "cannot be read (PermissionError)", "closed": "cannot be read (PermissionError)"}
    _submit_odd_but_good(submit, solve)
    command = {"gradbook": "grade", "nbgrader": "autograde"}[way]
    done = run(way, command, HW01, cwd=course.root)
    closed.chmod(0o755)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    with course.gradebook() as gradebook:
        found = {d["student"]: d for d in records.documents(gradebook, HW01)}
    for name, words in reasons.items():
        assert found[name]["score"] == 0, name
        assert any(words in flag for flag in found[name]["flags"]), (name, found[name]["flags"])
    for name in set(found) - set(reasons):
        assert found[name]["score"] == 20, name
    assert {student: row[0] for student, row in records_of(course).items()} == {s: d["score"] for s, d in found.items()}


def _submit_odd_but_good(submit, solve):
    """Notebooks that look odd and are graded all the same: an old format, a read-only file, others beside it."""
    cells = [
        {"cell_type": "code", "language": "python", "input": c.source, "outputs": [], "metadata": c.metadata}
        for c in solve().cells
        if c.cell_type == "code"
    ]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    submit("nbformat_3", json.dumps(old).encode())
    submit("read_only", solve()).chmod(0o444)
    several = submit("several", solve())
    (several.parent / "Untitled.ipynb").write_bytes(b"{")
    (several.parent / f"{HW01}-Copy1.ipynb").write_bytes(b"")
    submit("no_timestamp", solve(), timestamp="99:99 of never +99:99")
    renamed = submit("renamed", solve())
    renamed.rename(renamed.with_name("final_version.ipynb"))
    submit("marked", b"\xef\xbb\xbf" + nbformat.writes(solve()).encode())


# ---------------------------------------------------------------- files and folders


def test_links_and_devices_in_the_folder(course, submit, solve, monkeypatch):
    monkeypatch.chdir(course.root)
    submit("honest", solve())
    secret = course.root / "gradebook.db"
    for name, make in {
        "link": lambda p: p.symlink_to(secret),
        "loop": lambda p: p.symlink_to(p),
        "others": lambda p: p.symlink_to(handed_in(course, "honest").folder / f"{HW01}.ipynb"),
        "pipe": lambda p: os.mkfifo(p),
        "folder": lambda p: p.mkdir(),
        "gone": lambda p: p.symlink_to(course.root / "nothing"),
        "socket": lambda p: socket.socket(socket.AF_UNIX).bind(os.path.relpath(p)),
    }.items():
        folder = handed_in(course, name).folder
        folder.mkdir(parents=True)
        make(folder / f"{HW01}.ipynb")
        (folder / "timestamp.txt").symlink_to(secret)
    # A whole folder that leads into another student's.
    (course.root / "submitted" / "copied").mkdir()
    handed_in(course, "copied").folder.symlink_to(handed_in(course, "honest").folder)
    (course.root / "submitted" / "twin").symlink_to(course.root / "submitted" / "honest")
    extra = handed_in(course, "honest").folder
    (extra / "notes.txt").symlink_to(secret)
    os.mkfifo(extra / "pipe")
    (extra / "numpy.py").write_text("raise SystemExit")
    done = run("nbgrader", "autograde", HW01, cwd=course.root)
    assert done.returncode == 0, done.stderr
    rows = {student: row[0] for student, row in records_of(course).items()}
    assert rows == {"honest": 20, "link": 0, "loop": 0, "pipe": 0, "folder": 0, "gone": 0, "socket": 0, "others": 0,
                    "copied": 0, "twin": 0}  # fmt: skip
    files = {p.name for p in handed_in(course, "honest").autograded.parent.iterdir()}
    assert files == {f"{HW01}.ipynb", "course_helpers.py", "timestamp.txt"}
    for student in rows:
        for path in handed_in(course, student).autograded.parent.iterdir():
            assert path.is_file()
            assert not path.is_symlink()
            assert b"SQLite" not in path.read_bytes()


def test_a_folder_name_like_html_is_a_name(course, submit, solve):
    name = "<script>alert(1)</script>".replace("/", "\u2215")
    submit("ann", solve())
    submit(name, solve())
    summary = grade_class(Assignment(course, HW01), Options(workers=1))
    assert sorted(summary.scores) == [name, "ann"]
    assert "<script" not in write_report(Assignment(course, HW01)).read_text()


@pytest.mark.parametrize("limits", ['{"cells": 1}', '{"cell": 0}', '{"cell": "long"}'])
def test_a_wrong_limit_gets_one_line(course, submit, solve, limits):
    submit("ann", solve())
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f"\nc.Gradbook.limits = {limits}\n")
    with pytest.raises(GradbookError, match=r"c\.Gradbook\.limits"):
        grade_class(Assignment(course, HW01), Options(workers=1))


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
    grade_class(Assignment(course, HW01), Options(workers=1))
    pages = {p.parent.parent.name: p.read_text() for p in write_feedback(Assignment(course, HW01))}
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
        path = handed_in(course, student).autograded
        text, _ = HTMLExporter(config=config).from_filename(str(path), resources=dict(resources))
        shown[student] = Active(text).found
    assert shown["evil"] == shown["honest"]
