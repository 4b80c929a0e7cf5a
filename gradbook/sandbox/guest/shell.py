"""A real IPython shell that runs a notebook's cells and collects what they show."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any, NoReturn

import numpy as np

from .exceptions import describe
from .text import name_of, text_of

MAX_OUTPUT = 100_000
MAX_OUTPUTS = 200
FIRST = '''%matplotlib inline
print("""a magic, a text of
two lines""", __import__("numpy").linspace(0.5, 1.5, 3))  # numbers
'''
MAX_PICTURES = 8 << 20  # bytes, of all pictures of a notebook

CANNOT_RUN = 126  # as a shell has it

Shell = Any  # IPython's InteractiveShell; methods of it are replaced here, which no type of it allows


def make_shell() -> Shell:
    """The one shell of this process: no history, no colours, no prompts, figures kept off the screen."""
    os.environ.setdefault("MPLBACKEND", "agg")
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.core.profiledir import ProfileDir
    from IPython.utils.text import SList
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Plain"
    config.InteractiveShell.automagic = True
    # Else it looks for a folder of its own, which anybody may have put where this process looks; and where it cannot
    # write there, it leaves a new one in /tmp each time.
    shell: Shell = InteractiveShell.instance(config=config, ipython_dir="/", profile_dir=ProfileDir())
    shell.enable_gui = lambda gui=None: None
    # IPython's own runs a command in a terminal, of which there is none.
    shell.system = lambda command: print(_system(shell, shell.var_expand(command, depth=1)), end="")
    shell.getoutput = lambda command: SList(_system(shell, shell.var_expand(command, depth=1)).splitlines())
    # IPython keeps a second copy of all output for its history: a flood would count twice.
    shell._tee = lambda channel: nullcontext()
    # What is put off to the first cell, or to the first of its kind: let that be once, not once for each submission.
    Recorder(shell).run(0, FIRST)
    return shell


def _system(shell: Shell, command: str) -> str:
    """Run what follows an exclamation mark; what it said."""
    try:
        done = subprocess.run(
            command,
            shell=True,
            check=False,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said, status = done.stdout, done.returncode
    except OSError as error:
        # Where no other program may be started; the rest of the cell is not about that.
        said, status = f"{error.strerror}: {command}\n", CANNOT_RUN
    shell.user_ns["_exit_code"] = status
    return said


class Recorder:
    """Runs cells in a shell and returns their outputs in the notebook format, capped in size."""

    def __init__(self, shell: Shell, figures: bool = False) -> None:
        self.shell, self.room, self.wall = shell, MAX_OUTPUT, MAX_PICTURES
        self.outputs: list[dict[str, Any]] = []
        self.cell: int | None = None
        shell.display_pub, shell.displayhook = _display(shell, self)
        shell.display_trap.hook = shell.displayhook
        shell._showtraceback = self._error
        shell.compile.get_code_name = lambda raw, transformed, number: f"<cell {self.cell}>"
        if figures:
            type(shell).enable_matplotlib(shell, "inline")
        # Which backend draws is settled: a notebook's own %matplotlib changes nothing.
        shell.enable_matplotlib = lambda gui=None: (gui, "agg")
        shell.enable_pylab = lambda gui=None, import_all=True, welcome_message=False: (gui, "agg", None)

    def run(self, cell: int, source: str) -> dict[str, Any]:
        """Run one cell. Returns {"outputs": […], "raised": None or a description}."""
        self.cell, self.outputs = cell, []
        streams = sys.stdout, sys.stderr
        # What of a text stream a cell uses is there, and no more.
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

    def write(self, name: str, text: str) -> None:
        text = text_of(text, max(self.room, 0))
        self.room -= len(text)
        if not text or len(self.outputs) >= MAX_OUTPUTS:
            return
        if self.outputs and self.outputs[-1].get("name") == name:
            self.outputs[-1]["text"] += text
        else:
            self.outputs.append({"output_type": "stream", "name": name, "text": text})

    def show(self, kind: str, data: dict[str, Any]) -> None:
        """Keep what a cell displays, in the two forms a page can show without running anything."""
        shown = {}
        if isinstance(data.get("text/plain"), str):
            shown["text/plain"] = data["text/plain"]
            self.room -= len(data["text/plain"])
        if data.get("image/png"):
            shown["image/png"] = _picture(data["image/png"])
            self.wall -= shown["image/png"].size
        if shown and self.room > 0 and self.wall > 0 and len(self.outputs) < MAX_OUTPUTS:
            result: dict[str, Any] = {"execution_count": None} if kind == "execute_result" else {}
            self.outputs.append({"output_type": kind, "data": shown, "metadata": {}, **result})

    def _error(self, etype: type, evalue: BaseException, lines: Any) -> None:
        lines = lines if isinstance(lines, list) else [lines]
        text = "\n".join(text_of(line, MAX_OUTPUT) for line in lines)[: max(min(self.room, 10_000), 200)]
        self.room -= len(text)
        error = {"ename": name_of(etype), "evalue": text_of(evalue, 1000), "traceback": text.split("\n")}
        self.outputs.append({"output_type": "error", **error})


def _picture(data: str | bytes) -> np.ndarray:
    """A PNG as an array of its bytes, which is how it crosses whole. data: bytes, or text in base 64."""
    return np.frombuffer(base64.b64decode(data) if isinstance(data, str) else bytes(data), dtype=np.uint8)


def _display(shell: Shell, recorder: Recorder) -> tuple[Any, Any]:
    """IPython's two ways to show a value, both leading to the recorder."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher

    class Publisher(DisplayPublisher):
        def publish(self, data: dict[str, Any], metadata: Any = None, *_: Any, **__: Any) -> None:
            recorder.show("display_data", data)

        def clear_output(self, wait: bool = False) -> None:
            recorder.outputs.clear()

    class Hook(DisplayHook):
        def write_output_prompt(self) -> None:
            pass

        def write_format_data(self, data: dict[str, Any], metadata: Any = None) -> None:
            recorder.show("execute_result", data)

        def finish_displayhook(self) -> None:
            self._is_active = False

    return Publisher(shell=shell), Hook(shell=shell)


class _Stream:
    """A text stream whose writes become outputs of the cell."""

    encoding = "utf-8"

    def __init__(self, recorder: Recorder, name: str) -> None:
        self.recorder, self.name = recorder, name

    def write(self, text: str) -> int:
        self.recorder.write(self.name, text)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def fileno(self) -> NoReturn:
        raise OSError("this stream has no file")
