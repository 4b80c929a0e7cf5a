"""Which line of another system's file is which student: by equal ids, the surest kind first, never by a guess."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Ids = tuple[tuple[str, str], ...]  # (column, text) of each column by which a person is known
Claim = tuple[str, Ids]  # a student, and a person that fits


class Known(Protocol):
    """By what else we know a student."""

    @property
    def student(self) -> str: ...

    @property
    def lms_id(self) -> str: ...

    @property
    def email(self) -> str: ...


@dataclass(frozen=True)
class Kind:
    """A way to know a student: by what we have of one (`student`, `lms_id` or `email`), and a column of theirs."""

    ours: str
    column: str

    def read(self, text: str) -> str:
        """What is compared: in Moodle's column Identifier the number alone of "Participant 777"."""
        return re.sub(r"^participant (?=\d+$)", "", text, flags=re.IGNORECASE) if self.column == "Identifier" else text


def paired(
    students: Mapping[str, Known], people: Sequence[Mapping[str, str]], kinds: Sequence[Kind]
) -> tuple[dict[int, str], list[str]]:
    """Who is who: number of a person -> student, and a sentence for each that was not clear.

    students: id -> by what else the student is known. people: the lines of the other file, by column.
    kinds: surest first. Ids that are equal to the letter go before those that differ in case. A student gets one
    person and a person one student; where a kind fits several, it says nothing.
    """
    same = _same_people(people, kinds)
    claims = [_claims(students, same, kind, fold) for fold in (str, str.casefold) for kind in kinds]
    found: dict[Ids, str] = {}
    for pairs in claims:
        taken = set(found.values())
        free = {(student, person) for student, person in pairs if student not in taken and person not in found}
        persons, names = Counter(person for _, person in free), Counter(student for student, _ in free)
        found.update({p: s for s, p in free if persons[p] == names[s] == 1})
    doubts = _doubts({claim for pairs in claims for claim in pairs}, found)
    return {number: found[person] for person, numbers in same.items() if person in found for number in numbers}, doubts


def _same_people(people: Sequence[Mapping[str, str]], kinds: Sequence[Kind]) -> dict[Ids, list[int]]:
    """What a line says of a person in the kinds' columns -> the numbers of the lines that say just that."""
    columns = list(dict.fromkeys(kind.column for kind in kinds))
    same: dict[Ids, list[int]] = defaultdict(list)
    for number, person in enumerate(people):
        same[tuple((column, _plain(person.get(column, ""))) for column in columns)].append(number)
    return same


def _claims(
    students: Mapping[str, Known], people: Iterable[Ids], kind: Kind, fold: Callable[[str], str]
) -> list[Claim]:
    """The pairs (student, person) that are equal in this kind."""
    there: dict[str, set[Ids]] = defaultdict(set)
    for person in people:
        there[fold(kind.read(dict(person)[kind.column]))].add(person)
    there.pop("", None)
    ours = {student: fold(kind.read(_plain(getattr(known, kind.ours)))) for student, known in students.items()}
    return [(student, person) for student, text in ours.items() for person in there.get(text, ())]


def _plain(text: str) -> str:
    """An id however it was typed: composed letters, single blanks, and an address without capitals."""
    text = " ".join(unicodedata.normalize("NFC", str(text or "")).split())
    return text.casefold() if "@" in text else text


def _doubts(claims: Collection[Claim], found: Mapping[Ids, str]) -> list[str]:
    """A sentence for each student that fits several persons, and each person that several students fit."""
    of_student: dict[str, set[Ids]] = defaultdict(set)
    of_person: dict[Ids, set[str]] = defaultdict(set)
    for student, person in claims:
        of_student[student].add(person)
        of_person[person].add(student)
    chosen = {student: person for person, student in found.items()}
    told = []
    for student, persons in of_student.items():
        if len(persons) > 1:
            taken = f"taken for {_name(chosen[student])}" if student in chosen else "left out"
            told.append(f"{student} fits {' and '.join(sorted(map(_name, persons)))}: {taken}")
    for person, names in of_person.items():
        if len(names) > 1:
            taken = f"taken for {found[person]}" if person in found else "left out"
            told.append(f"{_name(person)} fits {' and '.join(sorted(names))}: {taken}")
    return sorted(told)


def _name(person: Ids) -> str:
    """A person as people find the line."""
    return next((f"{column} {text}" for column, text in person if text), "a line without ids")
