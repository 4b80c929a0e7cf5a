"""What is on disk of a homework: what was submitted, what tells one state of it from another, what was graded."""

import hashlib
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from ..errors import GradbookError, UnreadableNotebook
from ..homework.loading import digest
from .choice import choose
from .notebook import MAX_BYTES, plain_bytes
from .release import Release, read_notebook

SECRET = "submission_secret.txt"
ID_LENGTH = 128  # of nbgrader's tables; SQLite does not look


def released(course, homework_id):
    """Gives the release when it is first called, and the same one from then on: for the choices of one run."""
    path = course.release_notebook(homework_id)
    return cache(lambda: Release(read_notebook(path)))


def chosen_file(course, homework_id, student, release=None):
    """Which file of a submission is graded, a `choice.Choice`. release: see `released`."""
    release = release or released(course, homework_id)
    return choose(course.submitted(homework_id, student), homework_id, release)


def autograded_file(course, homework_id, student):
    return course.autograded(homework_id, student) / f"{homework_id}.ipynb"


def students_of(course, homework_id, wanted=None):
    """Who is to be graded, of `wanted` or of all for None, and why others are not: a list, and name -> reason.

    Raises GradbookError where both are empty, or one that is wanted handed in nothing.
    """
    there = course.students(homework_id)
    if wanted is not None:
        missing = [s for s in wanted if s not in there]
        if missing:
            raise GradbookError(f"no submission of {homework_id} by {', '.join(missing)}")
        there = [s for s in there if s in wanted]
    if not there:
        raise GradbookError(f"no submissions of {homework_id}: put them in submitted/STUDENT/{homework_id}/")
    reasons = {name: _why_no_id(name, course.db_url()) for name in there}
    return [s for s in there if not reasons[s]], {s: reason for s, reason in reasons.items() if reason}


def _why_no_id(name, db_url):
    """Why nbgrader cannot take a folder's name for a student id, or nothing."""
    if name.startswith("."):
        return "the folder's name begins with a dot"
    if "\n" in name:
        return "the folder's name has a line break in it"
    if len(name) > ID_LENGTH and not db_url.startswith("sqlite"):
        return f"the folder's name has more than {ID_LENGTH} characters"
    try:
        name.encode()
    except UnicodeEncodeError:
        return "the folder's name is not UTF-8 text"
    return ""


def printable(name):
    """A folder's name for a line of text: what would not show, or break the line, is escaped."""
    return name if name.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)


def fingerprint(course, homework_id, student, version, release=None):
    """What tells one state of a submission, under one version of course and checks, from another."""
    choice = chosen_file(course, homework_id, student, release)
    try:
        data = plain_bytes(choice.path, MAX_BYTES + 1)
    except UnreadableNotebook as error:
        data = str(error).encode()
    except (OSError, ValueError, MemoryError):
        data = b"unreadable"
    state = hashlib.sha256(version.encode() + b"\0" + data)
    state.update("".join(f"\0{flag}" for flag in choice.flags).encode("utf-8", "replace"))
    state.update(b"\0" + _timestamp_text(course, homework_id, student).encode())
    state.update(b"\0" + _secret(course, homework_id, student))
    return state.hexdigest()


def timestamp(course, homework_id, student):
    """The time of submission as nbgrader's timestamp.txt gives it, or None."""
    from nbgrader.utils import parse_utc

    try:
        text = _timestamp_text(course, homework_id, student)
        return parse_utc(text.strip()) if text else None
    except Exception:  # of many kinds: it is read as a person's words would be
        return None


def _timestamp_text(course, homework_id, student):
    try:
        return _beside(course, homework_id, student, "timestamp.txt", 100).decode()
    except ValueError:
        return ""


def _secret(course, homework_id, student):
    """By what nbgrader's exchange gives this student the feedback, and nobody else."""
    return _beside(course, homework_id, student, SECRET, 1000).decode("utf-8", "replace").encode()


def _beside(course, homework_id, student, name, size):
    """The first bytes of a file that nbgrader put beside a submitted notebook, none where it is no such file."""
    try:
        return plain_bytes(course.submitted(homework_id, student) / name, size)
    except (OSError, UnreadableNotebook):
        return b""


def _side_files(course, homework_id, student):
    """Name -> content of what nbgrader's later commands look for beside a graded notebook."""
    stamp = _timestamp_text(course, homework_id, student) if timestamp(course, homework_id, student) else ""
    secret = _secret(course, homework_id, student)
    # The exchange reads both where it finds a page; a time that is empty is no time to nbgrader.
    files = {"timestamp.txt": stamp.encode()} if stamp or secret else {}
    return {**files, SECRET: secret} if secret else files


@cache
def _engine_digest():
    """What tells one state of the grader from another."""
    state = hashlib.sha256()
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        state.update(path.read_bytes())
    return state.hexdigest()


def course_version(course, homework_id):
    """What tells one state of the grader, checks, mistakes, reference, release and limits from another."""
    state = hashlib.sha256(f"{_engine_digest()}{digest(course.root, homework_id)}".encode())
    state.update(repr(course.limits()).encode())
    state.update(course.release_notebook(homework_id).read_bytes())
    for name, content in course.helper_files(homework_id).items():
        state.update(name.encode() + content)
    return state.hexdigest()


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
    file_mode, group = course.autograded_modes
    try:
        building.chmod(0o755 | group)
        (building / f"{homework_id}.ipynb").write_text(text, encoding="utf-8")
        beside = {**course.helper_files(homework_id), **_side_files(course, homework_id, student)}
        for name, content in beside.items():
            (building / name).write_bytes(content)
        for path in building.iterdir():
            path.chmod(file_mode)
            _to_disk(path)
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=f".old-{homework_id}-", dir=target.parent))
            os.replace(target, old / "x")
            os.replace(building, target)
            shutil.rmtree(old)
        else:
            os.replace(building, target)
        if group:
            _share((target.parent, target.parent.parent), group)
    finally:
        if building.exists():
            shutil.rmtree(building)


def _share(folders, group):
    """Let the other instructors write into these folders too; who made them, and is another one, has done so."""
    for folder in folders:
        with suppress(PermissionError):
            folder.chmod(stat.S_IMODE(folder.stat().st_mode) | group)


def _to_disk(path):
    """Have a file on disk before its record is in the gradebook, also where the power fails."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
