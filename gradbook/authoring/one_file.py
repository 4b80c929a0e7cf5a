"""The release of a homework as one file, for Colab, Kaggle and wherever a notebook is opened without its folder.

It is the released notebook with its pictures in it, and with one more cell, folded and locked, that puts the helper
files beside it where they are not there as they should be. Where it is graded, that cell counts as given, see
`intake.one_file`.
"""

from __future__ import annotations

import ast
import base64
import mimetypes
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ..course.assignment import Assignment
from ..course.files import write_whole
from ..intake.cells import marks
from ..intake.one_file import FUNCTION, GRADE_ID
from ..intake.release import read_notebook
from ..intake.startup import prepare_nbgrader
from .ids import cell_id

if TYPE_CHECKING:
    from nbformat import NotebookNode

PICTURE = re.compile(r"(!\[[^\]]*\]\()([^)\s]+)\)")
# Colab shows the first line in place of the code.
SOURCE = '''#@title Run this cell first: it puts {names} beside the notebook {{ display-mode: "form" }}
def {function}(name, content):
    """Write a file that the notebook needs, where it is not there or another one is."""
    from pathlib import Path

    path = Path(name)
    if not path.is_file() or path.read_bytes() != content:
        path.write_bytes(content)


{calls}
del {function}'''
# How each place is told to show it folded: Jupyter and VS Code, Colab, Kaggle.
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form", "_kg_hide-input": True}


def write_one_file(assignment: Assignment) -> Path:
    """Write the one file of a homework that is released. Returns its path."""
    text = one_file(assignment)
    assignment.one_file.parent.mkdir(exist_ok=True)
    write_whole(assignment.one_file, text)
    return assignment.one_file


def one_file(assignment: Assignment) -> str:
    """The one file of a homework that is released, as text."""
    prepare_nbgrader()
    import nbformat

    notebook = read_notebook(assignment.release_notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and not marks(cell):
            cell.source = with_pictures(cell.source, assignment.release)
    notebook.cells.insert(0, files_cell(assignment.id, assignment.helper_files))
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def with_pictures(text: str, folder: Path) -> str:
    """Markdown with the pictures in it that are files of this folder.

    Not as attachments of the cell, which Colab does not show.
    """

    def embedded(found: re.Match[str]) -> str:
        path, (kind, _) = folder / found[2], mimetypes.guess_type(found[2])
        if not path.is_file() or not kind:
            return found[0]
        return f"{found[1]}data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()})"

    return PICTURE.sub(embedded, text)


def files_cell(homework_id: str, files: dict[str, bytes]) -> NotebookNode:
    """The cell that brings these files along, by name."""
    from nbformat.v4 import new_code_cell
    from nbgrader.utils import compute_checksum

    calls = "\n".join(f"{FUNCTION}({name!r}, {_literal(content)})" for name, content in files.items())
    metadata = {"schema_version": 3, "cell_type": "code", "grade_id": GRADE_ID, "locked": True}
    metadata |= dict.fromkeys(("grade", "solution", "task"), False)
    cell: NotebookNode = new_code_cell(
        SOURCE.format(names=", ".join(files) or "nothing", function=FUNCTION, calls=calls),
        id=cell_id(homework_id, GRADE_ID),
        metadata={**FOLDED, "deletable": False, "editable": False, "nbgrader": metadata},
    )
    cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    return cell


def _literal(content: bytes) -> str:
    """The bytes as Python: text as it is, for who unfolds the cell, unless it cannot stand between quotes."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return f"__import__('base64').b64decode({base64.b64encode(content).decode()!r})"
    readable = f"r'''{text}'''"
    return f"{readable if _says(readable, text) else repr(text)}.encode()"


def _says(literal: str, text: str) -> bool:
    try:
        return bool(ast.literal_eval(literal) == text)
    except (SyntaxError, ValueError):
        return False
