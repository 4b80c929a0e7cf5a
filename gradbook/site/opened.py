"""The files of a folder, and those in the archives among them, to any depth."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ..errors import GradbookError

DEEPEST = 5
LARGEST = 256 * 1024 * 1024  # bytes of a file in an archive
BROKEN = (OSError, EOFError, LookupError, RuntimeError, ValueError, zipfile.BadZipFile, tarfile.TarError)


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """(place, content) of each file below a folder, and of each in an archive.

    Raises GradbookError where an archive cannot be looked into, for then nobody knows what is in it.
    """
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield from opened(path.relative_to(folder).as_posix(), path.read_bytes())


def opened(place: str, data: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """A file, and what is in it where it is an archive."""
    yield place, data
    try:
        inside = _inside(data)
        if inside is None:
            return
        if depth == DEEPEST:
            raise ValueError("archives in archives")
        for name, content in inside:
            yield from opened(f"{place}: {name}" if name else place, content, depth + 1)
    except (*BROKEN, lzma.LZMAError, zlib.error) as error:
        raise GradbookError(f"{place} cannot be looked into ({error}): leave it out") from None


def _inside(data: bytes) -> Iterator[tuple[str, bytes]] | None:
    """(name, content) of what is in an archive; None for what is none."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        return _zipped(data)
    if data[:2] == b"\x1f\x8b" or data[:3] == b"BZh" or data[:6] == b"\xfd7zXZ\0" or data[257:262] == b"ustar":
        return _tarred(data)
    return None


def _zipped(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            if not entry.is_dir():
                with archive.open(entry) as file:
                    yield entry.filename, _whole(file)


def _tarred(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isfile() else None
                if file is not None:
                    yield member.name, _whole(file)
    except tarfile.ReadError:
        yield "", _unpacked(data)


def _unpacked(data: bytes) -> bytes:
    """What is in a file that was packed by itself."""
    packed = io.BytesIO(data)
    if data[:2] == b"\x1f\x8b":
        return _whole(gzip.GzipFile(fileobj=packed))
    return _whole(bz2.BZ2File(packed) if data[:2] == b"BZ" else lzma.LZMAFile(packed))


def _whole(file: IO[bytes] | gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile) -> bytes:
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ValueError("too large")
    return content
