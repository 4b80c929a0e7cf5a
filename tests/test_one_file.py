"""`gradbook build --one-file`: the release as one notebook that brings its helper file along, and how it is graded."""

import base64
import json
import os

import nbformat
import numpy as np
import pytest
from conftest import HW01, ROOT, handed_in, ids, load, run
from lessons import released_files
from red_team import documents

from gradbook.authoring.build import build
from gradbook.authoring.one_file import files_cell, one_file
from gradbook.authoring.samples import solved
from gradbook.course.assignment import Assignment
from gradbook.fronts.cli import main
from gradbook.grading.run import Options, grade_class
from gradbook.intake.notebook import read_submission
from gradbook.pages.feedback import write_feedback

FILE = f"{HW01}.ipynb"


@pytest.fixture(scope="session")
def brings(built):
    """A function that gives a homework as one file."""
    return lambda homework=HW01: nbformat.reads(one_file(Assignment(built(homework), homework)), as_version=4)


@pytest.fixture
def done(brings):
    """A function that gives it solved by a source."""
    return lambda source=None: solved(brings(), source or load(HW01).reference)


@pytest.fixture
def wrong():
    """The source of a submission with a wrong gradient, worth 16 points."""
    homework = load(HW01)
    return homework.source_with(next(v for v in homework.chaffs if v.name == "gradient_half"))


# ---------------------------------------------------------------- what it is


def test_committed_files_are_fresh(built, homework_id):
    text = one_file(Assignment(built(homework_id), homework_id))
    path = ROOT / "release-one-file" / f"{homework_id}.ipynb"
    # A homework that was just begun has none yet; whether one is missing is asked below.
    assert not path.is_file() or path.read_text() == text, f"{path.name} is old; run gradbook build --one-file"


def test_each_homework_of_the_course_has_one():
    assert sorted(path.stem for path in (ROOT / "release-one-file").iterdir()) == sorted(ids())


def test_it_is_the_release_with_one_more_cell(brings, built, template, homework_id):
    first, *others = brings(homework_id).cells
    pictures = {
        path.name: path.read_bytes() for path in Assignment(built(homework_id), homework_id).release.glob("*.svg")
    }
    seen = []
    for cell, released in zip(others, template(homework_id).cells, strict=True):
        for name, content in pictures.items():
            data = f"](data:image/svg+xml;base64,{base64.b64encode(content).decode()})"
            seen += [name] * (data in cell.source)
            cell.source = cell.source.replace(data, f"]({name})")
        assert cell == released
    assert sorted(seen) == sorted(pictures)
    assert first.cell_type == "code" and first.id not in {cell.id for cell in others}
    assert first.source.startswith("#@title ")
    told = first.metadata
    assert told["jupyter"]["source_hidden"] and told["cellView"] == "form" and told["_kg_hide-input"]
    assert told["nbgrader"]["locked"] and not told["editable"] and not told["deletable"]
    assert not any(told["nbgrader"][name] for name in ("grade", "solution", "task"))


def test_the_cell_puts_the_file_there(brings, built, tmp_path, monkeypatch, homework_id):
    monkeypatch.chdir(tmp_path)
    expected = (Assignment(built(homework_id), homework_id).release / "course_helpers.py").read_bytes()
    code, path, names = compile(brings(homework_id).cells[0].source, "cell", "exec"), tmp_path / "course_helpers.py", {}
    for before in (None, b"", b"another one", expected + b"\n"):
        if before is not None:
            path.write_bytes(before)
        exec(code, names)
        assert path.read_bytes() == expected
    os.utime(path, (1, 1))
    exec(code, names)
    assert path.stat().st_mtime == 1, "what is there already is not written again"
    data = {data.name for data in Assignment(built(homework_id), homework_id).release.glob("*.npz")}
    assert set(names) == {"__builtins__"}
    assert {file.name for file in tmp_path.iterdir()} == {path.name} | data


def test_any_files_come_along(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.savez("a.npz", x=np.arange(300))
    files = {
        "quotes.py": b"x = '''a\\n\"\"\"'''\n",
        "backslash.py": b"x = 1 \\",
        "windows.csv": b"a,b\r\n1,2\r\n",
        "old.csv": "naïve\n".encode("latin-1"),
        "empty.py": b"",
        "zero.csv": b"a\0b",
        "it's 'odd'.csv": "é \u2028 \U0001f600".encode(),
        "a.npz": (tmp_path / "a.npz").read_bytes(),
    }
    cell = files_cell(HW01, files)
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    saved = nbformat.reads(nbformat.writes(nbformat.v4.new_notebook(cells=[cell])), as_version=4)
    exec(saved.cells[0].source, {})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files


def test_it_runs_alone_and_validates(done, tmp_path):
    path = tmp_path / "somewhere" / FILE
    path.parent.mkdir()
    nbformat.write(done(), path)
    assert "Success! Your notebook passes all the tests." in run("nbgrader", "validate", path, cwd=path.parent).stdout


# ---------------------------------------------------------------- building it


def test_build_makes_it_when_asked_and_then_keeps_it_fresh(course, capsys):
    assignment, files = Assignment(course, HW01), released_files(course)
    assert not assignment.one_file.exists()
    capsys.readouterr()
    assert main(["build", HW01, "--one-file", "--course", str(course.root)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:2] == [f"{HW01}: release/{HW01}/{FILE}", f"{HW01}: release-one-file/{FILE}"]
    assert released_files(course) == files
    lesson = assignment.source / "lesson.md"
    lesson.write_text(lesson.read_text() + "\nOne sentence more.\n")
    build(assignment)
    assert "One sentence more." in assignment.one_file.read_text()
    assert [path.name for path in assignment.one_file.parent.iterdir()] == [FILE]


def test_nbgrader_releases_as_before(course):
    build(Assignment(course, HW01), one_file=True)
    before, files = Assignment(course, HW01).one_file.read_bytes(), released_files(course)
    done = run("nbgrader", "generate_assignment", HW01, "--force", cwd=course.root)
    assert done.returncode == 0, done.stderr
    assert released_files(course) == files
    assert Assignment(course, HW01).one_file.read_bytes() == before


# ---------------------------------------------------------------- grading it


def _files(notebook):
    return notebook.cells[0]


def deleted(notebook):
    del notebook.cells[0]


def moved_to_the_end(notebook):
    notebook.cells.append(notebook.cells.pop(0))


def moved_between(notebook):
    notebook.cells.insert(7, notebook.cells.pop(0))


def twice(notebook):
    notebook.cells.insert(3, nbformat.from_dict(json.loads(json.dumps(notebook.cells[0]))))


def other_helpers(notebook):
    _files(notebook).source = _files(notebook).source.replace("import numpy as np", "import numpy as np\n1 / 0")


def emptied(notebook):
    _files(notebook).source = ""


def broken(notebook):
    _files(notebook).source = _files(notebook).source[:3000]


def without_marks(notebook):
    _files(notebook).metadata, _files(notebook).id = nbformat.NotebookNode(), "new"


def broken_without_marks(notebook):
    without_marks(notebook)
    broken(notebook)


def all_without_marks(notebook):
    """As some places save it."""
    for number, cell in enumerate(notebook.cells):
        cell.metadata, cell.id = nbformat.NotebookNode(), str(number)


def as_a_text_cell(notebook):
    _files(notebook).cell_type = "raw"


def merged_into_the_imports(notebook):
    imports = next(cell for cell in notebook.cells if "import numpy" in cell.source and "@title" not in cell.source)
    imports.source = _files(notebook).source + "\n\n" + imports.source
    deleted(notebook)


def merged_with_the_imports(notebook):
    imports = next(cell for cell in notebook.cells if "import numpy" in cell.source and "@title" not in cell.source)
    _files(notebook).source += "\n\n" + imports.source
    notebook.cells.remove(imports)


def with_a_solution_in_it(notebook):
    loss = next(cell for cell in notebook.cells if cell.source.startswith("def loss"))
    _files(notebook).source += "\n\n" + loss.source
    notebook.cells.remove(loss)


def with_a_helper_in_it(notebook):
    loss = next(cell for cell in notebook.cells if cell.source.startswith("def loss"))
    _files(notebook).source = "def of_mine(x):\n    return x\n" + _files(notebook).source
    loss.source = loss.source.replace("return ", "return of_mine(1) * ")


EDITS = [
    deleted,
    moved_to_the_end,
    moved_between,
    twice,
    other_helpers,
    emptied,
    broken,
    without_marks,
    broken_without_marks,
    all_without_marks,
    as_a_text_cell,
    merged_into_the_imports,
    merged_with_the_imports,
    with_a_solution_in_it,
    with_a_helper_in_it,
]


def test_both_forms_in_one_class(course, submit, solve, done, wrong):
    """Whatever became of the cell, it costs nothing, and it gains nothing."""
    submit("plain", solve())
    submit("plain_wrong", solve(HW01, wrong))
    submit("one", done())
    submit("one_wrong", done(wrong))
    for edit in EDITS:
        for name, source in (("", None), ("_wrong", wrong)):
            notebook = done(source)
            edit(notebook)
            submit(edit.__name__ + name, nbformat.writes(notebook).encode())
    grade_class(Assignment(course, HW01), Options(force=True))
    found = documents(course, HW01)
    for student, record in found.items():
        assert record["score"] == (16 if student.endswith("_wrong") else 20), student
        same = found["plain_wrong" if student.endswith("_wrong") else "plain"]
        # In these the code stands elsewhere.
        if "without_marks" not in student and "with_a_" not in student:
            assert record["flags"] == same["flags"] == [], student
            assert record["checks"] == same["checks"], student


def test_what_is_graded_is_the_notebook_in_its_usual_form(course, submit, solve, done, wrong):
    submit("plain", solve(HW01, wrong))
    notebook = done(wrong)
    for number, cell in enumerate(notebook.cells):
        cell.id = str(number)  # as Colab saves it; then a text is known by what it says
    submit("one", notebook)
    grade_class(Assignment(course, HW01), Options())
    pages = write_feedback(Assignment(course, HW01))
    graded = [handed_in(course, student).autograded.read_text() for student in ("plain", "one")]
    assert graded[0] == graded[1]
    assert not any("_put_beside" in page.read_text() for page in pages)


def test_nbgraders_own_command_grades_it_alike(course, submit, solve, done, wrong):
    for student, notebook in {"one": done(), "one_wrong": done(wrong), "plain_wrong": solve(HW01, wrong)}.items():
        submit(student, notebook)
    graded = run("nbgrader", "autograde", HW01, cwd=course.root)
    assert graded.returncode == 0, graded.stderr
    found = documents(course, HW01)
    assert {student: record["score"] for student, record in found.items()} == {
        "one": 20,
        "one_wrong": 16,
        "plain_wrong": 16,
    }
    assert not any(record["flags"] for record in found.values())


def test_a_notebook_that_was_not_begun_is_known_as_such(course, submit, brings):
    submit("ann", brings())
    grade_class(Assignment(course, HW01), Options())
    record = documents(course, HW01)["ann"]
    assert record["flags"] == [] and {check["outcome"] for check in record["checks"]} == {"untouched"}


def test_only_statements_about_the_files_are_taken_out(done):
    notebook = done()
    text = next(cell for cell in notebook.cells if cell.cell_type == "markdown")
    text.source = "a text about _put_beside"
    notebook.cells[2].source += "\n# a comment on _put_beside\nx = '_put_beside(' + 'x'"
    read = read_submission(nbformat.writes(notebook).encode())
    assert [cell.source for cell in read] == [cell.source for cell in notebook.cells[1:]]
