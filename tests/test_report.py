"""The class report: its numbers against plain definitions, and its pages as a browser reads them."""

import json
import time
from html.parser import HTMLParser

import numpy as np
import pytest
from conftest import HW01, handed_in, ids, load

from gradbook.course import records
from gradbook.course.assignment import Assignment
from gradbook.course.findings import Finding, Graded
from gradbook.errors import GradbookError
from gradbook.homework.concepts import CONCEPTS
from gradbook.homework.titles import heading
from gradbook.pages import figures as report_figures
from gradbook.pages import report
from gradbook.pages.homework_numbers import STATES, discrimination, histogram
from gradbook.pages.ideas import without_comment

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


EXAMPLE = {"source": "loss(a, b)", "observed": "5.", "expected": "1.666667"}
MEAN = {"mistake": "sum for mean", "hint": "The sum of the squares.", "example": EXAMPLE}


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


def write_page(course, student, homework=HW01):
    """Something where the student's feedback page stands."""
    path = handed_in(course, student, homework).feedback
    path.parent.mkdir(parents=True)
    path.touch()


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
    """Who never started, and what cannot be read, is in no mean and no rate."""
    data = report.report_data(Assignment(six, HW01))
    assert (data["count"], data["began"], data["full"], data["max_score"]) == (6, 4, 2, 20)
    assert (data["median"], data["mean"]) == (np.median([20, 20, 18, 17]), np.mean([20, 20, 18, 17]))
    assert [b["count"] for b in data["histogram"]] == [0] * 17 + [1, 1, 0, 2]
    checks = {check["name"]: check for check in data["checks"]}
    assert (checks["loss_value"]["right"], checks["loss_value"]["of"]) == (2, 4)
    assert (checks["forward_value"]["right"], checks["forward_value"]["of"]) == (4, 4)
    stuck = {"right": ["ann", "bob"], "wrong": ["cyd", "dan"]}
    assert data["tasks"][0]["states"] == {state: stuck.get(state, []) for state in STATES}
    assert data["never_started"] == ["eve"]
    unreadable = [(item["student"], item["reasons"]) for item in data["unreadable"]]
    assert unreadable == [("fay", ["the submitted file is cut off"])]
    assert data["review"] == []
    assert [item["student"] for item in data["runtime"]["outliers"]] == ["fay"]
    json.dumps(data)


def test_discrimination_is_the_correlation_with_the_rest_score():
    rng = np.random.default_rng(3)
    passed, rest = rng.random(50) < 0.6, rng.normal(size=50)
    expected = np.corrcoef(passed, rest)[0, 1]
    assert discrimination(list(zip(passed, rest, strict=True))) == pytest.approx(expected, abs=1e-3)
    assert discrimination([(True, 1.0), (True, 2.0)]) is None
    assert discrimination([(False, 1.0), (False, 2.0)]) is None
    assert discrimination([(True, 1.0), (False, 1.0)]) is None
    assert discrimination([]) is None


def test_the_check_itself_is_no_part_of_the_rest_score(six):
    checks = {check["name"]: check for check in report.report_data(Assignment(six, HW01))["checks"]}
    rests = [18, 18, 18, 17]
    expected = np.corrcoef([1, 1, 0, 0], rests)[0, 1]
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
    bins = histogram(scores, most)
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


# ---------------------------------------------------------------- ideas


def seen(**told):
    """A grading in which the loss is wrong, with what is told of it."""
    return graded(wrong=["loss_value"], **told)


def ideas_of(course):
    """Title -> (students, titles of the single mistakes) for each idea of a class, in order."""
    ideas = report.report_data(Assignment(course, HW01))["ideas"]
    return {idea["title"]: (idea["students"], [one["title"] for one in idea["mistakes"]]) for idea in ideas}


def test_mistakes_are_grouped_by_idea(keep):
    mean, sign = {"mistake": "sum", "hint": "h", "concept": "mean"}, {"mistake": "plus", "hint": "h", "concept": "sign"}
    rows = {"mistake": "mean over rows", "hint": "h", "concept": "mean"}
    course = keep(ann=seen(**sign), bob=seen(**mean), cyd=seen(**rows), dan=seen(**rows), eve=graded())
    assert ideas_of(course) == {
        CONCEPTS["mean"].title: (["bob", "cyd", "dan"], ["mean over rows", "sum"]),
        CONCEPTS["sign"].title: (["ann"], ["plus"]),
    }
    first = report.report_data(Assignment(course, HW01))["ideas"][0]
    assert (first["concept"], first["teach"], first["functions"]) == ("mean", CONCEPTS["mean"].teach, ["loss"])
    assert first["mistakes"][0]["students"] == ["cyd", "dan"]


def test_two_mistakes_that_meet_count_in_the_idea_of_each(keep):
    parts = {"sum": "mean", "plus": "sign"}
    both = [{"mistake": name, "concept": concept, "hint": f"told of {name}"} for name, concept in parts.items()]
    pair = seen(mistake="sum and plus", hint="Two meet.", concept="mean", both=both)
    course = keep(ann=pair, bob=seen(mistake="plus", hint="told of plus", concept="sign"))
    assert ideas_of(course) == {
        CONCEPTS["sign"].title: (["ann", "bob"], ["plus"]),
        CONCEPTS["mean"].title: (["ann"], ["sum"]),
    }


def test_a_student_counts_once_for_an_idea(keep):
    told = {"mistake": "sum", "hint": "h", "concept": "mean"}
    course = keep(ann=graded(wrong=["loss_value", "gradient_value"], **told))
    assert ideas_of(course) == {CONCEPTS["mean"].title: (["ann"], ["sum"])}
    (idea,) = report.report_data(Assignment(course, HW01))["ideas"]
    assert idea["functions"] == ["loss", "ShallowNarrowExercise.dloss_dw"]


def test_what_is_wrong_without_a_known_mistake_has_its_idea_too(keep):
    """The grader names the cause itself; without that, nothing says why."""
    course = keep(ann=seen(hint="Half of it.", concept="factor"), bob=seen(hint="Not the numbers."))
    assert ideas_of(course) == {CONCEPTS["factor"].title: (["ann"], ["Half of it."])}
    unexplained = report.report_data(Assignment(course, HW01))["unexplained"]
    assert [(item["hint"], item["students"]) for item in unexplained] == [("Not the numbers.", ["bob"])]


def test_what_one_student_has_is_folded_where_nothing_says_why_either(keep):
    course = keep(ann=seen(hint="Not these."), bob=seen(hint="Not these."), cyd=seen(hint="Nor those."))
    page = report.write_report(Assignment(course, HW01)).read_text()
    shown, _, folded = page.partition("Wrong, and nothing says why")[2].partition("<details><summary>1 rarer one")
    assert "Not these." in shown and "Nor those." not in shown
    assert "Nor those." in folded.partition("</details>")[0]


def test_a_mistake_without_a_concept_stands_for_itself(six):
    assert ideas_of(six) == {"sum for mean": (["cyd", "dan"], ["sum for mean"])}
    assert "2 of 4 sum for mean" in Page(report.write_report(Assignment(six, HW01)).read_text()).text


@pytest.mark.parametrize("outcome", ["right", "follows", "untouched", "not graded"])
def test_what_is_no_mistake_of_its_own_is_not_counted(keep, outcome):
    told = {"mistake": "sum", "hint": "h", "concept": "mean"}
    assert ideas_of(keep(ann=graded(wrong=["loss_value"], outcome=outcome, **told), bob=graded())) == {}


def test_the_line_that_most_have_is_quoted_and_nobody_is_named(keep):
    def raised(line):
        where = f"It raised NameError at line 3 of your cell:\n    {line}"
        return seen(outcome="raised", hint="No such name.", concept="python", details=[where, "No such name."])

    course = keep(ann=raised("w = wieght"), bob=raised("return y  # by Bob"), cyd=raised("return y"), dan=raised(EVIL))
    data = report.report_data(Assignment(course, HW01))
    assert data["ideas"][0]["code"] == {"function": "loss", "line": "return y"}
    assert data["ideas"][0]["mistakes"][0]["title"] == "No such name."
    text = Page(report.write_report(Assignment(course, HW01)).read_text()).text
    assert "One of them wrote in loss : return y" in text
    assert "by Bob" not in text


def test_the_line_that_makes_a_known_mistake_is_quoted(keep):
    line = {"cell": 3, "line": 2, "text": "return np.sum(e ** 2)  # mine", "sure": True}
    course = keep(ann=seen(mistake="sum", hint="h", concept="mean", line=line), bob=graded())
    (idea,) = report.report_data(Assignment(course, HW01))["ideas"]
    assert idea["code"] == {"function": "loss", "line": "return np.sum(e ** 2)"}


def test_a_line_that_only_may_be_the_one_is_not_quoted(keep):
    line = {"cell": 3, "line": 2, "text": "return np.sum(e ** 2)", "sure": False}
    course = keep(ann=seen(mistake="sum", hint="h", concept="mean", line=line), bob=graded())
    (idea,) = report.report_data(Assignment(course, HW01))["ideas"]
    assert idea["code"] == {}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x = 1  # mine", "x = 1"),
        ("x = '# no comment'", "x = '# no comment'"),
        ("f(x,  # mine", "f(x,"),
        ("x = 'begins", "x = 'begins"),
        ("", ""),
    ],
)
def test_a_comment_is_cut_off(line, expected):
    assert without_comment(line) == expected


def test_names_lead_to_their_pages_where_there_are_some(six):
    write_page(six, "cyd")
    page = Page(report.write_report(Assignment(six, HW01)).read_text())
    links = [a["href"] for a in page.all("a")]
    assert links.count(f"../feedback/cyd/{HW01}/{HW01}.html") == 3
    assert not [link for link in links if "dan" in link]
    targets = {attributes.get("id") for _, attributes in page.tags}
    assert {link[1:] for link in links if link.startswith("#")} <= targets
    assert "Write 5 feedback pages" in page.text


def test_who_is_apart_is_named_with_the_reason(six):
    text = Page(report.write_report(Assignment(six, HW01)).read_text()).text
    assert "1 student never started eve 1 file cannot be read fay : the submitted file is cut off" in text
    assert "4 of 6 handed in" in text


def test_where_the_submissions_were_run_is_told(keep):
    ran = {name: graded() for name in ("ann", "bob", "cyd", "dan")}
    for name, level in (("ann", "namespaces"), ("bob", "tight"), ("cyd", "tight")):
        ran[name].sandbox = level
    course = keep(**ran)
    assert report.report_data(Assignment(course, HW01))["sandboxes"] == {"namespaces": 1, "tight": 2}
    page = " ".join(report.write_report(Assignment(course, HW01)).read_text().split())
    assert "1 submission was run in the sandbox of the first level, namespaces." in page
    assert "2 submissions were run in the sandbox of the second level, tight." in page


def test_points_by_hand_are_a_beginning(six):
    with six.gradebook() as gradebook:
        gradebook.find_grade("check_loss", HW01, HW01, "eve").manual_score = 1.0
        gradebook.db.commit()
    data = report.report_data(Assignment(six, HW01))
    assert (data["began"], data["never_started"]) == (5, [])


def test_a_class_in_which_nobody_began(keep):
    course = keep(ann=graded(wrong="all", outcome="untouched"), bob=graded(wrong="all", outcome="not graded"))
    data = report.report_data(Assignment(course, HW01))
    assert (data["began"], data["mean"], data["median"]) == (0, 0, 0)
    assert "Nobody has begun." in Page(report.write_report(Assignment(course, HW01)).read_text()).text
    report.write_course_report(course)


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
    targets = {attributes.get("id") for _, attributes in page.tags}
    assert {link[1:] for link in links if link.startswith("#")} <= targets


def test_a_page_does_not_depend_on_what_was_made_before(six):
    assignment = Assignment(six, HW01)
    data = report.report_data(assignment)
    first, second = (report.write_report(assignment, data).read_text() for _ in range(2))
    assert first == second


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
    assert "4 who began: 0 from 0 to below 5" in page.text
    assert "and 2 with all 20 points" in page.text


def test_no_state_is_told_by_colour_alone():
    assert set(STATES) | {"follows"} == set(report_figures.MARKS)
    signs = [sign for sign, _ in report_figures.MARKS.values()]
    assert len(set(signs)) == len(signs)


def test_what_students_wrote_stays_text(keep):
    example = {"source": "s", "observed": "</pre>" + EVIL, "expected": "1"}
    told = {"mistake": "m" + EVIL, "hint": "h" + EVIL, "call": "c" + EVIL, "example": example}
    plain = {"hint": "unknown " + EVIL}
    course = keep(
        **{EVIL: graded(wrong=["loss_value"], **told)},
        bob=graded(wrong=["forward_value"], flags=["f" + EVIL], seconds=50.0, **plain),
        cyd=graded(),
    )
    for student in (EVIL, "bob", "cyd"):
        write_page(course, student)
    pages = [report.write_report(Assignment(course, HW01)), report.write_course_report(course)]
    for path in pages:
        text = path.read_text()
        page = Page(text)
        assert not {"script", "img"} & {tag for tag, _ in page.tags}
        assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
        assert EVIL in " ".join(page.words)
    links = [a["href"] for a in Page(pages[0].read_text()).all("a") if a["href"].startswith("../feedback/")]
    assert len(set(links)) == 3
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


def thousand(course, homework, kinds):
    """Enter a thousand students, whose records are these in turn."""
    import sqlalchemy as sa
    from nbgrader.api import Student, SubmittedAssignment

    with course.gradebook() as gradebook:
        documents = records.documents(gradebook, homework)
        assignment = gradebook.find_assignment(homework)
        rows = []
        for number in range(1000):
            name = f"s{number:04d}"
            gradebook.db.add(Student(id=name))
            gradebook.db.add(SubmittedAssignment(assignment_id=assignment.id, student_id=name))
            kept = {**documents[number % kinds], "student": name}
            rows.append({"homework": homework, "student": name, "digest": "d", "document": json.dumps(kept)})
        gradebook.db.execute(sa.insert(records._table()), rows)
        gradebook.db.commit()


def test_a_thousand_submissions_in_two_seconds(keep, capsys):
    """Of the homework with the most checks, with mistakes about every idea, page and JSON each."""
    from gradbook.fronts import cli

    homework = max(ids(), key=lambda homework: len(load(homework).checks))
    names = [check.name for check in load(homework).checks]
    people = {
        concept.replace(" ", "_"): graded(
            homework,
            wrong=names[number % 7 :: 7],
            mistake=f"of {concept}",
            hint="h",
            concept=concept,
            line={"text": f"x = {number}"},
        )
        for number, concept in enumerate(CONCEPTS)
    }
    course = keep(homework, **people)
    thousand(course, homework, len(people))
    for more in ([], ["--json"]):
        start = time.process_time()
        assert cli.main(["report", homework, "--course", str(course.root), *more]) == 0
        assert time.process_time() - start < 2
    told = json.loads(capsys.readouterr().out.partition("\n")[2])
    assert (told["count"], len(told["ideas"])) == (1000 + len(people), len(CONCEPTS))
    assert (course.root / "reports" / f"{homework}.html").read_text().count("<tr") > 1000


# ---------------------------------------------------------------- the course


def test_all_homeworks_over_time(keep):
    keep(ann=graded(), bob=graded(), cyd=graded())
    bob = graded(HW02, wrong="all")
    course = keep(HW02, ann=graded(HW02), bob=bob, dan=graded(HW02))
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


def test_ideas_over_the_homeworks(keep):
    told = {"mistake": "sum", "hint": "h", "concept": "mean"}
    keep(ann=seen(**told), bob=seen(**told), cyd=graded(), dan=seen(mistake="+", hint="h", concept="sign"))
    again = graded(HW02, wrong=[load(HW02).checks[0].name], **told)
    course = keep(HW02, ann=again, cyd=graded(HW02), dan=graded(HW02, wrong="all", outcome="untouched"))
    data = report.course_data(course)
    lines = {line["concept"]: line for line in data["ideas"]}
    assert list(lines) == ["mean", "sign"]
    assert (lines["mean"]["counts"], lines["mean"]["shares"]) == ([2, 1], [0.5, 0.5])
    assert (lines["mean"]["count"], lines["mean"]["again"]) == (2, ["ann"])
    assert lines["sign"]["counts"] == [1, 0]
    assert data["now"]["teach"]["concept"] == "mean"
    page = Page(report.write_course_report(course).read_text())
    assert "1 of the 2 who began hw02 has not got it, 1 of them not for the first time" in page.text
    links = {a["href"] for a in page.all("a") if "#c-" in a["href"]}
    assert links == {f"{HW01}.html#c-mean", f"{HW02}.html#c-mean", f"{HW01}.html#c-sign"}
    for link in links:
        path, _, target = link.partition("#")
        there = Page((course.root / "reports" / path).read_text())
        assert target in {attributes.get("id") for _, attributes in there.tags}


def test_json_holds_the_numbers_of_the_page(six, capsys):
    from gradbook.fronts import cli

    assert cli.main(["report", HW01, "--json", "--course", str(six.root)]) == 0
    told = json.loads(capsys.readouterr().out)
    data = report.report_data(Assignment(six, HW01))
    assert {**told, "made": data["made"]} == json.loads(json.dumps(data))


def test_a_homework_is_called_as_its_lesson_is_headed(course):
    assert Assignment(course, HW01).title == "Homework 1: a net with two weights"
    (Assignment(course, HW01).release / f"{HW01}.ipynb").write_text("no notebook")
    assert Assignment(course, HW01).title == "Shallow narrow"
    assert Assignment(course, HW02).title == "Learning landscapes"
    assert heading(["Text.\n## Small", "# With `code` in it\nMore."]) == "With code in it"
    assert heading(["#no heading"]) == ""
