"""What a feedback page says, as lines for a terminal: the score, what to fix first, what then, all points."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from .excerpt import Excerpt
from .page import Contents, Row, Told
from .paint import Paint, unpainted
from .texts import in_points, sentence, without_tags

COLOURS = {Row.RIGHT: "green", Row.WRONG: "red", Row.FOLLOWS: "yellow", Row.UNWRITTEN: "yellow"}
INDENT = "  "


class Terminal:
    """Writes lines of at most so many columns. paint: gives them their colours."""

    def __init__(self, paint: Paint = unpainted, columns: int = 100) -> None:
        self.paint, self.columns = paint, columns

    def lines(self, contents: Contents, flags: list[str]) -> Iterator[str]:
        """The page's lines. flags: what is odd about the notebook."""
        yield from self._head(contents)
        for flag in flags:
            yield from self._text(f"Note: {flag}", style="yellow")
        if contents.unread:
            yield from self._section("Not graded")
            yield from self._text(contents.unread, 1)
        elif contents.blank:
            yield from self._start(contents.told[0])
        else:
            yield from self._cards(contents)
        if not contents.unread:
            yield from self._points(contents)

    def _head(self, contents: Contents) -> Iterator[str]:
        graded = contents.graded
        yield f"{self.paint(contents.title, 'bold')}  {graded.name}"
        style = "green" if not contents.wrong else "yellow"
        yield self.paint(f"{round(graded.score, 2):g} of {round(graded.max_score, 2):g} points", style)
        if contents.waits:
            verb = "is" if contents.waits == 1 else "are"
            yield f"{in_points(contents.waits)} {verb} still to be given by a person."

    def _start(self, first: Told) -> Iterator[str]:
        yield from self._section("Where to start")
        where = f", in the step {first.step.title}" if first.step else ""
        yield from self._text(f"Nothing is written yet. Begin with {first.card.told.about}{where}.", 1)
        text = "Put your code in the place of the line that raises, run the cell, and run the check below it."
        yield from self._text(text, 1)

    def _cards(self, contents: Contents) -> Iterator[str]:
        if not contents.told and not contents.wrong:
            yield from self._section("All right")
            yield from self._text("Every function does what it should. There is nothing to fix.", 1)
        for number, told in enumerate(contents.told):
            if number < 2:
                first = "Write this next" if told.card.told.outcome == "untouched" else "Fix this first"
                yield from self._section("Then" if number else first)
            else:
                yield ""
            yield from self._card(told)

    def _card(self, told: Told) -> Iterator[str]:
        if told.card.told.outcome == "untouched":
            yield from self._unwritten(told)
            return
        finding = told.card.told
        yield f"{INDENT}{self.paint(finding.about, 'bold')}, {_worth(told)}"
        yield from self._why(told)
        if told.excerpt and told.excerpt.short:
            yield from self._code(told.excerpt)
        yield from self._example(told)
        yield from self._text(f"Asked of {finding.call}: {finding.promise}.", 2)
        yield from self._rest(told)

    def _unwritten(self, told: Told) -> Iterator[str]:
        yield f"{INDENT}{self.paint('Not written yet', 'bold')}, {_worth(told)}"
        yield from self._text("The line that raises NotImplementedError is still there. Write, one after the other:", 2)
        for name, most in told.unwritten:
            yield f"{2 * INDENT}- {name}, {in_points(most)}"
        if told.waiting:
            yield from self._text(f"Before that, these cannot be tried: {'; '.join(told.waiting)}.", 2)
        yield from self._step(told)

    def _why(self, told: Told) -> Iterator[str]:
        finding = told.card.told
        if finding.both:
            yield from self._text("Two mistakes meet here; each is told as if it were the only one.", 2)
            for number, one in enumerate(finding.both, 1):
                yield from self._text(f"{number}. {one['hint']}", 2)
        elif told.is_named:
            yield from self._text(finding.hint, 2)
        else:
            seen = " This was seen:" if told.seen else ""
            text = f"Your code does not give what is asked, by a mistake that the course does not know.{seen}"
            yield from self._text(text, 2)
        for call, text in told.seen:
            yield from self._text(f"- {call}: {text}", 2)
        if told.is_named:
            for note in told.notes:
                yield from self._text(note, 2)

    def _code(self, excerpt: Excerpt) -> Iterator[str]:
        label = "Your code" if not excerpt.marked else "Your line" if excerpt.sure else "Probably this line of yours"
        yield f"{2 * INDENT}{self.paint(label, 'dim')}"
        for line in excerpt.lines:
            at = line.number == excerpt.marked
            text = f"{2 * INDENT}{'>' if at else ' '} {line.number:4d}  {without_tags(line.text)}"
            yield self.paint(text, "red") if at else text

    def _example(self, told: Told) -> Iterator[str]:
        if not told.values:
            return
        yield f"{2 * INDENT}{self.paint('Try it in a cell of your notebook', 'dim')}"
        for line in told.example.split("\n"):
            yield f"{3 * INDENT}{self.paint(line, 'cyan')}"
        for value in told.values:
            if value.right:
                yield from self._text(f"{value.name} is right.", 3)
            else:
                yield from self._text(f"{value.name}", 3) if len(told.values) > 1 else ()
                for label, text in (("yours:    ", value.yours), ("expected: ", value.expected)):
                    # The rows of an array stand one below the other.
                    yield from self._text(label + text.replace("\n", "\n" + " " * len(label)), 3)

    def _step(self, told: Told) -> Iterator[str]:
        if told.step:
            yield from self._text(f"The lesson explains it in: {sentence(told.step.title)}", 2)

    def _rest(self, told: Told) -> Iterator[str]:
        yield from self._step(told)
        if told.also:
            yield from self._text(f"The same shows in: {'; '.join(told.also)}.", 2, "dim")
        if told.card.follows:
            calls = "; ".join(finding.call for finding in told.card.follows)
            yield from self._text(f"Because of it these fail too: {calls}.", 2, "dim")

    def _points(self, contents: Contents) -> Iterator[str]:
        yield from self._section("All points")
        rows = [*contents.wrong, *contents.right]
        wide = max((len(row.name) for row in rows), default=0)
        for row in rows:
            points = "-" if row.points is None else f"{row.points:g}"
            text = f"{row.sign or ' '} {row.name.ljust(wide)}  {points:>4} of {row.max_points:g}"
            yield f"{INDENT}{self.paint(text, COLOURS.get(row.sign, 'dim'))}  {row.words}"

    def _section(self, title: str) -> Iterator[str]:
        yield ""
        yield self.paint(title, "bold")

    def _text(self, text: str, depth: int = 0, style: str = "") -> Iterator[str]:
        """A text in lines that fit, each of its own lines by itself."""
        for line in text.split("\n"):
            indent = depth * INDENT
            wrapped = textwrap.wrap(
                line, max(self.columns, 40), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
            )
            yield from (self.paint(each, style) if style else each for each in wrapped or [indent.rstrip()])


def _worth(told: Told) -> str:
    return f"worth {in_points(told.card.worth)}" if told.card.worth else "costs nothing"
