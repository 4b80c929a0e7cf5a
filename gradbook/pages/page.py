"""One student's feedback page: what to fix first, a card for each mistake, all points, and the notebook, folded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ..course.attempts import FAILED, GRADED, HELD, REPLACED, WAITING
from ..course.findings import FINE, Finding, shows_the_mistake
from ..course.policy import FUNCTIONS, MISTAKES
from ..homework.source import PUBLIC_CHECK
from ..intake.cells import task_of
from ..judging.pictures import describe
from ..judging.words import names_a_cause
from . import texts
from .cards import UNUSABLE, Card, cards_of
from .cells import Notebook, Step, step_for
from .example import Value, values
from .excerpt import Excerpt, excerpt
from .findings import points, verdict
from .graded import Graded
from .mathml import safe_html

if TYPE_CHECKING:
    from jinja2 import Environment


EARLY = {  # what a page says of itself while it does not tell all
    MISTAKES: "This is an early answer: it shows what is not right yet, and no points.",
    FUNCTIONS: "This is an early answer: it shows which functions are right.",
}


TRIED = {  # what came of an attempt
    WAITING: "it is being graded",
    HELD: "it waits, as there were too many within an hour",
    REPLACED: "not graded, as a later one took its place",
    GRADED: "graded",
    FAILED: "not graded, by a failure that a person looks at",
}


@dataclass(frozen=True)
class Told:
    """A card as the page shows it."""

    card: Card
    number: int
    step: Step | None
    excerpt: Excerpt | None
    example: str
    values: list[Value]
    pictures: list[dict[str, Any]]
    notes: list[str]

    @property
    def is_named(self) -> bool:
        """Whether it is known what is wrong, and not only seen that something is."""
        told = self.card.told
        return told.outcome in UNUSABLE or told.outcome == "missing" or names_a_cause(told)

    @property
    def seen(self) -> list[tuple[str, str]]:
        """(call, what is told of it) of the checks that see more than the card's first sentence says."""
        found = [f for f in self.card.findings if not f.same_as]
        if self.is_named:
            return [(f.call, f.hint) for f in found if f.hint != self.card.told.hint]
        return [(f.call, " ".join(f.details)) for f in found if f.details]

    @property
    def also(self) -> list[str]:
        """Other calls in which the same mistake shows."""
        told = {self.card.told.call, *(call for call, _ in self.seen)}
        return list(dict.fromkeys(f.call for f in self.card.findings if f.call not in told))

    @property
    def unwritten(self) -> list[tuple[str, float]]:
        """(function, points) of what is not written yet, in the order of the checks."""
        found = [f for f in self.card.findings if not f.because]
        return [
            (name, sum(f.max_points for f in found if f.about == name))
            for name in dict.fromkeys(f.about for f in found)
        ]

    @property
    def waiting(self) -> list[str]:
        """Calls that cannot be tried before that is written, each once."""
        return list(dict.fromkeys(f.call for f in self.card.findings if f.because))


@dataclass
class Row:
    """A line of the table of points: a function, or what a person grades. card: the number of the card about it."""

    RIGHT, FOLLOWS, UNWRITTEN, WRONG = "✓", "↳", "○", "✗"

    name: str
    points: float | None
    max_points: float
    words: str
    sign: str = ""
    card: int = 0
    comment: Markup = field(default_factory=Markup)


@dataclass
class Contents:
    """What a page says. unread: why the file could not be read, if it could not. blank: whether nothing is written yet.

    wrong, right: the lines of the table of points. changed: (task, points of the checks, points as they stand).
    """

    title: str
    graded: Graded
    notebook: Notebook
    unread: str
    blank: bool
    told: list[Told]
    wrong: list[Row]
    right: list[Row]
    changed: list[tuple[str, float, float]]

    @classmethod
    def of(cls, title: str, graded: Graded, notebook: bytes) -> Contents:
        """title: the homework's. notebook: the graded one.

        Raises ValueError, TypeError, KeyError or AttributeError where the notebook is damaged.
        """
        shown = Notebook(json.loads(notebook))
        findings = [f for f in graded.findings if f.max_points]
        cards = cards_of(findings)
        unread = next((f.hint for f in findings if f.outcome == "not graded"), "")
        blank = not unread and all(f.outcome == "untouched" for f in findings)
        only_right = graded.show == FUNCTIONS
        rows = list(_rows(findings, [] if blank or only_right else cards)) + list(_by_hand(graded))
        return cls(
            title,
            graded,
            shown,
            unread,
            blank,
            told=[] if unread or (only_right and not blank) else list(_told(cards, shown)),
            wrong=[row for row in rows if row.sign != Row.RIGHT],
            right=[row for row in rows if row.sign == Row.RIGHT],
            changed=list(_changed(graded)),
        )

    @property
    def waits(self) -> float:
        """The points that a person has still to give."""
        return sum(cell.max_score for cell in self.graded.cells.values() if cell.score is None)

    @property
    def share(self) -> float:
        """The score in percent."""
        score, most = self.graded.score, self.graded.max_score
        return round(min(100 * max(score, 0) / most if most else 0, 100), 1)

    @property
    def early(self) -> str:
        """What the page says of itself while it does not tell all."""
        return EARLY.get(self.graded.show, "")

    @property
    def comments(self) -> list[tuple[str, Markup]]:
        """What a person wrote about cells that have no points."""
        found = self.graded.comments.items()
        return [(name, _comment(text)) for name, text in found if name not in self.graded.cells]


def render(title: str, graded: Graded, notebook: bytes, stamp: str = "") -> str:
    """The page as HTML, see `Contents.of`. stamp: by which the page is known again."""
    contents = Contents.of(title, graded, notebook)
    told = {name: getattr(contents, name) for name in ("waits", "share", "comments", "early")}
    return templates().get_template("page.html.j2").render(vars(contents) | told, stamp=stamp)


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The templates, compiled once."""
    from jinja2 import Environment, PackageLoader

    found = Environment(
        loader=PackageLoader("gradbook.pages", "templates/feedback"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.filters |= {"points": points, "in_points": texts.in_points, "sentence": texts.sentence}
    found.filters |= {"ticked": texts.ticked, "called": texts.called, "breaking": texts.breaking}
    found.globals |= {"describe": describe, "comment": _comment, "TRIED": TRIED}
    return found


# ---------------------------------------------------------------- cards


def _told(cards: list[Card], notebook: Notebook) -> Iterator[Told]:
    """The cards as the page shows them, an example on the first that has it."""
    shown: set[str] = set()
    for number, card in enumerate(cards, 1):
        example = next((f.example for f in card.findings if f.example), {})
        telling = shows_the_mistake(example) and example["source"] not in shown
        shown |= {example["source"]} if telling else set()
        yield Told(
            card,
            number,
            _step(card.told, notebook),
            excerpt(card, notebook),
            example["source"] if telling else "",
            values(example) if telling else [],
            _pictures(card),
            _notes(card),
        )


def _step(finding: Finding, notebook: Notebook) -> Step | None:
    """The step of the lesson that explains what a finding is about."""
    own = notebook.own_cell(finding.about.partition(".")[0])
    cell = notebook.cell_named(PUBLIC_CHECK + finding.task) if own is None else own
    return step_for(notebook.steps, finding.hint, finding.about, finding.task, cell)


def _pictures(card: Card) -> list[dict[str, Any]]:
    """The pictures of a card, of each kind the first; what shows where an error begins comes first."""
    found = {picture["kind"]: picture for f in reversed(card.findings) for picture in reversed(f.pictures)}
    # A curve says more than the entries from which it is drawn.
    kinds = ("row", "curve") if "curve" in found else ("row", "grid")
    return [found[kind] for kind in kinds if kind in found]


def _notes(card: Card) -> list[str]:
    """What was seen besides, where no known mistake says it all."""
    told = [f for f in card.findings if f.hint == card.told.hint and not f.mistake]
    notes = (_note(detail, f.hint) for f in told for detail in f.details)
    return list(dict.fromkeys(filter(None, notes)))


def _note(detail: str, hint: str) -> str:
    """A detail without its line of code, which the page shows; nothing where the hint tells it."""
    first, _, line = detail.partition("\n")
    note = texts.sentence(first.partition(" at line ")[0] if line else first)
    told = note.startswith("Right: ") or note.removeprefix("It raised ").rstrip(".") in hint
    return "" if told else note


# ---------------------------------------------------------------- points

SIGNS = {"follows": Row.FOLLOWS, "untouched": Row.UNWRITTEN, "not graded": Row.UNWRITTEN}


def _rows(findings: list[Finding], cards: list[Card]) -> Iterator[Row]:
    """A row for each function, in the order of the checks."""
    numbers = {f.name: number for number, card in enumerate(cards, 1) for f in [*card.findings, *card.follows]}
    functions = {f.about: [g for g in findings if g.about == f.about] for f in findings}
    for name, found in functions.items():
        earned, most = sum(f.points for f in found), sum(f.max_points for f in found)
        lost = [f for f in found if f.outcome != "right"]
        card = next((numbers[f.name] for f in lost if f.name in numbers), 0)
        first = next((f for f in lost if f.outcome not in FINE), lost[0] if lost else None)
        words = verdict(first) if first else "right"
        if first and first.outcome == "untouched" and all(f.because for f in found):
            words = "waits for what is not written yet"
        yield Row(name, earned, most, words, SIGNS.get(first.outcome, Row.WRONG) if first else Row.RIGHT, card)


def _by_hand(graded: Graded) -> Iterator[Row]:
    """A row for each cell that a person grades."""
    for name, cell in graded.cells.items():
        if name.startswith(PUBLIC_CHECK):
            continue
        words = "Not graded yet: a person does that." if cell.score is None else "graded by a person"
        yield Row(name, cell.score, cell.max_score, words, comment=_comment(graded.comments.get(name, "")))


def _changed(graded: Graded) -> Iterator[tuple[str, float, float]]:
    """(task, points of the checks, points as they stand) where a person changed what the checks gave."""
    for name, cell in graded.cells.items():
        if name.startswith(PUBLIC_CHECK) and cell.score is not None and cell.score != (cell.checked or 0.0):
            yield task_of(name), cell.checked or 0.0, cell.score


def _comment(text: str) -> Markup:
    return Markup(safe_html(text).replace(' id="@"', "")) if text else Markup()
