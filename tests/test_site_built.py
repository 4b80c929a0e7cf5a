"""A site as `gradbook site` makes it, with JupyterLite and a real Pyodide, looked at without a browser."""

import hashlib
import json
import zipfile

import pytest
from conftest import HW01, ROOT, ids, load, run
from sites import pyodide
from test_site import fake, other_layout, packed

from gradbook.course.folder import Course
from gradbook.errors import GradbookError
from gradbook.site import lite
from gradbook.site.make import make_site

pytestmark = pytest.mark.site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "site"
    done = run("gradbook", "site", "--pyodide", pyodide(), "-o", folder)
    assert done.returncode == 0, done.stderr
    assert f"{len(ids()) - 1} homeworks to open in a browser" in done.stdout
    assert "hw08_numpy_to_pytorch: to download only, for it needs PyTorch" in done.stdout
    return folder


def test_what_is_in_the_folder(site):
    opened = sorted(one for one in ids() if not load(one).modules)
    assert sorted(path.name for path in (site / "files").iterdir()) == opened
    for one in opened:
        for path in (ROOT / "release" / one).iterdir():
            assert (site / "files" / one / path.name).read_bytes() == path.read_bytes()
    with zipfile.ZipFile(site / "downloads" / "hw08_numpy_to_pytorch.zip") as archive:
        assert "hw08_numpy_to_pytorch/hw08_numpy_to_pytorch.ipynb" in archive.namelist()
    assert not list(site.rglob("*.map"))


def test_of_pyodide_only_what_is_imported(site):
    folder = site / "static" / "pyodide"
    packages = json.loads((folder / "pyodide-lock.json").read_text())["packages"]
    assert {"numpy", "matplotlib", "ipython"} <= packages.keys()
    assert not {"pandas", "scipy", "scikit-learn", "pyarrow"} & packages.keys()
    assert {path.name for path in folder.iterdir()} - {one["file_name"] for one in packages.values()} == {
        *("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm"),
        *("python_stdlib.zip", "package.json", "pyodide-lock.json"),
    }
    for one in packages.values():
        assert hashlib.sha256((folder / one["file_name"]).read_bytes()).hexdigest() == one["sha256"]


def test_its_settings_name_no_other_host(site):
    settings = json.loads((site / "jupyter-lite.json").read_text())["jupyter-config-data"]
    assert {one["name"] for one in settings["federated_extensions"]} == {lite.EXTENSION, lite.OURS}
    kernel = settings["litePluginSettings"][f"{lite.EXTENSION}:kernel"]
    assert kernel["disablePyPIFallback"] is True
    addresses = [kernel["pyodideUrl"], *kernel["pipliteUrls"], settings["fullLabextensionsUrl"]]
    assert all(address.startswith("./") for address in addresses)


def test_some_homeworks_only_and_an_earlier_site_replaced(site):
    done = run("gradbook", "site", "--homeworks", "hw03", "--pyodide", pyodide(), "-o", site)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (site / "files").iterdir()] == ["hw03_linear_chain"]


def test_a_site_with_a_solution_is_not_made(course, tmp_path):
    (course.root / "release" / HW01 / "extra.whl").write_bytes(packed(**{"m.py": other_layout()}))
    site = tmp_path / "site"
    done = run("gradbook", "site", "--course", course.root, "--homeworks", "hw01", "--pyodide", pyodide(), "-o", site)
    assert done.returncode == 1 and done.stdout == ""
    assert (
        f"files/{HW01}/extra.whl: m.py holds text of solutions/{HW01}.py, which students must not have" in done.stderr
    )
    assert not site.exists() and not list(tmp_path.glob(".site*"))


def test_a_pyodide_of_another_series_is_refused(tmp_path):
    with pytest.raises(GradbookError) as caught:
        make_site(Course.at(ROOT), [], str(fake(tmp_path / "new", "314.0.6")), tmp_path / "site")
    assert str(caught.value) == (
        "Pyodide 314.0.6 does not fit jupyterlite-pyodide-kernel 0.6.1, which is made for 0.27.6; "
        f"run: pip install {lite.PAIRS['314.0']}"
    )
