"""What the packages that a submission may import consist of, found without importing one of them."""

import importlib.metadata
import re
from collections.abc import Iterable
from importlib.metadata import Distribution
from pathlib import Path


def importable(distributions: Iterable[str]) -> dict[str, Path]:
    """Name -> path of the top-level files and folders of these distributions and all they require."""
    found: dict[str, Path] = {}
    todo, seen = list(distributions), set()
    while todo:
        name = re.sub(r"[-_.]+", "-", todo.pop()).lower()
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        todo += _required(distribution)
        found |= _parts(distribution)
    return found


def _parts(distribution: Distribution) -> dict[str, Path]:
    """Name -> path of what of a distribution the sandbox shows."""
    found = {}
    for top in _top_level(distribution):
        metadata = top.endswith((".dist-info", ".egg-info")) and not _draws(distribution)
        if top not in ("..", "__pycache__") and not top.endswith(".pth") and not metadata:
            path = Path(str(distribution.locate_file(top)))
            if path.exists():
                found[top] = path
    return found


def _required(distribution: Distribution) -> list[str]:
    """Names of what a distribution requires without its extras.

    Read from its metadata as text: to parse a whole description for it takes longer than all else here.
    """
    metadata = distribution.read_text("METADATA")
    if metadata is None:
        requires = distribution.requires or []
    else:
        requires = re.findall(r"^Requires-Dist:\s*(.+)$", metadata.partition("\n\n")[0], re.MULTILINE)
    names = [re.match(r"[A-Za-z0-9._-]+", line) for line in requires if "extra ==" not in line]
    return [name.group() for name in names if name]


def _draws(distribution: Distribution) -> bool:
    """Whether Matplotlib finds a backend by this distribution's metadata, as it does the notebook's own."""
    return "[matplotlib.backend]" in (distribution.read_text("entry_points.txt") or "")


def _top_level(distribution: Distribution) -> set[str]:
    """Names of the files and folders that a distribution put into site-packages.

    Read from its record as text: building a path for each of thousands of files takes a third of a second.
    """
    record = distribution.read_text("RECORD")
    if record is None:
        return {file.parts[0] for file in distribution.files or ()}
    return set(re.findall(r'^"?([^"/,\n]+)', record, re.MULTILINE))
