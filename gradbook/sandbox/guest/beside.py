"""The data beside a notebook, which its cells read by the name alone: it stands where each submission begins."""

import os
from collections.abc import Mapping


def files(folder: str) -> dict[str, bytes]:
    """Path -> content of the files of a folder, if there is one."""
    found: dict[str, bytes] = {}
    for entry in os.scandir(folder) if os.path.isdir(folder) else ():
        if entry.is_file():
            with open(entry.path, "rb") as file:
                found[entry.path] = file.read()
    return found


def read(folder: str) -> dict[str, bytes]:
    """Name -> content of those that are no modules: these are imported from there."""
    return {os.path.basename(path): content for path, content in files(folder).items() if not path.endswith(".py")}


def put(files: Mapping[str, bytes]) -> None:
    """Write them here: copies, which a submission may change as on its own computer."""
    for name, content in files.items():
        with open(name, "wb") as file:
            file.write(content)
