"""A copy of the whole project, for tests that change more of it than a course folder: checks, references, lessons."""

import shutil
import subprocess
import sys

from conftest import ROOT
from programs import nbgrader


class Project:
    """The copy, and a way to run the programs of this environment on it."""

    def __init__(self, root, *others):
        """root: where to. others: further files of the project that are to be there."""
        self.root = root
        for name in ("gradbook", "autograder", "solutions", "source", "release"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("nbgrader_config.py", *others):
            shutil.copy(ROOT / name, root)

    def gradbook(self, *arguments, code=0):
        """What `gradbook` says."""
        command = [sys.executable, "-m", "gradbook", *arguments]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, timeout=300, check=False)
        return self._said(done, code)

    def nbgrader(self, *arguments, code=0):
        """What `nbgrader` says."""
        return self._said(nbgrader(*arguments, cwd=self.root), code)

    def replace(self, name, *pairs):
        """Replace texts, each there once, in a file of the copy."""
        path = self.root / name
        text = path.read_text()
        for old, new in pairs:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path.write_text(text)

    @staticmethod
    def _said(done, code):
        words = done.stdout + done.stderr
        assert done.returncode == code, words
        assert "Traceback" not in words, words
        return words
