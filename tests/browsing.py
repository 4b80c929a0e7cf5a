"""Pages in a real Chromium, watched: what ran, what was asked of whom, and how it looks."""

import shutil
from contextlib import contextmanager

import pytest
from servers import TOKEN

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 120_000
# Ends when the page has not scrolled for ten pictures.
AT_REST = """() => new Promise(done => {
  let last, same = 0;
  const look = () => {
    same = scrollY === last ? same + 1 : 0;
    last = scrollY;
    same > 10 ? done() : requestAnimationFrame(look);
  };
  look();
})"""
LAB = {
    "@jupyterlab/apputils-extension": {"notification": {"fetchNews": "false", "checkForUpdates": False}},
    "@jupyterlab/notebook-extension": {"tracker": {"windowingMode": "none"}},
}


@contextmanager
def chromium():
    """The Chromium of this machine. Fails the test, and says what to install, where there is none."""
    try:
        from playwright.sync_api import expect, sync_playwright
    except ImportError:
        pytest.fail("playwright is not installed; run: make test-browser")
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.fail("Chromium is not installed; run: apt-get install chromium")
    expect.set_options(timeout=PATIENCE)
    arguments = ["--no-sandbox", "--disable-quic", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


class Watched:
    """A page, with every request, dialog, new window and error that it made."""

    def __init__(self, browser, **options):
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.context.set_default_timeout(PATIENCE)
        self.dialogs, self.requests, self.windows, self.errors = [], [], [], []
        self.context.on("page", lambda page: self.windows.append(page))
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.page = self.context.new_page()
        self.page.on("dialog", self._dialog)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _dialog(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def enter(self, server):
        """Log in to a Jupyter server."""
        self.page.goto(f"{server}/login?token={TOKEN}", wait_until="networkidle")
        self.requests.clear()

    def open(self, address):
        """Load a page with all that belongs to it."""
        self.page.goto(address, wait_until="networkidle")
        return self.page

    def ran(self):
        """What of a submission has run: dialogs, windows, and the mark that active.py leaves."""
        marks = [frame.url for frame in self.page.frames if frame.evaluate("window.pwned")]
        return self.dialogs + marks + [page.url for page in self.windows[1:]]

    def asked(self, *allowed):
        """Addresses that were asked, but for those that begin with one of `allowed` and data in the page itself."""
        return [url for url in self.requests if not url.startswith((*allowed, "data:"))]


def fits(page):
    """Whether nothing stands out to the right."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def violations(page):
    """What axe-core finds that keeps people out who see little or use no mouse: a line for each of its rules."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['help']}, such as {one['nodes'][0]['html'][:200]}" for one in found]
