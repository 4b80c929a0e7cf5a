"""An instructor in formgrader: autogrades by clicking, reads score and finding, comments, regrades, gives feedback."""

import pytest
from conftest import HW01, handed_in, load
from servers import jupyter

pytestmark = pytest.mark.browser

HINT = "Your gradient is half as large as it should be; it should have the factor 2 that the square gives."
COMMENT = "Come and see me on Thursday."


@pytest.fixture
def classroom(course, submit, solve, template):
    """Three submissions, none graded: a known mistake, a right one, an untouched one."""
    homework = load(HW01)
    wrong = next(v for v in homework.chaffs if v.name == "gradient_half")
    submit("bob", solve(HW01, homework.source_with(wrong)))
    submit("ann", solve())
    submit("cat", template(HW01))
    return course


class Formgrader:
    """The pages of formgrader, used as a person uses them."""

    def __init__(self, page, server):
        self.page, self.server = page, server

    def submissions(self):
        """From the list of assignments to the submissions of the first homework."""
        self.page.goto(f"{self.server}/formgrader")
        self.page.locator("tr", has_text=HW01).locator(".num-submissions a").click()
        self.row("ann").wait_for()

    def row(self, student):
        return self.page.locator("tr", has=self.page.locator(".student-id", has_text=student))

    def press(self, student, button, words):
        """Press a button in a student's row, and close the window that says how it went."""
        self.row(student).locator(f".{button} a").click()
        window = self.page.locator(".modal", has_text=words)
        window.wait_for()
        window.get_by_role("button", name="OK").click()
        window.wait_for(state="detached")

    def notebook(self, student):
        """Click through to a student's graded notebook, ready to be commented on."""
        self.row(student).locator(".student-name a").click()
        self.page.get_by_role("link", name=HW01, exact=True).last.click()
        self.page.locator("#check_convergence[placeholder]").wait_for()
        # Formgrader scrolls to its first field by itself.
        self.page.wait_for_url("**index=*")
        self.page.evaluate("$('body, html').promise().then(() => null)")
        return self.page


@pytest.fixture
def formgrader(watch, classroom):
    """Formgrader in the course folder."""
    with jupyter(classroom.root, classroom.root / ".jupyter") as server:
        watched = watch()
        watched.enter(server)
        yield Formgrader(watched.page, server)
        assert watched.errors == []


def test_an_instructor_grades_and_comments(formgrader, classroom, shoot):
    from playwright.sync_api import expect

    formgrader.submissions()
    expect(formgrader.row("bob")).to_contain_text("needs autograding")
    for student, score in {"bob": "16 / 20", "ann": "20 / 20", "cat": "0 / 20"}.items():
        formgrader.press(student, "autograde", f"Successfully autograded '{HW01}' for student '{student}'")
        expect(formgrader.row(student).locator(".score")).to_have_text(score)

    page = formgrader.notebook("bob")
    expect(page.locator(".gradbook-wrong").first).to_contain_text(HINT)
    expect(page.locator("#check_gradient")).to_have_attribute("placeholder", "1")
    comment = page.locator("#ShallowNarrowExercise-comment")
    shoot(page, "formgrader", of=page.locator(".gradbook-wrong").first)
    comment.fill(COMMENT)
    with page.expect_response(lambda reply: "/api/comment/" in reply.url and reply.request.method == "PUT") as reply:
        comment.press("Escape")
    assert reply.value.ok

    formgrader.submissions()
    formgrader.press("bob", "autograde", "Successfully autograded")
    expect(formgrader.row("bob").locator(".score")).to_have_text("16 / 20")
    formgrader.press("bob", "generate-feedback", "Successfully generated feedback")
    formgrader.notebook("bob")
    expect(page.locator("#ShallowNarrowExercise-comment")).to_have_value(COMMENT)

    page.goto((handed_in(classroom, "bob").feedback).as_uri())
    expect(page.get_by_text(COMMENT).first).to_be_visible()
    expect(page.locator("article").first).to_contain_text(HINT)
