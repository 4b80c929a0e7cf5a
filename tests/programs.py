"""nbgrader's command, in processes forked from one that has imported it: to start it anew takes 3 s each time."""

import atexit
import os
import subprocess
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["nbgrader.apps", "gradbook.fronts.nbgrader_classes"])


def nbgrader(*arguments, cwd, env=None):
    """Run nbgrader in a process of its own and return the finished process, its output as text."""
    with tempfile.TemporaryDirectory() as folder:
        shown = Path(folder, "stdout"), Path(folder, "stderr")
        command = ["nbgrader", *map(str, arguments)]
        process = FORKS.Process(target=_run, args=(command, str(cwd), dict(env or os.environ), *map(str, shown)))
        process.start()
        process.join(300)
        assert process.exitcode is not None, "nbgrader takes too long"
        return subprocess.CompletedProcess(command, process.exitcode, *(path.read_text() for path in shown))


def _run(command, cwd, env, stdout, stderr):
    for number, path in enumerate((stdout, stderr), 1):
        file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.argv = command
    from nbgrader.apps.nbgraderapp import main

    try:
        main()
    finally:
        # A process that is forked so ends without them.
        atexit._run_exitfuncs()
