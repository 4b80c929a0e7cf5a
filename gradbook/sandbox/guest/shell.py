"""A real IPython shell that runs a notebook's cells and collects what they show."""

import os
import subprocess
from contextlib import nullcontext

from .text import name_of, text_of

MAX_OUTPUT = 100_000
MAX_OUTPUTS = 200
FIRST = '''%matplotlib inline
print("""a magic, a text of
two lines""", __import__("numpy").linspace(0.5, 1.5, 3))  # numbers
'''
MAX_PICTURES = 8 << 20  # bytes, of all pictures of a notebook


def make_shell():
    """The one shell of this process: no history, no colours, no prompts, figures kept off the screen."""
    os.environ.setdefault("MPLBACKEND", "agg")
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Plain"
    config.InteractiveShell.automagic = True
    shell = InteractiveShell.instance(config=config)
    shell.enable_gui = lambda gui=None: None
    # IPython's own runs a command in a terminal, of which there is none.
    shell.system = lambda command: _system(shell, shell.var_expand(command, depth=1))
    # IPython keeps a second copy of all output for its history: a flood would count twice.
    shell._tee = lambda channel: nullcontext()
    # What is put off to the first cell, or to the first of its kind: let that be once, not once for each submission.
    Recorder(shell).run(0, FIRST)
    return shell


def _system(shell, command):
    """Run a line that begins with an exclamation mark."""
    merged = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(command, shell=True, check=False, text=True, errors="replace", **merged)
    print(done.stdout, end="")
    shell.user_ns["_exit_code"] = done.returncode


class Recorder:
    """Runs cells in a shell and returns their outputs in the notebook format, capped in size."""

    def __init__(self, shell, figures=False):
        self.shell, self.outputs, self.room, self.wall = shell, [], MAX_OUTPUT, MAX_PICTURES
        shell.display_pub, shell.displayhook = _display(shell, self)
        shell.display_trap.hook = shell.displayhook
        shell._showtraceback = self._error
        shell.compile.get_code_name = lambda raw, transformed, number: f"<cell {self.cell}>"
        if figures:
            type(shell).enable_matplotlib(shell, "inline")
        # Which backend draws is settled: a notebook's own %matplotlib changes nothing.
        shell.enable_matplotlib = lambda gui=None: (gui, "agg")
        shell.enable_pylab = lambda gui=None, import_all=True, welcome_message=False: (gui, "agg", None)
        self.cell = None

    def run(self, cell, source):
        """Run one cell. Returns {"outputs": […], "raised": None or a description}."""
        import sys

        from .evaluator import describe

        self.cell, self.outputs = cell, []
        streams = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = _Stream(self, "stdout"), _Stream(self, "stderr")
        try:
            result = self.shell.run_cell(source, store_history=False)
            error = result.error_in_exec if result.error_before_exec is None else result.error_before_exec
        except BaseException as escaped:
            # From something that IPython asked the notebook's own objects.
            error = escaped
        finally:
            sys.stdout, sys.stderr = streams
        # Where it could not be shown, at least its name is.
        if error is not None and all(output["output_type"] != "error" for output in self.outputs):
            self._error(type(error), error, [])
        return {"outputs": self.outputs, "raised": None if error is None else describe(error)}

    def write(self, name, text):
        text = text_of(text, max(self.room, 0))
        self.room -= len(text)
        if not text or len(self.outputs) >= MAX_OUTPUTS:
            return
        if self.outputs and self.outputs[-1].get("name") == name:
            self.outputs[-1]["text"] += text
        else:
            self.outputs.append({"output_type": "stream", "name": name, "text": text})

    def show(self, kind, data):
        """Keep what a cell displays, in the two forms a page can show without running anything."""
        shown = {}
        if isinstance(data.get("text/plain"), str):
            shown["text/plain"] = data["text/plain"]
            self.room -= len(data["text/plain"])
        if data.get("image/png"):
            shown["image/png"] = _picture(data["image/png"])
            self.wall -= shown["image/png"].size
        if shown and self.room > 0 and self.wall > 0 and len(self.outputs) < MAX_OUTPUTS:
            result = {"execution_count": None} if kind == "execute_result" else {}
            self.outputs.append({"output_type": kind, "data": shown, "metadata": {}, **result})

    def _error(self, etype, evalue, lines):
        lines = lines if isinstance(lines, list) else [lines]
        text = "\n".join(text_of(line, MAX_OUTPUT) for line in lines)[: max(min(self.room, 10_000), 200)]
        self.room -= len(text)
        error = {"ename": name_of(etype), "evalue": text_of(evalue, 1000), "traceback": text.split("\n")}
        self.outputs.append({"output_type": "error", **error})


def _picture(data):
    """A PNG as an array of its bytes, which is how it crosses whole. data: bytes, or text in base 64."""
    import base64

    import numpy as np

    return np.frombuffer(base64.b64decode(data) if isinstance(data, str) else bytes(data), dtype=np.uint8)


def _display(shell, recorder):
    """IPython's two ways to show a value, both leading to the recorder."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher

    class Publisher(DisplayPublisher):
        def publish(self, data, metadata=None, **_):
            recorder.show("display_data", data)

        def clear_output(self, wait=False):
            recorder.outputs.clear()

    class Hook(DisplayHook):
        def write_output_prompt(self):
            pass

        def write_format_data(self, data, metadata=None):
            recorder.show("execute_result", data)

        def finish_displayhook(self):
            self._is_active = False

    return Publisher(shell=shell), Hook(shell=shell)


class _Stream:
    """A text stream whose writes become outputs of the cell."""

    encoding = "utf-8"

    def __init__(self, recorder, name):
        self.recorder, self.name = recorder, name

    def write(self, text):
        self.recorder.write(self.name, text)
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False

    def fileno(self):
        raise OSError("this stream has no file")
