"""The one file in JupyterLab, alone in its folder: its pictures show, its first cell is folded and does its work."""

import pytest
from conftest import HW01
from servers import jupyter
from test_browser_student import await_kernel

from gradbook.authoring.one_file import one_file
from gradbook.course.assignment import Assignment

pytestmark = pytest.mark.browser


def test_it_is_all_that_a_student_needs(released, watch, tmp_path, shoot):
    folder = tmp_path / "homework"
    folder.mkdir()
    (folder / f"{HW01}.ipynb").write_text(one_file(Assignment(released, HW01)))
    with jupyter(folder, tmp_path / "config") as server:
        watched = watch()
        watched.enter(server)
        page = watched.page
        page.goto(f"{server}/lab/tree/{HW01}.ipynb")
        await_kernel(page)
        first = page.locator(".jp-CodeCell").first
        first.locator(".jp-Placeholder").wait_for()
        assert first.locator(".cm-content").count() == 0, "it is folded"
        picture = page.locator(".jp-MarkdownCell img").first
        picture.wait_for()
        assert picture.evaluate("image => image.naturalWidth") > 100
        shoot(page, "one_file", first)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        page.locator(".jp-OutputArea-output", has_text="y:").first.wait_for()
    assert (folder / "course_helpers.py").read_bytes() == Assignment(released, HW01).helper_files["course_helpers.py"]
