"""Grading one notebook: the submitted cells in, findings and the notebook to show out.

Every way of grading (nbgrader, formgrader, the batch runner) calls `grade_notebook`.
"""

import base64
import contextlib
import struct
import time
from dataclasses import dataclass, field

import numpy as np

from .errors import ChildLost, SandboxDied, UnreadableNotebook
from .judge import Finding, judge
from .notebook import knows, read_submission, restore
from .pictures import describe
from .render import finding_html, finding_text
from .sandbox.worker import Session

PUBLIC_CHECK, DEMONSTRATION = "check_", "demo_"


@dataclass
class Graded:
    """What came of one submission. text: the notebook as it is written to disk."""

    notebook: object
    findings: list
    flags: list = field(default_factory=list)
    problem: str = ""
    text: str = ""
    seconds: float = 0.0
    cpu: float = 0.0
    memory: int = 0

    def __getstate__(self):
        """Between processes only the text of the notebook goes."""
        return {**vars(self), "notebook": None}

    def by_task(self):
        """Task -> its findings."""
        found = {}
        for finding in self.findings:
            found.setdefault(finding.task, []).append(finding)
        return found

    @property
    def score(self):
        return float(sum(f.points for f in self.findings))

    @property
    def max_score(self):
        return float(sum(f.max_points for f in self.findings))


def grade_file(path, homework, template, worker, demonstrations=False):
    """Grade the notebook at `path`; where it cannot be read, the reason is recorded with a 0.

    demonstrations: run the demonstration cells too, after all that counts.
    """
    try:
        cells, problem = read_submission(path), ""
    except UnreadableNotebook as error:
        cells, problem = [], str(error)
    return grade_notebook(cells, homework, template, worker, demonstrations, problem)


def grade_notebook(cells, homework, template, worker, demonstrations=False, problem=""):
    """Grade a submission's cells (see `notebook.read_submission`) in the worker's sandbox."""
    import nbformat

    start = time.monotonic()
    notebook = restore(cells, template)
    graded = Graded(notebook, [], problem=problem)
    if not problem and not knows(cells, template):
        graded.flags.append("does not look like this homework; is it another homework's notebook?")
    if problem:
        graded.findings = _unreadable(homework, problem)
    else:
        _run(notebook, homework, worker, graded, demonstrations)
    graded.seconds = time.monotonic() - start
    _annotate(graded)
    graded.text = nbformat.v4.writes(notebook) + "\n"
    return graded


def _unreadable(homework, problem):
    hint = problem[0].upper() + problem[1:] + "."
    return [Finding.of(check, "not graded", hint) for check in homework.checks]


def _run(notebook, homework, worker, graded, demonstrations):
    for attempt in (1, 2):
        try:
            with Session(worker) as session:
                sources, failures = _run_cells(notebook, session, graded.flags)
                graded.findings = judge(homework, session, sources, failures)
                graded.flags += graded.findings.flags
                if demonstrations:
                    _demonstrate(notebook, session)
            graded.cpu, graded.memory = session.usage["cpu"], session.usage["memory"]
            return
        except SandboxDied:
            if attempt == 2:
                raise
            graded.flags = [flag for flag in graded.flags if not flag.startswith("cell ")]


def _run_cells(notebook, session, flags):
    """Run what the checks need. Returns the sources by number, and by definition why its cell failed."""
    sources, failures = {}, {}
    for number, cell in enumerate(notebook.cells):
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if cell.cell_type != "code" or name.startswith((PUBLIC_CHECK, DEMONSTRATION)) or not cell.source.strip():
            continue
        if not cell.metadata.get("nbgrader", {}).get("locked"):
            sources[number] = cell.source
        try:
            outputs, error = session.run(number, cell.source)
        except ChildLost as lost:
            outputs, error = [], lost
        cell.outputs = clean_outputs(outputs)
        cell.execution_count = None
        if error is not None and name:
            failures[name] = error
        if isinstance(error, ChildLost):
            flags.append(f"cell {number + 1} {error.reason}")
    return sources, failures


def _demonstrate(notebook, session):
    """Run the demonstration cells for what they show, where no hidden input has been."""
    session.restart()
    for number, cell in enumerate(notebook.cells):
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith(DEMONSTRATION):
            with contextlib.suppress(ChildLost):
                cell.outputs = clean_outputs(session.run(number, cell.source)[0])


def clean_outputs(outputs):
    """Outputs from the sandbox as outputs that can do nothing: text, and pictures without their text chunks."""
    from nbformat import from_dict

    cleaned = []
    for output in outputs[:200]:
        output = output if type(output) is dict else {}
        kind = output.get("output_type")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            cleaned.append({"output_type": kind, "name": name, "text": _string(output.get("text"))})
        elif kind == "error":
            lines = output.get("traceback")
            lines = [_string(line, 2000) for line in lines[:200]] if type(lines) is list else []
            values = {"ename": _string(output.get("ename"), 200), "evalue": _string(output.get("evalue"), 2000)}
            cleaned.append({"output_type": kind, "traceback": lines, **values})
        elif kind in ("display_data", "execute_result"):
            data = _clean_data(output.get("data"))
            count = {"execution_count": None} if kind == "execute_result" else {}
            if data:
                cleaned.append({"output_type": kind, "data": data, "metadata": {}, **count})
    return [from_dict(output) for output in cleaned]


def _clean_data(data):
    data = data if type(data) is dict else {}
    kept = {}
    if type(data.get("text/plain")) is str:
        kept["text/plain"] = _string(data["text/plain"])
    picture = _clean_png(data.get("image/png"))
    if picture:
        kept["image/png"] = picture
    return kept


def _string(value, limit=100_000):
    """Text that JSON, a database and a page can hold."""
    value = value if type(value) is str else ""
    return "".join(c for c in value[:limit] if c in "\n\t\x1b" or (c >= " " and not "\ud800" <= c <= "\udfff"))


def _clean_png(picture):
    """A PNG with nothing but its image, in base 64; None where it is no PNG. picture: an array of its bytes."""
    if type(picture) is not np.ndarray or picture.dtype != np.uint8:
        return None
    data = picture.tobytes()
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    kept, at = [data[:8]], 8
    while at + 12 <= len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        chunk = data[at : at + 12 + size]
        if chunk[4:8] in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"):
            kept.append(chunk)
        at += 12 + size
    return base64.b64encode(b"".join(kept)).decode()


def _annotate(graded):
    """Put score and findings into the graded cells, where nbgrader and the pages look for them."""
    from nbformat import from_dict

    by_task = graded.by_task()
    hints = {task: list(dict.fromkeys(f.hint for f in found if f.hint)) for task, found in by_task.items()}
    drawn = {task: _pictures(found) for task, found in by_task.items()}
    graded.notebook.metadata["gradbook"] = from_dict({"problem": graded.problem, "hints": hints, "pictures": drawn})
    for cell in graded.notebook.cells:
        metadata = cell.metadata.get("nbgrader", {})
        if not metadata.get("grade"):
            continue
        findings = by_task.get(metadata["grade_id"].removeprefix("check_"), [])
        score = min(max(float(sum(f.points for f in findings)), 0.0), float(metadata["points"]))
        shown = {"text/plain": finding_text(findings), "text/html": finding_html(findings)}
        cell.outputs = [
            from_dict({"output_type": "display_data", "data": shown, "metadata": {}}),
            from_dict({
                "output_type": "execute_result", "data": {"text/plain": repr(score)},
                "metadata": {}, "execution_count": None,
            }),
        ]  # fmt: skip


def _pictures(findings):
    """What the feedback page draws below a graded cell: the call, and each picture with its sentence."""
    return [{"call": f.call, "picture": p, "words": describe(p)} for f in findings for p in f.pictures if f.max_points]
