"""Each lesson in JupyterLab, 1280 pixels wide: its formulas are set, its pictures are there, and nothing is cut off.

With --screenshots the notebooks are solved, and all of each is shown with its outputs, as HOMEWORK-1.png and so on.
"""

import json
import shutil

import nbformat
import pytest
from browsing import LAB, Watched
from conftest import ROOT, ids, needs
from servers import jupyter

pytestmark = pytest.mark.browser

TALL = 2400  # pixels of a picture
# What of the text is not as it should be, once the formulas are set.
LOOK = """() => {
  const texts = [...document.querySelectorAll('.jp-MarkdownCell .jp-RenderedMarkdown')];
  const raw = texts.filter(one => /\\$|\\\\(frac|begin|hat|partial|sum)/.test(one.innerText)).map(one => one.innerText);
  const wrong = [...document.querySelectorAll('mjx-merror')].map(one => one.innerText);
  const missing = [...document.querySelectorAll('.jp-RenderedMarkdown img')].filter(one => !one.naturalWidth);
  const wide = texts.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText.slice(0, 80));
  return {raw, wrong, missing: missing.map(one => one.alt), wide};
}"""
FINE = {"raw": [], "wrong": [], "missing": [], "wide": []}
SET = """() => document.querySelectorAll('.jp-MarkdownCell').length > 2 &&
  document.querySelectorAll('mjx-container').length > 0 && ![...document.querySelectorAll('.jp-MarkdownCell')].some(
    one => /\\$\\$/.test(one.innerText)) &&
  [...document.querySelectorAll('.jp-RenderedMarkdown img')].every(one => one.complete)"""
STEP = "element => { element.scrollTop += element.clientHeight - 40; return element.scrollTop; }"


@pytest.fixture(scope="module")
def pictures(request):
    """Where pictures of all notebooks are put, if anywhere."""
    return request.config.getoption("--screenshots")


@pytest.fixture(scope="module")
def desk(tmp_path_factory, pictures):
    """A folder with all homeworks, as they are handed out, or, for pictures, solved and run."""
    folder = tmp_path_factory.mktemp("desk")
    for homework in ids():
        runs = pictures and needs(homework).is_ready()
        shutil.copytree(ROOT / ("source" if runs else "release") / homework, folder / homework)
        if runs:
            _run(folder / homework / f"{homework}.ipynb")
    return folder


def _run(path):
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}).execute()
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def lab(browser, desk, tmp_path_factory):
    """A function that opens a homework in JupyterLab, with nothing beside it; gives the page."""
    settings = tmp_path_factory.mktemp("settings")
    for extension, plugins in LAB.items():
        (settings / extension).mkdir(parents=True)
        for plugin, values in plugins.items():
            (settings / extension / f"{plugin}.jupyterlab-settings").write_text(json.dumps(values))
    with jupyter(desk, tmp_path_factory.mktemp("config"), JUPYTERLAB_SETTINGS_DIR=str(settings)) as server:
        watched = Watched(browser, viewport={"width": 1280, "height": TALL})
        watched.enter(server)

        def show(homework):
            page = watched.context.new_page()  # who leaves a page is asked about what was not saved
            page.goto(f"{server}/doc/tree/{homework}/{homework}.ipynb")
            return page

        yield show
        watched.context.close()


def test_lessons_are_shown_as_they_are_meant(lab, pictures):
    """All in one test: who tests a homework by its name, as an author does, needs no browser for it."""
    assert {homework: found for homework in ids() if (found := _looked_at(lab, homework, pictures)) != FINE} == {}


def _looked_at(lab, homework, pictures):
    page = lab(homework)
    page.wait_for_function(SET)
    found = page.evaluate(LOOK)
    if pictures:
        _take_all(page, f"{pictures}/{homework}")
    page.close()
    return found


def _take_all(page, name):
    scroller = page.locator(".jp-WindowedPanel-outer").first
    number, at = 1, 0
    while True:
        page.screenshot(path=f"{name}-{number}.png")
        before, at = at, scroller.evaluate(STEP)
        if at == before:
            return
        number += 1
