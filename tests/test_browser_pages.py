"""The pages that are written for people, in a browser: nothing of a submission runs, all can be read."""

import active
import pytest
from browsing import fits, violations
from conftest import HW01, handed_in, load
from servers import jupyter

from gradbook.authoring.samples import sample_class
from gradbook.course.assignment import Assignment
from gradbook.grading.execution import Execution
from gradbook.grading.run import Options, grade_class
from gradbook.pages.feedback import write_feedback
from gradbook.pages.report import write_course_report, write_report

pytestmark = pytest.mark.browser
PAGES = [f"student{number:04d}" for number in range(3, 13)]  # wrong, half written, untouched, unreadable, right


@pytest.fixture
def evil(course, submit, solve):
    """A course with an honest submission and one full of active content, graded."""
    submit("honest", solve())
    submit("evil", active.fill(solve()))
    grade_class(Assignment(course, HW01), Options(workers=1, execution=Execution(figures=True)))
    write_feedback(Assignment(course, HW01))
    return course


def test_the_watch_sees_what_runs(watch, tmp_path):
    """The same content in a page that lets it through trips every wire."""
    page = tmp_path / "page.html"
    page.write_text("<html><body>" + "".join(active.HTML[:4] + active.HTML[5:8]))
    watched = watch()
    watched.page.goto(page.as_uri(), wait_until="commit")
    watched.page.wait_for_function("window.pwned")
    watched.page.wait_for_function("document.styleSheets.length > 0")
    assert "pwned" in watched.dialogs
    assert page.as_uri() in watched.ran()
    assert active.AWAY in watched.asked(page.as_uri())


def test_nothing_of_a_submission_runs_in_the_feedback_page(watch, evil):
    address = (handed_in(evil, "evil").feedback).as_uri()
    watched = watch()
    page = watched.open(address)
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert "pwned" in page.inner_text("body")
    assert watched.ran() == []
    assert watched.asked(address) == []
    assert page.locator("a[href^='javascript:'], a[href^='data:']").count() == 0


def test_nothing_of_a_submission_runs_in_the_report(watch, evil):
    for write in (lambda: write_report(Assignment(evil, HW01)), lambda: write_course_report(evil)):
        address = write().as_uri()
        watched = watch()
        watched.open(address)
        assert watched.ran() == []
        assert watched.asked(address) == []


def test_nothing_of_a_submission_runs_in_formgrader(watch, evil):
    from playwright.sync_api import expect

    with evil.gradebook() as gradebook:
        numbers = {s: gradebook.find_submission_notebook(HW01, HW01, s).id for s in ("evil", "honest")}
    asked = {}
    with jupyter(evil.root, evil.root / ".jupyter") as server:
        for student, number in numbers.items():
            watched = watch()
            watched.enter(server)
            page = watched.open(f"{server}/formgrader/submissions/{number}/")
            expect(page.locator("#check_convergence")).to_have_attribute("placeholder", "4")
            assert watched.ran() == watched.errors == []
            own = [f"{server}/formgrader/{part}" for part in (f"submissions/{number}/", "static/", "api/")]
            assert watched.asked(*own, f"{server}/static/favicon.ico") == []
            asked[student] = {url.replace(number, "") for url in watched.requests if "/formgrader/" in url}
            assert ("pwned" in page.inner_text("body")) == (student == "evil")
    assert asked["evil"] == asked["honest"]


# ---------------------------------------------------------------- looking at them


@pytest.fixture(scope="module")
def graded(released, solve, tmp_path_factory):
    """A class of forty with feedback, and its report; the third adds where it should subtract."""
    import shutil

    import nbformat

    from gradbook.course.folder import Course

    root = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(released.root, root)
    course = Course.at(root)
    sample_class(Assignment(course, HW01), 40, seed=30)
    wrong = next(v for v in load(HW01).chaffs if v.name == "loss_plus")
    nbformat.write(
        solve(HW01, load(HW01).source_with(wrong)), handed_in(course, "student0003").folder / f"{HW01}.ipynb"
    )
    grade_class(Assignment(course, HW01), Options(execution=Execution(figures=True)))
    write_feedback(Assignment(course, HW01))
    write_report(Assignment(course, HW01))
    return course


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_feedback_page_can_be_read(watch, graded, shoot, width):
    page = watch(viewport={"width": width, "height": 900}).open(handed_in(graded, "student0003").feedback.as_uri())
    assert fits(page)
    assert page.get_by_role("heading", level=1).inner_text() == "Homework 1: a net with two weights"
    assert "18 of 20 points" in page.locator("header").inner_text()
    card = page.locator(".card").first
    hint = card.get_by_text("Your loss adds prediction and target; it should take their difference.")
    # What to fix first, what it is worth and the line of code are on the first screen.
    for part in (page.get_by_role("heading", name="Fix this first"), card.locator(".worth"), hint, card.locator(".at")):
        assert part.bounding_box()["y"] + part.bounding_box()["height"] < 900
    assert "np.asarray(y_prediction) + np.asarray(y_true)" in card.locator(".at").inner_text()
    if width > 1000:
        shoot(page, "feedback")
    # By keyboard: the step of the lesson opens the notebook where it stands.
    assert not page.locator("math").first.is_visible()
    card.get_by_role("link", name="How wrong is it? The loss").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("window.scrollY > 1000")
    assert page.locator("math").first.is_visible() and page.locator("math").count() > 20
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 100)")
    assert fits(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_the_feedback_pages_keep_nobody_out(watch, graded, scheme, width):
    for student in PAGES:
        page = watch(viewport={"width": width, "height": 900}, color_scheme=scheme).open(
            handed_in(graded, student).feedback.as_uri()
        )
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        assert fits(page)
        assert violations(page) == []


def test_the_feedback_page_can_be_printed(watch, graded, tmp_path):
    page = watch().open(handed_in(graded, "student0003").feedback.as_uri())
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    text = (tmp_path / "page.pdf").read_bytes()
    assert 1 <= text.count(b"/Type /Page\n") + text.count(b"/Type /Page ") <= 3


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_report_can_be_read(watch, graded, shoot, width):
    watched = watch(viewport={"width": width, "height": 900})
    page = watched.open((graded.root / "reports" / f"{HW01}.html").as_uri())
    assert fits(page)
    assert page.get_by_role("heading", level=1, name="Homework 1: a net with two weights").is_visible()
    assert page.locator("#students tbody tr").count() == 40
    for figure in page.locator("svg[role=img]").all()[:3]:
        assert figure.bounding_box()["width"] > 100
    # What many have not got is on the first screen: the picture shows what a report is for.
    assert int(page.locator("#ideas .times").first.inner_text().partition(" ")[0]) > 0.25 * 37
    if width > 1000:
        shoot(page, "report")
    # By keyboard: the first idea opens to the mistakes behind it, and these lead to the students.
    summary = page.locator("#ideas summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("#i-1 .singles .names").first.is_visible()
    assert fits(page)
    page.get_by_role("link", name="student0003").last.click()
    page.wait_for_url("**/feedback/student0003/**")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_the_reports_keep_nobody_out(watch, graded, scheme, width):
    write_course_report(graded)
    for name in (HW01, "index"):
        page = watch(viewport={"width": width, "height": 900}, color_scheme=scheme).open(
            (graded.root / "reports" / f"{name}.html").as_uri()
        )
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        assert fits(page)
        assert violations(page) == []
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(245, 246, 248)"
        assert dark == (scheme == "dark")


def test_a_page_that_keeps_people_out_is_found(watch, graded):
    """The same page without its language, and with pale words, trips the wire."""
    page = watch().open((graded.root / "reports" / f"{HW01}.html").as_uri())
    page.evaluate("document.documentElement.removeAttribute('lang')")
    page.evaluate("document.querySelector('.lead').style.color = '#eee'")
    assert sorted(line.partition(":")[0] for line in violations(page)) == ["color-contrast", "html-has-lang"]


def test_the_report_can_be_printed(watch, graded, tmp_path):
    watched = watch()
    page = watched.open((graded.root / "reports" / f"{HW01}.html").as_uri())
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    page.pdf(path=tmp_path / "report.pdf", format="A4")
    text = (tmp_path / "report.pdf").read_bytes()
    assert text.startswith(b"%PDF")
    assert 2 <= text.count(b"/Type /Page\n") + text.count(b"/Type /Page ") <= 12
