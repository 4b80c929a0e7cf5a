"""The ids of cells that are built."""

import hashlib


def cell_id(homework_id: str, text: str) -> str:
    """The same id at every build, so that a rebuilt notebook is the same file. text: what it is made from."""
    return hashlib.sha256(f"{homework_id}/{text}".encode()).hexdigest()[:12]
