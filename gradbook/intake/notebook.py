"""Reading what students hand in.

Nothing of a submission is taken on trust: sources of the student's own cells are kept, everything else
(structure, metadata, locked cells, points) comes from the release.
"""

import errno
import json
import os
import stat
from pathlib import Path
from typing import Any

from ..errors import UnreadableNotebook
from ..sandbox.guest.text import plain
from .cells import Cell
from .one_file import without_files

MAX_BYTES = 20 << 20
MAX_CELLS = 1000
MAX_SOURCE = 200_000
# How a file is opened: a link is not followed, a pipe does not keep the grader waiting. Not all systems have these.
PLAIN = [getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")]


def submission(path: str | Path) -> bytes | str:
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


def read_submission(handed_in: bytes | str) -> list[Cell]:
    """The cells of a submitted notebook.

    handed_in: what `submission` gave. Raises UnreadableNotebook with the reason that is recorded with the 0.
    """
    if isinstance(handed_in, str):
        raise UnreadableNotebook(handed_in)
    if not handed_in.strip():
        raise UnreadableNotebook("the submitted notebook is empty")
    return list(without_files(_cells(_parse(handed_in))))


def plain_bytes(path: Path, size: int) -> bytes:
    """The first bytes of a plain file that is really there: no link on the way through the student's folder.

    Raises UnreadableNotebook where it is no such file, OSError where it cannot be read.
    """
    if path.parent.is_symlink() or path.parent.parent.is_symlink():
        raise UnreadableNotebook("the submission's folder is a link; hand in the notebook itself")
    try:
        fd = os.open(path, os.O_RDONLY | sum(PLAIN))
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO):
            raise UnreadableNotebook(_why_no_file(path)) from None
        raise
    with open(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise UnreadableNotebook(_why_no_file(path))
        return file.read(size)


def _why_no_file(path: Path) -> str:
    if path.is_symlink() or path.exists():
        return f"{path.name} is a link or a folder, not a file; hand in the notebook itself"
    others = [p for p in path.parent.glob("*.ipynb") if p.is_file()] if path.parent.is_dir() else []
    if others:
        return f"there is no {path.name}, but another notebook; rename it to {path.name}"
    return f"there is no {path.name} in the submission"


def _parse(data: bytes) -> dict[str, Any]:
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UnreadableNotebook("the submitted notebook is not UTF-8 text; save it again from Jupyter") from None
    except (ValueError, RecursionError):
        raise UnreadableNotebook("the submitted file is cut off or no notebook; save it again from Jupyter") from None
    if type(notebook) is not dict or type(notebook.get("nbformat")) is not int:
        raise UnreadableNotebook("the submitted file is no Jupyter notebook")
    return notebook


def _cells(notebook: dict[str, Any]) -> list[Cell]:
    cells: Any
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


def _cell(cell: dict[str, Any]) -> Cell:
    source = cell.get("source", cell.get("input", ""))
    if type(source) is list:
        source = "".join(part for part in source if type(part) is str)
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if type(metadata) is dict else None
    grade_id = nbgrader.get("grade_id") if type(nbgrader) is dict else None
    return Cell(
        cell["cell_type"] if cell.get("cell_type") in ("code", "markdown", "raw") else "raw",
        _text(source),
        grade_id if type(grade_id) is str else None,
        cell["id"] if type(cell.get("id")) is str else None,
    )


def _text(source: Any) -> str:
    """A source as text that can be stored anywhere, and is not endless."""
    return plain(source[:MAX_SOURCE]) if type(source) is str else ""
