"""A site, and the web server that it stands on, for as long as a test needs them."""

import functools
import http.server
import threading
from contextlib import contextmanager

import pytest
from conftest import ROOT

PYODIDE = ROOT / ".venv" / "pyodide"


def pyodide():
    """The folder with Pyodide that `make test-site` fetches. Fails the test where there is none."""
    if not (PYODIDE / "pyodide-lock.json").is_file():
        pytest.fail("Pyodide is not here; run: make test-site")
    return PYODIDE


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def served(folder):
    """A plain web server in a folder; gives its address."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
