"""A file or a folder in the place of another, so that at every moment one of the two is there whole."""

import ctypes
import errno
import glob
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

AT_FDCWD, RENAME_EXCHANGE = -100, 2
NO_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)  # a kernel or a file system that cannot


def write_whole(path: Path, content: str | bytes, mode: int = 0o644, aside: Path | None = None) -> None:
    """Put a file in place, or leave what was there; nothing that lies there as a link is followed.

    aside: the folder in which it is written first, on the same file system; the file's own where none is named.
    Raises OSError where it cannot be written.
    """
    handle, building = tempfile.mkstemp(prefix=".gradbook-", dir=aside or path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        os.chmod(building, mode)
        os.replace(building, path)
    except BaseException:
        os.unlink(building)
        raise


@contextmanager
def folder_in_place(place: Path) -> Iterator[Path]:
    """Gives a path beside `place`; the folder that is made there is put in place at the end, whole.

    Where something is raised, or no folder was made, what was there stays.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    building = _beside(place)
    try:
        yield building
        if os.path.lexists(building):
            put_in_place(building, place)
    finally:
        # What was there before, or what could not be put in place.
        if building.is_symlink():
            building.unlink()
        shutil.rmtree(building, ignore_errors=True)


def sweep(place: Path) -> None:
    """Remove the folders that killed processes left beside `place`."""
    for left in place.parent.glob(f".{glob.escape(place.name)}-{'[0-9a-f]' * 8}"):
        shutil.rmtree(left, ignore_errors=True)


def _beside(place: Path) -> Path:
    """A new name in the folder of `place`, of a form that tells whose it is."""
    return place.with_name(f".{place.name}-{secrets.token_hex(4)}")


def put_in_place(new: Path, place: Path) -> None:
    """Move the folder `new` to `place`, on the same file system; what was there is then where `new` was."""
    if not os.path.lexists(place):
        os.rename(new, place)
        return
    try:
        _exchange(new, place)
    except OSError as error:
        if error.errno not in NO_EXCHANGE:
            raise
        # Here there is a moment without; a kill in just that one leaves both folders, side by side.
        old = _beside(place)
        os.rename(place, old)
        os.rename(new, place)
        os.rename(old, new)


def _exchange(one: Path, other: Path) -> None:
    """renameat2 with RENAME_EXCHANGE, which Python has no function for."""
    function = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if function is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if function(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(other))
