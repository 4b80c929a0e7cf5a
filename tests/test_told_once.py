"""Findings with one cause are one finding: the others say where it is told."""

from conftest import HW01, load, observations

from gradbook.course.findings import Finding
from gradbook.judging.once import tell_once
from gradbook.pages.findings import finding_html, finding_text


def finding(name, about="f", outcome="raised", hint="Why.", **more):
    return Finding(name, "task", 0.0, 1.0, outcome, call=f"{name}()", about=about, hint=hint, details=["Line."], **more)


def test_a_shared_cause_is_told_by_the_first():
    found = [
        finding("one"),
        finding("two", example={"source": "x"}),
        finding("three", hint="Another."),
        finding("four", "g"),
    ]
    tell_once(found)
    assert [f.same_as for f in found] == ["", "one", "", ""]
    assert (found[1].hint, found[1].details, found[1].example) == ("The same as in one(), above.", [], {})
    assert found[0].details == ["Line."]


def test_a_file_that_cannot_be_read_is_told_once_for_all_functions():
    found = [finding(name, about=name, outcome="not graded") for name in ("one", "two", "three")]
    tell_once(found)
    assert [f.same_as for f in found] == ["", "one", "one"]


def test_what_is_right_or_follows_shares_nothing():
    found = [
        finding(name, outcome=outcome) for name, outcome in (("one", "right"), ("two", "right"), ("three", "follows"))
    ]
    tell_once(found)
    assert {f.same_as for f in found} == {""}


def test_a_line_that_raises_is_shown_once_to_the_student(worker, release, solve):
    import nbformat

    from gradbook.grading.submission import grade_notebook
    from gradbook.intake.notebook import read_submission

    homework = load(HW01)
    notebook = solve(HW01, homework.reference.replace("return float(np.mean(", "return float(np.maen("))
    cells = read_submission(nbformat.writes(notebook).encode())
    told = [f for f in grade_notebook(cells, observations(HW01), release(HW01), worker).findings if f.about == "loss"]
    assert len(told) == 2
    assert [f.points for f in told] == [0, 0]
    for page in (finding_text(told), finding_html(told)):
        assert page.count("np.maen") == 1
