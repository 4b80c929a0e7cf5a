"""A Jupyter server in a folder, for as long as a test needs it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

TOKEN = "secret"


@contextmanager
def jupyter(folder, settings, **environment):
    """Start a server and wait until it answers. settings: a folder for its configuration. Gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(sys.executable).parent / "jupyter"
    arguments = ["server", f"--port={port}", "--no-browser", "--allow-root", f"--IdentityProvider.token={TOKEN}"]
    process = subprocess.Popen(
        [program, *arguments],
        cwd=folder,
        env={**os.environ, "JUPYTER_CONFIG_DIR": str(settings), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _wait(address, process):
    """Return when the server answers."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended by itself"
        try:
            ask(address, "/api/status")
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer within two minutes")


def ask(address, path, method="GET"):
    """The text of what the server answers."""
    request = urllib.request.Request(address + path, method=method)
    request.add_header("Authorization", f"token {TOKEN}")
    with urllib.request.urlopen(request, timeout=120) as reply:
        return reply.read().decode()
