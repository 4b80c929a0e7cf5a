"""A site without a browser: what goes into it, what is refused, where its Pyodide comes from, its start page."""

import ast
import hashlib
import html
import io
import json
import re
import shutil
import sqlite3
import tarfile
import textwrap
import tomllib
import zipfile
from contextlib import closing
from importlib.util import MAGIC_NUMBER

import nbformat
import pytest
from conftest import HW01, ROOT, ids, load
from sites import served

from gradbook.course.assignment import Assignment
from gradbook.course.folder import Course
from gradbook.errors import GradbookError
from gradbook.fronts import cli
from gradbook.site import lite
from gradbook.site.front import front_page
from gradbook.site.hidden import Hidden, require_nothing_hidden
from gradbook.site.imports import Imports
from gradbook.site.make import make_site
from gradbook.site.pyodide import Folder, Pyodide, distribution
from gradbook.site.start import Card, write_pages

WHEELS = {  # package -> (modules, what it depends on)
    "numpy": (["numpy"], []),
    "matplotlib": (["matplotlib", "pylab"], ["numpy", "six_ty"]),
    "six-ty": (["sixty"], []),
    "scipy": (["scipy"], ["numpy"]),
}


def fake(folder, version="0.27.7"):
    """A distribution with small files; gives the folder."""
    folder.mkdir()
    packages = {}
    for name, (modules, depends) in WHEELS.items():
        file, data = f"{name}-1.0-py3-none-any.whl", f"the wheel of {name}".encode()
        (folder / file).write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        packages[name] = {"file_name": file, "sha256": digest, "imports": modules, "depends": depends}
    lock = {"info": {"python": "3.12.7"}, "packages": packages}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock))
    (folder / "package.json").write_text(json.dumps({"version": version}))
    for name in ("pyodide.js", "pyodide.asm.wasm", "python_stdlib.zip"):
        (folder / name).write_text(name)
    return folder


# ---------------------------------------------------------------- Pyodide


def test_what_is_needed_is_kept_and_no_more(tmp_path):
    found = Pyodide(Folder(fake(tmp_path / "all")), "here")
    needed = found.needed([found.modules["pylab"]])
    assert needed == {"matplotlib", "numpy", "six-ty"}
    found.write(tmp_path / "site", needed)
    assert {path.name for path in (tmp_path / "site").iterdir()} == {
        "pyodide-lock.json",
        "package.json",
        "pyodide.js",
        "pyodide.asm.wasm",
        "python_stdlib.zip",
        "matplotlib-1.0-py3-none-any.whl",
        "numpy-1.0-py3-none-any.whl",
        "six-ty-1.0-py3-none-any.whl",
    }
    assert json.loads((tmp_path / "site" / "pyodide-lock.json").read_text())["packages"].keys() == needed


def test_a_package_that_the_lock_does_not_name_is_refused(tmp_path):
    folder = fake(tmp_path / "all")
    (folder / "numpy-1.0-py3-none-any.whl").write_text("another numpy")
    with pytest.raises(GradbookError, match=r"numpy-1.0-py3-none-any.whl of here is not the file that pyodide-lock"):
        Pyodide(Folder(folder), "here").write(tmp_path / "site", ["numpy"])


def test_a_package_stays_in_its_folder(tmp_path):
    folder = fake(tmp_path / "all")
    path = folder / "pyodide-lock.json"
    path.write_text(path.read_text().replace("numpy-1.0-py3", "../numpy-1.0-py3"))
    with pytest.raises(GradbookError, match="has no file name for numpy"):
        Pyodide(Folder(folder), "here").write(tmp_path / "site", ["numpy"])


@pytest.mark.parametrize("inside", ["pyodide", "package"])
@pytest.mark.parametrize(
    "place", ["all", "all.tar.bz2", "all.tgz", "{}/all", "{}/all/", "{}/all.tar.bz2", "{}/all.tgz"]
)
def test_where_pyodide_comes_from(tmp_path, monkeypatch, place, inside):
    fake(tmp_path / "all")
    for name, mode in (("all.tar.bz2", "w:bz2"), ("all.tgz", "w:gz")):
        with tarfile.open(tmp_path / name, mode) as archive:
            archive.add(tmp_path / "all", inside)
    monkeypatch.chdir(tmp_path)
    with served(tmp_path) as address, distribution(place.format(address), tmp_path / "cache") as found:
        assert found.version == "0.27.7"
        found.write(tmp_path / "site", found.needed(["matplotlib"]))
    assert (tmp_path / "site" / "numpy-1.0-py3-none-any.whl").read_text() == "the wheel of numpy"


def test_an_archive_from_elsewhere_is_fetched_once(tmp_path):
    with tarfile.open(tmp_path / "all.tgz", "w:gz") as archive:
        archive.add(fake(tmp_path / "all"), "pyodide")
    with served(tmp_path) as address:
        place = f"{address}/all.tgz"
        for _ in range(2):
            with distribution(place, tmp_path / "cache") as found:
                assert found.version == "0.27.7"
            (tmp_path / "all.tgz").unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("nowhere", "nowhere cannot be read as an archive of Pyodide (No such file or directory)"),
        ("text", "text cannot be read as an archive of Pyodide"),
        ("empty", "empty is no Pyodide distribution with all that is needed: pyodide-lock.json is missing"),
        ("odd", "pyodide-lock.json of odd is not one that can be read"),
        ("nameless", "nameless does not tell which version of Pyodide it is"),
        ("{}/nothing", "nothing is no Pyodide distribution with all that is needed: pyodide-lock.json is missing"),
        ("{}/nothing.tar.bz2", "nothing.tar.bz2 cannot be had (File not found); get Pyodide elsewhere"),
        ("http://127.0.0.1:1/x", "pyodide-lock.json: [Errno 111] Connection refused"),
        ("http://127.0.0.1:1/x.tgz", "http://127.0.0.1:1/x.tgz cannot be had ([Errno 111] Connection refused)"),
    ],
)
def test_no_pyodide_is_told_in_one_line(tmp_path, monkeypatch, place, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text").write_text("no archive")
    (tmp_path / "empty").mkdir()
    (fake(tmp_path / "nameless") / "package.json").write_text("{}")
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "pyodide-lock.json").write_text('{"packages": {"numpy": 3}}')
    with (
        served(tmp_path) as address,
        pytest.raises(GradbookError) as caught,
        distribution(place.format(address), tmp_path / "cache") as found,
    ):
        assert found.packages and found.version
    assert told in str(caught.value) and "\n" not in str(caught.value)
    assert not list(tmp_path.glob("cache/*"))


# ---------------------------------------------------------------- imports


def imports(tmp_path, cells, modules=(), standard=()):
    """What a release of these cells and modules imports: in cells, and beside them."""
    folder = tmp_path / "release" / "hw01_it"
    folder.mkdir(parents=True)
    new = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(new, folder / "hw01_it.ipynb")
    for name, source in dict(modules).items():
        (folder / name).write_text(source)
    for name, text in (("autograder/hw01_it/checks.py", ""), ("solutions/hw01_it.py", "")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "nbgrader_config.py").touch()
    found = Imports.of(Assignment(Course.at(tmp_path), "hw01_it"), standard)
    return sorted(found.cells), sorted(found.beside)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("%matplotlib inline\nimport numpy as np, scipy.linalg", ["numpy", "scipy"]),
        ("from torch.utils import data\nfrom . import near", ["torch"]),
        ("import json, sqlite3, course_helpers", ["sqlite3"]),
        ("def f():\n    if True:\n        import pandas", ["pandas"]),
        ("try:\n    import numba\nexcept ImportError:\n    numba = None", []),
        ("try:\n    import numba\nexcept (ImportError, OSError):\n    pass\nelse:\n    import extra", ["extra"]),
        (
            "try:\n    import torch\nexcept ImportError:\n    raise ImportError('pip install torch') from None",
            ["torch"],
        ),
        ("try:\n    import torch\nexcept ValueError:\n    pass", ["torch"]),
        ("import (", []),
    ],
)
def test_what_a_cell_imports(tmp_path, cell, names):
    found = imports(tmp_path, [cell], {"course_helpers.py": "import matplotlib.pyplot as plt"}, ["sqlite3"])
    assert found == (names, ["matplotlib"])


def test_the_homeworks_of_this_course_import_what_they_declare():
    found = {one: Imports.of(Assignment(Course.at(ROOT), one)).all for one in ids()}
    assert found == {one: {"numpy", "matplotlib", *({"torch"} if load(one).modules else ())} for one in ids()}


# ---------------------------------------------------------------- what is refused

HIDDEN = Hidden(Course.at(ROOT))
REFERENCE = (ROOT / "solutions" / f"{HW01}.py").read_text()
BODY = textwrap.dedent(REFERENCE.split("### BEGIN SOLUTION\n")[3].split("        ### END SOLUTION")[0])


def notebook(*cells, source=nbformat.v4.new_code_cell):
    return nbformat.writes(nbformat.v4.new_notebook(cells=[source(cell) for cell in cells])).encode()


def packed(**files):
    """A zip of these files."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return whole.getvalue()


def tarred(name, data):
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:xz") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return whole.getvalue()


def other_layout():
    """The reference of hw01 as another program would print it."""
    return ast.unparse(ast.parse(REFERENCE))


def check():
    """The text of one check of hw01."""
    text = (ROOT / "autograder" / HW01 / "checks.py").read_text()
    function = next(node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and len(node.body) > 2)
    return ast.get_source_segment(text, function)


def mistake():
    """Some lines of the known mistakes of hw01."""
    lines = (ROOT / "autograder" / HW01 / "mistakes.py").read_text().splitlines()
    return "\n".join(lines[40:60])


def answer():
    """A question that is answered with a number."""
    sources = (path.read_text() for path in sorted((ROOT / "solutions").glob("hw*.py")))
    functions = (node for source in sources for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    last = (node for node in functions if isinstance(node.body[-1], ast.Return) and len(node.body) <= 2)
    return ast.unparse(next(node for node in last if isinstance(node.body[-1].value, ast.Constant)))


def joined():
    """A solution with two statements on a line."""
    function = ast.unparse(
        next(one for one in ast.walk(ast.parse(REFERENCE)) if getattr(one, "name", "") == "dloss_dw")
    )
    before, _, last = function.rpartition("\n    ")
    return f"{before}; {last}\n"


PLANTED = {
    "line.md": lambda: next(iter(HIDDEN.known.lines)).encode(),
    "pair.md": lambda: "\n".join(
        next(two for two in HIDDEN.known.pairs if not any(one in HIDDEN.known.lines for one in two))
    ).encode(),
    "joined.py": lambda: joined().encode(),
    "notes.txt": lambda: REFERENCE.encode(),
    "body.md": lambda: f"# Notes\n\n{textwrap.indent(BODY, '        ')}\n".encode(),
    "spaced.md": lambda: f"# Notes\n\n{BODY.replace(' ', '')}  # this is it\n".encode(),
    "module.py": lambda: other_layout().encode(),
    "cell.ipynb": lambda: notebook(other_layout()),
    "text.ipynb": lambda: notebook(f"See\n\n    {BODY}\n", source=nbformat.v4.new_markdown_cell),
    "page.html": lambda: f"<pre>{html.escape(check())}</pre>".encode(),
    "shown.html": lambda: f"<p>{html.escape(check()).replace(chr(10), '<br>')}</p>".encode(),
    "list.json": lambda: json.dumps({"a": [1, {"b": check()}]}).encode(),
    "check.md": lambda: f"```python\n{check()}\n```\n".encode(),
    "mistakes.csv": lambda: mistake().encode(),
    "answer.md": lambda: f"```python\n{answer()}\n```\n".encode(),
    "import.py": lambda: b"from autograder import checks",
    "hidden.ipynb": lambda: notebook(
        "assert f(1) == 2\n### BEGIN HIDDEN TESTS\nassert f(2) == 3\n### END HIDDEN TESTS"
    ),
    "source.py": lambda: b"def f():\n    ### BEGIN SOLUTION\n    return 12\n    ### END SOLUTION\n",
    "helpers-1.0-py3-none-any.whl": lambda: packed(**{"helpers/more.py": other_layout()}),
    "deep.zip": lambda: packed(inner=tarred("a/b.py", packed(c=REFERENCE))),
    "wide.txt": lambda: f"Notes\n{BODY}".encode("utf-16"),
    "kept.bin": lambda: b"\0\1\2\n" + REFERENCE[200:].encode() + b"\0\0",
    "module.pyc": lambda: b"anything",
    "module.bin": lambda: MAGIC_NUMBER + b"\0" * 12,
    "data.npz": lambda: packed(**{"x.npy": b"\x93NUMPY", "y": check()}),
}


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_hidden_is_found(tmp_path, name):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / name).write_bytes(PLANTED[name]())
    with pytest.raises(GradbookError) as caught:
        require_nothing_hidden(HIDDEN, tmp_path)
    assert str(caught.value).startswith(f"files/{name}") and "\n" not in str(caught.value)


def test_each_solution_is_found_by_itself(homework_id):
    source = (ROOT / "solutions" / f"{homework_id}.py").read_text()
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            text = "\n".join(source.splitlines()[node.lineno - 1 : node.end_lineno])
            if "### BEGIN SOLUTION" in text:
                plain = textwrap.dedent(re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", text))
                found += [node.name] if not HIDDEN.told("x.py", plain.encode()) else []
    # The lesson of hw07 shows this method of hw06.
    assert set(found) <= ({"zero_grad"} if homework_id == "hw06_modules" else set())


def test_in_what_others_wrote_a_short_line_says_nothing():
    """Such as one of fontTools, which is in each site."""
    short, long = (
        b"if axis is not None:\n",
        b'raise ValueError(f"backward needs the gradient of a tensor of shape {self.data.shape}")\n',
    )
    assert HIDDEN.told("new.py", short) and not HIDDEN.told("static/pyodide/new.py", short)
    assert HIDDEN.told("new.py", long) and HIDDEN.told("static/pyodide/new.py", long)


def test_what_students_get_holds_nothing_hidden(homework_id):
    release = ROOT / "release" / homework_id
    assert [(path.name, HIDDEN.told(path.name, path.read_bytes())) for path in sorted(release.iterdir())] == [
        (path.name, "") for path in sorted(release.iterdir())
    ]


@pytest.mark.parametrize(("name", "text"), [("new.py", joined()), ("new.md", BODY)])
def test_a_lesson_may_not_show_its_own_solution(course, tmp_path, name, text):
    """It is in the source notebook then, and in the release that is made of it."""
    path = course.root / "source" / HW01 / f"{HW01}.ipynb"
    shown = nbformat.read(path, as_version=4)
    shown.cells += [nbformat.v4.new_code_cell(joined()), nbformat.v4.new_markdown_cell(BODY)]
    nbformat.write(shown, path)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / name).write_text(text)
    with pytest.raises(GradbookError, match=f"{name} holds text of solutions/{HW01}"):
        require_nothing_hidden(Hidden(course), tmp_path / "site")


def test_what_students_handed_in_is_found(course, submit, solve, template, tmp_path):
    site = tmp_path / "site"
    unmarked = solve()
    wrong = template(HW01)
    for cell in wrong.cells:
        cell.source = cell.source.replace('raise NotImplementedError("loss")', "return sum(abs(y_true)) / 17")
    path = submit("ann", wrong)
    with closing(sqlite3.connect(tmp_path / "other.db")) as database:
        database.execute("CREATE TABLE one (two)")
    for cell in unmarked.cells:
        cell.metadata = {}
    (course.root / "grades.csv").write_text("student,score\nann,17\n")
    mine = [cell.source for cell in wrong.cells if "/ 17" in cell.source]
    earlier = course.root / "attempts" / "ann" / HW01 / "1" / f"{HW01}.ipynb"
    earlier.parent.mkdir(parents=True)
    earlier.write_bytes(notebook("def loss(y_prediction, y_true):\n    return max(y_true) / 19"))
    for name, data, told in (
        ("solved.ipynb", nbformat.writes(solve()).encode(), "an answer in the cell loss"),
        ("unmarked.ipynb", nbformat.writes(unmarked).encode(), "text of solutions/"),
        ("copy.bin", path.read_bytes(), f"submitted/ann/{HW01}/{HW01}.ipynb"),
        ("when", (path.parent / "timestamp.txt").read_bytes(), f"submitted/ann/{HW01}/timestamp.txt"),
        ("written.ipynb", notebook("x = 1", *mine), "what a student handed in"),
        ("earlier.bin", earlier.read_bytes(), f"attempts/ann/{HW01}/1/{HW01}.ipynb"),
        ("table.txt", (course.root / "grades.csv").read_bytes(), "grades.csv"),
        ("grades", (course.root / "gradebook.db").read_bytes(), "a database"),
        ("other.txt", (tmp_path / "other.db").read_bytes(), "a database"),
    ):
        shutil.rmtree(site, ignore_errors=True)
        site.mkdir()
        (site / name).write_bytes(data)
        with pytest.raises(GradbookError, match=re.escape(f"{name} holds {told}")):
            require_nothing_hidden(Hidden(course), site)


def test_what_nobody_can_look_into_is_refused(tmp_path):
    locked = bytearray(packed(secret="solution"))
    for place in (locked.index(b"PK\x03\x04") + 6, locked.index(b"PK\x01\x02") + 8):
        locked[place] |= 1  # marked as encrypted
    nested = b"x"
    for _ in range(9):
        nested = packed(a=nested)
    for name, data in (("locked.zip", locked), ("nested.zip", nested), ("cut.gz", b"\x1f\x8b\x08\x00\x00")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(GradbookError, match=f"^{name}.* cannot be looked into"):
            require_nothing_hidden(HIDDEN, tmp_path)
        (tmp_path / name).unlink()


# ---------------------------------------------------------------- the start page


def start_page(tmp_path, course, cards):
    write_pages(tmp_path, "nets & <more>", cards, front_page(course))
    return (tmp_path / "index.html").read_text()


def test_the_start_page_lists_the_homeworks(tmp_path):
    course = Course.at(ROOT)
    cards = [Card(one, ("torch",) if "torch" in one.needs.modules else ()) for one in Assignment.every(course)]
    page = start_page(tmp_path, course, cards)
    assert "nets &amp; &lt;more&gt;" in page and "<more>" not in page
    assert 'href="notebooks/index.html?path=hw01_shallow_narrow%2Fhw01_shallow_narrow.ipynb"' in page
    for card in cards:
        assert len(card.line) > 40 and card.line in html.unescape(page)
    assert 'href="downloads/hw08_numpy_to_pytorch.zip" download' in page
    assert page.count("Needs a computer with PyTorch") == 1
    for card in cards:
        assert f'href="downloads/{card.assignment.id}.ipynb" download' in page
        assert re.search(rf'<p class="id">{card.assignment.id}, [\d.]+ to [\d.]+ hours</p>', page)
    pictures = re.findall(r'<img src="(pictures/hw[^"]+)" alt="([^"]+)"', page)
    assert len(pictures) == len({text for _, text in pictures}) == len(ids())
    for place, _ in pictures:
        assert (tmp_path / place).read_bytes() == (ROOT / "source" / place[9:-4] / "picture.svg").read_bytes()
    assert re.findall(r'(?:src|href)="(?:\w+:|/)[^"]*"', page) == []  # nothing of another host, nor of a host's root


FRONT = """# Nets

You will know <b>nets</b>.

![All "of" it](map.svg) ![](https://elsewhere/a.png)

| one | symbol |
|--|--|
| hw01 | $w_1$ |

## Later
"""


def with_front_page(course, text=FRONT):
    (course.root / "docs").mkdir()
    (course.root / "docs" / "course.md").write_text(text)
    return course.root / "docs" / "map.svg"


def test_the_front_page_of_the_course_stands_there_and_its_beginning_on_the_start_page(course, tmp_path):
    with_front_page(course).write_text("<svg/>")
    start = start_page(tmp_path, course, [Card(Assignment(course, HW01))])
    front = (tmp_path / "course.html").read_text()
    assert "<h1>Nets</h1>" in front and "<h2>Later</h2>" in front and "<td>hw01</td>" in front and "<math" in front
    for page in (start, front):
        assert "You will know &lt;b&gt;nets&lt;/b&gt;." in page
        assert '<img src="pictures/map.svg" alt="All &quot;of&quot; it">' in page and "elsewhere" not in page
    assert '<a href="course.html">Nets</a>' in start and "Later" not in start and "<table" not in start
    assert (tmp_path / "pictures" / "map.svg").read_text() == "<svg/>"


def test_a_course_without_a_front_page_has_none_on_its_site(course, tmp_path):
    assert "course.html" not in start_page(tmp_path, course, [Card(Assignment(course, HW01))])
    assert not (tmp_path / "course.html").exists()


def test_a_picture_of_the_front_page_that_is_not_there_is_told(course):
    with_front_page(course)
    with pytest.raises(GradbookError, match=r"^docs/course\.md shows map\.svg, which is not there$"):
        front_page(course)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# Nets\n\nA *first* one. And `more`.\n\nNot this.", "A first one. And more."),
        (f"# Nets\n\n{'a' * 150}. {'b' * 150}.", f"{'a' * 150}."),
        ("# Nets\n\n![net](net.svg)\n\nSee [it](there.md), it has w_1 and $x$.\n", "See it, it has w_1 and x."),
        ("# Nets", ""),
    ],
)
def test_the_line_of_a_card(course, text, line):
    assignment = Assignment(course, HW01)
    path = assignment.release / assignment.notebook
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)]), path)
    assert Card(assignment).line == line


def test_a_homework_without_a_picture_gets_one(course, tmp_path):
    (course.root / "source" / HW01 / "picture.svg").unlink()
    page = start_page(tmp_path, course, [Card(Assignment(course, HW01))])
    drawn = (tmp_path / "pictures" / f"{HW01}.svg").read_text()
    assert all(f">{task}</text>" in drawn for task in load(HW01).points)
    title = html.escape(Assignment(course, HW01).title)
    assert f'alt="The tasks of {title}, and their points"' in page


def test_a_picture_is_not_handed_out(released):
    assert (released.root / "source" / HW01 / "picture.svg").is_file()
    assert not list((released.root / "release").rglob("picture.*"))


# ---------------------------------------------------------------- the command


def test_without_the_extra_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(lite, "CORE", "gradbook-nothing")
    assert cli.main(["site", "--course", str(ROOT)]) == 1
    assert capsys.readouterr().err == "gradbook: a site needs gradbook-nothing; run: pip install 'gradbook[site]'\n"


def test_what_is_no_site_is_not_replaced(tmp_path, monkeypatch):
    monkeypatch.setattr(lite, "require_installed", lambda: None)
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(GradbookError, match="is there, and is no site: name another folder with -o"):
        make_site(Course.at(ROOT), [], "", tmp_path)
    with pytest.raises(GradbookError, match="is there, and is no site"):
        make_site(Course.at(ROOT), [], "", tmp_path / "thesis.tex")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_pairs_that_fit():
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["site"]
    newest, tested = lite.PAIRS.values()
    assert " ".join(extra) == newest
    assert f"SITE_PAIR := {tested}" in (ROOT / "Makefile").read_text()
