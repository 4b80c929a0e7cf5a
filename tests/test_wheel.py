"""The engine installed from a wheel into an environment of its own, and a course that stands elsewhere."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from html import unescape
from importlib.metadata import version
from pathlib import Path

import pytest
from clusters import Cluster
from projects import Project

import gradbook
from gradbook.course.folder import Course

pytestmark = pytest.mark.programs

HW = "hw01_line"
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
MODERN = int(version("setuptools").partition(".")[0]) >= 77  # as pyproject.toml asks


class Installed:
    """A new environment with the wheel, which has the packages that it needs from this one; and a folder to work in."""

    def __init__(self, wheel, folder):
        self.root, self.bin = folder / "course", folder / "env" / "bin"
        venv.create(folder / "env")
        # A folder in a .pth file is searched, but the .pth files in it are not read: nothing of this checkout is found.
        (site,) = (folder / "env" / "lib").glob("python*/site-packages")
        (site / "others.pth").write_text(sysconfig.get_path("purelib"))
        pip = [sys.executable, "-m", "pip", "--python", self.bin / "python", "install", "--quiet"]
        subprocess.run([*pip, "--no-deps", "--no-index", wheel], check=True)

    def run(self, program, *arguments, cwd=None, code=0):
        """What a program of that environment says, on standard output."""
        path = os.pathsep.join([str(self.bin), str(Path(sys.executable).parent), os.defpath])
        told = {"PATH": path, "HOME": str(self.root.parent), "JUPYTER_PATH": f"{sys.prefix}/share/jupyter"}
        command = [self.bin / program, *map(str, arguments)]
        cwd = cwd or self.root
        done = subprocess.run(command, cwd=cwd, env=told, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == code and "Traceback" not in done.stderr, done.stdout + done.stderr
        return done.stdout

    def gradbook(self, *arguments, **more):
        """What `gradbook` says on standard output."""
        return self.run("gradbook", *arguments, **more)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel of this project, built from a copy that holds the course as well."""
    folder, target = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("wheel")
    project = Project(folder, "pyproject.toml", "README.md", "LICENSE")
    if MODERN:
        subprocess.run([sys.executable, "-c", BUILD, target], cwd=project.root, check=True, capture_output=True)
    else:
        pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", target, "."]
        subprocess.run(pip, cwd=project.root, check=True, capture_output=True)
    (found,) = target.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    place = Installed(wheel, tmp_path_factory.mktemp("installed"))
    place.gradbook("new-course", "course", cwd=place.root.parent)
    place.gradbook("new", HW)
    place.gradbook("build")
    return place


def test_a_wheel_holds_one_package_and_the_command(wheel):
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
        (entries,) = [opened.read(name).decode() for name in names if name.endswith("entry_points.txt")]
    about = f"gradbook-{gradbook.__version__}.dist-info"
    assert {name.split("/")[0] for name in names} == {"gradbook", about}
    assert entries.split() == ["[console_scripts]", "gradbook", "=", "gradbook.fronts.cli:main"]
    source = Path(gradbook.__file__).parent
    mine = [p for p in source.rglob("*") if p.is_file() and p.suffix != ".pyc"]
    held = {p.relative_to(source.parent).as_posix() for p in mine}
    assert {name for name in names if not name.startswith(about)} == held


def test_a_course_elsewhere_is_built_audited_and_graded(installed):
    assert "site-packages" in installed.run("python", "-c", "import gradbook; print(gradbook.__file__)")
    assert "mutation score 100.0%" in installed.gradbook("audit")
    assert "passed" in installed.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider")
    installed.gradbook("sample-class", "hw01", "--students", "9")
    lines = installed.gradbook("grade", "hw01", "--workers", "2", "--json").strip().split("\n")
    records = {record["student"]: record for record in map(json.loads, lines)}
    assert records["student0001"]["score"] == 20 > records["student0003"]["score"] > 0
    assert {record["gradbook"] for record in records.values()} == {gradbook.__version__}
    assert installed.gradbook("feedback", "hw01").startswith("9 feedback pages")
    page = (installed.root / "feedback" / "student0003" / HW / f"{HW}.html").read_text()
    hints = [check["hint"] for check in records["student0003"]["checks"] if check["hint"]]
    assert hints and hints[0].replace("`", "") in unescape(re.sub("<[^>]*>", "", page))
    assert str(installed.root.parent) not in page
    assert (installed.root / installed.gradbook("report").strip()).is_file()
    assert (installed.root / installed.gradbook("export", "--to", "canvas").strip()).is_file()
    assert "ok   " in installed.gradbook("doctor")


def test_nbgraders_own_commands_work_there(installed):
    installed.gradbook("sample-class", "hw01", "--students", "2")
    installed.run("python", "-m", "nbgrader", "generate_assignment", HW, "--force")
    installed.run("python", "-m", "nbgrader", "autograde", HW, "--force")
    installed.run("python", "-m", "nbgrader", "generate_feedback", HW, "--force")
    assert (installed.root / "feedback" / "student0001" / HW / f"{HW}.html").is_file()


def test_its_zip_grades_on_gradescope(installed, tmp_path):
    installed.gradbook("sample-class", "hw01", "--students", "1")
    installed.gradbook("gradescope", "hw01", "--output", tmp_path / "autograder.zip")
    with zipfile.ZipFile(tmp_path / "autograder.zip") as opened:
        opened.extractall(tmp_path / "source")
    (tmp_path / "submission").mkdir()
    handed_in = installed.root / "submitted" / "student0001" / HW / f"{HW}.ipynb"
    (tmp_path / "submission" / handed_in.name).write_bytes(handed_in.read_bytes())
    environment = {"GRADESCOPE_ROOT": str(tmp_path), "GRADESCOPE_PYTHON": str(installed.bin / "python")}
    subprocess.run(["bash", tmp_path / "source" / "run_autograder"], env={**os.environ, **environment}, check=True)
    assert json.loads((tmp_path / "results" / "results.json").read_text())["score"] == 20


@pytest.mark.cluster
def test_a_cluster_grades_it(installed, tmp_path):
    installed.gradbook("sample-class", "hw01", "--students", "4")
    students = len(list((installed.root / "submitted").iterdir()))  # other tests' too
    with Cluster(Course.at(installed.root), tmp_path, installed.bin / "python") as cluster:
        cluster.add_worker()
        assert f"{students} graded" in installed.gradbook("grade", "hw01", "--force", "--scheduler", cluster.address)


@pytest.mark.parametrize(("wanted", "code"), [("0.0", 1), (gradbook.__version__, 0), ("0", 0), ("0.", 1)])
def test_a_course_may_ask_for_a_version(installed, wanted, code):
    config = installed.root / "nbgrader_config.py"
    before = config.read_text()
    lines = before.replace("# c.Gradbook.version = ", f"c.Gradbook.version = {wanted!r}  # ")
    assert lines != before
    config.write_text(lines)
    try:
        installed.gradbook("build", code=code)
    finally:
        config.write_text(before)
