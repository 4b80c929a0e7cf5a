"""`gradbook new` and `new-course`: the files of a homework, with one worked function, and of a course for it."""

import keyword
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from .. import __version__
from ..course.folder import Course
from ..errors import GradbookError
from ..homework.titles import title

TEMPLATES = Path(__file__).parent / "templates"
HOMEWORK = {
    "reference.py.in": "solutions/{}.py",
    "lesson.md": "source/{}/lesson.md",
    "checks.py.in": "autograder/{}/checks.py",
    "mistakes.py.in": "autograder/{}/mistakes.py",
    "test.py.in": "tests/solutions/test_{}.py",
}
COURSE = {
    "nbgrader_config.py.in": "nbgrader_config.py",
    "README.md": "README.md",
    "gitignore": ".gitignore",
    "pytest.ini": "pytest.ini",
    "course_helpers.py": "source/course_helpers.py",
}
FOLDERS = ("source", "release", "solutions", "autograder")


def new(course: Course, homework_id: str) -> list[Path]:
    """Write the files of a new homework. Returns their paths.

    Raises GradbookError, and writes nothing, where the id will not do or a file is there already.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", homework_id) or keyword.iskeyword(homework_id):
        raise GradbookError(f"'{homework_id}' is no id: use small letters, digits and _, such as hw13_recurrence")
    if homework_id in course.homeworks.ids():
        raise GradbookError(f"{homework_id} is there already")
    files = {name: place.format(homework_id) for name, place in HOMEWORK.items()}
    return _write(course.root, "homework", files, {"HOMEWORK": homework_id, "TITLE": title(homework_id)})


def new_course(folder: Path | str) -> list[Path]:
    """Write the files of a course without homeworks. Returns their paths.

    Raises GradbookError, and writes nothing, where a file is there already or the folder cannot be made.
    """
    root = Path(folder).resolve()
    words = {"COURSE": re.sub(r"\W+", "_", root.name) or "course", "VERSION": __version__}
    return _write(root, "course", COURSE, words, FOLDERS)


def _write(
    root: Path, kind: str, files: Mapping[str, str], words: Mapping[str, str], folders: Iterable[str] = ()
) -> list[Path]:
    """Write files from templates, none where one is there. files: template -> place. words: placeholder -> text."""
    for place in files.values():
        if (root / place).exists():
            raise GradbookError(f"{place} is there already")
    try:
        for folder in folders:
            (root / folder).mkdir(parents=True, exist_ok=True)
        for name, place in files.items():
            (root / place).parent.mkdir(parents=True, exist_ok=True)
            (root / place).write_text(_text(TEMPLATES / kind / name, words))
    except OSError as error:
        raise GradbookError(f"{error.filename} cannot be written ({type(error).__name__})") from None
    return [root / place for place in files.values()]


def _text(template: Path, words: Mapping[str, str]) -> str:
    text = template.read_text()
    for word, meaning in words.items():
        text = text.replace(word, meaning)
    return text
