"""`gradbook new`: the five files of a homework, with one worked function that builds, is audited and is graded."""

import keyword
import re
from pathlib import Path

from ..errors import GradbookError
from ..homework.loading import ids
from ..homework.titles import title

HERE = Path(__file__).resolve().parent
FILES = {
    "reference.py.in": "solutions/{}.py",
    "lesson.md": "source/{}/lesson.md",
    "checks.py.in": "autograder/checks/{}.py",
    "chaffs.py.in": "autograder/chaffs/{}.py",
    "test.py.in": "tests/solutions/test_{}.py",
}


def new(course, homework_id):
    """Write the files of a new homework. Returns their paths.

    Raises GradbookError, and writes nothing, where the id will not do or a file is there already.
    """
    if course.root != HERE.parent:
        raise GradbookError(f"new homeworks are made where gradbook itself stands: use --course {HERE.parent}")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", homework_id) or keyword.iskeyword(homework_id):
        raise GradbookError(f"'{homework_id}' is no id: use small letters, digits and _, such as hw09_attention")
    if homework_id in ids():
        raise GradbookError(f"{homework_id} is there already")
    made = {course.root / place.format(homework_id): _text(name, homework_id) for name, place in FILES.items()}
    for path in made:
        if path.exists():
            raise GradbookError(f"{path.relative_to(course.root)} is there already")
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return list(made)


def _text(name, homework_id):
    text = (HERE / "templates" / "homework" / name).read_text()
    return text.replace("HOMEWORK", homework_id).replace("TITLE", title(homework_id))
