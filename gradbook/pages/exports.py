"""Grades for other systems: one row per student and homework, put into the columns that each of them documents.

nbgrader   the columns of nbgrader's own CSV, with quotes where they are needed
canvas     what Canvas reads under Grades > Import
moodle     the offline grading worksheet of a Moodle assignment; Moodle's gradebook import reads it too
gradescope one results.json a student, as Gradescope's autograders write it
json       the rows as they are, each with its checks
"""

import csv
import hashlib
import io
import json
import re
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from html import escape
from pathlib import Path

from ..course import records
from ..course.scores import present_scores
from ..errors import GradbookError
from ..intake.startup import prepare_nbgrader
from .gradescope_results import results
from .pairing import Kind, paired

prepare_nbgrader()

from nbgrader.plugins import ExportPlugin  # noqa: E402
from traitlets import Unicode  # noqa: E402


@dataclass(frozen=True)
class Row:
    """One student and one homework. raw: the gradebook's score, where a manual grade wins; score: less the penalty.

    submitted: False where nothing was handed in. record: as `records.document` makes it, {} where there is none.
    """

    homework: str
    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""
    score: float = 0.0
    max_score: float = 0.0
    raw: float = 0.0
    penalty: float = 0.0
    duedate: object = ""
    timestamp: object = ""
    submitted: bool = False
    record: dict = field(default_factory=dict)

    @property
    def full_name(self):
        return f"{self.first_name} {self.last_name}".strip() or self.student

    @property
    def sortable_name(self):
        return f"{self.last_name}, {self.first_name}" if self.last_name and self.first_name else self.full_name


def grade_rows(gradebook, homeworks=(), students=()):
    """The rows of these homeworks and students, in the gradebook's order; all where none are named."""
    names = [assignment.name for assignment in gradebook.assignments]
    unknown = [name for name in homeworks if name not in names]
    if unknown:
        odd = ", ".join(unknown)
        raise GradbookError(f"nothing to export: the gradebook does not know {odd}; run gradbook grade HOMEWORK first")
    people = [s for s in gradebook.students if not students or s.id in students]
    chosen = [a for a in gradebook.assignments if not homeworks or a.name in homeworks]
    return [row for assignment in chosen for row in _rows(gradebook, assignment, people)]


def _rows(gradebook, assignment, people):
    records.create_table(gradebook.engine)
    kept = {document["student"]: document for document in records.documents(gradebook, assignment.name)}
    handed_in = present_scores(gradebook, assignment.name)
    for person in people:
        told = {
            "homework": assignment.name,
            "student": person.id,
            "first_name": person.first_name or "",
            "last_name": person.last_name or "",
            "email": person.email or "",
            "lms_id": person.lms_user_id or "",
            "max_score": float(assignment.max_score),
            "duedate": assignment.duedate or "",
        }
        yield Row(**told, **handed_in.get(person.id, {}), record=kept.get(person.id, {}))


# ---------------------------------------------------------------- tables

NBGRADER = "assignment duedate timestamp student_id last_name first_name email raw_score late_submission_penalty"
# By what a student and a line of another system's file belong together, surest first. There, too, the student id may
# be the system's own number: nbgrader's zip_collect takes it from the names of the files.
CANVAS_KINDS = [
    Kind("lms_id", "ID"),
    Kind("student", "SIS User ID"),
    Kind("student", "SIS Login ID"),
    Kind("student", "ID"),
    Kind("email", "SIS Login ID"),
    Kind("email", "SIS User ID"),
]
MOODLE_KINDS = [
    Kind("lms_id", "Identifier"),
    Kind("student", "ID number"),
    Kind("student", "Username"),
    Kind("student", "Email address"),
    Kind("student", "Identifier"),
    Kind("email", "Email address"),
    Kind("email", "Username"),
    Kind("email", "ID number"),
]
CANVAS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
COMMENTS = "Feedback comments"
MOODLE = [
    "Identifier",
    "Full name",
    "ID number",
    "Email address",
    "Grade",
    "Maximum grade",
    "Last modified (submission)",
    "Last modified (grade)",
    COMMENTS,
]


@dataclass(frozen=True)
class Roster:
    """A file downloaded from the other system: its columns and its people, a dict for each."""

    columns: list = field(default_factory=list)
    people: list = field(default_factory=list)

    @classmethod
    def read(cls, path):
        """Read a CSV file. Raises GradbookError where it is none."""
        try:
            # A comment's own line ends stay.
            text = Path(path).read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise GradbookError(
                f"{path} cannot be read ({type(error).__name__}); give the CSV file as it was"
            ) from None
        first = re.split(r"[\r\n]", text, maxsplit=1)[0]
        delimiter = ";" if first.count(";") > first.count(",") else ","
        try:
            columns, *lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)) or [[]]
        except csv.Error as error:
            raise GradbookError(f"{path} is no CSV file ({error}); give the file as it was") from None
        return cls(columns, [dict(zip(columns, line, strict=False)) for line in lines if any(line)])

    def need(self, path, *columns):
        """Raises GradbookError where one of these columns is missing."""
        missing = [column for column in columns if column not in self.columns]
        if missing:
            raise GradbookError(
                f"{path} has no column {missing[0]!r}; download it again, in English, and do not edit it"
            )


def nbgrader_table(rows):
    """nbgrader's own columns: 0 where nothing was handed in."""
    yield [*NBGRADER.split(), "score", "max_score"]
    for r in rows:
        yield [
            r.homework, r.duedate, r.timestamp, r.student, r.last_name, r.first_name, r.email,
            r.raw, r.penalty, r.score, r.max_score,
        ]  # fmt: skip


def canvas_table(rows, roster=None):
    """A line per student, a column per homework. Empty where nothing was handed in: Canvas leaves such a grade alone.

    Canvas finds a student by ID, then SIS User ID, then SIS Login ID, and a homework by "name (id)", then by its name.
    """
    rows = list(rows)
    homeworks = list(dict.fromkeys(row.homework for row in rows))
    if roster:
        people = _on(roster, rows, CANVAS_KINDS)
    else:
        people = [(_canvas_person(grades[homeworks[0]]), grades) for grades in by_student(rows).values()]
    told = roster.columns[: roster.columns.index("Section") + 1] if roster else CANVAS
    headers = roster.columns[len(told) :] if roster else []
    yield [*told, *(_canvas_header(homework, headers) for homework in homeworks)]
    most = {row.homework: row.max_score for row in rows}
    yield ["    Points Possible", *[""] * (len(told) - 1), *(most[homework] for homework in homeworks)]
    for person, grades in people:
        if "Points Possible" in person["Student"]:
            continue
        scores = [grades[h].score if h in grades and grades[h].submitted else "" for h in homeworks]
        yield [*(person.get(column, "") for column in told), *scores]


def _canvas_person(row):
    return dict(zip(CANVAS, [row.sortable_name, row.lms_id, row.student, row.student, ""], strict=True))


def _canvas_header(homework, headers):
    """The column of this homework in a file from Canvas, "name (id)", or the name alone."""
    return next((h for h in headers if re.sub(r" \(\d+\)$", "", h) == homework), homework)


def moodle_table(rows, roster=None):
    """The worksheet of one assignment. Only Moodle knows its Identifier: fill in the worksheet that it gives out."""
    rows = list(rows)
    if len({row.homework for row in rows}) > 1:
        raise GradbookError("a Moodle worksheet holds one homework; name it")
    columns = roster.columns if roster else MOODLE
    yield columns
    if roster:
        people = [(person, next(iter(grades.values()), None)) for person, grades in _on(roster, rows, MOODLE_KINDS)]
    else:
        people = [(_moodle_person(row), row) for row in rows]
    for person, row in people:
        # What a teacher wrote there goes back as it was.
        told = Verbatim(person.get(COMMENTS, ""))
        if row and row.submitted:
            told = _with_comments(told, _comments(row)) if roster else _comments(row)
            person = {**person, "Grade": row.score}
        person = {**person, COMMENTS: told}
        yield [person.get(column, "") for column in columns]


def _moodle_person(row):
    identifier = f"Participant {row.lms_id}" if row.lms_id else ""
    person = [identifier, row.full_name, row.student, row.email, "", row.max_score, row.timestamp, "", ""]
    return dict(zip(MOODLE, person, strict=True))


def _comments(row):
    """What was wrong, a line for each check, as the HTML that Moodle takes comments for."""
    checks = row.record.get("checks", [])
    told = [c for c in checks if c["hint"] and not c.get("same_as")]
    return "<br>".join(escape(f"{c['call']}: {c['hint']}", quote=False) for c in told)


class Verbatim(str):
    """The text of a cell that is written as it is."""


MARK = re.compile(r"<!-- gradbook (\d{1,9}) (\w+) -->")


def _with_comments(theirs, ours):
    """A worksheet's comment with ours behind the teacher's, in the place of those that were put there earlier.

    Ours end in a mark: how long they are, and a sum over them. Where that does not fit any more, a teacher has written
    into them, and they are kept.
    """
    teachers = _without_ours(theirs, ours)
    if not ours:
        return Verbatim(teachers)
    added = f"<br>{ours}" if teachers else ours
    return Verbatim(f"{teachers}{added}<!-- gradbook {len(added)} {_sum(added)} -->")


def _without_ours(text, ours):
    for mark in reversed(list(MARK.finditer(text))):
        start = mark.start() - int(mark[1])
        if start >= 0 and _sum(text[start : mark.start()]) == mark[2]:
            text = text[:start] + text[mark.end() :]
        else:
            text = text[: mark.start()] + text[mark.end() :]
    # The worksheet that is made without a roster has no marks, and an editor may have taken them away.
    return "" if text == ours else text.removesuffix(f"<br>{ours}") if ours else text


def _sum(text):
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def by_student(rows):
    """Student -> the rows of that student, homework -> row."""
    found = {}
    for row in rows:
        found.setdefault(row.student, {})[row.homework] = row
    return found


def _on(roster, rows, kinds):
    """(person, homework -> row) for each person of a roster."""
    students = by_student(rows)
    pairs, _ = paired(_identities(students), roster.people, kinds)
    return [(person, students.get(pairs.get(number), {})) for number, person in enumerate(roster.people)]


def _identities(students):
    """Student -> any of the rows: it says by what else a student is known."""
    return {student: next(iter(rows.values())) for student, rows in students.items()}


# ---------------------------------------------------------------- files


def defused(text):
    """Text that a spreadsheet does not take for a formula: a quote stands before = + - @."""
    if text.lstrip()[:1] not in ("=", "+", "-", "@") or text.strip() == "-" or _is_number(text):
        return text
    return "'" + text


def _is_number(text):
    return re.fullmatch(r"[+-]?\d+([.,]\d+)?", text) is not None


def _cell(value):
    if isinstance(value, Verbatim):
        return str(value)
    if isinstance(value, float):
        return f"{round(value, 4):.10g}"
    return defused("".join(c for c in str(value) if c >= " " or c == "\n"))


def _write_table(table, path):
    lines = [[_cell(value) for value in line] for line in table]
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


def write_nbgrader(rows, path, roster=None):
    """nbgrader's CSV."""
    _write_table(nbgrader_table(rows), path)


def write_canvas(rows, path, roster=None):
    """Canvas's gradebook CSV. roster: what Canvas gave under Grades > Export."""
    known = Roster.read(roster) if roster else None
    if known:
        known.need(roster, "Student", "ID", "Section")
        _tell_who_is_who(rows, known, roster, CANVAS_KINDS)
    _write_table(canvas_table(rows, known), path)


def write_moodle(rows, path, roster=None):
    """Moodle's worksheet. roster: what Moodle gave under Download grading worksheet."""
    known = Roster.read(roster) if roster else None
    if known:
        known.need(roster, "Identifier", "Grade")
        _tell_who_is_who(rows, known, roster, MOODLE_KINDS)
    _write_table(moodle_table(rows, known), path)


def _tell_who_is_who(rows, roster, path, kinds):
    """Say on standard error which graded students the other system's file does not hold, and what was not clear."""
    students = by_student(rows)
    pairs, doubts = paired(_identities(students), roster.people, kinds)
    for doubt in doubts:
        print(f"gradbook: {path}: {doubt}", file=sys.stderr)
    missing = sorted({row.student for row in rows if row.submitted} - set(pairs.values()))
    if missing:
        names = ", ".join(missing[:10]) + (", ..." if len(missing) > 10 else "")
        print(f"gradbook: graded, but not in {path}, so left out: {names}", file=sys.stderr)


def write_gradescope(rows, path, roster=None):
    """HOMEWORK/STUDENT/results.json for each submission, under the folder `path`."""
    for row in rows:
        if row.submitted and row.record:
            folder = Path(path) / row.homework / row.student
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "results.json").write_text(json.dumps(results(row.record, row.score), indent=1))


def write_json(rows, path, roster=None):
    """The rows as JSON."""
    Path(path).write_text(json.dumps([asdict(row) for row in rows], default=str, indent=1))


@dataclass(frozen=True)
class Format:
    """A form of export: how it is written, and where where nobody says."""

    write: Callable
    default: str


FORMATS = {
    "nbgrader": Format(write_nbgrader, "grades.csv"),
    "canvas": Format(write_canvas, "canvas.csv"),
    "moodle": Format(write_moodle, "moodle.csv"),
    "gradescope": Format(write_gradescope, "gradescope"),
    "json": Format(write_json, "grades.json"),
}


def export(course, homeworks, form, to=None, roster=None):
    """Write the grades of these homeworks (none named: all). Returns the path.

    form: a name of FORMATS. roster: a file from the other system whose students and columns are kept.
    Raises GradbookError where nothing was graded.
    """
    with course.gradebook() as gradebook:
        return _export(gradebook, homeworks, (), form, to, roster)


def _export(gradebook, homeworks, students, form, to, roster):
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


# ---------------------------------------------------------------- nbgrader


class _Exporter(ExportPlugin):
    """What the plugins share: `nbgrader export --exporter=gradbook.pages.exports.CanvasExporter --to canvas.csv`."""

    form = ""
    roster = Unicode("", help="file from the other system whose students and columns are kept").tag(config=True)

    def export(self, gradebook):
        wanted = [str(name) for name in self.assignment], [str(name) for name in self.student]
        try:
            path = _export(gradebook, *wanted, self.form, self.to, self.roster)
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
