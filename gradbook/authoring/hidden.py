"""What is hidden stays hidden: nothing is released that is, or asks for, a check, a known mistake or a solution."""

import json
import re
from pathlib import Path

from ..errors import GradbookError

IMPORT = re.compile(r"^\s*(?:from|import)\s+(autograder|solutions|gradbook)\b", re.MULTILINE)


def require_nothing_hidden(root: Path, folder: Path) -> None:
    """Raises GradbookError where a file that is about to be released is a hidden one of the course, or imports one.

    root: the course folder. folder: where the release is being made.
    """
    files = (path for name in ("autograder", "solutions") for path in _files(root / name))
    hidden = {path.read_bytes(): path.relative_to(root) for path in files if "__pycache__" not in path.parts}
    hidden.pop(b"", None)  # an empty file tells nothing
    for path in _files(folder):
        data, name = path.read_bytes(), path.relative_to(folder)
        if data in hidden:
            raise GradbookError(f"{name} is {hidden[data]}, which students must not have: take it out of source/")
        require_no_hidden_import(str(name), _code(path, data))


def require_no_hidden_import(name: str, code: str) -> None:
    """Raises GradbookError where the code of a file of this name imports what is hidden."""
    found = IMPORT.search(code)
    if found:
        raise GradbookError(f"{name} imports {found[1]}, which students do not have: let it do without")


def _files(folder: Path) -> list[Path]:
    """All files below a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _code(path: Path, data: bytes) -> str:
    """The code in a file: that of a module, or of a notebook's cells."""
    if path.suffix == ".ipynb":
        cells = json.loads(data)["cells"]
        return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return data.decode("utf-8", "replace") if path.suffix == ".py" else ""
