"""A file downloaded from another system, whose people and columns an export keeps: read, and put beside our grades."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import GradbookError
from .grade_rows import Row, by_student
from .pairing import Kind, paired

Person = dict[str, str]  # a line of the file, by column


@dataclass(frozen=True)
class Roster:
    """What such a file says. name: of the file, for what is told about it."""

    name: str
    columns: list[str]
    people: list[Person]

    @classmethod
    def read(cls, path: Path | str, needed: Collection[str]) -> Roster:
        """Read a CSV file. Raises GradbookError where it is none, or one of the columns that are needed is missing."""
        columns, *lines = _lines(path)
        missing = [column for column in needed if column not in columns]
        if missing:
            raise GradbookError(
                f"{path} has no column {missing[0]!r}; download it again, in English, and do not edit it"
            )
        return cls(str(path), columns, [dict(zip(columns, line, strict=False)) for line in lines if any(line)])

    def with_grades(self, rows: Sequence[Row], kinds: Sequence[Kind]) -> list[tuple[Person, dict[str, Row]]]:
        """(person, homework -> row) for each person of the file.

        Says on standard error what was not clear, and which graded students the file does not hold.
        """
        students = by_student(rows)
        # Any row of a student says by what else the student is known.
        known = {student: next(iter(grades.values())) for student, grades in students.items()}
        pairs, doubts = paired(known, self.people, kinds)
        for doubt in doubts:
            print(f"gradbook: {self.name}: {doubt}", file=sys.stderr)
        self._tell_left_out({row.student for row in rows if row.submitted} - set(pairs.values()))
        return [
            (person, students[pairs[number]] if number in pairs else {}) for number, person in enumerate(self.people)
        ]

    def _tell_left_out(self, students: set[str]) -> None:
        if students:
            names = ", ".join(sorted(students)[:10]) + (", ..." if len(students) > 10 else "")
            print(f"gradbook: graded, but not in {self.name}, so left out: {names}", file=sys.stderr)


def _lines(path: Path | str) -> list[list[str]]:
    """The lines of a CSV file, at least one, whichever of the two delimiters it has."""
    try:
        # A comment's own line ends stay.
        text = Path(path).read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GradbookError(f"{path} cannot be read ({type(error).__name__}); give the CSV file as it was") from None
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)) or [[]]
    except csv.Error as error:
        raise GradbookError(f"{path} is no CSV file ({error}); give the file as it was") from None
