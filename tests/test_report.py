"""The class report: its numbers against plain definitions, and its pages as a browser reads them."""

import json
import time
from html.parser import HTMLParser

import numpy as np
import pytest
from conftest import HW01, load

from gradbook.course import records
from gradbook.course.assignment import Assignment
from gradbook.course.findings import Finding, Graded
from gradbook.errors import GradbookError
from gradbook.pages import figures as report_figures
from gradbook.pages import report

HW02 = "hw02_learning_landscapes"
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>'\""


def graded(homework=HW01, wrong=(), outcome="wrong", flags=(), seconds=0.1, **told):
    """What the grader gives for a submission in which these checks are not right; "all" for every check."""
    findings = []
    for check in load(homework).checks:
        good = check.name not in wrong and wrong != "all"
        finding = Finding.of(check, "right" if good else outcome)
        finding.points = finding.max_points if good or outcome == "follows" else 0.0
        for name, value in {} if good else told.items():
            setattr(finding, name, value)
        findings.append(finding)
    return Graded(None, findings, list(flags), seconds=seconds)


@pytest.fixture
def keep(course):
    """Put gradings into the course's gradebook: keep(homework, student=Graded, ...)."""

    def write(homework=HW01, **people):
        with course.gradebook() as gradebook:
            if homework not in [a.name for a in gradebook.assignments]:
                gradebook.add_assignment(homework)
                gradebook.add_notebook(homework, homework)
                for task, most in load(homework).points.items():
                    gradebook.add_grade_cell(f"check_{task}", homework, homework, max_score=most, cell_type="code")
            records.create_table(gradebook.engine)
            writer = records.Writer(gradebook, homework)
            for student, outcome in people.items():
                writer.save(student, outcome, None, "digest")
        return course

    return write


MEAN = {"mistake": "sum for mean", "hint": "The sum of the squares.", "example": {
    "source": "loss(a, b)", "observed": "5.", "expected": "1.666667"}}  # fmt: skip


@pytest.fixture
def six(keep):
    """A class of six: two right, two with one mistake, one untouched, one unreadable."""
    return keep(
        ann=graded(),
        bob=graded(),
        cyd=graded(wrong=["loss_value"], **MEAN),
        dan=graded(wrong=["loss_value", "loss_shapes"], **MEAN),
        eve=graded(wrong="all", outcome="untouched", hint="Not written yet."),
        fay=graded(wrong="all", outcome="not graded", flags=["the submitted file is cut off"], seconds=9.0),
    )


class Page(HTMLParser):
    """A page as tags, attributes and text; fails on tags that do not close."""

    EMPTY = {"meta", "br", "rect", "line", "circle"}

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words, self.described = [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag not in self.EMPTY:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data.strip())
        if self.open and self.open[-1] in ("title", "desc"):
            self.described.append((self.open[-1], data.strip()))

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def all(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]


# ---------------------------------------------------------------- numbers


def test_numbers_of_a_small_class(six):
    data = report.report_data(Assignment(six, HW01))
    assert (data["count"], data["full"], data["zero"], data["max_score"]) == (6, 2, 2, 20)
    assert data["median"] == np.median([20, 20, 18, 17, 0, 0])
    assert [b["count"] for b in data["histogram"]] == [2] + [0] * 16 + [1, 1, 0, 2]
    checks = {check["name"]: check for check in data["checks"]}
    assert (checks["loss_value"]["right"], checks["loss_value"]["of"]) == (2, 5)
    assert (checks["forward_value"]["right"], checks["forward_value"]["of"]) == (4, 5)
    assert data["tasks"][0]["states"] == {
        "right": ["ann", "bob"], "wrong": ["cyd", "dan"], "raised": [], "over a limit": [],
        "untouched": ["eve"], "not graded": ["fay"],
    }  # fmt: skip
    (mistake,) = data["mistakes"]
    assert (mistake["mistake"], mistake["students"]) == ("sum for mean", ["cyd", "dan"])
    assert mistake["example"]["observed"] == "5."
    review = [(item["student"], item["reasons"]) for item in data["review"]]
    assert review == [("fay", ["the submitted file is cut off"])]
    assert [item["student"] for item in data["runtime"]["outliers"]] == ["fay"]
    json.dumps(data)


def test_discrimination_is_the_correlation_with_the_rest_score():
    rng = np.random.default_rng(3)
    passed, rest = rng.random(50) < 0.6, rng.normal(size=50)
    expected = np.corrcoef(passed, rest)[0, 1]
    assert report.discrimination(list(zip(passed, rest, strict=True))) == pytest.approx(expected, abs=1e-3)
    assert report.discrimination([(True, 1.0), (True, 2.0)]) is None
    assert report.discrimination([(False, 1.0), (False, 2.0)]) is None
    assert report.discrimination([(True, 1.0), (False, 1.0)]) is None
    assert report.discrimination([]) is None


def test_the_check_itself_is_no_part_of_the_rest_score(six):
    checks = {check["name"]: check for check in report.report_data(Assignment(six, HW01))["checks"]}
    rests = [18, 18, 18, 17, 0]
    expected = np.corrcoef([1, 1, 0, 0, 0], rests)[0, 1]
    assert checks["loss_value"]["discrimination"] == pytest.approx(expected, abs=1e-3)


def test_what_follows_from_an_earlier_mistake_counts_neither_way(keep):
    course = keep(ann=graded(), bob=graded(wrong=["convergence"], outcome="follows"))
    data = report.report_data(Assignment(course, HW01))
    assert next((c["right"], c["of"]) for c in data["checks"] if c["name"] == "convergence") == (1, 1)
    assert data["full"] == 2
    assert data["tasks"][-1]["states"]["right"] == ["ann", "bob"]


@pytest.mark.parametrize("most", [20.0, 7.0, 0.5, 100.0])
def test_every_score_is_in_its_bin(most):
    scores = [0.0, most / 20, most * 0.3, most * 0.999, most]
    bins = report.histogram(scores, most)
    assert sum(b["count"] for b in bins) == len(scores)
    assert bins[-1]["count"] == 1
    assert (bins[0]["count"], bins[1]["count"], bins[6]["count"], bins[19]["count"]) == (1, 1, 1, 1)


def test_a_manual_grade_is_shown_beside_the_automatic_one(six):
    with six.gradebook() as gradebook:
        grade = gradebook.find_grade("check_loss", HW01, HW01, "cyd")
        grade.manual_score = 2.5
        gradebook.db.commit()
    data = report.report_data(Assignment(six, HW01))
    cyd = next(s for s in data["students"] if s["student"] == "cyd")
    assert (cyd["score"], cyd["automatic"], cyd["changed"]) == (19.5, 18.0, True)
    assert [s["student"] for s in data["students"] if s["changed"]] == ["cyd"]
    page = Page(report.write_report(Assignment(six, HW01)).read_text())
    assert "19.5 checks: 18" in page.text


# ---------------------------------------------------------------- pages


def test_a_page_needs_nothing_but_itself(six):
    text = report.write_report(Assignment(six, HW01)).read_text()
    page = Page(text)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    assert "url(" not in text
    assert "@import" not in text
    assert "http" not in text.replace("http-equiv", "")
    assert any("width=device-width" in a.get("content", "") for a in page.all("meta"))
    assert "@media print" in text
    links = [a["href"] for a in page.all("a")]
    assert "../feedback/cyd/hw01_shallow_narrow/hw01_shallow_narrow.html" in links
    targets = {attributes.get("id") for _, attributes in page.tags}
    assert {link[1:] for link in links if link.startswith("#")} <= targets


def test_every_figure_has_words(six):
    page = Page(report.write_report(Assignment(six, HW01)).read_text())
    figures = page.all("svg")
    assert len(figures) > 10
    names = [attributes["id"] for tag, attributes in page.tags if tag in ("title", "desc") and "id" in attributes]
    assert len(names) == len(set(names)) == 2 * len(figures)
    for figure in figures:
        assert figure["role"] == "img"
        assert set(figure["aria-labelledby"].split()) <= set(names)
    assert len([text for kind, text in page.described if kind == "desc" and text]) == len(figures)
    assert "6 submissions: 2 from 0 to below 5" in page.text
    assert "and 2 with all 20 points" in page.text


def test_no_state_is_told_by_colour_alone():
    assert set(report.STATES) | {"follows"} == set(report_figures.MARKS)
    signs = [sign for sign, _ in report_figures.MARKS.values()]
    assert len(set(signs)) == len(signs)


def test_what_students_wrote_stays_text(keep):
    told = {"mistake": "m" + EVIL, "hint": "h" + EVIL, "call": "c" + EVIL,
            "example": {"source": "s", "observed": "</pre>" + EVIL, "expected": "1"}}  # fmt: skip
    plain = {"hint": "unknown " + EVIL}
    course = keep(
        **{EVIL: graded(wrong=["loss_value"], **told)},
        bob=graded(wrong=["forward_value"], flags=["f" + EVIL], seconds=50.0, **plain),
        cyd=graded(),
    )
    pages = [report.write_report(Assignment(course, HW01)), report.write_course_report(course)]
    for path in pages:
        text = path.read_text()
        page = Page(text)
        assert not {"script", "img"} & {tag for tag, _ in page.tags}
        assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
        assert EVIL in " ".join(page.words)
    links = [a["href"] for a in Page(pages[0].read_text()).all("a") if a["href"].startswith("../feedback/")]
    assert len(links) == 3
    assert not [link for link in links if set(link) & set("<>'\" ")]


def test_nothing_graded_is_said_in_a_line(course):
    for ask in (lambda: report.write_report(Assignment(course, HW01)), lambda: report.write_course_report(course)):
        with pytest.raises(GradbookError, match="gradbook grade"):
            ask()
    with pytest.raises(GradbookError, match="no homework 'hw99'"):
        report.write_report(Assignment(course, "hw99"))
    assert not (course.root / "reports").exists()


def test_a_class_of_one(keep):
    page = Page(report.write_report(Assignment(keep(ann=graded()), HW01)).read_text())
    assert "No submission makes a known mistake." in page.text


def test_a_thousand_submissions_in_two_seconds(six):
    import sqlalchemy as sa
    from nbgrader.api import Student, SubmittedAssignment

    with six.gradebook() as gradebook:
        documents = records.documents(gradebook, HW01)
        assignment = gradebook.find_assignment(HW01)
        rows = []
        for number in range(1000):
            name = f"s{number:04d}"
            gradebook.db.add(Student(id=name))
            gradebook.db.add(SubmittedAssignment(assignment_id=assignment.id, student_id=name))
            kept = {**documents[number % 6], "student": name}
            rows.append({"homework": HW01, "student": name, "digest": "d", "document": json.dumps(kept)})
        gradebook.db.execute(sa.insert(records._table()), rows)
        gradebook.db.commit()
    start = time.process_time()
    path = report.write_report(Assignment(six, HW01))
    assert time.process_time() - start < 2
    assert len(Page(path.read_text()).all("tr")) > 1000


# ---------------------------------------------------------------- the course


def test_all_homeworks_over_time(keep):
    keep(ann=graded(), bob=graded(), cyd=graded())
    course = keep(
        HW02, ann=graded(HW02), bob=graded(HW02, wrong="all", outcome="untouched"), dan=graded(HW02)
    )  # fmt: skip
    data = report.course_data(course)
    assert [homework["homework"] for homework in data["homeworks"]] == [HW01, HW02]
    lines = {s["student"]: (s["shares"], s["mean"], s["note"]) for s in data["students"]}
    assert lines == {
        "ann": ([1.0, 1.0], 1.0, ""),
        "bob": ([1.0, 0.0], 0.5, "fell by more than 30 points in a hundred"),
        "cyd": ([1.0, None], 0.5, "did not hand in the last one"),
        "dan": ([None, 1.0], 0.5, ""),
    }
    path = report.write_course_report(course)
    page = Page(path.read_text())
    links = [a["href"] for a in page.all("a") if not a["href"].startswith("#")]
    assert links == [f"{HW01}.html", f"{HW02}.html"]
    assert all((path.parent / link).is_file() for link in links)
    assert [c["class"] for c in page.all("circle")].count("gap") == 2
