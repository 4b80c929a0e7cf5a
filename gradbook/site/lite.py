"""JupyterLite, which is Jupyter in a browser: its files, set up for one course."""

from __future__ import annotations

import importlib.metadata
import json
import logging
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..errors import GradbookError

logger = logging.getLogger(__name__)

CORE, KERNEL = "jupyterlite-core", "jupyterlite-pyodide-kernel"
EXTENSION = "@jupyterlite/pyodide-kernel-extension"
OURS = "gradbook-site"
TEMPLATES = Path(__file__).parent / "templates" / "site"
# Series of Pyodide -> what fits it, as tried. The first is that of the extra; tests take the second from registries.
PAIRS = {
    "314.0": "jupyterlite-core==0.8.6 jupyterlite-pyodide-kernel==0.8.6",
    "0.27": "jupyterlite-core==0.6.4 jupyterlite-pyodide-kernel==0.6.1",
}
# What the kernel loads of Pyodide before a cell runs, where the distribution has it.
LOADED = ("micropip", "packaging", "ssl", "sqlite3", "ipykernel", "comm", "jedi", "ipython")


def require_installed() -> None:
    """Raises GradbookError where the extra is not installed."""
    try:
        importlib.metadata.version(CORE)
        importlib.metadata.version(KERNEL)
    except importlib.metadata.PackageNotFoundError as error:
        raise GradbookError(f"a site needs {error.name}; run: pip install 'gradbook[site]'") from None


def fitting_pyodide() -> str:
    """The version of Pyodide that the installed kernel was made for."""
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

    return str(PYODIDE_VERSION)


def _entry() -> str:
    """The file of Pyodide that the installed kernel begins with: a module in newer versions, a script in older ones."""
    from jupyterlite_pyodide_kernel import constants

    return str(getattr(constants, "PYODIDE_MJS", "pyodide.js"))


def require_fitting(version: str) -> None:
    """Raises GradbookError where a version of Pyodide is of another series than the one the kernel was made for."""
    wanted, series = fitting_pyodide(), _series(version)
    if series != _series(wanted):
        kernel = f"{KERNEL} {importlib.metadata.version(KERNEL)}"
        what = f"pip install {PAIRS[series]}" if series in PAIRS else f"gradbook site --pyodide with Pyodide {wanted}"
        raise GradbookError(f"Pyodide {version} does not fit {kernel}, which is made for {wanted}; run: {what}")


def _series(version: str) -> str:
    return ".".join(version.split(".")[:2])


def build(contents: Path, site: Path, name: str, workshop: Path, preloaded: Iterable[str]) -> None:
    """Write JupyterLite with these contents into the folder `site`. Raises GradbookError where it fails.

    name: the course's. workshop: an empty folder to work in. preloaded: packages that are there before the first cell
    runs.
    """
    _set_up(workshop, name, sorted(preloaded))
    (workshop / "jupyter_lite_config.json").write_text(json.dumps(_options(contents, site, workshop)))
    quiet = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTERLITE_")}
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    done = subprocess.run(command, cwd=workshop, env=quiet, capture_output=True, text=True, check=False)
    logger.debug("%s", done.stdout)
    if done.returncode or not (site / "jupyter-lite.json").is_file():
        last = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1]
        raise GradbookError(f"JupyterLite could not be built: {last} (-vv says more)")
    _add_ours(site)


def _set_up(workshop: Path, name: str, preloaded: list[str]) -> None:
    """The settings that JupyterLite reads: of its kernel, and of its menus and toolbars."""
    kernel = {
        "pyodideUrl": f"./static/pyodide/{_entry()}",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": preloaded},
    }
    settings = {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": name,
            "disabledExtensions": json.loads((TEMPLATES / "disabled.json").read_text()),
            "litePluginSettings": {f"{EXTENSION}:kernel": kernel},
        },
    }
    (workshop / "jupyter-lite.json").write_text(json.dumps(settings))
    shutil.copy(TEMPLATES / "overrides.json", workshop)


def _options(contents: Path, site: Path, workshop: Path) -> dict[str, Any]:
    return {
        "LiteBuildConfig": {
            "contents": [str(contents)],
            "output_dir": str(site),
            "apps": ["notebooks"],
            # Of the extensions that are installed here for other reasons, none comes along.
            "federated_extensions": [str(_extension())],
            "ignore_sys_prefix": ["federated_extensions"],
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
        },
        "PipliteAddon": {"piplite_urls": [str(wheel_of("comm", workshop))]},
    }


def _extension() -> Path:
    """The folder of the kernel's extension, as it is installed."""
    files = importlib.metadata.files(KERNEL) or []
    found = next((one for one in files if one.as_posix().endswith(f"{EXTENSION}/package.json")), None)
    if found is None:
        raise GradbookError(f"{KERNEL} is not installed as it should be; run: pip install 'gradbook[site]'")
    return Path(str(found.locate())).resolve().parent


def wheel_of(distribution: str, folder: Path) -> Path:
    """A wheel of an installed package that is all Python, made from its files. The kernel asks for one by this name."""
    installed = importlib.metadata.distribution(distribution)
    path = folder / f"{distribution}-{installed.version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for file in installed.files or []:
            if file.suffix != ".pyc" and ".." not in file.parts:
                wheel.write(Path(str(file.locate())), file.as_posix())
    return path


def _add_ours(site: Path) -> None:
    """Our own extension, which downloads a notebook and leads back to the start page."""
    script = site / "extensions" / OURS / "static" / "extension.js"
    script.parent.mkdir(parents=True)
    shutil.copy(TEMPLATES / "extension.js", script)
    path = site / "jupyter-lite.json"
    settings = json.loads(path.read_text("utf-8"))
    ours = {"name": OURS, "extension": "./extension", "load": "static/extension.js"}
    settings["jupyter-config-data"]["federated_extensions"].append(ours)
    path.write_text(json.dumps(settings, indent=1))
