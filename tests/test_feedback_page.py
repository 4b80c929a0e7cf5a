"""The feedback page: one card for each mistake, the first to fix first; nothing in it runs; it is made in no time."""

import copy
import re
import statistics
import time
from html.parser import HTMLParser

import active
import nbformat
import pytest
from conftest import HW01, handed_in, ids, load, observations, run, verdict, verdicts

from gradbook.course.assignment import Assignment
from gradbook.course.findings import Finding
from gradbook.grading.run import Options, grade_class
from gradbook.judging.bindings import Sources
from gradbook.judging.judge import judge
from gradbook.judging.lines import line_of_a_mistake
from gradbook.judging.local import local
from gradbook.judging.once import tell_once
from gradbook.pages import example, feedback, texts
from gradbook.pages.cards import cards_of
from gradbook.pages.cells import Notebook
from gradbook.pages.excerpt import excerpt
from gradbook.pages.feedback import write_feedback
from gradbook.pages.graded import CellGrade, Graded
from gradbook.pages.mathml import ELEMENTS, safe_html, safe_mathml
from gradbook.pages.page import render

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>'\""
LARGEST = 120_000  # characters of a page without its pictures


class Page(HTMLParser):
    """A page as its tags with their attributes, and its text."""

    def __init__(self, html):
        super().__init__()
        self.html, self.tags, self.words, self.styles = html, [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.styles = tag == "style"
        self.words.append("" if tag in ("a", "b", "code", "i", "span", "strong", "wbr") else " ")

    def handle_data(self, data):
        self.words.append("" if self.styles else data)

    @property
    def text(self):
        return " ".join("".join(self.words).split())

    @property
    def levels(self):
        return [int(tag[1]) for tag, _ in self.tags if re.fullmatch("h[1-6]", tag)]

    def active(self):
        """What could run or load something."""
        found = []
        for tag, attributes in self.tags:
            held = (attributes.get("src") or "").startswith("data:image/png;base64,")
            if tag in ("script", "iframe", "object", "embed", "form", "link", "base", "input", "video") or (
                tag == "img" and not held
            ):
                found.append(tag)
            for name, value in attributes.items():
                if name.startswith("on") or re.match(r"\s*(javascript|data:text|vbscript)", value or "", re.I):
                    found.append((tag, name, value))
        return found


def told(found):
    """Findings as a submission's are kept."""
    found = copy.deepcopy(list(found))
    tell_once(found)
    return [finding.writable() for finding in found]


def graded(findings, student="ann", name="Ann Smith", **more):
    cells = {}
    for f in findings:
        cell = cells.setdefault(f"check_{f.task}", CellGrade(0.0, 0.0, 0.0))
        cell.score, cell.checked, cell.max_score = (
            cell.score + f.points,
            cell.checked + f.points,
            cell.max_score + f.max_points,
        )
    return Graded(student, name, {"checks": [f.as_dict() for f in findings]}, cells, **more)


@pytest.fixture
def page(solve):
    """Make the page of a submission from its findings, or from the verdict on a source."""

    def make(source=None, homework=HW01, findings=None, notebook=None, **more):
        findings = told(verdict(homework, source)) if findings is None else findings
        notebook = notebook or solve(homework, source)
        return Page(render("Homework 1: a net", graded(findings, **more), nbformat.writes(notebook).encode()))

    return make


def with_mistakes(*names, homework=HW01):
    known = {v.name: v for v in load(homework).chaffs}
    return load(homework).source_with(*(known[name] for name in names))


# ---------------------------------------------------------------- cards


def test_no_two_cards_have_one_cause(homework_id):
    for variant, found in verdicts(homework_id):
        findings = told(found)
        cards = cards_of(findings)
        causes = [(card.told.about, card.told.hint) for card in cards]
        assert len(causes) == len(set(causes)) == len({card.cause for card in cards}), variant.name
        held = [f.name for card in cards for f in card.findings + card.follows]
        assert len(held) == len(set(held)), variant.name
        lost = [f for f in findings if f.max_points and f.outcome not in ("right", "follows")]
        assert {f.name for f in lost} <= set(held), variant.name
        assert sum(card.worth for card in cards) == pytest.approx(sum(f.max_points - f.points for f in findings))
        assert all(card.told.same_as == "" for card in cards)


THERE = {"cell": 1, "line": 2, "text": "return x", "sure": True}


def finding(name, about="f", outcome="wrong", hint="Why.", **more):
    return Finding(
        name, "task", 0.0, 1.0, outcome, call=f"{name}()", promise="a number", about=about, hint=hint, **more
    )


@pytest.mark.parametrize(
    ("found", "cards"),
    [
        ([finding("a", mistake="m"), finding("b", mistake="m")], 1),
        ([finding("a", mistake="m", details=["x"]), finding("b", mistake="m", details=["y"])], 1),
        ([finding("a", mistake="m"), finding("b", mistake="n", hint="Another.")], 2),
        ([finding("a", mistake="m"), finding("b", "g", mistake="m")], 2),
        (
            [
                finding("a", outcome="nothing"),
                finding("b", outcome="raised", hint="Other."),
                finding("c", outcome="type"),
            ],
            1,
        ),
        ([finding("a", outcome="raised"), finding("b", "g", outcome="raised")], 2),
        ([finding("a", "N.f", outcome="missing"), finding("b", "N.g", outcome="missing", hint="N.g is not there")], 1),
        ([finding("a", outcome="untouched"), finding("b", "g", outcome="untouched"), finding("c", "h")], 2),
        ([finding("a", outcome="not graded"), finding("b", "g", outcome="not graded")], 1),
        ([finding("a", hint="S.", details=["S."]), finding("b", hint="T.", details=["T."])], 1),
        ([finding("a", mistake="m"), finding("b", hint="T.", details=["T."])], 2),
        ([finding("a", hint="Half of it."), finding("b", hint="T.", details=["T."])], 1),
        ([finding("a"), finding("b", "g", "follows", because=["f"])], 1),
        ([finding("a", outcome="right")], 0),
        ([finding("a", mistake="m", line=THERE), finding("b", outcome="raised", hint="Other.", line=THERE)], 1),
        ([finding("a", outcome="raised", hint="Other.", line=THERE), finding("b", mistake="m", line=THERE)], 1),
        ([finding("a", mistake="m", line=THERE), finding("b", mistake="n", hint="Other.", line=THERE)], 2),
        ([finding("a", mistake="m", line=THERE), finding("b", outcome="raised", line={**THERE, "line": 3})], 2),
        ([finding("a", mistake="m", line=THERE), finding("b", "g", outcome="raised", line=THERE)], 2),
    ],
)
def test_what_is_one_mistake(found, cards):
    assert len(cards_of(told(found))) == cards


def test_one_missing_return_is_one_card():
    source = load(HW01).reference.replace("return x * self.w1 * self.w2", "x * self.w1 * self.w2")
    cards = cards_of(told(verdict(HW01, source)))
    assert [card.told.about for card in cards] == ["ShallowNarrowExercise.forward"]


def test_what_to_fix_first_is_what_others_build_on(page):
    shown = page(with_mistakes("train_ascends", "loss_plus")).text
    first, _, rest = shown.partition("Fix this first")[2].partition("Then")
    assert first.strip().startswith("loss worth 2 points")
    assert "ShallowNarrowExercise.train" in rest


def test_what_follows_is_told_with_its_cause():
    found = [finding("a"), finding("b", "g", "follows", because=["f"])]
    found[1].points = 0.25
    (card,) = cards_of(found)
    assert (card.worth, [f.name for f in card.follows]) == (1.75, ["b"])


# ---------------------------------------------------------------- the page


def test_the_first_screen(page, solve):
    source = with_mistakes("loss_plus")
    cells = {n: c.source for n, c in enumerate(solve(HW01, source).cells) if c.cell_type == "code"}
    shown = page(source, findings=told(judge(observations(HW01), local(source), cells)))
    assert shown.levels[:4] == [1, 2, 3, 2] and shown.levels.count(1) == 1
    assert all(below - above <= 1 for above, below in zip(shown.levels, shown.levels[1:], strict=False))
    begin = shown.text
    for words in ("Ann Smith (ann)", "Homework 1: a net", "18 of 20 points", "Fix this first", "worth 2 points"):
        assert words in begin
        begin = begin.partition(words)[2]
    assert ("html", {"lang": "en"}) in shown.tags
    assert {"header", "main", "footer"} <= {tag for tag, _ in shown.tags}
    hint = next(v.hint for v in load(HW01).chaffs if v.name == "loss_plus")
    assert shown.text.count(hint.replace("`", "")) == 1
    assert '<div class="at">' in shown.html and "this line: " in shown.html
    step = re.search(r'The lesson explains it in <a href="#(step-\d+)">([^<]*)', shown.html)
    assert step[2] == "How wrong is it? The loss" and f'id="{step[1]}"' in shown.html


def test_a_page_loads_nothing_and_its_links_lead_somewhere(page):
    shown = page(with_mistakes("loss_plus", "train_ascends"))
    assert shown.active() == []
    assert "url(" not in shown.html and "@import" not in shown.html
    targets = {attributes["id"] for _, attributes in shown.tags if "id" in attributes}
    links = [attributes["href"] for tag, attributes in shown.tags if tag == "a"]
    assert links and {link[1:] for link in links if link.startswith("#")} <= targets
    assert all(
        attributes.get("aria-label") or "aria-hidden" in attributes for tag, attributes in shown.tags if tag == "svg"
    )


def test_nothing_written_yet_says_where_to_start(page, template):
    shown = page(notebook=template(HW01), findings=told(verdict(HW01, stubs())))
    assert "Where to start Nothing is written yet. Begin with loss, in the step" in shown.text
    assert "Fix this first" not in shown.text and 'href="#card' not in shown.html
    assert shown.text.count("not written yet") == len({check.covers for check in load(HW01).checks})


def stubs(homework=HW01):
    from gradbook.homework.source import BEGIN_SOLUTION, END_SOLUTION

    inside = re.compile(rf"( *){BEGIN_SOLUTION}.*?{END_SOLUTION}", re.DOTALL)
    return inside.sub(r'\1raise NotImplementedError("x")', load(homework).reference)


def test_what_builds_on_the_unwritten_is_not_called_unwritten(page, template):
    found = [finding("a", outcome="untouched"), finding("b", "g", "untouched", hint="Builds on f.", because=["f"])]
    found.append(finding("c", "h", "right"))
    found[2].points = 1.0
    shown = page(notebook=template(HW01), findings=found).text
    assert "one after the other: f, 1 point Before that, these cannot be tried: b()" in shown


def test_where_to_start_is_what_can_be_written(page, template):
    """Linear.__init__ is given, and its check waits for the forward."""
    homework = "hw06_modules"
    findings = told(verdict(homework, stubs(homework)))
    assert findings[0].about == "Linear.__init__"
    shown = page(homework=homework, notebook=template(homework), findings=findings)
    assert "Begin with Linear.forward, in the step Linear:" in shown.text


def test_the_step_that_a_hint_names_is_the_one_that_is_linked(page):
    shown = page(with_mistakes("forward_absolute", homework="hw05_two_layer_relu"), "hw05_two_layer_relu")
    assert 'See "1. The network".' in shown.text
    assert re.search(r'The lesson explains it in <a href="#step-\d+">([^<]*)', shown.html)[1] == "1. The network"


def test_an_error_is_told_once(page):
    said = ["It raised ValueError at line 2 of your cell:\n    return x"]
    one = finding("a", outcome="raised", hint="Your code raised ValueError; it should run to the end.", details=said)
    card = page(load(HW01).reference, findings=[one]).text.partition("Fix this first")[2].partition("All points")[0]
    assert card.count("ValueError") == 1
    why = finding("a", outcome="raised", hint="Your shapes do not fit.", details=[*said, "Your shapes do not fit."])
    assert "It raised ValueError. " in page(load(HW01).reference, findings=[why]).text


def test_what_is_seen_is_told_where_it_says_more_than_that_all_is_wrong(page):
    vague = finding("a", hint="Your numbers are not the expected ones; they should be what is promised.")
    shown = page(load(HW01).reference, findings=[vague]).text
    assert "by a mistake that the course does not know. " in shown and "This was seen" not in shown
    vague.details = ["Right: y. Not right: z."]
    assert "This was seen: a(): Right: y. Not right: z." in page(load(HW01).reference, findings=[vague]).text


def test_points_are_one_or_several(page):
    found = [finding("a", "right_one", "right"), finding("b", "g", "untouched")]
    found[0].points = 1.0
    shown = page(load(HW01).reference, findings=found).text
    assert "1 function is right: 1 point " in shown and "worth 1 point " in shown and "g, 1 point " in shown


def test_names_break_between_their_words():
    broken = {name: texts.breaking(name).split("<wbr>") for name in ("Linear.__init__", "TwoLayerNet.dloss_dw", "x_1")}
    assert list(broken.values()) == [["Linear.", "__init__"], ["Two", "Layer", "Net.", "dloss_", "dw"], ["x_", "1"]]


@pytest.mark.parametrize(
    ("call", "about", "shown"),
    [
        ("train(x, y), twice", "Net.train", "<code>train(x, y)</code>, twice"),
        ("train for 60 epochs with a rate of .07", "Net.train", "<code>train</code> for 60 epochs with a rate of .07"),
        ("backward(forward(x), y)", "Net.backward", "<code>backward(forward(x), y)</code>"),
        ("Check(net).check() of a layer", "Check", "<code>Check(net).check()</code> of a layer"),
        ("forward, then backward(g)", "Net.backward", "forward, then <code>backward(g)</code>"),
        (
            "step(), with optimizer.lr changed",
            "SGD.step",
            "<code>step()</code>, with <code>optimizer.lr</code> changed",
        ),
        ("your answer to question 3", "blocked_entries", "your answer to question 3"),
        ("<b>, f(<i>), <u>", "f", "&lt;b&gt;, <code>f(&lt;i&gt;)</code>, &lt;u&gt;"),
    ],
)
def test_only_code_looks_like_code(call, about, shown):
    assert texts.called(call, about) == shown


def test_a_file_that_cannot_be_read_is_one_sentence(page, template):
    why = "The submitted file is cut off."
    found = told(Finding.of(check, "not graded", why) for check in load(HW01).checks)
    shown = page(notebook=template(HW01), findings=found)
    assert shown.text.count(why) == 1
    assert shown.levels == [1, 2] and "All points" not in shown.text


def test_all_right(page):
    shown = page(load(HW01).reference)
    assert "There is nothing to fix." in shown.text and "20 of 20 points" in shown.text


def test_points_by_hand_and_for_being_late(page):
    findings = told(verdict(HW01, with_mistakes("loss_plus")))
    one = graded(findings, penalty=1.5, comments={"why": "Well said, **really**.", "loss": "Look here."})
    one.cells["check_loss"].score += 1
    one.cells |= {"why": CellGrade(4.5, 5, None), "explore": CellGrade(None, 4, None)}
    shown = Page(render("T", one, b'{"cells": [], "metadata": {}}'))
    assert "22 of 29 points" in shown.text and "1.5 taken off for being late" in shown.text
    assert "4.5 of 5" in shown.text and "<strong>really</strong>" in shown.html
    assert "explore – of 4 Not graded yet: a person does that." in shown.text
    assert "A person changed what the checks gave for loss: 2 in place of 1 point." in shown.text
    assert "Look here." in shown.text


# ---------------------------------------------------------------- hostile


def test_nothing_that_a_student_wrote_can_run(page, solve):
    source = with_mistakes("loss_plus")
    notebook = active.fill(solve(HW01, source))
    png = nbformat.v4.new_output("display_data", {"image/png": '"><script>alert(1)</script>', "text/html": EVIL})
    error = nbformat.v4.new_output("error", ename=EVIL, evalue=EVIL, traceback=[f"\x1b[31m{EVIL}"])
    notebook.cells.append(nbformat.v4.new_code_cell(EVIL, outputs=[png, error]))
    findings = told(verdict(HW01, source))
    for f in findings:
        f.hint += EVIL
        f.call += EVIL
        f.promise += EVIL
        f.details = [EVIL, f"It raised x at line 1:\n{EVIL}"]
        f.example = {"source": f"{EVIL}\nx", "observed": EVIL, "expected": "1"}
        f.pictures = [
            {"kind": "grid", "name": EVIL, "rows": ["=<", "-x"]},
            {"kind": "row", "name": EVIL, "parts": [[EVIL, False]]},
            {"kind": "curve", "name": EVIL, "expected": [1, 2], "yours": [2, None]},
        ]
    shown = page(findings=findings, notebook=notebook, name=EVIL, student=EVIL, comments={"loss": EVIL})
    honest = page(source)
    assert shown.active() == honest.active() == []
    of_pictures = {"ul", "ol", "li", "path", "polyline", "figure", "figcaption", "text", "img", "br"}
    assert {tag for tag, _ in shown.tags} <= {tag for tag, _ in honest.tags} | of_pictures
    assert EVIL in "".join(shown.words) and "pwned" in shown.text
    assert not [a for _, a in shown.tags if re.search(r"url|expression", a.get("style") or "")]


@pytest.mark.parametrize(
    "latex",
    [
        *active.HTML,
        r"\href{javascript:alert(1)}{x}",
        r"\text{</math><script>alert(1)</script>}",
        r"\text{<math>}",
        r"\text{<mrow>}",
        r"\text{</mrow>}",
        r"\text{<mi onclick=x>}",
        r"\text{&lt;script&gt;}",
        r"\class{a}{x} \style{b}{y} \color{url(x)}{z}",
        "{" * 5000,
        "\\frac" * 300,
    ],
)
def test_a_formula_can_do_nothing(latex):
    shown = Page(safe_html(f"$$ {latex} $$\n\n$ {latex} $") + safe_mathml(latex, "inline"))
    assert shown.active() == []
    assert {tag for tag, _ in shown.tags} - {"p", "span", "code", "pre"} <= set(ELEMENTS.split())
    assert shown.html.count("<mrow>") == shown.html.count("</mrow>")
    assert not [
        name for tag, a in shown.tags for name in a if tag[0] == "m" and name in ("href", "class", "style", "id")
    ]


@pytest.mark.parametrize("made", ["<mrow>", "</mrow>", "<mi></mrow><mrow></mi>", "</math><math>", "<math></math>"])
def test_a_formula_whose_tags_do_not_close_is_text(monkeypatch, made):
    monkeypatch.setattr("gradbook.pages.mathml._mathml", lambda latex, display: f'<math display="inline">{made}</math>')
    assert safe_mathml(f"x {made}", "inline").startswith("<code>")
    monkeypatch.setattr("gradbook.pages.mathml._mathml", lambda latex, display: "<math><mi>x</mi><a>y</a></math>")
    assert safe_mathml(f"y {made}", "inline") == "<math><mi>x</mi>&lt;a&gt;y&lt;/a&gt;</math>"


@pytest.mark.parametrize("made", ["</math>", "<math/></math>", "<math>", "<math><math>", "<mi>x</mi>", "x"])
def test_what_is_no_whole_formula_is_text(monkeypatch, made):
    monkeypatch.setattr("gradbook.pages.mathml._mathml", lambda latex, display: made)
    assert safe_mathml(f"z {made}", "inline").startswith("<code>z ")


def test_a_page_stays_small(page, homework_id, solve):
    """Also that of the known mistake of which most is said."""
    most = max((told(found) for _, found in verdicts(homework_id)), key=lambda findings: len(str(findings)))
    assert len(page(homework=homework_id, findings=most, notebook=solve(homework_id, None)).html) < LARGEST


def test_a_page_stays_small_whatever_was_handed_in(page, template):
    homework_id = max(ids(), key=lambda one: len(load(one).checks))
    found = told(Finding.of(check, "wrong", "Why." * 30) for check in load(homework_id).checks)
    notebook = template(homework_id)
    huge = "x = 1  # <&> " * 100_000
    outputs = [nbformat.v4.new_output("stream", text="<&>" * 100_000) for _ in range(300)]
    for _ in range(3):
        notebook.cells[2:2] = [
            nbformat.v4.new_code_cell(huge, outputs=outputs),
            nbformat.v4.new_markdown_cell(huge),
            nbformat.v4.new_code_cell("def f():\n    pass\n" * 3000),
        ]
    shown = page(homework=homework_id, findings=found, notebook=notebook)
    assert len(shown.html) < 2 * LARGEST


# ---------------------------------------------------------------- examples and lines


def test_an_example_is_a_table_with_names():
    shown = example.values(
        {
            "source": "net = f()\nnet.w, y",
            "observed": "([[1., 2.],\n [3., 4.]], [0.5, -1.])",
            "expected": "([[1., 2.],\n [3., 5.]], [0.5, -1.])",
        }
    )
    assert [(v.name, v.right, sorted(v.wrong)) for v in shown] == [("net.w", False, [(1, 1)]), ("y", True, [])]
    assert shown[0].rows == ([["1", "2"], ["3", "4"]], [["1", "2"], ["3", "5"]])
    assert shown[0].note == "1 of 4 numbers differs; marked ≠."
    (one,) = example.values({"source": "y", "observed": "[6., 4.25]", "expected": "[[6.  ],\n [4.25]]"})
    assert one.note == "the shape is (2,), expected (2, 1)."
    assert one.rows[0] == [["6   ", "4.25"]]


def test_numbers_are_written_as_people_do():
    lost = {"source": "a, b", "observed": "raised ValueError", "expected": "([[ 7. , 16. ],\n [ 6.5, 0.]], [ 0., -3.])"}
    (one,) = example.values(lost)
    assert one.expected == "([[7, 16],\n [6.5, 0]], [0, -3])"
    gap, right = example.values({"source": "a, b", "observed": "(nan, 38.)", "expected": "(19., 38.)"})
    assert gap.rows == ([["nan"]], [["19"]]) and right.right
    (row,) = example.values({"source": "a", "observed": "[nan, 38.]", "expected": "[19., 38.25]"})
    assert row.rows == ([["nan   ", "38   "]], [["19   ", "38.25"]])


@pytest.mark.parametrize(
    "text",
    [
        "raised ValueError",
        "None",
        "[",
        "((",
        "[1, [2, 3]]",
        "{a: [1.]}",
        "[1., ..., 2.]",
        "]" * 9,
        "[" * 3000,
        "",
        ",",
        "(,)",
    ],
)
def test_any_text_of_an_example_is_shown(text):
    for pair in ((text, "[1., 2.]"), ("(1., 2.)", text), (text, text)):
        for source in ("a, b", "a", "a =", "for"):
            assert example.values({"source": source, "observed": pair[0], "expected": pair[1]})


def test_the_line_that_makes_the_mistake(homework_id):
    homework, found = load(homework_id), []
    changed = [variant for variant in homework.chaffs if variant.changes]
    for variant in changed:
        source = homework.source_with(variant)
        line = line_of_a_mistake([variant], homework, Sources({0: "import numpy as np", 1: source}))
        if line:
            found.append(line)
            assert (line["cell"], line["sure"]) == (1, True), variant.name
            assert line["text"] == source.split("\n")[line["line"] - 1].strip()[:200]
            assert line["text"] not in homework.reference.split("\n")
    assert len(found) > 0.8 * len(changed)
    assert not line_of_a_mistake(changed, homework, Sources({0: homework.reference}))


NET = """
class Net:
    def f(self, x):
        \"\"\"What f
        returns.\"\"\"
        y = 2 * x

        return y

    def g(self):
        pass
"""


@pytest.mark.parametrize(
    ("marked", "lines"), [(3, [3, 6]), (6, [3, 6, 7, 8]), (8, [6, 7, 8]), (10, [10, 11]), (4, [2, 3, 4, 5, 6])]
)
def test_the_lines_about_a_marked_one_are_those_of_its_function(marked, lines):
    card = cards_of([finding("a", "Net.f", line={"cell": 0, "line": marked, "text": "", "sure": True})])[0]
    shown = excerpt(card, Notebook({"cells": [{"cell_type": "code", "source": NET, "metadata": {}}]}))
    assert [line.number for line in shown.lines] == lines and shown.marked == marked
    assert min(line.deep for line in shown.lines) == 0


def test_a_mistake_in_other_words_is_only_probably_that_line():
    homework = load(HW01)
    variant = next(v for v in homework.chaffs if v.name == "loss_plus")
    source = homework.source_with(variant)
    other = source.replace(") + np.asarray(", ") + 1 * np.asarray(")
    assert other != source
    line = line_of_a_mistake([variant], homework, Sources({3: other}))
    assert (line["cell"], line["sure"]) == (3, False)


# ---------------------------------------------------------------- on disk


@pytest.fixture
def three(course, submit, solve):
    submit("ann", solve())
    submit("bob", solve(HW01, with_mistakes("loss_plus")))
    submit("cat", b"{")
    grade_class(Assignment(course, HW01), Options(workers=1))
    return course


def pages_of(course):
    return {path.parent.parent.name: path.read_bytes() for path in course.root.glob(f"feedback/*/{HW01}/*.html")}


def test_only_what_changed_is_written_anew_and_nbgrader_writes_the_same(three, monkeypatch):
    assignment = Assignment(three, HW01)
    told = []
    assert write_feedback(assignment, tell=lambda *done: told.append(done)).written == 3
    assert told == [(1, 3), (2, 3), (3, 3)]
    first = pages_of(three)
    assert write_feedback(assignment).written == 0
    with three.gradebook() as gradebook:
        gradebook.find_grade("check_loss", HW01, HW01, "bob").manual_score = 1.5
        gradebook.db.commit()
    handed_in(three, "ann").feedback.write_bytes(first["ann"][:-300])
    assert write_feedback(assignment).written == 2
    second = pages_of(three)
    assert second["bob"] != first["bob"] and b"1.5 in place of" in second["bob"]
    assert (second["ann"], second["cat"]) == (first["ann"], first["cat"])
    # Several at a time, each the same as before.
    monkeypatch.setattr(feedback, "FEW", 1)
    assert write_feedback(assignment, force=True, workers=2).written == 3
    assert pages_of(three) == second
    done = run("nbgrader", "generate_feedback", HW01, "--force", cwd=three.root)
    assert done.returncode == 0, done.stderr
    assert pages_of(three) == second


def test_a_page_takes_no_time(page, solve):
    kept = [told(found) for _, found in verdicts(HW01)][:60]
    notebook = nbformat.writes(solve()).encode()
    times = []
    for found in kept:
        one, begin = graded(found), time.process_time()
        render("T", one, notebook)
        times.append(time.process_time() - begin)
    assert statistics.median(times) < 0.04
