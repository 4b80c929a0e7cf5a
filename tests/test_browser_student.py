"""A student in JupyterLab: types, runs the public check, reads its verdict, and validates."""

import json
import shutil

import pytest
from browsing import LAB
from conftest import HW01
from servers import jupyter

from gradbook.course.assignment import Assignment

pytestmark = pytest.mark.browser

CHECK = 'helpers.check_close("forward([0, 1, 3])"'
RIGHT = {
    "loss": [
        "assert np.shape(y_prediction) == np.shape(y_true)",
        "return float(np.mean((y_prediction - y_true) ** 2))",
    ],
    "ShallowNarrowExercise.forward": ["return x * self.w1 * self.w2"],
    "ShallowNarrowExercise.dloss_dw": [
        "common = np.mean(2 * (self.forward(x) - y_true) * x)",
        "return float(common * self.w2), float(common * self.w1)",
    ],
    "ShallowNarrowExercise.train": [
        "dw1, dw2 = self.dloss_dw(x, y_true)",
        "self.w1 -= lr * dw1",
        "self.w2 -= lr * dw2",
    ],
}


@pytest.fixture
def lab(watch, released, tmp_path):
    """The release in JupyterLab, as a student sees it; gives the open page."""
    folder, settings = tmp_path / "homework", tmp_path / "settings"
    shutil.copytree(Assignment(released, HW01).release, folder)
    for extension, plugins in LAB.items():
        (settings / extension).mkdir(parents=True)
        for plugin, values in plugins.items():
            (settings / extension / f"{plugin}.jupyterlab-settings").write_text(json.dumps(values))
    with jupyter(folder, tmp_path / "config", JUPYTERLAB_SETTINGS_DIR=str(settings)) as server:
        watched = watch()
        watched.enter(server)
        page = watched.page
        page.goto(f"{server}/lab/tree/{HW01}.ipynb")
        await_kernel(page)
        yield page


def await_kernel(page):
    """Wait until the notebook has its kernel, and the kernel nothing to do."""
    page.locator(".jp-Toolbar-kernelName", has_text="Python 3").wait_for()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()


def cell(page, text):
    """The code cell with this text."""
    return page.locator(".jp-CodeCell", has_text=text).first


def run(page, text):
    """Run the cell with this text and wait until it has ended."""
    this = cell(page, text)
    before = this.locator(".jp-InputPrompt").inner_text()
    this.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    prompt = this.locator(".jp-InputPrompt")
    page.wait_for_function(
        "([element, before]) => /\\d/.test(element.innerText) && element.innerText !== before",
        arg=[prompt.element_handle(), before],
    )
    return this.locator(".jp-OutputArea").first


def write(page, old, lines):
    """Type these lines in the place of the line that holds `old`."""
    page.locator(".cm-line", has_text=old).first.click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    for number, line in enumerate(lines):
        if number:
            page.keyboard.press("Enter")
        page.keyboard.type(line)


def validate(page):
    """Press the button Validate and return what it says."""
    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog", has_text="Validation Results")
    dialog.wait_for()
    text = dialog.inner_text()
    return text, dialog


def test_a_student_solves_the_first_homework(lab, shoot):
    from playwright.sync_api import expect

    forward = 'raise NotImplementedError("ShallowNarrowExercise.forward")'
    run(lab, "import course_helpers as helpers")
    run(lab, "helpers.set_seed(2021)")
    assert "ShallowNarrowExercise.forward still raises NotImplementedError." in untouched(lab)
    write(lab, forward, ["return x * (self.w1 + self.w2)"])
    run(lab, "class ShallowNarrowExercise")
    verdict = run(lab, CHECK)
    expect(verdict).to_contain_text("Not right yet: forward([0, 1, 3])")
    expect(verdict).to_contain_text("[2]   1.5 !=  -9")
    expect(verdict).not_to_contain_text("course_helpers.py")
    shoot(lab, "notebook", of=cell(lab, CHECK))
    text, dialog = validate(lab)
    assert "Not right yet: forward([0, 1, 3])" in text
    assert "[2] 1.5 != -9" in " ".join(text.split())
    dialog.get_by_role("button", name="Ok").click()
    write(lab, "return x * (self.w1 + self.w2)", RIGHT["ShallowNarrowExercise.forward"])
    run(lab, "class ShallowNarrowExercise")
    expect(run(lab, CHECK)).to_have_text("forward([0, 1, 3]) is right.")
    for name, lines in RIGHT.items():
        if not name.endswith("forward"):
            write(lab, f'raise NotImplementedError("{name}")', lines)
    assert "Success! Your notebook passes all the tests." in validate(lab)[0]


def untouched(page):
    """What the check of forward says before anything was written."""
    run(page, "class ShallowNarrowExercise")
    return run(page, CHECK).inner_text()


def in_notebook(page, server):
    """Open the notebook in Jupyter Notebook and run all; gives the selectors of cells, output and stderr."""
    page.goto(f"{server}/notebooks/{HW01}.ipynb")
    await_kernel(page)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    return ".jp-CodeCell", ".jp-OutputArea", "[data-mime-type*=stderr]"


def in_classic_notebook(page, server):
    """The same in the classic interface."""
    page.goto(f"{server}/nbclassic/notebooks/{HW01}.ipynb")
    page.locator("#kernel_indicator_icon.kernel_idle_icon").wait_for()
    page.locator("#celllink").click()
    page.locator("#run_all_cells").click()
    return ".code_cell", ".output_wrapper", ".output_stderr"


@pytest.mark.parametrize("run_all", [in_notebook, in_classic_notebook])
def test_the_same_notebook_in_other_interfaces(watch, handed_out, solve, tmp_path, run_all):
    """A solved notebook runs from top to bottom there too, with its figures."""
    from playwright.sync_api import expect

    with jupyter(handed_out(solve()), tmp_path / "config") as server:
        watched = watch()
        watched.enter(server)
        page = watched.page
        cells, outputs, stderr = run_all(page, server)
        last = page.locator(cells, has_text="best_slope = x_train @ y_train").first
        expect(last.locator(outputs).first).to_contain_text("your last loss 0.0340256590")
        expect(page.locator(f"{outputs} img")).to_have_count(3)  # of three demonstrations
        assert page.locator(f"{outputs} {stderr}").count() == 0
