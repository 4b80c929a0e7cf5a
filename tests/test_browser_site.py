"""A site in a real browser, below a path of a plain web server, with all other hosts blocked."""

import json
import re

import pytest
from browsing import PATIENCE, fits, violations
from conftest import HW01, ROOT, ids, load
from sites import pyodide, served
from test_browser_student import RIGHT, cell, run, write

from gradbook.course.assignment import Assignment
from gradbook.course.folder import Course
from gradbook.grading.run import Options, grade_class
from gradbook.site.make import make_site

pytestmark = pytest.mark.site

OPENED = [one for one in ids() if not load(one).modules]
ELSEWHERE = re.compile(r"^(?!data:|blob:)(?!https?://127\.0\.0\.1[:/])")
# The notebook has a kernel, and that has answered: what is run before is lost. No promise, which is as good as true.
READY = """() => {
  const kernel = window.jupyterapp?.shell.currentWidget?.context?.sessionContext.session?.kernel;
  if (kernel && !window.asked) {
    window.asked = kernel.info.then(() => { window.answered = true; });
  }
  return window.answered === true;
}"""
# All cells are run and the kernel has nothing more to do.
DONE = """() => {
  const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputArea-prompt")].map(one => one.innerText);
  return prompts.some(one => /\\d/.test(one)) && !prompts.some(one => one.includes("*"));
}"""

# The lesson's own drawings are there, and shown.
DRAWN = """() => {
  const pictures = [...document.querySelectorAll(".jp-RenderedMarkdown img")];
  return pictures.length > 0 && pictures.every(one => one.naturalWidth > 0);
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of this course's site, which lets a test reach into its notebooks."""
    www = tmp_path_factory.mktemp("www")
    course = Course.at(ROOT)
    folder = make_site(course, Assignment.every(course), str(pyodide()), www / "teaching" / "nets").folder
    path = folder / "jupyter-lite.json"
    settings = json.loads(path.read_text())
    settings["jupyter-config-data"]["exposeAppInBrowser"] = True
    path.write_text(json.dumps(settings))
    with served(www) as address:
        yield f"{address}/teaching/nets"


@pytest.fixture
def visit(site, watch):
    """A function that opens the start page in a browser that reaches no other host; gives what is watched."""

    def start(**options):
        watched = watch(accept_downloads=True, **options)
        watched.context.route(ELSEWHERE, lambda route: route.abort())
        watched.open(f"{site}/")
        return watched

    return start


def open_homework(page, homework):
    """Click its card; when this returns, the notebook can be run."""
    page.locator(".cards li", has_text=homework).locator("h2 a").click()
    page.wait_for_function(READY)


def choose(page, menu, item):
    """Two clicks."""
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{item}$")).click()


def run_all(page):
    choose(page, "Run", "Run All Cells")
    page.wait_for_function(DONE, timeout=5 * PATIENCE)


def said_wrong(page):
    """Lines on stderr, and errors."""
    return page.locator(".jp-OutputArea-output[data-mime-type*=stderr], .jp-mod-error").all_inner_texts()


def test_a_student_solves_keeps_and_hands_in_the_first_homework(visit, course, submit, tmp_path, shoot):
    watched = visit()
    page = watched.page
    open_homework(page, HW01)
    run(page, "import course_helpers as helpers")
    run(page, "helpers.set_seed(2021)")
    for name, lines in RIGHT.items():
        write(page, f'raise NotImplementedError("{name}")', lines)
    run_all(page)
    shoot(page, "site-notebook", of=cell(page, "helpers.plot_training"))
    assert "your last loss 0.0340256590" in page.locator(".jp-Notebook").inner_text()
    assert said_wrong(page) == []
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !jupyterapp.shell.currentWidget.context.model.dirty")
    page.reload()
    page.locator(".jp-CodeCell", has_text="return x * self.w1 * self.w2").wait_for()
    page.get_by_role("menuitem", name="File", exact=True).click()
    with page.expect_download() as download:
        page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Download$")).click()
    assert download.value.suggested_filename == f"{HW01}.ipynb"
    download.value.save_as(tmp_path / "downloaded.ipynb")
    submit("ann", (tmp_path / "downloaded.ipynb").read_bytes())
    assert grade_class(Assignment(course, HW01), Options(workers=1)).scores == {"ann": 20.0}
    assert watched.asked(page.url.partition("/teaching")[0], "blob:") == [] and watched.errors == []


# By number: what an author of a new homework picks by its name needs no browser.
@pytest.mark.parametrize("number", range(len(OPENED)))
def test_a_notebook_says_nothing_on_stderr(visit, solve, number):
    """Solved, it runs from top to bottom, with its figures."""
    homework = OPENED[number]
    page = visit().page
    open_homework(page, homework)
    page.evaluate("notebook => jupyterapp.shell.currentWidget.context.model.fromJSON(notebook)", solve(homework))
    run_all(page)
    assert said_wrong(page) == []
    assert page.locator(".jp-OutputArea-output img").count() >= 1
    page.wait_for_function(DRAWN)


def test_what_is_given_is_locked(visit):
    page = visit().page
    open_homework(page, HW01)
    for text, is_locked in (("import course_helpers as helpers", True), ("def loss", False)):
        cell(page, text).locator(".cm-content").click()
        page.keyboard.press("Control+End")
        page.keyboard.type("# mine")
        assert ("# mine" in cell(page, text).inner_text()) != is_locked
    cell(page, "import course_helpers").locator(".jp-InputPrompt").click()
    page.keyboard.press("d")
    page.keyboard.press("d")
    assert cell(page, "import course_helpers as helpers").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_start_page(visit, shoot, width, scheme):
    watched = visit(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = watched.page
    assert page.locator(".cards li").count() == len(ids())
    assert page.evaluate("[...document.images].every(one => one.complete && one.naturalWidth > 0)")
    assert page.locator("#insecure").is_hidden()
    assert "click File, then Download" in page.locator(".steps").inner_text()
    assert fits(page) and violations(page) == []
    shoot(page, f"site-{width}-{scheme}")


def test_a_homework_that_needs_a_computer_says_so(visit):
    page = visit().page
    card = page.locator(".cards li", has_text="Needs a computer with PyTorch")
    named = [text.partition(",")[0] for text in card.locator(".id").all_inner_texts()]  # the hours stand behind
    assert named == [one for one in ids() if "torch" in load(one).modules]
    with page.expect_download() as download:
        card.locator("h2 a").click()
    assert download.value.suggested_filename == "hw08_numpy_to_pytorch.zip"


def test_a_homework_is_had_as_one_file(visit, tmp_path):
    page = visit().page
    with page.expect_download() as download:
        page.locator(".cards li", has_text=HW01).get_by_role("link", name="as one file").click()
    download.value.save_as(tmp_path / "one.ipynb")
    assert (tmp_path / "one.ipynb").read_bytes() == (ROOT / "release-one-file" / f"{HW01}.ipynb").read_bytes()


def test_the_way_back_to_the_start_page(visit):
    page = visit().page
    start = page.url
    open_homework(page, HW01)
    choose(page, "File", "All homeworks")
    page.wait_for_url(f"{start}index.html")
