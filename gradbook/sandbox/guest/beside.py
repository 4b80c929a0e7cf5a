"""The data beside a notebook, which its cells read by the name alone: it stands where each submission begins."""

import os
from collections.abc import Mapping


def read(folder: str) -> dict[str, bytes]:
    """Name -> content of the files of a folder, if there is one; modules, which are imported from there, left out."""
    found: dict[str, bytes] = {}
    if not os.path.isdir(folder):
        return found
    for entry in os.scandir(folder):
        if entry.is_file() and not entry.name.endswith(".py"):
            with open(entry.path, "rb") as file:
                found[entry.name] = file.read()
    return found


def put(files: Mapping[str, bytes]) -> None:
    """Write them here: copies, which a submission may change as on its own computer."""
    for name, content in files.items():
        with open(name, "wb") as file:
            file.write(content)
