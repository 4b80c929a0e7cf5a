"""Reading what students hand in, and putting it back into the form that was handed out.

Nothing of a submission is taken on trust: sources of the student's own cells are kept, everything else
(structure, metadata, locked cells, points) comes from the release.
"""

import errno
import json
import os
import stat
from pathlib import Path

from ..errors import UnreadableNotebook
from ..sandbox.guest.text import plain
from .mending import Mended, defines_enough, sort_out
from .mending import grade_id as _grade_id
from .mending import key as _key

MAX_BYTES = 20 << 20
MAX_CELLS = 1000
MAX_SOURCE = 200_000
BLANK = {"nbformat": 4, "nbformat_minor": 5}


def submission(path):
    """What was handed in: the bytes of the file at `path`, or the reason (a str) why there are none."""
    try:
        data = plain_bytes(Path(path), MAX_BYTES + 1)
    except UnreadableNotebook as error:
        return str(error)
    except (OSError, ValueError, MemoryError) as error:
        return f"the submitted notebook cannot be read ({type(error).__name__})"
    if len(data) > MAX_BYTES:
        return f"the submitted notebook is larger than {MAX_BYTES >> 20} MB; clear its outputs"
    return data


def read_submission(handed_in):
    """The cells of a submitted notebook: a list of dicts with `cell_type`, `source`, `grade_id`, `id`.

    handed_in: what `submission` gave. Raises UnreadableNotebook with the reason that is recorded with the 0.
    """
    if isinstance(handed_in, str):
        raise UnreadableNotebook(handed_in)
    if not handed_in.strip():
        raise UnreadableNotebook("the submitted notebook is empty")
    return _cells(_parse(handed_in))


def plain_bytes(path, size):
    """The first bytes of a plain file that is really there: no link on the way through the student's folder.

    Raises UnreadableNotebook where it is no such file, OSError where it cannot be read.
    """
    if path.parent.is_symlink() or path.parent.parent.is_symlink():
        raise UnreadableNotebook("the submission's folder is a link; hand in the notebook itself")
    try:
        # A pipe must not keep the grader waiting.
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO):
            raise UnreadableNotebook(_why_no_file(path)) from None
        raise
    with open(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise UnreadableNotebook(_why_no_file(path))
        return file.read(size)


def _why_no_file(path):
    if path.is_symlink() or path.exists():
        return f"{path.name} is a link or a folder, not a file; hand in the notebook itself"
    others = [p for p in path.parent.glob("*.ipynb") if p.is_file()] if path.parent.is_dir() else []
    if others:
        return f"there is no {path.name}, but another notebook; rename it to {path.name}"
    return f"there is no {path.name} in the submission"


def _parse(data):
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UnreadableNotebook("the submitted notebook is not UTF-8 text; save it again from Jupyter") from None
    except (ValueError, RecursionError):
        raise UnreadableNotebook("the submitted file is cut off or no notebook; save it again from Jupyter") from None
    if type(notebook) is not dict or type(notebook.get("nbformat")) is not int:
        raise UnreadableNotebook("the submitted file is no Jupyter notebook")
    return notebook


def _cells(notebook):
    if notebook["nbformat"] == 3:
        sheets = notebook.get("worksheets")
        sheets = sheets if type(sheets) is list else []
        cells = [c for s in sheets if type(s) is dict and type(s.get("cells")) is list for c in s["cells"]]
    elif notebook["nbformat"] == 4:
        cells = notebook.get("cells")
    else:
        number = str(notebook["nbformat"])[:20]
        raise UnreadableNotebook(f"the notebook's format, {number}, is not supported; use format 4")
    if type(cells) is not list:
        raise UnreadableNotebook("the submitted notebook has no cells")
    if len(cells) > MAX_CELLS:
        raise UnreadableNotebook(f"the submitted notebook has more than {MAX_CELLS} cells")
    return [_cell(cell) for cell in cells if type(cell) is dict]


def _cell(cell):
    source = cell.get("source", cell.get("input", ""))
    if type(source) is list:
        source = "".join(part for part in source if type(part) is str)
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if type(metadata) is dict else None
    grade_id = nbgrader.get("grade_id") if type(nbgrader) is dict else None
    return {
        "cell_type": cell["cell_type"] if cell.get("cell_type") in ("code", "markdown", "raw") else "raw",
        "source": _text(source),
        "grade_id": grade_id if type(grade_id) is str else None,
        "id": cell["id"] if type(cell.get("id")) is str else None,
    }


def _text(source):
    """A source as text that can be stored anywhere, and is not endless."""
    return plain(source[:MAX_SOURCE]) if type(source) is str else ""


def restore(cells, template, mended=None):
    """Put a submission's own cells into the notebook that was handed out.

    cells: from `read_submission`. template: the released notebook, a NotebookNode. mended: a Mended, which notes what
    had to be put right. Returns a new notebook in the template's order: its locked cells and prose as released, the
    student's source in solution cells, and the student's additional cells behind the cell they followed.
    """
    from nbformat import from_dict

    own, extra = sort_out(cells, template, mended or Mended())
    result = []
    for number, cell in enumerate(extra.get(None, [])):
        result.append(_additional(cell, f"first-{number}"))
    for cell in template.cells:
        copy = _clean(cell)
        name = _grade_id(cell)
        if name in own and cell.metadata.nbgrader.get("solution"):
            copy["source"] = _own_source(own[name]["source"], cell)
        result.append(copy)
        for number, added in enumerate(extra.get(_key(cell), [])):
            result.append(_additional(added, f"{cell.id}-{number}"))
    return from_dict({**BLANK, "metadata": _plain(template.metadata), "cells": result})


def _own_source(source, cell):
    """What the student wrote into a solution cell of the release; text as text that pages show letter by letter."""
    return source if cell.cell_type == "code" or source == cell.source else _literal(source)


def by_hand_points(notebook):
    """Name -> points of the cells of a source or released notebook that a person grades: answers and tasks."""
    named = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    return {m["grade_id"]: m["points"] for m in named if m.get("task") or is_answer(m)}


def is_answer(metadata):
    """Whether nbgrader's metadata are those of a cell that a student writes and a person grades."""
    return bool(metadata.get("grade") and metadata.get("solution"))


def unanswered(cells, template):
    """Names of the answers for a person to grade that came back as they were handed out.

    One whose cell did not come back is not among them: the answer may stand elsewhere.
    """
    back = {(key, cell["source"].strip()) for cell in cells for key in (cell["grade_id"], cell["id"])}
    answers = [cell for cell in template.cells if is_answer(cell.metadata.get("nbgrader", {}))]
    return [_grade_id(c) for c in answers if {(_grade_id(c), c.source.strip()), (c.id, c.source.strip())} & back]


def knows(cells, template):
    """Whether a submission looks like one of this release: at least half of its named cells are the release's, or
    its definitions are.
    """
    names = {cell["grade_id"] for cell in cells if cell["grade_id"]}
    known = names & {_grade_id(cell) for cell in template.cells}
    return (bool(known) and 2 * len(known) >= len(names)) or defines_enough(cells, template)


def _clean(cell):
    """A cell of the release without outputs."""
    copy = {
        "cell_type": cell.cell_type,
        "id": cell.id,
        "metadata": _plain(cell.metadata),
        "source": cell.source,
    }
    if cell.cell_type == "code":
        copy.update(outputs=[], execution_count=None)
    return copy


def _additional(cell, text):
    """A cell that the student added: its source, and nothing else of it."""
    import hashlib

    kind = "code" if cell["cell_type"] == "code" else "markdown"
    source = cell["source"] if kind == "code" else _literal(cell["source"])
    copy = {"cell_type": kind, "metadata": {}, "source": source}
    copy["id"] = hashlib.sha256(f"added/{text}".encode()).hexdigest()[:12]
    if kind == "code":
        copy.update(outputs=[], execution_count=None)
    return copy


def _literal(text):
    """Text that Markdown shows letter by letter: nbgrader's pages pass HTML in Markdown through."""
    return "\n".join("    " + line for line in text.split("\n"))


def _plain(metadata):
    return json.loads(json.dumps(metadata))
