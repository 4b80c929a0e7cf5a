"""What is on disk of a homework: what was submitted, what tells one state of it from another, what was graded."""

import hashlib
import os
import re
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path

from .errors import GradbookError, UnreadableNotebook
from .homework import needs
from .notebook import MAX_BYTES, plain_bytes

NAME = re.compile(r"\w[\w.@+-]{0,99}")


def submitted_file(course, homework_id, student):
    """Where the notebook of a submission is expected."""
    return course.submitted(homework_id, student) / f"{homework_id}.ipynb"


def autograded_file(course, homework_id, student):
    return course.autograded(homework_id, student) / f"{homework_id}.ipynb"


def students_of(course, homework_id, wanted):
    """Who is to be graded: `wanted`, or all for None. Raises GradbookError where that is nobody."""
    there = course.students(homework_id)
    if wanted:
        missing = [s for s in wanted if s not in there]
        if missing:
            raise GradbookError(f"no submission of {homework_id} by {', '.join(missing)}")
        there = [s for s in there if s in wanted]
    odd = [s for s in there if not NAME.fullmatch(s)]
    for name in odd:
        print(f"gradbook: skipped the folder {name[:60]!r}: not a student id", file=sys.stderr)
    there = [s for s in there if s not in odd]
    if not there:
        raise GradbookError(f"no submissions of {homework_id}: put them in submitted/STUDENT/{homework_id}/")
    return there


def fingerprint(course, homework_id, student, version):
    """What tells one state of a submission, under one version of course and checks, from another."""
    try:
        data = plain_bytes(submitted_file(course, homework_id, student), MAX_BYTES + 1)
    except UnreadableNotebook as error:
        data = str(error).encode()
    except (OSError, ValueError, MemoryError):
        data = b"unreadable"
    digest = hashlib.sha256(version.encode() + b"\0" + data)
    digest.update(b"\0" + _timestamp_text(course, homework_id, student).encode())
    return digest.hexdigest()


def timestamp(course, homework_id, student):
    """The time of submission as nbgrader's timestamp.txt gives it, or None."""
    from nbgrader.utils import parse_utc

    try:
        text = _timestamp_text(course, homework_id, student)
        return parse_utc(text.strip()) if text else None
    except Exception:  # of many kinds: it is read as a person's words would be
        return None


def _timestamp_text(course, homework_id, student):
    path = course.submitted(homework_id, student) / "timestamp.txt"
    try:
        return plain_bytes(path, 100).decode()
    except (OSError, ValueError, UnreadableNotebook):
        return ""


@cache
def _package_digest(homework_id):
    """What tells one state of the grader, and of this homework's checks, from another."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        if path.parent.name not in ("checks", "chaffs") or path.stem == homework_id:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def course_version(course, homework_id):
    """What tells one state of checks, reference, release and limits from another."""
    digest = hashlib.sha256(_package_digest(homework_id).encode())
    digest.update(needs(homework_id).reference.encode())
    digest.update(repr(course.limits()).encode())
    digest.update(course.release_notebook(homework_id).read_bytes())
    for name, content in course.helper_files(homework_id).items():
        digest.update(name.encode() + content)
    return digest.hexdigest()


# ---------------------------------------------------------------- writing


def sweep(course, homework_id):
    """Remove what a killed run left half written."""
    for left in (course.root / "autograded").glob(f"*/.*{homework_id}-*"):
        shutil.rmtree(left, ignore_errors=True)


def write_autograded(course, homework_id, student, text):
    """Put the autograded folder of one submission in place, whole or not at all. text: the graded notebook."""
    target = course.autograded(homework_id, student)
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{homework_id}-", dir=target.parent))
    try:
        building.chmod(0o755)
        (building / f"{homework_id}.ipynb").write_text(text, encoding="utf-8")
        for name, content in course.helper_files(homework_id).items():
            (building / name).write_bytes(content)
        if timestamp(course, homework_id, student):
            (building / "timestamp.txt").write_text(_timestamp_text(course, homework_id, student))
        for path in building.iterdir():
            path.chmod(0o444)
            _to_disk(path)
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=f".old-{homework_id}-", dir=target.parent))
            os.replace(target, old / "x")
            os.replace(building, target)
            shutil.rmtree(old)
        else:
            os.replace(building, target)
    finally:
        if building.exists():
            shutil.rmtree(building)


def _to_disk(path):
    """Have a file on disk before its record is in the gradebook, also where the power fails."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
