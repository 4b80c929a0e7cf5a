"""A file or a folder in the place of another, so that at every moment one of the two is there whole."""

import ctypes
import errno
import os
import tempfile
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
        old = f"{new}.old"
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
