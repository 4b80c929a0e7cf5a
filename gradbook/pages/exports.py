"""Grades for other systems: one row per student and homework, put into the columns that each of them documents.

nbgrader   the columns of nbgrader's own CSV, with quotes where they are needed
canvas     what Canvas reads under Grades > Import
moodle     the offline grading worksheet of a Moodle assignment; Moodle's gradebook import reads it too
gradescope one results.json a student, as Gradescope's autograders write it
json       the rows as they are, each with its checks
"""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..course.files import write_whole
from ..errors import GradbookError
from ..intake.startup import prepare_nbgrader
from . import canvas_table, moodle_worksheet
from .grade_rows import Row, grade_rows
from .gradescope_results import results
from .roster import Roster
from .spreadsheet import Line, as_csv

prepare_nbgrader()

# Below, as the import is to find what was prepared.
from nbgrader.plugins import ExportPlugin  # noqa: E402
from traitlets import Unicode  # noqa: E402

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

    from ..course.folder import Course

RosterFile = Path | str | None  # a file from the other system, whose people and columns are kept


# ---------------------------------------------------------------- forms


NBGRADER = "assignment duedate timestamp student_id last_name first_name email raw_score late_submission_penalty"


def nbgrader_table(rows: Iterable[Row]) -> Iterator[Line]:
    """nbgrader's own columns: 0 where nothing was handed in."""
    yield [*NBGRADER.split(), "score", "max_score"]
    for r in rows:
        who = r.student, r.last_name, r.first_name, r.email
        yield r.homework, r.duedate, r.timestamp, *who, r.raw, r.penalty, r.score, r.max_score


def write_nbgrader(rows: Sequence[Row], path: Path, roster: RosterFile = None) -> None:
    """nbgrader's CSV."""
    _write(path, as_csv(nbgrader_table(rows)))


def write_canvas(rows: Sequence[Row], path: Path, roster: RosterFile = None) -> None:
    """Canvas's gradebook CSV."""
    known = Roster.read(roster, canvas_table.NEEDED) if roster else None
    _write(path, as_csv(canvas_table.lines(rows, known)))


def write_moodle(rows: Sequence[Row], path: Path, roster: RosterFile = None) -> None:
    """Moodle's worksheet."""
    known = Roster.read(roster, moodle_worksheet.NEEDED) if roster else None
    _write(path, as_csv(moodle_worksheet.lines(rows, known)))


def write_gradescope(rows: Sequence[Row], path: Path, roster: RosterFile = None) -> None:
    """HOMEWORK/STUDENT/results.json for each submission, under the folder `path`."""
    for row in rows:
        if row.submitted and row.record:
            folder = path / row.homework / row.student
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / "results.json", json.dumps(results(row.record, row.score), indent=1))


def write_json(rows: Sequence[Row], path: Path, roster: RosterFile = None) -> None:
    """The rows as JSON."""
    _write(path, json.dumps([asdict(row) for row in rows], default=str, indent=1))


def _write(path: Path, text: str) -> None:
    """Write where somebody wants it: a file whole, in the place of what was there; into a pipe or a terminal."""
    path.touch()
    if path.is_file():
        # A new file has the mode that the umask gives, and one that was there keeps its own; grades may be private.
        write_whole(path.resolve(), text, stat.S_IMODE(path.stat().st_mode))
    else:
        path.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Format:
    """A form of export: how it is written, and where where nobody says."""

    write: Callable[[Sequence[Row], Path, RosterFile], None]
    default: str


FORMATS = {
    "nbgrader": Format(write_nbgrader, "grades.csv"),
    "canvas": Format(write_canvas, "canvas.csv"),
    "moodle": Format(write_moodle, "moodle.csv"),
    "gradescope": Format(write_gradescope, "gradescope"),
    "json": Format(write_json, "grades.json"),
}


# ---------------------------------------------------------------- the command's door


def export(
    course: Course,
    homeworks: Collection[str],
    form: str,
    to: Path | str | None = None,
    roster: RosterFile = None,
) -> Path:
    """Write the grades of these homeworks (none named: all). Returns the path.

    form: a name of FORMATS. roster: a file from the other system whose students and columns are kept.
    Raises GradbookError where nothing was graded.
    """
    with course.gradebook() as gradebook:
        return _export(gradebook, homeworks, (), form, to, roster)


def _export(
    gradebook: Gradebook,
    homeworks: Collection[str],
    students: Collection[str],
    form: str,
    to: Path | str | None,
    roster: RosterFile,
) -> Path:
    rows = grade_rows(gradebook, homeworks, students)
    graded = {row.homework for row in rows if row.submitted}
    if not graded:
        wanted = " ".join(homeworks) or "HOMEWORK"
        raise GradbookError(f"nothing to export: run gradbook grade {wanted} first")
    path = Path(to or FORMATS[form].default)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        FORMATS[form].write([row for row in rows if homeworks or row.homework in graded], path, roster)
    except OSError as error:
        raise GradbookError(f"{path} cannot be written ({type(error).__name__})") from None
    return path


# ---------------------------------------------------------------- nbgrader's door


class _Exporter(ExportPlugin):
    """What the plugins share: `nbgrader export --exporter=gradbook.pages.exports.CanvasExporter --to canvas.csv`."""

    form = ""
    roster = Unicode("", help="file from the other system whose students and columns are kept").tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        homeworks, students = [str(name) for name in self.assignment], [str(name) for name in self.student]
        try:
            path = _export(gradebook, homeworks, students, self.form, self.to, self.roster)
        except GradbookError as error:
            self.parent.fail(str(error))
        self.log.info("Exported grades to %s", path)


class NbgraderExporter(_Exporter):
    """nbgrader's own columns, quoted and defused."""

    form = "nbgrader"


class CanvasExporter(_Exporter):
    """For Canvas."""

    form = "canvas"


class MoodleExporter(_Exporter):
    """For Moodle; name one homework with --assignment."""

    form = "moodle"


class GradescopeExporter(_Exporter):
    """A folder of results.json files."""

    form = "gradescope"


class JsonExporter(_Exporter):
    """The rows, each with its checks."""

    form = "json"
